// The files of a recording: "session.mid", then "session-2.mid" and on, each for the first that
// claims it and never written over. Which of them belong together, and which go when there is too
// much of it.
//
// A claim is the lock (flock) on an empty file: two daemons never have the same, and no clock that
// tells the day is needed for it. Rejected: numbers found by looking for the first that is free; it
// looks at ten thousand names after a year, and takes up again the name of one that was removed.
// Thread: control at start (can_record_to), the recorder's. Errors: io, with what to do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "engine/base/descriptor.hpp"
#include "engine/base/result.hpp"

namespace fusion {

struct ClaimedFile {
    std::filesystem::path path;
    Descriptor descriptor;  // locked while it is open
    bool is_file = true;    // false: a pipe or /dev/null, which is written to as it is
};

// `wanted` where that is free, else the next number after all that are there. 0640 less the umask.
[[nodiscard]] Result<ClaimedFile> claim_recording(const std::filesystem::path& wanted);
// Whether there could be one, without making it.
[[nodiscard]] Status can_record_to(const std::filesystem::path& wanted);

// How much of what was recorded is kept; 0: no limit.
struct RecordingKept {
    std::chrono::hours age{0};
    std::uint64_t bytes = 0;
    friend bool operator==(const RecordingKept&, const RecordingKept&) = default;
};

// Recordings of ours in the folder of `latest`, by the age of their last byte: those whose names
// are its own but for numbers and dates. Without those that are being written.
[[nodiscard]] std::vector<std::filesystem::path> recordings_like(
    const std::filesystem::path& latest);
// Removes the oldest of them; never `latest`. How many went.
std::size_t keep_recordings(const std::filesystem::path& latest, const RecordingKept& kept,
                            std::filesystem::file_time_type now);

}  // namespace fusion
