/* The language as Mustache's own tests have it (when they are at hand), and what this engine adds: errors with their
 * place, row lists, sinks, limits, and Markdown escaping that knows where a value stands. */
#include <jansson.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "text/mustache.h"

/* cmocka has a macro fail(); in parentheses the name is our function. */
#define COUNT(a) (sizeof(a) / sizeof *(a))

static enum status load_json(void *arg, const char *name, struct str *out, struct err *err)
{
	const json_t *text = json_object_get(arg, name);

	(void)err;
	if (!text)
		return ST_NO;
	str_add(out, json_string_value(text), json_string_length(text));
	return ST_OK;
}

/* Compiles and renders; out holds the document. */
static enum status run(const char *source, size_t n, json_t *data, json_t *partials, const struct mst_options *options,
	struct str *out, struct err *err)
{
	struct mst_set *set = mst_new(partials ? load_json : NULL, partials);
	struct mst_value root = mst_json(data);
	struct mst_template *t;
	enum status st = mst_compile(set, "t.md", source, n, &t, err);

	if (st == ST_OK)
		st = mst_render(t, &root, options, mst_sink_str(out), err);
	mst_free(set);
	return st;
}

static json_t *json_of(const char *text)
{
	json_error_t error;
	json_t *json = text ? json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error) : NULL;

	if (text && !json)
		fail_msg("bad JSON in a case: %s: %s", text, error.text);
	return json;
}

/* ---- the specification's tests ---- */

static const char *const spec_files[] = {
	"comments", "delimiters", "interpolation", "inverted", "partials", "sections",
};

static void spec_case_holds(const char *file, json_t *test)
{
	json_t *source = json_object_get(test, "template");
	const char *expect = json_string_value(json_object_get(test, "expected"));
	const char *name = json_string_value(json_object_get(test, "name"));
	struct str out = STR_INIT;
	struct err err = { 0 };

	if (run(json_string_value(source), json_string_length(source), json_object_get(test, "data"),
		    json_object_get(test, "partials"), NULL, &out, &err) != ST_OK)
		fail_msg("%s: %s: %s", file, name, err.text);
	if (strcmp(out.s, expect) != 0)
		fail_msg("%s: %s: got '%s', expected '%s'", file, name, out.s, expect);
	str_free(&out);
}

static size_t spec_file_holds(const char *folder, const char *file)
{
	char *path = str_fmt("%s/%s.json", folder, file);
	json_error_t error;
	json_t *suite = json_load_file(path, 0, &error), *test;
	size_t i, count = 0;

	if (!suite)
		fail_msg("%s: %s", path, error.text);
	json_array_foreach(json_object_get(suite, "tests"), i, test) {
		spec_case_holds(file, test);
		count++;
	}
	json_decref(suite);
	free(path);
	return count;
}

static void specification_holds(void **state)
{
	const char *named = getenv("MUSTACHE_SPEC"), *srcdir = getenv("srcdir");
	char *folder = named ? str_fmt("%s", named) : str_fmt("%s/../shared/mustache-spec", srcdir ? srcdir : ".");
	size_t count = 0;

	(void)state;
	if (!named && access(folder, R_OK) != 0) {
		printf("mustache_test: no %s: the specification's own tests did not run\n", folder);
	} else {
		for (size_t i = 0; i < COUNT(spec_files); i++)
			count += spec_file_holds(folder, spec_files[i]);
		printf("mustache_test: %zu tests of the specification\n", count);
		assert_true(count >= 136);
	}
	free(folder);
}

/* ---- our own cases ---- */

struct own_case {
	const char *source, *data, *partials, *expect;
};

