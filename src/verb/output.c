/* output.c - documents out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "text/csv.h"
#include "text/document.h"
#include "text/html.h"
#include "text/incident-json.h"
#include "text/replace.h"
#include "text/template.h"
#include "verb/act.h"
#include "verb/print.h"

enum status verb_brief(struct ctx *c, const struct args *a)
{
	(void)a;
	return c->json ? json_show(c->store, &c->incident, c->clock->wall(c->clock), act_sink(c), c->err) : print_brief(c);
}

/* ---- export --------------------------------------------------------------------------------------------------------- */

static enum status write_json(struct ctx *c, const char *template, struct mst_sink sink)
{
	(void)template;
	return json_export(c->store, &c->incident, PACKAGE_VERSION, sink, c->err);
}

static enum status write_markdown(struct ctx *c, const char *template, struct mst_sink sink)
{
	struct document *d;
	const struct document_opts o = { .version = PACKAGE_VERSION, .zone = c->zone_arg ? c->zone : NULL };
	enum status st = document_load(c->store, c->incident.entity, &o, &d, c->err);
	if (st != ST_OK)
		return st;
	st = document_markdown(d, c->config_dir, template, sink, c->err);
	document_free(d);
	return st;
}

static enum status write_html(struct ctx *c, const char *template, struct mst_sink sink)
{
	const struct html_opts o = { PACKAGE_VERSION, c->config_dir, template, c->zone_arg ? c->zone : NULL };
	return html_export(c->store, c->incident.entity, &o, sink, c->err);
}

static enum status write_csv(struct ctx *c, const char *template, struct mst_sink sink)
{
	(void)template;
	return csv_export(c->store, c->incident.entity, sink, c->err);
}

struct format { const char *name; enum status (*write)(struct ctx *, const char *template, struct mst_sink); };
static const struct format formats[] = {
	{ "md", write_markdown }, { "html", write_html }, { "json", write_json }, { "csv", write_csv },
};

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

static enum status to_file(struct ctx *c, const struct format *f, const char *template, const char *path, bool force)
{
	struct replace *r;
	enum status st = replace_begin(c->store, path, force, &r, c->err);
	if (st != ST_OK)
		return st;
	st = f->write(c, template, replace_sink(r));
	if (st != ST_OK) {
		replace_abandon(r);
		return st;
	}
	st = replace_commit(r, c->err);
	if (st == ST_OK)
		act_note(c, "%s written to %s", c->incident.shown_id, path);
	return st;
}

enum status verb_export(struct ctx *c, const struct args *a)
{
	const char *name = args_opt(c->verb, a, "format"), *template = args_opt(c->verb, a, "template"), *path = args_opt(c->verb, a, "output");
	const struct format *f = find_format(name ? name : "md");
	if (!f)
		return fail(c->err, ST_USAGE, "-f %s: there is no such format: md, html, json and csv are the ones", name);
	if (a->argc)
		c->incident_arg = a->argv[0];
	enum status st = verb_choose_incident(c, 0);
	if (st != ST_OK)
		return st;
	template = template ? template : "default";
	if (args_opt(c->verb, a, "check"))
		return path || name ? fail(c->err, ST_USAGE, "--check writes no document: leave -o and -f out") : export_check(c, template);
	if (path && strcmp(path, "-") != 0)
		return to_file(c, f, template, path, args_opt(c->verb, a, "force") != NULL);
	return f->write(c, template, act_sink(c));
}

/* As it lies there, so that redirecting it makes a copy. */
static enum status show_template(struct ctx *c, const char *name)
{
	struct str text = STR_INIT, shown = STR_INIT;
	enum status st = template_find(c->config_dir, name, &text, &shown, c->err);
	if (st == ST_OK && c->composer)
		san_text(c->out, text.s, text.len, SAN_DOCUMENT | SAN_LINES);
	else if (st == ST_OK)
		str_add(c->out, text.s, text.len);
	str_free(&text);
	str_free(&shown);
	return st;
}

enum status verb_templates(struct ctx *c, const struct args *a)
{
	struct templates l = { 0 };
	if (a->argc)
		return show_template(c, a->argv[0]);
	enum status st = template_list(c->config_dir, &l, c->err);
	for (size_t i = 0; i < l.n && st == ST_OK; i++) {
		print_text(c, l.v[i].name);
		str_addc(c->out, '\t');
		print_text(c, l.v[i].path ? l.v[i].path : "shipped");
		str_addc(c->out, '\n');
	}
	templates_free(&l);
	return st;
}
