/* replace.c - see replace.h. */
#include "text/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum { HASH = crypto_hash_sha256_BYTES, DIGITS = 2 * HASH };

struct replace {
	struct store *s; /* NULL: nothing is remembered */
	char *shown; /* the path as it was given */
	char *path; /* absolute, no symbolic link */
	char *temp; /* NULL: written to directly */
	int fd;
	bool force;
	crypto_hash_sha256_state hash; /* of what was written */
};

static enum status cannot(const struct replace *r, const char *what, struct err *err)
{
	return fail(err, ST_IO, "%s: %s (%s): check the disk and the permissions, or name another file with -o",
		r->shown, what, strerror(errno));
}

static void replace_free(struct replace *r)
{
	free(r->shown);
	free(r->path);
	free(r->temp);
	free(r);
}

/* ---- where it really is ---- */

static char *dir_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return xstrdup(".");
	return slash == path ? xstrdup("/") : xstrndup(path, (size_t)(slash - path));
}

/* The absolute path of a file that need not exist; its directory must. NULL: errno says why. */
static char *real_file(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	char *dir = dir_of(path), *real = realpath(dir, NULL), *out = NULL;

	if (real && *name)
		out = str_fmt("%s/%s", strcmp(real, "/") == 0 ? "" : real, name);
	else if (real)
		errno = EISDIR;
	free(dir);
	free(real);
	return out;
}

/* Follows symbolic links, dangling ones too. */
static char *real_path(const char *path)
{
	char *at = real_file(path);

	for (int hops = 0; at && hops < 40; hops++) {
		char to[PATH_MAX];
		ssize_t n = readlink(at, to, sizeof to - 1);
		if (n < 0)
			return at;
		to[n] = '\0';
		char *dir = dir_of(at), *next = to[0] == '/' ? xstrdup(to) : str_fmt("%s/%s", dir, to);
		free(dir);
		free(at);
		at = real_file(next);
		free(next);
	}
	if (at)
		errno = ELOOP;
	free(at);
	return NULL;
}

/* ---- what is remembered ---- */

static char *memory_key(const struct replace *r)
{
	return str_fmt("export:%s", r->path);
}

