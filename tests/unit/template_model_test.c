/* template_model_test.c - the five house documents: headings and tables in the order of their models, prompts for what is unknown, every
 * value in its place. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "everything.h"
#include "seen.h"
#include "text/mojibake.h"
#include "text/outline.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* ---- the models ---- */

static const struct model {
	const char *name, *seed, *headings, *tables;
} models[] = {
	{ "classic", "000",
		"## Executive Summary\n"
		"## Impact\n"
		"## Timeline\n"
		"## Root Cause Analysis\n"
		"### What Happened?\n"
		"### Why Did It Happen?\n"
		"### Contributing Factors\n"
		"## Detection\n"
		"### How Was It Detected?\n"
		"### Could Detection Be Improved?\n"
		"## Response\n"
		"### What Went Well?\n"
		"### What Could Be Improved?\n"
		"## Resolution\n"
		"### Immediate Fix\n"
		"### Permanent Fix\n"
		"## Action Items\n"
		"## Prevention\n"
		"### How to Prevent This in the Future?\n"
		"## Lessons Learned\n"
		"### Technical Lessons\n"
		"### Process Lessons\n"
		"## Related Incidents\n"
		"## Appendices\n"
		"### A. Error Logs\n"
		"### B. Metrics Graphs\n"
		"### C. Database Query\n"
		"## Sign-off\n"
		"## Distribution\n",
		"Time|Event|Action By|\n"
		"Action Item|Owner|Due Date|Status|\n"
		"Action Item|Owner|Due Date|Status|\n" },
	{ "sev", "001",
		"## Executive Summary\n"
		"## Impact Assessment\n"
		"### Users Affected\n"
		"### Service Impact\n"
		"### Business Impact\n"
		"### Duration\n"
		"## Incident Timeline\n"
		"## Root Cause Analysis\n"
		"### The 5 Whys Method\n"
		"### Contributing Factors\n"
		"## What Went Well ✅\n"
		"## What Didn't Go Well ❌\n"
		"## Action Items\n"
		"## Lessons Learned\n"
		"### Process Improvements\n"
		"### Technical Improvements\n"
		"### Cultural Improvements\n"
		"## Follow-Up Plan\n"
		"### Immediate (Week 1)\n"
		"### Short-term (Month 1)\n"
		"### Long-term (Quarter)\n"
		"### Quarterly Review\n"
		"## Related Incidents\n"
		"## Appendix\n"
		"### Useful Links\n"
		"### Metrics Snapshot\n"
		"### Code Changes\n"
		"## Sign-Off\n"
		"## Feedback\n",
		"Time|Event|Actor|\n"
		"Priority|Action Item|Owner|Due Date|Plane Issue|Status|\n"
		"Date|Incident|Relation|Outcome|\n" },
	{ "analysis", "002",
		"## Incident Information\n"
		"## Summary\n"
		"## Timeline\n"
		"## Root Cause\n"
		"## Detection\n"
		"## Impact Analysis\n"
		"### Availability Impact\n"
		"### Latency Impact\n"
		"### Error Rate Impact\n"
		"## Resolution\n"
		"## Lessons Learned\n"
		"### What Went Well\n"
		"### What Went Wrong\n"
		"### What We Learned\n"
		"## Action Items\n"
		"### High Priority (P0)\n"
		"### Medium Priority (P1)\n"
		"### Low Priority (P2)\n"
		"## Prevention\n"
		"## Metrics & Data\n"
		"### Graphs & Charts\n"
		"### Key Metrics\n"
		"## Related Incidents\n"
		"## Sign-off\n",
		"Time (UTC)|Event|Action Taken|\n"
		"Service|Normal Uptime|Incident Uptime|Impact|\n"
		"Endpoint|Normal p95|Incident p95|Increase|\n"
		"Service|Normal Error Rate|Incident Error Rate|\n"
		"ID|Action Item|Owner|Priority|Due Date|Status|\n" },
	{ "slo", "003",
		"## Executive Summary\n"
		"## Incident Details\n"
		"### Severity Classification\n"
		"### Detection\n"
		"## Timeline\n"
		"## Root Cause Analysis\n"
		"### What Happened?\n"
		"### 5 Whys Analysis\n"
		"### Contributing Factors\n"
		"## Impact Assessment\n"
		"### User Impact\n"
		"### Business Impact\n"
		"### SLO Impact\n"
		"## Resolution\n"
		"### Immediate Fix (Applied during incident)\n"
		"### Validation\n"
		"## Action Items\n"
		"## Lessons Learned\n"
		"### What Went Well ✅\n"
		"### What Didn't Go Well ❌\n"
		"### Surprising Findings 🤔\n"
		"## Prevention\n"
		"### Immediate (Already Implemented)\n"
		"### Short-term (This Sprint)\n"
		"### Long-term (Next Quarter)\n"
		"## References\n"
		"## Review & Sign-off\n",
		"Time|Event|Actor|\n" },
	{ "detailed", "004",
		"## Executive Summary\n"
		"## Impact\n"
		"### User Impact\n"
		"### Business Impact\n"
		"### Metrics\n"
		"## Timeline\n"
		"### Detailed Timeline\n"
		"## Root Cause\n"
		"### What Happened\n"
		"### Why It Happened\n"
		"### Why It Wasn't Caught Earlier\n"
		"## Contributing Factors\n"
		"## Detection\n"
		"### How We Detected It\n"
		"### What Worked Well\n"
		"### What Could Be Improved\n"
		"## Resolution\n"
		"### What We Did\n"
		"### Why This Approach\n"
		"### Time to Resolution\n"
		"## Corrective Actions\n"
		"### Immediate (Completed)\n"
		"### Short-term (This Week)\n"
		"### Long-term (This Quarter)\n"
		"## Lessons Learned\n"
		"### What Went Well\n"
		"### What Went Wrong\n"
		"### What We'll Do Differently\n"
		"## Action Items\n"
		"## Appendix\n"
		"### Related Incidents\n"
		"### References\n"
		"### Metrics\n"
		"## Sign-Off\n",
		"Time|Event|Action Taken|\n"
		"Action|Owner|Due Date|Status|\n" },
};

