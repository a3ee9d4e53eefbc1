/* pane-timeline.c - which events are in memory, as which lines, and where the reader is. Drawing: draw-timeline.c. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/timeline.h"
#include "ui/ui.h"

int timeline_rows(const struct ui *ui)
{
	int rows = ui->layout.pane[PANE_TIMELINE].rows;

	if (rows > 1 && find_shown(&ui->timeline))
		rows--;
	return rows > 0 ? rows : ui->layout.rows > 0 ? ui->layout.rows : 24;
}

void timeline_free(struct timeline *t)
{
	events_free(&t->window);
	free(t->line);
	str_free(&t->words);
	str_free(&t->was);
	find_free(&t->find);
	memset(t, 0, sizeof *t);
	str_init(&t->words);
	str_init(&t->was);
	for (int i = 0; i < FIND_COUNT; i++)
		t->find.edit[i] = (struct edit)EDIT_INIT;
}

void timeline_reset(struct ui *ui)
{
	timeline_free(&ui->timeline);
	ui->timeline.follow = true;
	ui->timeline.at_bottom = true;
}

/* ---- the window ---- */

static void append(struct events *to, struct events *from)
{
	to->v = xgrow(to->v, &to->cap, to->n + from->n, sizeof *to->v);
	if (from->n)
		memcpy(to->v + to->n, from->v, from->n * sizeof *from->v);
	to->n += from->n;
	free(from->v);
	memset(from, 0, sizeof *from);
}

/* The page of top, two before it and two after it; following: the last pages. */
static enum status read_window(struct ui *ui, struct events *out, bool *at_start, bool *at_end, struct err *err)
{
	struct timeline *t = &ui->timeline;
	size_t rows = (size_t)timeline_rows(ui), before = t->follow ? rows * 3 : rows * 2, after = rows * 3;
	struct event_key from = event_key_first;
	struct events tail = { 0 };
	enum status st;

	st = q_events_before(ui->state.store, ui->state.incident, t->follow ? event_key_last : t->top, before, out, err);
	*at_start = out->n < before;
	*at_end = true;
	if (t->follow || (st != ST_OK && st != ST_NO))
		return st;
	if (out->n)
		from = event_key_of(&out->v[out->n - 1]);
	st = q_events_after(ui->state.store, ui->state.incident, from, after, &tail, err);
	*at_end = tail.n < after;
	append(out, &tail);
	return st;
}

void timeline_count_below(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	struct events new = { 0 };
	size_t n = 0;

	if (t->at_bottom || ui->state.facts.last_n <= t->seen_n) {
		t->below = 0;
		return;
	}
	if (q_events_arrived(ui->state.store, ui->state.incident, t->seen_n, 1000, &new, NULL) != ST_OK)
		return;
	for (size_t i = 0; i < new.n; i++)
		n += !t->find.on || filter_match(&t->find.filter, &new.v[i]);
	t->below = n;
	events_free(&new);
}

bool timeline_load(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	struct events fresh = { 0 };
	bool at_start, at_end;
	enum status st;

	if (!ui->state.store || !ui->state.have)
		return true;
	if (t->find.on)
		return find_reload(ui);
	st = read_window(ui, &fresh, &at_start, &at_end, &ui->state.err);
	if (state_result(&ui->state, st) != LOAD_OK) {
		events_free(&fresh);
		return false;
	}
	events_free(&t->window);
	t->window = fresh;
	t->lines = 0; /* they point into the old window; the next draw makes them anew */
	t->at_start = at_start;
	t->at_end = at_end;
	t->short_id[0] = '\0';
	timeline_count_below(ui);
	ui->dirty |= DIRTY_TIMELINE;
	return true;
}

/* ---- lines ---- */

static struct tl_line *add_line(struct timeline *t, const struct event *e, enum tl_part part)
{
	t->line = xgrow(t->line, &t->cap, t->lines + 1, sizeof *t->line);
	t->line[t->lines] = (struct tl_line){ .event = e, .part = part };
	return &t->line[t->lines++];
}

/* Sanitised text wrapped to cols: the first line is head's, the others new lines of the same part or TL_MORE. */
static void add_wrapped(struct timeline *t, const struct event *e, const char *text, enum tl_part part, int cols)
{
	size_t at = t->words.len, end;
	bool first = true;

	san_text(&t->words, text, strlen(text), SAN_TERMINAL);
	end = t->words.len;
	do {
		struct tl_line *l = add_line(t, e, first || part != TL_EVENT ? part : TL_MORE);

		l->wrapped = true;
		l->from = at;
		l->n = end > at ? width_wrap(t->words.s + at, end - at, cols < 1 ? 1 : cols) : 0;
		at += l->n;
		first = false;
	} while (at < end);
}

