/* everything.c - see everything.h. */
#include "everything.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define T(name, text)                                                                                                  \
	{                                                                                                              \
		name, text, 0                                                                                          \
	}
#define N(name, number)                                                                                                \
	{                                                                                                              \
		name, NULL, number                                                                                     \
	}
#define OP(x, kind, ...) sample_op(x, kind, uuid_new(), (const struct sample_field[]){ __VA_ARGS__, { NULL, NULL, 0 } })

static uint64_t seed;

void values_seed(uint64_t from)
{
	seed = from;
}

static unsigned pick(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % below;
}

static const char *const pieces[] = { "|", "\\", "`", "``", "```", "~~~", "\n", "\n\n", "\r\n", "<b>", "</td>", "<!--",
	"-->", "<script>", "&amp;", "&", "[x](javascript:alert(1))", "![i](http://e.example/i.png)",
	"http://e.example/a_b?c=1&d=2", "www.e.example", "a@e.example", "* ", "- ", "+ ", "1. ", "# ", "> ",
	"===", "---", "***", "**", "__", "~~", "_", "*", "[ ] ", "[x] ", "\t", "    ", "  ", "\x01", "\x1b[31m", "\x7f",
	"\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x80\x8b", "\xef\xbb\xbf", "\xc2\x85", "\xff", "\xc3", "\xd0\x96",
	"\xf0\x9f\x94\xb4", "{{x}}", "{{{x}}}", "<https://e.example>", "](", "[", "]", "(", ")", "!", "$", "\"", "'",
	":", ";", ",", ".", "%", "word", "two words", "0", "12", "x" };

static char *hostile(bool one_item)
{
	struct str b = STR_INIT;
	unsigned n = 1 + pick(9);

	for (unsigned i = 0; i < n; i++) {
		const char *p = pieces[pick(COUNT(pieces))];
		if (!one_item || !strpbrk(p, ",;\r\n\x85()[]{}"))
			str_adds(&b, p);
	}
	if (pick(3) == 0)
		str_adds(&b, "x");
	else
		str_adds(&b, ".x.");
	const char *s = b.s + strspn(b.s, " \t\r\n");
	char *text = str_fmt("%s%s", *s >= '0' && *s <= '9' ? "y" : "", s);
	str_free(&b);
	return text;
}

/* A value of its own, remembered: a plain one names its place in the list. */
static const char *value_new(struct values *l, bool one_item)
{
	l->v = xgrow(l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n] = l->hostile ? hostile(one_item) : str_fmt("Qz%zuzQ", l->n);
	return l->v[l->n++];
}

void values_free(struct values *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
}

/* Those that the document must be able to read: without them nothing is computed. */
bool is_read(const struct field_def *f)
{
	return f->computed || f->type == FIELD_YESNO || (f->type == FIELD_CHOICE && !f->other) ||
	       str_starts(f->name, "budget.");
}

static void put_catalogue(struct sample *x, const struct catalogue *cat, struct values *l)
{
	for (size_t i = 0; i < cat->fields; i++) {
		const struct field_def *f = &cat->field[i];
		if (!is_read(f))
			sample_named(x, "field", f->name, value_new(l, f->type == FIELD_LIST || f->several));
		else if (!f->computed && !str_starts(f->name, "budget."))
			sample_named(
				x, "field", f->name, f->type == FIELD_YESNO ? "yes" : f->choices.v[f->choices.n - 1]);
	}
	sample_named(x, "field", "house.own", value_new(l, false));
	for (size_t i = 0; i < cat->sections; i++) {
		char *text = str_fmt("Section%zu text", i);
		sample_named(x, "section", cat->section[i].name, text);
		free(text);
	}
	for (size_t i = 0; i < cat->lists; i++)
		for (size_t k = 0; k <= cat->list[i].categories.n; k++) {
			const char *category = k ? cat->list[i].categories.v[k - 1] : "";
			uuid id = uuid_new();
			const char *title = value_new(l, false), *text = value_new(l, false);
			sample_op(x, "finding.new", id,
				(const struct sample_field[]){ T("list", cat->list[i].name), T("title", title),
					T("text", text), T("category", category), N("said_at", 1 + (int64_t)i),
					{ NULL, NULL, 0 } });
			sample_detail(x, id, 1, value_new(l, false));
		}
}

