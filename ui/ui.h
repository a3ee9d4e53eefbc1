/* ui.h - the live screen as a whole. One thread owns everything here but a job under way, which is the worker's until EV_DONE. */
#ifndef TPLUS_UI_UI_H
#define TPLUS_UI_UI_H

#include "model/watch.h"
#include "store/query.h"
#include "text/line.h"
#include "ui/edit.h"
#include "ui/keys.h"
#include "ui/layout.h"
#include "ui/loop.h"
#include "ui/pages.h"
#include "ui/row.h"
#include "ui/state.h"
#include "ui/term.h"
#include "verb/config.h"

enum scene { SCENE_LIVE, SCENE_LIST };

enum dirty { /* what must be rendered anew before the next draw */
	DIRTY_HEADER = 1, DIRTY_TIMELINE = 2, DIRTY_SIDE = 4, DIRTY_COMPOSER = 8, DIRTY_FOOTER = 16, DIRTY_LAYOUT = 32, DIRTY_TEXT = 64,
	DIRTY_ALL = 127,
};

/* ---- work for the worker's thread ---- */

enum job_type {
	JOB_LINE,    /* a line of the composer */
	JOB_DRAFT,   /* remember the composer's text */
	JOB_UNDO,    /* what would undo take back? Asked before it is done */
	JOB_CLOCK,   /* the system's clock changed: a line in every open incident */
	JOB_RECOVER, /* open the file for writing once, so that a dead writer's journal is rolled back */
};

struct worker { /* the worker's own; touched by no other thread once the first job runs */
	struct store *store;
	struct clock clock;
	const char *path, *author;
	char *config_dir;
	bool make_dir;
};

struct job {
	enum job_type type;
	struct worker *worker;
	char *text;             /* JOB_DRAFT: NULL forgets */
	size_t n;
	char *key;              /* JOB_DRAFT; JOB_LINE: what the footer says when it is done, NULL: what the verb printed */
	usec stamp;
	uuid grp;               /* minted before the first attempt: the retry key */
	bool retry;             /* an attempt failed without saying whether it was saved */
	char incident[33];      /* hex; "": none */
	bool redo;              /* JOB_UNDO */
	struct clock_change change; /* JOB_CLOCK */
	const struct zone *zone;
	bool borrowed;          /* a pane's line: what was being written before has its place back */
	unsigned long keys;     /* pressed before it was sent */
	bool quiet;             /* no line of the composer: a failure has no text to give back */

	bool has_row;           /* shown in the timeline until the store has it */
	struct event row;
	bool saved;             /* done; goes away with the next load */

	enum status status;     /* results */
	struct err err;
	struct str out, note;
	uuid event, opened;
	char event_short[33];
	struct job *next;
};

/* ---- the screen ---- */

struct question {           /* asked in the footer; the next key answers */
	char *text;             /* NULL: none */
	bool (*answer)(struct ui *ui, const struct key *k); /* false: the key was not meant for it */
	usec at[2];             /* ambiguous time: its readings, and where it stands in the composer */
	size_t from, to;
	bool redo;              /* what undo, or redo, would take back */
	uuid grp;
	char *what;
};

/* What clocks.c remembers. */
struct clocks {
	struct clock_watch watch;  /* boot in it is this host's boot clock as of now */
	unsigned changes;          /* changes of the clock not written yet: until then spans are wrong by the step, and nothing is told of them */
	struct { uuid of; usec from, until; } counted; /* what T+ was shown of */
	uint64_t *late;            /* the clocks that were overdue at the last tick */
	size_t late_n;
	uuid late_of;              /* the incident shown then */
	bool looked;
	bool snoozed;              /* at the last tick */
	int day;                   /* of the month, at the last tick */
};

struct ui {
	const char *author;
	const struct zone *viewer;
	struct clock clock;
	usec now;               /* read once an event */
	struct loop *loop;
	struct terminal *term;
	struct state state;
	struct clocks clocks;
	struct config config;
	struct worker worker;

	enum scene scene;
	enum pane focus;
	struct layout layout;
	unsigned dirty;
	struct timeline timeline;
	struct side side;
	struct list list;
	uuid before;            /* the incident that was shown before this one; zero: none */
	struct page page;       /* help, or what a verb printed; over everything */

	unsigned long keys;     /* pressed so far */
	struct edit edit;
	struct edit kept;       /* what was being written when a pane put its own line into the composer */
	bool has_kept;
	bool borrowed;          /* what stands there is a pane's line: Esc takes it out */
	struct completion *completion; /* while Tab goes through candidates */
	struct str draft;       /* as it is stored */
	usec draft_due;         /* when to store it; USEC_NONE */

	struct job *jobs;       /* waiting and done ones not yet loaded, oldest first */
	struct job *running;
	struct job *returned;   /* refused while something else was being written */
	char saved[33];         /* short id of the last committed line; "" */
	struct str message;     /* a refusal or a remark; "": none */
	enum style message_style;
	struct question question;
	struct str failed_text; /* a line whose fate is unknown after an I/O error, and its retry key */
	uuid failed_grp;

