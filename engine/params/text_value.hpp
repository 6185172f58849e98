// Values as text: what somebody typed, or a program that knows no numbers sent. The one reading for
// OSC, fusionctl, the configuration, the state file and the command line.
//
//   a number   "96", " +96.5 ", "1e2"; a decimal comma is refused, with what would be understood
//   a toggle   on, off, true, false, yes, no, or a number
//   a choice   its word without regard to case, blanks, hyphens and underscores, or its number
//   key        tonality.hpp; may say the scale too, as scale may say the key
//
// Range is not looked at here: see fit(). Thread: any. Errors: out_of_range (no value, or two).
#pragma once

#include <optional>
#include <string_view>

#include "engine/params/value_shape.hpp"

namespace fusion {

struct TextValue {
    struct Other {
        ParamId id;
        double value;
        friend bool operator==(const Other&, const Other&) = default;
    };
    double value = 0.0;
    std::optional<Other> other;  // of "D dorian", what is not of the shape that was asked for
    friend bool operator==(const TextValue&, const TextValue&) = default;
};

// Whether it is key or scale, of which one text may say both.
[[nodiscard]] bool may_say_both(const ValueShape& shape);

// None of NaN, infinity, hexadecimal and units.
[[nodiscard]] Result<double> read_number(std::string_view text);
[[nodiscard]] Result<TextValue> read_value(const ValueShape& shape, std::string_view text);

}  // namespace fusion
