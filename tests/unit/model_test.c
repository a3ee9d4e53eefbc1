/* model_test.c - names, spans and running clocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/target.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define HMS(h, m, s) ((h)*USEC_HOUR + (m)*USEC_MIN + (s)*USEC_SEC)

/* ---- names ---- */

static void test_kinds(void **state)
{
	(void)state;
	for (int k = 0; k < KIND_COUNT; k++)
		assert_int_equal(kind_find(kind_name((enum kind)k)), k);
	assert_string_equal(kind_name(KIND_HYPOTHESIS), "hypothesis");
	assert_int_equal(kind_find("milestones"), -1);
	assert_int_equal(kind_find(""), -1);
	assert_int_equal(kind_find(NULL), -1);
}

static void test_milestones(void **state)
{
	static const struct {
		const char *word;
		int want;
	} table[] = {
		{ "ack", MS_ACKNOWLEDGED },
		{ "start", MS_STARTED },
		{ "detect", MS_DETECTED },
		{ "declare", MS_DECLARED },
		{ "identify", MS_IDENTIFIED },
		{ "resolve", MS_RESOLVED },
		{ "close", MS_CLOSED },
		{ "reopen", MS_REOPEN },
		{ "mitigate", MS_NONE }, /* mitigating or mitigated? */
		{ "Ack", MS_NONE },
		{ "investig.", MS_NONE },
		{ "", MS_NONE },
		{ NULL, MS_NONE },
	};

	(void)state;
	for (int m = 0; m <= MS_REOPEN; m++) {
		assert_int_equal(milestone_find(milestone_name(m)), m);
		assert_true(strlen(milestone_short(m)) <= 10);
	}
	for (size_t i = 0; i < COUNT(table); i++)
		assert_int_equal(milestone_find(table[i].word), table[i].want);
	assert_string_equal(milestone_name(MS_NONE), "unknown");
	assert_string_equal(milestone_name(MS_REOPEN + 1), "unknown");
	assert_string_equal(milestone_short(MS_ACKNOWLEDGED), "ack");
}

