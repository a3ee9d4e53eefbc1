/* clocks_test.c - every clock of an incident, at the edges of its states, with the injected clock; budgets; what happens to the clock itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/when.h"
#include "model/budget.h"
#include "model/watch.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define T0 ((usec)1770300000 * USEC_SEC) /* 2026-02-05T14:00:00Z */
#define LIMIT (100 * USEC_SEC)

static struct milestones no_milestones(void)
{
	struct milestones m = { .reopened_at = USEC_NONE, .status = MS_NONE };

	for (int i = 0; i < MS_COUNT; i++)
		m.at[i] = USEC_NONE;
	return m;
}

static void stamp(struct milestones *m, int milestone, usec at)
{
	m->at[milestone] = at;
	if (milestone > m->status)
		m->status = milestone;
}

/* An incident with one clock of each kind, all of them LIMIT long and all begun at T0. */
struct world {
	struct milestones ms;
	struct policy policy;
	struct responder person[4];
	struct responders people;
	struct ask ask;
	struct asks asks;
	struct named field[2];
	struct nameds fields;
	struct clock_input in;
};

static void world_make(struct world *w)
{
	const struct target_rule ack = { "ack", MS_DETECTED, MS_ACKNOWLEDGED, LIMIT };

	memset(w, 0, sizeof *w);
	w->ms = no_milestones();
	policy_read_start(&w->policy, 1);
	assert_true(policy_put_target(&w->policy, &ack));
	w->policy.update_every = w->policy.roles_within = w->policy.postmortem = LIMIT;
	strcpy(w->policy.role[0], "IC");
	w->policy.roles = 1;
	w->people.v = w->person;
	w->ask = (struct ask){ .number = (char *)"ASK-1", .to = (char *)"bob", .text = (char *)"look", .status = (char *)"open", .asked_at = T0,
		.due_at = T0 + LIMIT, .answered_at = USEC_NONE };
	w->asks = (struct asks){ &w->ask, 1 };
	w->fields.v = w->field;
	w->in = (struct clock_input){ .ms = &w->ms, .policy = &w->policy, .opened_at = T0, .last_update = T0, .now = T0, .responders = &w->people,
		.fields = &w->fields };
}

static struct clock_line line_of(const struct world *w, enum clock_kind kind)
{
	struct clock_line l[64];
	size_t n = clock_list(&w->in, &w->asks, l, COUNT(l));

	for (size_t i = 0; i < n; i++)
		if (l[i].kind == kind)
			return l[i];
	fail_msg("no clock of kind %s", clock_kind_name(kind));
	return l[0];
}

static void run_kind(struct world *w, enum clock_kind kind)
{
	world_make(w);
	stamp(&w->ms, MS_DETECTED, T0);
	if (kind == CLOCK_POSTMORTEM)
		stamp(&w->ms, MS_RESOLVED, T0);
}

/* Reached at `at`. */
static void end_kind(struct world *w, enum clock_kind kind, usec at)
{
	if (kind == CLOCK_TARGET)
		stamp(&w->ms, MS_ACKNOWLEDGED, at);
	if (kind == CLOCK_ROLE) {
		w->person[0] = (struct responder){ .name = (char *)"sam", .role = (char *)"ic", .joined_at = at, .left_at = USEC_NONE, .offered_at = USEC_NONE };
		w->people.n = 1;
	}
	if (kind == CLOCK_POSTMORTEM)
		stamp(&w->ms, MS_CLOSED, at);
	if (kind == CLOCK_ASK) {
		w->ask.status = (char *)"answered";
		w->ask.answered_at = at;
	}
}

static const enum clock_kind kinds[] = { CLOCK_TARGET, CLOCK_UPDATE, CLOCK_ROLE, CLOCK_POSTMORTEM, CLOCK_ASK };

