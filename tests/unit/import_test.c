/* import-md.h: documents of all shapes, and what is made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "text/import-md.h"
#include "text/mojibake.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define MODIFIED (INT64_C(1770303600) * USEC_SEC) /* 2026-02-05 15:00:00 UTC */
#define HEAD "# Postmortem: x\n\n**Date**: 2026-02-05\n\n## Timeline\n\n"

static struct catalogue *catalogue;

static int load(void **state)
{
	(void)state;
	return catalogue_load(NULL, &catalogue, NULL) == ST_OK ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	catalogue_free(catalogue);
	return 0;
}

static enum status read_with(
	const char *text, const char *date, const char *name, struct imported *out, struct err *err)
{
	struct import_opts o = { .date = date, .name = name, .modified = MODIFIED, .catalogue = catalogue };
	return import_md(text, strlen(text), &o, out, err);
}

static struct imported must_read(const char *text)
{
	struct imported i;
	struct err err = { 0 };
	if (read_with(text, NULL, NULL, &i, &err) != ST_OK)
		fail_msg("%s", err.text);
	return i;
}

/* A line an event: date when it changes, time, ~, milestone or kind, text, actor, details. */
static char *describe(const struct imported *i)
{
	struct str b = STR_INIT, date = STR_INIT, was = STR_INIT;
	for (size_t k = 0; k < i->events.n; k++) {
		const struct event *e = &i->events.v[k];
		str_reset(&date);
		when_fmt_date(&date, e->occurred_at, i->zone);
		if (!str_eq(date.s, was.s))
			str_addf(&b, "%s ", date.s);
		str_reset(&was);
		str_adds(&was, date.s);
		when_fmt_clock(&b, e->occurred_at, i->zone);
		if (e->approx_s)
			str_addf(&b, " ~%d", e->approx_s);
		if (e->milestone != MS_NONE)
			str_addf(&b, " %s", milestone_name(e->milestone));
		else if (e->kind != KIND_NOTE)
			str_addf(&b, " (%s)", kind_name(e->kind));
		str_addf(&b, " '%s'%s%s%s", e->text, e->struck ? " struck" : "", e->actor ? " @" : "",
			e->actor ? e->actor : "");
		for (size_t d = 0; d < e->details; d++)
			str_addf(&b, " |%s", e->detail[d]);
		str_addc(&b, '\n');
	}
	str_free(&date);
	str_free(&was);
	return str_take(&b);
}

static void check_timeline(const char *text, const char *want)
{
	struct imported i = must_read(text);
	char *got = describe(&i);
	assert_string_equal(got, want);
	free(got);
	imported_free(&i);
}

/* ---- the timeline
 * --------------------------------------------------------------------------------------------------- */

