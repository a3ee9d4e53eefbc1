/* due.h - every clock of an incident in one list, and what of them runs out first. Pure. DESIGN section 5. */
#ifndef TPLUS_MODEL_DUE_H
#define TPLUS_MODEL_DUE_H

#include "model/incident.h"
#include "model/target.h"

enum clock_kind { CLOCK_TARGET, CLOCK_UPDATE, CLOCK_ROLE, CLOCK_POSTMORTEM, CLOCK_ASK };
const char *clock_kind_name(enum clock_kind k); /* target update role postmortem ask */

/* One clock. Names and texts are those of the policy and the asks, which must outlive it; from and to are words that stand in the program. */
struct clock_line {
	enum clock_kind kind;
	const char *name;      /* ack, update, postmortem, a role (IC); of an ask whom, without "@" */
	const char *text;      /* of an ask, else NULL */
	const char *number;    /* of an ask (ASK-1), else NULL */
	const char *from, *to; /* started, opened, last update, asked ...; acknowledged, next update, claimed, answered, published */
	bool fallback;         /* the start the policy names is missing: from is what it counts from instead */
	usec start, due;       /* USEC_NONE: not started; no limit */
	usec limit;            /* 0: no limit is promised, elapsed is all there is */
	usec elapsed;          /* USEC_NONE: unknown */
	enum target_state state;
};

/* All of them: targets in the policy's order, the cadence, the required roles, the postmortem, asks but dropped ones. Those without a responder list
 * (in->responders NULL) have no roles. Returns how many, at most max; clock_list_max is always enough.
 * A required role without a limit is pending while nobody has it. A role that was left again counts from then. */
size_t clock_list_max(const struct asks *asks);
size_t clock_list(const struct clock_input *in, const struct asks *asks, struct clock_line *out, size_t max);

struct due {
	const char *name;  /* detect ack mitigate resolve update postmortem, a target of the user's; a role, "roles" when several are unclaimed;
			    * of an ask whom, without "@" */
	const char *text;  /* of an ask, else NULL */
	usec start, at;    /* at: when it runs out, or ran out */
	enum target_state state;
	enum clock_kind kind;
	size_t order;      /* in clock_list: breaks ties */
};

/* Those that run and have a limit, sorted by at; the required roles nobody has are one item. Returns how many, at most max. */
size_t due_list(const struct clock_input *in, const struct asks *asks, struct due *out, size_t max);

/* The required roles that nobody has, separated by spaces, appended. Returns how many. */
size_t roles_unclaimed(const struct policy *p, const struct responders *l, struct str *out);

#endif
