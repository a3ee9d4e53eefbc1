#!/bin/sh
# The five house documents: their figures between their own ends, for incidents like the ones they come from; --check; one's own copy.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

# typed: runs the verb lines on standard input, one "VERB WORDS" each
typed() {
    _bad=0
    while read -r _verb _line; do
        # shellcheck disable=SC2086 # words, as a shell would have split them
        tplus -q "$_verb" $_line >/dev/null 2>>typed.err || _bad=$((_bad + 1))
    done
    is "$1: every line is taken" '0 ' "$_bad $(cat typed.err 2>/dev/null)"
    rm -f typed.err
}

# ---- 000: minutes, UTC
at 2026-01-19T09:00:00Z
tplus -q open 'Slow query after v1.2.3' -s 2 --zone UTC --at '2026-01-18 10:30' >/dev/null
typed 000 <<'LINES'
started 2026-01-18 10:30 @john rollout of v1.2.3 to production begins
log 10:32 @john rollout finished
detected 10:35 @Datadog errors above 5 percent
acknowledged 10:36 @jane on call has seen it
identified 10:40 @jane one query for each row
mitigating 10:43 @jane going back begins
mitigated 10:45 @jane back on the version before
resolved 10:47 @Datadog errors as always
closed 11:00 @jane done
action join the rows @john due:2026-01-20 P0
action canary rollout @bob due:2026-02-15 P3
finding prevention ask for joins in review category:code
finding prevention a budget for queries category:process
LINES
doc=$(tplus export -t classic)
match '000: started to mitigated' '^\*\*Duration\*\*: 15 minutes \(started→mitigated\)' "$doc"
match '000: its severity' '^\*\*Severity\*\*: P2 ' "$doc"
match '000: noticed after' 'Time to Detection\*\*: 5 minutes after the start' "$doc"
match '000: actor in the third column' '^\| 10:35 \| errors above 5 percent \| Datadog \|$' "$doc"
match '000: no date in front on the day of the head' '^\| 10:30 \| rollout of' "$doc"
is '000: a P3 has its heading' '| canary rollout | bob | 2026-02-15 | Not Started |' "$(printf '%s\n' "$doc" | sed -n '/^\*\*Long-term/,/^---/p' | grep canary)"
is '000: what has another category has one, too' '- [ ] a budget for queries' "$(printf '%s\n' "$doc" | sed -n '/^\*\*Deployment Level/,/^\*\*Mon/p' | grep '^-')"

# ---- 001: seconds
at 2026-02-06T10:00:00Z
fresh
tplus -q open 'Site down, connections used up' -s SEV-2 --at '2026-02-05 14:23:12' >/dev/null
typed 001 <<'LINES'
detected 2026-02-05 14:23:12 @Sentry many errors
acknowledged 14:23:45 @sam has it
mitigating 14:27:00 @sam restarts the connections
mitigated 14:36:20 @System errors under 1 percent
closed 15:00:12 @sam over
metric error rate before:0.2% during:47% after:0.1%
link https://grafana.example/d/x?from={from_ms}&to={to_ms} board
set pattern the same database again
LINES
doc=$(tplus export -t sev)
match '001: detected to closed' '^\*\*Duration\*\*: 37 minutes \(detected→closed\)' "$doc"
match '001: in time' 'acknowledgment\*\*: 33 seconds ✅ \(target < 5m\)' "$doc"
match '001: the next one' 'mitigation start\*\*: 3 minutes 15 seconds' "$doc"
match '001: times with seconds' '^\| 14:23:12 \| many errors \| Sentry \|$' "$doc"
match '001: the range in milliseconds' 'from=1770301392000&amp;to=1770303612000' "$doc"
match '001: the pattern' '^\*\*Pattern identified\*\*: the same database again$' "$doc"
match '001: after' '^- error rate after: 0.1%$' "$doc"

