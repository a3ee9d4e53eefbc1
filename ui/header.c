/* header.c - what must be seen at a glance: the incident, T+, the clocks, what is due next. */
#include <ctype.h>
#include <string.h>

#include "model/budget.h"
#include "ui/ui.h"

enum { WIDE = 110 }; /* from here on the nearest item of other incidents has its incident's id */

/* ---- the first row ---- */

enum piece { P_SEVERITY, P_STATUS, P_TPLUS, P_CLOCK, P_VIEWER, P_OTHERS, P_NEAREST, PIECES };

static void add_severity(struct row *r, const struct facts *f)
{
	struct str s = STR_INIT;
	size_t n = f->steps.n;

	if (f->incident.severity == SEV_UNKNOWN)
		str_addf(&s, "%s-?", *f->clocks.policy.scheme ? f->clocks.policy.scheme : "SEV");
	else
		severity_fmt(&s, f->incident.severity, *f->clocks.policy.scheme ? f->clocks.policy.scheme : "SEV");
	row_add(r, f->incident.severity == SEV_UNKNOWN || f->incident.severity > 1 ? STYLE_BOLD : STYLE_BAD, s.s);
	/* The smaller the number, the worse: an arrow says which way it went last. */
	if (n > 1 && f->steps.v[n - 1].severity != SEV_UNKNOWN && f->steps.v[n - 2].severity != SEV_UNKNOWN)
		row_addf(r, STYLE_WARN, " %s", glyph(f->steps.v[n - 1].severity < f->steps.v[n - 2].severity ? G_SEVERITY : G_LOWER));
	str_free(&s);
}

static void add_status(struct row *r, const struct facts *f)
{
	char word[32];
	size_t i = 0;

	for (const char *s = status_name(f->incident.ms.status); s[i] && i < sizeof word - 1; i++)
		word[i] = (char)toupper((unsigned char)s[i]);
	word[i] = '\0';
	row_add(r, STYLE_BOLD, word);
}

static void add_tplus(struct row *r, struct ui *ui)
{
	struct str s = STR_INIT;

	dur_fmt_tplus(&s, clocks_elapsed(ui));
	row_add(r, STYLE_BOLD, "T+");
	row_add(r, STYLE_NORMAL, s.s); /* changes every second: plain is the cheapest to write */
	str_free(&s);
}

static void add_clock(struct row *r, const struct ui *ui)
{
	struct local l;

	zone_local(ui->state.have ? ui->state.facts.zone : ui->viewer, ui->now, &l);
	row_addf(r, STYLE_NORMAL, "%02d:%02d:%02d %s", l.hour, l.min, l.sec, l.abbr);
}

static void add_viewer(struct row *r, const struct ui *ui)
{
	struct local mine, theirs;

	if (!ui->state.have)
		return;
	zone_local(ui->viewer, ui->now, &mine);
	zone_local(ui->state.facts.zone, ui->now, &theirs);
	if (mine.offset != theirs.offset)
		row_addf(r, STYLE_DIM, "%s %02d:%02d %s", glyph(G_DOT), mine.hour, mine.min, mine.abbr);
}

/* Counted without the one shown: the list may be a second older than what is known of that. */
static void add_others(struct row *r, const struct ui *ui)
{
	const struct incidents *all = &ui->state.all;
	size_t open = 0;

	for (size_t i = 0; i < all->n; i++)
		open += !status_is_closed(all->v[i].ms.status) && !(ui->state.have && uuid_eq(all->v[i].entity, ui->state.incident));
	if (open)
		row_addf(r, STYLE_WARN, "+%zu open", open);
}

/* What runs out first in any of the others. */
static void add_nearest(struct row *r, const struct ui *ui)
{
	const struct incident *of;
	struct due d;

	if (!clocks_nearest(ui, &d, &of))
		return;
	if (ui->layout.cols >= WIDE) {
		row_text(r, STYLE_NORMAL, of->shown_id, 20);
		row_add(r, STYLE_NORMAL, " ");
	}
	due_add(r, &d, ui->now, "", "");
}

static void make_piece(struct row *r, enum piece p, struct ui *ui)
{
	const struct facts *f = &ui->state.facts;

	if (ui->state.have && p == P_SEVERITY)
		add_severity(r, f);
	else if (ui->state.have && p == P_STATUS)
		add_status(r, f);
	else if (ui->state.have && p == P_TPLUS)
		add_tplus(r, ui);
	else if (p == P_CLOCK)
		add_clock(r, ui);
	else if (p == P_VIEWER)
		add_viewer(r, ui);
	else if (p == P_OTHERS)
		add_others(r, ui);
	else if (p == P_NEAREST)
		add_nearest(r, ui);
}

/* Pieces are given up in this order, until the title has room. */
static const enum piece least_first[] = { P_VIEWER, P_CLOCK, P_NEAREST, P_OTHERS, P_SEVERITY, P_STATUS };
static const enum piece shown_order[] = { P_OTHERS, P_NEAREST, P_SEVERITY, P_STATUS, P_TPLUS, P_CLOCK, P_VIEWER };

static bool is_tail(int p) /* of the piece before it */
{
	return p == P_VIEWER || p == P_NEAREST;
}