static void test_severity_parse(void **state)
{
	static const struct {
		const char *text;
		int want;
	} table[] = {
		{ "0", 0 },
		{ "2", 2 },
		{ "4", 4 },
		{ "sev2", 2 },
		{ "SEV2", 2 },
		{ "SEV-2", 2 },
		{ "Sev-0", 0 },
		{ "P2", 2 },
		{ "p-2", 2 },
		{ "SEV 3", 3 },
		{ "5", -2 },
		{ "-1", -2 },
		{ "SEV", -2 },
		{ "", -2 },
		{ "P", -2 },
		{ "22", -2 },
		{ "2 ", -2 },
		{ "SEV--2", -2 },
		{ "S2", -2 },
		{ "INC-2", -2 },
		{ "sevp2", -2 },
		{ NULL, -2 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		int got = -2;
		bool ok = severity_parse(table[i].text, &got);

		assert_int_equal(got, table[i].want);
		assert_int_equal(ok, table[i].want != -2);
	}
}

static void test_severity_fmt(void **state)
{
	static const struct {
		int sev;
		const char *scheme, *want;
	} table[] = {
		{ 2, "SEV", "SEV-2" },
		{ 0, "P", "P0" },
		{ 4, "CRIT", "CRIT-4" },
		{ 1, NULL, "SEV-1" },
		{ 1, "", "SEV-1" },
		{ SEV_UNKNOWN, "P", "severity unknown" },
		{ 5, "SEV", "severity unknown" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct str b = STR_INIT;

		severity_fmt(&b, table[i].sev, table[i].scheme);
		assert_string_equal(b.s, table[i].want);
		str_free(&b);
	}
}

static void test_roles(void **state)
{
	static const struct {
		const char *word, *want;
	} table[] = {
		{ "ic", "IC" },
		{ "IC", "IC" },
		{ "incident commander", "IC" },
		{ "Communications", "COM" },
		{ "sme", "SME" },
		{ "Subject Matter Expert", "SME" },
		{ "customer liaison", "CUSTOMER" },
		{ "dba", "dba" },
		{ "Lawyer", "Lawyer" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct str b = STR_INIT;

		role_canonical(&b, table[i].word);
		assert_string_equal(b.s, table[i].want);
		str_free(&b);
	}
	assert_string_equal(role_title("IC"), "Incident Commander");
	assert_string_equal(role_title("INTERNAL"), "Internal Liaison");
	assert_string_equal(role_title("dba"), "dba");
	assert_string_equal(role_table[0].code, "IC");
}

static void test_states(void **state)
{
	(void)state;
	assert_int_equal(word_find(action_status, "open"), 0);
	assert_int_equal(word_find(action_status, "in progress"), 1);
	assert_int_equal(word_find(action_status, "In-Progress"), 1);
	assert_int_equal(word_find(action_status, "in"), -1);
	assert_int_equal(word_find(action_status, "in progress now"), -1);
	assert_int_equal(word_find(action_status, ""), -1);
	assert_int_equal(word_find(action_status, NULL), -1);
	assert_int_equal(word_find(hypothesis_status, "ruled-out"), 1);
	assert_int_equal(word_find(action_types, "PROCESS"), 3);
	assert_int_equal(word_find(ask_status, "dropped"), 2);
}

/* ---- spans ---- */

struct expected {
	int from, to;
	const char *want;
};

static void check_spans(const struct milestones *m, const struct expected *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct span s = span_between(m, e[i].from, e[i].to);
		struct str b = STR_INIT;

		span_fmt(&b, &s);
		assert_string_equal(b.s, e[i].want);
		str_free(&b);
	}
}

/* The four timelines of the house documents, with the figures they print. */
static void test_span_classic(void **state)
{
	static const struct stamp stamps[] = {
		{ MS_STARTED, HMS(10, 30, 0), 0, false },
		{ MS_DETECTED, HMS(10, 35, 0), 0, false },
		{ MS_ACKNOWLEDGED, HMS(10, 36, 0), 0, false },
		{ MS_DECLARED, HMS(10, 38, 0), 0, false },
		{ MS_IDENTIFIED, HMS(10, 40, 0), 0, false },
		{ MS_MITIGATING, HMS(10, 43, 0), 0, false },
		{ MS_MITIGATED, HMS(10, 47, 0), 0, false },
		{ MS_RESOLVED, HMS(10, 50, 0), 0, false },
		{ MS_CLOSED, HMS(11, 0, 0), 0, false },
	};
	static const struct expected want[] = {
		{ MS_STARTED, MS_DETECTED, "5m" },
		{ MS_DETECTED, MS_ACKNOWLEDGED, "1m" },
		{ MS_DETECTED, MS_IDENTIFIED, "5m" },
		{ MS_STARTED, MS_CLOSED, "30m" },
		{ MS_STARTED, MS_INVESTIGATING, "unknown" },
	};
	struct milestones m;

	(void)state;
	milestones_of(stamps, COUNT(stamps), &m);
	check_spans(&m, want, COUNT(want));
	assert_int_equal(m.status, MS_CLOSED);
}

static void test_span_sev(void **state)
{
	static const struct stamp stamps[] = {
		{ MS_DETECTED, HMS(14, 23, 12), 0, false },
		{ MS_ACKNOWLEDGED, HMS(14, 25, 30), 0, false },
		{ MS_DECLARED, HMS(14, 26, 15), 0, false },
		{ MS_IDENTIFIED, HMS(14, 28, 0), 0, false },
		{ MS_MITIGATING, HMS(14, 28, 45), 0, false },
		{ MS_MITIGATED, HMS(14, 36, 20), 0, false },
		{ MS_RESOLVED, HMS(14, 45, 0), 0, false },
		{ MS_CLOSED, HMS(15, 0, 0), 0, false },
	};
	static const struct expected want[] = {
		{ MS_ACKNOWLEDGED, MS_MITIGATING, "3m15s" },
		{ MS_DETECTED, MS_CLOSED, "36m48s" },
		{ MS_DETECTED, MS_ACKNOWLEDGED, "2m18s" },
		{ MS_STARTED, MS_DETECTED, "unknown" },
		{ MS_STARTED, MS_CLOSED, "unknown" },
	};
	struct milestones m;

	(void)state;
	milestones_of(stamps, COUNT(stamps), &m);
	check_spans(&m, want, COUNT(want));
}

static void test_span_slo(void **state)
{
	static const struct stamp stamps[] = {
		{ MS_STARTED, HMS(10, 0, 0), 0, false },
		{ MS_DETECTED, HMS(10, 2, 15), 0, false },
		{ MS_ACKNOWLEDGED, HMS(10, 3, 0), 0, false },
		{ MS_IDENTIFIED, HMS(10, 5, 0), 0, false },
		{ MS_MITIGATING, HMS(10, 6, 30), 0, false },
		{ MS_MITIGATED, HMS(10, 9, 0), 0, false },
		{ MS_RESOLVED, HMS(10, 12, 0), 0, false },
	};
	static const struct expected want[] = {
		{ MS_STARTED, MS_DETECTED, "2m15s" },
		{ MS_DETECTED, MS_RESOLVED, "9m45s" },
		{ MS_STARTED, MS_RESOLVED, "12m" },
		{ MS_STARTED, MS_CLOSED, "unknown" },
	};
	struct milestones m;

	(void)state;
	milestones_of(stamps, COUNT(stamps), &m);
	check_spans(&m, want, COUNT(want));
	assert_int_equal(m.status, MS_RESOLVED);
}

static void test_span_detailed(void **state)
{
	static const struct stamp stamps[] = {
		{ MS_STARTED, HMS(14, 0, 0), 0, false },
		{ MS_DETECTED, HMS(14, 15, 0), 0, false },
		{ MS_ACKNOWLEDGED, HMS(14, 17, 0), 0, false },
		{ MS_INVESTIGATING, HMS(14, 20, 0), 0, false },
		{ MS_IDENTIFIED, HMS(14, 25, 0), 0, false },
		{ MS_MITIGATING, HMS(14, 30, 0), 0, false },
		{ MS_RESOLVED, HMS(15, 0, 0), 0, false },
		{ MS_CLOSED, HMS(16, 15, 0), 0, false },
	};
	static const struct expected want[] = {
		{ MS_STARTED, MS_DETECTED, "15m" },
		{ MS_DETECTED, MS_IDENTIFIED, "10m" },
		{ MS_IDENTIFIED, MS_MITIGATING, "5m" },
		{ MS_MITIGATING, MS_RESOLVED, "30m" },
		{ MS_DETECTED, MS_RESOLVED, "45m" },
		{ MS_STARTED, MS_CLOSED, "2h15m" },
		{ MS_STARTED, MS_MITIGATED, "unknown" },
	};
	struct span all[MS_COUNT * (MS_COUNT - 1) / 2];
	struct milestones m;
	size_t n;

	(void)state;
	milestones_of(stamps, COUNT(stamps), &m);
	check_spans(&m, want, COUNT(want));
	n = span_all(&m, all);
	assert_int_equal(n, 8 * 7 / 2);
	assert_int_equal(all[0].from, MS_STARTED);
	assert_int_equal(all[0].to, MS_DETECTED);
	assert_int_equal(all[n - 1].from, MS_RESOLVED);
	assert_int_equal(all[n - 1].to, MS_CLOSED);
	for (size_t i = 1; i < n; i++)
		assert_true(
			all[i].from > all[i - 1].from || (all[i].from == all[i - 1].from && all[i].to > all[i - 1].to));
}

static void test_first_unstruck(void **state)
{
	/* In the order logged, which is not the order it happened in. */
	static const struct stamp stamps[] = {
		{ MS_DETECTED, HMS(9, 10, 0), 0, false },
		{ MS_DETECTED, HMS(9, 2, 0), 0, true },
		{ MS_DETECTED, HMS(9, 5, 0), 60, false },
		{ MS_DETECTED, HMS(9, 5, 0), 30, false },
		{ MS_ACKNOWLEDGED, HMS(9, 12, 0), 0, true },
		{ MS_NONE, HMS(9, 1, 0), 0, false },
		{ MS_RESOLVED, USEC_NONE, 0, false },
	};
	struct milestones m;

	(void)state;
	milestones_of(stamps, COUNT(stamps), &m);
	assert_true(m.at[MS_DETECTED] == HMS(9, 5, 0));
	assert_int_equal(m.approx_s[MS_DETECTED], 60);
	assert_true(m.at[MS_ACKNOWLEDGED] == USEC_NONE);
	assert_true(m.reopened_at == USEC_NONE);
	assert_int_equal(m.status, MS_DETECTED);

	milestones_of(NULL, 0, &m);
	assert_int_equal(m.status, MS_NONE);
	assert_string_equal(status_name(m.status), "open");
	for (int i = 0; i < MS_COUNT; i++)
		assert_true(m.at[i] == USEC_NONE);
}

struct reopen_case {
	const char *what;
	struct stamp stamp[8];
	size_t n;
	int status;
	usec resolved, closed, reopened;
};

static const struct reopen_case reopen_cases[] = {
	{ "closed only", { { MS_STARTED, 10, 0, false }, { MS_RESOLVED, 20, 0, false }, { MS_CLOSED, 30, 0, false } },
		3, MS_CLOSED, 20, 30, USEC_NONE },
	{ "reopened: neither is in force any more",
		{ { MS_STARTED, 10, 0, false }, { MS_RESOLVED, 20, 0, false }, { MS_CLOSED, 30, 0, false },
			{ MS_REOPEN, 40, 0, false } },
		4, MS_NONE, USEC_NONE, USEC_NONE, 40 },
	{ "the later ones count, their first",
		{ { MS_RESOLVED, 20, 0, false }, { MS_REOPEN, 40, 0, false }, { MS_RESOLVED, 50, 0, false },
			{ MS_RESOLVED, 55, 0, false }, { MS_CLOSED, 60, 0, false } },
		5, MS_CLOSED, 50, 60, 40 },
	{ "a repeat after the reopen is the status",
		{ { MS_IDENTIFIED, 15, 0, false }, { MS_RESOLVED, 20, 0, false }, { MS_REOPEN, 40, 0, false },
			{ MS_INVESTIGATING, 45, 0, false } },
		4, MS_INVESTIGATING, USEC_NONE, USEC_NONE, 40 },
	{ "a struck reopen is none", { { MS_RESOLVED, 20, 0, false }, { MS_REOPEN, 40, 0, true } }, 2, MS_RESOLVED, 20,
		USEC_NONE, USEC_NONE },
	{ "the last of two counts, whatever their order",
		{ { MS_REOPEN, 60, 0, false }, { MS_RESOLVED, 20, 0, false }, { MS_REOPEN, 40, 0, false },
			{ MS_RESOLVED, 50, 0, false } },
		4, MS_NONE, USEC_NONE, USEC_NONE, 60 },
	{ "one instant: logged before the reopen", { { MS_CLOSED, 40, 0, false }, { MS_REOPEN, 40, 0, false } }, 2,
		MS_NONE, USEC_NONE, USEC_NONE, 40 },
	{ "one instant: logged after the reopen",
		{ { MS_CLOSED, 40, 0, false }, { MS_REOPEN, 40, 0, false }, { MS_RESOLVED, 40, 0, false } }, 3,
		MS_RESOLVED, 40, USEC_NONE, 40 },
	{ "1 µs after the reopen, though logged before it",
		{ { MS_RESOLVED, 41, 0, false }, { MS_REOPEN, 40, 0, false } }, 2, MS_RESOLVED, 41, USEC_NONE, 40 },
};

static void test_reopen(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(reopen_cases); i++) {
		const struct reopen_case *c = &reopen_cases[i];
		struct milestones m;

		milestones_of(c->stamp, c->n, &m);
		if (m.status != c->status || m.at[MS_RESOLVED] != c->resolved || m.at[MS_CLOSED] != c->closed ||
			m.reopened_at != c->reopened)
			fail_msg("%s: status %d, resolved %lld, closed %lld", c->what, m.status,
				(long long)m.at[MS_RESOLVED], (long long)m.at[MS_CLOSED]);
	}
}

static void test_reopen_keeps_the_rest(void **state)
{
	static const struct stamp stamps[] = {
		{ MS_STARTED, 10, 0, false },
		{ MS_MITIGATED, 15, 0, false },
		{ MS_RESOLVED, 20, 0, false },
		{ MS_REOPEN, 40, 0, false },
		{ MS_MITIGATED, 50, 0, false },
	};
	struct milestones m;

	(void)state;
	milestones_of(stamps, COUNT(stamps), &m);
	assert_true(m.at[MS_STARTED] == 10);
	assert_true(m.at[MS_MITIGATED] == 15);
	assert_int_equal(m.status, MS_MITIGATED);
	assert_false(status_is_closed(m.status));
	assert_true(status_is_closed(MS_CLOSED));
}

static void test_span_ranges(void **state)
{
	static const struct {
		usec from, to;
		int from_approx, to_approx;
		const char *want;
	} table[] = {
		{ HMS(2, 10, 0), HMS(2, 14, 0), 120, 0, "2m–6m" },
		{ HMS(2, 10, 0), HMS(2, 14, 0), 0, 120, "2m–6m" },
		{ HMS(2, 10, 0), HMS(2, 14, 0), 60, 60, "2m–6m" },
		{ HMS(2, 10, 0), HMS(2, 14, 0), 0, 0, "4m" },
		{ HMS(2, 10, 0), HMS(2, 10, 0), 0, 0, "0s" },
		{ HMS(2, 10, 0), HMS(2, 11, 0), 120, 0, "-1m–3m" },
		{ HMS(2, 10, 0), HMS(2, 5, 0), 0, 0, "-5m (out of order)" },
		{ HMS(2, 10, 0), HMS(2, 5, 0), 60, 0, "-6m–-4m (out of order)" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		const struct stamp stamps[] = {
			{ MS_STARTED, table[i].from, table[i].from_approx, false },
			{ MS_DETECTED, table[i].to, table[i].to_approx, false },
		};
		const struct expected want = { MS_STARTED, MS_DETECTED, table[i].want };
		struct milestones m;

		milestones_of(stamps, COUNT(stamps), &m);
		check_spans(&m, &want, 1);
	}
}

static void test_span_unknown(void **state)
{
	static const struct stamp stamps[] = { { MS_STARTED, 0, 0, false } };
	struct milestones m;
	struct span s;

	(void)state;
	milestones_of(stamps, COUNT(stamps), &m);
	s = span_between(&m, MS_STARTED, MS_REOPEN);
	assert_false(s.known);
	s = span_between(&m, MS_NONE, MS_STARTED);
	assert_false(s.known);
	s = span_between(&m, MS_STARTED, MS_CLOSED);
	assert_false(s.known);
	assert_true(s.exact == USEC_NONE && s.low == USEC_NONE && s.high == USEC_NONE);
	s = span_between(&m, MS_STARTED, MS_STARTED);
	assert_true(s.known && s.exact == 0);
}

static void test_span_parse(void **state)
{
	static const struct {
		const char *text;
		int from, to;
	} table[] = {
		{ "detected→acknowledged", MS_DETECTED, MS_ACKNOWLEDGED },
		{ "detected->acknowledged", MS_DETECTED, MS_ACKNOWLEDGED },
		{ " detected → ack ", MS_DETECTED, MS_ACKNOWLEDGED },
		{ "resolved->started", MS_RESOLVED, MS_STARTED },
		{ "detected", -9, -9 },
		{ "detected->detected", -9, -9 },
		{ "detected->", -9, -9 },
		{ "->detected", -9, -9 },
		{ "detected->reopen", -9, -9 },
		{ "detected->acknowledged->closed", -9, -9 },
		{ "detected->a-very-long-word-that-is-no-milestone-at-all", -9, -9 },
		{ "", -9, -9 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		int from = -9, to = -9;

		assert_int_equal(span_parse(table[i].text, &from, &to), table[i].from != -9);
		assert_int_equal(from, table[i].from);
		assert_int_equal(to, table[i].to);
	}
}

/* ---- clocks ---- */

#define T0 HMS(100, 0, 0)

/* One target detected→acknowledged of 100 s, warning at 75 %. */
static struct policy one_target(usec limit)
{
	struct policy p;
	struct target_rule r = { "ack", MS_DETECTED, MS_ACKNOWLEDGED, limit };

	policy_read_start(&p, 2);
	assert_true(policy_put_target(&p, &r));
	return p;
}

static struct milestones no_milestones(void)
{
	struct milestones m;

	milestones_of(NULL, 0, &m);
	return m;
}

static void test_target_edges(void **state)
{
	static const struct {
		usec now; /* after the start */
		enum target_state want;
	} running[] = {
		{ 0, TARGET_RUNNING },
		{ 1, TARGET_RUNNING },
		{ 74 * USEC_SEC, TARGET_RUNNING },
		{ 75 * USEC_SEC - 1, TARGET_RUNNING },
		{ 75 * USEC_SEC, TARGET_WARNING },
		{ 75 * USEC_SEC + 1, TARGET_WARNING },
		{ 99 * USEC_SEC, TARGET_WARNING },
		{ 100 * USEC_SEC - 1, TARGET_WARNING },
		{ 100 * USEC_SEC, TARGET_WARNING },
		{ 100 * USEC_SEC + 1, TARGET_BREACHED },
		{ 101 * USEC_SEC, TARGET_BREACHED },
		{ -1, TARGET_RUNNING },
	};
	static const struct {
		usec end;
		enum target_state want;
	} done[] = {
		{ 0, TARGET_MET },
		{ 100 * USEC_SEC - 1, TARGET_MET },
		{ 100 * USEC_SEC, TARGET_MET },
		{ 100 * USEC_SEC + 1, TARGET_MISSED },
		{ 101 * USEC_SEC, TARGET_MISSED },
		{ -5 * USEC_SEC, TARGET_MET },
	};
	struct policy p = one_target(100 * USEC_SEC);
	struct milestones m = no_milestones();
	struct clock_input in = { .ms = &m, .policy = &p, .opened_at = T0 - 50, .last_update = USEC_NONE };
	struct target_clock c[POLICY_TARGETS];

	(void)state;
	m.at[MS_DETECTED] = T0;
	m.status = MS_DETECTED;
	for (size_t i = 0; i < COUNT(running); i++) {
		in.now = T0 + running[i].now;
		assert_int_equal(target_clocks(&in, c), 1);
		assert_int_equal(c[0].state, running[i].want);
		assert_true(c[0].elapsed == running[i].now);
		assert_true(c[0].start == T0 && c[0].due == T0 + 100 * USEC_SEC && c[0].limit == 100 * USEC_SEC);
		assert_int_equal(c[0].from_used, MS_DETECTED);
	}
	for (size_t i = 0; i < COUNT(done); i++) {
		m.at[MS_ACKNOWLEDGED] = T0 + done[i].end;
		in.now = T0 + HMS(9, 0, 0); /* the state is a fact, whatever the time */
		assert_int_equal(target_clocks(&in, c), 1);
		assert_int_equal(c[0].state, done[i].want);
		assert_true(c[0].elapsed == done[i].end);
	}
}

static void test_target_warn_percent(void **state)
{
	static const struct {
		int percent;
		usec limit, first_warning;
	} table[] = {
		{ 75, 10, 8 }, /* 7.5 rounds up: before, three quarters have not passed */
		{ 1, 1000, 10 },
		{ 100, 1000, 1000 },
		{ 50, USEC_HOUR, USEC_HOUR / 2 },
		{ 75, POLICY_LONGEST, POLICY_LONGEST / 4 * 3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct policy p = one_target(table[i].limit);
		struct milestones m = no_milestones();
		struct clock_input in = { .ms = &m, .policy = &p, .opened_at = T0, .last_update = USEC_NONE };
		struct target_clock c[POLICY_TARGETS];

		p.warn_percent = table[i].percent;
		m.at[MS_DETECTED] = T0;
		in.now = T0 + table[i].first_warning - 1;
		target_clocks(&in, c);
		assert_int_equal(c[0].state, TARGET_RUNNING);
		in.now++;
		target_clocks(&in, c);
		assert_int_equal(c[0].state, TARGET_WARNING);
	}
}

/* mitigate counts from started; here it is missing. */
static void test_target_fallbacks(void **state)
{
	static const struct {
		usec started, detected, declared, opened, start;
		int used;
	} table[] = {
		{ 10, 20, 30, 40, 10, MS_STARTED },
		{ USEC_NONE, 20, 30, 40, 20, MS_DETECTED },
		{ USEC_NONE, USEC_NONE, 30, 40, 30, MS_DECLARED },
		{ USEC_NONE, USEC_NONE, USEC_NONE, 40, 40, MS_NONE },
	};
	struct target_rule r = { "mitigate", MS_STARTED, MS_MITIGATED, 1000 };
	struct policy p;

	(void)state;
	policy_read_start(&p, 1);
	assert_true(policy_put_target(&p, &r));
	for (size_t i = 0; i < COUNT(table); i++) {
		struct milestones m = no_milestones();
		struct clock_input in = {
			.ms = &m, .policy = &p, .opened_at = table[i].opened, .last_update = USEC_NONE
		};
		struct target_clock c[POLICY_TARGETS];

		in.now = 100;
		m.at[MS_STARTED] = table[i].started;
		m.at[MS_DETECTED] = table[i].detected;
		m.at[MS_DECLARED] = table[i].declared;
		target_clocks(&in, c);
		assert_int_equal(c[0].from, MS_STARTED);
		assert_int_equal(c[0].from_used, table[i].used);
		assert_true(c[0].start == table[i].start && c[0].due == table[i].start + 1000);
		assert_true(c[0].elapsed == 100 - table[i].start);
		assert_int_equal(c[0].state, TARGET_RUNNING);

		/* Reached: only its own start gives a figure. */
		m.at[MS_MITIGATED] = 90;
		target_clocks(&in, c);
		assert_int_equal(c[0].from_used, MS_STARTED);
		if (table[i].used == MS_STARTED) {
			assert_int_equal(c[0].state, TARGET_MET);
			assert_true(c[0].elapsed == 80);
		} else {
			assert_int_equal(c[0].state, TARGET_PENDING);
			assert_true(c[0].elapsed == USEC_NONE && c[0].start == USEC_NONE && c[0].due == USEC_NONE);
		}
	}
}

static void test_target_closed_and_reopened(void **state)
{
	static const struct stamp stamps[] = {
		{ MS_STARTED, 10, 0, false },
		{ MS_RESOLVED, 500, 0, false },
		{ MS_CLOSED, 600, 0, false },
		{ MS_REOPEN, 700, 0, false },
	};
	struct target_rule rules[] = { { "mitigate", MS_STARTED, MS_MITIGATED, 1000 },
		{ "resolve", MS_STARTED, MS_RESOLVED, 1000 } };
	struct milestones m;
	struct policy p;
	struct clock_input in = { .ms = &m, .policy = &p, .opened_at = 5, .last_update = USEC_NONE, .now = 5000 };
	struct target_clock c[POLICY_TARGETS];

	(void)state;
	policy_read_start(&p, 1);
	assert_true(policy_put_target(&p, &rules[0]) && policy_put_target(&p, &rules[1]));
	milestones_of(stamps, 3, &m);
	assert_int_equal(target_clocks(&in, c), 2);
	assert_int_equal(c[0].state, TARGET_PENDING); /* closed without mitigated: not running for ever */
	assert_true(c[0].elapsed == USEC_NONE && c[0].due == USEC_NONE);
	assert_int_equal(c[1].state, TARGET_MET);
	assert_true(c[1].elapsed == 490);

	milestones_of(stamps, 4, &m);
	target_clocks(&in, c);
	assert_int_equal(c[0].state, TARGET_BREACHED);
	assert_int_equal(c[1].state, TARGET_BREACHED); /* runs again, from the same start */
	assert_true(c[1].elapsed == 4990);
}

static void test_severity_unknown(void **state)
{
	struct policies all;
	struct milestones m = no_milestones();
	struct clock_input in = { .ms = &m, .opened_at = T0, .last_update = USEC_NONE, .now = T0 + USEC_HOUR };
	struct target_clock c[POLICY_TARGETS];

	(void)state;
	policies_init(&all);
	in.policy = policy_for(&all, SEV_UNKNOWN);
	assert_non_null(in.policy);
	assert_int_equal(in.policy->severity, SEV_UNKNOWN);
	assert_int_equal(target_clocks(&in, c), 0);
	assert_false(update_clock(&in, c));
}

struct update_case {
	usec last, declared, detected, reopened;
	int status;
	usec start; /* USEC_NONE: no clock */
	int used;
};

static const struct update_case update_cases[] = {
	{ 50, 30, 20, USEC_NONE, MS_DECLARED, 50, MS_NONE },
	{ USEC_NONE, 30, 20, USEC_NONE, MS_DECLARED, 30, MS_DECLARED },
	{ USEC_NONE, USEC_NONE, 20, USEC_NONE, MS_DETECTED, 20, MS_DETECTED },
	{ USEC_NONE, USEC_NONE, USEC_NONE, USEC_NONE, MS_NONE, 5, MS_NONE },
	{ 50, 30, 20, USEC_NONE, MS_MITIGATED, 50, MS_NONE },
	{ 50, 30, 20, USEC_NONE, MS_RESOLVED, USEC_NONE, MS_NONE },
	{ 50, 30, 20, USEC_NONE, MS_CLOSED, USEC_NONE, MS_NONE },
	{ 50, 30, 20, 60, MS_NONE, 60, MS_REOPEN },
	{ 70, 30, 20, 60, MS_NONE, 70, MS_NONE },
};

static void test_update_start(void **state)
{
	struct policy p;

	(void)state;
	policy_read_start(&p, 1);
	p.update_every = 1000;
	for (size_t i = 0; i < COUNT(update_cases); i++) {
		const struct update_case *u = &update_cases[i];
		struct milestones m = no_milestones();
		struct clock_input in = { .ms = &m, .policy = &p, .opened_at = 5, .last_update = u->last, .now = 100 };
		struct target_clock c;

		m.at[MS_DECLARED] = u->declared;
		m.at[MS_DETECTED] = u->detected;
		m.reopened_at = u->reopened;
		m.status = u->status;
		assert_int_equal(update_clock(&in, &c), u->start != USEC_NONE);
		if (u->start == USEC_NONE)
			continue;
		assert_string_equal(c.name, "update");
		assert_int_equal(c.to, MS_NONE);
		assert_int_equal(c.from_used, u->used);
		assert_true(c.start == u->start && c.due == u->start + 1000 && c.elapsed == 100 - u->start);
	}
	p.update_every = 0;
	{
		struct milestones m = no_milestones();
		struct clock_input in = { .ms = &m, .policy = &p, .opened_at = 5, .last_update = 50, .now = 100 };
		struct target_clock c;

		assert_false(update_clock(&in, &c));
	}
}

static void test_update_edges(void **state)
{
	static const struct {
		usec now;
		enum target_state want;
	} table[] = {
		{ 749, TARGET_RUNNING },
		{ 750, TARGET_WARNING },
		{ 999, TARGET_WARNING },
		{ 1000, TARGET_WARNING },
		{ 1001, TARGET_BREACHED },
	};
	struct milestones m = no_milestones();
	struct policy p;
	struct clock_input in = { .ms = &m, .policy = &p, .opened_at = 0, .last_update = 0 };
	struct target_clock c;

	(void)state;
	policy_read_start(&p, 1);
	p.update_every = 1000;
	for (size_t i = 0; i < COUNT(table); i++) {
		in.now = table[i].now;
		assert_true(update_clock(&in, &c));
		assert_int_equal(c.state, table[i].want);
	}
}

static void test_state_names(void **state)
{
	(void)state;
	assert_string_equal(target_state_name(TARGET_PENDING), "pending");
	assert_string_equal(target_state_name(TARGET_RUNNING), "running");
	assert_string_equal(target_state_name(TARGET_WARNING), "warning");
	assert_string_equal(target_state_name(TARGET_MET), "met");
	assert_string_equal(target_state_name(TARGET_MISSED), "missed");
	assert_string_equal(target_state_name(TARGET_BREACHED), "breached");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_milestones),
		cmocka_unit_test(test_severity_parse),
		cmocka_unit_test(test_severity_fmt),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_span_classic),
		cmocka_unit_test(test_span_sev),
		cmocka_unit_test(test_span_slo),
		cmocka_unit_test(test_span_detailed),
		cmocka_unit_test(test_first_unstruck),
		cmocka_unit_test(test_reopen),
		cmocka_unit_test(test_reopen_keeps_the_rest),
		cmocka_unit_test(test_span_ranges),
		cmocka_unit_test(test_span_unknown),
		cmocka_unit_test(test_span_parse),
		cmocka_unit_test(test_target_edges),
		cmocka_unit_test(test_target_warn_percent),
		cmocka_unit_test(test_target_fallbacks),
		cmocka_unit_test(test_target_closed_and_reopened),
		cmocka_unit_test(test_severity_unknown),
		cmocka_unit_test(test_update_start),
		cmocka_unit_test(test_update_edges),
		cmocka_unit_test(test_state_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
