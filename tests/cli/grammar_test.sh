#!/bin/sh
# The line of DESIGN section 4 as the shell hands it over: what is a prefix, what is text, what is an option.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

# says NAME WHEN ACTOR TEXT ARGS...: the event that "tplus ARGS" makes. WHEN is a clock time of the day, or the whole time.
says() {
    _case=$1 _when=$2 _actor=$3 _text=$4
    shift 4
    case $_when in *Z) ;; *) _when=2026-02-05T${_when}Z ;; esac
    run tplus --json -q "$@"
    _id=$(printf '%s\n' "$out" | jq -r .id 2>/dev/null)
    _got=$(tplus show --json | jq -r --arg id "$_id" '.events[] | select(.id == $id) | "\(.occurred_at) \(.actor) \(.text)"')
    [ "$rc" -eq 0 ] || _got="$_got$err"
    is "$_case" "$_when $_actor $_text" "$_got"
}

# refused NAME ERE ARGS...: a usage error with such a message.
refused() {
    _case=$1 _ere=$2
    shift 2
    run tplus "$@"
    match "$_case" "^2 tplus: .*$_ere" "$rc $err"
}

ok 'an incident to write to' tplus -q open 'Checkout 5xx'

# ---- when
says 'without a time it is now' 14:00:00 sam 'hello there' log hello there
says 'hours and minutes' 13:32:00 sam x log 13:32 x
says 'seconds' 13:32:10 sam x log 13:32:10 x
says 'a fraction of a second' 2026-02-05T13:32:10.250000Z sam x log 13:32:10.25 x
says 'one digit of an hour' 09:05:00 sam x log 9:05 x
says 'pm' 13:32:00 sam x log 1:32pm x
says 'am' 01:32:00 sam x log 1:32AM x
says 'pm apart' 13:32:00 sam x log 1:32 pm x
says 'the latest such time not in the future' 2026-02-04T23:30:00Z sam x log 23:30 x
says 'a date in two words' 13:10:00 sam x log 2026-02-05 13:10 x
says 'a date in one argument' 13:10:00 sam x log '2026-02-05 13:10' x
says 'a date with an offset' 11:32:10 sam x log '2026-02-05 14:32:10+03:00' x
says 'RFC 3339' 11:32:10 sam x log 2026-02-05T11:32:10Z x
says 'yesterday' 2026-02-04T23:50:00Z sam x log yesterday 23:50 x
says 'today' 07:10:00 sam x log today 07:10 x
says 'minutes ago' 13:55:00 sam x log -5m x
says 'hours and minutes ago' 12:50:00 sam x log -1h10m x
says 'a minute after midnight' 00:01:00 sam x log 00:01 x
says 'up to 15 minutes ahead is now' 14:00:00 sam x log 14:14 x
run tplus log 14:14 x
match 'and says so' '^tplus: log: .*ahead: taken as now, 2026-02-05 14:00:00' "$err"
says 'more than 15 minutes ahead was yesterday' 2026-02-04T14:16:00Z sam x log 14:16 x
says 'a full date ahead is taken' 2026-02-05T15:00:00Z sam x log 2026-02-05 15:00 x
run tplus log 2026-02-05 15:00 x
match 'with a warning' '^tplus: log: 2026-02-05 15:00:00 UTC is in the future' "$err"
run tplus -q log 2026-02-05 15:00 x
match 'even when quiet' 'in the future' "$err"

# ---- approximate
approx() {
    _case=$1 _want=$2
    shift 2
    run tplus --json -q log "$@"
    _id=$(printf '%s\n' "$out" | jq -r .id)
    is "$_case" "$_want" "$(tplus show --json | jq -r --arg id "$_id" '.events[] | select(.id == $id) | "\(.approx_seconds) \(.text)"')"
}
approx 'a tilde before' '120 x' '~02:10' x
approx 'a tilde after' '120 x' '02:10~' x
approx 'as vague as it says' '600 x' '~02:10±10m' x
approx 'the same in ASCII' '600 x' '~02:10+-10m' x
approx 'no tilde, exact' '0 x' 02:10 x

