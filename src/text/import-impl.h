/* import-impl.h - inside the reading of documents only. */
#ifndef TPLUS_TEXT_IMPORT_IMPL_H
#define TPLUS_TEXT_IMPORT_IMPL_H

#include "text/import-md.h"
#include "text/import-time.h"
#include "text/md-tree.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* ---- the outline: headings, and paragraphs that are nothing but a bold label, with what stands below them ---- */

enum what {
	WHAT_UNKNOWN,
	WHAT_SAME, /* a heading that says no more than the one above it */
	WHAT_LABELS, /* labels; other text becomes the section name, if there is one */
	WHAT_FINDINGS, /* list items become findings of list; other text the section name, if there is one */
	WHAT_WHYS,
	WHAT_TIMELINE,
	WHAT_ACTIONS,
	WHAT_RELATED,
	WHAT_LINKS,
	WHAT_METRICS,
	WHAT_CODE, /* code becomes a record, other text the section name */
	WHAT_SIGNOFF,
	WHAT_LIST, /* list items become the field name */
	WHAT_RESPONDERS,
	WHAT_HYPOTHESES,
	WHAT_ASKS,
	WHAT_FACTS, /* a table of fields */
	WHAT_COMPUTED, /* tplus works it out itself */
};

/* What a heading means. under: some heading above it, at any distance, begins like this; NULL: anywhere. */
struct rule {
	const char *heading, *under;
	enum what what;
	const char *name, *list, *category;
};
/* name: a section (WHAT_LIST: a field). list: of findings (WHAT_LABELS: the field that ticked boxes are the value
 * of). */
const struct rule *rule_for(
	const char *heading, const char *const *above, size_t n); /* above: the nearest last. NULL: none */

/* What "Label: value" means. */
enum label_what {
	LABEL_FIELD,
	LABEL_ID,
	LABEL_TITLE,
	LABEL_DATE,
	LABEL_TIME,
	LABEL_SEVERITY,
	LABEL_ROLE,
	LABEL_RESPONDERS,
	LABEL_DURATION,
	LABEL_SECTION,
	LABEL_COMPUTED,
	LABEL_SIGNOFF,
	LABEL_STATUS
};
struct label {
	const char *label, *under;
	enum label_what what;
	const char *name, *rest;
	int from, to;
};
const struct label *label_for(const char *text, const char *const *above, size_t n);

struct part {
	char *key; /* the heading, see heading_key */
	char *title; /* as written, without marks */
	int level; /* labels count as level 7 */
	struct part *parent; /* NULL: the document */
	struct node **block; /* what stands directly below; not owned */
	size_t blocks, cap;
	enum what what;
	const struct rule *rule; /* its own, or that of the part whose meaning it has */
	char *category; /* of findings */
	bool example; /* a worked example, or within one */
	bool head; /* before the first section: the document's head */
	bool same; /* it only repeats the heading above */
	bool kept_heading; /* its heading stands above what was kept of it */
	size_t from, to; /* of the source */
};
/* The meaning p gets from its key and what is above it. */
void part_mean(struct part *p);

struct growing {
	char *name;
	struct str text;
};

struct evidence {
	int from, to;
	usec d;
	bool named;
}; /* a span that the document prints; named: with its ends, as tplus does */
struct said_time {
	int milestone;
	struct doctime t;
}; /* "Alert fired: 14:23:12" */

struct reading {
	const struct import_opts *o;
	struct imported *out;
	const char *s; /* repaired source */
	size_t n;
	struct node *root;
	struct part **part;
	size_t parts, part_cap;
	size_t event_cap, action_cap, finding_cap, responder_cap, hypothesis_cap, ask_cap, field_cap, section_cap,
		record_cap, remark_cap, warning_cap;
	size_t table_actions; /* how many there were after the last table of them */
	struct growing *section;
	size_t sections;
	/* the date a row without one has */
	int year, mon, day; /* day 0: unknown */
	const char *date_from; /* where it was found */
	const struct zone *zone;
	usec opened_at; /* as a document of tplus says; USEC_NONE */
	bool zone_said;
	struct evidence evidence[16];
	size_t evidences;
	struct said_time said[8];
	size_t said_times;
	struct words known; /* lines of the shipped templates, sorted */
	struct words kept, computed; /* headings */
	size_t known_cap, kept_cap, computed_cap;
	/* the timeline */
	struct import_row *row;
	size_t rows, row_cap;
	struct doctime section_day; /* a date that stands above the rows that follow */
	bool tables_seen; /* entries below are the same events in detail */
	bool entry_open; /* what follows belongs to the last row */
};

/* import-outline.c */
void outline_build(struct reading *r);
void outline_free(struct reading *r);
size_t part_above(
	const struct part *p, const char **above, size_t max); /* its key and those above it, the nearest last */

