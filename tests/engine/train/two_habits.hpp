// Networks that say nothing but what their biases say, so that what they play is known; and real
// lines of the same two habits.
#pragma once

#include <cmath>

#include "engine/nn/networks.hpp"
#include "engine/train/real_lines.hpp"
#include "tests/support/random_bundle.hpp"

namespace fusion::train {

// Quavers between C4 and C6 and their rest. "leaps" plays sixths and sevenths, "steps" seconds:
// each genre's own network gives its intervals a high score and all else a low one, and the fusion
// says what they say.
inline Bundle two_habits() {
    Bundle bundle = random_bundle(2, 3, 60);
    std::vector<Event> vocabulary{{std::nullopt, Cells{6}}};
    for (std::uint8_t pitch = 60; pitch <= 84; ++pitch)
        vocabulary.push_back({Pitch{pitch}, Cells{6}});
    bundle.vocabulary = *Vocabulary::make(vocabulary);
    bundle.genres = {"leaps", "steps"};
    bundle.tensors.clear();
    bundle.ngrams.clear();
    const auto nothing = [&](const TensorShape& wanted) {
        std::size_t count = 1;
        for (const auto extent : wanted.shape) count *= static_cast<std::size_t>(extent);
        bundle.tensors[wanted.name] = {wanted.shape, std::vector<float>(count, 0.0F)};
    };
    for (const auto& genre : bundle.genres) {
        for (const auto& wanted : phase1_tensors(genre, bundle.vocabulary)) nothing(wanted);
        auto& intervals = bundle.tensors[phase1_prefix(genre) + "line.bias"].values;
        for (int interval = -24; interval <= 24; ++interval) {
            const int apart = std::abs(interval);
            const bool habit =
                genre == "leaps" ? apart >= 8 && apart <= 11 : apart >= 1 && apart <= 2;
            intervals[static_cast<std::size_t>(interval + 24)] = habit ? 6.0F : 0.0F;
        }
        bundle.tensors[phase1_prefix(genre) + "out.bias"].values[0] = 1.0F;  // a rest now and then
    }
    for (const auto& wanted : phase2_tensors(2, bundle.vocabulary)) nothing(wanted);
    bundle.tensors[phase2_prefix() + "out.experts"].values[0] = 1.0F;
    return bundle;
}

// A real line of the habit, from a walk that turns at the ends of the range.
inline NoteLine walk(bool leaps, std::uint32_t seed, std::size_t notes) {
    NoteLine line;
    int pitch = 72;
    std::uint32_t state = seed * 2654435761U + 1U;
    for (std::size_t i = 0; i < notes; ++i) {
        state = state * 1664525U + 1013904223U;
        const int size =
            leaps ? 8 + static_cast<int>(state >> 30U) : 1 + static_cast<int>(state >> 31U);
        const bool up = ((state >> 20U) & 1U) != 0;
        pitch += (up && pitch + size <= 84) || pitch - size < 60 ? size : -size;
        line.notes.push_back({Cells{static_cast<std::int32_t>(6 * i)}, Cells{6},
                              Pitch{static_cast<std::uint8_t>(pitch)},
                              static_cast<std::uint8_t>(6 * i % 48), MeterClass::quadruple});
    }
    return line;
}

inline RealLines lines_of_two_habits() {
    RealLines real{std::vector<std::vector<NoteLine>>(2), std::vector<std::vector<NoteLine>>(2),
                   std::vector<std::vector<NoteLine>>(2)};
    for (const std::size_t g : {0U, 1U})
        for (std::uint32_t n = 0; n < 24; ++n)
            (n < 16   ? real.training
             : n < 18 ? real.validation
                      : real.held_out)[g]
                .push_back(walk(g == 0, 100 * static_cast<std::uint32_t>(g) + n, 160));
    return real;
}

}  // namespace fusion::train
