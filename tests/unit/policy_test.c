/* policy_test.c - policy files, their errors, and the journal's copy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/policy.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void load_shipped(struct policies *p)
{
	struct err err = { .status = ST_OK };

	if (policies_load(NULL, p, &err) != ST_OK)
		fail_msg("%s", err.text);
}

/* The shipped policies with text on top. */
static void load_with(struct policies *p, const char *text)
{
	struct err err = { .status = ST_OK };

	load_shipped(p);
	if (policies_parse(text, "my.conf", p, &err) != ST_OK)
		fail_msg("%s", err.text);
}

/* ---- what is shipped ---- */

static const struct {
	usec ack, mitigate, resolve, update;
	const char *roles;
	size_t slos;
} shipped[SEV_COUNT] = {
	{ 5 * USEC_MIN, 15 * USEC_MIN, USEC_HOUR, 15 * USEC_MIN, "IC COM SCRIBE", 1 },
	{ 5 * USEC_MIN, 30 * USEC_MIN, 2 * USEC_HOUR, 20 * USEC_MIN, "IC COM SCRIBE", 1 },
	{ 5 * USEC_MIN, 30 * USEC_MIN, 4 * USEC_HOUR, 30 * USEC_MIN, "IC COM", 1 },
	{ 30 * USEC_MIN, 4 * USEC_HOUR, USEC_DAY, 2 * USEC_HOUR, "IC", 1 },
	{ USEC_HOUR, USEC_DAY, 5 * USEC_DAY, 0, "", 0 },
};

static void check_target(const struct target_rule *r, const char *name, int from, int to, usec limit)
{
	assert_string_equal(r->name, name);
	assert_int_equal(r->from, from);
	assert_int_equal(r->to, to);
	assert_true(r->limit == limit);
}

static void test_shipped(void **state)
{
	struct policies all;

	(void)state;
	load_shipped(&all);
	for (int sev = 0; sev < SEV_COUNT; sev++) {
		const struct policy *p = policy_for(&all, sev);
		struct str roles = STR_INIT;

		assert_int_equal(p->severity, sev);
		assert_string_equal(p->scheme, "SEV");
		assert_int_equal(p->warn_percent, 75);
		assert_int_equal(p->targets, 3);
		check_target(&p->target[0], "ack", MS_DETECTED, MS_ACKNOWLEDGED, shipped[sev].ack);
		check_target(&p->target[1], "mitigate", MS_STARTED, MS_MITIGATED, shipped[sev].mitigate);
		check_target(&p->target[2], "resolve", MS_STARTED, MS_RESOLVED, shipped[sev].resolve);
		assert_true(p->update_every == shipped[sev].update);
		for (size_t i = 0; i < p->roles; i++)
			str_addf(&roles, "%s%s", i ? " " : "", p->role[i]);
		assert_string_equal(roles.s, shipped[sev].roles);
		str_free(&roles);
		assert_int_equal(p->slos, shipped[sev].slos);
		if (!p->slos)
			continue;
		assert_string_equal(p->slo[0].name, "availability");
		assert_int_equal(p->slo[0].target_ppm, 999000);
		assert_true(p->slo[0].window == 30 * USEC_DAY);
		assert_int_equal(p->slo[0].from, MS_STARTED);
		assert_int_equal(p->slo[0].to, MS_MITIGATED);
	}
}

static void test_unknown_severity(void **state)
{
	static const int others[] = { SEV_UNKNOWN, SEV_COUNT, -5, 99 };
	struct policies all;

	(void)state;
	load_with(&all, "scheme = P\nwarn = 50\n");
	for (size_t i = 0; i < COUNT(others); i++) {
		const struct policy *p = policy_for(&all, others[i]);

		assert_int_equal(p->severity, SEV_UNKNOWN);
		assert_int_equal(p->targets, 0);
		assert_int_equal(p->roles, 0);
		assert_int_equal(p->slos, 0);
		assert_true(p->update_every == 0);
		assert_string_equal(p->scheme, "P");
		assert_int_equal(p->warn_percent, 50);
	}
}

