# bash completion for tsdeploy:  source <(tsdeploy completion bash)
_tsdeploy() {
    local how IFS=$'\n'
    COMPREPLY=()
    {
        read -r how
        mapfile -t COMPREPLY
    } < <(tsdeploy completion bash --words -- "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
    case $how in
        open) compopt -o nospace ;;
        file) compopt -o default ;;
        folder) compopt -o dirnames ;;
    esac
}
complete -F _tsdeploy tsdeploy
