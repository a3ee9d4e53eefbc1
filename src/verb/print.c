/* print.c - plain text for people. */
#include "verb/print.h"

#include <string.h>

#include "base/utf8.h"
#include "model/due.h"

enum { DUES = 64 };

void print_text(struct ctx *c, const char *s)
{
	if (s)
		san_text(c->out, s, strlen(s), SAN_DOCUMENT);
}

static void pad_to(struct ctx *c, size_t start, int cols)
{
	int used = width_text(c->out->s + start, c->out->len - start);
	str_addn(c->out, ' ', used < cols ? (size_t)(cols - used) : 1);
}

static const char *mark_of(const struct event *e)
{
	switch (e->kind) {
	case KIND_MILESTONE:
		return milestone_name(e->milestone);
	case KIND_NOTE:
		return "";
	default:
		return kind_name(e->kind);
	}
}

void print_event(struct ctx *c, const struct event *e, usec *day)
{
	struct str date = STR_INIT, was = STR_INIT;
	when_fmt_date(&date, e->occurred_at, c->zone);
	if (*day != USEC_NONE)
		when_fmt_date(&was, *day, c->zone);
	if (!str_eq(date.s, was.s)) {
		str_addf(c->out, "%s ", date.s);
		when_fmt_zone_words(c->out, e->occurred_at, c->zone);
		str_addc(c->out, '\n');
	}
	*day = e->occurred_at;
	str_free(&date);
	str_free(&was);
	char id[33];
	q_short_id(c->store, e->entity, id);
	str_addf(c->out, "%s  %s", id, e->approx_s ? "~" : " ");
	when_fmt_clock(c->out, e->occurred_at, c->zone);
	size_t start = c->out->len;
	str_addf(c->out, "  %s", mark_of(e));
	pad_to(c, start, 16);
	start = c->out->len;
	print_text(c, e->actor ? e->actor : e->author);
	pad_to(c, start, 10);
	str_addc(c->out, ' ');
	if (e->struck)
		str_adds(c->out, "[struck] ");
	print_text(c, e->text);
	if (e->struck && e->why && e->why[0]) {
		str_adds(c->out, " (");
		print_text(c, e->why);
		str_addc(c->out, ')');
	}
	str_addc(c->out, '\n');
	for (size_t i = 0; i < e->details; i++) {
		str_adds(c->out, "                  - ");
		print_text(c, e->detail[i]);
		str_addc(c->out, '\n');
	}
}

static void print_severity(struct ctx *c, const struct incident *i)
{
	struct policy p;
	q_policy(c->store, i->entity, i->severity, &p, NULL);
	if (i->severity == SEV_UNKNOWN)
		str_adds(c->out, "SEV-?");
	else
		severity_fmt(c->out, i->severity, p.scheme);
}

void print_incident_line(struct ctx *c, const struct incident *i)
{
	size_t start = c->out->len;
	print_text(c, i->shown_id);
	pad_to(c, start, 16);
	start = c->out->len;
	print_severity(c, i);
	pad_to(c, start, 7);
	start = c->out->len;
	str_adds(c->out, status_name(i->ms.status));
	pad_to(c, start, 14);
	str_adds(c->out, "T+");
	dur_fmt_tplus(c->out, incident_elapsed(i, c->clock->wall(c->clock), c->clock->boot(c->clock)));
	str_adds(c->out, "  ");
	print_text(c, i->title);
	str_addc(c->out, '\n');
}

/* ---- clocks --------------------------------------------------------------------------------------------------------- */

enum status print_next_due(struct ctx *c)
{
	struct clock_facts f;
	struct clock_input in;
	enum status st = act_clocks(c, &f, &in);
	if (st != ST_OK)
		return st;
	struct due due[DUES];
	size_t n = due_list(&in, &f.asks, due, DUES);
	str_adds(c->out, "next due");
	for (size_t i = 0; i < n; i++) {
		str_adds(c->out, due[i].text ? "  @" : "  ");
		print_text(c, due[i].name);
		if (due[i].text) {
			str_addc(c->out, ' ');
			print_text(c, due[i].text);
		}
		str_addc(c->out, ' ');
		dur_fmt_left(c->out, due[i].at - in.now);
	}
	str_adds(c->out, n ? "\n" : "  nothing\n");
	if (f.snooze.until != USEC_NONE && f.snooze.until > in.now) {
		str_adds(c->out, "alarms are snoozed until ");
		when_fmt_clock(c->out, f.snooze.until, c->zone);
		str_adds(c->out, ": ");
		print_text(c, f.snooze.why);
		str_addc(c->out, '\n');
	}
	clock_facts_free(&f);
	return ST_OK;
}