struct shape {
	const char *text, *want;
};
static const struct shape shapes[] = {
	/* tables */
	{ "| Time | Event | Actor |\n|-|-|-|\n| 10:30 | went down | @jane |\n| 10:31:05 | paged | PagerDuty |\n",
		"2026-02-05 10:30:00 'went down' @jane\n10:31:05 'paged' @PagerDuty\n" },
	{ "| Who | What | When |\n|-|-|-|\n| jane | went down | 10:30 |\n", "2026-02-05 10:30:00 'went down' @jane\n" },
	{ "| Timestamp | Description | Action By |\n|-|-|-|\n| 2:30 PM | went down | jane |\n| 12:05 am | dark | |\n",
		"2026-02-05 14:30:00 'went down' @jane\n2026-02-06 00:05:00 'dark'\n" },
	{ "| Time (UTC) | Event | Action Taken |\n|-|-|-|\n| 10:30 | went down | paged bob |\n",
		"2026-02-05 10:30:00 'went down' |paged bob\n" },
	{ "| Time | Event |\n|-|-|\n| ~10:30 | a |\n| 10:31 (±10m) | b |\n| 🔥 10:32 | c |\n| **10:33** | d |\n| "
	  "[10:34] | e |\n",
		"2026-02-05 10:30:00 ~120 'a'\n10:31:00 ~600 'b'\n10:32:00 'c'\n10:33:00 'd'\n10:34:00 'e'\n" },
	{ "| Time | Event |\n|-|-|\n| 10:30–10:45 | slow |\n| 10:50 - 11:00 | slower |\n",
		"2026-02-05 10:30:00 'slow' |until 10:45\n10:50:00 'slower' |until 11:00\n" },
	{ "| Time | Event | Impact | Notes |\n|-|-|-|-|\n| 10:30 | down | all | see log |\n",
		"2026-02-05 10:30:00 'down' |Impact: all |Notes: see log\n" },
	{ "| Time | Event |\n|-|-|\n| 10:30 | a \\| b<br>more &lt;b&gt; `c` |\n",
		"2026-02-05 10:30:00 'a | b' |more <b> c\n" },
	{ "| Time | Event |\n|-|-|\n| 10:30 | see [log](https://a.example/x) |\n",
		"2026-02-05 10:30:00 'see log (https://a.example/x)'\n" },
	/* identical rows are two; a row without a time has that of the row above; a blank row is none */
	{ "| Time | Event |\n|-|-|\n| 10:30 | same |\n| 10:30 | same |\n| | and |\n| HH:MM | [Description] |\n",
		"2026-02-05 10:30:00 'same'\n10:30:00 'same'\n10:30:00 'and'\n" },
	/* days */
	{ "| Time | Event |\n|-|-|\n| 22:00 | a |\n| 23:59:59 | b |\n| 00:10 | c |\n| 09:00 | d |\n| 08:55 | out of "
	  "order |\n",
		"2026-02-05 22:00:00 'a'\n23:59:59 'b'\n2026-02-06 00:10:00 'c'\n09:00:00 'd'\n08:55:00 'out of "
		"order'\n" },
	{ "| Date | Time | Event |\n|-|-|-|\n| 2026-01-31 | 23:00 | a |\n| 1 Feb | 01:00 | b |\n| | 02:00 | c |\n",
		"2026-01-31 23:00:00 'a'\n2026-02-01 01:00:00 'b'\n02:00:00 'c'\n" },
	{ "| Time | Event |\n|-|-|\n| 2026-01-31 23:00 | a |\n| 2026-02-01T01:00:05Z | b |\n| Feb 2, 2026 3:04 pm | c "
	  "|\n| 03.02.2026 04:00 | d |\n",
		"2026-01-31 23:00:00 'a'\n2026-02-01 01:00:05 'b'\n2026-02-02 15:04:00 'c'\n2026-02-03 04:00:00 "
		"'d'\n" },
	{ "| Time | Event |\n|-|-|\n| **2026-02-07** | |\n| 10:30 | a |\n| 12:00+02:00 | b |\n",
		"2026-02-07 10:30:00 'a'\n10:00:00 'b'\n" },
	{ "### January 18, 2026\n\n- 23:50 a\n- 00:10 b\n\n### January 20, 2026\n\n- 10:00 c\n",
		"2026-01-18 23:50:00 'a'\n2026-01-19 00:10:00 'b'\n2026-01-20 10:00:00 'c'\n" },
	/* lists, lines, headings */
	{ "- 10:30 — went down\n- **10:31 UTC**: paged (@bob)\n- 10:32 @jane: restarted it\n  - twice\n  - and again\n",
		"2026-02-05 10:30:00 'went down'\n10:31:00 'paged' @bob\n10:32:00 'restarted it' @jane |twice |and "
		"again\n" },
	{ "10:30 went down\n10:31 paged\nwith a second line\n",
		"2026-02-05 10:30:00 'went down'\n10:31:00 'paged' |with a second line\n" },
	{ "1. 10:30 a\n2. 10:31 b\n", "2026-02-05 10:30:00 'a'\n10:31:00 'b'\n" },
	{ "### 10:30 - went down\n\nErrors everywhere.\n\n- 500s\n\n### 10:40 - up\n",
		"2026-02-05 10:30:00 'went down' |Errors everywhere. |500s\n10:40:00 'up'\n" },
	{ "**10:30 UTC** - went down\n- one\n- two\n\n**10:40 UTC** - up\n",
		"2026-02-05 10:30:00 'went down' |one |two\n10:40:00 'up'\n" },
	{ "> 10:30 went down\n", "2026-02-05 10:30:00 'went down'\n" },
	/* a detailed timeline joins the rows of its times, each once */
	{ "| Time | Event |\n|-|-|\n| 10:30 | a |\n| 10:30 | b |\n| 10:40 | c |\n\n### Detailed Timeline\n\n**10:30** "
	  "- more of a\n- x\n\n**10:30** - b\n- y\n\n**10:35** - new\n",
		"2026-02-05 10:30:00 'a' |more of a |x\n10:30:00 'b' |y\n10:40:00 'c'\n10:35:00 'new'\n" },
	/* zones */
	{ "**All times in MSK (UTC+3)**\n\n| Time | Event |\n|-|-|\n| 10:30 | a |\n| 08:00 UTC | b |\n",
		"2026-02-05 10:30:00 'a'\n11:00:00 'b'\n" },
	/* milestones said by tplus itself: nothing is guessed */
	{ "| Time | Event | Actor |\n|-|-|-|\n| 10:30 | **Detected**: it is down | jane |\n| 10:31 | incident closed | "
	  "|\n| 10:32 | **Update**: told | |\n| 10:33 | ~~wrong~~ (struck: typo) | |\n",
		"2026-02-05 10:30:00 detected 'it is down' @jane\n10:31:00 'incident closed'\n10:32:00 (update) "
		"'told'\n10:33:00 'wrong' struck\n" },
	/* not times */
	{ "| Time | Event |\n|-|-|\n| 10:30 | a |\n\n- took 5:30% longer\n", "2026-02-05 10:30:00 'a'\n" },
};

