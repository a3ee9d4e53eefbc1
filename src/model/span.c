#include "model/span.h"

#include <string.h>

#include "base/when.h"

#define ARROW "\xe2\x86\x92" /* → */
#define EN_DASH "\xe2\x80\x93" /* – */

static bool stamp_counts(const struct stamp *s)
{
	return !s->struck && s->at != USEC_NONE && s->milestone >= 0 && s->milestone <= MS_REOPEN;
}

/* The position of the last reopen, n if there is none. Of two at the same instant the later logged one is the last. */
static size_t last_reopen(const struct stamp *stamps, size_t n)
{
	size_t last = n;

	for (size_t i = 0; i < n; i++)
		if (stamp_counts(&stamps[i]) && stamps[i].milestone == MS_REOPEN &&
			(last == n || stamps[i].at >= stamps[last].at))
			last = i;
	return last;
}

/* Times typed to the minute coincide, so the position decides where the instants do not. */
static bool after_reopen(const struct stamp *stamps, size_t i, size_t reopen, size_t n)
{
	if (reopen == n)
		return true;
	return stamps[i].at > stamps[reopen].at || (stamps[i].at == stamps[reopen].at && i > reopen);
}

void milestones_of(const struct stamp *stamps, size_t n, struct milestones *out)
{
	size_t reopen = last_reopen(stamps, n);

	*out = (struct milestones){ .reopened_at = reopen < n ? stamps[reopen].at : USEC_NONE, .status = MS_NONE };
	for (int m = 0; m < MS_COUNT; m++)
		out->at[m] = USEC_NONE;

	for (size_t i = 0; i < n; i++) {
		const struct stamp *s = &stamps[i];
		bool after = after_reopen(stamps, i, reopen, n);

		if (!stamp_counts(s) || s->milestone == MS_REOPEN)
			continue;
		if (after && s->milestone > out->status)
			out->status = s->milestone;
		if (!after && s->milestone >= MS_RESOLVED)
			continue;
		if (out->at[s->milestone] == USEC_NONE || s->at < out->at[s->milestone]) {
			out->at[s->milestone] = s->at;
			out->approx_s[s->milestone] = s->approx_s;
		}
	}
}

void milestones_bases(const struct stamp *stamps, const struct stamp_base *base, size_t n, struct milestones *m)
{
	for (size_t i = n; i-- > 0;) { /* of equal times the first in the array was taken */
		const struct stamp *s = &stamps[i];

		if (stamp_counts(s) && s->milestone < MS_COUNT && m->at[s->milestone] == s->at)
			m->base[s->milestone] = base[i];
	}
}

const char *status_name(int status)
{
	return status == MS_NONE ? "open" : milestone_name(status);
}

bool status_is_closed(int status)
{
	return status == MS_CLOSED;
}

bool base_between(const struct stamp_base *from, const struct stamp_base *to, usec *out)
{
	if (from->boot == 0 || from->boot != to->boot || from->steps == to->steps)
		return false;
	*out = to->at - from->at;
	return true;
}

struct span span_between(const struct milestones *m, int from, int to)
{
	struct span s = { .from = from, .to = to, .exact = USEC_NONE, .low = USEC_NONE, .high = USEC_NONE };
	usec slack;

	if (from < 0 || from >= MS_COUNT || to < 0 || to >= MS_COUNT)
		return s;
	if (m->at[from] == USEC_NONE || m->at[to] == USEC_NONE)
		return s;
	slack = ((usec)m->approx_s[from] + m->approx_s[to]) * USEC_SEC;
	s.exact = m->at[to] - m->at[from];
	s.boot_clock = base_between(&m->base[from], &m->base[to], &s.exact);
	s.low = s.exact - slack;
	s.high = s.exact + slack;
	s.known = true;
	return s;
}

size_t span_all(const struct milestones *m, struct span out[MS_COUNT * (MS_COUNT - 1) / 2])
{
	size_t n = 0;

	for (int from = 0; from < MS_COUNT; from++)
		for (int to = from + 1; to < MS_COUNT; to++) {
			struct span s = span_between(m, from, to);

			if (s.known)
				out[n++] = s;
		}
	return n;
}

/* The milestone named by the n bytes at s, white space around them ignored. */
static int milestone_in(const char *s, size_t n)
{
	char name[32];
	int m;

	while (n && (*s == ' ' || *s == '\t'))
		s++, n--;
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		n--;
	if (n >= sizeof name)
		return MS_NONE;
	memcpy(name, s, n);
	name[n] = '\0';
	m = milestone_find(name);
	return m == MS_REOPEN ? MS_NONE : m;
}

bool span_parse(const char *text, int *from, int *to)
{
	static const char *const arrows[] = { ARROW, "->" };

	for (size_t i = 0; i < sizeof arrows / sizeof *arrows; i++) {
		const char *arrow = strstr(text, arrows[i]), *end;
		int a, b;

		if (!arrow)
			continue;
		end = arrow + strlen(arrows[i]);
		a = milestone_in(text, (size_t)(arrow - text));
		b = milestone_in(end, strlen(end));
		if (a == MS_NONE || b == MS_NONE || a == b)
			return false;
		*from = a;
		*to = b;
		return true;
	}
	return false;
}

void span_fmt(struct str *b, const struct span *s)
{
	if (!s->known) {
		str_adds(b, "unknown");
		return;
	}
	dur_fmt(b, s->low);
	if (s->high != s->low) {
		str_adds(b, EN_DASH);
		dur_fmt(b, s->high);
	}
	if (s->exact < 0)
		str_adds(b, " (out of order)");
	else if (s->boot_clock)
		str_adds(b, " (boot clock)");
}
