/* field.c - what a field's value may be, and how it is stored. The types are a table. */
#include "model/field.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "model/names.h"

#define WHITE " \t\r\n"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- lists of words ---- */

static void words_add(struct words *l, const char *s, size_t n)
{
	while (n && strchr(WHITE, *s))
		s++, n--;
	while (n && strchr(WHITE, s[n - 1]))
		n--;
	if (!n)
		return;
	l->v = xrealloc(l->v, (l->n + 1) * sizeof *l->v);
	l->v[l->n++] = xstrndup(s, n);
}

void words_free(struct words *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct words){ 0 };
}

bool words_have(const struct words *l, const char *word)
{
	for (size_t i = 0; i < l->n; i++)
		if (word_find((const char *const[]){ l->v[i], NULL }, word) == 0)
			return true;
	return false;
}

/* The next separator outside of brackets, or the end. */
static const char *item_end(const char *s, char separator)
{
	int depth = 0;
	for (; *s && (*s != separator || depth > 0); s++) {
		depth += *s == '(' || *s == '[';
		depth -= (*s == ')' || *s == ']') && depth > 0;
	}
	return s;
}

static bool has_item_end(const char *s, char separator)
{
	return *item_end(s, separator) != '\0';
}

void field_items(const char *value, struct words *out)
{
	*out = (struct words){ 0 };
	char separator = strchr(value, '\n') ? '\n' : has_item_end(value, ';') ? ';' : ',';
	for (const char *p = value; *p;) {
		const char *end = separator == '\n' ? p + strcspn(p, "\n") : item_end(p, separator);
		words_add(out, p, (size_t)(end - p));
		p = end + (*end != '\0');
	}
}

static bool is_unbalanced(const char *s)
{
	int depth = 0;
	bool below = false;
	for (; *s; s++) {
		depth += (*s == '(' || *s == '[') - (*s == ')' || *s == ']');
		below |= depth < 0;
	}
	return depth != 0 || below;
}

/* What is joined here comes apart again in field_items. */
void field_join(const struct words *l, struct str *out)
{
	const char *between = ", ";
	for (size_t i = 0; i < l->n; i++) {
		if (strchr(l->v[i], ';') || is_unbalanced(l->v[i]))
			between = "\n";
		else if (has_item_end(l->v[i], ',') && between[0] == ',')
			between = "; ";
	}
	for (size_t i = 0; i < l->n; i++) {
		if (i)
			str_adds(out, between);
		str_adds(out, l->v[i]);
	}
	if (l->n == 1 && between[0] != ',')
		str_addc(out, between[0]); /* so that a lone item is not taken apart */
}

/* ---- numbers -------------------------------------------------------------------------------------------------------- */

/* A decimal number as digits, so that nothing is rounded. */
struct decimal { struct str whole, part; bool about, minus; };

static void decimal_free(struct decimal *d)
{
	str_free(&d->whole);
	str_free(&d->part);
}

static const char *skip_white(const char *s)
{
	return s + strspn(s, " \t");
}

/* A mark between groups of three digits; returns its bytes, 0: none. */
static size_t group_mark(const char *s)
{
	static const char *const marks[] = { ",", "_", "'", " ", "\xc2\xa0", "\xe2\x80\xaf" };
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t n = strlen(marks[i]);
		if (strncmp(s, marks[i], n) == 0 && is_digit(s[n]) && is_digit(s[n + 1]) && is_digit(s[n + 2]) && !is_digit(s[n + 3]))
			return n;
	}
	return 0;
}

static const char *read_about(const char *s, bool *about)
{
	static const char *const words[] = { "~", "\xe2\x89\x88", "about ", "ca. " };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strncasecmp(s, words[i], strlen(words[i])) == 0) {
			*about = true;
			return skip_white(s + strlen(words[i]));
		}
	return s;
}

/* Thousands, millions, billions: the point moves right. */
static const char *read_scale(const char *s, struct decimal *d)
{
	static const struct { const char *word; size_t zeros; } scales[] = { { "bn", 9 }, { "k", 3 }, { "K", 3 }, { "M", 6 } };
	for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
		size_t n = strlen(scales[i].word);
		if (strncmp(s, scales[i].word, n) != 0 || isalpha((unsigned char)s[n]))
			continue;
		for (size_t z = 0; z < scales[i].zeros; z++)
			str_addc(&d->whole, z < d->part.len ? d->part.s[z] : '0');
		struct str rest = STR_INIT;
		if (d->part.len > scales[i].zeros)
			str_adds(&rest, d->part.s + scales[i].zeros);
		str_free(&d->part);
		d->part = rest;
		return s + n;
	}
	return s;
}

