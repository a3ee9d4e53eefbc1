#!/bin/sh
# Help: everything from the one table.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

run tplus help
is 'help' '0 ' "$rc $err"
match 'says how' '^Usage: tplus ' "$out"
for option in --db -i --as --at --zone --json -q -h -V; do
    match "names the option $option" "^  .*$option" "$out"
done
all=$out
run tplus --help
is '--help is the same' "$all" "$out"
run tplus -h
is '-h, too' "$all" "$out"
ok 'needs no home' env -u HOME -u XDG_DATA_HOME -u XDG_CONFIG_HOME "$TPLUS" help
if [ -e "$XDG_DATA_HOME/tplus" ]; then flunk 'and makes nothing'; else pass 'and makes nothing'; fi

# ---- every verb of DESIGN section 4 that this version has
run tplus help --table
table=$out
for verb in open list show use status move log detail good bad tail started detected acknowledged declared investigating identified mitigating mitigated \
    resolved closed reopen sev role join leave ask answer extend drop hypothesis ruleout confirm action assign due prio progress 'done' update brief \
    edit retime strike redact undo redo history export import templates verify rebuild backup demo help; do
    match "$verb is in the table" "^$verb	" "$table"
    run tplus help "$verb"
    match "help $verb" "^0 tplus $verb" "$rc $out"
    match "help lists $verb" "^  $verb( |\$)" "$all"
    full=$out
    run tplus "$verb" --help
    is "$verb --help" "$full" "$out"
done
is 'nothing else is' '' "$(printf '%s\n' "$table" | cut -f 1 | sort | uniq -d)"
is 'five columns' 5 "$(printf '%s\n' "$table" | awk -F '\t' '{ print NF }' | sort -u)"
is 'the aliases' 'ack close declare detect identify resolve start' "$(printf '%s\n' "$table" | cut -f 2 | grep . | sort | tr '\n' ' ' | sed 's/ $//')"
run tplus help ack
match 'an alias finds its verb' '^tplus acknowledged ' "$out"
match 'which names it' 'also: ack' "$out"
run tplus help export
match 'own options' '-o, --output FILE' "$out"

# ---- what is not there
run tplus help nosuchverb
match 'an unknown verb' '^2 tplus: help: there is no verb "nosuchverb"' "$rc $err"
run tplus help shwo
match 'a near one' 'did you mean "show"' "$err"
run tplus help a b
is 'two of them' 2 "$rc"
finish
