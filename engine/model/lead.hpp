// Who leads a blend. Where each note is drawn from a mixture of genres, each may come from another
// piece; so a blend is played in sentences: over each phrase one genre leads, drawn in proportion
// to the weights, and `inertia` says how far the mixture leans to it (1: it plays alone; 0: every
// note is the mixture's). The line that they share remembers all of it (recall.hpp).
//
// The dice are fixed before they are thrown, as for the notes: a phrase keeps its leader while a
// knob turns, until the weights give it to another; a genre alone always leads.
// Thread: any. Errors: none.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/model/generator.hpp"
#include "engine/model/sampling.hpp"

namespace fusion {

inline constexpr int kPhraseBars = 4;

// Which phrase of the line a cell lies in.
[[nodiscard]] std::uint32_t phrase_of(std::int64_t cell, Meter meter);
// Which phrase is asked about, and under what.
struct Leading {
    std::uint64_t seed = 1;
    std::uint32_t phrase = 0;
    std::uint8_t part = 0;
    float inertia = 1.0F;
};
[[nodiscard]] Leading leading(const StepRequest& request);
// Who leads the phrase: none without inertia, or where all is silent.
[[nodiscard]] std::optional<std::size_t> leader_of(const Blend& blend, const Leading& leading);
// The blend as its phrase's leader has it.
[[nodiscard]] Blend led(const Blend& blend, const Leading& leading);
// The dice of the line's own choice at this step, or of the fallback's: each leader has its own, so
// that two genres do not begin alike, and a line goes on as it went while its leader stays.
[[nodiscard]] Dice dice_of(const StepRequest& request, DiceStream stream);
// The blend of this step.
[[nodiscard]] Blend led(const StepRequest& request);

}  // namespace fusion
