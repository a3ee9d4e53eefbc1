/* query-record.c - the rows of documents' tables, and what else people name by id: findings, points, records, conflicting values. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/db.h"
#include "store/query.h"

/* ---- records ------------------------------------------------------------------------------------------------------ */

static char *attr_text(sqlite3_stmt *q, int col)
{
	char *s = db_text(q, col);
	if (s && s[0])
		return s;
	free(s);
	return NULL;
}

/* A row of the query is one value; those of one record follow one another. */
static void add_value(struct record *r, sqlite3_stmt *q, size_t *cap)
{
	char *value = attr_text(q, 5);
	if (!value)
		return;
	r->values.v = xgrow(r->values.v, cap, r->values.n + 1, sizeof *r->values.v);
	r->values.v[r->values.n++] = (struct named){ db_text(q, 4), value };
}

enum status q_records(struct store *s, uuid incident, const char *type, struct records *out, struct err *err)
{
	*out = (struct records){ 0 };
	sqlite3_stmt *q = db_sql(s, "SELECT r.entity, r.type, r.recorded_at, r.author, a.name, a.value FROM record r LEFT JOIN attr a ON "
		"a.entity = r.entity AND a.incident = r.incident WHERE r.incident = ?1 AND r.hidden = 0 AND r.type IS NOT NULL AND "
		"(?2 IS NULL OR r.type = ?2) ORDER BY r.hlc, r.entity, a.name", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	db_bind_text(q, 2, type);
	size_t cap = 0, value_cap = 0;
	int rc;
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		uuid u = db_uuid(q, 0);
		if (!out->n || !uuid_eq(out->v[out->n - 1].entity, u)) {
			out->v = xgrow(out->v, &cap, out->n + 1, sizeof *out->v);
			out->v[out->n++] = (struct record){ .entity = u, .type = db_text(q, 1), .recorded_at = db_int(q, 2, 0), .author = db_text(q, 3) };
			value_cap = 0;
		}
		add_value(&out->v[out->n - 1], q, &value_cap);
	}
	enum status st = rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	if (st != ST_OK)
		records_free(out);
	return st;
}

