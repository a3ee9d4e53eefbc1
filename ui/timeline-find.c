/* timeline-find.c - the timeline's own line: a filter as it is typed, and going to a time. What a filter reads: timeline-scan.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/timeline.h"

bool find_shown(const struct timeline *t)
{
	return t->find.on || t->find.typing;
}

bool timeline_typing(const struct ui *ui)
{
	return ui->scene == SCENE_LIVE && ui->focus == PANE_TIMELINE && ui->timeline.find.typing;
}

void find_free(struct finder *f)
{
	for (int i = 0; i < FIND_COUNT; i++)
		edit_free(&f->edit[i]);
	filter_free(&f->filter);
}

/* ---- the line ---- */

void find_begin(struct ui *ui, enum find what)
{
	struct timeline *t = &ui->timeline;
	struct finder *f = &t->find;

	f->typing = what;
	if (what == FIND_TIME)
		edit_clear(&f->edit[what]);
	if (!f->on) {
		f->was_follow = t->follow;
		f->was_top = t->top;
	}
	if (what == FIND_FILTER)
		t->selecting = false;
	str_reset(&ui->message);
	ui->dirty |= DIRTY_TIMELINE | DIRTY_COMPOSER;
}

static void apply(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	struct finder *f = &t->find;
	bool was = f->on;

	filter_parse(&f->filter, f->edit[FIND_FILTER].text.s);
	f->on = f->filter.n > 0;
	t->follow = f->was_follow;
	t->top = f->was_top;
	t->skip = 0;
	if (f->on)
		find_restart(ui);
	else if (was)
		ui->stale |= !timeline_load(ui);
	ui->dirty |= DIRTY_TIMELINE;
}

bool find_clear(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	struct finder *f = &t->find;
	int i = timeline_index(t, t->selected);
	struct event_key k = i >= 0 ? event_key_of(&t->window.v[i]) : event_key_last;
	bool at_line = t->selecting && i >= 0, was = f->on;

	if (!find_shown(t))
		return false;
	f->typing = FIND_NOTHING;
	f->on = false;
	filter_free(&f->filter);
	edit_clear(&f->edit[FIND_FILTER]);
	loop_idle(ui->loop, false);
	if (was && at_line) /* among the others, where it was found */
		timeline_show(ui, k);
	else if (was)
		ui->stale |= !timeline_load(ui);
	ui->dirty |= DIRTY_TIMELINE | DIRTY_COMPOSER;
	return true;
}

/* T+12:34, T+1:02:03 as the second column shows it, T+12m. */
static bool parse_tplus(const char *s, usec began, usec *at)
{
	int part[3] = { 0 }, n = 0, used = 0;
	usec d = 0, sign;

	if ((s[0] != 'T' && s[0] != 't') || (s[1] != '+' && s[1] != '-'))
		return false;
	sign = s[1] == '-' ? -1 : 1;
	s += 2;
	n = sscanf(s, "%6d:%2d%n:%2d%n", &part[0], &part[1], &used, &part[2], &used);
	if (n >= 2 && !s[used] && part[0] >= 0 && part[1] >= 0 && part[2] >= 0)
		d = n == 2 ? part[0] * USEC_MIN + part[1] * USEC_SEC : part[0] * USEC_HOUR + part[1] * USEC_MIN + part[2] * USEC_SEC;
	else if (dur_parse(s, &d, NULL) != ST_OK)
		return false;
	*at = began + sign * d;
	return true;
}

