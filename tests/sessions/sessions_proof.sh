#!/usr/bin/env bash
# Shows that a session that plays anything else than what is expected fails, and says where.
#   sessions_proof.sh PLAY_SESSION SESSIONS_FOLDER SCRATCH_FOLDER
set -euo pipefail

play="$1" sessions="$2" scratch="$3"
unset FUSION_WRITE_SESSIONS
fail() { printf 'sessions: %s\n%s\n' "$1" "${said:-}"; exit 1; }

rm -rf -- "$scratch"
mkdir -p -- "$scratch"
cp -r -- "$sessions/weights_one_by_one" "$scratch/one"
session="$scratch/one/session.txt"
expected="$scratch/one/expected.mid"

said="$("$play" "$scratch/one")" || fail "a true copy does not pass"

# Another knob turned in bar 4.
sed -i 's,^4 *weight/jazz 0$,4 density 1,' "$session"
if said="$("$play" "$scratch/one")"; then fail "another session passes"; fi
[[ $said == *$'\n  - '[4-7]:*$'\n  + '[4-7]:* ]] || fail "it does not say where the two part"
cmp -s -- "$expected" "$sessions/weights_one_by_one/expected.mid" ||
    fail "the expectation was written though nobody asked for it"

# Asked for, it is written, and that is no success either.
if said="$(FUSION_WRITE_SESSIONS=1 "$play" "$scratch/one")"; then fail "writing passes as a success"; fi
said="$("$play" "$scratch/one")" || fail "what was written does not pass"

# Bytes alone: another byte in the file's name for itself.
sed -i 's/fusiond/fusionD/' "$expected"
if said="$("$play" "$scratch/one")"; then fail "other bytes pass"; fi

rm -- "$expected"
if said="$("$play" "$scratch/one")"; then fail "no expectation passes"; fi
sed -i 's,^8 *end$,8 tempo 9000,' "$session"
if said="$("$play" "$scratch/one")"; then fail "a session without end passes"; fi
echo 'eight end' >>"$session"
if said="$("$play" "$scratch/one")"; then fail "a session that cannot be read passes"; fi
[[ $said == *"session.txt:"*"'eight' is no place"* ]] || fail "it does not say which line is wrong"
