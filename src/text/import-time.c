/* import-time.c - times as documents write them. */
#include "text/import-time.h"

#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "base/when.h"
#include "text/import-read.h"

enum { APPROX_S = 120 };

/* ---- clock times
 * ---------------------------------------------------------------------------------------------------- */

static void read_half(struct reader *r, struct doctime *t, bool *given)
{
	static const struct {
		const char *word;
		int pm;
	} halves[] = { { "am", 0 }, { "a.m.", 0 }, { "pm", 1 }, { "p.m.", 1 } };
	size_t from = r->pos;
	*given = false;
	read_blanks(r);
	for (size_t i = 0; i < sizeof halves / sizeof *halves; i++)
		if (t->hour >= 1 && t->hour <= 12 && read_word(r, halves[i].word)) {
			t->hour = t->hour % 12 + 12 * halves[i].pm;
			*given = true;
			return;
		}
	r->pos = from;
}

static void read_fraction(struct reader *r, struct doctime *t)
{
	if ((read_peek(r, 0) != '.' && read_peek(r, 0) != ',') || !read_digit(read_peek(r, 1)))
		return;
	r->pos++;
	for (int scale = 100000; read_digit(read_peek(r, 0)); scale /= 10)
		t->us += scale * (r->s[r->pos++] - '0');
}

/* 10:30, 10:30:15.5, 2:32 pm, 2pm, 10h30, 1030Z */
static bool read_clock(struct reader *r, struct doctime *t)
{
	size_t from = r->pos;
	bool half;
	int joined;
	if (read_number(r, 1, 2, &t->hour)) {
		bool h = read_peek(r, 0) == 'h' && read_digit(read_peek(r, 1)) && read_digit(read_peek(r, 2));
		bool minutes = (read_peek(r, 0) == ':' || h) && read_digit(read_peek(r, 1));
		t->min = 0;
		if (minutes) {
			r->pos++;
			if (!read_number(r, 2, 2, &t->min))
				goto no;
			if (!h && read_peek(r, 0) == ':' && read_digit(read_peek(r, 1))) {
				r->pos++;
				if (!read_number(r, 2, 2, &t->sec))
					goto no;
				read_fraction(r, t);
			}
		}
		read_half(r, t, &half);
		if (!minutes && !half)
			goto no;
	} else if (read_number(r, 4, 4, &joined) &&
		   (read_peek(r, 0) == 'Z' || read_peek(r, 0) == 'z' ||
			   (read_peek(r, 0) == ' ' && read_peek(r, 1) == 'U' && read_peek(r, 2) == 'T'))) {
		t->hour = joined / 100;
		t->min = joined % 100;
	} else {
		goto no;
	}
	if (t->sec == 60)
		t->sec = 59;
	if (t->hour > 23 || t->min > 59 || t->sec > 59 ||
		(read_peek(r, 0) >= 'a' && read_peek(r, 0) <= 'y')) /* "14:32ish" */
		goto no;
	t->has_clock = true;
	return true;
no:
	t->hour = t->min = t->sec = t->us = 0;
	r->pos = from;
	return false;
}

/* ---- the whole
 * ------------------------------------------------------------------------------------------------------ */

static bool is_symbol(uint32_t cp)
{
	return (cp >= 0x2000 && cp < 0x2c00) || cp == 0xfe0f || cp == 0xa0 || cp == 0xb7 ||
	       (cp >= 0x1f000 && cp < 0x20000);
}

/* Emoji, bullets, brackets; and what makes a time approximate. */
static void skip_marks(struct reader *r, struct doctime *t)
{
	static const char *const about[] = { "~", "≈", "ca.", "c.", "circa ", "approximately ", "approx. ", "approx ",
		"around ", "about " };
	while (r->pos < r->n) {
		bool found = false;
		uint32_t cp;
		for (size_t i = 0; i < sizeof about / sizeof *about && !found; i++)
			found = read_text(r, about[i]);
		if (found) {
			t->approx_s = APPROX_S;
			continue;
		}
		size_t len = utf8_next(r->s + r->pos, r->n - r->pos, &cp);
		if (cp < 0x80 ? !strchr(" \t\n[(*_`>", (int)cp) : !is_symbol(cp))
			return;
		r->pos += len;
	}
}

