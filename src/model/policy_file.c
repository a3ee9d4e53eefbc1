/* policy_file.c - policy files, read with libconfuse. What it leaves open is closed here: it accepts a section that
 * never ends, takes a comment inside a list for a value, and keeps no line numbers; so policy_scan() reads the text
 * first, and every value is kept as a word with its line. libconfuse checks the grammar only. */
#include <confuse.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "model/policy_scan.h"

#define DURATION_HELP "write one like 90s, 30m, 1h30m or 5d, or none"

/* libconfuse hands its error function no argument of ours, and its scanner is one per process anyway. Set while it
 * runs, and only then. */
static _Thread_local struct policy_parse *parsing;

/* ---- libconfuse: the grammar ---- */

struct word {
	int line;
	char text[];
};

static int word_new(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	size_t n = strlen(value) + 1;
	struct word *w = xmalloc(sizeof *w + n);

	(void)opt;
	w->line = cfg->line;
	memcpy(w->text, value, n);
	*(void **)result = w;
	return 0;
}

#define WORD(key) CFG_PTR_CB(key, NULL, CFGF_NODEFAULT, word_new, free)
#define WORDS(key) CFG_PTR_LIST_CB(key, NULL, CFGF_NODEFAULT, word_new, free)
#define SECTION(key, opts) CFG_SEC(key, opts, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES)

static cfg_opt_t target_opts[] = { WORD("from"), WORD("to"), WORD("limit"), CFG_END() };
static cfg_opt_t slo_opts[] = { WORD("objective"), WORD("from"), WORD("to"), CFG_END() };
static cfg_opt_t severity_opts[] = { WORD("update"), WORD("warn"), WORDS("roles"), WORD("roles-within"),
	WORD("postmortem"), SECTION("target", target_opts), SECTION("slo", slo_opts), CFG_END() };
static cfg_opt_t alias_opts[] = { WORD("severity"), CFG_END() };
static cfg_opt_t file_opts[] = { WORD("scheme"), WORD("warn"), SECTION("alias", alias_opts),
	SECTION("severity", severity_opts), CFG_END() };

static void unknown_key(cfg_t *cfg, const char *key)
{
	struct str known = STR_INIT;
	const char *close = NULL;
	unsigned best = 3; /* farther is no slip of the finger */

	for (const cfg_opt_t *o = cfg->opts; o->name; o++) {
		unsigned distance = str_distance(o->name, key);

		str_addf(&known, "%s%s", o == cfg->opts ? "" : ", ", o->name);
		if (distance < best && distance < strlen(o->name)) {
			best = distance;
			close = o->name;
		}
	}
	if (close)
		policy_bad(
			parsing, cfg->line, "unknown key '%s': did you mean %s? Known here: %s", key, close, known.s);
	else
		policy_bad(parsing, cfg->line, "unknown key '%s': use one of %s, and quote values that hold spaces",
			key, known.s);
	str_free(&known);
}

static void confuse_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	static const struct {
		const char *start, *advice;
	} table[] = {
		{ "missing equal sign", "write KEY = VALUE" },
		{ "unexpected token", "check for a missing value, comma or quote before it" },
		{ "missing title", "name it, as in severity 1 { … } or target \"ack\" { … }" },
		{ "missing opening brace", "put its keys in braces, as in severity 1 { … }" },
		{ "found duplicate title", "put all its keys into one section" },
		{ "premature end of file", "finish the last line" },
	};
	const char *advice = "compare it with the shipped policy file";
	struct str what = STR_INIT;

	if (str_starts(fmt, "no such option")) {
		unknown_key(cfg, va_arg(ap, const char *));
		return;
	}
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (str_starts(fmt, table[i].start))
			advice = table[i].advice;
	str_addv(&what, fmt, ap);
	policy_bad(parsing, cfg->line, "%s: %s", what.s, advice);
	str_free(&what);
}

