// An interpolated 5-gram over events: the yardstick of the evaluation, and the fallback when the
// networks cannot keep up. Witten-Bell interpolation down to a uniform distribution, so that every
// event always has some probability; each order has a strength of its own, which scales the weight
// of what lies below it and is tuned by whoever fits, so that the yardstick is a fair one. Stored
// as the sorted whole 5-grams, prefix-coded; the shorter counts are summed again on reading.
// Thread: any (immutable once fitted). Errors: parse() says malformed.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/corpus/vocabulary.hpp"

namespace fusion {

class NgramModel {
public:
    static constexpr std::size_t kOrder = 5;
    // Per length of context, 0 to kOrder - 1. All 1 is Witten-Bell.
    using Strengths = std::array<double, kOrder>;

    // `sequences`: the training pieces of one genre.
    static NgramModel fit(std::span<const std::vector<EventId>> sequences,
                          std::size_t vocabulary_size,
                          const Strengths& strengths = {1, 1, 1, 1, 1});

    // P(event | the last kOrder-1 events of `history`) for every event; `out` has vocabulary_size
    // entries and sums to 1.
    void distribution(std::span<const EventId> history, std::span<float> out) const;

    // The same for one event alone, much quicker.
    [[nodiscard]] double probability(std::span<const EventId> history, EventId event) const;

    [[nodiscard]] std::size_t vocabulary_size() const { return vocabulary_size_; }
    [[nodiscard]] const Strengths& strengths() const { return strengths_; }
    void set_strengths(const Strengths& strengths) { strengths_ = strengths; }

    void serialise(std::vector<std::uint8_t>& out) const;
    // Reads what serialise() wrote and advances `bytes` past it.
    static Result<NgramModel> parse(std::span<const std::uint8_t>& bytes);

private:
    // A context (0 to kOrder-1 events) and the slice of followers_ seen after it. Sorted by key,
    // which packs the length and the events, newest lowest.
    struct Context {
        std::uint64_t key;
        std::uint32_t first;  // into followers_; the next context's `first` ends it
        std::uint32_t total;  // sum of the followers' counts
    };
    struct Follower {
        EventId event;
        std::uint32_t count;
    };
    // One whole n-gram: kOrder-1 events of context (padded with the start mark) and what followed.
    // Every shorter count is a sum of these, so they alone are stored.
    struct Gram {
        std::array<EventId, kOrder> events;
        std::uint32_t count;
    };

    // One level of the interpolation: its followers, how much of the lower orders it lets through,
    // and what a count is worth.
    struct Level {
        std::span<const Follower> followers;
        double lower = 1.0;
        double scale = 0.0;
    };
    // Calls `each` for every level that has seen the history's end, from no context on.
    template <class Each>
    void levels(std::span<const EventId> history, Each each) const;

    static std::vector<Gram> count_grams(std::span<const std::vector<EventId>> sequences,
                                         EventId start);
    void index_grams();
    [[nodiscard]] EventId start_mark() const { return static_cast<EventId>(vocabulary_size_); }

    std::size_t vocabulary_size_ = 0;
    Strengths strengths_{};
    std::vector<Gram> grams_;  // sorted by events
    std::vector<Context> contexts_;
    std::vector<Follower> followers_;
};

}  // namespace fusion
