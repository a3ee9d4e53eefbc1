/* incident.c - opening, listing, choosing incidents; severity; moving events between them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/incident-json.h"
#include "verb/act.h"
#include "verb/config.h"
#include "verb/print.h"

/* ---- open ----------------------------------------------------------------------------------------------------------- */

static enum status take_id(struct ctx *c, const char *wanted, usec at, struct str *id)
{
	struct config cfg;
	enum status st = config_load(c->config_dir, &cfg, c->err);
	if (st != ST_OK)
		return st;
	struct local l;
	zone_local(c->zone, at, &l);
	if (wanted)
		str_adds(id, wanted);
	else
		st = q_incident_next_id(c->store, cfg.id_scheme, l.year, id, c->err);
	config_free(&cfg);
	struct incident same;
	if (st == ST_OK && q_incident_find(c->store, id->s, &same, NULL) == ST_OK) {
		bool taken = str_ieq(same.id, id->s);
		if (taken)
			st = fail(c->err, ST_NO, "%s exists (\"%s\"): choose it with \"tplus use %s\", or open another id", same.id, same.title,
				same.id);
		incident_clear(&same);
	}
	return st;
}

static enum status check_id(struct ctx *c, const char *id)
{
	for (const char *p = id; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f || *p == '/')
			return fail(c->err, ST_USAGE, "--id %s: an id has no white space, control characters or slashes: try INC-2026-0007", id);
	return id[0] ? ST_OK : fail(c->err, ST_USAGE, "--id is empty: try INC-2026-0007");
}

static enum status write_incident(struct ctx *c, uuid id, const char *number, const char *title, int sev, usec at)
{
	struct fields f = { 0 };
	fields_text(&f, "id", number);
	fields_text(&f, "title", title);
	fields_text(&f, "zone", zone_name(c->zone));
	fields_int(&f, "opened_at", at);
	if (sev != SEV_UNKNOWN) {
		fields_int(&f, "severity", sev);
		fields_int(&f, "first_severity", sev);
	}
	enum status st = tx_incident(c->store, id, NULL, c->err);
	if (st == ST_OK)
		st = tx_op(c->store, "incident.new", id, &f, c->err);
	else
		fields_free(&f);
	if (st == ST_OK && sev != SEV_UNKNOWN)
		st = act_policy(c, id, sev);
	return st;
}

enum status verb_open(struct ctx *c, const struct args *a)
{
	const char *sev_word = args_opt(c->verb, a, "severity"), *wanted = args_opt(c->verb, a, "id");
	int sev = SEV_UNKNOWN;
	usec at;
	enum status st = sev_word ? act_severity(c, "-s ", sev_word, &sev) : ST_OK;
	if (st == ST_OK && wanted)
		st = check_id(c, wanted);
	struct config cfg = { 0 };
	if (st == ST_OK && !c->zone_arg) {
		st = config_load(c->config_dir, &cfg, c->err);
		if (st == ST_OK)
			st = zone_load(cfg.zone, &c->zone, c->err);
		config_free(&cfg);
	}
	if (st == ST_OK)
		st = act_when(c, &at);
	struct str id = STR_INIT;
	if (st == ST_OK)
		st = take_id(c, wanted, at, &id);
	char *title = act_join(a, 0);
	if (st == ST_OK && !title[strspn(title, " \t\n")])
		st = fail(c->err, ST_USAGE, "the title is empty: say what is broken");
	uuid incident = uuid_new();
	if (st == ST_OK)
		st = write_incident(c, incident, id.s, title, sev, at);
	if (st == ST_OK)
		st = local_use(c->store, c->author, incident, c->err);
	if (st == ST_OK) {
		incident_clear(&c->incident); /* in the composer another one was meant before */
		st = q_incident(c->store, incident, &c->incident, c->err);
	}
	if (st == ST_OK && c->json) {
		json_incident_row(c->out, &c->incident);
		str_addc(c->out, '\n');
	} else if (st == ST_OK) {
		print_text(c, c->incident.shown_id);
		str_addc(c->out, '\n');
	}
	free(title);
	str_free(&id);
	return st;
}

/* ---- list, show, use, status ---------------------------------------------------------------------------------------- */

enum status verb_list(struct ctx *c, const struct args *a)
{
	(void)a;
	struct incidents l;
	enum status st = q_incidents(c->store, &l, c->err);
	if (st == ST_OK && l.n == 0)
		st = fail(c->err, ST_NO, "there is no incident yet: begin one with \"tplus open TITLE\"");
	for (size_t i = 0; i < l.n && st == ST_OK; i++) {
		if (c->json) {
			json_incident_row(c->out, &l.v[i]);
			str_addc(c->out, '\n');
		} else {
			print_incident_line(c, &l.v[i]);
		}
	}
	incidents_free(&l);
	return st;
}

