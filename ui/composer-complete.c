/* composer-complete.c - Tab in the composer: what there is to offer, going through it, and the menu above the line. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "text/template.h"
#include "ui/complete.h"
#include "ui/ui.h"

enum { EVENTS = 20, MENU_ROWS = 8, WORD = 32, ABOUT = 46 };

/* ---- what there is ---- */

/* The latest lines that are in memory, the newest first. */
static void add_events(const struct ui *ui, struct candidates *out)
{
	const struct events *w = &ui->timeline.window;
	struct str about = STR_INIT;
	char id[33];

	for (size_t i = 0; i < w->n && i < EVENTS && ui->state.store; i++) {
		const struct event *e = &w->v[w->n - 1 - i];

		str_reset(&about);
		when_fmt_clock(&about, e->occurred_at, ui->state.facts.zone);
		str_addf(&about, " %s%s%s", e->milestone != MS_NONE ? milestone_short(e->milestone) : "", e->milestone != MS_NONE ? " " : "", e->text ? e->text : "");
		q_short_id(ui->state.store, e->entity, id);
		candidates_add(out, id, about.s);
	}
	str_free(&about);
}

static bool open_action(const struct action *a)
{
	return !str_eq(a->status, "done") && !str_eq(a->status, "dropped");
}

static void add_numbered(const struct ui *ui, struct vocabulary *v)
{
	const struct facts *f = &ui->state.facts;
	struct hypotheses h = { 0 };

	for (int open = 1; open >= 0; open--) {
		for (size_t i = 0; i < f->actions.n; i++) {
			if (open_action(&f->actions.v[i]) == open)
				candidates_add(&v->actions, f->actions.v[i].number, f->actions.v[i].text);
		}
	}
	for (size_t i = 0; i < f->clocks.asks.n; i++) {
		const struct ask *a = &f->clocks.asks.v[i];

		if (str_eq(a->status, "open"))
			candidates_add(&v->asks, a->number, a->text);
	}
	if (q_hypotheses(ui->state.store, ui->state.incident, &h, NULL) == ST_OK) {
		for (size_t i = 0; i < h.n; i++)
			candidates_add(&v->hypotheses, h.v[i].number, h.v[i].text);
	}
	hypotheses_free(&h);
}

static void add_templates(const struct ui *ui, struct candidates *out)
{
	struct templates l = { 0 };

	if (template_list(ui->worker.config_dir, &l, NULL) == ST_OK) {
		for (size_t i = 0; i < l.n; i++)
			candidates_add(out, l.v[i].name, l.v[i].path);
	}
	templates_free(&l);
}

static void gather(const struct ui *ui, struct vocabulary *v)
{
	*v = (struct vocabulary){ 0 };
	for (size_t i = 0; i < ui->state.people_n; i++)
		candidates_add(&v->people, ui->state.people[i], NULL);
	for (size_t i = 0; i < ui->state.all.n; i++)
		candidates_add(&v->incidents, ui->state.all.v[i].shown_id, ui->state.all.v[i].title);
	add_templates(ui, &v->templates);
	if (!ui->state.have || !ui->state.store)
		return;
	add_events(ui, &v->events);
	add_numbered(ui, v);
}

static bool find(const struct ui *ui, struct completion *c)
{
	struct vocabulary v;
	bool any;

	gather(ui, &v);
	any = complete_find(c, ui->edit.text.s, ui->edit.cur, &v);
	vocabulary_free(&v);
	return any;
}

/* ---- going through it ---- */

void composer_complete_end(struct ui *ui)
{
	if (!ui->completion)
		return;
	complete_free(ui->completion);
	free(ui->completion);
	ui->completion = NULL;
	ui->dirty |= DIRTY_ALL; /* what the menu covered */
}

/* An empty word is completed only within a verb: elsewhere Tab goes to the next pane. */
bool composer_completes(const struct ui *ui)
{
	const struct edit *e = &ui->edit;
	struct completion c;
	bool any;

	if (ui->completion)
		return true;
	if (!e->cur || ((e->text.s[e->cur - 1] == ' ' || e->text.s[e->cur - 1] == '\n') && e->text.s[0] != '/'))
		return false;
	any = find(ui, &c);
	complete_free(&c);
	return any;
}

