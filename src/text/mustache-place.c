#include <string.h>

#include "text/mustache-impl.h"

/* Finds out which values stand in code spans, fenced blocks and link targets, where Markdown's escapes mean nothing.
 * What is not beyond doubt (marks in one section that end in another, or that an author's raw Markdown could upset)
 * counts as running text: escapes may then show, but nothing gets through. */

struct fence {
	char mark; /* 0: none open */
	size_t len;
	size_t depth; /* of sections, where it began */
	size_t first; /* node behind its first line */
	bool sure;
};

struct place {
	struct mst_template *t;
	uint32_t ends[MST_MAX_NEST]; /* of the open sections */
	size_t depth;
	struct fence fence;
	size_t code;  /* backquotes that began a code span, 0: none */
	size_t first; /* node behind them */
	bool unsure;  /* which backquotes go together, until the next blank line */
	size_t unsure_depth;
	bool target;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_value(const struct node *node)
{
	return node->kind == NODE_VALUE;
}

/* Takes back what the values from first up to i were thought to be. */
static void unmark(struct place *p, size_t first, size_t i)
{
	for (; first < i; first++)
		p->t->nodes[first].span = MD_INLINE;
}

static void lose_code(struct place *p, size_t i)
{
	if (p->code > 0)
		unmark(p, p->first, i);
	p->code = 0;
	p->unsure = true;
	p->unsure_depth = p->depth;
}

static void lose_fence(struct place *p, size_t i)
{
	if (p->fence.mark)
		unmark(p, p->fence.first, i);
	p->fence.mark = 0;
}

static size_t run_of(const char *s, size_t n)
{
	size_t run = 0;

	while (run < n && s[run] == *s)
		run++;
	return run;
}

static bool is_rest_blank(const char *s, size_t n)
{
	while (n > 0 && (is_blank(*s) || *s == '\r' || *s == '\n')) {
		s++;
		n--;
	}
	return n == 0;
}

/* At the beginning of a line: does it open or close a fenced block? */
static bool take_fence(struct place *p, const struct node *node, size_t i)
{
	const char *s = node->s, *end = s + node->n;
	struct fence *f = &p->fence;
	size_t run;

	while (s < end && (is_blank(*s) || *s == '>'))
		s++;
	if (s == end || (*s != '`' && *s != '~'))
		return false;
	run = run_of(s, (size_t)(end - s));
	if (f->mark) {
		if (*s != f->mark || run < f->len || !node->ends || !is_rest_blank(s + run, (size_t)(end - s) - run))
			return false;
		if (f->depth != p->depth)
			lose_fence(p, i);
		f->mark = 0;
		return true;
	}
	if (run < 3 || (*s == '`' && memchr(s + run, '`', (size_t)(end - s) - run)))
		return false;
	*f = (struct fence){ .mark = *s, .len = run, .depth = p->depth, .first = i + 1, .sure = node->ends };
	return true;
}

static void take_backquotes(struct place *p, size_t run, size_t i)
{
	if (p->unsure)
		return;
	if (p->code == 0) {
		p->code = run;
		p->first = i + 1;
	} else if (p->code == run) {
		p->code = 0;
	}
}

static void take_text(struct place *p, const struct node *node, size_t i)
{
	if (node->bol && is_rest_blank(node->s, node->n) && node->ends) {
		if (p->depth <= p->unsure_depth)
			p->unsure = false;
		p->code = 0;
	}
	for (size_t k = 0, len; k < node->n; k += len) {
		char c = node->s[k];

		len = 1;
		if (c == '`')
			take_backquotes(p, len = run_of(node->s + k, node->n - k), i);
		else if (c == '\\' && p->code == 0 && k + 1 < node->n)
			len = 2;
		else if (c == ']' && k + 1 < node->n && node->s[k + 1] == '(')
			p->target = (len = 2);
		else if (c == ')' || is_blank(c) || c == '\n')
			p->target = false;
	}
	if (node->ends && p->code > 0)
		lose_code(p, i);
}

static void take_value(struct place *p, struct node *node)
{
	if (p->fence.mark && p->fence.sure)
		node->span = MD_FENCE;
	else if (p->code > 0 && !p->unsure)
		node->span = MD_CODE;
	else if (p->target)
		node->span = MD_TARGET;
}

/* An author's Markdown or a partial: who knows what it opens or closes. */
static void take_unknown(struct place *p, size_t i)
{
	p->fence.sure = false;
	p->target = false;
	lose_code(p, i);
}

static void section_border(struct place *p, size_t i)
{
	p->target = false;
	if (p->code > 0)
		lose_code(p, i);
}

static void leave_sections(struct place *p, size_t i)
{
	while (p->depth > 0 && p->ends[p->depth - 1] == i) {
		section_border(p, i);
		p->depth--;
		if (p->fence.depth > p->depth)
			lose_fence(p, i);
		if (p->unsure_depth > p->depth)
			p->unsure_depth = p->depth;
	}
}

/* The byte behind node i, if the same text follows whatever the values are. */
static char byte_after(const struct place *p, size_t i)
{
	const struct node *next = &p->t->nodes[i + 1];

	if (i + 1 == p->t->node_count || (p->depth > 0 && p->ends[p->depth - 1] == i + 1))
		return 0;
	return next->kind == NODE_TEXT && next->n > 0 ? *next->s : 0;
}

void mst_place(struct mst_template *t)
{
	struct place p = { .t = t };

	for (size_t i = 0; i < t->node_count; i++) {
		struct node *node = &t->nodes[i];

		leave_sections(&p, i);
		if (is_value(node)) {
			take_value(&p, node);
			node->after = byte_after(&p, i);
		} else if (node->kind == NODE_TEXT) {
			if (!(node->bol && take_fence(&p, node, i)) && !p.fence.mark)
				take_text(&p, node, i);
		} else if (node->kind == NODE_SECTION || node->kind == NODE_INVERTED) {
			section_border(&p, i);
			p.ends[p.depth++] = node->end;
		} else {
			take_unknown(&p, i);
		}
	}
	leave_sections(&p, t->node_count);
	lose_fence(&p, t->node_count);
	lose_code(&p, t->node_count);
}