# ---- 002: tables with their differences
doc=$(tplus metric availability service:API before:99.9% during:95.2% >/dev/null
    tplus metric 'latency p95' 'service:POST /calls' before:200ms during:5000ms >/dev/null
    tplus metric 'error rate' service:API before:0.01% during:15.3% >/dev/null
    tplus set detection.method 'user report, a hunch' >/dev/null
    tplus -i 1 log 14:40:00 @sam asked the database >/dev/null
    tplus -i 1 detail it was full >/dev/null
    tplus -i 1 detail and slow >/dev/null
    tplus export -t analysis)
match '002: the difference' '^\| API \| 99.9% \| 95.2% \| [-−]4.7 ?%' "$doc"
match '002: the factor' '^\| POST /calls \| 200ms \| 5000ms \| 25x \|$' "$doc"
match '002: a box without' '^- \[ \] Automated alerting$' "$doc"
match '002: a box with' '^- \[x\] User reports$' "$doc"
match '002: another one' '^- \[x\] Other: a hunch$' "$doc"
match '002: the action taken' '^\| 14:40 \| asked the database \| it was full \|$' "$doc"
match '002: the rest below' '^  - and slow$' "$doc"
match '002: key metrics' '"duration_minutes": 37' "$doc"

# ---- 003: Moscow time
at 2025-12-14T09:00:00Z
fresh
tplus -q open 'Mail service down' -s P0 --zone Europe/Moscow --at '2025-12-14 10:00' >/dev/null
typed 003 <<'LINES'
started 10:00:00 @System the service answers 500
detected 10:02:15 @Prometheus alert: service down
acknowledged 10:03:00 @engineer looks into it
mitigated 10:09:00 @System works again
resolved 10:12:00 @Prometheus alert gone
set summary.incident mail was down
set summary.impact 500 users
set summary.root-cause a small pool
set summary.resolution a larger pool
set summary.prevention an alert on the pool
LINES
doc=$(tplus export -t slo)
match '003: the zone in words' '^\*\*All times in MSK \(UTC\+3\)\*\*$' "$doc"
match '003: its durations' '^\*\*Total Duration:\*\* 12 minutes \(TTD: 2m15s, MTTR: 9m45s\)$' "$doc"
match '003: the budget' 'Used:\*\* 27.8 % of the budget availability \(12 min / 43.2 min total\)$' "$doc"
match '003: and what is left' 'Remaining:\*\* 72.2 % ' "$doc"
match '003: marks' '^\| 10:00:00 \| 🔴 the service answers 500 \| System \|$' "$doc"
for line in 'Incident:\*\* mail was down' 'Impact:\*\* 500 users' 'Root Cause:\*\* a small pool' 'Resolution:\*\* a larger pool' \
    'Prevention:\*\* an alert on the pool'; do
    match "003: the summary has ${line%%:*}" "^\*\*$line *\$" "$doc"
done
doc=$(tplus export -t detailed --zone UTC)
match '003: elsewhere, local time in parentheses' '^\| 07:00 \(10:00 MSK\) \| the service' "$doc"
tplus -q sev 4 small after all >/dev/null
match 'a severity outside of the range' '^- \*\*Priority:\*\* P2 \(SEV-4\)$' "$(tplus export -t slo)"

# ---- 004: a budget of 216 minutes
at 2024-01-17T08:00:00Z
fresh
mkdir -p "$XDG_CONFIG_HOME/tplus"
printf 'severity 1 { slo "availability" { objective = "99.5 %% over 30 d" } }\n' >"$XDG_CONFIG_HOME/tplus/policy.conf"
tplus -q open 'Autosave fails after v2.1.0' -s P1 --at '2024-01-15 14:00' >/dev/null
typed 004 <<'LINES'
started 2024-01-15 14:00 rollout of v2.1.0 begins
detected 14:15 alert: autosave success low
acknowledged 14:17 on call has it
identified 14:25 pool of 10 in place of 100
mitigating 14:30 going back begins
resolved 15:00 autosave as always
closed 16:15 an hour without trouble
metric autosave success target:99.5% during:98.2% unit:%
detail nothing in the log
detail nobody called
LINES
doc=$(tplus export -t detailed)
match '004: started to closed' '2024-01-15 14:00:00 to 2024-01-15 16:15:00 \(2 hours 15 minutes\)$' "$doc"
match '004: total' '^- \*\*Total\*\*: 45 minutes ' "$doc"
match '004: to identification' 'Identification\*\*: 10 minutes$' "$doc"
match '004: the budget' '^- Monthly budget: 0.5% \(216 minutes\)$' "$doc"
match '004: consumed' '^- Consumed: 135 minutes \(62.5% of budget\)$' "$doc"
match '004: remaining' '^- Remaining: 81 minutes \(37.5%\)$' "$doc"
match '004: missed' 'autosave success: 99.5% \(target\) → 98.2% \(actual\) ❌ Missed$' "$doc"
match '004: step by step' '^\*\*16:15 UTC\*\* - an hour without trouble$' "$doc"

