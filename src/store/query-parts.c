/* query-parts.c - responders, actions, asks, hypotheses, findings, fields, sections, severities, conflicts, policy. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "store/db.h"
#include "store/query.h"

/* Steps a list query: row() reads the current row into the next element of an array of elements of the given size. */
static enum status each(struct store *s, const char *sql, uuid incident, void **v, size_t *n, size_t size, void (*row)(sqlite3_stmt *, void *),
	struct err *err)
{
	*v = NULL;
	*n = 0;
	sqlite3_stmt *q = db_sql(s, sql, err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	size_t cap = 0;
	int rc;
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		*v = xgrow(*v, &cap, *n + 1, size);
		void *slot = (char *)*v + (*n)++ * size;
		memset(slot, 0, size);
		row(q, slot);
	}
	enum status st = rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	return st;
}

#define EACH(s, sql, incident, list, row, err) each(s, sql, incident, (void **)&(list)->v, &(list)->n, sizeof *(list)->v, row, err)

/* A number that another of its kind in the incident has too is shown with four digits of its identity. */
static char *shown_number(sqlite3_stmt *q, int number, int entity, int same)
{
	char *n = db_text(q, number), hex[33];
	if (!n || sqlite3_column_int(q, same) < 2)
		return n;
	uuid_hex(db_uuid(q, entity), hex);
	char *shown = str_fmt("%s-%.4s", n, hex);
	free(n);
	return shown;
}

static void responder_row(sqlite3_stmt *q, void *slot)
{
	struct responder *r = slot;
	r->entity = db_uuid(q, 0);
	r->name = db_text(q, 1);
	r->role = db_text(q, 2);
	r->joined_at = db_int(q, 3, USEC_NONE);
	r->left_at = db_int(q, 4, USEC_NONE);
	r->offered_at = db_int(q, 5, USEC_NONE);
}

enum status q_responders(struct store *s, uuid incident, struct responders *out, struct err *err)
{
	enum status st = EACH(s, "SELECT entity, name, role, joined_at, left_at, (SELECT value FROM attr a WHERE a.entity = r.entity AND "
		"a.incident = r.incident AND a.name = 'offered_at' AND typeof(value) = 'integer') AS offered_at FROM responder r WHERE incident = ?1 AND "
		"hidden = 0 ORDER BY ifnull(joined_at, offered_at), hlc, entity", incident, out, responder_row, err);
	if (st != ST_OK)
		responders_free(out);
	return st;
}

#define SAME(table) "(SELECT count(*) FROM " table " o WHERE o.incident = ?1 AND o.number = t.number AND o.hidden = 0)"
#define BY_NUMBER " ORDER BY CAST(substr(number, instr(number, '-') + 1) AS INTEGER), hlc, entity"

static void action_row(sqlite3_stmt *q, void *slot)
{
	struct action *a = slot;
	a->entity = db_uuid(q, 0);
	a->number = shown_number(q, 1, 0, 2);
	a->text = db_text(q, 3);
	a->owner = db_text(q, 4);
	a->due = db_text(q, 5);
	a->priority = (int)db_int(q, 6, -1);
	a->type = db_text(q, 7);
	a->horizon = db_text(q, 8);
	a->ref = db_text(q, 9);
	a->success = db_text(q, 10);
	a->status = db_text(q, 11);
	a->created_at = db_int(q, 12, USEC_NONE);
}

enum status q_actions(struct store *s, uuid incident, struct actions *out, struct err *err)
{
	enum status st = EACH(s, "SELECT entity, number, " SAME("action") ", text, owner, due, priority, type, horizon, ref, success, "
		"ifnull(status, 'open'), created_at FROM action t WHERE incident = ?1 AND hidden = 0" BY_NUMBER, incident, out, action_row, err);
	if (st != ST_OK)
		actions_free(out);
	return st;
}

static void ask_row(sqlite3_stmt *q, void *slot)
{
	struct ask *a = slot;
	a->entity = db_uuid(q, 0);
	a->number = shown_number(q, 1, 0, 2);
	a->to = db_text(q, 3);
	a->text = db_text(q, 4);
	a->status = db_text(q, 5);
	a->answer = db_text(q, 6);
	a->asked_at = db_int(q, 7, USEC_NONE);
	a->due_at = db_int(q, 8, USEC_NONE);
	a->answered_at = db_int(q, 9, USEC_NONE);
}

enum status q_asks(struct store *s, uuid incident, struct asks *out, struct err *err)
{
	enum status st = EACH(s, "SELECT entity, number, " SAME("ask") ", whom, text, ifnull(status, 'open'), answer, asked_at, due_at, answered_at "
		"FROM ask t WHERE incident = ?1 AND hidden = 0" BY_NUMBER, incident, out, ask_row, err);
	if (st != ST_OK)
		asks_free(out);
	return st;
}

