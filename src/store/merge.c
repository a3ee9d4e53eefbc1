/* merge.c - taking in ops of other files. Any order, any number of times: what is displayed depends on the set of ops alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/admin.h"
#include "store/db.h"

#define ADOPT_AHEAD (60 * USEC_SEC) /* a foreign clock further ahead of ours is kept but not followed */

struct touched {
	struct touch { uuid incident, entity; size_t at; } *v;
	size_t n, cap;
};

static void touch(struct store *s, uuid incident, uuid entity)
{
	struct touched *t = s->tx.touched;
	if (!t)
		t = s->tx.touched = xcalloc(1, sizeof *t);
	t->v = xgrow(t->v, &t->cap, t->n + 1, sizeof *t->v);
	t->v[t->n] = (struct touch){ incident, entity, t->n };
	t->n++;
}

static int by_entity(const void *a, const void *b)
{
	const struct touch *x = a, *y = b;
	int c = memcmp(&x->incident, &y->incident, sizeof x->incident);
	if (!c)
		c = memcmp(&x->entity, &y->entity, sizeof x->entity);
	return c ? c : x->at < y->at ? -1 : x->at > y->at;
}

static int by_arrival(const void *a, const void *b)
{
	const struct touch *x = a, *y = b;
	return x->at < y->at ? -1 : x->at > y->at;
}

void merge_forget(struct store *s)
{
	if (s->tx.touched)
		free(s->tx.touched->v);
	free(s->tx.touched);
	s->tx.touched = NULL;
}

/* ---- what is here already ----------------------------------------------------------------------------------------- */

enum presence { ABSENT, PRESENT, FORKED };

static enum status presence_of(struct store *s, const struct op *o, enum presence *out, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "SELECT hash FROM op WHERE incident = ?1 AND host = ?2 AND seq = ?3", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, o->incident);
	db_bind_uuid(q, 2, o->host);
	sqlite3_bind_int64(q, 3, o->seq);
	*out = ABSENT;
	int rc = SQLITE_DONE;
	while (*out != PRESENT && (rc = sqlite3_step(q)) == SQLITE_ROW)
		*out = sqlite3_column_bytes(q, 0) == OP_HASH && memcmp(sqlite3_column_blob(q, 0), o->hash, OP_HASH) == 0 ? PRESENT : FORKED;
	enum status st = rc == SQLITE_ROW || rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	return st;
}

/* An op under our name that we do not have: this file or the sender's is a copy, or this one was set back to an earlier state. From now
 * on we are another host, or both would go on writing the same chain. */
static enum status leave_chain(struct store *s, const struct op *o, struct err *err)
{
	if (!uuid_eq(o->host, s->host))
		return ST_OK;
	enum status st = identity_mint(s, err);
	return st == ST_OK && s->tx.incident_set ? tx_incident(s, s->tx.incident, NULL, err) : st;
}

static enum status note_fork(struct store *s, const struct op *o, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "INSERT OR IGNORE INTO fork(incident, host) VALUES(?1, ?2)", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, o->incident);
	db_bind_uuid(q, 2, o->host);
	return db_run(s, q, err);
}

/* The op that the body of an op.redact names. */
static bool named_hash(const char *body, uint8_t hash[OP_HASH])
{
	struct fields f = { 0 };
	bool good = body && fields_decode(body, strlen(body), &f, NULL) == ST_OK;
	const struct val *v = good ? fields_get(&f, "op") : NULL;
	good = v && v->type == VAL_TEXT && v->n == 2 * (size_t)OP_HASH && str_unhex(hash, OP_HASH, v->s);
	fields_free(&f);
	return good;
}

enum status journal_is_redacted(struct store *s, const struct op *o, bool *out, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "SELECT body FROM op WHERE entity = ?1 AND incident = ?2 AND kind = 'op.redact'", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, o->entity);
	db_bind_uuid(q, 2, o->incident);
	uint8_t hash[OP_HASH];
	*out = false;
	int rc = SQLITE_DONE;
	while (!*out && (rc = sqlite3_step(q)) == SQLITE_ROW)
		*out = named_hash((const char *)sqlite3_column_text(q, 0), hash) && memcmp(hash, o->hash, OP_HASH) == 0;
	enum status st = rc == SQLITE_ROW || rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	return st;
}