static void test_timelines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(shapes); i++) {
		char *text = str_fmt(HEAD "%s", shapes[i].text);
		check_timeline(text, shapes[i].want);
		free(text);
	}
}

struct wording {
	const char *text;
	const char *milestone;
};
static const struct wording wordings[] = {
	{ "🚨 Alert Fired: EmailServiceDown", "detected" },
	{ "Error rate alert triggered (>5%)", "detected" },
	{ "On-call engineer acknowledged", "acknowledged" },
	{ "Page not acknowledged", NULL },
	{ "Incident declared in #incidents (SEV-2)", "declared" },
	{ "Root cause identified (N+1 query)", "identified" },
	{ "Rollback initiated", "mitigating" },
	{ "Rollback completed", NULL },
	{ "Service fully restored", "mitigated" },
	{ "Service partially restored", NULL },
	{ "Error rate back to normal", "mitigated" },
	{ "Incident resolved, alert cleared", "resolved" },
	{ "DNS resolved to the wrong host", NULL },
	{ "Incident closed", "closed" },
	{ "Ticket closed", NULL },
	{ "Incident Start: 500s", "started" },
	{ "Deployment started", NULL },
	{ "Began investigation", "investigating" },
	{ "Unacknowledged alerts pile up", NULL },
};

static void test_milestones(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wordings); i++) {
		char *text = str_fmt(HEAD "| Time | Event |\n|-|-|\n| 10:30 | %s |\n| 10:31 | %s |\n", wordings[i].text,
			wordings[i].text);
		struct imported d = must_read(text);
		assert_int_equal(d.events.n, 2);
		if (wordings[i].milestone)
			assert_string_equal(milestone_name(d.events.v[0].milestone), wordings[i].milestone);
		else
			assert_int_equal(d.events.v[0].milestone, MS_NONE);
		assert_int_equal(d.events.v[1].milestone, MS_NONE); /* each at most once */
		assert_int_equal(d.guessed, wordings[i].milestone != NULL);
		imported_free(&d);
		free(text);
	}
}

