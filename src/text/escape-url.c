#include <string.h>

#include "text/escape-walk.h"

enum {
	MAX_URL = 2000,  /* bytes; looking no further keeps hostile text from taking quadratic time */
	MAX_LOCAL = 64,
};

static bool is_mail_byte(char c)
{
	return is_word(c) || (c && strchr(".-_+", c));
}

/* Is there only white space, or that and a parenthesis, in front of start? */
static bool begins_word(const struct walk *w, size_t start)
{
	if (start > 0 && w->s[start - 1] == '(')
		start--;
	return start == 0 || strchr(" \t\n", w->s[start - 1]);
}

/* Readers make links of mail addresses too. Within what may be a web address md4c 0.4.8 loses its way over the two. */
size_t walk_at(const struct walk *w, size_t i)
{
	size_t start = i;
	bool alone;

	while (start > 0 && i - start < MAX_LOCAL && is_mail_byte(w->s[start - 1]))
		start--;
	alone = begins_word(w, start);
	if (i - start >= 4 && memcmp(w->s + start, "www.", 4) == 0)
		alone = false;
	walk_mark_unless(w, alone || start == i, '@');
	return 1;
}

/* The same goes for "www." inside a word. */
size_t walk_dot(const struct walk *w, size_t i)
{
	bool www = i > 3 && memcmp(w->s + i - 3, "www", 3) == 0;

	walk_mark_unless(w, !www || begins_word(w, i - 3), '.');
	return 1;
}

static bool is_url_byte(char c)
{
	return is_word(c) || (uint8_t)c >= 0x80 || (c && strchr("-._~:/?#[]@!$&'()*+,;=%", c));
}

/* Sentence punctuation after an address is not part of it, nor is a closing parenthesis it did not open. */
static size_t url_trim(const char *s, size_t n)
{
	int depth = 0;

	for (size_t i = 0; i < n; i++)
		depth += s[i] == '(' ? 1 : s[i] == ')' ? -1 : 0;
	while (n > 0) {
		if (strchr(".,:;!?'*_~[]&", s[n - 1])) {
			n--;
		} else if (s[n - 1] == ')' && depth < 0) {
			n--;
			depth++;
		} else {
			break;
		}
	}
	return n;
}

/* Could the ampersand at i begin an entity? What may follow the text counts too. */
static bool begins_entity(const struct walk *w, size_t i)
{
	size_t j = i + 1;

	while (j < w->n && (is_word(w->s[j]) || w->s[j] == '#'))
		j++;
	if (j == i + 1)
		return false;
	return j < w->n ? w->s[j] == ';' : !w->at->after || w->at->after == ';';
}

enum url { URL_NONE, URL_BARE, URL_ANGLE };

/* How the address whose part after :// is that from host to end can be written so that it reads back the same. */
static enum url url_form(const struct walk *w, size_t host, size_t end)
{
	enum url form = URL_BARE;

	for (size_t i = host; i < end; i++) {
		bool in_word = i > host && i + 1 < end && is_word(w->s[i - 1]) && is_word(w->s[i + 1]);

		if (w->s[i] == '&' && begins_entity(w, i))
			return URL_NONE;
		if ((w->s[i] == '_' && !in_word) || strchr("*~[]@", w->s[i]) || (w->s[i] == ':' && w->s[i + 1] == '/'))
			form = URL_ANGLE;
	}
	return form;
}

/* Where the scheme before the colon at i begins; i if there is none, or no :// */
static size_t scheme_start(const struct walk *w, size_t i)
{
	static const char *const schemes[] = { "https", "http", "ftp" };

	if (w->n - i < 3 || memcmp(w->s + i, "://", 3) != 0)
		return i;
	for (size_t k = 0; k < sizeof schemes / sizeof *schemes; k++) {
		size_t len = strlen(schemes[k]);

		if (i >= len && memcmp(w->s + i - len, schemes[k], len) == 0)
			return i - len;
	}
	return i;
}

/* Where the address that has its colon at i ends; i if it is none. */
static size_t url_end(const struct walk *w, size_t start, size_t i)
{
	size_t end = start;

	if (!begins_word(w, start) || (start == 0 && is_word(w->at->before)) || w->at->line == MD_HTML)
		return i;
	if (i + 3 >= w->end || !is_word(w->s[i + 3]))
		return i;
	while (end < w->end && end - start <= MAX_URL && is_url_byte(w->s[end]))
		end++;
	if (end - start > MAX_URL)
		return i;
	end = start + url_trim(w->s + start, end - start);
	return end > i + 3 ? end : i;
}

/* Some readers take everything up to the next space for the address: with escapes in it they would show them. */
static bool has_marks_behind(const struct walk *w, size_t end)
{
	for (size_t i = end; i < w->n && !strchr(" \t\n", w->s[i]); i++) {
		if (strchr("*_~[]\\`|<>&@", w->s[i]) || i - end > MAX_URL)
			return true;
	}
	return false;
}

/* At a colon: writes the rest of the address whose scheme is already written. One that cannot be written so that
 * every reader sees the same gets its colon escaped: then it is plain text to all of them. */
size_t walk_colon(const struct walk *w, size_t i)
{
	size_t start = scheme_start(w, i), end = start < i ? url_end(w, start, i) : i;
	enum url form = end > i ? url_form(w, i + 3, end) : URL_NONE;

	if (form == URL_BARE && has_marks_behind(w, end))
		form = URL_ANGLE;
	if (form == URL_ANGLE && w->at->before == '[')
		form = URL_NONE;
	if (form == URL_NONE) {
		walk_mark_unless(w, start == i, ':');
		return 1;
	}
	if (form == URL_BARE) {
		str_add(w->out, w->s + i, end - i);
		return end - i;
	}
	str_cut(w->out, w->out->len - (i - start));
	str_addc(w->out, '<');
	str_add(w->out, w->s + start, end - start);
	str_addc(w->out, '>');
	return end - i;
}