static const struct own_case plain_cases[] = {
	{ "", "{}", NULL, "" },
	{ "text", "{}", NULL, "text" },
	{ "\xef\xbb\xbftext", "{}", NULL, "text" },
	{ "a{b}c}}d", "{}", NULL, "a{b}c}}d" },
	{ "{{a}}{{a}}", "{\"a\":\"x\"}", NULL, "xx" },
	{ "{{ a }} {{\ta\t}} {{\na\n}}", "{\"a\":\"x\"}", NULL, "x x x" },
	{ "{{a}}", "{\"a\":true}", NULL, "true" },
	{ "{{a}}", "{\"a\":false}", NULL, "false" },
	{ "{{a}}", "{\"a\":-9007199254740991}", NULL, "-9007199254740991" },
	{ "{{a}} {{b}}", "{\"a\":0.1,\"b\":1e100}", NULL, "0.1 1e+100" },
	{ "{{a}}", "{\"a\":[1]}", NULL, "" },
	{ "{{a}}", "{\"a\":{\"b\":1}}", NULL, "" },
	{ "{{a}}", "{\"a\":\"x\\u0000y\"}", NULL, "x&lt;U+0000&gt;y" },
	{ "{{{a}}}", "{\"a\":\"<b>\\u001b\"}", NULL, "<b>\x1b" },
	{ "{{größe}}", "{\"größe\":1}", NULL, "1" },
	{ "{{a-b_c:d}}", "{\"a-b_c:d\":1}", NULL, "1" },
	/* truth */
	{ "{{#a}}y{{/a}}{{^a}}n{{/a}}", "{\"a\":0}", NULL, "y" },
	{ "{{#a}}y{{/a}}{{^a}}n{{/a}}", "{\"a\":\"\"}", NULL, "n" },
	{ "{{#a}}y{{/a}}{{^a}}n{{/a}}", "{\"a\":\"0\"}", NULL, "y" },
	{ "{{#a}}y{{/a}}{{^a}}n{{/a}}", "{\"a\":{}}", NULL, "y" },
	{ "{{#a}}y{{/a}}{{^a}}n{{/a}}", "{\"a\":[]}", NULL, "n" },
	{ "{{#a}}y{{/a}}{{^a}}n{{/a}}", "{\"a\":[null]}", NULL, "y" },
	/* contexts */
	{ "{{#a}}{{x}}{{/a}}", "{\"a\":{\"x\":null},\"x\":\"outer\"}", NULL, "" },
	{ "{{#a}}{{x}}{{/a}}", "{\"a\":{},\"x\":\"outer\"}", NULL, "outer" },
	{ "{{#a}}{{#.}}{{.}}{{/.}};{{/a}}", "{\"a\":[[1,2],[3]]}", NULL, "12;3;" },
	{ "{{#a}}{{n}}{{^last}}, {{/last}}{{/a}}", "{\"a\":[{\"n\":1},{\"n\":2,\"last\":true}]}", NULL, "1, 2" },
	{ "{{#a.b}}{{c}}{{/a.b}}", "{\"a\":{\"b\":[{\"c\":1},{\"c\":2}]}}", NULL, "12" },
	{ "{{#a}}{{#a}}{{.}}{{/a}}|{{/a}}", "{\"a\":[1,2]}", NULL, "12|12|" },
	{ "{{#a}}{{b.c}}{{/a}}", "{\"a\":{\"b\":1},\"b\":{\"c\":2}}", NULL, "" },
	/* lines */
	{ "a\n{{#x}}\nb\n{{/x}}\nc\n", "{\"x\":true}", NULL, "a\nb\nc\n" },
	{ "a\n \t{{! c }} \t\nb", "{}", NULL, "a\nb" },
	{ "a {{! c }}\nb", "{}", NULL, "a \nb" },
	{ "a\n{{!\n several\n}}\nb", "{}", NULL, "a\nb" },
	{ "{{#x}}{{/x}}\nb", "{\"x\":true}", NULL, "\nb" },
	{ "  {{#x}}\n  - {{.}}\n  {{/x}}\n", "{\"x\":[\"a\",\"b\"]}", NULL, "  - a\n  - b\n" },
	{ "{{#x}}\r\n{{x}}\r\n{{/x}}\r\n.", "{\"x\":1}", NULL, "1\r\n." },
	{ "{{#x}}\n{{/x}}", "{\"x\":true}", NULL, "" },
	/* marks */
	{ "{{=<% %>=}}<% a %>{{a}}<%={{ }}=%>{{a}}", "{\"a\":1}", NULL, "1{{a}}1" },
	{ "{{=| |=}}\n|{a}||&a|", "{\"a\":\"<\"}", NULL, "<<" },
	{ "{{= @@ @@ =}}@@a@@", "{\"a\":1}", NULL, "1" },
	{ "{{=<% %>=}}<%>p%>", "{\"a\":1}", "{\"p\":\"{{a}}\"}", "1" },
	/* partials */
	{ "[{{>none}}]", "{}", NULL, "[]" },
	{ "  {{>p}}\nz", "{\"a\":\"1\\n2\"}", "{\"p\":\"x\\n{{{a}}}\\n\\ny\\n\"}", "  x\n  1\n2\n\n  y\nz" },
	{ " {{>p}}\n", "{\"l\":[1,2]}", "{\"p\":\"{{#l}}\\n{{.}}\\n{{/l}}\\n\"}", " 1\n 2\n" },
	{ " {{>p}}\n", "{\"l\":[1,2]}", "{\"p\":\"{{#l}}{{.}}\\n{{/l}}.\"}", " 1\n 2\n ." },
	{ " {{>p}}\n", "{}", "{\"p\":\"a\\n {{>q}}\\nb\\n\",\"q\":\"1\\n2\\n\"}", " a\n  1\n  2\n b\n" },
	{ " {{>p}}\n", "{}", "{\"p\":\"a\\n{{>q}}!\\n\",\"q\":\"1\\n2\"}", " a\n 1\n2!\n" },
	{ "{{>p}}", "{\"n\":{\"v\":1,\"n\":{\"v\":2,\"n\":false}}}", "{\"p\":\"{{#n}}{{v}}{{>p}}{{/n}}\"}", "12" },
	{ "{{#a}}{{>p}}{{/a}}", "{\"a\":[1,2]}", "{\"p\":\"({{.}})\"}", "(1)(2)" },
};

