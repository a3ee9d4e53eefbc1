/* pane-help.c - text over the panes: the help made from the key and verb tables, and what a verb printed. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/ui.h"
#include "verb/verb.h"

void page_show(struct ui *ui, const char *title, const char *text)
{
	struct page *p = &ui->page;

	free(p->title);
	p->title = xstrdup(title);
	str_reset(&p->text);
	str_adds(&p->text, text);
	p->open = true;
	p->top = 0;
	ui->dirty |= DIRTY_LAYOUT;
}

static void add_keys(struct str *out, enum context c)
{
	struct str keys = STR_INIT;
	const char *help;

	str_addf(out, "%s\n", context_title(c));
	for (size_t i = 0; key_help(c, i, &keys, &help); i++)
		str_addf(out, "  %-24s %s\n", keys.s, help);
	str_addc(out, '\n');
	str_free(&keys);
}

static void add_verbs(struct str *out)
{
	str_adds(out, "Verbs: type / in the composer\n");
	for (const struct verb *v = verb_table; v->name; v++) {
		if (v->flags & V_COMPOSER)
			str_addf(out, "  /%-12s %-30s %s\n", v->name, v->usage ? v->usage : "", v->summary ? v->summary : "");
	}
}

static const char line_help[] =
	"A line\n"
	"  Free text is an event, stamped at its first key. Before the text, in any order:\n"
	"  14:32  -5m  ~02:10       when it happened; ~ about\n"
	"  @sam                     who did it\n"
	"  + - ? ! >                went well, went badly, hypothesis, action item, detail of the line before\n"
	"  /verb                    see below; a leading \\ makes the rest literal\n\n";

/* Where the person is comes first, then the other contexts. */
void page_help(struct ui *ui, enum context c)
{
	struct str out = STR_INIT;
	static const enum context order[] = { CTX_COMPOSER, CTX_PANE, CTX_TIMELINE, CTX_RESPONDERS, CTX_ACTIONS, CTX_LIST, CTX_ANY };

	if (c == CTX_COMPOSER)
		str_adds(&out, line_help);
	add_keys(&out, c);
	if (c != CTX_COMPOSER)
		add_keys(&out, CTX_PANE);
	add_keys(&out, CTX_ANY);
	if (c != CTX_COMPOSER)
		str_adds(&out, line_help);
	add_verbs(&out);
	str_addc(&out, '\n');
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		if (order[i] != c && order[i] != CTX_ANY && !(order[i] == CTX_PANE && c != CTX_COMPOSER))
			add_keys(&out, order[i]);
	}
	page_show(ui, "Help", out.s);
	str_free(&out);
}

/* One line of the text, wrapped: draws it when its rows are on the screen, returns how many rows it takes. */
static int draw_text_line(struct ui *ui, struct rect p, const char *s, size_t n, int y)
{
	struct str safe = STR_INIT;
	struct row r = ROW_INIT;
	int rows = 0, cols = p.cols - 2 > 1 ? p.cols - 2 : 1;
	size_t at = 0;

	san_text(&safe, s, n, SAN_TERMINAL);
	do {
		size_t len = width_wrap(safe.s + at, safe.len - at, cols);

		if (y + rows >= 0 && y + rows < p.rows) {
			row_reset(&r);
			row_add(&r, STYLE_NORMAL, " ");
			row_addn(&r, *s == ' ' || !ui->page.title || strcmp(ui->page.title, "Help") != 0 ? STYLE_NORMAL : STYLE_BOLD, safe.s + at, len);
			term_put(ui->term, 0, p.y + y + rows, p.x, p.cols, &r);
		}
		at += len;
		rows++;
	} while (at < safe.len);
	row_free(&r);
	str_free(&safe);
	return rows;
}

void page_draw(struct ui *ui)
{
	struct rect p = ui->layout.pane[PANE_TIMELINE];
	struct page *page = &ui->page;
	struct row blank = ROW_INIT;
	const char *s = page->text.s, *end;
	int y = 0, last = page->lines > p.rows ? page->lines - p.rows : 0;

	if (page->lines && page->top > last)
		page->top = last;
	for (; *s; s = *end ? end + 1 : end) {
		end = s + strcspn(s, "\n");
		y += draw_text_line(ui, p, s, (size_t)(end - s), y - page->top);
	}
	page->lines = y;
	for (y -= page->top; y < p.rows; y++) {
		if (y >= 0)
			term_put(ui->term, 0, p.y + y, p.x, p.cols, &blank);
	}
	row_free(&blank);
}

bool page_key(struct ui *ui, enum act a)
{
	struct page *p = &ui->page;
	int rows = ui->layout.pane[PANE_TIMELINE].rows, last = p->lines > rows ? p->lines - rows : 0, to = p->top;

	switch (a) {
	case ACT_UP: to--; break;
	case ACT_DOWN: to++; break;
	case ACT_PAGE_UP: to -= rows - 1; break;
	case ACT_PAGE_DOWN: to += rows - 1; break;
	case ACT_FIRST: to = 0; break;
	case ACT_LAST: to = last; break;
	case ACT_BACK:
		p->open = false;
		ui->dirty |= DIRTY_LAYOUT;
		return true;
	default: return false;
	}
	p->top = to < 0 ? 0 : to > last ? last : to;
	ui->dirty |= DIRTY_TEXT;
	return true;
}
