// Whether a MIDI port is the one that was asked for. ALSA's names end in "client:port" numbers that
// change from boot to boot; they are left out on both sides.
// Thread: any. Errors: none.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fusion {

// "Synth:MIDI In 24:0" is "Synth:MIDI In".
[[nodiscard]] std::string_view without_numbers(std::string_view port);

// Case does not matter. With * or ? the whole name must fit the pattern; otherwise a part will do.
[[nodiscard]] bool port_matches(std::string_view wanted, std::string_view port);

// The first match; an exact name before a part of one.
[[nodiscard]] std::optional<unsigned> find_port(std::string_view wanted,
                                                std::span<const std::string> ports);

}  // namespace fusion
