// From the straight grid to what is heard: notes swing, then lean as a hand does.
//
// A hand never puts a step before the one before it, nor before a start. What is decided (handed
// over to the sink) is past: a step that would lean to before that, for it has just come, is met at
// the next tick, and no later than on the grid.
// Thread: clock. Realtime: yes. Errors: none.
#pragma once

#include <algorithm>

#include "engine/base/realtime_contract.hpp"
#include "engine/music/step.hpp"
#include "engine/music/swing.hpp"

namespace fusion {

class Groove {
public:
    FUSION_RT void set_swing(Swing swing) noexcept { swing_ = swing; }

    // The transport starts at `position`: nothing is decided yet, and nothing is heard before it.
    FUSION_RT void start(Ticks position) noexcept {
        earliest_ = position;
        decided_ = position - Ticks{1};
    }
    // The line begins anew at tick 0.
    FUSION_RT void rewind() noexcept { last_heard_ = Ticks{0}; }

    // Where a place of the grid is played by a hand that neither hurries nor drags.
    [[nodiscard]] FUSION_RT Ticks swung(Ticks start) const noexcept { return swing_.place(start); }
    // Where a step of the line is heard that stands at `start`.
    [[nodiscard]] FUSION_RT Ticks heard(Ticks start, std::int32_t lean) const noexcept {
        const auto straight = swing_.place(start);
        return std::max({straight + Ticks{lean}, std::min(straight, earliest_), last_heard_});
    }
    // Where `length` of `step` ends, which is heard at `heard`: what moves its beginning moves its
    // end.
    [[nodiscard]] FUSION_RT Ticks end_of(const Step& step, Ticks length,
                                         Ticks heard) const noexcept {
        const auto moved = heard - swing_.place(step.start);
        return swing_.place(step.start + std::min(length, step.duration)) + moved;
    }

    // Before what is due by `reached` is played, `next` being the step that stands at `start`.
    FUSION_RT void meet(const Step& next, Ticks start, Ticks reached) noexcept {
        if (heard(start, next.lean) <= decided_) earliest_ = reached + Ticks{1};
    }
    // All that is due by `reached` has been played.
    FUSION_RT void decided(Ticks reached) noexcept { decided_ = reached; }
    // The line was last heard at `heard`.
    FUSION_RT void played(Ticks heard) noexcept { last_heard_ = heard; }
    // What comes next is not heard before `place`.
    FUSION_RT void not_before(Ticks place) noexcept { last_heard_ = std::max(last_heard_, place); }

private:
    Swing swing_;
    Ticks decided_{0};
    Ticks earliest_{0};    // what a lean may no longer come before
    Ticks last_heard_{0};  // where the line's last step was heard
};

}  // namespace fusion
