/* jobs.c - commits: one at a time on the worker's thread, with its own connection, in the order of typing. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "ui/ui.h"
#include "verb/verb.h"

static void job_free(struct job *j)
{
	event_clear(&j->row);
	free(j->text);
	free(j->key);
	str_free(&j->out);
	str_free(&j->note);
	free(j);
}

/* ---- on the worker's thread ---- */

/* shown: an incident of the file is on the screen, so that a fresh file would be no place for its lines. */
static enum status worker_open(struct worker *w, bool shown, struct err *err)
{
	struct store_opts o = { .path = w->path, .mode = STORE_WRITE, .clock = &w->clock, .make_dir = w->make_dir };

	o.network = getenv("TPLUS_NETWORK_FS") != NULL;
	if (w->store && store_moved(w->store)) {
		store_close(w->store);
		w->store = NULL;
	}
	if (!w->store && shown && access(w->path, F_OK) != 0)
		return fail(err, ST_IO, "%s is gone: put it back, or a backup in its place; the line stays here", w->path);
	return w->store ? ST_OK : store_open(&w->store, &o, err);
}

static enum status run_line(struct job *j)
{
	struct worker *w = j->worker;
	struct ctx c = {
		.store = w->store, .clock = &w->clock, .out = &j->out, .note = &j->note, .err = &j->err, .author = w->author, .composer = true,
		.incident_arg = j->incident[0] ? j->incident : NULL,
		.stamp = j->stamp, .grp = j->grp, .retry = j->retry, .config_dir = w->config_dir,
	};
	enum status st = verb_line(&c, j->text, j->n);

	j->event = c.event;
	j->opened = c.incident.entity;
	memcpy(j->event_short, c.event_short, sizeof j->event_short);
	incident_clear(&c.incident);
	return st;
}

static enum status run_clock(struct job *j)
{
	struct worker *w = j->worker;
	struct ctx c = {
		.store = w->store, .clock = &w->clock, .out = &j->out, .note = &j->note, .err = &j->err, .author = w->author, .composer = true,
		.stamp = USEC_NONE, .grp = j->grp, .retry = j->retry, .config_dir = w->config_dir,
	};
	enum status st = verb_clock_change(&c, &j->change);

	incident_clear(&c.incident);
	return st;
}

static void work(void *arg)
{
	struct job *j = arg;
	struct worker *w = j->worker;

	j->status = worker_open(w, j->incident[0] != 0, &j->err);
	if (j->status == ST_OK && j->type == JOB_LINE)
		j->status = run_line(j);
	else if (j->status == ST_OK && j->type == JOB_CLOCK)
		j->status = run_clock(j);
	else if (j->status == ST_OK && j->type == JOB_UNDO)
		j->status = undo_look_job(j);
	else if (j->status == ST_OK && j->type == JOB_DRAFT)
		j->status = local_set(w->store, j->key, j->text, &j->err);
	if (j->status != ST_IO)
		return;
	/* An I/O error does not say whether the line reached the disk: open anew and try again with the same retry key, once. */
	store_close(w->store);
	w->store = NULL;
	if (j->type != JOB_LINE && j->type != JOB_CLOCK)
		return;
	str_reset(&j->out);
	str_reset(&j->note);
	j->retry = true;
	j->status = worker_open(w, j->incident[0] != 0, &j->err);
	if (j->status == ST_OK)
		j->status = j->type == JOB_CLOCK ? run_clock(j) : run_line(j);
}

/* ---- on the screen's ---- */

static void start_next(struct ui *ui)
{
	struct job *j = ui->jobs;

	while (j && j->saved)
		j = j->next;
	if (ui->running || !j)
		return;
	ui->running = j;
	loop_work(ui->loop, work, j);
}

static struct job *add(struct ui *ui, enum job_type type, const char *text, size_t n)
{
	struct job *j = xcalloc(1, sizeof *j), **end = &ui->jobs;

