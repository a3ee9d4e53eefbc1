/* redact.c - making a text unreadable everywhere this file keeps it, while the chain still verifies: salt and body of every op that carried it
 * become null, their digest stays. What else those ops said is written again first. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/admin.h"
#include "store/db.h"

/* The fields that say something, by type; of a record all but its type. */
static const struct { const char *type; const char *field[4]; } secrets[] = {
	{ "finding", { "text", "title" } }, { "action", { "text", "success" } }, { "ask", { "text", "answer" } }, { "hypothesis", { "text", "why" } },
	{ "event", { "text", "raw", "why" } }, /* the reason stands in the text, too */
	{ "field", { "value" } },	    { "section", { "value" } },
};

static bool is_secret(const char *type, const char *field)
{
	if (strcmp(type, "record") == 0)
		return strcmp(field, "type") != 0;
	for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
		for (size_t k = 0; k < 4 && secrets[i].field[k] && strcmp(secrets[i].type, type) == 0; k++)
			if (strcmp(secrets[i].field[k], field) == 0)
				return true;
	return strcmp(field, "text") == 0 || strcmp(field, "raw") == 0;
}

#define REDACTED "[redacted]"

static bool carried(const struct entity_op *o)
{
	for (size_t i = 0; i < o->fields.n; i++) {
		const struct field_val *f = &o->fields.v[i];
		if (is_secret(o->type, f->name) && f->val.type != VAL_NULL && !(f->val.type == VAL_TEXT && str_eq(f->val.s, REDACTED)))
			return true;
	}
	return false;
}

static bool head_is_lost(const struct entity *e, const char *field)
{
	size_t head[64], n = entity_heads(e, field, head, 64);
	for (size_t i = 0; i < n; i++)
		if (carried(&e->op[head[i]]))
			return true;
	return false;
}

/* What the entity displays besides the secret and would lose with the bodies. */
static void keep_the_rest(const struct entity *e, struct fields *keep)
{
	for (size_t i = 0; i < e->n; i++)
		for (size_t j = 0; carried(&e->op[i]) && j < e->op[i].fields.n; j++) {
			const char *name = e->op[i].fields.v[j].name;
			size_t head;
			if (is_secret(e->op[i].type, name) && entity_heads(e, name, &head, 1) && entity_value(e, head, name)->type != VAL_NULL)
				fields_text(keep, name, REDACTED);
			else if (!is_secret(e->op[i].type, name) && head_is_lost(e, name) && entity_heads(e, name, &head, 1))
				fields_val(keep, name, entity_value(e, head, name));
		}
	if (fields_get(keep, "raw"))
		fields_null(keep, "raw");
}

static enum status erase_op(struct store *s, const struct entity_op *o, const char *why, struct err *err)
{
	char hex[2 * OP_HASH + 1];
	str_hex(hex, o->op.hash, OP_HASH);
	struct fields f = { 0 };
	fields_text(&f, "op", hex);
	fields_text(&f, "reason", why);
	enum status st = tx_op(s, "op.redact", o->op.entity, &f, err);
	if (st != ST_OK)
		return st;
	sqlite3_stmt *q = db_sql(s, "UPDATE op SET salt = NULL, body = NULL WHERE rowid = ?1", err);
	if (q)
		sqlite3_bind_int64(q, 1, o->rowid);
	return db_run(s, q, err);
}

/* One entity of the open incident. *found counts the ops erased. */
static enum status redact_entity(struct store *s, uuid entity, const char *why, size_t *found, struct err *err)
{
	struct entity e;
	enum status st = entity_load(s, s->tx.incident, entity, &e, err);
	if (st != ST_OK)
		return st;
	struct fields keep = { 0 };
	size_t n = 0;
	for (size_t i = 0; i < e.n; i++)
		n += carried(&e.op[i]);
	if (n) {
		char *kind = str_fmt("%s.set", e.op[0].type);
		keep_the_rest(&e, &keep);
		st = tx_op(s, kind, entity, &keep, err);
		free(kind);
	}
	for (size_t i = 0; i < e.n && st == ST_OK; i++)
		if (carried(&e.op[i]))
			st = erase_op(s, &e.op[i], why, err);
	if (st == ST_OK && n)
		st = project_entity(s, s->tx.incident, entity, err);
	*found += n;
	entity_free(&e);
	return st;
}

