/* open.c - opening the file: refusals, pragmas, journal mode, schema and its migrations. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/db.h"

extern const char data_schema_001_sql[];

/* Each row brings the schema from the version before to its own. Append only. */
static const struct migration { int version; const char *sql; } migrations[] = {
	{ 1, data_schema_001_sql },
};

/* File systems whose locks or fsync cannot be relied on (statfs magic numbers of the Linux headers). */
static const struct network_fs { unsigned long magic; const char *name; } network_fs[] = {
	{ 0x6969, "NFS" }, { 0xff534d42, "CIFS" }, { 0xfe534d42, "SMB" }, { 0x517b, "SMB" }, { 0x01021997, "9p" },
	{ 0x65735546, "FUSE" }, { 0x0bd00bd0, "Lustre" }, { 0x5346414f, "AFS" }, { 0x00c36400, "Ceph" },
};

/* ---- waiting ---------------------------------------------------------------------------------------------------- */

/* SQLite's locks and our retries wait in real time, whatever the injected clock says. */
static int64_t monotonic(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * USEC_SEC + ts.tv_nsec / 1000;
}

/* A jittered 0.2-3 ms pause: measured to keep many writers on one rollback journal free of starvation. */
static int busy_wait(void *arg, int count)
{
	struct store *s = arg;
	int64_t now = monotonic();
	if (count == 0)
		s->busy_since = now;
	int64_t patience = s->mode == STORE_WRITE ? 30 * USEC_SEC : 2 * USEC_SEC;
	if (now - s->busy_since > patience)
		return 0;
	unsigned jitter;
	sqlite3_randomness((int)sizeof jitter, &jitter);
	struct timespec pause = { 0, (long)(200 + jitter % 2800) * 1000 };
	nanosleep(&pause, NULL);
	return 1;
}

/* ---- refusals before opening ------------------------------------------------------------------------------------ */

static enum status check_file_system(const char *path, struct err *err)
{
	struct statfs fs;
	char *dir = xstrdup(path), *slash = strrchr(dir, '/');
	if (slash)
		slash[slash == dir] = '\0';
	int rc = statfs(path, &fs) == 0 ? 0 : statfs(slash ? dir : ".", &fs);
	free(dir);
	if (rc != 0)
		return ST_OK; /* opening will say what is wrong */
	for (size_t i = 0; i < sizeof network_fs / sizeof *network_fs; i++)
		if ((unsigned long)fs.f_type == network_fs[i].magic || ((unsigned long)fs.f_type & 0xffffffffUL) == network_fs[i].magic)
			return fail(err, ST_IO,
				"%s: is on a network file system (%s), where locks and fsync cannot be relied on: name a local file with "
				"--db, or accept the risk with TPLUS_NETWORK_FS=1",
				path, network_fs[i].name);
	return ST_OK;
}

static enum status make_directory(const char *path, struct err *err)
{
	char *dir = xstrdup(path), *last = strrchr(dir, '/');
	enum status st = ST_OK;
	if (last && last != dir) {
		*last = '\0';
		for (char *p = dir + 1; st == ST_OK; p++) {
			if (*p && *p != '/')
				continue;
			char c = *p;
			*p = '\0';
			if (mkdir(dir, 0700) != 0 && errno != EEXIST)
				st = fail(err, ST_IO, "%s: cannot make the directory: %s: name another file with --db", dir, strerror(errno));
			*p = c;
			if (!c)
				break;
		}
	}
	free(dir);
	return st;
}

static enum status check_path(const struct store_opts *o, struct err *err)
{
	struct stat sb;
	if (stat(o->path, &sb) == 0) {
		if (S_ISDIR(sb.st_mode))
			return fail(err, ST_IO, "%s: is a directory: name a file with --db", o->path);
		if (!S_ISREG(sb.st_mode))
			return fail(err, ST_IO, "%s: is no regular file: name another with --db", o->path);
		if (access(o->path, R_OK) != 0)
			return fail(err, ST_IO, "%s: cannot be read: %s: check its permissions, or name another file with --db", o->path,
				strerror(errno));
	} else if (errno != ENOENT) {
		return fail(err, ST_IO, "%s: %s: name another file with --db", o->path, strerror(errno));
	} else if (o->mode != STORE_WRITE) {
		return fail(err, ST_NO, "there is no incident yet (%s does not exist): begin one with \"tplus open TITLE\"", o->path);
	} else if (o->make_dir && make_directory(o->path, err) != ST_OK) {
		return ST_IO;
	}
	return o->network ? ST_OK : check_file_system(o->path, err);
}

/* ---- the connection --------------------------------------------------------------------------------------------- */

static int64_t pragma_int(struct store *s, const char *sql)
{
	sqlite3_stmt *q = NULL;
	int64_t v = -1;
	if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW)
		v = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return v;
}

