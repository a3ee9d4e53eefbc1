/* pane-help.c - text over the panes: the help made from the key and verb tables, and what a verb printed. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/typing.h"
#include "ui/ui.h"
#include "verb/verb.h"

enum { USAGE_COLS = 30, FIND_LABEL = 9 };

void page_show(struct ui *ui, const char *title, const char *text)
{
	struct page *p = &ui->page;

	free(p->title);
	p->title = xstrdup(title);
	str_reset(&p->text);
	str_adds(&p->text, text);
	p->open = true;
	p->clocks = false;
	p->typing = false;
	edit_clear(&p->find);
	p->top = 0;
	ui->dirty |= DIRTY_LAYOUT;
}

static void add_keys(struct str *out, enum context c)
{
	struct str keys = STR_INIT;
	const char *help;

	str_addf(out, "%s\n", context_title(c));
	for (size_t i = 0; key_help(c, i, &keys, &help); i++)
		str_addf(out, "  %-27s %s\n", keys.s, help);
	str_addc(out, '\n');
	str_free(&keys);
}

static void add_verbs(struct str *out)
{
	str_adds(out, "Verbs: type / in the composer\n");
	for (const struct verb *v = verb_table; v->name; v++) {
		size_t start = out->len;

		if (!(v->flags & V_COMPOSER))
			continue;
		str_addf(out, "  /%s %s ", v->name, v->usage ? v->usage : "");
		if (out->len - start < USAGE_COLS)
			str_addn(out, ' ', USAGE_COLS - (out->len - start));
		else
			str_addf(out, "\n%*s", USAGE_COLS, "");
		str_addf(out, "%s\n", v->summary);
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
	static const enum context order[] = { CTX_COMPOSER, CTX_PANE, CTX_TIMELINE, CTX_FIND, CTX_RESPONDERS, CTX_ACTIONS, CTX_LIST, CTX_ANY };

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

/* ---- the search: what matches, below its heading ---- */

static bool is_heading(const char *line)
{
	return *line != ' ' && *line != '\n' && *line;
}

static size_t line_end(const char *s)
{
	size_t n = strcspn(s, "\n");

	return n + (s[n] == '\n');
}

/* A heading; or a line with those that go on with it, which begin further to the right. */
static size_t entry_end(const char *s)
{
	size_t n = line_end(s);

	while (!is_heading(s) && strncmp(s + n, "          ", 10) == 0)
		n += line_end(s + n);
	return n;
}

static bool matches(const struct page *p, const char *s, size_t n)
{
	char *line = xmalloc(n + 1);
	const char *in = line;
	bool yes;

	memcpy(line, s, n);
	line[n] = '\0';
	yes = typing_matches(&p->find, &in, 1);
	free(line);
	return yes;
}

static void search(struct page *p)
{
	const char *heading = NULL;
	bool all = false, said = false;

	str_reset(&p->found);
	for (const char *s = p->text.s; *s;) {
		size_t n = entry_end(s);

		if (is_heading(s)) {
			heading = s;
			all = matches(p, s, n);
			said = all;
			if (all)
				str_add(&p->found, s, n);
		} else if (*s != '\n' && (all || matches(p, s, n))) {
			if (heading && !said)
				str_add(&p->found, heading, line_end(heading));
			said = true;
			str_add(&p->found, s, n);
		}
		s += n;
	}
	if (!p->found.len)
		str_adds(&p->found, " Nothing here matches.\n");
	p->top = 0;
}

static bool has_find(const struct page *p)
{
	return p->typing || p->find.text.len;
}

bool page_find_key(struct ui *ui, enum act a, const struct key *k)
{
	struct page *p = &ui->page;

	ui->dirty |= DIRTY_TEXT | DIRTY_COMPOSER | DIRTY_FOOTER;
	if (a == ACT_BACK)
		edit_clear(&p->find);
	if (a == ACT_BACK || a == ACT_SUBMIT) {
		p->typing = false;
		return true;
	}
	if (a == ACT_UP || a == ACT_DOWN || a == ACT_PAGE_UP || a == ACT_PAGE_DOWN)
		return page_key(ui, a);
	if (!typing_key(&p->find, a, k, ui->now))
		return false;
	search(p);
	return true;
}

static void draw_find(struct ui *ui, struct rect p)
{
	struct page *page = &ui->page;
	struct row r = ROW_INIT;

	row_add(&r, STYLE_MARK, " search ");
	row_add(&r, page->typing ? STYLE_BOLD : STYLE_DIM, glyph(G_PROMPT));
	row_to(&r, STYLE_NORMAL, FIND_LABEL + 1);
	typing_add(&r, page->typing ? STYLE_NORMAL : STYLE_BOLD, &page->find, p.cols - FIND_LABEL - 2);
	term_put(ui->term, 0, p.y, p.x, p.cols, &r);
	row_free(&r);
}

