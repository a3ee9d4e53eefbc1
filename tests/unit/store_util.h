/* store_util.h - what the tests of the store share: private files, changes in one line, a raw look behind the store's back.
 * Everything here ends the program with a message when it fails itself; what is under test returns its status. */
#ifndef TPLUS_TESTS_STORE_UTIL_H
#define TPLUS_TESTS_STORE_UTIL_H

#include <stdarg.h>

#include "store/admin.h"
#include "store/query.h"
#include "store/store.h"

#define T0 ((usec)1770300000 * USEC_SEC) /* 2026-02-05T14:00:00Z */
#define MUST(cond) ((cond) ? (void)0 : must_fail(__FILE__, __LINE__, #cond))
_Noreturn void must_fail(const char *file, int line, const char *what);

/* A directory of this process, in memory where the system has one; gone with the process. */
const char *test_dir(void);
void test_dir_in(const char *base); /* first of all: somewhere else, for tests that want a real disk */
char *test_path(const char *name); /* heap */

struct file { char *path; struct clock clock; struct store *s; };
struct file *file_open(const char *name);                /* STORE_WRITE, a fixed clock at T0 */
enum status file_try(struct file *f, enum store_mode mode, struct err *err); /* closes and opens it again */
void file_reopen(struct file *f);
void file_close(struct file *f);                         /* NULL is fine; the file stays */
void file_remove(struct file *f);                        /* closes it, and the file goes */

uuid id_of(const char *name);                            /* the same for the same name */
void begin(struct file *f, const char *author, uuid incident);
void begin_group(struct file *f, const char *author, uuid incident, uuid grp, bool *done);
void commit(struct file *f);                             /* then the clock advances by a second */

/* Fields are given as "name=text", "name:123" or "name!" (null), ended by NULL. */
void fields_of(struct fields *out, va_list ap);
enum status try_op(struct file *f, struct err *err, const char *kind, uuid entity, ...) __attribute__((sentinel));
void put(struct file *f, const char *kind, uuid entity, ...) __attribute__((sentinel));
uuid one(struct file *f, const char *author, uuid incident, const char *kind, uuid entity, ...) __attribute__((sentinel)); /* its group */
void open_incident(struct file *f, uuid incident, const char *id);
uuid event(struct file *f, uuid incident, const char *name, usec at); /* a note "text NAME" by sam; its id is id_of(name) */

/* Undo of one kind or another by author, committed when it worked. */
enum status undo(struct file *f, uuid incident, const char *author, bool redo, struct err *err);

void state_hex(struct file *f, char out[2 * OP_HASH + 1]);
void head_hex(struct file *f, uuid incident, char out[2 * OP_HASH + 1]);
char *text_of_event(struct file *f, uuid entity);        /* heap; NULL: not on the timeline */
size_t events_shown(struct file *f, uuid incident);
bool holds(struct file *f);                              /* verify, and rebuild changes nothing */

/* All ops of an incident as op_to_json writes them, and taking such ones in. */
struct texts { char **v; size_t n, cap; };
struct texts ops_of(struct file *f, uuid incident);
void texts_free(struct texts *l);
enum status take(struct file *f, char *const *ops, size_t n, struct merge_count *count, struct err *err);
struct merge_count send(struct file *from, struct file *to, uuid incident);

/* A connection of its own to the file of that path. */
void raw_exec(const char *path, const char *sql);
long long raw_int(const char *path, const char *sql);
char *raw_text(const char *path, const char *sql);       /* heap; NULL for null or no row */
bool bytes_hold(const char *path, const char *needle);   /* in the file as it lies there; no store of this process may have it open */
void copy_file(const char *from, const char *to);        /* from must be closed, too */

#endif
