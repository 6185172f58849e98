#include "engine/realtime/line_planner.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fusion {
namespace {

constexpr std::uint32_t kShortestPause = 8;  // steps that a failed generator is left alone
constexpr std::uint32_t kLongestPause = 64;

}  // namespace

LineControls LineControls::of(const ParamSnapshot& params) {
    LineControls controls;
    controls.weights = params.weights;
    controls.sampling = {.temperature = static_cast<float>(params.real(ParamId::temperature)),
                         .top_p = static_cast<float>(params.real(ParamId::top_p)),
                         .decision = static_cast<float>(params.real(ParamId::decision)),
                         .coupling = static_cast<float>(params.real(ParamId::coupling)),
                         .guidance = static_cast<float>(params.real(ParamId::guidance)),
                         .seed = static_cast<std::uint64_t>(params.integer(ParamId::seed))};
    controls.meter = {static_cast<std::uint8_t>(params.integer(ParamId::meter_numerator)),
                      static_cast<std::uint8_t>(params.integer(ParamId::meter_denominator))};
    controls.longest_rest = Ticks{std::llround(params.real(ParamId::longest_rest) *
                                               static_cast<double>(kTicksPerBeat.count()))};
    controls.gate = params.real(ParamId::gate);
    controls.velocity = static_cast<int>(params.integer(ParamId::velocity));
    controls.transpose = static_cast<int>(params.integer(ParamId::transpose));
    return controls;
}

LinePlanner::LinePlanner(Generator* neural, Generator* fallback, Links links,
                         PlannerOptions options)
    : neural_{neural},
      fallback_{fallback},
      links_{links},
      options_{options},
      ramp_{links.params.read().weights} {
    assert(neural != nullptr || fallback != nullptr);
    options_.horizon_steps = std::clamp(options_.horizon_steps, std::size_t{2}, kMaxHorizon);
    const auto& params = links_.params.read();
    epoch_ = params.restarts;
    revision_ = params.revision;
    changed_at_ns_ = params.changed_at_ns;
    ramp_beats_ = params.real(ParamId::ramp);
    controls_ = LineControls::of(params);
}

LinePlanner::Next LinePlanner::advance() {
    take_commits();
    if (may_look()) look_at_controls();
    place_beyond_head();
    const auto room_ahead = planned_ahead() < options_.horizon_steps;
    const auto made = room_ahead && make_step();
    if (made) take_commits();  // what was played while the step was made
    const auto all_sent = send();
    if (!all_sent) return Next::wait;
    const auto unfinished = made && planned_ahead() < options_.horizon_steps;
    return unfinished || may_look() ? Next::more_to_do : Next::wait;
}

// --- What the clock committed ---

void LinePlanner::take_commits() {
    CommitNote note;
    while (links_.commits.try_pop(note)) {
        if (note.epoch != epoch_) continue;  // of the line before the restart
        if (note.kind == CommitNote::Kind::committed)
            adopt_commit(note);
        else
            adopt_miss(note);
    }
    forget_superseded();
}

void LinePlanner::adopt_commit(const CommitNote& note) {
    if (note.index != first_uncommitted_ || sent_.empty()) return;
    const auto& sendings = sent_.front();
    const auto played = std::find_if(sendings.begin(), sendings.end(), [&](const PlannedStep& s) {
        return s.message.serial == note.serial;
    });
    assert(played != sendings.end());
    if (played == sendings.end()) return;

    const auto as_planned = next_index() > note.index &&
                            planned(note.index).message.serial == note.serial &&
                            planned(note.index).message.step.start == note.start;
    if (!as_planned) {
        auto step = *played;
        step.message.step.start = note.start;
        step.request.position = bar_position(cell_of(note.start), controls_.meter);
        truncate(note.index);
        line_.push_back(step);
    }
    const auto& step = planned(note.index).message.step;
    last_committed_start_ = step.start;
    base_ = step.end();
    base_placement_ = Placement::follows;
    first_uncommitted_ = note.index + 1;
    first_unsent_ = std::max(first_unsent_, first_uncommitted_);
    sent_.pop_front();
    neural_.commit(first_uncommitted_);
    fallback_.commit(first_uncommitted_);
    while (first_uncommitted_ - line_.front().message.step.index > 2 * Voice::kMostTold)
        line_.pop_front();
}

void LinePlanner::adopt_miss(const CommitNote& note) {
    const auto offset = note.index - first_uncommitted_;
    if (offset >= sent_.size()) return;
    auto& sendings = sent_[offset];
    std::erase_if(sendings, [&](const PlannedStep& s) { return s.message.serial == note.serial; });
    if (next_index() > note.index && planned(note.index).message.serial == note.serial)
        truncate(note.index);
}

// A sending is no longer needed once a newer one of the same step has left the queue: the queue
// holds at most its capacity, and what the clock committed before it took the newer one has already
// been told (take_commits comes first). Without this, a knob swept while the transport stands would
// gather sendings without end.
void LinePlanner::forget_superseded() {
    for (auto& sendings : sent_) {
        std::size_t keep_from = 0;
        for (std::size_t i = 0; i < sendings.size(); ++i)
            if (sendings[i].message.serial + links_.steps_capacity <= last_serial_) keep_from = i;
        sendings.erase(sendings.begin(), sendings.begin() + static_cast<std::ptrdiff_t>(keep_from));
    }
}

