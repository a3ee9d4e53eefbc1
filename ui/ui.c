/* ui.c - the dispatcher: takes events one by one, changes what is known, and lets screen.c draw once. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/ui.h"

enum { ASK_FIRST = 50, ASK_LAST = 20000, BUSY_US = 500, BUSY_MAX = 5000, RECOVER_AFTER = 40 };

void ui_say(struct ui *ui, enum style style, const char *fmt, ...)
{
	va_list ap;

	str_reset(&ui->message);
	va_start(ap, fmt);
	str_addv(&ui->message, fmt, ap);
	va_end(ap);
	ui->message_style = style;
	ui->dirty |= DIRTY_FOOTER;
}

void ui_alarm(struct ui *ui, const char *text)
{
	char *said = str_fmt("overdue: %s", text);

	if (ui->config.bell)
		term_bell(ui->term);
	if (ui->config.notify)
		term_notify(ui->term, said);
	free(said);
}

/* ---- the store ---- */

void ui_again(struct ui *ui)
{
	usec wait = BUSY_US * (usec)(1 + ui->busy / 8);

	ui->stale = true;
	ui->busy++;
	if (ui->busy % RECOVER_AFTER == 0) /* nobody may be writing: a dead one's journal is for a writer to roll back */
		job_recover(ui);
	loop_ask(ui->loop, wait > BUSY_MAX ? BUSY_MAX : wait);
}

void ui_refresh(struct ui *ui)
{
	enum load l = state_open(&ui->state);
	bool begun = l == LOAD_OK && ui->state.store && store_read_begin(ui->state.store);

	if (l == LOAD_OK)
		l = state_load(&ui->state);
	if (l == LOAD_OK && !timeline_load(ui))
		l = LOAD_BUSY;
	if (begun)
		store_read_end(ui->state.store, true);
	if (l == LOAD_BUSY) {
		ui_again(ui);
		return;
	}
	ui->stale = false;
	ui->busy = 0;
	ui->all_stale = true;
	if (l == LOAD_FAILED) {
		ui_say(ui, STYLE_BAD, "%s", ui->state.err.text);
		return;
	}
	jobs_loaded(ui);
	ui->dirty |= DIRTY_HEADER | DIRTY_TIMELINE | DIRTY_SIDE | DIRTY_FOOTER;
}

/* Something was written beside the database; the commit may not be visible yet. */
static void files_changed(struct ui *ui)
{
	if (state_changed(&ui->state) || (!ui->state.store && !ui->running)) {
		ui_refresh(ui);
	} else if (!ui->running) { /* our own commit says when it is done */
		ui->ask_after = ASK_FIRST;
		loop_ask(ui->loop, ui->ask_after);
	}
}

static void ask_again(struct ui *ui)
{
	if (ui->stale || state_changed(&ui->state)) {
		ui->ask_after = 0;
		ui_refresh(ui);
	} else if (ui->ask_after && ui->ask_after < ASK_LAST) {
		ui->ask_after *= 2;
		loop_ask(ui->loop, ui->ask_after);
	}
}

void ui_watch(struct ui *ui)
{
	char *dir = xstrdup(ui->state.path), *slash = strrchr(dir, '/');

	if (slash)
		slash[slash == dir] = '\0';
	loop_watch(ui->loop, slash ? dir : ".");
	free(dir);
}

/* ---- where the person is ---- */

void ui_show(struct ui *ui, uuid incident)
{
	composer_draft_save(ui, true);
	if (ui->state.have && !uuid_eq(ui->state.incident, incident))
		ui->before = ui->state.incident;
	ui->state.have = true;
	ui->state.incident = incident;
	timeline_reset(ui);
	ui->side = (struct side){ 0 };
	ui_refresh(ui);
	composer_draft_load(ui);
	ui->dirty |= DIRTY_ALL;
}

