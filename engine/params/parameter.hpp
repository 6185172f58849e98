// The table laid out flat for one bundle: every parameter, then every family's member for every
// genre. Who shows, stores, maps or sends values goes by this list and need not know which is
// which. Thread: any (constant once made). Errors: none.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/params/snapshot.hpp"

namespace fusion {

struct GenreMember {
    FamilyId family;
    std::size_t genre;
    friend bool operator==(const GenreMember&, const GenreMember&) = default;
};

struct Parameter {
    std::variant<ParamId, GenreMember> of;
    std::string tail;  // "tempo", "weight/jazz": OSC path and configuration key
    ParamType type;
    std::string_view unit;
    double minimum;
    double maximum;
    double initial;
    std::optional<std::uint8_t> cc;
    std::string_view doc;
    Words words;
    Scope scope;

    [[nodiscard]] bool is_weight() const {
        const auto* member = std::get_if<GenreMember>(&of);
        return member != nullptr && member->family == FamilyId::weight;
    }
};

// A place in the list. Parameters come first, in the order of ParamId.
using ParameterIndex = std::size_t;

[[nodiscard]] std::vector<Parameter> parameters_of(std::span<const std::string> genres);

[[nodiscard]] double value_of(const Parameter& parameter, const ParamSnapshot& snapshot);
void put_value(const Parameter& parameter, double value, ParamSnapshot& snapshot);

// A choice's word for a value, or none.
[[nodiscard]] std::optional<std::string_view> word_of(const Parameter& parameter, double value);

}  // namespace fusion
