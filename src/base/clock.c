#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"

static usec from_timespec(const struct timespec *t)
{
	return (usec)t->tv_sec * USEC_SEC + (usec)t->tv_nsec / 1000;
}

static usec system_wall(struct clock *c)
{
	struct timespec t;

	(void)c;
	clock_gettime(CLOCK_REALTIME, &t); /* cannot fail: POSIX requires this clock */
	return from_timespec(&t);
}

static usec system_boot(struct clock *c)
{
	(void)c;
#ifdef CLOCK_BOOTTIME
	struct timespec t;

	if (clock_gettime(CLOCK_BOOTTIME, &t) == 0)
		return from_timespec(&t);
#endif
	return USEC_NONE;
}

static usec system_asleep(struct clock *c)
{
	struct timespec t;
	usec boot = system_boot(c);

	if (boot == USEC_NONE || clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return 0;
	return boot - from_timespec(&t);
}

/* Reads a small file whole; text is always NUL terminated. False when there is nothing to read. */
static bool read_small(const char *path, char *text, size_t size)
{
	size_t len = 0;
	ssize_t got = 1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	while (fd >= 0 && got != 0 && len < size - 1) {
		got = read(fd, text + len, size - 1 - len);
		if (got < 0 && errno != EINTR)
			break;
		len += got > 0 ? (size_t)got : 0;
	}
	if (fd >= 0)
		close(fd);
	text[len] = '\0';
	return len > 0;
}

/* "7d4f…-…\n", 32 digits and dashes. */
static void read_boot_id(uint8_t id[16])
{
	char text[64], hex[33];
	size_t n = 0;

	memset(id, 0, 16);
	if (!read_small(BOOT_ID_FILE, text, sizeof text))
		return;
	for (const char *p = text; *p && *p != '\n' && n < sizeof hex - 1; p++) {
		if (*p != '-')
			hex[n++] = *p;
	}
	hex[n] = '\0';
	if (!str_unhex(id, 16, hex))
		memset(id, 0, 16);
}

void clock_system(struct clock *c)
{
	memset(c, 0, sizeof *c);
	c->wall = system_wall;
	c->boot = system_boot;
	c->asleep = system_asleep;
	c->fixed_wall = c->fixed_boot = USEC_NONE;
	read_boot_id(c->boot_id);
}

static usec fixed_wall(struct clock *c)
{
	return c->fixed_wall;
}

static usec fixed_asleep(struct clock *c)
{
	return c->fixed_asleep;
}

static usec fixed_boot(struct clock *c)
{
	return c->fixed_boot;
}

void clock_fixed(struct clock *c, usec wall)
{
	memset(c, 0, sizeof *c);
	c->wall = fixed_wall;
	c->boot = fixed_boot;
	c->asleep = fixed_asleep;
	c->test = true;
	c->fixed_wall = wall;
	memcpy(c->boot_id, "tplus test clock", sizeof c->boot_id); /* some boot, the same in every run */
}

static bool read_number(char **p, usec *out)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(*p, &end, 10);
	if (end == *p || errno || !strchr(" \t\r\n", *end))
		return false;
	*p = end;
	*out = v;
	return true;
}

/* A file that is being rewritten just now may read as empty: the reading before it stays. */
static void read_file_clock(struct clock *c)
{
	char text[80], *p = text;
	usec wall, boot = USEC_NONE, asleep = 0;

	if (!read_small(c->path, text, sizeof text) || !read_number(&p, &wall))
		return;
	if (p[strspn(p, " \t\r\n")] && !read_number(&p, &boot))
		return;
	if (p[strspn(p, " \t\r\n")] && !read_number(&p, &asleep))
		return;
	c->fixed_wall = wall;
	c->fixed_boot = boot;
	c->fixed_asleep = asleep;
}

static usec file_wall(struct clock *c)
{
	read_file_clock(c);
	return c->fixed_wall;
}

static usec file_asleep(struct clock *c)
{
	read_file_clock(c);
	return c->fixed_asleep;
}

static usec file_boot(struct clock *c)
{
	read_file_clock(c);
	return c->fixed_boot;
}

void clock_from_env(struct clock *c)
{
	const char *path = getenv("TPLUS_CLOCK");

	if (!path || !*path) {
		clock_system(c);
		return;
	}
	clock_fixed(c, USEC_NONE);
	c->wall = file_wall;
	c->boot = file_boot;
	c->asleep = file_asleep;
	c->path = path;
	if (c->wall(c) != USEC_NONE)
		return;
	/* Going on with the system's time would pass off one clock as another. */
	fputs("tplus: the file that TPLUS_CLOCK names holds no time: write WALL_US [BOOT_US] into it, or unset "
	      "TPLUS_CLOCK\n",
		stderr);
	exit(ST_USAGE);
}
