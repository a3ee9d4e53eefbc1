/* tzrule.c - POSIX TZ rules ("CET-1CEST,M3.5.0,M10.5.0/3"), with RFC 8536's wider hours, and the name of the system's
 * own zone. */
#include "base/tzif.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/zone.h"

struct text {
	const char *p, *end;
};

static bool eat(struct text *t, char c)
{
	if (t->p == t->end || *t->p != c)
		return false;
	t->p++;
	return true;
}

static bool at_digit(const struct text *t)
{
	return t->p < t->end && *t->p >= '0' && *t->p <= '9';
}

static bool number(struct text *t, int min, int max, int *out)
{
	int n = 0;

	if (!at_digit(t))
		return false;
	while (at_digit(t) && n <= max)
		n = n * 10 + (*t->p++ - '0');
	*out = n;
	return n >= min && n <= max && !at_digit(t);
}

static bool abbreviation(struct text *t, char out[12])
{
	bool quoted = eat(t, '<');
	const char *from = t->p;

	while (t->p < t->end && (isalpha((unsigned char)*t->p) || (quoted && strchr("0123456789+-", *t->p) && *t->p)))
		t->p++;
	size_t len = (size_t)(t->p - from);
	if (len < 3 || (quoted && !eat(t, '>')))
		return false;
	len = len > 11 ? 11 : len;
	memcpy(out, from, len);
	out[len] = 0;
	return true;
}

/* [+-]hh[:mm[:ss]] */
static bool seconds(struct text *t, int max_hour, int32_t *out)
{
	int sign = eat(t, '-') ? -1 : 1;
	int h, m = 0, s = 0;

	if (sign > 0)
		eat(t, '+');
	if (!number(t, 0, max_hour, &h))
		return false;
	if (eat(t, ':') && !number(t, 0, 59, &m))
		return false;
	if (eat(t, ':') && !number(t, 0, 59, &s))
		return false;
	*out = sign * (h * 3600 + m * 60 + s);
	return true;
}

static bool rule_day(struct text *t, struct tz_day *d)
{
	d->time = 2 * 3600;
	if (!eat(t, ','))
		return false;
	if (eat(t, 'M')) {
		d->how = 'M';
		if (!number(t, 1, 12, &d->mon) || !eat(t, '.') || !number(t, 1, 5, &d->week) || !eat(t, '.') ||
			!number(t, 0, 6, &d->day))
			return false;
	} else {
		d->how = eat(t, 'J') ? 'J' : '0';
		if (!number(t, d->how == 'J', 365, &d->day))
			return false;
	}
	return !eat(t, '/') || seconds(t, 167, &d->time);
}

bool tz_rule_read(struct tz_rule *out, const char *s, size_t n)
{
	static const struct tz_day usa_start = { 'M', 3, 2, 0, 7200 }, usa_end = { 'M', 11, 1, 0, 7200 };
	struct text t = { s, s + n };
	struct tz_rule r = { .set = true };
	int32_t west;

	if (!abbreviation(&t, r.std.abbr) || !seconds(&t, 24, &west))
		return false;
	r.std.offset = -west;
	if (t.p < t.end) {
		r.dst = true;
		if (!abbreviation(&t, r.sav.abbr))
			return false;
		r.sav.offset = r.std.offset + 3600;
		if (t.p < t.end && *t.p != ',') {
			if (!seconds(&t, 24, &west))
				return false;
			r.sav.offset = -west;
		}
		r.start = usa_start; /* what everybody takes when the rule names none */
		r.end = usa_end;
		if (t.p < t.end && (!rule_day(&t, &r.start) || !rule_day(&t, &r.end)))
			return false;
	}
	if (t.p != t.end)
		return false;
	*out = r;
	return true;
}

int64_t tz_day_secs(const struct tz_day *d, int year)
{
	int64_t days;

	if (d->how == 'M') {
		int64_t first = cal_days(year, d->mon, 1);
		int wday = (int)(((first + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
		int mday = (d->day - wday + 7) % 7 + (d->week - 1) * 7;

		days = first + (mday >= cal_month_days(year, d->mon) ? mday - 7 : mday);
	} else if (d->how == 'J') {
		days = cal_days(year, 1, 1) + d->day - 1 + (d->day > 59 && cal_month_days(year, 2) == 29);
	} else {
		days = cal_days(year, 1, 1) + d->day;
	}
	return days * 86400 + d->time;
}

bool tz_name_ok(const char *name)
{
	size_t n = strlen(name);

	if (n < 1 || n > 100 || name[n - 1] == '/')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || name[i - 1] == '/') {
			if (!isalnum((unsigned char)name[i])) /* refuses /x, ., .. and //, too */
				return false;
		} else if (!isalnum((unsigned char)name[i]) && !strchr("_+-/", name[i])) {
			return false;
		}
	}
	return true;
}

uint8_t *tz_slurp(const char *path, size_t *n)
{
	struct stat st;
	uint8_t *buf = NULL;
	size_t len = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= (off_t)TZ_FILE_MAX) {
		size_t cap = (size_t)st.st_size;
		buf = xmalloc(cap + 1);
		ssize_t got = 1;
		while (len < cap && (got = read(fd, buf + len, cap - len)) > 0)
			len += (size_t)got;
		if (got < 0) {
			free(buf);
			buf = NULL;
		}
	}
	close(fd);
	*n = len;
	return buf;
}

/* "…/zoneinfo/posix/Europe/Berlin" -> "Europe/Berlin" */
static bool name_in_path(char *out, size_t cap, const char *path)
{
	static const char mark[] = "/zoneinfo/";
	const char *p = strstr(path, mark);

	if (!p)
		return false;
	p += sizeof mark - 1;
	if (str_starts(p, "posix/") || str_starts(p, "right/"))
		p += 6;
	return tz_name_ok(p) && snprintf(out, cap, "%s", p) < (int)cap;
}

static bool same_file(const char *a, const char *b)
{
	size_t na = 0, nb = 0;
	uint8_t *x = tz_slurp(a, &na), *y = tz_slurp(b, &nb);
	bool same = x && y && na == nb && memcmp(x, y, na) == 0;

	free(x);
	free(y);
	return same;
}

bool tz_system_name(char *out, size_t cap, const char *localtime, const char *timezone, const char *dir)
{
	char link[PATH_MAX];
	ssize_t len = readlink(localtime, link, sizeof link - 1);

	if (len > 0) {
		link[len] = 0;
		if (name_in_path(out, cap, link))
			return true;
		char *real = realpath(localtime, NULL);
		bool ok = real && name_in_path(out, cap, real);
		free(real);
		if (ok)
			return true;
	}

	/* /etc/timezone may be left over from an earlier zone: believe it only if the file says the same. */
	size_t n = 0;
	char *text = (char *)tz_slurp(timezone, &n);
	bool ok = false;
	if (text) {
		text[n] = 0;
		text[strcspn(text, " \t\r\n")] = 0;
		if (tz_name_ok(text) && strlen(text) < cap) {
			char *path = str_fmt("%s/%s", dir, text);
			ok = same_file(path, localtime);
			free(path);
			if (ok)
				snprintf(out, cap, "%s", text);
		}
	}
	free(text);
	return ok;
}
