/* query-event.c - the timeline, by key. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/db.h"
#include "store/query.h"

#define EVENT_COLUMNS "n, hlc, entity, incident, occurred_at, recorded_at, approx_s, kind, milestone, actor, author, text, why, struck, edited, " \
	"conflict, subject"
/* For pages: a row for each detail, or one with a null. How many rows a page has is counted in collect(). */
#define PAGE_COLUMNS "e.n, e.hlc, e.entity, e.incident, e.occurred_at, e.recorded_at, e.approx_s, e.kind, e.milestone, e.actor, e.author, " \
	"e.text, e.why, e.struck, e.edited, e.conflict, e.subject, d.n FROM event e LEFT JOIN detail d ON d.parent = lower(hex(e.entity)) "
enum { DETAIL_COLUMN = 17 };
#define PAGE 500 /* rows a slice of a long read takes, so that the read lock is short */

const struct event_key event_key_first = { INT64_MIN, INT64_MIN, INT64_MIN }, event_key_last = { INT64_MAX, INT64_MAX, INT64_MAX };

struct event_key event_key_of(const struct event *e)
{
	return (struct event_key){ e->occurred_at, e->hlc, e->n };
}

static void read_row(sqlite3_stmt *q, struct event *e)
{
	memset(e, 0, sizeof *e);
	e->n = sqlite3_column_int64(q, 0);
	e->hlc = sqlite3_column_int64(q, 1);
	e->entity = db_uuid(q, 2);
	e->incident = db_uuid(q, 3);
	e->occurred_at = db_int(q, 4, 0);
	e->recorded_at = sqlite3_column_int64(q, 5);
	e->approx_s = (int)db_int(q, 6, 0);
	const char *kind = (const char *)sqlite3_column_text(q, 7), *milestone = (const char *)sqlite3_column_text(q, 8);
	int k = kind ? kind_find(kind) : -1;
	e->kind = k < 0 ? KIND_NOTE : (enum kind)k;
	e->milestone = !milestone ? MS_NONE : strcmp(milestone, milestone_name(MS_REOPEN)) == 0 ? MS_REOPEN : milestone_find(milestone);
	e->actor = db_text(q, 9);
	e->author = db_text(q, 10);
	e->text = db_text(q, 11);
	e->why = db_text(q, 12);
	e->struck = db_int(q, 13, 0) == 1;
	e->edited = sqlite3_column_int(q, 14) != 0;
	e->conflict = sqlite3_column_int(q, 15) != 0;
	const char *subject = (const char *)sqlite3_column_text(q, 16);
	if (subject)
		str_unhex(e->subject.b, sizeof e->subject.b, subject);
	if (!e->text)
		e->text = xstrdup("");
}

static enum status read_details(struct store *s, struct event *e, struct err *err)
{
	char hex[33];
	uuid_hex(e->entity, hex);
	sqlite3_stmt *q = db_sql(s, "SELECT text FROM detail WHERE parent = ?1 AND hidden = 0 ORDER BY ord, hlc, entity", err);
	if (!q)
		return ST_IO;
	db_bind_text(q, 1, hex);
	size_t cap = 0;
	int rc;
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		char *t = db_text(q, 0);
		e->detail = xgrow(e->detail, &cap, e->details + 1, sizeof *e->detail);
		e->detail[e->details++] = t ? t : xstrdup("");
	}
	enum status st = rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	return st;
}

static enum status collect(struct store *s, sqlite3_stmt *q, size_t limit, struct events *out, struct err *err)
{
	enum status st = ST_OK;
	int rc = SQLITE_DONE;
	while (st == ST_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		if (out->n && out->v[out->n - 1].n == sqlite3_column_int64(q, 0))
			continue; /* another detail of the same event */
		if (out->n == limit)
			break;
		out->v = xgrow(out->v, &out->cap, out->n + 1, sizeof *out->v);
		struct event *e = &out->v[out->n++];
		read_row(q, e);
		if (sqlite3_column_type(q, DETAIL_COLUMN) != SQLITE_NULL)
			st = read_details(s, e, err);
	}
	if (st == ST_OK && rc != SQLITE_DONE && rc != SQLITE_ROW)
		st = db_fail(s, err, "reading");
	db_done(q);
	if (st != ST_OK)
		events_free(out);
	return st;
}

