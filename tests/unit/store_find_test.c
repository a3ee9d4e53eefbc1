/* Names people type: short ids, incidents, numbers; what collides, what is ambiguous, what comes next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/store_util.h"

static uuid hex_id(const char *start)
{
	uuid u = { { 0 } };
	char hex[33] = "00000000000000000000000000000000";
	memcpy(hex, start, strlen(start));
	assert_true(str_unhex(u.b, 16, hex));
	return u;
}

static void short_ids(void **state)
{
	(void)state;
	static const char *const ids[] = { "4f2a11", "4f2a12", "4f2b", "5000", "ffff" };
	static const char *const shorts[] = { "4f2a11", "4f2a12", "4f2b", "5000", "ffff" };
	struct file *f = file_open("short.db");
	uuid i = id_of("i"), j = id_of("j");
	struct event v;
	struct err err = { 0 };
	char out[33];
	open_incident(f, i, "INC-1");
	open_incident(f, j, "INC-2");
	for (int k = 0; k < 5; k++)
		one(f, "sam", k == 3 ? j : i, "event.new", hex_id(ids[k]), "text=x", "occurred_at:1", NULL);
	for (int k = 0; k < 5; k++) {
		q_short_id(f->s, hex_id(ids[k]), out);
		assert_string_equal(out, shorts[k]);
		assert_int_equal(q_event_find(f->s, (uuid){ { 0 } }, out, &v, &err), ST_OK);
		assert_true(uuid_eq(v.entity, hex_id(ids[k])));
		event_clear(&v);
	}
	assert_int_equal(q_event_find(f->s, i, "4f2a", &v, &err), ST_NO);
	assert_non_null(strstr(err.text, "4f2a11"));
	assert_non_null(strstr(err.text, "4f2a12"));
	assert_int_equal(q_event_find(f->s, i, "F", &v, &err), ST_OK); /* either case, one digit will do */
	event_clear(&v);
	assert_int_equal(q_event_find(f->s, i, "5", &v, &err), ST_NO); /* another incident's */
	assert_int_equal(q_event_find(f->s, j, "5", &v, &err), ST_OK);
	event_clear(&v);
	static const char *const bad[] = { "", "xyz", "4f2a1100000000000000000000000000000", "7", "4f-2a" };
	for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
		assert_int_equal(q_event_find(f->s, i, bad[k], &v, &err), ST_NO);
	one(f, "sam", i, "event.hide", hex_id("ffff"), NULL);
	assert_int_equal(q_event_find(f->s, i, "ffff", &v, &err), ST_NO);
	uuid e;
	assert_int_equal(q_entity_find(f->s, i, "ffff", &e, &err), ST_OK); /* history and undo still reach it */
	/* a prefix that hundreds of another incident's events share */
	begin(f, "sam", j);
	for (int k = 0; k < 300; k++) {
		char start[16];
		snprintf(start, sizeof start, "a0%04x", (unsigned)k);
		put(f, "event.new", hex_id(start), "text=y", "occurred_at:1", NULL);
	}
	commit(f);
	one(f, "sam", i, "event.new", hex_id("a1"), "text=ours", "occurred_at:1", NULL);
	assert_int_equal(q_event_find(f->s, i, "a", &v, &err), ST_OK);
	assert_string_equal(v.text, "ours");
	event_clear(&v);
	file_close(f);
}

