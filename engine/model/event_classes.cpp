#include "engine/model/event_classes.hpp"

#include <algorithm>
#include <set>

namespace fusion {

EventClasses::EventClasses(const Vocabulary& vocabulary) {
    std::set<Pitch> pitches;
    std::set<Cells> durations;
    bool rests = false;
    for (const Event& event : vocabulary.events()) {
        durations.insert(event.duration);
        if (event.is_rest())
            rests = true;
        else
            pitches.insert(*event.pitch);
    }
    tones.assign(pitches.begin(), pitches.end());
    if (rests) tones.emplace_back(std::nullopt);
    lengths.assign(durations.begin(), durations.end());
    for (const Event& event : vocabulary.events()) {
        const auto tone = std::find(tones.begin(), tones.end(), event.pitch);
        const auto length = std::find(lengths.begin(), lengths.end(), event.duration);
        tone_of.push_back(static_cast<std::uint16_t>(tone - tones.begin()));
        length_of.push_back(static_cast<std::uint16_t>(length - lengths.begin()));
    }
}

}  // namespace fusion