static int pieces_width(const struct row *piece, int gap)
{
	int sum = 0;

	for (int i = 0; i < PIECES; i++)
		sum += piece[i].cols ? piece[i].cols + (is_tail(i) ? 1 : gap) : 0;
	return sum;
}

static void first_row(struct ui *ui, struct row *r, int cols)
{
	struct row piece[PIECES] = { ROW_INIT, ROW_INIT, ROW_INIT, ROW_INIT, ROW_INIT, ROW_INIT, ROW_INIT };
	int gap = cols >= 100 ? 4 : 2, right, id;
	const char *none = ui->state.open ? "no incident is chosen" : "no incident is open";

	for (int i = 0; i < PIECES; i++)
		make_piece(&piece[i], (enum piece)i, ui);
	id = cols - piece[P_TPLUS].cols - gap - 4; /* T+ is never cut */
	row_add(r, STYLE_NORMAL, " ");
	if (ui->state.have)
		row_text(r, STYLE_BOLD, ui->state.facts.incident.shown_id, id < cols / 2 ? id : cols / 2);
	else
		row_add(r, STYLE_BOLD, "tplus");
	for (size_t i = 0; i < sizeof least_first / sizeof *least_first; i++) {
		if (r->cols + 2 + (cols < 60 ? 6 : 14) + pieces_width(piece, gap) + 1 <= cols)
			break;
		row_reset(&piece[least_first[i]]);
	}
	right = pieces_width(piece, gap);
	row_add(r, STYLE_NORMAL, "  ");
	row_text(r, STYLE_NORMAL, ui->state.have ? ui->state.facts.incident.title : none, cols - r->cols - right - 1);
	row_to(r, STYLE_NORMAL, cols - right - 1);
	for (size_t i = 0; i < PIECES; i++) {
		const struct row *p = &piece[shown_order[i]];

		if (p->cols) {
			row_to(r, STYLE_NORMAL, r->cols + (is_tail((int)shown_order[i]) ? 1 : gap));
			row_append(r, p);
		}
	}
	for (int i = 0; i < PIECES; i++)
		row_free(&piece[i]);
}

/* ---- budget ---- */

bool header_has_budget(const struct ui *ui)
{
	return ui->state.have && ui->state.facts.clocks.policy.slos > 0;
}

/* In minutes once there is one: the row need not change every second. */
static void add_spent(struct row *r, const struct budget *b)
{
	usec left = b->spent.known ? b->left.exact : 0, whole = (left < 0 ? -left : left) / USEC_MIN * USEC_MIN;
	struct str s = STR_INIT;

	if (!b->spent.known) {
		row_add(r, STYLE_DIM, "unknown");
		return;
	}
	if (b->spent.low != b->spent.high)
		str_addc(&s, '~');
	dur_fmt(&s, b->running && b->spent.exact >= USEC_MIN ? b->spent.exact / USEC_MIN * USEC_MIN : b->spent.exact / USEC_SEC * USEC_SEC);
	if (b->total > 0)
		str_addf(&s, " (%lld %%)", (long long)b->tenths / 10);
	row_add(r, STYLE_NORMAL, s.s);
	str_reset(&s);
	if (b->earlier != USEC_NONE && b->earlier > 0) {
		str_addf(&s, " %s others ", glyph(G_DOT));
		dur_fmt(&s, b->earlier);
	}
	row_add(r, STYLE_DIM, s.s);
	str_reset(&s);
	str_addf(&s, " %s %s", glyph(G_DOT), left < 0 ? "overspent" : "left ");
	if (left >= 0 || whole > 0) {
		str_adds(&s, left < 0 ? " " : whole ? "" : "<");
		dur_fmt(&s, whole ? whole : USEC_MIN);
	}
	row_add(r, left < 0 ? STYLE_BAD : STYLE_DIM, s.s);
	str_free(&s);
}

static void budget_row(struct ui *ui, struct row *r)
{
	struct clock_input in = state_clocks(&ui->state.facts, ui->now, ui->clocks.watch.boot);
	struct budget l[POLICY_SLOS];
	size_t n = budgets_of(&in, l);
	struct str s = STR_INIT;

	for (size_t i = 0; i < n; i++) {
		row_add(r, STYLE_DIM, i ? "   budget " : " budget ");
		if (n > 1) {
			row_text(r, STYLE_DIM, l[i].rule->name, 24);
			row_add(r, STYLE_DIM, " ");
		}
		str_reset(&s);
		dur_fmt(&s, l[i].total);
		str_adds(&s, " / ");
		dur_fmt(&s, l[i].rule->window);
		row_addf(r, STYLE_DIM, "%s %s this incident ", s.s, glyph(G_DOT));
		add_spent(r, &l[i]);
	}
	str_free(&s);
}

void header_draw(struct ui *ui)
{
	const struct layout *l = &ui->layout;
	struct row r = ROW_INIT;

	first_row(ui, &r, l->cols);
	term_put(ui->term, 0, l->header.y, 0, l->cols, &r);
	if (l->due.rows) {
		row_reset(&r);
		due_row(ui, &r, l->cols);
		term_put(ui->term, 0, l->due.y, 0, l->cols, &r);
	}
	if (l->budget.rows) {
		row_reset(&r);
		budget_row(ui, &r);
		term_put(ui->term, 0, l->budget.y, 0, l->cols, &r);
	}
	row_free(&r);
}
