#!/bin/sh
# Action items: attributes at the end only, due dates, numbers, the verbs that change them.
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
# item NAME FILTER WORDS...: the action item those words make
item() {
    _case=$1 _filter=$2
    shift 2
    run tplus -q action "$@"
    _n=$out$err
    json "$_case" ".actions[-1] | .number == \"$_n\" and ($_filter)" "$(show)"
}

tplus -q open x --zone Europe/Moscow >/dev/null
run tplus action alert on pool saturation @dev due:2026-02-10 P0 type:prevent horizon:week ref:OPS-12
is 'action prints its number' AI-1 "$out"
match 'and names the incident' '^tplus: action: INC-2026-0001 x$' "$err"
json 'all attributes' '.actions == [{number: "AI-1", text: "alert on pool saturation", owner: "dev", due: "2026-02-10", priority: "P0",
    type: "prevent", horizon: "week", ref: "OPS-12", success: null, status: "open"}]' "$(show)"
json 'is no event' '.events == []' "$(show)"
item 'none of them' '.text == "look again" and .owner == null and .due == null and .priority == null and .type == null' look again
item 'in any order' '.text == "fix" and .priority == "P2" and .owner == "amy" and .ref == "X-1"' fix ref:X-1 P2 @amy
item 'in one argument' '.text == "fix the pool" and .priority == "P1" and .owner == "dev"' 'fix the pool @dev P1'
item 'only at the end' '.text == "see @bob about P1 due:2026-02-10 soon" and .owner == null and .priority == null and .due == null' \
    see @bob about P1 due:2026-02-10 soon
item 'the rest of them count' '.text == "tell @bob about it" and .owner == "amy"' tell @bob about it @amy
item 'each once, the last one counts' '.text == "fix P1" and .priority == "P2"' fix P1 P2
item 'the first word is text' '.text == "P1" and .priority == "P2"' P1 P2
item 'lower case' '.priority == "P3" and .type == "detect"' fix p3 Type:Detect
item 'P4 is no priority' '.text == "fix P4" and .priority == null' fix P4
item 'an empty attribute is text' '.text == "fix due:"' fix due:
item 'an actor before the text is the owner' '.text == "fix it" and .owner == "kim"' @kim fix it
item 'white space at the end' '.text == "fix" and .priority == "P1"' 'fix P1  '
for type in detect prevent mitigate process; do
    item "type $type" ".type == \"$type\"" fix "type:$type"
done
refused 'another type' 2 'type:guess: that is no type: give detect, prevent, mitigate or process' action fix type:guess
refused 'no text' 2 'missing' action
refused 'no text, only white space' 2 'missing' action ' '

# ---- due: the clock says 14:00 UTC, 17:00 in Moscow
item 'today' '.due == "2026-02-05"' fix due:today
item 'tomorrow' '.due == "2026-02-06"' fix due:tomorrow
item 'in days' '.due == "2026-02-12"' fix due:7d
item 'over the end of a month' '.due == "2026-03-01"' fix due:24d
at 2026-02-05T22:30:00Z
item 'today is that of the zone' '.due == "2026-02-06"' fix due:today
item 'a leap day' '.due == "2028-02-29"' fix due:2028-02-29
for due in 2026-02-30 2026-13-01 31-02 soon 2026-2-3 -1d 7; do
    refused "no date: $due" 2 "due:$due: that is no date: give YYYY-MM-DD, today, tomorrow" action fix "due:$due"
done
is 'refused ones take no number' 23 "$(show | jq '.actions | length')"

# ---- changing
ok 'assign' tplus assign 1 @zoe
match 'names the incident' '^tplus: assign: INC-2026-0001' "$err"
ok 'due' tplus -q due AI-1 2026-03-01
ok 'prio' tplus -q prio ai-1 p3
ok 'progress' tplus -q progress 1
json 'are changed' '.actions[0] | .owner == "zoe" and .due == "2026-03-01" and .priority == "P3" and .status == "in progress"' "$(show)"
ok 'done' tplus -q 'done' 1
json 'is done' '.actions[0].status == "done"' "$(show)"
ok 'drop' tplus -q drop AI-2
json 'is dropped' '.actions[1].status == "dropped"' "$(show)"
refused 'drop needs the letters' 2 '3 may be an action item or an ask' drop 3
refused 'an unknown number' 1 'no action item 99 in this incident' assign 99 x
refused 'an unknown one with letters' 1 'no action item AI-99' 'done' AI-99
refused 'another thing' 1 'no action item ASK-1' 'done' ASK-1
refused 'a bad date' 2 'that is no date' due 1 never
refused 'a bad priority' 2 'that is no priority: give P0, P1, P2 or P3' prio 1 high
refused 'a value is missing' 2 'an operand is missing' assign 1
refused 'too many' 2 'too many operands' 'done' 1 2
ok 'edit changes its text' tplus -q edit AI-3 look once more
json 'and nothing else' '.actions[2] | .text == "look once more" and .priority == "P2" and .owner == "amy"' "$(show)"
refused 'edit of an unknown one' 1 'no action item AI-99' edit AI-99 x
for verb in retime strike redact; do
    refused "$verb is for events" 1 'AI-3 is no event id' "$verb" AI-3 13:00
done
run tplus history AI-1
is 'history has every change' 6 "$(printf '%s\n' "$out" | grep -c .)"
match 'with before and after' 'owner dev → zoe' "$out"
ok 'undo of an action item' tplus -q undo AI-1
json 'takes back its last change' '.actions[0].status == "in progress"' "$(show)"
run tplus show
match 'show lists them' 'AI-1  P3  in progress  alert on pool saturation  @zoe  due 2026-03-01  OPS-12' "$out"

# ---- each incident counts its own
tplus -q open y >/dev/null
run tplus -q action other
is 'numbers begin anew' AI-1 "$out"
run tplus -q -i 1 action other
is 'and go on where they were' AI-24 "$out"
tplus -q -i 1 undo >/dev/null
run tplus -q -i 1 action other
is 'a number taken back is not given again' AI-25 "$out"
finish
