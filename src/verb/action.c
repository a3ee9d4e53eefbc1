/* action.c - action items: not events, they have their own list. Attributes count only at the end of the text. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/field.h"
#include "model/figure.h"
#include "verb/act.h"
#include "verb/attr.h"

/* ---- values --------------------------------------------------------------------------------------------------------- */

/* Due dates are stored as YYYY-MM-DD. */
static enum status read_due(struct ctx *c, const char *word, struct fields *f)
{
	struct when_ctx w = { .now = act_now(c), .zone = c->zone };
	struct str iso = STR_INIT;
	bool ok = field_date(word, &w, &iso);
	if (ok)
		fields_text(f, "due", iso.s);
	str_free(&iso);
	if (ok)
		return ST_OK;
	return fail(c->err, ST_USAGE, "due:%s: that is no date: give YYYY-MM-DD, today, tomorrow, or days from today as 7d", word);
}

static bool is_priority(const char *word)
{
	return (word[0] == 'P' || word[0] == 'p') && word[1] >= '0' && word[1] <= '3' && !word[2];
}

static enum status read_priority(struct ctx *c, const char *word, struct fields *f)
{
	if (!is_priority(word))
		return fail(c->err, ST_USAGE, "%s: that is no priority: give P0, P1, P2 or P3", word);
	fields_int(f, "priority", word[1] - '0');
	return ST_OK;
}

static enum status read_type(struct ctx *c, const char *word, struct fields *f)
{
	int i = word_find(action_types, word);
	if (i < 0)
		return fail(c->err, ST_USAGE, "type:%s: that is no type: give detect, prevent, mitigate or process", word);
	fields_text(f, "type", action_types[i]);
	return ST_OK;
}

static enum status read_owner(struct ctx *c, const char *word, struct fields *f)
{
	(void)c;
	fields_text(f, "owner", act_name(word));
	return ST_OK;
}

static enum status read_status(struct ctx *c, const char *word, struct fields *f)
{
	int i = word_find(action_status, word);
	if (i < 0)
		return fail(c->err, ST_USAGE, "status:%s: that is no status: give open, in-progress, done or dropped", word);
	fields_text(f, "status", action_status[i]);
	return ST_OK;
}

static enum status read_horizon(struct ctx *c, const char *word, struct fields *f)
{
	(void)c;
	struct str b = STR_INIT;
	horizon_canonical(&b, word);
	fields_text(f, "horizon", b.s);
	str_free(&b);
	return ST_OK;
}

static enum status read_ref(struct ctx *c, const char *word, struct fields *f)
{
	(void)c;
	fields_text(f, "ref", word);
	return ST_OK;
}

static enum status read_success(struct ctx *c, const char *word, struct fields *f)
{
	(void)c;
	fields_text(f, "success", word);
	return ST_OK;
}

/* ---- action TEXT [attributes] --------------------------------------------------------------------------------------- */

enum { OWNER, PRIORITY, DUE, TYPE, HORIZON, REF, SUCCESS, STATUS, ATTRIBUTES };

static int bare_attribute(const char *word)
{
	return word[0] == '@' && word[1] ? OWNER : is_priority(word) ? PRIORITY : -1;
}

static const struct attr_set attributes = {
	.def = { { "owner", true }, { "prio", false }, { "due", false }, { "type", false }, { "horizon", true }, { "ref", false }, { "success", true },
		{ "status", false } },
	.bare = bare_attribute,
};
static const struct { const char *field; enum status (*read)(struct ctx *, const char *, struct fields *); } readers[ATTRIBUTES] = {
	[OWNER] = { "owner", read_owner },     [PRIORITY] = { "priority", read_priority }, [DUE] = { "due", read_due },
	[TYPE] = { "type", read_type },	       [HORIZON] = { "horizon", read_horizon },	   [REF] = { "ref", read_ref },
	[SUCCESS] = { "success", read_success }, [STATUS] = { "status", read_status },
};

