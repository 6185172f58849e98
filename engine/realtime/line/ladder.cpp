#include "engine/realtime/line/ladder.hpp"

#include <algorithm>

namespace fusion {
namespace {

constexpr std::uint32_t kShortestPause = 8;  // steps that a failed generator is left alone
constexpr std::uint32_t kLongestPause = 64;

}  // namespace

std::optional<Ladder::Made> Ladder::make(const StepRequest& request, const PlannedLine& line,
                                         Haste haste) {
    const auto neural_may = neural_.present() && request.index >= neural_rests_until_ &&
                            (haste == Haste::none || !fallback_.present());
    if (neural_may)
        if (auto made = ask_neural(request, line)) return Made{*made, Rung::neural};
    if (fallback_.present())
        if (auto made = ask_fallback(request, line)) return Made{*made, Rung::ngram};
    return std::nullopt;
}

std::optional<GeneratedEvent> Ladder::ask_neural(const StepRequest& request,
                                                 const PlannedLine& line) {
    const auto steps = neural_.steps_up_to(request.index);
    const auto before = time_.now();
    auto made = neural_.generate(request, line);
    const auto each = (time_.now() - before) / steps;
    if (!made) {
        neural_failed(request.index, made.error());
        return std::nullopt;
    }
    neural_pause_ = 0;
    step_estimate_ = std::max(each, step_estimate_ - step_estimate_ / 8);
    meters_.step_time.record(std::chrono::duration_cast<Micros>(each));
    return *made;
}

std::optional<GeneratedEvent> Ladder::ask_fallback(const StepRequest& request,
                                                   const PlannedLine& line) {
    auto made = fallback_.generate(request, line);
    // It fades here too: after one long hiccup the networks must get another chance.
    step_estimate_ -= step_estimate_ / 8;
    if (made) return *made;
    failed(made.error());
    return std::nullopt;
}

bool Ladder::tell_a_copy(std::uint32_t index, const PlannedLine& line) {
    if (!neural_.present() || index < neural_rests_until_) return false;
    const auto behind = neural_.steps_up_to(index) - 1;
    if (behind == 0) return false;
    const auto told = neural_.follow(index - behind + 1, line);
    if (!told) neural_failed(index, told.error());
    return told && behind > 1;
}

void Ladder::neural_failed(std::uint32_t index, const Error& error) {
    failed(error);
    neural_pause_ = std::clamp(neural_pause_ * 2, kShortestPause, kLongestPause);
    neural_rests_until_ = index + (fallback_.present() ? neural_pause_ : 0);
}

void Ladder::failed(const Error& error) {
    meters_.generator_errors.fetch_add(1, std::memory_order_relaxed);
    error_ = error;
}

void Ladder::truncate(std::uint32_t index) {
    neural_.truncate(index);
    fallback_.truncate(index);
}

void Ladder::commit(std::uint32_t index) {
    neural_.commit(index);
    fallback_.commit(index);
}

void Ladder::reset() {
    neural_.reset();
    fallback_.reset();
    neural_rests_until_ = 0;
}

}  // namespace fusion
