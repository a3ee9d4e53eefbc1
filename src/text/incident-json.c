/* incident-json.c - see incident-json.h. One small function for each key; objects[] has their order. */
#include "text/incident-json.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "model/target.h"
#include "text/escape.h"

enum { PIECE = 64 << 10, EXPORT_SHORT = 12 };

struct writer {
	struct store *s;
	const struct incident *i;
	usec now;
	bool export;
	const char *version;
	struct str b; /* not yet written */
	struct mst_sink sink;
	struct err *err;
};

/* ---- pieces ------------------------------------------------------------------------------------------------------- */

/* A comma where something stands before. The buffer is only ever emptied behind a value. */
static void next(struct str *b)
{
	if (b->len == 0 || !strchr("{[", b->s[b->len - 1]))
		str_addc(b, ',');
}

static void key(struct str *b, const char *name)
{
	next(b);
	str_addf(b, "\"%s\":", name);
}

void json_str(struct str *out, const char *text)
{
	if (text)
		json_text(out, text, strlen(text));
	else
		str_adds(out, "null");
}

void json_time(struct str *out, usec t)
{
	if (t == USEC_NONE) {
		str_adds(out, "null");
		return;
	}
	str_addc(out, '"');
	when_fmt_rfc3339(out, t);
	str_addc(out, '"');
}

void json_seconds(struct str *out, usec d)
{
	uint64_t us = d < 0 ? -(uint64_t)d : (uint64_t)d;

	if (d == USEC_NONE) {
		str_adds(out, "null");
		return;
	}
	str_addf(out, "%s%llu", d < 0 ? "-" : "", (unsigned long long)(us / 1000000));
	if (us % 1000000 == 0)
		return;
	str_addf(out, ".%06llu", (unsigned long long)(us % 1000000));
	while (out->s[out->len - 1] == '0')
		str_cut(out, out->len - 1);
}

static void put_str(struct str *b, const char *name, const char *text)
{
	key(b, name);
	json_str(b, text);
}

static void put_time(struct str *b, const char *name, usec t)
{
	key(b, name);
	json_time(b, t);
}

static void put_seconds(struct str *b, const char *name, usec d)
{
	key(b, name);
	json_seconds(b, d);
}

static void put_bool(struct str *b, const char *name, bool yes)
{
	key(b, name);
	str_adds(b, yes ? "true" : "false");
}

static void put_severity(struct str *b, int severity)
{
	key(b, "severity");
	if (severity == SEV_UNKNOWN)
		str_adds(b, "null");
	else
		str_addf(b, "\"SEV-%d\"", severity);
}

static void put_lines(struct str *b, const char *name, char *const *line, size_t n)
{
	key(b, name);
	str_addc(b, '[');
	for (size_t k = 0; k < n; k++) {
		next(b);
		json_str(b, line[k]);
	}
	str_addc(b, ']');
}

static void put_id(struct str *b, const char *name, uuid u)
{
	char hex[33];

	str_hex(hex, u.b, sizeof u.b);
	put_str(b, name, hex);
}

static enum status flush(struct writer *w, size_t above)
{
	enum status st = ST_OK;

	if (w->b.len > above) {
		st = w->sink.write(w->sink.arg, w->b.s, w->b.len, w->err);
		str_reset(&w->b);
	}
	return st;
}

/* ---- one event, one row ------------------------------------------------------------------------------------------- */

static void put_event(struct str *b, const struct event *e, const char *short_id)
{
	next(b);
	str_addc(b, '{');
	put_id(b, "id", e->entity);
	put_str(b, "short", short_id);
	put_time(b, "occurred_at", e->occurred_at);
	key(b, "approx_seconds");
	str_addf(b, "%d", e->approx_s);
	put_time(b, "recorded_at", e->recorded_at);
	put_str(b, "kind", kind_name(e->kind));
	put_str(b, "milestone", e->milestone == MS_NONE ? NULL : milestone_name(e->milestone));
	put_str(b, "actor", e->actor ? e->actor : e->author);
	put_str(b, "text", e->text);
	put_lines(b, "detail", e->detail, e->details);
	put_bool(b, "struck", e->struck);
	str_addc(b, '}');
}

