#include "daemon/flight/flight_recorder.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/flight/flight_note.hpp"
#include "engine/music/chord_symbol.hpp"

namespace fusion {

FlightRecorder::FlightRecorder(FlightLog& log, const ParamStore& params,
                               const HarmonyTeller& harmony, Origin origin)
    : log_{log},
      harmony_{harmony},
      origin_{std::move(origin)},
      genres_{params.genres()},
      values_{params.parameters()},
      epoch_{params.current().restarts} {
    pending_.push_back(now(params.current()));
    begin_log(pending_.back());
    plays_ = params.current().on(ParamId::playing);
    if (!plays_) say(Ticks{0}, "playing 0");
    if (!plays_) goes_on_ = kStanding;
}

// --- What was said, and is ---

FlightRecorder::Said FlightRecorder::now(const ParamSnapshot& values) const {
    const auto& hand = harmony_.now();
    return {values, hand.progression.empty() ? std::string{} : hand.progression.text(),
            hand.held.is_none() ? std::string{} : to_text(hand.held), hand.form.text()};
}

void FlightRecorder::changed(const ParamSnapshot& values) {
    pending_.push_back(now(values));
    if (pending_.size() > kMostPending) pending_.pop_front();
}

const FlightRecorder::Said* FlightRecorder::newest_up_to(std::uint64_t revision) const {
    const auto after = std::ranges::upper_bound(
        pending_, revision, {}, [](const Said& said) { return said.values.revision; });
    return after == pending_.begin() ? nullptr : &*std::prev(after);
}

void FlightRecorder::forget_said() {
    const auto said = std::min(line_revision_, clock_revision_);
    while (pending_.size() > 1 && pending_[1].values.revision <= said) pending_.pop_front();
}

// --- The log ---

void FlightRecorder::begin_log(const Said& said) {
    std::time_t wall = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&wall, &utc);
    std::string head = fmt::format(
        "{}{}\n# build {}\n# bundle {}\n# genres {}\n# begun {:%Y-%m-%dT%H:%M:%SZ}\n", kFlightMagic,
        kFlightVersion, origin_.build, origin_.bundle, fmt::join(genres_, ", "), utc);
    values_.begin(said.values,
                  [&](const std::string& what) { head += fmt::format(":0 {}\n", what); });
    log_.begin(head);
    is_cut_ = is_full_ = false;
    line_ = 0;
    stood_ = ends_ = Ticks{0};
    progression_.clear();
    held_.clear();
    sections_ = Form{}.text();
    say_harmony(said, Ticks{0});
    panics_ = said.values.panics;
    agains_ = said.values.agains;
    finish_ = kNowhere;
    line_revision_ = clock_revision_ = said.values.revision;
}

void FlightRecorder::say(Ticks place, const std::string& what) {
    if (is_full_) return;
    if (log_.control(fmt::format(":{} {}", beats_text(place), what))) return;
    is_full_ = true;
    cut("the log of controls is full");
}

void FlightRecorder::remark(const std::string& what) {
    if (is_full_) return;
    if (log_.control(fmt::format("#! {}", what))) return;
    is_full_ = true;
    cut("the log of controls is full");
}

void FlightRecorder::cut(const std::string& why) {
    if (std::exchange(is_cut_, true)) return;
    log_.last_word(fmt::format("#! cut {} {}", beats_text(ends_), why));
}

void FlightRecorder::lost(std::uint64_t events) {
    if (std::exchange(lost_, events) != events) cut("the control thread was busy");
}

void FlightRecorder::bundle_changed(std::string bundle) {
    origin_.bundle = std::move(bundle);
    cut("another bundle plays");
}

void FlightRecorder::say_harmony(const Said& said, Ticks place) {
    if (said.progression != progression_)
        say(place, said.progression.empty() ? "progression"
                                            : fmt::format("progression \"{}\"", said.progression));
    if (said.held != held_)
        say(place, said.held.empty() ? "held" : fmt::format("held \"{}\"", said.held));
    if (said.sections != sections_) say(place, fmt::format("sections \"{}\"", said.sections));
    progression_ = said.progression;
    sections_ = said.sections;
    held_ = said.held;
}

void FlightRecorder::say_of_clock(Ticks place) {
    if (!clock_obeys_) return;
    const auto revision = *std::exchange(clock_obeys_, std::nullopt);
    const auto* said = newest_up_to(revision);
    if (said == nullptr || said->values.revision <= clock_revision_) return;
    clock_revision_ = said->values.revision;
    values_.change(said->values, FlightValues::Obeys::clock,
                   [&](const std::string& what) { say(place, what); });
    if (std::exchange(panics_, said->values.panics) != said->values.panics) say(place, "panic");
    forget_said();
}

void FlightRecorder::say_of_line(std::uint64_t revision, Ticks place) {
    const auto* said = newest_up_to(revision);
    if (said == nullptr || said->values.revision <= line_revision_) return;
    line_revision_ = said->values.revision;
    values_.change(said->values, FlightValues::Obeys::line,
                   [&](const std::string& what) { say(place, what); });
    say_harmony(*said, place);
    if (std::exchange(agains_, said->values.agains) != said->values.agains) say(place, "again");
    const auto finish = std::max(said->values.finish_at, kNowhere);
    if (finish != finish_ && finish != kNowhere)
        say(place, fmt::format("finish_at {}", beats_text(finish)));
    if (finish != finish_ && finish == kNowhere && runs_) say(place, "play");
    finish_ = finish;
    forget_said();
}

