/* zone.c - zones: finding and keeping them, and conversion both ways. The file format is tzif.c's. */
#include "base/zone.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/tzif.h"

#define DAY_SECS 86400
#define SPREAD (27 * 3600) /* no offset is further from UTC */
#define LOCALTIME "/etc/localtime"
#define ACCEPTED "write a name such as Europe/Berlin, an offset such as +03:00, or UTC"
#define SECS_MAX (INT64_MAX / USEC_SEC - 4 * DAY_SECS)

struct zone {
	struct zone *next;
	unsigned serial;
	char *name;
	struct tz_data tz;
};

/* While nothing changes: [from, until) in seconds UTC. */
struct interval {
	int64_t from, until;
	const struct tz_type *type;
};

/* All zones loaded so far. Only zone_load changes it. */
static struct zone *zones;
static const struct zone *localtime_zone; /* "local" when TZ is not set */

static struct tz_type utc_type = { 0, "UTC" };
static struct zone utc = { .name = (char[]){ "UTC" }, .tz = { .ntypes = 1, .types = &utc_type } };

/* ---- calendar ---- */

int64_t cal_days(int year, int mon, int day)
{
	/* Years begin in March here, so that the leap day comes last; eras are 400 years of 146097 days. */
	int64_t y = (int64_t)year - (mon <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (mon > 2 ? mon - 3 : mon + 9) + 2) / 5 + day - 1;

	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

void cal_date(int64_t days, int *year, int *mon, int *day)
{
	int64_t n = days + 719468;
	int64_t era = (n >= 0 ? n : n - 146096) / 146097;
	int64_t doe = n - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t m = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * m + 2) / 5 + 1);
	*mon = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(era * 400 + yoe + (m >= 10));
}

int cal_month_days(int year, int mon)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[mon - 1] + (mon == 2 && leap);
}

/* ---- which offset is in force ---- */

static void add_change(struct interval *list, int *n, int64_t at, const struct tz_type *type)
{
	int i = (*n)++;

	for (; i > 0 && list[i - 1].from > at; i--)
		list[i] = list[i - 1];
	list[i] = (struct interval){ at, INT64_MAX, type };
}

static struct interval rule_interval(const struct tz_rule *r, int64_t t)
{
	struct interval change[10], found = { INT64_MIN, INT64_MAX, &r->std };
	int n = 0, year, mon, day;

	if (!r->dst)
		return found;
	/* Rule times may lie up to a week outside their year. The end goes first: where sav lasts all year, one year's
	 * end and the next one's start are the same moment, and sav must win. */
	cal_date(t / DAY_SECS, &year, &mon, &day);
	for (int y = year - 2; y <= year + 2; y++) {
		add_change(change, &n, tz_day_secs(&r->end, y) - r->sav.offset, &r->std);
		add_change(change, &n, tz_day_secs(&r->start, y) - r->std.offset, &r->sav);
	}
	for (int i = 0; i < n; i++) {
		if (change[i].from > t) {
			found.until = change[i].from;
			break;
		}
		found.from = change[i].from;
		found.type = change[i].type;
	}
	return found;
}

static struct interval find_interval(const struct tz_data *tz, int64_t t)
{
	size_t lo = 0, hi = tz->ntimes;

	while (lo < hi) { /* the number of transitions not after t */
		size_t mid = lo + (hi - lo) / 2;
		if (tz->at[mid] <= t)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == tz->ntimes && tz->rule.set) {
		struct interval v = rule_interval(&tz->rule, t);
		if (lo > 0 && v.from < tz->at[lo - 1])
			v.from = tz->at[lo - 1];
		return v;
	}
	return (struct interval){
		lo > 0 ? tz->at[lo - 1] : INT64_MIN,
		lo < tz->ntimes ? tz->at[lo] : INT64_MAX,
		&tz->types[lo > 0 ? tz->type[lo - 1] : 0],
	};
}

/* Times come in order and in two or three zones at once: the interval last used for each is kept, per thread. */
static struct interval interval_at(const struct zone *z, int64_t t)
{
	static _Thread_local struct {
		const struct zone *zone;
		struct interval v;
	} recent[4];
	unsigned i = z->serial % 4;

