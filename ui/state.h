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
	struct policy policy;
	struct responders responders;
	struct actions actions;
	struct asks asks;
	struct hypotheses hypotheses;
	struct severity_steps steps;
	usec last_update;
	usec last_at;           /* occurred_at of the last event */
	usec prev_at;           /* of the one recorded last */
	int64_t last_n;         /* its row number; 0: there is none */
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
	char **people;
	size_t people_n;
	struct err err;         /* of LOAD_FAILED */
};

enum load state_open(struct state *s);          /* the connection, if the file is there by now; LOAD_BUSY: a writer must look at it first */
void state_free(struct state *s);
bool state_changed(struct state *s);            /* another connection has committed since the last load */
enum load state_load(struct state *s);          /* facts and people anew; also notes the version */
enum load state_load_all(struct state *s);
enum load state_result(struct state *s, enum status st); /* of a query on the store: busy or failed? */

size_t state_dues(const struct facts *f, usec now, struct due *out, size_t max); /* due_list of what is shown */

usec state_began(const struct facts *f);        /* what T+ counts from */
struct when_ctx state_when(const struct state *s, usec now);

#endif
