/* composer.c - the line being written: keys, Enter, the draft that survives a crash. Tab: composer-complete.c; what the line means: meaning.c. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/ui.h"
#include "verb/verb.h"

#define DRAFT_AFTER (USEC_SEC / 2)

static int prompt_cols(const struct ui *ui)
{
	return ui->layout.cols >= 40 ? 12 : 2; /* " 14:37:31 › " or "› " */
}

static int text_cols(const struct ui *ui)
{
	return ui->layout.cols - prompt_cols(ui) - 1;
}

/* ---- the stamp and the draft ---- */

void composer_changed(struct ui *ui)
{
	if (ui->draft_due == USEC_NONE)
		ui->draft_due = ui->now + DRAFT_AFTER;
	if (!ui->edit.text.len && !ui->returned)
		str_reset(&ui->message);
	ui->dirty |= DIRTY_COMPOSER | DIRTY_FOOTER;
}

static char *draft_key(const struct ui *ui)
{
	char hex[33] = "none";

	if (ui->state.have)
		str_hex(hex, ui->state.incident.b, 16);
	return str_fmt("draft/%s/%s", hex, ui->author);
}

/* Stored with its stamp: it is older than the crash. */
void composer_draft_save(struct ui *ui, bool now)
{
	static const struct edit none = EDIT_INIT;
	const struct edit *e = ui->has_kept ? &ui->kept : ui->borrowed ? &none : &ui->edit;
	struct str value = STR_INIT;
	char *key;

	if (ui->draft_due == USEC_NONE || (!now && ui->now < ui->draft_due && ui->draft_due - ui->now <= DRAFT_AFTER))
		return;
	if (!ui->state.store || (!now && (ui->running || ui->jobs)))
		return;
	ui->draft_due = USEC_NONE;
	if (e->text.len && strlen(e->text.s) == e->text.len)
		str_addf(&value, "%lld %s", (long long)e->stamp, e->text.s);
	if (strcmp(value.s, ui->draft.s) != 0) {
		key = draft_key(ui);
		job_draft(ui, key, value.len ? value.s : NULL);
		free(key);
		str_free(&ui->draft);
		ui->draft = value;
	} else {
		str_free(&value);
	}
}

void composer_draft_load(struct ui *ui)
{
	char *key = draft_key(ui), *value = ui->state.store ? local_get(ui->state.store, key) : NULL, *text;
	long long stamp = value ? strtoll(value, &text, 10) : 0;

	str_reset(&ui->draft);
	if (value && *text == ' ' && !ui->edit.text.len) {
		str_adds(&ui->draft, value);
		edit_set(&ui->edit, text + 1, (usec)stamp);
		ui_say(ui, STYLE_NORMAL, "the line you were writing is back");
		ui->dirty |= DIRTY_LAYOUT;
	}
	free(value);
	free(key);
}

/* ---- lines from elsewhere ---- */

void composer_put(struct ui *ui, const char *text, size_t cur_from_end)
{
	if (ui->edit.text.len && !ui->has_kept) {
		ui->kept = ui->edit;
		ui->has_kept = true;
		ui->edit = (struct edit)EDIT_INIT;
		ui->edit.past = ui->kept.past; /* recall stays with what is on the screen */
		ui->edit.pasts = ui->edit.at = ui->kept.pasts;
		ui->edit.cap = ui->kept.cap;
		ui->kept.past = NULL;
		ui->kept.pasts = ui->kept.cap = ui->kept.at = 0;
	}
	edit_set(&ui->edit, text, ui->now);
	ui->edit.cur -= cur_from_end;
	ui->borrowed = true;
	ui_focus(ui, PANE_COMPOSER);
	composer_changed(ui);
}

static void restore_kept(struct ui *ui)
{
	ui->borrowed = false;
	if (!ui->has_kept)
		return;
	edit_set(&ui->edit, ui->kept.text.s, ui->kept.stamp);
	ui->edit.cur = ui->kept.cur;
	edit_free(&ui->kept);
	ui->has_kept = false;
	composer_changed(ui);
}

/* A refused line: back into the composer, or, while something else is being written or another incident is shown, behind Up. */
void composer_give_back(struct ui *ui, struct job *j)
{
	if (j->borrowed && ui->keys == j->keys && job_is_here(ui, j)) { /* nothing was typed meanwhile: as it was before Enter */
		composer_put(ui, j->text, 0);
		ui_say(ui, STYLE_BAD, "%s", j->err.text);
	} else if (!ui->edit.text.len && job_is_here(ui, j)) {
		edit_set(&ui->edit, j->text, j->stamp);
		ui->borrowed = j->borrowed;
		ui_say(ui, STYLE_BAD, "%s", j->err.text);
		ui_focus(ui, PANE_COMPOSER);
	} else {
		edit_remember(&ui->edit, j->text);
		ui_say(ui, STYLE_BAD, "not saved: \"%.40s\": %s (Up brings it back)", j->text, j->err.text);
	}
	composer_changed(ui);
}

/* ---- Enter ---- */

