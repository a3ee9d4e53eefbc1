#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "text/mustache-impl.h"

struct parser {
	struct mst_template *t;
	const char *s;
	size_t n, pos;
	size_t line_start;   /* of the line pos stands in */
	uint32_t line;
	bool bol;            /* the line has no node yet */
	struct tag_mark {
		char s[MST_MAX_NAME + 1];
		size_t n;
	} open, close;
	uint32_t sections[MST_MAX_NEST]; /* the open ones */
	size_t depth;
	struct err *err;
};

/* One tag of the source. */
struct tag {
	char kind;          /* the byte behind the opening mark, ' ' for a plain value */
	size_t start, end;  /* of the whole tag */
	size_t name, len;   /* what stands inside, without white space around */
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

/* Fails with the place and the text of a tag in front. */
static enum status fail_tag(struct parser *p, uint32_t line, size_t start, size_t end, const char *why)
{
	size_t n = end - start;
	const char *cut = "";

	for (size_t i = start; i < start + n; i++) {
		if (p->s[i] == '\n' || i - start == 60) {
			n = i - start;
			cut = "...";
		}
	}
	return fail(p->err, ST_NO, "%s:%u: %.*s%s %s", p->t->name, line, (int)n, p->s + start, cut, why);
}

static enum status refuse(struct parser *p, const struct tag *tag, const char *why)
{
	return fail_tag(p, p->line, tag->start, tag->end, why);
}

/* ---- nodes ---- */

static struct node *node_add(struct parser *p, enum node_kind kind)
{
	struct mst_template *t = p->t;
	struct node *node;

	t->nodes = xgrow(t->nodes, &t->node_cap, t->node_count + 1, sizeof *t->nodes);
	node = &t->nodes[t->node_count++];
	memset(node, 0, sizeof *node);
	node->kind = (uint8_t)kind;
	node->line = p->line;
	node->bol = p->bol;
	p->bol = false;
	return node;
}

static void text_add(struct parser *p, size_t start, size_t end)
{
	struct node *node;

	if (start == end)
		return;
	node = node_add(p, NODE_TEXT);
	node->s = p->s + start;
	node->n = (uint32_t)(end - start);
	node->ends = p->s[end - 1] == '\n';
}

static void next_line(struct parser *p, size_t start)
{
	p->line++;
	p->line_start = start;
	p->bol = true;
}

/* Adds the whole lines before end, moves pos to the last one's rest. */
static void lines_add(struct parser *p, size_t end)
{
	const char *newline;

	while (p->pos < end && (newline = memchr(p->s + p->pos, '\n', end - p->pos))) {
		size_t next = (size_t)(newline + 1 - p->s);

		text_add(p, p->pos, next);
		p->pos = next;
		next_line(p, next);
	}
}

/* ---- names ---- */

/* Splits "a.b.c"; "." is the implicit iterator and has no names. */
static enum status path_add(struct parser *p, struct node *node, const struct tag *tag)
{
	struct mst_template *t = p->t;
	size_t i = tag->name, end = tag->name + tag->len;

	node->path = (uint32_t)t->path_count;
	if (tag->len == 1 && p->s[i] == '.')
		return ST_OK;
	while (i <= end) {
		const char *dot = memchr(p->s + i, '.', end - i);
		size_t part = dot ? (size_t)(dot - p->s) : end;

		if (part == i)
			return refuse(p, tag, "has an empty name: write name, name.name or a dot alone");
		t->path = xgrow(t->path, &t->path_cap, t->path_count + 1, sizeof *t->path);
		t->path[t->path_count++] = mst_intern(t->set, p->s + i, part - i);
		node->names++;
		i = part + 1;
	}
	return ST_OK;
}

static enum status name_check(struct parser *p, const struct tag *tag)
{
	if (tag->len == 0)
		return refuse(p, tag, "has no name: put one between the marks");
	if (tag->len > MST_MAX_NAME)
		return refuse(p, tag, "has too long a name: 255 bytes at most");
	for (size_t i = tag->name; i < tag->name + tag->len; i++) {
		if (is_space(p->s[i]) || p->s[i] == '\0')
			return refuse(p, tag, "has white space in its name: write one word");
	}
	return ST_OK;
}

/* ---- tags ---- */

static size_t find(const struct parser *p, size_t from, const char *what, size_t n)
{
	const char *hit = memmem(p->s + from, p->n - from, what, n);

	return hit ? (size_t)(hit - p->s) : p->n;
}

/* Reads the tag whose opening mark stands at start. */
static enum status tag_read(struct parser *p, size_t start, struct tag *tag)
{
	char end[MST_MAX_NAME + 2];
	size_t inside = start + p->open.n, stop, n = p->close.n;
	char kind = inside < p->n ? p->s[inside] : ' ';

