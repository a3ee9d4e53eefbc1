/* import-preview.c - what a document says, before anything is written; its action items get their numbers. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "verb/import.h"
#include "verb/print.h"

/* ---- numbers ---- */

static int by_number(const void *a, const void *b)
{
	const struct action *x = *(struct action *const *)a, *y = *(struct action *const *)b;
	unsigned long n = strtoul(x->number + 3, NULL, 10), m = strtoul(y->number + 3, NULL, 10);
	return n != m ? (n < m ? -1 : 1) : x < y ? -1 : x > y;
}

void import_number_actions(struct actions *l)
{
	struct action **own = xcalloc(l->n + 1, sizeof *own);
	size_t n = 0;
	unsigned long last = 0;
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].number)
			own[n++] = &l->v[i];
	qsort(own, n, sizeof *own, by_number);
	for (size_t i = 0; i < n; i++) {
		unsigned long number = strtoul(own[i]->number + 3, NULL, 10);
		if (number == last) { /* the second of that number */
			free(own[i]->number);
			own[i]->number = NULL;
		}
		last = number;
	}
	for (size_t i = 0; i < l->n; i++)
		if (!l->v[i].number)
			l->v[i].number = str_fmt("AI-%lu", ++last);
	free(own);
}

/* ---- the preview ---- */

static void print_value(struct ctx *c, const char *label, const char *value)
{
	if (!value || !value[0])
		return;
	str_addf(c->out, "  %s: ", label);
	print_text(c, value);
	str_addc(c->out, '\n');
}

static void preview_event(struct ctx *c, const struct event *e, const struct zone *zone)
{
	str_addf(c->out, "  %s", e->approx_s ? "~" : "");
	when_fmt_full(c->out, e->occurred_at, zone);
	str_addf(c->out, "  %s%s",
		e->milestone != MS_NONE ? milestone_name(e->milestone)
		: e->kind == KIND_NOTE	? ""
					: kind_name(e->kind),
		e->milestone != MS_NONE || e->kind != KIND_NOTE ? ": " : "");
	str_adds(c->out, e->struck ? "[struck] " : "");
	print_text(c, e->text);
	if (e->actor) {
		str_adds(c->out, " @");
		print_text(c, e->actor);
	}
	str_addc(c->out, '\n');
	for (size_t i = 0; i < e->details; i++) {
		str_adds(c->out, "    - ");
		print_text(c, e->detail[i]);
		str_addc(c->out, '\n');
	}
}

static void preview_events(struct ctx *c, const struct imported *d)
{
	str_adds(c->out, d->events.n ? "\nTimeline\n" : "");
	for (size_t i = 0; i < d->events.n; i++)
		preview_event(c, &d->events.v[i], d->zone);
}

static void preview_lists(struct ctx *c, const struct imported *d)
{
	str_adds(c->out, d->actions.n ? "\nAction items\n" : "");
	for (size_t i = 0; i < d->actions.n; i++) {
		const struct action *a = &d->actions.v[i];
		char *line = str_fmt("%s%s%s%s%s (%s)", a->text, a->owner ? " @" : "", a->owner ? a->owner : "",
			a->due ? " due:" : "", a->due ? a->due : "", a->status);
		print_value(c, a->number ? a->number : "AI", line);
		free(line);
	}
	str_adds(c->out, d->findings.n ? "\nFindings\n" : "");
	for (size_t i = 0; i < d->findings.n; i++) {
		const struct finding *x = &d->findings.v[i];
		char *line = str_fmt("%s%s%s", x->title ? x->title : "", x->title ? ": " : "", x->text ? x->text : "");
		print_value(c, x->list, line);
		free(line);
	}
	str_adds(c->out, d->responders.n ? "\nResponders\n" : "");
	for (size_t i = 0; i < d->responders.n; i++)
		print_value(
			c, d->responders.v[i].role ? d->responders.v[i].role : "responder", d->responders.v[i].name);
}

static void preview_texts(struct ctx *c, const struct imported *d)
{
	str_adds(c->out, d->fields.n ? "\nFields\n" : "");
	for (size_t i = 0; i < d->fields.n; i++)
		print_value(c, d->fields.v[i].name, d->fields.v[i].value);
	str_adds(c->out, d->records.n ? "\nRows\n" : "");
	for (size_t i = 0; i < d->records.n; i++) {
		struct str b = STR_INIT;
		for (size_t k = 0; k < d->records.v[i].values.n; k++)
			str_addf(&b, "%s%s:%s", k ? "  " : "", d->records.v[i].values.v[k].name,
				strchr(d->records.v[i].values.v[k].value, '\n') ? "(several lines)"
										: d->records.v[i].values.v[k].value);
		print_value(c, d->records.v[i].type, b.s);
		str_free(&b);
	}
	for (size_t i = 0; i < d->sections.n; i++) {
		str_adds(c->out, "\nSection ");
		print_text(c, d->sections.v[i].name);
		str_addc(c->out, '\n');
		san_text(c->out, d->sections.v[i].value, strlen(d->sections.v[i].value), SAN_DOCUMENT | SAN_LINES);
		str_addc(c->out, '\n');
	}
}

void import_preview(struct ctx *c, struct imported *d)
{
	struct str sev = STR_INIT;
	import_number_actions(&d->actions);
	print_text(c, d->title);
	str_addc(c->out, '\n');
	print_value(c, "id", d->id ? d->id : "the next number");
	severity_fmt(&sev, d->severity, NULL);
	print_value(c, "severity", sev.s);
	print_value(c, "zone", zone_name(d->zone));
	preview_events(c, d);
	preview_lists(c, d);
	preview_texts(c, d);
	str_adds(c->out, "\nReport\n");
	for (size_t i = 0; i < d->warnings.n; i++)
		print_value(c, "warning", d->warnings.v[i]);
	for (size_t i = 0; i < d->remarks.n; i++)
		print_value(c, "note", d->remarks.v[i]);
	str_free(&sev);
}
