/* incident.c - releasing what incident.h describes; who is here. */
#include "model/incident.h"

#include <stdlib.h>
#include <string.h>

static void free_lines(char **v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i]);
	free(v);
}

void incident_clear(struct incident *i)
{
	free(i->id);
	free(i->shown_id);
	free(i->title);
	free(i->zone);
	memset(i, 0, sizeof *i);
}

void event_clear(struct event *e)
{
	free(e->actor);
	free(e->author);
	free(e->text);
	free(e->why);
	free_lines(e->detail, e->details);
	memset(e, 0, sizeof *e);
}

void incidents_free(struct incidents *l)
{
	for (size_t i = 0; i < l->n; i++)
		incident_clear(&l->v[i]);
	free(l->v);
	*l = (struct incidents){ 0 };
}

void events_free(struct events *l)
{
	for (size_t i = 0; i < l->n; i++)
		event_clear(&l->v[i]);
	free(l->v);
	*l = (struct events){ 0 };
}

void responders_free(struct responders *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].name);
		free(l->v[i].role);
	}
	free(l->v);
	*l = (struct responders){ 0 };
}

bool responder_here(const struct responder *r)
{
	return r->joined_at != USEC_NONE && r->left_at == USEC_NONE;
}

bool responder_offered(const struct responder *r)
{
	return r->offered_at != USEC_NONE && r->joined_at == USEC_NONE && r->left_at == USEC_NONE;
}

static bool commands(const struct responders *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (responder_here(&l->v[i]) && l->v[i].role && str_ieq(l->v[i].role, "IC") && str_ieq(l->v[i].name, name))
			return true;
	return false;
}

size_t responders_direct(const struct responders *l)
{
	size_t n = 0;
	for (size_t i = 0; i < l->n; i++) {
		if (!responder_here(&l->v[i]) || !l->v[i].name || commands(l, l->v[i].name))
			continue;
		bool first = true;
		for (size_t k = 0; k < i && first; k++)
			first = !responder_here(&l->v[k]) || !l->v[k].name || !str_ieq(l->v[k].name, l->v[i].name);
		n += first;
	}
	return n;
}

void snooze_clear(struct snooze *z)
{
	free(z->why);
	free(z->by);
	*z = (struct snooze){ .until = USEC_NONE };
}

void actions_free(struct actions *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct action *a = &l->v[i];
		char *all[] = { a->number, a->text, a->owner, a->due, a->type, a->horizon, a->ref, a->success, a->status };
		for (size_t k = 0; k < sizeof all / sizeof *all; k++)
			free(all[k]);
	}
	free(l->v);
	*l = (struct actions){ 0 };
}

void asks_free(struct asks *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct ask *a = &l->v[i];
		char *all[] = { a->number, a->to, a->text, a->status, a->answer };
		for (size_t k = 0; k < sizeof all / sizeof *all; k++)
			free(all[k]);
	}
	free(l->v);
	*l = (struct asks){ 0 };
}

void hypotheses_free(struct hypotheses *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].number);
		free(l->v[i].text);
		free(l->v[i].status);
		free(l->v[i].why);
	}
	free(l->v);
	*l = (struct hypotheses){ 0 };
}

void findings_free(struct findings *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct finding *f = &l->v[i];
		free(f->list);
		free(f->category);
		free(f->title);
		free(f->text);
		free(f->scope);
		free_lines(f->point, f->points);
	}
	free(l->v);
	*l = (struct findings){ 0 };
}

void nameds_free(struct nameds *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].name);
		free(l->v[i].value);
	}
	free(l->v);
	*l = (struct nameds){ 0 };
}

/* ---- records ---- */

static const char *const metric_attrs[] = { "name", "service", "before", "during", "after", "unit", "target", NULL };
static const char *const relation_attrs[] = { "id", "date", "title", "relation", "outcome", NULL };
static const char *const link_attrs[] = { "url", "text", "kind", NULL };
static const char *const signoff_attrs[] = { "role", "name", "date", "as", "scope", NULL };
static const char *const code_attrs[] = { "section", "title", "language", "text", NULL };

const struct record_type record_types[] = {
	{ "metric", "metrics", metric_attrs },	  { "relation", "relations", relation_attrs }, { "link", "links", link_attrs },
	{ "signoff", "signoffs", signoff_attrs }, { "code", "code", code_attrs },	       { NULL, NULL, NULL },
};

const char *record_get(const struct record *r, const char *name)
{
	for (size_t i = 0; i < r->values.n; i++)
		if (str_eq(r->values.v[i].name, name))
			return r->values.v[i].value;
	return NULL;
}

void records_free(struct records *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].type);
		free(l->v[i].author);
		nameds_free(&l->v[i].values);
	}
	free(l->v);
	*l = (struct records){ 0 };
}

void severity_steps_free(struct severity_steps *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].why);
		free(l->v[i].author);
	}
	free(l->v);
	*l = (struct severity_steps){ 0 };
}

void conflicts_free(struct conflicts *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].type);
		free(l->v[i].field);
		free(l->v[i].shown);
		free_lines(l->v[i].other, l->v[i].others);
	}
	free(l->v);
	*l = (struct conflicts){ 0 };
}
