/* replace.h - writing a document over a file, whole or not at all, and never over somebody's work. The text goes
 * into a new file beside the old one, which it replaces once it is safely on disk. A symbolic link is followed,
 * mode and (where allowed) owner of an existing file are kept. A file that this database exported before and that
 * was changed by hand since is refused unless forced: the store remembers the SHA-256 of the last export by
 * absolute path. Devices and pipes are written to directly. */
#ifndef TPLUS_TEXT_REPLACE_H
#define TPLUS_TEXT_REPLACE_H

#include "store/store.h"
#include "text/mustache.h"

struct replace;

/* ST_NO: edited by hand since its last export; ST_IO: it cannot be written there. s may be NULL (nothing is
 * remembered then, nor in a store that is read only), and must have no transaction open. */
enum status replace_begin(struct store *s, const char *path, bool force, struct replace **out, struct err *err);
struct mst_sink replace_sink(struct replace *r);
enum status replace_commit(
	struct replace *r, struct err *err); /* frees r in every case; after a failure the old file stands */
void replace_abandon(struct replace *r); /* frees r; NULL is fine */

#endif
