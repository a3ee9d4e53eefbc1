/* What people type must come out of a document as they typed it: escaped text is read back with md4c and compared. */
#include <inttypes.h>
#include <locale.h>
#include <md4c.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "text/escape.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* ---- tables ---- */

struct md_case {
	const char *before; /* template text in front, from the beginning of a line */
	const char *text;
	char after;
	enum md_span span;
	const char *expect;
};

static const struct md_case md_cases[] = {
	/* prose stays readable */
	{ "x: ", "rolled back to v2.0.9", '\n', MD_INLINE, "rolled back to v2.0.9" },
	{ "x: ", "error rate 50 % → 10 %", '\n', MD_INLINE, "error rate 50 % → 10 %" },
	{ "", "14:32 pool_size max_conn_age is 5", '\n', MD_INLINE, "14:32 pool_size max_conn_age is 5" },
	{ "x: ", "C++ and C# on-call, e.g. k8s (prod)!", '\n', MD_INLINE, "C++ and C# on-call, e.g. k8s (prod)!" },
	{ "x: ", "C:\\temp", '\n', MD_INLINE, "C:\\temp" },
	{ "", "-5m", '\n', MD_INLINE, "-5m" },
	{ "", "~2 minutes, 3 * 4 = 12", '\n', MD_INLINE, "~2 minutes, 3 * 4 = 12" },
	{ "", "--verbose #42 +1 =x", '\n', MD_INLINE, "--verbose #42 +1 =x" },
	{ "| ", "~02:10", ' ', MD_INLINE, "~02:10" },
	{ "x: ", "@jane: $5 and 10% {ok} \"q\" it's a^b", '\n', MD_INLINE, "@jane: $5 and 10% {ok} \"q\" it's a^b" },
	/* marks */
	{ "x: ", "<b> & </b>", '\n', MD_INLINE, "&lt;b&gt; &amp; &lt;/b&gt;" },
	{ "x: ", "*a* _b_ `c` ~~d~~ [e](f)", '\n', MD_INLINE, "\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~ \\[e\\](f)" },
	{ "x: ", "![i](u)", '\n', MD_INLINE, "!\\[i\\](u)" },
	{ "x: ", "done!", '[', MD_INLINE, "done\\!" },
	{ "x: ", "done!", 0, MD_INLINE, "done\\!" },
	{ "x: ", "a|b", '\n', MD_INLINE, "a\\|b" },
	{ "| ", "a|b\nc", ' ', MD_INLINE, "a\\|b<br>c" },
	{ "x: ", "a\\*b \\", '\n', MD_INLINE, "a\\\\\\*b \\\\" },
	{ "x: ", "__init__", '\n', MD_INLINE, "\\_\\_init\\_\\_" },
	{ "x: ", "&copy;", '\n', MD_INLINE, "&amp;copy;" },
	/* beginnings of lines */
	{ "", "- item", '\n', MD_INLINE, "\\- item" },
	{ "", "-", '\n', MD_INLINE, "\\-" },
	{ "", "---", '\n', MD_INLINE, "\\---" },
	{ "", "===", '\n', MD_INLINE, "\\===" },
	{ "", "# head", '\n', MD_INLINE, "\\# head" },
	{ "", "1. one", '\n', MD_INLINE, "1\\. one" },
	{ "", "12) one", '\n', MD_INLINE, "12\\) one" },
	{ "", "1.5 s", '\n', MD_INLINE, "1.5 s" },
	{ "12", ". x", '\n', MD_INLINE, "\\. x" },
	{ "- ", "+ x", '\n', MD_INLINE, "\\+ x" },
	{ "- [ ] ", "# x", '\n', MD_INLINE, "\\# x" },
	{ "> 1. ", "* x", '\n', MD_INLINE, "\\* x" },
	{ "", "    code", '\n', MD_INLINE, "&#32;   code" },
	{ "", "~~~", '\n', MD_INLINE, "\\~\\~\\~" },
	{ "", ":--", '\n', MD_INLINE, "\\:--" },
	{ "", "> q", '\n', MD_INLINE, "&gt; q" },
	{ "text ", "- no item", '\n', MD_INLINE, "- no item" },
	{ "## ", "C #", '\n', MD_INLINE, "C \\#" },
	{ "## ", "C#", '\n', MD_INLINE, "C#" },
	{ "## ", "a\nb", '\n', MD_INLINE, "a<br>b" },
	/* line breaks */
	{ "", "a\nb", '\n', MD_INLINE, "a\\\nb" },
	{ "- ", "a\r\n- b", '\n', MD_INLINE, "a\\\n  \\- b" },
	{ "10. ", "a\n\nb\n\n", '\n', MD_INLINE, "a\\\n    \\\n    b" },
	{ "x", "\n\na", '\n', MD_INLINE, "a" },
	{ "| ", "\n", ' ', MD_INLINE, "" },
	{ "x ", "a \nb", '\n', MD_INLINE, "a \\\nb" },
	/* edges */
	{ "| ", " a ", ' ', MD_INLINE, "&#32;a&#32;" },
	{ "x ", " a ", 'y', MD_INLINE, " a " },
	{ "**", " a ", '*', MD_INLINE, "&#32;a&#32;" },
	{ "| ", "  ", ' ', MD_INLINE, "&#32;&#32;" },
	{ "", "\tx", '\n', MD_INLINE, "&#9;x" },
	/* addresses */
	{ "x ", "see https://a.example/b_c?d=1&e=2.", '\n', MD_INLINE, "see https://a.example/b_c?d=1&e=2." },
	{ "x ", "https://a.example/~u/*", '\n', MD_INLINE, "<https://a.example/~u/>\\*" },
	{ "x ", "https://a.example/_x_/y", '\n', MD_INLINE, "<https://a.example/_x_/y>" },
	{ "x ", "(https://a.example/b)", '\n', MD_INLINE, "(https://a.example/b)" },
	{ "x ", "https://a.example/?a&copy;", '\n', MD_INLINE, "https\\://a.example/?a&amp;copy;" },
	{ "x ", "nohttp://x_", '\n', MD_INLINE, "nohttp\\://x\\_" },
	/* what nobody sees */
	{ "x ", "a\x1b[31mb", '\n', MD_INLINE, "a&lt;U+001B&gt;\\[31mb" },
	{ "| ", "a\xe2\x80\xae" "b", ' ', MD_INLINE, "a&lt;U+202E&gt;b" },
	{ "| ", "a\xff" "b", ' ', MD_INLINE, "a&lt;FF&gt;b" },
	/* HTML lines, code, links */
	{ "<summary>", "a*b_c <\nd", '<', MD_INLINE, "a&#42;b&#95;c &lt;<br>d" },
	{ "x `", "a*b<c> `d`\ne", '`', MD_CODE, "a*b<c> 'd' e" },
	{ "| `", "a|b", '`', MD_CODE, "a\\|b" },
	{ "", "```\n*x*", '\n', MD_FENCE, "    ``` *x*" },
	{ "", "*x* <y>", '\n', MD_FENCE, "*x* <y>" },
	{ "[a](", "https://a.example/b c(d)?e&f", ')', MD_TARGET, "https://a.example/b%20c%28d%29?e&amp;f" },
	{ "[a](", "javascript:alert(1)", ')', MD_TARGET, "javascript%3Aalert%281%29" },
	{ "[a](", "mailto:x@a.example", ')', MD_TARGET, "mailto:x@a.example" },
	{ "[a](https://a.example/", "x:y\n/é", ')', MD_TARGET, "x:y%0A/%C3%A9" },
	{ "x ", "", '\n', MD_INLINE, "" },
};

