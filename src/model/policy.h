/* policy.h - what a severity promises: targets, cadence, roles, budgets. Read from policy files (libconfuse), written into the journal
 * by open and sev, and read back from there: documents and clocks use the journal's copy, never the file's. DESIGN section 6. */
#ifndef TPLUS_MODEL_POLICY_H
#define TPLUS_MODEL_POLICY_H

#include "base/err.h"
#include "base/str.h"
#include "model/span.h"

enum { POLICY_TARGETS = 16, POLICY_ROLES = 12, POLICY_SLOS = 8, POLICY_ALIASES = 32, POLICY_NAME = 48 };

struct target_rule {
	char name[POLICY_NAME];  /* detect ack mitigate resolve, or the user's own */
	int from, to;            /* milestones */
	usec limit;              /* > 0 */
};

struct slo_rule {
	char name[POLICY_NAME];
	int64_t target_ppm;      /* 99.9 % = 999000 */
	usec window;             /* 30 d */
	int from, to;            /* what this incident spends: started→mitigated unless said */
};

struct policy {              /* of one severity */
	int severity;
	char scheme[POLICY_NAME]; /* "SEV" or "P" or a word */
	int warn_percent;         /* 75 */
	struct target_rule target[POLICY_TARGETS];
	size_t targets;
	usec update_every;        /* 0: no cadence */
	char role[POLICY_ROLES][POLICY_NAME]; /* required roles */
	size_t roles;
	struct slo_rule slo[POLICY_SLOS];
	size_t slos;
	usec roles_within;       /* required roles are to be claimed within it, from declared, else detected, else opened; 0: no limit */
	usec postmortem;         /* it is to be published within it, from resolved; 0: no limit */
};

struct severity_alias {      /* a word of the house for a severity */
	char name[POLICY_NAME];
	int severity;
};

struct policies {             /* one policy file, all severities; SEV_UNKNOWN is served by the unknown entry (no limits) */
	struct policy level[SEV_COUNT];
	struct policy unknown;
	struct severity_alias alias[POLICY_ALIASES];
	size_t aliases;
};

/* A severity as people write it: what severity_parse reads, or an alias (case folded). */
bool policies_severity(const struct policies *p, const char *word, int *out);

#define POLICY_LONGEST (3660 * USEC_DAY) /* of limits, cadences and windows, so that no sum of theirs overflows */

/* Names of targets, SLOs, roles and schemes: UTF-8 letters and digits, - and _, shorter than POLICY_NAME; "-" alone is none. */
bool policy_name_ok(const char *name);

/* Targets are kept sorted by to, from, name (the order they fall due in), SLOs by name; names are unique. put replaces the one of the same
 * name; false: full. drop: false when there is none. find: NULL when there is none. */
bool policy_put_target(struct policy *p, const struct target_rule *r);
bool policy_drop_target(struct policy *p, const char *name);
const struct target_rule *policy_find_target(const struct policy *p, const char *name);
bool policy_put_slo(struct policy *p, const struct slo_rule *s);
bool policy_drop_slo(struct policy *p, const char *name);
const struct slo_rule *policy_find_slo(const struct policy *p, const char *name);

void policies_init(struct policies *out); /* every level empty: SEV, 75 %, no limits */

/* The shipped ones (data/policies/default.conf, compiled in), then the user's file on top if path is not NULL and exists. A bad file changes
 * nothing: the shipped values stay in *out, the return is ST_USAGE, and err says file:line and what is wrong. One that cannot be read: ST_IO. */
enum status policies_load(const char *path, struct policies *out, struct err *err);
enum status policies_parse(const char *text, const char *name, struct policies *out, struct err *err); /* on top of what *out holds */
const struct policy *policy_for(const struct policies *p, int severity); /* never NULL */

/* To and from journal fields: flat name=value pairs, stable, sorted bytewise by name; times in seconds, up to 6 decimals. What is read back equals what was written.
 *   postmortem        432000                (- for none)
 *   roles             IC COM SCRIBE         (- for none)
 *   roles-within      300                   (- for none)
 *   scheme            SEV
 *   slo.availability  999000 2592000 started mitigated    (parts per million, window, what it spends)
 *   target.ack        detected acknowledged 300
 *   update            1200                  (- for none)
 *   warn              75
 * Reading slo.NAME or target.NAME with the value - takes that one out; a field that cannot be read changes nothing. */
typedef void policy_put(void *arg, const char *field, const char *value);
void policy_write(const struct policy *p, policy_put *put, void *arg);
void policy_read_start(struct policy *p, int severity);
bool policy_read_field(struct policy *p, const char *field, const char *value); /* false: not a policy field or not readable */

/* Budget of an SLO: the part of the window that may be bad. 99.9 % of 30 d = 43 m 12 s. */
usec slo_budget(const struct slo_rule *s);

#endif
