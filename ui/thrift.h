/* thrift.h - what curses writes, said with fewer bytes: curses addresses the cursor in full for every longer way and names the character set with every
 * attribute. Only sequences of ECMA-48 that every terminal with them knows are changed; whatever is not understood passes as it is, and then nothing is
 * taken for granted until the cursor has been placed anew. Pure. */
#ifndef TPLUS_UI_THRIFT_H
#define TPLUS_UI_THRIFT_H

#include <stdbool.h>

#include "base/str.h"

struct thrift {
	int rows, cols;      /* of the terminal */
	bool known;          /* where the cursor stands: y, x from 0 */
	int y, x;
	bool region;         /* only some rows scroll: line feeds are not what they seem */
	bool ascii;          /* G0 holds ASCII since we said so last */
	bool plain_known;    /* which attributes are on: now, as parameters after a reset */
	char now[64];
	char next[64];       /* the same, asked for but not yet written */
	bool waiting;        /* next differs from what was written */
};

void thrift_reset(struct thrift *t, int rows, int cols); /* somebody else wrote to the terminal, or its size changed */
void thrift_add(struct thrift *t, struct str *out, const char *s, size_t n); /* whole sequences; a frame */

#endif