static const struct own_case markdown_cases[] = {
	/* cells, with and without the rows of a list */
	{ "| {{a}} | {{b}} |\n", "{\"a\":\"x|y\",\"b\":\"1\\n2\"}", NULL, "| x\\|y | 1<br>2 |\n" },
	{ "{{#l}}\n| {{t}} |\n{{/l}}\n", "{\"l\":[{\"t\":\"- a\"},{\"t\":\"<b>\"}]}", NULL,
		"| - a |\n| &lt;b&gt; |\n" },
	{ "|{{#l}} {{.}} |{{/l}}\n", "{\"l\":[\"1.\",\"# 2\"]}", NULL, "| 1. | # 2 |\n" },
	{ "  {{>row}}\n", "{\"a\":\"x\\ny\"}", "{\"row\":\"| {{a}} |\\n\"}", "  | x<br>y |\n" },
	/* beginnings of lines, known while rendering */
	{ "{{a}}{{b}}\n", "{\"a\":\"\",\"b\":\"- x\"}", NULL, "\\- x\n" },
	{ "{{a}} {{b}}\n", "{\"a\":\"y\",\"b\":\"- x\"}", NULL, "y - x\n" },
	{ "{{a}}{{b}}\n", "{\"a\":\"1\",\"b\":\". x\"}", NULL, "1\\. x\n" },
	{ "{{#p}}so: {{/p}}{{b}}\n", "{\"p\":true,\"b\":\"# x\"}", NULL, "so: # x\n" },
	{ "{{#p}}so: {{/p}}{{b}}\n", "{\"p\":false,\"b\":\"# x\"}", NULL, "\\# x\n" },
	{ "- {{a}}\n", "{\"a\":\"1) x\\n+ y\"}", NULL, "- 1\\) x\\\n  \\+ y\n" },
	{ "## {{a}}\n", "{\"a\":\"x\\ny #\"}", NULL, "## x<br>y \\#\n" },
	{ "{{{a}}}{{b}}\n", "{\"a\":\"para\\n\",\"b\":\"---\"}", NULL, "para\n\\---\n" },
	{ "{{{a}}}", "{\"a\":\"*raw* <b> \\u202e\"}", NULL, "*raw* <b> <U+202E>" },
	/* what comes next */
	{ "{{a}}[log](x)\n", "{\"a\":\"done!\"}", NULL, "done\\![log](x)\n" },
	{ "{{a}}\n", "{\"a\":\"done!\"}", NULL, "done!\n" },
	{ "{{a}}{{#b}}!{{/b}}", "{\"a\":\"done!\"}", NULL, "done\\!" },
	/* code, fences, links */
	{ "**Id**: `{{a}}`\n", "{\"a\":\"a_b *c* <d> `\"}", NULL, "**Id**: `a_b *c* <d> '`\n" },
	{ "| `{{a}}` |\n", "{\"a\":\"x|y\"}", NULL, "| `x\\|y` |\n" },
	{ "``{{a}}`` `b` {{a}}\n", "{\"a\":\"*\"}", NULL, "``*`` `b` \\*\n" },
	{ "`{{a}}\n{{a}}`\n", "{\"a\":\"<\"}", NULL, "`&lt;\n&lt;`\n" },
	{ "a ` b\n`{{a}}`\n\n`{{a}}`\n", "{\"a\":\"<\"}", NULL, "a ` b\n`&lt;`\n\n`<`\n" },
	{ "{{#b}}`{{/b}}{{a}}`\n", "{\"a\":\"<\",\"b\":false}", NULL, "&lt;`\n" },
	{ "{{{b}}} `{{a}}`\n", "{\"a\":\"<\",\"b\":\"`\"}", NULL, "` `&lt;`\n" },
	{ "\\`{{a}}`\n", "{\"a\":\"<\"}", NULL, "\\`&lt;`\n" },
	{ "```\n{{a}}\n```\n{{a}}\n", "{\"a\":\"<*>\"}", NULL, "```\n<*>\n```\n&lt;\\*&gt;\n" },
	{ "~~~ log\n{{#l}}\n{{.}}\n{{/l}}\n~~~\n", "{\"l\":[\"~~~\",\"a\\nb\"]}", NULL,
		"~~~ log\n    ~~~\na b\n~~~\n" },
	{ "{{#x}}\n```\n{{/x}}\n{{a}}\n```\n", "{\"a\":\"<\",\"x\":false}", NULL, "&lt;\n```\n" },
	{ "```\n{{a}}\n", "{\"a\":\"<\"}", NULL, "```\n&lt;\n" },
	{ "```\n{{{b}}}\n{{a}}\n```\n", "{\"a\":\"<\",\"b\":\"```\"}", NULL, "```\n```\n&lt;\n```\n" },
	{ "[{{t}}]({{u}})\n", "{\"t\":\"a](b\",\"u\":\"https://a.example/x y\"}", NULL,
		"[a\\](b](https://a.example/x%20y)\n" },
	{ "[t](https://a.example/{{u}}) {{u}}\n", "{\"u\":\"(*)\"}", NULL, "[t](https://a.example/%28%2A%29) (\\*)\n" },
	{ "<summary>{{a}}</summary>\n", "{\"a\":\"*<b>*\"}", NULL, "<summary>&#42;&lt;b&gt;&#42;</summary>\n" },
};

