#!/bin/sh
# What the postmortem needs beyond the log: set, section, finding, metric, relate, link, signoff, choose, and edit, strike, redact, undo of all that.
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

# refused NAME STATUS ERE ARGS...
refused() {
    _case=$1 _status=$2 _ere=$3
    shift 3
    run tplus "$@" </dev/null
    match "$_case" "^$_status tplus: .*$_ere" "$rc $err"
}
show() { tplus show --json; }
# quiet ARGS...: with nothing on standard input
quiet() { tplus -q "$@" </dev/null; }

quiet open 'Checkout 5xx' -s 2 >/dev/null

# ---- set
ok 'set' tplus set impact.users '~500 users (25 %)'
match 'names the incident' '^tplus: set: INC-2026-0001' "$err"
run tplus set impact.users
is 'alone it prints' '~500 users (25 %)' "$out"
is 'and writes nothing' '' "$err"
ok 'words are joined' tplus -q set impact.experience 'an error' page
is 'by spaces' 'an error page' "$(tplus set impact.experience)"
quiet set impact.revenue '$1.2k'
quiet set sla.breach Y
quiet set detection.method 'user-report, Automated alert, a pigeon'
quiet set published tomorrow
json 'stored as the type says' '.fields == {"detection.method": "user report, automated alert, a pigeon", "impact.experience": "an error page",
    "impact.revenue": "1200.00 USD", "impact.users": "~500 users (25 %)", published: "2026-02-06", "sla.breach": "yes"}' "$(show)"
refused 'a slip of the finger' 2 'there is no field "impact.user": did you mean impact.users' set impact.user 5
refused 'the last part of a name' 2 'did you mean impact.tickets' set tickets 5
refused 'a word that is none' 2 'impact.tickets: "three" is no number of tickets: give one like 500' set impact.tickets three
refused 'money without currency' 2 'impact.revenue: "150" names no currency' set impact.revenue 150
refused 'more than all' 2 'out of range: a percentage is from 0 to 100' set impact.availability 101
refused 'a choice that is none' 2 'did you mean "reviewed"\? It takes draft, in review' set document.status reviewd
refused 'no such day' 2 'published: "2026-02-30" is no date' set published 2026-02-30
refused 'a computed one' 1 'duration comes from the log' set duration 12m
refused 'one that is not set' 1 'impact.tickets is not set: how many' set impact.tickets
json 'refused ones change nothing' '.fields | keys | length == 6' "$(show)"
quiet set impact.users ''
refused 'an empty value clears' 1 'impact.users is not set' set impact.users
json 'it is gone' '.fields | has("impact.users") | not' "$(show)"
ok 'undo brings it back' tplus -q undo
is 'as it was' '~500 users (25 %)' "$(tplus set impact.users)"
run tplus set
match 'without a name it lists them' "^impact.revenue	1200.00 USD$" "$out"
run tplus set impact.tickets --json
json 'with what F3 needs' '.name == "impact.tickets" and .value == null and .type == "number" and .unit == "tickets" and .section == "impact"' "$out"

# ---- fields of one's own
mkdir -p "$XDG_CONFIG_HOME/tplus"
cat >"$XDG_CONFIG_HOME/tplus/fields.conf" <<'CONF'
field "impact.merchants" { label = "Merchants" type = number unit = merchants }
list "customer voice" { aliases = { voice } }
CONF
ok 'a field of your own' tplus -q set impact.merchants '12 merchants'
is 'is validated' 12 "$(tplus set impact.merchants)"
ok 'a list of your own' tplus -q finding voice 'they waited'
json 'under its name' '.findings[-1].list == "customer voice"' "$(show)"
printf 'field x {\n type = nmber }\n' >"$XDG_CONFIG_HOME/tplus/fields.conf"
run tplus -q set impact.tickets 3
is 'a bad file stops nobody' 0 "$rc"
match 'and says where' "fields.conf:2: there is no type 'nmber': use one of" "$err"
rm "$XDG_CONFIG_HOME/tplus/fields.conf"
is 'what is stored stays' 12 "$(show | jq -r '.fields["impact.merchants"]')"

# ---- section
refused 'an empty section' 1 'nothing is written under summary: what happened' section summary
printf '# Not a heading\n\nIt *broke*.\n\n' >text
run tplus -q section summary <text
is 'from a file' 0 "$rc"
# shellcheck disable=SC2002 # a pipe is meant
cat text | tplus -q section root-cause
for s in summary root-cause; do
    is "$s is back" "$(printf '# Not a heading\n\nIt *broke*.')" "$(quiet section "$s")"
