#!/usr/bin/env bash
# OSCQuery of the daemon and clients that are none of ours: curl, Python's http.client over the
# whole tree, and over WebSocket npm's ws and osc where they are installed (NODE_PATH is looked at).
#   e2e_oscquery.sh BIN-FOLDER     with a daemon of its own, over JACK
#   e2e_oscquery.sh HOST:PORT      with one that runs
# Ends with 77 where there is no curl or Python.
set -euo pipefail
here=$(dirname -- "$(readlink -f -- "$0")")
for program in curl python3; do
    command -v "$program" >/dev/null || { echo "SKIPPED: no $program"; exit 77; }
done

if [[ -d $1 ]]; then
    bin=$1
    # shellcheck source=tests/daemon/e2e_lib.sh
    source "$here/../daemon/e2e_lib.sh"
    start_jack
    "$bin/make_bundle" "$work/test.bundle"
    start_fusiond --bundle "$work/test.bundle"
    until_true "OSCQuery's port" grep -q "OSCQuery on 127.0.0.1:" "$work/fusiond.log"
    at=$(sed -n 's/.*OSCQuery on \(127\.0\.0\.1:[0-9]*\).*/\1/p' "$work/fusiond.log" | head -n 1)
else
    at=$1
    fail() {
        echo "FAILED: $*" >&2
        exit 1
    }
fi

answers() { # STATUS TARGET [CURL-OPTION...]
    local status
    status=$(curl -sS -o /dev/null -w '%{http_code}' "${@:3}" "http://$at$2")
    [[ $status == "$1" ]] || fail "$2 ${*:3} is answered with $status, not $1"
}
answers 200 /
answers 200 "/?HOST_INFO"
answers 200 /fusiond/tempo -I
answers 200 "/fusiond/tempo?VALUE" --http1.0
answers 204 "/fusiond/play?VALUE"
answers 404 /nonsense
answers 400 "/%zz"
answers 405 /fusiond/tempo -X POST -d 90
answers 405 /fusiond/tempo -X DELETE
answers 403 / -H "Host: evil.example"
answers 431 / -H "X: $(printf '%09000d' 0)"
# A WebSocket for a page from there; once it is open curl waits in vain, and is told to give up.
socket_for() { # STATUS ORIGIN
    local status
    status=$(curl -sS -o /dev/null -w '%{http_code}' --max-time 1 -H "Origin: $2" -H 'Connection: Upgrade' \
        -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' \
        "http://$at/" 2>/dev/null) || true
    [[ $status == "$1" ]] || fail "a WebSocket for a page of $2 is answered with $status, not $1"
}
socket_for 403 null
socket_for 403 http://203.0.113.5
socket_for 403 http://evil.local
socket_for 101 "http://$at"
socket_for 101 http://localhost:8080
echo "curl: as it should be"

python3 "$here/e2e_oscquery.py" "$at" || fail "the walk over the tree"
if command -v node >/dev/null; then
    if [[ -v work ]] && command -v npm >/dev/null; then
        mkdir -p "$work/node"
        # Where that fails, the script says which client it goes without.
        (cd "$work/node" && timeout 120 npm install --loglevel error --no-audit --no-fund \
            --omit=optional osc@2.4.5 ws@8.18.0) >"$work/npm.log" 2>&1 || true
        export NODE_PATH=$work/node/node_modules
    fi
    node "$here/e2e_oscquery.mjs" "$at" || fail "the WebSocket clients"
else
    echo "SKIPPED: no node, so no WebSocket client but the unit tests' own"
fi
if [[ -v fusiond ]]; then end_fusiond; fi
