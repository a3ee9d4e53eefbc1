/* project.c - the derived tables. Each row is a pure function of its entity's ops, so that the order of arrival leaves no trace.
 * To add a type: a row in types[], its columns here and in data/schema. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/db.h"

struct column { const char *name; enum val_type type; };

#define INT(name) { name, VAL_INT }
#define TEXT(name) { name, VAL_TEXT }
#define END { NULL, VAL_NULL }

static const struct column incident_columns[] = {
	TEXT("id"), TEXT("title"), INT("severity"), INT("first_severity"), TEXT("zone"), INT("opened_at"), END,
};
static const struct column event_columns[] = {
	INT("occurred_at"), INT("approx_s"), TEXT("kind"), TEXT("milestone"), TEXT("actor"), TEXT("text"), TEXT("raw"), INT("struck"),
	TEXT("why"), TEXT("subject"), INT("severity"), TEXT("moved_to"), TEXT("moved_from"), END,
};
static const struct column detail_columns[] = { TEXT("parent"), INT("ord"), TEXT("text"), END };
static const struct column responder_columns[] = { TEXT("name"), TEXT("role"), INT("joined_at"), INT("left_at"), END };
static const struct column action_columns[] = {
	TEXT("number"), TEXT("text"), TEXT("owner"), TEXT("due"), INT("priority"), TEXT("type"), TEXT("horizon"), TEXT("ref"), TEXT("success"),
	TEXT("status"), INT("created_at"), END,
};
static const struct column ask_columns[] = {
	TEXT("number"), TEXT("whom"), TEXT("text"), INT("asked_at"), INT("due_at"), INT("answered_at"), TEXT("answer"), TEXT("status"), END,
};
static const struct column hypothesis_columns[] = { TEXT("number"), TEXT("text"), TEXT("status"), TEXT("why"), INT("raised_at"), END };
static const struct column finding_columns[] = {
	TEXT("list"), TEXT("category"), TEXT("title"), TEXT("text"), INT("done"), TEXT("scope"), INT("said_at"), TEXT("event"), END,
};
static const struct column named_columns[] = { TEXT("name"), TEXT("value"), END };
static const struct column record_columns[] = { TEXT("type"), END };
static const struct column policy_columns[] = { INT("severity"), END };

/* A type's name is its table's. open: fields that are no column go to attr. */
struct type { const char *name; const struct column *columns; bool open; };
static const struct type types[] = {
	{ "incident", incident_columns, false },
	{ "event", event_columns, true },
	{ "detail", detail_columns, false },
	{ "responder", responder_columns, true },
	{ "action", action_columns, false },
	{ "ask", ask_columns, false },
	{ "hypothesis", hypothesis_columns, false },
	{ "finding", finding_columns, false },
	{ "field", named_columns, false },
	{ "section", named_columns, false },
	{ "record", record_columns, true },
	{ "policy", policy_columns, true },
};
enum { TYPES = sizeof types / sizeof *types, COMMON = 8, MAX_COLUMNS = 16 };

const char *const project_tables[] = {
	"incident", "event", "detail", "responder", "action", "ask", "hypothesis", "finding", "field", "section", "record", "policy", "attr", "conflict",
	"unknown", "fork", NULL,
};

static int type_find(const char *name)
{
	for (int i = 0; i < TYPES; i++)
		if (strcmp(types[i].name, name) == 0)
			return i;
	return -1;
}

bool project_knows(const struct op *o)
{
	static const char *const verbs[] = { "new", "set", "hide", "show", NULL }, *const others[] = { "op.redact", "grp.undo", "host.new", NULL };
	char type[32];
	op_type(o, type, sizeof type);
	bool known = false;
	for (int i = 0; others[i]; i++)
		known |= strcmp(o->kind, others[i]) == 0;
	for (int i = 0; verbs[i] && type_find(type) >= 0; i++)
		known |= op_kind_is(o, verbs[i]);
	return known && o->v <= OP_VERSION;
}

/* ---- writing a row ------------------------------------------------------------------------------------------------ */

struct row {
	const struct type *type;
	uuid entity, incident;
	int64_t hlc, recorded_at;
	const char *author;
	bool hidden, edited, conflict;
	const struct val *value[MAX_COLUMNS];
};

