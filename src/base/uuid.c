#include <string.h>
#include <sys/random.h>
#include <uuid/uuid.h>

#include "base/uuid.h"

/* libuuid asks the kernel five things for each; the ids of a bulk import are random all the same. */
uuid uuid_new(void)
{
	uuid u;

	if (getrandom(u.b, sizeof u.b, 0) != (ssize_t)sizeof u.b) {
		uuid_generate_random(u.b);
		return u;
	}
	u.b[6] = (uint8_t)((u.b[6] & 0x0f) | 0x40); /* version 4 */
	u.b[8] = (uint8_t)((u.b[8] & 0x3f) | 0x80); /* variant of RFC 4122 */
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
