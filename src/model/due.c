/* due.c - see due.h. */
#include "model/due.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"

const char *clock_kind_name(enum clock_kind k)
{
	static const char *const names[] = { "target", "update", "role", "postmortem", "ask" };
	return k >= 0 && k < sizeof names / sizeof *names ? names[k] : "unknown";
}

static const char *start_word(int used)
{
	return used == MS_NONE ? "opened" : used == MS_REOPEN ? "reopened" : milestone_name(used);
}

static struct clock_line line_of(enum clock_kind kind, const char *name, const struct target_clock *c)
{
	return (struct clock_line){ .kind = kind, .name = name, .from = start_word(c->from_used), .to = milestone_name(c->to),
		.fallback = c->from_used != c->from, .start = c->start, .due = c->due, .limit = c->limit, .elapsed = c->elapsed, .state = c->state };
}

/* A clock that is not one of the policy's targets, before it is run. */
static struct target_clock plain_clock(int from, usec limit)
{
	return (struct target_clock){ .from = from, .to = MS_NONE, .from_used = from, .limit = limit, .start = USEC_NONE, .due = USEC_NONE,
		.elapsed = USEC_NONE, .state = TARGET_PENDING };
}

static void end_clock(struct target_clock *c, usec start, usec end)
{
	c->start = start;
	c->due = c->limit ? start + c->limit : USEC_NONE;
	c->elapsed = end - start;
	c->state = c->limit == 0 || c->elapsed <= c->limit ? TARGET_MET : TARGET_MISSED;
}

/* ---- the cadence ---------------------------------------------------------------------------------------------------- */

static size_t add_update(const struct clock_input *in, struct clock_line *out)
{
	struct target_clock c;
	if (!update_clock(in, &c))
		return 0;
	*out = line_of(CLOCK_UPDATE, "update", &c);
	out->from = c.from_used == MS_NONE && in->last_update != USEC_NONE && c.start == in->last_update ? "last update" : out->from;
	out->to = "next update";
	out->fallback = false;
	return 1;
}

/* ---- roles ---------------------------------------------------------------------------------------------------------- */

static bool holds(const struct responder *r, const char *role)
{
	return r->role && str_ieq(r->role, role) && r->joined_at != USEC_NONE;
}

/* When it was first claimed (USEC_NONE: never), whether somebody has it now, when the last one let go of it. */
static void role_times(const struct responders *l, const char *role, usec *first, bool *held, usec *left)
{
	*first = *left = USEC_NONE;
	*held = false;
	for (size_t i = 0; i < l->n; i++) {
		const struct responder *r = &l->v[i];
		if (!holds(r, role))
			continue;
		if (*first == USEC_NONE || r->joined_at < *first)
			*first = r->joined_at;
		*held |= r->left_at == USEC_NONE;
		if (r->left_at != USEC_NONE && r->left_at > *left)
			*left = r->left_at;
	}
}

size_t roles_unclaimed(const struct policy *p, const struct responders *l, struct str *out)
{
	size_t n = 0;
	for (size_t i = 0; i < p->roles; i++) {
		usec first, left;
		bool held;
		role_times(l, p->role[i], &first, &held, &left);
		if (!held)
			str_addf(out, "%s%s", n++ ? " " : "", p->role[i]);
	}
	return n;
}

/* Once it is resolved nobody is missed any more. */
static struct clock_line role_line(const struct clock_input *in, const char *role)
{
	struct target_clock c = plain_clock(MS_DECLARED, in->policy->roles_within);
	const struct stamp_base *base;
	usec first, left, start = clock_start(in, MS_DECLARED, &c.from_used, &base);
	bool held;
	role_times(in->responders, role, &first, &held, &left);
	bool again = !held && left != USEC_NONE && left > start;
	if (held) {
		end_clock(&c, start, first);
	} else if (in->ms->status < MS_RESOLVED) {
		clock_run(&c, in, again ? left : start, again ? NULL : base);
		if (c.limit == 0) {
			c.state = TARGET_PENDING;
			c.due = USEC_NONE;
		}
	}
	struct clock_line l = line_of(CLOCK_ROLE, role, &c);
	l.from = again ? "left" : l.from;
	l.fallback &= !again;
	l.to = "claimed";
	return l;
}

/* ---- the postmortem ------------------------------------------------------------------------------------------------- */

static const char *field_value(const struct clock_input *in, const char *name)
{
	for (size_t i = 0; in->fields && i < in->fields->n; i++)
		if (str_eq(in->fields->v[i].name, name))
			return in->fields->v[i].value;
	return NULL;
}

/* A day counts as its beginning, in UTC. USEC_NONE: no date stands there. */
static usec published_at(const struct clock_input *in)
{
	const char *day = field_value(in, "published");
	usec t = USEC_NONE;
	if (!day || !day[0])
		return t;
	char *full = str_fmt("%.10sT00:00:00Z", day);
	if (!when_rfc3339(full, &t))
		t = USEC_NONE;
	free(full);
	return t;
}

