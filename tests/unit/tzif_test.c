/* What zones are made of: rules, TZif files sound and damaged, the name of the system's own zone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/tzif.h"
#include "base/when.h"
#include "base/zone.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define ZONEINFO "/usr/share/zoneinfo"

static char dir[64]; /* made and removed by main */

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

static void put_file(const char *name, const uint8_t *bytes, size_t n)
{
	char *path = str_fmt("%s/%s", dir, name);
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	free(path);
}

static void drop_file(const char *name)
{
	char *path = str_fmt("%s/%s", dir, name);

	unlink(path);
	free(path);
}

static void test_system_name(void **state)
{
	/* clang-format off */
	static const struct {
		const char *link, *timezone, *want; /* link NULL: a copy of Berlin's file */
	} cases[] = {
		{ ZONEINFO "/Europe/Berlin", NULL, "Europe/Berlin" },
		{ "../usr/share/zoneinfo/Asia/Kolkata", "Europe/Berlin\n", "Asia/Kolkata" },
		{ ZONEINFO "/posix/Europe/Berlin", NULL, "Europe/Berlin" },
		{ ZONEINFO "/../x", NULL, NULL },
		{ "/elsewhere/berlin", NULL, NULL },
		{ NULL, "Europe/Berlin\n", "Europe/Berlin" },
		{ NULL, "Europe/Berlin", "Europe/Berlin" },
		{ NULL, "America/New_York\n", NULL }, /* left over: another zone's bytes */
		{ NULL, "../zoneinfo/Europe/Berlin\n", NULL },
		{ NULL, "", NULL },
		{ NULL, NULL, NULL },
	};
	/* clang-format on */
	size_t n;
	uint8_t *berlin = tz_slurp(ZONEINFO "/Europe/Berlin", &n);
	char *lt = str_fmt("%s/localtime", dir), *tz = str_fmt("%s/timezone", dir);

	(void)state;
	assert_non_null(berlin);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char got[64] = "";
		if (cases[i].link)
			assert_int_equal(symlink(cases[i].link, lt), 0);
		else
			put_file("localtime", berlin, n);
		if (cases[i].timezone)
			put_file("timezone", (const uint8_t *)cases[i].timezone, strlen(cases[i].timezone));
		bool ok = tz_system_name(got, sizeof got, lt, tz, ZONEINFO);
		if (ok != (cases[i].want != NULL) || (ok && strcmp(got, cases[i].want) != 0))
			fail_msg("case %zu: %d %s", i, ok, got);
		unlink(lt);
		unlink(tz);
	}
	free(berlin);
	free(lt);
	free(tz);
}

/* ---- POSIX rules ---- */

static void test_rules(void **state)
{
	/* clang-format off */
	static const struct {
		const char *rule, *t, *want;
	} good[] = {
		{ "EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", "-14400 EDT" },
		{ "EST5EDT,M3.2.0,M11.1.0", "2026-11-01T06:00:00Z", "-18000 EST" },
		{ "AAA-1BBB,J60,J300", "2024-02-29T12:00:00Z", "+3600 AAA" }, /* J60 is March 1 in every year */
		{ "AAA-1BBB,J60,J300", "2024-03-01T02:00:00Z", "+7200 BBB" },
		{ "AAA-1BBB,J60,J300", "2023-03-01T02:00:00Z", "+7200 BBB" },
		{ "AAA-1BBB,59,299", "2024-02-29T02:00:00Z", "+7200 BBB" },   /* 59 is February 29 in leap years */
		{ "AAA-1BBB,59,299", "2023-03-01T00:59:59Z", "+3600 AAA" },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", "-7200 -02" },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", "-3600 -01" },
		{ "IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27T00:00:00Z", "+10800 IDT" },
		{ "IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-26T23:59:59Z", "+7200 IST" },
		{ "XXX3EDT4,0/0,J365/23", "2026-01-01T04:00:00Z", "-14400 EDT" }, /* summer time all year */
		{ "XXX3EDT4,0/0,J365/23", "2026-12-31T23:59:59Z", "-14400 EDT" },
		{ "AAA0BBB,J365/167,J1/-167", "2026-07-01T00:00:00Z",
			"+3600 BBB" }, /* both days outside their year */
		{ "AAA0BBB,J365/167,J1/-167", "2026-01-03T00:00:00Z", "+0 AAA" },
		{ "<+0530>-5:30:15<+0630>,M4.1.0,M9.1.0", "2026-01-01T00:00:00Z", "+19815 +0530" },
		{ "NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-01-01T00:00:00Z", "+46800 NZDT" },
		{ "ABCDEFGHIJKLMNO-1XYZ,M3.5.0,M10.5.0", "2026-01-01T00:00:00Z", "+3600 ABCDEFGHIJK" },
	};
	/* clang-format on */
	/* clang-format off */
	static const char *const bad[] = {
		"", "CET", "CE-1", "CET-1CEST,", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,", "CET-1CEST,M13.5.0,M10.5.0",
		"CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/168", "CET-25",
		"CET-1CEST,J0,J300", "CET-1CEST,J366,J1", "CET-1CEST,366,1", "CET-1:60", "CET-1CEST,M3.5.0,M10.5.0x",
		"<CET-1",
		"CET-1:", "CET-1CEST,M3.5.0,M10.5.0/", "C\x1bT-1", "CET-99999999999999999999", "CET-1CE",
		"CET-1CEST,M0.1.0,M1.1.0",
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct local l;
		char got[32];
		zone_local(zone(good[i].rule), at(good[i].t), &l);
		snprintf(got, sizeof got, "%+d %s", l.offset, l.abbr);
		if (strcmp(got, good[i].want) != 0)
			fail_msg("%s %s: %s, not %s", good[i].rule, good[i].t, got, good[i].want);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct tz_rule r;
		size_t n = strlen(bad[i]);
		char *exact = xmalloc(n ? n : 1);
		memcpy(exact, bad[i], n);
		if (tz_rule_read(&r, exact, n))
			fail_msg("%s was taken", bad[i]);
		free(exact);
	}
}

