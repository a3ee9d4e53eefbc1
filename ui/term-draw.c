/* term-draw.c - rows onto the terminal: styles, what stands where, what is collected from curses and written at once. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "ui/term-impl.h"

static const struct { short c8, c16, c256; attr_t attr, mono; } looks[STYLE_COUNT] = {
	[STYLE_NORMAL] = { -1, -1, -1, A_NORMAL, A_NORMAL },
	[STYLE_DIM] = { -1, 8, 244, A_NORMAL, A_DIM },
	[STYLE_BOLD] = { -1, -1, -1, A_BOLD, A_BOLD },
	[STYLE_BORDER] = { -1, 8, 244, A_NORMAL, A_DIM },
	[STYLE_TITLE] = { COLOR_CYAN, COLOR_CYAN, 31, A_BOLD, A_BOLD },
	[STYLE_FOCUS] = { COLOR_CYAN, COLOR_CYAN, 31, A_BOLD | A_REVERSE, A_BOLD | A_REVERSE },
	[STYLE_SELECT] = { -1, -1, -1, A_REVERSE, A_REVERSE },
	[STYLE_GOOD] = { COLOR_GREEN, COLOR_GREEN, 34, A_NORMAL, A_NORMAL },
	[STYLE_WARN] = { COLOR_YELLOW, COLOR_YELLOW, 172, A_BOLD, A_BOLD },
	[STYLE_BAD] = { COLOR_RED, COLOR_RED, 160, A_BOLD, A_BOLD | A_REVERSE },
	[STYLE_MARK] = { COLOR_CYAN, COLOR_CYAN, 31, A_NORMAL, A_NORMAL },
	[STYLE_PENDING] = { COLOR_MAGENTA, COLOR_MAGENTA, 133, A_NORMAL, A_DIM },
	[STYLE_STRUCK] = { -1, 8, 244, A_NORMAL, A_DIM },
};

void term_set_colours(struct terminal *t)
{
	const char *no = getenv("NO_COLOR");
	int colours = 0;

	if (!(no && *no) && has_colors() && start_color() == OK) {
		use_default_colors(); /* dark or light stays what it is */
		colours = COLORS; /* which start_color has set */
	}
	for (int i = 0; i < STYLE_COUNT; i++) {
		short fg = colours >= 256 ? looks[i].c256 : colours >= 16 ? looks[i].c16 : looks[i].c8;

		t->attr[i] = colours >= 8 && (fg >= 0 || looks[i].mono == looks[i].attr) ? looks[i].attr : looks[i].mono;
		if (colours >= 8 && fg >= 0) {
			init_pair((short)(i + 1), fg, -1);
			t->pair[i] = (short)(i + 1);
		}
	}
}

void term_collect(struct terminal *t)
{
	char buf[16384];
	ssize_t n;

	str_reset(&t->frame);
	while ((n = pread(t->sink, buf, sizeof buf, t->taken)) > 0) {
		str_add(&t->frame, buf, (size_t)n);
		t->taken += n;
		if (n < (ssize_t)sizeof buf)
			break;
	}
	if (t->taken > 1 << 20 && lseek(t->sink, 0, SEEK_SET) == 0 && ftruncate(t->sink, 0) == 0)
		t->taken = 0;
	if (t->ansi)
		thrift_add(&t->thrift, &t->out, t->frame.s, t->frame.len);
	else
		str_add(&t->out, t->frame.s, t->frame.len);
}

/* ---- rows ---- */

static int add_cells(struct terminal *t, int y, int x, int cols, const char *s, size_t n, enum style style)
{
	cchar_t cells[256];
	int used = 0, count = 0, from = x;

	for (size_t i = 0; i < n;) {
		struct cell c;
		wchar_t w[CELL_MARKS + 2];
		int k = 0;

		i += cell_next(s + i, n - i, &c);
		if (used + c.width > cols)
			break;
		for (; k < c.count; k++)
			w[k] = (wchar_t)c.cp[k];
		w[k] = L'\0';
		setcchar(&cells[count++], w, t->attr[style], t->pair[style], NULL);
		used += c.width;
		if (count == 256) {
			mvadd_wchnstr(y, from, cells, count);
			from = x + used;
			count = 0;
		}
	}
	if (count)
		mvadd_wchnstr(y, from, cells, count);
	return used;
}

static bool stands(struct terminal *t, int slot, int y, int x, int cols, uint64_t hash)
{
	struct slot *s = &t->slot[y][slot];

	if (s->hash == hash && s->x == x && s->cols == cols)
		return true;
	*s = (struct slot){ hash, x, cols };
	for (int i = 0; i < TERM_SLOTS; i++) {
		struct slot *other = &t->slot[y][i];

		if (i != slot && other->hash && other->x < x + cols && x < other->x + other->cols)
			other->hash = 0;
	}
	return false;
}

void term_put(struct terminal *t, int slot, int y, int x, int cols, const struct row *r)
{
	size_t from = 0;
	int used = 0;
	cchar_t blank;

	if (y < 0 || y >= t->rows || x < 0 || x >= t->cols)
		return;
	if (cols > t->cols - x)
		cols = t->cols - x;
	if (stands(t, slot, y, x, cols, row_hash(r)))
		return;
	for (size_t i = 0; i < r->runs && used < cols; i++) {
		used += add_cells(t, y, x + used, cols - used, r->text.s + from, r->run[i].end - from, r->run[i].style);
		from = r->run[i].end;
	}
	setcchar(&blank, L" ", A_NORMAL, 0, NULL);
	if (used < cols)
		mvhline_set(y, x + used, &blank, cols - used);
	t->touched = true;
}

void term_vline(struct terminal *t, int y, int x, int rows)
{
	struct row r = ROW_INIT;

	row_add(&r, STYLE_BORDER, glyph(G_V));
	for (int i = 0; i < rows; i++)
		add_cells(t, y + i, x, 1, r.text.s, r.text.len, STYLE_BORDER);
	row_free(&r);
	t->touched = true;
}

void term_cursor(struct terminal *t, int y, int x)
{
	bool shown = y >= 0;

	if (shown == t->cursor_shown && y == t->cursor_y && x == t->cursor_x)
		return;
	if (shown != t->cursor_shown)
		curs_set(shown ? 1 : 0);
	t->cursor_shown = shown;
	t->cursor_y = y;
	t->cursor_x = x;
	t->touched = true;
}

bool term_flush(struct terminal *t)
{
	if (t->suspended || t->lost)
		return true;
	if (t->touched && !term_backlog(t)) {
		if (t->cursor_shown)
			move(t->cursor_y, t->cursor_x);
		refresh();
		t->touched = false;
	}
	term_collect(t);
	return term_drain(t);
}

bool term_backlog(const struct terminal *t)
{
	return t->stalled;
}

bool term_lost(const struct terminal *t)
{
	return t->lost;
}

bool term_drain(struct terminal *t)
{
	while (t->written < t->out.len) {
		ssize_t n = write(t->fd, t->out.s + t->written, t->out.len - t->written);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			t->stalled = true;
			return false;
		}
		if (n <= 0) {
			t->lost = true;
			break;
		}
		t->written += (size_t)n;
		t->count.bytes += (unsigned long)n;
		t->count.writes++;
	}
	str_reset(&t->out);
	t->written = 0;
	t->stalled = false;
	return true;
}

struct term_count term_counted(const struct terminal *t)
{
	return t->count;
}
