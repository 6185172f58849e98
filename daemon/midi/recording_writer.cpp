#include "daemon/midi/recording_writer.hpp"

#include <algorithm>
#include <utility>

namespace fusion {

void RecordingWriter::take(RecordedItem item) {
    const auto place =
        std::upper_bound(held_.begin(), held_.end(), item.when,
                         [](TimePoint when, const RecordedItem& one) { return when < one.when; });
    held_.insert(place, std::move(item));
    // More than is ever played in kHeld: its order is not worth the memory.
    if (held_.size() > kMostHeld) write_until(held_[kMostHeld / 2].when, held_.front().when);
}

void RecordingWriter::turn(TimePoint now) {
    write_until(now - kHeld, now);
    if (segment_ && split_by_ && score_.silent() && held_.empty()) close(now);
    if (segment_ && now >= next_write_) flush(now);
    if (segment_ && now >= next_sync_) {
        next_sync_ = now + options_.sync_every;
        segment_->sync();
        if (segment_->is_gone())
            give_up(file().string() + " was removed while it was written", now);
    }
    if (segment_) look_at_limits(now);
}

void RecordingWriter::write_until(TimePoint until, TimePoint now) {
    while (!held_.empty() && held_.front().when <= until) {
        put(held_.front(), now);
        held_.pop_front();
    }
}

void RecordingWriter::put(const RecordedItem& item, TimePoint now) {
    if (segment_ && split_is_due(item)) close(now);
    if (!segment_ && item.is_note_on()) open(item, now);
    const auto before = pending_.size();
    score_.put(item, pending_);
    if (pending_.size() > before) ++pending_messages_;
    if (segment_ && trouble_.empty() && pending_.size() > kMostPending / 4) flush(now);
    if (pending_.size() > kMostPending)
        give_up(trouble_.empty() ? "the disk is too slow for the recording" : trouble_, now);
}

bool RecordingWriter::split_is_due(const RecordedItem& next) const {
    return split_by_ && next.is_note_on() && (score_.silent() || next.when >= *split_by_);
}

void RecordingWriter::look_at_limits(TimePoint now) {
    if (split_by_) return;
    if (now - begun_ < options_.segment_length &&
        segment_->size() + pending_.size() < options_.segment_bytes)
        return;
    split(now);
}

void RecordingWriter::split(TimePoint now) {
    if (segment_) split_by_ = now + kSilenceWithin;
}

void RecordingWriter::mend() {
    if (!std::exchange(mended_, true)) mend_recordings(options_.place());
}

void RecordingWriter::open(const RecordedItem& first, TimePoint now) {
    if (now < next_try_) {
        ++lost_;
        return;
    }
    const auto place = options_.place();
    mend();
    auto opened = RecordingSegment::open(place);
    if (!opened) {
        ++lost_;
        trouble_ = opened.error().message;
        next_try_ = now + kTryAgain;
        return;
    }
    segment_.emplace(std::move(*opened));
    ++segments_;
    begun_ = now;
    split_by_.reset();
    next_write_ = now + kWriteEvery;
    next_sync_ = now + options_.sync_every;
    pending_.clear();
    pending_messages_ = 0;
    score_.begin(first.when, pending_);
}

void RecordingWriter::flush(TimePoint now) {
    next_write_ = now + kWriteEvery;
    if (pending_.empty()) return;
    if (auto appended = segment_->append(pending_); !appended) {
        trouble_ = appended.error().message;
        next_write_ = now + kTryAgain;
        return;
    }
    trouble_.clear();
    pending_.clear();
    pending_messages_ = 0;
}

void RecordingWriter::close(TimePoint now) {
    score_.end(pending_);
    flush(now);
    if (!pending_.empty()) return give_up(trouble_, now);
    if (auto closed = segment_->close(); !closed) return give_up(closed.error().message, now);
    whole_file_ = segment_->path();
    written_ += segment_->written();
    segment_.reset();
    split_by_.reset();
    keep_recordings(whole_file_, options_.kept, std::filesystem::file_time_type::clock::now());
}

// What is in the file stays there, and is mended at the next start; what is not, is lost.
void RecordingWriter::give_up(std::string why, TimePoint now) {
    if (score_.begun()) {
        SmfBytes nowhere;
        score_.end(nowhere);
    }
    trouble_ = std::move(why);
    lost_ += pending_messages_;
    pending_.clear();
    pending_messages_ = 0;
    if (segment_) {
        written_ += segment_->written();
        const auto left = segment_->path();
        segment_.reset();
        // Where there is room for nothing more there may be for this, or else at the next start.
        static_cast<void>(mend_recording(left));
    }
    split_by_.reset();
    next_try_ = now + kTryAgain;
}

void RecordingWriter::finish(TimePoint now) {
    write_until(TimePoint::max(), now);
    if (segment_) close(now);
}

std::filesystem::path RecordingWriter::file() const {
    return segment_ ? segment_->path() : options_.place();
}

}  // namespace fusion
