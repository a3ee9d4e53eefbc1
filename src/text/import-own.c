/* import-own.c - tables that the documents of tplus itself hold: responders, hypotheses, asks, facts; and severity
 * changes. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/import-impl.h"

/* An entity for a number, until the store gives it a real one. */
uuid import_subject(const char *number)
{
	static const uuid space = { { 0x74, 0x2b } };
	return uuid_named(space, number, strlen(number));
}

/* A full time as default writes it, in the document's zone. */
static usec time_cell(const struct reading *r, const struct node *row, int column)
{
	char *text = cell_text(row, column);
	struct doctime t;
	usec at = USEC_NONE;
	if (text && doctime_read(text, strlen(text), &t) && t.has_date && t.year && t.has_clock) {
		struct reading zoned = *r;
		zoned.zone = r->o->zone ? r->o->zone : r->zone ? r->zone : zone_utc();
		at = import_moment(&zoned, &t, cal_days(t.year, t.mon, t.day), USEC_NONE);
	}
	free(text);
	return at;
}

static bool responders_table(struct reading *r, const struct node *table)
{
	static const char *const names[] = { "name", "who", "person", NULL }, *const roles[] = { "role", "as", NULL },
				 *const joins[] = { "joined", "from", NULL }, *const leaves[] = { "left", "to", NULL };
	int name = column_of(table, names), role = column_of(table, roles), join = column_of(table, joins),
	    leave = column_of(table, leaves);
	for (size_t i = 1; name >= 0 && i < table->children; i++) {
		const struct node *row = table->child[i];
		char *who = cell_text(row, name), *as = cell_text(row, role);
		struct responder *p =
			who ? add_responder(r, who, as && strcmp(as, "responder") != 0 ? as : NULL) : NULL;
		if (p) {
			p->joined_at = time_cell(r, row, join);
			p->left_at = time_cell(r, row, leave);
		}
		free(who);
		free(as);
	}
	return name >= 0;
}

static bool hypotheses_table(struct reading *r, const struct node *table)
{
	static const char *const numbers[] = { "number", "id", NULL },
				 *const texts[] = { "suspected cause", "hypothesis", "cause", NULL },
				 *const states[] = { "state", "status", "result", NULL },
				 *const whys[] = { "why", "evidence", NULL };
	int number = column_of(table, numbers), text = column_of(table, texts), state = column_of(table, states),
	    why = column_of(table, whys);
	struct hypotheses *l = &r->out->hypotheses;
	for (size_t i = 1; text >= 0 && i < table->children; i++) {
		const struct node *row = table->child[i];
		char *said = cell_text(row, text), *is = cell_text(row, state), *no = cell_text(row, number);
		int s = is ? word_find(hypothesis_status, is) : 0;
		if (said) {
			l->v = xgrow(l->v, &r->hypothesis_cap, l->n + 1, sizeof *l->v);
			l->v[l->n] = (struct hypothesis){ .text = said,
				.status = xstrdup(hypothesis_status[s < 0 ? 0 : s]),
				.why = cell_text(row, why),
				.number = str_fmt("H-%zu", l->n + 1),
				.raised_at = USEC_NONE };
			l->v[l->n].entity = import_subject(no ? no : l->v[l->n].number);
			l->n++;
		}
		free(is);
		free(no);
	}
	return text >= 0;
}

/* "answered, late: yes" */
static void set_answer(struct ask *a, const char *text)
{
	const char *colon = text ? strstr(text, ": ") : NULL;
	for (int i = 0; ask_status[i]; i++)
		if (text && str_starts(text, ask_status[i])) {
			free(a->status);
			a->status = xstrdup(ask_status[i]);
		}
	a->answer = colon ? xstrdup(colon + 2) : NULL;
}

static bool asks_table(struct reading *r, const struct node *table)
{
	static const char *const numbers[] = { "number", NULL }, *const whom[] = { "to", NULL },
				 *const texts[] = { "ask", NULL }, *const askeds[] = { "asked", NULL },
				 *const dues[] = { "due", NULL }, *const answers[] = { "answer", NULL };
	int number = column_of(table, numbers), to = column_of(table, whom), text = column_of(table, texts),
	    answer = column_of(table, answers);
	struct asks *l = &r->out->asks;
	for (size_t i = 1; text >= 0 && to >= 0 && i < table->children; i++) {
		const struct node *row = table->child[i];
		char *said = cell_text(row, text), *no = cell_text(row, number), *done = cell_text(row, answer);
		if (said) {
			l->v = xgrow(l->v, &r->ask_cap, l->n + 1, sizeof *l->v);
			struct ask *a = &l->v[l->n];
			*a = (struct ask){ .text = said,
				.to = cell_text(row, to),
				.status = xstrdup(ask_status[0]),
				.number = str_fmt("ASK-%zu", l->n + 1),
				.asked_at = time_cell(r, row, column_of(table, askeds)),
				.due_at = time_cell(r, row, column_of(table, dues)),
				.answered_at = USEC_NONE };
			a->entity = import_subject(no ? no : a->number);
			set_answer(a, done);
			l->n++;
		}
		free(no);
		free(done);
	}
	return text >= 0 && to >= 0;
}

/* The first row of the severity ledger begins when the incident was opened. */
void own_opening(struct reading *r, const struct node *table)
{
	static const char *const froms[] = { "from", NULL }, *const severities[] = { "severity", NULL };
	if (table->kind == NODE_TABLE && table->children > 1 && column_of(table, severities) == 0 &&
		column_of(table, froms) == 1)
		r->opened_at = time_cell(r, table->child[1], 1);
}

/* What default shows of fields that it does not know. */
static bool facts_table(struct reading *r, const struct node *table)
{
	for (size_t i = 1; i < table->children; i++) {
		char *name = cell_text(table->child[i], 0), *value = cell_text(table->child[i], 1);
		if (name && value && field_name_ok(name))
			set_field(r, name, value, NULL);
		free(name);
		free(value);
	}
	return true;
}

bool own_table(struct reading *r, const struct part *p, const struct node *table)
{
	switch (p->what) {
	case WHAT_RESPONDERS:
		return responders_table(r, table);
	case WHAT_HYPOTHESES:
		return hypotheses_table(r, table);
	case WHAT_ASKS:
		return asks_table(r, table);
	case WHAT_FACTS:
		return facts_table(r, table);
	default:
		return false;
	}
}

/* ---- severity
 * ------------------------------------------------------------------------------------------------------- */

static int severity_at(const char *s, size_t n)
{
	char word[16];
	int sev;
	if (n >= sizeof word)
		return SEV_UNKNOWN;
	memcpy(word, s, n);
	word[n] = 0;
	return severity_parse(word, &sev) ? sev : SEV_UNKNOWN;
}

bool import_severity_change(const char *text, int *from, int *to, const char **why)
{
	const char *arrow = strstr(text, " → ");
	if (!arrow)
		return false;
	const char *second = arrow + strlen(" → ");
	size_t n = strcspn(second, ": ");
	*from = severity_at(text, (size_t)(arrow - text));
	*to = severity_at(second, n);
	*why = str_starts(second + n, ": ") ? second + n + 2 : NULL;
	return *to != SEV_UNKNOWN &&
	       (*from != SEV_UNKNOWN || strncmp(text, "severity unknown", (size_t)(arrow - text)) == 0) &&
	       (!second[n] || *why);
}
