/* gaps.h - what an incident still lacks before it is closed. It warns and lists, and never blocks. Inside src/verb, and for the screen. */
#ifndef TPLUS_VERB_GAPS_H
#define TPLUS_VERB_GAPS_H

#include "verb/verb.h"

struct gap {
	const char *kind;  /* milestone order severity silence role ask hypothesis owner due, and what further checks name */
	char *text;        /* "started is missing" */
	char *command;     /* how to fill it, ready to be typed but for words in capitals: "tplus started TIME"; in the composer "/started TIME" */
};
struct gaps { struct gap *v; size_t n, cap; };

/* Of c->incident. To add a check: a function and its row in checks[] of gaps.c. */
enum status gaps_find(struct ctx *c, struct gaps *out);
void gaps_free(struct gaps *l);

/* For checks. Both take ownership of text; fill is the verb with its operands: "started TIME". */
void gaps_add(struct ctx *c, struct gaps *l, const char *kind, char *text, const char *fill, ...) __attribute__((format(printf, 5, 6)));

/* A remark for each, as closed makes them. */
enum status gaps_note(struct ctx *c);

#endif