static void md_table_holds(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(md_cases); i++) {
		const struct md_case *c = &md_cases[i];
		struct md_place at = { .after = c->after, .span = (uint8_t)c->span };
		struct str out = STR_INIT;

		md_track(&at, c->before, strlen(c->before));
		md_escape(&out, c->text, strlen(c->text), &at);
		if (strcmp(out.s, c->expect) != 0)
			fail_msg("'%s' after '%s': got '%s', expected '%s'", c->text, c->before, out.s, c->expect);
		str_free(&out);
	}
}

static const struct track_case {
	const char *text;
	enum md_line line;
	int indent;
} track_cases[] = {
	{ "", MD_START, 0 },
	{ "  ", MD_START, 2 },
	{ "- ", MD_START, 2 },
	{ "-", MD_MARK, 0 },
	{ "-x", MD_TEXT, 0 },
	{ "  * - ", MD_START, 6 },
	{ "10. ", MD_START, 4 },
	{ "10", MD_DIGITS, 0 },
	{ "10:", MD_TEXT, 0 },
	{ "- 10 x", MD_TEXT, 2 },
	{ "- [x] ", MD_START, 2 },
	{ "> ", MD_START, 2 },
	{ "##", MD_HASH, 0 },
	{ "## ", MD_HEADING, 0 },
	{ "#x", MD_TEXT, 0 },
	{ "| a", MD_CELL, 0 },
	{ "<p>", MD_HTML, 0 },
	{ "| a |\n", MD_START, 0 },
	{ "x\n- y", MD_TEXT, 2 },
};

