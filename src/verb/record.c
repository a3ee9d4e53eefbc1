/* record.c - see record.h. What is named twice is one row: the second time changes what it says. */
#include "verb/record.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "model/field.h"
#include "verb/print.h"

/* ---- what is common ------------------------------------------------------------------------------------------------- */

static int no_row(const char *word)
{
	(void)word;
	return -1;
}

/* A date alone is the day of the signature; date: is the first row of that form. */
static int bare_date(const char *word)
{
	bool date = strlen(word) == 10 && strspn(word, "0123456789") == 4 && word[4] == '-' && word[7] == '-';
	return date || str_ieq(word, "today") ? 0 : -1;
}

static const struct record_form forms[] = {
	{ "metric", "name", { { { "service", true }, { "before", true }, { "during", true }, { "after", true }, { "unit", true }, { "target", true } }, no_row } },
	{ "relation", "relation", { { { "date", false }, { "title", true }, { "outcome", true } }, no_row } },
	{ "link", "text", { { { "kind", true }, { "url", false } }, no_row } },
	{ "signoff", "name", { { { "date", false }, { "as", false }, { "scope", true }, { "role", true } }, bare_date } },
	{ "code", "text", { { { "language", false }, { "title", true }, { "section", false } }, no_row } },
};

const struct record_form *record_form(const char *type)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (str_eq(forms[i].type, type))
			return &forms[i];
	return NULL;
}

static enum status put_date(struct ctx *c, const char *word, struct fields *f)
{
	struct when_ctx w = { .now = act_now(c), .zone = c->zone };
	struct str iso = STR_INIT;
	bool ok = field_date(word, &w, &iso);
	if (ok)
		fields_text(f, "date", iso.s);
	str_free(&iso);
	return ok ? ST_OK : fail(c->err, ST_USAGE, "date:%s: that is no date: give YYYY-MM-DD or today", word);
}

static enum status put_as(struct ctx *c, const char *word, struct fields *f)
{
	static const char *const ways[] = { "prepared", "reviewed", "approved", NULL };
	int i = word_find(ways, word);
	if (i < 0)
		return fail(c->err, ST_USAGE, "as:%s: that is no kind of signature: give prepared, reviewed or approved", word);
	fields_text(f, "as", ways[i]);
	return ST_OK;
}

enum status record_attributes(struct ctx *c, const struct record_form *form, const struct attr_split *s, bool clear, struct fields *f)
{
	enum status st = ST_OK;
	for (int i = 0; i < ATTRS && form->set.def[i].name && st == ST_OK; i++) {
		const char *name = form->set.def[i].name, *value = s->value[i];
		if (!value)
			continue;
		if (clear && strcmp(value, "-") == 0)
			fields_null(f, name);
		else if (strcmp(name, "date") == 0)
			st = put_date(c, value, f);
		else if (strcmp(name, "as") == 0)
			st = put_as(c, value, f);
		else
			fields_text(f, name, value);
	}
	return st;
}

