/* journal.c - the one function that writes ops, and the transaction around it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/db.h"

/* ---- rows --------------------------------------------------------------------------------------------------------- */

static void copy_blob(sqlite3_stmt *q, int col, void *out, size_t n)
{
	if ((size_t)sqlite3_column_bytes(q, col) == n)
		memcpy(out, sqlite3_column_blob(q, col), n);
}

static char *text_or_empty(sqlite3_stmt *q, int col)
{
	char *t = db_text(q, col);
	return t ? t : xstrdup("");
}

void journal_row(sqlite3_stmt *q, int col, struct op *o)
{
	memset(o, 0, sizeof *o);
	o->incident = db_uuid(q, col);
	o->host = db_uuid(q, col + 1);
	o->seq = sqlite3_column_int64(q, col + 2);
	copy_blob(q, col + 3, o->prev, OP_HASH);
	o->hlc = sqlite3_column_int64(q, col + 4);
	o->wall_us = sqlite3_column_int64(q, col + 5);
	o->zone = text_or_empty(q, col + 6);
	o->utcoff_s = sqlite3_column_int(q, col + 7);
	o->has_boot = sqlite3_column_type(q, col + 8) != SQLITE_NULL;
	o->boot_id = db_uuid(q, col + 8);
	o->boottime_us = db_int(q, col + 9, USEC_NONE);
	o->author = text_or_empty(q, col + 10);
	o->grp = db_uuid(q, col + 11);
	o->entity = db_uuid(q, col + 12);
	o->kind = text_or_empty(q, col + 13);
	o->v = sqlite3_column_int64(q, col + 14);
	o->saw = text_or_empty(q, col + 15);
	copy_blob(q, col + 16, o->digest, OP_HASH);
	copy_blob(q, col + 17, o->salt, OP_SALT);
	o->body = db_text(q, col + 18);
	o->has_body = o->body != NULL;
	copy_blob(q, col + 19, o->hash, OP_HASH);
}

static void bind_blob(sqlite3_stmt *q, int i, const void *p, size_t n)
{
	sqlite3_bind_blob(q, i, p, (int)n, SQLITE_STATIC);
}

enum status journal_insert(struct store *s, const struct op *o, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "INSERT INTO op(" OP_COLUMNS ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,"
		"?17,?18,?19,?20)", err);
	if (!q)
		return ST_IO;
	bind_blob(q, 1, o->incident.b, sizeof o->incident.b);
	bind_blob(q, 2, o->host.b, sizeof o->host.b);
	sqlite3_bind_int64(q, 3, o->seq);
	bind_blob(q, 4, o->prev, OP_HASH);
	sqlite3_bind_int64(q, 5, o->hlc);
	sqlite3_bind_int64(q, 6, o->wall_us);
	db_bind_text(q, 7, o->zone);
	sqlite3_bind_int(q, 8, o->utcoff_s);
	if (o->has_boot)
		bind_blob(q, 9, o->boot_id.b, sizeof o->boot_id.b);
	if (o->boottime_us != USEC_NONE)
		sqlite3_bind_int64(q, 10, o->boottime_us);
	db_bind_text(q, 11, o->author);
	bind_blob(q, 12, o->grp.b, sizeof o->grp.b);
	bind_blob(q, 13, o->entity.b, sizeof o->entity.b);
	db_bind_text(q, 14, o->kind);
	sqlite3_bind_int64(q, 15, o->v);
	db_bind_text(q, 16, o->saw);
	bind_blob(q, 17, o->digest, OP_HASH);
	if (o->has_body) {
		bind_blob(q, 18, o->salt, OP_SALT);
		db_bind_text(q, 19, o->body);
	}
	bind_blob(q, 20, o->hash, OP_HASH);
	return db_run(s, q, err);
}

/* ---- the transaction ---------------------------------------------------------------------------------------------- */

static void tx_end(struct store *s)
{
	free(s->tx.author);
	free(s->tx.zone);
	free(s->tx.entered);
	merge_forget(s);
	s->tx = (struct tx){ 0 };
}

enum status tx_begin(struct store *s, const struct tx_opts *o, struct err *err)
{
	if (s->newer)
		return fail(err, ST_CONFLICT, "%s: was written by a newer tplus: reading works; upgrade tplus to write", s->path);
	if (s->readonly)
		return fail(err, ST_IO, "%s: is read-only: check its permissions, or name another file with --db", s->path);
	enum status st = db_exec(s, "BEGIN IMMEDIATE", err);
	if (st != ST_OK)
		return st;
	s->tx = (struct tx){ .open = true, .author = xstrdup(o->author), .zone = xstrdup(o->zone ? o->zone : "UTC"),
		.utcoff_s = o->utcoff_s, .first_grp = o->grp, .grp_is_new = o->grp_is_new, .wall = s->clock->wall(s->clock), .boot = s->clock->boot(s->clock) };
	char *adopted = local_get(s, ADOPTED);
	s->tx.hlc_adopted = adopted ? strtoll(adopted, NULL, 10) : 0;
	free(adopted);
	st = identity_check(s, err);
	if (st != ST_OK)
		tx_rollback(s);
	return st;
}

