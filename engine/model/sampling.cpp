#include "engine/model/sampling.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace fusion {
namespace {

constexpr float kImpossible = -std::numeric_limits<float>::infinity();
// How far the knobs lean at their ends, in nats; a duration's pull is for each octave of it away
// from a beat. Measured with the shipped bundle's n-grams, all genres at equal weights: density 1
// makes 2.1 times the notes a beat, -1 half; rests 1 makes 2.7 times the share of rests, -1 a
// hundredth.
constexpr float kShorter = 0.7F;
constexpr float kLonger = 0.5F;
constexpr float kRestsWithDensity = 0.2F;
constexpr float kMoreRests = 1.3F;
constexpr float kFewerRests = 4.0F;
constexpr float kLeastLimit = 1e-6F;
constexpr std::uint32_t kDecisionEvent = 0xFFFFFFFFU;  // a counter that no event has

// Philox 4x32-10: J. Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011.
// Constants are the paper's.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::uint64_t seed) {
    auto k0 = static_cast<std::uint32_t>(seed);
    auto k1 = static_cast<std::uint32_t>(seed >> 32U);
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t a = std::uint64_t{0xD2511F53U} * counter[0];
        const std::uint64_t b = std::uint64_t{0xCD9E8D57U} * counter[2];
        counter = {
            static_cast<std::uint32_t>(b >> 32U) ^ counter[1] ^ k0, static_cast<std::uint32_t>(b),
            static_cast<std::uint32_t>(a >> 32U) ^ counter[3] ^ k1, static_cast<std::uint32_t>(a)};
        k0 += 0x9E3779B9U;
        k1 += 0xBB67AE85U;
    }
    return counter;
}

EventId likeliest(std::span<const float> scores) {
    return static_cast<EventId>(std::max_element(scores.begin(), scores.end()) - scores.begin());
}

// Marks the tail as impossible: all but the smallest set of events with `share` of the probability
// and, in any case, the likeliest 2 share - 1 of what the likeliest event leaves over. Without the
// second part, a line that has begun to repeat itself and would leave with one chance in twenty at
// each step is held there for ever: at 0.9 the one event is the whole set. Ties are broken by
// number, so that the set is the same everywhere.
void keep_top(std::span<float> scores, float share) {
    if (share >= 1.0F) return;
    const float top = *std::max_element(scores.begin(), scores.end());
    std::vector<float> weight(scores.size());
    float total = 0.0F;
    for (std::size_t e = 0; e < scores.size(); ++e) total += weight[e] = std::exp(scores[e] - top);
    std::vector<std::uint32_t> order(scores.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](auto a, auto b) { return weight[a] > weight[b]; });
    const float first = weight[order[0]];
    const float wanted = std::max(share * total, first + (2.0F * share - 1.0F) * (total - first));
    float kept = 0.0F;
    std::size_t count = 0;
    while (count < order.size() && kept < wanted) kept += weight[order[count++]];
    for (std::size_t i = std::max<std::size_t>(count, 1); i < order.size(); ++i)
        scores[order[i]] = kImpossible;
}

}  // namespace

float Dice::uniform(std::uint32_t event) const {
    const auto bits = philox({step, part, stream, event}, seed)[0];
    return (static_cast<float>(bits >> 9U) + 0.5F) * 0x1p-23F;
}

void lean_towards(std::span<float> scores, const Vocabulary& vocabulary,
                  const SamplingSettings& settings) {
    const float density = settings.density;
    const float rests = settings.rests;
    if (density == 0.0F && rests == 0.0F) return;
    const float by_octave = -density * (density > 0.0F ? kShorter : kLonger);
    const float of_rests =
        rests * (rests > 0.0F ? kMoreRests : kFewerRests) - density * kRestsWithDensity;
    const auto events = vocabulary.events();
    for (std::size_t e = 0; e < scores.size(); ++e) {
        const auto cells = static_cast<float>(events[e].duration.count());
        scores[e] += by_octave * std::log2(cells / static_cast<float>(kCellsPerBeat.count()));
        if (events[e].is_rest()) scores[e] += of_rests;
    }
}

