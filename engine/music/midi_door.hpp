// Where the bytes of one MIDI input come in: what is a whole short message passes, all else stays
// outside, and no other code looks at bytes that others have sent.
//
// - Channel messages, system common (song position, tune request, ...) and real-time ones pass
//   where they are complete, alone and at their exact length.
// - System exclusive, whole or in pieces as some drivers hand it over, is not for us: passed over.
// - Refused, and counted: data bytes where a status should be, which is also running status (JACK
//   and RtMidi say that they hand over none); too few or too many bytes; data bytes above 0x7F,
//   which is also a real-time byte inside a message; statuses that the standard leaves undefined.
//   To guess what a broken sender meant would be to play wrong notes.
//
// Thread: read() the input's; refused() any. Realtime: yes, the whole class. Errors: none.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/base/realtime_contract.hpp"
#include "engine/music/midi_message.hpp"

namespace fusion {

class MidiDoor {
public:
    // What came in at once, in one event of the system's.
    FUSION_RT std::optional<MidiMessage> read(std::span<const std::uint8_t> bytes) noexcept {
        const auto message = MidiMessage::from(bytes);
        if (is_exclusive(bytes)) {
            in_exclusive_ = bytes.back() != kExclusiveEnd;
            return {};
        }
        // Real-time bytes may come between the pieces.
        if (!bytes.empty() && bytes[0] < kFirstRealTime) in_exclusive_ = false;
        if (!message) refused_.fetch_add(1, std::memory_order_relaxed);  // a counter: no partner
        return message;
    }

    [[nodiscard]] FUSION_RT std::uint64_t refused() const noexcept {
        return refused_.load(std::memory_order_relaxed);
    }

private:
    static constexpr std::uint8_t kExclusive = 0xF0;
    static constexpr std::uint8_t kExclusiveEnd = 0xF7;
    static constexpr std::uint8_t kFirstRealTime = 0xF8;

    // A whole one, its beginning, or what continues or ends the one that has begun.
    [[nodiscard]] FUSION_RT bool is_exclusive(std::span<const std::uint8_t> bytes) const noexcept {
        if (bytes.empty()) return false;
        return bytes[0] == kExclusive ||
               (in_exclusive_ && (bytes[0] < 0x80U || bytes[0] == kExclusiveEnd));
    }

    bool in_exclusive_ = false;  // begun, its end not come
    std::atomic<std::uint64_t> refused_{0};
};

}  // namespace fusion
