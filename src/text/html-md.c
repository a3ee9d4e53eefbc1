/* html-md.c - from md4c's callbacks to HTML. md4c passes any link and any HTML through, so it only parses here:
 * what is written is decided in this file. */
#include <md4c.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "text/html.h"

enum { FLUSH_AT = 64 * 1024 };
#define SOURCE_MAX ((size_t)1 << 30)

struct emitter {
	struct mst_sink sink;
	struct err *err;
	enum status st;
	struct str out;
	const char *picture; /* NULL once it is there */
	size_t heading; /* where in out the open heading begins */
	struct str words; /* its text */
	bool in_heading, in_cell;
	struct open {
		MD_SPANTYPE type;
		bool anchor;
		size_t from;
	} * open; /* spans; from: of a link's text, in link_text */
	size_t opened, cap;
	bool in_anchor;
	size_t links; /* open ones, pictures too */
	struct str link_text;
};

/* ---- text ---- */

static void put_text(struct emitter *m, const char *s, size_t n)
{
	html_escape(&m->out, s, n);
	if (m->in_heading)
		str_add(&m->words, s, n);
	if (m->links)
		str_add(&m->link_text, s, n);
}

/* Names of characters that cannot be seen. */
static bool is_invisible(const char *s, size_t n)
{
	static const char *const names[] = { "Tab", "NewLine", "shy", "ZeroWidthSpace", "NegativeVeryThinSpace",
		"NegativeThinSpace", "NegativeMediumSpace", "NegativeThickSpace", "zwnj", "zwj", "lrm", "rlm",
		"NoBreak", "ApplyFunction", "af", "InvisibleTimes", "it", "InvisibleComma", "ic" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == n && memcmp(names[i], s, n) == 0)
			return true;
	return false;
}

/* "&#8238;" as the character; the text stops at the ";". */
static size_t numeric_entity(const char *s, size_t n, char out[4])
{
	char digits[12];
	bool hex = s[2] == 'x' || s[2] == 'X';
	size_t from = hex ? 3 : 2, len = n - from;

	if (len >= sizeof digits)
		return utf8_put(out, UTF8_BAD);
	memcpy(digits, s + from, len);
	digits[len] = '\0';
	unsigned long cp = strtoul(digits, NULL, hex ? 16 : 10);
	return utf8_put(out, cp && cp <= 0x10ffff ? (uint32_t)cp : UTF8_BAD);
}

static void put_entity(struct emitter *m, const char *s, size_t n)
{
	char c[4];

	if (n > 3 && s[1] == '#')
		put_text(m, c, numeric_entity(s, n, c));
	else if (n < 3 || is_invisible(s + 1, n - 2))
		put_text(m, s, n);
	else
		str_add(&m->out, s, n);
}

static bool is_break(const char *s, size_t n)
{
	size_t i = 3;

	if (n < 4 || strncasecmp(s, "<br", 3) != 0)
		return false;
	while (i < n && (s[i] == ' ' || s[i] == '/'))
		i++;
	return i + 1 == n && s[i] == '>';
}

/* md4c leaves the backslash before a vertical bar of a cell in code. */
static void put_code(struct emitter *m, const char *s, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i + 1 < n && m->in_cell; i++)
		if (s[i] == '\\' && s[i + 1] == '|') {
			put_text(m, s + from, i - from);
			from = ++i;
		}
	put_text(m, s + from, n - from);
}

static int flush(struct emitter *m, size_t at)
{
	if (m->st == ST_OK && m->out.len >= at && m->out.len && !m->in_heading) {
		m->st = m->sink.write(m->sink.arg, m->out.s, m->out.len, m->err);
		str_reset(&m->out);
	}
	return m->st != ST_OK;
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *s, MD_SIZE n, void *arg)
{
	struct emitter *m = arg;

	switch (type) {
	case MD_TEXT_NULLCHAR:
		put_text(m, "\xef\xbf\xbd", 3);
		break;
	case MD_TEXT_BR:
		str_adds(&m->out, "<br>\n");
		break;
	case MD_TEXT_SOFTBR:
		put_text(m, "\n", 1);
		break;
	case MD_TEXT_ENTITY:
		put_entity(m, s, n);
		break;
	case MD_TEXT_CODE:
		put_code(m, s, n);
		break;
	case MD_TEXT_HTML:
		if (is_break(s, n))
			str_adds(&m->out, "<br>");
		else
			put_text(m, s, n);
		break;
	default:
		put_text(m, s, n);
		break;
	}
	return flush(m, FLUSH_AT);
}

/* ---- spans ---- */

/* An attribute as the reader means it. Names that are not decoded here stay as they are written, and html_escape()
 * keeps them so. */
