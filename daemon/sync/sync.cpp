#include "daemon/sync/sync.hpp"

#include <fmt/format.h>

#include "engine/music/meter.hpp"

namespace fusion {

Sync::Sync(Consumer<TimedMessage> clocks, const TimeSource& time, ParamStore& params,
           const Config::Link& options)
    : params_{params},
      midi_{std::move(clocks)},
      link_{time, Bpm{params.current().real(ParamId::tempo)}} {
    link_.set_start_stop_sync(options.start_stop);
    follow(params.current());
}

void Sync::follow(const ParamSnapshot& now) {
    const auto wanted = static_cast<SyncChoice>(now.integer(ParamId::sync)) == SyncChoice::link;
    link_.set_quantum(to_ticks(now.meter().bar()));
    // Said before a session is joined, so that the session does not hear of it; and only what is
    // new, so that a turn of some other knob does not undo what a peer has just changed.
    const Bpm tempo{now.real(ParamId::tempo)};
    const auto playing = now.on(ParamId::playing);
    if (said_tempo_ != tempo) link_.set_tempo(tempo);
    if (said_playing_ != playing) link_.set_playing(playing);
    said_tempo_ = tempo;
    said_playing_ = playing;
    if (wanted != linked()) link_.enable(wanted);
}

void Sync::turn() {
    if (!linked()) return;
    if (const auto tempo = link_.tempo_changed())
        static_cast<void>(params_.set(ParamId::tempo, tempo->count()));
    if (const auto playing = link_.playing_changed())
        static_cast<void>(params_.set(ParamId::playing, *playing ? 1.0 : 0.0));
}

std::string Sync::news(SyncState state, Bpm in_force) {
    const auto peers = linked() ? link_.peers() : 0;
    const bool other_peers = peers != told_peers_;
    told_peers_ = peers;
    if (state == told_state_)
        return other_peers ? fmt::format("Ableton Link: {} peers", peers) : std::string{};
    told_state_ = state;
    const auto choice = static_cast<SyncChoice>(params_.current().integer(ParamId::sync));
    const auto* const who = choice == SyncChoice::link ? "Ableton Link" : "MIDI clock";
    switch (state) {
        case SyncState::internal: return "sync: the tempo is our own";
        case SyncState::waiting:
            return fmt::format("sync: no {} is heard; our own tempo goes on until then", who);
        case SyncState::locking: return fmt::format("sync: {} is heard", who);
        case SyncState::locked:
            return linked()
                       ? fmt::format("sync: following Ableton Link, {} peers", peers)
                       : fmt::format("sync: locked to MIDI clock at {:.2f} bpm", in_force.count());
        case SyncState::freewheeling:
            return fmt::format("sync: the {} fell silent; its last tempo goes on", who);
    }
    return {};
}

}  // namespace fusion
