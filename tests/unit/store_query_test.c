/* The projections and the questions asked of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sqlite3.h>
#include <cmocka.h>

#include "tests/unit/store_util.h"

/* ---- the timeline ------------------------------------------------------------------------------------------------- */

static void an_event_and_its_changes(void **state)
{
	(void)state;
	struct file *f = file_open("event.db");
	struct event v;
	struct err err = { 0 };
	uuid i = id_of("i"), e = id_of("e"), h = id_of("h");
	char subject[48] = "subject=";
	str_hex(subject + 8, h.b, 16);
	open_incident(f, i, "INC-1");
	usec recorded = f->clock.fixed_wall;
	one(f, "sam", i, "event.new", e, "text=first", "occurred_at:1000", "approx_s:120", "kind=milestone",
		"milestone=detected", "actor=bob", subject, NULL);
	assert_int_equal(q_event(f->s, e, &v, &err), ST_OK);
	assert_true(uuid_eq(v.entity, e) && uuid_eq(v.incident, i) && uuid_eq(v.subject, h));
	assert_int_equal(v.occurred_at, 1000);
	assert_int_equal(v.recorded_at, recorded);
	assert_int_equal(v.approx_s, 120);
	assert_int_equal(v.kind, KIND_MILESTONE);
	assert_int_equal(v.milestone, MS_DETECTED);
	assert_string_equal(v.actor, "bob");
	assert_string_equal(v.author, "sam");
	assert_string_equal(v.text, "first");
	assert_false(v.struck || v.edited || v.conflict);
	event_clear(&v);
	one(f, "jane", i, "event.set", e, "struck:1", "why=not so", NULL);
	assert_int_equal(q_event(f->s, e, &v, &err), ST_OK);
	assert_true(v.struck);
	assert_false(v.edited);
	assert_string_equal(v.why, "not so");
	assert_string_equal(v.author, "sam");
	assert_int_equal(v.recorded_at, recorded);
	event_clear(&v);
	assert_int_equal(events_shown(f, i), 1); /* struck stays visible */
	one(f, "jane", i, "event.set", e, "text=second", "actor!", NULL);
	assert_int_equal(q_event(f->s, e, &v, &err), ST_OK);
	assert_true(v.edited && v.struck);
	assert_null(v.actor);
	event_clear(&v);
	one(f, "jane", i, "event.set", e, "text=first", "actor=bob", NULL); /* back to what was said is no edit */
	assert_int_equal(q_event(f->s, e, &v, &err), ST_OK);
	assert_false(v.edited);
	event_clear(&v);
	one(f, "jane", i, "event.hide", e, NULL);
	assert_int_equal(events_shown(f, i), 0);
	assert_int_equal(q_event(f->s, e, &v, &err), ST_NO);
	one(f, "jane", i, "event.show", e, NULL);
	assert_int_equal(events_shown(f, i), 1);
	one(f, "jane", i, "event.set", e, "hidden:1", "kind:5",
		NULL); /* no field of that name; a value of the wrong type is unknown */
	assert_int_equal(q_event(f->s, e, &v, &err), ST_OK);
	assert_int_equal(v.kind, KIND_NOTE);
	event_clear(&v);
	assert_true(holds(f));
	file_close(f);
}

enum { MANY = 60 };

