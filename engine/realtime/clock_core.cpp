#include "engine/realtime/clock_core.hpp"

#include <algorithm>

namespace fusion {

ClockCore::ClockCore(Links links)
    : links_{links},
      output_{links.sink, links.time, links.meters, links.log},
      pulses_{output_},
      song_{links.sync},
      params_{links.params.read()},
      epoch_{params_.restarts},
      panics_{params_.panics},
      asked_to_play_{params_.on(ParamId::playing)},
      timeline_{Ticks{0}, links.time.now(), own_tempo()},
      obeyed_change_ns_{params_.changed_at_ns} {
    publish(links.time.now());
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
    if (transport_ == Transport::running) skip_beats(now);
    pulses_.keep_up(timeline_.tick_at(now + output_.lead()), timeline_, now);
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
    return wanted;
}

void ClockCore::silence(TimePoint now) noexcept {
    note_sounds_ = false;
    static_cast<void>(output_.panic(channel(), now));
}

void ClockCore::end_notes(Ticks at) noexcept {
    note_sounds_ = false;
    output_.end_all(timeline_.time_at(at));
}

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
    const auto offer_note = [&](Due due, Ticks tick) { offer(due, swing_.place(tick)); };
    if (transport_ == Transport::running) {
        if (note_sounds_) offer_note(Due::note_end, note_end_);
        offer(Due::pulse, pulses_.next());
        offer(Due::beat, next_beat_);
        const auto* step = horizon_.next();
        if (step != nullptr)
            offer_note(Due::step, start_of(*step));
        else if (!in_hole_)
            offer_note(Due::hole, next_start_);
        if (in_hole_ && repeating_) {
            Step again;
            if (last_bar_.peek(again))
                offer_note(Due::repeat, again.start);
            else
                offer_note(Due::repeat_end, hole_ + bar());
        }
    } else {
        offer(Due::pulse, pulses_.next());
    }
    if (first.tick >= end_) return {};
    return first;
}

void ClockCore::perform(const Action& action, TimePoint now) noexcept {
    switch (action.due) {
        case Due::note_end: end_sounding_by(note_end_); break;
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
    step.channel = channel();
    horizon_.advance();
    end_sounding_by(step.start);
    if (in_hole_) {
        links_.log.push(RtEvent::line_resumed, step.start.count(), (step.start - hole_).count());
        in_hole_ = repeating_ = false;
        last_bar_.end_repeat();
    }
    next_start_ = step.end();

    const auto due = note_time(step.start);
    PlayedEvent played;
    played.kind = PlayedEvent::Kind::step;
    played.step = step;
    played.tick = step.start;
    played.due = due;
    played.proposals = message.proposals;
    if (too_late(due, now) || over(step, now)) {
        played.kind = PlayedEvent::Kind::late_step;
        links_.meters.late_steps.fetch_add(1, std::memory_order_relaxed);
    } else {
        sound(step, due);
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
    const auto due = note_time(again.start);
    end_sounding_by(again.start);
    again.channel = channel();
    if (too_late(due, links_.time.now()) || over(again, links_.time.now())) return;
    sound(again, due);
    PlayedEvent played;
    played.kind = PlayedEvent::Kind::step;
    played.step = again;
    played.tick = again.start;
    played.due = due;
    played.proposals.fill(kNoProposal);
    push(played);
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

void ClockCore::sound(const Step& step, TimePoint due) noexcept {
    if (step.kind != StepKind::note) return;
    output_.start(step.channel, step.pitch, step.velocity, due);
    note_sounds_ = true;
    note_end_ = step.start + std::min(step.gate, step.duration);
    note_channel_ = step.channel;
    note_pitch_ = step.pitch;
}

void ClockCore::end_sounding_by(Ticks tick) noexcept {
    if (!note_sounds_) return;
    note_sounds_ = false;
    output_.end(note_channel_, note_pitch_, note_time(std::min(note_end_, tick)));
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
