/* cli.c - the command line: options, the verb, its operands; one message for what went wrong. */
#include <errno.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "verb/act.h"
#include "verb/demo.h"

struct cli {
	struct ctx ctx;
	struct clock clock;
	struct str out, note;
	struct err err;
	const char *db;
	const struct verb *verb;
	struct args args;
	size_t cap;
	bool help, version;
};

/* ---- output --------------------------------------------------------------------------------------------------------- */

static int write_all(int fd, const char *s, size_t n)
{
	while (n) {
		ssize_t w = write(fd, s, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return -1;
		s += w;
		n -= (size_t)w;
	}
	return 0;
}

/* A reader that has seen enough is no error: who only reads stops, who writes goes on with the lines still to come. */
static int write_out(void *arg, const char *s, size_t n)
{
	const struct cli *k = arg;
	if (write_all(STDOUT_FILENO, s, n) == 0)
		return 0;
	if (errno != EPIPE)
		return -1;
	if (!k->verb || !(k->verb->flags & V_WRITE))
		exit(ST_OK);
	return 0;
}

/* "tplus: VERB: …", sanitised: messages quote what people and files say. */
static void message(const struct cli *k, const char *text, size_t n)
{
	struct str b = STR_INIT;
	str_adds(&b, "tplus: ");
	if (k->verb)
		str_addf(&b, "%s: ", k->verb->name);
	san_text(&b, text, n, SAN_DOCUMENT);
	str_addc(&b, '\n');
	write_all(STDERR_FILENO, b.s, b.len);
	str_free(&b);
}

static void notes(struct cli *k)
{
	for (const char *p = k->note.s; *p;) {
		size_t n = strcspn(p, "\n");
		message(k, p, n);
		p += n + (p[n] == '\n');
	}
	str_reset(&k->note);
}

/* ---- options -------------------------------------------------------------------------------------------------------- */

enum common_id { OPT_DB, OPT_INCIDENT, OPT_AS, OPT_AT, OPT_ZONE, OPT_JSON, OPT_QUIET, OPT_HELP, OPT_VERSION };
struct common_opt { const char *name; char letter; bool valued; enum common_id id; };
static const struct common_opt common[] = {
	{ "db", 0, true, OPT_DB }, { "incident", 'i', true, OPT_INCIDENT }, { "as", 0, true, OPT_AS }, { "at", 0, true, OPT_AT },
	{ "zone", 0, true, OPT_ZONE }, { "json", 0, false, OPT_JSON }, { "quiet", 'q', false, OPT_QUIET }, { "help", 'h', false, OPT_HELP },
	{ "version", 'V', false, OPT_VERSION },
};

static void set_common(struct cli *k, enum common_id id, const char *value)
{
	switch (id) {
	case OPT_DB: k->db = value; break;
	case OPT_INCIDENT: k->ctx.incident_arg = value; break;
	case OPT_AS: k->ctx.author = value; break;
	case OPT_AT: k->ctx.at_arg = value; break;
	case OPT_ZONE: k->ctx.zone_arg = value; break;
	case OPT_JSON: k->ctx.json = true; break;
	case OPT_QUIET: k->ctx.quiet = true; break;
	case OPT_HELP: k->help = true; break;
	case OPT_VERSION: k->version = true; break;
	}
}

/* What word names: its option, and the value glued to it ("--db=FILE", "-n20"), if any. */
static bool names(const char *word, const char *name, char letter, const char **glued)
{
	*glued = NULL;
	if (word[1] == '-') {
		size_t n = strcspn(word + 2, "=");
		if (strlen(name) != n || strncmp(word + 2, name, n) != 0)
			return false;
		*glued = word[2 + n] == '=' ? word + 3 + n : NULL;
		return true;
	}
	if (!letter || word[1] != letter)
		return false;
	*glued = word[2] ? word + 2 : NULL;
	return true;
}

static enum status unknown_option(struct cli *k, const char *word)
{
	const char *near = NULL;
	unsigned least = 3;
	for (size_t i = 0; word[1] == '-' && i < sizeof common / sizeof *common; i++)
		if (str_distance(word + 2, common[i].name) < least) {
			least = str_distance(word + 2, common[i].name);
			near = common[i].name;
		}
	if (near)
		return fail(&k->err, ST_USAGE, "there is no option %s: did you mean --%s?", word, near);
	if (k->verb && (k->verb->flags & V_LINE))
		return fail(&k->err, ST_USAGE, "there is no option %s: text that begins with \"-\" goes behind \"--\"", word);
	return fail(&k->err, ST_USAGE, "there is no option %s: see \"tplus help%s%s\"", word, k->verb ? " " : "", k->verb ? k->verb->name : "");
}

/* The option at *at; moves on to the word behind it and its value. */
static enum status read_option(struct cli *k, char **argv, int argc, int *at)
{
	const char *word = argv[*at], *glued, *value = "";
	const struct common_opt *c = NULL;
	int own = -1;
	for (int i = 0; k->verb && k->verb->opts && i < VERB_OPTS && k->verb->opts[i].name && own < 0; i++)
		if (names(word, k->verb->opts[i].name, k->verb->opts[i].letter, &glued))
			own = i;
	for (size_t i = 0; own < 0 && !c && i < sizeof common / sizeof *common; i++)
		if (names(word, common[i].name, common[i].letter, &glued))
			c = &common[i];
	if (own < 0 && !c)
		return unknown_option(k, word);
	bool valued = c ? c->valued : k->verb->opts[own].value != NULL;
	++*at;
	if (valued && !glued && *at == argc)
		return fail(&k->err, ST_USAGE, "%s needs a value", word);
	if (!valued && glued)
		return fail(&k->err, ST_USAGE, "%s takes no value", word);
	if (valued)
		value = glued ? glued : argv[(*at)++];
	if (valued && !value[0])
		return fail(&k->err, ST_USAGE, "%s is empty: give it a value, or leave it out", word);
	if (c)
		set_common(k, c->id, value);
	else
		k->args.opt_value[own] = value;
	return ST_OK;
}

static void add_operand(struct cli *k, const char *word)
{
	k->args.argv = xgrow(k->args.argv, &k->cap, k->args.argc + 1, sizeof *k->args.argv);
	k->args.argv[k->args.argc++] = xstrdup(word);
}

static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] && !line_is_minus_time(word) && !strpbrk(word, " \t\n");
}

