// A generator without a network: each event follows from (seed, index, position, blend) and from
// the event before it by a fixed rule, so that a test can tell what should have been made. It keeps
// the Generator contract strictly and records every breach of it.
// Thread: one (inference); the script is set before or between calls.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "engine/model/generator.hpp"

namespace fusion::test {

// Rests of every class and 24 pitches of durations 3, 6 and 12 cells: `size` events in all.
[[nodiscard]] Vocabulary small_vocabulary();

class ScriptedGenerator final : public Generator {
public:
    explicit ScriptedGenerator(std::vector<std::string> genres = {"classical", "jazz", "pop"});

    // Called before each step is made: may let simulated time pass, really wait, or return an
    // error.
    using Script = std::function<Status(const StepRequest&)>;
    void before_each(Script script) { script_ = std::move(script); }
    // Only events from here on: every step has this duration.
    void use_one_duration(Cells duration);

    [[nodiscard]] const Vocabulary& vocabulary() const override { return vocabulary_; }
    [[nodiscard]] std::span<const std::string> genres() const override { return genres_; }
    [[nodiscard]] Result<GeneratedEvent> generate(const StepRequest& request) override;
    [[nodiscard]] std::uint32_t next_index() const override { return next_; }
    void rollback(std::uint32_t index) override;
    void forget_before(std::uint32_t index) override;
    void skip_to(std::uint32_t index) override;
    void reset() override;

    // Which events it was told or made and still holds, oldest first.
    [[nodiscard]] std::uint64_t made() const { return made_; }
    [[nodiscard]] std::uint64_t told() const { return told_; }
    [[nodiscard]] std::uint64_t resets() const { return resets_; }
    [[nodiscard]] std::size_t snapshots() const { return before_.size(); }
    [[nodiscard]] const std::vector<std::string>& breaches() const { return breaches_; }

private:
    Vocabulary vocabulary_;
    std::vector<std::string> genres_;
    std::vector<EventId> playable_;
    Script script_;
    std::uint32_t next_ = 0;
    std::uint32_t oldest_ = 0;    // index of before_.front()
    std::deque<EventId> before_;  // the event before each kept step
    EventId last_ = 0;
    std::uint64_t made_ = 0;
    std::uint64_t told_ = 0;
    std::uint64_t resets_ = 0;
    std::vector<std::string> breaches_;
};

}  // namespace fusion::test
