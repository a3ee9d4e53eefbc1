/* query-journal.c - the journal as people and other files read it. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "store/admin.h"
#include "store/db.h"
#include "store/query.h"

/* ---- history ------------------------------------------------------------------------------------------------------ */

/* What the fields held when the op's author looked: the later of the heads it names. */
static void fill_before(const struct entity *e, const struct op *o, struct fields *before)
{
	for (size_t i = 0; i < e->n; i++) {
		if (memcmp(e->op[i].op.hash, o->hash, OP_HASH) != 0)
			continue;
		for (size_t k = 0; k < e->op[i].saw.n; k++) {
			const struct saw_field *f = &e->op[i].saw.v[k];
			for (size_t j = e->n; j-- > 0;) { /* all of them: by the clock, what was seen may come later */
				char hex[OP_SAW_DIGITS + 1];
				str_hex(hex, e->op[j].op.hash, OP_SAW_DIGITS / 2);
				bool seen = false;
				for (size_t h = 0; h < f->heads; h++)
					seen |= memcmp(f->head[h], hex, OP_SAW_DIGITS) == 0;
				const struct val *v = seen ? entity_value(e, j, f->name) : NULL;
				if (v) {
					fields_val(before, f->name, v);
					break;
				}
			}
		}
	}
}

static enum status show_row(struct store *s, struct op *o, enum status (*fn)(void *, const struct history_row *), void *arg, struct err *err)
{
	struct history_row r = { .grp = o->grp, .entity = o->entity, .kind = o->kind, .author = o->author, .zone = o->zone, .wall_us = o->wall_us,
		.hlc = o->hlc, .seq = o->seq, .host = o->host, .redacted = !o->has_body };
	if (o->has_body)
		fields_decode(o->body, strlen(o->body), &r.fields, NULL);
	struct entity e = { 0 };
	enum status st = op_kind_is(o, "new") ? ST_OK : entity_load(s, o->incident, o->entity, &e, err);
	if (st == ST_OK)
		fill_before(&e, o, &r.before);
	r.undone = group_is_undone(s, o->incident, o->grp);
	if (st == ST_OK)
		st = fn(arg, &r);
	entity_free(&e);
	fields_free(&r.fields);
	fields_free(&r.before);
	return st;
}

enum status q_history(struct store *s, uuid incident, const uuid *entity, enum status (*fn)(void *arg, const struct history_row *r), void *arg,
	struct err *err)
{
	sqlite3_stmt *q = db_sql(s, entity ? "SELECT " OP_COLUMNS " FROM op WHERE incident = ?1 AND entity = ?2 ORDER BY hlc, host, seq"
					   : "SELECT " OP_COLUMNS " FROM op WHERE incident = ?1 AND ?2 IS NULL ORDER BY hlc, host, seq", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	if (entity)
		db_bind_uuid(q, 2, *entity);
	enum status st = ST_OK;
	int rc = SQLITE_DONE;
	while (st == ST_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		struct op o;
		journal_row(q, 0, &o);
		st = show_row(s, &o, fn, arg, err);
		op_clear(&o);
	}
	if (st == ST_OK && rc != SQLITE_DONE)
		st = db_fail(s, err, "reading");
	db_done(q);
	return st;
}

enum status q_undo_next(struct store *s, uuid incident, const char *author, bool redo, uuid *grp, enum status (*fn)(void *arg, const struct history_row *r),
	void *arg, struct err *err)
{
	uuid host;
	int64_t seq, first;
	enum status st = undo_look(s, incident, author, redo, grp, &host, &seq, err);
	if (st != ST_OK)
		return st;
	if (!group_range(s, incident, host, seq, *grp, &first))
		first = 1;
	sqlite3_stmt *q = db_sql(s, "SELECT " OP_COLUMNS " FROM op WHERE incident = ?1 AND host = ?2 AND seq BETWEEN ?3 AND ?4 AND grp = ?5 ORDER BY seq", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	db_bind_uuid(q, 2, host);
	sqlite3_bind_int64(q, 3, first);
	sqlite3_bind_int64(q, 4, seq);
	db_bind_uuid(q, 5, *grp);
	int rc = SQLITE_DONE;
	while (st == ST_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		struct op o;
		journal_row(q, 0, &o);
		st = show_row(s, &o, fn, arg, err);
		op_clear(&o);
	}
	if (st == ST_OK && rc != SQLITE_DONE)
		st = db_fail(s, err, "reading");
	db_done(q);
	return st;
}

/* ---- ids ---------------------------------------------------------------------------------------------------------- */

static enum status find_id(struct store *s, const char *sql, uuid incident, const char *word, const char *what, uuid *out, struct err *err)
{
	enum status st = ST_OK;
	uuid low, high;
	if (!uuid_prefix(word, &low, &high))
		return fail(err, ST_NO, "%s is no id: ids are hex digits, see \"tplus history\"", word);
	sqlite3_stmt *q = db_sql(s, sql, err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	db_bind_uuid(q, 2, low);
	db_bind_uuid(q, 3, high);
	struct str names = STR_INIT;
	size_t n = 0;
	while (n < 8 && db_next(s, q, &st, err)) {
		char hex[33];
		*out = db_uuid(q, 0);
		uuid_hex(*out, hex);
		str_addf(&names, "%s%.12s", n++ ? ", " : "", hex);
	}
	db_done(q);
	if (st == ST_OK)
		st = n == 1 ? ST_OK
		: n	? fail(err, ST_NO, "%s is ambiguous: %s: give more digits", word, names.s)
			: fail(err, ST_NO, "no %s %s in this incident: see \"tplus history\"", what, word);
	str_free(&names);
	return st;
}

enum status q_group_find(struct store *s, uuid incident, const char *word, uuid *grp, struct err *err)
{
	uuid host;
	int64_t first, last;
	if (strlen(word) == 2 * sizeof grp->b && str_unhex(grp->b, sizeof grp->b, word) && group_recent(s, incident, *grp, &host, &first, &last))
		return ST_OK;
	return find_id(s, "SELECT DISTINCT grp FROM op WHERE incident = ?1 AND grp BETWEEN ?2 AND ?3", incident, word, "change", grp, err);
}

enum status q_entity_find(struct store *s, uuid incident, const char *word, uuid *entity, struct err *err)
{
	static const struct { const char *prefix, *type; } kinds[] = { { "AI-", "action" }, { "ASK-", "ask" }, { "H-", "hypothesis" } };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strncasecmp(word, kinds[i].prefix, strlen(kinds[i].prefix)) == 0)
			return q_number_find(s, incident, kinds[i].type, word, entity, err);
	struct event e;
	struct err event_err = { 0 };
	if (q_event_find(s, incident, word, &e, &event_err) == ST_OK) {
		*entity = e.entity;
		event_clear(&e);
		return ST_OK;
	}
	return find_id(s, "SELECT DISTINCT entity FROM op WHERE incident = ?1 AND entity BETWEEN ?2 AND ?3", incident, word, "entry", entity, err);
}

/* ---- the head, the ops -------------------------------------------------------------------------------------------- */

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, OP_HASH);
}

