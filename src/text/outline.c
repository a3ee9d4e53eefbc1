/* outline.c - see outline.h. */
#include "text/outline.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/figure.h"
#include "text/document-impl.h"
#include "text/template.h"

/* ---- what a name means ---- */

struct asked {
	const struct document *d;
	const struct catalogue *cat;
	const char *number;
};

/* The first word of what is left of a path, up to the next dot; heap. */
static char *word_of(const char *path)
{
	return xstrndup(path, strcspn(path, "."));
}

/* A field's name may be the beginning of the path only: boxes.detection.method.other. */
static const struct field_def *field_of(const struct catalogue *cat, const char *path)
{
	char *name = xstrdup(path);
	const struct field_def *f = catalogue_field(cat, name);

	for (char *dot; !f && (dot = strrchr(name, '.')) != NULL;) {
		*dot = '\0';
		f = catalogue_field(cat, name);
	}
	free(name);
	return f;
}

static void explain_field(const struct asked *a, const char *rest, struct outline_item *i)
{
	const struct field_def *f = field_of(a->cat, rest);

	i->label = xstrdup(f ? f->label : rest);
	if (!f || !f->computed)
		i->command = str_fmt("set %s VALUE", f ? f->name : rest);
}

static void explain_section(const struct asked *a, const char *rest, struct outline_item *i)
{
	const struct section_def *s = catalogue_section(a->cat, rest);

	i->label = xstrdup(s ? s->label : rest);
	i->command = str_fmt("section %s TEXT", rest);
}

static void explain_code(const struct asked *a, const char *rest, struct outline_item *i)
{
	const struct section_def *s = catalogue_section(a->cat, rest);

	i->label = xstrdup(s ? s->label : rest);
	i->command = str_fmt("section %s TEXT --code LANGUAGE", rest);
}

/* finding.went-well, finding_in.LIST.CATEGORY, and with the template in front: grouped.slo.prevention.immediate. */
static void explain_list(const struct asked *a, const char *rest, struct outline_item *i)
{
	char *list = word_of(rest);
	const struct list_def *l = catalogue_list(a->cat, list);
	const char *category = strchr(rest, '.');
	bool quoted = l && strchr(l->name, ' ');

	i->label = str_fmt("%s%s%s", l ? l->label : list, category ? ", " : "", category ? category + 1 : "");
	i->command = str_fmt("finding %s%s%s TEXT%s%s", quoted ? "\"" : "", l ? l->name : list, quoted ? "\"" : "",
		category ? " category:" : "", category ? category + 1 : "");
	free(list);
}

static void explain_grouped(const struct asked *a, const char *rest, struct outline_item *i)
{
	const char *dot = strchr(rest, '.');

	explain_list(a, dot ? dot + 1 : rest, i);
}

static void explain_metric(const struct asked *a, const char *rest, struct outline_item *i)
{
	(void)a;
	i->label = str_fmt("Metrics, %s", rest);
	i->command = str_fmt("metric %s%s%s service:S before:V during:V after:V",
		strcmp(rest, "error-rate") == 0 ? "\"" : "", strcmp(rest, "error-rate") == 0 ? "error rate" : rest,
		strcmp(rest, "error-rate") == 0 ? "\"" : "");
}

static void explain_link(const struct asked *a, const char *rest, struct outline_item *i)
{
	bool pull = strcmp(rest, "pull-request") == 0;

	(void)a;
	i->label = str_fmt("Link, %s", pull ? "pull request" : rest);
	i->command = str_fmt("link URL kind:%s", pull ? "\"pull request\"" : rest);
}

static void explain_signoff(const struct asked *a, const char *rest, struct outline_item *i)
{
	(void)a;
	i->label = str_fmt("Sign-off, %s", rest);
	i->command = str_fmt("signoff ROLE NAME DATE as:%s", rest);
}

static void explain_milestone(const struct asked *a, const char *rest, struct outline_item *i)
{
	char *name = word_of(rest);

	(void)a;
	i->label = doc_title(name);
	i->command = str_fmt("%s TIME", name);
	free(name);
}

