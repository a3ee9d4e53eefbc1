/* admin.h - merging foreign ops, taking changes back, redaction, verify, rebuild, backup. */
#ifndef TPLUS_STORE_ADMIN_H
#define TPLUS_STORE_ADMIN_H

#include "store/store.h"

/* Merging: within tx_begin … tx_commit, in any order, duplicates welcome. ST_NO: the op is not sound (hash, digest, sizes): nothing of it is
 * kept. merge_finish projects what was touched and must precede tx_commit. */
struct merge_count { size_t added, known, unknown, redacted, forks; };
enum status merge_op(struct store *s, const struct op *o, struct merge_count *count, struct err *err);
enum status merge_finish(struct store *s, struct err *err);

/* Undo within an open transaction whose incident is set: appends the inverse of a group. ST_CONFLICT: later ops touched the same fields. */
enum status undo_last_group(struct store *s, const char *author, bool redo, uuid *grp, struct err *err); /* ST_NO: nothing to undo */
enum status undo_entity_group(struct store *s, uuid entity, uuid *grp, struct err *err);                 /* its last group in force */
enum status undo_group(struct store *s, uuid grp, struct str *said, struct err *err); /* said: what was taken back, a line */

/* Redaction of an event: its text, raw line and detail, in every op that carried them, moved copies included; of anything else: what it says
 * (a finding, a record, a field, a section). Then the remnants: */
enum status redact_event(struct store *s, uuid entity, const char *why, struct err *err); /* in an open transaction, several incidents possible */
enum status redact_clean(struct store *s, struct err *err);   /* after the commit: empties the rollback journal or the WAL */

struct verify_report { size_t incidents, chains, ops, redacted, unknown, forks; char *fault; /* heap; NULL: it holds */ };
enum status verify_store(struct store *s, struct verify_report *out, struct err *err); /* ST_NO with fault set when it does not hold */
enum status rebuild_store(struct store *s, uint8_t before[OP_HASH], uint8_t after[OP_HASH], struct err *err);
enum status state_hash(struct store *s, uint8_t out[OP_HASH], struct err *err);
enum status backup_store(struct store *s, const char *path, struct err *err); /* a whole, checked copy; refuses to replace a file */

#endif
