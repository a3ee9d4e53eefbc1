/* undo.c - taking a group back by appending its inverse. Nothing is ever removed from the journal. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/admin.h"
#include "store/db.h"

struct group { struct entity_op *op; size_t n, cap; };

static void group_free(struct group *g)
{
	for (size_t i = 0; i < g->n; i++) {
		op_clear(&g->op[i].op);
		fields_free(&g->op[i].fields);
		saw_free(&g->op[i].saw);
	}
	free(g->op);
	*g = (struct group){ 0 };
}

/* ---- where a group stands ----------------------------------------------------------------------------------------- */

enum { RECENT = 2000 }; /* ops of a chain looked through for a group before the whole incident is */

static int64_t one_int(sqlite3_stmt *q, int64_t none)
{
	int64_t n = sqlite3_step(q) == SQLITE_ROW ? db_int(q, 0, none) : none;
	db_done(q);
	return n;
}

/* One transaction wrote the group, so its ops stand together in its host's chain; but for a forked one, where others stand beside them. */
bool group_range(struct store *s, uuid incident, uuid host, int64_t last, uuid grp, int64_t *first)
{
	sqlite3_stmt *fork = db_sql(s, "SELECT 1 FROM fork WHERE incident = ?1 AND host = ?2", NULL);
	sqlite3_stmt *edge = db_sql(s, "SELECT seq FROM op WHERE incident = ?1 AND host = ?2 AND seq < ?3 AND grp <> ?4 ORDER BY seq DESC LIMIT 1", NULL);
	if (!fork || !edge)
		return false;
	db_bind_uuid(fork, 1, incident);
	db_bind_uuid(fork, 2, host);
	if (one_int(fork, 0))
		return false;
	db_bind_uuid(edge, 1, incident);
	db_bind_uuid(edge, 2, host);
	sqlite3_bind_int64(edge, 3, last);
	db_bind_uuid(edge, 4, grp);
	*first = one_int(edge, 0) + 1;
	return true;
}

static int64_t recent_in(struct store *s, uuid incident, uuid host, uuid grp)
{
	sqlite3_stmt *tip = db_sql(s, "SELECT seq FROM op WHERE incident = ?1 AND host = ?2 ORDER BY seq DESC LIMIT 1", NULL);
	sqlite3_stmt *q = db_sql(s, "SELECT seq FROM op WHERE incident = ?1 AND host = ?2 AND seq > ?3 AND grp = ?4 ORDER BY seq DESC LIMIT 1", NULL);
	if (!tip || !q)
		return 0;
	db_bind_uuid(tip, 1, incident);
	db_bind_uuid(tip, 2, host);
	db_bind_uuid(q, 1, incident);
	db_bind_uuid(q, 2, host);
	sqlite3_bind_int64(q, 3, one_int(tip, 0) - RECENT);
	db_bind_uuid(q, 4, grp);
	return one_int(q, 0);
}

bool group_recent(struct store *s, uuid incident, uuid grp, uuid *host, int64_t *first, int64_t *last)
{
	sqlite3_stmt *hosts = db_sql(s, "SELECT min(host) FROM op WHERE incident = ?1 AND host > ?2", NULL);
	memset(host, 0, sizeof *host);
	while (hosts) {
		db_bind_uuid(hosts, 1, incident);
		db_bind_uuid(hosts, 2, *host);
		bool more = sqlite3_step(hosts) == SQLITE_ROW && sqlite3_column_type(hosts, 0) != SQLITE_NULL;
		if (more)
			*host = db_uuid(hosts, 0);
		db_done(hosts);
		if (!more)
			return false;
		*last = recent_in(s, incident, *host, grp);
		if (*last)
			return group_range(s, incident, *host, *last, grp, first);
	}
	return false;
}

