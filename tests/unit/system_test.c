/* system_test.c - what the system's clock does becomes a line of the timeline, and from then on spans that cross it go by the boot clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/when.h"
#include "tests/unit/sample.h"
#include "verb/verb.h"

struct run {
	struct sample x;
	struct str out, note;
	struct err err;
	struct ctx c;
	struct clock_watch watch;
};

static void run_open(struct run *r)
{
	memset(r, 0, sizeof *r);
	sample_open(&r->x);
	r->x.clock.fixed_boot = 5000 * USEC_SEC;
	str_init(&r->out);
	str_init(&r->note);
	sample_begin(&r->x);
	sample_incident(&r->x, "INC-2026-0001", "Checkout", 2, "UTC", r->x.clock.fixed_wall);
	sample_policy(&r->x, 2);
	sample_commit(&r->x);
	r->c = (struct ctx){ .store = r->x.s, .clock = &r->x.clock, .out = &r->out, .note = &r->note, .err = &r->err, .author = "sam", .stamp = USEC_NONE };
}

static void run_close(struct run *r)
{
	incident_clear(&r->c.incident);
	str_free(&r->out);
	str_free(&r->note);
	sample_close(&r->x);
}

static void type(struct run *r, const char *line)
{
	r->c.composer = true;
	r->c.author = "sam";
	if (verb_line(&r->c, line, strlen(line)) != ST_OK)
		fail_msg("%s: %s", line, r->err.text);
}

static void pass_time(struct run *r, usec boot, usec step)
{
	r->x.clock.fixed_boot += boot;
	r->x.clock.fixed_wall += boot + step;
}

static bool tick(struct run *r)
{
	struct clock_change x;

	if (!clock_watch_tick(&r->watch, &r->x.clock, zone_utc(), &x))
		return false;
	if (verb_clock_change(&r->c, &x) != ST_OK)
		fail_msg("%s", r->err.text);
	return true;
}

static struct incident reload(struct run *r)
{
	struct incident i;

	assert_int_equal(q_incident(r->x.s, r->x.incident, &i, NULL), ST_OK);
	return i;
}

static size_t system_lines(struct run *r, struct str *last)
{
	struct events l;
	size_t n = 0;

	assert_int_equal(q_events_before(r->x.s, r->x.incident, event_key_last, 100, &l, NULL), ST_OK);
	for (size_t i = 0; i < l.n; i++)
		if (l.v[i].kind == KIND_SYSTEM) {
			n++;
			str_reset(last);
			str_adds(last, l.v[i].text);
		}
	events_free(&l);
	return n;
}

static usec elapsed_of(struct run *r, const char *name, usec *left)
{
	struct incident i = reload(r);
	struct clock_facts f;
	struct clock_line l[32];
	usec elapsed = USEC_NONE;

	assert_int_equal(q_clock_facts(r->x.s, &i, &f, NULL), ST_OK);
	struct clock_input in = clock_input_of(&i, &f, r->x.clock.fixed_wall, r->x.clock.fixed_boot);
	size_t n = clock_list(&in, &f.asks, l, 32);
	for (size_t k = 0; k < n; k++)
		if (str_eq(l[k].name, name)) {
			elapsed = l[k].elapsed;
			*left = l[k].due - in.now;
		}
	clock_facts_free(&f);
	incident_clear(&i);
	return elapsed;
}

static void check_step(usec step)
{
	struct run r;
	struct str text = STR_INIT;
	usec left;

	run_open(&r);
	assert_false(tick(&r));
	type(&r, "/started");
	type(&r, "/ask @bob look 10m");
	type(&r, "/update told");
	pass_time(&r, 60 * USEC_SEC, 0);
	assert_false(tick(&r));
	pass_time(&r, USEC_SEC, step);
	assert_true(tick(&r));
	assert_int_equal(system_lines(&r, &text), 1);
	assert_true(str_starts(text.s, step > 0 ? "clock +1h: " : "clock -1h: "));

	/* Everything that runs goes on as if nothing had been. */
	static const char *const names[] = { "mitigate", "bob", "update" };
	static const usec limits[] = { 30 * USEC_MIN, 10 * USEC_MIN, 30 * USEC_MIN };
	pass_time(&r, 39 * USEC_SEC, 0);
	for (size_t i = 0; i < 3; i++) {
		assert_true(elapsed_of(&r, names[i], &left) == 100 * USEC_SEC);
		assert_true(left == limits[i] - 100 * USEC_SEC);
	}
	struct incident i = reload(&r);
	assert_true(incident_elapsed(&i, r.x.clock.fixed_wall, r.x.clock.fixed_boot) == 100 * USEC_SEC); /* T+ */
	incident_clear(&i);

	type(&r, "/mitigated");
	i = reload(&r);
	struct span s = span_between(&i.ms, MS_STARTED, MS_MITIGATED);
	assert_true(s.known && s.exact == 100 * USEC_SEC && s.boot_clock);
	assert_true(i.ms.at[MS_MITIGATED] - i.ms.at[MS_STARTED] == 100 * USEC_SEC + step); /* what the wall said stays what it said */
	incident_clear(&i);

	/* A second screen of this host sees the same, and says nothing more; a later step is another line. */
	struct clock_change again = { .what = CHANGE_STEP, .step = step, .was = r.x.clock.fixed_wall - step, .is = r.x.clock.fixed_wall };
	r.x.clock.fixed_wall -= 39 * USEC_SEC;
	assert_int_equal(verb_clock_change(&r.c, &again), ST_OK);
	assert_int_equal(system_lines(&r, &text), 1);
	r.x.clock.fixed_wall += 39 * USEC_SEC;
	assert_int_equal(verb_clock_change(&r.c, &again), ST_OK);
	assert_int_equal(system_lines(&r, &text), 2);
	str_free(&text);
	run_close(&r);
}

