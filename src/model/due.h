/* due.h - what runs out first: the running targets, the update cadence and the open asks in one list. Pure. DESIGN section 5. */
#ifndef TPLUS_MODEL_DUE_H
#define TPLUS_MODEL_DUE_H

#include "model/incident.h"
#include "model/target.h"

struct due {
	const char *name;  /* detect ack mitigate resolve update, a target of the user's; of an ask whom, without "@" */
	const char *text;  /* of an ask, else NULL */
	usec start, at;    /* at: when it runs out, or ran out */
	enum target_state state;
};

/* Sorted by at. Names and texts stay those of the policy and the asks, which must outlive the list. Returns how many, at most max. */
size_t due_list(const struct clock_input *in, const struct asks *asks, struct due *out, size_t max);

#endif
