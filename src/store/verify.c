/* verify.c - does the journal hold, do the tables follow from it; rebuilding them; backups. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/admin.h"
#include "store/db.h"

/* ---- the chains --------------------------------------------------------------------------------------------------- */

/* Walks (incident, host, seq, hash) in order. An op's prev must be the hash of one of the ops before it in the chain: forks have several. */
struct walk {
	struct verify_report *report;
	uuid incident, host;
	int64_t seq;
	uint8_t (*last)[OP_HASH];   /* hashes at seq - 1 and, from lasts on, at seq */
	size_t before, here, cap;
};

static void fault(struct verify_report *r, const struct op *o, const char *what)
{
	char incident[33], host[33];
	uuid_hex(o->incident, incident);
	uuid_hex(o->host, host);
	if (!r->fault)
		r->fault = str_fmt("incident %.8s, host %.8s, op %lld (%s): %s", incident, host, (long long)o->seq, o->kind, what);
}

static void walk_to(struct walk *w, const struct op *o)
{
	bool same_incident = uuid_eq(w->incident, o->incident) && w->report->ops > 0;
	bool same_chain = same_incident && uuid_eq(w->host, o->host);
	w->report->incidents += !same_incident;
	w->report->chains += !same_chain;
	if (!same_chain) {
		w->before = w->here = 0;
		w->seq = 0;
	}
	if (o->seq == w->seq) {
		w->report->forks++;
	} else {
		if (o->seq != w->seq + 1)
			fault(w->report, o, "ops before it are missing");
		memmove(w->last, w->last + w->before, w->here * sizeof *w->last);
		w->before = w->here;
		w->here = 0;
	}
	w->incident = o->incident;
	w->host = o->host;
	w->seq = o->seq;
}

static void check_link(struct walk *w, const struct op *o)
{
	static const uint8_t zeros[OP_HASH];
	bool linked = o->seq == 1 && memcmp(o->prev, zeros, OP_HASH) == 0;
	for (size_t i = 0; i < w->before && !linked; i++)
		linked = memcmp(w->last[i], o->prev, OP_HASH) == 0;
	if (!linked)
		fault(w->report, o, "does not continue the op before it");
}

/* Blobs of another size would read as zeros and texts end at a NUL, so a hash could still match what is not there. */
static bool shape_holds(sqlite3_stmt *q)
{
	static const struct { int col, size; bool null; } blobs[] = {
		{ 0, 16, false }, { 1, 16, false }, { 3, OP_HASH, false }, { 8, 16, true }, { 11, 16, false }, { 12, 16, false },
		{ 16, OP_HASH, false }, { 17, OP_SALT, true }, { 19, OP_HASH, false },
	};
	bool good = (sqlite3_column_type(q, 17) == SQLITE_NULL) == (sqlite3_column_type(q, 18) == SQLITE_NULL);
	for (size_t i = 0; i < sizeof blobs / sizeof *blobs; i++) {
		bool null = sqlite3_column_type(q, blobs[i].col) == SQLITE_NULL;
		good &= null ? blobs[i].null : sqlite3_column_bytes(q, blobs[i].col) == blobs[i].size;
	}
	for (int i = 0; i < sqlite3_column_count(q); i++)
		if (sqlite3_column_type(q, i) == SQLITE_TEXT)
			good &= !memchr(sqlite3_column_text(q, i), 0, (size_t)sqlite3_column_bytes(q, i));
	return good && sqlite3_column_int64(q, 7) == sqlite3_column_int(q, 7);
}

static enum status check_gone(struct store *s, struct verify_report *r, const struct op *o, struct err *err)
{
	bool named = true;
	r->redacted += !o->has_body;
	enum status st = o->has_body ? ST_OK : journal_is_redacted(s, o, &named, err);
	if (st == ST_OK && !named)
		fault(r, o, "its text is gone and no redaction names it");
	return st;
}

static void check_one(struct walk *w, const struct op *o)
{
	w->last = w->last ? w->last : xcalloc(4, sizeof *w->last);
	w->cap = w->cap ? w->cap : 4;
	walk_to(w, o);
	if (!op_sound(o))
		fault(w->report, o, "does not match its hash: it was changed after it was written");
	check_link(w, o);
	w->last = xgrow(w->last, &w->cap, w->before + w->here + 1, sizeof *w->last);
	memcpy(w->last[w->before + w->here++], o->hash, OP_HASH);
	w->report->ops++;
	w->report->unknown += !project_knows(o);
}

