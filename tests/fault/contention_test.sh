#!/bin/sh
# The promise: many processes live on one file. Every line of every writer is there, nobody fails, followers and exports
# go on meanwhile. A writer that is stopped half way keeps the others waiting, who then say that the file is locked (exit 3);
# nobody loses anything, and when it goes on so do they.
. "${top_srcdir:-.}/tests/fault/lib.sh"

writers=8 each=$((50 * FAULT_ROUNDS))
ok 'open' tplus -q open 'Checkout 5xx' -s 2

tplus -q tail -n 0 -f >"$T/followed" 2>"$T/follow.err" &
follower=$!
# It follows once it shows a line that was logged after it started.
# shellcheck disable=SC2317 # called by until_true
follows() { tplus -q log 'are you there?' && grep -q 'there?' "$T/followed"; }
until_true follows >"$T/ids.0" || flunk 'tail -f follows'
(
    i=0
    until [ -e "$T/enough" ]; do
        i=$((i + 1))
        tplus export >"$T/exported" 2>>"$T/export.err" || echo "export $i: $?" >>"$T/export.err"
        tplus show --json 2>>"$T/export.err" | jq -e '.events | length >= 0' >/dev/null || echo "show $i" >>"$T/export.err"
    done
    echo "$i" >"$T/exports"
) &
exporter=$!
w=0 pids=''
while [ "$w" -lt "$writers" ]; do
    w=$((w + 1))
    (
        i=0
        while [ "$i" -lt "$each" ]; do
            i=$((i + 1))
            tplus -q log "writer $w line $i" >>"$T/ids.$w" 2>>"$T/log.err" || echo "writer $w line $i: $?" >>"$T/log.err"
        done
    ) &
    pids="$pids $!"
done
for pid in $pids; do wait "$pid"; done
touch "$T/enough"
wait "$exporter"

all=$((writers * each))
is 'no writer failed' '' "$(cat "$T/log.err")"
asked=$(grep -c . "$T/ids.0")
is 'an id for each line, all different' $((all + asked)) "$(cat "$T"/ids.* | sort -u | grep -c .)"
tplus show --json >"$T/show"
is 'every line is there once' "$all" "$(jq -r '.events[].text' "$T/show" | sort -u | grep -c '^writer')"
is 'and no other' $((all + asked)) "$(jq '.events | length' "$T/show")"
for w in 1 "$writers"; do
    is "the lines of writer $w are in their order" "$(seq -f "writer $w line %.0f" 1 "$each")" \
        "$(jq -r '.events[].text' "$T/show" | grep "^writer $w ")"
done
is 'no export and no show failed' '' "$(cat "$T/export.err")"
match 'there were some' '^[1-9]' "$(cat "$T/exports")"
# shellcheck disable=SC2317
followed_all() {
    [ "$(grep -c 'writer [0-9]* line' "$T/followed")" -ge "$all" ]
}
until_true followed_all
jq -r '.events[].text' "$T/show" | grep '^writer' | sort >"$T/lines"
sed -n 's/.* sam  *writer/writer/p' "$T/followed" | sort >"$T/lines.followed"
is 'tail -f showed every line once' '' "$(diff "$T/lines" "$T/lines.followed" | head -n 5)"
ok 'it verifies' tplus verify

# A writer that is stopped. When it writes into its journal it has the write lock; when it writes into the database the file
# is its alone.
stopped_at() { # FILE: at the second write into it. Leaves it in $tracer and $writer
    rm -f "$T/stop.trace"
    strace -f -P "$1" -qq -o "$T/stop.trace" -e trace=pwrite64 -e inject=pwrite64:signal=STOP:when=2 \
        tplus -q log 'of the stopped one' >"$T/stopped.id" 2>&1 &
    tracer=$!
    until_true grep -q 'stopped by SIGSTOP' "$T/stop.trace" 2>/dev/null || flunk "the writer stops at $1"
    writer=$(awk '/SIGSTOP/ {print $1; exit}' "$T/stop.trace")
}

goes_on() { # NAME
    kill -CONT "$writer"
    wait "$tracer"
    is "$1: the stopped one ends well" 0 $?
    match "$1: with its id" '^[0-9a-f]{4,}$' "$(cat "$T/stopped.id")"
}

before=$(tplus show --json | jq '.events | length')
stopped_at "$db-journal"
is 'stopped with the write lock: readers see what was there' "$before" "$(tplus show --json | jq '.events | length')"
tplus -q log 'waited' >"$T/waited.id" 2>&1 &
waiting=$!
is 'stopped with the write lock: they read again' "$before" "$(tplus show --json | jq '.events | length')"
if kill -0 "$waiting" 2>/dev/null; then pass 'a second writer waits'; else flunk 'a second writer waits' "$(cat "$T/waited.id")"; fi
goes_on 'stopped with the write lock'
wait "$waiting"
is 'the second writer ends well' 0 $?
is 'both lines are there' $((before + 2)) "$(tplus show --json | jq '.events | length')"

stopped_at "$db"
patient=''
[ "$FAULT_ROUNDS" -eq 1 ] || patient='export verify' # these may write, and wait as long as a writer
for verb in show list $patient; do
    run tplus "$verb"
    is "$verb gives up: status" 3 "$rc"
    match "$verb says that it is locked, and what to do" '^tplus: .*locked: try again' "$err"
done
ok 'tail -f is patient' kill -0 "$follower"
goes_on 'stopped while the file was its alone'
# shellcheck disable=SC2317
twice() { [ "$(grep -c 'of the stopped one' "$T/followed")" -ge 2 ]; }
until_true twice
is 'tail -f shows the line of the stopped one' 2 "$(grep -c 'of the stopped one' "$T/followed")"
kill "$follower"
wait "$follower" 2>/dev/null
ok 'and all can read again' tplus tail -n 1
match 'its line is there' 'of the stopped one' "$out"
# A writer's patience is half a minute: on demand.
if [ "$FAULT_ROUNDS" -gt 1 ]; then
    stopped_at "$db-journal"
    status 3 tplus log 'never'
    match 'a writer says that it is locked' '^tplus: log: .*locked: try again' "$err"
    goes_on 'after a writer gave up'
fi

# A writer that died in the middle leaves its journal: whoever comes next puts the file in order.
for reader in 'show --json' 'verify' 'export' 'log next' 'backup copy.db'; do
    run strace -f -P "$db" -qq -o "$T/trace" -e trace=pwrite64 -e inject=pwrite64:signal=KILL:when=2 tplus -q log 'lost'
    is "a writer died before '$reader'" 137 "$rc"
    # shellcheck disable=SC2086 # words
    ok "$reader works at once" tplus -q $reader
    is "$reader: nothing of the dead one's line is there" 0 "$(tplus show --json | jq '[.events[] | select(.text == "lost")] | length')"
done 2>"$T/noise" # the shell's "Killed"
ok 'it verifies' tplus verify
finish
