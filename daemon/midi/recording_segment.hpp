// One file of a recording, written from its beginning to its end and at no other place: each piece
// is appended, and when the end is known the length of its track is written over the mark that says
// "not known yet". A crash leaves a file with that mark and perhaps half an event at its end, which
// mend_recordings() cuts and closes at the next start (ADR-recording.md).
// Thread: one (the recorder's). Errors: io. What could not be appended is not in the file in part.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "daemon/midi/recording_place.hpp"
#include "engine/base/result.hpp"

namespace fusion {

class RecordingSegment {
public:
    // Empty until something is appended.
    static Result<RecordingSegment> open(const std::filesystem::path& wanted);

    Status append(std::span<const std::uint8_t> bytes);
    // All of it is on the disk.
    void sync();
    // The track ends with what was appended.
    Status close();

    [[nodiscard]] const std::filesystem::path& path() const { return file_.path; }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    // Handed to the system so far, the length that is patched too.
    [[nodiscard]] std::uint64_t written() const { return written_; }
    // Somebody removed it while it was being written.
    [[nodiscard]] bool is_gone() const;

private:
    explicit RecordingSegment(ClaimedFile file) : file_{std::move(file)} {}

    ClaimedFile file_;
    std::uint64_t size_ = 0;
    std::uint64_t written_ = 0;
};

// A recording of ours that was closed. False for one that is being written or waits to be mended.
[[nodiscard]] bool is_whole_recording(const std::filesystem::path& file);

enum class Mended : std::uint8_t { no_need, yes };
// Cuts half an event at the end, ends what sounds, and closes the track. Leaves alone what is no
// recording of ours, what is whole and what somebody writes.
Result<Mended> mend_recording(const std::filesystem::path& file);
// All in the folder of `wanted`, with its ending; how many were mended.
std::size_t mend_recordings(const std::filesystem::path& wanted);

}  // namespace fusion
