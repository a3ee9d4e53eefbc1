#include <stdlib.h>
#include <string.h>
#include <termkey.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "ui/input.h"

enum { ESC = 0x1b, WAIT_MS = 50, PASTE_WAIT_MS = 2000, CSI_MAX = 40, SEMICOLONS = 14, STRING_MAX = 4096, BUFFER = 8192 };
#define PASTE_MAX ((size_t)2 << 20) /* more than a line may hold; the rest is dropped, the refusal says so */

enum state {
	GROUND,
	CHARACTER, /* within a UTF-8 character */
	ESCAPE,    /* after ESC */
	CSI,       /* after ESC [ */
	LINUX,     /* after ESC [ [ : the Linux console's F1 to F5 */
	X10,       /* after ESC [ M : three bytes of mouse */
	SS3,       /* after ESC O */
	STRING,    /* OSC, DCS … until BEL or ESC \ */
	PASTE,
};

struct input {
	TermKey *tk;
	bool utf8;
	input_fn *fn;
	void *arg;
	enum state state;
	char held[64];     /* of the sequence so far; longer ones are only counted */
	size_t n;
	bool alt;          /* the character was led in by ESC */
	struct str paste;
	size_t matched;    /* bytes of the end marker seen */
	char last;         /* the byte before, within a string */
};

static const char paste_end[] = "\033[201~";

/* terminfo's kmous makes termkey take SGR mouse for X10, F13 and up are Shift-F1 and up under other names, and a control character is what
 * people press it for, whatever the terminal calls it (the Linux console: Ctrl-Z is "suspend"). */
static const char *skip_names(const char *name, const char *value, void *data)
{
	(void)data;
	if (value && value[0] > 0 && value[0] < ' ' && !value[1] && strcmp(name, "key_backspace") != 0)
		return NULL;
	if (strcmp(name, "key_mouse") == 0)
		return NULL;
	if (strncmp(name, "key_f", 5) == 0 && atoi(name + 5) >= 13)
		return NULL;
	return value;
}

enum status input_new(struct input **out, const char *term, bool utf8, input_fn *fn, void *arg, struct err *err)
{
	struct input *in;
	TermKey *tk = termkey_new_abstract(term, (utf8 ? TERMKEY_FLAG_UTF8 : TERMKEY_FLAG_RAW) | TERMKEY_FLAG_NOSTART);

	if (!tk)
		return fail(err, ST_NO, "the keys of terminal type %s are not known: set TERM to a type that is", term);
	termkey_hook_terminfo_getstr(tk, skip_names, NULL);
	termkey_set_canonflags(tk, TERMKEY_CANON_DELBS);
	if (!termkey_start(tk) || !termkey_set_buffer_size(tk, BUFFER)) {
		termkey_destroy(tk);
		return fail(err, ST_NO, "the keys of terminal type %s could not be set up: set TERM to another type", term);
	}
	in = xcalloc(1, sizeof *in);
	in->tk = tk;
	in->utf8 = utf8;
	in->fn = fn;
	in->arg = arg;
	str_init(&in->paste);
	*out = in;
	return ST_OK;
}

void input_free(struct input *in)
{
	if (!in)
		return;
	termkey_destroy(in->tk);
	str_free(&in->paste);
	free(in);
}

static void emit(struct input *in, int code, unsigned mods)
{
	struct key k = { .code = code, .mods = mods };

	in->fn(in->arg, &k);
}

/* A character, or a single byte that is none and is kept as it came. */
static void emit_char(struct input *in, const char *s, size_t n)
{
	struct key k = { .n = n, .mods = in->alt ? MOD_ALT : 0 };
	uint32_t cp;

	utf8_next(s, n, &cp);
	k.code = (int)cp;
	memcpy(k.bytes, s, n);
	in->alt = false;
	in->fn(in->arg, &k);
}

