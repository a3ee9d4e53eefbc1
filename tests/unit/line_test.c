/* line.h: what is typed, row by row, and what is understood. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "text/line.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define NOW 1770303600 /* 2026-02-05 15:00:00 UTC */
#define MEBI (1024 * 1024)

static struct when_ctx context(void)
{
	return (struct when_ctx){ .now = NOW * USEC_SEC, .zone = zone_utc(), .prev = USEC_NONE, .last = USEC_NONE };
}

/* VERB, the time (its date only when it is not today), ~ seconds, @actor, the text in quotes, details after bars. */
static void describe(struct str *b, const struct line *l)
{
	struct local t;

	str_addf(b, "%s%s", l->slash ? "/" : "", l->verb ? l->verb : "-");
	if (l->when.form != WHEN_NOTHING) {
		zone_local(zone_utc(), l->when.at, &t);
		str_addc(b, ' ');
		if (t.mon != 2 || t.day != 5)
			str_addf(b, "%d-%d/", t.mon, t.day);
		str_addf(b, "%02d:%02d", t.hour, t.min);
		if (t.sec)
			str_addf(b, ":%02d", t.sec);
	}
	if (l->when.approx_s)
		str_addf(b, " ~%d", l->when.approx_s);
	if (l->actor)
		str_addf(b, " @%s", l->actor);
	str_addf(b, " '%s'", l->text);
	for (size_t i = 0; i < l->details; i++)
		str_addf(b, " |%s", l->detail[i]);
}

struct row {
	const char *in, *want;
};

