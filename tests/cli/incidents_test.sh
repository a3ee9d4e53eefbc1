#!/bin/sh
# Opening, listing, choosing incidents, and which one a verb means (DESIGN section 4).
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

# refused NAME STATUS ERE ARGS...
refused() {
    _case=$1 _status=$2 _ere=$3
    shift 3
    run tplus "$@"
    match "$_case" "^$_status tplus: .*$_ere" "$rc $err"
}
# went NAME INCIDENT ARGS...: the line goes to that incident.
went() {
    _case=$1 _want=$2
    shift 2
    run tplus --json "$@"
    is "$_case" "$_want" "$(printf '%s' "$out" | jq -r .incident 2>/dev/null)$([ "$rc" -eq 0 ] || echo "$err")"
}

# ---- no store, no incident
for verb in list show status 'log x' 'ack' 'tail' 'history' 'export' 'use 1' 'edit 1 x' 'undo' 'sev 1' 'actions-of x'; do
    # shellcheck disable=SC2086 # words
    run tplus $verb
    case $verb in
    actions-of*) is 'an unknown verb' 2 "$rc" ;;
    *) match "without a store: $verb" '^1 tplus: [a-z]*: there is no incident yet.*tplus open TITLE' "$rc $err" ;;
    esac
done
if [ -e "$(data)" ]; then flunk 'none of them made one'; else pass 'none of them made one'; fi

# ---- open
ok 'open' tplus open 'Checkout 5xx' -s 2
is 'prints the id' INC-2026-0001 "$out"
is 'and names what it wrote to' 'tplus: open: INC-2026-0001 Checkout 5xx' "$err"
run tplus show --json
json 'title, severity, zone, no milestone' \
    '.title == "Checkout 5xx" and .severity == "SEV-2" and .zone == "UTC" and .status == "open" and .milestones == {}' "$out"
json 'opened now' '.opened_at == "2026-02-05T14:00:00Z"' "$out"
json 'open is no event' '.events == []' "$out"
advance 60
run tplus -q open Mail is late --at 13:20 --zone Europe/Moscow
is 'words make a title, ids count up' INC-2026-0002 "$out"
run tplus show 2 --json
json '--at is opened_at, read in the zone' '.opened_at == "2026-02-05T10:20:00Z" and .zone == "Europe/Moscow" and .title == "Mail is late"' "$out"
json 'no severity is null' '.severity == null' "$out"
advance 60
run tplus -q open third --id DB-7
is 'an id of your own' DB-7 "$out"
refused 'an id that exists names use' 1 'exists.*tplus use INC-2026-0001' open x --id INC-2026-0001
refused 'whatever its case' 1 'exists.*tplus use' open x --id inc-2026-0001
refused 'an id with a slash' 2 'slashes' open x --id a/b
refused 'an id with white space' 2 'white space' open x --id 'a b'
refused 'no title' 2 'missing' open
refused 'an empty title' 2 'title is empty' open ''
refused 'a blank title' 2 'title is empty' open ' '
refused 'a bad severity' 2 'no severity: give 0 to 4' open x -s 5
refused 'a bad zone' 2 'no time zone is named "Mars/Phobos"' open x --zone Mars/Phobos
refused 'a bad time' 2 'is no time' open x --at soon
is 'and nothing was opened' 3 "$(tplus list | grep -c .)"
for s in 0 SEV-1 sev2 SEV3 P4 p0 4; do
    fresh
    tplus -q open x -s "$s" >/dev/null
    json "severity $s" '.severity == "SEV-'"$(printf %s "$s" | tr -dc 0-9)"'"' "$(tplus show --json)"
done
fresh
at 2027-01-01T00:30:00Z
is 'the year is that of the zone' INC-2026-0001 "$(tplus -q open late --zone America/New_York)"
run tplus -q open early
is 'and each year counts anew' INC-2027-0001 "$out"
mkdir -p "$XDG_CONFIG_HOME/tplus"
echo 'id-scheme = "OPS-%3N"' >"$XDG_CONFIG_HOME/tplus/tplus.conf"
run tplus -q open scheme
is 'the scheme can be configured' OPS-001 "$out"
run tplus -q open scheme
is 'and counts' OPS-002 "$out"
echo 'id-scheme = "OPS"' >"$XDG_CONFIG_HOME/tplus/tplus.conf"
refused 'a scheme without number' 2 'id-scheme "OPS" has no number' open x
echo 'colour = "red"' >"$XDG_CONFIG_HOME/tplus/tplus.conf"
refused 'a word the file does not know' 2 'tplus.conf:1: ' open x

# ---- before opened_at
fresh
at 2026-02-05T14:00:00Z
tplus -q open one >/dev/null
ok 'milestones before opened_at are fine' tplus -q started 13:00
json 'and count' '.milestones.started == "2026-02-05T13:00:00Z"' "$(tplus show --json)"

