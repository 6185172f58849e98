#include "daemon/synth/block_player.hpp"

#include <algorithm>

#include "daemon/synth/soft_limit.hpp"

namespace fusion {
namespace {

// A step of the gain this slow does not click.
constexpr float kRampSeconds = 0.01F;

}  // namespace

void BlockPlayer::obey(const SynthSettings& settings) noexcept {
    casting_.obey(settings);
    volume_ = settings.volume;
    if (settings.reverb != reverb_) instrument_.reverb(reverb_ = settings.reverb);
}

void BlockPlayer::hush(Hush hush) noexcept {
    if (hush == hush_) return;
    hush_ = hush;
    if (hush == Hush::yes) casting_.release();
}

void BlockPlayer::render(const SoundBlock& block) noexcept {
    const FrameGrid grid{block.begins, block.rate};
    const Frames end{static_cast<std::int64_t>(block.left.size())};
    Frames at{0};
    while (take()) {
        const auto wanted = grid.frame_at(next_.deadline);
        if (wanted >= end) break;
        const auto offset = std::max(wanted, at);
        sound(block, at, offset);
        at = offset;
        play(next_, offset - wanted, block.rate);
        has_next_ = false;
    }
    sound(block, at, end);
}

bool BlockPlayer::take() noexcept {
    if (!has_next_) has_next_ = queue_.try_pop(next_);
    return has_next_;
}

// Counters have no partner: nothing is read through them.
void BlockPlayer::play(const TimedMessage& message, Frames late, SampleRate rate) noexcept {
    if (late > Frames{0} && !message.at_once) {
        counters_.late.fetch_add(1, std::memory_order_relaxed);
        if (late.count() > counters_.most_late.load(std::memory_order_relaxed))  // one writer
            counters_.most_late.store(late.count(), std::memory_order_relaxed);
        const bool too_late = FrameGrid{TimePoint{}, rate}.length_of(late) > kTooLate;
        if (too_late && message.message.is_note_on()) {
            counters_.left_out.fetch_add(1, std::memory_order_relaxed);
            return;
        }
    }
    if (hush_ == Hush::yes) {
        casting_.follow(message.message);
        return;
    }
    casting_.play(message.message);
    if (!message.message.is_note_on()) return;
    if (!rings()) gain_ = volume_;  // nothing is there that could click
    rests_for_ = 0;
    counters_.played.fetch_add(1, std::memory_order_relaxed);
}

float BlockPlayer::next_gain(SampleRate rate) noexcept {
    const float wanted = hush_ == Hush::yes ? 0.0F : volume_;
    const float step = 1.0F / (kRampSeconds * static_cast<float>(rate.count()));
    gain_ = wanted > gain_ ? std::min(wanted, gain_ + step) : std::max(wanted, gain_ - step);
    return gain_;
}

void BlockPlayer::sound(const SoundBlock& block, Frames from, Frames to) noexcept {
    const auto first = static_cast<std::size_t>(from.count());
    const auto count = static_cast<std::size_t>((to - from).count());
    if (count == 0 || !rings()) return;
    const auto left = block.left.subspan(first, count);
    const auto right = block.right.subspan(first, count);
    instrument_.render(left, right);
    for (std::size_t i = 0; i < count; ++i) {
        const float gain = next_gain(block.rate);
        left[i] = soft_limited(gain * left[i]);
        right[i] = soft_limited(gain * right[i]);
    }
    rests_for_ = instrument_.sounds() ? 0 : rests_for_ + static_cast<std::int64_t>(count);
    if (hush_ == Hush::yes && gain_ == 0.0F) {
        instrument_.silence();
        rests_for_ = kTail;
    }
}

}  // namespace fusion
