/* err.h - how failures travel: a status, and one sentence for the person.
 * Functions that can fail return enum status (0 is success) and fill *err; the sentence reads
 * "what is wrong: what to do", without the program's or the verb's name, which main() puts in front.
 * The text may quote input: whoever prints it passes it through san_text() first. */
#ifndef TPLUS_BASE_ERR_H
#define TPLUS_BASE_ERR_H

enum status {        /* also the exit statuses of the program */
	ST_OK = 0,
	ST_NO = 1,       /* nothing found, verify failed, gaps exist, refused in this state */
	ST_USAGE = 2,
	ST_IO = 3,       /* store or I/O error */
	ST_CONFLICT = 4, /* conflict, or a newer database */
};

struct err {
	enum status status;
	char text[1024]; /* always NUL terminated, cut at a character */
};

/* Fills err (which may be NULL) and returns status, so that a failure is a one-line tail call. The text may quote
 * err->text. In brackets because cmocka has a macro of this name; tests that call it write (fail)(...) too. */
enum status(fail)(struct err *err, enum status status, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
