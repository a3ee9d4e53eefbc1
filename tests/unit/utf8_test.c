/* utf8.h without the sanitiser: decoding, clusters, columns. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/utf8.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define WOMAN "\xf0\x9f\x91\xa9"
#define MAN "\xf0\x9f\x91\xa8"
#define GIRL "\xf0\x9f\x91\xa7"
#define TONE "\xf0\x9f\x8f\xbd"
#define ZWJ "\xe2\x80\x8d"
#define VS16 "\xef\xb8\x8f"
#define HEART "\xe2\x9d\xa4"
#define FLAG_D "\xf0\x9f\x87\xa9"
#define FLAG_E "\xf0\x9f\x87\xaa"
#define ACUTE "\xcc\x81"
#define ELLIPSIS "\xe2\x80\xa6"
#define KANJI "\xe6\xbc\xa2\xe5\xad\x97"
#define KI "\xe0\xa4\x95\xe0\xa4\xbf" /* Devanagari ka and the vowel sign i */

static const char *const utf8_locale = "C.UTF-8";

static void use_locale(const char *name)
{
	if (!setlocale(LC_ALL, name))
		fail_msg("this system lacks the locale %s", name);
}

/* One letter per character: . for a byte that is none, else its length. */
static void shape_of(char *out, const char *s, size_t n)
{
	for (size_t i = 0, len; i < n; i += len) {
		uint32_t cp;

		len = utf8_next(s + i, n - i, &cp);
		*out++ = len == 1 && cp == UTF8_BAD ? '.' : (char)('0' + len);
	}
	*out = '\0';
}

static void decodes(void **state)
{
	static const struct {
		const char *s;
		size_t n;
		const char *shape;
	} cases[] = {
#define S(text) text, sizeof text - 1
		{ S(""), "" },
		{ S("a\0b"), "111" },
		{ S("\xce\xba\xe1\xbd\xb9\xcf\x83"), "232" },
		/* the first and the last of each length */
		{ S("\x01\x7f"), "11" },
		{ S("\xc2\x80\xdf\xbf"), "22" },
		{ S("\xe0\xa0\x80\xef\xbf\xbf"), "33" },
		{ S("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"), "44" },
		{ S("\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbd"), "333" },
		/* above U+10FFFF, five and six bytes */
		{ S("\xf4\x90\x80\x80"), "...." },
		{ S("\xf5\x80\x80\x80"), "...." },
		{ S("\xf7\xbf\xbf\xbf"), "...." },
		{ S("\xf8\x88\x80\x80\x80"), "....." },
		{ S("\xfb\xbf\xbf\xbf\xbf"), "....." },
		{ S("\xfc\x84\x80\x80\x80\x80"), "......" },
		{ S("\xfd\xbf\xbf\xbf\xbf\xbf"), "......" },
		/* continuation bytes with nothing before them */
		{ S("\x80"), "." },
		{ S("\xbf"), "." },
		{ S("\x80\xbf\x80\xbf\x80\xbf\x80"), "......." },
		{ S("a\x80z"), "1.1" },
		/* lead bytes with nothing after them */
		{ S("\xc0 \xc1 \xc2 \xdf "), ".1.1.1.1" },
		{ S("\xe0 \xe7 \xef "), ".1.1.1" },
		{ S("\xf0 \xf4 \xf7 "), ".1.1.1" },
		{ S("\xf8 \xfb \xfc \xfd "), ".1.1.1.1" },
		/* the last byte missing */
		{ S("\xc3"), "." },
		{ S("\xe0\x80"), ".." },
		{ S("\xe2\x82"), ".." },
		{ S("\xf0\x9f\x91"), "..." },
		{ S("\xf8\x80\x80\x80"), "...." },
		{ S("\xef\xbf"), ".." },
		{ S("\xc3\xc3\xa9"), ".2" },
		{ S("\xe2\x82\xe2\x82\xac"), "..3" },
		{ S("\xf0\x9f\x91z"), "...1" },
		/* bytes that never occur */
		{ S("\xfe"), "." },
		{ S("\xff"), "." },
		{ S("\xfe\xfe\xff\xff"), "...." },
		/* overlong forms: of the slash, of the greatest of each length, of NUL */
		{ S("\xc0\xaf"), ".." },
		{ S("\xe0\x80\xaf"), "..." },
		{ S("\xf0\x80\x80\xaf"), "...." },
		{ S("\xf8\x80\x80\x80\xaf"), "....." },
		{ S("\xfc\x80\x80\x80\x80\xaf"), "......" },
		{ S("\xc1\xbf"), ".." },
		{ S("\xe0\x9f\xbf"), "..." },
		{ S("\xf0\x8f\xbf\xbf"), "...." },
		{ S("\xc0\x80"), ".." },
		{ S("\xe0\x80\x80"), "..." },
		{ S("\xf0\x80\x80\x80"), "...." },
		/* surrogates, single and paired */
		{ S("\xed\xa0\x80"), "..." },
		{ S("\xed\xad\xbf"), "..." },
		{ S("\xed\xb0\x80"), "..." },
		{ S("\xed\xbf\xbf"), "..." },
		{ S("\xed\xa0\x80\xed\xb0\x80"), "......" },
		{ S("\xed\xaf\xbf\xed\xbf\xbf"), "......" },
		/* noncharacters are characters here */
		{ S("\xef\xbf\xbe\xef\xbf\xbf\xef\xb7\x90"), "333" },
#undef S
	};
	char shape[64];
	uint32_t cp = 7;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		shape_of(shape, cases[i].s, cases[i].n);
		assert_string_equal(shape, cases[i].shape);
		assert_int_equal(utf8_valid(cases[i].s, cases[i].n), !strchr(cases[i].shape, '.'));
	}
	assert_int_equal(utf8_next("x", 0, &cp), 0);
}

