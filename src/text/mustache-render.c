#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/mustache-impl.h"

enum { PIECE = 64 << 10 };

struct render {
	const struct mst_options *o;
	struct mst_sink sink;
	struct str buf;    /* not yet written */
	struct str indent; /* what stands in front of every line now */
	struct md_place place;
	uint64_t bytes, steps, max_bytes, max_steps;
	struct mst_value stack[MST_MAX_DEPTH + 1]; /* contexts, the outermost first */
	size_t depth;
	size_t partials; /* within one another */
	const struct mst_template *why_of; /* the innermost inverted section that renders; NULL: none */
	const struct node *why;
	struct err *err;
};

/* A stretch of a template's nodes. */
struct stretch {
	const struct mst_template *t;
	size_t from, to;
};

static enum status render_stretch(struct render *r, struct stretch nodes);

/* ---- values ---- */

struct mst_value mst_text(const char *s, size_t n)
{
	return (struct mst_value){ .kind = MST_TEXT, .s = s, .n = n };
}

struct mst_value mst_str(const char *s)
{
	return s ? mst_text(s, strlen(s)) : (struct mst_value){ .kind = MST_NOTHING };
}

struct mst_value mst_int(int64_t i)
{
	return (struct mst_value){ .kind = MST_INT, .i = i };
}

struct mst_value mst_bool(bool b)
{
	return (struct mst_value){ .kind = b ? MST_TRUE : MST_FALSE };
}

struct mst_value mst_list(const struct mst_ops *ops, void *node)
{
	return (struct mst_value){ .kind = MST_LIST, .ops = ops, .node = node };
}

struct mst_value mst_object(const struct mst_ops *ops, void *node)
{
	return (struct mst_value){ .kind = MST_OBJECT, .ops = ops, .node = node };
}

static enum mst_got row_lookup(void *node, struct mst_name *name, struct mst_value *out, struct err *err)
{
	const struct mst_row *row = node;
	int slot = mst_slot(row->fields, name);

	(void)err;
	if (slot < 0)
		return MST_NONE;
	*out = row->values[slot];
	return MST_GOT;
}

struct mst_value mst_row(struct mst_row *row)
{
	static const struct mst_ops ops = { .lookup = row_lookup };

	return mst_object(&ops, row);
}

static enum mst_got value_lookup(
	const struct mst_value *v, struct mst_name *name, struct mst_value *out, struct err *err)
{
	return v->kind == MST_OBJECT ? v->ops->lookup(v->node, name, out, err) : MST_NONE;
}

/* An op that answered MST_FAIL has said why. */
static enum status op_failed(const struct render *r)
{
	return r->err && r->err->status != ST_OK ? r->err->status : ST_IO;
}

/* The first name is looked for from the innermost context outwards, the others only in what it names. */
static enum status path_resolve(
	struct render *r, const struct mst_template *t, const struct node *node, struct mst_value *out)
{
	struct mst_name *const *path = t->path + node->path;
	enum mst_got got = MST_NONE;
	struct mst_value v = r->stack[r->depth];

	if (node->names == 0)
		got = MST_GOT;
	for (size_t i = r->depth + 1; i > 0 && got == MST_NONE; i--)
		got = value_lookup(&r->stack[i - 1], path[0], &v, r->err);
	for (uint32_t k = 1; k < node->names && got == MST_GOT; k++) {
		struct mst_value inner;

		got = value_lookup(&v, path[k], &inner, r->err);
		if (got == MST_GOT)
			v = inner;
	}
	*out = got == MST_GOT ? v : (struct mst_value){ .kind = MST_NOTHING };
	return got == MST_FAIL ? op_failed(r) : ST_OK;
}

/* ---- output ---- */

static enum status flush(struct render *r)
{
	enum status st = r->buf.len > 0 ? r->sink.write(r->sink.arg, r->buf.s, r->buf.len, r->err) : ST_OK;

	str_reset(&r->buf);
	return st;
}

