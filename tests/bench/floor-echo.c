/* floor-echo - the least that a screen can cost: ncurses, rows of text, a clock that ticks on the second, and a line that echoes what is
 * typed. It goes when the terminal does. */
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static void draw_clock(void)
{
	char text[16];
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(text, sizeof text, "%H:%M:%S", &tm);
	mvaddstr(0, COLS - 8, text);
}

static void draw_rows(void)
{
	for (int i = 1; i < LINES - 1; i++)
		mvprintw(i, 0, "14:%02d:%02d  event %07d  disk %d on host-%03d is at %d%% and rising", i / 60, i % 60, i, i % 9, i * 7 % 211,
			i * 13 % 100);
}

static int take_keys(char *line, int n)
{
	for (int c; (c = getch()) != ERR;) {
		if (n > 0 && (c == 127 || c == KEY_BACKSPACE))
			line[--n] = '\0';
		else if (c >= 32 && c < 127 && n < 100)
			line[n++] = (char)c, line[n] = '\0';
		mvaddstr(LINES - 1, 2, line);
		clrtoeol();
	}
	return n;
}

int main(void)
{
	static char line[128];
	int n = 0, timer = timerfd_create(CLOCK_REALTIME, 0);
	struct itimerspec each = { { 1, 0 }, { time(NULL) + 1, 0 } };
	struct pollfd f[2] = { { 0, POLLIN, 0 }, { timer, POLLIN, 0 } };

	setlocale(LC_ALL, "");
	initscr();
	cbreak();
	noecho();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	draw_rows();
	draw_clock();
	mvaddstr(LINES - 1, 0, "> ");
	refresh();
	timerfd_settime(timer, TFD_TIMER_ABSTIME, &each, NULL);
	while (poll(f, 2, -1) >= 0 && !(f[0].revents & (POLLHUP | POLLERR))) {
		unsigned long long ticks;
		if (f[1].revents && read(timer, &ticks, sizeof ticks) > 0)
			draw_clock();
		if (f[0].revents)
			n = take_keys(line, n);
		move(LINES - 1, 2 + n);
		refresh();
	}
	endwin();
	return 0;
}
