/* import-rules.c - what headings and labels mean: those of the house templates and their common synonyms. Earlier
 * rows win. Keys are written as heading_key makes them. */
#include <string.h>

#include "model/names.h"
#include "text/import-impl.h"

#define LABELS WHAT_LABELS
#define FINDINGS WHAT_FINDINGS

static const struct rule rules[] = {
	/* the head, the summary */
	{ "incident information", NULL, LABELS, NULL, NULL, NULL },
	{ "incident details", NULL, LABELS, NULL, NULL, NULL },
	{ "severity classification", NULL, LABELS, NULL, NULL, NULL },
	{ "metadata", NULL, LABELS, NULL, NULL, NULL },
	{ "executive summary", NULL, LABELS, "summary", NULL, NULL },
	{ "summary", NULL, LABELS, "summary", NULL, NULL },
	{ "incident summary", NULL, LABELS, "summary", NULL, NULL },
	{ "incident overview", NULL, LABELS, "summary", NULL, NULL },
	{ "overview", NULL, LABELS, "summary", NULL, NULL },
	{ "tl dr", NULL, LABELS, "summary", NULL, NULL },
	{ "tldr", NULL, LABELS, "summary", NULL, NULL },
	{ "what happened", "summary", LABELS, "summary", NULL, NULL },
	{ "what happened", "executive summary", LABELS, "summary", NULL, NULL },
	/* lists whose headings could be taken for others */
	{ "key milestones", NULL, WHAT_COMPUTED, NULL, NULL, NULL },
	{ "milestones", NULL, WHAT_COMPUTED, NULL, NULL, NULL },
	{ "targets", NULL, WHAT_COMPUTED, NULL, NULL, NULL },
	{ "severity", NULL, WHAT_COMPUTED, NULL, NULL, NULL },
	{ "updates", NULL, WHAT_COMPUTED, NULL, NULL, NULL },
	{ "asks", NULL, WHAT_ASKS, NULL, NULL, NULL },
	{ "conflicts", NULL, WHAT_COMPUTED, NULL, NULL, NULL },
	{ "error budget impact", NULL, WHAT_METRICS, NULL, NULL, NULL },
	{ "sla compliance", NULL, WHAT_METRICS, NULL, NULL, NULL },
	{ "further facts", NULL, WHAT_FACTS, NULL, NULL, NULL },
	{ "responders", NULL, WHAT_RESPONDERS, NULL, NULL, NULL },
	{ "roles", NULL, WHAT_RESPONDERS, NULL, NULL, NULL },
	{ "participants", NULL, WHAT_RESPONDERS, NULL, NULL, NULL },
	{ "hypotheses", NULL, WHAT_HYPOTHESES, NULL, NULL, NULL },
	/* the timeline */
	{ "timeline", NULL, WHAT_TIMELINE, NULL, NULL, NULL },
	{ "incident timeline", NULL, WHAT_TIMELINE, NULL, NULL, NULL },
	{ "detailed timeline", NULL, WHAT_TIMELINE, NULL, NULL, NULL },
	{ "timeline of events", NULL, WHAT_TIMELINE, NULL, NULL, NULL },
	{ "chronology", NULL, WHAT_TIMELINE, NULL, NULL, NULL },
	{ "sequence of events", NULL, WHAT_TIMELINE, NULL, NULL, NULL },
	{ "event log", NULL, WHAT_TIMELINE, NULL, NULL, NULL },
	{ "events", NULL, WHAT_TIMELINE, NULL, NULL, NULL },
	/* action items */
	{ "action items", NULL, WHAT_ACTIONS, NULL, NULL, NULL },
	{ "actions", NULL, WHAT_ACTIONS, NULL, NULL, NULL },
	{ "action plan", NULL, WHAT_ACTIONS, NULL, NULL, NULL },
	{ "follow up actions", NULL, WHAT_ACTIONS, NULL, NULL, NULL },
	{ "follow up items", NULL, WHAT_ACTIONS, NULL, NULL, NULL },
	{ "remediation", NULL, WHAT_ACTIONS, NULL, NULL, NULL },
	{ "remediation items", NULL, WHAT_ACTIONS, NULL, NULL, NULL },
	{ "next steps", NULL, WHAT_ACTIONS, NULL, NULL, NULL },
	{ "todo", NULL, WHAT_ACTIONS, NULL, NULL, NULL },
	/* corrective actions and fixes */
	{ "corrective actions", NULL, FINDINGS, NULL, "follow-up", NULL },
	{ "immediate", "corrective actions", FINDINGS, NULL, "follow-up", "immediate" },
	{ "short term", "corrective actions", FINDINGS, NULL, "follow-up", "short-term" },
	{ "long term", "corrective actions", FINDINGS, NULL, "follow-up", "long-term" },
	{ "immediate fix", NULL, FINDINGS, "immediate-fix", "immediate fix", NULL },
	{ "immediate fixes", NULL, FINDINGS, "immediate-fix", "immediate fix", NULL },
	{ "immediate actions", NULL, FINDINGS, "immediate-fix", "immediate fix", NULL },
	{ "permanent fix", NULL, FINDINGS, NULL, "permanent fix", NULL },
	{ "permanent fixes", NULL, FINDINGS, NULL, "permanent fix", NULL },
	{ "long term fixes", NULL, FINDINGS, NULL, "permanent fix", NULL },
	{ "long term fix", NULL, FINDINGS, NULL, "permanent fix", NULL },
	{ "validation", NULL, FINDINGS, "validation", "validation", NULL },
	{ "verification", NULL, FINDINGS, "validation", "validation", NULL },
	{ "why this approach", NULL, FINDINGS, NULL, "decision", NULL },
	{ "decisions", NULL, FINDINGS, NULL, "decision", NULL },
	{ "what was done to resolve the incident", NULL, WHAT_SAME, NULL, NULL, NULL },
	{ "what we did", NULL, LABELS, "resolution", NULL, NULL },
	{ "time to resolution", NULL, LABELS, "resolution", NULL, NULL },
	{ "resolution", NULL, LABELS, "resolution", NULL, NULL },
	{ "mitigation", NULL, LABELS, "resolution", NULL, NULL },
	{ "resolution and recovery", NULL, LABELS, "resolution", NULL, NULL },
	/* follow-up and prevention */
	{ "immediate", "follow up", FINDINGS, NULL, "follow-up", "immediate" },
	{ "short term", "follow up", FINDINGS, NULL, "follow-up", "short-term" },
	{ "long term", "follow up", FINDINGS, NULL, "follow-up", "long-term" },
	{ "quarterly review", NULL, LABELS, NULL, NULL, NULL },
	{ "follow up plan", NULL, FINDINGS, NULL, "follow-up", NULL },
	{ "follow up", NULL, FINDINGS, NULL, "follow-up", NULL },
	{ "prevention", NULL, FINDINGS, NULL, "prevention", NULL },
	{ "preventive measures", NULL, FINDINGS, NULL, "prevention", NULL },
	{ "how to prevent this in the future", NULL, WHAT_SAME, NULL, NULL, NULL },
	{ "how can we prevent this from happening again", NULL, WHAT_SAME, NULL, NULL, NULL },
	{ "code level", "prevention", FINDINGS, NULL, "prevention", "code" },
	{ "testing level", "prevention", FINDINGS, NULL, "prevention", "testing" },
	{ "deployment level", "prevention", FINDINGS, NULL, "prevention", "deployment" },
	{ "monitoring level", "prevention", FINDINGS, NULL, "prevention", "monitoring" },
	{ "technical improvements", "prevention", FINDINGS, NULL, "prevention", "technical" },
	{ "process improvements", "prevention", FINDINGS, NULL, "prevention", "process" },
	{ "monitoring improvements", "prevention", FINDINGS, NULL, "prevention", "monitoring" },
	{ "immediate", "prevention", FINDINGS, NULL, "prevention", "immediate" },
	{ "short term", "prevention", FINDINGS, NULL, "prevention", "short-term" },
	{ "long term", "prevention", FINDINGS, NULL, "prevention", "long-term" },
	/* detection */
	{ "how was it detected", NULL, LABELS, "detection", "detection.method", NULL },
	{ "how was the incident detected", NULL, LABELS, "detection", "detection.method", NULL },
	{ "how we detected it", NULL, LABELS, "detection", "detection.method", NULL },
	{ "could detection be improved", NULL, FINDINGS, "detection", "detection improve", NULL },
	{ "what worked well", "detection", FINDINGS, NULL, "detection worked", NULL },
	{ "what could be improved", "detection", FINDINGS, NULL, "detection improve", NULL },
	{ "detection", NULL, LABELS, "detection", "detection.method", NULL },
	/* what went well and what did not */
	{ "response", NULL, LABELS, "response", NULL, NULL },
	{ "what went well", NULL, FINDINGS, NULL, "went well", NULL },
	{ "what worked", NULL, FINDINGS, NULL, "went well", NULL },
	{ "what worked well", NULL, FINDINGS, NULL, "went well", NULL },
	{ "things that went well", NULL, FINDINGS, NULL, "went well", NULL },
	{ "went well", NULL, FINDINGS, NULL, "went well", NULL },
	{ "what could be improved", NULL, FINDINGS, NULL, "went badly", NULL },
	{ "what went wrong", NULL, FINDINGS, NULL, "went badly", NULL },
	{ "what didnt go well", NULL, FINDINGS, NULL, "went badly", NULL },
	{ "what did not go well", NULL, FINDINGS, NULL, "went badly", NULL },
	{ "what went badly", NULL, FINDINGS, NULL, "went badly", NULL },
	{ "what went poorly", NULL, FINDINGS, NULL, "went badly", NULL },
	{ "things that went wrong", NULL, FINDINGS, NULL, "went badly", NULL },
	{ "where we got lucky", NULL, FINDINGS, NULL, "lucky", NULL },
	{ "where did we get lucky", NULL, FINDINGS, NULL, "lucky", NULL },
	{ "lucky", NULL, FINDINGS, NULL, "lucky", NULL },
	{ "surprising findings", NULL, FINDINGS, NULL, "surprise", NULL },
	{ "surprises", NULL, FINDINGS, NULL, "surprise", NULL },
	{ "what surprised us", NULL, FINDINGS, NULL, "surprise", NULL },
	{ "things that worked as intended during this incident", NULL, WHAT_SAME, NULL, NULL, NULL },
	{ "things that failed or could have been better", NULL, WHAT_SAME, NULL, NULL, NULL },
	{ "what well do differently", NULL, FINDINGS, NULL, "change", NULL },
	{ "what we will do differently", NULL, FINDINGS, NULL, "change", NULL },
	/* lessons */
	{ "technical lessons", NULL, FINDINGS, NULL, "lesson", "technical" },
	{ "process lessons", NULL, FINDINGS, NULL, "lesson", "process" },
	{ "cultural lessons", NULL, FINDINGS, NULL, "lesson", "cultural" },
	{ "technical improvements", "lessons", FINDINGS, NULL, "lesson", "technical" },
	{ "process improvements", "lessons", FINDINGS, NULL, "lesson", "process" },
	{ "cultural improvements", "lessons", FINDINGS, NULL, "lesson", "cultural" },
	{ "what we learned", NULL, FINDINGS, NULL, "lesson", NULL },
	{ "lessons learned", NULL, FINDINGS, NULL, "lesson", NULL },
	{ "lessons", NULL, FINDINGS, NULL, "lesson", NULL },
	{ "learnings", NULL, FINDINGS, NULL, "lesson", NULL },
	/* the cause */
	{ "the 5 whys method", NULL, WHAT_WHYS, NULL, "why", NULL },
	{ "5 whys analysis", NULL, WHAT_WHYS, NULL, "why", NULL },
	{ "5 whys", NULL, WHAT_WHYS, NULL, "why", NULL },
	{ "five whys", NULL, WHAT_WHYS, NULL, "why", NULL },
	{ "the 5 whys", NULL, WHAT_WHYS, NULL, "why", NULL },
	{ "contributing factors", NULL, FINDINGS, NULL, "factor", NULL },
	{ "contributing factor", NULL, FINDINGS, NULL, "factor", NULL },
	{ "what happened", NULL, LABELS, "what-happened", NULL, NULL },
	{ "why did it happen", NULL, FINDINGS, "why-it-happened", "reason", NULL },
	{ "why it happened", NULL, FINDINGS, "why-it-happened", "reason", NULL },
	{ "why it wasnt caught earlier", NULL, FINDINGS, "why-not-caught", "not caught", NULL },
	{ "why wasnt it detected earlier", NULL, FINDINGS, "why-not-caught", "not caught", NULL },
	{ "why was it not caught earlier", NULL, FINDINGS, "why-not-caught", "not caught", NULL },
	{ "root cause analysis", NULL, LABELS, "root-cause", NULL, NULL },
	{ "root cause", NULL, LABELS, "root-cause", NULL, NULL },
	{ "root causes", NULL, LABELS, "root-cause", NULL, NULL },
	{ "cause", NULL, LABELS, "root-cause", NULL, NULL },
	/* impact and measured values */
	{ "availability impact", NULL, WHAT_METRICS, NULL, NULL, NULL },
	{ "latency impact", NULL, WHAT_METRICS, NULL, NULL, NULL },
	{ "error rate impact", NULL, WHAT_METRICS, NULL, NULL, NULL },
	{ "metrics snapshot", NULL, WHAT_METRICS, NULL, NULL, NULL },
	{ "metrics", NULL, WHAT_METRICS, NULL, NULL, NULL },
	{ "key metrics", NULL, WHAT_CODE, "metrics", NULL, NULL },
	{ "metrics graphs", NULL, LABELS, "metrics", NULL, NULL },
	{ "graphs charts", NULL, WHAT_LINKS, NULL, NULL, NULL },
	{ "metrics data", NULL, WHAT_METRICS, NULL, NULL, NULL },
	{ "impact assessment", NULL, LABELS, "impact", NULL, NULL },
	{ "impact analysis", NULL, LABELS, "impact", NULL, NULL },
	{ "impact", NULL, LABELS, "impact", NULL, NULL },
	{ "user impact", NULL, LABELS, "impact", NULL, NULL },
	{ "customer impact", NULL, LABELS, "impact", NULL, NULL },
	{ "users affected", NULL, LABELS, "impact", NULL, NULL },
	{ "service impact", NULL, LABELS, "impact", NULL, NULL },
	{ "business impact", NULL, LABELS, "impact", NULL, NULL },
	{ "technical impact", NULL, LABELS, "impact", NULL, NULL },
	{ "slo impact", NULL, LABELS, "impact", NULL, NULL },
	{ "duration", NULL, LABELS, "impact", NULL, NULL },
	/* the end */
	{ "related incidents", NULL, WHAT_RELATED, NULL, NULL, NULL },
	{ "similar past incidents", NULL, WHAT_SAME, NULL, NULL, NULL },
	{ "similar incidents", NULL, WHAT_RELATED, NULL, NULL, NULL },
	{ "references", NULL, WHAT_LINKS, NULL, NULL, NULL },
	{ "useful links", NULL, WHAT_LINKS, NULL, NULL, NULL },
	{ "links", NULL, WHAT_LINKS, NULL, NULL, NULL },
	{ "resources", NULL, WHAT_LINKS, NULL, NULL, NULL },
	{ "error logs", NULL, LABELS, "error-logs", NULL, NULL },
	{ "logs", NULL, LABELS, "error-logs", NULL, NULL },
	{ "code changes", NULL, LABELS, "code-changes", NULL, NULL },
	{ "database query", NULL, LABELS, "code-changes", NULL, NULL },
	{ "appendix", NULL, LABELS, "appendix", NULL, NULL },
	{ "appendices", NULL, LABELS, "appendix", NULL, NULL },
	{ "sign off", NULL, WHAT_SIGNOFF, NULL, NULL, NULL },
	{ "signoff", NULL, WHAT_SIGNOFF, NULL, NULL, NULL },
	{ "review sign off", NULL, WHAT_SIGNOFF, NULL, NULL, NULL },
	{ "approvals", NULL, WHAT_SIGNOFF, NULL, NULL, NULL },
	{ "reviewed by", NULL, WHAT_SIGNOFF, NULL, NULL, "reviewed" },
	{ "approved by", NULL, WHAT_SIGNOFF, NULL, NULL, "approved" },
	{ "prepared by", NULL, WHAT_SIGNOFF, NULL, NULL, "prepared" },
	{ "distribution", NULL, WHAT_LIST, "distribution", NULL, NULL },
	{ "how can we improve our postmortem process", NULL, WHAT_SAME, NULL, NULL, NULL },
	{ "feedback", NULL, LABELS, "feedback", NULL, NULL },
};

