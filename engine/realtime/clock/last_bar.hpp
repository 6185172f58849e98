// The newest steps that the clock played, so that it can repeat the last bar when nothing has come.
// Thread: clock. Realtime: yes. Errors: none.
#pragma once

#include <array>
#include <cstdint>

#include "engine/base/realtime_contract.hpp"
#include "engine/music/step.hpp"

namespace fusion {

class LastBar {
public:
    FUSION_RT void remember(const Step& step) noexcept { ring_[count_++ % kSlots] = step; }
    FUSION_RT void clear() noexcept { count_ = first_ = end_ = 0; }

    // Begins to repeat, from `hole` on, what was played in the `bar` before it.
    FUSION_RT void begin_repeat(Ticks hole, Ticks bar) noexcept {
        bar_ = bar;
        end_ = count_;
        first_ = count_ > kSlots ? count_ - kSlots : 0;
        while (first_ < end_ && ring_[first_ % kSlots].start < hole - bar) ++first_;
    }
    // The next step of the repeat at its new place; false when the bar is over.
    [[nodiscard]] FUSION_RT bool peek(Step& step) const noexcept {
        if (first_ >= end_) return false;
        step = ring_[first_ % kSlots];
        step.start += bar_;
        step.rung = Rung::repeat;
        return true;
    }
    FUSION_RT void pop() noexcept { ++first_; }
    FUSION_RT void end_repeat() noexcept { first_ = end_; }

private:
    static constexpr std::uint64_t kSlots = 64;  // a 4/4 bar has 48 cells
    std::array<Step, kSlots> ring_{};
    std::uint64_t count_ = 0;
    std::uint64_t first_ = 0;  // of the repeat
    std::uint64_t end_ = 0;
    Ticks bar_{0};
};

}  // namespace fusion
