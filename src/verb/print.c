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
	if (used < cols)
		str_addn(c->out, ' ', (size_t)(cols - used));
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

void print_severity(struct ctx *c, int severity)
{
	struct policy p;
	q_policy(c->store, c->incident.entity, severity, &p, NULL);
	severity_fmt(c->out, severity, p.scheme);
}

static usec began(const struct incident *i)
{
	return i->ms.at[MS_STARTED] != USEC_NONE ? i->ms.at[MS_STARTED] : i->opened_at;
}

/* T+ stands still once the incident is closed. */
static usec upto(struct ctx *c, const struct incident *i)
{
	return i->ms.at[MS_CLOSED] != USEC_NONE && status_is_closed(i->ms.status) ? i->ms.at[MS_CLOSED] : c->clock->wall(c->clock);
}

void print_incident_line(struct ctx *c, const struct incident *i)
{
	size_t start = c->out->len;
	print_text(c, i->shown_id);
	pad_to(c, start, 16);
	start = c->out->len;
	struct str sev = STR_INIT;
	severity_fmt(&sev, i->severity, "SEV");
	str_adds(c->out, i->severity == SEV_UNKNOWN ? "SEV-?" : sev.s);
	str_free(&sev);
	pad_to(c, start, 7);
	start = c->out->len;
	str_adds(c->out, status_name(i->ms.status));
	pad_to(c, start, 14);
	str_adds(c->out, "T+");
	dur_fmt_tplus(c->out, upto(c, i) - began(i));
	str_adds(c->out, "  ");
	print_text(c, i->title);
	str_addc(c->out, '\n');
}

/* ---- clocks --------------------------------------------------------------------------------------------------------- */

static enum status clocks_of(struct ctx *c, struct policy *p, struct clock_input *in)
{
	usec update = USEC_NONE;
	enum status st = q_policy(c->store, c->incident.entity, c->incident.severity, p, c->err);
	if (st == ST_OK)
		st = q_last_update(c->store, c->incident.entity, &update, c->err);
	*in = (struct clock_input){ &c->incident.ms, p, c->incident.opened_at, update, c->clock->wall(c->clock) };
	return st;
}

enum status print_next_due(struct ctx *c)
{
	struct policy p;
	struct clock_input in;
	struct asks asks;
	struct due due[DUES];
	enum status st = clocks_of(c, &p, &in);
	if (st == ST_OK)
		st = q_asks(c->store, c->incident.entity, &asks, c->err);
	if (st != ST_OK)
		return st;
	size_t n = due_list(&in, &asks, due, DUES);
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
	asks_free(&asks);
	return ST_OK;
}

enum status print_next_update(struct ctx *c, usec last_update)
{
	struct policy p;
	struct clock_input in;
	struct target_clock u;
	enum status st = clocks_of(c, &p, &in);
	if (st != ST_OK)
		return st;
	in.last_update = last_update;
	if (!update_clock(&in, &u) || u.due == USEC_NONE)
		return ST_OK;
	struct str at = STR_INIT;
	when_fmt_clock(&at, u.due, c->zone);
	act_note(c, "the next update is due at %s", at.s);
	str_free(&at);
	return ST_OK;
}

/* ---- the situation -------------------------------------------------------------------------------------------------- */

static void print_targets(struct ctx *c, const struct clock_input *in)
{
	struct target_clock t[POLICY_TARGETS];
	size_t n = target_clocks(in, t);
	if (n)
		str_adds(c->out, "\nTargets\n");
	for (size_t i = 0; i < n; i++) {
		size_t start = c->out->len;
		str_adds(c->out, "  ");
		print_text(c, t[i].name);
		pad_to(c, start, 12);
		str_addf(c->out, "%s→%s  ", t[i].from_used == MS_NONE ? "opened" : milestone_name(t[i].from_used), milestone_name(t[i].to));
		if (t[i].elapsed == USEC_NONE)
			str_adds(c->out, "unknown");
		else
			dur_fmt(c->out, t[i].elapsed);
		str_adds(c->out, " of ");
		dur_fmt(c->out, t[i].limit);
		str_addf(c->out, "  %s\n", target_state_name(t[i].state));
	}
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
	struct policy p;
	struct clock_input in;
	enum status st = clocks_of(c, &p, &in);
	if (st != ST_OK)
		return st;
	print_incident_line(c, &c->incident);
	st = print_next_due(c);
	print_milestones(c);
	print_targets(c, &in);
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

static enum status print_responders(struct ctx *c)
{
	struct responders l;
	enum status st = q_responders(c->store, c->incident.entity, &l, c->err);
	heading(c, l.n, "Responders");
	for (size_t i = 0; i < l.n; i++) {
		word(c, "  ", l.v[i].role ? l.v[i].role : "-");
		word(c, "  ", l.v[i].name);
		str_adds(c->out, "  since ");
		when_fmt_clock(c->out, l.v[i].joined_at, c->zone);
		if (l.v[i].left_at != USEC_NONE) {
			str_adds(c->out, " until ");
			when_fmt_clock(c->out, l.v[i].left_at, c->zone);
		}
		str_addc(c->out, '\n');
	}
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

static enum status print_asks(struct ctx *c, bool open_only)
{
	struct asks l;
	enum status st = q_asks(c->store, c->incident.entity, &l, c->err);
	size_t shown = 0;
	for (size_t i = 0; i < l.n; i++) {
		if (open_only && !str_eq(l.v[i].status, ask_status[0]))
			continue;
		heading(c, shown++ == 0, "Asks");
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

static enum status print_hypotheses(struct ctx *c)
{
	struct hypotheses l;
	enum status st = q_hypotheses(c->store, c->incident.entity, &l, c->err);
	heading(c, l.n, "Hypotheses");
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
	enum status st = print_responders(c);
	if (st == ST_OK)
		st = print_actions(c);
	if (st == ST_OK)
		st = print_asks(c, false);
	if (st == ST_OK)
		st = print_hypotheses(c);
	if (st == ST_OK)
		st = print_conflicts(c);
	int64_t unknown = st == ST_OK ? q_unknown_ops(c->store, c->incident.entity) : 0;
	if (unknown)
		str_addf(c->out, "\n%lld entries of a newer tplus are kept but cannot be shown: upgrade tplus\n", (long long)unknown);
	return st;
}

enum status print_brief(struct ctx *c)
{
	enum status st = print_situation(c);
	if (st == ST_OK)
		st = print_responders(c);
	if (st == ST_OK)
		st = print_asks(c, true);
	if (st == ST_OK)
		st = print_hypotheses(c);
	struct events l = { 0 };
	if (st == ST_OK)
		st = q_events_before(c->store, c->incident.entity, event_key_last, 5, &l, c->err);
	heading(c, l.n, "Last events");
	usec day = USEC_NONE;
	for (size_t i = 0; i < l.n; i++)
		print_event(c, &l.v[i], &day);
	events_free(&l);
	return st;
}
