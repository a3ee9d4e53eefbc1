/* ui/keys.def: the one table of keys is whole and without contradictions. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "ui/keys.h"

static void table_is_sound(void **state)
{
	bool used[ACT_COUNT] = { false };

	(void)state;
	for (const struct binding *b = key_table; b->key; b++) {
		struct key k;

		assert_true(key_parse(b->key, &k));
		assert_true(key_is(&k, b->key));
		assert_true(b->action > ACT_NONE && b->action < ACT_COUNT);
		assert_int_equal(key_action(b->context, &k), b->action); /* no earlier row of the context takes it */
		used[b->action] = true;
		if (b > key_table)
			assert_true(b->context >= b[-1].context); /* contexts stand together */
		for (const struct binding *c = b + 1; c->key; c++) {
			struct key other;

			key_parse(c->key, &other);
			assert_false(b->context == c->context && key_is(&other, b->key));
		}
	}
	for (int a = ACT_NONE + 1; a < ACT_COUNT; a++)
		assert_true(used[a]);
}

static void help_is_whole(void **state)
{
	struct str keys = STR_INIT, all = STR_INIT;
	const char *help;

	(void)state;
	for (int c = 0; c < CTX_COUNT; c++) {
		size_t rows = 0;

		assert_non_null(context_title((enum context)c));
		for (; key_help((enum context)c, rows, &keys, &help); rows++) {
			assert_true(keys.len > 0 && *help);
			str_addf(&all, " %s ", keys.s);
		}
		assert_true(rows > 0);
	}
	for (const struct binding *b = key_table; b->key; b++) {
		struct str one = STR_INIT;

		str_addf(&one, " %s ", b->key);
		assert_non_null(strstr(all.s, one.s)); /* no key without help */
		str_free(&one);
	}
	str_free(&keys);
	str_free(&all);
}

static void names(void **state)
{
	static const struct { const char *name; int code; unsigned mods; } t[] = {
		{ "F1", K_F0 + 1, 0 }, { "F10", K_F0 + 10, 0 }, { "F", 'F', 0 }, { "Ctrl-C", 'c', MOD_CTRL }, { "Alt-b", 'b', MOD_ALT }, { "Space", ' ', 0 },
		{ "Shift-Tab", K_TAB, MOD_SHIFT }, { "Ctrl-Left", K_LEFT, MOD_CTRL }, { "é", 0xe9, 0 }, { "G", 'G', 0 }, { "?", '?', 0 },
	};
	struct key k;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		assert_true(key_parse(t[i].name, &k));
		assert_int_equal(k.code, t[i].code);
		assert_int_equal(k.mods, t[i].mods);
	}
	assert_false(key_parse("", &k));
	assert_false(key_parse("Ctrl-", &k));
	assert_false(key_parse("Nonsense", &k));
}

static void contexts(void **state)
{
	struct key g = { .code = 'g', .bytes = "g", .n = 1 }, tab = { .code = K_TAB }, back_tab = { .code = K_TAB, .mods = MOD_SHIFT };
	struct key shifted = { .code = 'G', .mods = MOD_SHIFT, .bytes = "G", .n = 1 };

	(void)state;
	assert_int_equal(key_action(CTX_COMPOSER, &g), ACT_NONE); /* in the composer a letter is a letter */
	assert_true(key_is_text(&g));
	assert_false(key_is_text(&tab));
	assert_int_equal(key_action(CTX_TIMELINE, &g), ACT_FIRST);
	assert_int_equal(key_action(CTX_TIMELINE, &shifted), ACT_LAST);
	assert_int_equal(key_action(CTX_COMPOSER, &tab), ACT_NEXT);
	assert_int_equal(key_action(CTX_TIMELINE, &back_tab), ACT_PREV);
	for (const struct binding *b = key_table; b->key; b++) { /* nothing in the composer takes what people type */
		struct key k;

		key_parse(b->key, &k);
		if (b->context == CTX_ANY || b->context == CTX_COMPOSER)
			assert_false(k.code < K_NONE && !(k.mods & (MOD_ALT | MOD_CTRL)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_is_sound), cmocka_unit_test(help_is_whole), cmocka_unit_test(names), cmocka_unit_test(contexts),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