void page_cursor(struct ui *ui)
{
	struct rect p = ui->layout.pane[PANE_TIMELINE];

	if (ui->page.open && ui->page.typing && p.rows)
		term_cursor(ui->term, p.y, p.x + FIND_LABEL + 1 + typing_column(&ui->page.find, p.cols - FIND_LABEL - 2));
}

/* ---- drawing ---- */

static bool is_help(const struct page *p)
{
	return p->title && strcmp(p->title, "Help") == 0;
}

/* The help is a table: what does not fit goes on below its second column. */
static int hanging(const struct page *p, const char *s, size_t n, int cols)
{
	size_t at = 0, second;

	while (at < n && s[at] == ' ')
		at++;
	for (second = at; second < n && !(s[second] == ' ' && s[second + 1] == ' '); second++)
		;
	while (second < n && s[second] == ' ')
		second++;
	if (!is_help(p) || (second < n ? second : at) > (size_t)cols / 2)
		return 0;
	return (int)(second < n ? second : at);
}

/* One line of the text, wrapped: draws it when its rows are on the screen, returns how many rows it takes. */
static int draw_text_line(struct ui *ui, struct rect p, const char *s, size_t n, int y)
{
	struct str safe = STR_INIT;
	struct row r = ROW_INIT;
	int rows = 0, cols = p.cols - 2 > 1 ? p.cols - 2 : 1, indent;
	enum style style = is_heading(s) && is_help(&ui->page) ? STYLE_BOLD : STYLE_NORMAL;
	size_t at = 0;

	san_text(&safe, s, n, SAN_TERMINAL);
	indent = hanging(&ui->page, safe.s, safe.len, cols);
	do {
		size_t len = width_wrap(safe.s + at, safe.len - at, rows ? cols - indent : cols);

		if (y + rows >= 0 && y + rows < p.rows) {
			row_reset(&r);
			row_to(&r, STYLE_NORMAL, rows ? indent + 1 : 1);
			row_addn(&r, style, safe.s + at, len);
			term_put(ui->term, 0, p.y + y + rows, p.x, p.cols, &r);
		}
		at += len;
		rows++;
	} while (at < safe.len);
	row_free(&r);
	str_free(&safe);
	return rows;
}

/* Where the text stands: below the search, if there is one. */
static struct rect text_rect(const struct ui *ui)
{
	struct rect p = ui->layout.pane[PANE_TIMELINE];

	if (has_find(&ui->page) && p.rows > 1) {
		p.y++;
		p.rows--;
	}
	return p;
}

void page_draw(struct ui *ui)
{
	struct rect p = text_rect(ui);
	struct page *page = &ui->page;
	struct row blank = ROW_INIT;
	const char *s = page->find.text.len ? page->found.s : page->text.s, *end;
	int y = 0, last = page->lines > p.rows ? page->lines - p.rows : 0;

	if (has_find(page))
		draw_find(ui, ui->layout.pane[PANE_TIMELINE]);
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

static void copy(struct ui *ui)
{
	struct str text = STR_INIT;

	if (ui->page.clocks)
		clocks_text(ui, &text);
	else
		str_adds(&text, ui->page.text.s);
	if (term_copy(ui->term, text.s, text.len))
		ui_say(ui, STYLE_NORMAL, "copied");
	else
		ui_say(ui, STYLE_WARN, "this terminal has no clipboard for programs");
	str_free(&text);
}

bool page_key(struct ui *ui, enum act a)
{
	struct page *p = &ui->page;
	int rows = text_rect(ui).rows, last = p->lines > rows ? p->lines - rows : 0, to = p->top;

	switch (a) {
	case ACT_UP: to--; break;
	case ACT_DOWN: to++; break;
	case ACT_PAGE_UP: to -= rows - 1; break;
	case ACT_PAGE_DOWN: to += rows - 1; break;
	case ACT_FIRST: to = 0; break;
	case ACT_LAST: to = last; break;
	case ACT_COPY: copy(ui); return true;
	case ACT_FILTER:
		if (p->clocks)
			return true;
		p->typing = true;
		ui->dirty |= DIRTY_TEXT | DIRTY_COMPOSER | DIRTY_FOOTER;
		return true;
	case ACT_CLOCKS:
		if (!p->clocks)
			return false;
		/* fall through */
	case ACT_BACK:
		if (a == ACT_BACK && p->find.text.len) { /* first the search goes, then the page */
			edit_clear(&p->find);
			p->top = 0;
			ui->dirty |= DIRTY_TEXT;
			return true;
		}
		p->open = false;
		ui->dirty |= DIRTY_LAYOUT;
		return true;
	default: return false;
	}
	p->top = to < 0 ? 0 : to > last ? last : to;
	ui->dirty |= DIRTY_TEXT;
	return true;
}
