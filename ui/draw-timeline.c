/* draw-timeline.c - the timeline's lines on the screen, and the keys that correct them. */
#include <string.h>

#include "base/utf8.h"
#include "ui/timeline.h"

enum { LABEL = 11, ACTOR = 10, NARROW = 36 }; /* narrower texts get all the room a milestone's name leaves */

void timeline_columns(const struct ui *ui, struct timeline_columns *c)
{
	layout_timeline(c, ui->layout.pane[PANE_TIMELINE].cols, ACTOR);
}

int timeline_label(const struct event *e, const struct timeline_columns *c, struct row *r)
{
	const char *name;
	int wide, start = r ? r->cols : 0;

	if (e->kind != KIND_MILESTONE || e->milestone == MS_NONE)
		return 0;
	name = milestone_short(e->milestone);
	wide = c->tplus && c->text >= NARROW ? LABEL : (int)strlen(name) + 1;
	if (r) {
		row_add(r, e->struck ? STYLE_STRUCK : STYLE_BOLD, name);
		row_to(r, STYLE_NORMAL, start + wide);
	}
	return wide;
}

static const struct { enum glyph mark; enum style style; } looks[KIND_COUNT] = {
	[KIND_NOTE] = { G_COUNT, STYLE_NORMAL },
	[KIND_MILESTONE] = { G_MILESTONE, STYLE_MARK },
	[KIND_SEVERITY] = { G_SEVERITY, STYLE_WARN },
	[KIND_ROLE] = { G_ROLE, STYLE_MARK },
	[KIND_ASK] = { G_ASK, STYLE_MARK },
	[KIND_HYPOTHESIS] = { G_COUNT, STYLE_MARK },
	[KIND_UPDATE] = { G_UPDATE, STYLE_MARK },
	[KIND_FINDING] = { G_FINDING, STYLE_MARK },
	[KIND_ALERT] = { G_COUNT, STYLE_BAD },
	[KIND_SYSTEM] = { G_SYSTEM, STYLE_DIM },
};

static const char *mark_of(const struct event *e)
{
	if (e->struck)
		return "x";
	if (e->kind == KIND_HYPOTHESIS)
		return "?";
	if (e->kind == KIND_ALERT)
		return "!";
	return looks[e->kind].mark == G_COUNT ? " " : glyph(looks[e->kind].mark);
}

static void add_time(struct row *r, const struct ui *ui, const struct event *e, const struct timeline_columns *c, enum style style)
{
	struct str s = STR_INIT;
	usec since = e->occurred_at - state_began(&ui->state.facts);

	if (c->time) {
		str_addc(&s, e->approx_s ? '~' : ' ');
		when_fmt_clock(&s, e->occurred_at, ui->state.facts.zone);
		row_add(r, style, s.s);
		row_to(r, style, c->time);
	}
	if (c->tplus) {
		str_reset(&s);
		str_adds(&s, since < 0 ? "T-" : "T+");
		since = since < 0 ? -since : since;
		/* Full seconds gone by: dur_fmt_left rounds up what is left, so the rest of the second is taken off first. */
		if (since < 10 * USEC_HOUR)
			dur_fmt_left(&s, since / USEC_SEC * USEC_SEC);
		else if (since < 100 * USEC_HOUR) /* the column is made for hours of one digit */
			str_addf(&s, "%dh%02dm", (int)(since / USEC_HOUR), (int)(since / USEC_MIN % 60));
		else
			str_addf(&s, "%lldd", (long long)(since / USEC_DAY));
		row_add(r, style == STYLE_NORMAL ? STYLE_DIM : style, " ");
		row_add(r, style == STYLE_NORMAL ? STYLE_DIM : style, s.s);
		row_to(r, style, c->time + c->tplus);
	}
	str_free(&s);
}

