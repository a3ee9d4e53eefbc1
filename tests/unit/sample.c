#include "sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "text/document.h"

#define OP(x, kind, entity, ...)                                                                                       \
	sample_op(x, kind, entity, (const struct sample_field[]){ __VA_ARGS__, { NULL, NULL, 0 } })
#define TEXT(name, text)                                                                                               \
	{                                                                                                              \
		name, text, 0                                                                                          \
	}
#define INT(name, number)                                                                                              \
	{                                                                                                              \
		name, NULL, number                                                                                     \
	}

void sample_open(struct sample *x)
{
	struct err err = { .status = ST_OK };

	snprintf(x->dir, sizeof x->dir, "/tmp/tplus-sample-XXXXXX");
	assert_non_null(mkdtemp(x->dir));
	snprintf(x->path, sizeof x->path, "%s/tplus.db", x->dir);
	clock_fixed(&x->clock, SAMPLE_T0);
	if (store_open(&x->s, &(struct store_opts){ .path = x->path, .mode = STORE_WRITE, .clock = &x->clock }, &err) !=
		ST_OK)
		fail_msg("%s", err.text);
}

void sample_close(struct sample *x)
{
	char *command = str_fmt("rm -rf '%s'", x->dir);

	store_close(x->s);
	assert_int_equal(system(command), 0);
	free(command);
}

char *sample_path(const struct sample *x, const char *name)
{
	return str_fmt("%s/%s", x->dir, name);
}

void sample_begin(struct sample *x)
{
	struct err err = { .status = ST_OK };

	if (tx_begin(x->s, &(struct tx_opts){ .author = "mara", .zone = "UTC", .grp = uuid_new() }, &err) != ST_OK)
		fail_msg("%s", err.text);
	if (!uuid_is_zero(x->incident))
		assert_int_equal(tx_incident(x->s, x->incident, NULL, &err), ST_OK);
}

void sample_commit(struct sample *x)
{
	struct err err = { .status = ST_OK };

	if (tx_commit(x->s, &err) != ST_OK)
		fail_msg("%s", err.text);
}

void sample_op(struct sample *x, const char *kind, uuid entity, const struct sample_field *f)
{
	struct fields all = { 0 };
	struct err err = { .status = ST_OK };

	for (; f->name; f++) {
		if (f->text)
			fields_text(&all, f->name, f->text);
		else
			fields_int(&all, f->name, f->number);
	}
	if (tx_op(x->s, kind, entity, &all, &err) != ST_OK)
		fail_msg("%s: %s", kind, err.text);
}

uuid sample_incident(
	struct sample *x, const char *id, const char *title, int severity, const char *zone, usec opened_at)
{
	struct err err = { .status = ST_OK };

	x->incident = uuid_new();
	assert_int_equal(tx_incident(x->s, x->incident, NULL, &err), ST_OK);
	if (severity == SEV_UNKNOWN)
		OP(x, "incident.new", x->incident, TEXT("id", id), TEXT("title", title), TEXT("zone", zone),
			INT("opened_at", opened_at));
	else
		OP(x, "incident.new", x->incident, TEXT("id", id), TEXT("title", title), TEXT("zone", zone),
			INT("opened_at", opened_at), INT("severity", severity), INT("first_severity", severity));
	return x->incident;
}

uuid sample_event(
	struct sample *x, usec at, const char *kind, const char *milestone, const char *actor, const char *text)
{
	uuid id = uuid_new();
	struct sample_field f[8] = { INT("occurred_at", at), TEXT("kind", kind), TEXT("text", text) };
	size_t n = 3;

	if (milestone)
		f[n++] = (struct sample_field)TEXT("milestone", milestone);
	if (actor)
		f[n++] = (struct sample_field)TEXT("actor", actor);
	sample_op(x, "event.new", id, f);
	return id;
}

void sample_detail(struct sample *x, uuid parent, int ord, const char *text)
{
	char hex[33];

	str_hex(hex, parent.b, sizeof parent.b);
	OP(x, "detail.new", uuid_new(), TEXT("parent", hex), INT("ord", ord), TEXT("text", text));
}

void sample_named(struct sample *x, const char *type, const char *name, const char *value)
{
	char *key = str_fmt("%s:%s", type, name), *kind = str_fmt("%s.new", type);

	OP(x, kind, uuid_named(x->incident, key, strlen(key)), TEXT("name", name), TEXT("value", value));
	free(key);
	free(kind);
}

static void put_rule(void *arg, const char *field, const char *value)
{
	fields_text(arg, field, value);
}

void sample_policy(struct sample *x, int severity)
{
	struct policies *all = xcalloc(1, sizeof *all);
	struct err err = { .status = ST_OK };
	struct fields f = { 0 };
	char name[32];

	assert_int_equal(policies_load(NULL, all, &err), ST_OK);
	snprintf(name, sizeof name, "policy:%d", severity);
	fields_int(&f, "severity", severity);
	policy_write(policy_for(all, severity), put_rule, &f);
	assert_int_equal(tx_op(x->s, "policy.new", uuid_named(x->incident, name, strlen(name)), &f, &err), ST_OK);
	free(all);
}