	j->type = type;
	j->worker = &ui->worker;
	j->text = text ? xmalloc(n + 1) : NULL;
	if (text) {
		memcpy(j->text, text, n);
		j->text[n] = '\0';
	}
	j->n = n;
	j->stamp = USEC_NONE;
	str_init(&j->out);
	str_init(&j->note);
	while (*end)
		end = &(*end)->next;
	*end = j;
	return j;
}

static void add_row(struct ui *ui, struct job *j, const struct line *l)
{
	int milestone = l->slash ? milestone_find(l->verb) : MS_NONE;
	bool hypothesis = str_eq(l->verb, "hypothesis");

	if (milestone == MS_NONE && !hypothesis && !str_eq(l->verb, "log") && !str_eq(l->verb, "good") && !str_eq(l->verb, "bad"))
		return;
	j->has_row = true;
	j->row.occurred_at = l->when.form == WHEN_NOTHING ? j->stamp : l->when.at;
	j->row.approx_s = l->when.approx_s;
	j->row.kind = milestone != MS_NONE ? KIND_MILESTONE : hypothesis ? KIND_HYPOTHESIS : KIND_NOTE;
	j->row.milestone = milestone;
	j->row.text = xstrdup(l->text);
	j->row.actor = xstrdup(l->actor ? l->actor : ui->author);
	j->row.hlc = INT64_MAX;
}

void job_line(struct ui *ui, const char *text, size_t n, usec stamp, const struct line *parsed, bool quiet)
{
	struct job *j = add(ui, JOB_LINE, text, n);
	bool again = ui->failed_text.len == n && n && memcmp(ui->failed_text.s, text, n) == 0;

	j->stamp = stamp;
	j->quiet = quiet;
	j->borrowed = ui->borrowed && !quiet;
	j->keys = ui->keys;
	j->grp = again ? ui->failed_grp : uuid_new();
	j->retry = again;
	str_reset(&ui->failed_text);
	if (ui->state.have)
		str_hex(j->incident, ui->state.incident.b, 16);
	if (parsed && ui->state.have)
		add_row(ui, j, parsed);
	str_reset(&ui->message);
	ui->dirty |= DIRTY_FOOTER | DIRTY_TIMELINE;
	start_next(ui);
}

void job_line_says(struct ui *ui, const char *text, const char *says, const char *what)
{
	struct job *j;

	job_line(ui, text, strlen(text), ui->now, NULL, true);
	for (j = ui->jobs; j->next;)
		j = j->next;
	j->key = str_fmt("%s%s", says, what);
}

void job_draft(struct ui *ui, const char *key, const char *text)
{
	struct job *j = add(ui, JOB_DRAFT, text, text ? strlen(text) : 0);

	j->key = xstrdup(key);
	start_next(ui);
}

void job_undo(struct ui *ui, bool redo)
{
	struct job *j;

	for (j = ui->jobs; j; j = j->next) {
		if (j->type == JOB_UNDO)
			return;
	}
	j = add(ui, JOB_UNDO, NULL, 0);
	j->redo = redo;
	j->zone = ui->state.facts.zone;
	str_hex(j->incident, ui->state.incident.b, 16);
	start_next(ui);
}

void job_recover(struct ui *ui)
{
	for (struct job *j = ui->jobs; j; j = j->next) {
		if (j->type == JOB_RECOVER)
			return;
	}
	add(ui, JOB_RECOVER, NULL, 0);
	start_next(ui);
}

void job_clock(struct ui *ui, const struct clock_change *x)
{
	struct job *j = add(ui, JOB_CLOCK, NULL, 0);

	j->change = *x;
	j->grp = uuid_new();
	if (ui->state.have)
		str_hex(j->incident, ui->state.incident.b, 16);
	ui->clocks.changes++;
	start_next(ui);
}

static void clock_written(struct ui *ui, const struct job *j)
{
	ui->clocks.changes--;
	if (j->status != ST_OK)
		ui_say(ui, STYLE_BAD, "the change of the clock is not logged: %s", j->err.text);
	ui_refresh(ui);
}

