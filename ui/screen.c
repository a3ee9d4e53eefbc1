/* screen.c - one draw: layout, frames, whatever is dirty, one write. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/ui.h"

static bool is_page(const struct ui *ui)
{
	return ui->page.open || ui->scene == SCENE_LIST;
}

/* ---- frames ---- */

static void add_title(struct row *r, const char *title, bool focus, int cols)
{
	row_add(r, STYLE_BORDER, " ");
	row_text(r, focus ? STYLE_FOCUS : STYLE_TITLE, title, cols - r->cols - 2);
	row_add(r, STYLE_BORDER, " ");
}

static const char *main_title(const struct ui *ui)
{
	if (ui->page.open)
		return ui->page.title;
	return ui->scene != SCENE_LIST ? "Timeline" : ui->list.form.open ? "New incident" : "Incidents";
}

static bool is_focus(const struct ui *ui, enum pane p)
{
	return ui->focus == p && !ui->page.open;
}

/* With the span-of-control hint. */
static const char *responders_title(const struct ui *ui, char title[64])
{
	size_t direct = ui->state.have ? responders_direct(&ui->state.facts.clocks.responders) : 0;

	snprintf(title, 64, "Responders");
	if (direct > SPAN_OF_CONTROL)
		snprintf(title, 64, "Responders: %zu report to IC, over %d", direct, SPAN_OF_CONTROL);
	return title;
}

static void draw_top(struct ui *ui, const struct layout *l)
{
	bool left = l->pane[PANE_TIMELINE].rows > 0;
	struct row r = ROW_INIT;
	char title[64];

	row_add(&r, STYLE_BORDER, glyph(G_TL));
	if (left)
		add_title(&r, main_title(ui), is_focus(ui, PANE_TIMELINE), l->divider > 0 ? l->divider : l->cols);
	if (l->divider > 0) {
		row_fill(&r, STYLE_BORDER, glyph(G_H), l->divider);
		row_add(&r, STYLE_BORDER, glyph(G_TT));
	}
	if (l->pane[PANE_RESPONDERS].rows)
		add_title(&r, responders_title(ui, title), is_focus(ui, PANE_RESPONDERS), l->cols);
	row_fill(&r, STYLE_BORDER, glyph(G_H), l->cols - 1);
	row_add(&r, STYLE_BORDER, glyph(G_TR));
	term_put(ui->term, 0, l->frame.y, 0, l->cols, &r);
	row_free(&r);
}

static void draw_split(struct ui *ui, const struct layout *l)
{
	int x = l->divider > 0 ? l->divider : 0;
	struct row r = ROW_INIT;

	row_add(&r, STYLE_BORDER, glyph(G_LT));
	add_title(&r, "Action items", is_focus(ui, PANE_ACTIONS), l->cols - x);
	row_fill(&r, STYLE_BORDER, glyph(G_H), l->cols - x - 1);
	row_add(&r, STYLE_BORDER, glyph(G_RT));
	term_put(ui->term, 1, l->split, x, l->cols - x, &r);
	row_free(&r);
}

/* The timeline's lower edge says how much there is that is not seen. */
static void draw_bottom(struct ui *ui, const struct layout *l)
{
	const struct timeline *t = &ui->timeline;
	struct row r = ROW_INIT;
	char said[48] = "";
	int edge = l->divider > 0 ? l->divider : l->cols - 1;

	row_add(&r, STYLE_BORDER, glyph(G_BL));
	if (l->pane[PANE_TIMELINE].rows && !is_page(ui) && ui->state.have && t->lines && !t->at_bottom)
		snprintf(said, sizeof said, " more below %s ", glyph(G_DOWN));
	if (*said && t->below)
		snprintf(said, sizeof said, " %zu new below %s ", t->below, glyph(G_DOWN));
	if (*said && edge > 30) {
		row_fill(&r, STYLE_BORDER, glyph(G_H), edge - 20);
		row_add(&r, t->below ? STYLE_WARN : STYLE_DIM, said);
	}
	if (l->divider > 0) {
		row_fill(&r, STYLE_BORDER, glyph(G_H), l->divider);
		row_add(&r, STYLE_BORDER, glyph(G_BT));
	}
	row_fill(&r, STYLE_BORDER, glyph(G_H), l->cols - 1);
	row_add(&r, STYLE_BORDER, glyph(G_BR));
	term_put(ui->term, 0, l->frame.y + l->frame.rows - 1, 0, l->cols, &r);
	row_free(&r);
}

