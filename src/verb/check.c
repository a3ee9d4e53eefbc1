/* check.c - export --check: what a document still asks for, and how to fill it. */
#include <stdlib.h>
#include <string.h>

#include "text/escape.h"
#include "text/outline.h"
#include "verb/act.h"
#include "verb/gaps.h"
#include "verb/print.h"

static void put_json(struct ctx *c, const char *name, const char *value)
{
	str_addf(c->out, "%s\"%s\":", c->out->len && c->out->s[c->out->len - 1] == '{' ? "" : ",", name);
	if (value)
		json_text(c->out, value, strlen(value));
	else
		str_adds(c->out, "null");
}

static void print_item(struct ctx *c, const struct outline_section *s, const struct outline_item *i, const char *command)
{
	if (c->json) {
		str_addc(c->out, '{');
		put_json(c, "section", s->title);
		put_json(c, "name", i->name);
		put_json(c, "label", i->label);
		put_json(c, "hint", i->hint);
		put_json(c, "command", command);
		str_adds(c->out, "}\n");
		return;
	}
	const char *const words[] = { s->level > 1 ? s->title : NULL, i->label, command ? command : i->hint };
	for (size_t k = 0, n = 0; k < sizeof words / sizeof *words; k++) {
		if (!words[k])
			continue;
		str_adds(c->out, n++ ? ": " : "");
		print_text(c, words[k]);
	}
	str_addc(c->out, '\n');
}

static void print_missing(struct ctx *c, const struct document_outline *o)
{
	for (size_t k = 0; k < o->n; k++)
		for (size_t x = o->v[k].item; x < o->v[k].item + o->v[k].items; x++) {
			struct gaps l = { 0 };
			if (o->item[x].filled)
				continue;
			if (o->item[x].command)
				gaps_add(c, &l, "document", NULL, "%s", o->item[x].command);
			print_item(c, &o->v[k], &o->item[x], l.n ? l.v[0].command : NULL);
			gaps_free(&l);
		}
}

enum status export_check(struct ctx *c, const char *template)
{
	const struct document_opts opts = { .version = PACKAGE_VERSION, .zone = c->zone_arg ? c->zone : NULL };
	struct catalogue *cat = NULL;
	struct document *d = NULL;
	struct document_outline o = { 0 };
	enum status st = act_catalogue(c, &cat);
	if (st == ST_OK)
		st = document_load(c->store, c->incident.entity, &opts, &d, c->err);
	if (st == ST_OK)
		st = document_outline(d, c->config_dir, template, cat, &o, c->err);
	if (st == ST_OK)
		print_missing(c, &o);
	if (st == ST_OK && o.missing)
		st = fail(c->err, ST_NO, "the document %s asks for %zu thing%s more: each line says how to fill it", template, o.missing,
			o.missing == 1 ? "" : "s");
	else if (st == ST_OK)
		act_note(c, "the document %s asks for nothing more", template);
	document_outline_free(&o);
	document_free(d);
	catalogue_free(cat);
	return st;
}