static const struct { TermKeySym sym; int code; } syms[] = {
	{ TERMKEY_SYM_UP, K_UP }, { TERMKEY_SYM_DOWN, K_DOWN }, { TERMKEY_SYM_LEFT, K_LEFT }, { TERMKEY_SYM_RIGHT, K_RIGHT },
	{ TERMKEY_SYM_HOME, K_HOME }, { TERMKEY_SYM_FIND, K_HOME }, { TERMKEY_SYM_END, K_END }, { TERMKEY_SYM_SELECT, K_END },
	{ TERMKEY_SYM_PAGEUP, K_PGUP }, { TERMKEY_SYM_PAGEDOWN, K_PGDN }, { TERMKEY_SYM_INSERT, K_INSERT }, { TERMKEY_SYM_DELETE, K_DELETE },
	{ TERMKEY_SYM_BACKSPACE, K_BACKSPACE }, { TERMKEY_SYM_DEL, K_BACKSPACE }, { TERMKEY_SYM_TAB, K_TAB }, { TERMKEY_SYM_ENTER, K_ENTER },
	{ TERMKEY_SYM_KPENTER, K_ENTER }, { TERMKEY_SYM_ESCAPE, K_ESC },
};

static void emit_termkey(struct input *in, const TermKeyKey *t)
{
	unsigned m = (unsigned)t->modifiers & 7u; /* other bits are the terminal's, not ours */
	struct key k = { .mods = (m & TERMKEY_KEYMOD_SHIFT ? MOD_SHIFT : 0u) | (m & TERMKEY_KEYMOD_ALT ? MOD_ALT : 0u) |
		(m & TERMKEY_KEYMOD_CTRL ? MOD_CTRL : 0u) };

	if (t->type == TERMKEY_TYPE_FUNCTION && t->code.number >= 1 && t->code.number <= 63) {
		k.code = K_F0 + t->code.number;
		in->fn(in->arg, &k);
	} else if (t->type == TERMKEY_TYPE_UNICODE) {
		k.code = (int)t->code.codepoint;
		k.n = utf8_put(k.bytes, (uint32_t)t->code.codepoint);
		in->fn(in->arg, &k);
	} else if (t->type == TERMKEY_TYPE_KEYSYM) {
		for (size_t i = 0; i < sizeof syms / sizeof *syms; i++) {
			if (syms[i].sym == t->code.sym) {
				k.code = syms[i].code;
				in->fn(in->arg, &k);
				return;
			}
		}
	}
}

/* One whole sequence, or one control byte. */
static void decode(struct input *in, const char *s, size_t n)
{
	TermKeyKey t;
	TermKeyResult r;

	termkey_push_bytes(in->tk, s, n);
	while ((r = termkey_getkey(in->tk, &t)) == TERMKEY_RES_KEY)
		emit_termkey(in, &t);
	if (r == TERMKEY_RES_AGAIN)
		while (termkey_getkey_force(in->tk, &t) == TERMKEY_RES_KEY)
			emit_termkey(in, &t);
}

static void hold(struct input *in, char c)
{
	if (in->n < sizeof in->held)
		in->held[in->n] = c;
	in->n++;
}

static void start(struct input *in, enum state state, char c)
{
	in->state = state;
	in->n = 0;
	hold(in, c);
}

static void ground(struct input *in)
{
	in->state = GROUND;
	in->n = 0;
	in->alt = false;
}

static size_t char_bytes(unsigned char c)
{
	return c < 0xc2 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 1;
}

static void emit_mouse(struct input *in, int b, int x, int y, bool release)
{
	struct key k = { .code = K_MOUSE, .x = x - 1, .y = y - 1 };

	k.mods = (b & 4 ? MOD_SHIFT : 0u) | (b & 8 ? MOD_ALT : 0u) | (b & 16 ? MOD_CTRL : 0u);
	if (b & 64)
		k.mouse = b & 1 ? MOUSE_WHEEL_DOWN : MOUSE_WHEEL_UP;
	else
		k.mouse = b & 32 ? MOUSE_DRAG : release || (b & 3) == 3 ? MOUSE_RELEASE : MOUSE_PRESS;
	if (!(b & 64) && k.mouse == MOUSE_PRESS && (b & 3) != 0)
		return; /* only the left button means something */
	in->fn(in->arg, &k);
}

