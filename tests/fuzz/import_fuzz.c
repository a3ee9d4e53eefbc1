/* Whatever is given for a document is read without harm, and what comes out keeps the promises of import-md.h.
 * With libFuzzer: LLVMFuzzerTestOneInput. With TPLUS_FUZZ_STANDALONE a program of its own for make check:
 * import_fuzz [ROUNDS [SEED]] makes up its inputs; import_fuzz FILE... reads them. It prints the seed. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "text/import-md.h"
#include "text/import-time.h"
#include "text/mojibake.h"

#define MODIFIED (INT64_C(1770303600) * USEC_SEC) /* 2026-02-05 15:00:00 UTC */
#define HOLDS(promise) ((promise) ? (void)0 : broken(__LINE__, #promise))

/* What is being tried, for the report. */
static const uint8_t *input;
static size_t input_len;

static _Noreturn void broken(int line, const char *promise)
{
	fprintf(stderr, "import_fuzz.c:%d: does not hold: %s\nwith: ", line, promise);
	for (size_t i = 0; i < input_len; i++)
		fprintf(stderr, input[i] >= ' ' && input[i] < 0x7f && input[i] != '\\' ? "%c" : "\\x%02x", input[i]);
	fputc('\n', stderr);
	abort();
}

static bool one_line(const char *s)
{
	return !s || !s[strcspn(s, "\n")];
}

static void check_events(const struct imported *i)
{
	for (size_t k = 0; k < i->events.n; k++) {
		const struct event *e = &i->events.v[k];
		HOLDS(e->text && one_line(e->text) && one_line(e->actor));
		HOLDS(e->occurred_at != USEC_NONE && e->approx_s >= 0);
		HOLDS(e->milestone >= MS_NONE && e->milestone <= MS_REOPEN);
		HOLDS((e->kind == KIND_MILESTONE) == (e->milestone != MS_NONE));
		HOLDS(i->opened_at != USEC_NONE);
		for (size_t d = 0; d < e->details; d++)
			HOLDS(e->detail[d] && one_line(e->detail[d]));
	}
}

static void check_lists(const struct imported *i)
{
	for (size_t k = 0; k < i->actions.n; k++) {
		const struct action *a = &i->actions.v[k];
		HOLDS(a->text && a->text[0] && one_line(a->text));
		HOLDS(word_find(action_status, a->status) >= 0);
		HOLDS(a->priority >= -1 && a->priority <= 3);
		HOLDS(!a->number || str_starts(a->number, "AI-"));
	}
	for (size_t k = 0; k < i->findings.n; k++)
		HOLDS(i->findings.v[k].list && i->findings.v[k].list[0] && i->findings.v[k].text &&
			one_line(i->findings.v[k].text));
	for (size_t k = 0; k < i->fields.n; k++)
		HOLDS(i->fields.v[k].value[0]);
	for (size_t k = 0; k < i->sections.n; k++) {
		HOLDS(field_name_ok(i->sections.v[k].name) && i->sections.v[k].value[0]);
		for (size_t j = 0; j < k; j++)
			HOLDS(strcmp(i->sections.v[j].name, i->sections.v[k].name) != 0);
	}
	for (size_t k = 0; k < i->responders.n; k++)
		HOLDS(i->responders.v[k].name[0]);
}

static void try_document(const char *s, size_t n, const struct catalogue *cat, unsigned choice)
{
	struct import_opts o = { .date = choice & 1 ? "2026-02-05" : NULL,
		.name = choice & 2 ? "2026-01-02-x.md" : NULL,
		.modified = choice & 4 ? MODIFIED : USEC_NONE,
		.catalogue = choice & 8 ? NULL : cat };
	struct imported i, again;
	struct err err = { 0 };
	enum status st = import_md(s, n, &o, &i, &err), second = import_md(s, n, &o, &again, NULL);
	HOLDS(st == ST_OK || (st == ST_USAGE && err.text[0]));
	HOLDS(st == second && i.events.n == again.events.n && i.findings.n == again.findings.n &&
		i.sections.n == again.sections.n);
	if (st == ST_OK) {
		HOLDS(i.title && i.title[0] && i.zone && i.remarks.n > 0);
		HOLDS(i.rows == i.events.n && i.severity >= SEV_UNKNOWN && i.severity < SEV_COUNT);
		check_events(&i);
		check_lists(&i);
	}
	imported_free(&i);
	imported_free(&again);
}

/* What is repaired needs no repair, and is UTF-8. */
static void try_repair(const char *s, size_t n)
{
	struct str once = STR_INIT;
	mojibake_repair(&once, s, n);
	HOLDS(utf8_valid(once.s, once.len));
	HOLDS(!utf8_valid(s, n) || once.len <= n);
	str_free(&once);
}

