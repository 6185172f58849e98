#include "engine/realtime/line/voice.hpp"

#include <algorithm>

namespace fusion {

std::uint32_t Voice::steps_up_to(std::uint32_t index) const {
    const auto behind = index - std::min(index, generator_->next_index());
    return 1 + std::min(behind, kMostTold);
}

Status Voice::follow(std::uint32_t index, const PlannedLine& line) {
    const auto have = generator_->next_index();
    if (have >= index) return {};
    const auto line_begin = line.empty() ? index : line.front().message.step.index;
    const auto planned = [&](std::uint32_t i) -> const PlannedStep& {
        return line[i - line_begin];
    };

    auto first = index;
    while (first > have && first > line_begin && index - first < kMostTold &&
           planned(first - 1).made)
        --first;
    if (first > have) {
        generator_->skip_to(first);
        oldest_kept_ = first;
    }
    for (auto i = first; i < index; ++i) {
        auto told = planned(i).request;
        told.forced = planned(i).made->event;
        if (auto made = generator_->generate(told); !made) return tl::unexpected{made.error()};
    }
    return {};
}

Result<GeneratedEvent> Voice::generate(const StepRequest& request, const PlannedLine& line) {
    if (auto told = follow(request.index, line); !told) return tl::unexpected{told.error()};
    return generator_->generate(request);
}

void Voice::truncate(std::uint32_t index) {
    if (!present() || generator_->next_index() <= index) return;
    if (index >= oldest_kept_)
        generator_->rollback(index);
    else
        reset();  // it jumped over that place: start anew, and be told the last steps
}

void Voice::commit(std::uint32_t index) {
    if (!present()) return;
    const auto known = std::min(index, generator_->next_index());
    if (known <= oldest_kept_) return;
    generator_->forget_before(known);
    oldest_kept_ = known;
}

void Voice::reset() {
    if (!present()) return;
    generator_->reset();
    oldest_kept_ = 0;
}

}  // namespace fusion
