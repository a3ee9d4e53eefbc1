#!/bin/sh
# gaps: what an incident lacks, and the very command that fills it; closed says the same and closes.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

gap() { # NAME ERE: a gap, whole line
    run tplus gaps
    match "$1" "^$2\$" "$out"
}
gone() {
    run tplus gaps
    nomatch "$1" "$2" "$out"
}

tplus -q open x >/dev/null
run tplus gaps
is 'exit 1' 1 "$rc"
match 'how many' '^tplus: gaps: 2 gaps: ' "$err"
gap 'no severity' 'the severity is unknown: tplus sev LEVEL WHY'
gap 'no milestone' 'no milestone is stamped: tplus started TIME'
tplus -q sev 2 early >/dev/null
gone 'filled' 'severity is unknown'

# ---- milestones
tplus -q mitigated 14:00 >/dev/null
gap 'missing' 'started is missing: tplus started TIME'
gap 'missing, too' 'acknowledged is missing: tplus acknowledged TIME'
gone 'what is not reached yet is no gap' 'resolved'
tplus -q started 13:50 >/dev/null
tplus -q detected 13:55 >/dev/null
ack=$(tplus -q ack 13:52)
gap 'out of order' "acknowledged stands 3m before detected: tplus retime $ack TIME"
ok 'its command' tplus -q retime "$ack" 13:56
gone 'fills it' 'acknowledged'
tplus -q strike "$ack" >/dev/null
gap 'struck: missing again' 'acknowledged is missing: tplus acknowledged TIME'
tplus -q ack '~13:54' >/dev/null
gone 'within its doubt it is not out of order' 'stands'

# ---- silence
at 2026-02-05T14:30:00Z
gone 'the cadence is not over' 'nothing is logged'
advance 1
gap 'silent up to now' 'nothing is logged from 2026-02-05 14:00:00 UTC for 30m1s, longer than the cadence of 30m: tplus log 2026-02-05T14:15:00Z TEXT'
ok 'its command' tplus -q log 2026-02-05T14:15:00Z was away
gone 'fills it' 'nothing is logged'
tplus -q resolved >/dev/null
at 2026-02-05T20:00:00Z
gone 'after resolved silence is fine' 'nothing is logged'

# ---- roles, asks, hypotheses, actions
tplus -q role IC sam --at 14:00 >/dev/null
gap 'a role' 'nobody ever was COM: tplus role COM NAME'
gone 'but not that one' 'ever was IC'
tplus -q role COM jane >/dev/null
tplus -q leave jane >/dev/null
gone 'once had is had' 'ever was COM'
tplus -q handover IC bob >/dev/null
tplus -q ask @bob look 3m >/dev/null
gap 'an ask' 'ASK-1 @bob look has no answer: tplus answer ASK-1 TEXT'
tplus -q answer ASK-1 fine >/dev/null
gone 'answered' 'ASK-1'
tplus -q hypothesis dns >/dev/null
gap 'a hypothesis' 'H-1 dns is open: confirm it, or rule it out: tplus ruleout H-1 WHY'
tplus -q ruleout H-1 dig >/dev/null
gone 'judged' 'H-1'
tplus -q action fix it >/dev/null
gap 'an owner' 'AI-1 fix it has no owner: tplus assign AI-1 NAME'
gap 'a date' 'AI-1 fix it has no due date: tplus due AI-1 DATE'
json 'as JSON' '.gap == "owner" and .command == "tplus assign AI-1 NAME"' "$(tplus gaps --json 2>/dev/null | head -n 1)"
tplus -q action drop it >/dev/null
tplus -q drop AI-2 >/dev/null
gone 'a dropped one needs neither' 'AI-2'

# ---- closed warns and does not block
run tplus closed
is 'it closes' 0 "$rc"
match 'and says' '^tplus: closed: gap: AI-1 fix it has no owner: tplus -i INC-2026-0001 assign AI-1 NAME$' "$err"
json 'closed it is' '.status == "closed"' "$(tplus show --json)"
ok 'the command works on the closed one' tplus -q -i INC-2026-0001 assign AI-1 sam
tplus -q due AI-1 2026-03-01 >/dev/null
run tplus gaps
is 'no gaps: 0' 0 "$rc"
match 'and says so' 'INC-2026-0001 has no gaps' "$err"
is 'and prints nothing' '' "$out"
tplus -q reopen >/dev/null
run tplus -q closed
nomatch 'quiet is quiet' 'gap' "$err"

# ---- hostile text is only text
fresh
tplus -q open x -s 4 >/dev/null
tplus -q started >/dev/null
tplus -q action "$(printf 'a\033[31mb\nc')" >/dev/null
run tplus gaps
nomatch 'no escapes' "$(printf '\033')" "$out"
is 'a line each' 2 "$(printf '%s\n' "$out" | wc -l | tr -d ' ')"
json 'nor in JSON' '.text | test("a\u001b\\[31mb")' "$(tplus gaps --json 2>/dev/null | head -n 1)"
finish
