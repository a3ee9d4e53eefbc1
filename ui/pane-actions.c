#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/ui.h"

static bool is_open(const struct action *a)
{
	return !str_eq(a->status, "done") && !str_eq(a->status, "dropped");
}

static bool overdue(const struct action *a, const char *today)
{
	return is_open(a) && a->due && strlen(a->due) == 10 && a->due[4] == '-' && strcmp(a->due, today) < 0;
}

struct entry { const struct action *a; bool overdue; size_t order; };

/* The sooner it is due the sooner it stands there; what is no date, and nothing at all, comes last. */
static int by_due(const struct action *x, const struct action *y)
{
	return strcmp(x->due && strlen(x->due) == 10 ? x->due : "9999", y->due && strlen(y->due) == 10 ? y->due : "9999");
}

/* Overdue first, then by priority, then by due date; done and dropped ones last. */
static int by_need(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int px = x->a->priority < 0 ? 9 : x->a->priority, py = y->a->priority < 0 ? 9 : y->a->priority;

	if (is_open(x->a) != is_open(y->a))
		return is_open(x->a) ? -1 : 1;
	if (x->overdue != y->overdue)
		return x->overdue ? -1 : 1;
	if (px != py)
		return px - py;
	if (by_due(x->a, y->a))
		return by_due(x->a, y->a);
	return x->order < y->order ? -1 : 1;
}

/* The selection stays with its action item wherever that moves. */
static int entries(struct ui *ui, struct entry **out)
{
	const struct actions *l = &ui->state.facts.actions;
	struct str today = STR_INIT;

	*out = NULL;
	if (!ui->state.have || !l->n)
		return 0;
	*out = xcalloc(l->n, sizeof **out);
	when_fmt_date(&today, ui->now, ui->state.facts.zone);
	for (size_t i = 0; i < l->n; i++)
		(*out)[i] = (struct entry){ &l->v[i], overdue(&l->v[i], today.s), i };
	str_free(&today);
	qsort(*out, l->n, sizeof **out, by_need);
	for (size_t i = 0; i < l->n; i++) {
		if (uuid_eq((*out)[i].a->entity, ui->side.action_id))
			ui->side.action = (int)i;
	}
	if (ui->side.action >= (int)l->n)
		ui->side.action = (int)l->n - 1;
	return (int)l->n;
}

static const char *box(const struct action *a)
{
	static const struct { const char *status; enum glyph mark; } marks[] = {
		{ "open", G_TODO }, { "in progress", G_BEGUN }, { "done", G_DONE }, { "dropped", G_DROPPED },
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (str_eq(a->status, marks[i].status))
			return glyph(marks[i].mark);
	}
	return "?";
}

static void draw_entry(struct row *r, const struct entry *e, int cols)
{
	const struct action *a = e->a;
	enum style base = is_open(a) ? STYLE_NORMAL : STYLE_STRUCK;
	struct row tail = ROW_INIT;
	const char *due = a->due && strlen(a->due) == 10 ? a->due + 5 : a->due;

	if (a->owner) {
		row_add(&tail, STYLE_DIM, " @");
		row_text(&tail, STYLE_DIM, a->owner, 12);
	}
	if (due) {
		row_add(&tail, base, " ");
		row_text(&tail, e->overdue ? STYLE_BAD : STYLE_DIM, due, 10);
	}
	if (e->overdue)
		row_add(&tail, STYLE_BAD, " !");
	if (a->priority >= 0)
		row_addf(r, a->priority == 0 && is_open(a) ? STYLE_BAD : base, " P%d ", a->priority);
	else
		row_add(r, base, "    ");
	row_addf(r, base, "%s ", box(a));
	row_text(r, base, a->text, cols - r->cols - tail.cols - 1 > 8 ? cols - r->cols - tail.cols - 1 : cols - r->cols - 1);
	if (r->cols + tail.cols <= cols) {
		row_to(r, base, cols - tail.cols - 1);
		row_append(r, &tail);
	}
	row_free(&tail);
}

/* One field under its name, wrapped; returns the row after it. */
static int draw_field(struct ui *ui, struct rect p, int y, const char *name, const char *value)
{
	struct str safe = STR_INIT;
	struct row r = ROW_INIT;
	int cols = p.cols - 11 > 1 ? p.cols - 11 : 1;
	size_t at = 0;

	san_text(&safe, value, strlen(value), SAN_TERMINAL);
	do {
		size_t n = width_wrap(safe.s + at, safe.len - at, cols);

		row_reset(&r);
		row_addf(&r, STYLE_DIM, " %-8s ", at ? "" : name);
		row_addn(&r, STYLE_NORMAL, safe.s + at, n);
		if (y < p.rows)
			term_put(ui->term, 1, p.y + y++, p.x, p.cols, &r);
		at += n;
	} while (at < safe.len && y < p.rows);
	row_free(&r);
	str_free(&safe);
	return y;
}

