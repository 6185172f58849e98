// A small bundle without networks whose genres cannot be taken for one another: each keeps to its
// own octave. For tests that want music quickly and must tell by the notes who made them.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "engine/model/bundle.hpp"

namespace fusion::test {

// Genre g plays 5 pitches from kLowest[g] up; jazz, pop, folk.
inline constexpr std::array<std::uint8_t, 3> kLowest{60, 72, 48};
inline constexpr std::uint8_t kPitches = 5;

// `up`: all of it higher by so many semitones.
inline Bundle synthetic_bundle(unsigned up = 0) {
    std::vector<Event> events;
    for (const auto duration : duration_classes()) events.push_back({std::nullopt, duration});
    const auto first_note = static_cast<EventId>(events.size());
    for (const auto lowest : kLowest)
        for (std::uint8_t i = 0; i < kPitches; ++i)
            events.push_back({Pitch{static_cast<std::uint8_t>(lowest + i + up)}, Cells{3}});
    Bundle bundle;
    bundle.genres = {"jazz", "pop", "folk"};
    bundle.vocabulary = *Vocabulary::make(events);
    bundle.record = "{}";
    for (std::size_t g = 0; g < kLowest.size(); ++g) {
        std::vector<std::vector<EventId>> pieces(4);
        for (std::size_t p = 0; p < pieces.size(); ++p)
            for (std::size_t i = 0; i < 400; ++i)
                pieces[p].push_back(static_cast<EventId>(first_note + g * kPitches +
                                                         (i * (p + 1) + i / 7) % kPitches));
        bundle.ngrams.push_back(NgramModel::fit(pieces, events.size()));
    }
    return bundle;
}

// Whether `pitch` is one of genre g's.
inline bool belongs_to(std::size_t g, unsigned pitch) {
    return pitch >= kLowest[g] && pitch < kLowest[g] + unsigned{kPitches};
}

}  // namespace fusion::test
