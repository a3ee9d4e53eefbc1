/* query-incident.c - incidents: lists, finding one, the next id. */
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/db.h"
#include "store/query.h"

#define INCIDENT_COLUMNS "entity, id, title, zone, severity, opened_at, recorded_at, " \
	"(SELECT count(*) FROM incident o WHERE o.id = incident.id AND o.hidden = 0) "

static void read_row(sqlite3_stmt *q, struct incident *i)
{
	memset(i, 0, sizeof *i);
	i->entity = db_uuid(q, 0);
	i->id = db_text(q, 1);
	if (!i->id)
		i->id = xstrdup("?");
	i->title = db_text(q, 2);
	if (!i->title)
		i->title = xstrdup("");
	i->zone = db_text(q, 3);
	if (!i->zone)
		i->zone = xstrdup("UTC");
	i->severity = (int)db_int(q, 4, SEV_UNKNOWN);
	i->opened_at = db_int(q, 5, sqlite3_column_int64(q, 6));
	char hex[33];
	uuid_hex(i->entity, hex);
	i->shown_id = sqlite3_column_int(q, 7) > 1 ? str_fmt("%s-%.4s", i->id, hex) : xstrdup(i->id);
}

/* Only then a step of the clock may be among them. Asked for by itself: an IN of two kinds makes SQLite build a table each time. */
static bool has_system_events(struct store *s, uuid incident)
{
	sqlite3_stmt *q = db_sql(s, "SELECT 1 FROM event WHERE incident = ?1 AND kind = 'system' AND kind <> 'note' AND hidden = 0 LIMIT 1", NULL);
	if (!q)
		return true; /* the next query says what is wrong */
	db_bind_uuid(q, 1, incident);
	bool any = sqlite3_step(q) != SQLITE_DONE;
	db_done(q);
	return any;
}

/* Where a step of a clock was recorded: where the stamps lie on the boot clocks. */
static enum status read_bases(struct store *s, struct incident *i, const struct stamp *v, const uuid *entity, size_t n, struct err *err)
{
	struct clock_steps steps;
	enum status st = clock_steps_read(s, i->entity, &steps, err);
	struct stamp_base *base = xcalloc(n + 1, sizeof *base);
	for (size_t k = 0; steps.n && k < n; k++)
		clock_base(s, &steps, i->entity, entity[k], v[k].at, &base[k]);
	milestones_bases(v, base, n, &i->ms);
	if (steps.n) {
		clock_base(s, &steps, i->entity, i->entity, i->opened_at, &i->opened_base);
		i->ms.here = clock_here(s, &steps);
	}
	free(base);
	free(steps.v);
	return st;
}

static enum status read_milestones(struct store *s, struct incident *i, struct err *err)
{
	/* The plus keeps SQLite from walking the whole timeline in order to spare itself the sorting of a dozen rows. */
	sqlite3_stmt *q = db_sql(s, "SELECT milestone, occurred_at, approx_s, struck, entity FROM event WHERE incident = ?1 AND kind = 'milestone' AND "
		"kind <> 'note' AND hidden = 0 ORDER BY +occurred_at, hlc, entity", err);
	if (!q)
		return ST_IO;
	db_bind_uuid(q, 1, i->entity);
	struct stamp *v = NULL;
	uuid *entity = NULL;
	size_t n = 0, cap = 0, entity_cap = 0;
	int rc;
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(q, 0);
		int m = !name ? MS_NONE : strcmp(name, milestone_name(MS_REOPEN)) == 0 ? MS_REOPEN : milestone_find(name);
		if (m == MS_NONE)
			continue;
		entity = xgrow(entity, &entity_cap, n + 1, sizeof *entity);
		entity[n] = db_uuid(q, 4);
		v = xgrow(v, &cap, n + 1, sizeof *v);
		v[n++] = (struct stamp){ m, db_int(q, 1, 0), (int)db_int(q, 2, 0), db_int(q, 3, 0) == 1 };
	}
	enum status st = rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	milestones_of(v, n, &i->ms);
	if (st == ST_OK && has_system_events(s, i->entity))
		st = read_bases(s, i, v, entity, n, err);
	free(entity);
	free(v);
	return st;
}

