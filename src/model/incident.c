/* incident.c - releasing what incident.h describes. */
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
