/* term-impl.h - between the parts of the terminal: term.c opens, suspends and closes it, term-draw.c draws. */
#ifndef TPLUS_UI_TERM_IMPL_H
#define TPLUS_UI_TERM_IMPL_H

#include <stdio.h>
#include <sys/types.h>
#include <termios.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>

#include "ui/term.h"
#include "ui/thrift.h"

struct slot { uint64_t hash; int x, cols; };

struct terminal {
	int fd;              /* the terminal, non-blocking */
	int sink;            /* what curses writes collects here */
	off_t taken;         /* of the sink */
	FILE *curses_out;
	SCREEN *screen;
	char *name;
	struct termios shell, raw;
	struct slot (*slot)[TERM_SLOTS]; /* by line */
	int rows, cols;
	int cursor_y, cursor_x;
	bool cursor_shown, touched, lost, ansi, suspended, stalled;
	attr_t attr[STYLE_COUNT];
	short pair[STYLE_COUNT];
	struct str out;      /* collected, not yet written */
	struct str frame;    /* what curses wrote, before it is said shorter */
	struct thrift thrift;
	size_t written;      /* of out */
	struct term_count count;
	struct str back;     /* see note_way_back */
	struct str title;    /* as it was sent; empty: it is the shell's */
};

void term_collect(struct terminal *t);          /* what curses has written since */
void term_set_colours(struct terminal *t);      /* once curses runs */

#endif
