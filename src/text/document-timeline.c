/* document-timeline.c - the events as rows, page by page: memory does not grow with them. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/document-impl.h"

enum { PAGE = 500 };

enum column {
	COL_TIME,
	COL_DATE,
	COL_CLOCK,
	COL_MINUTE,
	COL_SHORT,
	COL_EXACT,
	COL_LOCAL,
	COL_NEW_DAY,
	COL_GIVE,
	COL_KIND,
	COL_MILESTONE,
	COL_MARK,
	COL_LABEL,
	COL_TEXT,
	COL_DETAIL,
	COL_ACTION,
	COL_MORE,
	COL_HAS_MORE,
	COL_ACTOR,
	COL_STRUCK,
	COL_WHY,
	COL_EDITED,
	COL_REDACTED,
	COL_COUNT
};
static const char *const names[COL_COUNT] = {
	[COL_TIME] = "time",
	[COL_DATE] = "date",
	[COL_CLOCK] = "clock",
	[COL_MINUTE] = "minute",
	[COL_SHORT] = "short",
	[COL_EXACT] = "exact",
	[COL_LOCAL] = "local",
	[COL_NEW_DAY] = "new_day",
	[COL_GIVE] = "give",
	[COL_KIND] = "kind",
	[COL_MILESTONE] = "milestone",
	[COL_MARK] = "mark",
	[COL_LABEL] = "label",
	[COL_TEXT] = "text",
	[COL_DETAIL] = "detail",
	[COL_ACTION] = "action",
	[COL_MORE] = "more",
	[COL_HAS_MORE] = "has_more",
	[COL_ACTOR] = "actor",
	[COL_STRUCK] = "struck",
	[COL_WHY] = "why",
	[COL_EDITED] = "edited",
	[COL_REDACTED] = "redacted",
};
static const struct mst_fields columns = { names, COL_COUNT };

/* One walk through the timeline. */
struct walk {
	struct document *d;
	struct events page;
	size_t at; /* in the page; the row shown is the one before */
	bool ended;
	json_t *updates; /* those met so far */
	int year, mon, day, offset; /* of the row before */
	bool begun;
	struct local known; /* the day the reader knows to be meant: of the document's head, then of the row before */
	struct str time, date, clock, minute, brief, exact, local, give, label, text;
	struct mst_value value[COL_COUNT];
	struct mst_row row;
};

static struct mst_value text_of(const struct str *b)
{
	return b->len ? mst_text(b->s, b->len) : (struct mst_value){ .kind = MST_NOTHING };
}

static struct mst_value text_or_nothing(const char *s)
{
	return mst_str(s && *s ? s : NULL);
}

/* ---- what a line is about ---- */

static const char *number_of(const struct document *d, uuid subject)
{
	for (size_t i = 0; i < d->hypotheses.n; i++)
		if (uuid_eq(d->hypotheses.v[i].entity, subject))
			return d->hypotheses.v[i].number;
	for (size_t i = 0; i < d->asks.n; i++)
		if (uuid_eq(d->asks.v[i].entity, subject))
			return d->asks.v[i].number;
	return NULL;
}

static const char *finding_list(const struct document *d, const struct event *e)
{
	for (size_t i = 0; i < d->findings.n; i++) {
		const struct finding *f = &d->findings.v[i];
		if (f->said_at == e->occurred_at && str_eq(f->text, e->text))
			return f->list;
	}
	return NULL;
}

/* A word in front of the text, where the text alone would not tell. */
static void add_label(struct str *b, const struct document *d, const struct event *e)
{
	const char *word = NULL;

	if (e->milestone != MS_NONE)
		word = e->milestone == MS_REOPEN ? "reopened" : milestone_name(e->milestone);
	else if (e->kind == KIND_UPDATE || e->kind == KIND_ALERT)
		word = kind_name(e->kind);
	else if (e->kind == KIND_FINDING)
		word = finding_list(d, e);
	else if (e->kind == KIND_ASK || e->kind == KIND_HYPOTHESIS)
		word = number_of(d, e->subject);
	if (!word || str_starts(e->text, word))
		return;
	str_addc(b, word[0] >= 'a' && word[0] <= 'z' ? (char)(word[0] - 'a' + 'A') : word[0]);
	str_adds(b, word + 1);
}

