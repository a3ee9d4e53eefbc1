/* import.c - incidents in: exports of tplus as JSON, and postmortems that somebody wrote in Markdown. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "sync/exchange.h"
#include "text/incident-json.h"
#include "verb/config.h"
#include "verb/import.h"
#include "verb/print.h"
#include "verb/record.h"

#define DOCUMENT_MAX ((size_t)16 << 20)

/* A file whose first bytes were looked at. */
struct input {
	int fd;
	const char *name; /* for messages */
	bool standard;
	struct str head;
	struct exchange_text rest; /* of the head, not taken yet */
	struct exchange_source file;
};

static enum status input_open(struct ctx *c, const char *path, struct input *in)
{
	bool standard = strcmp(path, "-") == 0;
	*in = (struct input){ .name = standard ? "standard input" : path, .standard = standard, .head = STR_INIT };
	in->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	return in->fd < 0 ? fail(c->err, ST_IO, "%s: cannot be read: %s", path, strerror(errno)) : ST_OK;
}

static void input_close(struct input *in)
{
	if (!in->standard && in->fd >= 0)
		close(in->fd);
	str_free(&in->head);
}

static enum status input_fill(struct ctx *c, struct input *in, size_t want)
{
	char chunk[1 << 14];
	while (in->head.len < want) {
		ssize_t n = read(in->fd, chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(c->err, ST_IO, "%s: cannot be read: %s", in->name, strerror(errno));
		if (n == 0)
			break;
		str_add(&in->head, chunk, (size_t)n);
	}
	return ST_OK;
}

/* ---- JSON
 * ----------------------------------------------------------------------------------------------------------- */

static ssize_t read_on(void *arg, char *buf, size_t n, struct err *err)
{
	struct input *in = arg;
	if (!in->rest.n)
		return in->file.read(in->file.arg, buf, n, err);
	size_t take = n < in->rest.n ? n : in->rest.n;
	memcpy(buf, in->rest.s, take);
	in->rest.s += take;
	in->rest.n -= take;
	return (ssize_t)take;
}

static enum status import_json(struct ctx *c, struct input *in)
{
	struct exchange_count n = { 0 };
	in->file = exchange_fd(&in->fd, in->name);
	in->rest = (struct exchange_text){ in->head.s, in->head.len };
	struct exchange_source from = { read_on, in, in->name };
	enum status st = exchange_merge(c->store, &from, &n, c->err);
	if (st == ST_OK)
		st = tx_commit(c->store, c->err);
	for (size_t i = 0; i < n.incidents && st == ST_OK; i++) {
		struct incident inc;
		if (q_incident(c->store, n.incident[i], &inc, NULL) != ST_OK)
			continue;
		print_text(c, inc.shown_id);
		str_addc(c->out, '\n');
		incident_clear(&inc);
	}
	if (st == ST_OK)
		act_note(c, "%s: %zu new, %zu known already%s", in->name, n.ops.added, n.ops.known,
			n.ops.unknown ? "; some are of a newer tplus and are kept as they are" : "");
	exchange_count_free(&n);
	return st;
}

/* ---- documents: writing what was read
 * ------------------------------------------------------------------------------- */

/* The document's own id, if it is free. */
static enum status choose_id(struct ctx *c, const struct imported *d, struct str *id)
{
	struct config cfg;
	struct incident same;
	struct local l;
	enum status st = config_load(c->config_dir, &cfg, c->err);
	if (st != ST_OK)
		return st;
	bool taken = d->id && q_incident_find(c->store, d->id, &same, NULL) == ST_OK;
	if (taken) {
		taken = str_ieq(same.id, d->id);
		incident_clear(&same);
	}
	zone_local(d->zone, d->opened_at, &l);
	if (d->id && !taken)
		str_adds(id, d->id);
	else
		st = q_incident_next_id(c->store, cfg.id_scheme, l.year, id, c->err);
	if (taken && st == ST_OK)
		act_warn(c, "there is a %s already: this one becomes %s", d->id, id->s);
	config_free(&cfg);
	return st;
}

/* The severity before the first change is the one it was opened with. */
static int first_severity(const struct imported *d)
{
	int from, to;
	const char *why;
	for (size_t i = 0; i < d->events.n; i++)
		if (d->events.v[i].kind == KIND_SEVERITY && !d->events.v[i].struck &&
			import_severity_change(d->events.v[i].text, &from, &to, &why))
			return from;
	return d->severity;
}

static enum status write_incident(struct ctx *c, const struct imported *d, uuid incident, const char *id)
{
	struct fields f = { 0 };
	fields_text(&f, "id", id);
	fields_text(&f, "title", d->title);
	fields_text(&f, "zone", zone_name(d->zone));
	fields_int(&f, "opened_at", d->opened_at);
	int first = first_severity(d);
	if (d->severity != SEV_UNKNOWN)
		fields_int(&f, "severity", d->severity);
	if (first != SEV_UNKNOWN)
		fields_int(&f, "first_severity", first);
	enum status st = tx_op(c->store, "incident.new", incident, &f, c->err);
	if (st == ST_OK && first != SEV_UNKNOWN && first != d->severity)
		st = act_policy(c, incident, first);
	return st == ST_OK && d->severity != SEV_UNKNOWN ? act_policy(c, incident, d->severity) : st;
}

static enum status write_event(struct ctx *c, const struct event *e, uuid *id)
{
	int from;

