// The clock's side of the stand-in (crossing/stand_in_link.hpp): calls it when the line has no
// further step, holds what it makes, and sends it away when the line goes on.
//
// Its steps are none of the line's: each follows the one before it from the place where the line
// broke off, and the first step of the line that comes in time ends them all.
// Thread: clock. Realtime: yes. Errors: what finds no room in a queue is lost; the stand-in then
// makes it again, or the clock repeats the last bar as it does without one.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/realtime/clock/commit_horizon.hpp"
#include "engine/realtime/crossing/stand_in_link.hpp"

namespace fusion {

class Bridge {
public:
    // None: there is no stand-in, and nothing here does anything.
    explicit Bridge(std::optional<StandInLink> link) : link_{std::move(link)} {}

    [[nodiscard]] FUSION_RT bool is_called() const noexcept { return call_.is_wanted; }
    // The line has no step for `place`.
    FUSION_RT void call(Ticks place) noexcept;
    // The line goes on, or stops.
    FUSION_RT void send_away() noexcept;

    // `message` was played, of the line or of the bridge.
    FUSION_RT void remember(const StepMessage& message) noexcept;
    // The line begins anew: nothing was played before it.
    FUSION_RT void forget() noexcept { heard_ = 0; }

    // Takes in what was made. A step whose place lies before `reached`, as `place_of` has it, is
    // thrown away: the stand-in begins again at a place that can still be met.
    template <class PlaceOf>
    FUSION_RT void take(Ticks reached, PlaceOf&& place_of) noexcept {
        if (!link_) return;
        StepMessage message;
        while (link_->steps.try_pop(message)) {
            if (!call_.is_wanted || message.epoch != call_.session) continue;
            const bool is_next = message.step.index == horizon_.next_index();
            if (is_next && horizon_.next() == nullptr && place_of(start_of(message)) < reached)
                tell(message, CommitNote::Kind::missed, message.step.start);
            else
                static_cast<void>(horizon_.put(message));
        }
    }
    // What is played next; null: nothing has come.
    [[nodiscard]] FUSION_RT const StepMessage* next() const noexcept {
        return call_.is_wanted ? horizon_.next() : nullptr;
    }
    // Where a step begins, or at the earliest can.
    [[nodiscard]] FUSION_RT Ticks start_of(const StepMessage& message) const noexcept {
        return message.placement == Placement::placed ? std::max(message.step.start, next_start_)
                                                      : next_start_;
    }
    // next() is played, at start_of() it.
    [[nodiscard]] FUSION_RT StepMessage pop() noexcept;

    // At the end of a turn: `head` is the line's.
    FUSION_RT void publish(const PlayHead& head) noexcept;

private:
    FUSION_RT void tell(const StepMessage& message, CommitNote::Kind kind, Ticks start) noexcept;

    std::optional<StandInLink> link_;
    StandInCall call_;
    CommitHorizon horizon_;
    Ticks next_start_{0};
    std::array<StandInCall::Heard, StandInCall::kMostHeard> ring_{};
    std::uint64_t heard_ = 0;
    bool head_told_ = false;  // of a session that is over
};

}  // namespace fusion
