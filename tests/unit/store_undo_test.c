/* Taking changes back and bringing them back; heads, conflicts and choosing; redaction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/mem.h"
#include "tests/unit/store_util.h"

static void says(struct file *f, uuid e, const char *text)
{
	char *t = text_of_event(f, e);
	if (text)
		assert_string_equal(t ? t : "(not shown)", text);
	else
		assert_null(t);
	free(t);
}

static enum status undo_grp(struct file *f, uuid incident, uuid grp, struct str *said, struct err *err)
{
	begin(f, "jane", incident);
	enum status st = undo_group(f->s, grp, said, err);
	if (st == ST_OK)
		commit(f);
	else
		tx_rollback(f->s);
	return st;
}

/* ---- undo --------------------------------------------------------------------------------------------------------- */

static void the_last_and_back(void **state)
{
	(void)state;
	struct file *f = file_open("undo.db");
	struct err err = { 0 };
	uuid i = id_of("i"), e = id_of("e");
	open_incident(f, i, "INC-1");
	event(f, i, "e", T0);
	one(f, "sam", i, "event.set", e, "text=second", NULL);
	one(f, "sam", i, "event.set", e, "text=third", "actor=bob", NULL);
	one(f, "jane", i, "event.set", e, "struck:1", NULL); /* another field, by another person */
	/* undo undo redo redo */
	assert_int_equal(undo(f, i, "sam", false, &err), ST_OK);
	says(f, e, "second");
	assert_int_equal(undo(f, i, "sam", false, &err), ST_OK);
	says(f, e, "text e");
	assert_int_equal(undo(f, i, "sam", true, &err), ST_OK);
	says(f, e, "second");
	assert_int_equal(undo(f, i, "sam", true, &err), ST_OK);
	says(f, e, "third");
	assert_int_equal(undo(f, i, "sam", true, &err), ST_NO);
	/* and once more, through the creation: it is hidden then, and comes back whole */
	for (int k = 0; k < 3; k++)
		assert_int_equal(undo(f, i, "sam", false, &err), ST_OK);
	says(f, e, NULL);
	assert_int_equal(events_shown(f, i), 0);
	for (int k = 0; k < 3; k++)
		assert_int_equal(undo(f, i, "sam", true, &err), ST_OK);
	says(f, e, "third");
	struct event v;
	assert_int_equal(q_event(f->s, e, &v, &err), ST_OK);
	assert_string_equal(v.actor, "bob");
	assert_true(v.struck);
	event_clear(&v);
	/* a new change ends the redoing */
	assert_int_equal(undo(f, i, "sam", false, &err), ST_OK);
	one(f, "sam", i, "event.set", e, "why=because", NULL);
	assert_int_equal(undo(f, i, "sam", true, &err), ST_NO);
	assert_int_equal(undo(f, i, "nobody", false, &err), ST_NO);
	assert_true(holds(f));
	file_close(f);
}

static void a_group_with_details(void **state)
{
	(void)state;
	struct file *f = file_open("group.db");
	struct err err = { 0 };
	uuid i = id_of("i"), e = id_of("e"), grp = uuid_new();
	char hex[33], parent[48];
	str_hex(hex, e.b, 16);
	snprintf(parent, sizeof parent, "parent=%s", hex);
	open_incident(f, i, "INC-1");
	begin_group(f, "sam", i, grp, NULL);
	put(f, "event.new", e, "text=one", "occurred_at:1", "kind=note", NULL);
	put(f, "detail.new", id_of("d2"), parent, "ord:2", "text=line two", NULL);
	put(f, "detail.new", id_of("d1"), parent, "ord:1", "text=line one", NULL);
	put(f, "event.set", e, "text=two", NULL); /* the same field twice in one group */
	commit(f);
	struct event v;
	assert_int_equal(q_event(f->s, e, &v, &err), ST_OK);
	assert_int_equal(v.details, 2);
	assert_string_equal(v.detail[0], "line one");
	assert_string_equal(v.detail[1], "line two");
	event_clear(&v);
	struct str said = STR_INIT;
	assert_int_equal(undo_grp(f, i, grp, &said, &err), ST_OK);
	assert_non_null(strstr(said.s, "event one"));
	str_free(&said);
	says(f, e, NULL);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM detail WHERE hidden = 0"), 0);
	assert_int_equal(undo_grp(f, i, grp, NULL, &err), ST_NO); /* already */
	assert_non_null(strstr(err.text, "already"));
	assert_int_equal(undo_grp(f, i, uuid_new(), NULL, &err), ST_NO);
	uuid undoing;
	begin(f, "sam", i);
	assert_int_equal(undo_last_group(f->s, "jane", true, &undoing, &err), ST_OK);
	tx_rollback(f->s);
	assert_int_equal(undo_grp(f, i, undoing, NULL, &err), ST_OK); /* undoing the undo */
	says(f, e, "two");
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM detail WHERE hidden = 0"), 2);
	assert_true(holds(f));
	file_close(f);
}

