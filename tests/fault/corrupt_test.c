/* The promise: a damaged file never crashes tplus, never hangs it, and never passes for a good one. Random bytes of the
 * database and of its journal are changed, pages are swapped, the file is cut; then each command ends within 5 s, by
 * itself, with a documented status, and where verify still says that it holds the incident reads as it did before.
 * FAULT_ROUNDS times as many as usual; FAULT_SEED repeats a run. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 30, PATIENCE_MS = 5000, PAGE = 4096, BUFFER = 1 << 22 };

static char dir[256], db[300], copy[300], tplus[4096];
static unsigned long long state;
static char why[2048];

struct file { unsigned char *s; size_t n; };

static unsigned draw(size_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)((state >> 20) % below);
}

static bool wrong(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static bool wrong(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	return false;
}

static void bail(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(99);
}

static struct file load(const char *path)
{
	struct file f = { .s = malloc(BUFFER) };
	FILE *in = fopen(path, "rb");

	if (!f.s || !in)
		bail(path);
	f.n = fread(f.s, 1, BUFFER, in);
	fclose(in);
	return f;
}

static void store(const char *path, const struct file *f)
{
	FILE *out = fopen(path, "wb");

	if (!out || fwrite(f->s, 1, f->n, out) != f->n)
		bail(path);
	fclose(out);
}

/* ---- running tplus ---- */

/* Standard output into out (as much as fits). The status; -1: wrong() says what happened. */
static int run(const char *const *argv, char *out, size_t size)
{
	int p[2], status = 0;
	size_t n = 0;
	ssize_t got = 1;
	struct timespec began, now;

	if (pipe2(p, O_CLOEXEC) < 0)
		bail("pipe");
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);
		dup2(null, 0);
		dup2(p[1], 1);
		if (!getenv("FAULT_SHOW"))
			dup2(null, 2);
		execv(tplus, (char *const *)argv);
		_exit(127);
	}
	close(p[1]);
	clock_gettime(CLOCK_MONOTONIC, &began);
	while (got > 0) {
		char lost[4096];
		clock_gettime(CLOCK_MONOTONIC, &now);
		long gone = (now.tv_sec - began.tv_sec) * 1000 + (now.tv_nsec - began.tv_nsec) / 1000000;
		struct pollfd fd = { p[0], POLLIN, 0 };
		if (gone >= PATIENCE_MS || poll(&fd, 1, (int)(PATIENCE_MS - gone)) == 0) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			close(p[0]);
			wrong("tplus %s: still running after %d ms", argv[2], PATIENCE_MS);
			return -1;
		}
		got = n + 1 < size ? read(p[0], out + n, size - 1 - n) : read(p[0], lost, sizeof lost);
		n += got > 0 && n + 1 < size ? (size_t)got : 0;
	}
	if (size)
		out[n] = '\0';
	close(p[0]);
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status)) {
		wrong("tplus %s: killed by signal %d", argv[2], WTERMSIG(status));
		return -1;
	}
	if (WEXITSTATUS(status) > 4) { /* a sanitizer's report too */
		wrong("tplus %s: status %d", argv[2], WEXITSTATUS(status));
		return -1;
	}
	return WEXITSTATUS(status);
}

#define RUN(out, size, ...) run((const char *const[]){ "tplus", "-q", __VA_ARGS__, NULL }, out, size)

static char before[BUFFER], after[BUFFER];

static void restore(const struct file *good, const char *path)
{
	char journal[320];

	snprintf(journal, sizeof journal, "%s-journal", path);
	remove(journal);
	snprintf(journal, sizeof journal, "%s-wal", path);
	remove(journal);
	store(path, good);
}

/* ---- what is done to the file ---- */

static void flip(struct file *f, size_t from, size_t below)
{
	for (unsigned i = 0, n = 1 + draw(8); i < n && from < below; i++)
		f->s[from + draw(below - from)] ^= (unsigned char)(1 + draw(255));
}

static void flip_anywhere(struct file *f)
{
	flip(f, 0, f->n);
}

/* The first bytes of a page say what it is and where its cells are. */
static void flip_page_header(struct file *f)
{
	size_t page = draw(f->n / PAGE) * (size_t)PAGE;

	flip(f, page ? page : 100, page + (page ? 64 : 164));
}

static void flip_file_header(struct file *f)
{
	flip(f, 0, 100);
}

