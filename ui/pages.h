/* pages.h - what fills the middle of the screen: timeline, responders, action items, list of incidents, help. Each: what it remembers, load, key, draw. */
#ifndef TPLUS_UI_PAGES_H
#define TPLUS_UI_PAGES_H

#include "store/query.h"
#include "ui/keys.h"
#include "ui/layout.h"
#include "ui/row.h"

struct ui;

/* One screen line of the timeline. */
enum tl_part { TL_DATE, TL_EVENT, TL_MORE, TL_DETAIL, TL_ABOUT };
struct tl_line {
	const struct event *event;
	enum tl_part part;
	bool wrapped;           /* the text is bytes from … from + n of words; else the event's own, cut */
	size_t from, n;
	bool pending;
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
};
void timeline_reset(struct ui *ui);
bool timeline_load(struct ui *ui);  /* false: the store is busy, the old window stays */
bool timeline_key(struct ui *ui, enum act a);
void timeline_scroll(struct ui *ui, int lines);
void timeline_click(struct ui *ui, int row);
void timeline_end(struct ui *ui);    /* to the last line, as long as nothing is selected */
void timeline_focus(struct ui *ui);
void timeline_draw(struct ui *ui);
void timeline_free(struct timeline *t);

struct side { int responder, action; bool open; };
void responders_draw(struct ui *ui);
bool responders_key(struct ui *ui, enum act a);
void actions_draw(struct ui *ui);
bool actions_key(struct ui *ui, enum act a);

struct list { int selected, top; };
void list_draw(struct ui *ui);
bool list_key(struct ui *ui, enum act a);

/* Text over everything. */
struct page { bool open; struct str text; char *title; int top, lines; };
void page_help(struct ui *ui, enum context c);
void page_show(struct ui *ui, const char *title, const char *text);
void page_draw(struct ui *ui);
bool page_key(struct ui *ui, enum act a);

#endif
