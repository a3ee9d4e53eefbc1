/* words.c - the lexical side of flow files: words, strings, times. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/screen/flow.h"

static size_t put_utf8(char *out, unsigned long c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)((n == 2 ? 0xc0 : n == 3 ? 0xe0 : 0xf0) | c);
	return n;
}

/* After a backslash: \n \t \r \e \" \\, \xHH one byte, \u{HEX} one character. */
static bool escape(const char **p, char **out)
{
	static const char from[] = "ntre\"\\", to[] = "\n\t\r\033\"\\";
	const char *known = **p ? strchr(from, **p) : NULL;
	char digits[3] = "", *end;

	if (known) {
		*(*out)++ = to[known - from];
		(*p)++;
		return true;
	}
	if (**p == 'x' && isxdigit((unsigned char)(*p)[1]) && isxdigit((unsigned char)(*p)[2])) {
		memcpy(digits, *p + 1, 2);
		*(*out)++ = (char)strtoul(digits, NULL, 16);
		*p += 3;
		return true;
	}
	if (**p == 'u' && (*p)[1] == '{') {
		unsigned long c = strtoul(*p + 2, &end, 16);

		if (*end == '}' && c > 0 && c <= 0x10ffff) {
			*out += put_utf8(*out, c);
			*p = end + 1;
			return true;
		}
	}
	return false;
}

bool words_split(struct words *w, const char *line, bool plain, char *why, size_t size)
{
	char *out = w->store;
	const char *p = line;

	w->n = 0;
	w->text = NULL;
	for (;;) {
		p += strspn(p, " \t");
		if (!*p || (*p == '#' && w->n == 0))
			break;
		if (w->n == 1 && !w->text)
			w->text = strcpy(w->store + FLOW_LINE, p);
		if (w->n == FLOW_WORDS && plain)
			break; /* text has it all */
		if (w->n == FLOW_WORDS)
			return snprintf(why, size, "more than %d words", FLOW_WORDS), false;
		w->quoted[w->n] = !plain && *p == '"';
		w->word[w->n] = out;
		if (w->quoted[w->n++]) {
			for (p++; *p != '"';) {
				if (!*p)
					return snprintf(why, size, "a string without end"), false;
				if (*p != '\\')
					*out++ = *p++;
				else if (p++, !escape(&p, &out))
					return snprintf(why, size, "unknown escape \\%.4s", p), false;
			}
			p++;
		} else {
			while (*p && *p != ' ' && *p != '\t')
				*out++ = *p++;
		}
		*out++ = '\0';
	}
	if (!w->text)
		w->text = strcpy(w->store + FLOW_LINE, "");
	return true;
}

bool time_parse(const char *s, long long *us)
{
	struct tm tm = { 0 };
	int used = 0, zh = 0, zm = 0;
	long long fraction = 0, unit = 100000;
	char sign;

	if (sscanf(s, "%4d-%2d-%2dT%2d:%2d:%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min,
		    &tm.tm_sec, &used) < 6 ||
		used == 0)
		return false;
	s += used;
	if (*s == '.') {
		for (s++; isdigit((unsigned char)*s); s++, unit /= 10)
			fraction += (*s - '0') * unit;
	}
	if (*s == 'Z' && !s[1])
		sign = '+';
	else if (sscanf(s, "%c%2d:%2d", &sign, &zh, &zm) != 3 || (sign != '+' && sign != '-'))
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	*us = ((long long)timegm(&tm) - (sign == '+' ? 1 : -1) * (zh * 3600LL + zm * 60LL)) * 1000000 + fraction;
	return true;
}

bool duration_parse(const char *s, long long *us)
{
	static const struct {
		const char *unit;
		long long us;
	} units[] = { { "ms", 1000 }, { "s", 1000000 }, { "m", 60000000 }, { "h", 3600000000 }, { "d", 86400000000 } };
	long long sign = 1;
	char *end;

	*us = 0;
	if (*s == '-') {
		sign = -1;
		s++;
	}
	if (!*s)
		return false;
	while (*s) {
		long long n = strtoll(s, &end, 10);
		size_t i = 0;

		if (end == s || !isdigit((unsigned char)*s))
			return false;
		while (i < sizeof units / sizeof units[0] &&
			(strncmp(end, units[i].unit, strlen(units[i].unit)) != 0 ||
				isalpha((unsigned char)end[strlen(units[i].unit)])))
			i++;
		if (i == sizeof units / sizeof units[0])
			return false;
		*us += sign * n * units[i].us;
		s = end + strlen(units[i].unit);
	}
	return true;
}