void ui_scene(struct ui *ui, enum scene scene)
{
	ui->scene = scene;
	ui->page.open = false;
	if (scene == SCENE_LIST) {
		state_load_all(&ui->state);
		list_enter(ui);
		ui->focus = PANE_TIMELINE;
	} else {
		ui->focus = PANE_COMPOSER;
	}
	ui->dirty |= DIRTY_ALL;
}

void ui_focus(struct ui *ui, enum pane pane)
{
	bool was_side = ui->focus == PANE_RESPONDERS || ui->focus == PANE_ACTIONS, side = pane == PANE_RESPONDERS || pane == PANE_ACTIONS;

	if (ui->focus == pane)
		return;
	ui->focus = pane;
	ui->timeline.find.typing = FIND_NOTHING;
	if (was_side != side && !ui->layout.side)
		ui->dirty |= DIRTY_LAYOUT;
	ui->timeline.selecting = false;
	ui->dirty |= DIRTY_TIMELINE | DIRTY_SIDE | DIRTY_COMPOSER | DIRTY_FOOTER;
	if (pane == PANE_TIMELINE && ui->scene == SCENE_LIVE)
		timeline_focus(ui);
}

static void focus_by(struct ui *ui, int step)
{
	int panes = ui->scene == SCENE_LIST || !ui->state.have ? 2 : PANE_COUNT;

	ui_focus(ui, (enum pane)(((int)ui->focus + step + panes) % panes));
}

enum context ui_context(const struct ui *ui)
{
	static const enum context of[PANE_COUNT] = { CTX_COMPOSER, CTX_TIMELINE, CTX_RESPONDERS, CTX_ACTIONS };

	if (ui->page.open)
		return ui->page.typing ? CTX_FIND : CTX_HELP;
	if (ui->scene == SCENE_LIST && ui->focus != PANE_COMPOSER && (ui->list.typing || ui->list.form.open))
		return CTX_FIND;
	if (timeline_typing(ui))
		return CTX_FIND;
	if (ui->scene == SCENE_LIST && ui->focus != PANE_COMPOSER)
		return CTX_LIST;
	return of[ui->focus];
}

/* ---- leaving ---- */

void ui_leave(struct ui *ui)
{
	ui->force = ui->quit && jobs_pending(ui) && !ui->gone; /* asked twice: what is not saved is printed */
	composer_draft_save(ui, true);
	ui->quit = true;
	ui->dirty |= DIRTY_FOOTER;
}

static bool answer_quit(struct ui *ui, const struct key *k)
{
	if (k->code == 'y' || k->code == 'Y' || key_is(k, "Ctrl-C"))
		ui_leave(ui);
	return false;
}

static void ask_quit(struct ui *ui)
{
	free(ui->question.text);
	ui->question.text = xstrdup(ui->edit.text.len ? "leave tplus? y leaves (the line you are writing is kept), any other key stays"
		: "leave tplus? y leaves, any other key stays");
	ui->question.answer = answer_quit;
	ui->dirty |= DIRTY_FOOTER;
}

/* SIGTSTP and not SIGSTOP: where no shell would wake us the system ignores it. */
static void suspend(struct ui *ui)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL }, old;

	loop_terminal_stop(ui->loop);
	term_suspend(ui->term);
	sigaction(SIGTSTP, &dfl, &old);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &old, NULL);
	term_resume(ui->term);
	loop_terminal_start(ui->loop);
	ui->skip_continue = true;
	ui->dirty |= DIRTY_ALL;
}

static void continued(struct ui *ui)
{
	if (!ui->skip_continue) { /* stopped from outside: the shell has had the terminal */
		term_resume(ui->term);
		ui->dirty |= DIRTY_ALL;
	}
	ui->skip_continue = false;
}

/* ---- keys ---- */

