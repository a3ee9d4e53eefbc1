/* escape-walk.h - what the files of md_escape() share; nobody else includes it. */
#ifndef TPLUS_TEXT_ESCAPE_WALK_H
#define TPLUS_TEXT_ESCAPE_WALK_H

#include "text/escape.h"

/* A walk through one sanitised text. Functions that take i write what stands there and return how many bytes of the
 * text it was. */
struct walk {
	struct str *out;
	const char *s;
	size_t n;
	size_t end; /* where the spaces at the end begin */
	const struct md_place *at;
};

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static inline char prev_of(const struct walk *w, size_t i)
{
	return i > 0 ? w->s[i - 1] : w->at->before;
}

/* 0 at the end: then anything may follow. */
static inline char next_of(const struct walk *w, size_t i)
{
	return i + 1 < w->n ? w->s[i + 1] : 0;
}

void walk_mark(const struct walk *w, char c); /* a Markdown mark that is to be itself */
void walk_mark_unless(const struct walk *w, bool harmless, char c);

/* Addresses: at a colon, an at sign, a dot. */
size_t walk_colon(const struct walk *w, size_t i);
size_t walk_at(const struct walk *w, size_t i);
size_t walk_dot(const struct walk *w, size_t i);

#endif
