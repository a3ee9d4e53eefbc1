/* meaning.c - what the line being written means, said while it is written, so that nobody is surprised. */
#include <string.h>

#include "base/utf8.h"
#include "ui/complete.h"
#include "ui/ui.h"
#include "verb/verb.h"

enum { MEANING_MAX = 4096 }; /* bytes; longer texts are parsed at Enter only */

static void add_when(struct str *s, const struct ui *ui, const struct when *w, const struct when_ctx *ctx)
{
	struct local a, b;

	if (w->form == WHEN_NOTHING)
		return;
	zone_local(ctx->zone, w->at, &a);
	zone_local(ctx->zone, ui->now, &b);
	str_addf(s, " %s %s", glyph(G_DOT), w->approx_s ? "~" : "");
	if (a.day != b.day || a.mon != b.mon || a.year != b.year) {
		when_fmt_date(s, w->at, ctx->zone);
		str_addc(s, ' ');
	}
	when_fmt_clock(s, w->at, ctx->zone);
	if (w->fit != ZONE_ONCE)
		str_adds(s, w->fit == ZONE_TWICE ? " (comes twice)" : " (is skipped)");
	else if (w->clamped)
		str_adds(s, " (ahead: taken as now)");
	else if (w->ahead)
		str_adds(s, " (in the future)");
}

/* As long as something is missing the usage is shown: at first all of it, then until what it cannot do without stands there. */
static bool wants_more(const struct verb *v, const char *text)
{
	size_t n = 0;

	for (text += strspn(text, " \n"); *text; text += strspn(text, " \n")) {
		text += strcspn(text, " \n");
		n++;
	}
	return n == 0 || n < v->min_args;
}

static void add_verb(struct str *s, const struct line *l)
{
	static const struct { const char *verb, *words; } names[] = {
		{ "log", "note" }, { "good", "went well" }, { "bad", "went badly" }, { "action", "action item" }, { "detail", "detail of the line before" },
	};
	struct err err = { 0 };
	const struct verb *v = composer_verb(l, &err);

	for (size_t i = 0; i < sizeof names / sizeof *names && !l->slash; i++) {
		if (strcmp(names[i].verb, l->verb) == 0) {
			str_adds(s, names[i].words);
			return;
		}
	}
	if (!v)
		str_addf(s, "/%s?", l->verb);
	else if (l->slash && wants_more(v, l->text))
		str_addf(s, "/%s %s %s %s", v->name, v->usage ? v->usage : "", glyph(G_DASH), v->summary);
	else
		str_adds(s, v->name);
}

/* Where there is no room for the menu its words stand here. */
static void add_candidates(struct str *s, const struct ui *ui)
{
	const struct completion *c = ui->completion;

	if (menu_shown(ui)) {
		if (c->at < c->offer.n)
			str_addf(s, "%zu/%zu %s ", c->at + 1, c->offer.n, glyph(G_DOT));
		str_addf(s, "Tab next %s Shift-Tab back %s Esc closes", glyph(G_DOT), glyph(G_DOT));
		return;
	}
	for (size_t i = 0; i < c->offer.n && s->len < 200; i++)
		str_addf(s, i == c->at ? "%s[%s]" : "%s%s", i ? " " : "", c->offer.v[i].word);
}

void composer_meaning(const struct ui *ui, struct row *r, int cols)
{
	struct when_ctx w = state_when(&ui->state, ui->edit.stamp);
	struct line l = { 0 };
	struct err err = { 0 };
	struct str s = STR_INIT;
	enum style style = STYLE_DIM;

	if (!ui->edit.text.len || ui->edit.text.len > MEANING_MAX)
		return;
	if (ui->completion) {
		add_candidates(&s, ui);
	} else if (line_parse(ui->edit.text.s, ui->edit.text.len, LINE_COMPOSER, &w, &l, &err) != ST_OK) {
		style = STYLE_WARN;
		str_adds(&s, err.text);
	} else if (l.verb) {
		add_verb(&s, &l);
		add_when(&s, ui, &l.when, &w);
		if (l.actor)
			str_addf(&s, " %s @%s", glyph(G_DOT), l.actor);
		if (l.details)
			str_addf(&s, " %s %zu detail line%s", glyph(G_DOT), l.details, l.details == 1 ? "" : "s");
	}
	row_text(r, style, s.s, cols);
	line_clear(&l);
	str_free(&s);
}
