/* complete.c - see complete.h. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "model/field.h"
#include "model/names.h"
#include "ui/complete.h"
#include "verb/verb.h"

void candidates_add(struct candidates *l, const char *word, const char *about)
{
	l->v = xgrow(l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = (struct candidate){ xstrdup(word), about && *about ? xstrdup(about) : NULL };
}

void candidates_free(struct candidates *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].word);
		free(l->v[i].about);
	}
	free(l->v);
	*l = (struct candidates){ 0 };
}

void vocabulary_free(struct vocabulary *v)
{
	candidates_free(&v->people);
	candidates_free(&v->events);
	candidates_free(&v->actions);
	candidates_free(&v->asks);
	candidates_free(&v->hypotheses);
	candidates_free(&v->incidents);
	candidates_free(&v->templates);
}

void complete_free(struct completion *c)
{
	candidates_free(&c->offer);
	free(c->typed);
	memset(c, 0, sizeof *c);
}

struct find { struct completion *c; const char *typed; size_t n; const struct vocabulary *words; };

static void offer(struct find *f, const char *before, const char *word, const char *about)
{
	size_t skip = strlen(before);
	char *whole;

	if (f->n > skip && strncasecmp(word, f->typed + skip, f->n - skip) != 0)
		return;
	for (size_t i = 0; i < f->c->offer.n; i++) {
		if (strcmp(f->c->offer.v[i].word + skip, word) == 0)
			return;
	}
	whole = str_fmt("%s%s", before, word);
	candidates_add(&f->c->offer, whole, about);
	free(whole);
}

static void offer_all(struct find *f, const char *before, const struct candidates *l)
{
	for (size_t i = 0; i < l->n; i++)
		offer(f, before, l->v[i].word, l->v[i].about);
}

static void offer_verbs(struct find *f, const char *before)
{
	for (const struct verb *v = verb_table; v->name; v++) {
		if (v->flags & V_COMPOSER)
			offer(f, before, v->name, v->summary);
	}
}

static void offer_roles(struct find *f)
{
	for (const struct role *r = role_table; r->code; r++)
		offer(f, "", r->code, r->title);
}

static void offer_severities(struct find *f)
{
	static const char *const level[SEV_COUNT] = { "0", "1", "2", "3", "4" };

	for (size_t i = 0; i < SEV_COUNT; i++)
		offer(f, "", level[i], NULL);
}

/* The shipped catalogue: the user's file may be in the middle of an edit. The names of lists are typed as one word here. */
static void offer_catalogue(struct find *f, enum complete what)
{
	struct catalogue *cat;

	catalogue_load(NULL, &cat, NULL);
	for (size_t i = 0; what == COMPLETE_FIELD && i < cat->fields; i++) {
		if (!cat->field[i].computed)
			offer(f, "", cat->field[i].name, cat->field[i].label);
	}
	for (size_t i = 0; what == COMPLETE_SECTION && i < cat->sections; i++)
		offer(f, "", cat->section[i].name, NULL);
	for (size_t i = 0; what == COMPLETE_LIST && i < cat->lists; i++) {
		char *word = xstrdup(cat->list[i].name);

		for (char *p = word; *p; p++)
			*p = *p == ' ' ? '-' : *p;
		offer(f, "", word, NULL);
		free(word);
	}
	catalogue_free(cat);
}

/* The verb that the text begins with, and which operand the word at from is. */
static const struct verb *verb_of(const char *text, size_t from, size_t *operand)
{
	char name[64];
	size_t n = strcspn(text, " \n"), at = n;

	if (text[0] != '/' || n < 2 || n >= sizeof name || from <= n)
		return NULL;
	memcpy(name, text + 1, n - 1);
	name[n - 1] = '\0';
	for (*operand = 0; at < from; (*operand)++) {
		at += strspn(text + at, " \n");
		if (at >= from)
			break;
		at += strcspn(text + at, " \n");
	}
	return verb_find_prefix(name, V_COMPOSER, NULL);
}

/* "P0..P3" in a verb's usage: each of them. */
static void offer_range(struct find *f, const char *usage, size_t operand)
{
	char from, to, letter, word[3] = "";

	for (; operand > 0 && *usage; operand--) {
		usage += strcspn(usage, " ");
		usage += strspn(usage, " ");
	}
	if (sscanf(usage, "%c%c..%*c%c", &letter, &from, &to) != 3 || usage[strcspn(usage, " ")] != '\0' || strcspn(usage, " ") != 6)
		return;
	for (char at = from; at <= to; at++) {
		word[0] = letter;
		word[1] = at;
		offer(f, "", word, NULL);
	}
}

/* "[due:DATE]" in a verb's usage: due: stands wherever a word begins with it. */
static void offer_attributes(struct find *f, const struct verb *v)
{
	const char *p = v->usage ? v->usage : "";

	for (p = strchr(p, '['); p; p = strchr(p + 1, '[')) {
		size_t n = strcspn(p, ":] ");

		if (f->n && p[n] == ':') {
			char *word = str_fmt("%.*s:", (int)(n - 1), p + 1);

			offer(f, "", word, NULL);
			free(word);
		}
	}
}

