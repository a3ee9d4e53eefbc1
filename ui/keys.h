/* keys.h - keys as the program knows them, and the one table of what they do. Pure: input.c makes them, help and dispatcher read the table. */
#ifndef TPLUS_UI_KEYS_H
#define TPLUS_UI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

/* Codes: up to U+10FFFF a character, beyond that these. */
enum {
	K_NONE = 0x110000, K_UP, K_DOWN, K_LEFT, K_RIGHT, K_HOME, K_END, K_PGUP, K_PGDN, K_INSERT, K_DELETE, K_BACKSPACE, K_TAB, K_ENTER, K_ESC,
	K_PASTE, K_MOUSE, K_FOCUS_IN, K_FOCUS_OUT,
	K_F0, /* K_F0 + n is Fn */
	K_LAST = K_F0 + 63,
};
enum { MOD_SHIFT = 1, MOD_ALT = 2, MOD_CTRL = 4 };
enum mouse { MOUSE_PRESS, MOUSE_RELEASE, MOUSE_DRAG, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct key {
	int code;
	unsigned mods;
	char bytes[8];         /* a character as it came in: UTF-8, or the one byte that is none */
	size_t n;
	enum mouse mouse;      /* K_MOUSE */
	int y, x;              /* from 0 */
	char *text;            /* K_PASTE: heap, belongs to whoever takes the key; text_n bytes, lines end in \n */
	size_t text_n;
};

/* Where a key is pressed. A context's own rows come first, then CTX_PANE for all but the two that text is typed into, then CTX_ANY. */
enum context { CTX_ANY, CTX_COMPOSER, CTX_PANE, CTX_TIMELINE, CTX_FIND, CTX_RESPONDERS, CTX_ACTIONS, CTX_LIST, CTX_HELP, CTX_COUNT };
const char *context_title(enum context c);

enum act {
	ACT_NONE,
#define KEY(context, key, action, help)
#define ACTION(name) ACT_##name,
#include "ui/keys.def"
#undef ACTION
#undef KEY
	ACT_COUNT
};

struct binding {
	enum context context;
	const char *key;   /* as the help writes it: "F1", "Ctrl-C", "Alt-b", "PgUp", "Space", "x" */
	enum act action;
	const char *help;
};
extern const struct binding key_table[]; /* ends with key NULL; sorted by context */

bool key_parse(const char *name, struct key *out);      /* the inverse of what the table writes */
bool key_is(const struct key *k, const char *name);
enum act key_action(enum context c, const struct key *k); /* ACT_NONE: not bound */
bool key_is_text(const struct key *k);                   /* a character without Ctrl or Alt */

/* The rows of help for a context: "keys" (several, separated by a space) and what they do; i counts from 0; false: no more. */
bool key_help(enum context c, size_t i, struct str *keys, const char **help);

#endif
