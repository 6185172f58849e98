// What a line has made a habit of: which notes it has used, and which lengths, how often, after
// which, and where in the bar. A piece keeps to a few of each, and to its own; a model of a genre
// knows all that its pieces use. So the networks are told how likely each tone and each length is
// by the line itself, and learn, moment by moment, how far to go by that (the short-term model of
// prediction by partial match, and of Pearce's IDyOM, here as scores inside a network).
//
// Each habit is a logarithm: how much likelier than any other the line makes a tone or a length, 0
// where it does not say. Newer events count more (half after kHalfLife). Only what was made under a
// blend like that of the line's newest event counts, as in recall.hpp.
// Letters: T tones, D lengths (event_classes.hpp). Thread: any. Errors: none. Allocates.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/event_classes.hpp"
#include "engine/model/recall.hpp"

namespace fusion {

enum class ToneHabit : std::uint8_t {
    tone,         // each pitch, and the rest
    pitch_class,  // in any octave
    after_tone,   // after the line's last tone
    interval,     // from the line's last note
};
inline constexpr std::size_t kToneHabits = 4;

enum class LengthHabit : std::uint8_t {
    length,
    after_length,  // after the line's last length
    at_place,      // at this place in the bar
    onset,         // where the next event would begin: did any begin at that place
};
inline constexpr std::size_t kLengthHabits = 4;

struct Habits {
    std::vector<float> tones;    // (kToneHabits, T), row by row
    std::vector<float> lengths;  // (kLengthHabits, D)
    friend bool operator==(const Habits&, const Habits&) = default;
};

inline constexpr double kHalfLife = 128.0;  // events

// No habit.
[[nodiscard]] Habits no_habits(const EventClasses& classes);
// Of the line so far, for an event at this place in the bar.
[[nodiscard]] Habits habits_of(const LineMemory& memory, const EventClasses& classes,
                               std::uint8_t position, MeterClass meter);

}  // namespace fusion
