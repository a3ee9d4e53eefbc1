/* import-md.h - reading a postmortem that somebody wrote, in Markdown, back into the parts of an incident. DESIGN
 * section 8. Pure: no store, no output. The timeline comes from tables and lists with times, action items from
 * tables and check lists, values and findings from headings and bold labels of the five house templates, "default",
 * and their common synonyms. What is not understood is kept as a section under its heading. */
#ifndef TPLUS_TEXT_IMPORT_MD_H
#define TPLUS_TEXT_IMPORT_MD_H

#include "base/zone.h"
#include "model/field.h"
#include "model/incident.h"

struct import_opts {
	const char *date; /* YYYY-MM-DD of the first row whose date nothing says; NULL */
	const struct zone *zone; /* of times without one; NULL: as the document says, else UTC */
	const char *name; /* of the file, for its date and as a title of last resort; NULL */
	usec modified; /* of the file: the date of last resort; USEC_NONE */
	const struct catalogue *catalogue; /* what fields, lists and sections there are */
};

/* Shapes are those of model/incident.h; authors are empty, and so are entities, but for asks and hypotheses that are
 * an event's subject. Events stand in the order of the document. */
struct imported {
	char *title, *id; /* id NULL: the document names none */
	int severity; /* SEV_UNKNOWN */
	const struct zone *zone;
	usec opened_at; /* of the earliest event, else the date's midnight; USEC_NONE: nothing tells */
	struct events events;
	struct actions actions;
	struct findings findings;
	struct responders responders;
	struct hypotheses hypotheses;
	struct asks asks;
	struct nameds fields, sections; /* values of fields as field_read stores them */
	struct records records;
	struct words remarks; /* what was understood, what was left as a section, what was guessed: a sentence each */
	struct words warnings; /* what may well be wrong */
	size_t rows; /* of timeline tables and lists; entries of a detailed timeline that joined a row do not count */
	size_t guessed; /* milestones read from the wording */
	size_t repaired; /* characters */
	size_t placeholders; /* values left out because they are a template's */
	bool date_guessed; /* the date was not said in the document's head or timeline, nor by opts */
};

/* "SEV-2 → SEV-1: why", as sev writes it into the timeline; *from may be SEV_UNKNOWN, *why points into the text or
 * is NULL. */
bool import_severity_change(const char *text, int *from, int *to, const char **why);

/* Is this Markdown (or any text) rather than a JSON export or binary data? */
bool import_md_looks(const char *s, size_t n);

/* ST_USAGE: the text is too large, or holds neither a timeline nor anything else of a postmortem ("what is wrong:
 * what to do"). Free *out in every case. */
enum status import_md(const char *s, size_t n, const struct import_opts *o, struct imported *out, struct err *err);
void imported_free(struct imported *i);

#endif
