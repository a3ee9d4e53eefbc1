/* import-parts.c - what stands below each heading, block by block. What nobody takes becomes a section. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "text/import-impl.h"

/* ---- where the rest goes
 * -------------------------------------------------------------------------------------------- */

/* Text of the house templates around what authors write; exports print it anyway. */
static bool is_boilerplate(const char *s)
{
	static const char *const begin[] = { "all times in", "all times are", "copy this template for",
		"all action items must have", "include timestamps", "additional factors that",
		"things that worked as intended", "things that failed or could", "template version",
		"remember:", "tplus " /* the footer */, "written down differently in two places" };
	const char *t = text_skip_marks(s);
	for (size_t i = 0; i < COUNT(begin); i++)
		if (strncasecmp(t, begin[i], strlen(begin[i])) == 0)
			return true;
	return false;
}

static const char *section_of(const struct part *p)
{
	switch (p->what) {
	case WHAT_TIMELINE:
	case WHAT_ACTIONS:
	case WHAT_WHYS:
		return "notes";
	case WHAT_FINDINGS:
		return p->rule && p->rule->name ? p->rule->name : "notes";
	case WHAT_CODE:
	case WHAT_LABELS:
		return p->rule ? p->rule->name : NULL;
	case WHAT_LIST:
	case WHAT_UNKNOWN:
	case WHAT_SAME:
	case WHAT_COMPUTED:
		return NULL;
	default:
		return "appendix";
	}
}

/* A heading that nothing is known of is kept: as a section of its own, below a known one as a part of that. */
static void keep(struct reading *r, struct part *p, size_t from, size_t to)
{
	const char *name = section_of(p), *title = NULL;
	struct part *of = p;
	char *own = NULL;
	while (p->what == WHAT_UNKNOWN && of->parent && !of->parent->head && !name) {
		of = of->parent;
		name = section_of(of);
	}
	bool below = p->what == WHAT_UNKNOWN && of != p;
	if (below || (name && (strcmp(name, "notes") == 0 || strcmp(name, "appendix") == 0)))
		title = p->title;
	if (!name)
		name = own = of->head ? xstrdup("introduction") : slug(of->title);
	if (!name) {
		title = p->title;
		name = "notes";
	}
	if (p->kept_heading)
		title = NULL; /* it stands above what was kept before */
	if (add_source(r, name, title, from, to) && (own || title)) {
		if (!p->kept_heading)
			add_word(&r->kept, &r->kept_cap, p->title[0] ? p->title : name);
		p->kept_heading = true;
	}
	free(own);
}

/* ---- paragraphs
 * ----------------------------------------------------------------------------------------------------- */

/* The end of the label's value: the line before the next label. */
static size_t value_end(const struct node *n, size_t from)
{
	size_t at = from;
	for (;;) {
		at += strcspn(n->text.s + at, "\n");
		if (!n->text.s[at])
			return at;
		char *label;
		size_t value;
		if (label_at(n, at + 1, &label, &value)) {
			free(label);
			return at;
		}
		at++;
	}
}

/* "**A**: x\n**B**: y"; what no label takes is kept as it was. */
static bool labelled(struct reading *r, struct part *p, const struct node *n, struct str *rest)
{
	char *label;
	size_t value;
	if (!label_at(n, 0, &label, &value))
		return false;
	bool example = strncasecmp(text_skip_marks(label), "example", 7) == 0;
	free(label);
	if (example && value_end(n, value) == n->text.len) /* all of it is one: kept as it stands */
		return false;
	for (size_t at = 0; n->text.s[at];) {
		if (!label_at(n, at, &label, &value))
			break;
		size_t end = value_end(n, value);
		char *text = text_trim(n->text.s + value, end - value);
		char *key = heading_key(label);
		example = strcmp(key, "example") == 0;
		if (example || !take_label(r, p, label, text))
			str_addf(rest, example ? "%s%s%s" : "%s**%s**: %s", rest->len ? "\n" : "",
				example ? text : label, example ? "" : text);
		free(key);
		free(text);
		free(label);
		at = n->text.s[end] ? end + 1 : end;
	}
	return true;
}

