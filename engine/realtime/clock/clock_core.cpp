#include "engine/realtime/clock/clock_core.hpp"

#include <algorithm>
#include <utility>

namespace fusion {

ClockCore::ClockCore(Links links)
    : steps_{std::move(links.steps)},
      newest_params_{std::move(links.params)},
      meters_{links.meters},
      log_{links.log},
      params_{newest_params_.read()},
      line_time_{links.sync, links.time, Bpm{params_.real(ParamId::tempo)}},
      output_{links.sink, links.time, links.meters, links.log},
      tape_{std::move(links.tape), output_, links.time},
      notes_{output_, params_},
      pulses_{output_},
      reports_{{std::move(links.commits), std::move(links.played), std::move(links.head),
                links.wake_planner, links.time, links.meters, links.log, links.on_played},
               params_.changed_at_ns},
      player_{
          {notes_, output_, line_time_, transport_, reports_, links.time, links.meters, links.log},
          std::move(links.stand_in)},
      beats_{std::move(links.band)},
      band_{{notes_, output_, line_time_, reports_}},
      epoch_{params_.restarts} {
    const auto now = links.time.now();
    obey_values(now);
    publish(now);
}

TimePoint ClockCore::turn(TimePoint now) noexcept {
    expect_thread(ThreadRole::clock);
    meters_.clock_heartbeat.fetch_add(1, std::memory_order_relaxed);
    output_.settle(now);
    obey_params(now);
    tape_.obey(now);
    follow_song(now);
    take_steps(now);
    obey_transport(now);
    notes_.send_programs(now);
    look_for_a_stall(now);
    const auto wanted = std::min(play_what_is_due(now), tape_.turn(now));
    publish(now);
    last_turn_ = now;
    return wanted;
}

void ClockCore::silence(TimePoint now) noexcept {
    expect_thread(ThreadRole::clock);
    static_cast<void>(notes_.panic(now));
}

void ClockCore::end_notes(Ticks at) noexcept { notes_.end_all(line_time_.time_at(at)); }

void ClockCore::take_steps(TimePoint now) noexcept {
    const auto reached = transport_.at(now + output_.lead(), line_time_.line());
    StepMessage message;
    while (steps_.try_pop(message)) {
        // The planner may hear of a restart before the clock does; then its first step tells it.
        if (message.epoch > epoch_) restart(message.epoch, now);
        if (message.epoch == epoch_) player_.take(message, reached, now);
    }
    player_.take_bridge(reached);
    BandMessage beat;
    while (beats_ && beats_->try_pop(beat)) {
        if (beat.epoch > epoch_) restart(beat.epoch, now);
        if (beat.epoch == epoch_) band_.take(beat);
    }
    if (player_.has_next()) meters_.ready.store(true, std::memory_order_relaxed);
}

// After a stall the beats that nobody heard are passed over in one go.
void ClockCore::look_for_a_stall(TimePoint now) noexcept {
    if (!transport_.running()) return;
    if (now - last_turn_ > NoteOutput::kTooLate)
        log_.push(RtEvent::stalled, std::chrono::duration_cast<Micros>(now - last_turn_).count());
    if (output_.too_late(line_time_.time_at(transport_.next_beat()), now))
        transport_.skip_beats(line_time_.tick_at(now));
}

TimePoint ClockCore::play_what_is_due(TimePoint now) noexcept {
    const auto reached = line_time_.tick_at(now + output_.lead());
    if (transport_.running()) player_.begin_turn(reached);
    pulses_.keep_up(reached, line_time_.line(), now);
    auto wanted = kNever;
    for (;;) {
        const auto action = next_action();
        if (action.due == Due::nothing) break;
        const auto when = line_time_.time_at(action.tick) - output_.lead();
        if (when > now) {
            wanted = when;
            break;
        }
        perform(action, now);
    }
    player_.end_turn(reached, transport_.state());
    if (transport_.running()) band_.end_turn(reached);
    return wanted;
}

// The earliest; of two at the same tick the one that stands first here.
ClockCore::Action ClockCore::next_action() const noexcept {
    Action first{Due::nothing, end_};
    const auto offer = [&first](Due due, Ticks tick) {
        if (tick < first.tick) first = {due, tick};
    };
    if (!transport_.running()) {
        offer(Due::pulse, pulses_.next());
        return first;
    }
    offer(Due::note_end, notes_.next_end());
    if (params_.finish_at >= Ticks{0}) offer(Due::finish, params_.finish_at);
    offer(Due::pulse, pulses_.next());
    offer(Due::beat, transport_.next_beat());
    const auto next = player_.next(end_);
    if (next.tick < first.tick) first = {Due::line, next.tick, next.what};
    offer(Due::band, band_.next());
    return first;
}

void ClockCore::perform(const Action& action, TimePoint now) noexcept {
    switch (action.due) {
        case Due::nothing: break;
        case Due::note_end: notes_.end_due(action.tick, line_time_.line()); break;
        case Due::finish: finish(now); break;
        case Due::pulse: pulses_.perform(line_time_.line()); break;
        case Due::beat:
            reports_.tell(PlayedEvent::Kind::beat, action.tick, line_time_.time_at(action.tick));
            transport_.pass_beat();
            break;
        case Due::line: player_.play(action.of_line, now); break;
        case Due::band: band_.play(now); break;
    }
}

void ClockCore::publish(TimePoint now) noexcept {
    const auto heard = transport_.at(now, line_time_.line());
    reports_.publish({.at = now,
                      .epoch = epoch_,
                      .running = transport_.running(),
                      .heard = heard,
                      .decided = transport_.at(now + output_.lead(), line_time_.line()),
                      .song = line_time_.song().song_tick(heard),
                      .tempo = line_time_.tempo(),
                      .sync = line_time_.song().state(),
                      .depth = player_.depth()});
    player_.publish(reports_.head());
}

}  // namespace fusion
