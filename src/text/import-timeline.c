/* import-timeline.c - timelines: tables, lists, lines and headings that begin with a time. Rows are kept as written
 * until all of them are known. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "text/import-impl.h"

static struct import_row *row_new(struct reading *r, const struct doctime *t)
{
	r->row = xgrow(r->row, &r->row_cap, r->rows + 1, sizeof *r->row);
	struct import_row *row = &r->row[r->rows++];
	*row = (struct import_row){ .t = *t, .at = USEC_NONE, .milestone = MS_NONE, .kind = KIND_NOTE };
	if (!t->has_date && r->section_day.has_date) {
		row->t.has_date = true;
		row->t.year = r->section_day.year;
		row->t.mon = r->section_day.mon;
		row->t.day = r->section_day.day;
		r->section_day.has_date = false; /* the rows behind go on from it */
	}
	return row;
}

static void add_detail(struct import_row *row, const char *text)
{
	char *line = text_line(text);
	if (is_blank_text(line)) {
		free(line);
		return;
	}
	row->detail = xgrow(row->detail, &row->cap, row->details + 1, sizeof *row->detail);
	row->detail[row->details++] = line;
}

static void add_details(struct import_row *row, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, "\n");
		char *one = xstrndup(text, n);
		add_detail(row, one);
		free(one);
		text += n + (text[n] != 0);
	}
}

static void set_actor(struct import_row *row, const char *text)
{
	if (!is_blank_text(text) && !row->actor)
		row->actor = name_of_person(text);
}

/* The end of a range, and what else stands with the time, must not be lost. */
static void keep_rest(struct import_row *row, const char *text, const struct doctime *t)
{
	if (t->end_n) {
		char *end = xstrndup(text + t->end, t->end_n), *line = str_fmt("until %s", end);
		add_detail(row, line);
		free(line);
		free(end);
	}
}

/* "**Detected**: text" says what default writes in front of milestones and updates; the label's end. */
static size_t own_label(struct reading *r, struct import_row *row, const struct node *n)
{
	char *label = NULL;
	size_t value = 0;
	if (!label_at(n, 0, &label, &value)) {
		const struct mark *m = n->marks ? &n->mark[0] : NULL;
		if (!m || m->kind != MARK_STRONG || m->from != 0 || m->to != strcspn(n->text.s, "\n"))
			return 0;
		label = xstrndup(n->text.s, m->to);
		value = m->to;
	}
	char *key = heading_key(label);
	int ms = strcmp(key, "reopened") == 0 ? MS_REOPEN : milestone_find(key);
	const struct list_def *list = r->o->catalogue ? catalogue_list(r->o->catalogue, key) : NULL;
	if (ms != MS_NONE) {
		row->kind = KIND_MILESTONE;
		row->milestone = ms;
	} else if (strcmp(key, "update") == 0) {
		row->kind = KIND_UPDATE;
	} else if (strcmp(key, "alert") == 0) {
		row->kind = KIND_ALERT;
	} else if (str_starts(label, "ASK-") || (str_starts(label, "H-") && isdigit((unsigned char)label[2]))) {
		row->kind = label[0] == 'H' ? KIND_HYPOTHESIS : KIND_ASK;
		row->subject = import_subject(label);
	} else if (list && strcmp(list->name, key) == 0) {
		row->kind = KIND_FINDING;
	} else {
		value = 0;
	}
	free(key);
	free(label);
	return value;
}

/* The event itself: first line text, further ones detail; struck out or not. */
static void set_event(struct reading *r, struct import_row *row, const struct node *n, size_t from)
{
	size_t label = from == 0 ? own_label(r, row, n) : 0;
	char *all = label ? xstrdup(n->text.s + label) : from ? xstrdup(n->text.s + from) : node_text(n);
	char *why = NULL;
	for (size_t i = 0; i < n->marks && !from; i++)
		if (n->mark[i].kind == MARK_STRUCK && n->mark[i].from == 0) {
			const char *note = strstr(n->text.s + n->mark[i].to, "(struck: ");
			row->struck = true;
			if (note && (why = strstr(all, " (struck: "))) {
				row->why = xstrndup(why + 10, strcspn(why + 10, "\n)"));
				*why = 0;
			}
		}
	const char *s = all + strspn(all, " \t\n");
	size_t first = strcspn(s, "\n");
	free(row->text);
	row->text = text_trim(s, first);
	if (is_blank_text(row->text) && row->text[0] == '_')
		row->text[0] = 0;
	add_details(row, s + first);
	free(all);
}

