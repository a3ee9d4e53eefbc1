/* db.h - inside the store: the connection, its statements, and what the store's files share. Not for other modules. */
#ifndef TPLUS_STORE_DB_H
#define TPLUS_STORE_DB_H

#include <sqlite3.h>
#include <sys/types.h>

#include "model/span.h"
#include "store/store.h"

enum { DB_SCHEMA = 1 };
#define DB_APPLICATION_ID 0x542b5031 /* "T+P1" */

struct db_stmt { const char *sql; sqlite3_stmt *stmt; };

/* The open transaction. */
struct tx {
	bool open, incident_set, grp_is_new;
	char *author, *zone;
	int utcoff_s;
	uuid first_grp, grp;      /* of the caller; of the incident written now */
	uuid incident;
	struct tx_entered { uuid incident; bool done; } *entered; /* incidents so far; the first has first_grp */
	size_t entries, entered_cap;
	usec wall, boot;
	int64_t hlc_adopted;
	int64_t seq, hlc;         /* tip of our chain in this incident */
	uint8_t tip[OP_HASH];
	struct touched *touched;  /* merge: entities to project */
};

struct store {
	sqlite3 *db;
	struct clock *clock;
	char *path;
	dev_t dev;                /* of the file that was opened */
	ino_t ino;
	enum store_mode mode;
	bool readonly, newer, busy, host_known;
	char journal_mode[12];
	uuid host;
	int64_t busy_since;       /* monotonic µs when the current wait began; 0: not waiting */
	struct db_stmt *stmt;     /* prepared so far */
	size_t stmts, stmt_cap;
	struct tx tx;
};

/* A prepared statement for a literal (compared by address), reset and without bindings. Kept for the life of the connection; a statement in
 * use by a caller further up must not be asked for again. NULL on error, with err filled. */
sqlite3_stmt *db_sql(struct store *s, const char *sql, struct err *err);
void db_done(sqlite3_stmt *q);                                   /* resets: drops the read lock */
enum status db_fail(struct store *s, struct err *err, const char *doing); /* ST_IO (or ST_NO …) from SQLite's last error; notes busy */
enum status db_exec(struct store *s, const char *sql, struct err *err);
/* The next row. False at the end, and on an error, which becomes *st: nothing that was read so far may be taken for the whole then. */
bool db_next(struct store *s, sqlite3_stmt *q, enum status *st, struct err *err);
enum status db_run(struct store *s, sqlite3_stmt *q, struct err *err); /* steps a statement without rows, resets it */

void db_bind_uuid(sqlite3_stmt *q, int i, uuid u);
void db_bind_text(sqlite3_stmt *q, int i, const char *s);        /* NULL binds null; static: must live until the step */
void db_bind_val(sqlite3_stmt *q, int i, const struct val *v);   /* NULL binds null */
uuid db_uuid(sqlite3_stmt *q, int col);
char *db_text(sqlite3_stmt *q, int col);                         /* heap copy; NULL for null; NULs inside as U+FFFD */
int64_t db_int(sqlite3_stmt *q, int col, int64_t when_null);
void uuid_hex(uuid u, char out[33]);
bool uuid_prefix(const char *digits, uuid *low, uuid *high);     /* the smallest and largest id beginning with these hex digits */

/* identity.c */
#define ADOPTED "hlc" /* local: the largest foreign clock adopted */
enum status identity_check(struct store *s, struct err *err);    /* before the first write: mints a host id for a new or copied file */
enum status identity_mint(struct store *s, struct err *err);

/* journal.c */
#define OP_COLUMNS "incident, host, seq, prev, hlc, wall_us, zone, utcoff_s, boot_id, boottime_us, author, grp, entity, kind, v, saw, digest, salt, body, hash"
enum status journal_insert(struct store *s, const struct op *o, struct err *err);
void journal_row(sqlite3_stmt *q, int col, struct op *out);      /* an op from OP_COLUMNS starting at col */

/* merge.c */
enum status journal_is_redacted(struct store *s, const struct op *o, bool *out, struct err *err); /* an op.redact names it */
void merge_forget(struct store *s);                              /* what merge_finish has not projected */

/* entity.c: what the ops of one entity say. */
struct entity_op { int64_t rowid; struct op op; struct fields fields; struct saw saw; char type[32]; };
struct entity { uuid incident, id; struct entity_op *op; size_t n; };   /* op sorted by (hlc, host, seq, hash) */
enum status entity_load(struct store *s, uuid incident, uuid id, struct entity *out, struct err *err);
void entity_free(struct entity *e);
/* The heads of a field: indexes into op, later ones first, so that [0] is the one displayed. Returns how many (at most max). */
size_t entity_heads(const struct entity *e, const char *field, size_t *out, size_t max);
const struct val *entity_value(const struct entity *e, size_t op, const char *field); /* "hidden" included; NULL: not written there */
size_t entity_first(const struct entity *e);                     /* the op that made it; where that is missing the earliest */
#define FIELD_HIDDEN "hidden"   /* what hide and show write */

/* query-clock.c: recorded steps of wall clocks, and where on its boot clock a time lies that an entity's first op wrote. */
struct clock_step { uuid boot; usec at; };      /* at: on that boot's clock */
struct clock_steps { struct clock_step *v; size_t n; };
enum status clock_steps_read(struct store *s, uuid incident, struct clock_steps *out, struct err *err); /* free(out->v) */
void clock_base(struct store *s, const struct clock_steps *steps, uuid incident, uuid entity, usec t, struct stamp_base *out);
struct stamp_base clock_here(struct store *s, const struct clock_steps *steps);

/* undo.c */
bool group_is_undone(struct store *s, uuid incident, uuid grp);
/* The chain and the first and last seq of a group that is among the newest of its chain; false: it must be looked for in the whole incident. */
bool group_recent(struct store *s, uuid incident, uuid grp, uuid *host, int64_t *first, int64_t *last);
bool group_range(struct store *s, uuid incident, uuid host, int64_t last, uuid grp, int64_t *first); /* the first, the last one being known */
/* The group undo_last_group would choose, and where its last op stands; needs no transaction. */
enum status undo_look(struct store *s, uuid incident, const char *author, bool redo, uuid *grp, uuid *host, int64_t *seq, struct err *err);

/* project.c */
enum status project_new(struct store *s, const struct op *o, const struct fields *f, struct err *err); /* an entity of one op */
enum status project_entity(struct store *s, uuid incident, uuid entity, struct err *err);
enum status project_all(struct store *s, struct err *err);       /* empties and refills every derived table */
bool project_knows(const struct op *o);                          /* this version understands its kind and v */
extern const char *const project_tables[];                       /* derived tables, ends with NULL */

#endif
