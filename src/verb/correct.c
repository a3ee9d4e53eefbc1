/* correct.c - changing what was said: the old value stays in the journal, and history shows it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/admin.h"
#include "text/incident-json.h"
#include "verb/act.h"
#include "verb/print.h"

/* The event ID means: in the chosen incident first, then anywhere. Its incident becomes the one written to. */
static enum status find_event(struct ctx *c, const char *word, struct event *e)
{
	uuid any = { { 0 } };
	struct err here = { 0 };
	if (c->incident_arg) {
		enum status st = verb_choose_incident(c, 0);
		if (st == ST_OK)
			st = q_event_find(c->store, c->incident.entity, word, e, c->err);
		return st == ST_OK ? tx_incident(c->store, c->incident.entity, NULL, c->err) : st;
	}
	enum status st = q_event_find(c->store, any, word, e, &here);
	if (st != ST_OK) {
		*c->err = here;
		return st;
	}
	incident_clear(&c->incident);
	st = q_incident(c->store, e->incident, &c->incident, c->err);
	if (st == ST_OK)
		st = act_zone(c);
	return st == ST_OK ? tx_incident(c->store, e->incident, NULL, c->err) : st;
}

static enum status change_event(struct ctx *c, const struct event *e, struct fields *f)
{
	enum status st = tx_op(c->store, "event.set", e->entity, f, c->err);
	if (st != ST_OK)
		return st;
	act_set_event(c, e->entity, e->occurred_at);
	return act_print_event(c, e->kind);
}

/* A hypothesis repeats its event's words, too. */
static enum status change_hypothesis(struct ctx *c, const struct event *e, const char *text)
{
	struct hypotheses l;
	enum status st = q_hypotheses(c->store, e->incident, &l, c->err);
	for (size_t i = 0; st == ST_OK && i < l.n; i++) {
		if (!uuid_eq(l.v[i].entity, e->subject) || !str_eq(l.v[i].text, e->text))
			continue;
		struct fields f = { 0 };
		fields_text(&f, "text", text);
		st = tx_op(c->store, "hypothesis.set", l.v[i].entity, &f, c->err);
	}
	hypotheses_free(&l);
	return st;
}

/* A finding repeats its event's words: they change together. */
static enum status change_findings(struct ctx *c, const struct event *e, const char *text)
{
	uuid *ids;
	size_t n;
	enum status st = q_findings_of(c->store, e->entity, &ids, &n, c->err);
	for (size_t i = 0; st == ST_OK && i < n; i++) {
		struct fields f = { 0 };
		if (text) {
			fields_text(&f, "text", text);
			st = tx_op(c->store, "finding.set", ids[i], &f, c->err);
		} else {
			st = tx_op(c->store, "finding.hide", ids[i], NULL, c->err);
		}
	}
	free(ids);
	return st;
}

/* "AI-4", "ASK-1", "H-2": the text of a numbered thing. */
static bool is_numbered(const char *word, const char **type)
{
	static const struct { const char *prefix, *type; } kinds[] = { { "AI-", "action" }, { "ASK-", "ask" }, { "H-", "hypothesis" } };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strncasecmp(word, kinds[i].prefix, strlen(kinds[i].prefix)) == 0) {
			*type = kinds[i].type;
			return true;
		}
	return false;
}

/* What stands behind the id: from the composer byte by byte, so that a line that is put there to be corrected comes back as it was. */
static char *new_text(struct ctx *c, const struct args *a)
{
	const char *s = a->has_line && c->composer && !a->line.actor && a->line.when.form == WHEN_NOTHING ? a->line.text : NULL;
	size_t id = strlen(a->argv[0]);
	if (!s || strncmp(s, a->argv[0], id) != 0 || (s[id] != ' ' && s[id] != '\t'))
		return act_join(a, 1);
	return xstrdup(s + id + 1);
}

static enum status edit_numbered(struct ctx *c, const struct args *a, const char *type)
{
	uuid id;
	enum status st = verb_choose_incident(c, 0);
	if (st == ST_OK)
		st = tx_incident(c->store, c->incident.entity, NULL, c->err);
	if (st == ST_OK)
		st = q_number_find(c->store, c->incident.entity, type, a->argv[0], &id, c->err);
	if (st != ST_OK)
		return st;
	char *text = new_text(c, a), *kind = str_fmt("%s.set", type);
	struct fields f = { 0 };
	if (strcmp(type, "action") == 0) {
		st = act_edit_action(c, id, text);
	} else {
		fields_text(&f, "text", text);
		st = tx_op(c->store, kind, id, &f, c->err);
	}
	free(kind);
	free(text);
	return st;
}

