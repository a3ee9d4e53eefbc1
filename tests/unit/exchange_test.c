/* exchange_test.c - taking JSON exports in again: the same incident, the same documents; whatever is wrong with a
 * file, nothing of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/mem.h"
#include "sample.h"
#include "sync/exchange.h"
#include "text/incident-json.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct incident incident_of(struct sample *x)
{
	struct incident i;
	struct err err = { .status = ST_OK };

	if (q_incident(x->s, x->incident, &i, &err) != ST_OK)
		fail_msg("%s", err.text);
	return i;
}

static struct str export(struct sample *x)
{
	struct incident i = incident_of(x);
	struct str out = STR_INIT;
	struct err err = { .status = ST_OK };

	if (json_export(x->s, &i, "0.1", mst_sink_str(&out), &err) != ST_OK)
		fail_msg("%s", err.text);
	incident_clear(&i);
	return out;
}

static json_t *parse(const struct str *text)
{
	json_error_t e;
	json_t *v = json_loadb(text->s, text->len, JSON_REJECT_DUPLICATES, &e);

	if (!v)
		fail_msg("%s in %s", e.text, text->s);
	return v;
}

static enum status import(struct sample *x, const char *text, size_t n, struct exchange_count *count, struct err *err)
{
	struct exchange_text t = { text, n };
	struct exchange_source from = exchange_text(&t, "in.json");

	*err = (struct err){ .status = ST_OK };
	return exchange_import(
		x->s, &(struct tx_opts){ .author = "bob", .zone = "UTC", .grp = uuid_new() }, &from, count, err);
}

static size_t ops_in(struct sample *x)
{
	struct verify_report r = { 0 };
	struct err err;
	enum status st = verify_store(x->s, &r, &err);

	if (st != ST_OK)
		fail_msg("%s", r.fault ? r.fault : err.text);
	free(r.fault);
	return r.ops;
}

static void there_and_back(void **state)
{
	struct sample x = { 0 }, y = { 0 };
	struct err err;
	uint8_t before[OP_HASH], after[OP_HASH];

	(void)state;
	sample_open(&x);
	sample_whole(&x);
	sample_open(&y);
	struct str text = export(&x);
	for (int turn = 0; turn < 3; turn++) {
		struct exchange_count count = { 0 };
		if (import(&y, text.s, text.len, &count, &err) != ST_OK)
			fail_msg("%s", err.text);
		assert_int_equal(count.incidents, 1);
		assert_memory_equal(&count.incident[0], &x.incident, sizeof x.incident);
		assert_int_equal(count.ops.added, turn ? 0 : ops_in(&x));
		assert_int_equal(count.ops.known, turn ? ops_in(&x) : 0);
		exchange_count_free(&count);
		assert_int_equal(state_hash(y.s, turn ? after : before, &err), ST_OK);
	}
	assert_memory_equal(before, after, OP_HASH);
	y.incident = x.incident;
	struct str again = export(&y),
		   doc[2] = { sample_render(&x, NULL, "default"), sample_render(&y, NULL, "default") };
	assert_string_equal(again.s, text.s);
	assert_string_equal(doc[0].s, doc[1].s);
	str_free(&again);
	str_free(&text);
	str_free(&doc[0]);
	str_free(&doc[1]);
	sample_close(&x);
	sample_close(&y);
}

static void several_incidents(void **state)
{
	static const char *const form[] = { "%s%s", "[%s,%s]", "\xef\xbb\xbf\n [ %s\n,\t%s ] \n", "%s[%s]" };
	struct sample x = { 0 };
	struct err err;
	uuid first;

	(void)state;
	sample_open(&x);
	sample_whole(&x);
	first = x.incident;
	struct str a = export(&x);
	sample_begin(&x);
	sample_incident(&x, "INC-2", "The other", 3, "Europe/Berlin", SAMPLE_T0);
	sample_commit(&x);
	struct str b = export(&x);
	for (size_t i = 0; i < COUNT(form); i++) {
		struct sample y = { 0 };
		struct exchange_count count = { 0 };
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		char *both = str_fmt(form[i], a.s, b.s);
#pragma GCC diagnostic pop
		sample_open(&y);
		if (import(&y, both, strlen(both), &count, &err) != ST_OK)
			fail_msg("%s: %s", form[i], err.text);
		assert_int_equal(count.incidents, 2);
		assert_memory_equal(&count.incident[0], &first, sizeof first);
		assert_int_equal(ops_in(&y), ops_in(&x));
		exchange_count_free(&count);
		free(both);
		sample_close(&y);
	}
	str_free(&a);
	str_free(&b);
	sample_close(&x);
}

/* The order of the ops and repetitions do not matter. */
static void shuffled(void **state)
{
	struct sample x = { 0 }, y = { 0 };
	struct exchange_count count = { 0 };
	struct err err;

	(void)state;
	sample_open(&x);
	sample_whole(&x);
	struct str text = export(&x);
	json_t *o = parse(&text), *ops = json_object_get(o, "journal"), *mixed = json_array();
	size_t n = json_array_size(ops);
	for (size_t i = 0; i < n; i++)
		json_array_append(mixed, json_array_get(ops, n - 1 - i));
	json_array_append(mixed, json_array_get(ops, 3));
	json_object_set_new(o, "journal", mixed);
	char *dump = json_dumps(o, JSON_INDENT(2) | JSON_SORT_KEYS);
	sample_open(&y);
	if (import(&y, dump, strlen(dump), &count, &err) != ST_OK)
		fail_msg("%s", err.text);
	assert_int_equal(count.ops.added, n);
	assert_int_equal(count.ops.known, 1);
	y.incident = x.incident;
	struct str again = export(&y);
	assert_string_equal(again.s, text.s);
	exchange_count_free(&count);
	str_free(&again);
	str_free(&text);
	free(dump);
	json_decref(o);
	sample_close(&x);
	sample_close(&y);
}

