#!/usr/bin/env bash
# The two commands of the README, in the clone in which this lies, and how long each took.
set -euo pipefail
cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/.."
say() { printf 'README: %s\n' "$*"; }

SECONDS=0 played=''
recording="$(mktemp --suffix=.mid)"
trap 'rm -f -- "$recording"' EXIT
while IFS= read -r line; do
    printf '%s\n' "$line"
    if [[ $line == *' playing into '* ]]; then played="${played:-$SECONDS}"; fi
done < <(exec ./dev run --output file --file "$recording" --seconds 10 \
    --osc-port 0 --oscquery-port 0 --state off 2>&1 </dev/null)
wait $!
[[ -n $played ]] || { say "./dev run did not say that it plays"; exit 1; }
# A note-on of channel 1.
LC_ALL=C grep -qaP '\x90' "$recording" || { say "./dev run played no note"; exit 1; }

SECONDS=0 tested=0
./dev test </dev/null || tested=$?
say "./dev run played after $played s; ./dev test took $SECONDS s and ended with $tested"
exit "$tested"