enum status verb_edit(struct ctx *c, const struct args *a)
{
	struct event e;
	const char *type;
	if (is_numbered(a->argv[0], &type))
		return edit_numbered(c, a, type);
	enum status st = find_event(c, a->argv[0], &e);
	char *text = new_text(c, a);
	if (st != ST_OK) {
		st = st == ST_NO ? act_edit_thing(c, a->argv[0], text) : st;
		free(text);
		return st;
	}
	struct fields f = { 0 };
	fields_text(&f, "text", text);
	st = change_event(c, &e, &f);
	if (st == ST_OK && e.kind == KIND_FINDING)
		st = change_findings(c, &e, text);
	if (st == ST_OK && e.kind == KIND_HYPOTHESIS)
		st = change_hypothesis(c, &e, text);
	free(text);
	event_clear(&e);
	return st;
}

enum status verb_retime(struct ctx *c, const struct args *a)
{
	struct event e;
	enum status st = find_event(c, a->argv[0], &e);
	if (st != ST_OK)
		return st;
	char *text = act_join(a, 1);
	struct when w;
	struct when_ctx wc = verb_when_ctx(c);
	st = when_parse_all(text, &wc, &w, c->err);
	free(text);
	if (st == ST_OK) {
		act_note_time(c, &w);
		struct fields f = { 0 };
		fields_int(&f, "occurred_at", w.at);
		fields_int(&f, "approx_s", w.approx_s);
		e.occurred_at = w.at;
		st = change_event(c, &e, &f);
	}
	event_clear(&e);
	return st;
}

enum status verb_strike(struct ctx *c, const struct args *a)
{
	struct event e;
	enum status st = find_event(c, a->argv[0], &e);
	if (st != ST_OK)
		return st == ST_NO ? act_strike_thing(c, a->argv[0]) : st;
	if (e.struck) {
		event_clear(&e);
		return fail(c->err, ST_NO, "that line is struck already: \"tplus undo %s\" brings it back", a->argv[0]);
	}
	char *why = act_join(a, 1);
	struct fields f = { 0 };
	fields_int(&f, "struck", 1);
	if (why[0])
		fields_text(&f, "why", why);
	st = change_event(c, &e, &f);
	if (st == ST_OK && e.kind == KIND_FINDING)
		st = change_findings(c, &e, NULL);
	free(why);
	event_clear(&e);
	return st;
}

/* Commits on its own, because the old text is only gone once the journal file has been emptied after the commit. */
enum status verb_redact(struct ctx *c, const struct args *a)
{
	struct event e;
	enum status st = find_event(c, a->argv[0], &e);
	char *why = act_join(a, 1);
	if (st != ST_OK) {
		st = st == ST_NO ? act_redact_thing(c, a->argv[0], why) : st;
		free(why);
		return st;
	}
	st = redact_event(c->store, e.entity, why, c->err);
	free(why);
	if (st == ST_OK) {
		act_set_event(c, e.entity, e.occurred_at);
		st = tx_commit(c->store, c->err);
	}
	if (st == ST_OK)
		st = redact_clean(c->store, c->err);
	if (st == ST_OK) {
		act_warn(c, "redacted here; exports and backups made before, and other hosts until they exchange, still hold the text");
		st = act_print_event(c, e.kind);
	}
	event_clear(&e);
	return st;
}

/* ---- undo, redo ----------------------------------------------------------------------------------------------------- */

static enum status take_back(struct ctx *c, uuid grp, const char *verb)
{
	struct str said = STR_INIT;
	enum status st = undo_group(c->store, grp, &said, c->err);
	if (st == ST_OK && c->json) {
		str_addf(c->out, "{\"%s\":", verb);
		json_str(c->out, said.s);
		str_adds(c->out, "}\n");
	} else if (st == ST_OK) {
		str_addf(c->out, "%s: ", verb);
		print_text(c, said.s);
		str_addc(c->out, '\n');
	}
	str_free(&said);
	return st;
}

/* ID: a change from history, or an entity, whose last change is meant. Digits that begin both are refused. */
static enum status find_group(struct ctx *c, const char *word, uuid *grp)
{
	uuid entity, of_entity;
	struct err as_group = { 0 }, as_entity = { 0 };
	enum status st = q_group_find(c->store, c->incident.entity, word, grp, &as_group);
	if (q_entity_find(c->store, c->incident.entity, word, &entity, &as_entity) != ST_OK) {
		if (st != ST_OK)
			*c->err = strstr(as_group.text, "ambiguous") ? as_group : as_entity;
		return st;
	}
	if (undo_entity_group(c->store, entity, &of_entity, st == ST_OK ? &as_entity : c->err) != ST_OK)
		return st;
	if (st == ST_OK && !uuid_eq(*grp, of_entity))
		return fail(c->err, ST_NO, "%s begins a change and an entry: give more digits", word);
	*grp = of_entity;
	return ST_OK;
}