static enum status verify_journal(struct store *s, struct verify_report *r, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "SELECT " OP_COLUMNS " FROM op ORDER BY incident, host, seq, hash", err);
	if (!q)
		return ST_IO;
	struct walk w = { .report = r };
	enum status st = ST_OK;
	int rc = SQLITE_DONE;
	while (st == ST_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		struct op o;
		journal_row(q, 0, &o);
		if (!shape_holds(q))
			fault(r, &o, "has a column no tplus writes");
		check_one(&w, &o);
		st = check_gone(s, r, &o, err);
		op_clear(&o);
	}
	free(w.last);
	if (st == ST_OK && rc != SQLITE_DONE)
		st = db_fail(s, err, "verifying");
	db_done(q);
	return st;
}

static enum status verify_file(struct store *s, struct verify_report *r, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "PRAGMA integrity_check(1)", err);
	if (!q)
		return ST_IO;
	int rc = sqlite3_step(q), primary = rc & 0xff;
	const char *said = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(q, 0) : "its pages cannot be read";
	const char *line = said ? strchr(said, '\n') : NULL; /* the line before only names the database */
	enum status st = ST_OK;
	if (rc != SQLITE_ROW && primary != SQLITE_CORRUPT && primary != SQLITE_NOTADB)
		st = db_fail(s, err, "verifying");
	else if (!str_eq(said, "ok"))
		r->fault = str_fmt("the file is damaged: %s: keep a copy, then restore a backup", line ? line + 1 : said);
	db_done(q);
	return st;
}

/* ---- the state ---------------------------------------------------------------------------------------------------- */

static void hash_column(crypto_hash_sha256_state *st, sqlite3_stmt *q, int col)
{
	unsigned char type = (unsigned char)sqlite3_column_type(q, col);
	crypto_hash_sha256_update(st, &type, 1);
	if (type == SQLITE_INTEGER) {
		char b[32];
		int n = snprintf(b, sizeof b, "%lld", (long long)sqlite3_column_int64(q, col));
		crypto_hash_sha256_update(st, (unsigned char *)b, (unsigned long long)n + 1);
	} else if (type != SQLITE_NULL) {
		const void *p = sqlite3_column_blob(q, col);
		unsigned n = (unsigned)sqlite3_column_bytes(q, col);
		crypto_hash_sha256_update(st, (unsigned char *)&n, sizeof n);
		if (n)
			crypto_hash_sha256_update(st, p, n);
	}
}

/* The replicated columns of one table (all but the local row number n), by entity. */
static enum status hash_table(struct store *s, const char *table, crypto_hash_sha256_state *h, struct err *err)
{
	char *sql = str_fmt("SELECT * FROM %s ORDER BY incident, %s", table,
		strcmp(table, "attr") == 0	 ? "entity, name"
		: strcmp(table, "conflict") == 0 ? "entity, field, ord"
		: strcmp(table, "fork") == 0	 ? "host"
						 : "entity");
	sqlite3_stmt *q = NULL;
	enum status st = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) == SQLITE_OK ? ST_OK : db_fail(s, err, "reading");
	free(sql);
	int rc = SQLITE_DONE, columns = st == ST_OK ? sqlite3_column_count(q) : 0;
	crypto_hash_sha256_update(h, (const unsigned char *)table, strlen(table) + 1);
	while (st == ST_OK && (rc = sqlite3_step(q)) == SQLITE_ROW)
		for (int i = 0; i < columns; i++)
			if (strcmp(sqlite3_column_name(q, i), "n") != 0)
				hash_column(h, q, i);
	if (st == ST_OK && rc != SQLITE_DONE)
		st = db_fail(s, err, "reading");
	sqlite3_finalize(q);
	return st;
}

enum status state_hash(struct store *s, uint8_t out[OP_HASH], struct err *err)
{
	crypto_hash_sha256_state h;
	crypto_hash_sha256_init(&h);
	enum status st = ST_OK;
	for (int i = 0; project_tables[i] && st == ST_OK; i++)
		st = hash_table(s, project_tables[i], &h, err);
	crypto_hash_sha256_final(&h, out);
	return st;
}

/* Projects everything anew; keep says whether the result stays. */
static enum status reproject(struct store *s, bool keep, uint8_t before[OP_HASH], uint8_t after[OP_HASH], struct err *err)
{
	enum status st = db_exec(s, "BEGIN IMMEDIATE", err);
	if (st != ST_OK)
		return st;
	st = state_hash(s, before, err);
	if (st == ST_OK)
		st = project_all(s, err);
	if (st == ST_OK)
		st = state_hash(s, after, err);
	if (st == ST_OK && keep)
		st = db_exec(s, "COMMIT", err);
	if (st != ST_OK || !keep)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return st;
}

