#include <string.h>

#include "base/utf8.h"
#include "text/escape-walk.h"

void walk_mark(const struct walk *w, char c)
{
	if (w->at->line == MD_HTML) {
		str_addf(w->out, "&#%u;", (unsigned)(uint8_t)c);
	} else {
		str_addc(w->out, '\\');
		str_addc(w->out, c);
	}
}

void walk_mark_unless(const struct walk *w, bool harmless, char c)
{
	if (harmless)
		str_addc(w->out, c);
	else
		walk_mark(w, c);
}

static size_t run_of(const struct walk *w, size_t i)
{
	size_t j = i;

	while (j < w->n && w->s[j] == w->s[i])
		j++;
	return j - i;
}

/* Spaces at the edge of a line are stripped, unless one of them is an entity. */
static void put_edge_space(const struct walk *w, char c)
{
	str_adds(w->out, c == '\t' ? "&#9;" : "&#32;");
}

/* Underscores within a word mean nothing. */
static size_t put_underscores(const struct walk *w, size_t i)
{
	size_t run = run_of(w, i);
	bool in_word = i > 0 && is_word(prev_of(w, i)) && is_word(next_of(w, i + run - 1));

	for (size_t k = 0; k < run; k++)
		walk_mark_unless(w, in_word && w->at->line != MD_HTML, '_');
	return run;
}

/* The byte in front of what stands at i, as written: a space may have become an entity, a line break a tag. */
static char last_written(const struct walk *w, size_t i)
{
	return i > 0 ? w->out->s[w->out->len - 1] : w->at->before;
}

/* A star between spaces means nothing either. */
static size_t put_star(const struct walk *w, size_t i)
{
	bool alone = i > 0 && is_blank(last_written(w, i)) && i + 1 < w->end && is_blank(next_of(w, i));

	walk_mark_unless(w, alone && w->at->line != MD_HTML, '*');
	return 1;
}

/* "~2 minutes": such a tilde could only begin a strikethrough, and the one that would end it is always escaped. */
static size_t put_tilde(const struct walk *w, size_t i)
{
	bool first = strchr(" \t\n", last_written(w, i));

	walk_mark_unless(w, first && is_word(next_of(w, i)) && w->at->line != MD_HTML, '~');
	return 1;
}

static size_t put_backslash(const struct walk *w, size_t i)
{
	char next = next_of(w, i);

	walk_mark_unless(w, is_word(next) || (uint8_t)next >= 0x80, '\\');
	return 1;
}

/* Before a bracket of the template it would make an image. */
static size_t put_bang(const struct walk *w, size_t i)
{
	bool last = i + 1 == w->n;

	walk_mark_unless(w, !last || (w->at->after && w->at->after != '['), '!');
	return 1;
}

/* Number signs at the end of a heading are taken for its closing marks. */
static size_t put_hashes(const struct walk *w, size_t i)
{
	size_t run = run_of(w, i);
	char prev = prev_of(w, i);
	bool closes = w->at->line == MD_HEADING && i + run == w->end && (i == 0 || is_blank(prev));

	walk_mark_unless(w, !closes, '#');
	str_addn(w->out, '#', run - 1);
	return run;
}

/* ---- beginnings of lines ---- */

/* Digits, then a dot or parenthesis that would make them a list. */
static size_t put_number(const struct walk *w, size_t i)
{
	size_t j = i;

	while (j < w->n && is_digit(w->s[j]))
		j++;
	str_add(w->out, w->s + i, j - i);
	if (j < w->n && (w->s[j] == '.' || w->s[j] == ')') && (j + 1 == w->n || strchr(" \t\n", w->s[j + 1]))) {
		walk_mark(w, w->s[j]);
		j++;
	}
	return j - i;
}

/* Does the line from i to its end hold nothing but these? */
static bool holds_only(const struct walk *w, size_t i, const char *these)
{
	while (i < w->n && w->s[i] != '\n' && strchr(these, w->s[i]))
		i++;
	return i == w->n || w->s[i] == '\n';
}

