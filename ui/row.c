#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/row.h"

static const char *const marks[G_COUNT][2] = {
	[G_DOT] = { "·", "-" },
	[G_PROMPT] = { "›", ">" },
	[G_ELLIPSIS] = { "…", "~" },
	[G_MILESTONE] = { "●", "*" },
	[G_SEVERITY] = { "▲", "^" },
	[G_LOWER] = { "▼", "v" },
	[G_ROLE] = { "@", "@" },
	[G_ASK] = { "»", ">" },
	[G_UPDATE] = { "✉", "=" },
	[G_FINDING] = { "±", "%" },
	[G_SYSTEM] = { "·", "." },
	[G_TODO] = { "☐", "o" },
	[G_BEGUN] = { "◐", "/" },
	[G_DONE] = { "☑", "x" },
	[G_DROPPED] = { "☒", "-" },
	[G_H] = { "─", "-" },
	[G_V] = { "│", "|" },
	[G_TL] = { "┌", "+" },
	[G_TR] = { "┐", "+" },
	[G_BL] = { "└", "+" },
	[G_BR] = { "┘", "+" },
	[G_LT] = { "├", "+" },
	[G_RT] = { "┤", "+" },
	[G_TT] = { "┬", "+" },
	[G_BT] = { "┴", "+" },
	[G_BAR_L] = { "▕", "[" },
	[G_BAR_R] = { "▏", "]" },
	[G_FULL] = { "█", "#" },
	[G_EMPTY] = { "░", "." },
	[G_NEWLINE] = { "⏎", "$" },
	[G_FOLD] = { "▸", ">" },
	[G_UNFOLD] = { "▾", "v" },
	[G_CONFLICT] = { "≠", "#" },
	[G_ARROW] = { "→", "->" },
	[G_UP] = { "↑", "^" },
	[G_DOWN] = { "↓", "v" },
	[G_DASH] = { "—", "-" },
};

const char *glyph(enum glyph g)
{
	return marks[g][locale_is_utf8() ? 0 : 1];
}

void row_free(struct row *r)
{
	str_free(&r->text);
	free(r->run);
	memset(r, 0, sizeof *r);
	str_init(&r->text);
}

void row_reset(struct row *r)
{
	str_reset(&r->text);
	r->runs = 0;
	r->cols = 0;
}

/* What was added to text since the last run ended gets a style. */
static void close_run(struct row *r, enum style style, int cols)
{
	size_t before = r->runs ? r->run[r->runs - 1].end : 0;

	if (r->text.len == before)
		return;
	r->cols += cols;
	if (r->runs && r->run[r->runs - 1].style == style) {
		r->run[r->runs - 1].end = r->text.len;
		return;
	}
	r->run = xgrow(r->run, &r->cap, r->runs + 1, sizeof *r->run);
	r->run[r->runs++] = (struct run){ r->text.len, style };
}

void row_add(struct row *r, enum style style, const char *s)
{
	str_adds(&r->text, s);
	close_run(r, style, width_text(s, strlen(s)));
}

void row_addn(struct row *r, enum style style, const char *s, size_t n)
{
	str_add(&r->text, s, n);
	close_run(r, style, width_text(s, n));
}

void row_addf(struct row *r, enum style style, const char *fmt, ...)
{
	size_t from = r->text.len;
	va_list ap;

	va_start(ap, fmt);
	str_addv(&r->text, fmt, ap);
	va_end(ap);
	close_run(r, style, width_text(r->text.s + from, r->text.len - from));
}

static void add_people(struct row *r, enum style style, const char *s, int cols, bool pad)
{
	struct str safe = STR_INIT;
	size_t n = s ? strlen(s) : 0, from = r->text.len;

	if (cols <= 0)
		return;
	/* No cell shows more than a few bytes: what lies far beyond the cut need not be looked at. */
	if (n > (size_t)cols * 32)
		n = utf8_cut(s, n, (size_t)cols * 32);
	if (n && san_needed(s, n, SAN_TERMINAL)) {
		san_text(&safe, s, n, SAN_TERMINAL);
		s = safe.s;
		n = safe.len;
	}
	if (pad)
		width_pad(&r->text, s ? s : "", n, cols);
	else if (n)
		width_cut(&r->text, s, n, cols);
	str_free(&safe);
	close_run(r, style, pad ? cols : width_text(r->text.s + from, r->text.len - from));
}

void row_text(struct row *r, enum style style, const char *s, int cols)
{
	add_people(r, style, s, cols, false);
}

void row_cell(struct row *r, enum style style, const char *s, int cols)
{
	add_people(r, style, s, cols, true);
}

void row_to(struct row *r, enum style style, int col)
{
	if (col <= r->cols)
		return;
	str_addn(&r->text, ' ', (size_t)(col - r->cols));
	close_run(r, style, col - r->cols);
}

void row_fill(struct row *r, enum style style, const char *mark, int col)
{
	int n = col - r->cols;

	for (int i = 0; i < n; i++)
		str_adds(&r->text, mark);
	if (n > 0)
		close_run(r, style, n);
}

void row_restyle(struct row *r, enum style style)
{
	if (!r->runs)
		return;
	r->runs = 1;
	r->run[0] = (struct run){ r->text.len, style };
}

void row_append(struct row *r, const struct row *tail)
{
	size_t base = r->text.len;

	str_add(&r->text, tail->text.s, tail->text.len);
	r->run = xgrow(r->run, &r->cap, r->runs + tail->runs, sizeof *r->run);
	for (size_t i = 0; i < tail->runs; i++)
		r->run[r->runs++] = (struct run){ base + tail->run[i].end, tail->run[i].style };
	r->cols += tail->cols;
}

/* FNV-1a: rows are compared with what stands on the screen by this number. */
static uint64_t mix(uint64_t h, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * 0x100000001b3u;
	return h;
}

uint64_t row_hash(const struct row *r)
{
	uint64_t h = mix(0xcbf29ce484222325u, r->text.s, r->text.len);

	for (size_t i = 0; i < r->runs; i++) {
		h = mix(h, &r->run[i].end, sizeof r->run[i].end);
		h = mix(h, &r->run[i].style, sizeof r->run[i].style);
	}
	return h ? h : 1;
}
