// A short MIDI message by value, and the constructors of those that fusiond sends. There is a whole
// one in it or none: its length is that of its status and each data byte is below 0x80, so whoever
// is given one may take a pitch as an index. Bytes from outside become one through from() and in no
// other way; at an input through its MidiDoor (midi_door.hpp), which counts what is none.
// Thread: any (a value). Realtime: yes. Errors: none.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

#include "engine/base/units.hpp"

namespace fusion {

// Bytes in a short message that begins with `first`. 0: none does. That is so for data bytes, for
// system exclusive and its end (F0, F7), and for what the standard leaves undefined (F4, F5, F9,
// FD).
[[nodiscard]] constexpr std::size_t midi_length(std::uint8_t first) noexcept {
    constexpr std::array<std::uint8_t, 8> kOfChannels{3, 3, 3, 3, 2, 2, 3};  // 8n to En
    constexpr std::array<std::uint8_t, 16> kOfSystem{0, 2, 3, 2, 0, 0, 1, 0,
                                                     1, 0, 1, 1, 1, 0, 1, 1};
    if (first < 0x80U) return 0;
    return first < 0xF0U ? kOfChannels[first >> 4U & 7U] : kOfSystem[first & 15U];
}

class MidiMessage {
public:
    constexpr MidiMessage() noexcept = default;  // none

    // Exactly one whole message. Running status is none: neither JACK nor RtMidi may hand it over,
    // and a reader of files has undone it.
    [[nodiscard]] static constexpr std::optional<MidiMessage> from(
        std::span<const std::uint8_t> bytes) noexcept {
        if (bytes.empty() || bytes.size() != midi_length(bytes[0])) return {};
        MidiMessage message;
        for (const auto byte : bytes) {
            if (message.size_ > 0 && byte > 0x7FU) return {};
            message.bytes_[message.size_++] = byte;
        }
        return message;
    }

    // What is not in the message is 0.
    [[nodiscard]] constexpr const std::array<std::uint8_t, 3>& bytes() const noexcept {
        return bytes_;
    }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    [[nodiscard]] constexpr std::span<const std::uint8_t> span() const noexcept {
        return {bytes_.data(), size_};
    }

    [[nodiscard]] constexpr bool is_of_a_channel() const noexcept {
        return size_ > 0 && bytes_[0] < 0xF0U;
    }
    [[nodiscard]] constexpr std::uint8_t status() const noexcept { return bytes_[0] & 0xF0U; }
    [[nodiscard]] constexpr Channel channel() const noexcept {
        return Channel{static_cast<std::uint8_t>(bytes_[0] & 0x0FU)};
    }
    [[nodiscard]] constexpr bool is_note_on() const noexcept {
        return status() == 0x90U && bytes_[2] > 0;
    }
    [[nodiscard]] constexpr bool is_note_off() const noexcept {
        return status() == 0x80U || (status() == 0x90U && bytes_[2] == 0);
    }
    // Of a note. 0 to 127 in any other message too.
    [[nodiscard]] constexpr Pitch pitch() const noexcept { return Pitch{bytes_[1]}; }
    [[nodiscard]] constexpr Velocity velocity() const noexcept { return Velocity{bytes_[2]}; }

    friend bool operator==(const MidiMessage&, const MidiMessage&) = default;

private:
    // The caller's word that the bytes fit the first.
    constexpr MidiMessage(std::uint8_t first, unsigned a, unsigned b) noexcept
        : bytes_{first, static_cast<std::uint8_t>(a & 0x7FU), static_cast<std::uint8_t>(b & 0x7FU)},
          size_{static_cast<std::uint8_t>(midi_length(first))} {}
    friend constexpr MidiMessage channel_message(unsigned, Channel, unsigned, unsigned) noexcept;
    friend constexpr MidiMessage system_message(std::uint8_t, unsigned, unsigned) noexcept;

    std::array<std::uint8_t, 3> bytes_{};
    std::uint8_t size_ = 0;
};

// Whom a message is for: everyone who listens, or the built-in synth alone.
enum class Hearers : std::uint8_t { everyone, synth };

// Bytes and when they are due. `deadline` is when the receiver should get them.
struct TimedMessage {
    MidiMessage message;
    TimePoint deadline;
    bool at_once = false;  // as soon as can be: a panic has no moment that it could miss
    Hearers hearers = Hearers::everyone;
};
static_assert(std::is_trivially_copyable_v<TimedMessage>);

// `status` is 0x80 to 0xE0; one that has a single data byte takes `a`.
constexpr MidiMessage channel_message(unsigned status, Channel channel, unsigned a,
                                      unsigned b = 0) noexcept {
    assert(status >= 0x80U && status < 0xF0U);
    const auto first = static_cast<std::uint8_t>((status & 0xF0U) | (channel.count() & 0x0FU));
    return {first, a, midi_length(first) > 2 ? b : 0};
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
// 0 to 127; people count from 1.
constexpr MidiMessage program_change(Channel channel, unsigned program) {
    return channel_message(0xC0U, channel, program);
}
// 0 to 16383, 8192 in the middle.
constexpr MidiMessage pitch_bend(Channel channel, unsigned position) {
    return channel_message(0xE0U, channel, position, position >> 7U);
}

// `first` is one that a short message begins with.
constexpr MidiMessage system_message(std::uint8_t first, unsigned a = 0, unsigned b = 0) noexcept {
    assert(first > 0xF0U && midi_length(first) > 0);
    return {first, a, b};
}
inline constexpr MidiMessage kMidiClock = system_message(0xF8U);
inline constexpr MidiMessage kMidiStart = system_message(0xFAU);
inline constexpr MidiMessage kMidiContinue = system_message(0xFBU);
inline constexpr MidiMessage kMidiStop = system_message(0xFCU);
// In sixteenths since the song's beginning, 0 to 16383.
constexpr MidiMessage song_position(unsigned sixteenths) {
    return system_message(0xF2U, sixteenths, sixteenths >> 7U);
}

inline constexpr unsigned kSustainPedal = 64;
inline constexpr unsigned kAllSoundOff = 120;
inline constexpr unsigned kAllNotesOff = 123;
// What makes a channel quiet, each with the value 0 and in this order: a pedal that is down would
// hold the notes that the second ends; the third cuts what still rings.
inline constexpr std::array kSilenceControllers{kSustainPedal, kAllNotesOff, kAllSoundOff};

}  // namespace fusion
