/* import-tables.c - tables: which of them is what, by the names of their columns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/import-impl.h"

int column_of(const struct node *table, const char *const *names)
{
	const struct node *head = table->children ? table->child[0] : NULL;
	for (; head && *names; names++)
		for (size_t i = 0; i < head->children; i++) {
			char *key = heading_key(head->child[i]->text.s);
			bool same = strcmp(key, *names) == 0;
			free(key);
			if (same)
				return (int)i;
		}
	return -1;
}

char *cell_text(const struct node *row, int column)
{
	if (column < 0 || (size_t)column >= row->children)
		return NULL;
	char *text = node_text(row->child[column]);
	if (!is_placeholder(text))
		return text;
	free(text);
	return NULL;
}

/* ---- measured values
 * ------------------------------------------------------------------------------------------------ */

static const char *const subject_names[] = { "service", "endpoint", "component", "metric", "system", "name", NULL };
static const char *const before_names[] = { "normal uptime", "normal p95", "normal error rate", "normal", "before",
	"baseline", "usual", NULL };
static const char *const during_names[] = { "incident uptime", "incident p95", "incident error rate", "during",
	"during incident", "incident", "peak", "actual", NULL };
static const char *const after_names[] = { "after", "after incident", "recovered", NULL };
static const char *const target_names[] = { "target", "objective", "slo", NULL };

static const char *metric_name(const char *heading)
{
	static const struct {
		const char *heading, *name;
	} names[] = { { "availability impact", "availability" }, { "latency impact", "latency p95" },
		{ "error rate impact", "error rate" } };
	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(names[i].heading, heading) == 0)
			return names[i].name;
	return NULL;
}

static bool metrics_table(struct reading *r, struct part *p, const struct node *table)
{
	int subject = column_of(table, subject_names);
	const struct {
		const char *attr;
		int column;
	} values[] = { { "before", column_of(table, before_names) }, { "during", column_of(table, during_names) },
		{ "after", column_of(table, after_names) }, { "target", column_of(table, target_names) } };
	const char *name = metric_name(p->key);
	if (subject < 0 || (values[0].column < 0 && values[1].column < 0))
		return false;
	for (size_t i = 1; i < table->children; i++) {
		char *of = cell_text(table->child[i], subject);
		if (!of) {
			r->out->placeholders++;
			continue;
		}
		struct record *rec = add_record(r, "metric");
		record_set(rec, "name", name ? name : of);
		if (name)
			record_set(rec, "service", of);
		for (size_t k = 0; k < COUNT(values); k++) {
			char *v = cell_text(table->child[i], values[k].column);
			record_set(rec, values[k].attr, v);
			free(v);
		}
		free(of);
	}
	return true;
}

/* ---- related incidents
 * ---------------------------------------------------------------------------------------------- */

static bool related_table(struct reading *r, const struct node *table)
{
	static const char *const ids[] = { "id", "incident id", NULL },
				 *const titles[] = { "incident", "title", "what", NULL },
				 *const dates[] = { "date", "when", NULL },
				 *const relations[] = { "relation", "how", "similarity", NULL },
				 *const outcomes[] = { "outcome", "result", NULL };
	const struct {
		const char *attr;
		int column;
	} values[] = { { "id", column_of(table, ids) }, { "title", column_of(table, titles) },
		{ "date", column_of(table, dates) }, { "relation", column_of(table, relations) },
		{ "outcome", column_of(table, outcomes) } };
	if (values[0].column < 0 && values[1].column < 0)
		return false;
	for (size_t i = 1; i < table->children; i++) {
		bool any = false;
		char *cell[COUNT(values)];
		for (size_t k = 0; k < COUNT(values); k++)
			any |= (cell[k] = cell_text(table->child[i], values[k].column)) != NULL;
		struct record *rec = any ? add_record(r, "relation") : NULL;
		for (size_t k = 0; k < COUNT(values); k++) {
			if (rec)
				record_set(rec, values[k].attr, cell[k]);
			free(cell[k]);
		}
	}
	return true;
}

bool read_table(struct reading *r, struct part *p, struct node *table)
{
	if (p->what == WHAT_COMPUTED)
		return true;
	if (p->what == WHAT_RESPONDERS || p->what == WHAT_HYPOTHESES || p->what == WHAT_ASKS || p->what == WHAT_FACTS)
		return own_table(r, p, table);
	if (p->what == WHAT_RELATED)
		return related_table(r, table);
	if (p->what == WHAT_ACTIONS)
		return actions_table(r, p, table, true);
	if (p->what == WHAT_TIMELINE && timeline_table(r, p, table))
		return true;
	return metrics_table(r, p, table) || actions_table(r, p, table, false) || timeline_table(r, p, table);
}
