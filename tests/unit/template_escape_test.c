/* template_escape_test.c - hostile text in every field of the house documents: a Markdown reader sees each value in its place, as text. MODEL_SEED
 * repeats a run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "everything.h"
#include "seen.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *const templates[] = { "classic", "sev", "analysis", "slo", "detailed" };

/* What the reader should see: the plain document with each value in place of its name. Returns how many. */
static size_t substitute(const char *plain, const struct values *to, struct str *out)
{
	size_t n = 0;

	while (*plain) {
		char *end;
		size_t i = str_starts(plain, "Qz") ? strtoul(plain + 2, &end, 10) : SIZE_MAX;
		if (i == SIZE_MAX || end == plain + 2 || !str_starts(end, "zQ")) {
			str_addc(out, *plain++);
			continue;
		}
		assert_true(i < to->n);
		san_text(out, to->v[i], strlen(to->v[i]), SAN_DOCUMENT | SAN_LINES);
		plain = end + 2;
		n++;
	}
	return n;
}

static void same(const char *template, const char *what, const char *is, const char *should_be, const char *doc)
{
	size_t i = 0;

	while (is[i] && is[i] == should_be[i])
		i++;
	if (!is[i] && !should_be[i])
		return;
	size_t from = i > 60 ? i - 60 : 0;
	fail_msg(
		"%s, %s:\n%.160s\n--- should be\n%.160s\n--- of\n%s", template, what, is + from, should_be + from, doc);
}

/* Journal heads differ. */
static void cut_head(struct str *doc)
{
	char *at = strstr(doc->s, "journal head ");

	assert_non_null(at);
	str_cut(doc, (size_t)(at - doc->s));
}

static size_t compare(struct sample *plain, struct sample *bad, const char *template, const struct values *l)
{
	struct str a = sample_render(plain, NULL, template), b = sample_render(bad, NULL, template),
		   expected = STR_INIT;
	struct seen p, h;

	cut_head(&a);
	cut_head(&b);
	see(a.s, a.len, &p);
	see(b.s, b.len, &h);
	size_t n = substitute(p.text.s, l, &expected);
	same(template, "blocks", h.shape.s, p.shape.s, b.s);
	same(template, "text", h.text.s, expected.s, b.s);
	assert_int_equal(h.html, p.html);
	str_free(&expected);
	seen_free(&p);
	seen_free(&h);
	str_free(&a);
	str_free(&b);
	return n;
}

static void stays_text(void **state)
{
	const char *given = getenv("MODEL_SEED");
	struct sample plain = { 0 }, bad = { 0 };
	struct values names = { 0 };
	struct catalogue *cat;
	size_t cases = 0;

	(void)state;
	uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);

	values_seed(seed);
	print_message("MODEL_SEED=%llu\n", (unsigned long long)seed);
	assert_int_equal(catalogue_load(NULL, &cat, NULL), ST_OK);
	sample_open(&plain);
	full_incident(&plain, cat, &names);
	while (cases < 10000) {
		struct values l = { .hostile = true };
		bad = (struct sample){ 0 };
		sample_open(&bad);
		full_incident(&bad, cat, &l);
		assert_int_equal(l.n, names.n);
		for (size_t i = 0; i < COUNT(templates); i++)
			cases += compare(&plain, &bad, templates[i], &l);
		values_free(&l);
		sample_close(&bad);
	}
	print_message("%zu cases\n", cases);
	catalogue_free(cat);
	values_free(&names);
	sample_close(&plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