static void refused_after_a_later_change(void **state)
{
	(void)state;
	struct file *f = file_open("refused.db");
	struct err err = { 0 };
	char before[65], after[65];
	uuid i = id_of("i"), e = id_of("e");
	open_incident(f, i, "INC-1");
	uuid made = one(f, "sam", i, "event.new", e, "text=a", "occurred_at:5", NULL);
	uuid first = one(f, "sam", i, "event.set", e, "text=b", "approx_s:60", NULL);
	uuid later = one(f, "jane", i, "event.set", e, "text=c", NULL);
	state_hex(f, before);
	assert_int_equal(undo_grp(f, i, first, NULL, &err), ST_CONFLICT);
	assert_non_null(strstr(err.text, "jane changed text"));
	assert_int_equal(undo_grp(f, i, made, NULL, &err), ST_CONFLICT);
	assert_int_equal(undo(f, i, "sam", false, &err), ST_CONFLICT);
	state_hex(f, after);
	assert_string_equal(before, after); /* nothing half done */
	/* the later one first, and it goes */
	assert_int_equal(undo_grp(f, i, later, NULL, &err), ST_OK);
	says(f, e, "b");
	assert_int_equal(undo_grp(f, i, first, NULL, &err), ST_OK);
	says(f, e, "a");
	assert_int_equal(raw_int(f->path, "SELECT approx_s IS NULL FROM event"), 1);
	assert_int_equal(undo_grp(f, i, made, NULL, &err), ST_OK);
	says(f, e, NULL);
	assert_true(holds(f));
	file_close(f);
}

static void undo_of_an_entity(void **state)
{
	(void)state;
	struct file *f = file_open("entity.db"), *g = file_open("entity-2.db");
	struct err err = { 0 };
	uuid i = id_of("i"), e = id_of("e"), grp;
	open_incident(f, i, "INC-1");
	send(f, g, i);
	g->clock.fixed_wall += 3600 * USEC_SEC; /* its clock is wrong: by the clock its op is the last */
	uuid made = one(g, "jane", i, "event.new", e, "text=a", "occurred_at:5", NULL);
	send(g, f, i);
	uuid second = one(f, "sam", i, "event.set", e, "text=b", NULL);
	struct event v;
	assert_int_equal(q_event(f->s, e, &v, &err), ST_OK);
	assert_string_equal(v.author, "jane"); /* who recorded it, whatever the clocks say */
	assert_true(v.edited);
	event_clear(&v);
	begin(f, "bob", i);
	assert_int_equal(undo_entity_group(f->s, e, &grp, &err), ST_OK);
	assert_true(uuid_eq(grp, second));
	assert_int_equal(undo_group(f->s, grp, NULL, &err), ST_OK);
	commit(f);
	says(f, e, "a");
	begin(f, "bob", i);
	assert_int_equal(undo_entity_group(f->s, e, &grp, &err), ST_OK);
	assert_true(uuid_eq(grp, made));
	assert_int_equal(undo_group(f->s, grp, NULL, &err), ST_OK);
	commit(f);
	says(f, e, NULL);
	begin(f, "bob", i);
	assert_int_equal(undo_entity_group(f->s, e, &grp, &err), ST_NO);
	tx_rollback(f->s);
	send(f, g, i);
	says(g, e, NULL);
	assert_true(holds(g));
	file_close(f);
	file_close(g);
}

/* ---- heads -------------------------------------------------------------------------------------------------------- */

