/* import-time.h - times, dates and zones as documents write them. More is taken than from a line that is typed
 * (base/when.h): nobody can be asked. Pure but for the system's zones. */
#ifndef TPLUS_TEXT_IMPORT_TIME_H
#define TPLUS_TEXT_IMPORT_TIME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/zone.h"

/* A time as written. */
struct doctime {
	bool has_date, has_clock, has_offset;
	int year; /* 0: the date names none */
	int mon, day;
	int hour, min, sec, us;
	int offset; /* seconds east of UTC */
	int approx_s; /* 0: exact */
	size_t end, end_n; /* of a range: the text of its end, as it stands; n 0: none */
	size_t used; /* bytes */
};

/* A time at the start of the text: "10:30", "~2:05 pm", "14:23:12 UTC", "[2026-01-18 10:30]", "Jan 18, 10:30–10:45",
 * "1030Z", a date alone. Marks and emoji before it are skipped, brackets, colons and dashes behind it are taken.
 * False: there is none. */
bool doctime_read(const char *s, size_t n, struct doctime *out);

/* A date anywhere in the text, with its year. *at: where it stands; may be NULL. */
bool doctime_find_date(const char *s, size_t n, struct doctime *out, size_t *at);

/* The zone that a text names: "All times in MSK (UTC+3)", "Time (UTC)", "Europe/Berlin". NULL: none. */
const struct zone *zone_in_text(const char *s, size_t n);

#endif
