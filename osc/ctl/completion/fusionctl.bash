# Completion of fusionctl in bash: fusionctl itself says what may stand there.

_fusionctl() {
    local current=${COMP_WORDS[COMP_CWORD]} quote='' candidate
    local -a words=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
    # What is written, without its quotes.
    case $current in
        \"* | \'*) quote=${current:0:1} current=${current:1} ;;
        *) current=${current//\\/} ;;
    esac
    [[ $current == = ]] && current=''
    local i
    for i in "${!words[@]}"; do
        case ${words[i]} in
            \"*\" | \'*\') words[i]=${words[i]:1:-1} ;;
            *) words[i]=${words[i]//\\/} ;;
        esac
    done
    COMPREPLY=()
    while IFS= read -r candidate; do
        # A scene's name may have spaces: within quotes as it is, else escaped.
        [[ -z $quote ]] && printf -v candidate '%q' "$candidate"
        COMPREPLY+=("$candidate")
    done < <("${COMP_WORDS[0]/#\~/$HOME}" complete -- ${words[@]+"${words[@]}"} "$current" 2>/dev/null)
}

complete -F _fusionctl fusionctl
