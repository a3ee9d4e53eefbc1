/* Zones: the calendar, conversion both ways, names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/when.h"
#include "base/zone.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define ZONEINFO "/usr/share/zoneinfo"

static const struct zone *zone(const char *name)
{
	const struct zone *z;
	struct err err;

	if (zone_load(name, &z, &err) != ST_OK)
		fail_msg("%s", err.text);
	return z;
}

static usec at(const char *rfc3339)
{
	usec t;

	if (!when_rfc3339(rfc3339, &t))
		fail_msg("the test's own time %s is none", rfc3339);
	return t;
}

/* A generator of our own: the same seed gives the same run everywhere. */
static uint64_t seed;

static uint64_t rnd(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % below;
}

static void start_seed(void)
{
	const char *given = getenv("TPLUS_TEST_SEED");

	seed = given ? strtoull(given, NULL, 10) | 1 : (uint64_t)time(NULL) * 2654435761u | 1;
	print_message("TPLUS_TEST_SEED=%llu\n", (unsigned long long)seed);
}

/* ---- calendar ---- */

static void test_calendar(void **state)
{
	/* clang-format off */
	static const struct {
		int y, m, d;
		int64_t days;
	} known[] = {
		{ 1970, 1, 1, 0 }, { 1969, 12, 31, -1 }, { 1970, 3, 1, 59 }, { 1972, 2, 29, 789 },
		{ 2000, 2, 29, 11016 },
		{ 2000, 3, 1, 11017 }, { 1900, 2, 28, -25509 }, { 1900, 3, 1, -25508 }, { 2026, 2, 5, 20489 },
		{ 9999, 12, 31, 2932896 }, { 1, 1, 1, -719162 }, { 0, 2, 29, -719469 }, { -1, 12, 31, -719529 },
	};
	/* clang-format on */
	int y = 1200, m = 1, d = 1;

	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		assert_int_equal(cal_days(known[i].y, known[i].m, known[i].d), known[i].days);
		int a, b, c;
		cal_date(known[i].days, &a, &b, &c);
		assert_true(a == known[i].y && b == known[i].m && c == known[i].d);
	}
	for (int64_t day = cal_days(1200, 1, 1); y < 2801; day++) { /* every day of four times 400 years */
		int a, b, c;
		cal_date(day, &a, &b, &c);
		assert_true(a == y && b == m && c == d && cal_days(a, b, c) == day);
		if (++d > cal_month_days(y, m)) {
			d = 1;
			if (++m > 12) {
				m = 1;
				y++;
			}
		}
	}
	assert_int_equal(cal_month_days(2024, 2), 29);
	assert_int_equal(cal_month_days(2100, 2), 28);
	assert_int_equal(cal_month_days(2400, 2), 29);
	assert_int_equal(cal_month_days(2026, 12), 31);
}

/* ---- UTC to local ---- */

static void show_local(char out[64], const struct zone *z, usec t)
{
	struct local l;

	zone_local(z, t, &l);
	snprintf(out, 64, "%04d-%02d-%02d %02d:%02d:%02d.%06d %+d %s", l.year, l.mon, l.day, l.hour, l.min, l.sec,
		l.usec_part, l.offset, l.abbr);
}

