// Which section of the form is played (engine/plan/form_plan.hpp), told as it changes: on the beat
// on which the clock reaches it, and at once where a hand has changed it. Thread: control. Errors:
// none.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "daemon/hands/harmony_desk.hpp"
#include "engine/realtime/crossing/played_event.hpp"

namespace fusion {

// As it is told and stands in files: "A", "B'"; "-" where the line has no form.
[[nodiscard]] std::string section_text(const std::optional<SectionName>& section);

// "section:A".
[[nodiscard]] std::string section_marker(const std::string& section);

class SectionTeller {
public:
    using Listener = std::function<void(const std::string& section, TimePoint due)>;

    // `desk` outlives it.
    SectionTeller(const HarmonyDesk& desk, Listener listener)
        : desk_{desk}, listener_{std::move(listener)} {}

    void played(const PlayedEvent& event);
    // The form may be another: the play head stands at `head`.
    void look(Ticks head, TimePoint now);

private:
    const HarmonyDesk& desk_;
    Listener listener_;
    std::optional<SectionName> told_;
};

}  // namespace fusion
