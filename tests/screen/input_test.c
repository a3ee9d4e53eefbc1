/* ui/input.c: bytes from terminals, whole and broken, become the keys that were meant. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ui/input.h"

/* What was pressed, as text: "a", "<Up>", "<Alt-x>", "<paste 3 abc>", "<mouse 4,2>". */
struct heard { struct str text; };

static const struct { int code; const char *name; } names[] = {
	{ K_UP, "Up" }, { K_DOWN, "Down" }, { K_HOME, "Home" }, { K_END, "End" }, { K_TAB, "Tab" }, { K_ENTER, "Enter" }, { K_ESC, "Esc" },
	{ K_BACKSPACE, "Backspace" }, { K_DELETE, "Delete" }, { K_PGDN, "PgDn" }, { K_FOCUS_IN, "in" }, { K_FOCUS_OUT, "out" },
};

static void add_name(struct str *s, const struct key *k)
{
	str_addf(s, "<%s%s%s", k->mods & MOD_CTRL ? "Ctrl-" : "", k->mods & MOD_ALT ? "Alt-" : "", k->mods & MOD_SHIFT ? "Shift-" : "");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (names[i].code == k->code)
			str_adds(s, names[i].name);
	}
	if (k->code > K_F0 && k->code <= K_LAST)
		str_addf(s, "F%d", k->code - K_F0);
	if (k->code < K_NONE)
		str_add(s, k->bytes, k->n);
	str_addc(s, '>');
}

static void hear(void *arg, const struct key *k)
{
	struct heard *h = arg;

	if (k->code == K_PASTE) {
		str_addf(&h->text, "<paste %zu %.*s>", k->text_n, k->text_n < 40 ? (int)k->text_n : 0, k->text);
		free(k->text);
	} else if (k->code == K_MOUSE) {
		str_addf(&h->text, "<mouse %d %d,%d>", (int)k->mouse, k->y, k->x);
	} else if (k->code < K_NONE && !k->mods) {
		str_add(&h->text, k->bytes, k->n);
	} else {
		add_name(&h->text, k);
	}
}

static struct input *open_input(struct heard *h, bool utf8)
{
	struct input *in;
	struct err err;

	str_init(&h->text);
	assert_int_equal(input_new(&in, "xterm-256color", utf8, hear, h, &err), ST_OK);
	return in;
}

static const struct { const char *bytes, *keys; } cases[] = {
	{ "ab", "ab" },
	{ "\xc3\xa4\xe2\x82\xac", "\xc3\xa4\xe2\x82\xac" },
	{ "\xc3x", "\xc3x" },                                      /* cut off: kept as it came */
	{ "\033OA\033[B\033[1;5A", "<Up><Down><Ctrl-Up>" },
	{ "\033[H\033[F\033[3~\033[6~", "<Home><End><Delete><PgDn>" },
	{ "\033OP\033[15~\033[[A\033[21~", "<F1><F5><F1><F10>" },
	{ "\177\t\r\033[Z", "<Backspace><Tab><Enter><Shift-Tab>" },
	{ "\001\032", "<Ctrl-a><Ctrl-z>" },
	{ "\033x\033\xc3\xa4", "<Alt-x><Alt-\xc3\xa4>" },
	{ "\033[I\033[O", "<in><out>" },
	{ "\033[<0;3;5M\033[<0;3;5m\033[<64;1;1M\033[<65;80;24M", "<mouse 0 4,2><mouse 1 4,2><mouse 3 0,0><mouse 4 23,79>" },
	{ "\033[<2;3;5M\033[<32;4;5M", "<mouse 2 4,3>" },          /* the right button means nothing */
	{ "\033[<0;99999;5M\033[<;;M\033[<M", "" },
	{ "\033[?1;2c\033[>0;276;0c\033[?6n", "" },                 /* replies are no keys */
	{ "\033]11;rgb:0/0/0\033\\x\033]0;t\007y\033P1$r\033\\z", "xyz" },
	{ "\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18mx", "x" },
	{ "\033[111111111111111111111111111111111111111111111111111111mx", "x" },
	{ "\033[12\033[Ax", "<Up>x" },                              /* broken off by another one */
	{ "\033[200~a\rb\nc\033[201~d", "<paste 5 a\nb\nc>d" },
	{ "\033[200~a\r\nb\033[201~", "<paste 3 a\nb>" },
	{ "\033[200~\033[200~\033[A\033[201~", "<paste 9 \033[200~\033[A>" },
	{ "\033[200~\033[20\033[201~", "<paste 4 \033[20>" },
	{ "\033[201~x", "x" },
	{ "\033\033[A", "<Esc><Up>" },
};

static void keys_are_meant(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		for (size_t piece = 1; piece <= 64; piece *= 4) { /* however the bytes come in */
			struct heard h;
			struct input *in = open_input(&h, true);
			size_t n = strlen(cases[i].bytes);

			for (size_t at = 0; at < n; at += piece)
				input_feed(in, cases[i].bytes + at, n - at < piece ? n - at : piece);
			assert_string_equal(h.text.s, cases[i].keys);
			assert_int_equal(input_wait_ms(in), 0);
			input_free(in);
			str_free(&h.text);
		}
	}
}

static void time_decides(void **state)
{
	static const struct { const char *bytes, *keys; } late[] = {
		{ "\033", "<Esc>" }, { "\033[", "<Alt-[>" }, { "\033[1;", "" }, { "\xe2\x82", "\xe2\x82" }, { "\033[200~half", "<paste 4 half>" },
		{ "\033O", "<Alt-O>" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof late / sizeof *late; i++) {
		struct heard h;
		struct input *in = open_input(&h, true);

		input_feed(in, late[i].bytes, strlen(late[i].bytes));
		assert_string_equal(h.text.s, "");
		assert_true(input_wait_ms(in) > 0);
		input_timeout(in);
		assert_string_equal(h.text.s, late[i].keys);
		assert_int_equal(input_wait_ms(in), 0);
		input_feed(in, "x", 1);
		assert_true(h.text.len && h.text.s[h.text.len - 1] == 'x');
		input_free(in);
		str_free(&h.text);
	}
}

/* 60 kB in one bracket, the end cut anywhere: one key. */
static void large_paste(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	str_adds(&s, "\033[200~");
	for (int i = 0; i < 1000; i++)
		str_adds(&s, "sixty bytes of a log that somebody pastes into the composer\r");
	str_adds(&s, "\033[201~x");
	for (size_t cut = s.len - 8; cut <= s.len; cut++) {
		struct heard h;
		struct input *in = open_input(&h, true);

		input_feed(in, s.s, cut);
		input_feed(in, s.s + cut, s.len - cut);
		assert_string_equal(h.text.s, "<paste 60000 >x");
		input_free(in);
		str_free(&h.text);
	}
	str_free(&s);
}

static void bytes_of_other_locales(void **state)
{
	struct heard h;
	struct input *in = open_input(&h, false);

	(void)state;
	input_feed(in, "caf\xe9", 4);
	input_timeout(in);
	assert_string_equal(h.text.s, "caf\xe9");
	input_free(in);
	str_free(&h.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_meant), cmocka_unit_test(time_decides), cmocka_unit_test(large_paste), cmocka_unit_test(bytes_of_other_locales),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