/* ---- details ---- */

static enum mst_got detail_next(void *node, struct mst_iter *it, struct mst_value *out, struct err *err)
{
	const struct event *e = node;

	(void)err;
	while (it->i < e->details && !e->detail[it->i][0])
		it->i++;
	if (it->i >= e->details)
		return MST_NONE;
	*out = mst_str(e->detail[it->i++]);
	return MST_GOT;
}

/* All but the first: that one is the action taken. */
static enum mst_got more_first(void *node, struct mst_iter *it, struct mst_value *out, struct err *err)
{
	return detail_next(node, it, out, err) == MST_GOT ? detail_next(node, it, out, err) : MST_NONE;
}

static const struct mst_ops more_ops = { .first = more_first, .next = detail_next };
static const struct mst_ops detail_ops = { .first = detail_next, .next = detail_next };

/* ---- one row ---- */

/* As the houses write it: the date only on a day that is not the one in the document's head, or the one of the row before; with
 * the zone when the clocks changed. Local: of the incident's zone, where the document is in another one. */
static void fill_short(struct walk *w, const struct event *e, const struct local *l, bool new_offset)
{
	bool new_day = l->year != w->known.year || l->mon != w->known.mon || l->day != w->known.day;
	struct local home;

	str_reset(&w->brief);
	str_reset(&w->exact);
	str_reset(&w->local);
	if (new_offset) {
		str_add(&w->brief, w->time.s, w->time.len);
		str_add(&w->exact, w->time.s, w->time.len);
	} else {
		const char *about = e->approx_s ? "~" : "";
		str_addf(&w->brief, "%s%s%s", about, new_day ? w->date.s : "", new_day ? " " : "");
		str_adds(&w->brief, w->minute.s + strlen(about));
		str_addf(&w->exact, "%s%s%s", about, new_day ? w->date.s : "", new_day ? " " : "");
		str_adds(&w->exact, w->clock.s + strlen(about));
	}
	w->known = *l;
	zone_local(w->d->home, e->occurred_at, &home);
	if (home.offset != l->offset) {
		when_fmt_local_clock(&w->local, &home);
		str_cut(&w->local, w->local.len - 3);
		str_addf(&w->local, " %s", home.abbr);
	}
}

/* The date stands in front whenever it changes; the zone's abbreviation too when the clocks did. */
static void fill_time(struct walk *w, const struct event *e)
{
	struct local l;
	const char *about = e->approx_s ? "~" : "";

	zone_local(w->d->zone, e->occurred_at, &l);
	bool new_day = !w->begun || l.year != w->year || l.mon != w->mon || l.day != w->day;
	bool new_offset = w->begun && l.offset != w->offset;
	str_reset(&w->date);
	when_fmt_local_date(&w->date, &l);
	str_reset(&w->clock);
	str_adds(&w->clock, about);
	when_fmt_local_clock(&w->clock, &l);
	str_reset(&w->minute);
	str_add(&w->minute, w->clock.s, w->clock.len - 3);
	str_reset(&w->time);
	if (new_offset) {
		str_adds(&w->time, about);
		when_fmt_full(&w->time, e->occurred_at, w->d->zone);
	} else if (new_day) {
		str_addf(&w->time, "%s%s ", about, w->date.s);
		str_adds(&w->time, w->clock.s + strlen(about));
	} else {
		str_add(&w->time, w->clock.s, w->clock.len);
	}
	fill_short(w, e, &l, new_offset);
	str_reset(&w->give);
	if (e->approx_s)
		dur_fmt(&w->give, e->approx_s * USEC_SEC);
	w->value[COL_NEW_DAY] = mst_bool(new_day);
	w->begun = true;
	w->year = l.year;
	w->mon = l.mon;
	w->day = l.day;
	w->offset = l.offset;
}

