/* table.c - the one table of verbs. Subcommands, the composer, help, completion and the manual's list come from it; the order is that of help. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "verb/act.h"

#define READ (V_READ | V_COMPOSER)
#define LINE (V_LINE | V_WRITE | V_INCIDENT | V_COMPOSER)
#define CHANGE (V_WRITE | V_INCIDENT | V_COMPOSER)
#define CORRECT (V_WRITE | V_COMPOSER)
#define ANSWER (V_LOCAL | V_INCIDENT | V_COMPOSER) /* reads without a value, writes with one */

static const struct opt open_opts[] = {
	{ "severity", 's', "SEV", "its severity: 0 to 4, SEV-2, P2" },
	{ "id", 0, "ID", "an id of your own instead of the next number" },
	{ NULL, 0, NULL, NULL },
};
static const struct opt status_opts[] = { { "all", 'a', NULL, "every open incident" }, { NULL, 0, NULL, NULL } };
static const struct opt tail_opts[] = {
	{ "lines", 'n', "N", "how many events, 10 unless said" },
	{ "follow", 'f', NULL, "go on as events arrive" },
	{ NULL, 0, NULL, NULL },
};
static const struct opt import_opts[] = {
	{ "dry-run", 'n', NULL, "show what a document says, and write nothing" },
	{ "date", 0, "DATE", "the day of a document's first line, where it does not say" },
	{ NULL, 0, NULL, NULL },
};
static const struct opt export_opts[] = {
	{ "template", 't', "TEMPLATE", "which document, default unless said" },
	{ "format", 'f', "FORMAT", "md, html, json or csv (the timeline); md unless said" },
	{ "output", 'o', "FILE", "a file instead of standard output; - is standard output" },
	{ "force", 0, NULL, "replace a file even if it was edited by hand since its last export" },
	{ "check", 0, NULL, "write nothing; list what the document still lacks, exit 1 if anything" },
	{ NULL, 0, NULL, NULL },
};
static const struct opt section_opts[] = {
	{ "code", 'c', "LANGUAGE", "the text is a block of code below the section" },
	{ "title", 0, "TITLE", "of the block: another one of that title is replaced" },
	{ NULL, 0, NULL, NULL },
};
static const struct opt help_opts[] = {
	{ "table", 0, NULL, "the verbs as tab-separated lines, for completion" },
	{ "mdoc", 0, NULL, "the verbs as a list for the manual" },
	{ NULL, 0, NULL, NULL },
};

#define MILESTONE(name, alias, summary, ms) { name, alias, NULL, "[LINE]", summary, LINE | V_CAPTURE, COMPLETE_PERSON, 0, VERB_ANY, NULL, verb_milestone, ms }

