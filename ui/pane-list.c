/* pane-list.c - all incidents: status, severity, T+ and what is due next of each; a filter as you type. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/typing.h"
#include "ui/ui.h"

enum { ID = 16, SEVERITY = 7, STATUS = 14, TPLUS = 9, DUE = 17, DUE_WIDE = 26, FIND_LABEL = 9 };

/* ---- which ones ---- */

static bool left_by_filter(const struct ui *ui, const struct incident *i)
{
	struct str sev = STR_INIT;
	const char *in[4] = { i->shown_id, i->title, status_name(i->ms.status), NULL };
	bool yes;

	if (i->severity != SEV_UNKNOWN)
		severity_fmt(&sev, i->severity, "SEV");
	in[3] = sev.s;
	yes = typing_matches(&ui->list.find, in, 4);
	str_free(&sev);
	return yes;
}

/* Positions in all; n of them. The caller frees. */
static size_t *visible(const struct ui *ui, int *n, int *selected)
{
	const struct incidents *l = &ui->state.all;
	size_t *v = xcalloc(l->n + 1, sizeof *v);

	*n = *selected = 0;
	for (size_t i = 0; i < l->n; i++) {
		if (!left_by_filter(ui, &l->v[i]))
			continue;
		if (uuid_eq(l->v[i].entity, ui->list.selected))
			*selected = *n;
		v[(*n)++] = i;
	}
	return v;
}

void list_enter(struct ui *ui)
{
	const struct incidents *l = &ui->state.all;
	const uuid *other = NULL, *before = NULL;

	for (size_t i = l->n; i-- > 0;) {
		if (ui->state.have && uuid_eq(l->v[i].entity, ui->state.incident))
			continue;
		if (!status_is_closed(l->v[i].ms.status))
			other = &l->v[i].entity;
		if (uuid_eq(l->v[i].entity, ui->before))
			before = &l->v[i].entity;
	}
	if (before || other)
		ui->list.selected = before ? *before : *other;
	ui->list.typing = false;
	edit_clear(&ui->list.find);
}

void list_free(struct list *l)
{
	edit_free(&l->find);
	for (int i = 0; i < FORM_FIELDS; i++)
		edit_free(&l->form.field[i]);
}

/* ---- drawing ---- */

static const struct other *clocks_of(const struct ui *ui, const struct incident *i)
{
	for (size_t k = 0; k < ui->state.others_n; k++) {
		if (uuid_eq(ui->state.others[k].entity, i->entity))
			return ui->state.others[k].have ? &ui->state.others[k] : NULL;
	}
	return NULL;
}

static void add_due(struct row *r, const struct ui *ui, const struct incident *i, int cols)
{
	const struct other *o = clocks_of(ui, i);
	bool shown = ui->state.have && uuid_eq(i->entity, ui->state.incident);
	const struct clock_facts *f = shown ? &ui->state.facts.clocks : o ? &o->clocks : NULL;
	struct clock_input in;
	struct row due = ROW_INIT;
	int to = r->cols + cols;
	struct due d;

	if (f && !status_is_closed(i->ms.status)) {
		in = clock_input_of(i, f, ui->now, ui->clocks.watch.boot);
		if (due_list(&in, &f->asks, &d, 1)) {
			due_add(&due, &d, ui->now, "", "");
			if (due.cols >= cols) { /* an ask with all its words */
				d.text = NULL;
				row_reset(&due);
				due_add(&due, &d, ui->now, "", "");
			}
		}
	}
	if (due.cols < cols)
		row_append(r, &due);
	row_to(r, STYLE_NORMAL, to);
	row_free(&due);
}

static void add_began(struct str *s, const struct ui *ui, const struct incident *i)
{
	usec began = i->ms.at[MS_STARTED] != USEC_NONE ? i->ms.at[MS_STARTED] : i->opened_at;

	if (status_is_closed(i->ms.status)) {
		when_fmt_date(s, began, zone_utc());
		return;
	}
	str_adds(s, "T+");
	if (ui->now - began < USEC_MIN)
		str_adds(s, "0m");
	else
		dur_fmt(s, (ui->now - began) / USEC_MIN * USEC_MIN);
}

