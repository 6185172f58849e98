#include "daemon/midi/frame_writer.hpp"

#include <algorithm>
#include <utility>

namespace fusion {
namespace {

constexpr std::uint8_t kFirstSystemStatus = 0xF0;

// Counters have no partner: nothing is read through them.
void count_one(std::atomic<std::uint64_t>& counter) noexcept {
    counter.fetch_add(1, std::memory_order_relaxed);
}

bool matters_when_too_late(const MidiMessage& message) noexcept {
    return !message.is_note_on() && message.bytes[0] < kFirstSystemStatus;
}

}  // namespace

void FrameWriter::begin(const FrameTime::Period& period, PeriodBuffer& buffer) noexcept {
    period_ = period;
    buffer_ = &buffer;
    written_ = Frames{0};
    full_ = false;
    // A note-off may have been among what found no room.
    if (std::exchange(lost_passing_, false)) end_passed();
}

void FrameWriter::silence(Quiet channels) noexcept {
    own_.release_all([this](const MidiMessage& message) { put(Frames{0}, message); });
    end_passed();
    for (std::uint8_t c = 0; c < 16; ++c) {
        if (channels == Quiet::used_channels && (used_channels_ >> c & 1U) == 0) continue;
        for (const unsigned controller : {kSustainPedal, kAllNotesOff, kAllSoundOff})
            put(Frames{0}, control_change(Channel{c}, controller, 0));
    }
}

void FrameWriter::end_passed() noexcept {
    passed_.release_all([this](const MidiMessage& message) { put(written_, message); });
}

// Our own come first at the same frame: among them is our MIDI clock.
void FrameWriter::pass(Frames offset, const MidiMessage& message) noexcept {
    write_own(offset + Frames{1});
    if (put(std::max(offset, written_), message)) {
        remember(passed_, message);
    } else {
        lost_passing_ = true;
        count_one(counters_.not_passed);
    }
}

void FrameWriter::end() noexcept {
    write_own(period_.length);
    buffer_ = nullptr;
    const bool waits = take();
    if (waits && full_ && offset_of(next_) < period_.length) count_one(counters_.kept_over);
    empty_.store(!waits, std::memory_order_release);  // partner: empty()
}

std::uint64_t FrameWriter::forget() noexcept {
    std::uint64_t count = 0;
    while (take()) {
        has_next_ = false;
        ++count;
    }
    empty_.store(true, std::memory_order_release);  // partner: empty()
    return count;
}

void FrameWriter::write_own(Frames end) noexcept {
    while (take()) {
        const auto wanted = offset_of(next_);
        if (wanted >= end) return;
        if (period_.grid.length_of(Frames{0} - wanted) > kTooLate &&
            !matters_when_too_late(next_.message)) {
            count_one(counters_.too_late);
            has_next_ = false;
            continue;
        }
        const auto offset = std::max(wanted, written_);
        if (!put(offset, next_.message)) return;
        if (offset > wanted && !next_.at_once) count_late(offset - wanted);
        remember(own_, next_.message);
        has_next_ = false;
    }
}

Frames FrameWriter::offset_of(const TimedMessage& message) const noexcept {
    return period_.grid.frame_at(message.deadline) - period_.first;
}

bool FrameWriter::take() noexcept {
    if (!has_next_) has_next_ = queue_.try_pop(next_);
    return has_next_;
}

bool FrameWriter::put(Frames offset, const MidiMessage& message) noexcept {
    if (full_ || !buffer_->write(offset, message.span())) {
        full_ = true;
        return false;
    }
    written_ = offset;
    return true;
}

void FrameWriter::remember(NoteLedger& ledger, const MidiMessage& message) noexcept {
    ledger.note(message);
    if (message.bytes[0] < kFirstSystemStatus) used_channels_ |= 1U << message.channel().count();
}

void FrameWriter::count_late(Frames by) noexcept {
    count_one(counters_.late);
    if (by.count() > counters_.most_late.load(std::memory_order_relaxed))  // one writer
        counters_.most_late.store(by.count(), std::memory_order_relaxed);
}

}  // namespace fusion
