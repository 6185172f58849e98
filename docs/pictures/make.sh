#!/usr/bin/env bash
# The pictures of README.md and docs/, from the running program:
#   make.sh WORK BIN-FOLDER
# panel.png is the panel in a browser without a screen, over a daemon in a JACK server without hardware;
# turned.svg is drawn from `fusiond render` with the changes of turned.session. WORK holds npm's packages.
set -euo pipefail
here=$(dirname -- "$(readlink -f -- "$0")")
panel_tests=$here/../../tests/daemon/panel
npm_work=$(readlink -m -- "$1")
bin=$(readlink -f -- "$2")
"$panel_tests/run.sh" "$npm_work" packages
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    { echo "no chromium"; exit 1; }
# shellcheck source=tests/daemon/e2e_lib.sh
source "$here/../../tests/daemon/e2e_lib.sh"
export HOME=$work XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache
export PANEL_PACKAGES=$npm_work PANEL_BROWSER=$browser PANEL_WORK=$work PANEL_BIN=$bin
export FUSIOND_BUNDLE=${FUSIOND_BUNDLE:-$here/../../engine/models/fusiond.bundle}

"$bin/fusiond" render --weight folk=10 --session "$here/turned.session" --seed 7 --state off \
    --out "$work/turned.mid" 2>"$work/render.log" || fail "rendering"
node "$here/roll.mjs" "$work/turned.mid" "$here/turned.session" folk=10 >"$work/turned.svg" || fail "drawing"
start_jack
node "$here/panel.mjs" "$work/panel.png" >"$work/panel.log" 2>&1 || fail "the panel in the browser"
for picture in turned.svg panel.png; do
    cp -- "$work/$picture" "$here/$picture"
    printf '%s: %d kB\n' "$picture" $(($(stat -c %s "$here/$picture") / 1000))
done
