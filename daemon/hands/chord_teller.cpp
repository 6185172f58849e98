#include "daemon/hands/chord_teller.hpp"

#include <algorithm>
#include <cmath>

#include "engine/music/chord_symbol.hpp"

namespace fusion {

std::string chord_marker(const Chord& chord) { return "chord:" + to_text(chord); }

void ChordTeller::played(const PlayedEvent& event, Bpm tempo) {
    if (event.kind == PlayedEvent::Kind::stopped) coming_.clear();
    if (event.kind != PlayedEvent::Kind::beat && event.kind != PlayedEvent::Kind::started) return;
    turn(event.due);
    look_to_the_next_beat(event.tick, event.due, tempo);
}

void ChordTeller::look(Ticks head, TimePoint now, Bpm tempo) {
    turn(now);
    look_to_the_next_beat(head, now, tempo);
    turn(now);
}

void ChordTeller::look_to_the_next_beat(Ticks from, TimePoint when, Bpm tempo) {
    coming_.clear();
    const double ns_a_tick = 60e9 / (tempo.count() * static_cast<double>(kTicksPerBeat.count()));
    const auto place = std::max(from, Ticks{0});
    const auto end = (place.count() / kTicksPerBeat.count() + 1) * kCellsPerBeat.count();
    auto before = told_;
    for (auto cell = cell_of(place); cell < end; ++cell) {
        const auto chord = desk_.at(cell);
        if (chord == before) continue;
        before = chord;
        const auto ahead = std::max<std::int64_t>(0, cell * kTicksPerCell - place.count());
        coming_.push_back(
            {chord, when + Nanos{std::llround(static_cast<double>(ahead) * ns_a_tick)}});
    }
}

bool ChordTeller::turn(TimePoint now) {
    const auto waits = std::ranges::find_if(coming_, [&](const auto& c) { return c.due > now; });
    for (auto change = coming_.begin(); change != waits; ++change) {
        told_ = change->chord;
        listener_(change->chord, change->due);
    }
    coming_.erase(coming_.begin(), waits);
    return !coming_.empty();
}

}  // namespace fusion