static enum status group_load(struct store *s, uuid grp, struct group *g, struct err *err)
{
	uuid host;
	int64_t first, last;
	bool recent = group_recent(s, s->tx.incident, grp, &host, &first, &last);
	*g = (struct group){ 0 };
	sqlite3_stmt *q = recent ? db_sql(s, "SELECT " OP_COLUMNS " FROM op WHERE incident = ?1 AND grp = ?2 AND host = ?3 AND seq BETWEEN ?4 AND ?5 ORDER BY seq", err)
		: db_sql(s, "SELECT " OP_COLUMNS " FROM op WHERE incident = ?1 AND grp = ?2 ORDER BY seq", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, s->tx.incident);
	db_bind_uuid(q, 2, grp);
	if (recent) {
		db_bind_uuid(q, 3, host);
		sqlite3_bind_int64(q, 4, first);
		sqlite3_bind_int64(q, 5, last);
	}
	while (sqlite3_step(q) == SQLITE_ROW) {
		g->op = xgrow(g->op, &g->cap, g->n + 1, sizeof *g->op);
		struct entity_op *o = &g->op[g->n++];
		memset(o, 0, sizeof *o);
		journal_row(q, 0, &o->op);
		op_type(&o->op, o->type, sizeof o->type);
		saw_decode(o->op.saw, &o->saw, NULL);
		if (o->op.has_body)
			fields_decode(o->op.body, strlen(o->op.body), &o->fields, NULL);
	}
	db_done(q);
	return ST_OK;
}

/* ---- which groups are in force ------------------------------------------------------------------------------------ */

/* The groups that undid this one; heap array ended by a zero id. */
static uuid *undoers(struct store *s, uuid incident, uuid grp)
{
	size_t n = 0, cap = 0;
	uuid *v = NULL;
	sqlite3_stmt *q = db_sql(s, "SELECT grp FROM op WHERE entity = ?1 AND incident = ?2 AND kind = 'grp.undo'", NULL);
	if (q) {
		db_bind_uuid(q, 1, grp);
		db_bind_uuid(q, 2, incident);
		while (sqlite3_step(q) == SQLITE_ROW) {
			v = xgrow(v, &cap, n + 1, sizeof *v);
			v[n++] = db_uuid(q, 0);
		}
		db_done(q);
	}
	v = xgrow(v, &cap, n + 1, sizeof *v);
	memset(&v[n], 0, sizeof *v);
	return v;
}

static bool is_undone(struct store *s, uuid incident, uuid grp, int depth)
{
	uuid *by = undoers(s, incident, grp);
	bool undone = false;
	for (size_t i = 0; !uuid_is_zero(by[i]) && !undone && depth < 1000; i++)
		undone = !is_undone(s, incident, by[i], depth + 1);
	free(by);
	return undone;
}

bool group_is_undone(struct store *s, uuid incident, uuid grp)
{
	return is_undone(s, incident, grp, 0);
}

/* The group this one undid: zero when it is an ordinary group. */
static uuid undoes(struct store *s, uuid host, int64_t seq, uuid grp)
{
	uuid target = { { 0 } };
	sqlite3_stmt *q = db_sql(s, "SELECT entity FROM op WHERE incident = ?1 AND host = ?2 AND seq <= ?3 AND seq > ?3 - 5000 AND grp = ?4 "
		"AND kind = 'grp.undo' LIMIT 1", NULL);
	if (!q)
		return target;
	db_bind_uuid(q, 1, s->tx.incident);
	db_bind_uuid(q, 2, host);
	sqlite3_bind_int64(q, 3, seq);
	db_bind_uuid(q, 4, grp);
	if (sqlite3_step(q) == SQLITE_ROW)
		target = db_uuid(q, 0);
	db_done(q);
	return target;
}

static bool undoes_an_undo(struct store *s, uuid grp)
{
	sqlite3_stmt *q = db_sql(s, "SELECT 1 FROM op WHERE incident = ?1 AND grp = ?2 AND kind = 'grp.undo' LIMIT 1", NULL);
	if (!q)
		return false;
	db_bind_uuid(q, 1, s->tx.incident);
	db_bind_uuid(q, 2, grp);
	bool yes = sqlite3_step(q) == SQLITE_ROW;
	db_done(q);
	return yes;
}

struct tip { uuid grp, host; int64_t seq, hlc; };

enum verdict { TAKE, SKIP, STOP };

