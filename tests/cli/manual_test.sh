#!/bin/sh
# The manual keeps up with the program: its generated lists, and everything the help knows.
# shellcheck disable=SC2013 # words are meant
. "${top_srcdir:-.}/tests/cli/lib.sh"

manual=$top_srcdir/man/tplus.1

# --- The generated lists ---

ok 'the lists of verbs and keys are those of the program' sh "$top_srcdir/contrib/manual.sh" --check "$TPLUS"

mkdir -p tree/contrib tree/man tree/ui
cp "$top_srcdir/contrib/manual.sh" tree/contrib
cp "$top_srcdir/ui/keys.c" "$top_srcdir/ui/keys.def" tree/ui
chmod u+w tree/ui/*
sed 's/^Impact begins\.$/Impact ends./' "$manual" >tree/man/tplus.1
status 1 sh tree/contrib/manual.sh --check "$TPLUS"
match 'a stale verb is shown' '^-Impact ends\.$' "$out"
match 'and what to do is said' 'stale: run contrib/manual\.sh' "$err"
cp "$manual" tree/man/tplus.1
chmod u+w tree/man/tplus.1
sed 's/"ask whether to leave"/"leave at once"/' "$top_srcdir/ui/keys.def" >tree/ui/keys.def
status 1 sh tree/contrib/manual.sh --check "$TPLUS"
match 'a stale key is shown' '^\+Leave at once\.$' "$out"
ok 'it is written anew' sh tree/contrib/manual.sh "$TPLUS"
ok 'and then holds' sh tree/contrib/manual.sh --check "$TPLUS"
match 'the new text is there' '^Leave at once\.$' "$(cat tree/man/tplus.1)"

# --- What the help knows, the manual explains ---

tplus help --table >table
verbs=$(cut -f 1 table)
isnt 'there are verbs' '' "$verbs"

# The lines of the manual that do not come from the program.
sed '/^\.\\" begin /,/^\.\\" end /d' "$manual" >written

missing=''
for name in $(cut -f 1,2 table); do
    grep -Eq "^\.(It )?Cm $name( |\$)" "$manual" || missing="$missing $name"
done
is 'every verb and alias is in the manual' '' "$missing"

options() { # what stands before the colon or the gap: "-n, --lines N"
    sed -n 's/^ *\(-[a-zA-Z], \)\{0,1\}--\([a-z-]*\)[: ].*/\1\2/p' | tr -d ,
}

missing='' known=''
for verb in '' $verbs; do
    tplus help ${verb:+"$verb"} | options >found
    while read -r letter name; do
        # An option without a letter has one word only.
        [ -n "$name" ] || { name=$letter letter=''; }
        known="$known $name"
        grep -Eq "^\.It .*Fl .*&-$name( |\$)" written || missing="$missing --$name"
        [ -z "$letter" ] || grep -Eq "^\.It .*Fl ${letter#-} , Fl .&-$name( |\$)" written || missing="$missing $letter"
    done <found
done
is 'every option of the program and of its verbs is explained' '' "$missing"
match 'options were found' ' severity .* template ' "$known "

foreign=''
for name in $(sed -n 's/.*Fl \\&-\([a-z][a-z-]*\).*/\1/p' written | sort -u); do
    case " $known " in
    *" $name "*) ;;
    *) foreign="$foreign --$name" ;;
    esac
done
is 'and the manual explains no other' '' "$foreign"

missing=''
for name in $(find "$top_srcdir/src" "$top_srcdir/ui" -name '*.c' -exec grep -Eho '\b(getenv|env|xdg)\("[A-Z_]+"' {} + |
    sed 's/.*"\(.*\)"/\1/' | sort -u); do
    grep -Eq "^\.(It )?Ev (.* )?$name( |\$)" "$manual" || missing="$missing $name"
done
is 'every variable of the environment that is read is explained' '' "$missing"

missing=''
for key in id-scheme zone; do
    grep -Eq "^\.It Cm $key( |\$)" "$top_srcdir/man/tplus.5" || missing="$missing $key"
done
for key in $(sed -n 's/.*\(WORD\|WORDS\|SECTION\)("\([a-z]*\)".*/\2/p' "$top_srcdir/src/model/policy_file.c" | sort -u); do
    grep -Eq "^\.(It )?Cm $key( |\$)" "$top_srcdir/man/tplus.5" || missing="$missing $key"
done
is 'every key of the configuration is explained' '' "$missing"

# --- The journal's columns and fields ---

missing=''
for name in $(sed -n '/^CREATE TABLE op (/,/^) STRICT/p' "$top_srcdir/data/schema/001.sql" |
    grep -Eo '[a-z_]+ (BLOB|TEXT|INTEGER)' | cut -d ' ' -f 1); do
    grep -Eq "^\.It Li $name Ta " "$top_srcdir/man/tplus-journal.5" || missing="$missing $name"
done
is 'every column of the op is explained' '' "$missing"

missing=''
for name in $(grep -Eo '(INT|TEXT)\("[a-z_]+"\)' "$top_srcdir/src/store/project.c" | sed 's/.*"\(.*\)".*/\1/' | sort -u); do
    grep -Eq "^\.Li .*\b$name\b|^\.It Li .*\b$name\b" "$top_srcdir/man/tplus-journal.5" || missing="$missing $name"
done
is 'every field of version 1 is named' '' "$missing"

# The bytes that tplus-journal(5) spells out have the hash it gives, which is that of the golden chain.
spelled=$(sed -n '/^\.Ss A golden chain/,/^\.Ed/p' "$top_srcdir/man/tplus-journal.5" | sed -n '/^\.Bd/,/^\.Ed/p' | grep -v '^\.')
golden=$(jq -r '.journal[0].hash' "$top_srcdir/tests/unit/golden.json")
is 'the bytes spelled out hash to the golden hash' "$golden" \
    "$(printf '%s\n' "$spelled" | cut -c 13- | tr -d ' \n' |
        python3 -c 'import hashlib, sys; print(hashlib.sha256(bytes.fromhex(sys.stdin.read())).hexdigest())')"
match 'which the manual gives' "^\.Dl $golden\$" "$(cat "$top_srcdir/man/tplus-journal.5")"

finish
