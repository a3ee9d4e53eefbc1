#!/bin/sh
# What the flow driver must refuse or notice, so that no flow passes by accident. The good side is driver.flow.
. "${top_srcdir:-.}/tests/cli/lib.sh"

driver=${top_builddir:-$top_srcdir/build}/tests/screen/screen_test
FLOW_DEADLINE=1
export FLOW_DEADLINE

# The flow on standard input must fail, saying this.
bad() { # NAME LINE ERE
    cat >"$T/work/bad.flow"
    run "$driver" "$T/work/bad.flow"
    is "$1: fails" 1 "$rc"
    match "$1: says where" "bad\\.flow:$2:" "$out"
    match "$1: says why" "^#   .*$3" "$out"
    match "$1: not ok" '^not ok 1 - bad.flow$' "$out"
}

bad 'unknown command' 1 'unknown command: frob' <<IN
frob
IN
bad 'missing words' 1 'write wait' <<IN
wait
IN
bad 'string without end' 2 'a string without end' <<IN
start cat
keys "abc
IN
bad 'unknown key' 2 'no such key: F99' <<IN
start cat
keys F99
IN
bad 'nothing started' 1 'no program was started' <<IN
wait "x"
IN
bad 'command fails' 1 'status 1, expected 0' <<IN
run false
IN
bad 'command succeeds' 1 'status 0, expected 1' <<IN
fail 1 true
IN
bad 'wait' 2 'not on the screen: "x"' <<IN
start cat
wait "x"
IN
bad 'wait in another row' 3 'not on the screen' <<IN
start sh -c 'echo here; cat'
wait "here" row 1
wait "here" row 2
IN
bad 'absent' 3 'still on the screen' <<IN
start sh -c 'echo here; cat'
wait "here"
absent "here"
IN
bad 'row' 3 'row 1 differs' <<IN
start sh -c 'echo here; cat'
wait "here"
row 1 "her"
IN
bad 'attribute' 3 'row 1 column 1 is not bold' <<IN
start sh -c 'echo here; cat'
wait "here"
attr 1 1 bold
IN
bad 'cursor' 3 'the cursor is at row 1 column 5' <<IN
start sh -c 'printf here; cat'
wait "here"
cursor 1 4
IN
bad 'screen: another row' 2 'the screen differs, first at row 2' <<IN
start sh -c 'echo one; echo two; cat'
screen
| one
| three
end
IN
bad 'screen: more rows than described' 3 'the screen differs, first at row 2' <<IN
start sh -c 'echo one; echo two; cat'
wait "two"
screen
| one
end
IN
bad 'screen: regular expression' 2 'the screen differs, first at row 1' <<IN
start sh -c 'echo one; cat'
screen
~ ^o.$
end
IN
bad 'too many bytes' 3 '3 bytes since the mark, expected at most 2' <<IN
start sh -c 'printf one; cat'
wait "one"
atmost bytes 2
IN
bad 'bytes not written' 2 'has not written it' <<IN
start cat
wrote "x"
IN
bad 'bytes written' 3 'has written it' <<IN
start sh -c 'printf one; cat'
wait "one"
unwritten "ne"
IN
bad 'another status' 2 'status 4, expected 3' <<IN
start sh -c 'exit 4'
exit 3
IN
bad 'another signal' 2 'status 137, expected signal TERM' <<IN
start sh -c 'kill -KILL \$\$'
exit TERM
IN
bad 'still running' 2 'the program has not ended' <<IN
start cat
exit 0
IN
bad 'not stopped' 2 'was not stopped' <<IN
start cat
stopped
IN
bad 'two programs at once' 2 'still running' <<IN
start cat
start cat
IN
status 1 "$driver" "$T/work/no-such.flow"
is 'nothing is left behind' '' "$(ls "$TMPDIR")"
finish