static const struct row rows[] = {
	/* nothing, and plain text */
	{ "", "- ''" },
	{ "   ", "- ''" },
	{ "\n\r\n \t\n", "- ''" },
	{ "rolled back", "log 'rolled back'" },
	{ "  rolled   back\t ", "log 'rolled   back'" },
	{ "x", "log 'x'" },
	{ "a \xff\xfe b", "log 'a \xff\xfe b'" },
	{ "Größe 日本", "log 'Größe 日本'" },
	{ "5 hosts down", "log '5 hosts down'" },
	{ "error rate 50 % - still rising", "log 'error rate 50 % - still rising'" },

	/* times */
	{ "14:32 rolled back", "log 14:32 'rolled back'" },
	{ "14:32:10 rolled back", "log 14:32:10 'rolled back'" },
	{ "2:32pm rolled back", "log 14:32 'rolled back'" },
	{ "2:32 pm rolled back", "log 14:32 'rolled back'" },
	{ "2026-02-04 14:32 rolled back", "log 2-4/14:32 'rolled back'" },
	{ "2026-02-05 14:32:10+03:00 x", "log 11:32:10 'x'" },
	{ "2026-02-05T11:32:10Z x", "log 11:32:10 'x'" },
	{ "yesterday 23:50 x", "log 2-4/23:50 'x'" },
	{ "today 07:10 x", "log 07:10 'x'" },
	{ "-5m x", "log 14:55 'x'" },
	{ "-1h10m x", "log 13:50 'x'" },
	{ "-5m", "log 14:55 ''" },
	{ "~02:10 x", "log 02:10 ~120 'x'" },
	{ "02:10~ x", "log 02:10 ~120 'x'" },
	{ "~02:10±10m x", "log 02:10 ~600 'x'" },
	{ "14:32", "log 14:32 ''" },
	{ "14:32  ", "log 14:32 ''" },
	{ "14:32\tx", "log 14:32 'x'" },
	{ "23:50 x", "log 2-4/23:50 'x'" },
	{ "14:32 14:40 x", "log 14:32 '14:40 x'" },
	{ "14:32 -5m x", "log 14:32 '-5m x'" },
	{ "14:32 25:61 x", "log 14:32 '25:61 x'" },
	{ "14:32ish x", "log '14:32ish x'" },
	{ "2026-02-05-notes x", "log '2026-02-05-notes x'" },
	{ "at 14:32 x", "log 'at 14:32 x'" },
	{ "-5 hosts", "log '-5 hosts'" },
	{ "~ 02:10 x", "log '~ 02:10 x'" },
	{ "~", "log '~'" },
	{ "yesterday was fine", "log 'yesterday was fine'" },
	{ "todayish", "log 'todayish'" },

	/* actors */
	{ "@sam rolled back", "log @sam 'rolled back'" },
	{ "@sam", "log @sam ''" },
	{ "@sam: rolled back", "log @sam 'rolled back'" },
	{ "@sam, look", "log @sam 'look'" },
	{ "@sam:: look", "log @sam: 'look'" },
	{ "@sam.b-c look", "log @sam.b-c 'look'" },
	{ "@Ünal look", "log @Ünal 'look'" },
	{ "@@sam look", "log @@sam 'look'" },
	{ "@ sam", "log '@ sam'" },
	{ "@", "log '@'" },
	{ "@: x", "log '@: x'" },
	{ "@sam @bob look", "log @sam '@bob look'" },
	{ "@\xff x", "log @\xff 'x'" },
	{ "ask @sam", "log 'ask @sam'" },

	/* signs */
	{ "+ rollback was quick", "good 'rollback was quick'" },
	{ "- no alert", "bad 'no alert'" },
	{ "? pool exhausted", "hypothesis 'pool exhausted'" },
	{ "! alert on pool", "action 'alert on pool'" },
	{ "> saw it twice", "detail 'saw it twice'" },
	{ "+", "good ''" },
	{ "-", "bad ''" },
	{ "-\tno alert", "bad 'no alert'" },
	{ "+1 from me", "log '+1 from me'" },
	{ "--verbose was on", "log '--verbose was on'" },
	{ "?why", "log '?why'" },
	{ "!important", "log '!important'" },
	{ ">> quoted", "log '>> quoted'" },
	{ "- - x", "bad '- x'" },
	{ "- + x", "bad '+ x'" },
	{ "? ? ?", "hypothesis '? ?'" },
	{ "* x", "log '* x'" },

	/* several */
	{ "14:32 @sam rolled back", "log 14:32 @sam 'rolled back'" },
	{ "@sam 14:32 rolled back", "log 14:32 @sam 'rolled back'" },
	{ "- 14:32 @sam x", "bad 14:32 @sam 'x'" },
	{ "14:32 - x", "bad 14:32 'x'" },
	{ "@sam - 14:32 x", "bad 14:32 @sam 'x'" },
	{ "- -5m x", "bad 14:55 'x'" },
	{ "-5m - x", "bad 14:55 'x'" },
	{ "- 5m x", "bad '5m x'" },
	{ "+ 5 hosts back", "good '5 hosts back'" },
	{ "? ~14:10 @jane deploy broke it", "hypothesis 14:10 ~120 @jane 'deploy broke it'" },
	{ "14:32 @sam x 14:40 @bob - y", "log 14:32 @sam 'x 14:40 @bob - y'" },
	{ "@sam yesterday 23:50 + x", "good 2-4/23:50 @sam 'x'" },

	/* verbs */
	{ "/ack looking at it", "/ack 'looking at it'" },
	{ "/ack", "/ack ''" },
	{ "/ack 14:32 looking", "/ack 14:32 'looking'" },
	{ "14:32 /ack looking", "/ack 14:32 'looking'" },
	{ "@sam /ack -5m looking", "/ack 14:55 @sam 'looking'" },
	{ "/ack @sam 14:32", "/ack 14:32 @sam ''" },
	{ "/ask @bob latency? 5m", "/ask @bob 'latency? 5m'" },
	{ "/sev 2 why", "/sev '2 why'" },
	{ "/retime 4f2a -5m", "/retime '4f2a -5m'" },
	{ "/ACK x", "/ACK 'x'" },
	{ "/unheard-of x", "/unheard-of 'x'" },
	{ "/ack - x", "/ack '- x'" },
	{ "- /ack x", "bad '/ack x'" },
	{ "/ack /resolve x", "/ack '/resolve x'" },
	{ "x /ack", "log 'x /ack'" },
	{ "/var/log is full", "log '/var/log is full'" },
	{ "/srv/ is full", "log '/srv/ is full'" },
	{ "//comment", "log '//comment'" },
	{ "/ x", "log '/ x'" },
	{ "/", "log '/'" },
	{ "/2 of them", "log '/2 of them'" },
	{ "/-5m", "log '/-5m'" },
	{ "14:32 /var/log is full", "log 14:32 '/var/log is full'" },

	/* literal */
	{ "\\/ack x", "log '/ack x'" },
	{ "\\14:32 x", "log '14:32 x'" },
	{ "\\- x", "log '- x'" },
	{ "\\@sam x", "log '@sam x'" },
	{ "\\\\x", "log '\\x'" },
	{ "\\ - x", "log '- x'" },
	{ "\\", "log ''" },
	{ "\\25:61 x", "log '25:61 x'" },
	{ "14:32 \\14:40 x", "log 14:32 '14:40 x'" },
	{ "@sam + \\@bob x", "good @sam '@bob x'" },
	{ "/ack \\@bob x", "/ack '@bob x'" },
	{ "x \\y", "log 'x \\y'" },
	{ "-\\ x", "log '-\\ x'" },

	/* several lines */
	{ "one\ntwo", "log 'one' |two" },
	{ "one\r\ntwo\r\n", "log 'one' |two" },
	{ "one\rtwo\rthree", "log 'one' |two |three" },
	{ "one\n\ntwo", "log 'one' | |two" },
	{ "one\n\rtwo", "log 'one' | |two" },
	{ "one \n  two  \n\tthree", "log 'one' |  two   |\tthree" },
	{ "one\ntwo  \n \n\n", "log 'one' |two  " },
	{ "one\n\n\n", "log 'one'" },
	{ "\n\r\n  \none\ntwo", "log 'one' |two" },
	{ "\n14:32 @sam one\ntwo", "log 14:32 @sam 'one' |two" },
	{ "14:32 @sam - one\n- two\n14:40 three", "bad 14:32 @sam 'one' |- two |14:40 three" },
	{ "14:32\n- one\ntwo", "log 14:32 '- one' |two" },
	{ "yesterday\n23:50 x", "log 'yesterday' |23:50 x" },
	{ "-\n\n  one\n  two", "bad 'one' |  two" },
	{ "/update\nwe know why\nmore in 30m", "/update 'we know why' |more in 30m" },
	{ "\\\n- one", "log '- one'" },
	{ "one\n\xff\n\\two", "log 'one' |\xff |\\two" },
	{ "@sam\r\none\r\n\r\ntwo\r\n", "log @sam 'one' | |two" },
};

