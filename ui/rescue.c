#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui/rescue.h"

/* What a signal handler needs to put the terminal back; set once, before the handlers. */
static struct {
	volatile sig_atomic_t armed;
	int fd;
	struct termios modes;
	char text[256];
	size_t n;
} rescue;
static const int crashes[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };
enum { CRASHES = sizeof crashes / sizeof *crashes };
static struct sigaction before_crash[CRASHES];

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
	tcsetattr(rescue.fd, TCSANOW, &rescue.modes);
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

void rescue_arm(int fd, const struct termios *modes, const char *text, size_t n)
{
	static bool installed;
	struct sigaction sa = { .sa_handler = on_crash };

	rescue.armed = 0;
	rescue.fd = fd;
	rescue.modes = *modes;
	rescue.n = n < sizeof rescue.text ? n : sizeof rescue.text;
	memcpy(rescue.text, text, rescue.n);
	if (!installed) {
		installed = true;
		sigemptyset(&sa.sa_mask);
		sa.sa_flags = (int)SA_NODEFER;
		for (size_t i = 0; i < CRASHES; i++)
			sigaction(crashes[i], &sa, &before_crash[i]);
		atexit(rescue_now);
	}
	rescue.armed = 1;
}

void rescue_disarm(void)
{
	rescue.armed = 0;
}
