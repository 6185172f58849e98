#!/usr/bin/env bash
# The panel's tests that are no C++:
#   run.sh WORK packages            npm's packages of package-lock.json, into WORK; once for each lock file
#   run.sh WORK unit                the modules by themselves, with node's own runner
#   run.sh WORK types               tsc over the modules
#   run.sh WORK browser BIN-FOLDER [REGEX]  the page in Chromium, over a daemon in a JACK server; only the
#                                   sentences that match
#   run.sh WORK bench BIN-FOLDER BUNDLE [SECONDS]  how quick the page is there
# Ends with 77 and a line where something is not on this machine.
set -euo pipefail
npm_work=$(readlink -m -- "$1") what=$2
here=$(dirname -- "$(readlink -f -- "$0")")

needs() {
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null || { echo "SKIPPED: no $program"; exit 77; }
    done
}
needs_packages() {
    [[ -f $npm_work/done ]] || { echo "SKIPPED: npm's packages are not there"; exit 77; }
}

case $what in
    packages)
        needs node npm
        if cmp -s "$here/package-lock.json" "$npm_work/done"; then exit 0; fi
        rm -rf -- "$npm_work"
        mkdir -p -- "$npm_work"
        cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$npm_work"
        if ! (cd "$npm_work" && timeout 300 npm ci --ignore-scripts --loglevel error) >"$npm_work/npm.log" 2>&1; then
            echo "SKIPPED: npm could not install the packages: $(tail -n 1 "$npm_work/npm.log")"
            exit 77
        fi
        cp "$here/package-lock.json" "$npm_work/done"
        ;;
    unit)
        needs node
        node --test "$here"/unit/*.test.mjs
        ;;
    types)
        needs node
        needs_packages
        node "$npm_work/node_modules/typescript/bin/tsc" --project "$here"
        ;;
    browser | bench)
        needs node jackd jack_midi_dump oscsend
        needs_packages
        browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
            { echo "SKIPPED: no chromium"; exit 77; }
        bin=$(readlink -f -- "$3")
        if [[ $what == bench ]]; then
            PANEL_BUNDLE=$(readlink -f -- "$4")
            export PANEL_BUNDLE
        fi
        # shellcheck source=tests/daemon/e2e_lib.sh
        source "$here/../e2e_lib.sh"
        export HOME=$work XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache
        export PANEL_PACKAGES=$npm_work PANEL_BROWSER=$browser PANEL_WORK=$work PANEL_BIN=$bin
        start_jack
        "$bin/make_bundle" "$work/test.bundle"
        if [[ $what == bench ]]; then
            node "$here/bench.mjs" "${@:5}" || fail "the bench of the page"
        else
            node "$here/browser.mjs" "${@:4}" || fail "the page in the browser"
        fi
        ;;
    *)
        echo "run.sh: there is no '$what'" >&2
        exit 64
        ;;
esac
