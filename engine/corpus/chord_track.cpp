#include "engine/corpus/chord_track.hpp"

#include <algorithm>

namespace fusion {
namespace {

auto first_after(const std::vector<ChordChange>& changes, Cells cell) {
    return std::upper_bound(changes.begin(), changes.end(), cell,
                            [](Cells value, const ChordChange& each) { return value < each.at; });
}

}  // namespace

Chord ChordTrack::at(Cells cell) const {
    const auto after = first_after(changes, cell);
    return after == changes.begin() ? Chord{} : std::prev(after)->chord;
}

std::optional<ComingChord> ChordTrack::next(Cells cell) const {
    const auto after = first_after(changes, cell);
    if (after == changes.end()) return std::nullopt;
    return ComingChord{after->chord, after->at - cell};
}

void ChordTrack::cut(std::size_t events) {
    if (events >= onsets.size()) return;
    end = onsets[events];
    onsets.resize(events);
    std::erase_if(changes, [&](const ChordChange& change) { return change.at >= end; });
    std::erase_if(bars, [&](Cells bar) { return bar >= end; });
}

}  // namespace fusion
