/* mention.c - tags, links and tracker references within a text: line_mention of line.h. */
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "text/line.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
	return is_upper(c) || (c >= 'a' && c <= 'z');
}

static bool is_alpha_char(uint32_t cp)
{
	utf8proc_category_t category;

	if (cp < 0x80)
		return is_letter((char)cp);
	category = utf8proc_category((utf8proc_int32_t)cp);
	return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

/* Letters, their marks, digits of any script, and "_". */
static bool is_word_char(uint32_t cp)
{
	utf8proc_category_t category;

	if (cp < 0x80)
		return is_letter((char)cp) || is_digit((char)cp) || cp == '_';
	category = utf8proc_category((utf8proc_int32_t)cp);
	return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

/* The character that ends at pos > start; *cp is UTF8_BAD when the bytes are none. Returns its length. */
static size_t char_before(const char *s, size_t start, size_t pos, uint32_t *cp)
{
	for (size_t len = 1; len <= 4 && len <= pos - start; len++) {
		if (((uint8_t)s[pos - len] & 0xc0) == 0x80)
			continue;
		if (utf8_next(s + pos - len, len, cp) == len)
			return len;
		break;
	}
	*cp = UTF8_BAD;
	return 1;
}

static bool word_before(const char *s, size_t pos)
{
	uint32_t cp;

	if (pos == 0)
		return false;
	char_before(s, 0, pos, &cp);
	return is_word_char(cp);
}

static bool word_at(const char *s, size_t n)
{
	uint32_t cp;

	utf8_next(s, n, &cp);
	return n > 0 && is_word_char(cp);
}

/* "#db", "#db-primary"; "#4711" is no tag, for want of a letter. */
static size_t tag_len(const char *s, size_t n)
{
	size_t end = 1, pos = 1, len;
	bool letter = false;

	if (s[0] != '#' || !word_at(s + 1, n - 1))
		return 0;
	while (pos < n) {
		uint32_t cp;

		len = utf8_next(s + pos, n - pos, &cp);
		if (cp != '-' && !is_word_char(cp))
			break;
		pos += len;
		letter |= is_alpha_char(cp);
		if (cp != '-')
			end = pos;
	}
	return letter ? end : 0;
}

/* What no URL holds unescaped: white space, controls, and what encloses URLs in other texts. */
static bool ends_url(uint32_t cp)
{
	if (cp < 0x80)
		return cp <= ' ' || cp == 0x7f || cp == '<' || cp == '>' || cp == '"';
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return true;
	default:
		return false;
	}
}

/* Punctuation that belongs to the sentence around a URL when it stands at its end. */
static bool trails_url(uint32_t cp)
{
	utf8proc_category_t category;

	if (cp < 0x80)
		return cp && strchr(".,;:!?'*`\\|", (int)cp);
	category = utf8proc_category((utf8proc_int32_t)cp);
	return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

/* Cuts s[0..n) where the sentence goes on; min bytes stay. */
static size_t trim_url(const char *s, size_t min, size_t n)
{
	static const char open[] = "([{", close[] = ")]}";
	long depth[sizeof close - 1] = { 0 };
	const char *kind;

	for (size_t i = min; i < n; i++) {
		if (s[i] && (kind = strchr(open, s[i])))
			depth[kind - open]++;
		else if (s[i] && (kind = strchr(close, s[i])))
			depth[kind - close]--;
	}
	while (n > min) {
		uint32_t cp;
		size_t len = char_before(s, min, n, &cp);

		kind = cp && cp < 0x80 ? strchr(close, (int)cp) : NULL;
		if (kind ? depth[kind - close] >= 0 : !trails_url(cp))
			break;
		if (kind)
			depth[kind - close]++;
		n -= len;
	}
	return n;
}

static size_t url_len(const char *s, size_t n)
{
	static const char *const schemes[] = { "http://", "https://" };
	size_t min = 0, end;

	for (size_t i = 0; i < sizeof schemes / sizeof *schemes && min == 0; i++) {
		size_t len = strlen(schemes[i]);

		min = n > len && strncasecmp(s, schemes[i], len) == 0 ? len : 0;
	}
	if (min == 0)
		return 0;
	for (end = min; end < n;) {
		uint32_t cp;
		size_t len = utf8_next(s + end, n - end, &cp);

		if (ends_url(cp))
			break;
		end += len;
	}
	end = trim_url(s, min, end);
	return end > min ? end : 0;
}

/* "ABC-123". "CVE-2026-1234" is more than that, so no part of it is a reference. */
static size_t ref_len(const char *s, size_t n)
{
	size_t pos = 0, digits;

	if (!is_upper(s[0]))
		return 0;
	while (pos < n && (is_upper(s[pos]) || is_digit(s[pos])))
		pos++;
	if (pos < 2 || pos == n || s[pos] != '-')
		return 0;
	digits = ++pos;
	while (pos < n && is_digit(s[pos]))
		pos++;
	if (pos == digits || word_at(s + pos, n - pos) || (pos + 1 < n && s[pos] == '-' && is_digit(s[pos + 1])))
		return 0;
	return pos;
}

typedef size_t (*reader)(const char *s, size_t n); /* length of the mention s begins with; 0: none */

/* No text is of two kinds, so the order of the readers does not matter. */
size_t line_mention(const char *s, size_t n, size_t from, enum mention_kind *kind, size_t *start)
{
	static const reader readers[] = { [MENTION_TAG] = tag_len, [MENTION_URL] = url_len, [MENTION_REF] = ref_len };

	for (size_t pos = from; pos < n; pos++) {
		bool candidate = s[pos] == '#' || s[pos] == 'h' || is_upper(s[pos]);

		if (!candidate || word_before(s, pos))
			continue;
		for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
			size_t len = readers[i](s + pos, n - pos);

			if (len == 0)
				continue;
			*kind = (enum mention_kind)i;
			*start = pos;
			return len;
		}
	}
	return 0;
}