static void hypothesis_row(sqlite3_stmt *q, void *slot)
{
	struct hypothesis *h = slot;
	h->entity = db_uuid(q, 0);
	h->number = shown_number(q, 1, 0, 2);
	h->text = db_text(q, 3);
	h->status = db_text(q, 4);
	h->why = db_text(q, 5);
	h->raised_at = db_int(q, 6, USEC_NONE);
}

enum status q_hypotheses(struct store *s, uuid incident, struct hypotheses *out, struct err *err)
{
	enum status st = EACH(s, "SELECT entity, number, " SAME("hypothesis") ", text, ifnull(status, 'open'), why, raised_at FROM hypothesis t "
		"WHERE incident = ?1 AND hidden = 0" BY_NUMBER, incident, out, hypothesis_row, err);
	if (st != ST_OK)
		hypotheses_free(out);
	return st;
}

static void finding_row(sqlite3_stmt *q, void *slot)
{
	struct finding *f = slot;
	f->entity = db_uuid(q, 0);
	f->list = db_text(q, 1);
	f->category = db_text(q, 2);
	f->title = db_text(q, 3);
	f->text = db_text(q, 4);
	f->done = db_int(q, 5, 0) == 1;
	f->said_at = db_int(q, 6, USEC_NONE);
	f->scope = db_text(q, 7);
}

/* Points are detail entities whose parent is the finding. */
static enum status read_points(struct store *s, struct finding *f, struct err *err)
{
	enum status st = ST_OK;
	char hex[33];
	uuid_hex(f->entity, hex);
	sqlite3_stmt *q = db_sql(s, "SELECT text FROM detail WHERE parent = ?1 AND hidden = 0 ORDER BY ord, hlc, entity", err);
	if (!q)
		return ST_IO;
	db_bind_text(q, 1, hex);
	size_t cap = 0;
	while (db_next(s, q, &st, err)) {
		char *t = db_text(q, 0);
		f->point = xgrow(f->point, &cap, f->points + 1, sizeof *f->point);
		f->point[f->points++] = t ? t : xstrdup("");
	}
	db_done(q);
	return st;
}

enum status q_findings(struct store *s, uuid incident, struct findings *out, struct err *err)
{
	enum status st = EACH(s, "SELECT entity, list, category, title, text, done, said_at, scope FROM finding WHERE incident = ?1 AND hidden = 0 "
		"ORDER BY said_at, hlc, entity", incident, out, finding_row, err);
	for (size_t i = 0; i < out->n && st == ST_OK; i++)
		st = read_points(s, &out->v[i], err);
	if (st != ST_OK)
		findings_free(out);
	return st;
}

enum status q_findings_of(struct store *s, uuid event, uuid **out, size_t *n, struct err *err)
{
	enum status st = ST_OK;
	char hex[33];
	uuid_hex(event, hex);
	*out = NULL;
	*n = 0;
	sqlite3_stmt *q = db_sql(s, "SELECT entity FROM finding WHERE event = ?1 AND hidden = 0", err);
	if (!q)
		return ST_IO;
	db_bind_text(q, 1, hex);
	size_t cap = 0;
	while (db_next(s, q, &st, err)) {
		*out = xgrow(*out, &cap, *n + 1, sizeof **out);
		(*out)[(*n)++] = db_uuid(q, 0);
	}
	db_done(q);
	return st;
}

static char *text_of(char *t)
{
	return t ? t : xstrdup("");
}

static void named_row(sqlite3_stmt *q, void *slot)
{
	struct named *n = slot;
	n->name = text_of(db_text(q, 0));
	n->value = text_of(db_text(q, 1));
}

enum status q_fields(struct store *s, uuid incident, struct nameds *out, struct err *err)
{
	return EACH(s, "SELECT name, value FROM field WHERE incident = ?1 AND hidden = 0 AND value IS NOT NULL ORDER BY name, hlc, entity", incident, out,
		named_row, err);
}

enum status q_sections(struct store *s, uuid incident, struct nameds *out, struct err *err)
{
	return EACH(s, "SELECT name, value FROM section WHERE incident = ?1 AND hidden = 0 AND value IS NOT NULL ORDER BY name, hlc, entity", incident,
		out, named_row, err);
}

static void step_row(sqlite3_stmt *q, void *slot)
{
	struct severity_step *p = slot;
	p->severity = (int)db_int(q, 0, SEV_UNKNOWN);
	p->at = db_int(q, 1, 0);
	p->why = db_text(q, 2);
	p->author = db_text(q, 3);
}