/* Options of a LINE end where its text begins: at the first operand that is no prefix. The parser itself says which is one. */
static bool in_text(struct cli *k)
{
	if (!k->verb || !(k->verb->flags & V_LINE) || k->args.argc == 0)
		return false;
	struct when_ctx w = { .now = k->clock.wall(&k->clock), .zone = zone_utc(), .prev = USEC_NONE, .last = USEC_NONE };
	struct line l;
	k->args.literal = k->args.argc;
	bool text = act_line(k->verb, &k->args, &w, &l, NULL) != ST_OK || l.text[0];
	line_clear(&l);
	return text;
}

static enum status no_verb(struct cli *k, const char *word)
{
	struct err e;
	const struct verb *v = verb_find_prefix(word, 0, &e);
	return v ? fail(&k->err, ST_USAGE, "there is no verb \"%s\": did you mean \"%s\"?", word, v->name) : fail(&k->err, ST_USAGE, "%s", e.text);
}

static enum status read_words(struct cli *k, int argc, char **argv)
{
	bool options = true, behind = false; /* "--" */
	enum status st = ST_OK;
	size_t literal = 0;
	for (int i = 1; i < argc && st == ST_OK;) {
		bool dash = options && is_option(argv[i]);
		if (dash && in_text(k))
			options = dash = false;
		if (dash && strcmp(argv[i], "--") == 0) {
			options = false;
			behind = true;
			literal = k->args.argc;
			i++;
		} else if (dash) {
			st = read_option(k, argv, argc, &i);
		} else if (k->verb) {
			add_operand(k, argv[i++]);
		} else {
			k->verb = verb_find(argv[i]);
			st = k->verb ? ST_OK : no_verb(k, argv[i]);
			i++;
		}
	}
	k->args.literal = behind ? literal : k->args.argc;
	return st;
}

/* ---- running -------------------------------------------------------------------------------------------------------- */

static const char *login_name(void)
{
	const char *names[] = { getenv("TPLUS_USER"), getenv("LOGNAME"), getenv("USER") };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i] && names[i][0])
			return names[i];
	struct passwd *pw = getpwuid(getuid());
	return pw && pw->pw_name ? pw->pw_name : "unknown";
}

static enum status open_store(struct cli *k)
{
	unsigned f = k->verb->flags;
	if (f & V_OFFLINE)
		return ST_OK;
	bool is_default;
	char *path = path_db(k->db, &is_default, &k->err);
	if (!path)
		return k->err.status;
	struct store_opts o = { .path = path, .clock = &k->clock, .make_dir = is_default, .network = getenv("TPLUS_NETWORK_FS") != NULL };
	o.mode = f & (V_WRITE | V_LOCAL) ? STORE_WRITE : STORE_READ;
	enum status st = ST_OK;
	struct stat sb = { 0 };
	bool there = stat(path, &sb) == 0 || errno != ENOENT;
	if (o.mode == STORE_WRITE && !(f & V_CREATE) && (!there || (S_ISREG(sb.st_mode) && sb.st_size == 0)))
		st = fail(&k->err, ST_NO, "there is no incident yet (%s %s): begin one with \"tplus open TITLE\"", path,
			there ? "is empty" : "does not exist");
	if (st == ST_OK)
		st = store_open(&k->ctx.store, &o, &k->err);
	if (st == ST_OK && store_newer(k->ctx.store))
		act_warn(&k->ctx, "%s was written by a newer tplus: reading works, writing needs an upgrade", path);
	free(path);
	return st;
}

