// How far our beat is from the beat of Link's other peers, in real time: what LinkSync::read() says
// on a thread like the clock's, against what a peer says of the same moment.
//
// Two peers in one session with us, in a network of their own. `link_peer` (Link's library alone)
// prints its beat to a millionth at an exact host time. LinkHut, Debian's, prints it to a hundredth
// and not when that was, so it is read at Link's highest tempo, where a hundredth is 0.6 ms, and
// stamped on arrival; link_peer's lines read in the same way, against themselves read exactly, are
// the floor of that. The mean over each second shows what is left when rounding is averaged out.
// Then each peer turns the tempo, and the time until our song follows is taken.
#pragma once

#include <filesystem>

#include "engine/base/units.hpp"

namespace fusion::bench {

struct LinkBenchOptions {
    double seconds = 20.0;
    Bpm tempo{999.0};
    int changes = 20;  // of tempo, by each peer
    int priority = 70;
    std::filesystem::path peer;  // the program link_peer
    std::filesystem::path json;  // empty: no file
};

// Returns the exit status: 0 when the target is met, 1 when it is missed, 2 when a peer is missing
// or the peers do not meet.
int run_link_bench(const LinkBenchOptions& options);

}  // namespace fusion::bench
