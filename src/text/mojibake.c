/* mojibake.c - the way back: characters to the bytes they were taken for, and those read as UTF-8. */
#include "text/mojibake.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

/* Windows-1252 from 80 to 9F; 0: not assigned. */
static const uint16_t upper[32] = {
	0x20ac,
	0,
	0x201a,
	0x0192,
	0x201e,
	0x2026,
	0x2020,
	0x2021,
	0x02c6,
	0x2030,
	0x0160,
	0x2039,
	0x0152,
	0,
	0x017d,
	0,
	0,
	0x2018,
	0x2019,
	0x201c,
	0x201d,
	0x2022,
	0x2013,
	0x2014,
	0x02dc,
	0x2122,
	0x0161,
	0x203a,
	0x0153,
	0,
	0x017e,
	0x0178,
};

/* What a character may be the remains of when one of its bytes was lost; earlier ones win. */
static const char *const marks[] = {
	"❌",
	"🔍",
	"🐛",
	"📝",
	"🐍",
	"🚀",
	"📍",
	"🎉",
	"🏁",
	"🛠",
	"⏱",
	"⏰",
	"⚠",
	"❗",
	"❓",
	"✏",
	"❎",
	"☁",
	"🔐",
	"👍",
	"👏",
	"🐌",
	"🐞",
	"🌐",
	"⭐",
	"←",
	"”",
	"‐",
	"‑",
	"⁝",
	"\ufe0f",
};

/* The byte a character was made of; -1: none. Of those Windows-1252 does not assign some readers make the control
 * character. */
static int byte_of(uint32_t cp)
{
	if ((cp >= 0xa0 && cp <= 0xff) || (cp >= 0x80 && cp <= 0x9f && !upper[cp - 0x80]))
		return (int)cp;
	for (int i = 0; i < 32; i++)
		if (upper[i] == cp)
			return 0x80 + i;
	return -1;
}

static bool is_lost(uint8_t b)
{
	return b >= 0x80 && b <= 0x9f && !upper[b - 0x80];
}

/* Up to max bytes that the characters at s stand for; *end[i] is where the one that gave byte i ends. */
static size_t bytes_at(const char *s, size_t n, uint8_t *bytes, size_t *end, size_t max)
{
	size_t k = 0, pos = 0;
	while (k < max && pos < n) {
		uint32_t cp;
		size_t len = utf8_next(s + pos, n - pos, &cp);
		int b = (unsigned char)s[pos] < 0x80 || (cp == UTF8_BAD && len == 1) ? -1 : byte_of(cp);
		if (b < 0)
			break;
		pos += len;
		bytes[k] = (uint8_t)b;
		end[k++] = pos;
	}
	return k;
}

/* A whole character in double encoding: the bytes of s it takes, 0: none. *wide: of three bytes or more. */
static size_t whole(const char *s, size_t n, char out[4], size_t *len, bool *wide)
{
	uint8_t b[4];
	size_t end[4], have = bytes_at(s, n, b, end, 4);
	uint32_t cp;
	if (have < 2)
		return 0;
	*len = utf8_next((const char *)b, have, &cp);
	if (*len < 2)
		return 0;
	memcpy(out, b, *len);
	*wide = *len > 2;
	return end[*len - 1];
}

/* What is left of a mark without the bytes that get lost. */
static size_t remains(const char *mark, uint8_t out[4])
{
	size_t k = 0;
	uint32_t cp;
	size_t n = utf8_next(mark, strlen(mark), &cp);
	for (size_t i = 0; i < n; i++)
		if (!is_lost((uint8_t)mark[i]))
			out[k++] = (uint8_t)mark[i];
	return k < n ? k : 0;
}

static size_t damaged(const char *s, size_t n, const char **mark)
{
	uint8_t b[4], left[4];
	size_t end[4], have = bytes_at(s, n, b, end, 4), best = 0;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t k = remains(marks[i], left);
		if (k >= 2 && k <= have && k > best && memcmp(b, left, k) == 0) {
			best = k;
			*mark = marks[i];
		}
	}
	return best ? end[best - 1] : 0;
}