static void put_word(struct ui *ui, const char *word, size_t n, bool whole)
{
	struct completion *c = ui->completion;
	struct str s = STR_INIT;

	str_add(&s, word, n);
	if (whole && n && word[n - 1] != ':' && (c->to >= ui->edit.text.len || ui->edit.text.s[c->to] != ' '))
		str_addc(&s, ' ');
	edit_replace(&ui->edit, c->from, c->to, s.s);
	c->to = c->from + s.len;
	str_free(&s);
	composer_changed(ui);
}

static bool begin(struct ui *ui)
{
	struct completion *c = ui->completion = xcalloc(1, sizeof *c);
	const struct candidates *l = &c->offer;
	size_t common;

	if (!find(ui, c)) {
		composer_complete_end(ui);
		return true;
	}
	common = complete_common(c);
	if (l->n == 1) {
		put_word(ui, l->v[0].word, strlen(l->v[0].word), true);
		composer_complete_end(ui);
		return true;
	}
	ui->dirty |= DIRTY_FOOTER;
	if (common <= c->to - c->from)
		return c->to == c->from; /* nothing typed yet: the menu alone */
	put_word(ui, l->v[0].word, common, false);
	return true;
}

/* One candidate is taken; of several first what they have in common, then one after the other. */
void composer_complete(struct ui *ui, int step)
{
	struct completion *c;
	size_t n;

	if (!ui->completion && begin(ui))
		return;
	c = ui->completion;
	n = c->offer.n;
	c->at = c->at >= n ? (step > 0 ? 0 : n - 1) : (c->at + (step > 0 ? 1 : n - 1)) % n;
	put_word(ui, c->offer.v[c->at].word, strlen(c->offer.v[c->at].word), true);
}

void composer_complete_undo(struct ui *ui)
{
	if (!ui->completion)
		return;
	put_word(ui, ui->completion->typed, strlen(ui->completion->typed), false);
	composer_complete_end(ui);
}

/* ---- the menu ---- */

/* The widest, as it is shown, of at most max columns. */
static int widest(const struct candidates *l, bool about, int max)
{
	struct row r = ROW_INIT;
	int most = 0;

	for (size_t i = 0; i < l->n; i++) {
		row_reset(&r);
		row_text(&r, STYLE_NORMAL, about ? l->v[i].about : l->v[i].word, max);
		most = r.cols > most ? r.cols : most;
	}
	row_free(&r);
	return most;
}

bool menu_shown(const struct ui *ui)
{
	return ui->completion && ui->layout.boxed;
}

void menu_draw(struct ui *ui)
{
	const struct completion *c = ui->completion;
	const struct rect p = ui->layout.pane[PANE_COMPOSER];
	int n, rows, top, x, wide, about;
	struct row r = ROW_INIT;

	if (!menu_shown(ui))
		return;
	n = (int)c->offer.n;
	rows = ui->layout.frame.rows - 2 < MENU_ROWS ? ui->layout.frame.rows - 2 : MENU_ROWS;
	rows = n < rows ? n : rows;
	top = layout_scroll(c->at < c->offer.n ? (int)c->at - rows / 2 : 0, -1, 0, n, rows);
	wide = widest(&c->offer, false, WORD);
	about = widest(&c->offer, true, ABOUT);
	about += about ? 2 : 0;
	x = composer_column(ui, c->from) - 1;
	if (x + wide + about + 2 > p.cols)
		x = p.cols - wide - about - 2 > 0 ? p.cols - wide - about - 2 : 0;
	for (int i = 0; i < rows; i++) {
		const struct candidate *o = &c->offer.v[top + i];
		bool here = (size_t)(top + i) == c->at;

		row_reset(&r);
		row_add(&r, STYLE_SELECT, here ? glyph(G_FOLD) : " ");
		row_cell(&r, STYLE_SELECT, o->word, wide);
		row_add(&r, STYLE_SELECT, o->about ? "  " : "");
		row_text(&r, STYLE_SELECT, o->about, about - 2);
		row_to(&r, STYLE_SELECT, wide + about + 2);
		if (here)
			row_restyle(&r, STYLE_FOCUS);
		term_put(ui->term, 2, p.y - rows + i, x, wide + about + 2, &r);
	}
	row_free(&r);
}
