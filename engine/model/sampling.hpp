// How an event is chosen from scores: temperature, top-p, the share of argmax decisions, and dice
// that are fixed before they are thrown.
//
// Noise is a counter-based random number of (seed, part, step, event), taken by Gumbel-max: the
// choice is the argmax of log-probability + Gumbel noise. A step that is chosen again after a small
// turn of a knob throws the same dice, so what is heard is the change of the weights and nothing
// else, and rolling back costs no state. Thread: any. Errors: none.
#pragma once

#include <cstdint>
#include <span>

#include "engine/model/generator.hpp"

namespace fusion {

// Which line of dice: the fused line, a genre's own melody, or the hand that plays.
enum class DiceStream : std::uint8_t {
    fused = 0,
    fallback = 1,
    hand_time = 2,
    hand_loudness = 3,
    leader = 4,
    form = 5,
    chord_form = 6,
    chords = 7,
    band = 8,        // and 9, 10: which patterns bass, chords and drums play
    band_hand = 11,  // and 12, 13: how they are touched
    genre_base = 16,
};

struct Dice {
    std::uint64_t seed = 1;
    std::uint32_t step = 0;
    std::uint8_t part = 0;
    std::uint8_t stream = 0;  // a DiceStream, or genre_base + g

    // Uniform in (0, 1), never 0 or 1. Philox 4x32-10 of the key (seed) and the counter (step,
    // part, stream, event).
    [[nodiscard]] float uniform(std::uint32_t event) const;
};

// Adds to the scores what `density` and `rests` ask for; at 0 and 0 they stay to the bit. It comes
// before the temperature, so that a line of argmax decisions leans too. `scores`: one per event.
void lean_towards(std::span<float> scores, const Vocabulary& vocabulary,
                  const SamplingSettings& settings);

// The lengths' own temperature: events of one length keep their shares among themselves, and the
// lengths' shares become sharper below 1 and flatter above. At 1 scores stay to the bit. `scores`:
// one per event.
void temper_lengths(std::span<float> scores, const Vocabulary& vocabulary, float temperature);

// Makes rests longer than `longest` impossible, unless no note is possible. `scores`: one per
// event.
void forbid_longer_rests(std::span<float> scores, const Vocabulary& vocabulary, Cells longest);

// `event` is expected with this probability: the rest is shared as the scores have it.
void expect(std::span<float> scores, EventId event, float probability);

// The events of this one's tone come no surer than so together, unless no other is possible; the
// rest is shared as the scores have it. `scores`: one per event.
void limit_tone(std::span<float> scores, const Vocabulary& vocabulary, EventId event, float most);

// Makes one event impossible, unless no other is possible.
void forbid(std::span<float> scores, EventId event);

// `scores`: one log-probability (not necessarily normalised) per event; it is overwritten as
// scratch. Non-finite scores count as impossible; if none is finite, event 0 is returned.
[[nodiscard]] EventId choose(std::span<float> scores, const SamplingSettings& settings,
                             const Dice& dice);

}  // namespace fusion
