#!/usr/bin/env bash
# The life of the Debian package on a machine that it comes to as a stranger: installed, enabled and
# started, upgraded while it plays, removed, purged; what is left then.
#   package_life_test.sh FOLDER-WITH-THE-DEB
# The machine is this one, seen through an overlay that forgets (mount and process namespaces), under a
# systemd of its own. Ends with 77 and a line where that cannot be had.
set -euo pipefail
skip() { echo "SKIPPED: $*"; exit 77; }

if [[ $1 != --inside ]]; then
    ((EUID == 0)) || skip "only root can have a machine of its own"
    for program in unshare nsenter pivot_root dpkg dpkg-deb systemd-sysusers systemctl pgrep /lib/systemd/systemd; do
        command -v "$program" >/dev/null || skip "no $program"
    done
    # Two of them in the same groups of processes would be in each other's way.
    [[ ! -d /run/systemd/system ]] || skip "a systemd runs here: its units would meet ours"
    ! dpkg-query -W -f='${db:Status-Abbrev}' fusiond 2>/dev/null | grep -q '^i' || skip "fusiond is installed here"
    exec unshare --mount --pid --fork --ipc --uts --net --kill-child "$BASH" "$0" --inside "$1"
fi
deb=$(echo "$2"/fusiond_*.deb)
[[ -f $deb ]] || skip "no package could be made: $2"

# --- A machine that forgets ---
mount --make-rprivate /
world=$(mktemp -d)
mount -t tmpfs tmpfs "$world"
mkdir "$world"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$world/upper,workdir=$world/work" "$world/root" 2>/dev/null ||
    skip "no overlay over this root"
