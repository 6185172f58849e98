// What did not arrive, told in the log when it becomes more: messages that found no room, came
// after their frame, or were no MIDI. What goes on is told less and less often, from each second to
// each hour, with how many it has become: an output that loses some each second for a year would
// fill a disk. An hour without, and it is news again. Thread: control. Errors: none.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "daemon/midi/midi_port.hpp"
#include "engine/base/units.hpp"

namespace fusion {

// One kind of loss: when it is told, and how many since it was told last.
class Loss {
public:
    static constexpr Nanos kShortest = std::chrono::seconds{1};
    static constexpr Nanos kLongest = std::chrono::hours{1};

    // `count`: in all. What is to be told now; 0: nothing.
    std::uint64_t news(std::uint64_t count, TimePoint now);

private:
    std::uint64_t seen_ = 0;
    std::uint64_t told_ = 0;
    TimePoint grew_{};  // last
    TimePoint next_{};  // time to tell
    Nanos pause_ = kShortest;
};

class LossReport {
public:
    using Log = std::function<void(const std::string& line)>;

    LossReport();
    explicit LossReport(Log log) : log_{std::move(log)} {}

    // Each second or so. `refused`: by the sink, in all. `port`: null where there is none.
    void look(std::uint64_t refused, const MidiPort* port, TimePoint now);
    // Of what came in, in all. Only the first are told at once: a loose cable would fill the log.
    void malformed_so_far(std::uint64_t count);
    void malformed_in_the_end(std::uint64_t count);

private:
    Log log_;
    Loss refused_, late_, too_late_, feedback_lost_;
    std::uint64_t malformed_ = 0;
};

}  // namespace fusion