/* import-text.c: reading values */
char *heading_key(const char *text); /* lower case, letters and digits in words, without numbering and brackets; heap */
char *text_trim(const char *s, size_t n); /* without white space around it; heap */
char *text_line(const char *s); /* one line: line breaks and runs of white space become a space; heap */
const char *text_skip_marks(const char *s); /* over emoji and white space */
bool text_tick(const char *s, bool *yes); /* begins with a check mark or a cross */
bool is_blank_text(const char *s); /* says nothing: empty, "-", "TBD", "[Description]", a prompt of tplus */
bool is_placeholder(const char *s); /* that, or what a template has where a value goes: "X hours", "Yes/No" */
char *name_of_person(const char *s); /* without "@"; heap */
size_t label_at(const struct node *n, size_t from, char **label,
	size_t *value); /* "**Label**: " at byte from: the label's end, 0 if there is none */
char *node_text(const struct node *n); /* its own text, links with their address; heap */
const struct node *item_text(const struct node *item); /* the item's first paragraph; NULL */

/* import-add.c: what was read */
void add_remark(struct reading *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void add_warning(struct reading *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void add_word(struct words *l, size_t *cap, const char *s);
void add_field(struct reading *r, const char *name, const char *value); /* stored form; the first one stays */
bool add_section(struct reading *r, const char *name,
	const char *text); /* a second one is put below the first; false: it was empty */
void sections_finish(struct reading *r);
bool add_source(struct reading *r, const char *name, const char *title, size_t from,
	size_t to); /* a stretch of source, as a section */
size_t source_end(const char *s, size_t from, size_t to); /* without rules and white space at its end */
struct finding *add_finding(
	struct reading *r, const char *list, const char *category, const char *title, const char *text);
void add_point(struct finding *f, const char *text);
struct record *add_record(struct reading *r, const char *type);
void record_set(
	struct record *rec, const char *name, const char *value); /* nothing when value is empty or a placeholder */
void record_set_lines(struct record *rec, const char *name, const char *value); /* as it is, line breaks and all */
struct responder *add_responder(
	struct reading *r, const char *name, const char *role); /* the one known already; NULL: nobody */
bool set_field(struct reading *r, const char *name, const char *value,
	const char *rest); /* read by its type; false: it could not be */
char *slug(const char *heading); /* a section's name; heap, NULL: none can be made of it */

/* import-timeline.c */
struct import_row {
	struct doctime t;
	usec at;
	char *actor, *text, *why;
	char **detail;
	size_t details, cap;
	enum kind kind;
	int milestone;
	const char *clue; /* what the milestone was guessed from; NULL: it was said */
	uuid subject;
	bool struck;
	bool detailed; /* of a detailed timeline below the table */
	bool gone; /* it went into a row */
};
bool timeline_table(struct reading *r, struct part *p, struct node *table); /* false: it is none */
bool timeline_block(struct reading *r, struct part *p, struct node *block); /* a list or paragraph of entries */
bool timeline_heading(struct reading *r, struct part *p); /* "### 10:30 - Deployment": its blocks are the details */
void timeline_finish(struct reading *r); /* dates, midnight, milestones: rows become events */
void rows_free(struct reading *r);

/* import-guess.c */
void guess_milestones(struct reading *r);
usec duration_in(const char *s,
	const char **end); /* "2 hours 15 minutes", "9m 45s" at the start; USEC_NONE: none; import-labels.c */

/* import-actions.c */
bool actions_table(struct reading *r, struct part *p, struct node *table,
	bool meant); /* meant: the heading says so; false: it is none */
bool actions_list(struct reading *r, struct part *p, struct node *list);

/* import-tables.c */
bool read_table(struct reading *r, struct part *p, struct node *table);
char *cell_text(const struct node *row, int column); /* heap; NULL: none, empty or a placeholder */
int column_of(const struct node *table, const char *const *names); /* the first header that is one of them; -1 */

/* import-own.c */
bool own_table(struct reading *r, const struct part *p, const struct node *table);
void own_opening(struct reading *r, const struct node *table);
uuid import_subject(const char *number);

/* import-finish.c: a clock time on a day, in the document's zone; the later reading of two when the earlier lies
 * before prev. */
usec import_moment(const struct reading *r, const struct doctime *t, int64_t day, usec prev);

/* import-parts.c */
void read_part(struct reading *r, struct part *p);
void read_head(struct reading *r); /* title, date, zone: before the parts */
char *title_of(const char *heading); /* without "Postmortem:" and the like; heap, NULL: nothing is left */

/* import-labels.c */
bool take_label(struct reading *r, struct part *p, const char *label,
	const char *value); /* false: it means nothing, or could not be read */
bool is_label(struct part *p, const char *text); /* it means something here */
void take_signoff(struct reading *r, const char *as, const char *text,
	bool role_first); /* "role (name)" rather than "name (role)" */

/* import-known.c: what needs not be kept */
bool is_template_text(
	struct reading *r, size_t from, size_t to); /* these lines of the source stand in a shipped template */
bool is_key_metrics(
	struct reading *r, const struct node *code); /* JSON of nothing but what is worked out from the metrics */
void drop_twins(struct reading *r); /* findings that an action item says, too */
void known_free(struct reading *r);

/* import-lists.c */
void read_findings(struct reading *r, struct part *p, const struct node *list);
void read_whys(struct reading *r, const struct node *list);
bool read_list_item(struct reading *r, struct part *p,
	const struct node *item); /* of the kinds of records; false: nothing could be made of it */

#endif
