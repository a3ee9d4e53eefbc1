#include "model/policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

extern const char data_policies_default_conf[]; /* generated from data/policies/default.conf */

enum { FILE_LIMIT = 1 << 20, VALUE_MAX = POLICY_ROLES * POLICY_NAME + 1 };

/* ---- rules ---- */

bool policy_name_ok(const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n >= POLICY_NAME || str_eq(name, "-") || !utf8_valid(name, n) ||
		san_needed(name, n, SAN_TERMINAL))
		return false;
	for (; *name; name++) {
		unsigned char c = (unsigned char)*name;
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;

		if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_')
			return false;
	}
	return true;
}

static int target_order(const void *a, const void *b)
{
	const struct target_rule *x = a, *y = b;

	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int slo_order(const void *a, const void *b)
{
	return strcmp(((const struct slo_rule *)a)->name, ((const struct slo_rule *)b)->name);
}

const struct target_rule *policy_find_target(const struct policy *p, const char *name)
{
	for (size_t i = 0; i < p->targets; i++)
		if (str_eq(p->target[i].name, name))
			return &p->target[i];
	return NULL;
}

const struct slo_rule *policy_find_slo(const struct policy *p, const char *name)
{
	for (size_t i = 0; i < p->slos; i++)
		if (str_eq(p->slo[i].name, name))
			return &p->slo[i];
	return NULL;
}

bool policy_drop_target(struct policy *p, const char *name)
{
	const struct target_rule *r = policy_find_target(p, name);
	size_t i;

	if (!r)
		return false;
	i = (size_t)(r - p->target);
	memmove(&p->target[i], &p->target[i + 1], (--p->targets - i) * sizeof *r);
	memset(&p->target[p->targets], 0, sizeof *r);
	return true;
}

bool policy_drop_slo(struct policy *p, const char *name)
{
	const struct slo_rule *s = policy_find_slo(p, name);
	size_t i;

	if (!s)
		return false;
	i = (size_t)(s - p->slo);
	memmove(&p->slo[i], &p->slo[i + 1], (--p->slos - i) * sizeof *s);
	memset(&p->slo[p->slos], 0, sizeof *s);
	return true;
}

bool policy_put_target(struct policy *p, const struct target_rule *r)
{
	struct target_rule rule = *r; /* r may be one of ours, which dropping moves */

	if (!policy_drop_target(p, rule.name) && p->targets == POLICY_TARGETS)
		return false;
	p->target[p->targets++] = rule;
	qsort(p->target, p->targets, sizeof *p->target, target_order);
	return true;
}

bool policy_put_slo(struct policy *p, const struct slo_rule *s)
{
	struct slo_rule rule = *s;

	if (!policy_drop_slo(p, rule.name) && p->slos == POLICY_SLOS)
		return false;
	p->slo[p->slos++] = rule;
	qsort(p->slo, p->slos, sizeof *p->slo, slo_order);
	return true;
}

usec slo_budget(const struct slo_rule *s)
{
	const int64_t million = 1000000;
	int64_t bad = million - s->target_ppm;

	/* In two parts: a long window times a million would not fit. */
	return s->window / million * bad + s->window % million * bad / million;
}

/* ---- sets of policies ---- */

void policies_init(struct policies *out)
{
	for (int i = 0; i < SEV_COUNT; i++)
		policy_read_start(&out->level[i], i);
	policy_read_start(&out->unknown, SEV_UNKNOWN);
	memset(out->alias, 0, sizeof out->alias);
	out->aliases = 0;
}

const struct policy *policy_for(const struct policies *p, int severity)
{
	return severity >= 0 && severity < SEV_COUNT ? &p->level[severity] : &p->unknown;
}

bool policies_severity(const struct policies *p, const char *word, int *out)
{
	if (severity_parse(word, out))
		return true;
	for (size_t i = 0; word && i < p->aliases; i++)
		if (str_ieq(p->alias[i].name, word)) {
			*out = p->alias[i].severity;
			return true;
		}
	return false;
}

static enum status file_read(FILE *f, const char *path, struct str *text, struct err *err)
{
	char chunk[4096];
	size_t n;

	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0 && text->len <= FILE_LIMIT)
		str_add(text, chunk, n);
	if (ferror(f))
		return fail(err, ST_IO, "%s cannot be read (%s): check the file", path, strerror(errno));
	if (text->len > FILE_LIMIT)
		return fail(err, ST_USAGE, "%s:1: over 1 MiB is no policy file: check the path", path);
	if (memchr(text->s, '\0', text->len))
		return fail(err, ST_USAGE, "%s:1: holds NUL bytes, so it is no text file: check the path", path);
	return ST_OK;
}

