#!/bin/sh
# "log -": lines of standard input, one event each, durable in batches.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

show() {
    tplus show --json
}

ok 'an incident to write to' tplus -q open 'Checkout 5xx'

ok 'lines are events' tplus log - <<'IN'
13:00 @bob: first
+ went fine
- went badly
? dns
! fix it @dev P1
> detail of the guess
/ack is text here
\+ so is this
~12:00 about then
ack is a word
IN
is 'each prints what its verb prints' 'H-1 AI-1' "$(printf '%s\n' "$out" | grep -- - | tr '\n' ' ' | sed 's/ $//')"
is 'one line for each' 10 "$(printf '%s\n' "$out" | grep -c .)"
match 'the incident is named' '^tplus: log: INC-2026-0001 ' "$err"
is 'once' 1 "$(printf '%s\n' "$err" | grep -c INC-)"
json 'prefixes count' '.events[1] | .text == "first" and .actor == "bob" and .occurred_at == "2026-02-05T13:00:00Z"' "$(show)"
json 'approximate ones, too' '.events[0] | .text == "about then" and .approx_seconds == 120' "$(show)"
json 'signs make findings' '[.findings[] | .list] == ["went well", "went badly"]' "$(show)"
json 'hypotheses' '.hypotheses == [{number: "H-1", text: "dns", status: "open", why: null, raised_at: "2026-02-05T14:00:00Z"}]' "$(show)"
json 'action items' '.actions[0] | .text == "fix it" and .owner == "dev" and .priority == "P1"' "$(show)"
json 'detail goes to the event before' '.events[] | select(.kind == "hypothesis") | .detail == ["detail of the guess"]' "$(show)"
json 'a slash is text' '[.events[] | select(.text == "/ack is text here" and .kind == "note")] | length == 1' "$(show)"
json 'a backslash is literal' '[.events[] | select(.text == "+ so is this" and .kind == "note")] | length == 1' "$(show)"

# ---- line ends, blank lines, no end
printf 'one\r\n\r\n   \ntwo\nthree' >in
ok 'CRLF, blank lines, no newline at the end' tplus -q log - <in
is 'three events' 3 "$(printf '%s\n' "$out" | grep -c .)"
json 'without the CR' '[.events[] | .text] | .[-3:] == ["one", "two", "three"]' "$(show)"
ok 'nothing at all' tplus -q log - </dev/null
is 'prints nothing' '' "$out"

# ---- which "-"
run tplus --json log - <in
is 'JSON, one object a line' 3 "$(printf '%s\n' "$out" | jq -r .kind | grep -c '^note$')"
run tplus -q log -i 1 --as amy - <in
json 'options stand before it' '.events[-1].actor == "amy"' "$(show)"
run tplus -q log --at 13:30 - <in
json '--at is the time of every line' '[.events[] | select(.occurred_at == "2026-02-05T13:30:00Z") | .text] == ["one", "two", "three"]' "$(show)"
run tplus log --at 13:30 - <<'IN'
12:00 twice
IN
match 'and not of a line with a time' '^2 tplus: log: line 1: .*given twice' "$rc $err"
run tplus -q --json log -- - <in
json 'behind -- it is text' '.events[-1].text == "-"' "$(show)"
n=$(show | jq '.events | length')
run tplus log - x <in
json 'with words it is a sign' '.events[-1].text == "x" and .events[-1].kind == "finding"' "$(show)"
run tplus -q mitigated - <in
json 'for other verbs it is text' '.events[-1] | .text == "-" and .milestone == "mitigated"' "$(show)"
is 'nothing was read' $((n + 2)) "$(show | jq '.events | length')"

# ---- a bad line
n=$(show | jq '.events | length')
run tplus log - <<'IN'
good line
25:99 bad line
never reached
IN
is 'a time that cannot be' 2 "$rc"
match 'names its line, and what was understood' '^tplus: log: line 2: "25:99" reads as a clock time, but hours' "$err"
match 'and what became of the others' 'lines before it are saved' "$err"
is 'they are' $((n + 1)) "$(show | jq '.events | length')"
is 'and printed' 1 "$(printf '%s\n' "$out" | grep -c .)"
run tplus log - <<'IN'
! fix due:never
IN
match 'what a verb refuses names its line, too' '^2 tplus: log: line 1: due:never' "$rc $err"
run tplus log - <<'IN'
a
13:00
IN
match 'a time without text is no line' '^2 tplus: log: line 2: .*no text' "$rc $err"
run tplus log - <<'IN'
+
IN
match 'nor is a sign' '^2 tplus: log: line 1: .*no text' "$rc $err"
run tplus --zone Europe/Berlin log - <<'IN'
2025-10-26 02:30 twice
IN
match 'nor a time there was twice' '^2 tplus: log: line 1: .*02:30:00\+02:00 or 2025-10-26 02:30:00\+01:00' "$rc $err"
run tplus log - <<'IN'
14:05 soon
2026-02-06 10:00 later
IN
match 'a time a little ahead is remarked on' 'ahead: taken as now' "$err"
match 'and a date in the future' 'is in the future' "$err"

# ---- size and bytes
n=$(show | jq '.events | length')
seq 1 2500 | sed 's/^/12:34 line /' >in
ok 'more than a batch' tplus -q log - <in
is 'an id each' 2500 "$(printf '%s\n' "$out" | sort -u | grep -c .)"
is 'all of them are there' $((n + 2500)) "$(show | jq '.events | length')"
json 'in order' '[.events[] | select(.text | startswith("line ")) | .text[5:] | tonumber] == [range(1; 2501)]' "$(show)"
ok 'the journal holds' tplus verify

head -c 1000000 /dev/zero | tr '\000' x >in
ok 'a line of 1 MB' tplus -q --json log - <in
e=$(printf '%s\n' "$out" | jq -r .id)
is 'is one event, whole' 1000000 "$(show | jq --arg id "$e" '.events[] | select(.id == $id) | .text | length')"
{
    echo before
    head -c 1100000 /dev/zero | tr '\000' x
    printf '\nafter\n'
} >in
run tplus log - <in
match 'more than 1 MiB is refused' '^1 tplus: log: line 2: .*1 MiB' "$rc $err"
json 'the line before is kept' '[.events[] | select(.text == "before" or .text == "after") | .text] == ["before"]' "$(show)"

printf '13:59 bytes \377\376 here\n' >in
ok 'bytes that are no UTF-8' tplus -q --json log - <in
e=$(printf '%s\n' "$out" | jq -r .id)
tplus tail -n 5000 >text
match 'are shown as what they are' 'bytes <FF><FE> here' "$(grep -a 'bytes' text)"
tplus export -f json | jq -r --arg e "$e" '.journal[] | select(.entity == $e) | .body' >body
is 'and kept' "$(printf 'bytes \377\376 here' | base64)" "$(jq -r '.text."$bytes"' body)"
printf 'nul \000 here\n' >in
ok 'a NUL' tplus -q log - <in
printf '\033[31mred\033[0m \342\200\256rtl\n' >in
ok 'control and bidirectional characters' tplus -q log - <in
run tplus tail -n 5
match 'are shown by their names' '<U\+001B>\[31mred<U\+001B>\[0m <U\+202E>rtl' "$out"

# ---- faults
status 3 tplus log - <"$T"
match 'a directory cannot be read' '^tplus: log: standard input cannot be read' "$err"
run sh -c 'tplus -q log - <&-'
is 'no standard input is an empty one' '0 ' "$rc $out"

finish
