#!/bin/sh
# The harness tests itself: what it must notice, and what it must leave alone.
. "${top_srcdir:-.}/tests/cli/lib.sh"

# Runs a test file of its own, written on standard input.
inner() {
    cat >inner.sh
    # The inner file's failures must not count as ours: its report goes into $out.
    run env -u T TMPDIR="$T/tmp" sh -c '. "$top_srcdir/tests/cli/lib.sh"; . "$1"' inner "$PWD/inner.sh"
}

is 'the clock stands where it was put' 1770300000000000 "$(cut -d ' ' -f 1 "$TPLUS_CLOCK")"
at 2026-02-05T14:23:12.5Z
is 'a time with a fraction' 1770301392500000 "$(cut -d ' ' -f 1 "$TPLUS_CLOCK")"
is 'the boot clock moves along' 4992500000 "$(cut -d ' ' -f 2 "$TPLUS_CLOCK")"
advance 7.25
is 'advance moves both' '1770301399750000 4999750000' "$(cat "$TPLUS_CLOCK")"
step -3600
is 'step moves the wall clock' '1770297799750000 4999750000' "$(cat "$TPLUS_CLOCK")"
at 2026-01-01T00:00:00+02:00
is 'at may go back, the boot clock may not' '1767218400000000 4999750000' "$(cat "$TPLUS_CLOCK")"
is 'now' 2025-12-31T22:00:00Z "$(now)"

is 'a home of its own' "$T/home" "$HOME"
is 'work happens in it' "$T/work" "$PWD"
status 3 sh -c 'echo words; echo more >&2; exit 3'
is 'output is kept' words "$out"
is 'messages are kept' more "$err"
ok 'standard input passes' cat <<IN
line
IN
is 'and arrives' line "$out"

inner <<'IN'
ok 'a' true; is 'b' 1 1; isnt 'c' 1 2; match 'd' '^x+$' 'ab
xx'; nomatch 'e' z xx; json 'f' '.a == 1' '{"a": 1}'; status 1 false; finish
IN
is 'good cases pass' 0 "$rc"
match 'and are counted' '^1\.\.7$' "$out"
nomatch 'none fails' '^not ok' "$out"

inner <<'IN'
ok 'a' false; is 'b' 1 2; isnt 'c' 1 1; match 'd' '^x$' xx; nomatch 'e' x xx; json 'f' '.a == 2' '{"a": 1}'; json 'g' . 'no json'
status 0 false; flunk 'i' why; finish
IN
is 'bad cases fail' 1 "$rc"
is 'every one of them' 9 "$(printf '%s\n' "$out" | grep -c '^not ok')"

inner <<'IN'
ok 'a' true
exit 0
IN
is 'a file that ends early fails' 1 "$rc"
match 'and says so' '^not ok 2 - the file ended before finish' "$out"

inner <<'IN'
ok 'a' true; echo "$no_such_variable"; finish
IN
isnt 'an unset variable ends the file' 0 "$rc"

is 'nothing is left behind' '' "$(ls "$T/tmp")"
finish