static void test_local(void **state)
{
	/* clang-format off */
	static const struct {
		const char *zone, *t, *want;
	} cases[] = {
		{ "UTC", "1970-01-01T00:00:00Z", "1970-01-01 00:00:00.000000 +0 UTC" },
		{ "UTC", "1969-12-31T23:59:59.999999Z", "1969-12-31 23:59:59.999999 +0 UTC" },
		{ "", "2026-02-05T14:37:34.5Z", "2026-02-05 14:37:34.500000 +0 UTC" },
		{ "Z", "2024-02-29T23:59:59Z", "2024-02-29 23:59:59.000000 +0 UTC" },
		{ "+03:00", "2026-02-05T22:00:00Z", "2026-02-06 01:00:00.000000 +10800 +03" },
		{ "-0330", "2026-01-01T01:00:00Z", "2025-12-31 21:30:00.000000 -12600 -0330" },
		{ "+05", "2026-01-01T01:00:00Z", "2026-01-01 06:00:00.000000 +18000 +05" },
		{ "Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29 01:59:59.000000 +3600 CET" },
		{ "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29 03:00:00.000000 +7200 CEST" },
		{ "Europe/Berlin", "2026-10-25T00:59:59.9Z", "2026-10-25 02:59:59.900000 +7200 CEST" },
		{ "Europe/Berlin", "2026-10-25T01:00:00Z", "2026-10-25 02:00:00.000000 +3600 CET" },
		{ "Europe/Berlin", "2450-07-01T00:00:00Z", "2450-07-01 02:00:00.000000 +7200 CEST" },
		{ "Europe/Berlin", "2450-12-01T00:00:00Z", "2450-12-01 01:00:00.000000 +3600 CET" },
		{ "Europe/Berlin", "1800-01-01T00:00:00Z", "1800-01-01 00:53:28.000000 +3208 LMT" },
		{ "America/New_York", "2026-03-08T06:59:59Z", "2026-03-08 01:59:59.000000 -18000 EST" },
		{ "America/New_York", "2026-03-08T07:00:00Z", "2026-03-08 03:00:00.000000 -14400 EDT" },
		{ "America/New_York", "2099-11-01T05:59:59Z", "2099-11-01 01:59:59.000000 -14400 EDT" },
		{ "America/New_York", "2099-11-01T06:00:00Z", "2099-11-01 01:00:00.000000 -18000 EST" },
		{ "Australia/Lord_Howe", "2026-04-04T14:59:59Z", "2026-04-05 01:59:59.000000 +39600 +11" },
		{ "Australia/Lord_Howe", "2026-04-04T15:00:00Z", "2026-04-05 01:30:00.000000 +37800 +1030" },
		{ "Australia/Lord_Howe", "2080-10-05T15:30:00Z", "2080-10-06 02:30:00.000000 +39600 +11" },
		{ "Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29 23:59:59.000000 -36000 -10" },
		{ "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31 00:00:00.000000 +50400 +14" },
		{ "Asia/Kolkata", "2026-02-05T18:30:00Z", "2026-02-06 00:00:00.000000 +19800 IST" },
		{ "America/Sao_Paulo", "2018-11-04T02:59:59Z", "2018-11-03 23:59:59.000000 -10800 -03" },
		{ "America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-04 01:00:00.000000 -7200 -02" },
		{ "Europe/Dublin", "2060-01-01T00:00:00Z", "2060-01-01 00:00:00.000000 +0 GMT" },
		{ "Europe/Dublin", "2060-07-01T00:00:00Z", "2060-07-01 01:00:00.000000 +3600 IST" },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01T00:00:00Z", "2026-07-01 02:00:00.000000 +7200 CEST" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char got[64];
		show_local(got, zone(cases[i].zone), at(cases[i].t));
		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s %s: %s, not %s", cases[i].zone, cases[i].t, got, cases[i].want);
	}
}

/* clang-format off */
static const char *const some_zones[] = {
	"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata",
	"America/Sao_Paulo",
	"Europe/Dublin", "Africa/Casablanca", "Asia/Tehran", "Antarctica/Troll", "America/St_Johns", "Asia/Gaza",
	"Pacific/Chatham", "America/Nuuk", "Africa/Monrovia", "Etc/GMT+12",
};
/* clang-format on */