int timeline_signs(const struct ui *ui, const struct event *e, struct row *r)
{
	int cols = (e->edited ? 2 : 0) + (e->conflict ? 2 : 0);

	(void)ui;
	if (r && e->edited)
		row_add(r, STYLE_DIM, " *");
	if (r && e->conflict)
		row_addf(r, STYLE_WARN, " %s", glyph(G_CONFLICT));
	return cols + (e->details ? 5 : 1);
}

static void draw_event(struct row *r, const struct ui *ui, const struct tl_line *l, const struct timeline_columns *c)
{
	const struct timeline *t = &ui->timeline;
	const struct event *e = l->event;
	enum style base = l->pending ? STYLE_PENDING : e->struck ? STYLE_STRUCK : e->kind == KIND_SYSTEM ? STYLE_DIM : STYLE_NORMAL;
	int end = c->time + c->tplus + c->mark + c->text;

	add_time(r, ui, e, c, base);
	if (c->mark) {
		row_add(r, l->pending ? STYLE_PENDING : looks[e->kind].style, l->pending ? glyph(G_ELLIPSIS) : mark_of(e));
		row_to(r, base, c->time + c->tplus + c->mark);
	}
	timeline_label(e, c, r);
	if (l->wrapped) {
		row_addn(r, base, t->words.s + l->from, l->n);
	} else {
		row_text(r, base, e->text, end - r->cols - timeline_signs(ui, e, NULL));
	}
	timeline_signs(ui, e, r);
	if (e->details) {
		row_to(r, base, end - 4);
		row_addf(r, STYLE_DIM, "%s%zu", glyph(l->wrapped && t->open ? G_UNFOLD : G_FOLD), e->details > 999 ? (size_t)999 : e->details);
	}
	row_to(r, base, end);
	row_cell(r, base == STYLE_NORMAL ? STYLE_DIM : base, e->actor ? e->actor : e->author, c->actor);
}

void timeline_about(const struct ui *ui, const struct event *e, struct str *s)
{
	str_adds(s, "recorded ");
	when_fmt_full(s, e->recorded_at, ui->state.facts.zone);
	if (e->author)
		str_addf(s, " by %s", e->author);
	str_addf(s, " %s %s", glyph(G_DOT), ui->timeline.short_id);
	if (e->approx_s)
		str_addf(s, " %s give or take %dm%02ds", glyph(G_DOT), e->approx_s / 60, e->approx_s % 60);
	if (e->edited && !ui->timeline.was.len)
		str_addf(s, " %s edited", glyph(G_DOT));
	if (e->conflict)
		str_addf(s, " %s conflict: h shows both sides", glyph(G_DOT));
	if (e->struck && !ui->timeline.was.len)
		str_addf(s, " %s struck%s%s", glyph(G_DOT), e->why ? ": " : "", e->why ? e->why : "");
}

static void draw_line(struct row *r, const struct ui *ui, const struct tl_line *l, const struct timeline_columns *c)
{
	const struct timeline *t = &ui->timeline;
	struct str s = STR_INIT;

	switch (l->part) {
	case TL_DATE:
		str_addc(&s, ' ');
		when_fmt_date(&s, l->event->occurred_at, ui->state.facts.zone);
		row_add(r, STYLE_DIM, s.s);
		break;
	case TL_TODAY:
		str_addc(&s, ' ');
		when_fmt_date(&s, ui->now, ui->state.facts.zone);
		row_add(r, STYLE_DIM, s.s);
		break;
	case TL_EVENT:
		draw_event(r, ui, l, c);
		break;
	case TL_MORE:
		row_to(r, STYLE_NORMAL, c->time + c->tplus + c->mark + timeline_label(l->event, c, NULL));
		row_addn(r, l->event->struck ? STYLE_STRUCK : STYLE_NORMAL, t->words.s + l->from, l->n);
		break;
	case TL_DETAIL:
		row_to(r, STYLE_NORMAL, c->time + c->tplus + c->mark);
		row_addf(r, STYLE_DIM, "%s ", glyph(G_V));
		row_addn(r, l->event->struck ? STYLE_STRUCK : STYLE_NORMAL, t->words.s + l->from, l->n);
		break;
	case TL_ABOUT:
		row_to(r, STYLE_DIM, c->time + c->tplus + c->mark);
		row_addn(r, STYLE_DIM, t->words.s + l->from, l->n);
		break;
	}
	str_free(&s);
}

