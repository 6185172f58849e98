#!/usr/bin/env bash
# A recording on a disk that fills up, that becomes read-only and that comes back: the music goes on, it
# is told once, and what there is room for is recorded again.
#   e2e_recording.sh BIN-FOLDER
# Ends with 77 and a line where this system gives no mounts of its own.
set -euo pipefail
if [[ $1 != --inside ]]; then
    unshare --map-root-user --mount true 2>/dev/null || { echo "SKIPPED: no mounts of one's own here"; exit 77; }
    exec unshare --map-root-user --mount "$BASH" "$0" --inside "$@"
fi
bin=$2
# shellcheck source=tests/daemon/e2e_lib.sh
source "$(dirname -- "$0")/e2e_lib.sh"

disk=$work/disk
mkdir "$disk"
trap 'kill "${pids[@]}" 2>/dev/null; wait; umount -l "$disk" || true; finish' EXIT
mount -t tmpfs -o size=32k tmpfs "$disk"
start_jack
"$bin/make_bundle" "$work/test.bundle"
"$bin/fusiond" --output jack --osc-port 0 --oscquery-port 0 --state "$work/state.toml" --plain \
    --file "$disk/session.mid" --bundle "$work/test.bundle" --tempo 400 \
    --weight jazz=5 --weight pop=5 --weight folk=5 >"$work/fusiond.log" 2>&1 &
fusiond=$!
pids[fusiond]=$fusiond
until_true "fusiond's OSC port" grep -q "OSC on 127.0.0.1:" "$work/fusiond.log"
osc=$(sed -n 's/.*OSC on 127\.0\.0\.1:\([0-9]*\).*/\1/p' "$work/fusiond.log" | head -n 1)
start_receiver
errors() { grep -c ' error .*session' "$work/fusiond.log" || true; }
told() { (($(errors) >= $1)); }
recorded() { (($(stat -c %s "$disk/$1" 2>/dev/null || echo 0) > $2)); }
until_true "a recording" recorded session.mid 100

# --- Full ---
head -c 64k /dev/zero >"$disk/filler" 2>/dev/null || true
until_true "word of a full disk" told 1
heard=$(notes_on)
until_true "music with a full disk" more_notes_than "$((heard + 60))"
(($(errors) == 1)) || fail "it was told $(errors) times"
size=$(stat -c %s "$disk/session.mid")
rm "$disk/filler"
until_true "the recording to go on" recorded session.mid "$size"
until_true "word of that" grep -q "recorded again" "$work/fusiond.log"

# --- Read-only: the file that is open would still be written to, so it is the next that fails ---
"$bin/fusionctl" --port "$osc" record export >"$work/export.log" || fail "no export"
grep -q session.mid "$work/export.log" || fail "it exported $(cat "$work/export.log")"
"$bin/fusionctl" --port "$osc" record off >"$work/off.log"
grep -q '^off' "$work/off.log" || fail "off is $(cat "$work/off.log")"
sleep 1
mount -o remount,ro "$disk"
"$bin/fusionctl" --port "$osc" record on >"$work/on.log" || true
until_true "word of a disk that cannot be written" told 2
heard=$(notes_on)
until_true "music without a disk" more_notes_than "$((heard + 60))"
(($(errors) == 2)) || fail "it was told $(errors) times"
mount -o remount,rw "$disk"
until_true "a third file" recorded session-3.mid 60
end_fusiond
every_note_ended 100
for file in "$disk"/session*.mid; do
    # The last three bytes of a whole file: the end of its track.
    [[ $(tail -c 3 "$file" | od -An -tx1 | tr -d ' ') == ff2f00 ]] || fail "$file is not whole"
done
echo "a full and a read-only disk: told once each, and the music went on"
