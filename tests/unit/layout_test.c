/* ui/layout.h and ui/row.h: where everything stands, and rows of text, without a terminal. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "ui/layout.h"
#include "ui/row.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct layout at(int rows, int cols, enum pane focus)
{
	struct layout l;

	layout_compute(&l, rows, cols, &(struct layout_wish){ .focus = focus, .composer_rows = 1, .budget = true });
	return l;
}

static void shapes(void **state)
{
	static const struct { int rows, cols; enum pane focus; bool small, boxed, side; bool timeline, responders, actions; } t[] = {
		{ 4, 80, PANE_COMPOSER, true, false, false, false, false, false },
		{ 24, 19, PANE_COMPOSER, true, false, false, false, false, false },
		{ 1, 1, PANE_COMPOSER, true, false, false, false, false, false },
		{ 5, 20, PANE_COMPOSER, false, false, false, true, false, false },
		{ 14, 80, PANE_COMPOSER, false, false, false, true, false, false },
		{ 24, 59, PANE_ACTIONS, false, false, false, false, false, true },
		{ 24, 59, PANE_RESPONDERS, false, false, false, false, true, false },
		{ 15, 60, PANE_TIMELINE, false, true, false, true, false, false },
		{ 24, 80, PANE_COMPOSER, false, true, false, true, false, false },
		{ 24, 80, PANE_RESPONDERS, false, true, false, false, true, true },
		{ 24, 80, PANE_ACTIONS, false, true, false, false, true, true },
		{ 24, 100, PANE_COMPOSER, false, true, true, true, true, true },
		{ 50, 200, PANE_ACTIONS, false, true, true, true, true, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++) {
		struct layout l = at(t[i].rows, t[i].cols, t[i].focus);

		assert_int_equal(l.too_small, t[i].small);
		assert_int_equal(l.boxed, t[i].boxed);
		assert_int_equal(l.side, t[i].side);
		assert_int_equal(l.pane[PANE_TIMELINE].rows > 0, t[i].timeline);
		assert_int_equal(l.pane[PANE_RESPONDERS].rows > 0, t[i].responders);
		assert_int_equal(l.pane[PANE_ACTIONS].rows > 0, t[i].actions);
	}
}

static bool apart(struct rect a, struct rect b)
{
	return !a.rows || !b.rows || a.y + a.rows <= b.y || b.y + b.rows <= a.y || a.x + a.cols <= b.x || b.x + b.cols <= a.x;
}

/* At any size: everything is on the screen, nothing covers anything else, and the composer and the footer are there. */
static void fits_everywhere(void **state)
{
	(void)state;
	for (int rows = 1; rows <= 70; rows++) {
		for (int cols = 1; cols <= 220; cols += 3) {
			for (int f = 0; f < PANE_COUNT; f++) {
				struct layout l;
				struct rect r[PANE_COUNT + 4];
				size_t n = 0;

				layout_compute(&l, rows, cols, &(struct layout_wish){ .focus = (enum pane)f, .composer_rows = 1 + rows % 9, .footer_rows = rows % 5, .budget = rows % 2 });
				if (l.too_small)
					continue;
				for (int p = 0; p < PANE_COUNT; p++)
					r[n++] = l.pane[p];
				r[n++] = l.header;
				r[n++] = l.due;
				r[n++] = l.budget;
				r[n++] = l.footer;
				for (size_t i = 0; i < n; i++) {
					assert_true(r[i].rows >= 0 && r[i].cols >= 0);
					if (!r[i].rows)
						continue;
					assert_true(r[i].y >= 0 && r[i].y + r[i].rows <= rows);
					assert_true(r[i].x >= 0 && r[i].x + r[i].cols <= cols);
					for (size_t k = i + 1; k < n; k++)
						assert_true(apart(r[i], r[k]));
				}
				assert_true(l.pane[PANE_COMPOSER].rows >= 1);
				assert_true(l.footer.rows >= 1 && l.footer.rows <= LAYOUT_FOOTER_ROWS);
			}
		}
	}
}

static void standard_screen(void **state)
{
	struct layout l = at(24, 80, PANE_COMPOSER);

	(void)state;
	assert_int_equal(l.header.y, 0);
	assert_int_equal(l.due.y, 1);
	assert_int_equal(l.budget.rows, 0);
	assert_int_equal(l.frame.y, 2);
	assert_int_equal(l.pane[PANE_TIMELINE].y, 3);
	assert_int_equal(l.pane[PANE_TIMELINE].rows, 18);
	assert_int_equal(l.pane[PANE_COMPOSER].y, 22);
	assert_int_equal(l.footer.y, 23);
	l = at(30, 100, PANE_COMPOSER);
	assert_int_equal(l.budget.y, 2);
	assert_int_equal(l.divider, l.pane[PANE_TIMELINE].cols + 1);
	assert_int_equal(l.pane[PANE_RESPONDERS].x, l.divider + 1);
	assert_int_equal(l.split, l.pane[PANE_RESPONDERS].y + l.pane[PANE_RESPONDERS].rows);
	layout_compute(&l, 30, 100, &(struct layout_wish){ .focus = PANE_TIMELINE, .composer_rows = 1, .whole = true });
	assert_int_equal(l.pane[PANE_TIMELINE].cols, 98);
	assert_int_equal(l.pane[PANE_RESPONDERS].rows, 0);
}

