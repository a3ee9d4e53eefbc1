/* html.h - a postmortem as one HTML file: no script, nothing that a browser would fetch, light and dark, for the
 * screen and for paper. DESIGN section 8. Its text is what the template writes as Markdown; before the heading of
 * the timeline stands a picture of it. */
#ifndef TPLUS_TEXT_HTML_H
#define TPLUS_TEXT_HTML_H

#include "store/query.h"
#include "text/mustache.h"

struct html_opts {
	const char *version; /* of the program */
	const char *config_dir; /* where the user's templates are; NULL: none */
	const char *template; /* its name */
	const struct zone *zone; /* times are shown in it; NULL: the incident's */
};

/* Errors are those of document_markdown(). After a failure what the sink got is incomplete. */
enum status html_export(
	struct store *s, uuid incident, const struct html_opts *o, struct mst_sink sink, struct err *err);

/* Markdown (GitHub's dialect) as HTML elements. Nothing in it becomes active: HTML is shown as text, but for <br>;
 * links lead to http, https and mailto addresses, others are text with the address behind it; a picture is its
 * description and a link. picture: finished HTML that goes before the first heading of level 2 to 6 whose last
 * word is "timeline", else to the end. ST_USAGE: the document is larger than 1 GiB. */
enum status html_markdown(const char *md, size_t n, const char *picture, struct mst_sink sink, struct err *err);

/* The picture: a figure with an SVG of phases between milestones, the milestones, severities and updates, with its
 * content as text for those who do not see it. zone: of the times. Appends to out. */
enum status html_timeline(
	struct str *out, struct store *s, const struct incident *i, const struct zone *zone, struct err *err);

#endif
