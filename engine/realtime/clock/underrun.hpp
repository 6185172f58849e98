// The clock found no step: from the place where the line breaks off, what was played in the bar
// before it is played once more, then nothing, until the line goes on.
// Thread: clock. Realtime: yes. Errors: none.
#pragma once

#include "engine/realtime/clock/last_bar.hpp"

namespace fusion {

class Underrun {
public:
    // `step` of the line was played: what may have to be repeated.
    FUSION_RT void remember(const Step& step) noexcept { last_bar_.remember(step); }
    // The line begins anew; nothing has been played.
    FUSION_RT void clear() noexcept {
        state_ = State::none;
        last_bar_.clear();
    }

    // The line breaks off at `place`.
    FUSION_RT void begin(Ticks place, Ticks bar) noexcept {
        state_ = State::repeating;
        place_ = place;
        last_bar_.begin_repeat(place, bar);
    }
    // The line goes on.
    FUSION_RT void end() noexcept {
        state_ = State::none;
        last_bar_.end_repeat();
    }

    [[nodiscard]] FUSION_RT bool lasts() const noexcept { return state_ != State::none; }
    // Where the line broke off. While it lasts.
    [[nodiscard]] FUSION_RT Ticks place() const noexcept { return place_; }

    // Until fall_silent(): the bar is repeated.
    [[nodiscard]] FUSION_RT bool repeats() const noexcept { return state_ == State::repeating; }
    // The next step of the repeat at its new place; false when there is no more.
    [[nodiscard]] FUSION_RT bool peek(Step& again) const noexcept { return last_bar_.peek(again); }
    FUSION_RT void pop() noexcept { last_bar_.pop(); }
    FUSION_RT void fall_silent() noexcept { state_ = State::silent; }

private:
    enum class State : std::uint8_t { none, repeating, silent };

    State state_ = State::none;
    Ticks place_{0};
    LastBar last_bar_;
};

}  // namespace fusion
