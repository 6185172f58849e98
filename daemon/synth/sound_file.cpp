#include "daemon/synth/sound_file.hpp"

#include <fmt/format.h>
#include <sndfile.h>

namespace fusion {
namespace {

constexpr int kSides = 2;

int format_of(SoundFormat format) {
    switch (format) {
        case SoundFormat::wav: return SF_FORMAT_WAV | SF_FORMAT_PCM_24;
        case SoundFormat::flac: return SF_FORMAT_FLAC | SF_FORMAT_PCM_24;
        case SoundFormat::ogg: return SF_FORMAT_OGG | SF_FORMAT_VORBIS;
    }
    return 0;
}

}  // namespace

Result<SoundFile> SoundFile::open(const SoundTarget& target, SampleRate rate) {
    SF_INFO info{};
    info.samplerate = static_cast<int>(rate.count());
    info.channels = kSides;
    info.format = format_of(target.format);
    SoundFile opened{sf_open(target.file.c_str(), SFM_WRITE, &info), target.file};
    if (opened.file_ == nullptr) return opened.refused(sf_strerror(nullptr));
    auto* file = opened.file_.get();
    sf_command(file, SFC_SET_CLIPPING, nullptr, SF_TRUE);
    double quality = 0.6;  // of Vorbis, some 190 kbit a second; the others lose nothing
    sf_command(file, SFC_SET_VBR_ENCODING_QUALITY, &quality, sizeof quality);
    sf_set_string(file, SF_STR_SOFTWARE, "fusiond");
    return opened;
}

Status SoundFile::write(std::span<const float> interleaved) {
    const auto frames = static_cast<sf_count_t>(interleaved.size() / kSides);
    if (sf_writef_float(file_.get(), interleaved.data(), frames) == frames) return {};
    return refused(sf_strerror(file_.get()));
}

Status SoundFile::close() {
    sf_write_sync(file_.get());
    const int error = sf_close(file_.release());
    if (error == 0) return {};
    return refused(sf_error_number(error));
}

void SoundFile::End::operator()(sf_private_tag* file) const noexcept { sf_close(file); }

tl::unexpected<Error> SoundFile::refused(const char* why) const {
    return fail(Error::Code::io,
                fmt::format("sound file {}: {}; give a path that can be written, and room",
                            path_.string(), why));
}

}  // namespace fusion
