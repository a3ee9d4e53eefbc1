/* template_test.c - the user's own templates: found before the shipped ones, with partials, and errors that name
 * file, line and tag. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "sample.h"
#include "text/document.h"
#include "text/template.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void own_templates(void **state)
{
	struct sample x = { 0 };
	struct templates l;
	struct err err = { .status = ST_OK };

	(void)state;
	sample_open(&x);
	sample_whole(&x);
	char *dir = sample_path(&x, "templates"), *own = sample_path(&x, "templates/default.md.mustache"),
	     *part = sample_path(&x, "templates/part.md.mustache");
	assert_int_equal(mkdir(dir, 0700), 0);
	write_file(own, "{{title}}: {{span.detected.acknowledged.text}} {{field.impact.users}} "
			"{{milestone.started.time.give}}\n{{>part}}\n");
	write_file(part, "{{{section.root-cause}}}|{{#other_sections}}{{name}} "
			 "{{/other_sections}}|{{#other_fields}}{{name}} {{/other_fields}}\n");
	struct str doc = sample_render(&x, x.dir, "default");
	assert_string_equal(doc.s, "Checkout 5xx after v2.1.0: 33s 4,000 of 12,000 2m\nRetries **leak** "
				   "connections.|luck |cost.estimate \n");
	str_free(&doc);

	assert_int_equal(template_list(x.dir, &l, &err), ST_OK);
	assert_int_equal(l.n, 7);
	for (size_t i = 0; i < l.n; i++) {
		static const char *const names[] = { "analysis", "classic", "default", "detailed", "part", "sev", "slo" };
		const char *path = strcmp(names[i], "default") == 0 ? own : strcmp(names[i], "part") == 0 ? part : NULL;
		assert_string_equal(l.v[i].name, names[i]);
		assert_true(path ? str_eq(l.v[i].path, path) : !l.v[i].path);
	}
	templates_free(&l);
	free(dir);
	free(own);
	free(part);
	sample_close(&x);
}

static void bad_templates(void **state)
{
	static const struct {
		const char *name, *text;
		enum status st;
		const char *said;
	} cases[] = {
		{ "bad", "ok\n{{#title}}\nnever ended\n", ST_NO, "bad.md.mustache:2: {{#title}}" },
		{ "lost", "{{>gone}}\n", ST_NO, "there is no template gone: there is analysis, bad, classic, default, detailed, lost, sev, slo" },
		{ "none", NULL, ST_NO, "there is no template none: there is analysis, bad, classic, default, detailed, lost, sev, slo" },
		{ "../etc/passwd", NULL, ST_USAGE, "no name of a template" },
		{ "", NULL, ST_USAGE, "no name of a template" },
	};
	struct sample x = { 0 };
	struct document *d;
	struct err err = { .status = ST_OK };

	(void)state;
	sample_open(&x);
	sample_whole(&x);
	char *dir = sample_path(&x, "templates");
	assert_int_equal(mkdir(dir, 0700), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *path = str_fmt("%s/%s.md.mustache", dir, cases[i].name);
		if (cases[i].text)
			write_file(path, cases[i].text);
		free(path);
	}
	assert_int_equal(document_load(x.s, x.incident, &(struct document_opts){ .version = "0.1" }, &d, &err), ST_OK);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str out = STR_INIT;
		enum status st = document_markdown(d, x.dir, cases[i].name, mst_sink_str(&out), &err);
		if (st == ST_OK || !strstr(err.text, cases[i].said))
			fail_msg("%s: %s", cases[i].name, err.text);
		assert_true(cases[i].st == ST_USAGE ? st == ST_USAGE : st != ST_OK);
		assert_int_equal(out.len, 0);
		str_free(&out);
	}
	document_free(d);
	free(dir);
	sample_close(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_templates),
		cmocka_unit_test(bad_templates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
