/* Times and durations, read and written. The clock stands still: every case names its now. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/when.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static usec at(const char *rfc3339)
{
	usec t = USEC_NONE;

	if (rfc3339 && !when_rfc3339(rfc3339, &t))
		fail_msg("the test's own time %s is none", rfc3339);
	return t;
}

static const struct zone *zone(const char *name)
{
	const struct zone *z;
	struct err err;

	if (zone_load(name, &z, &err) != ST_OK)
		fail_msg("%s", err.text);
	return z;
}

/* ---- reading ---- */

struct read_case {
	const char *zone, *now, *prev, *last;
	const char *text; /* a | marks the end of the time, when text follows it */
	const char *want; /* what told() says; "error: " and a part of the message */
};

#define LIVE "UTC", "2026-02-05T14:37:34Z", NULL, NULL
#define NIGHT "UTC", "2026-02-05T00:05:00Z", NULL, NULL
#define EVE "UTC", "2026-12-31T23:55:00Z", NULL, NULL
#define LAST(prev, last) "UTC", "2026-02-05T14:37:34Z", prev, last
#define WRITE(prev) "UTC", "2026-02-05T14:37:34Z", prev, prev
#define BERLIN(now) "Europe/Berlin", now, NULL, NULL
#define BERLIN_WRITE(prev) "Europe/Berlin", "2026-12-24T12:00:00Z", prev, prev
#define NEWYORK(now) "America/New_York", now, NULL, NULL
#define LORDHOWE(now) "Australia/Lord_Howe", now, NULL, NULL
#define APIA(now) "Pacific/Apia", now, NULL, NULL
#define KOLKATA(now) "Asia/Kolkata", now, NULL, NULL
#define APIA_WRITE(prev) "Pacific/Apia", "2012-06-01T00:00:00Z", prev, prev
#define SAOPAULO(now) "America/Sao_Paulo", now, NULL, NULL

