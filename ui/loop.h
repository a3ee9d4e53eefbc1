/* loop.h - waiting: the terminal, signals, timers, other processes' commits, the one worker. The only user of libuv.
 * Callbacks only push events; the dispatcher takes them one by one and draws once when there are no more. */
#ifndef TPLUS_UI_LOOP_H
#define TPLUS_UI_LOOP_H

#include <signal.h>
#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"
#include "ui/keys.h"

enum event_type {
	EV_KEY,       /* key; its paste belongs to the taker */
	EV_TICK,      /* the second changed */
	EV_WRITABLE,  /* the terminal takes output again */
	EV_RESIZE,
	EV_FILES,     /* something was written in the watched directory */
	EV_ASK,       /* loop_ask's time has come */
	EV_IDLE,      /* loop_idle is on: time for a little of what takes long */
	EV_DONE,      /* job: the worker has finished it */
	EV_SUSPEND,   /* SIGTSTP from outside */
	EV_CONTINUE,  /* SIGCONT */
	EV_END,       /* SIGTERM, SIGHUP, SIGINT: leave in order */
	EV_CLOSED,    /* the terminal is gone */
};

struct ui_event {
	enum event_type type;
	struct key key;
	void *job;
};

struct loop;
enum status loop_new(struct loop **out, struct clock *clock, struct err *err); /* takes the signals, too */
void loop_free(struct loop *l); /* nothing may be under way */

enum status loop_terminal(struct loop *l, int fd, const char *term, bool utf8, struct err *err); /* keys from fd; once */
void loop_terminal_stop(struct loop *l);
void loop_terminal_start(struct loop *l);
void loop_want_write(struct loop *l, bool want);

/* Waits for at least one event; then loop_next hands out all there are. */
void loop_wait(struct loop *l);
bool loop_next(struct loop *l, struct ui_event *e);

void loop_tick(struct loop *l, bool on);          /* once a second, on the second; with a test clock when its file says so */
void loop_ask(struct loop *l, usec after);        /* EV_ASK in after µs; a later call replaces an earlier one; 0: never mind */
void loop_idle(struct loop *l, bool on);          /* EV_IDLE again and again, between everything else */
bool loop_watch(struct loop *l, const char *directory); /* EV_FILES from now on; false: not possible (yet) */

/* Runs fn(job) on the worker's thread, then EV_DONE. One at a time: the caller queues. */
void loop_work(struct loop *l, void (*fn)(void *job), void *job);

#endif