static bool is_published(const struct clock_input *in)
{
	const char *status = field_value(in, "document.status"), *day = field_value(in, "published");
	return (day && day[0]) || str_ieq(status, "published") || str_ieq(status, "final");
}

/* By hand only days are known, so what it took is unknown then; closing is a stamp. */
static size_t add_postmortem(const struct clock_input *in, struct clock_line *out)
{
	usec start = in->ms->at[MS_RESOLVED], day = published_at(in);
	struct target_clock c = plain_clock(MS_RESOLVED, in->policy->postmortem);
	if (c.limit == 0)
		return 0;
	if (start != USEC_NONE && is_published(in)) {
		end_clock(&c, start, day != USEC_NONE && day > start ? day : start);
		c.elapsed = USEC_NONE;
	} else if (start != USEC_NONE && in->ms->at[MS_CLOSED] != USEC_NONE) {
		end_clock(&c, start, in->ms->at[MS_CLOSED]);
	} else if (start != USEC_NONE) {
		clock_run(&c, in, start, &in->ms->base[MS_RESOLVED]);
	}
	*out = line_of(CLOCK_POSTMORTEM, "postmortem", &c);
	out->to = "published";
	return 1;
}

/* ---- asks ----------------------------------------------------------------------------------------------------------- */

static size_t add_ask(const struct clock_input *in, const struct ask *a, struct clock_line *out)
{
	bool open = str_eq(a->status, ask_status[0]), answered = str_eq(a->status, ask_status[1]);
	if ((!open && !answered) || a->due_at == USEC_NONE || a->asked_at == USEC_NONE)
		return 0;
	struct target_clock c = plain_clock(MS_NONE, a->due_at - a->asked_at);
	if (open && !status_is_closed(in->ms->status))
		clock_run(&c, in, a->asked_at, &a->base);
	else if (a->answered_at != USEC_NONE)
		end_clock(&c, a->asked_at, a->answered_at);
	*out = line_of(CLOCK_ASK, a->to ? a->to : "", &c);
	out->text = a->text ? a->text : "";
	out->number = a->number;
	out->from = "asked";
	out->to = "answered";
	return 1;
}

/* ---- the lists ------------------------------------------------------------------------------------------------------ */

size_t clock_list_max(const struct asks *asks)
{
	return POLICY_TARGETS + POLICY_ROLES + 2 + (asks ? asks->n : 0);
}

size_t clock_list(const struct clock_input *in, const struct asks *asks, struct clock_line *out, size_t max)
{
	struct target_clock t[POLICY_TARGETS];
	size_t targets = target_clocks(in, t), n = 0;
	for (size_t i = 0; i < targets && n < max; i++)
		out[n++] = line_of(CLOCK_TARGET, in->policy->target[i].name, &t[i]);
	if (n < max)
		n += add_update(in, &out[n]);
	for (size_t i = 0; in->responders && i < in->policy->roles && n < max; i++)
		out[n++] = role_line(in, in->policy->role[i]);
	if (n < max)
		n += add_postmortem(in, &out[n]);
	for (size_t i = 0; asks && i < asks->n && n < max; i++)
		n += add_ask(in, &asks->v[i], &out[n]);
	return n;
}

static int by_due(const void *a, const void *b)
{
	const struct due *x = a, *y = b;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static bool is_running(const struct clock_line *c)
{
	return c->due != USEC_NONE && (c->state == TARGET_RUNNING || c->state == TARGET_WARNING || c->state == TARGET_BREACHED);
}

size_t due_list(const struct clock_input *in, const struct asks *asks, struct due *out, size_t max)
{
	size_t most = clock_list_max(asks), lines, used = 0;
	struct clock_line *l = xcalloc(most, sizeof *l);
	struct due *all = xcalloc(most, sizeof *all), *roles = NULL;
	lines = clock_list(in, asks, l, most);
	for (size_t i = 0; i < lines; i++) {
		struct due d = { l[i].name, l[i].text, l[i].start, l[i].due, l[i].state, l[i].kind, i };
		if (!is_running(&l[i]))
			continue;
		if (d.kind != CLOCK_ROLE || !roles) {
			all[used] = d;
			roles = d.kind == CLOCK_ROLE ? &all[used] : roles;
			used++;
			continue;
		}
		d.name = "roles"; /* the one that runs out first stands for all */
		if (d.at < roles->at)
			*roles = d;
		roles->name = "roles";
	}
	qsort(all, used, sizeof *all, by_due);
	used = used < max ? used : max;
	memcpy(out, all, used * sizeof *out);
	free(all);
	free(l);
	return used;
}
