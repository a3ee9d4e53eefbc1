/* template.h - finding document templates: the user's own, DIR/templates/NAME.md.mustache, win over those compiled
 * in. */
#ifndef TPLUS_TEXT_TEMPLATE_H
#define TPLUS_TEXT_TEMPLATE_H

#include "base/err.h"
#include "base/str.h"

struct template
{
	char *name; /* default */
	char *path; /* of the user's file; NULL: compiled in */
};
struct templates {
	struct template *v;
	size_t n, cap;
};

/* All of them, by name. config_dir ($XDG_CONFIG_HOME/tplus) may be NULL: only those compiled in. */
enum status template_list(const char *config_dir, struct templates *out, struct err *err);
void templates_free(struct templates *l);

/* Appends the text of one to *text, and to *shown the name errors call it by (the file's path, or
 * "default.md.mustache"). ST_NO: there is none, the others are named; ST_USAGE: no name of a template; ST_IO: it
 * cannot be read. */
enum status template_find(
	const char *config_dir, const char *name, struct str *text, struct str *shown, struct err *err);

#endif