/* What the selected one has to say besides, over the pane's last rows. */
static void draw_details(struct ui *ui, const struct action *a, struct rect p, int from)
{
	const struct { const char *name, *value; } line[] = {
		{ a->number, a->text }, { "owner", a->owner }, { "due", a->due }, { "type", a->type }, { "horizon", a->horizon }, { "ref", a->ref },
		{ "success", a->success }, { "status", a->status },
	};
	struct row blank = ROW_INIT;

	for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
		if (line[i].value)
			from = draw_field(ui, p, from, line[i].name ? line[i].name : "", line[i].value);
	}
	for (; from < p.rows; from++)
		term_put(ui->term, 1, p.y + from, p.x, p.cols, &blank);
	row_free(&blank);
}

void actions_draw(struct ui *ui)
{
	struct rect p = ui->layout.pane[PANE_ACTIONS];
	struct entry *e;
	struct row r = ROW_INIT;
	int n = entries(ui, &e), rows = p.rows, top;
	bool open = ui->side.open && ui->focus == PANE_ACTIONS && n > 0;

	if (!p.rows) {
		free(e);
		return;
	}
	if (open)
		rows = p.rows > 9 ? p.rows - 8 : 1;
	top = layout_scroll(0, ui->side.action, 1, n, rows);
	for (int i = 0; i < rows; i++) {
		row_reset(&r);
		if (top + i < n)
			draw_entry(&r, &e[top + i], p.cols);
		else if (n == 0 && i == 0 && ui->state.have)
			row_text(&r, STYLE_DIM, " None yet: ! what to do @owner due:DATE P1", p.cols);
		if (ui->focus == PANE_ACTIONS && top + i < n && top + i == ui->side.action) {
			row_to(&r, STYLE_NORMAL, p.cols);
			row_restyle(&r, STYLE_SELECT);
		}
		term_put(ui->term, 1, p.y + i, p.x, p.cols, &r);
	}
	if (open)
		draw_details(ui, e[ui->side.action].a, p, rows);
	free(e);
	row_free(&r);
}

/* A verb on the selected one: run at once, or put into the composer to be completed. */
static void verb(struct ui *ui, const struct action *a, const char *name, const char *tail, bool run)
{
	char *line = str_fmt("/%s %s%s%s", name, a->number, *tail || !run ? " " : "", tail);

	if (run)
		job_line(ui, line, strlen(line), ui->now, NULL, true);
	else
		composer_put(ui, line, 0);
	free(line);
}

static bool on_entry(struct ui *ui, const struct action *a, enum act act)
{
	switch (act) {
	case ACT_DONE: verb(ui, a, str_eq(a->status, "done") ? "progress" : "done", "", true); return true;
	case ACT_BEGIN: verb(ui, a, "progress", "", true); return true;
	case ACT_DROP: verb(ui, a, "drop", "", false); return true;
	case ACT_HISTORY: history_page(ui, a->entity, a->number ? a->number : "it"); return true;
	case ACT_DETAILS: ui->side.open = !ui->side.open; return true;
	case ACT_EDIT: verb(ui, a, "edit", a->text ? a->text : "", false); return true;
	case ACT_ASSIGN: verb(ui, a, "assign", "@", false); return true;
	case ACT_PRIO: verb(ui, a, "prio", "P", false); return true;
	case ACT_DUE: verb(ui, a, "due", a->due ? a->due : "", false); return true;
	case ACT_COPY:
		if (term_copy(ui->term, a->text ? a->text : "", a->text ? strlen(a->text) : 0))
			ui_say(ui, STYLE_NORMAL, "copied");
		return true;
	default: return false;
	}
}

bool actions_key(struct ui *ui, enum act a)
{
	struct entry *e;
	int n = entries(ui, &e), *at = &ui->side.action, last = n ? n - 1 : 0, page = ui->layout.pane[PANE_ACTIONS].rows;
	bool known = true;

	switch (a) {
	case ACT_UP: *at = *at > 0 ? *at - 1 : 0; break;
	case ACT_DOWN: *at = *at < last ? *at + 1 : last; break;
	case ACT_PAGE_UP: *at = *at > page ? *at - page : 0; break;
	case ACT_PAGE_DOWN: *at = *at + page < last ? *at + page : last; break;
	case ACT_FIRST: *at = 0; break;
	case ACT_LAST: *at = last; break;
	case ACT_UNDO: undo_ask(ui, false); break;
	case ACT_REDO: undo_ask(ui, true); break;
	case ACT_BACK:
		known = ui->side.open;
		ui->side.open = false;
		break;
	default: known = n > 0 && on_entry(ui, e[*at].a, a);
	}
	if (n)
		ui->side.action_id = e[*at].a->entity;
	free(e);
	ui->dirty |= DIRTY_SIDE;
	return known;
}