/* ---- tables
 * --------------------------------------------------------------------------------------------------------- */

static const char *const time_names[] = { "time", "timestamp", "when", "date time", "date and time", "clock", "at",
	"utc", "time utc", "time stamp", NULL };
static const char *const date_names[] = { "date", "day", NULL };
static const char *const event_names[] = { "event", "what happened", "what", "description", "summary",
	"event description", "activity", "message", "happening", "log", "entry", "update", "milestone", "action",
	"details", "notes", NULL };
static const char *const actor_names[] = { "actor", "action by", "who", "by", "person", "performed by", "responder",
	"owner", "source", "author", "team", "name", NULL };
static const char *const action_names[] = { "action taken", "actions taken", "response", "action", "actions", NULL };

struct columns {
	int time, date, event, actor, action;
};

/* Without a header that says so: the first column most of whose cells are times. */
static int column_of_times(const struct node *table)
{
	const struct node *head = table->child[0];
	for (size_t c = 0; c < head->children && c < 3; c++) {
		size_t times = 0;
		struct doctime t;
		for (size_t i = 1; i < table->children; i++)
			if (c < table->child[i]->children) {
				const struct str *s = &table->child[i]->child[c]->text;
				times += doctime_read(s->s, s->len, &t) && t.has_clock && s->len - t.used < 12;
			}
		if (times && times * 2 >= table->children - 1)
			return (int)c;
	}
	return -1;
}

static bool find_columns(const struct node *table, bool meant, struct columns *c)
{
	c->time = column_of(table, time_names);
	if (c->time < 0 && meant)
		c->time = column_of_times(table);
	c->date = column_of(table, date_names);
	c->event = column_of(table, event_names);
	c->actor = column_of(table, actor_names);
	c->action = column_of(table, action_names);
	if (c->time < 0 && meant && c->date >= 0 && column_of_times(table) < 0) { /* "Date" with the time in it */
		c->time = c->date;
		c->date = -1;
	}
	if (c->action == c->event)
		c->action = -1;
	for (size_t i = 0; meant && c->event < 0 && i < table->child[0]->children; i++)
		if ((int)i != c->time && (int)i != c->date && (int)i != c->actor)
			c->event = (int)i;
	return c->time >= 0 && c->event >= 0;
}

static const struct node *cell(const struct node *row, int column)
{
	return column >= 0 && (size_t)column < row->children ? row->child[column] : NULL;
}

/* Columns without a meaning of their own: "Header: value". */
static void other_columns(
	struct import_row *row, const struct node *table, const struct node *tr, const struct columns *c)
{
	for (size_t i = 0; i < tr->children; i++) {
		int k = (int)i;
		if (k == c->time || k == c->date || k == c->event || k == c->actor || k == c->action ||
			i >= table->child[0]->children)
			continue;
		char *v = cell_text(tr, k);
		if (v) {
			char *line = str_fmt("%s: %s", table->child[0]->child[i]->text.s, v);
			add_detail(row, line);
			free(line);
		}
		free(v);
	}
}

static bool row_time(
	struct reading *r, const struct node *tr, const struct columns *c, struct doctime *t, const char **text)
{
	const struct node *time = cell(tr, c->time), *date = cell(tr, c->date);
	struct doctime d;
	bool ok = time && doctime_read(time->text.s, time->text.len, t);
	*text = time ? time->text.s : "";
	if (ok && date && !t->has_date && doctime_read(date->text.s, date->text.len, &d) && d.has_date) {
		t->has_date = true;
		t->year = d.year;
		t->mon = d.mon;
		t->day = d.day;
	}
	if (ok && t->has_date && !t->has_clock)
		r->section_day = *t;
	return ok;
}