static enum status collect(struct store *s, sqlite3_stmt *q, struct incidents *out, struct err *err)
{
	*out = (struct incidents){ 0 };
	if (!q)
		return ST_IO;
	bool begun = store_read_begin(s);
	size_t cap = 0;
	int rc;
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		out->v = xgrow(out->v, &cap, out->n + 1, sizeof *out->v);
		read_row(q, &out->v[out->n++]);
	}
	enum status st = rc == SQLITE_DONE ? ST_OK : db_fail(s, err, "reading");
	db_done(q);
	for (size_t i = 0; i < out->n && st == ST_OK; i++)
		st = read_milestones(s, &out->v[i], err);
	store_read_end(s, begun);
	if (st != ST_OK)
		incidents_free(out);
	return st;
}

enum status q_incidents(struct store *s, struct incidents *out, struct err *err)
{
	return collect(s, db_sql(s, "SELECT " INCIDENT_COLUMNS "FROM incident WHERE hidden = 0 ORDER BY opened_at DESC, hlc DESC, entity", err), out,
		err);
}

enum status q_incidents_open(struct store *s, struct incidents *out, struct err *err)
{
	/* Without a closed stamp it is open; with one, a reopen may have come after it. */
	enum status st = collect(s, db_sql(s, "SELECT " INCIDENT_COLUMNS "FROM incident WHERE hidden = 0 AND ifnull((SELECT max(milestone = 'closed') "
		"AND NOT max(milestone = 'reopen') FROM event e WHERE e.incident = incident.entity AND kind = 'milestone' AND kind <> 'note' AND "
		"e.hidden = 0 AND struck IS NOT 1), 0) = 0 ORDER BY opened_at DESC, hlc DESC, entity", err), out, err);
	size_t n = 0;
	for (size_t i = 0; i < out->n; i++) {
		if (status_is_closed(out->v[i].ms.status))
			incident_clear(&out->v[i]);
		else
			out->v[n++] = out->v[i];
	}
	out->n = n;
	return st;
}

static enum status one(struct store *s, sqlite3_stmt *q, struct incident *out, struct err *err)
{
	struct incidents l;
	memset(out, 0, sizeof *out);
	enum status st = collect(s, q, &l, err);
	if (st != ST_OK)
		return st;
	if (l.n != 1) {
		incidents_free(&l);
		return fail(err, ST_NO, "no such incident: see \"tplus list\"");
	}
	*out = l.v[0];
	free(l.v);
	return ST_OK;
}

enum status q_incident(struct store *s, uuid entity, struct incident *out, struct err *err)
{
	sqlite3_stmt *q = db_sql(s, "SELECT " INCIDENT_COLUMNS "FROM incident WHERE entity = ?1 AND hidden = 0", err);
	if (q)
		db_bind_uuid(q, 1, entity);
	return one(s, q, out, err);
}

/* ---- finding ------------------------------------------------------------------------------------------------------ */

static bool exact_id(struct store *s, const char *word, struct incident *out)
{
	sqlite3_stmt *q = db_sql(s, "SELECT " INCIDENT_COLUMNS "FROM incident WHERE id = ?1 AND hidden = 0", NULL);
	if (q)
		db_bind_text(q, 1, word);
	return one(s, q, out, NULL) == ST_OK;
}

static bool same_number(const char *id, const char *word)
{
	size_t n = strlen(id), digits = 0;
	while (digits < n && isdigit((unsigned char)id[n - 1 - digits]))
		digits++;
	return digits && strspn(word, "0123456789") == strlen(word) && strtoull(id + n - digits, NULL, 10) == strtoull(word, NULL, 10);
}

static bool starts_ignoring_case(const char *s, const char *prefix)
{
	while (*prefix && tolower((unsigned char)*s) == tolower((unsigned char)*prefix))
		s++, prefix++;
	return *prefix == '\0';
}

