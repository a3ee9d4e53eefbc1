/* The journal: its chains, its clock, its groups, its ops as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>
#include <sqlite3.h>
#include <cmocka.h>

#include "base/mem.h"
#include "tests/unit/store_util.h"

/* ---- chains ------------------------------------------------------------------------------------------------------- */

static enum status check_chain(void *arg, const struct op *o)
{
	struct op *last = arg;
	static const uint8_t zeros[OP_HASH];
	assert_true(op_sound(o));
	assert_int_equal(o->seq, last->seq + 1);
	assert_memory_equal(o->prev, o->seq == 1 ? zeros : last->hash, OP_HASH);
	assert_true(o->hlc > last->hlc);
	assert_int_equal(strcmp(o->kind, "host.new") == 0, o->seq == 1);
	last->seq = o->seq;
	last->hlc = o->hlc;
	memcpy(last->hash, o->hash, OP_HASH);
	return ST_OK;
}

static void a_chain(void **state)
{
	(void)state;
	struct file *f = file_open("chain.db");
	uuid i = id_of("i");
	open_incident(f, i, "INC-1");
	for (int k = 0; k < 5; k++) {
		char name[32];
		snprintf(name, sizeof name, "e%d", k);
		f->clock.fixed_wall -= 10 * USEC_SEC; /* a clock that goes back */
		event(f, i, name, T0 + k);
	}
	struct op last = { 0 };
	assert_int_equal(q_ops_each(f->s, i, check_chain, &last, NULL), ST_OK);
	assert_int_equal(last.seq, 7);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM op WHERE zone = 'Europe/Berlin' AND utcoff_s = 3600 "
					  "AND author = 'sam' AND v = 1"),
		7);
	assert_int_equal(raw_int(f->path, "SELECT count(DISTINCT salt) FROM op"), 7);
	assert_true(holds(f));
	/* another incident has a chain of its own */
	open_incident(f, id_of("j"), "INC-2");
	last = (struct op){ 0 };
	assert_int_equal(q_ops_each(f->s, id_of("j"), check_chain, &last, NULL), ST_OK);
	assert_int_equal(last.seq, 2);
	file_close(f);
}

static void the_clock(void **state)
{
	(void)state;
	struct file *f = file_open("hlc.db"), *g = file_open("hlc-ahead.db");
	uuid i = id_of("i");
	open_incident(f, i, "INC-1");
	assert_int_equal(raw_int(f->path, "SELECT hlc FROM op WHERE seq = 1"), T0 + 1);
	assert_int_equal(raw_int(f->path, "SELECT hlc FROM op WHERE seq = 2"), T0 + 2);
	assert_int_equal(raw_int(f->path, "SELECT wall_us FROM op WHERE seq = 2"), T0);
	/* 59 s ahead is followed */
	f->clock.fixed_wall = T0;
	g->clock.fixed_wall = T0 + 59 * USEC_SEC;
	event(g, i, "ahead", T0);
	int64_t ahead = raw_int(g->path, "SELECT max(hlc) FROM op");
	send(g, f, i);
	event(f, i, "after", T0);
	assert_int_equal(raw_int(f->path, "SELECT max(hlc) FROM op"), ahead + 1);
	/* and still after the file was closed */
	file_reopen(f);
	open_incident(f, id_of("j"), "INC-2");
	assert_int_equal(
		raw_int(f->path, "SELECT min(hlc) FROM op WHERE entity = incident AND hlc > wall_us + 1000000"),
		ahead + 2);
	/* an hour ahead is kept but not followed */
	f->clock.fixed_wall = T0 + 100 * USEC_SEC;
	g->clock.fixed_wall = T0 + 3600 * USEC_SEC;
	event(g, i, "far", T0);
	send(g, f, i);
	event(f, i, "calm", T0);
	assert_int_equal(
		raw_int(f->path, "SELECT hlc FROM op WHERE wall_us = 1770300100000000"), T0 + 100 * USEC_SEC + 1);
	file_close(f);
	file_close(g);
}

