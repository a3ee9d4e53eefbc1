/* people.c - who does what: roles, joining, leaving. Each change is a responder and a line of the timeline, in one group. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verb/act.h"
#include "verb/print.h"

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

static bool is_role(const struct responder *r, const char *role)
{
	return r->role && str_ieq(r->role, role);
}

/* The role passes on: whoever holds it lets go of it, and whoever it was offered to has it no longer to accept. */
static enum status pass_on(struct ctx *c, const struct responders *l, const char *role, const char *name, usec at, struct str *text)
{
	enum status st = ST_OK;
	str_addf(text, "%s: %s", role, name);
	for (size_t i = 0; i < l->n && st == ST_OK; i++) {
		const struct responder *r = &l->v[i];
		bool here = responder_here(r);
		if (!is_role(r, role) || (!here && !responder_offered(r)))
			continue;
		if (here && str_ieq(r->name, name))
			return fail(c->err, ST_NO, "%s is %s already", name, role);
		if (here)
			str_addf(text, ", after %s", r->name);
		st = end_row(c, r, at);
	}
	return st;
}

/* More than seven people reporting to one are more than one can follow. */
static enum status note_span(struct ctx *c)
{
	struct responders l;
	enum status st = q_responders(c->store, c->incident.entity, &l, c->err);
	if (st != ST_OK)
		return st;
	size_t n = responders_direct(&l);
	responders_free(&l);
	if (n > SPAN_OF_CONTROL)
		act_note(c, "%zu people report to the IC, more than %d: let somebody lead some of them: role DEPUTY NAME", n, SPAN_OF_CONTROL);
	return ST_OK;
}