/* Accounts for what was added to the buffer since from. */
static enum status added(struct render *r, size_t from)
{
	size_t n = r->buf.len - from;

	md_track(&r->place, r->buf.s + from, n);
	r->bytes += n;
	if (r->bytes > r->max_bytes)
		return fail(r->err, ST_NO, "the document grows beyond %" PRIu64 " bytes: look for a section in itself",
			r->max_bytes);
	return r->buf.len < PIECE ? ST_OK : flush(r);
}

static enum status put_text(struct render *r, const char *s, size_t n)
{
	size_t from = r->buf.len;

	str_add(&r->buf, s, n);
	return added(r, from);
}

/* The shortest digits that read back as the same number, with a point whatever the locale. */
static size_t real_text(char *out, size_t size, double x)
{
	size_t n = 0;

	for (int digits = 15; digits <= 17; digits++) {
		n = (size_t)snprintf(out, size, "%.*g", digits, x);
		if (strtod(out, NULL) == x)
			break;
	}
	for (size_t i = 0; i < n; i++) {
		if (out[i] == ',')
			out[i] = '.';
	}
	return n;
}

/* What a value prints as; digits is room for a number. */
static struct mst_value value_text(const struct mst_value *v, char digits[40])
{
	switch (v->kind) {
	case MST_TEXT:
		return *v;
	case MST_INT:
		return mst_text(digits, (size_t)snprintf(digits, 40, "%" PRId64, v->i));
	case MST_REAL:
		return mst_text(digits, real_text(digits, 40, v->real));
	case MST_TRUE:
		return mst_text("true", 4);
	case MST_FALSE:
		return mst_text("false", 5);
	default:
		return mst_text("", 0);
	}
}

static void put_plain(void *arg, struct str *out, const char *s, size_t n, const struct md_place *at)
{
	(void)arg;
	(void)at;
	str_add(out, s, n);
}

static enum status put_value(struct render *r, const struct node *node, const struct mst_value *v)
{
	mst_escape_fn *put = node->kind == NODE_RAW ? r->o->raw : r->o->escape;
	char digits[40];
	struct mst_value text = value_text(v, digits);
	struct md_place at = r->place;
	size_t from = r->buf.len;

	if (!put)
		put = node->kind == NODE_RAW ? put_plain : mst_escape_html;
	at.span = node->span;
	at.after = node->after;
	put(r->o->arg, &r->buf, text.s, text.n, &at);
	return added(r, from);
}

void mst_escape_html(void *arg, struct str *out, const char *s, size_t n, const struct md_place *at)
{
	(void)arg;
	(void)at;
	html_escape(out, s, n);
}

void mst_escape_md(void *arg, struct str *out, const char *s, size_t n, const struct md_place *at)
{
	(void)arg;
	md_escape(out, s, n, at);
}

void mst_raw_md(void *arg, struct str *out, const char *s, size_t n, const struct md_place *at)
{
	(void)arg;
	(void)at;
	md_raw(out, s, n);
}

static enum status sink_str(void *arg, const char *bytes, size_t n, struct err *err)
{
	(void)err;
	str_add(arg, bytes, n);
	return ST_OK;
}

struct mst_sink mst_sink_str(struct str *out)
{
	return (struct mst_sink){ .write = sink_str, .arg = out };
}

/* ---- nodes ---- */

static bool is_false(const struct mst_value *v)
{
	return v->kind == MST_NOTHING || v->kind == MST_FALSE || (v->kind == MST_TEXT && v->n == 0);
}

/* Renders the stretch with one more context. */
static enum status render_inside(struct render *r, struct stretch nodes, const struct mst_value *context)
{
	const struct node *tag = &nodes.t->nodes[nodes.from - 1];
	enum status st;

	if (r->depth == MST_MAX_DEPTH)
		return fail(r->err, ST_NO,
			"%s:%u: %.*s goes more than %d sections deep: look for a partial that includes itself",
			nodes.t->name, tag->line, (int)(tag->n > 80 ? 80 : tag->n), tag->s, MST_MAX_DEPTH);
	r->stack[++r->depth] = *context;
	st = render_stretch(r, nodes);
	r->depth--;
	return st;
}

