#include "engine/model/monotony.hpp"

#include <cmath>
#include <limits>

namespace fusion {

std::optional<Pitch> worn_note(const LineMemory& memory) {
    const auto entries = memory.entries();
    std::optional<std::int16_t> pitch;
    std::size_t times = 0;
    for (std::size_t i = entries.size(); i > 0; --i) {
        const auto& entry = entries[i - 1];
        if (entry.pitch < 0) continue;
        if (!pitch) pitch = entry.pitch;
        if (entry.pitch != *pitch) return std::nullopt;
        if (++times == kMostSameNotes) return Pitch{static_cast<std::uint8_t>(*pitch)};
    }
    return std::nullopt;
}

void forbid_note(std::span<float> scores, const Vocabulary& vocabulary, Pitch worn) {
    const auto events = vocabulary.events();
    bool other = false;
    for (std::size_t e = 0; e < scores.size() && !other; ++e)
        other = !events[e].is_rest() && *events[e].pitch != worn && std::isfinite(scores[e]);
    if (!other) return;
    for (std::size_t e = 0; e < scores.size(); ++e)
        if (!events[e].is_rest() && *events[e].pitch == worn)
            scores[e] = -std::numeric_limits<float>::infinity();
}

}  // namespace fusion
