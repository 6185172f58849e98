// Ableton Link as a source of tempo: a session with others in the local network, or alone, for
// whoever joins. Owns Link's two threads from construction on; they idle until enable(true).
//
// The song is the session's beat at its tempo, its bars where the quantum's phase is 0. Its ticks
// count on through everything: when the phase changes (another session is joined, the metre
// changes), they move by at most half a bar, and the whole bars by which Link renumbers its own
// beats at a start do not show. Why Link alone is `locked`, and transport goes another way:
// ADR-link.md.
//
// Link's headers stay in the source: they bring all of Asio with them.
// Errors: none. Without a network, or where multicast is not allowed, there are no peers.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "engine/base/time_source.hpp"
#include "engine/realtime/follow/sync_source.hpp"

namespace fusion {

// What Link allows; a tempo of ours beyond it is played at the nearest.
inline constexpr Bpm kMinLinkTempo{20.0};
inline constexpr Bpm kMaxLinkTempo{999.0};

class LinkSync final : public SyncSource {
public:
    // `time` is the clock thread's, and outlives this.
    LinkSync(const TimeSource& time, Bpm tempo);
    ~LinkSync() override;
    LinkSync(const LinkSync&) = delete;
    LinkSync& operator=(const LinkSync&) = delete;

    // Waiting while disabled; else locked, with or without peers. Bars are known, transport is not
    // told here. Thread: clock. Realtime: yes: Link's audio state is a triple buffer and atomics.
    [[nodiscard]] FUSION_RT SyncReading read(TimePoint now) noexcept override;

    // The bar, on which peers agree where it begins if theirs is as long. Thread: any.
    // Realtime: yes.
    FUSION_RT void set_quantum(Ticks bar) noexcept;

    // The rest is the control thread's.

    // Joins a session, whose tempo then rules, or founds one at ours. False: leaves it. Tempo and
    // play are set before, so that a session that is joined does not hear of them.
    void enable(bool on);
    [[nodiscard]] bool enabled() const noexcept;
    [[nodiscard]] std::size_t peers() const noexcept;

    // Ours, to the session. What tempo_changed() told last is not said again, so the parameter that
    // it was written to may well come back here; set_playing() and playing_changed() alike. Both
    // _changed() are asked again and again, and are silent for 0.1 s after anything of ours.
    void set_tempo(Bpm tempo);
    // What the session plays, when somebody else changed it (or Link would not go as far as we
    // asked), within our own range; the song follows the session beyond it.
    [[nodiscard]] std::optional<Bpm> tempo_changed();

    // A start is for the next bar that all have in common; alone it is now, and the bars are moved
    // to begin with it. Said to others only with start/stop sync. Nothing happens when it is so
    // already.
    void set_playing(bool playing);
    [[nodiscard]] std::optional<bool> playing_changed();
    // When the first bar of what is playing begins; nothing when stopped.
    [[nodiscard]] std::optional<TimePoint> begins_at();
    void set_start_stop_sync(bool on);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace fusion
