/* csv.c - rows as they are stepped. */
#include "text/csv.h"

#include <string.h>

#include "base/when.h"
#include "text/escape.h"

enum { FLUSH_AT = 64 * 1024 };

struct csv {
	struct str b, cell;
	struct mst_sink sink;
	struct err *err;
};

static enum status flush(struct csv *c)
{
	enum status st = c->b.len ? c->sink.write(c->sink.arg, c->b.s, c->b.len, c->err) : ST_OK;

	str_reset(&c->b);
	return st;
}

static void put(struct csv *c, const char *s)
{
	if (s)
		csv_field(&c->b, s, strlen(s));
	str_addc(&c->b, ',');
}

static void put_time(struct csv *c, usec t)
{
	if (t != USEC_NONE)
		when_fmt_rfc3339(&c->b, t);
	str_addc(&c->b, ',');
}

static void put_details(struct csv *c, const struct event *e)
{
	str_reset(&c->cell);
	for (size_t i = 0; i < e->details; i++) {
		str_adds(&c->cell, i ? "\n" : "");
		str_adds(&c->cell, e->detail[i]);
	}
	csv_field(&c->b, c->cell.s, c->cell.len);
	str_addc(&c->b, ',');
}

static enum status put_event(void *arg, const struct event *e)
{
	struct csv *c = arg;
	char id[33];

	str_hex(id, e->entity.b, sizeof e->entity.b);
	str_adds(&c->b, id);
	str_addc(&c->b, ',');
	put_time(c, e->occurred_at);
	str_addf(&c->b, "%d,", e->approx_s);
	put_time(c, e->recorded_at);
	put(c, kind_name(e->kind));
	put(c, e->milestone == MS_NONE ? NULL : milestone_name(e->milestone));
	put(c, e->actor && e->actor[0] ? e->actor : e->author);
	put(c, e->text);
	put_details(c, e);
	str_adds(&c->b, e->struck ? "true\r\n" : "false\r\n");
	return c->b.len < FLUSH_AT ? ST_OK : flush(c);
}

enum status csv_export(struct store *s, uuid incident, struct mst_sink sink, struct err *err)
{
	struct csv c = { STR_INIT, STR_INIT, sink, err };

	str_adds(&c.b, "id,occurred_at,approx_seconds,recorded_at,kind,milestone,actor,text,detail,struck\r\n");
	enum status st = q_events_each(s, incident, put_event, &c, err);
	if (st == ST_OK)
		st = flush(&c);
	str_free(&c.b);
	str_free(&c.cell);
	return st;
}