static const char *const welcome[] = {
	"No incident is open.",
	"",
	"Type   /open what is broken -s 2   and Enter to open one (severity 2).",
	"Then type what happens, a line each: every line is stamped at its first key.",
	"",
	"F4 lists all incidents, F1 is help, F10 leaves.",
};
static const char *const no_events[] = {
	"Nothing is logged yet. Type what happens and press Enter.",
	"",
	"/started when the impact began, /ack when somebody took it,",
	"/mitigating, /mitigated, /resolved as it goes on. F1 is help.",
};

static void draw_words(struct ui *ui, struct rect p, const char *const *words, size_t n)
{
	struct row r = ROW_INIT;

	for (int i = 0; i < p.rows; i++) {
		row_reset(&r);
		if (i > 0 && (size_t)(i - 1) < n) {
			row_add(&r, STYLE_NORMAL, "  ");
			row_text(&r, STYLE_DIM, words[i - 1], p.cols - 2);
		}
		term_put(ui->term, 0, p.y + i, p.x, p.cols, &r);
	}
	row_free(&r);
}

static const char *const no_match[] = {
	"No line matches.",
	"",
	"Words are looked for in the text, @sam is who did it, kind:milestone what it is",
	"(also kind:struck, kind:edited, kind:conflict). Esc shows everything again.",
};

/* What the open one's details need from the store. */
static void look_up(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	const struct event *e = timeline_selected(ui);

	if (!t->open || !e || t->short_id[0])
		return;
	q_short_id(ui->state.store, e->entity, t->short_id);
	str_reset(&t->was);
	if (e->edited || e->struck)
		history_was(ui, e->entity, &t->was);
}

void timeline_draw(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	struct rect p = ui->layout.pane[PANE_TIMELINE];
	struct timeline_columns c;
	struct row r = ROW_INIT;

	if (!p.rows)
		return;
	if (!ui->state.have) {
		draw_words(ui, p, welcome, sizeof welcome / sizeof *welcome);
		return;
	}
	look_up(ui);
	if (find_shown(t)) {
		find_draw(ui, p);
		p = (struct rect){ p.y + 1, p.x, p.rows - 1, p.cols };
	}
	timeline_place(ui, p.rows);
	if (!t->lines && t->find.on)
		draw_words(ui, p, no_match, t->at_start && t->at_end ? sizeof no_match / sizeof *no_match : 0);
	else if (!t->lines)
		draw_words(ui, p, no_events, sizeof no_events / sizeof *no_events);
	if (!t->lines)
		return;
	timeline_columns(ui, &c);
	for (int i = 0; i < p.rows; i++) {
		size_t at = (size_t)t->first + (size_t)i;

		row_reset(&r);
		if (at < t->lines) {
			const struct tl_line *l = &t->line[at];

			draw_line(&r, ui, l, &c);
			if (t->selecting && ui->focus == PANE_TIMELINE && !l->pending && l->part <= TL_MORE && l->wrapped) {
				row_to(&r, STYLE_NORMAL, p.cols);
				row_restyle(&r, STYLE_SELECT);
			}
		}
		term_put(ui->term, 0, p.y + i, p.x, p.cols, &r);
	}
	row_free(&r);
}

/* ---- correcting ---- */

