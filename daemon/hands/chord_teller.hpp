// Which chord is in force, told as it changes and when: on the beat on which the clock reaches it,
// within a beat at its own place, and at once where a hand has changed it.
// Thread: control. Errors: none.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/hands/harmony_desk.hpp"
#include "engine/realtime/crossing/played_event.hpp"

namespace fusion {

// As it stands in files: "chord:Dm7", which engine/corpus/chord_marks.hpp reads; "chord:N.C." where
// the line is free again.
[[nodiscard]] std::string chord_marker(const Chord& chord);

class ChordTeller {
public:
    using Listener = std::function<void(const Chord& chord, TimePoint due)>;

    // `desk` outlives it.
    ChordTeller(HarmonyDesk& desk, Listener listener)
        : desk_{desk}, listener_{std::move(listener)} {}

    // A beat began, or the transport: what is up to the next beat.
    void played(const PlayedEvent& event, Bpm tempo);
    // The harmony may be another: the play head stands at `head`.
    void look(Ticks head, TimePoint now, Bpm tempo);
    // Tells what is due by now. True: there is more, soon.
    bool turn(TimePoint now);

private:
    struct Change {
        Chord chord;
        TimePoint due;
    };
    void look_to_the_next_beat(Ticks from, TimePoint when, Bpm tempo);

    HarmonyDesk& desk_;
    Listener listener_;
    Chord told_;
    std::vector<Change> coming_;
};

}  // namespace fusion
