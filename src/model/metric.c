/* metric.c - measured values: reading, comparing, the block of key metrics. See figure.h. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/when.h"
#include "model/figure.h"

#define MICRO INT64_C(1000000)
#define MEASURE_MAX INT64_C(1000000000000)

/* ---- reading ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *skip_about(const char *s, bool *about)
{
	static const char *const words[] = { "~", "\xe2\x89\x88", "<", ">", "+" };
	s += strspn(s, " \t");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_starts(s, words[i])) {
			*about = words[i][0] != '+';
			s += strlen(words[i]);
		}
	return s + strspn(s, " \t");
}

/* Digits with a comma between groups of three; NULL: no number, or one too large. */
static const char *read_number(const char *s, int64_t *micro)
{
	bool minus = *s == '-' && is_digit(s[1]);
	int64_t whole = 0, part = 0, unit = MICRO / 10;
	s += minus;
	if (!is_digit(*s))
		return NULL;
	for (; is_digit(*s) || (*s == ',' && is_digit(s[1]) && is_digit(s[2]) && is_digit(s[3]) && !is_digit(s[4])); s++) {
		if (is_digit(*s))
			whole = whole * 10 + (*s - '0');
		if (whole > MEASURE_MAX)
			return NULL;
	}
	if (*s == '.' && is_digit(s[1]))
		for (s++; is_digit(*s); s++, unit /= 10)
			part += unit * (*s - '0');
	*micro = (whole * MICRO + part) * (minus ? -1 : 1);
	return s;
}

struct measure measure_of(const char *text, const char *unit)
{
	struct measure m = { .known = false };
	const char *s = text ? skip_about(text, &m.about) : NULL;
	if (s)
		s = read_number(s, &m.micro);
	if (!s)
		return m;
	s += strspn(s, " \t");
	size_t n = strcspn(s, " \t"); /* a unit is one word; behind it stands a remark at most in brackets */
	const char *rest = s + n + strspn(s + n, " \t");
	if (!n && unit) {
		s = unit;
		n = strlen(unit);
	}
	if (n >= sizeof m.unit || (*rest && *rest != '('))
		return m;
	memcpy(m.unit, s, n);
	m.known = !(n && (is_digit(s[0]) || strchr("-.,", s[0])));
	return m;
}

/* ---- comparing ---- */

static const struct { const char *word; int64_t times, of; const char *kind; } units[] = {
	{ "us", 1, 1000, "time" },	{ "\xc2\xb5s", 1, 1000, "time" }, { "ms", 1, 1, "time" },	 { "s", 1000, 1, "time" },
	{ "sec", 1000, 1, "time" },	{ "seconds", 1000, 1, "time" },	  { "min", 60000, 1, "time" },	 { "m", 60000, 1, "time" },
	{ "minutes", 60000, 1, "time" }, { "h", 3600000, 1, "time" },	  { "%", 1, 1, "share" },	 { "percent", 1, 1, "share" },
};

static int unit_find(const char *unit)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strcasecmp(units[i].word, unit) == 0)
			return (int)i;
	return -1;
}

/* Both in the smaller unit of the two: milliseconds for times. */
static bool comparable(const struct measure *a, const struct measure *b, int64_t *x, int64_t *y)
{
	int i = unit_find(a->unit), k = unit_find(b->unit);
	if (!a->known || !b->known)
		return false;
	*x = a->micro;
	*y = b->micro;
	if (strcasecmp(a->unit, b->unit) == 0)
		return true;
	if (i < 0 || k < 0 || strcmp(units[i].kind, units[k].kind) != 0)
		return false;
	if (llabs(a->micro) > INT64_MAX / units[i].times || llabs(b->micro) > INT64_MAX / units[k].times)
		return false;
	*x = a->micro * units[i].times / units[i].of;
	*y = b->micro * units[k].times / units[k].of;
	return true;
}

/* At most `decimals` of them, without zeros at the end, halves away from zero. */
static void put_micro(struct str *b, int64_t micro, int decimals)
{
	int64_t unit = 1;
	for (int i = decimals; i < 6; i++)
		unit *= 10;
	uint64_t u = micro < 0 ? -(uint64_t)micro : (uint64_t)micro;
	u = (u + (uint64_t)unit / 2) / (uint64_t)unit * (uint64_t)unit;
	str_addf(b, "%s%llu", micro < 0 && u ? "-" : "", (unsigned long long)(u / (uint64_t)MICRO));
	if (u % (uint64_t)MICRO == 0)
		return;
	str_addf(b, ".%06llu", (unsigned long long)(u % (uint64_t)MICRO));
	while (b->s[b->len - 1] == '0')
		str_cut(b, b->len - 1);
}

