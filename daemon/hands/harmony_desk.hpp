// Who knows the chord in force and the section, takes the chords and the form that are given by
// hand, and hands them to the planner: the actions `progression` and `sections`, and what is held
// on a keyboard (chord_keys.hpp). What cannot be read is refused with its place, and the one before
// it stays. Thread: control. Errors: malformed, with the character.
#pragma once

#include <optional>
#include <string_view>

#include "engine/params/action_desk.hpp"
#include "engine/plan/harmony_plan.hpp"
#include "engine/realtime/crossing/harmony_link.hpp"

namespace fusion {

class HarmonyDesk {
public:
    // Both outlive it. `book`: from which chords are planned.
    explicit HarmonyDesk(ParamStore& params, const HarmonyBook& book = {})
        : params_{params}, teller_{book}, plan_{book} {}

    void assign_to(ActionDesk& actions);
    // "Dm7 G7 | C^7"; nothing gives the line back.
    Status play(std::string_view text);
    // "A A B A'"; nothing gives the form back to the genres.
    Status arrange(std::string_view text);
    void hold(const Chord& chord);
    // Another bundle's. The one before it is read for a moment yet.
    void plan_from(const HarmonyBook& book);

    // For the one planner.
    [[nodiscard]] HarmonyTeller& teller() { return teller_; }
    // Which chord is in force at a cell of the line, by hand or by plan; none: the line is free.
    [[nodiscard]] Chord at(std::int64_t cell);
    // Which section it lies in; none: it has no form.
    [[nodiscard]] std::optional<SectionName> section_at(std::int64_t cell) const;

private:
    ParamStore& params_;
    HarmonyTeller teller_;
    HarmonyPlan plan_;
};

}  // namespace fusion
