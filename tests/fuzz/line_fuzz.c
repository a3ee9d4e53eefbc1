/* Whatever is typed is read without harm, and what comes out keeps the promises of its header.
 * With libFuzzer: LLVMFuzzerTestOneInput. With TPLUS_FUZZ_STANDALONE a program of its own for make check:
 * line_fuzz [ROUNDS [SEED]] makes up its inputs; line_fuzz FILE... reads them. It prints the seed. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "text/line.h"

#define NOW (INT64_C(1770303600) * USEC_SEC) /* 2026-02-05 15:00:00 UTC */
#define HOLDS(promise) ((promise) ? (void)0 : broken(__LINE__, #promise))

/* What is being tried, for the report. */
static const uint8_t *input;
static size_t input_len;

static _Noreturn void broken(int line, const char *promise)
{
	fprintf(stderr, "line_fuzz.c:%d: does not hold: %s\nwith: ", line, promise);
	for (size_t i = 0; i < input_len; i++)
		fprintf(stderr, input[i] > ' ' && input[i] < 0x7f && input[i] != '\\' ? "%c" : "\\x%02x", input[i]);
	fputc('\n', stderr);
	abort();
}

/* Zones with half hours, a repeated hour, and a skipped day. Where a zone is not installed UTC takes its place. */
static struct when_ctx context(unsigned choice)
{
	static const char *const names[] = { "UTC", "Europe/Berlin", "Asia/Kolkata", "Pacific/Apia", "-03:30" };
	struct when_ctx ctx = { .now = NOW, .zone = zone_utc(), .prev = USEC_NONE, .last = USEC_NONE };
	const struct zone *zone;

	if (zone_load(names[choice % (sizeof names / sizeof *names)], &zone, NULL) == ST_OK)
		ctx.zone = zone;
	if (choice & 64) { /* written up afterwards */
		ctx.last = NOW - 3 * USEC_DAY;
		ctx.prev = ctx.last - 5 * USEC_MIN;
	}
	return ctx;
}

