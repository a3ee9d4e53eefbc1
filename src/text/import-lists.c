/* import-lists.c - lists: findings, whys, links, relations, measured values, sign-offs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/import-impl.h"

/* ---- findings
 * ------------------------------------------------------------------------------------------------------- */

/* What is nested below an item, flat. */
static void add_points(struct finding *f, const struct node *item, const struct node *own)
{
	for (size_t i = 0; i < item->children; i++) {
		const struct node *n = item->child[i];
		if (n == own)
			continue;
		if (n->kind == NODE_LIST || n->kind == NODE_ITEM || n->kind == NODE_QUOTE) {
			add_points(f, n, NULL);
		} else if (n->text.len) {
			char *t = n->kind == NODE_CODE ? text_trim(n->text.s, n->text.len) : node_text(n),
			     *line = n->kind == NODE_CODE ? xstrdup(t) : text_line(t);
			if (!is_blank_text(line))
				add_point(f, line);
			free(line);
			free(t);
		}
	}
}

static void take_finding(
	struct reading *r, struct part *p, const struct node *item, const struct node *own, const char *list)
{
	char *all = node_text(own), *label = NULL;
	size_t value = 0;
	bool tick = false, ticked = text_tick(all, &tick);
	const char *text = ticked ? text_skip_marks(all) : all;
	char *line = text_line(text);
	if (is_blank_text(line)) {
		r->out->placeholders++;
	} else {
		char *said = label_at(own, 0, &label, &value) ? text_line(own->text.s + value) : NULL;
		bool titled = said && said[0] && !ticked;
		struct finding *f = add_finding(r, list, p->category, titled ? label : NULL, titled ? said : line);
		f->done = item->done ||
			  (ticked && tick && (strcmp(list, "prevention") == 0 || strcmp(list, "follow-up") == 0));
		add_points(f, item, own);
		free(said);
		free(label);
	}
	free(line);
	free(all);
}

/* "1. **Immediate Actions**:" with a list below is a heading. */
static bool is_group(struct reading *r, struct part *p, const struct node *item, const struct node *own)
{
	char *label = NULL;
	size_t value;
	if (item->children < 2 || !label_at(own, 0, &label, &value))
		return false;
	bool group = !own->text.s[value + strspn(own->text.s + value, " \n")];
	struct part sub = { .title = label, .key = heading_key(label), .level = 8, .parent = p };
	if (group) {
		part_mean(&sub);
		group = sub.rule && sub.rule != p->rule;
		sub.block = xcalloc(item->children, sizeof *sub.block);
		for (size_t i = 0; i < item->children; i++)
			if (item->child[i] != own)
				sub.block[sub.blocks++] = item->child[i];
		if (group)
			read_part(r, &sub);
		free(sub.block);
		free(sub.category);
	}
	free(sub.key);
	free(label);
	return group;
}

void read_findings(struct reading *r, struct part *p, const struct node *list)
{
	for (size_t i = 0; i < list->children; i++) {
		const struct node *item = list->child[i], *own = item_text(item);
		if (item->kind == NODE_LIST || item->kind == NODE_QUOTE)
			read_findings(r, p, item);
		else if (own && !is_group(r, p, item, own))
			take_finding(r, p, item, own, p->rule->list);
	}
}

/* The answer stands behind the question, on the next line, or nested. */
void read_whys(struct reading *r, const struct node *list)
{
	for (size_t i = 0; i < list->children; i++) {
		const struct node *item = list->child[i], *own = item_text(item);
		if (!own)
			continue;
		char *all = node_text(own), *mark = strchr(all, '?');
		size_t cut = mark ? (size_t)(mark - all) + 1 : strcspn(all, "\n");
		char *question = text_trim(all, cut), *answer = text_line(text_skip_marks(all + cut));
		if (is_blank_text(question)) {
			r->out->placeholders++;
		} else {
			struct finding *f = add_finding(r, "why", NULL, question, answer);
			add_points(f, item, own);
			if (!answer[0] && f->points) { /* the first point is the answer */
				free(f->text);
				f->text = f->point[0];
				memmove(f->point, f->point + 1, --f->points * sizeof *f->point);
			} else if (!answer[0]) {
				free(f->text);
				f->text = f->title;
				f->title = NULL;
			}
		}
		free(question);
		free(answer);
		free(all);
	}
}

