#include "engine/base/text_fault.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace fusion {

Error to_error(const TextFault& fault, std::string_view text) {
    const auto before = text.substr(0, std::min(fault.at, text.size()));
    // A byte of the form 10xxxxxx goes on with a sign.
    const auto signs = std::count_if(before.begin(), before.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    });
    return {Error::Code::malformed,
            fmt::format("character {}: {}; {}", signs + 1, fault.what, fault.right)};
}

}  // namespace fusion
