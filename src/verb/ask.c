/* ask.c - asks with a time box, and hypotheses: both are numbered, both leave a line for each turn they take. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verb/act.h"

static enum status say(struct ctx *c, enum kind kind, uuid subject, const struct line *line, const char *text, usec at)
{
	uuid id;
	return act_event(c, &(struct event_new){ .kind = kind, .text = text, .line = line, .subject = subject, .at = at }, &id);
}

/* ---- asks ----------------------------------------------------------------------------------------------------------- */

/* "check p99 latency 3m": the last word is the time box. */
static enum status split_box(struct ctx *c, const struct line *l, char **text, usec *box)
{
	size_t n = strlen(l->text);
	while (n && l->text[n - 1] != ' ' && l->text[n - 1] != '\t')
		n--;
	struct err why;
	if (!l->text[0] || dur_parse(l->text + n, box, &why) != ST_OK)
		return fail(c->err, ST_USAGE, "the last word must be the time box: ask @NAME TEXT 3m");
	while (n && (l->text[n - 1] == ' ' || l->text[n - 1] == '\t'))
		n--;
	if (n == 0)
		return fail(c->err, ST_USAGE, "the ask has no text: ask @NAME TEXT 3m");
	*text = xstrndup(l->text, n);
	return ST_OK;
}

enum status verb_ask(struct ctx *c, const struct args *a)
{
	char *what = NULL;
	usec box, at = act_time(c, a);
	if (!a->line.actor)
		return fail(c->err, ST_USAGE, "nobody is asked: ask @NAME TEXT 3m");
	enum status st = split_box(c, &a->line, &what, &box);
	if (st != ST_OK)
		return st;
	struct fields f = { 0 };
	struct str number = STR_INIT, text = STR_INIT;
	uuid id;
	fields_text(&f, "whom", a->line.actor);
	fields_text(&f, "text", what);
	fields_int(&f, "asked_at", at);
	fields_int(&f, "due_at", at + box);
	fields_text(&f, "status", ask_status[0]);
	st = act_numbered(c, "ask", "ASK", &f, &id, &number);
	str_addf(&text, "%s @%s %s (", number.s, a->line.actor, what);
	dur_fmt(&text, box);
	str_addc(&text, ')');
	struct line said = { .when = a->line.when, .text = text.s, .raw = a->line.raw }; /* the one asked is not the one who acts */
	if (st == ST_OK)
		st = say(c, KIND_ASK, id, &said, text.s, at);
	if (st == ST_OK)
		st = act_print_number(c, number.s);
	free(what);
	str_free(&number);
	str_free(&text);
	return st;
}

/* The ask with this number; refused unless it is open. */
static enum status open_ask(struct ctx *c, const char *word, struct asks *l, const struct ask **out)
{
	uuid id;
	enum status st = q_number_find(c->store, c->incident.entity, "ask", word, &id, c->err);
	if (st == ST_OK)
		st = q_asks(c->store, c->incident.entity, l, c->err);
	if (st != ST_OK)
		return st;
	for (size_t i = 0; i < l->n; i++)
		if (uuid_eq(l->v[i].entity, id))
			*out = &l->v[i];
	if (!*out)
		return fail(c->err, ST_NO, "no ask %s in this incident: see \"tplus show\"", word);
	if (!str_eq((*out)->status, ask_status[0]))
		return fail(c->err, ST_NO, "%s is %s already", (*out)->number, (*out)->status);
	return ST_OK;
}

static enum status turn_ask(struct ctx *c, const struct ask *k, struct fields *f, const char *text, usec at)
{
	enum status st = tx_op(c->store, "ask.set", k->entity, f, c->err);
	return st == ST_OK ? say(c, KIND_ASK, k->entity, NULL, text, at) : st;
}

enum status verb_answer(struct ctx *c, const struct args *a)
{
	struct asks l = { 0 };
	const struct ask *k = NULL;
	usec at;
	enum status st = act_when(c, &at);
	if (st == ST_OK)
		st = open_ask(c, a->argv[0], &l, &k);
	if (st == ST_OK) {
		char *answer = act_join(a, 1), *text = str_fmt("%s answered%s%s", k->number, answer[0] ? ": " : "", answer);
		struct fields f = { 0 };
		fields_text(&f, "status", ask_status[1]);
		fields_int(&f, "answered_at", at);
		if (answer[0])
			fields_text(&f, "answer", answer);
		st = turn_ask(c, k, &f, text, at);
		free(answer);
		free(text);
	}
	asks_free(&l);
	return st == ST_OK ? act_print_event(c, KIND_ASK) : st;
}

enum status verb_extend(struct ctx *c, const struct args *a)
{
	struct asks l = { 0 };
	const struct ask *k = NULL;
	usec more, at;
	enum status st = dur_parse(a->argv[1], &more, c->err);
	if (st == ST_OK)
		st = act_when(c, &at);
	if (st == ST_OK)
		st = open_ask(c, a->argv[0], &l, &k);
	if (st == ST_OK) {
		usec from = k->due_at > at ? k->due_at : at; /* an overdue one runs anew from now */
		struct str text = STR_INIT;
		str_addf(&text, "%s extended by ", k->number);
		dur_fmt(&text, more);
		str_adds(&text, from == at ? " from now" : "");
		struct fields f = { 0 };
		fields_int(&f, "due_at", from + more);
		st = turn_ask(c, k, &f, text.s, at);
		str_free(&text);
	}
	asks_free(&l);
	return st == ST_OK ? act_print_event(c, KIND_ASK) : st;
}

