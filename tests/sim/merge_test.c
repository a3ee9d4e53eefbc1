/* Two or three files change the same two incidents, exchange their ops as JSON in any order, with losses and repeats, and in the end all of
 * them must say the same: journal, state hash, heads, timeline; verify holds, rebuild changes nothing, what was redacted is gone.
 * SEED=N repeats a run (the same verbs; ids of hosts and salts are random), RUNS=N makes more of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/mem.h"
#include "tests/unit/store_util.h"

enum { FILES = 3, INCIDENTS = 2, STEPS = 40, RUNS = 500 };

/* A host that writes what no tplus of this version does: later versions, unknown kinds, nonsense. */
struct stranger {
	uuid host;
	int64_t seq[INCIDENTS], hlc;
	uint8_t tip[INCIDENTS][OP_HASH];
};

struct world {
	uint64_t random;
	struct file *file[FILES];
	size_t files;
	uuid incident[INCIDENTS];
	struct stranger stranger;
	int step;
};

static uint64_t seed_now;
static const char *verb_now = "";

#define FAIL_UNLESS(cond) ((cond) ? (void)0 : broken(#cond, __LINE__))
static _Noreturn void broken(const char *what, int line)
{
	printf("not ok 1 - merge: line %d, after %s: %s\n# repeat with SEED=%llu\n", line, verb_now, what,
		(unsigned long long)seed_now);
	exit(1);
}

