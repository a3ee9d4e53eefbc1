/* capture.c - log and its relatives: what happens, as it happens. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "text/incident-json.h"
#include "verb/act.h"
#include "verb/gaps.h"
#include "verb/print.h"

static enum status need_text(struct ctx *c, const struct args *a)
{
	if (a->line.text[0])
		return ST_OK;
	return fail(c->err, ST_USAGE, "the line has no text: say what happened");
}

static enum status log_line(struct ctx *c, const struct args *a)
{
	uuid id;
	enum status st = act_event(c, &(struct event_new){ .kind = KIND_NOTE, .text = a->line.text, .line = &a->line, .at = act_time(c, a) }, &id);
	return st == ST_OK ? act_print_event(c, KIND_NOTE) : st;
}

/* "+ text" and the other signs: the verb they stand for does it. */
static enum status run_sign(struct ctx *c, const struct args *a)
{
	const struct verb *log = c->verb;
	c->verb = verb_find(a->line.verb);
	enum status st = c->verb->run(c, a);
	c->verb = log;
	return st;
}

/* ---- log - : lines of standard input ---------------------------------------------------------------------------------- */

#define BATCH 1000 /* lines of one transaction at most */

/* Lines read but not yet committed. A line longer than this is still one event: the buffer grows. */
struct feed { struct str in; size_t from, number; bool eof; };

static bool next_line(struct feed *f, char **line, size_t *n)
{
	char *start = f->in.s + f->from, *end = memchr(start, '\n', f->in.len - f->from);
	if (!end && !(f->eof && f->from < f->in.len))
		return false;
	*line = start;
	*n = end ? (size_t)(end - start) : f->in.len - f->from;
	f->from += *n + (end != NULL);
	if (*n && start[*n - 1] == '\r')
		--*n;
	f->number++;
	return true;
}

static enum status fill(struct ctx *c, struct feed *f)
{
	char chunk[1 << 16];
	memmove(f->in.s, f->in.s + f->from, f->in.len - f->from);
	str_cut(&f->in, f->in.len - f->from);
	f->from = 0;
	ssize_t n;
	while ((n = read(STDIN_FILENO, chunk, sizeof chunk)) < 0 && errno == EINTR)
		;
	if (n < 0)
		return fail(c->err, ST_IO, "standard input cannot be read: %s", strerror(errno));
	if (n == 0)
		f->eof = true;
	else
		str_add(&f->in, chunk, (size_t)n);
	return ST_OK;
}

/* Each line goes the way a line of the composer goes, without verbs. */
static enum status take_line(struct ctx *c, const char *text, size_t n)
{
	struct when_ctx w = act_when_ctx_now(c);
	struct args a = { .has_line = true };
	enum status st = line_parse(text, n, LINE_INPUT, &w, &a.line, c->err);
	if (act_needs_events(st, &a.line)) {
		line_clear(&a.line);
		w = verb_when_ctx(c);
		st = line_parse(text, n, LINE_INPUT, &w, &a.line, c->err);
	}
	if (st == ST_OK)
		st = act_line_time(c, &w, &a.line);
	if (st == ST_OK && a.line.verb)
		st = verb_log(c, &a);
	act_args_free(&a);
	return st;
}

static enum status feed_line(struct ctx *c, struct feed *f, const char *text, size_t n)
{
	enum status st = take_line(c, text, n);
	if (st == ST_OK || st == ST_IO)
		return st;
	struct err why = *c->err;
	return fail(c->err, st, "line %zu: %s; the lines before it are saved", f->number, why.text);
}

/* Nothing of a batch that failed is on disk: neither its ids are printed nor is it silent about where to go on. */
static enum status batch_failed(struct ctx *c, size_t first, size_t out, enum status st)
{
	struct err why = *c->err;
	str_cut(c->out, out);
	return first > 1 ? fail(c->err, st, "%s; lines 1 to %zu are saved", why.text, first - 1) : st;
}

static enum status feed_batch(struct ctx *c, struct feed *f)
{
	char *line;
	size_t n, taken = 0, first = f->number + 1, out = c->out->len;
	enum status st = act_begin(c);
	if (st == ST_OK)
		st = tx_incident(c->store, c->incident.entity, NULL, c->err);
	while (st == ST_OK && taken < BATCH && next_line(f, &line, &n)) {
		st = feed_line(c, f, line, n);
		taken += st == ST_OK;
	}
	if (st == ST_IO) {
		tx_rollback(c->store);
		return batch_failed(c, first, out, st);
	}
	struct err kept = *c->err; /* what is wrong with one line does not cost the others */
	enum status committed = tx_open(c->store) ? tx_commit(c->store, c->err) : st;
	if (committed != ST_OK)
		return batch_failed(c, first, out, committed);
	*c->err = kept;
	c->grp = (uuid){ { 0 } };
	return st == ST_OK ? act_write(c) : st;
}

