/* mustache-impl.h - the compiled form of a template, shared by the files of mustache.h; nobody else includes it. */
#ifndef TPLUS_TEXT_MUSTACHE_IMPL_H
#define TPLUS_TEXT_MUSTACHE_IMPL_H

#include "text/mustache.h"

enum node_kind {
	NODE_TEXT,
	NODE_VALUE,    /* {{x}} */
	NODE_RAW,      /* {{{x}}} {{&x}} */
	NODE_SECTION,  /* {{#x}}: its nodes follow, up to end */
	NODE_INVERTED, /* {{^x}} */
	NODE_PARTIAL,  /* {{>x}} */
};

/* Nodes stand in template order. A text node never goes beyond the end of its line. */
struct node {
	uint8_t kind;
	uint8_t span;  /* enum md_span: where a value stands */
	char after;    /* the byte behind a value, 0 if not known */
	bool bol;      /* first of its line: an indented partial puts its indentation in front */
	bool ends;     /* a text that ends in a line break */
	bool alone;    /* a partial that stands alone on its line: s is its indentation */
	uint32_t line; /* counted from 1 */
	uint32_t end;  /* index behind the section's last node */
	uint32_t n;    /* bytes of s */
	const char *s; /* a text, a section's own tag, a partial's indentation: in the template's source */
	union {
		struct {
			uint32_t path;  /* index of the first of its names; none is the implicit iterator */
			uint32_t names;
		};
		struct mst_template *partial;
	};
};

struct mst_template {
	struct mst_set *set;
	struct mst_template *next; /* in the set */
	char *name;
	char *src;
	size_t n;
	bool is_partial;
	bool is_parsed;
	struct node *nodes;
	size_t node_count, node_cap;
	struct mst_name **path; /* the names of all nodes */
	size_t path_count, path_cap;
};

struct mst_set {
	mst_load_fn *load;
	void *arg;
	struct mst_template *templates; /* newest first */
	size_t template_count;
	struct mst_name **names; /* open addressing, a power of two */
	size_t name_count, name_cap;
};

struct mst_name *mst_intern(struct mst_set *set, const char *s, size_t n);
/* The partial of that name, found or made (then it is yet to be parsed); NULL if there are too many. */
struct mst_template *mst_partial(struct mst_set *set, const char *s, size_t n);
enum status mst_parse(struct mst_template *t, struct err *err);
void mst_place(struct mst_template *t); /* fills span and after of all nodes */

#endif