static void draw_frames(struct ui *ui)
{
	const struct layout *l = &ui->layout;
	int y = l->frame.y + 1, rows = l->frame.rows - 2;

	if (!l->boxed)
		return;
	if (ui->dirty & DIRTY_LAYOUT) {
		term_vline(ui->term, y, 0, rows);
		term_vline(ui->term, y, l->cols - 1, rows);
		if (l->divider > 0)
			term_vline(ui->term, y, l->divider, rows);
	}
	draw_top(ui, l);
	if (l->split > 0)
		draw_split(ui, l);
	draw_bottom(ui, l);
}

/* ---- footer ---- */

static bool refusing(const struct ui *ui)
{
	return ui->question.text || (ui->message.len && ui->message_style == STYLE_BAD);
}

/* What was saved last, or is not yet; a refusal is about the line in the composer, and stands alone. */
static void add_state(struct row *r, const struct ui *ui)
{
	size_t pending = jobs_pending(ui);

	if (refusing(ui) && !pending)
		return;
	if (pending)
		row_add(r, STYLE_PENDING, "pending");
	else if (*ui->saved)
		row_addf(r, STYLE_GOOD, "saved %s %s", glyph(G_DOT), ui->saved);
	if (pending > 1)
		row_addf(r, STYLE_PENDING, " %s %zu lines", glyph(G_DOT), pending);
	if (ui->quit && pending)
		row_addf(r, STYLE_WARN, " %s leaving when they are saved", glyph(G_DOT));
	if (ui->state.store && store_newer(ui->state.store))
		row_addf(r, STYLE_WARN, "%sread only: written by a newer tplus", r->cols ? " " : "");
}

/* What to press next, by where one is. */
static const char *hint(const struct ui *ui)
{
	if (ui->page.open)
		return ui->page.typing ? "Enter keeps  Esc shows all" : str_eq(ui->page.title, "Help") ? "/ search  Esc closes" : "Esc closes";
	if (ui->scene == SCENE_LIST && ui->focus != PANE_COMPOSER && ui->layout.cols >= 60)
		return ui->list.form.open || ui->list.typing ? "F1 help" : "n new  / filter  F1 help";
	return "F1 help";
}

static void add_right(struct row *r, const struct ui *ui)
{
	clocks_footer(ui, r);
	if (ui->clock.test)
		row_addf(r, STYLE_WARN, "test clock%s", ui->layout.cols >= 40 ? "  " : "");
	if (ui->layout.cols >= 40 && !refusing(ui)) /* the row belongs to the reason */
		row_add(r, STYLE_DIM, hint(ui));
}

/* The message or the question, sanitised; it may take several rows. */
static enum style said(const struct ui *ui, struct str *out)
{
	const char *s = ui->question.text ? ui->question.text : ui->message.s;

	san_text(out, s, strlen(s), SAN_TERMINAL);
	return ui->question.text ? STYLE_WARN : ui->message_style;
}

static int footer_rows(const struct ui *ui)
{
	struct str s = STR_INIT;
	struct row state = ROW_INIT, right = ROW_INIT;
	int cols, rows = 1;
	size_t at = 0;

	said(ui, &s);
	add_state(&state, ui);
	add_right(&right, ui);
	cols = ui->layout.cols - 2;
	if (s.len && cols > 0 && width_text(s.s, s.len) + state.cols + 3 + right.cols + 2 > cols) {
		for (rows = 0; at < s.len; rows++)
			at += width_wrap(s.s + at, s.len - at, cols);
		rows += state.cols || right.cols ? 1 : 0;
	}
	row_free(&state);
	row_free(&right);
	str_free(&s);
	return rows;
}

/* A long message has the rows above the last one to itself. */
static void draw_message(struct ui *ui, const struct layout *l)
{
	struct str s = STR_INIT;
	enum style style = said(ui, &s);
	size_t at = 0;

	for (int i = 0; i < l->footer.rows - 1; i++) {
		size_t n = i == l->footer.rows - 2 ? s.len - at : width_wrap(s.s + at, s.len - at, l->cols - 2);
		struct row r = ROW_INIT;
		struct str line = STR_INIT;

		row_add(&r, STYLE_NORMAL, " ");
		width_cut(&line, s.s + at, n, l->cols - 2);
		row_add(&r, style, line.s);
		str_free(&line);
		term_put(ui->term, 0, l->footer.y + i, 0, l->cols, &r);
		row_free(&r);
		at += n;
	}
	str_free(&s);
}

