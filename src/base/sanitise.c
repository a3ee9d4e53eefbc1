#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"

#define ZWNJ 0x200cu
#define ZWJ 0x200du
#define TEXT_STYLE 0xfe0eu
#define EMOJI_STYLE 0xfe0fu
#define KEYCAP 0x20e3u

struct range {
	uint32_t first, last;
};

/* What no reader can see, or what moves what they see: controls, format characters and default ignorables. Arabic and
 * other number and verse signs are format characters too, but they show, and so pass; spaces of any width show as
 * well. Joiners and selectors are here and get a second hearing below. Noncharacters at the end of each plane are
 * told by their number. */
static const struct range flagged[] = {
	{ 0x0000, 0x001f }, /* C0 */
	{ 0x007f, 0x009f }, /* DEL, C1 */
	{ 0x00ad, 0x00ad }, /* soft hyphen */
	{ 0x034f, 0x034f }, /* combining grapheme joiner */
	{ 0x061c, 0x061c }, /* Arabic letter mark */
	{ 0x115f, 0x1160 }, /* Hangul fillers */
	{ 0x17b4, 0x17b5 }, /* Khmer inherent vowels */
	{ 0x180b, 0x180f }, /* Mongolian selectors, vowel separator */
	{ 0x200b, 0x200f }, /* zero-width space, joiners, direction marks */
	{ 0x2028, 0x202e }, /* line and paragraph separators, embeddings and overrides */
	{ 0x2060, 0x206f }, /* word joiner, invisible operators, isolates */
	{ 0x3164, 0x3164 }, /* Hangul filler */
	{ 0xfdd0, 0xfdef }, /* noncharacters */
	{ 0xfe00, 0xfe0f }, /* variation selectors */
	{ 0xfeff, 0xfeff }, /* byte order mark */
	{ 0xffa0, 0xffa0 }, /* halfwidth Hangul filler */
	{ 0xfff0, 0xfffb }, /* reserved, interlinear annotation */
	{ 0x13430, 0x1345f }, /* hieroglyph format controls */
	{ 0x16fe4, 0x16fe4 }, /* Khitan filler */
	{ 0x1bca0, 0x1bcaf }, /* shorthand format controls */
	{ 0x1d159, 0x1d159 }, /* null notehead */
	{ 0x1d173, 0x1d17a }, /* musical beams and phrases */
	{ 0xe0000, 0xe0fff }, /* tags, more variation selectors, reserved */
};

/* Scripts whose letters change with a joiner beside them: cursive ones, and those with conjuncts. */
static const struct range joining[] = {
	{ 0x0600, 0x07ff }, /* Arabic, Syriac, Thaana, N'Ko */
	{ 0x0840, 0x08ff }, /* Mandaic, Arabic */
	{ 0x0900, 0x0dff }, /* Devanagari to Sinhala */
	{ 0x1000, 0x109f }, /* Myanmar */
	{ 0x1780, 0x18af }, /* Khmer, Mongolian */
	{ 0x1a20, 0x1aaf }, /* Tai Tham */
	{ 0x1b00, 0x1bff }, /* Balinese, Sundanese, Batak */
	{ 0x1cd0, 0x1cff }, /* Vedic */
	{ 0xa840, 0xa87f }, /* Phags-pa */
	{ 0xa8e0, 0xa8ff }, /* Devanagari */
	{ 0xa980, 0xa9df }, /* Javanese */
	{ 0xaa60, 0xaa7f }, /* Myanmar */
	{ 0xfb50, 0xfdff }, /* Arabic forms */
	{ 0xfe70, 0xfefc }, /* Arabic forms */
	{ 0x10ac0, 0x10aff }, /* Manichaean */
	{ 0x10d00, 0x10d3f }, /* Hanifi Rohingya */
	{ 0x11000, 0x11fff }, /* Brahmic scripts */
	{ 0x1e900, 0x1e95f }, /* Adlam */
};

