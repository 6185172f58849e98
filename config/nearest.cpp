#include "config/nearest.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace fusion {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    // Three rows of the matrix: a swap looks back two.
    std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substituted = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, substituted});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(above);
        above.swap(row);
    }
    return above[b.size()];
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
    // What comes from outside may be long; nothing that long is a slip of the finger.
    constexpr std::size_t kLongest = 256;
    if (word.size() > kLongest) return {};
    std::string best;
    std::size_t best_distance = kLongest;
    for (const auto& candidate : candidates) {
        const auto distance = edit_distance(word, candidate);
        const auto allowed = std::max<std::size_t>(2, candidate.size() / 3);
        if (distance <= allowed && distance < candidate.size() && distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
    const auto found = nearest(word, candidates);
    return found.empty() ? "" : fmt::format(" (did you mean '{}'?)", found);
}

}  // namespace fusion
