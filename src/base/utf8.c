#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"

/* What may follow a lead byte: the range of the second byte keeps out overlong forms, surrogates and all above U+10FFFF
 * (Unicode, table 3-7). */
struct lead {
	uint8_t first, last, len, low, high;
};

static const struct lead leads[] = {
	{ 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f },
	{ 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },
};

/* The rest of a character after its lead byte; 0 when the bytes are none. */
static size_t decode(const uint8_t *s, size_t n, uint32_t *cp)
{
	const struct lead *l = leads, *end = leads + sizeof leads / sizeof *leads;
	uint32_t v;

	while (l < end && s[0] > l->last)
		l++;
	if (l == end || s[0] < l->first || n < l->len || s[1] < l->low || s[1] > l->high)
		return 0;
	v = s[0] & (0x7fu >> l->len);
	for (size_t i = 1; i < l->len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (s[i] & 0x3fu);
	}
	*cp = v;
	return l->len;
}

size_t utf8_next(const char *s, size_t n, uint32_t *cp)
{
	const uint8_t *u = (const uint8_t *)s;
	size_t len;

	if (n == 0) {
		*cp = 0;
		return 0;
	}
	if (u[0] < 0x80) {
		*cp = u[0];
		return 1;
	}
	len = decode(u, n, cp);
	if (len == 0) {
		*cp = UTF8_BAD;
		return 1;
	}
	return len;
}

bool utf8_valid(const char *s, size_t n)
{
	for (size_t i = 0, len; i < n; i += len) {
		uint32_t cp;

		len = utf8_next(s + i, n - i, &cp);
		if (len == 1 && cp == UTF8_BAD)
			return false;
	}
	return true;
}

size_t utf8_put(char out[4], uint32_t cp)
{
	if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		cp = UTF8_BAD;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

size_t utf8_cut(const char *s, size_t n, size_t max)
{
	uint32_t cp;

	if (n <= max)
		return n;
	for (size_t back = 1; back <= 3 && back <= max; back++) {
		size_t start = max - back;

		if (((uint8_t)s[start] & 0xc0) != 0x80)
			return utf8_next(s + start, n - start, &cp) > back ? start : max;
	}
	return max;
}

static bool is_plain(char c)
{
	return c >= 0x20 && c < 0x7f;
}

/* A byte that is no character is a cluster of its own: no mark may hide on it. */
size_t cluster_next(const char *s, size_t n)
{
	utf8proc_int32_t state = 0;
	uint32_t cp, next;
	size_t used = utf8_next(s, n, &cp);

	if (used == n || (is_plain(s[0]) && is_plain(s[1])) || (used == 1 && cp == UTF8_BAD))
		return used;
	while (used < n) {
		size_t len = utf8_next(s + used, n - used, &next);

		if (len == 1 && next == UTF8_BAD)
			break;
		if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)cp, (utf8proc_int32_t)next, &state))
			break;
		used += len;
		cp = next;
	}
	return used;
}

/* Clusters can only be told reading forwards. Between two plain ASCII characters there is always a border: start
 * there. */
size_t cluster_prev(const char *s, size_t pos)
{
	size_t start = pos ? pos - 1 : 0, end;

	while (start > 0 && !(is_plain(s[start]) && is_plain(s[start - 1])))
		start--;
	for (end = start; end < pos; end += cluster_next(s + end, pos - end))
		start = end;
	return start;
}