/* Runs libconfuse over the clean text. In the C locale: its messages are translated, and looked up here in English. */
static bool confuse_run(struct policy_parse *ps, cfg_t *cfg)
{
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), before = (locale_t)0;
	FILE *f;
	int rc;

	if (ps->clean.len == 0)
		return true; /* fmemopen refuses it */
	f = fmemopen(ps->clean.s, ps->clean.len, "r");
	if (!f)
		return policy_bad(ps, 1, "cannot be read from memory: free some and try again");
	if (plain)
		before = uselocale(plain);
	cfg_set_error_function(cfg, confuse_error);
	parsing = ps;
	rc = cfg_parse_fp(cfg, f);
	parsing = NULL;
	if (plain) {
		uselocale(before);
		freelocale(plain);
	}
	fclose(f);
	return rc == CFG_SUCCESS ||
	       policy_bad(ps, cfg->line, "cannot be understood: compare it with the shipped policy file");
}

static const struct word *word_of(cfg_t *section, const char *key)
{
	cfg_opt_t *opt = cfg_getopt(section, key);

	return cfg_opt_size(opt) ? cfg_opt_getnptr(opt, 0) : NULL;
}

/* ---- after libconfuse: the values ---- */

static bool is_none(const struct word *w)
{
	return str_ieq(w->text, "none");
}

static bool take_duration(struct policy_parse *ps, const struct word *w, const char *text, const char *key, usec *out)
{
	usec t;

	if (dur_parse(text, &t, NULL) != ST_OK || t <= 0)
		return policy_bad(ps, w->line, "%s '%s' is no duration over zero: " DURATION_HELP, key, text);
	if (t > POLICY_LONGEST)
		return policy_bad(ps, w->line, "%s '%s' is over ten years: " DURATION_HELP, key, text);
	*out = t;
	return true;
}

static bool take_milestone(struct policy_parse *ps, const struct word *w, const char *key, int *out)
{
	struct str all = STR_INIT;
	int m = w ? milestone_find(w->text) : *out;

	if (!w)
		return true; /* keeps what it was */
	if (m >= 0 && m < MS_COUNT) {
		*out = m;
		return true;
	}
	for (int i = 0; i < MS_COUNT; i++)
		str_addf(&all, "%s%s", i ? ", " : "", milestone_name(i));
	policy_bad(ps, w->line, "%s '%s' is no milestone: use one of %s", key, w->text, all.s);
	str_free(&all);
	return false;
}

static bool take_ends(struct policy_parse *ps, cfg_t *sec, int *from, int *to)
{
	const struct word *a = word_of(sec, "from"), *b = word_of(sec, "to");

	if (!take_milestone(ps, a, "from", from) || !take_milestone(ps, b, "to", to))
		return false;
	if (*from == MS_NONE || *to == MS_NONE)
		return policy_bad(ps, sec->line, "%s '%s' has no '%s': add %s = MILESTONE before this }", sec->name,
			sec->title, *from == MS_NONE ? "from" : "to", *from == MS_NONE ? "from" : "to");
	if (!b)
		b = a;
	if (*from == *to)
		return policy_bad(ps, b ? b->line : sec->line,
			"%s '%s' goes from %s to itself: name two different milestones", sec->name, sec->title,
			milestone_name(*from));
	return true;
}

static bool take_title(struct policy_parse *ps, const cfg_t *sec, char out[POLICY_NAME])
{
	if (!policy_name_ok(sec->title))
		return policy_bad(ps, sec->line,
			"'%s' cannot name this %s: use letters, digits, - and _, at most %d bytes", sec->title,
			sec->name, POLICY_NAME - 1);
	strcpy(out, sec->title);
	return true;
}

static bool take_target(struct policy_parse *ps, cfg_t *sec, struct policy *p)
{
	const struct target_rule *old = policy_find_target(p, sec->title);
	const struct word *limit = word_of(sec, "limit");
	struct target_rule r = { .from = MS_NONE, .to = MS_NONE };

	if (old)
		r = *old;
	if (limit && is_none(limit))
		return policy_drop_target(p, sec->title) ||
		       policy_bad(ps, limit->line, "there is no target '%s' to take out: check its name", sec->title);
	if (!take_title(ps, sec, r.name) || !take_ends(ps, sec, &r.from, &r.to))
		return false;
	if (limit && !take_duration(ps, limit, limit->text, "limit", &r.limit))
		return false;
	if (r.limit == 0)
		return policy_bad(
			ps, sec->line, "target '%s' has no 'limit': add limit = DURATION before this }", sec->title);
	return policy_put_target(p, &r) ||
	       policy_bad(ps, sec->line, "target '%s' is one too many: a severity holds at most %d", sec->title,
		       POLICY_TARGETS);
}

