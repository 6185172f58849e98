#!/usr/bin/env bash
# The first minute of somebody who has never seen fusiond: each of the three lines that it prints at the
# start is done as it stands, and works; the panel opens where that was asked for, and only there.
#   e2e_first_minute.sh BIN-FOLDER
set -euo pipefail
bin=$1
# shellcheck source=tests/daemon/e2e_lib.sh
source "$(dirname "$0")/e2e_lib.sh"

said() { sed -n "s/.*info.* $1: //p" "$work/fusiond.log"; }
# The desktop's program, which the test looks over the shoulder.
mkdir "$work/desktop"
# shellcheck disable=SC2016  # for the script itself
printf '#!/bin/sh\necho "$1" >>"%s"\n' "$work/opened" >"$work/desktop/xdg-open"
chmod +x "$work/desktop/xdg-open"
export PATH="$work/desktop:$PATH" DISPLAY=:9

start_jack
start_fusiond_with_test_bundle
until_true "the three lines" grep -q "to turn a weight: " "$work/fusiond.log"

# --- Hear it: a receiver stands for the synth ---
stdbuf -oL jack_midi_dump >"$work/dump.log" 2>"$work/dump-errors.log" &
pids[dump]=$!
until_true "the receiver" port_is_there "midi-monitor:input"
connect=$(said "to hear it")
[[ $connect == "jack_connect fusiond:out CLIENT:PORT (jack_lsp lists them)"* ]] || fail "to hear it: $connect"
connect=${connect%% (*}
# shellcheck disable=SC2086  # as a person types it
${connect/CLIENT:PORT/midi-monitor:input} || fail "$connect"
until_true "notes" more_notes_than 9

# --- Turn a weight ---
turn=$(said "to turn a weight")
[[ $turn == *"fusionctl --port $osc set weight/jazz 10" ]] || fail "to turn a weight: $turn"
[[ $("$bin/fusionctl" --port "$osc" get weight/jazz) == *5* ]] || fail "jazz is not at 5 before"
bash -c "$turn" || fail "$turn"
[[ $("$bin/fusionctl" --port "$osc" get weight/jazz) == *10* ]] || fail "the weight was not turned by: $turn"

# --- The panel is where it says ---
panel=$(said panel)
[[ $panel =~ ^http://127\.0\.0\.1:([0-9]+)/$ ]] || fail "panel: $panel"
exec {web}<>"/dev/tcp/127.0.0.1/${BASH_REMATCH[1]}"
printf 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nConnection: close\r\n\r\n' >&"$web"
timeout 30 cat <&"$web" >"$work/page"
grep -q "<fusion-" "$work/page" || fail "no panel at $panel"
exec {web}>&-
end_fusiond
[[ ! -e $work/opened ]] || fail "a browser was opened and nobody asked for it"

# --- Opened where that is asked for and there is a desktop ---
start_fusiond --bundle "$work/test.bundle" --open
until_true "the panel to be opened" test -s "$work/opened"
[[ $(cat "$work/opened") == "$(said panel)" ]] || fail "opened: $(cat "$work/opened")"
end_fusiond
unset DISPLAY WAYLAND_DISPLAY
start_fusiond --bundle "$work/test.bundle" --open
until_true "word of the desktop that is not there" \
    grep -q "open: no desktop here.*; open http://127.0.0.1:[0-9]*/ in a browser" "$work/fusiond.log"
end_fusiond
[[ $(wc -l <"$work/opened") -eq 1 ]] || fail "opened without a desktop"

# --- No output but a file: where that is ---
start_file() {
    "$bin/fusiond" --output file --file "$work/here.mid" --bundle "$work/test.bundle" --osc-port 0 \
        --oscquery-port 0 --state off --seconds 1 >"$work/screen.log" 2>"$work/fusiond.log"
}
start_file || fail "into a file"
[[ $(said "to hear it") == "play $work/here.mid (whole at the end"* ]] || fail "to hear it: $(said "to hear it")"
echo "passed"