/* ---- taking one in ------------------------------------------------------------------------------------------------ */

static enum status erase_named(struct store *s, const struct op *o, struct merge_count *count, struct err *err)
{
	uint8_t hash[OP_HASH];
	if (!o->has_body || !named_hash(o->body, hash))
		return ST_OK;
	sqlite3_stmt *q = db_sql(s, "UPDATE op SET salt = NULL, body = NULL WHERE entity = ?1 AND incident = ?2 AND hash = ?3 "
		"AND kind <> 'op.redact' AND body IS NOT NULL", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, o->entity);
	db_bind_uuid(q, 2, o->incident);
	sqlite3_bind_blob(q, 3, hash, OP_HASH, SQLITE_STATIC);
	enum status st = db_run(s, q, err);
	if (st == ST_OK)
		count->redacted += (size_t)sqlite3_changes(s->db);
	return st;
}

static void adopt_clock(struct store *s, const struct op *o)
{
	if (o->hlc > s->tx.hlc_adopted && o->hlc <= s->tx.wall + ADOPT_AHEAD)
		s->tx.hlc_adopted = o->hlc;
}

static enum status check_op(const struct op *o, struct err *err)
{
	if (o->seq < 1 || !o->kind[0] || strlen(o->saw) > OP_BODY_MAX || (o->has_body && strlen(o->body) > OP_BODY_MAX))
		return fail(err, ST_NO, "an op is not well-formed: nothing was taken in; get a fresh copy");
	if (!op_sound(o))
		return fail(err, ST_NO, "an op does not match its hash (%s, seq %lld): it was changed on the way; get a fresh copy", o->kind,
			(long long)o->seq);
	return ST_OK;
}

static enum status insert(struct store *s, const struct op *o, struct merge_count *count, struct err *err)
{
	bool redacted = false;
	struct op bare = *o;
	enum status st = journal_is_redacted(s, o, &redacted, err);
	if (st != ST_OK)
		return st;
	if (redacted && strcmp(o->kind, "op.redact") != 0) {
		bare.has_body = false;
		bare.body = NULL;
	}
	st = journal_insert(s, &bare, err);
	if (st != ST_OK)
		return st;
	count->added++;
	count->unknown += !project_knows(o);
	adopt_clock(s, o);
	touch(s, o->incident, o->entity);
	return strcmp(o->kind, "op.redact") == 0 ? erase_named(s, o, count, err) : ST_OK;
}

enum status merge_op(struct store *s, const struct op *o, struct merge_count *count, struct err *err)
{
	enum presence p = ABSENT;
	enum status st = check_op(o, err);
	if (st == ST_OK)
		st = presence_of(s, o, &p, err);
	if (st != ST_OK)
		return st;
	if (p == PRESENT) {
		count->known++;
		return ST_OK;
	}
	if (p == FORKED) {
		count->forks++;
		st = note_fork(s, o, err);
	}
	if (st == ST_OK)
		st = insert(s, o, count, err);
	return st == ST_OK ? leave_chain(s, o, err) : st;
}

static enum status save_clock(struct store *s, struct err *err)
{
	char text[32];
	snprintf(text, sizeof text, "%lld", (long long)s->tx.hlc_adopted);
	return local_set(s, "hlc", text, err);
}

enum status merge_finish(struct store *s, struct err *err)
{
	struct touched *t = s->tx.touched;
	if (!t)
		return ST_OK;
	qsort(t->v, t->n, sizeof *t->v, by_entity);
	size_t n = 0;
	for (size_t i = 0; i < t->n; i++)
		if (i == 0 || !uuid_eq(t->v[i].entity, t->v[n - 1].entity) || !uuid_eq(t->v[i].incident, t->v[n - 1].incident))
			t->v[n++] = t->v[i];
	qsort(t->v, n, sizeof *t->v, by_arrival);
	enum status st = ST_OK;
	for (size_t i = 0; i < n && st == ST_OK; i++)
		st = project_entity(s, t->v[i].incident, t->v[i].entity, err);
	merge_forget(s);
	return st == ST_OK ? save_clock(s, err) : st;
}
