#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <uv.h>

#include "base/mem.h"
#include "ui/input.h"
#include "ui/loop.h"

enum { TEST_TICK_MS = 20, READ_SIZE = 65536 };

static const struct { int sig; enum event_type type; } signals[] = {
	{ SIGWINCH, EV_RESIZE }, { SIGTSTP, EV_SUSPEND }, { SIGCONT, EV_CONTINUE }, { SIGTERM, EV_END }, { SIGHUP, EV_END }, { SIGINT, EV_END },
};
enum { SIGNALS = sizeof signals / sizeof *signals };

struct loop {
	uv_loop_t uv;
	struct clock *clock;
	uv_signal_t sig[SIGNALS];
	uv_timer_t tick, partial;
	uv_idle_t idle;
	uv_poll_t tty, ask, files;
	bool has_tty, has_files, tty_on, want_write;
	int tty_fd, ask_fd, files_fd;
	usec ticked;                 /* test clock: the time of the last tick */
	struct input *input;
	uv_work_t work;
	void (*work_fn)(void *);
	void *job;
	struct ui_event *ring;       /* queue: head … head + n */
	size_t head, n, cap;
};

static void push(struct loop *l, const struct ui_event *e)
{
	if (l->head && l->head + l->n == l->cap) {
		memmove(l->ring, l->ring + l->head, l->n * sizeof *l->ring);
		l->head = 0;
	}
	l->ring = xgrow(l->ring, &l->cap, l->head + l->n + 1, sizeof *l->ring);
	l->ring[l->head + l->n++] = *e;
}

/* Events that say no more than "look there" are in the queue once. */
static void push_type(struct loop *l, enum event_type type)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->ring[l->head + i].type == type)
			return;
	}
	push(l, &(struct ui_event){ .type = type });
}

bool loop_next(struct loop *l, struct ui_event *e)
{
	if (!l->n)
		return false;
	*e = l->ring[l->head];
	l->head = --l->n ? l->head + 1 : 0;
	return true;
}

void loop_wait(struct loop *l)
{
	while (!l->n && uv_run(&l->uv, UV_RUN_ONCE))
		;
}

/* ---- signals ---- */

static void on_signal(uv_signal_t *h, int sig)
{
	for (size_t i = 0; i < SIGNALS; i++) {
		if (signals[i].sig == sig)
			push_type(h->data, signals[i].type);
	}
}

enum status loop_new(struct loop **out, struct clock *clock, struct err *err)
{
	struct loop *l = xcalloc(1, sizeof *l);
	int e;

	setenv("UV_THREADPOOL_SIZE", "1", 1); /* one worker, one thread */
	e = uv_loop_init(&l->uv);
	if (e) {
		free(l);
		return fail(err, ST_IO, "the event loop cannot start: %s", uv_strerror(e));
	}
	l->clock = clock;
	l->ticked = USEC_NONE;
	for (size_t i = 0; i < SIGNALS; i++) {
		uv_signal_init(&l->uv, &l->sig[i]);
		l->sig[i].data = l;
		uv_signal_start(&l->sig[i], on_signal, signals[i].sig);
		uv_unref((uv_handle_t *)&l->sig[i]);
	}
	uv_timer_init(&l->uv, &l->tick);
	uv_timer_init(&l->uv, &l->partial);
	uv_idle_init(&l->uv, &l->idle);
	l->tick.data = l->partial.data = l->idle.data = l;
	l->tty_fd = l->ask_fd = l->files_fd = -1;
	*out = l;
	return ST_OK;
}

static void close_handle(uv_handle_t *h, void *arg)
{
	(void)arg;
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

void loop_free(struct loop *l)
{
	struct ui_event e;

	if (!l)
		return;
	uv_walk(&l->uv, close_handle, NULL);
	while (uv_run(&l->uv, UV_RUN_DEFAULT))
		;
	uv_loop_close(&l->uv);
	while (loop_next(l, &e))
		free(e.key.text);
	if (l->ask_fd >= 0)
		close(l->ask_fd);
	if (l->files_fd >= 0)
		close(l->files_fd);
	input_free(l->input);
	free(l->ring);
	free(l);
}

/* ---- the terminal ---- */

static void on_partial(uv_timer_t *t)
{
	struct loop *l = t->data;

	input_timeout(l->input);
}

static void on_key(void *arg, const struct key *k)
{
	push(arg, &(struct ui_event){ .type = EV_KEY, .key = *k });
}

static void gone(struct loop *l)
{
	loop_terminal_stop(l);
	push_type(l, EV_CLOSED);
}

static void read_tty(struct loop *l)
{
	static char buf[READ_SIZE]; /* one reader, one thread */
	ssize_t n = read(l->tty_fd, buf, sizeof buf);
	int ms;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		gone(l);
		return;
	}
	input_feed(l->input, buf, (size_t)n);
	ms = input_wait_ms(l->input);
	if (ms)
		uv_timer_start(&l->partial, on_partial, (uint64_t)ms, 0);
	else
		uv_timer_stop(&l->partial);
}

static void on_tty(uv_poll_t *p, int status, int events)
{
	struct loop *l = p->data;

	if (status < 0) {
		gone(l);
		return;
	}
	if (events & UV_READABLE)
		read_tty(l);
	if (events & UV_WRITABLE)
		push_type(l, EV_WRITABLE);
}

