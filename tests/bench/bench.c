/* bench - what tplus costs, beside programs that do the least of the same in the same run: README says how to read it.
 * bench TPLUS FLOORS DIRECTORY; BENCH_EVENTS, BENCH_RUNS, BENCH_KEYS and BENCH_IDLE in the environment. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/bench/bench.h"

enum { MAX_FIGURES = 400 };

struct figure {
	const char *what, *unit;
	long events;
	double ours, ours99, floor, floor99; /* medians and 99th percentiles; negative: there is none */
	double goal; /* of the ratio; 0: none */
};

static struct figure figures[MAX_FIGURES];
static size_t figure_count;
static const char *tplus, *floors;
static int runs, keys;
static double idle_seconds;

/* ---- the table ---- */

static void note(const char *what, const char *unit, long events, struct samples *ours, struct samples *least, double goal)
{
	if (figure_count == MAX_FIGURES)
		give_up("too many figures");
	struct figure f = { what, unit, events, -1, -1, -1, -1, goal };
	if (ours->n) {
		f.ours = samples_at(ours, 0.5);
		f.ours99 = samples_at(ours, 0.99);
	}
	if (least && least->n) {
		f.floor = samples_at(least, 0.5);
		f.floor99 = samples_at(least, 0.99);
	}
	figures[figure_count++] = f;
	samples_free(ours);
	if (least)
		samples_free(least);
}

static void note_one(const char *what, const char *unit, long events, double ours, double least, double goal)
{
	if (figure_count == MAX_FIGURES)
		give_up("too many figures");
	figures[figure_count++] = (struct figure){ what, unit, events, ours, -1, least, -1, goal };
}

static void cell(double v)
{
	if (v < 0)
		printf(" %9s", "");
	else
		printf(v < 100 ? " %9.2f" : " %9.0f", v);
}

static void print_table(size_t from)
{
	if (from == 0)
		printf("%-34s %-6s %8s %9s %9s %9s %9s %6s %s\n", "figure", "unit", "events", "tplus p50", "p99", "floor p50", "p99", "ratio",
			"goal");
	for (size_t i = from; i < figure_count; i++) {
		const struct figure *f = &figures[i];
		printf("%-34s %-6s %8ld", f->what, f->unit, f->events);
		cell(f->ours);
		cell(f->ours99);
		cell(f->floor);
		cell(f->floor99);
		if (f->floor > 0 && f->ours > 0)
			printf(" %6.2f", f->ours / f->floor);
		if (f->goal > 0)
			printf(" <= %.1f%s", f->goal, f->ours / f->floor > f->goal ? " MISSED" : "");
		putchar('\n');
	}
	fflush(stdout);
}

/* ---- what is measured on ---- */

