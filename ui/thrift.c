#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/thrift.h"

enum { ESC = 0x1b, PARAMS = 40 };

void thrift_reset(struct thrift *t, int rows, int cols)
{
	*t = (struct thrift){ .rows = rows, .cols = cols };
}

/* ---- attributes: several changes in a row become one, just before a character needs them ---- */

static void settle(struct thrift *t, struct str *out)
{
	size_t n = strlen(t->now);
	const char *more = t->next;

	if (!t->waiting)
		return;
	t->waiting = false;
	if (t->plain_known && strcmp(t->now, t->next) == 0)
		return;
	/* What is on already need not be said again; anything less needs a reset. */
	if (t->plain_known && strncmp(t->next, t->now, n) == 0 && (!n || t->next[n] == ';'))
		str_addf(out, "\033[%sm", more + n + (n ? 1 : 0));
	else
		str_addf(out, *more ? "\033[0;%sm" : "\033[%sm", more);
	t->plain_known = true;
	memcpy(t->now, t->next, sizeof t->now);
}

/* 30 to 38 and 90 to 97 are letters' colours, 40 to 48 and 100 to 107 the background's; 38 and 48 have further parameters: 5 and one, 2 and three. */
static size_t colour(const char *p, size_t n, char of)
{
	bool one = n == 2 && p[0] == of && p[1] >= '0' && p[1] <= '8', bright = of == '3' ? n == 2 && p[0] == '9' : n == 3 && p[0] == '1' && p[1] == '0';
	int more = !one || p[1] != '8' ? 0 : str_starts(p + n, ";5;") ? 2 : 4;

	if (!one && !bright)
		return 0;
	for (; more > 0 && p[n]; more--)
		n += 1 + strcspn(p + n + 1, ";");
	return n;
}

static void colour_off(char *now, char of)
{
	char *to = now;

	for (const char *p = now; *p;) {
		size_t n = strcspn(p, ";"), gone = colour(p, n, of), other = colour(p, n, of == '3' ? '4' : '3');

		n = gone ? gone : other ? other : n;
		if (!gone) {
			if (to > now)
				*to++ = ';';
			memmove(to, p, n);
			to += n;
		}
		p += n + (p[n] == ';');
	}
	*to = '\0';
}

/* Select graphic rendition: p are its parameters. */
static void attributes(struct thrift *t, struct str *out, const char *p)
{
	size_t n = strlen(p), have;
	bool reset = !n || (p[0] == '0' && (p[1] == ';' || !p[1]));

	if (!reset && !t->plain_known && !t->waiting) { /* added to what nobody knows */
		str_addf(out, "\033[%sm", p);
		return;
	}
	if (!t->waiting)
		memcpy(t->next, t->now, sizeof t->next);
	t->waiting = true;
	if (reset) {
		t->next[0] = '\0';
		p += n > 1 ? 2 : n;
	}
	for (; str_starts(p, "39") || str_starts(p, "49"); p += strspn(p + 2, ";") + 2) {
		if (p[2] && p[2] != ';')
			break;
		colour_off(t->next, *p);
	}
	have = strlen(t->next);
	if (!*p)
		return;
	if (have + 1 + strlen(p) < sizeof t->next) {
		snprintf(t->next + have, sizeof t->next - have, "%s%s", have ? ";" : "", p);
		return;
	}
	settle(t, out); /* more than is ever asked for */
	str_addf(out, "\033[%sm", p);
	t->plain_known = false;
}

/* ---- the cursor ---- */

/* Along a row: the shortest of the ways there are. */
static void along(const struct thrift *t, char *way, size_t size, int x)
{
	int by = x - t->x;

	*way = '\0';
	if (x == 0 && t->x != 0)
		snprintf(way, size, "\r");
	else if (by == 1 || by == -1)
		snprintf(way, size, "\033[%c", by > 0 ? 'C' : 'D');
	else if (by)
		snprintf(way, size, "\033[%d%c", abs(by), by > 0 ? 'C' : 'D');
}

static void place(struct thrift *t, struct str *out, int y, int x)
{
	char full[48], way[32], row[16] = "", col[16] = "";

	if (y)
		snprintf(row, sizeof row, "%d", y + 1);
	if (x)
		snprintf(col, sizeof col, ";%d", x + 1);
	snprintf(full, sizeof full, "\033[%s%sH", row, col);
	/* Line feeds only where they cannot scroll. */
	if (t->known && y >= t->y && y - t->y <= (t->region ? 0 : 2)) {
		along(t, way, sizeof way, x);
		if (strlen(way) + (size_t)(y - t->y) < strlen(full)) {
			str_addn(out, '\n', (size_t)(y - t->y));
			str_adds(out, way);
			full[0] = '\0';
		}
	}
	str_adds(out, full);
	t->known = true;
	t->y = y;
	t->x = x;
}

