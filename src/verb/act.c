/* act.c - what the verbs share. */
#include "verb/act.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "text/escape.h"

/* ---- remarks -------------------------------------------------------------------------------------------------------- */

static void remark(struct ctx *c, const char *fmt, va_list ap)
{
	struct str b = STR_INIT;
	str_addv(&b, fmt, ap);
	san_text(c->note, b.s, b.len, SAN_DOCUMENT); /* a line break in a title ends no remark */
	str_addc(c->note, '\n');
	str_free(&b);
}

void act_note(struct ctx *c, const char *fmt, ...)
{
	if (c->quiet)
		return;
	va_list ap;
	va_start(ap, fmt);
	remark(c, fmt, ap);
	va_end(ap);
}

void act_warn(struct ctx *c, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	remark(c, fmt, ap);
	va_end(ap);
}

void act_note_time(struct ctx *c, const struct when *w)
{
	if (w->form == WHEN_NOTHING)
		return;
	struct str t = STR_INIT;
	when_fmt_full(&t, w->at, c->zone ? c->zone : zone_utc());
	if (w->clamped)
		act_warn(c, "that time is a little ahead: taken as now, %s", t.s);
	else if (w->ahead)
		act_warn(c, "%s is in the future: logged as said", t.s);
	str_free(&t);
}

enum status act_write(struct ctx *c)
{
	if (!c->write_out)
		return ST_OK;
	int rc = c->write_out(c->write_arg, c->out->s, c->out->len);
	str_reset(c->out);
	return rc == 0 ? ST_OK : fail(c->err, ST_IO, "standard output cannot be written: check the disk, or where it goes");
}

enum status act_flush(struct ctx *c)
{
	return c->out->len < 1 << 16 ? ST_OK : act_write(c);
}

static enum status sink_write(void *arg, const char *bytes, size_t n, struct err *err)
{
	struct ctx *c = arg;
	(void)err; /* the caller passes c->err */
	str_add(c->out, bytes, n);
	return act_flush(c);
}

struct mst_sink act_sink(struct ctx *c)
{
	return (struct mst_sink){ sink_write, c };
}

/* ---- operands ------------------------------------------------------------------------------------------------------- */

static void add_word(struct args *a, size_t *cap, const char *s, size_t n)
{
	a->argv = xgrow(a->argv, cap, a->argc + 1, sizeof *a->argv);
	a->argv[a->argc++] = xstrndup(s, n);
}

static int find_option(const struct verb *v, const char *word)
{
	for (int i = 0; v->opts && v->opts[i].name; i++)
		if ((word[0] == '-' && word[1] == '-' && strcmp(word + 2, v->opts[i].name) == 0) ||
			(word[0] == '-' && v->opts[i].letter && word[1] == v->opts[i].letter && !word[2]))
			return i;
	return -1;
}

/* The common options that make sense in the composer; they come behind the verb's own. */
static int find_common(const char *word)
{
	return strcmp(word, "--at") == 0 ? VERB_OPTS : strcmp(word, "--zone") == 0 ? VERB_OPTS + 1 : -1;
}

/* Moves options from the words to where args_opt and the context hold them. */
static enum status take_options(struct ctx *c, const struct verb *v, struct args *a)
{
	enum status st = ST_OK;
	size_t kept = 0;
	bool literal = false; /* behind "--" there are no options */
	for (size_t i = 0; i < a->argc; i++) {
		if (!literal && strcmp(a->argv[i], "--") == 0) {
			free(a->argv[i]);
			literal = true;
			continue;
		}
		if (literal) {
			a->argv[kept++] = a->argv[i];
			continue;
		}
		int own = find_option(v, a->argv[i]), k = own < 0 ? find_common(a->argv[i]) : own;
		if (k < 0) {
			a->argv[kept++] = a->argv[i];
			continue;
		}
		bool valued = own < 0 || v->opts[own].value != NULL, last = i + 1 == a->argc;
		if (valued && last)
			st = fail(c->err, ST_USAGE, "%s needs a value: /%s %s", a->argv[i], v->name, v->usage);
		free(a->argv[i]);
		free(a->opt_owned[k]);
		a->opt_owned[k] = valued && !last ? a->argv[++i] : NULL;
		if (own >= 0)
			a->opt_value[own] = a->opt_owned[k] ? a->opt_owned[k] : "";
	}
	a->argc = kept;
	if (a->opt_owned[VERB_OPTS])
		c->at_arg = a->opt_owned[VERB_OPTS];
	if (a->opt_owned[VERB_OPTS + 1])
		c->zone_arg = a->opt_owned[VERB_OPTS + 1];
	return st;
}

