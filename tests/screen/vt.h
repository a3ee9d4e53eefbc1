/* vt.h - a program on a pseudo-terminal, and the terminal it believes it has (libvterm).
 * Rows and columns count from 0 here. Everything that waits does so in poll() with a deadline; nothing sleeps.
 * One program at a time: SIGCHLD is watched for the whole process. */
#ifndef TPLUS_TESTS_SCREEN_VT_H
#define TPLUS_TESTS_SCREEN_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <vterm.h>

enum { VT_ROW_BYTES = 8192, VT_MAX_ROWS = 300, VT_MAX_COLS = 400 };

struct bytes {
	char *s;
	size_t len, cap;
};

struct vt {
	VTerm *term; /* NULL: no program was started */
	VTermScreen *screen; /* libvterm's, freed with term */
	int rows, cols;
	int fd; /* the master; -1: closed */
	pid_t pid; /* 0: waited for */
	bool eof; /* the program's side is closed, or we closed ours */
	bool stopped; /* by a signal */
	bool held; /* what the program writes is not taken */
	int wstatus; /* once pid is 0 */
	bool cursor_visible, altscreen;
	struct bytes input; /* typed, not yet taken by the program */
	struct bytes output; /* what the program wrote since the mark */
	size_t reads; /* in how many pieces it came: at most as many as it wrote */
};

void bytes_add(struct bytes *b, const void *s, size_t n);

void vt_watch_children(void); /* once, before anything is started */

/* argv runs in this environment and working directory. False with a message on standard output when there is no pty. */
bool vt_start(struct vt *vt, int rows, int cols, bool utf8, char *const *argv);

/* Waits up to ms milliseconds for the program to write, take input, end or stop, and takes note of what it did. */
void vt_pump(struct vt *vt, int ms);

void vt_mark(struct vt *vt); /* forgets the output so far */
void vt_type(struct vt *vt, const char *s, size_t n); /* bytes as they are */
void vt_resize(struct vt *vt, int rows, int cols);
void vt_close(struct vt *vt); /* our end of the terminal, as when a window or a connection is closed */
void vt_free(struct vt *vt); /* kills what is still there */

/* The text of a row as UTF-8, trailing blanks left out. */
void vt_row(const struct vt *vt, int row, char text[VT_ROW_BYTES]);
bool vt_cell(const struct vt *vt, int row, int col, VTermScreenCell *cell); /* false: outside */
void vt_cursor(const struct vt *vt, int *row, int *col);
void vt_print(const struct vt *vt); /* the whole screen, framed, for a failure's report */

/* "Enter" "Shift-Tab" "Ctrl-C" "Alt-x" "F10" "PageUp" …: presses it; false when there is no such key. */
bool vt_key(struct vt *vt, const char *name);
void vt_text(struct vt *vt, const char *utf8); /* types each character */
void vt_paste(struct vt *vt, const char *utf8); /* in brackets if the program asked for them */
void vt_click(struct vt *vt, int row, int col, int button); /* 1 left, 4 wheel up, 5 wheel down */

#endif
