// Which sound font is played: the one that is named, else the first of those that Debian packages
// (timgm6mb-soundfont's own, the system's default), else FluidSynth's default.
// Thread: any. Errors: not_found, with what to install.
#pragma once

#include <filesystem>
#include <string>

#include "engine/base/result.hpp"

namespace fusion {

// `named` is empty where nobody named one.
[[nodiscard]] Result<std::filesystem::path> find_sound_font(const std::string& named);

}  // namespace fusion
