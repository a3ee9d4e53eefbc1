#!/bin/sh
# export -f json and import: the ops travel, nothing is lost, twice is once.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

refused() {
    _case=$1 _status=$2 _ere=$3
    shift 3
    run tplus "$@"
    match "$_case" "^$_status tplus: .*$_ere" "$rc $err"
}
state() {
    tplus --db "$1" rebuild | sed 's/^rebuilt: state \([0-9a-f]*\),.*/\1/'
}

# ---- one incident with everything
{
    tplus --db a.db -q open 'Checkout 5xx' -s 2 --zone Europe/Berlin
    export TPLUS_DB=a.db
    tplus -q started '~14:30' @sentry errors
    tplus -q ack 14:40
    e=$(tplus --json -q log @jane "$(printf 'bytes \377 and \342\200\256')" | jq -r .id)
    tplus -q detail more
    tplus -q edit "$e" other text
    tplus -q good quick
    tplus -q role ic sam
    tplus -q action fix @dev P1 due:7d
    tplus -q ask @bob look 5m
    tplus -q answer 1 yes
    tplus -q hypothesis dns
    tplus -q ruleout 1 no
    tplus -q log never
    tplus -q undo
    tplus -q sev 1
    unset TPLUS_DB
} >/dev/null
run tplus --db a.db export -f json
cp "$T/out" a.json
json 'the export has what show has, and the ops' '.tplus.format == 1 and .id == "INC-2026-0001" and (.journal | length > 20) and .status == "acknowledged"' "$out"
json 'every op has its columns' '.journal | all(has("incident") and has("host") and has("seq") and has("prev") and has("hlc") and has("digest") and
    has("salt") and has("body") and has("hash"))' "$out"
advance 3600
is 'no clock is in it' "$(cksum <a.json)" "$(tplus --db a.db export -f json | cksum)"

# ---- into an empty file
run tplus --db b.db import a.json
is 'import prints the incident' '0 INC-2026-0001' "$rc $out"
match 'and counts on standard error' '^tplus: import: a.json: [0-9]+ new, 0 known already$' "$err"
is 'show is the same' "$(tplus --db a.db show --json)" "$(tplus --db b.db show --json)"
is 'and for people' "$(tplus --db a.db show)" "$(tplus --db b.db show)"
is 'the JSON export, too' "$(cksum <a.json)" "$(tplus --db b.db export -f json | cksum)"
is 'and the document' "$(tplus --db a.db export | cksum)" "$(tplus --db b.db export | cksum)"
is 'history' "$(tplus --db a.db history --json)" "$(tplus --db b.db history --json)"
is 'the same state' "$(state a.db)" "$(state b.db)"
ok 'it verifies' tplus --db b.db verify
is 'as the first one' "$(tplus --db a.db verify)" "$(tplus --db b.db verify)"
ok 'twice' tplus --db b.db import a.json
match 'is all known' ' 0 new, [0-9]+ known already$' "$err"
is 'and changes nothing' "$(cksum <a.json)" "$(tplus --db b.db export -f json | cksum)"
ok 'from standard input' sh -c 'tplus --db c.db import - <a.json'
is 'is the same' "$(state a.db)" "$(state c.db)"
ok 'a pipe' sh -c 'tplus --db a.db export -f json | tplus --db d.db -q import -'
is 'is silent with -q but for the incident' 'INC-2026-0001 ' "$out $err"

# ---- both ways
e=$(tplus --db a.db show --json | jq -r '.events[] | select(.text == "other text") | .id')
tplus --db a.db -q edit "$e" in a >/dev/null
tplus --db a.db -q log only in a >/dev/null
advance 1
tplus --db b.db --as jane -q edit "$e" in b >/dev/null
tplus --db b.db --as jane -q log only in b >/dev/null
tplus --db a.db export -f json >a.json
tplus --db b.db export -f json >b.json
ok 'b takes in a' tplus -q --db b.db import a.json
ok 'a takes in b' tplus -q --db a.db import b.json
is 'the same state' "$(state a.db)" "$(state b.db)"
is 'the same export' "$(tplus --db a.db export -f json | cksum)" "$(tplus --db b.db export -f json | cksum)"
json 'nothing is lost' '[.events[].text] | contains(["only in a"]) and contains(["only in b"])' "$(tplus --db a.db show --json)"
json 'the conflict is shown' '.conflicts | length == 1 and .[0].field == "text" and .[0].shown == "in b" and .[0].others == ["in a"]' \
    "$(tplus --db a.db show --json)"
match 'to people, too' 'shown in b, also in a' "$(tplus --db b.db show)"
tplus --db a.db -q edit "$e" settled >/dev/null
json 'a later edit settles it' '.conflicts == []' "$(tplus --db a.db show --json)"
tplus --db a.db export -f json | tplus -q --db b.db import - >/dev/null
is 'everywhere' "$(state a.db)" "$(state b.db)"

# ---- several files, colliding ids
tplus --db e.db -q open 'Another one' >/dev/null
tplus --db e.db export -f json >e.json
run tplus --db f.db import a.json e.json
is 'several files at once' 2 "$(printf '%s\n' "$out" | grep -c '^INC-2026-0001')"
is 'ids that collide get four digits' 2 "$(tplus --db f.db list | grep -c '^INC-2026-0001-[0-9a-f]\{4\} ')"
refused 'the bare id is ambiguous then' 1 'ambiguous' --db f.db show INC-2026-0001
id=$(tplus --db f.db list --json | jq -r 'select(.title == "Another one") | .id')
json 'the long one is not' '.title == "Another one"' "$(tplus --db f.db show "$id" --json)"
json 'the stored id stays' '.id == "INC-2026-0001"' "$(tplus --db f.db export "$id" -f json)"

# ---- what is no export
echo 'hello' >bad
refused 'text' 2 'bad: there is no timeline' --db b.db import bad
echo '{"a": 1}' >bad
refused 'other JSON' 2 'bad' --db b.db import bad
refused 'no such file' 3 'nosuch: cannot be read' --db b.db import nosuch
refused 'a directory' 3 'directory' --db b.db import .
refused 'nothing' 2 'missing' --db b.db import
refused '- with others' 2 'stands alone' --db b.db import - a.json
head -c 3000 a.json >bad
before=$(state b.db)
run tplus --db b.db import bad
isnt 'half a file' 0 "$rc"
jq -c '.journal[3].body |= sub("sam"; "tom") | .journal[5].hash |= (if .[:2] == "00" then "01" else "00" end) + .[2:]' a.json >bad
run tplus --db g.db import bad
match 'a changed op' '^1 tplus: import: ' "$rc $err"
run tplus --db g.db list
is 'nothing of it is kept' 1 "$rc"
is 'nor of the others' "$before" "$(state b.db)"
jq -c '.tplus.format = 2' a.json >bad
refused 'a newer format' 4 '' --db b.db import bad
finish
