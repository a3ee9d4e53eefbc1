#include "tests/unit/store_util.h"

#include <dirent.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

_Noreturn void must_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: the test itself failed: %s\n", file, line, what);
	abort();
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

static char dir[256];
static pid_t dir_owner;

static void remove_tree(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	while (d && (e = readdir(d))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		char *sub = str_fmt("%s/%s", path, e->d_name);
		if (unlink(sub) != 0)
			remove_tree(sub);
		free(sub);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

static void remove_dir(void)
{
	if (getpid() == dir_owner)
		remove_tree(dir);
}

void test_dir_in(const char *base)
{
	MUST(!dir[0]);
	snprintf(dir, sizeof dir, "%s/tplus-store-XXXXXX", base);
	MUST(mkdtemp(dir));
	dir_owner = getpid();
	atexit(remove_dir);
}

const char *test_dir(void)
{
	const char *tmp = getenv("TMPDIR");
	if (!dir[0])
		test_dir_in(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : tmp ? tmp : "/tmp");
	return dir;
}

char *test_path(const char *name)
{
	return str_fmt("%s/%s", test_dir(), name);
}

enum status file_try(struct file *f, enum store_mode mode, struct err *err)
{
	store_close(f->s);
	f->s = NULL;
	return store_open(
		&f->s, &(struct store_opts){ .path = f->path, .mode = mode, .clock = &f->clock, .network = true }, err);
}

void file_reopen(struct file *f)
{
	struct err err = { 0 };
	if (file_try(f, STORE_WRITE, &err) != ST_OK)
		must_fail(f->path, 0, err.text);
}

struct file *file_open(const char *name)
{
	struct file *f = xcalloc(1, sizeof *f);
	f->path = test_path(name);
	clock_fixed(&f->clock, T0);
	file_reopen(f);
	return f;
}

void file_close(struct file *f)
{
	if (!f)
		return;
	store_close(f->s);
	free(f->path);
	free(f);
}

void file_remove(struct file *f)
{
	static const char *const parts[] = { "", "-journal", "-wal", "-shm" };
	char *path = xstrdup(f->path);
	file_close(f);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		char *part = str_fmt("%s%s", path, parts[i]);
		remove(part);
		free(part);
	}
	free(path);
}

/* ---- changes ------------------------------------------------------------------------------------------------------ */

uuid id_of(const char *name)
{
	static const uuid space = { { 1, 2, 3, 4 } };
	return uuid_named(space, name, strlen(name));
}

void begin_group(struct file *f, const char *author, uuid incident, uuid grp, bool *done)
{
	struct err err = { 0 };
	struct tx_opts o = { .author = author, .zone = "Europe/Berlin", .utcoff_s = 3600, .grp = grp };
	if (tx_begin(f->s, &o, &err) != ST_OK || tx_incident(f->s, incident, done, &err) != ST_OK)
		must_fail(f->path, 0, err.text);
}

void begin(struct file *f, const char *author, uuid incident)
{
	begin_group(f, author, incident, uuid_new(), NULL);
}

void commit(struct file *f)
{
	struct err err = { 0 };
	if (tx_commit(f->s, &err) != ST_OK)
		must_fail(f->path, 0, err.text);
	f->clock.fixed_wall += USEC_SEC;
}

void fields_of(struct fields *out, va_list ap)
{
	for (const char *p; (p = va_arg(ap, const char *));) {
		size_t n = strcspn(p, "=:!");
		char *name = xstrndup(p, n);
		if (p[n] == '=')
			fields_text(out, name, p + n + 1);
		else if (p[n] == ':')
			fields_int(out, name, strtoll(p + n + 1, NULL, 10));
		else
			fields_null(out, name);
		free(name);
	}
}

enum status try_op(struct file *f, struct err *err, const char *kind, uuid entity, ...)
{
	struct fields v = { 0 };
	va_list ap;
	va_start(ap, entity);
	fields_of(&v, ap);
	va_end(ap);
	return tx_op(f->s, kind, entity, &v, err);
}

static void op_or_die(struct file *f, const char *kind, uuid entity, va_list ap)
{
	struct err err = { 0 };
	struct fields v = { 0 };
	fields_of(&v, ap);
	if (tx_op(f->s, kind, entity, &v, &err) != ST_OK)
		must_fail(kind, 0, err.text);
}

void put(struct file *f, const char *kind, uuid entity, ...)
{
	va_list ap;
	va_start(ap, entity);
	op_or_die(f, kind, entity, ap);
	va_end(ap);
}

uuid one(struct file *f, const char *author, uuid incident, const char *kind, uuid entity, ...)
{
	uuid grp = uuid_new();
	begin_group(f, author, incident, grp, NULL);
	va_list ap;
	va_start(ap, entity);
	op_or_die(f, kind, entity, ap);
	va_end(ap);
	commit(f);
	return grp;
}

void open_incident(struct file *f, uuid incident, const char *id)
{
	char number[64];
	snprintf(number, sizeof number, "id=%s", id);
	one(f, "sam", incident, "incident.new", incident, number, "title=Checkout 5xx", "severity:2", "zone=UTC",
		"opened_at:1770300000000000", NULL);
}

uuid event(struct file *f, uuid incident, const char *name, usec at)
{
	char text[128], when[64];
	snprintf(text, sizeof text, "text=text %s", name);
	snprintf(when, sizeof when, "occurred_at:%lld", (long long)at);
	one(f, "sam", incident, "event.new", id_of(name), "kind=note", text, when, NULL);
	return id_of(name);
}

enum status undo(struct file *f, uuid incident, const char *author, bool redo, struct err *err)
{
	uuid grp;
	begin(f, author, incident);
	enum status st = undo_last_group(f->s, author, redo, &grp, err);
	if (st == ST_OK)
		st = undo_group(f->s, grp, NULL, err);
	if (st == ST_OK)
		commit(f);
	else
		tx_rollback(f->s);
	return st;
}

/* ---- looking ------------------------------------------------------------------------------------------------------ */

void state_hex(struct file *f, char out[2 * OP_HASH + 1])
{
	uint8_t h[OP_HASH];
	MUST(state_hash(f->s, h, NULL) == ST_OK);
	str_hex(out, h, OP_HASH);
}

void head_hex(struct file *f, uuid incident, char out[2 * OP_HASH + 1])
{
	uint8_t h[OP_HASH];
	MUST(q_head(f->s, incident, h, NULL) == ST_OK);
	str_hex(out, h, OP_HASH);
}

char *text_of_event(struct file *f, uuid entity)
{
	struct event e;
	if (q_event(f->s, entity, &e, NULL) != ST_OK)
		return NULL;
	char *t = xstrdup(e.text);
	event_clear(&e);
	return t;
}

static enum status count_event(void *arg, const struct event *e)
{
	(void)e;
	++*(size_t *)arg;
	return ST_OK;
}

size_t events_shown(struct file *f, uuid incident)
{
	size_t n = 0;
	MUST(q_events_each(f->s, incident, count_event, &n, NULL) == ST_OK);
	return n;
}

bool holds(struct file *f)
{
	struct verify_report r;
	struct err err = { 0 };
	uint8_t before[OP_HASH], after[OP_HASH];
	enum status st = verify_store(f->s, &r, &err);
	free(r.fault);
	if (st != ST_OK)
		fprintf(stderr, "verify: %s\n", err.text);
	MUST(rebuild_store(f->s, before, after, &err) == ST_OK);
	return st == ST_OK && memcmp(before, after, OP_HASH) == 0;
}

/* ---- exchange ----------------------------------------------------------------------------------------------------- */

static enum status add_op(void *arg, const struct op *o)
{
	struct texts *l = arg;
	struct str b = STR_INIT;
	op_to_json(o, &b);
	l->v = xgrow(l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = str_take(&b);
	return ST_OK;
}

struct texts ops_of(struct file *f, uuid incident)
{
	struct texts l = { 0 };
	MUST(q_ops_each(f->s, incident, add_op, &l, NULL) == ST_OK);
	return l;
}

void texts_free(struct texts *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct texts){ 0 };
}

static enum status take_one(struct file *f, const char *json, struct merge_count *count, struct err *err)
{
	json_t *o = json_loads(json, 0, NULL);
	struct op op;
	MUST(o);
	enum status st = op_from_json(o, &op, err);
	json_decref(o);
	if (st == ST_OK)
		st = merge_op(f->s, &op, count, err);
	op_clear(&op);
	return st;
}

enum status take(struct file *f, char *const *ops, size_t n, struct merge_count *count, struct err *err)
{
	struct tx_opts o = { .author = "import", .zone = "UTC", .grp = uuid_new() };
	enum status st = tx_begin(f->s, &o, err);
	for (size_t i = 0; i < n && st == ST_OK; i++)
		st = take_one(f, ops[i], count, err);
	if (st == ST_OK)
		st = merge_finish(f->s, err);
	if (st == ST_OK)
		st = tx_commit(f->s, err);
	else
		tx_rollback(f->s);
	return st;
}

struct merge_count send(struct file *from, struct file *to, uuid incident)
{
	struct merge_count c = { 0 };
	struct err err = { 0 };
	struct texts l = ops_of(from, incident);
	if (take(to, l.v, l.n, &c, &err) != ST_OK)
		must_fail(to->path, 0, err.text);
	texts_free(&l);
	return c;
}

/* ---- behind the store's back -------------------------------------------------------------------------------------- */

static sqlite3 *raw_open(const char *path)
{
	sqlite3 *db = NULL;
	MUST(sqlite3_open(path, &db) == SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	return db;
}

void raw_exec(const char *path, const char *sql)
{
	sqlite3 *db = raw_open(path);
	char *why = NULL;
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		must_fail(sql, 0, why);
	sqlite3_close(db);
}

char *raw_text(const char *path, const char *sql)
{
	sqlite3 *db = raw_open(path);
	sqlite3_stmt *q = NULL;
	MUST(sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK);
	char *t = sqlite3_step(q) == SQLITE_ROW ? xstrdup((const char *)sqlite3_column_text(q, 0)) : NULL;
	sqlite3_finalize(q);
	sqlite3_close(db);
	return t;
}

long long raw_int(const char *path, const char *sql)
{
	char *t = raw_text(path, sql);
	MUST(t);
	long long n = strtoll(t, NULL, 10);
	free(t);
	return n;
}

static char *read_all(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	*n = 0;
	if (!f)
		return NULL;
	struct stat sb;
	MUST(fstat(fileno(f), &sb) == 0);
	char *all = xmalloc((size_t)sb.st_size + 1);
	*n = fread(all, 1, (size_t)sb.st_size, f);
	fclose(f);
	return all;
}

bool bytes_hold(const char *path, const char *needle)
{
	size_t n;
	char *all = read_all(path, &n);
	bool found = all && memmem(all, n, needle, strlen(needle));
	free(all);
	return found;
}

void copy_file(const char *from, const char *to)
{
	size_t n;
	raw_exec(from, "PRAGMA wal_checkpoint(TRUNCATE)"); /* so that all of it is in the one file */
	char *all = read_all(from, &n);
	FILE *f = fopen(to, "wb");
	MUST(all && f && fwrite(all, 1, n, f) == n && fclose(f) == 0);
	free(all);
}
