#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "text/line.h"

#define WHITE " \t\v\f\r\n"
#define TIME_WORDS 5 /* "2026-02-05" "2:32:10" "pm" "+03:00" "±10m" */

struct sign {
	char c;
	const char *verb;
};

static const struct sign signs[] = {
	{ '+', "good" },
	{ '-', "bad" },
	{ '?', "hypothesis" },
	{ '!', "action" },
	{ '>', "detail" },
};

/* --- Bytes and lines. Not isspace() and its like: the locale must not decide what a line means. --- */

static bool is_eol(char c)
{
	return c == '\n' || c == '\r';
}

static bool is_white(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t skip_white(const char *s, size_t pos, size_t n)
{
	while (pos < n && is_white(s[pos]))
		pos++;
	return pos;
}

static size_t word_end(const char *s, size_t pos, size_t n)
{
	while (pos < n && !is_white(s[pos]))
		pos++;
	return pos;
}

static size_t line_end(const char *s, size_t pos, size_t n)
{
	while (pos < n && !is_eol(s[pos]))
		pos++;
	return pos;
}

/* Over one line end: LF, CR LF or CR. */
static size_t next_line(const char *s, size_t pos, size_t n)
{
	if (pos + 1 < n && s[pos] == '\r' && s[pos + 1] == '\n')
		return pos + 2;
	return pos < n ? pos + 1 : n;
}

static size_t trim_end(const char *s, size_t start, size_t end)
{
	while (end > start && is_white(s[end - 1]))
		end--;
	return end;
}

static bool has_white(const char *word)
{
	return word[strcspn(word, WHITE)] != '\0';
}

/* --- The struct. --- */

static void line_init(struct line *l)
{
	memset(l, 0, sizeof *l);
	l->when.form = WHEN_NOTHING;
	l->when.at = l->when.other = USEC_NONE;
}

void line_clear(struct line *l)
{
	for (size_t i = 0; i < l->details; i++)
		free(l->detail[i]);
	free(l->detail);
	free(l->verb);
	free(l->actor);
	free(l->text);
	free(l->raw);
	line_init(l);
}

/* Text and detail from what stands behind the prefixes. Empty lines in front are skipped, so that prefixes may have a
 * line of their own. */
static void set_text(struct line *l, const char *s, size_t n)
{
	size_t start = skip_white(s, 0, n), end = line_end(s, start, n), last = trim_end(s, start, n), cap = 0;

	l->text = xstrndup(s + start, trim_end(s, start, end) - start);
	last = line_end(s, last, n);
	while (end < last) {
		start = next_line(s, end, last);
		end = line_end(s, start, last);
		l->detail = xgrow(l->detail, &cap, l->details + 1, sizeof *l->detail);
		l->detail[l->details++] = xstrndup(s + start, end - start);
	}
}

/* The verb of a line without a sign or "/verb"; an empty line has none. */
static void set_verb(struct line *l)
{
	if (!l->verb && l->raw[strspn(l->raw, WHITE)])
		l->verb = xstrdup("log");
}

/* --- Prefixes. --- */

static bool read_sign(struct line *l, char c)
{
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		if (signs[i].c != c)
			continue;
		l->verb = xstrdup(signs[i].verb);
		return true;
	}
	return false;
}

/* "@sam:" and "@sam," are how people address one another. */
static bool read_actor(struct line *l, const char *name, size_t n)
{
	if (n > 0 && (name[n - 1] == ':' || name[n - 1] == ','))
		n--;
	if (n == 0)
		return false;
	l->actor = xstrndup(name, n);
	return true;
}

/* With a second "/" it is a path. */
static bool read_slash(struct line *l, const char *verb, size_t n)
{
	if (n == 0 || !is_letter(verb[0]) || memchr(verb, '/', n))
		return false;
	l->verb = xstrndup(verb, n);
	l->slash = true;
	return true;
}

/* Every prefix but the time is one word. False: the word is text. */
static bool read_word(struct line *l, const char *word, size_t n, bool slash)
{
	if (n == 1)
		return !l->verb && read_sign(l, word[0]);
	if (word[0] == '@')
		return !l->actor && read_actor(l, word + 1, n - 1);
	if (word[0] == '/')
		return slash && !l->verb && read_slash(l, word + 1, n - 1);
	return false;
}

/* The prefixes at s; *pos moves to where the text begins. When a time cannot be, it does so in front of it. */
static enum status read_prefixes(
	struct line *l, const char *s, size_t *pos, size_t n, bool slash, const struct when_ctx *ctx, struct err *err)
{
	for (;;) {
		size_t start = *pos = skip_white(s, *pos, n), end = word_end(s, start, n);
		struct when when = l->when;
		enum status status;

		if (start == n)
			return ST_OK;
		if (s[start] == '\\') {
			*pos = start + 1;
			return ST_OK;
		}
		if (read_word(l, s + start, end - start, slash)) {
			*pos = end;
			continue;
		}
		if (l->when.form != WHEN_NOTHING)
			return ST_OK;
		status = when_parse(s + start, n - start, ctx, &when, err);
		if (status != ST_OK || when.form == WHEN_NOTHING)
			return status;
		l->when = when;
		*pos = start + when.used;
	}
}

