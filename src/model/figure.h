/* figure.h - the figures of the five documents: which ends each measures between, percentages, differences and factors of metrics,
 * the block of key metrics, the words and groups of action items. Pure: no text here depends on anything but its arguments. */
#ifndef TPLUS_MODEL_FIGURE_H
#define TPLUS_MODEL_FIGURE_H

#include "model/incident.h"
#include "model/policy.h"

/* ---- ends ---- */

struct ends { int from, to; }; /* milestones; MS_NONE: the document has no such figure, or leaves the ends to the policy */

struct document_ends {
	const char *template;
	struct ends duration; /* classic started→mitigated, sev and analysis detected→closed, slo started→resolved, detailed started→closed */
	struct ends total;    /* slo's MTTR and detailed's "Total": detected→resolved */
	struct ends budget;   /* slo started→resolved, detailed started→closed; others: the policy's ends of each SLO */
};
/* Of a template; one that is not among the five gets MS_NONE throughout. Never NULL. */
const struct document_ends *document_ends(const char *template);

/* ---- percentages ---- */

/* part of whole in percent, to one decimal, halves away from zero: "27.8", "33", "-4.7". whole <= 0 appends nothing and is false. */
bool figure_percent(struct str *b, int64_t part, int64_t whole);

/* ---- metrics ---- */

/* A measured value as people write it: "99.9%", "250 ms", "~1,200 req/s", "0.2"; "Timeout (30s)" is none. Exact to a millionth. */
struct measure { int64_t micro; char unit[24]; bool known, about; };
struct measure measure_of(const char *text, const char *unit); /* unit: what a bare number counts; may be NULL */

/* What it says about two of them; false, and nothing appended, when either is unknown or their units cannot be compared (times and shares can). */
bool measure_difference(struct str *b, const struct measure *before, const struct measure *during); /* "-4.7 %", "+4.8 s" */
bool measure_factor(struct str *b, const struct measure *before, const struct measure *during);     /* "25x", "5.3x" */

/* Was the target kept? higher_is_better decides for names like availability, see metric_rises. */
enum kept { KEPT_UNKNOWN, KEPT_MET, KEPT_MISSED };
enum kept measure_kept(const struct measure *target, const struct measure *actual, bool higher_is_better);
bool metric_rises(const char *name); /* more of it is better: availability, uptime, success, throughput … */

/* ---- key metrics ---- */

/* One number of the block: key is a slug, value a decimal number. */
struct key_metric { char *key, *value; };

/* "error rate", service "API", suffix "peak", unit "%" give error_rate_api_peak; a time's unit is part of the key: p95_latency_peak_ms. */
char *key_metric_name(const char *name, const char *service, const char *suffix, const char *unit);
char *key_metric_value(const struct measure *m); /* in the measure's own unit: "15.3"; NULL: unknown */

/* {"incident_start": "…", "incident_end": "…", "duration_minutes": 135, KEY: VALUE …}, indented by two spaces, each key once, null for what is
 * unknown. Minutes have at most one decimal. */
void key_metrics_fmt(struct str *b, const struct milestones *ms, struct ends e, const struct key_metric *v, size_t n);

/* ---- severities and action items in a document's words ---- */

/* "P1"; "P2 (SEV-4)" where the document's scheme ends before. Unknown: appends nothing. scheme: of the policy, for the five's others. */
void figure_severity(struct str *b, const char *template, int severity, const char *scheme);

const char *action_status_in(const char *template, const char *status); /* "Not Started"; own words for what is no status of ours: as it is */

/* The groups of a template, in order; NULL ends them. Every action item belongs to exactly one: dropped ones to none (-1).
 *   classic   priority long-term               (within 7 days, within 30 days)
 *   analysis  high medium low                  (P0, P1, the rest)
 *   slo       high medium low                  (P0, P1, the rest; or by horizon)
 *   detailed  immediate short-term long-term   (done, this week, the rest)
 *   others    all */
const char *const *action_groups(const char *template);
int action_group(const char *template, const struct action *a);

/* Horizons as people write them: 7 days, 30 days, week, month, quarter; others stay as they are. Appends the canonical word. */
void horizon_canonical(struct str *b, const char *word);
int horizon_days(const char *word); /* 7 30 7 30 90; -1: not known */

/* AI-1 as AI-001. */
void action_number_padded(struct str *b, const char *number, int digits);

/* ---- links ---- */

/* {from_ms}, {to_ms}, {from_s}, {to_s}, {from}, {to} (RFC 3339) in a link's address; a time that is unknown leaves its place as it is. */
void link_expand(struct str *b, const char *pattern, usec from, usec to);

#endif
