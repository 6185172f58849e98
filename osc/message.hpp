// An OSC message by value, and its bytes. liblo reads and writes the messages; bundles are taken
// apart here.
// Thread: any. Errors: malformed (bytes from outside that are no OSC).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "engine/base/result.hpp"

namespace fusion {

struct OscOther {  // a type that nothing here takes
    char type;
    friend bool operator==(const OscOther&, const OscOther&) = default;
};
using OscArg = std::variant<std::int32_t, std::int64_t, float, double, bool, std::string, OscOther>;

struct OscMessage {
    std::string path;
    std::vector<OscArg> args;
    friend bool operator==(const OscMessage&, const OscMessage&) = default;
};

// i, h, f, d, T and F as a number; none for the rest.
[[nodiscard]] std::optional<double> osc_number(const OscArg& arg);
[[nodiscard]] char osc_type(const OscArg& arg);

// One datagram: a message, or a bundle of them (bundles within bundles to a depth of 8) in the
// order they stand. Time tags are not waited for. All or nothing.
[[nodiscard]] Result<std::vector<OscMessage>> decode_osc(std::span<const std::uint8_t> packet);
[[nodiscard]] std::vector<std::uint8_t> encode_osc(const OscMessage& message);

}  // namespace fusion
