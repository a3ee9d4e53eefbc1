/* The sanitiser of utf8.h: what may reach a reader, and what is shown by its number instead. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include <utf8proc.h>

#include "base/utf8.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define WOMAN "\xf0\x9f\x91\xa9"
#define MAN "\xf0\x9f\x91\xa8"
#define TONE "\xf0\x9f\x8f\xbd"
#define ROCKET "\xf0\x9f\x9a\x80"
#define HEART "\xe2\x9d\xa4"
#define KEYCAP "\xe2\x83\xa3"
#define ZWNJ "\xe2\x80\x8c"
#define ZWJ "\xe2\x80\x8d"
#define VS1 "\xef\xb8\x80"
#define VS15 "\xef\xb8\x8e"
#define VS16 "\xef\xb8\x8f"
#define IVS "\xf3\xa0\x84\x80"
#define FVS1 "\xe1\xa0\x8b"
#define MEEM "\xd9\x85"
#define YEH "\xdb\x8c"
#define KA "\xe0\xa4\x95"
#define VIRAMA "\xe0\xa5\x8d"
#define SSA "\xe0\xa4\xb7"
#define HAN "\xe8\xbe\xbb"

/* The same for cells and for documents, except where doc says otherwise. */
static const struct san_case {
	const char *s;
	size_t n;
	const char *cell, *doc;
} cases[] = {
#define S(text) text, sizeof text - 1
	/* what people write passes */
	{ S(""), "", NULL },
	{ S("error rate 50 % \xe2\x86\x92 10 %"), "error rate 50 % \xe2\x86\x92 10 %", NULL },
	{ S("caf\xc3\xa9 cafe\xcc\x81"), "caf\xc3\xa9 cafe\xcc\x81", NULL },
	{ S("\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82"), "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82",
		NULL },
	{ S("\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"), "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", NULL },
	{ S("\xe6\xbc\xa2\xe3\x80\x80\xe5\xad\x97"), "\xe6\xbc\xa2\xe3\x80\x80\xe5\xad\x97", NULL },
	{ S("5\xc2\xa0ms \xe2\x80\x89 5\xe2\x80\xafs"), "5\xc2\xa0ms \xe2\x80\x89 5\xe2\x80\xafs", NULL },
	{ S(WOMAN TONE), WOMAN TONE, NULL },
	{ S("\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa"), "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa", NULL },
	{ S("\xdb\x9d \xd8\x80"), "\xdb\x9d \xd8\x80", NULL }, /* verse and number signs: format characters that show */
	{ S("\xef\xbf\xbd"), "\xef\xbf\xbd", NULL },
	{ S("\xee\x80\x80"), "\xee\x80\x80", NULL }, /* private use: icons of fonts */
	{ S("\xcd\xb8"), "\xcd\xb8", NULL }, /* not assigned yet */
	{ S("<U+202E> <FF>"), "<U+202E> <FF>", NULL }, /* only looks like it */
	{ S("a\\x1b[0m"), "a\\x1b[0m", NULL },
	/* controls */
	{ S("\x1b[31mred"), "<U+001B>[31mred", NULL },
	{ S("\x1b]52;c;eA==\x07"), "<U+001B>]52;c;eA==<U+0007>", NULL },
	{ S("\x1bPq\x1b\\"), "<U+001B>Pq<U+001B>\\", NULL },
	{ S("a\0b"), "a<U+0000>b", NULL },
	{ S("\x01\x1f\x7f"), "<U+0001><U+001F><U+007F>", NULL },
	{ S("\x08\x0b\x0c\x0e"), "<U+0008><U+000B><U+000C><U+000E>", NULL },
	{ S("over\rwrite"), "over<U+000D>write", NULL },
	{ S("one\ntwo"), "one<U+000A>two", NULL },
	{ S("one\r\ntwo"), "one<U+000D><U+000A>two", NULL },
	{ S("a\tb\t"), "a b ", NULL },
	{ S("\xc2\x9b"
	    "31m"),
		"<U+009B>31m", NULL },
	{ S("\xc2\x80\xc2\x85\xc2\x90\xc2\x9d\xc2\x9f"), "<U+0080><U+0085><U+0090><U+009D><U+009F>", NULL },
	/* direction */
	{ S("\xe2\x80\xae"
	    "evil"),
		"<U+202E>evil", NULL },
	{ S("\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad"), "<U+202A><U+202B><U+202C><U+202D>", NULL },
	{ S("\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9"), "<U+2066><U+2067><U+2068><U+2069>", NULL },
	{ S("\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c"), "<U+200E><U+200F><U+061C>", NULL },
	/* not to be seen */
	{ S("ad\xe2\x80\x8bmin"), "ad<U+200B>min", NULL },
	{ S("\xe2\x81\xa0\xe2\x81\xa3\xe2\x81\xa5\xe2\x81\xaf"), "<U+2060><U+2063><U+2065><U+206F>", NULL },
	{ S("\xef\xbb\xbf"
	    "bom"),
		"<U+FEFF>bom", NULL },
	{ S("co\xc2\xadop"), "co<U+00AD>op", NULL },
	{ S("\xcd\x8f"), "<U+034F>", NULL },
	{ S("\xe1\xa0\x8e"), "<U+180E>", NULL },
	{ S("\xe1\x85\x9f\xe1\x85\xa0"), "<U+115F><U+1160>", NULL },
	{ S("\xe3\x85\xa4\xef\xbe\xa0"), "<U+3164><U+FFA0>", NULL },
	{ S("\xe1\x9e\xb4\xe1\x9e\xb5"), "<U+17B4><U+17B5>", NULL },
	{ S("\xe2\x80\xa8\xe2\x80\xa9"), "<U+2028><U+2029>", NULL },
	{ S("\xef\xbf\xb9"
	    "a\xef\xbf\xba"
	    "b\xef\xbf\xbb"),
		"<U+FFF9>a<U+FFFA>b<U+FFFB>", NULL },
	{ S("\xf3\xa0\x80\x81"), "<U+E0001>", NULL },
	{ S("x\xf3\xa0\x81\x81\xf3\xa0\x81\xbf"), "x<U+E0041><U+E007F>", NULL },
	{ S("\xf0\x9f\x8f\xb4\xf3\xa0\x81\xa7\xf3\xa0\x81\xbf"), "\xf0\x9f\x8f\xb4<U+E0067><U+E007F>", NULL },
	{ S("\xf0\x9d\x85\xb3\xf0\x9b\xb2\xa0\xf0\x93\x90\xb0"), "<U+1D173><U+1BCA0><U+13430>", NULL },
	/* noncharacters */
	{ S("\xef\xbf\xbe\xef\xbf\xbf"), "<U+FFFE><U+FFFF>", NULL },
	{ S("\xef\xb7\x90\xef\xb7\xaf"), "<U+FDD0><U+FDEF>", NULL },
	{ S("\xf0\x9f\xbf\xbe\xf4\x8f\xbf\xbf"), "<U+1FFFE><U+10FFFF>", NULL },
	/* bytes that are no UTF-8 */
	{ S("a\xff"
	    "b"),
		"a<FF>b", NULL },
	{ S("\x80\x9b"), "<80><9B>", NULL },
	{ S("\xc0\x9b"), "<C0><9B>", NULL },
	{ S("\xe0\x80\x9b"), "<E0><80><9B>", NULL },
	{ S("\xf0\x80\x80\x9b"), "<F0><80><80><9B>", NULL },
	{ S("\xed\xa0\x80"), "<ED><A0><80>", NULL },
	{ S("\xed\xa0\xbd\xed\xb1\xa9"), "<ED><A0><BD><ED><B1><A9>", NULL },
	{ S("\xf4\x90\x80\x80"), "<F4><90><80><80>", NULL },
	{ S("caf\xc3"), "caf<C3>", NULL },
	{ S("\xe2\x80"), "<E2><80>", NULL },
	{ S("\xe2\x80\x1b[m"), "<E2><80><U+001B>[m", NULL },
	{ S("caf\xe9 na\xefve"), "caf<E9> na<EF>ve", NULL },
	/* joiners: for emoji, and for scripts that join */
	{ S(WOMAN ZWJ ROCKET), WOMAN ROCKET, WOMAN ZWJ ROCKET },
	{ S(WOMAN TONE ZWJ ROCKET), WOMAN TONE ROCKET, WOMAN TONE ZWJ ROCKET },
	{ S(HEART VS16 ZWJ ROCKET), HEART ROCKET, HEART VS16 ZWJ ROCKET },
	{ S(WOMAN ZWJ HEART VS16 ZWJ MAN), WOMAN HEART MAN, WOMAN ZWJ HEART VS16 ZWJ MAN },
	{ S(WOMAN ZWJ), WOMAN "<U+200D>", NULL },
	{ S(ZWJ WOMAN), "<U+200D>" WOMAN, NULL },
	{ S(WOMAN ZWJ "x"), WOMAN "<U+200D>x", NULL },
	{ S(WOMAN ZWJ ZWJ MAN), WOMAN "<U+200D><U+200D>" MAN, NULL },
	{ S(WOMAN ZWNJ MAN), WOMAN "<U+200C>" MAN, NULL },
	{ S(WOMAN TONE VS16 ZWJ MAN), WOMAN TONE "<U+FE0F><U+200D>" MAN, NULL },
	{ S("ad" ZWJ "min"), "ad<U+200D>min", NULL },
	{ S("ad" ZWNJ "min"), "ad<U+200C>min", NULL },
	{ S("\xff" ZWJ WOMAN), "<FF><U+200D>" WOMAN, NULL },
	{ S(MEEM YEH ZWNJ MEEM), MEEM YEH MEEM, MEEM YEH ZWNJ MEEM },
	{ S(MEEM ZWNJ), MEEM, MEEM ZWNJ },
	{ S(MEEM ZWNJ ZWNJ MEEM), MEEM "<U+200C>" MEEM, MEEM ZWNJ "<U+200C>" MEEM },
	{ S("\xd8\x8c" ZWNJ), "\xd8\x8c<U+200C>", NULL }, /* an Arabic comma joins nothing */
	{ S(KA VIRAMA ZWJ SSA), KA VIRAMA SSA, KA VIRAMA ZWJ SSA },
	{ S(KA VIRAMA ZWNJ SSA), KA VIRAMA SSA, KA VIRAMA ZWNJ SSA },
	{ S("\xe0\xa6\xb0" ZWJ "\xe0\xa7\x8d\xe0\xa6\xaf"), "\xe0\xa6\xb0\xe0\xa7\x8d\xe0\xa6\xaf",
		"\xe0\xa6\xb0" ZWJ "\xe0\xa7\x8d\xe0\xa6\xaf" }, /* Bengali */
	{ S("\xe0\xa5\xa7" ZWJ), "\xe0\xa5\xa7<U+200D>", NULL }, /* a digit joins nothing */
	{ S("\xe0\xb7\x83\xe0\xb7\x8a" ZWJ), "\xe0\xb7\x83\xe0\xb7\x8a", "\xe0\xb7\x83\xe0\xb7\x8a" ZWJ }, /* Sinhala */
	{ S("\xe6\xbc\xa2" ZWJ), "\xe6\xbc\xa2<U+200D>", NULL },
	/* variation selectors */
	{ S(HEART VS16), HEART, HEART VS16 },
	{ S(HEART VS15), HEART, HEART VS15 },
	{ S(HEART VS16 VS16 VS16), HEART "<U+FE0F><U+FE0F>", HEART VS16 "<U+FE0F><U+FE0F>" },
	{ S("1" VS16 KEYCAP), "1" KEYCAP, "1" VS16 KEYCAP },
	{ S("1" VS16 "2"), "1<U+FE0F>2", NULL },
	{ S("a" VS16), "a<U+FE0F>", NULL },
	{ S(VS16), "<U+FE0F>", NULL },
	{ S("a" VS1), "a<U+FE00>", NULL },
	{ S("\xe2\x89\xa8" VS1), "\xe2\x89\xa8", "\xe2\x89\xa8" VS1 },
	{ S(HAN IVS), HAN, HAN IVS },
	{ S(HAN IVS IVS), HAN "<U+E0100>", HAN IVS "<U+E0100>" },
	{ S("a" IVS), "a<U+E0100>", NULL },
	{ S("\xe1\xa0\xa0" FVS1), "\xe1\xa0\xa0", "\xe1\xa0\xa0" FVS1 },
	{ S("a" FVS1), "a<U+180B>", NULL },
#undef S
};