static enum verdict judge(struct store *s, const struct tip *t, bool redo)
{
	uuid target = undoes(s, t->host, t->seq, t->grp);
	bool ordinary = uuid_is_zero(target);
	if (!redo)
		return ordinary && !group_is_undone(s, s->tx.incident, t->grp) ? TAKE : SKIP;
	if (ordinary)
		return STOP;
	return !undoes_an_undo(s, target) && !group_is_undone(s, s->tx.incident, t->grp) ? TAKE : SKIP;
}

/* The author's groups, newest first, through the chains of all hosts. */
static enum status author_tips(struct store *s, const char *author, int64_t before_hlc, struct tip *out, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "SELECT grp, host, seq, hlc FROM op WHERE incident = ?1 AND host = ?2 AND hlc < ?3 AND author = ?4 AND "
		"kind <> 'host.new' ORDER BY seq DESC LIMIT 1", err);
	sqlite3_stmt *hosts = db_sql(s, "SELECT min(host) FROM op WHERE incident = ?1 AND host > ?2", err);
	if (!q || !hosts)
		return ST_IO;
	*out = (struct tip){ .hlc = INT64_MIN };
	uuid host = { { 0 } };
	for (;;) {
		db_bind_uuid(hosts, 1, s->tx.incident);
		db_bind_uuid(hosts, 2, host);
		bool more = sqlite3_step(hosts) == SQLITE_ROW && sqlite3_column_type(hosts, 0) != SQLITE_NULL;
		if (more)
			host = db_uuid(hosts, 0);
		db_done(hosts);
		if (!more)
			return ST_OK;
		db_bind_uuid(q, 1, s->tx.incident);
		db_bind_uuid(q, 2, host);
		sqlite3_bind_int64(q, 3, before_hlc);
		db_bind_text(q, 4, author);
		if (sqlite3_step(q) == SQLITE_ROW && sqlite3_column_int64(q, 3) > out->hlc)
			*out = (struct tip){ db_uuid(q, 0), db_uuid(q, 1), sqlite3_column_int64(q, 2), sqlite3_column_int64(q, 3) };
		db_done(q);
	}
}

static enum status last_tip(struct store *s, const char *author, bool redo, struct tip *t, struct err *err)
{
	uuid last = { { 0 } };
	*t = (struct tip){ .hlc = INT64_MAX };
	for (;;) {
		enum status st = author_tips(s, author, t->hlc, t, err);
		if (st != ST_OK)
			return st;
		if (t->hlc == INT64_MIN)
			break;
		if (uuid_eq(t->grp, last))
			continue;
		last = t->grp;
		enum verdict v = judge(s, t, redo);
		if (v == TAKE)
			return ST_OK;
		if (v == STOP)
			break;
	}
	return fail(err, ST_NO, redo ? "nothing to redo: the last change by %s was no undo" : "nothing to undo by %s in this incident: name a change "
		"from \"tplus history\"", author);
}

enum status undo_last_group(struct store *s, const char *author, bool redo, uuid *grp, struct err *err)
{
	struct tip t;
	enum status st = last_tip(s, author, redo, &t, err);
	if (st == ST_OK)
		*grp = t.grp;
	return st;
}

enum status undo_look(struct store *s, uuid incident, const char *author, bool redo, uuid *grp, uuid *host, int64_t *seq, struct err *err)
{
	uuid was = s->tx.incident;
	struct tip t;
	s->tx.incident = incident;
	enum status st = last_tip(s, author, redo, &t, err);
	s->tx.incident = was;
	if (st == ST_OK) {
		*grp = t.grp;
		*host = t.host;
		*seq = t.seq;
	}
	return st;
}

/* Does another op in force build on this one? Clocks may be wrong, so the last by the clock need not be the last that was done. */
static bool is_built_on(const struct entity *e, size_t at, const bool *in_force)
{
	char hex[OP_SAW_DIGITS + 1];
	str_hex(hex, e->op[at].op.hash, OP_SAW_DIGITS / 2);
	for (size_t i = 0; i < e->n; i++)
		for (size_t f = 0; in_force[i] && i != at && f < e->op[i].saw.n; f++)
			for (size_t k = 0; k < e->op[i].saw.v[f].heads; k++)
				if (strcmp(e->op[i].saw.v[f].head[k], hex) == 0)
					return true;
	return false;
}

