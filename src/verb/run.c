/* run.c - the dispatcher: which incident, which transaction, which line; then the verb. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "store/query.h"
#include "verb/act.h"

/* ---- which incident (DESIGN section 4) ------------------------------------------------------------------------------ */

static enum status name_candidates(const struct incidents *open, struct err *err)
{
	struct str names = STR_INIT;
	for (size_t i = 0; i < open->n; i++)
		str_addf(&names, "%s%s \"%.40s\"", i ? ", " : "", open->v[i].shown_id, open->v[i].title);
	enum status st = fail(err, ST_NO, "several incidents are open: %s: choose one with \"tplus use ID\" or -i ID", names.s);
	str_free(&names);
	return st;
}

static void take(struct incidents *l, size_t i, struct incident *out)
{
	*out = l->v[i];
	memset(&l->v[i], 0, sizeof l->v[i]);
}

static enum status choose_used(struct ctx *c, struct incidents *open)
{
	uuid used;
	if (!local_used(c->store, c->author, &used))
		return name_candidates(open, c->err);
	for (size_t i = 0; i < open->n; i++)
		if (uuid_eq(open->v[i].entity, used)) {
			take(open, i, &c->incident);
			return ST_OK;
		}
	return name_candidates(open, c->err);
}

static usec last_known(const struct incident *i)
{
	return i->ms.at[MS_CLOSED] != USEC_NONE ? i->ms.at[MS_CLOSED] : i->opened_at;
}

static enum status choose_closed(struct ctx *c, unsigned flags)
{
	struct incidents all;
	enum status st = q_incidents(c->store, &all, c->err);
	if (st != ST_OK)
		return st;
	size_t best = 0;
	for (size_t i = 1; i < all.n; i++)
		if (last_known(&all.v[i]) > last_known(&all.v[best]))
			best = i;
	if (all.n == 0)
		st = fail(c->err, ST_NO, "there is no incident yet: begin one with \"tplus open TITLE\"");
	else if (flags & V_CAPTURE)
		st = fail(c->err, ST_NO, "no incident is open: begin one with \"tplus open TITLE\", or name a closed one: -i %s", all.v[best].shown_id);
	else
		take(&all, best, &c->incident);
	incidents_free(&all);
	return st;
}

enum status verb_choose_incident(struct ctx *c, unsigned flags)
{
	enum status st;
	incident_clear(&c->incident);
	if (c->incident_arg) {
		st = q_incident_find(c->store, c->incident_arg, &c->incident, c->err);
	} else {
		struct incidents open;
		st = q_incidents_open(c->store, &open, c->err);
		if (st != ST_OK)
			return st;
		if (open.n == 1)
			take(&open, 0, &c->incident);
		else
			st = open.n ? choose_used(c, &open) : choose_closed(c, flags);
		incidents_free(&open);
	}
	return st == ST_OK ? act_zone(c) : st;
}

/* An incident from elsewhere may be in a zone this host does not know. */
enum status act_zone(struct ctx *c)
{
	if (c->zone_arg)
		return zone_load(c->zone_arg, &c->zone, c->err);
	if (zone_load(c->incident.zone, &c->zone, NULL) == ST_OK)
		return ST_OK;
	act_warn(c, "no time zone is named %s here: times are in UTC", c->incident.zone);
	c->zone = zone_utc();
	return ST_OK;
}

struct when_ctx act_when_ctx_now(struct ctx *c)
{
	return (struct when_ctx){ .now = c->clock->wall(c->clock), .zone = c->zone ? c->zone : zone_utc(), .prev = USEC_NONE, .last = USEC_NONE };
}

struct when_ctx verb_when_ctx(struct ctx *c)
{
	struct when_ctx w = act_when_ctx_now(c);
	struct event e;
	if (!c->store || !c->incident.id)
		return w;
	if (q_event_last_recorded(c->store, c->incident.entity, NULL, &e, NULL) == ST_OK) {
		w.prev = e.occurred_at;
		event_clear(&e);
	}
	if (q_event_last(c->store, c->incident.entity, &e, NULL) == ST_OK) {
		w.last = e.occurred_at;
		event_clear(&e);
	}
	return w;
}

