/* demo.c - the demo incident, played through the verbs into a store of its own. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "text/script.h"
#include "verb/act.h"
#include "verb/demo.h"

extern const char data_demo_checkout_txt[];

#define SCRIBE "mara"

/* Ids of the events made so far, for the script's "{-1}". */
struct player { struct ctx ctx; struct clock clock; struct str out, note; char **ids; size_t n, cap; };

static usec length_of(bool half, struct err *err)
{
	struct script s = { .at = data_demo_checkout_txt };
	const char *text;
	size_t n;
	enum script_what what;
	while ((what = script_next(&s, &text, &n, err)) == SCRIPT_LINE || (what == SCRIPT_HALF && !half))
		;
	return what == SCRIPT_BAD ? USEC_NONE : s.offset;
}

static enum status play_line(struct player *p, const char *text, size_t n, int line)
{
	struct str filled = STR_INIT;
	if (!script_fill(text, n, p->ids, p->n, &filled)) {
		str_free(&filled);
		return fail(p->ctx.err, ST_NO, "the demo's line %d names an event that was not made", line);
	}
	p->ctx.stamp = p->clock.fixed_wall;
	p->ctx.event = (uuid){ { 0 } };
	enum status st = verb_line(&p->ctx, filled.s, filled.len);
	str_free(&filled);
	str_reset(&p->out);
	str_reset(&p->note);
	if (st != ST_OK || uuid_is_zero(p->ctx.event))
		return st;
	p->ids = xgrow(p->ids, &p->cap, p->n + 1, sizeof *p->ids);
	p->ids[p->n] = xmalloc(33);
	str_hex(p->ids[p->n++], p->ctx.event.b, sizeof p->ctx.event.b);
	return ST_OK;
}

static enum status play(struct player *p, bool half, usec end, usec length)
{
	struct script s = { .at = data_demo_checkout_txt };
	const char *text;
	size_t n;
	enum script_what what;
	enum status st = ST_OK;
	while (st == ST_OK && ((what = script_next(&s, &text, &n, p->ctx.err)) == SCRIPT_LINE || (what == SCRIPT_HALF && !half))) {
		if (what == SCRIPT_HALF)
			continue;
		p->clock.fixed_wall = end - length + s.offset;
		p->clock.fixed_boot = s.offset;
		st = play_line(p, text, n, s.line);
	}
	return st == ST_OK && what == SCRIPT_BAD ? p->ctx.err->status : st;
}

enum status demo_play(struct clock *clock, const char *path, bool half, struct err *err)
{
	struct player p = { .out = STR_INIT, .note = STR_INIT };
	usec length = length_of(half, err);
	if (length == USEC_NONE)
		return err->status;
	usec now = clock->wall(clock);
	clock_fixed(&p.clock, now);
	p.ctx = (struct ctx){ .clock = &p.clock, .out = &p.out, .note = &p.note, .err = err, .author = SCRIBE, .composer = true, .quiet = true };
	struct store_opts o = { .path = path, .mode = STORE_WRITE, .clock = &p.clock };
	enum status st = store_open(&p.ctx.store, &o, err);
	if (st == ST_OK)
		st = play(&p, half, now, length);
	store_close(p.ctx.store);
	incident_clear(&p.ctx.incident);
	for (size_t i = 0; i < p.n; i++)
		free(p.ids[i]);
	free(p.ids);
	str_free(&p.out);
	str_free(&p.note);
	return st;
}

char *demo_directory(struct err *err)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = str_fmt("%s/tplus-demo.XXXXXX", tmp && tmp[0] == '/' ? tmp : "/tmp");
	if (mkdtemp(dir))
		return dir;
	fail(err, ST_IO, "%s: cannot be made: set TMPDIR to a directory of yours", dir);
	free(dir);
	return NULL;
}

void demo_remove(const char *dir)
{
	DIR *d = opendir(dir);
	for (struct dirent *e; d && (e = readdir(d));) {
		char *path = str_fmt("%s/%s", dir, e->d_name);
		unlink(path);
		free(path);
	}
	if (d)
		closedir(d);
	rmdir(dir);
}

/* Without a terminal: the whole incident, then its document. */
static enum status print_demo(struct ctx *c, const char *path)
{
	enum status st = demo_play(c->clock, path, false, c->err);
	struct store_opts o = { .path = path, .mode = STORE_WRITE, .clock = c->clock };
	if (st == ST_OK)
		st = store_open(&c->store, &o, c->err);
	if (st != ST_OK)
		return st;
	struct args none = { 0 };
	c->incident_arg = NULL;
	return verb_run(c, verb_find("export"), &none); /* the caller closes the store */
}

enum status verb_demo(struct ctx *c, const struct args *a)
{
	(void)a;
	char *dir = demo_directory(c->err);
	if (!dir)
		return c->err->status;
	char *path = str_fmt("%s/tplus.db", dir);
	enum status st = print_demo(c, path);
	demo_remove(dir);
	free(path);
	free(dir);
	return st;
}
