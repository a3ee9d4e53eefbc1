/* import-md.c - reading a postmortem back: repair, parse, outline, parts, and the report of what was understood. */
#include "text/import-md.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "text/import-impl.h"
#include "text/mojibake.h"

/* ---- title
 * ---------------------------------------------------------------------------------------------------------- */

/* "Postmortem Template - Unified Reporting System": what is left without the words that only say what kind of
 * document this is. */
char *title_of(const char *heading)
{
	static const char *const words[] = { "post-mortem", "postmortem", "post mortem", "incident report",
		"incident review", "incident", "report", "review", "rca", "template", "example" };
	char *line = text_line(text_skip_marks(heading));
	const char *s = line;
	bool found = true, any = false;
	while (found) {
		found = false;
		s += any ? strspn(s, " ") : 0;
		for (size_t i = 0; i < COUNT(words) && !found; i++) {
			size_t n = strlen(words[i]);
			const char *behind = s + n;
			if (strncasecmp(s, words[i], n) != 0 ||
				(*behind && !strchr(" :-", *behind) && strncmp(behind, "–", 3) != 0))
				continue;
			size_t gap = strspn(behind, " ");
			const char *mark = behind + gap;
			bool sep = *mark == ':' || *mark == '-' || str_starts(mark, "–") || str_starts(mark, "—") ||
				   !*mark;
			/* "Incident at the gate" is a title, "Incident: the gate" names one */
			bool kind = i < 5 || i >= 8;
			if (!sep && !kind && !any)
				continue;
			s = mark;
			if (*s == ':' || *s == '-')
				s++;
			else if (sep && *s)
				s += 3;
			s += strspn(s, " ");
			found = any = true;
		}
	}
	char *out = is_placeholder(s) ? NULL : xstrdup(s);
	free(line);
	return out;
}