	tag->kind = kind && strchr("#^/>!&={<$", kind) ? kind : ' ';
	inside += tag->kind != ' ';
	/* {{{x}}} and {{=x y=}} have a mark of their own before the closing one. */
	end[0] = tag->kind == '{' ? '}' : '=';
	memcpy(end + 1, p->close.s, n);
	if (tag->kind == '{' || tag->kind == '=')
		stop = find(p, inside, end, ++n);
	else
		stop = find(p, inside, p->close.s, n);
	tag->start = start;
	if (stop == p->n)
		return fail_tag(p, p->line, start, p->n, "is not closed: end the tag with its closing mark");
	tag->end = stop + n;
	while (inside < stop && is_space(p->s[inside]))
		inside++;
	while (stop > inside && is_space(p->s[stop - 1]))
		stop--;
	tag->name = inside;
	tag->len = stop - inside;
	return ST_OK;
}

static bool is_blank_between(const struct parser *p, size_t from, size_t to)
{
	while (from < to && (p->s[from] == ' ' || p->s[from] == '\t'))
		from++;
	return from == to;
}

/* Where the line goes on after a tag that stands alone on it; 0 if it does not. */
static size_t standalone_end(const struct parser *p, const struct tag *tag)
{
	size_t i = tag->end;

	if (!strchr("#^/>!=", tag->kind) || p->pos != p->line_start || !is_blank_between(p, p->pos, tag->start))
		return 0;
	while (i < p->n && (p->s[i] == ' ' || p->s[i] == '\t'))
		i++;
	if (i == p->n)
		return i;
	if (p->s[i] == '\r' && i + 1 < p->n && p->s[i + 1] == '\n')
		i++;
	return p->s[i] == '\n' ? i + 1 : 0;
}

static enum status value_tag(struct parser *p, const struct tag *tag)
{
	struct node *node = node_add(p, tag->kind == ' ' ? NODE_VALUE : NODE_RAW);

	return path_add(p, node, tag);
}

static enum status section_tag(struct parser *p, const struct tag *tag)
{
	struct node *node = node_add(p, tag->kind == '#' ? NODE_SECTION : NODE_INVERTED);

	if (p->depth == MST_MAX_NEST)
		return refuse(p, tag, "is nested too deep: 64 sections within one another at most");
	node->s = p->s + tag->start;
	node->n = (uint32_t)(tag->end - tag->start);
	p->sections[p->depth++] = (uint32_t)(node - p->t->nodes);
	return path_add(p, node, tag);
}

/* Does the tag name what the section's own tag names? */
static bool closes(const struct parser *p, const struct node *section, const struct tag *tag)
{
	size_t i = tag->name, end = tag->name + tag->len;

	if (section->names == 0)
		return tag->len == 1 && p->s[i] == '.';
	for (uint32_t k = 0; k < section->names; k++) {
		const struct mst_name *name = p->t->path[section->path + k];

		if (end - i < name->n || memcmp(p->s + i, name->s, name->n) != 0)
			return false;
		i += name->n;
		if (k + 1 < section->names && (i == end || p->s[i++] != '.'))
			return false;
	}
	return i == end;
}

static enum status close_tag(struct parser *p, const struct tag *tag, bool standalone)
{
	struct node *section;
	char why[256];

	if (p->depth == 0)
		return refuse(p, tag, "closes nothing: open the section first, or remove it");
	section = &p->t->nodes[p->sections[p->depth - 1]];
	if (!closes(p, section, tag)) {
		snprintf(why, sizeof why, "comes where %.*s of line %u is to be closed: close that one first",
			section->n > 80 ? 80 : (int)section->n, section->s, section->line);
		return refuse(p, tag, why);
	}
	/* A closing tag leaves no node: what stands at the beginning of its line needs one for the indentation. */
	if (!standalone && p->bol) {
		node_add(p, NODE_TEXT)->s = "";
		section = &p->t->nodes[p->sections[p->depth - 1]];
	}
	section->end = (uint32_t)p->t->node_count;
	p->depth--;
	return ST_OK;
}

static enum status partial_tag(struct parser *p, const struct tag *tag, bool standalone)
{
	struct node *node = node_add(p, NODE_PARTIAL);