static void places_are_tracked(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(track_cases); i++) {
		const struct track_case *c = &track_cases[i];
		size_t n = strlen(c->text);
		struct md_place at = { 0 };

		md_track(&at, c->text, n);
		if (at.line != c->line || at.indent != c->indent || at.before != (n > 0 ? c->text[n - 1] : 0))
			fail_msg("'%s': line %d, indent %d", c->text, at.line, at.indent);
	}
}

typedef void escape_fn(struct str *out, const char *s, size_t n);

static const struct plain_case {
	escape_fn *fn;
	const char *text;
	size_t n; /* 0: strlen(text) */
	const char *expect;
} plain_cases[] = {
	{ html_escape, "a < b & \"c\" > 'd'", 0, "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;" },
	{ html_escape, "a\xe2\x80\xae" "b\n", 0, "a&lt;U+202E&gt;b\n" },
	{ html_escape, "", 0, "" },
	{ csv_field, "plain", 0, "plain" },
	{ csv_field, "a,b", 0, "\"a,b\"" },
	{ csv_field, "say \"hi\"", 0, "\"say \"\"hi\"\"\"" },
	{ csv_field, "a\r\nb", 0, "\"a\nb\"" },
	{ csv_field, "=1+1", 0, "'=1+1" },
	{ csv_field, "+1", 0, "'+1" },
	{ csv_field, "-5m", 0, "'-5m" },
	{ csv_field, "@sum", 0, "'@sum" },
	{ csv_field, "\tx", 0, "\"'\tx\"" },
	{ csv_field, "\rx", 0, "'<U+000D>x" },
	{ csv_field, "'=x", 0, "''=x" },
	{ csv_field, "'tis", 0, "'tis" },
	{ csv_field, "=a,\"b\"", 0, "\"'=a,\"\"b\"\"\"" },
	{ csv_field, " a", 0, "\" a\"" },
	{ csv_field, "a\0b", 3, "a<U+0000>b" },
	{ csv_field, "", 0, "" },
	{ json_text, "", 0, "\"\"" },
	{ json_text, "a\"b\\c/d", 0, "\"a\\\"b\\\\c/d\"" },
	{ json_text, "\b\f\n\r\t", 0, "\"\\b\\f\\n\\r\\t\"" },
	{ json_text, "a\0\x1b\x7f", 4, "\"a\\u0000\\u001b\\u007f\"" },
	{ json_text, "é→😀", 0, "\"é→😀\"" },
	{ json_text, "\xe2\x80\xae\xe2\x80\x8b\xef\xbb\xbf", 0, "\"\\u202e\\u200b\\ufeff\"" },
	{ json_text, "\xc2\x85", 0, "\"\\u0085\"" },
	{ json_text, "\xf3\xa0\x80\x81", 0, "\"\\udb40\\udc01\"" },
	{ json_text, "a\xff\xc3", 0, "\"a\\ufffd\\ufffd\"" },
	{ json_text, "\xed\xa0\x80", 0, "\"\\ufffd\\ufffd\\ufffd\"" },
	{ json_text, "\xef\xbf\xbd", 0, "\"\xef\xbf\xbd\"" },
	{ md_raw, "*a* <b>\x1b", 0, "*a* <b><U+001B>" },
};

static void plain_tables_hold(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(plain_cases); i++) {
		const struct plain_case *c = &plain_cases[i];
		struct str out = STR_INIT;

		c->fn(&out, c->text, c->n > 0 ? c->n : strlen(c->text));
		if (strcmp(out.s, c->expect) != 0)
			fail_msg("case %zu: '%s': got '%s', expected '%s'", i, c->text, out.s, c->expect);
		str_free(&out);
	}
}

/* ---- reading back ---- */

