#include "model/names.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *const kinds[KIND_COUNT] = {
	[KIND_NOTE] = "note",
	[KIND_MILESTONE] = "milestone",
	[KIND_SEVERITY] = "severity",
	[KIND_ROLE] = "role",
	[KIND_ASK] = "ask",
	[KIND_HYPOTHESIS] = "hypothesis",
	[KIND_UPDATE] = "update",
	[KIND_FINDING] = "finding",
	[KIND_ALERT] = "alert",
	[KIND_SYSTEM] = "system",
};

const char *kind_name(enum kind k)
{
	return k >= 0 && k < KIND_COUNT ? kinds[k] : "unknown";
}

int kind_find(const char *name)
{
	for (int k = 0; k < KIND_COUNT; k++)
		if (str_eq(kinds[k], name))
			return k;
	return -1;
}

static const struct {
	const char *name, *brief, *alias;
} milestones[MS_COUNT + 1] = {
	[MS_STARTED] = { "started", "started", "start" },
	[MS_DETECTED] = { "detected", "detected", "detect" },
	[MS_ACKNOWLEDGED] = { "acknowledged", "ack", "ack" },
	[MS_DECLARED] = { "declared", "declared", "declare" },
	[MS_INVESTIGATING] = { "investigating", "investig.", NULL },
	[MS_IDENTIFIED] = { "identified", "identified", "identify" },
	[MS_MITIGATING] = { "mitigating", "mitigating", NULL },
	[MS_MITIGATED] = { "mitigated", "mitigated", NULL },
	[MS_RESOLVED] = { "resolved", "resolved", "resolve" },
	[MS_CLOSED] = { "closed", "closed", "close" },
	[MS_REOPEN] = { "reopen", "reopen", NULL },
};

const char *milestone_name(int m)
{
	return m >= 0 && m <= MS_REOPEN ? milestones[m].name : "unknown";
}

const char *milestone_short(int m)
{
	return m >= 0 && m <= MS_REOPEN ? milestones[m].brief : "unknown";
}

int milestone_find(const char *name)
{
	if (!name)
		return MS_NONE;
	for (int m = 0; m <= MS_REOPEN; m++)
		if (str_eq(milestones[m].name, name) || str_eq(milestones[m].alias, name))
			return m;
	return MS_NONE;
}

bool severity_parse(const char *s, int *out)
{
	static const char *const prefixes[] = { "sev", "p" };

	if (!s)
		return false;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		size_t n = strlen(prefixes[i]);

		if (strncasecmp(s, prefixes[i], n) == 0) {
			s += n;
			s += *s == '-' || *s == ' ';
			break;
		}
	}
	if (s[0] < '0' || s[0] >= '0' + SEV_COUNT || s[1])
		return false;
	*out = s[0] - '0';
	return true;
}

void severity_fmt(struct str *b, int sev, const char *scheme)
{
	if (sev < 0 || sev >= SEV_COUNT)
		str_adds(b, "severity unknown");
	else if (str_eq(scheme, "P"))
		str_addf(b, "P%d", sev);
	else
		str_addf(b, "%s-%d", scheme && *scheme ? scheme : "SEV", sev);
}

const struct role role_table[] = {
	{ "IC", "Incident Commander" },
	{ "DEPUTY", "Deputy" },
	{ "SCRIBE", "Scribe" },
	{ "OPS", "Operations" },
	{ "COM", "Communications" },
	{ "SME", "Subject Matter Expert" },
	{ "CUSTOMER", "Customer Liaison" },
	{ "INTERNAL", "Internal Liaison" },
	{ NULL, NULL },
};

const char *role_title(const char *code)
{
	for (const struct role *r = role_table; r->code; r++)
		if (str_ieq(r->code, code))
			return r->title;
	return code;
}

void role_canonical(struct str *b, const char *word)
{
	for (const struct role *r = role_table; r->code; r++)
		if (str_ieq(r->code, word) || str_ieq(r->title, word)) {
			str_adds(b, r->code);
			return;
		}
	str_adds(b, word);
}

const char *const action_status[] = { "open", "in progress", "done", "dropped", NULL };
const char *const action_types[] = { "detect", "prevent", "mitigate", "process", NULL };
const char *const hypothesis_status[] = { "open", "ruled out", "confirmed", NULL };
const char *const ask_status[] = { "open", "answered", "dropped", NULL };

/* What is compared: ASCII case folded, and a hyphen is a space, for those who cannot type one into an argument. */
static int word_fold(char c)
{
	return c == '-' ? ' ' : tolower((unsigned char)c);
}

int word_find(const char *const *words, const char *word)
{
	if (!word)
		return -1;
	for (int i = 0; words[i]; i++) {
		const char *a = words[i], *b = word;

		while (*a && word_fold(*a) == word_fold(*b))
			a++, b++;
		if (!*a && !*b)
			return i;
	}
	return -1;
}
