/* timeline-scan.c - a filter's reading of the timeline: in slices of rows, one a turn of the loop between two looks at the keyboard, so that no key waits
 * for a long timeline. The window holds the lines that match around the reader, and no more. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/timeline.h"

enum { SLICE = 250, SAY_EVERY = 80 }; /* rows a slice; slices between two reports of how far it got */

static bool wants(void *filter, const struct event *e)
{
	return filter_match(filter, e);
}

/* Everything the window holds from one key to before another goes out: it is about to be put in anew. */
static void take_out(struct timeline *t, struct event_key from, struct event_key to)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->window.n; i++) {
		struct event_key k = event_key_of(&t->window.v[i]);

		if (!key_earlier(k, from) && key_earlier(k, to))
			event_clear(&t->window.v[i]);
		else
			t->window.v[kept++] = t->window.v[i];
	}
	t->window.n = kept;
	t->lines = 0;
}

/* A line that was put elsewhere in time meanwhile would stand there twice. */
static void take_out_entity(struct events *l, uuid entity)
{
	for (size_t i = 0; i < l->n; i++) {
		if (!uuid_eq(l->v[i].entity, entity))
			continue;
		event_clear(&l->v[i]);
		memmove(l->v + i, l->v + i + 1, (l->n - i - 1) * sizeof *l->v);
		l->n--;
		return;
	}
}

static void put_in(struct timeline *t, struct events *found)
{
	struct events *w = &t->window;
	size_t at = 0;

	for (size_t i = 0; i < found->n; i++)
		take_out_entity(w, found->v[i].entity);
	while (found->n && at < w->n && key_earlier(event_key_of(&w->v[at]), event_key_of(&found->v[0])))
		at++;
	w->v = xgrow(w->v, &w->cap, w->n + found->n, sizeof *w->v);
	if (found->n) {
		memmove(w->v + at + found->n, w->v + at, (w->n - at) * sizeof *w->v);
		memcpy(w->v + at, found->v, found->n * sizeof *w->v);
	}
	w->n += found->n;
	free(found->v);
	*found = (struct events){ 0 };
	t->lines = 0;
}

static bool slice(struct ui *ui, bool back, struct event_key *at, struct events *found, bool *end)
{
	struct finder *f = &ui->timeline.find;
	enum status st = q_events_scan(ui->state.store, ui->state.incident, back, at, SLICE, wants, &f->filter, found, end, &ui->state.err);

	return state_result(&ui->state, st) == LOAD_OK;
}

static bool look_back(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	struct event_key at = t->find.lo;
	struct events found;
	bool end;

	if (!slice(ui, true, &at, &found, &end))
		return false;
	put_in(t, &found);
	t->find.lo = at;
	t->at_start = end;
	return true;
}

static bool look_on(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	struct event_key at = t->find.hi;
	struct events found;
	bool end;

	if (!slice(ui, false, &at, &found, &end))
		return false;
	put_in(t, &found);
	t->find.hi = at;
	t->at_end = end;
	return true;
}

/* From the newest backwards, so that what has just been logged is there at once. */
static bool look_again(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	struct finder *f = &t->find;
	struct event_key at = f->re;
	struct events found;
	bool end;

	if (!slice(ui, true, &at, &found, &end))
		return false;
	take_out(t, end ? event_key_first : at, f->re);
	put_in(t, &found);
	f->re = at;
	f->again = !end && key_earlier(f->lo, at);
	if (end)
		t->at_start = true;
	if (!f->again && key_earlier(at, f->lo))
		f->lo = at;
	return true;
}

/* How many of the window's events stand before the screen. */
static int above(const struct timeline *t, int rows)
{
	int n = (int)t->window.n, i = 0;

	if (t->follow)
		return n > rows ? n - rows : 0;
	while (i < n && key_earlier(event_key_of(&t->window.v[i]), t->top))
		i++;
	return i;
}

enum need find_need(const struct ui *ui)
{
	const struct timeline *t = &ui->timeline;
	int rows = timeline_rows(ui), before = above(t, rows), after = (int)t->window.n - before;

