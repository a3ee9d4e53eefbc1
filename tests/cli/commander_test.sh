#!/bin/sh
# The commander's clocks: required roles, postmortem, snooze, handover, brief, budgets, several incidents, aliases, policy files with faults.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

show() {
    tplus show --json
}
refused() {
    _case=$1 _status=$2 _ere=$3
    shift 3
    run tplus "$@"
    match "$_case" "^$_status tplus: .*$_ere" "$rc $err"
}
clock() { # the clock of that name
    show | jq -c ".clocks[] | select(.name == \"$1\")"
}

# ---- roles to be claimed
tplus -q open x -s 1 >/dev/null
run tplus status
is 'required roles are due' 'next due  roles 05:00  ack 05:00  update 20:00  mitigate 30:00  resolve 2:00:00' \
    "$(printf '%s\n' "$out" | sed -n 2p | sed 's/ack 05:00  roles 05:00/roles 05:00  ack 05:00/')"
advance 299
json 'one second before' '.state == "warning"' "$(clock IC)"
advance 1
json 'at it' '.state == "warning" and .due_at == "2026-02-05T14:05:00Z" and .from == "opened" and .to == "claimed"' "$(clock IC)"
advance 1
json 'after it' '.state == "breached" and .elapsed_seconds == 301' "$(clock IC)"
tplus -q role ic sam >/dev/null
tplus -q role SCRIBE jane --at 14:03 >/dev/null
json 'claimed late' '.state == "missed"' "$(clock IC)"
json 'claimed in time' '.state == "met" and .elapsed_seconds == 180' "$(clock SCRIBE)"
run tplus status
match 'only one is left: its name' '  COM \+00:01 ' "$out"
json 'unclaimed' '.unclaimed == ["COM"]' "$(show)"
tplus -q leave sam >/dev/null
advance 60
json 'left again: it counts from then' '.state == "running" and .elapsed_seconds == 60 and .from == "left"' "$(clock IC)"
tplus -q sev 2 >/dev/null
json 'without a limit: how long, and never due' '.state == "pending" and .limit_seconds == null and .due_at == null and .elapsed_seconds == 361' "$(clock COM)"
run tplus status
nomatch 'and not in the line' 'COM|roles' "$out"

# ---- the postmortem
json 'pending until resolved' '.state == "pending" and .limit_seconds == 432000' "$(clock postmortem)"
tplus -q started 14:00 >/dev/null
tplus -q resolved >/dev/null
run tplus status
match 'is due' 'postmortem 120:00:00' "$out"
advance 432000
json 'at it' '.state == "warning"' "$(clock postmortem)"
advance 1
json 'after it' '.state == "breached"' "$(clock postmortem)"
tplus -q set published 2026-02-09 >/dev/null
json 'published in time, by its date' '.state == "met" and .elapsed_seconds == null' "$(clock postmortem)"
tplus -q undo >/dev/null
tplus -q close >/dev/null
json 'else closing counts' '.state == "missed" and .elapsed_seconds == 432001' "$(clock postmortem)"