static void check(const char *s, size_t n, unsigned flags, const char *want)
{
	struct str b = STR_INIT;

	str_adds(&b, ">");
	san_text(&b, s, n, flags);
	if (b.s[0] != '>' || strcmp(b.s + 1, want) != 0 || strlen(b.s) != b.len)
		fail_msg("flags %u: got \"%s\", not \"%s\"", flags, b.s + 1, want);
	assert_int_equal(san_needed(s, n, flags), n != strlen(want) || memcmp(s, want, n) != 0);
	assert_false(san_needed(b.s + 1, b.len - 1, flags));
	str_free(&b);
}

static void table(void **state)
{
	(void)state;
	for (const struct san_case *c = cases; c < cases + COUNT(cases); c++) {
		check(c->s, c->n, SAN_TERMINAL, c->cell);
		check(c->s, c->n, SAN_DOCUMENT, c->doc ? c->doc : c->cell);
	}
}

/* Whatever stands around, at whatever distance: the fast way over ASCII misses nothing. */
static void table_amid_plain_text(void **state)
{
	(void)state;
	for (const struct san_case *c = cases; c < cases + COUNT(cases); c++) {
		for (size_t lead = 1; lead < 18; lead++) {
			struct str in = STR_INIT, want = STR_INIT;

			str_addn(&in, '~', lead);
			str_addn(&want, '~', lead);
			str_add(&in, c->s, c->n);
			str_adds(&want, c->cell);
			str_addn(&in, ' ', 17 - lead);
			str_addn(&want, ' ', 17 - lead);
			check(in.s, in.len, SAN_TERMINAL, want.s);
			str_free(&in);
			str_free(&want);
		}
	}
}