static char *write_sql(const struct type *t, bool fresh)
{
	struct str names = STR_INIT, marks = STR_INIT, sets = STR_INIT, sql = STR_INIT;
	for (int i = 0; t->columns[i].name; i++) {
		str_addf(&names, ", %s", t->columns[i].name);
		str_addf(&marks, ", ?%d", COMMON + 1 + i);
		str_addf(&sets, ", %s = excluded.%s", t->columns[i].name, t->columns[i].name);
	}
	str_addf(&sql,
		"INSERT INTO %s(entity, incident, hlc, recorded_at, author, hidden, edited, conflict%s) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8%s)",
		t->name, names.s, marks.s);
	if (!fresh)
		str_addf(&sql,
			" ON CONFLICT(entity, incident) DO UPDATE SET hlc = excluded.hlc, recorded_at = excluded.recorded_at, author = excluded.author, "
			"hidden = excluded.hidden, edited = excluded.edited, conflict = excluded.conflict%s", sets.s);
	str_free(&names);
	str_free(&marks);
	str_free(&sets);
	return str_take(&sql);
}

/* The statement's text is made once per type; its address is the cache key of db_sql. A row that cannot be there yet needs no upsert,
 * which takes twice as long to prepare. */
static const char *write_of(const struct type *t, bool fresh)
{
	static char *sql[2 * TYPES];
	size_t i = (size_t)(t - types) + (fresh ? TYPES : 0);
	char *have = __atomic_load_n(&sql[i], __ATOMIC_ACQUIRE);
	if (have)
		return have;
	char *made = write_sql(t, fresh);
	if (__atomic_compare_exchange_n(&sql[i], &have, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		return made;
	free(made); /* the other thread was first */
	return have;
}

static enum status write_row(struct store *s, const struct row *r, bool fresh, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, write_of(r->type, fresh), err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, r->entity);
	db_bind_uuid(q, 2, r->incident);
	sqlite3_bind_int64(q, 3, r->hlc);
	sqlite3_bind_int64(q, 4, r->recorded_at);
	db_bind_text(q, 5, r->author);
	sqlite3_bind_int(q, 6, r->hidden);
	sqlite3_bind_int(q, 7, r->edited);
	sqlite3_bind_int(q, 8, r->conflict);
	for (int i = 0; r->type->columns[i].name; i++) {
		const struct val *v = r->value[i];
		/* A value of the wrong type (a hostile or later writer) is unknown, not an error: the journal keeps it. */
		db_bind_val(q, COMMON + 1 + i, v && v->type == r->type->columns[i].type ? v : NULL);
	}
	return db_run(s, q, err);
}

static enum status write_attr(struct store *s, uuid entity, uuid incident, const char *name, const struct val *v, struct err *err)
{
	if (!v || v->type == VAL_NULL)
		return ST_OK;
	sqlite3_stmt *q = db_sql(s, "INSERT OR REPLACE INTO attr(entity, incident, name, value) VALUES(?1, ?2, ?3, ?4)", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, entity);
	db_bind_uuid(q, 2, incident);
	db_bind_text(q, 3, name);
	db_bind_val(q, 4, v);
	return db_run(s, q, err);
}

static bool is_column(const struct type *t, const char *name)
{
	for (int i = 0; t->columns[i].name; i++)
		if (strcmp(t->columns[i].name, name) == 0)
			return true;
	return false;
}

/* ---- an entity of one op: the hot path ---------------------------------------------------------------------------- */

enum status project_new(struct store *s, const struct op *o, const struct fields *f, struct err *err)
{
	char name[32];
	op_type(o, name, sizeof name);
	int t = type_find(name);
	if (t < 0 && project_knows(o))
		return ST_OK;
	if (t < 0 || !op_kind_is(o, "new"))
		return project_entity(s, o->incident, o->entity, err);
	struct row r = { .type = &types[t], .entity = o->entity, .incident = o->incident, .hlc = o->hlc, .recorded_at = o->wall_us,
		.author = o->author };
	for (int i = 0; types[t].columns[i].name; i++)
		r.value[i] = fields_get(f, types[t].columns[i].name);
	enum status st = write_row(s, &r, true, err);
	for (size_t i = 0; types[t].open && st == ST_OK && i < f->n; i++)
		if (!is_column(&types[t], f->v[i].name))
			st = write_attr(s, o->entity, o->incident, f->v[i].name, &f->v[i].val, err);
	return st;
}

/* ---- an entity of several ops ------------------------------------------------------------------------------------- */

static enum status clear_entity(struct store *s, const char *sql, const struct entity *e, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, sql, err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, e->id);
	db_bind_uuid(q, 2, e->incident);
	return db_run(s, q, err);
}