static void finding_incidents(void **state)
{
	(void)state;
	static const struct {
		const char *word, *title;
	} words[] = {
		{ "INC-2026-0007", "seven" },
		{ "inc-2026-0007", "seven" },
		{ "7", "seven" },
		{ "0007", "seven" },
		{ "12", NULL },
		{ "INC-2025-0012", "old twelve" },
		{ "INC-2025", "old twelve" },
		{ "INC-2026-00", NULL },
		{ "INC", NULL },
		{ "nothing", NULL },
		{ "", NULL },
		{ "abcd", "seven" },
		{ "abc", NULL },
		{ "INC-2026-0007-abcd", NULL },
		{ "99999999999999999999999", NULL },
		{ "INC-2026-0020-1111", "double one" },
		{ "INC-2026-0020-2222", "double two" },
		{ "INC-2026-0020", NULL },
		{ "20", NULL },
	};
	struct file *f = file_open("find.db");
	struct err err = { 0 };
	static const struct {
		const char *entity, *id, *title;
	} incidents[] = {
		{ "abcdef", "id=INC-2026-0007", "title=seven" },
		{ "0012", "id=INC-2026-0012", "title=twelve" },
		{ "0025", "id=INC-2025-0012", "title=old twelve" },
		{ "1111", "id=INC-2026-0020", "title=double one" },
		{ "2222", "id=INC-2026-0020", "title=double two" },
	};
	for (size_t k = 0; k < sizeof incidents / sizeof *incidents; k++) {
		uuid u = hex_id(incidents[k].entity);
		one(f, "sam", u, "incident.new", u, incidents[k].id, incidents[k].title, "opened_at:5", NULL);
	}
	for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
		struct incident v;
		enum status st = q_incident_find(f->s, words[k].word, &v, &err);
		if (words[k].title) {
			assert_int_equal(st, ST_OK);
			assert_string_equal(v.title, words[k].title);
			incident_clear(&v);
		} else {
			assert_int_equal(st, ST_NO);
		}
	}
	struct incident v;
	assert_int_equal(q_incident_find(f->s, "12", &v, &err), ST_NO);
	assert_non_null(strstr(err.text, "INC-2025-0012"));
	assert_non_null(strstr(err.text, "INC-2026-0012"));
	file_close(f);
}

static void the_next_id(void **state)
{
	(void)state;
	static const struct {
		const char *scheme;
		int year;
		const char *want;
	} rows[] = {
		{ "INC-%Y-%4N", 2026, "INC-2026-0013" },
		{ "INC-%Y-%4N", 2027, "INC-2027-0001" },
		{ "%N", 2026, "1" },
		{ "OUT%N", 2026, "OUT10" },
		{ "100%%-%2N", 2026, "100%-01" },
		{ "BAD-%N", 2026, "BAD-1" },
	};
	static const char *const ids[] = { "INC-2026-0007", "INC-2026-0012", "INC-2025-0099", "OUT9",
		"BAD-99999999999999999999999", "INC-2026-x" };
	struct file *f = file_open("next.db");
	for (size_t k = 0; k < sizeof ids / sizeof *ids; k++)
		open_incident(f, id_of(ids[k]), ids[k]);
	one(f, "sam", id_of(ids[1]), "incident.hide", id_of(ids[1]), NULL); /* hidden: its id is not given again */
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		struct str b = STR_INIT;
		assert_int_equal(q_incident_next_id(f->s, rows[k].scheme, rows[k].year, &b, NULL), ST_OK);
		assert_string_equal(b.s, rows[k].want);
		str_free(&b);
	}
	file_close(f);
}

