/* field_test.c - the catalogue: its file format, what each type takes, and what it suggests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/field.h"
#include "model/names.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct catalogue *shipped(void)
{
	struct catalogue *c;
	assert_int_equal(catalogue_load(NULL, &c, NULL), ST_OK);
	return c;
}

static struct when_ctx context(void)
{
	/* 2026-02-05T14:00:00Z */
	return (struct when_ctx){ .now = INT64_C(1770300000) * USEC_SEC, .zone = zone_utc(), .prev = USEC_NONE, .last = USEC_NONE };
}

/* ---- values ---- */

static void test_values(void **state)
{
	static const struct { const char *field, *value, *want; /* NULL: refused */ } table[] = {
		{ "impact.users", "  ~500 users (25 %) ", "~500 users (25 %)" },
		{ "impact.users", " ", NULL },
		{ "impact.users", "N/A", "n/a" },
		{ "impact.tickets", "3", "3" },
		{ "impact.tickets", "3 tickets", "3" },
		{ "impact.tickets", "1 ticket", "1" },
		{ "impact.tickets", "~1,200", "~1200" },
		{ "impact.tickets", "1 200", "1200" },
		{ "impact.tickets", "about 1.2k tickets", "~1200" },
		{ "impact.tickets", "007", "7" },
		{ "impact.tickets", "0", "0" },
		{ "impact.tickets", "-3", "-3" },
		{ "impact.tickets", "1,20", NULL },
		{ "impact.tickets", "1.2.3", NULL },
		{ "impact.tickets", "3 users", NULL },
		{ "impact.tickets", "three", NULL },
		{ "impact.tickets", "12345678901234567890123456789012", NULL },
		{ "impact.availability", "98.5", "98.5 %" },
		{ "impact.availability", "98.5%", "98.5 %" },
		{ "impact.availability", "~98.5 percent", "~98.5 %" },
		{ "impact.availability", "100.00 %", "100.00 %" },
		{ "impact.availability", "100.01", NULL },
		{ "impact.availability", "-1", NULL },
		{ "impact.availability", "98,5", NULL },
		{ "impact.revenue", "150 USD", "150.00 USD" },
		{ "impact.revenue", "usd 150.5", "150.50 USD" },
		{ "impact.revenue", "$1,200.50", "1200.50 USD" },
		{ "impact.revenue", "~\xe2\x82\xac" "1.2M", "~1200000.00 EUR" },
		{ "impact.revenue", "$0.5k", "500.00 USD" },
		{ "impact.revenue", "3bn JPY", "3000000000 JPY" },
		{ "impact.revenue", "None", "none" },
		{ "impact.revenue", "150", NULL },
		{ "impact.revenue", "150 USD EUR", NULL },
		{ "impact.revenue", "1.005 USD", NULL },
		{ "impact.revenue", "1.5 JPY", NULL },
		{ "impact.revenue", "a lot", NULL },
		{ "impact.downtime", "1h 5m", "1h5m" },
		{ "impact.downtime", "~90s", "~1m30s" },
		{ "impact.downtime", "0s", "0s" },
		{ "impact.downtime", "5", NULL },
		{ "published", "2026-02-28", "2026-02-28" },
		{ "published", "Tomorrow", "2026-02-06" },
		{ "published", "yesterday", "2026-02-04" },
		{ "published", "24d", "2026-03-01" },
		{ "published", "2026-02-29", NULL },
		{ "published", "28.02.2026", NULL },
		{ "published", "2026-2-28", NULL },
		{ "detection.alert-at", "13:30", "2026-02-05T13:30:00Z" },
		{ "detection.alert-at", "2026-02-05 13:30:05+03:00", "2026-02-05T10:30:05Z" },
		{ "detection.alert-at", "~13:30", "~2026-02-05T13:30:00Z" },
		{ "detection.alert-at", "25:61", NULL },
		{ "document.status", "In-Review", "in review" },
		{ "document.status", "almost", NULL },
		{ "visibility", "partners", "partners" },
		{ "detection.method", "user-report, Automated alert, a pigeon", "user report, automated alert, a pigeon" },
		{ "impact.slo", "latency", "latency" },
		{ "sla.breach", "Y", "yes" },
		{ "sla.breach", "false", "no" },
		{ "sla.breach", "maybe", NULL },
		{ "authors", " sam ,, jane", "sam, jane" },
		{ "distribution", "Support (tier 1, tier 2), Product", "Support (tier 1, tier 2), Product" },
		{ "distribution", "a, b; c", "a, b; c" },
		{ "distribution", "a\nb, c\n", "a; b, c" },
		{ "distribution", ",", NULL },
	};
	struct catalogue *c = shipped();
	struct when_ctx w = context();

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct str out = STR_INIT;
		struct err err = { 0 };
		const struct field_def *f = catalogue_field(c, table[i].field);
		assert_non_null(f);
		enum status st = field_read(f, table[i].value, &w, &out, &err);
		if ((st == ST_OK) != (table[i].want != NULL) || (table[i].want && strcmp(out.s, table[i].want) != 0))
			fail_msg("%s \"%s\": got \"%s\" (%s), want \"%s\"", table[i].field, table[i].value, out.s, err.text,
				table[i].want ? table[i].want : "a refusal");
		assert_true(st == ST_OK || (st == ST_USAGE && err.text[0] && out.len == 0));
		str_free(&out);
	}
	catalogue_free(c);
}

