#include <string.h>

#include "base/utf8.h"
#include "ui/osc.h"

enum { TEXT_MAX = 200 };

bool osc_known(const char *term)
{
	static const char *const names[] = { "xterm", "tmux", "screen", "rxvt", "alacritty", "foot", "kitty", "wezterm", "st", "vte", "konsole", "gnome" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (str_starts(term, names[i]))
			return true;
	}
	return false;
}

static void add(struct str *out, const char *code, const char *text)
{
	struct str safe = STR_INIT;

	san_text(&safe, text, strlen(text), SAN_TERMINAL);
	str_addf(out, "\033]%s;", code);
	str_add(out, safe.s, utf8_cut(safe.s, safe.len, TEXT_MAX));
	str_adds(out, "\033\\");
	str_free(&safe);
}

void osc_title(struct str *out, const char *text)
{
	add(out, "2", text);
}

void osc_notify(struct str *out, const char *text)
{
	add(out, "9", text);
}

void osc_copy(struct str *out, const char *text, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *s = (const unsigned char *)text;

	str_adds(out, "\033]52;c;");
	for (size_t i = 0; i < n; i += 3) {
		unsigned v = (unsigned)s[i] << 16 | (i + 1 < n ? (unsigned)s[i + 1] << 8 : 0) | (i + 2 < n ? s[i + 2] : 0u);

		str_addc(out, digits[v >> 18]);
		str_addc(out, digits[v >> 12 & 63]);
		str_addc(out, i + 1 < n ? digits[v >> 6 & 63] : '=');
		str_addc(out, i + 2 < n ? digits[v & 63] : '=');
	}
	str_adds(out, "\033\\");
}
