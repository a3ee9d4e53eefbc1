/* budget.h - error budgets: what this incident spends of them, what others spent. Pure. DESIGN section 6. */
#ifndef TPLUS_MODEL_BUDGET_H
#define TPLUS_MODEL_BUDGET_H

#include "model/due.h"

struct budget {
	const struct slo_rule *rule;
	usec total;            /* 99.9 % over 30 d: 43m12s */
	struct span spent;     /* known false: unknown. A range where an end is approximate; while it runs, up to now */
	bool running;
	usec earlier;          /* what other incidents of the window spent, as stamped; USEC_NONE: not stamped */
	struct span left;      /* total - earlier (if stamped) - spent; negative: overspent */
	int64_t tenths;        /* of spent in total: 333 is 33.3 % */
};

/* One for each SLO of the policy, in its order. in->fields give what was stamped. */
size_t budgets_of(const struct clock_input *in, struct budget out[POLICY_SLOS]);

/* The field that holds what other incidents spent of the SLO at position i: budget.earlier, of further ones budget.earlier-NAME. */
void budget_field(const struct policy *p, size_t i, struct str *out);
bool budget_field_read(const char *value, usec *out); /* "0s", "12m3s" */

/* Time spent, from .. to. */
struct interval { usec from, to; };
/* What the intervals (which are sorted here) cover together of the window, without what own covers: time that is down for two reasons is spent once. */
usec interval_cover(struct interval *v, size_t n, struct interval window, struct interval own);

/* The severity ledger: how long the incident was at each step's severity. Steps that ended before they began have 0. until: closed, else now. */
usec severity_time(const struct severity_steps *l, size_t i, usec until);
usec severity_total(const struct severity_steps *l, int severity, usec until); /* USEC_NONE: it never was */

#endif
