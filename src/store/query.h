/* query.h - reading the projections. Every function returns ST_OK, ST_NO (not found) or ST_IO; lists come back owned by the caller.
 * Struck events are included (they stay visible), hidden ones never. */
#ifndef TPLUS_STORE_QUERY_H
#define TPLUS_STORE_QUERY_H

#include "model/incident.h"
#include "model/policy.h"
#include "store/store.h"

/* Incidents, newest opened first. */
enum status q_incidents(struct store *s, struct incidents *out, struct err *err);
enum status q_incidents_open(struct store *s, struct incidents *out, struct err *err); /* those not closed */
enum status q_incident(struct store *s, uuid entity, struct incident *out, struct err *err);
/* By id (INC-2026-0007, case folded, with or without collision suffix), by its number alone when unique (7, 0007), or a unique prefix of the id or
 * entity. ST_NO names the candidates when ambiguous. */
enum status q_incident_find(struct store *s, const char *word, struct incident *out, struct err *err);
enum status q_incident_next_id(struct store *s, const char *scheme, int year, struct str *out, struct err *err); /* scheme: "INC-%Y-%4N" */

/* The timeline, by key. Pages read only the rows they return (no OFFSET, no count). Detail lines are filled. */
struct event_key event_key_of(const struct event *e);
extern const struct event_key event_key_first, event_key_last;  /* before and after everything */
enum status q_events_after(struct store *s, uuid incident, struct event_key after, size_t limit, struct events *out, struct err *err);
enum status q_events_before(struct store *s, uuid incident, struct event_key before, size_t limit, struct events *out, struct err *err); /* ascending, too */
enum status q_events_arrived(struct store *s, uuid incident, int64_t after_n, size_t limit, struct events *out, struct err *err); /* by row number n */
enum status q_event(struct store *s, uuid entity, struct event *out, struct err *err);
enum status q_event_last(struct store *s, uuid incident, struct event *out, struct err *err);          /* latest occurred_at */
/* The event recorded last here by this author; by anybody when author is NULL. */
enum status q_event_last_recorded(struct store *s, uuid incident, const char *author, struct event *out, struct err *err);
enum status q_last_update(struct store *s, uuid incident, usec *at, struct err *err);                  /* USEC_NONE */
/* Streams the whole timeline in order without holding it; fn returning other than ST_OK stops. The event is valid during the call. */
enum status q_events_each(struct store *s, uuid incident, enum status (*fn)(void *arg, const struct event *e), void *arg, struct err *err);

/* An id as people type it: a unique prefix (>= 1 digit) of an event's entity. ST_NO lists the candidates when ambiguous. incident: zero for any. */
enum status q_event_find(struct store *s, uuid incident, const char *word, struct event *out, struct err *err);
void q_short_id(struct store *s, uuid event, char out[33]); /* the shortest unique prefix, at least 4 digits */

enum status q_responders(struct store *s, uuid incident, struct responders *out, struct err *err);  /* by joined_at, past ones included */
enum status q_actions(struct store *s, uuid incident, struct actions *out, struct err *err);        /* by number; dropped ones included */
enum status q_asks(struct store *s, uuid incident, struct asks *out, struct err *err);
enum status q_hypotheses(struct store *s, uuid incident, struct hypotheses *out, struct err *err);
enum status q_findings(struct store *s, uuid incident, struct findings *out, struct err *err);      /* points filled */
enum status q_findings_of(struct store *s, uuid event, uuid **out, size_t *n, struct err *err);      /* made of this event; free(*out) */
enum status q_fields(struct store *s, uuid incident, struct nameds *out, struct err *err);
enum status q_sections(struct store *s, uuid incident, struct nameds *out, struct err *err);
enum status q_severity_steps(struct store *s, uuid incident, struct severity_steps *out, struct err *err);
enum status q_conflicts(struct store *s, uuid incident, struct conflicts *out, struct err *err);
enum status q_policy(struct store *s, uuid incident, int severity, struct policy *out, struct err *err); /* the journal's copy; none: no limits */
/* People named so far in this store (actors, responders, owners), most recent first, for completion. */
enum status q_people(struct store *s, uuid incident, size_t limit, char ***out, size_t *n, struct err *err); /* each and the array: free() */

/* Numbers of numbered things ("AI-4", "4", "ai-4", with a suffix where they collide). type: action, ask, hypothesis. */
enum status q_number_find(struct store *s, uuid incident, const char *type, const char *word, uuid *out, struct err *err);
enum status q_number_next(struct store *s, uuid incident, const char *type, const char *prefix, struct str *out, struct err *err);

/* The journal as people read it: newest last. */
struct history_row {
	uuid grp, entity; char *kind, *author, *zone; usec wall_us; int64_t hlc, seq; uuid host; bool redacted, undone;
	struct fields fields;      /* what it wrote */
	struct fields before;      /* what the fields held, as its author saw them */
};
enum status q_history(struct store *s, uuid incident, const uuid *entity, enum status (*fn)(void *arg, const struct history_row *r), void *arg, struct err *err);
enum status q_group_find(struct store *s, uuid incident, const char *word, uuid *grp, struct err *err); /* prefix of a group id */
enum status q_entity_find(struct store *s, uuid incident, const char *word, uuid *entity, struct err *err); /* event id, AI-4, ASK-1, H-2, or any entity's prefix */

/* Journal head of an incident: SHA-256 of its sorted chain tips. */
enum status q_head(struct store *s, uuid incident, uint8_t out[OP_HASH], struct err *err);
enum status q_ops_each(struct store *s, uuid incident, enum status (*fn)(void *arg, const struct op *o), void *arg, struct err *err); /* by host, seq, hash */
int64_t q_unknown_ops(struct store *s, uuid incident); /* ops this version keeps but cannot show */

#endif
