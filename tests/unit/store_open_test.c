/* Opening the store: what is made, what is refused, what may still be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <sqlite3.h>
#include <cmocka.h>

#include "tests/unit/store_util.h"

static void spit(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static enum status open_path(const char *path, enum store_mode mode, struct err *err, struct store **out)
{
	static struct clock clock;
	clock_fixed(&clock, T0);
	*err = (struct err){ 0 };
	return store_open(
		out, &(struct store_opts){ .path = path, .mode = mode, .clock = &clock, .network = true }, err);
}

static void a_new_file(void **state)
{
	(void)state;
	mode_t old = umask(0);
	struct file *f = file_open("new.db");
	umask(old);
	struct stat sb;
	assert_int_equal(stat(f->path, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0600);
	assert_true(sb.st_size <= 256 * 1024);
	assert_false(store_readonly(f->s));
	assert_false(store_newer(f->s));
	assert_string_equal(store_path(f->s), f->path);
	open_incident(f, id_of("i"), "INC-2026-0001");
	char *journal = str_fmt("%s-journal", f->path);
	if (strcmp(store_journal_mode(f->s), "persist") == 0) {
		assert_int_equal(stat(journal, &sb), 0);
		assert_int_equal(sb.st_mode & 0777, 0600);
	} else {
		assert_string_equal(store_journal_mode(f->s), "wal");
	}
	assert_int_equal(raw_int(f->path, "PRAGMA application_id"), 0x542b5031);
	assert_int_equal(raw_int(f->path, "PRAGMA user_version"), 1);
	free(journal);
	file_close(f);
}

static void its_directory_is_made_only_when_asked(void **state)
{
	(void)state;
	char *path = test_path("deep/er/tplus.db"), *dir = test_path("deep");
	struct clock c;
	clock_fixed(&c, T0);
	struct store *s = NULL;
	struct err err = { 0 };
	struct store_opts o = { .path = path, .mode = STORE_WRITE, .clock = &c, .network = true };
	assert_int_equal(store_open(&s, &o, &err), ST_IO);
	assert_null(s);
	assert_non_null(strstr(err.text, path));
	assert_int_not_equal(access(dir, F_OK), 0);
	o.make_dir = true;
	mode_t old = umask(0);
	assert_int_equal(store_open(&s, &o, &err), ST_OK);
	umask(old);
	store_close(s);
	struct stat sb;
	assert_int_equal(stat(dir, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0700);
	free(path);
	free(dir);
}

static void readers_make_nothing(void **state)
{
	(void)state;
	char *path = test_path("none.db");
	struct store *s;
	struct err err;
	assert_int_equal(open_path(path, STORE_READ, &err, &s), ST_NO);
	assert_non_null(strstr(err.text, "tplus open"));
	assert_int_equal(open_path(path, STORE_SCREEN, &err, &s), ST_NO);
	assert_int_not_equal(access(path, F_OK), 0);
	spit(path, "", 0);
	assert_int_equal(open_path(path, STORE_READ, &err, &s), ST_NO);
	assert_int_equal(open_path(path, STORE_WRITE, &err, &s), ST_OK);
	store_close(s);
	assert_int_equal(open_path(path, STORE_READ, &err, &s), ST_OK);
	store_close(s);
	free(path);
}

static const struct refusal {
	const char *name, *bytes, *sql, *says;
	enum status status;
} refusals[] = {
	{ "text.db",
		"this is no database, but it is long enough to be looked at, and it says so in so many words, twice "
		"over",
		NULL, "no tplus database", ST_IO },
	{ "foreign.db", NULL, "CREATE TABLE t(x); INSERT INTO t VALUES(1)", "another program", ST_IO },
	{ "foreign-versioned.db", NULL, "CREATE TABLE t(x); PRAGMA user_version=1", "another program", ST_IO },
	{ "foreign-named.db", NULL, "CREATE TABLE t(x); PRAGMA application_id=7; PRAGMA user_version=1",
		"another program", ST_IO },
	{ "no/such/directory.db", NULL, NULL, "cannot be opened", ST_IO },
};

static void refused_and_left_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		const struct refusal *r = &refusals[i];
		char *path = test_path(r->name);
		if (r->bytes)
			spit(path, r->bytes, strlen(r->bytes));
		if (r->sql)
			raw_exec(path, r->sql);
		struct stat before = { 0 }, after = { 0 };
		stat(path, &before);
		struct store *s;
		struct err err;
		assert_int_equal(open_path(path, STORE_WRITE, &err, &s), r->status);
		assert_null(s);
		assert_non_null(strstr(err.text, r->says));
		assert_non_null(strstr(err.text, r->name));
		stat(path, &after);
		assert_int_equal(before.st_size, after.st_size);
		assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
		free(path);
	}
	struct store *s;
	struct err err;
	assert_int_equal(open_path(test_dir(), STORE_WRITE, &err, &s), ST_IO);
	assert_non_null(strstr(err.text, "is a directory"));
	assert_int_equal(open_path("/dev/null", STORE_WRITE, &err, &s), ST_IO);
	assert_non_null(strstr(err.text, "no regular file"));
}

static void a_damaged_file(void **state)
{
	(void)state;
	struct file *f = file_open("damaged.db");
	open_incident(f, id_of("i"), "INC-1");
	char *path = str_fmt("%s", f->path);
	file_close(f);
	char junk[4096];
	memset(junk, 'x', sizeof junk);
	FILE *w = fopen(path, "r+b");
	assert_int_equal(fseek(w, 4096, SEEK_SET), 0);
	for (int i = 0; i < 12; i++)
		assert_int_equal(fwrite(junk, 1, sizeof junk, w), sizeof junk);
	fclose(w);
	struct store *s = NULL;
	struct err err;
	enum status st = open_path(path, STORE_WRITE, &err, &s);
	if (st == ST_OK) {
		struct incidents l;
		struct verify_report r;
		assert_int_equal(q_incidents(s, &l, &err), ST_IO);
		assert_int_not_equal(verify_store(s, &r, &err), ST_OK);
		free(r.fault);
	}
	store_close(s);
	assert_non_null(strstr(err.text, "damaged"));
	free(path);
}

static void a_newer_schema_is_read_only(void **state)
{
	(void)state;
	struct file *f = file_open("newer.db");
	uuid i = id_of("i");
	open_incident(f, i, "INC-2026-0001");
	store_close(f->s);
	f->s = NULL;
	raw_exec(f->path, "PRAGMA user_version=2");
	for (enum store_mode m = STORE_READ; m <= STORE_SCREEN; m++) {
		struct err err = { 0 };
		struct incidents l;
		uint8_t a[OP_HASH], b[OP_HASH];
		assert_int_equal(file_try(f, m, &err), ST_OK);
		assert_true(store_newer(f->s));
		assert_int_equal(q_incidents(f->s, &l, &err), ST_OK);
		assert_int_equal(l.n, 1);
		incidents_free(&l);
		struct tx_opts o = { .author = "sam", .grp = uuid_new() };
		assert_int_equal(tx_begin(f->s, &o, &err), ST_CONFLICT);
		assert_false(tx_open(f->s));
		assert_int_equal(local_use(f->s, "sam", i, &err), ST_CONFLICT);
		assert_int_equal(local_set(f->s, "draft", "x", &err), ST_CONFLICT);
		assert_int_equal(rebuild_store(f->s, a, b, &err), ST_CONFLICT);
		struct verify_report r;
		assert_int_equal(verify_store(f->s, &r, &err), ST_OK);
		assert_int_equal(r.incidents, 1);
	}
	file_close(f);
}

/* As a user who may not write: root may always. */
static int look_at_read_only(struct file *f)
{
	struct err err = { 0 };
	struct incidents l = { 0 };
	struct verify_report r = { 0 };
	struct tx_opts o = { .author = "sam", .grp = uuid_new() };
	if (file_try(f, STORE_WRITE, &err) != ST_OK)
		return fprintf(stderr, "%s\n", err.text), 1;
	if (!store_readonly(f->s) || q_incidents(f->s, &l, &err) != ST_OK || l.n != 1)
		return 2;
	if (tx_begin(f->s, &o, &err) != ST_IO || !strstr(err.text, "read-only"))
		return 3;
	if (local_set(f->s, "draft", "x", &err) != ST_IO || verify_store(f->s, &r, &err) != ST_OK)
		return 4;
	if (file_try(f, STORE_READ, &err) != ST_OK || file_try(f, STORE_SCREEN, &err) != ST_OK)
		return 5;
	incidents_free(&l);
	chmod(f->path, 0);
	return 0;
}