static void every_code_point_comes_back(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x110000; cp++) {
		bool real = cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff);
		uint32_t back;
		char s[4];
		size_t len = utf8_put(s, cp);

		if (utf8_next(s, len, &back) != len || back != (real ? cp : UTF8_BAD))
			fail_msg("U+%04X", (unsigned)cp);
		for (size_t part = 1; part < len; part++) {
			if (utf8_next(s, part, &back) != 1 || back != UTF8_BAD)
				fail_msg("the first %zu bytes of U+%04X", part, (unsigned)cp);
		}
	}
}

static void cuts(void **state)
{
	static const struct {
		const char *s;
		size_t max, cut;
	} cases[] = {
		{ "abc", 5, 3 },
		{ "abc", 3, 3 },
		{ "abc", 2, 2 },
		{ "abc", 0, 0 },
		{ "a\xc3\xa9", 2, 1 },
		{ "a\xc3\xa9", 3, 3 },
		{ "\xe2\x82\xac", 2, 0 },
		{ "\xe2\x82\xac", 1, 0 },
		{ "a" WOMAN "b", 4, 1 },
		{ "a" WOMAN "b", 5, 5 },
		{ "\x80\x80\x80\x80\x80", 3, 3 }, /* no characters: nothing to keep whole */
		{ "\xe2\x82 \xac", 1, 1 },
		{ "\xf0\x9f\x91z", 3, 3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(utf8_cut(cases[i].s, strlen(cases[i].s), cases[i].max), cases[i].cut);
}

static void clusters(void **state)
{
	/* Parts of which each is one cluster. */
	static const char *const cases[][6] = {
		{ "a", "b", " ", "c" }, { "e" ACUTE, "x" }, { "e" ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE, "x" },
		{ "\r\n", "\n", "\r", "\t", "\x1b" }, { FLAG_D FLAG_E, FLAG_D FLAG_E, FLAG_D },
		{ "a", FLAG_D FLAG_E, "b", FLAG_D }, { WOMAN ZWJ MAN ZWJ GIRL, GIRL },
		{ WOMAN TONE, MAN TONE ZWJ GIRL, "x" }, { HEART VS16, HEART, "1" VS16 "\xe2\x83\xa3" },
		{ KI, "\xe0\xa4\x95\xe0\xa5\x8d", "a" },
		{ "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xea\xb0\x80" }, /* Hangul, in parts and whole */
		{ "\xe6\xbc\xa2", "\xe5\xad\x97" }, { "\xff", ACUTE, "a" }, { "a", "\xe2", "\x82", "b" ACUTE },
		{ "\xe0\xb8\x81\xe0\xb8\xb3", "\xe0\xb8\x81" }, /* Thai */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t ends[7] = { 0 }, count = 0;
		struct str b = STR_INIT;

		for (; count < COUNT(cases[i]) && cases[i][count]; count++) {
			str_adds(&b, cases[i][count]);
			ends[count + 1] = b.len;
		}
		for (size_t c = 0; c < count; c++) {
			assert_int_equal(cluster_next(b.s + ends[c], b.len - ends[c]), ends[c + 1] - ends[c]);
			assert_int_equal(cluster_prev(b.s, ends[c + 1]), ends[c]);
		}
		assert_int_equal(cluster_prev(b.s, 0), 0);
		assert_int_equal(cluster_next(b.s, 0), 0);
		str_free(&b);
	}
}

struct width_case {
	const char *s;
	int utf8, ascii; /* columns in either locale */
};

static const struct width_case widths[] = {
	{ "", 0, 0 }, { "abc", 3, 3 }, { "caf\xc3\xa9", 4, 4 }, { "cafe" ACUTE, 4, 4 },
	{ "e" ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE ACUTE "x", 2, 2 }, { KANJI, 4, 2 }, { "\xea\xb0\x80", 2, 1 },
	{ "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", 2, 1 }, { WOMAN, 2, 1 }, { HEART VS16, 1, 1 },
	{ WOMAN ZWJ MAN, 4, 1 }, { FLAG_D FLAG_E, 2, 1 }, { KI, 2, 1 }, { ACUTE, 1, 1 }, { ELLIPSIS, 1, 1 },
	{ "\xef\xbf\xbd", 1, 1 }, { "\xff\xfe", 2, 2 }, { "a\xff" ACUTE "b", 4, 4 },
	{ "\xcd\xb8", 1, 1 }, /* not assigned */
	{ "\x1b\x7f\t", 3, 3 }, /* never drawn, but each would be one mark */
	{ "\xd8\x80\xd9\xa1", 2, 1 }, /* Arabic number sign and a digit */
	{ "\xe0\xb5\x8e"
	  "A",
		2, 2 }, /* the letter must not hide behind the sign before it */
};

static void measures(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(widths); i++) {
		use_locale(utf8_locale);
		assert_true(locale_is_utf8());
		assert_int_equal(width_text(widths[i].s, strlen(widths[i].s)), widths[i].utf8);
		use_locale("C");
		assert_false(locale_is_utf8());
		assert_int_equal(width_text(widths[i].s, strlen(widths[i].s)), widths[i].ascii);
	}
}

static void measures_characters(void **state)
{
	static const struct {
		uint32_t cp;
		int utf8, ascii;
	} cases[] = {
		{ 'a', 1, 1 },
		{ 0, 1, 1 },
		{ 0x1b, 1, 1 },
		{ 0xe9, 1, 1 },
		{ 0x301, 0, 1 },
		{ 0x6f22, 2, 1 },
		{ 0x1f469, 2, 1 },
		{ 0x378, 1, 1 },
		{ UTF8_BAD, 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		use_locale(utf8_locale);
		assert_int_equal(width_char(cases[i].cp), cases[i].utf8);
		use_locale("C");
		assert_int_equal(width_char(cases[i].cp), cases[i].ascii);
	}
}

static void cells(void **state)
{
	static const struct {
		const char *locale, *s;
		struct cell cell;
		size_t used;
	} cases[] = {
		{ "C.UTF-8", "ab", { { 'a' }, 1, 1 }, 1 },
		{ "C.UTF-8", "e" ACUTE "x", { { 'e', 0x301 }, 2, 1 }, 3 },
		{ "C.UTF-8", "e" ACUTE ACUTE ACUTE ACUTE ACUTE "x", { { 'e', 0x301, 0x301, 0x301, 0x301 }, 5, 1 }, 11 },
		{ "C.UTF-8", KANJI, { { 0x6f22 }, 1, 2 }, 3 },
		{ "C.UTF-8", HEART VS16 "x", { { 0x2764 }, 1, 1 }, 6 },
		{ "C.UTF-8", WOMAN ZWJ MAN, { { 0x1f469 }, 1, 2 }, 7 },
		{ "C.UTF-8", KI, { { 0x915 }, 1, 1 }, 3 },
		{ "C.UTF-8", ACUTE "x", { { ' ', 0x301 }, 2, 1 }, 2 },
		{ "C.UTF-8", "\xff" ACUTE, { { UTF8_BAD }, 1, 1 }, 1 },
		{ "C.UTF-8", "\x1b[m", { { UTF8_BAD }, 1, 1 }, 1 },
		{ "C.UTF-8", "\xcd\xb8", { { UTF8_BAD }, 1, 1 }, 2 },
		{ "C.UTF-8", "\xe2\x80\x8b", { { UTF8_BAD }, 1, 1 }, 3 },
		{ "C.UTF-8", "", { { 0 }, 0, 0 }, 0 },
		{ "C", "ab", { { 'a' }, 1, 1 }, 1 },
		{ "C", "e" ACUTE "x", { { 'e' }, 1, 1 }, 3 },
		{ "C", "\xc3\xa9x", { { '?' }, 1, 1 }, 2 },
		{ "C", WOMAN ZWJ MAN "x", { { '?' }, 1, 1 }, 11 },
		{ "C", "\x1b[m", { { '?' }, 1, 1 }, 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct cell cell;

		use_locale(cases[i].locale);
		assert_int_equal(cell_next(cases[i].s, strlen(cases[i].s), &cell), cases[i].used);
		assert_int_equal(cell.width, cases[i].cell.width);
		assert_int_equal(cell.count, cases[i].cell.count);
		for (int c = 0; c < cell.count; c++)
			assert_int_equal(cell.cp[c], cases[i].cell.cp[c]);
	}
}

static void fits_cuts_pads(void **state)
{
	static const struct {
		const char *locale, *s;
		int cols;
		size_t fit;
		int used;
		const char *cut;
	} cases[] = {
		{ "C.UTF-8", "", 0, 0, 0, "" },
		{ "C.UTF-8", "", 3, 0, 0, "" },
		{ "C.UTF-8", "abc", 0, 0, 0, "" },
		{ "C.UTF-8", "abc", -1, 0, 0, "" },
		{ "C.UTF-8", "abc", 1, 1, 1, ELLIPSIS },
		{ "C.UTF-8", "abc", 2, 2, 2, "a" ELLIPSIS },
		{ "C.UTF-8", "abc", 3, 3, 3, "abc" },
		{ "C.UTF-8", "abc", 9, 3, 3, "abc" },
		{ "C.UTF-8", KANJI, 4, 6, 4, KANJI },
		{ "C.UTF-8", KANJI, 3, 3, 2, "\xe6\xbc\xa2" ELLIPSIS },
		{ "C.UTF-8", KANJI, 2, 3, 2, ELLIPSIS },
		{ "C.UTF-8", KANJI, 1, 0, 0, ELLIPSIS },
		{ "C.UTF-8", "e" ACUTE "e" ACUTE "e" ACUTE, 2, 6, 2, "e" ACUTE ELLIPSIS },
		{ "C.UTF-8", "e" ACUTE "e" ACUTE, 2, 6, 2, "e" ACUTE "e" ACUTE },
		{ "C.UTF-8", WOMAN "x", 2, 4, 2, ELLIPSIS },
		{ "C.UTF-8", FLAG_D FLAG_E "x", 1, 0, 0, ELLIPSIS },
		{ "C.UTF-8", KI "x", 1, 0, 0, ELLIPSIS }, /* a cluster stays whole */
		{ "C", "abc", 2, 2, 2, "a~" },
		{ "C", "abc", 3, 3, 3, "abc" },
		{ "C", KANJI "x", 2, 6, 2, "\xe6\xbc\xa2~" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t n = strlen(cases[i].s);
		struct str b = STR_INIT;
		int used, cols = cases[i].cols > 0 ? cases[i].cols : 0;

		use_locale(cases[i].locale);
		assert_int_equal(width_fit(cases[i].s, n, cases[i].cols, &used), cases[i].fit);
		assert_int_equal(used, cases[i].used);
		assert_int_equal(width_fit(cases[i].s, n, cases[i].cols, NULL), cases[i].fit);
		width_cut(&b, cases[i].s, n, cases[i].cols);
		assert_string_equal(b.s, cases[i].cut);
		str_reset(&b);
		width_pad(&b, cases[i].s, n, cases[i].cols);
		assert_true(str_starts(b.s, cases[i].cut));
		assert_int_equal(width_text(b.s, b.len), cols);
		str_free(&b);
	}
}

static void wraps(void **state)
{
	/* Lines, one after the other, that the joined text falls into. */
	static const struct {
		int cols;
		const char *lines[6];
	} cases[] = {
		{ 10, { "abc" } },
		{ 4, { "aaaa ", "bbbb" } },
		{ 5, { "aaaa ", "bbbb" } },
		{ 6, { "aaaa ", "bbbb" } },
		{ 9, { "aaaa bbbb" } },
		{ 4, { "aaaa    ", "bbbb" } },
		{ 4, { "a b ", "c d" } },
		{ 3, { "aaa", "aaa", "a" } },
		{ 3, { "a ", "bbb", "bb" } },
		{ 1, { "a ", "b" } },
		{ 10, { "one\n", "two\n", "\n", "three" } },
		{ 3, { "one\n", "two" } },
		{ 3, { "one \n", "two" } },
		{ 3, { "one  \n" } },
		{ 3, { "\xe6\xbc\xa2", "\xe5\xad\x97" } },
		{ 1, { "\xe6\xbc\xa2", "\xe5\xad\x97" } }, /* too wide for any line: goes on all the same */
		{ 0, { "a", "b" } },
		{ 4, { "e" ACUTE "e" ACUTE " ", "abc" } },
		{ 2, { WOMAN, MAN } },
	};

	(void)state;
	use_locale(utf8_locale);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str b = STR_INIT;
		size_t pos = 0;

		for (size_t l = 0; l < COUNT(cases[i].lines) && cases[i].lines[l]; l++)
			str_adds(&b, cases[i].lines[l]);
		for (size_t l = 0; pos < b.len; l++) {
			size_t len = width_wrap(b.s + pos, b.len - pos, cases[i].cols);

			assert_true(l < COUNT(cases[i].lines) && cases[i].lines[l]);
			assert_int_equal(len, strlen(cases[i].lines[l]));
			assert_memory_equal(b.s + pos, cases[i].lines[l], len);
			pos += len;
		}
		str_free(&b);
	}
	assert_int_equal(width_wrap("", 0, 5), 0);
}

static unsigned pick(unsigned *seed, unsigned below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (unsigned)((uint64_t)(*seed) * below >> 32);
}

static void random_text(struct str *b, unsigned *seed)
{
	static const char *const parts[] = { "a", "b", " ", "\n", "\r", ACUTE, ZWJ, VS16, WOMAN, MAN, TONE, HEART,
		FLAG_D, KI, KANJI, "\xe1\x84\x92", "\xe1\x85\xa1", "\xe1\x86\xab", "\xea\xb0\x80", "\xd8\x80",
		"\xe0\xb5\x8e", "\xcd\xb8" };
	unsigned length = pick(seed, 16);

	str_reset(b);
	for (unsigned i = 0; i < length; i++) {
		if (pick(seed, 8) == 0)
			str_addc(b, (char)pick(seed, 256));
		else
			str_adds(b, parts[pick(seed, COUNT(parts))]);
	}
}

/* Forwards and backwards meet the same borders; the whole is as wide as its clusters; nothing exceeds its columns. */
static void check_consistent(struct str *b, int cols)
{
	size_t from = 0, pos = b->len;
	struct str out = STR_INIT;
	int sum = 0, used;

	while (pos > 0) {
		size_t start = cluster_prev(b->s, pos);

		assert_true(start < pos);
		assert_int_equal(start + cluster_next(b->s + start, b->len - start), pos);
		sum += width_text(b->s + start, pos - start);
		pos = start;
	}
	assert_int_equal(sum, width_text(b->s, b->len));
	from = width_fit(b->s, b->len, cols, &used);
	assert_int_equal(width_text(b->s, from), used);
	assert_true(used <= cols);
	width_pad(&out, b->s, b->len, cols);
	assert_int_equal(width_text(out.s, out.len), cols);
	for (from = 0; from < b->len; from += pos) {
		pos = width_wrap(b->s + from, b->len - from, cols);
		assert_true(pos > 0 && from + pos <= b->len);
	}
	str_free(&out);
}

static void random_texts_are_consistent(void **state)
{
	const char *given = getenv("TPLUS_TEST_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
	struct str b = STR_INIT;

	(void)state;
	print_message("TPLUS_TEST_SEED=%u\n", seed);
	for (int round = 0; round < 40000; round++) {
		if (round % 20000 == 0)
			use_locale(round == 0 ? utf8_locale : "C");
		random_text(&b, &seed);
		check_consistent(&b, (int)pick(&seed, 12));
	}
	str_free(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes),
		cmocka_unit_test(every_code_point_comes_back),
		cmocka_unit_test(cuts),
		cmocka_unit_test(clusters),
		cmocka_unit_test(measures),
		cmocka_unit_test(measures_characters),
		cmocka_unit_test(cells),
		cmocka_unit_test(fits_cuts_pads),
		cmocka_unit_test(wraps),
		cmocka_unit_test(random_texts_are_consistent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