enum match { MATCH_ID, MATCH_NUMBER, MATCH_ID_PREFIX, MATCH_ENTITY, MATCH_WAYS };

static bool matches(const struct incident *i, const char *word, enum match how)
{
	char hex[33];
	switch (how) {
	case MATCH_ID:
		return str_ieq(i->id, word) || str_ieq(i->shown_id, word);
	case MATCH_NUMBER:
		return same_number(i->id, word);
	case MATCH_ID_PREFIX:
		return starts_ignoring_case(i->shown_id, word);
	default:
		uuid_hex(i->entity, hex);
		return strlen(word) >= 4 && starts_ignoring_case(hex, word);
	}
}

static enum status ambiguous(const struct incidents *l, const char *word, enum match how, struct err *err)
{
	struct str names = STR_INIT;
	for (size_t i = 0; i < l->n; i++)
		if (matches(&l->v[i], word, how))
			str_addf(&names, "%s%s \"%.40s\"", names.len ? ", " : "", l->v[i].shown_id, l->v[i].title);
	enum status st = fail(err, ST_NO, "%s is ambiguous: %s: give the whole id", word, names.s);
	str_free(&names);
	return st;
}

/* Strictest reading first; the first that meets anything decides. */
static enum status match_in(struct incidents *l, const char *word, struct incident *out, struct err *err)
{
	for (enum match how = MATCH_ID; word[0] && how < MATCH_WAYS; how++) {
		size_t n = 0, at = 0;
		for (size_t i = 0; i < l->n; i++)
			if (matches(&l->v[i], word, how)) {
				at = i;
				n++;
			}
		if (n > 1)
			return ambiguous(l, word, how, err);
		if (n == 1) {
			*out = l->v[at];
			memset(&l->v[at], 0, sizeof l->v[at]);
			return ST_OK;
		}
	}
	return fail(err, ST_NO, "no incident %s here: see \"tplus list\"", word);
}

enum status q_incident_find(struct store *s, const char *word, struct incident *out, struct err *err)
{
	if (exact_id(s, word, out))
		return ST_OK;
	struct incidents l;
	enum status st = q_incidents(s, &l, err);
	if (st == ST_OK)
		st = match_in(&l, word, out, err);
	incidents_free(&l);
	return st;
}

/* ---- the next id -------------------------------------------------------------------------------------------------- */

/* "INC-%Y-%4N": %Y the year, %N the number, %4N with at least four digits, %% a percent sign. */
static void expand(struct str *b, const char *scheme, int year, long number, bool stem_only)
{
	for (const char *p = scheme; *p; p++) {
		if (*p != '%') {
			str_addc(b, *p);
			continue;
		}
		int width = isdigit((unsigned char)p[1]) ? *++p - '0' : 0;
		if (p[1] == '\0')
			return;
		p++;
		if (*p == 'Y')
			str_addf(b, "%04d", year);
		else if (*p == 'N' && stem_only)
			return;
		else if (*p == 'N')
			str_addf(b, "%0*ld", width, number);
		else
			str_addc(b, *p);
	}
}

enum status q_incident_next_id(struct store *s, const char *scheme, int year, struct str *out, struct err *err)
{
	enum status st = ST_OK;
	struct str stem = STR_INIT;
	expand(&stem, scheme, year, 0, true);
	/* Hidden ones count too: an id once given is never given again. */
	sqlite3_stmt *q = db_sql(s, "SELECT id FROM incident WHERE id >= ?1 AND substr(id, 1, length(?1)) = ?1", err);
	if (!q) {
		str_free(&stem);
		return ST_IO;
	}
	db_bind_text(q, 1, stem.s);
	long largest = 0;
	while (db_next(s, q, &st, err)) {
		const char *id = (const char *)sqlite3_column_text(q, 0);
		long n = strtol(id + stem.len, NULL, 10);
		largest = n > largest && n < LONG_MAX ? n : largest;
	}
	db_done(q);
	str_free(&stem);
	expand(out, scheme, year, largest + 1, false);
	return st;
}