enum status record_put(struct ctx *c, const char *type, const char *name, const char *of, struct fields *f, uuid *id)
{
	char *key = str_fmt("record:%s:%s:%s", type, name, of ? of : "");
	for (char *p = key; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
	*id = uuid_named(c->incident.entity, key, strlen(key));
	free(key);
	fields_text(f, "type", type);
	return tx_put(c->store, "record", *id, f, c->err);
}

static enum status finish(struct ctx *c, enum status st, const char *type, const char *name, const char *of, struct fields *f)
{
	uuid id;
	if (st != ST_OK) {
		fields_free(f);
		return st;
	}
	st = record_put(c, type, name, of, f, &id);
	return st == ST_OK ? act_print_thing(c, id) : st;
}

static struct attr_split split(const char *type, const struct args *a, size_t from, bool first_is_text)
{
	struct attr_split s;
	char *text = act_join(a, from);
	attr_split(&record_form(type)->set, text, first_is_text, &s);
	free(text);
	return s;
}

/* ---- metric --------------------------------------------------------------------------------------------------------- */

enum status verb_metric(struct ctx *c, const struct args *a)
{
	struct attr_split s = split("metric", a, 0, true);
	struct fields f = { 0 };
	enum status st = record_attributes(c, record_form("metric"), &s, true, &f);
	size_t given = f.n - (fields_get(&f, "service") != NULL);
	if (st == ST_OK && !given)
		st = fail(c->err, ST_USAGE, "the metric has no value: give before:, during:, after: or target:, as in metric error rate service:API "
			"before:0.2%% during:47%%");
	fields_text(&f, "name", s.text);
	st = finish(c, st, "metric", s.text, s.value[0], &f);
	attr_split_free(&s);
	return st;
}

/* ---- relate --------------------------------------------------------------------------------------------------------- */

/* What this store knows of the other incident is written down now: documents read this incident's journal alone. */
static void add_known(struct ctx *c, const struct incident *other, struct fields *f)
{
	usec at = other->ms.at[MS_STARTED] != USEC_NONE ? other->ms.at[MS_STARTED] : other->opened_at;
	const struct zone *z = zone_utc();
	struct str date = STR_INIT;
	zone_load(other->zone, &z, NULL);
	when_fmt_date(&date, at, z);
	if (!fields_get(f, "date"))
		fields_text(f, "date", date.s);
	if (!fields_get(f, "title"))
		fields_text(f, "title", other->title);
	str_free(&date);
	(void)c;
}

enum status verb_relate(struct ctx *c, const struct args *a)
{
	struct attr_split s = split("relation", a, 1, false);
	struct fields f = { 0 };
	struct incident other = { 0 };
	const char *id = a->argv[0];
	enum status st = record_attributes(c, record_form("relation"), &s, true, &f);
	if (st == ST_OK && q_incident_find(c->store, id, &other, NULL) == ST_OK) {
		id = other.id;
		if (uuid_eq(other.entity, c->incident.entity))
			st = fail(c->err, ST_NO, "%s is this very incident: name the other one", id);
		add_known(c, &other, &f);
	}
	fields_text(&f, "id", id);
	if (s.text[0])
		fields_text(&f, "relation", s.text);
	st = finish(c, st, "relation", id, NULL, &f);
	incident_clear(&other);
	attr_split_free(&s);
	return st;
}

/* ---- link ----------------------------------------------------------------------------------------------------------- */

static const struct { const char *part, *kind; } kinds[] = {
	{ "/pull/", "pull request" }, { "/merge_requests/", "pull request" }, { "/pullrequests/", "pull request" }, { "grafana", "dashboard" },
	{ "dashboard", "dashboard" }, { "/d/", "dashboard" }, { "kibana", "logs" }, { "/logs", "logs" }, { "slack.", "chat" }, { "/chat", "chat" },
	{ "pagerduty", "incident" }, { "/incidents/", "incident" }, { "sentry", "errors" }, { "prometheus", "alerts" }, { "alert", "alerts" },
	{ "/browse/", "tracker" }, { "/issues/", "tracker" }, { "/tickets/", "tracker" },
};

static const char *kind_of(const char *url)
{
	if (url[0] == '#')
		return "chat";
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcasestr(url, kinds[i].part))
			return kinds[i].kind;
	return NULL;
}

/* A web address, a mail address or a channel. Addresses that browsers would run are none. */
static bool is_address(const char *url)
{
	static const char *const schemes[] = { "http://", "https://", "ftp://", "sftp://", "ssh://", "git://", "file://", "slack://", "mailto:" };
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0 && url[strlen(schemes[i])])
			return !strpbrk(url, " \t\r\n");
	return url[0] == '#' && url[1] && !strpbrk(url, " \t\r\n");
}

enum status verb_link(struct ctx *c, const struct args *a)
{
	const char *url = a->argv[0];
	if (!is_address(url))
		return fail(c->err, ST_USAGE, "%s: that is no address: give one like https://grafana.example/d/api?from={from_ms}&to={to_ms}, or a "
			"#channel", url);
	struct attr_split s = split("link", a, 1, false);
	struct fields f = { 0 };
	enum status st = record_attributes(c, record_form("link"), &s, true, &f);
	const char *kind = kind_of(url);
	fields_text(&f, "url", url);
	if (s.text[0])
		fields_text(&f, "text", s.text);
	if (kind && !s.value[0])
		fields_text(&f, "kind", kind);
	st = finish(c, st, "link", url, NULL, &f);
	attr_split_free(&s);
	return st;
}

/* ---- signoff -------------------------------------------------------------------------------------------------------- */

/* "Tech Lead @kim": the role goes up to the name with its @; without one the first operand is the role. */
static enum status split_role(struct ctx *c, const struct args *a, const char *text, char **role, char **name)
{
	const char *at = strstr(text, " @");
	size_t n = at ? (size_t)(at - text) : strlen(a->argv[0]);
	if (n > strlen(text))
		n = strlen(text);
	const char *rest = text + n + strspn(text + n, " \t");
	if (!n || text[0] == '@' || !act_name(rest)[0])
		return fail(c->err, ST_USAGE, "who signs as what? Say the role, then the name: signoff \"Tech Lead\" @kim");
	*role = xstrndup(text, n);
	*name = xstrdup(act_name(rest));
	return ST_OK;
}

enum status verb_signoff(struct ctx *c, const struct args *a)
{
	struct attr_split s = split("signoff", a, 0, true);
	struct fields f = { 0 };
	char *role = NULL, *name = NULL;
	enum status st = record_attributes(c, record_form("signoff"), &s, true, &f);
	if (st == ST_OK)
		st = split_role(c, a, s.text, &role, &name);
	if (st == ST_OK) {
		fields_text(&f, "role", role);
		fields_text(&f, "name", name);
	}
	st = finish(c, st, "signoff", role ? role : "", name, &f);
	free(role);
	free(name);
	attr_split_free(&s);
	return st;
}
