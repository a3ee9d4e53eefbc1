/* span.h - milestones of one incident and the times between them. Pure arithmetic. DESIGN sections 2 and 6. */
#ifndef TPLUS_MODEL_SPAN_H
#define TPLUS_MODEL_SPAN_H

#include "base/clock.h"
#include "model/names.h"

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
};
void milestones_of(const struct stamp *stamps, size_t n, struct milestones *out);
const char *status_name(int status); /* "open" for MS_NONE */
bool status_is_closed(int status);

/* A span with its range: seconds low..high are equal unless an end is approximate. Negative spans are flagged by the sign. */
struct span {
	int from, to;        /* enum milestone */
	usec exact, low, high;
	bool known;          /* both ends are known */
};
struct span span_between(const struct milestones *m, int from, int to);
size_t span_all(const struct milestones *m, struct span out[MS_COUNT * (MS_COUNT - 1) / 2]); /* every pair present, canonical order; returns how many */
bool span_parse(const char *text, int *from, int *to); /* "detected→acknowledged", "detected->acknowledged" */
void span_fmt(struct str *b, const struct span *s); /* "3m15s", "2m–6m", "unknown", "-5m (out of order)" */

#endif