/* What slo puts in front of an event: by its milestone, or because an alert said it. A text that brings a mark of its own needs none. */
static const char *mark_of(const struct event *e)
{
	static const char *const marks[] = {
		[MS_STARTED] = "\xf0\x9f\x94\xb4", /* red circle */
		[MS_DETECTED] = "\xf0\x9f\x9a\xa8", /* rotating light */
		[MS_ACKNOWLEDGED] = "\xf0\x9f\x94\x8d", /* magnifying glass */
		[MS_DECLARED] = "\xf0\x9f\x93\xa2", /* loudspeaker */
		[MS_INVESTIGATING] = "\xf0\x9f\x94\x8d",
		[MS_IDENTIFIED] = "\xf0\x9f\x90\x9b", /* bug */
		[MS_MITIGATING] = "\xf0\x9f\x94\xa7", /* wrench */
		[MS_MITIGATED] = "\xe2\x9c\x85", /* check mark */
		[MS_RESOLVED] = "\xe2\x9c\x85",
		[MS_CLOSED] = "\xe2\x9c\x85",
		[MS_REOPEN] = "\xf0\x9f\x94\xb4",
	};
	const char *s = e->text + strspn(e->text, " \t");

	if (*s == '\xf0' || *s == '\xe2')
		return NULL;
	if (e->milestone != MS_NONE)
		return marks[e->milestone];
	return e->kind == KIND_ALERT  ? marks[MS_DETECTED]
	       : e->kind == KIND_ROLE ? "\xf0\x9f\x91\xa4"
				      : NULL; /* a head */
}

/* Marks around a struck text only work when it neither begins nor ends in white space. */
static void fill_text(struct walk *w, const struct event *e)
{
	const char *s = e->text + strspn(e->text, " \t\r\n");
	size_t n = strlen(s);

	while (n && strchr(" \t\r\n", s[n - 1]))
		n--;
	str_reset(&w->text);
	str_add(&w->text, s, n);
	str_reset(&w->label);
	add_label(&w->label, w->d, e);
}

static void note_update(struct walk *w, const struct event *e)
{
	if (e->kind != KIND_UPDATE || !w->updates)
		return;
	json_t *o = json_object();
	doc_put(o, "time", doc_time(w->d, e->occurred_at, e->approx_s));
	doc_puts(o, "text", w->text.s);
	doc_puts(o, "actor", e->actor ? e->actor : e->author);
	doc_put(o, "detail", doc_lines(e->detail, e->details));
	doc_put(o, "struck", json_boolean(e->struck));
	json_array_append_new(w->updates, o);
}

static void fill_details(struct walk *w, struct event *e)
{
	struct mst_iter it = { 0 };
	struct mst_value more;

	w->value[COL_DETAIL] = mst_list(&detail_ops, e);
	w->value[COL_MORE] = mst_list(&more_ops, e);
	w->value[COL_ACTION] = (struct mst_value){ .kind = MST_NOTHING };
	detail_next(e, &it, &w->value[COL_ACTION], NULL);
	w->value[COL_HAS_MORE] = mst_bool(detail_next(e, &it, &more, NULL) == MST_GOT);
}

static void fill_row(struct walk *w, struct event *e)
{
	struct mst_value *v = w->value;
	const char *milestone = e->milestone == MS_NONE ? NULL : milestone_name(e->milestone);

	fill_time(w, e);
	fill_text(w, e);
	v[COL_TIME] = text_of(&w->time);
	v[COL_DATE] = text_of(&w->date);
	v[COL_CLOCK] = text_of(&w->clock);
	v[COL_MINUTE] = text_of(&w->minute);
	v[COL_SHORT] = text_of(&w->brief);
	v[COL_EXACT] = text_of(&w->exact);
	v[COL_LOCAL] = text_of(&w->local);
	v[COL_GIVE] = text_of(&w->give);
	v[COL_KIND] = mst_str(kind_name(e->kind));
	v[COL_MILESTONE] = mst_str(milestone);
	v[COL_MARK] = mst_str(mark_of(e));
	v[COL_LABEL] = text_of(&w->label);
	v[COL_TEXT] = text_of(&w->text);
	fill_details(w, e);
	v[COL_ACTOR] = text_or_nothing(e->actor ? e->actor : e->author);
	v[COL_STRUCK] = mst_bool(e->struck);
	v[COL_WHY] = text_or_nothing(e->why);
	v[COL_EDITED] = mst_bool(e->edited);
	/* Verbs take no empty text but for milestones: there was one, and it was redacted. */
	v[COL_REDACTED] = mst_bool(w->text.len == 0 && !milestone);
	note_update(w, e);
}

