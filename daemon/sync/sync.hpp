// Whom the clock can follow: the MIDI clock that comes in, and Ableton Link. Link's tempo and
// transport are parameters like any other, so they are carried both ways here: what a peer changes
// becomes `tempo` and `playing`, and what those become is told to the peers.
// Thread: control, but for what sources() names. Errors: none.
#pragma once

#include <optional>
#include <string>

#include "config/config.hpp"
#include "daemon/sync/link_sync.hpp"
#include "engine/params/store.hpp"
#include "engine/realtime/clock/song_follow.hpp"
#include "engine/realtime/follow/midi_follower.hpp"

namespace fusion {

class Sync {
public:
    // `clocks`: the input's clock messages, for the clock thread. References outlive this.
    Sync(Consumer<TimedMessage> clocks, const TimeSource& time, ParamStore& params,
         const Config::Link& options);

    [[nodiscard]] SongFollow::Sources sources() { return {nullptr, &midi_, &link_}; }

    // To be called after each change of a parameter.
    void follow(const ParamSnapshot& now);
    // What the peers changed. To be called each 10 ms while linked().
    void turn();

    [[nodiscard]] const LinkSync& link() const { return link_; }
    // For the log: who was followed changed, or what came of it. Empty: nothing new.
    [[nodiscard]] std::string news(SyncState state, Bpm in_force);
    // In a Link session, where peers may change tempo and transport at any moment.
    [[nodiscard]] bool linked() const { return link_.enabled(); }

private:
    ParamStore& params_;
    MidiFollower midi_;
    LinkSync link_;
    std::optional<Bpm> said_tempo_;  // to Link
    std::optional<bool> said_playing_;
    SyncState told_state_ = SyncState::internal;
    std::size_t told_peers_ = 0;
};

}  // namespace fusion
