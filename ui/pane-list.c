#include "base/utf8.h"
#include "ui/ui.h"

static void draw_entry(struct row *r, const struct ui *ui, const struct incident *i, int cols)
{
	struct str s = STR_INIT;
	usec began = i->ms.at[MS_STARTED] != USEC_NONE ? i->ms.at[MS_STARTED] : i->opened_at;
	bool closed = status_is_closed(i->ms.status);
	enum style base = closed ? STYLE_DIM : STYLE_NORMAL;

	row_add(r, base, " ");
	row_cell(r, closed ? STYLE_DIM : STYLE_BOLD, i->shown_id, 16);
	severity_fmt(&s, i->severity, "SEV");
	row_cell(r, base, i->severity == SEV_UNKNOWN ? "-" : s.s, 7);
	row_cell(r, base, status_name(i->ms.status), 15);
	str_reset(&s);
	if (closed) {
		when_fmt_date(&s, began, zone_utc());
	} else {
		str_adds(&s, "T+");
		if (ui->now - began < USEC_MIN)
			str_adds(&s, "0m");
		else
			dur_fmt(&s, (ui->now - began) / USEC_MIN * USEC_MIN);
	}
	row_cell(r, base, s.s, 12);
	row_text(r, base, i->title, cols - r->cols - 1);
	str_free(&s);
}

void list_draw(struct ui *ui)
{
	struct rect p = ui->layout.pane[PANE_TIMELINE];
	const struct incidents *l = &ui->state.all;
	struct row r = ROW_INIT;
	int n = (int)l->n;

	if (ui->list.selected >= n)
		ui->list.selected = n ? n - 1 : 0;
	ui->list.top = layout_scroll(ui->list.top, ui->list.selected, 1, n, p.rows);
	for (int i = 0; i < p.rows; i++) {
		int at = ui->list.top + i;

		row_reset(&r);
		if (at < n)
			draw_entry(&r, ui, &l->v[at], p.cols);
		else if (n == 0 && i == 1)
			row_text(&r, STYLE_DIM, "  There are none yet. Type   /open what is broken -s 2   and Enter.", p.cols);
		if (at < n && at == ui->list.selected && ui->focus != PANE_COMPOSER) {
			row_to(&r, STYLE_NORMAL, p.cols);
			row_restyle(&r, STYLE_SELECT);
		}
		term_put(ui->term, 0, p.y + i, p.x, p.cols, &r);
	}
	row_free(&r);
}

bool list_key(struct ui *ui, enum act a)
{
	int *at = &ui->list.selected, last = ui->state.all.n ? (int)ui->state.all.n - 1 : 0, page = ui->layout.pane[PANE_TIMELINE].rows;

	ui->dirty |= DIRTY_TIMELINE;
	switch (a) {
	case ACT_UP: *at = *at > 0 ? *at - 1 : 0; return true;
	case ACT_DOWN: *at = *at < last ? *at + 1 : last; return true;
	case ACT_PAGE_UP: *at = *at > page ? *at - page : 0; return true;
	case ACT_PAGE_DOWN: *at = *at + page < last ? *at + page : last; return true;
	case ACT_FIRST: *at = 0; return true;
	case ACT_LAST: *at = last; return true;
	case ACT_BACK: ui_scene(ui, SCENE_LIVE); return true;
	case ACT_OPEN:
		if (ui->state.all.n) {
			ui_show(ui, ui->state.all.v[*at].entity);
			ui_scene(ui, SCENE_LIVE);
		}
		return true;
	default: return false;
	}
}
