/* act.h - what the verbs share: making events and entities, remarks, names, numbers. Inside src/verb only. */
#ifndef TPLUS_VERB_ACT_H
#define TPLUS_VERB_ACT_H

#include "model/field.h"
#include "store/query.h"
#include "text/mustache.h"
#include "verb/verb.h"

/* Remarks for standard error (a line each; nothing when quiet), warnings even then. */
void act_note(struct ctx *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void act_warn(struct ctx *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void act_note_time(struct ctx *c, const struct when *w);     /* clamped, ahead */
enum status act_write(struct ctx *c);                        /* passes out on, where the caller can take it */
enum status act_flush(struct ctx *c);                        /* passes out on as it grows, where the caller can take it */
struct mst_sink act_sink(struct ctx *c);                     /* appends to out, and flushes */

/* Operands of a composer line that is no LINE verb: words, options of the verb included. */
enum status act_split(struct ctx *c, const struct verb *v, struct args *a);
void act_args_free(struct args *a);
char *act_join(const struct args *a, size_t from);           /* operands from `from` on, joined by single spaces; heap */
const char *act_name(const char *word);                      /* without a leading "@" */

/* Operands of a LINE verb, taken apart. Only log reads signs: for others the text begins with one, as it does in the composer. */
enum status act_line(const struct verb *v, const struct args *a, const struct when_ctx *w, struct line *out, struct err *err);

/* Times are read against the incident's events. Most lines have none: they are parsed against now alone, and once more against
 * verb_when_ctx() when that met a time, or something it took for one. */
struct when_ctx act_when_ctx_now(struct ctx *c);
bool act_needs_events(enum status parsed, const struct line *l);

/* What the line's time is in the end: --at is taken in, an ambiguous one refused, a surprising one remarked on. */
enum status act_line_time(struct ctx *c, const struct when_ctx *w, struct line *l);

/* Transactions of verbs that need several ("log -"). */
enum status act_begin(struct ctx *c);

/* When it happened. Of a LINE: its time, else act_now. Of other verbs: --at, else act_now. */
usec act_now(struct ctx *c);                                 /* the first keystroke, else now */
usec act_time(struct ctx *c, const struct args *a);
enum status act_when(struct ctx *c, usec *at);
enum status act_zone(struct ctx *c);                         /* --zone, else that of the incident: sets c->zone */

/* One event, with its detail lines, in the open transaction. Sets c->event. */
struct event_new {
	enum kind kind;
	int value;                 /* KIND_MILESTONE: which; KIND_SEVERITY: the new one; others: unused */
	const char *text;
	const struct line *line;   /* actor, approximation, detail, raw; may be NULL */
	usec at;
	uuid subject;              /* zero: none */
	const char *why;
	const char *field;         /* a number of its own kind: until, step_us ...; NULL: none */
	int64_t number;
};
enum status act_event(struct ctx *c, const struct event_new *e, uuid *id);
void act_set_event(struct ctx *c, uuid id, usec at);
enum status act_print_event(struct ctx *c, enum kind kind);  /* short id, or the JSON of DESIGN section 4 */

/* Numbered things. Prints the number it gave. f gets "number" added; the entity is *id. */
enum status act_numbered(struct ctx *c, const char *type, const char *prefix, struct fields *f, uuid *id, struct str *number);
enum status act_print_number(struct ctx *c, const char *number);

/* A named value (field, section): one entity per name on every host. value NULL takes it out. */
enum status act_set_named(struct ctx *c, const char *type, const char *name, const char *value);

/* Findings, points, records: prints the short id, or {"id", "short"}. */
enum status act_print_thing(struct ctx *c, uuid id);

/* check.c: lists what that document of c->incident still asks for; ST_NO if anything. */
enum status export_check(struct ctx *c, const char *template);

/* The catalogue with the user's fields.conf; a bad one is said once and the shipped fields stay in force. Free it. */
enum status act_catalogue(struct ctx *c, struct catalogue **out);

/* For verbs that write only sometimes (V_LOCAL | V_INCIDENT): the transaction, which verb_run commits. *done: it was written by the attempt before. */
enum status act_begin_change(struct ctx *c, bool *done);

/* What edit, strike, redact and detail do to other things than events. word: an id, field:NAME or section:NAME. They fail with the message that is in
 * c->err when there is no such thing. */
enum status act_edit_thing(struct ctx *c, const char *word, const char *text);
enum status act_strike_thing(struct ctx *c, const char *word);
enum status act_redact_thing(struct ctx *c, const char *word, const char *why);
enum status act_edit_finding(struct ctx *c, uuid id, const char *text);
enum status act_edit_action(struct ctx *c, uuid id, const char *text);
enum status act_finding_detail(struct ctx *c, const struct args *a, int64_t after_hlc, bool *taken);

/* A severity as people write it, the user's aliases included. what stands before it in the error: "-s ". */
enum status act_severity(struct ctx *c, const char *what, const char *word, int *out);

/* A line of the timeline that the program has to say itself: kind system, without an actor. field and number as in event_new. */
enum status act_system_event(struct ctx *c, const char *text, usec at, const char *why, const char *field, int64_t number);

/* c->incident as the open transaction has it by now. */
enum status act_reload(struct ctx *c);

/* The clocks of c->incident as of now. Free f with clock_facts_free; in points into it. */
enum status act_clocks(struct ctx *c, struct clock_facts *f, struct clock_input *in);

/* What other incidents spent of the budgets, noted in this one: see tplus(1), budget. Writes nothing when there is nothing to note, unless always. */
enum status act_stamp_budgets(struct ctx *c, bool always);

/* The targets of a severity, written into the journal. */
enum status act_policy(struct ctx *c, uuid incident, int severity);

/* ---- the families ------------------------------------------------------------------------------------------------- */
enum status verb_open(struct ctx *c, const struct args *a);
enum status verb_list(struct ctx *c, const struct args *a);
enum status verb_show(struct ctx *c, const struct args *a);
enum status verb_use(struct ctx *c, const struct args *a);
enum status verb_status(struct ctx *c, const struct args *a);
enum status verb_move(struct ctx *c, const struct args *a);

enum status verb_log(struct ctx *c, const struct args *a);
enum status verb_detail(struct ctx *c, const struct args *a);
enum status verb_said(struct ctx *c, const struct args *a);      /* good, bad */
enum status verb_milestone(struct ctx *c, const struct args *a);
enum status verb_update(struct ctx *c, const struct args *a);
enum status verb_tail(struct ctx *c, const struct args *a);

enum status verb_sev(struct ctx *c, const struct args *a);
enum status verb_role(struct ctx *c, const struct args *a);
enum status verb_join(struct ctx *c, const struct args *a);
enum status verb_leave(struct ctx *c, const struct args *a);
enum status verb_handover(struct ctx *c, const struct args *a);
enum status verb_accept(struct ctx *c, const struct args *a);

enum status verb_snooze(struct ctx *c, const struct args *a);
enum status verb_gaps(struct ctx *c, const struct args *a);
enum status verb_budget(struct ctx *c, const struct args *a);

enum status verb_ask(struct ctx *c, const struct args *a);
enum status verb_answer(struct ctx *c, const struct args *a);
enum status verb_extend(struct ctx *c, const struct args *a);
enum status verb_hypothesis(struct ctx *c, const struct args *a);
enum status verb_judge(struct ctx *c, const struct args *a);     /* ruleout, confirm */

enum status verb_action(struct ctx *c, const struct args *a);
enum status verb_attribute(struct ctx *c, const struct args *a); /* assign, due, prio, progress, done */
enum status verb_drop(struct ctx *c, const struct args *a);

enum status verb_edit(struct ctx *c, const struct args *a);
enum status verb_retime(struct ctx *c, const struct args *a);
enum status verb_strike(struct ctx *c, const struct args *a);
enum status verb_redact(struct ctx *c, const struct args *a);
enum status verb_undo(struct ctx *c, const struct args *a);
enum status verb_redo(struct ctx *c, const struct args *a);
enum status verb_history(struct ctx *c, const struct args *a);

enum status verb_brief(struct ctx *c, const struct args *a);
enum status verb_export(struct ctx *c, const struct args *a);
enum status verb_import(struct ctx *c, const struct args *a);
enum status verb_templates(struct ctx *c, const struct args *a);

enum status verb_set(struct ctx *c, const struct args *a);
enum status verb_section(struct ctx *c, const struct args *a);
enum status verb_finding(struct ctx *c, const struct args *a);
enum status verb_metric(struct ctx *c, const struct args *a);
enum status verb_relate(struct ctx *c, const struct args *a);
enum status verb_link(struct ctx *c, const struct args *a);
enum status verb_signoff(struct ctx *c, const struct args *a);
enum status verb_choose(struct ctx *c, const struct args *a);

enum status verb_verify(struct ctx *c, const struct args *a);
enum status verb_rebuild(struct ctx *c, const struct args *a);
enum status verb_backup(struct ctx *c, const struct args *a);
enum status verb_demo(struct ctx *c, const struct args *a);
enum status verb_help(struct ctx *c, const struct args *a);

#endif
