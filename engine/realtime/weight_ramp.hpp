// The way from one setting of the genre weights to the next, as a function of the place in the
// music, so that a step that is generated again finds the same weights without any state.
//
// A ramp begins at the last committed step, not at the change: the next note has then already moved
// by its distance from there, and a turn of a knob is heard at once even with a long ramp.
// Thread: inference. Errors: none.
#pragma once

#include <algorithm>

#include "engine/base/units.hpp"
#include "engine/music/genre_weights.hpp"

namespace fusion {

class WeightRamp {
public:
    explicit WeightRamp(const GenreWeights& initial) : from_{initial}, to_{initial} {}

    // From the weights in force at `start` to `target`, over `length` beats; 0 is at once.
    void head_for(const GenreWeights& target, Ticks start, double length) {
        from_ = at(start);
        to_ = target;
        start_ = start;
        length_ticks_ = std::max(0.0, length) * static_cast<double>(kTicksPerBeat.count());
    }
    void jump_to(const GenreWeights& target) {
        from_ = to_ = target;
        length_ticks_ = 0.0;
    }

    [[nodiscard]] GenreWeights at(Ticks tick) const {
        if (length_ticks_ <= 0.0) return to_;
        const auto progress = static_cast<double>((tick - start_).count()) / length_ticks_;
        return between(from_, to_, static_cast<float>(std::clamp(progress, 0.0, 1.0)));
    }
    [[nodiscard]] const GenreWeights& target() const { return to_; }

private:
    GenreWeights from_;
    GenreWeights to_;
    Ticks start_{0};
    double length_ticks_ = 0.0;
};

}  // namespace fusion
