// ClockCore's other half: what it obeys. Controls, the song that is followed, and the transport.
#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/realtime/clock/clock_core.hpp"

namespace fusion {

void ClockCore::follow_controls(TimePoint now) noexcept {
    if (!links_.params.fresh()) return;
    const auto tempo_before = own_tempo();
    params_ = links_.params.read();
    // What is already handed over lies before now + lead and keeps its place.
    if (own_tempo() != tempo_before && !following_) timeline_ = at_our_tempo(now + output_.lead());
    output_.set_offset(Nanos{std::llround(params_.real(ParamId::offset) * 1e6)});
    swing_ = Swing{params_.on(ParamId::swing_grid) ? Ticks{kTicksPerBeat.count() / 4}
                                                   : Ticks{kTicksPerBeat.count() / 2},
                   params_.real(ParamId::swing)};
    const auto clock_out = params_.on(ParamId::clock_out);
    if (clock_out && !pulses_.on())
        pulses_.switch_on(timeline_.tick_at(now + output_.lead()), transport_ == Transport::running,
                          song_.song_tick(Ticks{0}), now);
    if (!clock_out && pulses_.on()) pulses_.switch_off(now);
    notes_.obey(params_, now);
    if (params_.restarts > epoch_) restart(params_.restarts, now);
    if (params_.panics != panics_) {
        panics_ = params_.panics;
        const auto sounded = notes_.panic(now);
        if (transport_ == Transport::running) notes_.programs_again();
        links_.log.push(RtEvent::panicked, static_cast<std::int64_t>(sounded));
        tell(PlayedEvent::Kind::panicked, timeline_.tick_at(now), now);
    }
    if (std::exchange(receivers_, params_.receivers) != params_.receivers &&
        transport_ == Transport::running)
        notes_.programs_again();
    asked_to_play_ = params_.on(ParamId::playing);
}

// From `when` on at the parameter's tempo, through the same place but for half a frame.
Timeline ClockCore::at_our_tempo(TimePoint when) const noexcept {
    const auto tick = timeline_.tick_at(when);
    return {tick, links_.time.on_a_frame(timeline_.time_at(tick)), own_tempo()};
}

void ClockCore::follow_song(TimePoint now) noexcept {
    const auto choice = static_cast<SyncChoice>(params_.integer(ParamId::sync));
    if (song_.look(choice, now)) nudge_ = Nanos{0};
    const auto reached = now + output_.lead();
    if (!song_.leads()) {
        if (following_) timeline_ = at_our_tempo(reached);
        following_ = false;
        return;
    }
    const auto at = timeline_.tick_at(reached);
    if (transport_ == Transport::running &&
        (!following_ || !song_.near_to(timeline_.delayed(-nudge_), at))) {
        // The line waits until it may go on in step with the song; nothing sounds meanwhile.
        song_.wait_for(at, bar(), reached);
        notes_.end_all(now);
        links_.log.push(RtEvent::realigned, at.count(), song_.song_tick(at).count());
    }
    following_ = true;
    timeline_ = song_.line().delayed(nudge_);
}

// Never by more than a twentieth of the time that passes, so that a nudge is felt and not heard.
void ClockCore::follow_nudge(TimePoint now) noexcept {
    auto left = Nanos{std::llround(params_.nudged_ms * 1e6)} - nudged_;
    if (left == Nanos{0}) return;
    const auto most = std::max<Nanos>((now - last_turn_) / 20, std::chrono::microseconds{1});
    if (transport_ == Transport::running) left = std::clamp(left, -most, most);
    nudged_ += left;
    if (following_)
        nudge_ += left;
    else
        timeline_ = timeline_.delayed(left);
}

void ClockCore::stop(TimePoint now) noexcept {
    // What lies within the lead is handed over already: the line resumes after it.
    position_ = timeline_.tick_at(now + output_.lead());
    transport_ = Transport::stopped;
    static_cast<void>(notes_.panic(now));
    notes_.stopped();
    pulses_.stopped(now);
    tell(PlayedEvent::Kind::stopped, position_, now);
}

void ClockCore::start(TimePoint now) noexcept {
    if (transport_ == Transport::waiting && horizon_.next() == nullptr) return;
    auto when = now + output_.lead();
    if (pulses_.on()) when += ClockPulses::kNotice;
    if (song_.leads()) {
        const auto begin = song_.begin_at(position_, bar(), when);
        if (begin > position_) next_start_ = begin;
        position_ = begin;
        timeline_ = song_.line().delayed(nudge_);
        following_ = true;
    } else {
        timeline_ = Timeline{position_, links_.time.on_a_frame(when), own_tempo()};
    }
    next_beat_ = Ticks{(position_.count() + kTicksPerBeat.count() - 1) / kTicksPerBeat.count() *
                       kTicksPerBeat.count()};
    earliest_ = position_;
    decided_ = position_ - Ticks{1};
    transport_ = Transport::running;
    notes_.started();
    running_since_ = now;
    last_turn_ = now;
    pulses_.started(position_, song_.song_tick(position_), timeline_, now);
    tell(PlayedEvent::Kind::started, position_, timeline_.time_at(position_));
}

void ClockCore::restart(std::uint32_t epoch, TimePoint now) noexcept {
    epoch_ = epoch;
    notes_.end_all(now);
    horizon_.clear();
    last_bar_.clear();
    in_hole_ = repeating_ = false;
    position_ = next_start_ = last_heard_ = Ticks{0};
    transport_ = Transport::waiting;
    notes_.stopped();
    pulses_.stopped(now);
    links_.meters.ready.store(false, std::memory_order_relaxed);
    links_.log.push(RtEvent::restarted, epoch);
    // From here on the planner reads the new epoch with a head that does not run.
    publish(now);
}

}  // namespace fusion
