/* md-tree.h - a Markdown document as a tree, for those who read one: what stands where, as plain text. md4c does the
 * parsing (GitHub's dialect: tables, task lists). Pure. */
#ifndef TPLUS_TEXT_MD_TREE_H
#define TPLUS_TEXT_MD_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum node_kind {
	NODE_DOCUMENT,
	NODE_HEADING,
	NODE_PARAGRAPH,
	NODE_LIST,
	NODE_ITEM,
	NODE_QUOTE,
	NODE_CODE,
	NODE_TABLE,
	NODE_ROW,
	NODE_CELL,
	NODE_RULE,
	NODE_HTML
};

enum mark_kind { MARK_STRONG, MARK_CODE, MARK_LINK, MARK_STRUCK };

/* Bytes [from, to) of the text. */
struct mark {
	enum mark_kind kind;
	size_t from, to;
	char *href;
};

struct node {
	enum node_kind kind;
	int level; /* of a heading */
	bool ordered; /* a list */
	bool task, done; /* an item with a check box */
	char *lang; /* of code; NULL */
	struct str
		text; /* of headings, paragraphs, cells, code, HTML: without marks, entities decoded, line breaks as \n */
	struct mark *mark;
	size_t marks, mark_cap;
	struct node **child; /* an item's text is a paragraph within it; a table's first row is its header */
	size_t children, cap;
	struct node *parent;
	size_t from, to; /* bytes of the source that its lines take */
};

/* What is nested deeper than 64 levels becomes text of the level above. ST_USAGE: the text is larger than 16 MiB, or
 * md4c gave up. */
enum status md_tree(const char *s, size_t n, struct node **out, struct err *err);
void node_free(struct node *n); /* NULL is fine */

#endif
