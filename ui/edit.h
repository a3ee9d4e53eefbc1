/* edit.h - the composer's text: editing by clusters, words, kill and yank, recall. Pure: no curses, no store.
 * Invariants: cur <= text.len and stands between two clusters. The text may hold any bytes; lines are separated by \n. */
#ifndef TPLUS_UI_EDIT_H
#define TPLUS_UI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/str.h"

struct edit {
	struct str text;
	size_t cur;          /* bytes */
	usec stamp;          /* of the first keystroke; USEC_NONE while the text is empty */
	struct str killed;   /* for yank */
	char **past;         /* recalled lines, oldest first */
	size_t pasts, cap;
	size_t at;           /* which one is shown; pasts: the text being written */
	char *kept;          /* the text being written while an older one is shown */
	usec kept_stamp;
};
#define EDIT_INIT { STR_INIT, 0, USEC_NONE, STR_INIT, NULL, 0, 0, 0, NULL, USEC_NONE }
enum { EDIT_PAST_MAX = 500 };

void edit_free(struct edit *e);
void edit_insert(struct edit *e, const char *s, size_t n, usec now); /* the first insertion into an empty text takes the stamp */
void edit_set(struct edit *e, const char *s, usec stamp);            /* replaces the text; the cursor goes to its end */
void edit_clear(struct edit *e);
void edit_replace(struct edit *e, size_t from, size_t to, const char *s); /* bytes from..to become s; the cursor stands after it */

void edit_left(struct edit *e);
void edit_right(struct edit *e);
void edit_word_left(struct edit *e);
void edit_word_right(struct edit *e);
void edit_line_start(struct edit *e);
void edit_line_end(struct edit *e);
void edit_backspace(struct edit *e);
void edit_delete(struct edit *e);
void edit_kill_word(struct edit *e);       /* to the left */
void edit_kill_word_right(struct edit *e);
void edit_kill_end(struct edit *e);
void edit_kill_start(struct edit *e);
void edit_yank(struct edit *e, usec now);

void edit_remember(struct edit *e, const char *line); /* for recall; the same as the last one is kept once */
bool edit_recall(struct edit *e, int step, usec now); /* -1 older, +1 newer; false: there is none */

/* What of the text stands on the screen: at most rows lines of cols columns, around the cursor. */
struct edit_line { size_t from, to; };     /* bytes; the \n is in none */
struct edit_view {
	struct edit_line line[8];
	int lines;
	int cur_line, cur_col;
	bool more_before, more_after;
};
void edit_view(const struct edit *e, int cols, int rows, struct edit_view *v);

/* One cluster as it is drawn: control and invisible characters as <U+0007>. Appends to out, returns its columns. */
int edit_cluster(struct str *out, const char *s, size_t n);

#endif