static bool begins(const char *key, const char *with)
{
	size_t n = strlen(with);
	return strncmp(key, with, n) == 0 && (!key[n] || key[n] == ' ');
}

static bool is_under(const char *under, const char *const *above, size_t n)
{
	for (size_t i = 0; under && i < n; i++)
		if (begins(above[i], under))
			return true;
	return !under;
}

const struct rule *rule_for(const char *heading, const char *const *above, size_t n)
{
	for (size_t i = 0; i < COUNT(rules); i++)
		if (strcmp(rules[i].heading, heading) == 0 && is_under(rules[i].under, above, n))
			return &rules[i];
	return NULL;
}

/* ---- labels
 * --------------------------------------------------------------------------------------------------------- */

#define FIELD(label, under, name)                                                                                      \
	{                                                                                                              \
		label, under, LABEL_FIELD, name, NULL, MS_NONE, MS_NONE                                                \
	}
#define SPLIT(label, under, name, rest)                                                                                \
	{                                                                                                              \
		label, under, LABEL_FIELD, name, rest, MS_NONE, MS_NONE                                                \
	}
#define PLAIN(label, under, what, name)                                                                                \
	{                                                                                                              \
		label, under, what, name, NULL, MS_NONE, MS_NONE                                                       \
	}
#define AT(label, under, milestone)                                                                                    \
	{                                                                                                              \
		label, under, LABEL_TIME, NULL, NULL, MS_NONE, milestone                                               \
	}