/* A printed span names the row that is just so far away; one that names none changes nothing. */
static void test_evidence(void **state)
{
	(void)state;
	static const char rows[] = "| Time | Event |\n|-|-|\n| 10:30 | Deployment |\n| 10:35 | Alert fired |\n| 10:55 "
				   "| Service restored |\n| 11:30 | Calm |\n\n## Detection\n\n";
	char *five = str_fmt(HEAD
		"%s- **Time to Detection**: 5 minutes after deployment\n\n## Resolution\n\n- **Total**: 20 minutes\n",
		rows);
	struct imported i = must_read(five);
	assert_int_equal(i.events.v[0].milestone, MS_STARTED);
	assert_int_equal(i.events.v[2].milestone, MS_RESOLVED);
	imported_free(&i);
	free(five);
	char *six = str_fmt(HEAD "%s- **Time to Detection**: 6 minutes\n", rows);
	i = must_read(six);
	assert_int_equal(i.events.v[0].milestone, MS_NONE);
	assert_int_equal(i.events.v[2].milestone, MS_MITIGATED);
	imported_free(&i);
	free(six);
}

/* ---- dates
 * ---------------------------------------------------------------------------------------------------------- */

#define ROW "\n\n## Timeline\n\n| Time | Event |\n|-|-|\n| 10:30 | a |\n"

static void check_date(const char *text, const char *date, const char *name, const char *want, bool guessed)
{
	struct imported i;
	struct err err = { 0 };
	struct str b = STR_INIT;
	assert_int_equal(read_with(text, date, name, &i, &err), ST_OK);
	when_fmt_date(&b, i.events.v[0].occurred_at, i.zone);
	assert_string_equal(b.s, want);
	assert_int_equal(i.date_guessed, guessed);
	str_free(&b);
	imported_free(&i);
}

static void test_dates(void **state)
{
	(void)state;
	static const char all[] = "# x\n\n**Date**: 2026-01-01\n\nOn 2026-01-03 it broke." ROW,
			  prose[] = "# x\n\nOn January 3rd, 2026 it broke." ROW, none[] = "# x" ROW;
	check_date(all, "2026-01-09", "2026-01-02-x.md", "2026-01-09", false);
	check_date(all, NULL, "2026-01-02-x.md", "2026-01-01", false);
	check_date("# x\n\n**Date**: YYYY-MM-DD" ROW "| 2026-01-04 11:00 | b |\n", NULL, "2026-01-02-x.md",
		"2026-01-04", false);
	check_date(prose, NULL, "2026-01-02-x.md", "2026-01-02", false);
	check_date(prose, NULL, "x.md", "2026-01-03", true);
	check_date("# x" ROW "\n**Last Updated**: 14 декабря 2025\n", NULL, NULL, "2025-12-14", true);
	check_date(none, NULL, NULL, "2026-02-05", true);
	struct import_opts o = { .modified = USEC_NONE, .catalogue = catalogue };
	struct imported i;
	struct err err = { 0 };
	assert_int_equal(import_md(none, strlen(none), &o, &i, &err), ST_USAGE);
	assert_non_null(strstr(err.text, "--date"));
	imported_free(&i);
}

/* A local time that was there twice, and one that never was. */
static void test_clock_changes(void **state)
{
	(void)state;
	const struct zone *z;
	assert_int_equal(zone_load("Europe/Berlin", &z, NULL), ST_OK);
	struct import_opts o = { .modified = USEC_NONE, .catalogue = catalogue, .zone = z };
	struct imported i;
	static const char text[] = "# x\n\n**Date**: 2026-10-25" ROW "| 02:30 | b |\n| 02:10 | c |\n";
	assert_int_equal(import_md(text, strlen(text), &o, &i, NULL), ST_OK);
	assert_int_equal(i.events.n, 3);
	imported_free(&i);
}

/* ---- the rest of a document
 * ----------------------------------------------------------------------------------------- */

static const char *field(const struct imported *i, const char *name)
{
	for (size_t k = 0; k < i->fields.n; k++)
		if (strcmp(i->fields.v[k].name, name) == 0)
			return i->fields.v[k].value;
	return NULL;
}

