// Any bytes as what a crash left of a recording: behind a head of ours, and without one. What was
// mended is a whole file of ours that a reader takes as it is, and is not mended twice.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>

#include <fmt/format.h>

#include "daemon/midi/recording_score.hpp"
#include "daemon/midi/recording_segment.hpp"
#include "engine/base/log.hpp"
#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"

namespace {

using namespace fusion;

void mend(std::span<const std::uint8_t> bytes) {
    namespace fs = std::filesystem;
    static const auto file =
        (fs::exists("/dev/shm") ? fs::path{"/dev/shm"} : fs::temp_directory_path()) /
        fmt::format("fuzzed-{}.mid", ::getpid());
    if (!write_file(file, bytes)) std::abort();
    const auto mended = mend_recording(file);
    if (mended && *mended == Mended::yes) {
        if (!is_whole_recording(file)) std::abort();
        const auto now = read_file(file, kMaxSmfBytes);
        if (!now) std::abort();
        const auto smf = read_smf(*now, "fuzzed.mid");
        if (!smf || !smf->mends.empty()) std::abort();
        const auto twice = mend_recording(file);
        if (!twice || *twice != Mended::no_need) std::abort();
    }
    fs::remove(file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const bool quiet = [] {
        log::set_level(log::Level::error);
        return true;
    }();
    static_cast<void>(quiet);
    mend({bytes, size});
    SmfBytes ours;
    put_smf_head(ours, static_cast<std::uint16_t>(kTicksPerBeat.count()),
                 RecordingScore::kOpenLength);
    ours.push_back(0);
    put_text_event(ours, kSmfTrackName, RecordingScore::kName);
    ours.insert(ours.end(), bytes, bytes + size);
    mend(ours);
    return 0;
}
