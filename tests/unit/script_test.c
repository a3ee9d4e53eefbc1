/* script_test.c - the demo's script: its format, and that every line of the shipped one is a line the composer
 * takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/line.h"
#include "text/script.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

extern const char data_demo_checkout_txt[];

static void format(void **state)
{
	struct script s = {
		.at = "# comment\n\n+0:00:00 /open X\n+0:01:30 - bad: {-1} {+7d} {-x}\n--- half\n+1:00:00 last"
	};
	char *ids[] = { "aaaa", "bbbb" };
	struct str out = STR_INIT;
	struct err err;
	const char *text;
	size_t n;

	(void)state;
	assert_int_equal(script_next(&s, &text, &n, &err), SCRIPT_LINE);
	assert_int_equal(s.offset, 0);
	assert_int_equal(s.line, 3);
	assert_memory_equal(text, "/open X", n);
	assert_int_equal(script_next(&s, &text, &n, &err), SCRIPT_LINE);
	assert_int_equal(s.offset, 90 * USEC_SEC);
	assert_true(script_fill(text, n, ids, 2, &out));
	assert_string_equal(out.s, "- bad: bbbb {+7d} {-x}");
	str_reset(&out);
	assert_true(script_fill("{-2}{-1}", 8, ids, 2, &out));
	assert_string_equal(out.s, "aaaabbbb");
	assert_false(script_fill("{-3}", 4, ids, 2, &out));
	assert_false(script_fill("{-0}", 4, ids, 2, &out));
	assert_int_equal(script_next(&s, &text, &n, &err), SCRIPT_HALF);
	assert_int_equal(script_next(&s, &text, &n, &err), SCRIPT_LINE);
	assert_int_equal(s.offset, USEC_HOUR);
	assert_int_equal(script_next(&s, &text, &n, &err), SCRIPT_END);
	str_free(&out);
}

static void bad_lines(void **state)
{
	static const char *const bad[] = {
		"hello",
		"+1:00 x",
		"+0:00:60 x",
		"+0:0:00 x",
		"+0:00:00",
		"+0:00:00 ",
		"+ x",
		"+0:01:00 x\n+0:00:59 y",
		"--- halfway",
		"+1000:00:00 x",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct script s = { .at = bad[i] };
		struct err err = { .status = ST_OK };
		const char *text;
		size_t n;
		enum script_what what;
		while ((what = script_next(&s, &text, &n, &err)) == SCRIPT_LINE)
			;
		if (what != SCRIPT_BAD || !strstr(err.text, "line "))
			fail_msg("%s", bad[i]);
	}
}

static void shipped(void **state)
{
	struct script s = { .at = data_demo_checkout_txt };
	struct when_ctx ctx = {
		.now = (usec)1770301392 * USEC_SEC, .zone = zone_utc(), .prev = USEC_NONE, .last = USEC_NONE
	};
	char *ids[] = { "4f2a" };
	size_t lines = 0, halves = 0, approximate = 0, details = 0, corrections = 0;
	const char *text;
	size_t n;
	struct err err;
	enum script_what what;

	(void)state;
	while ((what = script_next(&s, &text, &n, &err)) != SCRIPT_END) {
		struct str filled = STR_INIT;
		struct line l;
		if (what == SCRIPT_BAD)
			fail_msg("%s", err.text);
		halves += what == SCRIPT_HALF;
		if (what != SCRIPT_LINE)
			continue;
		assert_true(script_fill(text, n, ids, 1, &filled));
		struct when_ctx now = ctx;
		now.now += s.offset;
		if (line_parse(filled.s, filled.len, LINE_COMPOSER, &now, &l, &err) != ST_OK)
			fail_msg("line %d: %s", s.line, err.text);
		assert_non_null(l.verb);
		if (lines == 0)
			assert_string_equal(l.verb, "open");
		assert_true(l.text[0] || l.actor);
		approximate += l.when.form != WHEN_NOTHING && l.when.approx_s > 0;
		details += strcmp(l.verb, "detail") == 0;
		corrections += strcmp(l.verb, "edit") == 0;
		lines++;
		line_clear(&l);
		str_free(&filled);
	}
	assert_true(lines >= 35);
	assert_int_equal(halves, 1);
	assert_int_equal(approximate, 1);
	assert_true(details >= 1);
	assert_int_equal(corrections, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(format), cmocka_unit_test(bad_lines),
		cmocka_unit_test(shipped) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
