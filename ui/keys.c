#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/keys.h"

const struct binding key_table[] = {
#define ACTION(name)
#define KEY(context, key, action, help) { context, key, action, help },
#include "ui/keys.def"
#undef ACTION
#undef KEY
	{ CTX_ANY, NULL, ACT_NONE, NULL },
};

static const char *const titles[CTX_COUNT] = {
	[CTX_ANY] = "Everywhere",
	[CTX_COMPOSER] = "Composer",
	[CTX_PANE] = "Panes",
	[CTX_TIMELINE] = "Timeline",
	[CTX_FIND] = "Filter, go to",
	[CTX_RESPONDERS] = "Responders",
	[CTX_ACTIONS] = "Action items",
	[CTX_LIST] = "Incidents",
	[CTX_HELP] = "Help",
};

const char *context_title(enum context c)
{
	return titles[c];
}

static const struct { const char *name; int code; } names[] = {
	{ "Backspace", K_BACKSPACE }, { "Delete", K_DELETE }, { "Down", K_DOWN }, { "End", K_END }, { "Enter", K_ENTER }, { "Esc", K_ESC },
	{ "Home", K_HOME }, { "Insert", K_INSERT }, { "Left", K_LEFT }, { "PgDn", K_PGDN }, { "PgUp", K_PGUP }, { "Right", K_RIGHT },
	{ "Space", ' ' }, { "Tab", K_TAB }, { "Up", K_UP },
};

static const struct { const char *name; unsigned mod; } mods[] = { { "Ctrl-", MOD_CTRL }, { "Alt-", MOD_ALT }, { "Shift-", MOD_SHIFT } };

static bool parse_code(const char *name, struct key *out)
{
	uint32_t cp;
	size_t n = strlen(name), len = utf8_next(name, n, &cp);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i].name, name) == 0) {
			out->code = names[i].code;
			return true;
		}
	}
	if (name[0] == 'F' && name[1] >= '1' && name[1] <= '9') {
		out->code = K_F0 + atoi(name + 1);
		return out->code <= K_LAST;
	}
	out->code = (int)cp;
	return n > 0 && len == n;
}

bool key_parse(const char *name, struct key *out)
{
	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < sizeof mods / sizeof *mods; i++) {
		if (str_starts(name, mods[i].name)) {
			out->mods |= mods[i].mod;
			name += strlen(mods[i].name);
		}
	}
	if (!parse_code(name, out))
		return false;
	/* Terminals send the same byte for Ctrl-A and Ctrl-a. */
	if ((out->mods & MOD_CTRL) && out->code >= 'A' && out->code <= 'Z')
		out->code += 'a' - 'A';
	return true;
}

static bool same(const struct key *a, const struct key *b)
{
	/* Shift is part of a character; elsewhere it counts. */
	unsigned mask = a->code < K_NONE ? MOD_ALT | MOD_CTRL : MOD_ALT | MOD_CTRL | MOD_SHIFT;

	return a->code == b->code && (a->mods & mask) == (b->mods & mask);
}

bool key_is(const struct key *k, const char *name)
{
	struct key want;

	return key_parse(name, &want) && same(k, &want);
}

static enum act find(enum context c, const struct key *k)
{
	for (const struct binding *b = key_table; b->key; b++) {
		if (b->context == c && key_is(k, b->key))
			return b->action;
	}
	return ACT_NONE;
}

enum act key_action(enum context c, const struct key *k)
{
	enum act a = find(c, k);

	if (a == ACT_NONE && c != CTX_COMPOSER && c != CTX_FIND && c != CTX_ANY)
		a = find(CTX_PANE, k);
	return a == ACT_NONE ? find(CTX_ANY, k) : a;
}

bool key_is_text(const struct key *k)
{
	return k->code < K_NONE && k->n > 0 && !(k->mods & (MOD_ALT | MOD_CTRL));
}

bool key_help(enum context c, size_t i, struct str *keys, const char **help)
{
	const struct binding *b = key_table;

	str_reset(keys);
	while (b->key && b->context != c)
		b++;
	for (; b->key && b->context == c; b++) {
		if (!*b->help || i-- > 0)
			continue;
		*help = b->help;
		str_adds(keys, b->key);
		for (b++; b->key && b->context == c && !*b->help; b++)
			str_addf(keys, " %s", b->key);
		return true;
	}
	return false;
}