	if (!t->at_end && after < rows)
		return NEED_ON;
	if (!t->at_start && before < 2 * rows)
		return NEED_BACK;
	if (t->find.again)
		return NEED_AGAIN;
	return !t->at_end && after < 3 * rows ? NEED_ON : NEED_NOTHING;
}

static void drop_last(struct timeline *t, int n)
{
	while (n-- > 0)
		event_clear(&t->window.v[--t->window.n]);
	t->find.hi = event_key_of(&t->window.v[t->window.n - 1]);
	t->at_end = false;
	t->lines = 0;
}

static void drop_first(struct timeline *t, int n)
{
	for (int i = 0; i < n; i++)
		event_clear(&t->window.v[i]);
	t->window.n -= (size_t)n;
	memmove(t->window.v, t->window.v + n, t->window.n * sizeof *t->window.v);
	t->find.lo = event_key_of(&t->window.v[0]);
	t->at_start = false;
	t->lines = 0;
}

/* However many lines match, only the pages around the reader stay in memory. */
static void trim(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	int rows = timeline_rows(ui), before = above(t, rows), after = (int)t->window.n - before;

	if (after > SLICE + 8 * rows)
		drop_last(t, after - 5 * rows);
	if (before > SLICE + 8 * rows)
		drop_first(t, before - 5 * rows);
}

/* Nothing more is to come: a selected line that is not there any more passes on to the next one. */
static void settle(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	int i = timeline_index(t, t->selected);

	if (t->selecting && i >= 0 && !key_same(event_key_of(&t->window.v[i]), t->selected)) {
		t->selected = event_key_of(&t->window.v[i]);
		t->open = false;
	}
	if (!t->selecting && t->window.n && ui->focus == PANE_TIMELINE && !t->find.typing) /* Enter came before the first line that matches */
		timeline_focus(ui);
	ui->dirty |= DIRTY_TIMELINE;
}

static bool step(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	size_t had = t->window.n;
	enum need what = find_need(ui);
	bool ok = what == NEED_BACK ? look_back(ui) : what == NEED_ON ? look_on(ui) : what == NEED_AGAIN ? look_again(ui) : true;

	if (!ok) {
		loop_idle(ui->loop, false);
		ui_again(ui);
		return false;
	}
	trim(ui);
	if (t->window.n != had || what == NEED_AGAIN || t->find.slices++ % SAY_EVERY == 0)
		ui->dirty |= DIRTY_TIMELINE;
	what = find_need(ui);
	loop_idle(ui->loop, what != NEED_NOTHING);
	if (what == NEED_NOTHING)
		settle(ui);
	return true;
}

void timeline_step(struct ui *ui)
{
	if (ui->timeline.find.on && ui->state.store && ui->state.have)
		step(ui);
	else
		loop_idle(ui->loop, false);
}

void find_kick(struct ui *ui)
{
	loop_idle(ui->loop, find_need(ui) != NEED_NOTHING);
}

void find_restart(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	struct finder *f = &t->find;

	events_free(&t->window);
	t->lines = 0;
	f->again = false;
	f->slices = 0;
	f->lo = f->hi = t->follow ? event_key_last : (struct event_key){ t->top.at, t->top.hlc, INT64_MIN }; /* the line itself is read on to */
	t->at_end = t->follow;
	t->at_start = t->top.at == INT64_MIN && !t->follow;
	t->below = 0;
	ui->dirty |= DIRTY_TIMELINE;
	if (ui->state.store)
		step(ui);
}

bool find_reload(struct ui *ui)
{
	struct timeline *t = &ui->timeline;
	struct finder *f = &t->find;

	f->again = true;
	f->re = t->at_end ? event_key_last : f->hi;
	if (!t->at_end && f->re.hlc < INT64_MAX) /* hi itself was looked at, too */
		f->re.hlc++;
	t->short_id[0] = '\0';
	timeline_count_below(ui);
	ui->dirty |= DIRTY_TIMELINE;
	if (!look_again(ui))
		return false;
	loop_idle(ui->loop, find_need(ui) != NEED_NOTHING);
	if (find_need(ui) == NEED_NOTHING)
		settle(ui);
	return true;
}
