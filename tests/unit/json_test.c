/* json_test.c - incidents as JSON: the contract of DESIGN section 4, what is unknown, hostile text, streaming; and
 * taking exports in again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/mem.h"
#include "sample.h"
#include "text/incident-json.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct incident incident_of(struct sample *x)
{
	struct incident i;
	struct err err = { .status = ST_OK };

	if (q_incident(x->s, x->incident, &i, &err) != ST_OK)
		fail_msg("%s", err.text);
	return i;
}

static struct str show(struct sample *x, usec now)
{
	struct incident i = incident_of(x);
	struct str out = STR_INIT;
	struct err err = { .status = ST_OK };

	if (json_show(x->s, &i, now, mst_sink_str(&out), &err) != ST_OK)
		fail_msg("%s", err.text);
	incident_clear(&i);
	return out;
}

static json_t *parse(const struct str *text)
{
	json_error_t e;
	json_t *v = json_loadb(text->s, text->len, JSON_REJECT_DUPLICATES, &e);

	if (!v)
		fail_msg("%s in %s", e.text, text->s);
	return v;
}

/* ---- the contract ---- */

static void expect_keys(const json_t *object, const char *expected)
{
	struct str keys = STR_INIT;
	const char *name;
	json_t *v;

	json_object_foreach((json_t *)object, name, v) str_addf(&keys, "%s%s", keys.len ? " " : "", name);
	assert_string_equal(keys.s, expected);
	str_free(&keys);
}

static void expect_first(const json_t *incident, const char *list, const char *expected)
{
	const json_t *first = json_array_get(json_object_get(incident, list), 0);

	assert_non_null(first);
	expect_keys(first, expected);
}

static void expect_text(const json_t *object, const char *name, const char *expected)
{
	const json_t *v = json_object_get(object, name);

	if (!expected)
		assert_true(json_is_null(v));
	else
		assert_string_equal(json_string_value(v), expected);
}

static void names_and_order(void **state)
{
	struct sample x = { 0 };

	(void)state;
	sample_open(&x);
	sample_whole(&x);
	struct str text = show(&x, SAMPLE_T0 + USEC_DAY);
	assert_int_equal(text.s[text.len - 1], '\n');
	assert_ptr_equal(strchr(text.s, '\n'), text.s + text.len - 1);
	json_t *o = parse(&text);
	expect_keys(o, "id title severity status zone opened_at milestones spans targets events responders actions "
		       "asks hypotheses findings "
		       "fields sections conflicts metrics relations links signoffs code severities clocks "
		       "next_due last_update_at unclaimed budgets snooze");
	expect_first(o, "spans", "from to seconds low high");
	expect_first(o, "targets", "name from to limit_seconds elapsed_seconds state due_at");
	expect_first(
		o, "events", "id short occurred_at approx_seconds recorded_at kind milestone actor text detail struck");
	expect_first(o, "responders", "name role joined_at left_at");
	expect_first(o, "actions", "number text owner due priority type horizon ref success status");
	expect_first(o, "findings", "list category title text points done scope id short");
	expect_text(o, "id", "INC-2026-0007");
	expect_text(o, "severity", "SEV-1");
	expect_text(o, "status", "resolved");
	expect_text(o, "opened_at", "2026-02-05T14:26:12Z");
	expect_text(json_object_get(o, "milestones"), "detected", "2026-02-05T14:25:30Z");
	expect_text(json_object_get(o, "fields"), "impact.users", "4,000 of 12,000");
	const json_t *actions = json_object_get(o, "actions"), *events = json_object_get(o, "events");
	expect_text(json_array_get(actions, 0), "number", "AI-1");
	expect_text(json_array_get(actions, 0), "priority", "P0");
	expect_text(json_array_get(actions, 1), "owner", NULL);
	expect_text(json_array_get(actions, 1), "priority", NULL);
	assert_int_equal(json_array_size(events), 12);
	expect_text(json_array_get(events, 2), "milestone", "acknowledged");
	expect_text(json_array_get(events, 4), "milestone", NULL);
	assert_int_equal(json_array_size(json_object_get(json_array_get(events, 4), "detail")), 2);
	assert_true(json_is_true(json_object_get(json_array_get(events, 5), "struck")));
	assert_true(json_is_false(json_object_get(json_array_get(events, 4), "struck")));
	json_decref(o);
	str_free(&text);
	sample_close(&x);
}

