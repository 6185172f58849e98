#include "engine/train/measures/listener.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fusion::train {
namespace {
constexpr double kSwitch = 1.0 / 32.0;
}

std::vector<double> belief(const Judge& judge, const NoteLine& line, std::size_t from,
                           std::size_t to) {
    assert(from < judge.genres() && to < judge.genres());
    const auto scores = judge.note_scores(line);
    std::vector<double> beliefs;
    double p = 0.5;
    for (std::size_t row = 0; row < scores.size(); row += judge.genres()) {
        const double q = p * (1.0 - kSwitch) + (1.0 - p) * kSwitch;
        // As odds of `from`, so that no likelihood can overflow both sides.
        p = 1.0 / (1.0 + (1.0 - q) / q * std::exp(scores[row + from] - scores[row + to]));
        beliefs.push_back(p);
    }
    return beliefs;
}

std::optional<std::size_t> notes_until_verdict_follows(const Judge& judge, const NoteLine& line,
                                                       std::size_t first_note_after_switch,
                                                       std::size_t from, std::size_t to) {
    const auto beliefs = belief(judge, line, from, to);
    const std::size_t first = std::min(first_note_after_switch, beliefs.size());
    if (first > 0 && beliefs[first - 1] > 0.5) return 0;
    for (std::size_t i = first; i < beliefs.size(); ++i)
        if (beliefs[i] > 0.5) return i - first + 1;
    return std::nullopt;
}

}  // namespace fusion::train