static void both_sides_of_a_conflict(void **state)
{
	(void)state;
	struct file *f = file_open("conflict.db"), *g = file_open("conflict-2.db");
	uuid i = id_of("i"), e = id_of("e");
	struct conflicts l;
	open_incident(f, i, "INC-1");
	event(f, i, "e", T0);
	send(f, g, i);
	f->clock.fixed_wall = g->clock.fixed_wall = T0 + 100 * USEC_SEC;
	one(f, "sam", i, "event.set", e, "text=mine", "actor=bob", NULL);
	g->clock.fixed_wall += USEC_SEC;
	one(g, "jane", i, "event.set", e, "text=yours", "actor=bob", NULL); /* equal values are no conflict */
	one(g, "jane", i, "event.set", e, "struck:1", NULL);
	send(f, g, i);
	send(g, f, i);
	for (int k = 0; k < 2; k++) {
		struct file *x = k ? g : f;
		assert_int_equal(q_conflicts(x->s, i, &l, NULL), ST_OK);
		assert_int_equal(l.n, 1);
		assert_string_equal(l.v[0].type, "event");
		assert_string_equal(l.v[0].field, "text");
		assert_string_equal(l.v[0].shown, "yours"); /* the later */
		assert_int_equal(l.v[0].others, 1);
		assert_string_equal(l.v[0].other[0], "mine");
		conflicts_free(&l);
		struct event v;
		assert_int_equal(q_event(x->s, e, &v, NULL), ST_OK);
		assert_true(v.conflict);
		assert_true(v.struck);
		event_clear(&v);
	}
	one(f, "sam", i, "event.set", e, "text=mine", NULL); /* what choose does */
	send(f, g, i);
	for (int k = 0; k < 2; k++) {
		assert_int_equal(q_conflicts((k ? g : f)->s, i, &l, NULL), ST_OK);
		assert_int_equal(l.n, 0);
		conflicts_free(&l);
		says(k ? g : f, e, "mine");
	}
	assert_true(holds(f));
	assert_true(holds(g));
	file_close(f);
	file_close(g);
}

/* Fields a type has no column for meet as well: the rules of a severity. */
static void a_conflict_of_policies(void **state)
{
	(void)state;
	struct file *f = file_open("policy.db"), *g = file_open("policy-2.db");
	uuid i = id_of("i"), p = uuid_named(i, "policy:2", 8);
	struct conflicts l;
	one(f, "sam", i, "policy.new", p, "severity:2", "update=900", "warn=75", NULL);
	g->clock.fixed_wall += 100 * USEC_SEC;
	one(g, "jane", i, "policy.new", p, "severity:2", "update=1200", "warn=75", NULL);
	send(f, g, i);
	send(g, f, i);
	assert_int_equal(q_conflicts(f->s, i, &l, NULL), ST_OK);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.v[0].field, "update");
	assert_string_equal(l.v[0].shown, "1200");
	assert_string_equal(l.v[0].other[0], "900");
	conflicts_free(&l);
	char x[65], y[65];
	state_hex(f, x);
	state_hex(g, y);
	assert_string_equal(x, y);
	assert_true(holds(f));
	file_close(f);
	file_close(g);
}

/* ---- redaction ---------------------------------------------------------------------------------------------------- */

#define SECRET "hunter2-the-very-secret"

static size_t files_with_secret(struct file *f)
{
	static const char *const parts[] = { "", "-journal", "-wal" };
	size_t n = 0;
	for (size_t k = 0; k < 3; k++) {
		char *path = str_fmt("%s%s", f->path, parts[k]);
		n += access(path, F_OK) == 0 && bytes_hold(path, SECRET);
		free(path);
	}
	return n;
}

static void redact(struct file *f, uuid incident, uuid e)
{
	struct err err = { 0 };
	begin(f, "sam", incident);
	enum status st = redact_event(f->s, e, "a password", &err);
	if (st != ST_OK)
		print_error("%s\n", err.text);
	assert_int_equal(st, ST_OK);
	commit(f);
	assert_int_equal(redact_clean(f->s, &err), ST_OK);
}