static enum status drop_ask(struct ctx *c, const struct args *a)
{
	struct asks l = { 0 };
	const struct ask *k = NULL;
	usec at;
	enum status st = act_when(c, &at);
	if (st == ST_OK)
		st = open_ask(c, a->argv[0], &l, &k);
	if (st == ST_OK) {
		char *why = act_join(a, 1), *text = str_fmt("%s dropped%s%s", k->number, why[0] ? ": " : "", why);
		struct fields f = { 0 };
		fields_text(&f, "status", ask_status[2]);
		st = turn_ask(c, k, &f, text, at);
		free(why);
		free(text);
	}
	asks_free(&l);
	return st == ST_OK ? act_print_event(c, KIND_ASK) : st;
}

/* ---- drop: an action item or an ask, so the number's letters are needed --------------------------------------------- */

enum status verb_drop(struct ctx *c, const struct args *a)
{
	if (strncasecmp(a->argv[0], "ASK-", 4) == 0)
		return drop_ask(c, a);
	if (strncasecmp(a->argv[0], "AI-", 3) != 0)
		return fail(c->err, ST_USAGE, "%s may be an action item or an ask: say AI-%s or ASK-%s", a->argv[0], a->argv[0], a->argv[0]);
	return verb_attribute(c, a);
}

/* ---- hypotheses ----------------------------------------------------------------------------------------------------- */

enum status verb_hypothesis(struct ctx *c, const struct args *a)
{
	if (!a->line.text[0])
		return fail(c->err, ST_USAGE, "the hypothesis has no text: say what you suspect");
	struct fields f = { 0 };
	struct str number = STR_INIT;
	uuid id;
	fields_text(&f, "text", a->line.text);
	fields_text(&f, "status", hypothesis_status[0]);
	fields_int(&f, "raised_at", act_time(c, a));
	enum status st = act_numbered(c, "hypothesis", "H", &f, &id, &number);
	if (st == ST_OK)
		st = say(c, KIND_HYPOTHESIS, id, &a->line, a->line.text, act_time(c, a));
	if (st == ST_OK)
		st = act_print_number(c, number.s);
	str_free(&number);
	return st;
}

/* A confirmed one is what the document will ask for; the offer stands until the author has written it. */
static enum status offer_cause(struct ctx *c, const struct hypothesis *h)
{
	struct nameds l;
	bool written = false;
	enum status st = q_sections(c->store, c->incident.entity, &l, c->err);
	for (size_t i = 0; st == ST_OK && i < l.n; i++)
		written |= str_eq(l.v[i].name, "root-cause") && l.v[i].value[0];
	if (st == ST_OK && !written)
		act_note(c, "%s offers itself as the root cause: %ssection root-cause writes it, %sset root-cause %s names it", h->number,
			c->composer ? "/" : "tplus ", c->composer ? "/" : "tplus ", h->text ? h->text : "TEXT");
	if (st == ST_OK)
		nameds_free(&l);
	return st;
}

enum status verb_judge(struct ctx *c, const struct args *a)
{
	uuid id;
	usec at;
	const char *verdict = hypothesis_status[c->verb->data];
	enum status st = act_when(c, &at);
	if (st == ST_OK)
		st = q_number_find(c->store, c->incident.entity, "hypothesis", a->argv[0], &id, c->err);
	struct hypotheses l;
	if (st == ST_OK)
		st = q_hypotheses(c->store, c->incident.entity, &l, c->err);
	if (st != ST_OK)
		return st;
	const struct hypothesis *h = NULL;
	for (size_t i = 0; i < l.n; i++)
		if (uuid_eq(l.v[i].entity, id))
			h = &l.v[i];
	if (!h)
		st = fail(c->err, ST_NO, "no hypothesis %s in this incident: see \"tplus show\"", a->argv[0]);
	else if (str_eq(h->status, verdict))
		st = fail(c->err, ST_NO, "%s is %s already", h->number, verdict);
	if (st == ST_OK) {
		char *why = act_join(a, 1), *text = str_fmt("%s %s: %s%s%s", h->number, verdict, h->text, why[0] ? ": " : "", why);
		struct fields f = { 0 };
		fields_text(&f, "status", verdict);
		if (why[0])
			fields_text(&f, "why", why);
		else if (h->why)
			fields_null(&f, "why"); /* the reason for the verdict before is none for this one */
		st = tx_op(c->store, "hypothesis.set", id, &f, c->err);
		if (st == ST_OK)
			st = say(c, KIND_HYPOTHESIS, id, NULL, text, at);
		if (st == ST_OK && c->verb->data == 2)
			st = offer_cause(c, h);
		free(why);
		free(text);
	}
	hypotheses_free(&l);
	return st == ST_OK ? act_print_event(c, KIND_HYPOTHESIS) : st;
}
