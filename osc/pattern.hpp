// OSC address patterns: ? * [a-c] [!a-c] {jazz,pop}, none of which crosses a slash.
//
// Our own, not liblo's lo_pattern_match: that one goes back over every star before it gives up, so
// a hostile "*?*?*?..." of one datagram holds the thread for minutes. This one remembers where it
// has been and is bounded by pattern length times path length.
// Thread: any. Errors: none; a malformed pattern matches nothing.
#pragma once

#include <string_view>

namespace fusion {

[[nodiscard]] bool is_osc_pattern(std::string_view path);
[[nodiscard]] bool osc_pattern_matches(std::string_view pattern, std::string_view path);

}  // namespace fusion
