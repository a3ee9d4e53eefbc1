/* str.h, err.h, mem.h, clock.h and uuid.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/uuid.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void grows(void **state)
{
	struct str b = STR_INIT, c;
	char *s;

	(void)state;
	str_init(&c);
	assert_ptr_equal(c.s, str_empty);
	assert_string_equal(b.s, "");
	str_cut(&b, 0);
	str_reset(&b);
	str_adds(&b, NULL);
	str_add(&b, "", 0);
	str_addn(&b, 'x', 0);
	assert_int_equal(b.len, 0);
	str_adds(&b, "one");
	str_addc(&b, ' ');
	str_add(&b, "t\0o", 3);
	str_addn(&b, '-', 100);
	assert_int_equal(b.len, 107);
	assert_memory_equal(b.s, "one t\0o--", 9);
	assert_int_equal(b.s[107], 0);
	str_cut(&b, 200);
	assert_int_equal(b.len, 107);
	str_cut(&b, 3);
	assert_string_equal(b.s, "one");
	str_addf(&b, " %d %s", 7, "x");
	assert_string_equal(b.s, "one 7 x");
	s = str_take(&b);
	assert_string_equal(s, "one 7 x");
	free(s);
	assert_int_equal(b.len, 0);
	assert_string_equal(b.s, "");
	s = str_take(&b); /* of an empty one: still the caller's to free */
	assert_string_equal(s, "");
	free(s);
	str_free(&b);
	str_free(&b);
}

static void formats_of_any_length(void **state)
{
	(void)state;
	for (int n = 0; n < 700; n++) {
		struct str b = STR_INIT;
		char *s = str_fmt("%*s", n, "");

		assert_int_equal(strlen(s), n);
		str_addc(&b, '<');
		str_addf(&b, "%s>", s);
		assert_int_equal(b.len, n + 2);
		assert_int_equal(b.s[b.len - 1], '>');
		assert_int_equal(b.s[b.len], 0);
		free(s);
		str_free(&b);
	}
}

