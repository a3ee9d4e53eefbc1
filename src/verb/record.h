/* record.h - metric, relate, link, signoff, code blocks: rows of a document's tables, and what edit changes in them. Inside src/verb only. */
#ifndef TPLUS_VERB_RECORD_H
#define TPLUS_VERB_RECORD_H

#include "verb/act.h"
#include "verb/attr.h"

/* How a type is written: the text is its main value, the others are attributes. */
struct record_form { const char *type, *main; struct attr_set set; };
const struct record_form *record_form(const char *type); /* NULL: none of ours */

/* The attributes given, checked; clear: "-" takes one out. */
enum status record_attributes(struct ctx *c, const struct record_form *form, const struct attr_split *s, bool clear, struct fields *f);

/* Writes the row of that name, made of the two words whatever their case: the same row again, on any host. Takes over f. */
enum status record_put(struct ctx *c, const char *type, const char *name, const char *of, struct fields *f, uuid *id);

#endif
