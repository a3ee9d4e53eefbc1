/* html_test.c - HTML out: well-formed, nothing active in it, and the text is the document's. HTML_SEED repeats a run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "everything.h"
#include "seen.h"
#include "text/html.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
enum { DOCUMENTS = 3000, INCIDENTS = 8, DEEP = 4096 };

/* ---- a reader of the HTML that may come out, and of no other ---- */

static const char *const elements[] = { "html", "head", "title", "style", "body", "main", "figure", "figcaption", "svg",
	"g", "rect", "line", "path", "circle", "text", "desc", "h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol",
	"li", "span", "table", "thead", "tbody", "tr", "th", "td", "pre", "code", "blockquote", "em", "strong", "del",
	"a" };
static const char *const voids[] = { "meta", "hr", "br" };
static const char *const attributes[] = { "lang", "charset", "http-equiv", "name", "content", "class", "scope", "start",
	"role", "aria-label", "aria-labelledby", "id", "rel", "href", "xmlns", "viewBox", "x", "y", "x1", "y1", "x2",
	"y2", "cx", "cy", "r", "d", "width", "height", "text-anchor" };

struct reader {
	const char *all, *at;
	const char *open[DEEP]; /* of elements */
	size_t depth, links, tags;
	struct str text; /* without that of title, style, figure; white space left out */
	size_t hidden; /* depth at which it began, 0: it has not */
};

#define NOT_SO(r, ...) fail_msg("%s at: %.200s\n--- of\n%.3000s", __VA_ARGS__, (r)->at, (r)->all)

static const char *one_of(const char *const *list, size_t n, const char *s, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(list[i]) == len && memcmp(list[i], s, len) == 0)
			return list[i];
	return NULL;
}

static size_t letters(const char *s)
{
	size_t n = 0;

	while ((s[n] >= 'a' && s[n] <= 'z') || (s[n] >= 'A' && s[n] <= 'Z') || (s[n] >= '0' && s[n] <= '9') ||
		s[n] == '-')
		n++;
	return n;
}

/* "&amp;": nothing else may stand behind an ampersand. Returns its length. */
static size_t entity(struct reader *r, const char *s)
{
	size_t n = 1 + (s[1] == '#');

	n += letters(s + n);
	if (n < 3 || s[n] != ';')
		NOT_SO(r, "a bare ampersand");
	return n + 1;
}

static void add_text(struct reader *r, const char *s, size_t n)
{
	static const struct {
		const char *name, *text;
	} known[] = { { "&lt;", "<" }, { "&gt;", ">" }, { "&amp;", "&" }, { "&quot;", "\"" }, { "&#39;", "'" } };

	if (r->hidden || (n == 1 && strchr(" \n\t", *s)))
		return;
	for (size_t i = 0; i < COUNT(known); i++)
		if (strlen(known[i].name) == n && memcmp(known[i].name, s, n) == 0) {
			str_adds(&r->text, known[i].text);
			return;
		}
	str_add(&r->text, s, n);
}

static bool is_web(const char *s)
{
	return strncasecmp(s, "http://", 7) == 0 || strncasecmp(s, "https://", 8) == 0 ||
	       strncasecmp(s, "mailto:", 7) == 0;
}

static void read_attribute(struct reader *r)
{
	const char *name = r->at;
	size_t n = letters(name);
	bool quoted = str_starts(name + n, "=\"");
	const char *value = name + n + 2, *quote = quoted ? strchr(value, '"') : NULL;

	if (!one_of(attributes, COUNT(attributes), name, n) || !quote)
		NOT_SO(r, "a bad attribute");
	if (n == 4 && memcmp(name, "href", 4) == 0 && !is_web(value))
		NOT_SO(r, "a bad link");
	for (const char *s = value; s < quote; s++) {
		if (*s == '<' || *s == '>' || (unsigned char)*s < 0x20)
			NOT_SO(r, "a bad value");
		if (*s == '&')
			s += entity(r, s) - 1;
	}
	r->at = quote + 1;
}

