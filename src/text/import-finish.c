/* import-finish.c - when all rows are known: their dates, what belongs together, and events made of them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/import-impl.h"

#define BACK_A_DAY                                                                                                     \
	(4 * USEC_HOUR) /* clock times that go back further are of the next day; less is a line out of order */

/* ---- the first date
 * ------------------------------------------------------------------------------------------------- */

static bool is_afterthought(const char *s)
{
	static const char *const words[] = { "last updated", "published", "review", "due", "template", "next review" };
	char *key = heading_key(s);
	bool found = false;
	for (size_t i = 0; i < COUNT(words); i++)
		found |= str_starts(key, words[i]);
	free(key);
	return found;
}

static bool date_in_prose(struct reading *r, const struct node *n, bool afterthoughts)
{
	struct doctime t;
	if (n->kind == NODE_TABLE || n->kind == NODE_LIST || n->kind == NODE_CODE)
		return false;
	if (n->text.len && (afterthoughts || !is_afterthought(n->text.s)) &&
		doctime_find_date(n->text.s, n->text.len, &t, NULL)) {
		r->year = t.year;
		r->mon = t.mon;
		r->day = t.day;
		return true;
	}
	for (size_t i = 0; i < n->children; i++)
		if (date_in_prose(r, n->child[i], afterthoughts))
			return true;
	return false;
}

static bool date_of_rows(struct reading *r)
{
	for (size_t i = 0; i < r->rows; i++)
		if (r->row[i].t.has_date && r->row[i].t.year) {
			r->year = r->row[i].t.year;
			r->mon = r->row[i].t.mon;
			r->day = r->row[i].t.day;
			return true;
		}
	return false;
}

static bool date_of_usec(struct reading *r, usec t)
{
	struct local l;
	if (t == USEC_NONE)
		return false;
	zone_local(r->zone, t, &l);
	r->year = l.year;
	r->mon = l.mon;
	r->day = l.day;
	return true;
}

static bool date_of_text(struct reading *r, const char *s)
{
	struct doctime t;
	if (!s || !doctime_find_date(s, strlen(s), &t, NULL))
		return false;
	r->year = t.year;
	r->mon = t.mon;
	r->day = t.day;
	return true;
}

static void find_date(struct reading *r)
{
	bool head = r->day != 0 && r->date_from;
	if (r->o->date && date_of_text(r, r->o->date))
		r->date_from = "--date";
	else if (head)
		;
	else if (date_of_rows(r))
		r->date_from = "the timeline";
	else if (r->day)
		r->date_from = "its head";
	else if (date_of_text(r, r->o->name))
		r->date_from = "the file's name";
	else if ((r->out->date_guessed = true, date_in_prose(r, r->root, false)))
		r->date_from = "the first date in its text";
	else if (date_in_prose(r, r->root, true))
		r->date_from = "the date it was last changed, as it says";
	else if (date_of_usec(r, r->o->modified))
		r->date_from = "the date of the file";
	else
		r->date_from = NULL;
}

/* ---- the rows' times
 * ------------------------------------------------------------------------------------------------ */

struct stream {
	int64_t day;
	usec prev;
	bool begun;
};

/* "Jan 18": the year that is nearest to the day before. */
static int64_t day_of(const struct doctime *t, int64_t near)
{
	int year, mon, day;
	if (t->year)
		return cal_days(t->year, t->mon, t->day);
	cal_date(near, &year, &mon, &day);
	int64_t best = 0;
	for (int y = year - 1; y <= year + 1; y++) {
		if (t->day > cal_month_days(y, t->mon))
			continue;
		int64_t d = cal_days(y, t->mon, t->day), off = d > near ? d - near : near - d,
			had = best > near ? best - near : near - best;
		if (best == 0 || off < had)
			best = d;
	}
	return best ? best : near;
}

usec import_moment(const struct reading *r, const struct doctime *t, int64_t day, usec prev)
{
	usec clock = (t->hour * INT64_C(3600) + t->min * 60 + t->sec) * USEC_SEC + t->us, two[2];
	struct local l = { .hour = t->hour, .min = t->min, .sec = t->sec, .usec_part = t->us };
	if (t->has_offset)
		return day * USEC_DAY + clock - t->offset * USEC_SEC;
	cal_date(day, &l.year, &l.mon, &l.day);
	enum zone_fit fit = zone_to_utc(r->zone, &l, two);
	return fit == ZONE_TWICE && prev != USEC_NONE && two[0] < prev ? two[1] : two[0];
}

static void time_row(struct reading *r, struct import_row *row, struct stream *s)
{
	const struct doctime *t = &row->t;
	if (t->has_date)
		s->day = day_of(t, s->day);
	if (!t->has_clock) {
		row->at = s->begun && !t->has_date ? s->prev
						   : import_moment(r, &(struct doctime){ 0 }, s->day, USEC_NONE);
	} else {
		row->at = import_moment(r, t, s->day, s->prev);
		if (!t->has_date && s->begun && row->at < s->prev - BACK_A_DAY)
			row->at = import_moment(r, t, ++s->day, s->prev);
	}
	if (!s->begun || row->at > s->prev || t->has_date)
		s->prev = row->at;
	s->begun = true;
}