/* ST_NO: there is no such file. */
static enum status hash_file(const struct replace *r, char hex[DIGITS + 1], struct err *err)
{
	crypto_hash_sha256_state st;
	uint8_t sum[HASH];
	unsigned char buf[16384];
	ssize_t n;
	int fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return errno == ENOENT ? ST_NO : cannot(r, "cannot be read to see whether it was edited", err);
	crypto_hash_sha256_init(&st);
	while ((n = read(fd, buf, sizeof buf)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			crypto_hash_sha256_update(&st, buf, (unsigned long long)n);
	close(fd);
	if (n < 0)
		return cannot(r, "cannot be read to see whether it was edited", err);
	crypto_hash_sha256_final(&st, sum);
	str_hex(hex, sum, HASH);
	return ST_OK;
}

/* Up to two hashes are remembered: a crash between remembering the new one and putting the file there leaves the
 * old one valid. */
static enum status check_unedited(const struct replace *r, struct err *err)
{
	char hex[DIGITS + 1], *key = memory_key(r);
	char *known = r->s && !r->force ? local_get(r->s, key) : NULL;
	enum status st = known ? hash_file(r, hex, err) : ST_NO;

	if (st == ST_OK && !strstr(known, hex))
		st = fail(err, ST_NO,
			"%s: was edited by hand since its last export: take it away, name another file with -o, or use "
			"--force",
			r->shown);
	else if (st == ST_NO)
		st = ST_OK;
	free(known);
	free(key);
	return st;
}

static enum status remember(const struct replace *r, const char *hex, struct err *err)
{
	char old[DIGITS + 1] = "";

	if (!r->s)
		return ST_OK;
	enum status st =
		r->force ? ST_NO : hash_file(r, old, err); /* what was overwritten by force never becomes ours */
	if (st != ST_OK && st != ST_NO)
		return st;
	char *key = memory_key(r), *both = str_fmt("%s%s%s", hex, old[0] ? " " : "", old);
	st = local_set(r->s, key, both, err);
	free(key);
	free(both);
	return st;
}

/* ---- writing ---- */

static enum status open_temp(struct replace *r, const struct stat *old, struct err *err)
{
	char *dir = dir_of(r->path), unique[33];
	const char *name = strrchr(r->path, '/') + 1;

	str_hex(unique, uuid_new().b, 16);
	unique[12] = '\0';
	r->temp = str_fmt("%s/.%.200s.%s.tmp", strcmp(dir, "/") == 0 ? "" : dir, name, unique);
	free(dir);
	r->fd = open(r->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, old ? 0600 : 0666);
	if (r->fd < 0) {
		enum status st = cannot(r, "no file can be made beside it", err);
		free(r->temp);
		r->temp = NULL;
		return st;
	}
	if (!old)
		return ST_OK;
	/* The owner first: changing it takes set-id bits away. Only root may, and for others the file is theirs
	 * anyway. */
	if (fchown(r->fd, old->st_uid, old->st_gid) != 0 && fchown(r->fd, (uid_t)-1, old->st_gid) != 0)
		errno = 0;
	return fchmod(r->fd, old->st_mode & 07777) == 0 ? ST_OK : cannot(r, "its mode cannot be kept", err);
}

enum status replace_begin(struct store *s, const char *path, bool force, struct replace **out, struct err *err)
{
	struct replace *r = xcalloc(1, sizeof *r);
	struct stat sb;
	enum status st = ST_OK;

	r->s = s && !store_readonly(s) && !store_newer(s) ? s : NULL;
	r->shown = xstrdup(path);
	r->force = force;
	r->fd = -1;
	crypto_hash_sha256_init(&r->hash);
	r->path = real_path(path);
	bool there = r->path && stat(r->path, &sb) == 0;
	if (!r->path || (!there && errno != ENOENT))
		st = cannot(r, "cannot be written", err);
	else if (there && S_ISDIR(sb.st_mode))
		st = fail(err, ST_IO, "%s: is a directory: name a file with -o", path);
	else if (there && !S_ISREG(sb.st_mode))
		st = (r->fd = open(r->path, O_WRONLY | O_CLOEXEC)) < 0 ? cannot(r, "cannot be written", err) : ST_OK;
	else if (there && access(r->path, W_OK) != 0)
		st = cannot(r, "is not yours to write", err);
	else if ((st = check_unedited(r, err)) == ST_OK)
		st = open_temp(r, there ? &sb : NULL, err);
	*out = r;
	if (st != ST_OK) {
		replace_abandon(r);
		*out = NULL;
	}
	return st;
}

static enum status write_all(void *arg, const char *bytes, size_t n, struct err *err)
{
	struct replace *r = arg;

	crypto_hash_sha256_update(&r->hash, (const unsigned char *)bytes, n);
	while (n > 0) {
		ssize_t done = write(r->fd, bytes, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return cannot(r, "writing failed", err);
		bytes += done;
		n -= (size_t)done;
	}
	return ST_OK;
}

struct mst_sink replace_sink(struct replace *r)
{
	return (struct mst_sink){ .write = write_all, .arg = r };
}

void replace_abandon(struct replace *r)
{
	if (!r)
		return;
	if (r->fd >= 0)
		close(r->fd);
	if (r->temp)
		unlink(r->temp);
	replace_free(r);
}

/* The name is only as durable as its directory. Some file systems cannot sync one. */
static enum status sync_dir(const struct replace *r, struct err *err)
{
	char *dir = dir_of(r->path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd < 0 || fsync(fd) == 0 || errno == EINVAL || errno == EROFS;
	enum status st = good ? ST_OK : cannot(r, "its directory was not saved", err);

	if (fd >= 0)
		close(fd);
	free(dir);
	return st;
}

static enum status put_in_place(struct replace *r, struct err *err)
{
	uint8_t sum[HASH];
	char hex[DIGITS + 1];

	crypto_hash_sha256_final(&r->hash, sum);
	str_hex(hex, sum, HASH);
	if (fsync(r->fd) != 0)
		return cannot(r, "writing failed", err);
	enum status st = check_unedited(r, err); /* again: it took a while to write */
	if (st == ST_OK)
		st = remember(r, hex, err);
	if (st != ST_OK)
		return st;
	if (rename(r->temp, r->path) != 0)
		return cannot(r, "cannot be replaced", err);
	free(r->temp);
	r->temp = NULL;
	return sync_dir(r, err);
}

enum status replace_commit(struct replace *r, struct err *err)
{
	enum status st = r->temp ? put_in_place(r, err) : ST_OK;

	if (close(r->fd) != 0 && st == ST_OK && errno != EINTR)
		st = cannot(r, "writing failed", err);
	r->fd = -1;
	replace_abandon(r);
	return st;
}
