/* screen_test.c - runs flow files: keys in, screens out. One file is one test case. The language is described in tests/screen/README.
 * Usage: screen_test FLOW   (TPLUS names the program under test, default ./tplus) */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/screen/flow.h"

bool flow_clock(struct flow *f)
{
	char path[300], fresh[300], text[96];
	int n = snprintf(text, sizeof text, "%lld %lld %lld\n", f->wall, f->boot, f->asleep), fd;

	snprintf(path, sizeof path, "%s/clock", f->dir);
	snprintf(fresh, sizeof fresh, "%s/clock.new", f->dir);
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, (size_t)n) != n || close(fd) < 0 || rename(fresh, path) < 0)
		return flow_fail(f, "cannot write the clock: %s", strerror(errno));
	return true;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* A directory of its own, and an environment that knows nothing of the person who runs the tests. */
static bool make_home(struct flow *f)
{
	static const char *const dirs[][2] = { { "HOME", "home" }, { "XDG_DATA_HOME", "data" },
		{ "XDG_CONFIG_HOME", "config" }, { "TMPDIR", "tmp" }, { "TPLUS_CLOCK", "clock" }, { "PWD", "work" } };
	static const char *const unset[] = { "LINES", "COLUMNS", "NO_COLOR", "COLORTERM", "TPLUS_DB", "TPLUS_INCIDENT",
		"VISUAL", "EDITOR", "LANG", "LANGUAGE", "TMUX", "STY", "SSH_TTY" };
	const char *tmp = getenv("TMPDIR");
	char path[300];

	snprintf(f->dir, sizeof f->dir, "%s/tplus-flow.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(f->dir))
		return flow_fail(f, "no private directory: %s", strerror(errno));
	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++) {
		snprintf(path, sizeof path, "%s/%s", f->dir, dirs[i][1]);
		if (strcmp(dirs[i][1], "clock") != 0 && mkdir(path, 0700) < 0)
			return flow_fail(f, "%s: %s", path, strerror(errno));
		setenv(dirs[i][0], path, 1);
	}
	for (size_t i = 0; i < sizeof unset / sizeof unset[0]; i++)
		unsetenv(unset[i]);
	setenv("TPLUS_USER", "sam", 1);
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	f->boot = 3600000000;
	return chdir(path) == 0 && time_parse("2026-02-05T14:00:00Z", &f->wall) && flow_clock(f);
}

static bool run_lines(struct flow *f)
{
	static char line[FLOW_LINE];

	while (fgets(line, sizeof line, f->in)) {
		f->line++;
		line[strcspn(line, "\n")] = '\0';
		if (!flow_step(f, line))
			return false;
	}
	return true;
}

static void print_failure(const struct flow *f)
{
	const char *p = f->why;

	printf("# %s:%d:\n", f->path, f->line);
	while (*p) {
		size_t n = strcspn(p, "\n");

		printf("#   %.*s\n", (int)n, p);
		p += n + (p[n] == '\n');
	}
	if (f->vt.term)
		vt_print(&f->vt);
}

static bool run_flow(const char *path)
{
	static struct flow f;
	const char *seconds = getenv("FLOW_DEADLINE"), *name = strrchr(path, '/');
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good;

	memset(&f, 0, sizeof f);
	f.path = path;
	f.rows = 24;
	f.cols = 80;
	f.vt.fd = -1;
	f.wait_ms = (seconds ? atoi(seconds) : 30) * 1000LL;
	f.in = fopen(path, "re");
	good = f.in ? make_home(&f) && run_lines(&f) : flow_fail(&f, "%s", strerror(errno));
	printf("%sok 1 - %s\n", good ? "" : "not ", name ? name + 1 : path);
	if (!good)
		print_failure(&f);
	vt_free(&f.vt);
	free(f.said.s);
	if (f.in)
		fclose(f.in);
	if (here >= 0 && fchdir(here) == 0)
		close(here);
	if (f.dir[0])
		nftw(f.dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return good;
}

int main(int argc, char **argv)
{
	char *tplus = realpath(getenv("TPLUS") ? getenv("TPLUS") : "./tplus", NULL), *path = NULL;

	if (argc != 2) {
		fprintf(stderr, "usage: screen_test FLOW\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (tplus && asprintf(&path, "%.*s:%s", (int)(strrchr(tplus, '/') - tplus), tplus, getenv("PATH")) > 0)
		setenv("PATH", path, 1);
	free(path);
	free(tplus);
	vt_watch_children();
	printf("1..1\n");
	return run_flow(argv[1]) ? 0 : 1;
}