static const struct row input_rows[] = {
	{ "/ack x", "log '/ack x'" },
	{ "14:32 /ack x", "log 14:32 '/ack x'" },
	{ "- /ack x", "bad '/ack x'" },
	{ "14:32 @sam + x\r\n", "good 14:32 @sam 'x'" },
	{ "\\/ack x", "log '/ack x'" },
	{ "-5m x", "log 14:55 'x'" },
	{ "/var/log", "log '/var/log'" },
	{ "\n", "- ''" },
};

/* Of all rows, so that one run shows every difference. */
static unsigned different;

static void compare(const char *in, const char *got, const char *want)
{
	if (str_eq(got, want))
		return;
	print_error("\"%s\": %s, not %s\n", in, got, want);
	different++;
}

static void run_rows(const struct row *row, size_t n, enum line_from from)
{
	const struct when_ctx ctx = context();

	different = 0;
	for (size_t i = 0; i < n; i++) {
		struct str got = STR_INIT;
		struct err err = { 0 };
		struct line l;

		assert_int_equal(line_parse(row[i].in, strlen(row[i].in), from, &ctx, &l, &err), ST_OK);
		describe(&got, &l);
		compare(row[i].in, got.s, row[i].want);
		compare("raw", l.raw, row[i].in);
		line_clear(&l);
		str_free(&got);
	}
	assert_int_equal(different, 0);
}

static void reads_lines(void **state)
{
	(void)state;
	run_rows(rows, COUNT(rows), LINE_COMPOSER);
}

static void reads_input(void **state)
{
	(void)state;
	run_rows(input_rows, COUNT(input_rows), LINE_INPUT);
}

