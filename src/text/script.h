/* script.h - reading a script of timed composer lines, as data/demo/checkout.txt describes them. Pure. */
#ifndef TPLUS_TEXT_SCRIPT_H
#define TPLUS_TEXT_SCRIPT_H

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

enum script_what { SCRIPT_LINE, SCRIPT_HALF, SCRIPT_END, SCRIPT_BAD };

struct script {
	const char *at; /* the next line; set it to the text */
	int line; /* number of the line read last; begins at 0 */
	usec offset; /* of the line read last; lines do not go back in time */
};

/* Reads on to the next line that says something; *text (n bytes) is what is typed, within the script. SCRIPT_BAD:
 * *err says where and what. */
enum script_what script_next(struct script *s, const char **text, size_t *n, struct err *err);

/* Appends the text with its places filled in. ids: those of the events made so far, in order. False: no such event
 * was made. */
bool script_fill(const char *text, size_t n, char *const *ids, size_t id_count, struct str *out);

#endif