/* Of a span: the end that is missing. */
static char *stamp_ends(const struct document *d, int from, int to)
{
	int m = d->i.ms.at[from] == USEC_NONE ? from : to;

	return d->i.ms.at[m] == USEC_NONE ? str_fmt("%s TIME", milestone_name(m)) : NULL;
}

static void explain_span(const struct asked *a, const char *rest, struct outline_item *i)
{
	char *from = word_of(rest), *to = strchr(rest, '.') ? word_of(strchr(rest, '.') + 1) : xstrdup("");
	int f = milestone_find(from), t = milestone_find(to);

	i->label = str_fmt("%s to %s", from, to);
	if (f >= 0 && t >= 0 && f < MS_COUNT && t < MS_COUNT)
		i->command = stamp_ends(a->d, f, t);
	free(from);
	free(to);
}

/* figures.slo.duration: what the document measures between. */
static void explain_figure(const struct asked *a, const char *rest, struct outline_item *i)
{
	char *template = word_of(rest);
	const char *what = strchr(rest, '.') ? strchr(rest, '.') + 1 : "";
	const struct document_ends *e = document_ends(template);
	struct ends ends = strcmp(what, "total") == 0 ? e->total : e->duration;

	if (strcmp(what, "severity") == 0) {
		i->label = xstrdup("Severity");
		i->command = xstrdup("sev LEVEL WHY");
	} else if (strcmp(what, "budgets") == 0) {
		i->label = xstrdup("Error budget");
		if (a->d->i.severity == SEV_UNKNOWN) /* which would tell the policy's */
			i->command = xstrdup("sev LEVEL WHY");
	} else {
		i->label = doc_title(what);
		if (ends.from != MS_NONE && ends.to != MS_NONE)
			i->command = stamp_ends(a->d, ends.from, ends.to);
	}
	free(template);
}

static void explain_actions(const struct asked *a, const char *rest, struct outline_item *i)
{
	const char *group = strchr(rest, '.');

	(void)a;
	i->label = str_fmt("Action items%s%s", group ? ", " : "", group ? group + 1 : "");
	i->command = xstrdup("action TEXT @OWNER due:DATE PRIORITY");
}

static const struct {
	const char *prefix;
	void (*explain)(const struct asked *a, const char *rest, struct outline_item *i);
} prefixes[] = {
	{ "field.", explain_field },
	{ "boxes.", explain_field },
	{ "yes.", explain_field },
	{ "items.", explain_field },
	{ "section.", explain_section },
	{ "code.", explain_code },
	{ "finding.", explain_list },
	{ "finding_in.", explain_list },
	{ "grouped.", explain_grouped },
	{ "metric.", explain_metric },
	{ "metric_like.", explain_metric },
	{ "link.", explain_link },
	{ "signoff.", explain_signoff },
	{ "milestone.", explain_milestone },
	{ "span.", explain_span },
	{ "figures.", explain_figure },
	{ "actions_in.", explain_actions },
};

/* Whole names: of the document, then of its rows, where %s is the row's number or name. */
static const struct {
	const char *name, *label, *command;
} names[] = {
	{ "timeline", "Timeline", "log LINE" },
	{ "severity", "Severity", "sev LEVEL WHY" },
	{ "severities", "Severity", "sev LEVEL WHY" },
	{ "status", "Status", "started TIME" },
	{ "commander", "Incident Commander", "role IC NAME" },
	{ "responder_names", "Responders", "join NAME" },
	{ "responders", "Responders", "join NAME" },
	{ "duration", "Duration", "started TIME" },
	{ "milestones", "Milestones", "started TIME" },
	{ "targets", "Targets", NULL },
	{ "updates", "Updates", "update TEXT" },
	{ "asks", "Asks", "ask @NAME TEXT DURATION" },
	{ "hypotheses", "Hypotheses", "hypothesis LINE" },
	{ "actions", "Action items", "action TEXT @OWNER due:DATE PRIORITY" },
	{ "metrics", "Metrics", "metric NAME service:S before:V during:V after:V" },
	{ "compliance", "SLA compliance", "metric NAME target:V during:V" },
	{ "relations", "Related incidents", "relate ID RELATION date:DATE outcome:OUTCOME" },
	{ "links", "Links", "link URL TEXT" },
	{ "signoffs", "Sign-off", "signoff ROLE NAME DATE" },
	{ "codes", "Code", "section NAME TEXT --code LANGUAGE" },
	{ "findings", "Findings", "finding LIST TEXT" },
};
static const struct {
	const char *name, *label, *command;
} parts[] = {
	{ "owner", "owner", "assign %s NAME" },
	{ "due", "due date", "due %s DATE" },
	{ "priority", "priority", "prio %s PRIORITY" },
	{ "ref", "reference", "edit %s ref:REFERENCE" },
	{ "success", "success criterion", "edit %s success:WORDS" },
	{ "why", "reason", NULL },
	{ "before", "value before", "metric \"%s\" before:V" },
	{ "during", "value during", "metric \"%s\" during:V" },
	{ "after", "value after", "metric \"%s\" after:V" },
};
#define COUNT(a) (sizeof(a) / sizeof *(a))

