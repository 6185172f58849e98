// ClockCore's other half: what it obeys. Parameters, requests, the song that is followed, and the
// transport that follows from them.
#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/realtime/clock/clock_core.hpp"

namespace fusion {
namespace {

FUSION_RT Nanos to_nanos(double ms) noexcept { return Nanos{std::llround(ms * 1e6)}; }

}  // namespace

void ClockCore::obey_params(TimePoint now) noexcept {
    if (!newest_params_.fresh()) return;
    const auto before = std::exchange(params_, newest_params_.read());
    // What is already handed over lies before now + lead and keeps its place.
    line_time_.set_tempo(Bpm{params_.real(ParamId::tempo)}, now + output_.lead());
    tell_obedience(now);
    obey_values(now);
    obey_requests(before, now);
}

void ClockCore::tell_obedience(TimePoint now) noexcept {
    PlayedEvent obeyed;
    obeyed.kind = PlayedEvent::Kind::obeyed;
    obeyed.step.revision = params_.revision;
    obeyed.tick = transport_.at(now + output_.lead(), line_time_.line());
    obeyed.due = now;
    obeyed.line_at.epoch = epoch_;
    reports_.tell(obeyed);
}

// What is in force as long as its value is.
void ClockCore::obey_values(TimePoint now) noexcept {
    output_.set_offset(to_nanos(params_.real(ParamId::offset)));
    player_.set_bar(bar());
    band_.set_bar(bar());
    const Swing swing{params_.on(ParamId::swing_grid) ? Ticks{kTicksPerBeat.count() / 4}
                                                      : Ticks{kTicksPerBeat.count() / 2},
                      params_.real(ParamId::swing)};
    player_.set_swing(swing);
    band_.set_swing(swing);
    const auto clock_out = params_.on(ParamId::clock_out);
    if (clock_out && !pulses_.on())
        pulses_.switch_on(line_time_.tick_at(now + output_.lead()), transport_.running(),
                          line_time_.song().song_tick(Ticks{0}), now);
    if (!clock_out && pulses_.on()) pulses_.switch_off(now);
    notes_.obey(params_, now);
    tape_.mute(params_.on(ParamId::mute));
}

// What is asked for once, and counted in the snapshot so that none of it is lost.
void ClockCore::obey_requests(const ParamSnapshot& before, TimePoint now) noexcept {
    if (params_.restarts > epoch_) restart(params_.restarts, now);
    if (params_.panics != before.panics) {
        tape_.hush(now);
        const auto sounded = notes_.panic(now);
        if (transport_.running()) notes_.programs_again();
        log_.push(RtEvent::panicked, static_cast<std::int64_t>(sounded));
        reports_.tell(PlayedEvent::Kind::panicked, line_time_.tick_at(now), now);
    }
    if (params_.receivers != before.receivers && transport_.running()) notes_.programs_again();
}

void ClockCore::follow_song(TimePoint now) noexcept {
    const auto choice = static_cast<SyncChoice>(params_.integer(ParamId::sync));
    const auto waits =
        line_time_.follow(choice, now, now + output_.lead(), bar(), transport_.state());
    if (waits) {
        notes_.end_all(now);
        log_.push(RtEvent::realigned, waits->count(), line_time_.song().song_tick(*waits).count());
    }
    line_time_.nudge(to_nanos(params_.nudged_ms), now - last_turn_, transport_.state());
}

void ClockCore::obey_transport(TimePoint now) noexcept {
    const auto finished = params_.finish_at >= Ticks{0} && !transport_.running() &&
                          transport_.position() >= params_.finish_at;
    const auto may_play = params_.on(ParamId::playing) && line_time_.song().lets_play() &&
                          !finished && !tape_.plays();
    if (transport_.running() && !may_play) stop(now);
    if (!transport_.running() && may_play) start(now);
}

bool ClockCore::has_first_step(TimePoint now) noexcept {
    waits_since_ = std::min(waits_since_, now);
    const bool begins =
        player_.has_next() || (now - waits_since_ >= kPatience && player_.bridge_begins());
    if (!begins) return false;
    waits_since_ = kNever;
    meters_.ready.store(true, std::memory_order_relaxed);
    return true;
}

void ClockCore::start(TimePoint now) noexcept {
    if (transport_.waiting() && !has_first_step(now)) return;
    auto when = now + output_.lead();
    if (pulses_.on()) when += ClockPulses::kNotice;
    const auto stood = transport_.position();
    const auto begin = line_time_.begin_at(stood, bar(), when);
    if (begin > stood) player_.move_to(begin);
    transport_.start(begin, now);
    player_.start(begin);
    band_.start(begin);
    notes_.started();
    last_turn_ = now;
    pulses_.started(begin, line_time_.song().song_tick(begin), line_time_.line(), now);
    PlayedEvent started;
    started.kind = PlayedEvent::Kind::started;
    started.tick = begin;
    started.due = line_time_.time_at(begin);
    started.line_at.epoch = epoch_;
    reports_.tell(started);
}

void ClockCore::stop(TimePoint now) noexcept {
    // What lies within the lead is handed over already: the line resumes after it.
    transport_.stop(line_time_.tick_at(now + output_.lead()));
    static_cast<void>(notes_.panic(now));
    notes_.stopped();
    pulses_.stopped(now);
    player_.stop();
    reports_.tell(PlayedEvent::Kind::stopped, transport_.position(), now);
}

// The line has come to its end: its last notes end by themselves, and what they leave behind sounds
// on.
void ClockCore::finish(TimePoint now) noexcept {
    const auto end = params_.finish_at;
    notes_.end_all(line_time_.time_at(end));
    player_.stop();
    transport_.stop(end);
    notes_.stopped();
    pulses_.stopped(now);
    reports_.tell(PlayedEvent::Kind::stopped, end, line_time_.time_at(end));
}

void ClockCore::restart(std::uint32_t epoch, TimePoint now) noexcept {
    epoch_ = epoch;
    // Whoever does not go on with the old line will not begin the new one either.
    waits_since_ = player_.is_broken() ? now - kPatience : now;
    notes_.end_all(now);
    player_.rewind();
    band_.rewind();
    transport_.rewind();
    notes_.stopped();
    pulses_.stopped(now);
    meters_.ready.store(false, std::memory_order_relaxed);
    log_.push(RtEvent::restarted, epoch);
    // From here on the planner reads the new epoch with a head that does not run.
    publish(now);
}

}  // namespace fusion
