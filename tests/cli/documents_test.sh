#!/bin/sh
# export and templates: the document on standard output or in a file, and files that people have edited.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

refused() {
    _case=$1 _status=$2 _ere=$3
    shift 3
    run tplus "$@"
    match "$_case" "^$_status tplus: .*$_ere" "$rc $err"
}

tplus -q open 'Checkout | 5xx' -s 2 >/dev/null
{
    tplus -q started 13:00 @sentry errors
    tplus -q detected 13:05
    tplus -q log 13:10 '<b>pool</b> | full'
    tplus -q mitigated 13:20
    tplus -q resolved 13:30
    tplus -q good quick rollback
    tplus -q bad late alert
    tplus -q action alert on saturation @dev due:2026-02-10 P0
} >/dev/null

# ---- the document
ok 'export' tplus export
md=$out
match 'a title' '^# .*Checkout \\\| 5xx' "$md"
match 'the id' 'INC-2026-0001' "$md"
match 'the severity' 'SEV-2' "$md"
match 'the timeline is a table' '^\| .*13:10' "$md"
match 'text is escaped' '&lt;b&gt;pool&lt;/b&gt; \\\| full' "$md"
nomatch 'and never raw' '<b>' "$md"
match 'what went well' 'quick rollback' "$md"
match 'what went badly' 'late alert' "$md"
match 'action items' 'alert on saturation' "$md"
match 'what is missing is a prompt' '_To be written: ' "$md"
match 'a footer' "$(tplus -V)" "$md"
advance 86400
is 'the same data, the same bytes' "$md" "$(tplus export)"
is 'with the id' "$md" "$(tplus export 1)"
is '-f md' "$md" "$(tplus export -f md)"
is '-t default' "$md" "$(tplus export -t default)"
is '-o -' "$md" "$(tplus export -o -)"
is 'options behind the id' "$md" "$(tplus export 1 -o - -t default)"
if [ -e - ]; then flunk 'and no file of that name'; else pass 'and no file of that name'; fi
refused 'another format' 2 'no such format' export -f pdf
refused 'another template' 1 'no template nosuch' export -t nosuch
refused 'a template elsewhere' 2 'no name of a template' export -t ../x
refused 'another incident' 1 'no incident 9' export 9

# ---- a file
ok '-o' tplus export -o pm.md
is 'prints nothing' '' "$out"
match 'but where it is' '^tplus: export: INC-2026-0001 written to pm.md$' "$err"
is 'and is the document' "$md" "$(cat pm.md)"
ok 'again' tplus -q export -o pm.md
tplus -q log 13:12 more >/dev/null
ok 'with more in it' tplus -q export -o pm.md
match 'is replaced' '13:12' "$(cat pm.md)"
echo 'by hand' >>pm.md
refused 'edited by hand' 1 'pm.md: was edited by hand since its last export.*--force' export -o pm.md
match 'it stays' '^by hand$' "$(cat pm.md)"
ok '--force' tplus -q export -o pm.md --force
nomatch 'replaces it' '^by hand$' "$(cat pm.md)"
ok 'and it is ours again' tplus -q export -o pm.md
rm pm.md
ok 'one that is gone' tplus -q export -o pm.md
chmod 640 pm.md
tplus -q export -o pm.md
is 'the mode stays' 640 "$(stat -c %a pm.md)"
mkdir sub
ln -s sub/real.md link.md
ok 'a symbolic link' tplus -q export -o link.md
if [ -L link.md ] && [ -f sub/real.md ]; then pass 'is followed'; else flunk 'is followed' "$(ls -l)"; fi
is 'nothing else is left' 'link.md pm.md sub' "$(find . -maxdepth 1 -mindepth 1 | sed 's|./||' | sort | tr '\n' ' ' | sed 's/ $//')"
refused 'a directory' 3 'sub: is a directory: name a file with -o' export -o sub
refused 'nowhere' 3 'no/such/x.md: cannot be written' export -o no/such/x.md
run tplus export -o /dev/full
match 'a full disk' '^3 tplus: export: /dev/full: writing failed' "$rc $err"
ok 'JSON to a file' tplus -q export -f json -o x.json
json 'is JSON' '.id == "INC-2026-0001"' "$(cat x.json)"

# ---- templates
run tplus templates
match 'templates' '^default	shipped$' "$out"
mkdir -p "$XDG_CONFIG_HOME/tplus/templates"
printf '# {{title}}\n' >"$XDG_CONFIG_HOME/tplus/templates/short.md.mustache"
run tplus templates
match 'and ones own' "^short	$XDG_CONFIG_HOME/tplus/templates/short.md.mustache$" "$out"
run tplus export -t short
match 'which work' '^# Checkout \\\| 5xx$' "$out"
printf 'mine: {{id}}\n' >"$XDG_CONFIG_HOME/tplus/templates/default.md.mustache"
run tplus export
match 'and go before those shipped' '^mine: INC.2026.0001$' "$(printf '%s' "$out" | tr -dc 'a-zA-Z0-9: -')"
printf '{{#open}}\nno end\n' >"$XDG_CONFIG_HOME/tplus/templates/broken.md.mustache"
run tplus export -t broken
isnt 'a broken one fails' 0 "$rc"
match 'with file and line' 'broken.md.mustache:[0-9]+' "$err"
run tplus export -t broken -o broken.md
if [ -e broken.md ]; then flunk 'and leaves no file'; else pass 'and leaves no file'; fi
finish
