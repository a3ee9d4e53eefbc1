/* steps.c - the commands of flow files, one function each, and the table of them; what must be seen is in expect.c. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/flow.h"

bool flow_fail(struct flow *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->why, sizeof f->why, fmt, ap);
	va_end(ap);
	return false;
}

/* --- Setting the stage --- */

static bool one_size(struct flow *f, const char *word)
{
	int cols, rows;
	char after;

	if (sscanf(word, "%dx%d%c", &cols, &rows, &after) != 2 || cols < 1 || rows < 1 || cols > VT_MAX_COLS || rows > VT_MAX_ROWS)
		return flow_fail(f, "not a size: %s: write COLUMNSxROWS, at most %dx%d", word, VT_MAX_COLS, VT_MAX_ROWS);
	f->cols = cols;
	f->rows = rows;
	if (f->vt.term)
		vt_resize(&f->vt, rows, cols);
	return true;
}

static bool do_size(struct flow *f, const struct words *w)
{
	for (int i = 1; i < w->n; i++)
		if (!one_size(f, w->word[i]))
			return false;
	return true;
}

static bool do_env(struct flow *f, const struct words *w)
{
	char *eq = strchr(w->text, '=');

	if (!eq || eq == w->text)
		return flow_fail(f, "write env NAME=VALUE");
	*eq = '\0';
	setenv(w->text, eq + 1, 1);
	return true;
}

static bool do_unset(struct flow *f, const struct words *w)
{
	(void)f;
	unsetenv(w->word[1]);
	return true;
}

static bool do_term(struct flow *f, const struct words *w)
{
	(void)f;
	setenv("TERM", w->word[1], 1);
	return true;
}

static bool do_locale(struct flow *f, const struct words *w)
{
	(void)f;
	setenv("LC_ALL", w->word[1], 1);
	return true;
}

static bool do_clock(struct flow *f, const struct words *w)
{
	long long to;

	if (!time_parse(w->word[1], &to))
		return flow_fail(f, "not a time: %s: write 2026-02-05T14:23:12Z", w->word[1]);
	if (to > f->wall)
		f->boot += to - f->wall;
	f->wall = to;
	return flow_clock(f);
}

static bool do_advance(struct flow *f, const struct words *w)
{
	long long by;

	if (!duration_parse(w->word[1], &by) || by < 0)
		return flow_fail(f, "not a duration: %s: write 90s or 1h30m", w->word[1]);
	f->wall += by;
	f->boot += by;
	return flow_clock(f);
}

static bool do_step(struct flow *f, const struct words *w)
{
	long long by;

	if (!duration_parse(w->word[1], &by))
		return flow_fail(f, "not a duration: %s: write 90s or -1h", w->word[1]);
	f->wall += by;
	return flow_clock(f);
}

static bool do_sleep(struct flow *f, const struct words *w)
{
	long long by;

	if (!duration_parse(w->word[1], &by) || by < 0)
		return flow_fail(f, "not a duration: %s: write 90s or 1h30m", w->word[1]);
	f->wall += by;
	f->boot += by;
	f->asleep += by;
	return flow_clock(f);
}

/* --- Programs --- */

static int exit_code(int wstatus)
{
	return WIFEXITED(wstatus) ? WEXITSTATUS(wstatus) : 128 + WTERMSIG(wstatus);
}

/* Reads what a command says, while the program on the screen goes on being served. */
static bool listen_to(struct flow *f, int fd)
{
	char buf[4096];
	ssize_t n;

	f->said.len = 0;
	bytes_add(&f->said, "", 0);
	for (long long end = flow_now() + f->wait_ms; flow_now() < end;) {
		n = read(fd, buf, sizeof buf);
		if (n > 0)
			bytes_add(&f->said, buf, (size_t)n);
		else if (n == 0)
			return true;
		else if (errno == EAGAIN)
			vt_pump(&f->vt, 1);
		else if (errno != EINTR)
			return true;
	}
	return false;
}

static bool run(struct flow *f, const char *command, int want)
{
	int out[2], status = 0;
	bool in_time;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		return flow_fail(f, "cannot start a command: %s", strerror(errno));
	if (pid == 0) {
		dup2(out[1], 1);
		dup2(out[1], 2);
		if (freopen("/dev/null", "r", stdin))
			execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	in_time = listen_to(f, out[0]);
	close(out[0]);
	if (!in_time)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!in_time)
		return flow_fail(f, "the command did not end; it said:\n%s", f->said.s);
	if (exit_code(status) != want)
		return flow_fail(
			f, "status %d, expected %d; the command said:\n%s", exit_code(status), want, f->said.s);
	return true;
}

static bool do_run(struct flow *f, const struct words *w)
{
	return run(f, w->text, 0);
}

static bool do_fail(struct flow *f, const struct words *w)
{
	const char *command = w->text + strspn(w->text, "0123456789");
	int want;

	if (!flow_number(w->word[1], &want))
		return flow_fail(f, "write fail STATUS COMMAND");
	return run(f, command, want);
}