struct uuids { uuid *v; size_t n, cap; };

static void uuids_add(struct uuids *l, uuid u)
{
	for (size_t i = 0; i < l->n; i++)
		if (uuid_eq(l->v[i], u))
			return;
	l->v = xgrow(l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = u;
}

static void collect(struct store *s, const char *sql, uuid event, bool as_text, struct uuids *out)
{
	char hex[33];
	uuid_hex(event, hex);
	sqlite3_stmt *q = db_sql(s, sql, NULL);
	if (!q)
		return;
	if (as_text)
		db_bind_text(q, 1, hex);
	else
		db_bind_uuid(q, 1, event);
	while (sqlite3_step(q) == SQLITE_ROW) {
		uuid u = db_uuid(q, 0);
		if (sqlite3_column_type(q, 0) == SQLITE_TEXT)
			str_unhex(u.b, sizeof u.b, (const char *)sqlite3_column_text(q, 0));
		if (!uuid_is_zero(u))
			uuids_add(out, u);
	}
	db_done(q);
}

/* The event, what repeats its words (its detail, a finding or an ask made of it), and the copies it was moved from and to. */
static void copies_of(struct store *s, uuid event, struct uuids *out)
{
	uuids_add(out, event);
	for (size_t i = 0; i < out->n; i++) {
		uuid u = out->v[i];
		collect(s, "SELECT entity FROM detail WHERE parent = ?1", u, true, out);
		collect(s, "SELECT entity FROM finding WHERE event = ?1", u, true, out);
		collect(s, "SELECT entity FROM event WHERE moved_from = ?1", u, true, out);
		collect(s, "SELECT moved_from FROM event WHERE entity = ?1 AND moved_from IS NOT NULL", u, false, out);
		collect(s, "SELECT subject FROM event WHERE entity = ?1 AND subject IS NOT NULL AND kind IN ('ask', 'hypothesis')", u, false, out);
	}
}


enum status redact_event(struct store *s, uuid entity, const char *why, struct err *err)
{
	struct uuids l = { 0 };
	size_t found = 0;
	enum status st = ST_OK;
	copies_of(s, entity, &l);
	for (size_t i = 0; i < l.n && st == ST_OK; i++) {
		struct uuids in = { 0 }; /* an event made of an alert is the same in each incident the alert went to */
		collect(s, "SELECT DISTINCT incident FROM op WHERE entity = ?1", l.v[i], false, &in);
		for (size_t k = 0; k < in.n && st == ST_OK; k++) {
			st = tx_incident(s, in.v[k], NULL, err);
			if (st == ST_OK)
				st = redact_entity(s, l.v[i], why, &found, err);
		}
		free(in.v);
	}
	free(l.v);
	if (st == ST_OK && found == 0)
		return fail(err, ST_NO, "there is no text left to redact there");
	return st;
}

static enum status empty_wal(struct store *s, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "PRAGMA wal_checkpoint(TRUNCATE)", err);
	if (!q)
		return ST_IO;
	int rc = sqlite3_step(q);
	bool busy = rc == SQLITE_ROW && sqlite3_column_int(q, 0) != 0;
	enum status st = rc != SQLITE_ROW ? db_fail(s, err, "emptying its journal") : ST_OK;
	db_done(q);
	if (st == ST_OK && busy)
		st = fail(err, ST_IO, "%s: another program keeps its journal in use: end it and redact again", s->path);
	return st;
}

/* The rollback journal keeps old pages after a commit (PERSIST), and so does a WAL: both are emptied. A transaction that ends with a
 * size limit of 0 cuts the rollback journal under the write lock; it must change something, or there is no journal. */
enum status redact_clean(struct store *s, struct err *err)
{
	if (strcmp(s->journal_mode, "wal") == 0)
		return empty_wal(s, err);
	enum status st = db_exec(s, "PRAGMA journal_size_limit=0; BEGIN IMMEDIATE", err);
	if (st == ST_OK)
		st = db_exec(s, "DELETE FROM local WHERE k = 'cleaned'; INSERT INTO local(k, v) VALUES('cleaned', 1); COMMIT", err);
	if (st != ST_OK)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_exec(s->db, "PRAGMA journal_size_limit=-1", NULL, NULL, NULL);
	return st;
}
