#!/bin/sh
# Severity, its targets and its ledger; roles, joining, leaving.
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

tplus -q open x >/dev/null
json 'severity may be unknown' '.severity == null and .targets == []' "$(show)"

# ---- severity
run tplus --json sev 2 errors doubled
json 'sev' '.kind == "severity" and .occurred_at == "2026-02-05T14:00:00Z"' "$out"
json 'is set' '.severity == "SEV-2"' "$(show)"
json 'and is an event with its reason' '.events[-1] | .kind == "severity" and .text == "severity unknown → SEV-2: errors doubled"' "$(show)"
json 'its targets' '[.targets[] | "\(.name) \(.from) \(.to) \(.limit_seconds) \(.state)"] == ["ack detected acknowledged 300 running",
    "mitigate started mitigated 1800 running", "resolve started resolved 14400 running"]' "$(show)"
run tplus sev SEV2
is 'again the same' 1 "$rc"
match 'is said' 'is that already' "$err"
is 'and no event' 1 "$(show | jq '.events | length')"
advance 600
ok 'another' tplus -q sev P0 --at 14:05
json 'and why may be missing' '.severity == "SEV-0" and (.events[-1] | .text == "SEV-2 → SEV-0" and .occurred_at == "2026-02-05T14:05:00Z")' "$(show)"
json 'retargets from the same start' '.targets[0] | .limit_seconds == 300 and .elapsed_seconds == 600 and .state == "breached"
    and .due_at == "2026-02-05T14:05:00Z"' "$(show)"
while read -r level ack mitigate resolve; do
    tplus -q sev "$level" >/dev/null
    json "shipped targets of SEV-$level" "[.targets[] | .limit_seconds] == [$ack, $mitigate, $resolve]" "$(show)"
done <<'POLICY'
0 300 900 3600
1 300 1800 7200
2 300 1800 14400
3 1800 14400 86400
4 3600 86400 432000
POLICY
for level in 5 -1 SEV sev22 P '' high; do
    run tplus sev "$level" why
    is "no severity: $level" 2 "$rc"
done
refused 'says what is one' 2 'high: that is no severity: give 0 to 4, SEV-2 or P2' sev high
refused 'sev needs a level' 2 'missing' sev

# ---- targets as milestones come
fresh
at 2026-02-05T14:00:00Z
tplus -q open x -s 2 >/dev/null
json 'running from opened_at while the start is missing' '.targets[1] | .state == "running" and .elapsed_seconds == 0 and .from == "started"' "$(show)"
tplus -q started 13:50 >/dev/null
tplus -q detected 13:55 >/dev/null
json 'from its start when there is one' '[.targets[] | .elapsed_seconds] == [300, 600, 600]' "$(show)"
json 'warning from 75 %' '.targets[0].state == "warning"' "$(show)"
json 'due' '[.targets[] | .due_at] == ["2026-02-05T14:00:00Z", "2026-02-05T14:20:00Z", "2026-02-05T17:50:00Z"]' "$(show)"
run tplus status
match 'next due, what runs out first' '^next due  ack 00:00  mitigate 20:00  update 25:00  resolve 3:50:00$' "$out"
advance 61
run tplus status
match 'overdue' '^next due  ack \+01:01  ' "$out"
json 'breached' '.targets[0].state == "breached"' "$(show)"
tplus -q ack >/dev/null
json 'met late is missed' '.targets[0] | .state == "missed" and .elapsed_seconds == 361' "$(show)"
tplus -q mitigated >/dev/null
json 'met' '.targets[1].state == "met"' "$(show)"
tplus -q update 'we are on it' >/dev/null
run tplus status
match 'an update restarts the cadence' 'update 30:00' "$out"
run tplus update still
match 'and says when the next is due' '^tplus: update: the next update is due at 14:31:01' "$err"
tplus -q close >/dev/null
json 'closed without the milestone: pending, unknown' '.targets[2] | .state == "pending" and .elapsed_seconds == null and .due_at == null' "$(show)"

# ---- a policy of one's own
fresh
mkdir -p "$XDG_CONFIG_HOME/tplus"
printf 'scheme = P\nseverity 2 { target "ack" { limit = 3m } }\n' >"$XDG_CONFIG_HOME/tplus/policy.conf"
ok 'with a policy of one own' tplus -q open x -s 2
json 'its limit holds' '.targets[0].limit_seconds == 180' "$(show)"
tplus -q sev 3 >/dev/null
json 'its scheme, too' '.events[-1].text == "P2 → P3"' "$(show)"
printf 'severity 2 {\n target "ack" { limit = often }\n}\n' >"$XDG_CONFIG_HOME/tplus/policy.conf"
ok 'a bad file does not stop anybody' tplus sev 2
match 'is named with its line' 'policy.conf:2:' "$err"
json 'and the shipped values hold' '.targets[0].limit_seconds == 300' "$(show)"

# ---- roles
fresh
at 2026-02-05T14:00:00Z
tplus -q open x >/dev/null
run tplus --json role ic sam
json 'role' '.kind == "role"' "$out"
json 'a responder' '.responders == [{name: "sam", role: "IC", joined_at: "2026-02-05T14:00:00Z", left_at: null}]' "$(show)"
json 'and an event' '.events[-1] | .kind == "role" and .text == "IC: sam"' "$(show)"
refused 'twice' 1 'sam is IC already' role IC @sam
advance 60
ok 'it passes on' tplus -q role IC @jane
json 'the one before has left it' '[.responders[] | "\(.name) \(.left_at)"] == ["sam 2026-02-05T14:01:00Z", "jane null"]' "$(show)"
for role in DEPUTY:Deputy SCRIBE:Scribe OPS:Operations COM:Communications SME:Subject_Matter_Expert CUSTOMER:Customer_Liaison \
    INTERNAL:Internal_Liaison; do
    tplus -q role "$(printf '%s' "${role#*:}" | tr _ ' ')" bob >/dev/null
    json "${role#*:} is ${role%%:*}" ".responders[-1] | .role == \"${role%%:*}\" and .name == \"bob\"" "$(show)"
done
ok 'any word is a role' tplus -q role pilot zoe
json 'as it was said' '.responders[-1].role == "pilot"' "$(show)"
ok '--at' tplus -q role ic amy --at 13:30
json 'is when' '.responders[] | select(.name == "amy") | .joined_at == "2026-02-05T13:30:00Z"' "$(show)"
refused 'a role needs a name' 2 'an operand is missing' role IC
refused 'and only one' 2 'too many' role IC a b

# ---- join, leave
fresh
tplus -q open x >/dev/null
ok 'join' tplus -q join @max
json 'without a role' '.responders == [{name: "max", role: null, joined_at: "2026-02-05T14:01:00Z", left_at: null}]' "$(show)"
refused 'twice' 1 'max is here already' join max
ok 'a role for somebody who is here' tplus -q role ops max
json 'is one row' '[.responders[] | select(.left_at == null)] | length == 1' "$(show)"
advance 60
ok 'leave' tplus -q leave max
json 'leaves all roles' '.responders | all(.left_at != null)' "$(show)"
json 'and says what is unclaimed' '.events[-1].text == "max left, OPS is unclaimed"' "$(show)"
refused 'twice' 1 'max is not here' leave max
ok 'and comes back' tplus -q join max
json 'as a new row' '[.responders[] | select(.left_at == null) | .name] == ["max"]' "$(show)"
tplus -q undo >/dev/null
json 'an undo takes row and event' '(.responders | all(.left_at != null)) and .events[-1].text == "max left, OPS is unclaimed"' "$(show)"
finish