const struct verb verb_table[] = {
	{ "open", NULL, "Incidents", "TITLE [-s SEV] [--at T] [--id ID] [--zone Z]", "begin an incident; prints its id", V_WRITE | V_CREATE | V_COMPOSER,
		COMPLETE_NONE, 1, VERB_ANY, open_opts, verb_open, 0 },
	{ "list", NULL, NULL, "", "all incidents, newest first", READ, COMPLETE_NONE, 0, 0, NULL, verb_list, 0 },
	{ "show", NULL, NULL, "[ID]", "everything about one incident", READ, COMPLETE_INCIDENT, 0, 1, NULL, verb_show, 0 },
	{ "use", NULL, NULL, "ID", "choose the incident your lines go to", V_LOCAL | V_COMPOSER, COMPLETE_INCIDENT, 1, 1, NULL, verb_use, 0 },
	{ "status", NULL, NULL, "[--all]", "status and what is due next", READ, COMPLETE_NONE, 0, 0, status_opts, verb_status, 0 },
	{ "move", NULL, NULL, "EVENT INCIDENT", "move an event to another incident", CORRECT, COMPLETE_EVENT, 2, 2, NULL, verb_move, 0 },

	{ "log", NULL, "Timeline", "LINE", "log what happened; - reads lines from standard input", LINE | V_CAPTURE, COMPLETE_PERSON, 1, VERB_ANY, NULL, verb_log, 0 },
	{ "detail", NULL, NULL, "LINE", "add a line of detail to your last event", LINE, COMPLETE_PERSON, 1, VERB_ANY, NULL, verb_detail, 0 },
	{ "good", NULL, NULL, "LINE", "something that went well", LINE, COMPLETE_PERSON, 1, VERB_ANY, NULL, verb_said, 1 },
	{ "bad", NULL, NULL, "LINE", "something that went badly", LINE, COMPLETE_PERSON, 1, VERB_ANY, NULL, verb_said, 0 },
	{ "tail", NULL, NULL, "[-n N] [-f]", "the last events", READ | V_INCIDENT, COMPLETE_NONE, 0, 0, tail_opts, verb_tail, 0 },

	{ "started", "start", "Milestones", "[LINE]", "impact begins", LINE | V_CAPTURE, COMPLETE_PERSON, 0, VERB_ANY, NULL, verb_milestone, MS_STARTED },
	MILESTONE("detected", "detect", "somebody or something noticed", MS_DETECTED),
	MILESTONE("acknowledged", "ack", "somebody is on it", MS_ACKNOWLEDGED),
	MILESTONE("declared", "declare", "it is an incident", MS_DECLARED),
	MILESTONE("investigating", NULL, "the cause is being looked for", MS_INVESTIGATING),
	MILESTONE("identified", "identify", "the cause is known", MS_IDENTIFIED),
	MILESTONE("mitigating", NULL, "mitigation has begun", MS_MITIGATING),
	MILESTONE("mitigated", NULL, "users see no problem any more; still watching", MS_MITIGATED),
	MILESTONE("resolved", "resolve", "confirmed, no relapse", MS_RESOLVED),
	MILESTONE("closed", "close", "the incident is over", MS_CLOSED),
	MILESTONE("reopen", NULL, "it is back: later resolved and closed count", MS_REOPEN),

	{ "sev", NULL, "Severity and people", "LEVEL [why]", "change the severity", CHANGE | V_CAPTURE, COMPLETE_SEVERITY, 1, VERB_ANY, NULL, verb_sev, 0 },
	{ "role", NULL, NULL, "ROLE NAME", "give somebody a role: IC, COM, SCRIBE, OPS or any word", CHANGE | V_CAPTURE, COMPLETE_ROLE_PERSON, 2, 2, NULL,
		verb_role, 0 },
	{ "join", NULL, NULL, "NAME", "somebody joins the response", CHANGE, COMPLETE_PERSON, 1, 1, NULL, verb_join, 0 },
	{ "handover", NULL, NULL, "ROLE NAME", "offer a role to somebody, who gets the brief and accepts", CHANGE | V_CAPTURE, COMPLETE_ROLE_PERSON, 2, 2,
		NULL, verb_handover, 0 },
	{ "accept", NULL, NULL, "ROLE", "take the role you were offered", CHANGE | V_CAPTURE, COMPLETE_ROLE, 1, 1, NULL, verb_accept, 0 },
	{ "leave", NULL, NULL, "NAME", "somebody leaves, and all their roles", CHANGE, COMPLETE_PERSON, 1, 1, NULL, verb_leave, 0 },

	{ "ask", NULL, "Asks and hypotheses", "@NAME TEXT DURATION", "ask somebody for something within a time; prints its number", LINE | V_CAPTURE, COMPLETE_PERSON, 1,
		VERB_ANY, NULL, verb_ask, 0 },
	{ "answer", NULL, NULL, "ASK [text]", "an ask was answered", CHANGE, COMPLETE_ASK, 1, VERB_ANY, NULL, verb_answer, 0 },
	{ "extend", NULL, NULL, "ASK DURATION", "give an ask more time", CHANGE, COMPLETE_ASK, 2, 2, NULL, verb_extend, 0 },
	{ "hypothesis", NULL, NULL, "LINE", "a suspected cause; prints its number", LINE, COMPLETE_PERSON, 1, VERB_ANY, NULL, verb_hypothesis, 0 },
	{ "ruleout", NULL, NULL, "H [why]", "a hypothesis is ruled out", CHANGE, COMPLETE_HYPOTHESIS, 1, VERB_ANY, NULL, verb_judge, 1 },
	{ "confirm", NULL, NULL, "H [why]", "a hypothesis is confirmed", CHANGE, COMPLETE_HYPOTHESIS, 1, VERB_ANY, NULL, verb_judge, 2 },

	{ "action", NULL, "Action items", "TEXT [@owner] [due:DATE] [P0..P3] [type:T] [horizon:H] [ref:R] [success:WORDS] [status:S]", "follow-up work; prints its number",
		LINE, COMPLETE_PERSON, 1, VERB_ANY, NULL, verb_action, 0 },
	{ "assign", NULL, NULL, "AI NAME", "give an action item an owner", CHANGE, COMPLETE_ACTION_PERSON, 2, 2, NULL, verb_attribute, 0 },
	{ "due", NULL, NULL, "AI DATE", "give an action item a date: YYYY-MM-DD, tomorrow, 7d", CHANGE, COMPLETE_ACTION, 2, 2, NULL, verb_attribute, 0 },
	{ "prio", NULL, NULL, "AI P0..P3", "give an action item a priority", CHANGE, COMPLETE_ACTION, 2, 2, NULL, verb_attribute, 0 },
	{ "progress", NULL, NULL, "AI", "an action item is in progress", CHANGE, COMPLETE_ACTION, 1, 1, NULL, verb_attribute, 0 },
	{ "done", NULL, NULL, "AI", "an action item is done; a finding's id ticks that off", CHANGE, COMPLETE_ACTION, 1, 1, NULL, verb_attribute, 0 },
	{ "drop", NULL, NULL, "AI-N|ASK-N [why]", "drop an action item or an ask", CHANGE, COMPLETE_ACTION, 1, VERB_ANY, NULL, verb_drop, 0 },

	{ "update", NULL, "Updates", "TEXT", "a message to stakeholders; restarts the cadence", LINE | V_CAPTURE, COMPLETE_PERSON, 1, VERB_ANY, NULL, verb_update, 0 },
	{ "snooze", NULL, NULL, "DURATION why", "quiet the alarms for a while; the clocks go on", CHANGE | V_CAPTURE, COMPLETE_NONE, 1, VERB_ANY, NULL,
		verb_snooze, 0 },
	{ "brief", NULL, NULL, "", "the situation on one screen", READ | V_INCIDENT, COMPLETE_NONE, 0, 0, NULL, verb_brief, 0 },
	{ "gaps", NULL, NULL, "", "what is still missing, and how to fill it; exit 1 if anything is", READ | V_INCIDENT, COMPLETE_NONE, 0, 0, NULL, verb_gaps, 0 },
	{ "budget", NULL, NULL, "", "the error budgets; notes what other incidents spent of them", CHANGE, COMPLETE_NONE, 0, 0, NULL, verb_budget, 0 },

	{ "edit", NULL, "Corrections", "ID TEXT", "change the text of an event, action item, ask, hypothesis or finding, or attributes", CORRECT, COMPLETE_EVENT, 2, VERB_ANY, NULL, verb_edit, 0 },
	{ "retime", NULL, NULL, "ID T", "change when an event happened", CORRECT, COMPLETE_EVENT, 2, VERB_ANY, NULL, verb_retime, 0 },
	{ "strike", NULL, NULL, "ID [why]", "strike an event out; it stays visible", CORRECT, COMPLETE_EVENT, 1, VERB_ANY, NULL, verb_strike, 0 },
	{ "redact", NULL, NULL, "ID why", "make an event's text unreadable for good", CORRECT, COMPLETE_EVENT, 2, VERB_ANY, NULL, verb_redact, 0 },
	{ "undo", NULL, NULL, "[ID]", "take back your last change, or the one named", CHANGE, COMPLETE_ENTITY, 0, 1, NULL, verb_undo, 0 },
	{ "redo", NULL, NULL, "", "take back your last undo", CHANGE, COMPLETE_NONE, 0, 0, NULL, verb_redo, 0 },
	{ "history", NULL, NULL, "[ID]", "who changed what, when", READ | V_INCIDENT, COMPLETE_ENTITY, 0, 1, NULL, verb_history, 0 },

	{ "set", NULL, "The postmortem", "[FIELD [VALUE]]", "set a field; alone it shows the value, with '' it clears it", ANSWER, COMPLETE_FIELD, 0, VERB_ANY, NULL,
		verb_set, 0 },
	{ "section", NULL, NULL, "NAME [TEXT] [--code LANGUAGE [--title TITLE]]", "set a section to TEXT or to standard input; alone it shows it", ANSWER,
		COMPLETE_SECTION, 1, VERB_ANY, section_opts, verb_section, 0 },
	{ "finding", NULL, NULL, "LIST TEXT [category:C] [title:T] [scope:S] [done]", "add to a list; prints its id; with an id for LIST, add a point to that finding",
		LINE, COMPLETE_LIST, 1, VERB_ANY, NULL, verb_finding, 0 },
	{ "metric", NULL, NULL, "NAME [service:S] [before:V] [during:V] [after:V] [target:V] [unit:U]", "what was measured; the same name and service again changes it",
		CHANGE, COMPLETE_NONE, 2, VERB_ANY, NULL, verb_metric, 0 },
	{ "relate", NULL, NULL, "ID [how] [date:D] [title:T] [outcome:O]", "a related incident, of this store or not", CHANGE, COMPLETE_INCIDENT, 1, VERB_ANY, NULL,
		verb_relate, 0 },
	{ "link", NULL, NULL, "URL [text] [kind:K]", "an address; {from_ms} and {to_ms} in it become the incident's times", CHANGE, COMPLETE_NONE, 1, VERB_ANY, NULL,
		verb_link, 0 },
	{ "signoff", NULL, NULL, "ROLE NAME [date] [as:reviewed|approved|prepared] [scope:S]", "who signs, and with a date that they did", CHANGE, COMPLETE_NONE, 2,
		VERB_ANY, NULL, verb_signoff, 0 },
	{ "choose", NULL, NULL, "[ENTITY FIELD [N]]", "settle a conflict; without N it shows the values", ANSWER, COMPLETE_ENTITY, 0, 3, NULL, verb_choose, 0 },

	{ "export", NULL, "Documents", "[ID] [-t TEMPLATE] [-f md|html|json|csv] [-o FILE] [--force] [--check]", "write the postmortem", V_LOCAL, COMPLETE_INCIDENT, 0, 1,
		export_opts, verb_export, 0 },
	{ "import", NULL, NULL, "FILE... [--dry-run] [--date DATE]", "take in postmortems in Markdown, or exports as JSON; - is standard input",
		V_LOCAL | V_CREATE, COMPLETE_FILE, 1, VERB_ANY, import_opts, verb_import, 0 },
	{ "templates", NULL, NULL, "[TEMPLATE]", "the documents there are; with a name its text, to copy", V_OFFLINE, COMPLETE_TEMPLATE, 0, 1, NULL,
		verb_templates, 0 },

	{ "verify", NULL, "The store", "", "does the journal hold? one line", V_LOCAL, COMPLETE_NONE, 0, 0, NULL, verb_verify, 0 },
	{ "rebuild", NULL, NULL, "", "make the tables from the journal anew", V_LOCAL, COMPLETE_NONE, 0, 0, NULL, verb_rebuild, 0 },
	{ "backup", NULL, NULL, "FILE", "a whole, checked copy of the store", V_LOCAL, COMPLETE_FILE, 1, 1, NULL, verb_backup, 0 },
	{ "demo", NULL, NULL, "", "an incident to try tplus on, in a temporary store", V_OFFLINE, COMPLETE_NONE, 0, 0, NULL, verb_demo, 0 },
	{ "help", NULL, NULL, "[VERB]", "the verbs, or one of them", V_OFFLINE, COMPLETE_VERB, 0, 1, help_opts, verb_help, 0 },
	{ NULL, NULL, NULL, NULL, NULL, 0, COMPLETE_NONE, 0, 0, NULL, NULL, 0 },
};

