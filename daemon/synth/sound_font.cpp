#include "daemon/synth/sound_font.hpp"

#include <array>
#include <system_error>

#include <fluidsynth.h>
#include <fmt/format.h>

#include "daemon/synth/fluid_settings.hpp"

namespace fusion {
namespace {

constexpr std::array kPackaged{"/usr/share/sounds/sf2/TimGM6mb.sf2",
                               "/usr/share/sounds/sf2/default-GM.sf2"};

bool is_there(const std::filesystem::path& file) {
    std::error_code error;
    return std::filesystem::is_regular_file(file, error);
}

std::filesystem::path fluid_default() {
    const auto settings = make_fluid_settings();
    std::array<char, 4096> path{};
    fluid_settings_copystr(settings.get(), "synth.default-soundfont", path.data(),
                           static_cast<int>(path.size()));
    return path.data();
}

}  // namespace

Result<std::filesystem::path> find_sound_font(const std::string& named) {
    if (!named.empty()) {
        if (is_there(named)) return std::filesystem::path{named};
        return fail(Error::Code::not_found,
                    fmt::format("sound font {}: no such file; leave [synth] font empty for the "
                                "packaged one",
                                named));
    }
    for (const auto* file : kPackaged)
        if (is_there(file)) return std::filesystem::path{file};
    if (auto file = fluid_default(); !file.empty() && is_there(file)) return file;
    return fail(Error::Code::not_found,
                "no sound font: install timgm6mb-soundfont, or name a file as [synth] font");
}

}  // namespace fusion
