/* import-actions.c - action items: tables, check lists, and what their headings say of priority and horizon. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "model/figure.h"
#include "text/import-impl.h"

enum column {
	COL_TEXT,
	COL_OWNER,
	COL_DUE,
	COL_STATUS,
	COL_PRIORITY,
	COL_NUMBER,
	COL_REF,
	COL_TYPE,
	COL_SUCCESS,
	COL_HORIZON,
	COLUMNS
};

/* Names of columns, and of the lines below an item of a list. */
static const char *const names[COLUMNS][12] = {
	[COL_TEXT] = { "action item", "action", "task", "item", "description", "what", "work item", "action items",
		"todo", NULL },
	[COL_OWNER] = { "owner", "assignee", "assigned to", "who", "responsible", "owners", "lead", "team", NULL },
	[COL_DUE] = { "due date", "due", "deadline", "target date", "eta", "by", "by when", "target", NULL },
	[COL_STATUS] = { "status", "state", "progress", "done", NULL },
	[COL_PRIORITY] = { "priority", "prio", "p", "severity", "urgency", NULL },
	[COL_NUMBER] = { "id", "number", "no", "nr", "ai", NULL },
	[COL_REF] = { "plane issue", "ticket", "issue", "jira", "reference", "ref", "tracker", "tracking", "link",
		"bug", "pr", NULL },
	[COL_TYPE] = { "type", "category", "kind", NULL },
	[COL_SUCCESS] = { "success criteria", "success criterion", "acceptance criteria", "done when", "success",
		NULL },
	[COL_HORIZON] = { "horizon", "timeframe", "time frame", "term", NULL },
};

/* ---- values
 * --------------------------------------------------------------------------------------------------------- */

static const struct {
	const char *word;
	int status;
} states[] = {
	{ "not started", 0 },
	{ "open", 0 },
	{ "todo", 0 },
	{ "to do", 0 },
	{ "planned", 0 },
	{ "pending", 0 },
	{ "new", 0 },
	{ "backlog", 0 },
	{ "in progress", 1 },
	{ "started", 1 },
	{ "ongoing", 1 },
	{ "wip", 1 },
	{ "in review", 1 },
	{ "doing", 1 },
	{ "done", 2 },
	{ "completed", 2 },
	{ "complete", 2 },
	{ "closed", 2 },
	{ "resolved", 2 },
	{ "fixed", 2 },
	{ "shipped", 2 },
	{ "yes", 2 },
	{ "dropped", 3 },
	{ "cancelled", 3 },
	{ "canceled", 3 },
	{ "wont fix", 3 },
	{ "wont do", 3 },
	{ "rejected", 3 },
};

static int status_of(const char *text)
{
	bool yes;
	char *key = heading_key(text);
	int found = -1;
	for (size_t i = 0; i < COUNT(states) && found < 0; i++)
		if (strcmp(states[i].word, key) == 0)
			found = states[i].status;
	if (found < 0 && !key[0] && text_tick(text, &yes))
		found = yes ? 2 : 0;
	free(key);
	return found;
}

/* P0-P3, or the words that the house templates pair with them. */
static int priority_in(const char *text)
{
	static const struct {
		const char *word;
		int priority;
	} words[] = { { "p0", 0 }, { "p1", 1 }, { "p2", 2 }, { "p3", 3 }, { "critical", 0 }, { "urgent", 0 },
		{ "highest", 0 }, { "high", 0 }, { "medium", 1 }, { "low", 2 }, { "lowest", 3 } };
	for (size_t i = 0; i < COUNT(words); i++) {
		size_t n = strlen(words[i].word);
		for (const char *p = strcasestr(text, words[i].word); p; p = strcasestr(p + 1, words[i].word))
			if ((p == text || !isalnum((unsigned char)p[-1])) && !isalnum((unsigned char)p[n]))
				return words[i].priority;
	}
	return -1;
}

