#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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
#include "ui/osc.h"
#include "ui/rescue.h"
#include "ui/term-impl.h"

#define MODES_ON "\033[?2004h\033[?1004h\033[?1000h\033[?1006h"
#define MODES_OFF "\033[?1006l\033[?1000l\033[?1004l\033[?2004l"

/* Terminfo strings hold padding ($<5>), which only tputs understands. */
static void add_plain(struct str *out, const char *s)
{
	while (s && s != (char *)-1 && *s) {
		const char *end = s[0] == '$' && s[1] == '<' ? strchr(s, '>') : NULL;

		if (end)
			s = end + 1;
		else
			str_addc(out, *s++);
	}
}

/* What takes the terminal back, for a crash. */
static void note_way_back(struct terminal *t)
{
	if (t->ansi)
		str_adds(&t->back, MODES_OFF);
	add_plain(&t->back, tigetstr("sgr0"));
	add_plain(&t->back, tigetstr("cnorm"));
	add_plain(&t->back, tigetstr("rmkx"));
	add_plain(&t->back, tigetstr("rmcup"));
}

static void arm(struct terminal *t)
{
	rescue_arm(t->fd, &t->shell, t->back.s, t->back.len);
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
	note_way_back(t);
	arm(t);
	del_curterm(cur_term); /* newterm reads it anew */
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

static void write_raw(struct terminal *t, const char *s)
{
	str_adds(&t->out, s);
}

static void title_off(struct terminal *t);

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
	term_set_colours(t);
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
	str_init(&t->back);
	str_init(&t->frame);
	str_init(&t->title);
	t->fd = fd;
	t->sink = -1;
	t->cursor_shown = true;
	tcgetattr(fd, &t->shell);
	st = check_type(t, fd, err);
	if (st == ST_OK)
		st = start_curses(t, err);
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
		title_off(t);
		if (t->ansi)
			write_raw(t, MODES_OFF);
		endwin();
		term_collect(t);
		write_all(t);
		tcsetattr(t->fd, TCSADRAIN, &t->shell);
	}
	rescue_disarm();
	if (t->screen)
		delscreen(t->screen);
	if (t->curses_out)
		fclose(t->curses_out);
	if (t->sink >= 0)
		close(t->sink);
	close(t->fd);
	str_free(&t->out);
	str_free(&t->back);
	str_free(&t->frame);
	str_free(&t->title);
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

/* The terminal knows best: LINES and COLUMNS in the environment may be stale. */
static struct winsize size_of(const struct terminal *t)
{
	struct winsize w = { 0 };

	if (ioctl(t->fd, TIOCGWINSZ, &w) != 0 || !w.ws_row || !w.ws_col) {
		w.ws_row = LINES > 0 ? (unsigned short)LINES : 24;
		w.ws_col = COLS > 0 ? (unsigned short)COLS : 80;
	}
	return w;
}

bool term_resized(const struct terminal *t)
{
	struct winsize w = size_of(t);

	return !t->suspended && !t->lost && (w.ws_row != t->rows || w.ws_col != t->cols);
}

void term_resize(struct terminal *t)
{
	struct winsize w = size_of(t);

	if (t->slot && w.ws_row == t->rows && w.ws_col == t->cols)
		return;
	resize_term(w.ws_row, w.ws_col);
	t->rows = w.ws_row;
	t->cols = w.ws_col;
	t->slot = xrealloc(t->slot, (size_t)t->rows * sizeof *t->slot);
	thrift_reset(&t->thrift, t->rows, t->cols);
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
	thrift_reset(&t->thrift, t->rows, t->cols); /* it may have been reset, too */
	clearok(curscr, TRUE);
	t->touched = true;
}

/* ---- suspending ---- */

void term_suspend(struct terminal *t)
{
	if (t->suspended)
		return;
	title_off(t);
	if (t->ansi)
		write_raw(t, MODES_OFF);
	if (!t->cursor_shown)
		curs_set(1);
	endwin();
	term_collect(t);
	write_all(t);
	tcsetattr(t->fd, TCSADRAIN, &t->shell);
	rescue_disarm();
	t->suspended = true;
}

void term_resume(struct terminal *t)
{
	t->suspended = false;
	tcsetattr(t->fd, TCSADRAIN, &t->raw);
	arm(t);
	if (t->ansi)
		write_raw(t, MODES_ON);
	if (t->title.len) {
		write_raw(t, OSC_TITLE_KEEP);
		write_raw(t, t->title.s);
	}
	keypad(stdscr, FALSE); /* curses believes it is still on */
	keypad(stdscr, TRUE);
	if (!t->cursor_shown)
		curs_set(0);
	term_resize(t);
	term_redraw(t);
}

/* ---- what curses knows nothing of ---- */

static void title_off(struct terminal *t)
{
	if (t->title.len)
		write_raw(t, OSC_TITLE_BACK);
}

void term_title(struct terminal *t, const char *text)
{
	struct str safe = STR_INIT;

	osc_title(&safe, text);
	if (osc_known(t->name) && strcmp(safe.s, t->title.s) != 0) {
		if (!t->title.len) { /* the shell's comes back at the end, or after a crash */
			write_raw(t, OSC_TITLE_KEEP);
			str_adds(&t->back, OSC_TITLE_BACK);
			arm(t);
		}
		str_adds(&t->out, safe.s);
		str_reset(&t->title);
		str_adds(&t->title, safe.s);
		t->touched = true;
	}
	str_free(&safe);
}

void term_bell(struct terminal *t)
{
	str_addc(&t->out, '\a');
}

void term_notify(struct terminal *t, const char *text)
{
	if (osc_known(t->name))
		osc_notify(&t->out, text);
}

bool term_copy(struct terminal *t, const char *text, size_t n)
{
	if (!osc_known(t->name))
		return false;
	osc_copy(&t->out, text, n);
	return true;
}
