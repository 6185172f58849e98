// Who takes the chords that are given by hand, and hands them to the planner: the action
// `progression`, and what is held on a keyboard (chord_keys.hpp). A progression that cannot be read
// is refused with its place, and the one before it stays.
// Thread: control. Errors: malformed, with the character.
#pragma once

#include <string_view>

#include "engine/params/action_desk.hpp"
#include "engine/realtime/crossing/harmony_link.hpp"

namespace fusion {

class HarmonyDesk {
public:
    // `params` outlives it.
    explicit HarmonyDesk(ParamStore& params) : params_{params} {}

    void assign_to(ActionDesk& actions);
    // "Dm7 G7 | C^7"; nothing gives the line back.
    Status play(std::string_view text);
    void hold(const Chord& chord);

    // For the one planner.
    [[nodiscard]] HarmonyTeller& teller() { return teller_; }
    // Which chord is in force at a cell of the line; none: the line is free.
    [[nodiscard]] Chord at(std::int64_t cell) const;

private:
    ParamStore& params_;
    HarmonyTeller teller_;
};

}  // namespace fusion
