/* when.c - which moment a written time means, and what to say when there is none or there are two. */
#include "base/when.h"

#include <string.h>

#include "base/utf8.h"
#include "base/whenraw.h"

#define AHEAD_MAX (15 * USEC_MIN) /* a bare clock time this little ahead of now is taken as now */
#define WRITING_UP (24 * USEC_HOUR) /* the last event is older: the incident is written up afterwards */
#define ACCEPTED "write 14:32, 14:32:10, 2:32pm, 2026-02-05 14:32, yesterday 23:50, -5m or ~02:10"

struct moment {
	usec lo, hi; /* both readings, in order */
	enum zone_fit fit;
};

static struct moment on_day(const struct raw *w, int64_t days, const struct zone *z)
{
	struct local l = { .hour = w->hour, .min = w->min, .sec = w->sec, .usec_part = w->us };
	struct moment m;
	usec at[2];

	cal_date(days, &l.year, &l.mon, &l.day);
	m.fit = zone_to_utc(z, &l, at);
	m.lo = at[m.fit == ZONE_GAP];
	m.hi = at[m.fit != ZONE_GAP];
	return m;
}

static int64_t day_of(usec t, const struct zone *z)
{
	struct local l;

	zone_local(z, t, &l);
	return cal_days(l.year, l.mon, l.day);
}

static void settle(struct when *out, usec at, usec other, enum zone_fit fit)
{
	out->at = at;
	out->other = fit == ZONE_ONCE ? USEC_NONE : other;
	out->fit = fit;
}

/* Which side of a gap t lies on: it lies before the gap when the reading that gap skips is still to come. */
static bool before_gap(usec t, const struct moment *m, const struct zone *z)
{
	struct local l;

	zone_local(z, m->hi, &l); /* lo + the offset after the gap is the reading; hi carries that offset */
	usec reading = m->lo + l.offset * USEC_SEC;
	zone_local(z, t, &l);
	return t + l.offset * USEC_SEC < reading;
}

static bool day_skipped(const struct moment *m)
{
	return m->fit == ZONE_GAP && m->hi - m->lo >= 23 * USEC_HOUR; /* Samoa, 2011-12-30 */
}

/* The latest such time not after now; a reading of tomorrow counts just after midnight, when it is a little ahead. */
static bool settle_live(const struct raw *w, const struct when_ctx *c, struct when *out)
{
	int64_t today = day_of(c->now, c->zone);
	usec soon = c->now + AHEAD_MAX;

	for (int64_t day = today + 1; day >= today - 4; day--) {
		struct moment m = on_day(w, day, c->zone);
		bool coming = m.fit == ZONE_GAP && before_gap(c->now, &m, c->zone);
		usec first = coming ? m.hi : m.lo;
		if (day_skipped(&m) || first > soon)
			continue;
		if (first > c->now) {
			settle(out, c->now, USEC_NONE, ZONE_ONCE);
			out->clamped = true;
		} else if (m.fit == ZONE_TWICE && m.hi > soon) {
			settle(out, m.lo, USEC_NONE, ZONE_ONCE); /* the second has not been yet */
		} else {
			settle(out, m.lo, m.hi, m.fit);
		}
		return true;
	}
	return false;
}

/* The first such time not before prev. 14:32 lasts a minute: just after 14:32:10 it is 14:32:10, not tomorrow.
 * Approximate times may lie before prev by what they are unsure of. */
static bool settle_after(const struct raw *w, const struct when_ctx *c, struct when *out)
{
	int64_t day0 = day_of(c->prev, c->zone);
	usec floor = c->prev - w->grain - w->approx_s * USEC_SEC;

	for (int64_t day = day0 - 1; day <= day0 + 4; day++) {
		struct moment m = on_day(w, day, c->zone);
		bool gap = m.fit == ZONE_GAP;
		if (day_skipped(&m) || m.hi < floor || (gap && !before_gap(c->prev, &m, c->zone)))
			continue;
		if (gap || m.lo >= floor)
			settle(out, m.lo, m.hi, m.fit);
		else
			settle(out, m.hi, USEC_NONE, ZONE_ONCE);
		if (out->fit == ZONE_ONCE && out->at < c->prev && w->approx_s == 0)
			out->at = c->prev;
		return out->at <= c->now;
	}
	return false;
}

static bool settle_clock(const struct raw *w, const struct when_ctx *c, struct when *out)
{
	bool writing = c->last != USEC_NONE && c->prev != USEC_NONE && c->last < c->now - WRITING_UP;

	return (writing && settle_after(w, c, out)) || settle_live(w, c, out);
}

static void settle_dated(const struct raw *w, const struct when_ctx *c, struct when *out)
{
	int64_t day = w->day == DAY_DATE ? cal_days(w->year, w->mon, w->mday)
					 : day_of(c->now, c->zone) - (w->day == DAY_YESTERDAY);
	struct moment m = on_day(w, day, c->zone);

	settle(out, m.lo, m.hi, m.fit);
	out->ahead = out->at > c->now;
}

static usec shifted(usec t, int secs)
{
	return t == USEC_NONE ? t : t + secs * USEC_SEC;
}

