/* zone.h - time zones from the system's tz database (TZif files, RFC 8536, footer rule included).
 * Zones are loaded once and cached for the life of the process; a struct zone is never freed. Not thread safe while
 * loading: load before starting a worker, or load from one thread only. */
#ifndef TPLUS_BASE_ZONE_H
#define TPLUS_BASE_ZONE_H

#include "base/clock.h"
#include "base/err.h"

struct zone;

struct local {                      /* a reading of the calendar, proleptic Gregorian */
	int year, mon, day;             /* mon 1-12, day 1-31 */
	int hour, min, sec, usec_part;  /* usec_part 0-999999 */
	int offset;                     /* seconds east of UTC */
	char abbr[12];                  /* "CET", "UTC", "+03" */
};

enum zone_fit { ZONE_ONCE, ZONE_GAP, ZONE_TWICE };

/* "UTC", "Z", an IANA name ("Europe/Berlin", exact), or a fixed offset "+03:00", "-0330". NULL or "" is UTC.
 * "local" is the viewer's own zone (TZ, else /etc/localtime). Errors: ST_USAGE naming the zone. Names that could leave
 * the tz directory ("../x", "/x") are refused. A POSIX rule with a comma ("CET-1CEST,M3.5.0,M10.5.0/3") is taken too: it names a local
 * zone that has no IANA name, so that every zone_name can be loaded again, on any host. */
enum status zone_load(const char *name, const struct zone **out, struct err *err);
const struct zone *zone_utc(void);
const char *zone_name(const struct zone *z); /* as stored: "UTC", "Europe/Berlin", "+03:00" */

void zone_local(const struct zone *z, usec t, struct local *out);

/* UTC of a local reading (offset and abbr are ignored). ZONE_ONCE: both are the answer. ZONE_TWICE: [0] is the earlier, [1] the
 * later. ZONE_GAP: the reading does not exist; [0] reads it with the offset before the gap, [1] with the one after it. */
enum zone_fit zone_to_utc(const struct zone *z, const struct local *l, usec out[2]);

/* Calendar arithmetic without a zone. */
int64_t cal_days(int year, int mon, int day); /* days since 1970-01-01 */
void cal_date(int64_t days, int *year, int *mon, int *day);
int cal_month_days(int year, int mon);

#endif
