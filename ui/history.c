/* history.c - what a line, an action item or a responder was before: who changed what, when, from what to what. The journal keeps all of it. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/ui.h"

static bool is_verb(const struct history_row *r, const char *verb)
{
	const char *dot = strchr(r->kind, '.');

	return dot && strcmp(dot + 1, verb) == 0;
}

bool history_skips(const struct history_row *r)
{
	static const char *const types[] = { "host.", "policy.", "grp.", "attr." };

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (str_starts(r->kind, types[i]))
			return true;
	}
	return false;
}

/* Fields that say nothing to people, and the words for those that do. NULL: the field's own name will do. */
static const struct { const char *field, *word; } words[] = {
	{ "raw", "" }, { "kind", "" }, { "subject", "" }, { "parent", "" }, { "ord", "" }, { "event", "" }, { "first_severity", "" }, { "number", "" },
	{ "occurred_at", "time" }, { "approx_s", "give or take, s" }, { "joined_at", "since" }, { "left_at", "left" }, { "offered_at", "offered" },
	{ "created_at", "made" }, { "due_at", "due" }, { "asked_at", "asked" }, { "answered_at", "answered" }, { "raised_at", "raised" }, { "said_at", "said" },
	{ "opened_at", "opened" }, { "whom", "to" }, { "moved_to", "moved to" }, { "moved_from", "moved from" },
};

static const char *word_of(const char *field)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(words[i].field, field) == 0)
			return words[i].word;
	}
	return field;
}

static bool is_none(const struct val *v)
{
	return !v || v->type == VAL_NULL || (v->type == VAL_TEXT && !*v->s);
}

static void add_value(struct str *out, const char *field, const struct val *v, const struct zone *zone)
{
	size_t n = strlen(field);

	if (is_none(v))
		str_adds(out, "none");
	else if (v->type == VAL_TEXT)
		str_addf(out, "\"%s\"", v->s);
	else if (n > 3 && strcmp(field + n - 3, "_at") == 0)
		when_fmt_full(out, v->i, zone);
	else if (strcmp(field, "priority") == 0)
		str_addf(out, "P%lld", (long long)v->i);
	else
		str_addf(out, "%lld", (long long)v->i);
}

/* Of two long texts the part that differs, with a few words around it. */
enum { AROUND = 16, SHORT = 60 };

static void add_part(struct str *out, const char *s, size_t from, size_t to, size_t n)
{
	while (from && (s[from] & 0xc0) == 0x80)
		from--;
	while (to < n && (s[to] & 0xc0) == 0x80)
		to++;
	str_addf(out, "\"%s", from ? glyph(G_ELLIPSIS) : "");
	str_add(out, s + from, to - from);
	str_addf(out, "%s\"", to < n ? glyph(G_ELLIPSIS) : "");
}

static void add_difference(struct str *out, const char *a, const char *b)
{
	size_t an = strlen(a), bn = strlen(b), same = 0, tail = 0;

	while (same < an && same < bn && a[same] == b[same])
		same++;
	while (tail < an - same && tail < bn - same && a[an - 1 - tail] == b[bn - 1 - tail])
		tail++;
	same = same > AROUND ? same - AROUND : 0;
	tail = tail > AROUND ? tail - AROUND : 0;
	add_part(out, a, same, an - tail, an);
	str_addf(out, " %s ", glyph(G_ARROW));
	add_part(out, b, same, bn - tail, bn);
}

static bool are_long(const struct val *was, const struct val *now)
{
	return was && now && was->type == VAL_TEXT && now->type == VAL_TEXT && was->n + now->n > SHORT && *was->s && *now->s;
}

static void add_field(struct str *out, size_t start, const char *field, const struct val *was, const struct val *now, const struct zone *zone, bool whole)
{
	const char *word = word_of(field);

	if (!*word || (is_none(was) && is_none(now)) || (was && now && val_eq(was, now)))
		return;
	if (strcmp(field, "approx_s") == 0 && (!was || was->type != VAL_INT || !was->i) && (!now || now->type != VAL_INT || !now->i))
		return; /* exact before, exact after */
	if (out->len > start)
		str_adds(out, "; ");
	if (strcmp(field, "struck") == 0) {
		str_adds(out, is_none(now) || !now->i ? "not struck any more" : "struck");
		return;
	}
	str_addf(out, "%s ", word);
	if (is_none(was)) {
		add_value(out, field, now, zone);
		return;
	}
	if (!whole && are_long(was, now)) {
		add_difference(out, was->s, now->s);
		return;
	}
	add_value(out, field, was, zone);
	str_addf(out, " %s ", glyph(G_ARROW));
	add_value(out, field, now, zone);
}

