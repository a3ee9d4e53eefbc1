/* thing.c - what edit, strike and redact do to findings, points and records; and choose, which settles conflicts. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "model/field.h"
#include "store/admin.h"
#include "text/incident-json.h"
#include "verb/act.h"
#include "verb/print.h"
#include "verb/record.h"

enum status act_print_thing(struct ctx *c, uuid id)
{
	char hex[33], brief[33];
	q_thing_short(c->store, id, brief);
	str_hex(hex, id.b, sizeof id.b);
	if (c->json)
		str_addf(c->out, "{\"id\":\"%s\",\"short\":\"%s\"}\n", hex, brief);
	else
		str_addf(c->out, "%s\n", brief);
	return ST_OK;
}

enum status act_catalogue(struct ctx *c, struct catalogue **out)
{
	struct err why = { 0 };
	char *path = c->config_dir ? str_fmt("%s/fields.conf", c->config_dir) : NULL;
	if (catalogue_load(path, out, &why) != ST_OK)
		act_warn(c, "%s (the shipped fields stay in force)", why.text);
	free(path);
	return ST_OK;
}

/* ---- finding it ----------------------------------------------------------------------------------------------------- */

/* "field:impact.users", "section:summary": the entity of a name. */
static bool named_thing(const struct ctx *c, const char *word, struct thing *out)
{
	static const char *const types[] = { "field", "section" };
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		size_t n = strlen(types[i]);
		if (strncmp(word, types[i], n) != 0 || word[n] != ':')
			continue;
		*out = (struct thing){ .entity = uuid_named(c->incident.entity, word, strlen(word)), .incident = c->incident.entity };
		strcpy(out->type, types[i]);
		return true;
	}
	return false;
}

/* No event has that id. In the chosen incident, then anywhere; where nothing is found the event's message stays. */
static enum status find_thing(struct ctx *c, const char *word, struct thing *t)
{
	uuid any = { { 0 } };
	struct err event = *c->err;
	bool named = strncmp(word, "field:", 6) == 0 || strncmp(word, "section:", 8) == 0;
	if (c->incident_arg || named) {
		enum status st = verb_choose_incident(c, 0);
		if (st != ST_OK)
			return st;
	}
	if (!(named && named_thing(c, word, t)) && q_thing_find(c->store, c->incident_arg ? c->incident.entity : any, word, t, c->err) != ST_OK) {
		if (!strstr(c->err->text, "ambiguous"))
			*c->err = event;
		return c->err->status;
	}
	enum status st = named || c->incident_arg ? ST_OK : q_incident(c->store, t->incident, &c->incident, c->err);
	if (st == ST_OK)
		st = act_zone(c);
	return st == ST_OK ? tx_incident(c->store, t->incident, NULL, c->err) : st;
}

/* ---- edit, strike, redact ------------------------------------------------------------------------------------------- */

static enum status edit_record(struct ctx *c, uuid id, const char *text)
{
	struct records l;
	const struct record_form *form = NULL;
	enum status st = q_records(c->store, c->incident.entity, NULL, &l, c->err);
	for (size_t i = 0; st == ST_OK && i < l.n; i++)
		if (uuid_eq(l.v[i].entity, id))
			form = record_form(l.v[i].type);
	records_free(&l);
	if (st == ST_OK && !form)
		st = fail(c->err, ST_CONFLICT, "that was written by a newer tplus: upgrade to change it");
	if (st != ST_OK)
		return st;
	struct attr_split s;
	struct fields f = { 0 };
	attr_split(&form->set, text, false, &s);
	st = record_attributes(c, form, &s, true, &f);
	if (st == ST_OK && s.text[0])
		fields_text(&f, form->main, s.text);
	attr_split_free(&s);
	if (st != ST_OK) {
		fields_free(&f);
		return st;
	}
	st = tx_op(c->store, "record.set", id, &f, c->err);
	return st == ST_OK ? act_print_thing(c, id) : st;
}

enum status act_edit_thing(struct ctx *c, const char *word, const char *text)
{
	struct thing t;
	enum status st = find_thing(c, word, &t);
	if (st != ST_OK)
		return st;
	if (strcmp(t.type, "finding") == 0)
		return act_edit_finding(c, t.entity, text);
	if (strcmp(t.type, "record") == 0)
		return edit_record(c, t.entity, text);
	if (strcmp(t.type, "detail") != 0)
		return fail(c->err, ST_USAGE, "%s: use \"tplus %s\" to change it", word, strcmp(t.type, "field") == 0 ? "set" : "section");
	struct fields f = { 0 };
	fields_text(&f, "text", text);
	st = tx_op(c->store, "detail.set", t.entity, &f, c->err);
	return st == ST_OK ? act_print_thing(c, t.entity) : st;
}

