# fish completion for tsdeploy:  tsdeploy completion fish | source
function __tsdeploy
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l typed (commandline --cut-at-cursor --current-token)
    set -l lines (tsdeploy completion fish --words -- $words[2..-1] "$typed" 2>/dev/null)
    if contains -- "$lines[1]" file
        __fish_complete_path "$typed"
    else if contains -- "$lines[1]" folder
        __fish_complete_directories "$typed"
    end
    test (count $lines) -gt 1; and string join \n -- $lines[2..-1]
end
complete --command tsdeploy --no-files --arguments '(__tsdeploy)'
