#include "daemon/tape/tape_deck.hpp"

#include <algorithm>

namespace fusion {

void TapeDeck::put_in(std::shared_ptr<const Tape> tape) {
    if (plays_) order(TapeOrder::What::stand, Nanos{0});
    plays_ = false;
    tape_ = std::move(tape);
    from_ = Nanos{0};
}

void TapeDeck::play(TimePoint now) {
    if (tape_ == nullptr || plays_) return;
    if (from_ >= tape_->length()) from_ = Nanos{0};
    plays_ = true;
    order(TapeOrder::What::play, from_);
    feed(now);
    hand_.wake_clock();
}

void TapeDeck::stop(TimePoint now) {
    if (!plays_) return;
    from_ = place(now);
    plays_ = false;
    order(TapeOrder::What::stand, from_);
    hand_.wake_clock();
}

void TapeDeck::seek(Ticks to, TimePoint now) {
    if (tape_ == nullptr) return;
    from_ = tape_->time_at(to);
    if (!plays_) return;
    order(TapeOrder::What::play, from_);
    feed(now);
    hand_.wake_clock();
}

void TapeDeck::turn(TimePoint now) {
    if (!plays_) return;
    look();
    if (plays_) feed(now);
}

Nanos TapeDeck::place(TimePoint now) const {
    if (tape_ == nullptr) return Nanos{0};
    if (!plays_ || head_.run != run_ || head_.state == TapeHead::State::waits) return from_;
    return std::clamp(head_.at + (now - head_.when), from_, tape_->length());
}

void TapeDeck::order(TapeOrder::What what, Nanos from) {
    hand_.orders.publish({++run_, what, from});
    if (what == TapeOrder::What::stand) return;
    next_ = tape_->first_at(from);
    to_tell_ = tape_->told_before(next_);
    told_ = 0;
    marked_ = from;
    all_sent_ = false;
}

void TapeDeck::look() {
    head_ = hand_.head.read();
    if (head_.run != run_) return;
    using enum TapeHead::State;
    if (head_.state == ended) {
        from_ = tape_->length();
        plays_ = false;
    } else if (head_.state == hushed) {
        from_ = std::clamp(head_.at, from_, tape_->length());
        plays_ = false;
    }
}

void TapeDeck::feed(TimePoint now) {
    using enum TapeEvent::Kind;
    if (all_sent_) return;
    const auto moments = tape_->moments();
    const auto reach = place(now) + kAhead;
    for (; told_ < to_tell_.size(); ++told_)
        if (!push(from_, message, to_tell_[told_])) return;
    for (; next_ < moments.size() && moments[next_].at < reach; ++next_)
        if (!push(moments[next_].at, message, moments[next_].message)) return;
    if (next_ == moments.size()) {
        all_sent_ = push(tape_->length(), end);
        return;
    }
    // One a second says enough.
    if (reach - marked_ >= kAhead / 4 && push(reach, mark)) marked_ = reach;
}

bool TapeDeck::push(Nanos at, TapeEvent::Kind kind, const MidiMessage& message) {
    return hand_.events.try_push({at, run_, kind, message});
}

}  // namespace fusion
