// Which channels are to be quieted, and by which controllers: pedal up, all notes off, all sound
// off. Thread: its owner's alone. Realtime: yes. Errors: none.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/realtime_contract.hpp"
#include "engine/music/midi_message.hpp"

namespace fusion {

class Quieting {
public:
    // Enters what `message` quiets, strikes out the pedal that it puts down; others pass by.
    FUSION_RT void note(const MidiMessage& message) noexcept {
        for (std::size_t i = 0; i < kSilenceControllers.size(); ++i)
            if (is_value_of(message, kSilenceControllers[i]) && message.bytes()[2] < kDown)
                bits_[message.channel().count()] |= bit(i);
        strike(message);
    }
    FUSION_RT void strike(const MidiMessage& message) noexcept {
        if (is_value_of(message, kSustainPedal) && message.bytes()[2] >= kDown)
            bits_[message.channel().count()] &= static_cast<std::uint8_t>(~bit(0));
    }
    FUSION_RT void add(Channel channel) noexcept { bits_[channel.count() & 15U] = kAll; }
    FUSION_RT void add(const Quieting& other) noexcept {
        for (std::size_t c = 0; c < bits_.size(); ++c) bits_[c] |= other.bits_[c];
    }
    // Leaves the pedal alone: the other two would cut what sounds.
    FUSION_RT void spare(Channel channel) noexcept { bits_[channel.count() & 15U] &= bit(0); }
    [[nodiscard]] FUSION_RT bool any() const noexcept {
        return std::any_of(bits_.begin(), bits_.end(), [](auto bits) { return bits != 0; });
    }

    // Calls write(MidiMessage) for each until it says false, and strikes out what was written.
    // False: something is left.
    template <class Write>
    bool write(Write&& write) noexcept {
        for (std::uint8_t c = 0; c < kChannels; ++c)
            for (std::size_t i = 0; i < kSilenceControllers.size(); ++i) {
                if ((bits_[c] & bit(i)) == 0) continue;
                if (!write(control_change(Channel{c}, kSilenceControllers[i], 0))) return false;
                bits_[c] &= static_cast<std::uint8_t>(~bit(i));
            }
        return true;
    }

private:
    static constexpr std::uint8_t kControlChange = 0xB0;
    static constexpr std::uint8_t kDown = 64;
    static constexpr std::uint8_t kAll = (1U << kSilenceControllers.size()) - 1;
    static bool is_value_of(const MidiMessage& message, unsigned controller) noexcept {
        return message.status() == kControlChange && message.bytes()[1] == controller;
    }
    static constexpr std::uint8_t bit(std::size_t i) { return static_cast<std::uint8_t>(1U << i); }

    static constexpr std::uint8_t kChannels = 16;
    std::array<std::uint8_t, kChannels> bits_{};
};

}  // namespace fusion
