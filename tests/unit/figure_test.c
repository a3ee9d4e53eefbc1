/* figure_test.c - the figures of the five documents, checked against those printed in their models. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/figure.h"
#include "verb/attr.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define HM(h, m) (((h)*60 + (m)) * USEC_MIN)

static void none(struct milestones *ms)
{
	memset(ms, 0, sizeof *ms);
	for (int m = 0; m < MS_COUNT; m++)
		ms->at[m] = USEC_NONE;
	ms->reopened_at = USEC_NONE;
	ms->status = MS_NONE;
}

/* ---- ends ---- */

static void test_ends(void **state)
{
	static const struct { const char *template; int from, to; } table[] = {
		{ "classic", MS_STARTED, MS_MITIGATED }, { "sev", MS_DETECTED, MS_CLOSED }, { "analysis", MS_DETECTED, MS_CLOSED },
		{ "slo", MS_STARTED, MS_RESOLVED }, { "detailed", MS_STARTED, MS_CLOSED }, { "mine", MS_NONE, MS_NONE }, { NULL, MS_NONE, MS_NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		const struct document_ends *e = document_ends(table[i].template);
		assert_int_equal(e->duration.from, table[i].from);
		assert_int_equal(e->duration.to, table[i].to);
	}
	assert_int_equal(document_ends("slo")->total.from, MS_DETECTED);
	assert_int_equal(document_ends("detailed")->total.to, MS_RESOLVED);
	assert_int_equal(document_ends("slo")->budget.to, MS_RESOLVED);
	assert_int_equal(document_ends("detailed")->budget.to, MS_CLOSED);
	assert_int_equal(document_ends("classic")->budget.to, MS_NONE);
}

static void test_percent(void **state)
{
	static const struct { int64_t part, whole; const char *want; } table[] = {
		{ 12 * USEC_MIN, 2592 * USEC_SEC, "27.8" }, /* 12 of 43.2 minutes */
		{ 135, 216, "62.5" }, { 81, 216, "37.5" }, { 0, 5, "0" }, { 1, 3, "33.3" }, { 2, 3, "66.7" }, { 216, 216, "100" },
		{ 250, 200, "125" }, { -47, 1000, "-4.7" }, { 1, 2000, "0.1" }, { -1, 100000, "0" }, { 1, 0, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct str b = STR_INIT;
		assert_int_equal(figure_percent(&b, table[i].part, table[i].whole), table[i].want != NULL);
		assert_string_equal(b.s, table[i].want ? table[i].want : "");
		str_free(&b);
	}
}

/* ---- metrics ---- */

static void test_measures(void **state)
{
	static const struct { const char *text, *unit; bool known; int64_t micro; const char *is; } table[] = {
		{ "99.9%", NULL, true, 99900000, "%" }, { "250 ms", NULL, true, 250000000, "ms" }, { "0.2", "%", true, 200000, "%" },
		{ "~1,200 req/s", NULL, true, INT64_C(1200000000), "req/s" }, { "< 1%", NULL, true, 1000000, "%" }, { "-5", NULL, true, -5000000, "" },
		{ "Timeout (30s)", NULL, false, 0, "" }, { "2x normal volume", NULL, false, 0, "" }, { "", NULL, false, 0, "" }, { NULL, NULL, false, 0, "" },
		{ "5s (timeout)", NULL, true, 5000000, "s" }, { "1.2.3", NULL, false, 0, "" }, { "99999999999999", NULL, false, 0, "" },
		{ "1,50 %", NULL, false, 0, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct measure m = measure_of(table[i].text, table[i].unit);
		if (m.known != table[i].known)
			fail_msg("%s: known %d", table[i].text, m.known);
		if (!m.known)
			continue;
		assert_int_equal(m.micro, table[i].micro);
		assert_string_equal(m.unit, table[i].is);
	}
}

static void test_differences(void **state)
{
	static const struct { const char *before, *during, *difference, *factor; } table[] = {
		{ "99.9%", "95.2%", "-4.7 %", "0.95x" }, { "99.9%", "98.1%", "-1.8 %", "0.98x" }, { "99.9%", "99.5%", "-0.4 %", "1x" },
		{ "200ms", "5000ms", "+4800 ms", "25x" }, { "150ms", "800ms", "+650 ms", "5.3x" }, { "200 ms", "5 s", "+4.8 s", "25x" },
		{ "0.01%", "15.3%", "+15.29 %", "1530x" }, { "0", "5", "+5", NULL }, { "5", "5", "0", "1x" }, { "~200ms", "400ms", "~+200 ms", "~2x" },
		{ "5s", "3%", NULL, NULL }, { "5", "3%", NULL, NULL }, { "250ms", "Timeout", NULL, NULL }, { "1000000000000 h", "1 us", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct measure x = measure_of(table[i].before, NULL), y = measure_of(table[i].during, NULL);
		struct str d = STR_INIT, f = STR_INIT;
		bool has_d = measure_difference(&d, &x, &y), has_f = measure_factor(&f, &x, &y);
		if (has_d != (table[i].difference != NULL) || has_f != (table[i].factor != NULL) ||
			strcmp(d.s, table[i].difference ? table[i].difference : "") != 0 || strcmp(f.s, table[i].factor ? table[i].factor : "") != 0)
			fail_msg("%s, %s: got %s, %s", table[i].before, table[i].during, d.s, f.s);
		str_free(&d);
		str_free(&f);
	}
}

static void test_targets(void **state)
{
	static const struct { const char *name, *target, *actual; enum kept want; } table[] = {
		{ "Autosave success", "99.5%", "98.2%", KEPT_MISSED }, { "API availability", "99.9%", "99.9 %", KEPT_MET },
		{ "p95 latency", "500 ms", "0.4 s", KEPT_MET }, { "error rate", "1%", "1.01%", KEPT_MISSED }, { "error rate", "1%", "high", KEPT_UNKNOWN },
		{ "error rate", "", "1%", KEPT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct measure t = measure_of(table[i].target, NULL), a = measure_of(table[i].actual, NULL);
		assert_int_equal(measure_kept(&t, &a, metric_rises(table[i].name)), table[i].want);
	}
}

static void test_key_metrics(void **state)
{
	struct milestones ms;
	struct str b = STR_INIT;
	struct key_metric v[] = { { (char[]){ "a" }, (char[]){ "1.5" } }, { (char[]){ "b" }, NULL }, { (char[]){ "a" }, (char[]){ "2" } } };
	const usec day = INT64_C(1705276800) * USEC_SEC; /* 2024-01-15 */

	(void)state;
	none(&ms);
	ms.at[MS_DETECTED] = day + HM(14, 30);
	ms.at[MS_CLOSED] = day + HM(16, 45);
	key_metrics_fmt(&b, &ms, document_ends("analysis")->duration, v, 3);
	assert_string_equal(b.s, "{\n  \"incident_start\": \"2024-01-15T14:30:00Z\",\n  \"incident_end\": \"2024-01-15T16:45:00Z\",\n"
				 "  \"duration_minutes\": 135,\n  \"a\": 1.5,\n  \"b\": null\n}");
	str_reset(&b);
	ms.at[MS_CLOSED] = USEC_NONE;
	key_metrics_fmt(&b, &ms, document_ends("analysis")->duration, NULL, 0);
	assert_string_equal(b.s, "{\n  \"incident_start\": \"2024-01-15T14:30:00Z\",\n  \"incident_end\": null,\n  \"duration_minutes\": null\n}");
	str_reset(&b);
	key_metrics_fmt(&b, &ms, document_ends("mine")->duration, NULL, 0);
	assert_string_equal(b.s, "{\n  \"incident_start\": null,\n  \"incident_end\": null,\n  \"duration_minutes\": null\n}");
	str_free(&b);
}

static void test_key_names(void **state)
{
	static const struct { const char *name, *service, *suffix, *unit, *want; } table[] = {
		{ "error rate", "API", "peak", "%", "error_rate_api_peak" }, { "p95 latency", NULL, "peak", "ms", "p95_latency_peak_ms" },
		{ "latency", "POST /v1/calls", NULL, "s", "latency_post_v1_calls_s" }, { "\xc3\xa9\"\n", NULL, NULL, NULL, "metric" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		char *key = key_metric_name(table[i].name, table[i].service, table[i].suffix, table[i].unit);
		assert_string_equal(key, table[i].want);
		free(key);
	}
}

/* ---- words ---- */

static void test_severities(void **state)
{
	static const struct { const char *template; int severity; const char *want; } table[] = {
		{ "classic", 1, "P1" }, { "classic", 0, "P1 (SEV-0)" }, { "classic", 4, "P4" }, { "sev", 2, "SEV-2" }, { "analysis", 0, "P0" },
		{ "analysis", 4, "P3 (SEV-4)" }, { "slo", 2, "P2" }, { "slo", 3, "P2 (SEV-3)" }, { "detailed", 4, "P2 (SEV-4)" }, { "mine", 4, "SEV-4" },
		{ "slo", SEV_UNKNOWN, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct str b = STR_INIT;
		figure_severity(&b, table[i].template, table[i].severity, "SEV");
		assert_string_equal(b.s, table[i].want);
		str_free(&b);
	}
}

static void test_action_words(void **state)
{
	(void)state;
	assert_string_equal(action_status_in("classic", "open"), "Not Started");
	assert_string_equal(action_status_in("sev", "open"), "Open");
	assert_string_equal(action_status_in("analysis", "in progress"), "In Progress");
	assert_non_null(strstr(action_status_in("detailed", "open"), "Planned"));
	assert_string_equal(action_status_in("classic", "waiting"), "waiting");
	assert_string_equal(action_status_in("default", "open"), "open");
}

static void test_groups(void **state)
{
	static const struct { const char *template; int priority; const char *horizon, *status; int want; } table[] = {
		{ "classic", 0, NULL, "open", 0 }, { "classic", 1, NULL, "open", 0 }, { "classic", 2, NULL, "open", 1 }, { "classic", 3, NULL, "done", 1 },
		{ "classic", -1, NULL, "open", 1 }, { "classic", 3, "7 days", "open", 0 }, { "classic", 0, "month", "open", 1 },
		{ "classic", 0, NULL, "dropped", -1 }, { "analysis", 0, NULL, "open", 0 }, { "analysis", 1, NULL, "open", 1 },
		{ "analysis", 2, NULL, "open", 2 }, { "analysis", 3, NULL, "open", 2 }, { "analysis", -1, NULL, "open", 2 },
		{ "slo", -1, "week", "open", 0 }, { "slo", -1, "30d", "open", 1 }, { "slo", -1, "quarter", "open", 2 }, { "slo", 3, "week", "open", 2 },
		{ "detailed", 3, NULL, "done", 0 }, { "detailed", 0, NULL, "open", 1 }, { "detailed", 3, "this-week", "open", 1 },
		{ "detailed", 3, NULL, "open", 2 }, { "sev", 3, NULL, "open", 0 }, { "sev", 3, NULL, "dropped", -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct action a = { .priority = table[i].priority, .horizon = (char *)(void *)table[i].horizon, .status = (char *)(void *)table[i].status };
		assert_int_equal(action_group(table[i].template, &a), table[i].want);
	}
	assert_string_equal(action_groups("detailed")[1], "short-term");
	assert_null(action_groups("sev")[1]);
}

static void test_horizons(void **state)
{
	static const char *const table[][2] = {
		{ "7d", "7 days" }, { "Within-30-days", "30 days" }, { "this week", "week" }, { "sprint", "week" }, { "3 months", "quarter" }, { "2027", "2027" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct str b = STR_INIT;
		horizon_canonical(&b, table[i][0]);
		assert_string_equal(b.s, table[i][1]);
		str_free(&b);
	}
	assert_int_equal(horizon_days("month"), 30);
	assert_int_equal(horizon_days("2027"), -1);
}

static void test_numbers_and_links(void **state)
{
	static const char *const numbers[][2] = { { "AI-1", "AI-001" }, { "AI-1234", "AI-1234" }, { "AI-2-4f2a", "AI-002-4f2a" }, { "x", "x" } };
	static const char *const links[][2] = {
		{ "http://g/d?from={from_ms}&to={to_ms}", "http://g/d?from=1702540800000&to=1702541520000" },
		{ "{from_s}-{to_s}", "1702540800-1702541520" }, { "{from}..{to}", "2023-12-14T08:00:00Z..2023-12-14T08:12:00Z" },
		{ "{from_ms {from_} {x}", "{from_ms {from_} {x}" },
	};
	const usec from = INT64_C(1702540800) * USEC_SEC;

	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct str b = STR_INIT;
		action_number_padded(&b, numbers[i][0], 3);
		assert_string_equal(b.s, numbers[i][1]);
		str_free(&b);
	}
	for (size_t i = 0; i < COUNT(links); i++) {
		struct str b = STR_INIT;
		link_expand(&b, links[i][0], from, from + 12 * USEC_MIN);
		assert_string_equal(b.s, links[i][1]);
		str_free(&b);
	}
	struct str b = STR_INIT;
	link_expand(&b, "{from_ms}", USEC_NONE, from);
	assert_string_equal(b.s, "{from_ms}");
	str_free(&b);
}

/* ---- attributes at the end of a text ---- */

static int bare(const char *word)
{
	return word[0] == '@' && word[1] ? 2 : -1;
}

static void test_attributes(void **state)
{
	static const struct attr_set set = { { { "due", false }, { "success", true }, { "owner", true } }, bare };
	static const struct { const char *text, *rest, *due, *success, *owner; } table[] = {
		{ "fix it", "fix it", NULL, NULL, NULL },
		{ "fix it due:1 @sam", "fix it", "1", NULL, "sam" },
		{ "fix success:all of it due:1", "fix", "1", "all of it", NULL },
		{ "fix due:1 success:all of it", "fix", "1", "all of it", NULL },
		{ "fix success:\"all of it\"", "fix", NULL, "all of it", NULL },
		{ "fix Due:1 soon", "fix Due:1 soon", NULL, NULL, NULL },
		{ "fix due:1 due:2", "fix due:1", "2", NULL, NULL },
		{ "fix success:a due:1 b", "fix", NULL, "a due:1 b", NULL },
		{ "fix success: all", "fix success: all", NULL, NULL, NULL },
		{ "due:1 due:2", "due:1", "2", NULL, NULL },
		{ "see @bob about it", "see @bob about it", NULL, NULL, NULL },
		{ "fix owner:the DB team due:1", "fix", "1", NULL, "the DB team" },
		{ " ", "", NULL, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct attr_split s;
		attr_split(&set, table[i].text, true, &s);
		assert_string_equal(s.text, table[i].rest);
		const char *want[] = { table[i].due, table[i].success, table[i].owner };
		for (int k = 0; k < 3; k++) {
			const char *got = s.value[k] && k == 2 && s.value[k][0] == '@' ? s.value[k] + 1 : s.value[k];
			if (!str_eq(got, want[k]))
				fail_msg("%s: attribute %d is %s", table[i].text, k, got ? got : "missing");
		}
		attr_split_free(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends),	      cmocka_unit_test(test_percent),	  cmocka_unit_test(test_measures),
		cmocka_unit_test(test_differences),   cmocka_unit_test(test_targets),	  cmocka_unit_test(test_key_metrics),
		cmocka_unit_test(test_key_names),     cmocka_unit_test(test_severities),  cmocka_unit_test(test_action_words),
		cmocka_unit_test(test_groups),	      cmocka_unit_test(test_horizons),	  cmocka_unit_test(test_numbers_and_links),
		cmocka_unit_test(test_attributes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