/* ---- the walk ---- */

static enum mst_got walk_next(struct walk *w, struct mst_value *out, struct err *err)
{
	if (w->at == w->page.n) {
		struct event_key after = w->page.n ? event_key_of(&w->page.v[w->page.n - 1]) : event_key_first;
		bool short_page = w->begun && w->page.n < PAGE;
		events_free(&w->page);
		w->page = (struct events){ 0 };
		w->at = 0;
		if (!short_page && q_events_after(w->d->s, w->d->i.entity, after, PAGE, &w->page, err) != ST_OK)
			return MST_FAIL;
		if (w->page.n == 0) {
			w->ended = true;
			return MST_NONE;
		}
	}
	fill_row(w, &w->page.v[w->at++]);
	*out = mst_row(&w->row);
	return MST_GOT;
}

static struct walk *walk_new(struct document *d, bool with_updates)
{
	struct walk *w = xcalloc(1, sizeof *w);
	struct str *text[] = { &w->time, &w->date, &w->clock, &w->minute, &w->brief, &w->exact, &w->local, &w->give,
		&w->label, &w->text };

	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		str_init(text[i]);
	w->d = d;
	w->row = (struct mst_row){ &columns, w->value };
	w->updates = with_updates ? json_array() : NULL;
	zone_local(d->zone, d->i.ms.at[MS_STARTED] != USEC_NONE ? d->i.ms.at[MS_STARTED] : d->i.opened_at, &w->known);
	return w;
}

static void walk_free(struct walk *w)
{
	struct str *text[] = { &w->time, &w->date, &w->clock, &w->minute, &w->brief, &w->exact, &w->local, &w->give,
		&w->label, &w->text };

	for (size_t i = 0; i < sizeof text / sizeof *text; i++)
		str_free(text[i]);
	events_free(&w->page);
	json_decref(w->updates);
	free(w);
}

/* The updates that went by are kept, so that a template that lists them afterwards needs no second pass. */
static void keep_updates(struct walk *w)
{
	struct document *d = w->d;

	if (!w->ended || !w->updates || d->updates_whole)
		return;
	d->updates = json_incref(w->updates);
	d->updates_whole = true;
}

static enum mst_got rows_first(void *node, struct mst_iter *it, struct mst_value *out, struct err *err)
{
	struct document *d = node;

	it->p = walk_new(d, !d->updates_whole);
	return walk_next(it->p, out, err);
}

static enum mst_got rows_next(void *node, struct mst_iter *it, struct mst_value *out, struct err *err)
{
	(void)node;
	return walk_next(it->p, out, err);
}

static void rows_done(void *node, struct mst_iter *it)
{
	(void)node;
	keep_updates(it->p);
	walk_free(it->p);
}

struct mst_value doc_timeline(struct document *d)
{
	static const struct mst_ops ops = { .first = rows_first, .next = rows_next, .done = rows_done };

	return mst_list(&ops, d);
}

struct mst_value doc_updates(struct document *d, struct err *err, bool *failed)
{
	struct mst_value row;
	enum mst_got got = MST_GOT;

	*failed = false;
	if (!d->updates_whole) {
		struct walk *w = walk_new(d, true);
		while (got == MST_GOT)
			got = walk_next(w, &row, err);
		keep_updates(w);
		walk_free(w);
		*failed = got == MST_FAIL;
	}
	if (*failed)
		return (struct mst_value){ .kind = MST_NOTHING };
	return mst_json(d->updates);
}
