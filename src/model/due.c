/* due.c - see due.h. */
#include "model/due.h"

#include <stdlib.h>
#include <string.h>

static bool is_running(const struct target_clock *c)
{
	return c->due != USEC_NONE && (c->state == TARGET_RUNNING || c->state == TARGET_WARNING || c->state == TARGET_BREACHED);
}

static size_t add_targets(const struct clock_input *in, struct due *out, size_t max)
{
	struct target_clock c[POLICY_TARGETS], u;
	size_t n = target_clocks(in, c), used = 0;
	for (size_t i = 0; i < n && used < max; i++)
		if (is_running(&c[i]))
			out[used++] = (struct due){ in->policy->target[i].name, NULL, c[i].start, c[i].due, c[i].state };
	if (used < max && update_clock(in, &u) && is_running(&u))
		out[used++] = (struct due){ "update", NULL, u.start, u.due, u.state };
	return used;
}

/* Warned of like a target: when the same part of its time has gone. */
static enum target_state ask_state(const struct ask *a, const struct clock_input *in)
{
	if (in->now > a->due_at)
		return TARGET_BREACHED;
	usec limit = a->due_at - a->asked_at;
	return (in->now - a->asked_at) >= limit / 100 * in->policy->warn_percent ? TARGET_WARNING : TARGET_RUNNING;
}

static int by_due(const void *a, const void *b)
{
	const struct due *x = a, *y = b;
	return x->at < y->at ? -1 : x->at > y->at;
}

size_t due_list(const struct clock_input *in, const struct asks *asks, struct due *out, size_t max)
{
	size_t n = add_targets(in, out, max);
	for (size_t i = 0; i < asks->n && n < max; i++) {
		const struct ask *a = &asks->v[i];
		if (strcmp(a->status ? a->status : "", ask_status[0]) == 0 && a->due_at != USEC_NONE)
			out[n++] = (struct due){ a->to ? a->to : "", a->text ? a->text : "", a->asked_at, a->due_at, ask_state(a, in) };
	}
	qsort(out, n, sizeof *out, by_due);
	return n;
}