static void add_selected(struct ui *ui, const struct event *e)
{
	struct timeline *t = &ui->timeline;
	struct timeline_columns c;
	struct str about = STR_INIT;
	int cols;

	timeline_columns(ui, &c);
	cols = c.text - timeline_label(e, &c, NULL) - timeline_signs(ui, e, NULL);
	str_reset(&t->words);
	add_wrapped(t, e, e->text ? e->text : "", TL_EVENT, cols);
	if (!t->open)
		return;
	for (size_t i = 0; i < e->details; i++)
		add_wrapped(t, e, e->detail[i], TL_DETAIL, c.text + c.actor - 2);
	for (const char *s = t->was.s, *end; *s; s = *end ? end + 1 : end) {
		char *line = str_fmt("%.*s", (int)((end = s + strcspn(s, "\n")) - s), s);

		add_wrapped(t, e, line, TL_ABOUT, c.text + c.actor);
		free(line);
	}
	timeline_about(ui, e, &about);
	add_wrapped(t, e, about.s, TL_ABOUT, c.text + c.actor);
	str_free(&about);
}

static bool is_selected(const struct ui *ui, const struct event *e)
{
	return ui->timeline.selecting && ui->focus == PANE_TIMELINE && key_same(event_key_of(e), ui->timeline.selected);
}

static bool same_day(usec a, usec b, const struct zone *z)
{
	struct local x, y;

	if (a / USEC_DAY == b / USEC_DAY && zone_utc() == z)
		return true;
	zone_local(z, a, &x);
	zone_local(z, b, &y);
	return x.day == y.day && x.mon == y.mon && x.year == y.year;
}

/* The date stands before a line of another day than the one above; before the very first one unless it is today. */
static void add_event(struct ui *ui, const struct event *e, usec *day, bool pending)
{
	struct timeline *t = &ui->timeline;
	struct tl_line *l;

	if (*day != USEC_NONE && !same_day(*day, e->occurred_at, ui->state.facts.zone))
		add_line(t, e, TL_DATE);
	*day = e->occurred_at;
	if (!pending && is_selected(ui, e)) {
		add_selected(ui, e);
		return;
	}
	l = add_line(t, e, TL_EVENT);
	l->pending = pending;
}

static void build_lines(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	usec day = t->at_start ? ui->now : USEC_NONE;

	t->lines = 0;
	for (size_t i = 0; i < t->window.n; i++)
		add_event(ui, &t->window.v[i], &day, false);
	for (struct job *j = ui->jobs; j && t->at_end; j = j->next) {
		if (j->has_row && job_is_here(ui, j))
			add_event(ui, &j->row, &day, true);
	}
	/* Midnight has passed since the last line. */
	if (t->window.n && t->at_end && !t->find.on && !status_is_closed(ui->state.facts.incident.ms.status) && ui->now > day &&
		!same_day(day, ui->now, ui->state.facts.zone))
		add_line(t, &t->window.v[t->window.n - 1], TL_TODAY);
}

static int line_of(const struct timeline *t, struct event_key k)
{
	int later = (int)t->lines;

	for (int i = (int)t->lines - 1; i >= 0; i--) {
		struct event_key at = event_key_of(t->line[i].event);

		if (t->line[i].pending)
			continue;
		if (key_same(at, k)) {
			while (i > 0 && t->line[i - 1].event == t->line[i].event)
				i--;
			return i;
		}
		if (!key_earlier(at, k))
			later = i;
	}
	return later;
}

/* Lines of the selected event: they should all be visible. */
static int selected_lines(const struct timeline *t, int *first)
{
	int n = 0;

	*first = -1;
	for (size_t i = 0; i < t->lines; i++) {
		if (t->line[i].pending || t->line[i].part <= TL_TODAY || !key_same(event_key_of(t->line[i].event), t->selected))
			continue;
		if (*first < 0)
			*first = (int)i;
		n++;
	}
	return n;
}

static void set_top(struct timeline *t, int first)
{
	int i = first;

	if (first < 0 || (size_t)first >= t->lines || t->line[first].pending)
		return;
	t->top = event_key_of(t->line[first].event);
	while (i > 0 && t->line[i - 1].event == t->line[first].event)
		i--;
	t->skip = first - i;
}

/* Lines, and which of them is the first on the screen. */
void timeline_place(struct ui *ui, int rows)
{
	struct timeline *t = &ui->timeline;
	int n, sel = -1, sel_rows = 0, end;

	build_lines(ui);
	n = (int)t->lines;
	end = n > rows ? n - rows : 0;
	t->first = t->follow ? end : line_of(t, t->top) + t->skip;
	if (t->selecting && ui->focus == PANE_TIMELINE)
		sel_rows = selected_lines(t, &sel);
	t->first = layout_scroll(t->first, sel, sel_rows, n, rows);
	t->at_bottom = t->at_end && t->first == end;
	set_top(t, t->first); /* while following too: a key that goes up starts from what is on the screen */
	if (t->at_bottom) {
		t->seen_n = ui->state.facts.last_n;
		t->below = 0;
	}
}

/* ---- moving ---- */

/* Reads on when less than a page is left before an end of the window that is not the timeline's. */
static void keep_margin(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	int rows = timeline_rows(ui), n = (int)t->lines;

	if (t->find.on)
		find_kick(ui);
	else if ((t->first < rows && !t->at_start) || (t->first + 2 * rows > n && !t->at_end))
		ui->stale |= !timeline_load(ui);
	ui->dirty |= DIRTY_TIMELINE;
}

