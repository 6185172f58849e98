// Keys and scales as musicians write them: "Db", "A#", "c sharp", "E♭", "Am", "D dorian".
//
// A letter A to G in either case; #, b, ♯, ♭, "sharp" or "flat"; then, if it says more than the
// key, "m", "min", "maj" or the name of a scale. Two readings are refused rather than guessed, and
// the refusal names both: "AM" (A major, or Am in capitals) and what German spells otherwise ("H"
// and "Fis"; "As", which is A flat there and A sharp elsewhere), since whoever writes H for B means
// B flat by B.
// Thread: any. Errors: out_of_range (what it is not, and what would be understood).
#pragma once

#include <optional>
#include <string_view>

#include "engine/base/result.hpp"

namespace fusion {

// As values of the parameters key and scale.
struct Tonality {
    double key = 0.0;
    std::optional<double> scale;  // none: not said
    friend bool operator==(const Tonality&, const Tonality&) = default;
};

[[nodiscard]] Result<Tonality> read_tonality(std::string_view text);

// A scale's word, "harmonic minor" and "Aeolian" too; none where it is none.
[[nodiscard]] std::optional<double> find_scale(std::string_view text);

}  // namespace fusion