static void test_states_running(void **state)
{
	static const struct {
		usec after;
		enum target_state want;
	} table[] = {
		{ 0, TARGET_RUNNING },
		{ 74 * USEC_SEC, TARGET_RUNNING },
		{ 75 * USEC_SEC - 1, TARGET_RUNNING },
		{ 75 * USEC_SEC, TARGET_WARNING },
		{ 76 * USEC_SEC, TARGET_WARNING },
		{ LIMIT - USEC_SEC, TARGET_WARNING },
		{ LIMIT, TARGET_WARNING }, /* at the due instant it is not yet breached */
		{ LIMIT + 1, TARGET_BREACHED },
		{ LIMIT + USEC_SEC, TARGET_BREACHED },
		{ 100 * USEC_HOUR, TARGET_BREACHED },
	};

	(void)state;
	for (size_t k = 0; k < COUNT(kinds); k++)
		for (size_t i = 0; i < COUNT(table); i++) {
			struct world w;

			run_kind(&w, kinds[k]);
			w.in.now = T0 + table[i].after;
			struct clock_line l = line_of(&w, kinds[k]);
			assert_int_equal(l.state, table[i].want);
			assert_true(l.start == T0 && l.due == T0 + LIMIT && l.limit == LIMIT && l.elapsed == table[i].after);
		}
}

static void test_states_reached(void **state)
{
	static const struct {
		usec after;
		enum target_state want;
	} table[] = {
		{ 0, TARGET_MET },
		{ LIMIT - USEC_SEC, TARGET_MET },
		{ LIMIT, TARGET_MET },
		{ LIMIT + 1, TARGET_MISSED },
		{ LIMIT + USEC_SEC, TARGET_MISSED },
		{ 100 * USEC_HOUR, TARGET_MISSED },
	};

	(void)state;
	for (size_t k = 0; k < COUNT(kinds); k++)
		for (size_t i = 0; i < COUNT(table) && kinds[k] != CLOCK_UPDATE; i++) {
			struct world w;

			run_kind(&w, kinds[k]);
			end_kind(&w, kinds[k], T0 + table[i].after);
			w.in.now = T0 + 1000 * USEC_HOUR; /* the state is a fact, whatever the time */
			struct clock_line l = line_of(&w, kinds[k]);
			assert_int_equal(l.state, table[i].want);
			assert_true(l.elapsed == table[i].after && l.due == T0 + LIMIT);
		}
}

static void test_states_pending(void **state)
{
	struct world w;

	(void)state;
	run_kind(&w, CLOCK_POSTMORTEM);
	w.ms = no_milestones(); /* not resolved yet */
	assert_int_equal(line_of(&w, CLOCK_POSTMORTEM).state, TARGET_PENDING);
	assert_true(line_of(&w, CLOCK_POSTMORTEM).start == USEC_NONE && line_of(&w, CLOCK_POSTMORTEM).elapsed == USEC_NONE);
	stamp(&w.ms, MS_RESOLVED, T0); /* nobody is missed any more, and nobody waits for updates */
	assert_int_equal(line_of(&w, CLOCK_ROLE).state, TARGET_PENDING);
	w.in.now = T0 + 2 * LIMIT;
	for (size_t i = 0; i < 2; i++) {
		struct due d[8];
		size_t n = due_list(&w.in, &w.asks, d, COUNT(d));

		for (size_t k = 0; k < n; k++)
			assert_true(d[k].kind == CLOCK_ASK || d[k].kind == CLOCK_POSTMORTEM || d[k].kind == CLOCK_TARGET);
		assert_int_equal(n, i ? 0 : 3);
		stamp(&w.ms, MS_CLOSED, T0 + LIMIT); /* everything rests */
	}
}

