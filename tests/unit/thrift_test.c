/* ui/thrift.c: what is said shorter does the same. A small model of a terminal runs both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ui/thrift.h"

enum { ROWS = 12, COLS = 30 };

/* Each case is a frame after one that has placed the cursor in row 5, column 10, with no attributes. */
static const struct { const char *curses, *said; } cases[] = {
	{ "x", "x" },
	{ "\033[5;10H", "" },
	{ "\033[5;12Hx", "\033[2Cx" },
	{ "\033[5;11Hx", "\033[Cx" },
	{ "\033[5;4Hx", "\033[6Dx" },
	{ "\033[5;1Hx", "\rx" },
	{ "\033[20Gx", "\033[10Cx" },
	{ "\033[6;10Hx", "\nx" },
	{ "\033[7;9Hx", "\n\n\033[Dx" },
	{ "\033[9;8Hx", "\033[9;8Hx" },
	{ "\033[1;8Hx", "\033[;8Hx" },
	{ "\033[4;1Hx", "\033[4Hx" },
	{ "\033[1;1Hx", "\033[Hx" },
	{ "\033[H\033[2J", "\033[H\033[2J" },
	{ "\033[99;8Hx", "\033[99;8Hx" },                       /* beyond what we know of: as it is */
	{ "\xc3\xa4\033[5;12Hx", "\xc3\xa4\033[5;12Hx" },       /* how wide that was is the terminal's opinion */
	{ "\033(B\033[0;1mx\033(B\033[m", "\033[1mx\033[m" },
	{ "\033[1mx\033[m\033[2;5H\033[1my\033[m", "\033[1mx\033[2;5Hy\033[m" },
	{ "\033[38;5;244mx\033[39m\033(B\033[my", "\033[38;5;244mx\033[my" },
	{ "\033[1m\033[31mx\033[39my\033[m", "\033[1;31mx\033[0;1my\033[m" },
	{ "\033[92;101mx\033[39my", "\033[92;101mx\033[0;101my" },
	{ "\033[38;2;40;41;42;44mx\033[49my", "\033[38;2;40;41;42;44mx\033[0;38;2;40;41;42my" },
	{ "\033[m\033[m\033[m", "" },
	{ "\033[?25l\033[5;11Hx", "\033[?25l\033[Cx" },
	{ "\033[?1049h\033[5;11Hx", "\033[?1049h\033[5;11Hx" }, /* the cursor may have gone anywhere */
	{ "\033[3;7r\033[5;10Hx", "\033[3;7r\033[5;10Hx" },
	{ "\033[3;7r\033[7;1H\033[8;1Hx", "\033[3;7r\033[7H\033[8Hx" }, /* a line feed would scroll */
	{ "\033[3;7r\033[1;12r\033[7;1H\033[8;1Hx", "\033[3;7r\033[1;12r\033[7H\nx" },
	{ "\033]2;title\033\\\033[5;10H", "\033]2;title\033\\\033[5;10H" },
	{ "\033[5;30Hx\033[5;1H", "\033[20Cx\033[5H" },         /* at the margin nobody knows */
};

static void says_it_shorter(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct thrift t;
		struct str out = STR_INIT;

		thrift_reset(&t, ROWS, COLS);
		thrift_add(&t, &out, "\033(B\033[5;10H\033[m", strlen("\033(B\033[5;10H\033[m"));
		assert_string_equal(out.s, "\033(B\033[5;10H\033[m");
		str_reset(&out);
		thrift_add(&t, &out, cases[i].curses, strlen(cases[i].curses));
		assert_string_equal(out.s, cases[i].said);
		str_free(&out);
	}
}

/* ---- a terminal: cells with what was on when they were written ---- */

struct vt { int y, x; char on[128]; struct { char c, on[128]; } cell[ROWS][COLS]; };

static void vt_sgr(struct vt *v, const char *p)
{
	char left[128] = "";

	if (!*p || *p == '0') {
		v->on[0] = '\0';
		p += strlen(p) > 1 ? 2 : strlen(p);
	}
	if (strcmp(p, "39") == 0) { /* letters' colours are single words in this test */
		for (char *w = strtok(v->on, ";"); w; w = strtok(NULL, ";"))
			if (*w != '3')
				snprintf(left + strlen(left), sizeof left - strlen(left), "%s%s", *left ? ";" : "", w);
		memcpy(v->on, left, sizeof left);
	} else if (*p) {
		snprintf(v->on + strlen(v->on), sizeof v->on - strlen(v->on), "%s%s", *v->on ? ";" : "", p);
	}
}

