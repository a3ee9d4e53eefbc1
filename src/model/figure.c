/* figure.c - ends, percentages, severities and action items of the five documents, as tables. */
#include "model/figure.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/when.h"

#define NO_ENDS { MS_NONE, MS_NONE }

/* ---- ends ---- */

static const struct document_ends all_ends[] = {
	{ "classic", { MS_STARTED, MS_MITIGATED }, NO_ENDS, NO_ENDS },
	{ "sev", { MS_DETECTED, MS_CLOSED }, NO_ENDS, NO_ENDS },
	{ "analysis", { MS_DETECTED, MS_CLOSED }, NO_ENDS, NO_ENDS },
	{ "slo", { MS_STARTED, MS_RESOLVED }, { MS_DETECTED, MS_RESOLVED }, { MS_STARTED, MS_RESOLVED } },
	{ "detailed", { MS_STARTED, MS_CLOSED }, { MS_DETECTED, MS_RESOLVED }, { MS_STARTED, MS_CLOSED } },
	{ NULL, NO_ENDS, NO_ENDS, NO_ENDS },
};

const struct document_ends *document_ends(const char *template)
{
	const struct document_ends *e = all_ends;
	while (e->template && !str_eq(e->template, template))
		e++;
	return e;
}

/* ---- percentages ---- */

bool figure_percent(struct str *b, int64_t part, int64_t whole)
{
	if (whole <= 0)
		return false;
	double tenths = (double)part * 1000 / (double)whole;
	long long n = (long long)(tenths + (tenths < 0 ? -0.5 : 0.5));
	str_addf(b, "%s%lld", n < 0 ? "-" : "", llabs(n) / 10);
	if (n % 10)
		str_addf(b, ".%lld", llabs(n) % 10);
	return true;
}

/* ---- severities ---- */

/* The lowest severity a document knows, and how it writes them. */
static const struct { const char *template, *scheme; int first, last; } schemes[] = {
	{ "classic", "P", 1, 4 }, { "sev", "SEV", 0, 4 }, { "analysis", "P", 0, 3 }, { "slo", "P", 0, 2 }, { "detailed", "P", 0, 2 },
};

void figure_severity(struct str *b, const char *template, int severity, const char *scheme)
{
	if (severity == SEV_UNKNOWN)
		return;
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		if (!str_eq(schemes[i].template, template))
			continue;
		int shown = severity < schemes[i].first ? schemes[i].first : severity > schemes[i].last ? schemes[i].last : severity;
		severity_fmt(b, shown, schemes[i].scheme);
		if (shown == severity)
			return;
		str_adds(b, " (");
		severity_fmt(b, severity, scheme);
		str_addc(b, ')');
		return;
	}
	severity_fmt(b, severity, scheme);
}

/* ---- action items ---- */

/* By the order of action_status: open, in progress, done, dropped. */
static const struct { const char *template; const char *word[4]; } status_words[] = {
	{ "classic", { "Not Started", "In Progress", "Done", "Dropped" } },
	{ "sev", { "Open", "In Progress", "Done", "Dropped" } },
	{ "analysis", { "Open", "In Progress", "Done", "Dropped" } },
	{ "slo", { "Open", "In Progress", "Done", "Dropped" } },
	{ "detailed", { "\xf0\x9f\x93\x8b Planned", "\xf0\x9f\x94\x84 In Progress", "\xe2\x9c\x85 Done", "\xe2\x9d\x8c Dropped" } },
};

const char *action_status_in(const char *template, const char *status)
{
	int s = word_find(action_status, status);
	for (size_t i = 0; s >= 0 && i < sizeof status_words / sizeof *status_words; i++)
		if (str_eq(status_words[i].template, template))
			return status_words[i].word[s];
	return status;
}

static const struct { const char *word; int days; const char *alias[4]; } horizons[] = {
	{ "7 days", 7, { "7d", "within 7 days", "7day" } },
	{ "30 days", 30, { "30d", "within 30 days", "30day" } },
	{ "week", 7, { "this week", "1 week", "1w", "sprint" } },
	{ "month", 30, { "this month", "1 month", "1m" } },
	{ "quarter", 90, { "this quarter", "3 months", "90d", "1q" } },
};

