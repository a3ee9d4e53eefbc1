#!/bin/sh
# Exit statuses, the form of messages, what goes to which output.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

# says NAME STATUS ERE ARGS...: status, and exactly one message, of the form of all messages
says() {
    _case=$1 _status=$2 _ere=$3
    shift 3
    run tplus "$@"
    if [ "$rc" -eq "$_status" ] && [ "$(printf '%s\n' "$err" | grep -c .)" -eq 1 ] && [ -z "$out" ]; then
        match "$_case" "$_ere" "$err"
    else
        flunk "$_case" "status $rc, expected $_status" "$out" "$err"
    fi
}

# ---- unknown verbs: the nearest is named
says 'unknown' 2 '^tplus: there is no verb "frobnicate": see "tplus help"$' frobnicate
for pair in lgo:log opne:open shwo:show akc:acknowledged detcted:detected undoo:undo exprot:export histroy:history verfy:verify; do
    says "near: ${pair%%:*}" 2 "^tplus: there is no verb \"${pair%%:*}\": did you mean \"${pair#*:}\"\?$" "${pair%%:*}"
done
says 'the beginning of one' 2 '^tplus: there is no verb "ackn": did you mean "acknowledged"\?$' ackn
says 'of several' 2 '^tplus: "ex" may be extend, export: type more of it$' ex
says 'capitals are others' 2 'there is no verb "LOG"' LOG
says 'an empty one' 2 '^tplus: ' ''
says 'nothing behind it counts' 2 'no verb "nope"' nope --json -x

# ---- the form: tplus: VERB: what is wrong: what to do
says '1: nothing found' 1 '^tplus: list: there is no incident yet.*: begin one with "tplus open TITLE"$' list
tplus -q open x >/dev/null
says '1: refused in this state' 1 '^tplus: answer: no ask 1 in this incident: see "tplus show"$' answer 1
says '2: usage' 2 '^tplus: edit: an operand is missing: tplus edit ID TEXT$' edit
says '2: with the verb, not its alias' 2 '^tplus: acknowledged: .*given twice.*: leave one out$' ack --at 13:00 13:01
says '2: a bad time' 2 '^tplus: log: "13:77" reads as a clock time, but minutes go from 00 to 59: write 14:32' log 13:77 x
says '3: store' 3 '^tplus: list: .*is a directory: name a file with --db$' list --db .
e=$(tplus -q --json log x | jq -r .id)
tplus -q edit "$e" y >/dev/null
tplus -q --as jane edit "$e" z >/dev/null
says '4: conflict' 4 '^tplus: undo: jane changed text since: undo that change first' undo
says 'a message is one line, whatever it quotes' 1 '^tplus: show: no incident a<U\+000A>b<U\+001B> here' show "$(printf 'a\nb\033')"

# ---- remarks
for args in 'log x' ack 'sev 3 why' 'role IC sam' 'join amy' 'leave amy' 'ask @bob what 5m' 'answer 1' 'hypothesis dns' 'ruleout 1' 'confirm 1' \
    'action fix' 'assign 1 bob' 'due 1 7d' 'prio 1 P1' 'progress 1' 'done 1' 'drop AI-1' 'update x' 'good x' 'bad x' 'detail x' 'undo' 'redo'; do
    # shellcheck disable=SC2086 # words
    run tplus $args
    if [ "$rc" -eq 0 ]; then
        match "writes name the incident: $args" "^tplus: [a-z]*: INC-2026-0001 x$" "$err"
    else
        flunk "writes name the incident: $args" "status $rc" "$err"
    fi
done
for args in 'log x' 'ack' 'action fix' 'undo' 'open y'; do
    # shellcheck disable=SC2086 # words
    run tplus -q -i 1 $args
    is "but not with -q: $args" '0 ' "$rc $err"
done
ok 'the last incident goes' tplus -q -i 2 close
for args in list show status tail history brief verify 'help log'; do
    # shellcheck disable=SC2086 # words
    run tplus $args
    is "readers say nothing: $args" '0 ' "$rc $err"
done

# ---- ids are short, unique prefixes
run tplus -q log x
match 'log prints a short id' '^[0-9a-f]{4,8}$' "$out"
ok 'that is taken' tplus -q edit "$out" y

# ---- output that cannot be written
for args in show 'log x' list 'help'; do
    # shellcheck disable=SC2086 # words
    run sh -c "tplus $args >/dev/full"
    match "a full disk: $args" '^tplus: .*standard output cannot be written' "$err"
    is "is an I/O error: $args" 3 "$rc"
done
run sh -c 'tplus -q log y >&-'
is 'a closed output' 3 "$rc"

# ---- version
run tplus -V
match '-V' '^0 tplus [0-9]+[.][0-9]+' "$rc $out"
is '--version' "$out" "$(tplus --version)"
finish