/* The number at s; NULL: there is none. Returns what stands behind it. */
static const char *read_decimal(const char *s, struct decimal *d)
{
	*d = (struct decimal){ .whole = STR_INIT, .part = STR_INIT };
	s = read_about(s, &d->about);
	if (*s == '-' && is_digit(s[1]))
		d->minus = true, s++;
	if (!is_digit(*s))
		return NULL;
	for (size_t mark = 0; is_digit(*s) || (mark = group_mark(s)); s++) {
		if (!is_digit(*s))
			s += mark - 1;
		else if (d->whole.len || *s != '0')
			str_addc(&d->whole, *s);
	}
	if (*s == '.' && is_digit(s[1]))
		for (s++; is_digit(*s); s++)
			str_addc(&d->part, *s);
	s = read_scale(s, d);
	size_t zeros = strspn(d->whole.s, "0"); /* 0.5k is 500 */
	if (zeros) {
		char *kept = xstrdup(d->whole.s + zeros);
		str_reset(&d->whole);
		str_adds(&d->whole, kept);
		free(kept);
	}
	if (!d->whole.len)
		str_addc(&d->whole, '0');
	return d->whole.len + d->part.len <= 30 && *s != '.' && *s != ',' ? skip_white(s) : NULL;
}

static void put_decimal(const struct decimal *d, struct str *out)
{
	str_addf(out, "%s%s%s", d->about ? "~" : "", d->minus ? "-" : "", d->whole.s);
	if (d->part.len)
		str_addf(out, ".%s", d->part.s);
}

/* ---- the types ------------------------------------------------------------------------------------------------------ */

typedef enum status read_fn(const struct field_def *f, const char *s, const struct when_ctx *w, struct str *out, struct err *err);

static enum status read_text(const struct field_def *f, const char *s, const struct when_ctx *w, struct str *out, struct err *err)
{
	(void)f, (void)w, (void)err;
	str_adds(out, s);
	return ST_OK;
}

/* "tickets", and "ticket" of one. */
static bool is_unit(const char *s, const char *unit)
{
	size_t n = unit ? strlen(unit) : 0;
	return !*s || (n && strcasecmp(s, unit) == 0) || (n && unit[n - 1] == 's' && strlen(s) == n - 1 && strncasecmp(s, unit, n - 1) == 0);
}

static enum status read_number(const struct field_def *f, const char *s, const struct when_ctx *w, struct str *out, struct err *err)
{
	(void)w;
	struct decimal d;
	const char *rest = read_decimal(s, &d);
	bool ok = rest && is_unit(rest, f->unit);
	if (ok)
		put_decimal(&d, out);
	decimal_free(&d);
	return ok ? ST_OK : fail(err, ST_USAGE, "\"%s\" is no number%s%s: give one like 500, 1,200 or ~40", s, f->unit ? " of " : "", f->unit ? f->unit : "");
}

static enum status read_percent(const struct field_def *f, const char *s, const struct when_ctx *w, struct str *out, struct err *err)
{
	(void)f, (void)w;
	struct decimal d;
	const char *rest = read_decimal(s, &d);
	bool ok = rest && (!*rest || strcmp(rest, "%") == 0 || strcasecmp(rest, "percent") == 0);
	bool in = ok && !d.minus && d.whole.len <= 3 && atoi(d.whole.s) <= 100 && (atoi(d.whole.s) < 100 || strspn(d.part.s, "0") == d.part.len);
	if (in) {
		put_decimal(&d, out);
		str_adds(out, " %");
	}
	decimal_free(&d);
	if (ok && !in)
		return fail(err, ST_USAGE, "\"%s\" is out of range: a percentage is from 0 to 100", s);
	return ok ? ST_OK : fail(err, ST_USAGE, "\"%s\" is no percentage: give one like 98.5 %%", s);
}

static const struct { const char *sign, *code; } currencies[] = {
	{ "US$", "USD" }, { "$", "USD" }, { "\xe2\x82\xac", "EUR" }, { "\xc2\xa3", "GBP" }, { "\xc2\xa5", "JPY" }, { "\xe2\x82\xbd", "RUB" },
	{ "\xe2\x82\xb9", "INR" }, { "\xe2\x82\xa9", "KRW" },
};

/* A sign, or a code of three letters. Returns what stands behind it; s itself when there is none. */
static const char *read_currency(const char *s, char code[4])
{
	for (size_t i = 0; i < sizeof currencies / sizeof *currencies; i++)
		if (strncmp(s, currencies[i].sign, strlen(currencies[i].sign)) == 0) {
			memcpy(code, currencies[i].code, 4);
			return skip_white(s + strlen(currencies[i].sign));
		}
	size_t n = 0;
	while (n < 4 && ((s[n] >= 'A' && s[n] <= 'Z') || (s[n] >= 'a' && s[n] <= 'z')))
		n++;
	if (n != 3)
		return s;
	for (size_t i = 0; i < 3; i++)
		code[i] = (char)(s[i] & ~0x20);
	code[3] = '\0';
	return skip_white(s + 3);
}

