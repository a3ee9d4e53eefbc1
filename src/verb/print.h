/* print.h - the plain text that verbs print for people. Appends to c->out; text from people is sanitised. Inside src/verb only. */
#ifndef TPLUS_VERB_PRINT_H
#define TPLUS_VERB_PRINT_H

#include "verb/act.h"

void print_text(struct ctx *c, const char *s);          /* sanitised, on one line */
void print_event(struct ctx *c, const struct event *e, usec *day); /* one line; the date first whenever it changes (*day: start with USEC_NONE) */
void print_incident_line(struct ctx *c, const struct incident *i); /* id, severity, status, T+, title */
enum status print_next_due(struct ctx *c);              /* the next due line of the chosen incident */
enum status print_next_update(struct ctx *c, usec last_update);    /* remark: when the next update is due */
enum status print_situation(struct ctx *c);             /* show's and brief's head: status, T+, milestones, spans, targets */
enum status print_parts(struct ctx *c);                 /* responders, action items, asks, hypotheses, conflicts */
enum status print_responders(struct ctx *c, const char *title); /* those who left, too; NULL: no heading, and only who is here or was offered a role */
enum status print_asks(struct ctx *c, const char *title, bool open_only);
enum status print_hypotheses(struct ctx *c, const char *title);

/* brief.c */
enum status print_document(struct ctx *c);              /* show: fields, sections, findings, metrics, relations, links, sign-offs, code */
void print_finding(struct ctx *c, const struct finding *f); /* with its id and points */
enum status print_brief(struct ctx *c);                 /* Conditions, Actions, Needs */
enum status print_ledger(struct ctx *c);                /* severities: since when, how long, what each promised; nothing while there was only one */
enum status print_budgets(struct ctx *c);               /* a line each */

#endif
