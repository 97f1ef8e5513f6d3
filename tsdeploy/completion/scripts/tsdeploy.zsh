#compdef tsdeploy
# zsh completion for tsdeploy:  source <(tsdeploy completion zsh)  after compinit
_tsdeploy() {
    local how line
    local -a lines texts helps
    lines=("${(@f)$(tsdeploy completion zsh --words -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    how=$lines[1]
    for line in "${(@)lines[2,-1]}"; do
        texts+=("${line%%$'\t'*}")
        helps+=("${line%%$'\t'*}${${line#*$'\t'}:+  -- ${line#*$'\t'}}")
    done
    if (( $#texts )); then
        if [[ $how == open ]]; then
            compadd -S '' -l -d helps -a -- texts
        else
            compadd -l -d helps -a -- texts
        fi
    fi
    [[ $how == file ]] && _files
    [[ $how == folder ]] && _files -/
    return 0
}
compdef _tsdeploy tsdeploy
