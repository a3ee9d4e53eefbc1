#!/bin/sh
# What people get wrong, and what they are told: times, clock changes, hostile text. Nothing is lost, nothing raw is printed.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

refused() {
    _case=$1 _ere=$2
    shift 2
    run tplus "$@"
    match "$_case" "^2 tplus: .*$_ere" "$rc $err"
}

tplus -q open x >/dev/null

# ---- times: what was understood
refused 'hours' '"24:30" reads as a clock time, but hours go from 0 to 23: write 14:32, ' log 24:30 x
refused 'midnight' 'midnight is 00:00 of the next day' log 24:00 x
refused 'minutes' '"12:60" .*minutes go from 00 to 59' log 12:60 x
refused 'seconds' 'seconds go from 00 to 59' log 12:30:61 x
refused 'pm' '"13:00pm" .*with am or pm hours go from 1 to 12' log 13:00pm x
refused 'a day' '"2026-02-30 10:00" reads as a date and a clock time, but 2026-02 has 28 days' log 2026-02-30 10:00 x
refused 'the same in one argument' '2026-02 has 28 days' log '2026-02-30 10:00' x
refused 'a leap day that is none' '2026-02 has 28 days' log '2026-02-29 10:00' x
refused 'a month' 'months go from 01 to 12' log 2026-13-01 10:00 x
refused 'an offset' 'offsets go from -12:00 to \+14:00' log 2026-02-05T10:00:00+19:00 x
refused 'yesterday' 'a clock time yesterday, but hours' log yesterday 25:00 x
refused 'a span' 'a time before now, but its units do not fall' log -5m1h x
refused 'too vague' 'no time is that vague' log '~12:00±400d' x
refused 'ever so long ago' 'over 100 years' log -99999d x
refused 'for a milestone' 'hours go from' ack 99:99
refused '--at' 'hours go from' log --at 99:99 x
is 'nothing was logged' 0 "$(tplus show --json | jq '.events | length')"
for text in 14:32ish 2026-02-05-notes 5xx 10.0.0.1 14:32/14:35 3/4 1:2:3:4 -5x; do
    run tplus --json -q log "$text" x
    json "no time: $text" '.occurred_at == "2026-02-05T14:00:00Z"' "$out"
done

# ---- clock changes
ok 'in Berlin' tplus -q open y --zone Europe/Berlin
export TPLUS_INCIDENT=2
at 2026-10-25T12:00:00Z
refused 'a time there was twice' \
    '02:30:00 was there twice.* in Europe/Berlin: write 2026-10-25 02:30:00\+02:00 or 2026-10-25 02:30:00\+01:00$' log 02:30 x
run tplus --json -q log '2026-10-25 02:30:00+02:00' x
json 'the first reading' '.occurred_at == "2026-10-25T00:30:00Z"' "$out"
run tplus --json -q log 2026-10-25 02:30:00+01:00 x
json 'the second' '.occurred_at == "2026-10-25T01:30:00Z"' "$out"
e=$(printf '%s\n' "$out" | jq -r .id)
refused 'the same for --at' 'was there twice' log --at 02:30 x
refused 'for retime' 'was there twice' retime "$e" 02:30
refused 'for open' 'was there twice' open z --zone Europe/Berlin --at '2026-10-25 02:30'
refused 'for a milestone' 'was there twice' resolved 02:30
run tplus --json -q log '~03:30' x
json 'an hour later it is plain' '.occurred_at == "2026-10-25T02:30:00Z"' "$out"
at 2026-03-29T12:00:00Z
refused 'a time that never was' \
    '02:30:00 never was.* in Europe/Berlin: write 2026-03-29 01:30:00\+01:00 or 2026-03-29 03:30:00\+02:00$' log '2026-03-29 02:30' x
run tplus --json -q log '2026-03-29 03:30:00+02:00' x
json 'a reading it names' '.occurred_at == "2026-03-29T01:30:00Z"' "$out"
run tplus --json -q --zone UTC log '2026-03-29 02:30' x
json 'in another zone it is plain' '.occurred_at == "2026-03-29T02:30:00Z"' "$out"
refused 'a zone that is none' 'no time zone is named "Berlin/Europe"' log --zone Berlin/Europe x
unset TPLUS_INCIDENT