bool tx_open(const struct store *s)
{
	return s->tx.open;
}

usec tx_wall(const struct store *s)
{
	return s->tx.wall;
}

void tx_rollback(struct store *s)
{
	if (!s->tx.open)
		return;
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->host_known = false; /* an id minted in this transaction is gone with it */
	tx_end(s);
}

/* A reader that is slow to let go makes COMMIT busy. The transaction stays intact then, so it is tried again, never rolled back
 * before that is hopeless: the busy handler waits 30 s each time. */
enum status tx_commit(struct store *s, struct err *err)
{
	int rc = SQLITE_BUSY;
	for (int i = 0; i < 4 && (rc & 0xff) == SQLITE_BUSY; i++)
		rc = sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
	if (rc == SQLITE_OK) {
		tx_end(s);
		return ST_OK;
	}
	enum status st = db_fail(s, err, "saving");
	if ((rc & 0xff) == SQLITE_IOERR) /* it may have failed after the point of no return */
		st = fail(err, ST_IO, "%s: the disk failed while saving, so it is not known whether this was saved: check the disk, and look "
			"(\"tplus tail\") before you repeat it", s->path);
	tx_rollback(s);
	return st;
}

/* The tip of our chain in this incident; seq 0 when we have none yet. */
static enum status load_tip(struct store *s, uuid incident, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "SELECT seq, hlc, hash FROM op WHERE incident = ?1 AND host = ?2 ORDER BY seq DESC LIMIT 1", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, incident);
	db_bind_uuid(q, 2, s->host);
	int rc = sqlite3_step(q);
	s->tx.seq = 0;
	s->tx.hlc = 0;
	memset(s->tx.tip, 0, OP_HASH);
	if (rc == SQLITE_ROW) {
		s->tx.seq = sqlite3_column_int64(q, 0);
		s->tx.hlc = sqlite3_column_int64(q, 1);
		copy_blob(q, 2, s->tx.tip, OP_HASH);
	}
	enum status st = rc == SQLITE_ROW || rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	return st;
}

/* Only the newest ops of our own chain can hold the group of an attempt whose outcome was unknown. */
static enum status group_is_there(struct store *s, bool *there, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "SELECT 1 FROM op WHERE incident = ?1 AND host = ?2 AND seq > ?3 AND grp = ?4 LIMIT 1", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, s->tx.incident);
	db_bind_uuid(q, 2, s->host);
	sqlite3_bind_int64(q, 3, s->tx.seq - 5000);
	db_bind_uuid(q, 4, s->tx.grp);
	int rc = sqlite3_step(q);
	*there = rc == SQLITE_ROW;
	enum status st = rc == SQLITE_ROW || rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	return st;
}

/* A group that is there after an attempt that failed was written, but nobody knows whether it was synced. This transaction's commit
 * syncs the file and its journal anew once it changes something. */
static enum status sync_again(struct store *s, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "INSERT OR REPLACE INTO local(k, v) VALUES('retried', ?1)", err);
	if (q)
		db_bind_uuid(q, 1, s->tx.grp);
	return db_run(s, q, err);
}

enum status tx_written(struct store *s, bool *written, uuid *incident, uuid *event, struct err *err)
{
	*written = false;
	*event = (uuid){ { 0 } };
	sqlite3_stmt *q = db_sql(s, "SELECT incident, entity, kind FROM op WHERE grp = ?1 ORDER BY rowid DESC LIMIT 1", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, s->tx.first_grp);
	int rc = sqlite3_step(q);
	if (rc == SQLITE_ROW) {
		*written = true;
		*incident = db_uuid(q, 0);
	}
	enum status st = rc == SQLITE_ROW || rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	if (st != ST_OK || !*written)
		return st;
	q = db_sql(s, "SELECT entity FROM op WHERE incident = ?1 AND host = ?2 AND grp = ?3 AND kind GLOB 'event.*' ORDER BY seq LIMIT 1", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, *incident);
	db_bind_uuid(q, 2, s->host);
	db_bind_uuid(q, 3, s->tx.first_grp);
	if (sqlite3_step(q) == SQLITE_ROW)
		*event = db_uuid(q, 0);
	db_done(q);
	return sync_again(s, err);
}