static void unknown_is_null(void **state)
{
	struct sample x = { 0 };

	(void)state;
	sample_open(&x);
	sample_begin(&x);
	sample_incident(&x, "INC-1", "Nothing", SEV_UNKNOWN, "UTC", SAMPLE_T0 + 250000);
	sample_event(&x, SAMPLE_T0, "milestone", "resolved", NULL, "");
	sample_commit(&x);
	struct str text = show(&x, SAMPLE_T0 + USEC_HOUR), row = STR_INIT;
	json_t *o = parse(&text);
	expect_text(o, "severity", NULL);
	expect_text(o, "opened_at", "2026-02-05T14:23:12.250000Z");
	assert_int_equal(json_array_size(json_object_get(o, "targets")), 0);
	expect_text(json_array_get(json_object_get(o, "events"), 0), "actor", "mara");
	json_decref(o);

	sample_begin(&x);
	sample_policy(&x, 2);
	sample_op(&x, "incident.set", x.incident,
		(const struct sample_field[]){ { "severity", NULL, 2 }, { NULL, NULL, 0 } });
	sample_commit(&x);
	str_free(&text);
	text = show(&x, SAMPLE_T0 + USEC_HOUR);
	o = parse(&text);
	const json_t *resolve = json_array_get(json_object_get(o, "targets"), 2);
	expect_text(resolve, "name", "resolve");
	assert_true(json_is_null(json_object_get(resolve, "elapsed_seconds"))); /* started is not known */
	json_decref(o);

	struct incident i = incident_of(&x);
	json_incident_row(&row, &i);
	assert_string_equal(row.s,
		"{\"id\":\"INC-1\",\"title\":\"Nothing\",\"severity\":\"SEV-2\",\"status\":\"resolved\",\"opened_at\":"
		"\"2026-02-05T14:23:12.250000Z\",\"zone\":\"UTC\",\"started_at\":null,\"resolved_at\":\"2026-02-05T14:"
		"23:12Z\"}");
	incident_clear(&i);
	str_free(&row);
	str_free(&text);
	sample_close(&x);
}

static void seconds(void **state)
{
	static const struct {
		usec d;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ 195 * USEC_SEC, "195" },
		{ -USEC_SEC, "-1" },
		{ 1500000, "1.5" },
		{ -1, "-0.000001" },
		{ USEC_NONE, "null" },
		{ 12345678901234, "12345678.901234" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str b = STR_INIT;
		json_seconds(&b, cases[i].d);
		assert_string_equal(b.s, cases[i].text);
		str_free(&b);
	}
}

static void hostile_text(void **state)
{
	struct sample x = { 0 };

	(void)state;
	sample_open(&x);
	sample_begin(&x);
	sample_incident(&x, "INC-1", "rtl \xe2\x80\xae esc \x1b zero\xe2\x80\x8bwidth \xff \"q\"", 2, "UTC", SAMPLE_T0);
	sample_event(&x, SAMPLE_T0, "note", NULL, "a\nb", "\xe2\x80\xaf{}[],:");
	sample_named(&x, "field", "bad \xff", "1");
	sample_named(&x, "field", "bad \xfe", "2");
	sample_named(&x, "field", "", "3");
	sample_commit(&x);
	struct str text = show(&x, SAMPLE_T0);
	assert_non_null(strstr(text.s, "rtl \\u202e esc \\u001b zero\\u200bwidth \\ufffd \\\"q\\\""));
	assert_null(strstr(text.s, "\xe2\x80\xae"));
	json_t *o = parse(&text);
	assert_int_equal(json_object_size(json_object_get(o, "fields")), 2);
	json_decref(o);
	str_free(&text);
	sample_close(&x);
}

struct pieces {
	size_t count, largest;
	struct str all;
};

static enum status take_piece(void *arg, const char *bytes, size_t n, struct err *err)
{
	struct pieces *p = arg;

	(void)err;
	p->count++;
	p->largest = n > p->largest ? n : p->largest;
	str_add(&p->all, bytes, n);
	return ST_OK;
}

static void streams(void **state)
{
	struct sample x = { 0 };
	struct pieces p = { .all = STR_INIT };
	struct err err = { .status = ST_OK };

	(void)state;
	sample_open(&x);
	sample_begin(&x);
	sample_incident(&x, "INC-1", "Long", 2, "UTC", SAMPLE_T0);
	for (int i = 0; i < 1200; i++)
		sample_event(&x, SAMPLE_T0 + i, "note", NULL, "sam", "something that happened, told in a line");
	sample_commit(&x);
	struct incident i = incident_of(&x);
	assert_int_equal(json_export(x.s, &i, "0.1", (struct mst_sink){ take_piece, &p }, &err), ST_OK);
	assert_true(p.count > 5);
	assert_true(p.largest < 128 << 10);
	json_t *o = parse(&p.all);
	assert_int_equal(json_array_size(json_object_get(o, "events")), 1200);
	json_decref(o);
	incident_clear(&i);
	str_free(&p.all);
	sample_close(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_order),
		cmocka_unit_test(unknown_is_null),
		cmocka_unit_test(seconds),
		cmocka_unit_test(hostile_text),
		cmocka_unit_test(streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
