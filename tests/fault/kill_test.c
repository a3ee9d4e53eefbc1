/* The promise: kill -9 at any moment costs nothing that was acknowledged. Writers of every sort (a line each, a line of two
 * ops, lines from standard input, a person at the screen) are killed at random moments, on one file that grows; after each
 * kill the store opens at once and verifies, every id that was printed or shown as saved is there, and what is there is a
 * beginning of what was written, no verb by halves.
 * FAULT_ROUNDS times as many as usual; FAULT_SEED repeats a run. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/screen/vt.h"

enum { ROUNDS = 16, FED = 400, TYPED = 8, PATIENCE_MS = 60000, TEXT = 64 };

static char dir[256], db[300], tplus[4096];
static unsigned long long state;
static char why[8192];

/* ---- small things ---- */

static unsigned draw(unsigned below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 33) % below;
}

static long long now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static bool wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static bool wrong(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	return false;
}

/* ---- running tplus ---- */

struct child { pid_t pid; int in, out; }; /* pipes */

static struct child start(const char *const *argv)
{
	int in[2], out[2];
	struct child c = { 0 };

	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0 || (c.pid = fork()) < 0) {
		printf("Bail out! %s\n", strerror(errno));
		exit(99);
	}
	if (c.pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		dup2(in[0], 0);
		dup2(out[1], 1);
		execv(tplus, (char *const *)argv);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	c.in = in[1];
	c.out = out[0];
	fcntl(c.in, F_SETFL, O_NONBLOCK);
	return c;
}

static int finish(struct child *c, struct bytes *said)
{
	char buf[4096];
	int status = 0;
	ssize_t n;

	while ((n = read(c->out, buf, sizeof buf)) > 0)
		bytes_add(said, buf, (size_t)n);
	close(c->out);
	if (c->in >= 0)
		close(c->in);
	waitpid(c->pid, &status, 0);
	return status;
}

