#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/term.h"

struct slot { uint64_t hash; int x, cols; };

struct terminal {
	int fd;              /* the terminal, non-blocking */
	int sink;            /* what curses writes collects here */
	off_t taken;         /* of the sink */
	FILE *curses_out;
	SCREEN *screen;
	char *name;
	struct termios shell, raw;
	struct slot (*slot)[TERM_SLOTS]; /* by line */
	int rows, cols;
	int cursor_y, cursor_x;
	bool cursor_shown, touched, lost, ansi, suspended;
	attr_t attr[STYLE_COUNT];
	short pair[STYLE_COUNT];
	struct str out;      /* collected, not yet written */
	size_t written;      /* of out */
	struct term_count count;
	char *blank;
};

/* What a signal handler needs to put the terminal back; set once, before the handlers. */
static struct {
	volatile sig_atomic_t armed;
	int fd;
	struct termios shell;
	char text[256];
	size_t n;
} rescue;
static const int crashes[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };
enum { CRASHES = sizeof crashes / sizeof *crashes };
static struct sigaction before_crash[CRASHES];

#define MODES_ON "\033[?2004h\033[?1004h\033[?1000h\033[?1006h"
#define MODES_OFF "\033[?1006l\033[?1000l\033[?1004l\033[?2004l"

/* Async-signal-safe. */
static void rescue_now(void)
{
	size_t at = 0;

	if (!rescue.armed)
		return;
	rescue.armed = 0;
	while (at < rescue.n) {
		ssize_t n = write(rescue.fd, rescue.text + at, rescue.n - at);

		if (n < 0 && errno == EAGAIN) {
			struct pollfd p = { rescue.fd, POLLOUT, 0 };

			if (poll(&p, 1, 200) > 0 && (p.revents & POLLOUT))
				continue;
		}
		if (n <= 0 && errno != EINTR)
			break;
		at += n > 0 ? (size_t)n : 0;
	}
	tcsetattr(rescue.fd, TCSANOW, &rescue.shell);
}

static void on_crash(int sig)
{
	rescue_now();
	for (size_t i = 0; i < CRASHES; i++) {
		if (crashes[i] == sig)
			sigaction(sig, &before_crash[i], NULL);
	}
	raise(sig);
}

/* Terminfo strings hold padding ($<5>), which only tputs understands. */
static void rescue_add(const char *s)
{
	while (s && s != (char *)-1 && *s && rescue.n < sizeof rescue.text - 1) {
		const char *end = s[0] == '$' && s[1] == '<' ? strchr(s, '>') : NULL;

		if (end)
			s = end + 1;
		else
			rescue.text[rescue.n++] = *s++;
	}
}

static void rescue_arm(struct terminal *t)
{
	struct sigaction sa = { .sa_handler = on_crash };
	bool again = rescue.fd == t->fd && rescue.n;

	if (!again) {
		rescue.fd = t->fd;
		rescue.shell = t->shell;
		rescue.n = 0;
		if (t->ansi)
			rescue_add(MODES_OFF);
		rescue_add(tigetstr("sgr0"));
		rescue_add(tigetstr("cnorm"));
		rescue_add(tigetstr("rmkx"));
		rescue_add(tigetstr("rmcup"));
		sigemptyset(&sa.sa_mask);
		sa.sa_flags = (int)SA_NODEFER;
		for (size_t i = 0; i < CRASHES; i++)
			sigaction(crashes[i], &sa, &before_crash[i]);
		atexit(rescue_now);
	}
	rescue.armed = 1;
}

/* ---- opening ---- */

static enum status check_type(struct terminal *t, int fd, struct err *err)
{
	const char *name = getenv("TERM");
	char *cup;
	int why;

	if (!name || !*name)
		return fail(err, ST_NO, "TERM is not set: set it to the terminal's type, e.g. TERM=xterm-256color");
	if (setupterm(name, fd, &why) != OK)
		return fail(err, ST_NO, why < 0 ? "no terminfo database is installed, or it cannot be read: install ncurses-base (TERM is %s)"
			: why == 1 ? "the terminal type %s is a printing terminal: use a screen, or the verbs (tplus help)"
			: "the terminal type %s is unknown: set TERM to one that is, e.g. TERM=xterm-256color or TERM=vt100", name);
	cup = tigetstr("cup");
	if (!cup || cup == (char *)-1)
		return fail(err, ST_NO, "the terminal type %s cannot place the cursor: set TERM to the terminal's real type, or use the verbs (tplus help)", name);
	t->name = xstrdup(name);
	t->ansi = str_starts(cup, "\033[");
	return ST_OK;
}

