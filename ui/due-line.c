/* due-line.c - the next-due line: what runs out first, fitted to the width. Bars go first, then what a clock counts from, then the tail. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/ui.h"

enum { DUES = 64, DUE_GAP = 2, BAR = 6, ASK_TEXT = 16 };

struct item {
	struct due due;
	const struct clock_line *line;
	struct row row;
};

enum style due_style(const struct due *d)
{
	return d->state == TARGET_BREACHED ? STYLE_BAD : d->state == TARGET_WARNING ? STYLE_WARN : STYLE_NORMAL;
}

void due_add(struct row *r, const struct due *d, usec now, const char *about, const char *mark)
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
	str_adds(&left, about);
	dur_fmt_left(&left, d->at - now);
	str_adds(&left, mark);
	row_add(r, STYLE_NORMAL, " ");
	row_add(r, due_style(d), left.s);
	str_free(&left);
}

/* The start is an approximate time, and with it what is left. */
bool clock_is_about(const struct ui *ui, const struct clock_line *l)
{
	int from = l->kind == CLOCK_TARGET ? milestone_find(l->from) : MS_NONE;

	return from >= 0 && from < MS_COUNT && ui->state.facts.incident.ms.approx_s[from] > 0;
}

/* The start its target names is missing. The required roles name none. */
bool clock_falls_back(const struct clock_line *l)
{
	return l->fallback && l->kind == CLOCK_TARGET;
}

static void add_bar(struct row *r, const struct due *d, const struct clock_line *l)
{
	usec limit = l->limit, gone = l->elapsed;
	int full = limit <= 0 || gone >= limit ? BAR : gone <= 0 ? 0 : (int)(gone * BAR / limit), start;

	row_addf(r, STYLE_DIM, " %s", glyph(G_BAR_L));
	start = r->cols;
	row_fill(r, due_style(d), glyph(G_FULL), start + full);
	row_fill(r, STYLE_DIM, glyph(G_EMPTY), start + BAR);
	row_add(r, STYLE_DIM, glyph(G_BAR_R));
}

/* "*from opened": what the items with a star count from, since the start their target names is missing. */
static void add_legend(struct row *r, const struct item *item, size_t n, const char *word)
{
	const char *said[DUES];
	size_t k = 0, j;

	for (size_t i = 0; i < n; i++) {
		const char *from = item[i].line->from;

		for (j = 0; j < k && strcmp(said[j], from) != 0; j++)
			;
		if (!clock_falls_back(item[i].line) || j < k)
			continue;
		said[k] = from;
		row_addf(r, STYLE_DIM, "%s%s%s", k ? ", " : "*", k ? "" : word, from);
		k++;
	}
}

static size_t fit(const struct item *item, size_t n, int cols, size_t *bars)
{
	int plain[DUES];

	for (size_t i = 0; i < n; i++)
		plain[i] = item[i].row.cols;
	return layout_due(plain, n, BAR + 3, DUE_GAP, cols, bars);
}

/* Those that are overdue stand first and could fill the line: the next one that can still be met keeps its place. */
static size_t keep_running(struct item *item, size_t n, size_t shown, int cols, size_t *bars)
{
	size_t next = 0;

	while (next < n && item[next].due.state == TARGET_BREACHED)
		next++;
	if (next < shown || next == n)
		return shown;
	for (size_t at = shown; at >= 2; at--) {
		struct item moved = item[next];

		memmove(&item[at], &item[at - 1], (next - at + 1) * sizeof *item);
		item[at - 1] = moved;
		next = at - 1;
		if (fit(item, n, cols, bars) >= at)
			return at;
	}
	return fit(item, n, cols, bars);
}

static size_t items_of(struct ui *ui, struct item *item, struct clock_line **lines)
{
	const struct asks *asks = &ui->state.facts.clocks.asks;
	struct clock_input in = state_clocks(&ui->state.facts, ui->now, ui->clocks.watch.boot);
	size_t max = clock_list_max(asks), n;
	struct due due[DUES];

	*lines = xcalloc(max, sizeof **lines);
	clock_list(&in, asks, *lines, max);
	n = due_list(&in, asks, due, DUES);
	for (size_t i = 0; i < n; i++) {
		item[i] = (struct item){ .due = due[i], .line = &(*lines)[due[i].order], .row = ROW_INIT };
		due_add(&item[i].row, &due[i], ui->now, clock_is_about(ui, item[i].line) ? "~" : "", clock_falls_back(item[i].line) ? "*" : "");
	}
	return n;
}

static void add_items(struct row *r, struct item *item, size_t n, int cols)
{
	static const char *const words[] = { "from ", "" };
	struct row legend = ROW_INIT;
	int room = cols - r->cols - 1;
	size_t bars, shown = fit(item, n, room, &bars);

	if (shown < n)
		shown = keep_running(item, n, shown, room, &bars);
	for (size_t i = 0; i < sizeof words / sizeof *words && shown == n; i++) {
		size_t with;

		row_reset(&legend);
		add_legend(&legend, item, n, words[i]);
		if (!legend.cols || fit(item, n, room - legend.cols - DUE_GAP, &with) == n) {
			bars = legend.cols ? with : bars;
			break;
		}
		row_reset(&legend);
	}
	for (size_t i = 0; i < shown; i++) {
		row_to(r, STYLE_NORMAL, r->cols + (i ? DUE_GAP : 0));
		row_append(r, &item[i].row);
		if (i < bars)
			add_bar(r, &item[i].due, item[i].line);
	}
	if (legend.cols)
		row_to(r, STYLE_NORMAL, r->cols + DUE_GAP);
	row_append(r, &legend);
	if (shown < n)
		row_addf(r, STYLE_DIM, "  +%zu", n - shown);
	row_free(&legend);
}

void due_row(struct ui *ui, struct row *r, int cols)
{
	struct item item[DUES];
	struct clock_line *lines = NULL;
	size_t n = ui->state.have ? items_of(ui, item, &lines) : 0;

	row_add(r, STYLE_DIM, cols < 60 ? " due " : " next due  ");
	add_items(r, item, n, cols);
	if (!n && ui->state.have)
		row_add(r, STYLE_DIM, ui->state.facts.incident.severity == SEV_UNKNOWN ? "nothing: /sev 2 sets a severity and its targets" : "nothing");
	for (size_t i = 0; i < n; i++)
		row_free(&item[i].row);
	free(lines);
}
