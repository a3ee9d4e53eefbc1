/* session.c - the screen's beginning and end: which file, which incident, which terminal; and everything given back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "ui/complete.h"
#include "ui/ui.h"
#include "verb/verb.h"

/* A busy file or a dead writer's journal: opening it for writing waits, or puts it in order, or says what is wrong. */
static enum status open_store(struct ui *ui, struct err *err)
{
	struct store_opts o = { .path = ui->state.path, .mode = STORE_READ, .clock = &ui->clock, .network = getenv("TPLUS_NETWORK_FS") != NULL };
	struct store *s;
	enum status st;

	if (state_open(&ui->state) == LOAD_OK)
		return ST_OK;
	st = store_open(&s, &o, err);
	if (st != ST_OK)
		return st;
	store_close(s);
	return state_open(&ui->state) == LOAD_OK ? ST_OK : fail(err, ST_IO, "%s", ui->state.err.text);
}

/* Which incident: the one named, else the one meant; several open: the list; none: a welcome. */
static enum status choose(struct ui *ui, const char *incident, struct err *err)
{
	struct str out = STR_INIT, note = STR_INIT;
	struct ctx c = { .store = ui->state.store, .clock = &ui->clock, .out = &out, .note = &note, .err = err, .incident_arg = incident, .author = ui->author };
	enum status st;

	if (!ui->state.store)
		return incident ? fail(err, ST_NO, "there is no incident %s: %s does not exist yet", incident, ui->state.path) : ST_OK;
	st = verb_choose_incident(&c, V_CAPTURE);
	if (st == ST_OK) {
		ui->state.have = true;
		ui->state.incident = c.incident.entity;
	} else if (st == ST_NO && !incident) {
		st = ST_OK;
		if (state_load_all(&ui->state) == LOAD_OK && ui->state.open > 0)
			ui_scene(ui, SCENE_LIST);
	}
	incident_clear(&c.incident);
	return st;
}

static void finish(struct ui *ui)
{
	struct str safe = STR_INIT;

	for (struct job *j = ui->jobs; j; j = j->next) {
		if (j->type != JOB_LINE || j->saved)
			continue;
		str_reset(&safe);
		san_text(&safe, j->text, j->n, SAN_LINES);
		fprintf(stderr, "tplus: screen: not saved: %s\n", safe.s);
	}
	str_free(&safe);
	if (ui->running) /* the worker still waits for the file: nothing of ours may be taken from under it */
		_exit(ST_IO);
	jobs_free(ui);
	loop_free(ui->loop);
	timeline_free(&ui->timeline);
	state_free(&ui->state);
	clocks_free(&ui->clocks);
	config_free(&ui->config);
	edit_free(&ui->edit);
	edit_free(&ui->kept);
	if (ui->completion)
		complete_free(ui->completion);
	free(ui->completion);
	str_free(&ui->draft);
	str_free(&ui->message);
	str_free(&ui->failed_text);
	str_free(&ui->page.text);
	str_free(&ui->page.found);
	edit_free(&ui->page.find);
	list_free(&ui->list);
	free(ui->page.title);
	free(ui->question.text);
	free(ui->question.what);
}

static enum status start(struct ui *ui, const struct ui_opts *o, struct err *err)
{
	enum status st = zone_load(o->zone ? o->zone : "local", &ui->viewer, err);

	if (st == ST_OK) {
		clocks_now(ui);
		st = open_store(ui, err);
	}
	if (st == ST_OK)
		st = choose(ui, o->incident, err);
	if (st == ST_OK)
		st = loop_new(&ui->loop, &ui->clock, err);
	if (st == ST_OK)
		st = term_open(&ui->term, err);
	return st;
}

static void init(struct ui *ui, const struct ui_opts *o)
{
	memset(ui, 0, sizeof *ui);
	ui->author = o->author;
	clock_from_env(&ui->clock);
	ui->now = ui->clock.wall(&ui->clock);
	ui->state.path = o->db;
	ui->state.clock = &ui->clock;
	ui->worker = (struct worker){ .clock = ui->clock, .path = o->db, .author = o->author, .config_dir = path_config_dir(), .make_dir = o->make_dir };
	ui->edit = ui->kept = (struct edit)EDIT_INIT;
	str_init(&ui->draft);
	str_init(&ui->message);
	str_init(&ui->failed_text);
	str_init(&ui->page.text);
	str_init(&ui->page.found);
	ui->page.find = ui->list.find = (struct edit)EDIT_INIT;
	for (int i = 0; i < FORM_FIELDS; i++)
		ui->list.form.field[i] = (struct edit)EDIT_INIT;
	str_init(&ui->timeline.words);
	ui->draft_due = USEC_NONE;
	timeline_reset(ui);
}

/* One look at the store, one write to the terminal; whatever can wait comes after that. */
static void first_paint(struct ui *ui, bool demo)
{
	bool begun = ui->state.store && store_read_begin(ui->state.store);

	term_size(ui->term, &ui->layout.rows, &ui->layout.cols);
	ui->dirty = DIRTY_ALL;
	ui_refresh(ui);
	composer_draft_load(ui);
	if (begun)
		store_read_end(ui->state.store, true);
	if (demo)
		ui_say(ui, STYLE_WARN, "a demonstration: nothing here is kept");
	screen_draw(ui);
}

static void load_config(struct ui *ui)
{
	struct err err = { 0 };

	if (config_load(ui->worker.config_dir, &ui->config, &err) != ST_OK)
		ui_say(ui, STYLE_WARN, "%s", err.text);
}

enum status ui_run(const struct ui_opts *o, struct err *err)
{
	struct ui ui;
	enum status st;

	init(&ui, o);
	st = start(&ui, o, err);
	if (st == ST_OK) {
		first_paint(&ui, o->demo);
		st = loop_terminal(ui.loop, term_fd(ui.term), term_name(ui.term), locale_is_utf8(), err);
	}
	if (st == ST_OK) {
		load_config(&ui);
		loop_tick(ui.loop, true);
		ui_watch(&ui);
		ui_loop(&ui);
	}
	term_close(ui.term, ui.gone);
	finish(&ui);
	return st;
}
