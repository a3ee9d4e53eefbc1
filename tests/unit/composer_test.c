/* ui/edit.h: what the composer does to its text. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ui/edit.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* The text with | where the cursor is. */
static void put(struct edit *e, const char *marked)
{
	const char *bar = strchr(marked, '|');
	char text[256];

	snprintf(text, sizeof text, "%.*s%s", (int)(bar - marked), marked, bar + 1);
	edit_set(e, text, 7);
	e->cur = (size_t)(bar - marked);
}

static void expect(const struct edit *e, const char *marked)
{
	char text[256];

	snprintf(text, sizeof text, "%.*s|%s", (int)e->cur, e->text.s, e->text.s + e->cur);
	assert_string_equal(text, marked);
}

static void keys(void **state)
{
	static const struct { const char *before; void (*act)(struct edit *); const char *after; } t[] = {
		{ "ab|c", edit_left, "a|bc" }, { "|abc", edit_left, "|abc" }, { "ab|c", edit_right, "abc|" }, { "abc|", edit_right, "abc|" },
		{ "aé|b", edit_left, "a|éb" }, { "ae\xcc\x81|b", edit_left, "a|e\xcc\x81" "b" }, /* a letter and its accent are one step */
		{ "a|🇩🇪b", edit_right, "a🇩🇪|b" }, { "👩‍💻|", edit_left, "|👩‍💻" },
		{ "one two|", edit_word_left, "one |two" }, { "one |two", edit_word_left, "|one two" }, { "one  |", edit_word_left, "|one  " },
		{ "|one two", edit_word_right, "one| two" }, { "one| two", edit_word_right, "one two|" },
		{ "a\nbc|d", edit_line_start, "a\n|bcd" }, { "a|b\ncd", edit_line_end, "ab|\ncd" }, { "abc|", edit_line_start, "|abc" },
		{ "ab|", edit_backspace, "a|" }, { "|ab", edit_backspace, "|ab" }, { "e\xcc\x81|", edit_backspace, "|" }, { "👩‍💻|x", edit_backspace, "|x" },
		{ "a|b", edit_delete, "a|" }, { "ab|", edit_delete, "ab|" }, { "|\nb", edit_delete, "|b" },
		{ "one two|", edit_kill_word, "one |" }, { "one two |x", edit_kill_word, "one |x" }, { "|one two", edit_kill_word_right, "| two" },
		{ "one| two", edit_kill_end, "one|" }, { "a|\nb", edit_kill_end, "a|b" }, { "one| two", edit_kill_start, "| two" }, { "a\nb|c", edit_kill_start, "a\n|c" },
	};
	struct edit e = EDIT_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++) {
		put(&e, t[i].before);
		t[i].act(&e);
		expect(&e, t[i].after);
	}
	edit_free(&e);
}

static void stamp(void **state)
{
	struct edit e = EDIT_INIT;

	(void)state;
	assert_int_equal(e.stamp, USEC_NONE);
	edit_insert(&e, "a", 1, 100);
	edit_insert(&e, "b", 1, 200);
	assert_int_equal(e.stamp, 100);
	edit_backspace(&e);
	assert_int_equal(e.stamp, 100);
	edit_backspace(&e); /* emptying the composer clears its stamp */
	assert_int_equal(e.stamp, USEC_NONE);
	edit_insert(&e, "", 0, 250);
	assert_int_equal(e.stamp, USEC_NONE);
	edit_insert(&e, "c", 1, 300);
	assert_int_equal(e.stamp, 300);
	edit_kill_start(&e);
	assert_int_equal(e.stamp, USEC_NONE);
	edit_yank(&e, 400);
	expect(&e, "c|");
	assert_int_equal(e.stamp, 400);
	edit_set(&e, "back again", 50); /* a refused line keeps its own */
	assert_int_equal(e.stamp, 50);
	edit_clear(&e);
	assert_int_equal(e.stamp, USEC_NONE);
	edit_free(&e);
}

