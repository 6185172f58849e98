#!/usr/bin/env bash
# What `cmake --install` leaves behind, in a staging folder under a prefix that is not the configured
# one. Each check is a test of its own:
#   install_test.sh CHECK CMAKE BUILD_FOLDER SOURCE_FOLDER VERSION
# Exits with 77 where the machine lacks what the check needs.
set -euo pipefail

check="$1" cmake="$2" build="$3" source="$4" version="$5"
stage="$build/staging/$check"
prefix=/opt/fusiond
config="$stage/etc/fusiond/fusiond.toml"

fail() { printf 'install: %s\n' "$*"; exit 1; }
stage_install() { DESTDIR="$stage" "$cmake" --install "$build" --prefix "$prefix"; }

# verify_unit KIND FILE: prints what systemd finds wrong with our unit, and nothing else.
verify_unit() {
    local scope=()
    if [[ $1 == user ]]; then scope=(--user); fi
    # --user wants a session's folder, which a build machine has not.
    HOME="$stage" XDG_RUNTIME_DIR="$stage" \
        systemd-analyze "${scope[@]}" --recursive-errors=no verify "$2" 2>&1 | grep -F fusiond || true
}

# exposure KIND FILE TENTHS: says how open it is, and fails where that is more.
exposure() {
    local scope=() said status=0
    if [[ $1 == user ]]; then scope=(--user); fi
    said="$(HOME="$stage" XDG_RUNTIME_DIR="$stage" SYSTEMD_COLORS=0 SYSTEMD_EMOJI=0 \
        systemd-analyze "${scope[@]}" --no-pager security --offline=yes --threshold="$3" "$2")" || status=$?
    echo "$1: ${said##*$'\n'}"
    return "$status"
}

rm -rf -- "$stage"
stage_install >"$build/staging-$check.log" 2>&1 || fail "$(cat -- "$build/staging-$check.log")"

case "$check" in
    files)
        expected=(
            "$prefix/bin/fusiond"
            "$prefix/lib/systemd/system/fusiond.service"
            "$prefix/lib/systemd/user/fusiond.service"
            "$prefix/lib/sysusers.d/fusiond.conf"
            "$prefix/share/doc/fusiond/README.md"
            "$prefix/share/doc/fusiond/LICENSE"
            /etc/fusiond/fusiond.toml
        )
        if [[ -f $source/engine/models/fusiond.bundle ]]; then
            expected+=("$prefix/share/fusiond/fusiond.bundle")
        fi
        for file in "${expected[@]}"; do
            [[ -s $stage$file ]] || fail "$file is not there"
        done
        unit="$stage$prefix/lib/systemd/system/fusiond.service"
        grep -qF "ExecStart=\"$prefix/bin/fusiond\" --config \"/etc/fusiond/fusiond.toml\"" "$unit" ||
            fail "the unit does not start what was installed: $(grep ExecStart "$unit")"
        if grep -n '@[A-Z_]*@' "$unit"; then fail "the unit has a blank that was not filled in"; fi
        ;;
    configuration)
        echo "# mine" >"$config"
        stage_install >/dev/null
        [[ $(cat -- "$config") == "# mine" ]] || fail "an edited configuration was overwritten"
        rm -- "$config"
        stage_install >/dev/null
        cmp -- "$config" "$source/config/fusiond.toml"
        ;;
    program)
        said="$("$stage$prefix/bin/fusiond" --version </dev/null)"
        [[ $said == *"$version"* ]] || fail "--version says '$said', not $version"
        "$stage$prefix/bin/fusiond" --check-config "$config" </dev/null ||
            fail "the installed program refuses the installed configuration"
        ;;
    units)
        if ! command -v systemd-analyze >/dev/null; then
            echo "skipped: systemd-analyze is not installed"
            exit 77
        fi
        for kind in system user; do
            # systemd looks for the program itself, so the unit is shown the staged one.
            mkdir -p -- "$stage/$kind"
            unit="$stage/$kind/fusiond.service"
            sed "s|\"$prefix/|\"$stage$prefix/|" \
                "$stage$prefix/lib/systemd/$kind/fusiond.service" >"$unit"
            found="$(verify_unit "$kind" "$unit")"
            [[ -z $found ]] || fail "the $kind unit: $found"
            # At most 2.0 of 10.
            exposure "$kind" "$unit" 20 || fail "the $kind unit is too open: $(exposure "$kind" "$unit" 100)"
            ! sed '/^SystemCallFilter/d; /^ProtectSystem/d; /^NoNewPrivileges/d' "$unit" >"$stage/open.service" ||
                ! exposure "$kind" "$stage/open.service" 20 >/dev/null || fail "an open $kind unit passes too"
            # And it would have been found:
            sed -i 's/^WatchdogSec=.*/WatchdogSec=soon/' "$unit"
            [[ -n $(verify_unit "$kind" "$unit") ]] || fail "systemd did not see a broken $kind unit"
        done
        ;;
    *) fail "no check '$check'" ;;
esac