/* clang-format off */
static const struct read_case reads[] = {
	/* clock times */
	{ LIVE, "14:32", "clock 2026-02-05T14:32:00Z" },
	{ LIVE, "14:32| rolled back", "clock 2026-02-05T14:32:00Z" },
	{ LIVE, "14:32|\trolled back", "clock 2026-02-05T14:32:00Z" },
	{ LIVE, "14:32|\nrolled back", "clock 2026-02-05T14:32:00Z" },
	{ LIVE, "14:32:10", "clock 2026-02-05T14:32:10Z" },
	{ LIVE, "14:32:10.250", "clock 2026-02-05T14:32:10.250000Z" },
	{ LIVE, "14:32:10.5| x", "clock 2026-02-05T14:32:10.500000Z" },
	{ LIVE, "14:32:10,250", "clock 2026-02-05T14:32:10.250000Z" },
	{ LIVE, "14:32:10.123456789", "clock 2026-02-05T14:32:10.123456Z" },
	{ LIVE, "9:05", "clock 2026-02-05T09:05:00Z" },
	{ LIVE, "09:05", "clock 2026-02-05T09:05:00Z" },
	{ LIVE, "00:00", "clock 2026-02-05T00:00:00Z" },
	{ LIVE, "0:00", "clock 2026-02-05T00:00:00Z" },
	{ LIVE, "2:32pm", "clock 2026-02-05T14:32:00Z" },
	{ LIVE, "2:32 pm", "clock 2026-02-05T14:32:00Z" },
	{ LIVE, "2:32 PM| restart", "clock 2026-02-05T14:32:00Z" },
	{ LIVE, "2:32PM", "clock 2026-02-05T14:32:00Z" },
	{ LIVE, "2:32:10pm", "clock 2026-02-05T14:32:10Z" },
	{ LIVE, "12:05am", "clock 2026-02-05T00:05:00Z" },
	{ LIVE, "12:05pm", "clock 2026-02-05T12:05:00Z" },
	{ LIVE, "12:00am", "clock 2026-02-05T00:00:00Z" },
	{ LIVE, "11:59 pm", "clock 2026-02-04T23:59:00Z" },
	{ LIVE, "14:32| am I alone", "clock 2026-02-05T14:32:00Z" },
	{ LIVE, "14:32| pm2 restarted", "clock 2026-02-05T14:32:00Z" },
	{ LIVE, "2:32| pm2 restarted", "clock 2026-02-05T02:32:00Z" },
	{ LIVE, "14:32Z", "clock 2026-02-05T14:32:00Z" },
	{ LIVE, "14:32 UTC| rolled back", "clock 2026-02-05T14:32:00Z" },
	{ BERLIN("2026-02-05T14:37:34Z"), "14:32Z", "clock 2026-02-05T14:32:00Z" },
	{ BERLIN("2026-02-05T14:37:34Z"), "14:32 UTC", "clock 2026-02-05T14:32:00Z" },
	{ BERLIN("2026-02-05T14:37:34Z"), "14:32", "clock 2026-02-05T13:32:00Z" },
	{ BERLIN("2026-02-05T14:37:34Z"), "14:40Z", "clock 2026-02-05T14:37:34Z clamped" },
	{ LIVE, "09:59:60", "clock 2026-02-05T09:59:59.999999Z" },
	{ KOLKATA("2017-01-01T06:00:00Z"), "05:29:60", "clock 2016-12-31T23:59:59.999999Z" },
	/* the latest one not in the future; a little ahead is now */
	{ LIVE, "14:37:34", "clock 2026-02-05T14:37:34Z" },
	{ LIVE, "14:37:34.000001", "clock 2026-02-05T14:37:34Z clamped" },
	{ LIVE, "14:38", "clock 2026-02-05T14:37:34Z clamped" },
	{ LIVE, "14:52:34", "clock 2026-02-05T14:37:34Z clamped" },
	{ LIVE, "14:52:35", "clock 2026-02-04T14:52:35Z" },
	{ LIVE, "23:50", "clock 2026-02-04T23:50:00Z" },
	{ NIGHT, "23:58", "clock 2026-02-04T23:58:00Z" },
	{ NIGHT, "00:10", "clock 2026-02-05T00:05:00Z clamped" },
	{ NIGHT, "00:21", "clock 2026-02-04T00:21:00Z" },
	{ NIGHT, "~00:10", "clock 2026-02-05T00:05:00Z ~120 clamped" },
	{ EVE, "00:05", "clock 2026-12-31T23:55:00Z clamped" },
	{ EVE, "00:11", "clock 2026-12-31T00:11:00Z" },
	{ "UTC", "2027-01-01T00:03:00Z", NULL, NULL, "23:59", "clock 2026-12-31T23:59:00Z" },
	{ "UTC", "2024-03-01T00:03:00Z", NULL, NULL, "23:59", "clock 2024-02-29T23:59:00Z" },
	{ "UTC", "2023-03-01T00:03:00Z", NULL, NULL, "23:59", "clock 2023-02-28T23:59:00Z" },
	{ KOLKATA("2026-02-05T19:00:00Z"), "00:20", "clock 2026-02-05T18:50:00Z" },
	{ KOLKATA("2026-02-05T18:40:00Z"), "23:50", "clock 2026-02-05T18:20:00Z" },
	{ "+03:00", "2026-02-05T14:37:34Z", NULL, NULL, "17:30", "clock 2026-02-05T14:30:00Z" },
	{ "-0330", "2026-02-05T02:00:00Z", NULL, NULL, "22:15", "clock 2026-02-05T01:45:00Z" },
	/* a last event not over 24 h old is live capture */
	{ LAST("2026-02-04T14:37:34Z", "2026-02-04T14:37:34Z"), "15:00", "clock 2026-02-04T15:00:00Z" },
	{ LAST("2026-02-01T10:00:00Z", "2026-02-05T14:00:00Z"), "13:00", "clock 2026-02-05T13:00:00Z" },
	/* writing up: the first one not before the previous event */
	{ WRITE("2026-01-10T23:40:00Z"), "23:45", "clock 2026-01-10T23:45:00Z" },
	{ WRITE("2026-01-10T23:40:00Z"), "23:40", "clock 2026-01-10T23:40:00Z" },
	{ WRITE("2026-01-10T23:40:00Z"), "00:05", "clock 2026-01-11T00:05:00Z" },
	{ WRITE("2026-01-10T23:40:00Z"), "23:39", "clock 2026-01-11T23:39:00Z" },
	{ WRITE("2026-01-10T23:40:10Z"), "23:40", "clock 2026-01-10T23:40:10Z" },
	{ WRITE("2026-01-10T23:40:10Z"), "23:40:09", "clock 2026-01-11T23:40:09Z" },
	{ WRITE("2026-01-10T23:40:10.500Z"), "23:40:10", "clock 2026-01-10T23:40:10.500000Z" },
	{ WRITE("2026-01-10T23:40:10.500Z"), "23:40:10.250", "clock 2026-01-11T23:40:10.250000Z" },
	{ WRITE("2026-01-10T23:40:00Z"), "~23:39", "clock 2026-01-10T23:39:00Z ~120" },
	{ WRITE("2026-01-11T00:01:00Z"), "~23:59", "clock 2026-01-10T23:59:00Z ~120" },
	{ WRITE("2026-01-10T23:40:00Z"), "23:20\xc2\xb1" "30m", "clock 2026-01-10T23:20:00Z ~1800" },
	{ WRITE("2025-12-31T23:40:00Z"), "00:10", "clock 2026-01-01T00:10:00Z" },
	{ WRITE("2026-01-10T23:40:00Z"), "23:50Z", "clock 2026-01-10T23:50:00Z" },
	{ WRITE("2026-02-04T14:30:00Z"), "14:35", "clock 2026-02-04T14:35:00Z" },
	{ WRITE("2026-02-04T14:37:00Z"), "14:36", "clock 2026-02-05T14:36:00Z" },
	{ LAST("2026-02-05T14:30:00Z", "2026-01-01T00:00:00Z"), "14:00", "clock 2026-02-05T14:00:00Z" },
	{ LAST(NULL, "2026-01-01T00:00:00Z"), "14:00", "clock 2026-02-05T14:00:00Z" },
	{ WRITE("2026-01-10T23:40:00Z"), "-5m", "relative 2026-02-05T14:32:34Z" },
	{ WRITE("2026-01-10T23:40:00Z"), "today 10:00", "dated 2026-02-05T10:00:00Z" },
	{ BERLIN_WRITE("2026-03-28T23:40:00Z"), "02:30", "clock gap 2026-03-29T00:30:00Z 2026-03-29T01:30:00Z" },
	{ BERLIN_WRITE("2026-03-29T01:10:00Z"), "02:30", "clock 2026-03-30T00:30:00Z" },
	{ BERLIN_WRITE("2026-10-25T00:10:00Z"), "02:30", "clock twice 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z" },
	{ BERLIN_WRITE("2026-10-25T00:40:00Z"), "02:30", "clock 2026-10-25T01:30:00Z" },
	{ BERLIN_WRITE("2026-10-25T01:40:00Z"), "02:30", "clock 2026-10-26T01:30:00Z" },
	{ APIA_WRITE("2011-12-30T09:50:00Z"), "00:30", "clock 2011-12-30T10:30:00Z" },
	/* dates */
	{ LIVE, "2026-02-05 14:32", "dated 2026-02-05T14:32:00Z" },
	{ LIVE, "2026-02-05  14:32| x", "dated 2026-02-05T14:32:00Z" },
	{ LIVE, "2026-02-05 14:32:10", "dated 2026-02-05T14:32:10Z" },
	{ LIVE, "2026-02-05 14:32:10.25", "dated 2026-02-05T14:32:10.250000Z" },
	{ LIVE, "2026-02-05 2:32 pm", "dated 2026-02-05T14:32:00Z" },
	{ LIVE, "2026-02-05T14:32", "dated 2026-02-05T14:32:00Z" },
	{ LIVE, "2024-02-29 00:00", "dated 2024-02-29T00:00:00Z" },
	{ LIVE, "2000-02-29 00:00", "dated 2000-02-29T00:00:00Z" },
	{ LIVE, "1969-12-31 23:59:59", "dated 1969-12-31T23:59:59Z" },
	{ LIVE, "2025-12-31 23:59", "dated 2025-12-31T23:59:00Z" },
	{ LIVE, "2016-12-31 23:59:60", "dated 2016-12-31T23:59:59.999999Z" },
	{ LIVE, "2026-02-05 14:40", "dated 2026-02-05T14:40:00Z ahead" },
	{ LIVE, "2027-01-01 00:00", "dated 2027-01-01T00:00:00Z ahead" },
	{ LIVE, "9999-12-31 23:59", "dated 9999-12-31T23:59:00Z ahead" },
	{ LIVE, "yesterday 23:50", "dated 2026-02-04T23:50:00Z" },
	{ LIVE, "Yesterday 11:50pm", "dated 2026-02-04T23:50:00Z" },
	{ LIVE, "today 07:10| paged", "dated 2026-02-05T07:10:00Z" },
	{ LIVE, "today 14:40", "dated 2026-02-05T14:40:00Z ahead" },
	{ "UTC", "2026-01-01T00:05:00Z", NULL, NULL, "yesterday 23:50", "dated 2025-12-31T23:50:00Z" },
	{ "UTC", "2024-03-01T00:05:00Z", NULL, NULL, "yesterday 00:00", "dated 2024-02-29T00:00:00Z" },
	{ BERLIN("2026-02-05T23:30:00Z"), "today 00:10", "dated 2026-02-05T23:10:00Z" },
	{ BERLIN("2026-02-05T23:30:00Z"), "yesterday 23:50", "dated 2026-02-05T22:50:00Z" },
	{ BERLIN("2026-02-05T23:30:00Z"), "2026-07-01 12:00", "dated 2026-07-01T10:00:00Z ahead" },
	/* dates with an offset */
	{ LIVE, "2026-02-05T11:32:10Z", "absolute 2026-02-05T11:32:10Z" },
	{ LIVE, "2026-02-05t11:32:10z", "absolute 2026-02-05T11:32:10Z" },
	{ LIVE, "2026-02-05T14:32:10+03:00", "absolute 2026-02-05T11:32:10Z" },
	{ LIVE, "2026-02-05T14:32:10+0300", "absolute 2026-02-05T11:32:10Z" },
	{ LIVE, "2026-02-05T14:32:10+03", "absolute 2026-02-05T11:32:10Z" },
	{ LIVE, "2026-02-05 14:32:10 +03:00| x", "absolute 2026-02-05T11:32:10Z" },
	{ LIVE, "2026-02-05 14:32 +0300", "absolute 2026-02-05T11:32:00Z" },
	{ LIVE, "2026-02-05 14:32:10.5-05:30", "absolute 2026-02-05T20:02:10.500000Z ahead" },
	{ LIVE, "2026-01-01 01:00+03:00", "absolute 2025-12-31T22:00:00Z" },
	{ LIVE, "2026-02-05 11:32 Z", "absolute 2026-02-05T11:32:00Z" },
	{ BERLIN("2026-02-05T14:37:34Z"), "2026-02-05 11:32 UTC", "absolute 2026-02-05T11:32:00Z" },
	{ BERLIN("2026-02-05T14:37:34Z"), "2026-03-29 02:30+01:00", "absolute 2026-03-29T01:30:00Z ahead" },
	{ BERLIN("2026-02-05T14:37:34Z"), "2026-02-05 14:32| +5000 errors", "dated 2026-02-05T13:32:00Z" },
	{ LIVE, "2026-02-05 14:32| +0007 errors", "dated 2026-02-05T14:32:00Z" },
	{ LIVE, "2026-02-05 14:32| -10 % errors", "dated 2026-02-05T14:32:00Z" },
	/* before now */
	{ LIVE, "-5m", "relative 2026-02-05T14:32:34Z" },
	{ LIVE, "-5m| noticed", "relative 2026-02-05T14:32:34Z" },
	{ LIVE, "-1h10m", "relative 2026-02-05T13:27:34Z" },
	{ LIVE, "-90s", "relative 2026-02-05T14:36:04Z" },
	{ LIVE, "-2d", "relative 2026-02-03T14:37:34Z" },
	{ LIVE, "-0m", "relative 2026-02-05T14:37:34Z" },
	{ LIVE, "-5min", "relative 2026-02-05T14:32:34Z" },
	{ NIGHT, "-10m", "relative 2026-02-04T23:55:00Z" },
	{ BERLIN("2026-03-29T01:10:00Z"), "-20m", "relative 2026-03-29T00:50:00Z" },
	/* approximate */
	{ LIVE, "~02:10", "clock 2026-02-05T02:10:00Z ~120" },
	{ LIVE, "02:10~", "clock 2026-02-05T02:10:00Z ~120" },
	{ LIVE, "~02:10\xc2\xb1" "10m| x", "clock 2026-02-05T02:10:00Z ~600" },
	{ LIVE, "02:10\xc2\xb1" "10m", "clock 2026-02-05T02:10:00Z ~600" },
	{ LIVE, "~02:10+-10m", "clock 2026-02-05T02:10:00Z ~600" },
	{ LIVE, "02:10+/-90s", "clock 2026-02-05T02:10:00Z ~90" },
	{ LIVE, "02:10~\xc2\xb1" "1h30m", "clock 2026-02-05T02:10:00Z ~5400" },
	{ LIVE, "~02:10 \xc2\xb1" "10m| x", "clock 2026-02-05T02:10:00Z ~600" },
	{ LIVE, "~02:10| \xc2\xb1" "10 users", "clock 2026-02-05T02:10:00Z ~120" },
	{ LIVE, "2:10 pm~", "clock 2026-02-05T14:10:00Z ~120" },
	{ LIVE, "~2026-02-05 02:10", "dated 2026-02-05T02:10:00Z ~120" },
	{ LIVE, "~2026-02-05 02:10+-10m", "dated 2026-02-05T02:10:00Z ~600" },
	{ LIVE, "~2026-02-05T02:10Z\xc2\xb1" "5m", "absolute 2026-02-05T02:10:00Z ~300" },
	{ LIVE, "~2026-02-05T02:10+03:00+-5m", "absolute 2026-02-04T23:10:00Z ~300" },
	{ LIVE, "~yesterday 23:50", "dated 2026-02-04T23:50:00Z ~120" },
	{ LIVE, "~-10m", "relative 2026-02-05T14:27:34Z ~120" },
	{ LIVE, "-10m~", "relative 2026-02-05T14:27:34Z ~120" },
	{ LIVE, "-1h\xc2\xb1" "5m", "relative 2026-02-05T13:37:34Z ~300" },
	/* summer time: gaps and overlaps */
	{ BERLIN("2026-03-29T08:00:00Z"), "02:30", "clock gap 2026-03-29T00:30:00Z 2026-03-29T01:30:00Z" },
	{ BERLIN("2026-03-29T08:00:00Z"), "01:59:59", "clock 2026-03-29T00:59:59Z" },
	{ BERLIN("2026-03-29T08:00:00Z"), "03:00", "clock 2026-03-29T01:00:00Z" },
	{ BERLIN("2026-03-29T01:05:00Z"), "02:30", "clock gap 2026-03-29T00:30:00Z 2026-03-29T01:30:00Z" },
	{ BERLIN("2026-03-29T00:30:00Z"), "02:30", "clock 2026-03-28T01:30:00Z" },
	{ BERLIN("2026-03-29T00:55:00Z"), "02:05", "clock 2026-03-29T00:55:00Z clamped" },
	{ BERLIN("2026-03-30T08:00:00Z"), "02:30", "clock 2026-03-30T00:30:00Z" },
	{ BERLIN("2026-10-25T08:00:00Z"), "02:30", "clock twice 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z" },
	{ BERLIN("2026-10-25T08:00:00Z"), "~02:30", "clock twice 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z ~120" },
	{ BERLIN("2026-10-25T08:00:00Z"), "03:00", "clock 2026-10-25T02:00:00Z" },
	{ BERLIN("2026-10-25T08:00:00Z"), "01:59", "clock 2026-10-24T23:59:00Z" },
	{ BERLIN("2026-10-25T00:40:00Z"), "02:30", "clock 2026-10-25T00:30:00Z" },
	{ BERLIN("2026-10-25T01:10:00Z"), "02:30", "clock 2026-10-25T00:30:00Z" },
	{ BERLIN("2026-10-25T01:20:00Z"), "02:30", "clock twice 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z" },
	{ BERLIN("2026-02-05T08:00:00Z"), "2026-03-29 02:30",
		"dated gap 2026-03-29T00:30:00Z 2026-03-29T01:30:00Z ahead" },
	{ BERLIN("2026-12-05T08:00:00Z"), "2026-10-25 02:30",
		"dated twice 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z" },
	{ BERLIN("2026-10-26T08:00:00Z"), "yesterday 02:30",
		"dated twice 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z" },
	{ NEWYORK("2026-03-08T15:00:00Z"), "02:30", "clock gap 2026-03-08T06:30:00Z 2026-03-08T07:30:00Z" },
	{ NEWYORK("2026-11-01T15:00:00Z"), "01:30", "clock twice 2026-11-01T05:30:00Z 2026-11-01T06:30:00Z" },
	{ NEWYORK("2050-11-10T15:00:00Z"), "2050-11-06 01:30",
		"dated twice 2050-11-06T05:30:00Z 2050-11-06T06:30:00Z" },
	{ LORDHOWE("2026-10-04T03:00:00Z"), "02:15", "clock gap 2026-10-03T15:15:00Z 2026-10-03T15:45:00Z" },
	{ LORDHOWE("2026-04-05T03:00:00Z"), "01:45", "clock twice 2026-04-04T14:45:00Z 2026-04-04T15:15:00Z" },
	{ LORDHOWE("2026-04-05T03:00:00Z"), "02:00", "clock 2026-04-04T15:30:00Z" },
	{ APIA("2012-01-01T00:00:00Z"), "2011-12-30 12:00", "dated gap 2011-12-29T22:00:00Z 2011-12-30T22:00:00Z" },
	{ APIA("2011-12-30T20:00:00Z"), "12:00", "clock 2011-12-29T22:00:00Z" },
	{ SAOPAULO("2018-11-04T20:00:00Z"), "00:30", "clock gap 2018-11-04T02:30:00Z 2018-11-04T03:30:00Z" },
	{ SAOPAULO("2018-11-04T20:00:00Z"), "today 00:00", "dated gap 2018-11-04T02:00:00Z 2018-11-04T03:00:00Z" },
	{ SAOPAULO("2018-11-04T03:05:00Z"), "23:59", "clock 2018-11-04T02:59:00Z" },
	{ SAOPAULO("2018-02-18T12:00:00Z"), "yesterday 23:30",
		"dated twice 2018-02-18T01:30:00Z 2018-02-18T02:30:00Z" },
	{ SAOPAULO("2018-02-18T12:00:00Z"), "23:30", "clock twice 2018-02-18T01:30:00Z 2018-02-18T02:30:00Z" },
	/* just text */
	{ LIVE, "", "nothing" },
	{ LIVE, " 14:32", "nothing" },
	{ LIVE, "~", "nothing" },
	{ LIVE, "~~14:32", "nothing" },
	{ LIVE, "~ 14:32", "nothing" },
	{ LIVE, "14:32ish", "nothing" },
	{ LIVE, "14:32.", "nothing" },
	{ LIVE, "14:32, restarted", "nothing" },
	{ LIVE, "14:32-14:40 outage", "nothing" },
	{ LIVE, "14:3", "nothing" },
	{ LIVE, "1:5 ratio", "nothing" },
	{ LIVE, "100:20", "nothing" },
	{ LIVE, "14:321", "nothing" },
	{ LIVE, "14:32:1", "nothing" },
	{ LIVE, "14:32:10:99", "nothing" },
	{ LIVE, "25:61ish", "nothing" },
	{ LIVE, "2:32pmish", "nothing" },
	{ LIVE, "2026-02-05", "nothing" },
	{ LIVE, "2026-02-05 release", "nothing" },
	{ LIVE, "2026-02-05-notes", "nothing" },
	{ LIVE, "2026-02-30 freeze", "nothing" },
	{ LIVE, "2026-2-5 14:32", "nothing" },
	{ LIVE, "2026-02-05T", "nothing" },
	{ LIVE, "yesterday we saw", "nothing" },
	{ LIVE, "yesterday", "nothing" },
	{ LIVE, "todays 14:32", "nothing" },
	{ LIVE, "tomorrow 10:00", "nothing" },
	{ LIVE, "-5", "nothing" },
	{ LIVE, "-", "nothing" },
	{ LIVE, "- went badly", "nothing" },
	{ LIVE, "-5mx", "nothing" },
	{ LIVE, "-v", "nothing" },
	{ LIVE, "-1h30", "nothing" },
	{ LIVE, "5m", "nothing" },
	{ LIVE, "02:10\xc2\xb1", "nothing" },
	{ LIVE, "\xff\xfe", "nothing" },
	/* times that cannot be */
	{ LIVE, "25:61", "error: \"25:61\" reads as a clock time, but hours go from 0 to 23: write 14:32" },
	{ LIVE, "25:00| x", "error: hours go from 0 to 23" },
	{ LIVE, "~25:00", "error: hours go from 0 to 23" },
	{ LIVE, "14:60", "error: minutes go from 00 to 59" },
	{ LIVE, "14:32:61", "error: seconds go from 00 to 59" },
	{ LIVE, "14:32:60", "error: seconds go from 00 to 59" },
	{ LIVE, "24:00", "error: midnight is 00:00 of the next day" },
	{ LIVE, "24:01", "error: hours go from 0 to 23" },
	{ LIVE, "2026-02-05 24:00", "error: reads as a date and a clock time, but midnight is 00:00" },
	{ LIVE, "13:05pm", "error: with am or pm hours go from 1 to 12" },
	{ LIVE, "0:05am", "error: with am or pm hours go from 1 to 12" },
	{ LIVE, "2026-02-30 10:00",
		"error: \"2026-02-30 10:00\" reads as a date and a clock time, but 2026-02 has 28 days" },
	{ LIVE, "2024-02-30 10:00", "error: 2024-02 has 29 days" },
	{ LIVE, "1900-02-29 10:00", "error: 1900-02 has 28 days" },
	{ LIVE, "2026-04-31 10:00", "error: 2026-04 has 30 days" },
	{ LIVE, "2026-00-10 10:00", "error: months go from 01 to 12" },
	{ LIVE, "2026-13-10 10:00", "error: months go from 01 to 12" },
	{ LIVE, "2026-01-00 10:00", "error: 2026-01 has 31 days" },
	{ LIVE, "0000-01-01 10:00", "error: no year 0000" },
	{ LIVE, "yesterday 25:00", "error: reads as a clock time yesterday, but hours" },
	{ LIVE, "2026-02-05 14:32+15:00", "error: offsets go from -12:00 to +14:00" },
	{ LIVE, "2026-02-05T14:32-12:30", "error: offsets go from -12:00 to +14:00" },
	{ LIVE, "2026-02-05T14:32+03:60", "error: offsets go from -12:00 to +14:00" },
	{ LIVE, "-5m1h", "error: reads as a time before now, but its units do not fall" },
	{ LIVE, "-5m5m", "error: units do not fall" },
	{ LIVE, "-99999d", "error: over 100 years" },
	{ LIVE, "-99999999999999999999m", "error: over 100 years" },
	{ LIVE, "02:10\xc2\xb1" "10", "error: must be a duration such as 10m" },
	{ LIVE, "02:10+-10x", "error: must be a duration such as 10m" },
	{ LIVE, "02:10\xc2\xb1" "800d", "error: no time is that vague" },
};
/* clang-format on */

