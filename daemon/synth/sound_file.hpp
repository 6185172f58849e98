// A file of sound that is being written, stereo, through libsndfile.
// Thread: one. Errors: io, with what to do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "daemon/midi/frame_time.hpp"
#include "engine/base/result.hpp"

struct sf_private_tag;

namespace fusion {

enum class SoundFormat : std::uint8_t { wav, flac, ogg };  // 24 bits, 24 bits, Vorbis

struct SoundTarget {
    SoundFormat format = SoundFormat::wav;
    std::filesystem::path file;
};

class SoundFile {
public:
    // Opened at once, so that a place that cannot be written is known before the music is made.
    static Result<SoundFile> open(const SoundTarget& target, SampleRate rate);

    // Left and right by turns, within -1 and 1.
    Status write(std::span<const float> interleaved);
    // Writes what is left.
    Status close();

private:
    struct End {
        void operator()(sf_private_tag* file) const noexcept;
    };
    SoundFile(sf_private_tag* file, std::filesystem::path path)
        : file_{file}, path_{std::move(path)} {}
    [[nodiscard]] tl::unexpected<Error> refused(const char* why) const;

    std::unique_ptr<sf_private_tag, End> file_;
    std::filesystem::path path_;
};

}  // namespace fusion
