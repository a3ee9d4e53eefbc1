/* finding.c - findings: LIST TEXT, their points, and what edit changes in them. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "model/field.h"
#include "text/incident-json.h"
#include "verb/act.h"
#include "verb/attr.h"
#include "verb/print.h"

enum { CATEGORY, TITLE, SCOPE, DONE };

static int bare_done(const char *word)
{
	return strcasecmp(word, "done") == 0 ? DONE : -1;
}

static const struct attr_set attributes = {
	.def = { { "category", true }, { "title", true }, { "scope", true }, { "done", false } },
	.bare = bare_done,
};

/* Detection has lists of its own. */
static const struct { const char *list, *of_detection; } scoped[] = { { "went well", "detection worked" }, { "went badly", "detection improve" } };

static const struct list_def *by_scope(const struct catalogue *cat, const struct list_def *l, const char *scope)
{
	for (size_t i = 0; scope && i < sizeof scoped / sizeof *scoped; i++)
		if (str_eq(scoped[i].list, l->name) && str_ieq(scope, "detection"))
			return catalogue_list(cat, scoped[i].of_detection);
	return l;
}

static enum status read_done(struct ctx *c, const char *word, struct fields *f)
{
	static const char *const yes[] = { "done", "yes", "x", NULL }, *const no[] = { "no", "open", "-", NULL };
	if (word_find(yes, word) < 0 && word_find(no, word) < 0)
		return fail(c->err, ST_USAGE, "done:%s: that is neither yes nor no: give one of them", word);
	fields_int(f, "done", word_find(yes, word) >= 0);
	return ST_OK;
}

/* A category of the catalogue is stored as it stands there; others are welcome. */
static void put_category(const struct list_def *l, const char *word, struct fields *f)
{
	for (size_t i = 0; l && i < l->categories.n; i++)
		if (word_find((const char *const[]){ l->categories.v[i], NULL }, word) == 0)
			word = l->categories.v[i];
	fields_text(f, "category", word);
}

static enum status read_attributes(struct ctx *c, const struct list_def *l, const struct attr_split *s, bool clear, struct fields *f)
{
	static const char *const names[] = { "category", "title", "scope" };
	for (int i = CATEGORY; i <= SCOPE; i++) {
		if (s->value[i] && clear && strcmp(s->value[i], "-") == 0)
			fields_null(f, names[i]);
		else if (s->value[i] && i == CATEGORY)
			put_category(l, s->value[i], f);
		else if (s->value[i])
			fields_text(f, names[i], s->value[i]);
	}
	return s->value[DONE] ? read_done(c, s->value[DONE], f) : ST_OK;
}

/* ---- points --------------------------------------------------------------------------------------------------------- */

static enum status add_point(struct ctx *c, uuid finding, size_t ord, const char *text)
{
	char hex[33];
	struct fields f = { 0 };
	str_hex(hex, finding.b, sizeof finding.b);
	fields_text(&f, "parent", hex);
	fields_int(&f, "ord", (int64_t)ord);
	fields_text(&f, "text", text);
	return tx_op(c->store, "detail.new", uuid_new(), &f, c->err);
}

/* The text, if there is one, and the line's detail as further points. */
static enum status add_points(struct ctx *c, uuid finding, const char *text, const struct line *l)
{
	size_t ord = q_point_count(c->store, c->incident.entity, finding);
	enum status st = text ? add_point(c, finding, ++ord, text) : ST_OK;
	for (size_t i = 0; i < l->details && st == ST_OK; i++)
		st = add_point(c, finding, ++ord, l->detail[i]);
	return st;
}

enum status act_finding_detail(struct ctx *c, const struct args *a, int64_t after_hlc, bool *taken)
{
	uuid id;
	enum status st = q_finding_last(c->store, c->incident.entity, c->author, after_hlc, &id, c->err);
	*taken = st == ST_OK;
	if (st != ST_OK)
		return st == ST_NO ? ST_OK : st;
	st = add_points(c, id, a->line.text, &a->line);
	return st == ST_OK ? act_print_thing(c, id) : st;
}

/* ---- finding -------------------------------------------------------------------------------------------------------- */

/* "Why did it stop? The pool was full": a question is the title of a why. */
static void split_question(struct attr_split *s)
{
	char *mark = strstr(s->text, "? ");
	if (!mark || s->value[TITLE] || !mark[2 + strspn(mark + 2, " \t")])
		return;
	s->value[TITLE] = xstrndup(s->text, (size_t)(mark - s->text) + 1);
	char *answer = xstrdup(mark + 2 + strspn(mark + 2, " \t"));
	free(s->text);
	s->text = answer;
}

