#include "model/policy_scan.h"

#include <stdarg.h>
#include <string.h>

#include "base/mem.h"

bool policy_bad(struct policy_parse *ps, int line, const char *fmt, ...)
{
	struct str text = STR_INIT;
	va_list ap;

	if (ps->status)
		return false;
	va_start(ap, fmt);
	str_addv(&text, fmt, ap);
	va_end(ap);
	ps->status = fail(ps->err, ST_USAGE, "%s:%d: %s", ps->name, line, text.s);
	str_free(&text);
	return false;
}

struct scan {
	const char *s; /* next byte */
	int line;
	int depth, open_line;
};

static void scan_copy(struct policy_parse *ps, struct scan *sc, bool blank)
{
	if (*sc->s == '\n')
		sc->line++;
	str_addc(&ps->clean, blank && *sc->s != '\n' ? ' ' : *sc->s);
	sc->s++;
}

static bool scan_comment(struct policy_parse *ps, struct scan *sc)
{
	int line = sc->line;
	const char *end = strstr(sc->s, "*/");

	if (!str_starts(sc->s, "/*")) {
		while (*sc->s && *sc->s != '\n')
			scan_copy(ps, sc, true);
		return true;
	}
	if (!end)
		return policy_bad(ps, line, "the comment does not end: close it with */");
	while (sc->s < end + 2)
		scan_copy(ps, sc, true);
	return true;
}

static bool scan_quoted(struct policy_parse *ps, struct scan *sc)
{
	char quote = *sc->s;

	scan_copy(ps, sc, false);
	while (*sc->s != quote) {
		if (*sc->s == '\\' && sc->s[1] && sc->s[1] != '\n')
			scan_copy(ps, sc, false);
		if (!*sc->s || *sc->s == '\n')
			return policy_bad(ps, sc->line,
				"the quoted value does not end: close it with %c on the same line", quote);
		scan_copy(ps, sc, false);
	}
	scan_copy(ps, sc, false);
	return true;
}

/* The brace that comes next opens a severity: the word before its title says so. */
static bool opens_severity(const struct str *clean)
{
	static const char *const space = " \t\r\n", word[] = "severity";
	size_t n = clean->len, len = sizeof word - 1;

	while (n && strchr(space, clean->s[n - 1]))
		n--;
	if (n && (clean->s[n - 1] == '"' || clean->s[n - 1] == '\'')) {
		char quote = clean->s[--n];
		while (n && clean->s[n - 1] != quote)
			n--;
		n -= n > 0;
	} else {
		while (n && !strchr(space, clean->s[n - 1]))
			n--;
	}
	while (n && strchr(space, clean->s[n - 1]))
		n--;
	return n >= len && memcmp(clean->s + n - len, word, len) == 0;
}

static bool scan_brace(struct policy_parse *ps, struct scan *sc)
{
	if (*sc->s == '{' && sc->depth++ == 0) {
		sc->open_line = sc->line;
	}
	if (*sc->s == '{' && sc->depth == 1 && opens_severity(&ps->clean)) {
		ps->brace = xgrow(ps->brace, &ps->cap, ps->braces + 1, sizeof *ps->brace);
		ps->brace[ps->braces++] = sc->line;
	}
	if (*sc->s == '}' && --sc->depth < 0)
		return policy_bad(
			ps, sc->line, "there is nothing for this } to close: remove it, or add the { it belongs to");
	scan_copy(ps, sc, false);
	return true;
}

bool policy_scan(struct policy_parse *ps, const char *text)
{
	struct scan sc = { .s = text, .line = 1 };

	while (*sc.s) {
		bool ok = true;

		if (*sc.s == '#' || str_starts(sc.s, "//") || str_starts(sc.s, "/*"))
			ok = scan_comment(ps, &sc);
		else if (*sc.s == '"' || *sc.s == '\'')
			ok = scan_quoted(ps, &sc);
		else if (*sc.s == '{' || *sc.s == '}')
			ok = scan_brace(ps, &sc);
		else if (str_starts(sc.s, "+=")) /* libconfuse would append to nothing, not to what is in force */
			ok = policy_bad(ps, sc.line, "+= cannot append here: write = and the whole list");
		else
			scan_copy(ps, &sc, false);
		if (!ok)
			return false;
	}
	return sc.depth == 0 ||
	       policy_bad(ps, sc.open_line, "the { here is never closed: add the } that belongs to it");
}