# ---- snooze
fresh
at 2026-02-05T14:00:00Z
tplus -q open x -s 2 >/dev/null
tplus -q started >/dev/null
refused 'a snooze needs a reason' 2 'needs a reason' snooze 10m
refused 'and a duration' 2 'no duration' snooze soon noise
refused 'of at most a day' 2 'at most 1d' snooze 25h noise
json 'none of them left a trace' '.snooze == null and (.events | length == 1)' "$(show)"
run tplus --json snooze 10m known noise
json 'snooze' '.kind == "system"' "$out"
json 'is kept' '.snooze == {until: "2026-02-05T14:10:00Z", why: "known noise", by: "sam"}' "$(show)"
json 'and in the timeline' '.events[-1] | .kind == "system" and .text == "alarms snoozed until 2026-02-05 14:10:00 UTC: known noise"' "$(show)"
run tplus status
match 'status says so' '^alarms are snoozed until 14:10:00: known noise$' "$out"
match 'and the clocks go on' 'mitigate 30:00' "$out"
advance 600
run tplus status
nomatch 'until then' 'snoozed' "$out"
tplus -q snooze 10m again >/dev/null
json 'the last one counts' '.snooze.until == "2026-02-05T14:20:00Z"' "$(show)"
tplus export -f json >"$T/x.json"
mv "$XDG_DATA_HOME" "$XDG_DATA_HOME.here"
tplus -q import "$T/x.json" >/dev/null
json 'another host hears of it' '.snooze.until == "2026-02-05T14:20:00Z" and .snooze.why == "again"' "$(show)"
rm -rf "$XDG_DATA_HOME"
mv "$XDG_DATA_HOME.here" "$XDG_DATA_HOME"
tplus -q strike "$(show | jq -r '.events[-1].short')" >/dev/null
json 'struck, it counts no more' '.snooze.until == "2026-02-05T14:10:00Z"' "$(show)"
ok 'rebuild keeps it' tplus -q rebuild
json 'the same' '.snooze.why == "known noise"' "$(show)"

redacted=$(tplus -q snooze 10m because of acme)
ok 'a redacted reason' tplus -q redact "$redacted" a customer
nomatch 'is gone everywhere' 'acme' "$(tplus export -f json)"
json 'and the snooze holds' '.snooze.until == "2026-02-05T14:20:00Z" and .snooze.why == "[redacted]"' "$(show)"
redacted=$(tplus -q sev 1 acme is down)
tplus -q redact "$redacted" a customer >/dev/null
nomatch "a severity's, too" 'acme' "$(tplus export -f json)"
ok 'and the chains hold' tplus verify

# ---- handover
fresh
at 2026-02-05T14:00:00Z
tplus -q open 'Checkout 5xx' -s 2 >/dev/null
refused 'nobody has it' 1 'nobody is IC.*role IC jane' handover ic jane
tplus -q role IC sam >/dev/null
advance 60
refused 'to oneself' 1 'sam is IC already' handover IC @sam
run tplus handover IC jane
match 'handover shows the brief' '^Conditions$' "$out"
match 'names the taker' 'IC  jane  offered 14:01:00, not accepted yet' "$out"
match 'and who has it still' 'IC  sam  since 14:00:00' "$out"
match 'says how it is taken' 'jane takes it with: tplus accept IC --as jane' "$err"
json 'both are there' '[.responders[] | "\(.name) \(.role) \(.joined_at) \(.left_at) \(.offered_at)"] == ["sam IC 2026-02-05T14:00:00Z null null",
    "jane IC null null 2026-02-05T14:01:00Z"]' "$(show)"
json 'and in the timeline' '.events[-1] | .kind == "role" and .text == "IC: sam hands over to jane"' "$(show)"
match 'the document knows who led so far' '^- \*\*Incident Commander\*\*: sam$' "$(tplus export)"
advance 60
refused 'only by whom it was offered to' 1 'IC was offered to jane, and you are sam' accept IC
refused 'only what was offered' 1 'COM was offered to nobody' accept com
ok 'accept' tplus -q accept ic --as jane
json 'passes it on' '[.responders[] | "\(.name) \(.joined_at) \(.left_at)"] == ["sam 2026-02-05T14:00:00Z 2026-02-05T14:02:00Z", "jane 2026-02-05T14:02:00Z null"]' \
    "$(show)"
json 'and is an event' '.events[-1] | .text == "IC: jane accepted, after sam" and .actor == "jane"' "$(show)"
refused 'once' 1 'offered to nobody' accept IC --as jane
tplus -q handover IC bob >/dev/null
tplus -q handover IC amy >/dev/null
refused 'the last offer counts' 1 'was offered to amy' accept IC --as bob
tplus -q role IC zoe >/dev/null
refused 'a role given withdraws it' 1 'offered to nobody' accept IC --as amy
match 'the document: who led' '^- \*\*Incident Commander\*\*: sam, then jane, then zoe$' "$(tplus export)"
tplus -q undo >/dev/null
ok 'an undo brings the offer back' tplus -q accept IC --as amy