/* A chain's tips: its last op; where it forked, every op that no other continues. */
#define TIP_PLAIN "SELECT hash FROM op WHERE incident = ?1 AND host = ?2 ORDER BY seq DESC LIMIT 1"
#define TIP_FORK "SELECT hash FROM op o WHERE incident = ?1 AND host = ?2 AND NOT EXISTS (SELECT 1 FROM op n WHERE n.incident = ?1 AND " \
	"n.host = ?2 AND n.seq = o.seq + 1 AND n.prev = o.hash)"

struct tips { uint8_t (*v)[OP_HASH]; size_t n, cap; };

static enum status add_tips(struct store *s, uuid incident, uuid host, struct tips *t, struct err *err)
{
	enum status st = ST_OK;
	sqlite3_stmt *fork = db_sql(s, "SELECT 1 FROM fork WHERE incident = ?1 AND host = ?2", err);
	if (!fork)
		return ST_IO;
	db_bind_uuid(fork, 1, incident);
	db_bind_uuid(fork, 2, host);
	bool forked = sqlite3_step(fork) == SQLITE_ROW;
	db_done(fork);
	sqlite3_stmt *q = forked ? db_sql(s, TIP_FORK, err) : db_sql(s, TIP_PLAIN, err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	db_bind_uuid(q, 2, host);
	while (db_next(s, q, &st, err)) {
		t->v = xgrow(t->v, &t->cap, t->n + 1, sizeof *t->v);
		if (sqlite3_column_bytes(q, 0) == OP_HASH) /* verify reports others */
			memcpy(t->v[t->n++], sqlite3_column_blob(q, 0), OP_HASH);
	}
	db_done(q);
	return st;
}

enum status q_head(struct store *s, uuid incident, uint8_t out[OP_HASH], struct err *err)
{
	struct tips t = { 0 };
	uuid host = { { 0 } };
	enum status st = ST_OK;
	for (bool more = true; more && st == ST_OK;) {
		sqlite3_stmt *q = db_sql(s, "SELECT min(host) FROM op WHERE incident = ?1 AND host > ?2", err);
		if (!q)
			return ST_IO;
		db_bind_uuid(q, 1, incident);
		db_bind_uuid(q, 2, host);
		more = db_next(s, q, &st, err) && sqlite3_column_type(q, 0) != SQLITE_NULL;
		if (more)
			host = db_uuid(q, 0);
		db_done(q);
		if (more)
			st = add_tips(s, incident, host, &t, err);
	}
	if (t.n)
		qsort(t.v, t.n, sizeof *t.v, by_bytes);
	crypto_hash_sha256(out, (const unsigned char *)(t.v ? (void *)t.v : (void *)""), t.n * OP_HASH);
	free(t.v);
	return st;
}

enum status q_ops_each(struct store *s, uuid incident, enum status (*fn)(void *arg, const struct op *o), void *arg, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "SELECT " OP_COLUMNS " FROM op WHERE incident = ?1 ORDER BY host, seq, hash", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	enum status st = ST_OK;
	int rc = SQLITE_DONE;
	while (st == ST_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
		struct op o;
		journal_row(q, 0, &o);
		st = fn(arg, &o);
		op_clear(&o);
	}
	if (st == ST_OK && rc != SQLITE_DONE)
		st = db_fail(s, err, "reading");
	db_done(q);
	return st;
}

int64_t q_unknown_ops(struct store *s, uuid incident)
{
	sqlite3_stmt *q = db_sql(s, "SELECT ifnull(sum(ops), 0) FROM unknown WHERE incident = ?1", NULL);
	if (!q)
		return 0;
	db_bind_uuid(q, 1, incident);
	int64_t n = sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : 0;
	db_done(q);
	return n;
}
