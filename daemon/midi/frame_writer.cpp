#include "daemon/midi/frame_writer.hpp"

#include <algorithm>
#include <utility>

namespace fusion {
namespace {

constexpr std::uint8_t kAllOfThem = (1U << kSilenceControllers.size()) - 1;

// Counters have no partner: nothing is read through them.
void count_one(std::atomic<std::uint64_t>& counter) noexcept {
    counter.fetch_add(1, std::memory_order_relaxed);
}

bool matters_when_too_late(const MidiMessage& message) noexcept {
    return !message.is_note_on() && message.is_of_a_channel();
}

}  // namespace

void FrameWriter::begin(const FrameTime::Period& period, PeriodBuffer& buffer) noexcept {
    period_ = period;
    buffer_ = &buffer;
    written_ = Frames{0};
    full_ = false;
    pay();
}

void FrameWriter::silence(Quiet channels) noexcept {
    own_.owed.add(own_.sounding);
    passed_.owed.add(passed_.sounding);
    for (std::size_t c = 0; c < owed_quiet_.size(); ++c)
        if (channels == Quiet::all_channels || (used_channels_ >> c & 1U) != 0)
            owed_quiet_[c] = kAllOfThem;
    owes_ = true;
    pay();
}

void FrameWriter::end_passed() noexcept {
    passed_.owed.add(passed_.sounding);
    owes_ = true;
    pay();
}

// Where one finds no room, none after it does: the order is kept, and so no note begins before what
// is owed.
void FrameWriter::pay() noexcept {
    if (!std::exchange(owes_, false)) return;
    pay(own_);
    pay(passed_);
    for (std::uint8_t c = 0; c < owed_quiet_.size(); ++c)
        for (std::size_t i = 0; i < kSilenceControllers.size(); ++i) {
            if ((owed_quiet_[c] >> i & 1U) == 0) continue;
            if (put(written_, control_change(Channel{c}, kSilenceControllers[i], 0)))
                owed_quiet_[c] &= static_cast<std::uint8_t>(~(1U << i));
            else
                owes_ = true;
        }
}

void FrameWriter::pay(Voices& voices) noexcept {
    auto offered = std::exchange(voices.owed, NoteLedger{});
    offered.release_all([&](const MidiMessage& off) {
        if (put(written_, off)) {
            voices.sounding.note(off);
            return;
        }
        voices.owed.note(note_on(off.channel(), off.pitch(), Velocity{1}));
        owes_ = true;
    });
}

// Our own come first at the same frame: among them is our MIDI clock.
void FrameWriter::pass(Frames offset, const MidiMessage& message) noexcept {
    write_own(offset + Frames{1});
    if (put(std::max(offset, written_), message)) {
        remember(passed_, message);
    } else {
        owe_end(message);
        count_one(counters_.not_passed);
    }
}

void FrameWriter::end() noexcept {
    write_own(period_.length);
    buffer_ = nullptr;
    const bool waits = take();
    if (owes_ || (waits && full_ && offset_of(next_) < period_.length))
        count_one(counters_.kept_over);
    empty_.store(!waits && !owes_, std::memory_order_release);  // partner: empty()
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

void FrameWriter::owe_end(const MidiMessage& message) noexcept {
    const auto channel = message.channel();
    if (message.is_note_off() && passed_.sounding.sounds(channel, message.pitch())) {
        passed_.owed.note(note_on(channel, message.pitch(), Velocity{1}));
        owes_ = true;
    }
    for (std::size_t i = 0; i < kSilenceControllers.size(); ++i) {
        if (message.status() != 0xB0U || message.bytes()[1] != kSilenceControllers[i] ||
            message.bytes()[2] >= 64)
            continue;
        owed_quiet_[channel.count()] |= static_cast<std::uint8_t>(1U << i);
        owes_ = true;
    }
}

void FrameWriter::remember(Voices& voices, const MidiMessage& message) noexcept {
    voices.sounding.note(message);
    if (message.is_of_a_channel()) used_channels_ |= 1U << message.channel().count();
}

void FrameWriter::count_late(Frames by) noexcept {
    count_one(counters_.late);
    if (by.count() > counters_.most_late.load(std::memory_order_relaxed))  // one writer
        counters_.most_late.store(by.count(), std::memory_order_relaxed);
}

}  // namespace fusion
