#include "daemon/midi/recording_place.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"

namespace fusion {
namespace {

// What our recorder writes before the first note, with room for a longer name.
constexpr std::size_t kMostOfNothing = 256;

bool holds_something(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) return false;
    const auto size = std::filesystem::file_size(file, error);
    if (error || size > kMostOfNothing) return true;
    if (size == 0) return false;
    const auto bytes = read_file(file, kMostOfNothing);
    if (!bytes) return true;
    const auto smf = read_smf(*bytes, file.string());
    const auto has_note = [](const SmfTrack& track) {
        return std::ranges::any_of(track.messages,
                                   [](const SmfMessage& one) { return one.message.is_note_on(); });
    };
    return !smf || smf->tracks.empty() || std::ranges::any_of(smf->tracks, has_note);
}

}  // namespace

Result<std::filesystem::path> recording_place(const std::filesystem::path& wanted) {
    constexpr int kMost = 9999;
    auto place = wanted;
    for (int number = 2; holds_something(place); ++number) {
        if (number > kMost)
            return fail(Error::Code::unavailable,
                        fmt::format("{}: {} recordings of that name are there already; move them "
                                    "away or name another",
                                    wanted.string(), kMost));
        place = wanted;
        place.replace_filename(
            fmt::format("{}-{}{}", wanted.stem().string(), number, wanted.extension().string()));
    }
    return place;
}

}  // namespace fusion