/* ---- a whole incident ---- */

static usec after(int min, int sec)
{
	return SAMPLE_T0 + min * USEC_MIN + sec * USEC_SEC;
}

static void about(struct sample *x, uuid event, uuid subject)
{
	char hex[33];

	str_hex(hex, subject.b, sizeof subject.b);
	OP(x, "event.set", event, TEXT("subject", hex));
}

static void whole_timeline(struct sample *x)
{
	uuid e = sample_event(x, after(0, 0), "milestone", "started", "jane", "first declined charges");

	OP(x, "event.set", e, INT("approx_s", 120));
	sample_event(x, after(2, 18), "milestone", "detected", "sentry", "error rate 31 % | checkout");
	sample_event(x, after(2, 51), "milestone", "acknowledged", "sam", "");
	e = sample_event(x, after(6, 0), "note", NULL, "jane", "pool: 20 of 20 in use");
	sample_detail(x, e, 1, "waiting: 340");
	sample_detail(x, e, 2, "timeout: 10 s");
	e = sample_event(x, after(7, 0), "note", NULL, "bob", "status page says all is well");
	OP(x, "event.set", e, INT("struck", 1), TEXT("why", "wrong page"));
	e = sample_event(x, after(8, 0), "severity", NULL, "sam", "SEV-2 \xe2\x86\x92 SEV-1: every third payment");
	OP(x, "event.set", e, INT("severity", 1), TEXT("why", "every third payment"));
	OP(x, "incident.set", x->incident, INT("severity", 1));
	sample_event(x, after(12, 0), "update", NULL, "bob", "We are working on it");
	sample_event(x, after(13, 0), "milestone", "mitigating", "jane", "rolling back");
	sample_event(x, after(20, 0), "milestone", "mitigated", "sentry", "error rate normal");
	sample_event(x, after(600, 0), "milestone", "resolved", "sam", "quiet over night");
	sample_event(x, after(601, 0), "finding", NULL, NULL, "the alert was fast");
}

static void whole_things(struct sample *x)
{
	uuid h[2] = { uuid_new(), uuid_new() };
	uuid finding = uuid_new();

	OP(x, "responder.new", uuid_new(), TEXT("name", "sam"), TEXT("role", "IC"), INT("joined_at", after(3, 0)));
	OP(x, "responder.new", uuid_new(), TEXT("name", "jane"), TEXT("role", "OPS"), INT("joined_at", after(5, 0)),
		INT("left_at", after(30, 0)));
	OP(x, "hypothesis.new", h[0], TEXT("number", "H-1"), TEXT("text", "the gateway is down"),
		TEXT("status", "ruled out"), TEXT("why", "others are fine"), INT("raised_at", after(4, 0)));
	OP(x, "hypothesis.new", h[1], TEXT("number", "H-2"), TEXT("text", "pool exhausted"),
		TEXT("status", "confirmed"), INT("raised_at", after(5, 30)));
	about(x, sample_event(x, after(5, 30), "hypothesis", NULL, "jane", "pool exhausted"), h[1]);
	OP(x, "ask.new", uuid_new(), TEXT("number", "ASK-1"), TEXT("whom", "bob"), TEXT("text", "how many orders"),
		TEXT("status", "answered"), TEXT("answer", "about 1,900"), INT("asked_at", after(9, 0)),
		INT("due_at", after(14, 0)), INT("answered_at", after(15, 0)));
	OP(x, "action.new", uuid_new(), TEXT("number", "AI-1"), TEXT("text", "alert on pool saturation"),
		TEXT("owner", "jane"), TEXT("due", "2026-02-12"), INT("priority", 0), TEXT("status", "open"),
		INT("created_at", after(25, 0)));
	OP(x, "action.new", uuid_new(), TEXT("number", "AI-2"), TEXT("text", "write the runbook"),
		INT("created_at", after(26, 0)));
	OP(x, "finding.new", finding, TEXT("list", "went well"), TEXT("text", "the alert was fast"),
		INT("said_at", after(601, 0)));
	sample_detail(x, finding, 1, "before any customer");
}

void sample_whole(struct sample *x)
{
	sample_begin(x);
	sample_incident(x, "INC-2026-0007", "Checkout 5xx after v2.1.0", 2, "UTC", after(3, 0));
	sample_policy(x, 2);
	sample_policy(x, 1);
	whole_timeline(x);
	whole_things(x);
	sample_named(x, "field", "impact.users", "4,000 of 12,000");
	sample_named(x, "field", "cost.estimate", "150.00 USD");
	sample_named(x, "section", "root-cause", "Retries **leak** connections.\n");
	sample_named(x, "section", "luck", "It was a quiet day.");
	sample_commit(x);
}

struct str sample_render(struct sample *x, const char *config_dir, const char *template)
{
	struct str out = STR_INIT;
	struct err err = { .status = ST_OK };
	struct document *d;

	if (document_load(x->s, x->incident, &(struct document_opts){ .version = "0.1" }, &d, &err) != ST_OK ||
		document_markdown(d, config_dir, template, mst_sink_str(&out), &err) != ST_OK)
		fail_msg("%s", err.text);
	document_free(d);
	return out;
}
