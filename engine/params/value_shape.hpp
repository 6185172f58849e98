// What a value may be, whichever row of the table it belongs to, and the one place where a number
// is brought into its range. Thread: any. Errors: out_of_range (a number that no range can mend).
#pragma once

#include <optional>
#include <string_view>

#include "engine/base/result.hpp"
#include "engine/params/parameter.hpp"
#include "engine/params/table.hpp"

namespace fusion {

struct ValueShape {
    ParamType type;
    double minimum;
    double maximum;
    Words words{};
    std::optional<ParamId> id{};  // of a parameter, which may have rules of its own
};

[[nodiscard]] ValueShape shape_of(const ParamSpec& row);
[[nodiscard]] ValueShape shape_of(const FamilySpec& row);
[[nodiscard]] ValueShape shape_of(const Parameter& parameter);
[[nodiscard]] ValueShape shape_of(const ArgumentSpec& number);

// The value in force, and whether it had to be clamped to get there.
struct Applied {
    double value;
    bool clamped;
};

// Rounded, where the type wants that, then clamped. NaN, infinity and a denominator that no note
// has are refused.
[[nodiscard]] Result<Applied> fit(const ValueShape& shape, double value);

// For files and command lines, which somebody can mend: what would be clamped or rounded is
// refused.
[[nodiscard]] Result<double> fit_exactly(const ValueShape& shape, double value);

// "tempo: ..."
[[nodiscard]] tl::unexpected<Error> about(std::string_view name, const Error& error);

}  // namespace fusion