done
: >empty
ok 'an empty file changes nothing' tplus -q section summary <empty
is 'and prints' '# Not a heading' "$(quiet section summary | head -n 1)"
ok 'from an operand' tplus -q section Impact 'Two words'
json 'stored by its name' '.sections.impact == "Two words"' "$(show)"
refused 'a name that cannot be' 2 'cannot name a section' section 'a/b' x
quiet section impact ''
json 'an empty text clears' '.sections | has("impact") | not' "$(show)"
run tplus section sumary 'x' </dev/null
match 'one of your own says so' 'sumary is a section of your own; the documents know summary' "$err"
run tplus -q section immediate-fix --code bash --title Apply 'kubectl rollout restart' </dev/null
is 'a block of code' 0 "$rc"
run tplus -q section immediate-fix --code bash --title Apply 'kubectl rollout undo' </dev/null
printf 'echo `date`\n' | tplus -q section immediate-fix -c sh >/dev/null
json 'one a title' '[.code[] | [.section, .title, .language, .text]] == [["immediate-fix", "Apply", "bash", "kubectl rollout undo"],
    ["immediate-fix", null, "sh", "echo `date`"]]' "$(show)"
match 'section shows them' '^```bash$' "$(quiet section immediate-fix)"
refused 'a title needs a block' 2 'give --code' section summary --title x y
quiet section immediate-fix --code sh '' >/dev/null
json 'an empty block goes' '.code | length == 1' "$(show)"

# ---- finding
f=$(quiet finding went well it paged at once 'title:Alert fired quickly' category:Detection)
match 'prints its id' '^[0-9a-f]{4,}$' "$f"
json 'all of it' '.findings[-1] | .list == "went well" and .title == "Alert fired quickly" and .text == "it paged at once" and
    .category == "Detection" and .points == [] and .done == false and (.id | startswith("'"$f"'"))' "$(show)"
ok 'detail goes to it' tplus -q detail within 90 seconds
is 'and says so' "$f" "$out"
ok 'and once more' tplus -q detail of the first error
ok 'a point by its id' tplus -q finding "$f" to the right person
json 'three points' '.findings[-1].points == ["within 90 seconds", "of the first error", "to the right person"]' "$(show)"
json 'no event' '.events == []' "$(show)"
advance 1
quiet log something >/dev/null
ok 'after an event detail is the event'"'"'s' tplus -q detail of the event
json 'as before' '.events[-1].detail == ["of the event"] and (.findings[-1].points | length == 3)' "$(show)"
quiet finding why 'Why did it stop? The pool was full' >/dev/null
json 'a question is a title' '.findings[-1] | .list == "why" and .title == "Why did it stop?" and .text == "The pool was full"' "$(show)"
quiet finding went-badly 'no dashboard' scope:detection >/dev/null
json 'detection has its own lists' '.findings[-1] | .list == "detection improve" and .scope == "detection"' "$(show)"
quiet finding lessons test with data category:TECHNICAL 'done' >/dev/null
json 'aliases, categories, done' '.findings[-1] | .list == "lesson" and .category == "technical" and .done' "$(show)"
refused 'no such list' 2 'there is no list "lesen": did you mean "lesson"' finding lesen x
refused 'no text' 2 'the text is missing|an operand' finding
refused 'an empty list' 1 'nothing is on the list "lucky" yet' finding lucky
run tplus finding 5 whys
match 'a list alone is printed' 'Why did it stop\?: The pool was full' "$out"
ok 'tick it off' tplus -q 'done' "$f"
json 'done' '[.findings[] | select(.id | startswith("'"$f"'")).done] == [true]' "$(show)"
ok 'edit its text and a category' tplus -q edit "$f" it paged category:-
json 'the rest stays' '[.findings[] | select(.id | startswith("'"$f"'")) | .text, .category, .title] == ["it paged", null, "Alert fired quickly"]' "$(show)"
ok 'strike takes it out' tplus -q strike "$f"
json 'of its list' '[.findings[] | select(.id | startswith("'"$f"'"))] == []' "$(show)"
ok 'undo brings it back' tplus -q undo
json 'with its points' '[.findings[] | select(.id | startswith("'"$f"'")).points | length] == [3]' "$(show)"
match 'show prints it with its id' "^  $f  \[x\] Alert fired quickly: it paged" "$(tplus show)"

# ---- metric
m=$(quiet metric error rate service:API before:0.2% during:47%)
quiet metric Error Rate service:api after:0.1% >/dev/null
json 'the same one again adds to it' '.metrics | length == 1 and (.[0] | [.name, .service, .before, .during, .after] ==
    ["Error Rate", "api", "0.2%", "47%", "0.1%"])' "$(show)"