/* ---- operands ------------------------------------------------------------------------------------------------------- */

static enum status usage(struct ctx *c, const struct verb *v, const char *what)
{
	return fail(c->err, ST_USAGE, "%s: tplus %s %s", what, v->name, v->usage);
}

static enum status check_operands(struct ctx *c, const struct verb *v, const struct args *a)
{
	size_t n = a->argc;
	if ((v->flags & V_LINE) && a->has_line)
		n = a->line.text[0] || a->line.details ? v->min_args + 1 : 0;
	if (n < v->min_args)
		return usage(c, v, v->flags & V_LINE ? "the text is missing" : "an operand is missing");
	if (!(v->flags & V_LINE) && v->max_args != VERB_ANY && n > v->max_args)
		return usage(c, v, "too many operands");
	return ST_OK;
}

/* "log -": the lines come from standard input. */
static bool is_input(const struct verb *v, const struct args *a)
{
	return !a->has_line && strcmp(v->name, "log") == 0 && a->argc == 1 && a->literal == 1 && strcmp(a->argv[0], "-") == 0;
}

bool act_needs_events(enum status parsed, const struct line *l)
{
	return parsed != ST_OK || l->when.form != WHEN_NOTHING;
}

/* --at takes the place of a time prefix. */
enum status act_line_time(struct ctx *c, const struct when_ctx *w, struct line *l)
{
	enum status st = ST_OK;
	if (c->at_arg && l->when.form != WHEN_NOTHING)
		return fail(c->err, ST_USAGE, "the time is given twice, by --at and in the line: leave one out");
	if (l->when.form != WHEN_NOTHING && l->when.fit != ZONE_ONCE)
		return when_refuse(&l->when, c->zone ? c->zone : zone_utc(), c->err);
	if (c->at_arg)
		st = when_parse_all(c->at_arg, w, &l->when, c->err);
	if (st == ST_OK)
		act_note_time(c, &l->when);
	return st;
}

/* The words of a V_LINE verb, taken apart. */
static enum status read_line(struct ctx *c, const struct verb *v, struct args *a)
{
	if (!(v->flags & V_LINE) || is_input(v, a))
		return ST_OK;
	struct when_ctx w = c->at_arg ? verb_when_ctx(c) : act_when_ctx_now(c);
	enum status st = ST_OK;
	if (!a->has_line) {
		st = act_line(v, a, &w, &a->line, c->err);
		if (!c->at_arg && act_needs_events(st, &a->line)) {
			line_clear(&a->line);
			w = verb_when_ctx(c);
			st = act_line(v, a, &w, &a->line, c->err);
		}
		a->has_line = true;
	}
	return st == ST_OK ? act_line_time(c, &w, &a->line) : st;
}

const char *args_opt(const struct verb *v, const struct args *a, const char *name)
{
	for (size_t i = 0; v->opts && v->opts[i].name && i < VERB_OPTS; i++)
		if (strcmp(v->opts[i].name, name) == 0)
			return a->opt_value[i];
	return NULL;
}

/* ---- running -------------------------------------------------------------------------------------------------------- */

/* The attempt before this one reached the disk, only its answer was lost: report what it wrote. */
static enum status look_before_writing(struct ctx *c, bool *written)
{
	uuid incident, event;
	struct event e;
	enum status st = tx_written(c->store, written, &incident, &event, c->err);
	if (st != ST_OK || !*written)
		return st;
	incident_clear(&c->incident);
	q_incident(c->store, incident, &c->incident, NULL);
	if (!uuid_is_zero(event) && q_event(c->store, event, &e, NULL) == ST_OK) {
		act_set_event(c, e.entity, e.occurred_at);
		event_clear(&e);
	}
	return ST_OK;
}

