#!/bin/sh
# import FILE.md: a postmortem that somebody wrote becomes an incident; what tplus exported comes back as it was.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

at 2026-02-09T09:00:00Z
cat >note.md <<'DOC'
# Postmortem: Checkout down

**Incident ID**: INC-2026-0012
**Severity**: SEV-2

## Summary

Checkout *failed* for half an hour.

## Timeline

All times in MSK (UTC+3).

| Time | Event | Actor |
|------|-------|-------|
| 23:50 | Alert fired: 5xx | Sentry |
| 23:55 | same | @jane |
| 23:55 | same | @jane |
| ~00:20 | Incident resolved | @jane |

## Action Items

| Action | Owner | Due | Status |
|--------|-------|-----|--------|
| Fix it | @dev | 2026-02-20 | Done |

## A Heading of Their Own

Words.
DOC

# ---- looking first
run tplus import --dry-run --date 2026-02-05 note.md
is 'a dry run succeeds' 0 "$rc"
match 'it shows the title' '^Checkout down$' "$out"
match 'the rows in their zone' '2026-02-05 23:50:00 MSK  detected: Alert fired: 5xx @Sentry' "$out"
match 'across midnight, and that it is approximate' '~2026-02-06 00:20:00 MSK  resolved: Incident resolved' "$out"
match 'the action item' 'AI-1: Fix it @dev due:2026-02-20 \(done\)' "$out"
match 'what was guessed' 'milestones read from the wording.*detected 23:50:00 \(alert fired\)' "$out"
match 'what is kept as a section' 'kept as text in sections: A Heading of Their Own' "$out"
status 1 tplus list

# ---- writing
run tplus import --date 2026-02-05 note.md
is 'import prints the id of the document' '0 INC-2026-0012' "$rc $out"
match 'and says what it understood' '^tplus: import: note.md: understood: 4 events, 1 action item,' "$err"
shown=$(tplus show --json)
json 'everything is there' '.title == "Checkout down" and .severity == "SEV-2" and .zone == "Europe/Moscow" and (.events | length) == 4 and
    ([.events[] | select(.text == "same")] | length) == 2 and .events[3].approx_seconds == 120 and .events[1].actor == "jane" and
    .milestones.detected == "2026-02-05T20:50:00Z" and .milestones.resolved == "2026-02-05T21:20:00Z" and
    .actions[0].owner == "dev" and .actions[0].status == "done" and .sections["a-heading-of-their-own"] == "Words."' "$shown"
ok 'the journal holds' tplus verify
is 'it is one change, and undo takes it back' 1 "$(tplus history --json | jq -r .group | sort -u | grep -c .)"
run tplus --json import --date 2026-02-05 - <note.md
json 'from standard input, with an id of its own' '.id != "INC-2026-0012" and .title == "Checkout down"' "$out"
match 'which is said' 'there is a INC-2026-0012 already: this one becomes ' "$err"
run tplus -q import note.md
match 'a date that had to be guessed is said in any case' 'the date [0-9-]* is the date of the file: give --date' "$err"
run sh -c 'cat note.md | tplus import -'
is 'from a pipe' 2 "$rc"
match 'there is no such date' 'give --date YYYY-MM-DD' "$err"

# ---- refused
run tplus list
before=$out
status 2 tplus import --date 2026-02-30 note.md
echo hello >text
status 2 tplus import text
printf 'a\0b' >binary
status 2 tplus import binary
match 'binary is said to be neither' 'neither a document' "$err"
status 3 tplus import nowhere.md
status 2 tplus import --date 2026-02-05 note.md -
is 'nothing of it was written' "$before" "$(tplus list)"

# ---- there and back: the same document, but for the journal's head
fresh
tplus -q open 'Checkout | 5xx *after* v2 <b>' -s 2 --zone Europe/Berlin --at '2026-02-05 22:00' >/dev/null
{
    tplus -q started '~2026-02-05 21:58' @sentry "errors \`code\` | pipe"
    tplus -q detected 2026-02-05 22:00:05 alert
    tplus -q log 2026-02-05 23:58 @bob "one
second **bold**"
    tplus -q log 2026-02-06 00:03 @bob same
    tplus -q log 2026-02-06 00:03 @bob same
    tplus -q good 2026-02-06 00:04 'quick reply'
    tplus -q hypothesis 2026-02-06 00:06 dns
    tplus -q ruleout 1 no
    tplus -q update 2026-02-06 00:07 'we are on it'
    tplus -q sev 1 worse --at '2026-02-06 00:10'
    tplus -q role ic sam --at '2026-02-05 22:01'
    tplus -q action 'fix <it>' @dev P1 due:2026-03-01
    tplus -q mitigated 2026-02-06 00:30
    e=$(tplus --json -q log 2026-02-06 00:31 never | jq -r .id)
    tplus -q strike "$e" 'wrong one'
    tplus -q section summary 'It **broke**.'
    tplus -q set impact.users 500
    tplus -q closed 2026-02-06 09:00
} >/dev/null
for template in default classic sev analysis slo detailed; do
    tplus export -t "$template" | sed '$d' >one.md
    rm -f back.db
    tplus --db back.db -q import one.md >/dev/null 2>&1
    tplus --db back.db export -t "$template" | sed '$d' >two.md
    is "$template: the same headings" "$(grep '^#' one.md)" "$(grep '^#' two.md)"
    is "$template: the same rows" "$(grep '^| [~0-9]' one.md)" "$(grep '^| [~0-9]' two.md)"
done
finish
