/* tzif.c - TZif (RFC 8536, versions 1 to 4). */
#include "base/tzif.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define FAR ((int64_t)1 << 60) /* beyond every time tplus can hold; keeps sums of times and offsets from overflowing */

struct bytes {
	const uint8_t *p;
	size_t left;
};

struct counts {
	uint8_t version;
	uint32_t isut, isstd, leaps, times, types, chars;
};

static const uint8_t *take(struct bytes *b, uint64_t n)
{
	if (n > b->left)
		return NULL;
	const uint8_t *p = b->p;
	b->p += n;
	b->left -= (size_t)n;
	return p;
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t be_time(const uint8_t *p, size_t size)
{
	if (size == 4)
		return (int32_t)be32(p);
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

static bool read_header(struct bytes *b, struct counts *c)
{
	const uint8_t *p = take(b, 44);

	if (!p || memcmp(p, "TZif", 4) != 0)
		return false;
	*c = (struct counts){ p[4], be32(p + 20), be32(p + 24), be32(p + 28), be32(p + 32), be32(p + 36),
		be32(p + 40) };
	return true;
}

static uint64_t block_size(const struct counts *c, size_t time_size)
{
	return (uint64_t)c->times * (time_size + 1) + (uint64_t)c->types * 6 + c->chars +
	       (uint64_t)c->leaps * (time_size + 4) + c->isstd + c->isut;
}

/* Zones under "right/" count leap seconds, the system's clock does not: seconds to take off at time t. */
static int32_t leap_secs(const uint8_t *leaps, uint32_t n, size_t time_size, int64_t t)
{
	int32_t secs = 0;

	for (uint32_t i = 0; i < n; i++) {
		const uint8_t *p = leaps + (size_t)i * (time_size + 4);
		if (be_time(p, time_size) > t)
			break;
		secs = (int32_t)be32(p + time_size);
	}
	return secs > 3600 || secs < -3600 ? 0 : secs;
}

static bool read_types(struct tz_data *out, const uint8_t *p, const char *chars, size_t nchars)
{
	for (size_t i = 0; i < out->ntypes; i++, p += 6) {
		struct tz_type *t = &out->types[i];
		size_t at = p[5];

		t->offset = (int32_t)be32(p);
		if (t->offset < -89999 || t->offset > 93599 || p[4] > 1 || at >= nchars)
			return false;
		size_t len = strnlen(chars + at, nchars - at);
		if (at + len == nchars)
			return false;
		for (size_t k = 0; k < len; k++)
			if (chars[at + k] < ' ' || chars[at + k] > '~')
				return false;
		snprintf(t->abbr, sizeof t->abbr, "%.*s", (int)(sizeof t->abbr - 1), chars + at);
	}
	return true;
}

static bool read_times(struct tz_data *out, const uint8_t *times, const uint8_t *index, const uint8_t *leaps,
	uint32_t nleaps, size_t time_size)
{
	for (size_t i = 0; i < out->ntimes; i++) {
		int64_t t = be_time(times + i * time_size, time_size);

		t = t < -FAR ? -FAR : t > FAR ? FAR : t;
		t -= leap_secs(leaps, nleaps, time_size, t);
		if ((i > 0 && t <= out->at[i - 1]) || index[i] >= out->ntypes)
			return false;
		out->at[i] = t;
		out->type[i] = index[i];
	}
	return true;
}

static bool read_block(struct tz_data *out, struct bytes *b, const struct counts *c, size_t time_size, const char **why)
{
	*why = "is cut short";
	if (block_size(c, time_size) > b->left)
		return false;
	*why = "is damaged";
	if (c->types < 1 || c->types > 256 || c->chars < 1 || c->leaps > 1000 || (c->isut && c->isut != c->types) ||
		(c->isstd && c->isstd != c->types))
		return false;
	const uint8_t *times = take(b, (uint64_t)c->times * time_size);
	const uint8_t *index = take(b, c->times);
	const uint8_t *types = take(b, (uint64_t)c->types * 6);
	const uint8_t *chars = take(b, c->chars);
	const uint8_t *leaps = take(b, (uint64_t)c->leaps * (time_size + 4));
	take(b, (uint64_t)c->isstd + c->isut); /* these only served to read TZ strings without rules */

	out->ntimes = c->times;
	out->ntypes = c->types;
	out->types = xcalloc(c->types, sizeof *out->types);
	if (c->times) {
		out->at = xcalloc(c->times, sizeof *out->at);
		out->type = xcalloc(c->times, 1);
	}
	return read_types(out, types, (const char *)chars, c->chars) &&
	       read_times(out, times, index, leaps, c->leaps, time_size);
}

static bool read_footer(struct tz_data *out, struct bytes *b, const char **why)
{
	*why = "is cut short";
	const uint8_t *p = take(b, 1);
	if (!p)
		return false;
	const uint8_t *end = b->left ? memchr(b->p, '\n', b->left) : NULL;
	if (!end)
		return false;
	*why = "is damaged";
	if (*p != '\n')
		return false;
	size_t len = (size_t)(end - b->p);
	if (len == 0)
		return true;
	*why = "ends in a rule that is not understood";
	if (!tz_rule_read(&out->rule, (const char *)b->p, len))
		return false;
	if (len < sizeof out->footer)
		memcpy(out->footer, b->p, len);
	return true;
}

static bool read_all(struct tz_data *out, struct bytes *b, const char **why)
{
	struct counts c;

	*why = "is no TZif file";
	if (!read_header(b, &c))
		return false;
	if (c.version == 0)
		return read_block(out, b, &c, 4, why);
	if (c.version < '2')
		return false;
	*why = "is cut short";
	if (!take(b, block_size(&c, 4)) || !read_header(b, &c))
		return false;
	return read_block(out, b, &c, 8, why) && read_footer(out, b, why);
}

bool tzif_read(struct tz_data *out, const uint8_t *bytes, size_t n, const char **why)
{
	struct bytes b = { bytes, n };

	memset(out, 0, sizeof *out);
	if (read_all(out, &b, why))
		return true;
	tz_data_free(out);
	return false;
}

void tz_data_free(struct tz_data *d)
{
	free(d->at);
	free(d->type);
	free(d->types);
	memset(d, 0, sizeof *d);
}
