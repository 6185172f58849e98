#include "engine/realtime/clock/clock_core.hpp"

#include <algorithm>

namespace fusion {

ClockCore::ClockCore(Links links)
    : links_{std::move(links)},
      params_{links_.params.read()},
      output_{links_.sink, links_.time, links_.meters, links_.log},
      notes_{output_, params_},
      pulses_{output_},
      song_{links_.sync},
      epoch_{params_.restarts},
      panics_{params_.panics},
      receivers_{params_.receivers},
      asked_to_play_{params_.on(ParamId::playing)},
      timeline_{Ticks{0}, links_.time.now(), own_tempo()},
      obeyed_change_ns_{params_.changed_at_ns} {
    publish(links_.time.now());
}

TimePoint ClockCore::turn(TimePoint now) noexcept {
    links_.meters.clock_heartbeat.fetch_add(1, std::memory_order_relaxed);
    output_.settle(now);
    follow_controls(now);
    follow_song(now);
    follow_nudge(now);
    take_steps(now);
    const auto may_play = asked_to_play_ && song_.lets_play();
    if (transport_ == Transport::running && !may_play) stop(now);
    if (transport_ != Transport::running && may_play) start(now);
    notes_.send_programs(now);
    reached_ = timeline_.tick_at(now + output_.lead());
    if (transport_ == Transport::running) {
        skip_beats(now);
        meet_lean();
    }
    pulses_.keep_up(reached_, timeline_, now);
    auto wanted = kNever;
    for (;;) {
        const auto action = next_action();
        if (action.due == Due::nothing) break;
        const auto when = timeline_.time_at(action.tick) - output_.lead();
        if (when > now) {
            wanted = when;
            break;
        }
        perform(action, now);
    }
    publish(now);
    last_turn_ = now;
    decided_ = reached_;
    return wanted;
}

void ClockCore::silence(TimePoint now) noexcept { static_cast<void>(notes_.panic(now)); }

void ClockCore::end_notes(Ticks at) noexcept { notes_.end_all(timeline_.time_at(at)); }

// --- Steps from the planner ---

void ClockCore::take_steps(TimePoint now) noexcept {
    const auto reached =
        transport_ == Transport::running ? timeline_.tick_at(now + output_.lead()) : position_;
    StepMessage message;
    while (links_.steps.try_pop(message)) {
        // The planner may hear of a restart before the clock does; then its first step tells it.
        if (message.epoch > epoch_) restart(message.epoch, now);
        if (message.epoch != epoch_) continue;
        const auto wanted_now = in_hole_ && message.step.index == horizon_.next_index();
        const auto in_time =
            message.placement == Placement::placed && swing_.place(message.step.start) >= reached;
        if (wanted_now && !in_time) {
            const auto late = now - timeline_.time_at(message.step.start);
            links_.meters.late_steps.fetch_add(1, std::memory_order_relaxed);
            links_.log.push(RtEvent::late_step, message.step.index,
                            std::chrono::duration_cast<Micros>(late).count());
            tell_planner(message, CommitNote::Kind::missed, message.step.start);
            PlayedEvent left_out;
            left_out.kind = PlayedEvent::Kind::late_step;
            left_out.step = message.step;
            left_out.tick = message.step.start;
            left_out.due = now;
            push(left_out);
            continue;
        }
        static_cast<void>(
            horizon_.put(message));  // an older make, or committed: it told us nothing
    }
    if (horizon_.next() != nullptr) links_.meters.ready.store(true, std::memory_order_relaxed);
}

// --- What is due ---

Ticks ClockCore::start_of(const StepMessage& message) const noexcept {
    return message.placement == Placement::placed ? std::max(message.step.start, next_start_)
                                                  : next_start_;
}

// The earliest; of two at the same tick the one that stands first here.
ClockCore::Action ClockCore::next_action() const noexcept {
    Action first{Due::nothing, kNoTick};
    const auto offer = [&first](Due due, Ticks tick) {
        if (tick < first.tick) first = {due, tick};
    };
    const auto offer_step = [&](Due due, const Step& step, Ticks start) {
        const auto heard = heard_at(start, step.lean);
        offer(due, start < end_ ? heard : std::max(heard, end_));
    };
    if (transport_ == Transport::running) {
        offer(Due::note_end, notes_.next_end());
        offer(Due::pulse, pulses_.next());
        offer(Due::beat, next_beat_);
        const auto* step = horizon_.next();
        if (step != nullptr)
            offer_step(Due::step, step->step, start_of(*step));
        else if (!in_hole_)
            offer(Due::hole, swing_.place(next_start_));
        if (in_hole_ && repeating_) {
            Step again;
            if (last_bar_.peek(again))
                offer_step(Due::repeat, again, again.start);
            else
                offer(Due::repeat_end, swing_.place(hole_ + bar()));
        }
    } else {
        offer(Due::pulse, pulses_.next());
    }
    if (first.tick >= end_) return {};
    return first;
}

void ClockCore::perform(const Action& action, TimePoint now) noexcept {
    switch (action.due) {
        case Due::note_end: notes_.end_due(action.tick, timeline_); break;
        case Due::pulse: pulses_.perform(timeline_); break;
        case Due::beat:
            tell(PlayedEvent::Kind::beat, next_beat_, timeline_.time_at(next_beat_));
            next_beat_ += kTicksPerBeat;
            break;
        case Due::step: commit(now); break;
        case Due::hole: open_hole(next_start_); break;
        case Due::repeat: repeat_step(); break;
        case Due::repeat_end:
            repeating_ = false;
            links_.meters.rung.store(Rung::silence, std::memory_order_relaxed);
            break;
        case Due::nothing: break;
    }
}

void ClockCore::commit(TimePoint now) noexcept {
    auto message = *horizon_.next();
    auto& step = message.step;
    step.start = start_of(message);
    horizon_.advance();
    if (in_hole_) {
        links_.log.push(RtEvent::line_resumed, step.start.count(), (step.start - hole_).count());
        in_hole_ = repeating_ = false;
        last_bar_.end_repeat();
    }
    next_start_ = step.end();

    PlayedEvent played;
    played.weights = message.weights;
    if (!sound(step, message.parts, played, now)) {
        played.kind = PlayedEvent::Kind::late_step;
        links_.meters.late_steps.fetch_add(1, std::memory_order_relaxed);
    } else {
        last_bar_.remember(step);
        links_.meters.steps_committed.fetch_add(1, std::memory_order_relaxed);
        links_.meters.rung.store(step.rung, std::memory_order_relaxed);
    }
    tell_planner(message, CommitNote::Kind::committed, step.start);
    push(played);

    if (message.changed_at_ns > obeyed_change_ns_) {
        obeyed_change_ns_ = message.changed_at_ns;
        const TimePoint changed{Nanos{message.changed_at_ns}};
        // A change made while nothing ran waited for the player, not for us.
        if (changed >= running_since_)
            links_.meters.control_to_commit.record(
                std::chrono::duration_cast<Micros>(links_.time.now() - changed));
    }
}

void ClockCore::open_hole(Ticks tick) noexcept {
    in_hole_ = repeating_ = true;
    hole_ = tick;
    last_heard_ = std::max(last_heard_, swing_.place(tick));
    last_bar_.begin_repeat(tick, bar());
    links_.meters.underruns.fetch_add(1, std::memory_order_relaxed);
    links_.log.push(RtEvent::underrun, tick.count());
    tell(PlayedEvent::Kind::underrun, tick, timeline_.time_at(tick));
    links_.meters.rung.store(Rung::repeat, std::memory_order_relaxed);
}

void ClockCore::repeat_step() noexcept {
    Step again;
    if (!last_bar_.peek(again)) return;
    last_bar_.pop();
    PlayedEvent played;
    if (sound(again, {}, played, links_.time.now())) push(played);
}

// After a stall the beats that nobody heard are passed over in one go.
void ClockCore::skip_beats(TimePoint now) noexcept {
    if (now - last_turn_ > kTooLate)
        links_.log.push(RtEvent::stalled,
                        std::chrono::duration_cast<Micros>(now - last_turn_).count());
    if (!too_late(timeline_.time_at(next_beat_), now)) return;
    const auto beat = timeline_.tick_at(now).count() / kTicksPerBeat.count() + 1;
    next_beat_ = std::max(next_beat_, beats(beat));
}

// --- Notes ---

// A hand that would have come before what is decided meets the next tick.
void ClockCore::meet_lean() noexcept {
    const auto* next = horizon_.next();
    if (next != nullptr && heard_at(start_of(*next), next->step.lean) <= decided_)
        earliest_ = reached_ + Ticks{1};
}

// Sounds a step and its parts, and tells `played` of it. False: it is too late for that.
bool ClockCore::sound(const Step& step, const std::array<PartNote, kMaxGenres>& parts,
                      PlayedEvent& played, TimePoint now) noexcept {
    const auto heard = heard_at(step.start, step.lean);
    const auto due = timeline_.time_at(heard);
    const auto moved = heard - swing_.place(step.start);
    const auto end_of = [&](Ticks length) {
        return swing_.place(step.start + std::min(length, step.duration)) + moved;
    };
    last_heard_ = heard;
    notes_.end_by(heard, timeline_);

    played.kind = PlayedEvent::Kind::step;
    played.heard = notes_.muted() ? PlayedEvent::Heard::muted : PlayedEvent::Heard::heard;
    played.step = step;
    played.step.channel = notes_.channel();
    played.tick = step.start;
    played.due = due;
    played.parts = parts;
    if (too_late(due, now) || over(step, end_of(step.duration), now)) return false;
    notes_.begin_line(played.step, {end_of(step.gate), due});
    for (std::size_t genre = 0; genre < kMaxGenres; ++genre)
        notes_.begin_part(genre, parts[genre], {end_of(parts[genre].gate), due});
    return true;
}

// --- Telling the others ---

void ClockCore::tell_planner(const StepMessage& message, CommitNote::Kind kind,
                             Ticks start) noexcept {
    if (!links_.commits.try_push({message.serial, start, message.epoch, message.step.index, kind}))
        links_.log.push(RtEvent::commit_dropped, message.step.index);
    links_.wake_planner.post();
}

void ClockCore::tell(PlayedEvent::Kind kind, Ticks tick, TimePoint due) noexcept {
    PlayedEvent event;
    event.kind = kind;
    event.tick = tick;
    event.due = due;
    push(event);
}

void ClockCore::push(const PlayedEvent& event) noexcept {
    if (!links_.played.try_push(event))
        links_.meters.events_dropped.fetch_add(1, std::memory_order_relaxed);
}

void ClockCore::publish(TimePoint now) noexcept {
    const auto running = transport_ == Transport::running;
    const auto heard = running ? timeline_.tick_at(now) : position_;
    const auto decided = running ? timeline_.tick_at(now + output_.lead()) : position_;
    links_.meters.play_head_ticks.store(std::max(heard, Ticks{0}).count(),
                                        std::memory_order_relaxed);
    links_.meters.horizon_depth.store(horizon_.depth(), std::memory_order_relaxed);
    links_.meters.song_ticks.store(song_.song_tick(heard).count(), std::memory_order_relaxed);
    links_.meters.running.store(running, std::memory_order_relaxed);
    links_.meters.sync_state.store(song_.state(), std::memory_order_relaxed);
    links_.meters.tempo.store(timeline_.tempo().count(), std::memory_order_relaxed);
    links_.head.publish({static_cast<std::uint16_t>(epoch_ & PlayHead::kEpochMask), running,
                         std::max(decided, Ticks{0}), timeline_.tempo()});
}

Ticks ClockCore::bar() const noexcept {
    const Meter meter{static_cast<std::uint8_t>(params_.integer(ParamId::meter_numerator)),
                      static_cast<std::uint8_t>(params_.integer(ParamId::meter_denominator))};
    return to_ticks(meter.bar());
}

}  // namespace fusion
