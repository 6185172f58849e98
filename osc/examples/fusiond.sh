#!/usr/bin/env bash
# Steers fusiond with oscsend (Debian: liblo-tools):
#     ./fusiond.sh [PORT]
set -euo pipefail
port=${1:-9700}
turn() { oscsend 127.0.0.1 "$port" "$@"; }

turn '/fusiond/weight/*' f 0    # a pattern: all of them. Quoted, or the shell takes it for files.
turn /fusiond/weight/jazz f 8   # i and f both do
turn /fusiond/weight/pop i 2
turn /fusiond/ramp f 2          # later changes take two beats
turn /fusiond/tempo f 120
turn /fusiond/temperature f 1.2 # wilder
turn /fusiond/density f 0.3     # more and shorter notes
turn /fusiond/scale s dorian    # words are words
turn /fusiond/scene/save s start

# A sweep from jazz to pop.
for ((percent = 0; percent <= 100; percent += 5)); do
    turn /fusiond/weight/jazz f "$(awk "BEGIN { print 8 * (1 - $percent / 100) }")"
    turn /fusiond/weight/pop f "$(awk "BEGIN { print 8 * $percent / 100 }")"
    sleep 0.05
done
turn /fusiond/scene/recall sf start 4 # back, over four beats

# Answers go back to the port that asked, and oscsend does not wait for them. Bash does: a socket of
# its own, into which oscsend writes, and from which dd takes one message.
exec 3<>"/dev/udp/127.0.0.1/$port"
hear() { timeout 10 dd bs=64K count=1 status=none <&3 | tr -sc '[:print:]' ' ' && echo; }

oscsend - /fusiond/scale >&3        # without an argument a path asks
echo "answer: $(hear)"
oscsend - /fusiond/nonsense f 1 >&3 # what cannot be done is answered, and the music goes on
echo "refused: $(hear)"
oscsend - /fusiond/subscribe iss 30 note beat >&3 # these streams, for thirty seconds
for ((n = 0; n < 8; n++)); do echo "heard: $(hear)"; done # numbers are not text
oscsend - /fusiond/subscribe i 0 >&3
