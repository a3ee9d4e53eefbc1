/* query-clock.c - what clocks are made of: steps of the wall clock, snoozes, and everything else in one go. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/db.h"
#include "store/query.h"

/* ---- steps ---------------------------------------------------------------------------------------------------------- */

/* The pluses and CROSS JOINs in this file keep SQLite on the few events of a kind: left alone it walks the timeline, or the journal, in an
 * order that spares it a sort. */
enum status clock_steps_read(struct store *s, uuid incident, struct clock_steps *out, struct err *err)
{
	*out = (struct clock_steps){ 0 };
	sqlite3_stmt *q = db_sql(s, "SELECT o.boot_id, o.boottime_us FROM event e CROSS JOIN attr a ON a.entity = e.entity AND a.incident = e.incident AND "
		"a.name = 'step_us' CROSS JOIN op o ON o.entity = e.entity AND +o.incident = e.incident AND o.kind = 'event.new' WHERE e.incident = ?1 AND "
		"e.kind = 'system' AND e.kind <> 'note' AND e.hidden = 0 AND e.struck IS NOT 1 AND o.boot_id IS NOT NULL AND o.boottime_us IS NOT NULL "
		"ORDER BY o.boot_id, o.boottime_us, e.entity", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	size_t cap = 0;
	int rc;
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		out->v = xgrow(out->v, &cap, out->n + 1, sizeof *out->v);
		out->v[out->n++] = (struct clock_step){ db_uuid(q, 0), db_int(q, 1, 0) };
	}
	enum status st = rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	return st;
}

/* Steps are sorted by boot: a boot's number is the position of its first step. */
static struct stamp_base base_at(const struct clock_steps *steps, uuid boot, usec at)
{
	struct stamp_base b = { .at = at };
	for (size_t i = 0; i < steps->n; i++) {
		if (!uuid_eq(steps->v[i].boot, boot))
			continue;
		b.boot = b.boot ? b.boot : (unsigned)i + 1;
		b.steps += steps->v[i].at <= at;
	}
	return b;
}

/* A time that was changed later is somebody's word, and no clock's: it has no base. */
void clock_base(struct store *s, const struct clock_steps *steps, uuid incident, uuid entity, usec t, struct stamp_base *out)
{
	*out = (struct stamp_base){ 0 };
	sqlite3_stmt *q = db_sql(s, "SELECT wall_us, boot_id, boottime_us FROM op WHERE entity = ?1 AND incident = ?2 AND substr(kind, -4) = '.new' AND "
		"boot_id IS NOT NULL AND boottime_us IS NOT NULL AND instr(body, ?3) > 0 ORDER BY hlc LIMIT 1", NULL);
	if (!q)
		return;
	char *written = str_fmt(":%lld", (long long)t);
	db_bind_uuid(q, 1, entity);
	db_bind_uuid(q, 2, incident);
	db_bind_text(q, 3, written);
	if (sqlite3_step(q) == SQLITE_ROW)
		*out = base_at(steps, db_uuid(q, 1), db_int(q, 2, 0) - (db_int(q, 0, 0) - t));
	db_done(q);
	free(written);
}

struct stamp_base clock_here(struct store *s, const struct clock_steps *steps)
{
	uuid boot;
	memcpy(boot.b, s->clock->boot_id, sizeof boot.b);
	return base_at(steps, boot, INT64_MAX);
}

/* ---- snooze --------------------------------------------------------------------------------------------------------- */

enum status q_snooze(struct store *s, uuid incident, struct snooze *out, struct err *err)
{
	*out = (struct snooze){ .until = USEC_NONE };
	sqlite3_stmt *q = db_sql(s, "SELECT a.value, e.why, ifnull(e.actor, e.author) FROM event e JOIN attr a ON a.entity = e.entity AND "
		"a.incident = e.incident AND a.name = 'until' AND typeof(a.value) = 'integer' WHERE e.incident = ?1 AND e.kind = 'system' AND "
		"e.kind <> 'note' AND e.hidden = 0 AND e.struck IS NOT 1 ORDER BY e.occurred_at DESC, +e.hlc DESC, +e.entity DESC LIMIT 1", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	int rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		*out = (struct snooze){ db_int(q, 0, USEC_NONE), db_text(q, 1), db_text(q, 2) };
	enum status st = rc == SQLITE_ROW || rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	return st;
}

enum status q_event_number(struct store *s, uuid event, const char *field, int64_t *out, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "SELECT value FROM attr WHERE entity = ?1 AND name = ?2 AND typeof(value) = 'integer'", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, event);
	db_bind_text(q, 2, field);
	int rc = sqlite3_step(q);
	*out = rc == SQLITE_ROW ? db_int(q, 0, 0) : 0;
	db_done(q);
	return rc == SQLITE_ROW ? ST_OK : ST_NO;
}

