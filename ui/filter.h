/* filter.h - which lines of the timeline are shown: words that must all be in a line. Pure: no curses, no store.
 *   pool            in the text, its detail lines or the milestone's name; letters in either case
 *   @sam            of somebody whose name begins so
 *   kind:milestone  of that kind (its beginning is enough), of that milestone, or struck, edited, conflict */
#ifndef TPLUS_UI_FILTER_H
#define TPLUS_UI_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "model/incident.h"

enum term { TERM_WORD, TERM_PERSON, TERM_KIND };
struct filter_term { enum term what; char *word; bool ascii; }; /* word: folded */
struct filter { struct filter_term *term; size_t n, cap; };

void filter_parse(struct filter *f, const char *s);  /* replaces what was there; "" matches everything */
void filter_free(struct filter *f);
bool filter_match(const struct filter *f, const struct event *e); /* e's strings may be NULL */

#endif
