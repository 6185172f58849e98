// The harmony that is planned: a chord for every half bar ahead of the line, drawn from what the
// genres of the blend play (engine/model/chord_model.hpp).
//
// A phrase of four bars whose tune returns (form_plan.hpp) has the chords of the one that it brings
// back; of the others some bring back the chords under a new tune (form_model.hpp), as verses and
// choruses do; the rest are drawn chord by chord, phrases of even number opening a period and of
// odd number closing it. The last one of all, where the line is to end, ends with dominant and
// tonic. Each phrase is its leader's (lead.hpp), all of a form are in one mode.
//
// The dice are fixed before they are thrown: what is planned is a pure function of (book, ask,
// cell), so a step that is made again finds the same chord, and whoever tells of the chords (the
// control thread) finds those that the line hears (the inference thread), each with a plan of its
// own.
// Thread: one for each plan. Errors: none.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "engine/model/harmony_ask.hpp"
#include "engine/music/genre_weights.hpp"
#include "engine/music/meter.hpp"
#include "engine/plan/form_plan.hpp"
#include "engine/plan/hand_harmony.hpp"
#include "engine/plan/harmony_book.hpp"

namespace fusion {

struct PlanAsk {
    Blend blend;  // silent: nothing is planned
    std::uint64_t seed = 1;
    std::uint8_t part = 0;
    float inertia = 1.0F;  // as in SamplingSettings
    float form = 1.0F;
    Meter meter;
    std::optional<std::uint32_t> last_phrase{};  // which ends on its tonic; none: it goes on

    [[nodiscard]] FormAsk of_form() const { return {blend, seed, part, form}; }
    friend bool operator==(const PlanAsk&, const PlanAsk&) = default;
};

class HarmonyPlan {
public:
    HarmonyPlan() = default;
    // What `book` points to outlives it.
    explicit HarmonyPlan(const HarmonyBook& book, Form form = {})
        : book_{book}, by_hand_{std::move(form)} {}

    [[nodiscard]] bool empty() const { return book_.chords.empty(); }
    // Whether it is that of this book and form.
    [[nodiscard]] bool is_of(const HarmonyBook& book, const Form& form) const {
        return book.chords.data() == book_.chords.data() &&
               book.forms.data() == book_.forms.data() && form == by_hand_;
    }
    // Stands until this one is moved or goes.
    [[nodiscard]] FormPlan form() const { return {book_.forms, by_hand_}; }
    // At a cell of the line, 0 or more; in C major or A minor.
    [[nodiscard]] ChordsAhead at(const PlanAsk& ask, std::int64_t cell);
    // How strictly the phrase of this cell obeys its chords, 0 to 1.
    [[nodiscard]] float pull(const PlanAsk& ask, std::int64_t cell) const;

private:
    static constexpr std::size_t kHalves = 8;  // of a phrase
    using Halves = std::array<Chord, kHalves>;
    struct Known {
        std::uint32_t phrase = 0;
        std::optional<Halves> halves;
    };

    [[nodiscard]] const Halves& halves_of(const PlanAsk& ask, std::uint32_t phrase);
    [[nodiscard]] Halves gather(const PlanAsk& ask, std::uint32_t phrase) const;
    [[nodiscard]] Halves draw(const PlanAsk& ask, std::uint32_t phrase) const;
    void close(Halves& halves, const PlanAsk& ask, std::uint32_t phrase) const;
    [[nodiscard]] HomeMode mode_of(const PlanAsk& ask, std::uint32_t phrase) const;

    HarmonyBook book_;
    Form by_hand_;
    PlanAsk known_ask_;
    std::array<Known, 2> known_;  // a phrase and the one after it
};

// What a step that begins at `cell` is asked for by the plan; without one it is told its place and
// no chord. `strictness`: 0, no chord; up to 1, a factor on the genres' own pull; from there to 2
// the way from that to chord tones wherever one is heard as such. In the phrase that is to end, as
// strictly as by hand. `before`: what the step before it was asked for.
[[nodiscard]] HarmonyAsk planned_ask(HarmonyPlan& plan, const PlanAsk& ask, std::int64_t cell,
                                     float strictness, const HarmonyAsk& before);

}  // namespace fusion
