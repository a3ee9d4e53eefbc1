/* import-add.c - what was read goes where it belongs. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/import-impl.h"

enum { PEOPLE = 1000 }; /* that are compared */

void add_word(struct words *l, size_t *cap, const char *s)
{
	l->v = xgrow(l->v, cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = xstrdup(s);
}

static void add_sentence(struct words *l, size_t *cap, const char *fmt, va_list ap)
{
	struct str b = STR_INIT;
	str_addv(&b, fmt, ap);
	add_word(l, cap, b.s);
	str_free(&b);
}

void add_remark(struct reading *r, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	add_sentence(&r->out->remarks, &r->remark_cap, fmt, ap);
	va_end(ap);
}

void add_warning(struct reading *r, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	add_sentence(&r->out->warnings, &r->warning_cap, fmt, ap);
	va_end(ap);
}

/* ---- fields and sections
 * -------------------------------------------------------------------------------------------- */

static struct named *named_find(struct nameds *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i].name, name) == 0)
			return &l->v[i];
	return NULL;
}

static void named_add(struct nameds *l, size_t *cap, const char *name, const char *value)
{
	l->v = xgrow(l->v, cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = (struct named){ xstrdup(name), xstrdup(value) };
}

void add_field(struct reading *r, const char *name, const char *value)
{
	if (value[0] && !named_find(&r->out->fields, name))
		named_add(&r->out->fields, &r->field_cap, name, value);
}

/* Sections grow while the document is read. */
bool add_section(struct reading *r, const char *name, const char *text)
{
	char *t = text_trim(text, strlen(text));
	bool any = t[0] != 0;
	size_t i = 0;
	while (i < r->sections && strcmp(r->section[i].name, name) != 0)
		i++;
	if (any && i == r->sections) {
		r->section = xgrow(r->section, &r->section_cap, r->sections + 1, sizeof *r->section);
		r->section[r->sections++] = (struct growing){ xstrdup(name), STR_INIT };
	}
	if (any)
		str_addf(&r->section[i].text, "%s%s", r->section[i].text.len ? "\n\n" : "", t);
	free(t);
	return any;
}

void sections_finish(struct reading *r)
{
	struct nameds *l = &r->out->sections;
	if (r->sections)
		l->v = xcalloc(r->sections, sizeof *l->v);
	for (size_t i = 0; i < r->sections; i++)
		l->v[l->n++] = (struct named){ r->section[i].name, str_take(&r->section[i].text) };
	free(r->section);
	r->section = NULL;
	r->sections = 0;
}

static bool is_rule_line(const char *s, size_t n)
{
	size_t marks = 0;
	for (size_t i = 0; i < n; i++)
		if (s[i] == '-' || s[i] == '*' || s[i] == '_')
			marks++;
		else if (s[i] != ' ' && s[i] != '\r')
			return false;
	return marks >= 3;
}

/* Trailing white space and rules are no part of it. */
size_t source_end(const char *s, size_t from, size_t to)
{
	for (;;) {
		while (to > from && strchr(" \t\r\n", s[to - 1]))
			to--;
		size_t line = to;
		while (line > from && s[line - 1] != '\n')
			line--;
		if (to == line || !is_rule_line(s + line, to - line))
			return to;
		to = line;
	}
}

static const char *after_example(const char *s)
{
	static const char *const words[] = { "**Example**:", "**Example:**", "Example:" };
	const char *t = s + strspn(s, " \t\n");
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_starts(t, words[i]))
			return t + strlen(words[i]);
	return s;
}

/* "> " in front of each line of a quote that stands for an example's text. */
static char *unquote(const char *s)
{
	struct str b = STR_INIT;
	for (const char *p = s; *p;) {
		size_t n = strcspn(p, "\n");
		const char *t = p;
		size_t len = n;
		if (len && *t == '>') {
			t++;
			len--;
			if (len && *t == ' ') {
				t++;
				len--;
			}
		}
		str_add(&b, t, len);
		if (p[n])
			str_addc(&b, '\n');
		p += n + (p[n] != 0);
	}
	return str_take(&b);
}

