/* keys.c - what a person's hands do: keys by name, text, paste, mouse, encoded as the terminal's modes ask. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/screen/vt.h"

static const struct {
	const char *name;
	VTermKey key;
} keys[] = {
	{ "Enter", VTERM_KEY_ENTER },
	{ "Tab", VTERM_KEY_TAB },
	{ "Backspace", VTERM_KEY_BACKSPACE },
	{ "Esc", VTERM_KEY_ESCAPE },
	{ "Up", VTERM_KEY_UP },
	{ "Down", VTERM_KEY_DOWN },
	{ "Left", VTERM_KEY_LEFT },
	{ "Right", VTERM_KEY_RIGHT },
	{ "Ins", VTERM_KEY_INS },
	{ "Del", VTERM_KEY_DEL },
	{ "Home", VTERM_KEY_HOME },
	{ "End", VTERM_KEY_END },
	{ "PageUp", VTERM_KEY_PAGEUP },
	{ "PageDown", VTERM_KEY_PAGEDOWN },
};

static const struct {
	const char *prefix;
	VTermModifier mod;
} modifiers[] = {
	{ "Shift-", VTERM_MOD_SHIFT },
	{ "Alt-", VTERM_MOD_ALT },
	{ "Ctrl-", VTERM_MOD_CTRL },
};

static const char *take_modifiers(const char *name, unsigned *mod)
{
	for (size_t i = 0; i < sizeof modifiers / sizeof modifiers[0];) {
		size_t n = strlen(modifiers[i].prefix);

		if (strncasecmp(name, modifiers[i].prefix, n) == 0 && name[n]) {
			*mod |= modifiers[i].mod;
			name += n;
			i = 0;
		} else {
			i++;
		}
	}
	return name;
}

/* One character with modifiers. Control is what terminals send, not libvterm's CSI u. */
static bool press_char(struct vt *vt, char c, unsigned mod)
{
	char code = c;

	if (mod & VTERM_MOD_CTRL) {
		if (!isalpha((unsigned char)c) && !strchr("@[\\]^_", c))
			return false;
		code = (char)(c & 0x1f);
	}
	if (mod & VTERM_MOD_ALT)
		vt_type(vt, "\033", 1);
	vt_type(vt, &code, 1);
	return true;
}

bool vt_key(struct vt *vt, const char *name)
{
	unsigned mod = 0;
	char *end;

	name = take_modifiers(name, &mod);
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		if (strcasecmp(name, keys[i].name) == 0) {
			vterm_keyboard_key(vt->term, keys[i].key, (VTermModifier)mod);
			return true;
		}
	}
	if ((name[0] == 'F' || name[0] == 'f') && isdigit((unsigned char)name[1])) {
		long n = strtol(name + 1, &end, 10);

		if (*end || n < 1 || n > 20)
			return false;
		vterm_keyboard_key(vt->term, (VTermKey)VTERM_KEY_FUNCTION((int)n), (VTermModifier)mod);
		return true;
	}
	if (strcasecmp(name, "Space") == 0)
		return mod & VTERM_MOD_CTRL ? (vt_type(vt, "", 1), true) : press_char(vt, ' ', mod);
	return name[0] && !name[1] && press_char(vt, name[0], mod);
}

void vt_text(struct vt *vt, const char *utf8)
{
	vt_type(vt, utf8, strlen(utf8));
}

void vt_paste(struct vt *vt, const char *utf8)
{
	vterm_keyboard_start_paste(vt->term);
	for (const char *p = utf8; *p; p++)
		vt_type(vt, *p == '\n' ? "\r" : p, 1); /* as terminals do */
	vterm_keyboard_end_paste(vt->term);
}

void vt_click(struct vt *vt, int row, int col, int button)
{
	vterm_mouse_move(vt->term, row, col, VTERM_MOD_NONE);
	vterm_mouse_button(vt->term, button, true, VTERM_MOD_NONE);
	if (button < 4)
		vterm_mouse_button(vt->term, button, false, VTERM_MOD_NONE);
}