static void paragraph(struct reading *r, struct part *p, struct node *n, const struct node *next)
{
	struct str rest = STR_INIT;
	size_t len = n->text.len;
	bool intro = len && len < 80 && n->text.s[len - 1] == ':' && next &&
		     (next->kind == NODE_LIST || next->kind == NODE_TABLE || next->kind == NODE_QUOTE ||
			     next->kind == NODE_CODE);
	if (p->what == WHAT_TIMELINE) {
		const struct zone *z = zone_in_text(n->text.s, len);
		if (z && !r->zone_said && is_boilerplate(n->text.s)) {
			r->zone = z;
			r->zone_said = true;
		}
		if (timeline_block(r, p, n))
			return;
	}
	if (is_boilerplate(n->text.s) || is_template_text(r, n->from, source_end(r->s, n->from, n->to)) ||
		(intro && p->what != WHAT_LABELS && p->what != WHAT_UNKNOWN))
		return;
	if (is_placeholder(n->text.s) && (n->text.s[0] == '[' || is_blank_text(n->text.s))) {
		r->out->placeholders += len > 0;
		return;
	}
	if (!labelled(r, p, n, &rest)) {
		keep(r, p, n->from, n->to);
	} else if (rest.len) {
		const char *name = section_of(p);
		char *own = name ? NULL : slug(p->head ? "introduction" : p->title);
		if (!name && own)
			add_word(&r->kept, &r->kept_cap, p->title[0] ? p->title : own);
		add_section(r, name ? name : own ? own : "notes", rest.s);
		free(own);
	}
	str_free(&rest);
}

/* ---- lists
 * ---------------------------------------------------------------------------------------------------------- */

/* Detection methods as check boxes: the ticked ones. */
static bool ticked(struct reading *r, struct part *p, const struct node *item, struct str *value)
{
	const struct node *own = item_text(item);
	if (!item->task || !own || !p->rule || !p->rule->list)
		return false;
	if (item->done && !is_placeholder(own->text.s)) {
		char *t = text_line(own->text.s);
		size_t n = strncasecmp(t, "Other:", 6) == 0 ? 6 + strspn(t + 6, " ") : 0;
		str_addf(value, "%s%.*s", value->len ? ", " : "", (int)strcspn(t + n, "("), t + n);
		if (value->len && value->s[value->len - 1] == ' ')
			str_cut(value, value->len - 1);
		free(t);
	} else {
		r->out->placeholders++;
	}
	return true;
}

static bool group_below(struct reading *r, struct part *p, const struct node *item, const char *label)
{
	struct part sub = { .title = (char *)(uintptr_t)label, .key = heading_key(label), .level = 8, .parent = p };
	part_mean(&sub);
	bool known = sub.rule && sub.rule != p->rule && item->children > 1;
	sub.block = xcalloc(item->children + 1, sizeof *sub.block);
	for (size_t i = 0; i < item->children && known; i++)
		if (item->child[i] != item_text(item))
			sub.block[sub.blocks++] = item->child[i];
	if (known)
		read_part(r, &sub);
	free(sub.block);
	free(sub.category);
	free(sub.key);
	return known;
}

/* Bold, or a word that means something here: "Data loss: none". */
static bool item_label(struct part *p, const struct node *own, char **label, size_t *value)
{
	if (label_at(own, 0, label, value))
		return true;
	size_t n = strcspn(own->text.s, ":\n");
	if (own->text.s[n] != ':' || n > 60)
		return false;
	*label = xstrndup(own->text.s, n);
	*value = n + 1;
	if (is_label(p, *label))
		return true;
	free(*label);
	*label = NULL;
	return false;
}

