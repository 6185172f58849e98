#include "engine/train/slips.hpp"

#include <algorithm>
#include <optional>

namespace fusion::train {

namespace {

constexpr double kCleanWindows = 0.5;
constexpr double kLeastSlips = 0.02;
constexpr double kOfLengths = 0.25;  // of all slips
constexpr std::size_t kNear = 24;    // events: where another tone is looked for
constexpr int kTries = 4;

// The window and what lies before it, as one line.
class SlippingLine {
public:
    SlippingLine(Window& window, const Vocabulary& vocabulary)
        : window_{window}, vocabulary_{vocabulary}, before_{window.past.size()} {
        window.heard = window.target;
    }

    [[nodiscard]] std::size_t size() const { return before_ + window_.size(); }
    void slip_tone(std::size_t at, Random& random) {
        for (int tries = 0; tries < kTries; ++tries) {
            const std::size_t from = at - std::min(at, kNear);
            const std::size_t to = std::min(size(), at + kNear + 1);
            Event other = event(from + random.below(to - from));
            other.duration = event(at).duration;
            const auto slipped = vocabulary_.find(other);
            if (!slipped || *slipped == heard(at)) continue;
            heard(at) = *slipped;
            return;
        }
    }
    // Not over the window's edge, and not after a slip: `at` + 1 is where the line comes back.
    void slip_lengths(std::size_t at) {
        if (at + 1 >= size() || (at < before_) != (at + 1 < before_)) return;
        Event first = event(at), second = event(at + 1);
        std::swap(first.duration, second.duration);
        const auto early = vocabulary_.find(first), late = vocabulary_.find(second);
        if (first.duration == second.duration || !early || !late) return;
        const auto bar = bar_of(at);
        if (!bar) return;
        const auto between = (position(at) + first.duration.count()) % *bar;
        if (between >= static_cast<std::int32_t>(kBarPositions)) return;
        heard(at) = *early;
        heard(at + 1) = *late;
        position(at + 1) = static_cast<std::uint8_t>(between);
        if (at >= before_) window_.target[at + 1 - before_] = *late;
    }

private:
    [[nodiscard]] Event event(std::size_t at) { return vocabulary_.events()[heard(at)]; }
    EventId& heard(std::size_t at) {
        return at < before_ ? window_.past[at] : window_.heard[at - before_];
    }
    std::uint8_t& position(std::size_t at) {
        return at < before_ ? window_.past_position[at] : window_.position[at - before_];
    }
    // Cells; what the place in the bar is counted by.
    [[nodiscard]] std::optional<std::int32_t> bar_of(std::size_t at) {
        const auto meter = window_.meter[at < before_ ? 0 : at - before_];
        const auto bar = static_cast<std::int32_t>(usual_bar(static_cast<MeterClass>(meter)));
        // Where the bar is an unusual one the next place is not to be known.
        const auto next = (position(at) + event(at).duration.count()) % bar;
        if (next != position(at + 1)) return std::nullopt;
        return bar;
    }

    Window& window_;
    const Vocabulary& vocabulary_;
    std::size_t before_;
};

}  // namespace

void let_slip(Window& window, const Vocabulary& vocabulary, Random& random) {
    if (window.size() == 0 || random.uniform() < kCleanWindows) return;
    const double share = kLeastSlips + (kMostSlips - kLeastSlips) * random.uniform();
    SlippingLine line{window, vocabulary};
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (random.uniform() >= share) continue;
        if (random.uniform() < kOfLengths)
            line.slip_lengths(at++);
        else
            line.slip_tone(at, random);
    }
    for (std::size_t i = 1; i < window.size(); ++i) window.last[i] = window.heard[i - 1];
    if (!window.past.empty()) window.last[0] = window.past.back();
    recall_again(window, vocabulary);
}

}  // namespace fusion::train