static void compares(void **state)
{
	static const struct {
		const char *a, *b;
		bool eq, ieq, starts;
	} cases[] = {
		{ "", "", true, true, true },
		{ "a", "", false, false, true },
		{ "", "a", false, false, false },
		{ "abc", "abc", true, true, true },
		{ "abc", "ABC", false, true, false },
		{ "aBc", "AbC", false, true, false },
		{ "abc", "ab", false, false, true },
		{ "ab", "abc", false, false, false },
		{ "SEV-2", "sev-2", false, true, false },
		{ "[", "{", false, false, false },
		{ "@", "`", false, false, false },
		{ "\xc3\x84", "\xc3\xa4", false, false, false }, /* only ASCII is folded */
		{ NULL, NULL, true, true, false },
		{ NULL, "", false, false, false },
		{ "", NULL, false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(str_eq(cases[i].a, cases[i].b), cases[i].eq);
		assert_int_equal(str_ieq(cases[i].a, cases[i].b), cases[i].ieq);
		assert_int_equal(str_starts(cases[i].a, cases[i].b), cases[i].starts);
	}
}

static void hex(void **state)
{
	static const struct {
		const char *hex;
		size_t n;
		bool ok;
	} cases[] = {
		{ "00ff7f80", 4, true },
		{ "", 0, true },
		{ "a", 1, false },
		{ "0a0", 1, false },
		{ "0a0b", 1, false },
		{ "0a", 2, false },
		{ "g0", 1, false },
		{ "0g", 1, false },
		{ " 1", 1, false },
		{ "-1", 1, false },
		{ "0x", 1, false },
		{ NULL, 1, false },
	};
	uint8_t bytes[4];
	char out[9];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(str_unhex(bytes, cases[i].n, cases[i].hex), cases[i].ok);
	assert_true(str_unhex(bytes, 4, "00Ff7F80"));
	assert_memory_equal(bytes, "\x00\xff\x7f\x80", 4);
	assert_int_equal(str_hex(out, bytes, 4), 8);
	assert_string_equal(out, "00ff7f80");
	assert_int_equal(str_hex(out, bytes, 0), 0);
	assert_string_equal(out, "");
}

static void distance(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned d;
	} cases[] = {
		{ "", "", 0 },
		{ "", "abc", 3 },
		{ "abc", "", 3 },
		{ "resolve", "resolve", 0 },
		{ "resolve", "reslove", 1 }, /* swapped */
		{ "ab", "ba", 1 },
		{ "resolve", "resolv", 1 },
		{ "resolve", "rresolve", 1 },
		{ "resolve", "resalve", 1 },
		{ "ask", "action", 5 },
		{ "kitten", "sitting", 3 },
		{ "ca", "abc", 3 }, /* aligned: nothing is edited twice */
		{ "detected", "dtected", 1 },
		{ "mitigated", "mitgiated", 1 },
		{ "abcd", "badc", 2 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(str_distance(cases[i].a, cases[i].b), cases[i].d);
		assert_int_equal(str_distance(cases[i].b, cases[i].a), cases[i].d);
	}
}

static void fails(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal((fail)(NULL, ST_IO, "x %d", 1), ST_IO);
	assert_int_equal((fail)(&err, ST_NO, "no event %s: see %s", "4f2a", "tplus tail"), ST_NO);
	assert_int_equal(err.status, ST_NO);
	assert_string_equal(err.text, "no event 4f2a: see tplus tail");
	assert_int_equal((fail)(&err, ST_CONFLICT, "line 3: %s", err.text), ST_CONFLICT); /* may quote itself */
	assert_string_equal(err.text, "line 3: no event 4f2a: see tplus tail");
	assert_int_equal(err.status, ST_CONFLICT);
}

/* Whatever the character and wherever it falls, a long message ends whole, and as late as it can. */
static void cuts_messages_at_a_character(void **state)
{
	static const char *const chars[] = { "x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x91\xa8" };

	(void)state;
	for (size_t c = 0; c < COUNT(chars); c++) {
		for (int lead = 0; lead < 4; lead++) {
			size_t width = strlen(chars[c]), most;
			struct str b = STR_INIT;
			struct err err;

			str_addn(&b, '.', (size_t)lead);
			while (b.len < 3000)
				str_adds(&b, chars[c]);
			(fail)(&err, ST_USAGE, "%s", b.s);
			most = sizeof err.text - 1;
			most -= (most - (size_t)lead) % width;
			assert_int_equal(strlen(err.text), most);
			assert_true(utf8_valid(err.text, most));
			str_cut(&b, sizeof err.text - 1);
			(fail)(&err, ST_USAGE, "%.*s", (int)most, b.s); /* just fits */
			assert_int_equal(strlen(err.text), most);
			str_free(&b);
		}
	}
}

static void allocates(void **state)
{
	size_t cap = 0;
	int *p = NULL;
	char *s;

	(void)state;
	for (size_t need = 1; need < 3000; need += 7) {
		size_t before = cap;

		p = xgrow(p, &cap, need, sizeof *p);
		assert_true(cap >= need);
		assert_true(before == cap || cap >= 2 * before);
		p[need - 1] = (int)need;
	}
	assert_int_equal(p[0], 1);
	assert_int_equal(p[7], 8);
	free(p);
	assert_null(xstrdup(NULL));
	assert_null(xstrndup(NULL, 3));
	s = xstrndup("abc", 2);
	assert_string_equal(s, "ab");
	free(s);
	s = xstrndup("abc", 99);
	assert_string_equal(s, "abc");
	free(s);
	p = xcalloc(0, 4);
	assert_non_null(p);
	free(p);
	s = xrealloc(xmalloc(0), 0);
	assert_non_null(s);
	free(s);
}

static void system_clock(void **state)
{
	static const uint8_t none[16];
	struct clock c;
	usec wall, boot;

	(void)state;
	clock_system(&c);
	assert_false(c.test);
	assert_null(c.path);
	wall = c.wall(&c);
	boot = c.boot(&c);
	assert_true(wall > 1500000000 * USEC_SEC && wall < 10000000000 * USEC_SEC);
	assert_true(c.wall(&c) >= wall - USEC_SEC);
	assert_true(boot == USEC_NONE || (boot > 0 && c.boot(&c) >= boot));
	if (access("/proc/sys/kernel/random/boot_id", R_OK) == 0)
		assert_memory_not_equal(c.boot_id, none, sizeof none);
}

static void fixed_clock(void **state)
{
	struct clock c;

	(void)state;
	clock_fixed(&c, 5 * USEC_DAY);
	assert_true(c.test);
	assert_true(c.wall(&c) == 5 * USEC_DAY);
	assert_true(c.boot(&c) == 0);
	c.fixed_wall += USEC_SEC;
	c.fixed_boot += 2 * USEC_SEC;
	assert_true(c.wall(&c) == 5 * USEC_DAY + USEC_SEC);
	assert_true(c.boot(&c) == 2 * USEC_SEC);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void file_clock(void **state)
{
	static const struct {
		const char *text;
		usec wall, boot;
	} cases[] = {
		{ "1770291130000000 5000000\n", 1770291130000000, 5000000 },
		{ "1770291131000000\n", 1770291131000000, USEC_NONE },
		{ "1770291132000000", 1770291132000000, USEC_NONE },
		{ "", 1770291132000000, USEC_NONE }, /* being rewritten: as before */
		{ "soon\n", 1770291132000000, USEC_NONE },
		{ "12:30 5\n", 1770291132000000, USEC_NONE },
		{ "99 soon\n", 1770291132000000, USEC_NONE },
		{ "99999999999999999999\n", 1770291132000000, USEC_NONE },
		{ "-5\t6", -5, 6 },
	};
	char path[] = "clock-test-XXXXXX";
	int fd = mkstemp(path);
	struct clock c;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	write_file(path, cases[0].text);
	setenv("TPLUS_CLOCK", path, 1);
	clock_from_env(&c);
	assert_true(c.test);
	assert_string_equal(c.path, path);
	for (size_t i = 0; i < COUNT(cases); i++) {
		write_file(path, cases[i].text);
		assert_true(c.wall(&c) == cases[i].wall);
		assert_true(c.boot(&c) == cases[i].boot);
	}
	unlink(path);
	assert_true(c.wall(&c) == -5);
	unsetenv("TPLUS_CLOCK");
	clock_from_env(&c);
	assert_false(c.test);
	setenv("TPLUS_CLOCK", "", 1);
	clock_from_env(&c);
	assert_false(c.test);
	unsetenv("TPLUS_CLOCK");
}

static void clock_without_time(void)
{
	struct clock c;

	setenv("TPLUS_CLOCK", "no-such-directory/clock", 1);
	clock_from_env(&c);
}

static void too_much_memory(void)
{
	size_t cap = 0;

	free(xgrow(NULL, &cap, SIZE_MAX / 2, 16));
}

/* What cannot go on ends with a status and a sentence. */
static void ends(void **state)
{
	static const struct {
		void (*run)(void);
		int status;
		const char *text;
	} cases[] = {
		{ clock_without_time, ST_USAGE, "tplus: the file that TPLUS_CLOCK names holds no time: " },
		{ too_much_memory, ST_IO, "tplus: out of memory: " },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[200] = "";
		int fds[2], status;
		pid_t child;

		assert_int_equal(pipe(fds), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			dup2(fds[1], STDERR_FILENO);
			cases[i].run();
			_exit(99);
		}
		close(fds[1]);
		assert_true(read(fds[0], text, sizeof text - 1) > 0);
		close(fds[0]);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), cases[i].status);
		assert_true(str_starts(text, cases[i].text));
		assert_int_equal(text[strlen(text) - 1], '\n');
	}
}

