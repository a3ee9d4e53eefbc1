/* pages.h - what fills the middle of the screen: timeline, responders, action items, list of incidents, help. Each: what it remembers, load, key, draw. */
#ifndef TPLUS_UI_PAGES_H
#define TPLUS_UI_PAGES_H

#include "store/query.h"
#include "ui/edit.h"
#include "ui/filter.h"
#include "ui/keys.h"
#include "ui/layout.h"
#include "ui/row.h"

struct ui;

/* One screen line of the timeline. */
enum tl_part { TL_DATE, TL_TODAY, TL_EVENT, TL_MORE, TL_DETAIL, TL_ABOUT };
struct tl_line {
	const struct event *event;
	enum tl_part part;
	bool wrapped;           /* the text is bytes from … from + n of words; else the event's own, cut */
	size_t from, n;
	bool pending;
};

/* What the timeline's own line asks for: words to filter by, or a time to go to. A filter reads the timeline in slices, one a turn of the loop, from
 * where the reader is: the window holds all lines that match between lo and hi. */
enum find { FIND_NOTHING, FIND_FILTER, FIND_TIME, FIND_COUNT };
struct finder {
	enum find typing;               /* what the line is being typed for */
	struct edit edit[FIND_COUNT];
	struct filter filter;
	bool on;                        /* only lines that match are shown */
	struct event_key lo, hi;        /* looked at so far; unless at_start, at_end */
	bool again;                     /* something changed: what was looked at is looked at anew, by now from hi down to re */
	struct event_key re;
	bool was_follow;                /* where the reader was before */
	struct event_key was_top;
	unsigned slices;
};

struct timeline {
	struct events window;   /* the rows shown and about a page of margin on both sides */
	bool at_start, at_end;  /* nothing before, after the window */
	bool follow;            /* the last line stays at the bottom */
	struct event_key top;   /* otherwise: the event of the first line, */
	int skip;               /* and how many of its lines are above */
	bool selecting, open;   /* a line is selected; its details are unfolded */
	struct event_key selected;
	char short_id[33];      /* of the open one; "": not known yet */
	bool at_bottom;         /* the last draw showed the last line */
	int64_t seen_n;         /* newest row that stood on the screen */
	size_t below;           /* new lines below what is shown */
	struct tl_line *line;   /* the window as lines */
	size_t lines, cap;
	int first;              /* of them, on the screen */
	struct str words;       /* the selected event's text and detail, sanitised */
	struct str was;         /* what the open one was before it was corrected: a line each */
	struct finder find;
};
void timeline_reset(struct ui *ui);
bool timeline_load(struct ui *ui);  /* false: the store is busy, the old window stays */
bool timeline_key(struct ui *ui, enum act a);
void timeline_scroll(struct ui *ui, int lines);
void timeline_click(struct ui *ui, int row);
void timeline_end(struct ui *ui);    /* to the last line, as long as nothing is selected */
void timeline_focus(struct ui *ui);
void timeline_draw(struct ui *ui);
void timeline_cursor(struct ui *ui);            /* while its line is typed */
bool timeline_typing(const struct ui *ui);
bool timeline_find_key(struct ui *ui, enum act a, const struct key *k);
void timeline_step(struct ui *ui);              /* one slice of a filter's reading */
void timeline_free(struct timeline *t);

struct side { int responder, action; uuid action_id; bool open, responder_open; };
void responders_draw(struct ui *ui);
bool responders_key(struct ui *ui, enum act a);
void actions_draw(struct ui *ui);
bool actions_key(struct ui *ui, enum act a);

/* All incidents, those left by a filter; or, over them, the form for a new one. */
enum form_field { FORM_TITLE, FORM_SEVERITY, FORM_ID, FORM_FIELDS };
struct form { bool open; enum form_field at; struct edit field[FORM_FIELDS]; };
struct list {
	uuid selected;          /* it stays selected wherever it moves to */
	int top;
	bool typing;
	struct edit find;
	struct form form;
};
void list_enter(struct ui *ui);                 /* another one than the one shown is selected: Enter goes there */
void list_draw(struct ui *ui);
bool list_key(struct ui *ui, enum act a);
bool list_find_key(struct ui *ui, enum act a, const struct key *k);
void list_click(struct ui *ui, int row);
void list_cursor(struct ui *ui);                /* while its filter or form is typed into */
void list_free(struct list *l);
void form_draw(struct ui *ui);
void form_close(struct ui *ui);                 /* what was typed is gone */
bool form_key(struct ui *ui, enum act a, const struct key *k);
void form_cursor(struct ui *ui);

/* Text over everything. */
struct page {
	bool open, clocks;      /* clocks: not text, but the clocks as they are now */
	struct str text, found; /* found: those lines that match the search, below their headings */
	char *title;
	int top, lines;
	bool typing;            /* the search is being typed */
	struct edit find;
};
void page_help(struct ui *ui, enum context c);
void page_show(struct ui *ui, const char *title, const char *text);
void page_draw(struct ui *ui);
bool page_key(struct ui *ui, enum act a);
bool page_find_key(struct ui *ui, enum act a, const struct key *k);
void page_cursor(struct ui *ui);                /* while its search is typed */
void clocks_page(struct ui *ui);
void clocks_draw(struct ui *ui);
void clocks_text(struct ui *ui, struct str *out); /* for the clipboard */

#endif