enum status policies_load(const char *path, struct policies *out, struct err *err)
{
	struct str text = STR_INIT;
	enum status st;
	FILE *f;

	policies_init(out);
	st = policies_parse(data_policies_default_conf, "data/policies/default.conf", out, err);
	if (st || !path)
		return st;
	f = fopen(path, "re");
	if (!f && (errno == ENOENT || errno == ENOTDIR))
		return ST_OK;
	if (!f)
		return fail(err, ST_IO, "%s cannot be opened (%s): check its permissions", path, strerror(errno));
	st = file_read(f, path, &text, err);
	fclose(f);
	if (!st)
		st = policies_parse(text.s, path, out, err);
	str_free(&text);
	return st;
}

/* ---- journal fields ---- */

static void put_seconds(struct str *b, usec t)
{
	str_addf(b, "%lld", (long long)(t / USEC_SEC));
	if (t % USEC_SEC == 0)
		return;
	str_addf(b, ".%06lld", (long long)(t % USEC_SEC));
	while (b->s[b->len - 1] == '0')
		str_cut(b, b->len - 1);
}

/* Digits, and up to 6 behind a point: > 0 and at most POLICY_LONGEST. */
static bool read_seconds(const char *s, usec *out)
{
	usec t = 0, unit = USEC_SEC;

	if (*s < '0' || *s > '9')
		return false;
	for (; *s >= '0' && *s <= '9'; s++) {
		t = t * 10 + (*s - '0') * USEC_SEC;
		if (t > POLICY_LONGEST)
			return false;
	}
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9' && unit > 1; s++)
			t += (*s - '0') * (unit /= 10);
	if (*s || t <= 0 || t > POLICY_LONGEST)
		return false;
	*out = t;
	return true;
}

/* A plain number without sign, at most max. */
static bool read_number(const char *s, int64_t max, int64_t *out)
{
	int64_t n = 0;

	if (!*s)
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		n = n * 10 + (*s - '0');
		if (n > max)
			return false;
	}
	*out = n;
	return true;
}

static bool read_ends(const char *from, const char *to, int *a, int *b)
{
	*a = milestone_find(from);
	*b = milestone_find(to);
	return *a >= 0 && *b >= 0 && *a < MS_COUNT && *b < MS_COUNT && *a != *b;
}

/* Splits value (which it cuts up) at single spaces; returns how many words, max + 1 for more than max. */
static size_t split(char *value, char **words, size_t max)
{
	size_t n = 0;

	while (value && n <= max) {
		char *space = strchr(value, ' ');

		if (n < max)
			words[n] = value;
		n++;
		if (space)
			*space++ = '\0';
		value = space;
	}
	return n;
}

struct field_sink {
	policy_put *put;
	void *arg;
	struct str value;
};

static void put_field(struct field_sink *sink, const char *prefix, const char *name)
{
	char field[POLICY_NAME + 16];

	snprintf(field, sizeof field, "%.15s%.47s", prefix, name);
	sink->put(sink->arg, field, sink->value.s);
	str_reset(&sink->value);
}

static void put_slos(struct field_sink *sink, const struct policy *p)
{
	for (size_t i = 0; i < p->slos; i++) {
		const struct slo_rule *s = &p->slo[i];

		str_addf(&sink->value, "%lld ", (long long)s->target_ppm);
		put_seconds(&sink->value, s->window);
		str_addf(&sink->value, " %s %s", milestone_name(s->from), milestone_name(s->to));
		put_field(sink, "slo.", s->name);
	}
}

static int target_by_name(const void *a, const void *b)
{
	return strcmp(((const struct target_rule *)a)->name, ((const struct target_rule *)b)->name);
}

static void put_targets(struct field_sink *sink, const struct policy *p)
{
	struct target_rule sorted[POLICY_TARGETS];

	memcpy(sorted, p->target, p->targets * sizeof *sorted);
	qsort(sorted, p->targets, sizeof *sorted, target_by_name);
	for (size_t i = 0; i < p->targets; i++) {
		const struct target_rule *r = &sorted[i];

		str_addf(&sink->value, "%s %s ", milestone_name(r->from), milestone_name(r->to));
		put_seconds(&sink->value, r->limit);
		put_field(sink, "target.", r->name);
	}
}

static void put_duration(struct field_sink *sink, const char *field, usec t)
{
	if (t > 0)
		put_seconds(&sink->value, t);
	else
		str_addc(&sink->value, '-');
	put_field(sink, field, "");
}

