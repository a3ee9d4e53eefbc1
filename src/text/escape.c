#include <string.h>

#include "base/utf8.h"
#include "text/escape-walk.h"

#define SAN_FLAGS (SAN_DOCUMENT | SAN_LINES)

const char *escape_clean(struct str *clean, const char *s, size_t *n)
{
	if (*n == 0 || !san_needed(s, *n, SAN_FLAGS))
		return s;
	san_text(clean, s, *n, SAN_FLAGS);
	*n = clean->len;
	return clean->s;
}

/* ---- HTML, CSV ---- */

void html_escape(struct str *out, const char *s, size_t n)
{
	static const char *const entities[256] = {
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
	};
	struct str clean = STR_INIT;

	s = escape_clean(&clean, s, &n);
	for (size_t i = 0, from = 0; i <= n; i++) {
		const char *entity = i < n ? entities[(uint8_t)s[i]] : "";

		if (!entity)
			continue;
		str_add(out, s + from, i - from);
		str_adds(out, entity);
		from = i + 1;
	}
	str_free(&clean);
}

static bool is_formula(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] == '\'')
		i++;
	return i < n && s[i] && strchr("=+-@\t\r\n", s[i]);
}

void csv_field(struct str *out, const char *s, size_t n)
{
	struct str clean = STR_INIT;
	bool formula = is_formula(s, n), quoted = false;

	s = escape_clean(&clean, s, &n);
	for (size_t i = 0; i < n && !quoted; i++)
		quoted = strchr("\",\r\n", s[i]);
	quoted = quoted || (n > 0 && (is_blank(s[0]) || is_blank(s[n - 1])));
	str_adds(out, quoted ? "\"" : "");
	str_adds(out, formula ? "'" : "");
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '"')
			str_addc(out, '"');
		str_addc(out, s[i]);
	}
	str_adds(out, quoted ? "\"" : "");
	str_free(&clean);
}

/* ---- JSON ---- */

static void put_json_escape(struct str *out, uint32_t cp)
{
	static const char letters[128] = {
		['"'] = '"', ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't',
	};

	if (cp < 128 && letters[cp]) {
		str_addc(out, '\\');
		str_addc(out, letters[cp]);
	} else if (cp > 0xffff) {
		str_addf(out, "\\u%04x\\u%04x", 0xd800 + ((cp - 0x10000) >> 10), 0xdc00 + (cp & 0x3ff));
	} else {
		str_addf(out, "\\u%04x", cp);
	}
}

void json_text(struct str *out, const char *s, size_t n)
{
	size_t from = 0;

	str_addc(out, '"');
	for (size_t i = 0, len; i < n; i += len) {
		bool plain = s[i] >= 0x20 && s[i] < 0x7f && s[i] != '"' && s[i] != '\\';
		uint32_t cp;

		len = 1;
		if (plain)
			continue;
		len = utf8_next(s + i, n - i, &cp);
		/* Each character is asked for alone: joiners and selectors, which pass in good company, are escapes
		 * here. */
		if (cp >= 0x80 && !(cp == UTF8_BAD && len == 1) && !san_needed(s + i, len, SAN_DOCUMENT))
			continue;
		str_add(out, s + from, i - from);
		put_json_escape(out, cp);
		from = i + len;
	}
	str_add(out, s + from, n - from);
	str_addc(out, '"');
}
