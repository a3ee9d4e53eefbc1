/* terminal.c - what programs on a pseudo-terminal cost. Times are taken when their output can be read, before the emulator runs. */
#include <dirent.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/bench.h"

enum { PATIENCE = 20000, KEY_PATIENCE = 1000 /* ms */ };

/* Waits for output; the time it came. */
static double pump(struct vt *vt, double until)
{
	struct pollfd f = { vt->fd, POLLIN, 0 };
	double left = until - now_ms();

	poll(&f, 1, left > 0 ? (int)left + 1 : 0);
	double came = now_ms();
	vt_pump(vt, 0);
	if (vt->eof || vt->pid == 0)
		give_up("the program on the terminal ended");
	return came;
}

static bool shows(const struct vt *vt, const char *text)
{
	char row[VT_ROW_BYTES];

	for (int r = 0; r < vt->rows; r++) {
		vt_row(vt, r, row);
		if (strstr(row, text))
			return true;
	}
	return false;
}

double terminal_start(struct vt *vt, char *const *argv, const char *text)
{
	double start = now_ms(), came = start;

	if (!vt_start(vt, ROWS, COLS, true, argv))
		give_up("there is no pseudo-terminal");
	while (!shows(vt, text)) {
		if (came > start + PATIENCE) {
			vt_print(vt);
			give_up("\"%s\" did not appear", text);
		}
		came = pump(vt, start + PATIENCE);
	}
	return came - start;
}

void terminal_rest(struct vt *vt, int ms)
{
	struct pollfd f = { vt->fd, POLLIN, 0 };

	while (poll(&f, 1, ms) > 0)
		pump(vt, now_ms());
}

/* The middle of the screen as one number. */
static unsigned long long picture(const struct vt *vt)
{
	unsigned long long h = 1469598103934665603u;
	char row[VT_ROW_BYTES];

	for (int r = 3; r < vt->rows - 3; r++) {
		vt_row(vt, r, row);
		for (const char *p = row; *p; p++)
			h = (h ^ (unsigned char)*p) * 1099511628211u;
		h = (h ^ '\n') * 1099511628211u;
	}
	return h;
}

double terminal_key(struct vt *vt, const char *key, size_t n, bool rows)
{
	int row, col, new_row, new_col;
	unsigned long long before = rows ? picture(vt) : 0;

	vt_cursor(vt, &row, &col);
	double start = now_ms(), came = start;
	vt_type(vt, key, n);
	vt_pump(vt, 0); /* hands it over */
	do {
		if (came > start + KEY_PATIENCE)
			return -1;
		came = pump(vt, start + KEY_PATIENCE);
		vt_cursor(vt, &new_row, &new_col);
	} while (rows ? picture(vt) == before : new_row == row && new_col == col);
	terminal_rest(vt, 10);
	return came - start;
}

/* A figure of /proc/PID/status, of the process or the sum over its threads. */
static long status_of(const char *path, const char *name)
{
	char line[256];
	long v = 0;
	FILE *f = fopen(path, "r");

	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, name, strlen(name)) == 0)
			v = strtol(line + strlen(name) + 1, NULL, 10);
	if (f)
		fclose(f);
	return v;
}

static long wakeups_of(pid_t pid)
{
	char path[300];
	long sum = 0;

	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));) {
		snprintf(path, sizeof path, "/proc/%d/task/%s/status", (int)pid, e->d_name);
		if (e->d_name[0] != '.')
			sum += status_of(path, "voluntary_ctxt_switches");
	}
	if (d)
		closedir(d);
	return sum;
}

/* Takes what any of them writes, for so long. */
static void attend(struct vt *const *vt, size_t n, double ms)
{
	struct pollfd f[8];

	for (double end = now_ms() + ms; now_ms() < end;) {
		for (size_t i = 0; i < n; i++)
			f[i] = (struct pollfd){ vt[i]->fd, POLLIN, 0 };
		poll(f, n, (int)(end - now_ms()) + 1);
		for (size_t i = 0; i < n; i++)
			if (f[i].revents)
				pump(vt[i], now_ms());
	}
}

void terminal_idle(struct vt *const *vt, size_t n, double seconds, struct idle *out)
{
	char path[64];

	attend(vt, n, 1500); /* the start's last work */
	double start = now_ms();
	for (size_t i = 0; i < n; i++) {
		vt_mark(vt[i]);
		out[i].wakeups = (double)wakeups_of(vt[i]->pid);
	}
	attend(vt, n, seconds * 1e3);
	double took = (now_ms() - start) / 1e3;
	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof path, "/proc/%d/status", (int)vt[i]->pid);
		out[i].wakeups = ((double)wakeups_of(vt[i]->pid) - out[i].wakeups) / took;
		out[i].bytes = (double)vt[i]->output.len / took;
		out[i].peak_kib = status_of(path, "VmHWM");
	}
}
