#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/names.h"
#include "ui/ui.h"

/* A role and who has it, or was offered it; roles the policy asks for and nobody has come with name NULL. */
struct entry { const char *role, *name; usec since; int rank; bool offered; uuid id; };

static int rank_of(const char *role)
{
	int i = 0;

	while (role_table[i].code && !str_ieq(role_table[i].code, role))
		i++;
	return i;
}

static int by_rank(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank - y->rank;
	if (x->offered != y->offered)
		return x->offered ? 1 : -1;
	return x->since < y->since ? -1 : x->since > y->since;
}

static bool held(const struct facts *f, const char *role)
{
	for (size_t i = 0; i < f->clocks.responders.n; i++) {
		const struct responder *r = &f->clocks.responders.v[i];

		if (responder_here(r) && r->role && str_ieq(r->role, role))
			return true;
	}
	return false;
}

static size_t entries(const struct facts *f, struct entry **out)
{
	size_t n = 0;

	*out = xcalloc(f->clocks.responders.n + f->clocks.policy.roles + 1, sizeof **out);
	for (size_t i = 0; i < f->clocks.responders.n; i++) {
		const struct responder *r = &f->clocks.responders.v[i];
		bool offered = responder_offered(r);

		if (!offered && !responder_here(r))
			continue;
		(*out)[n++] = (struct entry){ r->role ? r->role : "", r->name, offered ? r->offered_at : r->joined_at, rank_of(r->role ? r->role : ""), offered,
			r->entity };
	}
	for (size_t i = 0; i < f->clocks.policy.roles && !status_is_closed(f->incident.ms.status); i++) {
		const char *role = f->clocks.policy.role[i];

		if (!held(f, role))
			(*out)[n++] = (struct entry){ .role = role, .since = f->incident.opened_at, .rank = rank_of(role) };
	}
	if (n)
		qsort(*out, n, sizeof **out, by_rank);
	return n;
}

/* Full minutes: the pane should not change every second. */
static void add_since(struct str *s, usec d)
{
	if (d < USEC_MIN)
		str_adds(s, "now");
	else
		dur_fmt(s, d / USEC_MIN * USEC_MIN);
}

static void draw_entry(struct row *r, const struct ui *ui, const struct entry *e, int cols)
{
	struct str since = STR_INIT;
	int role = cols >= 36 ? 9 : 6;

	add_since(&since, ui->now - e->since);
	row_add(r, STYLE_NORMAL, " ");
	row_cell(r, STYLE_BOLD, e->role, role - 1);
	row_add(r, STYLE_NORMAL, " ");
	if (e->name) {
		int tail = e->offered ? 16 : 8;

		row_cell(r, e->offered ? STYLE_DIM : STYLE_NORMAL, e->name, cols - r->cols - tail > 4 ? cols - r->cols - tail : 4);
		if (e->offered)
			row_add(r, STYLE_WARN, " offered");
		row_addf(r, STYLE_DIM, " %s", since.s);
	} else {
		row_addf(r, STYLE_WARN, ui->now - e->since < USEC_MIN ? "unclaimed%.0s !" : "unclaimed %s !", since.s);
	}
	str_free(&since);
}

/* What there is to say about the selected one, and which keys there are. */
static void draw_details(struct ui *ui, const struct entry *e, struct rect p, int from)
{
	struct str since = STR_INIT;
	const char *name = e->name ? e->name : "nobody: c claims it, a gives it to somebody";
	const char *now = e->offered ? "offered, not accepted yet: /accept" : e->name ? "has it" : "asked for at this severity";
	const char *const line[][2] = { { "role", *e->role ? role_title(e->role) : "none yet: a gives one" }, { "who", name }, { "since", since.s }, { "", now } };
	struct row r = ROW_INIT;

	when_fmt_full(&since, e->since, ui->state.facts.zone);
	for (int y = from; y < p.rows; y++) {
		size_t i = (size_t)(y - from);

		row_reset(&r);
		if (i < sizeof line / sizeof *line) {
			row_addf(&r, STYLE_DIM, " %-6s ", line[i][0]);
			row_text(&r, STYLE_NORMAL, i == 2 ? since.s : line[i][1], p.cols - r.cols - 1);
		}
		term_put(ui->term, 1, p.y + y, p.x, p.cols, &r);
	}
	str_free(&since);
	row_free(&r);
}