json 'difference and factor' '.metrics[0] | .difference == "+46.8 %" and .factor == "235x" and .result == null' "$(show)"
quiet metric availability service:API before:99.9% during:95.2% target:99.5% >/dev/null
quiet metric p95 latency 'service:POST /v1/calls' before:200ms 'during:Timeout (30s)' >/dev/null
json 'a target missed, and what is no number' '.metrics[1].result == "missed" and .metrics[1].difference == "-4.7 %" and
    .metrics[2].during == "Timeout (30s)" and .metrics[2].factor == null' "$(show)"
refused 'no value' 2 'the metric has no value' metric error rate
ok 'edit a value' tplus -q edit "$m" during:50%
json 'it counts' '.metrics[0].factor == "250x"' "$(show)"

# ---- relate
quiet relate INC-0045 Same root cause date:2025-11-12 outcome:Staging audit >/dev/null
json 'an incident of elsewhere' '.relations[0] | [.incident, .date, .title, .relation, .outcome] ==
    ["INC-0045", "2025-11-12", null, "Same root cause", "Staging audit"]' "$(show)"
quiet open 'pool exhausted' --at '2026-01-20 10:00' >/dev/null
quiet -i 1 relate 2 again >/dev/null
json 'one of this store brings its date and title' '.relations[1] | [.incident, .date, .title, .relation] ==
    ["INC-2026-0002", "2026-01-20", "pool exhausted", "again"]' "$(tplus -i 1 show --json)"
quiet use 1 >/dev/null
refused 'itself' 1 'is this very incident' relate INC-2026-0001 same
refused 'no date' 2 'date:soon: that is no date' relate INC-3 x date:soon

# ---- link
quiet link 'https://grafana.example/d/api?from={from_ms}&to={to_ms}' API dashboard >/dev/null
quiet link '#incident-7' >/dev/null
quiet link https://git.example/pull/12 the fix kind:change >/dev/null
json 'kinds' '[.links[] | [.url, .text, .kind]] == [["https://grafana.example/d/api?from={from_ms}&to={to_ms}", "API dashboard", "dashboard"],
    ["#incident-7", null, "chat"], ["https://git.example/pull/12", "the fix", "change"]]' "$(show)"
refused 'what browsers would run' 2 'that is no address' link 'javascript:alert(1)'
refused 'words' 2 'that is no address' link dashboard

# ---- signoff
quiet signoff Tech Lead @kim 2026-02-07 scope:Technical accuracy >/dev/null
quiet signoff CTO lee as:approved >/dev/null
quiet signoff cto LEE today >/dev/null
json 'role, name, date' '[.signoffs[] | [.role, .name, .date, .as, .scope]] == [["Tech Lead", "kim", "2026-02-07", null, "Technical accuracy"],
    ["cto", "LEE", "2026-02-05", "approved", null]]' "$(show)"
refused 'nobody' 2 'missing|who signs as what' signoff CTO
refused 'no such signature' 2 'as:blessed: that is no kind of signature' signoff CTO lee as:blessed

# ---- action items
quiet action 'Add an alert' 'success:it fires at 80 %' horizon:this-week 'owner:DB Team' P1 >/dev/null
json 'complete' '.actions[0] | .text == "Add an alert" and .success == "it fires at 80 %" and .horizon == "week" and .owner == "DB Team" and
    .priority == "P1"' "$(show)"
ok 'edit an attribute' tplus -q edit AI-1 success:all of them due:2026-03-01
json 'the text stays' '.actions[0] | .text == "Add an alert" and .success == "all of them" and .due == "2026-03-01"' "$(show)"
quiet action 'done' already status:done >/dev/null
json 'a status at once' '.actions[1].status == "done"' "$(show)"
refused 'no status' 2 'that is no status' action x status:later

# ---- the journal: redo, history, redact, verify, export and import
quiet undo >/dev/null
quiet redo >/dev/null
json 'undo and redo' '.actions | length == 2' "$(show)"
match 'history' 'record.new .*type metric' "$(tplus history)"
s=$(quiet finding surprise 'the password is hunter2')
quiet section summary 'the token is abc123'
ok 'redact a finding' tplus -q redact "$s" secret
ok 'redact a record' tplus -q redact "$m" secret
ok 'redact a field' tplus -q redact field:impact.experience secret
ok 'redact a section' tplus -q redact section:summary secret
json 'their texts are gone' '([.findings[] | select(.list == "surprise").text] == ["[redacted]"]) and .fields["impact.experience"] == "[redacted]" and
    .sections.summary == "[redacted]" and ([.metrics[] | .name] | index("[redacted]") != null)' "$(show)"
