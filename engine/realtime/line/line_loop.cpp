#include "engine/realtime/line/line_loop.hpp"

#include <algorithm>

namespace fusion {

void LineLoop::ask(Mode mode, int bars, Ticks bar) {
    mode_ = mode;
    bars_ = std::min(bars, kMostBars);
    bar_ = bar;
    laid_ = false;
    originals_.clear();
}

std::optional<LineLoop::Copy> LineLoop::at(Ticks start, std::uint32_t index,
                                           const PlannedLine& line) {
    if (mode_ == Mode::free) return {};
    if (!laid_) lay(start, index, line);
    if (!laid_) return {};
    const auto gone = start - begin_;
    if (mode_ == Mode::once && gone >= length_) return {};

    const auto place = begin_ - length_ + Ticks{gone.count() % length_.count()};
    const auto next = std::ranges::lower_bound(
        originals_, place, {}, [](const PlannedStep& s) { return s.message.step.start; });
    const auto onset = next == originals_.end() ? begin_ : next->message.step.start;
    // Over what was an underrun, several rests: one of many bars could not be let go of.
    if (onset > place) return Copy{nullptr, std::min(onset - place, to_ticks(kMaxEventCells))};
    return Copy{&*next, next->message.step.duration};
}

void LineLoop::lay(Ticks start, std::uint32_t index, const PlannedLine& line) {
    if (line.empty()) return;
    const auto whole = (start - line.front().message.step.start).count() / bar_.count();
    const auto bars = std::min<std::int64_t>(bars_, whole);
    if (bars < 1) return;
    laid_ = true;
    first_copy_ = index;
    begin_ = start;
    length_ = bar_ * bars;
    const auto inside = std::find_if(line.begin(), line.end(), [&](const PlannedStep& s) {
        return s.message.step.start >= begin_ - length_;
    });
    originals_.assign(inside, line.end());
}

void LineLoop::truncate(std::uint32_t index) {
    if (!laid_ || index > first_copy_) return;
    laid_ = false;
    originals_.clear();
}

void LineLoop::passed(Ticks place) {
    if (mode_ == Mode::once && laid_ && place >= begin_ + length_) release();
}

}  // namespace fusion
