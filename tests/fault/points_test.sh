#!/bin/sh
# The promise: whatever happens at any write, sync, cut or removal of a file in the middle of a verb, afterwards either
# the whole verb is in the store or nothing of it; the store opens at once and verifies; what was acknowledged is there.
# Every such system call of every verb below is struck once by kill -9, and by faults of the disk.
. "${top_srcdir:-.}/tests/fault/lib.sh"

# The other file, to import from.
ok 'another file' tplus --db other.db open 'Search is slow' -s 3
ok 'with a line' tplus --db other.db -q log 'from the other file'
ok 'its export' tplus --db other.db -q export -f json -o other.json

ok 'open' tplus open 'Checkout 5xx' -s 2
run tplus -q log 'the password is hunter2'
secret=$out
ok 'detail' tplus -q detail 'more words'
ok 'role' tplus -q role IC sam
incident=$(tplus list --json | jq -r .id)
TPLUS_INCIDENT=$incident
export TPLUS_INCIDENT
keep

# Killed. SQLite writes with pwrite64, syncs with fdatasync; the answer itself is the write.
for call in pwrite64 fdatasync write; do
    enumerate "log, killed at a $call" $call signal=KILL killed tplus log 'one more line'
    enumerate "role, killed at a $call" $call signal=KILL killed tplus role IC jane
    enumerate "redact, killed at a $call" $call signal=KILL killed tplus redact "$secret" 'a secret'
    enumerate "import, killed at a $call" $call signal=KILL killed tplus import other.json
done
enumerate 'redact, killed when it cuts the journal' ftruncate signal=KILL killed tplus redact "$secret" 'a secret'

# The disk fails: once, or from then on.
enumerate 'log, one fdatasync fails' fdatasync error=EIO never_claimed tplus log 'one more line'
enumerate 'role, one fdatasync fails' fdatasync error=EIO never_claimed tplus role IC jane
enumerate 'import, one fdatasync fails' fdatasync error=EIO never_claimed tplus import other.json
enumerate 'redact, one fdatasync fails' fdatasync error=EIO reported tplus redact "$secret" 'a secret'
enumerate 'log, syncs fail from then on' fdatasync error=EIO never_claimed + tplus log 'one more line'
some 'log, one write fails' pwrite64 error=EIO never_claimed tplus log 'one more line'
some 'log, writes fail from then on' pwrite64 error=EIO never_claimed + tplus log 'one more line'
some 'role, writes fail from then on' pwrite64 error=EIO never_claimed + tplus role IC jane
enumerate 'redact, cutting the journal fails' ftruncate error=EIO reported tplus redact "$secret" 'a secret'
some 'log, one read fails' pread64 error=EIO reported tplus log 'one more line'

# Several lines are one transaction.
printf 'one\ntwo\nthree\n' >lines
enumerate 'log -, killed at a pwrite64' pwrite64 signal=KILL killed sh -c 'exec tplus log - <lines'
enumerate 'log -, one fdatasync fails' fdatasync error=EIO never_claimed sh -c 'exec tplus log - <lines'

# The disk is full from then on.
enumerate 'log, the disk full' pwrite64 error=ENOSPC out_of_space + tplus log 'one more line'
some 'role, the disk full' pwrite64 error=ENOSPC out_of_space + tplus role IC jane
some 'import, the disk full' pwrite64 error=ENOSPC out_of_space + tplus import other.json

# The first incident: the file is made, its schema too.
unset TPLUS_INCIDENT
fresh
keep
for call in pwrite64 fdatasync write; do
    enumerate "the first open, killed at a $call" $call signal=KILL killed tplus open 'Checkout 5xx'
done
enumerate 'the first open, one sync fails' fdatasync error=EIO never_claimed tplus open 'Checkout 5xx'
some 'the first open, the disk full' pwrite64 error=ENOSPC out_of_space + tplus open 'Checkout 5xx'
strike pwrite64 signal=KILL:when=30 tplus open 'Checkout 5xx' 2>"$T/noise"
ok 'after it the store opens at once' tplus open 'Checkout 5xx'
ok 'and takes lines' tplus log 'a line'
ok 'and verifies' tplus verify
finish
