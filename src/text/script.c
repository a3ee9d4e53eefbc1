/* script.c - see script.h. */
#include "text/script.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "+H:MM:SS " at the start of s; the bytes it takes, 0 if it is none. */
static size_t read_offset(const char *s, size_t n, usec *out)
{
	usec part[3] = { 0 };
	size_t i = 1;

	if (n == 0 || s[0] != '+')
		return 0;
	for (int k = 0; k < 3; k++) {
		size_t from = i;
		for (; i < n && is_digit(s[i]) && i - from < 3; i++)
			part[k] = part[k] * 10 + (s[i] - '0');
		if (i == from || i == n || s[i] != (k < 2 ? ':' : ' ') || (k && (i - from != 2 || part[k] > 59)))
			return 0;
		i++;
	}
	*out = part[0] * USEC_HOUR + part[1] * USEC_MIN + part[2] * USEC_SEC;
	return i;
}

enum script_what script_next(struct script *s, const char **text, size_t *n, struct err *err)
{
	while (*s->at) {
		const char *line = s->at;
		size_t len = strcspn(line, "\n"), used;
		usec offset;

		s->at += len + (line[len] == '\n');
		s->line++;
		if (len == 0 || line[0] == '#')
			continue;
		if (len == strlen("--- half") && memcmp(line, "--- half", len) == 0)
			return SCRIPT_HALF;
		used = read_offset(line, len, &offset);
		if (used == 0 || used == len || offset < s->offset) {
			fail(err, ST_USAGE,
				"line %d of the script: \"+H:MM:SS LINE\" was expected, not before the line above it",
				s->line);
			return SCRIPT_BAD;
		}
		s->offset = offset;
		*text = line + used;
		*n = len - used;
		return SCRIPT_LINE;
	}
	return SCRIPT_END;
}

/* "{-2}" at the start of s: the bytes it takes, 0 if it is none. */
static size_t read_place(const char *s, size_t n, size_t *number)
{
	size_t i = 2;

	if (n < 4 || s[0] != '{' || s[1] != '-')
		return 0;
	for (*number = 0; i < n && is_digit(s[i]) && i < 5; i++)
		*number = *number * 10 + (size_t)(s[i] - '0');
	return i > 2 && i < n && s[i] == '}' ? i + 1 : 0;
}

bool script_fill(const char *text, size_t n, char *const *ids, size_t id_count, struct str *out)
{
	for (size_t i = 0, used, number; i < n; i += used) {
		used = read_place(text + i, n - i, &number);
		if (used == 0) {
			used = 1;
			str_addc(out, text[i]);
		} else if (number < 1 || number > id_count) {
			return false;
		} else {
			str_adds(out, ids[id_count - number]);
		}
	}
	return true;
}