static enum status write_conflict(struct store *s, const struct entity *e, const char *type, const char *field, int ord, const struct val *v, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "INSERT INTO conflict(entity, incident, field, ord, type, value) VALUES(?1, ?2, ?3, ?4, ?5, ?6)", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, e->id);
	db_bind_uuid(q, 2, e->incident);
	db_bind_text(q, 3, field);
	sqlite3_bind_int(q, 4, ord);
	db_bind_text(q, 5, type);
	db_bind_val(q, 6, v);
	return db_run(s, q, err);
}

/* The displayed value of a field; records the others that differ from it and from one another. */
static enum status settle(struct store *s, const struct entity *e, const char *type, const char *field, const struct val **value,
	bool *conflict, struct err *err)
{
	size_t head[16], n = entity_heads(e, field, head, 16);
	*value = n ? entity_value(e, head[0], field) : NULL;
	enum status st = ST_OK;
	int ord = 0;
	for (size_t i = 1; i < n && st == ST_OK; i++) {
		const struct val *v = entity_value(e, head[i], field);
		bool differs = true;
		for (size_t j = 0; j < i && differs; j++)
			differs = !val_eq(v, entity_value(e, head[j], field));
		if (!differs)
			continue;
		*conflict = true;
		st = write_conflict(s, e, type, field, ord++, v, err);
	}
	return st;
}

/* An entity's line counts as edited when what it says is not what was first said. */
static bool is_edit(const struct entity *e, const char *field, const struct val *v)
{
	static const char *const said[] = { "text", "occurred_at", "actor", "approx_s" };
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		if (strcmp(said[i], field) == 0) {
			const struct val *first = entity_value(e, entity_first(e), field);
			return !first || !v ? first != v : !val_eq(first, v);
		}
	return false;
}

static bool written_before(const struct entity *e, size_t op, const char *name)
{
	for (size_t i = 0; i < op; i++)
		if (fields_get(&e->op[i].fields, name))
			return true;
	return false;
}

static enum status project_open_fields(struct store *s, const struct entity *e, const struct type *t, bool *conflict, struct err *err)
{
	enum status st = ST_OK;
	for (size_t i = 0; i < e->n; i++)
		for (size_t j = 0; j < e->op[i].fields.n && st == ST_OK; j++) {
			const char *name = e->op[i].fields.v[j].name;
			const struct val *v;
			if (is_column(t, name) || written_before(e, i, name))
				continue;
			st = settle(s, e, t->name, name, &v, conflict, err);
			if (st == ST_OK)
				st = write_attr(s, e->id, e->incident, name, v, err);
		}
	return st;
}

static enum status project_row(struct store *s, const struct entity *e, const struct type *t, struct err *err)
{
	const struct op *first = &e->op[entity_first(e)].op;
	struct row r = { .type = t, .entity = e->id, .incident = e->incident, .hlc = first->hlc, .recorded_at = first->wall_us,
		.author = first->author };
	const struct val *hidden = NULL;
	bool ignored = false;
	enum status st = settle(s, e, t->name, FIELD_HIDDEN, &hidden, &ignored, err);
	r.hidden = hidden && hidden->i == 1;
	for (int i = 0; t->columns[i].name && st == ST_OK; i++) {
		st = settle(s, e, t->name, t->columns[i].name, &r.value[i], &r.conflict, err);
		r.edited |= is_edit(e, t->columns[i].name, r.value[i]);
	}
	if (st == ST_OK && t->open)
		st = project_open_fields(s, e, t, &r.conflict, err);
	return st == ST_OK ? write_row(s, &r, false, err) : st;
}

