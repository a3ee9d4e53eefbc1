/* store.h - one SQLite file: opening it, and the one way to change it. DESIGN section 7.
 * A struct store is one connection and belongs to one thread. Readers and writers use the same type. */
#ifndef TPLUS_STORE_STORE_H
#define TPLUS_STORE_STORE_H

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/uuid.h"
#include "store/op.h"

struct store;

enum store_mode {
	STORE_READ,    /* no file: ST_NO. Short reads, no waiting beyond 2 s */
	STORE_WRITE,   /* no file: made, with its directory if that is the default one. Waits up to 30 s for other writers */
	STORE_SCREEN,  /* read only and never waiting: a busy file is ST_IO with store_busy() true, ask again after 0.2-1 ms */
};

struct store_opts {
	const char *path;
	enum store_mode mode;
	struct clock *clock;    /* stays the caller's, must outlive the store */
	bool make_dir;          /* create path's directory, 0700 */
	bool network;           /* accept a network file system */
};

/* Errors: ST_IO names the file and the reason (not a tplus database, unreadable, locked, damaged …); a newer schema opens read-only, see store_newer. */
enum status store_open(struct store **out, const struct store_opts *o, struct err *err);
void store_close(struct store *s); /* NULL is fine */
/* For a process that ends now: what is open is rolled back; to free the rest, piece by piece, is left to the exit. NULL is fine. */
void store_leave(struct store *s);
bool store_newer(const struct store *s);     /* the schema is a later version's: reads work, writes are ST_CONFLICT */
bool store_readonly(const struct store *s);
bool store_busy(const struct store *s);      /* the last failure was another process's lock, or a hot journal a writer must roll back */
const char *store_path(const struct store *s);
bool store_moved(const struct store *s);     /* its file was deleted, or another one stands in its place: close it and open anew */
const char *store_journal_mode(const struct store *s); /* "wal" or "persist" */
uuid store_host(struct store *s);
int64_t store_data_version(struct store *s); /* changes when another connection has committed; -1: busy */

/* Several short reads as one: of the same state, and with one lock taken instead of one each. The lock keeps writers waiting: read and let go.
 * False: a transaction is open already; read_end does nothing then. */
bool store_read_begin(struct store *s);
void store_read_end(struct store *s, bool begun);

/* ---- changing -------------------------------------------------------------------------------------------------------------------------
 * tx_begin … tx_incident … tx_op … tx_commit. One transaction is one verb; its ops form one group per incident. Nothing is durable
 * before tx_commit returned ST_OK, and then it is fsynced. Any failure in between: tx_rollback. */
struct tx_opts {
	const char *author;
	const char *zone;       /* the writer's zone, and its offset now */
	int utcoff_s;
	uuid grp;               /* minted by the caller before the first attempt: the retry key */
	bool grp_is_new;        /* minted for this very attempt: the journal need not be searched for it */
};
enum status tx_begin(struct store *s, const struct tx_opts *o, struct err *err);

/* Did an attempt with this group that failed reach the journal all the same? Then nothing must be written again: *written, the incident it went to and
 * the event it made (zero: none); the commit that follows makes sure that it is synced. Reads backwards from the newest op. */
enum status tx_written(struct store *s, bool *written, uuid *incident, uuid *event, struct err *err);

/* The following ops belong to this incident. *done (may be NULL) is true when the group is in the journal already: the caller was here before
 * and must not write again. The group of a second incident within one transaction is UUIDv5(grp, incident). */
enum status tx_incident(struct store *s, uuid incident, bool *done, struct err *err);

/* Appends one op and projects it. Takes over and frees *f (which may be NULL or empty). What the author saw is computed here. Errors: ST_CONFLICT when the
 * entity holds ops of a newer version, ST_NO for values that are too large. */
enum status tx_op(struct store *s, const char *kind, uuid entity, struct fields *f, struct err *err);

/* The same for an entity with a name of its own (a field, a policy), which may be there already: TYPE.new, else TYPE.set, and TYPE.show if it was hidden. */
enum status tx_put(struct store *s, const char *type, uuid entity, struct fields *f, struct err *err);

enum status tx_commit(struct store *s, struct err *err);
void tx_rollback(struct store *s);
bool tx_open(const struct store *s);
usec tx_wall(const struct store *s);   /* recorded_at of this transaction's ops */

/* ---- local, not replicated ------------------------------------------------------------------------------------------------------------ */
enum status local_use(struct store *s, const char *person, uuid incident, struct err *err); /* in its own transaction */
bool local_used(struct store *s, const char *person, uuid *incident);
enum status local_set(struct store *s, const char *key, const char *value, struct err *err); /* NULL forgets; the composer's draft and the like */
char *local_get(struct store *s, const char *key); /* heap, NULL: none */

#endif