/* Who joined without a role takes this one; others get a row. */
static enum status take_role(struct ctx *c, const struct responders *l, const char *role, const char *name, usec at, uuid *id)
{
	for (size_t i = 0; i < l->n; i++) {
		if (!responder_here(&l->v[i]) || l->v[i].role || !str_ieq(l->v[i].name, name))
			continue;
		struct fields f = { 0 };
		fields_text(&f, "role", role);
		*id = l->v[i].entity;
		return tx_op(c->store, "responder.set", *id, &f, c->err);
	}
	return new_row(c, name, role, at, id);
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
		if (st == ST_OK)
			st = take_role(c, &l, role.s, name, at, &id);
		responders_free(&l);
	}
	if (st == ST_OK)
		st = say(c, id, text.s, at);
	if (st == ST_OK)
		st = note_span(c);
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
		if (responder_here(&l.v[i]) && str_ieq(l.v[i].name, name))
			st = fail(c->err, ST_NO, "%s is here already", name);
	responders_free(&l);
	char *text = str_fmt("%s joined", name);
	if (st == ST_OK)
		st = new_row(c, name, NULL, at, &id);
	if (st == ST_OK)
		st = say(c, id, text, at);
	if (st == ST_OK)
		st = note_span(c);
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
		if ((responder_here(&l.v[i]) || responder_offered(&l.v[i])) && str_ieq(l.v[i].name, name)) {
			id = l.v[i].entity;
			if (l.v[i].role && responder_here(&l.v[i]))
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

/* ---- handing over: offered, then accepted; until then both are shown ------------------------------------------------ */

/* An offer made before is withdrawn; who holds the role is named. */
static enum status check_offer(struct ctx *c, const struct responders *l, const char *role, const char *name, usec at, struct str *text)
{
	enum status st = ST_OK;
	struct str holders = STR_INIT;
	for (size_t i = 0; i < l->n && st == ST_OK; i++) {
		const struct responder *r = &l->v[i];
		if (!is_role(r, role))
			continue;
		if (responder_here(r) && str_ieq(r->name, name))
			st = fail(c->err, ST_NO, "%s is %s already", name, role);
		else if (responder_here(r))
			str_addf(&holders, "%s%s", holders.len ? ", " : "", r->name);
		else if (responder_offered(r))
			st = end_row(c, r, at);
	}
	if (st == ST_OK && !holders.len)
		st = fail(c->err, ST_NO, "nobody is %s, so there is nothing to hand over: role %s %s", role, role, name);
	str_addf(text, "%s: %s hands over to %s", role, holders.s, name);
	str_free(&holders);
	return st;
}

static enum status offer_row(struct ctx *c, const char *name, const char *role, usec at, uuid *id)
{
	struct fields f = { 0 };
	*id = uuid_new();
	fields_text(&f, "name", name);
	fields_text(&f, "role", role);
	fields_int(&f, "offered_at", at);
	return tx_op(c->store, "responder.new", *id, &f, c->err);
}

enum status verb_handover(struct ctx *c, const struct args *a)
{
	struct str role = STR_INIT, text = STR_INIT;
	const char *name = act_name(a->argv[1]);
	struct responders l;
	usec at;
	uuid id, event;
	role_canonical(&role, a->argv[0]);
	enum status st = act_when(c, &at);
	if (st == ST_OK)
		st = q_responders(c->store, c->incident.entity, &l, c->err);
	if (st == ST_OK) {
		st = check_offer(c, &l, role.s, name, at, &text);
		responders_free(&l);
	}
	if (st == ST_OK)
		st = offer_row(c, name, role.s, at, &id);
	if (st == ST_OK)
		st = act_event(c, &(struct event_new){ .kind = KIND_ROLE, .text = text.s, .subject = id, .at = at }, &event);
	if (st == ST_OK)
		act_note(c, "%s takes it with: %saccept %s%s%s", name, c->composer ? "/" : "tplus ", role.s, c->composer ? "" : " --as ",
			c->composer ? "" : name);
	if (st == ST_OK)
		st = c->json ? act_print_event(c, KIND_ROLE) : print_brief(c);
	str_free(&role);
	str_free(&text);
	return st;
}

/* The offer becomes the role; who had it, or came without one, lets go. */
static enum status take_offer(struct ctx *c, const struct responders *l, const struct responder *offer, usec at, struct str *text)
{
	enum status st = ST_OK;
	str_addf(text, "%s: %s accepted", offer->role, offer->name);
	for (size_t i = 0; i < l->n && st == ST_OK; i++) {
		const struct responder *r = &l->v[i];
		if (!responder_here(r))
			continue;
		bool holder = is_role(r, offer->role), plain = !r->role && str_ieq(r->name, offer->name);
		if (holder)
			str_addf(text, ", after %s", r->name);
		if (holder || plain)
			st = end_row(c, r, at);
	}
	struct fields f = { 0 };
	fields_int(&f, "joined_at", at);
	if (st == ST_OK)
		return tx_op(c->store, "responder.set", offer->entity, &f, c->err);
	fields_free(&f);
	return st;
}

enum status verb_accept(struct ctx *c, const struct args *a)
{
	struct str role = STR_INIT, text = STR_INIT;
	const struct responder *offer = NULL, *other = NULL;
	struct responders l;
	usec at;
	role_canonical(&role, a->argv[0]);
	enum status st = act_when(c, &at);
	if (st == ST_OK)
		st = q_responders(c->store, c->incident.entity, &l, c->err);
	if (st == ST_OK) {
		for (size_t i = 0; i < l.n; i++)
			if (responder_offered(&l.v[i]) && is_role(&l.v[i], role.s)) {
				other = &l.v[i];
				offer = str_ieq(l.v[i].name, c->author) ? &l.v[i] : offer;
			}
		if (!offer && other)
			st = fail(c->err, ST_NO, "%s was offered to %s, and you are %s: --as %s", role.s, other->name, c->author, other->name);
		else if (!offer)
			st = fail(c->err, ST_NO, "%s was offered to nobody: handover %s %s, or role %s %s", role.s, role.s, c->author, role.s, c->author);
		else
			st = take_offer(c, &l, offer, at, &text);
		if (st == ST_OK && offer)
			st = say(c, offer->entity, text.s, at);
		responders_free(&l);
	}
	if (st == ST_OK)
		st = note_span(c);
	str_free(&role);
	str_free(&text);
	return st;
}