static void time_rows(struct reading *r)
{
	int64_t first = cal_days(r->year, r->mon, r->day);
	struct stream plain = { first, USEC_NONE, false }, detailed = plain;
	bool was = false;
	size_t untimed = 0;
	for (size_t i = 0; i < r->rows; i++) {
		struct import_row *row = &r->row[i];
		if (row->detailed && !was)
			detailed = (struct stream){ first, USEC_NONE, false };
		was = row->detailed;
		time_row(r, row, row->detailed ? &detailed : &plain);
		untimed += !row->t.has_clock;
	}
	if (untimed)
		add_warning(r, "%zu row%s without a time that can be read: %s the time of the row above", untimed,
			untimed == 1 ? "" : "s", untimed == 1 ? "it has" : "they have");
}

/* ---- one event told twice
 * ------------------------------------------------------------------------------------------- */

static void own_detail(struct import_row *row, char *text)
{
	row->detail = xgrow(row->detail, &row->cap, row->details + 1, sizeof *row->detail);
	row->detail[row->details++] = text;
}

/* The entry's title is kept where it says something else. */
static void join(struct import_row *row, struct import_row *entry)
{
	entry->gone = true;
	bool known = str_ieq(row->text, entry->text);
	for (size_t i = 0; i < row->details; i++)
		known |= str_ieq(row->detail[i], entry->text);
	if (!known && entry->text[0])
		own_detail(row, xstrdup(entry->text));
	for (size_t i = 0; i < entry->details; i++)
		own_detail(row, entry->detail[i]);
	entry->details = 0;
	if (!row->actor) {
		row->actor = entry->actor;
		entry->actor = NULL;
	}
}

static int by_time(const void *a, const void *b)
{
	const struct import_row *x = *(struct import_row *const *)a, *y = *(struct import_row *const *)b;
	return x->at != y->at ? (x->at < y->at ? -1 : 1) : x < y ? -1 : x > y;
}

/* Each entry goes to the first row of its time that no other one took. */
static size_t join_details(struct reading *r)
{
	struct import_row **row = xcalloc(r->rows + 1, sizeof *row), **entry = xcalloc(r->rows + 1, sizeof *entry);
	size_t rows = 0, entries = 0, joined = 0;
	for (size_t i = 0; i < r->rows; i++)
		*(r->row[i].detailed ? &entry[entries++] : &row[rows++]) = &r->row[i];
	qsort(row, rows, sizeof *row, by_time);
	qsort(entry, entries, sizeof *entry, by_time);
	for (size_t i = 0, k = 0; i < entries && k < rows;) {
		if (row[k]->at < entry[i]->at) {
			k++;
		} else if (row[k]->at > entry[i]->at) {
			i++;
		} else {
			join(row[k++], entry[i++]);
			joined++;
		}
	}
	free(row);
	free(entry);
	return joined;
}

/* ---- events
 * --------------------------------------------------------------------------------------------------------- */

static void add_event(struct reading *r, struct import_row *row)
{
	struct events *l = &r->out->events;
	l->v = xgrow(l->v, &l->cap, l->n + 1, sizeof *l->v);
	struct event *e = &l->v[l->n++];
	*e = (struct event){ .occurred_at = row->at,
		.recorded_at = USEC_NONE,
		.approx_s = row->t.approx_s,
		.kind = row->kind,
		.milestone = row->milestone,
		.actor = row->actor,
		.text = row->text,
		.why = row->why,
		.struck = row->struck,
		.detail = row->detail,
		.details = row->details,
		.subject = row->subject };
	int from, to;
	const char *why;
	if (row->milestone != MS_NONE)
		e->kind = KIND_MILESTONE;
	else if (row->kind == KIND_NOTE && row->text && import_severity_change(row->text, &from, &to, &why))
		e->kind = KIND_SEVERITY;
	if (r->out->opened_at == USEC_NONE || row->at < r->out->opened_at)
		r->out->opened_at = row->at;
	row->actor = row->text = row->why = NULL;
	row->detail = NULL;
	row->details = 0;
}

static void say_guesses(struct reading *r)
{
	struct str b = STR_INIT;
	for (size_t i = 0; i < r->rows; i++) {
		const struct import_row *row = &r->row[i];
		if (row->gone || !row->clue)
			continue;
		str_addf(&b, "%s%s ", b.len ? ", " : "", milestone_name(row->milestone));
		when_fmt_clock(&b, row->at, r->zone);
		str_addf(&b, " (%s)", row->clue);
		r->out->guessed++;
	}
	if (b.len)
		add_remark(r, "milestones read from the wording, change them if they are wrong: %s", b.s);
	str_free(&b);
}

void timeline_finish(struct reading *r)
{
	if (r->o->zone)
		r->zone = r->o->zone;
	else if (!r->zone)
		r->zone = zone_utc();
	r->out->zone = r->zone;
	find_date(r);
	if (!r->date_from)
		return;
	time_rows(r);
	size_t joined = join_details(r);
	guess_milestones(r);
	say_guesses(r);
	for (size_t i = 0; i < r->rows; i++)
		if (!r->row[i].gone)
			add_event(r, &r->row[i]);
	r->out->rows = r->out->events.n;
	if (joined)
		add_remark(r, "%zu entr%s of the detailed timeline joined the row%s of the same time", joined,
			joined == 1 ? "y" : "ies", joined == 1 ? "" : "s");
	if (r->opened_at != USEC_NONE)
		r->out->opened_at = r->opened_at;
	if (r->out->opened_at == USEC_NONE)
		r->out->opened_at =
			import_moment(r, &(struct doctime){ 0 }, cal_days(r->year, r->mon, r->day), USEC_NONE);
}
