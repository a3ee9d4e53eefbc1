/* exchange.c - see exchange.h. The outer brackets of a file are read here, one byte at a time; what stands inside
 * them goes to jansson value by value, so that its checks (duplicate names, bad UTF-8, depth) hold everywhere and
 * no more than one op is in memory. */
#include "sync/exchange.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/query.h"

enum { BUFFER = 64 << 10, VALUE_MAX = 64 << 20, KEYS_MAX = 256, FORMAT_MAX = 1 };

struct reader {
	struct store *s;
	const struct exchange_source *from;
	struct exchange_count *count;
	struct err *err;
	enum status st; /* of reading: sticky */
	char *buf;
	size_t pos, len;
	long line; /* of the next byte */
	size_t taken; /* bytes of the value being read */
	bool one_incident; /* the object's incident is known */
	uuid incident;
};

/* ---- bytes ---- */

/* The next byte without taking it; -1 at the end and after an error. */
static int peek(struct reader *r)
{
	if (r->st != ST_OK)
		return -1;
	if (r->pos == r->len) {
		struct err why = { 0 };
		ssize_t n = r->from->read(r->from->arg, r->buf, BUFFER, &why);

		r->pos = 0;
		r->len = n > 0 ? (size_t)n : 0;
		if (n < 0)
			r->st = fail(r->err, ST_IO, "%s: %s", r->from->name, why.text);
		if (n <= 0)
			return -1;
	}
	return (unsigned char)r->buf[r->pos];
}

static int take(struct reader *r)
{
	int c = peek(r);

	if (c < 0)
		return c;
	r->pos++;
	r->line += c == '\n';
	return c;
}

/* The first byte that is no white space, not taken. */
static int skip_space(struct reader *r)
{
	int c = peek(r);

	while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
		take(r);
		c = peek(r);
	}
	return c;
}

static enum status bad(struct reader *r, long line, const char *what)
{
	if (r->st != ST_OK)
		return r->st;
	return r->st = fail(r->err, ST_USAGE, "%s:%ld: %s: nothing was imported; get a fresh copy of the export",
		       r->from->name, line, what);
}

static enum status expect(struct reader *r, int wanted, const char *what)
{
	if (skip_space(r) != wanted)
		return bad(r, r->line, what);
	take(r);
	return ST_OK;
}

/* ---- values ---- */

/* jansson asks for a buffer full; one byte at a time leaves the rest to us. */
static size_t feed(void *buffer, size_t n, void *arg)
{
	struct reader *r = arg;
	int c = r->taken < VALUE_MAX ? take(r) : -1;

	(void)n;
	if (c < 0)
		return 0;
	r->taken++;
	*(char *)buffer = (char)c;
	return 1;
}

static json_t *failed(struct reader *r, long first, const json_error_t *e)
{
	char what[JSON_ERROR_TEXT_LENGTH + 32];

	if (r->taken >= VALUE_MAX)
		bad(r, first, "a value of it is larger than 64 MiB");
	snprintf(what, sizeof what, "this is not JSON (%s)", e->text);
	bad(r, first + (e->line > 1 ? e->line - 1 : 0), what);
	return NULL;
}

/* Numbers, true, false, null end where the next byte does not belong to them, so they are cut out here. */
static json_t *read_word(struct reader *r)
{
	char word[64];
	size_t n = 0;
	json_error_t e;
	int c;

	while (n < sizeof word && (c = peek(r)) >= 0 &&
		(strchr("+-.", c) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == 'E'))
		word[n++] = (char)take(r);
	json_t *v = n && n < sizeof word ? json_loadb(word, n, JSON_DECODE_ANY, &e) : NULL;
	if (!v)
		bad(r, r->line, "this is not JSON (a value was expected)");
	return v;
}

static json_t *read_value(struct reader *r)
{
	int c = skip_space(r);
	json_error_t e;

	r->taken = 0;
	if (c < 0 || !strchr("{[\"", c))
		return read_word(r);
	long first = r->line;
	json_t *v = json_load_callback(feed, r, JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &e);
	return v ? v : failed(r, first, &e);
}

/* Walks an array without holding it; each value is the callee's to look at, not to keep. */
static enum status each_of_array(struct reader *r, enum status (*fn)(struct reader *r, json_t *v))
{
	enum status st = expect(r, '[', "a list was expected");

	if (st == ST_OK && skip_space(r) == ']') {
		take(r);
		return ST_OK;
	}
	while (st == ST_OK) {
		json_t *v = read_value(r);
		if (!v)
			return r->st;
		st = fn ? fn(r, v) : ST_OK;
		json_decref(v);
		int c = st == ST_OK ? skip_space(r) : -1;
		if (c == ']') {
			take(r);
			return ST_OK;
		}
		if (st == ST_OK)
			st = expect(r, ',', "this is not JSON (a comma or the end of a list was expected)");
	}
	return st;
}

/* ---- an incident ---- */

