// Chord models that are known by heart.
#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/model/chord_model.hpp"
#include "engine/music/chord_symbol.hpp"

namespace fusion::test {

// One that changes its chord at each bar and nowhere else: `first` begins a phrase, and each chord
// is followed by the one that `after` names. The same in major and in minor.
inline ChordModel bar_by_bar(
    std::string_view first, const std::vector<std::pair<std::string_view, std::string_view>>& after,
    float pull = 0.5F) {
    const auto code = [](std::string_view symbol) { return code_of(*parse_chord_symbol(symbol)); };
    ModeChords mode;
    for (auto& place : mode.places) place.fill(1.0F);
    for (std::size_t p = 0; p < kPeriodHalves; p += 2) mode.changes[p].fill(1.0F);
    mode.follows.push_back({kNoChordCode, kNoChordCode, code(first), 1});
    // Seen so often that nothing else counts.
    for (const auto& [last, now] : after)
        mode.follows.push_back({kNoChordCode, code(last), code(now), 60'000});
    std::ranges::sort(mode.follows);
    ChordModel model;
    model.pull = pull;
    model.modes = {mode, mode};
    return model;
}

}  // namespace fusion::test