/* "edit %s ref:REFERENCE" with the row's number in it. */
static char *with_number(const char *command, const char *number)
{
	const char *place = strstr(command, "%s");

	return place ? str_fmt("%.*s%s%s", (int)(place - command), command, number, place + 2) : xstrdup(command);
}

static void explain_part(const struct asked *a, const char *name, struct outline_item *i)
{
	size_t k = 0;

	while (k < COUNT(parts) && strcmp(parts[k].name, name) != 0)
		k++;
	const char *label = k < COUNT(parts) ? parts[k].label : name;
	i->label = a->number[0] ? str_fmt("%s: %s", a->number, label) : xstrdup(label);
	if (k < COUNT(parts) && parts[k].command && a->number[0])
		i->command = with_number(parts[k].command, a->number);
}

static void explain(const struct asked *a, struct outline_item *i)
{
	for (size_t k = 0; k < COUNT(prefixes); k++)
		if (str_starts(i->name, prefixes[k].prefix)) {
			prefixes[k].explain(a, i->name + strlen(prefixes[k].prefix), i);
			return;
		}
	for (size_t k = 0; k < COUNT(names) && !a->number[0]; k++)
		if (strcmp(names[k].name, i->name) == 0) {
			i->label = xstrdup(names[k].label);
			i->command = names[k].command ? xstrdup(names[k].command) : NULL;
			return;
		}
	explain_part(a, i->name, i);
}

/* ---- what the renderer tells ---- */

struct reading {
	struct document_outline *o;
	struct asked asked;
	uint64_t at, *heading; /* bytes seen; where each section's heading begins */
	size_t headings_cap;
	size_t next; /* section whose title is to come */
	bool in_title;
	struct str title;
};

static void add_section(struct reading *r, uint64_t at, int level)
{
	struct document_outline *o = r->o;

	o->v = xgrow(o->v, &o->cap, o->n + 1, sizeof *o->v);
	r->heading = xgrow(r->heading, &r->headings_cap, o->n + 1, sizeof *r->heading);
	r->heading[o->n] = at;
	o->v[o->n++] = (struct outline_section){ .level = level, .item = o->items };
}

static void saw_heading(void *arg, uint64_t at, int level)
{
	add_section(arg, at, level);
}

/* The prompt's words: what stands between the colon and the closing mark. */
static char *hint_of(const char *text, size_t n)
{
	const char *s = text ? memmem(text, n, MST_PROMPT, strlen(MST_PROMPT)) : NULL;

	if (!s)
		return NULL;
	n -= (size_t)(s - text) + strlen(MST_PROMPT);
	s += strlen(MST_PROMPT);
	while (n && strchr(": ", *s))
		s++, n--;
	const char *end = memchr(s, '_', n);
	return end > s ? xstrndup(s, (size_t)(end - s)) : NULL;
}

static bool is_known(const struct document_outline *o, const struct outline_section *s, const struct outline_item *i)
{
	for (size_t k = s->item; k < o->items; k++)
		if (str_eq(o->item[k].name, i->name) && str_eq(o->item[k].label, i->label) &&
			o->item[k].filled == i->filled)
			return true;
	return false;
}

