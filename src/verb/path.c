/* path.c - where the store and the configuration are: the XDG base directories. */
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "verb/verb.h"

static const char *env(const char *name)
{
	const char *v = getenv(name);
	return v && v[0] ? v : NULL;
}

static const char *home(void)
{
	const char *h = env("HOME");
	if (h && h[0] == '/')
		return h;
	struct passwd *pw = getpwuid(getuid());
	return pw && pw->pw_dir && pw->pw_dir[0] == '/' && access(pw->pw_dir, F_OK) == 0 ? pw->pw_dir : NULL;
}

/* A relative XDG directory is invalid and to be ignored, says the specification. */
static char *xdg(const char *name, const char *below_home, const char *file)
{
	const char *dir = env(name), *h;
	if (dir && dir[0] == '/')
		return str_fmt("%s/tplus%s", dir, file);
	h = home();
	return h ? str_fmt("%s/%s/tplus%s", h, below_home, file) : NULL;
}

char *path_db(const char *option, bool *is_default, struct err *err)
{
	*is_default = false;
	if (option && option[0])
		return xstrdup(option);
	if (env("TPLUS_DB"))
		return xstrdup(env("TPLUS_DB"));
	*is_default = true;
	char *p = xdg("XDG_DATA_HOME", ".local/share", "/tplus.db");
	if (!p)
		fail(err, ST_IO, "there is no home directory for the store: set HOME, or name a file with --db or TPLUS_DB");
	return p;
}

char *path_config_dir(void)
{
	return xdg("XDG_CONFIG_HOME", ".config", "");
}
