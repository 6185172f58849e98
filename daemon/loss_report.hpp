// What did not arrive, told in the log when it becomes more: messages that found no room, came
// after their frame, or were no MIDI. Thread: control. Errors: none.
#pragma once

#include <cstdint>

#include "daemon/midi/midi_port.hpp"

namespace fusion {

class LossReport {
public:
    // Since the last look, each second or so. `refused`: by the sink, in all. `port`: null where
    // there is none.
    void look(std::uint64_t refused, const MidiPort* port);
    // Of what came in, in all. Only the first are told at once: a loose cable would fill the log.
    void malformed_so_far(std::uint64_t count);
    void malformed_in_the_end(std::uint64_t count);

private:
    std::uint64_t refused_ = 0;
    PortCounters port_;
    std::uint64_t malformed_ = 0;
};

}  // namespace fusion
