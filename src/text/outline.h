/* outline.h - a document's headings, and what the log and the author have filled below each of them: the screen's left side, and what
 * "export --check" lists. What a template asks for is where it says so: a prompt, _To be written: …_, inside {{^NAME}}. */
#ifndef TPLUS_TEXT_OUTLINE_H
#define TPLUS_TEXT_OUTLINE_H

#include "text/document.h"

enum outline_state { OUTLINE_EMPTY, OUTLINE_PARTLY, OUTLINE_FILLED };

struct outline_item {
	char *name; /* what the template asks for: "field.impact.users", "finding.went-well", "owner" in a row; "" for a bare prompt */
	char *label; /* "Users affected"; of a row with its number: "AI-3: owner" */
	char *hint; /* what the prompt says; NULL: nothing more */
	char *command; /* that fills it, a verb with its operands, capitals for what to put in: "set impact.users VALUE"; NULL: none does */
	bool filled;
};
struct outline_section {
	int level; /* 1 to 6; 0: what stands before the first heading */
	char *title; /* as the reader sees it, Markdown's escapes included */
	size_t item, items; /* its own ones, in the outline's item[] */
	size_t filled, missing; /* of it and of all sections below it */
	enum outline_state state; /* of the same; filled where nothing is asked for */
};
struct document_outline {
	struct outline_section *v;
	size_t n, cap;
	struct outline_item *item; /* in the order of the document; each name counts once in a section */
	size_t items, item_cap;
	size_t missing; /* in all */
};

/* Renders the document with the template to find out. Labels come from the catalogue. Errors are those of document_markdown. */
enum status document_outline(struct document *d, const char *config_dir, const char *template,
	const struct catalogue *cat, struct document_outline *out, struct err *err);
void document_outline_free(struct document_outline *o);

#endif
