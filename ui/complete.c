#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "model/names.h"
#include "ui/complete.h"
#include "verb/verb.h"

void complete_free(struct completion *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->word[i]);
	free(c->word);
	memset(c, 0, sizeof *c);
}

struct find { struct completion *c; const char *typed; size_t n; struct people people; };

static void offer(struct find *f, const char *before, const char *word)
{
	size_t skip = strlen(before);

	if (f->n > skip && strncasecmp(word, f->typed + skip, f->n - skip) != 0)
		return;
	for (size_t i = 0; i < f->c->n; i++) {
		if (strcmp(f->c->word[i] + skip, word) == 0)
			return;
	}
	f->c->word = xgrow(f->c->word, &f->c->cap, f->c->n + 1, sizeof *f->c->word);
	f->c->word[f->c->n++] = str_fmt("%s%s", before, word);
}

static void offer_verbs(struct find *f, const char *before)
{
	for (const struct verb *v = verb_table; v->name; v++) {
		if (v->flags & V_COMPOSER)
			offer(f, before, v->name);
	}
}

static void offer_people(struct find *f, const char *before)
{
	for (size_t i = 0; i < f->people.n; i++)
		offer(f, before, f->people.name[i]);
}

static void offer_roles(struct find *f)
{
	for (const struct role *r = role_table; r->code; r++)
		offer(f, "", r->code);
}

static void offer_severities(struct find *f)
{
	static const char *const level[SEV_COUNT] = { "0", "1", "2", "3", "4" };

	for (size_t i = 0; i < SEV_COUNT; i++)
		offer(f, "", level[i]);
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
	return verb_find_prefix(name, NULL);
}

static void offer_operand(struct find *f, const struct verb *v, size_t operand)
{
	switch (v->complete) {
	case COMPLETE_VERB: offer_verbs(f, ""); break;
	case COMPLETE_ROLE: offer_roles(f); break;
	case COMPLETE_PERSON: offer_people(f, ""); break;
	case COMPLETE_SEVERITY:
		if (operand == 0)
			offer_severities(f);
		break;
	case COMPLETE_ROLE_PERSON:
		if (operand == 0)
			offer_roles(f);
		else
			offer_people(f, "");
		break;
	default: break;
	}
}

bool complete_find(struct completion *c, const char *text, size_t cur, struct people people, bool bare)
{
	size_t from = cur, operand = 0;
	struct find f = { .c = c, .people = people };
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
		offer_people(&f, "@");
	else if (v && bare)
		offer_operand(&f, v, operand);
	c->from = from;
	c->to = cur;
	c->at = c->n;
	return c->n > 0;
}

size_t complete_common(const struct completion *c)
{
	size_t n = c->n ? strlen(c->word[0]) : 0;

	for (size_t i = 1; i < c->n; i++) {
		size_t k = 0;

		while (k < n && c->word[i][k] && strncasecmp(&c->word[0][k], &c->word[i][k], 1) == 0)
			k++;
		n = k;
	}
	return n;
}
