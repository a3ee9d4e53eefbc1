/* import-labels.c - "Label: value" of heads, lists and paragraphs. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/when.h"
#include "text/import-impl.h"

/* ---- values by type
 * ------------------------------------------------------------------------------------------------- */

static bool reads(struct reading *r, const struct field_def *f, const char *value, struct str *out)
{
	struct when_ctx w = { .now = r->o->modified != USEC_NONE ? r->o->modified : 0,
		.zone = r->zone ? r->zone : zone_utc(),
		.prev = USEC_NONE,
		.last = USEC_NONE };
	str_reset(out);
	return value[0] && field_read(f, value, &w, out, NULL) == ST_OK && out->len;
}

/* The first stretch of whole words that the field takes, as long as can be. */
static bool reads_within(
	struct reading *r, const struct field_def *f, const char *value, struct str *out, size_t *from, size_t *to)
{
	size_t n = strlen(value);
	for (size_t i = 0; i < n && i < 200; i++) {
		if (i > 0 && !strchr(" (", value[i - 1]))
			continue;
		for (size_t k = n < i + 60 ? n : i + 60; k > i; k--) {
			if (k < n && !strchr(" ,;()", value[k]))
				continue;
			char *piece = xstrndup(value + i, k - i);
			bool ok = reads(r, f, piece, out);
			free(piece);
			if (ok) {
				*from = i;
				*to = k;
				return true;
			}
		}
	}
	return false;
}

/* What follows a value: without the brackets or the dash around it. */
static char *rest_of(const char *s)
{
	s += strspn(s, " -–—:,;");
	char *t = text_trim(s, strlen(s));
	size_t n = strlen(t), depth = 0, close = 0;
	for (size_t i = 0; i < n && !close; i++) {
		depth += t[i] == '(';
		depth -= t[i] == ')' && depth;
		close = i > 0 && !depth ? i : 0;
	}
	if (n > 1 && t[0] == '(' && close == n - 1) {
		t[n - 1] = 0;
		memmove(t, t + 1, n - 1);
	}
	return t;
}

/* "Automated alert (Datadog)", "Yes - 98.5 %": what stands before the bracket or dash. */
static size_t head_of(const char *value)
{
	static const char *const cuts[] = { " (", " - ", " – ", " — ", ": " };
	size_t best = strlen(value);
	for (size_t i = 0; i < COUNT(cuts); i++) {
		const char *p = strstr(value, cuts[i]);
		if (p && (size_t)(p - value) < best)
			best = (size_t)(p - value);
	}
	return best;
}

/* "Dropped to 98.5% for 12 minutes": how it went there and how long it lasted is told elsewhere, too. */
static bool is_frame(const char *value, size_t from, const char *tail)
{
	static const char *const leads[] = { "", "dropped to ", "fell to ", "peak ", "about ", "approximately ",
		"up to ", "(" };
	static const char *const lasts[] = { "over ", "for ", "in " };
	const char *end;
	bool lead = false, last = !tail[0];
	for (size_t i = 0; i < COUNT(leads); i++)
		lead |= strlen(leads[i]) == from && strncasecmp(value, leads[i], from) == 0;
	for (size_t i = 0; i < COUNT(lasts); i++)
		if (strncasecmp(tail, lasts[i], strlen(lasts[i])) == 0 &&
			duration_in(tail + strlen(lasts[i]), &end) != USEC_NONE)
			last |= !*end || strcmp(end, "total") == 0;
	return lead && last;
}

static bool is_text(const struct field_def *f)
{
	return f->type == FIELD_TEXT || f->type == FIELD_LIST;
}

static bool set_split(
	struct reading *r, const struct field_def *f, const char *value, const char *rest, struct str *out)
{
	size_t n = head_of(value);
	char *head = xstrndup(value, n), *tail = rest_of(value + n);
	bool ok = tail[0] && reads(r, f, head, out);
	if (ok) {
		add_field(r, f->name, out->s);
		add_field(r, rest, tail);
	}
	free(head);
	free(tail);
	return ok;
}

bool set_field(struct reading *r, const char *name, const char *value, const char *rest)
{
	const struct field_def *f = r->o->catalogue ? catalogue_field(r->o->catalogue, name) : NULL;
	if (!f) {
		add_field(r, name, value);
		return true;
	}
	if (f->computed)
		return true;
	struct str out = STR_INIT;
	bool yes, whole = true;
	size_t from, to;
	if (f->type == FIELD_YESNO && text_tick(value, &yes)) {
		add_field(r, name, yes ? "yes" : "no");
	} else if (rest && set_split(r, f, value, rest, &out)) {
		;
	} else if (reads(r, f, value, &out)) {
		add_field(r, name, out.s);
	} else if (!is_text(f) && reads_within(r, f, value, &out, &from, &to)) {
		char *tail = rest_of(value + to);
		add_field(r, name, out.s);
		if (rest && from == 0)
			add_field(r, rest, tail);
		else
			whole = is_frame(value, from, tail) ||
				is_frame(value, from,
					tail + strcspn(tail, " ") + strspn(tail + strcspn(tail, " "), " ")) ||
				(f->type == FIELD_NUMBER && from == 0 && !strpbrk(tail, "0123456789"));
		free(tail);
	} else {
		whole = false;
	}
	str_free(&out);
	return whole;
}

