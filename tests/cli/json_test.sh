#!/bin/sh
# --json is stable: every key of DESIGN section 4, its form, unknown as null, one object a line.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

tplus -q open 'Checkout 5xx' --zone Europe/Berlin >/dev/null

# ---- the bare incident: everything is there, nothing is known
run tplus show --json
is 'one object, one line' 1 "$(printf '%s\n' "$out" | grep -c .)"
json 'the keys, in order' 'keys_unsorted == ["id", "title", "severity", "status", "zone", "opened_at", "milestones", "spans", "targets", "events",
    "responders", "actions", "asks", "hypotheses", "findings", "fields", "sections", "conflicts",
    "metrics", "relations", "links", "signoffs", "code", "severities", "clocks", "next_due", "last_update_at", "unclaimed", "budgets", "snooze"]' "$out"
json 'unknown is null or empty' '.severity == null and .milestones == {} and .fields == {} and .sections == {} and
    ([.spans, .targets, .events, .responders, .actions, .asks, .hypotheses, .findings, .conflicts] | all(. == []))' "$out"
json 'the rest is known' '.id == "INC-2026-0001" and .title == "Checkout 5xx" and .status == "open" and .zone == "Europe/Berlin" and
    .opened_at == "2026-02-05T14:00:00Z"' "$out"

# ---- a full one
at 2026-02-05T14:00:00.25Z
{
    tplus -q sev 2
    tplus -q started '~14:30' @sentry errors
    tplus -q detected 14:40:00.5
    tplus -q log @jane a line
    tplus -q detail of detail
    tplus -q good quick
    tplus -q bad late
    tplus -q role ic sam
    tplus -q action fix it
    tplus -q ask @bob look 5m
    tplus -q hypothesis dns
    tplus -q update we know
} >/dev/null
run tplus show --json
json 'times are RFC 3339 UTC, microseconds only when not zero' \
    '.milestones == {started: "2026-02-05T13:30:00Z", detected: "2026-02-05T13:40:00.500000Z"}' "$out"
json 'every time is one' '[.. | strings | select(test("^20[0-9]{2}-[0-9]{2}-[0-9]{2}T"))] |
    length > 20 and all(test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{6})?Z$"))' "$out"
json 'and none ends in zeros of a second' '[.. | strings | select(test("[.]000000Z$"))] == []' "$out"
json 'spans' '.spans == [{from: "started", to: "detected", seconds: 600.5, low: 480.5, high: 720.5}]' "$out"
json 'targets: keys' '.targets | length == 3 and all(keys_unsorted == ["name", "from", "to", "limit_seconds", "elapsed_seconds", "state", "due_at"])' "$out"
json 'targets: values' '.targets[0] == {name: "ack", from: "detected", to: "acknowledged", limit_seconds: 300, elapsed_seconds: 1199.75,
    state: "breached", due_at: "2026-02-05T13:45:00.500000Z"}' "$out"
json 'events: keys' '.events | length == 10 and all(keys_unsorted == ["id", "short", "occurred_at", "approx_seconds", "recorded_at", "kind",
    "milestone", "actor", "text", "detail", "struck"])' "$out"
json 'events: ids' '.events | all((.id | test("^[0-9a-f]{32}$")) and (.short as $s | .id | startswith($s)) and (.short | length >= 4))' "$out"
json 'events: in order' '[.events[].occurred_at] as $t | $t == ($t | sort)' "$out"
json 'events: a milestone' '.events[0] | .kind == "milestone" and .milestone == "started" and .actor == "sentry" and .approx_seconds == 120 and
    .recorded_at == "2026-02-05T14:00:00.250000Z"' "$out"
json 'events: a line' '.events[] | select(.text == "a line") | .kind == "note" and .milestone == null and .actor == "jane" and
    .detail == ["of detail"] and .approx_seconds == 0 and .struck == false' "$out"