bool job_is_here(const struct ui *ui, const struct job *j)
{
	char shown[33] = "";

	if (ui->state.have)
		str_hex(shown, ui->state.incident.b, 16);
	return strcmp(shown, j->incident) == 0;
}

size_t jobs_pending(const struct ui *ui)
{
	size_t n = 0;

	for (const struct job *j = ui->jobs; j; j = j->next)
		n += j->type == JOB_LINE && !j->saved;
	return n;
}

static void drop(struct ui *ui, struct job *gone, bool keep)
{
	struct job **at = &ui->jobs;

	while (*at && *at != gone)
		at = &(*at)->next;
	if (*at)
		*at = gone->next;
	gone->next = NULL;
	if (!keep)
		job_free(gone);
}

/* What the verb printed: a line goes into the footer, more opens a page. */
static void show_output(struct ui *ui, struct job *j)
{
	const char *s = j->out.s, *newline = strchr(s, '\n');

	if (j->note.len) {
		j->note.s[strcspn(j->note.s, "\n")] = '\0';
		ui_say(ui, STYLE_WARN, "%s", j->note.s);
	}
	if (j->key) {
		ui_say(ui, STYLE_NORMAL, "%s", j->key);
		return;
	}
	if (!j->out.len)
		return;
	if (newline && newline[1])
		page_show(ui, j->text, s);
	else if (!j->event_short[0] && !j->note.len)
		ui_say(ui, STYLE_NORMAL, "%.*s", (int)strcspn(s, "\n"), s);
}

static void saved(struct ui *ui, struct job *j)
{
	char opened[33];

	str_hex(opened, j->opened.b, 16);
	j->saved = true;
	if (j->event_short[0])
		memcpy(ui->saved, j->event_short, sizeof ui->saved);
	show_output(ui, j);
	/* open and use lead to another incident; any other line may be done when the person has long gone elsewhere. */
	if (!uuid_is_zero(j->opened) && strcmp(opened, j->incident) != 0) {
		ui_show(ui, j->opened);
		if (ui->scene == SCENE_LIST) {
			form_close(ui);
			ui_scene(ui, SCENE_LIVE);
		}
	}
	ui_refresh(ui);
}

static void refused(struct ui *ui, struct job *j)
{
	if (j->status == ST_IO && j->n) {
		str_reset(&ui->failed_text);
		str_add(&ui->failed_text, j->text, j->n);
		ui->failed_grp = j->grp;
	}
	if (j->quiet) {
		ui_say(ui, STYLE_BAD, "%s", j->err.text);
		drop(ui, j, false);
		return;
	}
	drop(ui, j, true);
	composer_give_back(ui, j);
	job_free(j);
}

void job_done(struct ui *ui, struct job *j)
{
	ui->running = NULL;
	ui->dirty |= DIRTY_FOOTER | DIRTY_TIMELINE;
	if (j->type == JOB_UNDO) {
		undo_answer(ui, j);
		drop(ui, j, false);
	} else if (j->type != JOB_LINE) {
		if (j->type == JOB_RECOVER && j->status != ST_OK)
			ui_say(ui, STYLE_BAD, "%s", j->err.text);
		if (j->type == JOB_CLOCK)
			clock_written(ui, j);
		drop(ui, j, false);
		if (ui->stale)
			ui_refresh(ui);
	} else if (j->status == ST_OK) {
		saved(ui, j);
	} else {
		refused(ui, j);
	}
	start_next(ui);
}

void jobs_loaded(struct ui *ui)
{
	struct job *next;

	for (struct job *j = ui->jobs; j; j = next) {
		next = j->next;
		if (j->saved)
			drop(ui, j, false);
	}
}

void jobs_free(struct ui *ui)
{
	while (ui->jobs)
		drop(ui, ui->jobs, false);
	store_close(ui->worker.store);
	ui->worker.store = NULL;
	free(ui->worker.config_dir);
}
