#include "engine/model/form_model.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "engine/model/sampling.hpp"

namespace fusion {
namespace {

// What one die of a phrase is for.
enum Die : std::uint32_t { whether, as_before, how_far };

}  // namespace

FormModel mixed(std::span<const FormModel> models, const Blend& blend) {
    FormModel mix;
    for (std::size_t g = 0; g < models.size(); ++g) {
        const float share = blend.share[g];
        if (share <= 0.0F) continue;
        std::vector<float> values;
        each_value(models[g], [&](float value) { values.push_back(value); });
        std::size_t i = 0;
        each_value(mix, [&](float& value) { value += share * values[i++]; });
    }
    return mix;
}

namespace {

// How many phrases back phrase `p` of the form that starts at `begin` would return, 0: it is new.
// `back`: the same of the phrase before.
std::uint32_t draw_return(const FormModel& model, const Dice& dice, std::uint32_t p,
                          std::uint32_t begin, std::uint32_t back) {
    const std::size_t place = p % kFormPlaces;
    if (dice.uniform(whether) >= model.returns[back > 0 ? 1 : 0][place]) return 0;
    if (back > 0 && dice.uniform(as_before) < model.goes_on[place]) return back;
    const std::uint32_t farthest =
        std::min<std::uint32_t>(p - begin, static_cast<std::uint32_t>(kFarthestReturn));
    float reachable = 0.0F;
    for (std::uint32_t d = 0; d < farthest; ++d) reachable += model.distance[d];
    float left = dice.uniform(how_far) * reachable;
    std::uint32_t drawn = 0;
    for (std::uint32_t d = 0; d < farthest; ++d) {
        if (model.distance[d] <= 0.0F) continue;
        drawn = d + 1;
        left -= model.distance[d];
        if (left < 0.0F) break;
    }
    return drawn;
}

}  // namespace

std::optional<PhraseReturn> return_of(const FormModel& model, std::uint64_t seed, std::uint8_t part,
                                      std::uint32_t phrase) {
    const std::uint32_t begin = phrase - phrase % kFormPhrases;
    // By phrase of the form: the one that was new when its music first came.
    std::array<std::uint32_t, kFormPhrases> first{};
    std::uint32_t back = 0, in_a_row = 1;
    for (std::uint32_t p = begin + 1; p <= phrase; ++p) {
        const Dice dice{seed, p, part, static_cast<std::uint8_t>(DiceStream::chord_form)};
        back = draw_return(model, dice, p, begin, back);
        const std::uint32_t here = p - begin;
        first[here] = back > 0 ? first[here - back] : here;
        in_a_row = first[here] == first[here - 1] ? in_a_row + 1 : 1;
        if (in_a_row <= kMostSamePhrases) continue;
        back = 0;
        first[here] = here;
        in_a_row = 1;
    }
    if (back == 0) return std::nullopt;
    return PhraseReturn{back, model.likeness};
}

}  // namespace fusion