enum status q_severity_steps(struct store *s, uuid incident, struct severity_steps *out, struct err *err)
{
	return EACH(s, "SELECT first_severity, opened_at, NULL, author, 0 AS later, 0 AS hlc, entity FROM incident WHERE entity = ?1 UNION ALL "
		"SELECT severity, occurred_at, why, ifnull(actor, author), 1, hlc, entity FROM event WHERE incident = ?1 AND kind = 'severity' AND "
		"kind <> 'note' AND hidden = 0 AND struck IS NOT 1 ORDER BY later, 2, hlc, entity", incident, out, step_row, err);
}

/* ---- conflicts ---------------------------------------------------------------------------------------------------- */

/* With the t. it is a column or an error: alone an unknown one would be taken for a text. Fields that are no column are in attr. */
static char *value_shown(struct store *s, uuid incident, uuid entity, const char *type, const char *field)
{
	char *v = NULL, *sql = sqlite3_mprintf("SELECT t.\"%w\" FROM \"%w\" t WHERE entity = ?1 AND incident = ?2", field, type);
	sqlite3_stmt *q = NULL;
	if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) != SQLITE_OK)
		sqlite3_prepare_v2(s->db, "SELECT value FROM attr WHERE entity = ?1 AND incident = ?2 AND name = ?3", -1, &q, NULL);
	if (q) {
		db_bind_uuid(q, 1, entity);
		db_bind_uuid(q, 2, incident);
		if (sqlite3_bind_parameter_count(q) == 3)
			db_bind_text(q, 3, field);
		v = sqlite3_step(q) == SQLITE_ROW ? db_text(q, 0) : NULL;
	}
	sqlite3_finalize(q);
	sqlite3_free(sql);
	return v;
}

