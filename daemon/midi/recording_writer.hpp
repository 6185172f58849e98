// A recording from what is to be recorded to its files, without a thread: things are held for a
// moment and put in order of time, written each half second, and a new file is begun when one is
// long or large enough, where nothing sounds or four seconds later at the latest. A file begins
// with a note: where none is played there is none.
//
// What cannot be written (a full disk, one that became read-only) is tried again every few seconds;
// what is played meanwhile is kept as far as kMostPending goes, and told as lost beyond it.
// Thread: one (the recorder's, or a test's). Errors: trouble().
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "daemon/midi/recording_score.hpp"
#include "daemon/midi/recording_segment.hpp"

namespace fusion {

struct RecordingOptions {
    // Where the next file goes where the name is free; asked for each.
    std::function<std::filesystem::path()> place;
    Bpm tempo{120.0};
    std::uint64_t segment_bytes = std::uint64_t{8} << 20;
    Nanos segment_length{std::chrono::hours{24}};
    RecordingKept kept{};
    Nanos sync_every{std::chrono::seconds{30}};
};

class RecordingWriter {
public:
    static constexpr Nanos kHeld{std::chrono::milliseconds{150}};
    static constexpr Nanos kWriteEvery{std::chrono::milliseconds{500}};
    static constexpr Nanos kTryAgain{std::chrono::seconds{5}};
    static constexpr Nanos kSilenceWithin{std::chrono::seconds{4}};
    static constexpr std::size_t kMostHeld = 8192;
    static constexpr std::size_t kMostPending = std::size_t{256} << 10;

    explicit RecordingWriter(RecordingOptions options)
        : options_{std::move(options)}, score_{options_.tempo} {}

    // What a crash left in the folder becomes whole, once.
    void mend();
    // Near the order of time; what is later than kHeld stands at the last place that is written.
    void take(RecordedItem item);
    // Writes what is old enough. To be called each 100 ms or so.
    void turn(TimePoint now);
    // The file that is being written is closed soon, and the next note begins another.
    void split(TimePoint now);
    // All that was taken is written, and the file is whole.
    void finish(TimePoint now);

    [[nodiscard]] bool writing() const { return segment_.has_value(); }
    // That is being written, else that comes next.
    [[nodiscard]] std::filesystem::path file() const;
    // The last that was closed; empty: none yet.
    [[nodiscard]] const std::filesystem::path& whole_file() const { return whole_file_; }
    [[nodiscard]] const std::string& trouble() const { return trouble_; }  // empty: none
    [[nodiscard]] std::uint64_t lost() const { return lost_; }             // messages
    [[nodiscard]] std::uint64_t written() const {
        return written_ + (segment_ ? segment_->written() : 0);
    }
    [[nodiscard]] std::uint64_t segments() const { return segments_; }

private:
    void write_until(TimePoint until, TimePoint now);
    void put(const RecordedItem& item, TimePoint now);
    [[nodiscard]] bool split_is_due(const RecordedItem& next) const;
    void look_at_limits(TimePoint now);
    void open(const RecordedItem& first, TimePoint now);
    void close(TimePoint now);
    void flush(TimePoint now);
    void give_up(std::string why, TimePoint now);

    RecordingOptions options_;
    RecordingScore score_;
    std::deque<RecordedItem> held_;  // by time
    SmfBytes pending_;               // of the segment, not yet in its file
    std::uint64_t pending_messages_ = 0;
    std::optional<RecordingSegment> segment_;
    TimePoint begun_{}, next_write_{}, next_sync_{}, next_try_{};
    std::optional<TimePoint> split_by_;  // set: at the next silence, by then at the latest
    std::filesystem::path whole_file_;
    std::string trouble_;
    std::uint64_t lost_ = 0;
    std::uint64_t written_ = 0;  // of the segments before
    std::uint64_t segments_ = 0;
    bool mended_ = false;
};

}  // namespace fusion
