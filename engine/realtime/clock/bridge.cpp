#include "engine/realtime/clock/bridge.hpp"

namespace fusion {

void Bridge::call(Ticks place) noexcept {
    if (!link_ || call_.is_wanted) return;
    ++call_.session;
    call_.is_wanted = true;
    call_.place = place;
    call_.count = static_cast<std::uint32_t>(std::min<std::uint64_t>(heard_, ring_.size()));
    for (std::uint32_t i = 0; i < call_.count; ++i)
        call_.heard[i] = ring_[(heard_ - call_.count + i) % ring_.size()];
    horizon_.clear(call_.count);
    next_start_ = place;
    link_->calls.publish(call_);
    link_->wake.post();
}

void Bridge::send_away() noexcept {
    if (!call_.is_wanted) return;
    call_.is_wanted = false;
    link_->calls.publish(call_);
    head_told_ = false;
}

void Bridge::remember(const StepMessage& message) noexcept {
    const auto& step = message.step;
    ring_[heard_++ % ring_.size()] = {step.start, step.duration, step.event, message.weights};
}

StepMessage Bridge::pop() noexcept {
    auto message = *horizon_.next();
    message.step.start = start_of(message);
    horizon_.advance();
    next_start_ = message.step.end();
    tell(message, CommitNote::Kind::committed, message.step.start);
    return message;
}

void Bridge::publish(const PlayHead& head) noexcept {
    if (!link_ || (!call_.is_wanted && head_told_)) return;
    head_told_ = !call_.is_wanted;
    auto seen = head;
    seen.epoch = call_.session;
    seen.running = head.running && call_.is_wanted;
    link_->head.publish(seen);
}

void Bridge::tell(const StepMessage& message, CommitNote::Kind kind, Ticks start) noexcept {
    static_cast<void>(
        link_->commits.try_push({message.serial, start, message.epoch, message.step.index, kind}));
    link_->wake.post();
}

}  // namespace fusion