	struct line l = { .actor = e->actor,
		.detail = e->detail,
		.details = e->details,
		.when = { .form = e->approx_s ? WHEN_DATED : WHEN_NOTHING,
			.at = e->occurred_at,
			.approx_s = e->approx_s } };
	struct event_new n = { .kind = e->kind,
		.value = e->milestone,
		.text = e->text,
		.line = &l,
		.at = e->occurred_at,
		.subject = e->subject };
	enum status st = ST_OK;
	if (e->kind == KIND_SEVERITY && import_severity_change(e->text, &from, &n.value, &n.why))
		st = act_policy(c, c->incident.entity, n.value);
	if (st == ST_OK)
		st = act_event(c, &n, id);
	if (st != ST_OK || !e->struck)
		return st;
	struct fields f = { 0 };
	fields_int(&f, "struck", 1);
	if (e->why)
		fields_text(&f, "why", e->why);
	return tx_op(c->store, "event.set", *id, &f, c->err);
}

static void add_text(struct fields *f, const char *name, const char *value)
{
	if (value && value[0])
		fields_text(f, name, value);
}

/* event: where it was said; NULL: nowhere. */
static enum status write_finding(struct ctx *c, const struct finding *x, const uuid *event)
{
	struct fields f = { 0 };
	char hex[33];
	uuid id = uuid_new();
	fields_text(&f, "list", x->list);
	fields_text(&f, "text", x->text ? x->text : "");
	add_text(&f, "category", x->category);
	add_text(&f, "title", x->title);
	add_text(&f, "scope", x->scope);
	if (x->done)
		fields_int(&f, "done", 1);
	if (x->said_at != USEC_NONE)
		fields_int(&f, "said_at", x->said_at);
	if (event) {
		str_hex(hex, event->b, sizeof event->b);
		fields_text(&f, "event", hex);
	}
	enum status st = tx_op(c->store, "finding.new", id, &f, c->err);
	str_hex(hex, id.b, sizeof id.b);
	for (size_t i = 0; i < x->points && st == ST_OK; i++) {
		struct fields p = { 0 };
		fields_text(&p, "parent", hex);
		fields_int(&p, "ord", (int64_t)i + 1);
		fields_text(&p, "text", x->point[i]);
		st = tx_op(c->store, "detail.new", uuid_new(), &p, c->err);
	}
	return st;
}

static enum status write_action(struct ctx *c, const struct action *a, usec at)
{
	struct fields f = { 0 };
	const struct {
		const char *name, *value;
	} values[] = { { "number", a->number }, { "text", a->text }, { "owner", a->owner }, { "due", a->due },
		{ "type", a->type }, { "horizon", a->horizon }, { "ref", a->ref }, { "success", a->success },
		{ "status", a->status } };
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		add_text(&f, values[i].name, values[i].value);
	if (a->priority >= 0)
		fields_int(&f, "priority", a->priority);
	fields_int(&f, "created_at", at);
	return tx_op(c->store, "action.new", uuid_new(), &f, c->err);
}

static enum status write_record(struct ctx *c, const struct record *r)
{
	/* The words that name a row of each type. */
	static const struct {
		const char *type, *name, *other, *of;
	} keys[] = { { "metric", "name", NULL, "service" }, { "relation", "id", "title", NULL },
		{ "link", "url", "text", NULL }, { "signoff", "role", NULL, "name" },
		{ "code", "section", NULL, "title" } };
	struct fields f = { 0 };
	const char *name = NULL, *of = NULL;
	uuid id;
	for (size_t i = 0; i < r->values.n; i++)
		fields_text(&f, r->values.v[i].name, r->values.v[i].value);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (str_eq(keys[i].type, r->type)) {
			name = record_get(r, keys[i].name);
			if (!name && keys[i].other)
				name = record_get(r, keys[i].other);
			of = keys[i].of ? record_get(r, keys[i].of) : NULL;
		}
	return record_put(c, r->type, name ? name : "", of, &f, &id);
}

static void add_time(struct fields *f, const char *name, usec at)
{
	if (at != USEC_NONE)
		fields_int(f, name, at);
}

static enum status write_people(struct ctx *c, const struct imported *d)
{
	enum status st = ST_OK;
	for (size_t i = 0; i < d->responders.n && st == ST_OK; i++) {
		const struct responder *r = &d->responders.v[i];
		struct fields f = { 0 };
		fields_text(&f, "name", r->name);
		add_text(&f, "role", r->role);
		fields_int(&f, "joined_at", r->joined_at != USEC_NONE ? r->joined_at : d->opened_at);
		add_time(&f, "left_at", r->left_at);
		st = tx_op(c->store, "responder.new", uuid_new(), &f, c->err);
	}
	return st;
}

static enum status write_questions(struct ctx *c, const struct imported *d)
{
	enum status st = ST_OK;
	for (size_t i = 0; i < d->hypotheses.n && st == ST_OK; i++) {
		const struct hypothesis *h = &d->hypotheses.v[i];
		struct fields f = { 0 };
		fields_text(&f, "number", h->number);
		fields_text(&f, "text", h->text);
		fields_text(&f, "status", h->status);
		add_text(&f, "why", h->why);
		fields_int(&f, "raised_at", d->opened_at);
		st = tx_op(c->store, "hypothesis.new", h->entity, &f, c->err);
	}
	for (size_t i = 0; i < d->asks.n && st == ST_OK; i++) {
		const struct ask *k = &d->asks.v[i];
		struct fields f = { 0 };
		fields_text(&f, "number", k->number);
		fields_text(&f, "text", k->text);
		fields_text(&f, "status", k->status);
		add_text(&f, "whom", k->to);
		add_text(&f, "answer", k->answer);
		add_time(&f, "asked_at", k->asked_at);
		add_time(&f, "due_at", k->due_at);
		st = tx_op(c->store, "ask.new", k->entity, &f, c->err);
	}
	return st;
}

/* What stood for asks and hypotheses so far, made this incident's own. */
static uuid own_entity(uuid incident, uuid of)
{
	return uuid_is_zero(of) ? of : uuid_named(incident, (const char *)of.b, sizeof of.b);
}

static void own_subjects(struct imported *d, uuid incident)
{
	for (size_t i = 0; i < d->events.n; i++)
		d->events.v[i].subject = own_entity(incident, d->events.v[i].subject);
	for (size_t i = 0; i < d->hypotheses.n; i++)
		d->hypotheses.v[i].entity = own_entity(incident, d->hypotheses.v[i].entity);
	for (size_t i = 0; i < d->asks.n; i++)
		d->asks.v[i].entity = own_entity(incident, d->asks.v[i].entity);
}

static enum status write_events(struct ctx *c, const struct imported *d, uuid *ids)
{
	enum status st = ST_OK;
	for (size_t i = 0; i < d->events.n && st == ST_OK; i++)
		st = write_event(c, &d->events.v[i], &ids[i]);
	return st;
}

static const uuid *event_of(const struct imported *d, const struct finding *x, const uuid *ids)
{
	for (size_t i = 0; x->said_at != USEC_NONE && i < d->events.n; i++)
		if (d->events.v[i].kind == KIND_FINDING && d->events.v[i].occurred_at == x->said_at &&
			str_eq(d->events.v[i].text, x->text))
			return &ids[i];
	return NULL;
}

static enum status write_rest(struct ctx *c, struct imported *d, const uuid *ids)
{
	enum status st = write_people(c, d);
	if (st == ST_OK)
		st = write_questions(c, d);
	for (size_t i = 0; i < d->findings.n && st == ST_OK; i++)
		st = write_finding(c, &d->findings.v[i], event_of(d, &d->findings.v[i], ids));
	import_number_actions(&d->actions);
	for (size_t i = 0; i < d->actions.n && st == ST_OK; i++)
		st = write_action(c, &d->actions.v[i], d->opened_at);
	for (size_t i = 0; i < d->fields.n && st == ST_OK; i++)
		st = act_set_named(c, "field", d->fields.v[i].name, d->fields.v[i].value);
	for (size_t i = 0; i < d->sections.n && st == ST_OK; i++)
		st = act_set_named(c, "section", d->sections.v[i].name, d->sections.v[i].value);
	for (size_t i = 0; i < d->records.n && st == ST_OK; i++)
		st = write_record(c, &d->records.v[i]);
	return st;
}

static enum status write_document(struct ctx *c, struct imported *d)
{
	struct str id = STR_INIT;
	uuid incident = uuid_new(), *ids = xcalloc(d->events.n + 1, sizeof *ids);
	enum status st = choose_id(c, d, &id);
	if (st == ST_OK)
		st = tx_incident(c->store, incident, NULL, c->err);
	incident_clear(&c->incident);
	c->incident.entity = incident;
	c->zone = d->zone;
	own_subjects(d, incident);
	if (st == ST_OK)
		st = write_incident(c, d, incident, id.s);
	if (st == ST_OK)
		st = write_events(c, d, ids);
	if (st == ST_OK)
		st = write_rest(c, d, ids);
	if (st == ST_OK)
		st = tx_commit(c->store, c->err);
	if (st == ST_OK)
		st = q_incident(c->store, incident, &c->incident, c->err);
	if (st == ST_OK && c->json) {
		json_incident_row(c->out, &c->incident);
		str_addc(c->out, '\n');
	} else if (st == ST_OK) {
		print_text(c, c->incident.shown_id);
		str_addc(c->out, '\n');
	}
	free(ids);
	str_free(&id);
	return st;
}

/* ---- documents: telling what was read
 * ------------------------------------------------------------------------------- */

static void tell(struct ctx *c, const struct imported *d, const char *name)
{
	for (size_t i = 0; i < d->warnings.n; i++)
		act_warn(c, "%s: %s", name, d->warnings.v[i]);
	for (size_t i = 0; i < d->remarks.n; i++)
		act_note(c, "%s: %s", name, d->remarks.v[i]);
}

/* ---- import
 * --------------------------------------------------------------------------------------------------------- */

static enum status check_date(struct ctx *c, const char *date)
{
	struct when_ctx w = { .now = act_now(c), .zone = zone_utc(), .prev = USEC_NONE, .last = USEC_NONE };
	struct str iso = STR_INIT;
	bool ok = !date || (strlen(date) == 10 && field_date(date, &w, &iso));
	str_free(&iso);
	return ok ? ST_OK : fail(c->err, ST_USAGE, "--date %s: that is no date: give YYYY-MM-DD", date);
}

static enum status import_document(struct ctx *c, const struct args *a, struct input *in)
{
	struct catalogue *cat = NULL;
	struct imported d = { 0 };
	struct stat sb;
	struct import_opts o = {
		.date = args_opt(c->verb, a, "date"), .name = in->standard ? NULL : in->name, .modified = USEC_NONE
	};
	enum status st = input_fill(c, in, DOCUMENT_MAX + 1);
	if (st == ST_OK && c->zone_arg)
		st = zone_load(c->zone_arg, &o.zone, c->err);
	if (st == ST_OK)
		st = act_catalogue(c, &cat);
	if (fstat(in->fd, &sb) == 0 && S_ISREG(sb.st_mode))
		o.modified = (usec)sb.st_mtim.tv_sec * USEC_SEC;
	o.catalogue = cat;
	if (st == ST_OK) {
		st = import_md(in->head.s, in->head.len, &o, &d, c->err);
		if (st != ST_OK) {
			struct err why = *c->err;
			fail(c->err, st, "%s: %s", in->name, why.text);
		}
	}
	if (st == ST_OK && args_opt(c->verb, a, "dry-run")) {
		import_preview(c, &d);
	} else if (st == ST_OK) {
		st = act_begin(c);
		if (st == ST_OK)
			st = write_document(c, &d);
		if (st == ST_OK)
			tell(c, &d, in->name);
	}
	imported_free(&d);
	catalogue_free(cat);
	return st;
}

static enum status import_one(struct ctx *c, const struct args *a, const char *path)
{
	struct input in;
	c->grp = (uuid){ { 0 } };
	enum status st = input_open(c, path, &in);
	if (st == ST_OK)
		st = input_fill(c, &in, 4096);
	bool json = exchange_looks(in.head.s, in.head.len);
	if (st == ST_OK && json && (args_opt(c->verb, a, "dry-run") || args_opt(c->verb, a, "date")))
		st = fail(c->err, ST_USAGE, "%s: it is an export of tplus: --dry-run and --date are for documents",
			in.name);
	else if (st == ST_OK && !json && !import_md_looks(in.head.s, in.head.len))
		st = fail(c->err, ST_USAGE,
			"%s: it is neither a document in Markdown nor an export of tplus: give one of them", in.name);
	else if (st == ST_OK && json)
		st = act_begin(c) == ST_OK ? import_json(c, &in) : c->err->status;
	else if (st == ST_OK)
		st = import_document(c, a, &in);
	if (st != ST_OK && tx_open(c->store))
		tx_rollback(c->store);
	input_close(&in);
	return st;
}

enum status verb_import(struct ctx *c, const struct args *a)
{
	enum status st = check_date(c, args_opt(c->verb, a, "date"));
	for (size_t i = 0; i < a->argc && a->argc > 1; i++)
		if (strcmp(a->argv[i], "-") == 0)
			return fail(c->err, ST_USAGE, "- is standard input and stands alone: import it by itself");
	for (size_t i = 0; i < a->argc && st == ST_OK; i++)
		st = import_one(c, a, a->argv[i]);
	return st;
}
