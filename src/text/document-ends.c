/* document-ends.c - the figures of each of the five documents, measured between its own ends, and values that the log
 * itself tells. An unknown end gives null, never 0. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/budget.h"
#include "model/figure.h"
#include "text/document-impl.h"

static const char *const documents[] = { "classic", "sev", "analysis", "slo", "detailed" };
enum { DOCUMENTS = sizeof documents / sizeof *documents };

static struct span span_of(const struct document *d, struct ends e)
{
	struct span none = { .known = false };

	return e.from == MS_NONE || e.to == MS_NONE ? none : span_between(&d->i.ms, e.from, e.to);
}

/* Minutes with at most one decimal. */
static json_t *minutes(usec t)
{
	struct str b = STR_INIT;

	figure_percent(&b, t, 100 * USEC_MIN); /* tenths of it */
	return doc_take(&b);
}

/* {text, words, minutes, seconds, negative, ends, from, to}; null when an end is unknown. */
static json_t *span_value(const struct document *d, struct ends e)
{
	struct span s = span_of(d, e);
	struct str text = STR_INIT, words = STR_INIT, between = STR_INIT;

	if (!s.known)
		return json_null();
	json_t *o = json_object();
	span_fmt(&text, &s);
	dur_fmt_words(&words, s.exact);
	str_addf(&between, "%s\xe2\x86\x92%s", milestone_name(e.from), milestone_name(e.to));
	doc_put(o, "text", doc_take(&text));
	doc_put(o, "words", doc_take(&words));
	doc_put(o, "minutes", minutes(s.exact));
	doc_put(o, "seconds", json_integer(s.exact / USEC_SEC));
	doc_put(o, "negative", json_boolean(s.exact < 0));
	doc_put(o, "ends", doc_take(&between));
	doc_put(o, "from", doc_time(d, d->i.ms.at[e.from], d->i.ms.approx_s[e.from]));
	doc_put(o, "to", doc_time(d, d->i.ms.at[e.to], d->i.ms.approx_s[e.to]));
	return o;
}

/* ---- budgets ---- */

static usec earlier_of(const struct document *d, size_t slo)
{
	struct str name = STR_INIT;
	usec t = 0, stamped;

	budget_field(&d->policy, slo, &name);
	for (size_t i = 0; i < d->fields.n; i++)
		if (str_eq(d->fields.v[i].name, name.s) && budget_field_read(d->fields.v[i].value, &stamped))
			t = stamped;
	str_free(&name);
	return t;
}

static json_t *percent(usec part, usec whole)
{
	struct str b = STR_INIT;

	figure_percent(&b, part, whole);
	return doc_take(&b);
}

static void put_target(json_t *o, const struct slo_rule *r)
{
	struct str b = STR_INIT;

	figure_percent(&b, 1000000 - r->target_ppm, 1000000);
	doc_put(o, "share", doc_take(&b));
	doc_puts(o, "name", r->name);
	dur_fmt_exact(&b, slo_budget(r));
	doc_put(o, "budget", doc_take(&b));
	doc_put(o, "budget_minutes", minutes(slo_budget(r)));
}

/* {name, budget, budget_minutes, share, spent, spent_minutes, percent, remaining, remaining_minutes, remaining_percent,
 * overspent, earlier}; the figures are null while what was spent is unknown. */
static json_t *budget_value(const struct document *d, size_t slo, struct ends e)
{
	const struct slo_rule *r = &d->policy.slo[slo];
	json_t *o = json_object();
	struct ends own = { r->from, r->to };
	struct span s = span_of(d, e.from == MS_NONE ? own : e);
	bool known = s.known && s.exact >= 0;
	usec earlier = earlier_of(d, slo), left = known ? slo_budget(r) - earlier - s.exact : 0;
	struct str text = STR_INIT, rest = STR_INIT, before = STR_INIT;

	put_target(o, r);
	if (known) {
		span_fmt(&text, &s);
		dur_fmt_exact(&rest, left < 0 ? -left : left);
	}
	if (earlier)
		dur_fmt_exact(&before, earlier);
	doc_put(o, "earlier", doc_take(&before));
	doc_put(o, "spent", doc_take(&text));
	doc_put(o, "spent_minutes", known ? minutes(s.exact) : json_null());
	doc_put(o, "percent", known ? percent(s.exact, slo_budget(r)) : json_null());
	doc_put(o, "remaining", doc_take(&rest));
	doc_put(o, "remaining_minutes", known ? minutes(left) : json_null());
	doc_put(o, "remaining_percent", known ? percent(left, slo_budget(r)) : json_null());
	doc_put(o, "overspent", json_boolean(known && left < 0));
	return o;
}

/* ---- key metrics ---- */

struct keys {
	struct key_metric *v;
	size_t n, cap;
};

static void add_key(struct keys *l, char *key, char *value)
{
	l->v = xgrow(l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = (struct key_metric){ key, value };
}

static void add_record(struct keys *l, const struct record *r)
{
	static const struct {
		const char *attr, *suffix;
	} parts[] = { { "before", "normal" }, { "during", "peak" }, { "after", "after" } };
	const char *name = record_get(r, "name"), *service = record_get(r, "service");

	for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
		struct measure m = measure_of(record_get(r, parts[k].attr), record_get(r, "unit"));
		const char *suffix = k == 1 && metric_rises(name) ? "low" : parts[k].suffix;
		if (m.known)
			add_key(l, key_metric_name(name, service, suffix, m.unit), key_metric_value(&m));
	}
}