static bool answer_time(struct ui *ui, const struct key *k)
{
	struct question *q = &ui->question;
	struct str t = STR_INIT;

	if (k->code != '1' && k->code != '2')
		return false;
	when_fmt_rfc3339(&t, q->at[k->code - '1']);
	edit_replace(&ui->edit, q->from, q->to, t.s);
	str_free(&t);
	composer_changed(ui);
	composer_key(ui, ACT_SUBMIT, NULL);
	return true;
}

/* Where the ambiguous time stands: the first word that reads as one. */
static bool find_time(const struct ui *ui, const struct when_ctx *w, size_t *from, size_t *to)
{
	const char *s = ui->edit.text.s;

	for (size_t at = 0; at < ui->edit.text.len && s[at] != '\n'; at++) {
		struct when t;

		if (at && s[at - 1] != ' ')
			continue;
		if (when_parse(s + at, ui->edit.text.len - at, w, &t, NULL) == ST_OK && t.form != WHEN_NOTHING && t.fit != ZONE_ONCE) {
			*from = at;
			*to = at + t.used;
			return true;
		}
	}
	return false;
}

static void ask_time(struct ui *ui, const struct line *l, const struct when_ctx *w)
{
	struct question *q = &ui->question;
	struct str s = STR_INIT;

	if (!find_time(ui, w, &q->from, &q->to))
		return;
	q->at[0] = l->when.at;
	q->at[1] = l->when.other != USEC_NONE ? l->when.other : l->when.at;
	str_adds(&s, l->when.fit == ZONE_TWICE ? "that time comes twice: 1 " : "that time is skipped: 1 ");
	when_fmt_full(&s, q->at[0], w->zone);
	str_adds(&s, ", 2 ");
	when_fmt_full(&s, q->at[1], w->zone);
	free(q->text);
	q->text = str_take(&s);
	q->answer = answer_time;
	ui->dirty |= DIRTY_FOOTER;
}

const struct verb *composer_verb(const struct line *l, struct err *err)
{
	const struct verb *v = l->slash ? verb_find_prefix(l->verb, V_COMPOSER, err) : verb_find(l->verb);

	if (v && !(v->flags & V_COMPOSER) && strcmp(v->name, "help") != 0) {
		fail(err, ST_USAGE, "/%s works on the command line only: tplus %s", v->name, v->name);
		return NULL;
	}
	return v;
}

/* What can be refused without the store is refused before the line leaves the composer. */
static bool check_line(struct ui *ui, struct line *l)
{
	struct when_ctx w = state_when(&ui->state, ui->edit.stamp);
	struct err err = { 0 };
	const struct verb *v;

	if (line_parse(ui->edit.text.s, ui->edit.text.len, LINE_COMPOSER, &w, l, &err) != ST_OK) {
		ui_say(ui, STYLE_BAD, "%s", err.text);
		return false;
	}
	if (!l->verb)
		return false;
	v = composer_verb(l, &err);
	if (!v) {
		ui_say(ui, STYLE_BAD, "%s", err.text);
		return false;
	}
	if (!ui->state.have && (v->flags & V_INCIDENT)) {
		ui_say(ui, STYLE_BAD, "no incident is open: type /open TITLE first, or F4 for the list");
		return false;
	}
	if (l->when.form != WHEN_NOTHING && l->when.fit != ZONE_ONCE) {
		ask_time(ui, l, &w);
		return false;
	}
	return true;
}

/* What the screen does itself. */
static bool own_verb(struct ui *ui, const struct line *l)
{
	const struct verb *v = l->slash ? verb_find_prefix(l->verb, V_COMPOSER, NULL) : NULL;

	if (!v || strcmp(v->name, "help") != 0)
		return false;
	edit_clear(&ui->edit);
	composer_changed(ui);
	page_help(ui, CTX_COMPOSER);
	return true;
}

static void submit(struct ui *ui)
{
	struct line l = { 0 };
	usec stamp = ui->edit.stamp;
	char *text;
	size_t n = ui->edit.text.len;

	if (!n)
		return;
	if (check_line(ui, &l) && !own_verb(ui, &l)) {
		text = xmalloc(n + 1);
		memcpy(text, ui->edit.text.s, n + 1);
		edit_clear(&ui->edit);
		edit_remember(&ui->edit, text);
		job_line(ui, text, n, stamp, &l, false);
		free(text);
		ui->timeline.selecting = false;
		timeline_end(ui);
		restore_kept(ui);
		composer_changed(ui);
	}
	line_clear(&l);
}

/* ---- keys ---- */

static const struct { enum act act; void (*edit)(struct edit *e); } edits[] = {
	{ ACT_LEFT, edit_left }, { ACT_RIGHT, edit_right }, { ACT_WORD_LEFT, edit_word_left }, { ACT_WORD_RIGHT, edit_word_right },
	{ ACT_LINE_START, edit_line_start }, { ACT_LINE_END, edit_line_end }, { ACT_BACKSPACE, edit_backspace }, { ACT_DELETE, edit_delete },
	{ ACT_KILL_WORD, edit_kill_word }, { ACT_KILL_WORD_RIGHT, edit_kill_word_right }, { ACT_KILL_END, edit_kill_end },
	{ ACT_KILL_START, edit_kill_start },
};

