#!/usr/bin/env bash
# What a player has: knobs, pads and motor faders on JACK MIDI ports, scenes, what is learned and kept,
# parts on channels of their own; and fusionctl beside them. The senders and the receivers are JACK
# clients, the values are asked of the daemon over OSC.
#   e2e_hands.sh BIN-FOLDER
set -euo pipefail
bin=$1
# shellcheck source=tests/daemon/e2e_lib.sh
source "$(dirname "$0")/e2e_lib.sh"

cat >"$work/stage.toml" <<'TOML'
[midi]
input = ["", ""]
feedback = ""
[parts]
jazz = true
[part_channels]
jazz = 5
[part_programs]
jazz = 7
[[controller]]
nrpn = 300
target = "temperature"
[[controller]]
cc = 30
target = "tempo"
encoder = "twos_complement"
step = 2
[[controller]]
note = 36
target = "scene/verse"
TOML

start() {
    start_fusiond --config "$work/stage.toml" --bundle "$work/test.bundle" --tempo 240 \
        --weight jazz=5 --weight pop=5 --weight folk=5
}
ctl() { "$bin/fusionctl" --port "$osc" "$@"; }
is() { awk -v value="$(ctl get "$1")" -v wanted="$2" 'BEGIN { d = value - wanted; exit !(d * d < 1e-8) }'; }
becomes() { until_true "$1 to be $2, not $(ctl get "$1")" is "$1" "$2"; }
turn() { "$bin/jack_midi_send" "$@"; }
# Of the port's messages those that came from line $2 of log $1 on and match $3.
came() { tail -n +"$2" "$work/$1.log" | grep -c ": \+$3" || true; }
has_come() { [[ $(came "$@") -gt 0 ]]; }

"$bin/make_bundle" "$work/test.bundle"
start_jack
start
start_receiver
stdbuf -oL jack_midi_dump faders >"$work/faders.log" 2>"$work/faders-errors.log" &
pids[faders]=$!
until_true "the faders" port_is_there "faders:input"
until_true "the feedback port" port_is_there "fusiond:feedback"
jack_connect fusiond:feedback faders:input
until_true "every value at the faders" has_come faders 1 "b0 14 "

echo "--- knobs"
turn fusiond:in b01442                       # the first message of a knob acts at once
becomes weight/jazz 5.19685
ctl set weight/jazz 9
turn fusiond:in b01443                       # 5.3 is far from 9: it waits
turn fusiond:in b0074f                       # what came after it is done, so it was looked at
becomes velocity 79
is weight/jazz 9 || fail "a knob took over without crossing"
turn fusiond:in b0147f
becomes weight/jazz 10
ctl set weight/jazz 2
turn fusiond:in_2 b0140a                     # another controller, whose position nobody knew
becomes weight/jazz 0.787402
turn fusiond:in b06302 b0622c b0067f b0267f  # NRPN 300, both halves
becomes temperature 5
turn fusiond:in b01e03 b01e7f                # three clicks up, one down
becomes tempo 244

echo "--- feedback"
from=$(($(lines_of "$work/faders.log") + 1))
ctl set weight/jazz 10
until_true "jazz at the fader" has_come faders "$from" "b0 14 7f"
[[ $(came dump 1 "b0 14 ") -eq 0 ]] || fail "the synth got what is for the faders"

echo "--- scenes"
ctl scene save verse
ctl set weight/jazz 1
ctl set tempo 200
turn fusiond:in 902464 802440
becomes weight/jazz 10
becomes tempo 244
ctl set tempo 100
ctl scene recall verse --beats 4
becomes tempo 244

ctl scene recall folk
becomes weight/folk 10
is weight/jazz 0 || fail "a scene of folk alone has jazz too"
ctl scene recall verse
becomes weight/jazz 10

echo "--- learning"
ctl learn density
turn fusiond:in b02805 b0287f
becomes density 1
ctl set density 0
turn fusiond:in b02800
becomes density -1
ctl set density 0

echo "--- parts, programs, mute"
until_true "jazz's own part" has_come dump 1 "94 "
until_true "its program" has_come dump 1 "c4 06"
ctl set mute 1
position() { ctl --json status | sed -n 's/.*"song_beats": *\([0-9]*\).*/\1/p'; }
later_than() { [[ $(position) -gt $1 ]]; }
beat=$(position)
before=$(came dump 1 "9. ")
until_true "eight beats of silence" later_than $((beat + 8))
[[ $(came dump 1 "9. ") -le $((before + 4)) ]] || fail "notes while muted"
ctl set mute 0
until_true "notes again" more_notes_than $((before + 12))

echo "--- what is kept"
ctl panic
end_fusiond
every_note_ended 30
grep -q 'name = "verse"' "$work/state.toml" || fail "the scene was not saved"
start
until_true "the input port" port_is_there "fusiond:in"
[[ $(ctl scene list | head -n 1) == verse ]] || fail "the scene is gone: $(ctl scene list)"
turn fusiond:in b0287f
becomes density 1
ctl "do" unlearn density
turn fusiond:in b02800
turn fusiond:in b00740
becomes velocity 64
is density 1 || fail "an unlearned controller turns"
end_fusiond
echo "passed"