/* Everything md4c reports, written down: blocks and spans as {tag ...}, texts as they are, line breaks as \n. */
static void add_entity(struct str *out, const char *s, size_t n)
{
	static const struct {
		const char *name, *text;
	} named[] = { { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" } };

	for (size_t i = 0; i < COUNT(named); i++) {
		if (n == strlen(named[i].name) && memcmp(s, named[i].name, n) == 0) {
			str_adds(out, named[i].text);
			return;
		}
	}
	if (n > 3 && s[1] == '#') {
		char bytes[4];

		str_add(out, bytes, utf8_put(bytes, (uint32_t)strtoul(s + 2, NULL, 10)));
	} else {
		str_addf(out, "{entity %.*s}", (int)n, s);
	}
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *s, MD_SIZE n, void *arg)
{
	struct str *out = arg;

	switch (type) {
	case MD_TEXT_NORMAL:
		str_add(out, s, n);
		break;
	case MD_TEXT_BR:
		str_addc(out, '\n');
		break;
	case MD_TEXT_ENTITY:
		add_entity(out, s, n);
		break;
	case MD_TEXT_HTML:
		if (n == 4 && memcmp(s, "<br>", 4) == 0)
			str_addc(out, '\n');
		else
			str_addf(out, "{html %.*s}", (int)n, s);
		break;
	case MD_TEXT_SOFTBR:
		str_adds(out, "{soft break}");
		break;
	default:
		str_addf(out, "{text type %d}", (int)type);
		str_add(out, s, n);
	}
	return 0;
}

static int on_enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	(void)detail;
	str_addf(arg, "{block %d}", (int)type);
	return 0;
}

static int on_leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	(void)detail;
	str_addf(arg, "{/block %d}", (int)type);
	return 0;
}

/* Autolinks may be there: they do not change the text. Strong is what the templates below write themselves. */
static int on_enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
	const MD_SPAN_A_DETAIL *link = detail;

	if (type == MD_SPAN_A && link->title.size == 0)
		return 0;
	str_addf(arg, "{span %d}", (int)type);
	return 0;
}

static int on_leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
	(void)detail;
	if (type != MD_SPAN_A)
		str_addf(arg, "{/span %d}", (int)type);
	return 0;
}

static void read_back(struct str *out, const char *s, size_t n)
{
	MD_PARSER parser = {
		.flags = MD_DIALECT_GITHUB,
		.enter_block = on_enter_block,
		.leave_block = on_leave_block,
		.enter_span = on_enter_span,
		.leave_span = on_leave_span,
		.text = on_text,
	};

	assert_int_equal(md_parse(s, (MD_SIZE)n, &parser, out), 0);
}

/* ---- the property ---- */

/* \1 and \2 stand for two texts. Markdown around them is the templates' own. */
static const char *const documents[] = {
	"\1\n",
	"\1\2\n",
	"\1 \2 end\n",
	"Before\n\1\nafter\n",
	"Before\n\n\1\n\nafter\n",
	"**Status**: \1  \n**Owner**: \2\n",
	"**\1** and \2, so.\n",
	"# \1\n\n## \2\n",
	"### \1 \2\n",
	"- \1\n- \2\n",
	"- x\n  - \1\n  - **y** \2\n",
	"1. \1\n2. \2\n",
	"- [ ] \1\n- [x] \2\n",
	"> \1\n> \2\n",
	"> - \1\n",
	"10. a\n\n    \1\n",
	"| A | B |\n|---|---|\n| \1 | \2 |\n| x | y |\n",
	"|A|B|\n|:-:|---|\n|\1|\2|\n",
	"| A |\n|---|\n| \1 \2 |\n| **\1** |\n",
	"| A | B |\n|---|---|\n| x | \1\2 |\n\n\2\n",
	"\1\n===\n\n\2\n---\n",
};

static const char *const nasties[] = {
	"*", "**", "_", "__", "`", "``", "```", "~", "~~", "~~~", "[", "]", "](", "[x](y)", "![", "!", "<", ">",
	"&", "&amp;", "&#42;", "&copy;", "<b>", "</td>", "<!--", "<br>", "\\", "\\\\", "|", "\\|", "||", "\n",
	"\r\n", "\n\n", " ", "  ", "    ", "\t", "#", "# ", "## x", "-", "- ", "---", "- - -", "+", "+ ", "=",
	"===", "1.", "1. ", "12) ", ":", ":--", ":-:|:-:", "|---|", "---|---", "https://", "https://a.example/",
	"http://a.example/b_c", "www.a.example", "x@a.example", "ftp://a.example/*x*", "(", ")", ".", ",",
	"?a=1&b=2", "mailto:", "[ ] ", "[x] ", "[a]: /b", "a", "B", "snake_case", "2", "10", "v2.0.9", "é", "→",
	"日本", "😀", "\xe2\x80\xae", "\xe2\x80\x8b", "\xff", "\x1b[0m", "\x01", "\xc2\xa0", "\xe3\x80\x80", "'",
	"\"", "$", "%", "^", "{{x}}", "}}", "word", "error rate 50 %", "@sam", ";", "/", "~user/", "`code`",
	"*em*", "__init__", "C++", "a*b*c", "<https://a.example>",
};

