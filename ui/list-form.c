/* list-form.c - a new incident: title, severity, id. It runs the verb open, and stays with the reason when that refuses. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/typing.h"
#include "ui/ui.h"

enum { LABEL = 13 };

static const struct { const char *label, *hint; } fields[FORM_FIELDS] = {
	[FORM_TITLE] = { "title", "what is broken, for whom" },
	[FORM_SEVERITY] = { "severity", "0 to 4, or P1, SEV-2; empty: not known yet" },
	[FORM_ID] = { "id", "empty: the next number" },
};

static int first_row(struct rect p)
{
	return p.y + (p.rows > 8 ? 2 : 0);
}

static int step(struct rect p)
{
	return p.rows > 10 ? 2 : 1;
}

static int room(struct rect p)
{
	return p.cols - LABEL - 3 > 1 ? p.cols - LABEL - 3 : 1;
}

static void draw_field(struct row *r, const struct ui *ui, enum form_field i, struct rect p)
{
	const struct form *f = &ui->list.form;

	row_to(r, STYLE_NORMAL, 2);
	row_add(r, f->at == i ? STYLE_BOLD : STYLE_DIM, fields[i].label);
	row_to(r, STYLE_NORMAL, LABEL - 1);
	row_add(r, f->at == i ? STYLE_BOLD : STYLE_DIM, glyph(G_PROMPT));
	row_to(r, STYLE_NORMAL, LABEL + 1);
	if (f->field[i].text.len)
		typing_add(r, STYLE_NORMAL, &f->field[i], room(p));
	else
		row_text(r, STYLE_DIM, fields[i].hint, room(p));
}

void form_draw(struct ui *ui)
{
	struct rect p = ui->layout.pane[PANE_TIMELINE];
	int at = first_row(p);
	struct row r = ROW_INIT;

	for (int y = p.y; y < p.y + p.rows; y++) {
		int i = (y - at) / step(p);

		row_reset(&r);
		if (y >= at && (y - at) % step(p) == 0 && i < FORM_FIELDS)
			draw_field(&r, ui, (enum form_field)i, p);
		else if (y >= at && (y - at) % step(p) == 0 && i == FORM_FIELDS)
			row_text(&r, STYLE_DIM, "  Enter opens the incident, Tab goes to the next field, Esc back to the list.", p.cols);
		term_put(ui->term, 0, y, p.x, p.cols, &r);
	}
	row_free(&r);
}

void form_cursor(struct ui *ui)
{
	struct rect p = ui->layout.pane[PANE_TIMELINE];
	const struct form *f = &ui->list.form;

	term_cursor(ui->term, first_row(p) + (int)f->at * step(p), p.x + LABEL + 1 + typing_column(&f->field[f->at], room(p)));
}

/* The title stands last, behind "--": whatever it begins with, it is the title. */
static void submit(struct ui *ui)
{
	struct form *f = &ui->list.form;
	struct str line = STR_INIT;
	const char *title = f->field[FORM_TITLE].text.s;

	if (!title[strspn(title, " ")]) {
		ui_say(ui, STYLE_BAD, "the incident has no title yet: type what is broken");
		f->at = FORM_TITLE;
		return;
	}
	str_adds(&line, "/open");
	if (f->field[FORM_SEVERITY].text.len)
		str_addf(&line, " -s %s", f->field[FORM_SEVERITY].text.s);
	if (f->field[FORM_ID].text.len)
		str_addf(&line, " --id %s", f->field[FORM_ID].text.s);
	str_addf(&line, " -- %s", title);
	job_line(ui, line.s, line.len, ui->now, NULL, true);
	str_free(&line);
}

static void move(struct form *f, int by)
{
	f->at = (enum form_field)(((int)f->at + by + FORM_FIELDS) % FORM_FIELDS);
}

void form_close(struct ui *ui)
{
	struct form *f = &ui->list.form;

	f->open = false;
	for (int i = 0; i < FORM_FIELDS; i++)
		edit_clear(&f->field[i]);
	ui->dirty |= DIRTY_ALL;
}

bool form_key(struct ui *ui, enum act a, const struct key *k)
{
	struct form *f = &ui->list.form;

	ui->dirty |= DIRTY_TIMELINE | DIRTY_COMPOSER | DIRTY_FOOTER;
	switch (a) {
	case ACT_SUBMIT: submit(ui); return true;
	case ACT_NEXT:
	case ACT_DOWN: move(f, 1); return true;
	case ACT_PREV:
	case ACT_UP: move(f, -1); return true;
	case ACT_BACK: form_close(ui); return true;
	default: return typing_key(&f->field[f->at], a, k, ui->now);
	}
}