/* Appends one op to our chain; f holds what it writes. */
static enum status append(struct store *s, const char *kind, uuid entity, const char *saw, struct fields *f, struct op *o, struct err *err)
{
	struct str body = STR_INIT;
	enum status st = fields_encode(f, &body, err);
	if (st != ST_OK) {
		str_free(&body);
		return st;
	}
	struct tx *t = &s->tx;
	int64_t hlc = t->wall > t->hlc ? t->wall : t->hlc;
	hlc = hlc > t->hlc_adopted ? hlc : t->hlc_adopted;
	if (hlc == INT64_MAX) { /* no tplus has written that */
		str_free(&body);
		return fail(err, ST_IO, "%s: its clock stands at the end of all time: run \"tplus verify\", or restore a backup", s->path);
	}
	hlc++;
	uuid salt = uuid_new();
	uint8_t seed[OP_SALT];
	sqlite3_randomness(OP_SALT, seed);
	memset(o, 0, sizeof *o);
	for (int i = 0; i < OP_SALT; i++) /* the system's randomness and SQLite's: a salt must not be guessable */
		o->salt[i] = salt.b[i] ^ seed[i];
	o->incident = t->incident;
	o->host = s->host;
	o->seq = t->seq + 1;
	memcpy(o->prev, t->tip, OP_HASH);
	o->hlc = hlc;
	o->wall_us = t->wall;
	o->zone = xstrdup(t->zone);
	o->utcoff_s = t->utcoff_s;
	memcpy(o->boot_id.b, s->clock->boot_id, sizeof o->boot_id.b);
	o->has_boot = !uuid_is_zero(o->boot_id);
	o->boottime_us = t->boot;
	o->author = xstrdup(t->author);
	o->grp = t->grp;
	o->entity = entity;
	o->kind = xstrdup(kind);
	o->v = OP_VERSION;
	o->saw = xstrdup(saw);
	o->body = str_take(&body);
	o->has_body = true;
	op_digest(o->salt, o->body, strlen(o->body), o->digest);
	op_hash(o, o->hash);
	st = journal_insert(s, o, err);
	if (st == ST_OK) {
		t->seq = o->seq;
		t->hlc = hlc;
		memcpy(t->tip, o->hash, OP_HASH);
	}
	return st;
}

/* The first op of each chain names its host. */
static enum status start_chain(struct store *s, struct err *err)
{
	char name[256] = "";
	gethostname(name, sizeof name - 1);
	struct fields f = { 0 };
	fields_text(&f, "name", name);
	struct op o = { 0 };
	enum status st = append(s, "host.new", s->host, "{\"name\":[]}", &f, &o, err);
	op_clear(&o);
	fields_free(&f);
	return st;
}

enum status tx_incident(struct store *s, uuid incident, bool *done, struct err *err)
{
	struct tx *t = &s->tx;
	size_t i = 0;
	while (i < t->entries && !uuid_eq(t->entered[i].incident, incident))
		i++;
	t->grp = i == 0 ? t->first_grp : uuid_named(t->first_grp, (const char *)incident.b, sizeof incident.b);
	t->incident = incident;
	t->incident_set = true;
	enum status st = load_tip(s, incident, err);
	/* Entered a second time the group is there of course, and the first answer still holds. */
	bool there = i < t->entries && t->entered[i].done;
	if (st == ST_OK && t->seq > 0 && i == t->entries && !t->grp_is_new)
		st = group_is_there(s, &there, err);
	if (st == ST_OK && there && i == t->entries)
		st = sync_again(s, err);
	if (st == ST_OK && i == t->entries) {
		t->entered = xgrow(t->entered, &t->entered_cap, t->entries + 1, sizeof *t->entered);
		t->entered[t->entries++] = (struct tx_entered){ incident, there };
	}
	if (done)
		*done = there;
	if (st == ST_OK && t->seq == 0)
		st = start_chain(s, err);
	return st;
}

/* ---- ops ---------------------------------------------------------------------------------------------------------- */

/* A field's name as a JSON key; names are our own and need no escapes, those of user fields may. */
static void add_key(struct str *b, const char *name, bool first)
{
	if (!first)
		str_addc(b, ',');
	json_canonical_text(b, name, strlen(name));
	str_adds(b, ":[");
}

