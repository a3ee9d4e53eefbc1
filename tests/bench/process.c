/* process.c - samples, and the cost of whole processes. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "tests/bench/bench.h"

extern char **environ;

void give_up(const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fputs("bench: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

void samples_add(struct samples *s, double x)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 64;
		s->v = realloc(s->v, s->cap * sizeof *s->v);
		if (!s->v)
			give_up("out of memory");
	}
	s->v[s->n++] = x;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double samples_at(struct samples *s, double share)
{
	if (s->n == 0)
		return 0;
	qsort(s->v, s->n, sizeof *s->v, by_size);
	return s->v[(size_t)(share * (double)(s->n - 1) + 0.5)];
}

void samples_free(struct samples *s)
{
	free(s->v);
	*s = (struct samples){ 0 };
}

static double seconds(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

struct cost process_run(char *const *argv, const char *in, const char *out)
{
	posix_spawn_file_actions_t files;
	struct rusage used;
	pid_t pid;
	int status = 0;

	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, in ? in : "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, 1, out ? out : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	double start = now_ms();
	int rc = posix_spawn(&pid, argv[0], &files, NULL, argv, environ);
	if (rc != 0)
		give_up("%s: %s", argv[0], strerror(rc));
	while (wait4(pid, &status, 0, &used) < 0 && errno == EINTR)
		;
	struct cost c = { now_ms() - start, seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss };
	posix_spawn_file_actions_destroy(&files);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		give_up("%s %s failed with status %d", argv[0], argv[1] ? argv[1] : "", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	return c;
}
