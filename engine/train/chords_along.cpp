#include "engine/train/chords_along.hpp"

namespace fusion::train {

std::size_t first_bar(const Piece& piece) {
    const auto& [source, changes, onsets, bars, end] = piece.chords;
    const bool upbeat =
        bars.size() > 1 && !onsets.empty() &&
        2 * (onsets.front() - bars.front()).count() >= (bars[1] - bars.front()).count();
    return upbeat ? 1 : 0;
}

std::vector<ToldChords> chords_along(const Piece& piece) {
    const ChordTrack& track = piece.chords;
    std::vector<ToldChords> all(piece.line.size());
    if (track.onsets.size() != all.size() || track.bars.empty()) return all;
    const std::size_t upbeat = first_bar(piece);
    std::size_t bar = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        ToldChords& told = all[i];
        const Cells at = track.onsets[i];
        while (bar + 1 < track.bars.size() && track.bars[bar + 1] <= at) ++bar;
        told.bar = static_cast<std::uint8_t>((bar + kPeriodBars - upbeat) % kPeriodBars);
        if (track.source == ChordSource::melody) continue;
        told.now = code_of(track.at(at));
        told.first = told.now != kNoChordCode && (i == 0 || told.now != all[i - 1].now);
        if (const auto next = track.next(at)) {
            told.next = code_of(next->chord);
            told.next_in = next->in;
        }
    }
    return all;
}

}  // namespace fusion::train