static void test_budget(void **state)
{
	static const struct {
		int64_t ppm;
		usec window, want;
	} table[] = {
		{ 999000, 30 * USEC_DAY, 43 * USEC_MIN + 12 * USEC_SEC },
		{ 995000, 30 * USEC_DAY, 216 * USEC_MIN },
		{ 999900, 365 * USEC_DAY, 3153600 * USEC_SEC / 1000 },
		{ 999999, 1000000, 1 },
		{ 500000, 1500000, 750000 },
		{ 999999, 999999, 0 },
		{ 1, POLICY_LONGEST, POLICY_LONGEST / 1000000 * 999999 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct slo_rule s = { .target_ppm = table[i].ppm, .window = table[i].window };

		assert_true(slo_budget(&s) == table[i].want);
	}
}

/* ---- a file of one's own ---- */

static void test_override_one_value(void **state)
{
	struct policies all, before;
	struct target_rule mine;

	(void)state;
	load_shipped(&before);
	load_with(&all, "severity 1 { target \"ack\" { limit = 3m } }\n");
	mine = all.level[1].target[0];
	check_target(&mine, "ack", MS_DETECTED, MS_ACKNOWLEDGED, 3 * USEC_MIN);
	/* Everything else is as shipped, bit by bit. */
	all.level[1].target[0].limit = 5 * USEC_MIN;
	assert_memory_equal(&all, &before, sizeof all);

	load_with(&all, "severity SEV-2 { update = none }");
	assert_true(all.level[2].update_every == 0);
	all.level[2].update_every = 30 * USEC_MIN;
	assert_memory_equal(&all, &before, sizeof all);

	load_with(&all, "severity P3 { slo \"availability\" { to = resolved } }");
	assert_int_equal(all.level[3].slo[0].to, MS_RESOLVED);
	all.level[3].slo[0].to = MS_MITIGATED;
	assert_memory_equal(&all, &before, sizeof all);

	load_with(&all, "");
	assert_memory_equal(&all, &before, sizeof all);
	load_with(&all, "#\n//\n/* nothing\n here */\n\n#");
	assert_memory_equal(&all, &before, sizeof all);
}

static void test_own_rules(void **state)
{
	static const char text[] = "scheme = crit   # shown as crit-1\r\n"
				   "warn = \"80 %\"\n"
				   "severity 1 {\n"
				   "    warn = 60\n"
				   "    roles = { ic, # comments stand anywhere\n"
				   "              'Customer Liaison', dba }\n"
				   "    target \"declare\" {from=detected to=declared limit=\"10m\"}\n"
				   "    target \"mitigate\" { limit = none }\n"
				   "    target \"bestätigt\" { from = start to = ack limit = 1h30m }\n"
				   "    slo latency { objective = \"99.95% over 7d\" from = detected to = resolved }\n"
				   "    slo \"a\" { objective = '50 %  over  1 d' }\n"
				   "}\n"
				   "severity 0 { roles = {} slo \"availability\" { objective = none } }\n";
	struct policies all;
	const struct policy *p = &all.level[1];

	(void)state;
	load_with(&all, text);
	assert_string_equal(p->scheme, "crit");
	assert_string_equal(all.level[4].scheme, "crit");
	assert_int_equal(p->warn_percent, 60);
	assert_int_equal(all.level[0].warn_percent, 80);
	assert_int_equal(p->roles, 3);
	assert_string_equal(p->role[0], "IC");
	assert_string_equal(p->role[1], "CUSTOMER");
	assert_string_equal(p->role[2], "dba");
	assert_int_equal(p->targets, 4); /* sorted by their ends */
	check_target(&p->target[0], "bestätigt", MS_STARTED, MS_ACKNOWLEDGED, 90 * USEC_MIN);
	check_target(&p->target[1], "ack", MS_DETECTED, MS_ACKNOWLEDGED, 5 * USEC_MIN);
	check_target(&p->target[2], "declare", MS_DETECTED, MS_DECLARED, 10 * USEC_MIN);
	check_target(&p->target[3], "resolve", MS_STARTED, MS_RESOLVED, 2 * USEC_HOUR);
	assert_int_equal(p->slos, 3);
	assert_string_equal(p->slo[0].name, "a");
	assert_int_equal(p->slo[0].target_ppm, 500000);
	assert_int_equal(p->slo[0].from, MS_STARTED);
	assert_string_equal(p->slo[2].name, "latency");
	assert_int_equal(p->slo[2].target_ppm, 999500);
	assert_true(p->slo[2].window == 7 * USEC_DAY);
	assert_int_equal(p->slo[2].to, MS_RESOLVED);
	assert_int_equal(all.level[0].roles, 0);
	assert_int_equal(all.level[0].slos, 0);
	load_with(&all, "scheme = sev");
	assert_string_equal(all.level[2].scheme, "SEV");
	load_with(&all, "scheme = \"p\"");
	assert_string_equal(all.level[2].scheme, "P");
}

/* ---- what is wrong with a file ---- */

#define NAME40 "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd"

static const struct {
	const char *text;
	int line;
	const char *says;
} wrong[] = {
	{ "severity 1 {\n  updat = 5m\n}", 2,
		"unknown key 'updat': did you mean update? Known here: update, warn, roles" },
	{ "\nseverty 1 { }", 2, "unknown key 'severty': did you mean severity?" },
	{ "x = 1", 1, "unknown key 'x': use one of" },
	{ "colour = red", 1, "unknown key 'colour': use one of scheme, warn, alias, severity" },
	{ "severity 1 { target \"ack\" {\n\n limits = 3m } }", 3, "did you mean limit?" },
	{ "include(\"other.conf\")", 1, "unknown key 'include'" },
	{ "severity 5 { update = 5m\n}", 1, "'5' is no severity: use 0, 1, 2, 3 or 4" },
	{ "severity 1 { }\n\nseverity high {\n\n}", 3, "'high' is no severity" },
	{ "severity -1 { }", 1, "'-1' is no severity" },
	{ "severity 1 { }\nseverity P1 { }", 2, "severity 1 stands here and in line 1" },
	{ "severity 1 { }\nseverity 1 { }", 2, "duplicate" },
	{ "severity 1 { target a { } target a { } }", 1, "duplicate" },
	{ "severity { }", 1, "title" },
	{ "severity 1 update = 5m", 1, "opening brace" },
	{ "severity 1 {\n update = 0m\n}", 2, "update '0m' is no duration over zero: write one like 90s" },
	{ "severity 1 {\n update = -5m\n}", 2, "update '-5m' is no duration" },
	{ "severity 1 {\n update = soon }", 2, "update 'soon' is no duration" },
	{ "severity 1 {\n update = \"\" }", 2, "update '' is no duration" },
	{ "severity 1 { update = 5 }", 1, "update '5' is no duration" },
	{ "severity 1 { update = 9999d }", 1, "over ten years" },
	{ "severity 1 { target \"ack\" {\n limit = 0s } }", 2, "limit '0s' is no duration" },
	{ "severity 1 {\n target \"ack\" {\n from = detcted\n } }", 3,
		"from 'detcted' is no milestone: use one of started" },
	{ "severity 1 { target \"ack\" { to = reopen } }", 1, "to 'reopen' is no milestone" },
	{ "severity 1 { target \"ack\" {\n from = acknowledged } }", 2, "goes from acknowledged to itself" },
	{ "severity 1 { target x {\n from = detected\n to = detected limit = 5m } }", 3,
		"goes from detected to itself" },
	{ "severity 1 { target x { to = detected limit = 5m\n } }", 2, "target 'x' has no 'from'" },
	{ "severity 1 { target x { from = detected limit = 5m } }", 1, "target 'x' has no 'to'" },
	{ "severity 1 { target x { from = detected to = closed } }", 1, "target 'x' has no 'limit'" },
	{ "severity 1 { target x {\n limit = none } }", 2, "no target 'x' to take out" },
	{ "severity 4 { slo x {\n objective = none } }", 2, "no slo 'x' to take out" },
	{ "severity 1 { target \"two words\" { from = detected to = closed limit = 1h } }", 1,
		"cannot name this target" },
	{ "severity 1 { target \"" NAME40 "-0000000\" { from = detected to = closed limit = 1h } }", 1, "cannot name" },
	{ "severity 1 { target \"\" { from = detected to = closed limit = 1h } }", 1, "cannot name this target" },
	{ "severity 1 { target \"\xe2\x80\xae\" { from = detected to = closed limit = 1h } }", 1,
		"cannot name this target" },
	{ "severity 1 { target \"\xff\" { from = detected to = closed limit = 1h } }", 1, "cannot name this target" },
	{ "warn = 0", 1, "warn '0' is no percentage: write a whole number from 1 to 100" },
	{ "warn = 101", 1, "warn '101'" },
	{ "\n\nwarn = -3", 3, "warn '-3'" },
	{ "severity 1 { warn = most }", 1, "warn 'most'" },
	{ "severity 1 { warn = 7.5 }", 1, "warn '7.5'" },
	{ "severity 1 { warn = 99999999999999999999 }", 1, "warn '99999" },
	{ "severity 1 { warn = \"\" }", 1, "warn ''" },
	{ "scheme = \"two words\"", 1, "scheme 'two words' is no word" },
	{ "scheme = \"\"", 1, "scheme '' is no word" },
	{ "severity 1 { roles = { IC, \"a b\" } }", 1, "'a b' cannot name a role" },
	{ "severity 1 { roles = { IC,\n ic } }", 2, "role IC stands here twice" },
	{ "severity 1 { roles = {a,b,c,d,e,f,g,h,i,j,k,l,m} }", 1,
		"role m is one too many: a severity holds at most 12" },
	{ "severity 1 { slo a { objective = \"100 % over 30 d\" } }", 1, "out of range" },
	{ "severity 1 { slo a { objective = \"0 % over 30 d\" } }", 1, "out of range" },
	{ "severity 1 { slo a { objective = \"999 % over 30 d\" } }", 1, "out of range" },
	{ "severity 1 { slo a { objective = \"99.99999 % over 30 d\" } }", 1, "at most 4 decimals" },
	{ "severity 1 { slo a { objective = \"99.9 over 30 d\" } }", 1, "does not begin with a percentage" },
	{ "severity 1 { slo a { objective = most } }", 1, "does not begin with a percentage" },
	{ "severity 1 { slo a { objective = \"99.9 %\" } }", 1, "names no window" },
	{ "severity 1 { slo a { objective = \"99.9 % over a month\" } }", 1,
		"the window of objective 'a month' is no duration" },
	{ "severity 1 { slo a { from = detected\n } }", 2, "slo 'a' has no 'objective'" },
	{ "severity 1 { slo a { objective = \"99 % over 1 d\" to = started } }", 1, "goes from started to itself" },
	{ "severity 1 {\n update = 5m\n", 1, "the { here is never closed" },
	{ "severity 1 { }\n}\n", 2, "nothing for this } to close" },
	{ "\nscheme = \"SEV\nwarn = 70", 2, "the quoted value does not end" },
	{ "scheme = 'SEV", 1, "the quoted value does not end: close it with '" },
	{ "scheme = \"SEV\\", 1, "the quoted value does not end" },
	{ "warn = 70\n/* oh\n", 2, "the comment does not end" },
	{ "scheme SEV", 1, "equal sign" },
	{ "scheme = ", 1, "premature end of file" },
	{ "scheme = { SEV }", 1, "unexpected token" },
	{ "scheme += SEV", 1, "append" },
	{ "severity 1 {\n roles += { SME } }", 2, "+= cannot append here: write = and the whole list" },
	{ "severity 1 { update = 15 m }", 1, "quote values that hold spaces" },
	{ "\"severity=9|update\" = 5m", 1, ": " },
	{ "severity 1 {\n update = -5m }", 2, "update '-5m' is no duration over zero" },
	{ "severity 1 {\n roles-within = -1s }", 2, "roles-within '-1s' is no duration over zero" },
	{ "severity 1 {\n\n postmortem = 9999d }", 3, "postmortem '9999d' is over ten years" },
	{ "severity 1 {\n roles-whithin = 5m }", 2, "did you mean roles-within?" },
	{ "severity 1 {\n target \"mitigate\" { limit = 3h }\n}", 2,
		"target 'mitigate' promises mitigated later than target 'resolve' promises resolved" },
	{ "severity 1 {\n target \"mitigate\" {}\n target \"resolve\" {\n limit = 20m } }", 4, "cannot be the longer one" },
	{ "alias \"MAJOR\" { severity = BAD }", 1, "'BAD' is neither a severity nor an alias" },
	{ "alias A { severity = B }\nalias B {\n severity = C }\nalias C { severity = a }", 1, "alias 'A' leads back to itself" },
	{ "alias A { severity = 1 }\nalias B {\n severity = b }", 3, "alias 'B' leads back to itself" },
	{ "alias A { severity = 1 }\nalias a {\n severity = 1 }", 3, "alias 'a' stands here twice" },
	{ "alias A { severity = 1 }\nalias A {\n severity = 2 }", 2, "found duplicate title 'A'" },
	{ "alias sev2 { severity = 1 }", 1, "'sev2' is a severity already" },
	{ "alias \"a b\" { severity = 1 }", 1, "'a b' cannot name this alias" },
	{ "alias A { level = 1 }", 1, "unknown key 'level'" },
	{ "alias A { severity = 1 }\nseverity 7 { }", 2, "'7' is no severity" },
	{ "alias A {\n severity = 1\n}\n\nseverity 1 { } severity\n 1 {\n}", 6, "found duplicate title '1'" },
};

static void test_wrong(void **state)
{
	struct policies before;

	(void)state;
	load_with(&before, "scheme = P severity 2 { update = 7m }");
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct policies all = before;
		struct err err = { .status = ST_OK };
		char where[32];

		snprintf(where, sizeof where, "dir/my.conf:%d: ", wrong[i].line);
		if (policies_parse(wrong[i].text, "dir/my.conf", &all, &err) != ST_USAGE)
			fail_msg("accepted: %s", wrong[i].text);
		assert_int_equal(err.status, ST_USAGE);
		if (!str_starts(err.text, where) || !strstr(err.text, wrong[i].says) ||
			!strstr(err.text + strlen(where), ": "))
			fail_msg("%s\n-> %s\nbut not: %s%s", wrong[i].text, err.text, where, wrong[i].says);
		assert_memory_equal(&all, &before, sizeof all);
	}
}