static void lines(void **state)
{
	static const struct {
		const char *s, *want;
	} table_of_lines[] = {
		{ "one\ntwo\n", "one\ntwo\n" },
		{ "one\r\ntwo\r\n", "one\ntwo\n" },
		{ "a\tb", "a\tb" },
		{ "over\rwrite", "over<U+000D>write" },
		{ "\r\r\n", "<U+000D>\n" },
		{ "end\r", "end<U+000D>" },
		{ "\x1b[m\n\x0b\x0c", "<U+001B>[m\n<U+000B><U+000C>" },
		{ "\xe2\x80\xa8\n\xc2\x85", "<U+2028>\n<U+0085>" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table_of_lines); i++) {
		const char *s = table_of_lines[i].s;

		check(s, strlen(s), SAN_LINES, table_of_lines[i].want);
		check(s, strlen(s), SAN_LINES | SAN_DOCUMENT, table_of_lines[i].want);
	}
	check("\r\n", 1, SAN_LINES, "<U+000D>"); /* looks no further than told */
	check(WOMAN ZWJ MAN, 7, SAN_DOCUMENT, WOMAN "<U+200D>");
}

/* The Unicode database's opinion, and not the sanitiser's own list: may cp never stand in front of a reader? Joiners
 * and selectors may in documents. */
