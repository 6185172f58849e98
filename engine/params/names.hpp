// Names as they are known and as people write them. What differs in case alone is the same name,
// unless there are two of that kind: then only the exact one counts. Case is ASCII's; what is not
// ASCII must stand as it is.
// Thread: any. Errors: none.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace fusion {

[[nodiscard]] bool same_but_for_case(std::string_view a, std::string_view b);

// In small letters, without blanks, hyphens and underscores: "Harmonic minor" is harmonic_minor.
[[nodiscard]] std::string bare_word(std::string_view text);

// As much of a text from outside as a message can bear.
[[nodiscard]] std::string shortened(std::string_view text);

// The place among `known`, whose names `name_of` gives; none where there is none, or several.
template <class Known, class NameOf = std::identity>
[[nodiscard]] std::optional<std::size_t> place_of_name(const Known& known, std::string_view name,
                                                       NameOf name_of = {}) {
    std::optional<std::size_t> alike;
    std::size_t count = 0;
    std::size_t place = 0;
    for (const auto& one : known) {
        const std::string_view other = std::invoke(name_of, one);
        if (other == name) return place;
        if (same_but_for_case(other, name)) {
            alike = place;
            ++count;
        }
        ++place;
    }
    return count == 1 ? alike : std::nullopt;
}

}  // namespace fusion
