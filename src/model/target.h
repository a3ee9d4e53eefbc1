/* target.h - a target's running clock. Pure: milestones, policy and now in; state out. DESIGN sections 2, 5, 6. */
#ifndef TPLUS_MODEL_TARGET_H
#define TPLUS_MODEL_TARGET_H

#include "model/policy.h"

enum target_state { TARGET_PENDING, TARGET_RUNNING, TARGET_WARNING, TARGET_MET, TARGET_MISSED, TARGET_BREACHED };
const char *target_state_name(enum target_state s); /* pending running warning met missed breached */

struct target_clock {
	char name[POLICY_NAME];
	int from, to;         /* as the policy says; to is MS_NONE for the cadence and asks */
	int from_used;        /* the milestone the running clock really counts from: from, else the next of detected, declared; MS_NONE means opened_at */
	usec start, due;      /* USEC_NONE: not started */
	usec limit;
	usec elapsed;         /* up to now, or to the end; USEC_NONE: unknown (a missing endpoint) */
	enum target_state state;
};

struct responders;
struct nameds;

struct clock_input {
	const struct milestones *ms;
	const struct policy *policy;
	usec opened_at;
	usec last_update;     /* occurred_at of the last update; USEC_NONE */
	usec now;
	/* What follows may be left zero: then there is no such clock, or the wall clock measures it. */
	const struct responders *responders; /* who claimed the required roles; NULL: no clocks of roles */
	const struct nameds *fields;         /* published, document.status: when the postmortem was met; budget.earlier */
	usec boot;                           /* now on this host's boot clock */
	struct stamp_base opened_base, update_base;
};

/* How long ago at was: now - at, but by the boot clock where a step was recorded since, so that no elapsed time runs backwards. */
usec clock_since(const struct clock_input *in, usec at, const struct stamp_base *base);

/* A clock that runs from start on: fills start, due, elapsed and state from its limit. Start USEC_NONE: nothing is changed. */
struct target_clock;
void clock_run(struct target_clock *c, const struct clock_input *in, usec start, const struct stamp_base *base);

/* What a running clock counts from while its own start is missing: the first of from, detected, declared that is known, else opened_at (*used MS_NONE). */
usec clock_start(const struct clock_input *in, int from, int *used, const struct stamp_base **base);

/* One clock for each target of the policy, in its order. met: reached within the limit (exactly at it counts as met); missed: reached late; breached:
 * not reached and the limit has passed (at the due instant it is not yet breached); warning: from warn_percent on. A target whose end was reached but whose
 * start is unknown has elapsed unknown and state pending. Once the incident is closed, clocks that still run are pending with elapsed unknown. */
size_t target_clocks(const struct clock_input *in, struct target_clock out[POLICY_TARGETS]);

/* The update cadence: due last_update (else declared, else detected, else opened_at) + update_every; false when there is none or the incident is resolved or closed.
 * After a reopen it counts from there (from_used MS_REOPEN) unless an update came later. from_used is MS_NONE for last_update, too. */
bool update_clock(const struct clock_input *in, struct target_clock *out);

#endif
