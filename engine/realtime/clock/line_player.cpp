#include "engine/realtime/clock/line_player.hpp"

#include <algorithm>
#include <utility>

namespace fusion {

// --- Steps from the planner ---

void LinePlayer::take(const StepMessage& message, Ticks reached, TimePoint now) noexcept {
    const auto missing = underrun_.lasts() && message.step.index == horizon_.next_index();
    const auto in_time =
        message.placement == Placement::placed && groove_.swung(message.step.start) >= reached;
    if (missing && !in_time) return leave_out(message, now);
    static_cast<void>(horizon_.put(message));  // an older make, or committed: it told us nothing
}

void LinePlayer::take_bridge(Ticks reached) noexcept {
    if (has_next() && !underrun_.lasts()) bridge_.send_away();
    bridge_.take(reached, [this](Ticks start) { return groove_.swung(start); });
}

bool LinePlayer::bridge_begins() noexcept {
    bridge_.call(next_start_);
    return bridge_.next() != nullptr;
}

void LinePlayer::leave_out(const StepMessage& message, TimePoint now) noexcept {
    const auto late = now - links_.time.time_at(message.step.start);
    links_.meters.late_steps.fetch_add(1, std::memory_order_relaxed);
    links_.log.push(RtEvent::late_step, message.step.index,
                    std::chrono::duration_cast<Micros>(late).count());
    links_.reports.to_planner(message, CommitNote::Kind::missed, message.step.start);
    PlayedEvent left_out;
    left_out.kind = PlayedEvent::Kind::late_step;
    left_out.step = message.step;
    left_out.tick = message.step.start;
    left_out.due = now;
    left_out.line_at = {message.epoch, horizon_.next_index()};
    links_.reports.tell(left_out);
}

void LinePlayer::rewind() noexcept {
    horizon_.clear();
    underrun_.clear();
    bridge_.send_away();
    bridge_.forget();
    groove_.rewind();
    next_start_ = Ticks{0};
    last_serial_ = 0;
}

// --- What is due ---

Ticks LinePlayer::start_of(const StepMessage& message) const noexcept {
    return message.placement == Placement::placed ? std::max(message.step.start, next_start_)
                                                  : next_start_;
}

void LinePlayer::begin_turn(Ticks reached) noexcept {
    const auto* message = horizon_.next();
    if (message != nullptr) groove_.meet(message->step, start_of(*message), reached);
    if (const auto* bridge = bridge_.next(); bridge != nullptr && underrun_.lasts())
        groove_.meet(bridge->step, bridge_.start_of(*bridge), reached);
}

void LinePlayer::end_turn(Ticks reached, Transport::State transport) noexcept {
    groove_.decided(reached);
    // While the last step sounds there is time to make what would follow it.
    if (transport == Transport::State::running && !has_next()) bridge_.call(next_start_);
}

// The earliest; at the same tick, the line before the bridge and that before the repeat.
LinePlayer::Next LinePlayer::next(Ticks end) const noexcept {
    const auto heard = [&](const Step& step, Ticks start) {
        const auto at = groove_.heard(start, step.lean);
        return start < end ? at : std::max(at, end);
    };
    Next first;
    if (const auto* message = horizon_.next(); message != nullptr)
        first = {What::step, heard(message->step, start_of(*message))};
    else if (!underrun_.lasts())
        first = {What::underrun, groove_.swung(next_start_)};
    if (!underrun_.lasts()) return first;
    if (const auto* bridge = bridge_.next(); bridge != nullptr) {
        const auto at = heard(bridge->step, bridge_.start_of(*bridge));
        if (at < first.tick) first = {What::bridge, at};
    }
    if (!underrun_.repeats()) return first;
    Step again;
    const auto repeat = underrun_.peek(again)
                            ? Next{What::repeat, heard(again, again.start)}
                            : Next{What::silence, groove_.swung(underrun_.place() + bar_)};
    return repeat.tick < first.tick ? repeat : first;
}

void LinePlayer::play(What what, TimePoint now) noexcept {
    switch (what) {
        case What::nothing: break;
        case What::step: commit(now); break;
        case What::underrun: begin_underrun(); break;
        case What::bridge: play_bridge(now); break;
        case What::repeat: repeat_step(); break;
        case What::silence:
            underrun_.fall_silent();
            play_on(Rung::silence);
            break;
    }
}

void LinePlayer::commit(TimePoint now) noexcept {
    auto message = *horizon_.next();
    auto& step = message.step;
    step.start = start_of(message);
    horizon_.advance();
    if (underrun_.lasts()) {
        links_.log.push(RtEvent::line_resumed, step.start.count(),
                        (step.start - underrun_.place()).count());
        underrun_.end();
        bridge_.send_away();
    }
    next_start_ = step.end();
    bridge_.remember(message);

    PlayedEvent played;
    played.weights = message.weights;
    played.line_at = {message.epoch, horizon_.next_index()};
    played.astray = last_serial_ != 0 && message.follows != last_serial_;
    last_serial_ = message.serial;
    if (sound(step, message.parts, played, now)) {
        underrun_.remember(step);
        links_.meters.steps_committed.fetch_add(1, std::memory_order_relaxed);
        play_on(step.rung);
    } else {
        played.kind = PlayedEvent::Kind::late_step;
        links_.meters.late_steps.fetch_add(1, std::memory_order_relaxed);
    }
    links_.reports.to_planner(message, CommitNote::Kind::committed, step.start);
    links_.reports.tell(played);
    links_.reports.obeyed(message.changed_at_ns, links_.transport.running_since());
}

void LinePlayer::begin_underrun() noexcept {
    const auto place = next_start_;
    bridged_ = false;
    underrun_.begin(place, bar_);
    groove_.not_before(groove_.swung(place));
    links_.meters.underruns.fetch_add(1, std::memory_order_relaxed);
    links_.log.push(RtEvent::underrun, place.count());
    links_.reports.tell(PlayedEvent::Kind::underrun, place, links_.time.time_at(place));
    play_on(Rung::repeat);
}

// Not the line's: the planner is not told, and the index is that of the step it stands in for.
void LinePlayer::play_bridge(TimePoint now) noexcept {
    auto message = bridge_.pop();
    if (!std::exchange(bridged_, true))
        links_.log.push(RtEvent::stand_in, message.step.start.count());
    if (underrun_.repeats()) underrun_.fall_silent();
    bridge_.remember(message);
    message.step.index = horizon_.next_index();
    PlayedEvent played;
    played.weights = message.weights;
    if (!sound(message.step, message.parts, played, now)) return;
    underrun_.remember(message.step);
    links_.meters.steps_bridged.fetch_add(1, std::memory_order_relaxed);
    play_on(message.step.rung);
    links_.reports.tell(played);
    links_.reports.obeyed(message.changed_at_ns, links_.transport.running_since());
}

void LinePlayer::repeat_step() noexcept {
    Step again;
    if (!underrun_.peek(again)) return;
    underrun_.pop();
    PlayedEvent played;
    if (sound(again, {}, played, links_.clock.now())) links_.reports.tell(played);
}

// Sounds a step and its parts, and tells `played` of it. False: it is too late for that, or the
// machine slept through all of it, and it would be one of a burst.
bool LinePlayer::sound(const Step& step, const std::array<PartNote, kMaxGenres>& parts,
                       PlayedEvent& played, TimePoint now) noexcept {
    auto& notes = links_.notes;
    const auto heard = groove_.heard(step.start, step.lean);
    const auto due = links_.time.time_at(heard);
    const auto end_of = [&](Ticks length) { return groove_.end_of(step, length, heard); };
    groove_.played(heard);
    notes.end_by(heard, links_.time.line());

    played.kind = PlayedEvent::Kind::step;
    played.heard = notes.muted() ? PlayedEvent::Heard::muted : PlayedEvent::Heard::heard;
    played.step = step;
    played.step.channel = notes.channel();
    played.tick = step.start;
    played.heard_at = heard;
    played.ends = end_of(step.gate);
    const auto straight = groove_.swung(step.start);
    played.met = heard > straight + Ticks{step.lean} && heard < straight;
    played.due = due;
    played.parts = parts;
    const auto over = links_.time.time_at(end_of(step.duration)) - links_.output.lead() < now &&
                      step.duration > Ticks{0};
    if (over || links_.output.too_late(due, now)) return false;
    played.sounds = notes.begin_line(played.step, {played.ends, due});
    for (std::size_t genre = 0; genre < kMaxGenres; ++genre)
        if (notes.begin_part(genre, parts[genre], {end_of(parts[genre].gate), due}))
            played.part_channels[genre] = notes.part_channel(genre);
    return true;
}

}  // namespace fusion