static void cases_hold(const struct own_case *cases, size_t count, const struct mst_options *options)
{
	for (size_t i = 0; i < count; i++) {
		const struct own_case *c = &cases[i];
		json_t *data = json_of(c->data), *partials = json_of(c->partials);
		struct str out = STR_INIT;
		struct err err = { 0 };

		if (run(c->source, strlen(c->source), data, partials, options, &out, &err) != ST_OK)
			fail_msg("case %zu: '%s': %s", i, c->source, err.text);
		if (strcmp(out.s, c->expect) != 0)
			fail_msg("case %zu: '%s': got '%s', expected '%s'", i, c->source, out.s, c->expect);
		str_free(&out);
		json_decref(data);
		json_decref(partials);
	}
}

static void plain_cases_hold(void **state)
{
	(void)state;
	cases_hold(plain_cases, COUNT(plain_cases), NULL);
}

static const struct mst_options markdown = { .escape = mst_escape_md, .raw = mst_raw_md };

static void markdown_cases_hold(void **state)
{
	(void)state;
	cases_hold(markdown_cases, COUNT(markdown_cases), &markdown);
}

/* ---- errors ---- */

static const struct error_case {
	const char *source, *partials, *expect; /* how the sentence begins */
} error_cases[] = {
	{ "a\nb {{x", NULL, "t.md:2: {{x is not closed: end the tag" },
	{ "{{{x}}", NULL, "t.md:1: {{{x}} is not closed: " },
	{ "{{! never", NULL, "t.md:1: {{! never is not closed: " },
	{ "{{x\ny", NULL, "t.md:1: {{x... is not closed: " },
	{ "\n\n{{#a}}\n", NULL, "t.md:3: {{#a}} is never closed: add its closing tag" },
	{ "{{#a}}{{^b}}", NULL, "t.md:1: {{^b}} is never closed: " },
	{ "x\n{{/a}}", NULL, "t.md:2: {{/a}} closes nothing: " },
	{ "{{#a}}\n{{/b}}", NULL, "t.md:2: {{/b}} comes where {{#a}} of line 1 is to be closed: " },
	{ "{{#a.b}}{{/a}}", NULL, "t.md:1: {{/a}} comes where {{#a.b}} of line 1" },
	{ "{{#a.b}}{{/a.bc}}", NULL, "t.md:1: {{/a.bc}} comes where {{#a.b}} of line 1" },
	{ "{{#a}}{{/a.b}}", NULL, "t.md:1: {{/a.b}} comes where {{#a}} of line 1" },
	{ "{{#.}}{{/a}}", NULL, "t.md:1: {{/a}} comes where {{#.}} of line 1" },
	{ "{{}}", NULL, "t.md:1: {{}} has no name: " },
	{ "{{# }}", NULL, "t.md:1: {{# }} has no name: " },
	{ "{{a b}}", NULL, "t.md:1: {{a b}} has white space in its name: " },
	{ "{{a..b}}", NULL, "t.md:1: {{a..b}} has an empty name: " },
	{ "{{.a}}", NULL, "t.md:1: {{.a}} has an empty name: " },
	{ "{{a.}}", NULL, "t.md:1: {{a.}} has an empty name: " },
	{ "{{=x=}}", NULL, "t.md:1: {{=x=}} sets no marks: " },
	{ "{{=a b c=}}", NULL, "t.md:1: {{=a b c=}} sets no marks: " },
	{ "{{=a b}}", NULL, "t.md:1: {{=a b}} is not closed: " },
	{ "{{<p}}", NULL, "t.md:1: {{<p}} is not known here: " },
	{ "{{$p}}", NULL, "t.md:1: {{$p}} is not known here: " },
	{ "{{!\n\n}}\n{{! }} {{/x}}", NULL, "t.md:4: {{/x}} closes nothing" },
	{ "{{>p}}", "{\"p\":\"\\n{{#q}}\"}", "p:2: {{#q}} is never closed: " },
	{ "{{>p}}", "{\"p\":\"{{>p}}\"}", "p:1: {{>p}} goes more than 32 partials deep: " },
	{ "x\n {{>p}}", "{\"p\":\"{{>q}}\",\"q\":\"{{>p}}\"}", "q:1: {{>p}} goes more than 32 partials deep: " },
};

