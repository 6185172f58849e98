// How far each stretch of a piece lies from C major or A minor: by its key signatures where they
// ring true, else by one estimate for the whole piece.
// Who calls: extract.cpp. Thread: any. Errors: none.
#pragma once

#include <span>
#include <vector>

#include "engine/corpus/melody.hpp"
#include "engine/corpus/smf.hpp"

namespace fusion {

// From `from` on, to the next one, notes are `semitones` (-5 to 6) from home.
struct HomeShift {
    SmfTime from;
    int semitones;
    friend bool operator==(const HomeShift&, const HomeShift&) = default;
};

// Never empty. The first holds from the start, and before it.
[[nodiscard]] std::vector<HomeShift> home_shifts(const Smf& smf, const Voice& lead);

[[nodiscard]] int shift_at(std::span<const HomeShift> shifts, SmfTime at);

}  // namespace fusion
