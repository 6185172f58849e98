# Completion of fusionctl in fish: fusionctl itself says what may stand there.

function __fusionctl_candidates
    set -l written (commandline -opc)
    fusionctl complete -- $written[2..-1] (commandline -ct) 2>/dev/null
end

complete -c fusionctl -f -a '(__fusionctl_candidates)'