/* "within 7 days", "Complete within 3 months", "Short-term (This Week)" */
static char *horizon_in(const char *text)
{
	static const char *const units[] = { "day", "week", "month", "quarter" };
	char found[32] = "";
	for (size_t i = 0; i < COUNT(units) && !found[0]; i++) {
		const char *p = strcasestr(text, units[i]);
		if (!p || p == text)
			continue;
		const char *q = p - 1;
		while (q > text && q[-1] != ' ' && q[-1] != '(')
			q--;
		while (q < p && *q == ' ')
			q++;
		if (q == p && p - text >= 2) { /* the word before */
			q = p - 1;
			while (q > text && q[-1] != ' ' && q[-1] != '(')
				q--;
		}
		size_t len = (size_t)(p - q) + strlen(units[i]) + (p[strlen(units[i])] == 's');
		if (isdigit((unsigned char)*q) || strncasecmp(q, "this ", 5) == 0)
			snprintf(found, sizeof found, "%.*s", (int)len, q);
		else
			snprintf(found, sizeof found, "%s", i ? units[i] : "");
	}
	if (!found[0] && strcasestr(text, "sprint"))
		snprintf(found, sizeof found, "sprint");
	if (!found[0])
		return NULL;
	struct str b = STR_INIT;
	for (char *p = found; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	horizon_canonical(&b, found);
	return str_take(&b);
}

/* YYYY-MM-DD where it can be read, else as it stands. */
static char *due_of(const char *text)
{
	struct doctime t;
	char *line = text_line(text);
	if (!doctime_find_date(line, strlen(line), &t, NULL))
		return line;
	free(line);
	return str_fmt("%04d-%02d-%02d", t.year, t.mon, t.day);
}

/* AI-001 is AI-1; other numbers belong to another system. */
static char *number_of(const char *text)
{
	char *line = text_line(text), *end;
	char *out = NULL;
	if (strncasecmp(line, "AI-", 3) == 0 && isdigit((unsigned char)line[3])) {
		unsigned long n = strtoul(line + 3, &end, 10);
		if (n > 0 && n < 100000 && (!*end || *end == ':'))
			out = str_fmt("AI-%lu", n);
	}
	free(line);
	return out;
}

/* ---- one item
 * ------------------------------------------------------------------------------------------------------- */

static struct action *action_new(struct reading *r, struct part *p)
{
	struct actions *l = &r->out->actions;
	l->v = xgrow(l->v, &r->action_cap, l->n + 1, sizeof *l->v);
	struct action *a = &l->v[l->n++];
	*a = (struct action){ .priority = -1, .status = xstrdup(action_status[0]), .created_at = USEC_NONE };
	for (struct part *up = p; up && up->what == WHAT_ACTIONS; up = up->parent) {
		if (!a->horizon)
			a->horizon = horizon_in(up->title);
		if (a->priority < 0 && strcasestr(up->title, "priority") && strncasecmp(up->title, "priority", 8) != 0)
			a->priority = priority_in(up->title);
	}
	return a;
}

static void put(char **to, char *value)
{
	if (*to)
		free(value);
	else
		*to = value;
}

static void set_status(struct action *a, const char *value)
{
	int s = status_of(value);
	if (s < 0)
		return;
	free(a->status);
	a->status = xstrdup(action_status[s]);
}

/* False: a value that is none of ours, as of a column named differently. */
static void action_set(struct action *a, enum column c, const char *value)
{
	int p, t;
	char *number;
	if (c == COL_TEXT ? is_blank_text(value) : is_placeholder(value))
		return;
	switch (c) {
	case COL_TEXT:
		put(&a->text, text_line(value));
		break;
	case COL_OWNER:
		put(&a->owner, name_of_person(value));
		break;
	case COL_DUE:
		put(&a->due, due_of(value));
		break;
	case COL_STATUS:
		set_status(a, value);
		break;
	case COL_PRIORITY:
		p = priority_in(value);
		a->priority = p >= 0 ? p : a->priority;
		break;
	case COL_NUMBER:
		number = number_of(value);
		if (number)
			put(&a->number, number);
		else
			put(&a->ref, text_line(value));
		break;
	case COL_REF:
		put(&a->ref, text_line(value));
		break;
	case COL_TYPE:
		t = word_find(action_types, value);
		put(&a->type, t >= 0 ? xstrdup(action_types[t]) : text_line(value));
		break;
	case COL_SUCCESS:
		put(&a->success, text_line(value));
		break;
	case COL_HORIZON:
		put(&a->horizon, horizon_in(value));
		break;
	case COLUMNS:
		break;
	}
}

/* ---- tables
 * --------------------------------------------------------------------------------------------------------- */

bool actions_table(struct reading *r, struct part *p, struct node *table, bool meant)
{
	static const char *const times[] = { "time", "timestamp", NULL };
	int column[COLUMNS], known = 0;
	for (int c = 0; c < COLUMNS; c++)
		known += (column[c] = column_of(table, names[c])) >= 0;
	bool follows = column[COL_OWNER] >= 0 && (column[COL_DUE] >= 0 || column[COL_STATUS] >= 0);
	if (column[COL_TEXT] < 0 || known < 2 || (!meant && !follows) || column_of(table, times) >= 0)
		return false;
	for (size_t i = 1; i < table->children; i++) {
		bool there = (size_t)column[COL_TEXT] < table->child[i]->children;
		char *text = there ? node_text(table->child[i]->child[column[COL_TEXT]]) : NULL;
		if (!text || is_blank_text(text)) {
			r->out->placeholders++;
			free(text);
			continue;
		}
		struct action *a = action_new(r, p);
		for (int c = 0; c < COLUMNS; c++) {
			char *v = c == COL_TEXT ? xstrdup(text) : cell_text(table->child[i], column[c]);
			if (v)
				action_set(a, (enum column)c, v);
			free(v);
		}
		free(text);
	}
	r->table_actions = r->out->actions.n;
	return true;
}

/* ---- lists
 * ---------------------------------------------------------------------------------------------------------- */

static enum column column_named(const char *key)
{
	for (int c = COL_OWNER; c < COLUMNS; c++)
		for (size_t i = 0; names[c][i]; i++)
			if (strcmp(names[c][i], key) == 0)
				return (enum column)c;
	return COLUMNS;
}

/* "Owner: @bob"; other lines are part of the text. */
static void take_line(struct action *a, const char *text)
{
	char *line = text_line(text), *colon = strchr(line, ':');
	if (colon) {
		*colon = 0;
		char *key = heading_key(line);
		enum column c = column_named(key);
		free(key);
		if (c != COLUMNS) {
			action_set(a, c, colon + 1 + strspn(colon + 1, " "));
			free(line);
			return;
		}
		*colon = ':';
	}
	if (line[0]) {
		char *both = str_fmt("%s; %s", a->text, line);
		free(a->text);
		a->text = both;
	}
	free(line);
}

static void take_lines(struct action *a, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		char *one = xstrndup(text, n);
		take_line(a, one);
		free(one);
		text += n + (text[n] != 0);
	}
}

