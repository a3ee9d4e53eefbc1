/* typing.h - one line that is typed within a pane or a page: a filter, a search, a field of a form. Pure. */
#ifndef TPLUS_UI_TYPING_H
#define TPLUS_UI_TYPING_H

#include "ui/edit.h"
#include "ui/keys.h"
#include "ui/row.h"

bool typing_key(struct edit *e, enum act a, const struct key *k, usec now); /* false: the key does not change or move in the text */
void typing_add(struct row *r, enum style style, const struct edit *e, int cols); /* what of it fits, around the cursor */
int typing_column(const struct edit *e, int cols);                         /* of the cursor, from where the text begins */

/* Every word of text stands in one of the n strings, letters in either case; strings may be NULL. */
bool typing_matches(const struct edit *e, const char *const *in, size_t n);

#endif
