/* document.c - set and section: the values and texts a postmortem needs beyond the log. Both print what there is when no value is given. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "model/field.h"
#include "text/incident-json.h"
#include "verb/print.h"
#include "verb/record.h"

#define SECTION_MAX OP_TEXT_MAX

/* The composer has no shell that would make nothing of ''. */
static const char *unquoted(const char *value)
{
	return strcmp(value, "''") == 0 || strcmp(value, "\"\"") == 0 ? "" : value;
}

/* ---- set ------------------------------------------------------------------------------------------------------------ */

static enum status no_field(struct ctx *c, const struct catalogue *cat, const char *name)
{
	const char *near = catalogue_near_field(cat, name);
	if (near)
		return fail(c->err, ST_USAGE, "there is no field \"%s\": did you mean %s? Fields of your own go into fields.conf, see tplus(5)", name, near);
	return fail(c->err, ST_USAGE, "there is no field \"%s\": \"tplus set\" lists them; fields of your own go into fields.conf, see tplus(5)", name);
}

static void put_json(struct str *b, const char *name, const char *value)
{
	str_addf(b, "%s\"%s\":", b->s[b->len - 1] == '{' ? "" : ",", name);
	json_str(b, value);
}

static void print_field(struct ctx *c, const struct field_def *f, const char *value)
{
	if (c->json) {
		str_addc(c->out, '{');
		put_json(c->out, "name", f->name);
		put_json(c->out, "value", value);
		put_json(c->out, "label", f->label);
		put_json(c->out, "hint", f->hint);
		put_json(c->out, "type", field_type_name(f->type));
		put_json(c->out, "unit", f->unit);
		put_json(c->out, "section", f->section);
		str_adds(c->out, "}\n");
		return;
	}
	str_addf(c->out, "%s\t", f->name);
	print_text(c, value ? value : "");
	str_addc(c->out, '\n');
}

static enum status print_fields(struct ctx *c, const struct catalogue *cat)
{
	enum status st = ST_OK;
	for (size_t i = 0; i < cat->fields && st == ST_OK; i++) {
		char *value = NULL;
		if (cat->field[i].computed)
			continue;
		st = q_named(c->store, c->incident.entity, "field", cat->field[i].name, &value, c->err);
		if (st == ST_OK)
			print_field(c, &cat->field[i], value);
		free(value);
	}
	return st;
}

static enum status print_one(struct ctx *c, const struct field_def *f)
{
	char *value = NULL;
	enum status st = q_named(c->store, c->incident.entity, "field", f->name, &value, c->err);
	if (st == ST_OK && c->json) {
		print_field(c, f, value);
	} else if (st == ST_OK && value) {
		san_text(c->out, value, strlen(value), SAN_DOCUMENT | SAN_LINES);
		str_addc(c->out, '\n');
	} else if (st == ST_OK) {
		st = fail(c->err, ST_NO, "%s is not set%s%s", f->name, f->hint ? ": " : "", f->hint ? f->hint : "");
	}
	free(value);
	return st;
}

static enum status set_field(struct ctx *c, const struct field_def *f, const char *value)
{
	struct str b = STR_INIT;
	struct when_ctx w = verb_when_ctx(c);
	bool done = false;
	enum status st = value[0] ? field_read(f, value, &w, &b, c->err) : ST_OK;
	if (st != ST_OK) {
		struct err why = *c->err;
		str_free(&b);
		return fail(c->err, st, "%s: %s", f->name, why.text);
	}
	st = act_begin_change(c, &done);
	if (st == ST_OK && !done)
		st = act_set_named(c, "field", f->name, value[0] ? b.s : NULL);
	str_free(&b);
	return st;
}

enum status verb_set(struct ctx *c, const struct args *a)
{
	struct catalogue *cat;
	enum status st = act_catalogue(c, &cat);
	if (st != ST_OK)
		return st;
	const struct field_def *f = a->argc ? catalogue_field(cat, a->argv[0]) : NULL;
	char *value = act_join(a, 1);
	if (!a->argc)
		st = print_fields(c, cat);
	else if (!f)
		st = no_field(c, cat, a->argv[0]);
	else if (f->computed)
		st = fail(c->err, ST_NO, "%s comes from the log: correct the log, with retime or edit, and it follows", f->name);
	else
		st = a->argc == 1 ? print_one(c, f) : set_field(c, f, unquoted(value));
	free(value);
	catalogue_free(cat);
	return st;
}

/* ---- section -------------------------------------------------------------------------------------------------------- */

/* A file or a pipe on standard input is the text; a terminal, or /dev/null, is none. */
static bool has_input(const struct ctx *c)
{
	struct stat st;
	return !c->composer && fstat(STDIN_FILENO, &st) == 0 && (S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode));
}