static enum status new_finding(struct ctx *c, const struct args *a, const struct catalogue *cat, const struct list_def *l, const char *text)
{
	struct attr_split s;
	struct fields f = { 0 };
	uuid id = uuid_new();
	attr_split(&attributes, text, false, &s);
	if (strcmp(l->name, "why") == 0)
		split_question(&s);
	l = by_scope(cat, l, s.value[SCOPE]);
	fields_text(&f, "list", l->name);
	if (s.text[0])
		fields_text(&f, "text", s.text);
	if (l->scope)
		fields_text(&f, "scope", l->scope);
	fields_int(&f, "said_at", act_time(c, a));
	enum status st = read_attributes(c, l, &s, false, &f);
	if (st == ST_OK && !s.text[0] && !s.value[TITLE])
		st = fail(c->err, ST_USAGE, "the finding has no text: say what was found");
	attr_split_free(&s);
	if (st != ST_OK) {
		fields_free(&f);
		return st;
	}
	st = tx_op(c->store, "finding.new", id, &f, c->err);
	if (st == ST_OK)
		st = add_points(c, id, NULL, &a->line);
	return st == ST_OK ? act_print_thing(c, id) : st;
}

static enum status print_list(struct ctx *c, const struct list_def *l)
{
	struct findings all;
	size_t n = 0;
	enum status st = q_findings(c->store, c->incident.entity, &all, c->err);
	for (size_t i = 0; st == ST_OK && i < all.n; i++)
		if (str_eq(all.v[i].list, l->name)) {
			print_finding(c, &all.v[i]);
			n++;
		}
	findings_free(&all);
	if (st == ST_OK && n == 0)
		st = fail(c->err, ST_NO, "nothing is on the list \"%s\" yet: %s", l->name, l->hint ? l->hint : "add to it with finding LIST TEXT");
	return st;
}

static enum status no_list(struct ctx *c, const struct catalogue *cat, const char *text)
{
	char *word = xstrndup(text, strcspn(text, " \t:"));
	const char *near = catalogue_near_list(cat, word);
	struct str all = STR_INIT;
	for (size_t i = 0; i < cat->lists; i++)
		str_addf(&all, "%s%s", i ? ", " : "", cat->list[i].name);
	if (near)
		fail(c->err, ST_USAGE, "there is no list \"%s\": did you mean \"%s\"? There are %s", word, near, all.s);
	else
		fail(c->err, ST_USAGE, "there is no list \"%s\": there are %s, and those of your fields.conf", word, all.s);
	str_free(&all);
	free(word);
	return ST_USAGE;
}

/* "finding 4f2a TEXT": one more point of that finding. */
static enum status one_more_point(struct ctx *c, const struct args *a, const struct catalogue *cat)
{
	size_t n = strcspn(a->line.text, " \t");
	const char *text = a->line.text + n + strspn(a->line.text + n, " \t");
	char *word = xstrndup(a->line.text, n);
	struct thing t;
	enum status st = q_thing_find(c->store, c->incident.entity, word, &t, NULL);
	free(word);
	if (st != ST_OK || strcmp(t.type, "finding") != 0)
		return no_list(c, cat, a->line.text);
	if (!text[0])
		return fail(c->err, ST_USAGE, "the point has no text: say what belongs to that finding");
	st = add_points(c, t.entity, text, &a->line);
	return st == ST_OK ? act_print_thing(c, t.entity) : st;
}

enum status verb_finding(struct ctx *c, const struct args *a)
{
	struct catalogue *cat;
	size_t used;
	enum status st = act_catalogue(c, &cat);
	if (st != ST_OK)
		return st;
	const struct list_def *l = catalogue_list_at(cat, a->line.text, &used);
	const char *text = a->line.text + used;
	if (!l)
		st = one_more_point(c, a, cat);
	else if (!text[0])
		st = print_list(c, l);
	else
		st = new_finding(c, a, cat, l, text);
	catalogue_free(cat);
	return st;
}

/* "edit 4f2a TEXT category:…": what is named changes, the rest stays. */
enum status act_edit_finding(struct ctx *c, uuid id, const char *text)
{
	struct attr_split s;
	struct fields f = { 0 };
	attr_split(&attributes, text, false, &s);
	enum status st = read_attributes(c, NULL, &s, true, &f);
	if (st == ST_OK && s.text[0])
		fields_text(&f, "text", s.text);
	attr_split_free(&s);
	if (st != ST_OK) {
		fields_free(&f);
		return st;
	}
	st = tx_op(c->store, "finding.set", id, &f, c->err);
	return st == ST_OK ? act_print_thing(c, id) : st;
}