/* Walks the list; without nodes it only tells whether there is a row. */
static enum status render_list(struct render *r, const struct mst_value *list, const struct stretch *nodes, bool *any)
{
	struct mst_iter it = { 0 };
	struct mst_value row;
	enum status st = ST_OK;
	enum mst_got got = list->ops->first(list->node, &it, &row, r->err);

	*any = got == MST_GOT;
	while (nodes && got == MST_GOT && st == ST_OK) {
		st = render_inside(r, *nodes, &row);
		if (st == ST_OK)
			got = list->ops->next(list->node, &it, &row, r->err);
	}
	if (list->ops->done)
		list->ops->done(list->node, &it);
	return got == MST_FAIL ? op_failed(r) : st;
}

/* ---- watching ---- */

static void add_path(struct str *b, const struct mst_template *t, const struct node *node)
{
	for (uint32_t k = 0; node && k < node->names; k++)
		str_addf(b, "%s%s", k ? "." : "", t->path[node->path + k]->s);
}

static bool has_prompt(const struct node *node)
{
	return node->kind == NODE_TEXT && node->n >= strlen(MST_PROMPT) &&
	       memmem(node->s, node->n, MST_PROMPT, strlen(MST_PROMPT)) != NULL;
}

/* The number of the row that renders, else its name: rows in rows have their own. */
static enum status row_number(struct render *r, struct mst_set *set, struct str *out)
{
	static const char *const names[] = { "number", "name" };
	char digits[40];

	for (size_t i = 0; i < sizeof names / sizeof *names && r->depth > 0 && !out->len; i++) {
		struct mst_value v;
		enum mst_got got = value_lookup(
			&r->stack[r->depth], mst_intern(set, names[i], strlen(names[i])), &v, r->err);
		if (got == MST_FAIL)
			return op_failed(r);
		if (got == MST_GOT) {
			v = value_text(&v, digits);
			str_add(out, v.s, v.n);
		}
	}
	return ST_OK;
}

static enum status watch_text(struct render *r, const struct mst_template *t, const struct node *node)
{
	const struct mst_watch *w = r->o->watch;
	size_t level = 0;
	enum status st = ST_OK;

	while (level < node->n && node->s[level] == '#')
		level++;
	if (node->bol && level >= 1 && level <= 6 && level < node->n && node->s[level] == ' ')
		w->heading(w->arg, r->bytes, (int)level);
	if (has_prompt(node)) {
		struct str why = STR_INIT, number = STR_INIT;
		add_path(&why, r->why_of, r->why);
		st = row_number(r, t->set, &number);
		if (st == ST_OK)
			w->prompt(w->arg, r->bytes, why.s, number.s, node->s, node->n);
		str_free(&why);
		str_free(&number);
	}
	return st;
}

static void watch_skipped(struct render *r, struct stretch nodes)
{
	struct str why = STR_INIT;
	bool asks = false;

	for (size_t i = nodes.from; i < nodes.to && !asks; i++)
		asks = has_prompt(&nodes.t->nodes[i]);
	add_path(&why, nodes.t, &nodes.t->nodes[nodes.from - 1]);
	if (asks)
		r->o->watch->filled(r->o->watch->arg, r->bytes, why.s);
	str_free(&why);
}

static enum status render_inverted(struct render *r, struct stretch nodes)
{
	const struct mst_template *outer_of = r->why_of;
	const struct node *outer = r->why;

	r->why_of = nodes.t;
	r->why = &nodes.t->nodes[nodes.from - 1];
	enum status st = render_stretch(r, nodes);
	r->why_of = outer_of;
	r->why = outer;
	return st;
}

static enum status render_section(struct render *r, struct stretch nodes, bool inverted, const struct mst_value *v)
{
	enum status st = ST_OK;
	bool any = !is_false(v);

