// The way from one setting of the genre weights to the next, as a function of the place in the
// music, so that a step that is generated again finds the same weights without any state. Each
// genre is on a way of its own: who turns one knob leaves the ramps of the others as they are.
//
// A ramp begins at the last committed step, not at the change: the next note has then already moved
// by its distance from there, and a turn of a knob is heard at once even with a long ramp.
// Thread: inference. Errors: none.
#pragma once

#include <algorithm>
#include <array>

#include "engine/base/units.hpp"
#include "engine/music/genre_weights.hpp"

namespace fusion {

class WeightRamp {
public:
    using Lengths = std::array<float, kMaxGenres>;  // beats

    explicit WeightRamp(const GenreWeights& initial) { jump_to(initial); }

    // Every genre whose target is new goes from its weight at `start` there, over its own length; 0
    // is at once.
    void head_for(const GenreWeights& target, Ticks start, const Lengths& lengths) {
        for (std::size_t g = 0; g < kMaxGenres; ++g) {
            if (target.value[g] == ways_[g].to) continue;
            const double length = std::max(0.0F, lengths[g]);
            ways_[g] = {ways_[g].at(start), target.value[g], start,
                        length * static_cast<double>(kTicksPerBeat.count())};
        }
    }
    void jump_to(const GenreWeights& target) {
        for (std::size_t g = 0; g < kMaxGenres; ++g)
            ways_[g] = {target.value[g], target.value[g], Ticks{0}, 0.0};
    }

    [[nodiscard]] GenreWeights at(Ticks tick) const {
        GenreWeights weights;
        for (std::size_t g = 0; g < kMaxGenres; ++g) weights.value[g] = ways_[g].at(tick);
        return weights;
    }

private:
    struct Way {
        float from = 0.0F;
        float to = 0.0F;
        Ticks start{0};
        double length_ticks = 0.0;

        [[nodiscard]] float at(Ticks tick) const {
            const auto gone = static_cast<double>((tick - start).count());
            if (length_ticks <= 0.0 || gone >= length_ticks) return to;
            return from + (to - from) * static_cast<float>(std::max(0.0, gone / length_ticks));
        }
    };
    std::array<Way, kMaxGenres> ways_{};
};

}  // namespace fusion