static bool has_cents(const char *code)
{
	return strcmp(code, "JPY") != 0 && strcmp(code, "KRW") != 0;
}

static enum status read_money(const struct field_def *f, const char *s, const struct when_ctx *w, struct str *out, struct err *err)
{
	(void)f, (void)w;
	struct decimal d = { .whole = STR_INIT, .part = STR_INIT };
	char code[4] = "";
	bool about = false;
	if (strcasecmp(s, "none") == 0)
		return str_adds(out, "none"), ST_OK;
	const char *p = read_decimal(read_currency(read_about(s, &about), code), &d);
	if (p && *p && !code[0])
		p = read_currency(p, code);
	bool number = p && !*p, ok = number && code[0] && !d.minus && d.part.len <= (has_cents(code) ? 2u : 0u);
	if (ok) {
		str_addf(out, "%s%s", d.about || about ? "~" : "", d.whole.s);
		if (has_cents(code))
			str_addf(out, ".%s%s", d.part.s, &"00"[d.part.len]);
		str_addf(out, " %s", code);
	}
	decimal_free(&d);
	if (number && !code[0])
		return fail(err, ST_USAGE, "\"%s\" names no currency: give one, as 150 USD or \xe2\x82\xac" "150", s);
	return ok ? ST_OK : fail(err, ST_USAGE, "\"%s\" is no amount of money: give one like 150 USD, $1,200.50 or none", s);
}

static enum status read_duration(const struct field_def *f, const char *s, const struct when_ctx *w, struct str *out, struct err *err)
{
	(void)f, (void)w;
	usec d;
	bool about = false;
	const char *from = read_about(s, &about);
	if (strcmp(from, "0") == 0 || strcmp(from, "0s") == 0)
		return str_adds(out, "0s"), ST_OK;
	enum status st = dur_parse(from, &d, err);
	if (st == ST_OK) {
		str_adds(out, about ? "~" : "");
		dur_fmt_exact(out, d);
	}
	return st;
}

bool field_date(const char *word, const struct when_ctx *w, struct str *out)
{
	static const struct { const char *word; long days; } names[] = { { "today", 0 }, { "tomorrow", 1 }, { "yesterday", -1 } };
	int y, m, d, used = 0;
	long days = 0;
	bool relative = sscanf(word, "%5ldd%n", &days, &used) == 1 && used && !word[used] && is_digit(word[0]);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcasecmp(word, names[i].word) == 0) {
			relative = true;
			days = names[i].days;
		}
	if (relative) {
		struct local today;
		zone_local(w->zone ? w->zone : zone_utc(), w->now, &today);
		cal_date(cal_days(today.year, today.mon, today.day) + days, &y, &m, &d);
	} else if (strlen(word) != 10 || strspn(word, "0123456789") != 4 || sscanf(word, "%4d-%2d-%2d%n", &y, &m, &d, &used) != 3 || used != 10 ||
		m < 1 || m > 12 || d < 1 || d > cal_month_days(y, m)) {
		return false;
	}
	str_addf(out, "%04d-%02d-%02d", y % 10000, m, d);
	return true;
}

static enum status read_date(const struct field_def *f, const char *s, const struct when_ctx *w, struct str *out, struct err *err)
{
	(void)f;
	if (field_date(s, w, out))
		return ST_OK;
	return fail(err, ST_USAGE, "\"%s\" is no date: give YYYY-MM-DD, today, tomorrow, or days from today as 7d", s);
}

static enum status read_time(const struct field_def *f, const char *s, const struct when_ctx *w, struct str *out, struct err *err)
{
	(void)f;
	struct when t;
	enum status st = when_parse_all(s, w, &t, err);
	if (st == ST_OK) {
		str_adds(out, t.approx_s ? "~" : "");
		when_fmt_rfc3339(out, t.at);
	}
	return st;
}

static enum status read_yesno(const struct field_def *f, const char *s, const struct when_ctx *w, struct str *out, struct err *err)
{
	static const char *const yes[] = { "yes", "y", "true", "x", "1", NULL }, *const no[] = { "no", "n", "false", "0", NULL };
	(void)f, (void)w;
	if (word_find(yes, s) >= 0)
		return str_adds(out, "yes"), ST_OK;
	if (word_find(no, s) >= 0)
		return str_adds(out, "no"), ST_OK;
	return fail(err, ST_USAGE, "\"%s\" is neither yes nor no: give one of them", s);
}

