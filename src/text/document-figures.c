/* document-figures.c - what is computed from the log: milestones, spans, targets, budgets, the severity ledger,
 * the duration. An unknown end is never filled in: what still runs is measured to the last event and says so, and
 * anything else is null. */
#include <stdlib.h>
#include <string.h>

#include "model/budget.h"
#include "text/document-impl.h"

#define ARROW "\xe2\x86\x92" /* → */
#define EN_DASH "\xe2\x80\x93" /* – */

static void put_flag(json_t *o, const char *name, bool yes)
{
	doc_put(o, name, json_boolean(yes));
}

static json_t *doc_exact(usec t)
{
	struct str b = STR_INIT;

	dur_fmt_exact(&b, t);
	return doc_take(&b);
}

static json_t *span_text(const struct span *s)
{
	struct str b = STR_INIT;

	if (!s->known)
		return json_null();
	span_fmt(&b, s);
	return doc_take(&b);
}

static json_t *ends(int from, int to)
{
	struct str b = STR_INIT;

	str_addf(&b, "%s" ARROW "%s", milestone_name(from), milestone_name(to));
	return doc_take(&b);
}

/* How long it took; while the end is missing and can still come, how long it has been going on (*runs). */
static struct span measured(const struct document *d, int from, int to, bool *runs)
{
	const struct milestones *ms = &d->i.ms;
	struct span s = span_between(ms, from, to);

	*runs = !s.known && ms->at[from] != USEC_NONE && !status_is_closed(ms->status);
	if (*runs) {
		usec slack = ms->approx_s[from] * USEC_SEC;
		s.exact = d->last - ms->at[from];
		s.low = s.exact - slack;
		s.high = s.exact + slack;
		s.known = true;
	}
	return s;
}

/* ---- milestones and spans ---- */

/* Those whose absence is a question to the author; others may rightly not have happened. */
static bool is_missed(int m)
{
	return m == MS_STARTED || m == MS_DETECTED || m == MS_ACKNOWLEDGED || m == MS_MITIGATED || m == MS_RESOLVED;
}

static void put_milestones(struct document *d)
{
	const struct milestones *ms = &d->i.ms;
	json_t *list = json_array(), *by_name = json_object();
	size_t reached = 0;

	for (int m = 0; m < MS_COUNT; m++)
		reached += ms->at[m] != USEC_NONE;
	for (int m = 0; m < MS_COUNT; m++) {
		bool known = ms->at[m] != USEC_NONE;
		struct span since = span_between(ms, MS_STARTED, m);
		char *title = doc_title(milestone_name(m));
		json_t *o = json_object();
		doc_puts(o, "name", milestone_name(m));
		doc_puts(o, "title", title);
		doc_put(o, "time", doc_time(d, ms->at[m], ms->approx_s[m]));
		doc_put(o, "since", m == MS_STARTED && known ? json_string("start") : span_text(&since));
		if (known)
			json_object_set_nocheck(by_name, milestone_name(m), o);
		if (known || (reached && is_missed(m)))
			json_array_append(list, o);
		json_decref(o);
		free(title);
	}
	doc_put(d->root, "milestones", list);
	doc_put(d->root, "milestone", by_name);
}

static json_t *span_value(const struct span *s)
{
	struct str b = STR_INIT;
	json_t *o = json_object();

	doc_put(o, "ends", ends(s->from, s->to));
	doc_put(o, "text", span_text(s));
	dur_fmt_words(&b, s->exact);
	doc_put(o, "words", doc_take(&b));
	doc_put(o, "seconds", json_integer(s->exact / USEC_SEC));
	put_flag(o, "negative", s->exact < 0);
	put_flag(o, "running", false);
	return o;
}

/* span.detected.acknowledged */
static void put_spans(struct document *d)
{
	struct span all[MS_COUNT * (MS_COUNT - 1) / 2];
	size_t n = span_all(&d->i.ms, all);
	json_t *list = json_array(), *by_name = json_object();

	for (size_t k = 0; k < n; k++) {
		const char *from = milestone_name(all[k].from);
		json_t *tos = json_object_get(by_name, from), *o = span_value(&all[k]);
		if (!tos)
			doc_put(by_name, from, tos = json_object());
		doc_put(tos, milestone_name(all[k].to), o);
		json_array_append(list, o);
	}
	doc_put(d->root, "spans", list);
	doc_put(d->root, "span", by_name);
}

/* ---- the duration ---- */

