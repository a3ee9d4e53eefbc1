/* term.h - the terminal: curses, modes, suspending, restoring. term.c is the only file that knows the screen is curses.
 * What curses wants to write is collected and leaves in one write(2) per term_flush; a terminal that does not take it is waited for by the
 * loop, and meanwhile nothing more is drawn, so that a slow link shows the newest state. */
#ifndef TPLUS_UI_TERM_H
#define TPLUS_UI_TERM_H

#include "base/err.h"
#include "ui/row.h"

struct terminal;

/* Errors (ST_NO): no terminal, TERM unset, unknown or unable to address the cursor. Signal handlers that must not be replaced have to stand before. */
enum status term_open(struct terminal **out, struct err *err);
void term_close(struct terminal *t, bool gone); /* gone: the terminal is closed, write nothing */
int term_fd(const struct terminal *t);          /* for the loop; the terminal opened anew, non-blocking */
const char *term_name(const struct terminal *t); /* TERM */

void term_size(const struct terminal *t, int *rows, int *cols);
void term_resize(struct terminal *t);           /* asks the terminal for its size */
bool term_resized(const struct terminal *t);    /* it has another one by now */
void term_clear(struct terminal *t);            /* forgets what stands where: everything is put anew */
void term_redraw(struct terminal *t);           /* the next flush paints the whole terminal, whatever it shows now */

/* Puts a row at (y, x), cut or filled up to cols columns. Nothing happens when it stands there already. slot tells rows apart that share a
 * line of the screen: 0, 1 beside it, 2 over both. */
enum { TERM_SLOTS = 3 };
void term_put(struct terminal *t, int slot, int y, int x, int cols, const struct row *r);
void term_vline(struct terminal *t, int y, int x, int rows); /* part of a frame; gone with term_clear */
void term_cursor(struct terminal *t, int y, int x); /* y < 0: hidden */

/* Draws what changed. False: the terminal does not take everything now; call term_drain when it is writable. */
bool term_flush(struct terminal *t);
bool term_drain(struct terminal *t);            /* true: everything is out */
bool term_backlog(const struct terminal *t);
bool term_lost(const struct terminal *t);       /* writing failed: the terminal is gone */

void term_suspend(struct terminal *t);          /* the terminal as it was before */
void term_resume(struct terminal *t);
void term_title(struct terminal *t, const char *text); /* people's text, sanitised here; terminals that have no title get nothing */
void term_bell(struct terminal *t);
void term_notify(struct terminal *t, const char *text); /* OSC 9; people's text, sanitised here; terminals that have none get nothing */
bool term_copy(struct terminal *t, const char *text, size_t n); /* OSC 52; false: this terminal cannot */

struct term_count { unsigned long bytes, writes; };
struct term_count term_counted(const struct terminal *t); /* since the start; for tests */

#endif
