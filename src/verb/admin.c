/* admin.c - the store's own affairs, and help. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/admin.h"
#include "verb/act.h"
#include "verb/print.h"

enum status verb_verify(struct ctx *c, const struct args *a)
{
	(void)a;
	struct verify_report r;
	enum status st = verify_store(c->store, &r, c->err);
	if (st == ST_OK && c->json)
		str_addf(c->out, "{\"holds\":true,\"incidents\":%zu,\"chains\":%zu,\"ops\":%zu,\"redacted\":%zu,\"unknown\":%zu,\"forks\":%zu}\n",
			r.incidents, r.chains, r.ops, r.redacted, r.unknown, r.forks);
	else if (st == ST_OK)
		str_addf(c->out, "ok: %zu incident%s, %zu chain%s, %zu op%s, %zu redacted, %zu of a newer version, %zu fork%s\n", r.incidents,
			r.incidents == 1 ? "" : "s", r.chains, r.chains == 1 ? "" : "s", r.ops, r.ops == 1 ? "" : "s", r.redacted, r.unknown,
			r.forks, r.forks == 1 ? "" : "s");
	free(r.fault);
	return st;
}

enum status verb_rebuild(struct ctx *c, const struct args *a)
{
	(void)a;
	uint8_t before[OP_HASH], after[OP_HASH];
	enum status st = rebuild_store(c->store, before, after, c->err);
	if (st != ST_OK)
		return st;
	char hex[2 * OP_HASH + 1];
	str_hex(hex, after, OP_HASH);
	str_addf(c->out, "rebuilt: state %.16s, %s\n", hex, memcmp(before, after, OP_HASH) == 0 ? "as before" : "the tables had been wrong");
	return ST_OK;
}

enum status verb_backup(struct ctx *c, const struct args *a)
{
	enum status st = backup_store(c->store, a->argv[0], c->err);
	if (st != ST_OK)
		return st;
	str_adds(c->out, "saved and checked: ");
	print_text(c, a->argv[0]);
	str_addc(c->out, '\n');
	return ST_OK;
}

/* ---- help ----------------------------------------------------------------------------------------------------------- */

struct common { const char *option, *help; };
static const struct common common[] = {
	{ "--db FILE", "the store; else TPLUS_DB, else $XDG_DATA_HOME/tplus/tplus.db" },
	{ "-i, --incident ID", "the incident meant; else TPLUS_INCIDENT, the only open one, the one chosen by use" },
	{ "--as NAME", "who is speaking; else TPLUS_USER, else the login name" },
	{ "--at TIME", "when it happened, instead of now" },
	{ "--zone ZONE", "the zone times are read and shown in; open: the incident's zone" },
	{ "--json", "results as JSON" },
	{ "-q, --quiet", "no remarks" },
	{ "-h, --help", "help, for the verb if one is given" },
	{ "-V, --version", "the version" },
};

static void help_verb(struct str *b, const struct verb *v)
{
	str_addf(b, "tplus %s%s%s\n    %s\n", v->name, v->usage[0] ? " " : "", v->usage, v->summary);
	if (v->alias)
		str_addf(b, "    also: %s\n", v->alias);
	for (size_t i = 0; v->opts && i < VERB_OPTS && v->opts[i].name; i++) {
		const struct opt *o = &v->opts[i];
		str_adds(b, "    ");
		if (o->letter)
			str_addf(b, "-%c, ", o->letter);
		str_addf(b, "--%s%s%s: %s\n", o->name, o->value ? " " : "", o->value ? o->value : "", o->help);
	}
	if (v->flags & V_COMPOSER)
		str_addf(b, "    in the composer: /%s\n", v->name);
}

static void help_all(struct str *b)
{
	str_adds(b, "tplus keeps the time while an outage unfolds. Without a verb it opens the live screen.\n\nUsage: tplus [OPTION]... [VERB] [OPERAND]...\n");
	for (const struct verb *v = verb_table; v->name; v++) {
		if (v->group)
			str_addf(b, "\n%s\n", v->group);
		size_t n = strlen(v->name) + strlen(v->usage) + 1;
		str_addf(b, "  %s %s", v->name, v->usage);
		if (n > 34)
			str_adds(b, "\n  ");
		str_addn(b, ' ', n > 34 ? 34 : 34 - n);
		str_addf(b, "  %s\n", v->summary);
	}
	str_adds(b, "\nOptions\n");
	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		str_addf(b, "  %-20s %s\n", common[i].option, common[i].help);
	str_adds(b, "\nA LINE is text, with any of these before it: 14:32 or -5m (when), @sam (who), + - ? ! > (went well, went badly,\n"
		    "hypothesis, action item, detail). See tplus(1).\n");
}

static void help_table(struct str *b)
{
	for (const struct verb *v = verb_table; v->name; v++)
		str_addf(b, "%s\t%s\t%s\t%s\t%s\n", v->name, v->alias ? v->alias : "", v->flags & V_COMPOSER ? "composer" : "", v->usage, v->summary);
}

/* mdoc escapes: a line may not begin with "." or "'", and "\" is special. */
static void mdoc_text(struct str *b, const char *s)
{
	for (; *s; s++) {
		if (*s == '\\')
			str_adds(b, "\\e");
		else if (*s == '-')
			str_adds(b, "\\-");
		else
			str_addc(b, *s);
	}
}

static void help_mdoc(struct str *b)
{
	for (const struct verb *v = verb_table; v->name; v++) {
		if (v->group)
			str_addf(b, "%s.Ss %s\n.Bl -tag -width Ds\n", v == verb_table ? "" : ".El\n", v->group);
		str_addf(b, ".It Cm %s%s", v->name, v->usage[0] ? " No " : "");
		mdoc_text(b, v->usage);
		str_addc(b, '\n');
		str_addc(b, (char)(v->summary[0] >= 'a' && v->summary[0] <= 'z' ? v->summary[0] - 32 : v->summary[0]));
		mdoc_text(b, v->summary + 1);
		str_adds(b, ".\n");
		if (v->alias)
			str_addf(b, "Also\n.Cm %s .\n", v->alias);
	}
	str_adds(b, ".El\n");
}

enum status verb_help(struct ctx *c, const struct args *a)
{
	if (args_opt(c->verb, a, "table"))
		help_table(c->out);
	else if (args_opt(c->verb, a, "mdoc"))
		help_mdoc(c->out);
	else if (a->argc == 0)
		help_all(c->out);
	else {
		const struct verb *v = verb_find_prefix(a->argv[0], 0, c->err);
		if (!v)
			return ST_USAGE;
		help_verb(c->out, v);
	}
	return ST_OK;
}