void timeline_scroll(struct ui *ui, int by)
{
	struct timeline *t = &ui->timeline;
	int rows = timeline_rows(ui), end;

	timeline_place(ui, rows);
	end = (int)t->lines > rows ? (int)t->lines - rows : 0;
	t->first = layout_scroll(t->first + by, -1, 0, (int)t->lines, rows);
	t->follow = t->at_end && t->first == end;
	set_top(t, t->first);
	keep_margin(ui);
}

int timeline_index(const struct timeline *t, struct event_key k)
{
	int n = (int)t->window.n, later = n - 1;

	for (int i = n - 1; i >= 0; i--) {
		struct event_key at = event_key_of(&t->window.v[i]);

		if (key_same(at, k))
			return i;
		if (!key_earlier(at, k))
			later = i;
	}
	return later;
}

void timeline_select(struct ui *ui, int i)
{
	struct timeline *t = &ui->timeline;

	if (i >= (int)t->window.n)
		i = (int)t->window.n - 1;
	if (i < 0)
		return;
	if (!key_same(t->selected, event_key_of(&t->window.v[i])))
		t->open = false;
	t->selecting = true;
	t->selected = event_key_of(&t->window.v[i]);
	t->follow = t->at_end && i == (int)t->window.n - 1;
	timeline_place(ui, timeline_rows(ui));
	keep_margin(ui);
}

void timeline_show(struct ui *ui, struct event_key k)
{
	struct timeline *t = &ui->timeline;
	int i;

	t->follow = false;
	t->top = k;
	t->skip = 0;
	if (!timeline_load(ui)) {
		ui->stale = true;
		return;
	}
	i = timeline_index(t, k);
	if (i < 0)
		return;
	t->top = event_key_of(&t->window.v[i > timeline_rows(ui) / 3 ? i - timeline_rows(ui) / 3 : 0]);
	timeline_select(ui, i);
}

static void move(struct ui *ui, int by)
{
	struct timeline *t = &ui->timeline;

	int to = timeline_index(t, t->selected) + by;

	timeline_select(ui, to < 0 ? 0 : to);
}

static void jump(struct ui *ui, bool end)
{
	struct timeline *t = &ui->timeline;

	t->follow = end;
	t->top = t->selected = end ? event_key_last : event_key_first;
	t->skip = 0;
	if (t->find.on) {
		find_restart(ui);
	} else if (!timeline_load(ui)) {
		ui->stale = true;
		return;
	}
	timeline_select(ui, end ? (int)t->window.n - 1 : 0);
}

void timeline_end(struct ui *ui)
{
	struct timeline *t = &ui->timeline;

	if (ui->borrowed) /* a correction: the reader stays where it is */
		return;
	t->follow = true;
	if (!find_clear(ui) && !t->at_end)
		ui->stale |= !timeline_load(ui);
	ui->dirty |= DIRTY_TIMELINE;
}

void timeline_focus(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	int rows = timeline_rows(ui), last;

	t->open = false;
	t->selecting = false;
	timeline_place(ui, rows);
	last = t->first + rows < (int)t->lines ? t->first + rows - 1 : (int)t->lines - 1;
	while (last > 0 && t->line[last].pending)
		last--;
	if (last < 0 || t->line[last].pending)
		return;
	t->selecting = true;
	t->selected = event_key_of(t->line[last].event);
	ui->dirty |= DIRTY_TIMELINE;
}

void timeline_click(struct ui *ui, int row)
{
	struct timeline *t = &ui->timeline;
	int i;

	timeline_place(ui, timeline_rows(ui)); /* the window may be newer than what was drawn */
	i = t->first + row - (find_shown(t) ? 1 : 0);
	if (i < 0 || row < (find_shown(t) ? 1 : 0) || (size_t)i >= t->lines || t->line[i].pending)
		return;
	t->open = t->selecting && t->line[i].part > TL_TODAY && key_same(t->selected, event_key_of(t->line[i].event)) && !t->open;
	t->selecting = true;
	t->selected = event_key_of(t->line[i].event);
	t->short_id[0] = '\0';
	ui->dirty |= DIRTY_TIMELINE;
}

const struct event *timeline_selected(const struct ui *ui)
{
	const struct timeline *t = &ui->timeline;
	int i = timeline_index(t, t->selected);

	return t->selecting && i >= 0 ? &t->window.v[i] : NULL;
}

bool timeline_move(struct ui *ui, enum act a)
{
	int page = timeline_rows(ui) > 1 ? timeline_rows(ui) - 1 : 1;

	switch (a) {
	case ACT_UP: move(ui, -1); return true;
	case ACT_DOWN: move(ui, 1); return true;
	case ACT_PAGE_UP: move(ui, -page); return true;
	case ACT_PAGE_DOWN: move(ui, page); return true;
	case ACT_FIRST: jump(ui, false); return true;
	case ACT_LAST: jump(ui, true); return true;
	default: return false;
	}
}