bool add_source(struct reading *r, const char *name, const char *title, size_t from, size_t to)
{
	to = source_end(r->s, from, to);
	char *text = xstrndup(r->s + from, to - from),
	     *plain = text[0] == '>' ? unquote(text) : xstrdup(after_example(text));
	char *t = text_trim(plain, strlen(plain)), *titled = title && t[0] ? str_fmt("**%s**\n\n%s", title, t) : NULL;
	bool any = add_section(r, name, titled ? titled : t);
	free(titled);
	free(t);
	free(plain);
	free(text);
	return any;
}

/* ---- rows
 * ----------------------------------------------------------------------------------------------------------- */

struct finding *add_finding(
	struct reading *r, const char *list, const char *category, const char *title, const char *text)
{
	struct findings *l = &r->out->findings;
	l->v = xgrow(l->v, &r->finding_cap, l->n + 1, sizeof *l->v);
	struct finding *f = &l->v[l->n++];
	*f = (struct finding){ .list = xstrdup(list),
		.category = xstrdup(category),
		.title = title && title[0] ? xstrdup(title) : NULL,
		.text = xstrdup(text),
		.said_at = USEC_NONE };
	const struct list_def *def = r->o->catalogue ? catalogue_list(r->o->catalogue, list) : NULL;
	f->scope = def ? xstrdup(def->scope) : NULL;
	return f;
}

void add_point(struct finding *f, const char *text)
{
	f->point = xrealloc(f->point, (f->points + 1) * sizeof *f->point);
	f->point[f->points++] = xstrdup(text);
}

struct record *add_record(struct reading *r, const char *type)
{
	struct records *l = &r->out->records;
	l->v = xgrow(l->v, &r->record_cap, l->n + 1, sizeof *l->v);
	struct record *rec = &l->v[l->n++];
	*rec = (struct record){ .type = xstrdup(type), .recorded_at = USEC_NONE };
	return rec;
}

void record_set(struct record *rec, const char *name, const char *value)
{
	char *line = value && !is_placeholder(value) ? text_line(value) : NULL;
	record_set_lines(rec, name, line);
	free(line);
}

void record_set_lines(struct record *rec, const char *name, const char *value)
{
	if (!value || record_get(rec, name))
		return;
	struct nameds *l = &rec->values;
	size_t at = 0;
	while (at < l->n && strcmp(l->v[at].name, name) < 0)
		at++;
	l->v = xrealloc(l->v, (l->n + 1) * sizeof *l->v);
	memmove(l->v + at + 1, l->v + at, (l->n - at) * sizeof *l->v);
	l->v[at] = (struct named){ xstrdup(name), xstrdup(value) };
	l->n++;
}

struct responder *add_responder(struct reading *r, const char *name, const char *role)
{
	struct responders *l = &r->out->responders;
	char *who = name_of_person(name);
	struct str code = STR_INIT;
	if (role)
		role_canonical(&code, role);
	struct responder *added = NULL;
	for (size_t i = 0; i < l->n && i < PEOPLE && who[0]; i++)
		if (str_ieq(l->v[i].name, who) && (!code.len || str_eq(l->v[i].role, code.s))) {
			added = &l->v[i];
			who[0] = 0;
		}
	if (!is_placeholder(who)) {
		l->v = xgrow(l->v, &r->responder_cap, l->n + 1, sizeof *l->v);
		added = &l->v[l->n++];
		*added = (struct responder){ .name = xstrdup(who),
			.role = code.len ? xstrdup(code.s) : NULL,
			.joined_at = USEC_NONE,
			.left_at = USEC_NONE };
	}
	str_free(&code);
	free(who);
	return added;
}

void imported_free(struct imported *i)
{
	free(i->title);
	free(i->id);
	events_free(&i->events);
	actions_free(&i->actions);
	findings_free(&i->findings);
	responders_free(&i->responders);
	hypotheses_free(&i->hypotheses);
	asks_free(&i->asks);
	nameds_free(&i->fields);
	nameds_free(&i->sections);
	records_free(&i->records);
	words_free(&i->remarks);
	words_free(&i->warnings);
	*i = (struct imported){ 0 };
}
