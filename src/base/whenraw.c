/* whenraw.c - times as people write them: has the text the shape of a time (else it is just text), and can there be
 * such a time (else it is an error)? */
#include "base/whenraw.h"

#include <stdio.h>
#include <string.h>

#include "base/when.h"

#define APPROX_S 120 /* what ~ alone means */
#define OFF_NONE (99 * 3600) /* no offset there is */

struct reader {
	const char *s;
	size_t n, pos;
};

/* ---- shape ---- */

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char peek(const struct reader *r, size_t ahead)
{
	return r->n - r->pos > ahead ? r->s[r->pos + ahead] : 0;
}

static bool at_end(const struct reader *r)
{
	return r->pos == r->n || is_space(r->s[r->pos]);
}

static bool eat(struct reader *r, char c)
{
	if (r->pos == r->n || r->s[r->pos] != c)
		return false;
	r->pos++;
	return true;
}

static bool eat_text(struct reader *r, const char *text)
{
	size_t len = strlen(text);

	if (r->n - r->pos < len || memcmp(r->s + r->pos, text, len) != 0)
		return false;
	r->pos += len;
	return true;
}

/* ASCII letters of either case */
static bool eat_word(struct reader *r, const char *word)
{
	size_t i = 0;

	while (word[i] && (peek(r, i) | 32) == word[i])
		i++;
	if (word[i])
		return false;
	r->pos += i;
	return true;
}

static bool blanks(struct reader *r)
{
	size_t from = r->pos;

	while (peek(r, 0) == ' ' || peek(r, 0) == '\t')
		r->pos++;
	return r->pos > from;
}

static bool offset_wrong(int off)
{
	return off > 14 * 3600 || off < -12 * 3600;
}

/* At most max digits. */
static bool digits(struct reader *r, int min, int max, int *out)
{
	int n = 0;

	*out = 0;
	for (; n < max && is_digit(peek(r, 0)); n++)
		*out = *out * 10 + (r->s[r->pos++] - '0');
	return n >= min;
}

/* What may follow a part in the same word: the end of it, or what makes it approximate. */
static bool at_stop(const struct reader *r)
{
	return at_end(r) || memchr("~+\xc2", peek(r, 0), 3) != NULL;
}

static bool date_shape(struct reader *r, struct raw *w)
{
	return digits(r, 4, 4, &w->year) && eat(r, '-') && digits(r, 2, 2, &w->mon) && eat(r, '-') &&
	       digits(r, 2, 2, &w->mday);
}

/* A day and what separates it from the clock time; true with DAY_NONE when there is none. */
static bool day_shape(struct reader *r, struct raw *w)
{
	size_t from = r->pos;

	if (date_shape(r, w)) {
		w->day = DAY_DATE;
		return eat(r, 'T') || eat(r, 't') || blanks(r);
	}
	r->pos = from;
	if (eat_word(r, "yesterday"))
		w->day = DAY_YESTERDAY;
	else if (eat_word(r, "today"))
		w->day = DAY_TODAY;
	return w->day == DAY_NONE || blanks(r);
}

static void fraction(struct reader *r, int *us)
{
	int scale = 100000;

	for (; is_digit(peek(r, 0)); scale /= 10)
		*us += scale * (r->s[r->pos++] - '0');
}

static bool clock_shape(struct reader *r, struct raw *w)
{
	w->grain = USEC_MIN - 1;
	if (!digits(r, 1, 2, &w->hour) || !eat(r, ':') || !digits(r, 2, 2, &w->min))
		return false;
	if (!eat(r, ':'))
		return true;
	w->grain = USEC_SEC - 1;
	if (!digits(r, 2, 2, &w->sec))
		return false;
	if ((peek(r, 0) == '.' || peek(r, 0) == ',') && is_digit(peek(r, 1))) {
		w->grain = 0;
		r->pos++;
		fraction(r, &w->us);
	}
	return true;
}

static void half_shape(struct reader *r, struct raw *w)
{
	size_t from = r->pos;
	bool apart = blanks(r);
	char half = (char)(peek(r, 0) | 32);

	if ((eat_word(r, "am") || eat_word(r, "pm")) && at_stop(r) && (!apart || (w->hour >= 1 && w->hour <= 12)))
		w->half = half;
	else
		r->pos = from; /* "14:32 am I alone" */
}

/* +03:00 +0300; where it touches the time also +03. Apart from it, it may be text: "14:32 +5000 errors". */
static bool numeric_offset(struct reader *r, bool apart, int *off)
{
	int sign = eat(r, '-') ? -1 : 1, h, m;

	if ((sign > 0 && !eat(r, '+')) || !digits(r, 2, 2, &h))
		return false;
	bool colon = eat(r, ':');
	size_t from = r->pos;
	bool mins = digits(r, 2, 2, &m);
	if (!mins) {
		r->pos = from;
		m = 0;
	}
	int value = m > 59 ? OFF_NONE : sign * (h * 60 + m) * 60;
	if (!at_stop(r) || (!mins && (colon || apart)) || (apart && (m % 15 || offset_wrong(value))))
		return false;
	*off = value;
	return true;
}

