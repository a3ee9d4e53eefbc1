/* names.h - the fixed words: kinds, milestones, severities, roles, states. One table each; every list of them comes from here. */
#ifndef TPLUS_MODEL_NAMES_H
#define TPLUS_MODEL_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum kind { KIND_NOTE, KIND_MILESTONE, KIND_SEVERITY, KIND_ROLE, KIND_ASK, KIND_HYPOTHESIS, KIND_UPDATE, KIND_FINDING, KIND_ALERT, KIND_SYSTEM, KIND_COUNT };
const char *kind_name(enum kind k);
int kind_find(const char *name); /* -1: unknown */

/* In canonical order; a larger one is further along. MS_REOPEN is an event's milestone too, but no milestone of an incident. */
enum milestone {
	MS_STARTED, MS_DETECTED, MS_ACKNOWLEDGED, MS_DECLARED, MS_INVESTIGATING, MS_IDENTIFIED, MS_MITIGATING, MS_MITIGATED, MS_RESOLVED,
	MS_CLOSED, MS_COUNT, MS_REOPEN = MS_COUNT, MS_NONE = -1
};
const char *milestone_name(int m);  /* "acknowledged"; MS_REOPEN "reopen" */
const char *milestone_short(int m); /* for narrow columns: "ack", "investig." ... at most 10 columns */
int milestone_find(const char *name); /* full names and the aliases of DESIGN section 4 (ack start detect declare identify resolve close); "reopen" gives MS_REOPEN; else MS_NONE */

/* Severities: 0-4, SEV_UNKNOWN. "2", "sev2", "SEV-2", "P2", "p-2" all read as 2. */
#define SEV_UNKNOWN (-1)
enum { SEV_COUNT = 5 };
bool severity_parse(const char *s, int *out);
/* Writes the name in a scheme: "SEV" gives SEV-2, "P" gives P2, any other word X gives X-2; unknown gives "severity unknown" */
void severity_fmt(struct str *b, int sev, const char *scheme);

/* Roles: codes of DESIGN section 2, any other word is a role of its own. */
struct role { const char *code, *title; };
extern const struct role role_table[]; /* ends with code NULL; in order of importance */
const char *role_title(const char *code); /* "Incident Commander"; the code itself when it is not in the table */
void role_canonical(struct str *b, const char *word); /* known codes, in any case, and titles become the code; others stay as written */

/* States. The words are stored, shown and matched as they stand here. */
extern const char *const action_status[]; /* open, in progress, done, dropped; NULL */
extern const char *const action_types[];  /* detect, prevent, mitigate, process; NULL */
extern const char *const hypothesis_status[]; /* open, ruled out, confirmed; NULL */
extern const char *const ask_status[];    /* open, answered, dropped; NULL */
int word_find(const char *const *words, const char *word); /* -1: none; case folded; "in-progress" equals "in progress" */

#endif