cp "$deb" "$world/root/fusiond-1.deb"
cd "$world/root"
mount -t proc proc proc
mount --rbind /dev dev
mount --rbind /sys sys
mount -t tmpfs tmpfs run
mkdir -p run/units run/log run/old run/upper run/lower
chmod 755 run
mount --bind "$world/upper" run/upper
mount --bind / run/lower
pivot_root . run/old
cd /
umount -l /run/old
rm -f /usr/sbin/policy-rc.d  # containers have one that lets no package start anything
log=/run/log
groups() { find /sys/fs/cgroup -mindepth 2 -maxdepth 4 -type d 2>/dev/null | sort; }
groups >"$log/groups"
first=''
finish() {
    if [[ -n $first ]]; then kill -KILL "$first" 2>/dev/null || true; fi
    wait 2>/dev/null || true
    sleep 0.5
    groups | comm -13 "$log/groups" - | sort -r | while read -r group; do rmdir "$group" 2>/dev/null || true; done
}
trap finish EXIT
fail() {
    echo "FAILED: $*" >&2
    for each in "$log"/*.log; do echo "--- $each" >&2; tail -n 25 "$each" >&2; done
    exit 1
}
until_true() { # WHAT COMMAND...
    local what="$1" i
    shift
    for ((i = 0; i < 300; i++)); do
        if "$@" >/dev/null 2>&1; then return; fi
        sleep 0.1
    done
    fail "not within 30 s: $what"
}

# --- Process 1, of Debian's units the package's alone ---
for target in sysinit basic shutdown multi-user; do
    printf '[Unit]\nDefaultDependencies=no\n' >"/run/units/$target.target"
    # What others hung below it would come nevertheless: systemd-tmpfiles makes /root/.ssh.
    for wanted in /{etc,usr/lib}/systemd/system/"$target".target.wants/*; do
        if [[ -L $wanted || -e $wanted ]]; then ln -sf /dev/null "/run/units/$(basename "$wanted")"; fi
    done
done
mkdir /run/units/fusiond.service.d
printf '[Service]\nStandardOutput=append:%s\nStandardError=append:%s\n' "$log/fusiond.log" "$log/fusiond.log" \
    >/run/units/fusiond.service.d/test.conf
how="as it is installed"
if ! prlimit --rtprio=95:95 --memlock=unlimited:unlimited true 2>/dev/null; then
    how="its two limits as capabilities, for limits cannot be raised here"
    cat >>/run/units/fusiond.service.d/test.conf <<'CONF'
PrivateUsers=no
AmbientCapabilities=CAP_SYS_NICE CAP_IPC_LOCK
CapabilityBoundingSet=CAP_SYS_NICE CAP_IPC_LOCK
CONF
fi
env -i PATH="$PATH" container=other \
    SYSTEMD_UNIT_PATH=/run/units:/etc/systemd/system:/usr/lib/systemd/system \
    unshare --pid --fork --mount-proc --kill-child \
    /lib/systemd/systemd --system --unit=basic.target --log-target=console --show-status=no >"$log/systemd.log" 2>&1 &
one() { pgrep -P $! -f '^/lib/systemd/systemd' | head -n 1; }
until_true "a systemd" one
first=$(one)
inside() { nsenter -t "$first" -m -p -- "$@"; }
ctl() { inside systemctl "$@"; }
ready() { ctl is-active basic.target; }
for ((i = 0; i < 100; i++)); do
    if ready >/dev/null 2>&1; then break; fi
    sleep 0.1
done
ready >/dev/null 2>&1 || { cat "$log/systemd.log"; skip "no systemd runs in namespaces here"; }
inside ip link set lo up 2>/dev/null || true
[[ -d /run/systemd/system ]] || skip "systemd has no folder in /run"

# What is there and was not, and what was there and is not; but for what dpkg, the system and who makes
# accounts keep of their own.
changes() {
    (cd /run/upper && find . \( -path ./tmp -o -path ./var/tmp -o -path ./var/lib/dpkg -o -path ./var/log -o \
        -path ./var/cache -o -path ./var/lib/systemd -o -path './etc/*-' -o -path ./etc/.pwd.lock \) -prune -o -printf '%y %P\n') |
        sort -k 2 | while read -r kind file; do
        if [[ $kind == c ]]; then echo "gone: /$file"; elif [[ ! -e /run/lower/$file && ! -L /run/lower/$file ]]; then echo "/$file"; fi
    done
}
dpkg_does() { # LOG ARGUMENTS...
    local name="$1"
    shift
    inside env DEBIAN_FRONTEND=noninteractive dpkg "$@" >"$log/$name.log" 2>&1 || fail "dpkg $*"
}
changes >"$log/before"

# --- Installed: nothing plays by itself. Started: it plays. ---
dpkg_does install -i /fusiond-1.deb
! ctl is-active fusiond >/dev/null || fail "it was started by being installed"
sed -i 's/^tempo = .*/tempo = 400/; s/^lock_memory = true/lock_memory = false/' /etc/fusiond/fusiond.toml
ctl enable --now fusiond >"$log/enable.log" 2>&1 || fail "it does not start"
pid() { ctl show -p MainPID --value fusiond; }
steps() { inside fusionctl status | sed -n 's/^steps_played *//p'; }
plays() { local now; now=$(steps) && ((now > ${1:-0})); }
until_true "the first steps" plays 5
inside fusionctl set swing 0.6
kept() { grep -q 'swing = 0.6' /var/lib/fusiond/state.toml; }
until_true "what was set is kept" kept

# --- Upgraded over itself while it plays ---
dpkg-deb -R /fusiond-1.deb /tmp/next
version=$(sed -n 's/^Version: //p' /tmp/next/DEBIAN/control)
sed -i "s/^Version: .*/Version: $version+next/" /tmp/next/DEBIAN/control
dpkg-deb -Znone -b /tmp/next /tmp/fusiond-2.deb >/dev/null
before=$(pid)
dpkg_does upgrade -i /tmp/fusiond-2.deb
[[ $(dpkg-query -W -f='${Version}' fusiond) == "$version+next" ]] || fail "it is $(dpkg-query -W fusiond)"
again() { local now; now=$(pid); [[ $now != 0 && $now != "$before" ]] && plays 5; }
until_true "it plays on after the upgrade" again
[[ $(inside fusionctl get swing) == 0.6 && $(inside fusionctl get tempo) == 400 ]] ||
    fail "after the upgrade swing is $(inside fusionctl get swing), the tempo $(inside fusionctl get tempo)"
grep -q '^tempo = 400' /etc/fusiond/fusiond.toml || fail "the upgrade took the configuration"
ends() { grep -c 'stopped: playing' "$log/fusiond.log" || true; }
(($(ends) == 1)) || fail "it did not end as it should for the upgrade"

# --- Removed: silent, and the configuration stays. Purged: nothing stays but what somebody recorded. ---
inside fusionctl record on >/dev/null
sleep 1
inside fusionctl record export >/dev/null
dpkg_does remove -r fusiond
! ctl is-active fusiond >/dev/null || fail "it plays on after it was removed"
(($(ends) == 2)) || fail "it did not end as it should when it was removed"
[[ -f /etc/fusiond/fusiond.toml ]] || fail "removing took the configuration"
[[ ! -e /usr/bin/fusiond ]] || fail "the program is there yet"
dpkg_does purge -P fusiond
changes >"$log/after"
left=$(sort "$log/before" | comm -13 - <(sort "$log/after"))
expected=$(find /var/lib/fusiond -name '*.mid' 2>/dev/null; echo /var/lib/fusiond)
[[ $left == $(sort <<<"$expected") ]] || fail "this is left: $left"
echo "the package, $how: installed, started, upgraded from $version while it played, removed, purged;" \
    "left: recordings ($(grep -c '\.mid$' <<<"$left")) and the account that they belong to"
