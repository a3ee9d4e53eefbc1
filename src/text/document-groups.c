/* document-groups.c - what a template needs to lay rows out in the groups of its document, so that none is dropped for want of
 * a heading: findings by the headings of each of the five documents, metrics by what they measure, targets by their ends; and
 * the rows that no tag of the template in use names. Made of the values that the other files put there. */
#include <stdlib.h>
#include <string.h>

#include "text/document-impl.h"

/* o is shared; the array of that name is made if need be. */
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

static const char *text_of(const json_t *o, const char *name)
{
	return json_string_value(json_object_get(o, name));
}

/* ---- findings by the headings of a document ---- */

/* The first group takes what no other one does; "done" takes what is done. Words behind a group are categories that belong to it, too. */
static const struct {
	const char *template, *list;
	struct {
		const char *name, *also[3];
	} group[4];
} layouts[] = {
	{ "classic", "lesson", { { "technical", { NULL } }, { "process", { "cultural", "human" } } } },
	{ "classic", "prevention",
		{ { "code", { "technical" } }, { "testing", { NULL } }, { "deployment", { "process" } },
			{ "monitoring", { NULL } } } },
	{ "sev", "lesson", { { "process", { NULL } }, { "technical", { NULL } }, { "cultural", { "human" } } } },
	{ "detailed", "follow-up",
		{ { "short-term", { NULL } }, { "immediate", { "done" } }, { "long-term", { NULL } } } },
	{ "sev", "follow-up", { { "immediate", { NULL } }, { "short-term", { NULL } }, { "long-term", { NULL } } } },
	{ "analysis", "reason", { { "technical", { NULL } }, { "process", { NULL } }, { "human", { "cultural" } } } },
	{ "analysis", "prevention",
		{ { "technical", { "code", "testing", "deployment" } }, { "process", { NULL } },
			{ "monitoring", { NULL } } } },
	{ "slo", "prevention", { { "short-term", { NULL } }, { "immediate", { "done" } }, { "long-term", { NULL } } } },
};
enum { LAYOUTS = sizeof layouts / sizeof *layouts, GROUPS = 4, ALSO = 3 };

static size_t group_of(size_t layout, const json_t *finding)
{
	const char *category = text_of(finding, "category");
	bool done = json_is_true(json_object_get(finding, "done"));

	for (size_t g = 0; g < GROUPS && layouts[layout].group[g].name; g++) {
		if (category && str_ieq(layouts[layout].group[g].name, category))
			return g;
		for (size_t k = 0; k < ALSO && layouts[layout].group[g].also[k]; k++) {
			const char *word = layouts[layout].group[g].also[k];
			if (category ? str_ieq(word, category) : done && str_eq(word, "done"))
				return g;
		}
	}
	return 0;
}

/* Every finding gets its number within its list, and one within its group of each document. */
static void put_layout(struct document *d, size_t i)
{
	const json_t *list = json_object_get(json_object_get(d->root, "finding"), layouts[i].list);
	json_t *groups = child(child(child(d->root, "grouped"), layouts[i].template), layouts[i].list);
	size_t count[GROUPS] = { 0 };

	for (size_t k = 0; k < json_array_size(list); k++) {
		json_t *o = json_copy(json_array_get(list, k));
		size_t g = group_of(i, o);
		doc_put(o, "n", json_integer((json_int_t)++count[g]));
		append_to(groups, layouts[i].group[g].name, o);
		json_decref(o);
	}
}

static void put_numbers(struct document *d)
{
	const char *name;
	json_t *list;

	json_object_foreach(json_object_get(d->root, "finding"), name, list) for (size_t k = 0;
										  k < json_array_size(list); k++)
		doc_put(json_array_get(list, k), "n", json_integer((json_int_t)k + 1));
}

/* ---- metrics by what they measure ---- */

static const struct {
	const char *word, *class;
} classes[] = {
	{ "availability", "availability" },
	{ "uptime", "availability" },
	{ "error", "error-rate" },
	{ "latency", "latency" },
	{ "response time", "latency" },
	{ "success", "success" },
};

static const char *class_of(const char *name)
{
	for (size_t i = 0; name && i < sizeof classes / sizeof *classes; i++)
		if (strcasestr(name, classes[i].word))
			return classes[i].class;
	return "other";
}