/* An event whose text is the secret, edited, undone, redone, with detail, moved, in an unredacted file as well. */
static void make_secret(struct file *f, uuid i, uuid j)
{
	struct err err = { 0 };
	uuid e = id_of("e"), copy = uuid_named(e, (const char *)j.b, sizeof j.b);
	char parent[48] = "parent=", to[48] = "moved_to=", from[48] = "moved_from=";
	str_hex(parent + 7, e.b, 16);
	str_hex(to + 9, copy.b, 16);
	str_hex(from + 11, e.b, 16);
	open_incident(f, i, "INC-1");
	open_incident(f, j, "INC-2");
	begin(f, "sam", i);
	put(f, "event.new", e, "text=login with " SECRET, "raw=14:02 login with " SECRET, "occurred_at:7",
		"kind=milestone", "milestone=detected", "actor=bob", NULL);
	put(f, "detail.new", id_of("d"), parent, "ord:1", "text=again " SECRET, NULL);
	commit(f);
	for (int k = 0; k < 40; k++) { /* pages fill up and split around it */
		char name[32];
		snprintf(name, sizeof name, "n%d", k);
		event(f, i, name, T0 + k);
	}
	one(f, "sam", i, "event.set", e, "text=login with x", NULL);
	assert_int_equal(undo(f, i, "sam", false, &err), ST_OK); /* the inverse carries it */
	one(f, "sam", i, "event.set", e, "text=it was " SECRET " twice " SECRET, "approx_s:60", NULL);
	begin(f, "sam", i);
	put(f, "event.set", e, to, NULL);
	put(f, "event.hide", e, NULL);
	assert_int_equal(tx_incident(f->s, j, NULL, &err), ST_OK);
	put(f, "event.new", copy, from, "text=it was " SECRET, "occurred_at:7", NULL);
	commit(f);
}

static void a_secret_is_gone(void **state)
{
	(void)state;
	struct file *f = file_open("redact.db");
	struct err err = { 0 };
	uuid i = id_of("i"), j = id_of("j"), copy = uuid_named(id_of("e"), (const char *)j.b, sizeof j.b);
	make_secret(f, i, j);
	store_close(f->s);
	f->s = NULL;
	assert_true(files_with_secret(f) > 0);
	file_reopen(f);
	char *was = raw_text(f->path, "SELECT group_concat(hex(hash)) FROM (SELECT hash FROM op ORDER BY rowid)");
	redact(f, i, copy); /* by its copy: the original goes too */
	says(f, copy, "[redacted]");
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM op WHERE body LIKE '%hunter2%'"), 0);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM op WHERE (body IS NULL) <> (salt IS NULL)"), 0);
	char *now = raw_text(f->path, "SELECT group_concat(hex(hash)) FROM (SELECT hash FROM op ORDER BY rowid)");
	assert_int_equal(strncmp(now, was, strlen(was)), 0); /* the same ops, and more */
	free(was);
	free(now);
	/* what else it said is still there */
	char *rest = raw_text(f->path, "SELECT milestone || ' ' || actor || ' ' || approx_s || ' ' || occurred_at || ' "
				       "' || hidden || ' ' || text FROM event "
				       "WHERE milestone = 'detected'");
	assert_string_equal(rest, "detected bob 60 7 1 [redacted]");
	free(rest);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM detail WHERE text = '[redacted]'"), 1);
	assert_true(holds(f));
	begin(f, "sam", j);
	assert_int_equal(redact_event(f->s, copy, "again", &err), ST_NO); /* nothing is left */
	tx_rollback(f->s);
	store_close(f->s);
	f->s = NULL;
	assert_int_equal(files_with_secret(f), 0);
	file_close(f);
}

/* It reaches the other files, and their copies do not bring it back. */
static void a_redaction_travels(void **state)
{
	(void)state;
	struct file *f = file_open("travel.db"), *g = file_open("travel-2.db");
	struct err err = { 0 };
	uuid i = id_of("i"), j = id_of("j"), copy = uuid_named(id_of("e"), (const char *)j.b, sizeof j.b);
	make_secret(f, i, j);
	send(f, g, i);
	send(f, g, j);
	redact(f, i, copy);
	send(g, f, i);
	send(g, f, j);
	send(f, g, i);
	struct merge_count c = send(f, g, j);
	assert_true(c.redacted > 0);
	assert_int_equal(redact_clean(g->s, &err), ST_OK);
	char x[65], y[65];
	state_hex(f, x);
	state_hex(g, y);
	assert_string_equal(x, y);
	assert_true(holds(g));
	/* a fresh file meets the ops first and their redaction later, and the other way round */
	struct file *h = file_open("redact-3.db");
	struct texts l = ops_of(g, i);
	struct merge_count n = { 0 };
	for (size_t k = l.n; k-- > 0;)
		assert_int_equal(take(h, &l.v[k], 1, &n, &err), ST_OK);
	texts_free(&l);
	assert_true(holds(h));
	store_close(g->s);
	g->s = NULL;
	assert_int_equal(files_with_secret(g), 0);
	file_close(f);
	file_close(g);
	file_close(h);
}