#define SPAN(label, from, to)                                                                                          \
	{                                                                                                              \
		label, NULL, LABEL_DURATION, NULL, NULL, from, to                                                      \
	}

static const struct label labels[] = {
	PLAIN("incident id", NULL, LABEL_ID, NULL),
	PLAIN("incident", "executive summary", LABEL_FIELD, "summary.incident"),
	PLAIN("incident", "references", LABEL_FIELD, NULL),
	PLAIN("incident", NULL, LABEL_ID, NULL),
	PLAIN("title", NULL, LABEL_TITLE, NULL),
	PLAIN("incident title", NULL, LABEL_TITLE, NULL),
	FIELD("date", "quarterly review", "quarterly-review.date"),
	FIELD("agenda", "quarterly review", "quarterly-review.agenda"),
	FIELD("date", "sign off", "signed-off"),
	PLAIN("date", NULL, LABEL_DATE, NULL),
	PLAIN("incident date", NULL, LABEL_DATE, NULL),
	AT("time", NULL, MS_DETECTED),
	AT("detection", "duration", MS_DETECTED),
	AT("resolution", "duration", MS_RESOLVED),
	PLAIN("severity", NULL, LABEL_SEVERITY, NULL),
	PLAIN("priority", NULL, LABEL_SEVERITY, NULL),
	PLAIN("incident commander", NULL, LABEL_ROLE, "IC"),
	PLAIN("communications", NULL, LABEL_ROLE, "COM"),
	PLAIN("communications lead", NULL, LABEL_ROLE, "COM"),
	PLAIN("scribe", NULL, LABEL_ROLE, "SCRIBE"),
	PLAIN("responders", NULL, LABEL_RESPONDERS, NULL),
	/* durations that the document prints: evidence for milestones */
	SPAN("duration", MS_NONE, MS_CLOSED),
	SPAN("total incident duration", MS_NONE, MS_CLOSED),
	SPAN("total duration", MS_NONE, MS_CLOSED),
	SPAN("time to detection", MS_STARTED, MS_DETECTED),
	SPAN("time to detect", MS_STARTED, MS_DETECTED),
	SPAN("detection time", MS_STARTED, MS_DETECTED),
	SPAN("time to resolution", MS_DETECTED, MS_RESOLVED),
	SPAN("total", MS_DETECTED, MS_RESOLVED),
	SPAN("detection to acknowledgment", MS_DETECTED, MS_ACKNOWLEDGED),
	SPAN("acknowledgment to mitigation start", MS_ACKNOWLEDGED, MS_MITIGATING),
	SPAN("detection to identification", MS_DETECTED, MS_IDENTIFIED),
	SPAN("identification to mitigation", MS_IDENTIFIED, MS_MITIGATING),
	SPAN("mitigation to resolution", MS_MITIGATING, MS_RESOLVED),
	/* the document */
	FIELD("document status", NULL, "document.status"),
	PLAIN("status", NULL, LABEL_STATUS, "document.status"),
	FIELD("version", NULL, "document.version"),
	FIELD("last updated", NULL, "document.updated"),
	PLAIN("template version", NULL, LABEL_COMPUTED, NULL),
	PLAIN("remember", NULL, LABEL_COMPUTED, NULL),
	PLAIN("completion tracking", NULL, LABEL_COMPUTED, NULL),
	FIELD("postmortem owner", NULL, "owner"),
	FIELD("author", NULL, "authors"),
	FIELD("authors", NULL, "authors"),
	FIELD("postmortem author", NULL, "authors"),
	FIELD("reviewers", NULL, "reviewers"),
	FIELD("technical lead", NULL, "technical-lead"),
	FIELD("visibility", NULL, "visibility"),
	FIELD("distribution", NULL, "distribution"),
	FIELD("published", NULL, "published"),
	FIELD("published date", NULL, "published"),
	FIELD("review date", NULL, "review-date"),
	FIELD("next review", NULL, "review-date"),
	FIELD("post mortem completed", NULL, "completed.postmortem"),
	FIELD("postmortem completed", NULL, "completed.postmortem"),
	FIELD("action items assigned", NULL, "completed.actions"),
	FIELD("lessons shared", NULL, "completed.lessons"),
	PLAIN("prepared by", NULL, LABEL_SIGNOFF, "prepared"),
	PLAIN("reviewed by", NULL, LABEL_SIGNOFF, "reviewed"),
	PLAIN("approved by", NULL, LABEL_SIGNOFF, "approved"),
	/* the summary */
	PLAIN("what happened", "summary", LABEL_SECTION, "summary"),
	FIELD("impact", "executive summary", "summary.impact"),
	FIELD("root cause", "executive summary", "summary.root-cause"),
	FIELD("resolution", "executive summary", "summary.resolution"),
	FIELD("prevention", "executive summary", "summary.prevention"),
	/* impact */
	FIELD("users", "impact", "impact.users"),
	FIELD("services", "impact", "impact.services"),
	FIELD("regions", "impact", "impact.regions"),
	FIELD("business", "impact", "impact.business"),
	FIELD("data", "impact", "impact.data"),
	FIELD("count", "users affected", "impact.users"),
	FIELD("affected users", NULL, "impact.users"),
	FIELD("users affected", NULL, "impact.users"),
	FIELD("customer impact", NULL, "impact.users"),
	FIELD("user segments", NULL, "impact.segments"),
	FIELD("affected regions", NULL, "impact.regions"),
	FIELD("geographic distribution", NULL, "impact.regions"),
	FIELD("features impacted", NULL, "impact.features"),
	FIELD("features affected", NULL, "impact.features"),
	FIELD("services affected", NULL, "impact.services"),
	FIELD("service affected", NULL, "impact.services"),
	FIELD("affected services", NULL, "impact.services"),
	FIELD("user experience", NULL, "impact.experience"),
	FIELD("service degradation", NULL, "impact.degradation"),
	FIELD("degradation", NULL, "impact.degradation"),
	FIELD("availability", "slo impact", "impact.availability"),
	FIELD("failed requests", NULL, "impact.requests-failed"),
	FIELD("data loss", NULL, "impact.data"),
	FIELD("data integrity", NULL, "impact.data"),
	FIELD("rollback required", NULL, "impact.rollback"),
	SPLIT("revenue loss", NULL, "impact.revenue", "impact.revenue-basis"),
	SPLIT("revenue impact", NULL, "impact.revenue", "impact.revenue-basis"),
	SPLIT("revenue", NULL, "impact.revenue", "impact.revenue-basis"),
	FIELD("support tickets", NULL, "impact.tickets"),
	FIELD("customer support tickets", NULL, "impact.tickets"),
	FIELD("customer complaints", NULL, "impact.tickets"),
	FIELD("customer churn", NULL, "impact.churn"),
	FIELD("reputation", NULL, "impact.reputation"),
	FIELD("reports lost", NULL, "impact.reports-lost"),
	FIELD("reports delayed", NULL, "impact.reports-delayed"),
	FIELD("slo impact", NULL, "impact.slo"),
	SPLIT("sla breach", NULL, "sla.breach", "sla.detail"),
	PLAIN("error budget", NULL, LABEL_COMPUTED, NULL),
	PLAIN("error budget used", NULL, LABEL_COMPUTED, NULL),
	PLAIN("error budget remaining", NULL, LABEL_COMPUTED, NULL),
	PLAIN("monthly budget", NULL, LABEL_COMPUTED, NULL),
	PLAIN("consumed", "error budget impact", LABEL_COMPUTED, NULL),
	PLAIN("remaining", "error budget impact", LABEL_COMPUTED, NULL),
	/* detection */
	SPLIT("detection method", NULL, "detection.method", "detection.source"),
	SPLIT("method", "detection", "detection.method", "detection.source"),
	FIELD("first reporter", NULL, "detection.reporter"),
	FIELD("alert name", NULL, "detection.alert"),
	AT("alert fired", "detection", MS_DETECTED),
	FIELD("alert effectiveness", NULL, "detection.effectiveness"),
	/* the cause */
	FIELD("start with the problem statement", NULL, "problem"),
	FIELD("problem statement", NULL, "problem"),
	FIELD("problem", "5 whys", "problem"),
	FIELD("root cause", NULL, "root-cause"),
	PLAIN("primary cause", NULL, LABEL_SECTION, "root-cause"),
	FIELD("pattern identified", NULL, "pattern"),
	/* groups of action items */
	FIELD("owner", "short term", "short-term.owner"),
	FIELD("due", "short term", "short-term.due"),
	FIELD("owner", "long term", "long-term.owner"),
	FIELD("due", "long term", "long-term.due"),
};

const struct label *label_for(const char *text, const char *const *above, size_t n)
{
	for (size_t i = 0; i < COUNT(labels); i++)
		if (strcmp(labels[i].label, text) == 0 && is_under(labels[i].under, above, n))
			return &labels[i];
	return NULL;
}
