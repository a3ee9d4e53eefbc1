/* The frozen format: the bytes that are hashed, and canonical JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sodium.h>
#include <cmocka.h>

#include "base/mem.h"
#include "tests/unit/store_util.h"

/* ---- the encoding ------------------------------------------------------------------------------------------------- */

/* "tplus1", then incident 00..0f, host 10..1f, seq 2, prev all aa, hlc 256, wall 255, zone "UTC", offset -3600, boot id null, boot
 * time null, author "sam", grp 20..2f, entity 30..3f, kind "event.new", v 1, saw "{}", digest all bb: written out by hand. */
static const char encoded[] = "74706c757331"
			      "0300000010"
			      "000102030405060708090a0b0c0d0e0f"
			      "0300000010"
			      "101112131415161718191a1b1c1d1e1f"
			      "01"
			      "0000000000000002"
			      "0300000020"
			      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			      "01"
			      "0000000000000100"
			      "01"
			      "00000000000000ff"
			      "0200000003"
			      "555443"
			      "01"
			      "fffffffffffff1f0"
			      "00"
			      "00"
			      "0200000003"
			      "73616d"
			      "0300000010"
			      "202122232425262728292a2b2c2d2e2f"
			      "0300000010"
			      "303132333435363738393a3b3c3d3e3f"
			      "0200000009"
			      "6576656e742e6e6577"
			      "01"
			      "0000000000000001"
			      "0200000002"
			      "7b7d"
			      "0300000020"
			      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

static void count_up(uuid *u, uint8_t from)
{
	for (size_t i = 0; i < sizeof u->b; i++)
		u->b[i] = (uint8_t)(from + i);
}

static void by_hand(struct op *o)
{
	static char zone[] = "UTC", author[] = "sam", kind[] = "event.new", saw[] = "{}";
	*o = (struct op){ .seq = 2,
		.hlc = 256,
		.wall_us = 255,
		.zone = zone,
		.utcoff_s = -3600,
		.boottime_us = USEC_NONE,
		.author = author,
		.kind = kind,
		.v = 1,
		.saw = saw };
	count_up(&o->incident, 0);
	count_up(&o->host, 0x10);
	count_up(&o->grp, 0x20);
	count_up(&o->entity, 0x30);
	memset(o->prev, 0xaa, OP_HASH);
	memset(o->digest, 0xbb, OP_HASH);
}

static void sha_of(const char *hex, uint8_t out[OP_HASH])
{
	uint8_t bytes[1024];
	size_t n = strlen(hex) / 2;
	assert_true(n <= sizeof bytes);
	assert_true(str_unhex(bytes, n, hex));
	crypto_hash_sha256(out, bytes, n);
}

static void the_hash_of_bytes_written_by_hand(void **state)
{
	(void)state;
	struct op o;
	uint8_t want[OP_HASH], got[OP_HASH];
	by_hand(&o);
	op_hash(&o, got);
	sha_of(encoded, want);
	assert_memory_equal(got, want, OP_HASH);

	/* with a boot id and a boot time */
	char with[sizeof encoded + 128];
	const char *nulls = strstr(encoded, "fffffffffffff1f0") + 16;
	snprintf(with, sizeof with, "%.*s%s%s", (int)(nulls - encoded), encoded,
		"0300000010404142434445464748494a4b4c4d4e4f01000000000000002a", nulls + 4);
	o.has_boot = true;
	count_up(&o.boot_id, 0x40);
	o.boottime_us = 42;
	op_hash(&o, got);
	sha_of(with, want);
	assert_memory_equal(got, want, OP_HASH);

	uint8_t salt[OP_SALT] = { 1, 2, 3 };
	op_digest(salt, "{\"a\":1}", 7, got);
	sha_of("010203000000000000000000000000007b2261223a317d", want);
	assert_memory_equal(got, want, OP_HASH);
}

/* ---- canonical JSON ----------------------------------------------------------------------------------------------- */

static const struct canonical {
	const char *in;
	size_t n;
	const char *json;
} texts[] = {
	{ "", 0, "\"\"" }, { "plain", 5, "\"plain\"" }, { "\"\\\b\f\n\r\t", 7, "\"\\\"\\\\\\b\\f\\n\\r\\t\"" },
	{ "/\x7f", 2, "\"/\x7f\"" }, { "\x01\x1b\x1f", 3, "\"\\u0001\\u001b\\u001f\"" },
	{ "e\xcc\x81 \xc3\xa9 \xf0\x9f\x94\xa5", 11,
		"\"e\xcc\x81 \xc3\xa9 \xf0\x9f\x94\xa5\"" }, /* two ways to write it stay two */
	{ "\xe2\x80\xae\xef\xbf\xbf", 6, "\"\xe2\x80\xae\xef\xbf\xbf\"" }, { "\xff", 1, "{\"$bytes\":\"/w==\"}" },
	{ "a\0b", 3, "{\"$bytes\":\"YQBi\"}" }, { "\0", 1, "{\"$bytes\":\"AA==\"}" },
	{ "\xed\xa0\x80", 3, "{\"$bytes\":\"7aCA\"}" }, /* a surrogate */
	{ "\xc0\xaf", 2, "{\"$bytes\":\"wK8=\"}" }, /* an overlong form */
	{ "\xf4\x90\x80\x80", 4, "{\"$bytes\":\"9JCAgA==\"}" }, /* beyond Unicode */
};

