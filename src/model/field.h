/* field.h - the catalogue of what postmortems ask for: fields, lists of findings, sections. Shipped in data/fields, extended by the user's
 * fields.conf; both explain themselves at the top of data/fields/default.conf. Values are stored as the text field_read makes of them. Pure. */
#ifndef TPLUS_MODEL_FIELD_H
#define TPLUS_MODEL_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"
#include "base/when.h"

struct words { char **v; size_t n; };
bool words_have(const struct words *l, const char *word); /* case folded, a hyphen equals a space */

enum field_type {
	FIELD_TEXT, FIELD_NUMBER, FIELD_PERCENT, FIELD_MONEY, FIELD_DURATION, FIELD_DATE, FIELD_TIME, FIELD_CHOICE, FIELD_YESNO, FIELD_LIST,
	FIELD_TYPES
};
const char *field_type_name(enum field_type t); /* text number percent money duration date time choice yesno list */

/* Where the log itself tells a value. */
enum field_source {
	SOURCE_NONE,
	SOURCE_SPAN,      /* from, to */
	SOURCE_MILESTONE, /* from: its time */
	SOURCE_ACTOR,     /* from: who stamped it */
	SOURCE_ROLE,      /* source_arg: who held it */
	SOURCE_DURATION,  /* by the document's own ends, see figure.h */
	SOURCE_TOTAL,     /* likewise */
	SOURCE_BUDGET_SPENT, SOURCE_BUDGET_PERCENT, SOURCE_BUDGET_REMAINING,
	SOURCE_ID, SOURCE_TITLE, SOURCE_DATE, SOURCE_SEVERITY, SOURCE_STATUS, SOURCE_RESPONDERS,
};

struct field_def {
	char *name, *label, *hint, *unit, *section; /* label is never NULL; the others are NULL where nothing is said */
	enum field_type type;
	struct words choices, templates;
	bool other, several;       /* of a choice: any other text, more than one */
	enum field_source source;
	int from, to;              /* milestones */
	char *source_arg;
	bool computed;             /* always from the source: it cannot be set */
	bool own;                  /* of the user's file */
};
struct list_def { char *name, *label, *hint, *scope; struct words aliases, categories, templates; bool own; };
struct section_def { char *name, *label, *hint; struct words templates; bool own; };

struct catalogue {                 /* in the order of the files */
	struct field_def *field; size_t fields, field_cap;
	struct list_def *list; size_t lists, list_cap;
	struct section_def *section; size_t sections, section_cap;
};

/* The shipped catalogue, then the user's file on top if path is not NULL and exists. A bad file: ST_USAGE, err says file:line and what is wrong, and
 * *out is the shipped catalogue alone. One that cannot be read: ST_IO, likewise. Free in every case. */
enum status catalogue_load(const char *path, struct catalogue **out, struct err *err);
enum status catalogue_parse(const char *text, const char *name, bool own, struct catalogue *c, struct err *err); /* on top of *c, which a failure leaves unusable */
void catalogue_free(struct catalogue *c); /* NULL is fine */

/* Names are matched case folded, a hyphen equals a space. NULL: there is none. */
const struct field_def *catalogue_field(const struct catalogue *c, const char *name);
const struct list_def *catalogue_list(const struct catalogue *c, const char *name);       /* aliases count */
const struct section_def *catalogue_section(const struct catalogue *c, const char *name);
/* The list that the text begins with (the longest name counts); *used: bytes it takes, white space behind it included. */
const struct list_def *catalogue_list_at(const struct catalogue *c, const char *text, size_t *used);
/* For "did you mean": NULL when nothing is near. */
const char *catalogue_near_field(const struct catalogue *c, const char *name);
const char *catalogue_near_list(const struct catalogue *c, const char *name);
const char *catalogue_near_section(const struct catalogue *c, const char *name);

/* Names of one's own (sections, lists): lower-case letters, digits, words joined by one of -, . or space; at most 60 bytes. */
bool field_name_ok(const char *name);

/* Reads a value as people write it and appends what is stored to *out:
 *   text      as it is, white space around it gone
 *   number    1200 or ~1200: grouping (1,200; 1 200) and the unit are dropped; decimals kept
 *   percent   98.5 %   from 0 to 100
 *   money     150.00 USD   $, €, £, ¥ and codes are read, on either side; k, M and bn multiply
 *   duration  1h5m
 *   date      2026-02-05; today, yesterday, tomorrow are read
 *   time      2026-02-05T14:23:12Z
 *   choice    the word of the catalogue; several: in their order, joined as a list
 *   yesno     yes or no
 *   list      items joined by ", ", by "; " where one of them holds a comma, by line breaks where one holds both
 * "n/a" stands for what does not apply, and "none" for no money. ST_USAGE says what the type takes. */
enum status field_read(const struct field_def *f, const char *value, const struct when_ctx *w, struct str *out, struct err *err);

/* The items of a stored list: what stands between line breaks, else ";", else "," outside of brackets. */
void field_items(const char *value, struct words *out);
void field_join(const struct words *l, struct str *out);
void words_free(struct words *l);

/* YYYY-MM-DD (which must exist), today, yesterday, tomorrow, or 7d: days from today. In w's zone; appends YYYY-MM-DD. False: none of them. */
bool field_date(const char *word, const struct when_ctx *w, struct str *out);

#endif
