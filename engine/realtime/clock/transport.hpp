// Play, stop and position of the line, and the beat that comes next.
//
// `waiting`: at tick 0, for the first step of a line. `running`. `stopped`: the position is kept,
// and the line goes on from there.
// Thread: clock. Realtime: yes. Errors: none.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/base/realtime_contract.hpp"
#include "engine/music/timeline.hpp"

namespace fusion {

class Transport {
public:
    enum class State : std::uint8_t { waiting, running, stopped };

    [[nodiscard]] FUSION_RT State state() const noexcept { return state_; }
    [[nodiscard]] FUSION_RT bool waiting() const noexcept { return state_ == State::waiting; }
    [[nodiscard]] FUSION_RT bool running() const noexcept { return state_ == State::running; }

    // Where it goes on from; while it runs, where that was.
    [[nodiscard]] FUSION_RT Ticks position() const noexcept { return position_; }
    // Where it stands at `when`, on a line whose ticks lie as `line` has them.
    [[nodiscard]] FUSION_RT Ticks at(TimePoint when, const Timeline& line) const noexcept {
        return running() ? line.tick_at(when) : position_;
    }
    [[nodiscard]] FUSION_RT TimePoint running_since() const noexcept { return running_since_; }

    FUSION_RT void start(Ticks at, TimePoint now) noexcept {
        state_ = State::running;
        position_ = at;
        running_since_ = now;
        next_beat_ = beats((at.count() + kTicksPerBeat.count() - 1) / kTicksPerBeat.count());
    }
    FUSION_RT void stop(Ticks at) noexcept {
        state_ = State::stopped;
        position_ = at;
    }
    FUSION_RT void rewind() noexcept {
        state_ = State::waiting;
        position_ = Ticks{0};
    }

    // The first beat that has not been told. While it runs.
    [[nodiscard]] FUSION_RT Ticks next_beat() const noexcept { return next_beat_; }
    FUSION_RT void pass_beat() noexcept { next_beat_ += kTicksPerBeat; }
    // Nobody heard the beats up to `reached`.
    FUSION_RT void skip_beats(Ticks reached) noexcept {
        next_beat_ = std::max(next_beat_, beats(reached.count() / kTicksPerBeat.count() + 1));
    }

private:
    State state_ = State::waiting;
    Ticks position_{0};
    Ticks next_beat_{0};
    TimePoint running_since_{};
};

}  // namespace fusion