static void errors_name_the_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(error_cases); i++) {
		const struct error_case *c = &error_cases[i];
		json_t *partials = json_of(c->partials);
		struct str out = STR_INIT;
		struct err err = { 0 };

		if (run(c->source, strlen(c->source), NULL, partials, NULL, &out, &err) != ST_NO)
			fail_msg("case %zu: '%s' was taken", i, c->source);
		if (!str_starts(err.text, c->expect))
			fail_msg("case %zu: got '%s', expected '%s'", i, err.text, c->expect);
		str_free(&out);
		json_decref(partials);
	}
}

/* One source that goes wrong by its size: head, then part so many times, then tail. */
static void refuse_repeated(const char *head, const char *part, size_t times, const struct mst_options *options,
	const char *data, const char *expect)
{
	struct str source = STR_INIT, out = STR_INIT;
	struct err err = { 0 };
	json_t *json = json_of(data);

	str_adds(&source, head);
	for (size_t i = 0; i < times; i++)
		str_adds(&source, part);
	assert_int_equal(run(source.s, source.len, json, NULL, options, &out, &err), ST_NO);
	if (!strstr(err.text, expect))
		fail_msg("got '%s', expected '%s'", err.text, expect);
	str_free(&source);
	str_free(&out);
	json_decref(json);
}

