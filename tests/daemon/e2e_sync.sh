#!/usr/bin/env bash
# In time with others, over JACK and with their programs: our MIDI clock as jack_mclk_dump hears it,
# jack_midi_clock as the master, jack_midi_latency_test through our thru.
#   e2e_sync.sh BIN-FOLDER
set -euo pipefail
bin=$1
for program in jack_mclk_dump jack_midi_clock jack_transport jack_midi_latency_test; do
    command -v "$program" >/dev/null || { echo "skipped: no $program here"; exit 77; }
done
# shellcheck source=tests/daemon/e2e_lib.sh
source "$(dirname "$0")/e2e_lib.sh"

transport() { echo "$1" | jack_transport >/dev/null 2>&1; }
# The newest of what jack_mclk_dump says is the tempo lies within a tenth of a percent of BPM.
tempo_is_heard() {
    tr '\r' '\n' <"$work/mclk.log" | sed -n 's/.*flt: *\([0-9.]*\).*/\1/p' | tail -n 1 |
        awk -v bpm="$1" '{ off = $1 / bpm - 1; found = off < 0.001 && off > -0.001 } END { exit !found }'
}
log_says() { grep -q "$1" "$work/fusiond.log"; }

start_jack
start_fusiond_with_test_bundle
start_receiver

# --- Our clock, as others hear it ---
oscsend localhost "$osc" /fusiond/tempo f 133.5
oscsend localhost "$osc" /fusiond/clock_out i 1
stdbuf -oL jack_mclk_dump -n fusiond:out >"$work/mclk.log" 2>&1 &
pids[mclk]=$!
until_true "jack_mclk_dump to hear 133.5 BPM" tempo_is_heard 133.5
oscsend localhost "$osc" /fusiond/tempo f 240
until_true "jack_mclk_dump to hear 240 BPM" tempo_is_heard 240
oscsend localhost "$osc" /fusiond/clock_out i 0

# --- Their clock, followed ---
oscsend localhost "$osc" /fusiond/sync s midi
until_true "word that no clock is heard" log_says "no MIDI clock is heard"
before=$(notes_on)
until_true "music without a clock" more_notes_than $((before + 4))
jack_midi_clock -B -b 97 fusiond:in >"$work/master.log" 2>&1 &
pids[master]=$!
until_true "the master" port_is_there "jack_midi_clock:mclk_out"
transport play
until_true "the lock" log_says "locked to MIDI clock at"
tempo=$(sed -n 's/.*locked to MIDI clock at \([0-9.]*\) bpm.*/\1/p' "$work/fusiond.log" | tail -n 1)
echo "locked at $tempo BPM of 97"
awk -v t="$tempo" 'BEGIN { exit !(t > 96.5 && t < 97.5) }' || fail "the tempo is not the master's"
before=$(notes_on)
until_true "music with the master" more_notes_than $((before + 4))

transport stop
# Nothing is committed any more: the note-ons stand still while the daemon lives.
stands_still() { local n; n=$(notes_on); sleep 1; [[ $(notes_on) -eq $n ]]; }
until_true "silence with the master's stop" stands_still
before=$(notes_on)
transport play
until_true "music with the master's continue" more_notes_than $((before + 4))

# --- The master's cable is pulled ---
before=$(notes_on)
jack_disconnect jack_midi_clock:mclk_out fusiond:in
until_true "word of the lost clock" log_says "fell silent; its last tempo goes on"
until_true "music without the master" more_notes_than $((before + 6))
oscsend localhost "$osc" /fusiond/sync s internal
until_true "our own tempo" log_says "sync: the tempo is our own"

# --- Through ---
oscsend localhost "$osc" /fusiond/stop
until_true "silence" stands_still
jack_disconnect fusiond:out midi-monitor:input  # the receiver counts our notes alone
oscsend localhost "$osc" /fusiond/thru i 1
timeout 60 jack_midi_latency_test -s 256 fusiond:in fusiond:out >"$work/thru.log" 2>&1 ||
    fail "jack_midi_latency_test through fusiond"
grep -E "Messages (sent|received)|lowest|highest|peak" "$work/thru.log" || true
grep -q "received: *256" "$work/thru.log" || fail "messages were lost on the way through"

# --- Held up ---
jack_connect fusiond:out midi-monitor:input
oscsend localhost "$osc" /fusiond/play
before=$(notes_on)
until_true "music again" more_notes_than $((before + 4))
kill -STOP "$fusiond"
sleep 1
kill -CONT "$fusiond"
before=$(notes_on)
until_true "music after a second's stop of the process" more_notes_than $((before + 4))

end_fusiond
every_note_ended 40
echo "passed"
