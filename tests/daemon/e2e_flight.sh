#!/usr/bin/env bash
# A flight on request, on a signal and of a crash: hands turn weights, tempo, scenes and what else there is,
# and `fusiond replay` plays every note once more, as the port got it.
#   e2e_flight.sh BIN-FOLDER BUNDLE      with the test's own bundle, then with BUNDLE and its networks
set -euo pipefail
bin=$1 bundle=$2
# shellcheck source=tests/daemon/e2e_lib.sh
source "$(dirname "$0")/e2e_lib.sh"

osc() { oscsend localhost "$osc" "$@"; }
nap() { sleep "0.$((RANDOM % 6))$((RANDOM % 10))"; }
flight_of() { # WHY: the newest flight
    find "$work/flights" -name "fusiond-*-$1*.flight" -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2-
}
is_there() { [[ -s $(flight_of "$1") ]]; }
flights() { find "$work/flights" -name "*-request*.flight" | wc -l; }
more_flights_than() { (($(flights) > $1)); }

# turn GENRE...: a hand on everything for a while.
turn() {
    local genres=("$@") genre
    for _ in {1..40}; do
        genre=${genres[RANDOM % ${#genres[@]}]}
        case $((RANDOM % 12)) in
            0 | 1 | 2) osc "/fusiond/weight/$genre" ff "$((RANDOM % 11))" "$((RANDOM % 3))" ;;
            3) osc /fusiond/tempo f "$((120 + RANDOM % 200))" ;;
            4) osc /fusiond/scene/save s mine && osc /fusiond/transpose i "$((RANDOM % 5))" ;;
            5) osc /fusiond/scene/recall sf mine "$((RANDOM % 5))" ;;
            6) osc /fusiond/panic ;;
            7) osc "/fusiond/part/$genre" i "$((RANDOM % 2))" ;;
            8) osc /fusiond/swing f "0.$((50 + RANDOM % 20))" ;;
            9) osc /fusiond/stop && nap && osc /fusiond/play ;;
            10) osc /fusiond/mute i 1 && nap && osc /fusiond/mute i 0 ;;
            11) osc /fusiond/humanise f "0.$((RANDOM % 10))" && osc /fusiond/accent f 1.5 ;;
        esac
        nap
    done
    osc /fusiond/weights ffff 5 5 5 5
    osc /fusiond/play
}

# replayed WHAT FILE ARGS...: ninety-seven in a hundred of its notes, and so many at least. Where the transport
# stopped, a step that leans before that place may lean otherwise (ADR-flight.md).
replayed() {
    local what=$1 file=$2 same all
    shift 2
    "$bin/fusiond" replay "$file" --out "$work/now.mid" "$@" >"$work/replay.log" 2>&1 || true
    read -r same all < <(sed -n 's/^.*: \([0-9]*\) of \([0-9]*\) notes are the same.*/\1 \2/p' "$work/replay.log") ||
        fail "$what: $(cat "$work/replay.log")"
    echo "$what: $same of $all notes are the same"
    ((all > 40)) || fail "$what has few notes"
    ((100 * (all - same) <= 3 * all)) || fail "$what is not the same: $(cat "$work/replay.log")"
}

start_jack
# --- On request; the bytes that the port got ---
start_fusiond_with_test_bundle --seed 11
start_receiver
turn jazz pop folk
osc /fusiond/restart
turn jazz pop folk
flight=$("$bin/fusionctl" --port "$osc" flight) || fail "no flight on request"
[[ -s $flight ]] || fail "it names $flight"
[[ $(stat -c %a "$flight") == 600 ]] || fail "everybody can read it"
replayed "on request" "$flight" --bundle "$work/test.bundle"
end_fusiond
"$bin/smf_pitches" --all "$work/session.mid" >"$work/then"
"$bin/smf_pitches" --all "$work/now.mid" >"$work/now"
notes=$(lines_of "$work/now")
head -n "$notes" "$work/then" >"$work/then_so_far"
differ=$(diff "$work/then_so_far" "$work/now" | grep -c '^[<>]' || true)
echo "in the order that the port got them, channel, pitch and velocity: $differ of $notes notes differ"
# A hand that mutes or stops cuts between two ticks, so a note beside it may be there or not, and hands here do
# nothing else.
((10 * differ <= notes)) || fail "the port got other notes"

# --- Another bundle is told ---
"$bin/fusiond" replay "$flight" --bundle "$bundle" >"$work/other.log" 2>&1 && fail "another bundle passes"
grep -q "another bundle: it was played with" "$work/other.log" || fail "another bundle is not told"

# --- On a signal, and of a crash: with networks ---
line=(--bundle "$bundle" --tempo 200 --seed 5)
start_fusiond "${line[@]}"
turn classical jazz pop folk
requests=$(flights)
kill -USR1 "$fusiond"
until_true "another flight, on a signal" more_flights_than "$requests"
turn classical jazz pop folk
kill -SEGV "$fusiond"
wait "$fusiond" && fail "it survived"
until_true "a flight of the crash" is_there crash
replayed "of a crash" "$(flight_of crash)" --bundle "$bundle"
echo "passed"
