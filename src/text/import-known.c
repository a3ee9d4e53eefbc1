/* import-known.c - what exports write by themselves need not be kept when it is read back. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/figure.h"
#include "text/import-impl.h"
#include "text/template.h"

/* ---- the words of templates
 * ----------------------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lines without a tag. */
static void add_lines(struct reading *r, const char *s, size_t n)
{
	for (const char *end = s + n; s < end;) {
		const char *stop = memchr(s, '\n', (size_t)(end - s));
		size_t len = stop ? (size_t)(stop - s) : (size_t)(end - s);
		if (len > 3 && !memchr(s, '{', len)) {
			char *line = text_trim(s, len);
			add_word(&r->known, &r->known_cap, line);
			free(line);
		}
		s += len + 1;
	}
}

static void load_known(struct reading *r)
{
	struct templates l = { 0 };
	if (template_list(NULL, &l, NULL) == ST_OK)
		for (size_t i = 0; i < l.n; i++) {
			struct str text = STR_INIT, shown = STR_INIT;
			if (template_find(NULL, l.v[i].name, &text, &shown, NULL) == ST_OK)
				add_lines(r, text.s, text.len);
			str_free(&text);
			str_free(&shown);
		}
	templates_free(&l);
	if (!r->known.n)
		add_word(&r->known, &r->known_cap, "");
	qsort(r->known.v, r->known.n, sizeof *r->known.v, by_text);
}

bool is_template_text(struct reading *r, size_t from, size_t to)
{
	bool any = false;
	if (!r->known.n)
		load_known(r);
	while (from < to) {
		const char *stop = memchr(r->s + from, '\n', to - from);
		size_t n = stop ? (size_t)(stop - r->s) - from : to - from;
		char *line = text_trim(r->s + from, n);
		bool known = !line[0] || bsearch(&line, r->known.v, r->known.n, sizeof *r->known.v, by_text);
		any |= line[0] && known;
		free(line);
		if (!known)
			return false;
		from += n + 1;
	}
	return any;
}

void known_free(struct reading *r)
{
	words_free(&r->known);
}

/* ---- key metrics
 * ---------------------------------------------------------------------------------------------------- */

static bool is_derived(const struct reading *r, const char *key)
{
	static const char *const always[] = { "incident_start", "incident_end", "duration_minutes", "requests_failed" },
				 *const suffixes[] = { "normal", "before", "peak", "low", "during", "after", "target" };
	const struct records *l = &r->out->records;
	for (size_t i = 0; i < COUNT(always); i++)
		if (strcmp(key, always[i]) == 0)
			return true;
	for (size_t i = 0; i < l->n && i < 200; i++)
		for (size_t k = 0; k < COUNT(suffixes) && strcmp(l->v[i].type, "metric") == 0; k++) {
			char *name = key_metric_name(
				record_get(&l->v[i], "name"), record_get(&l->v[i], "service"), suffixes[k], NULL);
			bool same = str_starts(key, name);
			free(name);
			if (same)
				return true;
		}
	return false;
}

bool is_key_metrics(struct reading *r, const struct node *code)
{
	json_t *root = json_loadb(code->text.s, code->text.len, 0, NULL), *v;
	const char *key;
	bool derived = json_object_get(root, "incident_start") != NULL;
	json_object_foreach(root, key, v) derived = derived && is_derived(r, key);
	json_decref(root);
	return derived;
}

/* ---- the same thing twice
 * ------------------------------------------------------------------------------------------- */

static struct action *action_of(struct actions *l, const char *text)
{
	for (size_t i = 0; i < l->n && i < 1000; i++)
		if (strcmp(l->v[i].text, text) == 0)
			return &l->v[i];
	return NULL;
}

/* The group tells the horizon, where nothing else does. */
static void take_horizon(struct action *a, const char *group)
{
	if (!a->horizon && a->priority < 0 && group && strcmp(group, "immediate") != 0)
		a->horizon = xstrdup(strcmp(group, "short-term") == 0 ? "week" : "quarter");
}

/* Corrective actions of the document "detailed" are its action items by horizon. */
void drop_twins(struct reading *r)
{
	struct findings *l = &r->out->findings, twin = { 0 };
	size_t kept = 0;
	for (size_t i = 0; i < l->n; i++) {
		bool corrective = strcmp(l->v[i].list, "follow-up") == 0 && !l->v[i].points;
		struct action *a = corrective ? action_of(&r->out->actions, l->v[i].text) : NULL;
		if (a) {
			take_horizon(a, l->v[i].category);
			twin = (struct findings){ xcalloc(1, sizeof *twin.v), 1 };
			twin.v[0] = l->v[i];
			findings_free(&twin);
		} else {
			l->v[kept++] = l->v[i];
		}
	}
	l->n = kept;
}