static void vt_move(struct vt *v, int y, int x)
{
	v->y = y < 0 ? 0 : y >= ROWS ? ROWS - 1 : y;
	v->x = x < 0 ? 0 : x >= COLS ? COLS - 1 : x;
}

static const char *vt_csi(struct vt *v, const char *s)
{
	char p[64];
	size_t n = strcspn(s, "HGCDm");
	int a = atoi(s), b = strchr(s, ';') && strchr(s, ';') < s + n ? atoi(strchr(s, ';') + 1) : 0;

	snprintf(p, sizeof p, "%.*s", (int)n, s);
	a = a ? a : 1;
	b = b ? b : 1;
	switch (s[n]) {
	case 'H': vt_move(v, a - 1, b - 1); break;
	case 'G': vt_move(v, v->y, a - 1); break;
	case 'C': vt_move(v, v->y, v->x + a); break;
	case 'D': vt_move(v, v->y, v->x - a); break;
	default: vt_sgr(v, p);
	}
	return s + n + 1;
}

static void vt_write(struct vt *v, const char *s)
{
	while (*s) {
		if (s[0] == '\033' && s[1] == '[') {
			s = vt_csi(v, s + 2);
		} else if (*s == '\033') {
			s += 3;
		} else if (*s == '\r' || *s == '\n') {
			vt_move(v, v->y + (*s == '\n'), *s == '\r' ? 0 : v->x);
			s++;
		} else {
			v->cell[v->y][v->x].c = *s++;
			memcpy(v->cell[v->y][v->x].on, v->on, sizeof v->on);
			vt_move(v, v->y, v->x + 1);
		}
	}
}

static void add_random(struct str *s, unsigned *seed)
{
	static const char *const attrs[] = { "\033[m", "\033(B\033[m", "\033[0;1m", "\033[7m", "\033[31m", "\033[35m", "\033[39m", "\033[39m\033(B\033[m" };

	*seed = *seed * 1103515245 + 12345;
	switch (*seed >> 16 & 3) {
	case 0: str_addf(s, "\033[%u;%uH", 1 + (*seed >> 18) % ROWS, 1 + (*seed >> 22) % (COLS - 8)); break;
	case 1: str_addf(s, "\033[%uG", 1 + (*seed >> 18) % (COLS - 8)); break;
	case 2: str_adds(s, attrs[(*seed >> 18) % (sizeof attrs / sizeof *attrs)]); break;
	default: str_addf(s, "%.*s", (int)(1 + (*seed >> 18) % 3), "abc"); break;
	}
}

static void does_the_same(void **state)
{
	size_t all = 0, shorter = 0;

	(void)state;
	for (unsigned seed = 1; seed <= 400; seed++) {
		struct vt a, b;
		struct thrift t;
		struct str curses = STR_INIT, said = STR_INIT;
		unsigned r = seed;

		memset(&a, 0, sizeof a);
		memset(&b, 0, sizeof b);
		thrift_reset(&t, ROWS, COLS);
		str_adds(&curses, "\033[m\033[1;1H");
		for (int frame = 0; frame < 8; frame++) {
			for (int i = 0; i < 12; i++) {
				add_random(&curses, &r);
				if (i % 3 == 2) /* curses never writes past the margin without placing the cursor anew */
					str_addf(&curses, "\033[%d;2H", 1 + frame);
			}
			str_reset(&said);
			thrift_add(&t, &said, curses.s, curses.len);
			all += curses.len;
			shorter += said.len;
			vt_write(&a, curses.s);
			vt_write(&b, said.s);
			str_reset(&curses);
			assert_int_equal(a.y, b.y);
			assert_int_equal(a.x, b.x);
			for (int i = 0; i < ROWS * COLS; i++) {
				assert_int_equal(a.cell[i / COLS][i % COLS].c, b.cell[i / COLS][i % COLS].c);
				assert_string_equal(a.cell[i / COLS][i % COLS].on, b.cell[i / COLS][i % COLS].on);
			}
		}
		str_free(&curses);
		str_free(&said);
	}
	assert_true(shorter < all);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(says_it_shorter), cmocka_unit_test(does_the_same) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
