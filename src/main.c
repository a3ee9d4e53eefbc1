/* main.c - the command, and the way to the screen: a second executable, so that "tplus log" loads no terminal library. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "verb/verb.h"

#define SCREEN "tplus-screen"

/* Beside this executable (a build tree), relative to it (an installation that was moved), where it was configured to be. */
static char *find_screen(void)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	if (n > 0) {
		self[n] = '\0';
		*strrchr(self, '/') = '\0';
		static const char *const places[] = { "/" SCREEN, "/../libexec/tplus/" SCREEN };
		for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
			char *p = str_fmt("%s%s", self, places[i]);
			if (access(p, X_OK) == 0)
				return p;
			free(p);
		}
	}
	return xstrdup(PKGLIBEXECDIR "/" SCREEN);
}

/* Stops and goes on with the screen, so that ^Z and fg reach the shell that waits for us. */
static int wait_for(pid_t child)
{
	int status = 0;
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	while (waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status)) {
		raise(SIGSTOP);
		kill(child, SIGCONT);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : ST_IO;
}

static int start_screen(const struct screen_request *r, struct err *err)
{
	const char *argv[12];
	size_t n = 0;
	argv[n++] = SCREEN;
	const struct { const char *option, *value; } pass[] = { { "--db", r->db }, { "--incident", r->incident }, { "--as", r->author }, { "--zone", r->zone } };
	for (size_t i = 0; i < sizeof pass / sizeof *pass; i++)
		if (pass[i].value) {
			argv[n++] = pass[i].option;
			argv[n++] = pass[i].value;
		}
	argv[n] = NULL;
	char *path = find_screen();
	pid_t child = r->wait ? fork() : 0;
	if (child > 0) {
		free(path);
		return wait_for(child);
	}
	if (child == 0)
		execv(path, (char *const *)argv);
	fail(err, ST_IO, "%s cannot be started: %s: install tplus whole, the verbs work without it", path, strerror(errno));
	free(path);
	if (r->wait && child == 0) { /* the child says so itself: its parent only sees the status */
		fprintf(stderr, "tplus: %s\n", err->text);
		_exit(ST_IO);
	}
	return ST_IO;
}

int main(int argc, char **argv)
{
	return cli_main(argc, argv, start_screen);
}
