#!/bin/sh
# tests/include-check.sh - the layers hold: includes go to the left only, each library has its one place, time comes from
# the clock, and what was linked knows no library of the screen. Also: the lists in Makefile.am are complete.
# Run by make check; by hand from the top of the tree (then the linked programs are those of build/).
set -u
top_builddir=${top_builddir:-build}
case $top_builddir in /*) ;; *) top_builddir=$PWD/$top_builddir ;; esac
cd "${top_srcdir:-.}" || exit 99

modules='base model store text sync verb ui main'
cases=0 failures=0

# verdict NAME COMPLAINTS: one case; no complaints is good.
verdict() {
    cases=$((cases + 1))
    if [ -z "$2" ]; then
        echo "ok $cases - $1"
    else
        failures=$((failures + 1))
        echo "not ok $cases - $1"
        printf '%s\n' "$2" | sed 's/^/#   /'
    fi
}

sources() {
    find src ui -name '*.[ch]' -o -name '*.def' | LC_ALL=C sort
}

# The code without comments and without what strings say: FILE:LINE:TEXT
code() {
    sources | while IFS= read -r file; do
        awk -v file="$file" '
            {
                s = $0; out = ""
                while (s != "") {
                    if (inside) {
                        if (!(i = index(s, "*/"))) break
                        s = substr(s, i + 2); inside = 0
                    } else if (match(s, /^#[ \t]*include.*/)) { out = s; s = "" }
                    else if (match(s, /^"([^"\\]|\\.)*"/)) { out = out "\"\""; s = substr(s, RLENGTH + 1) }
                    else if (match(s, /^\047([^\047\\]|\\.)*\047/)) { out = out "0"; s = substr(s, RLENGTH + 1) }
                    else if (substr(s, 1, 2) == "/*") { inside = 1; s = substr(s, 3) }
                    else if (substr(s, 1, 2) == "//") break
                    else { out = out substr(s, 1, 1); s = substr(s, 2) }
                }
                if (out != "") print file ":" NR ":" out
            }' "$file"
    done
}

all=$(mktemp) || exit 99
trap 'rm -f "$all"' EXIT
code >"$all"

# --- Includes go to the left ---

verdict 'includes go to the left' "$(awk -v modules="$modules" '
    BEGIN { n = split(modules, m, " "); for (i = 1; i <= n; i++) rank[m[i]] = i }
    {
        file = $0; sub(/:.*/, "", file)
        text = $0; sub(/^[^:]*:[0-9]*:/, "", text)
        if (text !~ /^#[ \t]*include[ \t]*"/) next
        own = file ~ /^ui\// ? "ui" : file == "src/main.c" ? "main" : file
        sub(/^src\//, "", own); sub(/\/.*/, "", own)
        target = text; sub(/^[^"]*"/, "", target); sub(/".*/, "", target)
        module = target; sub(/\/.*/, "", module)
        if (!(own in rank)) print file ": in no module (" modules ")"
        else if (!(module in rank) || target !~ /\//)
            print file ": \"" target "\" names no module: write \"base/str.h\""
        else if (rank[module] > rank[own]) print file ": " own " may not include \"" target "\""
    }' "$all")"

# --- Each library has its place: only NAME ERE PATH-ERE means the ERE occurs in matching files only ---

only() {
    verdict "$1" "$(grep -E "^[^:]*:[0-9]*:.*$2" "$all" | grep -Ev "^($3):")"
}

only 'sqlite3.h in src/store alone' 'include *<sqlite3' 'src/store/[^:]*'
only 'libpq-fe.h in src/sync alone' 'include *<(postgresql/)?libpq' 'src/sync/[^:]*'
only 'termkey.h in ui/input.c alone' 'include *<termkey' 'ui/input\.c'
only 'uv.h in ui/loop.c alone' 'include *<uv(\.h|/)' 'ui/loop\.c'
only 'curses in ui/ alone' 'include *<(ncursesw/)?(n?curses|term|panel)\.h' 'ui/[^:]*'
only 'newterm and endwin in ui/term.c alone' '(^|[^a-zA-Z0-9_])(newterm|initscr|endwin|delscreen) *\(' 'ui/term\.c'
only 'the time from src/base/clock.c alone' \
    '(^|[^a-zA-Z0-9_.>])((time|gettimeofday|timespec_get) *\(|CLOCK_REALTIME|CLOCK_BOOTTIME)' 'src/base/clock\.[ch]'

# --- What was linked ---

screen='lib(ncurses|ncursesw|tinfo|termkey|uv|pq)\.so'
linked() {
    loaded=$(ldd "$1" | grep -Eo "$screen" | sort -u | tr '\n' ' ')
    [ -z "$loaded" ] || echo "${1#"$top_builddir"/} loads $loaded"
}

# complaints FILE COMMAND...: nothing can be said about what was not built.
complaints() {
    if [ -e "$1" ]; then
        shift
        "$@"
    else
        echo "${1#"$top_builddir"/} was not built"
    fi
}

foreign_symbols() {
    nm -A -u "$1" | grep -E ' U (uv_|termkey_|newterm|endwin|initscr|waddn|wmove|stdscr|PQ)'
}

tests=''
for source in tests/unit/*_test.c; do
    tests="$tests $top_builddir/${source%.c}"
done
verdict 'unit tests load no library of the screen' "$(for program in $tests; do complaints "$program" linked "$program"; done)"
verdict 'tplus loads no library of the screen' "$(complaints "$top_builddir/tplus" linked "$top_builddir/tplus")"
verdict 'libtplus.a asks for no symbol of theirs' \
    "$(complaints "$top_builddir/libtplus.a" foreign_symbols "$top_builddir/libtplus.a")"

verdict 'the lists in Makefile.am are complete' "$(sh contrib/sources.sh --check 2>&1)"

echo "1..$cases"
[ "$failures" -eq 0 ]
