/* when.h - times and durations as people write them, and the other way round. DESIGN sections 4 and 6. */
#ifndef TPLUS_BASE_WHEN_H
#define TPLUS_BASE_WHEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/zone.h"

enum when_form {
	WHEN_NOTHING,  /* the text does not begin with a time */
	WHEN_CLOCK,    /* 14:32  14:32:10  14:32:10.250  2:32pm */
	WHEN_DATED,    /* 2026-02-05 14:32[:10[.5]]  yesterday 23:50  today 07:10  (the incident's zone) */
	WHEN_ABSOLUTE, /* 2026-02-05 14:32:10+03:00  2026-02-05T11:32:10Z */
	WHEN_RELATIVE, /* -5m  -1h10m  -90s  -1d */
};

/* What a time is read against. */
struct when_ctx {
	usec now;
	const struct zone *zone; /* of the incident */
	usec prev;               /* occurred_at of the previous event of this incident, USEC_NONE if there is none */
	usec last;               /* occurred_at of its last event, to tell live capture from writing up; USEC_NONE if there is none */
};

struct when {
	enum when_form form;
	usec at;          /* when; in a ZONE_TWICE or ZONE_GAP case the earlier reading */
	usec other;       /* the other reading of an ambiguous time, else USEC_NONE */
	enum zone_fit fit; /* other than ZONE_ONCE: ask, or refuse and name both readings */
	int approx_s;     /* ± seconds; 0: exact. "~02:10" and "02:10~" mean 120, "~02:10±10m" (also +-10m) says 600 */
	bool clamped;     /* up to 15 minutes ahead of now, taken as now: say so */
	bool ahead;       /* a full date in the future: warn */
	size_t used;      /* bytes of the text consumed, white space after it not included */
};

/* Reads a time at the start of the text s (n bytes). A word that only begins like a time ("14:32ish", "2026-02-05-notes") is no time:
 * ST_OK with form WHEN_NOTHING. A word that has the shape of a time but cannot be one ("25:61", "2026-02-30 10:00") is ST_USAGE with a text that
 * says what was understood and what is accepted. Ambiguity is not an error here: see fit.
 * Bare clock times: the latest such time not after now (up to 15 minutes ahead means now); while last is over 24 h before now (the incident
 * is written up afterwards): the first such time not before prev. "~" may stand before or after the time. */
enum status when_parse(const char *s, size_t n, const struct when_ctx *ctx, struct when *out, struct err *err);

/* The same, and the text must be nothing but the time; ambiguity is refused (ST_USAGE) naming both readings, with their offsets. */
enum status when_parse_all(const char *s, const struct when_ctx *ctx, struct when *out, struct err *err);

/* ST_OK when fit is ZONE_ONCE, else the refusal that when_parse_all gives; each reading it names can be typed as it stands. */
enum status when_refuse(const struct when *w, const struct zone *z, struct err *err);

/* RFC 3339 only ("2026-02-05T11:32:10.5Z", any offset); for machine formats. False when it is not one. */
bool when_rfc3339(const char *s, usec *out);

/* Durations: "3m" "90s" "1h10m" "2d" "1h 30m" "45 min" "1:30" is not one. Result in µs, > 0. The whole text must be one. */
enum status dur_parse(const char *s, usec *out, struct err *err);
bool dur_looks(const char *s); /* cheap test: would dur_parse take it? */

/* A duration written without spaces at the start of s: the bytes it takes, 0 if there is none. If it has the shape of one but
 * cannot be one ("10m1h"), *wrong says why, else it is NULL. May be 0 µs. */
size_t dur_prefix(const char *s, size_t n, usec *out, const char **wrong);

/* Output. Each appends to b; USEC_NONE is written as "unknown". */
void when_fmt_rfc3339(struct str *b, usec t);  /* 2026-02-05T11:32:10Z; microseconds only when not zero */
void when_fmt_date(struct str *b, usec t, const struct zone *z);  /* 2026-02-05 */
void when_fmt_clock(struct str *b, usec t, const struct zone *z); /* 14:32:10 */
void when_fmt_local_date(struct str *b, const struct local *l);   /* the same two of a reading that is at hand already */
void when_fmt_local_clock(struct str *b, const struct local *l);
void when_fmt_full(struct str *b, usec t, const struct zone *z);  /* 2026-02-05 14:32:10 MSK (abbreviation, or +03:00) */
void when_fmt_zone_words(struct str *b, usec t, const struct zone *z); /* MSK (UTC+3), UTC, IST (UTC+5:30) */
void dur_fmt(struct str *b, usec d);        /* 33s  3m15s  2h15m  1d2h  (the two largest units, zero parts left out; 0s) ; negative with - */
void dur_fmt_exact(struct str *b, usec d);  /* every unit that is not zero: 1d2h3m4s */
void dur_fmt_words(struct str *b, usec d);  /* 3 minutes 15 seconds */
void dur_fmt_left(struct str *b, usec d);   /* countdown of DESIGN section 5: MM:SS, from one hour H:MM:SS, overdue (negative) +MM:SS.
                                               Left rounds up to the next second, overdue rounds down, so that 00:00 is shown at the due second only. */
void dur_fmt_tplus(struct str *b, usec d);  /* HH:MM:SS for the header, hours not bounded; negative with - */

#endif
