#!/bin/sh
# Completion for bash, asked as bash asks it. Those for zsh and fish take the same things from the same output of tplus.
. "${top_srcdir:-.}/tests/cli/lib.sh"

cat >"$T/ask.bash" <<'IN'
. "$top_srcdir/contrib/completions/tplus.bash"
COMP_LINE=$1 COMP_POINT=${#1}
_tplus
printf '%s\n' "${COMPREPLY[@]}"
IN

# offers NAME LINE WORD...: these and no others, in order.
offers() {
    _what=$1 _line=$2
    shift 2
    run bash "$T/ask.bash" "$_line"
    is "$_what" "$*" "$(printf '%s' "$out" | tr '\n' ' ')"
    is "$_what: without a message" '' "$err"
}

offers 'verbs, without a store' 'tplus mi' mitigated mitigating
offers 'aliases' 'tplus ac' accept ack acknowledged action
offers 'no incident yet' 'tplus show '
ok 'open' tplus open 'Checkout fails' -s 2
ok 'open another' tplus open 'Search is slow' --id 'SRCH;1'
ok 'use' tplus use INC-2026-0001
ok 'role' tplus role IC sam
ok 'log' tplus log @jane hello
ok 'action' tplus action write the runbook
ok 'ask' tplus ask @jane latency 5m
ok 'hypothesis' tplus hypothesis it is dns

offers 'options of the program' 'tplus --z' --zone
offers 'options of a verb' 'tplus export --f' --force --format
offers 'their values' 'tplus export -t ' analysis classic default detailed sev slo
offers 'and behind the long name' 'tplus export --format ' csv html json md
offers 'incidents, quoted for the shell' 'tplus show ' INC-2026-0001 'SRCH\;1'
offers 'of an option' 'tplus -i INC' INC-2026-0001
offers 'people' 'tplus log @' jane sam
offers 'people by their first letters' 'tplus log @j' jane
offers 'first operand' 'tplus role S' SCRIBE SME
offers 'second operand' 'tplus role IC ' jane sam
offers 'action items' 'tplus done ' AI-1
offers 'asks' 'tplus answer ' ASK-1
offers 'hypotheses' 'tplus confirm ' H-1
offers 'both' 'tplus drop ' AI-1 ASK-1
offers 'nothing in another incident' 'tplus -i SRCH;1 done '
offers 'events' 'tplus strike ' "$(tplus tail --json | jq -r .short | sort | tr '\n' ' ' | sed 's/ $//')"
offers 'verbs to be helped with' 'tplus help ex' export extend
: >'a file.json'
offers 'files' 'tplus import a' 'a\ file.json'
offers 'and more of them' 'tplus import x.json a' 'a\ file.json'
offers 'nothing in free text' 'tplus log 14:30 '
offers 'nothing behind an unknown verb' 'tplus frobnicate '
ok 'another store' tplus --db other.db open --id OTHER-1 Other
offers 'of the store that is named' 'tplus --db other.db show ' OTHER-1

finish
