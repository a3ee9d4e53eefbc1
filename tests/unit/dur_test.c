/* Durations, read and written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/when.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void test_dur_parse(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text;
		usec secs;        /* 0: refused */
		const char *part; /* of the refusal */
	} cases[] = {
		{ "3m", 180, NULL }, { "90s", 90, NULL }, { "1h10m", 4200, NULL }, { "2d", 172800, NULL },
		{ "1h 30m", 5400, NULL }, { "45 min", 2700, NULL }, { " 5m ", 300, NULL },
		{ "1d2h3m4s", 93784, NULL },
		{ "1 hour 30 minutes", 5400, NULL }, { "1 day", 86400, NULL }, { "2 hrs", 7200, NULL },
		{ "5M", 300, NULL },
		{ "10 sec", 10, NULL }, { "100m", 6000, NULL }, { "36500d", 36500LL * 86400, NULL },
		{ "1h\t5m", 3900, NULL },
		{ "", 0, "there is none" }, { "  ", 0, "there is none" }, { "1:30", 0, "looks like a time of day" },
		{ "5", 0, "a unit is missing" }, { "1h30", 0, "a unit is missing" },
		{ "-5m", 0, "cannot be negative" },
		{ "0m", 0, "longer than 0" }, { "0h0m", 0, "longer than 0" }, { "1m1h", 0, "do not fall" },
		{ "5m5m", 0, "do not fall" }, { "1.5h", 0, "whole numbers" }, { "5x", 0, "whole numbers" },
		{ "5m later", 0, "whole numbers" }, { "m", 0, "whole numbers" }, { "36501d", 0, "over 100 years" },
		{ "99999999999999999999s", 0, "over 100 years" }, { "36500d23h", 0, "over 100 years" },
		{ "5 minutesandmore", 0, "whole numbers" }, { "5\xc2\xb5s", 0, "whole numbers" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = { 0 };
		usec got = -1;
		enum status st = dur_parse(cases[i].text, &got, &err);
		bool ok = cases[i].secs > 0;
		if (st != (ok ? ST_OK : ST_USAGE) || got != cases[i].secs * USEC_SEC || dur_looks(cases[i].text) != ok)
			fail_msg("\"%s\": %d %lld %s", cases[i].text, st, (long long)got, err.text);
		if (!ok && (!strstr(err.text, cases[i].part) || !strstr(err.text, ": write 90s")))
			fail_msg("\"%s\": %s", cases[i].text, err.text);
	}
}

static void test_dur_prefix(void **state)
{
	usec d;
	const char *wrong;

	(void)state;
	assert_int_equal(dur_prefix("1h10m rest", 10, &d, &wrong), 5);
	assert_true(d == 70 * USEC_MIN && !wrong);
	assert_int_equal(dur_prefix("1h10m", 2, &d, &wrong), 2);
	assert_true(d == USEC_HOUR && !wrong);
	assert_int_equal(dur_prefix("1h 10m", 6, &d, &wrong), 2);
	assert_int_equal(dur_prefix("0s", 2, &d, &wrong), 2);
	assert_true(d == 0 && !wrong);
	assert_int_equal(dur_prefix("1m1h", 4, &d, &wrong), 4);
	assert_non_null(wrong);
	assert_int_equal(dur_prefix("10", 2, &d, &wrong), 0);
	assert_int_equal(dur_prefix("", 0, &d, &wrong), 0);
}

