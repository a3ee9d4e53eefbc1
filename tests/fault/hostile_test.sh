#!/bin/sh
# The promise: a file that is not what it should be (unreadable, read-only, taken away, another program's, cut, made to
# harm) is refused with the documented status and a message that says what to do, within seconds and never by a signal;
# what could be read before can be read afterwards.
# shellcheck disable=SC2086 # $nobody and $verb are words
. "${top_srcdir:-.}/tests/fault/lib.sh"

# Root may read and write everything: nobody tries.
chmod 0711 "$T" && chmod -R a+rX "$T/home" "$T/config" "$T/clock"
mkdir "$T/bin" && cp "$TPLUS" "$T/bin/tplus" && chmod -R a+rx "$T/bin"
if [ "$(id -u)" -eq 0 ]; then
    mkdir -p "$T/data/tplus" && chown -R 65534 "$T/data" "$T/work"
    nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
else
    nobody=''
fi
PATH="$T/bin:$PATH"

refused() { # NAME STATUS MESSAGE CMD...
    _name=$1 _status=$2 _message=$3
    shift 3
    run timeout 10 "$@"
    is "$_name: status" "$_status" "$rc"
    match "$_name: message" "^tplus: [a-z]+: $_message" "$err"
}

ok 'open' $nobody tplus -q open 'Checkout 5xx' -s 2
ok 'log' $nobody tplus -q log 'a line'
is 'the file is private' 600 "$(stat -c %a "$db")"
keep

# --- permissions, taken away in between ---
chmod 000 "$db"
refused 'unreadable, reading' 3 '.*tplus.db: .*permission.*--db' $nobody tplus show
refused 'unreadable, writing' 3 '.*tplus.db: .*permission.*--db' $nobody tplus log 'more'
chmod 400 "$db"
refused 'read-only, writing' 3 '.*tplus.db: .*read-only.*(permissions|--db)' $nobody tplus log 'more'
ok 'read-only, reading' $nobody tplus show
ok 'read-only, verify' $nobody tplus verify
ok 'read-only, export' $nobody tplus -q export -o -
chmod 600 "$db"
chmod 500 "$T/data/tplus"
run $nobody tplus log 'in a directory of which nothing can be made'
if [ "$rc" -eq 0 ]; then # the journal is there already
    match 'directory read-only: said is done' 'in a directory' "$($nobody tplus tail -n 1)"
else
    is 'directory read-only: status' 3 "$rc"
fi
rm -f "$db-journal"
refused 'directory read-only, no journal: writing' 3 '.*tplus.db: .*(permissions|directory)' $nobody tplus log 'more'
ok 'directory read-only, no journal: reading' $nobody tplus show
refused 'directory read-only: export' 3 '.*: check the disk and the permissions' $nobody tplus export -o "$T/data/tplus/out.md"
refused 'directory read-only: backup' 3 '.*: name another file' $nobody tplus backup "$T/data/tplus/copy.db"
chmod 700 "$T/data/tplus"
ok 'given back: writing works' $nobody tplus -q log 'after all'
ok 'given back: verifies' $nobody tplus verify
[ "$(id -u)" -ne 0 ] || chown -R 0 "$T/data" "$T/work"

# --- no file, no database, another program's ---
restore
mkdir "$T/elsewhere"
refused 'a directory' 3 '.*is a directory: name a file' tplus --db "$T/elsewhere" log x
mkfifo pipe
refused 'a pipe' 3 '.*no regular file' tplus --db pipe log x
refused 'a device' 3 '.*no regular file' tplus --db /dev/null log x
printf 'these are notes of somebody, and no database at all; they are longer than a header of a database is, a hundred bytes' >notes
cp notes notes.kept
for verb in 'log x' 'show' 'open y' 'verify' 'export' 'rebuild' 'backup copy.db'; do
    refused "text, $verb" 3 '.*no tplus database' tplus --db notes $verb
done
is 'the text is as it was' '' "$(cmp notes notes.kept 2>&1)"
sqlite3 other.db 'CREATE TABLE t(a); INSERT INTO t VALUES(1)'
cp other.db other.kept
refused 'a database of another program' 3 '.*database of another program' tplus --db other.db log x
refused 'a database of another program, open' 3 '.*database of another program' tplus --db other.db open x
is 'the database is as it was' '' "$(cmp other.db other.kept 2>&1)"
cp other.db "$db"
rm -f "$db-journal"
refused 'replaced by another program' 3 '.*database of another program' tplus log x
: >"$db"
refused 'emptied' 1 '.*no incident' tplus log x
restore
ok 'put back' tplus -q log 'back'

# --- a newer schema is read, with a warning ---
keep
sqlite3 "$db" 'PRAGMA user_version=99' >/dev/null
ok 'newer: reading' tplus show
match 'newer: says so' 'newer tplus' "$err"
refused 'newer: writing' 4 '.*newer tplus.*upgrade' tplus log x
refused 'newer: use' 4 '.*newer tplus.*upgrade' tplus use INC-2026-0001
restore

