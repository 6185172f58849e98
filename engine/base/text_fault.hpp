// Where a text that a person wrote cannot be read, and how that person is told: at which character,
// what is wrong there, and what would be right.
// Thread: any. Errors: none.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.hpp"

namespace fusion {

struct TextFault {
    std::size_t at;     // the byte, from 0
    std::string what;   // "H7 is no chord"
    std::string right;  // "a root is A to G, as in Bb7"
};

template <class T>
using TextResult = tl::expected<T, TextFault>;

// "character 5: H7 is no chord; a root is A to G, as in Bb7". Characters are counted from 1, and as
// a person counts them: a sign of several bytes (UTF-8) is one.
[[nodiscard]] Error to_error(const TextFault& fault, std::string_view text);

}  // namespace fusion
