// A short MIDI message by value, and the constructors of those that fusiond sends.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <type_traits>

#include "engine/base/units.hpp"

namespace fusion {

struct MidiMessage {
    std::array<std::uint8_t, 3> bytes{};
    std::uint8_t size = 0;

    [[nodiscard]] std::span<const std::uint8_t> span() const { return {bytes.data(), size}; }
    [[nodiscard]] constexpr std::uint8_t status() const { return bytes[0] & 0xF0U; }
    [[nodiscard]] constexpr Channel channel() const {
        return Channel{static_cast<std::uint8_t>(bytes[0] & 0x0FU)};
    }
    [[nodiscard]] constexpr bool is_note_on() const { return status() == 0x90U && bytes[2] > 0; }
    [[nodiscard]] constexpr bool is_note_off() const {
        return status() == 0x80U || (status() == 0x90U && bytes[2] == 0);
    }
    friend bool operator==(const MidiMessage&, const MidiMessage&) = default;
};

// Bytes and when they are due. `deadline` is when the receiver should get them.
struct TimedMessage {
    MidiMessage message;
    TimePoint deadline;
    bool at_once = false;  // as soon as can be: a panic has no moment that it could miss
};
static_assert(std::is_trivially_copyable_v<TimedMessage>);

constexpr MidiMessage channel_message(unsigned status, Channel channel, unsigned a, unsigned b) {
    return {{static_cast<std::uint8_t>(status | (channel.count() & 0x0FU)),
             static_cast<std::uint8_t>(a & 0x7FU), static_cast<std::uint8_t>(b & 0x7FU)},
            3};
}
constexpr MidiMessage note_on(Channel channel, Pitch pitch, Velocity velocity) {
    return channel_message(0x90U, channel, pitch.count(), velocity.count());
}
constexpr MidiMessage note_off(Channel channel, Pitch pitch) {
    return channel_message(0x80U, channel, pitch.count(), 64);
}
constexpr MidiMessage control_change(Channel channel, unsigned controller, unsigned value) {
    return channel_message(0xB0U, channel, controller, value);
}
// System real-time and common messages: one byte, or the status and two of data.
inline constexpr MidiMessage kMidiClock{{0xF8U, 0, 0}, 1};
inline constexpr MidiMessage kMidiStart{{0xFAU, 0, 0}, 1};
inline constexpr MidiMessage kMidiContinue{{0xFBU, 0, 0}, 1};
inline constexpr MidiMessage kMidiStop{{0xFCU, 0, 0}, 1};
// In sixteenths since the song's beginning, 0 to 16383.
constexpr MidiMessage song_position(unsigned sixteenths) {
    return {{0xF2U, static_cast<std::uint8_t>(sixteenths & 0x7FU),
             static_cast<std::uint8_t>(sixteenths >> 7U & 0x7FU)},
            3};
}
inline constexpr unsigned kSustainPedal = 64;
inline constexpr unsigned kAllSoundOff = 120;
inline constexpr unsigned kAllNotesOff = 123;

}  // namespace fusion