# --- made to harm: the right application id, and more than tplus put there ---
endless='WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r) SELECT x FROM r'
harm() { # NAME SQL
    restore
    sqlite3 "$db" "PRAGMA writable_schema=ON; $2" >/dev/null || exit 99
    for verb in 'log x' 'show' 'tail' 'list' 'verify' 'export' 'rebuild' 'role IC jane' 'backup copy.db'; do
        run timeout 10 tplus $verb
        rm -f copy.db
        [ "$rc" -eq 3 ] && printf '%s\n' "$err" | grep -q 'that tplus did not make: ' && continue
        flunk "$1" "tplus $verb: status $rc" "$err"
        return
    done
    pass "$1 is refused"
}
harm 'a trigger that drops lines' "CREATE TRIGGER evil BEFORE INSERT ON op BEGIN SELECT raise(IGNORE); END"
harm 'a trigger that never ends' "CREATE TRIGGER evil AFTER INSERT ON event BEGIN INSERT INTO used SELECT x, x'00' FROM ($endless); END"
harm 'a trigger of ours with other words' "DROP TRIGGER op_no_delete;
    CREATE TRIGGER op_no_delete AFTER INSERT ON op BEGIN DELETE FROM event; END"
harm 'a view in the place of a table' "ALTER TABLE event RENAME TO hidden_event; CREATE VIEW event AS SELECT * FROM hidden_event"
harm 'a view that never ends' "DROP TABLE responder; CREATE VIEW responder AS $endless"
harm 'a virtual table in the place of a table' "DROP TABLE used; CREATE VIRTUAL TABLE used USING fts5(person, incident)"

# What people put beside ours is theirs.
restore
sqlite3 "$db" 'CREATE VIEW mine AS SELECT text FROM timeline; CREATE INDEX mine_too ON event(actor); CREATE TABLE notes(a)'
ok 'a view, an index and a table of people' tplus -q log 'fine'
ok 'verify' tplus verify

# Values no tplus writes, in the tables and in the journal: verify says so, and nothing crashes on them.
wild() { # SQL
    restore
    for trigger in $(sqlite3 "$db" "SELECT name FROM sqlite_schema WHERE type = 'trigger'"); do
        sqlite3 "$db" "DROP TRIGGER $trigger"
    done
    sqlite3 "$db" "$1" || exit 99
    bad=''
    run timeout 10 tplus verify
    case $rc in 1 | 3) ;; *) bad="verify: status $rc, $out;" ;; esac
    for verb in 'show' 'show --json' 'tail' 'list' 'history' 'export' 'export -f json' 'log x' 'sev 1' 'role IC jane' 'undo' 'rebuild' 'verify'; do
        run timeout 10 tplus $verb
        [ "$rc" -le 4 ] || bad="$bad tplus $verb: status $rc, $err;"
    done
    if [ -z "$bad" ]; then pass "survives: $(printf '%.60s' "$1")"; else flunk "survives: $1" "$bad"; fi
}
# The largest number a journal can carry; and beyond, where sums wrap: not undefined in what matters, but the sanitizer ends it.
most=9007199254740991
wild "UPDATE event SET occurred_at = $most, approx_s = 2147483647, recorded_at = -$most"
wild "UPDATE event SET occurred_at = -$most; UPDATE incident SET opened_at = $most; UPDATE responder SET joined_at = -$most"
[ "${SANITIZERS-no}" = yes ] || most=9223372036854775807
wild "UPDATE event SET text = NULL, kind = 'nonsense', occurred_at = NULL"
wild "UPDATE event SET occurred_at = $most, approx_s = -$most"
wild "UPDATE event SET text = CAST(x'ff00fe1b5b324a' AS TEXT), actor = CAST(x'e280ae00' AS TEXT)"
wild "UPDATE incident SET zone = '../../etc/passwd', severity = 999, title = NULL, id = NULL, opened_at = -$most"
wild "UPDATE incident SET entity = x'00', incident = x''"
wild "INSERT INTO responder(entity, incident, hlc, recorded_at, hidden, edited, conflict, left_at)
    SELECT randomblob(16), incident, 0, 0, 0, 0, 0, 5 FROM incident"
wild "UPDATE attr SET value = x'00'; UPDATE policy SET severity = NULL"
wild "UPDATE op SET body = '{'"
wild "UPDATE op SET saw = '[[[[', kind = '.', zone = '', v = -1"
wild "UPDATE op SET body = printf('%.*c', 100000, '['), author = printf('%.*c', 100000, 'x')"
wild "UPDATE op SET incident = x'01', entity = x'', grp = x'', host = x''"
wild "UPDATE op SET hlc = 9223372036854775807, wall_us = -9223372036854775807, seq = 9223372036854775807 - seq"
wild "DELETE FROM op WHERE seq = 2"
wild "DELETE FROM op WHERE seq = (SELECT max(seq) FROM op)"
wild "UPDATE local SET v = 'nonsense'; INSERT OR REPLACE INTO local VALUES('hlc', 'x'), ('draft/none/sam', x'00ff'); DELETE FROM event"
wild "DROP TABLE event"
wild "DROP TABLE op"
wild "DROP TABLE local; DROP TABLE incident"
finish