/* ---- TZif files ---- */

struct file {
	uint8_t b[512];
	size_t n;
};

static void put_be(struct file *f, int64_t v, int size)
{
	for (int i = size - 1; i >= 0; i--)
		f->b[f->n++] = (uint8_t)((uint64_t)v >> (8 * i));
}

static void put_head(struct file *f, char version, int times, int types, int chars, int leaps)
{
	static const char zeros[15] = "";
	int counts[] = { 0, 0, leaps, times, types, chars };

	memcpy(f->b + f->n, "TZif", 4);
	f->b[f->n + 4] = (uint8_t)version;
	memcpy(f->b + f->n + 5, zeros, 15);
	f->n += 20;
	for (int i = 0; i < 6; i++)
		put_be(f, counts[i], 4);
}

/* Two types: AAA at UTC, BBB one hour east; transitions at the times given, BBB first. */
static void put_body(struct file *f, int size, const int64_t *times, int n, const char *footer)
{
	for (int i = 0; i < n; i++)
		put_be(f, times[i], size);
	for (int i = 0; i < n; i++)
		f->b[f->n++] = (uint8_t)((i + 1) % 2);
	put_be(f, 0, 4);
	put_be(f, 0, 2);
	put_be(f, 3600, 4);
	put_be(f, 0x0104, 2);
	memcpy(f->b + f->n, "AAA\0BBB", 8);
	f->n += 8;
	if (footer)
		f->n += (size_t)snprintf((char *)f->b + f->n, sizeof f->b - f->n, "\n%s\n", footer);
}

static struct file make_v2(const int64_t *times, int n, const char *footer)
{
	struct file f = { .n = 0 };

	put_head(&f, '2', 0, 1, 1, 0);
	put_be(&f, 0, 7);
	put_head(&f, '2', n, 2, 8, 0);
	put_body(&f, 8, times, n, footer);
	return f;
}

static const struct zone *load_file(const char *name, const struct file *f)
{
	setenv("TZDIR", dir, 1);
	put_file(name, f->b, f->n);
	const struct zone *z = zone(name);
	drop_file(name);
	unsetenv("TZDIR");
	return z;
}

static void expect_abbr(const struct zone *z, usec secs, const char *abbr)
{
	struct local l;

	zone_local(z, secs * USEC_SEC, &l);
	assert_string_equal(l.abbr, abbr);
}

