/* timeline.h - between the two halves of the timeline pane: pane-timeline.c knows where the reader is, draw-timeline.c what it looks like. */
#ifndef TPLUS_UI_TIMELINE_H
#define TPLUS_UI_TIMELINE_H

#include "ui/ui.h"

void timeline_columns(const struct ui *ui, struct timeline_columns *c);
int timeline_label(const struct event *e, const struct timeline_columns *c, struct row *r); /* columns of a milestone's name; r may be NULL */
void timeline_place(struct ui *ui, int rows);
bool timeline_move(struct ui *ui, enum act a);
const struct event *timeline_selected(const struct ui *ui); /* NULL: none */

#endif
