/* document.c - loading an incident, rendering it. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/document-impl.h"
#include "text/template.h"

/* ---- values ---- */

json_t *doc_text(const char *s)
{
	return s && *s ? json_stringn_nocheck(s, strlen(s)) : json_null();
}

json_t *doc_take(struct str *b)
{
	json_t *v = b->len ? json_stringn_nocheck(b->s, b->len) : json_null();

	str_free(b);
	return v;
}

void doc_put(json_t *object, const char *name, json_t *v)
{
	json_object_set_new_nocheck(object, name, v);
}

void doc_puts(json_t *object, const char *name, const char *s)
{
	doc_put(object, name, doc_text(s));
}

static void put_formatted(json_t *o, const char *name, const struct document *d, usec t, const char *before,
	void (*fmt)(struct str *, usec, const struct zone *))
{
	struct str b = STR_INIT;

	str_adds(&b, before);
	fmt(&b, t, d->zone);
	doc_put(o, name, doc_take(&b));
}

json_t *doc_time(const struct document *d, usec t, int approx_s)
{
	const char *about = approx_s ? "~" : "";
	struct str b = STR_INIT;

	if (t == USEC_NONE)
		return json_null();
	json_t *o = json_object();
	put_formatted(o, "full", d, t, about, when_fmt_full);
	put_formatted(o, "date", d, t, "", when_fmt_date);
	put_formatted(o, "clock", d, t, about, when_fmt_clock);
	str_adds(&b, about);
	when_fmt_date(&b, t, d->zone);
	str_addc(&b, ' ');
	when_fmt_clock(&b, t, d->zone);
	doc_put(o, "at", doc_take(&b));
	when_fmt_clock(&b, t, d->zone);
	str_cut(&b, b.len - 3); /* without seconds */
	doc_put(o, "minute", doc_take(&b));
	when_fmt_rfc3339(&b, t);
	doc_put(o, "utc", doc_take(&b));
	if (approx_s)
		dur_fmt(&b, approx_s * USEC_SEC);
	doc_put(o, "give", doc_take(&b));
	return o;
}

json_t *doc_duration(usec t)
{
	struct str b = STR_INIT;

	if (t == USEC_NONE)
		return json_null();
	dur_fmt(&b, t);
	return doc_take(&b);
}

json_t *doc_severity(const struct document *d, int severity)
{
	struct str b = STR_INIT;

	if (severity == SEV_UNKNOWN)
		return json_null();
	severity_fmt(&b, severity, d->policy.scheme);
	return doc_take(&b);
}

json_t *doc_lines(char *const *line, size_t n)
{
	json_t *l = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(l, doc_text(line[i]));
	return l;
}

char *doc_title(const char *word)
{
	char *s = xstrdup(word);

	if (s[0] >= 'a' && s[0] <= 'z')
		s[0] = (char)(s[0] - 'a' + 'A');
	return s;
}

/* ---- loading ---- */

static enum status read_ends(struct document *d, struct err *err)
{
	struct event e;
	struct events l;
	enum status st = q_event_last(d->s, d->i.entity, &e, err);

	d->first = d->last = d->i.opened_at;
	if (st != ST_OK)
		return st == ST_NO ? ST_OK : st;
	d->last = e.occurred_at;
	event_clear(&e);
	st = q_events_after(d->s, d->i.entity, event_key_first, 1, &l, err);
	if (st == ST_OK && l.n)
		d->first = l.v[0].occurred_at;
	if (st == ST_OK)
		events_free(&l);
	return st;
}

static enum status read_lists(struct document *d, struct err *err)
{
	uuid u = d->i.entity;
	enum status st = q_policy(d->s, u, d->i.severity, &d->policy, err);

	if (st == ST_OK)
		st = read_ends(d, err);
	if (st == ST_OK)
		st = q_asks(d->s, u, &d->asks, err);
	if (st == ST_OK)
		st = q_hypotheses(d->s, u, &d->hypotheses, err);
	if (st == ST_OK)
		st = q_findings(d->s, u, &d->findings, err);
	if (st == ST_OK)
		st = q_responders(d->s, u, &d->responders, err);
	if (st == ST_OK)
		st = q_severity_steps(d->s, u, &d->steps, err);
	if (st == ST_OK)
		st = q_fields(d->s, u, &d->fields, err);
	return st == ST_OK ? q_sections(d->s, u, &d->sections, err) : st;
}

enum status document_load(
	struct store *s, uuid incident, const struct document_opts *o, struct document **out, struct err *err)
{
	struct document *d = xcalloc(1, sizeof *d);
	enum status st = q_incident(s, incident, &d->i, err);

	d->s = s;
	d->root = json_object();
	d->zone = o->zone;
	if (st == ST_OK && zone_load(d->i.zone, &d->home, NULL) != ST_OK)
		d->home = zone_utc(); /* a zone of another system: UTC, and the document says so */
	if (!d->zone)
		d->zone = d->home;
	if (st == ST_OK)
		st = read_lists(d, err);
	if (st == ST_OK)
		st = doc_model(d, o, err);
	if (st == ST_OK) {
		doc_figures(d);
		doc_summary(d);
		st = doc_records(d, err);
	}
	if (st == ST_OK)
		doc_groups(d);
	*out = d;
	if (st != ST_OK) {
		document_free(d);
		*out = NULL;
	}
	return st;
}