void responders_draw(struct ui *ui)
{
	struct rect p = ui->layout.pane[PANE_RESPONDERS];
	struct entry *e;
	struct row r = ROW_INIT;
	int n, top, rows = p.rows;
	bool open;

	if (!p.rows)
		return;
	n = ui->state.have ? (int)entries(&ui->state.facts, &e) : (e = NULL, 0);
	if (ui->side.responder >= n)
		ui->side.responder = n ? n - 1 : 0;
	open = ui->side.responder_open && ui->focus == PANE_RESPONDERS && n > 0;
	if (open)
		rows = p.rows > 5 ? p.rows - 4 : 1;
	top = layout_scroll(0, ui->side.responder, 1, n, rows);
	for (int i = 0; i < rows; i++) {
		row_reset(&r);
		if (top + i < n)
			draw_entry(&r, ui, &e[top + i], p.cols);
		else if (n == 0 && i == 0 && ui->state.have)
			row_text(&r, STYLE_DIM, " Nobody yet: /role IC NAME", p.cols);
		if (ui->focus == PANE_RESPONDERS && top + i < n && top + i == ui->side.responder) {
			row_to(&r, STYLE_NORMAL, p.cols);
			row_restyle(&r, STYLE_SELECT);
		}
		term_put(ui->term, 1, p.y + i, p.x, p.cols, &r);
	}
	if (open)
		draw_details(ui, &e[ui->side.responder], p, rows);
	free(e);
	row_free(&r);
}

static void put(struct ui *ui, const char *verb, const struct entry *e)
{
	char *line = *e->role ? str_fmt("/%s %s ", verb, e->role) : str_fmt("/%s  %s", verb, e->name);

	composer_put(ui, line, *e->role ? 0 : strlen(e->name) + 1);
	free(line);
}

static bool on_entry(struct ui *ui, const struct entry *e, enum act a)
{
	char *line;

	switch (a) {
	case ACT_CLAIM: put(ui, "role", e); return true;
	case ACT_OFFER: put(ui, "handover", e); return true;
	case ACT_MINE:
		if (!*e->role)
			return true;
		line = str_fmt("/role %s %s", e->role, ui->author);
		job_line(ui, line, strlen(line), ui->now, NULL, true);
		free(line);
		return true;
	case ACT_STRIKE:
		line = str_fmt("/leave %s", e->name ? e->name : "");
		if (e->name)
			composer_put(ui, line, 0);
		free(line);
		return true;
	case ACT_HISTORY:
		if (e->name)
			history_page(ui, e->id, e->name);
		else
			ui_say(ui, STYLE_NORMAL, "nobody has had this role yet");
		return true;
	case ACT_COPY:
		if (e->name && term_copy(ui->term, e->name, strlen(e->name)))
			ui_say(ui, STYLE_NORMAL, "copied");
		return true;
	default: return false;
	}
}

bool responders_key(struct ui *ui, enum act a)
{
	struct entry *e;
	size_t n = ui->state.have ? entries(&ui->state.facts, &e) : (e = NULL, (size_t)0);
	int *at = &ui->side.responder, last = n ? (int)n - 1 : 0;
	bool known = true;

	switch (a) {
	case ACT_UP: *at = *at > 0 ? *at - 1 : 0; break;
	case ACT_DOWN: *at = *at < last ? *at + 1 : last; break;
	case ACT_FIRST:
	case ACT_PAGE_UP: *at = 0; break;
	case ACT_LAST:
	case ACT_PAGE_DOWN: *at = last; break;
	case ACT_UNDO: undo_ask(ui, false); break;
	case ACT_REDO: undo_ask(ui, true); break;
	case ACT_DETAILS: ui->side.responder_open = !ui->side.responder_open; break;
	case ACT_BACK:
		known = ui->side.responder_open;
		ui->side.responder_open = false;
		break;
	default: known = n > 0 && on_entry(ui, &e[*at < (int)n ? *at : last], a);
	}
	free(e);
	ui->dirty |= DIRTY_SIDE;
	return known;
}