/* ESC [ < button ; x ; y M or m */
static void sgr_mouse(struct input *in)
{
	long v[3] = { 0, 1, 1 };
	char *p = in->held + 3, *end;

	for (int i = 0; i < 3; i++) {
		v[i] = strtol(p, &end, 10);
		if (end == p || v[i] < 0 || v[i] > 32767)
			return;
		p = *end == ';' ? end + 1 : end;
	}
	emit_mouse(in, (int)v[0], (int)v[1], (int)v[2], *p == 'm');
}

static void end_csi(struct input *in)
{
	size_t n = in->n, semicolons = 0;
	char *s = in->held;

	in->state = GROUND;
	if (n > CSI_MAX)
		return;
	s[n] = '\0';
	for (size_t i = 0; i < n; i++)
		semicolons += s[i] == ';';
	if (semicolons > SEMICOLONS) /* libtermkey 0.22 writes past an array */
		return;
	if (strcmp(s, "\033[200~") == 0) {
		in->state = PASTE;
		in->matched = 0;
		str_reset(&in->paste);
	} else if (s[2] == '<' && (s[n - 1] == 'M' || s[n - 1] == 'm')) {
		sgr_mouse(in);
	} else if (strcmp(s, "\033[I") == 0 || strcmp(s, "\033[O") == 0) {
		emit(in, s[2] == 'I' ? K_FOCUS_IN : K_FOCUS_OUT, 0);
	} else if (s[2] != '?' && s[2] != '>' && strcmp(s, "\033[201~") != 0) {
		decode(in, s, n); /* replies of the terminal (ESC [ ? …) are no keys */
	}
}

static void end_paste(struct input *in)
{
	struct key k = { .code = K_PASTE };
	struct str out = STR_INIT;

	for (size_t i = 0; i < in->paste.len; i++) {
		char c = in->paste.s[i];

		if (c == '\r' && i + 1 < in->paste.len && in->paste.s[i + 1] == '\n')
			continue;
		if (c == '\0') /* no terminal pastes one on purpose */
			continue;
		str_addc(&out, c == '\r' ? '\n' : c);
	}
	str_reset(&in->paste);
	ground(in);
	k.text_n = out.len;
	k.text = str_take(&out);
	in->fn(in->arg, &k);
}

static void in_paste(struct input *in, char c)
{
	if (c == paste_end[in->matched]) {
		if (++in->matched == sizeof paste_end - 1)
			end_paste(in);
		return;
	}
	if (in->paste.len < PASTE_MAX)
		str_add(&in->paste, paste_end, in->matched);
	in->matched = 0;
	if (c == paste_end[0])
		in->matched = 1;
	else if (in->paste.len < PASTE_MAX)
		str_addc(&in->paste, c);
}

static void in_ground(struct input *in, char c)
{
	unsigned char u = (unsigned char)c;

	if (u == ESC) {
		start(in, ESCAPE, c);
	} else if (u < 0x20 || u == 0x7f) {
		if (in->alt) {
			char two[2] = { ESC, c };

			in->alt = false;
			decode(in, two, 2);
		} else {
			decode(in, &c, 1);
		}
	} else if (in->utf8 && char_bytes(u) > 1) {
		bool alt = in->alt;

		start(in, CHARACTER, c);
		in->alt = alt;
	} else {
		emit_char(in, &c, 1);
	}
}

