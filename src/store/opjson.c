/* opjson.c - an op as a JSON object: how ops travel between files. Column names are the journal's; binary is lower-case hex; body and saw are
 * the canonical texts themselves, as strings, so that no reader can reorder what was hashed. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "store/op.h"

static void add_hex(struct str *out, const char *name, const uint8_t *bytes, size_t n)
{
	char hex[2 * OP_HASH + 1];
	str_hex(hex, bytes, n);
	str_addf(out, ",\"%s\":\"%s\"", name, hex);
}

/* Characters that must not reach a terminal become escapes: who parses the JSON gets the same text. */
static void add_escaped(struct str *out, const struct str *b)
{
	for (size_t i = 0, len; i < b->len; i += len) {
		uint32_t cp;
		len = utf8_next(b->s + i, b->len - i, &cp);
		if (cp < 0x7f || !san_needed(b->s + i, len, SAN_DOCUMENT))
			str_add(out, b->s + i, len);
		else if (cp > 0xffff)
			str_addf(out, "\\u%04x\\u%04x", (unsigned)(0xd800 + ((cp - 0x10000) >> 10)), (unsigned)(0xdc00 + (cp & 0x3ff)));
		else
			str_addf(out, "\\u%04x", (unsigned)cp);
	}
}

static void add_text(struct str *out, const char *name, const char *s)
{
	struct str b = STR_INIT;
	json_canonical_text(&b, s, strlen(s));
	str_addf(out, ",\"%s\":", name);
	if (san_needed(b.s, b.len, SAN_DOCUMENT))
		add_escaped(out, &b);
	else
		str_add(out, b.s, b.len);
	str_free(&b);
}

static void add_int(struct str *out, const char *name, int64_t i)
{
	str_addf(out, ",\"%s\":%lld", name, (long long)i);
}

void op_to_json(const struct op *o, struct str *out)
{
	char hex[33];
	str_hex(hex, o->incident.b, sizeof o->incident.b);
	str_addf(out, "{\"incident\":\"%s\"", hex);
	add_hex(out, "host", o->host.b, sizeof o->host.b);
	add_int(out, "seq", o->seq);
	add_hex(out, "prev", o->prev, OP_HASH);
	add_int(out, "hlc", o->hlc);
	add_int(out, "wall_us", o->wall_us);
	add_text(out, "zone", o->zone);
	add_int(out, "utcoff_s", o->utcoff_s);
	if (o->has_boot)
		add_hex(out, "boot_id", o->boot_id.b, sizeof o->boot_id.b);
	else
		str_adds(out, ",\"boot_id\":null");
	if (o->boottime_us != USEC_NONE)
		add_int(out, "boottime_us", o->boottime_us);
	else
		str_adds(out, ",\"boottime_us\":null");
	add_text(out, "author", o->author);
	add_hex(out, "grp", o->grp.b, sizeof o->grp.b);
	add_hex(out, "entity", o->entity.b, sizeof o->entity.b);
	add_text(out, "kind", o->kind);
	add_int(out, "v", o->v);
	add_text(out, "saw", o->saw);
	add_hex(out, "digest", o->digest, OP_HASH);
	if (o->has_body) {
		add_hex(out, "salt", o->salt, OP_SALT);
		add_text(out, "body", o->body);
	} else {
		str_adds(out, ",\"salt\":null,\"body\":null");
	}
	add_hex(out, "hash", o->hash, OP_HASH);
	str_addc(out, '}');
}

static bool get_hex(const json_t *o, const char *name, uint8_t *out, size_t n)
{
	const char *s = json_string_value(json_object_get(o, name));
	return s && str_unhex(out, n, s);
}

static bool get_int(const json_t *o, const char *name, int64_t *out)
{
	const json_t *v = json_object_get(o, name);
	*out = json_integer_value(v);
	return json_is_integer(v);
}

/* Author and zone may be bytes that are no UTF-8 on some systems: then they travel as $bytes, like any text. */
static bool get_text(const json_t *o, const char *name, char **out)
{
	const json_t *v = json_object_get(o, name);
	if (json_is_string(v)) {
		*out = xstrndup(json_string_value(v), json_string_length(v));
		return strlen(*out) == json_string_length(v);
	}
	char *dump = json_is_object(v) ? json_dumps(v, 0) : NULL;
	char *wrapped = dump ? str_fmt("{\"x\":%s}", dump) : NULL;
	struct fields f = { 0 };
	bool good = wrapped && fields_decode(wrapped, strlen(wrapped), &f, NULL) == ST_OK && f.v[0].val.type == VAL_TEXT;
	if (good)
		*out = xstrdup(f.v[0].val.s);
	fields_free(&f);
	free(wrapped);
	free(dump);
	return good;
}

static bool get_nullable(const json_t *o, struct op *out)
{
	const json_t *boot = json_object_get(o, "boot_id"), *since = json_object_get(o, "boottime_us"), *body = json_object_get(o, "body");
	out->has_boot = !json_is_null(boot);
	out->boottime_us = USEC_NONE;
	out->has_body = !json_is_null(body);
	if (!boot || !since || !body)
		return false;
	if (out->has_boot && !get_hex(o, "boot_id", out->boot_id.b, sizeof out->boot_id.b))
		return false;
	if (!json_is_null(since) && !get_int(o, "boottime_us", &out->boottime_us))
		return false;
	return !out->has_body || (get_text(o, "body", &out->body) && get_hex(o, "salt", out->salt, OP_SALT));
}

enum status op_from_json(const void *json_object, struct op *out, struct err *err)
{
	const json_t *o = json_object;
	int64_t utcoff = 0;
	memset(out, 0, sizeof *out);
	bool good = get_hex(o, "incident", out->incident.b, sizeof out->incident.b) && get_hex(o, "host", out->host.b, sizeof out->host.b) &&
		get_int(o, "seq", &out->seq) && get_hex(o, "prev", out->prev, OP_HASH) && get_int(o, "hlc", &out->hlc) &&
		get_int(o, "wall_us", &out->wall_us) && get_text(o, "zone", &out->zone) && get_int(o, "utcoff_s", &utcoff) &&
		get_text(o, "author", &out->author) && get_hex(o, "grp", out->grp.b, sizeof out->grp.b) &&
		get_hex(o, "entity", out->entity.b, sizeof out->entity.b) && get_text(o, "kind", &out->kind) && get_int(o, "v", &out->v) &&
		get_text(o, "saw", &out->saw) && get_hex(o, "digest", out->digest, OP_HASH) && get_hex(o, "hash", out->hash, OP_HASH) &&
		utcoff >= -100000 && utcoff <= 100000 && get_nullable(o, out);
	if (!good) {
		op_clear(out);
		return fail(err, ST_NO, "an entry of the journal is no op: columns are missing or not readable");
	}
	out->utcoff_s = (int)utcoff;
	return ST_OK;
}
