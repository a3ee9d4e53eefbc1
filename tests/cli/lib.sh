# tests/cli/lib.sh - the harness of the shell tests (cli, fault, sim). POSIX sh; source it first, call finish last:
#
#     . "${top_srcdir:-.}/tests/cli/lib.sh"
#     at 2026-02-05T14:23:12Z
#     ok     'open works'            tplus open 'Checkout 5xx' -s 2
#     status 2                       tplus frobnicate
#     match  'it names the nearest'  'did you mean' "$err"
#     run tplus show --json
#     json   'one event'             '.events | length == 1' "$out"
#     finish
#
# Each file runs in a private directory ($T, the working directory is $T/work) that is removed at the end, with HOME,
# XDG_DATA_HOME, XDG_CONFIG_HOME and TMPDIR in it, TPLUS_USER=sam and the test clock (TPLUS_CLOCK) standing still at
# 2026-02-05T14:00:00Z. `tplus` is the one just built. Started by hand: from the top of the tree, with TPLUS=/path/to/tplus
# (default: build/tplus).
#
# Every function below that takes a NAME is one case and prints a TAP line; a failed one prints why. They never end the
# file.
#
#     run CMD...                 runs it: standard output in $out, standard error in $err (trailing newlines gone), status in
#                                $rc. The bytes themselves are in $T/out and $T/err. Standard input is the caller's, else
#                                empty
#     ok NAME CMD...             exit status 0
#     status N CMD...            exit status N; the case is named after the command
#     is NAME EXPECTED ACTUAL    equal strings
#     isnt NAME OTHER ACTUAL     different strings
#     match NAME ERE TEXT        some line of TEXT matches
#     nomatch NAME ERE TEXT      no line of TEXT matches
#     json NAME FILTER TEXT      jq -e FILTER is true for the JSON document(s) in TEXT
#     pass NAME / flunk NAME [WHY...]   for a condition the file has found out by itself
#
#     at RFC3339                 sets the clock (the boot clock moves with it, but never back)
#     advance SECONDS            moves both clocks; a fraction is fine
#     step SECONDS               moves the wall clock alone, as somebody who sets the system's time
#     now                        prints the clock as RFC 3339, whole seconds
#     fresh                      an empty home, data and configuration directory
#     data                       prints the database's path
#     finish                     prints the plan; a file that ends without it has failed

set -u
top_srcdir=$(cd "${top_srcdir:-.}" && pwd)
TPLUS=${TPLUS:-$top_srcdir/build/tplus}
T=$(mktemp -d "${TMPDIR:-/tmp}/tplus-test.XXXXXX") || exit 99
T=$(cd "$T" && pwd -P)
cases=0 failures=0 finished=false boot=3600000000 wall=0
out='' err='' rc=0

export top_srcdir TPLUS T
export HOME="$T/home" XDG_DATA_HOME="$T/data" XDG_CONFIG_HOME="$T/config" TMPDIR="$T/tmp"
export TPLUS_USER=sam TPLUS_CLOCK="$T/clock" LC_ALL="${LC_ALL:-C.UTF-8}" TZ="${TZ:-UTC}"
export PATH="${TPLUS%/*}:$PATH"
unset TPLUS_DB TPLUS_INCIDENT LINES COLUMNS NO_COLOR VISUAL EDITOR XDG_STATE_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR
umask 022

# shellcheck disable=SC2329 # called by the trap
_end() {
    _rc=$?
    trap - EXIT
    cd / && chmod -R u+rwX "$T" 2>/dev/null
    rm -rf "$T"
    if ! $finished; then
        echo "not ok $((cases + 1)) - the file ended before finish (status $_rc)"
        exit 1
    fi
    [ "$failures" -eq 0 ] && exit 0
    exit 1
}
trap _end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

pass() {
    cases=$((cases + 1))
    printf 'ok %d - %s\n' "$cases" "$1"
}

flunk() {
    cases=$((cases + 1)) failures=$((failures + 1))
    printf 'not ok %d - %s\n' "$cases" "$1"
    shift
    [ $# -eq 0 ] || printf '%s\n' "$@" | sed 's/^/#   /'
}

run() {
    if [ -t 0 ]; then
        "$@" >"$T/out" 2>"$T/err" </dev/null
    else
        "$@" >"$T/out" 2>"$T/err"
    fi
    rc=$?
    # A NUL byte would make the shell complain; look at the files when bytes matter.
    out=$(tr -d '\000' <"$T/out") err=$(tr -d '\000' <"$T/err")
    return 0
}

ok() {
    _name=$1
    shift
    run "$@"
    if [ "$rc" -eq 0 ]; then pass "$_name"; else flunk "$_name" "command: $*" "status $rc, expected 0" "$err"; fi
}

status() {
    _want=$1
    shift
    run "$@"
    _name="status $_want: $(printf '%.60s' "$*" | tr -c '[:print:]' '?')"
    if [ "$rc" -eq "$_want" ]; then pass "$_name"; else flunk "$_name" "status $rc, expected $_want" "$out" "$err"; fi
}

is() {
    if [ "$2" = "$3" ]; then pass "$1"; else flunk "$1" "expected: $2" "     got: $3"; fi
}

isnt() {
    if [ "$2" != "$3" ]; then pass "$1"; else flunk "$1" "should differ from: $2"; fi
}

match() {
    if printf '%s\n' "$3" | grep -Eq -e "$2"; then pass "$1"; else flunk "$1" "no line matches: $2" "$3"; fi
}

nomatch() {
    if printf '%s\n' "$3" | grep -Eq -e "$2"; then flunk "$1" "a line matches: $2" "$3"; else pass "$1"; fi
}

json() {
    if [ -z "$3" ]; then flunk "$1" 'there is no JSON at all'; return; fi # jq -e is content with no input
    if _why=$(printf '%s\n' "$3" | jq -e "$2" 2>&1); then pass "$1"; else flunk "$1" "filter: $2" "gave: $_why" "$3"; fi
}

# Microseconds of a time or a number of seconds, and a clock file that is never half written.
_usec() {
    case $1 in
    *.*)
        _part=${1#*.}000000
        _part=${_part%"${_part#??????}"}
        printf '%s%s' "${1%.*}" "$_part"
        ;;
    *) printf '%s000000' "$1" ;;
    esac
}

_clock() {
    printf '%s %s\n' "$wall" "$boot" >"$T/clock.new" && mv -f "$T/clock.new" "$T/clock"
}

at() {
    _to=$(_usec "$(date -u -d "$1" +%s.%N)") || exit 99
    [ "$wall" -eq 0 ] || [ "$_to" -le "$wall" ] || boot=$((boot + _to - wall))
    wall=$_to
    _clock
}

advance() {
    _by=$(_usec "$1")
    wall=$((wall + _by)) boot=$((boot + _by))
    _clock
}

step() {
    wall=$((wall + $(_usec "$1")))
    _clock
}

now() {
    date -u -d "@$((wall / 1000000))" +%Y-%m-%dT%H:%M:%SZ
}

fresh() {
    chmod -R u+rwX "$HOME" "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" 2>/dev/null
    rm -rf "$HOME" "$XDG_DATA_HOME" "$XDG_CONFIG_HOME"
    mkdir -p "$HOME" "$XDG_DATA_HOME" "$XDG_CONFIG_HOME"
}

data() {
    printf '%s\n' "$XDG_DATA_HOME/tplus/tplus.db"
}

finish() {
    finished=true
    printf '1..%d\n' "$cases"
    exit
}

mkdir -p "$TMPDIR" "$T/work"
fresh
cd "$T/work" || exit 99
at 2026-02-05T14:00:00Z