static void test_step_forward(void **state)
{
	(void)state;
	check_step(USEC_HOUR);
}

static void test_step_back(void **state)
{
	(void)state;
	check_step(-USEC_HOUR);
}

/* Without a recorded step the wall clock is believed, even where the boot clock says otherwise. */
static void test_only_when_recorded(void **state)
{
	struct run r;
	struct incident i;

	(void)state;
	run_open(&r);
	type(&r, "/started");
	pass_time(&r, 60 * USEC_SEC, USEC_HOUR);
	type(&r, "/mitigated");
	i = reload(&r);
	struct span s = span_between(&i.ms, MS_STARTED, MS_MITIGATED);
	assert_true(s.exact == USEC_HOUR + 60 * USEC_SEC && !s.boot_clock);
	incident_clear(&i);
	run_close(&r);
}

/* Struck, the line no longer says anything; a time given by hand is nobody's clock. */
static void test_struck_and_retimed(void **state)
{
	struct run r;
	struct incident i;

	(void)state;
	run_open(&r);
	tick(&r);
	type(&r, "/started");
	pass_time(&r, USEC_SEC, USEC_HOUR);
	assert_true(tick(&r));
	type(&r, "/mitigated");
	i = reload(&r);
	assert_true(span_between(&i.ms, MS_STARTED, MS_MITIGATED).exact == USEC_SEC);
	incident_clear(&i);
	type(&r, "/undo");
	char retime[80];
	struct events l;
	assert_int_equal(q_events_after(r.x.s, r.x.incident, event_key_first, 1, &l, NULL), ST_OK);
	struct str line = STR_INIT;
	str_hex(retime, l.v[0].entity.b, 16);
	str_addf(&line, "/retime %s 2026-02-05T14:00:00Z", retime);
	events_free(&l);
	type(&r, line.s);
	type(&r, "/mitigated");
	i = reload(&r);
	assert_int_equal(i.ms.base[MS_STARTED].boot, 0);
	assert_true(i.ms.base[MS_MITIGATED].boot != 0);
	assert_false(span_between(&i.ms, MS_STARTED, MS_MITIGATED).boot_clock);
	incident_clear(&i);
	str_free(&line);
	run_close(&r);
}

static void test_suspend_and_zone(void **state)
{
	struct run r;
	struct str text = STR_INIT;
	struct incident i;

	(void)state;
	run_open(&r);
	tick(&r);
	type(&r, "/started");
	pass_time(&r, USEC_HOUR, 0);
	r.x.clock.fixed_asleep = 50 * USEC_MIN;
	assert_true(tick(&r));
	assert_int_equal(system_lines(&r, &text), 1);
	assert_string_equal(text.s, "suspended for 50m");
	type(&r, "/mitigated");
	i = reload(&r);
	struct span s = span_between(&i.ms, MS_STARTED, MS_MITIGATED); /* the world went on meanwhile */
	assert_true(s.exact == USEC_HOUR && !s.boot_clock);
	incident_clear(&i);
	struct clock_change zone = { .what = CHANGE_ZONE, .zone = "Europe/Berlin", .zone_was = "UTC", .is = r.x.clock.fixed_wall };
	assert_int_equal(verb_clock_change(&r.c, &zone), ST_OK);
	assert_int_equal(system_lines(&r, &text), 2);
	assert_string_equal(text.s, "the zone here is Europe/Berlin, no longer UTC");
	str_free(&text);
	run_close(&r);
}

/* All open incidents get it, closed ones do not. */
static void test_every_open_incident(void **state)
{
	struct run r;
	struct str text = STR_INIT;
	struct clock_change x = { .what = CHANGE_STEP, .step = 4 * USEC_SEC };

	(void)state;
	run_open(&r);
	uuid first = r.x.incident;
	type(&r, "/closed");
	sample_begin(&r.x);
	uuid second = sample_incident(&r.x, "INC-2026-0002", "Search", 2, "Europe/Berlin", r.x.clock.fixed_wall);
	uuid third = sample_incident(&r.x, "INC-2026-0003", "Mail", 2, "UTC", r.x.clock.fixed_wall);
	sample_commit(&r.x);
	x.is = r.x.clock.fixed_wall;
	x.was = x.is - x.step;
	assert_int_equal(verb_clock_change(&r.c, &x), ST_OK);
	r.x.incident = first;
	assert_int_equal(system_lines(&r, &text), 0);
	r.x.incident = second;
	assert_int_equal(system_lines(&r, &text), 1);
	assert_true(str_starts(text.s, "clock +4 s: ") && strstr(text.s, "CET")); /* in the incident's zone */
	r.x.incident = third;
	assert_int_equal(system_lines(&r, &text), 1);
	str_free(&text);
	run_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_step_forward),
		cmocka_unit_test(test_step_back),
		cmocka_unit_test(test_only_when_recorded),
		cmocka_unit_test(test_struck_and_retimed),
		cmocka_unit_test(test_suspend_and_zone),
		cmocka_unit_test(test_every_open_incident),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