/* ---- rows of other tables
 * ------------------------------------------------------------------------------------------- */

static const char *address_of(const struct node *n, char **bare)
{
	*bare = NULL;
	for (size_t i = 0; i < n->marks; i++)
		if (n->mark[i].kind == MARK_LINK && n->mark[i].href && strchr(n->mark[i].href, ':'))
			return n->mark[i].href;
	const char *p = strstr(n->text.s, "://");
	while (p && p > n->text.s && !strchr(" \n(<", p[-1]))
		p--;
	if (p)
		*bare = xstrndup(p, strcspn(p, " \n)>"));
	return *bare;
}

static bool take_link(struct reading *r, const struct node *own, const char *kind)
{
	char *label = NULL, *bare, *text = NULL;
	size_t value = 0;
	const char *url = address_of(own, &bare), *colon = strstr(own->text.s, ": ");
	if (label_at(own, 0, &label, &value))
		text = text_line(label);
	else if (colon && (!url || own->text.s + strlen(own->text.s) > colon))
		text = xstrndup(own->text.s, (size_t)(colon - own->text.s)), value = (size_t)(colon - own->text.s) + 2;
	else
		text = text_line(own->text.s);
	char *said = text_line(own->text.s + value);
	bool known = url != NULL || (value && said[0] && strlen(said) < 200);
	if (is_placeholder(url ? url : said) ||
		(!url && own->marks && own->mark[own->marks - 1].kind == MARK_LINK)) { /* "[Link](link)" */
		r->out->placeholders++;
		known = true;
	} else if (known) {
		struct record *rec = add_record(r, "link");
		record_set(rec, "url", url ? url : said);
		if (!url || strcmp(text, url) != 0)
			record_set(rec, "text", text);
		record_set(rec, "kind", kind);
	}
	free(said);
	free(label);
	free(text);
	free(bare);
	return known;
}

/* "[INC-0045] - Similar issue (2025-11-12)", "P0-012 (similar issue)" */
static bool take_relation(struct reading *r, const char *text)
{
	const char *s = text_skip_marks(text);
	bool bracket = *s == '[';
	s += bracket;
	size_t n = strcspn(s, bracket ? "]" : " :(,");
	char *id = xstrndup(s, n);
	bool known = strpbrk(id, "0123456789") && !strchr(id, ' ');
	if (is_placeholder(id) || strstr(id, "XXX")) {
		r->out->placeholders++;
		known = true;
	} else if (known) {
		struct doctime t;
		size_t at;
		char *how = text_line(s + n + bracket + strspn(s + n + bracket, " :-–—")), iso[16];
		struct record *rec = add_record(r, "relation");
		record_set(rec, "id", id);
		if (doctime_find_date(how, strlen(how), &t, &at)) {
			snprintf(iso, sizeof iso, "%04d-%02d-%02d", t.year % 10000, t.mon % 100, t.day % 100);
			record_set(rec, "date", iso);
			if (at > 0 && how[at - 1] == '(' && how[at + t.used] == ')' && !how[at + t.used + 1])
				how[at - 1] = 0;
		}
		size_t len = strlen(how);
		if (len > 1 && how[0] == '(' && how[len - 1] == ')') {
			how[len - 1] = 0;
			memmove(how, how + 1, len - 1);
		}
		record_set(rec, "relation", how);
		free(how);
	}
	free(id);
	return known;
}