# ---- span of control
for name in a b c d e f; do tplus -q join "$name"; done >/dev/null
run tplus join g
nomatch 'seven are fine' 'report to the IC' "$err"
run tplus join h
match 'eight are too many' '^tplus: join: 8 people report to the IC, more than 7' "$err"
run tplus role OPS i
match 'a role, too' '^tplus: role: 9 people' "$err"

# ---- brief
fresh
at 2026-02-05T14:00:00Z
tplus -q open 'Checkout 5xx' -s 3 >/dev/null
{
    tplus -q started
    tplus -q sev 2 spreading
    tplus -q set impact.users 12000
    tplus -q ask @bob check p99 3m
    tplus -q hypothesis pool
    tplus -q hypothesis dns
    tplus -q ruleout 2 dig works
    tplus -q role IC sam
    advance 60
    tplus -q update 'we are on it'
} >/dev/null
run tplus brief
is 'its parts in order' 'Conditions Last events Actions Needs' "$(printf '%s\n' "$out" | grep -E '^[A-Z][a-z ]+$' | tr '\n' ' ' | sed 's/ $//')"
for line in '  status  started since 2026-02-05 14:00:00 UTC' '  severity  SEV-2 since 2026-02-05 14:00:00 UTC, before that SEV-3' '  impact.users  12000' \
    '  last update  2026-02-05 14:01:00 UTC: we are on it' '  IC  sam  since 14:00:00' '  H-1  open  pool' '  H-2  ruled out  dns: dig works' \
    '  ASK-1  @bob check p99  open' '  unclaimed  COM'; do
    match "brief: $line" "^$line\$" "$out"
done
match 'brief: budget' '^  budget availability  43m12s in 30d, started→mitigated spent 1m \(2\.3 %\), left 42m12s$' "$out"
match 'brief: next due' '^  next due  @bob check p99 02:00 ' "$out"
json 'brief --json' '.last_update_at == "2026-02-05T14:01:00Z" and .next_due[0].name == "bob" and .unclaimed == ["COM"]
    and [.severities[] | "\(.severity) \(.seconds) \(.limits.mitigate)"] == ["SEV-3 0 14400", "SEV-2 60 1800"]' "$(tplus brief --json)"

# ---- the ledger: both limits stay
advance 600
tplus -q sev 3 calmer >/dev/null
advance 300
run tplus show
match 'the old limits' '^  SEV-2  from 14:00:00 for 11m: ack 5m, mitigate 30m, resolve 4h, update 30m \(spreading\)$' "$out"
match 'the new ones' '^  SEV-3  from 14:11:00 for 5m: ack 30m, mitigate 4h, resolve 1d, update 2h \(calmer\)$' "$out"
match 'in the document' '\| SEV-2 \|.*\| ack 5m, mitigate 30m, resolve 4h, update 30m \| spreading \|' "$(tplus export)"
match 'with the sum' '^- \*\*SEV-2\*\* in all: 11m$' "$(tplus export)"

# ---- confirm offers the cause
run tplus confirm 1
match 'as the root cause' 'H-1 offers itself as the root cause: tplus section root-cause .*tplus set root-cause pool ' "$err"
printf 'The pool.\n' | tplus -q section root-cause >/dev/null
tplus -q ruleout 1 >/dev/null
run tplus confirm 1
nomatch 'unless it is written' 'root cause' "$err"

