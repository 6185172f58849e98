// Which bars of a piece are fills, and how its bars follow each other.
//
// A fill is a bar of drums unlike the one that the piece plays most, with more strokes on snare and
// toms than that, which ends four bars or comes before a crash.
// Who calls: band_fit.cpp. Thread: any. Errors: none.
#pragma once

#include <vector>

#include "engine/train/band_extract.hpp"

namespace fusion::train {

// Which of the first four bars begins a phrase: the piece's count, or where more bars that are like
// fills end one (a count-in has shifted it).
[[nodiscard]] std::size_t phrase_begin(const PartSheet& drums);

// One for each bar of the drums.
[[nodiscard]] std::vector<bool> fills_of(const PartSheet& drums);

// Habits of a genre, each piece counting the same.
class HabitCount {
public:
    void add(const PartSheet& part, const std::vector<bool>& fills);
    // Without pieces: as they are by default.
    [[nodiscard]] BandHabits habits() const;

private:
    struct Share {
        double yes = 0.0;
        double asked = 0.0;
        [[nodiscard]] float value(float otherwise) const {
            return asked > 0.0 ? static_cast<float>(yes / asked) : otherwise;
        }
    };
    Share four_, two_, last_, fills_;
};

}  // namespace fusion::train
