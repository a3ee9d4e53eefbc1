#include <string.h>
#include <stdlib.h>

#include "base/mem.h"
#include "text/mustache-impl.h"

enum { MAX_TEMPLATES = 1000 };

/* ---- names ---- */

static uint64_t name_hash(const char *s, size_t n)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (uint8_t)s[i]) * 0x100000001b3u;
	return h ^ h >> 32;
}

/* The slot of the name, or the free one where it belongs. */
static struct mst_name **name_slot(struct mst_set *set, const char *s, size_t n)
{
	size_t i = name_hash(s, n) & (set->name_cap - 1);

	while (set->names[i] && (set->names[i]->n != n || memcmp(set->names[i]->s, s, n) != 0))
		i = (i + 1) & (set->name_cap - 1);
	return &set->names[i];
}

static void names_grow(struct mst_set *set)
{
	struct mst_name **old = set->names;
	size_t cap = set->name_cap;

	set->name_cap = cap > 0 ? cap * 2 : 64;
	set->names = xcalloc(set->name_cap, sizeof *set->names);
	for (size_t i = 0; i < cap; i++) {
		if (old[i])
			*name_slot(set, old[i]->s, old[i]->n) = old[i];
	}
	free(old);
}

struct mst_name *mst_intern(struct mst_set *set, const char *s, size_t n)
{
	struct mst_name **slot;

	if (set->name_count * 2 >= set->name_cap)
		names_grow(set);
	slot = name_slot(set, s, n);
	if (!*slot) {
		*slot = xcalloc(1, sizeof **slot);
		(*slot)->s = xstrndup(s, n);
		(*slot)->n = n;
		set->name_count++;
	}
	return *slot;
}

int mst_slot(const struct mst_fields *fields, struct mst_name *name)
{
	size_t way = ((uintptr_t)fields >> 4) % (sizeof name->cache / sizeof *name->cache);
	int slot = 0;

	if (name->cache[way].fields == fields)
		return name->cache[way].slot;
	while (slot < fields->count && strcmp(fields->names[slot], name->s) != 0)
		slot++;
	name->cache[way].fields = fields;
	name->cache[way].slot = slot < fields->count ? slot : -1;
	return name->cache[way].slot;
}

/* ---- sets ---- */

struct mst_set *mst_new(mst_load_fn *load, void *arg)
{
	struct mst_set *set = xcalloc(1, sizeof *set);

	set->load = load;
	set->arg = arg;
	return set;
}

static void template_free(struct mst_template *t)
{
	free(t->name);
	free(t->src);
	free(t->nodes);
	free(t->path);
	free(t);
}

void mst_free(struct mst_set *set)
{
	if (!set)
		return;
	while (set->templates) {
		struct mst_template *t = set->templates;

		set->templates = t->next;
		template_free(t);
	}
	for (size_t i = 0; i < set->name_cap; i++) {
		if (set->names[i])
			free((char *)(uintptr_t)set->names[i]->s);
		free(set->names[i]);
	}
	free(set->names);
	free(set);
}

static struct mst_template *template_new(struct mst_set *set, const char *name, size_t n)
{
	struct mst_template *t = xcalloc(1, sizeof *t);

	t->set = set;
	t->name = xstrndup(name, n);
	t->next = set->templates;
	set->templates = t;
	set->template_count++;
	return t;
}

struct mst_template *mst_partial(struct mst_set *set, const char *s, size_t n)
{
	struct mst_template *t = set->templates;

	while (t && (!t->is_partial || strlen(t->name) != n || memcmp(t->name, s, n) != 0))
		t = t->next;
	if (!t && set->template_count < MAX_TEMPLATES) {
		t = template_new(set, s, n);
		t->is_partial = true;
	}
	return t;
}

/* ---- compiling ---- */

static enum status template_compile(struct mst_template *t, const char *src, size_t n, struct err *err)
{
	if (n > MST_MAX_SOURCE)
		return fail(err, ST_NO, "%s: this template has %zu bytes: keep it under %d", t->name, n,
			MST_MAX_SOURCE);
	if (n >= 3 && memcmp(src, "\xef\xbb\xbf", 3) == 0) {
		src += 3;
		n -= 3;
	}
	t->src = xmalloc(n + 1);
	memcpy(t->src, src, n);
	t->src[n] = '\0';
	t->n = n;
	t->is_parsed = true;
	if (mst_parse(t, err) != ST_OK)
		return ST_NO;
	mst_place(t);
	return ST_OK;
}

static enum status partial_load(struct mst_template *t, struct err *err)
{
	struct mst_set *set = t->set;
	struct str src = STR_INIT;
	enum status st = set->load ? set->load(set->arg, t->name, &src, err) : ST_NO;

	if (st == ST_NO) {
		str_reset(&src);
		st = ST_OK;
	}
	if (st == ST_OK)
		st = template_compile(t, src.s, src.len, err);
	str_free(&src);
	return st;
}

/* A partial may name further ones, itself too: each is parsed once. New ones stand at the head of the list. */
static enum status partials_load(struct mst_set *set, struct err *err)
{
	for (struct mst_template *t = set->templates; t;) {
		enum status st = t->is_parsed ? ST_OK : partial_load(t, err);
		bool more = set->templates->is_partial && !set->templates->is_parsed;

		if (st != ST_OK)
			return st;
		t = more ? set->templates : t->next;
	}
	return ST_OK;
}

/* What failed to compile must not be found by the next template: everything newer than last goes. */
static void set_rewind(struct mst_set *set, struct mst_template *last)
{
	while (set->templates != last) {
		struct mst_template *t = set->templates;

		set->templates = t->next;
		set->template_count--;
		template_free(t);
	}
}

enum status mst_compile(struct mst_set *set, const char *name, const char *src, size_t n, struct mst_template **out,
	struct err *err)
{
	struct mst_template *last = set->templates, *t = template_new(set, name, strlen(name));
	enum status st = template_compile(t, src, n, err);

	if (st == ST_OK)
		st = partials_load(set, err);
	if (st != ST_OK)
		set_rewind(set, last);
	*out = st == ST_OK ? t : NULL;
	return st;
}
