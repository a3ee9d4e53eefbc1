/* tzif.h - what zone.c is made of: reading TZif files and POSIX TZ rules, finding the system's own zone. Only zone.c and
 * tests include it. The bytes may be hostile: every reader refuses what it cannot vouch for and never reads outside. */
#ifndef TPLUS_BASE_TZIF_H
#define TPLUS_BASE_TZIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tz_type {          /* one way of telling local time */
	int32_t offset;   /* seconds east of UTC */
	char abbr[12];
};

struct tz_day {           /* a day of every year, as POSIX TZ rules name it */
	char how;         /* 'J' 1-365 without leap days, '0' 0-365 with them, 'M' month.week.weekday */
	int mon, week, day;
	int32_t time;     /* seconds after that day's local midnight, may be negative or beyond the day */
};

struct tz_rule {
	bool set;         /* false: the other fields mean nothing */
	bool dst;         /* false: std all year */
	struct tz_type std, sav;
	struct tz_day start, end; /* of sav */
};

struct tz_data {
	size_t ntimes, ntypes;
	int64_t *at;      /* transitions, seconds UTC, ascending; NULL if there are none */
	uint8_t *type;    /* index into types, valid from at[i] on; types[0] before at[0] */
	struct tz_type *types;
	struct tz_rule rule; /* after the last transition, or always if there is none */
	char footer[64];  /* the rule as written, "" if there is none or it is longer */
};

#define TZ_FILE_MAX (1u << 20)

/* False: *why says what is wrong with the file, and out holds nothing to free. */
bool tzif_read(struct tz_data *out, const uint8_t *bytes, size_t n, const char **why);
void tz_data_free(struct tz_data *d);

bool tz_rule_read(struct tz_rule *out, const char *s, size_t n); /* the whole text must be a rule */
int64_t tz_day_secs(const struct tz_day *d, int year);           /* local seconds since 1970 */

/* A name that cannot leave the tz directory. */
bool tz_name_ok(const char *name);

/* The whole file into a heap block of at most TZ_FILE_MAX bytes; NULL if it cannot be read or is no regular file. */
uint8_t *tz_slurp(const char *path, size_t *n);

/* The IANA name of the zone in the file localtime (/etc/localtime): through its symbolic link, else from the file
 * timezone (/etc/timezone) if dir holds the same bytes under that name. False: it has no name that can be trusted. */
bool tz_system_name(char *out, size_t cap, const char *localtime, const char *timezone, const char *dir);

#endif
