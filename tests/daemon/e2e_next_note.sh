#!/usr/bin/env bash
# The bundle that ships, with its networks, over JACK: until a weight is turned the daemon plays exactly
# what `fusiond render` says it will (same seed, same line); after that it leaves that line within a few
# notes. (The dice are fixed, so a note may by chance be the same one under the new weights.) It turns to
# folk, which has the fewest rests to wait through.
#   e2e_next_note.sh BIN-FOLDER BUNDLE osc|cc
set -euo pipefail
bin=$1 bundle=$2 hand=$3
[[ -f $bundle ]] || { echo "skipped: no bundle at $bundle"; exit 77; }
# shellcheck source=tests/daemon/e2e_lib.sh
source "$(dirname "$0")/e2e_lib.sh"

kFewNotes=24
line=(--bundle "$bundle" --seed 7 --tempo 240)
mapfile -t genres < <("$bin/fusiond" render "${line[@]}" --bars 1 --weight nosuchgenre=1 \
    --out "$work/none.mid" 2>&1 | sed -n 's/.*this bundle has //p' | tr -d ' ' | tr ',' '\n')
[[ ${#genres[@]} -ge 2 ]] || fail "the bundle does not say its genres"
line+=(--weight classical=10)
turn() { # GENRE VALUE: its controller in the default map
    local i
    for i in "${!genres[@]}"; do
        [[ ${genres[$i]} == "$1" ]] || continue
        "$bin/jack_midi_send" "fusiond:in" "$(printf 'b0%02x%02x' $((20 + i)) "$2")"
    done
}

"$bin/fusiond" render "${line[@]}" --bars 64 --out "$work/expected.mid" >"$work/render.log" 2>&1
"$bin/smf_pitches" "$work/expected.mid" >"$work/expected"

start_jack
start_fusiond "${line[@]}"
start_receiver
until_true "the input port" port_is_there "fusiond:in"
before=$(notes_on)

if [[ $hand == osc ]]; then
    oscsend localhost "$osc" /fusiond/weight/folk f 10
    oscsend localhost "$osc" /fusiond/weight/classical f 0
else
    turn folk 127
    turn classical 0
fi
changed=$(notes_on)
until_true "notes after the change" more_notes_than $((changed + 2 * kFewNotes))
end_fusiond
every_note_ended 30

# The receiver joined after the first notes; the recording has them all.
"$bin/smf_pitches" "$work/session.mid" >"$work/played"
heard=$(notes_on)
missed=$(($(lines_of "$work/played") - heard))
same=$({ cmp "$work/expected" "$work/played" || true; } 2>&1 | sed -n 's/.* line \([0-9]*\)$/\1/p')
[[ -n $same ]] || fail "the line never left what was rendered"
same=$((same - 1))
echo "as rendered for $same notes; the weights were turned between notes $((before + missed)) and $((changed + missed))"
[[ $same -ge $((before + missed)) ]] || fail "the line was another before the change"
[[ $same -le $((changed + missed + kFewNotes)) ]] || fail "the change was not heard"
echo "passed"
