/* import-text.c - small things about text: headings as keys, labels, placeholders, check marks. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "text/import-impl.h"

/* ---- trimming
 * ------------------------------------------------------------------------------------------------------- */

static bool is_white(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

char *text_trim(const char *s, size_t n)
{
	while (n && is_white(*s)) {
		s++;
		n--;
	}
	while (n && is_white(s[n - 1]))
		n--;
	return xstrndup(s, n);
}

char *text_line(const char *s)
{
	struct str b = STR_INIT;
	for (; *s; s++)
		if (!is_white(*s))
			str_addc(&b, *s);
		else if (b.len && b.s[b.len - 1] != ' ')
			str_addc(&b, ' ');
	if (b.len && b.s[b.len - 1] == ' ')
		str_cut(&b, b.len - 1);
	return str_take(&b);
}

static bool is_symbol(uint32_t cp)
{
	return (cp >= 0x2190 && cp < 0x2c00) || (cp >= 0xfe00 && cp <= 0xfe0f) || cp == 0x200d || cp == 0xa0 ||
	       (cp >= 0x1f000 && cp < 0x20000) || cp == 0x2022;
}

const char *text_skip_marks(const char *s)
{
	for (;;) {
		uint32_t cp;
		size_t len = utf8_next(s, strlen(s), &cp);
		if (!len || !(cp < 0x80 ? is_white(*s) : is_symbol(cp)))
			return s;
		s += len;
	}
}

bool text_tick(const char *s, bool *yes)
{
	static const struct {
		const char *mark;
		bool yes;
	} ticks[] = { { "✅", true }, { "✔", true }, { "✓", true }, { "☑", true }, { "❌", false }, { "✗", false },
		{ "✘", false }, { "☐", false } };
	while (is_white(*s))
		s++;
	for (size_t i = 0; i < COUNT(ticks); i++)
		if (str_starts(s, ticks[i].mark))
			return (*yes = ticks[i].yes, true);
	return false;
}

/* ---- headings
 * ------------------------------------------------------------------------------------------------------- */

/* "A. ", "1) ", "2.1 " in front of a heading; "5 Whys" keeps its number. */
static const char *skip_number(const char *s)
{
	size_t n = 0;
	if (isalpha((unsigned char)s[0]) && (s[1] == '.' || s[1] == ')') && s[2] == ' ')
		return s + 3;
	while (isdigit((unsigned char)s[n]) || (n && s[n] == '.'))
		n++;
	if (n && (s[n - 1] == '.' || s[n] == ')' || memchr(s, '.', n)) && (s[n] == ' ' || s[n] == ')'))
		return s + n + 1;
	return s;
}

char *heading_key(const char *text)
{
	struct str b = STR_INIT;
	int depth = 0;
	const char *s = skip_number(text_skip_marks(text));
	for (size_t n = strlen(s), i = 0; i < n;) {
		uint32_t cp;
		size_t len = utf8_next(s + i, n - i, &cp);
		bool letter = cp < 0x80 ? isalnum((int)cp) != 0
					: cp >= 0xc0 && cp != 0xd7 && cp != UTF8_BAD &&
						  !(cp >= 0x2000 && cp < 0x2c00) && cp < 0x1f000 && cp != 0xfe0f;
		if (cp == '(')
			depth++;
		else if (cp == ')' && depth)
			depth--;
		else if (depth || cp == '\'' || cp == 0x2019)
			;
		else if (letter && cp < 0x80)
			str_addc(&b, (char)tolower((int)cp));
		else if (letter)
			str_add(&b, s + i, len);
		else if (b.len && b.s[b.len - 1] != ' ')
			str_addc(&b, ' ');
		i += len;
	}
	while (b.len && b.s[b.len - 1] == ' ')
		str_cut(&b, b.len - 1);
	return str_take(&b);
}

char *slug(const char *heading)
{
	struct str b = STR_INIT;
	char *key = heading_key(heading);
	for (const char *p = key; *p; p++)
		if ((unsigned char)*p < 0x80)
			str_addc(&b, *p == ' ' ? '-' : *p);
	free(key);
	if (b.len > 60)
		str_cut(&b, 60);
	while (b.len && b.s[b.len - 1] == '-')
		str_cut(&b, b.len - 1);
	size_t from = strspn(b.s, "-");
	char *out = xstrdup(b.s + from);
	str_free(&b);
	if (field_name_ok(out))
		return out;
	free(out);
	return NULL;
}

/* ---- labels
 * --------------------------------------------------------------------------------------------------------- */

/* Marks stand in the order of their beginnings. */
static const struct mark *strong_at(const struct node *n, size_t from)
{
	size_t lo = 0, hi = n->marks;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (n->mark[mid].from < from)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < n->marks && n->mark[lo].from == from; lo++)
		if (n->mark[lo].kind == MARK_STRONG && n->mark[lo].to > from)
			return &n->mark[lo];
	return NULL;
}

size_t label_at(const struct node *n, size_t from, char **label, size_t *value)
{
	const char *s = n->text.s;
	size_t start = (size_t)(text_skip_marks(s + from) - s);
	const struct mark *m = strong_at(n, start);
	if (!m)
		return 0;
	size_t end = m->to, len = m->to - m->from;
	while (len && (is_white(s[start + len - 1]) || s[start + len - 1] == ':'))
		len--;
	bool inside = start + len < end && memchr(s + start + len, ':', end - start - len),
	     asks = len && s[start + len - 1] == '?';
	const char *behind = s + end;
	if (*behind == ':')
		behind++;
	else if (!inside && !asks)
		return 0;
	if (!len)
		return 0;
	*label = xstrndup(s + start, len);
	*value = (size_t)(behind - s);
	return *value;
}

