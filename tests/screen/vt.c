#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/vt.h"

static int child_pipe[2] = { -1, -1 }; /* a byte for every SIGCHLD */

static void die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(99);
}

void bytes_add(struct bytes *b, const void *s, size_t n)
{
	if (b->len + n + 1 > b->cap) {
		b->cap = (b->len + n + 1) * 2;
		b->s = realloc(b->s, b->cap);
		if (!b->s)
			die("memory");
	}
	memcpy(b->s + b->len, s, n);
	b->len += n;
	b->s[b->len] = '\0';
}

static void on_child(int sig)
{
	int saved = errno;
	ssize_t n = write(child_pipe[1], "c", 1); /* a full pipe has woken us already */

	(void)sig;
	(void)n;
	errno = saved;
}

void vt_watch_children(void)
{
	struct sigaction sa = { .sa_handler = on_child, .sa_flags = SA_RESTART };

	if (pipe2(child_pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		die("pipe");
	sigemptyset(&sa.sa_mask);
	sigaction(SIGCHLD, &sa, NULL);
}

static void on_output(const char *s, size_t n, void *user)
{
	struct vt *vt = user;

	bytes_add(&vt->input, s, n);
}

static int on_prop(VTermProp prop, VTermValue *val, void *user)
{
	struct vt *vt = user;

	if (prop == VTERM_PROP_CURSORVISIBLE)
		vt->cursor_visible = val->boolean;
	else if (prop == VTERM_PROP_ALTSCREEN)
		vt->altscreen = val->boolean;
	return 1;
}

static void make_terminal(struct vt *vt, int rows, int cols, bool utf8)
{
	static const VTermScreenCallbacks callbacks = { .settermprop = on_prop };

	memset(vt, 0, sizeof *vt);
	vt->fd = -1;
	vt->rows = rows;
	vt->cols = cols;
	vt->cursor_visible = true;
	bytes_add(&vt->output, "", 0);
	vt->term = vterm_new(rows, cols);
	if (!vt->term)
		die("vterm_new");
	vterm_set_utf8(vt->term, utf8);
	vterm_output_set_callback(vt->term, on_output, vt);
	vt->screen = vterm_obtain_screen(vt->term);
	vterm_screen_set_callbacks(vt->screen, &callbacks, vt);
	vterm_screen_enable_altscreen(vt->screen, 1);
	vterm_screen_reset(vt->screen, 1);
}

bool vt_start(struct vt *vt, int rows, int cols, bool utf8, char *const *argv)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	make_terminal(vt, rows, cols, utf8);
	fflush(stdout);
	vt->pid = forkpty(&vt->fd, NULL, NULL, &size);
	if (vt->pid < 0) {
		printf("# no pseudo-terminal: %s\n", strerror(errno));
		vt->pid = 0;
		return false;
	}
	if (vt->pid == 0) {
		signal(SIGCHLD, SIG_DFL);
		signal(SIGPIPE, SIG_DFL);
		execvp(argv[0], argv);
		dprintf(2, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	fcntl(vt->fd, F_SETFD, FD_CLOEXEC);
	fcntl(vt->fd, F_SETFL, fcntl(vt->fd, F_GETFL) | O_NONBLOCK);
	return true;
}

static void take_output(struct vt *vt)
{
	char buf[4096];
	ssize_t n = read(vt->fd, buf, sizeof buf);

	if (n > 0) {
		vt->reads++;
		bytes_add(&vt->output, buf, (size_t)n);
		vterm_input_write(vt->term, buf, (size_t)n);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		vt->eof = true; /* EIO: nobody holds the other side */
	}
}

static void give_input(struct vt *vt)
{
	ssize_t n = write(vt->fd, vt->input.s, vt->input.len);

	if (n > 0) {
		vt->input.len -= (size_t)n;
		memmove(vt->input.s, vt->input.s + n, vt->input.len);
	} else if (errno != EAGAIN && errno != EINTR) {
		vt->input.len = 0;
	}
}

static void take_children(struct vt *vt)
{
	char buf[64];
	int status;

	while (read(child_pipe[0], buf, sizeof buf) > 0)
		;
	if (vt->pid == 0 || waitpid(vt->pid, &status, WNOHANG | WUNTRACED | WCONTINUED) != vt->pid)
		return;
	vt->stopped = WIFSTOPPED(status);
	if (WIFEXITED(status) || WIFSIGNALED(status)) {
		vt->wstatus = status;
		vt->pid = 0;
	}
}

void vt_pump(struct vt *vt, int ms)
{
	bool open = vt->term && !vt->eof && vt->fd >= 0;
	struct pollfd fds[2] = {
		{ .fd = child_pipe[0], .events = POLLIN },
		{ .fd = open ? vt->fd : -1, .events = (short)((vt->held ? 0 : POLLIN) | (vt->input.len > 0 ? POLLOUT : 0)) },
	};

	if (poll(fds, 2, ms) <= 0)
		return;
	if (fds[1].revents & (vt->held ? POLLHUP | POLLERR : POLLIN | POLLHUP | POLLERR))
		take_output(vt);
	if (fds[1].revents & POLLOUT)
		give_input(vt);
	if (fds[0].revents & POLLIN)
		take_children(vt);
}

void vt_mark(struct vt *vt)
{
	vt->output.len = 0;
	vt->output.s[0] = '\0';
	vt->reads = 0;
}

void vt_type(struct vt *vt, const char *s, size_t n)
{
	bytes_add(&vt->input, s, n);
}

void vt_resize(struct vt *vt, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	vt->rows = rows;
	vt->cols = cols;
	vterm_set_size(vt->term, rows, cols);
	if (vt->fd >= 0)
		ioctl(vt->fd, TIOCSWINSZ, &size);
}

void vt_close(struct vt *vt)
{
	if (vt->fd >= 0)
		close(vt->fd);
	vt->fd = -1;
	vt->eof = true;
}

void vt_free(struct vt *vt)
{
	if (!vt->term)
		return;
	if (vt->pid > 0) {
		kill(-vt->pid, SIGKILL); /* forkpty made it the leader of a group of its own */
		kill(vt->pid, SIGKILL);
		waitpid(vt->pid, &vt->wstatus, 0);
	}
	vt_close(vt);
	vterm_free(vt->term);
	free(vt->input.s);
	free(vt->output.s);
	memset(vt, 0, sizeof *vt);
	vt->fd = -1;
}

bool vt_cell(const struct vt *vt, int row, int col, VTermScreenCell *cell)
{
	if (row < 0 || col < 0 || row >= vt->rows || col >= vt->cols)
		return false;
	return vterm_screen_get_cell(vt->screen, (VTermPos){ .row = row, .col = col }, cell) != 0;
}

static size_t put_utf8(char *out, uint32_t c)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(lead[n] | c);
	return n;
}

void vt_row(const struct vt *vt, int row, char text[VT_ROW_BYTES])
{
	size_t len = 0, end = 0;
	VTermScreenCell cell;

	for (int col = 0; vt_cell(vt, row, col, &cell); col += cell.width > 1 ? cell.width : 1) {
		bool blank = cell.chars[0] == 0;

		if (len + 6 * 4 + 1 > VT_ROW_BYTES)
			break;
		if (blank)
			text[len++] = ' ';
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] && cell.chars[i] != (uint32_t)-1; i++)
			len += put_utf8(text + len, cell.chars[i]);
		if (!blank && !(cell.chars[0] == ' ' && cell.chars[1] == 0))
			end = len;
	}
	text[end] = '\0';
}

void vt_cursor(const struct vt *vt, int *row, int *col)
{
	VTermPos pos;

	vterm_state_get_cursorpos(vterm_obtain_state(vt->term), &pos);
	*row = pos.row;
	*col = pos.col;
}

void vt_print(const struct vt *vt)
{
	char text[VT_ROW_BYTES];
	int row, col;

	vt_cursor(vt, &row, &col);
	printf("# screen %dx%d, cursor %s at row %d column %d, %s%s\n", vt->cols, vt->rows,
		vt->cursor_visible ? "on" : "off", row + 1, col + 1, vt->pid ? "running" : "ended",
		vt->stopped ? ", stopped" : "");
	for (int r = 0; r < vt->rows; r++) {
		vt_row(vt, r, text);
		printf("# %3d|%s\n", r + 1, text);
	}
}
