#include "engine/model/ngram_generator.hpp"

#include <array>
#include <cassert>
#include <cmath>
#include <deque>
#include <vector>

#include "engine/model/harmony.hpp"
#include "engine/model/lead.hpp"
#include "engine/model/sampling.hpp"

namespace fusion {
namespace {

class NgramGenerator final : public Generator {
public:
    explicit NgramGenerator(const Bundle& bundle)
        : bundle_{bundle},
          harmony_{bundle.vocabulary},
          mixed_(bundle.vocabulary.size()),
          one_(bundle.vocabulary.size()) {}

    [[nodiscard]] const Vocabulary& vocabulary() const override { return bundle_.vocabulary; }
    [[nodiscard]] std::span<const std::string> genres() const override { return bundle_.genres; }

    Result<GeneratedEvent> generate(const StepRequest& request) override {
        assert(request.index == next_index_);
        GeneratedEvent made;
        made.proposals.fill(kNoProposal);
        if (request.forced) {
            made.event = *request.forced;
        } else {
            const Blend blend = led(request);
            made.proposals = ask_each(request, blend);
            made.event = decide(request, blend);
        }
        made.velocity = velocity_of(bundle_.accents, bundle_.vocabulary, made.event,
                                    history_.empty() ? kNoProposal : history_.back(), request)
                            .count();
        ++next_index_;
        history_.push_back(made.event);
        trim();
        return made;
    }

    [[nodiscard]] std::uint32_t next_index() const override { return next_index_; }

    void rollback(std::uint32_t index) override {
        assert(index <= next_index_);
        for (; next_index_ > index && !history_.empty(); --next_index_) history_.pop_back();
        next_index_ = index;
    }

    void forget_before(std::uint32_t index) override {
        oldest_ = index;
        trim();
    }

    void skip_to(std::uint32_t index) override {
        history_.clear();
        next_index_ = index;
        oldest_ = index;
    }

    void reset() override { skip_to(0); }

private:
    static constexpr std::size_t kContext = NgramModel::kOrder - 1;

    // Each genre's own table: its proposal, and its share of the mixture.
    std::array<EventId, kMaxGenres> ask_each(const StepRequest& request, const Blend& blend) {
        std::array<EventId, kContext> context{};
        const auto known = std::min(kContext, history_.size());
        std::copy(history_.end() - static_cast<std::ptrdiff_t>(known), history_.end(),
                  context.begin());
        std::array<EventId, kMaxGenres> proposals;
        proposals.fill(kNoProposal);
        std::fill(mixed_.begin(), mixed_.end(), 0.0F);
        for (std::size_t g = 0; g < bundle_.genres.size(); ++g) {
            bundle_.ngrams[g].distribution({context.data(), known}, one_);
            const float share = blend.share[g];
            for (std::size_t e = 0; e < mixed_.size(); ++e) {
                mixed_[e] += share * one_[e];
                one_[e] = std::log(one_[e]);
            }
            const auto sampling = suited(request.sampling, bundle_.dice, g);
            lean_towards(one_, bundle_.vocabulary, sampling);
            temper_lengths(one_, bundle_.vocabulary, sampling.lengths);
            harmony_.pull(one_, request.harmony, last_note());
            proposals[g] = choose(
                one_, sampling,
                {request.sampling.seed, request.index, request.part,
                 static_cast<std::uint8_t>(static_cast<std::size_t>(DiceStream::genre_base) + g)});
        }
        return proposals;
    }

    EventId decide(const StepRequest& request, const Blend& blend) {
        for (float& p : mixed_) p = std::log(p);
        const auto sampling = suited(request.sampling, bundle_.dice, blend);
        lean_towards(mixed_, bundle_.vocabulary, sampling);
        temper_lengths(mixed_, bundle_.vocabulary, sampling.lengths);
        harmony_.pull(mixed_, request.harmony, last_note());
        forbid_longer_rests(mixed_, bundle_.vocabulary, request.longest_rest);
        return choose(mixed_, sampling, dice_of(request, DiceStream::fallback));
    }

    // The last within the context; none where there is none.
    [[nodiscard]] std::optional<Pitch> last_note() const {
        for (auto event = history_.rbegin(); event != history_.rend(); ++event)
            if (const auto& pitch = bundle_.vocabulary[*event].pitch) return pitch;
        return std::nullopt;
    }

    // Keeps what a rollback to oldest_ would need: the events since, and a context before them.
    void trim() {
        const std::size_t wanted = (next_index_ > oldest_ ? next_index_ - oldest_ : 0) + kContext;
        while (history_.size() > wanted) history_.pop_front();
    }

    const Bundle& bundle_;
    HarmonyExpert harmony_;
    std::uint32_t next_index_ = 0;
    std::uint32_t oldest_ = 0;
    std::deque<EventId> history_;  // the newest events; the last one is step next_index_ - 1
    std::vector<float> mixed_;     // (V)
    std::vector<float> one_;       // (V)
};

}  // namespace

std::unique_ptr<Generator> make_ngram_generator(const Bundle& bundle) {
    return std::make_unique<NgramGenerator>(bundle);
}

}  // namespace fusion