/* libc reads the same files with code of its own. Neighbouring times and several zones in turn try the cache. */
static void test_against_libc(void **state)
{
	(void)state;
	start_seed();
	for (size_t i = 0; i < COUNT(some_zones); i++)
		zone(some_zones[i]);
	for (int round = 0; round < 300; round++) {
		int64_t t = (int64_t)rnd(8000000000) - 2000000000;
		for (size_t i = 0; i < COUNT(some_zones); i++) {
			const struct zone *z = zone(some_zones[i]);
			setenv("TZ", some_zones[i], 1);
			tzset();
			for (int k = 0; k < 20; k++) {
				usec u = (t + k * (int64_t)rnd(90000)) * USEC_SEC + (usec)rnd(1000000), back[2];
				time_t secs = (time_t)((u - ((u % USEC_SEC) + USEC_SEC) % USEC_SEC) / USEC_SEC);
				struct tm tm;
				struct local l;
				char text[64];
				localtime_r(&secs, &tm);
				zone_local(z, u, &l);
				show_local(text, z, u);
				if (l.year != tm.tm_year + 1900 || l.mon != tm.tm_mon + 1 || l.day != tm.tm_mday ||
					l.hour != tm.tm_hour || l.min != tm.tm_min || l.sec != tm.tm_sec ||
					l.offset != tm.tm_gmtoff || strcmp(l.abbr, tm.tm_zone) != 0)
					fail_msg("%s %lld: %s", some_zones[i], (long long)secs, text);
				enum zone_fit fit = zone_to_utc(z, &l, back);
				if (fit == ZONE_GAP || (back[0] != u && back[1] != u) ||
					(fit == ZONE_ONCE) != (back[0] == back[1]) || back[0] > back[1])
					fail_msg("%s %s: back it is %lld %lld", some_zones[i], text, (long long)back[0],
						(long long)back[1]);
			}
		}
	}
	unsetenv("TZ");
	tzset();
}

/* ---- local to UTC ---- */