static void test_made_files(void **state)
{
	static const int64_t times[] = { 1000, 2000, 3000 };
	static const int64_t far[] = { INT64_MIN, 5000000000 };
	struct file f = { .n = 0 };

	(void)state;
	put_head(&f, 0, 3, 2, 8, 0); /* version 1: the last type goes on */
	put_body(&f, 4, times, 3, NULL);
	const struct zone *z = load_file("Made1", &f);
	expect_abbr(z, 999, "AAA");
	expect_abbr(z, 1000, "BBB");
	expect_abbr(z, 2000, "AAA");
	expect_abbr(z, 4000000000, "BBB");

	f = make_v2(times, 3, ""); /* no rule: the same */
	z = load_file("Made2", &f);
	expect_abbr(z, -5000000000, "AAA");
	expect_abbr(z, 2999, "AAA");
	expect_abbr(z, 5000000000, "BBB");

	f = make_v2(times, 3, "CCC-2"); /* the rule takes over at the last transition */
	z = load_file("Made3", &f);
	expect_abbr(z, 2999, "AAA");
	expect_abbr(z, 3000, "CCC");

	f = make_v2(times, 3, "CCC-2DDD,J1/0,J300"); /* but not before it, though its summer began earlier */
	z = load_file("Made8", &f);
	expect_abbr(z, 3001, "DDD");
	expect_abbr(z, 2500, "AAA");

	f = make_v2(NULL, 0, "CCC-2DDD,J1/0,J100"); /* an empty table: the rule is for all times */
	z = load_file("Made4", &f);
	expect_abbr(z, -5000000000, "CCC");
	expect_abbr(z, 0, "DDD");
	expect_abbr(z, 86400 * 150, "CCC");

	f = make_v2(NULL, 0, "");
	z = load_file("Made5", &f);
	expect_abbr(z, 0, "AAA");

	f = make_v2(far, 2, "");
	z = load_file("Made6", &f);
	expect_abbr(z, -4000000000, "BBB");
	expect_abbr(z, 5000000000, "AAA");

	f.n = 0; /* leap seconds are taken off: 1500 counts one */
	put_head(&f, 0, 3, 2, 8, 1);
	put_body(&f, 4, times, 3, NULL);
	put_be(&f, 1500, 4);
	put_be(&f, 1, 4);
	z = load_file("Made7", &f);
	expect_abbr(z, 1000, "BBB");
	expect_abbr(z, 1998, "BBB");
	expect_abbr(z, 1999, "AAA");
}

static void test_bad_files(void **state)
{
	static const int64_t times[] = { 1000, 2000, 3000 }, falling[] = { 1000, 3000, 2000 },
			     same[] = { 1000, 1000, 2000 };
	const size_t body = 44 + 7 + 44; /* of the second block of make_v2 */
	/* clang-format off */
	const struct {
		struct file f;
		size_t at;    /* 0: as it is */
		uint8_t byte;
		const char *part;
	} cases[] = {
		{ make_v2(falling, 3, ""), 0, 0, "is damaged" },
		{ make_v2(same, 3, ""), 0, 0, "is damaged" },
		{ make_v2(times, 3, "nonsense"), 0, 0, "rule that is not understood" },
		{ make_v2(times, 3, ""), 0, 0, NULL },
		{ make_v2(times, 3, ""), 1, 'X', "is no TZif file" },
		{ make_v2(times, 3, ""), 4, '1', "is no TZif file" },
		{ make_v2(times, 3, ""), 44 + 7 + 1, 'X', "is cut short" },
		{ make_v2(times, 3, ""), body + 24, 2, "is damaged" },      /* index of a type that is not there */
		{ make_v2(times, 3, ""), body + 27, 0x7f, "is damaged" },   /* an offset of years */
		{ make_v2(times, 3, ""), body + 31, 2, "is damaged" },      /* isdst */
		{ make_v2(times, 3, ""), body + 32, 8, "is damaged" },      /* abbreviation outside its table */
		{ make_v2(times, 3, ""), body + 39, 0x1b, "is damaged" },   /* ESC in an abbreviation */
		{ make_v2(times, 3, ""), body + 46, 'B', "is damaged" },    /* abbreviation without end */
		{ make_v2(times, 3, ""), body + 47, 'x', "is damaged" },    /* no footer */
		{ make_v2(times, 3, ""), 44 + 7 + 32, 0xff, "is cut short" }, /* four milliard transitions */
		{ make_v2(times, 3, ""), 44 + 7 + 39, 0, "is damaged" },    /* no type at all */
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct file f = cases[i].f;
		const struct zone *z = NULL;
		struct err err = { 0 };
		char name[16];
		if (cases[i].at)
			f.b[cases[i].at] = cases[i].byte;
		snprintf(name, sizeof name, "Bad%zu", i);
		put_file(name, f.b, f.n);
		setenv("TZDIR", dir, 1);
		enum status st = zone_load(name, &z, &err);
		unsetenv("TZDIR");
		drop_file(name);
		if (st != (cases[i].part ? ST_USAGE : ST_OK) || (cases[i].part && !strstr(err.text, cases[i].part)))
			fail_msg("case %zu: %d %s", i, st, err.text);
	}
	setenv("TZDIR", "/nowhere", 1);
	struct err err = { 0 };
	const struct zone *z;
	assert_int_equal(zone_load("Bad/Missing", &z, &err), ST_USAGE);
	assert_non_null(strstr(err.text, "install tzdata"));
	unsetenv("TZDIR");
}

