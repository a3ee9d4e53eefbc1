/* fields.c - the fields an op writes, and their canonical JSON. Frozen, see op.h. */
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "store/op.h"

#define INT_LIMIT (((int64_t)1 << 53) - 1)

bool val_eq(const struct val *a, const struct val *b)
{
	if (a->type != b->type)
		return false;
	if (a->type == VAL_INT)
		return a->i == b->i;
	return a->type == VAL_NULL || (a->n == b->n && memcmp(a->s, b->s, a->n) == 0);
}

static struct val *slot(struct fields *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->v[i].name, name) == 0) {
			free(f->v[i].val.s);
			f->v[i].val = (struct val){ 0 };
			return &f->v[i].val;
		}
	f->v = xgrow(f->v, &f->cap, f->n + 1, sizeof *f->v);
	f->v[f->n] = (struct field_val){ .name = xstrdup(name) };
	return &f->v[f->n++].val;
}

void fields_int(struct fields *f, const char *name, int64_t i)
{
	*slot(f, name) = (struct val){ .type = VAL_INT, .i = i };
}

void fields_bytes(struct fields *f, const char *name, const char *s, size_t n)
{
	char *copy = xmalloc(n + 1); /* the bytes may hold NULs */
	if (n)
		memcpy(copy, s, n);
	copy[n] = '\0';
	*slot(f, name) = (struct val){ .type = VAL_TEXT, .s = copy, .n = n };
}

void fields_text(struct fields *f, const char *name, const char *s)
{
	if (s)
		fields_bytes(f, name, s, strlen(s));
	else
		fields_null(f, name);
}

void fields_null(struct fields *f, const char *name)
{
	slot(f, name);
}

void fields_val(struct fields *f, const char *name, const struct val *v)
{
	if (v->type == VAL_TEXT)
		fields_bytes(f, name, v->s, v->n);
	else if (v->type == VAL_INT)
		fields_int(f, name, v->i);
	else
		fields_null(f, name);
}

const struct val *fields_get(const struct fields *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->v[i].name, name) == 0)
			return &f->v[i].val;
	return NULL;
}

void fields_free(struct fields *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->v[i].name);
		free(f->v[i].val.s);
	}
	free(f->v);
	*f = (struct fields){ 0 };
}

/* Short escapes where JSON has them, lower-case \u00xx for the other controls, everything else as it is. */
static void canonical_utf8(struct str *out, const char *s, size_t n)
{
	static const char shorts[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
	str_addc(out, '"');
	size_t from = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		str_add(out, s + from, i - from);
		from = i + 1;
		const char *p = strchr(shorts, c);
		if (c && p)
			str_addf(out, "\\%c", names[p - shorts]);
		else
			str_addf(out, "\\u%04x", c);
	}
	str_add(out, s + from, n - from);
	str_addc(out, '"');
}

void json_canonical_text(struct str *out, const char *s, size_t n)
{
	if (!memchr(s, 0, n) && utf8_valid(s, n)) {
		canonical_utf8(out, s, n);
		return;
	}
	size_t size = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_ORIGINAL);
	char *b64 = xmalloc(size);
	sodium_bin2base64(b64, size, (const unsigned char *)s, n, sodium_base64_VARIANT_ORIGINAL);
	str_addf(out, "{\"$bytes\":\"%s\"}", b64);
	free(b64);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct field_val *)a)->name, ((const struct field_val *)b)->name);
}