void json_event(struct store *s, struct str *out, const struct event *e)
{
	struct str b = STR_INIT;
	char id[33];

	q_short_id(s, e->entity, id);
	str_addc(&b, '[');
	put_event(&b, e, id);
	str_add(out, b.s + 1, b.len - 1);
	str_free(&b);
}

void json_incident_row(struct str *out, const struct incident *i)
{
	str_addc(out, '{');
	put_str(out, "id", i->shown_id);
	put_str(out, "title", i->title);
	put_severity(out, i->severity);
	put_str(out, "status", status_name(i->ms.status));
	put_time(out, "opened_at", i->opened_at);
	put_str(out, "zone", i->zone);
	put_time(out, "started_at", i->ms.at[MS_STARTED]);
	put_time(out, "resolved_at", i->ms.at[MS_RESOLVED]);
	str_addc(out, '}');
}

/* ---- the parts of an incident ------------------------------------------------------------------------------------- */

static enum status put_head(struct writer *w)
{
	struct str *b = &w->b;

	if (w->export) {
		key(b, "tplus");
		str_addf(b, "{\"format\":%d", JSON_EXPORT_FORMAT);
		put_str(b, "version", w->version);
		str_addc(b, '}');
	}
	put_str(b, "id", w->export ? w->i->id : w->i->shown_id);
	put_str(b, "title", w->i->title);
	put_severity(b, w->i->severity);
	put_str(b, "status", status_name(w->i->ms.status));
	put_str(b, "zone", w->i->zone);
	put_time(b, "opened_at", w->i->opened_at);
	return ST_OK;
}

static enum status put_milestones(struct writer *w)
{
	key(&w->b, "milestones");
	str_addc(&w->b, '{');
	for (int m = 0; m < MS_COUNT; m++)
		if (w->i->ms.at[m] != USEC_NONE)
			put_time(&w->b, milestone_name(m), w->i->ms.at[m]);
	str_addc(&w->b, '}');
	return ST_OK;
}

static enum status put_spans(struct writer *w)
{
	struct span all[MS_COUNT * (MS_COUNT - 1) / 2];
	size_t n = span_all(&w->i->ms, all);
	struct str *b = &w->b;

	key(b, "spans");
	str_addc(b, '[');
	for (size_t k = 0; k < n; k++) {
		next(b);
		str_addc(b, '{');
		put_str(b, "from", milestone_name(all[k].from));
		put_str(b, "to", milestone_name(all[k].to));
		put_seconds(b, "seconds", all[k].exact);
		put_seconds(b, "low", all[k].low);
		put_seconds(b, "high", all[k].high);
		str_addc(b, '}');
	}
	str_addc(b, ']');
	return ST_OK;
}

static void put_target(struct str *b, const struct target_clock *c)
{
	next(b);
	str_addc(b, '{');
	put_str(b, "name", c->name);
	put_str(b, "from", milestone_name(c->from));
	put_str(b, "to", milestone_name(c->to));
	put_seconds(b, "limit_seconds", c->limit);
	put_seconds(b, "elapsed_seconds", c->elapsed);
	put_str(b, "state", target_state_name(c->state));
	put_time(b, "due_at", c->due);
	str_addc(b, '}');
}

static enum status put_targets(struct writer *w)
{
	struct policy p;
	usec update = USEC_NONE;
	enum status st = q_policy(w->s, w->i->entity, w->i->severity, &p, w->err);

	if (st == ST_OK)
		st = q_last_update(w->s, w->i->entity, &update, w->err);
	if (st != ST_OK)
		return st;
	struct clock_input in = {
		.ms = &w->i->ms, .policy = &p, .opened_at = w->i->opened_at, .last_update = update, .now = w->now,
	};
	struct target_clock clock[POLICY_TARGETS];
	size_t n = target_clocks(&in, clock);
	key(&w->b, "targets");
	str_addc(&w->b, '[');
	for (size_t k = 0; k < n; k++)
		put_target(&w->b, &clock[k]);
	str_addc(&w->b, ']');
	return ST_OK;
}

static enum status event_out(void *arg, const struct event *e)
{
	struct writer *w = arg;
	char id[33];

	if (w->export) {
		str_hex(id, e->entity.b, sizeof e->entity.b);
		id[EXPORT_SHORT] = '\0';
	} else {
		q_short_id(w->s, e->entity, id);
	}
	put_event(&w->b, e, id);
	return flush(w, PIECE);
}

