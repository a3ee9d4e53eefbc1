/* import-outline.c - a document's headings, and the bold labels that serve as such, with what stands below each. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/import-impl.h"

enum { LABEL_LEVEL = 7, ABOVE = 12 };

size_t part_above(const struct part *p, const char **above, size_t max)
{
	size_t n = 0;
	for (; p && n < max; p = p->parent)
		above[n++] = p->key;
	for (size_t i = 0; i < n / 2; i++) {
		const char *swap = above[i];
		above[i] = above[n - 1 - i];
		above[n - 1 - i] = swap;
	}
	return n;
}

/* A heading that nothing is known of takes part in what stands above it where that is a list of things; elsewhere it
 * stays unknown. */
void part_mean(struct part *p)
{
	const char *above[ABOVE];
	size_t n = part_above(p->parent, above, ABOVE);
	const struct rule *rule = rule_for(p->key, above, n);
	struct part *up = p->parent;
	p->example = up && up->example;
	if (rule && rule->what != WHAT_SAME) {
		p->rule = rule;
		p->what = rule->what;
		p->category = rule->category ? xstrdup(rule->category) : NULL;
		return;
	}
	if (!up)
		return;
	p->what = up->what;
	p->rule = up->rule;
	p->category = up->category ? xstrdup(up->category) : NULL;
	p->same = rule != NULL;
	if (rule)
		return;
	if (up->what == WHAT_FINDINGS && !p->category)
		p->category = xstrdup(p->key);
	else if (up->what != WHAT_ACTIONS && up->what != WHAT_TIMELINE && up->what != WHAT_METRICS &&
		 up->what != WHAT_FINDINGS)
		p->what = WHAT_UNKNOWN;
}

static struct part *part_new(struct reading *r, const char *title, int level, struct part *parent, size_t from)
{
	struct part *p = xcalloc(1, sizeof *p);
	p->title = text_line(title);
	while (p->title[0] && p->title[strlen(p->title) - 1] == ':')
		p->title[strlen(p->title) - 1] = 0;
	p->key = heading_key(title);
	p->level = level;
	p->parent = parent;
	p->from = from;
	p->to = r->n;
	r->part = xgrow(r->part, &r->part_cap, r->parts + 1, sizeof *r->part);
	r->part[r->parts++] = p;
	return p;
}

static void add_block(struct part *p, struct node *n)
{
	p->block = xgrow(p->block, &p->cap, p->blocks + 1, sizeof *p->block);
	p->block[p->blocks++] = n;
}

/* ---- headings
 * ------------------------------------------------------------------------------------------------------- */

static bool is_titlelike(const char *key)
{
	static const char *const words[] = { "postmortem", "post mortem", "incident postmortem", "incident report",
		"incident review", "rca", "example" };
	for (size_t i = 0; i < COUNT(words); i++) {
		size_t n = strlen(words[i]);
		if (strncmp(key, words[i], n) == 0 && (!key[n] || key[n] == ' '))
			return true;
	}
	return false;
}

/* The title of the whole, or of a worked example within it: what follows is a document's head. */
static bool is_head(const struct reading *r, const struct part *p)
{
	if (is_titlelike(p->key))
		return p->level <= 2;
	return p->level == 1 && r->parts <= 2 && !p->rule;
}

static struct part *open_heading(struct reading *r, struct part *at, const struct node *n)
{
	while (at->parent && at->level >= n->level)
		at = at->parent;
	struct part *p = part_new(r, n->text.s, n->level, at, n->from);
	part_mean(p);
	if (is_head(r, p)) {
		p->head = true;
		p->what = WHAT_LABELS;
		p->example |= strncmp(p->key, "example", 7) == 0;
	}
	return p;
}

/* ---- labels as headings
 * --------------------------------------------------------------------------------------------- */

/* "**Label**:", "**Label:**", "**Label?** (what it asks for)" and nothing else. */
static bool is_label_only(const struct node *n, char **label)
{
	if (n->kind != NODE_PARAGRAPH || strchr(n->text.s, '\n'))
		return false;
	const char *s = text_skip_marks(n->text.s);
	size_t from = (size_t)(s - n->text.s), end = 0;
	for (size_t i = 0; i < n->marks; i++)
		if (n->mark[i].kind == MARK_STRONG && n->mark[i].from == from)
			end = n->mark[i].to;
	if (end <= from)
		return false;
	const char *rest = n->text.s + end;
	bool marked = rest[0] == ':' || (end && strchr(":?", n->text.s[end - 1]));
	while (*rest == ':' || *rest == ' ')
		rest++;
	if (*rest == '(' && strchr(rest, ')')) {
		const char *close = strchr(rest, ')') + 1;
		marked = true;
		rest = close + strspn(close, ": ");
	}
	if (!marked || *rest)
		return false;
	*label = xstrdup(s); /* what stands in brackets may name a horizon */
	return true;
}

/* As a heading it counts when it means something, or names a group within a list of things. */
static struct part *open_label(struct reading *r, struct part *at, const struct node *n)
{
	char *label;
	if (!is_label_only(n, &label))
		return NULL;
	while (at->parent && at->level >= LABEL_LEVEL)
		at = at->parent;
	struct part *p = part_new(r, label, LABEL_LEVEL, at, n->from);
	free(label);
	part_mean(p);
	bool same = p->what == at->what && at->what != WHAT_UNKNOWN;
	if (strcmp(p->key, "example") != 0 && (p->same || (p->rule && p->rule != at->rule) ||
						      (same && at->what != WHAT_LABELS && at->what != WHAT_TIMELINE)))
		return p;
	r->parts--;
	free(p->key);
	free(p->title);
	free(p->category);
	free(p);
	return NULL;
}

void outline_build(struct reading *r)
{
	struct part *at = part_new(r, "", 0, NULL, 0), *label;
	at->what = WHAT_LABELS;
	at->head = true;
	for (size_t i = 0; i < r->root->children; i++) {
		struct node *n = r->root->child[i];
		if (n->kind == NODE_HEADING) {
			at = open_heading(r, at, n);
			continue;
		}
		if (n->kind == NODE_RULE) {
			if (at->level == LABEL_LEVEL)
				at = at->parent;
			continue;
		}
		label = open_label(r, at, n);
		if (label)
			at = label;
		else
			add_block(at, n);
	}
	for (size_t i = 0; i < r->parts; i++)
		if (i + 1 < r->parts)
			r->part[i]->to = r->part[i + 1]->from;
}

void outline_free(struct reading *r)
{
	for (size_t i = 0; i < r->parts; i++) {
		free(r->part[i]->key);
		free(r->part[i]->title);
		free(r->part[i]->category);
		free(r->part[i]->block);
		free(r->part[i]);
	}
	free(r->part);
}
