/* document-records.c - the rows of a document's tables, and what a template needs to lay out fields, findings and action
 * items: choices as boxes, items of lists, categories, groups. Made of the values that document-model.c put there. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/field.h"
#include "model/figure.h"
#include "text/document-impl.h"

static void put_flag(json_t *o, const char *name, bool yes)
{
	doc_put(o, name, json_boolean(yes));
}

/* "error rate" is named error-rate. */
static char *key_of(const char *word)
{
	char *key = xstrdup(word && *word ? word : "other");

	for (char *p = key; *p; p++)
		*p = *p == ' ' || *p == '.' ? '-' : *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
	return key;
}

/* Puts v (taken over) at detection.method below at. */
static void put_path(json_t *at, const char *path, json_t *v)
{
	const char *dot = strchr(path, '.');
	char *name = dot ? xstrndup(path, (size_t)(dot - path)) : xstrdup(path);
	json_t *there = json_object_get(at, name);

	if (!dot) {
		doc_put(at, name, v);
	} else {
		if (!json_is_object(there))
			doc_put(at, name, there = json_object());
		put_path(there, dot + 1, v);
	}
	free(name);
}

/* The array of that name, made if need be; o is shared. */
static void append_to(json_t *object, const char *name, json_t *o)
{
	json_t *list = json_object_get(object, name);

	if (!json_is_array(list))
		doc_put(object, name, list = json_array());
	json_array_append(list, o);
}

static json_t *child(json_t *object, const char *name)
{
	json_t *there = json_object_get(object, name);

	if (!json_is_object(there))
		doc_put(object, name, there = json_object());
	return there;
}

/* ---- records ---- */

static void put_metric(json_t *o, const struct record *r)
{
	const char *unit = record_get(r, "unit"), *name = record_get(r, "name");
	struct measure before = measure_of(record_get(r, "before"), unit), during = measure_of(record_get(r, "during"), unit);
	struct measure target = measure_of(record_get(r, "target"), unit);
	struct str difference = STR_INIT, factor = STR_INIT;
	enum kept kept = measure_kept(&target, &during, metric_rises(name));

	measure_difference(&difference, &before, &during);
	measure_factor(&factor, &before, &during);
	doc_put(o, "difference", doc_take(&difference));
	doc_put(o, "factor", doc_take(&factor));
	put_flag(o, "met", kept == KEPT_MET);
	put_flag(o, "missed", kept == KEPT_MISSED);
}

/* {from_ms} and {to_ms} become the time from the start to the end of the incident, else to its last event. */
static void put_link(const struct document *d, json_t *o, const struct record *r)
{
	const struct milestones *ms = &d->i.ms;
	usec from = ms->at[MS_STARTED] != USEC_NONE ? ms->at[MS_STARTED] : d->first;
	usec to = ms->at[MS_RESOLVED] != USEC_NONE ? ms->at[MS_RESOLVED] : d->last;
	struct str b = STR_INIT;
	const char *text = record_get(r, "text");

	link_expand(&b, record_get(r, "url") ? record_get(r, "url") : "", from, to);
	doc_puts(o, "address", b.s);
	doc_puts(o, "name", text ? text : b.s);
	put_flag(o, "is_web", str_starts(b.s, "http"));
	str_free(&b);
}

