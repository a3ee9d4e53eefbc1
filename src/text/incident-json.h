/* incident-json.h - incidents as JSON: "show --json", rows of list and tail, "export -f json". DESIGN section 4.
 * The names and their order are a contract. Times are RFC 3339 UTC, seconds are numbers (with up to 6 decimals
 * when they are not whole), unknown is null; control, bidirectional and invisible characters are \u escapes.
 * Events and ops are streamed: memory does not grow with them. */
#ifndef TPLUS_TEXT_INCIDENT_JSON_H
#define TPLUS_TEXT_INCIDENT_JSON_H

#include "store/query.h"
#include "text/mustache.h"

enum { JSON_EXPORT_FORMAT = 1 }; /* "tplus": {"format": 1, ...}; importers refuse a larger one */

/* The object of "show --json", one line. now: what running targets are measured to. */
enum status json_show(struct store *s, const struct incident *i, usec now, struct mst_sink sink, struct err *err);

/* The same for other files: the key "tplus" first, the key "journal" with the ops last. A pure function of the
 * journal: running figures end at the last event, the id is the stored one, short ids have 12 digits whatever else
 * this store holds. version: of the program. */
enum status json_export(
	struct store *s, const struct incident *i, const char *version, struct mst_sink sink, struct err *err);

/* One object without a line break, appended to out. */
void json_event(struct store *s, struct str *out, const struct event *e);
void json_incident_row(struct str *out, const struct incident *i);

/* Pieces for other writers: a string or null, a time or null, seconds or null. */
void json_str(struct str *out, const char *text);
void json_time(struct str *out, usec t);
void json_seconds(struct str *out, usec d);

#endif
