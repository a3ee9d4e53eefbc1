/* escape.h - people's text made safe where it stands: in Markdown, HTML, CSV and JSON. Every function appends to
 * out, takes any bytes (NUL and bad UTF-8 too) and never fails. All but json_text() pass the text through san_text()
 * first, so that control, bidirectional and invisible characters show as <U+202E>. */
#ifndef TPLUS_TEXT_ESCAPE_H
#define TPLUS_TEXT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* The text sanitised for a document (SAN_DOCUMENT, SAN_LINES): s itself where nothing needs it, else a copy in
 * *clean, which the caller initialises and frees. *n is its length. Line breaks are \n afterwards, and there is no
 * NUL. */
const char *escape_clean(struct str *clean, const char *s, size_t *n);

/* What the current line of a Markdown document is so far. Up to MD_HASH the line may still become a block of another
 * kind. */
enum md_line {
	MD_START,   /* nothing yet but white space, list marks, quote marks, a task box */
	MD_DIGITS,  /* MD_START and digits: a dot or parenthesis would make it a list */
	MD_MARK,    /* MD_START and what is a list mark once a space follows */
	MD_HASH,    /* MD_START and number signs: a heading once a space follows */
	MD_TEXT,    /* running text */
	MD_CELL,    /* a table row: it began with | */
	MD_HEADING,
	MD_HTML,    /* it began with <: perhaps an HTML block, where backslashes mean nothing */
};

/* What the text stands in within its line. Whoever sets one other than MD_INLINE must be sure of it. */
enum md_span {
	MD_INLINE,
	MD_CODE,   /* between single backquotes; a backquote of the text comes out as ' */
	MD_FENCE,  /* in a fenced block; a line break of the text comes out as a space */
	MD_TARGET, /* in a link's parentheses */
};

/* A place in a Markdown document; all zeros is its beginning. md_track() moves it along. */
struct md_place {
	uint8_t line;    /* enum md_line */
	uint8_t span;    /* enum md_span */
	uint8_t col;     /* bytes of the line so far while it may still become another block (at most 255) */
	uint8_t indent;  /* where the line's text begins: continuation lines are indented as far */
	char before;     /* the last byte already there, 0 at the beginning */
	char after;      /* the byte that will follow the text, 0 if not known */
};

/* Moves at past n bytes of finished Markdown; span and after stay as they are. */
void md_track(struct md_place *at, const char *s, size_t n);

/* Escapes text so that a Markdown reader (CommonMark with GitHub's tables, strikethrough, autolinks and task lists)
 * reads the very same characters back as plain text, without over-escaping prose. In cells, headings and HTML lines a
 * line break becomes <br>, elsewhere a hard break (backslash, newline, indentation) whose next line cannot begin a
 * block. Line breaks at the ends of the text are dropped, spaces there are kept (as &#32; where they would be lost). A
 * web address stays bare, hence clickable; one with characters that are Markdown marks is put in <>; one that not every
 * reader would see the end of alike gets its colon escaped and is plain text. */
void md_escape(struct str *out, const char *s, size_t n, const struct md_place *at);

/* An author's own Markdown: only sanitised. */
void md_raw(struct str *out, const char *s, size_t n);

/* For HTML text and quoted attributes: & < > " ' as entities. */
void html_escape(struct str *out, const char *s, size_t n);

/* One CSV field as RFC 4180 wants it. A field that a spreadsheet would take for a formula (it begins with = + - @, a
 * tab or a line break) gets a ' in front; so does one that begins with ' and goes on like that, so that a reader can
 * undo it: of a field that is any number of ' and then one of these characters, take the first ' away. */
void csv_field(struct str *out, const char *s, size_t n);

/* A JSON string with its quotes. Control, bidirectional and invisible characters are \u escapes with lower-case
 * digits (\n \t and the like where JSON has them), a byte that is no UTF-8 is \ufffd, everything else is UTF-8 as it
 * is. */
void json_text(struct str *out, const char *s, size_t n);

#endif