void temper_lengths(std::span<float> scores, const Vocabulary& vocabulary, float temperature) {
    if (temperature == 1.0F) return;
    const float best = scores[likeliest(scores)];
    if (!std::isfinite(best)) return;
    const auto events = vocabulary.events();
    const auto length_of = [&](std::size_t e) {
        return static_cast<std::size_t>(events[e].duration.count());
    };
    std::array<float, static_cast<std::size_t>(kMaxEventCells.count()) + 1> of_length{};
    for (std::size_t e = 0; e < scores.size(); ++e)
        if (std::isfinite(scores[e])) of_length[length_of(e)] += std::exp(scores[e] - best);
    for (std::size_t e = 0; e < scores.size(); ++e)
        if (std::isfinite(scores[e]))
            scores[e] += std::log(of_length[length_of(e)]) * (1.0F / temperature - 1.0F);
}

void forbid_longer_rests(std::span<float> scores, const Vocabulary& vocabulary, Cells longest) {
    const auto events = vocabulary.events();
    bool note_possible = false;
    for (std::size_t e = 0; e < scores.size() && !note_possible; ++e)
        note_possible = !events[e].is_rest() && std::isfinite(scores[e]);
    if (!note_possible) return;
    for (std::size_t e = 0; e < scores.size(); ++e)
        if (events[e].is_rest() && events[e].duration > longest) scores[e] = kImpossible;
}

void expect(std::span<float> scores, EventId event, float probability) {
    const float best = scores[likeliest(scores)];
    if (!std::isfinite(best) || probability <= 0.0F) return;
    float sum = 0.0F;
    for (const float score : scores)
        if (std::isfinite(score)) sum += std::exp(score - best);
    const float whole = best + std::log(sum), rest = std::log1p(-std::min(probability, 0.999F));
    for (float& score : scores)
        if (std::isfinite(score)) score += rest - whole;
    const float own = std::isfinite(scores[event]) ? std::exp(scores[event]) : 0.0F;
    scores[event] = std::log(own + probability);
}

void limit_tone(std::span<float> scores, const Vocabulary& vocabulary, EventId event, float most) {
    const float best = scores[likeliest(scores)];
    if (!std::isfinite(best) || most >= 1.0F) return;
    const auto tone = vocabulary[event].pitch;
    float own = 0.0F, others = 0.0F;
    for (std::size_t e = 0; e < scores.size(); ++e)
        if (std::isfinite(scores[e]))
            (vocabulary.events()[e].pitch == tone ? own : others) += std::exp(scores[e] - best);
    if (others <= 0.0F || own <= most * (own + others)) return;
    const float less = std::log(std::max(most, kLeastLimit)) - std::log1p(-most) +
                       std::log(others) - std::log(own);
    for (std::size_t e = 0; e < scores.size(); ++e)
        if (vocabulary.events()[e].pitch == tone) scores[e] += less;
}

void forbid(std::span<float> scores, EventId event) {
    for (std::size_t e = 0; e < scores.size(); ++e)
        if (e != event && std::isfinite(scores[e])) {
            scores[event] = kImpossible;
            return;
        }
}

EventId choose(std::span<float> scores, const SamplingSettings& settings, const Dice& dice) {
    if (scores.empty()) return 0;
    for (float& score : scores)
        if (!std::isfinite(score)) score = kImpossible;
    const EventId best = likeliest(scores);
    if (scores[best] == kImpossible) return 0;
    if (dice.uniform(kDecisionEvent) < settings.decision) return best;

    for (float& score : scores) score /= settings.temperature;
    keep_top(scores, settings.top_p);
    for (std::size_t e = 0; e < scores.size(); ++e) {
        if (scores[e] == kImpossible) continue;
        scores[e] -= std::log(-std::log(dice.uniform(static_cast<std::uint32_t>(e))));
    }
    return likeliest(scores);
}

}  // namespace fusion