static uint64_t draw(struct world *w) /* splitmix64 */
{
	uint64_t z = (w->random += 0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static size_t below(struct world *w, size_t n)
{
	return (size_t)(draw(w) % n);
}

static uuid new_id(struct world *w)
{
	uuid u;
	for (size_t i = 0; i < sizeof u.b; i++)
		u.b[i] = (uint8_t)draw(w);
	return u;
}

static const char *author(struct world *w)
{
	static const char *const who[] = { "sam", "jane", "bob" };
	return who[below(w, 3)];
}

/* ---- one verb on one file ----------------------------------------------------------------------------------------- */

struct scene {
	struct world *w;
	struct file *f;
	size_t at;
	uuid incident;
	const char *who;
	struct err err;
};

static void begin_scene(struct scene *c)
{
	begin_group(c->f, c->who, c->incident, new_id(c->w), NULL);
}

/* Refusals are fine, failures are not; a refused change leaves nothing. */
static void end_scene(struct scene *c, enum status st)
{
	if (st == ST_OK)
		st = tx_commit(c->f->s, &c->err);
	else
		tx_rollback(c->f->s);
	if (st != ST_OK && st != ST_CONFLICT && st != ST_NO) {
		printf("# %s\n", c->err.text);
		broken("status", __LINE__);
	}
}

struct ids {
	uuid *v;
	size_t n, cap;
};

static enum status add_id(void *arg, const struct event *e)
{
	struct ids *l = arg;
	l->v = xgrow(l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = e->entity;
	return ST_OK;
}

static bool some_event(struct scene *c, uuid *out)
{
	struct ids l = { 0 };
	FAIL_UNLESS(q_events_each(c->f->s, c->incident, add_id, &l, &c->err) == ST_OK);
	if (l.n) /* often one of the first, so that the files meet */
		*out = l.v[below(c->w, l.n > 4 && below(c->w, 3) ? 4 : l.n)];
	free(l.v);
	return l.n > 0;
}

static char *words(struct world *w)
{
	static const char *const odd[] = { "", " \xff\xfe", " \xe2\x80\xae", " \"\\\n\t\x01", " \xf0\x9f\x94\xa5",
		" e\xcc\x81" };
	return str_fmt("text=said %03x%s", (unsigned)below(w, 4096), odd[below(w, 12) % 6]);
}

static char *when_at(struct scene *c)
{
	return str_fmt("occurred_at:%lld", (long long)(T0 + (usec)below(c->w, 20) * USEC_SEC)); /* many ties */
}

static void verb_log(struct scene *c)
{
	uuid e = new_id(c->w);
	char *text = words(c->w), *when = when_at(c), parent[48] = "parent=";
	static const char *const milestones[] = { "milestone!", "milestone=started", "milestone=resolved",
		"milestone=reopen" };
	size_t m = below(c->w, 12);
	begin_scene(c);
	put(c->f, "event.new", e, text, when, m && m < 4 ? "kind=milestone" : "kind=note", milestones[m < 4 ? m : 0],
		NULL);
	str_hex(parent + 7, e.b, sizeof e.b);
	for (size_t i = below(c->w, 3); i-- > 0;) {
		char *line = words(c->w);
		put(c->f, "detail.new", new_id(c->w), parent, line, "ord:1", NULL);
		free(line);
	}
	free(text);
	free(when);
	end_scene(c, ST_OK);
}

static void set_event(struct scene *c, const char *a, const char *b)
{
	uuid e;
	if (!some_event(c, &e))
		return;
	begin_scene(c);
	end_scene(c,
		b ? try_op(c->f, &c->err, "event.set", e, a, b, NULL) : try_op(c->f, &c->err, "event.set", e, a, NULL));
}

static void verb_edit(struct scene *c)
{
	char *text = words(c->w);
	set_event(c, text, below(c->w, 2) ? "actor=jane" : NULL);
	free(text);
}

static void verb_strike(struct scene *c)
{
	set_event(c, below(c->w, 3) ? "struck:1" : "struck:0", "why=wrong");
}

static void verb_retime(struct scene *c)
{
	char *when = when_at(c);
	set_event(c, when, below(c->w, 2) ? "approx_s:120" : NULL);
	free(when);
}

/* Both hosts may make the same field: its identity follows from its name. */
static void verb_field(struct scene *c)
{
	char name[32], *text = words(c->w);
	snprintf(name, sizeof name, "name=impact.%zu", below(c->w, 3));
	memcpy(text, "value", 5);
	char *value = str_fmt("value=%s", text + 5);
	uuid e = uuid_named(c->incident, name, strlen(name));
	begin_scene(c);
	end_scene(c, try_op(c->f, &c->err, below(c->w, 2) ? "field.set" : "field.new", e, name, value, NULL));
	free(text);
	free(value);
}

static void verb_action(struct scene *c)
{
	struct str number = STR_INIT;
	struct actions l;
	FAIL_UNLESS(q_actions(c->f->s, c->incident, &l, &c->err) == ST_OK);
	begin_scene(c);
	if (l.n && below(c->w, 2)) {
		static const char *const changes[] = { "owner=bob", "owner=jane", "status=done", "status=open",
			"priority:0", "due=2026-02-10", "due!" };
		end_scene(c, try_op(c->f, &c->err, "action.set", l.v[below(c->w, l.n)].entity, changes[below(c->w, 7)],
				     changes[below(c->w, 7)], NULL));
	} else {
		str_adds(&number, "number=");
		FAIL_UNLESS(q_number_next(c->f->s, c->incident, "action", "AI", &number, &c->err) == ST_OK);
		end_scene(c, try_op(c->f, &c->err, "action.new", new_id(c->w), number.s, "text=do it", NULL));
	}
	actions_free(&l);
	str_free(&number);
}

/* An incident's severity, the event that says so, and the policy of that severity, in one group. */
static void verb_severity(struct scene *c)
{
	char sev[32], name[32], *when = when_at(c);
	size_t level = below(c->w, 3);
	snprintf(sev, sizeof sev, "severity:%zu", level);
	snprintf(name, sizeof name, "policy:%zu", level);
	uuid p = uuid_named(c->incident, name, strlen(name));
	begin_scene(c);
	enum status st = try_op(c->f, &c->err, "incident.set", c->incident, sev, NULL);
	if (st == ST_OK)
		st = try_op(c->f, &c->err, "event.new", new_id(c->w), sev, when, "kind=severity", NULL);
	if (st == ST_OK)
		st = try_op(c->f, &c->err, "policy.set", p, sev, below(c->w, 2) ? "update=900" : "update=1200",
			below(c->w, 2) ? "warn=75" : "warn!", NULL);
	end_scene(c, st);
	free(when);
}

static void verb_hide(struct scene *c)
{
	uuid e;
	if (!some_event(c, &e))
		return;
	begin_scene(c);
	end_scene(c, try_op(c->f, &c->err, below(c->w, 2) ? "event.hide" : "event.show", e, NULL));
}

static void verb_undo(struct scene *c)
{
	uuid grp;
	begin_scene(c);
	enum status st = undo_last_group(c->f->s, c->who, below(c->w, 3) == 0, &grp, &c->err);
	end_scene(c, st == ST_OK ? undo_group(c->f->s, grp, NULL, &c->err) : st);
}

static void verb_undo_entity(struct scene *c)
{
	uuid e, grp;
	if (!some_event(c, &e))
		return;
	begin_scene(c);
	enum status st = undo_entity_group(c->f->s, e, &grp, &c->err);
	end_scene(c, st == ST_OK ? undo_group(c->f->s, grp, NULL, &c->err) : st);
}

static void verb_redact(struct scene *c)
{
	uuid e;
	if (!some_event(c, &e))
		return;
	begin_scene(c);
	end_scene(c, redact_event(c->f->s, e, "secret", &c->err));
}

static void verb_move(struct scene *c)
{
	uuid e, to = c->w->incident[c->at ? 0 : 1], copy;
	struct event v;
	if (!some_event(c, &e) || q_event(c->f->s, e, &v, NULL) != ST_OK)
		return;
	char target[48] = "moved_to=", source[48] = "moved_from=", *text = str_fmt("text=%s", v.text),
	     *when = when_at(c);
	copy = uuid_named(e, (const char *)to.b, sizeof to.b);
	str_hex(target + 9, copy.b, sizeof copy.b);
	str_hex(source + 11, e.b, sizeof e.b);
	begin_scene(c);
	enum status st = try_op(c->f, &c->err, "event.set", e, target, NULL);
	if (st == ST_OK)
		st = try_op(c->f, &c->err, "event.hide", e, NULL);
	if (st == ST_OK)
		st = tx_incident(c->f->s, to, NULL, &c->err);
	if (st == ST_OK)
		st = try_op(c->f, &c->err, "event.new", copy, text, when, source, NULL);
	end_scene(c, st);
	event_clear(&v);
	free(text);
	free(when);
}

static void verb_choose(struct scene *c)
{
	struct conflicts l;
	FAIL_UNLESS(q_conflicts(c->f->s, c->incident, &l, &c->err) == ST_OK);
	if (l.n) {
		const struct conflict *k = &l.v[below(c->w, l.n)];
		bool number = strcmp(k->field, "occurred_at") == 0 || strcmp(k->field, "severity") == 0 ||
			      strcmp(k->field, "struck") == 0;
		char *kind = str_fmt("%s.set", k->type),
		     *value = str_fmt("%s%c%s", k->field, number ? ':' : '=', k->other[0]);
		begin_scene(c);
		enum status st = strcmp(k->field, "hidden") == 0 ? try_op(c->f, &c->err, "event.show", k->entity, NULL)
								 : try_op(c->f, &c->err, kind, k->entity, value, NULL);
		end_scene(c, st);
		free(kind);
		free(value);
	}
	conflicts_free(&l);
}

static void verb_unknown_kind(struct scene *c)
{
	static const char *const kinds[] = { "widget.new", "event.tag", "host.rename", "odd", "incident.merge" };
	uuid e;
	if (below(c->w, 4) || !some_event(c, &e))
		e = new_id(c->w);
	begin_scene(c);
	end_scene(c, try_op(c->f, &c->err, kinds[below(c->w, 5)], e, "text=from the future", "x:1", NULL));
}

/* ---- the stranger ------------------------------------------------------------------------------------------------- */

static const struct strange {
	const char *kind, *body;
	int64_t v;
} stranges[] = {
	{ "event.set", "{\"text\":\"of version 2\"}", 2 },
	{ "event.new", "{\"text\":\"of version 2\",\"occurred_at\":1770300000000000}", 2 },
	{ "event.hide", "{}", 2 },
	{ "action.set", "{\"text\":\"another type\"}", 1 },
	{ "event.set", "{\"hidden\":1,\"occurred_at\":\"soon\",\"text\":5}", 1 },
	{ "event.set", "no JSON", 1 },
	{ "event.set", "{\"text\":1.5}", 1 },
	{ "field.new", "{\"name\":\"n\",\"value\":\"v\"}", 1 },
	{ "op.redact", "{\"op\":\"zz\"}", 1 },
	{ "grp.undo", "{\"x\":[1]}", 7 },
	{ "policy.set", "{\"a\":1,\"b\":\"c\",\"severity\":\"high\"}", 1 },
};

static struct op strange_op(struct world *w, size_t at, uuid entity, const struct strange *k, const char *saw)
{
	struct stranger *g = &w->stranger;
	struct op o = { .incident = w->incident[at],
		.host = g->host,
		.seq = ++g->seq[at],
		.hlc = g->hlc,
		.wall_us = g->hlc,
		.zone = xstrdup("UTC"),
		.boottime_us = USEC_NONE,
		.author = xstrdup("zoe"),
		.grp = new_id(w),
		.entity = entity,
		.kind = xstrdup(k->kind),
		.v = k->v,
		.saw = xstrdup(saw),
		.has_body = true,
		.body = xstrdup(k->body) };
	g->hlc += (int64_t)below(w, 3) * USEC_SEC;
	memcpy(o.prev, g->tip[at], OP_HASH);
	op_digest(o.salt, o.body, strlen(o.body), o.digest);
	op_hash(&o, o.hash);
	memcpy(g->tip[at], o.hash, OP_HASH);
	return o;
}

static void adopt(struct scene *c, struct op *o)
{
	struct merge_count n = { 0 };
	struct tx_opts t = { .author = "import", .zone = "UTC", .grp = new_id(c->w) };
	FAIL_UNLESS(tx_begin(c->f->s, &t, &c->err) == ST_OK);
	FAIL_UNLESS(merge_op(c->f->s, o, &n, &c->err) == ST_OK);
	FAIL_UNLESS(merge_finish(c->f->s, &c->err) == ST_OK);
	FAIL_UNLESS(tx_commit(c->f->s, &c->err) == ST_OK);
	FAIL_UNLESS(n.added == 1);
	op_clear(o);
}

struct last {
	uuid entity;
	char hex[OP_SAW_DIGITS + 1];
};

static enum status note_last(void *arg, const struct op *o)
{
	struct last *l = arg;
	if (uuid_eq(o->entity, l->entity))
		str_hex(l->hex, o->hash, OP_SAW_DIGITS / 2);
	return ST_OK;
}

static void verb_stranger(struct scene *c)
{
	static const struct strange start = { "host.new", "{\"name\":\"later\"}", 1 };
	struct last l = { .entity = new_id(c->w) };
	if (c->w->stranger.seq[c->at] == 0) {
		struct op first = strange_op(c->w, c->at, c->w->stranger.host, &start, "{\"name\":[]}");
		adopt(c, &first);
	}
	if (below(c->w, 3))
		some_event(c, &l.entity);
	FAIL_UNLESS(q_ops_each(c->f->s, c->incident, note_last, &l, &c->err) == ST_OK);
	char *saw = l.hex[0] && below(c->w, 2) ? str_fmt("{\"text\":[\"%s\"]}", l.hex)
					       : xstrdup(below(c->w, 8) ? "{\"text\":[]}" : "nonsense");
	struct op o =
		strange_op(c->w, c->at, l.entity, &stranges[below(c->w, sizeof stranges / sizeof *stranges)], saw);
	adopt(c, &o);
	free(saw);
}

/* ---- exchange ----------------------------------------------------------------------------------------------------- */

static void shuffle(struct world *w, struct texts *l)
{
	for (size_t i = l->n; i > 1; i--) {
		size_t j = below(w, i);
		char *t = l->v[i - 1];
		l->v[i - 1] = l->v[j];
		l->v[j] = t;
	}
}

/* Some of what one has goes to the other, in any order, in several transactions, some of it twice. */
static void exchange(struct world *w, struct file *from, struct file *to, uuid incident)
{
	struct texts l = ops_of(from, incident);
	struct merge_count n = { 0 };
	struct err err = { 0 };
	shuffle(w, &l);
	size_t lost = below(w, 3) ? 0 : below(w, l.n + 1), sent = l.n - lost, half = below(w, sent + 1);
	bool good = take(to, l.v, half, &n, &err) == ST_OK;
	good = good && take(to, l.v + half, sent - half, &n, &err) == ST_OK;
	good = good && (below(w, 2) || take(to, l.v, half, &n, &err) == ST_OK);
	if (!good)
		printf("# %s\n", err.text);
	FAIL_UNLESS(good);
	texts_free(&l);
}

static void verb_exchange(struct scene *c)
{
	struct file *other = c->w->file[below(c->w, c->w->files)];
	if (other != c->f)
		exchange(c->w, other, c->f, c->incident);
}

/* Another file starts as a copy: an honest one gets a new host id, a clone of the whole machine does not know that it is one. */
static void verb_fork(struct scene *c)
{
	struct world *w = c->w;
	if (w->files == FILES)
		return;
	struct file *g = w->file[w->files] = file_open("third.db");
	char *place = NULL;
	if (below(w, 4)) {
		one(g, "sam", w->incident[0], "incident.new", w->incident[0], NULL);
		place = local_get(g->s, "place");
	}
	store_close(g->s);
	store_close(c->f->s);
	g->s = c->f->s = NULL;
	copy_file(c->f->path, g->path);
	if (place) {
		char *sql = str_fmt("UPDATE local SET v = '%s' WHERE k = 'place'", place);
		raw_exec(g->path, sql);
		free(sql);
		free(place);
	}
	file_reopen(g);
	file_reopen(c->f);
	g->clock.fixed_wall = c->f->clock.fixed_wall;
	w->files++;
}

static void verb_clock(struct scene *c)
{
	static const usec steps[] = { USEC_SEC, -USEC_SEC, 0, 30 * USEC_SEC, -USEC_HOUR, USEC_HOUR, 10 * USEC_DAY, -1,
		1 };
	c->f->clock.fixed_wall += steps[below(c->w, sizeof steps / sizeof *steps)];
}

static void verb_reopen_file(struct scene *c)
{
	file_reopen(c->f);
}

static const struct {
	void (*run)(struct scene *);
	const char *name;
	unsigned weight;
} verbs[] = {
	{ verb_log, "log", 20 },
	{ verb_edit, "edit", 14 },
	{ verb_strike, "strike", 6 },
	{ verb_retime, "retime", 6 },
	{ verb_field, "set", 8 },
	{ verb_action, "action", 8 },
	{ verb_severity, "sev", 5 },
	{ verb_hide, "hide", 3 },
	{ verb_undo, "undo or redo", 14 },
	{ verb_undo_entity, "undo ID", 4 },
	{ verb_redact, "redact", 4 },
	{ verb_move, "move", 3 },
	{ verb_choose, "choose", 5 },
	{ verb_unknown_kind, "an unknown kind", 2 },
	{ verb_stranger, "a stranger", 5 },
	{ verb_exchange, "an exchange", 14 },
	{ verb_fork, "a copy", 2 },
	{ verb_clock, "a clock step", 5 },
	{ verb_reopen_file, "a new start", 1 },
};

static void step(struct world *w)
{
	unsigned total = 0;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		total += verbs[i].weight;
	size_t pick = below(w, total), i = 0, at = below(w, 4) == 0;
	for (; pick >= verbs[i].weight; i++)
		pick -= verbs[i].weight;
	verb_now = verbs[i].name;
	struct scene c = {
		.w = w, .f = w->file[below(w, w->files)], .at = at, .incident = w->incident[at], .who = author(w)
	};
	c.f->clock.fixed_wall += (usec)below(w, 3) * 1000;
	verbs[i].run(&c);
}

/* ---- the end ------------------------------------------------------------------------------------------------------ */

static void send_shuffled(struct world *w, struct file *from, struct file *to, uuid incident)
{
	struct texts l = ops_of(from, incident);
	struct merge_count n = { 0 };
	struct err err = { 0 };
	shuffle(w, &l);
	if (take(to, l.v, l.n, &n, &err) != ST_OK) {
		printf("# %s\n", err.text);
		broken("the last exchange", __LINE__);
	}
	texts_free(&l);
}

static void check_same_ops(const struct file *a, struct texts *x, struct texts *y)
{
	FAIL_UNLESS(x->n == y->n);
	for (size_t i = 0; i < x->n; i++)
		if (strcmp(x->v[i], y->v[i]) != 0) {
			printf("# %s\n# %s\n# %s\n", a->path, x->v[i], y->v[i]);
			broken("the same op, word for word", __LINE__);
		}
}

static void check_pair(struct world *w, struct file *a, struct file *b)
{
	char x[65], y[65];
	for (size_t i = 0; i < INCIDENTS; i++) {
		struct texts s = ops_of(a, w->incident[i]), t = ops_of(b, w->incident[i]);
		check_same_ops(a, &s, &t);
		texts_free(&s);
		texts_free(&t);
		head_hex(a, w->incident[i], x);
		head_hex(b, w->incident[i], y);
		FAIL_UNLESS(strcmp(x, y) == 0);
		struct ids p = { 0 }, q = { 0 };
		FAIL_UNLESS(q_events_each(a->s, w->incident[i], add_id, &p, NULL) == ST_OK);
		FAIL_UNLESS(q_events_each(b->s, w->incident[i], add_id, &q, NULL) == ST_OK);
		FAIL_UNLESS(p.n == q.n && (p.n == 0 || memcmp(p.v, q.v, p.n * sizeof *p.v) == 0));
		free(p.v);
		free(q.v);
	}
	state_hex(a, x);
	state_hex(b, y);
	FAIL_UNLESS(strcmp(x, y) == 0);
}

static void check(struct world *w)
{
	verb_now = "all exchanges";
	for (size_t i = 0; i < w->files; i++)
		for (size_t j = 0; j < w->files; j++)
			for (size_t k = 0; i != j && k < INCIDENTS; k++)
				send_shuffled(w, w->file[i], w->file[j], w->incident[k]);
	for (size_t i = 1; i < w->files; i++)
		check_pair(w, w->file[0], w->file[i]);
	for (size_t i = 0; i < w->files; i++) {
		FAIL_UNLESS(holds(w->file[i]));
		FAIL_UNLESS(raw_int(w->file[i]->path,
				    "SELECT count(*) FROM op r JOIN op o ON lower(hex(o.hash)) = json_extract(r.body, "
				    "'$.op') AND "
				    "o.entity = r.entity WHERE r.kind = 'op.redact' AND json_valid(r.body) AND o.body "
				    "IS NOT NULL AND o.kind <> 'op.redact'") == 0);
	}
}

static void run(uint64_t seed)
{
	static const usec skews[] = { 0, 0, 1, 5 * USEC_SEC, -5 * USEC_SEC, USEC_HOUR, -USEC_DAY, 3650 * USEC_DAY };
	struct world w = { .random = seed, .files = 2 };
	seed_now = seed;
	for (size_t i = 0; i < INCIDENTS; i++)
		w.incident[i] = new_id(&w);
	for (size_t i = 0; i < w.files; i++) {
		w.file[i] = file_open(i ? "second.db" : "first.db");
		w.file[i]->clock.fixed_wall += skews[below(&w, sizeof skews / sizeof *skews)];
	}
	w.stranger.host = new_id(&w);
	w.stranger.hlc = T0 + (int64_t)below(&w, 200) * USEC_SEC - 100 * USEC_SEC;
	open_incident(w.file[0], w.incident[0], "INC-2026-0001");
	open_incident(w.file[1], w.incident[1], "INC-2026-0001");
	if (below(&w, 2))
		exchange(&w, w.file[0], w.file[1], w.incident[0]);
	for (w.step = 0; w.step < STEPS; w.step++)
		step(&w);
	check(&w);
	for (size_t i = 0; i < w.files; i++) {
		file_remove(w.file[i]);
	}
}

int main(void)
{
	const char *s = getenv("SEED"), *r = getenv("RUNS");
	uint64_t seed = 0;
	if (s)
		seed = strtoull(s, NULL, 10);
	else
		MUST(getrandom(&seed, sizeof seed, 0) == (ssize_t)sizeof seed);
	long runs = r ? strtol(r, NULL, 10) : s ? 1 : RUNS;
	printf("1..1\n# SEED=%llu, %ld runs\n", (unsigned long long)seed, runs);
	fflush(stdout);
	for (long i = 0; i < runs; i++)
		run(seed + (uint64_t)i);
	printf("ok 1 - %ld runs end with the same state in every file\n", runs);
	return 0;
}