/* A time with an offset is read as if its clock were the incident's: everything is moved by the offset, and back. */
static bool settle_all(const struct raw *w, const struct when_ctx *ctx, struct when *out)
{
	struct when_ctx c = *ctx;
	bool ok = true;

	if (w->has_off)
		c = (struct when_ctx){ shifted(c.now, w->off), zone_utc(), shifted(c.prev, w->off),
			shifted(c.last, w->off) };
	if (w->relative)
		settle(out, c.now - w->ago, USEC_NONE, ZONE_ONCE);
	else if (w->day == DAY_NONE)
		ok = settle_clock(w, &c, out);
	else
		settle_dated(w, &c, out);
	if (w->has_off)
		out->at = shifted(out->at, -w->off);
	return ok;
}

static enum when_form form_of(const struct raw *w)
{
	if (w->relative)
		return WHEN_RELATIVE;
	if (w->day == DAY_NONE)
		return WHEN_CLOCK;
	return w->day == DAY_DATE && w->has_off ? WHEN_ABSOLUTE : WHEN_DATED;
}

static enum status refuse(struct err *err, const char *s, const struct raw *w, const char *wrong)
{
	static const char *const reads[] = {
		[DAY_NONE] = "a clock time",
		[DAY_DATE] = "a date and a clock time",
		[DAY_TODAY] = "a clock time today",
		[DAY_YESTERDAY] = "a clock time yesterday",
	};
	int len = (int)utf8_cut(s, w->used, 80);

	return fail(err, ST_USAGE, "\"%.*s\" reads as %s, but %s: " ACCEPTED, len, s,
		w->relative ? "a time before now" : reads[w->day], wrong);
}

enum status when_parse(const char *s, size_t n, const struct when_ctx *ctx, struct when *out, struct err *err)
{
	struct raw w;

	*out = (struct when){ .form = WHEN_NOTHING, .at = USEC_NONE, .other = USEC_NONE };
	if (!raw_shape(&w, s, n))
		return ST_OK;
	const char *wrong = raw_wrong(&w);
	if (!wrong && !settle_all(&w, ctx, out))
		wrong = "there was none these days";
	if (wrong) {
		*out = (struct when){ .form = WHEN_NOTHING, .at = USEC_NONE, .other = USEC_NONE };
		return refuse(err, s, &w, wrong);
	}
	out->form = form_of(&w);
	out->approx_s = (int)w.approx_s;
	out->used = w.used;
	return ST_OK;
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* As it can be typed again: 2026-10-25 02:30:00+02:00 */
static void add_reading(struct str *b, usec t, const struct zone *z)
{
	struct local l;

	zone_local(z, t, &l);
	if (l.offset % 60) { /* local mean times */
		z = zone_utc();
		zone_local(z, t, &l);
	}
	int mins = (l.offset < 0 ? -l.offset : l.offset) / 60;
	when_fmt_date(b, t, z);
	str_addc(b, ' ');
	when_fmt_clock(b, t, z);
	if (l.usec_part)
		str_addf(b, ".%06d", l.usec_part);
	str_addf(b, "%c%02d:%02d", l.offset < 0 ? '-' : '+', mins / 60, mins % 60);
}

enum status when_refuse(const struct when *w, const struct zone *z, struct err *err)
{
	struct str one = STR_INIT, two = STR_INIT, typed = STR_INIT;
	struct local l;

	if (w->fit == ZONE_ONCE)
		return ST_OK;
	zone_local(z, w->fit == ZONE_GAP ? w->other : w->at, &l);
	when_fmt_date(&typed, w->at + l.offset * USEC_SEC, zone_utc());
	str_addc(&typed, ' ');
	when_fmt_clock(&typed, w->at + l.offset * USEC_SEC, zone_utc());
	add_reading(&one, w->at, z);
	add_reading(&two, w->other, z);
	fail(err, ST_USAGE, "%s %s in %s: write %s or %s", typed.s,
		w->fit == ZONE_TWICE ? "was there twice, clocks were put back," : "never was, clocks were put forward,",
		zone_name(z), one.s, two.s);
	str_free(&one);
	str_free(&two);
	str_free(&typed);
	return ST_USAGE;
}

enum status when_parse_all(const char *s, const struct when_ctx *ctx, struct when *out, struct err *err)
{
	size_t n = strlen(s), from = 0;

	while (is_space(s[from]))
		from++;
	s += from;
	n -= from;
	while (n > 0 && is_space(s[n - 1]))
		n--;
	enum status st = when_parse(s, n, ctx, out, err);
	if (st != ST_OK)
		return st;
	if (out->form == WHEN_NOTHING)
		return fail(err, ST_USAGE, "\"%.*s\" is no time: " ACCEPTED, (int)utf8_cut(s, n, 80), s);
	if (out->used != n)
		return fail(err, ST_USAGE, "\"%.*s\" is more than a time: " ACCEPTED, (int)utf8_cut(s, n, 80), s);
	out->used += from;
	return when_refuse(out, ctx->zone, err);
}
