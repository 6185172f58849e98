// Which phrases of a piece return, learned for each genre: a folk tune plays each of its halves
// twice, a song its verses, a solo hardly anything. A line that is made note by note returns by
// chance; here it is drawn, phrase by phrase, from where the phrase before came and from the place
// in the form, whether the next one is new or that of so many phrases ago, and how like it it will
// be.
//
// The dice are fixed before they are thrown: a form is a pure function of (model, blend, seed,
// part, phrase), so a step that is made again finds the same form, and a turned knob changes it
// from the next uncommitted step on. Every kFormPhrases phrases a form begins anew. Thread: any.
// Errors: parse_forms() says malformed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/model/sampling.hpp"
#include "engine/music/genre_weights.hpp"

namespace fusion {

inline constexpr std::size_t kFarthestReturn = 16;  // phrases
inline constexpr std::size_t kFormPlaces = 4;       // a phrase's number, modulo this
inline constexpr std::uint32_t kFormPhrases = 32;
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
// None: the phrase is new. Before its form's begin nothing is returned to. `stream`: the tune's
// form or the chords'.
[[nodiscard]] std::optional<PhraseReturn> return_of(const FormModel& model, std::uint64_t seed,
                                                    std::uint8_t part, std::uint32_t phrase,
                                                    DiceStream stream = DiceStream::form);

// Every value of a model, in the order of the file: visit(float&).
template <class Model, class Visit>
void each_value(Model& model, Visit visit) {
    for (auto& after : model.returns)
        for (auto& value : after) visit(value);
    for (auto& value : model.goes_on) visit(value);
    for (auto& value : model.distance) visit(value);
    visit(model.likeness);
}

void serialise_forms(const std::vector<FormModel>& models, std::vector<std::uint8_t>& out);
[[nodiscard]] Result<std::vector<FormModel>> parse_forms(std::span<const std::uint8_t> payload);

}  // namespace fusion