static struct when_ctx ctx_of(const struct read_case *c)
{
	return (struct when_ctx){ at(c->now), zone(c->zone), at(c->prev), at(c->last) };
}

/* The result as words, so that a failure reads as what is wrong. */
static void told(struct str *b, const struct when *w)
{
	static const char *const forms[] = { "nothing", "clock", "dated", "absolute", "relative" };

	str_adds(b, forms[w->form]);
	if (w->form == WHEN_NOTHING)
		return;
	str_adds(b, w->fit == ZONE_GAP ? " gap " : w->fit == ZONE_TWICE ? " twice " : " ");
	when_fmt_rfc3339(b, w->at);
	if (w->other != USEC_NONE) {
		str_addc(b, ' ');
		when_fmt_rfc3339(b, w->other);
	}
	if (w->approx_s)
		str_addf(b, " ~%d", w->approx_s);
	str_adds(b, w->clamped ? " clamped" : "");
	str_adds(b, w->ahead ? " ahead" : "");
}

static void check_read(const struct read_case *c)
{
	const char *bar = strchr(c->text, '|');
	size_t used = bar ? (size_t)(bar - c->text) : strlen(c->text);
	char *text = str_fmt("%.*s%s", (int)used, c->text, bar ? bar + 1 : "");
	struct when_ctx ctx = ctx_of(c);
	struct str got = STR_INIT;
	struct when w;
	struct err err = { 0 };

	/* exactly as many bytes as there are, so that a sanitizer sees a read beyond them */
	size_t n = strlen(text);
	char *exact = malloc(n ? n : 1);
	assert_non_null(exact);
	memcpy(exact, text, n);
	enum status st = when_parse(exact, n, &ctx, &w, &err);
	if (strncmp(c->want, "error: ", 7) == 0) {
		if (st != ST_USAGE || err.status != ST_USAGE || !strstr(err.text, c->want + 7) ||
			w.form != WHEN_NOTHING)
			fail_msg("\"%s\": %d %s, not %s", text, st, err.text, c->want);
	} else {
		told(&got, &w);
		if (st != ST_OK || strcmp(got.s, c->want) != 0)
			fail_msg("\"%s\" in %s at %s: %s, not %s %s", text, c->zone, c->now, got.s, c->want, err.text);
		if (w.used != (w.form == WHEN_NOTHING ? 0 : used))
			fail_msg("\"%s\": %zu bytes used, not %zu", text, w.used, used);
	}
	str_free(&got);
	free(exact);
	free(text);
}

