#include "engine/realtime/clock/line_time.hpp"

#include <algorithm>

namespace fusion {

void LineTime::set_tempo(Bpm own, TimePoint when) noexcept {
    if (own == own_) return;
    own_ = own;
    if (!following_) go_at_own_tempo(when);
}

std::optional<Ticks> LineTime::follow(SyncChoice choice, TimePoint now, TimePoint reached,
                                      Ticks bar, Transport::State transport) noexcept {
    if (song_.look(choice, now)) upon_song_ = Nanos{0};
    if (!song_.leads()) {
        if (following_) go_at_own_tempo(reached);
        following_ = false;
        return {};
    }
    std::optional<Ticks> waits;
    const auto at = line_.tick_at(reached);
    if (transport == Transport::State::running &&
        (!following_ || !song_.near_to(line_.delayed(-upon_song_), at))) {
        song_.wait_for(at, bar, reached);
        waits = at;
    }
    lay_upon_song();
    return waits;
}

void LineTime::nudge(Nanos wanted, Nanos passed, Transport::State transport) noexcept {
    auto left = wanted - nudged_;
    if (left == Nanos{0}) return;
    const auto most = std::max<Nanos>(passed / 20, std::chrono::microseconds{1});
    if (transport == Transport::State::running) left = std::clamp(left, -most, most);
    nudged_ += left;
    if (following_)
        upon_song_ += left;
    else
        line_ = line_.delayed(left);
}

Ticks LineTime::begin_at(Ticks position, Ticks bar, TimePoint when) noexcept {
    if (!song_.leads()) {
        line_ = Timeline{position, time_.on_a_frame(when), own_};
        return position;
    }
    const auto begin = song_.begin_at(position, bar, when);
    lay_upon_song();
    return begin;
}

// Through the same place, but for half a frame.
void LineTime::go_at_own_tempo(TimePoint when) noexcept {
    const auto tick = line_.tick_at(when);
    line_ = {tick, time_.on_a_frame(line_.time_at(tick)), own_};
}

void LineTime::lay_upon_song() noexcept {
    following_ = true;
    line_ = song_.line().delayed(upon_song_);
}

}  // namespace fusion
