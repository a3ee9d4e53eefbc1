/* whenfmt.c - times, written. Exports write millions of them: no printf here. */
#include "base/when.h"

#include <string.h>

/* Writes n in width digits, at least. */
static char *put(char *p, int n, int width)
{
	char buf[12];
	int len = 0;

	if (n < 0) {
		*p++ = '-';
		n = -n;
	}
	while (n > 0 || len < width) {
		buf[len++] = (char)('0' + n % 10);
		n /= 10;
	}
	while (len > 0)
		*p++ = buf[--len];
	return p;
}

static char *put_date(char *p, const struct local *l)
{
	p = put(p, l->year, 4);
	*p++ = '-';
	p = put(p, l->mon, 2);
	*p++ = '-';
	return put(p, l->day, 2);
}

static char *put_clock(char *p, const struct local *l)
{
	p = put(p, l->hour, 2);
	*p++ = ':';
	p = put(p, l->min, 2);
	*p++ = ':';
	return put(p, l->sec, 2);
}

/* +03:00; old local times with seconds in their offset +00:53:28 */
static char *put_offset(char *p, int offset)
{
	int secs = offset < 0 ? -offset : offset;

	*p++ = offset < 0 ? '-' : '+';
	p = put(p, secs / 3600, 2);
	*p++ = ':';
	p = put(p, secs / 60 % 60, 2);
	if (secs % 60) {
		*p++ = ':';
		p = put(p, secs % 60, 2);
	}
	return p;
}

static bool none(struct str *b, usec t)
{
	if (t == USEC_NONE)
		str_adds(b, "unknown");
	return t == USEC_NONE;
}

void when_fmt_rfc3339(struct str *b, usec t)
{
	char buf[64], *p = buf;
	struct local l;

	if (none(b, t))
		return;
	zone_local(zone_utc(), t, &l);
	p = put_date(p, &l);
	*p++ = 'T';
	p = put_clock(p, &l);
	if (l.usec_part) {
		*p++ = '.';
		p = put(p, l.usec_part, 6);
	}
	*p++ = 'Z';
	str_add(b, buf, (size_t)(p - buf));
}

void when_fmt_local_date(struct str *b, const struct local *l)
{
	char buf[32];

	str_add(b, buf, (size_t)(put_date(buf, l) - buf));
}

void when_fmt_local_clock(struct str *b, const struct local *l)
{
	char buf[32];

	str_add(b, buf, (size_t)(put_clock(buf, l) - buf));
}

void when_fmt_date(struct str *b, usec t, const struct zone *z)
{
	struct local l;

	if (none(b, t))
		return;
	zone_local(z, t, &l);
	when_fmt_local_date(b, &l);
}

void when_fmt_clock(struct str *b, usec t, const struct zone *z)
{
	struct local l;

	if (none(b, t))
		return;
	zone_local(z, t, &l);
	when_fmt_local_clock(b, &l);
}

static bool has_letters(const struct local *l)
{
	return l->abbr[0] && !strchr("+-", l->abbr[0]);
}

void when_fmt_full(struct str *b, usec t, const struct zone *z)
{
	char buf[64], *p = buf;
	struct local l;

	if (none(b, t))
		return;
	zone_local(z, t, &l);
	p = put_date(p, &l);
	*p++ = ' ';
	p = put_clock(p, &l);
	*p++ = ' ';
	if (!has_letters(&l))
		p = put_offset(p, l.offset);
	str_add(b, buf, (size_t)(p - buf));
	if (has_letters(&l))
		str_adds(b, l.abbr);
}

void when_fmt_zone_words(struct str *b, usec t, const struct zone *z)
{
	struct local l;

	if (none(b, t))
		return;
	zone_local(z, t, &l);
	int secs = l.offset < 0 ? -l.offset : l.offset;
	bool named = has_letters(&l) && strcmp(l.abbr, "UTC") != 0;
	if (named)
		str_addf(b, "%s (", l.abbr);
	str_adds(b, "UTC");
	if (secs || named)
		str_addf(b, "%c%d", l.offset < 0 ? '-' : '+', secs / 3600);
	if (secs % 3600)
		str_addf(b, ":%02d", secs / 60 % 60);
	if (secs % 60)
		str_addf(b, ":%02d", secs % 60);
	if (named)
		str_addc(b, ')');
}
