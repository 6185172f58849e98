#!/usr/bin/env bash
# The daemon steered by foreign programs: the examples that ship (osc/examples), run as they are,
# against fusiond in a JACK server without hardware. What came of it is asked of the daemon itself.
#   e2e_clients.sh BIN-FOLDER [CLIENT...]     all clients when none is named
# Ends with 77 and a line where none of them is on this machine.
set -euo pipefail
bin=$1
shift
# "shell" is oscsend's example; "layouts" the control surfaces.
clients=("$@")
((${#clients[@]})) || clients=(python shell sclang pd node layouts)
here=$(dirname -- "$(readlink -f -- "$0")")
examples=$(readlink -f -- "$here/../../osc/examples")
# shellcheck source=tests/daemon/e2e_lib.sh
source "$here/../daemon/e2e_lib.sh"

export npm_config_cache=${npm_config_cache:-$HOME/.npm}
# Nothing of this test in the user's own folders, nor the other way round.
export HOME=$work XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state XDG_DATA_HOME=$work/data
export XDG_RUNTIME_DIR=$work PYTHONDONTWRITEBYTECODE=1

probe() { python3 "$here/clients/probe.py" "$osc" "$@"; }
# becomes PATH VALUE...: by the daemon's own answer.
becomes() {
    probe wait "$@" 2>>"$work/probe.log" || fail "the daemon's answer is not as the client left it"
}
log=
says() { until_true "\"$1\" from the client" grep -Eq -- "$1" "$log"; }

# follow CLIENT COMMAND...: begins it; its words are in $log.
follow() {
    log=$work/$1.log
    "${@:2}" </dev/null >"$log" 2>&1 &
    pids[client]=$!
}
end_client() {
    [[ -v pids[client] ]] || return 0
    kill "${pids[client]}" 2>/dev/null || true
    wait "${pids[client]}" 2>/dev/null || true
    unset 'pids[client]'
}

# What each example that listens prints: an answer, a refusal, and the streams it subscribed to.
converses() {
    says "^(genres|status):.*jazz"
    says "^tempo: $1"
    says "^refused: .*/fusiond/nonsense.*unknown.*path"
    says "^note: "
    says "^beat: "
}

needs() {
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null || { echo "SKIPPED: no $program"; return 77; }
    done
}

try_python() {
    log=$work/python.log
    timeout 60 python3 "$examples/fusiond.py" "$osc" >"$log" 2>&1 ||
        fail "the example ended with $?"
    converses 132
    [[ $(grep -c '^note: ' "$log") -eq 8 ]] || fail "not eight notes"
    becomes /fusiond/weight/jazz 8  # the scene
    becomes /fusiond/weight/pop 0
}

try_shell() {
    log=$work/shell.log
    timeout 120 "$examples/fusiond.sh" "$osc" >"$log" 2>&1 || fail "the example ended with $?"
    says "^answer: /fusiond/scale ,s dorian"
    says "^refused: /fail ,ss /fusiond/nonsense unknown path"
    says "^heard: /fusiond/(note|beat) "
    becomes /fusiond/weight/jazz 8  # the scene
    becomes /fusiond/weight/pop 2
    becomes /fusiond/temperature 1.2
    becomes /fusiond/density 0.3
    try_what_others_send
}

# As show controllers and button boxes say it: all of it text, or more than is wanted.
try_what_others_send() {
    local asks turn=(oscsend localhost "$osc")
    "${turn[@]}" /fusiond/tempo s " 96.5 "
    becomes /fusiond/tempo 96.5
    "${turn[@]}" /fusiond/tempo/ S 97
    becomes /fusiond/tempo 97
    "${turn[@]}" /Fusiond/Tempo ffs 98 1 extra
    becomes /fusiond/tempo 98
    "${turn[@]}" /fusiond/tempo s 99,5
    "${turn[@]}" /fusiond/mute s on
    becomes /fusiond/mute 1
    becomes /fusiond/tempo 98 # the comma was refused
    "${turn[@]}" /fusiond/mute F
    becomes /fusiond/mute 0
    "${turn[@]}" /fusiond/weight/Jazz ss 3 0
    becomes /fusiond/weight/jazz 3
    "${turn[@]}" /fusiond/key s Db
    becomes /fusiond/key C#
    "${turn[@]}" /fusiond/key s "D dorian"
    becomes /fusiond/key D
    becomes /fusiond/scale dorian
    "${turn[@]}" /fusiond/key s H
    "${turn[@]}" /fusiond/play N # asks, and does nothing
    log=$work/nil.log
    exec {asks}<>"/dev/udp/127.0.0.1/$osc"
    oscsend - /fusiond/key N >&"$asks"
    timeout 10 dd bs=64K count=1 status=none <&"$asks" | tr -sc '[:print:]' ' ' >"$log"
    exec {asks}>&-
    says "^/fusiond/key ,s D"
    "${turn[@]}" /fusiond/key s C
    "${turn[@]}" /fusiond/scale s off
    becomes /fusiond/scale off
}

try_sclang() {
    # Debian's sclang is linked to a browser that wants a screen, and no root.
    QT_QPA_PLATFORM=offscreen QTWEBENGINE_DISABLE_SANDBOX=1 \
        follow sclang sclang "$examples/fusiond.scd" "$osc"
    converses 126
    becomes /fusiond/temperature 0.8 1.4  # the pattern
    becomes /fusiond/gate 0.4 0.9         # in time with the first beats
    says "^sweep: done"
    becomes /fusiond/weight/folk 8
    becomes /fusiond/weight/jazz 0
}

try_pd() {
    follow pd pd -nogui -noaudio -nomidi -stderr -open "$here/clients/hear.pd" \
        -open "$examples/fusiond.pd" \
        -send "fusiond-port $osc" -send "jazz-in 7" -send "tempo-in 126" -send "nonsense bang"
    becomes /fusiond/weight/jazz 7
    becomes /fusiond/tempo 126
    converses 126
    # Another's turn moves the slider.
    oscsend localhost "$osc" /fusiond/weight/pop f 3
    says "^slider: set 3$"
}

try_node() {
    mkdir -p "$work/node"
    cp "$examples/fusiond.mjs" "$work/node/"
    log=$work/npm.log
    if ! (cd "$work/node" && timeout 120 npm install --loglevel error --no-audit --no-fund \
        --omit=optional osc@2.4.5) >"$log" 2>&1; then
        echo "SKIPPED: npm could not install osc@2.4.5: $(tail -n 1 "$log")"
        return 77
    fi
    follow node node "$work/node/fusiond.mjs" "$osc"
    converses 138
    becomes /fusiond/weight/pop 8
    becomes /fusiond/weight/jazz 0
}

try_layouts() {
    log=$work/layouts.log
    python3 "$examples/layouts.py" open-stage-control >"$work/session.json"
    cmp "$work/session.json" "$examples/open-stage-control.json" ||
        fail "open-stage-control.json is not what layouts.py makes"
    python3 "$examples/layouts.py" touchosc --genres jazz,pop,folk >"$work/layout.tosc"
    python3 "$here/clients/layouts_check.py" "$osc" "$work/session.json" "$work/layout.tosc" \
        2>&1 | tee "$log" || fail "a control does not reach the daemon"
}

declare -A wants=([python]=python3 [shell]="python3 oscsend" [sclang]="python3 sclang"
    [pd]="python3 pd oscsend" [node]="python3 node npm" [layouts]=python3)

ran=0
for client in "${clients[@]}"; do
    # shellcheck disable=SC2086  # names of programs, with blanks between
    needs ${wants[$client]?"no client $client"} || continue
    if ((!${#pids[@]})); then
        start_jack
        start_fusiond_with_test_bundle
    fi
    probe rest
    skipped=0
    "try_$client" || skipped=$?
    ((skipped == 0)) || { [[ $skipped -eq 77 ]] || fail "$client"; continue; }
    end_client
    kill -0 "$fusiond" || fail "fusiond ended by itself"
    echo "$client: passed"
    ran=$((ran + 1))
done
((ran)) || exit 77
end_fusiond
