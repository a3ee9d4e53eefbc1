/* complete.h - what Tab offers for the word before the cursor. Pure but for the verb table and the shipped catalogue. */
#ifndef TPLUS_UI_COMPLETE_H
#define TPLUS_UI_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>

struct candidate { char *word, *about; };   /* ready to stand in the text; what it is, or NULL */
struct candidates { struct candidate *v; size_t n, cap; };
void candidates_add(struct candidates *l, const char *word, const char *about);
void candidates_free(struct candidates *l);

/* What the incident and the store have to offer, by what it is; the best first. */
struct vocabulary { struct candidates people, events, actions, asks, hypotheses, incidents, templates; };
void vocabulary_free(struct vocabulary *v);

struct completion {
	struct candidates offer;
	size_t from, to;     /* the bytes of the text they replace */
	size_t at;           /* the one that stands there now; offer.n: none yet */
	char *typed;         /* what stood there before */
};

/* False: nothing fits. Words without / or @ are completed where the verb says what they are (roles, people, severities, ids, options). */
bool complete_find(struct completion *c, const char *text, size_t cur, const struct vocabulary *v);
void complete_free(struct completion *c);
size_t complete_common(const struct completion *c); /* bytes that all candidates begin with */

#endif
