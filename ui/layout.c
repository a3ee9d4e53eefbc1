#include <string.h>

#include "ui/layout.h"

static int min(int a, int b)
{
	return a < b ? a : b;
}

static int max(int a, int b)
{
	return a > b ? a : b;
}

/* The two panes of the right column, one above the other with a line between them, in a rectangle. */
static void stack_side(struct layout *l, struct rect r)
{
	int top = max(1, min((r.rows - 1) / 2, r.rows - 2));

	l->split = r.y + top;
	l->pane[PANE_RESPONDERS] = (struct rect){ r.y, r.x, top, r.cols };
	l->pane[PANE_ACTIONS] = (struct rect){ r.y + top + 1, r.x, r.rows - top - 1, r.cols };
}

static void place_panes(struct layout *l, struct rect body, const struct layout_wish *w)
{
	bool right = !w->whole && (w->focus == PANE_RESPONDERS || w->focus == PANE_ACTIONS);

	if (!l->boxed) {
		l->pane[right ? w->focus : PANE_TIMELINE] = body;
		return;
	}
	l->frame = body;
	body = (struct rect){ body.y + 1, body.x + 1, body.rows - 2, body.cols - 2 };
	if (l->side) {
		int side = max(36, min(60, body.cols * 2 / 5));

		l->divider = body.x + body.cols - side - 1;
		l->pane[PANE_TIMELINE] = (struct rect){ body.y, body.x, body.rows, body.cols - side - 1 };
		stack_side(l, (struct rect){ body.y, l->divider + 1, body.rows, side });
	} else if (right) {
		stack_side(l, body);
	} else {
		l->pane[PANE_TIMELINE] = body;
	}
}

void layout_compute(struct layout *l, int rows, int cols, const struct layout_wish *w)
{
	int y = 0, below, composer_rows, footer_rows;

	memset(l, 0, sizeof *l);
	l->rows = rows;
	l->cols = cols;
	l->divider = l->split = -1;
	l->too_small = rows < LAYOUT_MIN_ROWS || cols < LAYOUT_MIN_COLS;
	if (l->too_small)
		return;
	l->boxed = rows >= LAYOUT_BOX_ROWS && cols >= LAYOUT_BOX_COLS;
	l->side = l->boxed && cols >= LAYOUT_SIDE_COLS && !w->whole;
	composer_rows = max(1, min(min(w->composer_rows, LAYOUT_COMPOSER_ROWS), rows / 4));
	l->header = (struct rect){ y++, 0, 1, cols };
	if (rows > LAYOUT_MIN_ROWS)
		l->due = (struct rect){ y++, 0, 1, cols };
	if (w->budget && rows >= 30)
		l->budget = (struct rect){ y++, 0, 1, cols };
	footer_rows = max(1, min(min(w->footer_rows, LAYOUT_FOOTER_ROWS), rows / 6));
	below = rows - footer_rows - composer_rows;
	l->footer = (struct rect){ rows - footer_rows, 0, footer_rows, cols };
	l->pane[PANE_COMPOSER] = (struct rect){ below, 0, composer_rows, cols };
	place_panes(l, (struct rect){ y, 0, below - y, cols }, w);
}

static int total(const int *width, size_t n, int gap)
{
	int sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += width[i] + (i ? gap : 0);
	return sum;
}

static int digits(size_t n)
{
	return n < 10 ? 1 : n < 100 ? 2 : 3;
}

size_t layout_due(const int *plain, size_t n, int bar, int gap, int cols, size_t *bars)
{
	size_t shown = n;
	int all = total(plain, n, gap);

	*bars = 0;
	if (all <= cols) {
		while (*bars < n && all + ((int)*bars + 1) * bar <= cols)
			++*bars;
		return n;
	}
	while (shown > 1 && total(plain, shown, gap) + gap + 1 + digits(n - shown) > cols)
		shown--;
	return shown;
}

void layout_timeline(struct timeline_columns *c, int cols, int longest_actor)
{
	memset(c, 0, sizeof *c);
	c->time = cols >= 40 ? 10 : cols >= 26 ? 9 : 0;
	c->tplus = cols >= 56 ? 10 : 0;
	c->mark = cols >= 26 ? 2 : 0;
	c->actor = cols >= 64 ? min(max(longest_actor, 3), cols / 7) + 1 : cols >= 54 ? min(max(longest_actor, 3), 6) + 1 : 0;
	c->text = max(0, cols - c->time - c->tplus - c->mark - c->actor);
}

int layout_scroll(int top, int sel, int sel_rows, int n, int rows)
{
	if (sel >= 0 && sel + min(sel_rows, rows) > top + rows)
		top = sel + min(sel_rows, rows) - rows;
	if (sel >= 0 && sel < top)
		top = sel;
	return max(0, min(top, n - rows));
}
