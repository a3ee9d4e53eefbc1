#!/bin/sh
# contrib/sources.sh [--check] - keeps the lists of files in Makefile.am.
# A line "#: PATTERN... [not PATTERN]... [without SUFFIX]" stands before each list; the list becomes the sorted files that
# match, those whose path matches a "not" pattern left out, the suffix taken off. With --check it changes nothing and
# fails when a list is stale.
set -eu
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.."

new=$(mktemp)
trap 'rm -f "$new"' EXIT

# The files for one "#:" line, one a line.
list() {
    mode=show skip='' suffix=''
    set -f
    for word in $1; do
        case $mode:$word in
        *:not | *:without) mode=$word ;;
        show:*) shown="${shown-} $word" ;;
        not:*) skip="$skip $word" ;;
        without:*) suffix=$word ;;
        esac
    done
    set +f
    for file in $shown; do
        [ -f "$file" ] || continue
        left_out=false
        set -f
        for pattern in $skip; do
            # shellcheck disable=SC2254 # a pattern is meant
            case $file in
            $pattern) left_out=true ;;
            esac
        done
        set +f
        $left_out || printf '%s\n' "${file%"$suffix"}"
    done | sort -u
    unset shown
}

# Copies Makefile.am; after a "#:" line the following assignment, with its continuation lines, is written anew.
pending='' skipping=false
while IFS= read -r line; do
    if $skipping; then
        case $line in *\\) ;; *) skipping=false ;; esac
        continue
    fi
    case $line in
    '#: '*)
        pending=${line#'#: '}
        printf '%s\n' "$line"
        ;;
    *' ='*)
        if [ -n "$pending" ]; then
            printf '%s =' "${line%% =*}"
            list "$pending" | sed 's/.*/ \\\n\t&/' | tr -d '\n' | sed 's/\\\t/\\\n\t/g'
            printf '\n'
            pending=''
            case $line in *\\) skipping=true ;; esac
        else
            printf '%s\n' "$line"
        fi
        ;;
    *) printf '%s\n' "$line" ;;
    esac
done <Makefile.am >"$new"

if cmp -s "$new" Makefile.am; then
    exit 0
elif [ "${1-}" = --check ]; then
    diff Makefile.am "$new" | sed -n 's/^> */missing from Makefile.am: /p; s/^< */no longer there: /p'
    echo 'The lists in Makefile.am are stale: run contrib/sources.sh'
    exit 1
else
    cat "$new" >Makefile.am
fi