static void pages_by_key(void **state)
{
	(void)state;
	struct file *f = file_open("pages.db");
	uuid i = id_of("i"), all[MANY];
	struct events l;
	open_incident(f, i, "INC-1");
	open_incident(f, id_of("j"), "INC-2");
	for (int k = 0; k < MANY; k++) { /* many ties, out of order, another incident's in between, some hidden */
		char name[32];
		snprintf(name, sizeof name, "e%d", k);
		event(f, i, name, T0 + (k * 7) % 5);
		if (k % 6 == 0)
			one(f, "sam", i, "event.hide", id_of(name), NULL);
		snprintf(name, sizeof name, "x%d", k);
		event(f, id_of("j"), name, T0 + k % 3);
	}
	size_t n = 0;
	for (struct event_key k = event_key_first;; k = event_key_of(&l.v[l.n - 1]), events_free(&l)) {
		assert_int_equal(q_events_after(f->s, i, k, 7, &l, NULL), ST_OK);
		if (l.n == 0)
			break;
		for (size_t m = 0; m < l.n; m++) {
			assert_true(uuid_eq(l.v[m].incident, i));
			assert_true(m == 0 || l.v[m].occurred_at >= l.v[m - 1].occurred_at);
			assert_true(n < MANY);
			all[n++] = l.v[m].entity;
		}
	}
	assert_int_equal(n, MANY - MANY / 6);
	size_t left = n;
	for (struct event_key k = event_key_last;; k = event_key_of(&l.v[0]), events_free(&l)) {
		assert_int_equal(q_events_before(f->s, i, k, 8, &l, NULL), ST_OK);
		if (l.n == 0)
			break;
		assert_true(l.n <= left);
		left -= l.n;
		for (size_t m = 0; m < l.n; m++)
			assert_true(uuid_eq(l.v[m].entity, all[left + m])); /* ascending, too */
	}
	assert_int_equal(left, 0);
	struct event e;
	assert_int_equal(q_event_last(f->s, i, &e, NULL), ST_OK);
	assert_true(uuid_eq(e.entity, all[n - 1]));
	event_clear(&e);
	assert_int_equal(q_events_arrived(f->s, i, 0, 1000, &l, NULL), ST_OK);
	assert_int_equal(l.n, n);
	for (size_t m = 1; m < l.n; m++)
		assert_true(l.v[m].n > l.v[m - 1].n && l.v[m].hlc > l.v[m - 1].hlc);
	int64_t arrived = l.v[l.n - 1].n;
	events_free(&l);
	event(f, i, "late", T0 - 5);
	assert_int_equal(q_events_arrived(f->s, i, arrived, 1000, &l, NULL), ST_OK);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.v[0].text, "text late");
	events_free(&l);
	assert_int_equal(q_event_last_recorded(f->s, i, NULL, &e, NULL), ST_OK);
	assert_string_equal(e.text, "text late");
	event_clear(&e);
	file_close(f);
}

/* Two hosts write at the same microsecond: the order is the same on both, whoever's op came first. */
static void ties_are_the_same_everywhere(void **state)
{
	(void)state;
	struct file *f = file_open("tie.db"), *g = file_open("tie-2.db");
	struct events a, b;
	uuid i = id_of("i");
	open_incident(f, i, "INC-1");
	open_incident(g, i, "INC-1");
	for (int k = 0; k < 8; k++) {
		char name[32];
		snprintf(name, sizeof name, "f%d", k);
		event(f, i, name, T0);
		name[0] = 'g';
		event(g, i, name, T0);
	}
	send(f, g, i);
	send(g, f, i);
	assert_int_equal(q_events_after(f->s, i, event_key_first, 100, &a, NULL), ST_OK);
	assert_int_equal(q_events_after(g->s, i, event_key_first, 100, &b, NULL), ST_OK);
	assert_int_equal(a.n, 16);
	for (size_t k = 0; k < 16; k++)
		assert_string_equal(a.v[k].text, b.v[k].text);
	assert_int_equal(a.v[0].hlc, a.v[1].hlc);
	events_free(&a);
	events_free(&b);
	/* and a page may end between two of them */
	struct event_key k = event_key_first;
	for (size_t n = 0; n < 16; n++) {
		assert_int_equal(q_events_after(f->s, i, k, 1, &a, NULL), ST_OK);
		assert_int_equal(a.n, 1);
		k = event_key_of(&a.v[0]);
		events_free(&a);
	}
	assert_int_equal(q_events_after(f->s, i, k, 1, &a, NULL), ST_OK);
	assert_int_equal(a.n, 0);
	file_close(f);
	file_close(g);
}