/* Of с, э and я only the first byte is left. At the end of a word that is я (as in dates), within one с; it must
 * stand behind another Cyrillic letter. */
static size_t cyrillic(const char *s, size_t n, const struct str *out, char put[4], size_t *len)
{
	uint8_t b[2];
	size_t end[2], have = bytes_at(s, n, b, end, 1);
	uint32_t cp;
	bool before = out->len >= 2 && ((uint8_t)out->s[out->len - 2] & 0xfe) == 0xd0;
	if (!have || (b[0] & 0xfe) != 0xd0 || !before)
		return 0;
	size_t next = end[0] < n ? utf8_next(s + end[0], n - end[0], &cp) : 0;
	*len = utf8_put(put, b[0] == 0xd0 ? 0xfffd : next && byte_of(cp) >= 0xc0 ? 0x441 : 0x44f);
	return end[0];
}

/* Does the text show the pattern? One wide character in double encoding is proof, narrow ones ("Ã©") only when there
 * is nothing else, or when they make up Cyrillic letters. */
static bool shows(const char *s, size_t n)
{
	size_t narrow = 0, cyrillic_pairs = 0, other = 0, len;
	for (size_t i = 0; i < n;) {
		char c[4];
		bool wide;
		uint32_t cp;
		if ((unsigned char)s[i] < 0x80) {
			i++;
			continue;
		}
		size_t used = whole(s + i, n - i, c, &len, &wide);
		if (used && wide)
			return true;
		narrow += used != 0;
		cyrillic_pairs += used && ((uint8_t)c[0] & 0xfe) == 0xd0;
		other += used == 0;
		i += used ? used : utf8_next(s + i, n - i, &cp);
	}
	return cyrillic_pairs > 2 || (narrow > 1 && other == 0);
}

/* Bytes that are no UTF-8, as Windows-1252. */
static size_t adopt(struct str *out, const char *s, size_t n)
{
	size_t count = 0, len;
	for (size_t i = 0; i < n; i += len) {
		uint32_t cp;
		len = utf8_next(s + i, n - i, &cp);
		if (len == 1 && cp == UTF8_BAD) {
			uint8_t b = (uint8_t)s[i];
			char put[4];
			str_add(out, put, utf8_put(put, b < 0xa0 ? (upper[b - 0x80] ? upper[b - 0x80] : UTF8_BAD) : b));
			count++;
		} else {
			str_add(out, s + i, len);
		}
	}
	return count;
}

static size_t undo(struct str *out, const char *s, size_t n)
{
	size_t count = 0;
	for (size_t i = 0; i < n;) {
		char c[4];
		size_t len = 0;
		bool wide;
		const char *mark = NULL;
		uint32_t cp;
		size_t plain = 0;
		while (i + plain < n && (unsigned char)s[i + plain] < 0x80)
			plain++;
		str_add(out, s + i, plain);
		i += plain;
		if (i == n)
			break;
		size_t used = whole(s + i, n - i, c, &len, &wide);
		if (!used && (used = damaged(s + i, n - i, &mark)))
			len = strlen(mark);
		else if (!used)
			used = cyrillic(s + i, n - i, out, c, &len);
		if (used) {
			str_add(out, mark ? mark : c, len);
			count++;
		} else {
			used = utf8_next(s + i, n - i, &cp);
			str_add(out, s + i, used);
		}
		i += used;
	}
	return count;
}

size_t mojibake_repair(struct str *out, const char *s, size_t n)
{
	struct str clean = STR_INIT;
	size_t count = 0;
	if (!utf8_valid(s, n)) {
		count = adopt(&clean, s, n);
		s = clean.s;
		n = clean.len;
	}
	if (shows(s, n))
		count += undo(out, s, n);
	else
		str_add(out, s, n);
	str_free(&clean);
	return count;
}
