#include "engine/realtime/clock/song_follow.hpp"

namespace fusion {
namespace {

// The first number >= `least` that leaves the same rest as `like` when divided by `unit`.
FUSION_RT Ticks congruent(Ticks least, Ticks like, Ticks unit) noexcept {
    const auto u = unit.count();
    const auto ahead = ((like.count() - least.count()) % u + u) % u;
    return least + Ticks{ahead};
}

}  // namespace

bool SongFollow::look(SyncChoice choice, TimePoint now) noexcept {
    auto* const source = sources_[static_cast<std::size_t>(choice)];
    const bool changed = source != source_;
    source_ = source;
    reading_ = SyncReading{};
    // The others are heard too: one that is chosen later then knows its beat already.
    for (auto* each : sources_) {
        if (each == nullptr) continue;
        const auto read = each->read(now);
        if (each == source_) reading_ = read;
    }
    // What was said before it was asked is no start of ours.
    if (changed) begun_ = reading_.playing ? reading_.locates - 1 : reading_.locates;
    return changed;
}

Ticks SongFollow::begin_at(Ticks at, Ticks bar, TimePoint earliest) noexcept {
    const bool fresh = reading_.has_transport && reading_.locates != begun_;
    begun_ = reading_.locates;
    if (!fresh || reading_.song.time_at(reading_.from) + kStillMet < earliest) {
        wait_for(at, bar, earliest);
        return at;
    }
    // The line stopped a little after the song did (the lead, and up to a clock): that is no reason
    // to move on by a whole bar.
    const auto begin = congruent(at - kMidiClockTicks * 4, reading_.from, bar);
    offset_ = reading_.from - begin;
    return begin;
}

void SongFollow::wait_for(Ticks at, Ticks bar, TimePoint earliest) noexcept {
    const auto unit = reading_.knows_bars ? bar : kMidiClockTicks;
    const auto next = reading_.song.tick_at(earliest) + Ticks{1};
    offset_ = congruent(next, at, unit) - at;
}

bool SongFollow::near_to(const Timeline& line, Ticks at) const noexcept {
    const auto away = this->line().time_at(at) - line.time_at(at);
    const auto half_beat = Nanos{static_cast<std::int64_t>(30e9 / reading_.song.tempo().count())};
    return away < half_beat && away > -half_beat;
}

}  // namespace fusion