static const char *section(const struct imported *i, const char *name)
{
	for (size_t k = 0; k < i->sections.n; k++)
		if (strcmp(i->sections.v[k].name, name) == 0)
			return i->sections.v[k].value;
	return NULL;
}

static void test_head(void **state)
{
	(void)state;
	struct imported i = must_read("# Post-Mortem: Checkout down\n\n**Incident ID**: INC-2026-0012\n**Date**: "
				      "2026-02-05\n**Severity**: SEV-2 (major)\n"
				      "**Duration**: 2 hours\n**Incident Commander**: @jane\n**Responders**: bob, "
				      "@kim\n**Status**: Draft\n**Author(s)**: jane, bob\n\n"
				      "- **Favourite colour**: blue\n\n## Summary\n\nIt *broke*.\n\n- a\n- b\n\n## "
				      "Impact\n\n- Users affected: ~500 users\n- **SLA Breach**: Yes - by 0.1 %\n"
				      "- **Revenue Loss**: $150 estimated (from orders)\n- **Customer churn**: X "
				      "customers\n- **Data loss**: [None/Partial/Complete]\n");
	assert_string_equal(i.title, "Checkout down");
	assert_string_equal(i.id, "INC-2026-0012");
	assert_int_equal(i.severity, 2);
	assert_int_equal(i.responders.n, 3);
	assert_string_equal(i.responders.v[0].name, "jane");
	assert_string_equal(i.responders.v[0].role, "IC");
	assert_string_equal(field(&i, "document.status"), "draft");
	assert_string_equal(field(&i, "authors"), "jane, bob");
	assert_string_equal(field(&i, "impact.users"), "~500 users");
	assert_string_equal(field(&i, "sla.breach"), "yes");
	assert_string_equal(field(&i, "sla.detail"), "by 0.1 %");
	assert_string_equal(field(&i, "impact.revenue"), "150.00 USD");
	assert_null(field(&i, "impact.churn"));
	assert_null(field(&i, "impact.data"));
	assert_string_equal(section(&i, "summary"), "It *broke*.\n\n- a\n- b");
	assert_non_null(strstr(section(&i, "introduction"), "**Favourite colour**: blue"));
	assert_int_equal(i.placeholders, 2);
	imported_free(&i);
}

static void test_actions(void **state)
{
	(void)state;
	struct imported i = must_read(
		HEAD "- 10:30 a\n\n## Action Items\n\n**High Priority (within 7 days):**\n\n"
		     "| ID | Action | Owner | Priority | Due Date | Ticket | Status |\n|-|-|-|-|-|-|-|\n| AI-007 | Fix "
		     "it | @dev | 🔴 P0 | 2026-03-01 | OPS-12 | ✅ Done |\n"
		     "| AI-002 | [Action] | [Owner] | [P0/P1] | YYYY-MM-DD | | |\n\n**Low Priority (within 3 "
		     "months):**\n\n- [ ] **AI-3:** Test it\n  - Owner: @qa\n  - Due Date: March 1, 2026\n"
		     "  - Success Criteria: it holds\n- [x] Tell them (@pm, due 2026-02-09)\n- [ ] [Action item 1]\n");
	assert_int_equal(i.actions.n, 3);
	const struct action *a = i.actions.v;
	assert_string_equal(a[0].number, "AI-7");
	assert_string_equal(a[0].owner, "dev");
	assert_string_equal(a[0].ref, "OPS-12");
	assert_string_equal(a[0].status, "done");
	assert_string_equal(a[0].horizon, "7 days");
	assert_int_equal(a[0].priority, 0);
	assert_string_equal(a[1].text, "Test it");
	assert_string_equal(a[1].due, "2026-03-01");
	assert_string_equal(a[1].success, "it holds");
	assert_string_equal(a[1].horizon, "quarter");
	assert_int_equal(a[1].priority, 2);
	assert_string_equal(a[2].text, "Tell them");
	assert_string_equal(a[2].owner, "pm");
	assert_string_equal(a[2].due, "2026-02-09");
	assert_string_equal(a[2].status, "done");
	imported_free(&i);
}