static json_t *key_metrics(const struct document *d, struct ends e)
{
	struct keys l = { 0 };
	struct str b = STR_INIT;

	for (size_t i = 0; i < d->records.n; i++)
		if (str_eq(d->records.v[i].type, "metric"))
			add_record(&l, &d->records.v[i]);
	for (size_t i = 0; i < d->fields.n; i++) {
		struct measure m = measure_of(d->fields.v[i].value, NULL);
		if (str_eq(d->fields.v[i].name, "impact.requests-failed") && m.known)
			add_key(&l, xstrdup("requests_failed"), key_metric_value(&m));
	}
	key_metrics_fmt(&b, &d->i.ms, e, l.v, l.n);
	for (size_t i = 0; i < l.n; i++) {
		free(l.v[i].key);
		free(l.v[i].value);
	}
	free(l.v);
	return doc_take(&b);
}

/* ---- all of them ---- */

/* figures.slo.duration, .total, .budgets, .key_metrics, .severity */
void doc_ends(struct document *d)
{
	json_t *all = json_object();

	for (size_t i = 0; i < DOCUMENTS; i++) {
		const struct document_ends *e = document_ends(documents[i]);
		json_t *o = json_object(), *budgets = json_array();
		struct str severity = STR_INIT;
		for (size_t k = 0; k < d->policy.slos; k++)
			json_array_append_new(budgets, budget_value(d, k, e->budget));
		figure_severity(&severity, documents[i], d->i.severity, d->policy.scheme);
		doc_put(o, "duration", span_value(d, e->duration));
		doc_put(o, "total", span_value(d, e->total));
		doc_put(o, "budgets", budgets);
		doc_put(o, "key_metrics", key_metrics(d, e->duration));
		doc_put(o, "severity", doc_take(&severity));
		doc_put(all, documents[i], o);
	}
	doc_put(d->root, "figures", all);
}

/* ---- values the log tells ---- */

static char *text_at(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? xstrdup(s) : NULL;
}

static char *actor_of(const struct document *d, int milestone)
{
	char *who = NULL;

	return q_milestone_actor(d->s, d->i.entity, milestone, &who, NULL) == ST_OK ? who : NULL;
}

static char *holder_of(const struct document *d, const char *role)
{
	struct str b = STR_INIT;

	for (size_t i = 0; i < d->responders.n; i++)
		if (d->responders.v[i].role && str_ieq(d->responders.v[i].role, role))
			str_addf(&b, "%s%s", b.len ? ", then " : "", d->responders.v[i].name);
	return b.len ? str_take(&b) : NULL;
}

static char *time_text(const struct document *d, int milestone)
{
	json_t *t = doc_time(d, d->i.ms.at[milestone], d->i.ms.approx_s[milestone]);
	char *s = text_at(t, "full");

	json_decref(t);
	return s;
}

static char *figure_text(const struct document *d, const char *template, const char *name)
{
	const json_t *figures = json_object_get(json_object_get(d->root, "figures"), template ? template : "");
	const json_t *o = figures ? json_object_get(figures, name) : json_object_get(d->root, name);

	return text_at(o, "text");
}

static char *budget_text(const struct document *d, const char *template, const char *name)
{
	const json_t *figures = json_object_get(json_object_get(d->root, "figures"), template ? template : "");
	const json_t *budgets = json_object_get(figures ? figures : d->root, "budgets");

	return text_at(json_array_get(budgets, 0), name);
}

char *doc_source(const struct document *d, const struct field_def *f, const char *template)
{
	struct str b = STR_INIT;
	struct span s;

	switch (f->source) {
	case SOURCE_SPAN:
		s = span_between(&d->i.ms, f->from, f->to);
		if (!s.known)
			return NULL;
		span_fmt(&b, &s);
		return str_take(&b);
	case SOURCE_MILESTONE: return time_text(d, f->from);
	case SOURCE_ACTOR: return actor_of(d, f->from);
	case SOURCE_ROLE: return holder_of(d, f->source_arg);
	case SOURCE_DURATION: return figure_text(d, template, "duration");
	case SOURCE_TOTAL: return figure_text(d, template, "total");
	case SOURCE_BUDGET_SPENT: return budget_text(d, template, "spent");
	case SOURCE_BUDGET_PERCENT: return budget_text(d, template, "percent");
	case SOURCE_BUDGET_REMAINING: return budget_text(d, template, "remaining");
	case SOURCE_ID: return text_at(d->root, "id");
	case SOURCE_TITLE: return text_at(d->root, "title");
	case SOURCE_DATE: return text_at(d->root, "date");
	case SOURCE_SEVERITY: return text_at(d->root, "severity");
	case SOURCE_STATUS: return text_at(d->root, "status");
	case SOURCE_RESPONDERS: return text_at(d->root, "responder_names");
	default: return NULL;
	}
}

char *document_value(const struct document *d, const struct field_def *f, const char *template, bool *from_log)
{
	*from_log = false;
	for (size_t i = 0; i < d->fields.n && !f->computed; i++)
		if (str_eq(d->fields.v[i].name, f->name) && d->fields.v[i].value[0])
			return xstrdup(d->fields.v[i].value);
	char *value = doc_source(d, f, template);
	*from_log = value != NULL;
	return value;
}
