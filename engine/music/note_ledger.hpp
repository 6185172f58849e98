// Which notes sound now. Every note-on that leaves the daemon is entered here and every note-off
// strikes it out, so that whatever happens in between, panic knows what to silence.
// Thread: its owner's alone (the clock's output has one, and each port has its own). Realtime: yes.
// Errors: none.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>

#include "engine/base/realtime_contract.hpp"
#include "engine/music/midi_message.hpp"

namespace fusion {

class NoteLedger {
public:
    // Enters or strikes out what `message` starts or ends; other messages pass by.
    FUSION_RT void note(const MidiMessage& message) noexcept {
        auto& channel = sounding_[message.channel().count()];
        // Not set() and reset(), which throw where there is no such bit: a pitch always is one.
        if (message.is_note_on()) channel[message.pitch().count()] = true;
        if (message.is_note_off()) channel[message.pitch().count()] = false;
    }

    [[nodiscard]] FUSION_RT bool sounds(Channel channel, Pitch pitch) const noexcept {
        return sounding_[channel.count() & 15U][pitch.count() & 127U];
    }

    // Enters what sounds in `other` too.
    FUSION_RT void add(const NoteLedger& other) noexcept {
        for (std::size_t c = 0; c < sounding_.size(); ++c) sounding_[c] |= other.sounding_[c];
    }

    FUSION_RT void strike(const NoteLedger& other) noexcept {
        for (std::size_t c = 0; c < sounding_.size(); ++c) sounding_[c] &= ~other.sounding_[c];
    }
    [[nodiscard]] FUSION_RT bool sounds(Channel channel) const noexcept {
        return sounding_[channel.count() & 15U].any();
    }

    [[nodiscard]] FUSION_RT std::size_t count() const noexcept {
        std::size_t total = 0;
        for (const auto& channel : sounding_) total += channel.count();
        return total;
    }

    // Calls emit(MidiMessage) with a note-off for each sounding note and forgets them all.
    // Realtime: as emit.
    template <class Emit>
    void release_all(Emit&& emit) noexcept {
        for (std::uint8_t c = 0; c < kChannels; ++c) {
            if (sounding_[c].none()) continue;
            for (std::uint8_t p = 0; p < 128; ++p)
                if (sounding_[c][p]) emit(note_off(Channel{c}, Pitch{p}));
            sounding_[c].reset();
        }
    }

private:
    static constexpr std::uint8_t kChannels = 16;
    std::array<std::bitset<128>, kChannels> sounding_{};
};

}  // namespace fusion
