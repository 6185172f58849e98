// A bundle small enough to flip every bit of, with two genres that differ: "low" plays C4 and D4,
// "high" plays C6 and D6, each with a rest now and then. No networks in it.
#pragma once

#include "engine/model/bundle.hpp"

namespace fusion {

inline Bundle small_bundle() {
    Bundle bundle;
    bundle.genres = {"high", "low"};
    const auto quaver = [](int pitch) {
        return Event{Pitch{static_cast<std::uint8_t>(pitch)}, Cells{6}};
    };
    bundle.vocabulary = *Vocabulary::make(
        {{std::nullopt, Cells{6}}, quaver(60), quaver(62), quaver(84), quaver(86)});
    const std::vector<std::vector<EventId>> high{{3, 4, 3, 4, 0, 3, 3, 4, 4, 0, 3, 4}};
    const std::vector<std::vector<EventId>> low{{1, 2, 1, 2, 0, 1, 1, 2, 2, 0, 1, 2}};
    constexpr NgramModel::Strengths kSure{0.01, 0.01, 0.01, 0.01, 0.01};
    bundle.ngrams.push_back(NgramModel::fit(high, bundle.vocabulary.size(), kSure));
    bundle.ngrams.push_back(NgramModel::fit(low, bundle.vocabulary.size(), kSure));
    bundle.record = "{}";
    return bundle;
}

}  // namespace fusion