static void find_title(struct reading *r)
{
	for (size_t i = 0; i < r->parts && !r->out->title; i++) {
		struct part *p = r->part[i];
		if (p->head && p->level > 0)
			r->out->title = title_of(p->title);
	}
	if (r->out->title)
		return;
	const char *name = r->o->name ? strrchr(r->o->name, '/') : NULL;
	name = name ? name + 1 : r->o->name;
	if (name && strcmp(name, "-") != 0) {
		const char *dot = strrchr(name, '.');
		r->out->title = xstrndup(name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
		add_warning(r, "it has no title: named after its file, \"%s\"", r->out->title);
	} else {
		r->out->title = xstrdup("Imported postmortem");
		add_warning(r, "it has no title: \"%s\" stands for one", r->out->title);
	}
}

/* ---- the report
 * ----------------------------------------------------------------------------------------------------- */

static char *joined(const struct words *l)
{
	struct str b = STR_INIT;
	for (size_t i = 0; i < l->n; i++)
		str_addf(&b, "%s%s", i ? ", " : "", l->v[i]);
	return str_take(&b);
}

static void report(struct reading *r)
{
	struct imported *o = r->out;
	struct str date = STR_INIT;
	if (r->date_from) {
		str_addf(&date, "%04d-%02d-%02d", r->year, r->mon, r->day);
		if (o->date_guessed)
			add_warning(r, "the date %s is %s: give --date if that is not the day it began", date.s,
				r->date_from);
		else
			add_remark(r, "the date %s is from %s", date.s, r->date_from);
	}
	str_free(&date);
	add_remark(r,
		"understood: %zu event%s, %zu action item%s, %zu finding%s, %zu field%s, %zu section%s, %zu other "
		"row%s",
		o->events.n, o->events.n == 1 ? "" : "s", o->actions.n, o->actions.n == 1 ? "" : "s", o->findings.n,
		o->findings.n == 1 ? "" : "s", o->fields.n, o->fields.n == 1 ? "" : "s", o->sections.n,
		o->sections.n == 1 ? "" : "s", o->records.n, o->records.n == 1 ? "" : "s");
	char *kept = joined(&r->kept), *computed = joined(&r->computed);
	if (kept[0])
		add_remark(r, "not understood, kept as text in sections: %s", kept);
	if (computed[0])
		add_remark(r, "worked out by tplus itself, not taken over: %s", computed);
	if (o->placeholders)
		add_remark(r, "%zu blank%s of a template left out", o->placeholders, o->placeholders == 1 ? "" : "s");
	if (o->repaired)
		add_remark(r, "%zu damaged character%s repaired", o->repaired, o->repaired == 1 ? "" : "s");
	free(kept);
	free(computed);
}

/* ---- tables of few dashes
 * ------------------------------------------------------------------------------------------- */

static bool is_delimiter(const char *s, size_t n)
{
	return n > 1 && memchr(s, '|', n) && memchr(s, '-', n) && strspn(s, "|-: \t\r") >= n;
}

static bool is_fence(const char *s)
{
	s += strspn(s, " >");
	return str_starts(s, "```") || str_starts(s, "~~~");
}

/* GitHub takes one dash a column, md4c wants three. */
static void widen(struct str *out, const char *s)
{
	bool code = false;
	while (*s) {
		size_t n = strcspn(s, "\n");
		code ^= is_fence(s);
		bool wide = !code && is_delimiter(s, n);
		for (size_t i = 0; i < n; i++) {
			str_addc(out, s[i]);
			if (wide && s[i] == '-' && (i == 0 || s[i - 1] != '-') &&
				(i + 2 >= n || s[i + 1] != '-' || s[i + 2] != '-'))
				str_adds(out, "--");
		}
		if (s[n])
			str_addc(out, '\n');
		s += n + (s[n] != 0);
	}
}

/* ---- the whole
 * ------------------------------------------------------------------------------------------------------ */

/* A finding said during the incident is an event of the timeline, too. */
static void date_findings(struct imported *o)
{
	for (size_t i = 0; i < o->events.n; i++)
		for (size_t k = 0; o->events.v[i].kind == KIND_FINDING && k < o->findings.n; k++)
			if (o->findings.v[k].said_at == USEC_NONE &&
				str_eq(o->findings.v[k].text, o->events.v[i].text)) {
				o->findings.v[k].said_at = o->events.v[i].occurred_at;
				break;
			}
}

static bool is_anything(const struct imported *o)
{
	return o->events.n || o->actions.n || o->findings.n || o->fields.n || o->records.n || o->id ||
	       o->severity != SEV_UNKNOWN;
}

static enum status read_all(struct reading *r, struct err *err)
{
	outline_build(r);
	for (size_t i = 0; i < r->parts; i++)
		read_part(r, r->part[i]);
	sections_finish(r);
	drop_twins(r);
	timeline_finish(r);
	if (!r->date_from && (r->rows || is_anything(r->out)))
		return fail(err, ST_USAGE, "nothing says on which day it was: give --date YYYY-MM-DD");
	if (!is_anything(r->out))
		return fail(err, ST_USAGE,
			"there is no timeline, action item or value of a postmortem in it: is this the right file?");
	find_title(r);
	date_findings(r->out);
	report(r);
	return ST_OK;
}

enum status import_md(const char *s, size_t n, const struct import_opts *o, struct imported *out, struct err *err)
{
	struct str clean = STR_INIT;
	*out = (struct imported){ .severity = SEV_UNKNOWN, .opened_at = USEC_NONE };
	if (n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) {
		s += 3;
		n -= 3;
	}
	struct str repaired = STR_INIT;
	out->repaired = mojibake_repair(&repaired, s, n);
	for (size_t i = 0; i < repaired.len; i++) /* texts end there */
		if (!repaired.s[i])
			repaired.s[i] = ' ';
	widen(&clean, repaired.s);
	str_free(&repaired);
	struct reading r = { .o = o, .out = out, .s = clean.s, .n = clean.len, .opened_at = USEC_NONE };
	enum status st = md_tree(clean.s, clean.len, &r.root, err);
	if (st == ST_OK)
		st = read_all(&r, err);
	sections_finish(&r);
	outline_free(&r);
	rows_free(&r);
	known_free(&r);
	words_free(&r.kept);
	words_free(&r.computed);
	node_free(r.root);
	str_free(&clean);
	return st;
}

bool import_md_looks(const char *s, size_t n)
{
	size_t head = n < 4096 ? n : 4096;
	return n > 0 && !memchr(s, 0, head);
}
