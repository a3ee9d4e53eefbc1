/* query.h - reading the projections. Every function returns ST_OK, ST_NO (not found) or ST_IO; lists come back owned by the caller.
 * Struck events are included (they stay visible), hidden ones never. */
#ifndef TPLUS_STORE_QUERY_H
#define TPLUS_STORE_QUERY_H

#include "model/due.h"
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
/* Reads through the timeline in slices: looks at the next events behind *at (before it when back), at most rows of them, and returns those that want()
 * says yes to, in the timeline's order. *at moves to the last one looked at; *end: there are no more. want() sees kind, milestone, actor, author, text,
 * detail and the flags only, and they may be NULL. On failure *at is not to be used further. */
enum status q_events_scan(struct store *s, uuid incident, bool back, struct event_key *at, size_t rows, bool (*want)(void *arg, const struct event *e), void *arg,
	struct events *out, bool *end, struct err *err);
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
enum status q_event_number(struct store *s, uuid event, const char *field, int64_t *out, struct err *err); /* step_us, until ...; ST_NO: it has none */
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
enum status q_snooze(struct store *s, uuid incident, struct snooze *out, struct err *err);             /* the last one not struck; until may be past */

/* All that the clocks of an incident are made of, in one go. */
struct clock_facts {
	struct policy policy;          /* of the present severity */
	struct asks asks;
	struct responders responders;
	struct nameds fields;
	usec last_update;
	struct stamp_base update_base;
	struct snooze snooze;
};
enum status q_clock_facts(struct store *s, const struct incident *i, struct clock_facts *out, struct err *err);
void clock_facts_free(struct clock_facts *f);
/* i and f must outlive what is returned. now and boot: the two clocks of this host, boot USEC_NONE or 0 when it is unknown. */
struct clock_input clock_input_of(const struct incident *i, const struct clock_facts *f, usec now, usec boot);
usec q_boot(struct store *s);  /* this host's boot clock now */
usec incident_elapsed(const struct incident *i, usec now, usec boot); /* T+: from started, else opened_at; stands still once closed */

/* People named so far in this store (actors, responders, owners), most recent first, for completion. */
enum status q_people(struct store *s, uuid incident, size_t limit, char ***out, size_t *n, struct err *err); /* each and the array: free() */

/* Rows of documents' tables in the order they were made; type: metric, relation, link, signoff, code, or NULL for all. */
enum status q_records(struct store *s, uuid incident, const char *type, struct records *out, struct err *err);
/* One field or section (type "field" or "section"): heap, NULL when it has no value. */
enum status q_named(struct store *s, uuid incident, const char *type, const char *name, char **out, struct err *err);

/* Who stamped a milestone, by its first unstruck event; NULL: nobody. */
enum status q_milestone_actor(struct store *s, uuid incident, int milestone, char **out, struct err *err);

/* What has an id besides events: findings, their points (type "detail", those of events too), records. By a unique prefix; incident: zero for any. */
struct thing { uuid entity, incident; char type[16]; };
enum status q_thing_find(struct store *s, uuid incident, const char *word, struct thing *out, struct err *err);
void q_thing_short(struct store *s, uuid entity, char out[33]); /* unique among all of these and the events, at least 4 digits */
/* The author's last finding that is not made of an event and was recorded after that hlc. ST_NO: none. */
enum status q_finding_last(struct store *s, uuid incident, const char *author, int64_t after_hlc, uuid *out, struct err *err);
size_t q_point_count(struct store *s, uuid incident, uuid parent); /* the largest ord of its points or detail lines */

/* The values that stand against one another in a field: v[0] is the one displayed, v[N] is others[N - 1] of q_conflicts. ST_NO: there is no conflict. */
struct choices { char type[32]; struct val *v; size_t n; };
enum status q_choices(struct store *s, uuid incident, uuid entity, const char *field, struct choices *out, struct err *err);
void choices_free(struct choices *c);

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
/* What undo (or redo) would take back next for this author: its group, and the ops of it as history shows them, oldest first. ST_NO: there is nothing. */
enum status q_undo_next(struct store *s, uuid incident, const char *author, bool redo, uuid *grp, enum status (*fn)(void *arg, const struct history_row *r),
	void *arg, struct err *err);
enum status q_group_find(struct store *s, uuid incident, const char *word, uuid *grp, struct err *err); /* prefix of a group id */
enum status q_entity_find(struct store *s, uuid incident, const char *word, uuid *entity, struct err *err); /* event id, AI-4, ASK-1, H-2, or any entity's prefix */

/* Journal head of an incident: SHA-256 of its sorted chain tips. */
enum status q_head(struct store *s, uuid incident, uint8_t out[OP_HASH], struct err *err);
enum status q_ops_each(struct store *s, uuid incident, enum status (*fn)(void *arg, const struct op *o), void *arg, struct err *err); /* by host, seq, hash */
int64_t q_unknown_ops(struct store *s, uuid incident); /* ops this version keeps but cannot show */

#endif