static void close_tag(struct reader *r)
{
	size_t n = letters(r->at + 2);

	if (r->depth == 0 || strlen(r->open[r->depth - 1]) != n || memcmp(r->open[r->depth - 1], r->at + 2, n) != 0 ||
		r->at[2 + n] != '>')
		NOT_SO(r, "a wrong end tag");
	if (r->hidden == r->depth--)
		r->hidden = 0;
	r->links -= n == 1 && r->at[2] == 'a';
	r->at += n + 3;
}

static void open_tag(struct reader *r)
{
	size_t n = letters(r->at + 1);
	const char *name = one_of(elements, COUNT(elements), r->at + 1, n);
	bool empty = !name && one_of(voids, COUNT(voids), r->at + 1, n);

	if (!name && !empty)
		NOT_SO(r, "an element that is not allowed");
	r->tags++;
	r->at += 1 + n;
	while (*r->at == ' ') {
		r->at++;
		read_attribute(r);
	}
	bool closed = str_starts(r->at, "/>");
	r->at += closed;
	if (*r->at++ != '>')
		NOT_SO(r, "a tag without an end");
	if (empty || closed)
		return;
	assert_true(r->depth < DEEP);
	r->open[r->depth++] = name;
	r->links += str_eq(name, "a");
	if (r->links > 1)
		NOT_SO(r, "a link in a link");
	if (!r->hidden && (str_eq(name, "title") || str_eq(name, "style") || str_eq(name, "figure")))
		r->hidden = r->depth;
}

static void read_html(struct reader *r, const char *s, size_t n)
{
	*r = (struct reader){ .all = s, .at = s, .text = STR_INIT };
	if (str_starts(s, "<!DOCTYPE html>"))
		r->at += 15;
	assert_int_equal(strlen(s), n);
	assert_false(san_needed(s, n, SAN_DOCUMENT | SAN_LINES));
	while (*r->at) {
		if (*r->at == '<' && r->at[1] == '/') {
			close_tag(r);
		} else if (*r->at == '<') {
			open_tag(r);
		} else {
			size_t len = *r->at == '&' ? entity(r, r->at) : 1;
			add_text(r, r->at, len);
			r->at += len;
		}
	}
	if (r->depth)
		NOT_SO(r, "an element without an end");
}

static struct str html_of(const char *md, size_t n, const char *picture)
{
	struct str out = STR_INIT;
	struct err err = { .status = ST_OK };

	if (html_markdown(md, n, picture, mst_sink_str(&out), &err) != ST_OK)
		fail_msg("%s", err.text);
	return out;
}

/* ---- what Markdown becomes ---- */