enum status verb_undo(struct ctx *c, const struct args *a)
{
	uuid grp;
	enum status st = a->argc ? find_group(c, a->argv[0], &grp) : undo_last_group(c->store, c->author, false, &grp, c->err);
	return st == ST_OK ? take_back(c, grp, "undone") : st;
}

enum status verb_redo(struct ctx *c, const struct args *a)
{
	(void)a;
	uuid grp;
	enum status st = undo_last_group(c->store, c->author, true, &grp, c->err);
	return st == ST_OK ? take_back(c, grp, "redone") : st;
}

/* ---- history -------------------------------------------------------------------------------------------------------- */

static void json_value(struct str *b, const struct val *v)
{
	if (v->type == VAL_INT)
		str_addf(b, "%lld", (long long)v->i);
	else
		json_str(b, v->type == VAL_TEXT ? v->s : NULL);
}

static void json_fields(struct str *b, const char *name, const struct fields *f)
{
	str_addf(b, ",\"%s\":{", name);
	for (size_t i = 0; i < f->n; i++) {
		if (i)
			str_addc(b, ',');
		json_str(b, f->v[i].name);
		str_addc(b, ':');
		json_value(b, &f->v[i].val);
	}
	str_addc(b, '}');
}

static void json_row(struct str *b, const struct history_row *r)
{
	char grp[33], entity[33], host[33];
	str_hex(grp, r->grp.b, sizeof r->grp.b);
	str_hex(entity, r->entity.b, sizeof r->entity.b);
	str_hex(host, r->host.b, sizeof r->host.b);
	str_addf(b, "{\"group\":\"%s\",\"entity\":\"%s\",\"kind\":", grp, entity);
	json_str(b, r->kind);
	str_adds(b, ",\"author\":");
	json_str(b, r->author);
	str_adds(b, ",\"recorded_at\":");
	json_time(b, r->wall_us);
	str_addf(b, ",\"host\":\"%s\",\"seq\":%lld,\"redacted\":%s,\"undone\":%s", host, (long long)r->seq, r->redacted ? "true" : "false",
		r->undone ? "true" : "false");
	json_fields(b, "fields", &r->fields);
	json_fields(b, "before", &r->before);
	str_adds(b, "}\n");
}

static bool is_time(const char *name)
{
	size_t n = strlen(name);
	return n > 3 && strcmp(name + n - 3, "_at") == 0;
}

static void text_value(struct ctx *c, const char *name, const struct val *v)
{
	if (v->type == VAL_INT && is_time(name))
		when_fmt_full(c->out, v->i, c->zone);
	else if (v->type == VAL_INT)
		str_addf(c->out, "%lld", (long long)v->i);
	else if (v->type == VAL_TEXT)
		print_text(c, v->s);
	else
		str_adds(c->out, "nothing");
}

static enum status text_row(struct ctx *c, const struct history_row *r)
{
	char grp[33], entity[33];
	str_hex(grp, r->grp.b, sizeof r->grp.b);
	str_hex(entity, r->entity.b, sizeof r->entity.b);
	str_addf(c->out, "%.8s  ", grp);
	when_fmt_full(c->out, r->wall_us, c->zone);
	str_adds(c->out, "  ");
	print_text(c, r->author);
	str_adds(c->out, "  ");
	print_text(c, r->kind);
	str_addf(c->out, " %.8s%s%s", entity, r->redacted ? " (redacted)" : "", r->undone ? " (undone)" : "");
	for (size_t i = 0; i < r->fields.n; i++) {
		const struct val *was = fields_get(&r->before, r->fields.v[i].name);
		str_addf(c->out, "%s", i ? ", " : ": ");
		print_text(c, r->fields.v[i].name);
		str_addc(c->out, ' ');
		if (was && !val_eq(was, &r->fields.v[i].val)) {
			text_value(c, r->fields.v[i].name, was);
			str_adds(c->out, " → ");
		}
		text_value(c, r->fields.v[i].name, &r->fields.v[i].val);
	}
	str_addc(c->out, '\n');
	return ST_OK;
}

static enum status history_row(void *arg, const struct history_row *r)
{
	struct ctx *c = arg;
	if (c->json)
		json_row(c->out, r);
	else
		text_row(c, r);
	return act_flush(c);
}

enum status verb_history(struct ctx *c, const struct args *a)
{
	uuid entity;
	enum status st = a->argc ? q_entity_find(c->store, c->incident.entity, a->argv[0], &entity, c->err) : ST_OK;
	return st == ST_OK ? q_history(c->store, c->incident.entity, a->argc ? &entity : NULL, history_row, c, c->err) : st;
}
