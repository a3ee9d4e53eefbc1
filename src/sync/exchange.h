/* exchange.h - taking in incidents from files that "export -f json" wrote. Only the key "journal" is read into the
 * store; everything else in such a file is derived from it. One or several incidents: objects one after another,
 * or one array of them. */
#ifndef TPLUS_SYNC_EXCHANGE_H
#define TPLUS_SYNC_EXCHANGE_H

#include <sys/types.h>

#include "store/admin.h"

/* Where the bytes come from: fills buf with up to n of them and returns how many, 0 at the end; -1 is an error
 * with *err filled. */
struct exchange_source {
	ssize_t (*read)(void *arg, char *buf, size_t n, struct err *err);
	void *arg;
	const char *name; /* of the file, for errors */
};
struct exchange_source exchange_fd(int *fd, const char *name);
struct exchange_text {
	const char *s;
	size_t n;
};
struct exchange_source exchange_text(struct exchange_text *text, const char *name); /* takes from the front of *text */

struct exchange_count {
	struct merge_count ops; /* forks: ops whose number another op of the same host holds */
	uuid *incident; /* those in the file, in its order; heap */
	size_t incidents, cap;
};
void exchange_count_free(struct exchange_count *c);

/* Merges all of it, within an open transaction that the caller commits, or rolls back on failure: nothing is half
 * applied then. Twice is the same as once. *count is added to and wants exchange_count_free in every case. Memory
 * does not grow with the file. ST_USAGE: this is no JSON export ("NAME:LINE: what is wrong"); ST_NO: it is one,
 * and damaged or with ops missing; ST_CONFLICT: of a newer format; ST_IO: reading failed. */
enum status exchange_merge(
	struct store *s, const struct exchange_source *from, struct exchange_count *count, struct err *err);

/* The same in a transaction of its own. */
enum status exchange_import(struct store *s, const struct tx_opts *tx, const struct exchange_source *from,
	struct exchange_count *count, struct err *err);

/* Does a file that begins like this hold JSON? (White space, a byte order mark, then { or [.) */
bool exchange_looks(const char *s, size_t n);

#endif