static bool is_blank_row(const struct node *tr, const struct columns *c)
{
	const struct node *event = cell(tr, c->event), *action = cell(tr, c->action);
	return (!event || is_blank_text(event->text.s)) && (!action || is_blank_text(action->text.s));
}

static void take_row(struct reading *r, const struct node *table, const struct node *tr, const struct columns *c)
{
	struct doctime t = { 0 };
	const char *text;
	bool timed = row_time(r, tr, c, &t, &text);
	bool day_only = timed && !t.has_clock;
	if (is_blank_row(tr, c) || (!timed && is_placeholder(text) && text[0] && text[0] != '-')) {
		r->out->placeholders += !day_only;
		return;
	}
	struct import_row *row = row_new(r, &t);
	keep_rest(row, text, &t);
	set_event(r, row, cell(tr, c->event) ? cell(tr, c->event) : cell(tr, c->action), 0);
	if (timed && t.has_clock && strlen(text) > t.used)
		add_detail(row, text + t.used);
	else if (!timed && text[0])
		add_detail(row, text);
	if (cell(tr, c->actor))
		set_actor(row, cell(tr, c->actor)->text.s);
	if (cell(tr, c->action) && cell(tr, c->event)) {
		char *v = node_text(cell(tr, c->action));
		add_details(row, v);
		free(v);
	}
	other_columns(row, table, tr, c);
}

bool timeline_table(struct reading *r, struct part *p, struct node *table)
{
	struct columns c;
	bool meant = p->what == WHAT_TIMELINE;
	if (!table->children || !find_columns(table, meant, &c))
		return false;
	size_t times = 0;
	for (size_t i = 1; i < table->children; i++) {
		struct doctime t;
		const struct node *n = cell(table->child[i], c.time);
		times += n && doctime_read(n->text.s, n->text.len, &t) && (t.has_clock || meant);
	}
	if (!times && !meant)
		return false;
	const struct str *head = &table->child[0]->child[c.time]->text;
	const struct zone *z = zone_in_text(head->s, head->len);
	if (z && !r->zone_said) {
		r->zone = z;
		r->zone_said = true;
	}
	for (size_t i = 1; i < table->children; i++)
		take_row(r, table, table->child[i], &c);
	r->tables_seen |= times != 0;
	return true;
}

/* ---- lists, lines, headings
 * ----------------------------------------------------------------------------------------- */

/* "@jane: restarted it", "restarted it (@jane)" */
static void find_actor(struct import_row *row)
{
	char *s = row->text;
	size_t n = strlen(s);
	if (s[0] == '@' && strcspn(s, " ") > 1) {
		size_t len = strcspn(s, " ");
		char *who = xstrndup(s, len - (s[len - 1] == ':' || s[len - 1] == ','));
		char *rest = text_trim(s + len, n - len);
		rest[0] ? set_actor(row, who) : (void)0;
		free(who);
		if (rest[0]) {
			free(row->text);
			row->text = rest;
		} else {
			free(rest);
		}
		return;
	}
	char *open = strrchr(s, '(');
	if (open && open > s && open[1] == '@' && n && s[n - 1] == ')' && !strchr(open, ' ')) {
		s[n - 1] = 0;
		set_actor(row, open + 1);
		while (open > s && open[-1] == ' ')
			open--;
		*open = 0;
	}
}

static struct import_row *entry_at(struct reading *r, const char *text, size_t n, bool detailed)
{
	struct doctime t;
	if (!doctime_read(text, n, &t))
		return NULL;
	if (!t.has_clock) {
		if (n - t.used < 3 && t.has_date)
			r->section_day = t;
		return NULL;
	}
	struct import_row *row = row_new(r, &t);
	row->detailed = detailed;
	keep_rest(row, text, &t);
	row->text = text_trim(text + t.used, n - t.used);
	char *struck = strstr(row->text, " (struck: ");
	if (struck && row->text[strlen(row->text) - 1] == ')') {
		row->struck = true;
		row->why = xstrndup(struck + 10, strlen(struck) - 11);
		*struck = 0;
	}
	find_actor(row);
	return row;
}