static bool labelled_item(struct reading *r, struct part *p, const struct node *item)
{
	const struct node *own = item_text(item);
	char *label = NULL;
	size_t value;
	if (!own || !item_label(p, own, &label, &value))
		return own && is_blank_text(own->text.s);
	char *text = text_line(own->text.s + value);
	bool taken;
	if (!text[0] && item->children > 1)
		taken = group_below(r, p, item, label);
	else
		taken = item->children == 1 && take_label(r, p, label, text);
	free(text);
	free(label);
	return taken;
}

/* "Target mitigate (started→mitigated): 32m", where figures stand that tplus works out. */
static bool is_figure(const struct part *p, const struct node *item)
{
	const struct node *own = item_text(item);
	const char *colon = own && p->what == WHAT_COMPUTED ? strstr(own->text.s, ": ") : NULL;
	return colon && (duration_in(colon + 2, NULL) != USEC_NONE || str_starts(colon + 2, "unknown"));
}

static void labels_list(struct reading *r, struct part *p, struct node *list)
{
	struct str value = STR_INIT;
	bool labels = false;
	for (size_t i = 0; i < list->children; i++) {
		const struct node *own = item_text(list->child[i]);
		char *label = NULL;
		size_t at;
		labels |= list->child[i]->task || (own && item_label(p, own, &label, &at)) ||
			  (own && is_blank_text(own->text.s));
		free(label);
	}
	if (!labels && p->what != WHAT_COMPUTED) {
		keep(r, p, list->from, list->to);
	} else {
		for (size_t i = 0; i < list->children; i++)
			if (!ticked(r, p, list->child[i], &value) && !labelled_item(r, p, list->child[i]) &&
				!is_figure(p, list->child[i]))
				keep(r, p, list->child[i]->from, list->child[i]->to);
	}
	if (value.len)
		set_field(r, p->rule->list, value.s, NULL);
	str_free(&value);
}

static void field_list(struct reading *r, struct part *p, const struct node *list)
{
	struct words items = { 0 };
	size_t cap = 0;
	struct str b = STR_INIT;
	for (size_t i = 0; i < list->children; i++) {
		const struct node *own = item_text(list->child[i]);
		char *t = own ? text_line(own->text.s) : xstrdup("");
		if (!is_placeholder(t))
			add_word(&items, &cap, t);
		free(t);
	}
	field_join(&items, &b);
	if (b.len)
		set_field(r, p->rule->name, b.s, NULL);
	str_free(&b);
	words_free(&items);
}

static void records_list(struct reading *r, struct part *p, const struct node *list)
{
	for (size_t i = 0; i < list->children; i++)
		if (!read_list_item(r, p, list->child[i]))
			keep(r, p, list->child[i]->from, list->child[i]->to);
}

static void list(struct reading *r, struct part *p, struct node *n)
{
	switch (p->what) {
	case WHAT_FINDINGS:
		read_findings(r, p, n);
		break;
	case WHAT_WHYS:
		read_whys(r, n);
		break;
	case WHAT_ACTIONS:
		actions_list(r, p, n);
		break;
	case WHAT_LIST:
		field_list(r, p, n);
		break;
	case WHAT_LINKS:
	case WHAT_RELATED:
	case WHAT_METRICS:
	case WHAT_SIGNOFF:
		records_list(r, p, n);
		break;
	case WHAT_COMPUTED:
		labels_list(r, p, n);
		break;
	case WHAT_TIMELINE:
		if (!timeline_block(r, p, n))
			keep(r, p, n->from, n->to);
		break;
	default:
		labels_list(r, p, n);
		break;
	}
}

/* ---- parts
 * ---------------------------------------------------------------------------------------------------------- */

static const char *last_text(const struct node *n)
{
	while (n->children)
		n = n->child[n->children - 1];
	return n->text.s;
}

