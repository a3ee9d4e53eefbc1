/* brief.c - the situation on one screen, as whoever takes over needs it: Conditions, Actions, Needs. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/budget.h"
#include "verb/act.h"
#include "verb/print.h"

enum { LAST_EVENTS = 5, LOOKED_AT = 60 };

static void label(struct ctx *c, const char *name)
{
	str_addf(c->out, "  %s  ", name);
}

static void add_severity(struct ctx *c, int severity, const struct policy *p)
{
	if (severity == SEV_UNKNOWN)
		str_adds(c->out, "unknown");
	else
		severity_fmt(c->out, severity, p->scheme);
}

/* ---- the ledger ----------------------------------------------------------------------------------------------------- */

static enum status print_limits(struct ctx *c, int severity)
{
	struct policy p;
	enum status st = q_policy(c->store, c->incident.entity, severity, &p, c->err);
	for (size_t i = 0; i < p.targets; i++) {
		str_addf(c->out, "%s", i ? ", " : ": ");
		print_text(c, p.target[i].name);
		str_addc(c->out, ' ');
		dur_fmt_exact(c->out, p.target[i].limit);
	}
	if (p.update_every) {
		str_adds(c->out, p.targets ? ", update " : ": update ");
		dur_fmt_exact(c->out, p.update_every);
	}
	return st;
}

static usec ledger_end(struct ctx *c)
{
	usec closed = c->incident.ms.at[MS_CLOSED];
	return closed != USEC_NONE ? closed : c->clock->wall(c->clock);
}

enum status print_ledger(struct ctx *c)
{
	struct severity_steps l;
	struct policy p;
	enum status st = q_severity_steps(c->store, c->incident.entity, &l, c->err);
	if (st != ST_OK)
		return st;
	st = q_policy(c->store, c->incident.entity, c->incident.severity, &p, c->err);
	if (l.n > 1)
		str_adds(c->out, "\nSeverity\n");
	for (size_t i = 0; i < l.n && l.n > 1 && st == ST_OK; i++) {
		str_adds(c->out, "  ");
		add_severity(c, l.v[i].severity, &p);
		str_adds(c->out, "  from ");
		when_fmt_clock(c->out, l.v[i].at, c->zone);
		str_adds(c->out, " for ");
		dur_fmt(c->out, severity_time(&l, i, ledger_end(c)));
		st = print_limits(c, l.v[i].severity);
		if (l.v[i].why && l.v[i].why[0]) {
			str_adds(c->out, " (");
			print_text(c, l.v[i].why);
			str_addc(c->out, ')');
		}
		str_addc(c->out, '\n');
	}
	severity_steps_free(&l);
	return st;
}

/* ---- budgets -------------------------------------------------------------------------------------------------------- */

static void print_budget(struct ctx *c, const struct budget *b)
{
	struct span whole = b->spent;
	str_adds(c->out, "  budget ");
	print_text(c, b->rule->name);
	str_adds(c->out, "  ");
	dur_fmt_exact(c->out, b->total);
	str_adds(c->out, " in ");
	dur_fmt(c->out, b->rule->window);
	str_addf(c->out, ", %s→%s spent ", milestone_name(b->rule->from), milestone_name(b->rule->to));
	if (b->running)
		whole.exact = whole.exact / USEC_SEC * USEC_SEC;
	span_fmt(c->out, &whole);
	if (b->spent.known)
		str_addf(c->out, " (%lld.%lld %%)", (long long)b->tenths / 10, (long long)b->tenths % 10);
	if (b->earlier != USEC_NONE) {
		str_adds(c->out, ", other incidents ");
		dur_fmt_exact(c->out, b->earlier);
	}
	if (b->spent.known) {
		usec left = b->left.exact;
		str_adds(c->out, left < 0 ? ", overspent by " : ", left ");
		dur_fmt_exact(c->out, (left < 0 ? -left : left) / USEC_SEC * USEC_SEC);
	}
	str_addc(c->out, '\n');
}

static void print_budgets_of(struct ctx *c, const struct clock_input *in)
{
	struct budget l[POLICY_SLOS];
	size_t n = budgets_of(in, l);
	for (size_t i = 0; i < n; i++)
		print_budget(c, &l[i]);
}

enum status print_budgets(struct ctx *c)
{
	struct clock_facts f;
	struct clock_input in;
	enum status st = act_clocks(c, &f, &in);
	if (st != ST_OK)
		return st;
	print_budgets_of(c, &in);
	clock_facts_free(&f);
	return ST_OK;
}

/* ---- conditions ----------------------------------------------------------------------------------------------------- */