/* The words behind "/verb": what a shell would have handed over, without quotes, which nobody types at 3 a.m. */
enum status act_split(struct ctx *c, const struct verb *v, struct args *a)
{
	if (v->flags & V_LINE)
		return ST_OK;
	size_t cap = 0;
	struct str at = STR_INIT;
	if (a->line.when.form != WHEN_NOTHING) { /* "/retime 4f2a -5m" keeps its order; "/due 3 14:32" has no prefix either */
		when_fmt_rfc3339(&at, a->line.when.at);
		add_word(a, &cap, at.s, at.len);
	}
	str_free(&at);
	if (a->line.actor) {
		char *word = str_fmt("@%s", a->line.actor);
		add_word(a, &cap, word, strlen(word));
		free(word);
	}
	for (const char *p = a->line.text; *p;) {
		size_t n = strcspn(p, " \t");
		if (n)
			add_word(a, &cap, p, n);
		p += n + strspn(p + n, " \t");
	}
	return take_options(c, v, a);
}

static bool is_sign(const char *word)
{
	return word[0] && !word[1] && strchr("+-?!>", word[0]);
}

enum status act_line(const struct verb *v, const struct args *a, const struct when_ctx *w, struct line *out, struct err *err)
{
	size_t n = a->literal;
	for (size_t i = 0; strcmp(v->name, "log") != 0 && i < n; i++)
		if (is_sign(a->argv[i]))
			n = i;
	enum status st = line_parse_words(a->argv, n, true, w, out, err);
	if (st != ST_OK || n == a->argc)
		return st;
	if (out->text[0]) { /* what looked like a sign stands within the text */
		line_clear(out);
		return line_parse_words(a->argv, a->argc, true, w, out, err);
	}
	struct line rest;
	st = line_parse_words(a->argv + n, a->argc - n, false, w, &rest, err);
	char *raw = n ? str_fmt("%s %s%s", out->raw, n == a->literal ? "-- " : "", rest.raw) : xstrdup(rest.raw);
	free(out->text);
	free(out->raw);
	out->text = rest.text;
	out->detail = rest.detail;
	out->details = rest.details;
	out->raw = raw;
	rest.text = NULL;
	rest.detail = NULL;
	rest.details = 0;
	if (!out->verb) {
		out->verb = rest.verb;
		rest.verb = NULL;
	}
	line_clear(&rest);
	return st;
}

void act_args_free(struct args *a)
{
	for (size_t i = 0; i < a->argc; i++)
		free(a->argv[i]);
	free(a->argv);
	for (size_t i = 0; i < sizeof a->opt_owned / sizeof *a->opt_owned; i++)
		free(a->opt_owned[i]);
	if (a->has_line)
		line_clear(&a->line);
}

char *act_join(const struct args *a, size_t from)
{
	struct str b = STR_INIT;
	for (size_t i = from; i < a->argc; i++) {
		if (i > from)
			str_addc(&b, ' ');
		str_adds(&b, a->argv[i]);
	}
	return str_take(&b);
}

const char *act_name(const char *word)
{
	return word[0] == '@' && word[1] ? word + 1 : word;
}

/* ---- events --------------------------------------------------------------------------------------------------------- */

usec act_now(struct ctx *c)
{
	return c->stamp != USEC_NONE ? c->stamp : c->clock->wall(c->clock);
}

usec act_time(struct ctx *c, const struct args *a)
{
	return a->has_line && a->line.when.form != WHEN_NOTHING ? a->line.when.at : act_now(c);
}

enum status act_when(struct ctx *c, usec *at)
{
	*at = act_now(c);
	if (!c->at_arg)
		return ST_OK;
	struct when w;
	struct when_ctx wc = verb_when_ctx(c);
	enum status st = when_parse_all(c->at_arg, &wc, &w, c->err);
	if (st == ST_OK) {
		*at = w.at;
		act_note_time(c, &w);
	}
	return st;
}

static void add_uuid(struct fields *f, const char *name, uuid u)
{
	char hex[33];
	str_hex(hex, u.b, sizeof u.b);
	fields_text(f, name, hex);
}

static enum status add_details(struct ctx *c, uuid parent, const struct line *l)
{
	enum status st = ST_OK;
	for (size_t i = 0; l && i < l->details && st == ST_OK; i++) {
		struct fields f = { 0 };
		add_uuid(&f, "parent", parent);
		fields_int(&f, "ord", (int64_t)i + 1);
		fields_text(&f, "text", l->detail[i]);
		st = tx_op(c->store, "detail.new", uuid_new(), &f, c->err);
	}
	return st;
}

void act_set_event(struct ctx *c, uuid id, usec at)
{
	c->event = id;
	c->event_at = at;
	q_short_id(c->store, id, c->event_short);
}

