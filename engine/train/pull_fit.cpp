#include "engine/train/pull_fit.hpp"

#include <algorithm>
#include <cmath>

#include "engine/train/compose.hpp"

namespace fusion::train {
namespace {

constexpr std::int64_t kHalfBar = 24;  // cells; lines are composed in four

// HarmonyExpert moves p (2 - p) of what is no tone on a heavy beat, somewhat more where a note is
// long or the first under its chord, and less where the networks are sure of it: so much more it
// wants. That it does not always reach the share is meant: a pull takes figures apart, and one that
// was raised until the share was whole was told from pieces more surely (MODEL.md).
float pull_to(double wanted, double played) {
    constexpr double kYields = 1.2;
    if (played >= wanted || played >= 1.0) return 0.0F;
    const double moved = (wanted - played) / (1.0 - played);
    return static_cast<float>(std::min(1.0, kYields * (1.0 - std::sqrt(1.0 - moved))));
}

}  // namespace

double share_on_heavy_beats(const Bundle& bundle, std::span<const EventSequence> lines,
                            const GenreWeights& weights, std::uint64_t seed) {
    HarmonyPlan plan{{bundle.chords, bundle.forms}};
    double tones = 0.0, notes = 0.0;
    for (std::size_t n = 0; n < lines.size(); ++n) {
        const auto sampling = performance_settings(seed + n);
        const PlanAsk ask{normalised(weights), sampling.seed, 0,
                          sampling.inertia,    sampling.form, Meter{}};
        std::int64_t cell = 0;
        for (const EventId id : lines[n].events) {
            const Event& event = bundle.vocabulary[id];
            const auto chord = plan.at(ask, cell).now;
            if (!event.is_rest() && cell % kHalfBar == 0 && !chord.is_none()) {
                notes += 1.0;
                tones += is_chord_tone(chord, pitch_class_of(*event.pitch)) ? 1.0 : 0.0;
            }
            cell += event.duration.count();
        }
    }
    return notes > 0.0 ? tones / notes : 0.0;
}

Result<std::vector<double>> fit_pulls(Bundle& bundle, const std::vector<double>& wanted,
                                      const PullSearch& settings, Progress& progress) {
    std::vector<double> played(bundle.chords.size(), 0.0);
    if (bundle.chords.empty()) return played;
    std::vector<Order> orders;
    for (std::size_t g = 0; g < bundle.chords.size(); ++g) {
        bundle.chords[g].pull = 0.0F;
        Stretch alone;
        alone.weights.value[g] = kMaxGenreWeight;
        alone.notes = settings.notes;
        orders.push_back({{alone}, settings.lines});
    }
    const auto lines = compose_orders(
        bundle, orders, {performance_settings(settings.seed), Device::cpu, settings.threads},
        "hearing chords", progress);
    if (!lines) return tl::unexpected{lines.error()};
    for (std::size_t g = 0; g < bundle.chords.size(); ++g) {
        played[g] = share_on_heavy_beats(bundle, (*lines)[g], orders[g].stretches.front().weights,
                                         settings.seed);
        bundle.chords[g].pull = pull_to(wanted[g], played[g]);
    }
    return played;
}

}  // namespace fusion::train