static void limits_hold(void **state)
{
	struct mst_options few_steps = { .max_steps = 1000 }, few_bytes = { .max_bytes = 1000 };

	(void)state;
	refuse_repeated("", "{{#a}}", MST_MAX_NEST + 1, NULL, "{}", "nested too deep");
	refuse_repeated("{{", "x", MST_MAX_NAME + 1, NULL, "{}", "is not closed");
	refuse_repeated("{{/", "x", MST_MAX_NAME + 1, NULL, "{}", "is not closed");
	refuse_repeated("", "0123456789abcdef", MST_MAX_SOURCE / 16 + 1, NULL, "{}", "keep it under");
	refuse_repeated("", "{{a}}", 1001, &few_steps, "{}", "takes more than 1000 steps");
	refuse_repeated("", "{{a}}", 101, &few_bytes, "{\"a\":\"0123456789\"}", "grows beyond 1000 bytes");
}

static enum status load_next(void *arg, const char *name, struct str *out, struct err *err)
{
	(void)arg;
	(void)err;
	str_addf(out, "{{>%sx}}", name);
	return ST_OK;
}

static enum status load_failing(void *arg, const char *name, struct str *out, struct err *err)
{
	(void)arg;
	(void)out;
	return (fail)(err, ST_IO, "%s: cannot be read: look at its mode", name);
}

static void loaders_are_contained(void **state)
{
	struct mst_set *endless = mst_new(load_next, NULL), *failing = mst_new(load_failing, NULL);
	struct mst_template *t;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(mst_compile(endless, "t", "{{>p}}", 6, &t, &err), ST_NO);
	assert_null(t);
	assert_int_equal(mst_compile(failing, "t", "{{>p}}", 6, &t, &err), ST_IO);
	assert_string_equal(err.text, "p: cannot be read: look at its mode");
	/* The set goes on. */
	assert_int_equal(mst_compile(failing, "t", "x", 1, &t, &err), ST_OK);
	assert_non_null(t);
	mst_free(endless);
	mst_free(failing);
}

/* ---- rows ---- */

/* A list of count rows that all stand in the same buffer, as a database cursor would have them. */
struct cursor {
	size_t count, at;
	size_t fail_at; /* 0: never */
	int open, opened;
	char text[32];
	struct mst_value values[2];
	struct mst_row row;
};

static const char *const row_names[] = { "number", "text" };
static const struct mst_fields row_fields = { row_names, 2 };

static enum mst_got cursor_next(void *node, struct mst_iter *it, struct mst_value *out, struct err *err)
{
	struct cursor *c = node;

	(void)it;
	memset(c->text, '!', sizeof c->text);
	if (c->at == c->count)
		return MST_NONE;
	c->at++;
	if (c->at == c->fail_at) {
		(fail)(err, ST_IO, "row %zu cannot be read: try again", c->at);
		return MST_FAIL;
	}
	c->values[0] = mst_int((int64_t)c->at);
	c->values[1] = mst_text(c->text, (size_t)snprintf(c->text, sizeof c->text, "row|%zu", c->at));
	c->row = (struct mst_row){ &row_fields, c->values };
	*out = mst_row(&c->row);
	return MST_GOT;
}

static enum mst_got cursor_first(void *node, struct mst_iter *it, struct mst_value *out, struct err *err)
{
	struct cursor *c = node;

	c->opened++;
	if (c->open++ > 0) {
		(fail)(err, ST_NO, "the rows are being read already: name them once");
		return MST_FAIL;
	}
	c->at = 0;
	return cursor_next(node, it, out, err);
}

static void cursor_done(void *node, struct mst_iter *it)
{
	struct cursor *c = node;

	(void)it;
	c->open--;
}