static char *text(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static char *text(const char *fmt, ...)
{
	va_list ap;
	char *s = NULL;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		give_up("out of memory");
	va_end(ap);
	return s;
}

/* Lines as they are logged; the same in every run. */
static void write_lines(const char *path, long n)
{
	static const char *const words[] = { "disk", "api", "latency", "queue", "primary", "replica", "failover", "pager", "rollback", "deploy",
		"config", "cache", "timeout", "retry", "errors", "checkout", "region", "certificate", "expired", "restarted", "escalated", "at 93%" };
	unsigned state = 2463534242u;
	FILE *f = fopen(path, "w");

	for (long i = 1; f && i <= n; i++) {
		fprintf(f, "ev%07ld", i);
		for (int k = 0; k < 6 + (int)(i % 6); k++) {
			state ^= state << 13;
			state ^= state >> 17;
			state ^= state << 5;
			fprintf(f, " %s", words[state % (sizeof words / sizeof *words)]);
		}
		putc('\n', f);
	}
	if (!f || fclose(f) != 0)
		give_up("%s cannot be written", path);
}

static void forget(const char *path)
{
	char *journal = text("%s-journal", path), *wal = text("%s-wal", path), *shm = text("%s-shm", path);

	unlink(path);
	unlink(journal);
	unlink(wal);
	unlink(shm);
	free(journal);
	free(wal);
	free(shm);
}

/* The store at path, and a plain table beside it with as many rows. */
static void fill(const char *path, const char *plain, long n)
{
	char *lines = text("%s.lines", path), *count = text("%ld", n), *insert = text("%s/floor-insert", floors);
	char *open_store[] = { (char *)tplus, "open", "-q", "Checkout errors", "--db", (char *)path, NULL };
	char *log[] = { (char *)tplus, "log", "-q", "--db", (char *)path, "-", NULL }, *rows[] = { insert, (char *)plain, count, NULL };
	struct samples ours = { 0 }, least = { 0 };

	write_lines(lines, n);
	for (int i = 0; i < (n > 20000 ? 1 : 3); i++) {
		forget(path);
		forget(plain);
		process_run(open_store, NULL, NULL);
		samples_add(&least, process_run(rows, NULL, NULL).wall);
		samples_add(&ours, process_run(log, lines, NULL).wall);
	}
	note("log - : all of them", "ms", n, &ours, &least, 0);
	unlink(lines);
	free(lines);
	free(count);
	free(insert);
}

/* ---- whole processes ---- */

/* The floor and tplus by turns. */
static void compare(const char *what, long events, char *const *ours, char *const *least, int times, double goal)
{
	struct samples wall = { 0 }, cpu = { 0 }, least_wall = { 0 }, least_cpu = { 0 };

	for (int i = -2; i < times; i++) { /* two rounds to warm up */
		struct cost b = least ? process_run(least, NULL, NULL) : (struct cost){ 0 }, a = process_run(ours, NULL, NULL);
		if (i < 0)
			continue;
		samples_add(&wall, a.wall);
		samples_add(&cpu, a.cpu);
		if (least) {
			samples_add(&least_wall, b.wall);
			samples_add(&least_cpu, b.cpu);
		}
	}
	note(what, "ms", events, &wall, least ? &least_wall : NULL, goal);
	if (least)
		note(text("%s, CPU", what), "ms", events, &cpu, &least_cpu, 0); /* the name stays for the table */
	else
		samples_free(&cpu);
}

static void processes(const char *path, const char *plain, long n)
{
	char *insert = text("%s/floor-insert", floors), *rows = text("%s/floor-rows", floors), *db = (char *)path, *t = (char *)tplus;
	int few = n > 200000 ? 5 : n > 20000 ? 11 : runs;

	compare("log, a process", n, (char *[]){ t, "log", "-q", "--db", db, "pager escalated to the database team", NULL },
		(char *[]){ insert, (char *)plain, NULL }, runs, 1.3);
	compare("update, a process", n, (char *[]){ t, "update", "-q", "--db", db, "we are on it", NULL }, (char *[]){ insert, (char *)plain, NULL },
		runs, 0);
	compare("tail", n, (char *[]){ t, "tail", "--db", db, NULL }, NULL, runs, 0);
	compare("list", n, (char *[]){ t, "list", "--db", db, NULL }, NULL, runs, 0);
	compare("status", n, (char *[]){ t, "status", "--db", db, NULL }, NULL, runs, 0);
	if (n <= 200000)
		compare("show", n, (char *[]){ t, "show", "--db", db, NULL }, NULL, few, 0);
	compare("export, Markdown", n, (char *[]){ t, "export", "--db", db, "-o", "-", NULL }, (char *[]){ rows, db, NULL }, few, 1.5);
	free(insert);
	free(rows);
}

static void exchange(const char *path, long n)
{
	char *json = text("%s.json", path), *copy = text("%s.copy", path);
	char *out[] = { (char *)tplus, "export", "--db", (char *)path, "-f", "json", "-o", "-", NULL };
	char *in[] = { (char *)tplus, "import", "-q", "--db", copy, json, NULL };
	struct cost made = process_run(out, NULL, json);

	forget(copy);
	struct cost taken = process_run(in, NULL, NULL);
	note_one("export, JSON with the journal", "ms", n, made.wall, -1, 0);
	note_one("export, JSON: peak memory", "MiB", n, (double)made.peak_kib / 1024, -1, 0);
	note_one("import of that", "ms", n, taken.wall, -1, 0);
	note_one("import: peak memory", "MiB", n, (double)taken.peak_kib / 1024, -1, 0);
	unlink(json);
	forget(copy);
	free(json);
	free(copy);
}

/* ---- the screen ---- */

static void start_screens(const char *path, long n, const char *newest)
{
	char *echo = text("%s/floor-echo", floors), *follow = text("%s/floor-follow", floors);
	char *least[] = { echo, NULL }, *reading[] = { follow, (char *)path, NULL }, *ours[] = { (char *)tplus, "--db", (char *)path, NULL };
	struct samples a = { 0 }, b = { 0 }, c = { 0 }, again = { 0 };
	struct vt vt;

	for (int i = -1; i < runs; i++) {
		double echoes = terminal_start(&vt, least, "event 0000038");
		vt_free(&vt);
		double screen = terminal_start(&vt, ours, newest);
		vt_free(&vt);
		double reads = terminal_start(&vt, reading, newest);
		vt_free(&vt);
		if (i < 0)
			continue;
		samples_add(&a, screen);
		samples_add(&again, screen);
		samples_add(&b, echoes);
		samples_add(&c, reads);
	}
	note("start to first paint / echo", "ms", n, &a, &b, 2);
	note("start to first paint / follow", "ms", n, &again, &c, 0);
	free(echo);
	free(follow);
}

static void press(struct samples *s, struct vt *vt, const char *key, bool rows)
{
	double took = terminal_key(vt, key, strlen(key), rows);

	if (took >= 0)
		samples_add(s, took);
}

/* Twenty characters, then twenty times Backspace, by turns with the floor. */
static void type(struct vt *ours, struct vt *least, long n)
{
	struct samples a = { 0 }, b = { 0 };
	size_t before = 0, bytes = 0;

	for (int i = 0; i < keys; i++) {
		const char *key = i / 20 % 2 ? "\177" : "k";
		press(&b, least, key, false);
		before = ours->output.len;
		press(&a, ours, key, false);
		bytes += ours->output.len - before;
	}
	note("a typed key to the screen", "ms", n, &a, &b, 1.5);
	note_one("bytes written for it", "bytes", n, (double)bytes / keys, -1, 0);
}

static void page(struct vt *ours, struct vt *follow, long n)
{
	static const char up[] = "\033[5~", down[] = "\033[6~";
	struct samples a = { 0 }, b = { 0 };
	int rounds = n > 1000 ? 10 : 1;

	terminal_key(ours, "\t", 1, false);
	for (int i = 0; i < keys / 2; i++) {
		const char *key = i / rounds % 2 ? down : up;
		press(&b, follow, key, true);
		press(&a, ours, key, true);
	}
	note("a page key to the screen / follow", "ms", n, &a, &b, 0);
}

static void screens(const char *path, long n, const char *newest)
{
	char *echo_path = text("%s/floor-echo", floors), *follow_path = text("%s/floor-follow", floors);
	char *least[] = { echo_path, NULL }, *reading[] = { follow_path, (char *)path, NULL };
	char *argv[] = { (char *)tplus, "--db", (char *)path, NULL };
	struct vt ours, echo, follow;
	struct idle i[3];

	terminal_start(&echo, least, "event 0000038");
	terminal_start(&follow, reading, newest);
	terminal_start(&ours, argv, newest);
	terminal_idle((struct vt *const[]){ &ours, &echo, &follow }, 3, idle_seconds, i);
	note_one("idle: wakeups a second", "1/s", n, i[0].wakeups, i[1].wakeups, 0);
	note_one("idle: bytes a second", "1/s", n, i[0].bytes, i[1].bytes, 0);
	type(&ours, &echo, n);
	page(&ours, &follow, n);
	terminal_idle((struct vt *const[]){ &ours, &echo, &follow }, 3, 0.1, i);
	note_one("screen: peak memory / follow", "MiB", n, (double)i[0].peak_kib / 1024, (double)i[2].peak_kib / 1024, 0);
	vt_free(&ours);
	vt_free(&echo);
	vt_free(&follow);
	free(echo_path);
	free(follow_path);
}

/* ---- all of it ---- */

static void measure(const char *dir, long n)
{
	char *path = text("%s/store-%ld.db", dir, n), *plain = text("%s/plain-%ld.db", dir, n);
	char *last[] = { (char *)tplus, "log", "-q", "--db", path, "the newest line of all", NULL };

	fprintf(stderr, "bench: %ld events ...\n", n);
	fill(path, plain, n);
	process_run(last, NULL, NULL);
	start_screens(path, n, "the newest line of all");
	screens(path, n, "the newest line of all");
	processes(path, plain, n);
	if (n <= 200000)
		exchange(path, n);
	forget(path);
	forget(plain);
	free(path);
	free(plain);
}

static double setting(const char *name, double standard)
{
	const char *v = getenv(name);

	return v && *v ? strtod(v, NULL) : standard;
}

static void set_environment(const char *dir)
{
	static const char *const gone[] = { "LINES", "COLUMNS", "NO_COLOR", "TPLUS_DB", "TPLUS_INCIDENT", "TPLUS_CLOCK" };
	const char *const set[][2] = { { "HOME", dir }, { "XDG_DATA_HOME", dir }, { "XDG_CONFIG_HOME", dir }, { "TERM", "xterm-256color" },
		{ "LC_ALL", "C.UTF-8" }, { "TZ", "UTC" }, { "TPLUS_USER", "sam" } };

	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
		unsetenv(gone[i]);
	for (size_t i = 0; i < sizeof set / sizeof *set; i++)
		setenv(set[i][0], set[i][1], 1);
}

int main(int argc, char **argv)
{
	const char *events = getenv("BENCH_EVENTS");

	if (argc != 4) {
		fputs("usage: bench TPLUS FLOORS DIRECTORY\n", stderr);
		return 2;
	}
	tplus = argv[1];
	floors = argv[2];
	runs = (int)setting("BENCH_RUNS", 60);
	keys = (int)setting("BENCH_KEYS", 400);
	idle_seconds = setting("BENCH_IDLE", 5);
	mkdir(argv[3], 0700);
	set_environment(argv[3]);
	vt_watch_children();
	for (const char *p = events && *events ? events : "100 100000"; *p; p += strspn(p, " ,")) {
		char *end;
		long n = strtol(p, &end, 10);
		if (n < 1 || end == p)
			give_up("BENCH_EVENTS=%s: give numbers of events, as in \"100 100000 1000000\"", events);
		size_t from = figure_count;
		measure(argv[3], n);
		print_table(from);
		p = end;
	}
	return 0;
}