json 'events: kinds' '[.events[].kind] | unique == ["ask", "finding", "hypothesis", "milestone", "note", "role", "severity", "update"]' "$out"
json 'responders' '.responders == [{name: "sam", role: "IC", joined_at: "2026-02-05T14:00:00.250000Z", left_at: null}]' "$out"
json 'actions' '.actions[0] | keys_unsorted == ["number", "text", "owner", "due", "priority", "type", "horizon", "ref", "success", "status"] and
    .number == "AI-1" and .owner == null and .due == null and .priority == null and .success == null and .status == "open"' "$out"
json 'asks' '.asks[0] | .number == "ASK-1" and .to == "bob" and .text == "look" and .status == "open" and .answer == null' "$out"
json 'hypotheses' '.hypotheses[0] | .number == "H-1" and .text == "dns" and .status == "open" and .why == null' "$out"
json 'findings' '[.findings[] | del(.id, .short)] == [
    {list: "went well", category: null, title: null, text: "quick", points: [], done: false, scope: null},
    {list: "went badly", category: null, title: null, text: "late", points: [], done: false, scope: null}] and
    (.findings[0] | keys_unsorted == ["list", "category", "title", "text", "points", "done", "scope", "id", "short"])' "$out"
is 'status has the same object' "$(tplus show --json)" "$(tplus status --json)"
is 'and brief' "$(tplus show --json)" "$(tplus brief --json)"
is 'the zone does not change it' "$(tplus show --json)" "$(tplus show --json --zone Asia/Tokyo)"

# ---- characters
tplus -q log -- "$(printf 'q" b\\ t\t e\033 r\342\200\256 z\342\200\213 u\303\274 \360\237\224\245')" >/dev/null
run tplus tail -n 1 --json
json 'text comes back' '.text == "q\" b\\ t\t e\u001b r\u202e z\u200b uü 🔥"' "$out"
nomatch 'nothing invisible is raw' "$(printf '\033|\342\200\256|\342\200\213|\t')" "$out"
match 'but as escapes' 'e\\u001b r\\u202e z\\u200b' "$out"
match 'and the rest as it is' 'uü 🔥' "$out"

# ---- one object a line
run tplus tail -n 3 --json
is 'tail' 3 "$(printf '%s\n' "$out" | jq -c . | grep -c .)"
json 'tail has events' 'has("id") and has("short") and has("occurred_at") and has("detail")' "$out"
is 'as many lines as objects' 3 "$(printf '%s\n' "$out" | grep -c .)"
run tplus list --json
is 'list' 1 "$(printf '%s\n' "$out" | grep -c .)"
json 'list: keys' 'keys_unsorted[:6] == ["id", "title", "severity", "status", "opened_at", "zone"]' "$out"
run tplus history --json
is 'history' "$(printf '%s\n' "$out" | jq -c . | grep -c .)" "$(printf '%s\n' "$out" | grep -c .)"

# ---- what a line answers
for verb in log ack declared identified closed; do
    run tplus -i 1 --json "$verb" 14:55 x
    json "$verb: {id, short, incident, occurred_at, kind}" 'keys_unsorted == ["id", "short", "incident", "occurred_at", "kind"] and
        .incident == "INC-2026-0001" and .occurred_at == "2026-02-05T13:55:00Z"' "$out"
    is "$verb: one line" 1 "$(printf '%s\n' "$out" | grep -c .)"
done
json 'kind of a milestone' '.kind == "milestone"' "$out"
run tplus -i 1 --json log x
json 'kind of a line' '.kind == "note"' "$out"
e=$(printf '%s\n' "$out" | jq -r .id)
json 'the id is the event' ".events | any(.id == \"$e\")" "$(tplus show --json)"
run tplus --json open y
json 'open' '.id == "INC-2026-0002" and .status == "open"' "$out"
run tplus --json action x
json 'action' '.number == "AI-1"' "$out"
run tplus --json verify
json 'verify' '.holds == true and .incidents == 2' "$out"
finish