static bool runs_well(const char *const *argv)
{
	struct bytes said = { 0 };
	struct child c = start(argv);

	close(c.in);
	c.in = -1;
	int status = finish(&c, &said);
	free(said.s);
	return status == 0 || wrong("tplus %s: status %d", argv[1], WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
}

/* Lets it run for that long, feeding it what it takes, and kills it. It may have ended by then. */
static void kill_after(struct child *c, long long us, const char *feed, struct bytes *said)
{
	long long end = now_us() + us, left;
	size_t n = feed ? strlen(feed) : 0, at = 0;
	char buf[4096];
	bool eof = false;

	if (!n)
		close(c->in), c->in = -1;
	while ((left = end - now_us()) > 0 && !(eof && c->in < 0)) {
		struct pollfd p[2] = { { eof ? -1 : c->out, POLLIN, 0 }, { c->in, POLLOUT, 0 } };
		struct timespec t = { left / 1000000, left % 1000000 * 1000 };
		if (ppoll(p, 2, &t, NULL) <= 0)
			continue;
		ssize_t got = p[0].revents ? read(c->out, buf, sizeof buf) : 1;
		eof = got <= 0;
		if (p[0].revents && got > 0)
			bytes_add(said, buf, (size_t)got);
		ssize_t put = p[1].revents ? write(c->in, feed + at, n - at) : 0;
		at += put > 0 ? (size_t)put : 0;
		if (c->in >= 0 && (at == n || (p[1].revents && put < 0 && errno != EAGAIN)))
			close(c->in), c->in = -1;
	}
	kill(c->pid, SIGKILL);
	finish(c, said);
}

/* ---- looking into the store, between two programs' runs ---- */

struct row { char id[33], text[TEXT]; };
struct rows { struct row v[FED + 8]; int n; };

static sqlite3 *look(const char *sql, sqlite3_stmt **q)
{
	sqlite3 *s = NULL;

	*q = NULL;
	if (sqlite3_open_v2(db, &s, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK || sqlite3_prepare_v2(s, sql, -1, q, NULL) != SQLITE_OK)
		wrong("sqlite: %s", sqlite3_errmsg(s));
	return s;
}

/* The events whose text begins like this, as they arrived. */
static bool find(const char *begins, struct rows *out)
{
	sqlite3_stmt *q;
	sqlite3 *s = look("SELECT lower(hex(entity)), text FROM event WHERE substr(text, 1, length(?1)) = ?1 ORDER BY n", &q);
	int rc = SQLITE_ERROR;

	out->n = 0;
	if (q)
		sqlite3_bind_text(q, 1, begins, -1, SQLITE_STATIC);
	while (q && out->n < FED + 8 && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		struct row *r = &out->v[out->n++];
		snprintf(r->id, sizeof r->id, "%s", (const char *)sqlite3_column_text(q, 0));
		snprintf(r->text, sizeof r->text, "%s", (const char *)sqlite3_column_text(q, 1));
	}
	sqlite3_finalize(q);
	sqlite3_close(s);
	return rc == SQLITE_DONE;
}

static int count(const char *sql, const char *arg)
{
	sqlite3_stmt *q;
	sqlite3 *s = look(sql, &q);
	int n = -1;

	if (q && arg)
		sqlite3_bind_text(q, 1, arg, -1, SQLITE_STATIC);
	if (q && sqlite3_step(q) == SQLITE_ROW)
		n = sqlite3_column_int(q, 0);
	sqlite3_finalize(q);
	sqlite3_close(s);
	return n;
}

static bool is_there(const struct rows *r, const char *id)
{
	for (int i = 0; i < r->n; i++)
		if (strncmp(r->v[i].id, id, strlen(id)) == 0)
			return true;
	return wrong("%s was acknowledged and is not there (%d lines are)", id, r->n);
}

/* Each whole line of what was said is an id of one of these events. */
static bool all_there(const char *said, const struct rows *r, int *acknowledged)
{
	char id[40];

	*acknowledged = 0;
	for (const char *p = said, *end; p && (end = strchr(p, '\n')); p = end + 1) {
		snprintf(id, sizeof id, "%.*s", (int)(end - p < 39 ? end - p : 39), p);
		if (!is_there(r, id))
			return false;
		++*acknowledged;
	}
	return true;
}

static bool verifies(void)
{
	const char *argv[] = { "tplus", "verify", NULL };

	return runs_well(argv);
}

/* ---- the writers ---- */

static long long usual; /* what one "tplus log" takes, in µs */
static int acknowledgements, lines_there; /* of one kind of writer */

/* Lines "BEGINS 0", "BEGINS 1" … without a gap, and at least as many as were acknowledged. */
static bool is_beginning(const char *begins, const char *said)
{
	static struct rows r;
	char expected[TEXT + 16];
	int acknowledged;

	if (!verifies() || !find(begins, &r) || !all_there(said, &r, &acknowledged))
		return false;
	for (int i = 0; i < r.n; i++) {
		snprintf(expected, sizeof expected, "%s%d", begins, i);
		if (strcmp(r.v[i].text, expected) != 0)
			return wrong("line %d is \"%s\" and not \"%s\"", i, r.v[i].text, expected);
	}
	acknowledgements += acknowledged;
	lines_there += r.n;
	return acknowledged <= r.n || wrong("%d ids for %d lines", acknowledged, r.n);
}

static bool kill_log(int round)
{
	char text[TEXT + 16], begins[TEXT];
	struct bytes said = { 0 };
	const char *argv[] = { "tplus", "-q", "log", text, NULL };

	snprintf(begins, sizeof begins, "log %d ", round);
	snprintf(text, sizeof text, "%s0", begins);
	struct child c = start(argv);
	kill_after(&c, draw((unsigned)usual * 3 / 2), NULL, &said);
	bool good = is_beginning(begins, said.s);
	free(said.s);
	return good;
}

/* A role is an event and a responder. */
static bool kill_role(int round)
{
	char name[TEXT];
	struct bytes said = { 0 };
	const char *argv[] = { "tplus", "-q", "role", "OPS", name, NULL };

	snprintf(name, sizeof name, "person%d", round);
	struct child c = start(argv);
	kill_after(&c, draw((unsigned)usual * 3 / 2), NULL, &said);
	bool good = verifies();
	int people = count("SELECT count(*) FROM responder WHERE name = ?1", name);
	int events = count("SELECT count(*) FROM event WHERE kind = 'role' AND instr(text, ?1) > 0", name);
	if (good && (people != events || people < 0 || people > 1))
		good = wrong("%d responders and %d events", people, events);
	if (good && said.s && strchr(said.s, '\n') && people != 1)
		good = wrong("acknowledged and not there");
	acknowledgements += said.s && strchr(said.s, '\n');
	lines_there += people;
	free(said.s);
	return good;
}

static bool kill_feed(int round)
{
	static char lines[FED * TEXT];
	char begins[TEXT];
	struct bytes said = { 0 };
	const char *argv[] = { "tplus", "-q", "log", "-", NULL };
	size_t n = 0;

	snprintf(begins, sizeof begins, "fed %d ", round);
	for (int i = 0; i < FED; i++)
		n += (size_t)snprintf(lines + n, sizeof lines - n, "%s%d\n", begins, i);
	struct child c = start(argv);
	kill_after(&c, draw((unsigned)usual * 4), lines, &said);
	bool good = is_beginning(begins, said.s);
	free(said.s);
	return good;
}

/* ---- a person at the screen ---- */

/* "saved · 4f2a" in the last row; each id is noted once. */
static void note_saved(const struct vt *vt, struct bytes *said)
{
	char row[VT_ROW_BYTES], id[41];
	const char *at;

	vt_row(vt, vt->rows - 1, row);
	at = strstr(row, "saved \u00b7 ");
	if (!at)
		return;
	at += strlen("saved \u00b7 ");
	snprintf(id, sizeof id, "%.*s\n", (int)strspn(at, "0123456789abcdef"), at);
	if (id[0] != '\n' && !(said->s && strstr(said->s, id)))
		bytes_add(said, id, strlen(id));
}

static bool shows(const struct vt *vt, const char *text)
{
	char row[VT_ROW_BYTES];

	for (int r = 0; r < vt->rows; r++) {
		vt_row(vt, r, row);
		if (strstr(row, text))
			return true;
	}
	return false;
}

static bool comes_up(struct vt *vt, const char *text)
{
	long long end = now_us() + PATIENCE_MS * 1000LL;

	while (!shows(vt, text)) {
		if (now_us() > end || (vt->eof && !vt->pid)) {
			vt_print(vt);
			return wrong("the screen never showed \"%s\"", text);
		}
		vt_pump(vt, 1000);
	}
	return true;
}

static int ids(const struct bytes *said)
{
	int n = 0;

	for (size_t i = 0; i < said->len; i++)
		n += said->s[i] == '\n';
	return n;
}

/* All lines at once, as pasted by a hurried hand, or each when the one before it shows as saved. */
static void type_and_kill(struct vt *vt, const char *begins, struct bytes *said)
{
	bool paced = draw(2);
	long long end = now_us() + draw((unsigned)usual * TYPED);
	char line[TEXT + 16];

	for (int typed = 0; now_us() < end;) {
		if (typed < TYPED && (!paced || ids(said) == typed)) {
			int n = snprintf(line, sizeof line, "%s%d\r", begins, typed++);
			vt_type(vt, line, (size_t)n);
		}
		vt_pump(vt, 1);
		note_saved(vt, said);
	}
	kill(vt->pid, SIGKILL);
	while (vt->pid || !vt->eof) { /* what it had written was on the screen */
		vt_pump(vt, 1000);
		note_saved(vt, said);
	}
}

static bool kill_screen(int round)
{
	static char *const argv[] = { tplus, NULL };
	char begins[TEXT];
	struct bytes said = { 0 };
	struct vt vt;

	snprintf(begins, sizeof begins, "typed %d ", round);
	if (!vt_start(&vt, 24, 80, true, argv))
		return wrong("no pseudo-terminal");
	bool good = comes_up(&vt, "F1 help");
	if (good)
		type_and_kill(&vt, begins, &said);
	vt_free(&vt);
	good = good && is_beginning(begins, said.s);
	free(said.s);
	return good;
}

/* ---- the whole ---- */

static const struct kind { const char *name; bool (*round)(int); } kinds[] = {
	{ "tplus log", kill_log },
	{ "tplus role, two ops", kill_role },
	{ "tplus log -", kill_feed },
	{ "lines typed at the screen", kill_screen },
};

static void put(const char *name, const char *value)
{
	char path[400];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	if (value) {
		FILE *f = fopen(path, "w");
		if (f)
			fprintf(f, "%s", value), fclose(f);
	} else {
		mkdir(path, 0700);
	}
}

static void set(const char *variable, const char *name)
{
	char path[400];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	setenv(variable, path, 1);
}

static void prepare(void)
{
	const char *top = getenv("TPLUS"), *tmp = getenv("TMPDIR"), *chosen = getenv("FAULT_SEED");
	unsigned long long seed = (unsigned long long)time(NULL) ^ (unsigned long long)getpid() << 20;

	if (chosen)
		seed = strtoull(chosen, NULL, 10);
	printf("# FAULT_SEED=%llu\n", seed);
	fflush(stdout);
	state = seed * 2654435761U + 88172645463325252ULL;
	if (!realpath(top ? top : "build/tplus", tplus))
		printf("Bail out! no tplus: set TPLUS\n"), exit(99);
	snprintf(dir, sizeof dir, "%.200s/tplus-kill.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		printf("Bail out! %s: %s\n", dir, strerror(errno)), exit(99);
	snprintf(db, sizeof db, "%s/tplus.db", dir);
	put("home", NULL);
	put("clock", "1770300000000000 3600000000\n");
	set("HOME", "home");
	set("XDG_CONFIG_HOME", "home");
	set("TPLUS_CLOCK", "clock");
	setenv("TPLUS_DB", db, 1);
	setenv("TPLUS_USER", "sam", 1);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	setenv("ASAN_OPTIONS", "exitcode=99", 1); /* a report must not pass for a documented status */
	setenv("UBSAN_OPTIONS", "exitcode=99", 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	unsetenv("TPLUS_INCIDENT");
}

static void tidy(void)
{
	static const char *const files[] = { "tplus.db", "tplus.db-journal", "tplus.db-wal", "tplus.db-shm", "clock", "home" };
	char path[400];

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, files[i]);
		remove(path);
	}
	rmdir(dir);
}

int main(void)
{
	const char *more = getenv("FAULT_ROUNDS");
	int rounds = ROUNDS * (more && atoi(more) > 0 ? atoi(more) : 1), failed = 0;
	const char *opens[] = { "tplus", "-q", "open", "Checkout 5xx", "-s", "2", NULL };
	const char *logs[] = { "tplus", "-q", "log", "measured", NULL };

	prepare();
	signal(SIGPIPE, SIG_IGN);
	vt_watch_children();
	if (!runs_well(opens))
		printf("Bail out! %s\n", why), exit(99);
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		int r = 0;
		acknowledgements = lines_there = 0;
		for (long long began; r < rounds; r++) {
			began = now_us();
			if (!runs_well(logs))
				break;
			usual = now_us() - began;
			if (!kinds[k].round((int)k * 100000 + r))
				break;
		}
		printf("%s %zu - %s: killed %d times, %d acknowledged, %d there\n", r == rounds ? "ok" : "not ok", k + 1, kinds[k].name, r,
			acknowledgements, lines_there);
		if (r < rounds)
			failed++, printf("#   in round %d: %s\n", r, why);
		fflush(stdout);
	}
	printf("1..%zu\n", sizeof kinds / sizeof *kinds);
	tidy();
	return failed > 0;
}
