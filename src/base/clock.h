/* clock.h - the injected clock. Nothing else in tplus asks the system for the time.
 * All times are microseconds (µs); wall time is UTC since 1970-01-01, boot time is since boot, suspend included. */
#ifndef TPLUS_BASE_CLOCK_H
#define TPLUS_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

typedef int64_t usec; /* µs */
#define USEC_SEC ((usec)1000000)
#define USEC_MIN (60 * USEC_SEC)
#define USEC_HOUR (60 * USEC_MIN)
#define USEC_DAY (24 * USEC_HOUR)
#define USEC_NONE INT64_MIN /* unknown */

struct clock {
	usec (*wall)(struct clock *c);
	usec (*boot)(struct clock *c);  /* USEC_NONE where the system has none */
	usec (*asleep)(struct clock *c); /* how much of boot the system was suspended */
	uint8_t boot_id[16];            /* all zero: unknown */
	bool test;                      /* not the system's time: screens must say so */
	const char *path;               /* of the file a test clock reads, else NULL */
	usec fixed_wall, fixed_boot, fixed_asleep; /* used by clock_fixed */
};

void clock_system(struct clock *c);
void clock_fixed(struct clock *c, usec wall); /* stands still; tests advance fixed_wall and fixed_boot themselves */

/* The system clock, or the test clock if the environment names one: TPLUS_CLOCK=FILE, where FILE holds
 * "WALL_US [BOOT_US [ASLEEP_US]]" and is read anew at every call, so that a test can drive a running program. */
void clock_from_env(struct clock *c);

#endif