/* From the first of these that is known to the furthest end that is; while there is none, to the last event. */
static void put_duration(struct document *d)
{
	static const int from[] = { MS_STARTED, MS_DETECTED }, to[] = { MS_RESOLVED, MS_MITIGATED, MS_CLOSED };
	const struct milestones *ms = &d->i.ms;
	struct span s = { .known = false };

	for (size_t i = 0; i < 2 && !s.known; i++)
		for (size_t k = 0; k < 3 && !s.known; k++)
			s = span_between(ms, from[i], to[k]);
	if (s.known) {
		doc_put(d->root, "duration", span_value(&s));
		return;
	}
	int start = ms->at[MS_STARTED] != USEC_NONE ? MS_STARTED : MS_DETECTED;
	if (ms->at[start] == USEC_NONE) {
		doc_put(d->root, "duration", json_null());
		return;
	}
	bool runs;
	s = measured(d, start, MS_RESOLVED, &runs);
	json_t *o = span_value(&s);
	struct str b = STR_INIT;
	str_addf(&b, "%s" ARROW "last event", milestone_name(start));
	doc_put(o, "ends", doc_take(&b));
	put_flag(o, "running", true);
	doc_put(d->root, "duration", o);
}

/* ---- targets and budgets ---- */

static const char *verdict(const struct span *s, bool runs, usec limit)
{
	if (!s->known)
		return "unknown";
	if (runs)
		return s->low > limit ? "breached" : "running";
	if (s->exact < 0)
		return "unclear";
	if (s->high <= limit)
		return "met";
	return s->low > limit ? "missed" : "unclear";
}

static void put_targets(struct document *d)
{
	static const char *const words[] = { "met", "missed", "breached", "running", "unclear", "unknown" };
	json_t *list = json_array();

	for (size_t k = 0; k < d->policy.targets; k++) {
		const struct target_rule *t = &d->policy.target[k];
		bool runs;
		struct span s = measured(d, t->from, t->to, &runs);
		const char *result = verdict(&s, runs, t->limit);
		json_t *o = json_object();
		struct str b = STR_INIT;
		doc_puts(o, "name", t->name);
		doc_put(o, "ends", ends(t->from, t->to));
		dur_fmt_exact(&b, t->limit);
		doc_put(o, "limit", doc_take(&b));
		doc_put(o, "measured", span_text(&s));
		doc_puts(o, "result", result);
		for (size_t i = 0; i < sizeof words / sizeof *words; i++)
			put_flag(o, words[i], strcmp(result, words[i]) == 0);
		json_array_append_new(list, o);
	}
	doc_put(d->root, "targets", list);
}

/* 27.8, 33; of part in whole, rounded to a tenth. */
static void add_percent(struct str *b, usec part, usec whole)
{
	double tenths = (double)part * 1000 / (double)whole;
	long long n = (long long)(tenths + (tenths < 0 ? -0.5 : 0.5));

	str_addf(b, "%s%lld", n < 0 ? "-" : "", llabs(n) / 10);
	if (n % 10)
		str_addf(b, ".%lld", llabs(n) % 10);
}

static json_t *percent(const struct span *s, usec whole)
{
	struct str b = STR_INIT;

	if (!s->known || whole <= 0)
		return json_null();
	add_percent(&b, s->low, whole);
	if (s->low != s->high) {
		str_adds(&b, EN_DASH);
		add_percent(&b, s->high, whole);
	}
	str_adds(&b, " %");
	return doc_take(&b);
}

static json_t *remaining(const struct span *s, usec budget)
{
	struct str b = STR_INIT;

	if (!s->known)
		return json_null();
	struct span left = {
		.exact = budget - s->exact, .low = budget - s->high, .high = budget - s->low, .known = true
	};
	if (left.high < 0) {
		str_adds(&b, "none, overspent by ");
		left = (struct span){ .exact = -left.exact, .low = -left.high, .high = -left.low, .known = true };
	}
	dur_fmt_exact(&b, left.low);
	if (left.low != left.high) {
		str_adds(&b, EN_DASH);
		dur_fmt_exact(&b, left.high);
	}
	return doc_take(&b);
}

static json_t *objective(const struct slo_rule *s)
{
	struct str b = STR_INIT;

	str_addf(&b, "%lld", (long long)(s->target_ppm / 10000));
	if (s->target_ppm % 10000) {
		str_addf(&b, ".%04lld", (long long)(s->target_ppm % 10000));
		while (b.s[b.len - 1] == '0')
			str_cut(&b, b.len - 1);
	}
	str_adds(&b, " % over ");
	dur_fmt_exact(&b, s->window);
	return doc_take(&b);
}

/* What other incidents of the window spent, as "tplus budget" or the end of the incident noted it in this journal;
 * where it did not, what remains is of a window with this incident alone. */
