#include "engine/realtime/clock/note_output.hpp"

#include <algorithm>

namespace fusion {

bool NoteOutput::offer(const MidiMessage& message, TimePoint due, Pace pace,
                       Hearers hearers) noexcept {
    if (!sink_.has(hearers)) return true;  // whoever heard its note is gone
    if (pace == Pace::scheduled) due += offset_;
    const TimedMessage timed{message, std::max(due, last_due_), pace == Pace::at_once, hearers};
    const auto late = time_.now() - (due - sink_.lead());
    if (!sink_.send(timed)) {
        const auto refused = meters_.sink_refused.fetch_add(1, std::memory_order_relaxed) + 1;
        log_.push(RtEvent::sink_refused, message.bytes()[0], static_cast<std::int64_t>(refused));
        return false;
    }
    last_due_ = timed.deadline;
    if (pace == Pace::scheduled) meters_.lateness.record(std::chrono::duration_cast<Micros>(late));
    if (message.is_note_on()) meters_.notes_on.fetch_add(1, std::memory_order_relaxed);
    if (message.is_note_off()) meters_.notes_off.fetch_add(1, std::memory_order_relaxed);
    return true;
}

void NoteOutput::end_or_owe(const MidiMessage& off, TimePoint due, Pace pace) noexcept {
    if (offer(off, due, pace)) return;
    owed_.note(note_on(off.channel(), off.pitch(), Velocity{1}));
}

bool NoteOutput::start(Channel channel, Pitch pitch, Velocity velocity, TimePoint due,
                       Hearers hearers) noexcept {
    if (!has(hearers)) return false;
    const auto bit = 1U << channel.count();
    if (hearers == Hearers::everyone)
        synth_channels_ &= ~bit;
    else if ((used_channels_ & bit) == 0)
        synth_channels_ |= bit;
    used_channels_ |= bit;
    if (owed_.sounds(channel, pitch)) {
        // The owed note-off would cut the new note: it goes first, or the note does not begin.
        const auto off = note_off(channel, pitch);
        if (!offer(off, due, Pace::scheduled)) return false;
        owed_.note(off);
    }
    if (ledger_.sounds(channel, pitch)) end(channel, pitch, due, Pace::scheduled);
    const auto on = note_on(channel, pitch, velocity);
    if (owed_.sounds(channel, pitch) || !offer(on, due, Pace::scheduled, hearers)) return false;
    ledger_.note(on);
    return true;
}

void NoteOutput::end(Channel channel, Pitch pitch, TimePoint due, Pace pace) noexcept {
    if (!ledger_.sounds(channel, pitch)) return;
    const auto off = note_off(channel, pitch);
    ledger_.note(off);
    end_or_owe(off, due, pace);
}

void NoteOutput::end_all(TimePoint due) noexcept {
    ledger_.release_all([&](const MidiMessage& off) { end_or_owe(off, due, Pace::at_once); });
}

std::size_t NoteOutput::panic(std::uint32_t channels, TimePoint due) noexcept {
    const auto sounded = ledger_.count();
    settle(due);
    end_all(due);
    channels |= used_channels_;
    for (std::uint8_t c = 0; c < 16; ++c) {
        if ((channels >> c & 1U) == 0) continue;
        for (const auto controller : kSilenceControllers)
            pass(control_change(Channel{c}, controller, 0), due, Pace::at_once);
    }
    return sounded;
}

bool NoteOutput::program(Channel channel, std::uint8_t number, TimePoint now,
                         Hearers hearers) noexcept {
    return offer(program_change(channel, number - 1U), now, Pace::at_once, hearers);
}

void NoteOutput::settle(TimePoint now) noexcept {
    if (owed_.count() == 0) return;
    NoteLedger offered = owed_;
    owed_ = NoteLedger{};
    offered.release_all([&](const MidiMessage& off) { end_or_owe(off, now, Pace::at_once); });
}

}  // namespace fusion