static void lost(struct thrift *t)
{
	t->known = false;
}

static int number(const char **p, int none)
{
	char *end;
	long v = strtol(*p, &end, 10);

	if (end == *p)
		return none;
	*p = *end == ';' ? end + 1 : end;
	return v < 1 || v > 9999 ? -1 : (int)v;
}

/* CUP and the like; false: not understood. */
static bool motion(struct thrift *t, struct str *out, const char *p, char final)
{
	int a = number(&p, 1), b = final == 'H' ? number(&p, 1) : 1;

	if (*p || a < 1 || b < 1)
		return false;
	if (final == 'H') {
		if (a > t->rows || b > t->cols)
			return false;
		place(t, out, a - 1, b - 1);
		return true;
	}
	if (!t->known)
		return false;
	if (final == 'G' && a <= t->cols)
		place(t, out, t->y, a - 1);
	else if (final == 'd' && a <= t->rows)
		place(t, out, a - 1, t->x);
	else if (final == 'C' && t->x + a < t->cols)
		place(t, out, t->y, t->x + a);
	else if (final == 'D' && t->x >= a)
		place(t, out, t->y, t->x - a);
	else
		return false;
	return true;
}

/* ---- sequences ---- */

/* Sequences after which the cursor stands where it stood. */
static bool stays(const char *p, char final)
{
	return strchr("JKXP@LM", final) || ((final == 'h' || final == 'l') && (strcmp(p, "?25") == 0 || strcmp(p, "?12") == 0 || strcmp(p, "?12;25") == 0));
}

/* Scrolling takes the whole screen again. */
static bool whole(const struct thrift *t, const char *p)
{
	char all[24];

	snprintf(all, sizeof all, "1;%d", t->rows);
	return !*p || strcmp(p, all) == 0;
}

static size_t csi(struct thrift *t, struct str *out, const char *s, size_t n)
{
	char p[PARAMS];
	size_t len = 2;

	while (len < n && (unsigned char)s[len] < 0x40)
		len++;
	if (len == n || len - 2 >= sizeof p) {
		settle(t, out);
		str_add(out, s, len);
		lost(t);
		return len;
	}
	memcpy(p, s + 2, len - 2);
	p[len - 2] = '\0';
	if (s[len] == 'm' && strspn(p, "0123456789;") == len - 2) {
		attributes(t, out, p);
	} else if (!strchr("HGdCD", s[len]) || strspn(p, "0123456789;") != len - 2 || !motion(t, out, p, s[len])) {
		settle(t, out);
		str_add(out, s, len + 1);
		t->plain_known &= s[len] != 'm';
		if (s[len] == 'r')
			t->region = !whole(t, p);
		if (!stays(p, s[len]))
			lost(t);
	}
	return len + 1;
}

static size_t escape(struct thrift *t, struct str *out, const char *s, size_t n)
{
	size_t len = n > 2 && strchr("()*+", s[1]) ? 3 : n > 1 ? 2 : 1;

	if (n > 1 && s[1] == '[')
		return csi(t, out, s, n);
	if (len == 3 && s[1] == '(') { /* a character set: the cursor stays */
		if (s[2] == 'B' && t->ascii)
			return len;
		t->ascii = s[2] == 'B';
	} else {
		lost(t);
	}
	settle(t, out);
	str_add(out, s, len);
	return len;
}

static void control(struct thrift *t, struct str *out, char c)
{
	settle(t, out);
	str_addc(out, c);
	if (c == '\r')
		t->x = 0;
	else if (c == '\b' && t->x > 0)
		t->x--;
	else if (c == '\n' && t->y < t->rows - 1 && !t->region)
		t->y++;
	else if (c != '\a' && c != 0x0e && c != 0x0f) /* the latter choose a character set */
		lost(t);
}

void thrift_add(struct thrift *t, struct str *out, const char *s, size_t n)
{
	for (size_t at = 0; at < n;) {
		unsigned char c = (unsigned char)s[at];

		if (c == ESC) {
			at += escape(t, out, s + at, n - at);
			continue;
		}
		if (c < ' ' || c == 0x7f) {
			control(t, out, s[at]);
		} else {
			settle(t, out);
			str_addc(out, s[at]);
			/* How wide other characters are is the terminal's opinion; at the margin so is the place. */
			if (c > 0x7f || ++t->x >= t->cols)
				lost(t);
		}
		at++;
	}
	settle(t, out);
}
