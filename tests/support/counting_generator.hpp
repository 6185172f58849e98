// A Generator that remembers nothing but how many steps there were: the rest of one that makes them
// by that number, or all alike.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/model/generator.hpp"

namespace fusion::test {

class CountingGenerator : public Generator {
public:
    [[nodiscard]] const Vocabulary& vocabulary() const final { return vocabulary_; }
    [[nodiscard]] std::span<const std::string> genres() const final { return genres_; }
    [[nodiscard]] Result<GeneratedEvent> generate(const StepRequest&) final {
        GeneratedEvent made;
        made.event = event(next_++);
        made.proposals.fill(kNoProposal);
        return made;
    }
    [[nodiscard]] std::uint32_t next_index() const final { return next_; }
    void rollback(std::uint32_t index) final { next_ = index; }
    void forget_before(std::uint32_t) final {}
    void skip_to(std::uint32_t index) final { next_ = index; }
    void reset() final { next_ = 0; }

protected:
    CountingGenerator(const std::vector<Event>& events, std::vector<std::string> genres)
        : vocabulary_{Vocabulary::make(events).value()}, genres_{std::move(genres)} {}

private:
    [[nodiscard]] virtual EventId event(std::uint32_t index) const = 0;

    Vocabulary vocabulary_;
    std::vector<std::string> genres_;
    std::uint32_t next_ = 0;
};

}  // namespace fusion::test
