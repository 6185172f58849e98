#!/usr/bin/env bash
# A fresh clone in a bare Debian of another suite: what somebody meets who has just installed it.
#   chroot.sh SOURCE_FOLDER SUITE [COMMAND...]
# Without COMMAND: README's two commands (readme_commands.sh). The environment may name the folder
# that holds the chroots (CHROOTS), where packages come from (DEBIAN_MIRROR), and a cache of compiled
# objects to be shared with the chroot (CCACHE_DIR).
set -euo pipefail

self="$(readlink -f -- "${BASH_SOURCE[0]}")"
say() { printf 'chroot: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Everything is done in namespaces of its own: however this ends, what was mounted and started in the
# chroot ends with it, and no `rm -r` of the folder ever reaches through a mount.
if [[ ${1:-} != --inside ]]; then
    [[ -n ${2:-} ]] || die "which suite? For example: ./dev chroot trixie"
    [[ $2 != *[!a-z0-9-]* ]] || die "'$2' is not the name of a Debian suite"
    unshare --mount --pid --fork true || die "this system does not let root mount (a container?)"
    # In the background, so that a signal ends the wait; bash would have it ignore Ctrl-C there.
    env --default-signal=INT,QUIT unshare --mount --pid --fork --kill-child \
        "$BASH" "$self" --inside "$@" <&0 &
    namespace=$!
    trap 'kill -KILL "$namespace"; wait; exit 130' INT TERM HUP
    wait "$namespace"
    exit
fi
source="$2" suite="$3"
shift 3
chroots="${CHROOTS:-$source/build/chroot}"
folder="$chroots/$suite"

mirror() {
    if [[ -n ${DEBIAN_MIRROR:-} ]]; then
        echo "$DEBIAN_MIRROR"
    elif command -v apt-get >/dev/null; then
        # This system's own. Nothing where it is another system's: debootstrap has a default.
        # shellcheck disable=SC2016  # apt's own variable
        apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' 'Label: Debian' |
            sed -n 1p
    fi
}

make_chroot() {
    local from include=()
    from="$(mirror)"
    if [[ $from == https:* ]]; then include=(--include=ca-certificates); fi
    say "making a bare Debian $suite in $folder"
    mkdir -p -- "$chroots"
    # A half made one is never mistaken for a whole one.
    rm -rf --one-file-system -- "$folder.partial"
    eval "$(apt-config shell proxy Acquire::http::Proxy 2>/dev/null)"
    http_proxy="${http_proxy:-${proxy:-}}" \
        debootstrap "${include[@]}" "$suite" "$folder.partial" ${from:+"$from"} >"$folder.log" ||
        die "debootstrap failed; it says why in $folder.log"
    mv -- "$folder.partial" "$folder"
}

# The network as this system has it: names, proxies, and the age at which its mirror's lists expire.
copy_network_settings() {
    cp -L -- /etc/resolv.conf /etc/hosts "$folder/etc/"
    apt-config dump 2>/dev/null | grep -E '^Acquire::(https?::Proxy|Check-Date|Check-Valid-Until)\b' \
        >"$folder/etc/apt/apt.conf.d/00network" || true
    # Packages do not start their services in a chroot: the ports are this system's.
    printf '#!/bin/sh\nexit 101\n' >"$folder/usr/sbin/policy-rc.d"
    chmod +x -- "$folder/usr/sbin/policy-rc.d"
}

clone_source() {
    [[ -z $(git -C "$source" --no-optional-locks status --porcelain) ]] ||
        say "what is not committed is not in the clone"
    rm -rf --one-file-system -- "$folder/root/fusiond"
    git clone --quiet --no-hardlinks -- "$source" "$folder/root/fusiond"
}

mount_filesystems() {
    mount -t proc proc "$folder/proc"
    mount --rbind /sys "$folder/sys"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$folder/dev/pts"
    mount -t tmpfs -o mode=1777 tmpfs "$folder/dev/shm"
    mount -t tmpfs -o mode=1777 tmpfs "$folder/tmp"
    mount -t tmpfs -o mode=0755 tmpfs "$folder/run"
    mkdir -- "$folder/run/lock"
    if [[ -n ${CCACHE_DIR:-} ]]; then
        mkdir -p -- "$CCACHE_DIR" "$folder/var/cache/ccache"
        mount --bind -- "$CCACHE_DIR" "$folder/var/cache/ccache"
        passed+=(CCACHE_DIR=/var/cache/ccache)
    fi
}

if [[ -d $folder ]]; then
    say "using $folder, with what earlier runs installed; remove it for a bare one"
else
    make_chroot
fi
passed=(HOME=/root LANG=C.UTF-8 "TERM=${TERM:-dumb}" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
for name in JOBS CI http_proxy https_proxy no_proxy; do
    if [[ -n ${!name:-} ]]; then passed+=("$name=${!name}"); fi
done
copy_network_settings
clone_source
mount_filesystems

if (($# == 0)); then set -- tests/readme_commands.sh; fi
# Not the last command of this shell, which has to stay: as the first process of its namespace it
# takes the orphans.
chroot "$folder" env -i "${passed[@]}" bash -c 'cd /root/fusiond && exec "$@"' bash "$@" || exit