enum status undo_entity_group(struct store *s, uuid entity, uuid *grp, struct err *err)
{
	struct entity e;
	enum status st = entity_load(s, s->tx.incident, entity, &e, err);
	if (st != ST_OK)
		return st;
	bool *in_force = xcalloc(e.n, sizeof *in_force), found = false;
	for (size_t i = 0; i < e.n; i++) {
		const struct op *o = &e.op[i].op;
		in_force[i] = uuid_is_zero(undoes(s, o->host, o->seq, o->grp)) && !group_is_undone(s, s->tx.incident, o->grp);
	}
	for (size_t i = e.n; i-- > 0 && !found;) {
		found = in_force[i] && !is_built_on(&e, i, in_force);
		*grp = e.op[i].op.grp;
	}
	free(in_force);
	entity_free(&e);
	return found ? ST_OK : fail(err, ST_NO, "nothing is left to undo there: see \"tplus history\"");
}

/* ---- the inverse -------------------------------------------------------------------------------------------------- */

static const struct op *find_seen(const struct entity *e, const struct saw_field *f, size_t *at)
{
	for (size_t i = e->n; i-- > 0;) {
		char hex[OP_SAW_DIGITS + 1];
		str_hex(hex, e->op[i].op.hash, OP_SAW_DIGITS / 2);
		for (size_t k = 0; k < f->heads; k++)
			if (memcmp(f->head[k], hex, OP_SAW_DIGITS) == 0) {
				*at = i;
				return &e->op[i].op;
			}
	}
	return NULL;
}

/* Others' later changes are not ours to take back: every head of the field must be the op itself, or an undo or redo that
 * brought its value back. */
static bool is_untouched(struct store *s, const struct entity *e, size_t at, const char *field)
{
	size_t head[16], n = entity_heads(e, field, head, 16);
	const struct val *mine = entity_value(e, at, field);
	for (size_t i = 0; i < n; i++) {
		const struct entity_op *h = &e->op[head[i]];
		if (head[i] == at || uuid_eq(h->op.grp, s->tx.grp))
			continue;
		const struct val *v = entity_value(e, head[i], field);
		bool ours = !uuid_is_zero(undoes(s, h->op.host, h->op.seq, h->op.grp));
		if (!ours || !mine || !v || !val_eq(mine, v))
			return false;
	}
	return true;
}

static enum status refuse_touched(const struct entity *e, const char *field, struct err *err)
{
	size_t head;
	const char *who = entity_heads(e, field, &head, 1) ? e->op[head].op.author : "somebody";
	return fail(err, ST_CONFLICT, "%s changed %s since: undo that change first, or make the correction by hand", who, field);
}

static enum status invert_fields(struct store *s, const struct entity *e, size_t at, struct err *err)
{
	const struct entity_op *o = &e->op[at];
	struct fields f = { 0 };
	for (size_t i = 0; i < o->saw.n; i++) {
		const struct saw_field *sf = &o->saw.v[i];
		if (!is_untouched(s, e, at, sf->name)) {
			fields_free(&f);
			return refuse_touched(e, sf->name, err);
		}
		size_t seen;
		const struct val *v = find_seen(e, sf, &seen) ? entity_value(e, seen, sf->name) : NULL;
		if (v)
			fields_val(&f, sf->name, v);
		else
			fields_null(&f, sf->name);
	}
	char *kind = str_fmt("%s.set", o->type);
	enum status st = tx_op(s, kind, o->op.entity, &f, err);
	free(kind);
	return st;
}

static enum status invert_visibility(struct store *s, const struct entity *e, size_t at, struct err *err)
{
	const struct entity_op *o = &e->op[at];
	if (!is_untouched(s, e, at, FIELD_HIDDEN))
		return refuse_touched(e, FIELD_HIDDEN, err);
	char *kind = str_fmt("%s.%s", o->type, op_kind_is(&o->op, "hide") ? "show" : "hide");
	enum status st = tx_op(s, kind, o->op.entity, NULL, err);
	free(kind);
	return st;
}