static void note_incident(struct reader *r, uuid incident)
{
	struct exchange_count *c = r->count;

	r->one_incident = true;
	r->incident = incident;
	for (size_t i = 0; i < c->incidents; i++)
		if (uuid_eq(c->incident[i], incident))
			return;
	c->incident = xgrow(c->incident, &c->cap, c->incidents + 1, sizeof *c->incident);
	c->incident[c->incidents++] = incident;
}

static enum status merge_value(struct reader *r, json_t *v)
{
	struct op o;
	struct err why = { 0 };
	enum status st =
		json_is_object(v)
			? op_from_json(v, &o, &why)
			: fail(&why, ST_NO, "an entry of the journal is no op: get a fresh copy of the export");

	if (st == ST_OK) {
		if (!r->one_incident)
			note_incident(r, o.incident);
		st = uuid_eq(r->incident, o.incident)
			     ? merge_op(r->s, &o, &r->count->ops, &why)
			     : fail(&why, ST_NO, "its journal mixes incidents: get a fresh copy of the export");
		op_clear(&o);
	}
	if (st != ST_OK)
		r->st = fail(r->err, st, "%s:%ld: %s", r->from->name, r->line, why.text);
	return st;
}

static enum status check_format(struct reader *r)
{
	json_t *v = read_value(r);
	json_int_t format = v ? json_integer_value(json_object_get(v, "format")) : 0;

	json_decref(v);
	if (!v)
		return r->st;
	if (format < 1)
		return bad(r, r->line, "\"tplus\" does not say which format this is");
	if (format > FORMAT_MAX)
		return r->st = fail(r->err, ST_CONFLICT,
			       "%s:%ld: was exported by a newer tplus (format %lld): upgrade tplus to import it",
			       r->from->name, r->line, (long long)format);
	return ST_OK;
}

static enum status skip_value(struct reader *r)
{
	if (skip_space(r) == '[')
		return each_of_array(r, NULL);
	json_t *v = read_value(r);
	json_decref(v);
	return v ? ST_OK : r->st;
}

struct keys {
	char *v[KEYS_MAX];
	size_t n;
	bool tplus, journal;
};

/* "name":, which must be new. NULL: r->st says why. */
static const char *read_key(struct reader *r, struct keys *k)
{
	if (skip_space(r) != '"') {
		bad(r, r->line, "this is not JSON (a name was expected)");
		return NULL;
	}
	json_t *v = read_value(r);
	if (!v)
		return NULL;
	for (size_t i = 0; i < k->n; i++)
		if (strcmp(k->v[i], json_string_value(v)) == 0)
			bad(r, r->line, "this is not JSON (a name stands there twice)");
	if (k->n == KEYS_MAX)
		bad(r, r->line, "this is no export of tplus");
	if (r->st == ST_OK)
		k->v[k->n++] = xstrdup(json_string_value(v));
	json_decref(v);
	if (r->st == ST_OK)
		expect(r, ':', "this is not JSON (a colon was expected)");
	return r->st == ST_OK ? k->v[k->n - 1] : NULL;
}

static enum status read_pair(struct reader *r, struct keys *k)
{
	const char *name = read_key(r, k);

	if (!name)
		return r->st;
	if (strcmp(name, "tplus") == 0) {
		k->tplus = true;
		return check_format(r);
	}
	if (strcmp(name, "journal") == 0) {
		k->journal = true;
		return each_of_array(r, merge_value);
	}
	return skip_value(r);
}

static enum status read_pairs(struct reader *r, struct keys *k)
{
	enum status st = expect(r, '{', "this is no export of tplus (an object was expected)");

	if (st == ST_OK && skip_space(r) == '}') {
		take(r);
		return ST_OK;
	}
	while (st == ST_OK) {
		st = read_pair(r, k);
		if (st == ST_OK && skip_space(r) == '}') {
			take(r);
			return ST_OK;
		}
		if (st == ST_OK)
			st = expect(r, ',', "this is not JSON (a comma or the end of an object was expected)");
	}
	return st;
}

static enum status read_incident(struct reader *r)
{
	struct keys *k = xcalloc(1, sizeof *k);

	r->one_incident = false;
	skip_space(r);
	long first = r->line;
	enum status st = read_pairs(r, k);
	if (st == ST_OK && (!k->tplus || !k->journal))
		st = bad(r, first, "this JSON is no export of tplus (\"tplus\" or \"journal\" is missing)");
	else if (st == ST_OK && !r->one_incident)
		st = bad(r, first, "its journal is empty");
	for (size_t i = 0; i < k->n; i++)
		free(k->v[i]);
	free(k);
	return st;
}

/* ---- a file ---- */

static enum status read_list(struct reader *r)
{
	take(r);
	enum status st = read_incident(r);
	while (st == ST_OK) {
		int c = skip_space(r);
		take(r);
		if (c == ']')
			return ST_OK;
		st = c == ',' ? read_incident(r)
			      : bad(r, r->line, "this is not JSON (a comma or the end of a list was expected)");
	}
	return st;
}