enum status print_next_update(struct ctx *c, usec last_update)
{
	struct clock_facts f;
	struct clock_input in;
	struct target_clock u;
	enum status st = act_clocks(c, &f, &in);
	if (st != ST_OK)
		return st;
	if (in.last_update == USEC_NONE || last_update > in.last_update) {
		in.last_update = last_update;
		in.update_base = (struct stamp_base){ 0 };
	}
	if (update_clock(&in, &u) && u.due != USEC_NONE) {
		struct str at = STR_INIT;
		when_fmt_clock(&at, u.due, c->zone);
		act_note(c, "the next update is due at %s", at.s);
		str_free(&at);
	}
	clock_facts_free(&f);
	return ST_OK;
}

/* ---- the situation -------------------------------------------------------------------------------------------------- */

static void print_clock(struct ctx *c, const struct clock_line *l)
{
	size_t start = c->out->len;
	str_adds(c->out, l->text ? "  @" : "  ");
	print_text(c, l->name);
	pad_to(c, start, 12);
	str_addf(c->out, "%s→%s  ", l->from, l->to);
	if (l->elapsed == USEC_NONE)
		str_adds(c->out, "unknown");
	else
		dur_fmt(c->out, l->elapsed);
	str_adds(c->out, " of ");
	if (l->limit)
		dur_fmt(c->out, l->limit);
	else
		str_adds(c->out, "no limit");
	str_addf(c->out, "  %s\n", target_state_name(l->state));
}

/* Asks have a list of their own. */
static void print_clocks(struct ctx *c, const struct clock_input *in)
{
	struct clock_line l[POLICY_TARGETS + POLICY_ROLES + 2];
	size_t n = clock_list(in, NULL, l, sizeof l / sizeof *l);
	if (n)
		str_adds(c->out, "\nTargets\n");
	for (size_t i = 0; i < n; i++)
		print_clock(c, &l[i]);
}

static void print_milestones(struct ctx *c)
{
	struct span s[MS_COUNT * (MS_COUNT - 1) / 2];
	size_t n = span_all(&c->incident.ms, s);
	bool any = false;
	for (int m = 0; m < MS_COUNT; m++) {
		if (c->incident.ms.at[m] == USEC_NONE)
			continue;
		str_adds(c->out, any ? "" : "\nMilestones\n");
		any = true;
		size_t start = c->out->len;
		str_addf(c->out, "  %s", milestone_name(m));
		pad_to(c, start, 16);
		str_adds(c->out, c->incident.ms.approx_s[m] ? "~" : " ");
		when_fmt_full(c->out, c->incident.ms.at[m], c->zone);
		str_addc(c->out, '\n');
	}
	if (n)
		str_adds(c->out, "\nSpans\n");
	for (size_t i = 0; i < n; i++) {
		str_addf(c->out, "  %s→%s  ", milestone_name(s[i].from), milestone_name(s[i].to));
		span_fmt(c->out, &s[i]);
		str_addc(c->out, '\n');
	}
}

enum status print_situation(struct ctx *c)
{
	struct clock_facts f;
	struct clock_input in;
	enum status st = act_clocks(c, &f, &in);
	if (st != ST_OK)
		return st;
	print_incident_line(c, &c->incident);
	st = print_next_due(c);
	print_milestones(c);
	print_clocks(c, &in);
	clock_facts_free(&f);
	if (st == ST_OK)
		st = print_ledger(c);
	size_t before = c->out->len;
	str_adds(c->out, "\nError budgets\n");
	size_t title = c->out->len;
	if (st == ST_OK)
		st = print_budgets(c);
	if (c->out->len == title)
		str_cut(c->out, before);
	return st;
}

/* ---- the parts ------------------------------------------------------------------------------------------------------ */

static void heading(struct ctx *c, size_t n, const char *title)
{
	if (n)
		str_addf(c->out, "\n%s\n", title);
}

static void word(struct ctx *c, const char *before, const char *text)
{
	if (!text || !text[0])
		return;
	str_adds(c->out, before);
	print_text(c, text);
}

