# tests/fault/lib.sh - what the fault tests share, on top of tests/cli/lib.sh. POSIX sh.
#
#     keep / restore             remembers the database ($db), and puts it back byte for byte into the same inode (a copy
#                                with another inode would be another host)
#     shape                      prints what is in the database, as counts; "nothing" when there is none
#     strike CALL FAULT CMD...   run (see tests/cli/lib.sh) under strace: FAULT is what its -e inject= takes, such as
#                                signal=KILL:when=3 or error=EIO:when=2+. pread64 means reads of the database's files
#     struck                     true when the last strike hit something
#     seed                       this run's random number; printed once, FAULT_SEED repeats it
#     enumerate NAME CALL FAULT RULE [+] CMD...   one case: CMD is run once for each N, with FAULT at its Nth CALL (+: and all
#                                later ones), until N is beyond its last. Each time, from the same database, RULE must be true
#                                and afterwards the journal must verify and hold CMD's work whole or not at all
#                                With the sanitizers, which are slow, every fifth N unless FAULT_ROUNDS asks for more
#     some NAME ...              the same with every fifth N in every build
#     until_true CMD...          waits for a condition, 30 s at most
#
# FAULT_ROUNDS is how much longer than usual the random tests are to run: 1 is make check.

. "${top_srcdir:-.}/tests/cli/lib.sh"

db=$(data)
FAULT_ROUNDS=${FAULT_ROUNDS:-1}
# LeakSanitizer cannot work under ptrace; and a sanitizer's report must not pass for a documented status.
ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0:exitcode=99"
UBSAN_OPTIONS="${UBSAN_OPTIONS:+$UBSAN_OPTIONS:}exitcode=99"
export ASAN_OPTIONS UBSAN_OPTIONS

seed() {
    if [ -z "${FAULT_SEED-}" ]; then
        FAULT_SEED=$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')
    fi
    export FAULT_SEED
    echo "# FAULT_SEED=$FAULT_SEED"
}

keep() {
    rm -rf "$T/kept"
    mkdir "$T/kept"
    for _file in "$db"*; do
        [ ! -e "$_file" ] || cp "$_file" "$T/kept/"
    done
}

restore() {
    for _file in "$db"*; do
        [ ! -e "$_file" ] || [ -e "$T/kept/${_file##*/}" ] || rm -f "$_file"
    done
    [ ! -e "$T/kept/${db##*/}" ] || cp "$T/kept"/* "${db%/*}/" # over what is there: the inode stays
}

shape() {
    _shape=''
    [ ! -s "$db" ] || _shape=$(sqlite3 "$db" "SELECT 'ops ' || (SELECT count(*) || ' bodies ' || count(body) FROM op) ||
        ' incidents ' || (SELECT count(*) FROM incident) ||
        ' events ' || (SELECT count(*) || ' hidden ' || total(hidden) FROM event) ||
        ' responders ' || (SELECT count(*) || ' left ' || count(left_at) FROM responder) ||
        ' redacted ' || (SELECT count(*) FROM event WHERE text = '[redacted]')" 2>/dev/null)
    case $_shape in
    '' | 'ops 0 '*) echo nothing ;;
    *) printf '%s\n' "$_shape" ;;
    esac
}

# strace cannot inject signals under --seccomp-bpf, nor look at paths only; it is twice as fast otherwise.
strike() {
    _call=$1 _fault=$2
    shift 2
    case $_call:$_fault in
    pread64:*) run strace -f -P "$db" -P "$db-journal" -P "$db-wal" -y -qq -o "$T/trace" -e "trace=$_call" -e "inject=$_call:$_fault" "$@" ;;
    *:signal*) run strace -f -y -qq -o "$T/trace" -e "trace=$_call" -e "inject=$_call:$_fault" "$@" ;;
    *) run strace -f --seccomp-bpf -y -qq -o "$T/trace" -e "trace=$_call" -e "inject=$_call:$_fault" "$@" ;;
    esac
}

struck() {
    [ "$rc" -eq 137 ] || grep -q INJECTED "$T/trace"
}

until_true() {
    _tries=0
    until "$@"; do
        _tries=$((_tries + 1))
        [ "$_tries" -lt 600 ] || return 1
        sleep 0.05
    done
}

# What each fault must look like to the person who typed the command. They look at $rc, $out and $err.
killed() {
    [ "$rc" -eq 137 ]
}

# Reported, with a message of three parts; or overcome.
reported() {
    case $rc in
    0) true ;;
    3) printf '%s\n' "$err" | grep -Eq '^tplus: [a-z]+: .+: .+' ;;
    *) false ;;
    esac
}

# SQLite pays no attention to a failing sync of the directory: the journal's name has been there since the first commit.
never_claimed() {
    grep -E 'INJECTED' "$T/trace" | grep -Eqv 'fdatasync\([0-9]+<[^>]*/tplus>' || return 0
    [ "$rc" -eq 3 ] && [ -z "$out" ] && reported
}

out_of_space() {
    [ "$rc" -eq 3 ] && [ -z "$out" ] && printf '%s\n' "$err" | grep -Eq '^tplus: [a-z]+: .+(full|space|No space)'
}

_verdict() { # RULE, and $before, $after, $rc, $out, $err
    _said="status $rc, output '$out', message '$err'"
    "$1" || printf '%s: %s\n' "$1" "$_said"
    _out=$out
    run tplus verify
    [ "$rc" -eq 0 ] || [ "$before" = nothing ] || printf 'verify: status %s: %s (%s)\n' "$rc" "$err" "$_said"
    _got=$(shape)
    if [ "$_got" = "$before" ]; then
        [ -z "$_out" ] || printf 'it said "%s", but nothing was written\n' "$_out"
    elif [ "$1" = out_of_space ]; then
        printf 'it said that nothing was saved, but it was: %s\n' "$_got"
    elif [ "$_got" != "$after" ]; then
        printf 'half of it is there: %s\n  before: %s\n  after: %s\n' "$_got" "$before" "$after"
    fi
}

_usual=1
[ "${SANITIZERS-no}" = no ] || _usual=5
_step=$_usual

some() {
    _step=5
    enumerate "$@"
    _step=$_usual
}

enumerate() {
    _name=$1 _on=$2 _what=$3 _rule=$4 _when=''
    shift 4
    [ "$1" != + ] || { _when=+ && shift; }
    restore
    before=$(shape)
    run "$@"
    after=$(shape)
    n=1 _points=0 _bad=''
    [ "$FAULT_ROUNDS" -eq 1 ] || _step=1
    [ "$rc" -eq 0 ] && [ "$before" != "$after" ] || _bad="without a fault: status $rc: $err"
    while [ -z "$_bad" ] && [ "$n" -lt 2000 ]; do
        restore
        strike "$_on" "$_what:when=$n$_when" "$@"
        struck || break
        _why=$(_verdict "$_rule")
        [ -z "$_why" ] || _bad="at $_on $n: $_why"
        n=$((n + _step)) _points=$((_points + 1))
    done 2>"$T/noise" # the shell's "Killed"
    if [ -z "$_bad" ] && [ "$_points" -gt 0 ]; then pass "$_name ($_points points)"; else flunk "$_name" "${_bad:-never reached}"; fi
    restore
}
