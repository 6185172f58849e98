// Which controller the next movement is. Armed, it takes the first that moves; CC 98 to 101 only
// choose an NRPN and are never taken, nor is what lets go: a note-off, or a controller's 0, which a
// button sends when it comes up (a knob at its lower end is taken one message later). Programs and
// notes are taken only where a press makes sense, so that somebody may play while a knob is
// learned.
//
// A 14-bit controller is known by its second half: CC n is taken at once, and becomes n and n+32
// when n+32 follows as the next controller on its channel within 20 ms. An endless encoder cannot
// be told from a knob by what it sends; it is learned as a knob, and `encoder` is set in the
// configuration. Thread: control. Errors: none.
#pragma once

#include <optional>
#include <string>

#include "daemon/hands/controller_reader.hpp"
#include "engine/base/units.hpp"

namespace fusion {

// Where a message came in.
struct ControllerPlace {
    std::size_t input = 0;  // from 0
    Channel channel{};
    friend bool operator==(const ControllerPlace&, const ControllerPlace&) = default;
};

class ControllerLearn {
public:
    enum class Takes { knobs, knobs_and_presses };
    static constexpr std::chrono::seconds kPatience{60};
    static constexpr std::chrono::milliseconds kPairing{20};

    void arm(std::string path, Takes takes, TimePoint now);
    void disarm() { armed_.reset(); }
    // What was learned is what it is, whatever follows.
    void settle() { learned_.reset(); }
    // What it is armed for; empty: nothing.
    [[nodiscard]] std::string_view armed_for() const;
    [[nodiscard]] bool out_of_patience(TimePoint now) const;

    // Armed: what moved. Else nothing, and it stays armed.
    [[nodiscard]] std::optional<MidiSource> heard(const Gestures& gestures,
                                                  const ControllerPlace& place, TimePoint now);
    // Just learned: the CC as the pair that this message shows it to be.
    [[nodiscard]] std::optional<MidiSource> refined(const Gestures& gestures,
                                                    const ControllerPlace& place, TimePoint now);

private:
    struct Armed {
        std::string path;
        Takes takes;
        TimePoint until;
    };
    // The upper half of what may be a pair.
    struct Upper {
        std::uint16_t number;
        ControllerPlace place;
        TimePoint until;
    };

    static bool completes(const std::optional<Upper>& upper, const Gesture& gesture,
                          const ControllerPlace& place, TimePoint now);

    std::optional<Armed> armed_;
    std::optional<Upper> passed_over_;  // a 0 that was not taken
    std::optional<Upper> learned_;
};

[[nodiscard]] MidiSource source_of(const Gesture& gesture, const ControllerPlace& place);

}  // namespace fusion