static void due_line(void **state)
{
	static const int plain[] = { 12, 13, 14, 14 };
	static const struct { int cols; size_t shown, bars; } t[] = {
		{ 99, 4, 4 }, /* 53, three gaps of 2, four bars of 10 */
		{ 98, 4, 3 }, { 89, 4, 3 }, { 88, 4, 2 }, { 69, 4, 1 }, { 68, 4, 0 }, { 59, 4, 0 },
		{ 58, 3, 0 }, /* 43, and "  +1" */
		{ 47, 3, 0 }, { 46, 2, 0 }, { 31, 2, 0 }, { 30, 1, 0 },
		{ 3, 1, 0 },  /* the first is always there; the row is cut */
	};
	size_t bars;

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++) {
		assert_int_equal(layout_due(plain, 4, 10, 2, t[i].cols, &bars), t[i].shown);
		assert_int_equal(bars, t[i].bars);
	}
	assert_int_equal(layout_due(plain, 0, 10, 2, 80, &bars), 0);
	assert_int_equal(bars, 0);
}

static void timeline_fields(void **state)
{
	(void)state;
	for (int cols = 1; cols < 220; cols++) {
		struct timeline_columns c;

		layout_timeline(&c, cols, 10);
		assert_int_equal(c.time + c.tplus + c.mark + c.text + c.actor, cols);
		assert_true(c.text >= cols / 3);
	}
}

static void scrolling(void **state)
{
	static const struct { int top, sel, sel_rows, n, rows, want; } t[] = {
		{ 0, 0, 1, 5, 10, 0 },    { 7, -1, 0, 5, 10, 0 },  { 7, -1, 0, 30, 10, 7 },  { 25, -1, 0, 30, 10, 20 }, { -3, -1, 0, 30, 10, 0 },
		{ 5, 3, 1, 30, 10, 3 },   { 5, 15, 1, 30, 10, 6 }, { 5, 14, 1, 30, 10, 5 },  { 5, 12, 4, 30, 10, 6 },
		{ 0, 12, 40, 60, 10, 12 }, /* taller than the pane: its first lines */
		{ 0, 29, 1, 30, 10, 20 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(t); i++)
		assert_int_equal(layout_scroll(t[i].top, t[i].sel, t[i].sel_rows, t[i].n, t[i].rows), t[i].want);
}

static void rows(void **state)
{
	struct row r = ROW_INIT, tail = ROW_INIT;
	uint64_t before;

	(void)state;
	assert_true(row_hash(&r) != 0);
	row_add(&r, STYLE_NORMAL, "ab");
	row_add(&r, STYLE_NORMAL, "c");
	row_add(&r, STYLE_BOLD, "→");
	assert_int_equal(r.runs, 2);
	assert_int_equal(r.cols, 4);
	row_to(&r, STYLE_NORMAL, 6);
	assert_string_equal(r.text.s, "abc→  ");
	row_cell(&r, STYLE_DIM, "日本語", 5);
	assert_string_equal(r.text.s, "abc→  日本…");
	assert_int_equal(r.cols, 11);
	before = row_hash(&r);
	row_add(&tail, STYLE_BAD, "!");
	row_append(&r, &tail);
	assert_int_equal(r.cols, 12);
	assert_true(row_hash(&r) != before);
	before = row_hash(&r);
	row_restyle(&r, STYLE_SELECT); /* the same text in another style is another row */
	assert_true(row_hash(&r) != before);
	row_reset(&r);
	row_text(&r, STYLE_NORMAL, "a\033[31m\xe2\x80\xae" "b", 40);
	assert_string_equal(r.text.s, "a<U+001B>[31m<U+202E>b");
	row_reset(&r);
	row_text(&r, STYLE_NORMAL, NULL, 10);
	row_text(&r, STYLE_NORMAL, "x", 0);
	row_fill(&r, STYLE_BORDER, glyph(G_H), 3);
	assert_string_equal(r.text.s, "───");
	row_free(&r);
	row_free(&tail);
}

/* Every mark is one column in either locale. */
static void marks(void **state)
{
	(void)state;
	for (int g = 0; g < G_COUNT; g++) {
		assert_non_null(glyph((enum glyph)g));
		assert_int_equal(width_text(glyph((enum glyph)g), strlen(glyph((enum glyph)g))), 1);
	}
	assert_string_equal(glyph(G_PROMPT), "›");
	setlocale(LC_ALL, "C");
	for (int g = 0; g < G_COUNT; g++) {
		for (const char *s = glyph((enum glyph)g); *s; s++)
			assert_true(*s >= ' ' && *s < 0x7f);
		assert_int_equal(strlen(glyph((enum glyph)g)), g == G_ARROW ? 2 : 1);
	}
	setlocale(LC_ALL, "C.UTF-8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes), cmocka_unit_test(fits_everywhere), cmocka_unit_test(standard_screen), cmocka_unit_test(due_line),
		cmocka_unit_test(timeline_fields), cmocka_unit_test(scrolling), cmocka_unit_test(rows), cmocka_unit_test(marks),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