/* The verb with the line's id and what it is now, for the composer; what it was stays in sight. */
static void put_verb(struct ui *ui, const char *verb, const struct event *e, const char *now)
{
	struct str s = STR_INIT, was = STR_INIT;
	struct row text = ROW_INIT;
	char id[33];
	int room = ui->layout.cols - 56;

	q_short_id(ui->state.store, e->entity, id);
	str_addf(&s, "/%s %s %s", verb, id, now ? now : "");
	when_fmt_clock(&was, e->occurred_at, ui->state.facts.zone);
	row_text(&text, STYLE_NORMAL, e->text && *e->text ? e->text : milestone_name(e->milestone), room > 10 ? room : 10);
	composer_put(ui, s.s, 0);
	ui_say(ui, STYLE_NORMAL, "was %s %s", was.s, text.text.s);
	str_free(&s);
	str_free(&was);
	row_free(&text);
}

/* The shortest that reads back as this very time: a clock time of another day would be taken for today's. */
static void retime(struct ui *ui, const struct event *e)
{
	struct when_ctx ctx = state_when(&ui->state, ui->now);
	struct str s = STR_INIT, time = STR_INIT;
	struct when w;

	if (e->approx_s)
		str_addc(&s, '~');
	when_fmt_clock(&time, e->occurred_at, ctx.zone);
	for (int i = 0; i < 2; i++) {
		if (when_parse(time.s, time.len, &ctx, &w, NULL) == ST_OK && w.fit == ZONE_ONCE && !w.clamped && w.at / USEC_SEC == e->occurred_at / USEC_SEC)
			break;
		str_reset(&time);
		if (i == 0) {
			when_fmt_date(&time, e->occurred_at, ctx.zone);
			str_addc(&time, ' ');
			when_fmt_clock(&time, e->occurred_at, ctx.zone);
		} else {
			when_fmt_rfc3339(&time, e->occurred_at);
		}
	}
	str_adds(&s, time.s);
	put_verb(ui, "retime", e, s.s);
	str_free(&s);
	str_free(&time);
}

static void copy(struct ui *ui, const struct event *e)
{
	struct str s = STR_INIT;

	when_fmt_full(&s, e->occurred_at, ui->state.facts.zone);
	str_addf(&s, " %s%s%s", e->milestone != MS_NONE ? milestone_name(e->milestone) : "", e->milestone != MS_NONE ? " " : "", e->text ? e->text : "");
	for (size_t i = 0; i < e->details; i++)
		str_addf(&s, "\n  %s", e->detail[i]);
	if (term_copy(ui->term, s.s, s.len))
		ui_say(ui, STYLE_NORMAL, "copied");
	else
		ui_say(ui, STYLE_WARN, "this terminal has no clipboard that programs can write to");
	str_free(&s);
}

static void history(struct ui *ui, const struct event *e)
{
	char id[33];

	q_short_id(ui->state.store, e->entity, id);
	history_page(ui, e->entity, id);
}

static bool on_event(struct ui *ui, const struct event *e, enum act a)
{
	struct timeline *t = &ui->timeline;

	switch (a) {
	case ACT_DETAILS:
		t->open = !t->open;
		t->short_id[0] = '\0';
		ui->dirty |= DIRTY_TIMELINE;
		return true;
	case ACT_EDIT: put_verb(ui, "edit", e, e->text); return true;
	case ACT_RETIME: retime(ui, e); return true;
	case ACT_STRIKE: put_verb(ui, "strike", e, NULL); return true;
	case ACT_COPY: copy(ui, e); return true;
	case ACT_HISTORY: history(ui, e); return true;
	default: return false;
	}
}

bool timeline_key(struct ui *ui, enum act a)
{
	struct timeline *t = &ui->timeline;
	const struct event *e;

	if (timeline_move(ui, a))
		return true;
	switch (a) {
	case ACT_UNDO: undo_ask(ui, false); return true;
	case ACT_REDO: undo_ask(ui, true); return true;
	case ACT_FILTER: find_begin(ui, FIND_FILTER); return true;
	case ACT_GO: find_begin(ui, FIND_TIME); return true;
	case ACT_BACK:
		if (!t->open)
			return find_clear(ui);
		t->open = false;
		ui->dirty |= DIRTY_TIMELINE;
		return true;
	default:
		e = timeline_selected(ui);
		return e && on_event(ui, e, a);
	}
}
