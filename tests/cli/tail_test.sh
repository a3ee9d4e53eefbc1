#!/bin/sh
# tail, detail, brief, and several processes on one file.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

show() {
    tplus show --json
}
# arrives FILE ERE: waits for a line, for at most ten seconds or so
arrives() {
    _tries=0
    until grep -Eq -e "$2" "$1" 2>/dev/null; do
        _tries=$((_tries + 1))
        [ $_tries -lt 2000 ] || return 1
        tplus list >/dev/null # takes its few milliseconds
    done
}

tplus -q open x --zone Europe/Moscow >/dev/null
seq 1 15 | sed 's/^/line /' | tplus -q log - >/dev/null

# ---- tail
run tplus tail
is 'tail shows ten' 10 "$(printf '%s\n' "$out" | grep -c 'line ')"
match 'the last ones' 'line 15$' "$(printf '%s\n' "$out" | tail -n 1)"
match 'the date, with the zone' '^2026-02-05 MSK \(UTC\+3\)$' "$(printf '%s\n' "$out" | sed 1q)"
match 'id, time, actor, text' '^[0-9a-f]{4,} +17:00:00 +sam +line 15$' "$out"
run tplus tail -n 3
is '-n' 3 "$(printf '%s\n' "$out" | grep -c 'line ')"
run tplus tail -n 0
is '-n 0' '0 ' "$rc $out"
run tplus tail -n 99
is 'more than there are' 15 "$(printf '%s\n' "$out" | grep -c 'line ')"
for n in x -1 1x; do
    run tplus tail -n "$n"
    match "-n $n" '^2 tplus: tail: -n .*no number of lines' "$rc $err"
done
tplus -q log 2026-02-03 23:30 earlier >/dev/null
tplus -q log 2026-02-04 23:30 between >/dev/null
is 'the date whenever it changes' 3 "$(tplus tail -n 99 | grep -c MSK)"
run tplus --zone Asia/Tokyo tail -n 1
match 'another zone' '^2026-02-05 JST \(UTC\+9\)$' "$out"
match 'and its time' ' 23:00:00 ' "$out"

# ---- tail -f
tplus tail -n 1 -f >followed &
follower=$!
if arrives followed 'line 15$'; then pass 'tail -f shows what is there'; else flunk 'tail -f shows what is there' "$(cat followed)"; fi
tplus -q log 'new line' >/dev/null
if arrives followed 'new line$'; then pass 'and what arrives'; else flunk 'and what arrives' "$(cat followed)"; fi
tplus -q log 12:00 'an old line' >/dev/null
if arrives followed 'old line$'; then pass 'be it backdated'; else flunk 'be it backdated' "$(cat followed)"; fi
kill $follower
wait $follower 2>/dev/null
is 'each once' 3 "$(grep -c ' line\( 15\)\{0,1\}$' followed)"

# ---- detail goes to one's own last event
mine=$(tplus --json -q log mine | jq -r .id)
tplus -q --as jane log hers >/dev/null
tplus -q detail more >/dev/null
json 'detail: of the same person' ".events[] | select(.id == \"$mine\") | .detail == [\"more\"]" "$(show)"
tplus -q --as kim detail from kim >/dev/null
json 'else of the event before' '.events[] | select(.text == "hers") | .detail == ["from kim"]' "$(show)"
run tplus tail -n 2
match 'and is shown below' '^ +- more$' "$out"
tplus -q undo >/dev/null
json 'undo takes back the detail alone' ".events[] | select(.id == \"$mine\") | .detail == [] and .text == \"mine\"" "$(show)"
tplus -q open y >/dev/null
run tplus -i 2 detail x
match 'without an event there is none' '^1 tplus: detail: there is no event yet' "$rc $err"

# ---- corrections find their event in any incident
e=$(tplus -i 1 --json -q log here | jq -r .id)
run tplus edit "$e" there
is 'edit finds it' 0 "$rc"
match 'and says where' 'INC-2026-0001' "$err"
run tplus -i 2 edit "$e" elsewhere
match 'with -i only there' '^1 tplus: edit: no event' "$rc $err"
run tplus retime "$e" 15:10
json 'and times are of its zone' ".events[] | select(.id == \"$e\") | .occurred_at == \"2026-02-05T12:10:00Z\"" "$(tplus show 1 --json)"

# ---- brief
tplus -q -i 1 role ic sam >/dev/null
tplus -q -i 1 ask @bob look again 5m >/dev/null
run tplus -i 1 brief
match 'brief: who' '^  IC  sam ' "$out"
match 'brief: asks' 'ASK-1  @bob look again  open' "$out"
match 'brief: the last events' '^Last events$' "$out"

# ---- several at once
for p in 1 2 3 4; do
    (for i in 1 2 3 4 5 6 7 8 9 10; do tplus -q -i 2 --as "p$p" log "$p.$i" || echo failed; done >"out.$p" 2>&1) &
done
wait
is 'nobody failed' 0 "$(cat out.? | grep -c failed)"
is 'nothing is lost' 40 "$(tplus show 2 --json | jq '.events | length')"
json 'each in its order' '[range(1; 5) as $p | [.events[] | select(.actor == "p\($p)") | .text] == [range(1; 11) | "\($p).\(.)"]] | all' "$(tplus show 2 --json)"
is 'each id once' 40 "$(cat out.? | sort -u | grep -c .)"
ok 'the journal holds' tplus verify
finish