static void test_reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(reads); i++)
		check_read(&reads[i]);
	print_message("%zu times read\n", COUNT(reads));
}

/* Every prefix of every text, with any byte after it: nothing but a status may come of it, and used stays inside. */
static void test_prefixes(void **state)
{
	struct when_ctx ctx = ctx_of(&reads[0]);
	struct when w;
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT(reads); i++) {
		size_t len = strlen(reads[i].text);
		for (size_t n = 0; n < len; n++) {
			char *s = malloc(n + 1);
			assert_non_null(s);
			memcpy(s, reads[i].text, n);
			for (int c = 0; c < 256; c++) {
				s[n] = (char)c;
				enum status st = when_parse(s, n + 1, &ctx, &w, &err);
				assert_true(st == ST_OK || st == ST_USAGE);
				assert_true(w.used <= n + 1 && (w.form != WHEN_NOTHING || w.used == 0));
				assert_true(w.used == 0 || w.used == n + 1 || strchr(" \t\n\v\f\r", s[w.used]));
			}
			free(s);
		}
	}
}

static void test_parse_all(void **state)
{
	/* clang-format off */
	static const struct read_case cases[] = {
		{ LIVE, "14:32", "clock 2026-02-05T14:32:00Z" },
		{ LIVE, "  14:32 \n", "clock 2026-02-05T14:32:00Z" },
		{ LIVE, "2:32 pm", "clock 2026-02-05T14:32:00Z" },
		{ LIVE, "~-10m", "relative 2026-02-05T14:27:34Z ~120" },
		{ LIVE, "14:32 foo", "error: \"14:32 foo\" is more than a time: write 14:32" },
		{ LIVE, "foo", "error: \"foo\" is no time: write 14:32" },
		{ LIVE, "", "error: is no time" },
		{ LIVE, "   ", "error: is no time" },
		{ LIVE, "2026-02-05", "error: is no time" },
		{ LIVE, "24:00", "error: midnight is 00:00" },
		{ BERLIN("2026-10-25T08:00:00Z"), "02:30",
			"error: 2026-10-25 02:30:00 was there twice, clocks were put back, in "
			"Europe/Berlin: write 2026-10-25 02:30:00+02:00 or 2026-10-25 02:30:00+01:00" },
		{ BERLIN("2026-03-29T08:00:00Z"), "02:30",
			"error: 2026-03-29 02:30:00 never was, clocks were put forward, in "
			"Europe/Berlin: write 2026-03-29 01:30:00+01:00 or 2026-03-29 03:30:00+02:00" },
		{ LORDHOWE("2026-04-05T03:00:00Z"), "01:45:10.5", "error: write 2026-04-05 01:45:10.500000+11:00 or "
			"2026-04-05 01:45:10.500000+10:30" },
		{ APIA("2012-01-01T00:00:00Z"), "2011-12-30 12:00", "error: 2011-12-30 12:00:00 never was" },
		{ BERLIN("2026-10-25T08:00:00Z"), "2026-10-25 02:30:00+02:00", "absolute 2026-10-25T00:30:00Z" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct read_case *c = &cases[i];
		struct when_ctx ctx = ctx_of(c);
		struct str got = STR_INIT;
		struct when w;
		struct err err = { 0 };

		if (when_parse_all(c->text, &ctx, &w, &err) != ST_OK) {
			assert_int_equal(err.status, ST_USAGE);
			const char *part = strncmp(c->want, "error: ", 7) == 0 ? strstr(err.text, c->want + 7) : NULL;
			if (!part)
				fail_msg("\"%s\": %s, not %s", c->text, err.text, c->want);
			continue;
		}
		told(&got, &w);
		assert_string_equal(got.s, c->want);
		str_free(&got);
	}
}

static void test_rfc3339(void **state)
{
	/* clang-format off */
	static const struct {
		const char *text;
		usec want; /* USEC_NONE: none */
	} cases[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "1970-01-01T00:00:00.000001Z", 1 },
		{ "1969-12-31T23:59:59.999999Z", -1 },
		{ "2001-09-09T01:46:40Z", 1000000000 * USEC_SEC },
		{ "2001-09-09T04:46:40+03:00", 1000000000 * USEC_SEC },
		{ "2001-09-08T22:16:40.5-03:30", 1000000000 * USEC_SEC + 500000 },
		{ "2001-09-09t01:46:40z", 1000000000 * USEC_SEC },
		{ "2001-09-09T01:46:40-00:00", 1000000000 * USEC_SEC },
		{ "2009-02-13T23:31:30.1234567Z", 1234567890 * USEC_SEC + 123456 },
		{ "2000-02-29T00:00:00Z", 951782400 * USEC_SEC },
		{ "2016-12-31T23:59:60Z", 1483228800 * USEC_SEC - 1 },
		{ "2001-09-10T00:46:40+23:00", 1000000000 * USEC_SEC },
		{ "9999-12-31T23:59:59Z", 253402300799 * USEC_SEC },
		{ "2001-09-09 01:46:40Z", USEC_NONE },
		{ "2001-09-09T01:46:40", USEC_NONE },
		{ "2001-09-09T01:46Z", USEC_NONE },
		{ "2001-09-09T1:46:40Z", USEC_NONE },
		{ "2001-09-09T01:46:40.Z", USEC_NONE },
		{ "2001-09-09T01:46:40,5Z", USEC_NONE },
		{ "2001-09-09T01:46:40+0300", USEC_NONE },
		{ "2001-09-09T01:46:40+24:00", USEC_NONE },
		{ "2001-09-09T01:46:40Zx", USEC_NONE },
		{ " 2001-09-09T01:46:40Z", USEC_NONE },
		{ "2001-02-29T01:46:40Z", USEC_NONE },
		{ "2001-09-09T24:00:00Z", USEC_NONE },
		{ "2001-09-09T01:46:61Z", USEC_NONE },
		{ "", USEC_NONE },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		usec got = USEC_NONE;
		bool ok = when_rfc3339(cases[i].text, &got);
		if (ok != (cases[i].want != USEC_NONE) || got != cases[i].want)
			fail_msg("\"%s\": %d %lld", cases[i].text, ok, (long long)got);
	}
}

