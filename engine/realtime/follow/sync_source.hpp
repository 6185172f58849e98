// Who owns the tempo when fusiond does not: what the clock thread is told of the outside's beat.
// Behind it stand the follower of a MIDI clock (midi_follower.hpp) and Ableton Link
// (daemon/link_sync.hpp).
//
// The outside counts song ticks: 0 is where its first bar begins. The line has ticks of its own;
// the clock core lays one upon the other at a bar line (clock_core.hpp).
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/realtime_contract.hpp"
#include "engine/base/units.hpp"
#include "engine/music/timeline.hpp"

namespace fusion {

// Values of the parameter `sync`.
enum class SyncChoice : std::uint8_t { internal, midi, link };
inline constexpr std::size_t kSyncChoices = 3;

enum class SyncState : std::uint8_t {
    internal,     // the tempo is our own
    waiting,      // the outside has not been heard yet: our own tempo goes on
    locking,      // heard; tempo and phase are still uncertain
    locked,       // followed
    freewheeling  // the outside fell silent while playing: its last tempo goes on
};
[[nodiscard]] constexpr std::string_view sync_state_name(SyncState state) {
    switch (state) {
        case SyncState::internal: return "internal";
        case SyncState::waiting: return "waiting";
        case SyncState::locking: return "locking";
        case SyncState::locked: return "locked";
        case SyncState::freewheeling: return "freewheeling";
    }
    return "unknown";
}

struct SyncReading {
    SyncState state = SyncState::waiting;
    // Song ticks on real time, as far as it is known now; good to extrapolate from. Meaningless
    // while `state` is waiting. It may move a little from one reading to the next.
    Timeline song{Ticks{0}, TimePoint{}, Bpm{120.0}};
    // Song ticks count from a bar line that the outside has named. False: only the beat's phase is
    // known (a MIDI clock that was running already).
    bool knows_bars = false;
    // Transport. False: the outside has never said start, stop or continue, and ours rules.
    bool has_transport = false;
    bool playing = false;
    // Grows with each start and continue: playing goes on from song tick `from`, which
    // song.time_at(from) places (it may lie ahead: the first clock after the start).
    std::uint32_t locates = 0;
    Ticks from{0};
};

class SyncSource {
public:
    virtual ~SyncSource() = default;
    // What is known at `now`. Thread: clock, at each turn, chosen or not.
    // Realtime: yes.
    [[nodiscard]] FUSION_RT virtual SyncReading read(TimePoint now) noexcept = 0;
};

}  // namespace fusion
