/* verify finds every kind of tampering; rebuild; backups; merging what is unsound; forks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sqlite3.h>
#include <cmocka.h>

#include "base/mem.h"
#include "tests/unit/store_util.h"

/* Two hosts, two incidents, every table with rows: changes, a conflict, an unknown kind, a redaction, a fork. */
static struct file *rich(const char *name)
{
	struct file *f = file_open(name), *g = file_open("rich-2.db");
	struct err err = { 0 };
	uuid i = id_of("i"), j = id_of("j"), e = id_of("e");
	char parent[48] = "parent=";
	str_hex(parent + 7, e.b, 16);
	open_incident(f, i, "INC-1");
	open_incident(f, j, "INC-2");
	event(f, i, "e", T0);
	event(f, i, "secret", T0);
	event(f, j, "x", T0);
	begin(f, "sam", i);
	put(f, "detail.new", id_of("d"), parent, "ord:1", "text=line", NULL);
	put(f, "responder.new", id_of("r"), "name=sam", "role=IC", "joined_at:1", NULL);
	put(f, "action.new", id_of("a"), "number=AI-1", "text=do", NULL);
	put(f, "ask.new", id_of("k"), "number=ASK-1", "text=why", "whom=bob", NULL);
	put(f, "hypothesis.new", id_of("h"), "number=H-1", "text=dns", NULL);
	put(f, "finding.new", id_of("n"), "list=good", "text=fast", NULL);
	put(f, "field.new", id_of("l"), "name=impact", "value=9", NULL);
	put(f, "section.new", id_of("s"), "name=summary", "value=long", NULL);
	put(f, "policy.new", id_of("p"), "severity:2", "update=900", NULL);
	put(f, "widget.new", id_of("w"), "x=1", NULL);
	commit(f);
	send(f, g, i);
	one(f, "sam", i, "event.set", e, "text=mine", NULL);
	one(g, "jane", i, "event.set", e, "text=yours", NULL);
	send(g, f, i);
	begin(f, "sam", i);
	MUST(redact_event(f->s, id_of("secret"), "why", &err) == ST_OK);
	commit(f);
	/* somebody else goes on writing under our name, from where we were */
	char *host = raw_text(f->path, "SELECT lower(hex(v)) FROM local WHERE k = 'host'");
	char *sql = str_fmt("UPDATE local SET v = x'%s' WHERE k = 'host'", host);
	struct file *clone = file_open("rich-3.db");
	open_incident(clone, id_of("unrelated"), "INC-9");
	raw_exec(clone->path, sql);
	file_reopen(clone);
	open_incident(clone, i, "INC-1");
	MUST(send(clone, f, i).forks > 0);
	free(host);
	free(sql);
	file_remove(clone);
	file_remove(g);
	return f;
}

static enum status verify(struct file *f, char **fault)
{
	struct verify_report r;
	struct err err = { 0 };
	enum status st = verify_store(f->s, &r, &err);
	*fault = r.fault;
	return st;
}

static void it_holds(void **state)
{
	(void)state;
	struct file *f = rich("rich.db");
	struct verify_report r;
	struct err err = { 0 };
	assert_int_equal(verify_store(f->s, &r, &err), ST_OK);
	assert_null(r.fault);
	assert_int_equal(r.incidents, 2);
	assert_int_equal(r.chains, 3);
	assert_int_equal(r.ops, raw_int(f->path, "SELECT count(*) FROM op"));
	assert_int_equal(r.redacted, 1);
	assert_int_equal(r.unknown, 1);
	assert_true(r.forks > 0);
	assert_true(holds(f));
	file_remove(f);
}

static void drop_triggers(sqlite3 *db)
{
	sqlite3_stmt *q;
	struct str sql = STR_INIT;
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'trigger'", -1, &q, NULL),
		SQLITE_OK);
	while (sqlite3_step(q) == SQLITE_ROW)
		str_addf(&sql, "DROP TRIGGER %s;", (const char *)sqlite3_column_text(q, 0));
	sqlite3_finalize(q);
	assert_int_equal(sqlite3_exec(db, sql.s, NULL, NULL, NULL), SQLITE_OK);
	str_free(&sql);
}

