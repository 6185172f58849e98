#!/usr/bin/env bash
# ./dev chroot with a debootstrap that lends this system's own /usr: what it leaves behind, however it
# ends.
#   chroot_test.sh SOURCE_FOLDER SCRATCH_FOLDER
set -euo pipefail

source="$1" scratch="$2"
fail() { printf 'chroot: %s\n' "$*"; exit 1; }
skip() { printf 'skipped: %s\n' "$*"; exit 77; }

[[ $EUID -eq 0 ]] || skip "not root"
unshare --mount --pid --fork true 2>/dev/null || skip "root may not mount here"
command -v git >/dev/null || skip "no git"
[[ -L /bin && -L /lib ]] || skip "/usr is not merged, and cannot be lent"

rm -rf --one-file-system -- "$scratch"
tree="$scratch/a tree"
tools="$scratch/tools"
mkdir -p -- "$tree/tests" "$tools"
cp -- "$source/dev" "$tree/"
cp -- "$source/tests/chroot.sh" "$tree/tests/"
commit() {
    git -C "$tree" add --all
    git -C "$tree" -c user.name=test -c user.email=test@localhost commit --quiet --message "$1"
}
git -C "$tree" init --quiet
echo /build/ >"$tree/.gitignore"
commit first

cat >"$tools/debootstrap" <<'TOOL'
#!/bin/bash
set -eu
while [[ $1 == --* ]]; do shift; done
folder=$2
echo "$*" >"$LENT_TO"
mkdir -p "$folder"/{usr,etc/apt/apt.conf.d,dev/pts,dev/shm,proc,sys,tmp,run,root,var/cache}
for link in bin sbin lib lib64; do [[ ! -L /$link ]] || cp -P "/$link" "$folder/$link"; done
mount --rbind /usr "$folder/usr"
mount -t tmpfs tmpfs "$folder/usr/sbin"
mknod -m 666 "$folder/dev/null" c 1 3
TOOL
# Whatever this system has installed is enough.
# shellcheck disable=SC2016  # for the tool's own shell
printf '#!/bin/sh\nshift 2\nprintf "ii %%s\\n" "$@"\n' >"$tools/dpkg-query"
chmod +x "$tools"/*
export PATH="$tools:$PATH" LENT_TO="$scratch/debootstrap.said"
cd /

# bare COMMAND...: the last of its shell; in a chroot made for it, since what was lent is taken back at its end.
bare() {
    rm -rf --one-file-system -- "$scratch/chroots"
    CHROOTS="$scratch/chroots" exec "$tree/dev" chroot trixie "$@"
}
nothing_is_left() {
    if grep -F "$scratch" /proc/self/mountinfo; then fail "$1: something is still mounted"; fi
    [[ -z $(ls -A -- "$scratch/chroots/trixie/tmp") ]] || fail "$1: /tmp was not its own"
}

if said="$("$tree/dev" chroot 2>&1 </dev/null)"; then fail "no suite, and it succeeded"; fi
[[ $said == *"which suite?"* ]] || fail "it does not ask for the suite: $said"
if said="$("$tree/dev" chroot ../etc 2>&1 </dev/null)"; then fail "a path passed for a suite"; fi
[[ $said == *"not the name of a Debian suite"* ]] || fail "a path is not refused by name: $said"

echo later >"$tree/uncommitted"
# shellcheck disable=SC2016  # for the shell in the chroot
said="$(DEBIAN_MIRROR=http://mirror.test/debian bare bash -c \
    'echo "$PWD" *; touch /tmp/trace; ls /proc/self/fd >/dev/null && echo has proc; exit 7' \
    2>"$scratch/stderr" </dev/null)" && fail "the status of the command is lost"
[[ $? == 7 ]] || fail "the status of the command is not its own: $(cat "$scratch/stderr")"
[[ $said == "/root/fusiond dev tests"*"has proc" ]] || fail "no fresh clone, or no /proc: $said"
grep -q "what is not committed" "$scratch/stderr" || fail "what the clone lacks is not told"
grep -q "http://mirror.test/debian\$" "$LENT_TO" || fail "DEBIAN_MIRROR is not obeyed"
nothing_is_left "at its end"

# Ended from outside: what runs in it ends with it. Its standard output is a pipe that closes when the
# last of them is gone.
mkfifo -- "$scratch/pipe"
bare bash -c 'sleep infinity & echo started; wait' </dev/null >"$scratch/pipe" 2>&1 &
chroot=$!
exec 3<"$scratch/pipe"
while IFS= read -r line <&3 && [[ $line != started ]]; do :; done
[[ ${line:-} == started ]] || fail "the command did not start"
kill -TERM "$chroot"
cat <&3 >/dev/null
if wait "$chroot"; then fail "ended by a signal, and it succeeded"; fi
nothing_is_left "after a signal"