static const struct mst_ops cursor_ops = { .first = cursor_first, .next = cursor_next, .done = cursor_done };

/* The document's root: the rows, and a title. */
static enum mst_got root_lookup(void *node, struct mst_name *name, struct mst_value *out, struct err *err)
{
	(void)err;
	if (strcmp(name->s, "rows") == 0)
		*out = mst_list(&cursor_ops, node);
	else if (strcmp(name->s, "title") == 0)
		*out = mst_str("T");
	else
		return MST_NONE;
	return MST_GOT;
}

struct count_sink {
	size_t bytes, writes, largest, fail_after;
	struct str head;
};

static enum status count_write(void *arg, const char *bytes, size_t n, struct err *err)
{
	struct count_sink *sink = arg;

	sink->bytes += n;
	sink->writes++;
	if (n > sink->largest)
		sink->largest = n;
	if (sink->head.len < 100)
		str_add(&sink->head, bytes, n < 100 ? n : 100);
	if (sink->fail_after > 0 && sink->bytes > sink->fail_after)
		return (fail)(err, ST_IO, "disk full: make room");
	return ST_OK;
}

static enum status run_rows(struct cursor *c, const char *source, struct count_sink *sink, struct err *err)
{
	static const struct mst_ops root_ops = { .lookup = root_lookup };
	struct mst_set *set = mst_new(NULL, NULL);
	struct mst_value root = mst_object(&root_ops, c);
	struct mst_template *t;
	enum status st;

	assert_int_equal(mst_compile(set, "t.md", source, strlen(source), &t, err), ST_OK);
	st = mst_render(t, &root, &markdown, (struct mst_sink){ count_write, sink }, err);
	assert_int_equal(c->open, 0);
	mst_free(set);
	return st;
}

#define ROWS "{{#rows}}\n| {{number}} | {{text}} | {{title}} |\n{{/rows}}\n{{^rows}}\nnone\n{{/rows}}\n"

static const struct row_case {
	size_t count, fail_at;
	const char *source;
	enum status status;
	int opened;
	const char *expect; /* what was written, or the error */
} row_cases[] = {
	{ 2, 0, ROWS, ST_OK, 2, "| 1 | row\\|1 | T |\n| 2 | row\\|2 | T |\n" },
	{ 0, 0, ROWS, ST_OK, 2, "none\n" },
	{ 5, 3, ROWS, ST_IO, 1, "row 3 cannot be read: try again" },
	{ 5, 1, ROWS, ST_IO, 1, "row 1 cannot be read: try again" },
	{ 2, 0, "{{#rows}}{{#rows}}{{number}}{{/rows}}{{/rows}}", ST_NO, 2,
		"the rows are being read already: name them once" },
	{ 2, 0, "{{#rows}}{{#text}}{{.}}{{number}};{{/text}}{{/rows}}", ST_OK, 1, "row\\|11;row\\|22;" },
};

static void rows_are_streamed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(row_cases); i++) {
		const struct row_case *c = &row_cases[i];
		struct cursor cursor = { .count = c->count, .fail_at = c->fail_at };
		struct count_sink sink = { .head = STR_INIT };
		struct err err = { 0 };

		assert_int_equal(run_rows(&cursor, c->source, &sink, &err), c->status);
		assert_string_equal(c->status == ST_OK ? sink.head.s : err.text, c->expect);
		assert_int_equal(cursor.opened, c->opened);
		str_free(&sink.head);
	}
}