/* Could the mark at i (the first of its line) begin a block, or underline the line above? */
static bool begins_block(const struct walk *w, size_t i)
{
	char c = w->s[i], next = next_of(w, c == '#' ? i + run_of(w, i) - 1 : i);
	bool spaced = !next || strchr(" \t\n", next);

	switch (c) {
	case '-':
		return spaced || holds_only(w, i, "-:| \t");
	case '+': case '*': case '#':
		return spaced;
	case '=':
		return holds_only(w, i, "= \t");
	case ':':
		return holds_only(w, i, "-:| \t");
	case '~':
		return !next || next == '~';
	default:
		return false;
	}
}

/* Writes what at the beginning of a line would be more than text; returns how much of the text that was. */
static size_t put_line_start(const struct walk *w, size_t i)
{
	if (i >= w->end)
		return 0;
	if (is_blank(w->s[i])) {
		put_edge_space(w, w->s[i]);
		return 1;
	}
	if (is_digit(w->s[i]) || (i == 0 && w->at->line == MD_DIGITS))
		return put_number(w, i);
	if (!begins_block(w, i))
		return 0;
	walk_mark(w, w->s[i]);
	return 1;
}

static size_t put_break(const struct walk *w, size_t i)
{
	if (w->at->line >= MD_CELL) {
		str_adds(w->out, "<br>");
		return 1;
	}
	str_adds(w->out, "\\\n");
	str_addn(w->out, ' ', w->at->indent);
	return 1 + put_line_start(w, i + 1);
}

/* ---- a text ---- */

/* The bytes that may need a second look anywhere in a line. */
static const bool special[256] = {
	['\n'] = true, ['!'] = true, ['#'] = true, ['&'] = true,  ['*'] = true, ['.'] = true, [':'] = true,
	['<'] = true,  ['@'] = true, ['>'] = true, ['['] = true,  [']'] = true, ['_'] = true, ['`'] = true,
	['|'] = true,  ['~'] = true, ['\\'] = true,
};

static size_t put_special(const struct walk *w, size_t i)
{
	switch (w->s[i]) {
	case '\n':
		return put_break(w, i);
	case '!':
		return put_bang(w, i);
	case '#':
		return put_hashes(w, i);
	case '*':
		return put_star(w, i);
	case ':':
		return walk_colon(w, i);
	case '.':
		return walk_dot(w, i);
	case '@':
		return walk_at(w, i);
	case '_':
		return put_underscores(w, i);
	case '\\':
		return put_backslash(w, i);
	case '~':
		return put_tilde(w, i);
	case '&':
		str_adds(w->out, "&amp;");
		return 1;
	case '<':
		str_adds(w->out, "&lt;");
		return 1;
	case '>':
		str_adds(w->out, "&gt;");
		return 1;
	default:
		walk_mark(w, w->s[i]);
		return 1;
	}
}

static void put_inside(const struct walk *w, size_t i)
{
	while (i < w->end) {
		size_t from = i;

		while (i < w->end && !special[(uint8_t)w->s[i]])
			i++;
		str_add(w->out, w->s + from, i - from);
		if (i < w->end)
			i += put_special(w, i);
	}
}

/* Does the template emphasise the text? Then a space of any kind next to the marks would undo it. */
static bool is_emphasis(char c)
{
	return c == '*' || c == '_' || c == '~';
}

/* Is a space at the end of the text lost, or part of something else? */
static bool ends_bare(const struct walk *w)
{
	return !w->at->after || strchr(" \t\r\n|*_~", w->at->after);
}

/* A space at the beginning is lost at the edge of a cell or heading, and would take emphasis its meaning. */
static bool begins_bare(const struct walk *w)
{
	return w->at->line != MD_TEXT || is_emphasis(w->at->before);
}

/* The spaces at the end of the text. */
static void put_spaces(const struct walk *w)
{
	size_t from = w->end;
	bool line = from == 0 ? begins_bare(w) : w->s[from - 1] == '\n';

	if (from == w->n)
		return;
	if (line)
		put_edge_space(w, w->s[from++]);
	if (from == w->n)
		return;
	str_add(w->out, w->s + from, w->n - 1 - from);
	if (ends_bare(w))
		put_edge_space(w, w->s[w->n - 1]);
	else
		str_addc(w->out, w->s[w->n - 1]);
}

