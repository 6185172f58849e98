// Short MIDI messages to what a hand did: a controller now stands here, went so many clicks, was
// pressed or let go. Keeps what MIDI spreads over several messages, for each channel of each input
// apart, so that two controllers do not finish one another's sentences:
//
// - A 14-bit controller is CC n (the upper half) and CC n+32 (the lower). As MIDI 1.0 has it, an
//   upper half acts at once with 0 for the lower, and the lower then refines it: a value that comes
//   down over such a border is for the moment between the two messages less than a 128th of the
//   range too low. Waiting for the lower half instead would leave a controller that sends upper
//   ones alone hanging. A lower half before any upper one says nothing.
// - An NRPN is chosen by CC 99 and 98 and set by data entry, CC 6 and 38, in the same way, or moved
// by
//   CC 96 and 97. 127/127 chooses none. Data for an RPN (101, 100) is the synthesiser's, not ours.
//   While one is chosen, 6, 38, 96 and 97 are no controllers of their own.
// Thread: control. Errors: none; what is no message of these kinds is passed over.
#pragma once

#include <array>
#include <cstdint>

#include "config/midi_binding.hpp"
#include "engine/music/midi_message.hpp"

namespace fusion {

struct Gesture {
    enum class Form : std::uint8_t { position, clicks, press, release };
    MidiKind kind = MidiKind::cc;
    std::uint16_t number = 0;  // as in MidiSource
    Form form = Form::position;
    std::uint16_t value = 0;      // of a position: 0 to highest
    std::uint16_t highest = 127;  // or 16383
    int clicks = 0;
};

// What one message may mean, the likeliest first: CC 33 may be the lower half of 1, or itself.
struct Gestures {
    std::array<Gesture, 2> all{};
    std::size_t count = 0;

    void add(const Gesture& gesture) { all[count++] = gesture; }
    [[nodiscard]] const Gesture* begin() const { return all.data(); }
    [[nodiscard]] const Gesture* end() const { return all.data() + count; }
    [[nodiscard]] bool empty() const { return count == 0; }
};

class ControllerReader {
public:
    // `input`: 0 to kHighestBoundInput - 1; others are passed over.
    [[nodiscard]] Gestures read(const MidiMessage& message, std::size_t input);

private:
    static constexpr std::uint8_t kUnknown = 0xFF;

    struct Pair {
        std::uint8_t upper = kUnknown;
        std::uint8_t lower = 0;
        [[nodiscard]] std::uint16_t value() const {
            return static_cast<std::uint16_t>(upper << 7U | lower);
        }
    };
    enum class Chosen : std::uint8_t { none, nrpn, rpn };
    struct ChannelState {
        std::array<Pair, 32> pairs{};
        Chosen chosen = Chosen::none;
        Pair nrpn{kUnknown, kUnknown};
        Pair rpn{kUnknown, kUnknown};
        Pair data{};
    };

    static void choose(ChannelState& state, unsigned controller, std::uint8_t value);
    static void read_data(ChannelState& state, unsigned controller, std::uint8_t value,
                          Gestures& into);
    static void read_controller(ChannelState& state, unsigned controller, std::uint8_t value,
                                Gestures& into);

    std::array<std::array<ChannelState, 16>, kHighestBoundInput> states_{};
};

// How far an endless encoder went by one message; 0: not at all.
[[nodiscard]] int clicks_of(Encoder encoder, unsigned value);

}  // namespace fusion
