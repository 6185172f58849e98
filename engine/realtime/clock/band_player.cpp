#include "engine/realtime/clock/band_player.hpp"

#include <algorithm>

namespace fusion {
namespace {

constexpr std::int64_t kBeat = kTicksPerBeat.count();
// How far ahead a note is looked for; the planner is hardly ever further.
constexpr std::int64_t kLookAhead = 9;

}  // namespace

void BandPlayer::take(const BandMessage& message) noexcept {
    auto& slot = beats_[message.beat % kBeats];
    if (message.serial > slot.serial) slot = message;
}

void BandPlayer::rewind() noexcept {
    for (auto& beat : beats_) beat.serial = 0;
    played_ = decided_ = Ticks{-1};
}

void BandPlayer::end_turn(Ticks reached) noexcept {
    decided_ = reached;
    // What lies so far behind is past wherever swing and hand have put it.
    played_ = std::max(played_, reached - Ticks{2 * kBeat});
}

const BandMessage* BandPlayer::beat_at(std::int64_t beat) const noexcept {
    const auto find = [this](std::int64_t wanted) -> const BandMessage* {
        const auto& slot = beats_[static_cast<std::size_t>(wanted) % kBeats];
        const bool is_it = slot.serial != 0 && slot.beat == static_cast<std::uint32_t>(wanted);
        return is_it ? &slot : nullptr;
    };
    if (const auto* there = find(beat)) return there;
    // In bars of half beats a beat of two bars ago stands alike.
    const auto bar = bar_.count() % kBeat == 0 ? bar_.count() / kBeat : 2 * bar_.count() / kBeat;
    if (bar <= 0) return nullptr;
    for (auto before = beat - bar; before >= 0 && before > beat - kBeats + kLookAhead;
         before -= bar)
        if (const auto* there = find(before)) return there;
    return nullptr;
}

BandPlayer::Place BandPlayer::find_next() const noexcept {
    const auto first = std::max<std::int64_t>((played_.count() + 1) / kBeat, 0);
    for (auto beat = first; beat < first + kLookAhead; ++beat) {
        const auto* there = beat_at(beat);
        if (there == nullptr) continue;
        const Ticks begins{beat * kBeat};
        const auto notes = there->sounds();
        for (std::size_t n = 0; n < notes.size(); ++n)
            if (begins + Ticks{notes[n].heard()} > played_ && heard_at(begins, notes[n]) > decided_)
                return {there, begins, n};
    }
    return {};
}

Ticks BandPlayer::next() const noexcept {
    const auto place = find_next();
    return place.beat == nullptr ? kNever : heard_at(place.begins, place.beat->notes[place.note]);
}

void BandPlayer::play(TimePoint now) noexcept {
    const auto place = find_next();
    if (place.beat == nullptr) return;
    const auto notes = place.beat->sounds();
    const auto at = notes[place.note].heard();
    for (auto n = place.note; n < notes.size() && notes[n].heard() == at; ++n) {
        const auto& note = notes[n];
        const auto heard = heard_at(place.begins, note);
        const auto due = links_.time.time_at(heard);
        if (links_.output.too_late(due, now)) continue;
        const auto end = swing_.place(place.begins + Ticks{note.place} + Ticks{note.length});
        const ClockNotes::BandNote played{note.part, note.voice, note.pitch, note.velocity,
                                          place.beat->programs[index_of(note.part)]};
        if (!links_.notes.begin_band(played,
                                     {std::max(end + Ticks{note.late}, heard + Ticks{1}), due}))
            continue;
        PlayedEvent told;
        told.kind = PlayedEvent::Kind::band;
        told.tick = place.begins + Ticks{note.place};
        told.due = due;
        told.step.kind = StepKind::note;
        told.step.revision = place.beat->revision;
        told.step.start = told.tick;
        told.step.duration = told.step.gate = Ticks{note.length};
        told.step.part = static_cast<std::uint8_t>(note.part);
        told.step.pitch = note.pitch;
        told.step.velocity = note.velocity;
        told.step.channel = links_.notes.channel(note.part);
        links_.reports.tell(told);
    }
    played_ = place.begins + Ticks{at};
}

}  // namespace fusion
