/* timeline.h - between the two halves of the timeline pane: pane-timeline.c knows where the reader is, draw-timeline.c what it looks like. */
#ifndef TPLUS_UI_TIMELINE_H
#define TPLUS_UI_TIMELINE_H

#include "ui/ui.h"

static inline bool key_same(struct event_key a, struct event_key b)
{
	return a.at == b.at && a.hlc == b.hlc && a.n == b.n;
}

/* As far as time and clock tell; the store's order of what is equal there is not n's. */
static inline bool key_earlier(struct event_key a, struct event_key b)
{
	return a.at != b.at ? a.at < b.at : a.hlc < b.hlc;
}

int timeline_rows(const struct ui *ui);     /* of lines: the pane's, without the one that is typed into */
int timeline_index(const struct timeline *t, struct event_key k); /* in the window: the event with that key, else the first later one, else the last */
void timeline_select(struct ui *ui, int i); /* an event of the window */
void timeline_show(struct ui *ui, struct event_key k); /* that event, a third down the screen */
void timeline_count_below(struct ui *ui);

/* timeline-find.c */
bool find_shown(const struct timeline *t);
void find_begin(struct ui *ui, enum find what);
bool find_clear(struct ui *ui);             /* everything is shown again; false: it is already */
void find_draw(struct ui *ui, struct rect p);
void find_free(struct finder *f);

/* timeline-scan.c */
enum need { NEED_NOTHING, NEED_BACK, NEED_ON, NEED_AGAIN };
enum need find_need(const struct ui *ui);   /* which way the filter has to read on, for what is on the screen */
bool find_reload(struct ui *ui);            /* the store has changed; false: it is busy */
void find_restart(struct ui *ui);           /* reads anew from where the reader is */
void find_kick(struct ui *ui);              /* the reader has moved: is there enough around? */

void timeline_columns(const struct ui *ui, struct timeline_columns *c);
int timeline_label(const struct event *e, const struct timeline_columns *c, struct row *r); /* columns of a milestone's name; r may be NULL */
int timeline_signs(const struct ui *ui, const struct event *e, struct row *r); /* columns behind the text: corrected, in conflict, folded; r may be NULL */
void timeline_about(const struct ui *ui, const struct event *e, struct str *s);
void timeline_place(struct ui *ui, int rows);
bool timeline_move(struct ui *ui, enum act a);
const struct event *timeline_selected(const struct ui *ui); /* NULL: none */

#endif
