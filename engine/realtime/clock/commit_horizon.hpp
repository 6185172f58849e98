// The steps that have come and are not yet committed: a fixed array, one slot a step index.
// A newer sending of a step replaces the older one, whatever else is in the array. So for a moment
// a new step may be followed by an old one; if the clock gets there before the new tail does, the
// old one is played: late control, never a hole.
// Thread: clock. Realtime: yes. Errors: none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/realtime/crossing/line_link.hpp"

namespace fusion {

class CommitHorizon {
public:
    static constexpr std::uint32_t kSlots = 64;

    // False when the step is already committed, too far ahead, or older than the one here.
    FUSION_RT bool put(const StepMessage& message) noexcept {
        const auto ahead = message.step.index - next_;  // wraps to a huge number when behind
        if (ahead >= kSlots) return false;
        auto& slot = slots_[message.step.index % kSlots];
        if (slot.full && slot.message.serial >= message.serial) return false;
        slot.message = message;
        slot.full = true;
        return true;
    }

    // The step to be committed next, or null: it has not come.
    [[nodiscard]] FUSION_RT const StepMessage* next() const noexcept {
        const auto& slot = slots_[next_ % kSlots];
        return slot.full ? &slot.message : nullptr;
    }
    [[nodiscard]] FUSION_RT std::uint32_t next_index() const noexcept { return next_; }

    // next() is committed.
    FUSION_RT void advance() noexcept {
        slots_[next_ % kSlots].full = false;
        ++next_;
    }

    // Empty; the next to be committed is step `next`.
    FUSION_RT void clear(std::uint32_t next = 0) noexcept {
        for (auto& slot : slots_) slot.full = false;
        next_ = next;
    }

    // How many steps can be committed before one is missing.
    [[nodiscard]] FUSION_RT std::uint32_t depth() const noexcept {
        std::uint32_t count = 0;
        while (count < kSlots && slots_[(next_ + count) % kSlots].full) ++count;
        return count;
    }

private:
    struct Slot {
        StepMessage message;
        bool full = false;
    };
    std::array<Slot, kSlots> slots_{};
    std::uint32_t next_ = 0;
};

}  // namespace fusion