static bool edit_action(struct ui *ui, enum act a)
{
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		if (edits[i].act == a) {
			edits[i].edit(&ui->edit);
			return true;
		}
	}
	switch (a) {
	case ACT_YANK: edit_yank(&ui->edit, ui->now); return true;
	case ACT_RECALL: edit_recall(&ui->edit, -1, ui->now); return true;
	case ACT_RECALL_BACK: edit_recall(&ui->edit, 1, ui->now); return true;
	case ACT_NEWLINE: edit_insert(&ui->edit, "\n", 1, ui->now); return true;
	default: return false;
	}
}

static void paste(struct ui *ui, const struct key *k)
{
	size_t n = k->text_n;

	if (!ui->edit.text.len) { /* empty lines around a paste are nobody's text */
		while (n && k->text[n - 1] == '\n')
			n--;
	}
	edit_insert(&ui->edit, k->text, n, ui->now);
}

bool composer_key(struct ui *ui, enum act a, const struct key *k)
{
	int rows = composer_rows(ui);

	if (a == ACT_LEAVE && ui->completion) {
		composer_complete_undo(ui);
		return true;
	}
	composer_complete_end(ui);
	if (a == ACT_SUBMIT) {
		submit(ui);
	} else if (a == ACT_LEAVE) {
		if (ui->borrowed) {
			edit_clear(&ui->edit);
			str_reset(&ui->message); /* it was about what has just been given up */
			restore_kept(ui);
			composer_changed(ui);
		}
		ui_focus(ui, PANE_TIMELINE);
	} else if (a == ACT_PAGE_UP || a == ACT_PAGE_DOWN) {
		timeline_scroll(ui, (a == ACT_PAGE_UP ? -1 : 1) * (ui->layout.pane[PANE_TIMELINE].rows - 1));
	} else if (edit_action(ui, a)) {
		composer_changed(ui);
	} else if (k && k->code == K_PASTE) {
		paste(ui, k);
		composer_changed(ui);
	} else if (k && key_is_text(k)) {
		edit_insert(&ui->edit, k->bytes, k->n, ui->now);
		composer_changed(ui);
	} else {
		return false;
	}
	if (composer_rows(ui) != rows)
		ui->dirty |= DIRTY_LAYOUT;
	return true;
}

/* ---- drawing ---- */

int composer_rows(const struct ui *ui)
{
	struct edit_view v;

	edit_view(&ui->edit, text_cols(ui), LAYOUT_COMPOSER_ROWS, &v);
	return v.lines;
}

static void add_prompt(struct row *r, const struct ui *ui, int line, const struct edit_view *v)
{
	int cols = prompt_cols(ui);
	struct str s = STR_INIT;

	if (line == 0 && cols > 2) {
		if (ui->edit.stamp != USEC_NONE)
			when_fmt_clock(&s, ui->edit.stamp, ui->state.have ? ui->state.facts.zone : ui->viewer);
		else
			str_adds(&s, "--:--:--");
		row_addf(r, ui->edit.stamp != USEC_NONE ? STYLE_NORMAL : STYLE_DIM, " %s ", s.s);
	}
	row_to(r, STYLE_NORMAL, cols - 2);
	if (line == 0)
		row_add(r, ui->focus == PANE_COMPOSER ? STYLE_BOLD : STYLE_DIM, v->more_before ? glyph(G_ELLIPSIS) : glyph(G_PROMPT));
	row_to(r, STYLE_NORMAL, cols);
	str_free(&s);
}

int composer_column(const struct ui *ui, size_t at)
{
	struct edit e = ui->edit;
	struct edit_view v;

	e.cur = at;
	edit_view(&e, text_cols(ui), LAYOUT_COMPOSER_ROWS, &v);
	return prompt_cols(ui) + v.cur_col;
}

void composer_draw(struct ui *ui)
{
	struct rect p = ui->layout.pane[PANE_COMPOSER];
	struct edit_view v;
	struct row r = ROW_INIT;
	struct str cells = STR_INIT;

	edit_view(&ui->edit, text_cols(ui), p.rows, &v);
	for (int i = 0; i < p.rows; i++) {
		row_reset(&r);
		add_prompt(&r, ui, i, &v);
		str_reset(&cells);
		for (size_t at = i < v.lines ? v.line[i].from : 0, n; i < v.lines && at < v.line[i].to; at += n) {
			n = cluster_next(ui->edit.text.s + at, v.line[i].to - at);
			edit_cluster(&cells, ui->edit.text.s + at, n);
		}
		row_add(&r, STYLE_NORMAL, cells.s);
		if (i == p.rows - 1 && v.more_after)
			row_add(&r, STYLE_DIM, glyph(G_ELLIPSIS));
		term_put(ui->term, 0, p.y + i, p.x, p.cols, &r);
	}
	if (ui->focus == PANE_COMPOSER && !ui->page.open)
		term_cursor(ui->term, p.y + v.cur_line, p.x + prompt_cols(ui) + v.cur_col);
	else
		term_cursor(ui->term, -1, 0);
	row_free(&r);
	str_free(&cells);
}
