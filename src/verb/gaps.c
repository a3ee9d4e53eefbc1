/* gaps.c - see gaps.h. */
#include "verb/gaps.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/escape.h"
#include "verb/act.h"
#include "verb/print.h"

/* ---- the list ------------------------------------------------------------------------------------------------------- */

/* Capture into a closed incident needs its name, and so does any that was named. */
static char *command_line(struct ctx *c, const char *fill)
{
	if (c->composer)
		return str_fmt("/%s", fill);
	if (c->incident_arg || status_is_closed(c->incident.ms.status))
		return str_fmt("tplus -i %s %s", c->incident.shown_id, fill);
	return str_fmt("tplus %s", fill);
}

void gaps_add(struct ctx *c, struct gaps *l, const char *kind, char *text, const char *fill, ...)
{
	struct str b = STR_INIT;
	va_list ap;
	va_start(ap, fill);
	str_addv(&b, fill, ap);
	va_end(ap);
	l->v = xgrow(l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = (struct gap){ kind, text, command_line(c, b.s) };
	str_free(&b);
}

void gaps_free(struct gaps *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].text);
		free(l->v[i].command);
	}
	free(l->v);
	*l = (struct gaps){ 0 };
}

/* ---- milestones ----------------------------------------------------------------------------------------------------- */

/* Those no incident goes without; missing only once something further along was reached. */
static enum status check_milestones(struct ctx *c, struct gaps *l)
{
	static const int needed[] = { MS_STARTED, MS_DETECTED, MS_ACKNOWLEDGED, MS_MITIGATED, MS_RESOLVED };
	const struct milestones *ms = &c->incident.ms;
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
		if (ms->at[needed[i]] == USEC_NONE && ms->status > needed[i])
			gaps_add(c, l, "milestone", str_fmt("%s is missing", milestone_name(needed[i])), "%s TIME", milestone_name(needed[i]));
	if (ms->status == MS_NONE)
		gaps_add(c, l, "milestone", xstrdup("no milestone is stamped"), "started TIME");
	return ST_OK;
}

/* The event that stamped a milestone in force, by its short id. */
struct stamp_search { struct ctx *c; int milestone; usec at; char id[33]; };

static enum status find_stamp(void *arg, const struct event *e)
{
	struct stamp_search *s = arg;
	if (!s->id[0] && e->kind == KIND_MILESTONE && e->milestone == s->milestone && e->occurred_at == s->at && !e->struck)
		q_short_id(s->c->store, e->entity, s->id);
	return ST_OK;
}

static enum status check_order(struct ctx *c, struct gaps *l)
{
	const struct milestones *ms = &c->incident.ms;
	enum status st = ST_OK;
	int before = MS_NONE;
	for (int m = 0; m < MS_COUNT && st == ST_OK; m++) {
		if (ms->at[m] == USEC_NONE)
			continue;
		struct span s = { .known = false };
		if (before != MS_NONE)
			s = span_between(ms, before, m);
		if (s.known && s.high < 0) {
			struct stamp_search find = { c, m, ms->at[m], "" };
			st = q_events_each(c->store, c->incident.entity, find_stamp, &find, c->err);
			struct str text = STR_INIT;
			str_addf(&text, "%s stands ", milestone_name(m));
			dur_fmt(&text, -s.exact);
			str_addf(&text, " before %s", milestone_name(before));
			gaps_add(c, l, "order", str_take(&text), "retime %s TIME", find.id);
		}
		before = m;
	}
	return st;
}

static enum status check_severity(struct ctx *c, struct gaps *l)
{
	if (c->incident.severity == SEV_UNKNOWN)
		gaps_add(c, l, "severity", xstrdup("the severity is unknown"), "sev LEVEL WHY");
	return ST_OK;
}

/* ---- silence -------------------------------------------------------------------------------------------------------- */

struct silence { struct ctx *c; struct gaps *l; usec last, every, end; };

static void say_silence(struct silence *s, usec until)
{
	if (s->last == USEC_NONE || until - s->last <= s->every || s->last >= s->end)
		return;
	struct str text = STR_INIT, at = STR_INIT;
	str_adds(&text, "nothing is logged from ");
	when_fmt_full(&text, s->last, s->c->zone);
	str_adds(&text, " for ");
	dur_fmt(&text, until - s->last);
	str_adds(&text, ", longer than the cadence of ");
	dur_fmt(&text, s->every);
	when_fmt_rfc3339(&at, s->last + (until - s->last) / 2 / USEC_SEC * USEC_SEC);
	gaps_add(s->c, s->l, "silence", str_take(&text), "log %s TEXT", at.s);
	str_free(&at);
}

/* Lines the program says by itself break no silence. */
static enum status hear(void *arg, const struct event *e)
{
	struct silence *s = arg;
	if (e->struck || e->kind == KIND_SYSTEM)
		return ST_OK;
	usec at = e->occurred_at < s->end ? e->occurred_at : s->end;
	say_silence(s, at);
	s->last = e->occurred_at;
	return ST_OK;
}

static enum status check_silence(struct ctx *c, struct gaps *l)
{
	const struct milestones *ms = &c->incident.ms;
	struct policy p;
	enum status st = q_policy(c->store, c->incident.entity, c->incident.severity, &p, c->err);
	usec now = c->clock->wall(c->clock), end = ms->at[MS_RESOLVED] != USEC_NONE ? ms->at[MS_RESOLVED] : now;
	if (ms->at[MS_RESOLVED] == USEC_NONE && ms->at[MS_CLOSED] != USEC_NONE)
		end = ms->at[MS_CLOSED];
	struct silence s = { c, l, USEC_NONE, p.update_every, end };
	if (st != ST_OK || p.update_every <= 0)
		return st;
	st = q_events_each(c->store, c->incident.entity, hear, &s, c->err);
	say_silence(&s, end);
	return st;
}

