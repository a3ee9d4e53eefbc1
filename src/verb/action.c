/* action.c - action items: not events, they have their own list. Attributes count only at the end of the text. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verb/act.h"

/* ---- values --------------------------------------------------------------------------------------------------------- */

/* Due dates are stored as YYYY-MM-DD. Read: that, "today", "tomorrow", "7d" (days from today) in the incident's zone. */
static enum status read_due(struct ctx *c, const char *word, struct fields *f)
{
	int y, m, d;
	char end;
	long days = -1;
	struct local today;
	zone_local(c->zone, act_now(c), &today);
	if (str_ieq(word, "today"))
		days = 0;
	else if (str_ieq(word, "tomorrow"))
		days = 1;
	else if (sscanf(word, "%5ldd%c", &days, &end) == 1 && word[strlen(word) - 1] == 'd' && isdigit((unsigned char)word[0]))
		;
	else
		days = -1;
	if (days >= 0)
		cal_date(cal_days(today.year, today.mon, today.day) + days, &y, &m, &d);
	else if (strlen(word) != 10 || sscanf(word, "%4d-%2d-%2d%c", &y, &m, &d, &end) != 3 || m < 1 || m > 12 || d < 1 || d > cal_month_days(y, m))
		return fail(c->err, ST_USAGE, "due:%s: that is no date: give YYYY-MM-DD, today, tomorrow, or days from today as 7d", word);
	char iso[16];
	snprintf(iso, sizeof iso, "%04d-%02d-%02d", y % 10000, m % 100, d % 100);
	fields_text(f, "due", iso);
	return ST_OK;
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
	(void)c;
	fields_text(f, "status", word);
	return ST_OK;
}

static enum status read_horizon(struct ctx *c, const char *word, struct fields *f)
{
	(void)c;
	fields_text(f, "horizon", word);
	return ST_OK;
}

static enum status read_ref(struct ctx *c, const char *word, struct fields *f)
{
	(void)c;
	fields_text(f, "ref", word);
	return ST_OK;
}

/* ---- action TEXT [attributes] --------------------------------------------------------------------------------------- */

struct attribute { const char *prefix; enum status (*read)(struct ctx *, const char *, struct fields *); const char *field; };
static const struct attribute attributes[] = {
	{ "due:", read_due, "due" },
	{ "type:", read_type, "type" },
	{ "horizon:", read_horizon, "horizon" },
	{ "ref:", read_ref, "ref" },
};

/* True when word is an attribute: *st says whether its value could be read. Each counts once; the one further right wins. */
static bool read_attribute(struct ctx *c, const char *word, struct fields *f, enum status *st)
{
	*st = ST_OK;
	if (word[0] == '@' && word[1] && !fields_get(f, "owner"))
		return (*st = read_owner(c, word, f), true);
	if (is_priority(word) && !fields_get(f, "priority"))
		return (*st = read_priority(c, word, f), true);
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
		size_t n = strlen(attributes[i].prefix);
		if (strncasecmp(word, attributes[i].prefix, n) == 0 && word[n] && !fields_get(f, attributes[i].field))
			return (*st = attributes[i].read(c, word + n, f), true);
	}
	return false;
}

static size_t trim(const char *s, size_t n)
{
	while (n && isspace((unsigned char)s[n - 1]))
		n--;
	return n;
}

static enum status read_text(struct ctx *c, const char *text, struct fields *f)
{
	size_t n = trim(text, strlen(text));
	enum status st = ST_OK;
	while (n && st == ST_OK) {
		size_t from = n;
		while (from && !isspace((unsigned char)text[from - 1]))
			from--;
		char *word = xstrndup(text + from, n - from);
		bool taken = from > 0 && read_attribute(c, word, f, &st); /* the first word is always text */
		free(word);
		if (!taken)
			break;
		n = trim(text, from);
	}
	if (st == ST_OK)
		fields_bytes(f, "text", text, n);
	return st;
}

enum status verb_action(struct ctx *c, const struct args *a)
{
	if (!a->line.text[0])
		return fail(c->err, ST_USAGE, "the action item has no text: say what is to be done");
	struct fields f = { 0 };
	enum status st = read_text(c, a->line.text, &f);
	if (st == ST_OK && a->line.actor && !fields_get(&f, "owner"))
		fields_text(&f, "owner", a->line.actor);
	if (st != ST_OK) {
		fields_free(&f);
		return st;
	}
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

/* ---- assign, due, prio, progress, done, drop ------------------------------------------------------------------------ */

struct change { const char *verb; enum status (*read)(struct ctx *, const char *, struct fields *); int status; };
static const struct change changes[] = {
	{ "assign", read_owner, 0 }, { "due", read_due, 0 },      { "prio", read_priority, 0 },
	{ "progress", NULL, 1 },     { "done", NULL, 2 },	  { "drop", NULL, 3 },
};

enum status verb_attribute(struct ctx *c, const struct args *a)
{
	uuid id;
	enum status st = q_number_find(c->store, c->incident.entity, "action", a->argv[0], &id, c->err);
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
