#!/bin/sh
# edit, retime, strike, redact, undo, redo, history: the old value stays, and conflicts are refused.
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
# new WORDS...: logs them, prints the whole id
new() {
    tplus --json -q log "$@" | jq -r .id
}
# event ID FILTER
event() {
    show | jq -r --arg id "$1" ".events[] | select(.id == \$id) | $2"
}
# group ID N: the group of the entity's Nth change
group() {
    tplus history "$1" --json | jq -r .group | sed -n "$2p"
}

tplus -q open x >/dev/null

# ---- edit
e=$(new 13:00 @bob erors doubled)
run tplus edit "$e" errors doubled, twice
is 'edit prints the id' "$(event "$e" .short)" "$out"
match 'and names the incident' '^tplus: edit: INC-2026-0001 x$' "$err"
is 'the text is new, the rest is not' 'errors doubled, twice|bob|2026-02-05T13:00:00Z' "$(event "$e" '"\(.text)|\(.actor)|\(.occurred_at)"')"
run tplus history "$e"
match 'the old one is kept' 'text erors doubled → errors doubled, twice' "$out"
ok 'behind -- anything is text' tplus -q edit "$e" -- -q is text
is 'as it stands' '-q is text' "$(event "$e" .text)"
refused 'an unknown id' 1 'no event ffffffffffff here: see "tplus tail"' edit ffffffffffff x
refused 'what is no id' 1 'oops is no event id' edit oops x
refused 'no text' 2 'an operand is missing' edit "$e"
f=$(tplus --json -q good quick | jq -r .id)
tplus -q edit "$f" very quick >/dev/null
json 'a finding changes with its event' '.findings | length == 1 and (.[0] | del(.id, .short) ==
    {list: "went well", category: null, title: null, text: "very quick", points: [], done: false, scope: null})' "$(show)"

# ---- which event
first=$(for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do new one of many; done | cut -c1 | sort | uniq -d | sed 1q)
[ -n "$first" ] || first=$(show | jq -r '.events[].id' | cut -c1 | sort | uniq -d | sed 1q)
run tplus edit "$first" x
match 'an ambiguous prefix' "^1 tplus: edit: $first is ambiguous: .*: give more digits$" "$rc $err"
match 'names the candidates by id and text' "${first}[0-9a-f]{3,} \"one of many\"" "$err"
short=$(event "$e" .short)
ok 'the short id is enough' tplus -q edit "$short" again
is 'in capitals, too' 0 "$(tplus -q edit "$(printf %s "$e" | tr a-f A-F)" again >/dev/null && echo 0)"

# ---- retime
ok 'retime' tplus -q retime "$e" 12:30
is 'sets the time' 2026-02-05T12:30:00Z "$(event "$e" .occurred_at)"
ok 'before now' tplus -q retime "$e" -5m
is 'five minutes before now' 2026-02-05T13:55:00Z "$(event "$e" .occurred_at)"
ok 'in two words' tplus -q retime "$e" 2026-02-04 11:00
is 'a date' 2026-02-04T11:00:00Z "$(event "$e" .occurred_at)"
ok 'approximately' tplus -q retime "$e" '~11:00±5m'
is 'says how much' 300 "$(event "$e" .approx_seconds)"
tplus -q retime "$e" 11:00 >/dev/null
is 'and exactly again' 0 "$(event "$e" .approx_seconds)"
refused 'no time' 2 '"noonish" is no time: write 14:32' retime "$e" noonish
refused 'a time that cannot be' 2 '"25:00" reads as a clock time, but hours' retime "$e" 25:00
refused 'more than a time' 2 'more than a time' retime "$e" 11:00 x
m=$(tplus --json -q ack 13:10 | jq -r .id)
tplus -q retime "$m" 13:05 >/dev/null
json 'a milestone moves along' '.milestones.acknowledged == "2026-02-05T13:05:00Z"' "$(show)"

# ---- strike
ok 'strike' tplus -q strike "$e" said in error
is 'it stays, struck' true "$(event "$e" .struck)"
run tplus show
match 'and is shown so' '\[struck\] again \(said in error\)' "$out"
refused 'twice' 1 'struck already: "tplus undo' strike "$e"
ok 'without why' tplus -q strike "$m"
json 'a struck milestone does not count' '.milestones == {}' "$(show)"
ok 'undo brings it back' tplus -q undo "$m"
json 'and it counts' '.milestones.acknowledged == "2026-02-05T13:05:00Z"' "$(show)"
tplus -q strike "$f" >/dev/null
json 'a struck finding leaves its list' '.findings == []' "$(show)"
tplus -q undo >/dev/null
json 'and comes back' '.findings | length == 1' "$(show)"