static void refused(void **state)
{
	static const struct {
		const char *text;
		enum status st;
		const char *said;
	} cases[] = {
		{ "", ST_USAGE, "in.json:1: the file is empty" },
		{ " \n\n", ST_USAGE, "in.json:3: the file is empty" },
		{ "hello", ST_USAGE, "in.json:1: this is no export of tplus" },
		{ "{}", ST_USAGE, "is no export of tplus" },
		{ "[]", ST_USAGE, "is no export of tplus" },
		{ "{\"tplus\":{\"format\":1},\"journal\":[]}", ST_USAGE, "its journal is empty" },
		{ "{\"tplus\":{\"format\":1},\"events\":[1,\"a\",null,-2.5e3,{}]}", ST_USAGE,
			"\"journal\" is missing" },
		{ "{\"journal\":[]}", ST_USAGE, "\"tplus\" or" },
		{ "{\"tplus\":{\"format\":2},\"journal\":[]}", ST_CONFLICT, "newer tplus (format 2): upgrade" },
		{ "{\"tplus\":{},\"journal\":[]}", ST_USAGE, "does not say which format" },
		{ "{\"tplus\":7,\"journal\":[]}", ST_USAGE, "does not say which format" },
		{ "{\"tplus\":{\"format\":1},\n\"a\":1,\n\"a\":2}", ST_USAGE,
			"in.json:3: this is not JSON (a name stands there twice)" },
		{ "{\"tplus\":{\"format\":1},\n\"a\":{\"b\":1,\n\"b\":2}}", ST_USAGE,
			"in.json:3: this is not JSON (duplicate" },
		{ "{\"tplus\":{\"format\":1},\"a\":\"\xff\"}", ST_USAGE, "this is not JSON" },
		{ "{\"tplus\":{\"format\":1},\"journal\":[{}]}", ST_NO, "is no op" },
		{ "{\"tplus\":{\"format\":1},\"journal\":[7]}", ST_NO, "is no op" },
		{ "{\"tplus\":{\"format\":1},\"journal\":{}}", ST_USAGE, "a list was expected" },
		{ "{\"tplus\":{\"format\":1},\"a\":[1,]}", ST_USAGE, "a value was expected" },
		{ "{\"tplus\":{\"format\":1},\"a\":nul}", ST_USAGE, "a value was expected" },
		{ "{\"tplus\":{\"format\":1},\"a\":[1 2]}", ST_USAGE, "a comma or the end" },
		{ "{\"tplus\":{\"format\":1}", ST_USAGE, "a comma or the end" },
		{ "{\"tplus\":{\"format\":1},", ST_USAGE, "a name was expected" },
	};
	struct sample x = { 0 };

	(void)state;
	sample_open(&x);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct exchange_count count = { 0 };
		struct err err;
		enum status st = import(&x, cases[i].text, strlen(cases[i].text), &count, &err);
		if (st != cases[i].st || !strstr(err.text, cases[i].said))
			fail_msg("%s: %d, %s", cases[i].text, (int)st, err.text);
		exchange_count_free(&count);
		assert_int_equal(ops_in(&x), 0);
	}
	sample_close(&x);
}