static bool is_hostile(uint32_t cp, unsigned flags)
{
	static const uint32_t showing[] = { 0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6dd, 0x70f, 0x890, 0x891, 0x8e2,
		0x110bd, 0x110cd };
	bool joiner = cp == 0x200c || cp == 0x200d || (cp >= 0xfe00 && cp <= 0xfe0f) ||
		      (cp >= 0xe0100 && cp <= 0xe01ef) || (cp >= 0x180b && cp <= 0x180f && cp != 0x180e);

	if ((flags & SAN_LINES) && (cp == '\n' || cp == '\t'))
		return false;
	if (joiner)
		return !(flags & SAN_DOCUMENT);
	if ((cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef))
		return true;
	for (size_t i = 0; i < COUNT(showing); i++) {
		if (cp == showing[i])
			return false;
	}
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return utf8proc_get_property((utf8proc_int32_t)cp)->ignorable;
	}
}

/* Of ideographs, where they may pass. */
static bool is_selector(uint32_t cp)
{
	return cp >= 0xe0100 && cp <= 0xe01ef;
}

/* Invisible, though the database calls them a symbol or leaves them unassigned (but reserved to be ignored). */
static bool is_stricter(uint32_t cp)
{
	return cp == 0x1d159 || cp == 0x16fe4 || (cp >= 0xfff0 && cp <= 0xfff8) || (cp >= 0xe0000 && cp <= 0xe0fff) ||
	       (cp >= 0x13440 && cp <= 0x1345f) || (cp >= 0x1bca4 && cp <= 0x1bcaf) || cp == 0x2065;
}

