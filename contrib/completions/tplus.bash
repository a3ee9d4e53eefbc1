# bash completion for tplus. Verbs and options come from "tplus help", ids and names from the store: nothing to keep up to date.

# Asks tplus about the store and the incident that the line so far names.
_tplus_ask() {
    command tplus -q "${_tplus_given[@]}" "$@" 2>/dev/null </dev/null
}

# Values of one key in JSON on standard input; those with escapes are left out.
_tplus_values() {
    grep -o "\"$1\":\"[^\"\\\\]*\"" | sed 's/^[^:]*:"//; s/"$//'
}

# What an operand or a value may be, by the word that the help has for it.
_tplus_candidates() { # WORD VERB
    case $1 in
    @NAME | NAME)
        _tplus_ask tail -n 200 --json | _tplus_values actor
        _tplus_ask show --json | sed 's/.*"responders":\[//; s/\],"actions".*//' | _tplus_values name
        ;;
    ROLE) printf '%s\n' IC DEPUTY SCRIBE OPS COM SME CUSTOMER INTERNAL ;;
    SEV | LEVEL) printf '%s\n' 0 1 2 3 4 ;;
    AI) _tplus_ask show --json | _tplus_values number | grep '^AI-' ;;
    ASK) _tplus_ask show --json | _tplus_values number | grep '^ASK-' ;;
    H) _tplus_ask show --json | _tplus_values number | grep '^H-' ;;
    'AI-N|ASK-N') _tplus_ask show --json | _tplus_values number | grep '^A' ;;
    P0..P3) printf '%s\n' P0 P1 P2 P3 ;;
    DATE) printf '%s\n' today tomorrow 7d 14d ;;
    DURATION) printf '%s\n' 5m 10m 15m 30m ;;
    EVENT) _tplus_ask tail -n 200 --json | _tplus_values short ;;
    INCIDENT) _tplus_ask list --json | _tplus_values id ;;
    ID)
        case $2 in
        edit | retime | strike | redact | undo | history) _tplus_candidates EVENT ;;
        open) ;;
        *) _tplus_candidates INCIDENT ;;
        esac
        ;;
    FORMAT) printf '%s\n' md html json csv ;;
    TEMPLATE) _tplus_ask templates | cut -f 1 ;;
    ZONE)
        printf '%s\n' UTC local
        awk '!/^#/ { print $3 }' "${TZDIR:-/usr/share/zoneinfo}/zone1970.tab" 2>/dev/null
        ;;
    VERB) command tplus help --table | cut -f 1 ;;
    FILE | FILE...) compgen -f -- "$_tplus_cur" ;;
    esac
}

# "-i ID" for each option of the program and of the verb: "-i", "--incident" on lines of their own, each with its value.
_tplus_options() {
    { command tplus help; [ -z "$1" ] || command tplus help "$1"; } 2>/dev/null </dev/null |
        sed -n 's/^ *\(-[a-zA-Z], \)\{0,1\}\(--[a-z]*\)\( [A-Z]\{1,\}\)\{0,1\}\(:.*\|  .*\)$/\1\2\3/p' |
        sed 's/^\(-.\), \(--[a-z]*\)\(.*\)$/\1\3\n\2\3/' | sort -u
}

_tplus() {
    local words word verb='' usage='' value='' options operands=0 i candidate quoted expect=()
    local _tplus_given=() _tplus_cur=''
    # The words as separated by blanks: for bash "@" and ":" separate, too.
    read -ra words <<<"${COMP_LINE:0:COMP_POINT}"
    [[ ${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]] && words+=('')
    _tplus_cur=${words[-1]-}
    COMPREPLY=()
    [ "${#words[@]}" -gt 1 ] || return 0

    options=$(_tplus_options '')
    for ((i = 1; i < ${#words[@]} - 1; i++)); do
        word=${words[i]}
        value=''
        if [[ $word == -[a-zA-Z-]* ]]; then
            value=$(sed -n "s/^${word//[^a-zA-Z-]/} //p" <<<"$options")
            [ -n "$value" ] || continue
            if ((i + 1 < ${#words[@]} - 1)); then
                case $word in
                --db | --incident | -i) _tplus_given+=("$word" "${words[i + 1]}") ;;
                esac
                value=''
                ((i++))
            fi
        elif [ -z "$verb" ]; then
            IFS=$'\t' read -r verb usage < <(command tplus help --table |
                awk -F '\t' -v w="$word" '$1 == w || $2 == w { print $1 "\t" $4 }')
            [ -n "$verb" ] || return 0
            options=$(_tplus_options "$verb")
        else
            ((operands++))
        fi
    done

    # Operands by place: "[-t TEMPLATE]" and the like are none, and the last one may be repeated.
    read -ra expect < <(sed 's/\[-[^]]*\]//g; s/[][]//g' <<<"$usage")

    local all
    if [ -n "$value" ]; then
        all=$(_tplus_candidates "$value" "$verb")
    elif [[ $_tplus_cur == -* ]]; then
        all=$(cut -d ' ' -f 1 <<<"$options")
    elif [ -z "$verb" ]; then
        all=$(command tplus help --table | awk -F '\t' '{ print $1; if ($2) print $2 }')
    elif [[ $_tplus_cur == @* ]]; then
        all=$(_tplus_candidates NAME | sed 's/^/@/')
    elif ((operands < ${#expect[@]})); then
        all=$(_tplus_candidates "${expect[operands]}" "$verb")
    elif [ "${expect[*]: -1}" = FILE... ]; then
        all=$(_tplus_candidates FILE)
    fi
    while IFS= read -r candidate; do
        [[ -n $candidate && $candidate == "$_tplus_cur"* ]] || continue
        [[ $_tplus_cur == @* && $COMP_WORDBREAKS == *@* ]] && candidate=${candidate#@}
        printf -v quoted %q "$candidate"
        COMPREPLY+=("$quoted")
    done < <(sort -u <<<"${all-}")
}

complete -F _tplus tplus