# ---- undo, redo
fresh
tplus -q open x >/dev/null
a=$(new one)
b=$(new two)
run tplus undo
is 'undo says what' '0 undone: event two' "$rc $out"
json 'the last change is hidden' '[.events[].text] == ["one"]' "$(show)"
tplus -q undo >/dev/null
json 'then the one before' '.events == []' "$(show)"
run tplus redo
is 'redo' 0 "$rc"
json 'takes back the last undo' '[.events[].text] == ["one"]' "$(show)"
ok 'again' tplus -q redo
json 'and the one before it' '[.events[].text] == ["one", "two"]' "$(show)"
refused 'nothing left to redo' 1 'nothing to redo' redo
tplus -q undo >/dev/null
new three >/dev/null
refused 'a change ends redoing' 1 'nothing to redo' redo
json 'as it should' '[.events[].text] == ["one", "three"]' "$(show)"
refused 'somebody else has nothing to undo' 1 'nothing to undo by jane' --as jane undo
tplus -q --as jane edit "$a" hers >/dev/null
tplus -q undo >/dev/null
json 'undo takes back ones own' '[.events[].text] == ["hers"]' "$(show)"
tplus -q undo "$(group "$a" '$')" >/dev/null
json 'with a group that of others' '[.events[].text] == ["one"]' "$(show)"
tplus -q edit "$a" eins >/dev/null
ok 'a prefix of a group' tplus -q undo "$(group "$a" '$' | cut -c1-12)"
is 'will do' one "$(event "$a" .text)"
refused 'what is undone already' 1 'undone already' undo "$(group "$b" 1)"
tplus -q edit "$a" uno >/dev/null
ok 'an entity: its last change' tplus -q undo "$a"
is 'is taken back' one "$(event "$a" .text)"
run tplus --json undo "$a"
json 'as JSON' '.undone | type == "string"' "$out"
refused 'an unknown one' 1 'no entry ffffffffffff in this incident: see "tplus history"' undo ffffffffffff
refused 'no id at all' 1 'is no id: ids are hex digits' undo nothing
refused 'two of them' 2 'too many operands' undo "$a" "$b"

# ---- conflicts
c=$(new start)
tplus -q edit "$c" second >/dev/null
tplus -q --as jane edit "$c" third >/dev/null
refused 'what later changes built on' 4 'jane changed text since: undo that change first' undo "$(group "$c" 2)"
is 'stays' third "$(event "$c" .text)"
refused 'also as the last one of its author' 4 'changed text since' undo
tplus -q retime "$c" 13:00 >/dev/null
ok 'another field is none of it' tplus -q undo "$(group "$c" 3)"
is 'only that field' 'second 2026-02-05T13:00:00Z' "$(event "$c" '"\(.text) \(.occurred_at)"')"
ok 'undo of an undo' tplus -q undo "$(group "$c" 5)"
is 'is a redo' third "$(event "$c" .text)"

# ---- history
run tplus history "$c"
match 'group, time, author, kind' "^[0-9a-f]{8}  2026-02-05 14:00:00 UTC  jane  event.set [0-9a-f]{8}.*: text second → third$" "$out"
match 'what is undone says so' '\(undone\)' "$out"
run tplus history --json
json 'JSON: one object a line' 'has("group") and has("entity") and has("kind") and has("author") and has("recorded_at") and has("fields")' "$out"
is 'all of it' "$(tplus history | grep -c .)" "$(printf '%s\n' "$out" | grep -c .)"
refused 'of an unknown one' 1 'no entry' history ffffffffffff

# ---- redact
fresh
tplus -q open x >/dev/null
s=$(new the password is hunter2)
tplus -q detail 'really hunter2' >/dev/null
tplus -q edit "$s" the password was hunter2 >/dev/null
refused 'redact needs a reason' 2 'an operand is missing' redact "$s"
ok 'redact' tplus redact "$s" a secret
match 'names the copies it cannot reach' 'exports and backups made before' "$err"
is 'the text is gone' '[redacted] [redacted]' "$(event "$s" '"\(.text) \(.detail[0])"')"
if grep -aq hunter2 "$(data)" "$(data)-journal"; then flunk 'from the file, too'; else pass 'from the file, too'; fi
run tplus history
nomatch 'and from history' hunter2 "$out"
match 'which says why' 'reason a secret' "$out"
run tplus verify
match 'the journal still holds' '^ok: 1 incident.* [1-9] redacted' "$out"
refused 'twice' 1 'no text left to redact' redact "$s" again
run tplus export -f json
nomatch 'exports made afterwards do not have it' hunter2 "$out"
finish
