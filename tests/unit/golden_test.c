/* The op format is frozen: a chain with fixed ids, salts and clock comes out as golden.json has it, column for column, for ever. That file is
 * re-hashed by tests/sim/rehash.py too, which shares no code with us.
 *     golden_test --print          prints the golden file
 *     golden_test --write FILE     makes a store that holds it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>

#include "base/mem.h"
#include "tests/unit/store_util.h"

#define BYTES(s) s, sizeof(s) - 1

static const struct golden {
	const char *incident, *host;
	int64_t seq;
	int after; /* the op it continues; -1: none */
	int64_t hlc, wall_us;
	const char *zone;
	int utcoff_s;
	const char *boot;
	int64_t boottime_us;
	const char *author, *grp, *entity, *kind;
	int64_t v;
	const char *saw_field; /* with saw_op, what it saw; else saw is saw_text */
	int saw_op;
	const char *saw_text;
	const char *text; /* bytes of the field "text"; else the body as it is */
	size_t text_n;
	const char *body; /* with %s for the hash of op saw_op */
	bool redacted;
} ops[] = {
	{ "i1", "h1", 1, -1, 1770300000000001, 1770300000000000, "Europe/Berlin", 3600, "b1", 5000000, "sam", "g1",
		"h1", "host.new", 1, NULL, 0, "{\"name\":[]}", NULL, 0, "{\"name\":\"war-room\"}", false },
	{ "i1", "h1", 2, 0, 1770300000000002, 1770300000000000, "Europe/Berlin", 3600, "b1", 5000000, "sam", "g1", "i1",
		"incident.new", 1, NULL, 0, "{\"id\":[],\"opened_at\":[],\"severity\":[],\"title\":[],\"zone\":[]}",
		NULL, 0,
		"{\"id\":\"INC-2026-0001\",\"opened_at\":1770300000000000,\"severity\":2,\"title\":\"Größe "
		"\\\"5xx\\\"\",\"zone\":\"UTC\"}",
		false },
	{ "i1", "h1", 3, 1, 1770300001000001, 1770300001000000, "America/St_Johns", -12600, "b1", 6000000, "sam", "g2",
		"e1", "event.new", 1, NULL, 0, "{\"text\":[]}",
		BYTES("tab\t nl\n bell\a quote\" back\\ del\x7f \xe2\x80\xae \xf0\x9f\x94\xa5"), NULL, false },
	{ "i1", "h1", 4, 2, 1770300002000001, 1770300002000000, "UTC", 0, NULL, USEC_NONE, "not utf8 \xff", "g3", "e1",
		"event.set", 1, "text", 2, NULL, BYTES("NUL \0 and \xff\xfe"), NULL, false },
	{ "i1", "h2", 1, -1, 1, -62135596800000000, "UTC", -43200, NULL, 0, "", "g4", "h2", "host.new", 1, NULL, 0,
		"{\"name\":[]}", NULL, 0, "{\"name\":\"\"}", false },
	{ "i1", "h2", 2, 4, INT64_MAX, INT64_MIN, "UTC", 50400, "b2", INT64_MAX, "jane", "g5", "e1", "event.set", 1,
		"text", 2, NULL, BYTES("gone"), NULL, true },
	{ "i1", "h2", 3, 5, INT64_MAX, 0, "UTC", 0, NULL, USEC_NONE, "jane", "g6", "w1", "widget.new", 3, NULL, 0,
		"{\"z\":[]}", NULL, 0, "{\"a\":9007199254740991,\"b\":-9007199254740991,\"n\":null}", false },
	{ "i1", "h1", 4, 2, 1770300002000002, 1770300002000000, "UTC", 0, NULL, USEC_NONE, "sam", "g7", "e1",
		"event.hide", 1, "hidden", -1, NULL, NULL, 0, "{}", false }, /* the same seq as the fourth: a fork */
	{ "i1", "h2", 4, 6, INT64_MAX, 0, "UTC", 0, NULL, USEC_NONE, "jane", "g9", "e1", "op.redact", 1, NULL, 5,
		"{\"op\":[],\"reason\":[]}", NULL, 0, "{\"op\":\"%s\",\"reason\":\"a password\"}", false },
	{ "i2", "h1", 1, -1, 1770300003000001, 1770300003000000, "UTC", 0, NULL, USEC_NONE, "sam", "g8", "h1",
		"host.new", 1, NULL, 0, "{\"name\":[]}", NULL, 0, "{\"name\":\"war-room\"}", false },
};
enum { OPS = sizeof ops / sizeof *ops };