/* An ID operand takes the place of -i. */
static enum status choose(struct ctx *c, const struct args *a)
{
	if (a->argc)
		c->incident_arg = a->argv[0];
	return verb_choose_incident(c, 0);
}

/* Page by page: the ids are looked up under one lock, and nothing stays locked while a reader of ours takes its time. */
static enum status print_timeline(struct ctx *c)
{
	enum { PAGE = 200 };
	struct event_key after = event_key_first;
	struct events l = { 0 };
	usec day = USEC_NONE;
	enum status st = ST_OK;
	do {
		events_free(&l);
		bool begun = store_read_begin(c->store);
		st = q_events_after(c->store, c->incident.entity, after, PAGE, &l, c->err);
		for (size_t i = 0; i < l.n; i++)
			print_event(c, &l.v[i], &day);
		store_read_end(c->store, begun);
		if (l.n)
			after = event_key_of(&l.v[l.n - 1]);
		if (st == ST_OK)
			st = act_flush(c);
	} while (st == ST_OK && l.n == PAGE);
	events_free(&l);
	return st;
}

enum status verb_show(struct ctx *c, const struct args *a)
{
	enum status st = choose(c, a);
	if (st != ST_OK)
		return st;
	if (c->json)
		return json_show(c->store, &c->incident, c->clock->wall(c->clock), act_sink(c), c->err);
	st = print_situation(c);
	if (st == ST_OK)
		st = print_parts(c);
	if (st == ST_OK)
		st = print_document(c);
	if (st == ST_OK) {
		str_adds(c->out, "\nTimeline\n");
		st = print_timeline(c);
	}
	return st;
}

enum status verb_use(struct ctx *c, const struct args *a)
{
	enum status st = choose(c, a);
	if (st == ST_OK)
		st = local_use(c->store, c->author, c->incident.entity, c->err);
	if (st == ST_OK)
		print_incident_line(c, &c->incident);
	return st;
}

static enum status status_of(struct ctx *c)
{
	if (c->json)
		return json_show(c->store, &c->incident, c->clock->wall(c->clock), act_sink(c), c->err);
	print_incident_line(c, &c->incident);
	return print_next_due(c);
}

/* What runs out first comes first; incidents where nothing does stay as they came, newest first. */
struct nearest { usec at; size_t i; };

