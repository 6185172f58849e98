// The clock's side of following another's tempo: asks the chosen source at each turn, and lays the
// line's ticks upon the song's. The two differ by a constant, chosen at a start or when the song
// has moved away from under the line, so that bar lines meet wherever the outside has named them.
// Thread: clock. Realtime: yes. Errors: none.
#pragma once

#include <array>

#include "engine/realtime/crossing/meters.hpp"
#include "engine/realtime/follow/sync_source.hpp"

namespace fusion {

class SongFollow {
public:
    // By SyncChoice; null where there is none of that kind. All outlive this.
    using Sources = std::array<SyncSource*, kSyncChoices>;

    explicit SongFollow(Sources sources) : sources_{sources} {}

    // Whether another source than at the last look is asked now.
    FUSION_RT bool look(SyncChoice choice, TimePoint now) noexcept;

    // There is a beat to follow.
    [[nodiscard]] FUSION_RT bool leads() const noexcept {
        return source_ != nullptr && reading_.state != SyncState::waiting;
    }
    // The outside has spoken of start and stop: whether it lets the line play.
    [[nodiscard]] FUSION_RT bool rules_transport() const noexcept {
        return source_ != nullptr && reading_.has_transport;
    }
    [[nodiscard]] FUSION_RT bool lets_play() const noexcept {
        return !rules_transport() || reading_.playing;
    }
    [[nodiscard]] FUSION_RT SyncState state() const noexcept {
        return source_ == nullptr ? SyncState::internal : reading_.state;
    }

    // The line's ticks on real time, where leads().
    [[nodiscard]] FUSION_RT Timeline line() const noexcept {
        return reading_.song.renumbered(Ticks{0} - offset_);
    }
    [[nodiscard]] FUSION_RT Ticks song_tick(Ticks line_tick) const noexcept {
        return leads() ? line_tick + offset_ : line_tick;
    }

    // Lays the line so that it goes on at `at` or later: at the song's start where that can still
    // be met (the line then moves on to the same place in a bar), else as wait_for() does. Returns
    // the line's tick to begin with.
    [[nodiscard]] FUSION_RT Ticks begin_at(Ticks at, Ticks bar, TimePoint earliest) noexcept;
    // Lays the line so that tick `at` comes no earlier than `earliest`, at the first moment when
    // song and line stand at the same place of a bar (of a MIDI clock, where no bar is known).
    FUSION_RT void wait_for(Ticks at, Ticks bar, TimePoint earliest) noexcept;
    // Whether the song is still near `line` at tick `at`; half a beat away it has jumped.
    [[nodiscard]] FUSION_RT bool near_to(const Timeline& line, Ticks at) const noexcept;

private:
    static constexpr Ticks kMidiClockTicks{kTicksPerBeat.count() / 24};
    // A start that was known this much too late is still begun, its first note late.
    static constexpr Nanos kStillMet{std::chrono::milliseconds{40}};

    Sources sources_;
    SyncSource* source_ = nullptr;
    SyncReading reading_;
    Ticks offset_{0};          // song minus line
    std::uint32_t begun_ = 0;  // reading_.locates that a start has used up
};

}  // namespace fusion
