/* Which lines a filter shows: words, people, kinds, in every combination, in either case, in every script. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>

#include "ui/filter.h"

static char *const details[] = { "node eu-west-3", "20 of 20 in use" };

static const struct event pool = { .kind = KIND_NOTE, .milestone = MS_NONE, .actor = "jane", .author = "sam", .text = "Pool exhausted", .detail = (char **)details,
	.details = 2 };
static const struct event ack = { .kind = KIND_MILESTONE, .milestone = MS_ACKNOWLEDGED, .author = "Sam", .text = "", .edited = true };
static const struct event koeln = { .kind = KIND_HYPOTHESIS, .milestone = MS_NONE, .author = "李", .text = "ÜBERLAST in KÖLN, база ДАННЫХ", .struck = true };
static const struct event bare = { .kind = KIND_SYSTEM, .milestone = MS_NONE, .conflict = true };

static const struct { const char *words; const struct event *event; bool shown; } cases[] = {
	{ "", &pool, true },
	{ "   ", &bare, true },
	{ "pool", &pool, true },
	{ "POOL", &pool, true },
	{ "ool exh", &pool, true },
	{ "pool gone", &pool, false },
	{ "eu-west", &pool, true },       /* a detail line */
	{ "pool 20", &pool, true },       /* one word here, one there */
	{ "acknowledged", &ack, true },   /* the milestone's name */
	{ "knowledge", &ack, true },
	{ "überlast", &koeln, true },
	{ "köln", &koeln, true },
	{ "данных", &koeln, true },
	{ "koln", &koeln, false },
	{ "@jane", &pool, true },
	{ "@JA", &pool, true },
	{ "@ane", &pool, false },         /* the beginning of the name */
	{ "@sam", &pool, false },         /* who did it, not who wrote it down */
	{ "@sam", &ack, true },           /* unless nobody was named */
	{ "@李", &koeln, true },
	{ "@sam", &bare, false },
	{ "@", &bare, true },             /* the name is still to come */
	{ "kind:", &bare, true },
	{ "kind:note", &pool, true },
	{ "kind:n", &pool, true },
	{ "KIND:NOTE", &pool, true },
	{ "kind:milestone", &ack, true },
	{ "kind:ack", &ack, true },
	{ "kind:mile", &pool, false },
	{ "kind:edited", &ack, true },
	{ "kind:edited", &pool, false },
	{ "kind:struck", &koeln, true },
	{ "kind:conf", &bare, true },
	{ "kind:hyp @李 база", &koeln, true },
	{ "kind:hyp @sam база", &koeln, false },
	{ "anything", &bare, false },
	{ "\xff", &pool, false },         /* bytes that are no text */
};

static void test_cases(void **state)
{
	struct filter f = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		filter_parse(&f, cases[i].words);
		if (filter_match(&f, cases[i].event) != cases[i].shown)
			fail_msg("\"%s\" on \"%s\"", cases[i].words, cases[i].event->text ? cases[i].event->text : "");
	}
	filter_free(&f);
	assert_int_equal(f.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_cases) };

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