/* ---- all of it ------------------------------------------------------------------------------------------------------ */

static enum status read_update(struct store *s, const struct incident *i, const struct clock_steps *steps, struct clock_facts *out, struct err *err)
{
	out->last_update = USEC_NONE;
	sqlite3_stmt *q = db_sql(s, "SELECT occurred_at, entity FROM event WHERE incident = ?1 AND kind = 'update' AND kind <> 'note' AND hidden = 0 AND "
		"struck IS NOT 1 ORDER BY occurred_at DESC, +hlc DESC, +entity DESC LIMIT 1", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, i->entity);
	int rc = sqlite3_step(q);
	uuid entity = { { 0 } };
	if (rc == SQLITE_ROW) {
		out->last_update = db_int(q, 0, USEC_NONE);
		entity = db_uuid(q, 1);
	}
	enum status st = rc == SQLITE_ROW || rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	if (steps->n && out->last_update != USEC_NONE)
		clock_base(s, steps, i->entity, entity, out->last_update, &out->update_base);
	return st;
}

static enum status read_facts(struct store *s, const struct incident *i, struct clock_facts *out, struct err *err)
{
	struct clock_steps steps = { 0 };
	enum status st = q_policy(s, i->entity, i->severity, &out->policy, err);
	if (st == ST_OK && i->ms.here.boot)
		st = clock_steps_read(s, i->entity, &steps, err);
	if (st == ST_OK)
		st = read_update(s, i, &steps, out, err);
	if (st == ST_OK)
		st = q_asks(s, i->entity, &out->asks, err);
	for (size_t k = 0; steps.n && k < out->asks.n; k++)
		clock_base(s, &steps, i->entity, out->asks.v[k].entity, out->asks.v[k].asked_at, &out->asks.v[k].base);
	free(steps.v);
	if (st == ST_OK)
		st = q_responders(s, i->entity, &out->responders, err);
	if (st == ST_OK)
		st = q_fields(s, i->entity, &out->fields, err);
	return st == ST_OK ? q_snooze(s, i->entity, &out->snooze, err) : st;
}

enum status q_clock_facts(struct store *s, const struct incident *i, struct clock_facts *out, struct err *err)
{
	*out = (struct clock_facts){ .last_update = USEC_NONE, .snooze = { .until = USEC_NONE } };
	bool begun = store_read_begin(s);
	enum status st = read_facts(s, i, out, err);
	store_read_end(s, begun);
	if (st != ST_OK)
		clock_facts_free(out);
	return st;
}

void clock_facts_free(struct clock_facts *f)
{
	asks_free(&f->asks);
	responders_free(&f->responders);
	nameds_free(&f->fields);
	snooze_clear(&f->snooze);
}

struct clock_input clock_input_of(const struct incident *i, const struct clock_facts *f, usec now, usec boot)
{
	return (struct clock_input){ .ms = &i->ms, .policy = &f->policy, .opened_at = i->opened_at, .last_update = f->last_update, .now = now,
		.responders = &f->responders, .fields = &f->fields, .boot = boot, .opened_base = i->opened_base, .update_base = f->update_base };
}

usec q_boot(struct store *s)
{
	return s->clock->boot(s->clock);
}

usec incident_elapsed(const struct incident *i, usec now, usec boot)
{
	const struct milestones *ms = &i->ms;
	const struct stamp_base *base = ms->at[MS_STARTED] != USEC_NONE ? &ms->base[MS_STARTED] : &i->opened_base;
	usec from = ms->at[MS_STARTED] != USEC_NONE ? ms->at[MS_STARTED] : i->opened_at, between;
	if (!status_is_closed(ms->status)) {
		struct clock_input in = { .ms = ms, .now = now, .boot = boot };
		return clock_since(&in, from, base);
	}
	return base_between(base, &ms->base[MS_CLOSED], &between) ? between : ms->at[MS_CLOSED] - from;
}
