#include "engine/realtime/clock/tape_player.hpp"

#include <algorithm>

namespace fusion {
namespace {

// Pitch bend, modulation, expression, pressure: as a receiver has them at first.
constexpr unsigned kResetControllers = 121;

}  // namespace

void TapePlayer::obey(TimePoint now) noexcept {
    if (!link_ || !link_->orders.fresh()) return;
    const auto order = link_->orders.read();
    if (order.run == order_.run) return;
    const bool goes_on = order.what == TapeOrder::What::play;
    if (plays_ && goes_on)
        quieten(now, NoteOutput::Pace::at_once);
    else if (plays_)
        stop(now);
    order_ = order;
    plays_ = goes_on;
    begun_ = false;
    sent_to_ = order.from;
    if (!goes_on) tell(TapeHead::State::stands, now);
}

void TapePlayer::hush(TimePoint now) noexcept {
    if (!plays_) return;
    quieten(now, NoteOutput::Pace::at_once);
    plays_ = false;
    tell(TapeHead::State::hushed, now);
}

TimePoint TapePlayer::turn(TimePoint now) noexcept {
    if (!link_) return kNever;
    bool is_here = take();
    if (!plays_) return kNever;
    if (!begun_) {
        if (!is_here) {
            tell(TapeHead::State::waits, now);
            return kNever;
        }
        begun_ = true;
        origin_ = time_.on_a_frame(now + std::max(output_.lead(), Nanos{0})) - order_.from;
    }
    for (; is_here; is_here = take()) {
        const auto due = origin_ + next_.at;
        const auto when = due - output_.lead();
        if (when > now) {
            tell(TapeHead::State::plays, now);
            return when;
        }
        has_next_ = false;
        perform(next_, due, now);
        if (!plays_) return kNever;
    }
    tell(TapeHead::State::plays, now);
    const auto patience = origin_ + sent_to_ + NoteOutput::kTooLate;
    if (patience > now) return patience;
    output_.end_all(now);
    return kNever;
}

bool TapePlayer::take() noexcept {
    while (!has_next_ || next_.run < order_.run) {
        has_next_ = link_->events.try_pop(next_);
        if (!has_next_) return false;
    }
    // A later one has come before its order was seen: it is that run's.
    return next_.run == order_.run;
}

void TapePlayer::perform(const TapeEvent& event, TimePoint due, TimePoint now) noexcept {
    sent_to_ = std::max(sent_to_, event.at);
    switch (event.kind) {
        case TapeEvent::Kind::message: play(event.message, due, now); break;
        case TapeEvent::Kind::mark: break;
        case TapeEvent::Kind::end:
            quieten(due, NoteOutput::Pace::scheduled);
            plays_ = false;
            tell(TapeHead::State::ended, now);
            break;
    }
}

void TapePlayer::play(const MidiMessage& message, TimePoint due, TimePoint now) noexcept {
    using Pace = NoteOutput::Pace;
    const auto channel = message.channel();
    channels_ |= 1U << channel.count();
    if (message.is_note_off())
        output_.end(channel, message.pitch(), due, Pace::scheduled);
    else if (!message.is_note_on())
        output_.pass(message, due, Pace::scheduled);
    else if (!muted_ && !output_.too_late(due, now))
        // What the sink has no room for never began; its end finds nothing.
        static_cast<void>(output_.start(channel, message.pitch(), message.velocity(), due));
}

void TapePlayer::stop(TimePoint now) noexcept {
    quieten(now, NoteOutput::Pace::at_once);
    static_cast<void>(output_.panic(channels_, now));
    channels_ = 0;
    plays_ = false;
}

void TapePlayer::quieten(TimePoint when, NoteOutput::Pace pace) noexcept {
    output_.end_all(when);
    for (std::uint8_t c = 0; c < 16; ++c) {
        if ((channels_ >> c & 1U) == 0) continue;
        for (const auto controller : {kSustainPedal, kResetControllers})
            output_.pass(control_change(Channel{c}, controller, 0), when, pace);
    }
}

void TapePlayer::tell(TapeHead::State state, TimePoint now) noexcept {
    const auto at = begun_ ? now - origin_ : order_.from;
    link_->head.publish({order_.run, state, std::max(at, order_.from), now});
}

}  // namespace fusion
