// A generator that becomes another one while the line goes on: what a reload puts in the place of a
// bundle's. The line's steps keep the event numbers that they have, so its vocabulary only grows:
// the events that the new one has beyond the old are added at its end.
//
// It is exchanged where next_index() is asked. The new one stands at 0 then, as after a reset, and
// who follows the line with it (engine/realtime/line/voice.hpp) tells it the last steps, as it does
// any generator that others have played for. Rejected: a new engine beside the old one: two clocks,
// and what sounds would have to be handed over.
// Thread: offer() and sweep() control; the rest one (inference). Errors: offer() says why not.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/generator.hpp"

namespace fusion {

class ExchangeGenerator final : public Generator {
public:
    explicit ExchangeGenerator(std::shared_ptr<Generator> first);

    // From the next step on; one that was offered before and not yet taken is dropped. Its genres
    // are the same.
    Status offer(std::shared_ptr<Generator> next);
    // Whether `next` would be taken.
    [[nodiscard]] Status fits(const Generator& next) const;
    // Frees what was exchanged, away from the line.
    void sweep();

    [[nodiscard]] const Vocabulary& vocabulary() const override { return *vocabulary_; }
    [[nodiscard]] std::span<const std::string> genres() const override { return genres_; }
    [[nodiscard]] Result<GeneratedEvent> generate(const StepRequest& request) override;
    [[nodiscard]] std::uint32_t next_index() const override;
    void rollback(std::uint32_t index) override { now_->rollback(index); }
    void forget_before(std::uint32_t index) override { now_->forget_before(index); }
    void skip_to(std::uint32_t index) override { now_->skip_to(index); }
    void reset() override { now_->reset(); }

private:
    struct Waiting {
        std::shared_ptr<Generator> generator;
        std::shared_ptr<const Vocabulary> vocabulary;  // of both
        std::vector<EventId> outwards;                 // its own numbers in that
    };
    void take_waiting() const;

    std::vector<std::string> genres_;
    // What next_index() exchanges: it only reads for who asks it.
    mutable std::shared_ptr<Generator> now_;
    mutable std::shared_ptr<const Vocabulary> vocabulary_;
    mutable std::vector<EventId> outwards_;  // empty: the same numbers

    mutable std::mutex mutex_;
    mutable std::optional<Waiting> waiting_;                // by the mutex, as all below
    mutable std::vector<std::shared_ptr<const void>> old_;  // wait for sweep()
    std::shared_ptr<const Vocabulary> newest_;              // of what is or will be played
    mutable std::atomic<bool> something_waits_{false};
};

// Null stays null.
[[nodiscard]] std::unique_ptr<ExchangeGenerator> exchangeable(std::unique_ptr<Generator> first);

}  // namespace fusion
