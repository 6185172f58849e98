#!/usr/bin/env bash
# The system unit as it is installed, run by a systemd of its own: process 1 of new namespaces, with no
# other units than a JACK server without hardware. All that the unit restricts is in force (mounts,
# system calls, devices, users, limits). Shows that it becomes ready, plays with SCHED_FIFO and locked
# memory, is heard by JACK, reloads, records, is started again after a crash and resumes, and ends.
#   e2e_service.sh CMAKE BUILD_FOLDER
# Ends with 77 and a line where this machine cannot do that.
set -euo pipefail
skip() { echo "SKIPPED: $*"; exit 77; }
((EUID == 0)) || skip "only root can start a systemd"
for program in unshare nsenter jackd jack_midi_dump /lib/systemd/systemd systemctl python3; do
    command -v "$program" >/dev/null || skip "no $program"
done

if [[ $1 != --inside ]]; then
    # Two of them in the same groups of processes would be in each other's way.
    [[ ! -d /run/systemd/system ]] || skip "a systemd runs here: its units would meet ours"
    exec unshare --mount --pid --fork --ipc --uts --net --kill-child "$BASH" "$0" --inside "$@"
fi
cmake="$2" build="$3"
bin="$build/bin" work=$(mktemp -d)
groups() { find /sys/fs/cgroup -mindepth 2 -maxdepth 4 -type d 2>/dev/null | sort; }
groups >"$work/groups"
first=''
finish() {
    if [[ -n $first ]]; then kill -KILL "$first" 2>/dev/null || true; fi
    wait 2>/dev/null || true
    sleep 0.5
    groups | comm -13 "$work/groups" - | sort -r | while read -r group; do rmdir "$group" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT
fail() {
    echo "FAILED: $*" >&2
    for log in "$work"/*.log; do echo "--- $log" >&2; tail -n 25 "$log" >&2; done
    exit 1
}

# --- A machine in a folder's worth of mounts ---
mount --make-rprivate /
mount -t proc proc /proc
for place in /run /dev/shm; do mount -t tmpfs tmpfs "$place"; done
mkdir -p /run/units /run/state /run/etc /run/opt /run/lib
chmod 755 /run
ip link set lo up 2>/dev/null || python3 - <<'UP'
import fcntl, socket, struct
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))
UP
for file in passwd group; do cp "/etc/$file" "/run/etc/$file"; done
grep -q '^audio:' /run/etc/group || echo 'audio:x:29:' >>/run/etc/group
echo 'fusiond:x:993:993::/var/lib/fusiond:/usr/sbin/nologin' >>/run/etc/passwd
echo 'fusiond:x:993:' >>/run/etc/group
for file in passwd group; do mount --bind "/run/etc/$file" "/etc/$file"; done
mount --bind /run/lib /var/lib

# --- What `cmake --install` puts there ---
DESTDIR=/run/opt "$cmake" --install "$build" --prefix /fusiond >"$work/install.log" 2>&1 || fail "no installation"
unit=/run/opt/fusiond/lib/systemd/system/fusiond.service
sed 's|"/fusiond/bin/fusiond"|"/run/opt/fusiond/bin/fusiond"|; s|"/etc/fusiond/|"/run/opt/etc/fusiond/|' "$unit" \
    >/run/units/fusiond.service
"$bin/make_bundle" /run/opt/small.bundle >/dev/null 2>&1 || skip "no bundle can be made"
config=/run/opt/etc/fusiond/fusiond.toml
cat >"$config" <<'CONFIG'
[midi]
output = "jack"
[bundle]
path = "/run/opt/small.bundle"
[parameters]
tempo = 300
CONFIG
chmod -R a+rX /run/opt
mkdir /run/units/fusiond.service.d
cat >/run/units/fusiond.service.d/test.conf <<CONF
[Unit]
Requires=jackd.service
After=jackd.service
[Service]
Environment=JACK_NO_AUDIO_RESERVATION=1 FUSIOND_BUNDLE=/run/opt/small.bundle
StandardOutput=append:$work/fusiond.log
StandardError=append:$work/fusiond.log
CONF
how="as it is installed"
if ! prlimit --rtprio=95:95 --memlock=unlimited:unlimited true 2>/dev/null; then
    # Without CAP_SYS_RESOURCE nobody here can raise a limit: the two rights come as capabilities, which
    # hold in the machine's own user namespace alone.
    how="with LimitRTPRIO= and LimitMEMLOCK= replaced by capabilities, for limits cannot be raised here"
    cat >>/run/units/fusiond.service.d/test.conf <<'CONF'
PrivateUsers=no
AmbientCapabilities=CAP_SYS_NICE CAP_IPC_LOCK
CapabilityBoundingSet=CAP_SYS_NICE CAP_IPC_LOCK
CONF
fi
cat >/run/units/jackd.service <<CONF
[Service]
ExecStart=$(command -v jackd) -r -d dummy -r 48000 -p 256
User=fusiond
Environment=JACK_NO_AUDIO_RESERVATION=1
StandardOutput=append:$work/jackd.log
StandardError=append:$work/jackd.log
CONF
for target in sysinit basic shutdown fusion; do
    printf '[Unit]\nDefaultDependencies=no\n' >"/run/units/$target.target"
done

# --- Process 1 ---
env -i PATH="$PATH" container=other SYSTEMD_UNIT_PATH=/run/units \
    unshare --pid --fork --mount-proc --kill-child \
    /lib/systemd/systemd --system --unit=fusion.target --log-target=console --show-status=no \
    >"$work/systemd.log" 2>&1 &
until_true() { # WHAT COMMAND...
    local what="$1"
    shift
    for ((i = 0; i < 300; i++)); do
        if "$@" >/dev/null 2>&1; then return; fi
        sleep 0.1
    done
    fail "not within 30 s: $what"
}
one() { pgrep -P $! -f '^/lib/systemd/systemd' | head -n 1; }
until_true "a systemd" one
first=$(one)
inside() { nsenter -t "$first" -m -p -- "$@"; }
ctl() { inside systemctl "$@"; }
ready() { ctl is-active fusion.target; }
for ((i = 0; i < 100; i++)); do
    if ready >/dev/null 2>&1; then break; fi
    sleep 0.1
done
ready >/dev/null 2>&1 || { cat "$work/systemd.log"; skip "no systemd runs in namespaces here"; }
fusionctl() { inside "$bin/fusionctl" "$@"; }
pid() { ctl show -p MainPID --value fusiond; }

# --- It plays ---
ctl start jackd
ctl start fusiond || fail "it did not become ready"
says() { grep -q -- "$1" "$work/fusiond.log"; }
says "SCHED_FIFO" || fail "the clock is not real-time"
fusionctl status >"$work/status.log"
grep -q 'clock_realtime *yes' "$work/status.log" || fail "the clock is not real-time"
grep -q 'memory_locked *yes' "$work/status.log" || fail "its memory is not locked"
inside grep -q '^Seccomp:.*2' "/proc/$(pid)/status" || fail "no system call is filtered"
inside grep -q '^NoNewPrivs:.*1' "/proc/$(pid)/status" || fail "it may gain rights"
inside setpriv --reuid 993 --regid 993 --clear-groups timeout 20 jack_midi_dump -a heard >"$work/dump.log" 2>&1 &
sleep 1
inside setpriv --reuid 993 --regid 993 --clear-groups jack_connect fusiond:out heard:input 2>>"$work/dump.log" ||
    fail "JACK does not let us connect"
hears() { (($(grep -c 'note on' "$work/dump.log") >= 5)); }
until_true "five notes" hears

# --- It reloads, records, is started again and resumes ---
before=$(pid)
sed -i 's/tempo = 300/tempo = 280/' "$config"
ctl reload fusiond
is() { [[ $(fusionctl get "$1") == "$2" ]]; }
until_true "the tempo of the new configuration" is tempo 280
[[ $(pid) == "$before" ]] || fail "a reload was a restart"
fusionctl record on
sleep 1
file=$(fusionctl record export) || fail "no recording"
[[ $(head -c 4 "/var/lib/fusiond/${file##*/}") == MThd ]] || fail "no recording in $file"
[[ $(stat -c %a "/var/lib/fusiond/${file##*/}") == 640 ]] || fail "others can read it"
fusionctl set swing 0.6
kept() { grep -q 'swing = 0.6' /var/lib/fusiond/state.toml; }
until_true "what was set is kept" kept
inside kill -KILL "$before"
again() { local now; now=$(pid); [[ $now != 0 && $now != "$before" ]] && is swing 0.6; }
until_true "it plays again as it was" again
ctl stop fusiond
[[ $(ctl show -p Result --value fusiond) == success ]] || fail "it ended with $(ctl show -p Result fusiond)"
echo "the unit $how, under a systemd of its own: ready, FIFO, heard, reloaded, recorded, restarted, ended"
