#!/bin/sh
# The promise: a clock that jumps back or far ahead loses and reorders nothing that was recorded; a line of a megabyte and
# a hundred thousand lines are taken, a longer one is refused whole, with words.
. "${top_srcdir:-.}/tests/fault/lib.sh"

# --- the clock ---
ok 'open' tplus -q open 'Checkout 5xx' -s 2
at 2026-02-05T14:10:00Z
ok 'first' tplus -q log 'first'
step -3600
ok 'an hour back' tplus -q log 'second'
step -86400
ok 'a day back' tplus -q log 'third'
at 2199-12-31T23:59:59Z
ok 'far ahead' tplus -q log 'fourth'
at 2026-02-05T14:20:00Z
ok 'and back' tplus -q log 'fifth'
at 1970-01-01T00:00:01Z
ok 'a clock that was never set' tplus -q log 'sixth'
at 2026-02-05T14:30:00Z
ok 'and set' tplus -q log 'seventh'
is 'the journal has them in the order in which they were written' 'first second third fourth fifth sixth seventh' \
    "$(sqlite3 "$db" "SELECT text FROM event ORDER BY hlc" | tr '\n' ' ' | sed 's/ $//')"
is 'no two at the same moment, none before' 0 \
    "$(sqlite3 "$db" "SELECT count(*) FROM op a JOIN op b USING (incident, host) WHERE a.seq < b.seq AND a.hlc >= b.hlc")"
is 'the wall clock is kept as it was' 2199-12-31T23:59:59Z \
    "$(tplus show --json | jq -r '.events[] | select(.text == "fourth") | .recorded_at')"
ok 'verifies' tplus verify
ok 'exports' tplus export
ok 'shows' tplus show
for us in 9007199254740991 -9007199254740991 9007199254740992 253402300800000000; do
    printf '%s 1\n' "$us" >"$T/clock"
    run timeout 10 tplus -q log "at $us"
    if [ "$rc" -le 4 ]; then pass "a clock of $us us: an answer"; else flunk "a clock of $us us" "status $rc" "$err"; fi
    run timeout 10 tplus show
    if [ "$rc" -le 4 ]; then pass "a clock of $us us: show"; else flunk "a clock of $us us: show" "status $rc" "$err"; fi
done
at 2026-02-05T14:40:00Z
ok 'afterwards lines are taken' tplus -q log 'afterwards'
ok 'afterwards it verifies' tplus verify

# --- long lines ---
fresh
ok 'another' tplus -q open 'Checkout 5xx' -s 2
head -c 1048576 /dev/zero | tr '\0' x >mega
ok 'a line of 1 MiB' tplus -q log - <mega
is 'is there, whole' 1048576 "$(tplus show --json | jq '.events[0].text | length')"
head -c 1048577 /dev/zero | tr '\0' y >over
status 1 tplus -q log - <over
match 'a byte more: says why and what to do' '^tplus: log: .*(long|large|1 MiB|1048576)' "$err"
{
    echo 'before'
    cat over
    echo
    echo 'behind'
} >three
run tplus -q log - <three
is 'among others: status' 1 "$rc"
match 'among others: names the line' 'line 2' "$err"
is 'among others: those before it are there' 'before' "$(tplus show --json | jq -r '.events[1].text')"
head -c 20000000 /dev/zero | tr '\0' z >huge
run timeout 60 tplus -q log - <huge
is '20 MB without a line break: status' 1 "$rc"
head -c 300000 /dev/zero >nuls
run tplus -q log - <nuls
if [ "$rc" -le 4 ]; then pass 'a line of NULs: an answer'; else flunk 'a line of NULs' "status $rc" "$err"; fi
ok 'an argument of 100 kB' tplus -q log "$(head -c 100000 mega)"
ok 'verifies' tplus verify
ok 'exports' sh -c 'tplus export >/dev/null'
ok 'exports JSON' sh -c 'tplus export -f json >all.json'
ok 'which another store takes' tplus -q --db other.db import all.json

# --- many lines ---
fresh
many=$([ "${SANITIZERS-no}" = yes ] && echo 20000 || echo 100000)
ok 'a third' tplus -q open 'Checkout 5xx' -s 2
seq -f 'line %.0f' 1 "$many" >lines
ok "$many lines" tplus -q log - <lines
is 'an id each' "$many" "$(printf '%s\n' "$out" | sort -u | grep -c .)"
is 'all there, in order' "$(cksum <lines)" "$(sqlite3 "$db" "SELECT text FROM event ORDER BY occurred_at, hlc, entity" | cksum)"
is 'the newest last' "line $many" "$(tplus tail -n 1 --json | jq -r .text)"
finish