/* What is stored is read as itself. */
static void test_stored_is_stable(void **state)
{
	static const char *const stored[][2] = {
		{ "impact.tickets", "~1200" },	    { "impact.availability", "98.5 %" }, { "impact.revenue", "~1200.50 USD" },
		{ "impact.downtime", "~1d2h3m4s" }, { "published", "2026-02-28" },	 { "detection.alert-at", "~2026-02-05T13:30:00Z" },
		{ "distribution", "a (x, y), b" },  { "distribution", "a, b; c" },	 { "distribution", "a; b\nc, (d" },
	};
	struct catalogue *c = shipped();
	struct when_ctx w = context();

	(void)state;
	for (size_t i = 0; i < COUNT(stored); i++) {
		struct str out = STR_INIT;
		assert_int_equal(field_read(catalogue_field(c, stored[i][0]), stored[i][1], &w, &out, NULL), ST_OK);
		assert_string_equal(out.s, stored[i][1]);
		str_free(&out);
	}
	catalogue_free(c);
}

static void test_items(void **state)
{
	static const struct { size_t n; const char *item[3]; const char *joined; } table[] = {
		{ 0, { NULL }, "" },
		{ 1, { "a" }, "a" },
		{ 1, { "a, b" }, "a, b;" },
		{ 1, { "a; b" }, "a; b\n" },
		{ 2, { "a", "b" }, "a, b" },
		{ 2, { "a, b", "c" }, "a, b; c" },
		{ 2, { "a (b, c)", "d" }, "a (b, c), d" },
		{ 2, { "a (b, c", "d" }, "a (b, c\nd" },
		{ 3, { "a; b", "c, d", "e" }, "a; b\nc, d\ne" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct words l = { (char **)(void *)table[i].item, table[i].n }, back;
		struct str out = STR_INIT;
		field_join(&l, &out);
		assert_string_equal(out.s, table[i].joined);
		field_items(out.s, &back);
		assert_int_equal(back.n, table[i].n);
		for (size_t k = 0; k < back.n; k++)
			assert_string_equal(back.v[k], table[i].item[k]);
		words_free(&back);
		str_free(&out);
	}
}

/* ---- names ---- */

static void test_suggestions(void **state)
{
	static const char *const table[][2] = {
		{ "impact.user", "impact.users" }, { "users", "impact.users" }, { "tickts", "impact.tickets" }, { "reviewer", "reviewers" },
		{ "document.stauts", "document.status" }, { "zzzzzz", NULL },
	};
	struct catalogue *c = shipped();

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		const char *near = catalogue_near_field(c, table[i][0]);
		if (table[i][1])
			assert_string_equal(near, table[i][1]);
		else
			assert_null(near);
	}
	assert_string_equal(catalogue_near_list(c, "preventoin"), "prevention");
	assert_string_equal(catalogue_near_section(c, "sumary"), "summary");
	catalogue_free(c);
}

static void test_lists(void **state)
{
	static const struct { const char *text, *list; size_t used; } table[] = {
		{ "went well quick", "went well", 10 }, { "Went-Well quick", "went well", 10 }, { "why x", "why", 4 },
		{ "5 whys: x", "why", 8 }, { "went well", "went well", 9 }, { "detection worked it paged", "detection worked", 17 },
		{ "good", "went well", 4 }, { "goodness", NULL, 0 }, { "", NULL, 0 }, { "immediate fixes rolled back", "immediate fix", 16 },
	};
	struct catalogue *c = shipped();

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		size_t used;
		const struct list_def *l = catalogue_list_at(c, table[i].text, &used);
		if (!table[i].list) {
			assert_null(l);
			continue;
		}
		assert_non_null(l);
		assert_string_equal(l->name, table[i].list);
		assert_int_equal(used, table[i].used);
	}
	assert_string_equal(catalogue_list(c, "detection improve")->scope, "detection");
	catalogue_free(c);
}

/* Every shipped thing is complete: a prompt can be made of it, and the names can be typed and be tags. */
static void test_shipped(void **state)
{
	struct catalogue *c = shipped();

	(void)state;
	assert_true(c->fields > 60 && c->lists >= 18 && c->sections >= 12);
	for (size_t i = 0; i < c->fields; i++) {
		const struct field_def *f = &c->field[i];
		assert_true(field_name_ok(f->name) && !strchr(f->name, ' ') && f->label[0] && f->section && f->templates.n > 0);
		assert_true(f->computed == (f->computed && f->source != SOURCE_NONE));
		assert_true((f->type == FIELD_CHOICE) == (f->choices.n > 0));
		assert_ptr_equal(catalogue_field(c, f->name), f);
		for (size_t k = 0; k < c->fields; k++) { /* a.b and a would not both fit into the tree of tags */
			size_t n = strlen(f->name);
			assert_false(strncmp(c->field[k].name, f->name, n) == 0 && c->field[k].name[n] == '.');
		}
	}
	for (size_t i = 0; i < c->lists; i++)
		assert_ptr_equal(catalogue_list(c, c->list[i].name), &c->list[i]);
	for (size_t i = 0; i < c->sections; i++)
		assert_ptr_equal(catalogue_section(c, c->section[i].name), &c->section[i]);
	catalogue_free(c);
}

