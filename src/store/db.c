/* db.c - statements, values and errors of SQLite. */
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

sqlite3_stmt *db_sql(struct store *s, const char *sql, struct err *err)
{
	for (size_t i = 0; i < s->stmts; i++)
		if (s->stmt[i].sql == sql)
			return s->stmt[i].stmt;
	sqlite3_stmt *q = NULL;
	if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &q, NULL) != SQLITE_OK) {
		db_fail(s, err, "reading");
		return NULL;
	}
	s->stmt = xgrow(s->stmt, &s->stmt_cap, s->stmts + 1, sizeof *s->stmt);
	s->stmt[s->stmts++] = (struct db_stmt){ sql, q };
	return q;
}

void db_done(sqlite3_stmt *q)
{
	sqlite3_reset(q);
	sqlite3_clear_bindings(q);
}

struct reason { int code; const char *text; };

/* What SQLite's primary result codes mean to the person in front of the screen, and what helps. */
static const struct reason reasons[] = {
	{ SQLITE_FULL, "the disk is full: nothing was saved; free some space and try again" },
	{ SQLITE_BUSY, "another program holds it locked: try again" },
	{ SQLITE_LOCKED, "another program holds it locked: try again" },
	{ SQLITE_READONLY, "it is read-only: check its permissions, or name another file with --db" },
	{ SQLITE_PERM, "permission denied: check its permissions, or name another file with --db" },
	{ SQLITE_CANTOPEN, "it cannot be opened: check that its directory exists and is yours, or name another file with --db" },
	{ SQLITE_CORRUPT, "it is damaged: keep a copy, then restore a backup" },
	{ SQLITE_NOTADB, "it is no tplus database: name another file with --db" },
	{ SQLITE_IOERR, "the disk failed or is full: check the disk and its free space, then try again" },
	{ SQLITE_TOOBIG, "the text is too large: shorten it or split it" },
};

enum status db_fail(struct store *s, struct err *err, const char *doing)
{
	int code = sqlite3_extended_errcode(s->db), primary = code & 0xff;
	s->busy = primary == SQLITE_BUSY || primary == SQLITE_LOCKED || code == SQLITE_READONLY_ROLLBACK ||
		code == SQLITE_READONLY_RECOVERY || code == SQLITE_BUSY_RECOVERY;
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].code == primary)
			return fail(err, ST_IO, "%s: %s: %s", s->path, doing, reasons[i].text);
	return fail(err, ST_IO, "%s: %s: %s (SQLite %d): run \"tplus verify\"", s->path, doing, sqlite3_errmsg(s->db), code);
}

enum status db_exec(struct store *s, const char *sql, struct err *err)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? ST_OK : db_fail(s, err, "writing");
}

bool store_read_begin(struct store *s)
{
	return sqlite3_get_autocommit(s->db) && sqlite3_exec(s->db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK;
}

void store_read_end(struct store *s, bool begun)
{
	if (begun)
		sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
}

bool db_next(struct store *s, sqlite3_stmt *q, enum status *st, struct err *err)
{
	int rc = sqlite3_step(q);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		*st = db_fail(s, err, "reading");
	return rc == SQLITE_ROW;
}

enum status db_run(struct store *s, sqlite3_stmt *q, struct err *err)
{
	if (!q)
		return ST_IO;
	int rc = sqlite3_step(q);
	enum status st = rc == SQLITE_DONE || rc == SQLITE_ROW ? ST_OK : db_fail(s, err, "writing");
	db_done(q);
	return st;
}

void db_bind_uuid(sqlite3_stmt *q, int i, uuid u)
{
	sqlite3_bind_blob(q, i, u.b, sizeof u.b, SQLITE_TRANSIENT);
}

void db_bind_text(sqlite3_stmt *q, int i, const char *s)
{
	if (s)
		sqlite3_bind_text(q, i, s, -1, SQLITE_STATIC);
	else
		sqlite3_bind_null(q, i);
}

void db_bind_val(sqlite3_stmt *q, int i, const struct val *v)
{
	if (!v || v->type == VAL_NULL)
		sqlite3_bind_null(q, i);
	else if (v->type == VAL_INT)
		sqlite3_bind_int64(q, i, v->i);
	else
		sqlite3_bind_text64(q, i, v->s, v->n, SQLITE_STATIC, SQLITE_UTF8);
}

uuid db_uuid(sqlite3_stmt *q, int col)
{
	uuid u = { { 0 } };
	if (sqlite3_column_bytes(q, col) == (int)sizeof u.b)
		memcpy(u.b, sqlite3_column_blob(q, col), sizeof u.b);
	return u;
}

/* A C string ends at its first NUL: those inside come as U+FFFD, so that what follows them is still seen. */
char *db_text(sqlite3_stmt *q, int col)
{
	const char *t = (const char *)sqlite3_column_text(q, col);
	size_t n = (size_t)sqlite3_column_bytes(q, col);
	if (!t || !memchr(t, 0, n))
		return t ? xstrndup(t, n) : NULL;
	struct str b = STR_INIT;
	for (size_t i = 0; i < n; i++)
		str_add(&b, t[i] ? &t[i] : "\xef\xbf\xbd", t[i] ? 1 : 3);
	return str_take(&b);
}

int64_t db_int(sqlite3_stmt *q, int col, int64_t when_null)
{
	return sqlite3_column_type(q, col) == SQLITE_NULL ? when_null : sqlite3_column_int64(q, col);
}

void uuid_hex(uuid u, char out[33])
{
	str_hex(out, u.b, sizeof u.b);
}

bool uuid_prefix(const char *digits, uuid *low, uuid *high)
{
	size_t n = strlen(digits);
	if (n == 0 || n > 32 || strspn(digits, "0123456789abcdefABCDEF") != n)
		return false;
	char a[] = "00000000000000000000000000000000", b[] = "ffffffffffffffffffffffffffffffff";
	memcpy(a, digits, n);
	memcpy(b, digits, n);
	return str_unhex(low->b, sizeof low->b, a) && str_unhex(high->b, sizeof high->b, b);
}
