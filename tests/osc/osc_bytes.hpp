// Datagrams by hand, the malformed ones too.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "osc/message.hpp"

namespace fusion {

using Bytes = std::vector<std::uint8_t>;

inline Bytes operator+(Bytes a, const Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

inline Bytes word(std::uint32_t value) {
    return {static_cast<std::uint8_t>(value >> 24U), static_cast<std::uint8_t>(value >> 16U),
            static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value)};
}

// With its null, to a multiple of 4.
inline Bytes padded(std::string_view text) {
    Bytes bytes{text.begin(), text.end()};
    bytes.resize(bytes.size() / 4 * 4 + 4);
    return bytes;
}

inline Bytes bundle_head(OscTimeTag when = {}) {
    return padded("#bundle") + word(static_cast<std::uint32_t>(when.ntp >> 32U)) +
           word(static_cast<std::uint32_t>(when.ntp));
}

inline Bytes bundle_of(const std::vector<Bytes>& elements, OscTimeTag when = {}) {
    auto bytes = bundle_head(when);
    for (const auto& element : elements)
        bytes = bytes + word(static_cast<std::uint32_t>(element.size())) + element;
    return bytes;
}

inline OscTimeTag seconds_after(OscTimeTag tag, double seconds) {
    return {tag.ntp +
            static_cast<std::uint64_t>(static_cast<std::int64_t>(seconds * 4294967296.0))};
}

}  // namespace fusion