static void try_time(const char *s, size_t n)
{
	struct doctime t;
	size_t at;
	if (doctime_read(s, n, &t)) {
		HOLDS(t.used <= n && (t.has_clock || t.has_date));
		HOLDS(t.hour >= 0 && t.hour < 24 && t.min >= 0 && t.min < 60 && t.sec >= 0 && t.sec < 60 &&
			t.approx_s >= 0);
		HOLDS(!t.has_date || (t.mon >= 1 && t.mon <= 12 && t.day >= 1 && t.day <= 31));
		HOLDS(t.end + t.end_n <= n);
	}
	if (doctime_find_date(s, n, &t, &at))
		HOLDS(at + t.used <= n && t.year >= 1970 && t.has_date);
	zone_in_text(s, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the options. The rest is copied to a block of just its size, so that reading past it is
 * seen. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct catalogue *cat;
	size_t n = size ? size - 1 : 0;
	char *s = xmalloc(n);
	if (!cat)
		HOLDS(catalogue_load(NULL, &cat, NULL) == ST_OK);
	input = data;
	input_len = size;
	if (n)
		memcpy(s, data + 1, n);
	try_document(s, n, cat, size ? data[0] : 0);
	try_repair(s, n);
	try_time(s, n);
	free(s);
	return 0;
}

#ifdef TPLUS_FUZZ_STANDALONE

#define INPUT_MAX 4096

/* What inputs are made of. */
static const char *const parts[] = { "# ", "## ", "### ", "Timeline", "Action Items", "Root Cause", "What Went Well",
	"Example: ", "Postmortem: ", "Impact", "Resolution", "Related Incidents", "Sign-off", "5 Whys",
	"Detailed Timeline", "Severity", "Asks", "References", "Metrics", "Distribution", "\n", "\n", "\n", "\n\n",
	"| ", " | ", "|-|-|\n", "|---|---|---|\n", "- ", "  - ", "1. ", "- [ ] ", "- [x] ", "> ", "```\n", "**", "**",
	": ", "*", "`", "~~", "<br>", "<!--", "-->", "&lt;", "&#0;", "[", "]", "(", ")", "[Name]",
	"](https://a.example)", "Time", "Event", "Actor", "Action Item", "Owner", "Due Date", "Status", "Priority",
	"Date", "ID", "10:30", "10:30:15", "2:32 pm", "~10:30", "10:30–10:45", "2026-02-05", "Jan 18, 2026",
	"18.01.2026", "2026-02-05T11:32:10Z", "00:05", "UTC", "MSK (UTC+3)", "Europe/Berlin", "+03:00", "±10m", "HH:MM",
	"YYYY-MM-DD", "To be written: ", "_", "X hours", "$X", "AI-1", "AI-001", "INC-2026-0001", "P0", "SEV-2",
	"SEV-2 → SEV-1: x", "H-1", "ASK-1", "Detected", "Update", "struck: ", "alert fired", "Incident closed",
	"acknowledged", "Time to Detection", "5 minutes", "Yes - by 1 %", "$150", "98.5 %", "@jane", "(@bob)",
	"Owner: ", "✅ ", "❌", "🔴 ", "âœ…", "ðŸ”´", "Ã©", "Ð´", "\xff", "\xc3", "\r\n", "\t", "---\n", "===\n",
	"日本", "\xe2\x80\xae" };

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
	size_t n = 1, count = pick(80);

	out[0] = (uint8_t)pick(256);
	for (size_t i = 0; i < count; i++) {
		const char *part = parts[pick(sizeof parts / sizeof *parts)];
		size_t len = strlen(part);

		if (n + len + 2 > INPUT_MAX)
			break;
		memcpy(out + n, part, len);
		n += len;
		if (pick(6) == 0)
			out[n++] = '\n';
	}
	for (size_t changes = pick(4) ? 0 : pick(6); changes > 0 && n > 1; changes--)
		out[1 + pick(n - 1)] = (uint8_t)pick(256);
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
	unsigned long rounds = argc > 1 ? strtoul(argv[1], &end, 10) : 3000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
	uint8_t data[INPUT_MAX];

	if (end && *end)
		return run_files(argv + 1);
	state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	printf("import_fuzz: %lu rounds, seed %llu\n", rounds, (unsigned long long)seed);
	fflush(stdout);
	for (unsigned long i = 0; i < rounds; i++)
		LLVMFuzzerTestOneInput(data, make_input(data));
	return 0;
}

#endif
