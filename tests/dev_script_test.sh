#!/usr/bin/env bash
# ./dev where nothing is as it should be: another directory, a path with blanks, no stdin, no root.
#   dev_script_test.sh SOURCE_FOLDER SCRATCH_FOLDER
set -euo pipefail

source="$1" scratch="$2"
fail() { printf 'dev script: %s\n' "$*"; exit 1; }

rm -rf -- "$scratch"
clone="$scratch/a clone"
tools="$scratch/tools"
mkdir -p -- "$clone" "$tools"
cp -- "$source/dev" "$clone/dev"
cd /

help="$("$clone/dev" help </dev/null)"
for verb in run test build bench train asan tsan rtsan fuzz lint chroot format install-deps; do
    grep -q "^  $verb " <<<"$help" || fail "help does not list $verb"
    grep -q "^    $verb)" "$clone/dev" || fail "$verb is listed and not there"
done

if said="$("$clone/dev" dance 2>&1 </dev/null)"; then fail "an unknown verb succeeded"; fi
[[ $said == *"no verb 'dance'"* ]] || fail "an unknown verb is not named: $said"
if said="$("$clone/dev" install-deps dance 2>&1 </dev/null)"; then
    fail "an unknown package group succeeded"
fi
[[ $said == *"no package group 'dance'"* ]] || fail "an unknown group is not named: $said"

# A machine on which one package is missing and nobody is root: the line to run, and a failure.
cat >"$tools/dpkg-query" <<'TOOL'
#!/bin/sh
for name in "$@"; do
    case "$name" in -* | ninja-build) ;; *) printf 'ii %s\n' "$name" ;; esac
done
TOOL
printf '#!/bin/sh\nexit 1\n' >"$tools/sudo"
printf '#!/bin/sh\necho "apt-get $*"\n' >"$tools/apt-get"
chmod +x "$tools"/*
as_nobody=()
if [[ $EUID -eq 0 ]]; then
    command -v setpriv >/dev/null || { echo "skipped: root, and no setpriv to leave it"; exit 77; }
    # The clone may lie in a folder that only root can enter.
    open="$(mktemp -d)"
    trap 'rm -rf -- "$open"' EXIT
    cp -r -- "$scratch/." "$open"
    chmod -R a+rX -- "$open"
    clone="$open/a clone" tools="$open/tools"
    as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi
if said="$("${as_nobody[@]}" env PATH="$tools:$PATH" "$clone/dev" install-deps build 2>&1 </dev/null)"; then
    fail "a missing package without root succeeded: $said"
fi
[[ $said == *"sudo apt-get update && sudo apt-get install --no-install-recommends ninja-build"* ]] ||
    fail "the line to run is not printed: $said"

if said="$("${as_nobody[@]}" "$clone/dev" chroot trixie 2>&1 </dev/null)"; then
    fail "a chroot without root succeeded"
fi
[[ $said == *"needs root: sudo ./dev chroot trixie"* ]] || fail "what a chroot needs is not said: $said"

# With sudo that asks nothing, it installs that one package and asks nothing either.
# shellcheck disable=SC2016  # for the tool's own shell
printf '#!/bin/sh\n[ "$1" = -n ] && shift\nexec "$@"\n' >"$tools/sudo"
said="$("${as_nobody[@]}" env PATH="$tools:$PATH" "$clone/dev" install-deps build 2>&1 </dev/null)" ||
    fail "installing with sudo failed: $said"
grep -q "^apt-get .* install --no-install-recommends ninja-build\$" <<<"$said" ||
    fail "it does not install the one missing package: $said"

# What continuous integration runs: how long each part took, the tests last, and their status.
mkdir -p -- "$clone/.ci"
cp -- "$source/.ci/run" "$clone/.ci/run"
cat >"$clone/dev" <<'DEV'
#!/bin/sh
echo "did $*"
[ "$1" = "$BREAKS" ] && exit 8
exit 0
DEV
said="$("$clone/.ci/run" 2>&1)" || fail "continuous integration fails where all is well: $said"
for name in packages format build; do
    grep -q "^ci: .*$name [0-9]*:[0-5][0-9]" <<<"$said" || fail "it does not say what $name took: $said"
done
[[ $said == *$'\ndid test' ]] || fail "the summary of the tests is not the last that it prints: $said"
if said="$(BREAKS="build" "$clone/.ci/run" 2>&1)"; then fail "a build that fails is no failure: $said"; fi
[[ $said != *"did test"* ]] || fail "tests run after a build that failed: $said"
status=0
said="$(BREAKS="test" "$clone/.ci/run" 2>&1)" || status=$?
((status == 8)) || fail "the tests' status 8 has become $status"
