/* bench.h - what the benchmark's files share. Times are milliseconds. */
#ifndef TPLUS_TESTS_BENCH_BENCH_H
#define TPLUS_TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/screen/vt.h"

struct samples {
	double *v;
	size_t n, cap;
};
void samples_add(struct samples *s, double x);
double samples_at(struct samples *s, double share); /* 0.5: the median; sorts. 0 without samples */
void samples_free(struct samples *s);

double now_ms(void); /* a clock that only goes forward */
_Noreturn void give_up(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* ---- whole processes ---- */

struct cost {
	double wall, cpu; /* from the start to the end; user and system time */
	long peak_kib;
};
/* Runs argv with standard input and output from and to these files (NULL: /dev/null) and gives up when it fails. */
struct cost process_run(char *const *argv, const char *in, const char *out);

/* ---- programs on a terminal of 120x40 ---- */

enum { ROWS = 40, COLS = 120 };

/* Starts it and waits for the text; the time from the start to the read that brought it. */
double terminal_start(struct vt *vt, char *const *argv, const char *text);
/* Sends a key and waits until what it is for has changed: the cursor's place, or the rows between the first and last three. Negative: nothing
 * did, as when a page could not be turned. */
double terminal_key(struct vt *vt, const char *key, size_t n, bool rows);
void terminal_rest(struct vt *vt, int ms); /* takes what is written until nothing came for so long */

struct idle {
	double wakeups, bytes; /* a second */
	long peak_kib;
};
/* Leaves the programs alone for so many seconds, all at the same time. */
void terminal_idle(struct vt *const *vt, size_t n, double seconds, struct idle *out);

#endif
