/* sample.h - stores in a temporary directory with incidents of known content, for tests of what reads them. */
#ifndef TPLUS_TESTS_SAMPLE_H
#define TPLUS_TESTS_SAMPLE_H

#include "store/admin.h"
#include "store/query.h"
#include "text/mustache.h"

#define SAMPLE_T0 ((usec)1770301392 * USEC_SEC) /* 2026-02-05T14:23:12Z */

struct sample {
	char dir[64], path[96];
	struct clock clock;
	struct store *s;
	uuid incident; /* of the last sample_incident */
};

void sample_open(struct sample *x); /* an empty store */
void sample_close(struct sample *x); /* and its directory is gone */
char *sample_path(const struct sample *x, const char *name); /* heap */

/* One transaction around any of the following. */
void sample_begin(struct sample *x);
void sample_commit(struct sample *x);

/* The fields of an op, ended by a NULL name; text NULL: the number is meant. */
struct sample_field {
	const char *name, *text;
	int64_t number;
};
void sample_op(struct sample *x, const char *kind, uuid entity, const struct sample_field *f);

uuid sample_incident(
	struct sample *x, const char *id, const char *title, int severity, const char *zone, usec opened_at);
uuid sample_event(
	struct sample *x, usec at, const char *kind, const char *milestone, const char *actor, const char *text);
void sample_detail(struct sample *x, uuid parent, int ord, const char *text);
void sample_named(struct sample *x, const char *type, const char *name, const char *value);
void sample_policy(struct sample *x, int severity); /* the shipped one */

/* A whole incident, everything a document shows, in a transaction of its own. */
void sample_whole(struct sample *x);

struct str sample_render(struct sample *x, const char *config_dir, const char *template); /* as Markdown */

#endif
