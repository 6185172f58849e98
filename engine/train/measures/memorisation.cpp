#include "engine/train/measures/memorisation.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace fusion::train {
namespace {
constexpr std::uint32_t kTimeBits = 24;
constexpr std::uint32_t kTimeMask = (1U << kTimeBits) - 1;
}  // namespace

// The last note of a line leads to no other, so its time says nothing and is 0.
std::vector<TrainingRuns::Token> TrainingRuns::tokens_of(const NoteLine& line) {
    std::vector<Token> tokens;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool last = i + 1 == line.size();
        const auto time = last ? 0U : static_cast<std::uint32_t>(line.interonset(i).count());
        tokens.push_back((line.notes[i].pitch.count() + 1U) << kTimeBits | (time & kTimeMask));
    }
    return tokens;
}

TrainingRuns::TrainingRuns(std::span<const NoteLine> training, std::size_t run) : run_{run} {
    assert(run > 0);
    std::size_t longest = 0;
    for (const NoteLine& line : training) {
        const auto tokens = tokens_of(line);
        tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
        tokens_.push_back(0);
        longest = std::max(longest, tokens.size() + 1);
    }
    sort_suffixes(longest);
}

void TrainingRuns::sort_suffixes(std::size_t longest_line) {
    suffixes_.resize(tokens_.size());
    std::iota(suffixes_.begin(), suffixes_.end(), 0U);
    // ranks[i]: the place of suffix i among all, by its first `known` tokens.
    std::vector<std::uint32_t> ranks(tokens_.begin(), tokens_.end()), next(tokens_.size());
    // Beyond the longest line no difference is of the same line.
    for (std::size_t known = 0; known < longest_line; known = std::max<std::size_t>(1, 2 * known)) {
        const auto key = [&](std::uint32_t i) {
            const std::uint64_t second =
                known > 0 && i + known < ranks.size() ? ranks[i + known] + std::uint64_t{1} : 0;
            return std::uint64_t{ranks[i]} << 32U | second;
        };
        std::vector<std::pair<std::uint64_t, std::uint32_t>> keyed;
        keyed.reserve(suffixes_.size());
        for (const std::uint32_t i : suffixes_) keyed.emplace_back(key(i), i);
        std::sort(keyed.begin(), keyed.end());
        std::uint32_t rank = 0;
        for (std::size_t i = 0; i < keyed.size(); ++i) {
            if (i > 0 && keyed[i].first != keyed[i - 1].first) rank = static_cast<std::uint32_t>(i);
            suffixes_[i] = keyed[i].second;
            next[keyed[i].second] = rank;
        }
        ranks.swap(next);
    }
}

std::size_t TrainingRuns::alike(std::span<const Token> notes, std::uint32_t suffix) const {
    std::size_t n = 0;
    while (n < notes.size()) {
        const Token ours = notes[n], theirs = tokens_[suffix + n];
        if (theirs == 0 || ours >> kTimeBits != theirs >> kTimeBits) break;
        ++n;
        // The times count only where both lead on to a further note.
        if (ours != theirs) break;
    }
    return n;
}

std::size_t TrainingRuns::copied_from(std::span<const Token> notes) const {
    // What is most like the notes stands next to where they would stand.
    const auto place = std::lower_bound(suffixes_.begin(), suffixes_.end(), notes,
                                        [&](std::uint32_t suffix, std::span<const Token> asked) {
                                            for (std::size_t i = 0; i < asked.size(); ++i) {
                                                const Token theirs = tokens_[suffix + i];
                                                // A line's end is below every note, so nothing is
                                                // read past it.
                                                if (theirs != asked[i]) return theirs < asked[i];
                                            }
                                            return false;
                                        });
    std::size_t most = 0;
    if (place != suffixes_.end()) most = alike(notes, *place);
    if (place != suffixes_.begin()) most = std::max(most, alike(notes, *(place - 1)));
    return most;
}

double TrainingRuns::share_found(std::span<const NoteLine> lines) const {
    std::size_t found = 0, runs = 0;
    for (const NoteLine& line : lines) {
        const auto tokens = tokens_of(line);
        for (std::size_t i = 0; i + run_ <= tokens.size(); ++i) {
            ++runs;
            // To the last note's own onset; what follows it belongs to the next run.
            std::vector<Token> run{tokens.begin() + static_cast<std::ptrdiff_t>(i),
                                   tokens.begin() + static_cast<std::ptrdiff_t>(i + run_)};
            run.back() &= ~kTimeMask;
            if (copied_from(run) >= run_) ++found;
        }
    }
    return runs == 0 ? 0.0 : static_cast<double>(found) / static_cast<double>(runs);
}

std::size_t TrainingRuns::longest_copied(const NoteLine& line) const {
    const auto tokens = tokens_of(line);
    std::size_t longest = 0;
    for (std::size_t i = 0; i + longest < tokens.size(); ++i)
        longest = std::max(longest, copied_from(std::span{tokens}.subspan(i)));
    return longest;
}

std::vector<std::size_t> TrainingRuns::longest_copied_histogram(
    std::span<const NoteLine> lines) const {
    std::vector<std::size_t> histogram;
    for (const NoteLine& line : lines) {
        const std::size_t longest = longest_copied(line);
        if (histogram.size() <= longest) histogram.resize(longest + 1);
        ++histogram[longest];
    }
    return histogram;
}

}  // namespace fusion::train