/* The metric of that name that has no such value yet; its other values stand close by. */
static struct record *metric_of(struct reading *r, const char *name, const char *attr)
{
	struct records *l = &r->out->records;
	for (size_t i = l->n > 32 ? l->n - 32 : 0; i < l->n; i++)
		if (strcmp(l->v[i].type, "metric") == 0 && str_eq(record_get(&l->v[i], "name"), name) &&
			!record_get(&l->v[i], attr))
			return &l->v[i];
	struct record *rec = add_record(r, "metric");
	record_set(rec, "name", name);
	return rec;
}

/* "Error rate before: 0.2%", "Autosave SLO: 99.5% (target) → 98.2% (actual)" */
static bool take_metric(struct reading *r, const char *text)
{
	static const char *const ends[] = { "before", "during", "after", "target", "normal", "peak" },
				 *const attrs[] = { "before", "during", "after", "target", "before", "during" };
	const char *colon = strstr(text, ": ");
	if (!colon || colon == text || strlen(colon) > 120)
		return false;
	char *name = text_trim(text, (size_t)(colon - text)), *value = text_line(colon + 2),
	     *target = strstr(value, " (target)"), *arrow;
	const char *attr = NULL;
	size_t n = strlen(name);
	for (size_t i = 0; i < COUNT(ends) && !attr; i++) {
		size_t k = strlen(ends[i]);
		if (n > k + 1 && name[n - k - 1] == ' ' && strcmp(name + n - k, ends[i]) == 0) {
			attr = attrs[i];
			name[n - k - 1] = 0;
		}
	}
	struct record *rec = NULL;
	const char *normal = strstr(value, ", Normal ");
	bool peak = str_starts(value, "Peak "), dropped = str_starts(value, "Dropped to ");
	if (!attr && (dropped || (peak && normal))) {
		rec = metric_of(r, name, "during");
		char *during = dropped ? xstrdup(value + 11) : xstrndup(value + 5, (size_t)(normal - value) - 5);
		record_set(rec, "during", during);
		record_set(rec, "before", peak ? normal + 9 : NULL);
		free(during);
	}
	if (!rec && is_placeholder(value)) {
		r->out->placeholders++;
		free(name);
		free(value);
		return true;
	}
	if (attr) {
		rec = metric_of(r, name, attr);
		record_set(rec, attr, value);
	} else if (target && (arrow = strstr(target, "→"))) {
		char *actual = arrow + strlen("→"), *close = strstr(actual, " (actual)");
		rec = metric_of(r, name, "target");
		*target = 0;
		if (close)
			*close = 0;
		record_set(rec, "target", value);
		record_set(rec, "during", actual);
	}
	free(name);
	free(value);
	return rec != NULL;
}

bool read_list_item(struct reading *r, struct part *p, const struct node *item)
{
	const struct node *own = item_text(item);
	if (!own)
		return true;
	char *text = node_text(own), *label = NULL;
	size_t value;
	bool known = false;
	if (is_blank_text(text)) {
		r->out->placeholders++;
		known = true;
	} else if (p->what == WHAT_LINKS) {
		bool related = label_at(own, 0, &label, &value) && strcmp(label, "Related Incidents") == 0;
		if (related && is_blank_text(own->text.s + value)) {
			r->out->placeholders++;
			known = true;
		} else {
			known = related ? take_relation(r, own->text.s + value) : take_link(r, own, NULL);
		}
	} else if (p->what == WHAT_RELATED) {
		known = take_relation(r, text);
	} else if (p->what == WHAT_METRICS) {
		if (label_at(own, 0, &label, &value))
			known = take_label(r, p, label, own->text.s + value);
		else if (strstr(text, ": "))
			known = (label = xstrndup(text, strcspn(text, ":"))) &&
				take_label(r, p, label, strchr(text, ':') + 1);
		known = known || take_metric(r, text);
	} else if (p->what == WHAT_SIGNOFF) {
		take_signoff(r, p->category ? p->category : "reviewed", text, true);
		known = true;
	}
	free(label);
	free(text);
	return known;
}
