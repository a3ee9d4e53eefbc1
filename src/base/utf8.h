/* utf8.h - characters, columns, and the one sanitiser.
 * Widths are terminal columns as libc's wcwidth() gives them (what ncurses uses too), so they depend on the locale that
 * setlocale() chose. */
#ifndef TPLUS_BASE_UTF8_H
#define TPLUS_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define UTF8_BAD 0xfffdu /* stands for every byte that is no part of a character */

/* Strict: no surrogates, no overlong forms, at most U+10FFFF. */
bool utf8_valid(const char *s, size_t n);

/* Bytes of the character at s, >= 1 while n > 0; bad bytes give UTF8_BAD and 1 (a true U+FFFD gives 3). */
size_t utf8_next(const char *s, size_t n, uint32_t *cp);

size_t utf8_put(char out[4], uint32_t cp); /* what is no character is written as U+FFFD */
size_t utf8_cut(const char *s, size_t n, size_t max); /* longest prefix of at most max bytes that ends at a character */

/* Grapheme clusters (utf8proc): what the cursor moves over and Backspace deletes. */
size_t cluster_next(const char *s, size_t n);   /* bytes of the cluster at s */
size_t cluster_prev(const char *s, size_t pos); /* start of the cluster that ends at pos */

/* What terminal cells show. Text must have been sanitised before. A cluster takes one cell (of 1 or 2 columns),
 * except that characters inside it which have columns of their own (Indic vowel signs, the second half of a flag, the
 * parts of an emoji joined by ZWJ) stand in cells of their own after it: nothing that can be seen is dropped, and
 * terminals agree on the width. */
#define CELL_MARKS 4

struct cell {
	/* The base, then combining marks; further marks, ZWJ and variation selectors are dropped. A base that is
	 * unknown, unprintable or no UTF-8 is U+FFFD (? where the locale has none). */
	uint32_t cp[1 + CELL_MARKS];
	int count; /* of cp */
	int width; /* columns: 1 or 2 */
};

/* Bytes of s that the first cell shows, >= 1 while n > 0. */
size_t cell_next(const char *s, size_t n, struct cell *out);

int width_char(uint32_t cp);             /* 0, 1 or 2; unknown to the locale: 1 (shown as U+FFFD, or ? in ASCII) */
int width_text(const char *s, size_t n); /* columns of the whole */

/* Bytes of the longest prefix of whole clusters that fits; *used (may be NULL) is its columns. */
size_t width_fit(const char *s, size_t n, int cols, int *used);

/* At most cols columns; what is cut ends in … (~ in ASCII locales). width_pad fills up with spaces to cols. */
void width_cut(struct str *out, const char *s, size_t n, int cols);
void width_pad(struct str *out, const char *s, size_t n, int cols);

/* Bytes of the first line when wrapped at cols, broken after a space where there is one; >= 1 while n > 0. Spaces at
 * its end may hang over; a line break ends it and is included. */
size_t width_wrap(const char *s, size_t n, int cols);

bool locale_is_utf8(void); /* nl_langinfo(CODESET) */

/* The one sanitiser: people's text made safe for people. Control characters (C0, C1, DEL), bidirectional controls,
 * zero-width and other invisible characters, noncharacters become <U+202E>; bytes that are no UTF-8 become <XX>
 * (their hex). ZWJ/ZWNJ and variation selectors, one at a time, pass where the scripts and emoji that need them stand
 * around (SAN_DOCUMENT) and are dropped there for cells (SAN_TERMINAL). Line breaks pass with SAN_LINES only (CR LF
 * as LF); tabs become one space unless SAN_LINES. What comes out passes unchanged the next time. */
enum san { SAN_TERMINAL = 0, SAN_DOCUMENT = 1, SAN_LINES = 2 };
void san_text(struct str *out, const char *s, size_t n, unsigned flags);
bool san_needed(const char *s, size_t n, unsigned flags); /* false: san_text would copy it as it is */

#endif
