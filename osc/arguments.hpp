// The type tags and arguments of one OSC message, from its bytes. Our own and not liblo's, which
// refuses a message whole for an array or a colour in it, where only the argument is of no use.
//
//   i f c r m   4 bytes        s S   text, its null, to a multiple of 4
//   h d t       8 bytes        b     4 bytes of length, so many, to a multiple of 4
//   T F N I     none           [ ]   none; what stands between them is taken as if they did not
//
// Bounds are the bytes': no count or length in them is believed beyond the end.
// Thread: any. Errors: malformed (cut short, too long, a type that OSC does not know).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/result.hpp"
#include "osc/message.hpp"

namespace fusion {

// `bytes`: what follows the path.
[[nodiscard]] Result<std::vector<OscArg>> read_osc_arguments(std::span<const std::uint8_t> bytes);

}  // namespace fusion
