/* incident-json-lists.c - the lists of an incident that are short enough to be read whole. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/incident-json-impl.h"

enum status json_responders(struct json_writer *w)
{
	struct responders l;
	struct str *b = &w->b;
	enum status st = q_responders(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	json_key(b, "responders");
	str_addc(b, '[');
	for (size_t k = 0; k < l.n; k++) {
		json_next(b);
		str_addc(b, '{');
		json_put_str(b, "name", l.v[k].name);
		json_put_str(b, "role", l.v[k].role);
		json_put_time(b, "joined_at", l.v[k].joined_at);
		json_put_time(b, "left_at", l.v[k].left_at);
		if (l.v[k].offered_at != USEC_NONE)
			json_put_time(b, "offered_at", l.v[k].offered_at);
		str_addc(b, '}');
	}
	str_addc(b, ']');
	responders_free(&l);
	return ST_OK;
}

static void put_action(struct str *b, const struct action *a)
{
	json_next(b);
	str_addc(b, '{');
	json_put_str(b, "number", a->number);
	json_put_str(b, "text", a->text);
	json_put_str(b, "owner", a->owner);
	json_put_str(b, "due", a->due);
	json_key(b, "priority");
	if (a->priority < 0)
		str_adds(b, "null");
	else
		str_addf(b, "\"P%d\"", a->priority);
	json_put_str(b, "type", a->type);
	json_put_str(b, "horizon", a->horizon);
	json_put_str(b, "ref", a->ref);
	json_put_str(b, "success", a->success);
	json_put_str(b, "status", a->status);
	str_addc(b, '}');
}

enum status json_actions(struct json_writer *w)
{
	struct actions l;
	enum status st = q_actions(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	json_key(&w->b, "actions");
	str_addc(&w->b, '[');
	for (size_t k = 0; k < l.n; k++)
		put_action(&w->b, &l.v[k]);
	str_addc(&w->b, ']');
	actions_free(&l);
	return ST_OK;
}

enum status json_asks(struct json_writer *w)
{
	struct asks l;
	struct str *b = &w->b;
	enum status st = q_asks(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	json_key(b, "asks");
	str_addc(b, '[');
	for (size_t k = 0; k < l.n; k++) {
		json_next(b);
		str_addc(b, '{');
		json_put_str(b, "number", l.v[k].number);
		json_put_str(b, "to", l.v[k].to);
		json_put_str(b, "text", l.v[k].text);
		json_put_str(b, "status", l.v[k].status);
		json_put_str(b, "answer", l.v[k].answer);
		json_put_time(b, "asked_at", l.v[k].asked_at);
		json_put_time(b, "due_at", l.v[k].due_at);
		json_put_time(b, "answered_at", l.v[k].answered_at);
		str_addc(b, '}');
	}
	str_addc(b, ']');
	asks_free(&l);
	return ST_OK;
}

enum status json_hypotheses(struct json_writer *w)
{
	struct hypotheses l;
	struct str *b = &w->b;
	enum status st = q_hypotheses(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	json_key(b, "hypotheses");
	str_addc(b, '[');
	for (size_t k = 0; k < l.n; k++) {
		json_next(b);
		str_addc(b, '{');
		json_put_str(b, "number", l.v[k].number);
		json_put_str(b, "text", l.v[k].text);
		json_put_str(b, "status", l.v[k].status);
		json_put_str(b, "why", l.v[k].why);
		json_put_time(b, "raised_at", l.v[k].raised_at);
		str_addc(b, '}');
	}
	str_addc(b, ']');
	hypotheses_free(&l);
	return ST_OK;
}

enum status json_findings(struct json_writer *w)
{
	struct findings l;
	struct str *b = &w->b;
	enum status st = q_findings(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	json_key(b, "findings");
	str_addc(b, '[');
	for (size_t k = 0; k < l.n; k++) {
		json_next(b);
		str_addc(b, '{');
		json_put_str(b, "list", l.v[k].list);
		json_put_str(b, "category", l.v[k].category);
		json_put_str(b, "title", l.v[k].title);
		json_put_str(b, "text", l.v[k].text);
		json_put_lines(b, "points", l.v[k].point, l.v[k].points);
		json_put_bool(b, "done", l.v[k].done);
		json_put_str(b, "scope", l.v[k].scope);
		json_put_ids(w, l.v[k].entity);
		str_addc(b, '}');
	}
	str_addc(b, ']');
	findings_free(&l);
	return ST_OK;
}

/* ---- names and values ---- */

struct pair {
	char *name;
	const char *value;
	size_t at;
};

static int by_name(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	return c ? c : x->at < y->at ? -1 : x->at > y->at;
}

/* Two files that named the same thing hold two values of it, and names that differ in bytes that are no UTF-8 look
 * alike here: readers of JSON want each name once, so the last one stands. */
static void put_nameds(struct str *b, const char *name, const struct nameds *l)
{
	struct pair *v = xcalloc(l->n + 1, sizeof *v);

	for (size_t k = 0; k < l->n; k++) {
		struct str quoted = STR_INIT;

		json_str(&quoted, l->v[k].name);
		v[k] = (struct pair){ str_take(&quoted), l->v[k].value, k };
	}
	qsort(v, l->n, sizeof *v, by_name);
	json_key(b, name);
	str_addc(b, '{');
	for (size_t k = 0; k < l->n; k++) {
		if (k + 1 < l->n && strcmp(v[k].name, v[k + 1].name) == 0)
			continue;
		json_next(b);
		str_adds(b, v[k].name);
		str_addc(b, ':');
		json_str(b, v[k].value);
	}
	str_addc(b, '}');
	for (size_t k = 0; k < l->n; k++)
		free(v[k].name);
	free(v);
}

enum status json_fields(struct json_writer *w)
{
	struct nameds l;
	enum status st = q_fields(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	put_nameds(&w->b, "fields", &l);
	nameds_free(&l);
	st = q_sections(w->s, w->i->entity, &l, w->err);
	if (st != ST_OK)
		return st;
	put_nameds(&w->b, "sections", &l);
	nameds_free(&l);
	return ST_OK;
}

enum status json_conflicts(struct json_writer *w)
{
	struct conflicts l;
	struct str *b = &w->b;
	enum status st = q_conflicts(w->s, w->i->entity, &l, w->err);

	if (st != ST_OK)
		return st;
	json_key(b, "conflicts");
	str_addc(b, '[');
	for (size_t k = 0; k < l.n; k++) {
		json_next(b);
		str_addc(b, '{');
		json_put_id(b, "id", l.v[k].entity);
		json_put_str(b, "type", l.v[k].type);
		json_put_str(b, "field", l.v[k].field);
		json_put_str(b, "shown", l.v[k].shown);
		json_put_lines(b, "others", l.v[k].other, l.v[k].others);
		str_addc(b, '}');
	}
	str_addc(b, ']');
	conflicts_free(&l);
	return ST_OK;
}
