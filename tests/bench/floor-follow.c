/* floor-follow STORE - the least that a screen of a timeline can cost: the newest events of the store's first incident, read by key; PageUp and
 * PageDown read the page before and behind the one shown. It goes when the terminal does. */
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <sqlite3.h>
#include <string.h>
#include <time.h>

/* Where an event stands in the timeline. */
struct key {
	sqlite3_int64 at, hlc;
	unsigned char entity[16];
};

static sqlite3_stmt *before, *behind;
static struct key top, bottom;

#define COLUMNS "SELECT occurred_at, hlc, entity, ifnull(actor, author), text FROM event WHERE incident = (SELECT entity FROM incident LIMIT 1) " \
	"AND hidden = 0 AND (occurred_at, hlc, entity) "

static int prepare(const char *path)
{
	sqlite3 *db;

	return sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
		sqlite3_prepare_v2(db, COLUMNS "< (?1, ?2, ?3) ORDER BY occurred_at DESC, hlc DESC, entity DESC LIMIT ?4", -1, &before, NULL) ==
			SQLITE_OK &&
		sqlite3_prepare_v2(db, COLUMNS "> (?1, ?2, ?3) ORDER BY occurred_at, hlc, entity LIMIT ?4", -1, &behind, NULL) == SQLITE_OK;
}

static void draw_event(sqlite3_stmt *q, int row)
{
	time_t at = (time_t)(sqlite3_column_int64(q, 0) / 1000000);
	struct tm tm;
	char text[16];

	gmtime_r(&at, &tm);
	strftime(text, sizeof text, "%H:%M:%S", &tm);
	mvprintw(row, 0, "%s  %-8.8s %.90s", text, (const char *)sqlite3_column_text(q, 3), (const char *)sqlite3_column_text(q, 4));
	clrtoeol();
}

/* One page, from the key in the direction of the statement. */
static void draw_page(sqlite3_stmt *q, const struct key *from)
{
	int up = q == before, rows = LINES - 2, n = 0;

	sqlite3_bind_int64(q, 1, from->at);
	sqlite3_bind_int64(q, 2, from->hlc);
	sqlite3_bind_blob(q, 3, from->entity, sizeof from->entity, SQLITE_TRANSIENT);
	sqlite3_bind_int(q, 4, rows);
	for (; sqlite3_step(q) == SQLITE_ROW; n++) {
		struct key k = { sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1), { 0 } };
		memcpy(k.entity, sqlite3_column_blob(q, 2), sizeof k.entity);
		if (n == 0)
			*(up ? &bottom : &top) = k;
		*(up ? &top : &bottom) = k;
		draw_event(q, up ? rows - n : 1 + n);
	}
	sqlite3_reset(q);
}

int main(int argc, char **argv)
{
	struct pollfd f = { 0, POLLIN, 0 };
	struct key end = { INT64_MAX, INT64_MAX, { 0 } };

	setlocale(LC_ALL, "");
	if (argc < 2 || !prepare(argv[1]))
		return 1;
	initscr();
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	draw_page(before, &end);
	refresh();
	while (poll(&f, 1, -1) >= 0 && !(f.revents & (POLLHUP | POLLERR))) {
		for (int c; (c = getch()) != ERR;) {
			struct key k = c == KEY_PPAGE ? top : bottom;
			if (c == KEY_PPAGE || c == KEY_NPAGE)
				draw_page(c == KEY_PPAGE ? before : behind, &k);
		}
		refresh();
	}
	endwin();
	return 0;
}
