/* csv.h - the timeline as a table for spreadsheets and scripts: RFC 4180 (CRLF, a header row), safe from formulas
 * as csv_field() makes it. */
#ifndef TPLUS_TEXT_CSV_H
#define TPLUS_TEXT_CSV_H

#include "store/query.h"
#include "text/mustache.h"

/* One row an event, struck ones too, in the timeline's order: id, occurred_at, approx_seconds (0: exact),
 * recorded_at, kind, milestone, actor (else the author), text, detail (its lines), struck (true or false). Ids are
 * whole and times UTC, so the bytes are the same on every host. Memory does not grow with the timeline. After a
 * failure what the sink got is incomplete. */
enum status csv_export(struct store *s, uuid incident, struct mst_sink sink, struct err *err);

#endif