static int horizon_find(const char *word)
{
	for (size_t i = 0; word && i < sizeof horizons / sizeof *horizons; i++) {
		const char *all[] = { horizons[i].word, horizons[i].alias[0], horizons[i].alias[1], horizons[i].alias[2], horizons[i].alias[3], NULL };
		if (word_find(all, word) >= 0)
			return (int)i;
	}
	return -1;
}

void horizon_canonical(struct str *b, const char *word)
{
	int i = horizon_find(word);
	str_adds(b, i < 0 ? word : horizons[i].word);
}

int horizon_days(const char *word)
{
	int i = horizon_find(word);
	return i < 0 ? -1 : horizons[i].days;
}

static const char *const groups_all[] = { "all", NULL };
static const char *const groups_classic[] = { "priority", "long-term", NULL };
static const char *const groups_ranked[] = { "high", "medium", "low", NULL };
static const char *const groups_detailed[] = { "immediate", "short-term", "long-term", NULL };
static const struct { const char *template; const char *const *groups; } all_groups[] = {
	{ "classic", groups_classic }, { "analysis", groups_ranked }, { "slo", groups_ranked }, { "detailed", groups_detailed },
};

const char *const *action_groups(const char *template)
{
	for (size_t i = 0; i < sizeof all_groups / sizeof *all_groups; i++)
		if (str_eq(all_groups[i].template, template))
			return all_groups[i].groups;
	return groups_all;
}

int action_group(const char *template, const struct action *a)
{
	const char *const *groups = action_groups(template);
	int days = horizon_days(a->horizon);
	bool urgent = a->priority == 0 || a->priority == 1, soon = days >= 0 ? days <= 7 : urgent;
	if (str_eq(a->status, action_status[3]))
		return -1;
	if (groups == groups_classic)
		return soon ? 0 : 1;
	if (groups == groups_detailed)
		return str_eq(a->status, action_status[2]) ? 0 : soon ? 1 : 2;
	if (groups != groups_ranked)
		return 0;
	if (a->priority < 0 && days >= 0)
		return days <= 7 ? 0 : days <= 30 ? 1 : 2;
	return a->priority == 0 ? 0 : a->priority == 1 ? 1 : 2;
}

void action_number_padded(struct str *b, const char *number, int digits)
{
	const char *dash = number ? strchr(number, '-') : NULL;
	size_t n = dash ? strspn(dash + 1, "0123456789") : 0;
	if (!n) {
		str_adds(b, number);
		return;
	}
	str_add(b, number, (size_t)(dash - number) + 1);
	if (n < (size_t)digits)
		str_addn(b, '0', (size_t)digits - n);
	str_adds(b, dash + 1);
}

/* ---- links ---- */

enum place_form { PLACE_MS, PLACE_S, PLACE_RFC3339 };
static const struct { const char *word; bool end; enum place_form form; } places[] = {
	{ "{from_ms}", false, PLACE_MS }, { "{to_ms}", true, PLACE_MS },	 { "{from_s}", false, PLACE_S },
	{ "{to_s}", true, PLACE_S },	  { "{from}", false, PLACE_RFC3339 }, { "{to}", true, PLACE_RFC3339 },
};
enum { PLACES = sizeof places / sizeof *places };

void link_expand(struct str *b, const char *pattern, usec from, usec to)
{
	for (const char *p = pattern; *p;) {
		size_t i = 0;
		while (i < PLACES && strncmp(p, places[i].word, strlen(places[i].word)) != 0)
			i++;
		usec t = i < PLACES && places[i].end ? to : from;
		if (i == PLACES || t == USEC_NONE) {
			str_addc(b, *p++);
			continue;
		}
		if (places[i].form == PLACE_RFC3339)
			when_fmt_rfc3339(b, t);
		else
			str_addf(b, "%lld", (long long)(t / (places[i].form == PLACE_MS ? 1000 : USEC_SEC)));
		p += strlen(places[i].word);
	}
}