/* Does verify find what this SQL did to a copy? False when the schema itself forbids it: a key met twice. */
static bool found_after(struct file *f, const char *sql)
{
	struct file *t = xcalloc(1, sizeof *t);
	t->path = str_fmt("%s-tampered", f->path);
	t->clock = f->clock;
	sqlite3 *raw;
	char *fault = NULL;
	copy_file(f->path, t->path);
	assert_int_equal(sqlite3_open(t->path, &raw), SQLITE_OK);
	drop_triggers(raw);
	int rc = sqlite3_exec(raw, sql, NULL, NULL, NULL), changed = sqlite3_changes(raw);
	sqlite3_close(raw);
	if (rc == SQLITE_OK) {
		assert_true(changed > 0);
		file_reopen(t);
		enum status st = verify(t, &fault);
		if (st != ST_NO || !fault)
			print_error("not found: %s\n", sql);
		assert_int_equal(st, ST_NO);
		assert_non_null(fault);
	} else if (rc != SQLITE_CONSTRAINT) {
		print_error("%s: %s\n", sql, sqlite3_errstr(rc));
		assert_int_equal(rc, SQLITE_OK);
	}
	free(fault);
	file_remove(t);
	return rc == SQLITE_OK;
}

/* Changes that leave a value of the same type, but another one. */
static const struct change {
	const char *number, *bytes;
} changes[] = {
	{ "%s + 1", "CAST(CAST(%s AS BLOB) || x'00' AS TEXT)" },
	{ "%s - 1", "CAST(CAST(%s AS BLOB) || x'0041' AS TEXT)" },
	{ "%s + 4294967296", "CAST(x'20' || CAST(%s AS BLOB) AS TEXT)" },
	{ "-1 - %s", "CAST(substr(CAST(%s AS BLOB), 2) AS TEXT)" },
	{ "%s * 0", "substr(%s, 1, 0)" },
};

static char *value_for(const struct change *c, const char *type, const char *column)
{
	if (strcmp(type, "INTEGER") == 0)
		return str_fmt(c->number, column);
	char *text = str_fmt(c->bytes, column);
	char *value = strcmp(type, "TEXT") == 0 ? xstrdup(text) : str_fmt("CAST(%s AS BLOB)", text);
	free(text);
	return value;
}

static size_t tamper_column(struct file *f, const char *table, const char *column, const char *type)
{
	size_t tried = 0;
	for (size_t k = 0; k < sizeof changes / sizeof *changes; k++) {
		char *value = value_for(&changes[k], type, column);
		char *some = str_fmt("SELECT count(*) FROM %s WHERE %s IS NOT %s", table, column, value);
		char *sql = str_fmt("UPDATE %s SET %s = %s WHERE %s IS NOT %s", table, column, value, column, value);
		if (raw_int(f->path, some) > 0)
			tried += found_after(f, sql);
		free(value);
		free(some);
		free(sql);
	}
	return tried;
}

static size_t tamper_table(struct file *f, sqlite3 *db, const char *table)
{
	char *sql = str_fmt("SELECT * FROM %s", table);
	sqlite3_stmt *q;
	size_t tried = 0;
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW); /* rich() has filled it */
	for (int c = 0; c < sqlite3_column_count(q); c++) {
		const char *column = sqlite3_column_name(q, c), *type = NULL;
		assert_int_equal(sqlite3_table_column_metadata(db, NULL, table, column, &type, NULL, NULL, NULL, NULL),
			SQLITE_OK);
		char *kept = xstrdup(type);
		if (strcmp(column, "n") != 0) /* local */
			tried += tamper_column(f, table, column, kept);
		free(kept);
	}
	sqlite3_finalize(q);
	free(sql);
	return tried;
}

