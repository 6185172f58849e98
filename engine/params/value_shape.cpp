#include "engine/params/value_shape.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

namespace fusion {

ValueShape shape_of(const ParamSpec& row) {
    return {row.type, row.minimum, row.maximum, row.words, row.id};
}

ValueShape shape_of(const FamilySpec& row) {
    return {row.type, row.minimum, row.maximum, row.words};
}

ValueShape shape_of(const Parameter& parameter) {
    ValueShape shape{parameter.type, parameter.minimum, parameter.maximum, parameter.words};
    if (const auto* id = std::get_if<ParamId>(&parameter.of)) shape.id = *id;
    return shape;
}

ValueShape shape_of(const ArgumentSpec& number) {
    return {ParamType::real, number.minimum, number.maximum};
}

Result<Applied> fit(const ValueShape& shape, double value) {
    if (!std::isfinite(value))
        return fail(Error::Code::out_of_range,
                    fmt::format("{} is not a number; give one from {} to {}", value, shape.minimum,
                                shape.maximum));
    const double whole = shape.type == ParamType::real ? value : std::round(value);
    const double kept = std::clamp(whole, shape.minimum, shape.maximum);
    if (shape.id == ParamId::meter_denominator && !std::has_single_bit(static_cast<unsigned>(kept)))
        return fail(Error::Code::out_of_range, fmt::format("{} is not 1, 2, 4, 8 or 16", kept));
    return Applied{kept, kept != whole};
}

Result<double> fit_exactly(const ValueShape& shape, double value) {
    const auto applied = fit(shape, value);
    if (!applied) return tl::unexpected{applied.error()};
    if (applied->clamped)
        return fail(Error::Code::out_of_range,
                    fmt::format("{} is out of range; give one from {} to {}", value, shape.minimum,
                                shape.maximum));
    if (applied->value != value)
        return fail(Error::Code::out_of_range, fmt::format("{} is no whole number", value));
    return value;
}

tl::unexpected<Error> about(std::string_view name, const Error& error) {
    return fail(error.code, fmt::format("{}: {}", name, error.message));
}

}  // namespace fusion
