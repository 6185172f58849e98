// How a Standard MIDI File says its numbers, its head and the events that are no MIDI messages:
// what whoever writes one needs, whole (smf.hpp) or a piece at a time
// (daemon/midi/recording_score.hpp). Thread: any. Errors: none.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/units.hpp"

namespace fusion {

using SmfBytes = std::vector<std::uint8_t>;

inline constexpr std::uint8_t kSmfTrackName = 0x03;
inline constexpr std::uint8_t kSmfMarker = 0x06;
inline constexpr std::array<std::uint8_t, 3> kSmfEndOfTrack{0xFF, 0x2F, 0x00};
// MThd and what it holds, then MTrk and its length.
inline constexpr std::size_t kSmfHeadBytes = 22;
inline constexpr std::size_t kSmfTrackLengthAt = 18;

void put_big_endian(SmfBytes& out, std::uint64_t value, int size);
void put_variable_length(SmfBytes& out, std::int64_t value);
// A silence of more than 279,620 beats does not fit one delta: empty texts carry the time.
void put_delta(SmfBytes& out, std::int64_t delta);
void put_text_event(SmfBytes& out, std::uint8_t kind, std::string_view text);
[[nodiscard]] std::array<std::uint8_t, 6> smf_tempo(Bpm tempo);
// MThd: format 0 of one track, format 1 of more.
void put_smf_file_head(SmfBytes& out, std::uint16_t ticks_per_beat, std::size_t tracks);
// MTrk: `track_bytes` follow.
void put_smf_track_head(SmfBytes& out, std::uint32_t track_bytes);
// Both, of format 0.
void put_smf_head(SmfBytes& out, std::uint16_t ticks_per_beat, std::uint32_t track_bytes);

}  // namespace fusion