static void test_aliases(void **state)
{
	static const struct {
		const char *word;
		int want;
	} table[] = {
		{ "CRIT", 0 },
		{ "crit", 0 },
		{ "Major", 1 },
		{ "outage", 1 },
		{ "worst", 1 }, /* through two others, of which one comes later */
		{ "2", 2 },
		{ "P3", 3 },
		{ "minor", SEV_UNKNOWN },
		{ "", SEV_UNKNOWN },
	};
	struct policies all;

	(void)state;
	load_with(&all, "alias \"CRIT\" { severity = SEV-0 }\nalias worst { severity = OUTAGE }\n"
			"alias OUTAGE { severity = major } alias MAJOR { severity = 1 }\nseverity 2 { roles-within = 4m postmortem = none }");
	assert_int_equal(all.aliases, 4);
	for (size_t i = 0; i < COUNT(table); i++) {
		int sev = SEV_UNKNOWN;

		assert_int_equal(policies_severity(&all, table[i].word, &sev), table[i].want != SEV_UNKNOWN);
		assert_int_equal(sev, table[i].want);
	}
	assert_true(all.level[2].roles_within == 4 * USEC_MIN && all.level[2].postmortem == 0);
	assert_true(all.level[1].roles_within == 5 * USEC_MIN && all.level[1].postmortem == 5 * USEC_DAY); /* as shipped */
	/* A later file moves one, and may name those of the file before. */
	struct err err;
	assert_int_equal(policies_parse("alias major { severity = 2 } alias sink { severity = crit }", "f", &all, &err), ST_OK);
	int sev;
	assert_true(policies_severity(&all, "MAJOR", &sev) && sev == 2);
	assert_true(policies_severity(&all, "sink", &sev) && sev == 0);
	assert_int_equal(all.aliases, 5);

	struct str text = STR_INIT;
	for (int i = 0; i < POLICY_ALIASES; i++)
		str_addf(&text, "alias a%d { severity = 1 }\n", i);
	assert_int_equal(policies_parse(text.s, "f", &all, &err), ST_USAGE);
	assert_non_null(strstr(err.text, "f:28: alias 'a27' is one too many: there are at most 32"));
	str_free(&text);
}