static enum status put_events(struct writer *w)
{
	key(&w->b, "events");
	str_addc(&w->b, '[');
	enum status st = q_events_each(w->s, w->i->entity, event_out, w, w->err);
	str_addc(&w->b, ']');
	return st;
}

static enum status put_responders(struct writer *w)
{
	struct responders l;
	struct str *b = &w->b;
	enum status st = q_responders(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	key(b, "responders");
	str_addc(b, '[');
	for (size_t k = 0; k < l.n; k++) {
		next(b);
		str_addc(b, '{');
		put_str(b, "name", l.v[k].name);
		put_str(b, "role", l.v[k].role);
		put_time(b, "joined_at", l.v[k].joined_at);
		put_time(b, "left_at", l.v[k].left_at);
		str_addc(b, '}');
	}
	str_addc(b, ']');
	responders_free(&l);
	return ST_OK;
}

static void put_action(struct str *b, const struct action *a)
{
	next(b);
	str_addc(b, '{');
	put_str(b, "number", a->number);
	put_str(b, "text", a->text);
	put_str(b, "owner", a->owner);
	put_str(b, "due", a->due);
	key(b, "priority");
	if (a->priority < 0)
		str_adds(b, "null");
	else
		str_addf(b, "\"P%d\"", a->priority);
	put_str(b, "type", a->type);
	put_str(b, "horizon", a->horizon);
	put_str(b, "ref", a->ref);
	put_str(b, "success", a->success);
	put_str(b, "status", a->status);
	str_addc(b, '}');
}

static enum status put_actions(struct writer *w)
{
	struct actions l;
	enum status st = q_actions(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	key(&w->b, "actions");
	str_addc(&w->b, '[');
	for (size_t k = 0; k < l.n; k++)
		put_action(&w->b, &l.v[k]);
	str_addc(&w->b, ']');
	actions_free(&l);
	return ST_OK;
}

static enum status put_asks(struct writer *w)
{
	struct asks l;
	struct str *b = &w->b;
	enum status st = q_asks(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	key(b, "asks");
	str_addc(b, '[');
	for (size_t k = 0; k < l.n; k++) {
		next(b);
		str_addc(b, '{');
		put_str(b, "number", l.v[k].number);
		put_str(b, "to", l.v[k].to);
		put_str(b, "text", l.v[k].text);
		put_str(b, "status", l.v[k].status);
		put_str(b, "answer", l.v[k].answer);
		put_time(b, "asked_at", l.v[k].asked_at);
		put_time(b, "due_at", l.v[k].due_at);
		put_time(b, "answered_at", l.v[k].answered_at);
		str_addc(b, '}');
	}
	str_addc(b, ']');
	asks_free(&l);
	return ST_OK;
}

static enum status put_hypotheses(struct writer *w)
{
	struct hypotheses l;
	struct str *b = &w->b;
	enum status st = q_hypotheses(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	key(b, "hypotheses");
	str_addc(b, '[');
	for (size_t k = 0; k < l.n; k++) {
		next(b);
		str_addc(b, '{');
		put_str(b, "number", l.v[k].number);
		put_str(b, "text", l.v[k].text);
		put_str(b, "status", l.v[k].status);
		put_str(b, "why", l.v[k].why);
		put_time(b, "raised_at", l.v[k].raised_at);
		str_addc(b, '}');
	}
	str_addc(b, ']');
	hypotheses_free(&l);
	return ST_OK;
}

static enum status put_findings(struct writer *w)
{
	struct findings l;
	struct str *b = &w->b;
	enum status st = q_findings(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	key(b, "findings");
	str_addc(b, '[');
	for (size_t k = 0; k < l.n; k++) {
		next(b);
		str_addc(b, '{');
		put_str(b, "list", l.v[k].list);
		put_str(b, "category", l.v[k].category);
		put_str(b, "title", l.v[k].title);
		put_str(b, "text", l.v[k].text);
		put_lines(b, "points", l.v[k].point, l.v[k].points);
		put_bool(b, "done", l.v[k].done);
		str_addc(b, '}');
	}
	str_addc(b, ']');
	findings_free(&l);
	return ST_OK;
}

/* ---- names and values --------------------------------------------------------------------------------------------- */

struct pair { char *name; const char *value; size_t at; };

static int by_name(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	return c ? c : x->at < y->at ? -1 : x->at > y->at;
}

/* Two files that named the same thing hold two values of it, and names that differ in bytes that are no UTF-8 look alike here: readers of JSON
 * want each name once, so the last one stands. */
static void put_nameds(struct str *b, const char *name, const struct nameds *l)
{
	struct pair *v = xcalloc(l->n + 1, sizeof *v);

	for (size_t k = 0; k < l->n; k++) {
		struct str quoted = STR_INIT;

		json_str(&quoted, l->v[k].name);
		v[k] = (struct pair){ str_take(&quoted), l->v[k].value, k };
	}
	qsort(v, l->n, sizeof *v, by_name);
	key(b, name);
	str_addc(b, '{');
	for (size_t k = 0; k < l->n; k++) {
		if (k + 1 < l->n && strcmp(v[k].name, v[k + 1].name) == 0)
			continue;
		next(b);
		str_adds(b, v[k].name);
		str_addc(b, ':');
		json_str(b, v[k].value);
	}
	str_addc(b, '}');
	for (size_t k = 0; k < l->n; k++)
		free(v[k].name);
	free(v);
}

static enum status put_fields(struct writer *w)
{
	struct nameds l;
	enum status st = q_fields(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	put_nameds(&w->b, "fields", &l);
	nameds_free(&l);
	st = q_sections(w->s, w->i->entity, &l, w->err);
	if (st != ST_OK)
		return st;
	put_nameds(&w->b, "sections", &l);
	nameds_free(&l);
	return ST_OK;
}

static enum status put_conflicts(struct writer *w)
{
	struct conflicts l;
	struct str *b = &w->b;
	enum status st = q_conflicts(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	key(b, "conflicts");
	str_addc(b, '[');
	for (size_t k = 0; k < l.n; k++) {
		next(b);
		str_addc(b, '{');
		put_id(b, "id", l.v[k].entity);
		put_str(b, "type", l.v[k].type);
		put_str(b, "field", l.v[k].field);
		put_str(b, "shown", l.v[k].shown);
		put_lines(b, "others", l.v[k].other, l.v[k].others);
		str_addc(b, '}');
	}
	str_addc(b, ']');
	conflicts_free(&l);
	return ST_OK;
}

static enum status op_out(void *arg, const struct op *o)
{
	struct writer *w = arg;