void policy_write(const struct policy *p, policy_put *put, void *arg)
{
	struct field_sink sink = { .put = put, .arg = arg, .value = STR_INIT };

	put_duration(&sink, "postmortem", p->postmortem);
	for (size_t i = 0; i < p->roles; i++)
		str_addf(&sink.value, "%s%s", i ? " " : "", p->role[i]);
	str_adds(&sink.value, p->roles ? "" : "-");
	put_field(&sink, "roles", "");
	put_duration(&sink, "roles-within", p->roles_within);
	str_adds(&sink.value, p->scheme);
	put_field(&sink, "scheme", "");
	put_slos(&sink, p);
	put_targets(&sink, p);
	put_duration(&sink, "update", p->update_every);
	str_addf(&sink.value, "%d", p->warn_percent);
	put_field(&sink, "warn", "");
	str_free(&sink.value);
}

void policy_read_start(struct policy *p, int severity)
{
	memset(p, 0, sizeof *p);
	p->severity = severity;
	p->warn_percent = 75;
	strcpy(p->scheme, "SEV");
}

static bool read_roles(struct policy *p, char *value)
{
	char *word[POLICY_ROLES];
	size_t n = str_eq(value, "-") ? 0 : split(value, word, POLICY_ROLES);

	if (n > POLICY_ROLES)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!policy_name_ok(word[i]))
			return false;
	memset(p->role, 0, sizeof p->role);
	for (size_t i = 0; i < n; i++)
		strcpy(p->role[i], word[i]);
	p->roles = n;
	return true;
}

static bool read_scheme(struct policy *p, char *value)
{
	if (!policy_name_ok(value))
		return false;
	memset(p->scheme, 0, sizeof p->scheme);
	strcpy(p->scheme, value);
	return true;
}

static bool read_limit(usec *limit, const char *value)
{
	if (!str_eq(value, "-"))
		return read_seconds(value, limit);
	*limit = 0;
	return true;
}

static bool read_update(struct policy *p, char *value)
{
	return read_limit(&p->update_every, value);
}

static bool read_roles_within(struct policy *p, char *value)
{
	return read_limit(&p->roles_within, value);
}

static bool read_postmortem(struct policy *p, char *value)
{
	return read_limit(&p->postmortem, value);
}

static bool read_warn(struct policy *p, char *value)
{
	int64_t n;

	if (!read_number(value, 100, &n) || n < 1)
		return false;
	p->warn_percent = (int)n;
	return true;
}

static bool read_target(struct policy *p, const char *name, char *value)
{
	struct target_rule r;
	char *word[3];

	memset(&r, 0, sizeof r);
	if (!policy_name_ok(name))
		return false;
	if (str_eq(value, "-"))
		return policy_drop_target(p, name) || true; /* gone is gone */
	if (split(value, word, 3) != 3 || !read_ends(word[0], word[1], &r.from, &r.to) ||
		!read_seconds(word[2], &r.limit))
		return false;
	strcpy(r.name, name);
	return policy_put_target(p, &r);
}

static bool read_slo(struct policy *p, const char *name, char *value)
{
	struct slo_rule s;
	char *word[4];

	memset(&s, 0, sizeof s);
	if (!policy_name_ok(name))
		return false;
	if (str_eq(value, "-"))
		return policy_drop_slo(p, name) || true;
	if (split(value, word, 4) != 4 || !read_number(word[0], 999999, &s.target_ppm) || s.target_ppm < 1 ||
		!read_seconds(word[1], &s.window) || !read_ends(word[2], word[3], &s.from, &s.to))
		return false;
	strcpy(s.name, name);
	return policy_put_slo(p, &s);
}

bool policy_read_field(struct policy *p, const char *field, const char *value)
{
	static const struct {
		const char *field;
		bool (*read)(struct policy *p, char *value);
	} plain[] = { { "postmortem", read_postmortem }, { "roles", read_roles },
		{ "roles-within", read_roles_within }, { "scheme", read_scheme }, { "update", read_update },
		{ "warn", read_warn } };
	char copy[VALUE_MAX];

	if (strlen(value) >= sizeof copy)
		return false;
	strcpy(copy, value);
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (str_eq(field, plain[i].field))
			return plain[i].read(p, copy);
	if (str_starts(field, "target."))
		return read_target(p, field + strlen("target."), copy);
	if (str_starts(field, "slo."))
		return read_slo(p, field + strlen("slo."), copy);
	return false;
}