static int by_nearest(const void *a, const void *b)
{
	const struct nearest *x = a, *y = b;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

static enum status find_nearest(struct ctx *c, const struct incident *i, size_t at, struct nearest *out)
{
	struct clock_facts f;
	struct due first;
	enum status st = q_clock_facts(c->store, i, &f, c->err);
	if (st != ST_OK)
		return st;
	struct clock_input in = clock_input_of(i, &f, c->clock->wall(c->clock), c->clock->boot(c->clock));
	*out = (struct nearest){ due_list(&in, &f.asks, &first, 1) ? first.at : INT64_MAX, at };
	clock_facts_free(&f);
	return ST_OK;
}

enum status verb_status(struct ctx *c, const struct args *a)
{
	if (!args_opt(c->verb, a, "all")) {
		enum status st = verb_choose_incident(c, 0);
		return st == ST_OK ? status_of(c) : st;
	}
	struct incidents l;
	enum status st = q_incidents_open(c->store, &l, c->err);
	if (st == ST_OK && l.n == 0)
		st = fail(c->err, ST_NO, "no incident is open: begin one with \"tplus open TITLE\"");
	struct nearest *order = xcalloc(l.n + 1, sizeof *order);
	for (size_t i = 0; i < l.n && st == ST_OK; i++)
		st = find_nearest(c, &l.v[i], i, &order[i]);
	if (st == ST_OK)
		qsort(order, l.n, sizeof *order, by_nearest);
	for (size_t i = 0; i < l.n && st == ST_OK; i++) {
		incident_clear(&c->incident);
		c->incident = l.v[order[i].i];
		memset(&l.v[order[i].i], 0, sizeof l.v[0]);
		st = act_zone(c);
		if (st == ST_OK)
			st = status_of(c);
	}
	free(order);
	incidents_free(&l);
	return st;
}

/* ---- sev ------------------------------------------------------------------------------------------------------------ */

enum status verb_sev(struct ctx *c, const struct args *a)
{
	int sev;
	usec at;
	enum status st = act_severity(c, "", a->argv[0], &sev);
	if (st != ST_OK)
		return st;
	if (sev == c->incident.severity)
		return fail(c->err, ST_NO, "the severity is that already");
	st = act_when(c, &at);
	if (st != ST_OK)
		return st;
	char *why = act_join(a, 1);
	struct str text = STR_INIT;
	struct policy p;
	q_policy(c->store, c->incident.entity, c->incident.severity, &p, NULL);
	severity_fmt(&text, c->incident.severity, p.scheme);
	str_adds(&text, " → ");
	severity_fmt(&text, sev, p.scheme);
	if (why[0])
		str_addf(&text, ": %s", why);
	struct fields f = { 0 };
	fields_int(&f, "severity", sev);
	uuid id;
	st = act_policy(c, c->incident.entity, sev);
	if (st == ST_OK)
		st = tx_op(c->store, "incident.set", c->incident.entity, &f, c->err);
	else
		fields_free(&f);
	if (st == ST_OK)
		st = act_event(c, &(struct event_new){ .kind = KIND_SEVERITY, .value = sev, .text = text.s, .why = why, .at = at }, &id);
	free(why);
	str_free(&text);
	return st == ST_OK ? act_print_event(c, KIND_SEVERITY) : st;
}

/* ---- move ----------------------------------------------------------------------------------------------------------- */

static enum status copy_event(struct ctx *c, const struct event *e, uuid id)
{
	char from[33];
	str_hex(from, e->entity.b, sizeof e->entity.b);
	struct fields f = { 0 };
	fields_int(&f, "occurred_at", e->occurred_at);
	fields_text(&f, "kind", kind_name(e->kind));
	fields_text(&f, "text", e->text);
	fields_text(&f, "actor", e->actor ? e->actor : e->author);
	fields_text(&f, "moved_from", from);
	if (e->milestone != MS_NONE)
		fields_text(&f, "milestone", milestone_name(e->milestone));
	if (e->approx_s)
		fields_int(&f, "approx_s", e->approx_s);
	if (e->struck)
		fields_int(&f, "struck", 1);
	if (e->why)
		fields_text(&f, "why", e->why);
	enum status st = tx_put(c->store, "event", id, &f, c->err);
	char parent[33];
	str_hex(parent, id.b, sizeof id.b);
	for (size_t i = 0; i < e->details && st == ST_OK; i++) {
		char name[24];
		int n = snprintf(name, sizeof name, "detail:%zu", i);
		struct fields d = { 0 };
		fields_text(&d, "parent", parent);
		fields_int(&d, "ord", (int64_t)i + 1);
		fields_text(&d, "text", e->detail[i]);
		st = tx_put(c->store, "detail", uuid_named(id, name, (size_t)n), &d, c->err);
	}
	return st;
}

enum status verb_move(struct ctx *c, const struct args *a)
{
	struct event e;
	struct incident to;
	uuid any = { { 0 } };
	enum status st = q_event_find(c->store, any, a->argv[0], &e, c->err);
	if (st != ST_OK)
		return st;
	st = q_incident_find(c->store, a->argv[1], &to, c->err);
	if (st == ST_OK && uuid_eq(to.entity, e.incident))
		st = fail(c->err, ST_NO, "the event is in %s already", to.shown_id);
	if (st == ST_OK) {
		char hex[33];
		str_hex(hex, to.entity.b, sizeof to.entity.b);
		uuid id = uuid_named(e.entity, (const char *)to.entity.b, sizeof to.entity.b);
		struct fields f = { 0 };
		fields_text(&f, "moved_to", hex);
		st = tx_incident(c->store, e.incident, NULL, c->err);
		if (st == ST_OK)
			st = tx_op(c->store, "event.set", e.entity, &f, c->err);
		else
			fields_free(&f);
		if (st == ST_OK)
			st = tx_op(c->store, "event.hide", e.entity, NULL, c->err);
		if (st == ST_OK)
			st = tx_incident(c->store, to.entity, NULL, c->err);
		if (st == ST_OK)
			st = copy_event(c, &e, id);
		if (st == ST_OK) {
			act_set_event(c, id, e.occurred_at);
			incident_clear(&c->incident);
			c->incident = to;
			to = (struct incident){ 0 };
			st = act_print_event(c, e.kind);
		}
		incident_clear(&to);
	}
	event_clear(&e);
	return st;
}
