/* act.h - what the verbs share: making events and entities, remarks, names, numbers. Inside src/verb only. */
#ifndef TPLUS_VERB_ACT_H
#define TPLUS_VERB_ACT_H

#include "store/query.h"
#include "text/mustache.h"
#include "verb/verb.h"

/* Remarks for standard error (a line each; nothing when quiet), warnings even then. */
void act_note(struct ctx *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void act_warn(struct ctx *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void act_note_time(struct ctx *c, const struct when *w);     /* clamped, ahead */
enum status act_flush(struct ctx *c);                        /* passes out on as it grows, where the caller can take it */
struct mst_sink act_sink(struct ctx *c);                     /* appends to out, and flushes */

/* Operands of a composer line that is no LINE verb: words, options of the verb included. */
enum status act_split(struct ctx *c, const struct verb *v, struct args *a);
void act_args_free(struct args *a);
char *act_join(const struct args *a, size_t from);           /* operands from `from` on, joined by single spaces; heap */
const char *act_name(const char *word);                      /* without a leading "@" */

/* Transactions of verbs that need several ("log -"). */
enum status act_begin(struct ctx *c);

/* When it happened. Of a LINE: its time, else act_now. Of other verbs: --at, else act_now. */
usec act_now(struct ctx *c);                                 /* the first keystroke, else now */
usec act_time(struct ctx *c, const struct args *a);
enum status act_when(struct ctx *c, usec *at);

/* One event, with its detail lines, in the open transaction. Sets c->event. */
struct event_new {
	enum kind kind;
	int value;                 /* KIND_MILESTONE: which; KIND_SEVERITY: the new one; others: unused */
	const char *text;
	const struct line *line;   /* actor, approximation, detail, raw; may be NULL */
	usec at;
	uuid subject;              /* zero: none */
	const char *why;
};
enum status act_event(struct ctx *c, const struct event_new *e, uuid *id);
void act_set_event(struct ctx *c, uuid id, usec at);
enum status act_print_event(struct ctx *c, enum kind kind);  /* short id, or the JSON of DESIGN section 4 */

/* Numbered things. Prints the number it gave. f gets "number" added; the entity is *id. */
enum status act_numbered(struct ctx *c, const char *type, const char *prefix, struct fields *f, uuid *id, struct str *number);
enum status act_print_number(struct ctx *c, const char *number);

/* A named value (field, section): one entity per name on every host. value NULL takes it out. */
enum status act_set_named(struct ctx *c, const char *type, const char *name, const char *value);

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

enum status verb_verify(struct ctx *c, const struct args *a);
enum status verb_rebuild(struct ctx *c, const struct args *a);
enum status verb_backup(struct ctx *c, const struct args *a);
enum status verb_demo(struct ctx *c, const struct args *a);
enum status verb_help(struct ctx *c, const struct args *a);

#endif
