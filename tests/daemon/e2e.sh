#!/usr/bin/env bash
# The daemon as its users have it: fusiond into a JACK server without hardware, jack_midi_dump as the
# receiver, oscsend as the sender, a knob on a JACK MIDI port.
#   e2e.sh BIN-FOLDER SECONDS-OF-PLAY
# Waits are for what must become true, with a limit; none stands for "surely done by now".
set -euo pipefail
bin=$1 seconds=$2
# shellcheck source=tests/daemon/e2e_lib.sh
source "$(dirname "$0")/e2e_lib.sh"

start_jack
start_fusiond_with_test_bundle
start_receiver

# --- Music for as long as was asked ---
sleep "$seconds"
kill -0 "$fusiond" || fail "fusiond ended by itself"

# note_ons FROM-LINE: the pitches of the note-ons from that line of the dump on, in decimal.
note_ons() {
    tail -n +"$1" "$work/dump.log" | sed -n 's/^.*: \+9. \([0-9a-f][0-9a-f]\) \([0-9a-f][0-9a-f]\).*/\1 \2/p' |
        while read -r pitch velocity; do
            [[ $velocity == 00 ]] || echo $((16#$pitch))
        done
}
within() { awk -v lo="$1" -v hi="$2" '{ n++; if ($1 >= lo && $1 <= hi) k++ } END { print n+0, k+0 }'; }

# only_genre NAME LO HI: from now on, after a few notes of grace (ramp and committed steps), 20
# notes come and nearly all are the genre's. Smoothing gives each other event a small share.
only_genre() {
    local name=$1 from all own
    until_true "the change to $name" more_notes_than $(($(notes_on) + 5))
    from=$(($(lines_of "$work/dump.log") + 1))
    until_true "notes after the change to $name" more_notes_than $(($(notes_on) + 20))
    read -r all own < <(note_ons "$from" | within "$2" "$3")
    echo "$name: $own of $all notes are its own"
    [[ $all -ge 20 && $((own * 100)) -ge $((all * 85)) ]] || fail "$name is not what is played"
}

read -r all own < <(note_ons 1 | within 60 64)
echo "before: $own of $all notes are jazz"
[[ $((own * 100)) -lt $((all * 70)) ]] || fail "one genre alone before any change"

# --- OSC ---
oscsend localhost "$osc" /fusiond/weight/jazz f 10
oscsend localhost "$osc" /fusiond/weight/pop i 0
oscsend localhost "$osc" /fusiond/weight/folk i 0
only_genre jazz 60 64
oscsend localhost "$osc" /fusiond/nonsense f 1
oscsend localhost "$osc" /fusiond/tempo s fast

# --- CC 20 is jazz, 21 is pop ---
until_true "fusiond's input port" port_is_there "fusiond:in"
"$bin/jack_midi_send" "fusiond:in" b01400 b0157f
only_genre pop 72 76

# --- Bytes that are no MIDI, with thru on: left out, told of once and at the end ---
told_of_malformed() { grep -c "malformed and left out" "$work/fusiond.log" || true; }
oscsend localhost "$osc" /fusiond/thru i 1
malformed=(90ff40 90 903c 3c40 903c4000 90f83c c080 f4)
"$bin/jack_midi_send" "fusiond:in" "${malformed[@]}"
until_true "word of what was malformed" grep -q "malformed and left out" "$work/fusiond.log"
"$bin/jack_midi_send" "fusiond:in" "${malformed[@]}"
kill -0 "$fusiond" || fail "malformed MIDI ended fusiond"
[[ $(told_of_malformed) -eq 1 ]] || fail "malformed MIDI was told of more than once"

# --- Orderly end: every note-on has its note-off ---
end_fusiond
every_note_ended 100
[[ $(told_of_malformed) -eq 2 ]] || fail "the end does not tell how many messages were malformed"
[[ $(head -c 4 "$work/session.mid") == MThd ]] || fail "no recording"
[[ ! -s $work/screen.log ]] || fail "something was drawn though nobody looks"
echo "passed"