static bool has_line(const struct feed *f)
{
	return memchr(f->in.s + f->from, '\n', f->in.len - f->from) || (f->eof && f->from < f->in.len);
}

static enum status log_input(struct ctx *c)
{
	if (c->composer)
		return fail(c->err, ST_USAGE, "the composer has no standard input: type the line");
	struct feed f = { .in = STR_INIT };
	tx_rollback(c->store); /* nothing may stay locked while the input is silent */
	enum status st = ST_OK;
	while (st == ST_OK && !f.eof) {
		st = fill(c, &f);
		while (st == ST_OK && has_line(&f)) {
			c->grp = (uuid){ { 0 } };
			st = feed_batch(c, &f);
		}
	}
	str_free(&f.in);
	return st;
}

enum status verb_log(struct ctx *c, const struct args *a)
{
	if (!a->has_line)
		return log_input(c);
	if (!a->line.slash && a->line.verb && strcmp(a->line.verb, c->verb->name) != 0)
		return run_sign(c, a);
	enum status st = need_text(c, a);
	return st == ST_OK ? log_line(c, a) : st;
}

/* ---- detail, good and bad ------------------------------------------------------------------------------------------- */

enum status verb_detail(struct ctx *c, const struct args *a)
{
	if (a->line.when.form != WHEN_NOTHING)
		return fail(c->err, ST_USAGE, "a detail has no time of its own: leave the time out, or use log");
	enum status st = need_text(c, a);
	if (st != ST_OK)
		return st;
	struct event e;
	bool own = q_event_last_recorded(c->store, c->incident.entity, c->author, &e, NULL) == ST_OK, taken;
	st = act_finding_detail(c, a, own ? e.hlc : INT64_MIN, &taken);
	if (st != ST_OK || taken) {
		if (own)
			event_clear(&e);
		return st;
	}
	if (!own && q_event_last_recorded(c->store, c->incident.entity, NULL, &e, NULL) != ST_OK)
		return fail(c->err, ST_NO, "there is no event yet to add detail to: log one first");
	char hex[33];
	str_hex(hex, e.entity.b, sizeof e.entity.b);
	for (size_t i = 0; i <= a->line.details && st == ST_OK; i++) {
		struct fields f = { 0 };
		fields_text(&f, "parent", hex);
		fields_int(&f, "ord", (int64_t)(e.details + i) + 1);
		fields_text(&f, "text", i ? a->line.detail[i - 1] : a->line.text);
		st = tx_op(c->store, "detail.new", uuid_new(), &f, c->err);
	}
	if (st == ST_OK)
		act_set_event(c, e.entity, e.occurred_at);
	enum kind kind = e.kind;
	event_clear(&e);
	return st == ST_OK ? act_print_event(c, kind) : st;
}

enum status verb_said(struct ctx *c, const struct args *a)
{
	enum status st = need_text(c, a);
	uuid id;
	usec at = act_time(c, a);
	if (st == ST_OK)
		st = act_event(c, &(struct event_new){ .kind = KIND_FINDING, .text = a->line.text, .line = &a->line, .at = at }, &id);
	if (st != ST_OK)
		return st;
	char hex[33];
	str_hex(hex, id.b, sizeof id.b);
	struct fields f = { 0 };
	fields_text(&f, "list", c->verb->data ? "went well" : "went badly");
	fields_text(&f, "text", a->line.text);
	fields_int(&f, "said_at", at);
	fields_text(&f, "event", hex);
	st = tx_op(c->store, "finding.new", uuid_new(), &f, c->err);
	return st == ST_OK ? act_print_event(c, KIND_FINDING) : st;
}

/* ---- milestones, updates -------------------------------------------------------------------------------------------- */

enum status verb_milestone(struct ctx *c, const struct args *a)
{
	uuid id;
	int m = c->verb->data;
	enum status st = act_event(c, &(struct event_new){ .kind = KIND_MILESTONE, .value = m, .text = a->line.text, .line = &a->line, .at = act_time(c, a) },
		&id);
	if (st != ST_OK)
		return st;
	if (m < MS_COUNT && c->incident.ms.at[m] != USEC_NONE && c->incident.ms.at[m] <= act_time(c, a))
		act_note(c, "%s is stamped already: the first one counts, this one is a plain event", milestone_name(m));
	st = act_print_event(c, KIND_MILESTONE);
	if (st == ST_OK && m >= MS_MITIGATED && m <= MS_CLOSED) {
		st = act_reload(c);
		if (st == ST_OK) /* known here and now: a document may not look at other incidents */
			st = act_stamp_budgets(c, false);
	}
	return st == ST_OK && m == MS_CLOSED ? gaps_note(c) : st;
}

