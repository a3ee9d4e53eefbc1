#!/bin/sh
# Four timelines of real postmortems, typed in afterwards with their clock times and zones; spans must come out as their authors computed
# them. The words are our own.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

# span NAME FROM TO SECONDS TEXT: the span as JSON has it, and as people read it
span() {
    json "$1: $2→$3 is $5" ".spans[] | select(.from == \"$2\" and .to == \"$3\") | .seconds == $4 and .low == $4 and .high == $4" "$shown"
    match "$1: $2→$3 reads $5" "^  $2→$3  $5\$" "$read"
}
# typed NAME: runs the verb lines on standard input, one "VERB WORDS" each
typed() {
    _bad=0
    while read -r _verb _line; do
        # shellcheck disable=SC2086 # words, as a shell would have split them
        tplus -q "$_verb" $_line >/dev/null 2>>typed.err || _bad=$((_bad + 1))
    done
    is "$1: every line is taken" '0 ' "$_bad $(cat typed.err 2>/dev/null)"
    rm -f typed.err
    shown=$(tplus show --json)
    read=$(tplus show)
}

# ---- 000: a slow query after a deployment, minutes only, UTC
at 2026-01-19T09:00:00Z
tplus -q open 'Slow query after v1.2.3' -s 2 --zone UTC --at '2026-01-18 10:36' >/dev/null
typed 000 <<'LINES'
started 2026-01-18 10:30 @john rollout of v1.2.3 to production begins
log 10:32 @john rollout finished
detected 10:35 @Datadog errors above 5 percent
acknowledged 10:36 @jane on call has seen it
declared 10:38 @jane war room opened
identified 10:40 @jane one query for each row
log 10:42 @jane we go back
mitigating 10:43 @jane going back begins
log 10:45 @jane back on the version before
mitigated 10:47 @Datadog errors as always
update 10:50 @jane status page: resolved
resolved 10:50 @jane told everybody
closed 11:00 @jane done
LINES
span 000 started detected 300 5m
span 000 detected acknowledged 60 1m
span 000 detected identified 300 5m
span 000 started closed 1800 30m
json '000: thirteen events on their day' '.events | length == 13 and all(.occurred_at | startswith("2026-01-18T1"))' "$shown"
json '000: in order' '[.events[].occurred_at] as $t | $t == ($t | sort)' "$shown"
json '000: actors as named' '[.events[].actor] | unique == ["Datadog", "jane", "john"]' "$shown"

# ---- 001: seconds, UTC; detected, not started
at 2026-02-06T10:00:00Z
fresh
tplus -q open 'Site down, connections used up' -s SEV-2 --at '2026-02-05 14:26:15' >/dev/null
typed 001 <<'LINES'
detected 2026-02-05 14:23:12 @Sentry many errors
log 14:23:45 @PagerDuty on call paged
acknowledged 14:25:30 @sam has it, looks into it
declared 14:26:15 @sam an incident, SEV-2
identified 14:28:00 @sam no database connections left
mitigating 14:28:45 @sam restarts the connections
log 14:30:12 @System half as bad: errors from 50 to 10 percent
log 14:32:30 @sam the deployment goes back
log 14:35:00 @Vercel it is back
mitigated 14:36:20 @System errors under 1 percent
resolved 14:45:00 @sam calm for ten minutes
closed 15:00:00 @sam over, postmortem planned
LINES
span 001 acknowledged mitigating 195 3m15s
span 001 detected closed 2208 36m48s
span 001 detected acknowledged 138 2m18s
json '001: the start is unknown, not 0' '(.milestones | has("started") | not) and ([.spans[] | select(.from == "started")] == [])' "$shown"
json '001: ack was in time, resolve is unknown' \
    '(.targets[] | select(.name == "ack") | .state == "met" and .elapsed_seconds == 138) and (.targets[] | select(.name == "resolve") | .elapsed_seconds == null)' "$shown"

# ---- 003: Moscow time
at 2025-12-14T09:00:00Z
fresh
tplus -q open 'Mail service down' -s P0 --zone Europe/Moscow --at '2025-12-14 10:03' >/dev/null
typed 003 <<'LINES'
started 10:00:00 @System the service answers 500
detected 10:02:15 @Prometheus alert: service down
log 10:02:30 @PagerDuty on call paged
acknowledged 10:03:00 @engineer looks into it
identified 10:05:00 @engineer connection pool used up
mitigating 10:06:30 @engineer pool from 10 to 50
log 10:07:00 @engineer pods restarted
mitigated 10:09:00 @System works again for over 99 percent
resolved 10:12:00 @Prometheus alert gone
LINES
span 003 started detected 135 2m15s
span 003 detected resolved 585 9m45s
span 003 started resolved 720 12m
json '003: read in Moscow, kept in UTC' '.zone == "Europe/Moscow" and .milestones.started == "2025-12-14T07:00:00Z"' "$shown"
match '003: shown in Moscow' '^  started +2025-12-14 10:00:00 MSK$' "$read"
match '003: the document says the zone' 'MSK \(UTC\+3\)' "$(tplus export)"

# ---- 004: minutes, UTC, two hours
at 2024-01-17T08:00:00Z
fresh
tplus -q open 'Autosave fails after v2.1.0' -s P1 --at '2024-01-15 14:17' >/dev/null
typed 004 <<'LINES'
started 2024-01-15 14:00 rollout of v2.1.0 begins
detected 14:15 alert: autosave success low
acknowledged 14:17 on call has it
investigating 14:20 logs speak of the connection pool
identified 14:25 pool of 10 in place of 100
mitigating 14:30 going back begins
log 14:45 back on v2.0.9
resolved 15:00 autosave as always
log 15:15 watched, stable
closed 16:15 an hour without trouble
LINES
span 004 started detected 900 15m
span 004 detected identified 600 10m
span 004 identified mitigating 300 5m
span 004 mitigating resolved 1800 30m
span 004 detected resolved 2700 45m
span 004 started closed 8100 2h15m
json '004: all on that day' '.events | all(.occurred_at | startswith("2024-01-15T1"))' "$shown"

# ---- the same through standard input, and on another host
tplus export -f json | tplus --db other.db -q import - >/dev/null
is '004: the same elsewhere' "$shown" "$(tplus --db other.db show --json)"
tplus -q open 'once more' --at '2024-01-15 14:17' >/dev/null
tplus -q log - >/dev/null <<'LINES'
2024-01-15 14:00 rollout
14:15 alert
14:17 on call
16:15 over
LINES
json 'log -: bare times go on from the date before' '[.events[].occurred_at] == ["2024-01-15T14:00:00Z", "2024-01-15T14:15:00Z",
    "2024-01-15T14:17:00Z", "2024-01-15T16:15:00Z"]' "$(tplus -i 2 show --json)"
finish
