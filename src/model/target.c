#include "model/target.h"

#include <string.h>

const char *target_state_name(enum target_state s)
{
	static const char *const names[] = {
		[TARGET_PENDING] = "pending",
		[TARGET_RUNNING] = "running",
		[TARGET_WARNING] = "warning",
		[TARGET_MET] = "met",
		[TARGET_MISSED] = "missed",
		[TARGET_BREACHED] = "breached",
	};

	return s >= 0 && s < sizeof names / sizeof *names ? names[s] : "unknown";
}

static struct target_clock clock_new(const char *name, int from, int to, usec limit)
{
	struct target_clock c = { .from = from, .to = to, .from_used = from, .limit = limit };

	memccpy(c.name, name, '\0', sizeof c.name - 1);
	c.start = c.due = c.elapsed = USEC_NONE;
	c.state = TARGET_PENDING;
	return c;
}

usec clock_since(const struct clock_input *in, usec at, const struct stamp_base *base)
{
	const struct stamp_base *here = &in->ms->here;
	struct stamp_base now = { here->boot, here->steps, in->boot };
	usec since;

	if (in->boot > 0 && base && base_between(base, &now, &since))
		return since;
	return in->now - at;
}

void clock_run(struct target_clock *c, const struct clock_input *in, usec start, const struct stamp_base *base)
{
	usec warn_at = (c->limit * in->policy->warn_percent + 99) / 100;

	if (start == USEC_NONE)
		return;
	c->start = start;
	c->elapsed = clock_since(in, start, base);
	c->due = in->now + c->limit - c->elapsed; /* start + limit, unless the wall clock was stepped since */
	if (c->elapsed > c->limit)
		c->state = TARGET_BREACHED;
	else if (c->elapsed >= warn_at)
		c->state = TARGET_WARNING;
	else
		c->state = TARGET_RUNNING;
}

usec clock_start(const struct clock_input *in, int from, int *used, const struct stamp_base **base)
{
	const int chain[] = { from, MS_DETECTED, MS_DECLARED };

	for (size_t i = 0; i < sizeof chain / sizeof *chain; i++)
		if (in->ms->at[chain[i]] != USEC_NONE) {
			*used = chain[i];
			*base = &in->ms->base[chain[i]];
			return in->ms->at[chain[i]];
		}
	*used = MS_NONE;
	*base = &in->opened_base;
	return in->opened_at;
}

static struct target_clock target_clock_of(const struct clock_input *in, const struct target_rule *r)
{
	struct target_clock c = clock_new(r->name, r->from, r->to, r->limit);
	struct span s = span_between(in->ms, r->from, r->to);
	const struct stamp_base *base;

	if (s.known) {
		c.start = in->ms->at[r->from];
		c.due = c.start + r->limit;
		c.elapsed = s.exact;
		c.state = c.elapsed <= r->limit ? TARGET_MET : TARGET_MISSED;
	} else if (in->ms->at[r->to] == USEC_NONE && !status_is_closed(in->ms->status)) {
		usec start = clock_start(in, r->from, &c.from_used, &base);

		clock_run(&c, in, start, base);
	}
	return c;
}

size_t target_clocks(const struct clock_input *in, struct target_clock out[POLICY_TARGETS])
{
	for (size_t i = 0; i < in->policy->targets; i++)
		out[i] = target_clock_of(in, &in->policy->target[i]);
	return in->policy->targets;
}

bool update_clock(const struct clock_input *in, struct target_clock *out)
{
	const struct policy *p = in->policy;
	const struct stamp_base *base = &in->update_base;
	usec start = in->last_update;
	int used = MS_NONE;

	if (p->update_every <= 0 || in->ms->status >= MS_RESOLVED)
		return false;
	if (start == USEC_NONE)
		start = clock_start(in, MS_DECLARED, &used, &base);
	/* The cadence rested between resolved and reopen: what fell due then is not overdue now. */
	if (in->ms->reopened_at != USEC_NONE && in->ms->reopened_at > start) {
		start = in->ms->reopened_at;
		used = MS_REOPEN;
		base = NULL;
	}
	*out = clock_new("update", used, MS_NONE, p->update_every);
	clock_run(out, in, start, base);
	return true;
}