/* The good half of a file that fails does not count either, and the next file is read as if nothing had been. */
static void test_failure_leaves_no_trace(void **state)
{
	struct policies all, before, again;
	struct err err;

	(void)state;
	load_shipped(&before);
	all = before;
	assert_int_equal(
		policies_parse("scheme = P\nseverity 0 { update = 1m }\nseverity 3 { bad = 1 }", "f", &all, &err),
		ST_USAGE);
	assert_memory_equal(&all, &before, sizeof all);
	assert_int_equal(policies_parse("scheme = \"P", "f", &all, NULL), ST_USAGE);
	assert_memory_equal(&all, &before, sizeof all);
	assert_int_equal(policies_parse("severity 0 { update = 1m }", "f", &all, &err), ST_OK);
	assert_true(all.level[0].update_every == USEC_MIN);
	load_shipped(&again);
	assert_memory_equal(&again, &before, sizeof again);
}

static void test_too_many(void **state)
{
	struct str text = STR_INIT;
	struct policies all;
	struct err err;

	(void)state;
	/* Three are shipped; the fourteenth more does not fit. */
	str_adds(&text, "severity 1 {\n");
	for (int i = 1; i <= 13; i++)
		str_addf(&text, "target t%d { from = detected to = closed limit = %dh }\n", i, i);
	str_adds(&text, "}\n");
	load_with(&all, text.s);
	assert_int_equal(all.level[1].targets, POLICY_TARGETS);
	str_cut(&text, text.len - 2);
	str_adds(&text, "target t14 { from = detected to = closed limit = 9h }\n}\n");
	assert_int_equal(policies_parse(text.s, "f", &all, &err), ST_USAGE);
	assert_non_null(strstr(err.text, "f:15: target 't14' is one too many: a severity holds at most 16"));
	/* Replacing one of a full set is fine. */
	assert_int_equal(policies_parse("severity 1 { target t13 { limit = 2h } }", "f", &all, &err), ST_OK);

	str_reset(&text);
	str_adds(&text, "severity 1 {\n");
	for (int i = 1; i <= 8; i++)
		str_addf(&text, "slo s%d { objective = \"99 %% over %d d\" }\n", i, i);
	str_adds(&text, "}\n");
	assert_int_equal(policies_parse(text.s, "f", &all, &err), ST_USAGE);
	assert_non_null(strstr(err.text, "f:9: slo 's8' is one too many: a severity holds at most 8"));
	str_free(&text);
}