static void texts_there_and_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct str b = STR_INIT;
		struct fields f = { 0 }, g = { 0 };
		json_canonical_text(&b, texts[i].in, texts[i].n);
		assert_string_equal(b.s, texts[i].json);
		str_reset(&b);
		fields_bytes(&f, "x", texts[i].in, texts[i].n);
		assert_int_equal(fields_encode(&f, &b, NULL), ST_OK);
		assert_int_equal(fields_decode(b.s, b.len, &g, NULL), ST_OK);
		assert_true(val_eq(fields_get(&f, "x"), fields_get(&g, "x")));
		assert_int_equal(fields_get(&g, "x")->n, texts[i].n);
		str_free(&b);
		fields_free(&f);
		fields_free(&g);
	}
}

static void every_character_there_and_back(void **state)
{
	(void)state;
	for (uint32_t cp = 1; cp <= 0x10ffff; cp += cp < 0x3000 ? 1 : 97) {
		char c[4];
		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
		static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
		for (size_t i = 0; i < n; i++)
			c[n - 1 - i] = (char)(i + 1 == n ? (n == 1 ? cp : (cp >> (6 * i)) | lead[n])
							 : ((cp >> (6 * i)) & 0x3f) | 0x80);
		struct str b = STR_INIT;
		struct fields f = { 0 }, g = { 0 };
		fields_bytes(&f, "x", c, n);
		assert_int_equal(fields_encode(&f, &b, NULL), ST_OK);
		assert_null(strstr(b.s, "$bytes"));
		assert_int_equal(fields_decode(b.s, b.len, &g, NULL), ST_OK);
		assert_true(val_eq(fields_get(&f, "x"), fields_get(&g, "x")));
		str_free(&b);
		fields_free(&f);
		fields_free(&g);
	}
}

static void fields_are_sorted_and_limited(void **state)
{
	(void)state;
	struct fields f = { 0 };
	struct str b = STR_INIT;
	struct err err = { 0 };
	fields_text(&f, "text", "a");
	fields_int(&f, "Z", -5);
	fields_null(&f, "a");
	fields_text(&f, "text", "b"); /* the last one counts */
	fields_text(&f, "\xc3\xa9", NULL);
	fields_int(&f, "ab", ((int64_t)1 << 53) - 1);
	assert_int_equal(fields_encode(&f, &b, &err), ST_OK);
	assert_string_equal(b.s, "{\"Z\":-5,\"a\":null,\"ab\":9007199254740991,\"text\":\"b\",\"\xc3\xa9\":null}");
	static const int64_t bad[] = { (int64_t)1 << 53, -((int64_t)1 << 53), INT64_MAX, INT64_MIN };
	for (size_t i = 0; i < 4; i++) {
		fields_int(&f, "ab", bad[i]);
		assert_int_equal(fields_encode(&f, &b, &err), ST_NO);
		assert_non_null(strstr(err.text, "ab"));
	}
	fields_int(&f, "ab", -(((int64_t)1 << 53) - 1));
	assert_int_equal(fields_encode(&f, &b, &err), ST_OK);
	fields_int(&f, "\xff", 1);
	assert_int_equal(fields_encode(&f, &b, &err), ST_NO); /* could not be read back */
	fields_free(&f);

	char *big = xmalloc(OP_TEXT_MAX + 1);
	memset(big, 'x', OP_TEXT_MAX + 1);
	fields_bytes(&f, "text", big, OP_TEXT_MAX);
	str_reset(&b);
	assert_int_equal(fields_encode(&f, &b, &err), ST_OK);
	fields_bytes(&f, "text", big, OP_TEXT_MAX + 1);
	assert_int_equal(fields_encode(&f, &b, &err), ST_NO);
	for (int i = 0; i < 8; i++) {
		char name[32];
		snprintf(name, sizeof name, "t%d", i);
		fields_bytes(&f, name, big, OP_TEXT_MAX);
	}
	fields_null(&f, "text");
	str_reset(&b);
	assert_int_equal(fields_encode(&f, &b, &err), ST_NO);
	free(big);
	fields_free(&f);
	str_free(&b);
}

static const char *const unreadable[] = {
	"",
	"[]",
	"1",
	"{",
	"{\"a\":1.5}",
	"{\"a\":true}",
	"{\"a\":[]}",
	"{\"a\":{}}",
	"{\"a\":{\"$bytes\":1}}",
	"{\"a\":{\"$bytes\":\"*\"}}",
	"{\"a\":{\"$bytes\":\"YQ==\",\"b\":1}}",
	"{\"a\":1,\"a\":2}",
	"{\"a\":\"\\u0000\"}",
	"{\"a\":\"\\ud800\"}",
	"{\"a\":\"\xff\"}",
	"{\"a\":99999999999999999999}",
	"{\"b\":1,\"c\":{}}",
};

static void what_is_no_body(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof unreadable / sizeof *unreadable; i++) {
		struct fields f = { 0 };
		struct err err = { 0 };
		assert_int_equal(fields_decode(unreadable[i], strlen(unreadable[i]), &f, &err), ST_NO);
		assert_int_equal(f.n, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hash_of_bytes_written_by_hand),
		cmocka_unit_test(texts_there_and_back),
		cmocka_unit_test(every_character_there_and_back),
		cmocka_unit_test(fields_are_sorted_and_limited),
		cmocka_unit_test(what_is_no_body),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