static void test_dur_fmt(void **state)
{
	/* clang-format off */
	static const struct {
		void (*fmt)(struct str *, usec);
		usec d;
		const char *want;
	} cases[] = {
		{ dur_fmt, 0, "0s" }, { dur_fmt, 999999, "0s" }, { dur_fmt, -999999, "0s" },
		{ dur_fmt, 33 * USEC_SEC, "33s" },
		{ dur_fmt, 195 * USEC_SEC, "3m15s" }, { dur_fmt, 180 * USEC_SEC, "3m" },
		{ dur_fmt, 135 * USEC_MIN, "2h15m" },
		{ dur_fmt, 135 * USEC_MIN + 59 * USEC_SEC, "2h15m" }, { dur_fmt, 2 * USEC_HOUR + 5 * USEC_SEC, "2h" },
		{ dur_fmt, 26 * USEC_HOUR, "1d2h" }, { dur_fmt, USEC_DAY + 5 * USEC_MIN, "1d" },
		{ dur_fmt, 400 * USEC_DAY, "400d" }, { dur_fmt, -195 * USEC_SEC, "-3m15s" },
		{ dur_fmt, USEC_HOUR - 1, "59m59s" }, { dur_fmt, USEC_NONE, "unknown" },
		{ dur_fmt, INT64_MAX, "106751991d4h" }, { dur_fmt, -INT64_MAX, "-106751991d4h" },
		{ dur_fmt_exact, 93784 * USEC_SEC, "1d2h3m4s" }, { dur_fmt_exact, 0, "0s" },
		{ dur_fmt_exact, USEC_DAY + 5 * USEC_SEC, "1d5s" }, { dur_fmt_exact, -93784 * USEC_SEC, "-1d2h3m4s" },
		{ dur_fmt_exact, 2592 * USEC_SEC, "43m12s" }, { dur_fmt_exact, USEC_NONE, "unknown" },
		{ dur_fmt_words, 195 * USEC_SEC, "3 minutes 15 seconds" },
		{ dur_fmt_words, 61 * USEC_SEC, "1 minute 1 second" },
		{ dur_fmt_words, 0, "0 seconds" }, { dur_fmt_words, USEC_DAY, "1 day" },
		{ dur_fmt_words, 50 * USEC_HOUR + USEC_MIN, "2 days 2 hours" },
		{ dur_fmt_words, -USEC_HOUR, "-1 hour" }, { dur_fmt_words, USEC_NONE, "unknown" },
		{ dur_fmt_left, 0, "00:00" }, { dur_fmt_left, 1, "00:01" }, { dur_fmt_left, USEC_SEC, "00:01" },
		{ dur_fmt_left, USEC_SEC + 1, "00:02" }, { dur_fmt_left, 65 * USEC_SEC, "01:05" },
		{ dur_fmt_left, 192 * USEC_SEC, "03:12" }, { dur_fmt_left, USEC_HOUR - USEC_SEC, "59:59" },
		{ dur_fmt_left, USEC_HOUR - 1, "1:00:00" }, { dur_fmt_left, USEC_HOUR, "1:00:00" },
		{ dur_fmt_left, 13538 * USEC_SEC, "3:45:38" }, { dur_fmt_left, 100 * USEC_HOUR, "100:00:00" },
		{ dur_fmt_left, -1, "00:00" }, { dur_fmt_left, -999999, "00:00" },
		{ dur_fmt_left, -USEC_SEC, "+00:01" },
		{ dur_fmt_left, -USEC_SEC - 999999, "+00:01" }, { dur_fmt_left, -USEC_HOUR + 1, "+59:59" },
		{ dur_fmt_left, -USEC_HOUR, "+1:00:00" }, { dur_fmt_left, -3723 * USEC_SEC, "+1:02:03" },
		{ dur_fmt_left, INT64_MAX, "2562047788:00:55" }, { dur_fmt_left, USEC_NONE, "unknown" },
		{ dur_fmt_tplus, 0, "00:00:00" }, { dur_fmt_tplus, 862 * USEC_SEC, "00:14:22" },
		{ dur_fmt_tplus, 999999, "00:00:00" }, { dur_fmt_tplus, 100 * USEC_HOUR + 1, "100:00:00" },
		{ dur_fmt_tplus, -1, "-00:00:01" }, { dur_fmt_tplus, -USEC_SEC, "-00:00:01" },
		{ dur_fmt_tplus, -3723 * USEC_SEC, "-01:02:03" }, { dur_fmt_tplus, USEC_NONE, "unknown" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str b = STR_INIT;
		str_adds(&b, "x");
		cases[i].fmt(&b, cases[i].d);
		if (strcmp(b.s + 1, cases[i].want) != 0 || b.s[0] != 'x')
			fail_msg("%lld µs: %s, not %s", (long long)cases[i].d, b.s + 1, cases[i].want);
		str_free(&b);
	}
}

/* What dur_fmt_exact writes, dur_parse reads. */
static void test_dur_round_trip(void **state)
{
	(void)state;
	for (usec d = USEC_SEC; d < 3000 * USEC_DAY; d = d * 3 / 2 + 7 * USEC_SEC) {
		struct str b = STR_INIT;
		usec got;
		dur_fmt_exact(&b, d);
		assert_int_equal(dur_parse(b.s, &got, NULL), ST_OK);
		assert_true(got == d / USEC_SEC * USEC_SEC);
		str_free(&b);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dur_parse),
		cmocka_unit_test(test_dur_prefix),
		cmocka_unit_test(test_dur_fmt),
		cmocka_unit_test(test_dur_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