static const struct range han[] = {
	{ 0x3400, 0x4dbf }, /* extension A */
	{ 0x4e00, 0x9fff }, /* unified */
	{ 0xf900, 0xfaff }, /* compatibility */
	{ 0x20000, 0x3fffd }, /* extensions B on */
};

/* Selectors, and the characters whose shape each may choose (Unicode's standardised and ideographic variations). */
static const struct selector {
	struct range selectors, bases;
} selectors[] = {
	{ { 0xfe00, 0xfe00 }, { 0x2205, 0x2aff } }, /* mathematical operators */
	{ { 0xfe00, 0xfe00 }, { 0x1000, 0x109f } }, /* Myanmar, dotted */
	{ { 0xfe00, 0xfe00 }, { 0xa840, 0xa87f } }, /* Phags-pa */
	{ { 0xfe00, 0xfe01 }, { 0x3001, 0x3002 } }, /* punctuation in a corner or in the middle */
	{ { 0xfe00, 0xfe01 }, { 0xff01, 0xff1f } }, /* the same, full width */
	{ { 0xfe00, 0xfe02 }, { 0x3400, 0x4dbf } }, /* compatibility ideographs */
	{ { 0xfe00, 0xfe02 }, { 0x4e00, 0x9fff } }, /* the same */
	{ { 0xfe00, 0xfe02 }, { 0x20000, 0x3fffd } }, /* the same */
	{ { 0x180b, 0x180d }, { 0x1820, 0x18af } }, /* Mongolian */
	{ { 0x180f, 0x180f }, { 0x1820, 0x18af } }, /* the same */
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static bool in_ranges(const struct range *ranges, size_t count, uint32_t cp)
{
	while (count > 0) {
		const struct range *mid = ranges + count / 2;

		if (cp > mid->last) {
			ranges = mid + 1;
			count -= count / 2 + 1;
		} else if (cp < mid->first) {
			count /= 2;
		} else {
			return true;
		}
	}
	return false;
}

static bool in_range(struct range r, uint32_t cp)
{
	return cp >= r.first && cp <= r.last;
}

/* The character that ends at pos; 0 where there is none, or no UTF-8. */
static uint32_t char_before(const char *s, size_t *pos)
{
	for (size_t len = 1; len <= 4 && len <= *pos; len++) {
		uint32_t cp;

		if (((uint8_t)s[*pos - len] & 0xc0) == 0x80)
			continue;
		if (utf8_next(s + *pos - len, len, &cp) != len || (len == 1 && cp == UTF8_BAD))
			return 0;
		*pos -= len;
		return cp;
	}
	return 0;
}

static bool is_pictograph(uint32_t cp)
{
	return utf8proc_get_property((utf8proc_int32_t)cp)->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

/* Letters and marks (vowel signs, virama) of a script that needs joiners. */
static bool takes_joiner(uint32_t cp)
{
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
		return in_ranges(joining, COUNT(joining), cp) && !in_ranges(flagged, COUNT(flagged), cp);
	default:
		return false;
	}
}

/* Emoji with at most a style or a skin tone may be joined to another one. */
static bool joins_emoji(const char *s, size_t pos, uint32_t next)
{
	uint32_t before = char_before(s, &pos);

	if (before == EMOJI_STYLE || in_range((struct range){ 0x1f3fb, 0x1f3ff }, before))
		before = char_before(s, &pos);
	return is_pictograph(before) && is_pictograph(next);
}

static bool selects(uint32_t cp, uint32_t before, uint32_t next)
{
	if (cp == TEXT_STYLE || cp == EMOJI_STYLE) {
		bool key = (before >= '0' && before <= '9') || before == '#' || before == '*';

		return is_pictograph(before) || (key && next == KEYCAP);
	}
	if (cp >= 0xe0100 && cp <= 0xe01ef)
		return in_ranges(han, COUNT(han), before);
	for (const struct selector *v = selectors; v < selectors + COUNT(selectors); v++) {
		if (in_range(v->selectors, cp) && in_range(v->bases, before))
			return true;
	}
	return false;
}

/* May the joiner or selector cp at s[pos] (len bytes) stay? Only next to what needs it, and never a second one in a
 * row. */
static bool is_needed(const char *s, size_t n, size_t pos, size_t len, uint32_t cp)
{
	size_t at = pos;
	uint32_t before = char_before(s, &at), next;

	utf8_next(s + pos + len, n - pos - len, &next);
	if (cp == ZWJ && joins_emoji(s, pos, next))
		return true;
	if (cp == ZWJ || cp == ZWNJ)
		return takes_joiner(before);
	return selects(cp, before, next);
}

enum action { PASS, DROP, SPACE, FLAG, BYTE };

static enum action ascii_action(const char *s, size_t n, unsigned flags)
{
	bool lines = flags & SAN_LINES;

	if (*s >= 0x20 && *s != 0x7f)
		return PASS;
	if (*s == '\t')
		return lines ? PASS : SPACE;
	if (*s == '\n' && lines)
		return PASS;
	if (*s == '\r' && lines && n > 1 && s[1] == '\n')
		return DROP;
	return FLAG;
}

/* What becomes of the character at s[pos]. */
static enum action action_at(const char *s, size_t n, size_t pos, unsigned flags, size_t *len, uint32_t *cp)
{
	*len = utf8_next(s + pos, n - pos, cp);
	if (*cp < 0x80)
		return ascii_action(s + pos, n - pos, flags);
	if (*cp == UTF8_BAD && *len == 1)
		return BYTE;
	if ((*cp & 0xfffe) == 0xfffe)
		return FLAG;
	if (!in_ranges(flagged, COUNT(flagged), *cp))
		return PASS;
	if (!is_needed(s, n, pos, *len, *cp))
		return FLAG;
	return flags & SAN_DOCUMENT ? PASS : DROP;
}

/* Skips printable ASCII, eight bytes at a time. What is not ASCII has its top bit set, a byte below 0x20 borrows into
 * it, 0x7f carries into it. A neighbour may be suspected wrongly, never missed; the slow loop looks at each byte. */
static size_t skip_plain(const char *s, size_t n, size_t pos)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	for (uint64_t w; n - pos >= sizeof w; pos += sizeof w) {
		memcpy(&w, s + pos, sizeof w);
		if (((w - 0x20 * ones) | (w + ones) | w) & 0x80 * ones)
			break;
	}
	while (pos < n && s[pos] >= 0x20 && s[pos] < 0x7f)
		pos++;
	return pos;
}