static void markdown(void **state)
{
	static const struct {
		const char *md, *html;
	} cases[] = {
		{ "# A & B\n", "<h1>A &amp; B</h1>\n" },
		{ "a *b* **c** ~~d~~ `e<f`\n",
			"<p>a <em>b</em> <strong>c</strong> <del>d</del> <code>e&lt;f</code></p>\n" },
		{ "- [ ] a\n- [x] b\n",
			"<ul>\n<li class=\"task\"><span role=\"img\" aria-label=\"not done\">☐</span> a</li>\n"
			"<li class=\"task\"><span role=\"img\" aria-label=\"done\">☑</span> b</li>\n</ul>\n" },
		{ "3. a\n", "<ol start=\"3\">\n<li>a</li>\n</ol>\n" },
		{ "|a|b|\n|---|--:|\n|`x\\|y`|1<br>2|\n", "<table>\n<thead>\n<tr><th scope=\"col\">a</th><th "
							  "scope=\"col\" class=\"right\">b</th></tr>\n</thead>\n"
							  "<tbody>\n<tr><td><code>x|y</code></td><td "
							  "class=\"right\">1<br>2</td></tr>\n</tbody>\n</table>\n" },
		{ "`x\\|y`\n", "<p><code>x\\|y</code></p>\n" },
		{ "<script>alert(1)</script>\n", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n" },
		{ "<div onclick=x>\n*a*\n</div>\n", "<p>&lt;div onclick=x&gt;\n<em>a</em>\n&lt;/div&gt;</p>\n" },
		{ "a<br>b<BR />c<br onload=x>\n", "<p>a<br>b<br>c&lt;br onload=x&gt;</p>\n" },
		{ "<!-- a -->\n", "<p>&lt;!-- a --&gt;</p>\n" },
		{ "[a](https://e.example/?b=1&c=\"2)\n",
			"<p><a rel=\"noreferrer nofollow\" href=\"https://e.example/?b=1&amp;c=&quot;2\">a</a></p>\n" },
		{ "[a](javascript:alert(1))\n", "<p>a (javascript:alert(1))</p>\n" },
		{ "[a](java&#115;cript:alert(1))\n", "<p>a (javascript:alert(1))</p>\n" },
		{ "[a](JaVaScRiPt&colon;alert(1))\n", "<p>a (JaVaScRiPt&amp;colon;alert(1))</p>\n" },
		{ "[a](&#1;https://e.example)\n", "<p>a (&lt;U+0001&gt;https://e.example)</p>\n" },
		{ "[a](data:text/html,x) [b](//e.example) [c](file:///etc)\n",
			"<p>a (data:text/html,x) b (//e.example) c (file:///etc)</p>\n" },
		{ "<javascript:x>\n", "<p>javascript:x</p>\n" },
		{ "me@e.example\n",
			"<p><a rel=\"noreferrer nofollow\" href=\"mailto:me@e.example\">me@e.example</a></p>\n" },
		{ "![a](https://e.example/i.png)\n",
			"<p><a rel=\"noreferrer nofollow\" href=\"https://e.example/i.png\">a</a></p>\n" },
		{ "[![a](https://e.example/i.png)](https://e.example)\n",
			"<p><a rel=\"noreferrer nofollow\" href=\"https://e.example\">a "
			"(https://e.example/i.png)</a></p>\n" },
		{ "&#8238; &rlm; &zwj; &alpha; &#x110000;\n",
			"<p>&lt;U+202E&gt; &amp;rlm; &amp;zwj; &alpha; \xef\xbf\xbd</p>\n" },
		{ "\xe2\x80\xae\xff\n", "<p>&lt;U+202E&gt;&lt;FF&gt;</p>\n" },
		{ "```\"><script>\n</code>\n```\n", "<pre><code>&lt;/code&gt;\n</code></pre>\n" },
		{ "> a\n\n---\n", "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str out = html_of(cases[i].md, strlen(cases[i].md), NULL);
		assert_string_equal(out.s, cases[i].html);
		str_free(&out);
	}
}

static void picture_goes_before_the_timeline(void **state)
{
	static const struct {
		const char *md, *html;
	} cases[] = {
		{ "## Timeline\n", "<hr><h2>Timeline</h2>\n" },
		{ "# The timeline\n\n## Incident Timeline\n",
			"<h1>The timeline</h1>\n<hr><h2>Incident Timeline</h2>\n" },
		{ "## *TIMELINE*\n\n### Detailed Timeline\n",
			"<hr><h2><em>TIMELINE</em></h2>\n<h3>Detailed Timeline</h3>\n" },
		{ "## Timelines\n", "<h2>Timelines</h2>\n<hr>" },
		{ "## Notimeline\n", "<h2>Notimeline</h2>\n<hr>" },
		{ "", "<hr>" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str out = html_of(cases[i].md, strlen(cases[i].md), "<hr>");
		assert_string_equal(out.s, cases[i].html);
		str_free(&out);
	}
}

static enum status full(void *arg, const char *s, size_t n, struct err *err)
{
	(void)arg, (void)s, (void)n;
	return (fail)(err, ST_IO, "no space");
}

static void sink_fails(void **state)
{
	struct err err = { .status = ST_OK };
	struct str md = STR_INIT;

	(void)state;
	for (int i = 0; i < 20000; i++)
		str_adds(&md, "word\n\n");
	assert_int_equal(html_markdown(md.s, md.len, NULL, (struct mst_sink){ full, NULL }, &err), ST_IO);
	assert_string_equal(err.text, "no space");
	str_free(&md);
}

/* ---- any document ---- */

static uint64_t seed;

static unsigned pick(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % below;
}

static const char *const pieces[] = { "|", "|---|---|\n", "| a | b |\n|---|:-:|\n| ", " |\n", "\\", "`", "```", "~~~",
	"\n", "\n\n", "  \n", "<b>", "</b>", "</td>", "<br>", "<!--", "-->", "<![CDATA[", "]]>", "<?x", "?>",
	"<script>", "</script>", "<svg onload=x>", "<img src=x onerror=y>", "&amp;", "&", "&#", "&#0;", "&#x202e;",
	"&lt;", "&quot;", "&rlm;", "&nosuch;", "[", "]", "(", ")", "![", "](",
	"](javascript:", "](data:", "](https://e.example/", "](mailto:a@e.example)", "<https://e.example/\"",
	"<javascript:a>", "<vbscript:a>", "http://e.example/?a=<b>&c", "www.e.example", "a@e.example",
	"[a]: javascript:b\n", "[a]: https://e.example \"t\"\n", "[a]", "* ", "- ", "1. ", "12) ", "- [ ] ", "- [x] ",
	"# ", "## ", "Timeline", "===\n", "---\n", "> ", ">>>>", "*", "**", "_", "~~", "~", "\t", "    ", " ", "\x01",
	"\x1b[31m", "\xe2\x80\xae", "\xe2\x80\x8d", "\xff", "\xc3", "\xd0\x96", "\"", "'", "=", "on",
	"style=", "href=\"", "word", "x" };

static void any_markdown(void **state)
{
	size_t tags = 0;

	(void)state;
	for (int i = 0; i < DOCUMENTS; i++) {
		struct str md = STR_INIT;
		struct reader r;
		for (unsigned k = 1 + pick(60); k-- > 0;)
			if (pick(200) == 0)
				str_addc(&md, '\0');
			else
				str_adds(&md, pieces[pick(COUNT(pieces))]);
		struct str out = html_of(md.s, md.len, "<hr>");
		read_html(&r, out.s, out.len);
		tags += r.tags;
		str_free(&r.text);
		str_free(&out);
		str_free(&md);
	}
	print_message("%d documents, %zu tags\n", DOCUMENTS, tags);
}

/* ---- any incident ---- */

static const char *const templates[] = { "default", "classic", "sev", "analysis", "slo", "detailed" };

static struct str page_of(struct sample *x, const char *template)
{
	struct str out = STR_INIT;
	struct err err = { .status = ST_OK };
	const struct html_opts o = { "0.1", NULL, template, NULL };

	if (html_export(x->s, x->incident, &o, mst_sink_str(&out), &err) != ST_OK)
		fail_msg("%s", err.text);
	return out;
}

/* What a Markdown reader sees of the document, boxes as they are drawn, without white space. */
static struct str words_of(struct sample *x, const char *template)
{
	struct str md = sample_render(x, NULL, template), out = STR_INIT;
	struct seen s;

	see(md.s, md.len, &s);
	for (size_t i = 0; i < s.text.len; i++)
		if (!strchr(" \n\t", s.text.s[i]))
			str_addc(&out, s.text.s[i]);
	seen_free(&s);
	str_free(&md);
	return out;
}

static void leave_out(struct str *b, const char *word)
{
	char *at = b->s;
	size_t n = strlen(word);

	while ((at = strstr(at, word))) {
		memmove(at, at + n, b->len - (size_t)(at - b->s) - n + 1);
		b->len -= n;
	}
}

static void same_text(const struct str *is, const struct str *should_be, const char *template)
{
	size_t i = 0;

	while (i < is->len && is->s[i] == should_be->s[i])
		i++;
	if (i == is->len && i == should_be->len)
		return;
	size_t from = i > 40 ? i - 40 : 0;
	fail_msg("%s:\n%.160s\n--- should be\n%.160s", template, is->s + from, should_be->s + from);
}

static void check_page(struct sample *x, const char *template)
{
	struct str page = page_of(x, template), words = words_of(x, template);
	struct reader r;

	read_html(&r, page.s, page.len);
	assert_non_null(strstr(page.s, "<svg "));
	assert_null(strstr(page.s, "url("));
	assert_null(strstr(page.s, "@import"));
	leave_out(&r.text, "\xe2\x98\x90");
	leave_out(&r.text, "\xe2\x98\x91");
	leave_out(&words, "\xe2\x98\x90");
	leave_out(&words, "\xe2\x98\x91");
	same_text(&r.text, &words, template);
	str_free(&r.text);
	str_free(&words);
	str_free(&page);
}

static void put_hostile_line(struct sample *x, int i, const char *text)
{
	static const char *const kinds[] = { "update", "severity", "note", "alert" };
	uuid e = sample_event(x, SAMPLE_T0 + i * USEC_MIN, kinds[i % 4], NULL, text, text);

	if (i % 4 == 1)
		sample_op(x, "event.set", e,
			(const struct sample_field[]){
				{ "severity", NULL, i % 5 }, { "why", text, 0 }, { NULL, NULL, 0 } });
}

static void any_incident(void **state)
{
	struct catalogue *cat;
	size_t pages = 0;

	(void)state;
	assert_int_equal(catalogue_load(NULL, &cat, NULL), ST_OK);
	for (int i = 0; i < INCIDENTS; i++) {
		struct sample x = { 0 };
		struct values l = { .hostile = true };
		sample_open(&x);
		full_incident(&x, cat, &l);
		sample_begin(&x);
		for (int k = 0; k < 24; k++)
			put_hostile_line(&x, k, l.v[pick((unsigned)l.n)]);
		sample_commit(&x);
		for (size_t k = 0; k < COUNT(templates); k++, pages++)
			check_page(&x, templates[k]);
		values_free(&l);
		sample_close(&x);
	}
	print_message("%zu pages\n", pages);
	catalogue_free(cat);
}

/* ---- the picture ---- */

static void picture(void **state)
{
	static const char *const seen[] = {
		"<title>started until detected: 2m18s</title>",
		"<title>mitigating until mitigated: 7m</title>",
		"<title>resolved until the last event: 1m</title>",
		"<title>started ~2026-02-05 14:23:12 UTC</title>",
		"<title>SEV-2 from ",
		"<title>SEV-1 from 2026-02-05 14:31:12 UTC: every third payment</title>",
		"<title>2026-02-05 14:35:12 UTC: We are working on it</title>",
		">detected 14:25:30</text>",
		">20:00</text>",
		">2026-02-06</text>", /* midnight */
		"Updates: 1.</desc>",
		"Times in UTC.</figcaption>",
	};
	struct sample x = { 0 };

	(void)state;
	sample_open(&x);
	sample_whole(&x);
	struct str page = page_of(&x, "default");
	for (size_t i = 0; i < COUNT(seen); i++)
		if (!strstr(page.s, seen[i]))
			fail_msg("not there: %s\n%s", seen[i], strstr(page.s, "<svg"));
	assert_true(strstr(page.s, "<h2>Impact") < strstr(page.s, "<svg"));
	assert_true(strstr(page.s, "<svg") < strstr(page.s, "<h2>Timeline"));
	assert_true(str_starts(page.s, "<!DOCTYPE html>\n<html lang=\"en\">\n"));
	assert_non_null(strstr(page.s, "<title>INC-2026-0007: Checkout 5xx after v2.1.0</title>"));
	str_free(&page);
	sample_close(&x);
}

static void picture_of_nothing(void **state)
{
	struct sample x = { 0 };

	(void)state;
	sample_open(&x);
	sample_begin(&x);
	sample_incident(&x, "INC-2026-0001", "Nothing yet", SEV_UNKNOWN, "UTC", SAMPLE_T0);
	sample_commit(&x);
	check_page(&x, "default");
	struct str page = page_of(&x, "default");
	assert_non_null(strstr(page.s, "Updates: 0."));
	str_free(&page);
	sample_close(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markdown),
		cmocka_unit_test(picture_goes_before_the_timeline),
		cmocka_unit_test(sink_fails),
		cmocka_unit_test(any_markdown),
		cmocka_unit_test(any_incident),
		cmocka_unit_test(picture),
		cmocka_unit_test(picture_of_nothing),
	};
	const char *given = getenv("HTML_SEED");

	seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	print_message("HTML_SEED=%llu\n", (unsigned long long)seed);
	values_seed(seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
