/* line_mention of line.h: each text, and the mentions found in it, as a letter for the kind and the mention. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "text/line.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct row {
	const char *in, *want;
} rows[] = {
	{ "", "" },
	{ "nothing here", "" },
	{ "#db", "T#db" },
	{ "pool #db-primary slow", "T#db-primary" },
	{ "#db, #cache.", "T#db T#cache" },
	{ "(#db) \"#x\" [#y]", "T#db T#x T#y" },
	{ "#db- #db-- #-db", "T#db T#db" },
	{ "#db_1", "T#db_1" },
	{ "#4711 #1", "" },
	{ "#4xx", "T#4xx" },
	{ "# heading", "" },
	{ "#", "" },
	{ "##db", "T#db" },
	{ "C#db a#b 1#b _#b", "" },
	{ "#größe #база #日本", "T#größe T#база T#日本" },
	{ "ß#db", "" },
	{ "…#db… »#db«", "T#db T#db" },
	{ "\xff#db\xff", "T#db" },
	{ "\x80#db \xe2\x80#x x\x80\x80\x80\x80\x80#y", "T#db T#x T#y" },
	{ "#db\xcc\x81x", "T#db\xcc\x81x" },
	{ "#ABC-123", "T#ABC-123" },
	{ "https://example.com/x", "Uhttps://example.com/x" },
	{ "see http://example.com/x, then", "Uhttp://example.com/x" },
	{ "http://example.com/x.", "Uhttp://example.com/x" },
	{ "http://example.com/x?!...", "Uhttp://example.com/x" },
	{ "HTTPS://Example.com", "UHTTPS://Example.com" },
	{ "(http://example.com/x)", "Uhttp://example.com/x" },
	{ "(see http://example.com/x).", "Uhttp://example.com/x" },
	{ "http://example.com/a_(b)", "Uhttp://example.com/a_(b)" },
	{ "(http://example.com/a_(b))", "Uhttp://example.com/a_(b)" },
	{ "[x](http://example.com/a) y", "Uhttp://example.com/a" },
	{ "<http://example.com/a>", "Uhttp://example.com/a" },
	{ "{\"u\":\"http://a.example\",\"v\":\"http://b.example\"}", "Uhttp://a.example Uhttp://b.example" },
	{ "'http://a.example' `http://b.example`", "Uhttp://a.example Uhttp://b.example" },
	{ "http://a.example/x/", "Uhttp://a.example/x/" },
	{ "http://a.example/x#db", "Uhttp://a.example/x#db" },
	{ "http://a.example/browse/ABC-123", "Uhttp://a.example/browse/ABC-123" },
	{ "http://a.example/größe…", "Uhttp://a.example/größe" },
	{ "http://a.example/x\xe3\x80\x80y", "Uhttp://a.example/x" },
	{ "http:// https:// http", "" },
	{ "http://) http://.", "" },
	{ "xhttp://a.example", "" },
	{ "ftp://a.example", "" },
	{ "http://a.example\thttps://b.example", "Uhttp://a.example Uhttps://b.example" },
	{ "ABC-123", "RABC-123" },
	{ "fixed in ABC-123, OPS2-7.", "RABC-123 ROPS2-7" },
	{ "(ABC-123) ABC-123/DEF-4", "RABC-123 RABC-123 RDEF-4" },
	{ "ABC-123-fix", "RABC-123" },
	{ "ABC-123x ABC-123_ ABC-123ß", "" },
	{ "xABC-123 _ABC-123 1ABC-123 ßABC-123", "" },
	{ "H-1 abc-123 Abc-1 ABC- ABC-x ABC", "" },
	{ "CVE-2026-1234 INC-2026-0007", "" },
	{ "2AB-1", "" },
	{ "HTTP-1", "RHTTP-1" },
	{ "#db ABC-1 http://a.example #x", "T#db RABC-1 Uhttp://a.example T#x" },
};

static void finds_mentions(void **state)
{
	static const char kinds[] = { [MENTION_TAG] = 'T', [MENTION_URL] = 'U', [MENTION_REF] = 'R' };
	unsigned different = 0; /* of all rows, so that one run shows every difference */

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *in = rows[i].in;
		size_t n = strlen(in), from = 0, start, len;
		struct str got = STR_INIT;
		enum mention_kind kind;

		for (; (len = line_mention(in, n, from, &kind, &start)) > 0; from = start + len)
			str_addf(&got, "%s%c%.*s", from ? " " : "", kinds[kind], (int)len, in + start);
		if (!str_eq(got.s, rows[i].want)) {
			print_error("\"%s\": %s, not %s\n", in, got.s, rows[i].want);
			different++;
		}
		str_free(&got);
	}
	assert_int_equal(different, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_mentions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
