/* layout.h - where everything stands on a screen of a given size. Arithmetic on structs, no curses. DESIGN section 5. */
#ifndef TPLUS_UI_LAYOUT_H
#define TPLUS_UI_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

enum pane { PANE_COMPOSER, PANE_TIMELINE, PANE_RESPONDERS, PANE_ACTIONS, PANE_COUNT };

struct rect { int y, x, rows, cols; };

enum {
	LAYOUT_MIN_ROWS = 5, LAYOUT_MIN_COLS = 20,   /* below: "too small" */
	LAYOUT_BOX_ROWS = 15, LAYOUT_BOX_COLS = 60,  /* below: one pane and the composer, no frames */
	LAYOUT_SIDE_COLS = 100,                      /* from here on the right column stands beside the timeline */
	LAYOUT_COMPOSER_ROWS = 6, LAYOUT_FOOTER_ROWS = 3, /* composer and footer never grow beyond this */
};

struct layout {
	int rows, cols;
	bool too_small;
	bool boxed;                  /* frames around the panes */
	bool side;                   /* timeline and right column at once */
	struct rect header, due, budget; /* rows 0: not shown */
	struct rect pane[PANE_COUNT];    /* what is inside the frames; rows 0: not shown. PANE_COMPOSER is the composer's rows */
	struct rect frame;           /* the outer frame, title row included */
	int divider;                 /* column of the line between timeline and right column, -1: none */
	int split;                   /* row of the line between responders and actions, -1: none */
	struct rect footer;
};

struct layout_wish {
	enum pane focus;             /* decides which panes are visible when not all fit */
	int composer_rows;           /* what the composer would like */
	int footer_rows;             /* more than one for a message that needs them */
	bool budget;                 /* there is one to show */
	bool whole;                  /* one page instead of the panes: it takes PANE_TIMELINE's place */
};
void layout_compute(struct layout *l, int rows, int cols, const struct layout_wish *w);

/* What the next-due line shows of its n items within cols columns: bars go first, the last ones before the others, then the tail as "+N". plain
 * are the widths of the items, a bar adds bar columns, between items are gap. Returns how many are shown, *bars how many of them with a bar. */
size_t layout_due(const int *plain, size_t n, int bar, int gap, int cols, size_t *bars);

/* Columns of the timeline's fields for a width: 0 means the field is left out. They always add up to cols. */
struct timeline_columns { int time, tplus, mark, text, actor; };
void layout_timeline(struct timeline_columns *c, int cols, int longest_actor);

/* The first visible one of n lines such that line sel (-1: none) is visible in rows rows, moving as little as possible from top. */
int layout_scroll(int top, int sel, int sel_rows, int n, int rows);

#endif