	usec ask_after;         /* the store is asked again after so many µs; 0: no need */
	unsigned busy;          /* how often it was busy in a row */
	bool stale;             /* what is shown is older than the store */
	bool all_stale;         /* the list of incidents is */
	bool skip_continue, quit, force, gone;
};

/* ui.c: what happens; session.c: beginning and end */
struct ui_opts { const char *db, *incident, *author, *zone; bool make_dir, demo; };
enum status ui_run(const struct ui_opts *o, struct err *err);
void ui_show(struct ui *ui, uuid incident);       /* makes it the one shown */
void ui_scene(struct ui *ui, enum scene scene);
void ui_focus(struct ui *ui, enum pane pane);
void ui_loop(struct ui *ui);
void ui_watch(struct ui *ui);                     /* other processes' writes */
void ui_again(struct ui *ui);                     /* the store is busy: once more in a moment */
void ui_refresh(struct ui *ui);                   /* reads the store anew, now or as soon as it can be read */
void ui_say(struct ui *ui, enum style style, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void ui_leave(struct ui *ui);                     /* when everything under way is done */
void ui_alarm(struct ui *ui, const char *text);    /* by bell and notification, as the settings say */
enum context ui_context(const struct ui *ui);

/* jobs.c */
void job_line(struct ui *ui, const char *text, size_t n, usec stamp, const struct line *parsed, bool quiet); /* parsed: shown as pending */
void job_line_says(struct ui *ui, const char *text, const char *says, const char *what); /* a quiet one; says what it did in our words */
void job_draft(struct ui *ui, const char *key, const char *text);
void job_undo(struct ui *ui, bool redo);          /* undo_answer when it is known */
void job_recover(struct ui *ui);
void job_done(struct ui *ui, struct job *job);
void jobs_loaded(struct ui *ui);                  /* the store was read: saved lines stand in it */
size_t jobs_pending(const struct ui *ui);
bool job_is_here(const struct ui *ui, const struct job *j); /* it belongs to the incident shown */
void jobs_free(struct ui *ui);

/* undo.c */
void undo_ask(struct ui *ui, bool redo);          /* says what would be taken back; the next key decides */
enum status undo_look_job(struct job *j);         /* on the worker: into j->out, its group into j->grp */
void undo_answer(struct ui *ui, struct job *j);

/* history.c: what an entity was, by its ops */
void history_page(struct ui *ui, uuid entity, const char *name);
void history_was(struct ui *ui, uuid entity, struct str *out); /* a line for each correction */
void history_add(struct str *out, const struct history_row *r, const struct zone *zone, bool back); /* "text old -> new; ..." of one op; back: undone */
bool history_skips(const struct history_row *r);  /* nothing that people see */

/* composer.c */
bool composer_key(struct ui *ui, enum act a, const struct key *k);
void composer_put(struct ui *ui, const char *text, size_t cur_from_end); /* a pane's own line; what was there is kept */
void composer_give_back(struct ui *ui, struct job *job);
int composer_rows(const struct ui *ui);
void composer_draw(struct ui *ui);
struct verb;
const struct verb *composer_verb(const struct line *l, struct err *err); /* NULL: err says why it is none of the composer's */
void composer_meaning(const struct ui *ui, struct row *r, int cols);
void composer_draft_load(struct ui *ui);
void composer_draft_save(struct ui *ui, bool now);
void composer_changed(struct ui *ui);
int composer_column(const struct ui *ui, size_t at); /* of the screen, where that byte of the text stands */

/* composer-complete.c */
bool composer_completes(const struct ui *ui);
void composer_complete(struct ui *ui, int step);
void composer_complete_end(struct ui *ui);
void composer_complete_undo(struct ui *ui);       /* what was typed stands there again */
bool menu_shown(const struct ui *ui);
void menu_draw(struct ui *ui);

/* clocks.c: time itself */
void clocks_now(struct ui *ui);                   /* at each event: now, and whether the system's clock was changed */
void clocks_tick(struct ui *ui);                  /* alarms */
usec clocks_elapsed(struct ui *ui);               /* T+ */
bool clocks_nearest(const struct ui *ui, struct due *out, const struct incident **of); /* what runs out first in the other incidents */
bool clocks_snoozed(const struct ui *ui);
void clocks_footer(const struct ui *ui, struct row *r);
void clocks_free(struct clocks *c);
void job_clock(struct ui *ui, const struct clock_change *x);

/* due-line.c */
enum style due_style(const struct due *d);
void due_add(struct row *r, const struct due *d, usec now, const char *about, const char *mark); /* "ack 01:05": about before, mark behind the time */
void due_row(struct ui *ui, struct row *r, int cols);
bool clock_falls_back(const struct clock_line *l);
bool clock_is_about(const struct ui *ui, const struct clock_line *l);

/* header.c */
void header_draw(struct ui *ui);
bool header_has_budget(const struct ui *ui);

/* screen.c */
void screen_draw(struct ui *ui);

#endif