static usec noted_earlier(const struct document *d, size_t slo)
{
	struct str name = STR_INIT;
	usec t = USEC_NONE;

	budget_field(&d->policy, slo, &name);
	for (size_t i = 0; i < d->fields.n; i++)
		if (str_eq(d->fields.v[i].name, name.s) && !budget_field_read(d->fields.v[i].value, &t))
			t = USEC_NONE;
	str_free(&name);
	return t;
}

static void put_budgets(struct document *d)
{
	json_t *list = json_array();

	for (size_t k = 0; k < d->policy.slos; k++) {
		const struct slo_rule *r = &d->policy.slo[k];
		bool runs;
		struct span s = measured(d, r->from, r->to, &runs);
		usec earlier = noted_earlier(d, k);
		struct str b = STR_INIT;
		json_t *o = json_object();
		if (s.known && s.exact < 0) /* out of order: no figure of it means anything */
			s.known = false;
		if (s.known && s.low < 0)
			s.low = 0;
		doc_puts(o, "name", r->name);
		doc_put(o, "objective", objective(r));
		doc_put(o, "ends", ends(r->from, r->to));
		dur_fmt_exact(&b, slo_budget(r));
		doc_put(o, "budget", doc_take(&b));
		doc_put(o, "spent", span_text(&s));
		doc_put(o, "percent", percent(&s, slo_budget(r)));
		doc_put(o, "earlier", earlier == USEC_NONE ? json_null() : doc_exact(earlier));
		doc_put(o, "remaining", remaining(&s, slo_budget(r) - (earlier == USEC_NONE ? 0 : earlier)));
		put_flag(o, "running", runs);
		json_array_append_new(list, o);
	}
	doc_put(d->root, "budgets", list);
}

/* ---- the severity ledger ---- */

/* What was promised at a severity: "ack 5m, mitigate 30m, resolve 4h, update 30m". */
static json_t *limits(const struct document *d, int severity)
{
	struct policy p;
	struct str b = STR_INIT;

	if (q_policy(d->s, d->i.entity, severity, &p, NULL) != ST_OK)
		return json_null();
	for (size_t i = 0; i < p.targets; i++) {
		str_addf(&b, "%s%s ", i ? ", " : "", p.target[i].name);
		dur_fmt_exact(&b, p.target[i].limit);
	}
	if (p.update_every) {
		str_adds(&b, b.len ? ", update " : "update ");
		dur_fmt_exact(&b, p.update_every);
	}
	return doc_take(&b);
}

/* How long it was at each severity it had, the worst first. */
static void put_severity_totals(struct document *d, usec end)
{
	json_t *list = json_array();

	for (int sev = 0; sev < SEV_COUNT; sev++) {
		usec total = severity_total(&d->steps, sev, end);
		if (total == USEC_NONE)
			continue;
		json_t *o = json_object();
		doc_put(o, "severity", doc_severity(d, sev));
		doc_put(o, "time", doc_duration(total));
		doc_put(o, "limits", limits(d, sev));
		json_array_append_new(list, o);
	}
	doc_put(d->root, "severity_totals", list);
}

static void put_severities(struct document *d)
{
	json_t *list = json_array();
	usec closed = d->i.ms.at[MS_CLOSED], end = closed != USEC_NONE ? closed : d->last;

	for (size_t k = 0; k < d->steps.n; k++) {
		const struct severity_step *p = &d->steps.v[k];
		bool is_last = k + 1 == d->steps.n;
		usec to = is_last ? end : d->steps.v[k + 1].at;
		if (!is_last && to <= p->at) /* it was changed as of before it began */
			continue;
		json_t *o = json_object();
		doc_put(o, "severity", doc_severity(d, p->severity));
		doc_put(o, "from", doc_time(d, p->at, 0));
		doc_put(o, "to", is_last && closed == USEC_NONE ? json_null() : doc_time(d, to, 0));
		doc_put(o, "time", to > p->at ? doc_duration(to - p->at) : json_null());
		doc_puts(o, "why", p->why);
		doc_puts(o, "by", p->author);
		doc_put(o, "limits", limits(d, p->severity));
		put_flag(o, "opening", k == 0);
		json_array_append_new(list, o);
	}
	doc_put(d->root, "severities", list);
	put_severity_totals(d, end);
	put_flag(d->root, "severity_changed", d->steps.n > 1);
}

void doc_figures(struct document *d)
{
	put_milestones(d);
	put_spans(d);
	put_duration(d);
	put_targets(d);
	put_budgets(d);
	put_severities(d);
}
