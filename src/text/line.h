/* line.h - the line grammar: what a person typed, taken apart. Pure: no store, no output. DESIGN section 4.
 * A word ends at white space (ASCII); lines end in LF, CR LF or CR. Bytes that are no UTF-8 pass as they are; NUL,
 * which a C string cannot hold, becomes U+FFFD. Everything is linear in the length of the input. */
#ifndef TPLUS_TEXT_LINE_H
#define TPLUS_TEXT_LINE_H

#include "base/when.h"

enum line_from {
	LINE_COMPOSER, /* one or several lines of free text, /verbs allowed */
	LINE_INPUT,    /* a line of log's standard input: prefixes, no /verbs */
};

/* Everything is heap allocated and owned by the struct; line_clear frees it. */
struct line {
	char *verb;       /* as typed after "/"; else what the prefix means: log good bad hypothesis action detail;
	                     NULL: nothing but white space. A line of prefixes alone has a verb, and an empty text */
	bool slash;       /* verb was typed with a "/": it still has to be looked up, unique prefixes count */
	struct when when; /* form WHEN_NOTHING: none given */
	char *actor;      /* without the "@" and one ":" or "," at its end; NULL */
	char *text;       /* the rest, first line only, verbatim but for white space around it; never NULL */
	char **detail;    /* further lines (a paste), without their line ends; empty ones at the end dropped */
	size_t details;
	char *raw;        /* the whole as typed; words of a command line joined by single spaces */
};
void line_clear(struct line *l);

/* A line of text (n bytes, may hold newlines and any bytes). In every case *out is filled and wants line_clear.
 * ST_USAGE: a time that cannot be; everything understood so far is in *out, so that the composer can show it, and the
 * text begins with that time.
 * Prefixes come in any order, each once: the second time or actor belongs to the text. A sign excludes "/verb" and the
 * other way round. After "/verb" prefixes go on; with a second "/" in it the word is a path, and text. A leading "\"
 * makes the rest literal (also after other prefixes). The time's ambiguity is left in when.fit.
 * Only the first line has prefixes; empty lines before it, and between its prefixes and the text, do not count. */
enum status line_parse(
	const char *s, size_t n, enum line_from from, const struct when_ctx *ctx, struct line *out, struct err *err);

/* The operands of a command line verb that takes a LINE, options already removed. Words in front that are prefixes (a
 * time may take several words) are read as such; a word with white space in it is text, unless the whole of it is a
 * time; an empty word in front is skipped; from the first word of text on everything is text, joined by single
 * spaces. prefixes false (after "--"): all of it is text. Line breaks within make detail lines. Status and *out as
 * above. */
enum status line_parse_words(
	char *const *words, size_t n, bool prefixes, const struct when_ctx *ctx, struct line *out, struct err *err);

/* True when word, as a whole, begins like "-5m": a "-" and a digit. Such a word is a time, never an option. */
bool line_is_minus_time(const char *word);

/* Tags, links and tracker references in a text, which stay there and are indexed: "#db", "https://…", "ABC-123". A
 * tag has a letter and ends at a letter, digit or "_". A link ends before white space, < > or ", without the
 * punctuation and unbalanced brackets at its end. What goes on with "-" and a digit ("CVE-2026-1234") is no
 * reference.
 * Returns the length of the next one at or after from, 0 if there is none; look again from *start + length on. */
enum mention_kind { MENTION_TAG, MENTION_URL, MENTION_REF };
size_t line_mention(const char *s, size_t n, size_t from, enum mention_kind *kind, size_t *start);

#endif