/* Two connections that write and checkpoint can corrupt a WAL in 3.7.0-3.51.2, save 3.44.6 and 3.50.7. */
static bool wal_is_safe(int version)
{
	return version >= 3051003 || (version >= 3050007 && version < 3051000) || (version >= 3044006 && version < 3045000);
}

static enum status set_journal_mode(struct store *s, struct err *err)
{
	const char *want = wal_is_safe(sqlite3_libversion_number()) ? "wal" : "persist";
	sqlite3_stmt *q = NULL;
	const char *sql = strcmp(want, "wal") == 0 ? "PRAGMA journal_mode=WAL" : "PRAGMA journal_mode=PERSIST";
	if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) != SQLITE_OK || sqlite3_step(q) != SQLITE_ROW) {
		sqlite3_finalize(q);
		return db_fail(s, err, "opening");
	}
	snprintf(s->journal_mode, sizeof s->journal_mode, "%s", (const char *)sqlite3_column_text(q, 0));
	sqlite3_finalize(q);
	if (strcmp(s->journal_mode, want) != 0)
		return fail(err, ST_IO, "%s: is in %s mode, held there by another program: close that one and try again", s->path,
			s->journal_mode);
	return ST_OK;
}

static enum status connect_db(struct store *s, int flags, struct err *err)
{
	int rc = sqlite3_open_v2(s->path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (!s->db)
		return fail(err, ST_IO, "%s: out of memory", s->path);
	sqlite3_extended_result_codes(s->db, 1);
	if (rc != SQLITE_OK)
		return db_fail(s, err, "opening");
	sqlite3_busy_handler(s->db, busy_wait, s); /* the screen's goes once it is open */
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	const char *sql = "PRAGMA mmap_size=0; PRAGMA cell_size_check=ON; PRAGMA cache_spill=OFF";
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? ST_OK : db_fail(s, err, "opening");
}

static enum status migrate(struct store *s, int64_t version, struct err *err)
{
	char sql[96];
	for (size_t i = 0; i < sizeof migrations / sizeof *migrations; i++) {
		if (migrations[i].version <= version)
			continue;
		if (db_exec(s, migrations[i].sql, err) != ST_OK)
			return ST_IO;
		snprintf(sql, sizeof sql, "PRAGMA user_version=%d", migrations[i].version);
		if (db_exec(s, sql, err) != ST_OK)
			return ST_IO;
	}
	snprintf(sql, sizeof sql, "PRAGMA application_id=%d", DB_APPLICATION_ID);
	return db_exec(s, sql, err);
}

/* Another process may have made the schema since we looked: look again under the write lock. */
static enum status create_or_migrate(struct store *s, struct err *err)
{
	enum status st = db_exec(s, "BEGIN IMMEDIATE", err);
	if (st != ST_OK)
		return st;
	int64_t version = pragma_int(s, "PRAGMA user_version");
	if (version < DB_SCHEMA)
		st = migrate(s, version, err);
	if (st == ST_OK && sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		st = db_fail(s, err, "writing");
	if (st != ST_OK)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return st;
}

/* What kind of file it is; nothing is changed before that is known. *fill: the schema must be made or brought up to date. */
static enum status check_schema(struct store *s, bool *fill, struct err *err)
{
	int64_t version = pragma_int(s, "PRAGMA user_version");
	if (version < 0)
		return db_fail(s, err, "opening");
	int64_t app = pragma_int(s, "PRAGMA application_id");
	int64_t tables = version || app ? 1 : pragma_int(s, "SELECT count(*) FROM sqlite_schema");
	if (tables < 0)
		return db_fail(s, err, "opening");
	if (tables == 0 && s->mode != STORE_WRITE)
		return fail(err, ST_NO, "there is no incident yet (%s is empty): begin one with \"tplus open TITLE\"", s->path);
	if (tables != 0 && app != DB_APPLICATION_ID)
		return fail(err, ST_IO, "%s: is a database of another program: name another file with --db", s->path);
	s->newer = version > DB_SCHEMA;
	*fill = version < DB_SCHEMA;
	if (*fill && s->readonly)
		return fail(err, ST_IO, "%s: has the schema of an older tplus and is read-only here: open it once where it can be written", s->path);
	return ST_OK;
}

static bool is_ours(const char *trigger_sql)
{
	for (size_t i = 0; i < sizeof migrations / sizeof *migrations; i++)
		if (trigger_sql && strstr(migrations[i].sql, trigger_sql))
			return true;
	return false;
}

static bool is_table_of_ours(const char *name)
{
	static const char *const others[] = { "op", "local", "used" };
	bool ours = false;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		ours |= str_eq(name, others[i]);
	for (int i = 0; project_tables[i]; i++)
		ours |= str_eq(name, project_tables[i]);
	return ours;
}

/* A trigger that is not ours could drop a line that was acknowledged, or never end; so could a view or a virtual table in the place of a
 * table. Views, tables and indexes that people add beside ours are theirs. */
static enum status check_objects(struct store *s, struct err *err)
{
	sqlite3_stmt *q = NULL;
	enum status st = ST_OK;
	int rc = SQLITE_DONE;
	const char *sql = "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') OR rootpage = 0";
	if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) != SQLITE_OK)
		return db_fail(s, err, "opening");
	while (st == ST_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		const char *type = (const char *)sqlite3_column_text(q, 0), *name = (const char *)sqlite3_column_text(q, 1);
		bool foreign = str_eq(type, "trigger") ? !s->newer && !is_ours((const char *)sqlite3_column_text(q, 2)) : is_table_of_ours(name);
		if (foreign)
			st = fail(err, ST_IO, "%s: has a %s \"%s\" that tplus did not make: take it out with sqlite3, or restore a backup", s->path, type,
				name ? name : "?");
	}
	if (st == ST_OK && rc != SQLITE_DONE)
		st = db_fail(s, err, "opening");
	sqlite3_finalize(q);
	return st;
}