/* clear: the value "-" takes one out. */
static enum status read_attributes(struct ctx *c, const struct attr_split *s, bool clear, struct fields *f)
{
	enum status st = ST_OK;
	for (int i = 0; i < ATTRIBUTES && st == ST_OK; i++) {
		if (!s->value[i])
			continue;
		if (clear && i != STATUS && strcmp(s->value[i], "-") == 0)
			fields_null(f, readers[i].field);
		else
			st = readers[i].read(c, s->value[i], f);
	}
	return st;
}

enum status verb_action(struct ctx *c, const struct args *a)
{
	if (!a->line.text[0])
		return fail(c->err, ST_USAGE, "the action item has no text: say what is to be done");
	struct fields f = { 0 };
	struct attr_split s;
	attr_split(&attributes, a->line.text, true, &s);
	enum status st = read_attributes(c, &s, false, &f);
	fields_text(&f, "text", s.text);
	attr_split_free(&s);
	if (a->line.actor && !fields_get(&f, "owner"))
		fields_text(&f, "owner", a->line.actor);
	if (st != ST_OK) {
		fields_free(&f);
		return st;
	}
	if (!fields_get(&f, "status"))
		fields_text(&f, "status", action_status[0]);
	fields_int(&f, "created_at", act_time(c, a));
	struct str number = STR_INIT;
	uuid id;
	st = act_numbered(c, "action", "AI", &f, &id, &number);
	if (st == ST_OK)
		st = act_print_number(c, number.s);
	str_free(&number);
	return st;
}

/* "edit AI-1 TEXT success:…": what is named changes, the rest stays. */
enum status act_edit_action(struct ctx *c, uuid id, const char *text)
{
	struct fields f = { 0 };
	struct attr_split s;
	attr_split(&attributes, text, false, &s);
	enum status st = read_attributes(c, &s, true, &f);
	if (st == ST_OK && s.text[0])
		fields_text(&f, "text", s.text);
	attr_split_free(&s);
	if (st == ST_OK && f.n == 0)
		st = fail(c->err, ST_USAGE, "nothing would change: say the new text, or an attribute like success:WORDS");
	if (st != ST_OK) {
		fields_free(&f);
		return st;
	}
	return tx_op(c->store, "action.set", id, &f, c->err);
}

/* ---- assign, due, prio, progress, done, drop ------------------------------------------------------------------------ */

struct change { const char *verb; enum status (*read)(struct ctx *, const char *, struct fields *); int status; };
static const struct change changes[] = {
	{ "assign", read_owner, 0 }, { "due", read_due, 0 },      { "prio", read_priority, 0 },
	{ "progress", NULL, 1 },     { "done", NULL, 2 },	  { "drop", NULL, 3 },
};

/* A finding has a box to tick, too. The number of an action item comes first. */
static enum status tick_finding(struct ctx *c, const char *word)
{
	struct thing t;
	struct err why = *c->err;
	if (q_thing_find(c->store, c->incident.entity, word, &t, NULL) != ST_OK || strcmp(t.type, "finding") != 0)
		return fail(c->err, why.status, "%s", why.text);
	struct fields f = { 0 };
	fields_int(&f, "done", 1);
	return tx_op(c->store, "finding.set", t.entity, &f, c->err);
}

enum status verb_attribute(struct ctx *c, const struct args *a)
{
	uuid id;
	enum status st = q_number_find(c->store, c->incident.entity, "action", a->argv[0], &id, c->err);
	if (st == ST_NO && strcmp(c->verb->name, "done") == 0)
		return tick_finding(c, a->argv[0]);
	struct fields f = { 0 };
	for (size_t i = 0; i < sizeof changes / sizeof *changes && st == ST_OK; i++) {
		if (strcmp(changes[i].verb, c->verb->name) != 0)
			continue;
		st = changes[i].read ? changes[i].read(c, a->argv[1], &f) : read_status(c, action_status[changes[i].status], &f);
	}
	if (st != ST_OK) {
		fields_free(&f);
		return st;
	}
	return tx_op(c->store, "action.set", id, &f, c->err);
}
