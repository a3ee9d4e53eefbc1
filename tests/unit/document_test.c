/* document_test.c - the default document, whole: for a known incident, for an empty one, for hostile text; the
 * user's templates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <md4c.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "sample.h"
#include "text/document.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static char *read_file(const char *path)
{
	struct str b = STR_INIT;
	FILE *f = fopen(path, "r");
	int c;

	if (!f)
		fail_msg("%s is missing", path);
	while ((c = getc(f)) != EOF)
		str_addc(&b, (char)c);
	fclose(f);
	return str_take(&b);
}

/* ---- a known incident ---- */

/* The head is random, as the salts are. */
static void mask_head(struct str *doc)
{
	char *at = strstr(doc->s, "journal head ");

	assert_non_null(at);
	memset(at + strlen("journal head "), '0', 16);
}

static void golden(void **state)
{
	struct sample x = { 0 };
	const char *top = getenv("top_srcdir");
	char *path = str_fmt("%s/tests/unit/document.golden.md", top ? top : "."), *expected = read_file(path);

	(void)state;
	sample_open(&x);
	sample_whole(&x);
	struct str doc = sample_render(&x, NULL, "default");
	mask_head(&doc);
	assert_string_equal(doc.s, expected);
	str_free(&doc);
	free(path);
	free(expected);
	sample_close(&x);
}

/* The clock of the reader leaves no trace. */
static void no_current_time(void **state)
{
	struct sample x = { 0 };

	(void)state;
	sample_open(&x);
	sample_begin(&x);
	sample_incident(&x, "INC-1", "Running", 2, "UTC", SAMPLE_T0);
	sample_policy(&x, 2);
	sample_event(&x, SAMPLE_T0, "milestone", "started", "sam", "");
	sample_event(&x, SAMPLE_T0 + 40 * USEC_MIN, "note", NULL, "sam", "still looking");
	sample_commit(&x);
	struct str before = sample_render(&x, NULL, "default");
	x.clock.fixed_wall += 3 * USEC_DAY;
	struct str after = sample_render(&x, NULL, "default");
	assert_string_equal(before.s, after.s);
	assert_non_null(strstr(before.s, "- **Duration**: 40m (started\xe2\x86\x92last event, not over)"));
	assert_non_null(
		strstr(before.s, "| mitigate | started\xe2\x86\x92mitigated | 30m | 40m so far | **breached** |"));
	assert_non_null(strstr(before.s, "| resolve | started\xe2\x86\x92resolved | 4h | 40m so far | running |"));
	assert_non_null(strstr(before.s, "| ack | detected\xe2\x86\x92"
					 "acknowledged | 5m | unknown | unknown |"));
	str_free(&before);
	str_free(&after);
	sample_close(&x);
}

/* An approximate end may leave a target undecided, and the clocks may change on the way. */
static void unclear_and_zones(void **state)
{
	struct sample x = { 0 };
	usec night = (usec)1792889400 * USEC_SEC; /* 2026-10-25T00:50:00Z, 02:50 CEST, ten minutes before the change */

	(void)state;
	sample_open(&x);
	sample_begin(&x);
	sample_incident(&x, "INC-1", "By night", 2, "Europe/Berlin", night);
	sample_policy(&x, 2);
	uuid e = sample_event(&x, night, "milestone", "started", "sam", "");
	sample_op(&x, "event.set", e, (const struct sample_field[]){ { "approx_s", NULL, 120 }, { NULL, NULL, 0 } });
	sample_event(&x, night + 31 * USEC_MIN, "milestone", "mitigated", "sam", "");
	sample_commit(&x);
	struct str doc = sample_render(&x, NULL, "default");
	assert_non_null(strstr(doc.s, "All times in CEST (UTC+2), later CET (UTC+1)."));
	assert_non_null(strstr(doc.s, "| ~2026-10-25 02:50:00 |"));
	assert_non_null(strstr(doc.s, "| 2026-10-25 02:21:00 CET |"));
	assert_non_null(strstr(doc.s, "| 29m\xe2\x80\x93"
				      "33m | unclear |"));
	str_free(&doc);
	sample_close(&x);
}

/* ---- what a Markdown reader sees ---- */

struct seen {
	struct str shape; /* blocks and spans as they open and close */
	struct str text;
	size_t cells, empty_cells, html, tables, bodies, rows;
	size_t cell_from;
	bool in_cell;
};

static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct seen *s = arg;

	(void)detail;
	str_addf(&s->shape, "<%d", (int)type);
	s->tables += type == MD_BLOCK_TABLE;
	s->rows += type == MD_BLOCK_TR;
	if (type == MD_BLOCK_TD) {
		s->cells++;
		s->cell_from = s->text.len;
	}
	return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct seen *s = arg;

	(void)detail;
	str_addf(&s->shape, "%d>\n", (int)type);
	s->bodies += type == MD_BLOCK_TBODY;
	s->empty_cells += type == MD_BLOCK_TD && s->text.len == s->cell_from;
	if (type == MD_BLOCK_TD || type == MD_BLOCK_P || type == MD_BLOCK_H || type == MD_BLOCK_LI)
		str_addc(&s->text, '\n');
	return 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct seen *s = arg;

	(void)detail;
	str_addf(&s->shape, "(%d", (int)type);
	return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct seen *s = arg;

	(void)detail;
	str_addf(&s->shape, "%d)", (int)type);
	return 0;
}