# ---- what is lacking
run tplus export --check -t slo
is '--check fails' 1 "$rc"
match 'names a field and the way to fill it' '^Executive Summary: Incident: tplus -i INC-2024-0001 set summary.incident VALUE$' "$out"
match 'a list' '^What Went Well ✅: What went well: tplus .*finding "went well" TEXT$' "$out"
nomatch 'and not what the log tells' 'started TIME' "$out"
match 'and counts' 'the document slo asks for [0-9]+ things more' "$err"
before=$(printf '%s\n' "$out" | wc -l)
tplus -q -i 1 set summary.incident 'autosave failed'
tplus -q -i 1 action 'test it' P0 >/dev/null
run tplus export --check -t slo
nomatch 'what was filled is gone' 'summary.incident' "$out"
match 'a row by its number' '^Action Items: AI-1: due date: tplus -i INC-2024-0001 due AI-1 DATE$' "$out"
is 'one less, but for the new row' "$((before - 2 + 3))" "$(printf '%s\n' "$out" | wc -l)"
run tplus export --check -t slo --json
json 'as JSON' '.section != null and .label != null and (.command == null or (.command | startswith("tplus ")))' "$out"
status 2 tplus export --check -t slo -o x.md

# ---- one's own
mkdir -p "$XDG_CONFIG_HOME/tplus/templates"
ok 'a template is shown' tplus templates classic
cp "$T/out" "$XDG_CONFIG_HOME/tplus/templates/house.md.mustache"
is 'a copy works like it' "$(tplus export -t classic | sed '$d')" "$(tplus export -t house | sed '$d')"
printf '# Ours\n\n{{^field.impact.users}}_To be written: who_{{/field.impact.users}}\n' >"$XDG_CONFIG_HOME/tplus/templates/classic.md.mustache"
is "one's own wins" '# Ours' "$(tplus templates classic | head -n1)"
is 'and asks for its own' 'Users affected: tplus -i INC-2024-0001 set impact.users VALUE' "$(tplus export --check -t classic 2>/dev/null)"
tplus -q -i 1 set impact.users 40
ok 'until nothing is missing' tplus export --check -t classic
printf '# {{title}}\n{{#actions}}\n' >"$XDG_CONFIG_HOME/tplus/templates/broken.md.mustache"
run tplus export -t broken
match 'an error names file, line and tag' 'broken.md.mustache:2: \{\{#actions\}\}' "$err"
status 1 tplus templates nosuch

# ---- the manual
manual=$top_srcdir/man/tplus-templates.5
sed -n '/^# {{title}}/,/^\.Ed/p' "$manual" | grep -v '^\.' >"$XDG_CONFIG_HOME/tplus/templates/manual.md.mustache"
ok 'its template works' tplus export -t manual
match 'and tells something' '^\| 14:15 \| alert: autosave success low \|$' "$out"
missing=$(sed '/^{{!/,/^}}/d' "$top_srcdir"/data/templates/*.mustache | grep -o '{{[{#^]*[a-z_0-9]*' | sed 's/.*[{#^]//' | sort -u |
    while read -r tag; do grep -Eq "^\.(Li|It Li)(.*[ .])$tag([ .]|$)" "$manual" || printf '%s ' "$tag"; done)
is 'every tag of the shipped templates is explained' '' "$missing"
finish