static void attribute(struct str *b, const MD_ATTRIBUTE *a)
{
	static const struct {
		const char *name, *text;
	} known[] = { { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" }, { "&quot;", "\"" }, { "&apos;", "'" } };

	for (size_t i = 0; a->text && a->substr_offsets[i] < a->size; i++) {
		const char *s = a->text + a->substr_offsets[i], *text = NULL;
		size_t n = a->substr_offsets[i + 1] - a->substr_offsets[i];
		char c[4];
		bool entity = a->substr_types[i] == MD_TEXT_ENTITY;

		for (size_t k = 0; k < sizeof known / sizeof *known && entity && !text; k++)
			if (strlen(known[k].name) == n && memcmp(known[k].name, s, n) == 0)
				text = known[k].text;
		if (text)
			str_adds(b, text);
		else if (entity && n > 3 && s[1] == '#')
			str_add(b, c, numeric_entity(s, n, c));
		else
			str_add(b, s, n);
	}
}

static bool is_safe(const struct str *url)
{
	static const char *const schemes[] = { "http://", "https://", "mailto:" };

	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t n = strlen(schemes[i]);
		if (url->len > n && strncasecmp(url->s, schemes[i], n) == 0)
			return !memchr(url->s, '\n', url->len) && !memchr(url->s, '\t', url->len) &&
			       !san_needed(url->s, url->len, SAN_DOCUMENT);
	}
	return false;
}

static void open_link(struct emitter *m, struct open *o, const MD_ATTRIBUTE *a)
{
	struct str url = STR_INIT;

	attribute(&url, a);
	o->anchor = !m->in_anchor && is_safe(&url);
	if (o->anchor) {
		str_adds(&m->out, "<a rel=\"noreferrer nofollow\" href=\"");
		html_escape(&m->out, url.s, url.len);
		str_adds(&m->out, "\">");
		m->in_anchor = true;
	}
	if (m->links++ == 0)
		str_reset(&m->link_text);
	o->from = m->link_text.len;
	str_free(&url);
}

/* The text shows the address already: it was bare. */
static bool is_bare(const char *url, const char *text)
{
	static const char *const added[] = { "", "http://", "mailto:" };

	for (size_t i = 0; i < sizeof added / sizeof *added; i++)
		if (str_starts(url, added[i]) && strcmp(url + strlen(added[i]), text) == 0)
			return true;
	return false;
}

static void put_address(struct emitter *m, const struct open *o, const MD_ATTRIBUTE *a)
{
	struct str url = STR_INIT;

	attribute(&url, a);
	if (url.len && !is_bare(url.s, m->link_text.s + o->from)) {
		str_adds(&m->out, " (");
		html_escape(&m->out, url.s, url.len);
		str_addc(&m->out, ')');
	}
	str_free(&url);
}

static const char *const spans[] = {
	[MD_SPAN_EM] = "em>", [MD_SPAN_STRONG] = "strong>", [MD_SPAN_CODE] = "code>", [MD_SPAN_DEL] = "del>"
};

static const char *tag_of(MD_SPANTYPE type)
{
	return (size_t)type < sizeof spans / sizeof *spans ? spans[type] : NULL;
}

static const MD_ATTRIBUTE *target_of(MD_SPANTYPE type, void *detail)
{
	return type == MD_SPAN_A     ? &((MD_SPAN_A_DETAIL *)detail)->href
	       : type == MD_SPAN_IMG ? &((MD_SPAN_IMG_DETAIL *)detail)->src
				     : NULL;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct emitter *m = arg;

	m->open = xgrow(m->open, &m->cap, m->opened + 1, sizeof *m->open);
	struct open *o = &m->open[m->opened++];
	*o = (struct open){ .type = type };
	if (target_of(type, detail))
		open_link(m, o, target_of(type, detail));
	else if (tag_of(type))
		str_addf(&m->out, "<%s", tag_of(type));
	return m->st != ST_OK;
}

static void close_span(struct emitter *m, const MD_ATTRIBUTE *target)
{
	const struct open *o = &m->open[--m->opened];

	if (tag_of(o->type))
		str_addf(&m->out, "</%s", tag_of(o->type));
	else if (o->anchor)
		str_adds(&m->out, "</a>");
	else if (target)
		put_address(m, o, target);
	m->in_anchor = m->in_anchor && !o->anchor;
	m->links -= o->type == MD_SPAN_A || o->type == MD_SPAN_IMG;
}

static void close_spans(struct emitter *m)
{
	while (m->opened)
		close_span(m, NULL);
}

/* md4c 0.4.8 may leave spans in another order than it entered them, or not at all: those in between end, too. */
static int leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct emitter *m = arg;
	size_t i = m->opened;

	while (i > 0 && m->open[i - 1].type != type)
		i--;
	if (i == 0)
		return m->st != ST_OK;
	while (m->opened > i)
		close_span(m, NULL);
	close_span(m, target_of(type, detail));
	return m->st != ST_OK;
}

/* ---- blocks ---- */

