#include "engine/plan/hand_harmony.hpp"

namespace fusion {

bool HandHarmony::speaks(HarmonySource source) const {
    switch (source) {
        case HarmonySource::plan: return false;
        case HarmonySource::hand: return !progression.empty();
        case HarmonySource::midi: return !held.is_none();
    }
    return false;
}

ChordsAhead HandHarmony::at(HarmonySource source, std::int64_t cell, Meter meter) const {
    if (!speaks(source)) return {};
    if (source == HarmonySource::midi) return {held, std::nullopt};
    const auto bar = meter.bar();
    const auto number = cell / bar.count();
    const Cells within{static_cast<std::int32_t>(cell % bar.count())};
    return {progression.chord_at(number, within, bar), progression.next_chord(number, within, bar)};
}

}  // namespace fusion
