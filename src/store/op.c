/* op.c - the op's hashing and JSON. Frozen, see op.h. */
#include "store/op.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void op_clear(struct op *o)
{
	free(o->zone);
	free(o->author);
	free(o->kind);
	free(o->saw);
	free(o->body);
	memset(o, 0, sizeof *o);
}

void op_digest(const uint8_t salt[OP_SALT], const char *body, size_t n, uint8_t out[OP_HASH])
{
	crypto_hash_sha256_state st;
	crypto_hash_sha256_init(&st);
	crypto_hash_sha256_update(&st, salt, OP_SALT);
	crypto_hash_sha256_update(&st, (const unsigned char *)body, n);
	crypto_hash_sha256_final(&st, out);
}

/* One column: NULL 00, INTEGER 01 + 8 bytes, TEXT 02 / BLOB 03 + 4-byte length + bytes; big-endian. */
static void hash_null(crypto_hash_sha256_state *st)
{
	crypto_hash_sha256_update(st, (const unsigned char *)"\0", 1);
}

static void hash_int(crypto_hash_sha256_state *st, int64_t v)
{
	unsigned char b[9] = { 1 };
	for (int i = 0; i < 8; i++)
		b[1 + i] = (unsigned char)((uint64_t)v >> (56 - 8 * i));
	crypto_hash_sha256_update(st, b, sizeof b);
}

static void hash_bytes(crypto_hash_sha256_state *st, unsigned char tag, const void *p, size_t n)
{
	unsigned char b[5] = { tag, (unsigned char)(n >> 24), (unsigned char)(n >> 16), (unsigned char)(n >> 8),
		(unsigned char)n };
	crypto_hash_sha256_update(st, b, sizeof b);
	crypto_hash_sha256_update(st, p, n);
}

static void hash_blob(crypto_hash_sha256_state *st, const void *p, size_t n)
{
	hash_bytes(st, 3, p, n);
}

static void hash_text(crypto_hash_sha256_state *st, const char *s)
{
	hash_bytes(st, 2, s, strlen(s));
}

void op_hash(const struct op *o, uint8_t out[OP_HASH])
{
	crypto_hash_sha256_state st;
	crypto_hash_sha256_init(&st);
	crypto_hash_sha256_update(&st, (const unsigned char *)"tplus1", 6);
	hash_blob(&st, o->incident.b, sizeof o->incident.b);
	hash_blob(&st, o->host.b, sizeof o->host.b);
	hash_int(&st, o->seq);
	hash_blob(&st, o->prev, OP_HASH);
	hash_int(&st, o->hlc);
	hash_int(&st, o->wall_us);
	hash_text(&st, o->zone);
	hash_int(&st, o->utcoff_s);
	if (o->has_boot)
		hash_blob(&st, o->boot_id.b, sizeof o->boot_id.b);
	else
		hash_null(&st);
	if (o->boottime_us != USEC_NONE)
		hash_int(&st, o->boottime_us);
	else
		hash_null(&st);
	hash_text(&st, o->author);
	hash_blob(&st, o->grp.b, sizeof o->grp.b);
	hash_blob(&st, o->entity.b, sizeof o->entity.b);
	hash_text(&st, o->kind);
	hash_int(&st, o->v);
	hash_text(&st, o->saw);
	hash_blob(&st, o->digest, OP_HASH);
	crypto_hash_sha256_final(&st, out);
}

bool op_sound(const struct op *o)
{
	uint8_t h[OP_HASH];
	op_hash(o, h);
	if (memcmp(h, o->hash, OP_HASH) != 0)
		return false;
	if (!o->has_body)
		return true;
	op_digest(o->salt, o->body, strlen(o->body), h);
	return memcmp(h, o->digest, OP_HASH) == 0;
}

bool op_kind_is(const struct op *o, const char *verb)
{
	const char *dot = strrchr(o->kind, '.');
	return dot && strcmp(dot + 1, verb) == 0;
}

void op_type(const struct op *o, char *out, size_t size)
{
	const char *dot = strrchr(o->kind, '.');
	size_t n = dot ? (size_t)(dot - o->kind) : strlen(o->kind);
	if (n >= size)
		n = size - 1;
	memcpy(out, o->kind, n);
	out[n] = '\0';
}