static bool common_action(struct ui *ui, enum act a)
{
	switch (a) {
	case ACT_HELP: page_help(ui, ui_context(ui)); return true;
	case ACT_LIVE: ui_scene(ui, SCENE_LIVE); return true;
	case ACT_LIST: ui_scene(ui, SCENE_LIST); return true;
	case ACT_CLOCKS: clocks_page(ui); return true;
	case ACT_QUIT: ui_leave(ui); return true;
	case ACT_ASK_QUIT: ask_quit(ui); return true;
	case ACT_NEXT: focus_by(ui, 1); return true;
	case ACT_PREV: focus_by(ui, -1); return true;
	case ACT_REDRAW:
		term_redraw(ui->term);
		ui->dirty |= DIRTY_ALL;
		return true;
	case ACT_SUSPEND: suspend(ui); return true;
	case ACT_COMPOSER:
	case ACT_BACK: ui_focus(ui, PANE_COMPOSER); return true;
	case ACT_VERB:
		if (!ui->edit.text.len)
			composer_put(ui, "/", 0);
		ui->borrowed = false;
		ui_focus(ui, PANE_COMPOSER);
		return true;
	default: return false;
	}
}

/* Whatever line is being typed into, on top of the panes first. */
static bool find_key(struct ui *ui, enum act a, const struct key *k)
{
	if (ui->page.open)
		return page_find_key(ui, a, k);
	if (ui->scene != SCENE_LIST)
		return timeline_find_key(ui, a, k);
	return ui->list.form.open ? form_key(ui, a, k) : list_find_key(ui, a, k);
}

static bool pane_action(struct ui *ui, enum context c, enum act a, const struct key *k)
{
	switch (c) {
	case CTX_HELP: return page_key(ui, a);
	case CTX_LIST:
		if (a == ACT_NONE && key_is_text(k)) { /* a letter that is no command begins the filter */
			ui->list.typing = true;
			return list_find_key(ui, a, k);
		}
		return list_key(ui, a);
	case CTX_COMPOSER:
		if (a == ACT_NEXT && ui->all_stale && state_load_all(&ui->state) == LOAD_OK)
			ui->all_stale = false;
		if ((a == ACT_NEXT || a == ACT_PREV) && (ui->completion || (a == ACT_NEXT && composer_completes(ui)))) {
			composer_complete(ui, a == ACT_NEXT ? 1 : -1);
			return true;
		}
		return composer_key(ui, a, k);
	case CTX_FIND: return find_key(ui, a, k);
	case CTX_TIMELINE: return ui->state.have && timeline_key(ui, a);
	case CTX_RESPONDERS: return responders_key(ui, a);
	case CTX_ACTIONS: return actions_key(ui, a);
	default: return false;
	}
}

static bool inside(struct rect r, const struct key *k)
{
	return r.rows > 0 && k->y >= r.y && k->y < r.y + r.rows && k->x >= r.x && k->x < r.x + r.cols;
}

static void click(struct ui *ui, const struct key *k)
{
	const struct rect *p = ui->layout.pane;

	for (int i = 0; i < PANE_COUNT; i++) {
		if (!inside(p[i], k))
			continue;
		ui_focus(ui, (enum pane)i);
		if (i == PANE_TIMELINE && ui->scene == SCENE_LIST)
			list_click(ui, k->y - p[i].y);
		else if (i == PANE_TIMELINE && ui->state.have)
			timeline_click(ui, k->y - p[i].y);
		ui->dirty |= DIRTY_TIMELINE | DIRTY_SIDE;
	}
}

static void mouse(struct ui *ui, const struct key *k)
{
	bool wheel = k->mouse == MOUSE_WHEEL_UP || k->mouse == MOUSE_WHEEL_DOWN;
	int by = k->mouse == MOUSE_WHEEL_UP ? -3 : 3;

	if (k->mouse == MOUSE_PRESS && !ui->page.open)
		click(ui, k);
	else if (wheel && ui->page.open)
		for (int i = 0; i < 3; i++)
			page_key(ui, by < 0 ? ACT_UP : ACT_DOWN);
	else if (wheel && ui->scene == SCENE_LIST)
		list_key(ui, by < 0 ? ACT_UP : ACT_DOWN);
	else if (wheel && ui->state.have) {
		ui->timeline.selecting = false;
		timeline_scroll(ui, by);
	}
}

