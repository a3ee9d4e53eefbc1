#!/bin/sh
# export -f html and -f csv: one file that needs nothing else, and a table that no spreadsheet takes for formulas.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

tplus -q open 'Checkout <b>5xx</b>' -s 2 --zone UTC --at '2026-02-05 13:50' >/dev/null
tplus -q started 13:50 @jane 'first "declined" charges, many' >/dev/null
tplus -q detected 13:52:30 '=HYPERLINK("http://e.example")' >/dev/null
tplus -q log 13:53 @bob '<script>alert(1)</script> [x](javascript:alert(1))' >/dev/null
tplus -q log '~13:54' '+1 on that' >/dev/null
tplus -q update 13:55 'we are <i>on</i> it' >/dev/null
tplus -q sev 1 'every third payment' >/dev/null
tplus -q mitigated 13:58 'rolled back' >/dev/null

# ---- HTML
ok 'HTML is written' tplus export -f html -o page.html
page=$(cat page.html)
is 'it is a page' '<!DOCTYPE html>' "$(head -n 1 page.html)"
match 'in a language' '^<html lang="en">$' "$page"
match 'its title is text' '^<title>INC-2026-0001: Checkout &lt;b&gt;5xx&lt;/b&gt;</title>$' "$page"
match 'for paper' '@media print' "$page"
match 'light and dark' 'prefers-color-scheme:dark' "$page"
match 'it holds a picture of the timeline' '^<svg ' "$page"
match 'which text stands for' '^<desc id="timeline-text">Milestones: started 2026-02-05 13:50:00 UTC, ' "$page"
match 'phases' '<title>started until detected: 2m30s</title><rect ' "$page"
match 'updates' '<title>2026-02-05 13:55:00 UTC: we are &lt;i&gt;on&lt;/i&gt; it</title><circle ' "$page"
match 'severities' '<title>SEV-1 from .*: every third payment</title><rect ' "$page"
match 'lines are rows' '<td>13:53:00</td><td>&lt;script&gt;alert' "$page"
nomatch 'no script' '<script|<[^>]* on[a-z]*=|href="javascript:' "$page"
nomatch 'nothing to fetch' 'src=|<link|<img|<iframe|<object|url\(|@import' "$page"
tplus export -f html >again.html
ok 'the same bytes again' cmp page.html again.html
for template in classic sev analysis slo detailed; do
    run tplus export -f html -t $template
    match "$template: the picture" '^<svg ' "$out"
    match "$template: the end" '^</html>$' "$out"
done
status 1 tplus export -f html -t nosuch
is 'no page without its template' '' "$out"

# ---- CSV
run tplus export -f csv
is 'a header row' 'id,occurred_at,approx_seconds,recorded_at,kind,milestone,actor,text,detail,struck' "$(head -n 1 "$T/out" | tr -d '\r')"
is 'each line ends in CR LF' "$(wc -l <"$T/out")" "$(grep -c "$(printf '\r')\$" "$T/out")"
match 'a milestone' '^[0-9a-f]{32},2026-02-05T13:50:00Z,0,2026-02-05T14:00:00Z,milestone,started,jane,"first ""declined"" charges, many",,false' "$out"
match 'no formula' ',"'\''=HYPERLINK\(""http://e.example""\)",' "$out"
match 'nor this one' ",2026-02-05T13:54:00Z,120,.*,'\\+1 on that,,false" "$out"
tplus -q log 13:56 'pool is full' >/dev/null
tplus -q detail 'waiting: 340' >/dev/null
tplus -q detail 'timeout: 10 s' >/dev/null
tplus -q strike "$(tplus -q log 13:57 'the wrong page')" >/dev/null
run tplus export -f csv
match 'details are lines of one cell' ',pool is full,"waiting: 340$' "$out"
match 'and end there' '^timeout: 10 s",false' "$out"
match 'struck lines are marked' ',the wrong page,,true' "$out"
status 2 tplus export -f xls
match 'the formats are named' 'md, html, json and csv' "$err"

# ---- a browser reads it, where there is one
browser=/usr/bin/chromium
if [ -x $browser ]; then
    run $browser --headless --no-sandbox --disable-gpu --user-data-dir="$T/browser" --dump-dom "file://$PWD/page.html"
    match 'the browser shows the picture' '<svg ' "$out"
    nomatch 'and finds no script' '<script' "$out"
    is 'and every row' "$(grep -c '^<tr>' page.html)" "$(printf '%s\n' "$out" | grep -c '^<tr>')"
    run $browser --headless --no-sandbox --disable-gpu --user-data-dir="$T/browser" --print-to-pdf="$T/page.pdf" "file://$PWD/page.html"
    is 'and prints it' '%PDF' "$(head -c 4 "$T/page.pdf")"
fi

finish
