/* people.c - who does what: roles, joining, leaving. Each change is a responder and a line of the timeline, in one group. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verb/act.h"

static bool present(const struct responder *r)
{
	return r->left_at == USEC_NONE;
}

static enum status end_row(struct ctx *c, const struct responder *r, usec at)
{
	struct fields f = { 0 };
	fields_int(&f, "left_at", at);
	return tx_op(c->store, "responder.set", r->entity, &f, c->err);
}

static enum status new_row(struct ctx *c, const char *name, const char *role, usec at, uuid *id)
{
	struct fields f = { 0 };
	*id = uuid_new();
	fields_text(&f, "name", name);
	if (role)
		fields_text(&f, "role", role);
	fields_int(&f, "joined_at", at);
	return tx_op(c->store, "responder.new", *id, &f, c->err);
}

static enum status say(struct ctx *c, uuid subject, const char *text, usec at)
{
	uuid id;
	enum status st = act_event(c, &(struct event_new){ .kind = KIND_ROLE, .text = text, .subject = subject, .at = at }, &id);
	return st == ST_OK ? act_print_event(c, KIND_ROLE) : st;
}

/* The role passes on: whoever holds it lets go of it; a plain row of the same person (joined without a role) becomes this one. */
static enum status pass_on(struct ctx *c, const struct responders *l, const char *role, const char *name, usec at, struct str *text)
{
	enum status st = ST_OK;
	str_addf(text, "%s: %s", role, name);
	for (size_t i = 0; i < l->n && st == ST_OK; i++) {
		const struct responder *r = &l->v[i];
		if (!present(r) || !str_ieq(r->role ? r->role : "", role))
			continue;
		if (str_ieq(r->name, name))
			return fail(c->err, ST_NO, "%s is %s already", name, role);
		str_addf(text, ", after %s", r->name);
		st = end_row(c, r, at);
	}
	return st;
}

enum status verb_role(struct ctx *c, const struct args *a)
{
	struct str role = STR_INIT, text = STR_INIT;
	const char *name = act_name(a->argv[1]);
	struct responders l;
	usec at;
	uuid id;
	role_canonical(&role, a->argv[0]);
	enum status st = act_when(c, &at);
	if (st == ST_OK)
		st = q_responders(c->store, c->incident.entity, &l, c->err);
	if (st == ST_OK) {
		st = pass_on(c, &l, role.s, name, at, &text);
		responders_free(&l);
	}
	if (st == ST_OK)
		st = new_row(c, name, role.s, at, &id);
	if (st == ST_OK)
		st = say(c, id, text.s, at);
	str_free(&role);
	str_free(&text);
	return st;
}

enum status verb_join(struct ctx *c, const struct args *a)
{
	const char *name = act_name(a->argv[0]);
	struct responders l;
	usec at;
	uuid id;
	enum status st = act_when(c, &at);
	if (st == ST_OK)
		st = q_responders(c->store, c->incident.entity, &l, c->err);
	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < l.n && st == ST_OK; i++)
		if (present(&l.v[i]) && str_ieq(l.v[i].name, name))
			st = fail(c->err, ST_NO, "%s is here already", name);
	responders_free(&l);
	char *text = str_fmt("%s joined", name);
	if (st == ST_OK)
		st = new_row(c, name, NULL, at, &id);
	if (st == ST_OK)
		st = say(c, id, text, at);
	free(text);
	return st;
}

enum status verb_leave(struct ctx *c, const struct args *a)
{
	const char *name = act_name(a->argv[0]);
	struct responders l;
	usec at;
	uuid id = { { 0 } };
	enum status st = act_when(c, &at);
	if (st == ST_OK)
		st = q_responders(c->store, c->incident.entity, &l, c->err);
	if (st != ST_OK)
		return st;
	struct str text = STR_INIT;
	str_addf(&text, "%s left", name);
	for (size_t i = 0; i < l.n && st == ST_OK; i++)
		if (present(&l.v[i]) && str_ieq(l.v[i].name, name)) {
			id = l.v[i].entity;
			if (l.v[i].role)
				str_addf(&text, ", %s is unclaimed", l.v[i].role);
			st = end_row(c, &l.v[i], at);
		}
	responders_free(&l);
	if (st == ST_OK && uuid_is_zero(id))
		st = fail(c->err, ST_NO, "%s is not here: see \"tplus show\"", name);
	if (st == ST_OK)
		st = say(c, id, text.s, at);
	str_free(&text);
	return st;
}