static void draw_footer(struct ui *ui)
{
	const struct layout *l = &ui->layout;
	struct row r = ROW_INIT, right = ROW_INIT, meaning = ROW_INIT;
	int room;

	if (l->footer.rows > 1)
		draw_message(ui, l);
	add_right(&right, ui);
	row_add(&r, STYLE_NORMAL, " ");
	add_state(&r, ui);
	if (l->footer.rows == 1 && (ui->message.len || ui->question.text)) {
		if (r.cols > 1)
			row_addf(&r, STYLE_DIM, " %s ", glyph(G_DOT));
		row_text(&r, ui->question.text ? STYLE_WARN : ui->message_style, ui->question.text ? ui->question.text : ui->message.s,
			l->cols - right.cols - 3 - r.cols);
	}
	room = l->cols - r.cols - right.cols - 5;
	if (room >= 4 && !refusing(ui))
		composer_meaning(ui, &meaning, room);
	row_to(&r, STYLE_NORMAL, l->cols - right.cols - 1 - (meaning.cols ? meaning.cols + 3 : 0));
	row_append(&r, &meaning);
	row_to(&r, STYLE_NORMAL, l->cols - right.cols - 1);
	row_append(&r, &right);
	term_put(ui->term, 0, l->footer.y + l->footer.rows - 1, 0, l->cols, &r);
	row_free(&r);
	row_free(&right);
	row_free(&meaning);
}

/* ---- all of it ---- */

static void place(struct ui *ui)
{
	struct layout l;
	int rows, cols;
	struct layout_wish w = { ui->focus, 1, 1, header_has_budget(ui), is_page(ui) };

	term_size(ui->term, &rows, &cols);
	ui->layout.cols = cols; /* the composer's width depends on it */
	w.composer_rows = composer_rows(ui);
	w.footer_rows = footer_rows(ui);
	layout_compute(&l, rows, cols, &w);
	/* layout_compute clears the padding too. */
	if (memcmp(&l, &ui->layout, sizeof l) == 0 && !(ui->dirty & DIRTY_LAYOUT)) /* NOLINT(bugprone-suspicious-memory-comparison) */
		return;
	ui->layout = l;
	ui->dirty = DIRTY_ALL;
	term_clear(ui->term);
}

static void set_title(struct ui *ui)
{
	const struct incident *i = &ui->state.facts.incident;
	char *text;

	if (!ui->config.title)
		return;
	text = ui->state.have ? str_fmt("%s %s %s", i->shown_id, status_name(i->ms.status), i->title) : str_fmt("tplus");
	term_title(ui->term, text);
	free(text);
}

static void draw_small(struct ui *ui)
{
	struct row r = ROW_INIT;

	term_cursor(ui->term, -1, 0);
	row_text(&r, STYLE_BOLD, "too small", ui->layout.cols);
	term_put(ui->term, 0, 0, 0, ui->layout.cols, &r);
	row_free(&r);
}

static void draw_panes(struct ui *ui)
{
	if (ui->page.open) {
		if (ui->page.clocks && (ui->dirty & (DIRTY_TEXT | DIRTY_LAYOUT | DIRTY_HEADER)))
			clocks_draw(ui);
		else if (ui->dirty & (DIRTY_TEXT | DIRTY_LAYOUT))
			page_draw(ui);
		return;
	}
	if (ui->scene == SCENE_LIST) {
		if (ui->dirty & DIRTY_TIMELINE)
			list_draw(ui);
		return;
	}
	if (ui->dirty & DIRTY_TIMELINE)
		timeline_draw(ui);
	if (ui->dirty & DIRTY_SIDE) {
		responders_draw(ui);
		actions_draw(ui);
	}
}

void screen_draw(struct ui *ui)
{
	if (ui->gone || (!ui->dirty && !term_backlog(ui->term)))
		return;
	/* First what is still to be written: were it drained after the question nobody would come back to draw. */
	if (ui->dirty && (!term_backlog(ui->term) || term_drain(ui->term))) {
		place(ui);
		if (ui->layout.too_small) {
			draw_small(ui);
		} else {
			if (ui->dirty & DIRTY_HEADER) {
				header_draw(ui);
				set_title(ui);
			}
			draw_panes(ui);
			if (ui->dirty & (DIRTY_LAYOUT | DIRTY_TIMELINE))
				draw_frames(ui);
			if (ui->dirty & DIRTY_COMPOSER)
				composer_draw(ui);
			if (ui->dirty & (DIRTY_COMPOSER | DIRTY_TIMELINE))
				timeline_cursor(ui);
			list_cursor(ui);
			page_cursor(ui);
			if (ui->dirty & (DIRTY_FOOTER | DIRTY_COMPOSER))
				draw_footer(ui);
			menu_draw(ui);
		}
		ui->dirty = 0;
	}
	loop_want_write(ui->loop, !term_flush(ui->term));
	if (term_lost(ui->term))
		ui->gone = true;
}
