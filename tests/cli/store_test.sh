#!/bin/sh
# The store from the command line: where it is, its modes, and files that are not what they should be.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

# A refusal leaves the file as it was: refused NAME STATUS ERE ARGS...
refused() {
    _case=$1 _status=$2 _ere=$3
    shift 3
    run tplus "$@"
    match "$_case" "^$_status tplus: .*$_ere" "$rc $(printf '%s' "$err" | tail -n 1)"
}
mode() {
    stat -c %a "$1"
}
# Permissions do not bind root: such cases run as somebody without a name and without a home.
stranger='' nobody=54321
if [ "$(id -u)" -eq 0 ]; then
    if setpriv --reuid=$nobody --regid=$nobody --clear-groups "$TPLUS" -V >/dev/null 2>&1; then
        stranger="setpriv --reuid=$nobody --regid=$nobody --clear-groups"
        chmod 755 "$T" && chmod 777 "$T/work"
        chmod a+r "$TPLUS_CLOCK"
    else
        stranger=none
    fi
fi
# unprivileged NAME STATUS ERE ARGS...
unprivileged() {
    _case=$1 _status=$2 _ere=$3
    shift 3
    if [ "$stranger" = none ]; then
        pass "$_case # SKIP the program cannot be run by another user here"
        return
    fi
    # shellcheck disable=SC2086 # words
    run $stranger "$TPLUS" "$@"
    match "$_case" "^$_status tplus: .*$_ere" "$rc $(printf '%s' "$err" | tail -n 1)"
}

# ---- where
ok 'open' tplus -q open one
is 'the store is where XDG says' 600 "$(mode "$(data)")"
is 'in a directory of its own' 700 "$(mode "$XDG_DATA_HOME/tplus")"
is 'its journal has its mode' 600 "$(mode "$(data)-journal" 2>/dev/null || mode "$(data)-wal")"
if [ "$(stat -c %s "$(data)")" -le 262144 ]; then pass 'an empty one is small'; else flunk 'an empty one is small' "$(stat -c %s "$(data)")"; fi
fresh
(umask 0 && tplus -q open one >/dev/null)
is 'whatever the umask' '600 700' "$(mode "$(data)") $(mode "$XDG_DATA_HOME/tplus")"
ok 'without XDG_DATA_HOME' env -u XDG_DATA_HOME "$TPLUS" -q open one
is 'it is in ~/.local/share' 600 "$(mode "$HOME/.local/share/tplus/tplus.db")"
rm -rf "$HOME/.local"
ok 'a relative XDG_DATA_HOME' env XDG_DATA_HOME=here "$TPLUS" -q open one
if [ -e here ]; then flunk 'is ignored'; else pass 'is ignored'; fi
is 'for ~/.local/share, too' 600 "$(mode "$HOME/.local/share/tplus/tplus.db")"
ok '--db' tplus --db own.db -q open mine
is 'a file of its own' 600 "$(mode own.db)"
TPLUS_DB=own.db
export TPLUS_DB
run tplus list
match 'TPLUS_DB' ' mine$' "$out"
run tplus --db "$(data)" list
match '--db goes before it' ' one$' "$out"
unset TPLUS_DB
refused 'an empty --db' 2 'is empty' --db '' list
refused 'no directory' 3 'its directory exists' --db no/such/x.db open x
if [ -e no ]; then flunk 'and none is made'; else pass 'and none is made'; fi
refused 'reading where there is none' 1 'does not exist.*tplus open TITLE' --db none.db list
refused 'writing where there is none' 1 'does not exist.*tplus open TITLE' --db none.db log x
if [ -e none.db ]; then flunk 'makes none'; else pass 'makes none'; fi

# ---- no home
if [ "$stranger" = '' ] || [ "$stranger" = none ]; then
    pass 'no home at all # SKIP needs root, to be somebody without one'
else
    # shellcheck disable=SC2086 # words
    run $stranger env -u HOME -u XDG_DATA_HOME "$TPLUS" list
    match 'no home at all' '^3 tplus: list: there is no home directory for the store: set HOME, or name a file with --db or TPLUS_DB$' "$rc $err"
fi
run env -u HOME "$TPLUS" list
is 'no HOME, but XDG_DATA_HOME' 0 "$rc"
run env -u HOME -u XDG_DATA_HOME -u XDG_CONFIG_HOME "$TPLUS" --db own.db list
is 'no HOME, but --db' 0 "$rc"

# ---- not a store
mkdir dir
refused 'a directory' 3 'dir: is a directory: name a file' --db dir list
refused 'a directory to write to' 3 'dir: is a directory' --db dir open x
refused 'a device' 3 '/dev/null: is no regular file' --db /dev/null open x
echo 'these are only words, and quite a few of them' >words
before=$(cksum <words)
refused 'a text' 3 'words: .*no tplus database: name another file with --db' --db words list
refused 'to write to' 3 'no tplus database' --db words open x
is 'stays as it was' "$before" "$(cksum <words)"
sqlite3 other.db 'create table t(a); insert into t values(1)'
before=$(cksum <other.db)
refused "another program's database" 3 'other.db: is a database of another program' --db other.db list
refused 'to write to' 3 'database of another program' --db other.db open x
is 'stays as it was' "$before" "$(cksum <other.db)"
: >empty.db
refused 'an empty file has no incident' 1 'empty.db is empty.*tplus open' --db empty.db list
ok 'but can become a store' tplus --db empty.db -q open x
ok 'and is one' tplus --db empty.db -q verify

