/* import-date.c - dates as documents write them: 2026-01-18, 18.01.2026, January 18, 18 Jan 2026; and reading in
 * general. */
#include "text/import-read.h"

#include <string.h>
#include <strings.h>

char read_peek(const struct reader *r, size_t ahead)
{
	return r->n - r->pos > ahead ? r->s[r->pos + ahead] : 0;
}

bool read_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool read_letter(char c)
{
	return (unsigned char)c >= 0x80 || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

void read_blanks(struct reader *r)
{
	while (read_peek(r, 0) == ' ' || read_peek(r, 0) == '\t' || read_peek(r, 0) == '\n')
		r->pos++;
}

bool read_text(struct reader *r, const char *word)
{
	size_t len = strlen(word);
	if (r->n - r->pos < len || strncasecmp(r->s + r->pos, word, len) != 0)
		return false;
	r->pos += len;
	return true;
}

bool read_word(struct reader *r, const char *word)
{
	size_t from = r->pos;
	if (read_text(r, word) && !read_letter(read_peek(r, 0)) && !read_digit(read_peek(r, 0)))
		return true;
	r->pos = from;
	return false;
}

bool read_number(struct reader *r, int min, int max, int *out)
{
	size_t from = r->pos;
	int k = 0;
	*out = 0;
	for (; k < max && read_digit(read_peek(r, 0)); k++)
		*out = *out * 10 + (r->s[r->pos++] - '0');
	if (k >= min && !read_digit(read_peek(r, 0)))
		return true;
	r->pos = from;
	return false;
}

/* ---- dates
 * ---------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *word;
	int mon;
} months[] = {
	{ "january", 1 },
	{ "february", 2 },
	{ "march", 3 },
	{ "april", 4 },
	{ "may", 5 },
	{ "june", 6 },
	{ "july", 7 },
	{ "august", 8 },
	{ "september", 9 },
	{ "october", 10 },
	{ "november", 11 },
	{ "december", 12 },
	{ "januar", 1 },
	{ "februar", 2 },
	{ "märz", 3 },
	{ "mai", 5 },
	{ "juni", 6 },
	{ "juli", 7 },
	{ "oktober", 10 },
	{ "dezember", 12 },
	{ "января", 1 },
	{ "февраля", 2 },
	{ "марта", 3 },
	{ "апреля", 4 },
	{ "мая", 5 },
	{ "июня", 6 },
	{ "июля", 7 },
	{ "августа", 8 },
	{ "сентября", 9 },
	{ "октября", 10 },
	{ "ноября", 11 },
	{ "декабря", 12 },
};
static const char *const weekdays[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };

static size_t word_len(const struct reader *r)
{
	size_t n = 0;
	while (read_letter(read_peek(r, n)))
		n++;
	return n;
}

/* Words may be cut to three letters and end in a point. */
static bool month(struct reader *r, int *out)
{
	size_t n = word_len(r);
	for (size_t i = 0; n >= 3 && i < sizeof months / sizeof *months; i++)
		if (strncasecmp(months[i].word, r->s + r->pos, n) == 0 && n <= strlen(months[i].word)) {
			*out = months[i].mon;
			r->pos += n + (read_peek(r, n) == '.');
			return true;
		}
	return false;
}

static void weekday(struct reader *r)
{
	size_t n = word_len(r);
	for (size_t i = 0; n >= 3 && i < sizeof weekdays / sizeof *weekdays; i++)
		if (n <= strlen(weekdays[i]) && strncasecmp(weekdays[i], r->s + r->pos, n) == 0) {
			r->pos += n;
			while (read_peek(r, 0) == ',' || read_peek(r, 0) == '.' || read_peek(r, 0) == ' ')
				r->pos++;
			return;
		}
}

static bool date_ok(const struct doctime *t)
{
	return t->mon >= 1 && t->mon <= 12 && t->day >= 1 &&
	       t->day <= cal_month_days(t->year ? t->year : 2000, t->mon) && (!t->year || t->year >= 1970);
}

/* 2026-01-18, 2026/01/18 */
static bool date_iso(struct reader *r, struct doctime *t)
{
	char sep;
	if (!read_number(r, 4, 4, &t->year) || ((sep = read_peek(r, 0)) != '-' && sep != '/'))
		return false;
	r->pos++;
	if (!read_number(r, 1, 2, &t->mon) || read_peek(r, 0) != sep)
		return false;
	r->pos++;
	return read_number(r, 1, 2, &t->day);
}

/* 18.01.2026 day first; 01/18/2026 month first, unless that cannot be. */
static bool date_local(struct reader *r, struct doctime *t)
{
	int a, b;
	char sep;
	if (!read_number(r, 1, 2, &a) || ((sep = read_peek(r, 0)) != '.' && sep != '/'))
		return false;
	r->pos++;
	if (!read_number(r, 1, 2, &b) || read_peek(r, 0) != sep)
		return false;
	r->pos++;
	if (!read_number(r, 4, 4, &t->year))
		return false;
	bool day_first = sep == '.' || a > 12;
	t->day = day_first ? a : b;
	t->mon = day_first ? b : a;
	return true;
}

/* A comma and a year; "Jan 18 10:30" has none. */
static void year_behind(struct reader *r, struct doctime *t)
{
	size_t from = r->pos;
	while (read_peek(r, 0) == ' ' || read_peek(r, 0) == ',')
		r->pos++;
	if (r->pos == from || !read_number(r, 4, 4, &t->year) || t->year < 1970 || t->year > 2999 ||
		read_peek(r, 0) == ':') {
		t->year = 0;
		r->pos = from;
	}
}

static void ordinal(struct reader *r)
{
	static const char *const ends[] = { "st", "nd", "rd", "th", "." };
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (read_text(r, ends[i]))
			return;
}

/* January 18, 2026; Jan 18 */
static bool date_month_first(struct reader *r, struct doctime *t)
{
	if (!month(r, &t->mon))
		return false;
	read_blanks(r);
	if (!read_number(r, 1, 2, &t->day) || read_peek(r, 0) == ':')
		return false;
	ordinal(r);
	year_behind(r, t);
	return true;
}

/* 18 January 2026; 18. Januar; 18-Jan-2026 */
static bool date_day_first(struct reader *r, struct doctime *t)
{
	if (!read_number(r, 1, 2, &t->day))
		return false;
	ordinal(r);
	if (read_peek(r, 0) == '-')
		r->pos++;
	read_blanks(r);
	if (!month(r, &t->mon))
		return false;
	if (read_peek(r, 0) == '-' && read_digit(read_peek(r, 1))) {
		r->pos++;
		return read_number(r, 4, 4, &t->year);
	}
	year_behind(r, t);
	return true;
}

bool read_date(struct reader *r, struct doctime *t)
{
	static bool (*const forms[])(
		struct reader *, struct doctime *) = { date_iso, date_local, date_month_first, date_day_first };
	size_t from = r->pos;
	weekday(r);
	size_t start = r->pos;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct doctime d = *t;
		r->pos = start;
		if (forms[i](r, &d) && date_ok(&d)) {
			*t = d;
			t->has_date = true;
			return true;
		}
	}
	r->pos = from;
	return false;
}