# ---- hostile text
fresh
at 2026-02-05T14:00:00Z
evil=$(printf 'a\033[2Jb\007c\177d\302\233e\342\200\256f\342\200\213g\rh')
shown='a<U\+001B>\[2Jb<U\+0007>c<U\+007F>d<U\+009B>e<U\+202E>f<U\+200B>g<U\+000D>h'
raw=$(printf '\033|\007|\177|\302\233|\342\200\256|\342\200\213|\r')
who=$(printf 'a\033[2Jb\007\302\233\342\200\256f') # no white space in it
tplus -q open "$evil" --id "$(printf 'I\342\200\256D')" >/dev/null
tplus -q log "@$who" -- "$evil" >/dev/null
tplus -q detail -- "$evil" >/dev/null
tplus -q role "$evil" "$evil" >/dev/null
tplus -q action fix "$evil" "@$who" "ref:$who" >/dev/null
tplus -q ask "@$who" "$who" 5m >/dev/null
tplus -q hypothesis -- "$evil" >/dev/null
tplus -q good -- "$evil" >/dev/null
e=$(tplus --json -q log "$evil" | jq -r .id)
tplus -q strike "$e" "$evil" >/dev/null
for args in list show status brief tail history export 'show --json' 'export -f json' 'list --json' 'history --json'; do
    # shellcheck disable=SC2086 # words
    run tplus $args
    is "$args works" 0 "$rc"
    nomatch "$args prints nothing raw" "$raw" "$out$err"
done
run tplus list
match 'but its name' "$shown" "$out"
run tplus log x
match 'on standard error, too' "^tplus: log: I<U\\+202E>D $shown" "$err"
evil=$who
for args in "frob$evil" "show $evil" "log --$evil x" "sev $evil" "help $evil" "export -t $evil" "export -f $evil" "edit $evil x" "--db $evil list" \
    "log --zone $evil x" "log --at $evil x" "answer $evil" "due AI-1 $evil" "--db nosuch$evil log x" "export -o no/such/$evil"; do
    # shellcheck disable=SC2086 # words
    run tplus $args
    isnt "refused: $(printf '%.12s' "$args" | tr -dc 'a-z -')" 0 "$rc"
    nomatch 'and quoted so that it is harmless' "$raw" "$out$err"
    match 'in one line' '<U\+00' "$err"
done

# ---- bytes
fresh
tplus -q open x >/dev/null
latin=$(printf 'caf\351 \300\200 \355\240\200')
ok 'bytes that are no UTF-8' tplus -q log -- "$latin"
run tplus tail
match 'are shown as bytes' 'caf<E9> <C0><80> <ED><A0><80>' "$out"
is 'and kept in the store' "$(printf %s "$latin" | od -An -tx1)" \
    "$(sqlite3 "$(data)" "select hex(text) from event" | sed 's/../& /g' | tr A-F a-f | sed 's/^/ /; s/ $//')"
tplus export -f json | tplus --db copy.db -q import - >/dev/null
is 'and on the way to another' "$(sqlite3 "$(data)" 'select hex(text) from event')" "$(sqlite3 copy.db 'select hex(text) from event')"
ok 'emoji and joiners' tplus -q log -- "$(printf '\360\237\221\251\342\200\215\360\237\222\273 ok')"
run tplus tail -n 1
match 'pass' "$(printf '\360\237\221\251\342\200\215\360\237\222\273') ok" "$out"
long=$(head -c 100000 /dev/zero | tr '\000' y)
ok 'a long argument' tplus -q log "$long"
is 'is whole' 100000 "$(tplus tail -n 1 --json | jq '.text | length')"
run tplus "$long"
if [ "$rc" -eq 2 ] && [ "${#err}" -lt 2000 ]; then pass 'a long verb makes a short message'; else flunk 'a long verb makes a short message' "$rc ${#err}"; fi

# ---- other places
for term in '' dumb nosuchterminal; do
    ok "TERM=$term" env TERM="$term" "$TPLUS" show
done
ok 'no TERM' env -u TERM "$TPLUS" show
ok 'the C locale' env LC_ALL=C "$TPLUS" show
ok 'a locale that is not there' env LC_ALL=xx_YY.UTF-8 "$TPLUS" show
ok 'a strange TZ' env TZ=Nowhere/Land "$TPLUS" -q log x
ok 'no login name' env -u TPLUS_USER -u LOGNAME -u USER "$TPLUS" -q log x
refused 'an author that is none' '--as is empty' --as '' log x
finish
