// Which phrases bring back the chords of an earlier one under a new tune, as choruses of jazz do:
// drawn, phrase by phrase, from where the phrase before came and from the place in the form. What
// returns as a whole is form_book.hpp's.
//
// The dice are fixed before they are thrown: a pure function of (model, seed, part, phrase). Every
// kFormPhrases phrases all begins anew. Thread: any. Errors: none.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/model/form_book.hpp"
#include "engine/music/genre_weights.hpp"

namespace fusion {

inline constexpr std::size_t kFormPlaces = 4;  // a phrase's number, modulo this
// No phrase is played more often in a row: the next one is new, whatever the dice say.
inline constexpr std::uint32_t kMostSamePhrases = 4;

// Probabilities, each from 0 to 1.
struct FormModel {
    // That a phrase returns, after one that was new (0) or returned (1), by its place.
    std::array<std::array<float, kFormPlaces>, 2> returns{};
    // That it comes from as far back as the phrase before did, where both return, by its place.
    std::array<float, kFormPlaces> goes_on{};
    // From how far back otherwise, by distance - 1; they sum to 1.
    std::array<float, kFarthestReturn> distance{};
    // The share of a returning phrase's events that are as they were.
    float likeness = 0.0F;
    friend bool operator==(const FormModel&, const FormModel&) = default;
};

// What a phrase returns to: that of so many phrases ago (1 to kFarthestReturn).
struct PhraseReturn {
    std::uint32_t phrases_ago = 0;
    float likeness = 0.0F;
    friend bool operator==(const PhraseReturn&, const PhraseReturn&) = default;
};

// The models of the blend, mixed by its shares.
[[nodiscard]] FormModel mixed(std::span<const FormModel> models, const Blend& blend);
// None: the phrase is new. Before its form's begin nothing is returned to.
[[nodiscard]] std::optional<PhraseReturn> return_of(const FormModel& model, std::uint64_t seed,
                                                    std::uint8_t part, std::uint32_t phrase);

// Every value of a model, in the order of the file: visit(float&).
template <class Model, class Visit>
void each_value(Model& model, Visit visit) {
    for (auto& after : model.returns)
        for (auto& value : after) visit(value);
    for (auto& value : model.goes_on) visit(value);
    for (auto& value : model.distance) visit(value);
    visit(model.likeness);
}

}  // namespace fusion
