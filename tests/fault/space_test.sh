#!/bin/sh
# The promise: on a full disk a verb says so and what to do (exit 3), nothing is acknowledged that is not there, nothing is
# half applied, no file is left half written; once there is space the same command works.
# The disk is a small tmpfs of our own where that may be mounted, else strace lets every write from some point on fail.
# FAULT_DISK=injected chooses the latter.
small='mount -t tmpfs -o size=4m tmpfs'
if [ -z "${FAULT_DISK-}" ]; then
    probe=$(mktemp -d)
    FAULT_DISK=injected
    for how in -m -rm; do
        # shellcheck disable=SC2086 # words
        unshare $how $small "$probe" 2>/dev/null && FAULT_DISK=mounted && break
    done
    rmdir "$probe"
    export FAULT_DISK
    [ "$FAULT_DISK" = injected ] || exec unshare "$how" sh "$0"
fi
. "${top_srcdir:-.}/tests/fault/lib.sh"
echo "# the full disk is $FAULT_DISK"

mounted() {
    [ "$FAULT_DISK" = mounted ]
}

if mounted; then
    mkdir "$T/small"
    $small "$T/small" && cd "$T/small" || exit 99
fi
TPLUS_DB=$PWD/tplus.db db=$PWD/tplus.db
export TPLUS_DB

# The command finds no space: at its write number N, where that has to be chosen.
full() { # N CMD...
    _at=$1
    shift
    if mounted; then
        dd if=/dev/zero of=fill bs=64k >/dev/null 2>&1
        dd if=/dev/zero of=fill2 bs=512 >/dev/null 2>&1
        run "$@"
        rm -f fill fill2
    else
        strike pwrite64 "error=ENOSPC:when=$_at+" "$@"
    fi
}

refused() { # NAME
    is "$1: status" 3 "$rc"
    is "$1: nothing is claimed" '' "$out"
    match "$1: the message says what to do" '^tplus: [a-z]+: .*(full|space|No space).*: .*(free|check|another)' "$err"
    run tplus verify
    is "$1: verifies" "0 " "$rc $err"
}

full 1 tplus open 'Checkout 5xx'
refused_open=$rc
is 'open: status' 3 "$refused_open"
match 'open: the message says what to do' 'full|free space|No space' "$err"
ok 'open: with space it works' tplus -q open 'Checkout 5xx' -s 2
ok 'a line' tplus -q log 'a first line'

# Lines fit until they do not: pages that are there may take some more.
i=0 logged=0
while [ "$i" -lt 200 ]; do
    i=$((i + 1))
    full 1 tplus -q log "line $i $(printf '%0900d' "$i")"
    [ "$rc" -eq 0 ] || break
    logged=$((logged + 1))
done
refused 'log'
is 'log: what was acknowledged is there' $((logged + 1)) "$(tplus show --json | jq '.events | length')"
ok 'log: with space it works' tplus -q log 'more'

before=$(shape)
seq -f 'fed line %05.0f' 1 8000 >"$T/fed"
if mounted; then
    run tplus -q log - <"$T/fed"
else
    strike pwrite64 error=ENOSPC:when=900+ tplus -q log - <"$T/fed"
fi
is 'log -: status' 3 "$rc"
match 'log -: says what to do and how far it came' 'full.*free.*lines 1 to [0-9]+ are saved$' "$err"
saved=$(printf '%s\n' "$err" | sed -n 's/.*lines 1 to \([0-9]*\) are saved$/\1/p')
is 'log -: as many ids' "$saved" "$(printf '%s\n' "$out" | grep -c .)"
is 'log -: as many lines' "$saved" "$(tplus show --json | jq '[.events[] | select(.text | startswith("fed line"))] | length')"
! mounted || mount -o remount,size=16m "$T/small" || exit 99 # verify projects the tables a second time
ok 'log -: with space it verifies' tplus verify
ok 'log -: and takes the rest' sh -c "tail -n +$((saved + 1)) '$T/fed' | tplus -q log -"
is 'log -: all of it, once' "$(cat "$T/fed")" "$(tplus show --json | jq -r '.events[].text | select(startswith("fed line"))')"

# A fresh store, so that there is space for what follows.
rm -f "$db"*
ok 'another store' tplus -q open 'Checkout 5xx' -s 2
seq -f 'line %.0f' 1 300 >"$T/lines"
ok 'with lines' tplus -q log - <"$T/lines"
run tplus export -f json
printf '%s\n' "$out" >"$T/all.json"
run tplus export
printf '%s\n' "$out" >"$T/before.md"

# Documents: the old file stays as it is, and no temporary one is left.
ok 'export' tplus -q export -o out.md
ok 'a line more' tplus -q log 'a late line'
if mounted; then
    full 1 tplus -q export -o out.md
else
    strike write error=ENOSPC:when=1 tplus -q export -o out.md
fi
refused 'export -o'
is 'export -o: the old one stays' "$(cat "$T/before.md")" "$(cat out.md)"
is 'export -o: nothing is left' '' "$(find . -name '*.tmp')"
ok 'export -o: with space it works' tplus -q export -o out.md
match 'export -o: and has the line' 'a late line' "$(cat out.md)"

run sh -c 'tplus export >/dev/full'
is 'export to a full standard output: status' 3 "$rc"
match 'export to a full standard output: why' 'No space left' "$err"
run sh -c 'tplus log "said to nobody" >/dev/full'
is 'log to a full standard output: status' 3 "$rc"
match 'log to a full standard output: it is saved all the same' 'No space left.*is saved' "$err"
match 'log to a full standard output: indeed' 'said to nobody' "$(tplus tail -n 1)"

# Backups: checked whole or not there.
full 20 tplus backup copy.db
refused 'backup'
is 'backup: nothing is left' '' "$(find . -name 'copy.db*')"
ok 'backup: with space it works' tplus backup copy.db
ok 'backup: and verifies' tplus --db copy.db verify
rm -f copy.db out.md

# Import into another store.
full 40 tplus --db other.db import "$T/all.json"
is 'import: status' 3 "$rc"
is 'import: nothing is claimed' '' "$out"
match 'import: the message says what to do' '(full|space).*: .*(free|check)' "$err"
run tplus --db other.db list
is 'import: nothing of it is there' '' "$out"
ok 'import: with space it works' tplus -q --db other.db import "$T/all.json"
is 'import: all of it' 300 "$(tplus --db other.db show --json | jq '[.events[] | select(.text | test("^line "))] | length')"
ok 'import: verifies' tplus --db other.db verify

if mounted; then
    cd / && umount "$T/small"
fi
finish