static void take_nested(struct action *a, const struct node *item, const struct node *own)
{
	for (size_t i = 0; i < item->children; i++) {
		const struct node *n = item->child[i];
		if (n == own)
			continue;
		if (n->kind == NODE_LIST || n->kind == NODE_ITEM)
			take_nested(a, n, NULL);
		else if (n->text.len)
			take_lines(a, n->text.s);
	}
}

/* "… (@bob, due 2026-01-20)", "… (owner: bob)" at the end of the text. */
static void take_tail(struct action *a)
{
	size_t n = strlen(a->text);
	char *open = strrchr(a->text, '(');
	if (!open || open == a->text || n < 3 || a->text[n - 1] != ')')
		return;
	char *inner = xstrndup(open + 1, n - 2 - (size_t)(open - a->text));
	bool known = true, any = false;
	struct doctime t;
	for (int pass = 0; pass < 2 && known; pass++)
		for (char *p = inner; *p && known;) {
			size_t len = strcspn(p, ",;");
			char *one = text_trim(p, len);
			bool due = strncasecmp(one, "due", 3) == 0 || strncasecmp(one, "by ", 3) == 0 ||
				   isdigit((unsigned char)one[0]);
			bool owner = one[0] == '@' || strncasecmp(one, "owner:", 6) == 0;
			due = due && doctime_find_date(one, strlen(one), &t, NULL);
			known = due || owner;
			any |= known;
			if (pass && owner)
				action_set(a, COL_OWNER, one[0] == '@' ? one : one + 6 + strspn(one + 6, " "));
			else if (pass && due)
				action_set(a, COL_DUE, one);
			free(one);
			p += len + (p[len] != 0);
		}
	free(inner);
	if (known && any) {
		char *text = text_trim(a->text, (size_t)(open - a->text));
		free(a->text);
		a->text = text;
	}
}

static bool is_repeated(const struct reading *r, const char *text)
{
	const struct actions *l = &r->out->actions;
	for (size_t i = 0; i < r->table_actions && i < 1000; i++)
		if (str_eq(l->v[i].text, text))
			return true;
	return false;
}

static void take_item(struct reading *r, struct part *p, const struct node *item, const struct node *own)
{
	char *text = node_text(own), *label = NULL, *number = NULL;
	size_t value = 0;
	const char *said = text;
	char *rest = NULL;
	bool yes, ticked = text_tick(text, &yes);
	if (label_at(own, 0, &label, &value) && (number = number_of(label)))
		said = rest = text_trim(own->text.s + value, strlen(own->text.s + value));
	said = text_skip_marks(said);
	size_t first = strcspn(said, "\n");
	char *line = text_trim(said, first);
	if (is_blank_text(line)) {
		r->out->placeholders++;
		free(number);
	} else if (is_repeated(r, line)) { /* the document "analysis" has them as a table, and again by priority */
		free(number);
	} else {
		struct action *a = action_new(r, p);
		a->number = number;
		a->text = xstrdup(line);
		if (item->done || (ticked && yes))
			set_status(a, "done");
		take_tail(a);
		take_lines(a, said + first);
		take_nested(a, item, own);
	}
	free(line);
	free(rest);
	free(label);
	free(text);
}

bool actions_list(struct reading *r, struct part *p, struct node *list)
{
	for (size_t i = 0; i < list->children; i++) {
		const struct node *item = list->child[i], *own = item_text(item);
		if (own)
			take_item(r, p, item, own);
	}
	return true;
}