static const char *near_word(const struct words *l, const char *word)
{
	unsigned least = 3;
	const char *best = NULL;
	for (size_t i = 0; i < l->n; i++) {
		unsigned d = strlen(word) > 2 && strncasecmp(l->v[i], word, strlen(word)) == 0 ? 0 : str_distance(l->v[i], word);
		if (d < least && d < strlen(l->v[i])) {
			least = d;
			best = l->v[i];
		}
	}
	return best;
}

static enum status no_choice(const struct field_def *f, const char *s, struct err *err)
{
	struct str all = STR_INIT;
	const char *near = near_word(&f->choices, s);
	for (size_t i = 0; i < f->choices.n; i++)
		str_addf(&all, "%s%s", i ? ", " : "", f->choices.v[i]);
	if (near)
		fail(err, ST_USAGE, "\"%s\" is not among its choices: did you mean \"%s\"? It takes %s", s, near, all.s);
	else
		fail(err, ST_USAGE, "\"%s\" is not among its choices: give one of %s", s, all.s);
	str_free(&all);
	return ST_USAGE;
}

static enum status one_choice(const struct field_def *f, char **word, struct err *err)
{
	for (size_t i = 0; i < f->choices.n; i++)
		if (word_find((const char *const[]){ f->choices.v[i], NULL }, *word) == 0) {
			free(*word);
			*word = xstrdup(f->choices.v[i]);
			return ST_OK;
		}
	return f->other ? ST_OK : no_choice(f, *word, err);
}

static enum status read_choice(const struct field_def *f, const char *s, const struct when_ctx *w, struct str *out, struct err *err)
{
	(void)w;
	struct words l = { 0 };
	enum status st = ST_OK;
	if (f->several)
		field_items(s, &l);
	else
		words_add(&l, s, strlen(s));
	for (size_t i = 0; i < l.n && st == ST_OK; i++)
		st = one_choice(f, &l.v[i], err);
	if (st == ST_OK && f->several)
		field_join(&l, out);
	else if (st == ST_OK && l.n)
		str_adds(out, l.v[0]);
	words_free(&l);
	return st;
}

static enum status read_list(const struct field_def *f, const char *s, const struct when_ctx *w, struct str *out, struct err *err)
{
	(void)f, (void)w;
	struct words l;
	field_items(s, &l);
	if (l.n)
		field_join(&l, out);
	words_free(&l);
	return out->len ? ST_OK : fail(err, ST_USAGE, "\"%s\" names nothing: give items with commas between them", s);
}

static const struct { const char *name; read_fn *read; } types[FIELD_TYPES] = {
	[FIELD_TEXT] = { "text", read_text },          [FIELD_NUMBER] = { "number", read_number }, [FIELD_PERCENT] = { "percent", read_percent },
	[FIELD_MONEY] = { "money", read_money },       [FIELD_DATE] = { "date", read_date },	   [FIELD_TIME] = { "time", read_time },
	[FIELD_DURATION] = { "duration", read_duration }, [FIELD_CHOICE] = { "choice", read_choice }, [FIELD_YESNO] = { "yesno", read_yesno },
	[FIELD_LIST] = { "list", read_list },
};

const char *field_type_name(enum field_type t)
{
	return t < FIELD_TYPES ? types[t].name : "unknown";
}

enum status field_read(const struct field_def *f, const char *value, const struct when_ctx *w, struct str *out, struct err *err)
{
	size_t n = strlen(value);
	while (n && strchr(WHITE, *value))
		value++, n--;
	while (n && strchr(WHITE, value[n - 1]))
		n--;
	if (!n)
		return fail(err, ST_USAGE, "the value is empty: give one, or '' to clear it");
	char *s = xstrndup(value, n);
	struct str b = STR_INIT;
	enum status st = ST_OK;
	if (strcasecmp(s, "n/a") == 0)
		str_adds(&b, "n/a");
	else
		st = types[f->type].read(f, s, w, &b, err);
	if (st == ST_OK)
		str_add(out, b.s, b.len);
	str_free(&b);
	free(s);
	return st;
}

/* ---- names ---------------------------------------------------------------------------------------------------------- */

bool field_name_ok(const char *name)
{
	size_t n = strlen(name);
	for (size_t i = 0; i < n; i++) {
		bool letter = (name[i] >= 'a' && name[i] <= 'z') || is_digit(name[i]);
		if (!letter && (!strchr("-. ", name[i]) || i == 0 || i + 1 == n || strchr("-. ", name[i - 1])))
			return false;
	}
	return n > 0 && n <= 60;
}
