// An n-gram model that also learns the piece while it goes: the yardstick for what remembers. A
// 5-gram cannot know that a tune comes again, so being better than one is little.
//
// The long-term model is the bundle's 5-gram. The piece so far is counted by contexts of 0 to
// kLongest events, and interpolated over it as the 5-gram interpolates within itself (Witten and
// Bell, with a strength for each length): P = (count + reserve P_shorter) / (total + reserve), the
// shortest over the long-term model. That is done twice, with the events as they are and with their
// intervals to the note before, so that a figure counts where it returns on another tone as well;
// P is the mean of both. Intervals that lead out of the vocabulary are not counted, so that all of
// P sums to 1.
//
// The strengths were found on the validation pieces of the corpus (split seed 1), one after
// another, and rounded, which cost 0.003 nats. In nats an event there, mean of the four strong
// genres: the 5-gram 3.606, events alone 2.384, intervals alone 2.331, both 2.249. Contexts of up
// to 20 events gave no more; tones and lengths counted apart gave 0.06 less as a third, at twice
// the work; shares of the two that follow how well each did of late gave 0.01.
// Thread: one per object. Errors: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "engine/corpus/vocabulary.hpp"
#include "engine/model/ngram.hpp"

namespace fusion::train {

class MemoryNgram {
public:
    static constexpr std::size_t kLongest = 8;

    // Both outlive it.
    MemoryNgram(const NgramModel& long_term, const Vocabulary& vocabulary);

    // P(event | the piece so far). Over the vocabulary it sums to 1.
    [[nodiscard]] double probability(EventId event) const;
    void heard(EventId event);

private:
    // An event as one of the two readings has it.
    using Symbol = std::int32_t;

    // What came after each context, in the order of its making; [0] is that of no events.
    struct Context {
        std::map<Symbol, std::uint32_t> followers;
        std::map<Symbol, std::size_t> longer;  // by the event before
    };
    struct Reading {
        std::vector<Symbol> piece;
        std::vector<Context> contexts{Context{}};

        void heard(Symbol symbol);
        // `p`: without the piece. `can_come`: whether a symbol is of the vocabulary, now.
        template <class CanCome>
        [[nodiscard]] double over(double p, Symbol symbol, CanCome can_come) const;
    };

    [[nodiscard]] Symbol interval_of(const Event& event) const;
    [[nodiscard]] bool is_in_reach(Symbol interval) const;

    const NgramModel& long_term_;
    const Vocabulary& vocabulary_;
    std::vector<EventId> piece_;
    int last_pitch_ = 60;
    Reading events_, intervals_;
};

// -log P of each event of `line`, in sum, in nats.
[[nodiscard]] double cross_entropy(const NgramModel& long_term, const Vocabulary& vocabulary,
                                   const std::vector<EventId>& line);

}  // namespace fusion::train