static void every_column(void **state)
{
	(void)state;
	static const char *const tables[] = { "op", "incident", "event", "detail", "responder", "action", "ask",
		"hypothesis", "finding", "field", "section", "policy", "attr", "conflict", "unknown", "fork" };
	struct file *f = rich("tamper.db");
	size_t tried = 0;
	store_close(f->s);
	f->s = NULL;
	sqlite3 *db;
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
		size_t n = tamper_table(f, db, tables[k]);
		assert_true(n > 0);
		tried += n;
	}
	sqlite3_close(db);
	assert_true(tried > 300);
	file_reopen(f);
	assert_true(holds(f));
	file_remove(f);
}

#define ROW " WHERE rowid = 4" /* the last */

/* In one op: every byte of every text and blob, bits of every number. */
static void every_byte(void **state)
{
	(void)state;
	static const char *const bytes[] = { "incident", "host", "prev", "zone", "boot_id", "author", "grp", "entity",
		"kind", "saw", "digest", "salt", "body", "hash" };
	static const char *const numbers[] = { "seq", "hlc", "wall_us", "utcoff_s", "boottime_us", "v" };
	struct file *f = file_open("bytes.db");
	uuid i = id_of("i"), boot = id_of("boot");
	memcpy(f->clock.boot_id, boot.b, sizeof boot.b);
	f->clock.fixed_boot = 12345;
	open_incident(f, i, "INC-1");
	event(f, i, "e", T0);
	one(f, "sam", i, "event.set", id_of("e"), "text=other", NULL);
	store_close(f->s);
	f->s = NULL;
	for (size_t c = 0; c < sizeof bytes / sizeof *bytes; c++) {
		char *get = str_fmt("SELECT hex(%s) FROM op" ROW, bytes[c]), *hex = raw_text(f->path, get);
		const char *type = strstr("zone author kind saw body", bytes[c]) ? "TEXT" : "BLOB";
		assert_true(strlen(hex) > 0);
		for (size_t k = 1; k < strlen(hex); k += 2) {
			char was = hex[k];
			hex[k] = was == '1' ? '0' : '1';
			char *set = str_fmt("UPDATE op SET %s = CAST(x'%s' AS %s)" ROW, bytes[c], hex, type);
			assert_true(found_after(f, set));
			hex[k] = was;
			free(set);
		}
		free(hex);
		free(get);
	}
	for (size_t c = 0; c < sizeof numbers / sizeof *numbers; c++)
		for (int bit = 0; bit < 63; bit += 9) {
			long long mask = 1LL << bit;
			char *set = str_fmt("UPDATE op SET %s = (%s | %lld) - (%s & %lld)" ROW, numbers[c], numbers[c],
				mask, numbers[c], mask);
			assert_true(found_after(f, set));
			free(set);
		}
	file_remove(f);
}

static const char *const structure[] = {
	"DELETE FROM op WHERE rowid = 4",
	"DELETE FROM op WHERE body LIKE '%yours%'", /* the last of its chain: the tables say what it did */
	"DELETE FROM op WHERE kind = 'op.redact'",
	"UPDATE op SET salt = NULL, body = NULL WHERE rowid = 3",
	"UPDATE op SET body = NULL WHERE rowid = 3",
	"UPDATE op SET salt = NULL WHERE rowid = 3",
	"UPDATE op SET salt = x'00112233445566778899aabbccddeeff' WHERE body IS NULL",
	"UPDATE op SET salt = x'00112233445566778899aabbccddeeff', body = '{}' WHERE body IS NULL",
	"UPDATE op SET (salt, body) = (SELECT o.salt, o.body FROM op o WHERE o.rowid = 6) WHERE rowid = 7",
	"UPDATE op SET prev = zeroblob(32) WHERE rowid = 5",
	"UPDATE op SET prev = x'' WHERE seq = 1",
	"UPDATE op SET boot_id = x''",
	"UPDATE op SET boot_id = zeroblob(16)",
	"UPDATE op SET boottime_us = 7 WHERE rowid = 3",
	"UPDATE op SET seq = seq + 1",
	"UPDATE op SET seq = 0 WHERE seq = 1",
	"INSERT INTO op SELECT incident, host, seq + 1000, prev, hlc, wall_us, zone, utcoff_s, boot_id, boottime_us, "
	"author, grp, entity, kind, v, saw, "
	"digest, salt, body, hash FROM op WHERE rowid = 3",
	"INSERT INTO op SELECT incident, zeroblob(16), seq, prev, hlc, wall_us, zone, utcoff_s, boot_id, boottime_us, "
	"author, grp, entity, kind, v, saw, "
	"digest, salt, body, hash FROM op WHERE rowid = 3",
	"DELETE FROM event WHERE text = 'text x'",
	"DELETE FROM conflict",
	"DELETE FROM fork",
	"UPDATE event SET hidden = 1 WHERE text = 'text x'",
	"INSERT INTO fork(incident, host) VALUES(zeroblob(16), zeroblob(16))",
	"INSERT INTO event(entity, incident, hlc, recorded_at, hidden, edited, conflict, text) SELECT zeroblob(16), "
	"incident, 1, 1, 0, 0, 0, 'forged' "
	"FROM incident LIMIT 1",
};

