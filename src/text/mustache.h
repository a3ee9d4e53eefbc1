/* mustache.h - templates: the Mustache language without lambdas (comments, sections, inverted sections, partials,
 * delimiters, dotted names, implicit iterator, standalone lines), compiled once, rendered to a sink.
 *
 * A template is compiled into a set, together with the partials it names. Rendering reads values through the small
 * interface below and holds no row longer than its turn, so memory stays flat however many rows a list has. A set
 * may be rendered by one thread at a time (names cache where rows keep them).
 *
 * Truth: nothing, false, the empty text and the empty list are false; everything else is true, 0 too. */
#ifndef TPLUS_TEXT_MUSTACHE_H
#define TPLUS_TEXT_MUSTACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "text/escape.h"

/* ---- values ---- */

enum mst_kind {
	MST_NOTHING,
	MST_FALSE,
	MST_TRUE,
	MST_INT,
	MST_REAL,
	MST_TEXT,
	MST_LIST,
	MST_OBJECT,
};

struct mst_ops;
struct mst_fields;

/* A value as an op hands it out. s, node and what they point to belong to whoever made the value and stay valid
 * - of a row: until next() or done() is called on the list the row came from;
 * - of anything else: until mst_render() returns. */
struct mst_value {
	enum mst_kind kind;
	union {
		struct {
			const char *s; /* MST_TEXT: n bytes, no NUL needed */
			size_t n;
		};
		struct {
			const struct mst_ops *ops; /* MST_LIST, MST_OBJECT */
			void *node;
		};
		int64_t i;
		double real;
	};
};

/* A name of a template, interned in its set: equal names are one struct. mst_slot() keeps its answers here. */
struct mst_name {
	const char *s; /* NUL terminated */
	size_t n;
	struct {
		const struct mst_fields *fields;
		int slot;
	} cache[4];
};

/* The state of one walk through a list, zeroed before first(); the list may keep in it what it likes. */
struct mst_iter {
	size_t i;
	void *p;
};

enum mst_got {
	MST_FAIL = -1, /* *err is filled; rendering stops */
	MST_NONE = 0,  /* no such name; the list has ended */
	MST_GOT = 1,   /* *out is filled */
};

struct mst_ops {
	/* Objects: the value of that name. A name that is there without a value gives MST_GOT and MST_NOTHING. */
	enum mst_got (*lookup)(void *node, struct mst_name *name, struct mst_value *out, struct err *err);
	/* Lists: first() starts from the beginning, next() goes on. A row list may refill one row in place: every
	 * value taken from the row before ends with the call. done() (may be NULL) ends the walk, once for every
	 * first(), early or not. A list that is walked inside itself gets first() with another iterator while the
	 * outer walk is not done: a list with a single cursor must answer MST_FAIL. */
	enum mst_got (*first)(void *node, struct mst_iter *it, struct mst_value *out, struct err *err);
	enum mst_got (*next)(void *node, struct mst_iter *it, struct mst_value *out, struct err *err);
	void (*done)(void *node, struct mst_iter *it);
};

struct mst_value mst_text(const char *s, size_t n);
struct mst_value mst_str(const char *s); /* NULL is MST_NOTHING */
struct mst_value mst_int(int64_t i);
struct mst_value mst_bool(bool b);
struct mst_value mst_list(const struct mst_ops *ops, void *node);
struct mst_value mst_object(const struct mst_ops *ops, void *node);

/* A jansson value; the caller keeps its reference until mst_render() returns. */
struct json_t;
struct mst_value mst_json(struct json_t *json);

/* Rows: an object whose values stand in an array, in the order of a table of names. A row list's next() refills
 * values[] and hands out mst_row(&row) again; finding a column is one comparison, once its name has been seen. */
struct mst_fields {
	const char *const *names;
	int count;
};
struct mst_row {
	const struct mst_fields *fields; /* the table's address is its identity: keep it as long as the set */
	const struct mst_value *values;  /* fields->count of them */
};
int mst_slot(const struct mst_fields *fields, struct mst_name *name); /* index in names, -1 if it is none */
struct mst_value mst_row(struct mst_row *row);

/* ---- templates ---- */

enum {
	MST_MAX_SOURCE = 4 << 20, /* bytes of one template or partial */
	MST_MAX_NAME = 255,       /* bytes of one name or delimiter */
	MST_MAX_NEST = 64,        /* sections within one another in one template */
	MST_MAX_PARTIALS = 32,    /* partials within one another while rendering */
	MST_MAX_DEPTH = 256,      /* sections within one another while rendering */
};

struct mst_set;
struct mst_template;

/* Fetches the source of a partial into out. ST_NO means there is none and it renders as nothing, as Mustache wants
 * it; a loader that takes a missing partial for a mistake fills *err and returns another status. */
typedef enum status mst_load_fn(void *arg, const char *name, struct str *out, struct err *err);

struct mst_set *mst_new(mst_load_fn *load, void *arg); /* load may be NULL: no partials */
void mst_free(struct mst_set *set);                    /* and its templates; NULL is fine */

/* Compiles src, which is copied, and every partial it needs. name is the file's name in errors: "name:line: {{#tag}}
 * ...: what to do". On failure *out is NULL; the set stays usable. The template belongs to the set. */
enum status mst_compile(struct mst_set *set, const char *name, const char *src, size_t n, struct mst_template **out,
	struct err *err);

/* ---- rendering ---- */

struct mst_sink {
	enum status (*write)(void *arg, const char *bytes, size_t n, struct err *err);
	void *arg;
};
struct mst_sink mst_sink_str(struct str *out); /* appends to out */

/* Appends n bytes of text to out, escaped for the place they stand in. */
typedef void mst_escape_fn(void *arg, struct str *out, const char *s, size_t n, const struct md_place *at);

#define MST_PROMPT "_To be written" /* text of a template with this in it asks its reader for something */

/* What a template asks for and what it no longer has to ask for, told while it renders. at: bytes of the document so far. why: the
 * name in the innermost {{^name}} around it, "" for none. All of it lasts for the call. */
struct mst_watch {
	void *arg;
	void (*heading)(void *arg, uint64_t at, int level); /* a line of the template's own that begins with # */
	/* number: of the row it stands in, its number or name, "" for none */
	void (*prompt)(void *arg, uint64_t at, const char *why, const char *number, const char *text, size_t n);
	void (*filled)(void *arg, uint64_t at, const char *why); /* {{^why}} held a prompt, and did not render */
};

struct mst_options {
	mst_escape_fn *escape; /* {{x}}; NULL: mst_escape_html */
	mst_escape_fn *raw;    /* {{{x}}} and {{&x}}; NULL: as it is */
	void *arg;             /* for both */
	const struct mst_watch *watch; /* or NULL */
	uint64_t max_bytes;    /* of output; 0: 4 GiB */
	uint64_t max_steps;    /* tags and stretches of text rendered; 0: 2,000,000,000 */
};
mst_escape_fn mst_escape_html; /* html_escape() */
mst_escape_fn mst_escape_md;   /* md_escape() */
mst_escape_fn mst_raw_md;      /* md_raw() */

/* Writes template with root as the outermost context. The sink gets pieces of some 64 KiB, in order; after a failure
 * what it got is incomplete. options may be NULL. */
enum status mst_render(const struct mst_template *t, const struct mst_value *root, const struct mst_options *options,
	struct mst_sink sink, struct err *err);

#endif