static void a_group_is_written_once(void **state)
{
	(void)state;
	struct file *f = file_open("retry.db");
	uuid i = id_of("i"), j = id_of("j"), grp = uuid_new();
	bool done = true;
	open_incident(f, i, "INC-1");
	for (int attempt = 0; attempt < 3; attempt++) {
		begin_group(f, "sam", i, grp, &done);
		assert_int_equal(done, attempt > 0);
		if (!done) {
			put(f, "event.new", id_of("e"), "text=once", NULL);
			put(f, "detail.new", id_of("d"), "text=line", NULL);
		}
		/* the second incident of the transaction has a group of its own, however often one goes back and forth */
		assert_int_equal(tx_incident(f->s, j, &done, NULL), ST_OK);
		assert_int_equal(done, attempt > 0);
		if (!done)
			put(f, "event.new", id_of("f"), "text=there", NULL);
		assert_int_equal(tx_incident(f->s, j, &done, NULL), ST_OK);
		assert_int_equal(done, attempt > 0);
		if (!done)
			put(f, "event.new", id_of("g"), "text=there too", NULL);
		assert_int_equal(tx_incident(f->s, i, &done, NULL), ST_OK);
		assert_int_equal(done, attempt > 0);
		if (!done)
			put(f, "event.new", id_of("h"), "text=back", NULL);
		commit(f);
		if (attempt == 1)
			file_reopen(f);
	}
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM op WHERE kind LIKE 'event.%'"), 4);
	assert_int_equal(raw_int(f->path, "SELECT count(DISTINCT grp) FROM op WHERE kind LIKE 'event.%'"), 2);
	assert_int_equal(
		raw_int(f->path,
			"SELECT count(*) FROM (SELECT 1 FROM op GROUP BY grp HAVING count(DISTINCT incident) > 1)"),
		0);
	uuid second = uuid_named(grp, (const char *)j.b, sizeof j.b);
	char hex[33], sql[128];
	str_hex(hex, second.b, 16);
	snprintf(sql, sizeof sql, "SELECT count(*) FROM op WHERE grp = x'%s' AND kind = 'event.new'", hex);
	assert_int_equal(raw_int(f->path, sql), 2);
	file_close(f);
}

static void nothing_of_a_rolled_back_change(void **state)
{
	(void)state;
	struct file *f = file_open("rollback.db");
	uuid i = id_of("i");
	char before[65], after[65];
	open_incident(f, i, "INC-1");
	state_hex(f, before);
	begin(f, "sam", i);
	put(f, "event.new", id_of("e"), "text=gone", NULL);
	struct err err = { 0 };
	char *big = xmalloc(OP_TEXT_MAX + 2);
	memset(big, 'x', OP_TEXT_MAX + 1);
	big[OP_TEXT_MAX + 1] = '\0';
	struct fields v = { 0 };
	fields_text(&v, "text", big);
	free(big);
	assert_int_equal(tx_op(f->s, "event.new", id_of("f"), &v, &err), ST_NO);
	tx_rollback(f->s);
	state_hex(f, after);
	assert_string_equal(before, after);
	assert_int_equal(raw_int(f->path, "SELECT count(*) FROM op"), 2);
	event(f, i, "e", T0);
	assert_true(holds(f));
	file_close(f);
}

static void the_journal_is_append_only(void **state)
{
	(void)state;
	struct file *f = file_open("append.db");
	open_incident(f, id_of("i"), "INC-1");
	static const char *const columns[] = { "incident", "host", "prev", "hlc", "wall_us", "zone", "utcoff_s",
		"boot_id", "boottime_us", "author", "grp", "entity", "kind", "v", "saw", "digest", "salt", "body",
		"hash", "seq" };
	sqlite3 *db;
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		static const char *const ints = "seq hlc wall_us utcoff_s boottime_us v",
					 *const blobs = "incident host prev boot_id grp entity digest salt hash";
		char sql[128];
		snprintf(sql, sizeof sql, "UPDATE op SET %s = %s WHERE seq = 2", columns[i],
			strstr(ints, columns[i])    ? "77"
			: strstr(blobs, columns[i]) ? "x'77'"
						    : "'77'");
		assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_CONSTRAINT);
		assert_non_null(strstr(sqlite3_errmsg(db), "append-only"));
	}
	assert_int_equal(sqlite3_exec(db, "DELETE FROM op", NULL, NULL, NULL), SQLITE_CONSTRAINT);
	sqlite3_close(db);
	assert_true(holds(f));
	file_close(f);
}