enum status fields_encode(struct fields *f, struct str *out, struct err *err)
{
	size_t start = out->len;
	if (f->n)
		qsort(f->v, f->n, sizeof *f->v, by_name);
	str_addc(out, '{');
	for (size_t i = 0; i < f->n; i++) {
		const struct val *v = &f->v[i].val;
		if (!utf8_valid(f->v[i].name, strlen(f->v[i].name)))
			return fail(err, ST_NO, "a field's name is no UTF-8: name it in UTF-8");
		if (i)
			str_addc(out, ',');
		canonical_utf8(out, f->v[i].name, strlen(f->v[i].name));
		str_addc(out, ':');
		if (v->type == VAL_NULL) {
			str_adds(out, "null");
		} else if (v->type == VAL_TEXT) {
			if (v->n > OP_TEXT_MAX)
				return fail(err, ST_NO, "%s has %zu bytes, one text holds at most 1 MiB: shorten it or split it",
					f->v[i].name, v->n);
			json_canonical_text(out, v->s, v->n);
		} else {
			if (v->i > INT_LIMIT || v->i < -INT_LIMIT)
				return fail(err, ST_NO, "%s: %lld is out of range: use a smaller number", f->v[i].name,
					(long long)v->i);
			str_addf(out, "%lld", (long long)v->i);
		}
	}
	str_addc(out, '}');
	if (out->len - start > OP_BODY_MAX)
		return fail(err, ST_NO, "the change has more than 8 MiB: split it");
	return ST_OK;
}

static enum status decode_bytes(struct fields *out, const char *name, const json_t *object)
{
	const json_t *b = json_object_get(object, "$bytes");
	const char *b64 = json_string_value(b);
	if (!b64 || json_object_size(object) != 1)
		return ST_NO;
	size_t max = strlen(b64) / 4 * 3 + 3, n = 0;
	unsigned char *bin = xmalloc(max);
	if (sodium_base642bin(bin, max, b64, strlen(b64), NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0) {
		free(bin);
		return ST_NO;
	}
	fields_bytes(out, name, (char *)bin, n);
	free(bin);
	return ST_OK;
}

static enum status decode_value(struct fields *out, const char *name, const json_t *v)
{
	if (json_is_null(v))
		fields_null(out, name);
	else if (json_is_integer(v))
		fields_int(out, name, json_integer_value(v));
	else if (json_is_string(v))
		fields_bytes(out, name, json_string_value(v), json_string_length(v));
	else if (json_is_object(v))
		return decode_bytes(out, name, v);
	else
		return ST_NO;
	return ST_OK;
}

enum status fields_decode(const char *json, size_t n, struct fields *out, struct err *err)
{
	json_error_t je;
	json_t *root = json_loadb(json, n, JSON_REJECT_DUPLICATES, &je);
	if (!json_is_object(root)) {
		json_decref(root);
		return fail(err, ST_NO, "an op's body is no JSON object: the journal entry is damaged");
	}
	enum status st = ST_OK;
	const char *name;
	json_t *v;
	json_object_foreach (root, name, v) {
		if (decode_value(out, name, v) != ST_OK) {
			st = fail(err, ST_NO, "an op's field %s holds a value of no known shape: the journal entry is damaged",
				name);
			break;
		}
	}
	json_decref(root);
	if (st != ST_OK)
		fields_free(out);
	return st;
}

enum status saw_decode(const char *json, struct saw *out, struct err *err)
{
	*out = (struct saw){ 0 };
	json_error_t je;
	json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &je);
	if (!json_is_object(root)) {
		json_decref(root);
		return fail(err, ST_NO, "what an op saw is no JSON object: the journal entry is damaged");
	}
	out->v = xcalloc(json_object_size(root) + 1, sizeof *out->v);
	const char *name;
	json_t *heads;
	json_object_foreach (root, name, heads) {
		struct saw_field *f = &out->v[out->n++];
		f->name = xstrdup(name);
		f->head = xcalloc(json_array_size(heads) + 1, sizeof *f->head);
		for (size_t i = 0; i < json_array_size(heads); i++) {
			const char *h = json_string_value(json_array_get(heads, i));
			if (h && strlen(h) == OP_SAW_DIGITS)
				memcpy(f->head[f->heads++], h, OP_SAW_DIGITS);
		}
	}
	json_decref(root);
	return ST_OK;
}

const struct saw_field *saw_get(const struct saw *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->v[i].name, name) == 0)
			return &s->v[i];
	return NULL;
}

void saw_free(struct saw *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->v[i].name);
		free(s->v[i].head);
	}
	free(s->v);
	*s = (struct saw){ 0 };
}
