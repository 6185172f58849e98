#include "daemon/hands/harmony_hands.hpp"

#include <utility>

namespace fusion {

HarmonyHands::HarmonyHands(ParamStore& params, const Bundle& bundle, Now now, Listeners tell)
    : now_{std::move(now)},
      desk_{params, {bundle.chords, bundle.forms, bundle.band}},
      finish_{params, now_.head},
      style_{params, desk_.teller()},
      keys_{params, desk_},
      chords_{desk_,
              [this, chord_told = std::move(tell.chord)](const Chord& chord, TimePoint due) {
                  in_force_ = chord;
                  chord_told(chord, due);
              }},
      sections_{desk_, std::move(tell.section)} {}

void HarmonyHands::assign_to(ActionDesk& actions) {
    desk_.assign_to(actions);
    finish_.assign_to(actions);
}

void HarmonyHands::played(const PlayedEvent& event) {
    chords_.played(event, now_.tempo());
    sections_.played(event);
    finish_.played(event);
    style_.played(event);
}

void HarmonyHands::look(TimePoint now) {
    chords_.look(now_.head(), now, now_.tempo());
    sections_.look(now_.head(), now);
}

bool HarmonyHands::turn(TimePoint now) {
    const bool keys_move = keys_.turn(now, now_.tempo());
    return chords_.turn(now) || keys_move;
}

}  // namespace fusion
