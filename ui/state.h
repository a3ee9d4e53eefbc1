/* state.h - what the screen knows of the incident it shows, read in one go over its own connection, which never waits. A busy file leaves
 * everything as it was: the screen draws from memory and asks again. */
#ifndef TPLUS_UI_STATE_H
#define TPLUS_UI_STATE_H

#include "base/when.h"
#include "base/zone.h"
#include "model/due.h"
#include "model/incident.h"
#include "model/policy.h"
#include "model/target.h"
#include "store/query.h"

enum load { LOAD_OK, LOAD_BUSY, LOAD_FAILED };

struct facts {              /* of one incident */
	struct incident incident;
	const struct zone *zone; /* of the incident */
	struct clock_facts clocks; /* policy, responders, asks, fields, last update, snooze */
	struct actions actions;
	struct severity_steps steps;
	usec last_at;           /* occurred_at of the last event */
	usec prev_at;           /* of the one recorded last */
	int64_t last_n;         /* its row number; 0: there is none */
};

struct other {              /* another open incident: what its clocks are made of. It is the one of all at position i */
	uuid entity;
	size_t i;
	bool have, fresh;       /* clocks were read; since the list was */
	struct clock_facts clocks;
};

struct state {
	const char *path;       /* of the database */
	struct clock *clock;
	struct store *store;    /* NULL: there is no file yet */
	int64_t version;        /* data_version as of the last load */
	bool have;              /* an incident is shown: facts are its */
	uuid incident;
	struct facts facts;
	struct incidents all;   /* for the list; loaded by state_load_all */
	size_t open;            /* how many of all are open */
	struct other *others;   /* those open ones of all that are not shown, in its order */
	size_t others_n;
	char **people;
	size_t people_n;
	struct err err;         /* of LOAD_FAILED */
};

enum load state_open(struct state *s);          /* the connection, if the file is there by now; LOAD_BUSY: a writer must look at it first */
void state_free(struct state *s);
bool state_changed(struct state *s);            /* another connection has committed since the last load */
enum load state_load(struct state *s);          /* facts anew; also notes the version */
enum load state_load_people(struct state *s);   /* for completion */
enum load state_load_all(struct state *s);      /* what the first paint can do without: all incidents and, for completion, people */
enum load state_result(struct state *s, enum status st); /* of a query on the store: busy or failed? */

enum load state_load_others(struct state *s);   /* a few of the others' clocks a call: ask again until none is stale */
bool state_others_stale(const struct state *s);

struct clock_input state_clocks(const struct facts *f, usec now, usec boot);

usec state_began(const struct facts *f);        /* what T+ counts from */
struct when_ctx state_when(const struct state *s, usec now);

#endif
