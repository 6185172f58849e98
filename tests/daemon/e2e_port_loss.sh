#!/usr/bin/env bash
# The JACK server goes away in the middle of the music and comes back: fusiond does not end, opens its
# ports again by itself, silences what may have been left sounding, and plays on.
#   e2e_port_loss.sh BIN-FOLDER
set -euo pipefail
bin=$1
# shellcheck source=tests/daemon/e2e_lib.sh
source "$(dirname "$0")/e2e_lib.sh"

start_jack
start_fusiond_with_test_bundle
start_receiver

kill "${pids[jack]}"
wait "${pids[jack]}" || true
until_true "word of the loss" grep -q "MIDI port lost" "$work/fusiond.log"
kill -0 "$fusiond" || fail "fusiond went down with the server"
kill "${pids[dump]}" 2>/dev/null || true

start_jack
until_true "fusiond's output port again" port_is_there "fusiond:out"
until_true "fusiond's input port again" port_is_there "fusiond:in"
start_receiver
"$bin/jack_midi_send" "fusiond:in" b0147f
end_fusiond
echo "passed: $(grep -c "is back" "$work/fusiond.log") ports came back"