is 'from the journal too' 0 "$({ tplus history --json; tplus export -f json; } | grep -cE 'hunter2|an error page|abc123|250x|47%')"
refused 'strike of a field names set' 2 "tplus set impact.experience ''" strike field:impact.experience
match 'the journal holds' '^ok: ' "$(tplus verify)"
match 'and makes the same tables' 'as before$' "$(tplus rebuild)"
tplus export -f json >one.json
tplus --db "$T/other.db" -q import - <one.json >/dev/null
tplus --db "$T/other.db" export -f json >two.json
if cmp -s one.json two.json; then pass 'exported, imported, exported: the same'; else flunk 'exported, imported, exported: the same'; fi

# ---- what templates can name
quiet open 'tags' -s 3 --at 10:00 >/dev/null
quiet use 3 >/dev/null
quiet started 10:00
quiet detected 10:02:15 @prometheus >/dev/null
quiet resolved 10:12 >/dev/null
quiet set detection.method 'user report, a pigeon'
quiet set distribution 'Engineering (a, b), Product'
quiet finding prevention lint category:code >/dev/null
quiet finding prevention hope >/dev/null
quiet metric latency service:API before:200ms during:1s target:500ms >/dev/null
quiet link 'https://grafana.example/d?from={from_ms}&to={to_ms}' >/dev/null
quiet signoff CTO lee as:approved >/dev/null
printf 'a ``` b\n' | tplus -q section validation --code sh >/dev/null
quiet action first P0 >/dev/null
quiet action third P3 >/dev/null
mkdir -p "$XDG_CONFIG_HOME/tplus/templates"
cat >"$XDG_CONFIG_HOME/tplus/templates/tags.md.mustache" <<'TEMPLATE'
{{#figures.slo}}{{duration.minutes}} min, {{total.text}}{{#budgets}}, {{spent_minutes}} of {{budget_minutes}} is {{percent}}{{/budgets}}, {{severity}}{{/figures.slo}}
{{field.detection.reporter}} {{#boxes.detection.method.items}}[{{#checked}}x{{/checked}}]{{/boxes.detection.method.items}} {{boxes.detection.method.other}}
{{#items.distribution}}({{.}}){{/items.distribution}} {{#yes.sla.breach}}breach{{/yes.sla.breach}}{{^yes.sla.breach}}none{{/yes.sla.breach}}
{{#finding_in.prevention.code}}code {{text}}{{/finding_in.prevention.code}} {{#finding_in.prevention.other}}other {{text}}{{/finding_in.prevention.other}}
{{#metric.latency}}{{difference}} {{factor}} {{#missed}}missed{{/missed}}{{/metric.latency}} {{#link.dashboard}}{{{address}}}{{/link.dashboard}}
{{#signoff.approved}}{{role}} {{^signed}}pending{{/signed}}{{/signoff.approved}} {{#actions_in.slo.high}}{{padded}}{{/actions_in.slo.high}} {{#actions_in.slo.low}}{{words.classic}}{{/actions_in.slo.low}}
{{#code.validation}}
{{{block}}}
{{/code.validation}}
TEMPLATE
run tplus export -t tags </dev/null
is 'tags' "$(printf '%s\n' '12 min, 9m45s, 12 of 43.2 is 27.8, P2 (SEV-3)' 'prometheus [][x][][] a pigeon' '(Engineering (a, b))(Product) none' \
    'code lint other hope' '+0.8 s 5x missed https://grafana.example/d?from=1770285600000&to=1770286320000' 'CTO pending AI-001 Not Started' \
    '````sh' 'a ``` b' '````')" "$out"
quiet use 1 >/dev/null

# ---- choose: two files that did not know of each other
tplus export -f json >start.json
tplus --db "$T/a.db" -q import start.json >/dev/null
tplus --db "$T/b.db" -q import start.json >/dev/null
tplus --db "$T/a.db" -q set impact.tickets 5 </dev/null
advance 5
tplus --db "$T/b.db" -q set impact.tickets 9 </dev/null
tplus --db "$T/b.db" export -f json | tplus --db "$T/a.db" -q import - >/dev/null
ab() { tplus --db "$T/a.db" "$@" </dev/null; }
json 'a conflict' '.conflicts == [] | not' "$(ab show --json)"
match 'choose lists it' '^[0-9a-f]+ field value 1  5$' "$(ab choose)"
is 'or one of them' "$(printf 'field:impact.tickets value 0 (shown)  9\nfield:impact.tickets value 1  5')" "$(ab choose field:impact.tickets value)"
run ab choose field:impact.tickets value 2
match 'another one is refused' '^2 .*give a number from 0 to 1' "$rc $err"
ok 'settle it' ab -q choose field:impact.tickets value 1
json 'nobody disagrees any more' '.conflicts == [] and .fields["impact.tickets"] == "5"' "$(ab show --json)"
run ab choose field:impact.tickets value 0
match 'and there is nothing left to choose' '^1 .*nobody disagrees' "$rc $err"
refused 'an entity alone' 2 'which field' choose incident

finish
