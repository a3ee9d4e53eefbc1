#include <langinfo.h>
#include <limits.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>
#include <wchar.h>

#include "base/utf8.h"

#define ELLIPSIS "\xe2\x80\xa6"

bool locale_is_utf8(void)
{
	const char *codeset = nl_langinfo(CODESET);

	return strcasecmp(codeset, "UTF-8") == 0 || strcasecmp(codeset, "UTF8") == 0;
}

static bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7f;
}

/* Is s[i] a cluster and a cell of its own, at a glance? In any locale, ASCII before ASCII or the end is. */
static bool stands_alone(const char *s, size_t n, size_t i)
{
	return is_plain(s[i]) && (i + 1 == n || is_plain(s[i + 1]));
}

/* As libc says: -1 for what is unknown, and NUL, which libc gives no columns, too. wchar_t is the code point on every
 * system that defines __STDC_ISO_10646__ (glibc, musl). */
static int libc_width(uint32_t cp)
{
	return cp == 0 ? -1 : wcwidth((wchar_t)cp);
}

int width_char(uint32_t cp)
{
	int w = libc_width(cp);

	return w < 0 ? 1 : w;
}

/* ZWJ, ZWNJ, variation selectors: meant for the font, not for a cell. */
static bool is_dropped(uint32_t cp)
{
	return utf8proc_get_property((utf8proc_int32_t)cp)->ignorable;
}

static void set_base(struct cell *cell, uint32_t cp)
{
	int w = libc_width(cp);

	cell->cp[0] = cp;
	cell->count = 1;
	cell->width = w;
	if (w < 0 || is_dropped(cp)) {
		cell->cp[0] = locale_is_utf8() ? UTF8_BAD : '?';
		cell->width = 1;
	} else if (w == 0) { /* a mark with nothing under it would land on the cell before */
		cell->cp[0] = ' ';
		cell->cp[1] = cp;
		cell->count = 2;
		cell->width = 1;
	}
}

/* Reads no further than the cell, so that a hostile cluster of any length costs its length once. */
size_t cell_next(const char *s, size_t n, struct cell *out)
{
	utf8proc_int32_t state = 0;
	uint32_t cp, next;
	size_t used = utf8_next(s, n, &cp);

	if (n == 0) {
		*out = (struct cell){ .count = 0 };
		return 0;
	}
	if (stands_alone(s, n, 0)) {
		*out = (struct cell){ .cp = { cp }, .count = 1, .width = 1 };
		return 1;
	}
	set_base(out, cp);
	if (used == 1 && cp == UTF8_BAD)
		return used;
	while (used < n) {
		size_t len = utf8_next(s + used, n - used, &next);
		int w = libc_width(next);

		if (w > 0 || (len == 1 && next == UTF8_BAD))
			break;
		if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)cp, (utf8proc_int32_t)next, &state))
			break;
		if (w == 0 && out->count <= CELL_MARKS && !is_dropped(next))
			out->cp[out->count++] = next;
		used += len;
		cp = next;
	}
	return used;
}

int width_text(const char *s, size_t n)
{
	int cols = 0;

	for (size_t i = 0; i < n && cols < INT_MAX - 2;) {
		struct cell cell;

		if (stands_alone(s, n, i)) {
			i++;
			cols++;
			continue;
		}
		i += cell_next(s + i, n - i, &cell);
		cols += cell.width;
	}
	return cols;
}

size_t width_fit(const char *s, size_t n, int cols, int *used)
{
	size_t len = 0;
	int sum = 0;

	while (len < n) {
		size_t cluster = stands_alone(s, n, len) ? 1 : cluster_next(s + len, n - len);
		int w = cluster == 1 ? 1 : width_text(s + len, cluster);

		if (w > cols - sum)
			break;
		len += cluster;
		sum += w;
	}
	if (used)
		*used = sum;
	return len;
}

/* Returns the columns written. */
static int add_cut(struct str *out, const char *s, size_t n, int cols)
{
	int used;
	size_t len = width_fit(s, n, cols, &used);

	if (len == n || cols < 1) {
		str_add(out, s, len);
		return used;
	}
	len = width_fit(s, n, cols - 1, &used);
	str_add(out, s, len);
	str_adds(out, locale_is_utf8() ? ELLIPSIS : "~");
	return used + 1;
}

void width_cut(struct str *out, const char *s, size_t n, int cols)
{
	add_cut(out, s, n, cols);
}

void width_pad(struct str *out, const char *s, size_t n, int cols)
{
	int used = add_cut(out, s, n, cols);

	if (used < cols)
		str_addn(out, ' ', (size_t)(cols - used));
}

size_t width_wrap(const char *s, size_t n, int cols)
{
	const char *newline = memchr(s, '\n', n);
	size_t whole = newline ? (size_t)(newline - s) : n;
	size_t len = width_fit(s, whole, cols, NULL), end = len;

	if (len == whole)
		return newline ? whole + 1 : n;
	while (end < whole && s[end] == ' ') /* spaces hang over the edge: the next line starts with a word */
		end++;
	if (end > len)
		return end == whole && newline ? whole + 1 : end;
	while (end > 0 && s[end - 1] != ' ')
		end--;
	if (end > 0)
		return end;
	return len > 0 ? len : cluster_next(s, n);
}