static void skip_mark(struct reader *r)
{
	static const int mark[] = { 0xef, 0xbb, 0xbf };

	for (int i = 0; i < 3 && peek(r) == mark[i]; i++)
		take(r);
}

static enum status read_file(struct reader *r)
{
	skip_mark(r);
	if (skip_space(r) < 0)
		return bad(r, r->line, "the file is empty");
	enum status st = ST_OK;
	while (st == ST_OK && skip_space(r) >= 0)
		st = peek(r) == '[' ? read_list(r) : read_incident(r);
	return st == ST_OK ? r->st : st;
}

/* ---- chains without gaps ---- */

/* A journal with ops missing would verify nowhere: the store that took it in would be spoilt for good. */
struct chain {
	const char *name;
	struct err *err;
	uuid host;
	int64_t seq;
	uint8_t (*hash)[OP_HASH]; /* those at seq - 1 and, from before on, at seq: forks have several */
	size_t before, here, cap;
};

static bool continues(const struct chain *c, const struct op *o)
{
	static const uint8_t zeros[OP_HASH];

	if (o->seq == 1)
		return memcmp(o->prev, zeros, OP_HASH) == 0;
	for (size_t i = 0; i < c->before; i++)
		if (memcmp(c->hash[i], o->prev, OP_HASH) == 0)
			return true;
	return false;
}

static enum status check_link(void *arg, const struct op *o)
{
	struct chain *c = arg;

	if (c->seq == 0 || !uuid_eq(c->host, o->host)) {
		c->host = o->host;
		c->seq = 0;
		c->before = c->here = 0;
	}
	if (o->seq != c->seq) {
		bool adjoins = o->seq == c->seq + 1;

		if (adjoins && c->before)
			memmove(c->hash, c->hash + c->before, c->here * sizeof *c->hash);
		c->before = adjoins ? c->here : 0;
		c->here = 0;
		c->seq = o->seq;
	}
	if (!continues(c, o))
		return fail(c->err, ST_NO,
			"%s: its journal has a gap before op %lld (%s): nothing was imported; get a fresh copy of the "
			"export",
			c->name, (long long)o->seq, o->kind);
	c->hash = xgrow(c->hash, &c->cap, c->before + c->here + 1, sizeof *c->hash);
	memcpy(c->hash[c->before + c->here++], o->hash, OP_HASH);
	return ST_OK;
}

static enum status check_chains(struct store *s, const char *name, const struct exchange_count *count, struct err *err)
{
	enum status st = ST_OK;

	for (size_t i = 0; i < count->incidents && st == ST_OK; i++) {
		struct chain c = { .name = name, .err = err };
		st = q_ops_each(s, count->incident[i], check_link, &c, err);
		free(c.hash);
	}
	return st;
}

enum status exchange_merge(
	struct store *s, const struct exchange_source *from, struct exchange_count *count, struct err *err)
{
	struct reader r = { .s = s, .from = from, .count = count, .err = err, .buf = xmalloc(BUFFER), .line = 1 };
	enum status st = read_file(&r);

	free(r.buf);
	if (st == ST_OK && count->ops.added)
		st = check_chains(s, from->name, count, err);
	return st == ST_OK ? merge_finish(s, err) : st;
}

enum status exchange_import(struct store *s, const struct tx_opts *tx, const struct exchange_source *from,
	struct exchange_count *count, struct err *err)
{
	enum status st = tx_begin(s, tx, err);

	if (st != ST_OK)
		return st;
	st = exchange_merge(s, from, count, err);
	if (st == ST_OK)
		return tx_commit(s, err);
	tx_rollback(s);
	return st;
}

/* ---- sources ---- */

static ssize_t read_fd(void *arg, char *buf, size_t n, struct err *err)
{
	const int *fd = arg;
	ssize_t got;

	do
		got = read(*fd, buf, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		fail(err, ST_IO, "it cannot be read: %s", strerror(errno));
	return got;
}

struct exchange_source exchange_fd(int *fd, const char *name)
{
	return (struct exchange_source){ .read = read_fd, .arg = fd, .name = name };
}

static ssize_t read_text(void *arg, char *buf, size_t n, struct err *err)
{
	struct exchange_text *t = arg;

	(void)err;
	n = n < t->n ? n : t->n;
	memcpy(buf, t->s, n);
	t->s += n;
	t->n -= n;
	return (ssize_t)n;
}

struct exchange_source exchange_text(struct exchange_text *text, const char *name)
{
	return (struct exchange_source){ .read = read_text, .arg = text, .name = name };
}

void exchange_count_free(struct exchange_count *c)
{
	free(c->incident);
	*c = (struct exchange_count){ 0 };
}

bool exchange_looks(const char *s, size_t n)
{
	size_t i = n >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (i < n && strchr(" \t\r\n", s[i]))
		i++;
	return i < n && (s[i] == '{' || s[i] == '[');
}
