/* template.c - see template.h. */
#include "text/template.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "text/mustache.h"

#define SUFFIX ".md.mustache"

extern const char data_templates_default_md_mustache[], data_templates_classic_md_mustache[], data_templates_sev_md_mustache[],
	data_templates_analysis_md_mustache[], data_templates_slo_md_mustache[], data_templates_detailed_md_mustache[];

static const struct {
	const char *name, *text;
} shipped[] = {
	{ "default", data_templates_default_md_mustache },
	{ "classic", data_templates_classic_md_mustache },
	{ "sev", data_templates_sev_md_mustache },
	{ "analysis", data_templates_analysis_md_mustache },
	{ "slo", data_templates_slo_md_mustache },
	{ "detailed", data_templates_detailed_md_mustache },
};
enum { SHIPPED = sizeof shipped / sizeof *shipped };

/* ---- the list ---- */

static void add(struct templates *l, const char *name, size_t n, char *path)
{
	l->v = xgrow(l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = (struct template){ xstrndup(name, n), path };
}

static bool has(const struct templates *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_eq(l->v[i].name, name))
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct template *)a)->name, ((const struct template *)b)->name);
}

static enum status add_users(const char *dir, struct templates *out, struct err *err)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	if (!d && (errno == ENOENT || errno == ENOTDIR))
		return ST_OK;
	if (!d)
		return fail(err, ST_IO, "%s: cannot be listed (%s): check its permissions", dir, strerror(errno));
	while ((e = readdir(d)) != NULL) {
		size_t n = strlen(e->d_name), end = strlen(SUFFIX);
		if (n > end && e->d_name[0] != '.' && strcmp(e->d_name + n - end, SUFFIX) == 0)
			add(out, e->d_name, n - end, str_fmt("%s/%s", dir, e->d_name));
	}
	closedir(d);
	return ST_OK;
}

enum status template_list(const char *config_dir, struct templates *out, struct err *err)
{
	char *dir = config_dir ? str_fmt("%s/templates", config_dir) : NULL;

	*out = (struct templates){ 0 };
	enum status st = dir ? add_users(dir, out, err) : ST_OK;
	for (size_t i = 0; i < SHIPPED; i++)
		if (!has(out, shipped[i].name))
			add(out, shipped[i].name, strlen(shipped[i].name), NULL);
	if (out->n)
		qsort(out->v, out->n, sizeof *out->v, by_name);
	free(dir);
	return st;
}

void templates_free(struct templates *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].name);
		free(l->v[i].path);
	}
	free(l->v);
	*l = (struct templates){ 0 };
}

/* ---- one ---- */

static enum status cannot_read(const char *path, const char *why, struct err *err)
{
	return fail(err, ST_IO, "%s: cannot be read (%s): repair the file or take it away", path, why);
}

static enum status read_all(int fd, const char *path, struct str *text, struct err *err)
{
	char buf[16384];
	ssize_t n;

	while ((n = read(fd, buf, sizeof buf)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return cannot_read(path, strerror(errno), err);
		str_add(text, buf, (size_t)n);
		if (text->len > MST_MAX_SOURCE)
			return cannot_read(path, "larger than 4 MiB", err);
	}
	return ST_OK;
}

/* ST_NO, without a text: there is no such file. */
static enum status read_file(const char *path, struct str *text, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat sb;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return ST_NO;
	if (fd < 0)
		return cannot_read(path, strerror(errno), err);
	enum status st = fstat(fd, &sb) == 0 && S_ISREG(sb.st_mode) ? read_all(fd, path, text, err)
								    : cannot_read(path, "no regular file", err);
	close(fd);
	return st;
}

static enum status none(const char *config_dir, const char *name, struct err *err)
{
	struct templates l;
	struct str names = STR_INIT;

	if (template_list(config_dir, &l, NULL) == ST_OK)
		for (size_t i = 0; i < l.n; i++)
			str_addf(&names, "%s%s", i ? ", " : "", l.v[i].name);
	enum status st = fail(err, ST_NO, "there is no template %.80s: there is %s%s", name, names.s,
		config_dir ? "" : "; your own need $HOME or $XDG_CONFIG_HOME");
	templates_free(&l);
	str_free(&names);
	return st;
}

static enum status find_shipped(const char *name, struct str *text, struct str *shown)
{
	for (size_t i = 0; i < SHIPPED; i++)
		if (strcmp(shipped[i].name, name) == 0) {
			str_adds(text, shipped[i].text);
			str_addf(shown, "%s" SUFFIX, name);
			return ST_OK;
		}
	return ST_NO;
}

enum status template_find(
	const char *config_dir, const char *name, struct str *text, struct str *shown, struct err *err)
{
	enum status st = ST_NO;

	if (!name[0] || name[0] == '.' || strchr(name, '/') || strlen(name) > 200)
		return fail(err, ST_USAGE,
			"%.80s is no name of a template: names have no slash and do not begin with a dot", name);
	if (config_dir) {
		char *path = str_fmt("%s/templates/%s" SUFFIX, config_dir, name);
		st = read_file(path, text, err);
		if (st != ST_NO)
			str_adds(shown, path);
		free(path);
	}
	if (st == ST_NO)
		st = find_shipped(name, text, shown);
	return st == ST_NO ? none(config_dir, name, err) : st;
}