static void what_was_seen_is_sorted(void **state)
{
	(void)state;
	struct file *f = file_open("saw.db"), *g = file_open("saw-2.db");
	uuid i = id_of("i"), e = id_of("e");
	open_incident(f, i, "INC-1");
	event(f, i, "e", T0);
	send(f, g, i);
	for (int k = 0; k < 8; k++) {
		char text[32];
		snprintf(text, sizeof text, "text=f%d", k);
		one(f, "sam", i, "event.set", e, text, "actor=f", NULL);
		text[5] = 'g';
		one(g, "jane", i, "event.set", e, text, NULL);
		send(f, g, i);
		send(g, f, i);
	}
	one(f, "sam", i, "event.set", e, "text=settled", "actor=x", "struck:1", NULL);
	char *saw = raw_text(f->path, "SELECT saw FROM op ORDER BY hlc DESC LIMIT 1");
	json_t *o = json_loads(saw, 0, NULL);
	assert_non_null(o);
	assert_string_equal(json_object_iter_key(json_object_iter(o)), "actor");
	assert_true(strncmp(saw, "{\"actor\":[\"", 11) == 0);
	assert_non_null(strstr(saw, "\"struck\":[],\"text\":[\""));
	json_t *text = json_object_get(o, "text");
	assert_int_equal(json_array_size(text), 2);
	const char *a = json_string_value(json_array_get(text, 0)), *b = json_string_value(json_array_get(text, 1));
	assert_int_equal(strlen(a), OP_SAW_DIGITS);
	assert_true(strcmp(a, b) < 0);
	json_decref(o);
	free(saw);
	one(f, "sam", i, "event.hide", e, NULL);
	saw = raw_text(f->path, "SELECT saw FROM op ORDER BY hlc DESC LIMIT 1");
	assert_string_equal(saw, "{\"hidden\":[]}");
	free(saw);
	file_close(f);
	file_close(g);
}

/* ---- ops as JSON -------------------------------------------------------------------------------------------------- */

static void ops_travel_as_json(void **state)
{
	(void)state;
	struct file *f = file_open("json.db"), *g = file_open("json-2.db");
	uuid i = id_of("i");
	struct err err = { 0 };
	begin(f, "bad \xff name", i);
	put(f, "event.new", id_of("e"), "text=a \xff b \xe2\x80\xae", NULL);
	commit(f);
	assert_int_equal(send(f, g, i).added, 2);
	assert_int_equal(
		raw_int(g->path, "SELECT count(*) FROM op WHERE author = CAST(x'62616420ff206e616d65' AS TEXT)"), 2);
	struct texts l = ops_of(f, i);
	for (size_t k = 0; k < l.n; k++) {
		json_t *o = json_loads(l.v[k], 0, NULL);
		struct op op;
		struct str b = STR_INIT;
		assert_non_null(o);
		assert_int_equal(op_from_json(o, &op, &err), ST_OK);
		op_to_json(&op, &b);
		assert_string_equal(b.s, l.v[k]);
		op_clear(&op);
		str_free(&b);
		/* every column must be there and of its kind */
		void *it;
		const char *key;
		json_t *v;
		json_object_foreach_safe(o, it, key, v)
		{
			json_t *broken = json_deep_copy(o);
			json_object_del(broken, key);
			assert_int_equal(op_from_json(broken, &op, &err), ST_NO);
			json_object_set_new(broken, key, json_true());
			assert_int_equal(op_from_json(broken, &op, &err), ST_NO);
			json_object_set_new(broken, key, json_string("0g"));
			if (op_from_json(broken, &op, &err) == ST_OK) {
				assert_false(op_sound(&op));
				op_clear(&op);
			}
			json_decref(broken);
		}
		json_decref(o);
	}
	json_t *no = json_array();
	struct op op;
	assert_int_equal(op_from_json(no, &op, &err), ST_NO);
	assert_int_equal(op_from_json(NULL, &op, &err), ST_NO);
	json_decref(no);
	texts_free(&l);
	file_close(f);
	file_close(g);
}

static void text_with_a_nul_is_whole(void **state)
{
	(void)state;
	struct file *f = file_open("nul.db");
	uuid i = id_of("i");
	struct fields v = { 0 };
	begin(f, "sam", i);
	fields_bytes(&v, "text", "before\0after", 12);
	assert_int_equal(tx_op(f->s, "event.new", id_of("e"), &v, NULL), ST_OK);
	commit(f);
	assert_int_equal(raw_int(f->path, "SELECT length(CAST(text AS BLOB)) FROM event"), 12);
	char *t = text_of_event(f, id_of("e"));
	assert_string_equal(t, "before\xef\xbf\xbd"
			       "after");
	free(t);
	assert_true(holds(f));
	file_close(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chain),
		cmocka_unit_test(the_clock),
		cmocka_unit_test(a_group_is_written_once),
		cmocka_unit_test(nothing_of_a_rolled_back_change),
		cmocka_unit_test(the_journal_is_append_only),
		cmocka_unit_test(what_was_seen_is_sorted),
		cmocka_unit_test(ops_travel_as_json),
		cmocka_unit_test(text_with_a_nul_is_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
