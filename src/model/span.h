/* span.h - milestones of one incident and the times between them. Pure arithmetic. DESIGN sections 2 and 6. */
#ifndef TPLUS_MODEL_SPAN_H
#define TPLUS_MODEL_SPAN_H

#include "base/clock.h"
#include "model/names.h"

/* Where a time lies on the boot clock of the host that recorded it. Known only where a step of the wall clock was recorded within that boot:
 * nothing else makes spans leave the wall clock. */
struct stamp_base {
	unsigned boot;     /* the boots with recorded steps of an incident, numbered from 1; 0: unknown, or no step in it */
	unsigned steps;    /* how many of them came before */
	usec at;           /* on that boot's clock */
};

/* One stamp: a milestone event as logged. */
struct stamp {
	int milestone;     /* enum milestone, MS_REOPEN included */
	usec at;
	int approx_s;      /* ± */
	bool struck;       /* struck and hidden ones do not count */
};

/* The milestones in force: the first unstruck one of each name (by time); after the last reopen, only later resolved and closed count.
 * Stamps come in timeline order: where two times are equal, the position in the array decides what was first. */
struct milestones {
	usec at[MS_COUNT];      /* USEC_NONE: not reached */
	int approx_s[MS_COUNT];
	usec reopened_at;       /* the last unstruck reopen, USEC_NONE */
	int status;             /* the furthest milestone stamped since the last reopen; MS_NONE: "open" */
	struct stamp_base base[MS_COUNT];
	struct stamp_base here; /* this host's present boot, and all steps recorded in it; boot 0: none was */
};
void milestones_of(const struct stamp *stamps, size_t n, struct milestones *out);
void milestones_bases(const struct stamp *stamps, const struct stamp_base *base, size_t n, struct milestones *m); /* base[i] is that of stamps[i] */
const char *status_name(int status); /* "open" for MS_NONE */
bool status_is_closed(int status);

/* A span with its range: seconds low..high are equal unless an end is approximate. Negative spans are flagged by the sign. */
struct span {
	int from, to;        /* enum milestone */
	usec exact, low, high;
	bool known;          /* both ends are known */
	bool boot_clock;     /* the wall clock was stepped in between, so the boot clock measured it */
};
/* A step lies between the two times, and the boot clock knows how long it really was: *out. */
bool base_between(const struct stamp_base *from, const struct stamp_base *to, usec *out);
struct span span_between(const struct milestones *m, int from, int to);
size_t span_all(const struct milestones *m, struct span out[MS_COUNT * (MS_COUNT - 1) / 2]); /* every pair present, canonical order; returns how many */
bool span_parse(const char *text, int *from, int *to); /* "detected→acknowledged", "detected->acknowledged" */
void span_fmt(struct str *b, const struct span *s); /* "3m15s", "2m–6m", "unknown", "-5m (out of order)", "3m15s (boot clock)" */

#endif
