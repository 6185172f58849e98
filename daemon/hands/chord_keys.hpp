// The keys that are held on a keyboard at an input, as the chord that the line obeys: while
// `harmony` is midi, on the channel that `harmony_channel` names.
//
// A key that is pressed counts at once, each of a rolled chord too. A key that is let go counts
// when the others have stayed down for kLift: a hand that is lifted is not heard as the chords that
// its last fingers make. When all are up the chord stays for one bar more, long enough to reach for
// the next one; then the line is free. The sustain pedal holds keys down. An input that is
// unplugged lets go of its keys.
//
// What is the chord's is nobody else's: such a note, and the pedal, are not learned. A note or a
// pedal that a controller map names stays what it is there (whoever asks looks there first).
// Thread: control. Errors: none.
#pragma once

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "daemon/hands/harmony_desk.hpp"
#include "engine/music/midi_message.hpp"

namespace fusion {

class ChordKeys {
public:
    static constexpr Nanos kLift{std::chrono::milliseconds{80}};

    // Both outlive it.
    ChordKeys(const ParamStore& params, HarmonyDesk& desk) : params_{params}, desk_{desk} {}

    // True: it was the chord's.
    bool take(const MidiMessage& message, std::size_t input, TimePoint now);
    // Whether it lets go of a key that is the chord's, which it must, whoever it is bound to.
    [[nodiscard]] bool lets_go(const MidiMessage& message, std::size_t input) const;
    // Every key of every input is up: one was unplugged, and there is no knowing what it held.
    void let_go_of_all(TimePoint now);
    // How many inputs went so far: if it is one more, let_go_of_all().
    void inputs_lost(std::uint32_t count, TimePoint now) {
        if (std::exchange(inputs_lost_, count) != count) let_go_of_all(now);
    }
    // True: there is something to come, soon.
    bool turn(TimePoint now, Bpm tempo);

private:
    struct Key {
        std::size_t input;
        Channel channel;
        Pitch pitch;
        bool down = true;  // else the pedal holds it
    };
    [[nodiscard]] bool is_midi() const;
    [[nodiscard]] bool listens_to(Channel channel) const;
    void press(const MidiMessage& message, std::size_t input);
    void let_go(const MidiMessage& message, std::size_t input, TimePoint now);
    void pedal(const MidiMessage& message, std::size_t input, TimePoint now);
    void tell() const;

    const ParamStore& params_;
    HarmonyDesk& desk_;
    std::uint32_t inputs_lost_ = 0;
    std::vector<Key> keys_;
    std::array<std::array<bool, 16>, kMostInputs> pedals_{};
    std::optional<TimePoint> lifted_;  // when a key was let go that is not yet taken out
    std::optional<TimePoint> all_up_;  // when the last one was
};

}  // namespace fusion
