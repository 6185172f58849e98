// All of the control thread that has to do with chords and with where the line is going: the
// harmony and the form that are given by hand or planned, the keys that are held, which chord is in
// force and which section is played, an ending that was asked for, and tempo and swing that follow
// the genres. Thread: control. Errors: none.
#pragma once

#include <cstddef>
#include <functional>

#include "daemon/hands/chord_keys.hpp"
#include "daemon/hands/chord_teller.hpp"
#include "daemon/hands/finish_desk.hpp"
#include "daemon/hands/harmony_desk.hpp"
#include "daemon/hands/section_teller.hpp"
#include "daemon/hands/style_desk.hpp"
#include "engine/model/bundle.hpp"
#include "engine/params/action_desk.hpp"

namespace fusion {

class HarmonyHands {
public:
    // Of what is played now.
    struct Now {
        std::function<Ticks()> head;
        std::function<Bpm()> tempo;
    };

    // Who is told that a chord is in force, or a section played, from a moment on.
    struct Listeners {
        ChordTeller::Listener chord;
        SectionTeller::Listener section;
    };

    // `params` outlives it.
    HarmonyHands(ParamStore& params, const Bundle& bundle, Now now, Listeners tell);

    void assign_to(ActionDesk& actions);
    [[nodiscard]] HarmonyDesk& desk() { return desk_; }
    [[nodiscard]] HarmonyTeller& teller() { return desk_.teller(); }
    // The one told last.
    [[nodiscard]] const Chord& in_force() const { return in_force_; }

    // Whether it lets go of a key that is the chord's, which it must, whoever it is bound to.
    [[nodiscard]] bool lets_go(const MidiMessage& message, std::size_t input) const {
        return keys_.lets_go(message, input);
    }
    // True: it was the chord's.
    bool take(const MidiMessage& message, std::size_t input, TimePoint now) {
        return keys_.take(message, input, now);
    }
    // How many inputs went so far.
    void inputs_lost(std::uint32_t count, TimePoint now) { keys_.inputs_lost(count, now); }

    void played(const PlayedEvent& event);
    // A parameter changed, so the harmony may be another.
    void look(TimePoint now);
    // True: there is something to come, soon.
    bool turn(TimePoint now);

private:
    Now now_;
    HarmonyDesk desk_;
    FinishDesk finish_;
    StyleDesk style_;
    ChordKeys keys_;
    Chord in_force_;
    ChordTeller chords_;
    SectionTeller sections_;
};

}  // namespace fusion
