// `./dev faults recording_week [DAYS]`: all parts recorded for seven days in simulated time: how
// memory grows, what is written over what the files hold, and whether every note is there once.
#include <malloc.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "daemon/midi/recording_writer.hpp"
#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

std::size_t in_use() { return ::mallinfo2().uordblks; }

struct Found {
    std::uint64_t bytes = 0;
    std::uint64_t notes = 0;
    std::uint64_t hanging = 0;
    std::uint64_t mended = 0;
    std::uint64_t files = 0;
};

Found look_at(const fs::path& folder) {
    Found found;
    for (const auto& one : fs::directory_iterator{folder}) {
        const auto bytes = read_file(one.path(), kMaxSmfBytes);
        const auto smf =
            bytes ? read_smf(*bytes, one.path().string()) : Result<Smf>{fail(Error::Code::io, "")};
        ++found.files;
        if (!smf || !smf->mends.empty()) {
            ++found.mended;
            continue;
        }
        found.bytes += bytes->size();
        std::uint64_t offs = 0, ons = 0;
        for (const auto& [at, message] : smf->tracks.front().messages) {
            if (message.is_note_on()) ++ons;
            if (message.is_note_off()) ++offs;
        }
        found.notes += ons;
        found.hanging += ons > offs ? ons - offs : offs - ons;
    }
    return found;
}

int run(int days) {
    // In memory, where there is such a place: it is not the disk that is measured.
    const fs::path base = fs::exists("/dev/shm") ? "/dev/shm" : fs::temp_directory_path();
    const auto folder = base / fmt::format("fusion-week-{}", ::getpid());
    fs::create_directories(folder);
    RecordingOptions options;
    options.place = [&] { return folder / "week.mid"; };
    RecordingWriter writer{options};

    const TimePoint start{100s};
    std::uint64_t notes = 0;
    std::size_t after_an_hour = 0, most = 0;
    constexpr auto kSecond = 1s;
    const auto end = start + days * 24h;
    std::uint64_t random = 1;
    for (auto now = start; now < end; now += kSecond) {
        // Line, bass, chords of three, drums and two genres' own parts, at 120 BPM.
        for (unsigned eighth = 0; eighth < 4; ++eighth) {
            const auto due = now + eighth * 250ms;
            for (unsigned part = 0; part < 8; ++part) {
                random = random * 6364136223846793005U + 1442695040888963407U;
                if (random >> 62U == 0U) continue;
                const Channel channel{static_cast<std::uint8_t>(part)};
                const Pitch pitch{static_cast<std::uint8_t>(36 + (random >> 40U) % 48)};
                writer.take({due, note_on(channel, pitch, Velocity{90})});
                writer.take({due + 230ms, note_off(channel, pitch)});
                ++notes;
            }
            writer.turn(due);
        }
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - start).count();
        if (seconds == 3600) after_an_hour = in_use();
        if (seconds > 3600 && seconds % 60 == 0) most = std::max(most, in_use());
    }
    writer.finish(end);
    const auto found = look_at(folder);
    fs::remove_all(folder);
    // An hour has seen all buffers at their size but for a piece of the queue.
    const auto growth = most > after_an_hour ? most - after_an_hour : 0;
    const double ratio = static_cast<double>(writer.written()) / static_cast<double>(found.bytes);
    fmt::print(
        "{} days: {} notes in {} files of {:.1f} MB; written over file size {:.4f} (at most 1.1); "
        "memory grew by {} bytes after the first hour (at most 4096); notes that no file has {}, "
        "hanging {}, files that a reader had to mend {} (0)\n",
        days, notes, found.files, static_cast<double>(found.bytes) * 1e-6, ratio, growth,
        notes - found.notes, found.hanging, found.mended);
    const bool good = ratio <= 1.1 && growth <= 4096 && found.notes == notes &&
                      found.hanging == 0 && found.mended == 0 && writer.lost() == 0;
    return good ? 0 : 1;
}

}  // namespace
}  // namespace fusion

int main(int argc, char** argv) { return fusion::run(argc > 1 ? std::atoi(argv[1]) : 7); }