# ---- newer
cp own.db newer.db
sqlite3 newer.db 'pragma user_version = 99'
before=$(cksum <newer.db)
run tplus --db newer.db list
match 'newer: reads work' '^0 INC-2026-0001 .* mine$' "$rc $out"
match 'with a warning' '^tplus: list: newer.db was written by a newer tplus: reading works, writing needs an upgrade$' "$err"
for args in show tail history verify export 'export -o newer.md' 'export -f json'; do
    # shellcheck disable=SC2086 # words
    run tplus --db newer.db $args
    is "newer: $args" 0 "$rc"
done
for args in 'log x' ack 'open y' 'use 1' 'undo' rebuild 'action x' 'log -'; do
    # shellcheck disable=SC2086 # words
    refused "newer: $args" 4 'newer tplus.*upgrade' --db newer.db $args
done
is 'newer: nothing was changed' "$before" "$(cksum <newer.db)"

# ---- permissions
cp own.db ro.db && chmod 444 ro.db
cp own.db secret.db && chmod 000 secret.db
[ -z "$stranger" ] || [ "$stranger" = none ] || chown $nobody ro.db secret.db
unprivileged 'unreadable' 3 'secret.db: cannot be read: Permission denied' --db secret.db list
unprivileged 'unreadable, writing' 3 'secret.db: cannot be read' --db secret.db log x
unprivileged 'read-only, writing' 3 'ro.db: is read-only' --db ro.db log x
if [ "$stranger" = none ]; then
    pass 'read-only, reading # SKIP'
else
    # shellcheck disable=SC2086 # words
    run $stranger "$TPLUS" --db ro.db list
    match 'read-only, reading' '^0 .* mine$' "$rc $out"
fi
mkdir -m 555 shut
unprivileged 'a directory that may not be written' 3 'shut/x.db' --db shut/x.db open x
rm -rf "$XDG_DATA_HOME/tplus"
if [ -z "$stranger" ] || [ "$stranger" = none ]; then
    chmod 500 "$XDG_DATA_HOME"
else
    chmod 755 "$XDG_DATA_HOME"
fi
unprivileged 'a data directory that cannot be made' 3 'cannot make the directory: Permission denied' open x
chmod 755 "$XDG_DATA_HOME"

# ---- damaged
tplus --db own.db -q log - >/dev/null <<IN
$(seq 1 300)
IN
cp own.db bad.db
dd if=/dev/zero of=bad.db bs=4096 seek=3 count=1 conv=notrunc 2>/dev/null
run tplus --db bad.db verify
isnt 'damaged: verify fails' 0 "$rc"
match 'and says so' 'damaged' "$err"
head -c 6000 own.db >half.db
refused 'cut short' 3 'half.db: .*damaged: keep a copy, then restore a backup' --db half.db list
cp own.db forged.db
sqlite3 forged.db "drop trigger if exists op_no_update; drop trigger if exists op_append_only; select name from sqlite_schema where type = 'trigger'" |
    while read -r trigger; do sqlite3 forged.db "drop trigger $trigger"; done
sqlite3 forged.db "update op set author = 'tom' where seq = 5"
run tplus --db forged.db verify
match 'a forged op' '^1 tplus: verify: incident [0-9a-f]{8}, host [0-9a-f]{8}, op 5 \(event.new\): does not match its hash' "$rc $err"
cp own.db table.db
sqlite3 table.db "update event set text = 'forged' where rowid = 7"
run tplus --db table.db verify
match 'a forged table' '^1 tplus: verify: .*tables do not follow from the journal: run "tplus rebuild"' "$rc $err"
run tplus --db table.db rebuild
match 'rebuild repairs it' '^0 rebuilt: .*the tables had been wrong' "$rc $out"
ok 'and it verifies' tplus --db table.db verify
run tplus --db table.db rebuild
match 'and again changes nothing' 'as before$' "$out"

# ---- backup
run tplus --db own.db backup copy.db
is 'backup' '0 saved and checked: copy.db' "$rc $out"
is 'is whole' "$(tplus --db own.db show --json)" "$(tplus --db copy.db show --json)"
is 'and private' 600 "$(mode copy.db)"
refused 'a backup replaces nothing' 1 'copy.db: exists: name a new file' --db own.db backup copy.db
refused 'to nowhere' 3 'no/such/copy.db: cannot be made' --db own.db backup no/such/copy.db
advance 1
tplus --db copy.db -q log 'in the copy' >/dev/null
ok 'both live on' tplus --db own.db -q log 'in the first'
tplus --db copy.db export -f json | tplus --db own.db -q import - >/dev/null
json 'and meet again' '[.events[-2:][].text] | sort == ["in the copy", "in the first"]' "$(tplus --db own.db show --json)"
ok 'without a fork of the chain' tplus --db own.db verify

# ---- locked by another process
mkfifo go
sqlite3 own.db <go >/dev/null &
holder=$!
exec 3>go
printf "begin immediate;\n.shell touch locked\n" >&3
until [ -e locked ]; do :; done
ok 'while another writes, reads work' tplus --db own.db list
tplus --db own.db -q log 'waited for its turn' >waiter &
waiter=$!
ok 'a second read' tplus --db own.db tail
if kill -0 $waiter 2>/dev/null; then pass 'a writer waits'; else flunk 'a writer waits'; fi
printf 'commit;\n' >&3
exec 3>&-
wait $waiter
is 'and writes when it may' 0 $?
wait $holder
json 'its line is there' '.events | any(.text == "waited for its turn")' "$(tplus --db own.db show --json)"
rm locked
sqlite3 own.db <go >/dev/null &
holder=$!
exec 3>go
printf "begin exclusive;\n.shell touch locked\n" >&3
until [ -e locked ]; do :; done
refused 'locked against reading' 3 'own.db: .*another program holds it locked: try again' --db own.db list
exec 3>&-
wait $holder
finish