/* libconfuse translates its messages; ours stay as they are documented. */
static void test_locale(void **state)
{
	struct policies all;
	struct err err;
	char *before = setlocale(LC_ALL, NULL);
	char *saved = before ? strdup(before) : NULL;

	(void)state;
	load_shipped(&all);
	setlocale(LC_ALL, "C.UTF-8"); /* the plain C locale is never translated */
	setenv("LANGUAGE", "de:fr:sv", 1);
	assert_int_equal(policies_parse("bad = 1", "f", &all, &err), ST_USAGE);
	assert_non_null(strstr(err.text, "unknown key 'bad'"));
	unsetenv("LANGUAGE");
	setlocale(LC_ALL, saved);
	free(saved);
}

/* ---- files ---- */

static void write_file(const char *path, const char *bytes, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void test_load(void **state)
{
	char dir[] = "policy_test.XXXXXX", path[64], want[128];
	struct policies all, shipped_ones;
	struct err err;

	(void)state;
	load_shipped(&shipped_ones);
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/policy.conf", dir);

	assert_int_equal(policies_load(path, &all, &err), ST_OK); /* not there */
	assert_memory_equal(&all, &shipped_ones, sizeof all);

	write_file(path, "severity 2 { target ack { limit = 9m } }\n", 41);
	assert_int_equal(policies_load(path, &all, &err), ST_OK);
	assert_true(policy_find_target(&all.level[2], "ack")->limit == 9 * USEC_MIN);

	write_file(path, "scheme = P\nseverity 7 { }\n", 26);
	assert_int_equal(policies_load(path, &all, &err), ST_USAGE);
	snprintf(want, sizeof want, "%s:2: '7' is no severity", path);
	assert_true(str_starts(err.text, want));
	assert_memory_equal(&all, &shipped_ones, sizeof all);

	write_file(path, "scheme = P\n\0}", 13);
	assert_int_equal(policies_load(path, &all, &err), ST_USAGE);
	assert_non_null(strstr(err.text, "NUL"));
	assert_memory_equal(&all, &shipped_ones, sizeof all);

	assert_int_equal(policies_load(dir, &all, &err), ST_IO); /* a directory */
	assert_memory_equal(&all, &shipped_ones, sizeof all);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* ---- the journal's copy ---- */

struct fields {
	struct str name[64], value[64];
	size_t n;
};

static void keep_field(void *arg, const char *field, const char *value)
{
	struct fields *f = arg;

	assert_true(f->n < COUNT(f->name));
	str_init(&f->name[f->n]);
	str_init(&f->value[f->n]);
	str_adds(&f->name[f->n], field);
	str_adds(&f->value[f->n], value);
	f->n++;
}

static void free_fields(struct fields *f)
{
	for (size_t i = 0; i < f->n; i++) {
		str_free(&f->name[i]);
		str_free(&f->value[i]);
	}
}

/* Writes p, checks the order, reads it back forwards and backwards. */
static void check_round_trip(const struct policy *p)
{
	struct fields f = { .n = 0 };
	struct policy back;

	policy_write(p, keep_field, &f);
	for (size_t i = 1; i < f.n; i++)
		assert_true(strcmp(f.name[i - 1].s, f.name[i].s) < 0);
	for (int backwards = 0; backwards <= 1; backwards++) {
		policy_read_start(&back, p->severity);
		for (size_t i = 0; i < f.n; i++) {
			size_t k = backwards ? f.n - 1 - i : i;

			if (!policy_read_field(&back, f.name[k].s, f.value[k].s))
				fail_msg("cannot read back %s=%s", f.name[k].s, f.value[k].s);
		}
		assert_memory_equal(&back, p, sizeof back);
	}
	free_fields(&f);
}

static void test_write_exact(void **state)
{
	static const char *const want[][2] = {
		{ "postmortem", "432000" },
		{ "roles", "IC COM" },
		{ "roles-within", "-" },
		{ "scheme", "P" },
		{ "slo.availability", "999000 2592000 started mitigated" },
		{ "target.ack", "detected acknowledged 300" },
		{ "target.fast", "detected declared 0.25" },
		{ "target.mitigate", "started mitigated 1800" },
		{ "target.resolve", "started resolved 14400" },
		{ "update", "1800" },
		{ "warn", "75" },
	};
	const struct target_rule fast = { "fast", MS_DETECTED, MS_DECLARED, USEC_SEC / 4 };
	struct fields f = { .n = 0 };
	struct policies all;

	(void)state;
	load_with(&all, "scheme = P");
	assert_true(policy_put_target(&all.level[2], &fast));
	policy_write(&all.level[2], keep_field, &f);
	assert_int_equal(f.n, COUNT(want));
	for (size_t i = 0; i < f.n; i++) {
		assert_string_equal(f.name[i].s, want[i][0]);
		assert_string_equal(f.value[i].s, want[i][1]);
	}
	free_fields(&f);
}

static uint32_t dice(uint32_t *seed, uint32_t sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % sides;
}

static void random_name(uint32_t *seed, char out[POLICY_NAME])
{
	static const char letters[] = "abcXYZ019-_";
	size_t n = dice(seed, 20) == 0 ? POLICY_NAME - 1 : 1 + dice(seed, 8);

	memset(out, 0, POLICY_NAME);
	out[0] = 'n';
	for (size_t i = 1; i < n; i++)
		out[i] = letters[dice(seed, sizeof letters - 1)];
}

static usec random_time(uint32_t *seed)
{
	usec t = 1 + dice(seed, 10000);

	switch (dice(seed, 4)) {
	case 0:
		return t; /* microseconds */
	case 1:
		return t * 1000;
	case 2:
		return t * USEC_SEC;
	default:
		return POLICY_LONGEST - (usec)dice(seed, 3);
	}
}

static void random_ends(uint32_t *seed, int *from, int *to)
{
	*from = (int)dice(seed, MS_COUNT);
	*to = (*from + 1 + (int)dice(seed, MS_COUNT - 1)) % MS_COUNT;
}

static void random_policy(uint32_t *seed, struct policy *p)
{
	policy_read_start(p, (int)dice(seed, SEV_COUNT + 1) - 1);
	random_name(seed, p->scheme);
	p->warn_percent = 1 + (int)dice(seed, 100);
	p->update_every = dice(seed, 3) ? random_time(seed) : 0;
	p->roles = dice(seed, POLICY_ROLES + 1);
	for (size_t i = 0; i < p->roles; i++)
		random_name(seed, p->role[i]);
	for (uint32_t i = dice(seed, POLICY_TARGETS + 1); i; i--) {
		struct target_rule r;

		memset(&r, 0, sizeof r);
		random_name(seed, r.name);
		random_ends(seed, &r.from, &r.to);
		r.limit = random_time(seed);
		assert_true(policy_put_target(p, &r));
	}
	for (uint32_t i = dice(seed, POLICY_SLOS + 1); i; i--) {
		struct slo_rule s;

		memset(&s, 0, sizeof s);
		random_name(seed, s.name);
		s.target_ppm = 1 + dice(seed, 999999);
		s.window = random_time(seed);
		random_ends(seed, &s.from, &s.to);
		assert_true(policy_put_slo(p, &s));
	}
}

static void test_round_trip(void **state)
{
	struct policies all;
	uint32_t seed = 20260205;

	(void)state;
	load_shipped(&all);
	for (int sev = SEV_UNKNOWN; sev < SEV_COUNT; sev++)
		check_round_trip(policy_for(&all, sev));
	for (int i = 0; i < 400; i++) {
		struct policy p;

		random_policy(&seed, &p);
		check_round_trip(&p);
	}
}

static void test_read_field_refuses(void **state)
{
	static const char *const table[][2] = {
		{ "title", "x" },
		{ "", "" },
		{ "target", "detected acknowledged 300" },
		{ "targets.ack", "-" },
		{ "target.ack", "" },
		{ "target.ack", "detected acknowledged" },
		{ "target.ack", "detected acknowledged 0" },
		{ "target.ack", "detected acknowledged -5" },
		{ "target.ack", "detected acknowledged 300 1" },
		{ "target.ack", "detected detected 300" },
		{ "target.ack", "detected reopen 300" },
		{ "target.ack", "detected  acknowledged 300" },
		{ "target.ack", "detected acknowledged 300s" },
		{ "target.ack", "detected acknowledged 0.0000001" },
		{ "target.ack", "detected acknowledged 99999999999999999999" },
		{ "target.", "detected acknowledged 300" },
		{ "target.a b", "detected acknowledged 300" },
		{ "target.-", "-" },
		{ "slo.a", "1000000 5 started mitigated" },
		{ "slo.a", "0 5 started mitigated" },
		{ "slo.a", "999000 0 started mitigated" },
		{ "slo.a", "999000 5 started" },
		{ "slo.a", "999000 5 started started" },
		{ "slo.", "-" },
		{ "update", "" },
		{ "update", "0" },
		{ "update", "9e9" },
		{ "update", "400000000" },
		{ "warn", "0" },
		{ "warn", "101" },
		{ "warn", "" },
		{ "warn", "7x" },
		{ "roles-within", "" },
		{ "roles-within", "0" },
		{ "postmortem", "-5" },
		{ "scheme", "" },
		{ "scheme", "a b" },
		{ "scheme", "-" },
		{ "roles", "" },
		{ "roles", "IC  COM" },
		{ "roles", "IC " },
		{ "roles", "a b c d e f g h i j k l m" },
	};
	struct policies all;
	struct policy before;
	struct str huge = STR_INIT;

	(void)state;
	load_shipped(&all);
	before = all.level[1];
	for (size_t i = 0; i < COUNT(table); i++) {
		if (policy_read_field(&all.level[1], table[i][0], table[i][1]))
			fail_msg("taken: %s=%s", table[i][0], table[i][1]);
		assert_memory_equal(&all.level[1], &before, sizeof before);
	}
	str_addn(&huge, 'a', 100000);
	assert_false(policy_read_field(&all.level[1], "scheme", huge.s));
	assert_false(policy_read_field(&all.level[1], "roles", huge.s));
	str_free(&huge);
}

static void test_read_field_takes_out(void **state)
{
	struct policies all;
	struct policy *p = &all.level[1];

	(void)state;
	load_shipped(&all);
	assert_true(policy_read_field(p, "target.ack", "-"));
	assert_true(policy_read_field(p, "target.none-such", "-"));
	assert_true(policy_read_field(p, "slo.availability", "-"));
	assert_null(policy_find_target(p, "ack"));
	assert_int_equal(p->targets, 2);
	assert_int_equal(p->slos, 0);
	assert_true(policy_read_field(p, "target.mitigate", "started mitigated 60"));
	assert_int_equal(p->targets, 2);
	assert_true(policy_find_target(p, "mitigate")->limit == USEC_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_unknown_severity),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_override_one_value),
		cmocka_unit_test(test_own_rules),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_failure_leaves_no_trace),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_locale),
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_write_exact),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_read_field_refuses),
		cmocka_unit_test(test_read_field_takes_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
