/* pane-clocks.c - the page of all clocks, live: from, to, limit, elapsed, state; budgets; what is due in other incidents. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/budget.h"
#include "ui/ui.h"

enum { NAME = 16, STATE = 10, TIME = 11, LIMIT = 8, ASKED = 40, NARROW = 64 };

struct rows { struct row *v; size_t n, cap; };

static struct row *add_row(struct rows *l)
{
	l->v = xgrow(l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n] = (struct row)ROW_INIT;
	row_add(&l->v[l->n], STYLE_NORMAL, " ");
	return &l->v[l->n++];
}

static void rows_free(struct rows *l)
{
	for (size_t i = 0; i < l->n; i++)
		row_free(&l->v[i]);
	free(l->v);
}

static enum style state_style(enum target_state s)
{
	static const enum style of[] = { [TARGET_PENDING] = STYLE_DIM, [TARGET_RUNNING] = STYLE_NORMAL, [TARGET_WARNING] = STYLE_WARN,
		[TARGET_MET] = STYLE_GOOD, [TARGET_MISSED] = STYLE_WARN, [TARGET_BREACHED] = STYLE_BAD };

	return of[s];
}

static bool runs(const struct clock_line *l)
{
	return l->state == TARGET_RUNNING || l->state == TARGET_WARNING || l->state == TARGET_BREACHED;
}

static void add_head(struct row *r, int cols)
{
	row_cell(r, STYLE_DIM, "clock", NAME);
	row_cell(r, STYLE_DIM, "state", STATE);
	row_cell(r, STYLE_DIM, "left", TIME);
	row_cell(r, STYLE_DIM, "elapsed", TIME);
	row_cell(r, STYLE_DIM, "limit", LIMIT);
	if (cols >= NARROW)
		row_addf(r, STYLE_DIM, "from %s to", glyph(G_ARROW));
}

/* "* " where it counts from something else than its target says: the start it should have is missing. */
static void add_ends(struct row *r, const struct ui *ui, const struct clock_line *l, int cols)
{
	bool other = clock_falls_back(l);

	row_addf(r, other ? STYLE_WARN : STYLE_DIM, "%s%s%s", other ? "*" : "", clock_is_about(ui, l) ? "~" : "", l->from);
	row_addf(r, STYLE_DIM, " %s %s", glyph(G_ARROW), l->to);
	if (l->number) {
		row_add(r, STYLE_DIM, "  ");
		row_text(r, STYLE_DIM, l->number, 10);
	}
	if (l->text && cols - r->cols - 2 > 4) {
		row_add(r, STYLE_NORMAL, " ");
		row_text(r, STYLE_NORMAL, l->text, cols - r->cols - 1);
	}
}

static void add_clock(struct row *r, const struct ui *ui, const struct clock_line *l, int cols)
{
	struct str s = STR_INIT;

	if (l->kind == CLOCK_ASK)
		str_addc(&s, '@');
	str_adds(&s, l->kind == CLOCK_ASK && *l->name == '@' ? l->name + 1 : l->name);
	row_cell(r, STYLE_BOLD, s.s, NAME);
	row_add(r, state_style(l->state), target_state_name(l->state));
	row_to(r, STYLE_NORMAL, r->cols + STATE - (int)strlen(target_state_name(l->state)));
	str_reset(&s);
	if (runs(l) && l->due != USEC_NONE)
		dur_fmt_left(&s, l->due - ui->now);
	row_cell(r, STYLE_NORMAL, s.s, TIME);
	str_reset(&s);
	if (l->elapsed == USEC_NONE)
		str_adds(&s, l->start == USEC_NONE ? "-" : "unknown");
	else
		dur_fmt(&s, l->elapsed / USEC_SEC * USEC_SEC);
	row_cell(r, STYLE_NORMAL, s.s, TIME);
	str_reset(&s);
	if (l->limit)
		dur_fmt(&s, l->limit);
	row_cell(r, STYLE_DIM, l->limit ? s.s : "none", LIMIT);
	if (cols >= NARROW)
		add_ends(r, ui, l, cols);
	str_free(&s);
}

static void add_clocks(struct rows *out, struct ui *ui, int cols)
{
	const struct asks *asks = &ui->state.facts.clocks.asks;
	struct clock_input in = state_clocks(&ui->state.facts, ui->now, ui->clocks.watch.boot);
	size_t max = clock_list_max(asks), n;
	struct clock_line *l = xcalloc(max, sizeof *l);
	bool fallback = false;

	n = clock_list(&in, asks, l, max);
	add_head(add_row(out), cols);
	for (size_t i = 0; i < n; i++) {
		add_clock(add_row(out), ui, &l[i], cols);
		fallback |= clock_falls_back(&l[i]);
	}
	if (!n)
		row_add(add_row(out), STYLE_DIM, "none: /sev 2 sets a severity and its targets");
	if (fallback && cols >= NARROW) {
		add_row(out);
		row_add(add_row(out), STYLE_DIM, "* the start its target names is not logged: it counts from what is");
	}
	free(l);
}