enum status q_named(struct store *s, uuid incident, const char *type, const char *name, char **out, struct err *err)
{
	*out = NULL;
	sqlite3_stmt *q = db_sql(s, strcmp(type, "field") == 0
			? "SELECT value FROM field WHERE incident = ?1 AND name = ?2 AND hidden = 0 AND value IS NOT NULL ORDER BY hlc DESC, entity DESC LIMIT 1"
			: "SELECT value FROM section WHERE incident = ?1 AND name = ?2 AND hidden = 0 AND value IS NOT NULL ORDER BY hlc DESC, entity DESC LIMIT 1",
		err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	db_bind_text(q, 2, name);
	int rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		*out = db_text(q, 0);
	enum status st = rc == SQLITE_ROW || rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	return st;
}

enum status q_milestone_actor(struct store *s, uuid incident, int milestone, char **out, struct err *err)
{
	enum status st = ST_OK;
	*out = NULL;
	sqlite3_stmt *q = db_sql(s, "SELECT ifnull(actor, author) FROM event WHERE incident = ?1 AND kind = 'milestone' AND kind <> 'note' AND hidden = 0 AND "
		"struck IS NOT 1 AND milestone = ?2 ORDER BY occurred_at, hlc, entity LIMIT 1", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	db_bind_text(q, 2, milestone_name(milestone));
	if (db_next(s, q, &st, err))
		*out = db_text(q, 0);
	db_done(q);
	return st;
}

/* ---- by id -------------------------------------------------------------------------------------------------------- */

enum status q_thing_find(struct store *s, uuid incident, const char *word, struct thing *out, struct err *err)
{
	enum status st = ST_OK;
	uuid low, high;
	*out = (struct thing){ .type = "" };
	if (!uuid_prefix(word, &low, &high))
		return fail(err, ST_NO, "%s is no id: ids are hex digits, see \"tplus show\"", word);
	sqlite3_stmt *q = db_sql(s, "SELECT entity, incident, 'finding' FROM finding WHERE entity BETWEEN ?1 AND ?2 AND hidden = 0 AND (?3 IS NULL OR "
		"incident = ?3) UNION ALL SELECT entity, incident, 'record' FROM record WHERE entity BETWEEN ?1 AND ?2 AND hidden = 0 AND (?3 IS NULL OR "
		"incident = ?3) UNION ALL SELECT entity, incident, 'detail' FROM detail WHERE entity BETWEEN ?1 AND ?2 AND hidden = 0 AND (?3 IS NULL OR "
		"incident = ?3) LIMIT 9", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, low);
	db_bind_uuid(q, 2, high);
	if (!uuid_is_zero(incident))
		db_bind_uuid(q, 3, incident);
	struct str names = STR_INIT;
	size_t n = 0;
	while (db_next(s, q, &st, err)) {
		char hex[33];
		out->entity = db_uuid(q, 0);
		out->incident = db_uuid(q, 1);
		snprintf(out->type, sizeof out->type, "%s", (const char *)sqlite3_column_text(q, 2));
		uuid_hex(out->entity, hex);
		str_addf(&names, "%s%.12s %s", n++ ? ", " : "", hex, out->type);
	}
	db_done(q);
	if (st == ST_OK)
		st = n == 1 ? ST_OK
		: n	? fail(err, ST_NO, "%s is ambiguous: %s: give more digits", word, names.s)
			: fail(err, ST_NO, "no %s here: ids are those that \"tplus tail\" and \"tplus show\" print", word);
	str_free(&names);
	return st;
}

static size_t common_digits(const char *a, const char *b)
{
	size_t n = 0;
	while (n < 32 && a[n] == b[n])
		n++;
	return n;
}

void q_thing_short(struct store *s, uuid entity, char out[33])
{
	static const char *const neighbour[] = {
		"SELECT min(entity) FROM (SELECT * FROM (SELECT entity FROM event WHERE entity > ?1 ORDER BY entity LIMIT 1) UNION ALL "
		"SELECT * FROM (SELECT entity FROM finding WHERE entity > ?1 ORDER BY entity LIMIT 1) UNION ALL "
		"SELECT * FROM (SELECT entity FROM detail WHERE entity > ?1 ORDER BY entity LIMIT 1) UNION ALL "
		"SELECT * FROM (SELECT entity FROM record WHERE entity > ?1 ORDER BY entity LIMIT 1))",
		"SELECT max(entity) FROM (SELECT * FROM (SELECT entity FROM event WHERE entity < ?1 ORDER BY entity DESC LIMIT 1) UNION ALL "
		"SELECT * FROM (SELECT entity FROM finding WHERE entity < ?1 ORDER BY entity DESC LIMIT 1) UNION ALL "
		"SELECT * FROM (SELECT entity FROM detail WHERE entity < ?1 ORDER BY entity DESC LIMIT 1) UNION ALL "
		"SELECT * FROM (SELECT entity FROM record WHERE entity < ?1 ORDER BY entity DESC LIMIT 1))",
	};
	uuid_hex(entity, out);
	size_t need = 4;
	for (int i = 0; i < 2; i++) {
		sqlite3_stmt *q = db_sql(s, neighbour[i], NULL);
		if (!q)
			continue;
		db_bind_uuid(q, 1, entity);
		if (sqlite3_step(q) == SQLITE_ROW && sqlite3_column_type(q, 0) != SQLITE_NULL) {
			char other[33];
			uuid_hex(db_uuid(q, 0), other);
			size_t n = common_digits(out, other) + 1;
			need = n > need ? n : need;
		}
		db_done(q);
	}
	out[need > 32 ? 32 : need] = '\0';
}

/* The author's finding that no event stands behind, recorded after that clock: what "detail" speaks of. */
enum status q_finding_last(struct store *s, uuid incident, const char *author, int64_t after_hlc, uuid *out, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "SELECT entity FROM finding WHERE incident = ?1 AND hidden = 0 AND event IS NULL AND author = ?2 AND hlc > ?3 "
		"ORDER BY hlc DESC LIMIT 1", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	db_bind_text(q, 2, author);
	sqlite3_bind_int64(q, 3, after_hlc);
	int rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		*out = db_uuid(q, 0);
	enum status st = rc == SQLITE_ROW ? ST_OK : rc == SQLITE_DONE ? ST_NO : db_fail(s, err, "reading");
	db_done(q);
	return st;
}

size_t q_point_count(struct store *s, uuid incident, uuid parent)
{
	char hex[33];
	uuid_hex(parent, hex);
	sqlite3_stmt *q = db_sql(s, "SELECT max(ord) FROM detail WHERE parent = ?1 AND incident = ?2", NULL);
	if (!q)
		return 0;
	db_bind_text(q, 1, hex);
	db_bind_uuid(q, 2, incident);
	int64_t n = sqlite3_step(q) == SQLITE_ROW ? db_int(q, 0, 0) : 0;
	db_done(q);
	return n > 0 && n < INT32_MAX ? (size_t)n : 0;
}

/* ---- conflicts ---------------------------------------------------------------------------------------------------- */

static void copy_value(struct val *to, const struct val *from)
{
	*to = from ? *from : (struct val){ .type = VAL_NULL };
	if (to->type != VAL_TEXT)
		return;
	to->s = xmalloc(from->n + 1);
	memcpy(to->s, from->s, from->n + 1);
}

void choices_free(struct choices *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].type == VAL_TEXT)
			free(c->v[i].s);
	free(c->v);
	*c = (struct choices){ 0 };
}

enum status q_choices(struct store *s, uuid incident, uuid entity, const char *field, struct choices *out, struct err *err)
{
	struct entity e;
	*out = (struct choices){ 0 };
	enum status st = entity_load(s, incident, entity, &e, err);
	if (st != ST_OK)
		return st;
	size_t head[16], n = entity_heads(&e, field, head, 16);
	out->v = xcalloc(n + 1, sizeof *out->v);
	if (e.n)
		snprintf(out->type, sizeof out->type, "%s", e.op[entity_first(&e)].type);
	for (size_t i = 0; i < n; i++) {
		const struct val *v = entity_value(&e, head[i], field);
		bool known = false;
		for (size_t k = 0; k < out->n && v; k++)
			known |= val_eq(v, &out->v[k]);
		if (!known)
			copy_value(&out->v[out->n++], v);
	}
	entity_free(&e);
	if (out->n < 2) {
		choices_free(out);
		return fail(err, ST_NO, "nobody disagrees about that: \"tplus choose\" lists the conflicts");
	}
	return ST_OK;
}