/* What a page costs may not grow with the timeline. */
static void pages_use_their_index(void **state)
{
	(void)state;
	static const struct {
		const char *sql, *uses;
	} plans[] = {
		{ "SELECT * FROM event WHERE incident = ?1 AND hidden = 0 AND (occurred_at, hlc, entity) > (?2, ?3, "
		  "?4) ORDER BY occurred_at, hlc, "
		  "entity LIMIT ?5",
			"event_order" },
		{ "SELECT * FROM event WHERE incident = ?1 AND hidden = 0 AND (occurred_at, hlc, entity) < (?2, ?3, "
		  "?4) ORDER BY occurred_at DESC, "
		  "hlc DESC, entity DESC LIMIT ?5",
			"event_order" },
		{ "SELECT * FROM event WHERE n > ?2 AND +incident = ?1 AND hidden = 0 ORDER BY n LIMIT ?3",
			"PRIMARY KEY" },
		{ "SELECT * FROM event WHERE +incident = ?1 AND hidden = 0 ORDER BY n DESC LIMIT 1", "SCAN event" },
		{ "SELECT entity FROM event WHERE entity > ?1 ORDER BY entity LIMIT 1", "autoindex" },
	};
	struct file *f = file_open("plans.db");
	sqlite3 *db;
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	for (size_t k = 0; k < sizeof plans / sizeof *plans; k++) {
		char *sql = str_fmt("EXPLAIN QUERY PLAN %s", plans[k].sql);
		sqlite3_stmt *q;
		bool used = false;
		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
		while (sqlite3_step(q) == SQLITE_ROW) {
			const char *says = (const char *)sqlite3_column_text(q, 3);
			used |= strstr(says, plans[k].uses) != NULL;
			assert_null(strstr(says, "TEMP B-TREE"));
		}
		assert_true(used);
		sqlite3_finalize(q);
		free(sql);
	}
	sqlite3_close(db);
	file_close(f);
}

/* ---- later versions ----------------------------------------------------------------------------------------------- */

static void what_this_version_does_not_know(void **state)
{
	(void)state;
	struct file *f = file_open("unknown.db"), *g = file_open("unknown-2.db"), *h = file_open("unknown-3.db");
	struct err err = { 0 };
	uuid i = id_of("i"), e = id_of("e"), w = id_of("w");
	open_incident(f, i, "INC-1");
	event(f, i, "e", T0);
	one(f, "sam", i, "widget.new", w, "colour=red", NULL);
	uuid tag = one(f, "sam", i, "event.tag", e, "text=tagged", NULL);
	assert_int_equal(q_unknown_ops(f->s, i), 2);
	assert_int_equal(q_unknown_ops(f->s, id_of("j")), 0);
	begin(f, "sam", i);
	assert_int_equal(try_op(f, &err, "widget.set", w, "colour=blue", NULL), ST_CONFLICT);
	assert_int_equal(try_op(f, &err, "event.set", e, "text=x", NULL), ST_CONFLICT);
	assert_int_equal(undo_group(f->s, tag, NULL, &err), ST_CONFLICT);
	tx_rollback(f->s);
	char *t = text_of_event(f, e); /* still shown as it was known */
	assert_string_equal(t, "text e");
	free(t);
	/* forwarded word for word, through a file that does not know them either */
	assert_int_equal(send(f, g, i).unknown, 2);
	assert_int_equal(send(g, h, i).unknown, 2);
	struct texts a = ops_of(f, i), b = ops_of(h, i);
	assert_int_equal(a.n, b.n);
	for (size_t k = 0; k < a.n; k++)
		assert_string_equal(a.v[k], b.v[k]);
	texts_free(&a);
	texts_free(&b);
	struct verify_report r;
	assert_int_equal(verify_store(h->s, &r, &err), ST_OK);
	assert_int_equal(r.unknown, 2);
	assert_true(holds(h));
	file_close(f);
	file_close(g);
	file_close(h);
}

