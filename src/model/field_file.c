/* field_file.c - reading catalogues: names, quotes, braces; every error says FILE:LINE. Reentrant, because the screen reads one while a verb does. */
#include <fcntl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "model/field.h"
#include "model/names.h"

extern const char data_fields_default_conf[];

#define FILE_MAX ((size_t)1 << 20)

/* ---- tokens --------------------------------------------------------------------------------------------------------- */

enum token { T_END, T_WORD, T_OPEN, T_CLOSE, T_EQUALS, T_COMMA, T_BAD };

struct reader {
	const char *p, *name;
	int line;
	enum token token;
	struct str word;   /* of a T_WORD */
	struct err *err;
	bool own;
};

static enum status bad(struct reader *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static enum status bad(struct reader *r, const char *fmt, ...)
{
	struct str b = STR_INIT;
	va_list ap;
	va_start(ap, fmt);
	str_addv(&b, fmt, ap);
	va_end(ap);
	fail(r->err, ST_USAGE, "%s:%d: %s", r->name, r->line, b.s);
	str_free(&b);
	return ST_USAGE;
}

static void skip_blank(struct reader *r)
{
	for (; *r->p; r->p++) {
		if (*r->p == '#')
			r->p += strcspn(r->p, "\n");
		if (*r->p == '\n')
			r->line++;
		else if (!*r->p || !strchr(" \t\r\f\v", *r->p))
			return;
	}
}

/* Behind the opening quote. */
static enum token read_quoted(struct reader *r)
{
	for (r->p++; *r->p && *r->p != '"' && *r->p != '\n'; r->p++) {
		if (*r->p == '\\' && (r->p[1] == '"' || r->p[1] == '\\'))
			r->p++;
		str_addc(&r->word, *r->p);
	}
	if (*r->p != '"') {
		bad(r, "a quote is not closed in this line: close it");
		return T_BAD;
	}
	r->p++;
	return T_WORD;
}

static enum token next(struct reader *r)
{
	static const char marks[] = "{}=,";
	static const enum token tokens[] = { T_OPEN, T_CLOSE, T_EQUALS, T_COMMA };
	skip_blank(r);
	str_reset(&r->word);
	const char *mark = *r->p ? strchr(marks, *r->p) : NULL;
	if (!*r->p)
		return r->token = T_END;
	if (mark)
		return r->p++, r->token = tokens[mark - marks];
	if (*r->p == '"')
		return r->token = read_quoted(r);
	size_t n = strcspn(r->p, " \t\r\n\f\v{}=,#\"");
	str_add(&r->word, r->p, n);
	r->p += n;
	return r->token = T_WORD;
}

/* ---- values --------------------------------------------------------------------------------------------------------- */

static enum status take_word(struct reader *r, const char *key, char **out)
{
	if (next(r) != T_WORD)
		return r->token == T_BAD ? ST_USAGE : bad(r, "%s has no value: write %s = VALUE", key, key);
	free(*out);
	*out = r->word.len ? xstrdup(r->word.s) : NULL;
	return ST_OK;
}

static enum status take_words(struct reader *r, const char *key, struct words *out)
{
	if (next(r) != T_OPEN)
		return r->token == T_BAD ? ST_USAGE : bad(r, "%s takes a list: write %s = { one, \"the other\" }", key, key);
	words_free(out);
	for (next(r); r->token == T_WORD; next(r)) {
		out->v = xrealloc(out->v, (out->n + 1) * sizeof *out->v);
		out->v[out->n++] = xstrdup(r->word.s);
		if (next(r) != T_COMMA)
			break;
	}
	if (r->token == T_CLOSE)
		return ST_OK;
	return r->token == T_BAD ? ST_USAGE : bad(r, "the list of %s is not closed: end it with }", key);
}

static enum status take_flag(struct reader *r, const char *key, bool *out)
{
	char *word = NULL;
	enum status st = take_word(r, key, &word);
	*out = word && str_ieq(word, "yes");
	if (st == ST_OK && !*out && !str_ieq(word, "no"))
		st = bad(r, "%s is yes or no", key);
	free(word);
	return st;
}

static enum status take_type(struct reader *r, enum field_type *out)
{
	char *word = NULL;
	enum status st = take_word(r, "type", &word);
	int found = -1;
	struct str all = STR_INIT;
	for (int t = 0; t < FIELD_TYPES; t++) {
		str_addf(&all, "%s%s", t ? ", " : "", field_type_name((enum field_type)t));
		found = word && str_ieq(word, field_type_name((enum field_type)t)) ? t : found;
	}
	if (st == ST_OK && found < 0)
		st = bad(r, "there is no type '%s': use one of %s", word ? word : "", all.s);
	if (found >= 0)
		*out = (enum field_type)found;
	str_free(&all);
	free(word);
	return st;
}

/* ---- sources -------------------------------------------------------------------------------------------------------- */

enum source_args { ARGS_NONE, ARGS_MILESTONE, ARGS_MILESTONES, ARGS_WORD };
static const struct { const char *word; enum source_args args; enum field_source source; } sources[] = {
	{ "span", ARGS_MILESTONES, SOURCE_SPAN },	      { "milestone", ARGS_MILESTONE, SOURCE_MILESTONE },
	{ "actor", ARGS_MILESTONE, SOURCE_ACTOR },	      { "role", ARGS_WORD, SOURCE_ROLE },
	{ "duration", ARGS_NONE, SOURCE_DURATION },	      { "total", ARGS_NONE, SOURCE_TOTAL },
	{ "budget spent", ARGS_NONE, SOURCE_BUDGET_SPENT },   { "budget percent", ARGS_NONE, SOURCE_BUDGET_PERCENT },
	{ "budget remaining", ARGS_NONE, SOURCE_BUDGET_REMAINING }, { "id", ARGS_NONE, SOURCE_ID },
	{ "title", ARGS_NONE, SOURCE_TITLE },		      { "date", ARGS_NONE, SOURCE_DATE },
	{ "severity", ARGS_NONE, SOURCE_SEVERITY },	      { "status", ARGS_NONE, SOURCE_STATUS },
	{ "responders", ARGS_NONE, SOURCE_RESPONDERS },
};

static bool read_source_args(const char *rest, enum source_args args, struct field_def *f)
{
	char a[64] = "", b[64] = "";
	int n = sscanf(rest, "%63s %63s", a, b);
	f->from = milestone_find(a);
	f->to = milestone_find(b);
	switch (args) {
	case ARGS_NONE: return n <= 0;
	case ARGS_MILESTONE: return n == 1 && f->from != MS_NONE && f->from < MS_COUNT;
	case ARGS_MILESTONES: return n == 2 && f->from != MS_NONE && f->from < MS_COUNT && f->to != MS_NONE && f->to < MS_COUNT;
	default: break;
	}
	free(f->source_arg);
	f->source_arg = n == 1 ? xstrdup(a) : NULL;
	return n == 1;
}

static enum status take_source(struct reader *r, const char *key, struct field_def *f)
{
	char *word = NULL;
	enum status st = take_word(r, key, &word);
	for (size_t i = 0; st == ST_OK && word && i < sizeof sources / sizeof *sources; i++) {
		size_t n = strlen(sources[i].word);
		if (strncmp(word, sources[i].word, n) != 0 || (word[n] && word[n] != ' ') || !read_source_args(word + n, sources[i].args, f))
			continue;
		f->source = sources[i].source;
		f->computed = strcmp(key, "computed") == 0;
		free(word);
		return ST_OK;
	}
	if (st == ST_OK)
		st = bad(r, "%s '%s' cannot be understood: the comment of the shipped file lists the sources", key, word ? word : "");
	free(word);
	return st;
}

/* ---- blocks --------------------------------------------------------------------------------------------------------- */

static const char *const field_keys[] = { "label", "hint", "type", "unit", "section", "choices", "other", "several", "templates", "default",
	"computed", NULL };
static const char *const list_keys[] = { "label", "hint", "aliases", "categories", "scope", "templates", NULL };
static const char *const section_keys[] = { "label", "hint", "templates", NULL };

static enum status field_key(struct reader *r, void *def, int key)
{
	struct field_def *f = def;
	switch (key) {
	case 0: return take_word(r, "label", &f->label);
	case 1: return take_word(r, "hint", &f->hint);
	case 2: return take_type(r, &f->type);
	case 3: return take_word(r, "unit", &f->unit);
	case 4: return take_word(r, "section", &f->section);
	case 5: return take_words(r, "choices", &f->choices);
	case 6: return take_flag(r, "other", &f->other);
	case 7: return take_flag(r, "several", &f->several);
	case 8: return take_words(r, "templates", &f->templates);
	default: return take_source(r, field_keys[key], f);
	}
}

static enum status list_key(struct reader *r, void *def, int key)
{
	struct list_def *l = def;
	switch (key) {
	case 0: return take_word(r, "label", &l->label);
	case 1: return take_word(r, "hint", &l->hint);
	case 2: return take_words(r, "aliases", &l->aliases);
	case 3: return take_words(r, "categories", &l->categories);
	case 4: return take_word(r, "scope", &l->scope);
	default: return take_words(r, "templates", &l->templates);
	}
}

static enum status section_key(struct reader *r, void *def, int key)
{
	struct section_def *s = def;
	switch (key) {
	case 0: return take_word(r, "label", &s->label);
	case 1: return take_word(r, "hint", &s->hint);
	default: return take_words(r, "templates", &s->templates);
	}
}

static const char *near_key(const char *const *keys, const char *word)
{
	unsigned least = 3;
	const char *best = NULL;
	for (size_t i = 0; keys[i]; i++)
		if (str_distance(keys[i], word) < least) {
			least = str_distance(keys[i], word);
			best = keys[i];
		}
	return best;
}

static enum status unknown_key(struct reader *r, const char *const *keys)
{
	struct str all = STR_INIT;
	const char *near = near_key(keys, r->word.s);
	for (size_t i = 0; keys[i]; i++)
		str_addf(&all, "%s%s", i ? ", " : "", keys[i]);
	enum status st = near ? bad(r, "unknown key '%s': did you mean %s? Known here: %s", r->word.s, near, all.s)
			      : bad(r, "unknown key '%s': use one of %s, and quote values that hold spaces", r->word.s, all.s);
	str_free(&all);
	return st;
}

/* What stands between the braces. */
static enum status read_block(struct reader *r, const char *const *keys, enum status (*take)(struct reader *, void *, int), void *def)
{
	enum status st = ST_OK;
	if (next(r) != T_OPEN)
		return r->token == T_BAD ? ST_USAGE : bad(r, "its keys stand in braces: write { label = \"...\" }");
	while (st == ST_OK && next(r) == T_WORD) {
		int key = word_find(keys, r->word.s);
		if (key < 0)
			return unknown_key(r, keys);
		if (next(r) != T_EQUALS)
			return r->token == T_BAD ? ST_USAGE : bad(r, "%s has no equals sign: write %s = VALUE", keys[key], keys[key]);
		st = take(r, def, key);
	}
	if (st == ST_OK && r->token != T_CLOSE)
		st = r->token == T_BAD ? ST_USAGE : bad(r, r->token == T_END ? "the block is not closed: end it with }" : "here a key or } was expected");
	return st;
}

static bool same(const char *a, const char *b)
{
	return word_find((const char *const[]){ a, NULL }, b) == 0;
}

static void label_of(char **label, const char *name)
{
	if (*label)
		return;
	*label = xstrdup(name);
	if ((*label)[0] >= 'a' && (*label)[0] <= 'z')
		(*label)[0] = (char)((*label)[0] - 'a' + 'A');
}

static enum status read_field(struct reader *r, struct catalogue *c, const char *name)
{
	size_t i = 0;
	while (i < c->fields && !same(c->field[i].name, name))
		i++;
	if (i == c->fields) {
		c->field = xgrow(c->field, &c->field_cap, c->fields + 1, sizeof *c->field);
		c->field[c->fields++] = (struct field_def){ .name = xstrdup(name), .from = MS_NONE, .to = MS_NONE, .own = r->own };
	}
	int line = r->line;
	enum status st = read_block(r, field_keys, field_key, &c->field[i]);
	label_of(&c->field[i].label, name);
	if (st == ST_OK && c->field[i].type == FIELD_CHOICE && !c->field[i].choices.n) {
		r->line = line;
		st = bad(r, "field '%s' is a choice without choices: add choices = { one, \"the other\" }", name);
	}
	return st;
}

static enum status read_list(struct reader *r, struct catalogue *c, const char *name)
{
	size_t i = 0;
	while (i < c->lists && !same(c->list[i].name, name))
		i++;
	if (i == c->lists) {
		c->list = xgrow(c->list, &c->list_cap, c->lists + 1, sizeof *c->list);
		c->list[c->lists++] = (struct list_def){ .name = xstrdup(name), .own = r->own };
	}
	enum status st = read_block(r, list_keys, list_key, &c->list[i]);
	label_of(&c->list[i].label, name);
	return st;
}

static enum status read_section(struct reader *r, struct catalogue *c, const char *name)
{
	size_t i = 0;
	while (i < c->sections && !same(c->section[i].name, name))
		i++;
	if (i == c->sections) {
		c->section = xgrow(c->section, &c->section_cap, c->sections + 1, sizeof *c->section);
		c->section[c->sections++] = (struct section_def){ .name = xstrdup(name), .own = r->own };
	}
	enum status st = read_block(r, section_keys, section_key, &c->section[i]);
	label_of(&c->section[i].label, name);
	return st;
}

static const char *const block_names[] = { "field", "list", "section", NULL };

static enum status read_named(struct reader *r, struct catalogue *c)
{
	int what = word_find(block_names, r->word.s);
	if (what < 0)
		return unknown_key(r, block_names);
	if (next(r) != T_WORD)
		return r->token == T_BAD ? ST_USAGE : bad(r, "the %s has no name: write %s \"impact.users\" { ... }", block_names[what], block_names[what]);
	if (!field_name_ok(r->word.s))
		return bad(r, "'%s' is no name: use lower-case letters and digits, words joined by - or .", r->word.s);
	char *name = xstrdup(r->word.s);
	enum status st = what == 0 ? read_field(r, c, name) : what == 1 ? read_list(r, c, name) : read_section(r, c, name);
	free(name);
	return st;
}

enum status catalogue_parse(const char *text, const char *name, bool own, struct catalogue *c, struct err *err)
{
	struct reader r = { .p = text, .name = name, .line = 1, .word = STR_INIT, .err = err, .own = own };
	enum status st = ST_OK;
	while (st == ST_OK && next(&r) == T_WORD)
		st = read_named(&r, c);
	if (st == ST_OK && r.token != T_END)
		st = r.token == T_BAD ? ST_USAGE : bad(&r, "here field, list or section was expected");
	str_free(&r.word);
	return st;
}

/* ---- files ---------------------------------------------------------------------------------------------------------- */

static enum status read_file(const char *path, struct str *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char chunk[8192];
	ssize_t n = 0;
	struct stat st;
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? ST_NO : fail(err, ST_IO, "%s: cannot be read: %s", path, strerror(errno));
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
		close(fd);
		return fail(err, ST_IO, "%s: is no file: put a file there, or nothing", path);
	}
	while (out->len <= FILE_MAX && ((n = read(fd, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR)))
		if (n > 0)
			str_add(out, chunk, (size_t)n);
	close(fd);
	if (n < 0)
		return fail(err, ST_IO, "%s: cannot be read: %s", path, strerror(errno));
	if (out->len > FILE_MAX || strlen(out->s) != out->len)
		return fail(err, ST_USAGE, "%s: is no text of at most 1 MiB: check what it is", path);
	return ST_OK;
}

static struct catalogue *shipped(void)
{
	struct catalogue *c = xcalloc(1, sizeof *c);
	catalogue_parse(data_fields_default_conf, "data/fields/default.conf", false, c, NULL);
	return c;
}

enum status catalogue_load(const char *path, struct catalogue **out, struct err *err)
{
	*out = shipped();
	struct str text = STR_INIT;
	enum status st = path ? read_file(path, &text, err) : ST_NO;
	if (st == ST_OK)
		st = catalogue_parse(text.s, path, true, *out, err);
	else if (st == ST_NO)
		st = ST_OK;
	str_free(&text);
	if (st != ST_OK) {
		catalogue_free(*out);
		*out = shipped();
	}
	return st;
}
