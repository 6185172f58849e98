#!/usr/bin/env bash
# Chords by hand, as a performer gives them: a progression from oscsend, chords held on a keyboard that
# is a JACK client, pulled out with its keys down. What is in force is asked over OSC and stands in the
# recording.
#   e2e_harmony.sh BIN-FOLDER
set -euo pipefail
bin=$1
# shellcheck source=tests/daemon/e2e_lib.sh
source "$(dirname "$0")/e2e_lib.sh"

ctl() { "$bin/fusionctl" --port "$osc" "$@"; }
chord_is() { [[ $(ctl get chord) == *" $1" || $(ctl get chord) == "$1" ]]; }
chord_becomes() { until_true "the chord $1, not $(ctl get chord)" chord_is "$1"; }
# A keyboard that stays plugged in.
keyboard() {
    "$bin/jack_midi_send" fusiond:in "$@" stay &
    pids[keyboard]=$!
}
unplug() {
    kill "${pids[keyboard]}"
    wait "${pids[keyboard]}" 2>/dev/null || true
    unset "pids[keyboard]"
}
# Of the notes that were played since line $1: pitch classes, counted.
classes_since() {
    tail -n +"$1" "$work/dump.log" | awk '
        function digit(text, place) { return index("0123456789abcdef", substr(text, place, 1)) - 1 }
        /: +9/ {
            for (i = 1; i <= NF; i++) if ($i ~ /:$/) break
            if ($(i + 3) != "00") print (digit($(i + 2), 1) * 16 + digit($(i + 2), 2)) % 12
        }' | sort -n | uniq -c
}

start_jack
start_fusiond_with_test_bundle
start_receiver

echo "--- a progression"
chord_is N.C. || fail "a chord before there is one: $(ctl get chord)"
oscsend localhost "$osc" /fusiond/progression s "Am"
chord_becomes Am
oscsend localhost "$osc" /fusiond/progression s "C^7 | C^7"
chord_becomes Cmaj7

echo "--- what cannot be read"
if ctl "do" progression "Dm7 Gx7 | C" >"$work/refused.log" 2>&1; then fail "Gx7 was taken"; fi
grep -q "character 6" "$work/refused.log" || fail "no place: $(cat "$work/refused.log")"
chord_is Cmaj7 || fail "the old progression went: $(ctl get chord)"

echo "--- as strictly as can be"
# The test bundle has C to E in each octave: of C major C and E are tones.
ctl set harmony_pull 1
oscsend localhost "$osc" /fusiond/progression s "Ab"
chord_becomes Ab
sleep 1
from=$(($(lines_of "$work/dump.log") + 1))
sleep 8
classes_since "$from"
tones=$(classes_since "$from" | awk '$2 == 0 || $2 == 3 || $2 == 8 { n += $1 } { all += $1 } END { print int(100 * n / all) }')
[[ $tones -ge 50 ]] || fail "$tones of 100 notes are tones of Ab"

echo "--- a keyboard"
ctl set harmony midi
chord_becomes N.C.
keyboard 903c40 904040 904340
chord_becomes C
sleep 3
chord_is C || fail "a chord that is held went: $(ctl get chord)"
ctl "do" learn again
unplug
chord_becomes N.C.
keyboard 903e40 904140 904540 904840
chord_becomes Dm7
if grep -q "learned: " "$work/fusiond.log"; then fail "a key of the chord was learned"; fi
ctl "do" learn
unplug

echo "--- given back"
ctl set harmony hand
chord_becomes Ab
oscsend localhost "$osc" /fusiond/progression
chord_becomes N.C.

end_fusiond
for chord in Am Cmaj7 Ab C Dm7 N.C.; do
    grep -qa "chord:$chord" "$work/session.mid" || fail "no marker chord:$chord in the recording"
done
every_note_ended 50
echo "chords by hand: as they were given"