static void test_to_utc(void **state)
{
	/* clang-format off */
	static const struct {
		const char *zone, *local;
		enum zone_fit fit;
		const char *first, *second;
	} cases[] = {
		{ "UTC", "2026-02-05T14:32:00Z", ZONE_ONCE, "2026-02-05T14:32:00Z", NULL },
		{ "+03:00", "2026-02-05T14:32:00.5Z", ZONE_ONCE, "2026-02-05T11:32:00.5Z", NULL },
		{ "Europe/Berlin", "2026-03-29T01:59:59.999999Z", ZONE_ONCE, "2026-03-29T00:59:59.999999Z", NULL },
		{ "Europe/Berlin", "2026-03-29T02:00:00Z", ZONE_GAP, "2026-03-29T01:00:00Z", "2026-03-29T00:00:00Z" },
		{ "Europe/Berlin", "2026-03-29T02:59:59.999999Z", ZONE_GAP, "2026-03-29T01:59:59.999999Z",
			"2026-03-29T00:59:59.999999Z" },
		{ "Europe/Berlin", "2026-03-29T03:00:00Z", ZONE_ONCE, "2026-03-29T01:00:00Z", NULL },
		{ "Europe/Berlin", "2026-10-25T01:59:59Z", ZONE_ONCE, "2026-10-24T23:59:59Z", NULL },
		{ "Europe/Berlin", "2026-10-25T02:00:00Z", ZONE_TWICE, "2026-10-25T00:00:00Z",
			"2026-10-25T01:00:00Z" },
		{ "Europe/Berlin", "2026-10-25T02:59:59Z", ZONE_TWICE, "2026-10-25T00:59:59Z",
			"2026-10-25T01:59:59Z" },
		{ "Europe/Berlin", "2026-10-25T03:00:00Z", ZONE_ONCE, "2026-10-25T02:00:00Z", NULL },
		{ "Europe/Berlin", "2300-03-27T02:30:00Z", ZONE_ONCE, "2300-03-27T00:30:00Z", NULL },
		{ "Europe/Berlin", "2300-03-25T02:30:00Z", ZONE_GAP, "2300-03-25T01:30:00Z", "2300-03-25T00:30:00Z" },
		{ "America/New_York", "2026-03-08T02:30:00Z", ZONE_GAP, "2026-03-08T07:30:00Z",
			"2026-03-08T06:30:00Z" },
		{ "America/New_York", "2026-11-01T01:30:00Z", ZONE_TWICE, "2026-11-01T05:30:00Z",
			"2026-11-01T06:30:00Z" },
		{ "Australia/Lord_Howe", "2026-10-04T02:15:00Z", ZONE_GAP, "2026-10-03T15:45:00Z",
			"2026-10-03T15:15:00Z" },
		{ "Australia/Lord_Howe", "2026-10-04T02:30:00Z", ZONE_ONCE, "2026-10-03T15:30:00Z", NULL },
		{ "Australia/Lord_Howe", "2026-04-05T01:29:59Z", ZONE_ONCE, "2026-04-04T14:29:59Z", NULL },
		{ "Australia/Lord_Howe", "2026-04-05T01:30:00Z", ZONE_TWICE, "2026-04-04T14:30:00Z",
			"2026-04-04T15:00:00Z" },
		{ "Pacific/Apia", "2011-12-29T23:59:59Z", ZONE_ONCE, "2011-12-30T09:59:59Z", NULL },
		{ "Pacific/Apia", "2011-12-30T00:00:00Z", ZONE_GAP, "2011-12-30T10:00:00Z", "2011-12-29T10:00:00Z" },
		{ "Pacific/Apia", "2011-12-31T00:00:00Z", ZONE_ONCE, "2011-12-30T10:00:00Z", NULL },
		{ "America/Sao_Paulo", "2018-11-04T00:00:00Z", ZONE_GAP, "2018-11-04T03:00:00Z",
			"2018-11-04T02:00:00Z" },
		{ "America/Sao_Paulo", "2018-02-17T23:00:00Z", ZONE_TWICE, "2018-02-18T01:00:00Z",
			"2018-02-18T02:00:00Z" },
		{ "America/Sao_Paulo", "2018-02-18T00:00:00Z", ZONE_ONCE, "2018-02-18T03:00:00Z", NULL },
		{ "Asia/Kolkata", "2026-02-06T00:00:00Z", ZONE_ONCE, "2026-02-05T18:30:00Z", NULL },
		{ "Europe/Dublin", "2060-10-31T01:30:00Z", ZONE_TWICE, "2060-10-31T00:30:00Z",
			"2060-10-31T01:30:00Z" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct local l;
		usec got[2];
		zone_local(zone_utc(), at(cases[i].local), &l);
		l.offset = 12345; /* must not matter */
		enum zone_fit fit = zone_to_utc(zone(cases[i].zone), &l, got);
		usec first = at(cases[i].first), second = cases[i].second ? at(cases[i].second) : first;
		if (fit != cases[i].fit || got[0] != first || got[1] != second)
			fail_msg("%s %s: %d %lld %lld", cases[i].zone, cases[i].local, fit, (long long)got[0],
				(long long)got[1]);
	}
}

static void test_extremes(void **state)
{
	static const usec times[] = { INT64_MIN, INT64_MIN + 1, INT64_MAX, INT64_MAX - 1, 0, -1 };

	(void)state;
	for (size_t i = 0; i < COUNT(some_zones); i++) {
		for (size_t k = 0; k < COUNT(times); k++) {
			struct local l;
			usec got[2];
			zone_local(zone(some_zones[i]), times[k], &l);
			assert_true(l.mon >= 1 && l.mon <= 12 && l.day >= 1 && l.day <= 31 && l.usec_part >= 0);
			zone_to_utc(zone(some_zones[i]), &l, got);
			l.year = times[k] < 0 ? INT32_MIN : INT32_MAX;
			zone_to_utc(zone(some_zones[i]), &l, got);
		}
	}
}

/* ---- names ---- */

static void test_names(void **state)
{
	/* clang-format off */
	static const struct {
		const char *ask, *name; /* NULL: refused */
		const char *part;       /* of the refusal */
	} cases[] = {
		{ NULL, "UTC", NULL }, { "", "UTC", NULL }, { "UTC", "UTC", NULL }, { "Z", "UTC", NULL },
		{ "Etc/UTC", "Etc/UTC", NULL }, { "Europe/Berlin", "Europe/Berlin", NULL },
		{ "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires", NULL },
		{ "Etc/GMT+12", "Etc/GMT+12", NULL }, { "+03:00", "+03:00", NULL }, { "-0330", "-03:30", NULL },
		{ "+0300", "+03:00", NULL }, { "-05", "-05:00", NULL }, { "+00:00", "+00:00", NULL },
		{ "<+03>-3<+04>,M3.5.0,M10.5.0", "<+03>-3<+04>,M3.5.0,M10.5.0", NULL },
		{ "+", NULL, "no offset" }, { "-", NULL, "no offset" }, { "+3", NULL, "no offset" },
		{ "+03:", NULL, "no offset" },
		{ "+03:0", NULL, "no offset" }, { "+24:00", NULL, "no offset" }, { "+03:60", NULL, "no offset" },
		{ "+030", NULL, "no offset" }, { "+0:300", NULL, "no offset" }, { "+03:00 ", NULL, "no offset" },
		{ "+030000", NULL, "no offset" }, { "+03:00x", NULL, "no offset" },
		{ "Mars/Base", NULL, "no time zone is named \"Mars/Base\": write a name such as Europe/Berlin" },
		{ "UTC+3", NULL, "no time zone is named" }, { "Europe", NULL, "no time zone is named" },
		{ "../zoneinfo/Europe/Berlin", NULL, "cannot be a time zone" },
		{ "/etc/passwd", NULL, "cannot be a time zone" },
		{ "Europe/../Europe/Berlin", NULL, "cannot be a time zone" },
		{ "Europe//Berlin", NULL, "cannot be a time zone" },
		{ "Europe/Berlin/", NULL, "cannot be a time zone" }, { "./UTC", NULL, "cannot be a time zone" },
		{ "zone.tab", NULL, "cannot be a time zone" }, { "Europe/Ber lin", NULL, "cannot be a time zone" },
		{ "\x1b[31m", NULL, "cannot be a time zone" }, { ",", NULL, "no rule" },
		{ "CET-1CEST,M3.5.0", NULL, "no rule" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct zone *z = NULL;
		struct err err = { 0 };
		enum status st = zone_load(cases[i].ask, &z, &err);
		const char *ask = cases[i].ask ? cases[i].ask : "NULL";
		if (st != (cases[i].name ? ST_OK : ST_USAGE))
			fail_msg("%s: %d %s", ask, st, err.text);
		if (cases[i].name)
			assert_string_equal(zone_name(z), cases[i].name);
		else if (err.status != ST_USAGE || !strstr(err.text, cases[i].part))
			fail_msg("%s: %s", ask, err.text);
	}
	assert_ptr_equal(zone("Europe/Berlin"), zone("Europe/Berlin"));
	assert_ptr_equal(zone("+03:00"), zone("+0300"));
}

static void test_tz_variable(void **state)
{
	/* clang-format off */
	static const struct {
		const char *tz, *name;
	} cases[] = {
		{ "Europe/Berlin", "Europe/Berlin" }, { ":Europe/Berlin", "Europe/Berlin" }, { "", "UTC" },
		{ ":", "UTC" },
		{ "UTC", "UTC" }, { "Etc/UTC", "UTC" }, { "UTC0", "UTC" }, { "UTC+3", "-03:00" },
		{ "<+0530>-5:30", "+05:30" },
		{ ZONEINFO "/Asia/Kolkata", "Asia/Kolkata" },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "CET-1CEST,M3.5.0,M10.5.0/3" },
		{ "AAA3BBB", "AAA3BBB,M3.2.0,M11.1.0" }, { "bogus", NULL }, { "local", NULL }, { "../x", NULL },
		{ "/nowhere", NULL },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct zone *z = NULL;
		struct err err = { 0 };
		setenv("TZ", cases[i].tz, 1);
		enum status st = zone_load("local", &z, &err);
		if (st != (cases[i].name ? ST_OK : ST_USAGE))
			fail_msg("TZ=%s: %d %s", cases[i].tz, st, err.text);
		if (st != ST_OK) {
			assert_non_null(strstr(err.text, cases[i].tz));
			continue;
		}
		assert_string_equal(zone_name(z), cases[i].name);
		assert_ptr_equal(zone(zone_name(z)), z); /* the name can be loaded again */
	}
	unsetenv("TZ");
	assert_ptr_equal(zone("local"), zone("local"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calendar),
		cmocka_unit_test(test_local),
		cmocka_unit_test(test_against_libc),
		cmocka_unit_test(test_to_utc),
		cmocka_unit_test(test_extremes),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_tz_variable),
	};

	unsetenv("TZDIR");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