enum status loop_terminal(struct loop *l, int fd, const char *term, bool utf8, struct err *err)
{
	enum status st = input_new(&l->input, term, utf8, on_key, l, err);
	int e;

	if (st != ST_OK)
		return st;
	e = uv_poll_init(&l->uv, &l->tty, fd);
	if (e)
		return fail(err, ST_NO, "the terminal cannot be waited for: %s", uv_strerror(e));
	l->tty.data = l;
	l->tty_fd = fd;
	l->has_tty = true;
	loop_terminal_start(l);
	return ST_OK;
}

void loop_terminal_start(struct loop *l)
{
	if (!l->has_tty)
		return;
	l->tty_on = true;
	uv_poll_start(&l->tty, UV_READABLE | (l->want_write ? UV_WRITABLE : 0), on_tty);
}

void loop_terminal_stop(struct loop *l)
{
	if (l->has_tty && l->tty_on)
		uv_poll_stop(&l->tty);
	l->tty_on = false;
}

void loop_want_write(struct loop *l, bool want)
{
	if (want == l->want_write)
		return;
	l->want_write = want;
	if (l->tty_on)
		loop_terminal_start(l);
}

/* ---- time ---- */

static void on_tick(uv_timer_t *t)
{
	struct loop *l = t->data;

	push_type(l, EV_TICK);
	loop_tick(l, true);
}

static void on_test_tick(uv_timer_t *t)
{
	struct loop *l = t->data;
	usec now = l->clock->wall(l->clock);

	if (now != l->ticked)
		push_type(l, EV_TICK);
	l->ticked = now;
}

void loop_tick(struct loop *l, bool on)
{
	if (!on) {
		uv_timer_stop(&l->tick);
	} else if (l->clock->test) {
		l->ticked = USEC_NONE; /* what was drawn before may be older than this moment: one tick at once */
		uv_timer_start(&l->tick, on_test_tick, TEST_TICK_MS, TEST_TICK_MS);
	} else {
		usec part = l->clock->wall(l->clock) % USEC_SEC;

		/* To the next full second and a hair: a timer that comes early would show the old second and wake twice. */
		uv_update_time(&l->uv);
		uv_timer_start(&l->tick, on_tick, (uint64_t)((USEC_SEC - part) / 1000 + 1), 0);
	}
}

static void on_ask(uv_poll_t *p, int status, int events)
{
	struct loop *l = p->data;
	uint64_t times;

	(void)status;
	(void)events;
	if (read(l->ask_fd, &times, sizeof times) == (ssize_t)sizeof times)
		push_type(l, EV_ASK);
}

/* libuv's timers count milliseconds, which is long for a reader: hence the system's. */
void loop_ask(struct loop *l, usec after)
{
	struct itimerspec it = { .it_value = { (time_t)(after / USEC_SEC), (long)(after % USEC_SEC) * 1000 } };

	if (l->ask_fd < 0) {
		if (!after)
			return;
		l->ask_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
		if (l->ask_fd < 0 || uv_poll_init(&l->uv, &l->ask, l->ask_fd) != 0)
			return;
		l->ask.data = l;
		uv_poll_start(&l->ask, UV_READABLE, on_ask);
	}
	timerfd_settime(l->ask_fd, 0, &it, NULL);
}

static void on_idle(uv_idle_t *h)
{
	push_type(h->data, EV_IDLE);
}

void loop_idle(struct loop *l, bool on)
{
	if (on)
		uv_idle_start(&l->idle, on_idle);
	else
		uv_idle_stop(&l->idle);
}

/* ---- other processes ---- */

static void on_files(uv_poll_t *p, int status, int events)
{
	struct loop *l = p->data;
	char buf[4096];
	bool any = false;

	(void)status;
	(void)events;
	while (read(l->files_fd, buf, sizeof buf) > 0)
		any = true;
	if (any)
		push_type(l, EV_FILES);
}

/* Own inotify: libuv's mask holds IN_ATTRIB, which our own reads of the database trigger. */
bool loop_watch(struct loop *l, const char *directory)
{
	if (l->has_files)
		return true;
	if (l->files_fd < 0)
		l->files_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (l->files_fd < 0 || inotify_add_watch(l->files_fd, directory, IN_MODIFY | IN_CLOSE_WRITE) < 0)
		return false;
	if (uv_poll_init(&l->uv, &l->files, l->files_fd) != 0)
		return false;
	l->files.data = l;
	uv_poll_start(&l->files, UV_READABLE, on_files);
	l->has_files = true;
	return true;
}

/* ---- the worker ---- */

static void on_work(uv_work_t *w)
{
	struct loop *l = w->data;

	l->work_fn(l->job);
}

static void on_worked(uv_work_t *w, int status)
{
	struct loop *l = w->data;

	(void)status; /* a job is never cancelled */
	push(l, &(struct ui_event){ .type = EV_DONE, .job = l->job });
}

void loop_work(struct loop *l, void (*fn)(void *job), void *job)
{
	l->work_fn = fn;
	l->job = job;
	l->work.data = l;
	uv_queue_work(&l->uv, &l->work, on_work, on_worked);
}