	next(&w->b);
	op_to_json(o, &w->b);
	return flush(w, PIECE);
}

static enum status put_journal(struct writer *w)
{
	if (!w->export)
		return ST_OK;
	key(&w->b, "journal");
	str_addc(&w->b, '[');
	enum status st = q_ops_each(w->s, w->i->entity, op_out, w, w->err);
	str_addc(&w->b, ']');
	return st;
}

/* ---- the whole ---------------------------------------------------------------------------------------------------- */

static enum status write_incident(struct writer *w)
{
	static enum status (*const parts[])(struct writer *) = {
		put_head, put_milestones, put_spans, put_targets, put_events, put_responders, put_actions, put_asks, put_hypotheses,
		put_findings, put_fields, put_conflicts, put_journal,
	};
	enum status st = ST_OK;

	str_addc(&w->b, '{');
	for (size_t k = 0; k < sizeof parts / sizeof *parts && st == ST_OK; k++)
		st = parts[k](w);
	str_adds(&w->b, "}\n");
	if (st == ST_OK)
		st = flush(w, 0);
	str_free(&w->b);
	return st;
}

enum status json_show(struct store *s, const struct incident *i, usec now, struct mst_sink sink, struct err *err)
{
	struct writer w = { .s = s, .i = i, .now = now, .b = STR_INIT, .sink = sink, .err = err };

	return write_incident(&w);
}

enum status json_export(struct store *s, const struct incident *i, const char *version, struct mst_sink sink, struct err *err)
{
	struct writer w = { .s = s, .i = i, .now = i->opened_at, .export = true, .version = version, .b = STR_INIT, .sink = sink, .err = err };
	struct event last;
	enum status st = q_event_last(s, i->entity, &last, err);

	if (st == ST_OK)
		w.now = last.occurred_at;
	if (st == ST_OK)
		event_clear(&last);
	return st == ST_OK || st == ST_NO ? write_incident(&w) : st;
}
