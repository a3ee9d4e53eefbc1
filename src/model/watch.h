/* watch.h - what happens to the clock itself while a program runs: steps, suspends, zone changes. Pure but for the clock it is given. DESIGN section 6. */
#ifndef TPLUS_MODEL_WATCH_H
#define TPLUS_MODEL_WATCH_H

#include "base/clock.h"
#include "base/str.h"
#include "base/zone.h"

#define WATCH_STEP USEC_SEC         /* wall-clock steps from here on are told; less is the system's own slewing */
#define WATCH_SUSPEND (5 * USEC_SEC)

/* Begin with { 0 }. */
struct clock_watch {
	bool begun;
	usec wall, boot, asleep;
	char zone[64];
	usec off;           /* the sum of all steps seen: the footer's "clock +4 s"; 0: none */
	usec shown;         /* clock_watch_hold */
	bool holds;
};

enum { CHANGE_STEP = 1, CHANGE_SUSPEND = 2, CHANGE_ZONE = 4 };
struct clock_change {
	unsigned what;      /* any of them together */
	usec step;          /* CHANGE_STEP: how far the wall clock was put forward; negative: back */
	usec was, is;       /* what the wall clock would show now, and what it shows */
	usec asleep;        /* CHANGE_SUSPEND: how long */
	char zone[64];      /* CHANGE_ZONE: the viewer's zone now, and the one before */
	char zone_was[64];
};

/* Ask at every tick. True: something happened since the last time, *out says what. The first call only begins. A clock without a boot clock shows no
 * steps. viewer may be NULL: no zone is watched. A zone's own DST change is no zone change. */
bool clock_watch_tick(struct clock_watch *w, struct clock *c, const struct zone *viewer, struct clock_change *out);

/* T+ as it may be shown: never less than what this watch showed before. key changes (another incident, a retimed start): begin anew with
 * clock_watch_release. */
usec clock_watch_hold(struct clock_watch *w, usec elapsed);
void clock_watch_release(struct clock_watch *w);

/* What the timeline says of it, one text for each: "clock +4 s: 14:23:16 instead of 14:23:12", "suspended for 12m3s", "the zone here is Europe/Berlin,
 * no longer UTC". Times in zone z. what: one of CHANGE_*. */
void clock_change_text(const struct clock_change *x, unsigned what, const struct zone *z, struct str *out);

/* "clock +4 s", "clock -1h": the footer's note; nothing is appended when off is 0. */
void clock_off_text(usec off, struct str *out);

#endif
