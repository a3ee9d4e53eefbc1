/* op.h - the op: one entry of the journal. FROZEN: the columns, their order, the encoding and the canonical JSON can never change, because
 * every hash ever written depends on them. DESIGN section 7; tplus-journal.5 spells it out. */
#ifndef TPLUS_STORE_OP_H
#define TPLUS_STORE_OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "base/uuid.h"

enum { OP_HASH = 32, OP_SALT = 16, OP_SAW_DIGITS = 32, OP_VERSION = 1 };
#define OP_TEXT_MAX ((size_t)1 << 20) /* bytes of one text value */
#define OP_BODY_MAX ((size_t)8 << 20) /* bytes of a body */

/* Heap strings belong to the op; op_clear frees them. */
struct op {
	uuid incident, host;
	int64_t seq;             /* 1, 2, 3 … within (incident, host) */
	uint8_t prev[OP_HASH];   /* hash of seq - 1; zeros before the first */
	int64_t hlc, wall_us;    /* hybrid logical clock and the writer's wall clock, µs */
	char *zone;              /* the writer's zone */
	int utcoff_s;
	bool has_boot;
	uuid boot_id;
	int64_t boottime_us;     /* USEC_NONE: null */
	char *author;
	uuid grp, entity;
	char *kind;              /* TYPE.new set hide show, op.redact, grp.undo, host.new */
	int64_t v;
	char *saw;               /* canonical JSON */
	uint8_t digest[OP_HASH];
	bool has_body;           /* false: redacted */
	uint8_t salt[OP_SALT];
	char *body;              /* canonical JSON; may not hold NUL */
	uint8_t hash[OP_HASH];
};

void op_clear(struct op *o);
void op_digest(const uint8_t salt[OP_SALT], const char *body, size_t n, uint8_t out[OP_HASH]); /* SHA-256(salt ‖ body) */
void op_hash(const struct op *o, uint8_t out[OP_HASH]); /* SHA-256("tplus1" ‖ the columns incident … digest) */
bool op_sound(const struct op *o); /* hash and, if there is a body, digest are right */

/* The kind's two halves. */
bool op_kind_is(const struct op *o, const char *verb);  /* "new": event.new, action.new … */
void op_type(const struct op *o, char *out, size_t size); /* "event"; cut to size */

/* A value of a field. Text is bytes; canonical JSON carries what is no UTF-8, or holds NUL, as {"$bytes": base64}. */
enum val_type { VAL_NULL, VAL_INT, VAL_TEXT };
struct val { enum val_type type; int64_t i; char *s; size_t n; };
bool val_eq(const struct val *a, const struct val *b);

/* The fields one op writes. Sorted bytewise by name when encoded; a name written twice keeps the last value. Owns names and values. */
struct field_val { char *name; struct val val; };
struct fields { struct field_val *v; size_t n, cap; };
void fields_int(struct fields *f, const char *name, int64_t i);
void fields_text(struct fields *f, const char *name, const char *s);  /* NULL is null */
void fields_bytes(struct fields *f, const char *name, const char *s, size_t n);
void fields_null(struct fields *f, const char *name);
void fields_val(struct fields *f, const char *name, const struct val *v); /* copies */
const struct val *fields_get(const struct fields *f, const char *name);   /* NULL: not written */
void fields_free(struct fields *f);

/* Canonical JSON of fields, and back. Encoding refuses (ST_NO) integers beyond ±(2^53−1), texts over OP_TEXT_MAX and bodies over OP_BODY_MAX;
 * decoding accepts canonical JSON only as far as it must: any JSON object of strings, integers, null and $bytes. */
enum status fields_encode(struct fields *f, struct str *out, struct err *err);
enum status fields_decode(const char *json, size_t n, struct fields *out, struct err *err);
void json_canonical_text(struct str *out, const char *s, size_t n); /* one JSON string (or $bytes object) */

/* saw: {field: [32 hex digits …]}. */
struct saw_field { char *name; char (*head)[OP_SAW_DIGITS + 1]; size_t heads; };
struct saw { struct saw_field *v; size_t n; };
enum status saw_decode(const char *json, struct saw *out, struct err *err);
const struct saw_field *saw_get(const struct saw *s, const char *name);
void saw_free(struct saw *s);

/* An op as one JSON object (the "journal" of export -f json): binary columns in lower-case hex, body as the canonical text itself. */
void op_to_json(const struct op *o, struct str *out);
enum status op_from_json(const void *json_object /* json_t * */, struct op *out, struct err *err);

#endif