static void what_is_missing_or_added(void **state)
{
	(void)state;
	struct file *f = rich("structure.db");
	store_close(f->s);
	f->s = NULL;
	for (size_t k = 0; k < sizeof structure / sizeof *structure; k++)
		assert_true(found_after(f, structure[k]));
	file_remove(f);
}

/* ---- rebuild, backup ---------------------------------------------------------------------------------------------- */

static void rebuild_heals_the_tables(void **state)
{
	(void)state;
	struct file *f = rich("rebuild.db");
	char want[65], got[65], *fault;
	uint8_t before[OP_HASH], after[OP_HASH];
	state_hex(f, want);
	raw_exec(f->path, "UPDATE event SET text = 'forged'; DELETE FROM action; DELETE FROM fork; INSERT INTO unknown "
			  "VALUES(x'00', x'00', 5)");
	assert_int_equal(verify(f, &fault), ST_NO);
	assert_non_null(strstr(fault, "rebuild"));
	free(fault);
	assert_int_equal(rebuild_store(f->s, before, after, NULL), ST_OK);
	assert_memory_not_equal(before, after, OP_HASH);
	state_hex(f, got);
	assert_string_equal(got, want);
	assert_true(holds(f));
	file_remove(f);
}

static void a_backup(void **state)
{
	(void)state;
	struct file *f = rich("backup.db");
	struct err err = { 0 };
	char want[65], got[65], *path = test_path("copy.db");
	mode_t old = umask(0);
	assert_int_equal(backup_store(f->s, path, &err), ST_OK);
	umask(old);
	struct stat sb;
	assert_int_equal(stat(path, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0600);
	assert_int_equal(backup_store(f->s, path, &err), ST_NO); /* never over another */
	assert_non_null(strstr(err.text, "exists"));
	assert_int_equal(backup_store(f->s, f->path, &err), ST_NO);
	char *nowhere = test_path("no/copy.db");
	assert_int_equal(backup_store(f->s, nowhere, &err), ST_IO);
	struct file *g = file_open("copy.db");
	state_hex(f, want);
	state_hex(g, got);
	assert_string_equal(got, want);
	head_hex(f, id_of("i"), want);
	head_hex(g, id_of("i"), got);
	assert_string_equal(got, want);
	event(g, id_of("i"), "after", T0);
	assert_false(uuid_eq(store_host(g->s), store_host(f->s))); /* the copy is another host */
	assert_true(holds(g));
	free(path);
	free(nowhere);
	file_remove(g);
	file_remove(f);
}

/* ---- what comes in ------------------------------------------------------------------------------------------------ */

static void unsound_ops_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to;
	} swaps[] = {
		{ "\"seq\":3", "\"seq\":0" },
		{ "\"seq\":3", "\"seq\":4" },
		{ "sam", "bob" },
		{ "event.new", "event.set" },
		{ "text e", "text f" },
		{ "\"v\":1", "\"v\":2" },
		{ "Berlin", "London" },
		{ "3600", "7200" },
	};
	struct file *f = file_open("sound.db"), *g = file_open("unsound.db");
	struct err err = { 0 };
	uuid i = id_of("i");
	open_incident(f, i, "INC-1");
	event(f, i, "e", T0);
	struct texts l = ops_of(f, i);
	assert_int_equal(l.n, 3);
	for (size_t k = 0; k < sizeof swaps / sizeof *swaps; k++) {
		struct merge_count n = { 0 };
		char *op = l.v[2], *at = strstr(op, swaps[k].from);
		assert_non_null(at);
		char *forged = str_fmt("%.*s%s%s", (int)(at - op), op, swaps[k].to, at + strlen(swaps[k].from));
		char *ops[] = { l.v[0], l.v[1], forged };
		assert_int_equal(take(g, ops, 3, &n, &err), ST_NO);
		assert_int_equal(raw_int(g->path, "SELECT count(*) FROM op"), 0); /* nothing of it */
		free(forged);
	}
	texts_free(&l);
	file_remove(f);
	file_remove(g);
}

