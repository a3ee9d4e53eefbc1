#include <string.h>
#include <uuid/uuid.h>

#include "base/uuid.h"

uuid uuid_new(void)
{
	uuid u;

	uuid_generate_random(u.b);
	return u;
}

uuid uuid_named(uuid space, const char *name, size_t n)
{
	uuid u;

	uuid_generate_sha1(u.b, space.b, name, n);
	return u;
}

bool uuid_eq(uuid a, uuid b)
{
	return memcmp(a.b, b.b, sizeof a.b) == 0;
}

bool uuid_is_zero(uuid u)
{
	static const uuid zero;

	return uuid_eq(u, zero);
}