static enum status open_db(struct store *s, struct err *err)
{
	int flags = s->readonly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	if (s->mode == STORE_WRITE && !s->readonly)
		flags |= SQLITE_OPEN_CREATE;
	bool fill = false;
	enum status st = connect_db(s, flags, err);
	bool begun = st == ST_OK && store_read_begin(s);
	if (st == ST_OK)
		st = check_schema(s, &fill, err);
	if (st == ST_OK)
		st = check_objects(s, err);
	store_read_end(s, begun);
	if (st == ST_OK && (fill || s->mode == STORE_WRITE) && !s->readonly && !s->newer) {
		st = set_journal_mode(s, err);
		/* Ids are random, and so are the pages that a batch of lines touches: up to 32 MB of cache save reading them anew. */
		if (st == ST_OK)
			st = db_exec(s, "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cache_size=-32768", err);
	}
	if (st == ST_OK && fill)
		st = create_or_migrate(s, err);
	if (st == ST_OK && s->mode == STORE_READ)
		st = db_exec(s, "PRAGMA query_only=ON", err);
	if (s->mode == STORE_SCREEN)
		sqlite3_busy_handler(s->db, NULL, NULL);
	return st;
}

/* SQLite's account of the memory it uses costs a mutex at every malloc(), a tenth of a short command's time. */
static void without_accounting(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum status store_open(struct store **out, const struct store_opts *o, struct err *err)
{
	*out = NULL;
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	enum status st = check_path(o, err);
	if (st != ST_OK)
		return st;
	pthread_once(&once, without_accounting);
	struct store *s = xcalloc(1, sizeof *s);
	s->path = xstrdup(o->path);
	s->mode = o->mode;
	s->clock = o->clock;
	/* Readers open for writing too, so that they can roll back the journal of a writer that died; the screen leaves that to its writer. */
	s->readonly = o->mode == STORE_SCREEN || (access(s->path, W_OK) != 0 && errno != ENOENT);
	mode_t old = umask(077); /* a new file is 0600; its journal takes the same mode */
	st = open_db(s, err);
	umask(old);
	if (st != ST_OK) {
		store_close(s);
		return st;
	}
	struct stat sb;
	if (stat(s->path, &sb) == 0) {
		s->dev = sb.st_dev;
		s->ino = sb.st_ino;
	}
	*out = s;
	return ST_OK;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	if (s->tx.open)
		tx_rollback(s);
	for (size_t i = 0; i < s->stmts; i++)
		sqlite3_finalize(s->stmt[i].stmt);
	free(s->stmt);
	sqlite3_close(s->db);
	free(s->path);
	free(s);
}

void store_leave(struct store *s)
{
	static struct store *volatile left; /* never read: a leak checker finds the memory in use */
	if (s && s->tx.open)
		tx_rollback(s);
	left = s;
	(void)left;
}

bool store_newer(const struct store *s)
{
	return s->newer;
}

bool store_readonly(const struct store *s)
{
	return s->readonly;
}

bool store_busy(const struct store *s)
{
	return s->busy;
}

bool store_moved(const struct store *s)
{
	struct stat sb;
	return stat(s->path, &sb) != 0 || sb.st_dev != s->dev || sb.st_ino != s->ino;
}

const char *store_path(const struct store *s)
{
	return s->path;
}

const char *store_journal_mode(const struct store *s)
{
	return s->journal_mode;
}

int64_t store_data_version(struct store *s)
{
	sqlite3_stmt *q = db_sql(s, "PRAGMA data_version", NULL);
	if (!q)
		return -1;
	int64_t v = sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : -1;
	db_done(q);
	return v;
}
