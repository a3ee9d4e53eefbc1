/* undo.c - undo and redo say what they would take back before they do it. Which change that is, is looked up on the worker's thread: an author who has
 * not written for long is searched for in the journal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/ui.h"

enum { SAID = 3, LABEL_BYTES = 32 };

/* ---- on the worker's thread ---- */

struct change { uuid entity; struct str what; };
struct looking { struct change change[SAID]; size_t n, more; const struct zone *zone; usec at; };

static enum status see(void *arg, const struct history_row *r)
{
	struct looking *l = arg;
	struct change *c = &l->change[l->n];
	struct str what = STR_INIT;

	l->at = r->wall_us;
	if (history_skips(r) || str_starts(r->kind, "detail."))
		return ST_OK;
	history_add(&what, r, l->zone, true);
	if (!what.len) {
		str_free(&what);
	} else if (l->n == SAID) {
		l->more++;
		str_free(&what);
	} else {
		c->entity = r->entity;
		c->what = what;
		l->n++;
	}
	return ST_OK;
}

/* What people know an entity by: the last of each of these that was written. */
static const char *const known_by[] = { "milestone", "number", "role", "name", "title", "text", "value" };
enum { KNOWN_BY = sizeof known_by / sizeof *known_by };
struct label { char *v[KNOWN_BY]; char type[24]; };

static enum status see_label(void *arg, const struct history_row *r)
{
	struct label *l = arg;

	if (!l->type[0])
		snprintf(l->type, sizeof l->type, "%.*s", (int)strcspn(r->kind, "."), r->kind);
	for (size_t i = 0; i < KNOWN_BY; i++) {
		const struct val *v = fields_get(&r->fields, known_by[i]);

		if (!v || v->type != VAL_TEXT)
			continue;
		free(l->v[i]);
		l->v[i] = xstrdup(v->s);
	}
	return ST_OK;
}

static void add_label(struct str *out, struct store *s, uuid incident, uuid entity)
{
	struct label l = { 0 };
	struct str name = STR_INIT;

	q_history(s, incident, &entity, see_label, &l, NULL);
	for (size_t i = 0; i < KNOWN_BY; i++) {
		if (l.v[i] && *l.v[i])
			str_addf(&name, "%s%s", name.len ? " " : "", l.v[i]);
		free(l.v[i]);
	}
	if (name.len > LABEL_BYTES) {
		str_cut(&name, utf8_cut(name.s, name.len, LABEL_BYTES));
		str_adds(&name, glyph(G_ELLIPSIS));
	}
	if (name.len)
		str_addf(out, "\"%s\"", name.s);
	else
		str_adds(out, l.type[0] ? l.type : "entry");
	str_free(&name);
}

enum status undo_look_job(struct job *j)
{
	struct looking l = { .zone = j->zone };
	uuid incident;
	enum status st;

	str_unhex(incident.b, sizeof incident.b, j->incident);
	st = q_undo_next(j->worker->store, incident, j->worker->author, j->redo, &j->grp, see, &l, &j->err);
	if (st == ST_OK) {
		when_fmt_clock(&j->out, l.at, l.zone);
		str_addc(&j->out, ' ');
	}
	for (size_t i = 0; i < l.n; i++) {
		str_adds(&j->out, i ? ", " : "");
		if (!str_starts(l.change[i].what.s, "text ")) { /* the text speaks for itself */
			add_label(&j->out, j->worker->store, incident, l.change[i].entity);
			str_addc(&j->out, ' ');
		}
		str_adds(&j->out, l.change[i].what.s);
		str_free(&l.change[i].what);
	}
	if (l.more)
		str_addf(&j->out, ", and %zu more", l.more);
	return st;
}

/* ---- on the screen's ---- */

static bool answer(struct ui *ui, const struct key *k)
{
	const char *again = ui->question.redo ? "r" : "u";
	char *line, hex[33];

	if (!key_is(k, again) && !key_is(k, "Enter") && !key_is(k, "y") && !(ui->question.redo && key_is(k, "Ctrl-R")))
		return false;
	str_hex(hex, ui->question.grp.b, sizeof ui->question.grp.b);
	line = str_fmt("/undo %s", hex); /* this very change, whatever has come since */
	job_line_says(ui, line, ui->question.redo ? "redone: " : "undone: ", ui->question.what);
	free(line);
	return true;
}

void undo_ask(struct ui *ui, bool redo)
{
	if (ui->state.have)
		job_undo(ui, redo);
}

void undo_answer(struct ui *ui, struct job *j)
{
	struct question *q = &ui->question;

	if (j->status != ST_OK) {
		ui_say(ui, j->status == ST_NO ? STYLE_NORMAL : STYLE_BAD, "%s", j->err.text);
		return;
	}
	/* Somebody who has gone on to type would answer without having seen the question. */
	if (!job_is_here(ui, j) || ui->focus == PANE_COMPOSER || timeline_typing(ui) || ui->page.open)
		return;
	free(q->text);
	q->text = str_fmt(j->redo ? "redo? r or Enter: yes, Esc: no %s undone %s" : "undo? u or Enter: yes, Esc: no %s %s", glyph(G_DOT), j->out.s);
	free(q->what);
	q->what = xstrdup(j->out.s);
	q->answer = answer;
	q->grp = j->grp;
	q->redo = j->redo;
	ui->dirty |= DIRTY_FOOTER;
}