static void put_records(struct sample *x, struct values *l)
{
	static const char *const metrics[] = { "availability", "latency p95", "error rate", "success rate", "queue" };
	static const char *const kinds[] = { "tracker", "errors", "dashboard", "pull request", "chat", "logs",
		"metrics", "incident", "alerts", "own" };
	static const char *const ways[] = { "prepared", "reviewed", "approved" };
	static const char *const sections[] = { "error-logs", "metrics", "code-changes", "immediate-fix", "validation",
		"own" };

	for (size_t i = 0; i < COUNT(metrics); i++)
		OP(x, "record.new", T("type", "metric"), T("name", metrics[i]), T("service", value_new(l, false)),
			T("before", value_new(l, false)), T("during", value_new(l, false)),
			T("after", value_new(l, false)), T("target", value_new(l, false)));
	for (size_t i = 0; i < 2; i++)
		OP(x, "record.new", T("type", "relation"), T("id", value_new(l, false)), T("date", value_new(l, false)),
			T("title", value_new(l, false)), T("relation", value_new(l, false)),
			T("outcome", value_new(l, false)));
	for (size_t i = 0; i < COUNT(kinds); i++) {
		char *url = str_fmt("https://e.example/%s", l->hostile ? l->v[i] : "x");
		OP(x, "record.new", T("type", "link"),
			T("url", i % 2 ? url : "https://e.example/?a={from_ms}&b={to_ms}"),
			T("text", value_new(l, false)), T("kind", kinds[i]));
		free(url);
	}
	for (size_t i = 0; i < COUNT(ways); i++)
		OP(x, "record.new", T("type", "signoff"), T("role", value_new(l, false)),
			T("name", value_new(l, false)), T("date", value_new(l, false)), T("as", ways[i]),
			T("scope", value_new(l, false)));
	for (size_t i = 0; i < COUNT(sections); i++)
		OP(x, "record.new", T("type", "code"), T("section", sections[i]), T("language", "sh"),
			T("title", value_new(l, false)), T("text", "run ``` this\n"));
}

static void put_things(struct sample *x, struct values *l)
{
	for (int p = 0; p < 5; p++) {
		char number[] = { 'A', 'I', '-', (char)('1' + p), '\0' };
		OP(x, "action.new", T("number", number), T("text", value_new(l, false)),
			T("owner", value_new(l, false)), T("due", value_new(l, false)), N("priority", p % 4),
			T("ref", value_new(l, false)), T("success", value_new(l, false)),
			T("status", p == 4 ? "done" : "open"));
	}
	OP(x, "responder.new", T("name", value_new(l, false)), T("role", "IC"), N("joined_at", SAMPLE_T0));
	OP(x, "responder.new", T("name", value_new(l, false)), T("role", "LEAD"), N("joined_at", SAMPLE_T0));
	for (int i = 0; i < 3; i++) {
		uuid e = sample_event(
			x, SAMPLE_T0 + i * USEC_SEC, "note", NULL, value_new(l, false), value_new(l, false));
		sample_detail(x, e, 1, value_new(l, false));
		sample_detail(x, e, 2, value_new(l, false));
		if (i == 2)
			sample_op(x, "event.set", e,
				(const struct sample_field[]){
					N("struck", 1), T("why", value_new(l, false)), { NULL, NULL, 0 } });
	}
}

/* Milestones a minute apart, from ten minutes on. */
static void put_milestones(struct sample *x)
{
	for (int m = 0; m < MS_COUNT; m++)
		sample_event(x, SAMPLE_T0 + (10 + m) * USEC_MIN, "milestone", milestone_name(m), "sam", "reached");
}

void full_incident(struct sample *x, const struct catalogue *cat, struct values *l)
{
	sample_begin(x);
	sample_incident(x, "INC-2026-0001", value_new(l, false), 2, "UTC", SAMPLE_T0 + 10 * USEC_MIN);
	sample_policy(x, 2);
	put_milestones(x);
	put_things(x, l);
	put_catalogue(x, cat, l);
	put_records(x, l);
	sample_commit(x);
}