bool measure_difference(struct str *b, const struct measure *before, const struct measure *during)
{
	int64_t x, y;
	if (!comparable(before, during, &x, &y))
		return false;
	bool same = strcasecmp(before->unit, during->unit) == 0;
	const char *unit = during->unit;
	if (before->about || during->about)
		str_addc(b, '~');
	str_adds(b, y > x ? "+" : "");
	int64_t micro = y - x;
	if (!same) /* back from milliseconds to the unit of what is compared */
		micro = llabs(micro) < INT64_MAX / 1000 ? micro * units[unit_find(unit)].of / units[unit_find(unit)].times : micro;
	put_micro(b, micro, 6);
	str_addf(b, "%s%s", unit[0] ? " " : "", unit);
	return true;
}

bool measure_factor(struct str *b, const struct measure *before, const struct measure *during)
{
	int64_t x, y;
	if (!comparable(before, during, &x, &y) || x <= 0 || y < 0)
		return false;
	if (before->about || during->about)
		str_addc(b, '~');
	double times = (double)y / (double)x;
	if (times > 1e12)
		return false;
	int64_t micro = (int64_t)(times * (double)MICRO + 0.5);
	put_micro(b, micro, times >= 100 ? 0 : times >= 2 ? 1 : times >= 0.1 ? 2 : 3);
	str_addc(b, 'x');
	return true;
}

enum kept measure_kept(const struct measure *target, const struct measure *actual, bool higher_is_better)
{
	int64_t x, y;
	if (!comparable(target, actual, &x, &y))
		return KEPT_UNKNOWN;
	return (higher_is_better ? y >= x : y <= x) ? KEPT_MET : KEPT_MISSED;
}

bool metric_rises(const char *name)
{
	static const char *const words[] = { "availability", "uptime", "success", "throughput", "hit rate", "saved", "apdex" };
	for (size_t i = 0; name && i < sizeof words / sizeof *words; i++)
		if (strcasestr(name, words[i]))
			return true;
	return false;
}

/* ---- key metrics ---- */

static void put_slug(struct str *b, const char *s)
{
	for (; s && *s; s++) {
		bool word = isascii((unsigned char)*s) && isalnum((unsigned char)*s);
		if (word)
			str_addc(b, (char)tolower((unsigned char)*s));
		else if (b->len && b->s[b->len - 1] != '_')
			str_addc(b, '_');
	}
	while (b->len && b->s[b->len - 1] == '_')
		str_cut(b, b->len - 1);
}

static void add_slug(struct str *b, const char *s)
{
	struct str part = STR_INIT;
	put_slug(&part, s);
	if (part.len)
		str_addf(b, "%s%s", b->len ? "_" : "", part.s);
	str_free(&part);
}

char *key_metric_name(const char *name, const char *service, const char *suffix, const char *unit)
{
	struct str b = STR_INIT;
	add_slug(&b, name);
	add_slug(&b, service);
	add_slug(&b, suffix);
	if (unit && unit_find(unit) >= 0 && strcmp(units[unit_find(unit)].kind, "time") == 0)
		add_slug(&b, unit);
	if (!b.len)
		str_adds(&b, "metric");
	return str_take(&b);
}

char *key_metric_value(const struct measure *m)
{
	struct str b = STR_INIT;
	if (!m->known)
		return NULL;
	put_micro(&b, m->micro, 6);
	return str_take(&b);
}

static void put_time(struct str *b, const char *key, usec t)
{
	str_addf(b, "  \"%s\": ", key);
	if (t == USEC_NONE) {
		str_adds(b, "null");
		return;
	}
	str_addc(b, '"');
	when_fmt_rfc3339(b, t);
	str_addc(b, '"');
}

static bool is_first(const struct key_metric *v, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(v[k].key, v[i].key) == 0)
			return false;
	return true;
}

void key_metrics_fmt(struct str *b, const struct milestones *ms, struct ends e, const struct key_metric *v, size_t n)
{
	struct span s = { .known = false };
	if (e.from != MS_NONE && e.to != MS_NONE)
		s = span_between(ms, e.from, e.to);
	str_adds(b, "{\n");
	put_time(b, "incident_start", e.from == MS_NONE ? USEC_NONE : ms->at[e.from]);
	str_adds(b, ",\n");
	put_time(b, "incident_end", e.to == MS_NONE ? USEC_NONE : ms->at[e.to]);
	str_adds(b, ",\n  \"duration_minutes\": ");
	if (s.known)
		put_micro(b, s.exact / 60, 1);
	else
		str_adds(b, "null");
	for (size_t i = 0; i < n; i++)
		if (is_first(v, i))
			str_addf(b, ",\n  \"%s\": %s", v[i].key, v[i].value ? v[i].value : "null");
	str_adds(b, "\n}");
}
