# fish completion for tplus. Verbs and options come from "tplus help", ids and names from the store: nothing to keep up to date.

# Values of one key in JSON on standard input; those with escapes are left out.
function __tplus_values
    grep -o '"'$argv[1]'":"[^"\\\\]*"' | sed 's/^[^:]*:"//; s/"$//' | sort -u
end

# "-i ID" and "--incident ID" for each option of the program and of the verb.
function __tplus_options
    begin
        command tplus help
        test -n "$argv[1]"; and command tplus help $argv[1]
    end 2>/dev/null </dev/null |
        sed -n 's/^ *\(-[a-zA-Z], \)\{0,1\}\(--[a-z]*\)\( [A-Z]\{1,\}\)\{0,1\}\(:.*\|  .*\)$/\1\2\3/p' |
        sed 's/^\(-.\), \(--[a-z]*\)\(.*\)$/\1\3\n\2\3/' | sort -u
end

# What an operand or a value may be, by the word that the help has for it.
function __tplus_candidates
    set -l ask tplus -q $__tplus_given
    switch $argv[1]
        case NAME @NAME
            set -l at ''
            test $argv[1] = @NAME; and set at @
            begin
                $ask tail -n 200 --json | __tplus_values actor
                $ask show --json | string replace -r '.*"responders":\[' '' | string replace -r '\],"actions".*' '' | __tplus_values name
            end 2>/dev/null </dev/null | sort -u | string replace -r '^' $at
        case ROLE
            printf '%s\n' IC DEPUTY SCRIBE OPS COM SME CUSTOMER INTERNAL
        case SEV LEVEL
            printf '%s\n' 0 1 2 3 4
        case AI ASK H
            $ask show --json 2>/dev/null </dev/null | __tplus_values number | string match "$argv[1]-*"
        case 'AI-N|ASK-N'
            $ask show --json 2>/dev/null </dev/null | __tplus_values number | string match 'A*'
        case P0..P3
            printf '%s\n' P0 P1 P2 P3
        case DATE
            printf '%s\n' today tomorrow 7d 14d
        case DURATION
            printf '%s\n' 5m 10m 15m 30m
        case EVENT
            $ask tail -n 200 --json 2>/dev/null </dev/null | string match -rg '"short":"([0-9a-f]+)".*"text":"([^"\\\\]*)' | while read -l id
                read -l text
                printf '%s\t%s\n' $id $text
            end
        case INCIDENT
            $ask list --json 2>/dev/null </dev/null | string match -rg '^\{"id":"([^"\\\\]*)","title":"([^"\\\\]*)' | while read -l id
                read -l title
                printf '%s\t%s\n' $id $title
            end
        case ID
            switch $argv[2]
                case edit retime strike redact undo history
                    __tplus_candidates EVENT
                case open
                case '*'
                    __tplus_candidates INCIDENT
            end
        case FORMAT
            printf '%s\n' md html json csv
        case TEMPLATE
            $ask templates 2>/dev/null </dev/null
        case ZONE
            printf '%s\n' UTC local
            set -q TZDIR; or set -l TZDIR /usr/share/zoneinfo
            awk '!/^#/ { print $3 }' $TZDIR/zone1970.tab 2>/dev/null
        case VERB
            command tplus help --table | awk -F '\t' '{ print $1 "\t" $5 }'
        case FILE FILE...
            __fish_complete_path (commandline -ct)
    end
end

function __tplus
    set -l words (commandline -opc)[2..-1]
    set -l cur (commandline -ct)
    set -l verb
    set -l usage
    set -l value
    set -l operands 0
    set -l options (__tplus_options '')
    set -g __tplus_given
    while set -q words[1]
        set -l word $words[1]
        set -e words[1]
        set value
        if string match -qr -- '^-[a-zA-Z-]' $word
            set value (string match -rg -- "^"(string escape --style=regex -- $word)" (.*)" $options)
            test -n "$value"; or continue
            if set -q words[1]
                contains -- $word --db --incident -i; and set -a __tplus_given $word $words[1]
                set value
                set -e words[1]
            end
        else if test -z "$verb"
            set -l row (command tplus help --table | awk -F '\t' -v w=$word '$1 == w || $2 == w { print $1; print $4 }')
            set verb $row[1]
            set usage $row[2]
            test -n "$verb"; or return
            set options (__tplus_options $verb)
        else
            set operands (math $operands + 1)
        end
    end
    # Operands by place: "[-t TEMPLATE]" and the like are none, and the last one may be repeated.
    set -l expect (string replace -ra '\[-[^]]*\]' '' -- "$usage" | string replace -ra '[][]' '' | string split -n ' ')

    if test -n "$value"
        __tplus_candidates $value $verb
    else if string match -q -- '-*' $cur
        string replace -r ' .*' '' -- $options
    else if test -z "$verb"
        command tplus help --table | awk -F '\t' '{ print $1 "\t" $5; if ($2) print $2 "\t" $5 }'
    else if string match -q -- '@*' $cur
        __tplus_candidates @NAME
    else if test $operands -lt (count $expect)
        __tplus_candidates $expect[(math $operands + 1)] $verb
    else if test "$expect[-1]" = FILE...
        __tplus_candidates FILE
    end
    set -e __tplus_given
end

complete -c tplus -f -a '(__tplus)'