/* A clock time alone takes no number here: 14:32-14:40 is a range. */
static void offset_shape(struct reader *r, struct raw *w)
{
	size_t from = r->pos;
	bool apart = blanks(r);
	bool dated = w->day == DAY_DATE;
	bool letter = (!apart || dated) && (eat(r, 'Z') || (!apart && eat(r, 'z')));

	w->has_off = letter || eat_text(r, "UTC") ? at_stop(r) : dated && numeric_offset(r, apart, &w->off);
	if (!w->has_off)
		r->pos = from;
}

static void approx_shape(struct reader *r, struct raw *w)
{
	size_t from;
	usec d;

	if (eat(r, '~'))
		w->approx_s = APPROX_S;
	from = r->pos;
	bool apart = blanks(r);
	if (!eat_text(r, "\xc2\xb1") && !eat_text(r, "+-") && !eat_text(r, "+/-")) {
		r->pos = from;
		return;
	}
	const char *wrong;
	size_t len = dur_prefix(r->s + r->pos, r->n - r->pos, &d, &wrong);
	r->pos += len;
	if (len > 0 && at_end(r)) {
		w->approx_s = d / USEC_SEC;
		w->wrong = wrong;
		return;
	}
	r->pos -= len;
	if (apart || !is_digit(peek(r, 0))) {
		r->pos = from;
		return;
	}
	while (!at_end(r))
		r->pos++;
	w->wrong = "what follows \xc2\xb1 must be a duration such as 10m";
}

static bool time_shape(struct reader *r, struct raw *w)
{
	if (eat(r, '~'))
		w->approx_s = APPROX_S;
	if (peek(r, 0) == '-') {
		r->pos++;
		size_t len = dur_prefix(r->s + r->pos, r->n - r->pos, &w->ago, &w->wrong);
		if (len == 0)
			return false;
		r->pos += len;
		w->relative = true;
	} else {
		if (!day_shape(r, w) || !clock_shape(r, w))
			return false;
		half_shape(r, w);
		offset_shape(r, w);
	}
	const char *wrong = w->wrong;
	approx_shape(r, w);
	if (wrong)
		w->wrong = wrong;
	return at_end(r);
}

bool raw_shape(struct raw *out, const char *s, size_t n)
{
	struct reader r = { s, n, 0 };

	memset(out, 0, sizeof *out);
	bool ok = time_shape(&r, out);
	out->used = r.pos;
	return ok;
}

/* ---- can it be? ---- */

static const char *date_wrong(struct raw *w)
{
	if (w->mon < 1 || w->mon > 12)
		return "months go from 01 to 12";
	if (w->year < 1)
		return "there is no year 0000";
	int last = cal_month_days(w->year, w->mon);
	if (w->mday >= 1 && w->mday <= last)
		return NULL;
	snprintf(w->text, sizeof w->text, "%04d-%02d has %d days", w->year, w->mon, last);
	return w->text;
}

static const char *clock_wrong(struct raw *w)
{
	/* Leap seconds end a quarter of an hour in every zone there is; no clock of ours can show them. */
	if (w->sec == 60 && w->min % 15 == 14) {
		w->sec = 59;
		w->us = 999999;
	}
	if (w->half && (w->hour < 1 || w->hour > 12))
		return "with am or pm hours go from 1 to 12";
	if (w->hour == 24 && w->min == 0 && w->sec == 0)
		return "midnight is 00:00 of the next day";
	if (w->hour > 23)
		return "hours go from 0 to 23";
	if (w->min > 59)
		return "minutes go from 00 to 59";
	if (w->sec > 59)
		return "seconds go from 00 to 59";
	if (w->half)
		w->hour = w->hour % 12 + (w->half == 'p' ? 12 : 0);
	return NULL;
}

const char *raw_wrong(struct raw *w)
{
	const char *wrong = w->wrong;

	if (!wrong && w->day == DAY_DATE)
		wrong = date_wrong(w);
	if (!wrong && !w->relative)
		wrong = clock_wrong(w);
	if (!wrong && offset_wrong(w->off))
		wrong = "offsets go from -12:00 to +14:00";
	if (!wrong && w->approx_s > 366 * 86400)
		wrong = "no time is that vague";
	return wrong;
}

bool when_rfc3339(const char *s, usec *out)
{
	struct reader r = { s, strlen(s), 0 };
	struct raw w = { 0 };
	int h = 0, m = 0, sign = 1;

	if (!date_shape(&r, &w) || (!eat(&r, 'T') && !eat(&r, 't')) || !digits(&r, 2, 2, &w.hour) || !eat(&r, ':') ||
		!digits(&r, 2, 2, &w.min) || !eat(&r, ':') || !digits(&r, 2, 2, &w.sec))
		return false;
	if (peek(&r, 0) == '.' && is_digit(peek(&r, 1))) {
		r.pos++;
		fraction(&r, &w.us);
	}
	if (!eat(&r, 'Z') && !eat(&r, 'z')) {
		sign = eat(&r, '-') ? -1 : 1;
		if ((sign > 0 && !eat(&r, '+')) || !digits(&r, 2, 2, &h) || !eat(&r, ':') || !digits(&r, 2, 2, &m))
			return false;
	}
	if (r.pos != r.n || h > 23 || m > 59 || date_wrong(&w) || clock_wrong(&w))
		return false;
	int64_t mins = (w.hour - sign * h) * 60 + w.min - sign * m;
	*out = cal_days(w.year, w.mon, w.mday) * USEC_DAY + mins * USEC_MIN + w.sec * USEC_SEC + w.us;
	return true;
}
