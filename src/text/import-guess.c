/* import-guess.c - milestones that a row's wording tells. Careful: a wrong one is worse than none; each is said in
 * the report. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "text/import-impl.h"

/* Lower case. Earlier rows of the table win within a line of the timeline, earlier lines within the timeline. */
static const struct {
	const char *phrase;
	int milestone;
} phrases[] = {
	{ "incident start", MS_STARTED },
	{ "impact start", MS_STARTED },
	{ "impact began", MS_STARTED },
	{ "impact begins", MS_STARTED },
	{ "outage start", MS_STARTED },
	{ "outage began", MS_STARTED },
	{ "first errors", MS_STARTED },
	{ "errors began", MS_STARTED },
	{ "errors start", MS_STARTED },
	{ "incident began", MS_STARTED },
	{ "incident closed", MS_CLOSED },
	{ "incident was closed", MS_CLOSED },
	{ "closed the incident", MS_CLOSED },
	{ "incident resolved", MS_RESOLVED },
	{ "issue resolved", MS_RESOLVED },
	{ "outage resolved", MS_RESOLVED },
	{ "problem resolved", MS_RESOLVED },
	{ "declared resolved", MS_RESOLVED },
	{ "marked resolved", MS_RESOLVED },
	{ "marked as resolved", MS_RESOLVED },
	{ "(resolved)", MS_RESOLVED },
	{ "confirms stability", MS_RESOLVED },
	{ "stability confirmed", MS_RESOLVED },
	{ "acknowledged", MS_ACKNOWLEDGED },
	{ "acknowledges", MS_ACKNOWLEDGED },
	{ "incident declared", MS_DECLARED },
	{ "declared an incident", MS_DECLARED },
	{ "declared incident", MS_DECLARED },
	{ "declares an incident", MS_DECLARED },
	{ "declared sev", MS_DECLARED },
	{ "root cause identified", MS_IDENTIFIED },
	{ "identified root cause", MS_IDENTIFIED },
	{ "identified the root cause", MS_IDENTIFIED },
	{ "root cause found", MS_IDENTIFIED },
	{ "found root cause", MS_IDENTIFIED },
	{ "found the root cause", MS_IDENTIFIED },
	{ "cause identified", MS_IDENTIFIED },
	{ "root cause confirmed", MS_IDENTIFIED },
	{ "mitigation started", MS_MITIGATING },
	{ "mitigation begun", MS_MITIGATING },
	{ "mitigation began", MS_MITIGATING },
	{ "mitigation applied", MS_MITIGATING },
	{ "rollback initiated", MS_MITIGATING },
	{ "rollback started", MS_MITIGATING },
	{ "rollback begun", MS_MITIGATING },
	{ "rollback began", MS_MITIGATING },
	{ "started rollback", MS_MITIGATING },
	{ "initiated rollback", MS_MITIGATING },
	{ "failover initiated", MS_MITIGATING },
	{ "failover started", MS_MITIGATING },
	{ "applied fix", MS_MITIGATING },
	{ "fix applied", MS_MITIGATING },
	{ "incident mitigated", MS_MITIGATED },
	{ "issue mitigated", MS_MITIGATED },
	{ "impact mitigated", MS_MITIGATED },
	{ "mitigation complete", MS_MITIGATED },
	{ "service restored", MS_MITIGATED },
	{ "service fully restored", MS_MITIGATED },
	{ "services restored", MS_MITIGATED },
	{ "service recovered", MS_MITIGATED },
	{ "fully recovered", MS_MITIGATED },
	{ "back to normal", MS_MITIGATED },
	{ "returned to normal", MS_MITIGATED },
	{ "returns to normal", MS_MITIGATED },
	{ "alert fired", MS_DETECTED },
	{ "alert triggered", MS_DETECTED },
	{ "alerts fired", MS_DETECTED },
	{ "alarm fired", MS_DETECTED },
	{ "alarm triggered", MS_DETECTED },
	{ "alert received", MS_DETECTED },
	{ "initial detection", MS_DETECTED },
	{ "detected", MS_DETECTED },
	{ "customer reports", MS_DETECTED },
	{ "customer reported", MS_DETECTED },
	{ "investigation started", MS_INVESTIGATING },
	{ "investigation began", MS_INVESTIGATING },
	{ "began investigation", MS_INVESTIGATING },
	{ "began investigating", MS_INVESTIGATING },
	{ "started investigation", MS_INVESTIGATING },
	{ "started investigating", MS_INVESTIGATING },
	{ "initial investigation", MS_INVESTIGATING },
};

/* "not acknowledged", "partially restored", "would have alerted" */
static bool is_denied(const char *s, size_t at)
{
	static const char *const before[] = { "not ", "no ", "partially ", "never ", "not yet ", "nothing ", "un",
		"until ", "before " };
	for (size_t i = 0; i < COUNT(before); i++) {
		size_t n = strlen(before[i]);
		if (at >= n && strncmp(s + at - n, before[i], n) == 0)
			return true;
	}
	return false;
}

static bool says(const char *text, const char *phrase)
{
	for (const char *p = strstr(text, phrase); p; p = strstr(p + 1, phrase)) {
		size_t n = strlen(phrase);
		/* "incident start" is also "incident started" */
		bool whole = (p == text || !isalnum((unsigned char)p[-1]) || !isalnum((unsigned char)phrase[0])) &&
			     !isalpha((unsigned char)p[n]);
		if ((whole || phrase[n - 1] == 't') && !is_denied(text, (size_t)(p - text)))
			return true;
	}
	return false;
}