/* ---- text with its links
 * -------------------------------------------------------------------------------------------- */

static bool has_scheme(const char *href)
{
	return href && (str_starts(href, "http://") || str_starts(href, "https://") || str_starts(href, "mailto:"));
}

char *node_text(const struct node *n)
{
	struct str b = STR_INIT;
	size_t pos = 0;
	for (size_t i = 0; i < n->marks; i++) {
		const struct mark *m = &n->mark[i];
		if (m->kind != MARK_LINK || m->to < pos || !has_scheme(m->href))
			continue;
		str_add(&b, n->text.s + pos, m->to - pos);
		pos = m->to;
		char *shown = xstrndup(n->text.s + m->from, m->to - m->from);
		if (!strstr(m->href, shown) || !*shown)
			str_addf(&b, " (%s)", m->href);
		free(shown);
	}
	str_add(&b, n->text.s + pos, n->text.len - pos);
	char *out = text_trim(b.s, b.len);
	str_free(&b);
	return out;
}

const struct node *item_text(const struct node *item)
{
	for (size_t i = 0; i < item->children; i++)
		if (item->child[i]->kind == NODE_PARAGRAPH)
			return item->child[i];
	return NULL;
}

char *name_of_person(const char *s)
{
	char *name = text_line(s);
	if (name[0] == '@' && name[1])
		memmove(name, name + 1, strlen(name));
	return name;
}

/* ---- placeholders
 * --------------------------------------------------------------------------------------------------- */

/* "[Incident Title]", "[X]": a bracket without a digit in it. */
static bool has_blank_bracket(const char *s)
{
	for (const char *p = strchr(s, '['); p; p = strchr(p + 1, '[')) {
		size_t n = strcspn(p + 1, "[]");
		bool digit = false;
		for (size_t i = 1; i <= n; i++)
			digit |= isdigit((unsigned char)p[i]) != 0;
		if (p[n + 1] == ']' && !digit && n > 0 && !(n == 1 && strchr(" xX", p[1]) && is_white(p[3])))
			return true;
	}
	return false;
}

static bool counts(const char *behind)
{
	static const char *const units[] = { " hour", " minute", " second", " day", " user", " customer", " ticket",
		" request", " of " };
	for (size_t i = 0; i < COUNT(units); i++)
		if (str_starts(behind, units[i]))
			return true;
	return false;
}

/* X hours, $X, X%, SEV-X, INC-XXXX */
static bool is_blank_token(const char *s, size_t n, const char *behind)
{
	size_t i = 0;
	if (n > 1 && strchr("$~", s[0]))
		i = 1;
	else
		for (size_t k = n; k-- > 1;)
			if (s[k - 1] == '-') {
				i = k;
				break;
			}
	size_t x = 0;
	while (i + x < n && s[i + x] == 'X')
		x++;
	bool yz = !x && n - i >= 1 && strchr("YZ", s[i]) && (i == 1 || (i + 1 < n && s[i + 1] == '%'));
	x += yz;
	if (!x || (i + x < n && s[i + x] != '%' && strncmp(s + i + x, "ms", n - i - x) != 0))
		return false;
	return i > 0 || i + x < n || x > 2 || yz || counts(behind);
}

static bool has_blank_token(const char *s)
{
	while (*s) {
		size_t n = strcspn(s, " \t\n,;()[]/");
		if (n && is_blank_token(s, n, s + n))
			return true;
		s += n + (s[n] != 0);
	}
	return false;
}

bool is_blank_text(const char *s)
{
	static const char *const whole[] = { "", "-", "–", "—", "tbd", "tba", "todo", "...", "…", "?", "unknown" };
	bool yes;
	if (text_tick(s, &yes))
		return false;
	char *line = text_line(text_skip_marks(s));
	bool blank = str_starts(line, "To be written:");
	for (size_t i = 0; i < COUNT(whole) && !blank; i++)
		blank = str_ieq(line, whole[i]);
	if (!blank && line[0] == '[' && strchr(line, ']') == line + strlen(line) - 1)
		blank = !strpbrk(line, "0123456789") || strpbrk(line, " /");
	free(line);
	return blank;
}

bool is_placeholder(const char *s)
{
	static const char *const begin[] = { "Yes/No", "YES/NO", "YYYY-", "HH:MM", "[YYYY", "Draft / ",
		"Internal / Public" };
	static const char *const within[] = { "YYYY", "HH:MM", " / other", "/other", "Customer report / Manual" };
	const char *t = text_skip_marks(s);
	char *line = text_line(t);
	bool blank = is_blank_text(s) || str_ieq(line, "link");
	for (size_t i = 0; i < COUNT(begin) && !blank; i++)
		blank = str_starts(line, begin[i]);
	for (size_t i = 0; i < COUNT(within) && !blank; i++)
		blank = strlen(line) < 100 && strstr(line, within[i]) != NULL;
	if (!blank && strlen(line) < 200)
		blank = has_blank_token(line) || has_blank_bracket(line) ||
			(str_starts(line, "P0 / P1") && strlen(line) < 20);
	free(line);
	return blank;
}