static size_t findings_of(const struct imported *i, const char *list, const char *category)
{
	size_t n = 0;
	for (size_t k = 0; k < i->findings.n; k++)
		n += strcmp(i->findings.v[k].list, list) == 0 &&
		     (!category || str_eq(i->findings.v[k].category, category));
	return n;
}

static void test_findings(void **state)
{
	(void)state;
	struct imported i = must_read(
		HEAD "- 10:30 a\n\n## What Went Well ✅\n\n**Things that worked as intended during this "
		     "incident**:\n\n1. **Alert**: quick\n- ✅ calm\n\n"
		     "## Root Cause\n\nThe pool.\n\n### 5 Whys\n\n1. **Why did it stop?**\n   → no connections\n2. "
		     "**Why?**\n   - small pool\n\n### Contributing Factors\n\n- [ ] traffic\n"
		     "  - twice the usual\n\n## Prevention\n\n**Code Level**:\n- [x] lint\n\n**Database Level**:\n- "
		     "index\n\n## Detection\n\n### What Worked Well\n- pager\n\n"
		     "- [x] User reports\n- [ ] Manual testing\n\n## Odd Heading\n\nSome words.\n\n### "
		     "Below\n\nMore.\n\n## Причина\n\nСлова.\n");
	assert_int_equal(findings_of(&i, "went well", NULL), 2);
	assert_string_equal(i.findings.v[0].title, "Alert");
	assert_string_equal(i.findings.v[1].text, "calm");
	assert_int_equal(findings_of(&i, "why", NULL), 2);
	assert_string_equal(i.findings.v[2].title, "Why did it stop?");
	assert_string_equal(i.findings.v[2].text, "no connections");
	assert_string_equal(i.findings.v[3].text, "small pool");
	assert_int_equal(findings_of(&i, "factor", NULL), 1);
	assert_string_equal(i.findings.v[4].point[0], "twice the usual");
	assert_int_equal(findings_of(&i, "prevention", "code"), 1);
	assert_int_equal(findings_of(&i, "prevention", "database level"), 1);
	assert_true(i.findings.v[5].done);
	assert_int_equal(findings_of(&i, "detection worked", NULL), 3);
	assert_string_equal(section(&i, "root-cause"), "The pool.");
	assert_string_equal(section(&i, "odd-heading"), "Some words.\n\n**Below**\n\nMore.");
	assert_non_null(strstr(section(&i, "notes"), "**Причина**\n\nСлова."));
	imported_free(&i);
}

static void test_records(void **state)
{
	(void)state;
	struct imported i = must_read(
		HEAD "- 10:30 a\n\n## Related Incidents\n\n- [INC-0045] - Similar issue (2025-11-12)\n- "
		     "[INC-YYYY-XXXX] - other\n\n"
		     "## References\n\n- **Dashboard:** https://g.example/d/1\n- [Link](link)\n- Runbook: "
		     "[page](https://w.example/r)\n\n### Metrics\n\n- Error rate before: 0.2%\n"
		     "- Error rate during: 47%\n- SLO: 99.5% (target) → 98.2% (actual)\n\n## Sign-off\n\n**Prepared "
		     "by**: @jane (IC)\n\n**Approved By**:\n- VP: [Name] - [Date]\n- CTO: kim - 2026-02-09\n");
	static const char *const want[] = { "relation id=INC-0045", "link url=https://g.example/d/1",
		"link url=https://w.example/r", "metric during=47%", "metric target=99.5%", "signoff name=jane",
		"signoff role=VP", "signoff name=kim" };
	assert_int_equal(i.records.n, COUNT(want));
	for (size_t k = 0; k < COUNT(want); k++) {
		char type[16], name[16], value[64];
		assert_int_equal(sscanf(want[k], "%15s %15[^=]=%63s", type, name, value), 3);
		assert_string_equal(i.records.v[k].type, type);
		assert_non_null(record_get(&i.records.v[k], name));
		assert_string_equal(record_get(&i.records.v[k], name), value);
	}
	assert_string_equal(record_get(&i.records.v[0], "date"), "2025-11-12");
	assert_null(record_get(&i.records.v[6], "name"));
	imported_free(&i);
}