/* ---- durations
 * ------------------------------------------------------------------------------------------------------ */

static usec unit_of(const char *s, size_t n)
{
	static const struct {
		const char *word;
		usec unit;
	} units[] = { { "s", USEC_SEC }, { "sec", USEC_SEC }, { "second", USEC_SEC }, { "m", USEC_MIN },
		{ "min", USEC_MIN }, { "minute", USEC_MIN }, { "h", USEC_HOUR }, { "hr", USEC_HOUR },
		{ "hour", USEC_HOUR }, { "d", USEC_DAY }, { "day", USEC_DAY } };
	size_t bare = n > 1 && (s[n - 1] == 's') ? n - 1 : n;
	for (size_t i = 0; i < COUNT(units); i++)
		if ((strlen(units[i].word) == n || strlen(units[i].word) == bare) &&
			strncasecmp(s, units[i].word, strlen(units[i].word)) == 0)
			return units[i].unit;
	return 0;
}

usec duration_in(const char *s, const char **end_of)
{
	usec sum = USEC_NONE;
	s += strspn(s, " ~");
	while (isdigit((unsigned char)*s)) {
		char *end;
		long n = strtol(s, &end, 10);
		const char *u = end + strspn(end, " ");
		size_t len = 0;
		while (isalpha((unsigned char)u[len]))
			len++;
		usec unit = unit_of(u, len);
		if (!unit || n > 100000)
			break;
		sum = (sum == USEC_NONE ? 0 : sum) + n * unit;
		s = u + len;
		s += strspn(s, " ,");
		if (str_starts(s, "and "))
			s += 4;
	}
	if (end_of)
		*end_of = s;
	return sum;
}

static void add_evidence(struct reading *r, int from, int to, usec d, bool named)
{
	if (d != USEC_NONE && r->evidences < COUNT(r->evidence))
		r->evidence[r->evidences++] = (struct evidence){ from, to, d, named };
}

static void add_time(struct reading *r, int milestone, const char *text)
{
	struct doctime t;
	if (r->said_times < COUNT(r->said) && doctime_read(text, strlen(text), &t) && t.has_clock)
		r->said[r->said_times++] = (struct said_time){ milestone, t };
}

/* "2 hours (started→mitigated)": the ends by name. */
static bool named_ends(const char *value, int *from, int *to)
{
	const char *open = strchr(value, '('), *arrow = open ? strstr(open, "→") : NULL;
	char one[24], two[24];
	if (!arrow || (size_t)(arrow - open) > sizeof one)
		return false;
	size_t n = strcspn(arrow + strlen("→"), "),");
	if (n >= sizeof two)
		return false;
	memcpy(one, open + 1, (size_t)(arrow - open) - 1);
	one[arrow - open - 1] = 0;
	memcpy(two, arrow + strlen("→"), n);
	two[n] = 0;
	*from = milestone_find(one);
	*to = milestone_find(two);
	return *from >= 0 && *to >= 0 && *from < MS_COUNT && *to < MS_COUNT;
}

static void take_duration(struct reading *r, const struct label *l, const char *value)
{
	int from = l->from, to = l->to;
	bool named = named_ends(value, &from, &to);
	struct doctime t;
	const char *p;
	add_evidence(r, named ? from : l->from, named ? to : l->to, duration_in(value, NULL), named);
	if ((p = strstr(value, "TTD: ")))
		add_evidence(r, MS_STARTED, MS_DETECTED, duration_in(p + 5, NULL), false);
	if ((p = strstr(value, "MTTR: ")))
		add_evidence(r, MS_DETECTED, MS_RESOLVED, duration_in(p + 6, NULL), false);
	if (l->from == MS_NONE && doctime_read(value, strlen(value), &t) && t.end_n) { /* "14:00 to 16:15" */
		char *end = xstrndup(value + t.end, t.end_n);
		add_time(r, MS_STARTED, value);
		add_time(r, MS_CLOSED, end);
		free(end);
	}
}

/* ---- the kinds of labels
 * -------------------------------------------------------------------------------------------- */

static bool take_severity(struct reading *r, const char *value)
{
	const char *s = text_skip_marks(value);
	size_t n = strcspn(s, " \t\n(,;:/");
	char *word = xstrndup(s, n);
	int sev;
	bool ok = severity_parse(word, &sev) && !str_starts(s + n, " /");
	if (ok && r->out->severity == SEV_UNKNOWN)
		r->out->severity = sev;
	free(word);
	return ok;
}

