/* incident.h - the shapes of an incident's parts as the store hands them out.
 * Ownership: every char * belongs to the struct that holds it and is NULL where the value is unknown; the lists below own their rows and are
 * freed with the function named *_free. Text is as people typed it: bytes, not sanitised. Times are µs UTC, USEC_NONE when unknown. */
#ifndef TPLUS_MODEL_INCIDENT_H
#define TPLUS_MODEL_INCIDENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/uuid.h"
#include "model/span.h"

struct incident {
	uuid entity;           /* the incident's identity */
	char *id;              /* INC-2026-0007, as stored; a colliding one is shown with a suffix, see incident_shown_id */
	char *shown_id;        /* id, or id-4f2a where another incident of this store has the same id */
	char *title;
	char *zone;            /* name as zone_load takes it, never NULL ("UTC") */
	int severity;          /* SEV_UNKNOWN */
	usec opened_at;
	struct stamp_base opened_base;
	struct milestones ms;  /* in force; ms.status is the status */
};
struct incidents { struct incident *v; size_t n; };

/* Position of an event in its incident's timeline: by time, then by the order of recording. */
struct event_key { usec at; int64_t hlc; int64_t n; };

struct event {
	int64_t n;             /* local row number: grows with arrival here, differs between hosts, never shown */
	int64_t hlc;           /* of its first op; breaks ties of occurred_at */
	uuid entity, incident;
	usec occurred_at, recorded_at;
	int approx_s;
	enum kind kind;
	int milestone;         /* MS_NONE; MS_REOPEN for a reopen */
	char *actor;           /* who did it; NULL: nobody was named, the author is meant */
	char *author;          /* who recorded it */
	char *text;
	char *why;             /* the reason a line was struck */
	bool struck, edited, conflict;
	uuid subject;          /* the ask, hypothesis, responder or action it speaks of; zero: none */
	char **detail;         /* lines; filled by queries that say so */
	size_t details;
};
struct events { struct event *v; size_t n, cap; };

/* offered_at: the role was handed over to them then; while joined_at is USEC_NONE they have not accepted it, and whoever held it still does. */
struct responder { uuid entity; char *name, *role; usec joined_at, left_at, offered_at; };
bool responder_here(const struct responder *r);    /* joined and has not left */
bool responder_offered(const struct responder *r); /* was offered the role and has neither accepted nor left */
struct responders { struct responder *v; size_t n; };

/* Span of control: who reports to the commander, that is everybody here who is no IC, each once. More than SPAN_OF_CONTROL is too many for one. */
enum { SPAN_OF_CONTROL = 7 };
size_t responders_direct(const struct responders *l);

struct action {
	uuid entity;
	char *number;          /* AI-1; with a suffix where it collides */
	char *text, *owner, *due /* YYYY-MM-DD or as typed */, *type, *horizon, *ref, *success, *status;
	int priority;          /* 0-3, -1 unknown */
	usec created_at;
};
struct actions { struct action *v; size_t n; };

struct ask { uuid entity; char *number, *to, *text, *status, *answer; usec asked_at, due_at, answered_at; struct stamp_base base; };
struct asks { struct ask *v; size_t n; };

struct hypothesis { uuid entity; char *number, *text, *status, *why; usec raised_at; };
struct hypotheses { struct hypothesis *v; size_t n; };

struct finding { uuid entity; char *list, *category, *title, *text, *scope; char **point; size_t points; bool done; usec said_at; };
struct findings { struct finding *v; size_t n; };

struct named { char *name, *value; };  /* a field or a section */
struct nameds { struct named *v; size_t n; };

/* A row of a document's tables: a metric, relation, link, signoff or code block. Its values are those of record_type.attrs, sorted by name, each
 * present and not empty. */
struct record { uuid entity; char *type; struct nameds values; usec recorded_at; char *author; };
struct records { struct record *v; size_t n; };
struct record_type { const char *name, *plural; const char *const *attrs; /* in the order of JSON; ends with NULL */ };
extern const struct record_type record_types[]; /* metric relation link signoff code; ends with name NULL */
const char *record_get(const struct record *r, const char *name); /* NULL: not known */

/* Alarms are quiet until then; the clocks go on. until USEC_NONE: never snoozed. */
struct snooze { usec until; char *why, *by; };
void snooze_clear(struct snooze *z);

/* One severity the incident had: the ledger. The first row is the severity at opening. */
struct severity_step { int severity; usec at; char *why, *author; };
struct severity_steps { struct severity_step *v; size_t n; };

struct conflict { uuid entity; char *type, *field, *shown; char **other; size_t others; };
struct conflicts { struct conflict *v; size_t n; };

void incident_clear(struct incident *i);
void event_clear(struct event *e);
void incidents_free(struct incidents *l);
void events_free(struct events *l);
void responders_free(struct responders *l);
void actions_free(struct actions *l);
void asks_free(struct asks *l);
void hypotheses_free(struct hypotheses *l);
void findings_free(struct findings *l);
void nameds_free(struct nameds *l);
void records_free(struct records *l);
void severity_steps_free(struct severity_steps *l);
void conflicts_free(struct conflicts *l);

#endif
