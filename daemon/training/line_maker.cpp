#include "daemon/training/line_maker.hpp"

#include <algorithm>

#include "engine/nn/networks.hpp"
#include "engine/nn/torch_generator.hpp"
#include "engine/train/compose.hpp"

namespace fusion {

Result<ComposedLine> compose_with(const std::filesystem::path& file, std::uint64_t seed) {
    constexpr std::size_t kNotes = 64;
    constexpr float kAlike = 5.0F;
    const auto bundle = load_networks(file);
    if (!bundle) return tl::unexpected{bundle.error()};
    const auto generator = make_torch_generator(*bundle, DeviceChoice::cpu);
    if (!generator) return tl::unexpected{generator.error()};
    train::Stretch stretch{.weights = {}, .notes = kNotes};
    for (std::size_t g = 0; g < bundle->genres.size(); ++g) stretch.weights.value[g] = kAlike;
    const auto line = train::compose(**generator, {bundle->chords, bundle->forms}, {stretch},
                                     train::performance_settings(seed));
    if (!line) return tl::unexpected{line.error()};
    ComposedLine composed{bundle->genres, {}};
    std::int64_t cell = 0;
    const auto in_beats = [](std::int64_t cells) {
        return static_cast<double>(cells) / static_cast<double>(kCellsPerBeat.count());
    };
    for (std::size_t i = 0; i < line->events.size(); ++i) {
        const Event& event = bundle->vocabulary[line->events[i]];
        if (event.pitch)
            composed.notes.push_back({in_beats(cell), in_beats(event.duration.count()),
                                      event.pitch->count(), line->velocities[i]});
        cell += event.duration.count();
    }
    return composed;
}

}  // namespace fusion
