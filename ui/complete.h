/* complete.h - what Tab offers for the word before the cursor. Pure but for the verb table. */
#ifndef TPLUS_UI_COMPLETE_H
#define TPLUS_UI_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

struct completion {
	char **word;         /* candidates, ready to stand in the text */
	size_t n, cap;
	size_t from, to;     /* the bytes of the text they replace */
	size_t at;           /* the one that stands there now; n: none yet */
};

struct people { char *const *name; size_t n; };

/* False: nothing fits. bare: words without / or @ are completed too, where the verb says what they are (roles, people, severities). */
bool complete_find(struct completion *c, const char *text, size_t cur, struct people people, bool bare);
void complete_free(struct completion *c);
size_t complete_common(const struct completion *c); /* bytes that all candidates begin with */

#endif