/* A version 2 op that saw the text: what it put there cannot be shown, the last text that can be is. */
static void a_newer_version_of_a_known_kind(void **state)
{
	(void)state;
	struct file *f = file_open("v2.db");
	struct err err = { 0 };
	struct merge_count n = { 0 };
	uuid i = id_of("i"), e = id_of("e");
	static char zone[] = "UTC", author[] = "zoe", set[] = "event.set", body[] = "{\"text\":{\"markup\":\"bold\"}}";
	open_incident(f, i, "INC-1");
	event(f, i, "e", T0);
	char *head = raw_text(f->path, "SELECT lower(hex(substr(hash, 1, 16))) FROM op WHERE kind = 'event.new'");
	char *saw = str_fmt("{\"text\":[\"%s\"]}", head);
	struct op o = { .incident = i,
		.host = id_of("host"),
		.seq = 1,
		.hlc = T0 + USEC_HOUR,
		.wall_us = T0 + USEC_HOUR,
		.zone = zone,
		.boottime_us = USEC_NONE,
		.author = author,
		.grp = id_of("g"),
		.entity = e,
		.kind = set,
		.v = 2,
		.saw = saw,
		.has_body = true,
		.body = body };
	op_digest(o.salt, body, strlen(body), o.digest);
	op_hash(&o, o.hash);
	struct tx_opts t = { .author = "import", .grp = uuid_new() };
	assert_int_equal(tx_begin(f->s, &t, &err), ST_OK);
	assert_int_equal(merge_op(f->s, &o, &n, &err), ST_OK);
	assert_int_equal(merge_finish(f->s, &err), ST_OK);
	commit(f);
	assert_int_equal(n.unknown, 1);
	assert_int_equal(q_unknown_ops(f->s, i), 1);
	char *text = text_of_event(f, e);
	assert_string_equal(text, "text e");
	free(text);
	begin(f, "sam", i);
	assert_int_equal(try_op(f, &err, "event.set", e, "text=x", NULL), ST_CONFLICT);
	assert_int_equal(redact_event(f->s, e, "why", &err), ST_CONFLICT);
	tx_rollback(f->s);
	o.hash[0] ^= 1;
	o.seq = 2;
	assert_int_equal(tx_begin(f->s, &t, &err), ST_OK);
	assert_int_equal(merge_op(f->s, &o, &n, &err), ST_NO); /* unsound */
	tx_rollback(f->s);
	free(head);
	free(saw);
	assert_true(holds(f));
	file_close(f);
}

/* ---- history ------------------------------------------------------------------------------------------------------ */

static enum status tell(void *arg, const struct history_row *r)
{
	struct str *b = arg;
	const struct val *was = fields_get(&r->before, "text"), *is = fields_get(&r->fields, "text");
	str_addf(b, "%s %s%s%s>%s;", r->author, r->kind, r->undone ? " undone " : " ",
		was ? was->s ? was->s : "null" : "-", is ? is->s ? is->s : "null" : "-");
	return ST_OK;
}

static void history(void **state)
{
	(void)state;
	struct file *f = file_open("history.db");
	struct str b = STR_INIT;
	struct err err = { 0 };
	uuid i = id_of("i"), e = id_of("e"), grp, found;
	event(f, i, "e", T0);
	grp = one(f, "jane", i, "event.set", e, "text=two", NULL);
	assert_int_equal(undo(f, i, "jane", false, &err), ST_OK);
	assert_int_equal(q_history(f->s, i, &e, tell, &b, &err), ST_OK);
	assert_string_equal(b.s, "sam event.new ->text e;jane event.set undone text e>two;jane event.set two>text e;");
	str_reset(&b);
	assert_int_equal(q_history(f->s, i, NULL, tell, &b, &err), ST_OK);
	assert_string_equal(b.s, "sam host.new ->-;sam event.new ->text e;jane event.set undone text e>two;jane "
				 "grp.undo ->-;jane event.set two>text e;");
	char hex[33];
	str_hex(hex, grp.b, 16);
	hex[8] = '\0';
	assert_int_equal(q_group_find(f->s, i, hex, &found, &err), ST_OK);
	assert_true(uuid_eq(found, grp));
	assert_int_equal(q_group_find(f->s, id_of("j"), hex, &found, &err), ST_NO);
	str_free(&b);
	file_close(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_and_its_changes),
		cmocka_unit_test(pages_by_key),
		cmocka_unit_test(ties_are_the_same_everywhere),
		cmocka_unit_test(pages_use_their_index),
		cmocka_unit_test(what_this_version_does_not_know),
		cmocka_unit_test(a_newer_version_of_a_known_kind),
		cmocka_unit_test(history),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