static void test_words(void **state)
{
	static const struct {
		enum clock_kind kind;
		const char *name, *from, *to;
		bool fallback;
	} table[] = {
		{ CLOCK_TARGET, "ack", "detected", "acknowledged", false },
		{ CLOCK_UPDATE, "update", "last update", "next update", false },
		{ CLOCK_ROLE, "IC", "detected", "claimed", true },
		{ CLOCK_POSTMORTEM, "postmortem", "resolved", "published", false },
		{ CLOCK_ASK, "bob", "asked", "answered", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct world w;

		run_kind(&w, CLOCK_TARGET);
		struct clock_line l = line_of(&w, table[i].kind);
		assert_string_equal(l.name, table[i].name);
		assert_string_equal(l.from, table[i].from);
		assert_string_equal(l.to, table[i].to);
		assert_int_equal(l.fallback, table[i].fallback);
	}
	struct world w;
	world_make(&w); /* nothing but opened_at */
	w.in.last_update = USEC_NONE;
	assert_string_equal(line_of(&w, CLOCK_TARGET).from, "opened");
	assert_string_equal(line_of(&w, CLOCK_UPDATE).from, "opened");
	assert_true(line_of(&w, CLOCK_TARGET).fallback);
	w.ms.reopened_at = T0 + 5;
	assert_string_equal(line_of(&w, CLOCK_UPDATE).from, "reopened");
}

/* ---- roles ---- */

static void test_roles(void **state)
{
	struct world w;
	struct str missing = STR_INIT;

	(void)state;
	run_kind(&w, CLOCK_ROLE);
	w.in.now = T0 + 30 * USEC_SEC;
	assert_int_equal(roles_unclaimed(&w.policy, &w.people, &missing), 1);
	assert_string_equal(missing.s, "IC");
	/* Offered is not claimed. */
	w.person[0] = (struct responder){ .name = (char *)"sam", .role = (char *)"IC", .joined_at = USEC_NONE, .left_at = USEC_NONE, .offered_at = T0 };
	w.people.n = 1;
	assert_int_equal(line_of(&w, CLOCK_ROLE).state, TARGET_RUNNING);
	assert_true(responder_offered(&w.person[0]) && !responder_here(&w.person[0]));
	/* Claimed and left again: it counts from then. */
	w.person[0].joined_at = T0 + USEC_SEC;
	assert_int_equal(line_of(&w, CLOCK_ROLE).state, TARGET_MET);
	w.person[0].left_at = T0 + 20 * USEC_SEC;
	struct clock_line l = line_of(&w, CLOCK_ROLE);
	assert_int_equal(l.state, TARGET_RUNNING);
	assert_true(l.start == T0 + 20 * USEC_SEC && l.elapsed == 10 * USEC_SEC);
	assert_string_equal(l.from, "left");
	/* Without a limit it shows how long, and is never due. */
	w.policy.roles_within = 0;
	l = line_of(&w, CLOCK_ROLE);
	assert_int_equal(l.state, TARGET_PENDING);
	assert_true(l.due == USEC_NONE && l.elapsed == 10 * USEC_SEC);
	/* Without a list nothing is claimed of it. */
	w.in.responders = NULL;
	struct clock_line all[8];
	size_t n = clock_list(&w.in, NULL, all, COUNT(all));
	for (size_t i = 0; i < n; i++)
		assert_true(all[i].kind != CLOCK_ROLE);
	str_free(&missing);
}

static void test_span_of_control(void **state)
{
	static char names[12][8];
	struct responder r[12];
	struct responders l = { r, 0 };

	(void)state;
	for (int i = 0; i < 12; i++) {
		snprintf(names[i], sizeof names[i], "p%d", i);
		r[i] = (struct responder){ .name = names[i], .joined_at = T0, .left_at = USEC_NONE, .offered_at = USEC_NONE };
	}
	r[0].role = (char *)"IC";
	l.n = 8;
	assert_int_equal(responders_direct(&l), SPAN_OF_CONTROL);
	l.n = 9;
	assert_int_equal(responders_direct(&l), SPAN_OF_CONTROL + 1);
	r[8].name = names[1]; /* one person with two roles is one person */
	assert_int_equal(responders_direct(&l), SPAN_OF_CONTROL);
	r[7].left_at = T0 + 1;
	assert_int_equal(responders_direct(&l), SPAN_OF_CONTROL - 1);
	r[8].name = names[0]; /* the commander's other role */
	assert_int_equal(responders_direct(&l), SPAN_OF_CONTROL - 1);
}

/* ---- the postmortem ---- */

static void test_postmortem(void **state)
{
	static const struct {
		const char *name, *value;
		enum target_state want;
	} table[] = {
		{ "published", "2026-02-05", TARGET_MET },
		{ "published", "2026-02-06", TARGET_MISSED }, /* a day counts as its beginning: ten hours after the limit */
		{ "published", "soon", TARGET_MET },
		{ "published", "", TARGET_RUNNING },
		{ "document.status", "published", TARGET_MET },
		{ "document.status", "Final", TARGET_MET },
		{ "document.status", "draft", TARGET_RUNNING },
		{ "owner", "sam", TARGET_RUNNING },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct world w;

		run_kind(&w, CLOCK_POSTMORTEM);
		w.field[0] = (struct named){ (char *)table[i].name, (char *)table[i].value };
		w.fields.n = 1;
		w.in.now = T0 + 1;
		assert_int_equal(line_of(&w, CLOCK_POSTMORTEM).state, table[i].want);
		if (table[i].want != TARGET_RUNNING)
			assert_true(line_of(&w, CLOCK_POSTMORTEM).elapsed == USEC_NONE); /* days are no figure */
	}
}

/* ---- next due ---- */

static void test_due_order(void **state)
{
	struct world w;
	struct due d[8];

	(void)state;
	run_kind(&w, CLOCK_TARGET);
	strcpy(w.policy.role[1], "COM");
	w.policy.roles = 2;
	w.ask.due_at = T0 + LIMIT / 2;
	w.in.now = T0 + LIMIT + 1;
	assert_int_equal(due_list(&w.in, &w.asks, d, COUNT(d)), 4);
	assert_string_equal(d[0].name, "bob");
	assert_string_equal(d[0].text, "look");
	assert_string_equal(d[1].name, "ack"); /* of those due at once the policy's targets come first */
	assert_string_equal(d[2].name, "update");
	assert_string_equal(d[3].name, "roles"); /* two of them: one item */
	assert_null(d[3].text);
	assert_int_equal(d[3].state, TARGET_BREACHED);
	assert_int_equal(due_list(&w.in, &w.asks, d, 2), 2); /* the first ones, not any */
	assert_string_equal(d[0].name, "bob");
	end_kind(&w, CLOCK_ROLE, T0);
	assert_int_equal(due_list(&w.in, &w.asks, d, COUNT(d)), 4);
	assert_string_equal(d[3].name, "COM"); /* one: its name */
}

static void test_many_asks(void **state)
{
	enum { N = 200 };
	struct world w;
	struct ask ask[N];
	struct due d[N + 8];

	(void)state;
	run_kind(&w, CLOCK_TARGET);
	for (int i = 0; i < N; i++) {
		ask[i] = w.ask;
		ask[i].due_at = T0 + (N - i) * USEC_SEC;
	}
	w.asks = (struct asks){ ask, N };
	size_t n = due_list(&w.in, &w.asks, d, COUNT(d));
	assert_int_equal(n, N + 3);
	for (size_t i = 1; i < n; i++)
		assert_true(d[i - 1].at <= d[i].at);
}

/* ---- severity, reopen, corrections, ranges, length ---- */

static void test_severity_changes(void **state)
{
	static const struct {
		usec limit;
		enum target_state want;
	} table[] = { { 30 * USEC_MIN, TARGET_RUNNING }, { 10 * USEC_MIN, TARGET_BREACHED }, { 14 * USEC_MIN, TARGET_WARNING },
		{ 4 * USEC_HOUR, TARGET_RUNNING } };
	struct world w;

	(void)state;
	run_kind(&w, CLOCK_TARGET);
	w.in.now = T0 + 12 * USEC_MIN;
	for (size_t i = 0; i < COUNT(table); i++) { /* up, down, up again: the same start, another limit */
		w.policy.target[0].limit = table[i].limit;
		struct clock_line l = line_of(&w, CLOCK_TARGET);
		assert_int_equal(l.state, table[i].want);
		assert_true(l.start == T0 && l.due == T0 + table[i].limit && l.elapsed == 12 * USEC_MIN);
	}
}

static void test_ledger(void **state)
{
	struct severity_step step[] = {
		{ .severity = 2, .at = T0 },
		{ .severity = 1, .at = T0 + 300 * USEC_SEC },
		{ .severity = 2, .at = T0 + 400 * USEC_SEC },
		{ .severity = 3, .at = T0 + 350 * USEC_SEC }, /* stamped earlier than the one before: that one had no time */
	};
	struct severity_steps l = { step, 4 };
	usec end = T0 + 1000 * USEC_SEC;

	(void)state;
	assert_true(severity_time(&l, 0, end) == 300 * USEC_SEC);
	assert_true(severity_time(&l, 1, end) == 100 * USEC_SEC);
	assert_true(severity_time(&l, 2, end) == 0);
	assert_true(severity_time(&l, 3, end) == 650 * USEC_SEC);
	assert_true(severity_total(&l, 2, end) == 300 * USEC_SEC);
	assert_true(severity_total(&l, 0, end) == USEC_NONE);
	assert_true(severity_time(&l, 3, T0) == 0); /* closed as of before */
}

static void test_corrections(void **state)
{
	static const struct stamp stamps[] = {
		{ MS_DETECTED, T0 - USEC_HOUR, 0, true }, /* struck: it never was */
		{ MS_DETECTED, T0 - 40 * USEC_SEC, 0, false }, /* backdated, logged after the next */
		{ MS_DETECTED, T0, 0, false },
		{ MS_ACKNOWLEDGED, T0 + 59 * USEC_SEC, 0, true },
		{ MS_ACKNOWLEDGED, T0 + 60 * USEC_SEC, 0, false },
		{ MS_RESOLVED, T0 + 100 * USEC_SEC, 0, false },
		{ MS_REOPEN, T0 + 200 * USEC_SEC, 0, false },
	};
	struct world w;

	(void)state;
	world_make(&w);
	milestones_of(stamps, 3, &w.ms);
	w.in.now = T0 + 60 * USEC_SEC;
	assert_int_equal(line_of(&w, CLOCK_TARGET).state, TARGET_WARNING);
	assert_true(line_of(&w, CLOCK_TARGET).elapsed == 100 * USEC_SEC); /* exactly due */
	w.in.now++;
	assert_int_equal(line_of(&w, CLOCK_TARGET).state, TARGET_BREACHED);
	milestones_of(stamps, 5, &w.ms);
	assert_int_equal(line_of(&w, CLOCK_TARGET).state, TARGET_MET);
	milestones_of(stamps, 6, &w.ms);
	w.in.now = T0 + 300 * USEC_SEC;
	assert_int_equal(line_of(&w, CLOCK_POSTMORTEM).state, TARGET_BREACHED);
	milestones_of(stamps, 7, &w.ms); /* reopened: nothing to publish, everybody is needed again */
	assert_int_equal(line_of(&w, CLOCK_POSTMORTEM).state, TARGET_PENDING);
	assert_int_equal(line_of(&w, CLOCK_ROLE).state, TARGET_BREACHED);
	assert_string_equal(line_of(&w, CLOCK_UPDATE).from, "reopened");
	assert_int_equal(line_of(&w, CLOCK_TARGET).state, TARGET_MET); /* acknowledged it stays */
}

static void test_hundred_hours(void **state)
{
	struct world w;
	struct str b = STR_INIT;

	(void)state;
	run_kind(&w, CLOCK_TARGET);
	w.in.now = T0 + 100 * USEC_HOUR + 4 * USEC_SEC;
	struct clock_line l = line_of(&w, CLOCK_TARGET);
	assert_true(l.elapsed == 100 * USEC_HOUR + 4 * USEC_SEC);
	dur_fmt_left(&b, l.due - w.in.now);
	assert_string_equal(b.s, "+99:58:24");
	str_reset(&b);
	dur_fmt_tplus(&b, l.elapsed);
	assert_string_equal(b.s, "100:00:04");
	str_free(&b);
}

/* ---- DST: clocks go by instants, whatever the wall says ---- */

static usec local_at(const char *zone, int year, int mon, int day, int hour, int min)
{
	const struct zone *z;
	struct local l = { .year = year, .mon = mon, .day = day, .hour = hour, .min = min };
	usec out[2];

	assert_int_equal(zone_load(zone, &z, NULL), ST_OK);
	assert_int_equal(zone_to_utc(z, &l, out), ZONE_ONCE);
	return out[0];
}

static void test_dst(void **state)
{
	static const struct {
		const char *zone;
		int mon, day, from_hour, from_min, to_hour;
		usec real;
	} table[] = {
		{ "Europe/Berlin", 3, 29, 1, 30, 3, 30 * USEC_MIN },
		{ "Europe/Berlin", 10, 25, 1, 30, 3, 150 * USEC_MIN },
		{ "America/New_York", 3, 8, 1, 30, 3, 30 * USEC_MIN },
		{ "America/New_York", 11, 1, 0, 30, 2, 150 * USEC_MIN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct world w;
		usec from = local_at(table[i].zone, 2026, table[i].mon, table[i].day, table[i].from_hour, table[i].from_min);
		usec to = local_at(table[i].zone, 2026, table[i].mon, table[i].day, table[i].to_hour, 0);

		run_kind(&w, CLOCK_TARGET);
		w.ms.at[MS_DETECTED] = from;
		w.policy.target[0].limit = table[i].real;
		w.in.now = to - USEC_SEC;
		assert_int_equal(line_of(&w, CLOCK_TARGET).state, TARGET_WARNING);
		w.in.now = to;
		assert_true(line_of(&w, CLOCK_TARGET).elapsed == table[i].real && line_of(&w, CLOCK_TARGET).due == to);
		w.in.now = to + USEC_SEC;
		assert_int_equal(line_of(&w, CLOCK_TARGET).state, TARGET_BREACHED);
	}
}

/* ---- the clock itself ---- */

/* Detected 10 s after the boot clock's 1000 s; a step of `step` was recorded at 1020 s. */
static void step_world(struct world *w, usec step, usec after)
{
	run_kind(w, CLOCK_TARGET);
	w->ms.base[MS_DETECTED] = (struct stamp_base){ 1, 0, 1010 * USEC_SEC };
	w->ms.here = (struct stamp_base){ 1, 1, 0 };
	w->in.boot = 1010 * USEC_SEC + after;
	w->in.now = T0 + after + step;
}

static void test_step_running(void **state)
{
	static const usec steps[] = { USEC_HOUR, -USEC_HOUR, 4 * USEC_SEC, -1 * USEC_SEC };

	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++) {
		struct world w;
		usec last = -1;

		for (usec after = 20 * USEC_SEC; after <= 110 * USEC_SEC; after += USEC_SEC) {
			step_world(&w, steps[i], after);
			struct clock_line l = line_of(&w, CLOCK_TARGET);
			assert_true(l.elapsed == after && l.elapsed > last); /* never backwards, never an hour at once */
			assert_true(l.due - w.in.now == LIMIT - after);
			assert_int_equal(l.state, after > LIMIT ? TARGET_BREACHED : after >= 75 * USEC_SEC ? TARGET_WARNING : TARGET_RUNNING);
			last = l.elapsed;
		}
		/* On another host, or in another boot, only the wall clock is known. */
		step_world(&w, steps[i], 50 * USEC_SEC);
		w.ms.here.boot = 2;
		assert_true(line_of(&w, CLOCK_TARGET).elapsed == 50 * USEC_SEC + steps[i]);
		/* A stamp made after the step needs none of it. */
		step_world(&w, steps[i], 50 * USEC_SEC);
		w.ms.base[MS_DETECTED].steps = 1;
		assert_true(line_of(&w, CLOCK_TARGET).elapsed == 50 * USEC_SEC + steps[i]);
	}
}

static void test_step_span(void **state)
{
	static const usec steps[] = { USEC_HOUR, -USEC_HOUR };
	struct str b = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++) {
		struct world w;

		step_world(&w, steps[i], 0);
		stamp(&w.ms, MS_ACKNOWLEDGED, T0 + 60 * USEC_SEC + steps[i]);
		w.ms.base[MS_ACKNOWLEDGED] = (struct stamp_base){ 1, 1, 1070 * USEC_SEC };
		struct span s = span_between(&w.ms, MS_DETECTED, MS_ACKNOWLEDGED);
		assert_true(s.exact == 60 * USEC_SEC && s.boot_clock);
		str_reset(&b);
		span_fmt(&b, &s);
		assert_string_equal(b.s, "1m (boot clock)");
		assert_int_equal(line_of(&w, CLOCK_TARGET).state, TARGET_MET);
		w.ms.base[MS_ACKNOWLEDGED].steps = 0; /* no step in between was recorded: the wall clock it is */
		s = span_between(&w.ms, MS_DETECTED, MS_ACKNOWLEDGED);
		assert_true(s.exact == 60 * USEC_SEC + steps[i] && !s.boot_clock);
	}
	str_free(&b);
}

