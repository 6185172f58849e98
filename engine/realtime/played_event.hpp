// What the clock did, told to the control thread: plain values, in the order they happened.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "engine/model/generator.hpp"
#include "engine/music/step.hpp"

namespace fusion {

struct PlayedEvent {
    enum class Kind : std::uint8_t {
        step,      // a step was committed: `step`, and the proposals of each genre
        beat,      // a beat began: `tick`
        underrun,  // no step was there in time: `tick`
        started,   // the transport runs from `tick`
        stopped,
        panicked,
        late_step,  // a step came after its time and was left out: `step`
    };
    Kind kind = Kind::beat;
    Step step;
    Ticks tick{0};
    TimePoint due{};  // when it is heard; a sink with a lead got it earlier
    std::array<EventId, kMaxGenres> proposals{};
};
static_assert(std::is_trivially_copyable_v<PlayedEvent>);

}  // namespace fusion
