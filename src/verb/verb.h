/* verb.h - the one table of everything a person can do, and its one dispatcher.
 * Composer, command line and imports all come in here; help, completion and the manual's list are printed from the table.
 * To add a verb: write its run function in the file of its family, add a row to verb_table in table.c. HACKING.md has an example. */
#ifndef TPLUS_VERB_VERB_H
#define TPLUS_VERB_VERB_H

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "model/incident.h"
#include "model/policy.h"
#include "model/watch.h"
#include "store/store.h"
#include "text/line.h"

enum { VERB_OPTS = 6 };    /* options of one verb, at most */

enum verb_flag {
	V_LINE = 1,        /* operands are a LINE: options only before its first word */
	V_WRITE = 2,       /* changes an incident: runs inside one transaction */
	V_INCIDENT = 4,    /* works on the meant incident: it is found before run is called, and must exist */
	V_CAPTURE = 8,     /* needs an open one; when none is open, -i must say which */
	V_COMPOSER = 16,   /* makes sense in the composer */
	V_READ = 32,       /* reads the store (which must exist) */
	V_LOCAL = 64,      /* writes local state or whole files on its own: opens the store for writing, no transaction around it */
	V_OFFLINE = 128,   /* needs no store at all */
	V_CREATE = 256,    /* makes the file when there is none */
};

/* What completion offers for the operands. */
enum complete { COMPLETE_NONE, COMPLETE_PERSON, COMPLETE_ROLE, COMPLETE_ROLE_PERSON, COMPLETE_SEVERITY, COMPLETE_EVENT, COMPLETE_ACTION, COMPLETE_ACTION_PERSON,
	COMPLETE_ASK, COMPLETE_HYPOTHESIS, COMPLETE_INCIDENT, COMPLETE_TEMPLATE, COMPLETE_VERB, COMPLETE_FILE, COMPLETE_ENTITY, COMPLETE_FIELD, COMPLETE_SECTION, COMPLETE_LIST };

struct opt {               /* an option a verb takes besides the common ones */
	const char *name;      /* "template" for --template */
	char letter;           /* 't', or 0 */
	const char *value;     /* what the help calls its value, NULL: it takes none */
	const char *help;
};

struct verb;
struct args {
	size_t argc;
	char **argv;           /* operands, options removed; V_LINE verbs read line instead */
	size_t literal;        /* operands from this one on stand behind "--": no prefixes; argc without one */
	bool has_line;         /* line is filled already (composer); else verb_run fills it from argv */
	struct line line;
	const char *opt_value[VERB_OPTS]; /* by row of the verb's opts; NULL: not given */
	char *opt_owned[VERB_OPTS + 2];   /* those of the values that belong to args; the last two: --at, --zone of a composer line */
};
const char *args_opt(const struct verb *v, const struct args *a, const char *name); /* "" for a given one without value; NULL: not given */

struct ctx;
struct verb {
	const char *name;
	const char *alias;     /* exact second name, or NULL */
	const char *group;     /* heading in help and manual; NULL: as the row above */
	const char *usage;     /* operands and own options: "AI NAME" */
	const char *summary;   /* one line, lower case, no full stop */
	unsigned flags;
	enum complete complete;
	size_t min_args;       /* operands it cannot do without (a LINE's text counts as one) */
	size_t max_args;       /* more are a usage error; VERB_ANY: no limit */
	const struct opt *opts; /* ends with name NULL; or NULL */
	enum status (*run)(struct ctx *c, const struct args *a);
	int data;              /* for verbs that share a function: a milestone, … */
};
#define VERB_ANY ((size_t)-1)

extern const struct verb verb_table[]; /* ends with name NULL */
const struct verb *verb_find(const char *name);                    /* exact name or alias */
const struct verb *verb_find_prefix(const char *name, unsigned flags, struct err *err); /* unique prefixes too, among verbs with these flags;
                                                                       ambiguous ones are named in err */
const char *verb_nearest(const char *name);                        /* for "did you mean"; NULL */

/* Everything a verb works with. Passed, never fetched. */
struct ctx {
	struct store *store;       /* open as the verb's flags ask; NULL for V_OFFLINE */
	struct clock *clock;
	struct str *out;           /* its result: standard output */
	struct str *note;          /* remarks: standard error; one a line, without "tplus: " */
	struct err *err;

	/* common options */
	const char *incident_arg;  /* -i, else TPLUS_INCIDENT, else NULL */
	const char *author;        /* --as, TPLUS_USER, login name */
	const char *at_arg;        /* --at */
	const char *zone_arg;      /* --zone */
	bool json, quiet;
	bool composer;             /* called from the screen: out is shown in the footer or a pager, nothing is read from standard input */
	usec stamp;                /* composer: time of the first keystroke; USEC_NONE */

	/* found for the verb */
	struct incident incident;  /* V_INCIDENT */
	const struct zone *zone;   /* of the incident, else --zone, else UTC */
	const struct verb *verb;   /* the one that runs */
	const char *config_dir;    /* NULL: there is none */
	uuid grp;                  /* retry key, minted by verb_run unless it is set already */
	bool retry;                /* an attempt with grp failed without saying whether it was saved: look before writing again */

	/* what happened, for the screen */
	uuid event;                /* the event this verb made; zero: none */
	usec event_at;
	char event_short[33];
	int (*write_out)(void *arg, const char *s, size_t n); /* long output is flushed here as it grows; NULL: it stays in out */
	void *write_arg;
};

/* Runs a verb: checks operand counts, finds the incident, opens the transaction if it writes, calls run, commits. On failure nothing was changed. */
enum status verb_run(struct ctx *c, const struct verb *v, struct args *a);

/* A line of the composer: parsed, looked up, run. c->composer must be true. */
enum status verb_line(struct ctx *c, const char *text, size_t n);

/* The system's clock was stepped, slept or changed its zone while the screen ran: a line of kind system in every open incident, its own transaction,
 * committed when ST_OK is returned. Of several screens on one host the first one's line stands. c needs store (for writing), clock, author, out, note, err;
 * c->grp zero or the retry key. */
enum status verb_clock_change(struct ctx *c, const struct clock_change *x);

/* The meant incident by the rules of DESIGN section 4. */
enum status verb_choose_incident(struct ctx *c, unsigned flags);
/* What times are read against for the chosen incident (also before one is chosen). */
struct when_ctx verb_when_ctx(struct ctx *c);

/* The command line: options, verb, operands. Returns the exit status; everything printed went through fd 1 and 2. start_screen is called for a bare
 * "tplus" and for the demo on a terminal. It replaces the process and returns only when it could not; with wait it returns when the screen has
 * ended, with its exit status. */
struct screen_request { const char *db, *incident, *author, *zone; bool wait; };
int cli_main(int argc, char **argv, int (*start_screen)(const struct screen_request *r, struct err *err));

/* Where things are. Heap strings; NULL and err when there is no home and none was named. */
char *path_db(const char *option, bool *is_default, struct err *err);
char *path_config_dir(void);

#endif
