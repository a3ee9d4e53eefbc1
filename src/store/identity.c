/* identity.c - which host this file is, and what else is local to it.
 * A host id belongs to one database file on one machine: it is stored with the machine id and the file's inode and birth time, and a mismatch
 * (a copied or restored file) mints a new one before the first write, so that two files never extend the same chain. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "store/db.h"

/* "MACHINE INODE BIRTH"; what the system does not tell is "-". */
static void place_of(const struct store *s, struct str *out)
{
	char machine[64] = "-";
	FILE *f = fopen("/etc/machine-id", "re");
	if (f) {
		if (!fgets(machine, sizeof machine, f))
			machine[0] = '-';
		fclose(f);
		machine[strcspn(machine, "\n")] = '\0';
	}
	struct statx sx;
	if (statx(AT_FDCWD, s->path, 0, STATX_INO | STATX_BTIME, &sx) != 0) {
		str_addf(out, "%s - -", machine);
		return;
	}
	str_addf(out, "%s %llu ", machine, (unsigned long long)sx.stx_ino);
	if (sx.stx_mask & STATX_BTIME)
		str_addf(out, "%lld.%09u", (long long)sx.stx_btime.tv_sec, sx.stx_btime.tv_nsec);
	else
		str_addc(out, '-');
}

static enum status put(struct store *s, const char *key, const void *blob, size_t n, const char *text, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "INSERT OR REPLACE INTO local(k, v) VALUES(?1, ?2)", err);
	if (!q)
		return ST_IO;
	db_bind_text(q, 1, key);
	if (blob)
		sqlite3_bind_blob(q, 2, blob, (int)n, SQLITE_TRANSIENT);
	else
		db_bind_text(q, 2, text);
	return db_run(s, q, err);
}

static bool read_host(struct store *s, uuid *host)
{
	sqlite3_stmt *q = db_sql(s, "SELECT v FROM local WHERE k = 'host'", NULL);
	bool found = q && sqlite3_step(q) == SQLITE_ROW;
	if (found)
		*host = db_uuid(q, 0);
	if (q)
		db_done(q);
	return found;
}

/* The new host goes on from the clock of the one it was, so that what it writes sorts behind what is there even if the wall clock was set back. */
static enum status keep_clock(struct store *s, uuid was, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "SELECT max(hlc) FROM op WHERE host = ?1", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, was);
	int64_t last = sqlite3_step(q) == SQLITE_ROW ? db_int(q, 0, 0) : 0;
	db_done(q);
	if (last > s->tx.hlc_adopted)
		s->tx.hlc_adopted = last;
	char text[32];
	snprintf(text, sizeof text, "%lld", (long long)s->tx.hlc_adopted);
	return put(s, ADOPTED, NULL, 0, text, err);
}

enum status identity_mint(struct store *s, struct err *err)
{
	struct str place = STR_INIT;
	place_of(s, &place);
	uuid was;
	enum status st = read_host(s, &was) ? keep_clock(s, was, err) : ST_OK;
	s->host = uuid_new();
	if (st == ST_OK)
		st = put(s, "host", s->host.b, sizeof s->host.b, NULL, err);
	if (st == ST_OK)
		st = put(s, "place", NULL, 0, place.s, err);
	str_free(&place);
	s->host_known = st == ST_OK;
	return st;
}

enum status identity_check(struct store *s, struct err *err)
{
	/* The place was looked at; the id is read anew, because another process may have minted one since. */
	if (s->host_known && read_host(s, &s->host))
		return ST_OK;
	struct str place = STR_INIT;
	place_of(s, &place);
	char *known = local_get(s, "place");
	bool same = read_host(s, &s->host) && str_eq(known, place.s);
	free(known);
	str_free(&place);
	if (!same)
		return identity_mint(s, err);
	s->host_known = true;
	return ST_OK;
}

uuid store_host(struct store *s)
{
	uuid u = { { 0 } };
	if (s->host_known)
		return s->host;
	read_host(s, &u);
	return u;
}

/* ---- people's choices and drafts ---------------------------------------------------------------------------------- */

/* Local writes are small transactions of their own, unless one is open already. */
static enum status in_transaction(struct store *s, bool begin, enum status st, struct err *err)
{
	if (s->tx.open)
		return st;
	if (begin && s->newer)
		return fail(err, ST_CONFLICT, "%s: was written by a newer tplus: reading works; upgrade tplus to write", s->path);
	if (begin)
		return db_exec(s, "BEGIN IMMEDIATE", err);
	if (st == ST_OK)
		st = db_exec(s, "COMMIT", err);
	if (st != ST_OK)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return st;
}

enum status local_use(struct store *s, const char *person, uuid incident, struct err *err)
{
	enum status st = in_transaction(s, true, ST_OK, err);
	if (st != ST_OK)
		return st;
	sqlite3_stmt *q = db_sql(s, "INSERT OR REPLACE INTO used(person, incident) VALUES(?1, ?2)", err);
	if (q) {
		db_bind_text(q, 1, person);
		db_bind_uuid(q, 2, incident);
	}
	return in_transaction(s, false, db_run(s, q, err), err);
}

bool local_used(struct store *s, const char *person, uuid *incident)
{
	sqlite3_stmt *q = db_sql(s, "SELECT incident FROM used WHERE person = ?1", NULL);
	if (!q)
		return false;
	db_bind_text(q, 1, person);
	bool found = sqlite3_step(q) == SQLITE_ROW;
	if (found)
		*incident = db_uuid(q, 0);
	db_done(q);
	return found;
}

enum status local_set(struct store *s, const char *key, const char *value, struct err *err)
{
	enum status st = in_transaction(s, true, ST_OK, err);
	if (st != ST_OK)
		return st;
	if (value) {
		st = put(s, key, NULL, 0, value, err);
	} else {
		sqlite3_stmt *q = db_sql(s, "DELETE FROM local WHERE k = ?1", err);
		if (q)
			db_bind_text(q, 1, key);
		st = db_run(s, q, err);
	}
	return in_transaction(s, false, st, err);
}

char *local_get(struct store *s, const char *key)
{
	sqlite3_stmt *q = db_sql(s, "SELECT v FROM local WHERE k = ?1", NULL);
	if (!q)
		return NULL;
	db_bind_text(q, 1, key);
	char *v = sqlite3_step(q) == SQLITE_ROW ? db_text(q, 0) : NULL;
	db_done(q);
	return v;
}
