/* clocks.c - time itself on the screen: changes of the system's clock, T+ that never runs backwards, alarms, what is due elsewhere. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/ui.h"

enum { DUES = 64 };

/* The zone of a screen started with --zone is what it was told. */
void clocks_now(struct ui *ui)
{
	struct clock_change x;
	bool changed = clock_watch_tick(&ui->clocks.watch, &ui->clock, ui->viewer, &x);

	ui->now = x.is;
	if (!changed)
		return;
	ui->dirty |= DIRTY_HEADER | DIRTY_SIDE | DIRTY_TIMELINE | DIRTY_FOOTER;
	if (ui->state.store && !store_newer(ui->state.store))
		job_clock(ui, &x);
}

/* ---- T+ ---- */

usec clocks_elapsed(struct ui *ui)
{
	const struct incident *i = &ui->state.facts.incident;
	struct clocks *c = &ui->clocks;
	usec from = state_began(&ui->state.facts), until = status_is_closed(i->ms.status) ? i->ms.at[MS_CLOSED] : USEC_NONE;

	if (!uuid_eq(c->counted.of, i->entity) || c->counted.from != from || c->counted.until != until) {
		clock_watch_release(&c->watch);
		c->counted.of = i->entity;
		c->counted.from = from;
		c->counted.until = until;
	} else if (c->changes && c->watch.holds) {
		return c->watch.shown; /* wrong by the step until that is written, a moment */
	}
	return clock_watch_hold(&c->watch, incident_elapsed(i, ui->now, c->watch.boot));
}

/* ---- other incidents ---- */

static struct clock_input input_of(const struct ui *ui, const struct other *o)
{
	return clock_input_of(&ui->state.all.v[o->i], &o->clocks, ui->now, ui->clocks.watch.boot);
}

static bool is_other(const struct ui *ui, const struct other *o)
{
	return o->have && !(ui->state.have && uuid_eq(o->entity, ui->state.incident));
}

bool clocks_nearest(const struct ui *ui, struct due *out, const struct incident **of)
{
	bool any = false;

	for (size_t i = 0; i < ui->state.others_n; i++) {
		const struct other *o = &ui->state.others[i];
		struct clock_input in = input_of(ui, o);
		struct due d;

		if (!is_other(ui, o) || !due_list(&in, &o->clocks.asks, &d, 1) || (any && d.at >= out->at))
			continue;
		*out = d;
		*of = &ui->state.all.v[o->i];
		any = true;
	}
	return any;
}

/* ---- alarms ---- */

struct look {
	uint64_t *late;
	size_t n, cap;
	struct str text;  /* of those that were not late at the last look */
};

static uint64_t mix(uint64_t h, const void *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
	return h;
}

static uint64_t late_key(const struct incident *i, const struct due *d)
{
	uint64_t h = mix(0xcbf29ce484222325u, i->entity.b, sizeof i->entity.b);

	h = mix(h, &d->kind, sizeof d->kind);
	if (d->kind == CLOCK_ASK)
		h = mix(h, &d->start, sizeof d->start);
	h = mix(h, d->name, strlen(d->name));
	return d->text ? mix(h, d->text, strlen(d->text)) : h;
}

static bool was_late(const struct clocks *c, uint64_t key)
{
	for (size_t i = 0; i < c->late_n; i++) {
		if (c->late[i] == key)
			return true;
	}
	return false;
}

static void say_late(struct str *out, const struct incident *i, const struct due *d)
{
	str_addf(out, "%s%s ", out->len ? ", " : "", i->shown_id);
	if (d->text)
		str_addf(out, "%s%s %s", *d->name == '@' ? "" : "@", d->name, d->text);
	else
		str_adds(out, d->name);
}

/* newest: what was overdue for longer is no news. While it is snoozed an incident has no late clocks: when that ends, those that still are ring. */
static void look_at(struct ui *ui, const struct incident *i, const struct clock_facts *f, usec newest, struct look *l)
{
	struct clock_input in = clock_input_of(i, f, ui->now, ui->clocks.watch.boot);
	struct due d[DUES];
	size_t n = ui->now < f->snooze.until ? 0 : due_list(&in, &f->asks, d, DUES);

	for (size_t k = 0; k < n; k++) {
		uint64_t key = late_key(i, &d[k]);

		if (d[k].state != TARGET_BREACHED)
			continue;
		l->late = xgrow(l->late, &l->cap, l->n + 1, sizeof *l->late);
		l->late[l->n++] = key;
		if (!was_late(&ui->clocks, key) && ui->now - d[k].at <= newest)
			say_late(&l->text, i, &d[k]);
	}
}

bool clocks_snoozed(const struct ui *ui)
{
	return ui->state.have && ui->now < ui->state.facts.clocks.snooze.until;
}

static void note_snooze(struct ui *ui)
{
	bool snoozed = clocks_snoozed(ui);

	if (snoozed != ui->clocks.snoozed)
		ui->dirty |= DIRTY_FOOTER;
	ui->clocks.snoozed = snoozed;
}

/* The timeline says when another day begins. */
static void note_day(struct ui *ui)
{
	struct local l;

	if (!ui->state.have)
		return;
	zone_local(ui->state.facts.zone, ui->now, &l);
	if (ui->clocks.day != l.day)
		ui->dirty |= DIRTY_TIMELINE;
	ui->clocks.day = l.day;
}

void clocks_tick(struct ui *ui)
{
	struct clocks *c = &ui->clocks;
	struct look l = { .text = STR_INIT };
	bool same = c->looked && (!ui->state.have || uuid_eq(c->late_of, ui->state.incident));

	note_snooze(ui);
	note_day(ui);
	if (c->changes)
		return;
	if (ui->state.have)
		look_at(ui, &ui->state.facts.incident, &ui->state.facts.clocks, same ? INT64_MAX : -1, &l);
	for (size_t i = 0; i < ui->state.others_n; i++) {
		const struct other *o = &ui->state.others[i];

		if (is_other(ui, o))
			look_at(ui, &ui->state.all.v[o->i], &o->clocks, c->looked ? USEC_MIN : -1, &l);
	}
	free(c->late);
	c->late = l.late;
	c->late_n = l.n;
	c->looked = true;
	if (ui->state.have)
		c->late_of = ui->state.incident;
	if (l.text.len)
		ui_alarm(ui, l.text.s);
	str_free(&l.text);
}

void clocks_free(struct clocks *c)
{
	free(c->late);
	*c = (struct clocks){ 0 };
}

/* ---- the footer ---- */

void clocks_footer(const struct ui *ui, struct row *r)
{
	struct str s = STR_INIT;

	clock_off_text(ui->clocks.watch.off, &s);
	if (s.len)
		row_addf(r, STYLE_WARN, "%s  ", s.s);
	str_reset(&s);
	if (clocks_snoozed(ui)) {
		when_fmt_clock(&s, ui->state.facts.clocks.snooze.until, ui->state.facts.zone);
		row_addf(r, STYLE_WARN, "snoozed to %s  ", s.s);
	}
	str_free(&s);
}
