#include "engine/realtime/line/line_planner.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <span>
#include <utility>

#include "engine/model/lead.hpp"
#include "engine/realtime/line/line_harmony.hpp"
#include "engine/realtime/line/line_writer.hpp"

namespace fusion {
LinePlanner::LinePlanner(Generator* neural, Generator* fallback, Links links,
                         PlannerOptions options)
    : links_{std::move(links)},
      options_{options},
      ladder_{neural, fallback, links_.time, links_.meters},
      ramp_{links_.params.read().weights},
      reached_ramp_{ramp_} {
    assert(neural != nullptr || fallback != nullptr);
    options_.horizon_steps = std::clamp(options_.horizon_steps, std::size_t{2}, kMaxHorizon);
    const auto& params = links_.params.read();
    epoch_ = params.restarts;
    revision_ = params.revision;
    changed_at_ns_ = params.changed_at_ns;
    settings_ = LineSettings::of(params, harmony());
    if (settings_.held_bars > 0) loop_.hold(settings_.held_bars, bar());
    if (links_.tail) tail_.emplace(std::move(*links_.tail));
    if (links_.band) {
        band_.emplace(std::move(*links_.band), links_.wake_clock);
        band_->begin(epoch_);
        band_->look(params, settings_, *harmony_);
    }
}

LinePlanner::Next LinePlanner::advance() {
    expect_thread(ThreadRole::inference);
    take_commits();
    if (may_look()) look_at_params();
    const auto band = advance_band();
    place_beyond_head();
    const auto room_ahead = planned_ahead() < options_.horizon_steps;
    const auto made = room_ahead && make_step();
    if (made) take_commits();  // what was played while the step was made
    const auto all_sent = send();
    tell_tail();
    if (band == BandLine::Next::more_to_do) return Next::more_to_do;
    if (!all_sent || (room_ahead && !made) || band == BandLine::Next::look_again)
        return Next::look_again;
    const auto unfinished = made && planned_ahead() < options_.horizon_steps;
    if (unfinished || may_look()) return Next::more_to_do;
    const auto telling = loop_.running() && ladder_.tell_a_copy(first_uncommitted_, line_);
    return telling ? Next::more_to_do : Next::wait;
}

// --- Parameters ---

// Not while the clock is about to run out of steps of any make. (The first uncommitted step is
// always finished: the call that drops it makes it again and sends it before it looks anew.)
bool LinePlanner::may_look() {
    if (!links_.params.fresh()) return false;
    if (!sent_.any(0) || !head().running) return true;
    return until(base_ + sent_.covered()) > margin();
}

void LinePlanner::look_at_params() {
    const auto& params = links_.params.read();
    revision_ = params.revision;
    links_.meters.obeyed_revision.store(revision_, std::memory_order_relaxed);
    const auto settings = LineSettings::of(params, harmony());
    const auto restarted = !stands_in_ && params.restarts != epoch_;
    if (band_) band_->look(params, settings, *harmony_);
    if (!restarted && settings == settings_) return;

    changed_at_ns_ = params.changed_at_ns;
    if (settings.weights != settings_.weights) {
        // From what was heard: what came between and reached no step is as if it had not been.
        ramp_ = reached_ramp_;
        ramp_lengths_ = params.ramps;
        if (first_uncommitted_ == 0 || restarted)
            ramp_.jump_to(settings.weights);
        else
            ramp_.head_for(settings.weights, last_committed_start_, ramp_lengths_);
    }
    looks_.push_back({revision_, ramp_});
    if (looks_.size() > kMostLooks) looks_.pop_front();
    const auto before = std::exchange(settings_, settings);
    if (restarted) return begin_epoch(params.restarts);
    truncate(first_uncommitted_);
    follow_loop(before, params);
}

const HandHarmony& LinePlanner::harmony() {
    if (links_.harmony) harmony_ = &links_.harmony->read();
    if (!plan_.is_of(harmony_->book, harmony_->form))
        plan_ = HarmonyPlan{harmony_->book, harmony_->form};
    return *harmony_;
}

// After the planned tail is dropped, so that a new loop is laid over what is sure.
void LinePlanner::follow_loop(const LineSettings& before, const ParamSnapshot& params) {
    if (settings_.held_bars > 0) {
        if (settings_.held_bars != before.held_bars || settings_.meter != before.meter)
            loop_.hold(settings_.held_bars, bar());
    } else if (before.held_bars > 0) {
        loop_.release();
    }
    if (settings_.agains != before.agains && settings_.held_bars == 0)
        loop_.repeat_once(static_cast<int>(params.integer(ParamId::loop_bars)), bar());
}

BandLine::Next LinePlanner::advance_band() {
    return band_ ? band_->advance(head(), *harmony_, plan_, settings_) : BandLine::Next::wait;
}

void LinePlanner::begin_epoch(std::uint32_t epoch) {
    epoch_ = epoch;
    if (band_) band_->begin(epoch);
    line_.clear();
    sent_.clear();
    ladder_.reset();
    ramp_.jump_to(settings_.weights);
    reached_ramp_ = ramp_;
    looks_.clear();
    loop_.release();
    if (settings_.held_bars > 0) loop_.hold(settings_.held_bars, bar());
    first_uncommitted_ = 0;
    first_unsent_ = 0;
    last_committed_start_ = Ticks{0};
    base_ = Ticks{0};
    base_placement_ = Placement::placed;
    tail_changed();
}

void LinePlanner::stand_in(const StandInCall& call) {
    expect_thread(ThreadRole::inference);
    stands_in_ = true;
    const auto& params = links_.params.read();
    revision_ = params.revision;
    changed_at_ns_ = params.changed_at_ns;
    settings_ = LineSettings::of(params, harmony());
    begin_epoch(call.session);
    for (const auto& heard : std::span{call.heard}.first(call.count)) {
        PlannedStep told;
        auto& step = told.message.step;
        step.start = heard.start;
        step.duration = heard.duration;
        step.index = first_uncommitted_++;
        step.event = heard.event;
        step.rung = ladder_.top();  // whose words a copy of it is written in
        told.message.weights = heard.weights;
        told.request = request_for(step.index, step.start, normalised(heard.weights));
        // A rest that no generator was asked for cannot be told either.
        const bool is_known = heard.event < ladder_.vocabulary_of(ladder_.top()).size();
        if (!told.request.blend.silent() && is_known) {
            told.made.emplace();
            told.made->event = heard.event;
            told.made->proposals.fill(kNoProposal);
        }
        line_.push_back(told);
        last_committed_start_ = heard.start;
    }
    first_unsent_ = first_uncommitted_;
    base_ = call.place;
}

// --- Making steps ---

// An underrun: the clock has gone past the place of a step that it does not have. The line then
// goes on at a beat that can still be reached.
void LinePlanner::place_beyond_head() {
    const auto now = head();
    if (!now.running || base_ > now.tick) return;
    if (sent_.any(0)) return;  // it has one; the note is on its way
    truncate(first_uncommitted_);
    const double ticks = std::chrono::duration<double>(margin()).count() * now.tempo.count() /
                         60.0 * static_cast<double>(kTicksPerBeat.count());
    base_ = next_beat_after(now.tick + Ticks{static_cast<std::int64_t>(std::ceil(ticks))});
    base_placement_ = Placement::placed;
}

bool LinePlanner::make_step() {
    const auto index = next_index();
    const auto first = index == first_uncommitted_;
    const auto told = options_.told != nullptr ? options_.told->at(epoch_, index) : ToldStep{};
    const auto start = told.placed.value_or(first ? base_ : line_.back().message.step.end());
    auto step = compose(index, start, told);
    if (!step) return false;
    step->message.placement = told.placed ? Placement::placed
                              : first     ? base_placement_
                                          : Placement::follows;
    line_.push_back(*step);
    ladder_.got_a_step();
    return true;
}

std::optional<PlannedStep> LinePlanner::compose(std::uint32_t index, Ticks start,
                                                const ToldStep& told) {
    PlannedStep planned;
    auto& step = planned.message.step;
    step.revision = revision_;
    step.start = start;
    step.index = index;
    step.rung = ladder_.top();
    planned.message.epoch = epoch_;
    planned.message.changed_at_ns = changed_at_ns_;

    planned.message.weights = ramp_.at(start);
    auto& request = planned.request;
    request = request_for(index, start, normalised(planned.message.weights));
    request.harmony = harmony_ask(*harmony_, plan_, settings_, start,
                                  line_.empty() ? HarmonyAsk{} : line_.back().request.harmony);
    request.returns = plan_.form().returns(form_ask(settings_), cell_of(start), settings_.meter);

    if (const auto copy = loop_.at(start, index, line_)) {
        write_copy(planned, *copy);
        return planned;
    }
    const auto over = settings_.finish_at >= Ticks{0} && start >= settings_.finish_at;
    if (request.blend.silent() || over) {
        write_rest(planned, next_beat_after(start) - start);
        return planned;
    }
    const auto last_bar = is_in_last_bar(start);
    request.longest_rest = last_bar ? Cells{0} : rest_left(start);
    const auto haste =
        told.falls || urgent(index, start) ? Ladder::Haste::urgent : Ladder::Haste::none;
    auto made = ladder_.make(request, line_, haste);
    if (made && told.event && made->event.event != *told.event) {
        ladder_.truncate(index);
        request.forced = told.event;
        made = ladder_.make(request, line_, haste);
    }
    if (!made) return std::nullopt;
    step.rung = made->rung;
    const auto& vocabulary = ladder_.vocabulary_of(made->rung);
    const auto& event = vocabulary[made->event.event];
    const bool is_last = last_bar && !event.is_rest();
    write_event(planned, made->event,
                is_last ? settings_.finish_at - start : to_ticks(event.duration), vocabulary,
                settings_);
    return planned;
}

StepRequest LinePlanner::request_for(std::uint32_t index, Ticks start, const Blend& blend) const {
    StepRequest request;
    request.index = index;
    request.position = bar_position(cell_of(start), settings_.meter);
    request.meter = settings_.meter.meter_class();
    request.phrase = phrase_of(cell_of(start), settings_.meter);
    request.blend = blend;
    request.sampling = settings_.sampling;
    return request;
}

// As the original was made, under its blend, and as the parameters of now have it played.
void LinePlanner::write_copy(PlannedStep& planned, const LineLoop::Copy& copy) const {
    auto& step = planned.message.step;
    if (copy.original == nullptr) {
        const auto& vocabulary = ladder_.vocabulary_of(step.rung);
        GeneratedEvent rest;
        rest.proposals.fill(kNoProposal);
        const auto cells = static_cast<std::int32_t>(cell_of(copy.duration));
        rest.event = vocabulary.nearest({std::nullopt, Cells{std::max(1, cells)}});
        if (planned.request.blend.silent())  // no generator can be told of it
            write_rest(planned, copy.duration);
        else
            write_event(planned, rest, copy.duration, vocabulary, settings_);
        return;
    }
    const auto& original = *copy.original;
    planned.request.blend = original.request.blend;
    planned.message.weights = original.message.weights;
    step.rung = original.message.step.rung;
    if (original.made)
        write_event(planned, *original.made, copy.duration, ladder_.vocabulary_of(step.rung),
                    settings_);
    else
        write_rest(planned, copy.duration);
}

// Where the line is to end, its last bar is one note.
bool LinePlanner::is_in_last_bar(Ticks start) const {
    const auto end = settings_.finish_at;
    return end >= Ticks{0} && start < end && start >= end - to_ticks(settings_.meter.heard_bar());
}

// What a rest that begins at `start` may last, given the rests that lie before it.
Cells LinePlanner::rest_left(Ticks start) const {
    auto silent_from = start;
    for (auto it = line_.rbegin(); it != line_.rend(); ++it) {
        const auto& step = it->message.step;
        if (step.kind == StepKind::note || step.end() != silent_from) break;
        silent_from = step.start;
    }
    const auto left = std::max(Ticks{0}, settings_.longest_rest - (start - silent_from));
    const auto most = std::int64_t{kMaxEventCells.count()};
    return Cells{static_cast<std::int32_t>(std::min(cell_of(left), most))};
}

// Whether the clock needs the step sooner than the networks can surely make it. A step that
// the clock already has in an older make is never urgent: late control is better than a lower rung.
bool LinePlanner::urgent(std::uint32_t index, Ticks start) {
    if (sent_.any(index - first_uncommitted_) || !head().running) return false;
    return until(start) < std::max(options_.least_ready, ladder_.sure_time_for(index));
}

// --- Places and times ---

std::uint32_t LinePlanner::next_index() const {
    return line_.empty() ? first_uncommitted_ : line_.back().message.step.index + 1;
}

PlannedStep& LinePlanner::planned(std::uint32_t index) {
    return line_[index - line_.front().message.step.index];
}

PlayHead LinePlanner::head() {
    auto head = links_.head.read();
    if (head.epoch != epoch_) return {};
    if (head.running) {
        const auto now = links_.time.now();
        head.tick = Timeline{head.tick, head.at, head.tempo}.tick_at(std::max(now, head.at));
        head.at = now;
    }
    return head;
}

Nanos LinePlanner::until(Ticks tick) {
    const auto now = head();
    const auto ticks = static_cast<double>((tick - now.tick).count());
    const auto ns = ticks * 60e9 / (now.tempo.count() * static_cast<double>(kTicksPerBeat.count()));
    return Nanos{std::llround(ns)};
}

Ticks LinePlanner::next_beat_after(Ticks tick) const {
    return beats(tick.count() / kTicksPerBeat.count() + 1);
}

Ticks LinePlanner::bar() const { return to_ticks(settings_.meter.bar()); }

Nanos LinePlanner::margin() const {
    return ladder_.has_fallback() ? options_.least_ready
                                  : std::max(options_.least_ready, ladder_.sure_time());
}

}  // namespace fusion
