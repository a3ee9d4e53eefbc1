/* row.h - one row of the screen as styled text, and the marks drawn by us. Pure: no curses, so panes can be tested without a terminal.
 * Invariants: run[i] covers the bytes from run[i-1].end to run[i].end; cols is the row's width in columns. */
#ifndef TPLUS_UI_ROW_H
#define TPLUS_UI_ROW_H

#include <stdint.h>

#include "base/str.h"

enum style {
	STYLE_NORMAL, STYLE_DIM, STYLE_BOLD, STYLE_BORDER, STYLE_TITLE, STYLE_FOCUS, STYLE_SELECT, STYLE_GOOD, STYLE_WARN, STYLE_BAD,
	STYLE_MARK, STYLE_PENDING, STYLE_STRUCK, STYLE_COUNT
};

struct run { size_t end; enum style style; };
struct row {
	struct str text;
	struct run *run;
	size_t runs, cap;
	int cols;
};
#define ROW_INIT { STR_INIT, NULL, 0, 0, 0 }

void row_free(struct row *r);
void row_reset(struct row *r);
void row_add(struct row *r, enum style style, const char *s);                   /* our own text: shown as it is */
void row_addn(struct row *r, enum style style, const char *s, size_t n);
void row_addf(struct row *r, enum style style, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void row_text(struct row *r, enum style style, const char *s, int cols);        /* people's: sanitised, cut to cols columns; NULL adds nothing */
void row_cell(struct row *r, enum style style, const char *s, int cols);        /* the same, filled up to exactly cols */
void row_to(struct row *r, enum style style, int col);                          /* spaces until the row is col columns wide */
void row_fill(struct row *r, enum style style, const char *mark, int col);      /* the same with another one column mark */
void row_restyle(struct row *r, enum style style);                              /* all of it in one style */
void row_append(struct row *r, const struct row *tail);
uint64_t row_hash(const struct row *r);                                         /* never 0 */

/* Marks: UTF-8, or ASCII where the locale is not. Each is one column, but for G_ARROW in ASCII. */
enum glyph {
	G_DOT, G_PROMPT, G_ELLIPSIS, G_MILESTONE, G_SEVERITY, G_LOWER, G_ROLE, G_ASK, G_UPDATE, G_FINDING, G_SYSTEM, G_TODO, G_BEGUN, G_DONE, G_DROPPED,
	G_H, G_V, G_TL, G_TR, G_BL, G_BR, G_LT, G_RT, G_TT, G_BT, G_BAR_L, G_BAR_R, G_FULL, G_EMPTY, G_NEWLINE, G_FOLD, G_UNFOLD, G_CONFLICT, G_ARROW, G_UP, G_DOWN, G_DASH,
	G_COUNT
};
const char *glyph(enum glyph g);

#endif
