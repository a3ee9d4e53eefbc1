#!/bin/sh
# Milestones, status and spans: every name and alias, repeats, striking, reopening, approximate and negative ones.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

show() {
    tplus show --json
}
# stamp ARGS...: quietly
stamp() {
    tplus -q "$@" >/dev/null
}

# ---- names and aliases
while read -r verb name; do
    fresh
    stamp open x
    run tplus --json "$verb" 13:37 @jane some words
    json "$verb is a milestone" '.kind == "milestone" and .occurred_at == "2026-02-05T13:37:00Z" and .incident == "INC-2026-0001"' "$out"
    json "$verb stamps $name" \
        ".events[0] | .milestone == \"$name\" and .actor == \"jane\" and .text == \"some words\"" "$(show)"
    [ "$name" = reopen ] || json "$name is the status" ".status == \"$name\" and .milestones == {$name: \"2026-02-05T13:37:00Z\"}" "$(show)"
done <<'VERBS'
started started
start started
detected detected
detect detected
acknowledged acknowledged
ack acknowledged
declared declared
declare declared
investigating investigating
identified identified
identify identified
mitigating mitigating
mitigated mitigated
resolved resolved
resolve resolved
closed closed
close closed
reopen reopen
VERBS
for verb in mitigate investigate acknowledge reopened begin; do
    run tplus "$verb"
    match "$verb is no verb" "^2 tplus: there is no verb \"$verb\": did you mean|^2 tplus: there is no verb \"$verb\": see" "$rc $err"
done

# ---- status is the furthest, whatever the order
fresh
stamp open x
is 'at first: open' open "$(show | jq -r .status)"
stamp mitigating 13:30
is 'a milestone' mitigating "$(show | jq -r .status)"
stamp detected 13:40
is 'an earlier one does not set it back' mitigating "$(show | jq -r .status)"
json 'a negative span' '.spans == [{from: "detected", to: "mitigating", seconds: -600, low: -600, high: -600}]' "$(show)"
run tplus show
match 'is flagged' 'detected→mitigating +-10m \(out of order\)' "$out"

# ---- every pair, canonical order
fresh
stamp open x
for m in resolved:13:40 started:13:00 detected:13:05 closed:13:50; do
    stamp "${m%%:*}" "${m#*:}"
done
json 'spans: every pair present, canonical order' '[.spans[] | "\(.from) \(.to) \(.seconds)"] == ["started detected 300", "started resolved 2400",
    "started closed 3000", "detected resolved 2100", "detected closed 2700", "resolved closed 600"]' "$(show)"
json 'milestones in canonical order' '.milestones | keys_unsorted == ["started", "detected", "resolved", "closed"]' "$(show)"

# ---- repeats
fresh
stamp open x
first=$(tplus -q --json ack 13:30 one | jq -r .id)
ok 'a repeat' tplus ack 13:45 two
match 'says so' 'acknowledged is stamped already: the first one counts' "$err"
json 'the first one counts' '.milestones.acknowledged == "2026-02-05T13:30:00Z"' "$(show)"
is 'both are events' 2 "$(show | jq '[.events[] | select(.milestone == "acknowledged")] | length')"
ok 'an earlier one, logged later' tplus -q ack 13:20 zero
json 'is the first' '.milestones.acknowledged == "2026-02-05T13:20:00Z"' "$(show)"
stamp undo
stamp strike "$first"
json 'a struck one does not count' '.milestones.acknowledged == "2026-02-05T13:45:00Z"' "$(show)"
json 'and stays' '[.events[] | .struck] == [true, false]' "$(show)"
stamp retime "$first" 13:31
json 'nor does it when retimed' '.milestones.acknowledged == "2026-02-05T13:45:00Z"' "$(show)"

# ---- reopen
fresh
stamp open x
stamp started 12:00
stamp resolved 12:30
stamp closed 12:40
stamp -i 1 reopen 12:50
json 'after reopen: open' '.status == "open"' "$(show)"
json 'resolved and closed count no more' '.milestones == {started: "2026-02-05T12:00:00Z"}' "$(show)"
stamp mitigating 12:55
json 'what comes since is the status' '.status == "mitigating"' "$(show)"
stamp resolved 13:10
stamp closed 13:20
json 'the later ones count' \
    '.status == "closed" and .milestones.resolved == "2026-02-05T13:10:00Z" and .milestones.closed == "2026-02-05T13:20:00Z"' "$(show)"
json 'the first start still does' '.spans[] | select(.from == "started" and .to == "resolved") | .seconds == 4200' "$(show)"

# ---- approximate
fresh
stamp open x
stamp started '~13:00'
stamp detected '~13:10±1m'
stamp resolved 13:30
json 'ranges' '[.spans[] | [.seconds, .low, .high]] == [[600, 420, 780], [1800, 1680, 1920], [1200, 1140, 1260]]' "$(show)"
run tplus show
match 'for people, too' 'started→detected +7m–13m$' "$out"
match 'exact beside approximate' 'detected→resolved +19m–21m$' "$out"
match 'an approximate milestone' 'started +~2026-02-05 13:00:00 UTC' "$out"

# ---- parts of a second
fresh
stamp open x
stamp started 13:00:00.5
stamp detected 13:00:02
json 'seconds are not rounded' '.spans[0].seconds == 1.5 and .milestones.started == "2026-02-05T13:00:00.500000Z"' "$(show)"
finish
