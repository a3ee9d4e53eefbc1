/* document-impl.h - what the files of document.h share; nobody else includes it. */
#ifndef TPLUS_TEXT_DOCUMENT_IMPL_H
#define TPLUS_TEXT_DOCUMENT_IMPL_H

#include <jansson.h>

#include "base/when.h"
#include "text/document.h"

struct document {
	struct store *s;
	struct incident i;
	const struct zone *zone;
	const struct zone *home; /* the incident's own */
	struct policy policy; /* of the present severity */
	usec first, last; /* of the timeline; opened_at when it is empty. Running figures end at last */
	struct asks asks;
	struct hypotheses hypotheses;
	struct findings findings;
	struct responders responders;
	struct severity_steps steps;
	struct nameds fields, sections;
	struct records records;
	json_t *root; /* all values but the streamed ones */
	json_t *updates; /* noted while the timeline went by */
	bool updates_whole; /* ... to its end */
	json_t *other_fields, *other_sections; /* those the template in use does not place */
};

/* Values. Text may be any bytes; NULL and "" are null. */
json_t *doc_text(const char *s);
json_t *doc_take(struct str *b); /* the text of b, which is freed */
void doc_put(json_t *object, const char *name, json_t *v); /* takes v over */
void doc_puts(json_t *object, const char *name, const char *s);
json_t *doc_time(const struct document *d, usec t, int approx_s); /* an object, null when unknown: see the template */
json_t *doc_duration(usec t); /* "3m15s" */
json_t *doc_severity(const struct document *d, int severity); /* "SEV-2", null when unknown */
json_t *doc_lines(char *const *line, size_t n);
char *doc_title(const char *word); /* "Acknowledged"; heap */

/* document-model.c: people and things. document-figures.c: milestones, spans, targets, budgets, severities, the
 * summary. */
enum status doc_model(struct document *d, const struct document_opts *o, struct err *err);
void doc_figures(struct document *d);
void doc_summary(struct document *d);

/* document-records.c: tables, boxes, groups; needs what doc_model put there. document-ends.c: the figures of each of the
 * five documents, and where a field's value comes from in the log (heap, NULL: unknown; template NULL: the default's). */
enum status doc_records(struct document *d, struct err *err);
void doc_ends(struct document *d);
char *doc_source(const struct document *d, const struct field_def *f, const char *template);

/* document-groups.c: rows in the groups of a document, after the others; and before each rendering what no tag of its sources names. */
void doc_groups(struct document *d);
void doc_unplaced(struct document *d, const struct str *sources);
bool doc_is_placed(const struct str *sources, const char *kind, const char *name);

/* document-timeline.c */
struct mst_value doc_timeline(struct document *d);
struct mst_value doc_updates(struct document *d, struct err *err, bool *failed);

#endif