static bool is_entry(const struct node *n, bool *day)
{
	struct doctime t;
	bool ok = n && doctime_read(n->text.s, n->text.len, &t);
	*day = ok && t.has_date && !t.has_clock && n->text.len - t.used < 3;
	return ok && t.has_clock;
}

static void add_nested(struct import_row *row, const struct node *n, const struct node *own)
{
	for (size_t i = 0; i < n->children; i++) {
		const struct node *c = n->child[i];
		if (c == own)
			continue;
		if (c->children) {
			add_nested(row, c, NULL);
		} else if (c->text.len) {
			char *t = node_text(c);
			c->kind == NODE_CODE ? add_details(row, t) : add_detail(row, t);
			free(t);
		}
	}
}

static void take_lines(struct reading *r, const char *s, bool detailed)
{
	while (*s) {
		size_t n = strcspn(s, "\n");
		char *line = xstrndup(s, n);
		if (!entry_at(r, line, n, detailed) && r->rows && !r->section_day.has_date)
			add_detail(&r->row[r->rows - 1], line);
		free(line);
		s += n + (s[n] != 0);
	}
}

static bool take_list(struct reading *r, struct part *p, const struct node *list, bool detailed)
{
	bool day, any = false;
	for (size_t i = 0; i < list->children && !any; i++)
		any = is_entry(item_text(list->child[i]), &day) || day;
	if (!any) {
		if (r->rows && r->entry_open)
			add_nested(&r->row[r->rows - 1], list, NULL);
		return r->rows && r->entry_open;
	}
	for (size_t i = 0; i < list->children; i++) {
		const struct node *item = list->child[i], *own = item_text(item);
		bool entry = is_entry(own, &day);
		if (entry) {
			size_t before = r->rows;
			take_lines(r, own->text.s, detailed);
			if (r->rows > before)
				add_nested(&r->row[r->rows - 1], item, own);
		} else if (day) {
			entry_at(r, own->text.s, own->text.len, detailed);
			for (size_t k = 0; k < item->children; k++)
				if (item->child[k]->kind == NODE_LIST)
					take_list(r, p, item->child[k], detailed);
		} else if (r->rows) {
			add_nested(&r->row[r->rows - 1], item, NULL);
		}
	}
	r->entry_open = true;
	return true;
}

bool timeline_block(struct reading *r, struct part *p, struct node *block)
{
	bool day, detailed = r->tables_seen;
	if (block->kind == NODE_LIST)
		return take_list(r, p, block, detailed);
	if (block->kind == NODE_QUOTE) {
		bool all = true;
		for (size_t i = 0; i < block->children; i++)
			all &= timeline_block(r, p, block->child[i]);
		return all;
	}
	if (block->kind == NODE_PARAGRAPH && (is_entry(block, &day) || day)) {
		take_lines(r, block->text.s, detailed);
		r->entry_open = !day;
		return true;
	}
	if (r->entry_open && r->rows && (block->kind == NODE_CODE || block->kind == NODE_PARAGRAPH)) {
		char *t = node_text(block);
		add_details(&r->row[r->rows - 1], t);
		free(t);
		return true;
	}
	return false;
}

bool timeline_heading(struct reading *r, struct part *p)
{
	struct doctime t;
	if (p->what != WHAT_TIMELINE || !doctime_read(p->title, strlen(p->title), &t))
		return false;
	struct import_row *row = entry_at(r, p->title, strlen(p->title), r->tables_seen);
	r->entry_open = row != NULL;
	return row || r->section_day.has_date;
}

void rows_free(struct reading *r)
{
	for (size_t i = 0; i < r->rows; i++) {
		struct import_row *row = &r->row[i];
		free(row->actor);
		free(row->text);
		free(row->why);
		for (size_t k = 0; k < row->details; k++)
			free(row->detail[k]);
		free(row->detail);
	}
	free(r->row);
}