static enum status invert_new(struct store *s, const struct entity *e, size_t at, struct err *err)
{
	const struct entity_op *o = &e->op[at];
	for (size_t i = 0; i < o->saw.n; i++)
		if (!is_untouched(s, e, at, o->saw.v[i].name))
			return refuse_touched(e, o->saw.v[i].name, err);
	char *kind = str_fmt("%s.hide", o->type);
	enum status st = tx_op(s, kind, o->op.entity, NULL, err);
	free(kind);
	return st;
}

static enum status invert(struct store *s, const struct entity_op *o, struct err *err)
{
	if (strcmp(o->op.kind, "op.redact") == 0)
		return fail(err, ST_NO, "a redaction cannot be undone: the text is gone");
	if (!project_knows(&o->op))
		return fail(err, ST_CONFLICT, "that was done by a newer tplus, which alone may take it back: upgrade tplus");
	if (!op_kind_is(&o->op, "new") && !op_kind_is(&o->op, "set") && !op_kind_is(&o->op, "hide") && !op_kind_is(&o->op, "show"))
		return ST_OK;
	if (strcmp(o->type, "host") == 0)
		return ST_OK;
	struct entity e;
	enum status st = entity_load(s, s->tx.incident, o->op.entity, &e, err);
	if (st != ST_OK)
		return st;
	size_t at = 0;
	while (at < e.n && memcmp(e.op[at].op.hash, o->op.hash, OP_HASH) != 0)
		at++;
	if (at == e.n)
		st = ST_OK;
	else if (op_kind_is(&o->op, "new"))
		st = invert_new(s, &e, at, err);
	else if (op_kind_is(&o->op, "set"))
		st = invert_fields(s, &e, at, err);
	else
		st = invert_visibility(s, &e, at, err);
	entity_free(&e);
	return st;
}

/* ---- saying what ---------------------------------------------------------------------------------------------------- */

static void say_value(struct str *b, const struct fields *f, const char *name)
{
	const struct val *v = fields_get(f, name);
	if (v && v->type == VAL_TEXT)
		str_addf(b, " %s", v->s);
}

static void say(struct str *b, const struct group *g)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct entity_op *o = &g->op[i];
		if (strcmp(o->type, "host") == 0 || strcmp(o->type, "detail") == 0 || strcmp(o->type, "policy") == 0)
			continue;
		if (b->len)
			str_adds(b, "; ");
		str_adds(b, strcmp(o->type, "grp") == 0 ? "an undo" : o->type);
		say_value(b, &o->fields, "milestone");
		say_value(b, &o->fields, "number");
		say_value(b, &o->fields, "role");
		say_value(b, &o->fields, "name");
		say_value(b, &o->fields, "title");
		say_value(b, &o->fields, "text");
		if (op_kind_is(&o->op, "set"))
			for (size_t k = 0; k < o->fields.n; k++)
				str_addf(b, "%s%s", k ? ", " : " (", o->fields.v[k].name);
		if (op_kind_is(&o->op, "set") && o->fields.n)
			str_addc(b, ')');
	}
}

enum status undo_group(struct store *s, uuid grp, struct str *said, struct err *err)
{
	struct group g;
	enum status st = group_load(s, grp, &g, err);
	if (st == ST_OK && g.n == 0)
		st = fail(err, ST_NO, "no such change in this incident: see \"tplus history\"");
	else if (st == ST_OK && group_is_undone(s, s->tx.incident, grp))
		st = fail(err, ST_NO, "that change is undone already: see \"tplus history\"");
	if (st == ST_OK)
		st = tx_op(s, "grp.undo", grp, NULL, err);
	for (size_t i = g.n; i-- > 0 && st == ST_OK;)
		st = invert(s, &g.op[i], err);
	if (st == ST_OK && said)
		say(said, &g);
	group_free(&g);
	return st;
}