static int look_at_unreadable(struct file *f)
{
	struct err err = { 0 };
	return file_try(f, STORE_WRITE, &err) == ST_IO && strstr(err.text, "ermission") ? 0 : 6;
}

static void in_child(struct file *f, int (*look)(struct file *))
{
	pid_t pid = fork();
	if (pid == 0) {
		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(99);
		_exit(look(f));
	}
	int ws;
	assert_int_equal(waitpid(pid, &ws, 0), pid);
	assert_true(WIFEXITED(ws));
	assert_int_equal(WEXITSTATUS(ws), 0);
}

static void a_read_only_file(void **state)
{
	(void)state;
	struct file *f = file_open("read-only.db");
	open_incident(f, id_of("i"), "INC-2026-0001");
	store_close(f->s);
	f->s = NULL;
	chmod(test_dir(), 0755);
	chmod(f->path, 0444);
	char *journal = str_fmt("%s-journal", f->path);
	chmod(journal, 0444); /* it takes the mode of a file that is read-only from the start */
	free(journal);
	in_child(f, look_at_read_only);
	chmod(f->path, 0);
	in_child(f, look_at_unreadable);
	file_close(f);
}

static void readers_do_not_write(void **state)
{
	(void)state;
	struct file *f = file_open("reader.db");
	struct err err = { 0 };
	uuid i = id_of("i");
	open_incident(f, i, "INC-1");
	event(f, i, "a", T0);
	assert_int_equal(file_try(f, STORE_READ, &err), ST_OK);
	struct tx_opts o = { .author = "sam", .grp = uuid_new() };
	assert_int_equal(tx_begin(f->s, &o, &err), ST_IO);
	assert_int_equal(local_set(f->s, "draft", "x", &err), ST_IO);
	/* but they verify the tables too, and copy */
	raw_exec(f->path, "UPDATE event SET text = 'other'");
	struct verify_report r;
	assert_int_equal(verify_store(f->s, &r, &err), ST_NO);
	assert_non_null(strstr(r.fault, "rebuild"));
	free(r.fault);
	char *copy = test_path("reader-copy.db");
	assert_int_equal(backup_store(f->s, copy, &err), ST_OK);
	assert_int_equal(local_set(f->s, "draft", "x", &err), ST_IO);
	free(copy);
	file_close(f);
}

