#!/usr/bin/env bash
# The built-in synth as a newcomer and a performer meet it: it sounds by itself, makes room for whoever
# connects, and does without a sound font, without an audio device and without a server that was there.
#   e2e_synth.sh BIN-FOLDER
set -euo pipefail
bin=$1
# shellcheck source=tests/daemon/e2e_lib.sh
source "$(dirname "$0")/e2e_lib.sh"
command -v sox >/dev/null || { echo "skipped: no sox"; exit 77; }
[[ -e /usr/share/sounds/sf2/TimGM6mb.sf2 ]] || { echo "skipped: no timgm6mb-soundfont"; exit 77; }

said() { grep -qF "$1" "$work/fusiond.log"; }
count_said() { grep -cF "$1" "$work/fusiond.log" || true; }
# begin ARGS...: the daemon, in the background.
begin() {
    "$bin/fusiond" --bundle "$work/test.bundle" --tempo 240 --osc-port 0 --oscquery-port 0 \
        --state off "$@" >"$work/screen.log" 2>"$work/fusiond.log" &
    fusiond=$!
    pids[fusiond]=$fusiond
    until_true "the daemon to play" said "playing into"
}
# How loud the synth is over two seconds, as an RMS amplitude. jack_rec writes WAV.
loudness() {
    rm -f "$work/rec.wav"
    jack_rec -f "$work/rec.wav" -d 2 -b 16 "fusiond synth:left" "fusiond synth:right" >>"$work/rec.log" 2>&1 ||
        fail "jack_rec"
    sox "$work/rec.wav" -n stat 2>&1 | awk '/^RMS +amplitude/ { print $3 }'
}
is_loud() { awk -v x="$(loudness)" 'BEGIN { print "RMS " x; exit !(x > 0.005) }'; }
is_silent() { awk -v x="$(loudness)" 'BEGIN { print "RMS " x; exit !(x < 0.0005) }'; }

"$bin/make_bundle" "$work/test.bundle"
start_jack

# --- Named, it sounds; each parameter acts ---
begin --output synth
until_true "the synth" port_is_there "fusiond synth:left"
until_true "sound" is_loud
osc=$(sed -n 's/.*OSC on 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$work/fusiond.log" | head -n 1)
oscsend localhost "$osc" /fusiond/synth_volume f -60
until_true "silence at -60 dB" is_silent
oscsend localhost "$osc" /fusiond/synth_volume f 0
oscsend localhost "$osc" /fusiond/synth_programs s layered
until_true "sound in layers" is_loud
end_fusiond

# --- With auto it makes room for whoever connects ---
begin
until_true "the synth" said "the built-in synth plays through JACK with TimGM6mb.sf2"
until_true "sound while nobody is connected" is_loud
start_receiver
until_true "word of the silence" said "the built-in synth is silent: somebody is connected"
is_silent || fail "it sounds though somebody is connected"
jack_disconnect fusiond:out midi-monitor:input
until_true "word of its return" said "the built-in synth sounds: nobody is connected"
is_loud || fail "it does not come back"
[[ $(count_said "the built-in synth is silent") -eq 1 ]] || fail "said more than once"

# --- The server goes and returns ---
kill -9 "${pids[jack]}"
wait "${pids[jack]}" 2>/dev/null || true
until_true "word of the loss" said "the built-in synth's audio device is gone (JACK with TimGM6mb.sf2)"
kill -0 "$fusiond" || fail "the daemon went with its server"
start_jack
until_true "the synth again" port_is_there "fusiond synth:left"
until_true "the port again" port_is_there "fusiond:out"
until_true "sound again" is_loud
kill "${pids[dump]}" 2>/dev/null || true
end_fusiond

# --- Off, it is off ---
begin --no-synth
until_true "the port" port_is_there "fusiond:out"
said "built-in synth" && fail "--no-synth is not silent"
end_fusiond

# --- Without a font, and with a broken one: one line, and the port plays ---
head -c 100000 /usr/share/sounds/sf2/TimGM6mb.sf2 >"$work/broken.sf2"
for font in /nonexistent.sf2 "$work/broken.sf2"; do
    printf '[synth]\nfont = "%s"\n' "$font" >"$work/config.toml"
    begin --config "$work/config.toml"
    until_true "word of the font" said "$font"
    start_receiver
    end_fusiond
    kill "${pids[dump]}" 2>/dev/null || true
    [[ $(count_said "$font") -eq 1 ]] || fail "the font is told of more than once"
done

# --- Without any audio device: one line, and it plays on ---
export JACK_DEFAULT_SERVER=fusiond-test-none-$$
unset XDG_RUNTIME_DIR PULSE_SERVER PIPEWIRE_RUNTIME_DIR
if ! compgen -G "/dev/snd/pcm*p" >/dev/null; then
    begin --output file,synth --file "$work/session.mid"
    until_true "word of the device" said "no audio device is here"
    sleep 3
    end_fusiond
    [[ $(count_said "no audio device") -eq 1 ]] || fail "the device is told of more than once"
    [[ $(head -c 4 "$work/session.mid") == MThd ]] || fail "no recording"
fi
[[ ! -s $work/screen.log ]] || fail "something was written to standard output"
if grep -iE "ALSA lib|fluidsynth:|SDL" "$work/fusiond.log"; then fail "a library spoke by itself"; fi
echo "passed"
