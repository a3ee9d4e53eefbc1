#!/bin/sh
# contrib/manual.sh [--check] [TPLUS] - keeps the generated lists of man/tplus.1: what stands between the comment lines
# "begin verbs" and "end verbs" is the output of "tplus help --mdoc", what stands between "begin keys" and "end keys"
# comes from ui/keys.def. With --check it changes nothing and fails when a list is stale, showing how. TPLUS is the
# program to ask, build/tplus unless said.
set -eu
LC_ALL=C.UTF-8
export LC_ALL

check=false
[ "${1-}" = --check ] && check=true && shift
tplus=${1-build/tplus}
case $tplus in
/*) ;;
*) tplus=$PWD/$tplus ;;
esac
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The help of the screen, as ui/keys.c makes it: rows without a text belong to the row above. The titles are in ui/keys.c.
keys() {
    sed -n 's/^\t\[\(CTX_[A-Z]*\)\] = \("[^"]*"\),$/TITLE \1 \2/p' ui/keys.c | cat - ui/keys.def | awk '
        function string(s) { sub(/^[^"]*"/, "", s); sub(/".*/, "", s); return s }
        function escape(s) { gsub(/\\/, "\\e", s); gsub(/-/, "\\-", s); return s }
        function key(s) { return s ~ /^[][.,:;()?!|]$/ ? "\\&" s : escape(s) }
        function sentence(s) { return escape(toupper(substr(s, 1, 1)) substr(s, 2)) "." }
        function flush() {
            if (names != "") print ".It Ic " names "\n" sentence(help)
            names = ""
        }
        /^TITLE / { title[$2] = string($0) }
        /^KEY\(/ {
            context = $1; sub(/^KEY\(/, "", context); sub(/,$/, "", context)
            rest = $0; sub(/^[^"]*"/, "", rest)
            name = rest; sub(/".*/, "", name)
            sub(/^[^"]*"[^"]*"/, "\"", rest)
            if (!(context in title)) { print "keys.def: no title for " context >"/dev/stderr"; exit 1 }
            if (context != last) {
                flush()
                print (last == "" ? "" : ".El\n") ".Ss " title[context] "\n.Bl -tag -width Ds"
                last = context
            }
            if (string(rest) == "") { names = names " , " key(name); next }
            flush()
            names = key(name); help = string(rest)
        }
        END { flush(); print ".El" }'
}

keys >"$work/keys"
"$tplus" help --mdoc >"$work/verbs"

awk -v dir="$work" '
    /^\.\\" begin (verbs|keys)$/ { print; file = dir "/" $3; while ((getline line <file) > 0) print line; skip = 1; next }
    /^\.\\" end (verbs|keys)$/ { skip = 0; seen++ }
    !skip { print }
    END { if (skip || seen != 2) { print "man/tplus.1 lacks its begin and end lines" >"/dev/stderr"; exit 1 } }
' man/tplus.1 >"$work/new"

if ! $check; then
    cmp -s "$work/new" man/tplus.1 || cat "$work/new" >man/tplus.1
elif ! diff -u man/tplus.1 "$work/new"; then
    echo 'man/tplus.1 is stale: run contrib/manual.sh' >&2
    exit 1
fi
