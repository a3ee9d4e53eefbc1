/* document.h - the postmortem: an incident offered to a template as a tree of values. DESIGN section 8. What a
 * template can name is listed at the top of data/templates/default.md.mustache. Everything is a pure function of
 * the journal: running figures end at the last event, never at the current time. The timeline is read page by page
 * while it is written. */
#ifndef TPLUS_TEXT_DOCUMENT_H
#define TPLUS_TEXT_DOCUMENT_H

#include "model/field.h"
#include "store/query.h"
#include "text/mustache.h"

struct document;

struct document_opts {
	const char *version; /* of the program, for the footer */
	const struct zone *zone; /* times are shown in it; NULL: the incident's */
};

/* Reads everything but the timeline. The store must outlive the document. */
enum status document_load(
	struct store *s, uuid incident, const struct document_opts *o, struct document **out, struct err *err);
void document_free(struct document *d); /* NULL is fine */

/* What stands in a field in that document: set by somebody, else told by the log (*from_log). Heap; NULL: unknown. Durations
 * and budgets are those of the template's own ends. */
char *document_value(const struct document *d, const struct field_def *f, const char *template, bool *from_log);

/* Writes it with the template of that name (see template.h) as Markdown. Errors of a user's template name file,
 * line and tag (ST_NO). After a failure what the sink got is incomplete. */
enum status document_markdown(
	struct document *d, const char *config_dir, const char *template, struct mst_sink sink, struct err *err);

/* The same with a template's text at hand; name is what errors call it. */
enum status document_render(struct document *d, const char *config_dir, const char *name, const char *text, size_t n,
	const struct mst_options *options, struct mst_sink sink, struct err *err);

#endif
