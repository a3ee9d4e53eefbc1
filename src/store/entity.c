/* entity.c - what the ops of one entity say together. A pure function of the set of ops, whatever order they arrived in. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/db.h"

static const struct val shown = { .type = VAL_INT, .i = 0 }, hidden = { .type = VAL_INT, .i = 1 };

static int by_clock(const void *a, const void *b)
{
	const struct op *x = &((const struct entity_op *)a)->op, *y = &((const struct entity_op *)b)->op;
	if (x->hlc != y->hlc)
		return x->hlc < y->hlc ? -1 : 1;
	int c = memcmp(x->host.b, y->host.b, sizeof x->host.b);
	if (c)
		return c;
	if (x->seq != y->seq)
		return x->seq < y->seq ? -1 : 1;
	return memcmp(x->hash, y->hash, OP_HASH);
}

/* A body this version cannot read is treated as redacted: kept, counted by verify, not shown. */
static void decode(struct entity_op *o)
{
	op_type(&o->op, o->type, sizeof o->type);
	if (o->op.has_body && fields_decode(o->op.body, strlen(o->op.body), &o->fields, NULL) != ST_OK)
		fields_free(&o->fields);
}

enum status entity_load(struct store *s, uuid incident, uuid id, struct entity *out, struct err *err)
{
	*out = (struct entity){ .incident = incident, .id = id };
	size_t cap = 0;
	sqlite3_stmt *q = db_sql(s, "SELECT rowid, " OP_COLUMNS " FROM op WHERE entity = ?1 AND incident = ?2", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, id);
	db_bind_uuid(q, 2, incident);
	int rc;
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		out->op = xgrow(out->op, &cap, out->n + 1, sizeof *out->op);
		struct entity_op *o = &out->op[out->n++];
		memset(o, 0, sizeof *o);
		o->rowid = sqlite3_column_int64(q, 0);
		journal_row(q, 1, &o->op);
		decode(o);
	}
	enum status st = rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	if (out->n > 1)
		qsort(out->op, out->n, sizeof *out->op, by_clock);
	for (size_t i = 0; i < out->n; i++)
		saw_decode(out->op[i].op.saw, &out->op[i].saw, NULL);
	if (st != ST_OK)
		entity_free(out);
	return st;
}

void entity_free(struct entity *e)
{
	for (size_t i = 0; i < e->n; i++) {
		op_clear(&e->op[i].op);
		fields_free(&e->op[i].fields);
		saw_free(&e->op[i].saw);
	}
	free(e->op);
	*e = (struct entity){ 0 };
}

static bool is_visibility(const struct op *o)
{
	return op_kind_is(o, "hide") || op_kind_is(o, "show");
}

const struct val *entity_value(const struct entity *e, size_t i, const char *field)
{
	const struct entity_op *o = &e->op[i];
	if (!project_knows(&o->op))
		return NULL;
	if (strcmp(field, FIELD_HIDDEN) == 0)
		return !is_visibility(&o->op) ? NULL : op_kind_is(&o->op, "hide") ? &hidden : &shown;
	if (!o->op.has_body || !(op_kind_is(&o->op, "new") || op_kind_is(&o->op, "set")))
		return NULL;
	return fields_get(&o->fields, field);
}

size_t entity_first(const struct entity *e)
{
	for (size_t i = 0; i < e->n; i++)
		if (op_kind_is(&e->op[i].op, "new"))
			return i;
	return 0;
}

static bool names(const struct saw_field *f, const char *hex)
{
	for (size_t k = 0; f && k < f->heads; k++)
		if (memcmp(f->head[k], hex, OP_SAW_DIGITS) == 0)
			return true;
	return false;
}

/* Which ops' values of the field another op's author had seen: heap array of e->n. What an op of a later version put in their
 * place cannot be shown, so they stay, until an op that can be shown has seen that one. */
static bool *seen_ops(const struct entity *e, const char *field)
{
	bool *seen = xcalloc(e->n, sizeof *seen);
	size_t *todo = xcalloc(e->n, sizeof *todo), n = 0;
	char hex[OP_SAW_DIGITS + 1];
	for (size_t i = 0; i < e->n; i++)
		if (project_knows(&e->op[i].op))
			todo[n++] = i;
	while (n > 0) {
		const struct saw_field *f = saw_get(&e->op[todo[--n]].saw, field);
		for (size_t i = 0; f && i < e->n; i++) {
			str_hex(hex, e->op[i].op.hash, OP_SAW_DIGITS / 2);
			if (seen[i] || !names(f, hex))
				continue;
			seen[i] = true;
			if (!project_knows(&e->op[i].op))
				todo[n++] = i;
		}
	}
	free(todo);
	return seen;
}

size_t entity_heads(const struct entity *e, const char *field, size_t *out, size_t max)
{
	size_t n = 0;
	if (e->n == 1) { /* most entities, and a bulk import asks for all their fields */
		out[0] = 0;
		return max > 0 && entity_value(e, 0, field);
	}
	bool *seen = seen_ops(e, field);
	for (size_t i = e->n; i-- > 0 && n < max;)
		if (!seen[i] && entity_value(e, i, field))
			out[n++] = i;
	free(seen);
	return n;
}
