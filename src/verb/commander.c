/* commander.c - what a commander does to the clocks themselves: snooze, what the system's clock did, error budgets. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/budget.h"
#include "verb/act.h"
#include "verb/print.h"

enum status act_clocks(struct ctx *c, struct clock_facts *f, struct clock_input *in)
{
	enum status st = q_clock_facts(c->store, &c->incident, f, c->err);
	if (st == ST_OK)
		*in = clock_input_of(&c->incident, f, c->clock->wall(c->clock), c->clock->boot(c->clock));
	return st;
}

enum status act_system_event(struct ctx *c, const char *text, usec at, const char *why, const char *field, int64_t number)
{
	uuid id;
	return act_event(c, &(struct event_new){ .kind = KIND_SYSTEM, .text = text, .at = at, .why = why, .field = field, .number = number }, &id);
}

/* ---- snooze --------------------------------------------------------------------------------------------------------- */

enum status verb_snooze(struct ctx *c, const struct args *a)
{
	usec how_long, at;
	char *why = act_join(a, 1);
	enum status st = dur_parse(a->argv[0], &how_long, c->err);
	if (st == ST_OK && !why[strspn(why, " \t\n")])
		st = fail(c->err, ST_USAGE, "a snooze needs a reason, which the timeline keeps: snooze %s WHY", a->argv[0]);
	if (st == ST_OK && how_long > USEC_DAY)
		st = fail(c->err, ST_USAGE, "%s is over a day, and nobody would hear of anything: snooze at most 1d", a->argv[0]);
	if (st == ST_OK)
		st = act_when(c, &at);
	if (st == ST_OK) {
		struct str text = STR_INIT;
		str_adds(&text, "alarms snoozed until ");
		when_fmt_full(&text, at + how_long, c->zone);
		str_addf(&text, ": %s", why);
		st = act_system_event(c, text.s, at, why, "until", at + how_long);
		str_free(&text);
	}
	free(why);
	return st == ST_OK ? act_print_event(c, KIND_SYSTEM) : st;
}

/* ---- what the system's clock did ------------------------------------------------------------------------------------ */

/* Another screen of this host saw the same: one line is enough. */
static bool said_already(struct ctx *c, const char *field, int64_t number)
{
	struct events l;
	bool said = false;
	if (q_events_before(c->store, c->incident.entity, event_key_last, 20, &l, NULL) != ST_OK)
		return false;
	usec now = tx_wall(c->store);
	for (size_t i = 0; i < l.n && !said; i++) {
		int64_t n;
		if (l.v[i].kind == KIND_SYSTEM && l.v[i].recorded_at > now - 10 * USEC_SEC && l.v[i].recorded_at <= now &&
			q_event_number(c->store, l.v[i].entity, field, &n, NULL) == ST_OK)
			said = n - number < USEC_SEC && number - n < USEC_SEC;
	}
	events_free(&l);
	return said;
}

static const struct { unsigned what; const char *field; } changes[] = {
	{ CHANGE_STEP, "step_us" }, { CHANGE_SUSPEND, "asleep_us" }, { CHANGE_ZONE, "zone_change" },
};

static enum status record_change(struct ctx *c, const struct clock_change *x)
{
	const int64_t number[] = { x->step, x->asleep, 1 };
	enum status st = ST_OK;
	for (size_t i = 0; i < sizeof changes / sizeof *changes && st == ST_OK; i++) {
		if (!(x->what & changes[i].what) || said_already(c, changes[i].field, number[i]))
			continue;
		struct str text = STR_INIT;
		clock_change_text(x, changes[i].what, c->zone, &text);
		st = act_system_event(c, text.s, x->is, NULL, changes[i].field, number[i]);
		str_free(&text);
	}
	return st;
}

/* In every open incident, since spans of all of them may cross the step. */
enum status verb_clock_change(struct ctx *c, const struct clock_change *x)
{
	struct incidents l;
	enum status st = act_begin(c);
	if (st != ST_OK)
		return st;
	st = q_incidents_open(c->store, &l, c->err);
	for (size_t i = 0; st == ST_OK && i < l.n; i++) {
		bool done = false;
		incident_clear(&c->incident);
		c->incident = l.v[i];
		memset(&l.v[i], 0, sizeof l.v[i]);
		st = act_zone(c);
		if (st == ST_OK)
			st = tx_incident(c->store, c->incident.entity, &done, c->err);
		if (st == ST_OK && !done)
			st = record_change(c, x);
	}
	incidents_free(&l);
	if (st == ST_OK)
		st = tx_commit(c->store, c->err);
	else
		tx_rollback(c->store);
	c->grp = (uuid){ { 0 } };
	return st;
}

/* ---- error budgets -------------------------------------------------------------------------------------------------- */

static struct interval spending(const struct incident *i, const struct slo_rule *r, usec now)
{
	usec from = i->ms.at[r->from], to = i->ms.at[r->to];
	bool runs = from != USEC_NONE && to == USEC_NONE && !status_is_closed(i->ms.status);
	if (from == USEC_NONE || (to == USEC_NONE && !runs))
		return (struct interval){ 0, 0 };
	return (struct interval){ from, runs ? now : to };
}

/* What the other incidents of the window, which ends when this one ends spending, spent of a budget of the same name. */
static enum status spent_by_others(struct ctx *c, const struct incidents *all, const struct slo_rule *r, usec *out)
{
	usec now = c->clock->wall(c->clock);
	struct interval own = spending(&c->incident, r, now), window = { 0, own.to ? own.to : now };
	struct interval *v = xcalloc(all->n + 1, sizeof *v);
	struct policy p;
	size_t n = 0;
	enum status st = ST_OK;
	window.from = window.to - r->window;
	for (size_t i = 0; i < all->n && st == ST_OK; i++) {
		const struct incident *other = &all->v[i];
		if (uuid_eq(other->entity, c->incident.entity))
			continue;
		st = q_policy(c->store, other->entity, other->severity, &p, c->err);
		const struct slo_rule *same = st == ST_OK ? policy_find_slo(&p, r->name) : NULL;
		if (same)
			v[n++] = spending(other, same, now);
	}
	*out = interval_cover(v, n, window, own);
	free(v);
	return st;
}

enum status act_stamp_budgets(struct ctx *c, bool always)
{
	struct policy p;
	struct incidents all = { 0 };
	enum status st = q_policy(c->store, c->incident.entity, c->incident.severity, &p, c->err);
	if (st == ST_OK && p.slos)
		st = q_incidents(c->store, &all, c->err);
	for (size_t i = 0; i < p.slos && st == ST_OK; i++) {
		usec spent = 0;
		st = spent_by_others(c, &all, &p.slo[i], &spent);
		if (st != ST_OK || (!always && spent == 0))
			continue;
		struct str field = STR_INIT, value = STR_INIT;
		budget_field(&p, i, &field);
		dur_fmt_exact(&value, spent / USEC_SEC * USEC_SEC);
		st = act_set_named(c, "field", field.s, value.s);
		str_free(&field);
		str_free(&value);
	}
	incidents_free(&all);
	return st;
}

enum status verb_budget(struct ctx *c, const struct args *a)
{
	(void)a;
	struct policy p;
	enum status st = q_policy(c->store, c->incident.entity, c->incident.severity, &p, c->err);
	if (st == ST_OK && p.slos == 0)
		st = fail(c->err, ST_NO, "no error budget is promised at this severity: see slo in tplus(5)");
	if (st == ST_OK)
		st = act_stamp_budgets(c, true);
	return st == ST_OK ? print_budgets(c) : st;
}