static void a_fork_is_noticed(void **state)
{
	(void)state;
	struct file *f = file_open("fork.db"), *g = file_open("fork-2.db");
	uuid i = id_of("i");
	char x[65], y[65];
	open_incident(f, i, "INC-1");
	uuid host = store_host(f->s);
	/* a clone of the machine: the same file under the same name, as far as it can see */
	open_incident(g, id_of("j"), "INC-2");
	char *place = local_get(g->s, "place"), *sql = str_fmt("UPDATE local SET v = '%s' WHERE k = 'place'", place);
	store_close(f->s);
	store_close(g->s);
	f->s = g->s = NULL;
	copy_file(f->path, g->path);
	raw_exec(g->path, sql);
	free(place);
	free(sql);
	file_reopen(f);
	file_reopen(g);
	event(f, i, "f1", T0);
	event(f, i, "f2", T0);
	event(g, i, "g1", T0);
	assert_true(uuid_eq(store_host(g->s), host));
	struct merge_count c = send(g, f, i);
	assert_int_equal(c.forks, 1);
	assert_int_equal(c.added, 1);
	assert_false(uuid_eq(store_host(f->s), host)); /* from now on another host */
	event(f, i, "f3", T0);
	send(f, g, i);
	assert_false(uuid_eq(store_host(g->s), host));
	event(g, i, "g2", T0);
	send(g, f, i);
	send(f, g, i);
	assert_int_equal(events_shown(f, i), 5); /* both sides are kept */
	assert_int_equal(raw_int(f->path, "SELECT count(DISTINCT host) FROM op"), 3);
	state_hex(f, x);
	state_hex(g, y);
	assert_string_equal(x, y);
	head_hex(f, i, x);
	head_hex(g, i, y);
	assert_string_equal(x, y);
	assert_true(holds(f));
	assert_true(holds(g));
	file_remove(f);
	file_remove(g);
}

/* A file set back to an earlier state meets its own later ops: it may not go on where they end. */
static void our_own_ops_from_elsewhere(void **state)
{
	(void)state;
	struct file *f = file_open("back.db"), *g = file_open("back-2.db");
	uuid i = id_of("i");
	char *early = test_path("early.db");
	open_incident(f, i, "INC-1");
	store_close(f->s);
	f->s = NULL;
	copy_file(f->path, early);
	file_reopen(f);
	event(f, i, "later", T0);
	uuid host = store_host(f->s);
	send(f, g, i);
	store_close(f->s);
	f->s = NULL;
	copy_file(early, f->path); /* the inode stays */
	file_reopen(f);
	send(g, f, i);
	event(f, i, "now", T0);
	assert_false(uuid_eq(store_host(f->s), host));
	assert_int_equal(events_shown(f, i), 2);
	assert_true(holds(f));
	free(early);
	file_remove(f);
	file_remove(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_holds),
		cmocka_unit_test(every_column),
		cmocka_unit_test(every_byte),
		cmocka_unit_test(what_is_missing_or_added),
		cmocka_unit_test(rebuild_heals_the_tables),
		cmocka_unit_test(a_backup),
		cmocka_unit_test(unsound_ops_are_refused),
		cmocka_unit_test(a_fork_is_noticed),
		cmocka_unit_test(our_own_ops_from_elsewhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
