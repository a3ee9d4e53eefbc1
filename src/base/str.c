#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

char str_empty[1]; /* shared by all empty strings, never written to */

void str_init(struct str *b)
{
	b->s = str_empty;
	b->len = 0;
	b->cap = 0;
}

void str_free(struct str *b)
{
	if (b->cap)
		free(b->s);
	str_init(b);
}

void str_reset(struct str *b)
{
	str_cut(b, 0);
}

char *str_take(struct str *b)
{
	char *s = b->cap ? b->s : xstrdup("");

	str_init(b);
	return s;
}

void str_cut(struct str *b, size_t len)
{
	if (len >= b->len)
		return;
	b->len = len;
	b->s[len] = '\0';
}

/* Makes room for n more bytes and the NUL. */
static void str_room(struct str *b, size_t n)
{
	size_t need = b->len + n < b->len ? SIZE_MAX : b->len + n;

	if (need < SIZE_MAX)
		need++;
	if (need <= b->cap)
		return;
	b->s = xgrow(b->cap ? b->s : NULL, &b->cap, need < 32 ? 32 : need, 1);
	b->s[b->len] = '\0';
}

void str_add(struct str *b, const void *bytes, size_t n)
{
	if (n == 0)
		return;
	str_room(b, n);
	memcpy(b->s + b->len, bytes, n);
	b->len += n;
	b->s[b->len] = '\0';
}

void str_adds(struct str *b, const char *s)
{
	if (s)
		str_add(b, s, strlen(s));
}

void str_addc(struct str *b, char c)
{
	str_add(b, &c, 1);
}

void str_addn(struct str *b, char c, size_t times)
{
	if (times == 0)
		return;
	str_room(b, times);
	memset(b->s + b->len, c, times);
	b->len += times;
	b->s[b->len] = '\0';
}

void str_addf(struct str *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	str_addv(b, fmt, ap);
	va_end(ap);
}

void str_addv(struct str *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	str_room(b, 80);
	va_copy(again, ap);
	n = vsnprintf(b->s + b->len, b->cap - b->len, fmt, ap);
	if (n >= 0 && (size_t)n >= b->cap - b->len) {
		str_room(b, (size_t)n);
		n = vsnprintf(b->s + b->len, b->cap - b->len, fmt, again);
	}
	va_end(again);
	b->len += n > 0 ? (size_t)n : 0;
	b->s[b->len] = '\0';
}

char *str_fmt(const char *fmt, ...)
{
	struct str b = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_addv(&b, fmt, ap);
	va_end(ap);
	return str_take(&b);
}

bool str_eq(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Not tolower(): the locale must not decide what equals what. */
static int fold(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool str_ieq(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	while (*a && fold(*a) == fold(*b)) {
		a++;
		b++;
	}
	return fold(*a) == fold(*b);
}

bool str_starts(const char *s, const char *prefix)
{
	return s && prefix && strncmp(s, prefix, strlen(prefix)) == 0;
}

size_t str_hex(char *out, const uint8_t *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * n] = '\0';
	return 2 * n;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)fold(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool str_unhex(uint8_t *out, size_t n, const char *hex)
{
	if (!hex)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = digit_value(hex[2 * i]);
		int low = high < 0 ? -1 : digit_value(hex[2 * i + 1]);

		if (low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return hex[2 * n] == '\0';
}

static unsigned min2(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: insert, delete, change one byte, or swap two neighbours. Three rows of the table are
 * enough. */
unsigned str_distance(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b);
	unsigned *rows = xcalloc(3 * (nb + 1), sizeof *rows);
	unsigned *before = rows, *last = rows + nb + 1, *row = rows + 2 * (nb + 1);
	unsigned result;

	for (size_t j = 0; j <= nb; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned *spare = before;

		before = last;
		last = row;
		row = spare;
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			row[j] = min2(last[j] + 1, row[j - 1] + 1);
			row[j] = min2(row[j], last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = min2(row[j], before[j - 2] + 1);
		}
	}
	result = row[nb];
	free(rows);
	return result;
}