/* As many bytes as there are, so that a sanitizer sees a read beyond them. */
static bool reads(const uint8_t *bytes, size_t n, const char **why)
{
	uint8_t *exact = xmalloc(n ? n : 1);
	struct tz_data d;

	memcpy(exact, bytes, n);
	*why = NULL;
	bool ok = tzif_read(&d, exact, n, why);
	free(exact);
	if (ok)
		tz_data_free(&d);
	return ok;
}

static void test_truncated(void **state)
{
	static const char *const files[] = { "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia",
		"UTC" };

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		char *path = str_fmt("%s/%s", ZONEINFO, files[i]);
		const char *why;
		size_t n;
		uint8_t *bytes = tz_slurp(path, &n);
		assert_non_null(bytes);
		assert_true(reads(bytes, n, &why));
		for (size_t cut = 0; cut < n; cut++)
			if (reads(bytes, cut, &why) || !why || !*why)
				fail_msg("%s cut to %zu bytes was taken", path, cut);
		free(bytes);
		free(path);
	}
}

/* Whatever a damaged file still passes as a zone must give readings of the calendar and find its way back. */
static void use_zone(const struct zone *z)
{
	for (int i = 0; i < 40; i++) {
		usec t = ((int64_t)rnd(12000000000) - 4000000000) * USEC_SEC, back[2];
		struct local l;
		zone_local(z, t, &l);
		assert_true(l.mon >= 1 && l.mon <= 12 && l.day >= 1 && l.day <= cal_month_days(l.year, l.mon));
		assert_true(l.hour >= 0 && l.hour < 24 && l.min >= 0 && l.min < 60 && l.sec >= 0 && l.sec < 60);
		assert_true(l.offset >= -89999 && l.offset <= 93599 && strlen(l.abbr) < sizeof l.abbr);
		enum zone_fit fit = zone_to_utc(z, &l, back);
		assert_true(fit == ZONE_ONCE || fit == ZONE_TWICE);
		assert_true(back[0] <= t && t <= back[1]);
		l.hour = (int)rnd(24);
		fit = zone_to_utc(z, &l, back);
		assert_true(fit == ZONE_GAP ? back[0] > back[1] : (fit == ZONE_TWICE) == (back[0] < back[1]));
	}
}

static void test_flipped(void **state)
{
	static const char *const files[] = { "Europe/Berlin", "Asia/Kolkata", "Pacific/Apia" };
	int taken = 0, refused = 0;

	(void)state;
	start_seed();
	setenv("TZDIR", dir, 1);
	for (int round = 0; round < 3000; round++) {
		char *path = str_fmt("%s/%s", ZONEINFO, files[round % 3]);
		char name[16];
		const struct zone *z;
		struct err err;
		size_t n;
		uint8_t *bytes = tz_slurp(path, &n);
		assert_non_null(bytes);
		for (uint64_t k = rnd(4) + 1; k > 0; k--)
			bytes[rnd(n)] = (uint8_t)rnd(256);
		snprintf(name, sizeof name, "Flip%d", round);
		put_file(name, bytes, n);
		enum status st = zone_load(name, &z, &err);
		assert_true(st == ST_OK || st == ST_USAGE);
		if (st == ST_OK)
			use_zone(z);
		taken += st == ST_OK;
		refused += st != ST_OK;
		drop_file(name);
		free(bytes);
		free(path);
	}
	unsetenv("TZDIR");
	print_message("%d flipped files taken, %d refused\n", taken, refused);
	assert_true(taken > 0 && refused > 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_system_name),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_made_files),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_flipped),
	};
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof dir, "%.40s/tplus-tzif-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	unsetenv("TZDIR");
	if (!mkdtemp(dir)) {
		perror(dir);
		return 1;
	}
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(dir);
	return failed;
}