static void add_entity(struct str *out, const char *s, MD_SIZE n)
{
	static const struct {
		const char *name, *text;
	} known[] = {
		{ "&lt;", "<" },
		{ "&gt;", ">" },
		{ "&amp;", "&" },
		{ "&quot;", "\"" },
		{ "&#32;", " " },
		{ "&#9;", "\t" },
	};

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

static struct seen see(const struct str *doc)
{
	struct seen s = { .shape = STR_INIT, .text = STR_INIT };
	MD_PARSER p = { .flags = MD_DIALECT_GITHUB,
		.enter_block = enter_block,
		.leave_block = leave_block,
		.enter_span = enter_span,
		.leave_span = leave_span,
		.text = see_text };

	assert_int_equal(md_parse(doc->s, (MD_SIZE)doc->len, &p, &s), 0);
	return s;
}

static void seen_free(struct seen *s)
{
	str_free(&s->shape);
	str_free(&s->text);
}

/* ---- an empty incident ---- */

static void only_prompts(void **state)
{
	struct sample x = { 0 };

	(void)state;
	sample_open(&x);
	sample_begin(&x);
	sample_incident(&x, "INC-2026-0001", "Nothing yet", SEV_UNKNOWN, "UTC", SAMPLE_T0);
	sample_commit(&x);
	struct str doc = sample_render(&x, NULL, "default");
	struct seen s = see(&doc);
	assert_int_equal(s.tables, 9);
	assert_int_equal(s.rows, 9 * 2 + 0);
	assert_int_equal(s.empty_cells, 0);
	assert_int_equal(s.html, 0);
	assert_null(strstr(doc.s, " 0s"));
	assert_null(strstr(doc.s, "| 0"));
	assert_non_null(strstr(doc.s, "- **Severity**: _To be written: the severity_"));
	assert_non_null(strstr(doc.s, "- **Duration**: _To be written: when it began and when it ended_"));
	/* Every section but the two that hold prose of their own asks for something. */
	size_t sections = 0, prompts = 0;
	for (const char *p = doc.s; (p = strstr(p, "\n## ")) != NULL; p++) {
		const char *next = strstr(p + 1, "\n## "), *prompt = strstr(p, "_To be written");
		sections++;
		prompts += prompt && (!next || prompt < next);
	}
	assert_int_equal(sections, 14);
	assert_int_equal(prompts, sections);
	seen_free(&s);
	str_free(&doc);
	sample_close(&x);
}

/* ---- hostile text stays text ---- */

#define F(name, text)                                                                                                  \
	{                                                                                                              \
		name, text, 0                                                                                          \
	}
#define N(name, number)                                                                                                \
	{                                                                                                              \
		name, NULL, number                                                                                     \
	}
#define OP(x, kind, ...) sample_op(x, kind, uuid_new(), (const struct sample_field[]){ __VA_ARGS__, { NULL, NULL, 0 } })

enum { PLACES = 24 }; /* in which people_say puts the text and the document shows it */

static void people_say(struct sample *x, const char *t)
{
	sample_begin(x);
	sample_incident(x, "INC-2026-0001", t, 2, "UTC", SAMPLE_T0);
	uuid e = sample_event(x, SAMPLE_T0, "note", NULL, t, t);
	sample_detail(x, e, 1, t);
	e = sample_event(x, SAMPLE_T0 + 1, "note", NULL, t, t);
	sample_op(x, "event.set", e, (const struct sample_field[]){ N("struck", 1), F("why", t), { NULL, NULL, 0 } });
	sample_event(x, SAMPLE_T0 + 2, "milestone", "started", t, t);
	sample_event(x, SAMPLE_T0 + 3, "update", NULL, t, t);
	OP(x, "responder.new", F("name", t), F("role", t), N("joined_at", SAMPLE_T0));
	OP(x, "hypothesis.new", F("number", "H-1"), F("text", t), F("status", "open"), F("why", t));
	OP(x, "ask.new", F("number", "ASK-1"), F("whom", t), F("text", t), F("status", "answered"), F("answer", t));
	OP(x, "action.new", F("number", "AI-1"), F("text", t), F("owner", t), F("due", t), F("status", "open"));
	OP(x, "finding.new", F("list", "went well"), F("text", t), N("said_at", 1));
	OP(x, "finding.new", F("list", "went badly"), F("text", t), F("title", t), N("said_at", 1));
	sample_named(x, "field", "impact.users", t);
	sample_named(x, "field", "house.own", t);
	sample_commit(x);
}

static size_t times(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *p = text; (p = strstr(p, what)) != NULL; p += strlen(what))
		n++;
	return n;
}