/* Where time and clock are equal the identity decides, which is the same on every host; n stands for it in keys. */
static void bind_entity_at(struct store *s, sqlite3_stmt *q, int i, int64_t n)
{
	static const char last[17] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
	sqlite3_stmt *at = db_sql(s, "SELECT entity FROM event WHERE n = ?1", NULL);
	sqlite3_bind_blob(q, i, last, n == INT64_MAX ? (int)sizeof last : 0, SQLITE_STATIC);
	if (!at)
		return;
	sqlite3_bind_int64(at, 1, n);
	if (sqlite3_step(at) == SQLITE_ROW)
		db_bind_uuid(q, i, db_uuid(at, 0));
	db_done(at);
}

static enum status page(struct store *s, const char *sql, uuid incident, struct event_key k, size_t limit, struct events *out, struct err *err)
{
	*out = (struct events){ 0 };
	sqlite3_stmt *q = db_sql(s, sql, err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	sqlite3_bind_int64(q, 2, k.at);
	sqlite3_bind_int64(q, 3, k.hlc);
	bind_entity_at(s, q, 4, k.n);
	return collect(s, q, limit, out, err);
}

static const char page_after[] = "SELECT " PAGE_COLUMNS "WHERE e.incident = ?1 AND e.hidden = 0 AND (e.occurred_at, e.hlc, e.entity) > (?2, ?3, ?4) "
	"ORDER BY e.occurred_at, e.hlc, e.entity";
static const char page_before[] = "SELECT " PAGE_COLUMNS "WHERE e.incident = ?1 AND e.hidden = 0 AND (e.occurred_at, e.hlc, e.entity) < (?2, ?3, ?4) "
	"ORDER BY e.occurred_at DESC, e.hlc DESC, e.entity DESC";

static void turn_around(struct events *l)
{
	for (size_t i = 0; i < l->n / 2; i++) {
		struct event e = l->v[i];
		l->v[i] = l->v[l->n - 1 - i];
		l->v[l->n - 1 - i] = e;
	}
}

enum status q_events_after(struct store *s, uuid incident, struct event_key after, size_t limit, struct events *out, struct err *err)
{
	return page(s, page_after, incident, after, limit, out, err);
}

enum status q_events_before(struct store *s, uuid incident, struct event_key before, size_t limit, struct events *out, struct err *err)
{
	enum status st = page(s, page_before, incident, before, limit, out, err);
	if (st == ST_OK)
		turn_around(out);
	return st;
}

/* ---- reading through ---------------------------------------------------------------------------------------------- */

/* A row as SQLite holds it: nothing is copied, the pointers live until the next step. */
static void peek_row(sqlite3_stmt *q, struct event *e)
{
	const char *kind = (const char *)sqlite3_column_text(q, 7), *milestone = (const char *)sqlite3_column_text(q, 8);
	int k = kind ? kind_find(kind) : -1;
	memset(e, 0, sizeof *e);
	e->kind = k < 0 ? KIND_NOTE : (enum kind)k;
	e->milestone = !milestone ? MS_NONE : strcmp(milestone, milestone_name(MS_REOPEN)) == 0 ? MS_REOPEN : milestone_find(milestone);
	e->actor = (char *)sqlite3_column_text(q, 9);
	e->author = (char *)sqlite3_column_text(q, 10);
	e->text = (char *)sqlite3_column_text(q, 11);
	e->struck = db_int(q, 13, 0) == 1;
	e->edited = sqlite3_column_int(q, 14) != 0;
	e->conflict = sqlite3_column_int(q, 15) != 0;
}

static enum status judge_row(struct store *s, sqlite3_stmt *q, bool (*want)(void *, const struct event *), void *arg, struct events *out, struct err *err)
{
	struct event e;
	bool has_details = sqlite3_column_type(q, DETAIL_COLUMN) != SQLITE_NULL;
	if (!has_details) {
		peek_row(q, &e);
		if (!want(arg, &e))
			return ST_OK;
	}
	read_row(q, &e);
	enum status st = has_details ? read_details(s, &e, err) : ST_OK;
	if (st == ST_OK && (!has_details || want(arg, &e))) {
		out->v = xgrow(out->v, &out->cap, out->n + 1, sizeof *out->v);
		out->v[out->n++] = e;
		return ST_OK;
	}
	event_clear(&e);
	return st;
}

enum status q_events_scan(struct store *s, uuid incident, bool back, struct event_key *at, size_t rows, bool (*want)(void *, const struct event *), void *arg,
	struct events *out, bool *end, struct err *err)
{
	*out = (struct events){ 0 };
	*end = false;
	sqlite3_stmt *q = db_sql(s, back ? page_before : page_after, err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	sqlite3_bind_int64(q, 2, at->at);
	sqlite3_bind_int64(q, 3, at->hlc);
	bind_entity_at(s, q, 4, at->n);
	enum status st = ST_OK;
	int rc = SQLITE_DONE;
	bool first = true;
	while (st == ST_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		int64_t n = sqlite3_column_int64(q, 0);
		if (!first && n == at->n)
			continue; /* another detail of the same event */
		if (rows-- == 0)
			break;
		first = false;
		*at = (struct event_key){ db_int(q, 4, 0), sqlite3_column_int64(q, 1), n };
		st = judge_row(s, q, want, arg, out, err);
	}
	*end = st == ST_OK && rc == SQLITE_DONE;
	if (st == ST_OK && rc != SQLITE_DONE && rc != SQLITE_ROW)
		st = db_fail(s, err, "reading");
	db_done(q);
	if (st != ST_OK)
		events_free(out);
	else if (back)
		turn_around(out);
	return st;
}

enum status q_events_arrived(struct store *s, uuid incident, int64_t after_n, size_t limit, struct events *out, struct err *err)
{
	*out = (struct events){ 0 };
	sqlite3_stmt *q = db_sql(s, "SELECT " PAGE_COLUMNS "WHERE e.n > ?2 AND +e.incident = ?1 AND e.hidden = 0 ORDER BY e.n", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	sqlite3_bind_int64(q, 2, after_n);
	return collect(s, q, limit, out, err);
}

static enum status one(struct store *s, sqlite3_stmt *q, struct event *out, struct err *err)
{
	int rc = sqlite3_step(q);
	enum status st = rc == SQLITE_ROW ? ST_OK : rc == SQLITE_DONE ? fail(err, ST_NO, "no such event") : db_fail(s, err, "reading");
	if (st == ST_OK)
		read_row(q, out);
	if (st == ST_OK)
		st = read_details(s, out, err);
	db_done(q);
	if (st != ST_OK)
		event_clear(out);
	return st;
}

enum status q_event(struct store *s, uuid entity, struct event *out, struct err *err)
{
	memset(out, 0, sizeof *out);
	sqlite3_stmt *q = db_sql(s, "SELECT " EVENT_COLUMNS " FROM event WHERE entity = ?1 AND hidden = 0", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, entity);
	return one(s, q, out, err);
}

enum status q_event_last(struct store *s, uuid incident, struct event *out, struct err *err)
{
	memset(out, 0, sizeof *out);
	sqlite3_stmt *q = db_sql(s, "SELECT " EVENT_COLUMNS " FROM event WHERE incident = ?1 AND hidden = 0 ORDER BY occurred_at DESC, hlc DESC, "
		"entity DESC LIMIT 1", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	return one(s, q, out, err);
}

/* n grows with arrival; walking it backwards meets the incident's last event soon unless others have been busier since. */
enum status q_event_last_recorded(struct store *s, uuid incident, const char *author, struct event *out, struct err *err)
{
	memset(out, 0, sizeof *out);
	sqlite3_stmt *q = db_sql(s, "SELECT " EVENT_COLUMNS " FROM event WHERE +incident = ?1 AND hidden = 0 AND (?2 IS NULL OR author = ?2) "
		"ORDER BY n DESC LIMIT 1", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	db_bind_text(q, 2, author);
	return one(s, q, out, err);
}

enum status q_last_update(struct store *s, uuid incident, usec *at, struct err *err)
{
	enum status st = ST_OK;
	sqlite3_stmt *q = db_sql(s, "SELECT max(occurred_at) FROM event WHERE incident = ?1 AND kind = 'update' AND kind <> 'note' AND hidden = 0 "
		"AND struck IS NOT 1", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	*at = db_next(s, q, &st, err) ? db_int(q, 0, USEC_NONE) : USEC_NONE;
	db_done(q);
	return st;
}

enum status q_events_each(struct store *s, uuid incident, enum status (*fn)(void *arg, const struct event *e), void *arg, struct err *err)
{
	struct event_key k = event_key_first;
	for (;;) {
		struct events l;
		enum status st = q_events_after(s, incident, k, PAGE, &l, err);
		for (size_t i = 0; i < l.n && st == ST_OK; i++)
			st = fn(arg, &l.v[i]);
		size_t n = l.n;
		if (n)
			k = event_key_of(&l.v[n - 1]);
		events_free(&l);
		if (st != ST_OK || n < PAGE)
			return st;
	}
}

/* ---- ids ---------------------------------------------------------------------------------------------------------- */

static void add_candidate(struct store *s, sqlite3_stmt *q, struct str *b)
{
	char id[33];
	q_short_id(s, db_uuid(q, 0), id);
	const char *text = (const char *)sqlite3_column_text(q, 1);
	str_addf(b, "%s%s \"%.40s\"", b->len ? ", " : "", id, text ? text : "");
}

enum status q_event_find(struct store *s, uuid incident, const char *word, struct event *out, struct err *err)
{
	enum status st = ST_OK;
	memset(out, 0, sizeof *out);
	uuid low, high, found = { { 0 } };
	if (!uuid_prefix(word, &low, &high))
		return fail(err, ST_NO, "%s is no event id: ids are the hex digits \"tplus tail\" shows", word);
	sqlite3_stmt *q = db_sql(s, "SELECT entity, text FROM event WHERE entity BETWEEN ?1 AND ?2 AND hidden = 0 AND (?3 IS NULL OR "
		"incident = ?3) ORDER BY entity LIMIT 200", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, low);
	db_bind_uuid(q, 2, high);
	if (!uuid_is_zero(incident))
		db_bind_uuid(q, 3, incident);
	struct str names = STR_INIT;
	size_t n = 0;
	while (db_next(s, q, &st, err)) {
		found = db_uuid(q, 0);
		if (n++ < 8)
			add_candidate(s, q, &names);
	}
	db_done(q);
	if (st == ST_OK)
		st = n == 1 ? q_event(s, found, out, err)
		: n == 0	? fail(err, ST_NO, "no event %s here: see \"tplus tail\"", word)
				: fail(err, ST_NO, "%s is ambiguous: %s: give more digits", word, names.s);
	str_free(&names);
	return st;
}

static size_t common_digits(sqlite3_stmt *q, const char *hex)
{
	char other[33];
	uuid_hex(db_uuid(q, 0), other);
	size_t n = 0;
	while (n < 32 && hex[n] == other[n])
		n++;
	return n;
}

void q_short_id(struct store *s, uuid event, char out[33])
{
	static const char *const neighbour[] = {
		"SELECT entity FROM event WHERE entity > ?1 ORDER BY entity LIMIT 1",
		"SELECT entity FROM event WHERE entity < ?1 ORDER BY entity DESC LIMIT 1",
	};
	uuid_hex(event, out);
	bool begun = store_read_begin(s);
	size_t need = 4;
	for (int i = 0; i < 2; i++) {
		sqlite3_stmt *q = db_sql(s, neighbour[i], NULL);
		if (!q)
			continue;
		db_bind_uuid(q, 1, event);
		if (sqlite3_step(q) == SQLITE_ROW) {
			size_t n = common_digits(q, out) + 1;
			need = n > need ? n : need;
		}
		db_done(q);
	}
	store_read_end(s, begun);
	out[need > 32 ? 32 : need] = '\0';
}