static void a_redaction_is_for_good(void **state)
{
	(void)state;
	struct file *f = file_open("for-good.db");
	struct err err = { 0 };
	uuid i = id_of("i"), e = id_of("e");
	open_incident(f, i, "INC-1");
	event(f, i, "e", T0);
	one(f, "sam", i, "event.set", e, "actor=bob", NULL);
	redact(f, i, e);
	assert_int_equal(undo(f, i, "sam", false, &err), ST_NO);
	assert_non_null(strstr(err.text, "redaction"));
	says(f, e, "[redacted]");
	one(f, "sam", i, "event.set", e, "text=the password was changed", NULL); /* and it may be edited */
	says(f, e, "the password was changed");
	assert_true(holds(f));
	file_close(f);
}

/* A redaction settles no conflict about what is not secret. */
static void conflicts_outlive_a_redaction(void **state)
{
	(void)state;
	struct file *f = file_open("outlive.db"), *g = file_open("outlive-2.db");
	uuid i = id_of("i"), e = id_of("e");
	struct conflicts l;
	open_incident(f, i, "INC-1");
	event(f, i, "e", T0);
	send(f, g, i);
	one(f, "sam", i, "event.set", e, "actor=bob", NULL);
	one(g, "jane", i, "event.set", e, "actor=zoe", NULL);
	send(g, f, i);
	redact(f, i, e);
	assert_int_equal(q_conflicts(f->s, i, &l, NULL), ST_OK);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.v[0].field, "actor");
	conflicts_free(&l);
	file_close(f);
	file_close(g);
}

/* Texts of all sizes come and go; wherever pages were split, moved or freed, none of a redacted one is left. */
static void no_page_remembers(void **state)
{
	(void)state;
	struct file *f = file_open("pages.db");
	uuid i = id_of("i");
	open_incident(f, i, "INC-1");
	uint32_t x = 12345;
	for (int k = 0; k < 150; k++) {
		char name[64];
		x = x * 1664525u + 1013904223u;
		size_t size = (x >> 8) % (k % 10 == 0 ? 9000 : 700);
		struct str b = STR_INIT;
		str_adds(&b, "text=");
		for (size_t n = 0; n < size; n += 25)
			str_adds(&b, " " SECRET " ");
		str_adds(&b, SECRET);
		snprintf(name, sizeof name, "p%d", k);
		one(f, "sam", i, "event.new", id_of(name), b.s, "occurred_at:9", NULL);
		if (k % 3 == 0)
			one(f, "sam", i, "event.set", id_of(name), "text=short " SECRET, NULL);
		str_free(&b);
	}
	for (int k = 0; k < 150; k++) {
		char name[64];
		snprintf(name, sizeof name, "p%d", (k * 67) % 150);
		redact(f, i, id_of(name));
	}
	assert_true(holds(f));
	store_close(f->s);
	f->s = NULL;
	assert_int_equal(files_with_secret(f), 0);
	file_close(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_and_back),
		cmocka_unit_test(a_group_with_details),
		cmocka_unit_test(refused_after_a_later_change),
		cmocka_unit_test(undo_of_an_entity),
		cmocka_unit_test(both_sides_of_a_conflict),
		cmocka_unit_test(a_conflict_of_policies),
		cmocka_unit_test(a_secret_is_gone),
		cmocka_unit_test(a_redaction_travels),
		cmocka_unit_test(a_redaction_is_for_good),
		cmocka_unit_test(conflicts_outlive_a_redaction),
		cmocka_unit_test(no_page_remembers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
