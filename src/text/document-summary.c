/* document-summary.c - the summary's first draft: sentences about what the log knows, and none about what it does
 * not. Each is plain text; the template escapes it as a whole. */
#include <string.h>

#include "text/document-impl.h"

#define ARROW "\xe2\x86\x92" /* → */

static bool has(const struct document *d, int m)
{
	return d->i.ms.at[m] != USEC_NONE;
}

static void say(json_t *list, struct str *b)
{
	if (b->len) {
		str_addc(b, '.');
		json_array_append_new(list, doc_take(b));
	}
	str_reset(b);
}

static void add_time(struct str *b, const struct document *d, int m)
{
	str_adds(b, d->i.ms.approx_s[m] ? "about " : "");
	when_fmt_full(b, d->i.ms.at[m], d->zone);
}

/* " 2m18s later"; between approximate times, " 2m–6m later". Nothing that runs backwards. */
static bool add_later(struct str *b, const struct document *d, int from, int to, const char *tail)
{
	struct span s = span_between(&d->i.ms, from, to);

	if (!s.known || s.low < 0)
		return false;
	str_addc(b, ' ');
	if (s.high == 0)
		str_adds(b, "at once");
	else
		span_fmt(b, &s);
	str_adds(b, s.high == 0 ? "" : tail);
	return true;
}

static void say_start(const struct document *d, json_t *list)
{
	struct str b = STR_INIT;

	if (has(d, MS_STARTED)) {
		str_adds(&b, "The impact began at ");
		add_time(&b, d, MS_STARTED);
	}
	if (has(d, MS_DETECTED)) {
		str_adds(&b, b.len ? " and was detected" : "It was detected");
		if (!add_later(&b, d, MS_STARTED, MS_DETECTED, " later")) {
			str_adds(&b, " at ");
			add_time(&b, d, MS_DETECTED);
		}
	}
	say(list, &b);
	if (has(d, MS_ACKNOWLEDGED)) {
		str_adds(&b, "It was acknowledged");
		if (!add_later(&b, d, MS_DETECTED, MS_ACKNOWLEDGED, " after detection")) {
			str_adds(&b, " at ");
			add_time(&b, d, MS_ACKNOWLEDGED);
		}
	}
	say(list, &b);
}

static void add_severity(struct str *b, const struct document *d, int severity)
{
	severity_fmt(b, severity, d->policy.scheme);
}

static void say_severity(const struct document *d, json_t *list)
{
	struct str b = STR_INIT;
	size_t n = d->steps.n;

	if (n > 1) {
		str_adds(&b, "The severity went ");
		for (size_t k = 0; k < n; k++) {
			str_adds(&b, k ? " " ARROW " " : "");
			add_severity(&b, d, d->steps.v[k].severity);
		}
	} else if (d->i.severity != SEV_UNKNOWN) {
		str_adds(&b, "The severity was ");
		add_severity(&b, d, d->i.severity);
		str_adds(&b, " throughout");
	}
	say(list, &b);
}

static size_t people(const struct responders *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		bool first = true;
		for (size_t k = 0; k < i; k++)
			first = first && !str_eq(l->v[k].name, l->v[i].name);
		n += first;
	}
	return n;
}

static void say_people(const struct document *d, json_t *list)
{
	struct str b = STR_INIT;
	const char *ic = json_string_value(json_object_get(d->root, "commander"));
	size_t n = people(&d->responders);

	if (ic)
		str_addf(&b, "Incident Commander: %s", ic);
	if (ic && n > 1)
		str_addf(&b, ", of %zu responders", n);
	else if (!ic && n)
		str_addf(&b, "%zu responder%s took part", n, n == 1 ? "" : "s");
	say(list, &b);
}

static void say_cause(const struct document *d, json_t *list)
{
	struct str b = STR_INIT;

	for (size_t i = 0; i < d->hypotheses.n; i++) {
		const struct hypothesis *h = &d->hypotheses.v[i];
		if (!str_eq(h->status, hypothesis_status[2]) || !h->text)
			continue;
		str_addf(&b, "Confirmed as a cause: %s", h->text);
		while (b.len && strchr(" .\t\n", b.s[b.len - 1]))
			str_cut(&b, b.len - 1);
		say(list, &b);
	}
}

static void say_end(const struct document *d, json_t *list)
{
	static const struct {
		int m;
		const char *words;
	} end[] = {
		{ MS_MITIGATED, "Users saw no problem any more from " },
		{ MS_RESOLVED, "It was resolved at " },
	};
	struct str b = STR_INIT;

	for (size_t i = 0; i < 2; i++) {
		if (!has(d, end[i].m))
			continue;
		str_adds(&b, end[i].words);
		add_time(&b, d, end[i].m);
		str_adds(&b, i ? "" : " on");
		if (has(d, MS_STARTED))
			str_addc(&b, ',');
		if (!add_later(&b, d, MS_STARTED, end[i].m, " after the start") && has(d, MS_STARTED))
			str_cut(&b, b.len - 1);
		say(list, &b);
	}
	if (!has(d, MS_RESOLVED) && d->i.ms.status != MS_NONE && !status_is_closed(d->i.ms.status)) {
		str_addf(&b, "At the last event, ");
		when_fmt_full(&b, d->last, d->zone);
		str_addf(&b, ", its status was %s", status_name(d->i.ms.status));
		say(list, &b);
	}
}

void doc_summary(struct document *d)
{
	json_t *list = json_array();

	say_start(d, list);
	say_severity(d, list);
	say_people(d, list);
	say_cause(d, list);
	say_end(d, list);
	doc_put(d->root, "has_draft", json_boolean(json_array_size(list) > 0));
	doc_put(d->root, "draft", list);
}
