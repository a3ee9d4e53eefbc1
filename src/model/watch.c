/* watch.c - see watch.h. */
#include "model/watch.h"

#include <stdio.h>
#include <string.h>

#include "base/when.h"

static usec distance(usec t)
{
	return t < 0 ? -t : t;
}

static void copy_zone(char out[64], const char *name)
{
	snprintf(out, 64, "%s", name);
}

static void watch_clock(struct clock_watch *w, usec wall, usec boot, usec asleep, struct clock_change *out)
{
	if (boot == USEC_NONE || w->boot == USEC_NONE)
		return;
	usec step = wall - w->wall - (boot - w->boot);
	if (distance(step) >= WATCH_STEP) {
		out->what |= CHANGE_STEP;
		out->step = step;
		out->was = wall - step;
		w->off += step;
	}
	if (asleep - w->asleep >= WATCH_SUSPEND) {
		out->what |= CHANGE_SUSPEND;
		out->asleep = asleep - w->asleep;
	}
}

/* Both clocks at one time: a pause between the two questions would look like a step. */
static void read_together(struct clock *c, usec *wall, usec *boot)
{
	for (int i = 0; i < 5; i++) {
		usec before = c->boot(c);

		*wall = c->wall(c);
		*boot = c->boot(c);
		if (before == USEC_NONE || *boot - before < WATCH_STEP / 10)
			return;
	}
}

bool clock_watch_tick(struct clock_watch *w, struct clock *c, const struct zone *viewer, struct clock_change *out)
{
	const char *zone = viewer ? zone_name(viewer) : "";
	usec wall, boot, asleep;

	read_together(c, &wall, &boot);
	asleep = c->asleep ? c->asleep(c) : 0;

	*out = (struct clock_change){ .is = wall };
	if (w->begun) {
		watch_clock(w, wall, boot, asleep, out);
		if (viewer && w->zone[0] && strcmp(w->zone, zone) != 0) {
			out->what |= CHANGE_ZONE;
			copy_zone(out->zone, zone);
			copy_zone(out->zone_was, w->zone);
		}
	}
	w->begun = true;
	w->wall = wall;
	w->boot = boot;
	w->asleep = asleep;
	copy_zone(w->zone, zone);
	return out->what != 0;
}

usec clock_watch_hold(struct clock_watch *w, usec elapsed)
{
	if (!w->holds || elapsed > w->shown)
		w->shown = elapsed;
	w->holds = true;
	return w->shown;
}

void clock_watch_release(struct clock_watch *w)
{
	w->holds = false;
}

/* "+4 s", "-1h2m": to the second, halves away from zero. */
static void add_step(struct str *b, usec step)
{
	usec whole = (distance(step) + USEC_SEC / 2) / USEC_SEC * USEC_SEC;

	str_addc(b, step < 0 ? '-' : '+');
	if (whole < USEC_MIN)
		str_addf(b, "%lld s", (long long)(whole / USEC_SEC));
	else
		dur_fmt_exact(b, whole);
}

void clock_off_text(usec off, struct str *out)
{
	if (off == 0)
		return;
	str_adds(out, "clock ");
	add_step(out, off);
}

void clock_change_text(const struct clock_change *x, unsigned what, const struct zone *z, struct str *out)
{
	if (what == CHANGE_STEP) {
		str_adds(out, "clock ");
		add_step(out, x->step);
		str_adds(out, ": ");
		when_fmt_full(out, x->is, z);
		str_adds(out, " instead of ");
		when_fmt_full(out, x->was, z);
	} else if (what == CHANGE_SUSPEND) {
		str_adds(out, "suspended for ");
		dur_fmt_exact(out, x->asleep / USEC_SEC * USEC_SEC);
	} else if (what == CHANGE_ZONE) {
		str_addf(out, "the zone here is %s, no longer %s", x->zone, x->zone_was);
	}
}