/* ---- times, written ---- */

static void when_fmt_rfc3339_z(struct str *b, usec t, const struct zone *z)
{
	(void)z;
	when_fmt_rfc3339(b, t);
}

static void test_when_fmt(void **state)
{
	/* clang-format off */
	static const struct {
		void (*fmt)(struct str *, usec, const struct zone *);
		const char *zone, *t, *want;
	} cases[] = {
		{ when_fmt_rfc3339_z, "UTC", "2026-02-05T11:32:10Z", "2026-02-05T11:32:10Z" },
		{ when_fmt_rfc3339_z, "UTC", "2026-02-05T11:32:10.5Z", "2026-02-05T11:32:10.500000Z" },
		{ when_fmt_rfc3339_z, "UTC", "2026-02-05T11:32:10.000001Z", "2026-02-05T11:32:10.000001Z" },
		{ when_fmt_rfc3339_z, "UTC", "1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z" },
		{ when_fmt_rfc3339_z, "UTC", "0987-01-02T03:04:05Z", "0987-01-02T03:04:05Z" },
		{ when_fmt_rfc3339_z, "UTC", NULL, "unknown" },
		{ when_fmt_date, "UTC", "2026-02-05T23:32:10Z", "2026-02-05" },
		{ when_fmt_date, "Europe/Berlin", "2026-02-05T23:32:10Z", "2026-02-06" },
		{ when_fmt_date, "America/New_York", "2026-01-01T03:00:00Z", "2025-12-31" },
		{ when_fmt_date, "UTC", NULL, "unknown" },
		{ when_fmt_clock, "UTC", "2026-02-05T04:03:02.9Z", "04:03:02" },
		{ when_fmt_clock, "Asia/Kolkata", "2026-02-05T04:03:02Z", "09:33:02" },
		{ when_fmt_clock, "UTC", NULL, "unknown" },
		{ when_fmt_full, "Europe/Moscow", "2026-02-05T11:32:10Z", "2026-02-05 14:32:10 MSK" },
		{ when_fmt_full, "UTC", "2026-02-05T11:32:10Z", "2026-02-05 11:32:10 UTC" },
		{ when_fmt_full, "+03:00", "2026-02-05T11:32:10Z", "2026-02-05 14:32:10 +03:00" },
		{ when_fmt_full, "-0330", "2026-02-05T11:32:10Z", "2026-02-05 08:02:10 -03:30" },
		{ when_fmt_full, "America/Sao_Paulo", "2026-02-05T11:32:10Z", "2026-02-05 08:32:10 -03:00" },
		{ when_fmt_full, "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25 02:30:00 CEST" },
		{ when_fmt_full, "Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25 02:30:00 CET" },
		{ when_fmt_full, "UTC", NULL, "unknown" },
		{ when_fmt_zone_words, "Europe/Moscow", "2026-02-05T11:32:10Z", "MSK (UTC+3)" },
		{ when_fmt_zone_words, "UTC", "2026-02-05T11:32:10Z", "UTC" },
		{ when_fmt_zone_words, "Asia/Kolkata", "2026-02-05T11:32:10Z", "IST (UTC+5:30)" },
		{ when_fmt_zone_words, "Europe/London", "2026-02-05T11:32:10Z", "GMT (UTC+0)" },
		{ when_fmt_zone_words, "Europe/London", "2026-07-05T11:32:10Z", "BST (UTC+1)" },
		{ when_fmt_zone_words, "America/St_Johns", "2026-02-05T11:32:10Z", "NST (UTC-3:30)" },
		{ when_fmt_zone_words, "+03:00", "2026-02-05T11:32:10Z", "UTC+3" },
		{ when_fmt_zone_words, "Australia/Lord_Howe", "2026-07-05T11:32:10Z", "UTC+10:30" },
		{ when_fmt_zone_words, "UTC", NULL, "unknown" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str b = STR_INIT;
		cases[i].fmt(&b, at(cases[i].t), zone(cases[i].zone));
		if (strcmp(b.s, cases[i].want) != 0)
			fail_msg("%s in %s: %s, not %s", cases[i].t, cases[i].zone, b.s, cases[i].want);
		str_free(&b);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc3339),
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_parse_all),
		cmocka_unit_test(test_when_fmt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