enum status rebuild_store(struct store *s, uint8_t before[OP_HASH], uint8_t after[OP_HASH], struct err *err)
{
	if (s->newer)
		return fail(err, ST_CONFLICT, "%s: was written by a newer tplus: upgrade tplus to rebuild it", s->path);
	if (s->readonly)
		return fail(err, ST_IO, "%s: is read-only: check its permissions", s->path);
	return reproject(s, true, before, after, err);
}

enum status verify_store(struct store *s, struct verify_report *out, struct err *err)
{
	*out = (struct verify_report){ 0 };
	enum status st = verify_file(s, out, err);
	if (st == ST_OK && !out->fault)
		st = verify_journal(s, out, err);
	/* Where nothing may be written the tables cannot be projected a second time: the journal alone is judged. */
	if (st == ST_OK && !out->fault && !s->newer && !s->readonly) {
		uint8_t before[OP_HASH], after[OP_HASH];
		if (s->mode == STORE_READ)
			st = db_exec(s, "PRAGMA query_only=OFF", err);
		if (st == ST_OK)
			st = reproject(s, false, before, after, err);
		if (s->mode == STORE_READ)
			sqlite3_exec(s->db, "PRAGMA query_only=ON", NULL, NULL, NULL);
		if (st == ST_OK && memcmp(before, after, OP_HASH) != 0)
			out->fault = xstrdup("the tables do not follow from the journal: run \"tplus rebuild\"");
	}
	if (st != ST_OK)
		return st;
	return out->fault ? fail(err, ST_NO, "%s", out->fault) : ST_OK;
}

/* ---- backup ------------------------------------------------------------------------------------------------------- */

static enum status check_copy(const char *path, struct err *err)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *q = NULL;
	bool good = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
		sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW &&
		str_eq((const char *)sqlite3_column_text(q, 0), "ok");
	sqlite3_finalize(q);
	sqlite3_close(db);
	return good ? ST_OK : fail(err, ST_IO, "%s: the copy does not read back well: check that disk and make another", path);
}

/* VACUUM INTO fills an empty file that exists: made here, it is ours alone, and an older one cannot be lost. */
static enum status make_copy_file(const char *path, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		return fail(err, ST_NO, "%s: exists: name a new file", path);
	if (fd < 0)
		return fail(err, ST_IO, "%s: cannot be made: %s: name another file", path, strerror(errno));
	close(fd);
	return ST_OK;
}

/* SQLite does not sync what VACUUM INTO wrote. No connection has the copy open, so it may be opened here. */
static enum status sync_copy(const char *path, struct err *err)
{
	char *dir = xstrdup(path), *slash = strrchr(dir, '/');
	if (slash)
		slash[slash == dir] = '\0';
	bool good = true;
	for (int i = 0; i < 2 && good; i++) {
		int fd = open(i == 0 ? path : slash ? dir : ".", O_RDONLY | O_CLOEXEC);
		good = fd >= 0 && fsync(fd) == 0;
		if (fd >= 0)
			close(fd);
	}
	free(dir);
	return good ? ST_OK : fail(err, ST_IO, "%s: cannot be synced: %s: check that disk and make another", path, strerror(errno));
}

/* VACUUM INTO reads one snapshot; a stepwise copy would start over at each write of others. */
static enum status copy_into(struct store *s, const char *path, struct err *err)
{
	sqlite3_stmt *q = NULL;
	if (sqlite3_prepare_v2(s->db, "VACUUM INTO ?1", -1, &q, NULL) != SQLITE_OK)
		return db_fail(s, err, "copying");
	db_bind_text(q, 1, path);
	enum status st = sqlite3_step(q) == SQLITE_DONE ? ST_OK : db_fail(s, err, "copying");
	sqlite3_finalize(q);
	return st;
}

enum status backup_store(struct store *s, const char *path, struct err *err)
{
	enum status st = make_copy_file(path, err);
	if (st != ST_OK)
		return st;
	if (s->mode == STORE_READ)
		st = db_exec(s, "PRAGMA query_only=OFF", err);
	if (st == ST_OK)
		st = copy_into(s, path, err);
	if (s->mode == STORE_READ)
		sqlite3_exec(s->db, "PRAGMA query_only=ON", NULL, NULL, NULL);
	if (st == ST_OK)
		st = sync_copy(path, err);
	if (st == ST_OK)
		st = check_copy(path, err);
	if (st != ST_OK)
		unlink(path);
	return st;
}