static void identities(void **state)
{
	static const uuid dns = { { 0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4,
		0x30, 0xc8 } };
	uuid a = uuid_new(), b = uuid_new(), zero = { { 0 } }, named;
	char text[33];

	(void)state;
	assert_false(uuid_eq(a, b));
	assert_true(uuid_eq(a, a));
	assert_false(uuid_is_zero(a));
	assert_true(uuid_is_zero(zero));
	assert_int_equal(a.b[6] >> 4, 4);
	assert_int_equal(a.b[8] >> 6, 2);
	named = uuid_named(dns, "www.example.com", 15); /* the example of RFC 9562, A.4 */
	str_hex(text, named.b, sizeof named.b);
	assert_string_equal(text, "2ed6657de927568b95e12665a8aea6a2");
	assert_false(uuid_eq(named, uuid_named(dns, "www.example.co", 14)));
	assert_false(uuid_eq(named, uuid_named(zero, "www.example.com", 15)));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows),
		cmocka_unit_test(formats_of_any_length),
		cmocka_unit_test(compares),
		cmocka_unit_test(hex),
		cmocka_unit_test(distance),
		cmocka_unit_test(fails),
		cmocka_unit_test(cuts_messages_at_a_character),
		cmocka_unit_test(allocates),
		cmocka_unit_test(system_clock),
		cmocka_unit_test(fixed_clock),
		cmocka_unit_test(file_clock),
		cmocka_unit_test(ends),
		cmocka_unit_test(identities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