static void empty_incident(struct sample *x)
{
	sample_begin(x);
	sample_incident(x, "INC-2026-0001", "Nothing yet", SEV_UNKNOWN, "UTC", SAMPLE_T0);
	sample_commit(x);
}

/* The first heading is the title, whatever it says. */
static const char *behind_title(const char *headings)
{
	while (str_starts(headings, "# "))
		headings = strchr(headings, '\n') + 1;
	return headings;
}

static void structure(void **state)
{
	struct sample x = { 0 };

	(void)state;
	sample_open(&x);
	empty_incident(&x);
	for (size_t i = 0; i < COUNT(models); i++) {
		struct str doc = sample_render(&x, NULL, models[i].name);
		struct seen s;
		see(doc.s, doc.len, &s);
		assert_non_null(strstr(s.headings.s, "ortem: Nothing yet\n"));
		assert_string_equal(behind_title(s.headings.s), models[i].headings);
		assert_string_equal(s.tables.s, models[i].tables);
		seen_free(&s);
		str_free(&doc);
	}
	sample_close(&x);
}

static bool read_seed(const struct model *m, struct str *out)
{
	const char *top = getenv("top_srcdir");
	char *pattern = str_fmt("%s/../shared/seeds/%s_*.txt", top ? top : ".", m->seed);
	struct str raw = STR_INIT;
	glob_t found;
	FILE *f = glob(pattern, 0, NULL, &found) == 0 ? fopen(found.gl_pathv[0], "r") : NULL;
	int c;

	while (f && (c = getc(f)) != EOF)
		str_addc(&raw, (char)c);
	if (f) {
		fclose(f);
		globfree(&found);
		mojibake_repair(out, raw.s, raw.len);
	}
	str_free(&raw);
	free(pattern);
	return f != NULL;
}