/* The whole block as Markdown, with a fence that its text does not hold. */
static void put_code(json_t *o, const struct record *r)
{
	const char *text = record_get(r, "text"), *language = record_get(r, "language");
	size_t longest = 2, run = 0, n = text ? strlen(text) : 0;
	struct str b = STR_INIT;

	for (size_t i = 0; i < n; i++) {
		run = text[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	str_addn(&b, '`', longest + 1);
	for (const char *p = language ? language : ""; *p; p++)
		if (*p > ' ' && *p != '`' && *p != 0x7f)
			str_addc(&b, *p);
	str_addf(&b, "\n%s%s", text ? text : "", n && text[n - 1] == '\n' ? "" : "\n");
	str_addn(&b, '`', longest + 1);
	doc_put(o, "block", doc_take(&b));
}

static json_t *record_value(const struct document *d, const struct record_type *t, const struct record *r)
{
	json_t *o = json_object();

	for (size_t i = 0; t->attrs[i]; i++)
		doc_puts(o, t->attrs[i], record_get(r, t->attrs[i]));
	if (strcmp(t->name, "metric") == 0)
		put_metric(o, r);
	else if (strcmp(t->name, "link") == 0)
		put_link(d, o, r);
	else if (strcmp(t->name, "code") == 0)
		put_code(o, r);
	else if (strcmp(t->name, "signoff") == 0)
		put_flag(o, "signed", record_get(r, "date") != NULL);
	return o;
}

/* What the rows of each type are grouped by: metric.error-rate, link.dashboard, signoff.reviewed, code.immediate-fix. */
static const struct {
	const char *type, *attr, *otherwise;
} groupings[] = {
	{ "metric", "name", "other" },
	{ "link", "kind", "other" },
	{ "signoff", "as", "reviewed" },
	{ "code", "section", "other" },
};

static void put_grouped(struct document *d, const struct record *r, json_t *o)
{
	for (size_t i = 0; i < sizeof groupings / sizeof *groupings; i++) {
		if (!str_eq(groupings[i].type, r->type))
			continue;
		const char *word = record_get(r, groupings[i].attr);
		char *key = key_of(word ? word : groupings[i].otherwise);
		append_to(child(d->root, r->type), key, o);
		free(key);
	}
}

static void put_records(struct document *d)
{
	for (size_t i = 0; i < sizeof groupings / sizeof *groupings; i++)
		child(d->root, groupings[i].type);
	for (const struct record_type *t = record_types; t->name; t++) {
		json_t *list = json_array();
		for (size_t i = 0; i < d->records.n; i++) {
			if (!str_eq(d->records.v[i].type, t->name))
				continue;
			json_t *o = record_value(d, t, &d->records.v[i]);
			json_array_append(list, o);
			put_grouped(d, &d->records.v[i], o);
			json_decref(o);
		}
		doc_put(d->root, strcmp(t->name, "code") == 0 ? "codes" : t->plural, list);
	}
}

/* ---- fields ---- */

static const char *value_of(const struct document *d, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < d->fields.n; i++)
		if (str_eq(d->fields.v[i].name, name) && d->fields.v[i].value[0])
			value = d->fields.v[i].value;
	return value;
}

/* {items: [{word, checked}], other}: every choice with its box, and what is none of them. */
static json_t *boxes(const struct field_def *f, const char *value)
{
	json_t *o = json_object(), *items = json_array();
	struct words given = { 0 };
	struct str other = STR_INIT;

	if (value)
		field_items(value, &given);
	for (size_t i = 0; i < f->choices.n; i++) {
		json_t *item = json_object();
		doc_puts(item, "word", f->choices.v[i]);
		put_flag(item, "checked", words_have(&given, f->choices.v[i]));
		json_array_append_new(items, item);
		char *key = key_of(f->choices.v[i]);
		put_flag(o, key, words_have(&given, f->choices.v[i]));
		free(key);
	}
	for (size_t i = 0; i < given.n; i++)
		if (!words_have(&f->choices, given.v[i]))
			str_addf(&other, "%s%s", other.len ? ", " : "", given.v[i]);
	doc_put(o, "items", items);
	doc_put(o, "other", doc_take(&other));
	words_free(&given);
	return o;
}

/* How a stored value reads: times in the document's zone, lists with commas. */
static json_t *shown_value(const struct document *d, const struct field_def *f, const char *value)
{
	struct str b = STR_INIT;
	struct words items;
	usec t;
	bool about = value[0] == '~';

	if (f->type == FIELD_TIME && when_rfc3339(value + about, &t)) {
		str_adds(&b, about ? "~" : "");
		when_fmt_full(&b, t, d->zone);
		return doc_take(&b);
	}
	if (f->type != FIELD_LIST && !f->several)
		return doc_text(value);
	field_items(value, &items);
	for (size_t i = 0; i < items.n; i++)
		str_addf(&b, "%s%s", i ? ", " : "", items.v[i]);
	words_free(&items);
	return doc_take(&b);
}

static json_t *item_list(const char *value)
{
	struct words items = { 0 };

	if (value)
		field_items(value, &items);
	json_t *l = doc_lines(items.v, items.n);
	words_free(&items);
	return l;
}

static void put_field(struct document *d, const struct field_def *f)
{
	const char *value = value_of(d, f->name);
	char *from_log = value || f->source == SOURCE_NONE || f->computed ? NULL : doc_source(d, f, NULL);
	json_t *tree = child(d->root, "field");

	if (value && (f->type == FIELD_TIME || f->type == FIELD_LIST || f->several))
		put_path(tree, f->name, shown_value(d, f, value));
	else if (from_log)
		put_path(tree, f->name, doc_text(from_log));
	if (f->type == FIELD_LIST)
		put_path(child(d->root, "items"), f->name, item_list(value));
	if (f->type == FIELD_CHOICE)
		put_path(child(d->root, "boxes"), f->name, boxes(f, value));
	if (f->type == FIELD_YESNO)
		put_path(child(d->root, "yes"), f->name, json_boolean(str_eq(value, "yes")));
	free(from_log);
}

/* ---- findings and action items ---- */

/* The shipped catalogue: a document is a function of the journal and the program alone. */
static void put_findings(struct document *d, const struct catalogue *cat)
{
	json_t *all = json_object_get(d->root, "findings"), *by = json_object();

	for (size_t i = 0; i < d->findings.n; i++) {
		const struct finding *f = &d->findings.v[i];
		const struct list_def *l = f->list ? catalogue_list(cat, f->list) : NULL;
		json_t *o = json_array_get(all, i);
		char *list = key_of(f->list), *category = key_of(f->category);
		bool known = f->category && l && words_have(&l->categories, f->category);
		doc_puts(o, "scope", f->scope);
		put_flag(o, "has_points", f->points > 0);
		append_to(child(by, list), f->category ? category : "none", o);
		if (!known)
			append_to(child(by, list), "other", o);
		free(list);
		free(category);
	}
	doc_put(d->root, "finding_in", by);
}

static const char *const documents[] = { "classic", "sev", "analysis", "slo", "detailed" };
enum { DOCUMENTS = sizeof documents / sizeof *documents };

static void put_action(json_t *groups, json_t *o, const struct action *a)
{
	struct str b = STR_INIT;
	json_t *words = json_object();

	action_number_padded(&b, a->number, 3);
	doc_put(o, "padded", doc_take(&b));
	for (size_t k = 0; k < DOCUMENTS; k++) {
		int group = action_group(documents[k], a);
		doc_puts(words, documents[k], action_status_in(documents[k], a->status));
		if (group >= 0)
			append_to(child(groups, documents[k]), action_groups(documents[k])[group], o);
	}
	doc_put(o, "words", words);
	for (int p = 0; p < 4; p++) {
		char name[] = { 'i', 's', '_', 'p', (char)('0' + p), '\0' };
		put_flag(o, name, a->priority == p);
	}
	put_flag(o, "in_progress", str_eq(a->status, action_status[1]));
}

static enum status put_actions(struct document *d, struct err *err)
{
	struct actions l;
	json_t *all = json_object_get(d->root, "actions"), *groups = json_object();
	enum status st = q_actions(d->s, d->i.entity, &l, err);

	for (size_t k = 0; k < DOCUMENTS; k++)
		child(groups, documents[k]);
	for (size_t i = 0; st == ST_OK && i < l.n; i++)
		put_action(groups, json_array_get(all, i), &l.v[i]);
	doc_put(d->root, "actions_in", groups);
	if (st == ST_OK)
		actions_free(&l);
	return st;
}

enum status doc_records(struct document *d, struct err *err)
{
	struct catalogue *cat;
	enum status st = q_records(d->s, d->i.entity, NULL, &d->records, err);

	catalogue_load(NULL, &cat, NULL);
	if (st == ST_OK)
		st = put_actions(d, err);
	if (st == ST_OK) {
		put_records(d);
		put_findings(d, cat);
		for (size_t i = 0; i < cat->fields; i++)
			put_field(d, &cat->field[i]);
		doc_ends(d);
	}
	catalogue_free(cat);
	return st;
}