static void put_metric_classes(struct document *d)
{
	const json_t *all = json_object_get(d->root, "metrics");
	json_t *by = child(d->root, "metric_like"), *promised = json_array();

	for (size_t i = 0; i < json_array_size(all); i++) {
		json_t *o = json_array_get(all, i);
		append_to(by, class_of(text_of(o, "name")), o);
		if (text_of(o, "target"))
			json_array_append(promised, o);
	}
	doc_put(d->root, "compliance", promised);
}

/* ---- targets by their ends ---- */

/* target_between.detected.acknowledged: the first one of those ends. */
static void put_target_ends(struct document *d)
{
	json_t *all = json_object_get(d->root, "targets"), *by = child(d->root, "target_between");

	for (size_t i = 0; i < d->policy.targets && i < json_array_size(all); i++) {
		const struct target_rule *t = &d->policy.target[i];
		json_t *from = child(by, milestone_name(t->from));
		if (!json_object_get(from, milestone_name(t->to)))
			json_object_set(from, milestone_name(t->to), json_array_get(all, i));
	}
}

void doc_groups(struct document *d)
{
	put_numbers(d);
	child(d->root, "grouped");
	for (size_t i = 0; i < LAYOUTS; i++)
		put_layout(d, i);
	put_metric_classes(d);
	put_target_ends(d);
}

/* ---- what the template in use does not place ---- */

/* Does a tag name it: kind.name, or kind.name.GROUP? */
bool doc_is_placed(const struct str *sources, const char *kind, const char *name)
{
	char *path = str_fmt("%s.%s", kind, name);
	size_t n = strlen(path);
	bool placed = false;

	for (const char *p = sources->s; !placed && (p = strstr(p, path)) != NULL; p += n)
		placed = p > sources->s && strchr("{#^/& ", p[-1]) && strchr("} .", p[n]);
	free(path);
	return placed;
}

static bool is_laid_out(const struct str *sources, const char *list)
{
	bool placed = doc_is_placed(sources, "finding", list) || doc_is_placed(sources, "finding_in", list);

	for (size_t i = 0; i < LAYOUTS && !placed; i++) {
		char *kind = str_fmt("grouped.%s", layouts[i].template);
		placed = doc_is_placed(sources, kind, list);
		free(kind);
	}
	return placed;
}

static json_t *other_lists(const struct document *d, const struct str *sources)
{
	json_t *all = json_array(), *rows;
	const char *name;

	json_object_foreach(json_object_get(d->root, "finding"), name, rows)
	{
		if (is_laid_out(sources, name))
			continue;
		const char *list = text_of(json_array_get(rows, 0), "list");
		char *title = doc_title(list ? list : name);
		json_t *o = json_object();
		doc_puts(o, "name", name);
		doc_puts(o, "title", title);
		json_object_set(o, "findings", rows);
		json_array_append_new(all, o);
		free(title);
	}
	return all;
}

/* The rows of link or code whose kind or section no tag names. */
static json_t *other_rows(const struct document *d, const struct str *sources, const char *kind)
{
	json_t *all = json_array(), *rows;
	const char *name;

	json_object_foreach(json_object_get(d->root, kind), name, rows) if (!doc_is_placed(sources, kind, name))
		json_array_extend(all, rows);
	return all;
}

static json_t *other_targets(const struct document *d, const struct str *sources)
{
	const json_t *targets = json_object_get(d->root, "targets");
	json_t *all = json_array();

	for (size_t i = 0; i < d->policy.targets && i < json_array_size(targets); i++) {
		const struct target_rule *t = &d->policy.target[i];
		char *ends = str_fmt("%s.%s", milestone_name(t->from), milestone_name(t->to));
		if (!doc_is_placed(sources, "target_between", ends))
			json_array_append(all, json_array_get(targets, i));
		free(ends);
	}
	return all;
}

void doc_unplaced(struct document *d, const struct str *sources)
{
	doc_put(d->root, "other_lists", other_lists(d, sources));
	doc_put(d->root, "other_links", other_rows(d, sources, "link"));
	doc_put(d->root, "other_codes", other_rows(d, sources, "code"));
	doc_put(d->root, "other_targets", other_targets(d, sources));
}
