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
for verb in run test build package pictures bench train asan tsan rtsan fuzz lint chroot format install-deps; do
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
    mkdir -p -- "$open/a clone/build"
    chmod a+rwx -- "$open/a clone/build"
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
printf '#!/bin/sh\n[ "$1" = -n ] && shift\nexec "$@" 3>&-\n' >"$tools/sudo"
# As the real one, it tells how far it is where it is told to, and closes that for package scripts.
cat >"$tools/apt-get" <<'TOOL'
#!/bin/bash
echo "apt-get $*"
[[ $* =~ APT::Status-Fd=([0-9]+) ]] && fd="${BASH_REMATCH[1]}"
echo pmstatus:ninja-build:43.7:Unpacking >&"$fd" || exit
(eval "exec $fd>&-"; echo "a package script speaks") || exit
sleep 2.5
TOOL
said="$("${as_nobody[@]}" env PATH="$tools:$PATH" "$clone/dev" install-deps build 2>&1 </dev/null)" ||
    fail "installing with sudo failed: $said"
grep -q "^apt-get .* install --no-install-recommends ninja-build\$" "$clone/build/packages.log" ||
    fail "it does not install the one missing package: $said"
grep -qx "a package script speaks" "$clone/build/packages.log" || fail "package scripts cannot speak: $said"
grep -q "^dev: packages 43% 0:0" <<<"$said" || fail "how far the packages are is not told: $said"

# --- How far it is, without a terminal and in one, and what went wrong. ---
cat >"$tools/dpkg-query" <<'TOOL'
#!/bin/sh
for name in "$@"; do case "$name" in -*) ;; *) printf 'ii %s\n' "$name" ;; esac; done
TOOL
printf '#!/bin/sh\nexit 0\n' >"$tools/ldconfig"
cat >"$tools/cmake" <<'TOOL'
#!/bin/bash
case "$*" in
    *--preset*) mkdir -p build/release && touch build/release/build.ninja; exit ;;
esac
echo "[1/3] Building CXX object one.o"
sleep 2.5
printf '[2/3] Building CXX '; sleep 1.5; echo 'object two.o'
if [[ ${BREAKS:-} == build ]]; then
    printf 'FAILED: two.o\ntwo.cpp:7: error: no such thing\n'
    for ((i = 0; i < 90; i++)); do echo "noise $i"; done
    exit 9
fi
echo "[3/3] Linking CXX executable bin/thing"
TOOL
chmod +x "$tools"/*
touch -- "$clone/CMakePresets.json"
PATH="$tools:$PATH"
export PATH
said="$(DEV_PROGRESS_SECONDS=1 "$clone/dev" build thing 2>&1 </dev/null)" || fail "the build failed: $said"
grep -q "^dev: building \[[12]/3\] 0:0[2-9]; all that it says goes to $clone/build/release.log\$" <<<"$said" ||
    fail "it does not say how far it is and where the rest is: $said"
(($(grep -c "^dev: building \[" <<<"$said") >= 3)) || fail "it says how far it is once only: $said"
grep -q "^dev: building \[3/3\] 0:" <<<"$said" || fail "the end is not told: $said"
[[ $said != *"Building CXX"* ]] || fail "what the compiler says is not kept apart: $said"
grep -qxF "[2/3] Building CXX object two.o" "$clone/build/release.log" || fail "a line came in parts, and is not whole in the log"
status=0
said="$(BREAKS=build "$clone/dev" build thing 2>&1 </dev/null)" || status=$?
((status == 9)) || fail "the build's status 9 has become $status"
[[ $said == *"two.cpp:7: error: no such thing"* ]] || fail "what broke is not shown: $said"
[[ $said != *"noise 60"* ]] || fail "more than what broke is shown"
[[ $said != *"built into"* ]] || fail "a build that failed is called built"
if command -v script >/dev/null; then
    said="$(script -qec "'$clone/dev' build thing" /dev/null </dev/null 2>&1)"
    [[ $said == *$'\r\033[Kdev: building [1/3] 0:0'* && $said == *$'\r\033[Kdev: building [2/3] 0:0'* ]] ||
        fail "the line in a terminal does not renew itself: $said"
fi
rm -- "$tools/cmake" "$tools/ldconfig"

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