/* ---- damaged characters
 * --------------------------------------------------------------------------------------------- */

/* UTF-8 taken for Windows-1252 and encoded once more; with lost the bytes that are no character there are left out. */
static void damage(struct str *out, const char *s, bool lost)
{
	static const uint16_t upper[32] = { 0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030,
		0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc,
		0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178 };
	for (; *s; s++) {
		uint8_t b = (uint8_t)*s;
		uint32_t cp = b < 0x80 || b >= 0xa0 ? b : upper[b - 0x80] ? upper[b - 0x80] : lost ? 0 : b;
		char put[4];
		if (cp)
			str_add(out, put, utf8_put(put, cp));
	}
}

static void test_repair(void **state)
{
	(void)state;
	static const char *const texts[] = { "✅ ❌ 🔴 🟠 🟡 🟢 → – — “ ” ’ …", "🚨 👤 🔍 🐛 🔧 🔄 📋 📝 🤔 ≥ ±",
		"14 декабря 2025", "plain", "Größe: naïve café → done" };
	for (size_t i = 0; i < COUNT(texts); i++)
		for (int lost = 0; lost < 2; lost++) {
			struct str bad = STR_INIT, good = STR_INIT;
			damage(&bad, texts[i], lost);
			mojibake_repair(&good, bad.s, bad.len);
			assert_string_equal(good.s, texts[i]);
			str_free(&bad);
			str_free(&good);
		}
	static const char *const sound[] = { "é", "Ã ã", "«âge»", "naïve café → done", "日本 🔴", "Ã©" };
	for (size_t i = 0; i < COUNT(sound); i++) {
		struct str same = STR_INIT;
		assert_int_equal(mojibake_repair(&same, sound[i], strlen(sound[i])), 0);
		assert_string_equal(same.s, sound[i]);
		str_free(&same);
	}
	struct str latin = STR_INIT;
	assert_int_equal(mojibake_repair(&latin, "caf\xe9 \x96 x", 8), 2);
	assert_string_equal(latin.s, "café – x");
	str_free(&latin);
}

/* ---- what is no postmortem, and what wants to do harm
 * --------------------------------------------------------------- */

static void test_refused(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "hello", "# Shopping\n\n- milk\n", "| a | b |\n|-|-|\n| 1 | 2 |\n",
		"\xff\xfe\xfd" };
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct imported d;
		struct err err = { 0 };
		assert_int_equal(read_with(texts[i], "2026-02-05", NULL, &d, &err), ST_USAGE);
		assert_true(err.text[0]);
		imported_free(&d);
	}
	assert_false(import_md_looks("a\0b", 3));
	assert_true(import_md_looks("# x", 3));
}

static char *repeat(const char *head, const char *piece, size_t n)
{
	struct str b = STR_INIT;
	str_adds(&b, head);
	for (size_t i = 0; i < n; i++)
		str_adds(&b, piece);
	return str_take(&b);
}

static void test_hostile(void **state)
{
	(void)state;
	static const struct {
		const char *piece;
		size_t n;
	} pieces[] = { { "> ", 20000 }, { "- ", 20000 }, { "**", 20000 }, { "[", 20000 }, { "| 10:30 | a |\n", 5000 },
		{ "# 10:30\n", 5000 }, { "**a**: **b**: ", 5000 }, { "&#x10ffff;", 5000 }, { "<!--", 5000 },
		{ "â", 20000 }, { "99:99 ", 5000 }, { "X-", 20000 }, { "`", 20000 }, { "(", 20000 }, { "~", 20000 },
		{ "- [ ] **AI-99999999999999999999:** x\n", 2000 }, { "\xe2\x80", 20000 } };
	for (size_t i = 0; i < COUNT(pieces); i++) {
		char *text = repeat(HEAD "| Time | Event |\n|-|-|\n| 10:30 | a |\n\n", pieces[i].piece, pieces[i].n);
		struct imported d;
		struct err err = { 0 };
		assert_int_equal(read_with(text, NULL, NULL, &d, &err), ST_OK);
		assert_true(d.events.n >= 1);
		imported_free(&d);
		free(text);
	}
}

