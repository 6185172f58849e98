// What is given by hand of harmony and form: a progression, the chord that is held on a keyboard,
// and sections. Which of the chords is obeyed says the parameter `harmony`; where it says nothing,
// chords are planned from the book, and so is the form.
//
// A progression lies along the transport: its first bar is at the beginning and again after each
// round, wherever it was given; so two who play together are at the same chord.
// Thread: any (plain values); what is asked allocates nothing. Errors: none.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/music/meter.hpp"
#include "engine/plan/form.hpp"
#include "engine/plan/harmony_book.hpp"
#include "engine/plan/progression.hpp"

namespace fusion {

// In the order of the words of ParamId::harmony.
enum class HarmonySource : std::uint8_t { plan, hand, midi };

struct ChordsAhead {
    Chord now;                      // none: nobody says
    std::optional<NextChord> next;  // the next other one, where one is known
    friend bool operator==(const ChordsAhead&, const ChordsAhead&) = default;
};

struct HandHarmony {
    std::uint64_t serial = 0;  // grows with every change
    Progression progression{};
    Chord held{};
    Form form{};
    std::uint64_t form_serial = 0;  // grows when the form changes
    HarmonyBook book{};

    // Whether this source says anything at all.
    [[nodiscard]] bool speaks(HarmonySource source) const;
    // What it says at a cell of the line (engine/music/meter.hpp), 0 or more.
    [[nodiscard]] ChordsAhead at(HarmonySource source, std::int64_t cell, Meter meter) const;
};

}  // namespace fusion
