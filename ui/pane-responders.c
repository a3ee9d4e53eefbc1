#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/ui.h"

/* A role and who has it; roles the policy asks for and nobody has come with name NULL. */
struct entry { const char *role, *name; usec since; int rank; };

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
	return x->since < y->since ? -1 : x->since > y->since;
}

static bool held(const struct facts *f, const char *role)
{
	for (size_t i = 0; i < f->responders.n; i++) {
		const struct responder *r = &f->responders.v[i];

		if (r->left_at == USEC_NONE && r->role && str_ieq(r->role, role))
			return true;
	}
	return false;
}

static size_t entries(const struct facts *f, struct entry **out)
{
	size_t n = 0;

	*out = xcalloc(f->responders.n + f->policy.roles + 1, sizeof **out);
	for (size_t i = 0; i < f->responders.n; i++) {
		const struct responder *r = &f->responders.v[i];

		if (r->left_at == USEC_NONE)
			(*out)[n++] = (struct entry){ r->role ? r->role : "", r->name, r->joined_at, rank_of(r->role ? r->role : "") };
	}
	for (size_t i = 0; i < f->policy.roles && !status_is_closed(f->incident.ms.status); i++) {
		const char *role = f->policy.role[i];

		if (!held(f, role))
			(*out)[n++] = (struct entry){ role, NULL, f->incident.opened_at, rank_of(role) };
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
		row_cell(r, STYLE_NORMAL, e->name, cols - r->cols - 8 > 4 ? cols - r->cols - 8 : 4);
		row_addf(r, STYLE_DIM, " %s", since.s);
	} else {
		row_addf(r, STYLE_WARN, "unclaimed %s !", since.s);
	}
	str_free(&since);
}

void responders_draw(struct ui *ui)
{
	struct rect p = ui->layout.pane[PANE_RESPONDERS];
	struct entry *e;
	struct row r = ROW_INIT;
	int n, top;

	if (!p.rows)
		return;
	n = ui->state.have ? (int)entries(&ui->state.facts, &e) : (e = NULL, 0);
	if (ui->side.responder >= n)
		ui->side.responder = n ? n - 1 : 0;
	top = layout_scroll(0, ui->side.responder, 1, n, p.rows);
	for (int i = 0; i < p.rows; i++) {
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
	free(e);
	row_free(&r);
}

static void claim(struct ui *ui, const struct entry *e)
{
	char *line = *e->role ? str_fmt("/role %s ", e->role) : str_fmt("/role  %s", e->name);

	composer_put(ui, line, *e->role ? 0 : strlen(e->name) + 1);
	free(line);
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
	case ACT_UNDO: job_line(ui, "/undo", 5, ui->now, NULL, true); break;
	case ACT_CLAIM:
		if (n)
			claim(ui, &e[*at]);
		break;
	case ACT_COPY:
		if (n && e[*at].name && term_copy(ui->term, e[*at].name, strlen(e[*at].name)))
			ui_say(ui, STYLE_NORMAL, "copied");
		break;
	default: known = false;
	}
	free(e);
	ui->dirty |= DIRTY_SIDE;
	return known;
}