// --- Controls ---

// Not while the clock is about to run out of steps of any make. (The first uncommitted step is
// always finished: the call that drops it makes it again and sends it before it looks anew.)
bool LinePlanner::may_look() const {
    if (!links_.params.fresh()) return false;
    if (sent_.empty() || sent_.front().empty() || !head().running) return true;
    auto covered_to = base_;
    for (const auto& sendings : sent_) {
        if (sendings.empty()) break;
        covered_to += sendings.back().message.step.duration;
    }
    return until(covered_to) > margin();
}

void LinePlanner::look_at_controls() {
    const auto& params = links_.params.read();
    revision_ = params.revision;
    ramp_beats_ = params.real(ParamId::ramp);
    const auto controls = LineControls::of(params);
    const auto restarted = params.restarts != epoch_;
    if (!restarted && controls == controls_) return;

    changed_at_ns_ = params.changed_at_ns;
    if (controls.weights != controls_.weights) {
        if (first_uncommitted_ == 0 || restarted)
            ramp_.jump_to(controls.weights);
        else
            ramp_.head_for(controls.weights, last_committed_start_, ramp_beats_);
    }
    controls_ = controls;
    if (restarted)
        begin_epoch(params.restarts);
    else
        truncate(first_uncommitted_);
}

void LinePlanner::begin_epoch(std::uint32_t restarts) {
    epoch_ = restarts;
    line_.clear();
    sent_.clear();
    neural_.reset();
    fallback_.reset();
    ramp_.jump_to(controls_.weights);
    first_uncommitted_ = 0;
    first_unsent_ = 0;
    neural_rests_until_ = 0;
    last_committed_start_ = Ticks{0};
    base_ = Ticks{0};
    base_placement_ = Placement::placed;
}

// --- Making steps ---

// An underrun: the clock has gone past the place of a step that it does not have. The line then
// goes on at a beat that can still be reached.
void LinePlanner::place_beyond_head() {
    const auto now = head();
    if (!now.running || base_ > now.tick) return;
    if (!sent_.empty() && !sent_.front().empty()) return;  // it has one; the note is on its way
    truncate(first_uncommitted_);
    const double ticks = std::chrono::duration<double>(margin()).count() * now.tempo.count() /
                         60.0 * static_cast<double>(kTicksPerBeat.count());
    base_ = next_beat_after(now.tick + Ticks{static_cast<std::int64_t>(std::ceil(ticks))});
    base_placement_ = Placement::placed;
}

bool LinePlanner::make_step() {
    const auto index = next_index();
    const auto first = index == first_uncommitted_;
    const auto start = first ? base_ : line_.back().message.step.end();
    auto step = compose(index, start);
    if (!step) return false;
    step->message.placement = first ? base_placement_ : Placement::follows;
    line_.push_back(*step);
    error_.reset();
    return true;
}

std::optional<PlannedStep> LinePlanner::compose(std::uint32_t index, Ticks start) {
    PlannedStep planned;
    auto& step = planned.message.step;
    step.revision = revision_;
    step.start = start;
    step.index = index;
    planned.message.epoch = epoch_;
    planned.message.changed_at_ns = changed_at_ns_;
    planned.message.proposals.fill(kNoProposal);

    auto& request = planned.request;
    request.index = index;
    request.position = bar_position(cell_of(start), controls_.meter);
    request.meter = controls_.meter.meter_class();
    request.blend = normalised(ramp_.at(start));
    request.sampling = controls_.sampling;
    request.longest_rest = rest_left(start);

    if (request.blend.silent()) {
        step.duration = next_beat_after(start) - start;
        step.gate = step.duration;
        step.rung = neural_.present() ? Rung::neural : Rung::ngram;
        return planned;
    }
    const auto neural_may = neural_.present() && index >= neural_rests_until_ &&
                            (!fallback_.present() || !urgent(index, start));
    auto made = neural_may ? ask_neural(request) : std::nullopt;
    auto rung = Rung::neural;
    if (!made && fallback_.present()) {
        made = ask_fallback(request);
        rung = Rung::ngram;
    }
    if (!made) return std::nullopt;
    write_note(planned, *made, rung);
    return planned;
}

std::optional<GeneratedEvent> LinePlanner::ask_neural(const StepRequest& request) {
    const auto steps = neural_.steps_up_to(request.index);
    const auto before = links_.time.now();
    auto made = neural_.generate(request, line_);
    const auto each = (links_.time.now() - before) / steps;
    if (!made) {
        links_.meters.generator_errors.fetch_add(1, std::memory_order_relaxed);
        error_ = made.error();
        neural_pause_ = std::clamp(neural_pause_ * 2, kShortestPause, kLongestPause);
        neural_rests_until_ = request.index + (fallback_.present() ? neural_pause_ : 0);
        return std::nullopt;
    }
    neural_pause_ = 0;
    // A maximum that fades: one slow step is remembered for some ten.
    step_estimate_ = std::max(each, step_estimate_ - step_estimate_ / 8);
    links_.meters.step_time.record(std::chrono::duration_cast<Micros>(each));
    return *made;
}