static void numbers_that_collide(void **state)
{
	(void)state;
	struct file *f = file_open("number.db"), *g = file_open("number-2.db");
	struct err err = { 0 };
	struct actions l;
	uuid i = id_of("i"), a = hex_id("aaaa1"), b = hex_id("bbbb1"), got;
	open_incident(f, i, "INC-1");
	send(f, g, i);
	struct str n = STR_INIT, m = STR_INIT;
	assert_int_equal(q_number_next(f->s, i, "action", "number=AI", &n, &err), ST_OK);
	assert_string_equal(n.s, "number=AI-1");
	one(f, "sam", i, "action.new", a, n.s, "text=here", NULL);
	one(g, "jane", i, "action.new", b, n.s, "text=there", NULL);
	assert_int_equal(q_number_find(f->s, i, "action", "ai-001", &got, &err), ST_OK);
	send(f, g, i);
	send(g, f, i);
	for (int k = 0; k < 2; k++) {
		struct store *s = k ? g->s : f->s;
		assert_int_equal(q_actions(s, i, &l, &err), ST_OK);
		assert_int_equal(l.n, 2);
		assert_string_equal(l.v[0].number, "AI-1-bbbb"); /* its clock is behind */
		assert_string_equal(l.v[1].number, "AI-1-aaaa");
		assert_string_equal(l.v[0].status, "open");
		actions_free(&l);
		assert_int_equal(q_number_find(s, i, "action", "1", &got, &err), ST_NO);
		assert_non_null(strstr(err.text, "AI-1-bbbb"));
		assert_int_equal(q_number_find(s, i, "action", "AI-1-bbbb", &got, &err), ST_OK);
		assert_true(uuid_eq(got, b));
		assert_int_equal(q_number_find(s, i, "action", "1-a", &got, &err), ST_OK);
		assert_true(uuid_eq(got, a));
		assert_int_equal(q_entity_find(s, i, "ai-1-B", &got, &err), ST_OK);
		assert_int_equal(q_number_find(s, i, "action", "AI-2", &got, &err), ST_NO);
		assert_int_equal(q_number_find(s, i, "action", "AI-", &got, &err), ST_NO);
	}
	one(f, "sam", i, "action.new", id_of("huge"), "number=AI-9223372036854775807", NULL);
	one(f, "sam", i, "action.new", id_of("gone"), "number=AI-5", NULL);
	one(f, "sam", i, "action.hide", id_of("gone"), NULL);
	assert_int_equal(q_number_next(f->s, i, "action", "AI", &m, &err), ST_OK);
	assert_string_equal(m.s, "AI-6"); /* never given again; nonsense is no count */
	str_free(&n);
	str_free(&m);
	file_close(f);
	file_close(g);
}

static void incidents_with_the_same_id(void **state)
{
	(void)state;
	struct file *f = file_open("same.db"), *g = file_open("same-2.db");
	struct incidents l;
	uuid a = hex_id("aaaa"), b = hex_id("bbbb");
	open_incident(f, a, "INC-2026-0001");
	open_incident(g, b, "INC-2026-0001");
	assert_int_equal(q_incidents(f->s, &l, NULL), ST_OK);
	assert_string_equal(l.v[0].shown_id, "INC-2026-0001");
	incidents_free(&l);
	send(g, f, b);
	assert_int_equal(q_incidents(f->s, &l, NULL), ST_OK);
	assert_int_equal(l.n, 2);
	for (size_t k = 0; k < 2; k++)
		assert_string_equal(
			l.v[k].shown_id, uuid_eq(l.v[k].entity, a) ? "INC-2026-0001-aaaa" : "INC-2026-0001-bbbb");
	incidents_free(&l);
	file_close(f);
	file_close(g);
}

static void open_and_closed(void **state)
{
	(void)state;
	struct file *f = file_open("closed.db");
	struct incidents l;
	uuid i = id_of("i");
	open_incident(f, i, "INC-1");
	static const struct {
		const char *milestone;
		size_t open;
	} steps[] = { { "detected", 1 }, { "closed", 0 }, { "reopen", 1 }, { "closed", 0 } };
	for (int k = 0; k < 4; k++) {
		char name[32], milestone[32], at[32];
		snprintf(name, sizeof name, "m%d", k);
		snprintf(milestone, sizeof milestone, "milestone=%s", steps[k].milestone);
		snprintf(at, sizeof at, "occurred_at:%d", 1000 * (k + 1));
		one(f, "sam", i, "event.new", id_of(name), "kind=milestone", milestone, at, "text=", NULL);
		assert_int_equal(q_incidents_open(f->s, &l, NULL), ST_OK);
		assert_int_equal(l.n, steps[k].open);
		incidents_free(&l);
	}
	one(f, "sam", i, "event.set", id_of("m3"), "struck:1", NULL);
	assert_int_equal(q_incidents_open(f->s, &l, NULL), ST_OK);
	assert_int_equal(l.n, 1);
	incidents_free(&l);
	one(f, "sam", i, "incident.hide", i, NULL); /* an opening taken back */
	assert_int_equal(q_incidents_open(f->s, &l, NULL), ST_OK);
	assert_int_equal(l.n, 0);
	incidents_free(&l);
	file_close(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_ids),
		cmocka_unit_test(finding_incidents),
		cmocka_unit_test(the_next_id),
		cmocka_unit_test(numbers_that_collide),
		cmocka_unit_test(incidents_with_the_same_id),
		cmocka_unit_test(open_and_closed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
