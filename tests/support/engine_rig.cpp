#include "tests/support/engine_rig.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace fusion::test {

EngineRig::EngineRig(RigOptions options)
    : params{{"classical", "jazz", "pop"}, time},
      sink{1U << 20U, options.lead},
      options_{options},
      steps_{options.steps_in_flight},
      planner{
          &neural,
          options.with_fallback ? &fallback : nullptr,
          {std::move(steps_.in), std::move(commits_.out), params.reader(), std::move(head.out),
           wake_clock, time, meters, TailTeller::Links{std::move(tail.in), tail_wanted, &tail_bell},
           harmony.reader(), std::move(beats_.in)},
          {.horizon_steps = options.horizon_steps}},
      core{{std::move(steps_.out), std::move(commits_.in), std::move(played_queue_.in),
            params.reader(), std::move(head.in), wake, sink, time, meters, log, options.sync,
            nullptr,
            options.with_stand_in
                ? std::optional{StandInLink{
                      std::move(stand_in_stage_.steps.out), std::move(stand_in_stage_.commits.in),
                      std::move(stand_in_stage_.calls.in), std::move(stand_in_stage_.head.in),
                      stand_in_stage_.wake}}
                : std::nullopt,
            std::move(beats_.out)}} {
    if (!options.with_stand_in) return;
    auto& stage = stand_in_stage_;
    stand_in.emplace(understudy,
                     LinePlanner::Links{std::move(stage.steps.in), std::move(stage.commits.out),
                                        params.reader(), std::move(stage.head.out), wake_clock,
                                        time, stage.meters, std::nullopt, harmony.reader()},
                     std::move(stage.calls.out), stage.wake);
}

void EngineRig::let_it_stand_in() {
    while (stand_in && stand_in->turn() == LinePlanner::Next::more_to_do) {
    }
}

void EngineRig::plan() {
    while (planner.advance() == LinePlanner::Next::more_to_do) {
    }
}

void EngineRig::clock_turn() {
    const auto now = time.now();
    const auto wanted = core.turn(now);
    PlayedEvent event;
    while (played_queue_.out.try_pop(event)) played_.push_back(event);
    time.sleep_until(std::min(wanted, now + options_.poll));
}

void EngineRig::clock_for(Nanos span) {
    const auto end = time.now() + span;
    while (time.now() < end) clock_turn();
}

void EngineRig::run_for(Nanos span) {
    const auto end = time.now() + span;
    while (time.now() < end) {
        if (!planner_held_) plan();
        let_it_stand_in();
        clock_turn();
    }
}

bool EngineRig::run_until(const std::function<bool()>& done) {
    const auto end = time.now() + std::chrono::minutes{1};
    while (!done()) {
        if (time.now() > end) return false;
        if (!planner_held_) plan();
        let_it_stand_in();
        clock_turn();
    }
    return true;
}

void EngineRig::finish() {
    core.silence(time.now());
    RtRecord record;
    while (log.try_pop(record)) {
    }
}

const std::vector<PlayedEvent>& EngineRig::played() { return played_; }

std::vector<Step> EngineRig::line() {
    std::vector<Step> steps;
    for (const auto& event : played_)
        if (event.kind == PlayedEvent::Kind::step && event.step.rung != Rung::repeat)
            steps.push_back(event.step);
    return steps;
}

std::size_t EngineRig::count(PlayedEvent::Kind kind) {
    return static_cast<std::size_t>(
        std::count_if(played_.begin(), played_.end(),
                      [&](const PlayedEvent& event) { return event.kind == kind; }));
}

std::vector<std::string> faults_of_line(const std::vector<Step>& line, std::size_t gaps) {
    std::vector<std::string> found;
    for (std::size_t i = 1; i < line.size(); ++i) {
        const auto& before = line[i - 1];
        const auto& step = line[i];
        if (step.index == 0 && step.start == Ticks{0}) continue;  // a restart
        if (step.index != before.index + 1)
            found.push_back(fmt::format("step {} follows step {}", step.index, before.index));
        if (step.start == before.end()) continue;
        if (step.start > before.end() && gaps > 0) {
            --gaps;
            continue;
        }
        found.push_back(fmt::format("step {} begins at {}, not at {}", step.index,
                                    step.start.count(), before.end().count()));
    }
    return found;
}

}  // namespace fusion::test
