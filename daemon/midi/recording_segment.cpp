#include "daemon/midi/recording_segment.hpp"

#include <array>
#include <cerrno>
#include <string>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/whole_file.hpp"
#include "engine/corpus/smf_bytes.hpp"

namespace fusion {

Result<RecordingSegment> RecordingSegment::open(const std::filesystem::path& wanted) {
    auto claimed = claim_recording(wanted);
    if (!claimed) return tl::unexpected{claimed.error()};
    return RecordingSegment{std::move(*claimed)};
}

Status RecordingSegment::append(std::span<const std::uint8_t> bytes) {
    const auto before = size_;
    while (!bytes.empty()) {
        const auto done = ::write(file_.descriptor.number(), bytes.data(), bytes.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) {
            const int error = done == 0 ? ENOSPC : errno;
            // Half an event is worth nothing, and what comes next would stand behind it.
            if (size_ != before && file_.is_file &&
                ::ftruncate(file_.descriptor.number(), static_cast<off_t>(before)) == 0 &&
                ::lseek(file_.descriptor.number(), static_cast<off_t>(before), SEEK_SET) >= 0)
                size_ = before;
            return write_failure(file_.path, error);
        }
        size_ += static_cast<std::uint64_t>(done);
        written_ += static_cast<std::uint64_t>(done);
        bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
    return {};
}

void RecordingSegment::sync() {
    if (file_.is_file) static_cast<void>(::fdatasync(file_.descriptor.number()));
}

Status RecordingSegment::close() {
    if (!file_.is_file) return {};
    SmfBytes length;
    put_big_endian(length, size_ - kSmfHeadBytes, 4);
    const bool said = ::pwrite(file_.descriptor.number(), length.data(), length.size(),
                               kSmfTrackLengthAt) == static_cast<ssize_t>(length.size());
    const int error = errno;
    written_ += length.size();
    sync();
    if (!said) return write_failure(file_.path, error);
    if (!file_.descriptor.close()) return write_failure(file_.path, errno);
    return {};
}

bool RecordingSegment::is_gone() const {
    struct stat about {};
    return file_.is_file && ::fstat(file_.descriptor.number(), &about) == 0 && about.st_nlink == 0;
}

}  // namespace fusion
