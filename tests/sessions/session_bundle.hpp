// What the sessions are played with: three genres, each in an octave and with durations and rests
// of its own, so that one hears which of them plays; n-grams alone, since what networks compute
// differs from one LibTorch and one processor to the next. What decides here are differences of a
// hundredth or more between sums of logarithms, and libraries differ in their last bit.
#pragma once

#include "engine/model/bundle.hpp"

namespace fusion::test {

inline Bundle session_bundle() {
    struct Manner {
        std::uint8_t lowest;
        std::array<int, 5> scale;
        std::array<int, 4> cells;  // a note's duration
        std::size_t rest_every;
    };
    constexpr std::array<Manner, 3> kManners{{
        {60, {0, 2, 3, 7, 10}, {8, 4, 6, 3}, 9},     // jazz: swung, some sixteenths
        {72, {0, 2, 4, 5, 9}, {6, 6, 12, 3}, 16},    // pop: eighths
        {48, {0, 2, 5, 7, 9}, {12, 24, 18, 6}, 11},  // folk: slow
    }};
    std::vector<Event> events;
    for (const auto duration : duration_classes()) events.push_back({std::nullopt, duration});
    const auto notes_begin = events.size();
    for (const auto& manner : kManners)
        for (const int degree : manner.scale)
            for (const int cells : manner.cells) {
                const Event event{Pitch{static_cast<std::uint8_t>(manner.lowest + degree)},
                                  Cells{cells}};
                if (std::find(events.begin() + static_cast<std::ptrdiff_t>(notes_begin),
                              events.end(), event) == events.end())
                    events.push_back(event);
            }
    Bundle bundle;
    bundle.genres = {"jazz", "pop", "folk"};
    bundle.vocabulary = *Vocabulary::make(events);
    bundle.record = "{}";
    for (const auto& manner : kManners) {
        std::vector<std::vector<EventId>> pieces(4);
        for (std::size_t p = 0; p < pieces.size(); ++p)
            for (std::size_t i = 0; i < 200; ++i) {
                const auto degree = manner.scale[(i * (p + 1) + i / 5) % manner.scale.size()];
                const auto cells = manner.cells[(i / 2 + p) % manner.cells.size()];
                Event event{Pitch{static_cast<std::uint8_t>(manner.lowest + degree)}, Cells{cells}};
                if (i % manner.rest_every == manner.rest_every - 1) event.pitch.reset();
                pieces[p].push_back(*bundle.vocabulary.find(event));
            }
        constexpr NgramModel::Strengths kSure{0.01, 0.01, 0.01, 0.01, 0.01};
        bundle.ngrams.push_back(NgramModel::fit(pieces, events.size(), kSure));
    }
    return bundle;
}

}  // namespace fusion::test