static void stays_text(const char *hostile, const char *plain_shape)
{
	struct sample x = { 0 };
	struct str shown = STR_INIT;

	sample_open(&x);
	people_say(&x, hostile);
	struct str doc = sample_render(&x, NULL, "default");
	struct seen s = see(&doc);
	san_text(&shown, hostile, strlen(hostile), SAN_DOCUMENT);
	if (strcmp(s.shape.s, plain_shape) != 0)
		fail_msg("\"%s\" became more than text:\n%s", shown.s, doc.s);
	if (times(s.text.s, shown.s) < PLACES)
		fail_msg("\"%s\" is to be seen %zu times:\n%s", shown.s, times(s.text.s, shown.s), doc.s);
	assert_int_equal(s.html, 0);
	assert_int_equal(s.empty_cells, 0);
	seen_free(&s);
	str_free(&doc);
	str_free(&shown);
	sample_close(&x);
}

static void hostile_text(void **state)
{
	static const char *const hostile[] = {
		"a | b || c",
		"</td></table><script>alert(1)</script>",
		"**bold** _em_ ~~struck~~ `code`",
		"[click](javascript:alert(1)) ![x](y)",
		"# no heading",
		"- [ ] no task",
		"> no quote",
		"``` no fence",
		"1. no list",
		"| --- | --- |",
		"{{title}} {{{title}}} {{#id}}",
		"&lt;b&gt; &amp;amp; &#65;",
		"back\\slash \\| \\",
		"a\342\200\256desrever\342\200\254 b",
		"bell \a esc \x1b[31m",
		"no utf-8 \xff\xfe",
		"~x~ ~~y",
		"*",
		"<!-- no comment",
		"<b",
		"a_b_c *d*e*",
		"__x__",
		"[ref]: here",
		"~~~",
	};
	struct sample x = { 0 };

	(void)state;
	sample_open(&x);
	people_say(&x, "word");
	struct str doc = sample_render(&x, NULL, "default");
	struct seen plain = see(&doc);
	assert_true(times(plain.text.s, "word") >= PLACES);
	for (size_t i = 0; i < COUNT(hostile); i++)
		stays_text(hostile[i], plain.shape.s);
	seen_free(&plain);
	str_free(&doc);
	sample_close(&x);
}

/* A line break adds <br> or a hard break, and no block. */
static void several_lines(void **state)
{
	struct sample x = { 0 };

	(void)state;
	sample_open(&x);
	people_say(&x, "one | two\n# three\n- four");
	struct str doc = sample_render(&x, NULL, "default");
	struct seen s = see(&doc);
	assert_int_equal(s.html, 0);
	assert_int_equal(s.empty_cells, 0);
	assert_int_equal(s.tables, 10);
	assert_true(times(s.text.s, "one | two\n# three\n- four") >= PLACES);
	seen_free(&s);
	str_free(&doc);
	sample_close(&x);
}

/* ---- many events ---- */

struct counted {
	size_t pieces, largest, lines;
};

static enum status count_piece(void *arg, const char *bytes, size_t n, struct err *err)
{
	struct counted *c = arg;

	(void)err;
	c->pieces++;
	c->largest = n > c->largest ? n : c->largest;
	for (size_t i = 0; i < n; i++)
		c->lines += bytes[i] == '\n';
	return ST_OK;
}

static void pages(void **state)
{
	struct sample x = { 0 };
	struct counted c = { 0 };
	struct err err = { .status = ST_OK };
	struct document *d;
	const char *text = "{{#timeline}}\n{{clock}} {{text}}\n{{/timeline}}\n{{#updates}}\nu {{text}}\n{{/updates}}\n";

	(void)state;
	sample_open(&x);
	sample_begin(&x);
	sample_incident(&x, "INC-1", "Long", 2, "UTC", SAMPLE_T0);
	for (int i = 0; i < 1501; i++)
		sample_event(&x, SAMPLE_T0 + i * USEC_SEC, i % 500 == 7 ? "update" : "note", NULL, "sam",
			"a line that says something about it");
	sample_commit(&x);
	assert_int_equal(document_load(x.s, x.incident, &(struct document_opts){ .version = "0.1" }, &d, &err), ST_OK);
	for (int turn = 0; turn < 2; turn++) {
		c = (struct counted){ 0 };
		assert_int_equal(document_render(d, NULL, "long", text, strlen(text), NULL,
					 (struct mst_sink){ count_piece, &c }, &err),
			ST_OK);
		assert_int_equal(c.lines, 1501 + 3);
		assert_true(c.pieces > 1 && c.largest < 128 << 10);
	}
	document_free(d);
	sample_close(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden),
		cmocka_unit_test(no_current_time),
		cmocka_unit_test(unclear_and_zones),
		cmocka_unit_test(only_prompts),
		cmocka_unit_test(hostile_text),
		cmocka_unit_test(several_lines),
		cmocka_unit_test(pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