/* Adds "field":[heads], sorted. */
static void add_saw(struct str *b, const struct entity *e, const char *field, bool first)
{
	size_t heads[64], n = e ? entity_heads(e, field, heads, 64) : 0;
	char hex[64][OP_SAW_DIGITS + 1];
	for (size_t i = 0; i < n; i++)
		str_hex(hex[i], e->op[heads[i]].op.hash, OP_SAW_DIGITS / 2);
	qsort(hex, n, sizeof *hex, (int (*)(const void *, const void *))strcmp);
	add_key(b, field, first);
	for (size_t i = 0; i < n; i++)
		str_addf(b, "%s\"%s\"", i ? "," : "", hex[i]);
	str_addc(b, ']');
}

static int by_field_name(const void *a, const void *b)
{
	return strcmp(((const struct field_val *)a)->name, ((const struct field_val *)b)->name);
}

static void saw_of(struct str *b, const struct entity *e, const char *kind, struct fields *f)
{
	const char *verb = strrchr(kind, '.');
	bool hides = verb && (strcmp(verb, ".hide") == 0 || strcmp(verb, ".show") == 0);
	str_addc(b, '{');
	if (hides)
		add_saw(b, e, FIELD_HIDDEN, true);
	if (f->n)
		qsort(f->v, f->n, sizeof *f->v, by_field_name);
	for (size_t i = 0; i < f->n && !hides; i++)
		add_saw(b, e, f->v[i].name, i == 0);
	str_addc(b, '}');
}

static enum status entity_is_new(struct store *s, uuid entity, bool *fresh, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "SELECT 1 FROM op WHERE entity = ?1 AND incident = ?2 LIMIT 1", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, entity);
	db_bind_uuid(q, 2, s->tx.incident);
	int rc = sqlite3_step(q);
	*fresh = rc != SQLITE_ROW;
	enum status st = rc == SQLITE_ROW || rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	return st;
}

static enum status refuse_newer(const struct entity *e, struct err *err)
{
	for (size_t i = 0; i < e->n; i++)
		if (!project_knows(&e->op[i].op))
			return fail(err, ST_CONFLICT, "this was changed by a newer tplus, which alone may change it: upgrade tplus");
	return ST_OK;
}

static enum status op_on_known(struct store *s, const char *kind, uuid entity, struct fields *f, struct op *o, struct err *err)
{
	struct entity e;
	enum status st = entity_load(s, s->tx.incident, entity, &e, err);
	if (st != ST_OK)
		return st;
	struct str saw = STR_INIT;
	saw_of(&saw, &e, kind, f);
	st = refuse_newer(&e, err);
	if (st == ST_OK)
		st = append(s, kind, entity, saw.s, f, o, err);
	str_free(&saw);
	entity_free(&e);
	return st == ST_OK ? project_entity(s, s->tx.incident, entity, err) : st;
}

static enum status op_on_new(struct store *s, const char *kind, uuid entity, struct fields *f, struct op *o, struct err *err)
{
	struct str saw = STR_INIT;
	saw_of(&saw, NULL, kind, f);
	enum status st = append(s, kind, entity, saw.s, f, o, err);
	str_free(&saw);
	return st == ST_OK ? project_new(s, o, f, err) : st;
}

enum status tx_op(struct store *s, const char *kind, uuid entity, struct fields *f, struct err *err)
{
	struct fields none = { 0 };
	struct op o = { 0 };
	bool fresh = true;
	if (!f)
		f = &none;
	enum status st = entity_is_new(s, entity, &fresh, err);
	if (st == ST_OK)
		st = fresh ? op_on_new(s, kind, entity, f, &o, err) : op_on_known(s, kind, entity, f, &o, err);
	op_clear(&o);
	fields_free(f);
	return st;
}

static enum status is_hidden(struct store *s, uuid entity, bool *hidden, struct err *err)
{
	struct entity e;
	enum status st = entity_load(s, s->tx.incident, entity, &e, err);
	if (st != ST_OK)
		return st;
	size_t head;
	*hidden = entity_heads(&e, FIELD_HIDDEN, &head, 1) && entity_value(&e, head, FIELD_HIDDEN)->i == 1;
	entity_free(&e);
	return ST_OK;
}

enum status tx_put(struct store *s, const char *type, uuid entity, struct fields *f, struct err *err)
{
	bool fresh = true, hidden = false;
	enum status st = entity_is_new(s, entity, &fresh, err);
	if (st == ST_OK && !fresh)
		st = is_hidden(s, entity, &hidden, err);
	if (st != ST_OK) {
		fields_free(f);
		return st;
	}
	char *kind = str_fmt("%s.%s", type, fresh ? "new" : "set"), *show = str_fmt("%s.show", type);
	st = tx_op(s, kind, entity, f, err);
	if (st == ST_OK && hidden)
		st = tx_op(s, show, entity, NULL, err);
	free(kind);
	free(show);
	return st;
}