	node->alone = standalone;
	node->s = p->s + (standalone ? p->line_start : tag->start);
	node->n = standalone ? (uint32_t)(tag->start - p->line_start) : 0;
	node->partial = mst_partial(p->t->set, p->s + tag->name, tag->len);
	if (!node->partial)
		return refuse(p, tag, "is one partial too many: 1000 at most");
	return ST_OK;
}

/* Takes the next word of a {{=x y=}} tag as a mark. */
static bool mark_take(const struct parser *p, size_t *i, size_t end, struct tag_mark *mark)
{
	size_t start = *i;

	while (*i < end && !is_space(p->s[*i]) && p->s[*i] != '=' && p->s[*i] != '\0')
		++*i;
	mark->n = *i - start;
	if (mark->n == 0 || mark->n > MST_MAX_NAME)
		return false;
	memcpy(mark->s, p->s + start, mark->n);
	while (*i < end && is_space(p->s[*i]))
		++*i;
	return true;
}

static enum status marks_tag(struct parser *p, const struct tag *tag)
{
	size_t i = tag->name, end = tag->name + tag->len;
	struct tag_mark open, close;

	if (!mark_take(p, &i, end, &open) || !mark_take(p, &i, end, &close) || i != end)
		return refuse(p, tag, "sets no marks: write two words without = in them, as in {{=<% %>=}}");
	p->open = open;
	p->close = close;
	return ST_OK;
}

static enum status tag_add(struct parser *p, const struct tag *tag, bool standalone)
{
	enum status st = tag->kind == '!' || tag->kind == '=' ? ST_OK : name_check(p, tag);

	if (st != ST_OK)
		return st;
	switch (tag->kind) {
	case '!':
		return ST_OK;
	case '=':
		return marks_tag(p, tag);
	case '#': case '^':
		return section_tag(p, tag);
	case '/':
		return close_tag(p, tag, standalone);
	case '>':
		return partial_tag(p, tag, standalone);
	case '<': case '$':
		return refuse(p, tag, "is not known here: templates have no blocks, use a partial {{>name}}");
	default:
		return value_tag(p, tag);
	}
}

/* Moves behind the tag, counting the lines it spans. */
static void tag_skip(struct parser *p, size_t end)
{
	for (size_t i = p->pos; i < end; i++) {
		if (p->s[i] == '\n') {
			p->line++;
			p->line_start = i + 1;
		}
	}
	p->pos = end;
}

static enum status next_tag(struct parser *p, size_t start)
{
	struct tag tag = { 0 };
	size_t alone;
	enum status st;

	lines_add(p, start);
	st = tag_read(p, start, &tag);
	if (st != ST_OK)
		return st;
	alone = standalone_end(p, &tag);
	if (alone == 0)
		text_add(p, p->pos, start);
	else
		p->bol = false; /* the line vanishes, nothing of it is to be indented */
	p->pos = start;
	st = tag_add(p, &tag, alone > 0);
	tag_skip(p, alone > 0 ? alone : tag.end);
	if (alone > 0)
		p->bol = true;
	return st;
}

enum status mst_parse(struct mst_template *t, struct err *err)
{
	struct parser p = {
		.t = t,
		.s = t->src,
		.n = t->n,
		.line = 1,
		.bol = true,
		.open = { "{{", 2 },
		.close = { "}}", 2 },
		.err = err,
	};
	const struct node *section;
	enum status st = ST_OK;

	while (st == ST_OK) {
		size_t start = find(&p, p.pos, p.open.s, p.open.n);

		if (start == p.n)
			break;
		st = next_tag(&p, start);
	}
	if (st != ST_OK)
		return st;
	lines_add(&p, p.n);
	text_add(&p, p.pos, p.n);
	if (p.depth == 0)
		return ST_OK;
	section = &t->nodes[p.sections[p.depth - 1]];
	return fail(err, ST_NO, "%s:%u: %.*s is never closed: add its closing tag", t->name, section->line,
		section->n > 80 ? 80 : (int)section->n, section->s);
}
