/* incident-json-records.c - the rows of documents' tables: metrics, relations, links, signoffs, code. */
#include <string.h>

#include "model/figure.h"
#include "text/incident-json-impl.h"

enum { EXPORT_SHORT = 12 };

void json_put_ids(struct json_writer *w, uuid u)
{
	char id[33];

	json_put_id(&w->b, "id", u);
	if (w->export) {
		str_hex(id, u.b, sizeof u.b);
		id[EXPORT_SHORT] = '\0';
	} else {
		q_thing_short(w->s, u, id);
	}
	json_put_str(&w->b, "short", id);
}

/* What the values say about one another. */
static void put_figures(struct str *b, const struct record *r)
{
	static const char *const words[] = { NULL, "met", "missed" };
	const char *unit = record_get(r, "unit");
	struct measure before = measure_of(record_get(r, "before"), unit), during = measure_of(record_get(r, "during"), unit);
	struct measure target = measure_of(record_get(r, "target"), unit);
	struct str difference = STR_INIT, factor = STR_INIT;
	bool differs = measure_difference(&difference, &before, &during), grows = measure_factor(&factor, &before, &during);

	json_put_str(b, "difference", differs ? difference.s : NULL);
	json_put_str(b, "factor", grows ? factor.s : NULL);
	json_put_str(b, "result", words[measure_kept(&target, &during, metric_rises(record_get(r, "name")))]);
	str_free(&difference);
	str_free(&factor);
}

static void put_record(struct json_writer *w, const struct record_type *t, const struct record *r)
{
	json_next(&w->b);
	str_addc(&w->b, '{');
	for (size_t i = 0; t->attrs[i]; i++)
		if (strcmp(t->attrs[i], "id") == 0)
			json_put_str(&w->b, "incident", record_get(r, "id")); /* id is the row's own */
		else
			json_put_str(&w->b, t->attrs[i], record_get(r, t->attrs[i]));
	if (strcmp(t->name, "metric") == 0)
		put_figures(&w->b, r);
	json_put_ids(w, r->entity);
	str_addc(&w->b, '}');
}

enum status json_records(struct json_writer *w)
{
	struct records l;
	enum status st = q_records(w->s, w->i->entity, NULL, &l, w->err);

	if (st != ST_OK)
		return st;
	for (const struct record_type *t = record_types; t->name; t++) {
		json_key(&w->b, t->plural);
		str_addc(&w->b, '[');
		for (size_t i = 0; i < l.n; i++)
			if (str_eq(l.v[i].type, t->name))
				put_record(w, t, &l.v[i]);
		str_addc(&w->b, ']');
	}
	records_free(&l);
	return ST_OK;
}