static void bytes(void **state)
{
	struct edit e = EDIT_INIT;

	(void)state;
	edit_insert(&e, "a\xff\xfe" "b", 4, 1); /* what is no UTF-8 stays as it came, a byte at a time */
	assert_int_equal(e.text.len, 4);
	edit_left(&e);
	edit_backspace(&e);
	assert_memory_equal(e.text.s, "a\xff" "b", 4);
	edit_replace(&e, 0, 1, "xyz");
	assert_int_equal(e.cur, 3);
	assert_memory_equal(e.text.s, "xyz\xff" "b", 5);
	edit_free(&e);
}

static void recall(void **state)
{
	struct edit e = EDIT_INIT;
	char line[16];

	(void)state;
	assert_false(edit_recall(&e, -1, 1));
	edit_remember(&e, "one");
	edit_remember(&e, "two");
	edit_remember(&e, "two");
	edit_remember(&e, "");
	assert_int_equal(e.pasts, 2);
	edit_insert(&e, "draft", 5, 9);
	assert_true(edit_recall(&e, -1, 20));
	expect(&e, "two|");
	assert_int_equal(e.stamp, 20);
	assert_true(edit_recall(&e, -1, 21));
	expect(&e, "one|");
	assert_false(edit_recall(&e, -1, 22));
	assert_true(edit_recall(&e, 1, 23));
	assert_true(edit_recall(&e, 1, 24));
	expect(&e, "draft|"); /* and its stamp */
	assert_int_equal(e.stamp, 9);
	assert_false(edit_recall(&e, 1, 25));
	for (int i = 0; i < EDIT_PAST_MAX + 10; i++) {
		snprintf(line, sizeof line, "line %d", i);
		edit_remember(&e, line);
	}
	assert_int_equal(e.pasts, EDIT_PAST_MAX);
	assert_string_equal(e.past[EDIT_PAST_MAX - 1], "line 509");
	edit_free(&e);
}

static void view(void **state)
{
	static const struct { const char *text; int cols, rows, lines, cur_line, cur_col; bool before, after; } t[] = {
		{ "|", 10, 3, 1, 0, 0, false, false },
		{ "abc|", 10, 3, 1, 0, 3, false, false },
		{ "abcdefghij|", 10, 3, 1, 0, 10, false, false },
		{ "abcdefghijk|", 10, 3, 2, 1, 1, false, false },
		{ "a\nb|\nc", 10, 3, 3, 1, 1, false, false },
		{ "a\n|", 10, 3, 2, 1, 0, false, false },
		{ "a\nb\nc\nd\ne|", 10, 3, 3, 2, 1, true, false },
		{ "|a\nb\nc\nd\ne", 10, 3, 3, 0, 0, false, true },
		{ "日本語日本語|", 5, 4, 3, 2, 4, false, false }, /* two in a row of five columns */
		{ "a\001|", 20, 2, 1, 0, 9, false, false },      /* <U+0001> */
	};
	struct edit e = EDIT_INIT;
	struct edit_view v;

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++) {
		put(&e, t[i].text);
		edit_view(&e, t[i].cols, t[i].rows, &v);
		assert_int_equal(v.lines, t[i].lines);
		assert_int_equal(v.cur_line, t[i].cur_line);
		assert_int_equal(v.cur_col, t[i].cur_col);
		assert_int_equal(v.more_before, t[i].before);
		assert_int_equal(v.more_after, t[i].after);
	}
	edit_free(&e);
}

/* A pasted megabyte: wherever the cursor is, its line is among the few that are shown. */
static void large(void **state)
{
	struct edit e = EDIT_INIT;
	struct edit_view v;
	size_t n = 1 << 20;
	char *text = malloc(n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		text[i] = i % 70 == 69 ? '\n' : (char)('a' + i % 26);
	edit_insert(&e, text, n, 1);
	for (size_t cur = 0; cur <= n; cur += 99991) {
		e.cur = cur;
		edit_view(&e, 60, 6, &v);
		assert_true(v.lines >= 1 && v.lines <= 6);
		assert_true(v.cur_line >= 0 && v.cur_line < v.lines);
		assert_true(v.line[v.cur_line].from <= cur && cur <= v.line[v.cur_line].to);
	}
	edit_view(&e, 0, 6, &v);
	assert_int_equal(v.lines, 0);
	free(text);
	edit_free(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys), cmocka_unit_test(stamp), cmocka_unit_test(bytes), cmocka_unit_test(recall), cmocka_unit_test(view),
		cmocka_unit_test(large),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