/* The schema: the first page and what it says. */
static void flip_schema(struct file *f)
{
	flip(f, 100, PAGE * 3);
}

static void cut(struct file *f)
{
	f->n = draw(2) ? draw(f->n) : draw(f->n / PAGE) * (size_t)PAGE;
}

static void swap_pages(struct file *f)
{
	unsigned char held[PAGE];
	size_t a = draw(f->n / PAGE) * (size_t)PAGE, b = draw(f->n / PAGE) * (size_t)PAGE;

	memcpy(held, f->s + a, PAGE);
	memmove(f->s + a, f->s + b, PAGE);
	memcpy(f->s + b, held, PAGE);
}

static void fill_page(struct file *f)
{
	memset(f->s + draw(f->n / PAGE) * (size_t)PAGE, draw(2) ? 0 : 0xff, PAGE);
}

static const struct damage { const char *name; void (*make)(struct file *); } damages[] = {
	{ "bytes changed", flip_anywhere },
	{ "headers of pages changed", flip_page_header },
	{ "the file's header changed", flip_file_header },
	{ "the schema changed", flip_schema },
	{ "cut short", cut },
	{ "pages swapped", swap_pages },
	{ "a page overwritten", fill_page },
};

/* ---- what must hold ---- */

static int noticed; /* by verify */

static bool survives(void)
{
	static const char *const reads[] = { "show", "status", "tail", "history", "list", "brief" };
	int verified = RUN(NULL, 0, "verify");

	if (verified < 0)
		return false;
	noticed += verified != 0;
	if (verified == 0) {
		if (RUN(after, sizeof after, "export", "-f", "json") != 0)
			return wrong("verify holds, export fails");
		if (strcmp(before, after) != 0)
			return wrong("verify holds, yet the incident reads differently");
	}
	const char *verb = reads[draw(sizeof reads / sizeof *reads)];
	return RUN(NULL, 0, verb) >= 0 && RUN(NULL, 0, "log", "one more line") >= 0 && RUN(NULL, 0, "rebuild") >= 0;
}

/* One kind of damage, many times. */
static int damage_all(const struct damage *d, const struct file *good, int rounds)
{
	struct file bad = { .s = malloc(BUFFER) };
	int r = 0;

	noticed = 0;
	for (bool fine = true; fine && r < rounds; r += fine) {
		memcpy(bad.s, good->s, good->n);
		bad.n = good->n;
		d->make(&bad);
		restore(&bad, db);
		fine = survives();
		if (!fine && getenv("FAULT_KEEP"))
			store(getenv("FAULT_KEEP"), &bad);
	}
	free(bad.s);
	return r;
}

/* ---- a journal that a dead writer left, damaged too ---- */

static const struct file *hot_db, *hot_journal;

static int damage_journal(int rounds)
{
	struct file bad = { .s = malloc(BUFFER) };
	char journal[320];
	int r = 0;

	snprintf(journal, sizeof journal, "%s-journal", db);
	noticed = 0;
	for (bool fine = true; fine && r < rounds; r += fine) {
		restore(hot_db, db);
		memcpy(bad.s, hot_journal->s, hot_journal->n);
		bad.n = hot_journal->n;
		if (draw(4))
			flip(&bad, 0, draw(2) ? 600 : bad.n);
		else
			bad.n = draw(bad.n);
		store(journal, &bad);
		int verified = RUN(NULL, 0, "verify");
		noticed += verified > 0;
		fine = verified >= 0 && RUN(NULL, 0, "show", "--json") >= 0 && RUN(NULL, 0, "log", "one more line") >= 0;
	}
	free(bad.s);
	return r;
}

/* ---- the whole ---- */