static struct import_row *row_of(struct reading *r, int milestone)
{
	for (size_t i = 0; i < r->rows; i++)
		if (!r->row[i].gone && !r->row[i].struck && r->row[i].milestone == milestone)
			return &r->row[i];
	return NULL;
}

static void guess_row(struct reading *r, struct import_row *row)
{
	char low[400];
	size_t n = 0;
	for (; row->text[n] && n + 1 < sizeof low; n++)
		low[n] = (char)tolower((unsigned char)row->text[n]);
	low[n] = 0;
	int whole = str_eq(low, "reopened") ? MS_NONE : milestone_find(low);
	if (whole >= 0 && whole < MS_COUNT && str_eq(low, milestone_name(whole)) &&
		!row_of(r, whole)) { /* the whole line: tplus writes it so */
		row->milestone = whole;
		row->clue = milestone_name(whole);
		row->text[0] = 0;
		return;
	}
	for (size_t i = 0; i < COUNT(phrases); i++)
		if (says(low, phrases[i].phrase) && !row_of(r, phrases[i].milestone)) {
			row->milestone = phrases[i].milestone;
			row->clue = phrases[i].phrase;
			return;
		}
}

/* ---- spans that the document prints
 * --------------------------------------------------------------------------------- */

/* The nearest row within half a minute; a printed span may leave out its seconds. */
static struct import_row *row_at(struct reading *r, usec at, bool cut)
{
	struct import_row *best = NULL;
	usec least = cut ? USEC_MIN : 30 * USEC_SEC;
	for (size_t i = 0; i < r->rows; i++) {
		usec d = r->row[i].at - at, off = d < 0 ? -d : d;
		if (r->row[i].gone || r->row[i].struck || off >= least || (cut && d < -30 * USEC_SEC))
			continue;
		best = &r->row[i];
		least = off;
	}
	return best;
}

static struct import_row *last_row(struct reading *r)
{
	struct import_row *last = NULL;
	for (size_t i = 0; i < r->rows; i++)
		if (!r->row[i].gone && (!last || r->row[i].at >= last->at))
			last = &r->row[i];
	return last;
}

/* A row that is exactly as far from a known milestone as the document says gets the other one, if it has none that
 * was not guessed to be "mitigated" (many write "restored" for resolved). */
static void use_evidence(struct reading *r, const struct evidence *e)
{
	struct import_row *from = e->from == MS_NONE ? row_of(r, MS_STARTED) : row_of(r, e->from),
			  *to = row_of(r, e->to), *hit;
	if (e->from == MS_NONE && !from)
		from = row_of(r, MS_DETECTED);
	int missing;
	if (from && !to) {
		hit = row_at(r, from->at + e->d, e->named);
		missing = e->to;
		if (e->from == MS_NONE && (hit != last_row(r) || row_of(r, MS_RESOLVED)))
			return;
	} else if (to && !from && e->from != MS_NONE) {
		hit = row_at(r, to->at - e->d, false);
		missing = e->from;
	} else {
		return;
	}
	if (!hit ||
		(hit->milestone != MS_NONE && !(hit->clue && hit->milestone == MS_MITIGATED && missing == MS_RESOLVED)))
		return;
	hit->milestone = missing;
	hit->clue = "the span that the document prints";
}

/* Both ends by name: the only two rows that far apart. */
static void use_named(struct reading *r, const struct evidence *e)
{
	struct import_row *from = NULL, *to = NULL;
	size_t found = 0;
	if (row_of(r, e->from) || row_of(r, e->to) || r->rows > 500)
		return;
	for (size_t i = 0; i < r->rows; i++)
		for (size_t k = 0; k < r->rows; k++)
			if (!r->row[i].gone && !r->row[k].gone && i != k && r->row[k].at - r->row[i].at == e->d) {
				from = &r->row[i];
				to = &r->row[k];
				found++;
			}
	if (found != 1 || from->milestone != MS_NONE || to->milestone != MS_NONE)
		return;
	from->milestone = e->from;
	to->milestone = e->to;
	from->clue = to->clue = "the span that the document prints";
}

/* "Alert fired: 14:23:12". What ends with the last row is closed, whatever else may be meant by its end. */
static void use_time(struct reading *r, const struct said_time *s)
{
	usec day = r->rows ? r->row[0].at : 0;
	struct local l;
	zone_local(r->zone, day, &l);
	int64_t date =
		s->t.has_date && s->t.year ? cal_days(s->t.year, s->t.mon, s->t.day) : cal_days(l.year, l.mon, l.day);
	struct import_row *hit = row_at(r, import_moment(r, &s->t, date, USEC_NONE), false);
	if (!hit || hit->milestone != MS_NONE || row_of(r, s->milestone) ||
		(s->milestone == MS_CLOSED && hit != last_row(r)))
		return;
	hit->milestone = s->milestone;
	hit->clue = "the time that the document prints";
}

void guess_milestones(struct reading *r)
{
	bool said = false;
	for (size_t i = 0; i < r->rows; i++)
		said |= r->row[i].milestone != MS_NONE;
	if (said) /* a document of tplus's own */
		return;
	for (size_t i = 0; i < r->rows; i++)
		if (!r->row[i].gone && !r->row[i].struck && r->row[i].kind == KIND_NOTE)
			guess_row(r, &r->row[i]);
	for (size_t i = 0; i < r->said_times; i++)
		use_time(r, &r->said[i]);
	for (size_t i = 0; i < r->evidences; i++)
		if (r->evidence[i].named)
			use_named(r, &r->evidence[i]);
	for (size_t i = 0; i < r->evidences; i++)
		use_evidence(r, &r->evidence[i]);
}
