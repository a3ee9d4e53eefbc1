/* md-tree.c - from md4c's callbacks to a tree. */
#include "text/md-tree.h"

#include <md4c.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"

#define FROM_NONE ((size_t)-1)
enum { DEEPEST = 64, OPEN_MARKS = 16 };
#define SOURCE_MAX ((size_t)16 << 20)

struct builder {
	const char *s;
	size_t n;
	struct node *at; /* the innermost open block */
	size_t beyond; /* open blocks below DEEPEST */
	size_t depth;
	struct node *implied; /* the paragraph that an item's text without one goes to */
	size_t open_mark[OPEN_MARKS]; /* index into at's marks; further ones are ignored */
	size_t opened;
};

static struct node *node_new(enum node_kind kind, struct node *parent)
{
	struct node *n = xcalloc(1, sizeof *n);
	n->kind = kind;
	n->parent = parent;
	n->from = FROM_NONE;
	str_init(&n->text);
	if (parent) {
		parent->child = xgrow(parent->child, &parent->cap, parent->children + 1, sizeof *parent->child);
		parent->child[parent->children++] = n;
	}
	return n;
}

void node_free(struct node *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->children; i++)
		node_free(n->child[i]);
	for (size_t i = 0; i < n->marks; i++)
		free(n->mark[i].href);
	free(n->mark);
	free(n->child);
	free(n->lang);
	str_free(&n->text);
	free(n);
}

/* ---- text
 * ----------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *name, *text;
} entities[] = {
	{ "amp", "&" },
	{ "lt", "<" },
	{ "gt", ">" },
	{ "quot", "\"" },
	{ "apos", "'" },
	{ "nbsp", " " },
	{ "ndash", "–" },
	{ "mdash", "—" },
	{ "hellip", "…" },
	{ "rarr", "→" },
	{ "larr", "←" },
	{ "ge", "≥" },
	{ "le", "≤" },
	{ "ne", "≠" },
	{ "times", "×" },
	{ "plusmn", "±" },
	{ "micro", "µ" },
	{ "deg", "°" },
	{ "lsquo", "‘" },
	{ "rsquo", "’" },
	{ "ldquo", "“" },
	{ "rdquo", "”" },
	{ "check", "✓" },
	{ "bull", "•" },
	{ "auml", "ä" },
	{ "ouml", "ö" },
	{ "uuml", "ü" },
	{ "Auml", "Ä" },
	{ "Ouml", "Ö" },
	{ "Uuml", "Ü" },
	{ "szlig", "ß" },
	{ "eacute", "é" },
};

static void add_entity(struct str *b, const char *s, size_t n)
{
	if (n > 3 && s[1] == '#') {
		bool hex = s[2] == 'x' || s[2] == 'X';
		unsigned long cp = strtoul(s + (hex ? 3 : 2), NULL, hex ? 16 : 10); /* stops at the ";" */
		char put[4];
		str_add(b, put, utf8_put(put, cp && cp <= 0x10ffff ? (uint32_t)cp : UTF8_BAD));
		return;
	}
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (n == strlen(entities[i].name) + 2 && memcmp(s + 1, entities[i].name, n - 2) == 0) {
			str_adds(b, entities[i].text);
			return;
		}
	str_add(b, s, n);
}

/* Tags that only dress text; what else stands between < and > may well be text: "vector<int>". */
static bool is_dress(const char *s, size_t n)
{
	static const char *const tags[] = { "b", "i", "u", "s", "em", "strong", "code", "sub", "sup", "kbd", "del",
		"ins", "span", "mark", "small", "a", "p", "div", "details", "summary", "font", "img" };
	size_t from = n > 1 && s[1] == '/' ? 2 : 1, len = 0;
	if (n > 3 && memcmp(s, "<!--", 4) == 0)
		return true;
	while (from + len < n && ((s[from + len] | 32) >= 'a' && (s[from + len] | 32) <= 'z'))
		len++;
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
		if (strlen(tags[i]) == len && strncasecmp(s + from, tags[i], len) == 0)
			return true;
	return false;
}