static enum status run(struct cli *k)
{
	struct ctx *c = &k->ctx;
	enum status st = open_store(k);
	if (st == ST_OK)
		st = verb_run(c, k->verb, &k->args);
	notes(k);
	if (k->out.len && write_out(k, k->out.s, k->out.len) != 0 && st == ST_OK)
		st = fail(&k->err, ST_IO, "standard output cannot be written: %s: %s", strerror(errno),
			k->verb->flags & V_WRITE ? "the change itself is saved, do not repeat it" : "check the disk, or where it goes");
	store_leave(c->store);
	return st;
}

typedef int start_fn(const struct screen_request *r, struct err *err);

static enum status screen_on(struct cli *k, start_fn *start, const char *path, const char *author, bool wait)
{
	struct screen_request r = { path, k->ctx.incident_arg, author, k->ctx.zone_arg, wait };
	int rc = start(&r, &k->err);
	return rc == 0 ? ST_OK : k->err.status ? k->err.status : (enum status)rc;
}

static enum status screen(struct cli *k, start_fn *start)
{
	bool is_default;
	char *path = path_db(k->db, &is_default, &k->err);
	enum status st = path ? screen_on(k, start, path, k->ctx.author, false) : k->err.status;
	free(path);
	return st;
}

/* The demo live: half of it is logged, the rest is for whoever sits there; the store goes when the screen does. */
static enum status demo_screen(struct cli *k, start_fn *start)
{
	char *dir = demo_directory(&k->err);
	if (!dir)
		return k->err.status;
	char *path = str_fmt("%s/tplus.db", dir);
	k->ctx.incident_arg = NULL;
	enum status st = demo_play(&k->clock, path, true, &k->err);
	if (st == ST_OK)
		st = screen_on(k, start, path, "sam", true);
	demo_remove(dir);
	free(path);
	free(dir);
	return st;
}

static enum status dispatch(struct cli *k, start_fn *start)
{
	static const struct args none;
	if (k->version) {
		str_addf(&k->out, "tplus %s\n", PACKAGE_VERSION);
		return write_out(k, k->out.s, k->out.len) ? ST_IO : ST_OK;
	}
	if (k->help) {
		struct args a = none;
		char *name = k->verb ? xstrdup(k->verb->name) : NULL;
		a.argv = &name;
		a.argc = k->verb ? 1 : 0;
		k->ctx.verb = verb_find("help");
		verb_help(&k->ctx, &a);
		free(name);
		return write_out(k, k->out.s, k->out.len) ? ST_IO : ST_OK;
	}
	if (!k->verb)
		return screen(k, start);
	if (strcmp(k->verb->name, "demo") == 0 && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return demo_screen(k, start);
	return run(k);
}

int cli_main(int argc, char **argv, int (*start_screen)(const struct screen_request *r, struct err *err))
{
	struct cli k = { .out = STR_INIT, .note = STR_INIT };
	signal(SIGPIPE, SIG_IGN); /* a reader that left is an error to report, not a death in mid-transaction */
	clock_from_env(&k.clock);
	char *config_dir = path_config_dir();
	const char *incident = getenv("TPLUS_INCIDENT");
	k.ctx = (struct ctx){ .clock = &k.clock, .out = &k.out, .note = &k.note, .err = &k.err, .author = login_name(), .stamp = USEC_NONE,
		.incident_arg = incident && incident[0] ? incident : NULL, .config_dir = config_dir, .write_out = write_out, .write_arg = &k };
	enum status st = read_words(&k, argc, argv);
	/* Columns are counted by those who read only; the locale costs a log 0.1 ms. No other category matters here. */
	if (!k.verb || !(k.verb->flags & V_WRITE))
		setlocale(LC_CTYPE, "");
	if (st == ST_OK)
		st = dispatch(&k, start_screen);
	if (st != ST_OK && k.err.text[0])
		message(&k, k.err.text, strlen(k.err.text));
	act_args_free(&k.args);
	incident_clear(&k.ctx.incident);
	str_free(&k.out);
	str_free(&k.note);
	free(config_dir);
	return (int)st;
}