static void test_watch(void **state)
{
	static const struct {
		usec wall, boot, asleep; /* by how much each went on */
		unsigned what;
		const char *text;
	} table[] = {
		{ USEC_SEC, USEC_SEC, 0, 0, NULL },
		{ USEC_SEC + 999999, USEC_SEC, 0, 0, NULL },
		{ 2 * USEC_SEC, USEC_SEC, 0, CHANGE_STEP, "clock +1 s: 2026-02-05 14:00:02 UTC instead of 2026-02-05 14:00:01 UTC" },
		{ USEC_SEC, 2 * USEC_SEC, 0, CHANGE_STEP, "clock -1 s: 2026-02-05 14:00:01 UTC instead of 2026-02-05 14:00:02 UTC" },
		{ 5 * USEC_SEC, USEC_SEC, 0, CHANGE_STEP, "clock +4 s: 2026-02-05 14:00:05 UTC instead of 2026-02-05 14:00:01 UTC" },
		{ USEC_HOUR + USEC_SEC, USEC_SEC, 0, CHANGE_STEP, "clock +1h: 2026-02-05 15:00:01 UTC instead of 2026-02-05 14:00:01 UTC" },
		{ -USEC_HOUR + USEC_SEC, USEC_SEC, 0, CHANGE_STEP, "clock -1h: 2026-02-05 13:00:01 UTC instead of 2026-02-05 14:00:01 UTC" },
		{ USEC_HOUR, USEC_HOUR, 0, 0, NULL }, /* stopped for an hour (Ctrl-Z): that is no step */
		{ USEC_HOUR, USEC_HOUR, USEC_HOUR - 3 * USEC_SEC, CHANGE_SUSPEND, "suspended for 59m57s" },
		{ 6 * USEC_SEC, 6 * USEC_SEC, 5 * USEC_SEC - 1, 0, NULL },
		{ 6 * USEC_SEC, 6 * USEC_SEC, 5 * USEC_SEC, CHANGE_SUSPEND, "suspended for 5s" },
		{ USEC_HOUR + USEC_MIN, USEC_MIN, USEC_MIN, CHANGE_STEP | CHANGE_SUSPEND, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct clock_watch w = { 0 };
		struct clock_change x;
		struct clock c;
		struct str b = STR_INIT;

		clock_fixed(&c, T0);
		c.fixed_boot = 1000 * USEC_SEC;
		assert_false(clock_watch_tick(&w, &c, zone_utc(), &x)); /* the first one only begins */
		c.fixed_wall += table[i].wall;
		c.fixed_boot += table[i].boot;
		c.fixed_asleep += table[i].asleep;
		assert_int_equal(clock_watch_tick(&w, &c, zone_utc(), &x), table[i].what != 0);
		assert_int_equal(x.what, table[i].what);
		if (table[i].text) {
			clock_change_text(&x, table[i].what, zone_utc(), &b);
			assert_string_equal(b.s, table[i].text);
		}
		assert_true(w.off == (table[i].what & CHANGE_STEP ? table[i].wall - table[i].boot : 0));
		c.fixed_wall += USEC_SEC; /* and all is well again */
		c.fixed_boot += USEC_SEC;
		assert_false(clock_watch_tick(&w, &c, zone_utc(), &x));
		str_free(&b);
	}
}

static void test_watch_zone(void **state)
{
	const struct zone *berlin, *york;
	struct clock_watch w = { 0 };
	struct clock_change x;
	struct clock c;
	struct str b = STR_INIT;

	(void)state;
	assert_int_equal(zone_load("Europe/Berlin", &berlin, NULL), ST_OK);
	assert_int_equal(zone_load("America/New_York", &york, NULL), ST_OK);
	clock_fixed(&c, local_at("Europe/Berlin", 2026, 3, 29, 1, 59));
	c.fixed_boot = USEC_SEC;
	assert_false(clock_watch_tick(&w, &c, berlin, &x));
	c.fixed_wall += USEC_HOUR; /* summer time began: the zone is the same */
	c.fixed_boot += USEC_HOUR;
	assert_false(clock_watch_tick(&w, &c, berlin, &x));
	assert_true(clock_watch_tick(&w, &c, york, &x));
	assert_int_equal(x.what, CHANGE_ZONE);
	clock_change_text(&x, CHANGE_ZONE, berlin, &b);
	assert_string_equal(b.s, "the zone here is America/New_York, no longer Europe/Berlin");
	c.fixed_boot = USEC_NONE; /* no boot clock: nothing is claimed */
	c.fixed_wall += USEC_HOUR;
	assert_false(clock_watch_tick(&w, &c, york, &x));
	str_free(&b);
}

static void test_hold(void **state)
{
	struct clock_watch w = { 0 };

	(void)state;
	assert_true(clock_watch_hold(&w, -5) == -5); /* a start in the future counts up to zero */
	assert_true(clock_watch_hold(&w, 10) == 10);
	assert_true(clock_watch_hold(&w, 7) == 10);
	assert_true(clock_watch_hold(&w, 11) == 11);
	clock_watch_release(&w);
	assert_true(clock_watch_hold(&w, 3) == 3);
}

/* ---- budgets ---- */

static void test_budgets(void **state)
{
	const struct slo_rule a = { "availability", 999000, 30 * USEC_DAY, MS_STARTED, MS_MITIGATED };
	const struct slo_rule l = { "latency", 995000, 30 * USEC_DAY, MS_DETECTED, MS_RESOLVED };
	struct budget b[POLICY_SLOS];
	struct world w;

	(void)state;
	world_make(&w);
	assert_true(policy_put_slo(&w.policy, &l) && policy_put_slo(&w.policy, &a));
	assert_int_equal(budgets_of(&w.in, b), 2);
	assert_string_equal(b[0].rule->name, "availability");
	assert_true(b[0].total == 43 * USEC_MIN + 12 * USEC_SEC && b[1].total == 216 * USEC_MIN);
	assert_false(b[0].spent.known || b[0].running); /* never started: unknown, not 0 */
	assert_true(b[0].left.exact == USEC_NONE);

	stamp(&w.ms, MS_STARTED, T0);
	w.ms.approx_s[MS_STARTED] = 120;
	w.in.now = T0 + 862 * USEC_SEC; /* 14m22s */
	w.field[0] = (struct named){ (char *)"budget.earlier", (char *)"10m" };
	w.field[1] = (struct named){ (char *)"budget.earlier-latency", (char *)"0s" };
	w.fields.n = 2;
	budgets_of(&w.in, b);
	assert_true(b[0].running && b[0].spent.exact == 862 * USEC_SEC && b[0].spent.low == 742 * USEC_SEC && b[0].spent.high == 982 * USEC_SEC);
	assert_true(b[0].earlier == 10 * USEC_MIN && b[1].earlier == 0);
	assert_true(b[0].left.exact == (43 * 60 + 12 - 600 - 862) * USEC_SEC);
	assert_int_equal(b[0].tenths, 333); /* 33.3 % */

	stamp(&w.ms, MS_MITIGATED, T0 + 60 * USEC_MIN);
	budgets_of(&w.in, b);
	assert_false(b[0].running);
	assert_true(b[0].left.exact == (43 * 60 + 12 - 600 - 3600) * USEC_SEC); /* overspent */
	w.ms.at[MS_MITIGATED] = T0 - 1;
	budgets_of(&w.in, b);
	assert_false(b[0].spent.known); /* out of order */
	w.ms.at[MS_MITIGATED] = USEC_NONE;
	stamp(&w.ms, MS_CLOSED, T0 + USEC_DAY);
	budgets_of(&w.in, b);
	assert_false(b[0].spent.known || b[0].running); /* closed without an end: unknown for good */
}

static void test_cover(void **state)
{
	static const struct {
		struct interval v[3], window, own;
		usec want;
	} table[] = {
		{ { { 10, 20 }, { 30, 40 }, { 0, 0 } }, { 0, 100 }, { 0, 0 }, 20 },
		{ { { 30, 40 }, { 10, 35 }, { 12, 13 } }, { 0, 100 }, { 0, 0 }, 30 }, /* down for two reasons is down once */
		{ { { 10, 20 }, { 30, 40 }, { 0, 0 } }, { 15, 35 }, { 0, 0 }, 10 },
		{ { { 10, 20 }, { 30, 40 }, { 0, 0 } }, { 0, 100 }, { 18, 32 }, 16 },
		{ { { 10, 20 }, { 15, 30 }, { 0, 0 } }, { 0, 100 }, { 0, 100 }, 0 },
		{ { { 50, 40 }, { 0, 0 }, { 0, 0 } }, { 0, 100 }, { 0, 0 }, 0 },
		{ { { -50, 500 }, { 0, 0 }, { 0, 0 } }, { 0, 100 }, { 0, 0 }, 100 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct interval v[3];

		memcpy(v, table[i].v, sizeof v);
		assert_true(interval_cover(v, 3, table[i].window, table[i].own) == table[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states_running),
		cmocka_unit_test(test_states_reached),
		cmocka_unit_test(test_states_pending),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_span_of_control),
		cmocka_unit_test(test_postmortem),
		cmocka_unit_test(test_due_order),
		cmocka_unit_test(test_many_asks),
		cmocka_unit_test(test_severity_changes),
		cmocka_unit_test(test_ledger),
		cmocka_unit_test(test_corrections),
		cmocka_unit_test(test_hundred_hours),
		cmocka_unit_test(test_dst),
		cmocka_unit_test(test_step_running),
		cmocka_unit_test(test_step_span),
		cmocka_unit_test(test_watch),
		cmocka_unit_test(test_watch_zone),
		cmocka_unit_test(test_hold),
		cmocka_unit_test(test_budgets),
		cmocka_unit_test(test_cover),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