# ---- which one
went 'the only one that is not closed' INC-2026-0001 log x
advance 60
tplus -q open two >/dev/null
went 'of several the one opened last, by the same person' INC-2026-0002 log x
refused 'others must choose' 1 'several incidents are open: .*INC-2026-0002 "two".*tplus use ID' --as jane log x
match 'and see all of them' 'INC-2026-0001 "one"' "$err"
refused 'for reading, too' 1 'several incidents are open' --as jane show
ok 'use' tplus use 1
match 'says which' '^INC-2026-0001 .* one$' "$out"
went 'use holds' INC-2026-0001 log x
ok 'use is kept per person' tplus --as jane use INC-2026-0002
went 'hers' INC-2026-0002 --as jane log x
went 'his' INC-2026-0001 log x
went '-i goes before use' INC-2026-0002 -i 2 log x
went 'by its long name' INC-2026-0002 --incident inc-2026-0002 log x
went 'by number with zeros' INC-2026-0002 -i 0002 log x
export TPLUS_INCIDENT=2
went 'TPLUS_INCIDENT goes before use' INC-2026-0002 log x
went '-i goes before TPLUS_INCIDENT' INC-2026-0001 -i 1 log x
TPLUS_INCIDENT=''
went 'an empty one is none' INC-2026-0001 log x
unset TPLUS_INCIDENT
refused 'an unknown id' 1 'no incident 9 here: see "tplus list"' -i 9 log x
refused 'an ambiguous one names candidates' 1 'ambiguous: INC-2026-0002 "two", INC-2026-0001 "one"' -i INC-2026-000 log x
export TPLUS_INCIDENT=9
refused 'also from the environment' 1 'no incident 9' log x
unset TPLUS_INCIDENT
refused 'show of an unknown one' 1 'no incident NOPE' show NOPE
refused 'use of an unknown one' 1 'no incident 9' use 9
refused 'use without an id' 2 'missing' use
run tplus show 2 --json
json 'an operand goes before use' '.id == "INC-2026-0002"' "$out"
ok 'closing one of two' tplus -q -i 2 close
went 'leaves the only open one to everybody' INC-2026-0001 --as jane log x
tplus -q -i 1 close >/dev/null
advance 60

# ---- none open
for verb in 'log x' ack 'sev 1' 'role IC sam' 'ask @bob what 5m' 'update x' reopen; do
    # shellcheck disable=SC2086 # words
    refused "all closed: $verb needs -i" 1 'no incident is open.*-i INC-2026-000' $verb
done
# The last closed one is the one closed last, not opened last.
tplus -q -i 2 reopen >/dev/null
advance 60
tplus -q -i 2 close >/dev/null
ok 'all closed: what went well is said afterwards' tplus good 'quick to notice'
match 'of the last closed one' 'INC-2026-0002' "$err"
for verb in show status brief; do
    run tplus "$verb" --json
    json "all closed: $verb means the last closed one" '.id == "INC-2026-0002" and .status == "closed"' "$out"
done
ok 'all closed: an action item goes there' tplus action 'write it up'
match 'and says so' 'INC-2026-0002' "$err"
ok 'all closed: undo' tplus undo
ok 'all closed: export' tplus export
match 'of that one' 'INC-2026-0002' "$out"
refused 'status --all says so' 1 'no incident is open' status --all
went '-i names a closed one' INC-2026-0001 -i 1 log afterwards
export TPLUS_INCIDENT=1
went 'so does TPLUS_INCIDENT' INC-2026-0001 log afterwards
unset TPLUS_INCIDENT
went 'reopen it' INC-2026-0001 -i 1 reopen it is back
went 'and it is the open one' INC-2026-0001 log x

# ---- list, status
run tplus list
is 'list has all of them' 2 "$(printf '%s\n' "$out" | grep -c INC-)"
match 'newest first' '^INC-2026-0002' "$(printf '%s\n' "$out" | sed 1q)"
match 'with severity, status and title' '^INC-2026-0001 +SEV-\? +open +T\+[0-9:]+ +one$' "$out"
run tplus list --json
is 'list --json is one object a line' 'INC-2026-0002 INC-2026-0001' "$(printf '%s\n' "$out" | jq -r .id | tr '\n' ' ' | sed 's/ $//')"
json 'with what is known' 'has("title") and has("severity") and has("status") and has("opened_at") and .severity == null' "$out"
refused 'list takes no operand' 2 'too many operands' list x
tplus -q -i 2 reopen >/dev/null
run tplus status --all
is 'status --all has the open ones' 2 "$(printf '%s\n' "$out" | grep -c '^INC-')"
match 'and what is due' '^next due' "$out"

# ---- move
e=$(tplus -q -i 1 --json log 13:00 @bob 'went to the wrong one' | jq -r .id)
tplus -q -i 1 detail 'with detail' >/dev/null
ok 'move' tplus move "$e" 2
match 'names where it went' 'INC-2026-0002' "$err"
json 'gone from the one' ".events | map(select(.id == \"$e\" or .text == \"went to the wrong one\")) == []" "$(tplus show 1 --json)"
json 'with time, actor and detail in the other' \
    '.events[] | select(.text == "went to the wrong one") | .occurred_at == "2026-02-05T13:00:00Z" and .actor == "bob" and .detail == ["with detail"]' \
    "$(tplus show 2 --json)"
refused 'to an unknown one' 1 'no incident 9' move "$(tplus -q -i 1 log y)" 9
refused 'to its own' 1 'in INC-2026-0001 already' move "$(tplus -q -i 1 --json log y | jq -r .id)" 1
refused 'of an unknown event' 1 'no event' move ffffffffffff 2
refused 'with nothing to move to' 2 'an operand is missing' move "$e"
ok 'the journal holds' tplus verify

finish