static void add_change(struct str *out, const struct history_row *r, const struct zone *zone, bool back, bool whole)
{
	size_t start = out->len;

	if (r->redacted)
		str_adds(out, "redacted");
	else if (is_verb(r, "hide"))
		str_adds(out, back ? "brought back" : "taken back");
	else if (is_verb(r, "show"))
		str_adds(out, back ? "taken back" : "brought back");
	else if (is_verb(r, "new") && back)
		str_adds(out, "taken back");
	else if (is_verb(r, "redact"))
		str_adds(out, "redacted");
	for (size_t i = 0; i < r->fields.n && is_verb(r, "set") && !r->redacted; i++) {
		const struct val *was = fields_get(&r->before, r->fields.v[i].name), *now = &r->fields.v[i].val;

		if (back && is_none(was) && strcmp(r->fields.v[i].name, "why") == 0)
			continue; /* the reason goes with what it was the reason for */
		add_field(out, start, r->fields.v[i].name, back ? now : was, back ? was : now, zone, whole);
	}
}

void history_add(struct str *out, const struct history_row *r, const struct zone *zone, bool back)
{
	add_change(out, r, zone, back, false);
}

/* What it was when it was made. */
static void add_new(struct str *out, const struct history_row *r, const struct zone *zone)
{
	const struct val *text = fields_get(&r->fields, "text");
	size_t start = out->len;

	if (!is_none(text))
		add_value(out, "text", text, zone);
	for (size_t i = 0; i < r->fields.n; i++) {
		const char *name = r->fields.v[i].name, *word = word_of(name);

		if (!*word || strcmp(name, "text") == 0 || is_none(&r->fields.v[i].val) || (strcmp(name, "approx_s") == 0 && !r->fields.v[i].val.i))
			continue;
		str_addf(out, "%s%s ", out->len > start ? "; " : "", word);
		add_value(out, name, &r->fields.v[i].val, zone);
	}
}

/* ---- a page of it ---- */

struct writing { struct str *out; const struct zone *zone; size_t n; uuid last; };

static enum status add_row(void *arg, const struct history_row *r)
{
	struct writing *w = arg;
	char grp[33];

	if (history_skips(r))
		return ST_OK;
	str_hex(grp, r->grp.b, sizeof r->grp.b);
	if (w->n++ == 0 || !uuid_eq(w->last, r->grp)) {
		when_fmt_full(w->out, r->wall_us, w->zone);
		str_addf(w->out, "  %s  change %.8s%s\n", r->author, grp, r->undone ? ", undone" : "");
	}
	w->last = r->grp;
	str_adds(w->out, "  ");
	if (is_verb(r, "new") && !r->redacted) {
		str_adds(w->out, "made: ");
		add_new(w->out, r, w->zone);
	} else {
		add_change(w->out, r, w->zone, false, true);
	}
	str_addc(w->out, '\n');
	return ST_OK;
}

static void add_conflicts(struct ui *ui, uuid entity, const char *name, struct str *out)
{
	struct conflicts l = { 0 };

	if (q_conflicts(ui->state.store, ui->state.incident, &l, NULL) != ST_OK)
		return;
	for (size_t i = 0; i < l.n; i++) {
		if (!uuid_eq(l.v[i].entity, entity))
			continue;
		str_addf(out, "\nConflict: %s is \"%s\" for now\n", l.v[i].field, l.v[i].shown ? l.v[i].shown : "");
		for (size_t k = 0; k < l.v[i].others; k++)
			str_addf(out, "  against it stands \"%s\"\n", l.v[i].other[k] ? l.v[i].other[k] : "");
		str_addf(out, "  /choose %s %s shows the values; with a number behind it, it settles the conflict\n", name, l.v[i].field);
	}
	conflicts_free(&l);
}

void history_page(struct ui *ui, uuid entity, const char *name)
{
	struct str out = STR_INIT;
	struct writing w = { .out = &out, .zone = ui->state.facts.zone };
	struct err err = { 0 };
	char *title = str_fmt("History of %s", name);

	if (q_history(ui->state.store, ui->state.incident, &entity, add_row, &w, &err) != ST_OK) {
		ui_say(ui, STYLE_WARN, "%s", store_busy(ui->state.store) ? "the file is busy: once more, please" : err.text);
	} else {
		add_conflicts(ui, entity, name, &out);
		if (w.n > 1)
			str_adds(&out, "\n/undo and the digits of a change take it back, whoever made it.\n");
		page_show(ui, title, out.s);
	}
	free(title);
	str_free(&out);
}

/* ---- beside the line itself ---- */

static enum status add_was(void *arg, const struct history_row *r)
{
	struct writing *w = arg;
	size_t start = w->out->len;

	if (history_skips(r) || (is_verb(r, "new") && !r->redacted))
		return ST_OK;
	when_fmt_clock(w->out, r->wall_us, w->zone);
	str_addf(w->out, " %s: ", r->author);
	history_add(w->out, r, w->zone, false);
	for (char *p = w->out->s + start; *p; p++) /* one line each */
		*p = *p == '\n' ? ' ' : *p;
	str_addf(w->out, "%s\n", r->undone ? " (undone)" : "");
	return ST_OK;
}

void history_was(struct ui *ui, uuid entity, struct str *out)
{
	struct writing w = { .out = out, .zone = ui->state.facts.zone };

	str_reset(out);
	if (q_history(ui->state.store, ui->state.incident, &entity, add_was, &w, NULL) != ST_OK)
		str_reset(out);
}
