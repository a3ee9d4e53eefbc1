#!/bin/sh
# The journal checked by a program that shares no code with tplus: the golden chain, a store that took it in and wrote on, and every kind of
# change to it, which must be found.
set -u
top=${top_srcdir:-.}
top_builddir=${top_builddir:-build}
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cases=0 failures=0

verdict() { # NAME STATUS WANTED [FILE]
    cases=$((cases + 1))
    if [ "$2" -eq "$3" ]; then
        echo "ok $cases - $1"
    else
        failures=$((failures + 1))
        echo "not ok $cases - $1 (status $2)"
        sed 's/^/# /' "$dir/out"
    fi
}

rehash() { # FILE...
    python3 "$top/tests/sim/rehash.py" "$@" >"$dir/out" 2>&1
}

golden=$top/tests/unit/golden.json
rehash "$golden"
verdict 'the golden chain' $? 0

"$top_builddir/tests/unit/golden_test" --write "$dir/golden.db" >"$dir/out" 2>&1
verdict 'a store takes it in and writes on' $? 0
rehash "$dir/golden.db"
verdict 'the database of that store' $? 0

# One column of one op at a time: another value of the same shape.
python3 - "$golden" "$dir" <<'END'
import copy, json, sys
golden = json.load(open(sys.argv[1]))
op = golden["journal"][2]
for n, name in enumerate(op):
    changed = copy.deepcopy(golden)
    was = op[name]
    if isinstance(was, int):
        now = was + 1
    elif name in ("zone", "author", "kind", "saw", "body"):
        now = was[:-1]
    else:
        now = was[:-1] + ("0" if was[-1] != "0" else "1")
    changed["journal"][2][name] = now
    json.dump(changed, open("%s/column-%s.json" % (sys.argv[2], name), "w"))
del golden["journal"][1]
json.dump(golden, open("%s/missing.json" % sys.argv[2], "w"))
END
for file in "$dir"/column-*.json "$dir/missing.json"; do
    name=${file##*/}
    rehash "$file"
    verdict "found: ${name%.json}" $? 1
done
echo '{}' >"$dir/empty.json"
rehash "$dir/empty.json"
verdict 'no journal at all' $? 1
echo 'nonsense' >"$dir/nonsense.json"
rehash "$dir/nonsense.json"
verdict 'no JSON' $? 2

# What the program itself writes and exports.
if [ -x "${TPLUS:-}" ]; then
    TPLUS_DB=$dir/real.db
    export TPLUS_DB
    {
        "$TPLUS" open 'Checkout 5xx' -s 2 && "$TPLUS" log 'a line "quoted" \ ü' && "$TPLUS" detected && "$TPLUS" action 'look @sam' &&
            "$TPLUS" undo && "$TPLUS" redo && "$TPLUS" export -f json -o "$dir/real.json"
    } >"$dir/out" 2>&1
    verdict 'tplus writes and exports' $? 0
    rehash "$dir/real.db" "$dir/real.json"
    verdict 'its database and its export' $? 0
fi

echo "1..$cases"
[ "$failures" -eq 0 ]