static uint64_t rng_next(uint64_t *rng)
{
	*rng ^= *rng << 13;
	*rng ^= *rng >> 7;
	*rng ^= *rng << 17;
	return *rng;
}

/* Ends in a letter if it is nothing but line breaks: without any text the space of "**Owner**: " would go too. */
static void random_text(struct str *out, uint64_t *rng)
{
	uint64_t parts = 1 + rng_next(rng) % 9;

	for (uint64_t i = 0; i < parts; i++) {
		uint64_t r = rng_next(rng) % (COUNT(nasties) + 20);

		if (r < COUNT(nasties))
			str_adds(out, nasties[r]);
		else
			str_addc(out, (char)(0x20 + rng_next(rng) % 0x5f));
	}
	if (strspn(out->s, "\r\n") == out->len)
		str_addc(out, 'x');
}

/* What must come back: the text sanitised, without line breaks at its ends. */
static void expected_text(struct str *out, const struct str *text)
{
	struct str clean = STR_INIT;
	const char *s = text->s;
	size_t n = text->len;

	s = escape_clean(&clean, s, &n);
	for (; n > 0 && s[n - 1] == '\n'; n--)
		;
	for (; n > 0 && *s == '\n'; s++, n--)
		;
	str_add(out, s, n);
	str_free(&clean);
}

/* The document with both texts escaped; with marks instead, it shows how the reader sees the places. */
static void fill_in(struct str *out, const char *document, const struct str *texts)
{
	struct md_place at = { 0 };

	for (const char *p = document; *p;) {
		size_t from = out->len, n = strcspn(p, "\1\2");

		if (n > 0) {
			str_add(out, p, n);
			p += n;
		} else {
			int which = (unsigned char)*p++;

			at.after = (char)(*p > 2 ? *p : 0);
			if (texts)
				md_escape(out, texts[which - 1].s, texts[which - 1].len, &at);
			else
				str_addf(out, "MARK%d", which);
		}
		md_track(&at, out->s + from, out->len - from);
	}
}

/* Reads the document with marks and puts the expected texts in their places. */
static void expect_from(struct str *out, const char *document, const struct str *texts)
{
	struct str marked = STR_INIT, seen = STR_INIT;

	fill_in(&marked, document, NULL);
	read_back(&seen, marked.s, marked.len);
	for (const char *p = seen.s; *p; p++) {
		if (strncmp(p, "MARK1", 5) == 0 || strncmp(p, "MARK2", 5) == 0) {
			expected_text(out, &texts[p[4] - '1']);
			p += 4;
		} else {
			str_addc(out, *p);
		}
	}
	str_free(&marked);
	str_free(&seen);
}

static void check_document(const char *document, const struct str *texts, uint64_t round)
{
	struct str out = STR_INIT, seen = STR_INIT, expect = STR_INIT;

	fill_in(&out, document, texts);
	read_back(&seen, out.s, out.len);
	expect_from(&expect, document, texts);
	if (seen.len != expect.len || memcmp(seen.s, expect.s, seen.len) != 0)
		fail_msg("round %" PRIu64 "\n--- document\n%s\n--- first text\n%s\n--- second text\n%s\n"
			 "--- written\n%s\n--- read\n%s\n--- expected\n%s",
			round, document, texts[0].s, texts[1].s, out.s, seen.s, expect.s);
	str_free(&out);
	str_free(&seen);
	str_free(&expect);
}

static uint64_t env_number(const char *name, uint64_t otherwise)
{
	const char *s = getenv(name);

	return s ? strtoull(s, NULL, 0) : otherwise;
}

static void text_comes_back(void **state)
{
	uint64_t seed = env_number("ESCAPE_SEED", 20260107), rounds = env_number("ESCAPE_ROUNDS", 20000);
	uint64_t rng = seed * 2 + 1;

	(void)state;
	printf("escape_test: ESCAPE_SEED=%" PRIu64 " ESCAPE_ROUNDS=%" PRIu64 "\n", seed, rounds);
	for (uint64_t round = 0; round < rounds; round++) {
		struct str texts[2] = { STR_INIT, STR_INIT };

		random_text(&texts[0], &rng);
		random_text(&texts[1], &rng);
		check_document(documents[rng_next(&rng) % COUNT(documents)], texts, round);
		str_free(&texts[0]);
		str_free(&texts[1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(md_table_holds),
		cmocka_unit_test(places_are_tracked),
		cmocka_unit_test(plain_tables_hold),
		cmocka_unit_test(text_comes_back),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