/* -s and what stands behind it. */
static bool offer_options(struct find *f, const struct verb *v, const char *text, size_t from)
{
	const char *value = NULL;
	size_t end = from, start;

	for (const struct opt *o = v->opts; o && o->name && f->n && *f->typed == '-'; o++) {
		char *word = str_fmt("--%s", o->name);

		offer(f, "", word, o->help);
		free(word);
	}
	while (end && text[end - 1] == ' ')
		end--;
	for (start = end; start && text[start - 1] != ' '; start--)
		;
	for (const struct opt *o = v->opts; o && o->name; o++) {
		if (end - start == 2 && text[start] == '-' && text[start + 1] == o->letter)
			value = o->value;
		if (end - start == strlen(o->name) + 2 && strncmp(text + start, "--", 2) == 0 && strncmp(text + start + 2, o->name, end - start - 2) == 0)
			value = o->value;
	}
	if (value && strcmp(value, "SEV") == 0)
		offer_severities(f);
	if (value && strcmp(value, "TEMPLATE") == 0)
		offer_all(f, "", &f->words->templates);
	return value != NULL;
}

/* What the operands are, by the verb's column: those of the first, and of those after it. */
static const struct { enum complete what; bool first, later; size_t of; } lists[] = {
#define WORDS(list) offsetof(struct vocabulary, list)
	{ COMPLETE_EVENT, true, false, WORDS(events) },
	{ COMPLETE_ACTION, true, false, WORDS(actions) },
	{ COMPLETE_ACTION_PERSON, true, false, WORDS(actions) },
	{ COMPLETE_ACTION_PERSON, false, true, WORDS(people) },
	{ COMPLETE_ROLE_PERSON, false, true, WORDS(people) },
	{ COMPLETE_PERSON, true, true, WORDS(people) },
	{ COMPLETE_ASK, true, false, WORDS(asks) },
	{ COMPLETE_HYPOTHESIS, true, false, WORDS(hypotheses) },
	{ COMPLETE_INCIDENT, true, false, WORDS(incidents) },
	{ COMPLETE_TEMPLATE, true, false, WORDS(templates) },
	{ COMPLETE_ENTITY, true, false, WORDS(events) },
	{ COMPLETE_ENTITY, true, false, WORDS(actions) },
	{ COMPLETE_ENTITY, true, false, WORDS(asks) },
	{ COMPLETE_ENTITY, true, false, WORDS(hypotheses) },
#undef WORDS
};

static void offer_operand(struct find *f, const struct verb *v, size_t operand)
{
	bool free_text = v->flags & V_LINE; /* its words are anybody's; people stand behind @ there */

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		if (lists[i].what == v->complete && !free_text && (operand ? lists[i].later : lists[i].first))
			offer_all(f, "", (const struct candidates *)((const char *)f->words + lists[i].of));
	}
	if (operand == 0 && v->usage && strstr(v->usage, "ASK-N"))
		offer_all(f, "", &f->words->asks);
	if (operand == 1 && v->usage && str_starts(v->usage, "EVENT INCIDENT"))
		offer_all(f, "", &f->words->incidents);
	if (v->usage && operand)
		offer_range(f, v->usage, operand);
	if (operand == 0 && v->complete == COMPLETE_VERB)
		offer_verbs(f, "");
	if (operand == 0 && (v->complete == COMPLETE_ROLE || v->complete == COMPLETE_ROLE_PERSON))
		offer_roles(f);
	if (operand == 0 && v->complete == COMPLETE_SEVERITY)
		offer_severities(f);
	if (operand == 0)
		offer_catalogue(f, v->complete);
	if (operand)
		offer_attributes(f, v);
}

bool complete_find(struct completion *c, const char *text, size_t cur, const struct vocabulary *words)
{
	size_t from = cur, operand = 0;
	struct find f = { .c = c, .words = words };
	const struct verb *v;

	memset(c, 0, sizeof *c);
	while (from && text[from - 1] != ' ' && text[from - 1] != '\n')
		from--;
	f.typed = text + from;
	f.n = cur - from;
	v = verb_of(text, from, &operand);
	if (f.n && *f.typed == '/' && from == 0)
		offer_verbs(&f, "/");
	else if (f.n && *f.typed == '@')
		offer_all(&f, "@", &words->people);
	else if (v && !offer_options(&f, v, text, from))
		offer_operand(&f, v, operand);
	c->from = from;
	c->to = cur;
	c->at = c->offer.n;
	c->typed = xmalloc(f.n + 1);
	memcpy(c->typed, f.typed, f.n);
	c->typed[f.n] = '\0';
	return c->offer.n > 0;
}

size_t complete_common(const struct completion *c)
{
	const struct candidates *l = &c->offer;
	size_t n = l->n ? strlen(l->v[0].word) : 0;

	for (size_t i = 1; i < l->n; i++) {
		size_t k = 0;

		while (k < n && l->v[i].word[k] && strncasecmp(&l->v[0].word[k], &l->v[i].word[k], 1) == 0)
			k++;
		n = k;
	}
	return n;
}
