#!/usr/bin/env bash
# /metrics as Prometheus' own promtool reads it, of a daemon that plays: e2e_metrics.sh BIN_FOLDER
# Exits with 77 where there is no promtool (Debian's package prometheus, which ./dev does not install).
set -euo pipefail

bin=$1
promtool=${PROMTOOL:-promtool}
for program in "$promtool" python3; do
    command -v "$program" >/dev/null || { echo "skipped: no $program here"; exit 77; }
done
# shellcheck source=tests/daemon/e2e_lib.sh
source "$(dirname -- "$0")/e2e_lib.sh"

"$bin/make_bundle" "$work/test.bundle"
"$bin/fusiond" --plain --output file --file "$work/session.mid" --no-synth --bundle "$work/test.bundle" \
    --tempo 400 --osc-port 0 --oscquery-port 0 --state off >"$work/fusiond.log" 2>&1 &
pids[fusiond]=$!
until_true "the panel" grep -q 'panel: http' "$work/fusiond.log"
panel=$(sed -n 's/.*panel: \(http[^ ]*\).*/\1/p' "$work/fusiond.log" | head -n 1)
ask() { python3 -c 'import sys, urllib.request; sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1]).read())' "${panel}metrics"; }
has_notes() { ask | grep -qE '^fusiond_notes_on_total [1-9]'; }
until_true "a note in /metrics" has_notes
ask >"$work/metrics.txt"

said=$("$promtool" check metrics <"$work/metrics.txt" 2>&1) || fail "promtool: $said"
[[ -z $said ]] || fail "promtool: $said"
# And it would have told:
sed 's/_total / /; s/^# HELP.*//' "$work/metrics.txt" >"$work/bad.txt"
if "$promtool" check metrics <"$work/bad.txt" >/dev/null 2>&1; then fail "promtool finds nothing in a bad page"; fi
echo "$(grep -c '^# TYPE' "$work/metrics.txt") metrics, and promtool finds nothing"
