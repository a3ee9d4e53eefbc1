/* floor-insert FILE [N] - the least that keeping a line can cost: one durable insert as a whole process, in the journal mode of the store
 * (rollback journal, PERSIST, FULL). With N: that many rows, a thousand to a transaction, as "tplus log -" does. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char schema[] =
	"CREATE TABLE IF NOT EXISTS events(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, who TEXT NOT NULL, text TEXT NOT NULL)";
static const char insert[] = "INSERT INTO events(at, who, text) VALUES(?1, 'sam', ?2)";

static int add(sqlite3 *db, sqlite3_stmt *q, long i)
{
	char text[80];
	int n = snprintf(text, sizeof text, "ev%07ld pager escalated to the database team, second line called", i);

	(void)db;
	sqlite3_bind_int64(q, 1, (sqlite3_int64)time(NULL) * 1000000 + i);
	sqlite3_bind_text(q, 2, text, n, SQLITE_STATIC);
	int rc = sqlite3_step(q);
	sqlite3_reset(q);
	return rc == SQLITE_DONE;
}

static int fill(sqlite3 *db, sqlite3_stmt *q, long n)
{
	int good = 1;

	for (long i = 0; i < n && good; i++) {
		if (i % 1000 == 0)
			good = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK;
		good = good && add(db, q, i);
		if (i % 1000 == 999 || i == n - 1)
			good = good && sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
	}
	return good;
}

int main(int argc, char **argv)
{
	sqlite3 *db;
	sqlite3_stmt *q;
	long n = argc > 2 ? strtol(argv[2], NULL, 10) : 0;

	if (argc < 2 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
		return 2;
	sqlite3_busy_timeout(db, 5000);
	sqlite3_exec(db, "PRAGMA journal_mode=PERSIST; PRAGMA synchronous=FULL", NULL, NULL, NULL);
	if (n)
		sqlite3_exec(db, schema, NULL, NULL, NULL);
	if (sqlite3_prepare_v2(db, insert, -1, &q, NULL) != SQLITE_OK) {
		fprintf(stderr, "floor-insert: %s\n", sqlite3_errmsg(db));
		return 1;
	}
	int good = n ? fill(db, q, n) : add(db, q, 0);
	sqlite3_finalize(q);
	sqlite3_close(db);
	return good ? 0 : 1;
}