static bool parse_time(struct ui *ui, const char *s, usec *at)
{
	/* A bare clock time is the latest one before the incident's end, whatever the day it is read on. */
	struct when_ctx w = { .now = ui->now, .zone = ui->state.facts.zone, .prev = USEC_NONE, .last = USEC_NONE };
	struct when when;
	struct err err = { 0 };
	bool clock_only = strpbrk(s, ":") && !strchr(s, '-') && !strchr(s, ' ');

	if (parse_tplus(s, state_began(&ui->state.facts), at))
		return true;
	if (clock_only && ui->state.facts.last_at != USEC_NONE && ui->state.facts.last_at < ui->now)
		w.now = ui->state.facts.last_at;
	if (when_parse(s, strlen(s), &w, &when, &err) == ST_OK && when.form != WHEN_NOTHING && when.used == strlen(s)) {
		*at = when.at;
		return true;
	}
	ui_say(ui, STYLE_BAD, "%s", err.text[0] ? err.text : "that is no time: 14:05, 2026-02-05 14:05, -10m or T+12:30");
	return false;
}

static void go(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	struct finder *f = &t->find;
	usec at;

	if (f->edit[FIND_TIME].text.len && !parse_time(ui, f->edit[FIND_TIME].text.s, &at))
		return; /* it stays, to be mended */
	f->typing = FIND_NOTHING;
	ui->dirty |= DIRTY_TIMELINE | DIRTY_COMPOSER | DIRTY_FOOTER;
	if (!f->edit[FIND_TIME].text.len)
		return;
	str_reset(&ui->message);
	t->selecting = true;
	t->selected = (struct event_key){ at, INT64_MIN, INT64_MIN };
	if (f->on) {
		t->follow = false;
		t->top = t->selected;
		t->skip = 0;
		find_restart(ui);
	} else {
		timeline_show(ui, t->selected);
	}
	if (ui->state.facts.last_at != USEC_NONE && at > ui->state.facts.last_at)
		ui_say(ui, STYLE_NORMAL, "that is after the last line");
}

static void done(struct ui *ui)
{
	struct timeline *t = &ui->timeline;

	if (t->find.typing == FIND_TIME) {
		go(ui);
		return;
	}
	t->find.typing = FIND_NOTHING;
	ui->dirty |= DIRTY_TIMELINE | DIRTY_COMPOSER;
	timeline_focus(ui);
}

static const struct { enum act act; void (*edit)(struct edit *e); } edits[] = {
	{ ACT_LEFT, edit_left }, { ACT_RIGHT, edit_right }, { ACT_LINE_START, edit_line_start }, { ACT_LINE_END, edit_line_end },
	{ ACT_BACKSPACE, edit_backspace }, { ACT_DELETE, edit_delete }, { ACT_KILL_WORD, edit_kill_word }, { ACT_KILL_START, edit_kill_start },
};

static bool typed(struct ui *ui, enum act a, const struct key *k)
{
	struct edit *e = &ui->timeline.find.edit[ui->timeline.find.typing];

	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		if (edits[i].act == a) {
			edits[i].edit(e);
			return true;
		}
	}
	if (k->code == K_PASTE)
		edit_insert(e, k->text, strcspn(k->text, "\n"), ui->now);
	else if (key_is_text(k))
		edit_insert(e, k->bytes, k->n, ui->now);
	else
		return false;
	return true;
}

bool timeline_find_key(struct ui *ui, enum act a, const struct key *k)
{
	struct finder *f = &ui->timeline.find;
	enum find what = f->typing;

	switch (a) {
	case ACT_SUBMIT: done(ui); return true;
	case ACT_BACK:
		if (what == FIND_FILTER) {
			ui->timeline.follow = f->was_follow;
			ui->timeline.top = f->was_top;
			find_clear(ui);
			timeline_focus(ui);
		}
		f->typing = FIND_NOTHING;
		str_reset(&ui->message);
		ui->dirty |= DIRTY_TIMELINE | DIRTY_COMPOSER | DIRTY_FOOTER;
		return true;
	case ACT_UP:
	case ACT_DOWN:
	case ACT_PAGE_UP:
	case ACT_PAGE_DOWN:
		f->typing = FIND_NOTHING;
		timeline_focus(ui);
		timeline_move(ui, a);
		ui->dirty |= DIRTY_TIMELINE | DIRTY_COMPOSER;
		return true;
	default: break;
	}
	if (!typed(ui, a, k))
		return false;
	if (what == FIND_FILTER)
		apply(ui);
	ui->dirty |= DIRTY_TIMELINE;
	return true;
}