/* A time that cannot be is refused, and what was understood stays. */
static void refuses_times(void **state)
{
	static const struct row refused[] = {
		{ "25:61 x", "log '25:61 x'" },
		{ "@sam - 25:61 x", "bad @sam '25:61 x'" },
		{ "/ack 14:99", "/ack '14:99'" },
		{ "2026-02-30 10:00 x\nmore", "log '2026-02-30 10:00 x' |more" },
		{ "~24:30 @sam x", "log '~24:30 @sam x'" },
		{ " \n25:61", "log '25:61'" },
	};
	const struct when_ctx ctx = context();

	(void)state;
	different = 0;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct str got = STR_INIT;
		struct err err = { 0 };
		struct line l;

		if (line_parse(refused[i].in, strlen(refused[i].in), LINE_COMPOSER, &ctx, &l, &err) != ST_USAGE)
			compare(refused[i].in, "taken", "refused");
		describe(&got, &l);
		compare(refused[i].in, got.s, refused[i].want);
		assert_int_equal(err.status, ST_USAGE);
		assert_true(err.text[0]);
		line_clear(&l);
		str_free(&got);
	}
	assert_int_equal(different, 0);
}

/* --- Words of a command line: given with bars between them. --- */

#define PLAIN "(plain) " /* after "--" */
#define REFUSED "(refused) "

static const struct row word_rows[] = {
	{ "", "- ''" },
	{ "rolled|back", "log 'rolled back'" },
	{ "rolled back|to  v2|now", "log 'rolled back to  v2 now'" },
	{ "  rolled  ", "log 'rolled'" },
	{ "14:32|x", "log 14:32 'x'" },
	{ "2026-02-05 14:32|x", "log 14:32 'x'" },
	{ "2026-02-05|14:32|x", "log 14:32 'x'" },
	{ "2026-02-05|14:32:10|+03:00|x", "log 11:32:10 'x'" },
	{ "2026-02-05 14:32:10 +03:00|x", "log 11:32:10 'x'" },
	{ "2026-02-05T11:32:10Z|x", "log 11:32:10 'x'" },
	{ "2026-02-05|2:32:10|pm|+03:00|±10m|x", "log 11:32:10 ~600 'x'" },
	{ "2026-02-05 14:32|+03:00|x", "log 11:32 'x'" },
	{ "yesterday|23:50|x", "log 2-4/23:50 'x'" },
	{ "yesterday 23:50|x", "log 2-4/23:50 'x'" },
	{ " yesterday 23:50 |x", "log 2-4/23:50 'x'" },
	{ "2:32|pm|x", "log 14:32 'x'" },
	{ "2:32 pm|x", "log 14:32 'x'" },
	{ "2:32pm|x", "log 14:32 'x'" },
	{ "-5m|x", "log 14:55 'x'" },
	{ "-1h10m|@sam", "log 13:50 @sam ''" },
	{ "~02:10±10m|x", "log 02:10 ~600 'x'" },
	{ "14:32 rolled back", "log '14:32 rolled back'" },
	{ "14:32 rolled|back", "log '14:32 rolled back'" },
	{ "2026-02-05|14:32 rolled back", "log '2026-02-05 14:32 rolled back'" },
	{ "yesterday|was fine", "log 'yesterday was fine'" },
	{ "-5m ago", "log '-5m ago'" },
	{ "25:61 is what the clock said", "log '25:61 is what the clock said'" },
	{ "25:61 map", "log '25:61 map'" },
	{ "yesterday 25:61 hm", "log 'yesterday 25:61 hm'" },
	{ "14:32|14:40|x", "log 14:32 '14:40 x'" },
	{ "14:32|25:61", "log 14:32 '25:61'" },
	{ "@sam|14:32|x", "log 14:32 @sam 'x'" },
	{ "@sam:|x", "log @sam 'x'" },
	{ "@sam x", "log '@sam x'" },
	{ "@|x", "log '@ x'" },
	{ "@sam|@bob", "log @sam '@bob'" },
	{ "+|x", "good 'x'" },
	{ "-|x", "bad 'x'" },
	{ "?|x", "hypothesis 'x'" },
	{ "!|x", "action 'x'" },
	{ ">|x", "detail 'x'" },
	{ "-", "bad ''" },
	{ "- x", "log '- x'" },
	{ "+1|x", "log '+1 x'" },
	{ "@sam|-|14:32|no|alert", "bad 14:32 @sam 'no alert'" },
	{ "-|-|x", "bad '- x'" },
	{ "/ack|x", "log '/ack x'" },
	{ "14:32|/ack", "log 14:32 '/ack'" },
	{ "x|@sam|-|14:32", "log 'x @sam - 14:32'" },
	{ "|14:32||x", "log 14:32 'x'" },
	{ "x||y", "log 'x  y'" },
	{ "|", "- ''" },
	{ "~|02:10", "log '~ 02:10'" },
	{ "\\-|x", "log '- x'" },
	{ "\\|14:32|x", "log '14:32 x'" },
	{ "14:32|\\@sam|x", "log 14:32 '@sam x'" },
	{ "\\- x", "log '\\- x'" },
	{ "one\ntwo\n", "log 'one' |two" },
	{ "14:32|one\r\n- two\n\n", "log 14:32 'one' |- two" },
	{ "14:32|\none", "log 14:32 'one'" },
	{ "one|two\nthree|four", "log 'one two' |three four" },
	{ "14:32\n-|x", "log '14:32' |- x" },
	{ PLAIN "14:32|@sam|-|x", "log '14:32 @sam - x'" },
	{ PLAIN "\\x", "log '\\x'" },
	{ PLAIN "25:61", "log '25:61'" },
	{ PLAIN "", "- ''" },
	{ PLAIN "-5m|one\ntwo", "log '-5m one' |two" },
	{ REFUSED "25:61|x", "log '25:61 x'" },
	{ REFUSED "2026-02-30|10:00|x", "log '2026-02-30 10:00 x'" },
	{ REFUSED "2026-02-30 10:00|x", "log '2026-02-30 10:00 x'" },
	{ REFUSED "13:61 PM|x", "log '13:61 PM x'" },
	{ REFUSED "@sam|-|yesterday 25:61|x", "bad @sam 'yesterday 25:61 x'" },
};