static void add_html(struct str *b, const char *s, size_t n)
{
	if (n >= 4 && strncasecmp(s, "<br", 3) == 0 && strchr(" />", s[3]))
		str_addc(b, '\n');
	else if (!is_dress(s, n))
		str_add(b, s, n);
}

static size_t line_start(const char *s, size_t pos)
{
	while (pos > 0 && s[pos - 1] != '\n')
		pos--;
	return pos;
}

/* Where in the source the text stands tells where its block begins. */
static void note_place(struct builder *b, const char *text)
{
	uintptr_t p = (uintptr_t)text, low = (uintptr_t)b->s;
	if (p < low || p >= low + b->n)
		return;
	size_t from = line_start(b->s, (size_t)(p - low));
	if (b->at->kind == NODE_CODE && b->at->level && from > 0) /* the fence stands above */
		from = line_start(b->s, from - 1);
	for (struct node *n = b->at; n && n->from == FROM_NONE; n = n->parent)
		n->from = from;
}

/* Text of an item without a paragraph of its own gets one. */
static void imply_paragraph(struct builder *b)
{
	if (b->beyond || (b->at->kind != NODE_ITEM && b->at->kind != NODE_QUOTE && b->at->kind != NODE_DOCUMENT))
		return;
	b->at = b->implied = node_new(NODE_PARAGRAPH, b->at);
}

static void end_implied(struct builder *b)
{
	if (b->beyond || !b->implied || b->at != b->implied)
		return;
	b->at = b->implied->parent;
	b->implied = NULL;
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *arg)
{
	struct builder *b = arg;
	imply_paragraph(b);
	note_place(b, text);
	struct str *to = &b->at->text;
	switch (type) {
	case MD_TEXT_NULLCHAR:
		str_adds(to, "\xef\xbf\xbd");
		break;
	case MD_TEXT_BR:
	case MD_TEXT_SOFTBR:
		str_addc(to, '\n');
		break;
	case MD_TEXT_ENTITY:
		add_entity(to, text, size);
		break;
	case MD_TEXT_HTML:
		if (b->at->kind == NODE_HTML)
			str_add(to, text, size);
		else
			add_html(to, text, size);
		break;
	default:
		str_add(to, text, size);
		break;
	}
	return 0;
}

/* ---- spans
 * ---------------------------------------------------------------------------------------------------------- */

static char *attribute(const MD_ATTRIBUTE *a)
{
	struct str b = STR_INIT;
	if (a->text)
		for (size_t i = 0; a->substr_offsets[i] < a->size; i++) {
			size_t from = a->substr_offsets[i], len = a->substr_offsets[i + 1] - from;
			if (a->substr_types[i] == MD_TEXT_ENTITY)
				add_entity(&b, a->text + from, len);
			else if (a->substr_types[i] == MD_TEXT_NULLCHAR)
				str_adds(&b, "\xef\xbf\xbd");
			else
				str_add(&b, a->text + from, len);
		}
	return str_take(&b);
}

static int mark_of(MD_SPANTYPE type)
{
	switch (type) {
	case MD_SPAN_STRONG:
		return MARK_STRONG;
	case MD_SPAN_CODE:
		return MARK_CODE;
	case MD_SPAN_DEL:
		return MARK_STRUCK;
	case MD_SPAN_A:
	case MD_SPAN_IMG:
		return MARK_LINK;
	default:
		return -1;
	}
}

static int enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct builder *b = arg;
	int kind = mark_of(type);
	if (kind < 0)
		return 0;
	imply_paragraph(b);
	if (b->opened++ >= OPEN_MARKS)
		return 0;
	struct node *n = b->at;
	n->mark = xgrow(n->mark, &n->mark_cap, n->marks + 1, sizeof *n->mark);
	struct mark *m = &n->mark[n->marks];
	*m = (struct mark){ (enum mark_kind)kind, n->text.len, n->text.len, NULL };
	if (type == MD_SPAN_A)
		m->href = attribute(&((MD_SPAN_A_DETAIL *)detail)->href);
	else if (type == MD_SPAN_IMG)
		m->href = attribute(&((MD_SPAN_IMG_DETAIL *)detail)->src);
	b->open_mark[b->opened - 1] = n->marks++;
	return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct builder *b = arg;
	(void)detail;
	if (mark_of(type) < 0 || b->opened == 0 || --b->opened >= OPEN_MARKS)
		return 0;
	b->at->mark[b->open_mark[b->opened]].to = b->at->text.len;
	return 0;
}

