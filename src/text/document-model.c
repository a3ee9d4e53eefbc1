/* document-model.c - people and things as values: what was written down, nothing computed. Every key is there in
 * every row, null when unknown, so that a template never falls through to an outer value of the same name. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "text/document-impl.h"

static void put_flag(json_t *o, const char *name, bool yes)
{
	doc_put(o, name, json_boolean(yes));
}

static void append(json_t *list, json_t *o)
{
	json_array_append_new(list, o);
}

/* ---- the head ---- */

static void put_zone(struct document *d)
{
	struct str b = STR_INIT, end = STR_INIT;

	doc_puts(d->root, "zone", zone_name(d->zone));
	when_fmt_full(&b, d->first, d->zone);
	doc_puts(d->root, "zone_abbr", strrchr(b.s, ' ') + 1);
	str_reset(&b);
	when_fmt_zone_words(&b, d->first, d->zone);
	when_fmt_zone_words(&end, d->last, d->zone);
	if (!str_eq(b.s, end.s))
		str_addf(&b, ", later %s", end.s); /* the clocks changed meanwhile */
	doc_put(d->root, "zone_words", doc_take(&b));
	str_free(&end);
}

static enum status put_head(struct document *d, const struct document_opts *o, struct err *err)
{
	uint8_t head[OP_HASH];
	char hex[2 * OP_HASH + 1];
	char *status = doc_title(status_name(d->i.ms.status));
	usec day = d->i.ms.at[MS_STARTED] != USEC_NONE ? d->i.ms.at[MS_STARTED] : d->i.opened_at;
	struct str b = STR_INIT;

	doc_puts(d->root, "id", d->i.id);
	doc_puts(d->root, "title", d->i.title);
	doc_put(d->root, "severity", doc_severity(d, d->i.severity));
	doc_puts(d->root, "status", status);
	when_fmt_date(&b, day, d->zone);
	doc_put(d->root, "date", doc_take(&b));
	doc_put(d->root, "opened", doc_time(d, d->i.opened_at, 0));
	doc_put(d->root, "last", doc_time(d, d->last, 0));
	doc_puts(d->root, "version", o->version);
	free(status);
	put_zone(d);
	enum status st = q_head(d->s, d->i.entity, head, err);
	str_hex(hex, head, OP_HASH);
	doc_puts(d->root, "head", hex);
	hex[16] = '\0';
	doc_puts(d->root, "head_short", hex);
	return st;
}

/* ---- people ---- */

static bool named_before(const struct responders *l, size_t i, const char *role)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(l->v[k].name, l->v[i].name) && (!role || (l->v[k].role && str_ieq(l->v[k].role, role))))
			return true;
	return false;
}

/* Everybody once, in order of arrival; with a role only those who held it. */
static json_t *names(const struct responders *l, const char *role, const char *between)
{
	struct str b = STR_INIT;

	for (size_t i = 0; i < l->n; i++) {
		if (role && (!(l->v[i].role && str_ieq(l->v[i].role, role)) || l->v[i].joined_at == USEC_NONE))
			continue; /* or it was only offered */
		if (named_before(l, i, role))
			continue;
		str_adds(&b, b.len ? between : "");
		str_adds(&b, l->v[i].name);
	}
	return doc_take(&b);
}

static void put_responders(struct document *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->responders.n; i++) {
		const struct responder *r = &d->responders.v[i];
		if (r->offered_at != USEC_NONE && r->joined_at == USEC_NONE)
			continue; /* a role never accepted was never held */
		json_t *o = json_object();
		doc_puts(o, "name", r->name);
		doc_puts(o, "role", r->role);
		doc_puts(o, "role_title", r->role ? role_title(r->role) : NULL);
		doc_put(o, "joined", doc_time(d, r->joined_at, 0));
		doc_put(o, "left", doc_time(d, r->left_at, 0));
		append(list, o);
	}
	doc_put(d->root, "responders", list);
	doc_put(d->root, "responder_names", names(&d->responders, NULL, ", "));
	doc_put(d->root, "commander", names(&d->responders, "IC", ", then "));
}

/* ---- numbered things ---- */

static void put_asks(struct document *d)
{
	json_t *list = json_array();

	for (size_t i = 0; i < d->asks.n; i++) {
		const struct ask *a = &d->asks.v[i];
		json_t *o = json_object();
		doc_puts(o, "number", a->number);
		doc_puts(o, "to", a->to);
		doc_puts(o, "text", a->text);
		doc_puts(o, "status", a->status);
		doc_puts(o, "answer", a->answer);
		doc_put(o, "asked", doc_time(d, a->asked_at, 0));
		doc_put(o, "due", doc_time(d, a->due_at, 0));
		doc_put(o, "answered", doc_time(d, a->answered_at, 0));
		bool timed = a->answered_at != USEC_NONE && a->due_at != USEC_NONE;
		put_flag(o, "late", timed && a->answered_at > a->due_at);
		append(list, o);
	}
	doc_put(d->root, "asks", list);
}

static void put_hypotheses(struct document *d)
{
	json_t *list = json_array();
	bool confirmed = false;

	for (size_t i = 0; i < d->hypotheses.n; i++) {
		const struct hypothesis *h = &d->hypotheses.v[i];
		json_t *o = json_object();
		doc_puts(o, "number", h->number);
		doc_puts(o, "text", h->text);
		doc_puts(o, "status", h->status);
		doc_puts(o, "why", h->why);
		doc_put(o, "raised", doc_time(d, h->raised_at, 0));
		put_flag(o, "confirmed", str_eq(h->status, hypothesis_status[2]));
		confirmed |= str_eq(h->status, hypothesis_status[2]);
		put_flag(o, "ruled_out", str_eq(h->status, hypothesis_status[1]));
		append(list, o);
	}
	put_flag(d->root, "has_cause", confirmed);
	doc_put(d->root, "hypotheses", list);
}