static void add_budget(struct row *r, const struct budget *b)
{
	struct span whole = b->spent;
	struct str s = STR_INIT;
	usec left = b->left.exact;

	row_add(r, STYLE_DIM, "budget ");
	row_text(r, STYLE_BOLD, b->rule->name, 24);
	dur_fmt_exact(&s, b->total);
	str_adds(&s, " in ");
	dur_fmt(&s, b->rule->window);
	str_adds(&s, ", spent ");
	if (b->running)
		whole.exact = whole.exact / USEC_SEC * USEC_SEC;
	span_fmt(&s, &whole);
	if (b->earlier != USEC_NONE) {
		str_adds(&s, ", others ");
		dur_fmt(&s, b->earlier);
	}
	row_addf(r, STYLE_NORMAL, " %s", s.s);
	str_reset(&s);
	if (b->spent.known) {
		str_adds(&s, left < 0 ? "overspent by " : "left ");
		dur_fmt_exact(&s, (left < 0 ? -left : left) / USEC_SEC * USEC_SEC);
		row_add(r, STYLE_NORMAL, ", ");
		row_add(r, left < 0 ? STYLE_BAD : STYLE_NORMAL, s.s);
	}
	str_free(&s);
}

static void add_budgets(struct rows *out, struct ui *ui)
{
	struct clock_input in = state_clocks(&ui->state.facts, ui->now, ui->clocks.watch.boot);
	struct budget b[POLICY_SLOS];
	size_t n = budgets_of(&in, b);

	if (n)
		add_row(out);
	for (size_t i = 0; i < n; i++)
		add_budget(add_row(out), &b[i]);
}

static void add_snooze(struct rows *out, struct ui *ui, int cols)
{
	const struct snooze *z = &ui->state.facts.clocks.snooze;
	struct str s = STR_INIT;
	struct row *r;

	if (!clocks_snoozed(ui))
		return;
	add_row(out);
	r = add_row(out);
	when_fmt_full(&s, z->until, ui->state.facts.zone);
	row_addf(r, STYLE_WARN, "alarms are quiet until %s: ", s.s);
	row_text(r, STYLE_NORMAL, z->why, cols - r->cols - 1);
	str_free(&s);
}

static void add_others(struct rows *out, struct ui *ui, int cols)
{
	bool any = false;

	for (size_t i = 0; i < ui->state.others_n; i++) {
		const struct other *o = &ui->state.others[i];
		const struct incident *of = &ui->state.all.v[o->i];
		struct clock_input in = clock_input_of(of, &o->clocks, ui->now, ui->clocks.watch.boot);
		struct due d;
		struct row *r;

		if (!o->have || (ui->state.have && uuid_eq(o->entity, ui->state.incident)))
			continue;
		if (!any) {
			add_row(out);
			row_add(add_row(out), STYLE_DIM, "Other incidents");
		}
		any = true;
		r = add_row(out);
		row_cell(r, STYLE_BOLD, of->shown_id, NAME);
		if (due_list(&in, &o->clocks.asks, &d, 1))
			due_add(r, &d, ui->now, "", "");
		else
			row_add(r, STYLE_DIM, "nothing due");
		row_add(r, STYLE_NORMAL, "  ");
		row_text(r, STYLE_NORMAL, of->title, cols - r->cols - 1);
	}
}

static struct rows rows_of(struct ui *ui, int cols)
{
	struct rows out = { 0 };

	if (ui->state.have) {
		add_clocks(&out, ui, cols);
		add_snooze(&out, ui, cols);
		add_budgets(&out, ui);
	}
	add_others(&out, ui, cols);
	return out;
}

void clocks_page(struct ui *ui)
{
	page_show(ui, "Clocks", "");
	ui->page.clocks = true;
}

void clocks_draw(struct ui *ui)
{
	struct rect p = ui->layout.pane[PANE_TIMELINE];
	struct rows l = rows_of(ui, p.cols);
	struct row blank = ROW_INIT;
	int last = (int)l.n > p.rows ? (int)l.n - p.rows : 0;

	ui->page.lines = (int)l.n;
	if (ui->page.top > last)
		ui->page.top = last;
	for (int y = 0; y < p.rows; y++) {
		size_t at = (size_t)ui->page.top + (size_t)y;

		term_put(ui->term, 0, p.y + y, p.x, p.cols, at < l.n ? &l.v[at] : &blank);
	}
	rows_free(&l);
	row_free(&blank);
}

void clocks_text(struct ui *ui, struct str *out)
{
	struct rows l = rows_of(ui, 120);

	for (size_t i = 0; i < l.n; i++) {
		const struct str *s = &l.v[i].text;
		size_t n = s->len;

		while (n > 1 && s->s[n - 1] == ' ')
			n--;
		if (n)
			str_add(out, s->s + 1, n - 1);
		str_addc(out, '\n');
	}
	rows_free(&l);
}