enum status act_event(struct ctx *c, const struct event_new *e, uuid *id)
{
	struct fields f = { 0 };
	*id = uuid_new();
	fields_int(&f, "occurred_at", e->at);
	fields_text(&f, "kind", kind_name(e->kind));
	fields_text(&f, "text", e->text);
	if (e->kind == KIND_MILESTONE)
		fields_text(&f, "milestone", milestone_name(e->value));
	if (e->line && e->line->actor)
		fields_text(&f, "actor", e->line->actor);
	if (e->line && e->line->when.form != WHEN_NOTHING && e->line->when.approx_s)
		fields_int(&f, "approx_s", e->line->when.approx_s);
	if (e->line && e->line->raw && strcmp(e->line->raw, e->text) != 0)
		fields_text(&f, "raw", e->line->raw);
	if (!uuid_is_zero(e->subject))
		add_uuid(&f, "subject", e->subject);
	if (e->kind == KIND_SEVERITY)
		fields_int(&f, "severity", e->value);
	if (e->why && e->why[0])
		fields_text(&f, "why", e->why);
	if (e->field)
		fields_int(&f, e->field, e->number);
	enum status st = tx_op(c->store, "event.new", *id, &f, c->err);
	if (st == ST_OK)
		st = add_details(c, *id, e->line);
	if (st == ST_OK)
		act_set_event(c, *id, e->at);
	return st;
}

enum status act_print_event(struct ctx *c, enum kind kind)
{
	if (!c->json) {
		str_addf(c->out, "%s\n", c->event_short);
		return ST_OK;
	}
	char hex[33];
	str_hex(hex, c->event.b, sizeof c->event.b);
	str_addf(c->out, "{\"id\":\"%s\",\"short\":\"%s\",\"incident\":", hex, c->event_short);
	json_text(c->out, c->incident.shown_id, strlen(c->incident.shown_id));
	str_adds(c->out, ",\"occurred_at\":\"");
	when_fmt_rfc3339(c->out, c->event_at);
	str_addf(c->out, "\",\"kind\":\"%s\"}\n", kind_name(kind));
	return ST_OK;
}

enum status act_reload(struct ctx *c)
{
	struct incident now;
	enum status st = q_incident(c->store, c->incident.entity, &now, c->err);
	if (st != ST_OK)
		return st;
	incident_clear(&c->incident);
	c->incident = now;
	return ST_OK;
}

/* ---- entities ------------------------------------------------------------------------------------------------------- */

enum status act_numbered(struct ctx *c, const char *type, const char *prefix, struct fields *f, uuid *id, struct str *number)
{
	*id = uuid_new();
	enum status st = q_number_next(c->store, c->incident.entity, type, prefix, number, c->err);
	if (st != ST_OK) {
		fields_free(f);
		return st;
	}
	fields_text(f, "number", number->s);
	char *kind = str_fmt("%s.new", type);
	st = tx_op(c->store, kind, *id, f, c->err);
	free(kind);
	return st;
}

enum status act_print_number(struct ctx *c, const char *number)
{
	if (c->json)
		str_addf(c->out, "{\"number\":\"%s\"}\n", number);
	else
		str_addf(c->out, "%s\n", number);
	return ST_OK;
}

enum status act_set_named(struct ctx *c, const char *type, const char *name, const char *value)
{
	char *key = str_fmt("%s:%s", type, name);
	struct fields f = { 0 };
	fields_text(&f, "name", name);
	fields_text(&f, "value", value);
	enum status st = tx_put(c->store, type, uuid_named(c->incident.entity, key, strlen(key)), &f, c->err);
	free(key);
	return st;
}

/* ---- policy --------------------------------------------------------------------------------------------------------- */

static void put_field(void *arg, const char *field, const char *value)
{
	fields_text(arg, field, value);
}

/* The policies in force: a bad policy file is said once and the shipped values stay. */
static struct policies *load_policies(struct ctx *c, bool warn)
{
	struct policies *all = xcalloc(1, sizeof *all);
	struct err err = { 0 };
	char *path = c->config_dir ? str_fmt("%s/policy.conf", c->config_dir) : NULL;
	if (policies_load(path, all, &err) != ST_OK && warn)
		act_warn(c, "%s (the shipped policy stays in force)", err.text);
	free(path);
	return all;
}

enum status act_severity(struct ctx *c, const char *what, const char *word, int *out)
{
	if (severity_parse(word, out))
		return ST_OK;
	struct policies *all = load_policies(c, false);
	struct str names = STR_INIT;
	bool known = policies_severity(all, word, out);
	for (size_t i = 0; i < all->aliases; i++)
		str_addf(&names, ", %s", all->alias[i].name);
	enum status st = known ? ST_OK : fail(c->err, ST_USAGE, "%s%s: that is no severity: give 0 to 4, SEV-2 or P2%s", what, word, names.s);
	str_free(&names);
	free(all);
	return st;
}

/* The rules in force go into the journal, so that clocks and documents never depend on a file of today. */
enum status act_policy(struct ctx *c, uuid incident, int severity)
{
	struct policies *all = load_policies(c, true);
	char name[32];
	snprintf(name, sizeof name, "policy:%d", severity);
	struct fields f = { 0 };
	fields_int(&f, "severity", severity);
	policy_write(policy_for(all, severity), put_field, &f);
	free(all);
	return tx_put(c->store, "policy", uuid_named(incident, name, strlen(name)), &f, c->err);
}
