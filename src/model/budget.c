/* budget.c - see budget.h. */
#include "model/budget.h"

#include <stdlib.h>

#include "base/when.h"

void budget_field(const struct policy *p, size_t i, struct str *out)
{
	str_adds(out, "budget.earlier");
	if (i > 0 && i < POLICY_SLOS)
		str_addf(out, "-%s", p->slo[i].name);
}

bool budget_field_read(const char *value, usec *out)
{
	if (str_eq(value, "0s")) {
		*out = 0;
		return true;
	}
	return dur_parse(value, out, NULL) == ST_OK;
}

static usec stamped(const struct clock_input *in, size_t i)
{
	struct str name = STR_INIT;
	usec t = USEC_NONE;

	budget_field(in->policy, i, &name);
	for (size_t k = 0; in->fields && k < in->fields->n; k++)
		if (str_eq(in->fields->v[k].name, name.s) && !budget_field_read(in->fields->v[k].value, &t))
			t = USEC_NONE;
	str_free(&name);
	return t;
}

static struct span spent(const struct clock_input *in, const struct slo_rule *r, bool *running)
{
	const struct milestones *ms = in->ms;
	struct span s = span_between(ms, r->from, r->to);

	*running = !s.known && ms->at[r->from] != USEC_NONE && ms->at[r->to] == USEC_NONE && !status_is_closed(ms->status);
	if (*running) {
		usec slack = ms->approx_s[r->from] * USEC_SEC;

		s.exact = clock_since(in, ms->at[r->from], &ms->base[r->from]);
		s.low = s.exact - slack;
		s.high = s.exact + slack;
		s.known = true;
	}
	if (s.known && s.exact < 0) /* out of order: no figure of it means anything */
		s.known = false;
	if (s.known && s.low < 0)
		s.low = 0;
	return s;
}

size_t budgets_of(const struct clock_input *in, struct budget out[POLICY_SLOS])
{
	for (size_t i = 0; i < in->policy->slos; i++) {
		struct budget *b = &out[i];
		usec before;

		*b = (struct budget){ .rule = &in->policy->slo[i], .total = slo_budget(&in->policy->slo[i]), .earlier = stamped(in, i) };
		b->spent = spent(in, b->rule, &b->running);
		before = b->earlier == USEC_NONE ? 0 : b->earlier;
		b->left = b->spent;
		b->left.exact = b->left.low = b->left.high = USEC_NONE;
		if (!b->spent.known)
			continue;
		b->left.exact = b->total - before - b->spent.exact;
		b->left.low = b->total - before - b->spent.high;
		b->left.high = b->total - before - b->spent.low;
		if (b->total > 0)
			b->tenths = (int64_t)((double)b->spent.exact * 1000 / (double)b->total + 0.5);
	}
	return in->policy->slos;
}

static int by_from(const void *a, const void *b)
{
	const struct interval *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static usec overlap(struct interval a, struct interval b)
{
	usec from = a.from > b.from ? a.from : b.from, to = a.to < b.to ? a.to : b.to;

	return to > from ? to - from : 0;
}

usec interval_cover(struct interval *v, size_t n, struct interval window, struct interval own)
{
	usec sum = 0, covered = window.from;

	qsort(v, n, sizeof *v, by_from);
	for (size_t i = 0; i < n; i++) {
		struct interval piece = { v[i].from > covered ? v[i].from : covered, v[i].to < window.to ? v[i].to : window.to };

		if (piece.to <= piece.from)
			continue;
		sum += piece.to - piece.from - overlap(piece, own);
		covered = piece.to;
	}
	return sum;
}

usec severity_time(const struct severity_steps *l, size_t i, usec until)
{
	usec to = i + 1 < l->n ? l->v[i + 1].at : until;

	return to > l->v[i].at ? to - l->v[i].at : 0;
}

usec severity_total(const struct severity_steps *l, int severity, usec until)
{
	usec sum = USEC_NONE;

	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].severity == severity)
			sum = (sum == USEC_NONE ? 0 : sum) + severity_time(l, i, until);
	return sum;
}