/* ---- blocks
 * --------------------------------------------------------------------------------------------------------- */

static int kind_of(MD_BLOCKTYPE type)
{
	static const int kinds[] = {
		[MD_BLOCK_DOC] = -1,
		[MD_BLOCK_QUOTE] = NODE_QUOTE,
		[MD_BLOCK_UL] = NODE_LIST,
		[MD_BLOCK_OL] = NODE_LIST,
		[MD_BLOCK_LI] = NODE_ITEM,
		[MD_BLOCK_HR] = NODE_RULE,
		[MD_BLOCK_H] = NODE_HEADING,
		[MD_BLOCK_CODE] = NODE_CODE,
		[MD_BLOCK_HTML] = NODE_HTML,
		[MD_BLOCK_P] = NODE_PARAGRAPH,
		[MD_BLOCK_TABLE] = NODE_TABLE,
		[MD_BLOCK_THEAD] = -1,
		[MD_BLOCK_TBODY] = -1,
		[MD_BLOCK_TR] = NODE_ROW,
		[MD_BLOCK_TH] = NODE_CELL,
		[MD_BLOCK_TD] = NODE_CELL,
	};
	return (size_t)type < sizeof kinds / sizeof *kinds ? kinds[type] : -1;
}

static void fill_block(struct node *n, MD_BLOCKTYPE type, const void *detail)
{
	if (type == MD_BLOCK_H) {
		n->level = (int)((const MD_BLOCK_H_DETAIL *)detail)->level;
	} else if (type == MD_BLOCK_OL) {
		n->ordered = true;
	} else if (type == MD_BLOCK_LI) {
		const MD_BLOCK_LI_DETAIL *d = detail;
		n->task = d->is_task != 0;
		n->done = n->task && d->task_mark != ' ';
	} else if (type == MD_BLOCK_CODE) {
		const MD_BLOCK_CODE_DETAIL *d = detail;
		n->level = d->fence_char != 0;
		n->lang = attribute(&d->lang);
	}
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct builder *b = arg;
	int kind = kind_of(type);
	if (kind < 0)
		return 0;
	end_implied(b);
	if (b->beyond || b->depth >= DEEPEST) {
		b->beyond++;
		if (b->at->text.len)
			str_addc(&b->at->text, '\n');
		return 0;
	}
	b->depth++;
	b->at = node_new((enum node_kind)kind, b->at);
	fill_block(b->at, type, detail);
	return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct builder *b = arg;
	(void)detail;
	if (kind_of(type) < 0)
		return 0;
	if (b->beyond) {
		b->beyond--;
		return 0;
	}
	end_implied(b);
	b->depth--;
	b->at = b->at->parent;
	return 0;
}

/* Blocks without text of their own begin where the next one does; each ends there, too. */
static void place(struct node *n, size_t to)
{
	n->to = to;
	if (n->from == FROM_NONE)
		n->from = to;
	for (size_t i = n->children; i-- > 0;) {
		place(n->child[i], to);
		to = n->child[i]->from;
	}
}

enum status md_tree(const char *s, size_t n, struct node **out, struct err *err)
{
	static const MD_PARSER parser = { 0, MD_DIALECT_GITHUB | MD_FLAG_COLLAPSEWHITESPACE, enter_block, leave_block,
		enter_span, leave_span, on_text, NULL, NULL };
	*out = NULL;
	if (n > SOURCE_MAX)
		return fail(err, ST_USAGE, "the document has more than 16 MiB: split it");
	struct node *root = node_new(NODE_DOCUMENT, NULL);
	struct builder b = { .s = s, .n = n, .at = root };
	if (md_parse(s, (MD_SIZE)n, &parser, &b) != 0) {
		node_free(root);
		return fail(err, ST_USAGE, "the document cannot be read as Markdown: check that it is text");
	}
	place(root, n);
	*out = root;
	return ST_OK;
}