static enum status put_actions(struct document *d, struct err *err)
{
	struct actions l;
	json_t *list = json_array();
	enum status st = q_actions(d->s, d->i.entity, &l, err);

	for (size_t i = 0; st == ST_OK && i < l.n; i++) {
		const struct action *a = &l.v[i];
		char priority[] = { 'P', (char)('0' + a->priority % 10), '\0' };
		json_t *o = json_object();
		doc_puts(o, "number", a->number);
		doc_puts(o, "text", a->text);
		doc_puts(o, "owner", a->owner);
		doc_puts(o, "due", a->due);
		doc_puts(o, "priority", a->priority < 0 ? NULL : priority);
		doc_puts(o, "type", a->type);
		doc_puts(o, "horizon", a->horizon);
		doc_puts(o, "ref", a->ref);
		doc_puts(o, "success", a->success);
		doc_puts(o, "status", a->status);
		put_flag(o, "done", str_eq(a->status, action_status[2]));
		put_flag(o, "dropped", str_eq(a->status, action_status[3]));
		append(list, o);
	}
	doc_put(d->root, "actions", list);
	if (st == ST_OK)
		actions_free(&l);
	return st;
}

/* ---- findings ---- */

/* "went well" is named finding.went-well. */
static char *list_key(const char *list)
{
	char *key = xstrdup(list ? list : "other");

	for (char *p = key; *p; p++)
		*p = *p == ' ' || *p == '.' ? '-' : *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
	return key;
}

static void put_findings(struct document *d)
{
	json_t *all = json_array(), *by_list = json_object();

	for (size_t i = 0; i < d->findings.n; i++) {
		const struct finding *f = &d->findings.v[i];
		char *key = list_key(f->list);
		json_t *list = json_object_get(by_list, key), *o = json_object();
		if (!list)
			doc_put(by_list, key, list = json_array());
		doc_puts(o, "list", f->list);
		doc_puts(o, "category", f->category);
		doc_puts(o, "title", f->title);
		doc_puts(o, "text", f->text);
		doc_put(o, "points", doc_lines(f->point, f->points));
		put_flag(o, "done", f->done);
		doc_put(o, "said", doc_time(d, f->said_at, 0));
		json_array_append(all, o);
		append(list, o);
		free(key);
	}
	doc_put(d->root, "findings", all);
	doc_put(d->root, "finding", by_list);
}

/* ---- fields and sections ---- */

/* impact.users stands in impact as users. A name that is both a value and the beginning of others keeps its value
 * in the lists only. */
static void put_path(json_t *at, const char *path, const char *value)
{
	const char *dot = strchr(path, '.');
	char *name = dot ? xstrndup(path, (size_t)(dot - path)) : xstrdup(path);
	json_t *there = json_object_get(at, name);

	if (!dot && !json_is_object(there)) {
		doc_puts(at, name, value);
	} else if (dot) {
		if (!json_is_object(there))
			doc_put(at, name, there = json_object());
		put_path(there, dot + 1, value);
	}
	free(name);
}

static void put_nameds(struct document *d, const char *tree, const char *list, struct nameds *l)
{
	json_t *o = json_object(), *all = json_array();

	for (size_t i = 0; i < l->n; i++) {
		struct named *v = &l->v[i];
		size_t n = strlen(v->value);
		while (n && strchr(" \t\r\n", v->value[n - 1]))
			v->value[--n] = '\0';
		if (strlen(v->name) <= 255) /* no template can name a longer one */
			put_path(o, v->name, v->value);
		json_t *row = json_object();
		doc_puts(row, "name", v->name);
		doc_puts(row, "value", v->value);
		append(all, row);
	}
	doc_put(d->root, tree, o);
	doc_put(d->root, list, all);
}

static enum status put_conflicts(struct document *d, struct err *err)
{
	struct conflicts l;
	json_t *list = json_array();
	enum status st = q_conflicts(d->s, d->i.entity, &l, err);

	for (size_t i = 0; st == ST_OK && i < l.n; i++) {
		json_t *o = json_object();
		doc_puts(o, "type", l.v[i].type);
		doc_puts(o, "field", l.v[i].field);
		doc_puts(o, "shown", l.v[i].shown);
		doc_put(o, "others", doc_lines(l.v[i].other, l.v[i].others));
		struct str b = STR_INIT;
		for (size_t k = 0; k < l.v[i].others; k++)
			str_addf(&b, "%s%s", k ? "; " : "", l.v[i].other[k]);
		doc_put(o, "also", doc_take(&b));
		append(list, o);
	}
	put_flag(d->root, "has_conflicts", json_array_size(list) > 0);
	doc_put(d->root, "conflicts", list);
	if (st == ST_OK)
		conflicts_free(&l);
	return st;
}

enum status doc_model(struct document *d, const struct document_opts *o, struct err *err)
{
	enum status st = put_head(d, o, err);

	put_responders(d);
	put_asks(d);
	put_hypotheses(d);
	put_findings(d);
	put_nameds(d, "field", "fields", &d->fields);
	put_nameds(d, "section", "sections", &d->sections);
	if (st == ST_OK)
		st = put_actions(d, err);
	return st == ST_OK ? put_conflicts(d, err) : st;
}