static enum status read_input(struct ctx *c, struct str *out)
{
	char chunk[8192];
	ssize_t n;
	while ((n = read(STDIN_FILENO, chunk, sizeof chunk)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(c->err, ST_IO, "standard input cannot be read: %s", strerror(errno));
		str_add(out, chunk, (size_t)n);
		if (out->len > SECTION_MAX)
			return fail(c->err, ST_NO, "the text is longer than 1 MiB: shorten it, or put it behind a link");
	}
	while (out->len && strchr(" \t\r\n", out->s[out->len - 1]))
		str_cut(out, out->len - 1);
	return ST_OK;
}

/* A name of the catalogue, or one's own; words may be joined by spaces, too. */
static enum status section_name(struct ctx *c, const struct catalogue *cat, const char *word, char **out)
{
	const struct section_def *s = catalogue_section(cat, word);
	*out = xstrdup(s ? s->name : word);
	for (char *p = *out; *p; p++)
		*p = (char)(*p == ' ' ? '-' : *p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
	if (!field_name_ok(*out)) {
		free(*out);
		*out = NULL;
		return fail(c->err, ST_USAGE, "\"%s\" cannot name a section: use lower-case letters and digits, words joined by -", word);
	}
	return ST_OK;
}

static void print_code(struct ctx *c, const struct record *r)
{
	const char *title = record_get(r, "title"), *language = record_get(r, "language"), *text = record_get(r, "text");
	str_adds(c->out, "\n");
	if (title) {
		print_text(c, title);
		str_adds(c->out, ":\n");
	}
	str_adds(c->out, "```");
	print_text(c, language ? language : "");
	str_addc(c->out, '\n');
	san_text(c->out, text ? text : "", text ? strlen(text) : 0, SAN_DOCUMENT | SAN_LINES);
	str_adds(c->out, "\n```\n");
}

static enum status print_section(struct ctx *c, const struct catalogue *cat, const char *name)
{
	char *value = NULL;
	struct records code = { 0 };
	size_t from = c->out->len;
	enum status st = q_named(c->store, c->incident.entity, "section", name, &value, c->err);
	if (st == ST_OK)
		st = q_records(c->store, c->incident.entity, "code", &code, c->err);
	if (st == ST_OK && value) {
		san_text(c->out, value, strlen(value), SAN_DOCUMENT | SAN_LINES);
		str_addc(c->out, '\n');
	}
	for (size_t i = 0; st == ST_OK && i < code.n; i++)
		if (str_eq(record_get(&code.v[i], "section"), name))
			print_code(c, &code.v[i]);
	if (st == ST_OK && c->out->len == from) {
		const struct section_def *s = catalogue_section(cat, name);
		const char *near = s ? NULL : catalogue_near_section(cat, name);
		st = near ? fail(c->err, ST_NO, "nothing is written under %s: did you mean %s?", name, near)
			  : fail(c->err, ST_NO, "nothing is written under %s%s%s", name, s && s->hint ? ": " : "", s && s->hint ? s->hint : "");
	}
	records_free(&code);
	free(value);
	return st;
}

/* With --code it is a block of that language below the section; one of the same title is replaced, and an empty text takes it out. */
static enum status set_code(struct ctx *c, const char *name, const char *language, const char *title, const char *text)
{
	struct fields f = { 0 };
	uuid id;
	fields_text(&f, "section", name);
	fields_text(&f, "language", language);
	fields_text(&f, "title", title);
	fields_text(&f, "text", text);
	enum status st = record_put(c, "code", name, title, &f, &id);
	if (st == ST_OK && !text[0])
		st = tx_op(c->store, "record.hide", id, NULL, c->err);
	return st == ST_OK ? act_print_thing(c, id) : st;
}

static enum status set_section(struct ctx *c, const struct args *a, const struct catalogue *cat, const char *name, const char *text)
{
	const char *language = args_opt(c->verb, a, "code"), *title = args_opt(c->verb, a, "title");
	const char *near = catalogue_section(cat, name) ? NULL : catalogue_near_section(cat, name);
	bool done = false;
	if (title && !language)
		return fail(c->err, ST_USAGE, "--title names a block of code: give --code LANGUAGE, too");
	enum status st = act_begin_change(c, &done);
	if (st == ST_OK && !done)
		st = language ? set_code(c, name, language, title, text) : act_set_named(c, "section", name, text[0] ? text : NULL);
	if (st == ST_OK && near)
		act_note(c, "%s is a section of your own; the documents know %s", name, near);
	return st;
}

/* The operands behind the name; in the composer as they were typed, with the lines pasted below. */
static void take_operands(const struct args *a, struct str *out)
{
	char *joined = act_join(a, 1);
	const char *rest = a->has_line && a->line.text ? strstr(a->line.text, a->argv[0]) : NULL;
	bool plain = rest && !a->opt_value[0] && !a->opt_value[1];
	if (plain)
		rest += strlen(a->argv[0]);
	str_adds(out, plain ? rest + strspn(rest, " \t") : joined);
	for (size_t i = 0; a->has_line && i < a->line.details; i++)
		str_addf(out, "%s%s", out->len ? "\n" : "", a->line.detail[i]);
	free(joined);
}

enum status verb_section(struct ctx *c, const struct args *a)
{
	struct catalogue *cat;
	char *name = NULL;
	struct str text = STR_INIT;
	bool given = a->argc > 1 || (a->has_line && a->line.details);
	enum status st = act_catalogue(c, &cat);
	if (st == ST_OK)
		st = section_name(c, cat, a->argv[0], &name);
	if (st == ST_OK && given) {
		take_operands(a, &text);
	} else if (st == ST_OK && has_input(c)) {
		st = read_input(c, &text);
		given = text.len > 0; /* nothing was piped: a script that only asks */
	}
	if (st == ST_OK && strlen(text.s) != text.len)
		st = fail(c->err, ST_USAGE, "the text holds a NUL byte: give plain text");
	if (st == ST_OK)
		st = given ? set_section(c, a, cat, name, unquoted(text.s)) : print_section(c, cat, name);
	str_free(&text);
	free(name);
	catalogue_free(cat);
	return st;
}