static void the_screen_never_waits(void **state)
{
	(void)state;
	struct file *f = file_open("screen.db"), screen = { .path = f->path };
	struct err err = { 0 };
	clock_fixed(&screen.clock, T0);
	uuid i = id_of("i");
	open_incident(f, i, "INC-1");
	assert_int_equal(file_try(&screen, STORE_SCREEN, &err), ST_OK);
	assert_true(store_readonly(screen.s));
	int64_t version = store_data_version(screen.s);
	assert_int_equal(store_data_version(screen.s), version);
	event(f, i, "a", T0);
	assert_int_not_equal(store_data_version(screen.s), version);
	struct incidents l;
	assert_int_equal(q_incidents(screen.s, &l, &err), ST_OK);
	incidents_free(&l);
	if (strcmp(store_journal_mode(f->s), "persist") == 0) { /* in WAL nobody can shut readers out */
		sqlite3 *other;
		assert_int_equal(sqlite3_open(f->path, &other), SQLITE_OK);
		assert_int_equal(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
		assert_int_equal(q_incidents(screen.s, &l, &err), ST_IO);
		assert_true(store_busy(screen.s));
		assert_int_equal(store_data_version(screen.s), -1);
		assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
		sqlite3_close(other);
		assert_int_equal(q_incidents(screen.s, &l, &err), ST_OK);
		incidents_free(&l);
	}
	store_close(screen.s);
	file_close(f);
}

static void what_is_local(void **state)
{
	(void)state;
	struct file *f = file_open("local.db");
	struct err err = { 0 };
	uuid i = id_of("i"), got;
	assert_false(local_used(f->s, "sam", &got));
	assert_int_equal(local_use(f->s, "sam", i, &err), ST_OK);
	assert_int_equal(local_use(f->s, "jane", id_of("j"), &err), ST_OK);
	assert_true(local_used(f->s, "sam", &got));
	assert_true(uuid_eq(got, i));
	assert_null(local_get(f->s, "draft"));
	assert_int_equal(local_set(f->s, "draft", "half a li", &err), ST_OK);
	file_reopen(f);
	char *draft = local_get(f->s, "draft");
	assert_string_equal(draft, "half a li");
	free(draft);
	assert_int_equal(local_set(f->s, "draft", NULL, &err), ST_OK);
	assert_null(local_get(f->s, "draft"));
	file_close(f);
}

/* ---- the host id -------------------------------------------------------------------------------------------------- */

static void one_host_id_a_file(void **state)
{
	(void)state;
	struct file *f = file_open("host.db");
	assert_true(uuid_is_zero(store_host(f->s)));
	uuid i = id_of("i");
	open_incident(f, i, "INC-1");
	uuid host = store_host(f->s);
	assert_false(uuid_is_zero(host));
	file_reopen(f);
	event(f, i, "a", T0);
	assert_true(uuid_eq(store_host(f->s), host));
	assert_int_equal(raw_int(f->path, "SELECT count(DISTINCT host) FROM op"), 1);
	/* rolled back, a fresh id is gone: the next one is written down */
	struct file *g = file_open("host-rolled-back.db");
	begin(g, "sam", i);
	tx_rollback(g->s);
	open_incident(g, i, "INC-1");
	file_reopen(g);
	event(g, i, "a", T0);
	assert_int_equal(raw_int(g->path, "SELECT count(DISTINCT host) FROM op"), 1);
	file_close(g);
	file_close(f);
}

static void a_copied_file_is_another_host(void **state)
{
	(void)state;
	struct file *f = file_open("host-a.db");
	uuid i = id_of("i");
	open_incident(f, i, "INC-1");
	uuid host = store_host(f->s);
	store_close(f->s);
	f->s = NULL;
	char *copy = test_path("host-b.db");
	copy_file(f->path, copy);
	free(copy);
	struct file *g = file_open("host-b.db");
	event(g, i, "b", T0);
	assert_false(uuid_eq(store_host(g->s), host));
	file_reopen(f);
	event(f, i, "a", T0);
	assert_true(uuid_eq(store_host(f->s), host));
	struct merge_count c = send(g, f, i);
	assert_int_equal(c.forks, 0);
	assert_int_equal(c.added, 2); /* host.new and the event */
	assert_true(holds(f));
	file_close(f);
	file_close(g);
}

static void another_process_may_have_minted(void **state)
{
	(void)state;
	struct file *f = file_open("host-two.db");
	uuid i = id_of("i");
	open_incident(f, i, "INC-1");
	/* what another process leaves when it has found a fork */
	raw_exec(f->path, "UPDATE local SET v = x'00112233445566778899aabbccddeeff' WHERE k = 'host'");
	event(f, i, "a", T0);
	assert_int_equal(
		raw_int(f->path, "SELECT count(*) FROM op WHERE host = x'00112233445566778899aabbccddeeff'"), 2);
	assert_true(holds(f));
	file_close(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_file),
		cmocka_unit_test(its_directory_is_made_only_when_asked),
		cmocka_unit_test(readers_make_nothing),
		cmocka_unit_test(refused_and_left_alone),
		cmocka_unit_test(a_damaged_file),
		cmocka_unit_test(a_newer_schema_is_read_only),
		cmocka_unit_test(a_read_only_file),
		cmocka_unit_test(readers_do_not_write),
		cmocka_unit_test(the_screen_never_waits),
		cmocka_unit_test(what_is_local),
		cmocka_unit_test(one_host_id_a_file),
		cmocka_unit_test(a_copied_file_is_another_host),
		cmocka_unit_test(another_process_may_have_minted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