static void on_key(struct ui *ui, const struct key *k)
{
	bool (*answer)(struct ui *, const struct key *) = ui->question.text ? ui->question.answer : NULL;
	enum context c;
	enum act a;

	if (k->code == K_FOCUS_IN || k->code == K_FOCUS_OUT)
		return;
	ui->keys++;
	if (k->code == K_MOUSE) {
		mouse(ui, k);
		return;
	}
	if (answer) {
		free(ui->question.text);
		ui->question.text = NULL;
		ui->dirty |= DIRTY_FOOTER;
		if (answer(ui, k) || strchr("yYnN12", k->code < 128 ? k->code : 'x') || k->code == K_ESC || key_is(k, "Ctrl-C"))
			return;
	}
	c = ui_context(ui);
	a = key_action(c, k);
	if (a == ACT_NONE && (k->mods & MOD_ALT)) { /* Esc and a key, typed fast or over a slow line */
		struct key esc = { .code = K_ESC }, plain = *k;

		plain.mods &= ~(unsigned)MOD_ALT;
		on_key(ui, &esc);
		on_key(ui, &plain);
		return;
	}
	if (k->code == K_PASTE && c != CTX_COMPOSER && c != CTX_FIND && c != CTX_HELP) { /* pasted text is never taken for keys */
		ui_focus(ui, PANE_COMPOSER);
		c = CTX_COMPOSER;
	}
	if (!pane_action(ui, c, a, k) && !common_action(ui, a) && c == CTX_COMPOSER && k->code == K_ESC)
		ui_focus(ui, PANE_TIMELINE);
}

/* ---- events ---- */

static void resized(struct ui *ui)
{
	term_resize(ui->term);
	term_redraw(ui->term); /* terminals move their lines about while they change size, each in its own way */
	ui->dirty |= DIRTY_ALL;
}

static void tick(struct ui *ui)
{
	ui->dirty |= DIRTY_HEADER | DIRTY_SIDE;
	if (ui->scene == SCENE_LIST)
		ui->dirty |= DIRTY_TIMELINE;
	ui_watch(ui);
	if (!ui->state.store || state_changed(&ui->state))
		ui_refresh(ui);
	if (ui->all_stale && state_load_all(&ui->state) == LOAD_OK)
		ui->all_stale = false;
	if (state_others_stale(&ui->state))
		state_load_others(&ui->state);
	clocks_tick(ui);
	composer_draft_save(ui, false);
}

static void handle(struct ui *ui, struct ui_event *e)
{
	clocks_now(ui);
	switch (e->type) {
	case EV_KEY:
		on_key(ui, &e->key);
		free(e->key.text);
		break;
	case EV_TICK: tick(ui); break;
	case EV_WRITABLE:
		if (term_drain(ui->term))
			loop_want_write(ui->loop, false);
		break;
	case EV_RESIZE: resized(ui); break;
	case EV_FILES: files_changed(ui); break;
	case EV_ASK: ask_again(ui); break;
	case EV_IDLE: timeline_step(ui); break;
	case EV_DONE: job_done(ui, e->job); break;
	case EV_SUSPEND: suspend(ui); break;
	case EV_CONTINUE: continued(ui); break;
	case EV_END: ui_leave(ui); break;
	case EV_CLOSED:
		ui->gone = true;
		ui_leave(ui);
		break;
	}
}

static bool finished(const struct ui *ui)
{
	return ui->force || (ui->quit && !ui->running && !jobs_pending(ui));
}

void ui_loop(struct ui *ui)
{
	struct ui_event e;

	while (!finished(ui)) {
		screen_draw(ui);
		if (ui->gone && !ui->quit)
			ui_leave(ui);
		if (finished(ui))
			break;
		if (term_resized(ui->term)) { /* Linux sends the signal just before the size changes: we may have been too quick */
			resized(ui);
			continue;
		}
		loop_wait(ui->loop);
		while (loop_next(ui->loop, &e))
			handle(ui, &e);
	}
}