/* These stand in no timeline: a struck one leaves its list, and undo brings it back. */
enum status act_strike_thing(struct ctx *c, const char *word)
{
	struct thing t;
	enum status st = find_thing(c, word, &t);
	if (st != ST_OK)
		return st;
	if (strcmp(t.type, "field") == 0 || strcmp(t.type, "section") == 0)
		return fail(c->err, ST_USAGE, "%s: clear it with an empty value: tplus %s %s ''", word, strcmp(t.type, "field") == 0 ? "set" : "section",
			strchr(word, ':') + 1);
	char *kind = str_fmt("%s.hide", t.type);
	st = tx_op(c->store, kind, t.entity, NULL, c->err);
	free(kind);
	return st == ST_OK ? act_print_thing(c, t.entity) : st;
}

enum status act_redact_thing(struct ctx *c, const char *word, const char *why)
{
	struct thing t;
	enum status st = find_thing(c, word, &t);
	if (st == ST_OK)
		st = redact_event(c->store, t.entity, why, c->err);
	if (st == ST_OK)
		st = tx_commit(c->store, c->err);
	if (st == ST_OK)
		st = redact_clean(c->store, c->err);
	if (st != ST_OK)
		return st;
	act_warn(c, "redacted here; exports and backups made before, and other hosts until they exchange, still hold the text");
	return act_print_thing(c, t.entity);
}

/* ---- choose --------------------------------------------------------------------------------------------------------- */

static void print_value(struct ctx *c, const struct val *v)
{
	if (v->type == VAL_INT)
		str_addf(c->out, "%lld", (long long)v->i);
	else if (v->type == VAL_TEXT)
		print_text(c, v->s);
	else
		str_adds(c->out, "nothing");
}

static enum status print_choices(struct ctx *c, const char *what, const char *field, const struct choices *l)
{
	for (size_t i = 0; i < l->n; i++) {
		str_addf(c->out, "%s ", what);
		print_text(c, field);
		str_addf(c->out, " %zu%s  ", i, i ? "" : " (shown)");
		print_value(c, &l->v[i]);
		str_addc(c->out, '\n');
	}
	return ST_OK;
}

static enum status print_all(struct ctx *c)
{
	struct conflicts l;
	enum status st = q_conflicts(c->store, c->incident.entity, &l, c->err);
	if (st == ST_OK && l.n == 0)
		act_note(c, "nothing to choose: nobody disagrees");
	for (size_t i = 0; st == ST_OK && i < l.n; i++) {
		struct choices choice;
		char hex[33];
		str_hex(hex, l.v[i].entity.b, sizeof l.v[i].entity.b);
		hex[12] = '\0';
		if (q_choices(c->store, c->incident.entity, l.v[i].entity, l.v[i].field, &choice, NULL) != ST_OK)
			continue;
		char *what = str_fmt("%s %s", hex, choice.type);
		st = print_choices(c, what, l.v[i].field, &choice);
		free(what);
		choices_free(&choice);
	}
	conflicts_free(&l);
	return st;
}

static enum status find_entity(struct ctx *c, const char *word, uuid *id)
{
	struct thing t;
	if (strcmp(word, "incident") == 0)
		return *id = c->incident.entity, ST_OK;
	if (named_thing(c, word, &t))
		return *id = t.entity, ST_OK;
	return q_entity_find(c->store, c->incident.entity, word, id, c->err);
}

static enum status settle(struct ctx *c, uuid id, const char *field, const struct choices *l, const char *number)
{
	char *end;
	unsigned long n = strtoul(number, &end, 10);
	if (*end || number[0] < '0' || number[0] > '9' || n >= l->n)
		return fail(c->err, ST_USAGE, "%s: that is none of the values: give a number from 0 to %zu", number, l->n - 1);
	bool hidden = strcmp(field, "hidden") == 0;
	struct fields f = { 0 };
	if (!hidden)
		fields_val(&f, field, &l->v[n]);
	char *kind = str_fmt("%s.%s", l->type, !hidden ? "set" : l->v[n].i ? "hide" : "show");
	enum status st = tx_op(c->store, kind, id, &f, c->err);
	free(kind);
	return st;
}

enum status verb_choose(struct ctx *c, const struct args *a)
{
	uuid id;
	struct choices l;
	if (a->argc == 0)
		return print_all(c);
	if (a->argc == 1)
		return fail(c->err, ST_USAGE, "which field of it? \"tplus choose\" lists the conflicts");
	bool done = false;
	enum status st = a->argc > 2 ? act_begin_change(c, &done) : ST_OK; /* the values must not change between reading and choosing */
	if (st == ST_OK && !done)
		st = find_entity(c, a->argv[0], &id);
	if (st != ST_OK || done)
		return st;
	st = q_choices(c->store, c->incident.entity, id, a->argv[1], &l, c->err);
	if (st != ST_OK)
		return st;
	st = a->argc == 2 ? print_choices(c, a->argv[0], a->argv[1], &l) : settle(c, id, a->argv[1], &l, a->argv[2]);
	choices_free(&l);
	return st;
}