static void make_op(const struct op *done, int at, struct op *o)
{
	const struct golden *g = &ops[at];
	*o = (struct op){ .incident = id_of(g->incident),
		.host = id_of(g->host),
		.seq = g->seq,
		.hlc = g->hlc,
		.wall_us = g->wall_us,
		.zone = xstrdup(g->zone),
		.utcoff_s = g->utcoff_s,
		.has_boot = g->boot,
		.boottime_us = g->boottime_us,
		.author = xstrdup(g->author),
		.grp = id_of(g->grp),
		.entity = id_of(g->entity),
		.kind = xstrdup(g->kind),
		.v = g->v,
		.has_body = true };
	if (g->boot)
		o->boot_id = id_of(g->boot);
	if (g->after >= 0)
		memcpy(o->prev, done[g->after].hash, OP_HASH);
	char hex[OP_SAW_DIGITS + 1] = "";
	if (g->saw_field && g->saw_op >= 0)
		str_hex(hex, done[g->saw_op].hash, OP_SAW_DIGITS / 2);
	o->saw = g->saw_text ? xstrdup(g->saw_text)
			     : str_fmt("{\"%s\":[%s%s%s]}", g->saw_field, hex[0] ? "\"" : "", hex, hex[0] ? "\"" : "");
	struct str body = STR_INIT;
	struct fields f = { 0 };
	if (g->text)
		fields_bytes(&f, "text", g->text, g->text_n);
	if (g->text)
		MUST(fields_encode(&f, &body, NULL) == ST_OK);
	const char *hole = g->text ? NULL : strstr(g->body, "%s");
	char whole[2 * OP_HASH + 1] = "";
	if (hole)
		str_hex(whole, done[g->saw_op].hash, OP_HASH);
	if (!g->text)
		str_addf(&body, "%.*s%s%s", (int)(hole ? hole - g->body : INT16_MAX), g->body, whole,
			hole ? hole + 2 : "");
	fields_free(&f);
	o->body = str_take(&body);
	for (int i = 0; i < OP_SALT; i++)
		o->salt[i] = (uint8_t)(at * 16 + i);
	op_digest(o->salt, o->body, strlen(o->body), o->digest);
	op_hash(o, o->hash);
	o->has_body = !g->redacted;
}

static void make_all(struct str *out)
{
	struct op done[OPS];
	str_adds(out, "{\"journal\":[\n");
	for (int i = 0; i < OPS; i++) {
		make_op(done, i, &done[i]);
		op_to_json(&done[i], out);
		str_adds(out, i + 1 < OPS ? ",\n" : "\n");
	}
	str_adds(out, "]}\n");
	for (int i = 0; i < OPS; i++)
		op_clear(&done[i]);
}

static char *golden_file(size_t *n)
{
	const char *top = getenv("top_srcdir");
	char *path = str_fmt("%s/tests/unit/golden.json", top ? top : ".");
	FILE *f = fopen(path, "rb");
	free(path);
	assert_non_null(f);
	char *all = xmalloc(1 << 20);
	*n = fread(all, 1, (1 << 20) - 1, f);
	all[*n] = '\0';
	fclose(f);
	return all;
}

static json_t *golden_ops(void)
{
	size_t n;
	char *text = golden_file(&n);
	json_t *root = json_loadb(text, n, 0, NULL), *ops_there = json_incref(json_object_get(root, "journal"));
	assert_int_equal(json_array_size(ops_there), OPS);
	json_decref(root);
	free(text);
	return ops_there;
}

/* Compared as JSON: how a character is escaped on the way may change, what was hashed may not. */
static void column_for_column(void **state)
{
	(void)state;
	struct str b = STR_INIT;
	make_all(&b);
	json_t *root = json_loadb(b.s, b.len, 0, NULL), *want = golden_ops();
	assert_non_null(root);
	assert_true(json_equal(json_object_get(root, "journal"), want));
	json_decref(root);
	json_decref(want);
	str_free(&b);
}

/* The same as tests/sim/rehash.py prints. */
static const char head_1[] = "baccd3aa94e4d9a914f6d4d7f96e4546a0c29b014bb9a8cd5803ae6649826344";
static const char head_2[] = "4f92a1e98cb155ee086bf698c38e556e3aac707c25016061236db7bb03b35c56";

static void take_golden(struct file *f)
{
	json_t *journal = golden_ops(), *v;
	char *list[OPS];
	size_t k;
	struct merge_count c = { 0 };
	struct err err = { 0 };
	json_array_foreach(journal, k, v) list[OPS - 1 - k] = json_dumps(v, 0); /* backwards */
	if (take(f, list, OPS, &c, &err) != ST_OK)
		print_error("%s\n", err.text);
	assert_int_equal(c.added, OPS);
	assert_int_equal(c.forks, 1);
	assert_int_equal(c.unknown, 1);
	for (k = 0; k < OPS; k++)
		free(list[k]);
	json_decref(journal);
}

static bool is_golden(const char *op)
{
	json_t *journal = golden_ops(), *one = json_loads(op, 0, NULL), *v;
	size_t k;
	bool found = false;
	json_array_foreach(journal, k, v) found |= json_equal(v, one);
	json_decref(journal);
	json_decref(one);
	return found;
}

static void a_store_takes_it(void **state)
{
	(void)state;
	struct file *f = file_open("golden.db");
	char head[65];
	take_golden(f);
	head_hex(f, id_of("i1"), head);
	assert_string_equal(head, head_1);
	head_hex(f, id_of("i2"), head);
	assert_string_equal(head, head_2);
	assert_true(holds(f));
	struct texts l = ops_of(f, id_of("i1"));
	assert_int_equal(l.n, OPS - 1);
	for (size_t i = 0; i < l.n; i++)
		assert_true(is_golden(l.v[i])); /* what goes out is what came in */
	texts_free(&l);
	file_close(f);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--print") == 0) {
		struct str b = STR_INIT;
		make_all(&b);
		fwrite(b.s, 1, b.len, stdout);
		str_free(&b);
		return 0;
	}
	if (argc == 3 && strcmp(argv[1], "--write") == 0) {
		struct file f = { .path = argv[2] };
		clock_fixed(&f.clock, T0);
		file_reopen(&f);
		take_golden(&f);
		event(&f, id_of("i2"), "written by the store itself", T0);
		store_close(f.s);
		return 0;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(column_for_column),
		cmocka_unit_test(a_store_takes_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
