/* header.c - what must be seen at a glance: the incident, T+, the clocks, what is due next. */
#include <ctype.h>
#include <string.h>

#include "ui/ui.h"

enum { DUES = 64, DUE_GAP = 2, BAR = 6, ASK_TEXT = 16 };

/* ---- the first row ---- */

enum piece { P_SEVERITY, P_STATUS, P_TPLUS, P_CLOCK, P_VIEWER, P_OTHERS, PIECES };

static void add_severity(struct row *r, const struct facts *f)
{
	struct str s = STR_INIT;
	size_t n = f->steps.n;

	if (f->incident.severity == SEV_UNKNOWN)
		str_addf(&s, "%s-?", *f->policy.scheme ? f->policy.scheme : "SEV");
	else
		severity_fmt(&s, f->incident.severity, *f->policy.scheme ? f->policy.scheme : "SEV");
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

static void add_tplus(struct row *r, const struct ui *ui)
{
	const struct facts *f = &ui->state.facts;
	usec closed = status_is_closed(f->incident.ms.status) ? f->incident.ms.at[MS_CLOSED] : USEC_NONE;
	struct str s = STR_INIT;

	str_adds(&s, "T+");
	dur_fmt_tplus(&s, (closed != USEC_NONE ? closed : ui->now) - state_began(f));
	row_add(r, STYLE_BOLD, s.s);
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

static void add_others(struct row *r, const struct ui *ui)
{
	size_t open = ui->state.open;

	if (ui->state.have && !status_is_closed(ui->state.facts.incident.ms.status) && open)
		open--;
	if (open)
		row_addf(r, STYLE_WARN, "+%zu open", open);
}

static void make_piece(struct row *r, enum piece p, const struct ui *ui)
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
}

/* Pieces are given up in this order, until the title has room. */
static const enum piece least_first[] = { P_OTHERS, P_VIEWER, P_CLOCK, P_SEVERITY, P_STATUS };
static const enum piece shown_order[] = { P_OTHERS, P_SEVERITY, P_STATUS, P_TPLUS, P_CLOCK, P_VIEWER };

static int pieces_width(const struct row *piece, int gap)
{
	int sum = 0;

	for (int i = 0; i < PIECES; i++)
		sum += piece[i].cols ? piece[i].cols + (i == P_VIEWER ? 1 : gap) : 0;
	return sum;
}

static void first_row(struct ui *ui, struct row *r, int cols)
{
	struct row piece[PIECES] = { ROW_INIT, ROW_INIT, ROW_INIT, ROW_INIT, ROW_INIT, ROW_INIT };
	int gap = cols >= 100 ? 4 : 2, right;

	row_add(r, STYLE_NORMAL, " ");
	if (ui->state.have)
		row_text(r, STYLE_BOLD, ui->state.facts.incident.shown_id, cols / 2);
	else
		row_add(r, STYLE_BOLD, "tplus");
	for (int i = 0; i < PIECES; i++)
		make_piece(&piece[i], (enum piece)i, ui);
	for (size_t i = 0; i < sizeof least_first / sizeof *least_first; i++) {
		if (r->cols + 2 + (cols < 60 ? 6 : 14) + pieces_width(piece, gap) + 1 <= cols)
			break;
		row_reset(&piece[least_first[i]]);
	}
	right = pieces_width(piece, gap);
	row_add(r, STYLE_NORMAL, "  ");
	row_text(r, STYLE_NORMAL, ui->state.have ? ui->state.facts.incident.title : "no incident is open", cols - r->cols - right - 1);
	row_to(r, STYLE_NORMAL, cols - right - 1);
	for (size_t i = 0; i < PIECES; i++) {
		const struct row *p = &piece[shown_order[i]];

		if (p->cols) {
			row_to(r, STYLE_NORMAL, r->cols + (shown_order[i] == P_VIEWER ? 1 : gap));
			row_append(r, p);
		}
	}
	for (int i = 0; i < PIECES; i++)
		row_free(&piece[i]);
}

/* ---- next due ---- */

static enum style due_style(const struct due *d)
{
	return d->state == TARGET_BREACHED ? STYLE_BAD : d->state == TARGET_WARNING ? STYLE_WARN : STYLE_NORMAL;
}

static void add_plain(struct row *r, const struct due *d, usec now)
{
	struct str left = STR_INIT;

	if (d->text) {
		row_add(r, STYLE_NORMAL, d->name && *d->name == '@' ? "" : "@");
		row_text(r, STYLE_NORMAL, d->name, 12);
		row_add(r, STYLE_NORMAL, " ");
		row_text(r, STYLE_NORMAL, d->text, ASK_TEXT);
	} else {
		row_text(r, STYLE_NORMAL, d->name, 16);
	}
	dur_fmt_left(&left, d->at - now);
	row_add(r, STYLE_NORMAL, " ");
	row_add(r, due_style(d), left.s);
	str_free(&left);
}

static void add_bar(struct row *r, const struct due *d, usec now)
{
	usec limit = d->at - d->start, gone = now - d->start;
	int full = limit <= 0 || gone >= limit ? BAR : gone <= 0 ? 0 : (int)(gone * BAR / limit), start;

	row_addf(r, STYLE_DIM, " %s", glyph(G_BAR_L));
	start = r->cols;
	row_fill(r, due_style(d), glyph(G_FULL), start + full);
	row_fill(r, STYLE_DIM, glyph(G_EMPTY), start + BAR);
	row_add(r, STYLE_DIM, glyph(G_BAR_R));
}

static void due_row(struct ui *ui, struct row *r, int cols)
{
	struct due due[DUES];
	struct row item[DUES];
	int plain[DUES];
	size_t bars, n = ui->state.have ? state_dues(&ui->state.facts, ui->now, due, DUES) : 0, shown;

	row_add(r, STYLE_DIM, cols < 60 ? " due " : " next due  ");
	for (size_t i = 0; i < n; i++) {
		item[i] = (struct row)ROW_INIT;
		add_plain(&item[i], &due[i], ui->now);
		plain[i] = item[i].cols;
	}
	shown = layout_due(plain, n, BAR + 3, DUE_GAP, cols - r->cols - 1, &bars);
	for (size_t i = 0; i < n; i++) {
		if (i < shown) {
			row_to(r, STYLE_NORMAL, r->cols + (i ? DUE_GAP : 0));
			row_append(r, &item[i]);
			if (i < bars)
				add_bar(r, &due[i], ui->now);
		}
		row_free(&item[i]);
	}
	if (shown < n)
		row_addf(r, STYLE_DIM, "  +%zu", n - shown);
	if (!n && ui->state.have)
		row_add(r, STYLE_DIM, ui->state.facts.incident.severity == SEV_UNKNOWN ? "nothing: /sev 2 sets a severity and its targets" : "nothing");
}

/* ---- budget ---- */

bool header_has_budget(const struct ui *ui)
{
	return ui->state.have && ui->state.facts.policy.slos > 0;
}

static void budget_row(struct ui *ui, struct row *r, int cols)
{
	const struct facts *f = &ui->state.facts;
	struct str s = STR_INIT;

	for (size_t i = 0; i < f->policy.slos; i++) {
		const struct slo_rule *slo = &f->policy.slo[i];
		usec from = f->incident.ms.at[slo->from], to = f->incident.ms.at[slo->to], budget = slo_budget(slo), spent;

		str_adds(&s, i ? "   " : " ");
		str_adds(&s, "budget ");
		if (f->policy.slos > 1)
			str_addf(&s, "%s ", slo->name);
		dur_fmt(&s, budget);
		str_adds(&s, " / ");
		dur_fmt(&s, slo->window);
		str_addf(&s, " %s this incident ", glyph(G_DOT));
		if (from == USEC_NONE) {
			str_adds(&s, "unknown");
			continue;
		}
		spent = (to != USEC_NONE ? to : ui->now) - from;
		dur_fmt(&s, spent / USEC_SEC * USEC_SEC);
		if (budget > 0)
			str_addf(&s, " (%lld %%)", (long long)(spent * 100 / budget));
	}
	row_text(r, STYLE_DIM, s.s, cols);
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
		budget_row(ui, &r, l->cols);
		term_put(ui->term, 0, l->budget.y, 0, l->cols, &r);
	}
	row_free(&r);
}