static enum status run_inside(struct ctx *c, const struct verb *v, struct args *a)
{
	bool written = false;
	enum status st = c->retry && (v->flags & V_WRITE) ? look_before_writing(c, &written) : ST_OK;
	if (st != ST_OK || written)
		return st;
	if (v->flags & V_INCIDENT)
		st = verb_choose_incident(c, v->flags);
	if (st == ST_OK && !(v->flags & V_INCIDENT))
		st = zone_load(c->zone_arg, &c->zone, c->err);
	if (st == ST_OK && (v->flags & V_WRITE) && (v->flags & V_INCIDENT))
		st = tx_incident(c->store, c->incident.entity, NULL, c->err);
	if (st == ST_OK)
		st = read_line(c, v, a);
	if (st == ST_OK)
		st = check_operands(c, v, a);
	return st == ST_OK ? v->run(c, a) : st;
}

enum status act_begin(struct ctx *c)
{
	struct local now;
	const struct zone *z;
	if (zone_load("local", &z, NULL) != ST_OK) /* TZ names none */
		z = zone_utc();
	zone_local(z, c->clock->wall(c->clock), &now);
	if (uuid_is_zero(c->grp))
		c->grp = uuid_new();
	struct tx_opts o = { .author = c->author, .zone = zone_name(z), .utcoff_s = now.offset, .grp = c->grp, .grp_is_new = !c->retry };
	return tx_begin(c->store, &o, c->err);
}

enum status act_begin_change(struct ctx *c, bool *done)
{
	enum status st = act_begin(c);
	return st == ST_OK ? tx_incident(c->store, c->incident.entity, done, c->err) : st;
}

enum status verb_run(struct ctx *c, const struct verb *v, struct args *a)
{
	c->verb = v;
	size_t out = c->out->len;
	enum status st = v->flags & V_WRITE ? act_begin(c) : ST_OK;
	if (st == ST_OK)
		st = run_inside(c, v, a);
	bool writes = (v->flags & V_WRITE) || (c->store && tx_open(c->store));
	if (c->store && tx_open(c->store)) {
		if (st == ST_OK)
			st = tx_commit(c->store, c->err);
		else
			tx_rollback(c->store);
		if (st != ST_OK)
			str_cut(c->out, out); /* nothing is claimed that is not on disk */
	}
	if (st == ST_OK && writes && c->incident.shown_id && !c->quiet && !c->composer)
		act_note(c, "%s %s", c->incident.shown_id, c->incident.title);
	c->grp = (uuid){ { 0 } };
	c->retry = false;
	return st;
}

enum status verb_line(struct ctx *c, const char *text, size_t n)
{
	struct args a = { .has_line = true };
	struct err choose = { 0 }, *real = c->err;
	c->err = &choose; /* no incident yet: /open and the like work all the same */
	verb_choose_incident(c, V_CAPTURE);
	c->err = real;
	struct when_ctx w = verb_when_ctx(c);
	if (c->stamp != USEC_NONE)
		w.now = c->stamp;
	enum status st = line_parse(text, n, LINE_COMPOSER, &w, &a.line, c->err);
	if (st == ST_OK && !a.line.verb)
		st = fail(c->err, ST_USAGE, "the line is empty: type what happened");
	const struct verb *v = NULL;
	if (st == ST_OK) {
		v = a.line.slash ? verb_find_prefix(a.line.verb, V_COMPOSER, c->err) : verb_find(a.line.verb);
		st = v ? ST_OK : ST_USAGE;
	}
	if (v && !(v->flags & V_COMPOSER))
		st = fail(c->err, ST_USAGE, "/%s works on the command line only: tplus %s %s", v->name, v->name, v->usage);
	const char *at = c->at_arg, *zone = c->zone_arg;
	if (st == ST_OK)
		st = act_split(c, v, &a);
	if (st == ST_OK)
		st = verb_run(c, v, &a);
	c->at_arg = at;
	c->zone_arg = zone;
	act_args_free(&a);
	return st;
}
