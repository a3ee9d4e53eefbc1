/* floor-rows STORE - the least that a timeline in Markdown can cost: steps the same rows of the store in the same order and writes one table
 * row each, with the bar escaped. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void put_text(FILE *out, const char *s, size_t n)
{
	for (const char *bar; n && (bar = memchr(s, '|', n)); s = bar + 1) {
		fwrite_unlocked(s, 1, (size_t)(bar - s), out);
		fwrite_unlocked("\\|", 1, 2, out);
		n -= (size_t)(bar - s) + 1;
	}
	fwrite_unlocked(s, 1, n, out);
}

static void put_time(FILE *out, sqlite3_int64 us)
{
	static long day = -1;
	static char date[32];
	char clock[16];
	time_t t = (time_t)(us / 1000000);
	int s = (int)(t % 86400);

	if (t / 86400 != day) {
		struct tm tm;
		day = (long)(t / 86400);
		gmtime_r(&t, &tm);
		strftime(date, sizeof date, "%Y-%m-%d", &tm);
	}
	clock[0] = ' ';
	clock[1] = (char)('0' + s / 36000);
	clock[2] = (char)('0' + s / 3600 % 10);
	clock[3] = clock[6] = ':';
	clock[4] = (char)('0' + s / 600 % 6);
	clock[5] = (char)('0' + s / 60 % 10);
	clock[7] = (char)('0' + s % 60 / 10);
	clock[8] = (char)('0' + s % 10);
	fwrite_unlocked(date, 1, 10, out);
	fwrite_unlocked(clock, 1, 9, out);
}

int main(int argc, char **argv)
{
	static char buffer[1 << 18];
	sqlite3 *db;
	sqlite3_stmt *q;

	setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
	if (argc < 2 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
		return 2;
	if (sqlite3_prepare_v2(db,
			"SELECT occurred_at, kind, ifnull(actor, author), text FROM event WHERE incident = (SELECT entity FROM incident "
			"LIMIT 1) AND hidden = 0 ORDER BY occurred_at, hlc, entity", -1, &q, NULL) != SQLITE_OK) {
		fprintf(stderr, "floor-rows: %s\n", sqlite3_errmsg(db));
		return 1;
	}
	fputs("| time | kind | who | what |\n|---|---|---|---|\n", stdout);
	while (sqlite3_step(q) == SQLITE_ROW) {
		fwrite_unlocked("| ", 1, 2, stdout);
		put_time(stdout, sqlite3_column_int64(q, 0));
		for (int c = 1; c < 4; c++) {
			const char *s = (const char *)sqlite3_column_text(q, c);
			fwrite_unlocked(" | ", 1, 3, stdout);
			put_text(stdout, s, (size_t)sqlite3_column_bytes(q, c));
		}
		fwrite_unlocked(" |\n", 1, 3, stdout);
	}
	sqlite3_finalize(q);
	sqlite3_close(db);
	return fflush(stdout) == 0 ? 0 : 1;
}
