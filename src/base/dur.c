/* dur.c - durations, as people write them and as they read them. */
#include "base/when.h"

#include <string.h>

#include "base/utf8.h"

#define MAX_DAYS 36500

static const struct unit {
	char letter;
	const char *word; /* singular */
	int64_t secs;
} units[] = {
	{ 'd', "day", 86400 },
	{ 'h', "hour", 3600 },
	{ 'm', "minute", 60 },
	{ 's', "second", 1 },
};
#define NUNITS 4

/* clang-format off */
static const struct {
	const char *name;
	int unit;
} names[] = {
	{ "d", 0 }, { "day", 0 }, { "days", 0 },
	{ "h", 1 }, { "hr", 1 }, { "hrs", 1 }, { "hour", 1 }, { "hours", 1 },
	{ "m", 2 }, { "min", 2 }, { "mins", 2 }, { "minute", 2 }, { "minutes", 2 },
	{ "s", 3 }, { "sec", 3 }, { "secs", 3 }, { "second", 3 }, { "seconds", 3 },
};
/* clang-format on */

/* ---- reading ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The unit at s, or -1; *len is the length of its word. */
static int unit_at(const char *s, size_t n, size_t *len)
{
	char word[8];
	size_t k = 0;

	while (k < n && k < sizeof word && ((s[k] | 32) >= 'a' && (s[k] | 32) <= 'z')) {
		word[k] = (char)(s[k] | 32);
		k++;
	}
	*len = k;
	for (size_t i = 0; k < sizeof word && i < sizeof names / sizeof *names; i++)
		if (strlen(names[i].name) == k && memcmp(names[i].name, word, k) == 0)
			return names[i].unit;
	return -1;
}

static size_t skip(const char *s, size_t n, size_t pos, bool spaced)
{
	while (spaced && pos < n && is_blank(s[pos]))
		pos++;
	return pos;
}

/* Reads as many "number unit" pairs as there are. The bytes used; 0 if there is none or a number lacks its unit. */
static size_t scan(const char *s, size_t n, bool spaced, usec *out, const char **wrong)
{
	size_t pos = 0, used = 0, len;
	int last = -1;
	int64_t total = 0;

	*wrong = NULL;
	while (pos < n && is_digit(s[pos])) {
		int64_t number = 0;
		for (; pos < n && is_digit(s[pos]); pos++)
			number = number > 1000000000 ? number : number * 10 + (s[pos] - '0'); /* stays far too much */
		pos = skip(s, n, pos, spaced);
		int unit = unit_at(s + pos, n - pos, &len);
		if (unit < 0)
			return 0;
		if (unit <= last && !*wrong)
			*wrong = "its units do not fall from days to seconds";
		last = unit;
		if (number > 1000000000 || (total += number * units[unit].secs) > MAX_DAYS * INT64_C(86400)) {
			*wrong = "that is over 100 years";
			total = 0;
		}
		used = pos += len;
		pos = skip(s, n, pos, spaced);
	}
	*out = total * USEC_SEC;
	return used;
}

size_t dur_prefix(const char *s, size_t n, usec *out, const char **wrong)
{
	return scan(s, n, false, out, wrong);
}

/* NULL: s is a duration. Else what is wrong with it. */
static const char *dur_wrong(const char *s, usec *out)
{
	const char *wrong;
	size_t n = strlen(s), from = skip(s, n, 0, true);

	while (n > from && (is_blank(s[n - 1]) || s[n - 1] == '\n' || s[n - 1] == '\r'))
		n--;
	size_t used = scan(s + from, n - from, true, out, &wrong);
	if (n == from)
		return "there is none";
	if (used == 0 && s[from] == '-')
		return "a duration cannot be negative";
	if (used == 0 && memchr(s + from, ':', n - from))
		return "it looks like a time of day";
	if (used == 0 && is_digit(s[from]) && is_digit(s[n - 1]))
		return "a unit is missing";
	if (used != n - from)
		return "it is not made of whole numbers with units";
	if (!wrong && *out == 0)
		return "it must be longer than 0";
	return wrong;
}