static void run_words(const struct row *row)
{
	const struct when_ctx ctx = context();
	bool plain = str_starts(row->in, PLAIN), refused = str_starts(row->in, REFUSED);
	char *words[8], *copy = xstrdup(row->in + (plain ? strlen(PLAIN) : refused ? strlen(REFUSED) : 0));
	struct str got = STR_INIT;
	struct err err = { 0 };
	enum status status;
	struct line l;
	size_t n = 0;

	for (char *rest = *copy ? copy : NULL; rest;)
		words[n++] = strsep(&rest, "|");
	status = line_parse_words(words, n, !plain, &ctx, &l, &err);
	if (status != (refused ? ST_USAGE : ST_OK))
		compare(row->in, err.text, "the other status");
	assert_int_equal(err.text[0] != '\0', refused);
	describe(&got, &l);
	compare(row->in, got.s, row->want);
	str_reset(&got);
	for (size_t i = 0; i < n; i++)
		str_addf(&got, "%s%s", i ? " " : "", words[i]);
	compare(row->in, l.raw, got.s);
	line_clear(&l);
	str_free(&got);
	free(copy);
}

static void reads_words(void **state)
{
	(void)state;
	different = 0;
	for (size_t i = 0; i < COUNT(word_rows); i++)
		run_words(&word_rows[i]);
	assert_int_equal(different, 0);
}

/* Every order of the prefixes means the same, on a line and as words. */
static void takes_any_order(void **state)
{
	static const char *const prefixes[] = { "yesterday 23:50", "@sam", "!" };
	static const int orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	const struct when_ctx ctx = context();

	(void)state;
	different = 0;
	for (size_t i = 0; i < COUNT(orders); i++) {
		struct str in = STR_INIT, got = STR_INIT;
		char *words[4] = { NULL, NULL, NULL, (char *)"alert on pool" };
		struct err err = { 0 };
		struct line l;

		for (size_t k = 0; k < 3; k++) {
			words[k] = (char *)prefixes[orders[i][k]];
			str_addf(&in, "%s ", words[k]);
		}
		str_adds(&in, words[3]);
		assert_int_equal(line_parse(in.s, in.len, LINE_COMPOSER, &ctx, &l, &err), ST_OK);
		describe(&got, &l);
		compare(in.s, got.s, "action 2-4/23:50 @sam 'alert on pool'");
		line_clear(&l);
		str_reset(&got);
		assert_int_equal(line_parse_words(words, 4, true, &ctx, &l, &err), ST_OK);
		describe(&got, &l);
		compare(in.s, got.s, "action 2-4/23:50 @sam 'alert on pool'");
		line_clear(&l);
		str_free(&got);
		str_free(&in);
	}
	assert_int_equal(different, 0);
}