void document_free(struct document *d)
{
	if (!d)
		return;
	asks_free(&d->asks);
	hypotheses_free(&d->hypotheses);
	findings_free(&d->findings);
	responders_free(&d->responders);
	severity_steps_free(&d->steps);
	nameds_free(&d->fields);
	nameds_free(&d->sections);
	records_free(&d->records);
	incident_clear(&d->i);
	json_decref(d->root);
	json_decref(d->updates);
	json_decref(d->other_fields);
	json_decref(d->other_sections);
	free(d);
}

/* ---- rendering ---- */

static enum mst_got root_lookup(void *node, struct mst_name *name, struct mst_value *out, struct err *err)
{
	struct document *d = node;
	bool failed = false;

	if (strcmp(name->s, "timeline") == 0) {
		*out = doc_timeline(d);
		return MST_GOT;
	}
	if (strcmp(name->s, "updates") == 0) {
		*out = doc_updates(d, err, &failed);
		return failed ? MST_FAIL : MST_GOT;
	}
	json_t *v = strcmp(name->s, "other_fields") == 0     ? d->other_fields
		    : strcmp(name->s, "other_sections") == 0 ? d->other_sections
							     : json_object_get(d->root, name->s);
	if (!v)
		return MST_NONE;
	*out = mst_json(v);
	return MST_GOT;
}

/* Partials come from where templates come from; all sources together tell what the template places. */
struct loader {
	const char *config_dir;
	struct str *sources;
};

static enum status load_partial(void *arg, const char *name, struct str *out, struct err *err)
{
	struct loader *l = arg;
	struct str shown = STR_INIT;
	size_t from = out->len;
	enum status st = template_find(l->config_dir, name, out, &shown, err);

	str_free(&shown);
	if (st == ST_NO) /* ST_NO would mean: renders as nothing */
		return ST_USAGE;
	if (st == ST_OK)
		str_add(l->sources, out->s + from, out->len - from);
	return st;
}

/* A field also stands where its items, boxes or its yes do. */
static bool is_placed(const struct str *sources, const char *kind, const char *name)
{
	static const char *const forms[] = { "items", "boxes", "yes" };
	bool placed = doc_is_placed(sources, kind, name);

	for (size_t i = 0; i < 3 && !placed && strcmp(kind, "field") == 0; i++)
		placed = doc_is_placed(sources, forms[i], name);
	return placed;
}

static json_t *others(const struct str *sources, const char *kind, const struct nameds *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->n; i++) {
		if (!l->v[i].value[0] || is_placed(sources, kind, l->v[i].name))
			continue;
		if (strcmp(kind, "field") == 0 && str_starts(l->v[i].name, "budget.earlier"))
			continue; /* the budgets have it */
		json_t *o = json_object();
		char *title = doc_title(l->v[i].name);
		doc_puts(o, "name", l->v[i].name);
		doc_puts(o, "title", title);
		doc_puts(o, "value", l->v[i].value);
		json_array_append_new(list, o);
		free(title);
	}
	return list;
}

static void find_others(struct document *d, const struct str *sources)
{
	json_decref(d->other_fields);
	json_decref(d->other_sections);
	d->other_fields = others(sources, "field", &d->fields);
	d->other_sections = others(sources, "section", &d->sections);
	doc_put(d->root, "has_other_fields", json_boolean(json_array_size(d->other_fields) > 0));
	doc_unplaced(d, sources);
}

enum status document_render(struct document *d, const char *config_dir, const char *name, const char *text, size_t n,
	const struct mst_options *options, struct mst_sink sink, struct err *err)
{
	static const struct mst_ops ops = { .lookup = root_lookup };
	struct str sources = STR_INIT;
	struct loader loader = { config_dir, &sources };
	struct mst_set *set = mst_new(load_partial, &loader);
	struct mst_template *t;
	struct mst_value root = mst_object(&ops, d);

	str_add(&sources, text, n);
	enum status st = mst_compile(set, name, text, n, &t, err);
	if (st == ST_OK) {
		find_others(d, &sources);
		st = mst_render(t, &root, options, sink, err);
	}
	mst_free(set);
	str_free(&sources);
	return st;
}

enum status document_markdown(
	struct document *d, const char *config_dir, const char *template, struct mst_sink sink, struct err *err)
{
	static const struct mst_options markdown = { .escape = mst_escape_md, .raw = mst_raw_md };
	struct str text = STR_INIT, shown = STR_INIT;
	enum status st = template_find(config_dir, template, &text, &shown, err);

	if (st == ST_OK)
		st = document_render(d, config_dir, shown.s, text.s, text.len, &markdown, sink, err);
	str_free(&text);
	str_free(&shown);
	return st;
}