/* ---- people, asks, hypotheses, actions ------------------------------------------------------------------------------ */

static enum status check_roles(struct ctx *c, struct gaps *l)
{
	struct policy p;
	struct responders r;
	enum status st = q_policy(c->store, c->incident.entity, c->incident.severity, &p, c->err);
	if (st == ST_OK)
		st = q_responders(c->store, c->incident.entity, &r, c->err);
	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < p.roles; i++) {
		bool claimed = false;
		for (size_t k = 0; k < r.n && !claimed; k++)
			claimed = r.v[k].joined_at != USEC_NONE && r.v[k].role && str_ieq(r.v[k].role, p.role[i]);
		if (!claimed)
			gaps_add(c, l, "role", str_fmt("nobody ever was %s", p.role[i]), "role %s NAME", p.role[i]);
	}
	responders_free(&r);
	return ST_OK;
}

static enum status check_asks(struct ctx *c, struct gaps *l)
{
	struct asks a;
	enum status st = q_asks(c->store, c->incident.entity, &a, c->err);
	for (size_t i = 0; st == ST_OK && i < a.n; i++)
		if (str_eq(a.v[i].status, ask_status[0]))
			gaps_add(c, l, "ask", str_fmt("%s @%s %s has no answer", a.v[i].number, a.v[i].to ? a.v[i].to : "?", a.v[i].text ? a.v[i].text : ""),
				"answer %s TEXT", a.v[i].number);
	if (st == ST_OK)
		asks_free(&a);
	return st;
}

static enum status check_hypotheses(struct ctx *c, struct gaps *l)
{
	struct hypotheses h;
	enum status st = q_hypotheses(c->store, c->incident.entity, &h, c->err);
	for (size_t i = 0; st == ST_OK && i < h.n; i++)
		if (str_eq(h.v[i].status, hypothesis_status[0]))
			gaps_add(c, l, "hypothesis", str_fmt("%s %s is open: confirm it, or rule it out", h.v[i].number, h.v[i].text ? h.v[i].text : ""),
				"ruleout %s WHY", h.v[i].number);
	if (st == ST_OK)
		hypotheses_free(&h);
	return st;
}

static enum status check_actions(struct ctx *c, struct gaps *l)
{
	struct actions a;
	enum status st = q_actions(c->store, c->incident.entity, &a, c->err);
	for (size_t i = 0; st == ST_OK && i < a.n; i++) {
		const struct action *x = &a.v[i];
		const char *text = x->text ? x->text : "";
		if (str_eq(x->status, action_status[2]) || str_eq(x->status, action_status[3]))
			continue;
		if (!x->owner || !x->owner[0])
			gaps_add(c, l, "owner", str_fmt("%s %s has no owner", x->number, text), "assign %s NAME", x->number);
		if (!x->due || !x->due[0])
			gaps_add(c, l, "due", str_fmt("%s %s has no due date", x->number, text), "due %s DATE", x->number);
	}
	if (st == ST_OK)
		actions_free(&a);
	return st;
}

/* ---- the verb ------------------------------------------------------------------------------------------------------- */

/* In the order of the timeline first, then of what is written afterwards. */
static enum status (*const checks[])(struct ctx *c, struct gaps *l) = {
	check_severity,
	check_milestones,
	check_order,
	check_silence,
	check_roles,
	check_asks,
	check_hypotheses,
	check_actions,
};

enum status gaps_find(struct ctx *c, struct gaps *out)
{
	enum status st = ST_OK;
	*out = (struct gaps){ 0 };
	for (size_t i = 0; i < sizeof checks / sizeof *checks && st == ST_OK; i++)
		st = checks[i](c, out);
	return st;
}

static void print_gap(struct ctx *c, const struct gap *g)
{
	if (!c->json) {
		print_text(c, g->text);
		str_adds(c->out, ": ");
		print_text(c, g->command);
		str_addc(c->out, '\n');
		return;
	}
	str_addf(c->out, "{\"gap\":\"%s\",\"text\":", g->kind);
	json_text(c->out, g->text, strlen(g->text));
	str_adds(c->out, ",\"command\":");
	json_text(c->out, g->command, strlen(g->command));
	str_adds(c->out, "}\n");
}

enum status verb_gaps(struct ctx *c, const struct args *a)
{
	(void)a;
	struct gaps l;
	enum status st = gaps_find(c, &l);
	for (size_t i = 0; i < l.n && st == ST_OK; i++)
		print_gap(c, &l.v[i]);
	if (st == ST_OK && l.n)
		st = c->composer ? ST_OK : fail(c->err, ST_NO, "%zu gap%s: each line says how to fill it", l.n, l.n == 1 ? "" : "s");
	else if (st == ST_OK)
		act_note(c, "%s has no gaps", c->incident.shown_id);
	gaps_free(&l);
	return st;
}

enum status gaps_note(struct ctx *c)
{
	struct gaps l;
	enum status st = gaps_find(c, &l);
	for (size_t i = 0; i < l.n && st == ST_OK; i++)
		act_note(c, "gap: %s: %s", l.v[i].text, l.v[i].command);
	gaps_free(&l);
	return st;
}