/* Polling fd 0 would make fd 1 non-blocking too, and whatever the shell started beside us: the terminal is opened anew. */
static int open_tty(void)
{
	char path[256];
	int fd = -1;

	if (ttyname_r(STDIN_FILENO, path, sizeof path) == 0)
		fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	return fd;
}

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

static void set_colours(struct terminal *t)
{
	const char *no = getenv("NO_COLOR");
	int colours = (no && *no) || !has_colors() ? 0 : COLORS;

	if (colours >= 8) {
		start_color();
		use_default_colors(); /* dark or light stays what it is */
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

static void write_raw(struct terminal *t, const char *s)
{
	str_adds(&t->out, s);
}

static enum status start_curses(struct terminal *t, struct err *err)
{
	int copy = fcntl(t->fd, F_DUPFD_CLOEXEC, 0);
	FILE *in = stdin;

	t->curses_out = copy >= 0 ? fdopen(copy, "w") : NULL;
	if (!t->curses_out)
		return fail(err, ST_NO, "the terminal cannot be opened a second time: %s", strerror(errno));
	t->screen = newterm(t->name, t->curses_out, in);
	if (!t->screen)
		return fail(err, ST_NO, "the terminal type %s cannot be used: set TERM to another one", t->name);
	typeahead(-1);
	raw();
	noecho();
	nonl();
	tcgetattr(t->fd, &t->raw);
	t->sink = memfd_create("screen", MFD_CLOEXEC);
	if (t->sink < 0 || dup3(t->sink, copy, O_CLOEXEC) < 0)
		return fail(err, ST_NO, "no memory for drawing: %s", strerror(errno));
	keypad(stdscr, TRUE);
	set_colours(t);
	return ST_OK;
}

enum status term_open(struct terminal **out, struct err *err)
{
	struct terminal *t;
	enum status st;
	int fd;

	if (!isatty(STDIN_FILENO))
		return fail(err, ST_NO, "standard input is no terminal: run it in one, or use the verbs (tplus help)");
	fd = open_tty();
	if (fd < 0)
		return fail(err, ST_NO, "the terminal cannot be opened: %s", strerror(errno));
	t = xcalloc(1, sizeof *t);
	str_init(&t->out);
	t->fd = fd;
	t->sink = -1;
	t->cursor_shown = true;
	tcgetattr(fd, &t->shell);
	st = check_type(t, fd, err);
	if (st == ST_OK) {
		rescue_arm(t);
		st = start_curses(t, err);
	}
	if (st != ST_OK) {
		term_close(t, false);
		return st;
	}
	if (t->ansi)
		write_raw(t, MODES_ON);
	term_resize(t);
	*out = t;
	return ST_OK;
}

static void collect(struct terminal *t)
{
	char buf[16384];
	ssize_t n;

	while ((n = pread(t->sink, buf, sizeof buf, t->taken)) > 0) {
		str_add(&t->out, buf, (size_t)n);
		t->taken += n;
		if (n < (ssize_t)sizeof buf)
			break;
	}
	if (t->taken > 1 << 20 && lseek(t->sink, 0, SEEK_SET) == 0 && ftruncate(t->sink, 0) == 0)
		t->taken = 0;
}

/* Writes everything, waiting for the terminal up to a second at a time. */
static void write_all(struct terminal *t)
{
	for (int tries = 0; !term_drain(t) && !t->lost && tries < 5; tries++) {
		struct pollfd p = { t->fd, POLLOUT, 0 };

		poll(&p, 1, 1000);
	}
}

void term_close(struct terminal *t, bool gone)
{
	if (!t)
		return;
	if (t->screen && !gone && !t->lost && !t->suspended) {
		if (t->ansi)
			write_raw(t, MODES_OFF);
		endwin();
		collect(t);
		write_all(t);
		tcsetattr(t->fd, TCSADRAIN, &t->shell);
	}
	rescue.armed = 0;
	if (t->screen)
		delscreen(t->screen);
	if (t->curses_out)
		fclose(t->curses_out);
	if (t->sink >= 0)
		close(t->sink);
	close(t->fd);
	str_free(&t->out);
	free(t->slot);
	free(t->name);
	free(t);
}

int term_fd(const struct terminal *t)
{
	return t->fd;
}

const char *term_name(const struct terminal *t)
{
	return t->name;
}

/* ---- size ---- */

void term_size(const struct terminal *t, int *rows, int *cols)
{
	*rows = t->rows;
	*cols = t->cols;
}

void term_resize(struct terminal *t)
{
	struct winsize w = { 0 };

	/* The terminal knows best: LINES and COLUMNS in the environment may be stale. */
	if (ioctl(t->fd, TIOCGWINSZ, &w) != 0 || !w.ws_row || !w.ws_col) {
		w.ws_row = LINES > 0 ? (unsigned short)LINES : 24;
		w.ws_col = COLS > 0 ? (unsigned short)COLS : 80;
	}
	if (t->slot && w.ws_row == t->rows && w.ws_col == t->cols)
		return;
	resize_term(w.ws_row, w.ws_col);
	t->rows = w.ws_row;
	t->cols = w.ws_col;
	t->slot = xrealloc(t->slot, (size_t)t->rows * sizeof *t->slot);
	term_clear(t);
}

void term_clear(struct terminal *t)
{
	memset(t->slot, 0, (size_t)t->rows * sizeof *t->slot);
	werase(stdscr);
	t->touched = true;
}

void term_redraw(struct terminal *t)
{
	clearok(curscr, TRUE);
	t->touched = true;
}

/* ---- drawing ---- */

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
	collect(t);
	return term_drain(t);
}

bool term_backlog(const struct terminal *t)
{
	return t->written < t->out.len;
}

bool term_lost(const struct terminal *t)
{
	return t->lost;
}

bool term_drain(struct terminal *t)
{
	while (term_backlog(t)) {
		ssize_t n = write(t->fd, t->out.s + t->written, t->out.len - t->written);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return false;
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
	return true;
}

struct term_count term_counted(const struct terminal *t)
{
	return t->count;
}

/* ---- suspending ---- */

void term_suspend(struct terminal *t)
{
	if (t->suspended)
		return;
	if (t->ansi)
		write_raw(t, MODES_OFF);
	if (!t->cursor_shown)
		curs_set(1);
	endwin();
	collect(t);
	write_all(t);
	tcsetattr(t->fd, TCSADRAIN, &t->shell);
	rescue.armed = 0;
	t->suspended = true;
}

void term_resume(struct terminal *t)
{
	t->suspended = false;
	tcsetattr(t->fd, TCSADRAIN, &t->raw);
	rescue_arm(t);
	if (t->ansi)
		write_raw(t, MODES_ON);
	keypad(stdscr, FALSE); /* curses believes it is still on */
	keypad(stdscr, TRUE);
	if (!t->cursor_shown)
		curs_set(0);
	term_resize(t);
	term_redraw(t);
}

/* ---- what curses knows nothing of ---- */

static bool has_osc(const struct terminal *t)
{
	static const char *const names[] = { "xterm", "tmux", "screen", "rxvt", "alacritty", "foot", "kitty", "wezterm", "st", "vte", "konsole", "gnome" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (str_starts(t->name, names[i]))
			return true;
	}
	return false;
}

void term_title(struct terminal *t, const char *text)
{
	struct str safe = STR_INIT;

	if (!has_osc(t))
		return;
	san_text(&safe, text, strlen(text), SAN_TERMINAL);
	str_addf(&t->out, "\033]2;%.200s\033\\", safe.s);
	str_free(&safe);
}

bool term_copy(struct terminal *t, const char *text, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *s = (const unsigned char *)text;

	if (!has_osc(t))
		return false;
	str_adds(&t->out, "\033]52;c;");
	for (size_t i = 0; i < n; i += 3) {
		unsigned v = (unsigned)s[i] << 16 | (i + 1 < n ? (unsigned)s[i + 1] << 8 : 0) | (i + 2 < n ? s[i + 2] : 0u);

		str_addc(&t->out, digits[v >> 18]);
		str_addc(&t->out, digits[v >> 12 & 63]);
		str_addc(&t->out, i + 1 < n ? digits[v >> 6 & 63] : '=');
		str_addc(&t->out, i + 2 < n ? digits[v & 63] : '=');
	}
	str_adds(&t->out, "\033\\");
	return true;
}
