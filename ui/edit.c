#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/edit.h"

void edit_free(struct edit *e)
{
	str_free(&e->text);
	str_free(&e->killed);
	for (size_t i = 0; i < e->pasts; i++)
		free(e->past[i]);
	free(e->past);
	free(e->kept);
	*e = (struct edit)EDIT_INIT;
}

/* Replaces bytes from..to. Emptying the text clears its stamp: DESIGN section 4. */
static void splice(struct edit *e, size_t from, size_t to, const char *s, size_t n)
{
	struct str out = STR_INIT;

	if (from == e->text.len) {
		str_add(&e->text, s, n);
	} else {
		str_add(&out, e->text.s, from);
		str_add(&out, s, n);
		str_add(&out, e->text.s + to, e->text.len - to);
		str_free(&e->text);
		e->text = out;
	}
	e->cur = from + n;
	if (!e->text.len)
		e->stamp = USEC_NONE;
}

void edit_insert(struct edit *e, const char *s, size_t n, usec now)
{
	if (!n)
		return;
	if (e->stamp == USEC_NONE)
		e->stamp = now;
	splice(e, e->cur, e->cur, s, n);
}

void edit_set(struct edit *e, const char *s, usec stamp)
{
	size_t n = s ? strlen(s) : 0;

	splice(e, 0, e->text.len, s ? s : "", n);
	e->stamp = n ? stamp : USEC_NONE;
}

void edit_clear(struct edit *e)
{
	edit_set(e, "", USEC_NONE);
	e->at = e->pasts;
	free(e->kept);
	e->kept = NULL;
}

void edit_replace(struct edit *e, size_t from, size_t to, const char *s)
{
	splice(e, from, to, s, strlen(s));
}

void edit_left(struct edit *e)
{
	if (e->cur)
		e->cur = cluster_prev(e->text.s, e->cur);
}

