/* whenraw.h - a time as written, before it is known which moment is meant. Between whenraw.c and when.c only. */
#ifndef TPLUS_BASE_WHENRAW_H
#define TPLUS_BASE_WHENRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

enum day { DAY_NONE, DAY_DATE, DAY_TODAY, DAY_YESTERDAY };

/* A time as written. */
struct raw {
	enum day day;
	int year, mon, mday;
	int hour, min, sec, us;
	usec grain;         /* how long the reading lasts: less 1 µs, a minute, a second, or 0 */
	char half;          /* 'a', 'p', or 0 on the 24-hour clock */
	bool has_off;
	int off;            /* seconds east of UTC */
	bool relative;
	usec ago;
	int64_t approx_s;
	const char *wrong;  /* why there can be no such time */
	char text[64];      /* may hold it */
	size_t used;        /* bytes */
};

bool raw_shape(struct raw *out, const char *s, size_t n); /* false: no time stands at the start of s */
const char *raw_wrong(struct raw *w); /* NULL: there can be such a time; brings it to the 24-hour clock */

#endif
