#!/usr/bin/env bash
# A MIDI file played through the port in the line's place: uploaded or named, what a JACK client hears is
# the file, note for note and in its spacing; stop, seek, panic; and what no file is.
#   e2e_tape.sh BIN-FOLDER
set -euo pipefail
bin=$1
# shellcheck source=tests/daemon/e2e_lib.sh
source "$(dirname "$0")/e2e_lib.sh"
for program in python3 curl; do
    command -v "$program" >/dev/null || { echo "SKIPPED: no $program"; exit 77; }
done
here=$(dirname "$(readlink -f "$0")")
file() { python3 "$here/tape_file.py" "$@"; }
ctl() { "$bin/fusionctl" --port "$osc" "$@"; }
type=audio/midi
upload() { curl -s -m 20 -o "$work/answer" -w '%{http_code}' -H "Content-Type: $type" --data-binary "@$1" "${@:2}" "$http/tape?$(basename "$1")"; }
tape() { ctl get tape; }
is_now() { [[ " $(tape)" == *" $1 "* ]]; }
becomes() { until_true "the tape to be $1, not $(tape)" is_now "$1"; }
heard() { wc -l <"$work/dump.log"; }
since() { tail -n "+$(($1 + 1))" "$work/dump.log"; }
ons_since() { since "$1" | grep -c ': \+9. .. [^0].' || true; }
has_ons() { [[ $(ons_since "$1") -ge $2 ]]; }
answers() { [[ $1 == "$2" ]] || fail "$3: HTTP $1, not $2: $(cat "$work/answer")"; }

file scale "$work/scale.mid" 40
file stuck "$work/stuck.mid"
start_jack
start_fusiond_with_test_bundle
http=http://127.0.0.1:$(sed -n 's/.*OSCQuery on 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$work/fusiond.log" | head -n 1)
stdbuf -oL jack_midi_dump -a >"$work/dump.log" 2>"$work/dump-errors.log" &
pids[dump]=$!
until_true "the receiver" port_is_there "midi-monitor:input"
jack_connect fusiond:out midi-monitor:input
until_true "the line" more_notes_than 5

echo "--- what no file is"
ctl "do" tape/play 2>"$work/no-tape" && fail "a tape is played that is not there"
grep -q "there is no tape" "$work/no-tape" || fail "the reason: $(cat "$work/no-tape")"
printf 'this is no MIDI file' >"$work/text.mid"
answers "$(upload "$work/text.mid")" 422 "a text"
truncate -s 100M "$work/large.mid"
answers "$(upload "$work/large.mid")" 413 "100 MB"
answers "$(upload "$work/scale.mid" -H 'Origin: http://evil.example')" 403 "a stranger's page"
answers "$(type=text/plain upload "$work/scale.mid")" 415 "a form"
for name in ../scale.mid /etc/passwd nothing.mid; do ctl "do" tape/load "$name"; until_true "an answer" is_now empty; done
before=$(heard)
until_true "the line to go on" has_ons "$before" 5

echo "--- the file, note for note"
answers "$(upload "$work/scale.mid")" 200 "a scale"
becomes stopped
# A cycle that the server loses on a busy machine moves what comes after it: it is played again then.
xruns() { grep -c XRun "$work/jackd.log" || true; }
for ((try = 1; ; try++)); do
    before=$(xruns)
    ctl "do" tape/seek 0
    ctl "do" tape/play
    becomes playing
    [[ $(ctl get playing) == 0 ]] || fail "the line plays beside the tape"
    becomes stopped
    if file same 40 "$work/dump.log" 48000; then break; fi
    [[ $(xruns) -gt $before && $try -lt 6 ]] || fail "what was heard is not the file ($(($(xruns) - before)) lost cycles)"
    echo "again: $(($(xruns) - before)) lost cycles"
done
[[ $(ctl get playing) == 0 ]] || fail "the line began by itself"

echo "--- seek, stop, panic, and back to the line"
ctl "do" tape/seek 0
ctl "do" tape/play
ctl "do" tape/seek 30
before=$(heard)
until_true "notes from there" has_ons "$before" 2
since "$before" | grep -q ': \+93 5[a-f] ' || fail "no note of beat 30: $(since "$before")"
ctl "do" tape/seek 5000
becomes stopped
ctl "do" tape/seek 0
ctl "do" tape/play
becomes playing
ctl "do" panic
becomes stopped
[[ $(tape | awk '{ print int($3) }') -lt 39 ]] || fail "it was not the panic that ended it: $(tape)"
answers "$(upload "$work/stuck.mid")" 200 "a file with stuck notes"
ctl "do" tape/play
becomes stopped
head -c -20 "$work/scale.mid" >"$work/cut.mid"
answers "$(upload "$work/cut.mid")" 200 "a file that was cut off"
before=$(heard)
ctl "do" tape/play
until_true "notes of it" has_ons "$before" 3
ctl "do" play
becomes stopped
before=$(heard)
until_true "the line" has_ons "$before" 5

echo "--- a recording, by its name"
ctl record export
until_true "a whole recording" test -s "$work/session.mid"
ctl "do" tape/load session.mid
until_true "the recording" is_now stopped
[[ $(tape) == session.mid* ]] || fail "the tape is $(tape)"
before=$(heard)
ctl "do" tape/play
until_true "notes of it" has_ons "$before" 5
end_fusiond
every_note_ended 60
