/* attr.c - see attr.h. Words are read from the end, so that a text may hold anything. */
#include "verb/attr.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

static bool is_white(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t trim(const char *s, size_t n)
{
	while (n && is_white(s[n - 1]))
		n--;
	return n;
}

/* The row word is of, and where its value begins; -1: none. */
static int match(const struct attr_set *set, const char *word, size_t n, size_t *value)
{
	for (int i = 0; i < ATTRS && set->def[i].name; i++) {
		size_t len = strlen(set->def[i].name);
		if (n > len + 1 && strncasecmp(word, set->def[i].name, len) == 0 && word[len] == ':') {
			*value = len + 1;
			return i;
		}
	}
	char *copy = xstrndup(word, n);
	int row = set->bare ? set->bare(copy) : -1;
	free(copy);
	*value = 0;
	return row;
}

static char *take_value(const char *s, size_t n)
{
	n = trim(s, n);
	if (n >= 2 && s[0] == '"' && s[n - 1] == '"')
		s++, n -= 2;
	return xstrndup(s, n);
}

void attr_split(const struct attr_set *set, const char *text, bool first_is_text, struct attr_split *out)
{
	size_t end = trim(text, strlen(text)), boundary = end;
	*out = (struct attr_split){ 0 };
	for (size_t at = end; at;) {
		size_t stop = trim(text, at), start = stop, value;
		while (start && !is_white(text[start - 1]))
			start--;
		at = start;
		if (start == stop || (first_is_text && trim(text, start) == 0))
			break;
		int row = match(set, text + start, stop - start, &value);
		bool goes_on = row >= 0 && set->def[row].words && value; /* a word that is an attribute by itself does not */
		if (row < 0 || out->value[row] || (!goes_on && stop != boundary))
			continue;
		out->value[row] = take_value(text + start + value, boundary - start - value);
		boundary = trim(text, start);
	}
	out->text = xstrndup(text, boundary);
}

void attr_split_free(struct attr_split *s)
{
	free(s->text);
	for (size_t i = 0; i < ATTRS; i++)
		free(s->value[i]);
	*s = (struct attr_split){ 0 };
}
