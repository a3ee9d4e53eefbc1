#!/bin/sh
# The promise: the live screen says "saved" of nothing that is not on disk, gives the text back when it could not be saved,
# saves it once when trying again helps, waits for writers that are stopped while keys are still drawn, and puts right what
# a dead writer left.
. "${top_srcdir:-.}/tests/fault/lib.sh"
driver=${top_builddir:-$top_srcdir/build}/tests/screen/screen_test

flow() { # NAME; the flow on standard input
    cat >"$T/work/this.flow"
    run env -u TPLUS_CLOCK UV_THREADPOOL_SIZE=1 "$driver" "$T/work/this.flow"
    if [ "$rc" -eq 0 ]; then pass "$1"; else flunk "$1" "$out"; fi
}

begin='run tplus -q open "Checkout 5xx" -s 2
run tplus -q log "an early line"'
# How often a line is there, as the verbs see it.
times='tplus show --json | jq "[.events[] | select(.text == \"typed here\")] | length"'

# A sync fails: the line is tried again from the start, and is synced before it shows as saved.
for n in 1 2 3 4 5; do
    flow "the screen's sync number $n fails once" <<IN
$begin
start strace -f -y -qq -o trace -e trace=fdatasync -e inject=fdatasync:error=EIO:when=$n tplus
wait "an early line"
keys "typed here" Enter
wait "saved · "
run test "\$($times)" = 1
run awk '/INJECTED/ { hit = 1; good = 0 } !/INJECTED/ { good++ } END { exit !(hit && good >= 3) }' trace
keys F10
exit 0
run tplus verify
IN
done

for fault in fdatasync:error=EIO pwrite64:error=EIO pwrite64:error=ENOSPC; do
    flow "the screen, $fault from then on: the text comes back" <<IN
$begin
start strace -f -qq -o trace -e trace=${fault%%:*} -e inject=$fault:when=1+ tplus
wait "an early line"
keys "typed here" Enter
wait "disk"
wait "› typed here"
absent "saved ·"
run test "\$($times)" = 0
run tplus verify
keys F10
exit 0
IN
done

# Writers stopped while they hold the lock, or the whole file.
for file in tplus.db-journal tplus.db; do
    flow "the screen while another writer is stopped at $file" <<IN
$begin
start
wait "an early line"
run strace -f -P \$XDG_DATA_HOME/tplus/$file -qq -o stopped -e trace=pwrite64 -e inject=pwrite64:signal=STOP:when=2 tplus -q log "the stopped one" >/dev/null 2>&1 & until grep -q "stopped by SIGSTOP" stopped; do sleep 0.02; done
keys "typed here" Enter
wait "pending" row 24
keys "and keys are drawn"
wait "› and keys are drawn" row 23
absent "saved · "
run kill -CONT \$(awk '/SIGSTOP/ {print \$1; exit}' stopped)
wait "saved · "
wait "the stopped one"
run test "\$($times)" = 1
keys Ctrl-U F10
exit 0
run tplus verify
IN
done

# A writer that died in mid-commit, before the screen starts and while it is up.
dies='strace -f -P $XDG_DATA_HOME/tplus/tplus.db -qq -o died -e trace=pwrite64 -e inject=pwrite64:signal=KILL:when=2 tplus -q log "never saved"'
flow 'the screen starts on the journal of a dead writer' <<IN
$begin
fail 137 $dies
start
wait "an early line"
absent "never saved"
keys "typed here" Enter
wait "saved · "
run test "\$($times)" = 1
run tplus verify
keys F10
exit 0
IN
flow 'a writer dies while the screen is up' <<IN
$begin
start
wait "an early line"
fail 137 $dies
keys "typed here" Enter
wait "saved · "
absent "never saved"
run test "\$($times)" = 1
run tplus verify
keys F10
exit 0
IN
flow 'a writer dies, and nobody types: the screen goes on showing what others write' <<IN
$begin
start
wait "an early line"
fail 137 $dies
run tplus -q log "from elsewhere"
wait "from elsewhere"
absent "never saved"
keys F10
exit 0
IN

# The file is taken away, or becomes another, under the screen.
flow 'the database is removed under the screen' <<IN
$begin
start
wait "an early line"
run rm -f \$XDG_DATA_HOME/tplus/tplus.db*
keys "typed here" Enter
wait "is gone"
wait "› typed here"
absent "saved · "
signal TERM
exit 0
IN
flow 'the database becomes another program'"'"'s under the screen' <<IN
$begin
start
wait "an early line"
run cd \$XDG_DATA_HOME/tplus && sqlite3 new.db "CREATE TABLE t(a)" && mv -f new.db tplus.db && rm -f tplus.db-journal
keys "typed here" Enter
wait "another program"
wait "› typed here"
absent "saved · "
signal TERM
exit 0
IN
finish
