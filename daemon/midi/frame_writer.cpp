#include "daemon/midi/frame_writer.hpp"

#include <algorithm>
#include <utility>

namespace fusion {
namespace {

// Counters have no partner: nothing is read through them.
void count_one(std::atomic<std::uint64_t>& counter) noexcept {
    counter.fetch_add(1, std::memory_order_relaxed);
}

bool matters_when_too_late(const MidiMessage& message) noexcept {
    return !message.is_note_on() && message.is_of_a_channel();
}

}  // namespace

void FrameWriter::begin(const FrameTime::Period& period, PeriodBuffer& buffer) noexcept {
    const bool follows = period.first == period_.first + period_.length;
    if (!std::exchange(is_first_, false) && !follows) doubt();
    period_ = period;
    buffer_ = &buffer;
    written_ = Frames{0};
    full_ = false;
    if (ends_.in_doubt()) count_one(counters_.doubts);
    const auto again = ends_.begin(period.grid.length_of(period.length));
    says_again_ = again != LastEnds::Again::no || (says_again_ && owes_);
    if (again != LastEnds::Again::no) {
        say_ends_again();
        if (again == LastEnds::Again::for_the_last_time && again_.has_program)
            counters_.programs_lost.fetch_add(1, std::memory_order_relaxed);
    }
    pay();
}

// Not of what sounds: it has begun since, and its own end is to come or is owed.
void FrameWriter::say_ends_again() noexcept {
    again_ = ends_.all();
    for (const auto* voices : {&own_, &passed_}) again_.notes.strike(voices->sounding);
    for (std::uint8_t c = 0; c < 16; ++c)
        if (own_.sounding.sounds(Channel{c}) || passed_.sounding.sounds(Channel{c}))
            again_.quieted.spare(Channel{c});
    counters_.again.fetch_add(again_.notes.count(), std::memory_order_relaxed);
    owes_ = true;
}

void FrameWriter::silence(Quiet channels) noexcept {
    own_.owed.add(own_.sounding);
    passed_.owed.add(passed_.sounding);
    for (std::uint8_t c = 0; c < 16; ++c)
        if (channels == Quiet::all_channels || (used_channels_ >> c & 1U) != 0)
            owed_quieting_.add(Channel{c});
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
    const bool quieted = owed_quieting_.write([this](const MidiMessage& message) {
        if (!put(written_, message)) return false;
        ends_.wrote(message);
        return true;
    });
    // Not remembered as written: under lasting trouble nothing would ever be forgotten.
    auto again = std::exchange(again_.notes, NoteLedger{});
    again.release_all([this](const MidiMessage& off) {
        if (!put(written_, off)) owe(again_.notes, off);
    });
    const bool said =
        again_.quieted.write([this](const MidiMessage& message) { return put(written_, message); });
    owes_ = owes_ || !quieted || !said;
}

void FrameWriter::pay(Voices& voices) noexcept {
    auto offered = std::exchange(voices.owed, NoteLedger{});
    offered.release_all([&](const MidiMessage& off) {
        if (put(written_, off))
            remember(voices, off);
        else
            owe(voices.owed, off);
    });
}

void FrameWriter::owe(NoteLedger& owed, const MidiMessage& off) noexcept {
    owed.note(note_on(off.channel(), off.pitch(), Velocity{1}));
    owes_ = true;
}

// Our own come first at the same frame: among them is our MIDI clock.
void FrameWriter::pass(Frames offset, const MidiMessage& message) noexcept {
    write_own(offset + Frames{1});
    if (put_after_its_end(std::max(offset, written_), message)) {
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
    const bool empty = !waits && !owes_;
    // Partners: empty(), settled().
    settled_.store(empty && !ends_.in_doubt(), std::memory_order_release);
    empty_.store(empty, std::memory_order_release);
}

std::uint64_t FrameWriter::forget() noexcept {
    std::uint64_t count = 0;
    while (take()) {
        has_next_ = false;
        ++count;
    }
    // Whoever listens next is greeted, and need not hear what another may have missed.
    ends_ = {};
    again_ = {};
    is_first_ = true;
    settled_.store(true, std::memory_order_release);  // partner: settled()
    empty_.store(true, std::memory_order_release);    // partner: empty()
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
        if (!put_after_its_end(offset, next_.message)) return;
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
    if (message.is_note_off() && passed_.sounding.sounds(message.channel(), message.pitch()))
        owe(passed_.owed, message);
    owed_quieting_.note(message);
    owes_ = owes_ || owed_quieting_.any();
}

bool FrameWriter::put_after_its_end(Frames offset, const MidiMessage& message) noexcept {
    if (message.is_note_on() && !says_again_) {
        const auto channel = message.channel();
        const auto pitch = message.pitch();
        if (ends_.may_sound(channel, pitch) && !own_.sounding.sounds(channel, pitch) &&
            !passed_.sounding.sounds(channel, pitch)) {
            if (!put(offset, note_off(channel, pitch))) return false;
            count_one(counters_.again);
        }
    }
    return put(offset, message);
}

void FrameWriter::remember(Voices& voices, const MidiMessage& message) noexcept {
    voices.sounding.note(message);
    ends_.wrote(message);
    if (message.is_of_a_channel()) used_channels_ |= 1U << message.channel().count();
}

void FrameWriter::count_late(Frames by) noexcept {
    count_one(counters_.late);
    if (by.count() > counters_.most_late.load(std::memory_order_relaxed))  // one writer
        counters_.most_late.store(by.count(), std::memory_order_relaxed);
}

}  // namespace fusion