/* The hour that Berlin's clocks repeat is the caller's to ask about. */
static void leaves_ambiguity(void **state)
{
	static const char in[] = "2026-10-25 02:30 @sam x", gap[] = "2026-03-29 02:30 x";
	struct when_ctx ctx = context();
	struct err err = { 0 };
	struct line l;

	(void)state;
	ctx.now += 365 * USEC_DAY;
	assert_int_equal(zone_load("Europe/Berlin", &ctx.zone, &err), ST_OK);
	assert_int_equal(line_parse(in, strlen(in), LINE_COMPOSER, &ctx, &l, &err), ST_OK);
	assert_int_equal(l.when.fit, ZONE_TWICE);
	assert_int_equal(l.when.other - l.when.at, USEC_HOUR);
	assert_string_equal(l.actor, "sam");
	line_clear(&l);
	assert_int_equal(line_parse(gap, strlen(gap), LINE_INPUT, &ctx, &l, &err), ST_OK);
	assert_int_equal(l.when.fit, ZONE_GAP);
	assert_string_equal(l.text, "x");
	line_clear(&l);
}

static void shows_nul(void **state)
{
	static const char in[] = "\0- a\0\0b\n\0";
	const struct when_ctx ctx = context();
	struct err err = { 0 };
	struct line l;

	(void)state;
	assert_int_equal(line_parse(in, sizeof in - 1, LINE_COMPOSER, &ctx, &l, &err), ST_OK);
	assert_string_equal(l.text, "�- a��b");
	assert_int_equal(l.details, 1);
	assert_string_equal(l.detail[0], "\xef\xbf\xbd");
	line_clear(&l);
	line_clear(&l); /* may be called again */
	assert_null(l.text);
}

/* Were reading quadratic, this would not end. */
static void reads_long(void **state)
{
	static const char *const units[] = { "x", "x ", "\n", "\r\n", "- ", "14:32 ", "@", "/", "\\", "~", "#a ", "#1",
		"A", "AB-1 ", "AB-", "http://", "http://) ", ")", "(", "\xcc\x81", "\xff", "2026-02-05 ", "yesterday ",
		"-5", "1:" };
	const struct when_ctx ctx = context();

	(void)state;
	for (size_t i = 0; i < COUNT(units); i++) {
		size_t len = strlen(units[i]), start, used;
		struct str in = STR_INIT, http = STR_INIT;
		enum mention_kind kind;
		struct err err = { 0 };
		struct line l;

		while (in.len < MEBI)
			str_add(&in, units[i], len);
		assert_in_range(line_parse(in.s, in.len, LINE_COMPOSER, &ctx, &l, &err), ST_OK, ST_USAGE);
		assert_int_equal(strlen(l.raw), in.len);
		line_clear(&l);
		assert_in_range(line_parse_words(&in.s, 1, true, &ctx, &l, &err), ST_OK, ST_USAGE);
		line_clear(&l);
		str_adds(&http, "http://a");
		str_add(&http, in.s, in.len);
		for (size_t from = 0; (used = line_mention(http.s, http.len, from, &kind, &start)) > 0;
			from = start + used)
			assert_true(start >= from && start + used <= http.len);
		str_free(&in);
		str_free(&http);
	}
}

static void knows_minus_times(void **state)
{
	static const char *const yes[] = { "-5m", "-1h10m", "-90s", "-0", "-5 hosts", "-5x" };
	static const char *const no[] = { "", "-", "--", "-m", "5m", "--5m", "-h", "- 5", "-i", "+5m", "−5m" };

	(void)state;
	for (size_t i = 0; i < COUNT(yes); i++)
		assert_true(line_is_minus_time(yes[i]));
	for (size_t i = 0; i < COUNT(no); i++)
		assert_false(line_is_minus_time(no[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_lines),
		cmocka_unit_test(reads_input),
		cmocka_unit_test(refuses_times),
		cmocka_unit_test(reads_words),
		cmocka_unit_test(takes_any_order),
		cmocka_unit_test(leaves_ambiguity),
		cmocka_unit_test(shows_nul),
		cmocka_unit_test(reads_long),
		cmocka_unit_test(knows_minus_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
