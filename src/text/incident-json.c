/* incident-json.c - see incident-json.h. parts[] has the order of the keys. */
#include <string.h>

#include "base/when.h"
#include "model/target.h"
#include "text/escape.h"
#include "text/incident-json-impl.h"

enum { PIECE = 64 << 10, EXPORT_SHORT = 12 };

/* ---- pieces ---- */

/* A comma where something stands before. The buffer is only ever emptied behind a value. */
void json_next(struct str *b)
{
	if (b->len == 0 || !strchr("{[", b->s[b->len - 1]))
		str_addc(b, ',');
}

void json_key(struct str *b, const char *name)
{
	json_next(b);
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

void json_put_str(struct str *b, const char *name, const char *text)
{
	json_key(b, name);
	json_str(b, text);
}

void json_put_time(struct str *b, const char *name, usec t)
{
	json_key(b, name);
	json_time(b, t);
}

static void put_seconds(struct str *b, const char *name, usec d)
{
	json_key(b, name);
	json_seconds(b, d);
}

void json_put_bool(struct str *b, const char *name, bool yes)
{
	json_key(b, name);
	str_adds(b, yes ? "true" : "false");
}

static void put_severity(struct str *b, int severity)
{
	json_key(b, "severity");
	if (severity == SEV_UNKNOWN)
		str_adds(b, "null");
	else
		str_addf(b, "\"SEV-%d\"", severity);
}

void json_put_lines(struct str *b, const char *name, char *const *line, size_t n)
{
	json_key(b, name);
	str_addc(b, '[');
	for (size_t k = 0; k < n; k++) {
		json_next(b);
		json_str(b, line[k]);
	}
	str_addc(b, ']');
}

void json_put_id(struct str *b, const char *name, uuid u)
{
	char hex[33];

	str_hex(hex, u.b, sizeof u.b);
	json_put_str(b, name, hex);
}

static enum status flush(struct json_writer *w, size_t above)
{
	enum status st = ST_OK;

	if (w->b.len > above) {
		st = w->sink.write(w->sink.arg, w->b.s, w->b.len, w->err);
		str_reset(&w->b);
	}
	return st;
}

/* ---- one event, one row ---- */

static void put_event(struct str *b, const struct event *e, const char *short_id)
{
	json_next(b);
	str_addc(b, '{');
	json_put_id(b, "id", e->entity);
	json_put_str(b, "short", short_id);
	json_put_time(b, "occurred_at", e->occurred_at);
	json_key(b, "approx_seconds");
	str_addf(b, "%d", e->approx_s);
	json_put_time(b, "recorded_at", e->recorded_at);
	json_put_str(b, "kind", kind_name(e->kind));
	json_put_str(b, "milestone", e->milestone == MS_NONE ? NULL : milestone_name(e->milestone));
	json_put_str(b, "actor", e->actor ? e->actor : e->author);
	json_put_str(b, "text", e->text);
	json_put_lines(b, "detail", e->detail, e->details);
	json_put_bool(b, "struck", e->struck);
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
	json_put_str(out, "id", i->shown_id);
	json_put_str(out, "title", i->title);
	put_severity(out, i->severity);
	json_put_str(out, "status", status_name(i->ms.status));
	json_put_time(out, "opened_at", i->opened_at);
	json_put_str(out, "zone", i->zone);
	json_put_time(out, "started_at", i->ms.at[MS_STARTED]);
	json_put_time(out, "resolved_at", i->ms.at[MS_RESOLVED]);
	str_addc(out, '}');
}

/* ---- the parts of an incident ---- */

static enum status put_head(struct json_writer *w)
{
	struct str *b = &w->b;

	if (w->export) {
		json_key(b, "tplus");
		str_addf(b, "{\"format\":%d", JSON_EXPORT_FORMAT);
		json_put_str(b, "version", w->version);
		str_addc(b, '}');
	}
	json_put_str(b, "id", w->export ? w->i->id : w->i->shown_id);
	json_put_str(b, "title", w->i->title);
	put_severity(b, w->i->severity);
	json_put_str(b, "status", status_name(w->i->ms.status));
	json_put_str(b, "zone", w->i->zone);
	json_put_time(b, "opened_at", w->i->opened_at);
	return ST_OK;
}

static enum status put_milestones(struct json_writer *w)
{
	json_key(&w->b, "milestones");
	str_addc(&w->b, '{');
	for (int m = 0; m < MS_COUNT; m++)
		if (w->i->ms.at[m] != USEC_NONE)
			json_put_time(&w->b, milestone_name(m), w->i->ms.at[m]);
	str_addc(&w->b, '}');
	return ST_OK;
}

static enum status put_spans(struct json_writer *w)
{
	struct span all[MS_COUNT * (MS_COUNT - 1) / 2];
	size_t n = span_all(&w->i->ms, all);
	struct str *b = &w->b;

	json_key(b, "spans");
	str_addc(b, '[');
	for (size_t k = 0; k < n; k++) {
		json_next(b);
		str_addc(b, '{');
		json_put_str(b, "from", milestone_name(all[k].from));
		json_put_str(b, "to", milestone_name(all[k].to));
		put_seconds(b, "seconds", all[k].exact);
		put_seconds(b, "low", all[k].low);
		put_seconds(b, "high", all[k].high);
		if (all[k].boot_clock)
			json_put_bool(b, "boot_clock", true);
		str_addc(b, '}');
	}
	str_addc(b, ']');
	return ST_OK;
}

static void put_target(struct str *b, const struct target_clock *c)
{
	json_next(b);
	str_addc(b, '{');
	json_put_str(b, "name", c->name);
	json_put_str(b, "from", milestone_name(c->from));
	json_put_str(b, "to", milestone_name(c->to));
	put_seconds(b, "limit_seconds", c->limit);
	put_seconds(b, "elapsed_seconds", c->elapsed);
	json_put_str(b, "state", target_state_name(c->state));
	json_put_time(b, "due_at", c->due);
	str_addc(b, '}');
}

static enum status put_targets(struct json_writer *w)
{
	struct clock_facts f;
	enum status st = q_clock_facts(w->s, w->i, &f, w->err);

	if (st != ST_OK)
		return st;
	struct clock_input in = clock_input_of(w->i, &f, w->now, w->export ? USEC_NONE : q_boot(w->s));
	struct target_clock clock[POLICY_TARGETS];
	size_t n = target_clocks(&in, clock);
	json_key(&w->b, "targets");
	str_addc(&w->b, '[');
	for (size_t k = 0; k < n; k++)
		put_target(&w->b, &clock[k]);
	str_addc(&w->b, ']');
	clock_facts_free(&f);
	return ST_OK;
}

static enum status event_out(void *arg, const struct event *e)
{
	struct json_writer *w = arg;
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

static enum status put_events(struct json_writer *w)
{
	json_key(&w->b, "events");
	str_addc(&w->b, '[');
	enum status st = q_events_each(w->s, w->i->entity, event_out, w, w->err);
	str_addc(&w->b, ']');
	return st;
}

static enum status op_out(void *arg, const struct op *o)
{
	struct json_writer *w = arg;

	json_next(&w->b);
	op_to_json(o, &w->b);
	return flush(w, PIECE);
}

static enum status put_journal(struct json_writer *w)
{
	if (!w->export)
		return ST_OK;
	json_key(&w->b, "journal");
	str_addc(&w->b, '[');
	enum status st = q_ops_each(w->s, w->i->entity, op_out, w, w->err);
	str_addc(&w->b, ']');
	return st;
}

/* ---- the whole ---- */

static enum status write_incident(struct json_writer *w)
{
	static enum status (*const parts[])(struct json_writer *) = {
		put_head,
		put_milestones,
		put_spans,
		put_targets,
		put_events,
		json_responders,
		json_actions,
		json_asks,
		json_hypotheses,
		json_findings,
		json_fields,
		json_conflicts,
		json_records,
		json_severities,
		json_clocks,
		put_journal,
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
	struct json_writer w = { .s = s, .i = i, .now = now, .b = STR_INIT, .sink = sink, .err = err };

	return write_incident(&w);
}

enum status json_export(
	struct store *s, const struct incident *i, const char *version, struct mst_sink sink, struct err *err)
{
	struct json_writer w = { .s = s,
		.i = i,
		.now = i->opened_at,
		.export = true,
		.version = version,
		.b = STR_INIT,
		.sink = sink,
		.err = err };
	struct event last;
	enum status st = q_event_last(s, i->entity, &last, err);

	if (st == ST_OK)
		w.now = last.occurred_at;
	if (st == ST_OK)
		event_clear(&last);
	return st == ST_OK || st == ST_NO ? write_incident(&w) : st;
}