/* "[Attach screenshots of:" and a list that ends in "]": a template's words over several blocks. */
static bool opens_bracket(const struct node *n, const struct node *next)
{
	size_t len = next ? strlen(last_text(next)) : 0;
	return n->kind == NODE_PARAGRAPH && n->text.s[0] == '[' && !strchr(n->text.s, ']') && next &&
	       next->kind == NODE_LIST && len && last_text(next)[len - 1] == ']';
}

static void quote(struct reading *r, struct part *p, struct node *n)
{
	bool lists = false;
	for (size_t i = 0; i < n->children; i++)
		lists |= n->child[i]->kind == NODE_LIST;
	if (p->what == WHAT_FINDINGS && lists)
		for (size_t i = 0; i < n->children; i++) {
			if (n->child[i]->kind == NODE_LIST)
				read_findings(r, p, n->child[i]);
			else
				keep(r, p, n->child[i]->from, n->child[i]->to);
		}
	else if (p->what != WHAT_TIMELINE || !timeline_block(r, p, n))
		keep(r, p, n->from, n->to);
}

static void code(struct reading *r, struct part *p, const struct node *n)
{
	if (is_key_metrics(r, n))
		return;
	struct record *rec = add_record(r, "code");
	char *text =
		xstrndup(n->text.s, n->text.len && n->text.s[n->text.len - 1] == '\n' ? n->text.len - 1 : n->text.len);
	record_set(rec, "section", p->rule->name);
	record_set(rec, "title", p->title);
	record_set(rec, "language", n->lang);
	record_set_lines(rec, "text", text);
	free(text);
}

static void block(struct reading *r, struct part *p, struct node *n, const struct node *next)
{
	switch (n->kind) {
	case NODE_PARAGRAPH:
		paragraph(r, p, n, next);
		break;
	case NODE_LIST:
		list(r, p, n);
		break;
	case NODE_TABLE:
		if (!read_table(r, p, n))
			keep(r, p, n->from, n->to);
		break;
	case NODE_QUOTE:
		quote(r, p, n);
		break;
	case NODE_HTML:
		if (strncmp(n->text.s, "<!--", 4) != 0)
			keep(r, p, n->from, n->to);
		break;
	case NODE_CODE:
		if (p->what == WHAT_CODE)
			code(r, p, n);
		else if (p->what != WHAT_TIMELINE || !timeline_block(r, p, n))
			keep(r, p, n->from, n->to);
		break;
	default:
		break;
	}
}

static bool is_example(const struct node *n)
{
	char *key = n->kind == NODE_PARAGRAPH && n->text.len < 20 ? heading_key(n->text.s) : NULL;
	bool yes = key && strcmp(key, "example") == 0;
	free(key);
	return yes;
}

/* Above a prompt of tplus for a whole text stands what it worked out as a draft. */
static bool is_draft(const struct part *p)
{
	for (size_t i = 0; i < p->blocks; i++)
		if (p->what == WHAT_LABELS && p->block[i]->kind == NODE_PARAGRAPH &&
			str_starts(p->block[i]->text.s, "To be written: "))
			return true;
	return false;
}

void read_part(struct reading *r, struct part *p)
{
	r->entry_open = false;
	if (is_draft(p)) {
		r->out->placeholders++;
		return;
	}
	timeline_heading(r, p);
	if (p->what == WHAT_COMPUTED && p->blocks)
		add_word(&r->computed, &r->computed_cap, p->title);
	for (size_t i = 0; i < p->blocks; i++) {
		struct node *next = i + 1 < p->blocks ? p->block[i + 1] : NULL;
		if (p->what == WHAT_COMPUTED && strcmp(p->key, "severity") == 0)
			own_opening(r, p->block[i]);
		if (p->what == WHAT_COMPUTED && p->block[i]->kind != NODE_LIST)
			continue;
		if (is_example(p->block[i]))
			continue;
		if (opens_bracket(p->block[i], next)) {
			r->out->placeholders++;
			i++;
			continue;
		}
		block(r, p, p->block[i], next);
	}
}
