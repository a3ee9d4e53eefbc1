/* seen.c - see seen.h. */
#include "seen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <md4c.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct seen *s = arg;

	(void)detail;
	str_addf(&s->shape, "<%d", (int)type);
	s->from = s->text.len;
	s->in_head = type == MD_BLOCK_THEAD || (s->in_head && (type == MD_BLOCK_TR || type == MD_BLOCK_TH));
	return 0;
}

static void end_heading(struct seen *s, unsigned level)
{
	if (str_starts(s->text.s + s->from, "Example:"))
		s->ended = true;
	if (s->ended)
		return;
	str_addn(&s->headings, '#', level);
	str_addf(&s->headings, " %s\n", s->text.s + s->from);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct seen *s = arg;

	str_addf(&s->shape, "%d>\n", (int)type);
	if (type == MD_BLOCK_H)
		end_heading(s, ((MD_BLOCK_H_DETAIL *)detail)->level);
	if (type == MD_BLOCK_TH && !s->ended)
		str_addf(&s->tables, "%s|", s->text.s + s->from);
	if (type == MD_BLOCK_THEAD && !s->ended)
		str_addc(&s->tables, '\n');
	s->cells += type == MD_BLOCK_TD;
	s->empty_cells += type == MD_BLOCK_TD && s->text.len == s->from;
	if (type != MD_BLOCK_DOC)
		str_addc(&s->text, '\n');
	s->from = s->text.len;
	return 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
	(void)detail;
	if (type != MD_SPAN_A)
		str_addf(&((struct seen *)arg)->shape, "(%d", (int)type);
	return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
	(void)detail;
	if (type != MD_SPAN_A)
		str_addf(&((struct seen *)arg)->shape, "%d)", (int)type);
	return 0;
}

static void add_entity(struct str *out, const char *s, size_t n)
{
	static const struct {
		const char *name, *text;
	} known[] = { { "&lt;", "<" }, { "&gt;", ">" }, { "&amp;", "&" }, { "&quot;", "\"" }, { "&#32;", " " },
		{ "&#9;", "\t" } };

	for (size_t i = 0; i < COUNT(known); i++)
		if (strlen(known[i].name) == n && memcmp(known[i].name, s, n) == 0) {
			str_adds(out, known[i].text);
			return;
		}
	str_add(out, s, n);
}

static int see_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE n, void *arg)
{
	struct seen *s = arg;

	if (type == MD_TEXT_HTML && !(n == 4 && memcmp(text, "<br>", 4) == 0))
		s->html++;
	if (type == MD_TEXT_HTML || type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
		str_addc(&s->text, '\n');
	else if (type == MD_TEXT_ENTITY)
		add_entity(&s->text, text, n);
	else
		str_add(&s->text, text, n);
	return 0;
}

void see(const char *doc, size_t n, struct seen *s)
{
	MD_PARSER p = { .flags = MD_DIALECT_GITHUB,
		.enter_block = enter_block,
		.leave_block = leave_block,
		.enter_span = enter_span,
		.leave_span = leave_span,
		.text = see_text };

	*s = (struct seen){ .shape = STR_INIT, .text = STR_INIT, .headings = STR_INIT, .tables = STR_INIT };
	assert_int_equal(md_parse(doc, (MD_SIZE)n, &p, s), 0);
}

void seen_free(struct seen *s)
{
	str_free(&s->shape);
	str_free(&s->text);
	str_free(&s->headings);
	str_free(&s->tables);
}
