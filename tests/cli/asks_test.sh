#!/bin/sh
# Asks with a time box, hypotheses.
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

# ---- ask
run tplus ask @bob what is the latency 5m
is 'ask prints its number' ASK-1 "$out"
match 'and names the incident' '^tplus: ask: INC-2026-0001 x$' "$err"
json 'the ask' '.asks == [{number: "ASK-1", to: "bob", text: "what is the latency", status: "open", answer: null,
    asked_at: "2026-02-05T14:00:00Z", due_at: "2026-02-05T14:05:00Z", answered_at: null}]' "$(show)"
json 'is an event of its author' '.events[-1] | .kind == "ask" and .actor == "sam" and .text == "ASK-1 @bob what is the latency (5m)"' "$(show)"
run tplus status
match 'and is due' '^next due  @bob what is the latency 05:00' "$out"
run tplus -q ask 13:55 @amy look at p99 1h10m
is 'the next one counts on' ASK-2 "$out"
json 'its time box runs from when it was asked' '.asks[1].due_at == "2026-02-05T15:05:00Z" and .asks[1].text == "look at p99"' "$(show)"
refused 'nobody' 2 'nobody is asked' ask what is it 5m
refused 'no time box' 2 'last word must be the time box' ask @bob what is it
refused 'a time box of nothing' 2 'last word must be the time box' ask @bob what is it 0m
refused 'no text' 2 'no text' ask @bob 5m
refused 'nothing' 2 'missing' ask @bob
is 'refused ones take no number' 2 "$(show | jq '.asks | length')"

# ---- answer
advance 120
run tplus --json answer 1 it is fine
json 'answer' '.kind == "ask"' "$out"
json 'is kept' '.asks[0] | .status == "answered" and .answer == "it is fine" and .answered_at == "2026-02-05T14:02:00Z"' "$(show)"
json 'and an event' '.events[-1].text == "ASK-1 answered: it is fine"' "$(show)"
refused 'twice' 1 'ASK-1 is answered already' answer 1
ok 'without words, at another time' tplus -q answer ask-2 --at 14:01
json 'is one, too' '.asks[1] | .status == "answered" and .answer == null and .answered_at == "2026-02-05T14:01:00Z"' "$(show)"
refused 'an unknown one' 1 'no ask 7' answer 7
refused 'an action item is none' 1 'no ask AI-1' answer AI-1

# ---- extend
tplus -q ask @bob again 5m >/dev/null
ok 'extend' tplus -q extend ASK-3 10m
json 'adds to what is left' '.asks[2].due_at == "2026-02-05T14:17:00Z"' "$(show)"
advance 3600
ok 'an overdue one' tplus -q extend 3 10m
json 'runs anew from now' '.asks[2].due_at == "2026-02-05T15:12:00Z"' "$(show)"
refused 'by nothing' 2 'no duration' extend 3 0m
refused 'by a word' 2 '"soon" is no duration.*write 90s, 5m, 1h10m or 2d' extend 3 soon
refused 'by a time' 2 'no duration.*time of day' extend 3 14:30

ok 'edit' tplus -q edit ASK-3 once more
json 'changes its text' '.asks[2].text == "once more" and .asks[2].status == "open"' "$(show)"
tplus -q undo >/dev/null

# ---- drop
refused 'drop needs to know which' 2 '3 may be an action item or an ask: say AI-3 or ASK-3' drop 3
ok 'drop' tplus -q drop ask-3 no longer needed
json 'is dropped' '.asks[2].status == "dropped" and .events[-1].text == "ASK-3 dropped: no longer needed"' "$(show)"
refused 'twice' 1 'dropped already' drop ASK-3
run tplus status
nomatch 'nothing is due any more' '@bob' "$out"
ok 'undo' tplus -q undo
json 'brings it back' '.asks[2].status == "open"' "$(show)"
ok 'undo of the ask itself' tplus -q undo ASK-3
ok 'and again' tplus -q undo ASK-3
ok 'down to its making' tplus -q undo ASK-3
json 'hides it' '.asks | length == 2' "$(show)"
run tplus -q ask @bob new 5m
is 'its number is not given again' ASK-4 "$out"

# ---- hypotheses
fresh
at 2026-02-05T14:00:00Z
tplus -q open x >/dev/null
run tplus hypothesis 13:50 @jane the pool is full
is 'hypothesis prints its number' H-1 "$out"
json 'the hypothesis' '.hypotheses == [{number: "H-1", text: "the pool is full", status: "open", why: null, raised_at: "2026-02-05T13:50:00Z"}]' "$(show)"
json 'and its event' '.events[0] | .kind == "hypothesis" and .actor == "jane" and .text == "the pool is full"' "$(show)"
tplus -q hypothesis dns >/dev/null
ok 'ruleout' tplus -q ruleout 2 dig works
json 'with why' '.hypotheses[1] | .status == "ruled out" and .why == "dig works"' "$(show)"
json 'and an event' '.events[-1] | .kind == "hypothesis" and .text == "H-2 ruled out: dns: dig works"' "$(show)"
refused 'twice' 1 'H-2 is ruled out already' ruleout H-2
ok 'confirm' tplus -q confirm h-1 --at 13:58
json 'is confirmed' '.hypotheses[0].status == "confirmed"' "$(show)"
json 'at its time' '[.events[] | select(.occurred_at == "2026-02-05T13:58:00Z") | .text] == ["H-1 confirmed: the pool is full"]' "$(show)"
ok 'a verdict may change' tplus -q confirm H-2
json 'and takes its reason along' '.hypotheses[1] | .status == "confirmed" and .why == null' "$(show)"
refused 'an unknown one' 1 'no hypothesis 9' confirm 9
ok 'edit' tplus -q edit h-1 the pool is small
json 'changes its text' '.hypotheses[0] | .text == "the pool is small" and .status == "confirmed"' "$(show)"
refused 'nothing' 2 'missing' hypothesis
refused 'a number is needed' 2 'missing' ruleout
finish