	if (recent[i].zone != z || t < recent[i].v.from || t >= recent[i].v.until) {
		recent[i].zone = z;
		recent[i].v = find_interval(&z->tz, t);
	}
	return recent[i].v;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

void zone_local(const struct zone *z, usec t, struct local *out)
{
	int64_t secs = floor_div(t, USEC_SEC);
	const struct tz_type *type = interval_at(z, secs).type;
	int64_t wall = secs + type->offset;
	int64_t days = floor_div(wall, DAY_SECS);
	int rest = (int)(wall - days * DAY_SECS);

	cal_date(days, &out->year, &out->mon, &out->day);
	out->hour = rest / 3600;
	out->min = rest / 60 % 60;
	out->sec = rest % 60;
	out->usec_part = (int)((t % USEC_SEC + USEC_SEC) % USEC_SEC);
	out->offset = type->offset;
	memcpy(out->abbr, type->abbr, sizeof out->abbr);
}

static int64_t local_secs(const struct local *l)
{
	int64_t secs = cal_days(l->year, l->mon, l->day) * DAY_SECS + l->hour * 3600 + l->min * 60 + l->sec;

	return secs > SECS_MAX ? SECS_MAX : secs < -SECS_MAX ? -SECS_MAX : secs;
}

enum zone_fit zone_to_utc(const struct zone *z, const struct local *l, usec out[2])
{
	int64_t want = local_secs(l), hit[2] = { 0, 0 };
	struct interval v = interval_at(z, want - SPREAD), last = v;
	int n = 0;

	for (;;) {
		int64_t t = want - v.type->offset;
		if (t >= v.from && t < v.until) {
			hit[n > 0] = t;
			n++;
		}
		if (v.from == INT64_MIN || v.from + v.type->offset <= want)
			last = v;
		if (v.until > want + SPREAD)
			break;
		v = interval_at(z, v.until);
	}
	if (n == 1)
		hit[1] = hit[0];
	if (n == 0) { /* skipped at the end of the last interval that began before it */
		hit[0] = want - last.type->offset;
		hit[1] = want - interval_at(z, last.until).type->offset;
	}
	for (int i = 0; i < 2; i++)
		out[i] = hit[i] * USEC_SEC + l->usec_part;
	return n == 0 ? ZONE_GAP : n == 1 ? ZONE_ONCE : ZONE_TWICE;
}

/* ---- loading ---- */

const struct zone *zone_utc(void)
{
	return &utc;
}

const char *zone_name(const struct zone *z)
{
	return z->name;
}

static const struct zone *find_zone(const char *name)
{
	for (const struct zone *z = zones; z; z = z->next)
		if (strcmp(z->name, name) == 0)
			return z;
	return NULL;
}

/* Takes over what tz holds. */
static const struct zone *keep_zone(const char *name, const struct tz_data *tz)
{
	struct zone *z = xcalloc(1, sizeof *z);

	z->name = xstrdup(name);
	z->tz = *tz;
	z->serial = zones ? zones->serial + 1 : 1;
	z->next = zones;
	zones = z;
	return z;
}

static const struct zone *keep_offset(int32_t offset)
{
	unsigned mins = (unsigned)(offset < 0 ? -offset : offset) / 60;
	char sign = offset < 0 ? '-' : '+';
	char name[16];
	struct tz_data tz = { .ntypes = 1 };

	snprintf(name, sizeof name, "%c%02u:%02u", sign, mins / 60 % 100, mins % 60);
	const struct zone *z = find_zone(name);
	if (z)
		return z;
	tz.types = xcalloc(1, sizeof *tz.types);
	tz.types->offset = offset;
	if (mins % 60)
		snprintf(tz.types->abbr, sizeof tz.types->abbr, "%c%02u%02u", sign, mins / 60 % 100, mins % 60);
	else
		snprintf(tz.types->abbr, sizeof tz.types->abbr, "%c%02u", sign, mins / 60 % 100);
	return keep_zone(name, &tz);
}

/* +03:00 -0330 +03; false if it is none. */
static bool read_offset(const char *s, int32_t *out)
{
	char digits[5] = "0000";
	size_t n = 0;

	for (const char *p = s + 1; *p; p++) {
		if (*p == ':' && n == 2 && p == s + 3)
			continue;
		if (!isdigit((unsigned char)*p) || n == 4)
			return false;
		digits[n++] = *p;
	}
	if (n != 4 && (n != 2 || s[3] != 0))
		return false;
	int h = (digits[0] - '0') * 10 + digits[1] - '0';
	int m = (digits[2] - '0') * 10 + digits[3] - '0';
	*out = (*s == '-' ? -60 : 60) * (h * 60 + m);
	return h <= 23 && m <= 59;
}

/* A POSIX rule. Those without summer time are named by their offset, the others by themselves, so that every name kept
 * can be loaded again, on another host too. NULL if it is no rule. */
static const struct zone *keep_rule(const char *text)
{
	struct tz_data tz = { 0 };
	struct tz_rule *r = &tz.rule;

	if (!tz_rule_read(r, text, strlen(text)))
		return NULL;
	if (!r->dst && r->std.offset % 60 == 0)
		return r->std.offset == 0 ? &utc : keep_offset(r->std.offset);
	char *name = str_fmt("%s%s", text, strchr(text, ',') ? "" : ",M3.2.0,M11.1.0");
	const struct zone *z = find_zone(name);
	if (!z) {
		tz.ntypes = 1;
		tz.types = xcalloc(1, sizeof *tz.types);
		*tz.types = r->std;
		z = keep_zone(name, &tz);
	}
	free(name);
	return z;
}

static const char *tz_dir(void)
{
	const char *dir = getenv("TZDIR");

	return dir && *dir ? dir : "/usr/share/zoneinfo";
}

static enum status load_path(const char *name, const char *path, const struct zone **out, struct err *err)
{
	struct tz_data tz;
	const char *why;
	size_t n;
	uint8_t *bytes = tz_slurp(path, &n);

