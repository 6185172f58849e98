// An OSC message by value, and its bytes. liblo writes the messages; they are read here and in
// arguments.hpp, bundles too. A message that is its path alone, without even a type tag string, is
// taken as one without arguments: senders from before OSC 1.0 ask like that. Arguments without type
// tags cannot be told apart and are malformed. Thread: any. Errors: malformed (bytes from outside
// that are no OSC).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/result.hpp"

namespace fusion {

struct OscOther {  // a type whose value nothing here takes
    char type;
    friend bool operator==(const OscOther&, const OscOther&) = default;
};
struct OscChar {
    char value;
    friend bool operator==(const OscChar&, const OscChar&) = default;
};
using OscArg =
    std::variant<std::int32_t, std::int64_t, float, double, bool, std::string, OscOther, OscChar>;

struct OscMessage {
    std::string path;
    std::vector<OscArg> args;
    friend bool operator==(const OscMessage&, const OscMessage&) = default;
};

// i, h, f, d, T and F as a number; none for the rest.
[[nodiscard]] std::optional<double> osc_number(const OscArg& arg);
// s, S and c as text, as long as `arg` is there; none for the rest.
[[nodiscard]] std::optional<std::string_view> osc_text(const OscArg& arg);
// A number, or the text of one.
[[nodiscard]] std::optional<double> osc_number_or_text(const OscArg& arg);
[[nodiscard]] char osc_type(const OscArg& arg);

// What servers send of themselves: answering it could go back and forth for ever.
[[nodiscard]] bool is_osc_answer(std::string_view path);

// When a bundle is meant: seconds since 1900 in the upper 32 bits, their fraction in the lower
// (NTP).
struct OscTimeTag {
    std::uint64_t ntp = 1;

    // 1 says so; 0 is what senders without a clock write.
    [[nodiscard]] bool at_once() const { return ntp <= 1; }
    friend auto operator<=>(const OscTimeTag&, const OscTimeTag&) = default;
};

// A message with the time tag of the innermost bundle around it,
// and with what it took on the wire.
struct TimedOscMessage : OscMessage {
    OscTimeTag when;
    std::size_t bytes = 0;
};

// Longer paths and patterns are malformed: ours end well before, and what looks for the nearest
// path or matches a pattern takes time that grows with them.
inline constexpr std::size_t kLongestOscPath = 255;

// One datagram: a message, or a bundle of them (bundles within bundles to a depth of 8) in the
// order they stand. A bundle within another may not be earlier than it: where it says so, the later
// time holds. All or nothing.
[[nodiscard]] Result<std::vector<TimedOscMessage>> decode_osc(std::span<const std::uint8_t> packet);
// The path of a message whose rest may be malformed; empty where there is none to read.
[[nodiscard]] std::string osc_path_of(std::span<const std::uint8_t> packet);
[[nodiscard]] std::vector<std::uint8_t> encode_osc(const OscMessage& message);

}  // namespace fusion
