#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/state.h"

enum { OTHERS_AT_ONCE = 8, PEOPLE = 200 }; /* for completion: the latest */

static void facts_free(struct facts *f)
{
	incident_clear(&f->incident);
	clock_facts_free(&f->clocks);
	actions_free(&f->actions);
	severity_steps_free(&f->steps);
	memset(f, 0, sizeof *f);
}

static void people_free(char **people, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(people[i]);
	free(people);
}

static void others_free(struct other *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		clock_facts_free(&v[i].clocks);
	free(v);
}

void state_free(struct state *s)
{
	facts_free(&s->facts);
	incidents_free(&s->all);
	others_free(s->others, s->others_n);
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
	if (s->store && store_moved(s->store)) { /* what is shown stays on the screen until there is a file again */
		store_close(s->store);
		s->store = NULL;
		s->version = -1;
		return true;
	}
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
		st = q_clock_facts(s, &f->incident, &f->clocks, err);
	if (st == ST_OK)
		st = load_events(s, f, err);
	if (st == ST_OK)
		st = q_actions(s, id, &f->actions, err);
	if (st == ST_OK)
		st = q_severity_steps(s, id, &f->steps, err);
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
	enum status st = ST_OK;
	bool begun;

	if (!s->store)
		return LOAD_OK;
	version = store_data_version(s->store);
	if (version < 0)
		return LOAD_BUSY;
	begun = store_read_begin(s->store);
	if (s->have)
		st = load_facts(s->store, s->incident, &f, &s->err);
	store_read_end(s->store, begun);
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
	s->version = version;
	return LOAD_OK;
}

enum load state_load_people(struct state *s)
{
	char **people = NULL;
	size_t n = 0;
	enum status st;

	if (!s->store)
		return LOAD_OK;
	st = q_people(s->store, s->incident, PEOPLE, &people, &n, &s->err);

	if (st != ST_OK)
		return state_result(s, st);
	people_free(s->people, s->people_n);
	s->people = people;
	s->people_n = n;
	return LOAD_OK;
}

/* What was known of them stays until it is read anew. */
static void note_others(struct state *s)
{
	struct other *v = xcalloc(s->open + 1, sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < s->all.n; i++) {
		const struct incident *in = &s->all.v[i];

		if (status_is_closed(in->ms.status) || (s->have && uuid_eq(in->entity, s->incident)))
			continue;
		v[n] = (struct other){ .entity = in->entity, .i = i };
		for (size_t k = 0; k < s->others_n; k++) {
			struct other *was = &s->others[k];

			if (!was->have || !uuid_eq(was->entity, in->entity))
				continue;
			v[n].clocks = was->clocks;
			v[n].have = true;
			memset(was, 0, sizeof *was);
		}
		n++;
	}
	others_free(s->others, s->others_n);
	s->others = v;
	s->others_n = n;
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
	note_others(s);
	return state_load_people(s);
}

bool state_others_stale(const struct state *s)
{
	for (size_t i = 0; i < s->others_n; i++) {
		if (!s->others[i].fresh)
			return true;
	}
	return false;
}

enum load state_load_others(struct state *s)
{
	size_t read = 0;

	for (size_t i = 0; s->store && i < s->others_n && read < OTHERS_AT_ONCE; i++) {
		struct other *o = &s->others[i];
		struct clock_facts f;
		enum status st;

		if (o->fresh)
			continue;
		st = q_clock_facts(s->store, &s->all.v[o->i], &f, &s->err);
		if (st != ST_OK)
			return state_result(s, st);
		clock_facts_free(&o->clocks);
		o->clocks = f;
		o->have = o->fresh = true;
		read++;
	}
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

struct clock_input state_clocks(const struct facts *f, usec now, usec boot)
{
	return clock_input_of(&f->incident, &f->clocks, now, boot);
}