static void draw_entry(struct row *r, const struct ui *ui, const struct incident *i, int cols)
{
	struct str s = STR_INIT;
	bool closed = status_is_closed(i->ms.status);
	enum style base = closed ? STYLE_DIM : STYLE_NORMAL;

	row_add(r, base, ui->state.have && uuid_eq(i->entity, ui->state.incident) ? glyph(G_FOLD) : " ");
	row_cell(r, closed ? STYLE_DIM : STYLE_BOLD, i->shown_id, ID);
	severity_fmt(&s, i->severity, "SEV");
	row_cell(r, base, i->severity == SEV_UNKNOWN ? "-" : s.s, SEVERITY);
	if (cols >= 44)
		row_cell(r, base, status_name(i->ms.status), STATUS);
	str_reset(&s);
	add_began(&s, ui, i);
	if (cols >= 56)
		row_cell(r, base, s.s, closed ? 11 : TPLUS);
	if (cols >= 74 && !closed)
		add_due(r, ui, i, cols >= 98 ? DUE_WIDE : DUE);
	row_text(r, base, i->title, cols - r->cols - 1);
	str_free(&s);
}

static bool has_find(const struct list *l)
{
	return l->typing || l->find.text.len;
}

static int find_room(struct rect p)
{
	return p.cols - FIND_LABEL - 20 > 4 ? p.cols - FIND_LABEL - 20 : 4; /* beside the count */
}

static void draw_find(struct ui *ui, struct rect p, int n)
{
	struct list *l = &ui->list;
	struct row r = ROW_INIT, count = ROW_INIT;

	row_addf(&count, STYLE_DIM, "%d of %zu", n, ui->state.all.n);
	row_add(&r, STYLE_MARK, " filter ");
	row_add(&r, l->typing ? STYLE_BOLD : STYLE_DIM, glyph(G_PROMPT));
	row_to(&r, STYLE_NORMAL, FIND_LABEL + 1);
	typing_add(&r, l->typing ? STYLE_NORMAL : STYLE_BOLD, &l->find, find_room(p));
	row_to(&r, STYLE_NORMAL, p.cols - count.cols - 1);
	row_append(&r, &count);
	term_put(ui->term, 0, p.y, p.x, p.cols, &r);
	row_free(&r);
	row_free(&count);
}

static struct rect list_rect(const struct ui *ui)
{
	struct rect p = ui->layout.pane[PANE_TIMELINE];

	if (has_find(&ui->list) && p.rows > 1) {
		p.y++;
		p.rows--;
	}
	return p;
}

static const char *no_row(const struct ui *ui, int i)
{
	if (i != 1)
		return NULL;
	return ui->state.all.n ? "  None of them matches. Esc shows all again." : "  There are none yet. n opens one; or type   /open what is broken -s 2   and Enter.";
}

void list_draw(struct ui *ui)
{
	struct rect p = list_rect(ui);
	int n, selected;
	size_t *v;
	struct row r = ROW_INIT;

	if (ui->list.form.open) {
		form_draw(ui);
		return;
	}
	v = visible(ui, &n, &selected);
	if (has_find(&ui->list))
		draw_find(ui, ui->layout.pane[PANE_TIMELINE], n);
	ui->list.top = layout_scroll(ui->list.top, selected, 1, n, p.rows);
	for (int i = 0; i < p.rows; i++) {
		int at = ui->list.top + i;

		row_reset(&r);
		if (at < n)
			draw_entry(&r, ui, &ui->state.all.v[v[at]], p.cols);
		else if (n == 0 && no_row(ui, i))
			row_text(&r, STYLE_DIM, no_row(ui, i), p.cols);
		if (at < n && at == selected && ui->focus != PANE_COMPOSER) {
			row_to(&r, STYLE_NORMAL, p.cols);
			row_restyle(&r, STYLE_SELECT);
		}
		term_put(ui->term, 0, p.y + i, p.x, p.cols, &r);
	}
	free(v);
	row_free(&r);
}