	if (!bytes && access(tz_dir(), X_OK) != 0)
		return fail(err, ST_USAGE,
			"time zone \"%.100s\" cannot be read, there is no %s: install tzdata, or write UTC or +03:00",
			name, tz_dir());
	if (!bytes)
		return fail(err, ST_USAGE, "no time zone is named \"%.100s\": " ACCEPTED, name);
	bool ok = tzif_read(&tz, bytes, n, &why);
	free(bytes);
	if (!ok)
		return fail(err, ST_USAGE, "time zone \"%.100s\": its file %s %s: " ACCEPTED, name, path, why);
	*out = keep_zone(name, &tz);
	return ST_OK;
}

static enum status load_named(const char *name, const struct zone **out, struct err *err)
{
	if (!tz_name_ok(name))
		return fail(err, ST_USAGE, "\"%.100s\" cannot be a time zone: " ACCEPTED, name);
	if ((*out = find_zone(name)))
		return ST_OK;
	char *path = str_fmt("%s/%s", tz_dir(), name);
	enum status st = load_path(name, path, out, err);
	free(path);
	return st;
}

/* A file without a name: other hosts do not have it, so its present rule stands for it, or the offset it ends with. */
static enum status load_unnamed(const char *path, const struct zone **out, struct err *err)
{
	const struct zone *z = find_zone(path);

	if (!z) {
		enum status st = load_path(path, path, &z, err);
		if (st != ST_OK)
			return st;
	}
	*out = keep_rule(z->tz.footer);
	if (!*out)
		*out = keep_offset(find_interval(&z->tz, SECS_MAX).type->offset);
	return ST_OK;
}

static enum status load_localtime(const struct zone **out, struct err *err)
{
	char name[128] = "";

	if (access(LOCALTIME, F_OK) != 0) { /* what libc takes, too */
		*out = &utc;
		return ST_OK;
	}
	if (tz_system_name(name, sizeof name, LOCALTIME, "/etc/timezone", tz_dir())) {
		if (strcmp(name, "Etc/UTC") == 0) {
			*out = &utc;
			return ST_OK;
		}
		return load_named(name, out, NULL) == ST_OK ? ST_OK : load_path(name, LOCALTIME, out, err);
	}
	return load_unnamed(LOCALTIME, out, err);
}

/* The TZ variable: a name, a rule, or a file, with or without the colon before it. */
static enum status load_tz(const char *tz, const struct zone **out, struct err *err)
{
	const char *dir = tz_dir();
	size_t ndir = strlen(dir);

	tz += *tz == ':';
	if (strncmp(tz, dir, ndir) == 0 && tz[ndir] == '/')
		tz += ndir + 1;
	if (*tz == 0 || strcmp(tz, "Etc/UTC") == 0) {
		*out = &utc;
		return ST_OK;
	}
	if (strcmp(tz, LOCALTIME) == 0) /* often set so, to spare libc a stat() */
		return load_localtime(out, err);
	if (*tz == '/')
		return load_unnamed(tz, out, err);
	if (zone_load(strcmp(tz, "local") == 0 ? "./local" : tz, out, err) == ST_OK)
		return ST_OK;
	*out = keep_rule(tz);
	if (*out)
		return ST_OK;
	return fail(err, ST_USAGE, "the environment's TZ=%.100s is no time zone: " ACCEPTED, tz);
}

static enum status load_local(const struct zone **out, struct err *err)
{
	const char *tz = getenv("TZ");

	if (tz)
		return load_tz(tz, out, err);
	if (!localtime_zone) {
		enum status st = load_localtime(&localtime_zone, err);
		if (st != ST_OK)
			return st;
	}
	*out = localtime_zone;
	return ST_OK;
}

enum status zone_load(const char *name, const struct zone **out, struct err *err)
{
	int32_t offset;

	if (!name || !*name || strcmp(name, "UTC") == 0 || strcmp(name, "Z") == 0) {
		*out = &utc;
		return ST_OK;
	}
	if (strcmp(name, "local") == 0)
		return load_local(out, err);
	if (*name == '+' || *name == '-') {
		if (!read_offset(name, &offset))
			return fail(
				err, ST_USAGE, "\"%.100s\" is no offset from UTC: write it like +03:00 or -0330", name);
		*out = keep_offset(offset);
		return ST_OK;
	}
	if (strchr(name, ',')) {
		*out = keep_rule(name);
		if (*out)
			return ST_OK;
		return fail(err, ST_USAGE, "\"%.100s\" is no rule for a time zone: " ACCEPTED, name);
	}
	return load_named(name, out, err);
}
