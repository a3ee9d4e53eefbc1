#include <stdlib.h>
#include <string.h>

#include "ui/state.h"

static void facts_free(struct facts *f)
{
	incident_clear(&f->incident);
	responders_free(&f->responders);
	actions_free(&f->actions);
	asks_free(&f->asks);
	hypotheses_free(&f->hypotheses);
	severity_steps_free(&f->steps);
	memset(f, 0, sizeof *f);
}

static void people_free(char **people, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(people[i]);
	free(people);
}

void state_free(struct state *s)
{
	facts_free(&s->facts);
	incidents_free(&s->all);
	people_free(s->people, s->people_n);
	store_close(s->store);
	memset(s, 0, sizeof *s);
}

enum load state_result(struct state *s, enum status st)
{
	if (st == ST_OK || st == ST_NO)
		return LOAD_OK;
	return s->store && store_busy(s->store) ? LOAD_BUSY : LOAD_FAILED;
}

enum load state_open(struct state *s)
{
	struct store_opts o = { .path = s->path, .mode = STORE_SCREEN, .clock = s->clock };
	enum status st;

	if (s->store)
		return LOAD_OK;
	o.network = getenv("TPLUS_NETWORK_FS") != NULL;
	st = store_open(&s->store, &o, &s->err);
	/* A file that is not there yet is no failure; one that cannot be read just now may be in a writer's hands, or left over by a dead one. */
	return st == ST_OK || st == ST_NO ? LOAD_OK : LOAD_BUSY;
}

bool state_changed(struct state *s)
{
	int64_t v = s->store ? store_data_version(s->store) : -1;

	return v >= 0 && v != s->version;
}

static enum status load_events(struct store *s, struct facts *f, struct err *err)
{
	struct event e = { 0 };
	enum status st = q_event_last(s, f->incident.entity, &e, err);

	f->last_at = f->prev_at = USEC_NONE;
	if (st == ST_NO)
		return ST_OK;
	if (st == ST_OK) {
		f->last_at = e.occurred_at;
		event_clear(&e);
		st = q_event_last_recorded(s, f->incident.entity, NULL, &e, err);
	}
	if (st == ST_OK) {
		f->prev_at = e.occurred_at;
		f->last_n = e.n;
		event_clear(&e);
	}
	return st;
}

static enum status load_facts(struct store *s, uuid id, struct facts *f, struct err *err)
{
	enum status st = q_incident(s, id, &f->incident, err);

	if (st == ST_OK)
		st = q_policy(s, id, f->incident.severity, &f->policy, err);
	if (st == ST_NO) /* no limits */
		st = ST_OK;
	if (st == ST_OK)
		st = load_events(s, f, err);
	if (st == ST_OK)
		st = q_responders(s, id, &f->responders, err);
	if (st == ST_OK)
		st = q_actions(s, id, &f->actions, err);
	if (st == ST_OK)
		st = q_asks(s, id, &f->asks, err);
	if (st == ST_OK)
		st = q_hypotheses(s, id, &f->hypotheses, err);
	if (st == ST_OK)
		st = q_severity_steps(s, id, &f->steps, err);
	if (st == ST_OK)
		st = q_last_update(s, id, &f->last_update, err);
	return st;
}

/* The zone cache is not made for two threads; ours is asked only for a name it was not asked for before. */
static const struct zone *zone_of(const struct state *s, const struct facts *f)
{
	const struct zone *z = s->facts.zone;

	if (z && str_eq(zone_name(z), f->incident.zone))
		return z;
	return zone_load(f->incident.zone, &z, NULL) == ST_OK ? z : zone_utc();
}

enum load state_load(struct state *s)
{
	struct facts f = { 0 };
	int64_t version;
	char **people = NULL;
	size_t people_n = 0;
	enum status st = ST_OK;

	if (!s->store)
		return LOAD_OK;
	version = store_data_version(s->store);
	if (version < 0)
		return LOAD_BUSY;
	if (s->have)
		st = load_facts(s->store, s->incident, &f, &s->err);
	if (st == ST_OK)
		st = q_people(s->store, s->incident, 200, &people, &people_n, &s->err);
	if (st != ST_OK) {
		facts_free(&f);
		if (st == ST_NO) {
			s->have = false;
			return LOAD_OK;
		}
		return state_result(s, st);
	}
	if (s->have) {
		f.zone = zone_of(s, &f);
		facts_free(&s->facts);
		s->facts = f;
	}
	people_free(s->people, s->people_n);
	s->people = people;
	s->people_n = people_n;
	s->version = version;
	return LOAD_OK;
}

enum load state_load_all(struct state *s)
{
	struct incidents all = { 0 };
	enum status st;

	if (!s->store)
		return LOAD_OK;
	st = q_incidents(s->store, &all, &s->err);
	if (st != ST_OK) {
		incidents_free(&all);
		return state_result(s, st);
	}
	incidents_free(&s->all);
	s->all = all;
	s->open = 0;
	for (size_t i = 0; i < all.n; i++)
		s->open += !status_is_closed(all.v[i].ms.status);
	return LOAD_OK;
}

/* ---- what follows from it ---- */

usec state_began(const struct facts *f)
{
	usec t = f->incident.ms.at[MS_STARTED];

	return t != USEC_NONE ? t : f->incident.opened_at;
}

struct when_ctx state_when(const struct state *s, usec now)
{
	struct when_ctx w = { .now = now, .zone = zone_utc(), .prev = USEC_NONE, .last = USEC_NONE };

	if (s->have) {
		w.zone = s->facts.zone;
		w.prev = s->facts.prev_at;
		w.last = s->facts.last_at;
	}
	return w;
}

size_t state_dues(const struct facts *f, usec now, struct due *out, size_t max)
{
	struct clock_input in = { &f->incident.ms, &f->policy, f->incident.opened_at, f->last_update, now };
	return due_list(&in, &f->asks, out, max);
}