void edit_right(struct edit *e)
{
	if (e->cur < e->text.len)
		e->cur += cluster_next(e->text.s + e->cur, e->text.len - e->cur);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static size_t word_left(const struct edit *e)
{
	size_t at = e->cur;

	while (at && is_space(e->text.s[at - 1]))
		at--;
	while (at && !is_space(e->text.s[at - 1]))
		at--;
	return at;
}

static size_t word_right(const struct edit *e)
{
	size_t at = e->cur;

	while (at < e->text.len && is_space(e->text.s[at]))
		at++;
	while (at < e->text.len && !is_space(e->text.s[at]))
		at++;
	return at;
}

static size_t line_start(const struct edit *e)
{
	size_t at = e->cur;

	while (at && e->text.s[at - 1] != '\n')
		at--;
	return at;
}

static size_t line_end(const struct edit *e)
{
	const char *end = memchr(e->text.s + e->cur, '\n', e->text.len - e->cur);

	return end ? (size_t)(end - e->text.s) : e->text.len;
}

void edit_word_left(struct edit *e)
{
	e->cur = word_left(e);
}

void edit_word_right(struct edit *e)
{
	e->cur = word_right(e);
}

void edit_line_start(struct edit *e)
{
	e->cur = line_start(e);
}

void edit_line_end(struct edit *e)
{
	e->cur = line_end(e);
}

void edit_backspace(struct edit *e)
{
	if (e->cur)
		splice(e, cluster_prev(e->text.s, e->cur), e->cur, "", 0);
}

void edit_delete(struct edit *e)
{
	if (e->cur < e->text.len)
		splice(e, e->cur, e->cur + cluster_next(e->text.s + e->cur, e->text.len - e->cur), "", 0);
}

static void kill(struct edit *e, size_t from, size_t to)
{
	if (from == to)
		return;
	str_reset(&e->killed);
	str_add(&e->killed, e->text.s + from, to - from);
	splice(e, from, to, "", 0);
}

void edit_kill_word(struct edit *e)
{
	kill(e, word_left(e), e->cur);
}

void edit_kill_word_right(struct edit *e)
{
	kill(e, e->cur, word_right(e));
}

void edit_kill_end(struct edit *e)
{
	size_t end = line_end(e);

	/* At the end of a line the line break itself goes. */
	kill(e, e->cur, end == e->cur && end < e->text.len ? end + 1 : end);
}

void edit_kill_start(struct edit *e)
{
	kill(e, line_start(e), e->cur);
}

void edit_yank(struct edit *e, usec now)
{
	edit_insert(e, e->killed.s, e->killed.len, now);
}

void edit_remember(struct edit *e, const char *line)
{
	if (*line && !(e->pasts && strcmp(e->past[e->pasts - 1], line) == 0)) {
		if (e->pasts == EDIT_PAST_MAX) {
			free(e->past[0]);
			memmove(e->past, e->past + 1, --e->pasts * sizeof *e->past);
		}
		e->past = xgrow(e->past, &e->cap, e->pasts + 1, sizeof *e->past);
		e->past[e->pasts++] = xstrdup(line);
	}
	e->at = e->pasts;
}

bool edit_recall(struct edit *e, int step, usec now)
{
	size_t to = e->at + (size_t)step;

	if ((step < 0 && e->at == 0) || (step > 0 && e->at >= e->pasts))
		return false;
	if (e->at == e->pasts) {
		free(e->kept);
		e->kept = xstrdup(e->text.s);
		e->kept_stamp = e->stamp;
	}
	e->at = to;
	if (to == e->pasts)
		edit_set(e, e->kept, e->kept_stamp);
	else
		edit_set(e, e->past[to], now);
	return true;
}

int edit_cluster(struct str *out, const char *s, size_t n)
{
	size_t from = out->len;

	if (n == 1 && s[0] >= ' ' && s[0] < 0x7f) {
		str_addc(out, s[0]);
		return 1;
	}
	san_text(out, s, n, SAN_TERMINAL);
	return width_text(out->s + from, out->len - from);
}

/* Wraps text from `from`, calling back for every screen line; stops when the line after the cursor's is done and rows are filled. */
struct wrap { struct edit_line ring[64]; size_t n; size_t cur_n; int cur_col; };

static void wrap_lines(const struct edit *e, size_t from, int cols, int rows, struct wrap *w)
{
	struct str cell = STR_INIT;
	size_t at = from, start = from, len;
	bool seen = false;
	int col = 0, wide;

	memset(w, 0, sizeof *w);
	for (;;) {
		bool end = at == e->text.len, brk = !end && e->text.s[at] == '\n';

		str_reset(&cell);
		len = end || brk ? 0 : cluster_next(e->text.s + at, e->text.len - at);
		wide = len ? edit_cluster(&cell, e->text.s + at, len) : 0;
		if (col > 0 && col + wide > cols) {
			w->ring[w->n++ % 64] = (struct edit_line){ start, at };
			start = at;
			col = 0;
			if (seen && w->n - w->cur_n >= (size_t)rows)
				break;
		}
		if (at == e->cur) {
			seen = true;
			w->cur_n = w->n;
			w->cur_col = col;
		}
		if (end || brk) {
			w->ring[w->n++ % 64] = (struct edit_line){ start, at };
			start = at + 1;
			col = 0;
			if (end || (seen && w->n - w->cur_n >= (size_t)rows))
				break;
		} else {
			col += wide;
		}
		at += brk ? 1 : len;
	}
	str_free(&cell);
}

void edit_view(const struct edit *e, int cols, int rows, struct edit_view *v)
{
	size_t from = 0, first, last, look = (size_t)cols * (size_t)(rows + 1) * 4;
	struct wrap w;

	memset(v, 0, sizeof *v);
	if (cols < 1 || rows < 1)
		return;
	if (rows > 8)
		rows = 8;
	/* A pasted megabyte is not wrapped anew for every key: the screen shows the surroundings of the cursor. */
	if (look < 2048)
		look = 2048;
	if (e->cur > look)
		from = cluster_prev(e->text.s, e->cur - look);
	wrap_lines(e, from, cols, rows, &w);
	first = w.cur_n + 1 > (size_t)rows ? w.cur_n + 1 - (size_t)rows : 0;
	if (w.n > 64 && first < w.n - 64)
		first = w.n - 64;
	last = w.n < first + (size_t)rows ? w.n : first + (size_t)rows;
	for (size_t i = first; i < last; i++)
		v->line[v->lines++] = w.ring[i % 64];
	v->cur_line = (int)(w.cur_n - first);
	v->cur_col = w.cur_col;
	v->more_before = from > 0 || first > 0;
	v->more_after = v->lines > 0 && v->line[v->lines - 1].to < e->text.len;
}