/* The lists above are those of the models themselves, where these are at hand. */
static void as_the_models(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(models); i++) {
		struct str seed = STR_INIT;
		struct seen s;
		if (!read_seed(&models[i], &seed))
			continue;
		see(seed.s, seed.len, &s);
		assert_string_equal(models[i].headings, behind_title(s.headings.s));
		assert_string_equal(models[i].tables, s.tables.s);
		seen_free(&s);
		str_free(&seed);
	}
}

/* ---- nothing known: only prompts ---- */

/* A label introduces a list, a table or a prompt; it never stands alone. */
static void no_bare_labels(const char *doc)
{
	for (const char *p = doc, *next; *p; p = next) {
		const char *end = strchr(p, '\n'), *last = end;
		while (last > p && last[-1] == ' ')
			last--;
		next = end + 1;
		if (last - p < 4 || (strncmp(last - 3, "**:", 3) != 0 && strncmp(last - 3, ":**", 3) != 0))
			continue;
		const char *follows = next + strspn(next, " \n");
		if (!strchr("-1|_", *follows))
			fail_msg("a label without anything: %.*s", (int)(last - p), p);
	}
}

static void load(struct sample *x, struct document **d)
{
	struct err err = { .status = ST_OK };

	if (document_load(x->s, x->incident, &(struct document_opts){ .version = "0.1" }, d, &err) != ST_OK)
		fail_msg("%s", err.text);
}

static void outline_of(struct sample *x, const char *template, const struct catalogue *cat, struct document_outline *o)
{
	struct document *d;
	struct err err = { .status = ST_OK };

	load(x, &d);
	if (document_outline(d, NULL, template, cat, o, &err) != ST_OK)
		fail_msg("%s", err.text);
	document_free(d);
}

static void only_prompts(void **state)
{
	struct sample x = { 0 };
	struct catalogue *cat;

	(void)state;
	assert_int_equal(catalogue_load(NULL, &cat, NULL), ST_OK);
	sample_open(&x);
	empty_incident(&x);
	for (size_t i = 0; i < COUNT(models); i++) {
		struct str doc = sample_render(&x, NULL, models[i].name);
		struct document_outline o;
		struct seen s;
		see(doc.s, doc.len, &s);
		assert_int_equal(s.empty_cells, 0);
		assert_int_equal(s.html, 0);
		assert_true(s.cells > 0);
		assert_null(strstr(doc.s, " 0s"));
		assert_null(strstr(doc.s, "| 0"));
		assert_null(strstr(doc.s, ": 0\n"));
		no_bare_labels(doc.s);
		outline_of(&x, models[i].name, cat, &o);
		for (size_t k = 0; k < o.n; k++)
			if (!o.v[k].missing || o.v[k].state == OUTLINE_FILLED)
				fail_msg("%s asks for nothing below %s", models[i].name, o.v[k].title);
		for (size_t k = 0; k < o.items; k++)
			if (o.item[k].filled ? strcmp(o.item[k].name, "status") != 0 : !o.item[k].label[0])
				fail_msg("%s: %s", models[i].name, o.item[k].name);
		document_outline_free(&o);
		seen_free(&s);
		str_free(&doc);
	}
	catalogue_free(cat);
	sample_close(&x);
}

static enum outline_state state_of(const struct document_outline *o, const char *title)
{
	for (size_t k = 0; k < o->n; k++)
		if (str_eq(o->v[k].title, title))
			return o->v[k].state;
	fail_msg("there is no section %s", title);
	return OUTLINE_EMPTY;
}