/* A C string cannot hold NUL: U+FFFD shows that something stood there. */
static char *copy_raw(const char *s, size_t n, size_t *len)
{
	struct str b = STR_INIT;
	const char *nul;

	while (n > 0 && (nul = memchr(s, '\0', n))) {
		size_t before = (size_t)(nul - s);

		str_add(&b, s, before);
		str_adds(&b, "\xef\xbf\xbd");
		s += before + 1;
		n -= before + 1;
	}
	str_add(&b, s, n);
	*len = b.len;
	return str_take(&b);
}

enum status line_parse(
	const char *s, size_t n, enum line_from from, const struct when_ctx *ctx, struct line *out, struct err *err)
{
	enum status status;
	size_t len, pos;

	line_init(out);
	out->raw = copy_raw(s, n, &len);
	pos = skip_white(out->raw, 0, len);
	status = read_prefixes(out, out->raw, &pos, line_end(out->raw, pos, len), from == LINE_COMPOSER, ctx, err);
	set_text(out, out->raw + pos, len - pos);
	set_verb(out);
	return status;
}

/* --- Words of a command line. --- */

static bool is_time_word(const char *s, size_t n)
{
	static const char *const words[] = { "today", "yesterday", "am", "pm", "utc" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strlen(words[i]) == n && strncasecmp(s, words[i], n) == 0)
			return true;
	}
	return !is_letter(s[0]) && strspn(s, "0123456789-+/:.,~\xc2\xb1TtZzAaPpMmUCdhs") >= n;
}

/* Are all words in this one such as only times are made of? Tells a quoted time that cannot be ("2026-02-30 10:00")
 * from a quoted text. */
static bool all_time(const char *s)
{
	size_t n = strlen(s), end;

	for (size_t pos = skip_white(s, 0, n); pos < n; pos = skip_white(s, end, n)) {
		end = word_end(s, pos, n);
		if (!is_time_word(s + pos, end - pos))
			return false;
	}
	return true;
}

/* A time at words[0], which may go on in the next words; *took is how many it takes, 0: none. */
static enum status read_time_words(
	char *const *words, size_t n, const struct when_ctx *ctx, struct when *when, size_t *took, struct err *err)
{
	size_t start = strspn(words[0], WHITE), ends[TIME_WORDS], k = 0;
	struct str b = STR_INIT;
	struct err why = { 0 };
	struct when w = *when;
	enum status status;

	str_add(&b, words[0] + start, trim_end(words[0], start, strlen(words[0])) - start);
	ends[k++] = b.len;
	while (k < n && k < TIME_WORDS && *words[k] && !has_white(words[k])) {
		str_addc(&b, ' ');
		str_adds(&b, words[k]);
		ends[k++] = b.len;
	}
	status = when_parse(b.s, b.len, ctx, &w, &why);
	str_free(&b);
	*took = 0;
	if (status != ST_OK)
		return has_white(words[0]) && !all_time(words[0]) ? ST_OK : fail(err, status, "%s", why.text);
	if (w.form == WHEN_NOTHING)
		return ST_OK;
	for (size_t i = 0; i < k && !*took; i++)
		*took = ends[i] == w.used ? i + 1 : 0;
	if (*took)
		*when = w;
	return ST_OK;
}

/* The words in front that are prefixes; *text is the number of the first word that is none. */
static enum status read_prefix_words(
	struct line *l, char *const *words, size_t n, size_t *text, const struct when_ctx *ctx, struct err *err)
{
	size_t i, took;

	for (i = 0; i < n; i += took) {
		const char *word = words[i];
		enum status status;

		*text = i;
		took = 1;
		if (!word[strspn(word, WHITE)]) /* an unset shell variable */
			continue;
		if (!has_white(word) && read_word(l, word, strlen(word), false))
			continue;
		if (word[0] == '\\' || l->when.form != WHEN_NOTHING)
			return ST_OK;
		status = read_time_words(words + i, n - i, ctx, &l->when, &took, err);
		if (status != ST_OK || took == 0)
			return status;
	}
	*text = n;
	return ST_OK;
}

enum status line_parse_words(
	char *const *words, size_t n, bool prefixes, const struct when_ctx *ctx, struct line *out, struct err *err)
{
	enum status status = ST_OK;
	struct str raw = STR_INIT;
	size_t text = 0, pos = 0;

	line_init(out);
	if (prefixes)
		status = read_prefix_words(out, words, n, &text, ctx, err);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			str_addc(&raw, ' ');
		if (i == text)
			pos = raw.len;
		str_adds(&raw, words[i]);
	}
	if (text == n)
		pos = raw.len;
	else if (prefixes && words[text][0] == '\\' && !has_white(words[text]))
		pos++;
	set_text(out, raw.s + pos, raw.len - pos);
	out->raw = str_take(&raw);
	set_verb(out);
	return status;
}

bool line_is_minus_time(const char *word)
{
	return word[0] == '-' && is_digit(word[1]);
}
