/* flow.h - a flow file being run; the language is described in tests/screen/README. */
#ifndef TPLUS_TESTS_SCREEN_FLOW_H
#define TPLUS_TESTS_SCREEN_FLOW_H

#include <stdio.h>

#include "tests/screen/vt.h"

enum { FLOW_WORDS = 64, FLOW_LINE = 65536 };

struct flow {
	const char *path;
	FILE *in;
	int line; /* of the command */
	char dir[256]; /* private: home data config tmp work clock */
	char why[4096]; /* of the failure */
	struct vt vt;
	int rows, cols;
	long long wall, boot, asleep; /* µs, as in the clock file */
	long long wait_ms; /* how long to wait for what is expected */
	struct bytes said; /* output of the last run */
};

/* A command taken apart. text is the rest of the line after the command's name, as written. */
struct words {
	char *word[FLOW_WORDS];
	bool quoted[FLOW_WORDS];
	int n;
	char *text;
	char store[FLOW_LINE * 2];
};

/* plain: quotes mean nothing, for commands that take the rest of the line. False: why. */
bool words_split(struct words *w, const char *line, bool plain, char *why, size_t size);

/* Both in µs. */
bool time_parse(const char *s, long long *us); /* 2026-02-05T14:23:12[.5](Z|+01:00) */
bool duration_parse(const char *s, long long *us); /* 90s, 1h30m, -1s, 250ms */

bool flow_fail(struct flow *f, const char *fmt, ...) __attribute__((format(printf, 2, 3))); /* always false */
bool flow_clock(struct flow *f); /* writes the clock file */
bool flow_step(struct flow *f, const char *line); /* one line of the file; false: f->why */

/* expect.c. A condition says in f->why what does not hold. */
typedef bool condition(struct flow *f, const struct words *w);
bool flow_eventually(struct flow *f, const struct words *w, condition *cond); /* waits for it */
condition flow_shows, flow_shows_not, flow_row_is, flow_attr, flow_cursor, flow_wrote, flow_unwritten, flow_atmost,
	flow_screen;

long long flow_now(void); /* ms of a monotonic clock */
bool flow_number(const char *s, int *out);
bool flow_row(
	const struct flow *f, const char *s, int *row); /* "1" is 0, "-1" the last one; false: not on the screen */
bool flow_col(const struct flow *f, const char *s, int *col);
bool flow_program(struct flow *f); /* false: none was started */

#endif
