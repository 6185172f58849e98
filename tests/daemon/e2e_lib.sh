# shellcheck shell=bash disable=SC2154,SC2034  # $bin comes from the sourcing script, $osc goes to it
# Shared by the end-to-end tests: a JACK server of their own, the daemon, a receiver. Sets $work, $osc
# and $fusiond; takes everything down at the end. Sourced with $bin set.
work=$(mktemp -d)
# A server that was killed keeps its place, of eight, in JACK's registry. Where no server runs the
# registry is nobody's. (Not in start_jack: a client that outlived its server holds on to it.)
pgrep -x 'jackd|jackdbus' >/dev/null || rm -f /dev/shm/jack-shm-registry /dev/shm/jack_*fusiond-test-*
export JACK_DEFAULT_SERVER=fusiond-test-$$ JACK_NO_AUDIO_RESERVATION=1
declare -A pids=()

finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

fail() {
    echo "FAILED: $*" >&2
    for log in "$work"/*.log; do echo "--- $log" >&2; tail -n 20 "$log" >&2; done
    exit 1
}

# until_true WHAT COMMAND...: looks each 50 ms, gives up after 30 s.
until_true() {
    local what=$1 i
    shift
    for ((i = 0; i < 600; i++)); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.05
    done
    fail "waited in vain for $what"
}

port_is_there() { jack_lsp 2>/dev/null | grep -xF "$1" >/dev/null; }
lines_of() { wc -l <"$1"; }
notes_on() { grep -c ': \+9. ' "$work/dump.log" || true; }
more_notes_than() { [[ $(notes_on) -gt $1 ]]; }

# -S: the server waits for its clients. Without real-time rights on a busy machine it otherwise runs
# past a client that was not woken in time, and the receiver misses that period's messages.
# The port is looked for, since jack_lsp without a server may end with 0.
start_jack() {
    jackd -r -S -t 2000 -n "$JACK_DEFAULT_SERVER" -d dummy -r 48000 -p 128 >>"$work/jackd.log" 2>&1 &
    pids[jack]=$!
    until_true "the JACK server" port_is_there "system:playback_1"
}

# start_fusiond ARGS...: into a virtual JACK port, recording the session.
start_fusiond() {
    "$bin/fusiond" --output jack --osc-port 0 --oscquery-port 0 --state "$work/state.toml" \
        --file "$work/session.mid" "$@" \
        >"$work/screen.log" 2>"$work/fusiond.log" &
    fusiond=$!
    pids[fusiond]=$fusiond
    until_true "fusiond's output port" port_is_there "fusiond:out"
    until_true "fusiond's OSC port" grep -q "OSC on 127.0.0.1:" "$work/fusiond.log"
    osc=$(sed -n 's/.*OSC on 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$work/fusiond.log" | head -n 1)
}

# With a bundle whose genres are told apart by their octave.
start_fusiond_with_test_bundle() {
    "$bin/make_bundle" "$work/test.bundle"
    start_fusiond --bundle "$work/test.bundle" --tempo 240 \
        --weight jazz=5 --weight pop=5 --weight folk=5
}

start_receiver() {
    stdbuf -oL jack_midi_dump >"$work/dump.log" 2>"$work/dump-errors.log" &
    pids[dump]=$!
    until_true "the receiver" port_is_there "midi-monitor:input"
    jack_connect fusiond:out midi-monitor:input
    # A receiver is greeted by controllers on every channel first.
    until_true "notes" more_notes_than 9
}

end_fusiond() {
    kill -TERM "$fusiond"
    local code=0
    wait "$fusiond" || code=$?
    [[ $code -eq 0 ]] || fail "fusiond ended with $code"
}

# every_note_ended LEAST: after an orderly end, what the receiver heard: at least so many note-ons, each
# with its note-off.
every_note_ended() {
    until_true "the last controller" grep -q "^.*: \+b0 78" "$work/dump.log"
    awk -v least="$1" '
        { for (i = 1; i <= NF; i++) if ($i ~ /:$/) break }
        $(i + 1) ~ /^[89][0-9a-f]$/ {
            on = ($(i + 1) ~ /^9/ && $(i + 3) != "00"); key = substr($(i + 1), 2) " " $(i + 2)
            if (on) { ons++; if (sounding[key]) doubled++; sounding[key] = 1 }
            else { offs++; sounding[key] = 0 }
        }
        END {
            for (key in sounding) stuck += sounding[key]
            printf "%d note-ons, %d note-offs, %d stuck, %d doubled\n", ons, offs, stuck, doubled
            exit !(ons >= least && stuck == 0 && doubled == 0)
        }' "$work/dump.log" || fail "notes are missing, stuck or doubled"
}
