#include "engine/params/value_shape.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

namespace fusion {

ValueShape shape_of(const ParamSpec& row) {
    return {row.name, row.type, row.minimum, row.maximum, row.words, row.id};
}

ValueShape shape_of(const FamilySpec& row) {
    return {row.name, row.type, row.minimum, row.maximum, row.words};
}

ValueShape shape_of(const Control& control) {
    ValueShape shape{control.tail, control.type, control.minimum, control.maximum, control.words};
    if (const auto* id = std::get_if<ParamId>(&control.of)) shape.id = *id;
    return shape;
}

ValueShape shape_of(const ArgumentSpec& number, std::string_view name) {
    return {name, ParamType::real, number.minimum, number.maximum};
}

Result<Applied> fit(const ValueShape& shape, double value) {
    if (!std::isfinite(value))
        return fail(Error::Code::out_of_range,
                    fmt::format("{}: {} is not a number; give one from {} to {}", shape.name, value,
                                shape.minimum, shape.maximum));
    const double whole = shape.type == ParamType::real ? value : std::round(value);
    const double kept = std::clamp(whole, shape.minimum, shape.maximum);
    if (shape.id == ParamId::meter_denominator && !std::has_single_bit(static_cast<unsigned>(kept)))
        return fail(Error::Code::out_of_range,
                    fmt::format("{}: {} is not 1, 2, 4, 8 or 16", shape.name, kept));
    return Applied{kept, kept != whole};
}

}  // namespace fusion
