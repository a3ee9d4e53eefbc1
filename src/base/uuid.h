/* uuid.h - 16 byte identities (RFC 9562, made by libuuid): version 4 from the system's random source, version 5 from
 * a name, so that the same thing named on two hosts is one entity. */
#ifndef TPLUS_BASE_UUID_H
#define TPLUS_BASE_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct { uint8_t b[16]; } uuid;

uuid uuid_new(void);
uuid uuid_named(uuid space, const char *name, size_t n);
bool uuid_eq(uuid a, uuid b);
bool uuid_is_zero(uuid u);

#endif