/* Whatever byte of the journal is changed or lost, nothing of the file stays. */
static void nothing_half_applied(void **state)
{
	struct sample x = { 0 }, y = { 0 };
	size_t taken = 0;

	(void)state;
	sample_open(&x);
	sample_whole(&x);
	sample_open(&y);
	struct str text = export(&x);
	char *journal = strstr(text.s, "\"journal\":");
	assert_non_null(journal);
	for (char *p = journal; p < text.s + text.len - 3; p += 97) {
		struct exchange_count count = { 0 };
		struct err err;
		char was = *p;
		*p = was == 'z' ? 'y' : 'z';
		taken += import(&y, text.s, text.len, &count, &err) == ST_OK;
		*p = was;
		exchange_count_free(&count);
		size_t cut = (size_t)(p - text.s);
		assert_int_not_equal(import(&y, text.s, cut, &count, &err), ST_OK);
		exchange_count_free(&count);
	}
	assert_int_equal(taken, 0);
	assert_int_equal(ops_in(&y), 0);
	str_free(&text);
	sample_close(&x);
	sample_close(&y);
}

static void gaps_and_mixtures(void **state)
{
	struct sample x = { 0 }, y = { 0 };
	struct exchange_count count = { 0 };
	struct err err;

	(void)state;
	sample_open(&x);
	sample_whole(&x);
	sample_open(&y);
	struct str text = export(&x);
	json_t *o = parse(&text), *ops = json_object_get(o, "journal"), *third = json_incref(json_array_get(ops, 2));
	json_array_remove(ops, 2);
	char *dump = json_dumps(o, 0);
	assert_int_equal(import(&y, dump, strlen(dump), &count, &err), ST_NO);
	assert_non_null(strstr(err.text, "its journal has a gap before op 4"));
	exchange_count_free(&count);
	free(dump);
	assert_int_equal(ops_in(&y), 0);

	json_array_insert_new(ops, 2, third);
	sample_begin(&x);
	sample_incident(&x, "INC-2", "The other", 3, "UTC", SAMPLE_T0);
	sample_commit(&x);
	struct str other = export(&x);
	json_t *p = parse(&other);
	json_array_extend(ops, json_object_get(p, "journal"));
	dump = json_dumps(o, 0);
	assert_int_equal(import(&y, dump, strlen(dump), &count, &err), ST_NO);
	assert_non_null(strstr(err.text, "mixes incidents"));
	assert_int_equal(ops_in(&y), 0);
	exchange_count_free(&count);
	free(dump);
	json_decref(o);
	json_decref(p);
	str_free(&text);
	str_free(&other);
	sample_close(&x);
	sample_close(&y);
}

static void deep_and_large(void **state)
{
	struct sample x = { 0 };
	struct str b = STR_INIT;
	struct exchange_count count = { 0 };
	struct err err;

	(void)state;
	sample_open(&x);
	str_adds(&b, "{\"tplus\":{\"format\":1},\"a\":");
	str_addn(&b, '[', 200000);
	assert_int_equal(import(&x, b.s, b.len, &count, &err), ST_USAGE);
	str_reset(&b);
	str_adds(&b, "{\"tplus\":{\"format\":1},\"a\":\"");
	str_addn(&b, 'x', (64 << 20) + 8);
	str_adds(&b, "\"}");
	assert_int_equal(import(&x, b.s, b.len, &count, &err), ST_USAGE);
	assert_non_null(strstr(err.text, "larger than 64 MiB"));
	str_free(&b);
	exchange_count_free(&count);
	sample_close(&x);
}

static void sources(void **state)
{
	struct sample x = { 0 };
	int fd[2], closed;
	struct exchange_count count = { 0 };
	struct err err;

	(void)state;
	sample_open(&x);
	sample_whole(&x);
	struct str text = export(&x);
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], text.s, 1000), 1000); /* and the writer dies */
	close(fd[1]);
	struct exchange_source from = exchange_fd(&fd[0], "pipe");
	struct tx_opts tx = { .author = "bob", .zone = "UTC", .grp = uuid_new() };
	assert_int_equal(exchange_import(x.s, &tx, &from, &count, &err), ST_USAGE);
	close(fd[0]);
	closed = fd[0];
	from = exchange_fd(&closed, "closed");
	assert_int_equal(exchange_import(x.s, &tx, &from, &count, &err), ST_IO);
	assert_true(exchange_looks("\xef\xbb\xbf \n{", 6));
	assert_true(exchange_looks("[", 1));
	assert_false(exchange_looks("# Postmortem", 12));
	assert_false(exchange_looks("", 0));
	exchange_count_free(&count);
	str_free(&text);
	sample_close(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(several_incidents),
		cmocka_unit_test(shuffled),
		cmocka_unit_test(refused),
		cmocka_unit_test(nothing_half_applied),
		cmocka_unit_test(gaps_and_mixtures),
		cmocka_unit_test(deep_and_large),
		cmocka_unit_test(sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