/* The decimal number before a % sign, in parts per million; s is moved behind it. */
static bool percent_ppm(const char **s, int64_t *out)
{
	const char *p = *s;
	int64_t ppm = 0, unit = 10000;

	if (*p < '0' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9' && ppm < 1000000; p++)
		ppm = ppm * 10 + (*p - '0') * unit;
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9' && unit > 1; p++)
			ppm += (*p - '0') * (unit /= 10);
	while (*p == ' ')
		p++;
	*s = p + 1;
	*out = ppm;
	return *p == '%';
}

static bool take_objective(struct policy_parse *ps, const struct word *w, struct slo_rule *r)
{
	const char *s = w->text;

	if (!percent_ppm(&s, &r->target_ppm))
		return policy_bad(ps, w->line,
			"objective '%s' does not begin with a percentage: write one like 99.9 %% over 30 d "
			"(at most 4 decimals), or none",
			w->text);
	if (r->target_ppm <= 0 || r->target_ppm >= 1000000)
		return policy_bad(
			ps, w->line, "objective '%s' is out of range: it must be over 0 %% and under 100 %%", w->text);
	s += strspn(s, " ");
	if (!str_starts(s, "over "))
		return policy_bad(
			ps, w->line, "objective '%s' names no window: write one like 99.9 %% over 30 d", w->text);
	s += strlen("over ");
	return take_duration(ps, w, s + strspn(s, " "), "the window of objective", &r->window);
}

static bool take_slo(struct policy_parse *ps, cfg_t *sec, struct policy *p)
{
	const struct slo_rule *old = policy_find_slo(p, sec->title);
	const struct word *objective = word_of(sec, "objective");
	struct slo_rule r = { .from = MS_STARTED, .to = MS_MITIGATED };

	if (old)
		r = *old;
	if (objective && is_none(objective))
		return policy_drop_slo(p, sec->title) ||
		       policy_bad(ps, objective->line, "there is no slo '%s' to take out: check its name", sec->title);
	if (!take_title(ps, sec, r.name) || !take_ends(ps, sec, &r.from, &r.to))
		return false;
	if (objective && !take_objective(ps, objective, &r))
		return false;
	if (r.window == 0)
		return policy_bad(ps, sec->line,
			"slo '%s' has no 'objective': add objective = \"99.9 %% over 30 d\" before this }", sec->title);
	return policy_put_slo(p, &r) ||
	       policy_bad(
		       ps, sec->line, "slo '%s' is one too many: a severity holds at most %d", sec->title, POLICY_SLOS);
}

static bool take_warn(struct policy_parse *ps, const struct word *w, int *out)
{
	char *end;
	long n = strtol(w->text, &end, 10);

	end += strspn(end, " ");
	end += *end == '%';
	if (end == w->text || *end || n < 1 || n > 100)
		return policy_bad(
			ps, w->line, "warn '%s' is no percentage: write a whole number from 1 to 100", w->text);
	*out = (int)n;
	return true;
}

static bool take_role(struct policy_parse *ps, const struct word *w, struct policy *p)
{
	struct str role = STR_INIT;
	bool ok = true;

	role_canonical(&role, w->text);
	if (!policy_name_ok(role.s))
		ok = policy_bad(ps, w->line, "'%s' cannot name a role: use letters, digits, - and _, at most %d bytes",
			role.s, POLICY_NAME - 1);
	for (size_t i = 0; ok && i < p->roles; i++)
		if (str_eq(p->role[i], role.s))
			ok = policy_bad(ps, w->line, "role %s stands here twice: remove one", role.s);
	if (ok && p->roles == POLICY_ROLES)
		ok = policy_bad(
			ps, w->line, "role %s is one too many: a severity holds at most %d", role.s, POLICY_ROLES);
	if (ok)
		strcpy(p->role[p->roles++], role.s);
	str_free(&role);
	return ok;
}

static bool take_roles(struct policy_parse *ps, cfg_t *sec, struct policy *p)
{
	cfg_opt_t *opt = cfg_getopt(sec, "roles");

	if (!(opt->flags & CFGF_MODIFIED))
		return true; /* an empty list, in contrast, means none */
	memset(p->role, 0, sizeof p->role);
	p->roles = 0;
	for (unsigned i = 0; i < cfg_opt_size(opt); i++)
		if (!take_role(ps, cfg_opt_getnptr(opt, i), p))
			return false;
	return true;
}

/* A key that is absent keeps the value in force. */
static bool take_limit(struct policy_parse *ps, cfg_t *sec, const char *key, usec *out)
{
	const struct word *w = word_of(sec, key);

	if (w && is_none(w))
		*out = 0;
	else if (w)
		return take_duration(ps, w, w->text, key, out);
	return true;
}

static const struct word *limit_word(cfg_t *sec, const char *name)
{
	cfg_t *target = cfg_gettsec(sec, "target", name);

	return target ? word_of(target, "limit") : NULL;
}

/* From the same start a later milestone cannot be promised earlier. Said of the limit this file sets. */
static bool check_order(struct policy_parse *ps, cfg_t *sec, const struct policy *p)
{
	for (size_t i = 0; i < p->targets; i++)
		for (size_t k = 0; k < p->targets; k++) {
			const struct target_rule *a = &p->target[i], *b = &p->target[k];
			const struct word *w = limit_word(sec, b->name);

			if (a->from != b->from || a->to >= b->to || a->limit <= b->limit)
				continue;
			if (!w)
				w = limit_word(sec, a->name);
			if (w)
				return policy_bad(ps, w->line,
					"target '%s' promises %s later than target '%s' promises %s: "
					"%s comes first, so its limit cannot be the longer one",
					a->name, milestone_name(a->to), b->name, milestone_name(b->to),
					milestone_name(a->to));
		}
	return true;
}

static bool take_severity(struct policy_parse *ps, cfg_t *sec, struct policy *p)
{
	const struct word *warn = word_of(sec, "warn");

	if (!take_limit(ps, sec, "update", &p->update_every) ||
		!take_limit(ps, sec, "roles-within", &p->roles_within) ||
		!take_limit(ps, sec, "postmortem", &p->postmortem))
		return false;
	if (warn && !take_warn(ps, warn, &p->warn_percent))
		return false;
	if (!take_roles(ps, sec, p))
		return false;
	for (unsigned i = 0; i < cfg_size(sec, "target"); i++)
		if (!take_target(ps, cfg_getnsec(sec, "target", i), p))
			return false;
	for (unsigned i = 0; i < cfg_size(sec, "slo"); i++)
		if (!take_slo(ps, cfg_getnsec(sec, "slo", i), p))
			return false;
	return check_order(ps, sec, p);
}

/* ---- aliases ---- */

static cfg_t *alias_section(cfg_t *cfg, const char *name)
{
	for (unsigned i = 0; i < cfg_size(cfg, "alias"); i++)
		if (str_ieq(cfg_getnsec(cfg, "alias", i)->title, name))
			return cfg_getnsec(cfg, "alias", i);
	return NULL;
}

/* An alias may name another one: of this file, or of what is in force already. As many steps as there are aliases end in a circle. */
static bool alias_severity(struct policy_parse *ps, cfg_t *cfg, cfg_t *sec, const struct policies *before, int *out)
{
	const struct word *first = word_of(sec, "severity"), *w = first;

	for (unsigned step = 0; step <= cfg_size(cfg, "alias"); step++) {
		cfg_t *next;

		if (!w)
			return true; /* said of that one */
		if (severity_parse(w->text, out))
			return true;
		next = alias_section(cfg, w->text);
		if (!next)
			return policies_severity(before, w->text, out) ||
			       policy_bad(ps, w->line, "'%s' is neither a severity nor an alias: use 0, 1, 2, 3 or 4",
				       w->text);
		w = word_of(next, "severity");
	}
	return policy_bad(ps, first->line, "alias '%s' leads back to itself: one of its circle must name a severity, 0 to 4",
		sec->title);
}

static bool take_alias(struct policy_parse *ps, cfg_t *cfg, unsigned at, struct policies *out)
{
	cfg_t *sec = cfg_getnsec(cfg, "alias", at);
	const struct word *w = word_of(sec, "severity");
	struct severity_alias a = { .severity = SEV_UNKNOWN };
	size_t i = 0;
	int sev;

	if (!take_title(ps, sec, a.name))
		return false;
	if (!w)
		return policy_bad(ps, sec->line, "alias '%s' names no severity: add severity = 0 before this }", a.name);
	if (severity_parse(a.name, &sev))
		return policy_bad(ps, w->line, "'%s' is a severity already: choose another word", a.name);
	if (alias_section(cfg, a.name) != sec)
		return policy_bad(ps, w->line, "alias '%s' stands here twice: remove one", a.name);
	if (!alias_severity(ps, cfg, sec, out, &a.severity))
		return false;
	while (i < out->aliases && !str_ieq(out->alias[i].name, a.name))
		i++;
	if (i == POLICY_ALIASES)
		return policy_bad(ps, w->line, "alias '%s' is one too many: there are at most %d", a.name, POLICY_ALIASES);
	out->aliases += i == out->aliases;
	out->alias[i] = a;
	return true;
}

static bool take_scheme(struct policy_parse *ps, const struct word *w, struct policies *out)
{
	const char *scheme = str_ieq(w->text, "SEV") ? "SEV" : str_ieq(w->text, "P") ? "P" : w->text;

	if (!policy_name_ok(scheme))
		return policy_bad(ps, w->line,
			"scheme '%s' is no word: write SEV, P or a word of your own (letters, digits, - and _)",
			scheme);
	for (int i = 0; i <= SEV_COUNT; i++) {
		struct policy *p = i < SEV_COUNT ? &out->level[i] : &out->unknown;

		memset(p->scheme, 0, sizeof p->scheme);
		strcpy(p->scheme, scheme);
	}
	return true;
}

static bool take_severities(struct policy_parse *ps, cfg_t *cfg, struct policies *out)
{
	int seen[SEV_COUNT] = { 0 }; /* its line */

	for (unsigned i = 0; i < cfg_size(cfg, "severity"); i++) {
		cfg_t *sec = cfg_getnsec(cfg, "severity", i);
		int sev, line = i < ps->braces ? ps->brace[i] : sec->line;

		if (!severity_parse(sec->title, &sev))
			return policy_bad(ps, line, "'%s' is no severity: use 0, 1, 2, 3 or 4", sec->title);
		if (seen[sev])
			return policy_bad(ps, line,
				"severity %d stands here and in line %d: put all its keys into one section", sev,
				seen[sev]);
		seen[sev] = line;
		if (!take_severity(ps, sec, &out->level[sev]))
			return false;
	}
	return true;
}

static bool take_file(struct policy_parse *ps, cfg_t *cfg, struct policies *out)
{
	const struct word *scheme = word_of(cfg, "scheme"), *warn = word_of(cfg, "warn");
	int percent;

	if (scheme && !take_scheme(ps, scheme, out))
		return false;
	if (warn) {
		if (!take_warn(ps, warn, &percent))
			return false;
		for (int i = 0; i < SEV_COUNT; i++)
			out->level[i].warn_percent = percent;
		out->unknown.warn_percent = percent;
	}
	for (unsigned i = 0; i < cfg_size(cfg, "alias"); i++)
		if (!take_alias(ps, cfg, i, out))
			return false;
	return take_severities(ps, cfg, out);
}

enum status policies_parse(const char *text, const char *name, struct policies *out, struct err *err)
{
	struct policy_parse ps = { .name = name, .err = err, .clean = STR_INIT };
	struct policies next = *out; /* a file that fails must leave the values in force as they are */
	cfg_t *cfg = cfg_init(file_opts, CFGF_NONE);

	if (!cfg)
		return fail(err, ST_IO, "%s: out of memory: free some and try again", name);
	if (policy_scan(&ps, text) && confuse_run(&ps, cfg) && take_file(&ps, cfg, &next))
		*out = next;
	cfg_free(cfg);
	str_free(&ps.clean);
	free(ps.brace);
	return ps.status;
}