static void read_give(struct reader *r, struct doctime *t)
{
	size_t from = r->pos;
	usec d;
	const char *wrong;
	if (read_text(r, "~"))
		t->approx_s = APPROX_S;
	size_t mark = r->pos;
	read_blanks(r);
	read_text(r, "(");
	if (read_text(r, "±") || read_text(r, "+/-") || read_text(r, "+-")) {
		read_blanks(r);
		size_t len = dur_prefix(r->s + r->pos, r->n - r->pos, &d, &wrong);
		if (len && !wrong && d / USEC_SEC <= 366 * 86400) {
			r->pos += len;
			read_text(r, ")");
			t->approx_s = (int)(d / USEC_SEC);
			return;
		}
	}
	r->pos = t->approx_s && mark > from ? mark : from;
}

static bool dash(struct reader *r)
{
	return read_text(r, "–") || read_text(r, "—") || read_text(r, "-") || read_text(r, "→") || read_word(r, "to") ||
	       read_word(r, "until");
}

/* 10:30–10:45: the end is kept as text. */
static void read_range(struct reader *r, struct doctime *t)
{
	size_t from = r->pos;
	struct doctime e = { 0 };
	read_blanks(r);
	if (!dash(r)) {
		r->pos = from;
		return;
	}
	read_blanks(r);
	size_t start = r->pos;
	if (read_date(r, &e))
		while (read_peek(r, 0) == ' ' || read_peek(r, 0) == ',' || read_peek(r, 0) == 'T')
			r->pos++;
	if (!read_clock(r, &e)) {
		r->pos = from;
		return;
	}
	t->end = start;
	t->end_n = r->pos - start;
	if (!t->has_offset)
		read_zone(r, t);
}

/* What parts a time from what happened. */
static void skip_end(struct reader *r)
{
	size_t from;
	while (read_peek(r, 0) && strchr("])*_`", read_peek(r, 0)))
		r->pos++;
	from = r->pos;
	read_blanks(r);
	if (!(read_text(r, ":") || read_text(r, "–") || read_text(r, "—") || read_text(r, "-") || read_text(r, "|") ||
		    read_text(r, "→") || read_text(r, ",")))
		r->pos = from;
	read_blanks(r);
}

bool doctime_read(const char *s, size_t n, struct doctime *out)
{
	struct reader r = { s, n, 0 };
	*out = (struct doctime){ 0 };
	skip_marks(&r, out);
	if (read_date(&r, out)) {
		size_t after = r.pos;
		while (r.pos < n && (strchr(" \t\n,", r.s[r.pos]) || (r.s[r.pos] == 'T' && r.pos == after)))
			r.pos++;
		if (!read_word(&r, "at"))
			read_text(&r, "- ");
		skip_marks(&r, out);
		if (!read_clock(&r, out))
			r.pos = after;
	} else if (!read_clock(&r, out)) {
		return false;
	}
	if (out->has_clock) {
		read_zone(&r, out);
		read_give(&r, out);
		read_range(&r, out);
	}
	if (r.pos < n &&
		(read_digit(r.s[r.pos]) || r.s[r.pos] == '%' || (r.s[r.pos] == '.' && read_digit(read_peek(&r, 1)))))
		return false; /* "5:30%" and "10:30:10:12" are no times */
	skip_end(&r);
	out->used = r.pos;
	return true;
}

bool doctime_find_date(const char *s, size_t n, struct doctime *out, size_t *at)
{
	struct reader r = { s, n, 0 };
	for (size_t i = 0; i < n; i++) {
		if (!(read_digit(s[i]) || read_letter(s[i])) ||
			(i > 0 && (read_digit(s[i - 1]) || read_letter(s[i - 1]) || s[i - 1] == '-')))
			continue;
		*out = (struct doctime){ 0 };
		r.pos = i;
		if (read_date(&r, out) && out->year && !read_digit(read_peek(&r, 0)) &&
			!(read_peek(&r, 0) == '-' && read_digit(read_peek(&r, 1)))) {
			out->used = r.pos - i;
			if (at)
				*at = i;
			return true;
		}
	}
	return false;
}
