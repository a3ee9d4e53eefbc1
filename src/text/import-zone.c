/* import-zone.c - zones as documents write them: UTC, MSK (UTC+3), Europe/Berlin. */
#include "text/import-read.h"

#include <stdio.h>
#include <string.h>

/* ---- zones
 * ---------------------------------------------------------------------------------------------------------- */

/* Abbreviations that mean one thing nearly everywhere; hours is the offset they stand for. */
static const struct {
	const char *abbr;
	int minutes;
	const char *zone;
} zones[] = {
	{ "UTC", 0, "UTC" },
	{ "GMT", 0, "UTC" },
	{ "MSK", 180, "Europe/Moscow" },
	{ "CET", 60, "Europe/Berlin" },
	{ "CEST", 120, "Europe/Berlin" },
	{ "EET", 120, "Europe/Helsinki" },
	{ "EEST", 180, "Europe/Helsinki" },
	{ "BST", 60, "Europe/London" },
	{ "EST", -300, "America/New_York" },
	{ "EDT", -240, "America/New_York" },
	{ "CST", -360, "America/Chicago" },
	{ "CDT", -300, "America/Chicago" },
	{ "MST", -420, "America/Denver" },
	{ "MDT", -360, "America/Denver" },
	{ "PST", -480, "America/Los_Angeles" },
	{ "PDT", -420, "America/Los_Angeles" },
	{ "JST", 540, "Asia/Tokyo" },
	{ "IST", 330, "Asia/Kolkata" },
	{ "SGT", 480, "Asia/Singapore" },
	{ "AEST", 600, "Australia/Sydney" },
	{ "AEDT", 660, "Australia/Sydney" },
};

/* Capitals only: "est" and "ist" are words. */
static int abbreviation(struct reader *r)
{
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		size_t n = strlen(zones[i].abbr);
		if (r->n - r->pos >= n && memcmp(r->s + r->pos, zones[i].abbr, n) == 0 &&
			!read_letter(read_peek(r, n)) && !read_digit(read_peek(r, n))) {
			r->pos += n;
			return (int)i;
		}
	}
	return -1;
}

/* +3, +03:00, -0330, +5:30 */
static bool signed_offset(struct reader *r, int *minutes)
{
	size_t from = r->pos;
	int sign, h, m = 0;
	if (read_peek(r, 0) == '+')
		sign = 1;
	else if (read_peek(r, 0) == '-')
		sign = -1;
	else if (read_text(r, "\xe2\x88\x92")) /* the minus sign proper */
		sign = -1;
	else
		return false;
	if (r->pos == from)
		r->pos++;
	if (read_number(r, 1, 2, &h)) {
		if (read_peek(r, 0) == ':' && read_digit(read_peek(r, 1))) {
			r->pos++;
			if (!read_number(r, 2, 2, &m))
				m = 60;
		}
	} else if (read_number(r, 4, 4, &h)) {
		m = h % 100;
		h /= 100;
	} else {
		h = 99;
	}
	*minutes = sign * (h * 60 + m);
	if (h <= 14 && m < 60)
		return true;
	r->pos = from;
	return false;
}

void read_zone(struct reader *r, struct doctime *t)
{
	size_t from = r->pos;
	int minutes = 0;
	bool z = (read_peek(r, 0) == 'Z' || read_peek(r, 0) == 'z') && !read_letter(read_peek(r, 1)) &&
		 !read_digit(read_peek(r, 1));
	if (z) {
		r->pos++;
	} else if (!((t->has_date || read_peek(r, 0) == '+') &&
			   signed_offset(r, &minutes))) { /* "10:30-10:45" is a range */
		read_blanks(r);
		bool bracket = read_text(r, "(");
		int i = abbreviation(r);
		if (i < 0 && !(t->has_date && signed_offset(r, &minutes))) {
			r->pos = from;
			return;
		}
		if (i >= 0 && !(zones[i].minutes == 0 && signed_offset(r, &minutes)))
			minutes = zones[i].minutes;
		if (bracket)
			read_text(r, ")");
	}
	t->has_offset = true;
	t->offset = minutes * 60;
}

static const struct zone *fixed_zone(int minutes)
{
	char name[16];
	const struct zone *z = NULL;
	int m = minutes < 0 ? -minutes : minutes;
	snprintf(name, sizeof name, "%c%02d:%02d", minutes < 0 ? '-' : '+', m / 60 % 100, m % 60);
	return zone_load(minutes ? name : "UTC", &z, NULL) == ST_OK ? z : NULL;
}

/* "Europe/Berlin": a word with a slash that is a zone. */
static const struct zone *named_zone(const struct reader *r)
{
	char name[64];
	size_t n = 0;
	bool slash = false;
	for (; n + 1 < sizeof name; n++) {
		char c = read_peek(r, n);
		if (!(c && (((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '-' || (c == '/' && n > 2))))
			break;
		slash |= c == '/';
		name[n] = c;
	}
	name[n] = 0;
	const struct zone *z = NULL;
	return slash && name[0] < 'a' && zone_load(name, &z, NULL) == ST_OK ? z : NULL;
}

const struct zone *zone_in_text(const char *s, size_t n)
{
	struct reader r = { s, n, 0 };
	const struct zone *found = NULL;
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && (read_letter(s[i - 1]) || read_digit(s[i - 1]) || s[i - 1] == '/'))
			continue;
		r.pos = i;
		const struct zone *z = s[i] >= 'A' && s[i] <= 'Z' ? named_zone(&r) : NULL;
		if (z)
			return z;
		int k = abbreviation(&r), minutes;
		if (k < 0)
			continue;
		if (zones[k].minutes == 0 &&
			signed_offset(&r, &minutes)) { /* "MSK (UTC+3)": the name agrees with it, or does not count */
			const struct zone *fixed = fixed_zone(minutes);
			struct local l = { 0 };
			if (found)
				zone_local(found, 1700000000 * USEC_SEC, &l);
			return found && l.offset == minutes * 60 ? found : fixed;
		}
		if (!found && zone_load(zones[k].zone, &z, NULL) != ST_OK)
			z = fixed_zone(zones[k].minutes);
		if (!found)
			found = z;
	}
	return found;
}
