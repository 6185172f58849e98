#include "engine/realtime/line/line_writer.hpp"

#include <algorithm>
#include <cmath>

#include "engine/model/accents.hpp"
#include "engine/model/sampling.hpp"
#include "engine/realtime/line/line_harmony.hpp"

namespace fusion {
namespace {

constexpr double kFarthestLeanMs = 25.0;
constexpr double kFarthestLoudness = 16.0;

// Between -1 and 1, mostly near 0.
double inaccuracy(const Step& step, const LineSettings& settings, DiceStream stream) {
    const Dice dice{settings.sampling.seed, step.index, step.part,
                    static_cast<std::uint8_t>(stream)};
    return static_cast<double>(dice.uniform(0)) + static_cast<double>(dice.uniform(1)) - 1.0;
}

std::int32_t lean_of(const Step& step, const LineSettings& settings) {
    if (settings.humanise <= 0.0) return 0;
    const double ticks_per_ms =
        settings.human_tempo.count() / 60e3 * static_cast<double>(kTicksPerBeat.count());
    return static_cast<std::int32_t>(
        std::lround(settings.humanise * kFarthestLeanMs * ticks_per_ms *
                    inaccuracy(step, settings, DiceStream::hand_time)));
}

Velocity loudness_of(const Step& step, int made, const LineSettings& settings) {
    const double level = kLevelVelocity.count();
    double loudness = (level + settings.accent * (made - level)) * settings.velocity / level;
    if (settings.humanise > 0.0)
        loudness += std::round(settings.humanise * kFarthestLoudness *
                               inaccuracy(step, settings, DiceStream::hand_loudness));
    return Velocity{static_cast<std::uint8_t>(std::clamp(loudness, 1.0, 127.0))};
}

Ticks gate_of(Ticks duration, double share) {
    const auto sounding = std::llround(static_cast<double>(duration.count()) * share);
    return Ticks{
        std::clamp<std::int64_t>(sounding, 1, std::max<std::int64_t>(1, duration.count()))};
}

PartNote part_of(EventId proposal, const Step& step, Velocity velocity,
                 const Vocabulary& vocabulary, const LineSettings& settings,
                 const HarmonyAsk& harmony) {
    PartNote part;
    if (proposal >= vocabulary.size()) return part;
    const auto& event = vocabulary[proposal];
    part.kind = event.is_rest() ? PartNote::Kind::rest : PartNote::Kind::note;
    part.duration = to_ticks(event.duration);
    if (event.is_rest()) return part;
    part.pitch = place_pitch(*event.pitch, placing(settings.pitch, harmony, part.duration));
    part.velocity = velocity;
    part.gate = gate_of(std::min(part.duration, step.duration), settings.gate);
    return part;
}

}  // namespace

void write_event(PlannedStep& planned, const GeneratedEvent& made, Ticks duration,
                 const Vocabulary& vocabulary, const LineSettings& settings) {
    const auto& event = vocabulary[made.event];
    auto& step = planned.message.step;
    planned.made = made;
    step.event = made.event;
    step.duration = duration;
    step.lean = lean_of(step, settings);
    const auto velocity = loudness_of(step, made.velocity, settings);
    for (std::size_t g = 0; g < kMaxGenres; ++g)
        planned.message.parts[g] = part_of(made.proposals[g], step, velocity, vocabulary, settings,
                                           planned.request.harmony);
    step.gate = duration;
    if (event.is_rest()) return;
    step.kind = StepKind::note;
    step.gate = gate_of(duration, settings.gate);
    step.pitch =
        place_pitch(*event.pitch, placing(settings.pitch, planned.request.harmony, duration));
    step.velocity = velocity;
}

void write_rest(PlannedStep& planned, Ticks duration) {
    planned.message.step.duration = duration;
    planned.message.step.gate = duration;
}

}  // namespace fusion