static void print_status(struct ctx *c)
{
	const struct milestones *ms = &c->incident.ms;
	usec since = ms->status == MS_NONE ? (ms->reopened_at != USEC_NONE ? ms->reopened_at : c->incident.opened_at) : ms->at[ms->status];
	label(c, "status");
	str_adds(c->out, status_name(ms->status));
	if (since != USEC_NONE) {
		str_adds(c->out, " since ");
		when_fmt_full(c->out, since, c->zone);
	}
	str_addc(c->out, '\n');
}

static enum status print_severity_since(struct ctx *c, const struct policy *p)
{
	struct severity_steps l;
	enum status st = q_severity_steps(c->store, c->incident.entity, &l, c->err);
	if (st != ST_OK)
		return st;
	label(c, "severity");
	add_severity(c, c->incident.severity, p);
	if (l.n && l.v[l.n - 1].severity != SEV_UNKNOWN) {
		str_adds(c->out, " since ");
		when_fmt_full(c->out, l.v[l.n - 1].at, c->zone);
	}
	if (l.n > 1) {
		str_adds(c->out, ", before that ");
		add_severity(c, l.v[l.n - 2].severity, p);
	}
	str_addc(c->out, '\n');
	severity_steps_free(&l);
	return ST_OK;
}

static void print_impact(struct ctx *c, const struct nameds *fields)
{
	for (size_t i = 0; i < fields->n; i++) {
		if (!str_starts(fields->v[i].name, "impact."))
			continue;
		str_adds(c->out, "  ");
		print_text(c, fields->v[i].name);
		str_adds(c->out, "  ");
		print_text(c, fields->v[i].value);
		str_addc(c->out, '\n');
	}
}

static bool is_key(const struct event *e)
{
	return !e->struck && e->kind != KIND_SYSTEM && e->kind != KIND_ROLE && e->kind != KIND_ASK;
}

/* The last update, which may be far back, and the last lines that tell what happens. */
static enum status print_events_of(struct ctx *c, usec last_update)
{
	struct events l = { 0 };
	size_t from, shown = 0;
	usec day = USEC_NONE;
	enum status st = q_events_before(c->store, c->incident.entity, event_key_last, LOOKED_AT, &l, c->err);
	label(c, "last update");
	if (last_update == USEC_NONE)
		str_adds(c->out, "none yet");
	else
		when_fmt_full(c->out, last_update, c->zone);
	for (size_t i = l.n; i-- > 0;)
		if (l.v[i].kind == KIND_UPDATE && !l.v[i].struck && l.v[i].occurred_at == last_update) {
			str_adds(c->out, ": ");
			print_text(c, l.v[i].text);
			break;
		}
	str_addc(c->out, '\n');
	for (from = l.n; from > 0 && shown < LAST_EVENTS; from--)
		shown += is_key(&l.v[from - 1]);
	if (shown)
		str_adds(c->out, "Last events\n");
	for (size_t i = from; i < l.n; i++)
		if (is_key(&l.v[i]))
			print_event(c, &l.v[i], &day);
	events_free(&l);
	return st;
}

/* ---- needs ---------------------------------------------------------------------------------------------------------- */

static void print_unclaimed(struct ctx *c, const struct clock_facts *f)
{
	struct str roles = STR_INIT;
	if (c->incident.ms.status < MS_RESOLVED && roles_unclaimed(&f->policy, &f->responders, &roles)) {
		label(c, "unclaimed");
		print_text(c, roles.s);
		str_addc(c->out, '\n');
	}
	str_free(&roles);
}

enum status print_brief(struct ctx *c)
{
	struct clock_facts f;
	struct clock_input in;
	enum status st = act_clocks(c, &f, &in);
	if (st != ST_OK)
		return st;
	print_incident_line(c, &c->incident);
	str_adds(c->out, "\nConditions\n");
	print_status(c);
	st = print_severity_since(c, &f.policy);
	print_impact(c, &f.fields);
	print_budgets_of(c, &in);
	if (st == ST_OK)
		st = print_events_of(c, f.last_update);
	str_adds(c->out, "\nActions\n");
	if (st == ST_OK)
		st = print_responders(c, NULL);
	if (st == ST_OK)
		st = print_hypotheses(c, NULL);
	str_adds(c->out, "\nNeeds\n");
	if (st == ST_OK)
		st = print_asks(c, NULL, true);
	print_unclaimed(c, &f);
	str_adds(c->out, "  ");
	if (st == ST_OK)
		st = print_next_due(c);
	clock_facts_free(&f);
	return st;
}