/* Bytes of the space other than ASCII's that the text begins with (or ends with), 0 if there is none. */
static size_t wide_space(const char *s, size_t n, bool at_end, uint32_t *cp)
{
	for (size_t len = 2; len <= 3 && len <= n; len++) {
		if (utf8_next(at_end ? s + n - len : s, len, cp) != len)
			continue;
		if (*cp == 0xa0 || *cp == 0x1680 || (*cp >= 0x2000 && *cp <= 0x200a) || *cp == 0x202f ||
			*cp == 0x205f || *cp == 0x3000)
			return len;
	}
	return 0;
}

static void put_text(struct str *out, const char *s, size_t n, const struct md_place *at)
{
	uint32_t first, last;
	size_t head = is_emphasis(at->before) ? wide_space(s, n, false, &first) : 0;
	size_t tail = is_emphasis(at->after) ? wide_space(s + head, n - head, true, &last) : 0;
	struct walk w = { .out = out, .s = s, .n = n - tail, .end = n - tail, .at = at };
	size_t i = head;

	while (w.end > head && is_blank(s[w.end - 1]))
		w.end--;
	if (head > 0)
		str_addf(out, "&#%u;", first);
	else if (at->line <= MD_HASH)
		i = put_line_start(&w, 0);
	else if (w.end > 0 && is_blank(*s) && begins_bare(&w))
		put_edge_space(&w, s[i++]);
	put_inside(&w, i);
	put_spaces(&w);
	if (tail > 0)
		str_addf(out, "&#%u;", last);
}

/* ---- the other places within Markdown ---- */

static void put_code(struct str *out, const char *s, size_t n, const struct md_place *at)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '|' && at->line == MD_CELL)
			str_addc(out, '\\');
		str_addc(out, s[i] == '`' ? '\'' : s[i] == '\n' ? ' ' : s[i]);
	}
}

/* A line that could close the block is indented too far to do so. */
static void put_fenced(struct str *out, const char *s, size_t n, const struct md_place *at)
{
	size_t i = 0;

	while (i < n && s[i] == ' ')
		i++;
	if (at->line == MD_START && i < n && (s[i] == '`' || s[i] == '~'))
		str_addn(out, ' ', 4);
	for (i = 0; i < n; i++)
		str_addc(out, s[i] == '\n' ? ' ' : s[i]);
}

static bool is_safe_scheme(const char *s, size_t n)
{
	static const char *const schemes[] = { "http", "https", "mailto", "ftp" };

	for (size_t k = 0; k < sizeof schemes / sizeof *schemes; k++) {
		if (n == strlen(schemes[k]) && strncasecmp(s, schemes[k], n) == 0)
			return true;
	}
	return false;
}

/* A link's target. The colon of a scheme that could run code is encoded, which makes the target a harmless path. */
static void put_target(struct str *out, const char *s, size_t n, const struct md_place *at)
{
	bool whole = at->before == '(';

	for (size_t i = 0; i < n; i++) {
		bool scheme = whole && s[i] == ':';
		bool plain = is_word(s[i]) || strchr("-._~:/?#@!$',;=%+", s[i]);

		if (strchr("/?#", s[i]))
			whole = false;
		if (s[i] == '&')
			str_adds(out, "&amp;");
		else if (plain && (!scheme || is_safe_scheme(s, i)))
			str_addc(out, s[i]);
		else
			str_addf(out, "%%%02X", (unsigned)(uint8_t)s[i]);
		whole = whole && !scheme;
	}
}

void md_escape(struct str *out, const char *s, size_t n, const struct md_place *at)
{
	static void (*const put[])(struct str *, const char *, size_t, const struct md_place *) = {
		[MD_INLINE] = put_text,
		[MD_CODE] = put_code,
		[MD_FENCE] = put_fenced,
		[MD_TARGET] = put_target,
	};
	struct str clean = STR_INIT;

	s = escape_clean(&clean, s, &n);
	while (n > 0 && s[n - 1] == '\n')
		n--;
	while (n > 0 && *s == '\n') {
		s++;
		n--;
	}
	if (n > 0)
		put[at->span](out, s, n, at);
	str_free(&clean);
}

void md_raw(struct str *out, const char *s, size_t n)
{
	struct str clean = STR_INIT;

	s = escape_clean(&clean, s, &n);
	str_add(out, s, n);
	str_free(&clean);
}