static const struct {
	const char *open, *close;
} blocks[] = {
	[MD_BLOCK_QUOTE] = { "<blockquote>\n", "</blockquote>\n" },
	[MD_BLOCK_UL] = { "<ul>\n", "</ul>\n" },
	[MD_BLOCK_OL] = { NULL, "</ol>\n" },
	[MD_BLOCK_LI] = { NULL, "</li>\n" },
	[MD_BLOCK_HR] = { "<hr>\n", NULL },
	[MD_BLOCK_CODE] = { "<pre><code>", "</code></pre>\n" },
	[MD_BLOCK_P] = { "<p>", "</p>\n" },
	[MD_BLOCK_TABLE] = { "<table>\n", "</table>\n" },
	[MD_BLOCK_THEAD] = { "<thead>\n", "</thead>\n" },
	[MD_BLOCK_TBODY] = { "<tbody>\n", "</tbody>\n" },
	[MD_BLOCK_TR] = { "<tr>", "</tr>\n" },
	[MD_BLOCK_TH] = { NULL, "</th>" },
	[MD_BLOCK_TD] = { NULL, "</td>" },
};

static void open_cell(struct emitter *m, const char *tag, const MD_BLOCK_TD_DETAIL *d)
{
	static const char *const align[] = { [MD_ALIGN_DEFAULT] = "",
		[MD_ALIGN_LEFT] = "",
		[MD_ALIGN_CENTER] = " class=\"center\"",
		[MD_ALIGN_RIGHT] = " class=\"right\"" };

	m->in_cell = true;
	str_addf(&m->out, "<%s%s>", tag, align[d->align]);
}

static void open_item(struct emitter *m, const MD_BLOCK_LI_DETAIL *d)
{
	if (!d->is_task)
		str_adds(&m->out, "<li>");
	else if (d->task_mark == ' ')
		str_adds(&m->out, "<li class=\"task\"><span role=\"img\" aria-label=\"not done\">\xe2\x98\x90</span> ");
	else
		str_adds(&m->out, "<li class=\"task\"><span role=\"img\" aria-label=\"done\">\xe2\x98\x91</span> ");
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct emitter *m = arg;

	close_spans(m);
	if (type == MD_BLOCK_H) {
		m->in_heading = true;
		m->heading = m->out.len;
		str_reset(&m->words);
		str_addf(&m->out, "<h%u>", ((MD_BLOCK_H_DETAIL *)detail)->level);
	} else if (type == MD_BLOCK_LI) {
		open_item(m, detail);
	} else if (type == MD_BLOCK_OL) {
		str_addf(&m->out, "<ol start=\"%u\">\n", ((MD_BLOCK_OL_DETAIL *)detail)->start);
	} else if (type == MD_BLOCK_TH) {
		open_cell(m, "th scope=\"col\"", detail);
	} else if (type == MD_BLOCK_TD) {
		open_cell(m, "td", detail);
	} else if ((size_t)type < sizeof blocks / sizeof *blocks) {
		str_adds(&m->out, blocks[type].open);
	}
	return flush(m, FLUSH_AT);
}

static bool is_timeline(const struct str *words)
{
	static const char word[] = "timeline";
	size_t n = sizeof word - 1;

	return words->len >= n && strcasecmp(words->s + words->len - n, word) == 0 &&
	       (words->len == n || words->s[words->len - n - 1] == ' ');
}

static void end_heading(struct emitter *m, unsigned level)
{
	str_addf(&m->out, "</h%u>\n", level);
	if (m->picture && level > 1 && is_timeline(&m->words)) {
		char *heading = xstrdup(m->out.s + m->heading);
		str_cut(&m->out, m->heading);
		str_adds(&m->out, m->picture);
		str_adds(&m->out, heading);
		free(heading);
		m->picture = NULL;
	}
	m->in_heading = false;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct emitter *m = arg;

	close_spans(m);
	if (type == MD_BLOCK_H)
		end_heading(m, ((MD_BLOCK_H_DETAIL *)detail)->level);
	else if ((size_t)type < sizeof blocks / sizeof *blocks)
		str_adds(&m->out, blocks[type].close);
	m->in_cell = m->in_cell && type != MD_BLOCK_TH && type != MD_BLOCK_TD;
	return flush(m, FLUSH_AT);
}

/* HTML blocks would keep the Markdown in them from being read: as text they are paragraphs. */
enum status html_markdown(const char *md, size_t n, const char *picture, struct mst_sink sink, struct err *err)
{
	static const MD_PARSER parser = { 0, MD_DIALECT_GITHUB | MD_FLAG_NOHTMLBLOCKS, enter_block, leave_block,
		enter_span, leave_span, on_text, NULL, NULL };
	struct emitter m = {
		.sink = sink, .err = err, .out = STR_INIT, .picture = picture, .words = STR_INIT, .link_text = STR_INIT
	};

	if (n > SOURCE_MAX)
		return fail(err, ST_USAGE, "the document has more than 1 GiB: export it as Markdown");
	if (md_parse(md, (MD_SIZE)n, &parser, &m) != 0 && m.st == ST_OK)
		m.st = fail(err, ST_IO, "the document cannot be read as Markdown: is there memory left?");
	if (m.st == ST_OK) {
		str_adds(&m.out, m.picture);
		flush(&m, 0);
	}
	str_free(&m.out);
	str_free(&m.words);
	free(m.open);
	str_free(&m.link_text);
	return m.st;
}
