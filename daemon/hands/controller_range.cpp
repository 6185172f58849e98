#include "daemon/hands/controller_range.hpp"

#include <algorithm>
#include <cmath>

namespace fusion {
namespace {

constexpr double kSteepness = 32.0;
constexpr double kClicksOverAll = 127.0;

double bent(Curve curve, double share) {
    switch (curve) {
        case Curve::linear: return share;
        case Curve::exponential: return (std::pow(kSteepness, share) - 1.0) / (kSteepness - 1.0);
        case Curve::logarithmic:
            return std::log1p((kSteepness - 1.0) * share) / std::log(kSteepness);
    }
    return share;
}

double unbent(Curve curve, double share) {
    switch (curve) {
        case Curve::linear: return share;
        case Curve::exponential: return bent(Curve::logarithmic, share);
        case Curve::logarithmic: return bent(Curve::exponential, share);
    }
    return share;
}

}  // namespace

ControllerRange::ControllerRange(const Parameter& parameter, const MidiBinding& binding)
    : type_{parameter.type},
      minimum_{std::clamp(binding.minimum.value_or(parameter.minimum), parameter.minimum,
                          parameter.maximum)},
      maximum_{std::clamp(binding.maximum.value_or(parameter.maximum), parameter.minimum,
                          parameter.maximum)},
      curve_{binding.curve},
      step_{binding.step} {
    if (type_ == ParamType::real) return;
    minimum_ = std::round(minimum_);
    maximum_ = std::round(maximum_);
}

bool ControllerRange::is_in_words() const {
    return type_ == ParamType::choice || type_ == ParamType::toggle;
}

double ControllerRange::clamped(double value) const {
    return std::clamp(value, std::min(minimum_, maximum_), std::max(minimum_, maximum_));
}

double ControllerRange::tolerance() const { return 1e-6 * std::abs(maximum_ - minimum_); }

double ControllerRange::at(double share) const {
    // Both ends exactly.
    if (share <= 0.0) return minimum_;
    if (share >= 1.0) return maximum_;
    const double value = minimum_ + (maximum_ - minimum_) * bent(curve_, share);
    return clamped(type_ == ParamType::real ? value : std::round(value));
}

double ControllerRange::share_of(double value) const {
    if (minimum_ == maximum_) return 0.0;
    const double share = (clamped(value) - minimum_) / (maximum_ - minimum_);
    return std::clamp(unbent(curve_, share), 0.0, 1.0);
}

double ControllerRange::value(unsigned position, unsigned highest) const {
    const double place = std::min(position, highest);
    if (!is_in_words()) return at(place / highest);
    const double words = std::abs(maximum_ - minimum_) + 1.0;
    const double word = std::min(std::floor(place * words / (highest + 1.0)), words - 1.0);
    return maximum_ >= minimum_ ? minimum_ + word : minimum_ - word;
}

unsigned ControllerRange::position(double value, unsigned highest) const {
    if (!is_in_words()) return static_cast<unsigned>(std::lround(share_of(value) * highest));
    // Where the lights show it best, from end to end, yet within its own share of the way.
    const double last = std::abs(maximum_ - minimum_);
    if (last == 0.0) return 0;
    const double word = std::abs(std::round(clamped(value)) - minimum_);
    const double share = (highest + 1.0) / (last + 1.0);
    const double shown = std::round(word / last * highest);
    return static_cast<unsigned>(
        std::clamp(shown, std::ceil(word * share), std::ceil((word + 1.0) * share) - 1.0));
}

double ControllerRange::stepped(double value, int clicks) const {
    if (clicks == 0) return value;
    const double low = std::min(minimum_, maximum_);
    const double high = std::max(minimum_, maximum_);
    const double way = maximum_ >= minimum_ ? clicks : -clicks;
    const bool outside = value < low || value > high;
    if (outside && (value > high) == (way > 0.0)) return value;
    if (type_ == ParamType::real && !step_ && !outside)
        return at(share_of(value) + clicks / kClicksOverAll);
    const double step =
        step_.value_or(type_ == ParamType::real ? (high - low) / kClicksOverAll : 1.0);
    const double there = value + way * step;
    return value > high  ? std::max(there, low)
           : value < low ? std::min(there, high)
                         : clamped(there);
}

}  // namespace fusion