static void take_date(struct reading *r, const char *value, bool strong)
{
	struct doctime t;
	if ((r->day == 0 || (strong && !r->date_from)) && doctime_find_date(value, strlen(value), &t, NULL)) {
		r->year = t.year;
		r->mon = t.mon;
		r->day = t.day;
		if (strong)
			r->date_from = "its head";
	}
	const struct zone *z = zone_in_text(value, strlen(value));
	if (z && !r->zone)
		r->zone = z;
}

static bool take_id(struct reading *r, const char *value)
{
	char *id = text_line(value);
	bool ok = id[0] && !strpbrk(id, " /") && strpbrk(id, "0123456789") && strlen(id) <= 60;
	if (ok && !r->out->id)
		r->out->id = xstrdup(id);
	free(id);
	return ok;
}

/* "@jane, bob (SME)" */
static void take_people(struct reading *r, const char *value, const char *role)
{
	while (*value) {
		size_t n = strcspn(value, ",;\n");
		char *one = text_trim(value, n), *open = strstr(one, " (");
		if (open && !role) {
			char *said = rest_of(open);
			*open = 0;
			add_responder(r, one, said);
			free(said);
		} else {
			if (open)
				*open = 0;
			add_responder(r, one, role);
		}
		free(one);
		value += n + (value[n] != 0);
	}
}

/* "@jane (Incident Commander)", "Tech Lead (@tech-lead) - Technical accuracy", "Engineering Manager: [Name] -
 * [Date]" */
void take_signoff(struct reading *r, const char *as, const char *text, bool role_first)
{
	char *line = text_line(text_skip_marks(text)), *open = strchr(line, '('),
	     *close = open ? strchr(open, ')') : NULL;
	char *colon = strstr(line, ": "), *dash;
	struct doctime t;
	struct record *rec = add_record(r, "signoff");
	record_set(rec, "as", as);
	if (close) {
		char *inner = xstrndup(open + 1, (size_t)(close - open - 1)),
		     *outer = text_trim(line, (size_t)(open - line));
		bool named = inner[0] == '@' || (role_first && outer[0] != '@');
		char *name = name_of_person(named ? inner : outer);
		record_set(rec, "name", name);
		record_set(rec, "role", named ? outer : inner);
		char *scope = rest_of(close + 1);
		record_set(rec, doctime_find_date(scope, strlen(scope), &t, NULL) ? "date" : "scope", scope);
		free(scope);
		free(name);
		free(inner);
		free(outer);
	} else if (colon) {
		*colon = 0;
		record_set(rec, "role", line);
		if ((dash = strstr(colon + 2, " - "))) {
			*dash = 0;
			record_set(rec, "date", dash + 3);
		}
		char *name = name_of_person(colon + 2);
		record_set(rec, "name", name);
		free(name);
	} else {
		char *name = name_of_person(line);
		record_set(rec, "name", name);
		free(name);
	}
	free(line);
}

static bool take(struct reading *r, const struct label *l, const char *value)
{
	switch (l->what) {
	case LABEL_FIELD:
		return l->name && set_field(r, l->name, value, l->rest);
	case LABEL_ID:
		return take_id(r, value);
	case LABEL_TITLE:
		if (!r->out->title)
			r->out->title = text_line(value);
		return true;
	case LABEL_DATE:
		take_date(r, value, true);
		return true;
	case LABEL_TIME:
		take_date(r, value, false);
		add_time(r, l->to, value);
		return true;
	case LABEL_SEVERITY:
		return take_severity(r, value);
	case LABEL_ROLE:
		take_people(r, value, l->name);
		return true;
	case LABEL_RESPONDERS:
		take_people(r, value, NULL);
		return true;
	case LABEL_DURATION:
		take_duration(r, l, value);
		return true;
	case LABEL_SECTION:
		add_section(r, l->name, value);
		return true;
	case LABEL_SIGNOFF:
		take_signoff(r, l->name, value, false);
		return true;
	case LABEL_STATUS:
		set_field(r, l->name, value, NULL);
		return true;
	case LABEL_COMPUTED:
		return true;
	}
	return false;
}

bool is_label(struct part *p, const char *text)
{
	const char *above[12];
	char *key = heading_key(text);
	const struct label *l = label_for(key, above, part_above(p, above, COUNT(above)));
	free(key);
	return l != NULL;
}

bool take_label(struct reading *r, struct part *p, const char *label, const char *value)
{
	const char *above[12];
	char *key = heading_key(label);
	const struct label *l = label_for(key, above, part_above(p, above, COUNT(above)));
	free(key);
	if (is_placeholder(value)) {
		r->out->placeholders += l || value[0];
		return l || value[0]; /* "**Before**:" introduces what follows */
	}
	if (!l || (l->what == LABEL_FIELD && !l->name))
		return false;
	char *trimmed = text_trim(value, strlen(value));
	bool taken = take(r, l, trimmed);
	free(trimmed);
	return taken;
}