void list_cursor(struct ui *ui)
{
	struct rect p = ui->layout.pane[PANE_TIMELINE];

	if (ui->scene != SCENE_LIST || ui->focus == PANE_COMPOSER || ui->page.open || !p.rows)
		return;
	if (ui->list.form.open)
		form_cursor(ui);
	else if (ui->list.typing)
		term_cursor(ui->term, p.y, p.x + FIND_LABEL + 1 + typing_column(&ui->list.find, find_room(p)));
}

/* ---- keys ---- */

static void select_at(struct ui *ui, int at)
{
	int n, selected;
	size_t *v = visible(ui, &n, &selected);

	at = at >= n ? n - 1 : at;
	if (at >= 0 && n)
		ui->list.selected = ui->state.all.v[v[at]].entity;
	else if (n)
		ui->list.selected = ui->state.all.v[v[0]].entity;
	free(v);
	ui->dirty |= DIRTY_TIMELINE;
}

static void open_selected(struct ui *ui)
{
	int n, selected;
	size_t *v = visible(ui, &n, &selected);

	if (n) {
		ui_show(ui, ui->state.all.v[v[selected]].entity);
		ui_scene(ui, SCENE_LIVE);
	}
	free(v);
}

static void new_form(struct ui *ui)
{
	struct form *f = &ui->list.form;

	f->open = true;
	f->at = FORM_TITLE;
	ui->list.typing = false;
	ui->dirty |= DIRTY_ALL;
}

void list_click(struct ui *ui, int row)
{
	struct rect p = list_rect(ui);

	row -= p.y - ui->layout.pane[PANE_TIMELINE].y;
	if (row >= 0 && !ui->list.form.open)
		select_at(ui, ui->list.top + row);
}

bool list_key(struct ui *ui, enum act a)
{
	int n, at, page = list_rect(ui).rows;

	free(visible(ui, &n, &at));
	switch (a) {
	case ACT_UP: select_at(ui, at - 1); return true;
	case ACT_DOWN: select_at(ui, at + 1); return true;
	case ACT_PAGE_UP: select_at(ui, at - page); return true;
	case ACT_PAGE_DOWN: select_at(ui, at + page); return true;
	case ACT_FIRST: select_at(ui, 0); return true;
	case ACT_LAST: select_at(ui, n - 1); return true;
	case ACT_FILTER:
		ui->list.typing = true;
		ui->dirty |= DIRTY_TIMELINE | DIRTY_COMPOSER | DIRTY_FOOTER;
		return true;
	case ACT_NEW: new_form(ui); return true;
	case ACT_BACK:
		if (ui->list.find.text.len)
			edit_clear(&ui->list.find);
		else
			ui_scene(ui, SCENE_LIVE);
		ui->dirty |= DIRTY_ALL;
		return true;
	case ACT_OPEN: open_selected(ui); return true;
	default: return false;
	}
}

/* As long as one is left Enter opens it at once: nobody types a filter to look at it. */
bool list_find_key(struct ui *ui, enum act a, const struct key *k)
{
	struct list *l = &ui->list;

	ui->dirty |= DIRTY_TIMELINE | DIRTY_COMPOSER | DIRTY_FOOTER;
	switch (a) {
	case ACT_SUBMIT:
		l->typing = false;
		open_selected(ui);
		return true;
	case ACT_BACK:
		l->typing = false;
		edit_clear(&l->find);
		return true;
	case ACT_UP:
	case ACT_DOWN:
	case ACT_PAGE_UP:
	case ACT_PAGE_DOWN: return list_key(ui, a);
	default: return typing_key(&l->find, a, k, ui->now);
	}
}
