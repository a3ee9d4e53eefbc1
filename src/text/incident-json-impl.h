/* incident-json-impl.h - what the files of incident-json.h share; nobody else includes it. */
#ifndef TPLUS_TEXT_INCIDENT_JSON_IMPL_H
#define TPLUS_TEXT_INCIDENT_JSON_IMPL_H

#include "text/incident-json.h"

struct json_writer {
	struct store *s;
	const struct incident *i;
	usec now;
	bool export;
	const char *version;
	struct str b; /* not yet written */
	struct mst_sink sink;
	struct err *err;
};

/* A comma where something stands before; a name; a name with its value. */
void json_next(struct str *b);
void json_key(struct str *b, const char *name);
void json_put_str(struct str *b, const char *name, const char *text);
void json_put_time(struct str *b, const char *name, usec t);
void json_put_bool(struct str *b, const char *name, bool yes);
void json_put_lines(struct str *b, const char *name, char *const *line, size_t n);
void json_put_id(struct str *b, const char *name, uuid u);

/* incident-json-lists.c */
enum status json_responders(struct json_writer *w);
enum status json_actions(struct json_writer *w);
enum status json_asks(struct json_writer *w);
enum status json_hypotheses(struct json_writer *w);
enum status json_findings(struct json_writer *w);
enum status json_fields(struct json_writer *w); /* and sections */
enum status json_conflicts(struct json_writer *w);

/* incident-json-records.c */
enum status json_records(struct json_writer *w);      /* metrics relations links signoffs code */
void json_put_ids(struct json_writer *w, uuid u);     /* id and short of a finding or a record */

/* incident-json-clocks.c */
enum status json_clocks(struct json_writer *w);
enum status json_severities(struct json_writer *w);

#endif