struct stop {
	size_t pos, len; /* bytes */
	uint32_t cp;
	enum action action;
};

/* Finds the first character from pos on that does not pass; false when all do. */
static bool find_stop(const char *s, size_t n, size_t pos, unsigned flags, struct stop *out)
{
	out->len = 0;
	for (pos = skip_plain(s, n, pos); pos < n; pos = skip_plain(s, n, pos + out->len)) {
		out->action = action_at(s, n, pos, flags, &out->len, &out->cp);
		if (out->action != PASS) {
			out->pos = pos;
			return true;
		}
	}
	return false;
}

bool san_needed(const char *s, size_t n, unsigned flags)
{
	struct stop stop;

	return find_stop(s, n, 0, flags, &stop);
}

void san_text(struct str *out, const char *s, size_t n, unsigned flags)
{
	struct stop stop;
	size_t pos = 0;

	while (find_stop(s, n, pos, flags, &stop)) {
		str_add(out, s + pos, stop.pos - pos);
		if (stop.action == SPACE)
			str_addc(out, ' ');
		else if (stop.action == FLAG)
			str_addf(out, "<U+%04X>", (unsigned)stop.cp);
		else if (stop.action == BYTE)
			str_addf(out, "<%02X>", (unsigned)(uint8_t)s[stop.pos]);
		pos = stop.pos + stop.len;
	}
	str_add(out, s + pos, n - pos);
}