static void prepare(void)
{
	const char *top = getenv("TPLUS"), *tmp = getenv("TMPDIR"), *chosen = getenv("FAULT_SEED");
	unsigned long long seed = (unsigned long long)time(NULL) ^ (unsigned long long)getpid() << 20;
	char clock[300];

	if (chosen)
		seed = strtoull(chosen, NULL, 10);
	printf("# FAULT_SEED=%llu\n", seed);
	fflush(stdout);
	state = seed * 2654435761U + 88172645463325252ULL;
	if (!realpath(top ? top : "build/tplus", tplus))
		bail("tplus: set TPLUS");
	snprintf(dir, sizeof dir, "%.200s/tplus-corrupt.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(dir))
		bail(dir);
	snprintf(db, sizeof db, "%s/tplus.db", dir);
	snprintf(copy, sizeof copy, "%s/fed", dir);
	snprintf(clock, sizeof clock, "%s/clock", dir);
	store(clock, &(struct file){ (unsigned char *)"1770300000000000 3600000000\n", 28 });
	setenv("HOME", dir, 1);
	setenv("XDG_CONFIG_HOME", dir, 1);
	setenv("TPLUS_CLOCK", clock, 1);
	setenv("TPLUS_DB", db, 1);
	setenv("TPLUS_USER", "sam", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	setenv("ASAN_OPTIONS", "exitcode=99", 1); /* a report must not pass for a documented status */
	setenv("UBSAN_OPTIONS", "exitcode=99", 1);
	unsetenv("TPLUS_INCIDENT");
	if (chdir(dir) < 0)
		bail(dir);
}

/* A bit of everything, enough lines for interior pages. */
static void fill(void)
{
	if (RUN(NULL, 0, "open", "Checkout 5xx", "-s", "2") || RUN(NULL, 0, "started", "checkout errors") ||
		RUN(NULL, 0, "role", "IC", "sam") || RUN(NULL, 0, "ask", "@bob", "latency?", "10m") ||
		RUN(NULL, 0, "hypothesis", "pool exhausted") || RUN(NULL, 0, "action", "alert on it", "@dev", "P1") ||
		RUN(NULL, 0, "good", "the runbook") || RUN(NULL, 0, "sev", "1"))
		bail("the first lines");
	FILE *f = fopen(copy, "w");
	if (!f)
		bail(copy);
	for (int i = 0; i < 150; i++)
		fprintf(f, "line %d of many, with some words in it\n", i);
	fclose(f);
	if (!freopen(copy, "r", stdin))
		bail(copy);
	pid_t pid = fork();
	int status = -1;
	if (pid == 0) {
		if (!freopen("/dev/null", "w", stdout))
			_exit(126);
		execl(tplus, "tplus", "-q", "log", "-", (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	if (status != 0 || RUN(before, sizeof before, "export", "-f", "json") != 0)
		bail("the lines");
}

/* The state in the middle of a commit: kill -9 while it writes the database. False: strace cannot do it here. */
static bool leave_journal(struct file *half, struct file *journal)
{
	char trace[300], path[320];
	struct stat sb;
	int status = 0;

	snprintf(trace, sizeof trace, "%s/trace", dir);
	snprintf(path, sizeof path, "%s-journal", db);
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);
		setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
		dup2(null, 1);
		dup2(null, 2);
		execlp("strace", "strace", "-f", "-P", db, "-o", trace, "-e", "trace=pwrite64", "-e",
			"inject=pwrite64:signal=KILL:when=3", tplus, "-q", "log", "lost", (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	if (!WIFSIGNALED(status) || stat(path, &sb) < 0 || sb.st_size < 512)
		return false;
	*half = load(db);
	*journal = load(path);
	return true;
}

static int report(int n, const char *name, int rounds, int wanted)
{
	printf("%s %d - %s, %d times, %d noticed\n", rounds == wanted ? "ok" : "not ok", n, name, rounds, noticed);
	if (rounds < wanted)
		printf("#   in round %d: %s\n", rounds, why);
	fflush(stdout);
	return rounds < wanted;
}

int main(void)
{
	const char *more = getenv("FAULT_ROUNDS"), *slow = getenv("SANITIZERS");
	int rounds = ROUNDS * (more && atoi(more) > 0 ? atoi(more) : 1), failed = 0, n = 0;
	struct file half = { 0 }, journal = { 0 };
	char command[320];

	if (!more && slow && strcmp(slow, "yes") == 0)
		rounds /= 3;
	prepare();
	fill();
	struct file good = load(db);
	for (size_t i = 0; i < sizeof damages / sizeof *damages; i++)
		failed += report(++n, damages[i].name, damage_all(&damages[i], &good, rounds), rounds);
	restore(&good, db);
	if (!leave_journal(&half, &journal)) {
		printf("not ok %d - a writer dies in mid-commit\n", ++n);
		failed++;
	} else {
		hot_db = &half;
		hot_journal = &journal;
		failed += report(++n, "a dead writer's journal damaged", damage_journal(rounds), rounds);
	}
	printf("1..%d\n", n);
	free(good.s);
	free(half.s);
	free(journal.s);
	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	return system(command) != 0 || failed > 0;
}