const struct verb *verb_find(const char *name)
{
	for (const struct verb *v = verb_table; v->name; v++)
		if (strcmp(v->name, name) == 0 || (v->alias && strcmp(v->alias, name) == 0))
			return v;
	return NULL;
}

const char *verb_nearest(const char *name)
{
	const char *best = NULL;
	unsigned least = 3;
	for (const struct verb *v = verb_table; v->name; v++) {
		unsigned d = str_distance(name, v->name);
		if (v->alias && str_distance(name, v->alias) < d)
			d = str_distance(name, v->alias);
		if (d < least && d < strlen(name)) {
			least = d;
			best = v->name;
		}
	}
	return best;
}

static enum status unknown(const char *name, struct err *err)
{
	const char *near = verb_nearest(name);
	if (near)
		return fail(err, ST_USAGE, "there is no verb \"%s\": did you mean \"%s\"?", name, near);
	return fail(err, ST_USAGE, "there is no verb \"%s\": see \"tplus help\"", name);
}

const struct verb *verb_find_prefix(const char *name, unsigned flags, struct err *err)
{
	const struct verb *exact = verb_find(name), *one = NULL;
	if (exact)
		return exact;
	struct str names = STR_INIT;
	size_t n = 0;
	for (const struct verb *v = verb_table; v->name; v++) {
		if (!str_starts(v->name, name) || (v->flags & flags) != flags)
			continue;
		one = v;
		str_addf(&names, "%s%s", n++ ? ", " : "", v->name);
	}
	if (n == 0)
		unknown(name, err);
	else if (n > 1)
		fail(err, ST_USAGE, "\"%s\" may be %s: type more of it", name, names.s);
	str_free(&names);
	return n == 1 ? one : NULL;
}