/* ---- drawing ---- */

static const char *const labels[FIND_COUNT] = { [FIND_NOTHING] = " filter ", [FIND_FILTER] = " filter ", [FIND_TIME] = " go to " };

static int label_cols(const struct ui *ui, enum find what)
{
	return ui->layout.pane[PANE_TIMELINE].cols < 40 ? 1 : (int)strlen(labels[what]) + 2;
}

/* What is known of how many match: never more than was looked at. */
static void add_count(struct row *r, const struct ui *ui)
{
	const struct timeline *t = &ui->timeline;
	const struct finder *f = &t->find;
	enum need what = find_need(ui);
	bool all = t->at_start && t->at_end && !f->again;
	struct str s = STR_INIT;

	if (what == NEED_BACK || what == NEED_ON) {
		struct event_key k = what == NEED_BACK ? f->lo : f->hi;

		str_addf(&s, "%zu so far, reading %s", t->window.n, what == NEED_BACK ? "back " : "on ");
		if (k.at != INT64_MAX && k.at != INT64_MIN) {
			when_fmt_date(&s, k.at, ui->state.facts.zone);
			str_addc(&s, ' ');
			when_fmt_clock(&s, k.at, ui->state.facts.zone);
		}
	} else {
		str_addf(&s, "%zu%s line%s", t->window.n, all ? "" : "+", t->window.n == 1 && all ? "" : "s");
	}
	row_add(r, STYLE_DIM, s.s);
	str_free(&s);
}

void find_draw(struct ui *ui, struct rect p)
{
	struct timeline *t = &ui->timeline;
	enum find what = t->find.typing ? t->find.typing : FIND_FILTER;
	struct row r = ROW_INIT, count = ROW_INIT;
	struct str cells = STR_INIT;
	struct edit_view v;
	int label = label_cols(ui, what);

	if (t->find.on && what == FIND_FILTER)
		add_count(&count, ui);
	else if (p.cols >= 60)
		row_add(&count, STYLE_DIM, what == FIND_TIME ? "14:05  2026-02-05 14:05  -10m  T+12:30" : "words  @name  kind:milestone");
	edit_view(&t->find.edit[what], p.cols - label - 1, 1, &v);
	if (label > 1)
		row_add(&r, STYLE_MARK, labels[what]);
	row_add(&r, t->find.typing ? STYLE_BOLD : STYLE_DIM, glyph(G_PROMPT));
	row_to(&r, STYLE_NORMAL, label);
	for (size_t at = v.lines ? v.line[0].from : 0, n; v.lines && at < v.line[0].to; at += n) {
		n = cluster_next(t->find.edit[what].text.s + at, v.line[0].to - at);
		edit_cluster(&cells, t->find.edit[what].text.s + at, n);
	}
	row_add(&r, t->find.typing ? STYLE_NORMAL : STYLE_BOLD, cells.s);
	if (r.cols + count.cols + 3 <= p.cols) {
		row_to(&r, STYLE_NORMAL, p.cols - count.cols - 1);
		row_append(&r, &count);
	}
	term_put(ui->term, 0, p.y, p.x, p.cols, &r);
	row_free(&r);
	row_free(&count);
	str_free(&cells);
}

void timeline_cursor(struct ui *ui)
{
	struct rect p = ui->layout.pane[PANE_TIMELINE];
	enum find what = ui->timeline.find.typing;
	struct edit_view v;

	if (!timeline_typing(ui) || ui->page.open || !p.rows)
		return;
	edit_view(&ui->timeline.find.edit[what], p.cols - label_cols(ui, what) - 1, 1, &v);
	term_cursor(ui->term, p.y, p.x + label_cols(ui, what) + v.cur_col);
}