static void in_character(struct input *in, char c)
{
	if (((unsigned char)c & 0xc0) != 0x80) { /* cut off: the bytes are kept one by one, and c starts anew */
		size_t n = in->n;

		for (size_t i = 0; i < n; i++)
			emit_char(in, in->held + i, 1);
		ground(in);
		in_ground(in, c);
		return;
	}
	hold(in, c);
	if (in->n == char_bytes((unsigned char)in->held[0])) {
		uint32_t cp;

		if (utf8_next(in->held, in->n, &cp) == in->n)
			emit_char(in, in->held, in->n);
		else
			for (size_t i = 0; i < in->n; i++)
				emit_char(in, in->held + i, 1);
		ground(in);
	}
}

static void in_escape(struct input *in, char c)
{
	switch (c) {
	case '[':
		in->state = CSI;
		hold(in, c);
		return;
	case 'O':
		in->state = SS3;
		hold(in, c);
		return;
	case ']':
	case 'P':
	case '^':
	case '_':
	case 'X':
		in->state = STRING;
		hold(in, c);
		return;
	case ESC: /* the first one was a key */
		emit(in, K_ESC, 0);
		start(in, ESCAPE, c);
		return;
	default:
		ground(in);
		in->alt = true;
		in_ground(in, c);
	}
}

static void in_csi(struct input *in, char c)
{
	unsigned char u = (unsigned char)c;

	if (u == ESC) { /* broken off */
		start(in, ESCAPE, c);
		return;
	}
	if (u < 0x20 || u > 0x7e) {
		ground(in);
		in_ground(in, c);
		return;
	}
	hold(in, c);
	if (in->n == 3 && c == '[')
		in->state = LINUX;
	else if (in->n == 3 && c == 'M')
		in->state = X10;
	else if (u >= 0x40)
		end_csi(in);
}

static void in_fixed(struct input *in, char c, size_t want)
{
	hold(in, c);
	if (in->n < want)
		return;
	if (in->state == X10)
		emit_mouse(in, (unsigned char)in->held[3] - 32, (unsigned char)in->held[4] - 32, (unsigned char)in->held[5] - 32, false);
	else if (in->state == LINUX && c >= 'A' && c <= 'E')
		emit(in, K_F0 + 1 + (c - 'A'), 0);
	else if (in->state == SS3)
		decode(in, in->held, in->n);
	ground(in);
}

static void in_string(struct input *in, char c)
{
	hold(in, c);
	if (c == 0x07 || (c == '\\' && in->last == ESC) || in->n > STRING_MAX)
		ground(in);
	in->last = c;
}

void input_feed(struct input *in, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = bytes[i];

		switch (in->state) {
		case GROUND: in_ground(in, c); break;
		case CHARACTER: in_character(in, c); break;
		case ESCAPE: in_escape(in, c); break;
		case CSI: in_csi(in, c); break;
		case LINUX: in_fixed(in, c, 4); break;
		case X10: in_fixed(in, c, 6); break;
		case SS3: in_fixed(in, c, 3); break;
		case STRING: in_string(in, c); break;
		case PASTE: in_paste(in, c); break;
		}
	}
}

int input_wait_ms(const struct input *in)
{
	return in->state == GROUND ? 0 : in->state == PASTE ? PASTE_WAIT_MS : WAIT_MS;
}

void input_timeout(struct input *in)
{
	enum state state = in->state;
	size_t n = in->n;
	char last = n && n <= sizeof in->held ? in->held[n - 1] : 0;

	if (state == PASTE) {
		end_paste(in);
		return;
	}
	if (state == CHARACTER) {
		for (size_t i = 0; i < n; i++)
			emit_char(in, in->held + i, 1);
	}
	ground(in);
	if (state == ESCAPE) {
		emit(in, K_ESC, 0);
	} else if (n == 2 && (state == CSI || state == SS3 || state == STRING)) {
		in->alt = true; /* ESC [ and nothing more was Alt-[ */
		emit_char(in, &last, 1);
	}
}
