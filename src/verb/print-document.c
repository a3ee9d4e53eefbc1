/* print-document.c - what show prints of the postmortem: fields, sections, findings, tables, each with the id that edit and strike take. */
#include <stdlib.h>
#include <string.h>

#include "verb/print.h"

static void heading(struct ctx *c, const char *title)
{
	str_addf(c->out, "\n%s\n", title);
}

static void put_id(struct ctx *c, uuid u)
{
	char id[33];
	q_thing_short(c->store, u, id);
	str_addf(c->out, "  %s  ", id);
}

static enum status print_named(struct ctx *c, const char *title, enum status (*read)(struct store *, uuid, struct nameds *, struct err *))
{
	struct nameds l;
	enum status st = read(c->store, c->incident.entity, &l, c->err);
	if (st == ST_OK && l.n)
		heading(c, title);
	for (size_t i = 0; st == ST_OK && i < l.n; i++) {
		size_t n = strcspn(l.v[i].value, "\n");
		bool more = l.v[i].value[n] != '\0';
		l.v[i].value[n] = '\0';
		str_adds(c->out, "  ");
		print_text(c, l.v[i].name);
		str_adds(c->out, "  ");
		print_text(c, l.v[i].value);
		str_adds(c->out, more ? " …\n" : "\n");
	}
	if (st == ST_OK)
		nameds_free(&l);
	return st;
}

void print_finding(struct ctx *c, const struct finding *f)
{
	put_id(c, f->entity);
	str_adds(c->out, f->done ? "[x] " : "");
	if (f->category) {
		print_text(c, f->category);
		str_adds(c->out, " · ");
	}
	if (f->title) {
		print_text(c, f->title);
		str_adds(c->out, f->text ? ": " : "");
	}
	print_text(c, f->text ? f->text : "");
	str_addc(c->out, '\n');
	for (size_t i = 0; i < f->points; i++) {
		str_adds(c->out, "        - ");
		print_text(c, f->point[i]);
		str_addc(c->out, '\n');
	}
}

/* By list, in the order in which the lists were begun. */
static enum status print_findings(struct ctx *c)
{
	struct findings l;
	enum status st = q_findings(c->store, c->incident.entity, &l, c->err);
	for (size_t i = 0; st == ST_OK && i < l.n; i++) {
		bool begun = false;
		for (size_t k = 0; k < i && !begun; k++)
			begun = str_eq(l.v[k].list, l.v[i].list);
		if (begun)
			continue;
		str_adds(c->out, "\nFindings: ");
		print_text(c, l.v[i].list ? l.v[i].list : "no list");
		str_addc(c->out, '\n');
		for (size_t k = i; k < l.n; k++)
			if (str_eq(l.v[k].list, l.v[i].list))
				print_finding(c, &l.v[k]);
	}
	if (st == ST_OK)
		findings_free(&l);
	return st;
}

static void print_record(struct ctx *c, const struct record_type *t, const struct record *r)
{
	put_id(c, r->entity);
	for (size_t i = 0, n = 0; t->attrs[i]; i++) {
		const char *value = record_get(r, t->attrs[i]);
		if (!value || (strcmp(t->name, "code") == 0 && strcmp(t->attrs[i], "text") == 0))
			continue;
		str_adds(c->out, n ? "  " : "");
		if (n++ && strcmp(t->attrs[i], "text") != 0)
			str_addf(c->out, "%s:", t->attrs[i]);
		print_text(c, value);
	}
	str_addc(c->out, '\n');
}

static enum status print_records(struct ctx *c)
{
	static const char *const titles[] = { "Metrics", "Related incidents", "Links", "Sign-offs", "Code" }; /* by record_types */
	struct records l;
	enum status st = q_records(c->store, c->incident.entity, NULL, &l, c->err);
	for (size_t t = 0; st == ST_OK && record_types[t].name; t++)
		for (size_t i = 0, n = 0; i < l.n; i++) {
			if (!str_eq(l.v[i].type, record_types[t].name))
				continue;
			if (n++ == 0)
				heading(c, titles[t]);
			print_record(c, &record_types[t], &l.v[i]);
		}
	if (st == ST_OK)
		records_free(&l);
	return st;
}

enum status print_document(struct ctx *c)
{
	enum status st = print_named(c, "Fields", q_fields);
	if (st == ST_OK)
		st = print_named(c, "Sections", q_sections);
	if (st == ST_OK)
		st = print_findings(c);
	return st == ST_OK ? print_records(c) : st;
}