/* A section's state is that of all below it. */
static void states(void **state)
{
	struct sample x = { 0 };
	struct catalogue *cat;
	struct document_outline o;

	(void)state;
	assert_int_equal(catalogue_load(NULL, &cat, NULL), ST_OK);
	sample_open(&x);
	sample_begin(&x);
	sample_incident(&x, "INC-2026-0001", "A little", SEV_UNKNOWN, "UTC", SAMPLE_T0);
	sample_named(&x, "field", "impact.users", "40");
	sample_named(&x, "field", "distribution", "Support");
	sample_event(&x, SAMPLE_T0, "milestone", "mitigating", "sam", "");
	sample_commit(&x);
	outline_of(&x, "classic", cat, &o);
	assert_int_equal(state_of(&o, "Impact"), OUTLINE_PARTLY);
	assert_int_equal(state_of(&o, "Timeline"), OUTLINE_FILLED);
	assert_int_equal(state_of(&o, "Root Cause Analysis"), OUTLINE_EMPTY);
	assert_int_equal(state_of(&o, "Distribution"), OUTLINE_FILLED);
	assert_int_equal(state_of(&o, "Post-Mortem: A little"), OUTLINE_PARTLY);
	for (size_t k = 0; k < o.items; k++)
		if (strcmp(o.item[k].name, "figures.classic.duration") == 0) {
			assert_false(o.item[k].filled);
			assert_string_equal(o.item[k].command, "started TIME");
		}
	document_outline_free(&o);
	catalogue_free(cat);
	sample_close(&x);
}

/* ---- everything known ---- */

static char *value_set(struct document *d, const struct field_def *f)
{
	bool from_log;

	return document_value(d, f, NULL, &from_log);
}

/* The text below a heading, up to the next one. */
static char *below(const char *doc, const char *title)
{
	char *line = str_fmt("# %s\n", title);
	const char *from = strstr(doc, line), *to = from ? strstr(from + 1, "\n#") : NULL;
	char *text = from ? xstrndup(from, to ? (size_t)(to - from) : strlen(from)) : NULL;

	free(line);
	return text;
}

/* Of what a field, list or section of the catalogue says it stands in, each names it or shows it. */
static void expect(const char *template, const char *doc, const char *what, const char *text)
{
	if (!strstr(doc, text))
		fail_msg("%s does not show %s (%s)", template, what, text);
}

static void catalogue_shown(struct sample *x, const struct catalogue *cat, const char *template, const char *text)
{
	struct document *d;

	load(x, &d);
	for (size_t i = 0; i < cat->fields; i++) {
		char *value = words_have(&cat->field[i].templates, template) && !is_read(&cat->field[i])
				      ? value_set(d, &cat->field[i])
				      : NULL;
		if (value)
			expect(template, text, cat->field[i].name, value);
		free(value);
	}
	document_free(d);
	for (size_t i = 0; i < cat->sections; i++) {
		char *value = str_fmt("Section%zu text", i);
		if (words_have(&cat->section[i].templates, template))
			expect(template, text, cat->section[i].name, value);
		free(value);
	}
}

/* Where some of them stand. */
static const struct {
	const char *template, *name, *heading;
} places[] = {
	{ "classic", "impact.churn", "Impact" },
	{ "classic", "detection.reporter", "How Was It Detected?" },
	{ "classic", "signed-off", "Sign-off" },
	{ "classic", "distribution", "Distribution" },
	{ "sev", "impact.segments", "Users Affected" },
	{ "sev", "impact.availability", "Service Impact" },
	{ "sev", "impact.reputation", "Business Impact" },
	{ "sev", "problem", "The 5 Whys Method" },
	{ "sev", "quarterly-review.agenda", "Quarterly Review" },
	{ "sev", "pattern", "Related Incidents" },
	{ "sev", "owner", "Sign-Off" },
	{ "sev", "visibility", "Sign-Off" },
	{ "sev", "feedback", "Feedback" },
	{ "analysis", "impact.slo", "Summary" },
	{ "analysis", "detection.method", "Detection" },
	{ "analysis", "technical-lead", "Sign-off" },
	{ "analysis", "review-date", "Sign-off" },
	{ "slo", "summary.incident", "Executive Summary" },
	{ "slo", "summary.impact", "Executive Summary" },
	{ "slo", "summary.root-cause", "Executive Summary" },
	{ "slo", "summary.resolution", "Executive Summary" },
	{ "slo", "summary.prevention", "Executive Summary" },
	{ "slo", "impact.services", "Severity Classification" },
	{ "slo", "detection.alert", "Detection" },
	{ "slo", "impact.requests-failed", "User Impact" },
	{ "slo", "impact.revenue-basis", "Business Impact" },
	{ "slo", "impact.availability", "SLO Impact" },
	{ "slo", "published", "Review & Sign-off" },
	{ "detailed", "impact.reports-lost", "Business Impact" },
	{ "detailed", "detection.effectiveness", "How We Detected It" },
	{ "detailed", "short-term.owner", "Short-term (This Week)" },
	{ "detailed", "long-term.due", "Long-term (This Quarter)" },
	{ "detailed", "document.version", "Sign-Off" },
};