/* The entity's type, of its earliest op; NULL when this version knows none of them. */
static const struct type *type_of(const struct entity *e, int *unknown)
{
	const struct type *t = NULL;
	*unknown = 0;
	for (size_t i = 0; i < e->n; i++) {
		int k = type_find(e->op[i].type);
		if (!project_knows(&e->op[i].op))
			++*unknown;
		else if (k >= 0 && !t)
			t = &types[k];
	}
	return t;
}

/* Ops of two types on one entity (no tplus writes that): the earliest op may have arrived last, so the other's row goes. */
static enum status clear_other_types(struct store *s, const struct entity *e, const struct type *t, struct err *err)
{
	enum status st = ST_OK;
	for (size_t i = 0; i < e->n && st == ST_OK; i++) {
		int k = type_find(e->op[i].type);
		if (k < 0 || &types[k] == t)
			continue;
		sqlite3_stmt *q = NULL;
		char *sql = str_fmt("DELETE FROM %s WHERE entity = ?1 AND incident = ?2", types[k].name);
		if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) == SQLITE_OK) {
			db_bind_uuid(q, 1, e->id);
			db_bind_uuid(q, 2, e->incident);
		}
		free(sql);
		st = q ? db_run(s, q, err) : db_fail(s, err, "writing");
		sqlite3_finalize(q);
	}
	return st;
}

static enum status write_unknown(struct store *s, const struct entity *e, int ops, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "INSERT INTO unknown(entity, incident, ops) VALUES(?1, ?2, ?3)", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, e->id);
	db_bind_uuid(q, 2, e->incident);
	sqlite3_bind_int(q, 3, ops);
	return db_run(s, q, err);
}

enum status project_entity(struct store *s, uuid incident, uuid entity, struct err *err)
{
	struct entity e;
	enum status st = entity_load(s, incident, entity, &e, err);
	if (st != ST_OK)
		return st;
	int unknown = 0;
	const struct type *t = e.n ? type_of(&e, &unknown) : NULL;
	st = clear_entity(s, "DELETE FROM conflict WHERE entity = ?1 AND incident = ?2", &e, err);
	if (st == ST_OK)
		st = clear_entity(s, "DELETE FROM unknown WHERE entity = ?1 AND incident = ?2", &e, err);
	if (st == ST_OK && t)
		st = clear_other_types(s, &e, t, err);
	if (st == ST_OK && t)
		st = clear_entity(s, "DELETE FROM attr WHERE entity = ?1 AND incident = ?2", &e, err);
	if (st == ST_OK && t)
		st = project_row(s, &e, t, err);
	if (st == ST_OK && unknown)
		st = write_unknown(s, &e, unknown, err);
	entity_free(&e);
	return st;
}

/* ---- all of it ---------------------------------------------------------------------------------------------------- */

static enum status project_forks(struct store *s, struct err *err)
{
	return db_exec(s, "INSERT INTO fork(incident, host) SELECT DISTINCT incident, host FROM op GROUP BY incident, host, seq "
		"HAVING count(*) > 1", err);
}

enum status project_all(struct store *s, struct err *err)
{
	enum status st = ST_OK;
	for (int i = 0; project_tables[i] && st == ST_OK; i++) {
		char *sql = str_fmt("DELETE FROM %s", project_tables[i]);
		st = db_exec(s, sql, err);
		free(sql);
	}
	/* In order of first arrival, so that local row numbers keep their meaning. */
	sqlite3_stmt *q = NULL;
	if (st == ST_OK && sqlite3_prepare_v2(s->db, "SELECT entity, incident FROM op GROUP BY entity, incident ORDER BY min(rowid)", -1, &q, NULL) != SQLITE_OK)
		st = db_fail(s, err, "reading");
	int rc = SQLITE_DONE;
	while (st == ST_OK && (rc = sqlite3_step(q)) == SQLITE_ROW)
		st = project_entity(s, db_uuid(q, 1), db_uuid(q, 0), err);
	if (st == ST_OK && rc != SQLITE_DONE)
		st = db_fail(s, err, "reading");
	sqlite3_finalize(q);
	return st == ST_OK ? project_forks(s, err) : st;
}