static void print_responder(struct ctx *c, const struct responder *r)
{
	word(c, "  ", r->role ? r->role : "-");
	word(c, "  ", r->name);
	bool offered = r->joined_at == USEC_NONE && r->offered_at != USEC_NONE;
	str_adds(c->out, offered ? "  offered " : "  since ");
	when_fmt_clock(c->out, offered ? r->offered_at : r->joined_at, c->zone);
	if (responder_offered(r))
		str_adds(c->out, ", not accepted yet");
	if (r->left_at != USEC_NONE) {
		str_adds(c->out, " until ");
		when_fmt_clock(c->out, r->left_at, c->zone);
	}
	str_addc(c->out, '\n');
}

enum status print_responders(struct ctx *c, const char *title)
{
	struct responders l;
	enum status st = q_responders(c->store, c->incident.entity, &l, c->err);
	if (title)
		heading(c, l.n, title);
	for (size_t i = 0; i < l.n; i++)
		if (title || responder_here(&l.v[i]) || responder_offered(&l.v[i]))
			print_responder(c, &l.v[i]);
	responders_free(&l);
	return st;
}

static enum status print_actions(struct ctx *c)
{
	struct actions l;
	enum status st = q_actions(c->store, c->incident.entity, &l, c->err);
	heading(c, l.n, "Action items");
	for (size_t i = 0; i < l.n; i++) {
		word(c, "  ", l.v[i].number);
		if (l.v[i].priority >= 0)
			str_addf(c->out, "  P%d", l.v[i].priority);
		word(c, "  ", l.v[i].status);
		word(c, "  ", l.v[i].text);
		word(c, "  @", l.v[i].owner);
		word(c, "  due ", l.v[i].due);
		word(c, "  ", l.v[i].ref);
		str_addc(c->out, '\n');
	}
	actions_free(&l);
	return st;
}

enum status print_asks(struct ctx *c, const char *title, bool open_only)
{
	struct asks l;
	enum status st = q_asks(c->store, c->incident.entity, &l, c->err);
	size_t shown = 0;
	for (size_t i = 0; i < l.n; i++) {
		if (open_only && !str_eq(l.v[i].status, ask_status[0]))
			continue;
		if (title)
			heading(c, shown++ == 0, title);
		word(c, "  ", l.v[i].number);
		word(c, "  @", l.v[i].to);
		word(c, " ", l.v[i].text);
		word(c, "  ", l.v[i].status);
		word(c, ": ", l.v[i].answer);
		str_addc(c->out, '\n');
	}
	asks_free(&l);
	return st;
}

enum status print_hypotheses(struct ctx *c, const char *title)
{
	struct hypotheses l;
	enum status st = q_hypotheses(c->store, c->incident.entity, &l, c->err);
	if (title)
		heading(c, l.n, title);
	for (size_t i = 0; i < l.n; i++) {
		word(c, "  ", l.v[i].number);
		word(c, "  ", l.v[i].status);
		word(c, "  ", l.v[i].text);
		word(c, ": ", l.v[i].why);
		str_addc(c->out, '\n');
	}
	hypotheses_free(&l);
	return st;
}

static enum status print_conflicts(struct ctx *c)
{
	struct conflicts l;
	enum status st = q_conflicts(c->store, c->incident.entity, &l, c->err);
	heading(c, l.n, "Conflicts");
	for (size_t i = 0; i < l.n; i++) {
		char hex[33];
		str_hex(hex, l.v[i].entity.b, sizeof l.v[i].entity.b);
		str_addf(c->out, "  %.8s ", hex);
		word(c, "", l.v[i].type);
		word(c, " ", l.v[i].field);
		word(c, ": shown ", l.v[i].shown);
		for (size_t k = 0; k < l.v[i].others; k++)
			word(c, ", also ", l.v[i].other[k]);
		str_addc(c->out, '\n');
	}
	conflicts_free(&l);
	return st;
}

enum status print_parts(struct ctx *c)
{
	enum status st = print_responders(c, "Responders");
	if (st == ST_OK)
		st = print_actions(c);
	if (st == ST_OK)
		st = print_asks(c, "Asks", false);
	if (st == ST_OK)
		st = print_hypotheses(c, "Hypotheses");
	if (st == ST_OK)
		st = print_conflicts(c);
	int64_t unknown = st == ST_OK ? q_unknown_ops(c->store, c->incident.entity) : 0;
	if (unknown)
		str_addf(c->out, "\n%lld entries of a newer tplus are kept but cannot be shown: upgrade tplus\n", (long long)unknown);
	return st;
}
