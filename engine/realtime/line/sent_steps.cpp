#include "engine/realtime/line/sent_steps.hpp"

#include <algorithm>

namespace fusion {

void SentSteps::add(std::size_t ahead, const PlannedStep& step) {
    last_serial_ = step.message.serial;
    if (ahead >= sent_.size()) sent_.resize(ahead + 1);
    sent_[ahead].push_back(step);
}

const PlannedStep* SentSteps::find(std::uint64_t serial) const {
    if (sent_.empty()) return nullptr;
    const auto& sendings = sent_.front();
    const auto found = std::ranges::find(
        sendings, serial, [](const PlannedStep& step) { return step.message.serial; });
    return found == sendings.end() ? nullptr : &*found;
}

Ticks SentSteps::covered() const {
    Ticks sum{0};
    for (const auto& sendings : sent_) {
        if (sendings.empty()) break;
        sum += sendings.back().message.step.duration;
    }
    return sum;
}

bool SentSteps::forget(std::size_t ahead, std::uint64_t serial) {
    if (ahead >= sent_.size()) return false;
    std::erase_if(sent_[ahead],
                  [&](const PlannedStep& step) { return step.message.serial == serial; });
    return true;
}

void SentSteps::forget_superseded(std::size_t capacity) {
    const auto left_the_queue = [&](const PlannedStep& step) {
        return step.message.serial + capacity <= last_serial_;
    };
    for (auto& sendings : sent_) {
        const auto newest = std::find_if(sendings.rbegin(), sendings.rend(), left_the_queue);
        if (newest != sendings.rend()) sendings.erase(sendings.begin(), newest.base() - 1);
    }
}

}  // namespace fusion