static void many_rows_go_out_in_pieces(void **state)
{
	struct cursor cursor = { .count = 200000 };
	struct count_sink sink = { .head = STR_INIT }, full = { .head = STR_INIT, .fail_after = 1000000 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(run_rows(&cursor, ROWS, &sink, &err), ST_OK);
	assert_true(sink.bytes > 200000 * 20);
	assert_true(sink.largest < 65 << 10);
	assert_true(sink.writes > 40);
	assert_int_equal(run_rows(&cursor, ROWS, &full, &err), ST_IO);
	assert_string_equal(err.text, "disk full: make room");
	assert_true(full.bytes < 1000000 + (65 << 10));
	str_free(&sink.head);
	str_free(&full.head);
}

static void slots_are_remembered(void **state)
{
	static const char *const other_names[] = { "x", "text", "number" };
	static const struct mst_fields other = { other_names, 3 };
	struct mst_name name = { .s = "number", .n = 6 }, none = { .s = "none", .n = 4 };

	(void)state;
	for (int round = 0; round < 3; round++) {
		assert_int_equal(mst_slot(&row_fields, &name), 0);
		assert_int_equal(mst_slot(&other, &name), 2);
		assert_int_equal(mst_slot(&row_fields, &none), -1);
		assert_int_equal(mst_slot(&other, &none), -1);
	}
}

/* ---- any bytes as a template ---- */

static const char *const scraps[] = {
	"{{", "}}", "{{{", "}}}", "{{#a}}", "{{/a}}", "{{^a}}", "{{#l}}", "{{/l}}", "{{#o.p}}", "{{/o.p}}",
	"{{>p}}", "{{>q}}", "{{.}}", "{{#.}}", "{{/.}}", "{{!x}}", "{{! ", "{{=<% %>=}}", "<%a%>", "<%={{ }}=%>",
	"{{a}}", "{{{a}}}", "{{&o.p}}", " ", "  ", "\n", "\r\n", "\t", "| ", "`", "```", "```\n", "~~~\n", "- ",
	"> ", "# ", "](", ")", "<b>", "text", "\xff", "\xef\xbb\xbf", "\\",
};

static uint64_t rng_next(uint64_t *rng)
{
	*rng ^= *rng << 13;
	*rng ^= *rng >> 7;
	*rng ^= *rng << 17;
	return *rng;
}

static void random_source(struct str *out, uint64_t *rng)
{
	for (uint64_t i = rng_next(rng) % 24; i > 0; i--)
		str_adds(out, scraps[rng_next(rng) % COUNT(scraps)]);
}

/* Either a document, or a sentence that names the place; sections that match are common enough to get both. */
static void any_source_is_survived(void **state)
{
	const char *named = getenv("MUSTACHE_SEED");
	uint64_t seed = named ? strtoull(named, NULL, 0) : 20260107, rng = seed * 2 + 1;
	json_t *data = json_of("{\"a\":\"<x>|\\n- y\",\"l\":[1,\"two\",[3,null]],\"o\":{\"p\":{\"a\":\"\"}}}");
	struct mst_options options = { .escape = mst_escape_md, .raw = mst_raw_md, .max_steps = 20000 };
	size_t taken = 0, refused = 0;

	(void)state;
	printf("mustache_test: MUSTACHE_SEED=%llu\n", (unsigned long long)seed);
	for (int round = 0; round < 20000; round++) {
		struct str source = STR_INIT, p = STR_INIT, out = STR_INIT;
		struct err err = { 0 };
		json_t *partials;

		random_source(&source, &rng);
		random_source(&p, &rng);
		partials = json_pack("{s:o, s:s}", "p", json_stringn_nocheck(p.s, p.len),
			"q", "{{#l}}\n {{>p}}\n{{/l}}");
		if (run(source.s, source.len, data, partials, &options, &out, &err) == ST_OK)
			taken++;
		else if (err.status == ST_NO && strstr(err.text, ": "))
			refused++;
		else
			fail_msg("'%s': status %d, '%s'", source.s, (int)err.status, err.text);
		json_decref(partials);
		str_free(&source);
		str_free(&p);
		str_free(&out);
	}
	assert_true(taken > 1000 && refused > 1000);
	json_decref(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(specification_holds),
		cmocka_unit_test(plain_cases_hold),
		cmocka_unit_test(markdown_cases_hold),
		cmocka_unit_test(errors_name_the_place),
		cmocka_unit_test(limits_hold),
		cmocka_unit_test(loaders_are_contained),
		cmocka_unit_test(rows_are_streamed),
		cmocka_unit_test(many_rows_go_out_in_pieces),
		cmocka_unit_test(slots_are_remembered),
		cmocka_unit_test(any_source_is_survived),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
