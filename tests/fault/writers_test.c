/* Many processes on one file, on a real disk: every commit gets through, every row is there, a reading screen sees them all arrive and never
 * fails other than by finding the file busy. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/store_util.h"

enum { WRITERS = 8, COMMITS = 100, SCREEN_MAX = 120000 };

static int cases;

static void verdict(bool good, const char *name)
{
	printf("%s %d - %s\n", good ? "ok" : "not ok", ++cases, name);
	if (!good)
		exit(1);
}

/* Each commit opens nothing new: the connection stays, as the screen's writer does. Every tenth one is a process of its own, as "tplus log" is. */
static int write_all(const char *name, uuid incident, int writer)
{
	struct file *f = file_open(name);
	struct clock system;
	clock_system(&system);
	f->clock = system;
	for (int k = 0; k < COMMITS; k++) {
		struct err err = { 0 };
		struct tx_opts o = { .author = "sam", .zone = "UTC", .grp = uuid_new() };
		char text[64];
		snprintf(text, sizeof text, "text=writer %d line %d", writer, k);
		if (k % 10 == 0)
			file_reopen(f);
		enum status st = tx_begin(f->s, &o, &err);
		if (st == ST_OK)
			st = tx_incident(f->s, incident, NULL, &err);
		if (st == ST_OK)
			st = try_op(f, &err, "event.new", uuid_new(), text, "kind=note", "occurred_at:1770300000000000",
				NULL);
		if (st == ST_OK)
			st = tx_commit(f->s, &err);
		if (st != ST_OK) {
			fprintf(stderr, "writer %d, line %d: %s\n", writer, k, err.text);
			return 1;
		}
	}
	file_close(f);
	return 0;
}

/* Reads what arrived since it last looked, as the live screen does, until it has it all. */
static int watch(const char *path, uuid incident)
{
	struct file f = { .path = (char *)path };
	struct err err = { 0 };
	clock_system(&f.clock);
	if (file_try(&f, STORE_SCREEN, &err) != ST_OK)
		return fprintf(stderr, "screen: %s\n", err.text), 1;
	int64_t last = 0;
	size_t seen = 0;
	for (long k = 0; seen < WRITERS * COMMITS && k < SCREEN_MAX; k++) {
		struct events l;
		enum status st = q_events_arrived(f.s, incident, last, 50, &l, &err);
		if (st != ST_OK && !store_busy(f.s))
			return fprintf(stderr, "screen: %s\n", err.text), 2;
		if (st == ST_OK && l.n) {
			seen += l.n;
			last = l.v[l.n - 1].n;
			events_free(&l);
		}
		nanosleep(&(struct timespec){ 0, 500000 }, NULL);
	}
	store_close(f.s);
	return seen == WRITERS * COMMITS ? 0 : 3;
}

static pid_t start(void)
{
	fflush(stdout);
	pid_t pid = fork();
	MUST(pid >= 0);
	return pid;
}

int main(void)
{
	test_dir_in(".");
	printf("1..5\n");
	struct file *f = file_open("writers.db");
	uuid i = id_of("i");
	open_incident(f, i, "INC-2026-0001");
	char *path = str_fmt("%s", f->path);
	file_close(f); /* no child inherits a connection */
	pid_t screen = start();
	if (screen == 0)
		_exit(watch(path, i));
	pid_t writer[WRITERS];
	for (int k = 0; k < WRITERS; k++)
		if ((writer[k] = start()) == 0)
			_exit(write_all("writers.db", i, k));
	int ws, failed = 0;
	for (int k = 0; k < WRITERS; k++)
		failed += waitpid(writer[k], &ws, 0) != writer[k] || ws != 0;
	verdict(failed == 0, "no commit of any writer failed");
	verdict(waitpid(screen, &ws, 0) == screen && ws == 0,
		"the screen saw every line arrive and met nothing worse than a lock");
	f = file_open("writers.db");
	verdict(events_shown(f, i) == WRITERS * COMMITS, "every line is there");
	verdict(raw_int(path, "SELECT count(DISTINCT text) FROM event") == WRITERS * COMMITS &&
			raw_int(path, "SELECT count(DISTINCT host) FROM op") == 1 &&
			raw_int(path, "SELECT max(seq) FROM op") == WRITERS * COMMITS + 2,
		"once each, in one chain without a gap");
	verdict(holds(f), "verify holds");
	file_close(f);
	free(path);
	return 0;
}
