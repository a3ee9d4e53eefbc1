/* config.c - see config.h. */
#include "verb/config.h"

#include <confuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/zone.h"

/* libconfuse reports through a callback without a place for our own data. One thread reads configuration. */
static struct err *parse_err;

static void note_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	char what[512];
	vsnprintf(what, sizeof what, fmt, ap);
	if (parse_err && parse_err->status == ST_OK)
		fail(parse_err, ST_USAGE, "%s:%d: %s: see tplus(5)", cfg->filename ? cfg->filename : "tplus.conf", cfg->line, what);
}

static enum status check(const char *path, const struct config *c, struct err *err)
{
	const struct zone *z;
	struct err why;
	if (!strstr(c->id_scheme, "N") || !strchr(c->id_scheme, '%'))
		return fail(err, ST_USAGE, "%s: id-scheme \"%s\" has no number: use %%4N in it, as in INC-%%Y-%%4N", path, c->id_scheme);
	if (strpbrk(c->id_scheme, " \t\n/"))
		return fail(err, ST_USAGE, "%s: id-scheme \"%s\" has white space or a slash: leave it out", path, c->id_scheme);
	if (zone_load(c->zone, &z, &why) != ST_OK)
		return fail(err, ST_USAGE, "%s: zone: %s", path, why.text);
	return ST_OK;
}

enum status config_load(const char *dir, struct config *out, struct err *err)
{
	*out = (struct config){ .id_scheme = xstrdup("INC-%Y-%4N"), .zone = xstrdup("UTC"), .bell = true };
	char *path = dir ? str_fmt("%s/tplus.conf", dir) : NULL;
	if (!path || access(path, F_OK) != 0) {
		free(path);
		return ST_OK;
	}
	cfg_opt_t opts[] = { CFG_STR("id-scheme", out->id_scheme, CFGF_NONE), CFG_STR("zone", out->zone, CFGF_NONE),
		CFG_BOOL("bell", cfg_true, CFGF_NONE), CFG_BOOL("notify", cfg_false, CFGF_NONE), CFG_BOOL("title", cfg_false, CFGF_NONE),
		CFG_END() };
	cfg_t *cfg = cfg_init(opts, CFGF_NONE);
	struct err seen = { 0 };
	cfg_set_error_function(cfg, note_error);
	parse_err = &seen;
	int rc = cfg_parse(cfg, path);
	parse_err = NULL;
	enum status st = ST_OK;
	if (rc != CFG_SUCCESS) {
		st = seen.status ? fail(err, ST_USAGE, "%s", seen.text) : fail(err, ST_IO, "%s: cannot be read: check its permissions", path);
	} else {
		struct config c = { .id_scheme = xstrdup(cfg_getstr(cfg, "id-scheme")), .zone = xstrdup(cfg_getstr(cfg, "zone")),
			.bell = cfg_getbool(cfg, "bell"), .notify = cfg_getbool(cfg, "notify"), .title = cfg_getbool(cfg, "title") };
		st = check(path, &c, err);
		config_free(out);
		*out = c;
	}
	cfg_free(cfg);
	free(path);
	return st;
}

void config_free(struct config *c)
{
	free(c->id_scheme);
	free(c->zone);
	*c = (struct config){ 0 };
}