# ---- who
says 'an actor' 14:00:00 jane x log @jane x
says 'an actor addressed' 14:00:00 jane x log @jane: x
says 'actor and time' 13:32:00 jane x log @jane 13:32 x
says 'time and actor' 13:32:00 jane x log 13:32 @jane x
says 'a second actor is text' 14:00:00 jane '@bob x' log @jane @bob x
says 'a second time is text' 13:32:00 sam '13:40 x' log 13:32 13:40 x
says 'an actor behind text is text' 14:00:00 sam 'ask @jane' log ask @jane
says 'a time behind text is text' 14:00:00 sam 'until 13:00' log until 13:00
says 'a milestone has them too' 13:00:00 jane 'on it' ack 13:00 @jane on it
says 'and an update' 13:00:00 jane 'we know' update 13:00 @jane we know
says 'the author is the actor unless said' 14:00:00 amy x --as amy log x

# ---- signs
kind() {
    _case=$1 _want=$2
    shift 2
    run tplus --json -q "$@"
    _id=$(printf '%s\n' "$out" | jq -r .id)
    is "$_case" "$_want" "$(tplus show --json | jq -r --arg id "$_id" '.events[] | select(.id == $id) | "\(.kind) \(.text)"')"
}
kind '+ is good' 'finding went fine' log + went fine
json 'and on its list' '.findings[-1] | .list == "went well" and .text == "went fine"' "$(tplus show --json)"
kind '- is bad' 'finding was slow' log - was slow
json 'and on its list, too' '.findings[-1] | .list == "went badly" and .text == "was slow"' "$(tplus show --json)"
kind 'good does the same' 'finding quick' good quick
kind 'bad does the same' 'finding late' bad late
run tplus -q log '?' dns
is '? is a hypothesis and prints its number' H-1 "$out"
run tplus -q hypothesis the pool
is 'hypothesis does the same' H-2 "$out"
run tplus -q log ! fix it @dev P1
is '! is an action item' AI-1 "$out"
json 'with its attributes' '.actions[0] | .text == "fix it" and .owner == "dev" and .priority == "P1"' "$(tplus show --json)"
run tplus --json -q log a line
e=$(printf '%s\n' "$out" | jq -r .id)
run tplus --json -q log '>' more of it
json '> is detail of the event before' ".id == \"$e\"" "$out"
run tplus -q detail and more
json 'detail does the same' ".events[] | select(.id == \"$e\") | .detail == [\"more of it\", \"and more\"]" "$(tplus show --json)"
kind 'time and sign' 'finding x' log 13:00 + x
kind 'sign and time' 'finding y' log + 13:00 y
kind 'a sign belongs to a line of text' 'milestone + fine' mitigating + fine
kind 'a sign glued to its word is text' 'note +1 for that' log +1 for that
refused 'a detail has no time' 'no time of its own' detail 13:00 x

# ---- literal
says 'a backslash makes it literal' 14:00:00 sam '13:00 x' log '\13:00' x
says 'behind a prefix, too' 13:00:00 sam '@jane x' log 13:00 '\@jane' x
says 'a slash is no verb here' 14:00:00 sam '/ack x' log /ack x
says 'behind -- there are no prefixes' 14:00:00 sam '13:00 @jane x' log -- 13:00 @jane x
says 'and no options' 14:00:00 sam '--json x' log -- --json x
says 'those before -- count' 13:00:00 sam '-5m x' log 13:00 -- -5m x
says 'and no signs' 14:00:00 sam '- x' log -- - x
says 'the second -- is text' 14:00:00 sam '-- x' log -- -- x

# ---- quoted, joined
says 'an argument with white space is text' 14:00:00 sam '13:00 pool full' log '13:00 pool full'
says 'even one that begins with -' 14:00:00 sam '- not an option' log '- not an option'
says 'also -q x' 14:00:00 sam '-q x' log '-q x'
says 'words are joined by single spaces' 14:00:00 sam 'a b c' log a b c
says 'white space within one stays' 14:00:00 sam 'a  b c' log 'a  b' c
says 'white space around it goes' 14:00:00 sam 'a b' log '  a b  '
says 'an empty word in front is nothing' 14:00:00 sam x log '' x
run tplus --json -q log 'first
second
third'
e=$(printf '%s\n' "$out" | jq -r .id)
json 'lines make one event with detail' ".events[] | select(.id == \"$e\") | .text == \"first\" and .detail == [\"second\", \"third\"]" \
    "$(tplus show --json)"