static void every_code_point_alone(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		char s[4];
		size_t n = utf8_put(s, cp);
		bool needed = san_needed(s, n, SAN_TERMINAL);

		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		if (needed != (is_hostile(cp, SAN_TERMINAL) || is_stricter(cp)))
			fail_msg("U+%04X %s", (unsigned)cp, needed ? "is flagged" : "passes");
		if (needed != san_needed(s, n, SAN_DOCUMENT)) /* alone, joiners join nothing */
			fail_msg("U+%04X differs in documents", (unsigned)cp);
	}
}

static unsigned pick(unsigned *seed, unsigned below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (unsigned)((uint64_t)(*seed) * below >> 32);
}

/* Bytes, code points, and whole cases of the table, mixed. */
static void random_text(struct str *b, unsigned *seed)
{
	static const char *const parts[] = { ZWJ, ZWNJ, VS16, VS1, IVS, FVS1, WOMAN, TONE, HEART, KEYCAP, "1", "\r",
		"\n", "\t", MEEM, KA, VIRAMA, HAN, "\xe2\x80\xae", "\x1b", "\xe2", "\xf0\x9f" };
	unsigned length = pick(seed, 14);

	str_reset(b);
	for (unsigned i = 0; i < length; i++) {
		const struct san_case *c = &cases[pick(seed, COUNT(cases))];
		char s[4];

		switch (pick(seed, 6)) {
		case 0:
			str_addc(b, (char)pick(seed, 256));
			break;
		case 1:
			str_add(b, s, utf8_put(s, pick(seed, 0x110000)));
			break;
		case 2:
			str_add(b, c->s, c->n);
			break;
		default:
			str_adds(b, parts[pick(seed, COUNT(parts))]);
		}
	}
}

static void check_safe(const struct str *in, unsigned flags)
{
	struct str out = STR_INIT;
	uint32_t cp;

	san_text(&out, in->s, in->len, flags);
	assert_true(utf8_valid(out.s, out.len));
	for (size_t i = 0; i < out.len;) {
		i += utf8_next(out.s + i, out.len - i, &cp);
		if (is_hostile(cp, flags) || (is_stricter(cp) && !is_selector(cp)))
			fail_msg("flags %u: U+%04X passed", flags, (unsigned)cp);
	}
	assert_false(san_needed(out.s, out.len, flags));
	assert_int_equal(san_needed(in->s, in->len, flags), in->len != out.len || memcmp(in->s, out.s, in->len) != 0);
	str_free(&out);
}

static void random_texts_come_out_safe(void **state)
{
	const char *given = getenv("TPLUS_TEST_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
	struct str b = STR_INIT;

	(void)state;
	print_message("TPLUS_TEST_SEED=%u\n", seed);
	for (int round = 0; round < 60000; round++) {
		random_text(&b, &seed);
		check_safe(&b, pick(&seed, 4));
	}
	str_free(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(table_amid_plain_text),
		cmocka_unit_test(lines),
		cmocka_unit_test(every_code_point_alone),
		cmocka_unit_test(random_texts_come_out_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
