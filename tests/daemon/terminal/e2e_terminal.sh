#!/usr/bin/env bash
# The page on a terminal (tmux): it shows what is played, its keys turn what OSC reads back, it follows
# the window's size, and the terminal is given back, with the log, at the end and after a crash.
#   e2e_terminal.sh BIN-FOLDER
set -euo pipefail
bin=$1
command -v tmux >/dev/null || { echo "skipped: tmux is not installed"; exit 77; }
# shellcheck source=tests/daemon/e2e_lib.sh
source "$(dirname "$0")/../e2e_lib.sh"
export LC_ALL=C.UTF-8 TERM=xterm-256color
socket=fusiond-test-$$
osc=$((20000 + $$ % 20000))
tmux() { command tmux -L "$socket" -f /dev/null "$@"; }
# A page outlives nobody who waits for its end: fusiond hears that its terminal is gone.
give_up() {
    tmux kill-server 2>/dev/null || true
    while pgrep -f -- "--osc-port $osc " >/dev/null; do sleep 0.1; done
    finish
}
trap give_up EXIT

page() { tmux capture-pane -p -t view; }
page_has() { page | tee "$work/page.log" | grep -E "$1" >/dev/null; }
# Status above, hints below, nothing beyond.
fills_its_window() {
    [[ $(page | wc -L) -le $(tmux display -p -t view '#{pane_width}') ]] &&
        page | head -n 1 | grep -q bpm && page | tail -n 1 | grep -q '^space'
}
value_is() { [[ $("$bin/fusionctl" --port "$osc" get "$1" 2>/dev/null) == "$2" ]]; }
in_alternate_screen() { [[ $(tmux display -p -t view '#{alternate_on}') == "$1" ]]; }
press() { tmux send-keys -t view "$@"; }

"$bin/make_bundle" "$work/test.bundle"
fusiond_line="'$bin/fusiond' --output file --file '$work/session.mid' --bundle '$work/test.bundle' \
--osc-port $osc --oscquery-port 0 --state '$work/state.toml' --weight jazz=5 --weight pop=5"
# A shell stays when fusiond has gone, as at a person's prompt.
tmux new-session -d -s view -x 100 -y 30 "bash --norc"
# JACK has no part in it.
press "PS1='prompt> '; $fusiond_line" Enter

until_true "the page" page_has '▶ playing'
until_true "notes on the roll" page_has '[▀▄█].*│'
until_true "what is planned, right of the play head" page_has '│.*[▀▄█]'
until_true "the weights" page_has 'jazz.*█.* 5\.0'
until_true "the log" page_has 'info panel: http'

press 1 Up Up
genre=$(page | sed -n 's/^▸1 *\([^ ]*\).*/\1/p')
until_true "the weight over OSC" value_is "weight/$genre" "$("$bin/fusionctl" --port "$osc" get "weight/$genre")"
"$bin/fusionctl" --port "$osc" set weight/pop 7.5 >/dev/null
until_true "OSC's weight on the page" page_has 'pop.* 7\.5'
press +
until_true "tempo" value_is tempo 121
press Space
until_true "a stop" page_has '■ stopped'
press Space
until_true "playing again" page_has '▶ playing'
press '?'
until_true "help" page_has 'panic: silence now'
press Escape
press w
press -l 'Strophe 2'
press Enter
until_true "a scene that is saved" page_has "'Strophe 2' is saved"
press s
until_true "the list of scenes" page_has 'Strophe 2'
press Escape

tmux resize-window -t view -x 44 -y 9
until_true "a page of nine rows" fills_its_window
tmux resize-window -t view -x 120 -y 40
until_true "a large page" fills_its_window

press q x
until_true "it goes on" page_has 'q quit'
in_alternate_screen 1 || fail "the page is not on a screen of its own"
press q q
until_true "the shell again" in_alternate_screen 0
until_true "the log after the page" page_has 'stopped: '
until_true "the prompt" page_has 'prompt>'

press 'clear' Enter
press "$fusiond_line" Enter
until_true "the page once more" page_has '▶ playing'
kill -SEGV "$(pgrep -f -- "--osc-port $osc" | head -n 1)"
until_true "the shell after a crash" in_alternate_screen 0
press 'stty -a | grep -oE " -?(echo|icanon) "' Enter
until_true "a terminal that echoes" page_has '^ ?echo'
until_true "a terminal with lines" page_has '^ ?icanon'
echo "passed"