static void placed(struct sample *x, const struct catalogue *cat, const char *template, const char *doc)
{
	struct document *d;

	load(x, &d);
	for (size_t i = 0; i < COUNT(places); i++) {
		if (strcmp(places[i].template, template) != 0)
			continue;
		const struct field_def *f = catalogue_field(cat, places[i].name);
		assert_non_null(f);
		char *value = value_set(d, f), *part = below(doc, places[i].heading);
		assert_non_null(value);
		if (!part || !strstr(part, value))
			fail_msg("%s: %s does not stand below %s", template, places[i].name, places[i].heading);
		free(value);
		free(part);
	}
	document_free(d);
}

/* Every finding, record, action item, event; what no column is there for (scopes, references, success criteria, actors where the third
 * column is the action taken) is counted. */
static void lists_shown(const struct values *l, const char *template, const char *text)
{
	static const struct {
		const char *template;
		size_t n; /* values that the document has no place for */
	} unplaced[] = { { "classic", 22 }, { "sev", 13 }, { "analysis", 22 }, { "slo", 12 }, { "detailed", 23 } };
	size_t missing = 0;

	for (size_t i = 0; i < l->n; i++)
		missing += !strstr(text, l->v[i]);
	for (size_t i = 0; i < COUNT(unplaced); i++)
		if (strcmp(unplaced[i].template, template) == 0 && missing != unplaced[i].n)
			fail_msg("%s leaves out %zu of %zu values", template, missing, l->n);
}

static void sentinels(void **state)
{
	struct sample x = { 0 };
	struct values l = { 0 };
	struct catalogue *cat;

	(void)state;
	assert_int_equal(catalogue_load(NULL, &cat, NULL), ST_OK);
	sample_open(&x);
	full_incident(&x, cat, &l);
	for (size_t i = 0; i < COUNT(models); i++) {
		struct str doc = sample_render(&x, NULL, models[i].name);
		struct document_outline o;
		struct seen s;
		see(doc.s, doc.len, &s);
		catalogue_shown(&x, cat, models[i].name, s.text.s);
		placed(&x, cat, models[i].name, doc.s);
		lists_shown(&l, models[i].name, s.text.s);
		assert_int_equal(s.empty_cells, 0);
		outline_of(&x, models[i].name, cat, &o);
		for (size_t k = 0; k < o.items; k++)
			if (!o.item[k].filled)
				fail_msg("%s still asks for %s", models[i].name, o.item[k].name);
		assert_true(o.n > 0 && o.items > 0 && o.missing == 0);
		document_outline_free(&o);
		seen_free(&s);
		str_free(&doc);
	}
	catalogue_free(cat);
	values_free(&l);
	sample_close(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(structure),
		cmocka_unit_test(as_the_models),
		cmocka_unit_test(only_prompts),
		cmocka_unit_test(states),
		cmocka_unit_test(sentinels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