enum status verb_update(struct ctx *c, const struct args *a)
{
	enum status st = need_text(c, a);
	uuid id;
	if (st == ST_OK)
		st = act_event(c, &(struct event_new){ .kind = KIND_UPDATE, .text = a->line.text, .line = &a->line, .at = act_time(c, a) }, &id);
	if (st == ST_OK)
		st = print_next_update(c, act_time(c, a));
	return st == ST_OK ? act_print_event(c, KIND_UPDATE) : st;
}

/* ---- tail ----------------------------------------------------------------------------------------------------------- */

static enum status print_events(struct ctx *c, const struct events *l, usec *day)
{
	enum status st = ST_OK;
	for (size_t i = 0; i < l->n && st == ST_OK;) {
		bool begun = store_read_begin(c->store);
		for (size_t end = i + 100; i < l->n && i < end; i++) {
			if (c->json) {
				json_event(c->store, c->out, &l->v[i]);
				str_addc(c->out, '\n');
			} else {
				print_event(c, &l->v[i], day);
			}
		}
		store_read_end(c->store, begun); /* nothing stays locked while a reader of ours takes its time */
		st = act_flush(c);
	}
	return st;
}

static enum status newest_row(struct ctx *c, int64_t *n)
{
	struct event newest;
	enum status st = q_event_last_recorded(c->store, c->incident.entity, NULL, &newest, c->err);
	*n = st == ST_OK ? newest.n : 0;
	if (st == ST_OK)
		event_clear(&newest);
	return st == ST_NO ? ST_OK : st;
}

/* Prints what arrived behind row *n and was not shown yet. *all: there is no more. A file that is locked just now is asked again: a
 * follower does not give up. */
static enum status arrived(struct ctx *c, const struct events *shown, int64_t *n, usec *day, bool *all)
{
	struct events l = { 0 };
	enum status st = q_events_arrived(c->store, c->incident.entity, *n, 500, &l, c->err);
	for (size_t i = 0; i < l.n && st == ST_OK; i++) {
		bool twice = false;
		for (size_t k = 0; k < shown->n && !twice; k++)
			twice = shown->v[k].n == l.v[i].n;
		if (!twice)
			st = print_events(c, &(struct events){ .v = &l.v[i], .n = 1 }, day);
		*n = l.v[i].n;
	}
	*all = st == ST_OK && l.n == 0;
	events_free(&l);
	return st == ST_IO && store_busy(c->store) ? ST_OK : st;
}

/* Follows by arrival, so that a backdated line shows too. Ends when the output does. */
static enum status follow(struct ctx *c, struct events *shown, int64_t n, usec *day)
{
	for (int64_t version = -1;;) {
		int64_t now = store_data_version(c->store), before = n;
		bool all = true;
		enum status st = now >= 0 && now == version ? ST_OK : arrived(c, shown, &n, day, &all);
		version = all ? now : -1;
		if (n != before)
			events_free(shown); /* only what came while they were read could come twice */
		if (st == ST_OK && c->out->len && c->write_out(c->write_arg, c->out->s, c->out->len) != 0)
			return ST_OK;
		str_reset(c->out);
		struct pollfd gone = { STDOUT_FILENO, 0, 0 };
		if (st != ST_OK || (poll(&gone, 1, n != before ? 0 : 100) > 0 && gone.revents & (POLLERR | POLLHUP | POLLNVAL)))
			return st;
	}
}

enum status verb_tail(struct ctx *c, const struct args *a)
{
	const char *count = args_opt(c->verb, a, "lines"), *bad = NULL;
	long n = count ? strtol(count, (char **)&bad, 10) : 10;
	if (count && (*bad || n < 0 || !*count))
		return fail(c->err, ST_USAGE, "-n %s: that is no number of lines: give one, as in -n 20", count);
	struct events l = { 0 };
	usec day = USEC_NONE;
	int64_t last; /* asked for first: what arrives in between comes twice rather than not at all */
	enum status st = newest_row(c, &last);
	if (st == ST_OK)
		st = q_events_before(c->store, c->incident.entity, event_key_last, (size_t)n, &l, c->err);
	if (st == ST_OK)
		st = print_events(c, &l, &day);
	if (st == ST_OK && args_opt(c->verb, a, "follow") && c->write_out)
		st = follow(c, &l, last, &day);
	events_free(&l);
	return st;
}
