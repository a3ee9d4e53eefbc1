/* print.h - the plain text that verbs print for people. Appends to c->out; text from people is sanitised. Inside src/verb only. */
#ifndef TPLUS_VERB_PRINT_H
#define TPLUS_VERB_PRINT_H

#include "verb/act.h"

void print_text(struct ctx *c, const char *s);          /* sanitised, on one line */
void print_event(struct ctx *c, const struct event *e, usec *day); /* one line; the date first whenever it changes (*day: start with USEC_NONE) */
void print_incident_line(struct ctx *c, const struct incident *i); /* id, severity, status, T+, title */
void print_severity(struct ctx *c, int severity);
enum status print_next_due(struct ctx *c);              /* the next due line of the chosen incident */
enum status print_next_update(struct ctx *c, usec last_update);    /* remark: when the next update is due */
enum status print_situation(struct ctx *c);             /* show's and brief's head: status, T+, milestones, spans, targets */
enum status print_parts(struct ctx *c);                 /* responders, action items, asks, hypotheses, conflicts */
enum status print_brief(struct ctx *c);

#endif
