// The files that may become a tape by name: the MIDI files that lie in the folder of recordings
// itself, and nothing else of the machine. A name is a name, never a way: whoever may send OSC here
// reads no file that lies elsewhere, through a link or otherwise.
// Thread: any but clock. Errors: not_found (with the nearest name), malformed, io, unsupported.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"

namespace fusion {

// The newest first.
[[nodiscard]] std::vector<std::string> tapes_in(const std::filesystem::path& folder);
inline constexpr std::size_t kMostTapesListed = 100;

[[nodiscard]] Result<std::vector<std::uint8_t>> read_from_shelf(const std::filesystem::path& folder,
                                                                std::string_view name);

}  // namespace fusion
