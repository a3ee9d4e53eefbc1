/* incident-json-clocks.c - the clocks of an incident as JSON: all of them, what is due next, the severity ledger, error budgets. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/budget.h"
#include "text/incident-json-impl.h"

static void put_seconds(struct str *b, const char *name, usec d)
{
	json_key(b, name);
	json_seconds(b, d);
}

static void open_array(struct str *b, const char *name)
{
	json_key(b, name);
	str_addc(b, '[');
}

static void open_object(struct str *b)
{
	json_next(b);
	str_addc(b, '{');
}

static void put_clock(struct str *b, const struct clock_line *c)
{
	open_object(b);
	json_put_str(b, "kind", clock_kind_name(c->kind));
	json_put_str(b, "name", c->name);
	json_put_str(b, "number", c->number);
	json_put_str(b, "text", c->text);
	json_put_str(b, "from", c->from);
	json_put_str(b, "to", c->to);
	put_seconds(b, "limit_seconds", c->limit ? c->limit : USEC_NONE);
	put_seconds(b, "elapsed_seconds", c->elapsed);
	json_put_str(b, "state", target_state_name(c->state));
	json_put_time(b, "started_at", c->start);
	json_put_time(b, "due_at", c->due);
	str_addc(b, '}');
}

static void put_dues(struct str *b, const struct clock_input *in, const struct asks *asks, size_t max)
{
	struct due *due = xcalloc(max, sizeof *due);
	size_t n = due_list(in, asks, due, max);

	open_array(b, "next_due");
	for (size_t i = 0; i < n; i++) {
		open_object(b);
		json_put_str(b, "name", due[i].name);
		json_put_str(b, "text", due[i].text);
		json_put_str(b, "state", target_state_name(due[i].state));
		json_put_time(b, "due_at", due[i].at);
		str_addc(b, '}');
	}
	str_addc(b, ']');
	free(due);
}

static void put_roles(struct str *b, const struct clock_facts *f)
{
	open_array(b, "unclaimed");
	for (size_t i = 0; i < f->policy.roles; i++) {
		struct policy one = { .roles = 1 };
		struct str role = STR_INIT;

		memcpy(one.role[0], f->policy.role[i], POLICY_NAME);
		if (roles_unclaimed(&one, &f->responders, &role)) {
			json_next(b);
			json_str(b, role.s);
		}
		str_free(&role);
	}
	str_addc(b, ']');
}

static void put_budgets(struct str *b, const struct clock_input *in)
{
	struct budget l[POLICY_SLOS];
	size_t n = budgets_of(in, l);

	open_array(b, "budgets");
	for (size_t i = 0; i < n; i++) {
		open_object(b);
		json_put_str(b, "name", l[i].rule->name);
		json_put_str(b, "from", milestone_name(l[i].rule->from));
		json_put_str(b, "to", milestone_name(l[i].rule->to));
		json_key(b, "objective_ppm");
		str_addf(b, "%lld", (long long)l[i].rule->target_ppm);
		put_seconds(b, "window_seconds", l[i].rule->window);
		put_seconds(b, "budget_seconds", l[i].total);
		put_seconds(b, "spent_seconds", l[i].spent.exact);
		json_put_bool(b, "running", l[i].running);
		put_seconds(b, "earlier_seconds", l[i].earlier);
		put_seconds(b, "remaining_seconds", l[i].left.exact);
		str_addc(b, '}');
	}
	str_addc(b, ']');
}

static void put_snooze(struct str *b, const struct snooze *z)
{
	json_key(b, "snooze");
	if (z->until == USEC_NONE) {
		str_adds(b, "null");
		return;
	}
	str_addc(b, '{');
	json_put_time(b, "until", z->until);
	json_put_str(b, "why", z->why);
	json_put_str(b, "by", z->by);
	str_addc(b, '}');
}

enum status json_clocks(struct json_writer *w)
{
	struct clock_facts f;
	enum status st = q_clock_facts(w->s, w->i, &f, w->err);
	struct str *b = &w->b;

	if (st != ST_OK)
		return st;
	struct clock_input in = clock_input_of(w->i, &f, w->now, w->export ? USEC_NONE : q_boot(w->s));
	size_t max = clock_list_max(&f.asks), n;
	struct clock_line *l = xcalloc(max, sizeof *l);
	n = clock_list(&in, &f.asks, l, max);
	open_array(b, "clocks");
	for (size_t i = 0; i < n; i++)
		put_clock(b, &l[i]);
	str_addc(b, ']');
	free(l);
	put_dues(b, &in, &f.asks, max);
	json_put_time(b, "last_update_at", f.last_update);
	put_roles(b, &f);
	put_budgets(b, &in);
	put_snooze(b, &f.snooze);
	clock_facts_free(&f);
	return ST_OK;
}

/* ---- the severity ledger ---- */

static enum status put_limits(struct json_writer *w, int severity)
{
	struct policy p;
	enum status st = q_policy(w->s, w->i->entity, severity, &p, w->err);

	json_key(&w->b, "limits");
	str_addc(&w->b, '{');
	for (size_t i = 0; i < p.targets; i++)
		put_seconds(&w->b, p.target[i].name, p.target[i].limit);
	if (p.update_every && !policy_find_target(&p, "update"))
		put_seconds(&w->b, "update", p.update_every);
	str_addc(&w->b, '}');
	return st;
}

enum status json_severities(struct json_writer *w)
{
	struct severity_steps l;
	struct str *b = &w->b;
	usec closed = w->i->ms.at[MS_CLOSED], until = closed != USEC_NONE ? closed : w->now;
	enum status st = q_severity_steps(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	open_array(b, "severities");
	for (size_t i = 0; i < l.n && st == ST_OK; i++) {
		char name[] = { 'S', 'E', 'V', '-', (char)('0' + l.v[i].severity % SEV_COUNT), '\0' };

		open_object(b);
		json_put_str(b, "severity", l.v[i].severity == SEV_UNKNOWN ? NULL : name);
		json_put_time(b, "from", l.v[i].at);
		json_put_time(b, "to", i + 1 < l.n ? l.v[i + 1].at : closed);
		put_seconds(b, "seconds", severity_time(&l, i, until));
		json_put_str(b, "why", l.v[i].why);
		json_put_str(b, "by", l.v[i].author);
		st = put_limits(w, l.v[i].severity);
		str_addc(b, '}');
	}
	str_addc(b, ']');
	severity_steps_free(&l);
	return st;
}