	if (v->kind == MST_LIST)
		st = render_list(r, v, inverted ? NULL : &nodes, &any);
	else if (any && !inverted)
		st = render_inside(r, nodes, v);
	if (st == ST_OK && inverted && !any)
		st = render_inverted(r, nodes);
	else if (st == ST_OK && inverted && r->o->watch)
		watch_skipped(r, nodes);
	return st;
}

/* The partial's lines are indented as far as its tag, if that stands alone on its line, and not at all otherwise. */
static enum status render_partial(struct render *r, const struct mst_template *t, const struct node *node)
{
	const struct mst_template *partial = node->partial;
	struct str outer = r->indent;
	enum status st;

	if (r->partials == MST_MAX_PARTIALS)
		return fail(r->err, ST_NO,
			"%s:%u: {{>%s}} goes more than %d partials deep: look for one that includes itself",
			t->name, node->line, partial->name, MST_MAX_PARTIALS);
	str_init(&r->indent);
	if (node->alone) {
		str_add(&r->indent, outer.s, outer.len);
		str_add(&r->indent, node->s, node->n);
	}
	r->partials++;
	st = render_stretch(r, (struct stretch){ partial, 0, partial->node_count });
	r->partials--;
	str_free(&r->indent);
	r->indent = outer;
	return st;
}

/* Blank lines stay blank. */
static enum status put_indent(struct render *r, const struct node *node)
{
	if (node->ends && strspn(node->s, "\r\n") >= node->n)
		return ST_OK;
	return put_text(r, r->indent.s, r->indent.len);
}

static enum status render_node(struct render *r, const struct mst_template *t, const struct node *node)
{
	struct stretch inside = { t, (size_t)(node - t->nodes) + 1, node->end };
	struct mst_value v;
	enum status st = ST_OK;

	if (++r->steps > r->max_steps)
		return fail(r->err, ST_NO,
			"%s:%u: rendering takes more than %" PRIu64 " steps: look for a section in itself",
			t->name, node->line, r->max_steps);
	if (node->bol && r->indent.len > 0)
		st = put_indent(r, node);
	if (st != ST_OK)
		return st;
	if (node->kind == NODE_TEXT) {
		st = r->o->watch ? watch_text(r, t, node) : ST_OK;
		return st == ST_OK ? put_text(r, node->s, node->n) : st;
	}
	if (node->kind == NODE_PARTIAL)
		return render_partial(r, t, node);
	st = path_resolve(r, t, node, &v);
	if (st != ST_OK)
		return st;
	if (node->kind == NODE_VALUE || node->kind == NODE_RAW)
		return put_value(r, node, &v);
	return render_section(r, inside, node->kind == NODE_INVERTED, &v);
}

static enum status render_stretch(struct render *r, struct stretch nodes)
{
	enum status st = ST_OK;

	for (size_t i = nodes.from; i < nodes.to && st == ST_OK;) {
		const struct node *node = &nodes.t->nodes[i];

		st = render_node(r, nodes.t, node);
		i = node->kind == NODE_SECTION || node->kind == NODE_INVERTED ? node->end : i + 1;
	}
	return st;
}

enum status mst_render(const struct mst_template *t, const struct mst_value *root, const struct mst_options *options,
	struct mst_sink sink, struct err *err)
{
	static const struct mst_options defaults;
	struct render *r = xcalloc(1, sizeof *r);
	enum status st;

	r->o = options ? options : &defaults;
	r->max_bytes = r->o->max_bytes > 0 ? r->o->max_bytes : UINT64_C(4) << 30;
	r->max_steps = r->o->max_steps > 0 ? r->o->max_steps : UINT64_C(2000000000);
	r->sink = sink;
	r->err = err;
	r->stack[0] = *root;
	str_init(&r->buf);
	str_init(&r->indent);
	st = render_stretch(r, (struct stretch){ t, 0, t->node_count });
	if (st == ST_OK)
		st = flush(r);
	str_free(&r->buf);
	str_free(&r->indent);
	free(r);
	return st;
}