# ---- options
run tplus log -q --json x
json 'options before the first word' '.kind == "note"' "$out"
is 'and they count' '' "$err"
says 'options behind the first word are text' 14:00:00 sam 'x --json -q' log x --json -q
says 'also behind a word that begins with a digit' 14:00:00 sam '5xx --json' log 5xx --json
says 'also behind one that begins like an actor' 14:00:00 sam '@ -q' log @ -q
says 'an unknown one, too' 14:00:00 sam 'rm -rf tmp' log rm -rf tmp
run tplus log 13:00 @jane --json -q x
json 'between prefixes and text they are options' '.occurred_at == "2026-02-05T13:00:00Z"' "$out"
run tplus log 2026-02-05 13:00 --json -q x
json 'behind a time of two words, too' '.occurred_at == "2026-02-05T13:00:00Z"' "$out"
refused 'an unknown option is refused' 'no option --frob.*behind "--"' log --frob x
refused 'a near one is named' 'did you mean --json' --jsn list
refused 'an option without its value' '--at needs a value' log --at
refused 'an empty value' '--at is empty' log --at '' x
refused 'a value that is none of its business' 'takes no value' list -qx
run tplus list --json
json 'others take options behind' '.id == "INC-2026-0001"' "$out"
run tplus --json list
json 'and before' '.id == "INC-2026-0001"' "$out"
run tplus tail -n2 --json
is 'a value may be glued' 2 "$(printf '%s\n' "$out" | grep -c .)"
run tplus tail --lines=3 --json
is 'or follow =' 3 "$(printf '%s\n' "$out" | grep -c .)"
run tplus show 1 --json
json 'behind an operand' '.id == "INC-2026-0001"' "$out"
e=$(tplus --json -q log late | jq -r .id)
ok 'retime takes -5m' tplus -q retime "$e" -5m
json 'five minutes before now' ".events[] | select(.id == \"$e\") | .occurred_at == \"2026-02-05T13:55:00Z\"" "$(tplus show --json)"

# ---- --at
says '--at is when' 13:10:00 sam x log --at 13:10 x
says '--at takes all forms' 2026-02-04T23:50:00Z sam x log --at 'yesterday 23:50' x
says '--at before the verb' 13:55:00 sam x --at -5m log x
refused '--at and a prefix' 'given twice' log --at 13:00 13:10 x
refused 'also for a milestone' 'given twice' ack --at 13:00 -5m
refused '--at that is none' 'is no time' log --at soon x
refused '--at with more than a time' 'more than a time' log --at '13:00 x' y

# ---- no text
refused 'log needs text' 'missing' log
refused 'a time alone is none' 'missing' log 13:00
refused 'nor an actor' 'missing' log @jane
refused 'nor a sign' 'missing' log +
refused 'nor white space' 'missing' log '  '
ok 'a milestone needs none' tplus -q detected
says 'not even with a time' 13:01:00 sam '' identified 13:01

# ---- written up afterwards: the first such time not before the previous event
at 2026-02-08T09:00:00Z
ok 'another incident' tplus -q open 'Mail late' --at '2026-02-05 22:00'
export TPLUS_INCIDENT=INC-2026-0002
says 'a date starts it' 2026-02-05T23:50:00Z sam x log 2026-02-05 23:50 x
says 'times go on from there' 2026-02-05T23:55:00Z sam x log 23:55 x
says 'over midnight' 2026-02-06T00:10:00Z sam x log 00:10 x
says 'the same minute again' 2026-02-06T00:10:00Z sam y log 00:10 y
says 'and the day after' 2026-02-07T00:05:00Z sam y log 00:05 y

finish
