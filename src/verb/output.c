/* output.c - documents out, incidents in. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "sync/exchange.h"
#include "text/document.h"
#include "text/incident-json.h"
#include "text/replace.h"
#include "text/template.h"
#include "verb/act.h"
#include "verb/print.h"

enum status verb_brief(struct ctx *c, const struct args *a)
{
	(void)a;
	return c->json ? json_show(c->store, &c->incident, c->clock->wall(c->clock), act_sink(c), c->err) : print_brief(c);
}

/* ---- export --------------------------------------------------------------------------------------------------------- */

static enum status write_json(struct ctx *c, const char *template, struct mst_sink sink)
{
	(void)template;
	return json_export(c->store, &c->incident, PACKAGE_VERSION, sink, c->err);
}

static enum status write_markdown(struct ctx *c, const char *template, struct mst_sink sink)
{
	struct document *d;
	const struct document_opts o = { .version = PACKAGE_VERSION, .zone = c->zone_arg ? c->zone : NULL };
	enum status st = document_load(c->store, c->incident.entity, &o, &d, c->err);
	if (st != ST_OK)
		return st;
	st = document_markdown(d, c->config_dir, template, sink, c->err);
	document_free(d);
	return st;
}

struct format { const char *name; enum status (*write)(struct ctx *, const char *template, struct mst_sink); };
static const struct format formats[] = { { "md", write_markdown }, { "json", write_json } };

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

static enum status to_file(struct ctx *c, const struct format *f, const char *template, const char *path, bool force)
{
	struct replace *r;
	enum status st = replace_begin(c->store, path, force, &r, c->err);
	if (st != ST_OK)
		return st;
	st = f->write(c, template, replace_sink(r));
	if (st != ST_OK) {
		replace_abandon(r);
		return st;
	}
	st = replace_commit(r, c->err);
	if (st == ST_OK)
		act_note(c, "%s written to %s", c->incident.shown_id, path);
	return st;
}

enum status verb_export(struct ctx *c, const struct args *a)
{
	const char *name = args_opt(c->verb, a, "format"), *template = args_opt(c->verb, a, "template"), *path = args_opt(c->verb, a, "output");
	const struct format *f = find_format(name ? name : "md");
	if (!f)
		return fail(c->err, ST_USAGE, "-f %s: there is no such format: md and json are the ones", name);
	if (a->argc)
		c->incident_arg = a->argv[0];
	enum status st = verb_choose_incident(c, 0);
	if (st != ST_OK)
		return st;
	template = template ? template : "default";
	if (path && strcmp(path, "-") != 0)
		return to_file(c, f, template, path, args_opt(c->verb, a, "force") != NULL);
	return f->write(c, template, act_sink(c));
}

enum status verb_templates(struct ctx *c, const struct args *a)
{
	(void)a;
	struct templates l = { 0 };
	enum status st = template_list(c->config_dir, &l, c->err);
	for (size_t i = 0; i < l.n && st == ST_OK; i++) {
		print_text(c, l.v[i].name);
		str_addc(c->out, '\t');
		print_text(c, l.v[i].path ? l.v[i].path : "shipped");
		str_addc(c->out, '\n');
	}
	templates_free(&l);
	return st;
}

/* ---- import --------------------------------------------------------------------------------------------------------- */

static enum status import_one(struct ctx *c, const char *path)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(c->err, ST_IO, "%s: cannot be read: %s", path, strerror(errno));
	struct exchange_count n = { 0 };
	struct exchange_source from = exchange_fd(&fd, standard ? "standard input" : path);
	c->grp = uuid_new();
	enum status st = act_begin(c);
	if (st == ST_OK)
		st = exchange_merge(c->store, &from, &n, c->err);
	if (st == ST_OK)
		st = tx_commit(c->store, c->err);
	else
		tx_rollback(c->store);
	if (!standard)
		close(fd);
	for (size_t i = 0; i < n.incidents && st == ST_OK; i++) {
		struct incident in;
		if (q_incident(c->store, n.incident[i], &in, NULL) != ST_OK)
			continue;
		print_text(c, in.shown_id);
		str_addc(c->out, '\n');
		incident_clear(&in);
	}
	if (st == ST_OK)
		act_note(c, "%s: %zu new, %zu known already%s", standard ? "standard input" : path, n.ops.added, n.ops.known,
			n.ops.unknown ? "; some are of a newer tplus and are kept as they are" : "");
	exchange_count_free(&n);
	return st;
}

enum status verb_import(struct ctx *c, const struct args *a)
{
	enum status st = ST_OK;
	for (size_t i = 0; i < a->argc && st == ST_OK; i++) {
		if (strcmp(a->argv[i], "-") == 0 && a->argc > 1)
			return fail(c->err, ST_USAGE, "- is standard input and stands alone: import it by itself");
		st = import_one(c, a->argv[i]);
	}
	return st;
}
