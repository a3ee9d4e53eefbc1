/* field_find.c - looking things up in a catalogue. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model/field.h"
#include "model/names.h"

static bool same(const char *a, const char *b)
{
	return word_find((const char *const[]){ a, NULL }, b) == 0;
}

const struct field_def *catalogue_field(const struct catalogue *c, const char *name)
{
	for (size_t i = 0; i < c->fields; i++)
		if (same(c->field[i].name, name))
			return &c->field[i];
	return NULL;
}

const struct list_def *catalogue_list(const struct catalogue *c, const char *name)
{
	for (size_t i = 0; i < c->lists; i++)
		if (same(c->list[i].name, name) || words_have(&c->list[i].aliases, name))
			return &c->list[i];
	return NULL;
}

const struct section_def *catalogue_section(const struct catalogue *c, const char *name)
{
	for (size_t i = 0; i < c->sections; i++)
		if (same(c->section[i].name, name))
			return &c->section[i];
	return NULL;
}

/* ---- a list's name at the start of a text ---------------------------------------------------------------------------- */

static size_t begins_with(const char *text, const char *name)
{
	size_t n = 0;
	for (; name[n]; n++) {
		char a = text[n] == '-' || text[n] == '\t' ? ' ' : text[n], b = name[n] == '-' ? ' ' : name[n];
		if (strncasecmp(&a, &b, 1) != 0)
			return 0;
	}
	if (text[n] == ':')
		n++;
	return !text[n] || text[n] == ' ' || text[n] == '\t' ? n : 0;
}

const struct list_def *catalogue_list_at(const struct catalogue *c, const char *text, size_t *used)
{
	const struct list_def *best = NULL;
	*used = 0;
	for (size_t i = 0; i < c->lists; i++)
		for (size_t k = 0; k <= c->list[i].aliases.n; k++) {
			size_t n = begins_with(text, k ? c->list[i].aliases.v[k - 1] : c->list[i].name);
			if (n > *used) {
				*used = n;
				best = &c->list[i];
			}
		}
	*used += strspn(text + *used, " \t");
	return best;
}

/* ---- what was meant -------------------------------------------------------------------------------------------------- */

struct near { const char *word, *best; unsigned least; };

/* A few slips of the finger, a part of a name ("users" of impact.users), or the beginning of one. */
static void consider(struct near *n, const char *name)
{
	const char *last = strrchr(name, '.');
	unsigned d = str_distance(name, n->word);
	if (last && strcasecmp(last + 1, n->word) == 0)
		d = 0;
	else if (last && str_distance(last + 1, n->word) + 1 < d)
		d = str_distance(last + 1, n->word) + 1;
	else if (strlen(n->word) > 2 && strncasecmp(name, n->word, strlen(n->word)) == 0 && d > 2)
		d = 2;
	if (d < n->least && d < strlen(n->word)) {
		n->least = d;
		n->best = name;
	}
}

const char *catalogue_near_field(const struct catalogue *c, const char *name)
{
	struct near n = { name, NULL, 4 };
	for (size_t i = 0; i < c->fields; i++)
		consider(&n, c->field[i].name);
	return n.best;
}

const char *catalogue_near_list(const struct catalogue *c, const char *name)
{
	struct near n = { name, NULL, 4 };
	for (size_t i = 0; i < c->lists; i++) {
		consider(&n, c->list[i].name);
		for (size_t k = 0; k < c->list[i].aliases.n; k++)
			consider(&n, c->list[i].aliases.v[k]);
	}
	return n.best;
}

const char *catalogue_near_section(const struct catalogue *c, const char *name)
{
	struct near n = { name, NULL, 4 };
	for (size_t i = 0; i < c->sections; i++)
		consider(&n, c->section[i].name);
	return n.best;
}

/* ---- the end --------------------------------------------------------------------------------------------------------- */

static void field_free(struct field_def *f)
{
	free(f->name);
	free(f->label);
	free(f->hint);
	free(f->unit);
	free(f->section);
	free(f->source_arg);
	words_free(&f->choices);
	words_free(&f->templates);
}

static void list_free(struct list_def *l)
{
	free(l->name);
	free(l->label);
	free(l->hint);
	free(l->scope);
	words_free(&l->aliases);
	words_free(&l->categories);
	words_free(&l->templates);
}

void catalogue_free(struct catalogue *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->fields; i++)
		field_free(&c->field[i]);
	for (size_t i = 0; i < c->lists; i++)
		list_free(&c->list[i]);
	for (size_t i = 0; i < c->sections; i++) {
		free(c->section[i].name);
		free(c->section[i].label);
		free(c->section[i].hint);
		words_free(&c->section[i].templates);
	}
	free(c->field);
	free(c->list);
	free(c->section);
	free(c);
}
