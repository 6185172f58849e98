#!/usr/bin/env bash
# A training, seen on its page while it goes on: in Chromium, over a corpus of two made-up genres.
#   e2e_serve.sh BIN-FOLDER NPM-FOLDER
set -euo pipefail
bin=$(readlink -f -- "$1")
npm=$(readlink -m -- "$2")
here=$(dirname -- "$(readlink -f -- "$0")")
for program in node python3; do command -v "$program" >/dev/null || { echo "SKIPPED: no $program"; exit 77; }; done
[[ -x $bin/fusion-train ]] || { echo "SKIPPED: no fusion-train in this build"; exit 77; }
[[ -f $npm/done ]] || { echo "SKIPPED: npm's packages are not there"; exit 77; }
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || { echo "SKIPPED: no chromium"; exit 77; }
work=$(mktemp -d)
trap 'kill "${training:-}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf -- "$work"' EXIT
fail() { echo "FAILED: $*" >&2; cat "$work/log" >&2; exit 1; }

python3 "$here/made_up_corpus.py" "$work/data"
"$bin/fusion-train" train --data "$work/data" --out "$work/x.bundle" --serve 70000 2>"$work/log" && fail "a port that is none"
grep -q "to 65535" "$work/log" || fail "a port that is none, without a word"
"$bin/fusion-train" train --data "$work/data" --out "$work/toy.bundle" --preset paper --epochs1 3 --epochs2 200 --serve 0 \
    >"$work/table" 2>"$work/log" &
training=$!
address=
for ((i = 0; i < 200; i++)); do
    address=$(sed -n 's/^the training is shown at \(.*\)$/\1/p' "$work/log")
    [[ -n $address ]] && break
    sleep 0.05
done
[[ -n $address ]] || fail "it does not say where it is shown"
HOME=$work PANEL_PACKAGES=$npm PANEL_BROWSER=$browser node "$here/training.mjs" "$address" "$work/shot.png" || fail "the page"
kill -TERM "$training"
code=0
wait "$training" || code=$?
[[ $code == 75 || $code == 0 ]] || fail "fusion-train ended with $code"
echo "ended with $code"