static bool is_white(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void check_line(const struct line *l, enum status status, const struct err *err)
{
	size_t n = strlen(l->text), raw = strlen(l->raw), sum = n;

	HOLDS(status == ST_OK || (status == ST_USAGE && err->status == ST_USAGE && err->text[0]));
	HOLDS((l->verb == NULL) == (l->raw[strspn(l->raw, " \t\v\f\r\n")] == '\0'));
	HOLDS(l->verb || (!l->text[0] && !l->details && !l->actor && l->when.form == WHEN_NOTHING));
	HOLDS(!l->verb || l->verb[0]);
	HOLDS(!l->actor || l->actor[0]);
	HOLDS(!l->slash || !strchr(l->verb, '/'));
	HOLDS(n == 0 || (!is_white(l->text[0]) && !is_white(l->text[n - 1])));
	HOLDS(l->text[strcspn(l->text, "\r\n")] == '\0');
	HOLDS(!l->details || l->text[0]);
	for (size_t i = 0; i < l->details; i++) {
		HOLDS(l->detail[i][strcspn(l->detail[i], "\r\n")] == '\0');
		sum += strlen(l->detail[i]) + 1;
	}
	HOLDS(sum <= raw);
	HOLDS(strstr(l->raw, l->text));
	HOLDS(!l->details || l->detail[l->details - 1][strspn(l->detail[l->details - 1], " \t\v\f")]);
}

/* Behind a "\" the same text comes back whatever it looks like, so what is stored can be typed again. */
static void check_literal(const struct line *l, const struct when_ctx *ctx)
{
	struct str again = STR_INIT;
	struct line m;

	str_addf(&again, "\\%s", l->text);
	for (size_t i = 0; i < l->details; i++)
		str_addf(&again, "\n%s", l->detail[i]);
	HOLDS(line_parse(again.s, again.len, LINE_COMPOSER, ctx, &m, NULL) == ST_OK);
	HOLDS(str_eq(m.text, l->text) && str_eq(m.verb, "log") && m.details == l->details);
	for (size_t i = 0; i < l->details; i++)
		HOLDS(str_eq(m.detail[i], l->detail[i]));
	line_clear(&m);
	str_free(&again);
}

static void try_line(const char *s, size_t n, const struct when_ctx *ctx)
{
	struct err err = { 0 };
	enum status status;
	struct line l;

	for (int from = LINE_COMPOSER; from <= LINE_INPUT; from++) {
		status = line_parse(s, n, (enum line_from)from, ctx, &l, &err);
		check_line(&l, status, &err);
		HOLDS(from == LINE_COMPOSER || !l.slash);
		HOLDS(strlen(l.raw) >= n);
		check_literal(&l, ctx);
		line_clear(&l);
	}
}

/* The input cut into words at each "|". */
static void try_words(const char *s, const struct when_ctx *ctx)
{
	char *copy = xstrdup(s), *words[16];
	struct err err = { 0 };
	enum status status;
	struct line l;
	size_t n = 0;

	for (char *rest = copy; rest && n < sizeof words / sizeof *words;)
		words[n++] = strsep(&rest, "|");
	status = line_parse_words(words, n, true, ctx, &l, &err);
	check_line(&l, status, &err);
	HOLDS(!l.slash);
	check_literal(&l, ctx);
	line_clear(&l);
	HOLDS(line_parse_words(words, n, false, ctx, &l, &err) == ST_OK);
	check_line(&l, ST_OK, &err);
	HOLDS(l.when.form == WHEN_NOTHING && !l.actor && (!l.verb || str_eq(l.verb, "log")));
	line_clear(&l);
	for (size_t i = 0; i < n; i++)
		line_is_minus_time(words[i]);
	free(copy);
}

static void try_when(const char *s, size_t n, const struct when_ctx *ctx)
{
	struct err err = { 0 };
	struct when w, again;
	struct str b = STR_INIT;
	enum status status = when_parse(s, n, ctx, &w, &err);
	usec t;

	HOLDS(status == ST_OK || (status == ST_USAGE && err.text[0]));
	HOLDS(w.form == WHEN_NOTHING || status == ST_OK);
	if (w.form == WHEN_NOTHING) {
		HOLDS(w.used == 0);
		return;
	}
	HOLDS(w.used > 0 && w.used <= n && !is_white(s[w.used - 1]));
	HOLDS(w.used == n || is_white(s[w.used]));
	HOLDS(w.at != USEC_NONE && w.approx_s >= 0);
	HOLDS((w.fit == ZONE_ONCE) == (w.other == USEC_NONE));
	HOLDS(w.fit == ZONE_ONCE || w.at < w.other);
	HOLDS(w.form != WHEN_CLOCK || w.at <= ctx->now);
	HOLDS(when_parse(s, w.used, ctx, &again, &err) == ST_OK);
	HOLDS(again.at == w.at && again.used == w.used && again.form == w.form);
	when_fmt_rfc3339(&b, w.at);
	HOLDS(when_rfc3339(b.s, &t) && t == w.at);
	str_reset(&b);
	when_fmt_full(&b, w.at, ctx->zone);
	HOLDS(utf8_valid(b.s, b.len));
	str_free(&b);
}

static void try_dur(const char *s)
{
	struct err err = { 0 };
	struct str b = STR_INIT;
	usec d, again;
	enum status status = dur_parse(s, &d, &err);

	HOLDS(status == ST_OK || (status == ST_USAGE && err.text[0]));
	HOLDS((status == ST_OK) == dur_looks(s));
	if (status != ST_OK)
		return;
	HOLDS(d > 0);
	dur_fmt_exact(&b, d);
	HOLDS(dur_parse(b.s, &again, &err) == ST_OK && again == d);
	str_reset(&b);
	dur_fmt(&b, d);
	HOLDS(dur_parse(b.s, &again, &err) == ST_OK && again <= d);
	str_free(&b);
}

/* What comes out needs no further cleaning, is UTF-8, and holds no control character but line ends and tabs. */
static void try_san(const char *s, size_t n)
{
	for (unsigned flags = 0; flags <= (SAN_DOCUMENT | SAN_LINES); flags++) {
		struct str once = STR_INIT, twice = STR_INIT;

		san_text(&once, s, n, flags);
		HOLDS(utf8_valid(once.s, once.len));
		for (size_t i = 0; i < once.len; i++) {
			uint8_t c = (uint8_t)once.s[i];

			HOLDS(c != 0x7f &&
				(c >= ' ' || ((flags & SAN_LINES) && (c == '\n' || c == '\t' || c == '\r'))));
		}
		san_text(&twice, once.s, once.len, flags);
		HOLDS(str_eq(once.s, twice.s) && !san_needed(once.s, once.len, flags));
		HOLDS(san_needed(s, n, flags) || (once.len == n && memcmp(once.s, s, n) == 0));
		str_free(&once);
		str_free(&twice);
	}
}

static void try_mention(const char *s, size_t n)
{
	size_t from = 0, start, len;
	enum mention_kind kind;

	while ((len = line_mention(s, n, from, &kind, &start)) > 0) {
		HOLDS(start >= from && len <= n && start + len <= n);
		HOLDS(len >= (kind == MENTION_TAG ? 2u : kind == MENTION_REF ? 4u : 8u));
		HOLDS((s[start] == '#') == (kind == MENTION_TAG));
		HOLDS(!memchr(s + start, ' ', len) && !memchr(s + start, '\n', len));
		from = start + len;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses zone and situation, so that libFuzzer can. The rest is copied to a block of just its size, so
 * that reading past it is seen. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n = size ? size - 1 : 0;
	struct when_ctx ctx = context(size ? data[0] : 0);
	char *s = xmalloc(n), *word;

	input = data;
	input_len = size;
	if (n)
		memcpy(s, data + 1, n);
	word = xstrndup(s, n);
	try_line(s, n, &ctx);
	try_words(word, &ctx);
	try_when(s, n, &ctx);
	try_dur(word);
	try_san(s, n);
	try_mention(s, n);
	free(word);
	free(s);
	return 0;
}

#ifdef TPLUS_FUZZ_STANDALONE

#define INPUT_MAX 512

/* What inputs are made of. */
static const char *const parts[] = { "14:32", "14:32:10", "2:32pm", "2026-02-05", "2026-02-05T11:32:10.250Z", "+03:00",
	"25:61", "2026-02-30", "2026-10-25 02:30", "yesterday", "today", "am", "PM", "-5m", "-1h10m", "~", "±10m",
	"+-10m", "23:59:60", "24:00", "+", "-", "?", "!", ">", "@", "@sam", "@bob:", ",", "/", "/ack", "/var/log", "\\",
	"#", "#db", "http://", "https://a.example/(x)", ")", "ABC-123", "CVE-2026-1", " ", "  ", "\t", "\n", "\r",
	"\r\n", "|", "|", "x", "rolled back", "1h 30m", "45 min", "1d", "99999999999", "0s", "ß", "日本", "\xcc\x81",
	"\xe2\x80\xae", "\xe2\x80\x8b", "\xe2\x80\x8d", "👩\xe2\x80\x8d🚒", "\xef\xb8\x8f", "\xff", "\xc3",
	"\xed\xa0\x80", "\xf4\x90\x80\x80", "\x1b[31m", "\xc2\x85", "<U+202E>", "ZZ", "UTC" };

static uint64_t state;

/* xorshift: the same inputs for the same seed on every machine. */
static size_t pick(size_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (size_t)(state >> 11) % below;
}

static size_t make_input(uint8_t *out)
{
	size_t n = 1, count = pick(12);

	out[0] = (uint8_t)pick(256);
	for (size_t i = 0; i < count; i++) {
		const char *part = parts[pick(sizeof parts / sizeof *parts)];
		size_t len = strlen(part);

		memcpy(out + n, part, len);
		n += len;
		if (pick(2))
			out[n++] = ' ';
	}
	for (size_t changes = pick(4) ? 0 : pick(6); changes > 0 && n > 1; changes--) {
		size_t at = 1 + pick(n - 1);

		if (pick(2))
			out[at] = (uint8_t)pick(256);
		else
			n = at;
	}
	return n;
}

static int run_files(char **names)
{
	static uint8_t data[1 << 20];

	for (; *names; names++) {
		FILE *f = fopen(*names, "rb");

		if (!f) {
			perror(*names);
			return 1;
		}
		LLVMFuzzerTestOneInput(data, fread(data, 1, sizeof data, f));
		fclose(f);
	}
	return 0;
}

int main(int argc, char **argv)
{
	char *end = NULL;
	unsigned long rounds = argc > 1 ? strtoul(argv[1], &end, 10) : 20000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	uint8_t data[INPUT_MAX];

	if (end && *end)
		return run_files(argv + 1);
	state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	printf("line_fuzz: %lu rounds, seed %llu\n", rounds, (unsigned long long)seed);
	fflush(stdout);
	for (unsigned long i = 0; i < rounds; i++)
		LLVMFuzzerTestOneInput(data, make_input(data));
	return 0;
}

#endif
