// From where a controller stands to the value that it means, and back.
//
// With p from 0 at the lower end to 1 at the upper one, value = minimum + (maximum - minimum) ·
// c(p): linear c = p, exponential c = (32^p - 1) / 31, logarithmic the mirror of it, ln(1 + 31 p) /
// ln 32. (A constant ratio a step, as one might expect of `exponential`, has no place for a range
// that holds 0.) minimum above maximum turns it all round. A choice and a toggle share the way out
// evenly among their words. An exact way back gives each position back that is not lost in
// rounding. Thread: control. Errors: none; values are never outside minimum..maximum.
#pragma once

#include "config/midi_binding.hpp"
#include "engine/params/parameter.hpp"

namespace fusion {

class ControllerRange {
public:
    ControllerRange(const Parameter& parameter, const MidiBinding& binding);

    // `position`: 0 to `highest`. Whole where the parameter is.
    [[nodiscard]] double value(unsigned position, unsigned highest) const;
    // The position that stands for `value`, the nearest end where it is outside.
    [[nodiscard]] unsigned position(double value, unsigned highest) const;
    // So many clicks of an encoder on from `value`. A value outside moves inwards only.
    [[nodiscard]] double stepped(double value, int clicks) const;

    [[nodiscard]] double minimum() const { return minimum_; }
    [[nodiscard]] double maximum() const { return maximum_; }
    [[nodiscard]] double clamped(double value) const;
    // Less than this apart is the same: weights are kept as floats.
    [[nodiscard]] double tolerance() const;

private:
    [[nodiscard]] bool is_in_words() const;
    [[nodiscard]] double at(double share) const;
    [[nodiscard]] double share_of(double value) const;

    ParamType type_;
    double minimum_;
    double maximum_;
    Curve curve_;
    std::optional<double> step_;
};

}  // namespace fusion