std::optional<GeneratedEvent> LinePlanner::ask_fallback(const StepRequest& request) {
    auto made = fallback_.generate(request, line_);
    // It fades here too: after one long hiccup the networks must get another chance.
    step_estimate_ -= step_estimate_ / 8;
    if (made) return *made;
    links_.meters.generator_errors.fetch_add(1, std::memory_order_relaxed);
    error_ = made.error();
    return std::nullopt;
}

void LinePlanner::write_note(PlannedStep& planned, const GeneratedEvent& made, Rung rung) const {
    const auto& vocabulary = (rung == Rung::neural ? neural_ : fallback_).generator().vocabulary();
    const auto& event = vocabulary[made.event];
    auto& step = planned.message.step;
    planned.event = made.event;
    planned.message.proposals = made.proposals;
    step.event = made.event;
    step.rung = rung;
    step.duration = to_ticks(event.duration);
    step.gate = step.duration;
    if (event.is_rest()) return;
    step.kind = StepKind::note;
    const auto sounding = std::llround(static_cast<double>(step.duration.count()) * controls_.gate);
    step.gate = Ticks{std::clamp<std::int64_t>(sounding, 1, step.duration.count())};
    auto pitch = event.pitch->count() + controls_.transpose;
    while (pitch < 0) pitch += 12;  // the same note of the scale in the nearest octave there is
    while (pitch > 127) pitch -= 12;
    step.pitch = Pitch{static_cast<std::uint8_t>(pitch)};
    const auto loudness = made.velocity * controls_.velocity / spec(ParamId::velocity).initial;
    step.velocity = Velocity{static_cast<std::uint8_t>(std::clamp(loudness, 1.0, 127.0))};
}

// What a rest that begins at `start` may last, given the rests that lie before it.
Cells LinePlanner::rest_left(Ticks start) const {
    auto silent_from = start;
    for (auto it = line_.rbegin(); it != line_.rend(); ++it) {
        const auto& step = it->message.step;
        if (step.kind == StepKind::note || step.end() != silent_from) break;
        silent_from = step.start;
    }
    const auto left = std::max(Ticks{0}, controls_.longest_rest - (start - silent_from));
    const auto most = std::int64_t{kMaxEventCells.count()};
    return Cells{static_cast<std::int32_t>(std::min(cell_of(left), most))};
}

// Whether the clock needs the step sooner than the neural generator can surely make it. A step that
// the clock already has in an older make is never urgent: late control is better than a lower rung.
bool LinePlanner::urgent(std::uint32_t index, Ticks start) const {
    const auto offset = index - first_uncommitted_;
    if (offset < sent_.size() && !sent_[offset].empty()) return false;
    if (!head().running) return false;
    return until(start) <
           std::max(options_.least_ready, 3 * neural_.steps_up_to(index) * step_estimate_);
}

// --- Sending ---

bool LinePlanner::send() {
    for (; first_unsent_ < next_index(); ++first_unsent_) {
        auto& step = planned(first_unsent_);
        step.message.serial = last_serial_ + 1;
        if (!links_.steps.try_push(step.message)) return false;
        ++last_serial_;
        const auto offset = first_unsent_ - first_uncommitted_;
        if (offset >= sent_.size()) sent_.resize(offset + 1);
        sent_[offset].push_back(step);
    }
    return true;
}

void LinePlanner::truncate(std::uint32_t index) {
    while (!line_.empty() && line_.back().message.step.index >= index) line_.pop_back();
    first_unsent_ = std::min(first_unsent_, index);
    neural_.truncate(index);
    fallback_.truncate(index);
}

// --- Places and times ---

std::uint32_t LinePlanner::next_index() const {
    return line_.empty() ? first_uncommitted_ : line_.back().message.step.index + 1;
}

PlannedStep& LinePlanner::planned(std::uint32_t index) {
    return line_[index - line_.front().message.step.index];
}

PlayHead::Reading LinePlanner::head() const {
    auto reading = links_.head.read();
    if (reading.epoch != (epoch_ & PlayHead::kEpochMask)) reading = {};
    return reading;
}

Nanos LinePlanner::until(Ticks tick) const {
    const auto now = head();
    const auto ticks = static_cast<double>((tick - now.tick).count());
    const auto ns = ticks * 60e9 / (now.tempo.count() * static_cast<double>(kTicksPerBeat.count()));
    return Nanos{std::llround(ns)};
}

Ticks LinePlanner::next_beat_after(Ticks tick) const {
    return beats(tick.count() / kTicksPerBeat.count() + 1);
}

Nanos LinePlanner::margin() const {
    return fallback_.present() ? options_.least_ready
                               : std::max(options_.least_ready, 3 * step_estimate_);
}

}  // namespace fusion