static void test_bytes(void **state)
{
	(void)state;
	static const char text[] = HEAD "| Time | Event |\n|-|-|\n| 10:30 | a\0b \x1b[31m \xe2\x80\xae |\n";
	struct import_opts o = { .modified = MODIFIED, .catalogue = catalogue };
	struct imported i;
	assert_int_equal(import_md(text, sizeof text - 1, &o, &i, NULL), ST_OK);
	assert_int_equal(i.events.n, 1);
	assert_non_null(strstr(i.events.v[0].text,
		"\x1b[31m \xe2\x80\xae")); /* the store keeps the bytes, showing them is others' business */
	imported_free(&i);
}

static void test_severity_change(void **state)
{
	(void)state;
	int from, to;
	const char *why;
	assert_true(import_severity_change("SEV-2 → SEV-1: spreads", &from, &to, &why));
	assert_int_equal(from * 10 + to, 21);
	assert_string_equal(why, "spreads");
	assert_true(import_severity_change("severity unknown → P0", &from, &to, &why));
	assert_int_equal(from, SEV_UNKNOWN);
	assert_null(why);
	assert_false(import_severity_change("error rate 50 → 10", &from, &to, &why));
	assert_false(import_severity_change("SEV-2 → SEV-1 soon", &from, &to, &why));
}

/* ---- the five house documents, where they are at hand
 * ---------------------------------------------------------------- */

static char *slurp(const char *path, size_t *n)
{
	struct str b = STR_INIT;
	char chunk[4096];
	FILE *f = fopen(path, "rb");
	if (!f)
		return NULL;
	while ((*n = fread(chunk, 1, sizeof chunk, f)) > 0)
		str_add(&b, chunk, *n);
	fclose(f);
	*n = b.len;
	return str_take(&b);
}

/* 004 tells of its nine rows again, in detail, and of one more. */
static const struct {
	const char *file, *zone;
	size_t events, actions, repaired;
} seeds[] = {
	{ "000_c5cfefb34c021e2a.txt", "UTC", 12, 8, 0 },
	{ "001_561a371c7a4fa2b1.txt", "UTC", 12, 7, 14 },
	{ "002_a34ff0d6e7db63e6.txt", "UTC", 6, 4, 0 },
	{ "003_8c014bd773665f68.txt", "Europe/Moscow", 9, 6, 29 },
	{ "004_afdeac6cc0549373.txt", "UTC", 10, 8, 12 },
};

static void test_seeds(void **state)
{
	(void)state;
	const char *top = getenv("top_srcdir");
	for (size_t i = 0; i < COUNT(seeds); i++) {
		size_t n;
		char *path = str_fmt("%s/../shared/seeds/%s", top ? top : ".", seeds[i].file), *text = slurp(path, &n);
		free(path);
		if (!text) {
			print_message("the models are not beside this tree: their import is not tried\n");
			return;
		}
		struct import_opts o = { .modified = MODIFIED, .catalogue = catalogue };
		struct imported d;
		assert_int_equal(import_md(text, n, &o, &d, NULL), ST_OK);
		assert_int_equal(d.events.n, seeds[i].events);
		assert_int_equal(d.actions.n, seeds[i].actions);
		assert_int_equal(d.repaired, seeds[i].repaired);
		assert_string_equal(zone_name(d.zone), seeds[i].zone);
		imported_free(&d);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_timelines),
		cmocka_unit_test(test_milestones),
		cmocka_unit_test(test_evidence),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_clock_changes),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_repair),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_severity_change),
		cmocka_unit_test(test_seeds),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
