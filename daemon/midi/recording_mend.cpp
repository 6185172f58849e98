// What a crash left is made a whole file (recording_segment.hpp).
#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/midi/recording_score.hpp"
#include "daemon/midi/recording_segment.hpp"
#include "engine/base/log.hpp"
#include "engine/base/whole_file.hpp"
#include "engine/music/midi_message.hpp"

namespace fusion {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHead = kSmfHeadBytes + 4 + RecordingScore::kName.size();  // with the name

enum class Kind : std::uint8_t { foreign, whole, open };

Kind kind_of(int file) {
    std::array<std::uint8_t, kHead> head{};
    if (::pread(file, head.data(), head.size(), 0) != static_cast<ssize_t>(head.size()))
        return Kind::foreign;
    SmfBytes ours;
    put_smf_head(ours, static_cast<std::uint16_t>(kTicksPerBeat.count()),
                 RecordingScore::kOpenLength);
    ours.push_back(0);
    put_text_event(ours, kSmfTrackName, RecordingScore::kName);
    const auto same = [&](std::size_t from, std::size_t to) {
        return std::equal(head.begin() + static_cast<std::ptrdiff_t>(from),
                          head.begin() + static_cast<std::ptrdiff_t>(to),
                          ours.begin() + static_cast<std::ptrdiff_t>(from));
    };
    if (!same(0, kSmfTrackLengthAt) || !same(kSmfHeadBytes, kHead)) return Kind::foreign;
    return same(kSmfTrackLengthAt, kSmfHeadBytes) ? Kind::open : Kind::whole;
}

// A file from its beginning to its end, a byte at a time, through one block.
class ByteReader {
public:
    ByteReader(int file, std::uint64_t from) : file_{file}, at_{from}, block_at_{from} {}

    std::optional<std::uint8_t> next() {
        if (at_ == block_at_ + filled_) {
            block_at_ = at_;
            const auto got = ::pread(file_, block_.data(), block_.size(), static_cast<off_t>(at_));
            filled_ = got > 0 ? static_cast<std::size_t>(got) : 0;
            if (filled_ == 0) return {};
        }
        return block_[at_++ - block_at_];
    }
    [[nodiscard]] std::uint64_t at() const { return at_; }

private:
    int file_;
    std::uint64_t at_, block_at_;
    std::size_t filled_ = 0;
    std::array<std::uint8_t, 65536> block_;
};

// The whole events of a track as we write it: no running status, no system exclusive.
class TornTrack {
public:
    explicit TornTrack(int file) : bytes_{file, kSmfHeadBytes} {
        while (!ended_ && event()) end_ = bytes_.at();
    }
    // Behind the last whole event, and what is missing there.
    [[nodiscard]] std::uint64_t end() const { return end_; }
    [[nodiscard]] SmfBytes rest() const {
        if (ended_) return {};
        SmfBytes out;
        for (std::size_t key = 0; key < counts_.size(); ++key)
            for (int n = 0; n < counts_[key]; ++n)
                out.insert(out.end(), {0, static_cast<std::uint8_t>(0x80U | (key >> 7U)),
                                       static_cast<std::uint8_t>(key & 0x7FU), 64});
        out.push_back(0);
        out.insert(out.end(), kSmfEndOfTrack.begin(), kSmfEndOfTrack.end());
        return out;
    }

private:
    std::optional<std::uint32_t> variable_length() {
        std::uint32_t value = 0;
        for (int group = 0; group < 4; ++group) {
            const auto byte = bytes_.next();
            if (!byte) return {};
            value = (value << 7U) | (*byte & 0x7FU);
            if (*byte < 0x80U) return value;
        }
        return {};
    }
    bool event() {
        if (!variable_length()) return false;
        const auto status = bytes_.next();
        if (!status) return false;
        if (*status == 0xFFU) return meta();
        std::vector<std::uint8_t> all{*status};
        if (*status >= 0xF0U) return false;
        for (auto left = midi_length(*status); left > 1; --left) {
            const auto byte = bytes_.next();
            if (!byte) return false;
            all.push_back(*byte);
        }
        const auto message = MidiMessage::from(all);
        if (!message) return false;
        if (message->is_note_on() || message->is_note_off()) {
            auto& count =
                counts_[std::size_t{message->channel().count()} * 128 + message->pitch().count()];
            count += message->is_note_on() ? 1 : (count > 0 ? -1 : 0);
        }
        return true;
    }
    bool meta() {
        const auto kind = bytes_.next();
        const auto size = kind ? variable_length() : std::nullopt;
        if (!size || *kind > 0x7FU || *size > 0xFFFFU) return false;
        for (auto left = *size; left > 0; --left)
            if (!bytes_.next()) return false;
        ended_ = *kind == kSmfEndOfTrack[1];
        return true;
    }

    ByteReader bytes_;
    std::uint64_t end_ = kSmfHeadBytes;
    bool ended_ = false;
    std::array<int, std::size_t{16} * 128> counts_{};
};

bool write_at(int file, const SmfBytes& bytes, std::uint64_t at) {
    return ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at)) ==
           static_cast<ssize_t>(bytes.size());
}

}  // namespace

bool is_whole_recording(const fs::path& file) {
    const Descriptor in{::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)};
    return in.open() && kind_of(in.number()) == Kind::whole;
}

Result<Mended> mend_recording(const fs::path& file) {
    Descriptor out{::open(file.c_str(), O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)};
    if (!out.open()) return write_failure(file, errno);
    if (kind_of(out.number()) != Kind::open) return Mended::no_need;
    if (::flock(out.number(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        return Mended::no_need;
    const TornTrack track{out.number()};
    const auto rest = track.rest();
    SmfBytes length;
    put_big_endian(length, track.end() + rest.size() - kSmfHeadBytes, 4);
    // The length last: until then it is a file that waits to be mended.
    if (!write_at(out.number(), rest, track.end()) ||
        ::ftruncate(out.number(), static_cast<off_t>(track.end() + rest.size())) != 0 ||
        ::fsync(out.number()) != 0 || !write_at(out.number(), length, kSmfTrackLengthAt) ||
        ::fsync(out.number()) != 0)
        return write_failure(file, errno);
    return Mended::yes;
}

std::size_t mend_recordings(const fs::path& wanted) {
    const auto folder = wanted.parent_path().empty() ? fs::path{"."} : wanted.parent_path();
    std::size_t mended = 0;
    std::error_code error;
    for (fs::directory_iterator at{folder, error}, end; !error && at != end; at.increment(error)) {
        if (at->path().extension() != wanted.extension()) continue;
        std::error_code gone;
        if (!at->is_regular_file(gone)) continue;
        const auto done = mend_recording(at->path());
        if (done && *done == Mended::yes) {
            ++mended;
            log::info("{} was left open by a crash; it is whole now", at->path().string());
        }
    }
    return mended;
}

}  // namespace fusion
