#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wctype.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "ui/filter.h"

void filter_free(struct filter *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->term[i].word);
	free(f->term);
	*f = (struct filter){ 0 };
}

static uint32_t fold(uint32_t cp)
{
	return cp < 0x80 ? (cp >= 'A' && cp <= 'Z' ? cp + 32 : cp) : (uint32_t)towlower((wint_t)cp);
}

static char *folded(const char *s, size_t n, bool *ascii)
{
	struct str out = STR_INIT;
	uint32_t cp;

	*ascii = true;
	for (size_t at = 0; at < n;) {
		char c[4];

		at += utf8_next(s + at, n - at, &cp);
		*ascii &= cp < 0x80;
		str_add(&out, c, utf8_put(c, fold(cp)));
	}
	return str_take(&out);
}

static const struct { const char *prefix; enum term what; } prefixes[] = { { "@", TERM_PERSON }, { "kind:", TERM_KIND } };

static void add_term(struct filter *f, const char *s, size_t n)
{
	struct filter_term t = { .what = TERM_WORD };

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		size_t len = strlen(prefixes[i].prefix);

		if (n < len || strncasecmp(s, prefixes[i].prefix, len) != 0)
			continue;
		t.what = prefixes[i].what;
		s += len;
		n -= len;
		break;
	}
	if (!n) /* a prefix whose word is still to come */
		return;
	t.word = folded(s, n, &t.ascii);
	f->term = xgrow(f->term, &f->cap, f->n + 1, sizeof *f->term);
	f->term[f->n++] = t;
}

void filter_parse(struct filter *f, const char *s)
{
	filter_free(f);
	for (s += strspn(s, " \t\n"); *s; s += strspn(s, " \t\n")) {
		size_t n = strcspn(s, " \t\n");

		add_term(f, s, n);
		s += n;
	}
}

/* Does word, folded, stand at s? Compared character by character, so that letters fold in every script. */
static bool begins(const char *s, size_t n, const char *word)
{
	size_t w = strlen(word), at = 0, i = 0;
	uint32_t a, b;

	while (i < w) {
		if (at >= n)
			return false;
		at += utf8_next(s + at, n - at, &a);
		i += utf8_next(word + i, w - i, &b);
		if (fold(a) != b)
			return false;
	}
	return true;
}

static bool contains(const char *s, const struct filter_term *t)
{
	size_t n;
	uint32_t cp;

	if (!s)
		return false;
	if (t->ascii)
		return strcasestr(s, t->word) != NULL;
	n = strlen(s);
	for (size_t at = 0; at < n; at += utf8_next(s + at, n - at, &cp)) {
		if (begins(s + at, n - at, t->word))
			return true;
	}
	return false;
}

static bool has_word(const struct event *e, const struct filter_term *t)
{
	if (contains(e->text, t) || (e->milestone != MS_NONE && contains(milestone_name(e->milestone), t)))
		return true;
	for (size_t i = 0; i < e->details; i++) {
		if (contains(e->detail[i], t))
			return true;
	}
	return false;
}

static bool has_person(const struct event *e, const char *word)
{
	const char *who = e->actor ? e->actor : e->author;

	return who && begins(who, strlen(who), word);
}

static bool has_kind(const struct event *e, const char *word)
{
	const char *names[] = {
		kind_name(e->kind), e->milestone != MS_NONE ? milestone_name(e->milestone) : NULL, e->struck ? "struck" : NULL, e->edited ? "edited" : NULL,
		e->conflict ? "conflict" : NULL,
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (names[i] && str_starts(names[i], word))
			return true;
	}
	return false;
}

bool filter_match(const struct filter *f, const struct event *e)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct filter_term *t = &f->term[i];
		bool ok = t->what == TERM_PERSON ? has_person(e, t->word) : t->what == TERM_KIND ? has_kind(e, t->word) : has_word(e, t);

		if (!ok)
			return false;
	}
	return true;
}