// --- What the clock tells ---

void FlightRecorder::played(const PlayedEvent& event) {
    if (event.kind == PlayedEvent::Kind::obeyed) return obeyed(event);
    if (event.kind == PlayedEvent::Kind::started) return started(event);
    if (event.kind == PlayedEvent::Kind::stopped) return stopped(event);
    if (is_of_line(event)) return step(event);
    for (const auto& note : notes_of(event, line_)) log_.note(fmt::format("#{}", to_text(note)));
}

void FlightRecorder::obeyed(const PlayedEvent& event) {
    const auto* said = newest_up_to(event.step.revision);
    if (said == nullptr) return;
    // What is heard at once keeps its own place; of the rest the last before a step counts.
    const auto* before = newest_up_to(clock_obeys_.value_or(clock_revision_));
    const bool at_once =
        before != nullptr && (before->values.panics != said->values.panics ||
                              before->values.on(ParamId::mute) != said->values.on(ParamId::mute));
    if (at_once && runs_) say_of_clock(recorded(free_from(clock_place_)));
    clock_obeys_ = event.step.revision;
    clock_place_ = event.tick;
    if (said->values.restarts != epoch_) begin_line(said->values.restarts, event.tick);
}

void FlightRecorder::begin_line(std::uint32_t epoch, Ticks at) {
    const auto place = runs_ ? recorded(free_from(at)) : goes_on_;
    const auto* obeyed = clock_obeys_ ? newest_up_to(*clock_obeys_) : nullptr;
    const auto values = obeyed != nullptr ? *obeyed : pending_.back();
    say_of_clock(place);
    epoch_ = epoch;
    ++line_;
    if (is_cut_ || log_.controls_used() > log_.control_room() / 2) {
        begin_log(values);
        plays_ = runs_ || values.values.on(ParamId::playing);
        if (!plays_) say(Ticks{0}, "playing 0");
        goes_on_ = plays_ ? Ticks{0} : kStanding;
    } else {
        say(place, "restart");
        if (runs_) stood_ = place;
    }
    next_index_ = 0;
    next_start_ = position_ = Ticks{0};
    last_heard_ = Ticks{-1};
    finish_ = kNowhere;
}

void FlightRecorder::started(const PlayedEvent& event) {
    if (event.line_at.epoch != epoch_) begin_line(event.line_at.epoch, last_heard_);
    if (runs_) return;  // the line began anew
    say_of_clock(goes_on_);
    if (!std::exchange(plays_, true)) {
        say(goes_on_, "play");
        stood_ = goes_on_ - position_;
    }
    runs_ = true;
}

void FlightRecorder::stopped(const PlayedEvent& event) {
    if (!runs_) return;
    // Where it comes to its end it stops by itself; the word of it comes after.
    const bool is_end = finish_ != kNowhere && event.tick == finish_;
    const auto at = free_from(event.tick + Ticks{is_end ? 1 : 0});
    say_of_clock(recorded(std::min(free_from(clock_place_), at)));
    say(recorded(at), "stop");
    plays_ = runs_ = false;
    finish_ = kNowhere;
    position_ = is_end ? event.tick : at;
    ends_ = recorded(at);
    log_.end(fmt::format(":{} end", beats_text(ends_)));
    goes_on_ = recorded(at) + kStanding;
}

void FlightRecorder::step(const PlayedEvent& event) {
    const auto epoch = event.line_at.epoch;
    if (epoch != epoch_) begin_line(epoch, last_heard_);
    const auto& step = event.step;
    const auto heard = event.heard_at;
    // The line obeys from its last step on: where the next one lies, and is committed, may be what
    // was turned. One that was met too late to lean was made a tick before it was heard.
    const auto clock = recorded(std::min(free_from(clock_place_), heard));
    const auto line = recorded(std::min(free_from(event.met ? heard - Ticks{1} : Ticks{0}), heard));
    if (clock < line) say_of_clock(clock);
    say_of_line(step.revision, line);
    if (line <= clock) say_of_clock(clock);
    if (step.index != next_index_) cut("steps were lost on their way here");
    if (step.start != next_start_)
        remark(fmt::format("placed {} {} {}", line_, step.index, step.start.count()));
    if (step.rung != origin_.top)
        remark(fmt::format("fell {} {} {}", line_, step.index, step.event));
    else if (event.astray)
        remark(fmt::format("astray {} {} {}", line_, step.index, step.event));
    if (event.kind == PlayedEvent::Kind::late_step)
        remark(fmt::format("late {} {} {}", line_, step.index, step.event));
    for (const auto& note : notes_of(event, line_)) {
        log_.note(fmt::format("#{}", to_text(note)));
        ends_ = std::max(ends_, recorded(note.at + std::max(note.length, Ticks{1})));
        log_.end(fmt::format(":{} end", beats_text(ends_)));
    }
    next_index_ = step.index + 1;
    next_start_ = step.end();
    last_heard_ = heard;
}

}  // namespace fusion