enum status q_conflicts(struct store *s, uuid incident, struct conflicts *out, struct err *err)
{
	enum status st = ST_OK;
	*out = (struct conflicts){ 0 };
	sqlite3_stmt *q = db_sql(s, "SELECT entity, type, field, value FROM conflict WHERE incident = ?1 ORDER BY entity, field, ord", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	size_t cap = 0;
	while (db_next(s, q, &st, err)) {
		struct conflict *last = out->n ? &out->v[out->n - 1] : NULL;
		const char *field = (const char *)sqlite3_column_text(q, 2);
		if (!last || !uuid_eq(last->entity, db_uuid(q, 0)) || !str_eq(last->field, field)) {
			out->v = xgrow(out->v, &cap, out->n + 1, sizeof *out->v);
			last = &out->v[out->n++];
			*last = (struct conflict){ .entity = db_uuid(q, 0), .type = db_text(q, 1), .field = db_text(q, 2) };
		}
		last->other = xrealloc(last->other, (last->others + 1) * sizeof *last->other);
		last->other[last->others++] = text_of(db_text(q, 3));
	}
	db_done(q);
	for (size_t i = 0; i < out->n; i++)
		out->v[i].shown = value_shown(s, incident, out->v[i].entity, out->v[i].type, out->v[i].field);
	if (st != ST_OK)
		conflicts_free(out);
	return st;
}

/* ---- policy ------------------------------------------------------------------------------------------------------- */

enum status q_policy(struct store *s, uuid incident, int severity, struct policy *out, struct err *err)
{
	enum status st = ST_OK;
	policy_read_start(out, severity);
	sqlite3_stmt *q = db_sql(s, "SELECT a.name, a.value FROM policy p JOIN attr a ON a.entity = p.entity AND a.incident = p.incident "
		"WHERE p.entity = ?1 AND p.incident = ?2 AND p.hidden = 0 ORDER BY a.name", err);
	if (!q)
		return ST_IO;
	char name[32];
	snprintf(name, sizeof name, "policy:%d", severity);
	db_bind_uuid(q, 1, uuid_named(incident, name, strlen(name)));
	db_bind_uuid(q, 2, incident);
	while (db_next(s, q, &st, err))
		policy_read_field(out, (const char *)sqlite3_column_text(q, 0), (const char *)sqlite3_column_text(q, 1));
	db_done(q);
	return st;
}

/* ---- people ------------------------------------------------------------------------------------------------------- */

enum status q_people(struct store *s, uuid incident, size_t limit, char ***out, size_t *n, struct err *err)
{
	enum status st = ST_OK;
	*out = NULL;
	*n = 0;
	/* The last few hundred events name everybody who matters now; reading them all would not be instant in a long incident. */
	sqlite3_stmt *q = db_sql(s, "SELECT who, max(at) AS latest FROM (SELECT name AS who, joined_at AS at FROM responder WHERE incident = ?1 AND "
		"hidden = 0 UNION ALL SELECT owner, created_at FROM action WHERE incident = ?1 AND hidden = 0 UNION ALL SELECT whom, asked_at FROM ask "
		"WHERE incident = ?1 AND hidden = 0 UNION ALL SELECT * FROM (SELECT ifnull(actor, author), occurred_at FROM event WHERE "
		"incident = ?1 AND hidden = 0 ORDER BY occurred_at DESC, hlc DESC, entity DESC LIMIT 500)) WHERE who IS NOT NULL AND who <> '' GROUP BY who "
		"ORDER BY latest DESC, who LIMIT ?2", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	sqlite3_bind_int64(q, 2, (int64_t)limit);
	size_t cap = 0;
	while (db_next(s, q, &st, err)) {
		*out = xgrow(*out, &cap, *n + 1, sizeof **out);
		(*out)[(*n)++] = db_text(q, 0);
	}
	db_done(q);
	while (st != ST_OK && *n)
		free((*out)[--*n]);
	return st;
}

/* ---- numbers ------------------------------------------------------------------------------------------------------ */

struct numbered { const char *type, *find, *last; };

#define FIND(table) "SELECT entity, number FROM " table " WHERE incident = ?1 AND hidden = 0"
#define NUMBER "CAST(substr(number, instr(number, '-') + 1) AS INTEGER)"
#define LAST(table) "SELECT max(" NUMBER ") FROM " table " WHERE incident = ?1 AND " NUMBER " < 1000000000" /* more is no count of ours */

static const struct numbered numbered[] = {
	{ "action", FIND("action"), LAST("action") },
	{ "ask", FIND("ask"), LAST("ask") },
	{ "hypothesis", FIND("hypothesis"), LAST("hypothesis") },
};

static const struct numbered *numbered_find(const char *type)
{
	for (size_t i = 0; i < sizeof numbered / sizeof *numbered; i++)
		if (strcmp(numbered[i].type, type) == 0)
			return &numbered[i];
	return NULL;
}

/* "AI-4" is named by AI-4, ai-4, AI-004, 4, and with digits of its identity behind by AI-4-4f2a. */
static bool number_matches(const char *number, uuid entity, const char *word)
{
	const char *dash = strchr(number, '-');
	size_t stem = dash ? (size_t)(dash - number) + 1 : 0;
	if (strncasecmp(word, number, stem) == 0)
		word += stem;
	char *end;
	unsigned long n = strtoul(word, &end, 10);
	if (!isdigit((unsigned char)word[0]) || n != strtoul(number + stem, NULL, 10))
		return false;
	char hex[33];
	uuid_hex(entity, hex);
	return *end == '\0' || (*end == '-' && end[1] && strncasecmp(end + 1, hex, strlen(end + 1)) == 0);
}

enum status q_number_find(struct store *s, uuid incident, const char *type, const char *word, uuid *out, struct err *err)
{
	enum status st = ST_OK;
	const struct numbered *k = numbered_find(type);
	sqlite3_stmt *q = k ? db_sql(s, k->find, err) : NULL;
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	size_t n = 0;
	struct str names = STR_INIT;
	while (db_next(s, q, &st, err)) {
		const char *number = (const char *)sqlite3_column_text(q, 1);
		uuid u = db_uuid(q, 0);
		if (!number || !number_matches(number, u, word))
			continue;
		char hex[33];
		uuid_hex(u, hex);
		str_addf(&names, "%s%s-%.4s", n ? ", " : "", number, hex);
		*out = u;
		n++;
	}
	db_done(q);
	if (st == ST_OK)
		st = n == 1 ? ST_OK
		: n	? fail(err, ST_NO, "%s is ambiguous: %s: give the digits behind it too", word, names.s)
			: fail(err, ST_NO, "no %s %s in this incident: see \"tplus show\"", strcmp(type, "action") == 0 ? "action item" : type, word);
	str_free(&names);
	return st;
}

enum status q_number_next(struct store *s, uuid incident, const char *type, const char *prefix, struct str *out, struct err *err)
{
	enum status st = ST_OK;
	const struct numbered *k = numbered_find(type);
	sqlite3_stmt *q = k ? db_sql(s, k->last, err) : NULL;
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	int64_t last = db_next(s, q, &st, err) ? db_int(q, 0, 0) : 0;
	db_done(q);
	str_addf(out, "%s-%lld", prefix, (long long)last + 1);
	return st;
}