static void item_clear(struct outline_item *i)
{
	free(i->name);
	free(i->label);
	free(i->hint);
	free(i->command);
}

static void add_item(struct reading *r, const char *why, const char *number, char *hint, bool filled)
{
	struct document_outline *o = r->o;
	struct outline_item i = { .name = xstrdup(why), .hint = hint, .filled = filled };

	if (!o->n)
		add_section(r, 0, 0);
	r->asked.number = number;
	if (why[0])
		explain(&r->asked, &i);
	else
		i.label = xstrdup(hint ? hint : "text");
	struct outline_section *s = &o->v[o->n - 1];
	if (is_known(o, s, &i)) {
		item_clear(&i);
		return;
	}
	o->item = xgrow(o->item, &o->item_cap, o->items + 1, sizeof *o->item);
	o->item[o->items++] = i;
	s->items++;
}

static void saw_prompt(void *arg, uint64_t at, const char *why, const char *number, const char *text, size_t n)
{
	(void)at;
	add_item(arg, why, number, hint_of(text, n), false);
}

/* Rows are many, and what they hold needs no saying. */
static void saw_filled(void *arg, uint64_t at, const char *why)
{
	(void)at;
	add_item(arg, why, "", NULL, true);
}

/* Takes the titles out of what is written; the renderer told of each heading before its line came. */
static enum status read_titles(void *arg, const char *s, size_t n, struct err *err)
{
	struct reading *r = arg;

	(void)err;
	for (size_t i = 0; i < n; i++, r->at++) {
		while (!r->in_title && r->next < r->o->n && !r->o->v[r->next].level)
			r->next++;
		if (!r->in_title && r->next < r->o->n && r->at >= r->heading[r->next])
			r->in_title = true;
		if (r->in_title && s[i] != '\n') {
			str_addc(&r->title, s[i]);
		} else if (r->in_title) {
			const char *t = r->title.s + strspn(r->title.s, "# ");
			r->o->v[r->next++].title = xstrdup(t);
			str_reset(&r->title);
			r->in_title = false;
		}
	}
	return ST_OK;
}

/* Counts of each section go to those above it, too. */
static void count(struct document_outline *o)
{
	for (size_t i = 0; i < o->n; i++) {
		struct outline_section *s = &o->v[i];
		if (!s->title)
			s->title = xstrdup("");
		for (size_t k = i; k < o->n && (k == i || o->v[k].level > s->level); k++) {
			if (s->level == 0 && k > i)
				break;
			for (size_t x = o->v[k].item; x < o->v[k].item + o->v[k].items; x++)
				(*(o->item[x].filled ? &s->filled : &s->missing))++;
		}
		s->state = !s->missing ? OUTLINE_FILLED : s->filled ? OUTLINE_PARTLY : OUTLINE_EMPTY;
	}
	for (size_t x = 0; x < o->items; x++)
		o->missing += !o->item[x].filled;
}

enum status document_outline(struct document *d, const char *config_dir, const char *template,
	const struct catalogue *cat, struct document_outline *out, struct err *err)
{
	struct reading r = { .o = out, .asked = { d, cat, "" }, .title = STR_INIT };
	const struct mst_watch watch = { &r, saw_heading, saw_prompt, saw_filled };
	const struct mst_options options = { .escape = mst_escape_md, .raw = mst_raw_md, .watch = &watch };
	const struct mst_sink sink = { .write = read_titles, .arg = &r };
	struct str text = STR_INIT, shown = STR_INIT;

	*out = (struct document_outline){ 0 };
	enum status st = template_find(config_dir, template, &text, &shown, err);
	if (st == ST_OK)
		st = document_render(d, config_dir, shown.s, text.s, text.len, &options, sink, err);
	count(out);
	if (st != ST_OK)
		document_outline_free(out);
	str_free(&text);
	str_free(&shown);
	str_free(&r.title);
	free(r.heading);
	return st;
}

void document_outline_free(struct document_outline *o)
{
	for (size_t i = 0; i < o->items; i++)
		item_clear(&o->item[i]);
	for (size_t i = 0; i < o->n; i++)
		free(o->v[i].title);
	free(o->v);
	free(o->item);
	*o = (struct document_outline){ 0 };
}