static bool do_said(struct flow *f, const struct words *w)
{
	if (f->said.s && strstr(f->said.s, w->word[1]))
		return true;
	return flow_fail(f, "the last command did not say \"%s\" but:\n%s", w->word[1], f->said.s ? f->said.s : "");
}

static bool do_start(struct flow *f, const struct words *w)
{
	char command[FLOW_LINE + 16];
	char *argv[] = { "sh", "-c", command, NULL };
	const char *locale = getenv("LC_ALL");

	if (f->vt.pid != 0)
		return flow_fail(f, "the last program is still running");
	vt_free(&f->vt);
	snprintf(command, sizeof command, "exec %s", *w->text ? w->text : "tplus");
	return vt_start(&f->vt, f->rows, f->cols, locale && strstr(locale, "UTF-8"), argv) ||
	       flow_fail(f, "cannot start %s", command);
}

static const struct {
	const char *name;
	int number;
} signals[] = { { "TERM", SIGTERM }, { "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT }, { "KILL", SIGKILL },
	{ "STOP", SIGSTOP }, { "TSTP", SIGTSTP }, { "CONT", SIGCONT }, { "USR1", SIGUSR1 }, { "WINCH", SIGWINCH },
	{ "PIPE", SIGPIPE }, { "SEGV", SIGSEGV }, { "ABRT", SIGABRT } };

static int signal_number(const char *name)
{
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		if (strcmp(name, signals[i].name) == 0)
			return signals[i].number;
	return 0;
}

static bool do_signal(struct flow *f, const struct words *w)
{
	int sig = signal_number(w->word[1]);

	if (!sig)
		return flow_fail(f, "unknown signal: %s", w->word[1]);
	if (f->vt.pid == 0)
		return flow_fail(f, "no program is running");
	kill(f->vt.pid, sig);
	return true;
}

static bool is_stopped(struct flow *f, const struct words *w)
{
	(void)w;
	return f->vt.stopped || flow_fail(f, "the program was not stopped");
}

static bool has_ended(struct flow *f, const struct words *w)
{
	const char *want = w->word[1];
	int code;

	if (f->vt.pid != 0)
		return flow_fail(f, "the program has not ended");
	code = exit_code(f->vt.wstatus);
	if (signal_number(want))
		return code == 128 + signal_number(want) || flow_fail(f, "status %d, expected signal %s", code, want);
	return atoi(want) == code || flow_fail(f, "status %d, expected %s", code, want);
}

static bool do_close(struct flow *f, const struct words *w)
{
	(void)w;
	if (!flow_program(f))
		return false;
	vt_close(&f->vt);
	return true;
}

/* --- What a person does --- */

static bool do_keys(struct flow *f, const struct words *w)
{
	if (!flow_program(f))
		return false;
	for (int i = 1; i < w->n; i++) {
		if (w->quoted[i])
			vt_text(&f->vt, w->word[i]);
		else if (!vt_key(&f->vt, w->word[i]))
			return flow_fail(f, "no such key: %s", w->word[i]);
	}
	return true;
}

static bool do_paste(struct flow *f, const struct words *w)
{
	struct bytes text = { 0 };
	int times = 1;

	if (!flow_program(f))
		return false;
	if (w->n > 2 && (!flow_number(w->word[2], &times) || times < 1))
		return flow_fail(f, "not a number of times: %s", w->word[2]);
	while (times-- > 0)
		bytes_add(&text, w->word[1], strlen(w->word[1]));
	vt_paste(&f->vt, text.s);
	free(text.s);
	return true;
}

/* The terminal takes no output from now on, as over a connection that hangs. */
static bool do_hold(struct flow *f, const struct words *w)
{
	(void)w;
	f->vt.held = true;
	return flow_program(f);
}

static bool do_release(struct flow *f, const struct words *w)
{
	(void)w;
	f->vt.held = false;
	return flow_program(f);
}

static bool do_click(struct flow *f, const struct words *w)
{
	int row, col;

	if (!flow_program(f))
		return false;
	if (!flow_row(f, w->word[1], &row) || !flow_col(f, w->word[2], &col))
		return flow_fail(f, "not a place on the screen");
	vt_click(&f->vt, row, col, 1);
	return true;
}

static bool do_wheel(struct flow *f, const struct words *w)
{
	int row, col;

	if (!flow_program(f))
		return false;
	if (!flow_row(f, w->word[2], &row) || !flow_col(f, w->word[3], &col))
		return flow_fail(f, "not a place on the screen");
	vt_click(&f->vt, row, col, strcmp(w->word[1], "up") == 0 ? 4 : 5);
	return true;
}

static bool do_mark(struct flow *f, const struct words *w)
{
	(void)w;
	if (!flow_program(f))
		return false;
	vt_mark(&f->vt);
	return true;
}

/* repeat N COMMAND… */
static bool do_repeat(struct flow *f, const struct words *w)
{
	const char *command = w->text + strspn(w->text, "0123456789");
	int n;

	if (!flow_number(w->word[1], &n) || n < 0)
		return flow_fail(f, "write repeat TIMES COMMAND");
	while (n-- > 0)
		if (!flow_step(f, command))
			return false;
	return true;
}

/* --- The table --- */

static const struct step {
	const char *name;
	bool (*act)(struct flow *f, const struct words *w); /* done once */
	condition *expect; /* or waited for; needs a program */
	int min, max; /* words after the name; max -1: the rest of the line */
	const char *usage;
} steps[] = {
	{ "size", do_size, NULL, 1, 1, "COLUMNSxROWS" },
	{ "resize", do_size, NULL, 1, FLOW_WORDS, "COLUMNSxROWS..." },
	{ "locale", do_locale, NULL, 1, 1, "C|C.UTF-8" },
	{ "term", do_term, NULL, 1, 1, "NAME" },
	{ "env", do_env, NULL, 1, -1, "NAME=VALUE" },
	{ "unset", do_unset, NULL, 1, 1, "NAME" },
	{ "clock", do_clock, NULL, 1, 1, "TIME" },
	{ "advance", do_advance, NULL, 1, 1, "DURATION" },
	{ "step", do_step, NULL, 1, 1, "DURATION" },
	{ "asleep", do_sleep, NULL, 1, 1, "DURATION" },
	{ "run", do_run, NULL, 1, -1, "COMMAND" },
	{ "fail", do_fail, NULL, 2, -1, "STATUS COMMAND" },
	{ "said", do_said, NULL, 1, 1, "\"TEXT\"" },
	{ "start", do_start, NULL, 0, -1, "[COMMAND]" },
	{ "signal", do_signal, NULL, 1, 1, "NAME" },
	{ "stopped", NULL, is_stopped, 0, 0, "" },
	{ "exit", NULL, has_ended, 1, 1, "STATUS|SIGNAL" },
	{ "close", do_close, NULL, 0, 0, "" },
	{ "keys", do_keys, NULL, 1, FLOW_WORDS, "KEY|\"TEXT\"..." },
	{ "paste", do_paste, NULL, 1, 2, "\"TEXT\" [TIMES]" },
	{ "hold", do_hold, NULL, 0, 0, "" },
	{ "release", do_release, NULL, 0, 0, "" },
	{ "click", do_click, NULL, 2, 2, "ROW COLUMN" },
	{ "wheel", do_wheel, NULL, 3, 3, "up|down ROW COLUMN" },
	{ "repeat", do_repeat, NULL, 2, -1, "TIMES COMMAND" },
	{ "wait", NULL, flow_shows, 1, 3, "\"TEXT\" [row ROW]" },
	{ "absent", NULL, flow_shows_not, 1, 3, "\"TEXT\" [row ROW]" },
	{ "row", NULL, flow_row_is, 2, 2, "ROW \"TEXT\"" },
	{ "attr", NULL, flow_attr, 3, FLOW_WORDS, "ROW COLUMN ATTRIBUTE..." },
	{ "cursor", NULL, flow_cursor, 1, 2, "ROW COLUMN, or on|off" },
	{ "screen", flow_screen, NULL, 0, 0, "" },
	{ "mark", do_mark, NULL, 0, 0, "" },
	{ "atmost", flow_atmost, NULL, 2, 2, "bytes|writes N" },
	{ "wrote", NULL, flow_wrote, 1, 1, "\"BYTES\"" },
	{ "unwritten", flow_unwritten, NULL, 1, 1, "\"BYTES\"" },
};

static const struct step *find_step(const char *line)
{
	size_t n = strcspn(line, " \t");

	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if (strlen(steps[i].name) == n && strncmp(line, steps[i].name, n) == 0)
			return &steps[i];
	return NULL;
}

static bool take_step(struct flow *f, const struct step *s, const char *line, struct words *w)
{
	if (!words_split(w, line, s->max < 0, f->why, sizeof f->why))
		return false;
	if (w->n - 1 < s->min || (s->max >= 0 && w->n - 1 > s->max))
		return flow_fail(f, "write %s %s", s->name, s->usage);
	if (s->act)
		return s->act(f, w);
	return flow_program(f) && flow_eventually(f, w, s->expect);
}

bool flow_step(struct flow *f, const char *line)
{
	struct words *w;
	const struct step *s;
	bool good;

	line += strspn(line, " \t");
	if (!*line || *line == '#')
		return true;
	s = find_step(line);
	if (!s)
		return flow_fail(f, "unknown command: %.40s", line);
	w = malloc(sizeof *w); /* large, and repeat nests */
	good = w ? take_step(f, s, line, w) : flow_fail(f, "out of memory");
	free(w);
	return good;
}