enum status dur_parse(const char *s, usec *out, struct err *err)
{
	const char *wrong = dur_wrong(s, out);

	if (!wrong)
		return ST_OK;
	*out = 0;
	return fail(err, ST_USAGE, "\"%.*s\" is no duration, %s: write 90s, 5m, 1h10m or 2d",
		(int)utf8_cut(s, strlen(s), 80), s, wrong);
}

bool dur_looks(const char *s)
{
	usec ignored;

	return dur_wrong(s, &ignored) == NULL;
}

/* ---- writing ---- */

enum style { STYLE_SHORT, STYLE_EXACT, STYLE_WORDS };

static uint64_t magnitude(usec d)
{
	return d < 0 ? -(uint64_t)d : (uint64_t)d;
}

static void add_number(struct str *b, uint64_t n, size_t width)
{
	char buf[24];
	size_t at = sizeof buf;

	do {
		buf[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0 || sizeof buf - at < width);
	str_add(b, buf + at, sizeof buf - at);
}

static void add_part(struct str *b, const struct unit *u, uint64_t n, enum style style, bool first)
{
	if (style == STYLE_WORDS && !first)
		str_addc(b, ' ');
	add_number(b, n, 1);
	if (style != STYLE_WORDS) {
		str_addc(b, u->letter);
		return;
	}
	str_addc(b, ' ');
	str_adds(b, u->word);
	if (n != 1)
		str_addc(b, 's');
}

static void add_parts(struct str *b, usec d, enum style style)
{
	uint64_t secs = magnitude(d) / 1000000;
	bool first = true;
	int stop = NUNITS;

	if (d == USEC_NONE) {
		str_adds(b, "unknown");
		return;
	}
	if (d < 0 && secs > 0)
		str_addc(b, '-');
	for (int i = 0; i < stop; i++) {
		uint64_t n = secs / (uint64_t)units[i].secs;
		secs %= (uint64_t)units[i].secs;
		if (n == 0)
			continue;
		add_part(b, &units[i], n, style, first);
		if (first && style != STYLE_EXACT && i + 2 < stop)
			stop = i + 2; /* the largest unit and the one below it */
		first = false;
	}
	if (first)
		add_part(b, &units[NUNITS - 1], 0, style, true);
}

void dur_fmt(struct str *b, usec d)
{
	add_parts(b, d, STYLE_SHORT);
}

void dur_fmt_exact(struct str *b, usec d)
{
	add_parts(b, d, STYLE_EXACT);
}

void dur_fmt_words(struct str *b, usec d)
{
	add_parts(b, d, STYLE_WORDS);
}

static void add_clock(struct str *b, uint64_t secs, size_t hour_width)
{
	if (hour_width > 0) {
		add_number(b, secs / 3600, hour_width);
		str_addc(b, ':');
		secs %= 3600;
	}
	add_number(b, secs / 60, 2);
	str_addc(b, ':');
	add_number(b, secs % 60, 2);
}

void dur_fmt_left(struct str *b, usec d)
{
	uint64_t secs = magnitude(d) / 1000000 + (d > 0 && d % USEC_SEC > 0);

	if (d == USEC_NONE) {
		str_adds(b, "unknown");
		return;
	}
	if (d < 0 && secs > 0)
		str_addc(b, '+');
	add_clock(b, secs, secs >= 3600 ? 1 : 0);
}

void dur_fmt_tplus(struct str *b, usec d)
{
	/* Towards the past, so that it ticks evenly through zero. */
	uint64_t secs = magnitude(d) / 1000000 + (d < 0 && d % USEC_SEC != 0);

	if (d == USEC_NONE) {
		str_adds(b, "unknown");
		return;
	}
	if (d < 0)
		str_addc(b, '-');
	add_clock(b, secs, 2);
}