/* ---- files ---- */

static void test_file(void **state)
{
	struct catalogue *c = shipped();

	(void)state;
	assert_int_equal(catalogue_parse("# mine\nfield \"impact.users\" { hint = \"say \\\"~\\\"\" }\n"
					 "field impact.merchants { label = Merchants type = number unit = merchants }\n"
					 "list customer { aliases = { \"customer voice\", voice } categories = {} }\nsection legal { }",
				 "fields.conf", true, c, NULL), ST_OK);
	const struct field_def *f = catalogue_field(c, "impact.users");
	assert_string_equal(f->hint, "say \"~\"");
	assert_string_equal(f->label, "Users affected");
	assert_false(f->own);
	f = catalogue_field(c, "Impact.Merchants");
	assert_true(f->own && f->type == FIELD_NUMBER);
	assert_string_equal(f->unit, "merchants");
	assert_string_equal(catalogue_list(c, "voice")->name, "customer");
	assert_string_equal(catalogue_section(c, "legal")->label, "Legal");
	catalogue_free(c);
}

static void test_file_errors(void **state)
{
	static const struct { const char *text, *want; } table[] = {
		{ "\nfeld x {}", "f.conf:2: unknown key 'feld': did you mean field?" },
		{ "field x {\n labl = y }", "f.conf:2: unknown key 'labl': did you mean label?" },
		{ "field x { type = txt }", "f.conf:1: there is no type 'txt': use one of text, number" },
		{ "field x { type = }", "f.conf:1: type has no value" },
		{ "field x { label y }", "f.conf:1: label has no equals sign" },
		{ "field x { label = \"y }\n", "f.conf:1: a quote is not closed" },
		{ "field x { label = y", "f.conf:1: the block is not closed" },
		{ "field x", "f.conf:1: its keys stand in braces" },
		{ "field {", "f.conf:1: the field has no name" },
		{ "field \"A b!\" {}", "f.conf:1: 'A b!' is no name" },
		{ "field x { type = choice }", "f.conf:1: field 'x' is a choice without choices" },
		{ "field x { choices = a }", "f.conf:1: choices takes a list" },
		{ "field x { choices = { a\n b }", "f.conf:2: the list of choices is not closed" },
		{ "field x { other = maybe }", "f.conf:1: other is yes or no" },
		{ "field x { computed = \"span started\" }", "f.conf:1: computed 'span started' cannot be understood" },
		{ "field x { default = \"span started reopen\" }", "f.conf:1: default 'span started reopen' cannot be understood" },
		{ "field x { default = \"id 1\" }", "f.conf:1: default 'id 1' cannot be understood" },
		{ "field x {} }", "f.conf:1: here field, list or section was expected" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct catalogue *c = shipped();
		struct err err = { 0 };
		assert_int_equal(catalogue_parse(table[i].text, "f.conf", true, c, &err), ST_USAGE);
		if (strncmp(err.text, table[i].want, strlen(table[i].want)) != 0)
			fail_msg("%s: got %s", table[i].text, err.text);
		catalogue_free(c);
	}
}

static void test_bad_file_leaves_the_shipped(void **state)
{
	char path[] = "/tmp/tplus-fields-XXXXXX";
	int fd = mkstemp(path);
	static const char text[] = "field mine { }\nfield \"impact.users\" { label = \"changed\" }\nbad";
	struct catalogue *c;
	struct err err = { 0 };

	(void)state;
	assert_true(fd >= 0 && write(fd, text, sizeof text - 1) == (ssize_t)(sizeof text - 1));
	close(fd);
	assert_int_equal(catalogue_load(path, &c, &err), ST_USAGE);
	assert_non_null(strstr(err.text, ":3: "));
	assert_null(catalogue_field(c, "mine"));
	assert_string_equal(catalogue_field(c, "impact.users")->label, "Users affected");
	catalogue_free(c);
	unlink(path);
	assert_int_equal(catalogue_load(path, &c, &err), ST_OK);
	catalogue_free(c);
	assert_int_equal(catalogue_load("/dev", &c, &err), ST_IO);
	catalogue_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),	     cmocka_unit_test(test_stored_is_stable), cmocka_unit_test(test_items),
		cmocka_unit_test(test_suggestions),  cmocka_unit_test(test_lists),	      cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_file),	     cmocka_unit_test(test_file_errors),      cmocka_unit_test(test_bad_file_leaves_the_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