# ---- budgets
fresh
at 2026-02-05T10:00:00Z
tplus -q open first -s 2 >/dev/null
tplus -q started >/dev/null
advance 600
tplus -q -i 1 mitigated >/dev/null
tplus -q -i 1 close >/dev/null
json 'alone: nothing to note' '.fields == {} and .budgets[0].spent_seconds == 600 and .budgets[0].earlier_seconds == null' "$(tplus show 1 --json)"
at 2026-02-05T12:00:00Z
tplus -q open second -s 2 >/dev/null
run tplus budget
match 'before it began' 'spent unknown, other incidents 10m$' "$out"
tplus -q -i 2 started >/dev/null
advance 1200
json 'live' '.budgets[0] | .running and .budget_seconds == 2592 and .spent_seconds == 1200 and .earlier_seconds == 600 and .remaining_seconds == 792' "$(show)"
advance 900
run tplus budget
match 'overspent' 'spent 35m \(81\.0 %\), other incidents 10m, overspent by 1m48s' "$out"
tplus -q mitigated >/dev/null
json 'noted' '.fields == {"budget.earlier": "10m"}' "$(show)"
match 'and in the document' 'spent 35m of it .*other incidents of the window 10m; that leaves none, overspent by 1m48s' "$(tplus export)"
nomatch 'once' '\| budget.earlier' "$(tplus export)"
at 2026-03-07T10:05:00Z
tplus -q open third -s 2 >/dev/null
tplus -q -i 3 started >/dev/null
run tplus -i 3 budget
match 'the window moves on: half of the first one is out' 'other incidents 40m' "$out"
tplus -q sev 4 >/dev/null
refused 'no budget' 1 'no error budget' -i 3 budget

# ---- several incidents
fresh
at 2026-02-05T14:00:00Z
tplus -q open calm -s 3 >/dev/null
tplus -q open burning -s 0 >/dev/null
tplus -q open unknown >/dev/null
run tplus status --all
is 'what runs out first comes first' 'burning calm unknown' "$(printf '%s\n' "$out" | sed -n 's/^INC.* //p' | tr '\n' ' ' | sed 's/ $//')"
match 'each with what is due' '^next due  ack 05:00  roles 05:00' "$out"
run tplus status --all --json
is 'the same as JSON' 'burning calm unknown' "$(printf '%s\n' "$out" | jq -r .title | tr '\n' ' ' | sed 's/ $//')"

# ---- aliases of severities
fresh
mkdir -p "$XDG_CONFIG_HOME/tplus"
conf=$XDG_CONFIG_HOME/tplus/policy.conf
printf 'alias "CRIT" { severity = 0 }\nalias "OUTAGE" { severity = CRIT }\n' >"$conf"
ok 'open with an alias' tplus -q open x -s crit
json 'is that severity' '.severity == "SEV-0"' "$(show)"
tplus -q sev 3 >/dev/null
ok 'an alias of an alias' tplus -q sev Outage
json 'too' '.severity == "SEV-0"' "$(show)"
refused 'what there is' 2 'high: that is no severity: give 0 to 4, SEV-2 or P2, CRIT, OUTAGE' sev high

# ---- policy files with faults: file:line, and the shipped values hold
while IFS='|' read -r line says text; do
    printf '%b' "$text" >"$conf"
    run tplus -q sev 1 "$says"
    is "$says: nobody is stopped" 0 "$rc"
    match "$says: where, and what" "policy.conf:$line: .*$says" "$err"
    json "$says: the shipped values hold" '[.targets[].limit_seconds] == [300, 1800, 7200]' "$(show)"
    tplus -q sev 2 >/dev/null 2>&1
done <<'FAULTS'
2|unknown key 'colour'|severity 1 {\n colour = red\n}\n
1|did you mean postmortem|severity 1 { postmorten = 5d }\n
3|no duration over zero|severity 1 {\n target "ack" {\n limit = -5m } }\n
2|no duration over zero|severity 1 {\n roles-within = -5m }\n
2|cannot be the longer one|severity 1 {\n target "mitigate" { limit = 3h } }\n
1|leads back to itself|alias A { severity = B } alias B { severity = A }\n
2|neither a severity nor an alias|\nalias A { severity = bad }\n
FAULTS
finish
